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

// How the processor rounds, and whether it flushes denormal numbers: a thread's own.
unsigned floating_point_control() {
#if defined(__x86_64__) || defined(__i386__)
  return __builtin_ia32_stmxcsr();
#else
  return 0;
#endif
}

void use_floating_point_control([[maybe_unused]] unsigned control) {
#if defined(__x86_64__) || defined(__i386__)
  constexpr unsigned exceptions = 0x3f;  // that were met
  const unsigned own = __builtin_ia32_stmxcsr();
  if (((own ^ control) & ~exceptions) != 0) __builtin_ia32_ldmxcsr((control & ~exceptions) | (own & exceptions));
#endif
}

// Pieces of each thread's share: so many that nobody waits long for the last one, or for a thread that the system does
// not let run; so few that taking them costs nothing.
constexpr std::int64_t kPieces = 4;
// What stands in a piece, unless threads would go without: neighbours are done together where that is cheaper.
constexpr std::int64_t kLeast = 4;

std::int64_t piece_count(std::int64_t extent, std::int64_t threads) {
  return std::min(extent, threads * std::clamp<std::int64_t>(extent / (threads * kLeast), 1, kPieces));
}

std::int64_t piece_begin(std::int64_t extent, std::int64_t piece, std::int64_t pieces) {
  const std::int64_t each = extent / pieces, left = extent % pieces;
  return each * piece + std::min<std::int64_t>(left, piece);
}

}  // namespace

struct ThreadPool::Shared {
  // One thread's share of a loop: its pieces of round n are taken one after the other, by it or by a thread that has
  // none left of its own. A share that is behind the round in hand has all its pieces still.
  struct alignas(64) Share {
    std::atomic<std::uint64_t> taken{0};  // round << 16 | pieces taken
  };

  // The loop in hand, in one cache line. The caller writes it before it offers pieces, and no sooner than all pieces of
  // the one before are done; a thread reads the rest after it has taken a piece.
  alignas(64) std::atomic<std::uint64_t> offer{0};  // round << 16 | pieces
  std::atomic<std::uint32_t> begun{0};              // the round again, to sleep on
  std::int64_t extent = 0;
  rnnc_parallel_body body = nullptr;
  void* context = nullptr;
  unsigned control = 0;  // the caller's, so that bits do not depend on who takes a piece

  alignas(64) std::atomic<std::uint32_t> done{0};  // pieces of it
  alignas(64) std::atomic<bool> busy{false};
  std::atomic<bool> stopping{false};
  int spins = kSpins;
  std::vector<Share> shares;  // one for each thread; the caller's is the first
  std::vector<std::thread> workers;

  // Returns when `value` differs from `old`.
  void await_change(const std::atomic<std::uint32_t>& value, std::uint32_t old) const {
    for (int i = 0; i < spins; ++i) {
      if (value.load(std::memory_order_acquire) != old) return;
      pause();
    }
    value.wait(old, std::memory_order_acquire);
  }

  // Takes and does what is left of a thread's share of the loop that was offered: how many pieces. None, if that loop
  // is over.
  std::uint32_t work_through(std::size_t thread, std::uint64_t offered) {
    const std::int64_t pieces = offered & 0xffff, threads = std::ssize(shares);
    const std::uint64_t round = offered >> 16;
    const std::int64_t first = pieces * static_cast<std::int64_t>(thread) / threads;
    const std::int64_t end = pieces * static_cast<std::int64_t>(thread + 1) / threads;
    std::atomic<std::uint64_t>& taken = shares[thread].taken;
    std::uint32_t count = 0;
    for (std::uint64_t seen = taken.load(std::memory_order_acquire); seen >> 16 <= round;) {
      const std::int64_t next = first + (seen >> 16 == round ? static_cast<std::int64_t>(seen & 0xffff) : 0);
      if (next == end) break;
      const std::uint64_t then = round << 16 | static_cast<std::uint64_t>(next - first + 1);
      if (!taken.compare_exchange_weak(seen, then, std::memory_order_acq_rel, std::memory_order_acquire)) continue;
      use_floating_point_control(control);
      body(context, piece_begin(extent, next, pieces), piece_begin(extent, next + 1, pieces));
      ++count;
      seen = taken.load(std::memory_order_acquire);
    }
    return count;
  }

  // Works on a thread's own share and then on what others have left of theirs.
  void help(std::size_t thread) {
    const std::uint64_t offered = offer.load(std::memory_order_acquire);
    const auto pieces = static_cast<std::uint32_t>(offered & 0xffff);
    for (std::size_t i = 0; i < shares.size(); ++i) {
      const std::uint32_t count = work_through((thread + i) % shares.size(), offered);
      if (count > 0 && done.fetch_add(count, std::memory_order_acq_rel) + count == pieces) return done.notify_one();
      if (done.load(std::memory_order_acquire) == pieces) return;
    }
  }

  void work(std::size_t thread) {
    for (std::uint32_t seen = 0;;) {
      await_change(begun, seen);
      seen = begun.load(std::memory_order_acquire);
      if (stopping.load(std::memory_order_acquire)) return;
      help(thread);
    }
  }
};

ThreadPool::ThreadPool(int threads) : shared_(std::make_unique<Shared>()) {
  const int processors = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  const int wanted = std::min(threads < 1 ? processors : threads, kMostThreads);
  if (wanted > processors) shared_->spins = 0;  // spinning would keep the others from working
  for (int i = 1; i < wanted; ++i) {
    try {
      shared_->workers.emplace_back([shared = shared_.get(), i] { shared->work(static_cast<std::size_t>(i)); });
    } catch (const std::system_error&) {
      break;  // the threads there are must do
    }
  }
  shared_->shares = std::vector<Shared::Share>(shared_->workers.size() + 1);
}

ThreadPool::~ThreadPool() {
  shared_->stopping.store(true, std::memory_order_release);
  shared_->begun.fetch_add(1, std::memory_order_release);
  shared_->begun.notify_all();
  for (std::thread& worker : shared_->workers) worker.join();
}

int ThreadPool::threads() const { return static_cast<int>(shared_->shares.size()); }

void ThreadPool::run(std::int64_t extent, rnnc_parallel_body body, void* context) {
  if (extent <= 0) return;
  Shared& shared = *shared_;
  const std::int64_t threads = std::ssize(shared.shares);
  if (extent == 1 || threads == 1 || shared.busy.exchange(true, std::memory_order_acquire)) {
    body(context, 0, extent);
    return;
  }
  shared.extent = extent;
  shared.body = body;
  shared.context = context;
  shared.control = floating_point_control();
  const auto pieces = static_cast<std::uint64_t>(piece_count(extent, threads));
  const std::uint64_t round = (shared.offer.load(std::memory_order_relaxed) >> 16) + 1;
  shared.done.store(0, std::memory_order_relaxed);
  shared.offer.store(round << 16 | pieces, std::memory_order_release);
  // Sequentially consistent: libstdc++ asks whether anyone sleeps, and must not ask before this is seen by who is about to.
  shared.begun.store(static_cast<std::uint32_t>(round), std::memory_order_seq_cst);
  shared.begun.notify_all();
  shared.help(0);
  for (std::uint32_t done = shared.done.load(std::memory_order_acquire); done != pieces;
       done = shared.done.load(std::memory_order_acquire))
    shared.await_change(shared.done, done);
  shared.busy.store(false, std::memory_order_release);
}

void ThreadPool::parallel_for(void* pool, std::int64_t extent, rnnc_parallel_body body, void* context) {
  static_cast<ThreadPool*>(pool)->run(extent, body, context);
}

}  // namespace rnnc::runtime
