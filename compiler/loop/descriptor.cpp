#include "compiler/loop/descriptor.h"

#include <algorithm>
#include <limits>

#include "compiler/base/bug.h"

namespace rnnc::loop {

namespace {

// a / b, rounded up; a + b - 1 might overflow.
std::int64_t rounded_up(std::int64_t a, std::int64_t b) { return a / b + (a % b != 0 ? 1 : 0); }

}  // namespace

std::int64_t RunSize::window(std::size_t axis) const { return std::max(least_window, rounded_up(steps[axis], windows)); }

std::optional<std::int64_t> evaluate(const IdVector<SymbolId, Symbol>& symbols, const Index& index, const RunSize& size) {
  auto value = [&](SymbolId id) {
    const Symbol& symbol = symbols[id];
    if (symbol.kind == SymbolKind::rows) return size.rows;
    if (symbol.kind == SymbolKind::windows) return size.windows;
    const auto axis = static_cast<std::size_t>(symbol.which);
    check(symbol.kind == SymbolKind::steps || symbol.kind == SymbolKind::window,
          "a size mentions `" + symbol.name + "`, which is no number of the run");
    check(axis < size.steps.size(), "a size mentions an axis that does not exist");
    return symbol.kind == SymbolKind::steps ? size.steps[axis] : size.window(axis);
  };
  std::int64_t sum = 0;
  for (const Index::Term& term : index.terms()) {
    std::int64_t product = term.coefficient;
    for (SymbolId factor : term.factors)
      if (__builtin_mul_overflow(product, value(factor), &product)) return std::nullopt;
    if (__builtin_add_overflow(sum, product, &sum)) return std::nullopt;
  }
  return sum;
}

std::int64_t most_positions(const Module& module) {
  // Rows and steps are at least one here, so no term is larger than its coefficient times their product.
  std::int64_t bytes = 1;
  const auto count = [&](const Index& number, std::int64_t unit) {
    for (const Index::Term& term : number.terms()) {
      std::int64_t part = term.coefficient < 0 ? -term.coefficient : term.coefficient;
      const bool fits = !__builtin_mul_overflow(part, unit, &part) && !__builtin_add_overflow(bytes, part, &bytes);
      check(fits, "the sizes of `" + module.name + "` overflow whatever the run");
      int steps = 0, rows = 0;
      for (SymbolId factor : term.factors) ++(module.symbols[factor].kind == SymbolKind::rows ? rows : steps);
      check(steps <= 1 && rows <= 1, "a size grows faster than steps times rows");
    }
  };
  for (const Buffer& buffer : module.buffers) {
    count(buffer.size, size_of(module.element));
    count(buffer.offset, 1);
    count(buffer.fallback_offset, 1);
  }
  for (const Index* total : {&module.packed_bytes, &module.tape_bytes, &module.inference_workspace_bytes,
                             &module.training_workspace_bytes, &module.step_workspace_bytes})
    count(*total, 1);
  return std::numeric_limits<std::int64_t>::max() / bytes;
}

bool is_target(const Module& module, const Buffer& buffer) {
  const auto slot = static_cast<std::size_t>(buffer.slot);
  return buffer.space == Space::input && slot < module.inputs.size() && module.inputs[slot].target;
}

bool depends_on_windows(const Module& module, const Index& bytes) {
  return std::any_of(bytes.terms().begin(), bytes.terms().end(), [&](const Index::Term& term) {
    return std::any_of(term.factors.begin(), term.factors.end(), [&](SymbolId factor) {
      const SymbolKind kind = module.symbols[factor].kind;
      return kind == SymbolKind::windows || kind == SymbolKind::window;
    });
  });
}

bool has_windows(const Module& module) {
  return depends_on_windows(module, module.tape_bytes) || depends_on_windows(module, module.training_workspace_bytes);
}

namespace {

int no_entry(const rnnc_model*, const rnnc_call*) { return RNNC_NO_SUCH_ENTRY; }
int no_pack(const rnnc_model*, const void*, void*) { return RNNC_NO_SUCH_ENTRY; }

std::int64_t parameter_elements(const std::vector<TensorInfo>& parameters) {
  std::int64_t end = 0;
  for (const TensorInfo& parameter : parameters) {
    std::int64_t size = 1;
    for (std::int64_t extent : parameter.extents) size *= extent;
    end = std::max(end, parameter.offset + size);
  }
  return end;
}

}  // namespace

const char* ModelTables::keep(const std::string& text) { return texts_.emplace_back(text).c_str(); }

std::vector<rnnc_tensor> ModelTables::table(const std::vector<TensorInfo>& tensors) {
  std::vector<rnnc_tensor> rows;
  for (const TensorInfo& tensor : tensors) {
    rnnc_tensor row{};
    row.name = keep(tensor.name);
    check(tensor.extents.size() <= std::size(row.extents), "`" + tensor.name + "` has too many extents");
    row.rank = static_cast<std::int32_t>(tensor.extents.size());
    std::copy(tensor.extents.begin(), tensor.extents.end(), row.extents);
    row.batched = tensor.batched;
    row.axis = tensor.axis;
    row.index_extent = tensor.index_extent;
    row.lowest_index = tensor.lowest_index;
    row.target = tensor.target;
    row.offset = tensor.offset;
    row.history = tensor.history;
    row.reversed = tensor.reversed;
    row.initializer = tensor.initializer;
    row.low = tensor.low;
    row.high = tensor.high;
    rows.push_back(row);
  }
  return rows;
}

ModelTables::ModelTables(const Module& module)
    : symbols_(module.symbols), most_positions_(loop::most_positions(module)), least_window_(module.least_window),
      has_windows_(has_windows(module)), packed_(module.packed_bytes), tape_(module.tape_bytes),
      inference_workspace_(module.inference_workspace_bytes), training_workspace_(module.training_workspace_bytes),
      step_workspace_(module.step_workspace_bytes) {
  check(module.element != Element::i32, "a module's numbers are f32 or f64");
  check(module.axes.size() <= RNNC_MAX_AXES, "a module has more sequence axes than the ABI");
  parameters_ = table(module.parameters);
  inputs_ = table(module.inputs);
  outputs_ = table(module.outputs);
  states_ = table(module.states);
  for (const std::string& axis : module.axes) axes_.push_back(keep(axis));
  model_.abi_version = RNNC_ABI_VERSION;
  model_.struct_size = sizeof(rnnc_model);
  model_.name = keep(module.name);
  model_.target = keep(module.target.name);
  model_.dtype = module.element == Element::f64 ? RNNC_F64 : RNNC_F32;
  model_.axis_count = static_cast<std::int32_t>(axes_.size());
  model_.has_loss = module.has_loss;
  model_.parameter_count = static_cast<std::int32_t>(parameters_.size());
  model_.input_count = static_cast<std::int32_t>(inputs_.size());
  model_.output_count = static_cast<std::int32_t>(outputs_.size());
  model_.state_count = static_cast<std::int32_t>(states_.size());
  model_.parameter_elements = parameter_elements(module.parameters);
  model_.parameters = parameters_.data();
  model_.inputs = inputs_.data();
  model_.outputs = outputs_.data();
  model_.states = states_.data();
  model_.axes = axes_.data();
  model_.self = this;
  model_.sizes = [](const rnnc_model* model, const rnnc_call* call, rnnc_sizes* sizes) {
    if (!call || !sizes || call->struct_size < sizeof(rnnc_call)) return static_cast<int>(RNNC_BAD_CALL);
    return static_cast<const ModelTables*>(model->self)->sizes(*call, *sizes);
  };
  model_.pack = no_pack;
  model_.forward = model_.forward_train = model_.backward = model_.step = no_entry;
}

// The sizes for so many windows; nothing when one overflows.
std::optional<rnnc_sizes> ModelTables::sizes_in(const rnnc_call& call, std::int64_t windows) const {
  const std::int64_t one_step[RNNC_MAX_AXES] = {1, 1, 1, 1};
  const RunSize size{call.steps, call.rows, windows, least_window_}, step_size{one_step, call.rows, 1, least_window_};
  auto run = [&](const Index& bytes) { return evaluate(symbols_, bytes, size); };
  const auto packed = run(packed_), tape = run(tape_), inference = run(inference_workspace_);
  const auto training = run(training_workspace_), step = evaluate(symbols_, step_workspace_, step_size);
  if (!packed || !tape || !inference || !training || !step) return std::nullopt;
  return rnnc_sizes{*packed, *tape, *inference, *training, *step, windows};
}

int ModelTables::sizes(const rnnc_call& call, rnnc_sizes& sizes) const {
  if (call.rows < 1) return RNNC_BAD_CALL;
  std::int64_t longest = 1;
  for (std::size_t axis = 0; axis < axes_.size(); ++axis) {
    if (call.steps[axis] < 0) return RNNC_BAD_CALL;
    longest = std::max(longest, call.steps[axis]);
  }
  if (call.windows < 0 || call.windows > longest) return RNNC_BAD_CALL;
  if (std::max(longest, least_window_) > most_positions_ / call.rows) return RNNC_BAD_CALL;
  std::optional<rnnc_sizes> best = sizes_in(call, std::max<std::int64_t>(call.windows, 1));
  if (!best) return RNNC_BAD_CALL;
  if (has_windows_ && call.windows == 0 && call.memory_budget > 0) {
    const auto bytes = [](const rnnc_sizes& s) { return s.tape_bytes + s.training_workspace_bytes; };
    // From one window on, always the next number that makes the windows of some axis shorter.
    for (std::int64_t windows = 1; bytes(*best) > call.memory_budget;) {
      std::int64_t next = 0;
      for (std::size_t axis = 0; axis < axes_.size(); ++axis) {
        const std::int64_t window = rounded_up(call.steps[axis], windows);
        if (window <= least_window_) continue;
        const std::int64_t shorter = rounded_up(call.steps[axis], window - 1);
        next = next == 0 ? shorter : std::min(next, shorter);
      }
      if (next == 0) break;
      windows = next;
      const std::optional<rnnc_sizes> of_these = sizes_in(call, windows);
      if (of_these && bytes(*of_these) < bytes(*best)) best = of_these;
    }
  }
  sizes = *best;
  return RNNC_OK;
}

}  // namespace rnnc::loop
