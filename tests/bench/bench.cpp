// rnnc_bench: compiled cells against cells written by hand, row by row of the grid in rows.cpp.
//
// In each round of a row all rivals run one after the other, so that ratios compare neighbours in time; the rounds of a
// row follow each other, and so do the rows. README.md says how to call it.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "compiler/driver/targets.h"
#include "runtime/thread_pool.h"
#include "tests/bench/contest.h"
#include "tests/bench/handwritten.h"
#include "tests/bench/onednn.h"
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
  CompileSettings compile;
  std::string torch, results;
  std::set<std::string> rivals;
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

// The names in a list with commas; empty: everybody who can be there. Throws std::invalid_argument.
std::set<std::string> read_rivals(const std::string& list, const Settings& settings) {
  const auto can_be_there = [&](std::string_view name) {
    return name == generated_clang ? !settings.compile.clang.empty() : !is_torch(name) || !settings.torch.empty();
  };
  std::set<std::string> rivals;
  std::istringstream stream(list);
  for (std::string name; std::getline(stream, name, ',');) {
    if (std::ranges::find(timed_rivals, name) == std::end(timed_rivals))
      throw std::invalid_argument("there is no rival `" + name + "`");
    if (!can_be_there(name)) throw std::invalid_argument("`" + name + "` wants --clang or --torch");
    rivals.insert(name);
  }
  for (const char* name : timed_rivals)
    if (list.empty() && can_be_there(name)) rivals.insert(name);
  return rivals;
}

// What --target names; nothing: native. Throws std::invalid_argument.
std::optional<loop::Target> read_target(const std::string& name) {
  if (!driver::is_target_name(name)) throw std::invalid_argument("there is no target `" + name + "`");
  return driver::find_target(name);
}

// Takes our arguments out of argv. Throws std::invalid_argument.
Settings take_settings(int& argc, char** argv) {
  Settings settings;
  std::string rivals;
  int kept = 1;
  for (int i = 1; i < argc; ++i) {
    if (auto value = value_of(argv[i], "--threads")) read_number("--threads", *value, settings.threads);
    else if (auto value = value_of(argv[i], "--rounds")) read_number("--rounds", *value, settings.rounds);
    else if (auto value = value_of(argv[i], "--seconds")) read_number("--seconds", *value, settings.seconds);
    else if (auto value = value_of(argv[i], "--clang")) settings.compile.clang = *value;
    else if (auto value = value_of(argv[i], "--target")) settings.compile.target = read_target(*value);
    else if (auto value = value_of(argv[i], "--torch")) settings.torch = *value;
    else if (auto value = value_of(argv[i], "--results")) settings.results = *value;
    else if (auto value = value_of(argv[i], "--rivals")) rivals = *value;
    else argv[kept++] = argv[i];
  }
  argc = kept;
  settings.rivals = read_rivals(rivals, settings);
  return settings;
}

// The one contest under way. Rows are not mixed, so that an earlier row's arrays need not stay.
class CurrentContest {
 public:
  explicit CurrentContest(ContestOptions options) : options_(std::move(options)) {}
  Torch* torch() const { return options_.torch; }
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

// What one core reads of arrays as large as the recurrence's matrices, again and again.
void measure_bandwidth(benchmark::State& state, const Row& row) {
  const std::vector<float> weights(static_cast<std::size_t>(recurrent_bytes(row)) / sizeof(float), 0.5f);
  for (auto _ : state) read_all(weights.data(), static_cast<std::int64_t>(weights.size()));
  state.counters["bytes"] = static_cast<double>(recurrent_bytes(row));
}

void measure(benchmark::State& state, CurrentContest& current, const Row& row, const std::string& rival,
             const Settings& settings) {
  Contest& contest = current.of(row);
  if (!contest.failure().empty()) return state.SkipWithError(contest.failure().c_str());
  Entrant* entrant = contest.find(rival);
  if (!entrant) return state.SkipWithError("absent: nobody wrote it");
  if (!entrant->refusal.empty()) {
    const std::string why = (entrant->at_fault ? "" : "absent: ") + entrant->refusal;
    return state.SkipWithError(why.c_str());
  }
  // The idle threads of whoever was measured before spin for a while, in the way of this one's.
  if (settings.threads > 1) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  state.counters["compile_ms"] = entrant->rival.compile_milliseconds;
  if (entrant->rival.vector_bits > 0) state.counters["vector_bits"] = entrant->rival.vector_bits;
  state.counters["disagreement"] = entrant->disagreement.worst;
  if (current.torch() && is_torch(rival)) {
    for (auto _ : state) state.SetIterationTime(current.torch()->seconds_per_run(rival, settings.seconds));
    return;
  }
  Session& session = *entrant->session;
  int code = RNNC_OK;
  for (auto _ : state) code |= session.run();
  if (code != RNNC_OK) return state.SkipWithError("a run failed");
  const rnnc_sizes& sizes = session.sizes();
  state.counters["pack_us"] = entrant->pack_microseconds;
  state.counters["packed_bytes"] = static_cast<double>(sizes.packed_bytes);
  state.counters["tape_bytes"] = row.mode == Mode::train ? static_cast<double>(sizes.tape_bytes) : 0;
  state.counters["workspace_bytes"] = static_cast<double>(row.mode == Mode::train  ? sizes.training_workspace_bytes
                                                          : row.mode == Mode::step ? sizes.step_workspace_bytes
                                                                                   : sizes.inference_workspace_bytes);
}

void register_rows(const Settings& settings, CurrentContest& current) {
  auto configure = [&](benchmark::internal::Benchmark* benchmark) {
    benchmark->MinTime(settings.seconds)->Unit(benchmark::kMicrosecond);
    if (settings.threads > 1) benchmark->UseRealTime();
  };
  for (const Row& row : rows())
    for (int round = 0; round < settings.rounds; ++round) {
      configure(benchmark::RegisterBenchmark(text_of({row.name, peak_name, round}).c_str(), measure_peak));
      if (row.B == 1)
        configure(benchmark::RegisterBenchmark(text_of({row.name, bandwidth_name, round}).c_str(),
                                               [&row](benchmark::State& state) { measure_bandwidth(state, row); }));
      for (const char* rival : timed_rivals) {
        if (!settings.rivals.contains(rival)) continue;
        auto* benchmark = benchmark::RegisterBenchmark(
            text_of({row.name, rival, round}).c_str(), [&current, &row, rival, &settings](benchmark::State& state) {
              measure(state, current, row, rival, settings);
            });
        if (is_torch(rival)) benchmark->Iterations(1)->UseManualTime();  // repeats and clock are the script's
        else configure(benchmark);
      }
    }
}

int run(int argc, char** argv) {
  const Settings settings = take_settings(argc, argv);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  if (benchmark::GetBenchmarkFilter().empty()) benchmark::SetBenchmarkFilter(short_filter);

  std::unique_ptr<runtime::ThreadPool> pool;
  ContestOptions options{.rivals = settings.rivals, .compile = settings.compile};
  if (settings.threads > 1) {
    pool = std::make_unique<runtime::ThreadPool>(settings.threads);
    options.parallel_for = runtime::ThreadPool::parallel_for;
    options.pool = pool.get();
  }
  set_blas_threads(settings.threads);
  set_onednn_threads(settings.threads);
  std::unique_ptr<Torch> torch;
  if (std::ranges::any_of(settings.rivals, is_torch)) torch = std::make_unique<Torch>(settings.torch, settings.threads);
  options.torch = torch.get();
  CurrentContest current(options);
  register_rows(settings, current);
  Report report({.threads = settings.threads,
                 .results = settings.results,
                 .libraries = {{"OpenBLAS", blas_description()},
                               {"oneDNN", onednn_description()},
                               {"PyTorch", torch ? torch->version() : "not asked for"}}});
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
