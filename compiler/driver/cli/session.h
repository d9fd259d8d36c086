// What the commands share: sources, diagnostics, output, threads, and a sign of life.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "compiler/driver/backend.h"
#include "compiler/driver/cli/arguments.h"
#include "compiler/driver/cli/failure.h"
#include "runtime/result.h"
#include "runtime/safetensors.h"
#include "runtime/thread_pool.h"

namespace rnnc::cli {

// Reads the source; nothing has run yet. Throws Failure.
driver::Compilation open_source(const SourceArguments& source, bool gradient);

// Makes the text at `path` ("-": standard input) what is compiled. False: it cannot be read, `error` says why.
bool add_source(driver::Compilation& compilation, const std::string& path, std::string& error);

// Runs the passes; errors and warnings go to standard error. Throws Failure when there were errors.
void run_passes(driver::Compilation& compilation, const driver::RunOptions& options);

// The passes the backend needs, then the backend. `milliseconds` (may be null): the time from source to code.
std::unique_ptr<driver::Executable> build(driver::Compilation& compilation, driver::BackendKind backend,
                                          double* milliseconds = nullptr);

// Writes to standard output and flushes; throws Failure when it cannot (a closed pipe, a full disk).
void print(const std::string& text);
// The same of a text from outside: on a terminal without what would steer it.
void print_text(std::string_view text);

// The value, or a Failure (the input is at fault) with the error's lines.
template <class T>
T require(runtime::Result<T> result);
void require(const runtime::Status& status);

// threads 0: one per processor. Null for one thread.
std::unique_ptr<runtime::ThreadPool> make_pool(int threads);

// While one lives and takes longer than a second, standard error (if it is a terminal) says what is under way.
class Waiting {
 public:
  explicit Waiting(std::string what);
  ~Waiting();
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  void show();
  std::string what_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool done_ = false;
  std::thread thread_;
};

[[noreturn]] void fail_with(const std::string& lines);

// Fails where writing `output` could not succeed, or would replace one of the files that it is made from.
void check_output(const std::string& output, const std::vector<std::string>& inputs);
// The same of what the sources import, once that is known.
void check_output(const std::string& output, const dsl::SourceMap& sources);

template <class T>
T require(runtime::Result<T> result) {
  if (!result) fail_with(result.message());
  return std::move(result).value();
}

}  // namespace rnnc::cli
