// Files: read whole, written aside and renamed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "runtime/result.h"

namespace rnnc::runtime {

// An open file for reading at any place. Only regular files.
class InputFile {
 public:
  static Result<InputFile> open(const std::string& path);
  InputFile(InputFile&& other) noexcept;
  InputFile& operator=(InputFile&&) = delete;
  ~InputFile();

  std::uint64_t size() const { return size_; }
  // Fills `bytes` from `offset`; an error when the file ends before.
  Status read(std::uint64_t offset, std::span<std::byte> bytes) const;

 private:
  InputFile(int descriptor, std::uint64_t size, std::string path)
      : descriptor_(descriptor), size_(size), path_(std::move(path)) {}
  int descriptor_;
  std::uint64_t size_;
  std::string path_;
};

// The whole of a regular file; errors name it.
Result<std::string> read_file(const std::string& path);

// Replaces the file at `path` by the parts one after the other: under its name there is always either the old file or
// the whole new one, also after a crash, a full disk or Ctrl-C, and a failure leaves nothing behind. Follows symbolic
// links. A path that names a device or a pipe is written to directly.
Status write_file(const std::string& path, std::span<const std::span<const std::byte>> parts);
Status write_file(const std::string& path, const std::string& text);

struct TextFile {
  std::string path, text;
};
// Likewise several that belong together: all are written aside before the first gets its name, and signals wait until the
// last one has. Should the system refuse a later name, the earlier ones stay.
Status write_files(std::span<const TextFile> files);

}  // namespace rnnc::runtime
