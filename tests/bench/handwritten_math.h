// Activations as a specialist writes them: short, branchless, so that a loop over them vectorises.
#pragma once

#include <bit>
#include <cstdint>

namespace rnnc::bench {

// exp(x) for |x| up to 87 (further out: the value there). Cody-Waite reduction, polynomial of degree 5.
inline float fast_exp(float x) {
  x = x < -87.0f ? -87.0f : x;
  x = x > 87.0f ? 87.0f : x;
  const float magic = 12582912.0f + 127.0f;  // 1.5 * 2^23: rounds to a whole number, left in the low bits
  const float shifted = x * 1.44269504f + magic;
  const float n = shifted - magic;
  const float r = (x - n * 0.693359375f) - n * -2.12194440e-4f;
  float p = 8.3333333e-3f;
  p = p * r + 4.1666667e-2f;
  p = p * r + 1.6666667e-1f;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  return p * std::bit_cast<float>(std::bit_cast<std::uint32_t>(shifted) << 23);
}

inline float fast_sigmoid(float x) { return 1.0f / (1.0f + fast_exp(-x)); }
inline float fast_tanh(float x) { return 2.0f / (1.0f + fast_exp(-2.0f * x)) - 1.0f; }

}  // namespace rnnc::bench
