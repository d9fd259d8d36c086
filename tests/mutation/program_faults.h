// Deliberate mistakes in a Program, as a broken rule of differentiation or a broken pass would make them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/ir/program.h"

namespace rnnc::testing {

struct ProgramFault {
  std::string name;  // "shift: one step further"
  // Writes down a node with the mistake in it; an invalid id where it does not apply.
  ir::NodeId (*apply)(ir::Program& to, const ir::Node& node, const std::vector<ir::NodeId>& operands);
};
const std::vector<ProgramFault>& program_faults();

// The Program with the fault at its `site`-th node (from 0) among those that results of the gradient need and others do
// not; nothing if there are not so many to which it applies, or if no Program can hold it.
std::optional<ir::Program> with_fault(const ir::Program& program, const ProgramFault& fault, int site);

// The Program with result `grad.x` times 1.001.
ir::Program with_inexact_gradient(const ir::Program& program);

}  // namespace rnnc::testing
