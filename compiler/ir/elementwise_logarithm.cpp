// Logarithms, and the power made from one.
#include <cmath>

#include "compiler/ir/elementwise_rows.h"
#include "compiler/ir/program.h"

namespace rnnc::ir {
namespace {

using Operands = std::span<const NodeId>;

// x^y: y x^(y-1), and x^y log x. At x = 0 the latter is taken as 0 (its limit for y > 0).
NodeId power_derivative(Program& p, Operands x, NodeId y, int i) {
  if (i == 0) return p.mul(x[1], p.map("pow", {x[0], p.sub(x[1], p.constant(1))}));
  const NodeId at_zero = p.map("equal", {x[0], p.constant(0)});
  return p.map("where", {at_zero, p.constant(0), p.mul(y, p.map("log", {x[0]}))});
}

}  // namespace

std::vector<Elementwise> logarithm_rows() {
  return {
      {.name = "log", .summary = "natural logarithm; -inf at 0, NaN below",
       .reference = [](const double* x) { return std::log(x[0]); },
       .derivative = [](Program& p, Operands x, NodeId, int) { return p.div(p.constant(1), x[0]); },
       .low = 0.05, .high = 6, .cost = 25},
      {.name = "log1p", .summary = "log(1 + x), accurate near 0",
       .reference = [](const double* x) { return std::log1p(x[0]); },
       .derivative = [](Program& p, Operands x, NodeId, int) {
         return p.div(p.constant(1), p.add(p.constant(1), x[0]));
       },
       .low = -0.9, .high = 6, .cost = 28},
      {.name = "pow", .spelling = "^", .arity = 2,
       .summary = "x to the power y; x^0 = 1; a negative x has whole powers only (else NaN)",
       .reference = [](const double* x) { return std::pow(x[0], x[1]); },
       .derivative = power_derivative,
       .low = 0.1, .high = 3, .cost = 70},
  };
}

}  // namespace rnnc::ir
