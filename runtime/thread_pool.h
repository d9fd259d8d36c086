// The threads behind rnnc_parallel_for.
#pragma once

#include <cstdint>
#include <memory>

#include "runtime/abi.h"

namespace rnnc::runtime {

// n threads, the caller being one of them. Each parallel loop [0, extent) is cut into some contiguous pieces for each
// thread, of nearly equal size, which the threads take as they come. Bodies must not throw. A loop started while the pool is busy (from a body, or
// by another thread) runs on its caller alone.
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
