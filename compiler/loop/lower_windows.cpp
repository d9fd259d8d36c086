// Walks in windows of steps (windows.h): what hands on from one to the next, checkpoints, and computing again.
#include <algorithm>
#include <utility>

#include "compiler/base/bug.h"
#include "compiler/loop/function_lowering.h"

namespace rnnc::loop {

using ir::NodeId;

std::vector<NodeId> FunctionLowering::windowed_sequences(int phase) const {
  std::vector<NodeId> sequences;
  for (NodeId id : shared_.program.nodes.ids())
    if (schedule_.stored[id] && schedule_.stored[id]->windowed && schedule_.order.position[id].phase == phase)
      sequences.push_back(id);
  return sequences;
}

bool FunctionLowering::has_windows(int phase) const {
  return recompute_.contains(phase) || !windowed_sequences(phase).empty();
}

int FunctionLowering::direction_of(NodeId id) const {
  return schedule_.order.segment(schedule_.order.position[id].phase).direction;
}

Index FunctionLowering::step_elements(const Location& location) const {
  return (location.batched ? batch() : Index(1)) * Index(location.stride);
}

// One walk, window by window. In a run of one window the loop has one iteration, which hands on and restores nothing.
void FunctionLowering::lower_windows(int phase, const std::vector<const PlannedKernel*>& kernels) {
  const Segment& segment = schedule_.order.segment(phase);
  bool falling = segment.direction < 0;
  Index total = steps(segment.axis), length = window(segment.axis);
  Index filled = entry_.quotient("filled_windows", total + length - Index(1), length);
  Index count = entry_.maximum("window_count", filled, 1), last = (count - Index(1)) * length;
  std::vector<NodeId> sequences = windowed_sequences(phase);
  in_windows_ = true;
  auto fill_side = [&](bool entry_side) {
    bool before = entry_side != falling;
    entry_window0_ = entry_t0_ = entry_t1_ = before ? Index(0) : last;
    std::vector<NodeId> of_rows;
    for (NodeId id : sequences) {
      const Stored& stored = *schedule_.stored[id];
      if ((before ? stored.before : stored.after) == 0) continue;
      if (locations_.at(id).batched) of_rows.push_back(id);
      else fill_margins({id}, before, !before);
    }
    if (!of_rows.empty()) fill_margins(of_rows, before, !before);
  };
  position_ = Position{phase, 0, 0, 0};
  fill_side(true);
  entry_.loop("w", 0, count, 1, [&](const Index& w) {
    Window at{w, count, entry_.value("window0", w * length), {}, {}};
    at.end = entry_.minimum("window1", at.begin + length, total);
    at.later = entry_.minimum("later", falling ? count - Index(1) - w : w, 1);
    entry_window0_ = at.begin;
    std::vector<NodeId> around, kept;
    for (NodeId id : sequences)
      if (schedule_.stored[id]->entry_margin(segment.direction) > 0) around.push_back(id);
    for (NodeId id : around)
      if (role_ == EntryRole::forward_train && checkpoint_of(id).buffer.valid()) kept.push_back(id);
    copy_margins(falling ? Copy::to_after : Copy::to_before, around, at, at.later);
    copy_margins(Copy::save, kept, at, 1);
    if (auto again = recompute_.find(phase); again != recompute_.end())
      again->second->recompute_window(phase, segment, at);
    lower_blocks(segment.direction, kernels, at.begin, at.end, 1);
    entry_t0_ = at.begin;
    entry_t1_ = at.end;
    for (const PlannedKernel& kernel : schedule_.kernels)
      if (kernel.window_phase == phase) lower_kernel(kernel);
  }, falling);
  position_ = Position{phase, 0, 0, 0};
  fill_side(false);
  in_windows_ = false;
}

// What depends on no walk is computed before all of them.
void FunctionLowering::lower_before_windows() {
  segment_axis_ = ir::AxisId();
  for (const PlannedKernel& kernel : schedule_.kernels)
    if (kernel.position.phase == 0) lower_kernel(kernel);
}

// Whether the window that a walk of backward comes to first is the last that the forward pass wrote of a sequence.
bool FunctionLowering::is_left_on_tape(NodeId id, int phase, const Segment& walk) const {
  const Schedule& forward = shared_.plans.forward_train;
  if (!schedule_.stored[id]->tape) return true;
  const Segment& made = forward.order.segment(forward.order.position[id].phase);
  if ((made.direction < 0) == (walk.direction < 0)) return false;
  return std::none_of(shared_.plans.recompute.begin(), shared_.plans.recompute.end(), [&](const auto& other) {
    const std::optional<Stored>& stored = other.second.stored[id];
    return other.first < phase && stored && stored->tape;
  });
}

// The forward pass of one window, for a walk of backward. Where that goes the other way, its first window is the one that
// the forward pass left on the tape, and each later one takes the steps beyond its far end from the one before.
void FunctionLowering::recompute_window(int phase, const Segment& walk, const Window& at) {
  Index several = entry_.minimum("several", at.count - Index(1), 1);
  std::map<int, std::vector<const PlannedKernel*>> phases;
  for (const PlannedKernel& kernel : schedule_.kernels)
    if (kernel.position.phase % 2 == 1) phases[kernel.position.phase].push_back(&kernel);
  in_windows_ = true;
  segment_axis_ = walk.axis;
  entry_window0_ = at.begin;
  for (const auto& [own_phase, kernels] : phases) {
    const int direction = schedule_.order.segment(own_phase).direction;
    std::vector<NodeId> sequences = windowed_sequences(own_phase);
    const bool left = std::all_of(sequences.begin(), sequences.end(), [&](NodeId id) { return is_left_on_tape(id, phase, walk); });
    const Index& times = left ? at.later : several;
    std::vector<NodeId> beyond, kept;
    for (NodeId id : sequences) {
      const Stored& stored = *schedule_.stored[id];
      if (stored.tape && stored.far_margin(direction) > 0) beyond.push_back(id);
      if (stored.entry_margin(direction) > 0) kept.push_back(id);
    }
    copy_margins(direction < 0 ? Copy::to_before : Copy::to_after, beyond, at, at.later);
    copy_margins(Copy::restore, kept, at, times);
    lower_blocks(direction, kernels, at.begin, at.end, times);
  }
  segment_axis_ = ir::AxisId();
  in_windows_ = false;
}

// The steps around windows of these sequences, copied `times` times (0 or 1): those of rows in one kernel, others in another.
void FunctionLowering::copy_margins(Copy copy, const std::vector<NodeId>& sequences, const Window& at, const Index& times) {
  for (bool batched : {true, false}) {
    std::vector<NodeId> alike;
    for (NodeId id : sequences)
      if (locations_.at(id).batched == batched) alike.push_back(id);
    if (!alike.empty()) copy_margins_of_rows(copy, alike, at, times);
  }
}

void FunctionLowering::copy_margins_of_rows(Copy copy, const std::vector<NodeId>& sequences, const Window& at,
                                            const Index& times) {
  ir::AxisId axis = std::exchange(segment_axis_, ir::AxisId());
  const bool hand_on = copy == Copy::to_before || copy == Copy::to_after;
  start_kernel(shared_.names.unique(prefix_ + (hand_on ? "_handed_on" : copy == Copy::save ? "_saved" : "_restored")),
               ir::Domain{}, {});
  std::string names;
  for (NodeId id : sequences) names += (names.empty() ? "" : ", ") + name_of(shared_.program, id);
  b().function().description.push_back((hand_on ? "from one window to the steps around the next: "
                                        : copy == Copy::save ? "what a window goes on from, kept for backward: "
                                                             : "what a window goes on from, as it was kept: ") + names);
  Index number = Index(b().parameter("w")), length = Index(b().parameter("length"));
  Index elements;
  b().loop("b", frame_.begin, frame_.end, 1, [&](const Index& row) {
    for (NodeId id : sequences) {
      const Location& location = locations_.at(id);
      const Stored& stored = *schedule_.stored[id];
      const bool before = hand_on ? copy == Copy::to_before : direction_of(id) >= 0;
      const std::int64_t margin = before ? stored.before : stored.after;
      // In steps from the start of the array: where they are around this window, and beside them those of the last one.
      Index first = Index(location.before), around = before ? Index(0) : first + (hand_on ? window(axis) : length);
      Index other = before ? window(axis) : first;
      if (!hand_on) other = number * Index(margin);
      check(hand_on || checkpoint_of(id).buffer.valid(), "a window goes on from values that the forward pass does not keep");
      const BufferId other_buffer = hand_on ? location.buffer : checkpoint_of(id).buffer;
      const auto copy_slot = [&](const Index& slot) {
        const auto place = [&](BufferId buffer, const Index& step) {
          return Address{buffer, (step + slot) * step_elements(location) + row * Index(location.stride)};
        };
        const Address here = place(location.buffer, around), there = place(other_buffer, other);
        copy_row(copy == Copy::save ? here : there, copy == Copy::save ? there : here, location.stride);
      };
      for_each_of(margin, copy_slot);
      elements = elements + Index(margin * location.stride);
    }
  });
  Index rows = (locations_.at(sequences.front()).batched ? batch() : Index(1)) * times;
  finish_kernel(rows, rows * elements, {at.number, at.end - at.begin});
  segment_axis_ = axis;
}

// `stride` elements: whole vectors, or a single one.
void FunctionLowering::copy_row(const Address& from, const Address& to, std::int64_t stride) {
  if (stride == 1) return b().store_first(b().load_scalar(from), to, 1);
  b().loop("j", 0, stride / shared_.lanes, 1, [&](const Index& j) {
    Index entry = j * Index(shared_.lanes);
    b().store(b().load({from.buffer, from.offset + entry}), {to.buffer, to.offset + entry});
  });
}

// The forward pass makes room for what any part of backward asks for.
Location FunctionLowering::checkpoint_of(NodeId id) {
  auto known = shared_.checkpoints.find(id);
  if (known != shared_.checkpoints.end()) return known->second;
  Location location;
  int margin = schedule_.stored[id]->entry_margin(direction_of(id));
  bool wanted = std::any_of(shared_.plans.recompute.begin(), shared_.plans.recompute.end(), [&](const auto& entry) {
    const Schedule& again = entry.second;
    if (!again.stored[id]) return false;
    return again.stored[id]->entry_margin(again.order.segment(again.order.position[id].phase).direction) > 0;
  });
  if (margin > 0 && wanted) {
    location = locations_.at(id);
    Buffer buffer;
    buffer.name = shared_.names.unique("checkpoints_" + name_of(shared_.program, id));
    buffer.space = Space::tape;
    buffer.element = module_.element;
    buffer.size = Index(shared_.windows) * Index(margin) * step_elements(location) + Index(shared_.lanes);
    buffer.meaning = "where each window of " + name_of(shared_.program, id) + " goes on from, as [windows][" +
                     std::to_string(margin) + "]" + (location.batched ? "[B]" : "") + "[" + std::to_string(location.stride) + "]";
    Index size = buffer.size;
    location.buffer = module_.buffers.add(std::move(buffer));
    shared_.tape_buffers.emplace_back(size, location.buffer);
  }
  return shared_.checkpoints[id] = location;
}

}  // namespace rnnc::loop
