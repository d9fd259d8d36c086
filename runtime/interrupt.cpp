#include "runtime/interrupt.h"

#include <csignal>

namespace rnnc::runtime {
namespace {

constexpr int kSignals[] = {SIGINT, SIGTERM};

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "the handler may only touch what is lock-free");
struct sigaction old_actions[2];

}  // namespace

InterruptGuard::InterruptGuard() {
  interrupted = false;
  struct sigaction action {};
  action.sa_handler = [](int) { interrupted = true; };
  action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < 2; ++i) {
    ::sigaction(kSignals[i], &action, &old_actions[i]);
    // What runs in the background of a script is not meant by its Ctrl-C.
    if (old_actions[i].sa_handler == SIG_IGN) ::sigaction(kSignals[i], &old_actions[i], nullptr);
  }
}

InterruptGuard::~InterruptGuard() {
  for (int i = 0; i < 2; ++i) ::sigaction(kSignals[i], &old_actions[i], nullptr);
}

const std::atomic<bool>* InterruptGuard::flag() const { return &interrupted; }

}  // namespace rnnc::runtime
