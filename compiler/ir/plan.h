// In which order the interpreter evaluates, and what it keeps: not a schedule, only enough not to hold every value of
// every step.
#pragma once

#include <vector>

#include "compiler/ir/program.h"

namespace rnnc::ir {

// One loop over the steps of an axis (or one evaluation, without axis) of the members in this order at each step.
// A stage of an axis is a recurrence, or one value; in front of it stand those values that only it reads, step by step.
struct Stage {
  AxisId axis;
  bool backward = false;               // from the last step to the first
  std::vector<NodeId> members;         // ascending
  std::vector<NodeId> last_used_here;  // kept values that no later stage reads
};

struct Plan {
  std::vector<Stage> stages;
  IdVector<NodeId, char> kept;  // whether all steps are stored; else one step, while its stage runs
};

// The plan of everything that the wanted results need. Throws Bug for a Program that is not causal.
Plan plan(const Program& program, const std::vector<bool>& wanted);

}  // namespace rnnc::ir
