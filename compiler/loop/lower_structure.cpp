// The steps around a sequence, its first and last values, a state's initial values: one kernel for what is alike.
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
  if (before)
    for_each_of(stored.before, [&](const Index& slot) {
      Cursor at{row, block, {}, {}};
      ValueId v = choose(stored.before_values, slot, at);
      at.row.t = Index(-1) - slot;
      store_at(location, v, at);
    });
  if (after)
    for_each_of(stored.after, [&](const Index& slot) {
      // A shorter row's look-ahead reaches here, too, and finds what is further from its own end.
      Cursor at{row, block, {}, {}};
      Index t = steps(node(id).domain.axis) + slot;
      ValueId v = value_past_end(id, t, at);
      at.row.t = t;
      store_at(location, v, at);
    });
}

void FunctionLowering::for_each_of(std::int64_t count, const std::function<void(const Index&)>& body) {
  if (count == 1) body(0);
  if (count > 1) b().loop("slot", 0, count, 1, body);
}

void FunctionLowering::lower_structure(const PlannedKernel& kernel) {
  NodeId id = kernel.stores.front();
  switch (node(id).kind) {
    case NodeKind::at: return lower_ends(kernel.stores);
    case NodeKind::initial: return lower_initial(kernel.stores);
    default: return lower_entries(id);
  }
}

// Values of a sequence at its first or last step, or so many from there: row by row, as their lengths differ.
void FunctionLowering::lower_ends(const std::vector<NodeId>& ends) {
  const ir::Node& first = node(ends.front());
  const bool split = !first.domain.empty();
  const std::vector<Progression> progressions = progressions_of(ends);
  start_kernel(kernel_name(ends, ""), first.domain, ends);
  for_rows(first.domain, split, [&](Row& row) {
    for (const Progression& progression : progressions) lower_ends_of(progression, row, !split);
  });
  const Index size = row_count(first.domain) * Index(first.shape.size() * static_cast<std::int64_t>(ends.size()));
  finish_kernel(split ? row_count(first.domain) : Index(block_count(first.shape.size())), size * Index(2));
}

void FunctionLowering::lower_ends_of(const Progression& progression, Row& row, bool split) {
  const NodeId id = progression.ids.front();
  const ir::Node& n = node(id);
  const NodeId sequence = equation_value(n);
  const ir::AxisId axis = node(sequence).domain.axis;
  const Index length = node(sequence).domain.batched ? length_of(row, axis) : steps(axis);
  const bool stands = stands_around(id);
  for_each_of(static_cast<std::int64_t>(progression.ids.size()), [&](const Index& number) {
    const Index distance = Index(n.offset) + Index(progression.direction) * number;
    const Index t = n.end == ir::End::first ? distance : length - Index(1) - distance;
    const auto in_row = [&] {
      const Index inside =
          stands ? Index(1) : b().maximum("inside", b().minimum("beyond", length - distance, 1), 0);
      for_blocks(n.shape.size(), split, [&](const Block& block) {
        Cursor at{row, block, {}, {id}};
        const auto read_there = [&] {
          Cursor from{row, block, {}, {}};
          from.row.t = t;
          return value(sequence, from);
        };
        if (stands) return store_in(progression, number, read_there(), at);
        // Where the row ends j steps short, boundary number j + 1 stands. There may be no memory to read there.
        ValueId outside =
            n.operands.empty() ? b().number_constant(0) : choose(n.operands, distance - length, at);
        const auto read_inside = [&](const Index&, const std::vector<ValueId>&) { return std::vector{read_there()}; };
        store_in(progression, number, b().loop_carrying("once", 0, inside, 1, {outside}, read_inside)[0], at);
      });
    };
    if (!in_windows_) return in_row();
    // In the window that has the step; in the first one, if there is no such step in any row.
    const Index step = b().maximum("step", b().minimum("there", t, steps(axis) - Index(1)), 0);
    b().loop("here", b().maximum("from", step, frame_.window0),
             b().minimum("to", step + Index(1), frame_.window0 + window(axis)), 1, [&](const Index&) { in_row(); });
  });
}

// Whether what a read of a sequence's end finds outside of it stands there in memory.
bool FunctionLowering::stands_around(NodeId id) const {
  const ir::Node& end = node(id);
  const std::optional<Stored>& stored = schedule_.stored[equation_value(end)];
  if (end.operands.empty() || !stored) return false;
  const bool before = end.end == ir::End::last;
  const std::vector<NodeId>& values = before ? stored->before_values : stored->after_values;
  if ((before ? stored->before : stored->after) <= end.offset) return false;
  const auto at = [](const std::vector<NodeId>& list, std::int64_t place) {  // one stands for all places
    return list[list.size() == 1 ? 0 : static_cast<std::size_t>(place)];
  };
  for (std::int64_t place = 0; place <= end.offset; ++place)
    if (at(end.operands, place) != at(values, place)) return false;
  return true;
}

// Alike values, as loops can compute them: from one to the next, what is read and what is written is equally far away.
std::vector<FunctionLowering::Progression> FunctionLowering::progressions_of(const std::vector<NodeId>& alike) {
  std::vector<Progression> progressions;
  for (NodeId id : alike) {
    std::vector<Location> places;
    if (auto location = location_of(id)) places.push_back(*location);
    for (const auto& [result, location] : results_of(id)) places.push_back(location);
    if (progressions.empty() || !goes_on(progressions.back(), id, places)) {
      progressions.emplace_back();
      for (const Location& place : places) progressions.back().targets.push_back({place, 0});
    }
    progressions.back().ids.push_back(id);
  }
  return progressions;
}

bool FunctionLowering::goes_on(Progression& progression, NodeId id, const std::vector<Location>& places) const {
  const auto in_memory = [&](NodeId end) { return node(end).operands.empty() || stands_around(end); };
  const ir::Node& first = node(progression.ids.front());
  const auto count = static_cast<std::int64_t>(progression.ids.size());
  const std::int64_t further = node(id).offset - first.offset;
  if (further != progression.direction * count && (count > 1 || further != -1)) return false;
  if (first.kind == NodeKind::at && !(in_memory(progression.ids.front()) && in_memory(id))) return false;
  if (places.size() != progression.targets.size()) return false;
  for (std::size_t i = 0; i < places.size(); ++i) {
    Progression::Target& target = progression.targets[i];
    const Index away = places[i].offset - target.location.offset;
    if (places[i].buffer != target.location.buffer || (count > 1 && away != target.step * Index(count))) return false;
  }
  if (count > 1) return true;
  progression.direction = further;
  for (std::size_t i = 0; i < places.size(); ++i) {
    Progression::Target& target = progression.targets[i];
    target.step = places[i].offset - target.location.offset;
  }
  return true;
}

void FunctionLowering::store_in(const Progression& progression, const Index& number, ValueId v, Cursor& at) {
  for (const Progression::Target& target : progression.targets) {
    Location location = target.location;
    location.offset = location.offset + number * target.step;
    store_at(location, v, at);
  }
}

// What the caller passes as a state's initial values, or the declared one.
void FunctionLowering::lower_initial(const std::vector<NodeId>& values) {
  const ir::Node& first = node(values.front());
  const ir::StateInfo& state = shared_.program.states[ir::StateId(static_cast<std::size_t>(first.ref))];
  std::int64_t size = first.shape.size();
  Location given;
  given.extent = Extent::row;
  given.stride = size;
  Index step_size = batch() * Index(size);
  given.buffer = shared_.caller_array(Space::state_in, first.ref, state.name + ".init", module_.element,
                                      step_size * Index(state.history), true,
                                      state.name + ".init [" + std::to_string(state.history) + "][B]" +
                                          first.shape.to_string() + ", oldest first");
  const std::vector<Progression> progressions = progressions_of(values);
  auto kernel = [&](const std::string& suffix, auto&& source) {
    start_kernel(kernel_name(values, suffix), first.domain, {});
    for_rows(first.domain, true, [&](Row& row) {
      for (const Progression& progression : progressions)
        for_each_of(static_cast<std::int64_t>(progression.ids.size()), [&](const Index& number) {
          const NodeId id = progression.ids.front();
          for_blocks(size, false, [&](const Block& block) {
            Cursor at{row, block, {}, {id}};
            store_in(progression, number, source(id, Index(node(id).offset) + Index(progression.direction) * number, at), at);
          });
        });
    });
    finish_kernel(batch(), step_size * Index(2 * static_cast<std::int64_t>(values.size())));
  };
  entry_.if_given(
      given.buffer,
      [&] {
        kernel("_given", [&](NodeId id, const Index& slot, Cursor& at) {
          given.offset = step_size * (Index(state.history) - slot);
          return read(given, id, at);
        });
      },
      [&] { kernel("_default", [&](NodeId, const Index&, Cursor& at) { return value(first.operands[0], at); }); });
}

}  // namespace rnnc::loop
