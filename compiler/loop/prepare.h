#pragma once

#include "compiler/ir/program.h"

namespace rnnc::loop {

// Regroups sums for scheduling and gives every result the shape and domain of the caller's array for it.
//   before:  a = (U @ h[t-1] + W @ x) + b         after:  a = (W @ x + b) + U @ h[t-1]
// A value that is read with several different boundaries gets a copy for each: what is stored has one on either side.
// A product that is summed over rows has a factor that is zero past their ends. A gradient that is a value of the forward
// pass is a copy of it.
// The value changes by rounding only.
ir::Program regroup_sums(const ir::Program& program);

}  // namespace rnnc::loop
