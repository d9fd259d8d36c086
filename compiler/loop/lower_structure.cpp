// Kernels of one node: the steps around a sequence, first and last values, initial values.
#include <algorithm>

#include "compiler/base/bug.h"
#include "compiler/loop/function_lowering.h"

namespace rnnc::loop {

using ir::NodeId;
using ir::NodeKind;

// The steps before the first and after the last of one stored sequence. Where it has windows, its walk fills them.
void FunctionLowering::lower_boundary(NodeId id) {
  if (!schedule_.stored[id]->windowed) fill_margins({id}, true, true);
}

// The sequences are alike in having rows or not; without rows there is one.
void FunctionLowering::fill_margins(const std::vector<NodeId>& sequences, bool before, bool after) {
  ir::Domain rows{node(sequences.front()).domain.batched, ir::AxisId()};
  start_kernel(kernel_name(sequences, "_boundary"), rows, {});
  std::string names;
  Index elements;
  for (NodeId id : sequences) {
    names += (names.empty() ? "" : ", ") + name_of(shared_.program, id);
    elements = elements + Index(node(id).shape.size());
  }
  b().function().description.push_back("the steps around " + names);
  for_rows(rows, !rows.empty(), [&](Row& row) {
    for (NodeId id : sequences)
      for_blocks(node(id).shape.size(), rows.empty(), [&](const Block& block) { fill_margin(id, row, block, before, after); });
  });
  const std::int64_t size = node(sequences.front()).shape.size();
  finish_kernel(rows.empty() ? Index(block_count(size)) : batch(), row_count(rows) * elements * Index(2));
}

void FunctionLowering::fill_margin(NodeId id, const Row& row, const Block& block, bool before, bool after) {
  const Stored& stored = *schedule_.stored[id];
  const Location& location = locations_.at(id);
  for (int slot = 1; before && slot <= stored.before; ++slot) {
    Cursor at{row, block, {}, {}};
    const std::vector<NodeId>& values = stored.before_values;
    ValueId v = value(values.size() == 1 ? values[0] : values[static_cast<std::size_t>(slot - 1)], at);
    at.row.t = Index(-slot);
    store_at(location, v, at);
  }
  for (int slot = 1; after && slot <= stored.after; ++slot) {
    // A shorter row's look-ahead reaches here, too, and finds what is further from its own end.
    Cursor at{row, block, {}, {}};
    Index t = steps(node(id).domain.axis) + Index(slot - 1);
    ValueId v = value_past_end(id, t, at);
    at.row.t = t;
    store_at(location, v, at);
  }
}

void FunctionLowering::lower_structure(const PlannedKernel& kernel) {
  NodeId id = kernel.stores.front();
  switch (node(id).kind) {
    case NodeKind::at: return lower_at(id);
    case NodeKind::initial: return lower_initial(id);
    default: return lower_entries(id);
  }
}

// The value of a sequence at its first or last step, or so many from there: row by row, as their lengths differ.
void FunctionLowering::lower_at(NodeId id) {
  using F = FunctionBuilder;
  const ir::Node& n = node(id);
  NodeId sequence = equation_value(n);
  ir::Domain rows = n.domain;
  bool split = !rows.empty();
  start_kernel(kernel_name({id}, ""), rows, {id});
  ir::AxisId axis = node(sequence).domain.axis;
  auto in_row = [&](Row& row, const Index& length, const Index& reachable) {
    for_blocks(n.shape.size(), !split, [&](const Block& block) {
      Cursor at{row, block, {}, {id}};
      Cursor from{row, block, {}, {}};
      from.row.t = reachable;
      ValueId v = value(sequence, from);
      ValueId outside = b().number_constant(0);
      if (!n.operands.empty()) {
        outside = value(n.operands.back(), at);
        for (std::size_t i = n.operands.size() - 1; i-- > 0;) {
          // Where the row ends j steps short, boundary number j + 1 stands.
          ValueId before = b().index_less(Index(n.offset), length + Index(static_cast<std::int64_t>(i) + 1));
          outside = F::id(b().select(F::plain(before), F::plain(value(n.operands[i], at)), F::plain(outside)));
        }
      }
      ValueId exists = b().index_less(Index(n.offset), length);
      v = F::id(b().select(F::plain(exists), F::plain(v), F::plain(outside)));
      store_value(id, v, at);
    });
  };
  for_rows(rows, split, [&](Row& row) {
    Index length = node(sequence).domain.batched ? length_of(row, axis) : steps(axis);
    Index t = n.end == ir::End::first ? Index(n.offset) : length - Index(1 + n.offset);
    Index reachable = b().minimum("there", b().maximum("t", t, 0), steps(axis) - Index(1));
    if (!in_windows_) return in_row(row, length, reachable);
    // In the window that has the step; in the first one, if there is no step at all.
    Index step = b().maximum("step", reachable, 0);
    b().loop("here", b().maximum("from", step, frame_.window0), b().minimum("to", step + Index(1), frame_.window0 + window(axis)), 1,
             [&](const Index&) { in_row(row, length, reachable); });
  });
  finish_kernel(split ? row_count(rows) : Index(block_count(n.shape.size())), row_count(rows) * Index(n.shape.size() * 2));
}

// What the caller passes as a state's initial value, or the declared one.
void FunctionLowering::lower_initial(NodeId id) {
  const ir::Node& n = node(id);
  const ir::StateInfo& state = shared_.program.states[ir::StateId(static_cast<std::size_t>(n.ref))];
  std::int64_t size = n.shape.size();
  Location given;
  given.extent = Extent::row;
  given.stride = size;
  Index step_size = batch() * Index(size);
  given.buffer = shared_.caller_array(Space::state_in, n.ref, state.name + ".init", module_.element,
                                      step_size * Index(state.history), true,
                                      state.name + ".init [" + std::to_string(state.history) + "][B]" +
                                          n.shape.to_string() + ", oldest first");
  given.offset = step_size * Index(state.history - n.offset);
  auto kernel = [&](const std::string& suffix, auto&& source) {
    start_kernel(kernel_name({id}, suffix), n.domain, {});
    for_rows(n.domain, true, [&](Row& row) {
      for_blocks(size, false, [&](const Block& block) {
        Cursor at{row, block, {}, {id}};
        store_value(id, source(at), at);
      });
    });
    finish_kernel(batch(), step_size * Index(2));
  };
  entry_.if_given(
      given.buffer, [&] { kernel("_given", [&](Cursor& at) { return read(given, id, at); }); },
      [&] { kernel("_default", [&](Cursor& at) { return value(n.operands[0], at); }); });
}

}  // namespace rnnc::loop
