// Random numbers that depend on nothing but their key and counter: the same on every machine, in any order.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string_view>

namespace rnnc::runtime {

// Threefry-2x64 with 20 rounds (Salmon, Moraes, Dror, Shaw: Parallel Random Numbers: As Easy as 1, 2, 3; SC 2011).
constexpr std::array<std::uint64_t, 2> threefry(std::array<std::uint64_t, 2> counter,
                                                std::array<std::uint64_t, 2> key) {
  constexpr int rotations[8] = {16, 42, 12, 31, 16, 32, 24, 21};
  const std::uint64_t keys[3] = {key[0], key[1], 0x1BD11BDAA9FC1A22u ^ key[0] ^ key[1]};
  std::uint64_t x = counter[0] + keys[0], y = counter[1] + keys[1];
  for (int round = 0; round < 20; ++round) {
    const int by = rotations[round % 8];
    x += y;
    y = ((y << by) | (y >> (64 - by))) ^ x;
    if (round % 4 == 3) {
      const unsigned injection = static_cast<unsigned>(round / 4 + 1);
      x += keys[injection % 3];
      y += keys[(injection + 1) % 3] + injection;
    }
  }
  return {x, y};
}

// FNV-1a, to key a stream by a name.
constexpr std::uint64_t name_hash(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash;
}

// The numbers of one named stream under a seed.
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::string_view name) : key_{seed, name_hash(name)} {}

  std::uint64_t bits(std::uint64_t i) const { return threefry({i, 0}, key_)[0]; }
  // Number i, uniform in [0, 1), a multiple of 2^-53.
  double uniform(std::uint64_t i) const { return to_unit(bits(i)); }
  // Number i of the standard normal distribution (Box and Muller, 1958).
  double normal(std::uint64_t i) const {
    const auto [a, b] = threefry({i, 1}, key_);
    return std::sqrt(-2 * std::log(1 - to_unit(a))) * std::cos(2 * std::numbers::pi * to_unit(b));
  }

 private:
  static double to_unit(std::uint64_t bits) { return static_cast<double>(bits >> 11) * 0x1p-53; }
  std::array<std::uint64_t, 2> key_;
};

}  // namespace rnnc::runtime
