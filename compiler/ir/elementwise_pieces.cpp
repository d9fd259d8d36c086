#include "compiler/ir/elementwise_pieces.h"

#include <vector>

#include "compiler/ir/elementwise_coefficients.h"

namespace rnnc::ir::pieces {
namespace {

constexpr double log2_e = 1.44269504088896340736;
constexpr double ln2 = 0.69314718055994530942;

// ln 2 in two parts; the first has so few bits that its product with a whole n is exact without fma, too.
struct TwoParts {
  double high, low;
};
TwoParts ln2_parts(const Arithmetic& a) {
  if (a.is_double()) return {0x1.62e42feep-1, 1.9082149292705878161e-10};
  return {0x1.63p-1, -2.1219444005469058277e-4};
}

// The coefficients of (e^(scale * r) - 1 - scale * r) / r^2 in r.
std::vector<double> tail_coefficients(const Arithmetic& a, std::span<const double> f32, std::span<const double> f64,
                                      int scale) {
  const std::span<const double> c = a.is_double() ? f64 : f32;
  std::vector<double> scaled(c.begin(), c.end());
  double power = double(scale) * scale;
  for (double& value : scaled) {
    value *= power;
    power *= scale;
  }
  return scaled;
}

}  // namespace

const Format& format(const Arithmetic& a) {
  static const Format f32{23, 127, 0x1.8p23, 0x3f800000, 0x80000000, 0x007fffff, 0x3f3504f3, 0x1p-126};
  static const Format f64{52, 1023, 0x1.8p52, 0x3ff0000000000000, 0x8000000000000000, 0x000fffffffffffff,
                          0x3fe6a09e667f3bcd, 0x1p-1022};
  return a.is_double() ? f64 : f32;
}

Value polynomial(Arithmetic& a, Value x, std::span<const double> c) {
  Value sum = a.constant(c.back());
  for (std::size_t k = c.size() - 1; k-- > 0;) sum = a.fma(sum, x, a.constant(c[k]));
  return sum;
}

Value polynomial(Arithmetic& a, Value x, std::span<const double> f32, std::span<const double> f64) {
  return polynomial(a, x, a.is_double() ? f64 : f32);
}

Value split_polynomial(Arithmetic& a, Value x, Value square, std::span<const double> c) {
  std::vector<double> parts[2];
  for (std::size_t k = 0; k < c.size(); ++k) parts[k % 2].push_back(c[k]);
  const Value even = polynomial(a, square, parts[0]);
  return a.fma(polynomial(a, square, parts[1]), x, even);
}

// Without fma what the product lost is put together from halves, whose products are exact (Dekker 1971).
Value remainder(Arithmetic& a, Value x, Value y, Value c) {
  if (a.fuses()) return a.fma(x, y, c);
  const Format& f = format(a);
  const std::uint64_t low = (std::uint64_t{1} << (f.mantissa_bits / 2 + 1)) - 1, all = f.sign | (f.sign - 1);
  const Value mask = a.bits(all & ~low);
  const Value x_high = a.bit_and(x, mask), y_high = a.bit_and(y, mask);
  const Value x_low = a.sub(x, x_high), y_low = a.sub(y, y_high);
  const Value product = a.mul(x, y);
  Value gained = a.sub(product, a.mul(x_high, y_high));
  gained = a.sub(a.sub(gained, a.mul(x_high, y_low)), a.mul(x_low, y_high));
  gained = a.sub(gained, a.mul(x_low, y_low));
  return a.sub(a.add(product, c), gained);
}

ExpReduction reduce_exp(Arithmetic& a, Value x, int bias, int scale) {
  const Value magic = a.constant(format(a).round_magic + bias);
  const TwoParts parts = ln2_parts(a);
  const Value shifted = a.fma(x, a.constant(log2_e * scale), magic);
  const Value n = a.sub(shifted, magic);
  const Value nearly = a.fnma(n, a.constant(parts.high / scale), x);
  return {a.fnma(n, a.constant(parts.low / scale), nearly), shifted};
}

Value power_of_two(Arithmetic& a, Value shifted) { return a.shift_left(shifted, format(a).mantissa_bits); }

Value scale_in_two_steps(Arithmetic& a, Value p, Value shifted) {
  const Value half = a.shift_right(shifted, 1);
  const Value rest = a.int_sub(shifted, half);
  return a.mul(a.mul(p, power_of_two(a, half)), power_of_two(a, rest));
}

Value exp_of_reduced(Arithmetic& a, Value r, int scale) {
  std::vector<double> c = {1.0, double(scale)};
  const std::vector<double> tail = tail_coefficients(a, coefficients::exp_f32, coefficients::exp_f64, scale);
  c.insert(c.end(), tail.begin(), tail.end());
  return polynomial(a, r, c);
}

Value expm1_of_reduced(Arithmetic& a, Value r, int scale) {
  std::vector<double> tail = tail_coefficients(a, coefficients::expm1_f32, coefficients::expm1_f64, scale);
  for (double& c : tail) c /= scale;
  const Value square = a.mul(r, r);
  return a.fma(square, split_polynomial(a, r, square, tail), r);
}

Value exp(Arithmetic& a, Value x) {
  // Just past the ends, where the result is infinite or rounds to 0.
  const Value low = a.constant(a.is_double() ? -746 : -104), high = a.constant(a.is_double() ? 710 : 89);
  const auto [r, shifted] = reduce_exp(a, a.min(high, a.max(low, x)), 2 * format(a).bias);
  return scale_in_two_steps(a, exp_of_reduced(a, r), shifted);
}

LogReduction reduce_log(Arithmetic& a, Value x) {
  const Format& f = format(a);
  const Value moved = a.int_add(x, a.bits(f.one - f.sqrt_half));
  const Value m = a.int_add(a.bit_and(moved, a.bits(f.mantissa)), a.bits(f.sqrt_half));
  return {m, a.shift_right(moved, f.mantissa_bits)};
}

double integer_carrier(const Arithmetic& a) { return a.is_double() ? 0x1p52 : 0x1p23; }

Value to_number(Arithmetic& a, Value biased, Value origin) {
  return a.sub(a.bit_or(biased, a.constant(integer_carrier(a))), origin);
}

Value log_of_reduced(Arithmetic& a, Value k, Value f) {
  const TwoParts parts = ln2_parts(a);
  Value rest;  // log(1 + f) - f
  if (a.is_double()) {
    // log(1 + f) = 2 atanh(s) = 2 s + 2 s^3 tail(s^2), and 2 s = f - s f.
    const Value s = a.div(f, a.add(a.constant(2), f));
    const Value z = a.mul(s, s);
    const Value bent = a.mul(a.add(z, z), polynomial(a, z, coefficients::log_f64));
    rest = a.mul(s, a.sub(bent, f));
    rest = a.fma(k, a.constant(parts.low), rest);
  } else {
    const Value z = a.mul(f, f);
    rest = a.mul(a.mul(z, f), split_polynomial(a, f, z, coefficients::log_f32));
    rest = a.fnma(a.constant(0.5), z, a.fma(k, a.constant(parts.low), rest));
  }
  return a.fma(k, a.constant(parts.high), a.add(f, rest));
}

}  // namespace rnnc::ir::pieces
