#include "compiler/driver/cli/session.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <iostream>

#include "compiler/driver/files.h"
#include "dsl/unicode.h"
#include "runtime/file.h"
#include "runtime/progress.h"

namespace rnnc::cli {
namespace {

constexpr const char* standard_input = "<stdin>";

// Kept, as a command may compile its source twice and a stream is read once.
std::optional<std::string> read_standard_input(std::string& error) {
  static std::optional<std::string> known;
  if (!known) known = driver::read_text(STDIN_FILENO, error);
  return known;
}

double now() {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

void fail_with(const std::string& lines) {
  std::string text;
  for (std::size_t begin = 0; begin <= lines.size();) {
    const std::size_t end = std::min(lines.find('\n', begin), lines.size());
    text += "rnnc: error: " + lines.substr(begin, end - begin) + "\n";
    begin = end + 1;
  }
  throw Failure{ExitCode::input, text};
}

void check_output(const std::string& output, const std::vector<std::string>& inputs) {
  std::error_code code;
  for (const std::string& input : inputs)
    if (std::filesystem::is_regular_file(output, code) && std::filesystem::equivalent(output, input, code))
      fail_with("`" + output + "` would be replaced, and is what this is made from");
  if (std::filesystem::is_directory(output, code)) fail_with("cannot write `" + output + "`: it is a directory");
  const std::filesystem::path folder = std::filesystem::path(output).parent_path();
  if (!folder.empty() && !std::filesystem::is_directory(folder, code))
    fail_with("cannot write `" + output + "`: there is no folder `" + folder.string() + "`");
  require(runtime::check_writable(output));
}

void check_output(const std::string& output, const dsl::SourceMap& sources) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < sources.size(); ++i) names.push_back(sources.name(static_cast<std::int32_t>(i)));
  check_output(output, names);
}

void require(const runtime::Status& status) {
  if (!status) fail_with(status.message());
}

bool add_source(driver::Compilation& compilation, const std::string& path, std::string& error) {
  compilation.read_import = driver::file_imports(compilation.options.sema.imports_anywhere);
  std::optional<std::string> text = path == "-" ? read_standard_input(error) : driver::read_text(path, error);
  if (!text) return false;
  compilation.file = compilation.sources.add(path == "-" ? standard_input : path, std::move(*text));
  return true;
}

driver::Compilation open_source(const SourceArguments& source, bool gradient) {
  driver::Compilation compilation;
  compilation.options.sema = {source.dimensions, source.entry, source.imports_anywhere, source.feed, false, source.watch};
  compilation.options.element = source.element;
  compilation.options.target = source.target;
  compilation.options.gradient = gradient;
  for (dsl::DiagnosticKind warning : source.silenced) compilation.diagnostics.silence(warning);
  std::string error;
  if (!add_source(compilation, source.path, error)) throw input_failure("cannot read `" + source.path + "`: " + error);
  return compilation;
}

void run_passes(driver::Compilation& compilation, const driver::RunOptions& options) {
  const bool sound = driver::run(compilation, options);
  std::cerr << dsl::render(compilation.diagnostics, compilation.sources) << std::flush;
  if (!sound) throw Failure{ExitCode::input, ""};
}

std::unique_ptr<driver::Executable> build(driver::Compilation& compilation, driver::BackendKind backend,
                                          double* milliseconds) {
  const double start = now();
  const Waiting waiting("compiling");
  run_passes(compilation, {.last = driver::last_pass(backend)});
  auto executable = driver::make_executable(compilation, backend);
  if (milliseconds != nullptr) *milliseconds = now() - start;
  return executable;
}

void print(const std::string& text) {
  errno = 0;
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) return;
  throw input_failure(std::string("cannot write to standard output: ") + std::strerror(errno));
}

void print_text(std::string_view text) {
  if (::isatty(STDOUT_FILENO) == 0) return print(std::string(text));
  std::string shown;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of("\n\t", at), text.size());
    shown += dsl::printable(text.substr(at, end - at)) + std::string(text.substr(end, 1));
    at = end + 1;
  }
  print(shown);
}

std::unique_ptr<runtime::ThreadPool> make_pool(int threads) {
  if (threads == 1) return nullptr;
  return std::make_unique<runtime::ThreadPool>(threads);
}

Waiting::Waiting(std::string what) : what_(std::move(what)) {
  if (::isatty(STDERR_FILENO) != 0) thread_ = std::thread([this] { show(); });
}

Waiting::~Waiting() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  ended_.notify_one();
  thread_.join();
}

void Waiting::show() {
  using namespace std::chrono_literals;
  std::unique_lock lock(mutex_);
  const double start = now();
  bool shown = false;
  while (!ended_.wait_for(lock, 1s, [this] { return done_; })) {
    std::fprintf(stderr, "\r%s … %s\x1b[K", what_.c_str(), runtime::clock_text((now() - start) / 1000).c_str());
    std::fflush(stderr);
    shown = true;
  }
  if (shown) std::fputs("\r\x1b[K", stderr);
}

}  // namespace rnnc::cli
