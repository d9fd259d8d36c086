#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstring>

#include "compiler/driver/cli/commands.h"

namespace {

// Memory beyond what the machine has is refused when it is asked for, rather than taken from everybody else.
void limit_memory() {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  const long pages = ::sysconf(_SC_PHYS_PAGES), page = ::sysconf(_SC_PAGESIZE);
  rlimit limit{};
  if (pages <= 0 || page <= 0 || ::getrlimit(RLIMIT_DATA, &limit) != 0) return;
  const rlim_t physical = static_cast<rlim_t>(pages) * static_cast<rlim_t>(page);
  if (limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < physical) return;
  limit.rlim_cur = physical;
  ::setrlimit(RLIMIT_DATA, &limit);
#endif
}

// The last resort: a broken invariant that ended in a signal still reads like a bug of rnnc, with its exit code.
void report_crash(int) {
  constexpr const char* text =
      "rnnc bug: it crashed\nThis is a mistake in rnnc. Please send the command and its input files to the project.\n";
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text, std::strlen(text));
  ::_exit(3);
}

void catch_crashes() {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  static char stack[1 << 16];  // the usual one may be what overflowed
  stack_t alternative{};
  alternative.ss_sp = stack;
  alternative.ss_size = sizeof stack;
  ::sigaltstack(&alternative, nullptr);
  struct sigaction action{};
  action.sa_handler = report_crash;
  action.sa_flags = static_cast<int>(SA_ONSTACK | SA_RESETHAND);
  for (int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) ::sigaction(signal, &action, nullptr);
#endif
}

}  // namespace

int main(int count, char** words) {
  limit_memory();
  catch_crashes();
  for (int signal : {SIGPIPE, SIGXFSZ}) std::signal(signal, SIG_IGN);  // a closed pipe, a full quota: errors of the write
  return rnnc::cli::run_command_line({words + (count > 0 ? 1 : 0), words + count});
}
