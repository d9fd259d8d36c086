#include "runtime/file.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <climits>
#include <cstring>
#include <filesystem>
#include <string_view>
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

std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::string temporary_name(const std::string& path) {
  static std::atomic<unsigned> counter{0};
  const auto slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : path.substr(0, slash + 1);
  return folder + "." + name_of(path).substr(0, 200) + "." + std::to_string(::getpid()) + "." +
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
      if (n < 0 && errno == EAGAIN) {  // a pipe that others opened not to wait
        pollfd ready{descriptor, POLLOUT, 0};
        ::poll(&ready, 1, -1);
        continue;
      }
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

// The number of the process's own descriptor that a path of /dev or /proc names; -1 for any other path. What such a path
// leads to must not be replaced: others write there as well.
int named_descriptor(const std::string& path) {
  if (path == "/dev/stdout") return STDOUT_FILENO;
  if (path == "/dev/stderr") return STDERR_FILENO;
  const std::string by_number = "/proc/" + std::to_string(::getpid()) + "/fd/";
  for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/", "/proc/thread-self/fd/", by_number.c_str()}) {
    if (!path.starts_with(folder)) continue;
    int number = -1;
    const auto [end, error] = std::from_chars(path.data() + folder.size(), path.data() + path.size(), number);
    if (error == std::errc() && end == path.data() + path.size()) return number;
  }
  return -1;
}

// Where a path leads, also if there is nothing yet.
struct Destination {
  std::string path;
  int descriptor = -1;  // of the process itself
};
Destination behind_links(const std::string& path) {
  Destination found{path};
  for (int links = 0; links < 40; ++links) {
    found.descriptor = named_descriptor(std::filesystem::path(found.path).lexically_normal().string());
    char target[PATH_MAX];
    const ssize_t size = found.descriptor >= 0 ? -1 : ::readlink(found.path.c_str(), target, sizeof target);
    if (size < 0 || size == sizeof target) break;
    const std::string next(target, static_cast<std::size_t>(size));
    found.path = next.starts_with('/') ? next : folder_of(found.path) + "/" + next;
  }
  return found;
}

Status write_directly(const std::string& path, Parts parts) {
  TemporaryFile file;
  const int named = behind_links(path).descriptor;
  file.descriptor = named >= 0 ? ::fcntl(named, F_DUPFD_CLOEXEC, 0) : ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (file.descriptor < 0) return file_error(path, "cannot open for writing", errno);
  if (const int code = write_all(file.descriptor, parts)) return file_error(path, "cannot write", code);
  return {};
}

// Written aside and flushed to disk, then renamed.
struct Aside {
  std::string path;
  std::string target;  // behind links
  Parts parts;
  bool is_stream = false;  // written already: a device, a pipe, what a descriptor has open
  bool replaces = false;
  struct stat old {};
  TemporaryFile file;
};

int write_aside(Aside& aside) {
  if (aside.file.descriptor < 0) return EBADF;
  if (aside.replaces && ::fchmod(aside.file.descriptor, aside.old.st_mode & 07777) != 0) return errno;
  if (const int code = write_all(aside.file.descriptor, aside.parts)) return code;
  return ::fsync(aside.file.descriptor) != 0 ? errno : 0;
}

// Finds out what stands at the path, and opens what takes its place.
Status open_aside(Aside& aside) {
  if (aside.path.empty()) return Error{"a file without a name cannot be written"};
  const Destination destination = behind_links(aside.path);
  aside.is_stream = is_stream(aside.path);
  if (destination.descriptor >= 0) {
    const int flags = ::fcntl(destination.descriptor, F_GETFL);
    if (flags >= 0 && (flags & O_ACCMODE) != O_RDONLY) return {};
    return file_error(aside.path, "cannot write", flags < 0 ? errno : EBADF);
  }
  aside.replaces = ::stat(aside.path.c_str(), &aside.old) == 0;
  if (!aside.replaces && errno != ENOENT) return file_error(aside.path, "cannot write", errno);
  if (aside.replaces && S_ISDIR(aside.old.st_mode)) return Error{"`" + aside.path + "`: is a directory"};
  if (aside.replaces && ::access(aside.path.c_str(), W_OK) != 0) return file_error(aside.path, "cannot write", errno);
  if (aside.is_stream) return {};
  aside.target = destination.path;
  if (temporary_name(aside.target).size() >= PATH_MAX || name_of(aside.target).size() > NAME_MAX)
    return file_error(aside.path, "cannot write", ENAMETOOLONG);
  const int code = open_temporary(aside.target, aside.file);
  return code == 0 ? Status{} : file_error(aside.path, "cannot write", code);
}

Status prepare(Aside& aside) {
  if (Status status = open_aside(aside); !status) return status;
  if (aside.is_stream) return write_directly(aside.path, aside.parts);
  const int code = write_aside(aside);
  return code == 0 ? Status{} : file_error(aside.path, "cannot write", code);
}

// Gives it a name beside the one it gets.
int name_aside(Aside& aside) {
  if (give_name(aside.target, aside.file) == 0) return 0;
  ::close(aside.file.descriptor);  // no /proc, say: with a name from the start
  const int code = open_named(aside.target, aside.file);
  return code != 0 ? code : write_aside(aside);
}

// Makes the names in a folder durable; some file systems refuse, and then nothing is lost but that.
void flush_folder(const std::string& path) {
  const int folder = ::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;
  ::fsync(folder);
  ::close(folder);
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
    if (const int code = aside.is_stream ? 0 : name_aside(aside)) return file_error(aside.path, "cannot write", code);
  // One right behind the other: even a kill that cannot wait rarely comes between them.
  for (Aside& aside : files) {
    if (aside.is_stream) continue;
    if (::rename(aside.file.name.c_str(), aside.target.c_str()) != 0) return file_error(aside.path, "cannot write", errno);
    aside.file.name.clear();
  }
  for (const Aside& aside : files)
    if (!aside.is_stream) flush_folder(aside.target);
  return {};
}

}  // namespace

bool is_stream(const std::string& path) {
  if (behind_links(path).descriptor >= 0) return true;
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
}

Status check_writable(const std::string& path) {
  Aside aside;
  aside.path = path;
  return open_aside(aside);
}

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
