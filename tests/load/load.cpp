// Threads that compile, run and drop different models through the host API at the same time: no wrong result, no race,
// and the memory returns.
//   load [--seconds S] [--threads N] [--models N] [--seed N]
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <iostream>
#include <mutex>
#include <random>
#include <thread>

#include "compiler/driver/backend.h"
#include "compiler/driver/files.h"
#include "compiler/driver/pipeline.h"
#include "compiler/rnnc.h"
#include "runtime/thread_pool.h"
#include "tests/differential/call.h"
#include "tests/differential/cases.h"
#include "tests/differential/compare.h"
#include "tests/load/memory.h"

namespace rnnc::testing {
namespace {

struct Options {
  double seconds = 10;
  int threads = 8;
  std::size_t models = ~std::size_t{0};  // so many of them, evenly taken from all
  std::uint64_t seed = 1;
};

// A model, what a run of it wrote when nothing else was going on, and what half of its text is refused with.
struct Subject {
  Case model;
  CompileOptions options;
  std::string path, text;
  Given given;
  Written expected;
  std::vector<std::string> refusal;
};

RunShape run_shape() {
  RunShape shape;
  shape.steps.fill(5);
  shape.rows = 3;
  for (auto& lengths : shape.lengths) lengths = {5, 2, 4};
  return shape;
}

std::string path_of(const Case& c) { return std::string(RNNC_SOURCE_DIR) + "/" + c.file; }

Result compiled(const Subject& subject) { return compile(subject.text, subject.options, subject.path); }

std::vector<std::string> refusal(const Subject& subject) {
  std::vector<std::string> said;
  const std::string_view half = std::string_view(subject.text).substr(0, subject.text.size() / 2);
  for (const Error& error : compile(half, subject.options, subject.path).errors) said.push_back(error.rendered);
  return said;
}

RunOptions how_to_run(runtime::ThreadPool* pool) {
  RunOptions how{.training = true, .seed = 7};
  if (pool != nullptr) {
    how.parallel_for = runtime::ThreadPool::parallel_for;
    how.pool = pool;
  }
  return how;
}

// "" or where a run differs from the first, by bits.
std::string difference(const Subject& subject, const Module& module, runtime::ThreadPool* pool) {
  const Written written = run(*module.model(), run_shape(), subject.given, how_to_run(pool));
  if (written.code != subject.expected.code) return written.failed + " gave code " + std::to_string(written.code);
  if (!written.misbehaved.empty()) return written.misbehaved;
  for (std::size_t i = 0; i < written.arrays.size(); ++i)
    if (written.arrays[i].bytes != subject.expected.arrays[i].bytes) return written.arrays[i].name + " differs";
  return "";
}

// "" or where the module disagrees with the interpreter.
std::string disagreement(const Subject& subject, const Module& module) {
  driver::Compilation compilation;
  const bool f64 = subject.options.dtype == Dtype::f64;
  compilation.options.sema.dimensions = subject.options.dimensions;
  compilation.options.sema.entry = subject.options.entry;
  compilation.options.element = f64 ? loop::Element::f64 : loop::Element::f32;
  compilation.read_import = driver::file_imports();
  compilation.file = compilation.sources.add(subject.path, subject.text);
  if (!driver::run(compilation, {.last = driver::last_pass(driver::BackendKind::interp)}))
    return dsl::render(compilation.diagnostics, compilation.sources);
  const auto interpreter = driver::make_executable(compilation, driver::BackendKind::interp);
  const Comparison comparison = compare(*interpreter->model(), *module.model(), {.training = true});
  return comparison.worst <= (f64 ? 1e-9 : 1e-4) ? "" : comparison.lines;
}

class Load {
 public:
  explicit Load(const Options& options) : options_(options), pool_(3) {}

  int run() {
    prepare();
    // Each round ends with all threads gone and all modules dropped. What the first leaves behind is there to stay:
    // tables of the parser's and of LLVM's, which the models fill once.
    constexpr int rounds = 6;
    std::vector<Holdings> after;
    std::int64_t at_first = 0;
    for (int i = 0; i < rounds && failures_ == 0; ++i) {
      round(i);
      if (i == 0) at_first = compiled_;
      const std::optional<Holdings> now = holdings();
      if (now) after.push_back(*now);
      std::cout << compiled_ << " modules compiled, " << runs_ << " runs, " << refused_ << " texts refused"
                << (now ? "; " + to_string(*now) : "") << std::endl;
    }
    if (after.size() == rounds && failures_ == 0) check_returned(after[0], after[rounds - 1], compiled_ - at_first);
    std::cout << (failures_ == 0 ? "ok" : "FAILED") << std::endl;
    return failures_ == 0 ? 0 : 1;
  }

 private:
  using Clock = std::chrono::steady_clock;

  // A module in nobody's hands: whoever finds it runs and drops it.
  struct Shelf {
    std::mutex mutex;
    const Subject* subject = nullptr;
    std::optional<Module> module;
  };

  void prepare() {
    std::vector<Case> cases = cases_of({"examples", "examples/cells", "tests/models"}, {3, 9, 5});
    const std::size_t count = std::min(cases.size(), options_.models);
    for (std::size_t i = 0; i < count && failures_ == 0; ++i) prepare(cases[i * cases.size() / count], i);
    std::cout << count << " models of " << cases.size() << ", " << options_.threads << " threads" << std::endl;
  }

  void prepare(const Case& model, std::size_t number) {
    Subject subject{.model = model, .path = path_of(model)};
    subject.options = {.dimensions = model.dimensions,
                       .entry = model.entry,
                       .dtype = number % 2 == 0 ? Dtype::f32 : Dtype::f64,
                       .target = number % 3 == 0 ? "sse2" : "avx2"};
    std::string error;
    subject.text = driver::read_text(subject.path, error).value_or("");
    const Result result = compiled(subject);
    if (!result) return fail(subject, result.errors[0].rendered);
    const rnnc_model& code = *result.module->model();
    subject.given = random_given(code, run_shape(), options_.seed, 0.5);
    subject.expected = testing::run(code, run_shape(), subject.given, how_to_run(nullptr));
    subject.refusal = refusal(subject);
    if (subject.expected.code != RNNC_OK) return fail(subject, subject.expected.failed);
    if (const std::string text = disagreement(subject, *result.module); !text.empty()) return fail(subject, text);
    subjects_.push_back(std::move(subject));
  }

  void round(int number) {
    const auto share = std::chrono::duration<double>(options_.seconds / 6);
    end_ = Clock::now() + std::chrono::duration_cast<Clock::duration>(share);
    std::vector<std::thread> threads;
    for (int i = 0; i < options_.threads; ++i) {
      const std::uint64_t seed = options_.seed + 1000 * static_cast<std::uint64_t>(number * 100 + i);
      threads.emplace_back([this, seed] { work(seed); });
    }
    for (std::thread& thread : threads) thread.join();
    for (Shelf& shelf : shelves_) shelf.module.reset();
  }

  void work(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    while (Clock::now() < end_ && failures_ == 0) {
      const Subject& subject = subjects_[random() % subjects_.size()];
      if (random() % 4 == 0) {
        ++refused_;
        if (refusal(subject) != subject.refusal) fail(subject, "half of it is refused in other words than before");
      }
      Result result = compiled(subject);
      if (!result) return fail(subject, result.errors[0].rendered);
      ++compiled_;
      check(subject, *result.module, random);
      exchange(shelves_[random() % shelves_.size()], subject, *std::move(result.module), random);
    }
  }

  void exchange(Shelf& shelf, const Subject& subject, Module module, std::mt19937_64& random) {
    const Subject* other = &subject;
    std::optional<Module> taken = std::move(module);
    {
      const std::lock_guard lock(shelf.mutex);
      std::swap(taken, shelf.module);
      std::swap(other, shelf.subject);
    }
    if (taken) check(*other, *taken, random);
  }

  void check(const Subject& subject, const Module& module, std::mt19937_64& random) {
    ++runs_;
    if (const std::string text = difference(subject, module, random() % 2 == 0 ? &pool_ : nullptr); !text.empty())
      fail(subject, text);
  }

  void check_returned(const Holdings& before, const Holdings& after, std::int64_t modules) {
    // A table's growth and an arena's fragments, but nothing that each module leaves behind.
    const std::int64_t heap = (1 << 20) + 1024 * modules, resident = (64 << 20) + 4096 * modules;
    const std::int64_t mappings = 64 + modules / 8;
    if (after.heap_bytes - before.heap_bytes > heap || after.resident_bytes - before.resident_bytes > resident ||
        after.mappings - before.mappings > mappings) {
      ++failures_;
      std::cout << "memory does not return: first " << to_string(before) << ", then " << to_string(after) << "\n";
    }
  }

  void fail(const Subject& subject, const std::string& text) {
    const std::lock_guard lock(speaking_);
    ++failures_;
    std::cout << subject.model.file << " " << subject.model.entry << ": " << text << std::endl;
  }

  const Options options_;
  std::vector<Subject> subjects_;
  std::array<Shelf, 16> shelves_;
  runtime::ThreadPool pool_;  // one for all: who finds it busy runs alone
  Clock::time_point end_;
  std::atomic<std::int64_t> compiled_ = 0, runs_ = 0, refused_ = 0;
  std::atomic<int> failures_ = 0;
  std::mutex speaking_;
};

}  // namespace
}  // namespace rnnc::testing

int main(int count, char** words) {
  rnnc::testing::Options options;
  for (int i = 1; i < count; i += 2) {
    const std::string word = words[i], value = i + 1 < count ? words[i + 1] : "";
    if (word == "--seconds") options.seconds = std::stod(value);
    else if (word == "--threads") options.threads = std::stoi(value);
    else if (word == "--models") options.models = std::stoull(value);
    else if (word == "--seed") options.seed = std::stoull(value);
    else return std::cerr << "usage: load [--seconds S] [--threads N] [--models N] [--seed N]\n", 2;
  }
  return rnnc::testing::Load(options).run();
}
