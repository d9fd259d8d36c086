// Reverse mode: Program -> Program. The gradient of a system of recurrence equations is another one, with time
// reversed.
#pragma once

#include "compiler/ir/program.h"

namespace rnnc::grad {

// Returns the Program with the adjoint equations and results of the roles input_gradient, parameter_gradient and
// initial_gradient added, for the objective  loss + sum over outputs and final states of upstream * value.
//   before:  c = f * c[t-1] + i * g
//   after:   … and  d.c = … + f[t+1] * d.c[t+1],  d.i.pre = d.c * g * i * (1 - i),  grad.U_i = sum d.i.pre x h[t-1]
// The adjoint of u[t-k] is a reference to t+k; the adjoint of implicit repetition is a sum over time and batch.
// Throws Unsupported, naming the node, when a derivative is missing; never yields zero instead.
ir::Program differentiate(const ir::Program& forward);

}  // namespace rnnc::grad
