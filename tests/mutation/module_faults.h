// Deliberate mistakes in a Module of loops, as a broken lowering would make them.
#pragma once

#include <optional>
#include <string>

#include "compiler/loop/loop_ir.h"

namespace rnnc::testing {

// Number of places where a mistake can be made, and what it is called at one of them.
int module_fault_sites(const loop::Module& module);
// Makes the mistake: another operator, swapped operands, an address one element on, a loop one round short. Its name.
std::string make_module_fault(loop::Module& module, int site);

}  // namespace rnnc::testing
