// One model with the arrays of one row's call, fed with data that all rivals share by name.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "runtime/abi.h"
#include "runtime/aligned.h"
#include "tests/bench/rows.h"

namespace rnnc::bench {

using Floats = std::vector<float>;
using Tensors = std::map<std::string, Floats>;  // by the names in the model's tables

// What a run reads. All of it random, nothing zero but by chance.
struct Data {
  Tensors parameters, inputs, states;
  Floats output_gradient;   // of the output `h`; others have none, as below a readout that sees h
  Tensors state_gradients;  // of the final states
};
// For models with the tables of this one. Matrices are uniform in +-1/sqrt(columns): states neither saturate nor
// vanish.
Data random_data(const rnnc_model& model, const Row& row);

// Owns every array of the call but those of `data`, which must outlive it.
class Session {
 public:
  // Packs the parameters. Throws std::runtime_error when the model wants something that `data` does not have in this
  // size, or when it refuses. `parallel_for` null: one thread.
  Session(const rnnc_model& model, const Row& row, const Data& data, rnnc_parallel_for parallel_for, void* pool);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // What is timed: RNNC_OK, or the first refusal.
  int run();
  int pack();
  // What run wrote: "y h", "last c", "gradient W_i", "gradient x", ... NaN where it wrote nothing.
  Tensors results() const;
  const rnnc_sizes& sizes() const { return sizes_; }

 private:
  void connect_forward(const Data& data);
  void connect_backward(const Data& data);
  float* writable(const std::string& name, std::size_t count);

  const rnnc_model& model_;
  const Row row_;
  rnnc_call call_{};
  rnnc_sizes sizes_{};
  runtime::AlignedBuffer packed_, tape_, workspace_;
  Floats parameters_, parameter_gradients_;
  Tensors written_;
  std::map<std::string, Floats> stream_;  // states that `step` updates in place
  std::vector<const void*> inputs_, state_in_, output_gradients_, state_out_gradients_;
  std::vector<void*> outputs_, state_out_, input_gradients_, state_in_gradients_;
};

// The largest max|a - b| / max|b| over all tensors, and the tensor's name. Infinite when one has a NaN, is zero
// throughout, or is missing from either.
struct Disagreement {
  double worst = 0;
  std::string where;
};
Disagreement compare(const Tensors& a, const Tensors& b);

}  // namespace rnnc::bench
