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

constexpr int kMostThreads = 4096;  // an offer counts pieces in 16 bits

void pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#endif
}

// Pieces of a loop for each thread: so many that nobody waits long for the last one, or for a thread that the system
// does not let run; so few that taking them costs nothing.
constexpr std::int64_t kPieces = 4;

std::int64_t piece_begin(std::int64_t extent, std::int64_t piece, std::int64_t pieces) {
  const std::int64_t each = extent / pieces, left = extent % pieces;
  return each * piece + std::min<std::int64_t>(left, piece);
}

}  // namespace

struct ThreadPool::Shared {
  // The loop in hand. The caller writes it before it offers pieces, and no sooner than all pieces of the one before are
  // done; a thread reads it after it has taken a piece.
  std::int64_t extent = 0;
  rnnc_parallel_body body = nullptr;
  void* context = nullptr;

  // round << 32 | pieces << 16 | pieces taken: a piece can only be taken of the round that was looked at.
  alignas(64) std::atomic<std::uint64_t> offer{0};
  alignas(64) std::atomic<std::uint32_t> round{0};  // a loop begins with each increment
  alignas(64) std::atomic<std::uint32_t> done{0};   // pieces of it
  alignas(64) std::atomic<bool> busy{false};
  std::atomic<bool> stopping{false};
  int spins = kSpins;
  int threads = 1;
  std::vector<std::thread> workers;

  // Returns when `value` differs from `old`.
  void await_change(const std::atomic<std::uint32_t>& value, std::uint32_t old) const {
    for (int i = 0; i < spins; ++i) {
      if (value.load(std::memory_order_acquire) != old) return;
      pause();
    }
    value.wait(old, std::memory_order_acquire);
  }

  // Takes pieces and works on them until none is left.
  void help() {
    for (std::uint64_t seen = offer.load(std::memory_order_acquire);;) {
      const std::uint64_t pieces = seen >> 16 & 0xffff, piece = seen & 0xffff;
      if (piece == pieces) return;
      if (!offer.compare_exchange_weak(seen, seen + 1, std::memory_order_acq_rel, std::memory_order_acquire)) continue;
      const auto count = static_cast<std::int64_t>(pieces), number = static_cast<std::int64_t>(piece);
      body(context, piece_begin(extent, number, count), piece_begin(extent, number + 1, count));
      if (done.fetch_add(1, std::memory_order_acq_rel) + 1 == pieces) done.notify_one();
      seen = offer.load(std::memory_order_acquire);
    }
  }

  void work() {
    for (std::uint32_t seen = 0;;) {
      await_change(round, seen);
      seen = round.load(std::memory_order_acquire);
      if (stopping.load(std::memory_order_acquire)) return;
      help();
    }
  }
};

ThreadPool::ThreadPool(int threads) : shared_(std::make_unique<Shared>()) {
  const int processors = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  const int wanted = std::min(threads < 1 ? processors : threads, kMostThreads);
  if (wanted > processors) shared_->spins = 0;  // spinning would keep the others from working
  try {
    for (int i = 1; i < wanted; ++i) shared_->workers.emplace_back([shared = shared_.get()] { shared->work(); });
  } catch (const std::system_error&) {
    // The threads there are must do.
  }
  shared_->threads = static_cast<int>(shared_->workers.size()) + 1;
}

ThreadPool::~ThreadPool() {
  shared_->stopping.store(true, std::memory_order_release);
  shared_->round.fetch_add(1, std::memory_order_release);
  shared_->round.notify_all();
  for (std::thread& worker : shared_->workers) worker.join();
}

int ThreadPool::threads() const { return shared_->threads; }

void ThreadPool::run(std::int64_t extent, rnnc_parallel_body body, void* context) {
  if (extent <= 0) return;
  Shared& shared = *shared_;
  if (extent == 1 || shared.threads == 1 || shared.busy.exchange(true, std::memory_order_acquire)) {
    body(context, 0, extent);
    return;
  }
  shared.extent = extent;
  shared.body = body;
  shared.context = context;
  const auto pieces = static_cast<std::uint64_t>(std::min(extent, shared.threads * kPieces));
  const std::uint32_t round = shared.round.load(std::memory_order_relaxed) + 1;
  shared.done.store(0, std::memory_order_relaxed);
  shared.offer.store(std::uint64_t{round} << 32 | pieces << 16, std::memory_order_release);
  shared.round.store(round, std::memory_order_release);
  shared.round.notify_all();
  shared.help();
  for (std::uint32_t done = shared.done.load(std::memory_order_acquire); done != pieces;
       done = shared.done.load(std::memory_order_acquire))
    shared.await_change(shared.done, done);
  shared.busy.store(false, std::memory_order_release);
}

void ThreadPool::parallel_for(void* pool, std::int64_t extent, rnnc_parallel_body body, void* context) {
  static_cast<ThreadPool*>(pool)->run(extent, body, context);
}

}  // namespace rnnc::runtime
