// Ctrl-C as a flag.
#pragma once

#include <atomic>

namespace rnnc::runtime {

// While one lives, the first SIGINT or SIGTERM sets flag() and a second one ends the process as usual. One at a time.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  const std::atomic<bool>* flag() const;
};

}  // namespace rnnc::runtime
