// Rewrites from Program to Program that keep every result's value.
#pragma once

#include "compiler/ir/program.h"

namespace rnnc::opt {

// Applies the table of rewrite rules to a fixed point.    x + 0 -> x,   W @ [a, b] -> W[:, :n] @ a + W[:, n:] @ b
// A rewrite that changes nothing returns the same id.
ir::Program simplify(const ir::Program& program);

// Keeps only what results need.
ir::Program remove_dead(const ir::Program& program);

}  // namespace rnnc::opt
