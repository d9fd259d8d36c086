// Sine and cosine.
#include <cmath>

#include "compiler/ir/elementwise_rows.h"
#include "compiler/ir/program.h"

namespace rnnc::ir {
namespace {

using Operands = std::span<const NodeId>;

}  // namespace

std::vector<Elementwise> trigonometry_rows() {
  return {
      {.name = "sin", .summary = "sine of an angle in radians",
       .reference = [](const double* x) { return std::sin(x[0]); },
       .derivative = [](Program& p, Operands x, NodeId, int) { return p.map("cos", {x[0]}); },
       .cost = 24},
      {.name = "cos", .summary = "cosine of an angle in radians",
       .reference = [](const double* x) { return std::cos(x[0]); },
       .derivative = [](Program& p, Operands x, NodeId, int) { return p.neg(p.map("sin", {x[0]})); },
       .cost = 24},
  };
}

}  // namespace rnnc::ir
