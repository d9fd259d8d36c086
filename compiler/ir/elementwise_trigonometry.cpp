// Sine and cosine.
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

constexpr double two_over_pi = 0.63661977236758134308;
// pi/2 in three parts, each rounded down: positive, so that -0 stays -0.
constexpr double quarter_turn_f32[] = {0x1.921fb4p+0, 0x1.4442dp-24, 0x1.846988p-48};
constexpr double quarter_turn_f64[] = {0x1.921fb54442d18p+0, 0x1.1a62633145c06p-54, 0x1.c1cd129024e08p-107};

// sin(x + quarters * pi/2). x = n pi/2 + r with pi/2 in three parts; r is kept within bounds where x is too large for
// that (|x| beyond about 10^6 in f32, 10^15 in f64), so that the result is at least in [-1, 1].
Value sine(Arithmetic& a, Value x, int quarters) {
  const pieces::Format& f = pieces::format(a);
  const double* turn = a.is_double() ? quarter_turn_f64 : quarter_turn_f32;
  const int top = a.is_double() ? 62 : 30;
  const Value magic = a.constant(f.round_magic);
  const Value shifted = a.fma(x, a.constant(two_over_pi), magic);
  const Value n = a.sub(shifted, magic);
  Value r = pieces::remainder(a, n, a.constant(-turn[0]), x);
  r = pieces::remainder(a, n, a.constant(-turn[1]), r);
  r = a.fnma(n, a.constant(turn[2]), r);
  r = a.max(a.constant(-0.8), a.min(a.constant(0.8), r));
  // n mod 4 in the two top bits: bit 1 is the sign, bit 0 asks for the cosine.
  Value quadrant = a.shift_left(shifted, top);
  if (quarters) quadrant = a.int_add(quadrant, a.bits(std::uint64_t(quarters) << top));
  const Value z = a.mul(r, r);
  using namespace coefficients;
  const Value sin_tail = pieces::polynomial(a, z, sin_f32, sin_f64);
  const Value cos_tail = pieces::polynomial(a, z, cos_f32, cos_f64);
  const Value one = a.constant(1);
  const Value sin = a.mul(r, a.fma(z, sin_tail, one));
  const Value cos = a.fma(z, a.fma(z, cos_tail, a.constant(-0.5)), one);
  const Value is_sine = a.equal(a.bit_and(quadrant, a.bits(std::uint64_t(1) << top)), a.constant(0));
  return a.bit_xor(a.select(is_sine, sin, cos), a.bit_and(quadrant, a.bits(f.sign)));
}

}  // namespace

std::vector<Elementwise> trigonometry_rows() {
  return {
      {.name = "sin",
       .summary = "sine of an angle in radians; accurate up to 1e5 (f32) and 1e9 (f64), then at least in [-1, 1]",
       .reference = [](const double* x) { return std::sin(x[0]); },
       .derivative = [](Program& p, Operands x, NodeId, int) { return p.map("cos", {x[0]}); },
       .expansion = [](Arithmetic& a, Values x) { return sine(a, x[0], 0); },
       .error_ulp_f32 = 2.5, .error_ulp_f64 = 2.5,
       .cost = 22},
      {.name = "cos", .summary = "cosine of an angle in radians; accurate as far as sin",
       .reference = [](const double* x) { return std::cos(x[0]); },
       .derivative = [](Program& p, Operands x, NodeId, int) { return p.neg(p.map("sin", {x[0]})); },
       .expansion = [](Arithmetic& a, Values x) { return sine(a, x[0], 1); },
       .error_ulp_f32 = 2.5, .error_ulp_f64 = 2.5,
       .cost = 23},
  };
}

}  // namespace rnnc::ir
