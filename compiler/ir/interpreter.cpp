#include "compiler/ir/interpreter.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "compiler/base/bug.h"
#include "compiler/ir/evaluate.h"
#include "compiler/ir/plan.h"
#include "compiler/ir/threefry.h"

namespace rnnc::ir {
namespace {

template <class T>
const T* passed(const std::vector<std::optional<T>>& table, std::int32_t index) {
  auto at = static_cast<std::size_t>(index);
  return at < table.size() && table[at] ? &*table[at] : nullptr;
}

// The entries of one node: for every step if it has an axis and is kept, for every row if it is batched.
struct Storage {
  std::vector<double> data;
  std::int64_t step_stride = 0, row_stride = 0;
  const double* at(std::int64_t t, std::int64_t row) const { return data.data() + t * step_stride + row * row_stride; }
  double* at(std::int64_t t, std::int64_t row) { return data.data() + t * step_stride + row * row_stride; }
};

// Whether a value of this kind is rounded: not what is copied from another one.
bool is_rounded(const Node& node) {
  switch (node.kind) {
    case NodeKind::constant:
    case NodeKind::given:
    case NodeKind::time:
    case NodeKind::length:
    case NodeKind::rows:
    case NodeKind::training:
    case NodeKind::rate:
    case NodeKind::ones:
    case NodeKind::random:
    case NodeKind::one_hot:
    case NodeKind::chosen:
    case NodeKind::shift:
    case NodeKind::at:
    case NodeKind::impulse:
    case NodeKind::by_length:
    case NodeKind::reduce_max:
    case NodeKind::broadcast:
    case NodeKind::transpose:
    case NodeKind::reshape:
    case NodeKind::slice:
    case NodeKind::pad:
    case NodeKind::concat:
    case NodeKind::gather:
    case NodeKind::stop_gradient:
    case NodeKind::surrogate: return false;
    case NodeKind::parameter:
    case NodeKind::upstream:
    case NodeKind::initial:
    case NodeKind::sum_over:
    case NodeKind::matmul:
    case NodeKind::outer:
    case NodeKind::reduce_sum:
    case NodeKind::cumulative_sum: return true;
    case NodeKind::input: return !node.index;
    case NodeKind::map: return !elementwise(node.function).zero_derivative;
  }
  throw Bug("interpreter: a node of no kind");
}

class Interpreter {
 public:
  Interpreter(const Program& program, const InterpreterRun& run, const std::vector<bool>& wanted)
      : program_(program), run_(run), wanted_(wanted), plan_(plan(program, wanted)), values_(program.nodes.size()),
        is_result_(program.nodes.size(), false), added_up_(program.nodes.size(), false),
        all_rows_(static_cast<std::size_t>(run.rows)) {
    for (ResultId r : program.results.ids())
      if (is_wanted(r)) is_result_[program.results[r].node] = true;
    std::iota(all_rows_.begin(), all_rows_.end(), 0);
    check_lengths();
  }

  std::vector<std::vector<double>> interpret();

 private:
  using Rows = std::vector<std::int64_t>;

  bool is_wanted(ResultId r) const { return r.index() < wanted_.size() && wanted_[r.index()]; }
  std::int64_t steps(AxisId axis) const {
    if (axis.index() >= run_.steps.size())
      throw std::invalid_argument("the number of steps of axis `" + program_.axes[axis].name + "` is missing");
    return run_.steps[axis.index()];
  }
  // How many steps a value has: its row's length, or all where it does not vary per row.
  std::int64_t steps(Domain domain, std::int64_t row) const {
    auto lengths = domain.batched ? passed(run_.lengths, domain.axis.value) : nullptr;
    return lengths ? (*lengths)[static_cast<std::size_t>(row)] : steps(domain.axis);
  }
  const double* operand(const Node& node, std::size_t i, std::int64_t t, std::int64_t row) const {
    return values_[node.operands[i]].at(t, row);
  }

  void check_lengths() const;
  void allocate(NodeId id);
  void run_stage(const Stage& stage);
  void step(const Stage& stage, std::int64_t t, const Rows& active);
  void compute(NodeId id, std::int64_t t, const Rows& rows);
  std::int64_t chosen_operand(const Node& node, std::int64_t t, std::int64_t row) const;
  void compute_product(NodeId id, std::int64_t t, const Rows& rows);
  void accumulate(NodeId id, std::int64_t t, const Rows& active);
  std::int64_t terms(const Node& node) const;
  void round(NodeId id, std::int64_t t, const Rows& rows);
  // Shift and at: the equation's value at `step` of the row's `length` steps, else the boundary at distance `beyond`.
  void refer(NodeId id, std::int64_t t, std::int64_t row);
  void leaf(const Node& node, std::int64_t t, std::int64_t row, double* out) const;
  // Copies from an array of the caller's, [T,] [B,] … as `domain` says.
  void copy_from(const std::vector<double>& array, const std::string& name, const Node& node, std::int64_t t,
                 std::int64_t row, double* out) const;
  void initial(const Node& node, std::int64_t row, double* out) const;
  void random(const Node& node, std::int64_t t, std::int64_t row, double* out) const;

  const Program& program_;
  const InterpreterRun& run_;
  const std::vector<bool>& wanted_;
  Plan plan_;
  IdVector<NodeId, Storage> values_;
  IdVector<NodeId, char> is_result_;
  // Outer products that only one sum over steps reads: added up without being written down.
  IdVector<NodeId, char> added_up_;
  Rows all_rows_;
};

void Interpreter::check_lengths() const {
  for (AxisId axis : program_.axes.ids()) {
    auto lengths = passed(run_.lengths, axis.value);
    if (!lengths) continue;
    if (static_cast<std::int64_t>(lengths->size()) != run_.rows)
      throw std::invalid_argument("lengths: " + std::to_string(lengths->size()) + " numbers for " +
                                  std::to_string(run_.rows) + " rows");
    for (std::int64_t length : *lengths)
      if (length < 0 || length > steps(axis))
        throw std::invalid_argument("lengths: " + std::to_string(length) + " outside of [0, " +
                                    std::to_string(steps(axis)) + "]");
  }
}

// Zero everywhere, which is what results report past a row's end.
void Interpreter::allocate(NodeId id) {
  const Node& node = program_[id];
  Storage& storage = values_[id];
  std::int64_t size = node.shape.size();
  if (node.domain.batched) {
    storage.row_stride = size;
    size *= run_.rows;
  }
  if (node.domain.axis.valid() && plan_.kept[id]) {
    storage.step_stride = size;
    size *= steps(node.domain.axis);
  }
  storage.data.assign(static_cast<std::size_t>(size), 0.0);
}

void Interpreter::run_stage(const Stage& stage) {
  for (NodeId id : stage.members) {
    const Node& node = program_[id];
    if (node.kind == NodeKind::sum_over && node.axis.valid() && program_[node.operands[0]].kind == NodeKind::outer)
      added_up_[node.operands[0]] = !plan_.kept[node.operands[0]];
  }
  for (NodeId id : stage.members)
    if (!added_up_[id]) allocate(id);
  if (!stage.axis.valid()) {
    step(stage, 0, all_rows_);
  } else {
    std::int64_t count = steps(stage.axis);
    for (std::int64_t i = 0; i < count; ++i) {
      std::int64_t t = stage.backward ? count - 1 - i : i;
      Rows active;
      for (std::int64_t row : all_rows_)
        if (t < steps(Domain{true, stage.axis}, row)) active.push_back(row);
      step(stage, t, active);
    }
  }
  for (NodeId id : stage.members)
    if (!plan_.kept[id]) values_[id] = {};
  for (NodeId id : stage.last_used_here)
    if (!is_result_[id]) values_[id] = {};
}

void Interpreter::step(const Stage& stage, std::int64_t t, const Rows& active) {
  static const Rows one_row{0};
  for (NodeId id : stage.members) {
    const Node& node = program_[id];
    const Rows& rows = node.domain.batched ? active : one_row;
    if (node.kind == NodeKind::sum_over) {
      accumulate(id, t, active);
    } else if (added_up_[id]) {
      continue;
    } else if (node.kind == NodeKind::matmul) {
      compute_product(id, t, rows);
    } else {
      compute(id, t, rows);
    }
    if (run_.roundings.size > 0 && is_rounded(node)) round(id, t, rows);
  }
}

// Of how many terms each entry is the sum, computed in one go.
std::int64_t Interpreter::terms(const Node& node) const {
  switch (node.kind) {
    case NodeKind::matmul: {
      const Shape& left = program_[node.operands[0]].shape;
      return left[left.rank() - 1];
    }
    case NodeKind::cumulative_sum: return node.shape.size();
    case NodeKind::reduce_sum: return program_[node.operands[0]].shape.size() / node.shape.size();
    case NodeKind::sum_over: return run_.rows;
    default: return 1;
  }
}

// As the run's roundings say. A sum over steps is rounded at each of them. The partial sums of n terms that are alike are
// rounded in one direction, and are off by n/4 roundings of half a unit together; the largest share stands for eight units.
void Interpreter::round(NodeId id, std::int64_t t, const Rows& rows) {
  const Node& node = program_[id];
  const double size = run_.roundings.size * std::max(1.0, static_cast<double>(terms(node)) / 32);
  const ThreefryBlock key = threefry_step_key(run_.roundings.seed, static_cast<std::uint32_t>(id.value), t);
  const bool over_steps = node.kind == NodeKind::sum_over && node.axis.valid();
  for (std::int64_t row : rows) {
    double* out = values_[id].at(over_steps ? 0 : t, row);
    for (std::int64_t e = 0; e < node.shape.size(); ++e) {
      const double share = 2 * threefry_uniform(key, static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(e)) - 1;
      if (out[e] != std::nearbyint(out[e])) out[e] *= 1 + size * share;
      if (std::fabs(out[e]) < run_.roundings.least) out[e] = std::copysign(0.0, out[e]);
    }
  }
}

void Interpreter::compute(NodeId id, std::int64_t t, const Rows& rows) {
  const Node& node = program_[id];
  std::vector<const double*> in(node.operands.size());
  for (std::int64_t row : rows) {
    if (node.kind == NodeKind::shift || node.kind == NodeKind::at) {
      refer(id, t, row);
    } else if (node.operands.empty()) {
      leaf(node, t, row, values_[id].at(t, row));
    } else if (node.kind == NodeKind::initial) {
      initial(node, row, values_[id].at(t, row));
    } else if (node.kind == NodeKind::impulse || node.kind == NodeKind::by_length) {
      const std::int64_t which = chosen_operand(node, t, row);
      if (which >= 0 && which < static_cast<std::int64_t>(node.operands.size()))
        std::copy_n(operand(node, static_cast<std::size_t>(which), 0, row), node.shape.size(), values_[id].at(t, row));
      else
        std::fill_n(values_[id].at(t, row), node.shape.size(), 0.0);
    } else {
      for (std::size_t i = 0; i < in.size(); ++i) in[i] = operand(node, i, t, row);
      evaluate(program_, node, in, values_[id].at(t, row));
    }
  }
}

// The number of the operand that an impulse has at step t, or that stands for the row's length; there may be none.
std::int64_t Interpreter::chosen_operand(const Node& node, std::int64_t t, std::int64_t row) const {
  const std::int64_t count = steps(Domain{node.domain.batched, node.axis}, row);
  if (node.kind == NodeKind::by_length) return count - node.offset;
  return (node.end == End::first ? t : count - 1 - t) - node.offset;
}

void Interpreter::compute_product(NodeId id, std::int64_t t, const Rows& rows) {
  const Node& node = program_[id];
  std::vector<Product> products;
  for (std::int64_t row : rows)
    products.push_back({operand(node, 0, t, row), operand(node, 1, t, row), values_[id].at(t, row)});
  multiply(program_[node.operands[0]].shape, program_[node.operands[1]].shape, products);
}

void Interpreter::accumulate(NodeId id, std::int64_t t, const Rows& active) {
  static const Rows one_row{0};
  const Node& node = program_[id];
  const Node& summand = program_[node.operands[0]];
  std::int64_t size = node.shape.size();
  // A sum over rows alone starts anew at each step, a sum over steps goes on.
  if (!node.axis.valid()) std::fill_n(values_[id].at(t, 0), size, 0.0);
  std::vector<Product> products;
  for (std::int64_t row : summand.domain.batched ? active : one_row) {
    double* out = values_[id].at(node.axis.valid() ? 0 : t, row);
    if (added_up_[node.operands[0]]) {
      products.push_back({operand(summand, 0, t, row), operand(summand, 1, t, row), out});
    } else {
      const double* in = operand(node, 0, t, row);
      for (std::int64_t e = 0; e < size; ++e) out[e] += in[e];
    }
  }
  if (!products.empty()) add_outer(node.shape, products);
}

void Interpreter::refer(NodeId id, std::int64_t t, std::int64_t row) {
  const Node& node = program_[id];
  const Equation& equation = program_.equations[EquationId(static_cast<std::size_t>(node.ref))];
  std::int64_t count = steps(equation.domain, row), size = node.shape.size();
  std::int64_t step, beyond;  // beyond: how far outside, 1 = next to the sequence
  if (node.kind == NodeKind::shift) {
    step = t - node.offset;
    beyond = step < 0 ? -step : step - count + 1;
  } else {
    step = node.end == End::first ? node.offset : count - 1 - node.offset;
    beyond = node.offset - count + 1;
  }
  double* out = values_[id].at(t, row);
  if (step >= 0 && step < count) {
    std::copy_n(values_[equation.value].at(step, row), size, out);
  } else if (node.operands.empty()) {
    std::fill_n(out, size, 0.0);
  } else {
    std::size_t which = node.operands.size() == 1 ? 0 : static_cast<std::size_t>(beyond - 1);
    std::copy_n(operand(node, which, 0, row), size, out);
  }
}

void Interpreter::copy_from(const std::vector<double>& array, const std::string& name, const Node& node,
                            std::int64_t t, std::int64_t row, double* out) const {
  std::int64_t size = node.shape.size(), rows = node.domain.batched ? run_.rows : 1;
  std::int64_t count = node.domain.axis.valid() ? steps(node.domain.axis) : 1;
  if (static_cast<std::int64_t>(array.size()) != count * rows * size)
    throw std::invalid_argument("`" + name + "` has " + std::to_string(array.size()) + " entries, needs " +
                                std::to_string(count * rows * size));
  std::int64_t position = node.domain.axis.valid() ? t * rows : 0;
  if (node.domain.batched) position += row;
  std::copy_n(array.data() + position * size, size, out);
}

void Interpreter::initial(const Node& node, std::int64_t row, double* out) const {
  const StateInfo& state = program_.states[StateId(static_cast<std::size_t>(node.ref))];
  std::int64_t size = node.shape.size();
  const std::vector<double>* array = passed(run_.state_in, node.ref);
  if (!array) {
    std::copy_n(operand(node, 0, 0, row), size, out);
    return;
  }
  if (static_cast<std::int64_t>(array->size()) != state.history * run_.rows * size)
    throw std::invalid_argument("`" + state.name + ".init` has " + std::to_string(array->size()) + " entries, needs " +
                                std::to_string(state.history * run_.rows * size));
  std::copy_n(array->data() + ((state.history - node.offset) * run_.rows + row) * size, size, out);
}

void Interpreter::random(const Node& node, std::int64_t t, std::int64_t row, double* out) const {
  std::int64_t absolute = 0;
  if (node.domain.axis.valid()) absolute = run_.first_step + t - node.offset;
  if (node.axis.valid() && node.end == End::first) absolute = run_.first_step + node.offset;
  if (node.axis.valid() && node.end == End::last) {
    std::int64_t length = steps(Domain{node.domain.batched, node.axis}, row);
    absolute = run_.first_step + std::max<std::int64_t>(length - 1 - node.offset, 0);
  }
  ThreefryBlock key = threefry_step_key(run_.seed, static_cast<std::uint32_t>(node.ref), absolute);
  for (std::int64_t e = 0; e < node.shape.size(); ++e)
    out[e] = threefry_uniform(key, static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(e));
}

void Interpreter::leaf(const Node& node, std::int64_t t, std::int64_t row, double* out) const {
  auto missing = [](const std::string& name) { return std::invalid_argument("`" + name + "` is missing"); };
  switch (node.kind) {
    case NodeKind::constant: *out = node.value; return;
    case NodeKind::parameter: {
      const std::string& name = program_.parameters[ParameterId(static_cast<std::size_t>(node.ref))].name;
      if (static_cast<std::size_t>(node.ref) >= run_.parameters.size()) throw missing(name);
      return copy_from(run_.parameters[static_cast<std::size_t>(node.ref)], name, node, t, row, out);
    }
    case NodeKind::input: {
      const std::string& name = program_.inputs[InputId(static_cast<std::size_t>(node.ref))].name;
      auto array = passed(run_.inputs, node.ref);
      if (!array) throw missing(name);
      return copy_from(*array, name, node, t, row, out);
    }
    case NodeKind::upstream: {
      const std::string& name = program_.results[ResultId(static_cast<std::size_t>(node.ref))].name;
      auto array = passed(run_.upstream, node.ref);
      if (array) return copy_from(*array, "grad." + name, node, t, row, out);
      std::fill_n(out, node.shape.size(), 0.0);
      return;
    }
    case NodeKind::given: *out = passed(run_.state_in, node.ref) ? 1 : 0; return;
    case NodeKind::time: *out = static_cast<double>(run_.first_step + t); return;
    case NodeKind::length: *out = static_cast<double>(steps(Domain{true, node.axis}, row)); return;
    case NodeKind::rows: *out = static_cast<double>(run_.rows); return;
    case NodeKind::training: *out = run_.training ? 1 : 0; return;
    // As the draws that it is compared with; not a number is none.
    case NodeKind::rate: *out = run_.rate > 0 ? std::ceil(std::min(run_.rate, 1.0) * 0x1p24) * 0x1p-24 : 0; return;
    case NodeKind::ones: *out = 1; return;
    case NodeKind::random: return random(node, t, row, out);
    default: throw Bug("interpreter: `" + std::string(node_kind_name(node.kind)) + "` is no leaf");
  }
}

std::vector<std::vector<double>> Interpreter::interpret() {
  for (const Stage& stage : plan_.stages) run_stage(stage);
  std::vector<std::vector<double>> results(program_.results.size());
  for (ResultId r : program_.results.ids())
    if (is_wanted(r)) results[r.index()] = values_[program_.results[r].node].data;
  return results;
}

}  // namespace

std::vector<std::vector<double>> interpret(const Program& program, const InterpreterRun& run,
                                           const std::vector<bool>& wanted) {
  return Interpreter(program, run, wanted).interpret();
}

}  // namespace rnnc::ir
