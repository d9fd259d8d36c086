// What every lanewise instruction must compute, in plain scalar code; and the numbers to try it on.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <type_traits>
#include <vector>

#include "compiler/loop/builder.h"

namespace rnnc::loop {

template <class Real>
using Bits = std::conditional_t<sizeof(Real) == 8, std::uint64_t, std::uint32_t>;

template <class Real>
bool same(Real a, Real b) {
  return (std::isnan(a) && std::isnan(b)) || std::bit_cast<Bits<Real>>(a) == std::bit_cast<Bits<Real>>(b);
}

using V = ValueId;
using F = FunctionBuilder;
inline int p(V v) { return F::plain(v); }

template <class Real>
struct Case {
  const char* name;
  std::function<V(F&, V, V, V)> build;
  std::function<Real(Real, Real, Real)> expect;
};

template <class Real>
Real as_real(Bits<Real> bits) { return std::bit_cast<Real>(bits); }
template <class Real>
Bits<Real> as_bits(Real x) { return std::bit_cast<Bits<Real>>(x); }

template <class Real>
std::vector<Case<Real>> cases(bool fused) {
  auto id = [](int v) { return F::id(v); };
  auto truth = [id](F& f, int mask) { return id(f.select(mask, f.constant(1), f.constant(0))); };
  return {
      {"constant", [=](F& f, V, V, V) { return id(f.constant(0.1)); }, [](Real, Real, Real) { return Real(0.1); }},
      {"bits", [=](F& f, V, V, V) { return id(f.bits(0x80000001)); }, [](Real, Real, Real) { return as_real<Real>(0x80000001); }},
      {"add", [=](F& f, V a, V b, V) { return id(f.add(p(a), p(b))); }, [](Real a, Real b, Real) { return a + b; }},
      {"sub", [=](F& f, V a, V b, V) { return id(f.sub(p(a), p(b))); }, [](Real a, Real b, Real) { return a - b; }},
      {"mul", [=](F& f, V a, V b, V) { return id(f.mul(p(a), p(b))); }, [](Real a, Real b, Real) { return a * b; }},
      {"div", [=](F& f, V a, V b, V) { return id(f.div(p(a), p(b))); }, [](Real a, Real b, Real) { return a / b; }},
      // A product that nothing else uses: a compiler that contracts would round once.
      {"separate", [=](F& f, V a, V b, V c) { return id(f.add(f.mul(p(b), p(c)), p(a))); },
       [](Real a, Real b, Real c) { volatile Real bc = b * c; return static_cast<Real>(bc + a); }},
      {"fma", [=](F& f, V a, V b, V c) { return id(f.fma(p(a), p(b), p(c))); },
       [=](Real a, Real b, Real c) { volatile Real ab = a * b; return fused ? std::fma(a, b, c) : static_cast<Real>(ab + c); }},
      {"fnma", [=](F& f, V a, V b, V c) { return id(f.fnma(p(a), p(b), p(c))); },
       [=](Real a, Real b, Real c) { volatile Real ab = a * b; return fused ? std::fma(-a, b, c) : static_cast<Real>(c - ab); }},
      {"min", [=](F& f, V a, V b, V) { return id(f.min(p(a), p(b))); }, [](Real a, Real b, Real) { return a < b ? a : b; }},
      {"max", [=](F& f, V a, V b, V) { return id(f.max(p(a), p(b))); }, [](Real a, Real b, Real) { return a > b ? a : b; }},
      {"neg", [=](F& f, V a, V, V) { return id(f.neg(p(a))); }, [](Real a, Real, Real) { return -a; }},
      {"abs", [=](F& f, V a, V, V) { return id(f.abs(p(a))); }, [](Real a, Real, Real) { return std::fabs(a); }},
      {"sqrt", [=](F& f, V a, V, V) { return id(f.sqrt(p(a))); }, [](Real a, Real, Real) { return std::sqrt(a); }},
      {"round", [=](F& f, V a, V, V) { return id(f.round(p(a))); }, [](Real a, Real, Real) { return std::nearbyint(a); }},
      {"floor", [=](F& f, V a, V, V) { return id(f.floor(p(a))); }, [](Real a, Real, Real) { return std::floor(a); }},
      {"less", [=](F& f, V a, V b, V) { return truth(f, f.less(p(a), p(b))); }, [](Real a, Real b, Real) { return Real(a < b); }},
      {"less_equal", [=](F& f, V a, V b, V) { return truth(f, f.less_equal(p(a), p(b))); }, [](Real a, Real b, Real) { return Real(a <= b); }},
      {"equal", [=](F& f, V a, V b, V) { return truth(f, f.equal(p(a), p(b))); }, [](Real a, Real b, Real) { return Real(a == b); }},
      {"masks", [=](F& f, V a, V b, V c) { return truth(f, f.mask_or(f.mask_and(f.less(p(a), p(b)), f.mask_not(f.equal(p(b), p(c)))), f.less(p(c), p(a)))); },
       [](Real a, Real b, Real c) { return Real((a < b && !(b == c)) || c < a); }},
      {"select", [=](F& f, V a, V b, V c) { return id(f.select(f.less(p(a), p(b)), p(b), p(c))); }, [](Real a, Real b, Real c) { return a < b ? b : c; }},
      {"bit_and", [=](F& f, V a, V b, V) { return id(f.bit_and(p(a), p(b))); }, [](Real a, Real b, Real) { return as_real<Real>(as_bits(a) & as_bits(b)); }},
      {"bit_or", [=](F& f, V a, V b, V) { return id(f.bit_or(p(a), p(b))); }, [](Real a, Real b, Real) { return as_real<Real>(as_bits(a) | as_bits(b)); }},
      {"bit_xor", [=](F& f, V a, V b, V) { return id(f.bit_xor(p(a), p(b))); }, [](Real a, Real b, Real) { return as_real<Real>(as_bits(a) ^ as_bits(b)); }},
      {"int_add", [=](F& f, V a, V b, V) { return id(f.int_add(p(a), p(b))); }, [](Real a, Real b, Real) { return as_real<Real>(as_bits(a) + as_bits(b)); }},
      {"int_sub", [=](F& f, V a, V b, V) { return id(f.int_sub(p(a), p(b))); }, [](Real a, Real b, Real) { return as_real<Real>(as_bits(a) - as_bits(b)); }},
      {"shift_left", [=](F& f, V a, V, V) { return id(f.shift_left(p(a), 5)); }, [](Real a, Real, Real) { return as_real<Real>(as_bits(a) << 5); }},
      {"shift_right", [=](F& f, V a, V, V) { return id(f.shift_right(p(a), 9)); }, [](Real a, Real, Real) { return as_real<Real>(as_bits(a) >> 9); }},
  };
}

// Numbers where instructions differ from what one would expect.
template <class Real>
std::vector<Real> special_numbers() {
  using L = std::numeric_limits<Real>;
  return {Real(0), -Real(0), Real(1), Real(-1), Real(0.5), Real(-0.5), Real(1.5), Real(2.5), Real(-2.5),
          Real(0.1), L::infinity(), -L::infinity(), L::quiet_NaN(), L::max(), -L::max(), L::min(),
          L::denorm_min(), -L::denorm_min(), Real(8388607.5), Real(4503599627370495.5), Real(-3.7)};
}

}  // namespace rnnc::loop
