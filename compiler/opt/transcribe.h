// Writes a Program down again: what is kept, in order, with fresh ids.
#pragma once

#include "compiler/ir/program.h"

namespace rnnc::opt {

// The nodes that results and the equations with `keep` need, directly or through reads of other steps; then those
// equations and every other that such a read refers to. Parameters, inputs, states, axes, results and random sites keep
// their ids. `program` may hold equation values and result nodes that come after their users; the outcome does not.
ir::Program transcribe(const ir::Program& program, const rnnc::IdVector<ir::EquationId, char>& keep);

// The nodes that `roots` need, directly or through equations read at other steps.
rnnc::IdVector<ir::NodeId, char> needed(const ir::Program& program, const std::vector<ir::NodeId>& roots);

}  // namespace rnnc::opt
