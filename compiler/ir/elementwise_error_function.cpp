// The error function and its complement.
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

constexpr double two_over_sqrt_pi = 1.12837916709551257390;

NodeId scaled_bell(Program& p, double scale, NodeId x) {  // scale * exp(-x^2)
  return p.mul(p.constant(scale), p.map("exp", {p.neg(p.mul(x, x))}));
}

// erfc(b) for b >= 0: e^-b^2 times a polynomial in t = (b - k) / (b + k), over b + k. (The scaled function
// (b + k) e^(b^2) erfc(b) is smooth up to infinity.)
Value erfc_of_positive(Arithmetic& a, Value b) {
  const Value k = a.constant(a.is_double() ? 4 : 3);
  const Value inverse = a.div(a.constant(1), a.add(b, k));
  const Value t = a.mul(a.sub(b, k), inverse);
  using namespace coefficients;
  const Value p = pieces::polynomial(a, t, erfc_f32, erfc_f64);
  // b^2 = square + rest; e^-rest is 1 - rest as far as it matters.
  const Value square = a.mul(b, b);
  const Value rest = pieces::remainder(a, b, b, a.neg(square));
  const Value scaled = a.mul(p, inverse);
  return a.mul(pieces::exp(a, a.neg(square)), a.fnma(scaled, rest, scaled));
}

Value erfc_expansion(Arithmetic& a, Values x) {
  const Value end = a.constant(a.is_double() ? 28 : 11);  // past it erfc underflows
  const Value right = erfc_of_positive(a, a.min(end, a.abs(x[0])));
  return a.select(a.less(x[0], a.constant(0)), a.sub(a.constant(2), right), right);
}

// A polynomial near 0, 1 - erfc elsewhere.
Value erf_expansion(Arithmetic& a, Values x) {
  const Value size = a.min(a.constant(11), a.abs(x[0]));  // at 11 it has long been 1
  const Value near = a.mul(
      size, pieces::polynomial(a, a.mul(size, size), coefficients::erf_f32, coefficients::erf_f64));
  const Value far = a.sub(a.constant(1), erfc_of_positive(a, size));
  const Value sign = a.bit_and(x[0], a.bits(pieces::format(a).sign));
  return a.bit_xor(a.select(a.less(size, a.constant(0.84)), near, far), sign);
}

}  // namespace

std::vector<Elementwise> error_function_rows() {
  return {
      {.name = "erf", .summary = "error function",
       .reference = [](const double* x) { return std::erf(x[0]); },
       .derivative = [](Program& p, Operands x, NodeId, int) { return scaled_bell(p, two_over_sqrt_pi, x[0]); },
       .expansion = erf_expansion,
       .error_ulp_f32 = 3, .error_ulp_f64 = 2.5,
       .cost = 57},
      {.name = "erfc", .summary = "1 - erf(x), accurate in the right tail",
       .reference = [](const double* x) { return std::erfc(x[0]); },
       .derivative = [](Program& p, Operands x, NodeId, int) { return scaled_bell(p, -two_over_sqrt_pi, x[0]); },
       .expansion = erfc_expansion,
       .error_ulp_f32 = 7, .error_ulp_f64 = 9,
       .cost = 48},
  };
}

}  // namespace rnnc::ir
