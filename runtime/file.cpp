#include "runtime/file.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

namespace rnnc::runtime {
namespace {

using Parts = std::span<const std::span<const std::byte>>;

constexpr std::size_t kBlock = std::size_t(1) << 30;  // Linux moves at most 2 GiB per call

Error file_error(const std::string& path, const std::string& what, int code) {
  return Error{"`" + path + "`: " + what + ": " + std::strerror(code)};
}

// Closes and, when it has a name, unlinks unless it was kept.
class TemporaryFile {
 public:
  TemporaryFile() = default;
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (!name.empty()) ::unlink(name.c_str());
    if (descriptor >= 0) ::close(descriptor);
  }
  int descriptor = -1;
  std::string name;  // empty while the file has no name
};

std::string temporary_name(const std::string& path) {
  static std::atomic<unsigned> counter{0};
  const auto slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : path.substr(0, slash + 1);
  const std::string base = slash == std::string::npos ? path : path.substr(slash + 1);
  return folder + "." + base.substr(0, 200) + "." + std::to_string(::getpid()) + "." +
         std::to_string(counter.fetch_add(1)) + ".tmp";
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

int write_all(int descriptor, Parts parts) {
  for (const auto part : parts) {
    for (std::size_t done = 0; done < part.size();) {
      const ssize_t n = ::write(descriptor, part.data() + done, std::min(part.size() - done, kBlock));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return errno;
      done += static_cast<std::size_t>(n);
    }
  }
  return 0;
}

int open_named(const std::string& path, TemporaryFile& file) {
  std::string name = temporary_name(path);
  file.descriptor = ::open(name.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
  if (file.descriptor < 0) return errno;
  file.name = std::move(name);
  return 0;
}

// A file without a name in `path`'s folder where the system has them (a process killed at any moment then leaves
// nothing), else one with a temporary name.
int open_temporary(const std::string& path, TemporaryFile& file) {
#ifdef O_TMPFILE
  file.descriptor = ::open(folder_of(path).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
  if (file.descriptor >= 0) return 0;
#endif
  return open_named(path, file);
}

int give_name(const std::string& path, TemporaryFile& file) {
  if (!file.name.empty()) return 0;
  std::string name = temporary_name(path);
  const std::string self = "/proc/self/fd/" + std::to_string(file.descriptor);
  if (::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) != 0) return errno;
  file.name = std::move(name);
  return 0;
}

Status write_directly(const std::string& path, Parts parts) {
  TemporaryFile file;
  file.descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (file.descriptor < 0) return file_error(path, "cannot open for writing", errno);
  if (const int code = write_all(file.descriptor, parts)) return file_error(path, "cannot write", code);
  return {};
}

// Written aside and flushed to disk; `commit` puts it under its name.
struct Aside {
  std::string path;
  std::string target;  // behind links; empty: written already
  Parts parts;
  bool replaces = false;
  struct stat old {};
  TemporaryFile file;
};

int write_aside(Aside& aside) {
  if (aside.replaces && ::fchmod(aside.file.descriptor, aside.old.st_mode & 07777) != 0) return errno;
  if (const int code = write_all(aside.file.descriptor, aside.parts)) return code;
  return ::fsync(aside.file.descriptor) != 0 ? errno : 0;
}

Status prepare(Aside& aside) {
  aside.replaces = ::stat(aside.path.c_str(), &aside.old) == 0;
  if (aside.replaces && S_ISDIR(aside.old.st_mode)) return Error{"`" + aside.path + "`: is a directory"};
  if (aside.replaces && !S_ISREG(aside.old.st_mode)) return write_directly(aside.path, aside.parts);
  aside.target = aside.path;
  if (aside.replaces && ::access(aside.path.c_str(), W_OK) != 0) return file_error(aside.path, "cannot write", errno);
  if (aside.replaces) {
    const std::unique_ptr<char, decltype(&std::free)> resolved(::realpath(aside.path.c_str(), nullptr), &std::free);
    if (resolved) aside.target = resolved.get();
  }
  int code = open_temporary(aside.target, aside.file);
  if (code == 0) code = write_aside(aside);
  if (code != 0) return file_error(aside.path, "cannot write", code);
  return {};
}

Status commit(Aside& aside) {
  if (aside.target.empty()) return {};
  int code = give_name(aside.target, aside.file);
  if (code != 0) {  // no /proc, say: with a name from the start
    ::close(aside.file.descriptor);
    code = open_named(aside.target, aside.file);
    if (code == 0) code = write_aside(aside);
  }
  if (code == 0 && ::rename(aside.file.name.c_str(), aside.target.c_str()) != 0) code = errno;
  if (code != 0) return file_error(aside.path, "cannot write", code);
  aside.file.name.clear();
  const int folder = ::open(folder_of(aside.target).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    ::fsync(folder);  // makes the new name itself durable; some file systems refuse, and then nothing is lost but that
    ::close(folder);
  }
  return {};
}

// What would end the process waits.
class SignalsHeld {
 public:
  SignalsHeld() {
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, &before_);
  }
  SignalsHeld(const SignalsHeld&) = delete;
  SignalsHeld& operator=(const SignalsHeld&) = delete;
  ~SignalsHeld() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_;
};

Status write_together(std::span<Aside> files) {
  for (Aside& aside : files)
    if (Status status = prepare(aside); !status) return status;
  const SignalsHeld held;
  for (Aside& aside : files)
    if (Status status = commit(aside); !status) return status;
  return {};
}

}  // namespace

Result<InputFile> InputFile::open(const std::string& path) {
  // O_NONBLOCK: a pipe nobody writes to must not hang us; it is refused below.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return file_error(path, "cannot open", errno);
  InputFile file(descriptor, 0, path);
  struct stat info {};
  if (::fstat(descriptor, &info) != 0) return file_error(path, "cannot read", errno);
  if (!S_ISREG(info.st_mode)) return Error{"`" + path + "`: not a regular file"};
  file.size_ = static_cast<std::uint64_t>(info.st_size);
  return file;
}

InputFile::InputFile(InputFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_), path_(std::move(other.path_)) {}

InputFile::~InputFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Status InputFile::read(std::uint64_t offset, std::span<std::byte> bytes) const {
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t n = ::pread(descriptor_, bytes.data() + done, std::min(bytes.size() - done, kBlock),
                              static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return file_error(path_, "cannot read", errno);
    if (n == 0) return Error{"`" + path_ + "`: ends unexpectedly"};
    done += static_cast<std::size_t>(n);
  }
  return {};
}

Result<std::string> read_file(const std::string& path) {
  const auto file = InputFile::open(path);
  if (!file) return file.error();
  const auto too_big = [&] {
    return Error{"`" + path + "`: does not fit in memory (" + std::to_string(file->size()) + " bytes)"};
  };
  try {
    std::string text(file->size(), '\0');
    if (Status status = file->read(0, std::as_writable_bytes(std::span(text))); !status) return status.error();
    return text;
  } catch (const std::bad_alloc&) {
    return too_big();
  } catch (const std::length_error&) {
    return too_big();
  }
}

Status write_file(const std::string& path, Parts parts) {
  Aside aside;
  aside.path = path;
  aside.parts = parts;
  return write_together({&aside, 1});
}

Status write_file(const std::string& path, const std::string& text) {
  const std::span<const std::byte> part = std::as_bytes(std::span(text));
  return write_file(path, Parts(&part, 1));
}

Status write_files(std::span<const TextFile> files) {
  std::vector<std::span<const std::byte>> parts;
  for (const TextFile& file : files) parts.push_back(std::as_bytes(std::span(file.text)));
  std::vector<Aside> asides(files.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    asides[i].path = files[i].path;
    asides[i].parts = Parts(&parts[i], 1);
  }
  return write_together(asides);
}

}  // namespace rnnc::runtime
