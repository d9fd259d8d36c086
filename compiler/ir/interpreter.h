// The oracle: evaluates a Program directly in double precision, without schedule or kernel.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compiler/ir/program.h"

namespace rnnc::ir {

// Arithmetic that rounds more than double does: whatever is read or computed is off by a random share of itself, the
// same in every run of one seed, sums of many terms by more. Whole numbers are not: they are exact in any type, where
// comparisons look at them. How far results move tells how far they may move in arithmetic that rounds by as much,
// wherever terms cancel on the way.
struct Roundings {
  double size = 0;  // the largest share; 0: none
  std::uint64_t seed = 0;
  double least = 0;  // what is smaller in magnitude becomes a zero of its sign, as in a type of less range
};

// A run's data by table index, row-major doubles, laid out as in runtime/abi.h. Empty optional: not passed.
struct InterpreterRun {
  std::vector<std::int64_t> steps;  // by axis
  std::int64_t rows = 1;
  std::int64_t first_step = 0;
  std::uint64_t seed = 0;
  bool training = false;
  double rate = 0;  // at which fed inputs take the model's own value
  Roundings roundings;
  std::vector<std::optional<std::vector<std::int64_t>>> lengths;    // by axis
  std::vector<std::vector<double>> parameters;                      // by ParameterId
  std::vector<std::optional<std::vector<double>>> inputs;           // by InputId; indices as numbers
  std::vector<std::optional<std::vector<double>>> state_in;         // by StateId: [k, B, …] oldest first
  std::vector<std::optional<std::vector<double>>> upstream;         // by ResultId (outputs and finals), shaped like it
};

// The value of every result of `program`, by ResultId (final states: one entry per slot), row-major with [T,] [B,] in
// front as its node's domain says; zero past a row's end. Evaluates only what these results need: `wanted[r]` false
// skips result r and leaves it empty. Throws std::invalid_argument, naming it, when something needed is missing, of the
// wrong size, or a length out of [0, T], and std::out_of_range for an index outside its extent.
std::vector<std::vector<double>> interpret(const Program& program, const InterpreterRun& run,
                                           const std::vector<bool>& wanted);

}  // namespace rnnc::ir
