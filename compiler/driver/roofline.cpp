#include "compiler/driver/roofline.h"

#include <algorithm>
#include <chrono>
#include <map>

#include "compiler/backend/llvm/jit.h"
#include "compiler/base/bug.h"
#include "compiler/driver/machine_limits.h"
#include "compiler/loop/work.h"

namespace rnnc::driver {
namespace {

using Clock = std::chrono::steady_clock;

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Takes part as a pool of one thread: it does the work itself and notes how long that took.
class LaunchClock {
 public:
  static void parallel_for(void* pool, std::int64_t extent, rnnc_parallel_body body, void* context) {
    if (extent <= 0) return;  // not counted either
    const auto start = Clock::now();
    body(context, 0, extent);
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    static_cast<LaunchClock*>(pool)->seconds.push_back(seconds);
  }
  std::vector<double> seconds;  // of the launches, in order
};

class ObservedJit final : public Executable {
 public:
  explicit ObservedJit(std::unique_ptr<backend::JitModule> code) : code_(std::move(code)) {}
  const rnnc_model* model() const override { return code_->model(); }

 private:
  std::unique_ptr<backend::JitModule> code_;
};

template <class T>
bool has(T* const* array, int slot) {
  return array != nullptr && array[slot] != nullptr;
}

bool is_given(const rnnc_call& call, const loop::Buffer& buffer) {
  switch (buffer.space) {
    case loop::Space::input: return has(call.inputs, buffer.slot);
    case loop::Space::upstream: return has(call.output_gradients, buffer.slot);
    case loop::Space::output: return has(call.outputs, buffer.slot);
    case loop::Space::loss: return call.loss != nullptr;
    case loop::Space::state_in: return has(call.state_in, buffer.slot);
    case loop::Space::state_out: return has(call.state_out, buffer.slot);
    case loop::Space::upstream_state: return has(call.state_out_gradients, buffer.slot);
    case loop::Space::parameter_gradients: return call.parameter_gradients != nullptr;
    case loop::Space::input_gradient: return has(call.input_gradients, buffer.slot);
    case loop::Space::state_gradient: return has(call.state_in_gradients, buffer.slot);
    case loop::Space::lengths: return call.lengths[buffer.slot] != nullptr;
    case loop::Space::parameters:
    case loop::Space::packed:
    case loop::Space::workspace:
    case loop::Space::tape: return true;
  }
  throw Bug("no such space");
}

std::vector<loop::LaunchWork> count(const loop::Module& module, std::span<const loop::EntryRole> entries,
                                    const rnnc_call& call) {
  loop::RunNumbers numbers;
  numbers.rows = call.rows;
  numbers.given = [&](const loop::Buffer& buffer) { return is_given(call, buffer); };
  std::vector<loop::LaunchWork> all;
  for (loop::EntryRole entry : entries) {
    numbers.steps.assign(std::begin(call.steps), std::end(call.steps));
    if (entry == loop::EntryRole::step) std::ranges::fill(numbers.steps, 1);
    const std::vector<loop::LaunchWork> work = work_of(module, entry, numbers);
    all.insert(all.end(), work.begin(), work.end());
  }
  return all;
}

}  // namespace

std::unique_ptr<Executable> make_observed(const Compilation& compilation) {
  if (std::string refusal = backend::cannot_run(compilation.module.target); !refusal.empty())
    throw Unsupported(refusal);
  auto result = backend::jit(compilation.module, {.observed = true});
  if (auto* message = std::get_if<std::string>(&result)) throw Bug("the JIT backend: " + *message);
  return std::make_unique<ObservedJit>(std::move(std::get<0>(result)));
}

Roofline measure_roofline(const Compilation& compilation, std::span<const loop::EntryRole> entries, rnnc_call& call,
                          double seconds, const std::function<void()>& run) {
  const loop::Module& module = compilation.module;
  const std::vector<loop::LaunchWork> work = count(module, entries, call);
  LaunchClock clock;
  call.parallel_for = LaunchClock::parallel_for;
  call.pool = &clock;
  std::map<loop::FunctionId, std::vector<double>> times;
  std::vector<double> totals;
  for (const auto begin = Clock::now();
       totals.size() < 3 || std::chrono::duration<double>(Clock::now() - begin).count() < seconds;) {
    clock.seconds.clear();
    const auto start = Clock::now();
    run();
    totals.push_back(std::chrono::duration<double>(Clock::now() - start).count());
    if (clock.seconds.size() != work.size()) throw Bug("the launches are not those that were counted");
    std::map<loop::FunctionId, double> sums;
    for (std::size_t i = 0; i < work.size(); ++i) sums[work[i].kernel] += clock.seconds[i];
    for (const auto& [kernel, sum] : sums) times[kernel].push_back(sum);
  }

  MachineLimits limits(module.target, module.element);
  Roofline roofline{.seconds = median(totals), .peak = limits.peak()};
  std::map<loop::FunctionId, KernelTime> kernels;
  std::map<loop::FunctionId, double> in_operations;  // seconds at the peak
  double largest = 0;
  for (const loop::LaunchWork& launch : work) {
    KernelTime& kernel = kernels[launch.kernel];
    kernel.launches += 1;
    kernel.operations += launch.operations;
    kernel.bytes += launch.bytes;
    const double at_peak = launch.operations / limits.peak();
    kernel.least_seconds += std::max(at_peak, launch.bytes / limits.bandwidth(launch.bytes));
    in_operations[launch.kernel] += at_peak;
    largest = std::max(largest, launch.bytes);
  }
  roofline.bandwidth = limits.bandwidth(largest);
  for (auto& [id, kernel] : kernels) {
    kernel.name = module.functions[id].name;
    kernel.seconds = median(times[id]);
    kernel.by_operations = in_operations[id] > kernel.least_seconds / 2;
    roofline.kernels.push_back(kernel);
  }
  std::ranges::stable_sort(roofline.kernels, std::greater(), &KernelTime::seconds);
  return roofline;
}

}  // namespace rnnc::driver
