// Rows that are one or a few vector instructions.
#include <cmath>

#include "compiler/ir/elementwise_rows.h"
#include "compiler/ir/program.h"

namespace rnnc::ir {
namespace {

using Value = Arithmetic::Value;
using Operands = std::span<const NodeId>;
using Values = std::span<const Value>;

// 0.5 * ((a > b) + (a >= b)): one where a is the larger, a half at equality.
NodeId larger_share(Program& p, NodeId a, NodeId b) {
  const NodeId above = p.map("greater", {a, b});
  const NodeId not_below = p.map("greater_equal", {a, b});
  return p.mul(p.constant(0.5), p.add(above, not_below));
}

// `chosen` where both are numbers; where a is NaN, a. (`chosen` must be NaN by itself where only b is.)
Value keep_nan(Arithmetic& a, Value operand, Value chosen) {
  return a.select(a.equal(operand, operand), chosen, operand);
}

// Remainder with the divisor's sign. The quotient is rounded, so near a multiple of y the remainder can come out just
// past zero or y; one more y brings it back.
double remainder_reference(const double* x) {
  const double r = std::fma(-std::floor(x[0] / x[1]), x[1], x[0]);
  return r * x[1] < 0 ? r + x[1] : r;
}
Value remainder_expansion(Arithmetic& a, Values x) {
  const Value r = a.fnma(a.floor(a.div(x[0], x[1])), x[1], x[0]);
  return a.select(a.less(a.mul(r, x[1]), a.constant(0)), a.add(r, x[1]), r);
}

std::vector<Elementwise> operator_rows() {
  return {
      {.name = "add", .spelling = "+", .arity = 2, .summary = "sum",
       .reference = [](const double* x) { return x[0] + x[1]; },
       .derivative = [](Program& p, Operands, NodeId, int) { return p.constant(1); },
       .expansion = [](Arithmetic& a, Values x) { return a.add(x[0], x[1]); }},
      {.name = "sub", .spelling = "-", .arity = 2, .summary = "difference",
       .reference = [](const double* x) { return x[0] - x[1]; },
       .derivative = [](Program& p, Operands, NodeId, int i) { return p.constant(i == 0 ? 1 : -1); },
       .expansion = [](Arithmetic& a, Values x) { return a.sub(x[0], x[1]); }},
      {.name = "mul", .spelling = "*", .arity = 2, .summary = "elementwise product",
       .reference = [](const double* x) { return x[0] * x[1]; },
       .derivative = [](Program&, Operands x, NodeId, int i) { return x[i == 0 ? 1 : 0]; },
       .expansion = [](Arithmetic& a, Values x) { return a.mul(x[0], x[1]); }},
      {.name = "div", .spelling = "/", .arity = 2, .summary = "quotient; x/0 is infinite, 0/0 is NaN",
       .reference = [](const double* x) { return x[0] / x[1]; },
       .derivative = [](Program& p, Operands x, NodeId y, int i) {
         return i == 0 ? p.div(p.constant(1), x[1]) : p.neg(p.div(y, x[1]));
       },
       .expansion = [](Arithmetic& a, Values x) { return a.div(x[0], x[1]); },
       .kinks = {0}, .cost = 5},
      {.name = "mod", .spelling = "%", .arity = 2,
       .summary = "remainder x - y*floor(x/y), with the sign of the divisor; x % 0 is NaN. The quotient is rounded: next to "
                  "a multiple of y it can be one more, and beyond 2^24 (f64: 2^53) nothing holds",
       .reference = remainder_reference,
       .derivative = [](Program& p, Operands x, NodeId, int i) {
         return i == 0 ? p.constant(1) : p.neg(p.map("floor", {p.div(x[0], x[1])}));
       },
       .expansion = remainder_expansion, .low = 1, .high = 1.9, .kinks = {0}, .cost = 11},
      {.name = "neg", .spelling = "-", .arity = 1, .summary = "the negative",
       .reference = [](const double* x) { return -x[0]; },
       .derivative = [](Program& p, Operands, NodeId, int) { return p.constant(-1); },
       .expansion = [](Arithmetic& a, Values x) { return a.neg(x[0]); }},
      {.name = "min", .arity = 2, .summary = "the smaller; NaN if either is, and then no derivative; a tie splits it evenly",
       .reference = [](const double* x) { return !(x[0] == x[0]) || x[0] < x[1] ? x[0] : x[1]; },
       .derivative = [](Program& p, Operands x, NodeId, int i) { return larger_share(p, x[1 - i], x[i]); },
       .expansion = [](Arithmetic& a, Values x) { return keep_nan(a, x[0], a.min(x[0], x[1])); },
       .kinks = {0}, .cost = 3},
      {.name = "max", .arity = 2, .summary = "the larger; NaN if either is, and then no derivative; a tie splits it evenly",
       .reference = [](const double* x) { return !(x[0] == x[0]) || x[0] > x[1] ? x[0] : x[1]; },
       .derivative = [](Program& p, Operands x, NodeId, int i) { return larger_share(p, x[i], x[1 - i]); },
       .expansion = [](Arithmetic& a, Values x) { return keep_nan(a, x[0], a.max(x[0], x[1])); },
       .kinks = {0}, .cost = 3},
  };
}

std::vector<Elementwise> one_operand_rows() {
  return {
      {.name = "abs", .summary = "absolute value; derivative 0 at 0",
       .reference = [](const double* x) { return std::fabs(x[0]); },
       .derivative = [](Program& p, Operands x, NodeId, int) { return p.map("sign", {x[0]}); },
       .expansion = [](Arithmetic& a, Values x) { return a.abs(x[0]); },
       .kinks = {0}},
      {.name = "sign", .summary = "-1, 0 or 1; the derivative is zero everywhere",
       .reference = [](const double* x) { return x[0] > 0 ? 1.0 : x[0] < 0 ? -1.0 : x[0]; },
       .zero_derivative = true,
       .expansion = [](Arithmetic& a, Values x) {
         const Value zero = a.constant(0);
         const Value low = a.select(a.less(x[0], zero), a.constant(-1), x[0]);
         return a.select(a.less(zero, x[0]), a.constant(1), low);
       },
       .kinks = {0}, .cost = 4},
      {.name = "floor", .summary = "the largest whole number not above x; the derivative is zero everywhere",
       .reference = [](const double* x) { return std::floor(x[0]); },
       .zero_derivative = true,
       .expansion = [](Arithmetic& a, Values x) { return a.floor(x[0]); },
       .kinks = {-3, -2, -1, 0, 1, 2, 3}, .cost = 2},
      {.name = "sqrt", .summary = "square root; NaN below 0",
       .reference = [](const double* x) { return std::sqrt(x[0]); },
       .derivative = [](Program& p, Operands, NodeId y, int) { return p.div(p.constant(0.5), y); },
       .expansion = [](Arithmetic& a, Values x) { return a.sqrt(x[0]); },
       .low = 0.05, .high = 6, .cost = 6},
      {.name = "relu", .summary = "max(x, 0); derivative 0 at 0",
       .reference = [](const double* x) { return 0 > x[0] ? 0 : x[0]; },
       .derivative = [](Program& p, Operands, NodeId y, int) { return p.map("greater", {y, p.constant(0)}); },
       .expansion = [](Arithmetic& a, Values x) { return a.max(a.constant(0), x[0]); },  // in this order NaN passes
       .kinks = {0}},
      {.name = "softsign", .summary = "x / (1 + abs(x))",
       .reference = [](const double* x) { return x[0] / (1 + std::fabs(x[0])); },
       .derivative = [](Program& p, Operands x, NodeId, int) {
         const NodeId share = p.div(p.constant(1), p.add(p.constant(1), p.map("abs", {x[0]})));
         return p.mul(share, share);
       },
       .expansion = [](Arithmetic& a, Values x) { return a.div(x[0], a.add(a.constant(1), a.abs(x[0]))); },
       .error_ulp_f32 = 1.5, .error_ulp_f64 = 1.5,
       .cost = 7},
  };
}

}  // namespace

std::vector<Elementwise> arithmetic_rows() {
  std::vector<Elementwise> rows = operator_rows();
  for (Elementwise& row : one_operand_rows()) rows.push_back(std::move(row));
  return rows;
}

}  // namespace rnnc::ir
