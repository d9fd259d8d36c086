// exp and what is made from it.
#include <cmath>

#include "compiler/ir/elementwise_pieces.h"
#include "compiler/ir/elementwise_rows.h"
#include "compiler/ir/program.h"

namespace rnnc::ir {
namespace {

using Operands = std::span<const NodeId>;
using Value = Arithmetic::Value;
using Values = std::span<const Value>;

Value exp_expansion(Arithmetic& a, Values x) { return pieces::exp(a, x[0]); }

// e^x - 1 = 2 (q 2^(n-1) + (2^(n-1) - 1/2)) with q = e^r - 1: halved, so that n = Format::bias + 1 does not overflow.
Value expm1_expansion(Arithmetic& a, Values x) {
  const Value low = a.constant(a.is_double() ? -40 : -20), high = a.constant(a.is_double() ? 710 : 89);
  const Value limited = a.min(high, a.max(low, x[0]));
  const auto [r, shifted] = pieces::reduce_exp(a, limited, pieces::format(a).bias - 1);
  const Value q = pieces::expm1_of_reduced(a, r);
  const Value scale = pieces::power_of_two(a, shifted);
  const Value half = a.fma(q, scale, a.sub(scale, a.constant(0.5)));
  const Value tiny = a.less(a.abs(x[0]), a.constant(a.is_double() ? 0x1p-60 : 0x1p-30));  // -0 and denormals
  return a.select(tiny, x[0], a.add(half, half));
}

// 1 / (1 + e^-x). Where e^-x overflows the quotient is 0; results below 2^-(Format::bias + 1/2) are flushed to it.
Value sigmoid_expansion(Arithmetic& a, Values x) {
  const Value low = a.constant(a.is_double() ? -710 : -89), high = a.constant(a.is_double() ? 708 : 87);
  const auto [r, shifted] = pieces::reduce_exp(a, a.max(low, a.min(high, x[0])), pieces::format(a).bias, -1);
  const Value one = a.constant(1);
  return a.div(one, a.fma(pieces::exp_of_reduced(a, r, -1), pieces::power_of_two(a, shifted), one));
}

// With h = (e^2|x| - 1) / 2 it is h / (h + 1), which is exact to a few roundings near 0, too, and never above 1.
// h = q 2^n + (2^n - 1) / 2 with q = (e^2r - 1) / 2.
Value tanh_expansion(Arithmetic& a, Values x) {
  const Value end = a.constant(a.is_double() ? 20 : 10);  // the result is 1 well before
  const auto [r, shifted] = pieces::reduce_exp(a, a.min(end, a.abs(x[0])), pieces::format(a).bias, 2);
  const Value scale = pieces::power_of_two(a, shifted), half = a.constant(0.5);
  const Value h = a.fma(pieces::expm1_of_reduced(a, r, 2), scale, a.fma(scale, half, a.constant(-0.5)));
  const Value size = a.div(h, a.add(h, a.constant(1)));
  return a.bit_xor(size, a.bit_and(x[0], a.bits(pieces::format(a).sign)));
}

// max(x, 0) + log(1 + u), u = e^-|x| in (0, 1]. For u > sqrt(2) - 1: log 2 + log(1 + (u - 1) / 2).
Value softplus_expansion(Arithmetic& a, Values x) {
  const Value end = a.constant(a.is_double() ? 709 : 88);  // u is 0 there
  const auto [r, shifted] = pieces::reduce_exp(a, a.min(end, a.abs(x[0])), pieces::format(a).bias, -1);
  const Value one = a.constant(1);
  const Value u = a.mul(pieces::exp_of_reduced(a, r, -1), pieces::power_of_two(a, shifted));
  const Value large = a.less(a.constant(0.41421356237309504880), u), half = a.constant(0.5);
  const Value f = a.select(large, a.fma(u, half, a.constant(-0.5)), u);
  const Value k = a.select(large, one, a.constant(0));
  return a.add(a.max(a.constant(0), x[0]), pieces::log_of_reduced(a, k, f));
}

Value elu_expansion(Arithmetic& a, Values x) {
  return a.select(a.less(a.constant(0), x[0]), x[0], a.call("expm1", x));
}

}  // namespace

std::vector<Elementwise> exponential_rows() {
  return {
      {.name = "exp", .summary = "e to the power x",
       .reference = [](const double* x) { return std::exp(x[0]); },
       .derivative = [](Program&, Operands, NodeId y, int) { return y; },
       .expansion = exp_expansion,
       .error_ulp_f32 = 1, .error_ulp_f64 = 1.5,
       .cost = 18},
      {.name = "expm1", .summary = "exp(x) - 1, accurate near 0",
       .reference = [](const double* x) { return std::expm1(x[0]); },
       .derivative = [](Program& p, Operands, NodeId y, int) { return p.add(y, p.constant(1)); },
       .expansion = expm1_expansion,
       .error_ulp_f32 = 2.5, .error_ulp_f64 = 3,
       .cost = 19},
      {.name = "sigmoid", .summary = "1 / (1 + exp(-x))",
       .reference = [](const double* x) { return 1 / (1 + std::exp(-x[0])); },
       .derivative = [](Program& p, Operands, NodeId y, int) { return p.mul(y, p.sub(p.constant(1), y)); },
       .expansion = sigmoid_expansion,
       .error_ulp_f32 = 3, .error_ulp_f64 = 3,
       .cost = 20},
      {.name = "tanh", .summary = "hyperbolic tangent",
       .reference = [](const double* x) { return std::tanh(x[0]); },
       .derivative = [](Program& p, Operands, NodeId y, int) { return p.sub(p.constant(1), p.mul(y, y)); },
       .expansion = tanh_expansion,
       .error_ulp_f32 = 3, .error_ulp_f64 = 3,
       .cost = 24},
      {.name = "softplus", .summary = "log(1 + exp(x))",
       .reference = [](const double* x) { return std::fmax(x[0], 0) + std::log1p(std::exp(-std::fabs(x[0]))); },
       .derivative = [](Program& p, Operands x, NodeId, int) { return p.map("sigmoid", {x[0]}); },
       .expansion = softplus_expansion,
       .error_ulp_f32 = 2.5, .error_ulp_f64 = 2.5,
       .cost = 34},
      // A row of its own: where(x > 0, x, expm1(x)) would send inf * 0 through the branch not taken.
      {.name = "elu", .summary = "where(x > 0, x, exp(x) - 1)",
       .reference = [](const double* x) { return x[0] > 0 ? x[0] : std::expm1(x[0]); },
       .derivative = [](Program& p, Operands x, NodeId y, int) {
         return p.map("where", {p.map("greater", {x[0], p.constant(0)}), p.constant(1), p.add(y, p.constant(1))});
       },
       .expansion = elu_expansion,
       .error_ulp_f32 = 2.5, .error_ulp_f64 = 3,
       .kinks = {0}, .cost = 22},
  };
}

}  // namespace rnnc::ir
