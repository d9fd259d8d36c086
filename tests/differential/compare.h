// Runs two producers of the C ABI on the same random data and compares everything they write.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/abi.h"

namespace rnnc::testing {

struct CompareOptions {
  std::int64_t steps = 5, rows = 3;
  std::vector<std::int64_t> lengths;   // of each row on every axis; empty: all T
  bool give_states = true;             // pass initial values
  bool give_upstream = true;           // pass upstream gradients of outputs and final states
  bool backward = true;
  double scale = 0.5;                  // of random values
  std::uint64_t seed = 1;
  bool training = false;               // dropout and zoneout are on
  std::uint64_t draws = 0;             // the seed of the run's own random numbers
  std::int64_t first_step = 0;
  double rate = 0;                     // of own values among fed inputs
  std::int64_t windows = 0;            // of steps that training is divided into, if there are as many steps
  rnnc_parallel_for parallel_for = nullptr;  // for the second model
  void* pool = nullptr;
};

// The largest disagreement  max|a - b| / max|b|  over all tensors; each tensor's is in `lines`. A NaN anywhere, a nonzero
// return code or tables that differ give infinity and a line that says so.
struct Comparison {
  double worst = 0;
  std::string lines;
};

// Both models have the same tables and element type; `expected` is the oracle.
Comparison compare(const rnnc_model& expected, const rnnc_model& actual, const CompareOptions& options);

}  // namespace rnnc::testing
