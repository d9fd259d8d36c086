#include "compiler/driver/files.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace rnnc::driver {

std::optional<std::string> read_text(const std::string& path, std::string& error) {
  constexpr std::uintmax_t largest = 64u << 20;
  std::error_code code;
  if (std::filesystem::is_directory(path, code)) {
    error = "it is a directory";
    return std::nullopt;
  }
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) {
    error = errno != 0 ? std::strerror(errno) : "it cannot be opened";
    return std::nullopt;
  }
  std::string text;
  char block[1 << 16];
  while (stream.read(block, sizeof block) || stream.gcount() > 0) {
    text.append(block, static_cast<std::size_t>(stream.gcount()));
    if (text.size() > largest) {
      error = "it is larger than 64 MB";
      return std::nullopt;
    }
  }
  if (stream.bad()) {
    error = "it cannot be read";
    return std::nullopt;
  }
  return text;
}

sema::ImportReader with_standard_library(sema::ImportReader others) {
  return [others = std::move(others)](const std::string& from,
                                      const std::string& path) -> std::optional<sema::ImportedText> {
    constexpr std::string_view folder = "std/", library = "<std>/";
    const bool within = from.starts_with(library);
    if (!within && !path.starts_with(folder)) return others(from, path);
    const std::string_view wanted = path.starts_with(folder) ? std::string_view(path).substr(folder.size()) : path;
    for (const LibraryFile& file : standard_library())
      if (file.name == wanted) return sema::ImportedText{std::string(library) + std::string(wanted), std::string(file.text)};
    return std::nullopt;
  };
}

namespace {

// Wherever links lead.
bool lies_within(const std::filesystem::path& file, const std::filesystem::path& folder) {
  std::error_code code;
  const std::filesystem::path inner = std::filesystem::canonical(file, code);
  const std::filesystem::path outer = std::filesystem::canonical(folder.empty() ? "." : folder, code);
  return !code && std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

}  // namespace

sema::ImportReader file_imports(bool anywhere) {
  return with_standard_library([anywhere](const std::string& from,
                                          const std::string& path) -> std::optional<sema::ImportedText> {
    if (path.find('\0') != std::string::npos) return std::nullopt;  // the system would read on up to that only
    const std::filesystem::path folder = std::filesystem::path(from).parent_path();
    const std::filesystem::path resolved = (folder / path).lexically_normal();
    std::string error;
    std::error_code code;
    if (!std::filesystem::is_regular_file(resolved, code)) return std::nullopt;  // what waits for somebody to write
    if (!anywhere && !lies_within(resolved, folder)) return sema::ImportedText{resolved.string(), {}, true};
    std::optional<std::string> text = read_text(resolved.string(), error);
    if (!text) return std::nullopt;
    return sema::ImportedText{resolved.string(), std::move(*text), false, std::filesystem::canonical(resolved, code).string()};
  });
}

}  // namespace rnnc::driver
