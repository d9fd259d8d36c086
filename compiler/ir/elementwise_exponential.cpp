// exp and what is made from it.
#include <cmath>

#include "compiler/ir/elementwise_coefficients.h"
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

// 1 / (1 + e^-x) with e^-x = 2^n e^-r, r = x + n ln 2. Where e^-x overflows the quotient is 0; results below
// 2^-(Format::bias + 1/2) are flushed to it.
Value sigmoid_expansion(Arithmetic& a, Values x) {
  const Value low = a.constant(a.is_double() ? -710 : -89), high = a.constant(a.is_double() ? 708 : 87);
  const Value negative = a.neg(a.max(low, a.min(high, x[0])));
  const auto [r, shifted] = pieces::reduce_exp(a, negative, pieces::format(a).bias);
  const Value one = a.constant(1);
  return a.div(one, a.fma(pieces::exp_of_reduced(a, r), pieces::power_of_two(a, shifted), one));
}

// tanh(x/2) = t is a quotient N / 2D with N = x + x^3 p(x^2) and D = q(x^2). With tanh(x) = 2t / (1 + t^2) one division
// does, and t's error hardly shows where the result is close to 1. All coefficients are positive, so nothing cancels, and
// the sign and -0 come by themselves.
Value tanh_expansion(Arithmetic& a, Values x) {
  const double end = a.is_double() ? 19.1 : 9.02;  // from here on the result is 1
  const Value limited = a.max(a.constant(-end), a.min(a.constant(end), x[0]));
  const Value z = a.mul(limited, limited);
  using namespace coefficients;
  const Value p = pieces::polynomial(a, z, tanh_f32_above, tanh_f64_above);
  const Value numerator = a.fma(a.mul(limited, z), p, limited);
  const Value denominator = pieces::polynomial(a, z, tanh_f32_below, tanh_f64_below);
  const Value half = a.mul(numerator, a.constant(0.5));
  return a.div(a.mul(numerator, denominator), a.fma(denominator, denominator, a.mul(half, half)));
}

// max(x, 0) + log(1 + u), u = e^-|x| in (0, 1]. For u > sqrt(2) - 1: log 2 + log(1 + (u - 1) / 2).
Value softplus_expansion(Arithmetic& a, Values x) {
  const Value low = a.constant(a.is_double() ? -709 : -88);  // e^x is 0 there
  const auto [r, shifted] = pieces::reduce_exp(a, a.max(low, a.neg(a.abs(x[0]))), pieces::format(a).bias);
  const Value one = a.constant(1);
  const Value u = a.mul(pieces::exp_of_reduced(a, r), pieces::power_of_two(a, shifted));
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
       .cost = 18},
      {.name = "expm1", .summary = "exp(x) - 1, accurate near 0",
       .reference = [](const double* x) { return std::expm1(x[0]); },
       .derivative = [](Program& p, Operands, NodeId y, int) { return p.add(y, p.constant(1)); },
       .expansion = expm1_expansion,
       .cost = 19},
      {.name = "sigmoid", .summary = "1 / (1 + exp(-x))",
       .reference = [](const double* x) { return 1 / (1 + std::exp(-x[0])); },
       .derivative = [](Program& p, Operands, NodeId y, int) { return p.mul(y, p.sub(p.constant(1), y)); },
       .expansion = sigmoid_expansion,
       .cost = 20},
      {.name = "tanh", .summary = "hyperbolic tangent",
       .reference = [](const double* x) { return std::tanh(x[0]); },
       .derivative = [](Program& p, Operands, NodeId y, int) { return p.sub(p.constant(1), p.mul(y, y)); },
       .expansion = tanh_expansion,
       .cost = 19},
      {.name = "softplus", .summary = "log(1 + exp(x))",
       .reference = [](const double* x) { return std::fmax(x[0], 0) + std::log1p(std::exp(-std::fabs(x[0]))); },
       .derivative = [](Program& p, Operands x, NodeId, int) { return p.map("sigmoid", {x[0]}); },
       .expansion = softplus_expansion,
       .cost = 35},
      // A row of its own: where(x > 0, x, expm1(x)) would send inf * 0 through the branch not taken.
      {.name = "elu", .summary = "where(x > 0, x, exp(x) - 1)",
       .reference = [](const double* x) { return x[0] > 0 ? x[0] : std::expm1(x[0]); },
       .derivative = [](Program& p, Operands x, NodeId y, int) {
         return p.map("where", {p.map("greater", {x[0], p.constant(0)}), p.constant(1), p.add(y, p.constant(1))});
       },
       .expansion = elu_expansion,
       .kinks = {0}, .cost = 22},
  };
}

}  // namespace rnnc::ir
