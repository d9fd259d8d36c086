// rnnc_bench: compiled cells against cells written by hand, row by row of the grid in rows.cpp.
//
// In each round of a row all rivals run one after the other, so that ratios compare neighbours in time; the rounds of a
// row follow each other, and so do the rows. README.md says how to call it.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "runtime/thread_pool.h"
#include "tests/bench/contest.h"
#include "tests/bench/handwritten.h"
#include "tests/bench/peak.h"
#include "tests/bench/report.h"

namespace rnnc::bench {
namespace {

// What runs when nobody says what to run: each kind of row, a few minutes.
constexpr const char* short_filter =
    "^(stream_lstm20|audio_lstm20|kws_gru|serve_lstm|charlm_lstm|charlm_gru|small_train)/";

struct Settings {
  int threads = 1;
  int rounds = 5;
  double seconds = 0.05;  // of each measurement, at least one run
  std::string clang;
};

// The value of "--name=value", or nothing.
std::optional<std::string> value_of(std::string_view argument, std::string_view name) {
  if (argument.substr(0, name.size()) != name || argument.size() <= name.size() || argument[name.size()] != '=')
    return std::nullopt;
  return std::string(argument.substr(name.size() + 1));
}

// A positive number, read whole. Throws std::invalid_argument.
template <class Number>
void read_number(const std::string& name, const std::string& text, Number& number) {
  std::istringstream stream(text);
  if (!(stream >> number) || !stream.eof() || !(number > 0))
    throw std::invalid_argument(name + " wants a positive number, not `" + text + "`");
}

// Takes our arguments out of argv. Throws std::invalid_argument.
Settings take_settings(int& argc, char** argv) {
  Settings settings;
  int kept = 1;
  for (int i = 1; i < argc; ++i) {
    if (auto value = value_of(argv[i], "--threads")) read_number("--threads", *value, settings.threads);
    else if (auto value = value_of(argv[i], "--rounds")) read_number("--rounds", *value, settings.rounds);
    else if (auto value = value_of(argv[i], "--seconds")) read_number("--seconds", *value, settings.seconds);
    else if (auto value = value_of(argv[i], "--clang")) settings.clang = *value;
    else argv[kept++] = argv[i];
  }
  argc = kept;
  return settings;
}

// The one contest under way. Rows are not mixed, so that an earlier row's arrays need not stay.
class CurrentContest {
 public:
  explicit CurrentContest(ContestOptions options) : options_(std::move(options)) {}
  Contest& of(const Row& row) {
    if (row_ != &row) {
      contest_.reset();
      contest_ = std::make_unique<Contest>(row, options_);
      row_ = &row;
    }
    return *contest_;
  }

 private:
  ContestOptions options_;
  const Row* row_ = nullptr;
  std::unique_ptr<Contest> contest_;
};

void measure_peak(benchmark::State& state) {
  double flops = 0;
  for (auto _ : state) flops = spin_fma(100000);
  state.counters["flops"] = flops;
}

void measure(benchmark::State& state, CurrentContest& current, const Row& row, const std::string& rival) {
  Contest& contest = current.of(row);
  if (!contest.failure().empty()) return state.SkipWithError(contest.failure().c_str());
  Entrant* entrant = contest.find(rival);
  if (!entrant) return state.SkipWithError("absent: not asked for");
  if (!entrant->session) {
    const std::string why = (entrant->at_fault ? "" : "absent: ") + entrant->refusal;
    return state.SkipWithError(why.c_str());
  }
  Session& session = *entrant->session;
  int code = RNNC_OK;
  for (auto _ : state) code |= session.run();
  if (code != RNNC_OK) return state.SkipWithError("a run failed");
  const rnnc_sizes& sizes = session.sizes();
  using benchmark::Counter;
  state.counters["FLOPS"] = Counter(product_flops(row), Counter::kIsIterationInvariantRate);
  state.counters["compile_ms"] = entrant->rival.compile_milliseconds;
  state.counters["pack_us"] = entrant->pack_microseconds;
  state.counters["packed_bytes"] = static_cast<double>(sizes.packed_bytes);
  state.counters["tape_bytes"] = row.mode == Mode::train ? static_cast<double>(sizes.tape_bytes) : 0;
  state.counters["workspace_bytes"] = static_cast<double>(row.mode == Mode::train  ? sizes.training_workspace_bytes
                                                          : row.mode == Mode::step ? sizes.step_workspace_bytes
                                                                                   : sizes.inference_workspace_bytes);
  state.counters["disagreement"] = entrant->disagreement.worst;
}

void register_rows(const Settings& settings, CurrentContest& current) {
  auto configure = [&](benchmark::internal::Benchmark* benchmark) {
    benchmark->MinTime(settings.seconds)->Unit(benchmark::kMicrosecond);
    if (settings.threads > 1) benchmark->UseRealTime();
  };
  for (const Row& row : rows())
    for (int round = 0; round < settings.rounds; ++round) {
      configure(benchmark::RegisterBenchmark(text_of({row.name, peak_name, round}).c_str(), measure_peak));
      for (const char* rival : {generated, generated_clang, jit, plain, blas}) {
        if (rival == generated_clang && settings.clang.empty()) continue;
        configure(benchmark::RegisterBenchmark(
            text_of({row.name, rival, round}).c_str(),
            [&current, &row, rival](benchmark::State& state) { measure(state, current, row, rival); }));
      }
    }
}

int run(int argc, char** argv) {
  const Settings settings = take_settings(argc, argv);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  if (benchmark::GetBenchmarkFilter().empty()) benchmark::SetBenchmarkFilter(short_filter);

  std::unique_ptr<runtime::ThreadPool> pool;
  ContestOptions options{.clang = settings.clang};
  if (settings.threads > 1) {
    pool = std::make_unique<runtime::ThreadPool>(settings.threads);
    options.parallel_for = runtime::ThreadPool::parallel_for;
    options.pool = pool.get();
  }
  set_blas_threads(settings.threads);
  CurrentContest current(options);
  register_rows(settings, current);
  benchmark::AddCustomContext("threads", std::to_string(settings.threads));
  Report report(settings.threads);
  const std::size_t count = benchmark::RunSpecifiedBenchmarks(&report);
  return report.failed() || count == 0 ? 1 : 0;
}

}  // namespace
}  // namespace rnnc::bench

int main(int argc, char** argv) {
  try {
    return rnnc::bench::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rnnc_bench: %s\n", error.what());
    return 1;
  }
}
