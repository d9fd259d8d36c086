// Everybody who runs a row: compiled by rnnc in each way, and written by hand.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "runtime/abi.h"
#include "tests/bench/rows.h"

namespace rnnc::bench {

struct Rival {
  std::string name;
  const rnnc_model* model = nullptr;
  std::shared_ptr<void> owner;      // of the model; null where it lives until the program ends
  double compile_milliseconds = 0;  // from source text to code that can be called; 0: written by hand
  std::string absent;               // why there is no model: this machine or build lacks something
};

inline constexpr const char* generated = "generated";
inline constexpr const char* generated_clang = "clang";
inline constexpr const char* jit = "jit";
inline constexpr const char* plain = "plain";
inline constexpr const char* blas = "blas";

// `clang`: the command of a second C++ compiler for the emitted code, or empty. Throws std::runtime_error when the
// source does not compile, and Bug and Unsupported as the compiler does.
std::vector<Rival> make_rivals(const Row& row, const std::string& clang);

}  // namespace rnnc::bench
