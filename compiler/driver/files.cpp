#include "compiler/driver/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace rnnc::driver {

namespace {

constexpr std::uintmax_t largest = 64u << 20;

// An open file, which stays the same whatever becomes of its name.
class OpenFile {
 public:
  OpenFile(const std::string& path, int flags) : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | flags)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  bool is_open() const { return descriptor_ >= 0; }

  mode_t mode() const {
    struct stat info {};
    return ::fstat(descriptor_, &info) == 0 ? info.st_mode : 0;
  }

  // What it is called wherever links led; `path` again where the system cannot tell.
  std::filesystem::path name(const std::string& path) const {
    std::error_code code;
    std::filesystem::path name = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(descriptor_), code);
    return code ? std::filesystem::canonical(path, code) : name;
  }

  std::optional<std::string> read(std::string& error) const { return read_text(descriptor_, error); }

 private:
  int descriptor_;
};

// `inner` is a canonical path.
bool lies_within(const std::filesystem::path& inner, const std::filesystem::path& folder) {
  std::error_code code;
  const std::filesystem::path outer = std::filesystem::canonical(folder.empty() ? "." : folder, code);
  return !code && std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

}  // namespace

std::optional<std::string> read_text(int descriptor, std::string& error) {
  std::string text;
  for (char block[1 << 16];;) {
    const ssize_t count = ::read(descriptor, block, sizeof block);
    if (count < 0 && errno == EINTR) continue;
    if (count == 0) return text;
    if (count > 0) text.append(block, static_cast<std::size_t>(count));
    if (count > 0 && text.size() <= largest) continue;
    error = count < 0 ? std::strerror(errno) : "it is larger than 64 MB";
    return std::nullopt;
  }
}

std::optional<std::string> read_text(const std::string& path, std::string& error) {
  errno = 0;
  const OpenFile file(path, 0);
  if (!file.is_open()) {
    error = errno != 0 ? std::strerror(errno) : "it cannot be opened";
    return std::nullopt;
  }
  if (S_ISDIR(file.mode())) {
    error = "it is a directory";
    return std::nullopt;
  }
  return file.read(error);
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

sema::ImportReader file_imports(bool anywhere) {
  return with_standard_library([anywhere](const std::string& from,
                                          const std::string& path) -> std::optional<sema::ImportedText> {
    if (path.find('\0') != std::string::npos) return std::nullopt;  // the system would read on up to that only
    const std::filesystem::path folder = std::filesystem::path(from).parent_path();
    const std::filesystem::path resolved = (folder / path).lexically_normal();
    std::string error;
    const OpenFile file(resolved.string(), O_NONBLOCK);  // not for what waits for somebody to write
    if (!file.is_open() || !S_ISREG(file.mode())) return std::nullopt;
    const std::filesystem::path name = file.name(resolved);
    if (!anywhere && !lies_within(name, folder)) return sema::ImportedText{resolved.string(), {}, true};
    std::optional<std::string> text = file.read(error);
    if (!text) return std::nullopt;
    return sema::ImportedText{resolved.string(), std::move(*text), false, name.string()};
  });
}

}  // namespace rnnc::driver
