// Checks a derived gradient against central differences of the forward Program, both by the interpreter in double.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/ir/program.h"

namespace rnnc::grad {

struct GradcheckOptions {
  std::int64_t steps = 5;              // of every axis not named in axis_steps
  std::vector<std::int64_t> axis_steps;  // by axis id; 0 or missing: `steps`
  std::int64_t rows = 2;
  bool lengths = false;                // rows of random lengths, the last of several whole, the first one empty if there are three or more
  bool training = false;               // dropout and zoneout on, the same draw in every evaluation
  double rate = 0;                     // of a program of mixed feeding
  std::int64_t entries = 64;           // checked per tensor, at most
  std::uint64_t seed = 1;
  int points = 4;                      // random points tried until no difference falls on a kink
  double tolerance = 1e-6;             // of `error`, below which a tensor agrees
};

// One gradient tensor ("grad.W", "grad.h.init").
struct GradcheckTensor {
  std::string name;
  std::int64_t entries = 0;   // compared
  std::int64_t skipped = 0;   // near a kink at every point tried
  double error = 0;           // largest difference, relative to the tensor's largest gradient; NaN never agrees
  double largest = 0;         // that largest gradient (by differences)
};

struct GradcheckReport {
  std::vector<GradcheckTensor> tensors;
  std::vector<std::string> unchecked;  // what differences cannot see, in words
  double worst = 0;                    // NaN if any error is
  bool agrees = true;
};

// `differentiated` is `forward` with its gradients, after any passes. Parameters and inputs are random; the initial
// states are the declared ones, and random for the gradients of `.init`. What stop_gradient holds is held for the
// differences as well, and listed as unchecked where the objective depends on it; so are derivatives of the user's, which
// take the place of the functions' own in the differences too.
// Throws Unsupported when the objective is not finite at any point tried.
GradcheckReport gradcheck(const ir::Program& forward, const ir::Program& differentiated,
                          const GradcheckOptions& options);

}  // namespace rnnc::grad
