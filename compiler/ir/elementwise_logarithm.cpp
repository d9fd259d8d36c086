// Logarithms, and the power made from one.
#include <cmath>
#include <limits>
#include <vector>

#include "compiler/ir/elementwise_coefficients.h"
#include "compiler/ir/elementwise_pieces.h"
#include "compiler/ir/elementwise_rows.h"
#include "compiler/ir/program.h"

namespace rnnc::ir {
namespace {

using Operands = std::span<const NodeId>;
using Value = Arithmetic::Value;
using Values = std::span<const Value>;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// Not by a comparison with infinity: a compiler that is told that there is none, as by Clang's -fno-honor-infinities, takes
// that as it likes, and finite numbers with it.
double largest_number(const Arithmetic& a) {
  return a.is_double() ? std::numeric_limits<double>::max() : static_cast<double>(std::numeric_limits<float>::max());
}
Value is_below_infinity(Arithmetic& a, Value x) { return a.less_equal(x, a.constant(largest_number(a))); }

// `result` inside (pole, infinity), -infinity at the pole, NaN below; infinity and NaN as they are.
Value with_limits(Arithmetic& a, Value x, double pole, Value result) {
  const Value finite = a.select(is_below_infinity(a, x), result, x);
  const Value at_pole = a.equal(x, a.constant(pole));
  const Value outside = a.select(at_pole, a.constant(-infinity), a.constant(not_a_number));
  return a.select(a.less(a.constant(pole), x), finite, outside);
}

Value log_expansion(Arithmetic& a, Values x) {
  const pieces::Format& f = pieces::format(a);
  const Value is_denormal = a.less(x[0], a.constant(f.smallest_normal));
  const double scale = std::ldexp(1.0, f.mantissa_bits);
  const Value normal = a.select(is_denormal, a.mul(x[0], a.constant(scale)), x[0]);
  const auto [m, biased] = pieces::reduce_log(a, normal);
  const double origin = pieces::integer_carrier(a) + f.bias;
  const Value k = pieces::to_number(
      a, biased, a.select(is_denormal, a.constant(origin + f.mantissa_bits), a.constant(origin)));
  return with_limits(a, x[0], 0, pieces::log_of_reduced(a, k, a.sub(m, a.constant(1))));
}

// log(u) with u = 1 + x rounded, u = 2^k m; what the rounding lost, (x - (u - 1)) 2^-k, is put back into m - 1.
Value log1p_expansion(Arithmetic& a, Values x) {
  const pieces::Format& f = pieces::format(a);
  const Value one = a.constant(1);
  const Value u = a.add(x[0], one);
  const auto [m, biased] = pieces::reduce_log(a, u);
  const Value k = pieces::to_number(a, biased, a.constant(pieces::integer_carrier(a) + f.bias));
  const Value lost = a.sub(x[0], a.sub(u, one));
  const Value opposite = a.int_sub(a.bits(2 * std::uint64_t(f.bias) + 1), biased);  // 1 - k
  const Value reduced = a.fma(a.mul(lost, a.constant(0.5)), pieces::power_of_two(a, opposite), a.sub(m, one));
  const Value result = with_limits(a, x[0], -1, pieces::log_of_reduced(a, k, reduced));
  const Value tiny = a.less(a.abs(x[0]), a.constant(a.is_double() ? 0x1p-60 : 0x1p-30));  // -0 and denormals
  return a.select(tiny, x[0], result);
}

// A number as the unevaluated sum of two, the second at most a few hundredths of the first.
struct Pair {
  Value high, low;
};

// x + y for |x| >= |y|, nothing lost.
Pair sum_of_ordered(Arithmetic& a, Value x, Value y) {
  const Value sum = a.add(x, y);
  return {sum, a.sub(y, a.sub(sum, x))};
}

// log2(m 2^k) to a dozen bits more than the element type has: 2 log2(e) atanh(z), z = (m - 1) / (m + 1), where
// atanh z = z + z (z^2/3 + z^4 tail). The terms before the tail are pairs: a rounding of z^3/3 would be seen when the power
// multiplies it by hundreds; the tail's own is small enough.
Pair log2_of_reduced(Arithmetic& a, Value m, Value k) {
  const Value one = a.constant(1);
  const Value numerator = a.sub(one, m), denominator = a.add(m, one);  // negative, and so is the inverse
  const Value denominator_low = a.sub(m, a.sub(denominator, one));
  const Value inverse = a.div(a.constant(-1), denominator);
  const Value z = a.mul(numerator, inverse);
  const Value left = a.fma(z, denominator_low, pieces::remainder(a, z, denominator, numerator));
  const Value z_low = a.mul(left, inverse);
  const Value square = a.mul(z, z);
  const Value square_low = a.fma(a.add(z, z), z_low, pieces::remainder(a, z, z, a.neg(square)));

  // z^2/3 + z^4 tail, the second part of 1/3 being the tail's first coefficient.
  const double third_low = a.is_double() ? 0x1.5555555555555p-56 : -9.934107458286201e-09;
  std::vector<double> tail{third_low};
  const std::span<const double> higher = a.is_double() ? std::span<const double>(coefficients::log2_f64)
                                                       : std::span<const double>(coefficients::log2_f32);
  tail.insert(tail.end(), higher.begin(), higher.end());
  const Value third = a.constant(a.is_double() ? 0x1.5555555555555p-2 : 0.3333333432674408);
  const Value bend = a.mul(square, third);
  const Value bend_error = a.fma(square_low, third, pieces::remainder(a, square, third, a.neg(bend)));
  const Value bend_low = a.fma(square, pieces::polynomial(a, square, tail), bend_error);

  const Value bent = a.mul(z, bend);
  const Value bent_error = a.fma(z, bend_low, pieces::remainder(a, z, bend, a.neg(bent)));
  const Value bent_low = a.add(bent_error, a.fma(z_low, bend, z_low));
  const Pair atanh = sum_of_ordered(a, z, bent);
  const Value atanh_low = a.add(atanh.low, bent_low);

  // 2 log2(e) in two parts.
  const Value c = a.constant(a.is_double() ? 0x1.71547652b82fep+1 : 2.885390043258667);
  const Value c_low = a.constant(a.is_double() ? 0x1.777d0ffda0d24p-55 : 3.851926067000022e-08);
  const Value high = a.mul(atanh.high, c);
  const Value error = a.fma(atanh.high, c_low, pieces::remainder(a, atanh.high, c, a.neg(high)));
  const Pair sum = sum_of_ordered(a, k, high);  // |k| >= |high|, or k = 0
  return {sum.high, a.add(sum.low, a.fma(atanh_low, c, error))};
}

// 2^(high + low), for |high| up to Format::bias + a few dozen and |low| < 2.
Value exp2_of(Arithmetic& a, Value high, Value low) {
  const Value magic = a.constant(pieces::format(a).round_magic + 2 * pieces::format(a).bias);
  const Value shifted = a.add(a.add(high, low), magic);
  const Value rest = a.add(a.sub(high, a.sub(shifted, magic)), low);
  const Value r = a.mul(rest, a.constant(0.69314718055994530942));
  return pieces::scale_in_two_steps(a, pieces::exp_of_reduced(a, r), shifted);
}

// x^y = ± 2^(y log2 |x|).
Value pow_expansion(Arithmetic& a, Values x) {
  const pieces::Format& f = pieces::format(a);
  const Value zero = a.constant(0), one = a.constant(1);
  const Value base = a.abs(x[0]);
  const Value is_denormal = a.less(base, a.constant(f.smallest_normal));
  const Value normal = a.select(is_denormal, a.mul(base, a.constant(std::ldexp(1.0, f.mantissa_bits))), base);
  const auto [m, biased] = pieces::reduce_log(a, normal);
  const double origin = pieces::integer_carrier(a) + f.bias;
  const Value k = pieces::to_number(
      a, biased, a.select(is_denormal, a.constant(origin + f.mantissa_bits), a.constant(origin)));
  Pair log2 = log2_of_reduced(a, m, k);
  log2.high = a.select(is_below_infinity(a, base), log2.high, base);  // infinity and NaN pass
  log2.high = a.select(a.equal(base, zero), a.constant(-infinity), log2.high);
  // A larger exponent gives 0, 1 or infinity as this one does, and the products below stay finite.
  const double largest = a.is_double() ? 0x1p70 : 0x1p40;
  const Value y = a.min(a.constant(largest), a.max(a.constant(-largest), x[1]));
  const double range = f.bias + f.mantissa_bits + 4;
  const Value product = a.mul(y, log2.high);
  const Value product_low = a.fma(y, log2.low, pieces::remainder(a, y, log2.high, a.neg(product)));
  const Value inside = a.less(a.abs(product), a.constant(range));
  const Value limited = a.min(a.constant(range), a.max(a.constant(-range), product));
  Value result = exp2_of(a, limited, a.select(inside, product_low, zero));
  // The sign: that of x where y is odd; NaN where x < 0 is finite and y not whole.
  const Value half = a.mul(y, a.constant(0.5));
  const Value is_whole = a.equal(a.floor(y), y), half_is_whole = a.equal(a.floor(half), half);
  const Value is_odd = a.mask_and(is_whole, a.mask_not(half_is_whole));
  result = a.bit_xor(result, a.select(is_odd, a.bit_and(x[0], a.bits(f.sign)), zero));
  const Value is_negative = a.mask_and(a.less(x[0], zero), a.less_equal(a.constant(-largest_number(a)), x[0]));
  result = a.select(a.mask_and(is_negative, a.mask_not(is_whole)), a.add(a.constant(not_a_number), y), result);
  return a.select(a.mask_or(a.equal(x[1], zero), a.equal(x[0], one)), one, result);
}

// x^y: y x^(y-1), which is 0 for y = 0 at x = 0, too, and x^y log x. At x = 0 the latter is taken as 0 (its limit for y > 0).
NodeId power_derivative(Program& p, Operands x, NodeId y, int i) {
  if (i == 0) {
    const NodeId slope = p.mul(x[1], p.map("pow", {x[0], p.sub(x[1], p.constant(1))}));
    if (p[x[1]].kind == NodeKind::constant && p[x[1]].value != 0) return slope;
    return p.map("where", {p.map("equal", {x[1], p.constant(0)}), p.constant(0), slope});
  }
  const NodeId at_zero = p.map("equal", {x[0], p.constant(0)});
  return p.map("where", {at_zero, p.constant(0), p.mul(y, p.map("log", {x[0]}))});
}

}  // namespace

std::vector<Elementwise> logarithm_rows() {
  return {
      {.name = "log", .summary = "natural logarithm; -inf at 0, NaN below",
       .reference = [](const double* x) { return std::log(x[0]); },
       .derivative = [](Program& p, Operands x, NodeId, int) { return p.div(p.constant(1), x[0]); },
       .expansion = log_expansion,
       .error_ulp_f32 = 1.5, .error_ulp_f64 = 1.5,
       .low = 0.05, .high = 6, .cost = 31},
      {.name = "log1p", .summary = "log(1 + x), accurate near 0",
       .reference = [](const double* x) { return std::log1p(x[0]); },
       .derivative = [](Program& p, Operands x, NodeId, int) {
         return p.div(p.constant(1), p.add(p.constant(1), x[0]));
       },
       .expansion = log1p_expansion,
       .error_ulp_f32 = 2, .error_ulp_f64 = 2,
       .low = -0.9, .high = 6, .cost = 37},
      {.name = "pow", .spelling = "^", .arity = 2,
       .summary = "x to the power y; x^0 = 1; a negative x has whole powers only (else NaN); the derivative in y is 0 where x is",
       .reference = [](const double* x) { return std::pow(x[0], x[1]); },
       .derivative = power_derivative,
       .expansion = pow_expansion,
       .error_ulp_f32 = 1.5, .error_ulp_f64 = 2,
       .low = 0.1, .high = 3, .cost = 112},
  };
}

}  // namespace rnnc::ir
