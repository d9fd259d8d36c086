// Rewrites from Program to Program that keep every result's value.
#pragma once

#include "compiler/ir/program.h"

namespace rnnc::opt {

// Applies the table of rewrite rules (rules.h) to a fixed point.
//   x + 0 -> x,   W @ [a, b] -> W[:, :n] @ a + W[:, n:] @ b
// A rewrite that changes nothing returns the same id; a Program in which no rule applies is returned as it is. Values
// that only gradients need may also lose products with a constant zero (0 * x -> 0): such a zero says that no adjoint
// arrives, so what it is multiplied by is never meant, not even a NaN. Forward values keep such products.
// Takes time linear in the Program, and no stack.
ir::Program simplify(const ir::Program& program);

// Moves reads of other steps inwards, from transient equations to the equations they are linear in, so that a
// recurrence in the gradient reads like a forward one.
//   before:  d.h = d.y + d.h.lag1[t+1]           d.h.lag1 = U_i' @ d.i.pre + d.h * z      grad.h.init = first(d.h.lag1)
//   after:   d.h = d.y + U_i' @ d.i.pre[t+1] + d.h[t+1] * z[t+1]      grad.h.init = U_i' @ first(d.i.pre) + …
// Only reads that are zero outside of the sequence are moved, and only through what keeps zeros (sums, products, matrix
// products, slices, …): beyond the last step both sides are zero. What stands in the way becomes an equation of its
// own.
ir::Program distribute_reads(const ir::Program& program);

// Keeps only what results and states need, and renumbers nodes and equations. Parameters, inputs, states, axes and
// results keep their ids: they are what a host sees. An equation stays if it is read at another step or names a value
// that stays.
ir::Program remove_dead(const ir::Program& program);

}  // namespace rnnc::opt
