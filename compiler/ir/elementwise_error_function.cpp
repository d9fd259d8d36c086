// The error function and its complement.
#include <cmath>

#include "compiler/ir/elementwise_rows.h"
#include "compiler/ir/program.h"

namespace rnnc::ir {
namespace {

using Operands = std::span<const NodeId>;

constexpr double two_over_sqrt_pi = 1.12837916709551257390;

NodeId scaled_bell(Program& p, double scale, NodeId x) {  // scale * exp(-x^2)
  return p.mul(p.constant(scale), p.map("exp", {p.neg(p.mul(x, x))}));
}

}  // namespace

std::vector<Elementwise> error_function_rows() {
  return {
      {.name = "erf", .summary = "error function",
       .reference = [](const double* x) { return std::erf(x[0]); },
       .derivative = [](Program& p, Operands x, NodeId, int) { return scaled_bell(p, two_over_sqrt_pi, x[0]); },
       .cost = 18},
      {.name = "erfc", .summary = "1 - erf(x), accurate in the right tail",
       .reference = [](const double* x) { return std::erfc(x[0]); },
       .derivative = [](Program& p, Operands x, NodeId, int) { return scaled_bell(p, -two_over_sqrt_pi, x[0]); },
       .cost = 40},
  };
}

}  // namespace rnnc::ir
