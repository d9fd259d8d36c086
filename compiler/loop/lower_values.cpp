// The value of a node at one row and one block of entries, as instructions of the kernel being made.
#include "compiler/base/bug.h"
#include "compiler/loop/function_lowering.h"

namespace rnnc::loop {

using ir::NodeId;
using ir::NodeKind;

// Chains of elementwise values are of any length: what is computed in place comes before what it is computed from without
// going deeper.
ValueId FunctionLowering::value(NodeId id, Cursor& at) {
  Memo& known = at.memo;
  for (std::vector<NodeId> open{id}; !open.empty();) {
    const NodeId next = open.back();
    const std::size_t before = open.size();
    if (!known.knows(next)) {
      const std::vector<NodeId> operands = computed_first(next, at);
      for (std::size_t i = operands.size(); i-- > 0;)
        if (!known.knows(operands[i])) open.push_back(operands[i]);
    }
    if (open.size() > before) continue;
    open.pop_back();
    if (!known.knows(next)) known.learn(next, compute(next, at));
  }
  return known[id];
}

bool FunctionLowering::stands_in_array(NodeId id) const {
  const ir::Node& n = node(id);
  const bool repeats_scalar = n.kind == NodeKind::broadcast && n.dim < 0;
  return n.kind != NodeKind::constant && !repeats_scalar && schedule_.order.is_static[id];
}

// The operands that `compute` asks for in any case.
std::vector<NodeId> FunctionLowering::computed_first(NodeId id, const Cursor& at) {
  const ir::Node& n = node(id);
  const bool in_place = n.kind == NodeKind::map || n.kind == NodeKind::stop_gradient || n.kind == NodeKind::surrogate ||
                        n.kind == NodeKind::broadcast;
  if (!in_place || stands_in_array(id) || (!at.computing.contains(id) && location_of(id))) return {};
  if (n.kind != NodeKind::map) return {n.operands[0]};
  if (chosen_by_training(shared_.program, id)) return {n.operands[2]};
  return n.operands;
}

ValueId FunctionLowering::compute(NodeId id, Cursor& at) {
  const ir::Node& n = node(id);
  bool here = at.computing.contains(id);
  if (!here)
    if (auto location = location_of(id)) return read(*location, id, at);
  if (stands_in_array(id)) return read_static(id, at);
  switch (n.kind) {
    case NodeKind::constant:
      return b().number_constant(n.value);
    case NodeKind::input:
    case NodeKind::upstream:
      return read(input_location(n, id), id, at);
    case NodeKind::given:
      return b().load_scalar({given_.at(ir::StateId(static_cast<std::size_t>(n.ref))), 0}, "given");
    case NodeKind::time:
    case NodeKind::length:
    case NodeKind::rows:
    case NodeKind::training:
    case NodeKind::rate:
      return number_of_run(id, at);
    case NodeKind::ones:
      return b().number_constant(1);
    case NodeKind::one_hot:
      return one_hot(id, at);
    case NodeKind::shift:
    case NodeKind::slice:
    case NodeKind::reshape:
      return read_in_place(id, n.shape.size(), at);
    case NodeKind::gather:
      return gather(id, at);
    case NodeKind::impulse:
    case NodeKind::by_length:
      return at_its_end(id, at);
    case NodeKind::stop_gradient:
    case NodeKind::surrogate:
    case NodeKind::broadcast:
      return value(n.operands[0], at);
    case NodeKind::map: {
      if (chosen_by_training(shared_.program, id)) return in_training(id, at);
      std::vector<ValueId> operands;
      for (NodeId operand : n.operands) operands.push_back(value(operand, at));
      ir::EquationId e = shared_.program.equation_of(id);
      return b().elementwise(n.function, operands, e.valid() ? shared_.program.equations[e].name : "");
    }
    case NodeKind::random:
      return random(id, at);
    case NodeKind::parameter:
    case NodeKind::chosen:
    case NodeKind::at:
    case NodeKind::initial:
    case NodeKind::sum_over:
    case NodeKind::matmul:
    case NodeKind::outer:
    case NodeKind::reduce_sum:
    case NodeKind::reduce_max:
    case NodeKind::cumulative_sum:
    case NodeKind::transpose:
    case NodeKind::pad:
    case NodeKind::concat:
      break;
  }
  throw Bug("node " + std::to_string(id.value) + " (" + std::string(ir::node_kind_name(n.kind)) +
            ") is read where nothing has stored it");
}

// What the call says, as a number in all lanes: the step, a row's length, the rows, whether it trains, the rate.
ValueId FunctionLowering::number_of_run(NodeId id, Cursor& at) {
  using F = FunctionBuilder;
  const ir::Node& n = node(id);
  if (n.kind == NodeKind::time) return b().number(Index(shared_.first_step) + t_of(at.row));
  if (n.kind == NodeKind::length) return b().number(length_of(at.row, n.axis));
  if (n.kind == NodeKind::rows) return b().number(batch());
  if (n.kind == NodeKind::training) return b().number(Index(shared_.training));
  check(n.kind == NodeKind::rate, "the call says no such number");
  return F::id(b().mul(F::plain(b().number(Index(shared_.rate))), b().constant(0x1p-24)));
}

// The block's entries of the value at `location`; a single number goes to all lanes.
ValueId FunctionLowering::read(const Location& location, NodeId id, Cursor& at) {
  std::string name = name_of(shared_.program, id);
  Index row = row_offset(location, at.row, 0);
  if (node(id).shape.size() == 1) return b().load_scalar({location.buffer, row}, name);
  touch(location, 0, 0);
  Address address{location.buffer, row + at.block.j};
  if (at.block.tail > 0 && !location.padded) return b().load_first(address, at.block.tail, name);
  return b().load(address, name);
}

ValueId FunctionLowering::read_static(NodeId id, Cursor& at) {
  BufferId array = shared_.statics.array(id);
  std::string name = name_of(shared_.program, id);
  if (node(id).shape.size() == 1) return b().load_scalar({array, 0}, name);
  return b().load({array, at.block.j}, name);
}

// Where the entries of a stored value, a shift, a view, an input or a static node begin for this row; `whole` says that a
// full vector may be read at the last, partial block.
FunctionLowering::RowAddress FunctionLowering::row_address(NodeId id, Cursor& at) {
  std::int64_t offset = 0;
  auto place = [&](const Location& location, std::int64_t lag) {
    touch(location, lag, offset);
    return RowAddress{{location.buffer, row_offset(location, at.row, lag) + Index(offset)},
                      location.padded && offset == 0};
  };
  for (;;) {
    const ir::Node& n = node(id);
    if (schedule_.order.is_static[id] && n.kind != NodeKind::constant)
      return {{shared_.statics.array(id), Index(offset)}, true};
    // A view that has a place of its own, as a result, is read where its base lies all the same: that is what the schedule
    // orders kernels and keeps values by.
    if (auto view = view_of(shared_.program, id)) {
      offset += view->offset;
      id = view->base;
      continue;
    }
    // So is another step of a sequence that is a result itself, as kernels of its own stage may run before it is stored.
    const Position& own = schedule_.order.position[id];
    const bool in_stage = n.kind == NodeKind::shift && !schedule_.order.available[id] && own.phase == position_.phase &&
                          own.stage == position_.stage && own.component == position_.component;
    if (!at.computing.contains(id) && !in_stage)
      if (auto location = location_of(id)) return place(*location, 0);
    if (n.kind == NodeKind::shift) {
      auto location = location_of(equation_value(n));
      check(location.has_value(), "a sequence read at another step has no place");
      return place(*location, n.offset);
    } else {
      check(n.kind == NodeKind::input || n.kind == NodeKind::upstream,
            "node " + std::to_string(id.value) + " (" + std::string(ir::node_kind_name(n.kind)) + ") has no place");
      return place(input_location(n, id), 0);
    }
  }
}

// A shift, or a view of something stored, of `size` entries.
ValueId FunctionLowering::read_in_place(NodeId id, std::int64_t size, Cursor& at) {
  RowAddress row = row_address(id, at);
  std::string name = node(id).kind == NodeKind::shift ? name_of(shared_.program, equation_value(node(id))) +
                                                            (node(id).offset > 0 ? "_before" : "_after")
                                                      : "";
  return read_block(row, size, at, name);
}
ValueId FunctionLowering::read_block(RowAddress row, std::int64_t size, Cursor& at, const std::string& name) {
  if (size == 1) return b().load_scalar(row.address, name);
  row.address.offset = row.address.offset + at.block.j;
  if (at.block.tail > 0 && !row.whole) return b().load_first(row.address, at.block.tail, name);
  return b().load(row.address, name);
}

Index FunctionLowering::given_index(NodeId id, Cursor& at) {
  const ir::Node& n = node(id);
  if (n.kind != NodeKind::input) throw Unsupported("an index read at another step is not compiled yet");
  return b().load_index("entry", {input_location(n, id).buffer, row_offset(input_location(n, id), at.row, 0)});
}

// The index as a place in an array.
Index FunctionLowering::index_value(NodeId id, Cursor& at) {
  Index entry = given_index(id, at);
  const ir::InputInfo& info = shared_.program.inputs[ir::InputId(static_cast<std::size_t>(node(id).ref))];
  if (!node(id).domain.axis.valid() && info.lowest_index == 0) return entry;
  // Past a row's end, or below 0, what it chooses is not used: only the address must hold.
  return b().minimum("entry", b().maximum("entry", entry, 0), info.index_extent - 1);
}

ValueId FunctionLowering::one_hot(NodeId id, Cursor& at) {
  using F = FunctionBuilder;
  Index entry = given_index(node(id).operands[0], at);
  ValueId lanes = b().iota();
  ValueId wanted = b().number(entry - at.block.j);
  F::Value hit = b().equal(F::plain(lanes), F::plain(wanted));
  return F::id(b().select(hit, b().constant(1), b().constant(0)));
}

// A row of a table, or one entry of a vector, at an index.
ValueId FunctionLowering::gather(NodeId id, Cursor& at) {
  const ir::Node& n = node(id);
  std::int64_t width = n.shape.size();
  Index entry = index_value(n.operands[1], at);
  Address address = row_address(n.operands[0], at).address;
  address.offset = address.offset + entry * Index(width);
  if (width == 1) return b().load_scalar(address);
  address.offset = address.offset + at.block.j;
  if (at.block.tail > 0) return b().load_first(address, at.block.tail);
  return b().load(address);
}

// An impulse, or a choice by length: the operand whose step or length is at hand, else zero.
ValueId FunctionLowering::at_its_end(NodeId id, Cursor& at) {
  using F = FunctionBuilder;
  const ir::Node& n = node(id);
  const auto count = static_cast<std::int64_t>(n.operands.size());
  const auto length = [&] { return n.domain.batched ? length_of(at.row, n.axis) : steps(n.axis); };
  // Operand i stands at `first` + i; of an impulse counted from the last step, they stand in the other order.
  const bool falls = n.kind == NodeKind::impulse && n.end == ir::End::last;
  const Index first = falls ? length() - Index(n.offset + count) : Index(n.offset);
  const Index here = n.kind == NodeKind::impulse ? t_of(at.row) : length();
  F::Value hit = F::plain(b().index_less(here, first + Index(count)));
  if (falls || n.offset > 0) hit = b().mask_and(hit, b().mask_not(F::plain(b().index_less(here, first))));
  ValueId u = choose(n.operands, falls ? first + Index(count - 1) - here : here - first, at);
  return F::id(b().select(hit, F::plain(u), b().constant(0)));
}

// Operand number `which`, or any if there is none of that number.
ValueId FunctionLowering::choose(const std::vector<NodeId>& operands, const Index& which, Cursor& at) {
  using F = FunctionBuilder;
  const auto count = static_cast<std::int64_t>(operands.size());
  if (count == 1) return value(operands[0], at);
  if (which.is_constant() && which.constant() >= 0 && which.constant() < count)
    return value(operands[static_cast<std::size_t>(which.constant())], at);
  if (const auto step = step_between(operands, at)) {
    const Index number = b().minimum("which", b().maximum("which", which, 0), count - 1);
    RowAddress row = row_address(operands[0], at);
    row.address.offset = row.address.offset + number * *step;
    return read_block(row, node(operands[0]).shape.size(), at);
  }
  ValueId result = value(operands.back(), at);
  for (std::int64_t i = count - 2; i >= 0; --i) {
    ValueId before = b().index_less(which, i + 1);
    result = F::id(b().select(F::plain(before), F::plain(value(operands[static_cast<std::size_t>(i)], at)), F::plain(result)));
  }
  return result;
}

// How far in memory from each of these to the next one, if that is equally far.
std::optional<Index> FunctionLowering::step_between(const std::vector<NodeId>& operands, Cursor& at) {
  std::optional<Index> step;
  std::optional<Address> last;
  for (NodeId id : operands) {
    const bool in_memory = node(id).kind == NodeKind::upstream || (location_of(id) && !at.computing.contains(id));
    if (!in_memory || node(id).domain != ir::Domain{true, {}}) return std::nullopt;
    const Address here = row_address(id, at).address;
    if (last && here.buffer != last->buffer) return std::nullopt;
    if (last && step && here.offset - last->offset != *step) return std::nullopt;
    if (last) step = here.offset - last->offset;
    last = here;
  }
  return step;
}

// `inside` at steps that the row has, `outside` past its own end.
ValueId FunctionLowering::past_end_select(NodeId id, ValueId inside, ValueId outside, Cursor& at) {
  using F = FunctionBuilder;
  Index length = length_of(at.row, node(id).domain.axis);
  ValueId valid = b().index_less(t_of(at.row), length);
  return F::id(b().select(F::plain(valid), F::plain(inside), F::plain(outside)));
}

// What is stored at steps past a row's end: what a look-ahead finds there, or zero where sums pass over it.
ValueId FunctionLowering::fill_past_end(NodeId id, ValueId v, Cursor& at) {
  const Stored& stored = *schedule_.stored[id];
  const ir::Node& n = node(id);
  if (!n.domain.batched || !n.domain.axis.valid()) return v;
  if (stored.after == 0) return stored.zero_past_end ? past_end_select(id, v, b().number_constant(0), at) : v;
  return past_end_select(id, v, value_past_end(id, t_of(at.row), at), at);
}

// What stands at step t, past the row's own end: the first of these values next to it.
ValueId FunctionLowering::value_past_end(NodeId id, const Index& t, Cursor& at) {
  const std::vector<NodeId>& values = schedule_.stored[id]->after_values;
  if (values.size() == 1) return value(values.back(), at);
  const ir::AxisId axis = node(id).domain.axis;
  return choose(values, t - (node(id).domain.batched ? length_of(at.row, axis) : steps(axis)), at);
}

// Of a sequence kept as a whole, the step at hand is seldom in a cache near the processor.
void FunctionLowering::touch(const Location& location, std::int64_t lag, std::int64_t offset) {
  if (!touched_ || location.extent != Extent::full || !location.batched || location.stride == 1) return;
  for (const Touch& known : *touched_) {
    bool same_place = known.location.buffer == location.buffer && known.location.offset == location.offset;
    if (same_place && known.lag == lag && known.offset == offset) return;
  }
  touched_->push_back({location, lag, offset});
}

void FunctionLowering::store_at(const Location& location, ValueId v, Cursor& at, std::int64_t lag) {
  Index row = row_offset(location, at.row, lag);
  if (at.block.size == 1) return b().store_first(v, {location.buffer, row}, 1);
  touch(location, lag, 0);
  Address address{location.buffer, row + at.block.j};
  if (at.block.tail > 0 && !location.padded) return b().store_first(v, address, at.block.tail);
  b().store(v, address);
}

// Stores a computed value in its place and wherever it is delivered as a result.
void FunctionLowering::store_value(NodeId id, ValueId v, Cursor& at) {
  if (auto location = location_of(id)) store_at(*location, fill_past_end(id, v, at), at);
  const ir::Node& n = node(id);
  for (const auto& [result, location] : results_of(id)) {
    bool sequence = n.domain.batched && n.domain.axis.valid();
    store_at(location, sequence ? past_end_select(id, v, b().number_constant(0), at) : v, at);
  }
}

}  // namespace rnnc::loop
