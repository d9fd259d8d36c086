#include "runtime/thread_pool.h"

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>
#include <vector>

namespace rnnc::runtime {
namespace {

// How often to look before going to sleep: some tens of microseconds, the gap between two loops of one run.
constexpr int kSpins = 3000;

void pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#endif
}

std::int64_t share_begin(std::int64_t extent, int share, int shares) {
  const std::int64_t each = extent / shares, left = extent % shares;
  return each * share + std::min<std::int64_t>(left, share);
}

}  // namespace

struct ThreadPool::Shared {
  // The loop in hand: written by the caller before `round` moves on, read by workers after.
  std::int64_t extent = 0;
  rnnc_parallel_body body = nullptr;
  void* context = nullptr;

  alignas(64) std::atomic<std::uint32_t> round{0};   // a loop begins with each increment
  alignas(64) std::atomic<std::uint32_t> working{0};  // workers not done with it
  alignas(64) std::atomic<bool> busy{false};
  bool stopping = false;
  int spins = kSpins;
  int shares = 1;
  std::vector<std::thread> workers;

  void run_share(int share) const {
    const std::int64_t begin = share_begin(extent, share, shares), end = share_begin(extent, share + 1, shares);
    if (begin < end) body(context, begin, end);
  }

  // Returns when `value` differs from `old`.
  void await_change(const std::atomic<std::uint32_t>& value, std::uint32_t old) const {
    for (int i = 0; i < spins; ++i) {
      if (value.load(std::memory_order_acquire) != old) return;
      pause();
    }
    value.wait(old, std::memory_order_acquire);
  }

  void work(int share) {
    for (std::uint32_t seen = 0;;) {
      await_change(round, seen);
      ++seen;  // the next round begins only after this one is done by all: none is ever missed
      if (stopping) return;
      run_share(share);
      if (working.fetch_sub(1, std::memory_order_acq_rel) == 1) working.notify_one();
    }
  }
};

ThreadPool::ThreadPool(int threads) : shared_(std::make_unique<Shared>()) {
  const int processors = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  const int wanted = threads < 1 ? processors : threads;
  if (wanted > processors) shared_->spins = 0;  // spinning would keep the others from working
  try {
    for (int i = 1; i < wanted; ++i) shared_->workers.emplace_back([shared = shared_.get(), i] { shared->work(i); });
  } catch (const std::system_error&) {
    // The threads there are must do.
  }
  shared_->shares = static_cast<int>(shared_->workers.size()) + 1;
}

ThreadPool::~ThreadPool() {
  shared_->stopping = true;
  shared_->round.fetch_add(1, std::memory_order_release);
  shared_->round.notify_all();
  for (std::thread& worker : shared_->workers) worker.join();
}

int ThreadPool::threads() const { return shared_->shares; }

void ThreadPool::run(std::int64_t extent, rnnc_parallel_body body, void* context) {
  if (extent <= 0) return;
  Shared& shared = *shared_;
  if (extent == 1 || shared.shares == 1 || shared.busy.exchange(true, std::memory_order_acquire)) {
    body(context, 0, extent);
    return;
  }
  shared.extent = extent;
  shared.body = body;
  shared.context = context;
  shared.working.store(static_cast<std::uint32_t>(shared.shares - 1), std::memory_order_relaxed);
  shared.round.fetch_add(1, std::memory_order_release);
  shared.round.notify_all();
  shared.run_share(0);
  for (std::uint32_t left = shared.working.load(std::memory_order_acquire); left != 0;
       left = shared.working.load(std::memory_order_acquire)) {
    shared.await_change(shared.working, left);
  }
  shared.busy.store(false, std::memory_order_release);
}

void ThreadPool::parallel_for(void* pool, std::int64_t extent, rnnc_parallel_body body, void* context) {
  static_cast<ThreadPool*>(pool)->run(extent, body, context);
}

}  // namespace rnnc::runtime
