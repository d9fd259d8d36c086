#include "tests/bench/peak.h"

#include <cmath>
#include <initializer_list>
#if defined(__AVX2__) && defined(__FMA__)
#include <immintrin.h>
#endif

namespace rnnc::bench {
namespace {
volatile float sink;
}

#if defined(__AVX2__) && defined(__FMA__)
// Two units times a latency of four or five wants ten chains; twelve leave registers for the operands. Named variables:
// compilers keep an array of this size in memory. Every chain starts from a number of its own: equal ones would be
// computed once.
double spin_fma(std::int64_t rounds) {
  const __m256 m = _mm256_set1_ps(0.999f), c = _mm256_set1_ps(0.001f);
  auto start = [](float number) { return _mm256_set1_ps(number); };
  __m256 a0 = start(0.1f), a1 = start(0.2f), a2 = start(0.3f), a3 = start(0.4f), a4 = start(0.5f), a5 = start(0.6f);
  __m256 a6 = start(0.7f), a7 = start(0.8f), a8 = start(0.9f), a9 = start(1.1f), a10 = start(1.2f), a11 = start(1.3f);
  for (std::int64_t i = 0; i < rounds; ++i) {
    a0 = _mm256_fmadd_ps(a0, m, c), a1 = _mm256_fmadd_ps(a1, m, c), a2 = _mm256_fmadd_ps(a2, m, c);
    a3 = _mm256_fmadd_ps(a3, m, c), a4 = _mm256_fmadd_ps(a4, m, c), a5 = _mm256_fmadd_ps(a5, m, c);
    a6 = _mm256_fmadd_ps(a6, m, c), a7 = _mm256_fmadd_ps(a7, m, c), a8 = _mm256_fmadd_ps(a8, m, c);
    a9 = _mm256_fmadd_ps(a9, m, c), a10 = _mm256_fmadd_ps(a10, m, c), a11 = _mm256_fmadd_ps(a11, m, c);
  }
  __m256 sum = c;
  for (__m256 a : {a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11}) sum = _mm256_add_ps(sum, a);
  sink = _mm256_cvtss_f32(sum);
  return static_cast<double>(rounds) * 12 * 8 * 2;
}

// Four places at a time, as one would not be enough to keep memory busy, and eight sums: additions must not be what
// limits it.
void read_all(const float* numbers, std::int64_t count) {
  const std::int64_t quarter = count / 4;
  __m256 sums[8];
  for (__m256& sum : sums) sum = _mm256_setzero_ps();
  std::int64_t i = 0;
  for (; i + 16 <= quarter; i += 16)
    for (int k = 0; k < 8; ++k)
      sums[k] = _mm256_add_ps(sums[k], _mm256_loadu_ps(numbers + k / 2 * quarter + i + k % 2 * 8));
  for (; i < quarter; ++i)
    for (int k = 0; k < 4; ++k) sums[k] = _mm256_add_ps(sums[k], _mm256_set1_ps(numbers[k * quarter + i]));
  for (i = 4 * quarter; i < count; ++i) sums[0] = _mm256_add_ps(sums[0], _mm256_set1_ps(numbers[i]));
  for (int k = 1; k < 8; ++k) sums[0] = _mm256_add_ps(sums[0], sums[k]);
  sink = _mm256_cvtss_f32(sums[0]);
}
#else
double spin_fma(std::int64_t rounds) {
  float a[32];
  for (int k = 0; k < 32; ++k) a[k] = static_cast<float>(k);
  for (std::int64_t i = 0; i < rounds; ++i)
    for (int k = 0; k < 32; ++k) a[k] = std::fma(a[k], 0.999f, 0.001f);
  float sum = 0;
  for (float value : a) sum += value;
  sink = sum;
  return static_cast<double>(rounds) * 32 * 2;
}

void read_all(const float* numbers, std::int64_t count) {
  float sums[32] = {};
  std::int64_t i = 0;
  for (; i + 32 <= count; i += 32)
    for (int k = 0; k < 32; ++k) sums[k] += numbers[i + k];
  float sum = 0;
  for (; i < count; ++i) sum += numbers[i];
  for (float value : sums) sum += value;
  sink = sum;
}
#endif

}  // namespace rnnc::bench
