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
    entry_w0_ = entry_t0_ = entry_t1_ = before ? Index(0) : last;
    for (NodeId id : sequences) {
      const Stored& stored = *schedule_.stored[id];
      if ((before ? stored.before : stored.after) > 0) fill_margins(id, before ? stored.before : 0, before ? 0 : stored.after);
    }
  };
  position_ = Position{phase, 0, 0, 0};
  fill_side(true);
  entry_.loop("w", 0, count, 1, [&](const Index& w) {
    Window at{w, count, entry_.value("window0", w * length), {}, {}};
    at.end = entry_.minimum("window1", at.begin + length, total);
    at.later = entry_.minimum("later", falling ? count - Index(1) - w : w, 1);
    entry_w0_ = at.begin;
    for (NodeId id : sequences)
      if (schedule_.stored[id]->entry_margin(segment.direction) > 0) hand_on(id, !falling, at.later);
    if (role_ == EntryRole::forward_train)
      for (NodeId id : sequences)
        if (checkpoint_of(id).buffer.valid()) copy_checkpoint(id, at, true, 1);
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

// The forward pass of one window, for a walk of backward. Where that goes the other way, its first window is the one that
// the forward pass left on the tape, and each later one takes the steps beyond its far end from the one before.
void FunctionLowering::recompute_window(int phase, const Segment& walk, const Window& at) {
  Index several = entry_.minimum("several", at.count - Index(1), 1);
  std::map<int, std::vector<const PlannedKernel*>> phases;
  for (const PlannedKernel& kernel : schedule_.kernels)
    if (kernel.position.phase % 2 == 1) phases[kernel.position.phase].push_back(&kernel);
  in_windows_ = true;
  segment_axis_ = walk.axis;
  entry_w0_ = at.begin;
  for (const auto& [own_phase, kernels] : phases) {
    const int direction = schedule_.order.segment(own_phase).direction;
    std::vector<NodeId> sequences = windowed_sequences(own_phase);
    bool left_on_tape = (direction < 0) != (walk.direction < 0);
    for (const auto& [earlier, again] : shared_.plans.recompute)
      for (NodeId id : sequences)
        if (earlier < phase && again.stored[id] && again.stored[id]->tape) left_on_tape = false;
    const Index& times = left_on_tape ? at.later : several;
    for (NodeId id : sequences) {
      const Stored& stored = *schedule_.stored[id];
      if (stored.tape && stored.far_margin(direction) > 0) hand_on(id, direction < 0, at.later);
      if (stored.entry_margin(direction) > 0) copy_checkpoint(id, at, false, times);
    }
    lower_blocks(direction, kernels, at.begin, at.end, times);
  }
  segment_axis_ = ir::AxisId();
  in_windows_ = false;
}

// `count` steps from one place to another, or none of them (times 0). They do not overlap.
void FunctionLowering::copy_steps(NodeId id, const Copy& copy, const Place& from, const Place& to, std::int64_t count,
                                  const Index& times) {
  ir::AxisId axis = std::exchange(segment_axis_, ir::AxisId());
  start_kernel(kernel_name({id}, copy.suffix), ir::Domain{}, {});
  b().function().description.push_back(name_of(shared_.program, id) + ": " + copy.comment);
  Index first = Index(b().parameter("from")), place = Index(b().parameter("to"));
  const Location& source = from.location;
  std::int64_t width = source.stride == 1 ? 1 : shared_.lanes;
  b().loop("i", frame_.begin, frame_.end, 1, [&](const Index& i) {
    Address here{source.buffer, first + i * Index(width)}, there{to.location.buffer, place + i * Index(width)};
    if (width == 1) b().store_first(b().load_scalar(here), there, 1);
    else b().store(b().load(here), there);
  });
  Index pieces = (source.batched ? batch() : Index(1)) * Index(count * source.stride / width) * times;
  finish_kernel(pieces, pieces * Index(width), {from.element, to.element});
  segment_axis_ = axis;
}

// The steps next to the window that the walk was in before become those around the one that it comes to.
void FunctionLowering::hand_on(NodeId id, bool before, const Index& times) {
  const Stored& stored = *schedule_.stored[id];
  const Location& location = locations_.at(id);
  Index length = window(shared_.program[id].domain.axis), first = Index(location.before);
  Index from = before ? length : first, to = before ? Index(0) : first + length;
  Index step = step_elements(location);
  copy_steps(id, {"_handed_on", "from one window to the steps around the next"}, {location, from * step},
             {location, to * step}, before ? stored.before : stored.after, times);
}

// Where the values stand that a window's walk goes on from.
Index FunctionLowering::entry_slot(NodeId id, const Window& at) const {
  return direction_of(id) < 0 ? Index(locations_.at(id).before) + at.end - at.begin : Index(0);
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

void FunctionLowering::copy_checkpoint(NodeId id, const Window& at, bool save, const Index& times) {
  const Location &location = locations_.at(id), checkpoint = checkpoint_of(id);
  check(checkpoint.buffer.valid(), "a window goes on from values that the forward pass does not keep");
  int margin = schedule_.stored[id]->entry_margin(direction_of(id));
  Index step = step_elements(location);
  Place here{location, entry_slot(id, at) * step}, there{checkpoint, at.number * Index(margin) * step};
  if (save) copy_steps(id, {"_saved", "the steps that a window goes on from, kept for backward"}, here, there, margin, times);
  else copy_steps(id, {"_restored", "the steps that a window goes on from, as they were kept"}, there, here, margin, times);
}

}  // namespace rnnc::loop
