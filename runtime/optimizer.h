// Gradient descent on a flat parameter array, f32 or f64.
#pragma once

#include <cstdint>

#include "runtime/abi.h"
#include "runtime/aligned.h"
#include "runtime/result.h"
#include "runtime/safetensors.h"
#include "runtime/tensor.h"

namespace rnnc::runtime {

enum class OptimizerKind : std::uint8_t { sgd, adam, adamw };

struct OptimizerOptions {
  OptimizerKind kind = OptimizerKind::adam;
  double momentum = 0;  // sgd: v = momentum v + g, p -= rate v
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  double weight_decay = 0;  // sgd and adam: decay * p is added to the gradient; adamw: p -= rate * decay * p
  double clip_value = 0;    // > 0: every entry of the gradient is first kept within ±clip_value
  double clip_norm = 0;     // > 0: then the gradient is scaled down to this norm (over all parameters) if longer
};

// adam:  Kingma and Ba, Adam: A Method for Stochastic Optimization, ICLR 2015, algorithm 1 (bias-corrected).
// adamw: Loshchilov and Hutter, Decoupled Weight Decay Regularization, ICLR 2019, algorithm 2; the decay is scaled by
//        the learning rate of the step.
class Optimizer {
 public:
  // For arrays of `elements` numbers of dtype F32 or F64. Throws std::bad_alloc.
  Optimizer(const OptimizerOptions& options, DType dtype, std::int64_t elements);

  // One step; clips `gradients` in place. Returns the gradient's norm before clipping, or infinity where its square, which
  // Adam needs, would not fit the dtype. When that is not finite the parameters and the state are as they were.
  double step(void* parameters, void* gradients, double learning_rate);
  std::int64_t steps() const { return steps_; }

  // The state by parameter name, as tensors "@optimizer.first/NAME" and "@optimizer.second/NAME" and as metadata
  // "optimizer.kind" and "optimizer.steps". Loading wants all of it; after an error the state is as it was.
  void save(const rnnc_model& model, TensorFile& file) const;
  Status load(const rnnc_model& model, const TensorFile& file);

 private:
  OptimizerOptions options_;
  DType dtype_;
  std::int64_t elements_;
  std::int64_t steps_ = 0;
  AlignedBuffer first_, second_;  // sgd: the momentum and nothing; adam: the two moments
};

// The Euclidean norm, summed in double in a fixed order.
double gradient_norm(const void* gradients, DType dtype, std::int64_t elements);
void clip_by_value(void* gradients, DType dtype, std::int64_t elements, double limit);

const char* name_of(OptimizerKind kind);

}  // namespace rnnc::runtime
