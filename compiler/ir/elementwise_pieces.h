// Pieces that several expansions share. Only the elementwise_*.cpp files include this.
//
// A limit stands first in min and max, so that NaN passes: min(limit, x) is x where x is NaN.
#pragma once

#include <cstdint>
#include <span>

#include "compiler/ir/elementwise.h"

namespace rnnc::ir::pieces {

using Value = Arithmetic::Value;

// The element type's layout.
struct Format {
  int mantissa_bits;          // stored
  int bias;                   // of the exponent
  double round_magic;         // adding it rounds to a whole number, left in the low bits: 1.5 * 2^mantissa_bits
  std::uint64_t one;          // the representation of 1
  std::uint64_t sign;         // the sign bit
  std::uint64_t mantissa;     // the mantissa's bits
  std::uint64_t sqrt_half;    // the representation of sqrt(1/2)
  double smallest_normal;
};
const Format& format(const Arithmetic& a);

// c[0] + c[1] x + … by Horner's rule, one fma per degree.
Value polynomial(Arithmetic& a, Value x, std::span<const double> c);
// With the coefficients of the element type.
Value polynomial(Arithmetic& a, Value x, std::span<const double> f32, std::span<const double> f64);
// The same number of instructions in half as long a chain, given x^2: even and odd powers apart.
Value split_polynomial(Arithmetic& a, Value x, Value square, std::span<const double> c);

// x * y + c where the two nearly cancel, without the product's rounding; on targets without fma, too, at the price of a
// dozen instructions.
Value remainder(Arithmetic& a, Value x, Value y, Value c);

// e^(scale * x) = 2^n e^(scale * r) with |scale * r| <= ln 2 / 2, for |scale * x| up to 2^10. `scale` is 1, -1 or 2: it
// costs nothing, being part of the constants. `shifted` holds n + bias in its low bits.
struct ExpReduction {
  Value r, shifted;
};
ExpReduction reduce_exp(Arithmetic& a, Value x, int bias, int scale = 1);
// 2^(n + bias - Format::bias) from `shifted`; n + bias is within [0, 2 * Format::bias + 1], whose ends give 0 and
// infinity.
Value power_of_two(Arithmetic& a, Value shifted);
// p * 2^n, in two steps so that results too small or too large round as they should; `shifted` with bias
// 2 * Format::bias.
Value scale_in_two_steps(Arithmetic& a, Value p, Value shifted);
// e^(scale * r), and (e^(scale * r) - 1) / scale with small relative error near 0; |scale * r| <= ln 2 / 2.
Value exp_of_reduced(Arithmetic& a, Value r, int scale = 1);
Value expm1_of_reduced(Arithmetic& a, Value r, int scale = 1);
// exp(x); denormal results included.
Value exp(Arithmetic& a, Value x);

// x = 2^k m with sqrt(1/2) <= m < sqrt(2), for normal x > 0.
struct LogReduction {
  Value m;
  Value biased;  // k + Format::bias in the low bits, as an integer
};
LogReduction reduce_log(Arithmetic& a, Value x);
// The number k: what `biased` holds, less `origin` = integer_carrier + bias. (The number is formed as the low mantissa
// bits of the carrier, 2^mantissa_bits.)
double integer_carrier(const Arithmetic& a);
Value to_number(Arithmetic& a, Value biased, Value origin);
// k ln 2 + log(1 + f) for sqrt(1/2) <= 1 + f <= sqrt(2).
Value log_of_reduced(Arithmetic& a, Value k, Value f);

}  // namespace rnnc::ir::pieces
