// The counter-based random numbers of dropout, zoneout and sampling: Threefry-2x32 with 20 rounds.
//
// Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011. Only 32-bit adds, rotates by
// constants and xors, so vector code reproduces every bit; the draw has 24 bits, so f32 and f64 runs agree.
//
// The draw for (seed, site, step, row, entry):
//   site key  S = threefry(key = {low(seed), high(seed)}, counter = {site, 0})
//   step key  K = threefry(key = S,                       counter = {low(step), high(step)})
//   block       = threefry(key = K,                       counter = {entry, row})
//   uniform     = (block[0] >> 8) * 2^-24                 in [0, 1)
// low and high are the halves of a 64-bit number (two's complement). step is the absolute step number, 0 for a value
// without an axis; row is 0 for a value that does not vary per row; entry counts row-major within the value. So only
// the last line runs per entry, and S and K are scalars per site and per step.
#pragma once

#include <array>
#include <cstdint>

namespace rnnc::ir {

using ThreefryBlock = std::array<std::uint32_t, 2>;

inline ThreefryBlock threefry(ThreefryBlock key, ThreefryBlock counter) {
  constexpr std::array<int, 8> rotations{13, 15, 26, 6, 17, 29, 16, 24};
  constexpr std::uint32_t parity = 0x1BD11BDA;
  const std::array<std::uint32_t, 3> schedule{key[0], key[1], parity ^ key[0] ^ key[1]};
  std::uint32_t a = counter[0] + schedule[0], b = counter[1] + schedule[1];
  for (std::uint32_t round = 0; round < 20; ++round) {
    int rotation = rotations[round % 8];
    a += b;
    b = (b << rotation) | (b >> (32 - rotation));
    b ^= a;
    if (round % 4 == 3) {
      std::uint32_t injection = round / 4 + 1;
      a += schedule[injection % 3];
      b += schedule[(injection + 1) % 3] + injection;
    }
  }
  return {a, b};
}

inline ThreefryBlock threefry_step_key(std::uint64_t seed, std::uint32_t site, std::int64_t step) {
  auto halves = [](std::uint64_t x) {
    return ThreefryBlock{static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(x >> 32)};
  };
  return threefry(threefry(halves(seed), {site, 0}), halves(static_cast<std::uint64_t>(step)));
}

inline double threefry_uniform(ThreefryBlock step_key, std::uint32_t row, std::uint32_t entry) {
  return static_cast<double>(threefry(step_key, {entry, row})[0] >> 8) * 0x1p-24;
}

}  // namespace rnnc::ir
