// What one core can do at most: the yardstick of every row.
#pragma once

#include <cstdint>

namespace rnnc::bench {

// Runs `rounds` rounds of fused multiply-adds in f32 that wait for nothing but each other's units, in the default target's vectors.
// Returns the floating-point operations it did.
double spin_fma(std::int64_t rounds);

}  // namespace rnnc::bench
