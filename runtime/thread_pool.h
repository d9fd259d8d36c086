// The threads behind rnnc_parallel_for.
#pragma once

#include <cstdint>
#include <memory>

#include "runtime/abi.h"

namespace rnnc::runtime {

// n threads, the caller being one of them. Each parallel loop [0, extent) is cut into a share for each thread, always
// the same, so that a thread finds in its cache what it worked on in the loop before; a share is a few contiguous pieces
// of nearly equal size, and whoever is through with its own takes what others have left. Bodies must not throw; they run
// with the caller's rounding and treatment of denormal numbers. A loop started while the pool is busy (from a body, or by
// another thread) runs on its caller alone. Threads do not survive a fork: the child makes a pool of its own, and leaves this
// one undestroyed.
class ThreadPool {
 public:
  // threads < 1: one per processor. Fewer may come to be when the system gives no more.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const;
  // Runs body over [0, extent) and returns when all of it is done.
  void run(std::int64_t extent, rnnc_parallel_body body, void* context);
  // For rnnc_call.parallel_for, with the ThreadPool as `pool`.
  static void parallel_for(void* pool, std::int64_t extent, rnnc_parallel_body body, void* context);

 private:
  struct Shared;
  std::unique_ptr<Shared> shared_;
};

}  // namespace rnnc::runtime
