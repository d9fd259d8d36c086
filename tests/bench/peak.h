// What one core can do at most: the yardstick of every row.
#pragma once

#include <cstdint>

namespace rnnc::bench {

// Runs `rounds` rounds of independent fused multiply-adds in f32, in vectors of the default target (AVX2). Returns the
// floating-point operations it did.
double spin_fma(std::int64_t rounds);

// Reads `count` numbers once, as fast as loads go.
void read_all(const float* numbers, std::int64_t count);

}  // namespace rnnc::bench
