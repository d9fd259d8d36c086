// rnnc bench
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "compiler/driver/cli/commands.h"
#include "compiler/driver/cli/session.h"
#include "compiler/driver/roofline.h"
#include "runtime/model.h"
#include "runtime/random.h"

namespace rnnc::cli {
namespace {

using runtime::Tensor;
using runtime::TensorRole;

double now() {
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

const char* name_of(BenchMode mode) {
  return mode == BenchMode::step ? "step" : mode == BenchMode::infer ? "infer" : "train";
}

// Operations of the matrix products alone, a multiplication and an addition each, in one run.
double product_operations(const ir::Program& program, double steps, double rows) {
  double sum = 0;
  for (const ir::Node& node : program.nodes) {
    if (node.domain.empty()) continue;  // of parameters alone: packing does it
    const double positions = (node.domain.axis.valid() ? steps : 1) * (node.domain.batched ? rows : 1);
    if (node.kind == ir::NodeKind::matmul) {
      sum += 2 * positions * static_cast<double>(program[node.operands[0]].shape[1]) *
             static_cast<double>(node.shape.size());
    }
    if (node.kind == ir::NodeKind::outer) sum += 2 * positions * static_cast<double>(node.shape.size());
  }
  return sum;
}

double product_operations(const BenchArguments& a) {
  driver::Compilation compilation = open_source(a.source, a.mode == BenchMode::train);
  driver::run(compilation, {.last = "remove-dead"});
  return product_operations(compilation.program, a.mode == BenchMode::step ? 1 : static_cast<double>(a.steps),
                            static_cast<double>(a.rows));
}

double percentile(std::vector<double> sorted, double part) {
  return sorted[static_cast<std::size_t>(std::lround(part * static_cast<double>(sorted.size() - 1)))];
}

struct Times {
  double median = 0, minimum = 0, spread = 0;  // microseconds; the middle half's width in percent of the median
  double rare = 0;                             // the 99.9th percentile
  std::int64_t repeats = 0;
};

Times summary(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  Times result{percentile(times, 0.5), times.front(), 0, percentile(times, 0.999),
               static_cast<std::int64_t>(times.size())};
  result.spread = result.median > 0 ? 100 * (percentile(times, 0.75) - percentile(times, 0.25)) / result.median : 0;
  return result;
}

// Measures `work`, each time doing it `each` times, for so many seconds but at least three times. Results are per one.
template <class Work>
Times measure(double seconds, std::int64_t each, std::size_t most, Work&& work) {
  std::vector<double> times;
  const double end = now() + seconds * 1e6;
  while (times.size() < 3 || (now() < end && times.size() < most)) {
    const double start = now();
    for (std::int64_t i = 0; i < each; ++i) work();
    times.push_back((now() - start) / static_cast<double>(each));
  }
  return summary(std::move(times));
}

class Bench {
 public:
  Bench(const rnnc_model& model, const BenchArguments& a, runtime::ThreadPool* pool)
      : model_(model), arguments_(a), pool_(pool) {}
  // Makes everything ready and runs once. The others want that.
  void prepare();
  Times run();
  Times pack();
  rnnc_sizes sizes() const;
  // The model must be one that make_observed made of this compilation.
  driver::Roofline roofline(const driver::Compilation& compilation);

 private:
  void run_once();
  Tensor random(const rnnc_tensor& tensor, TensorRole role, const std::string& salt, double scale);
  void fill_parameters();
  void fill_inputs(runtime::Run& run);
  void prepare_states(rnnc_call& call);
  void prepare_gradients(rnnc_call& call);
  void check(int code) const;

  const rnnc_model& model_;
  const BenchArguments& arguments_;
  runtime::ThreadPool* pool_;
  std::unique_ptr<runtime::Model> values_;
  std::optional<runtime::Run> run_;
  rnnc_call call_{};  // its T and B
  std::vector<Tensor> tensors_;  // owns what the pointers below point to
  std::vector<const void*> states_in_, output_gradients_, final_gradients_;
  std::vector<void*> states_out_, input_gradients_, state_gradients_;
};

void Bench::check(int code) const {
  if (code == RNNC_OK) return;
  const bool step = arguments_.mode == BenchMode::step;
  if (code == RNNC_NO_SUCH_ENTRY)
    throw input_failure(step ? "the model cannot be run one step at a time" : "the model has nothing to differentiate");
  throw input_failure("the run failed: " + std::string(runtime::status_text(code)));
}

// Normally distributed, so that hardly a number is zero.
Tensor Bench::random(const rnnc_tensor& tensor, TensorRole role, const std::string& salt, double scale) {
  const runtime::RandomStream stream(arguments_.seed, salt + tensor.name);
  Tensor result(runtime::DType::F64, runtime::array_shape(tensor, role, call_, arguments_.mode == BenchMode::step));
  std::int64_t i = 0;
  for (double& value : result.view<double>()) value = scale * stream.normal(static_cast<std::uint64_t>(i++));
  return result.to_real(runtime::element_dtype(model_));
}

// As declared, and moved a little: biases that start at zero are not zero here.
void Bench::fill_parameters() {
  values_->initialize(arguments_.seed);
  for (int i = 0; i < model_.parameter_count; ++i) {
    const rnnc_tensor& parameter = model_.parameters[i];
    Tensor value = require(values_->parameter(parameter.name)).to_real(runtime::DType::F64);
    const runtime::RandomStream stream(arguments_.seed, std::string("move ") + parameter.name);
    std::uint64_t n = 0;
    for (double& entry : value.view<double>()) entry += 0.02 * stream.normal(n++);
    require(values_->set_parameter(parameter.name, value));
  }
}

void Bench::fill_inputs(runtime::Run& run) {
  for (int i = 0; i < model_.input_count; ++i) {
    const rnnc_tensor& input = model_.inputs[i];
    if (input.index_extent == 0) {
      const Tensor value = random(input, TensorRole::input, "input ", 0.7);
      if (value.bytes() > 0) std::memcpy(run.input(i), value.data(), value.bytes());
      continue;
    }
    const runtime::RandomStream stream(arguments_.seed, std::string("index ") + input.name);
    const auto count = *runtime::element_count(
        runtime::array_shape(input, TensorRole::input, call_, arguments_.mode == BenchMode::step));
    for (std::int64_t k = 0; k < count; ++k) {
      const double at = stream.uniform(static_cast<std::uint64_t>(k)) * static_cast<double>(input.index_extent);
      run.index_input(i)[k] = static_cast<std::int32_t>(at);
    }
  }
}

void Bench::prepare_states(rnnc_call& call) {
  for (int i = 0; i < model_.state_count; ++i) {
    tensors_.push_back(random(model_.states[i], TensorRole::state, "state ", 0.5));
    states_in_.push_back(tensors_.back().data());
    states_out_.push_back(tensors_.back().data());  // a running stream: the state stays where it is
  }
  call.state_in = states_in_.data();
  if (arguments_.mode == BenchMode::step) call.state_out = states_out_.data();
}

void Bench::prepare_gradients(rnnc_call& call) {
  for (int i = 0; i < model_.output_count && model_.has_loss == 0; ++i) {
    tensors_.push_back(random(model_.outputs[i], TensorRole::output, "upstream ", 1));
    output_gradients_.push_back(tensors_.back().data());
  }
  if (model_.has_loss == 0) call.output_gradients = output_gradients_.data();
  for (int i = 0; i < model_.input_count; ++i) {
    const bool wanted = model_.inputs[i].index_extent == 0;
    if (wanted) tensors_.push_back(random(model_.inputs[i], TensorRole::input, "", 1));
    input_gradients_.push_back(wanted ? tensors_.back().data() : nullptr);
  }
  for (int i = 0; i < model_.state_count; ++i) {
    tensors_.push_back(random(model_.states[i], TensorRole::state, "", 1));
    state_gradients_.push_back(tensors_.back().data());
  }
  call.input_gradients = input_gradients_.data();
  call.state_in_gradients = state_gradients_.data();
}

rnnc_sizes Bench::sizes() const {
  rnnc_sizes sizes{};
  check(model_.sizes(&model_, &call_, &sizes));
  return sizes;
}

Times Bench::pack() {
  return measure(0.1, 1, 1000, [&] { require(values_->pack()); });
}

void Bench::prepare() {
  const BenchMode mode = arguments_.mode;
  runtime::RunShape shape;
  shape.steps.fill(mode == BenchMode::step ? 1 : arguments_.steps);
  shape.rows = arguments_.rows;
  call_.struct_size = sizeof call_;
  std::copy(shape.steps.begin(), shape.steps.end(), call_.steps);
  call_.rows = shape.rows;
  shape.memory_budget = call_.memory_budget = arguments_.memory_budget;
  values_ = require(runtime::Model::create(model_));
  fill_parameters();
  require(values_->pack());
  run_.emplace(require(runtime::Run::create(*values_, shape,
                                            mode == BenchMode::step    ? runtime::RunMode::step
                                            : mode == BenchMode::infer ? runtime::RunMode::inference
                                                                       : runtime::RunMode::training,
                                            pool_)));
  runtime::Run& run = *run_;
  fill_inputs(run);
  rnnc_call& call = run.call();
  run.want_loss(mode == BenchMode::train);
  call.training = mode == BenchMode::train;
  prepare_states(call);
  if (mode == BenchMode::train) prepare_gradients(call);
  // Once through the checks, which also warms up; then the functions themselves, as a host calls them.
  if (mode == BenchMode::step && model_.step == nullptr) check(RNNC_NO_SUCH_ENTRY);
  if (mode == BenchMode::train && model_.backward == nullptr) check(RNNC_NO_SUCH_ENTRY);
  require(mode == BenchMode::step ? run.step() : mode == BenchMode::infer ? run.forward() : run.forward_train());
}

void Bench::run_once() {
  rnnc_call& call = run_->call();
  switch (arguments_.mode) {
    case BenchMode::infer: check(model_.forward(&model_, &call)); break;
    case BenchMode::train:
      check(model_.forward_train(&model_, &call));
      check(model_.backward(&model_, &call));
      break;
    case BenchMode::step:
      check(model_.step(&model_, &call));
      ++call.first_step;
      break;
  }
}

Times Bench::run() {
  const auto step = [&] { run_once(); };
  if (arguments_.mode != BenchMode::step) return measure(arguments_.seconds, 1, 100000, step);
  // One by one for the tail; by the hundred for the rest, as the clock itself takes a part of a short step.
  const Times single = measure(arguments_.seconds / 2, 1, 2000000, step);
  const auto each = static_cast<std::int64_t>(std::clamp(100.0 / std::max(single.median, 0.01), 1.0, 1000.0));
  Times times = measure(arguments_.seconds / 2, each, 100000, step);
  times.rare = single.rare;
  times.repeats = times.repeats * each + single.repeats;
  return times;
}

driver::Roofline Bench::roofline(const driver::Compilation& compilation) {
  using loop::EntryRole;
  const std::vector<EntryRole> entries =
      arguments_.mode == BenchMode::step    ? std::vector{EntryRole::step}
      : arguments_.mode == BenchMode::infer ? std::vector{EntryRole::forward}
                                            : std::vector{EntryRole::forward_train, EntryRole::backward};
  return measure_roofline(compilation, entries, run_->call(), arguments_.seconds, [&] { run_once(); });
}

driver::Roofline explain(const driver::Compilation& compilation, const BenchArguments& a) {
  const auto executable = make_observed(compilation);
  const Waiting waiting("measuring kernels");
  Bench bench(*executable->model(), a, nullptr);
  bench.prepare();
  return bench.roofline(compilation);
}

nlohmann::ordered_json json_of(const driver::Roofline& roofline) {
  nlohmann::ordered_json json;
  json["gflops_peak"] = roofline.peak / 1e9;
  json["observed_us"] = roofline.seconds * 1e6;
  for (const driver::KernelTime& kernel : roofline.kernels) {
    json["kernels"].push_back({{"kernel", kernel.name},
                               {"launches", kernel.launches},
                               {"operations", kernel.operations},
                               {"bytes", kernel.bytes},
                               {"us", kernel.seconds * 1e6},
                               {"limit_us", kernel.least_seconds * 1e6},
                               {"limit", kernel.by_operations ? "peak" : "bandwidth"}});
  }
  return json;
}

std::string text_of(const driver::Roofline& roofline) {
  std::string text;
  const auto line = [&](auto... values) {
    char cells[256];
    std::snprintf(cells, sizeof cells, "%-44s %8s %10s %10s %8s %10s %6s  %-9s %5s\n", values...);
    text += cells;
  };
  const auto number = [](const char* format, double value) {
    char digits[32];
    std::snprintf(digits, sizeof digits, format, value);
    return std::string(digits);
  };
  line("kernel", "launches", "MFLOP", "MB", "FLOP/B", "us", "share", "limit", "of it");
  double sum = 0;
  for (const driver::KernelTime& k : roofline.kernels) {
    sum += k.seconds;
    line(k.name.c_str(), std::to_string(k.launches).c_str(), number("%.4g", k.operations / 1e6).c_str(),
         number("%.4g", k.bytes / 1e6).c_str(), number("%.3g", k.bytes > 0 ? k.operations / k.bytes : 0).c_str(),
         number("%.4g", k.seconds * 1e6).c_str(), number("%.1f%%", 100 * k.seconds / roofline.seconds).c_str(),
         k.by_operations ? "peak" : "bandwidth", number("%.0f%%", 100 * k.least_seconds / k.seconds).c_str());
  }
  const double rest = std::max(0.0, roofline.seconds - sum);
  line("between kernels", "", "", "", "", number("%.4g", rest * 1e6).c_str(),
       number("%.1f%%", 100 * rest / roofline.seconds).c_str(), "", "");
  return text + "peak " + number("%.1f", roofline.peak / 1e9) + " GFLOP/s; bandwidth of the largest array touched " +
         number("%.1f", roofline.bandwidth / 1e9) + " GB/s; observed " + number("%.6g", roofline.seconds * 1e6) +
         " us a run\n";
}

}  // namespace

ExitCode run(const BenchArguments& a) {
  const double operations = product_operations(a);
  driver::Compilation compilation = open_source(a.source, a.mode == BenchMode::train);
  double compile_ms = 0;
  const auto executable = build(compilation, a.backend, &compile_ms);
  const auto pool = make_pool(a.threads);
  Bench bench(*executable->model(), a, pool.get());
  Times times, pack;
  {
    const Waiting waiting("measuring");
    bench.prepare();
    times = bench.run();
    pack = bench.pack();
  }
  const rnnc_sizes sizes = bench.sizes();
  nlohmann::ordered_json json;
  json["model"] = executable->model()->name;
  json["mode"] = name_of(a.mode);
  json["backend"] = driver::name_of(a.backend);
  json["target"] = executable->model()->target;
  json["dtype"] = executable->model()->dtype == RNNC_F64 ? "f64" : "f32";
  json["batch"] = a.rows;
  json["steps"] = a.mode == BenchMode::step ? 1 : a.steps;
  json["threads"] = pool ? pool->threads() : 1;
  json["median_us"] = times.median;
  json["min_us"] = times.minimum;
  json["spread_pct"] = times.spread;
  json["repeats"] = times.repeats;
  json["gflops"] = times.median > 0 ? operations / times.median / 1e3 : 0;
  json["weight_bytes"] = sizes.packed_bytes;
  json["workspace_bytes"] = a.mode == BenchMode::step    ? sizes.step_workspace_bytes
                            : a.mode == BenchMode::infer ? sizes.inference_workspace_bytes
                                                         : sizes.training_workspace_bytes;
  json["tape_bytes"] = a.mode == BenchMode::train ? sizes.tape_bytes : 0;
  if (a.memory_budget > 0) json["windows"] = sizes.windows;
  json["pack_us"] = pack.median;
  json["compile_ms"] = compile_ms;
  if (a.mode == BenchMode::step) json["p99.9_us"] = times.rare;
  std::optional<driver::Roofline> roofline;
  if (a.roofline) roofline = explain(compilation, a);
  if (a.json) {
    if (roofline) json["roofline"] = json_of(*roofline);
    print(json.dump() + "\n");
    return ExitCode::success;
  }
  std::string text;
  for (const auto& [key, value] : json.items()) {
    char line[128];
    const std::string shown = value.is_string() ? value.get<std::string>() : value.dump();
    if (value.is_number_float())
      std::snprintf(line, sizeof line, "%-16s %.6g\n", key.c_str(), value.get<double>());
    else
      std::snprintf(line, sizeof line, "%-16s %s\n", key.c_str(), shown.c_str());
    text += line;
  }
  if (roofline) text += "\n" + text_of(*roofline);
  print(text);
  return ExitCode::success;
}

}  // namespace rnnc::cli
