#include "compiler/driver/machine_limits.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <span>

#include "compiler/backend/llvm/jit.h"
#include "compiler/base/bug.h"
#include "compiler/loop/builder.h"
#include "runtime/abi.h"
#include "runtime/aligned.h"

namespace rnnc::driver {
namespace {

using loop::FunctionBuilder;
using loop::Index;
using loop::ValueId;

// Two units times a latency of four or five want ten chains; with their operands they fit sixteen registers.
constexpr int chains = 12;
constexpr int vectors_per_step = 16;  // of the input

ValueId sum_of(FunctionBuilder& f, std::span<const ValueId> values) {
  ValueId sum = values[0];
  for (ValueId value : values.subspan(1)) sum = FunctionBuilder::id(f.add(sum.value, value.value));
  return sum;
}

// T rounds of multiply-adds on what stands at the first step.
ValueId multiply_and_add(FunctionBuilder& f, loop::BufferId x, int lanes, const Index& T) {
  auto load = [&](int vector) { return f.load({x, Index(vector * lanes)}); };
  const ValueId factor = load(chains), summand = load(chains + 1);
  std::vector<ValueId> first;
  for (int k = 0; k < chains; ++k) first.push_back(load(k));
  return sum_of(f, f.loop_carrying("k", 0, T, 1, first, [&](const Index&, std::vector<ValueId> values) {
    for (ValueId& value : values) value = FunctionBuilder::id(f.fma(value.value, factor.value, summand.value));
    return values;
  }));
}

// Everything that stands at T steps, once: in four quarters at a time, as one would not be enough to keep memory busy.
ValueId read_all(FunctionBuilder& f, loop::BufferId x, int lanes, const Index& T) {
  const std::vector<ValueId> zeros(vectors_per_step / 2, f.number_constant(0));
  return sum_of(f, f.loop_carrying("k", 0, T, 1, zeros, [&](const Index& k, std::vector<ValueId> sums) {
    for (int i = 0; i < vectors_per_step; ++i) {
      const Index quarter = T * Index(i / 4 * 4);  // in vectors: 4 T each
      const ValueId value = f.load({x, (quarter + k * Index(4) + Index(i % 4)) * Index(lanes)});
      ValueId& sum = sums[static_cast<std::size_t>(i) % sums.size()];
      sum = FunctionBuilder::id(f.add(sum.value, value.value));
    }
    return sums;
  }));
}

using Work = ValueId (*)(FunctionBuilder&, loop::BufferId, int, const Index&);

// A model that does this work on its input x [T, 16 vectors] and leaves the sum in its output.
loop::Module yardstick(const loop::Target& target, loop::Element element, Work work) {
  loop::Module module;
  module.name = "yardstick";
  module.target = target;
  module.element = element;
  module.axes = {""};
  const int lanes = target.lanes(element);
  const loop::SymbolId T = module.symbols.add({"T", loop::SymbolKind::steps});
  module.symbols.add({"B", loop::SymbolKind::rows});
  module.inputs = {{.name = "x", .extents = {vectors_per_step * lanes}, .axis = 0}};
  module.outputs = {{.name = "y", .extents = {lanes}}};
  auto buffer = [&](const char* name, loop::Space space, const Index& size) {
    loop::Buffer b;
    b.name = name;
    b.space = space;
    b.element = element;
    b.size = size;
    return module.buffers.add(b);
  };
  const loop::BufferId x = buffer("x", loop::Space::input, Index(T) * Index(vectors_per_step * lanes));
  const loop::BufferId y = buffer("y", loop::Space::output, lanes);
  FunctionBuilder f(module, "work", loop::FunctionKind::kernel);
  f.parameter("begin");
  f.parameter("end");
  f.store(work(f, x, lanes, Index(T)), {y, Index(0)});
  const loop::FunctionId kernel = f.finish();
  FunctionBuilder e(module, "forward", loop::FunctionKind::entry);
  e.function().role = loop::EntryRole::forward;
  e.launch(kernel, {}, 1, 1);
  module.entries.push_back(e.finish());
  return module;
}

}  // namespace

class MachineLimits::Yardstick {
 public:
  Yardstick(const loop::Target& target, loop::Element element, Work work)
      : step_bytes_(vectors_per_step * target.vector_bytes), element_(element), y_(64), packed_(64), workspace_(64) {
    auto result = backend::jit(yardstick(target, element, work));
    if (auto* message = std::get_if<std::string>(&result)) throw Bug("the JIT backend: " + *message);
    code_ = std::move(std::get<0>(result));
  }

  std::int64_t step_bytes() const { return step_bytes_; }

  // Of a run of so many steps, on as many of x: the least of many runs. A limit is what nothing else disturbs.
  double seconds(std::int64_t steps, std::int64_t steps_of_x) {
    x_ = runtime::AlignedBuffer::zeroed(static_cast<std::size_t>(steps_of_x * step_bytes_));
    // Neither zeros nor denormal numbers: a half.
    if (element_ == loop::Element::f64) std::fill_n(x_.as<double>(), x_.size() / sizeof(double), 0.5);
    else std::fill_n(x_.as<float>(), x_.size() / sizeof(float), 0.5f);
    const void* input = x_.data();
    void* output = y_.data();
    rnnc_call call{};
    call.struct_size = sizeof call;
    call.steps[0] = steps;
    call.rows = 1;
    call.packed = packed_.data();
    call.inputs = &input;
    call.outputs = &output;
    call.workspace = workspace_.data();
    using Clock = std::chrono::steady_clock;
    double least = HUGE_VAL, sum = 0;
    for (int i = 0; i < 5 || sum < 0.03; ++i) {
      const auto start = Clock::now();
      if (code_->model()->forward(code_->model(), &call) != RNNC_OK) throw Bug("a yardstick refuses its call");
      const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
      least = std::min(least, seconds);
      sum += seconds;
    }
    return least;
  }

 private:
  std::int64_t step_bytes_;
  loop::Element element_;
  std::unique_ptr<backend::JitModule> code_;
  runtime::AlignedBuffer x_, y_, packed_, workspace_;
};

MachineLimits::MachineLimits(const loop::Target& target, loop::Element element) {
  if (std::string refusal = backend::cannot_run(target); !refusal.empty()) throw Unsupported(refusal);
  constexpr std::int64_t rounds = 200000;
  Yardstick multiplying(target, element, multiply_and_add);
  peak_ = 2.0 * chains * target.lanes(element) * rounds / multiplying.seconds(rounds, 1);
  reading_ = std::make_unique<Yardstick>(target, element, read_all);
}

MachineLimits::~MachineLimits() = default;

double MachineLimits::bandwidth(double bytes) {
  const int size = std::clamp(static_cast<int>(std::ceil(std::log2(std::max(bytes, 1.0)))), 13, 27);
  auto [found, is_new] = bandwidths_.try_emplace(size, 0);
  if (is_new) {
    const std::int64_t steps = (std::int64_t{1} << size) / reading_->step_bytes();
    found->second = std::ldexp(1.0, size) / reading_->seconds(steps, steps);
  }
  return found->second;
}

}  // namespace rnnc::driver
