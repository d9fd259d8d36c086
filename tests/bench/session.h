// One model with the arrays of one row's call, fed with data that all rivals share by name.
//
// Names are those of compiler/driver/evaluate.h: a case has NAME, NAME.init, grad.NAME (upstream of an output) and
// grad.NAME.final; results have NAME, NAME.final, loss, grad.NAME and grad.NAME.init.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "runtime/abi.h"
#include "runtime/aligned.h"
#include "runtime/tensor.h"
#include "tests/bench/rows.h"

namespace rnnc::bench {

using Tensors = std::map<std::string, runtime::Tensor>;  // real ones are F32

// What a run reads, for models with the tables of this one. All of it random, nothing zero but by chance. Matrices are
// uniform in +-1/sqrt(columns): states neither saturate nor vanish. First states are positive: some are divided by. Of
// the outputs only `h` has an upstream gradient, as below a readout that sees h; a model with a loss has none.
Tensors random_case(const rnnc_model& model, const Row& row);

// Owns every array of the call but those of the case, which must outlive it.
class Session {
 public:
  // Packs the parameters. Throws std::runtime_error when the model wants something that the case does not have in this
  // size, or when it refuses. `parallel_for` null: one thread.
  Session(const rnnc_model& model, const Row& row, const Tensors& given, rnnc_parallel_for parallel_for, void* pool);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // What is timed: RNNC_OK, or the first refusal.
  int run();
  int pack();
  // What run wrote; NaN where it wrote nothing.
  Tensors results() const;
  const rnnc_sizes& sizes() const { return sizes_; }

 private:
  void connect_forward(const Tensors& given);
  void connect_backward(const Tensors& given);
  float* writable(const std::string& name, runtime::Extents extents);

  const rnnc_model& model_;
  const Row row_;
  rnnc_call call_{};
  rnnc_sizes sizes_{};
  runtime::AlignedBuffer packed_, tape_, workspace_;
  std::vector<float> parameters_, parameter_gradients_;
  Tensors written_;  // NAME.final of a stream is what `step` updates in place
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
