// In which order a Program can be computed: recurrences found as strongly connected components, everything else placed
// around them as parallel in time.
#pragma once

#include <optional>
#include <vector>

#include "compiler/ir/program.h"

namespace rnnc::loop {

// What a node needs before it can be computed.
enum class Need : std::uint8_t {
  same_step,  // the operand's value at the same position (or its only value)
  lagged,     // the value at another step: `lag` > 0 earlier, < 0 later
  all_steps,  // the whole sequence
  boundary    // the value before the first (after the last) step: must stand ready before the sequence starts
};
struct Dependency {
  ir::NodeId node;
  Need need = Need::same_step;
  std::int64_t lag = 0;
};

// Where a node is computed.
//   phase: even numbers are straight-line work on values without a time axis; odd numbers are segments, one walk over an axis
//   (in blocks of steps, in one direction) in which several stages take turns. -1: static, computed when parameters are packed.
//   stage: within a segment, even numbers are parallel over all rows of the block, odd ones are recurrences.
//   component: the recurrence within the stage, 0 in parallel stages.
//   depth: the rank of the kernel within its stage: what needs whole vectors of depth d has depth d + 1.
struct Position {
  int phase = 0, stage = 0, component = 0, depth = 0;
  auto operator<=>(const Position&) const = default;
};

struct Segment {
  ir::AxisId axis;
  int direction = 0;  // +1 rising t, -1 falling, 0 either (then walked rising)
};

struct Order {
  IdVector<ir::NodeId, bool> needed;       // reached from the roots without passing through available nodes
  IdVector<ir::NodeId, bool> available;    // needs no computing here: leaves, and what the caller said is stored
  IdVector<ir::NodeId, bool> is_static;    // depends on parameters and constants alone
  IdVector<ir::NodeId, Position> position; // of needed nodes
  IdVector<ir::NodeId, int> ready_phase;   // the first phase that may use the node's value
  std::vector<Segment> segments;           // by phase / 2, for odd phases
  std::vector<int> recurrence_sizes;       // nodes in each component (by number; [0] unused)
  int phases = 1;

  const Segment& segment(int phase) const { return segments[static_cast<std::size_t>(phase / 2)]; }
};

// A node whose value is read in place, never computed: constants, parameters, inputs, numbers of the run, other steps.
bool is_leaf(ir::NodeKind kind);

// How a node's value comes about within a function.
enum class Making : std::uint8_t {
  in_place,      // read where it, or what it is a view of, lies
  tree,          // elementwise, in the kernel that wants it
  product,       // an accumulator in registers
  reduction,     // a kernel over its operand's entries
  accumulation,  // a kernel over rows
  structure      // a kernel of its own
};
Making making_of(const ir::Program& program, const IdVector<ir::NodeId, bool>& is_static, ir::NodeId id);

// A value read where another one lies: the slice's or reshape's operand and how many entries further on it starts.
struct View {
  ir::NodeId base;
  std::int64_t offset = 0;
};
std::optional<View> view_of(const ir::Program& program, ir::NodeId id);

std::vector<Dependency> dependencies(const ir::Program& program, ir::NodeId id);

// `stored` marks nodes whose values an earlier function left behind, `copied` those that have a value in place but that
// this function must also write somewhere (an input handed on as an output): they are placed like computed nodes.
// Throws Unsupported when a recurrence needs its own whole sequence or runs in both directions.
Order find_order(const ir::Program& program, const std::vector<ir::NodeId>& roots,
                 const IdVector<ir::NodeId, bool>& stored, const IdVector<ir::NodeId, bool>& copied);

}  // namespace rnnc::loop
