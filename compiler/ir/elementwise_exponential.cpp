// exp and what is made from it.
#include <cmath>

#include "compiler/ir/elementwise_rows.h"
#include "compiler/ir/program.h"

namespace rnnc::ir {
namespace {

using Operands = std::span<const NodeId>;

}  // namespace

std::vector<Elementwise> exponential_rows() {
  return {
      {.name = "exp", .summary = "e to the power x",
       .reference = [](const double* x) { return std::exp(x[0]); },
       .derivative = [](Program&, Operands, NodeId y, int) { return y; },
       .cost = 18},
      {.name = "expm1", .summary = "exp(x) - 1, accurate near 0",
       .reference = [](const double* x) { return std::expm1(x[0]); },
       .derivative = [](Program& p, Operands, NodeId y, int) { return p.add(y, p.constant(1)); },
       .cost = 19},
      {.name = "sigmoid", .summary = "1 / (1 + exp(-x))",
       .reference = [](const double* x) { return 1 / (1 + std::exp(-x[0])); },
       .derivative = [](Program& p, Operands, NodeId y, int) { return p.mul(y, p.sub(p.constant(1), y)); },
       .cost = 20},
      {.name = "tanh", .summary = "hyperbolic tangent",
       .reference = [](const double* x) { return std::tanh(x[0]); },
       .derivative = [](Program& p, Operands, NodeId y, int) { return p.sub(p.constant(1), p.mul(y, y)); },
       .cost = 19},
      {.name = "softplus", .summary = "log(1 + exp(x))",
       .reference = [](const double* x) { return std::fmax(x[0], 0) + std::log1p(std::exp(-std::fabs(x[0]))); },
       .derivative = [](Program& p, Operands x, NodeId, int) { return p.map("sigmoid", {x[0]}); },
       .cost = 35},
      // A row of its own: where(x > 0, x, expm1(x)) would send inf * 0 through the branch not taken.
      {.name = "elu", .summary = "where(x > 0, x, exp(x) - 1)",
       .reference = [](const double* x) { return x[0] > 0 ? x[0] : std::expm1(x[0]); },
       .derivative = [](Program& p, Operands x, NodeId y, int) {
         return p.map("where", {p.map("greater", {x[0], p.constant(0)}), p.constant(1), p.add(y, p.constant(1))});
       },
       .kinks = {0}, .cost = 22},
  };
}

}  // namespace rnnc::ir
