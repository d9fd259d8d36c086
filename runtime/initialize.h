// How parameters start.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/abi.h"

namespace rnnc::runtime {

// The starting values of a parameter in double precision, row-major, from its rnnc_tensor.initializer. Depends on the
// seed and on the parameter's name alone. A parameter of rank 2 is [fan_out, fan_in]; one of rank 3 a stack of such
// matrices, each started by itself; a vector of n is [1, n], a scalar [1, 1].
//   glorot      uniform in ±sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio, AISTATS 2010, equation 16)
//   orthogonal  `low` times rows (or columns, whichever are fewer) that are orthonormal (Saxe et al., ICLR 2014)
//   uniform     [low, high);   constant: low;   identity: `low` on the diagonal, 0 elsewhere
std::vector<double> initial_values(const rnnc_tensor& parameter, std::uint64_t seed);

}  // namespace rnnc::runtime
