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
// links. What a path of a device, a pipe or one of the process's own descriptors (`/dev/stdout`) names is written to.
Status write_file(const std::string& path, std::span<const std::span<const std::byte>> parts);
Status write_file(const std::string& path, const std::string& text);

// Whether a path names such a stream rather than a file to replace.
bool is_stream(const std::string& path);
// What write_file would fail with before it writes, such as a folder that is not there or a name that is too long.
Status check_writable(const std::string& path);

struct TextFile {
  std::string path, text;
};
// Likewise several that belong together: all are written aside before the first gets its name, and signals wait until the
// last one has. Should the system refuse a later name, the earlier ones stay.
Status write_files(std::span<const TextFile> files);

}  // namespace rnnc::runtime
