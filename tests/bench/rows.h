// What is measured: cells, and the sizes at which they are run.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "runtime/abi.h"

namespace rnnc::bench {

struct CellKind {
  const char* file;        // of the source, from the project's root
  const char* entry;       // the cell in it
  int input_products;      // of a vector and a matrix of H I numbers, in a step: projections, a readout
  int recurrent_products;  // the same, H H numbers
  const rnnc_model* (*handwritten)(int I, int H, bool blas) = nullptr;  // null: nobody wrote it
  bool has_input_size = true;  // false: there is no dimension I, x has H entries
};

enum class Mode {
  step,     // one step of a running stream, the state updated in place
  forward,  // T steps, no tape
  train     // forward with a tape, then backward: gradients of parameters, input and initial state
};
const char* name_of(Mode mode);

struct Row {
  const char* name;
  const CellKind* cell;
  int I, H, B, T;
  Mode mode;
};

// In the order in which they are run. Those named smoke are for tests and no size anybody would measure.
std::span<const Row> rows();

// Of the matrix products alone, in one run: 2 B T H (input_products I + recurrent_products H) forward, three times that
// in training.
double product_flops(const Row& row);

// What every step has to read again where there is one row: the matrices of the recurrence.
std::int64_t recurrent_bytes(const Row& row);

// "64/256/32/100": I/H/B/T.
std::string sizes_of(const Row& row);

}  // namespace rnnc::bench
