// Which of a model's tensors text goes in and comes out by.
#pragma once

#include <cstdint>
#include <string>

#include "runtime/abi.h"
#include "runtime/result.h"

namespace rnnc::runtime {

// Numbers of a model's tensors; -1 when not asked for.
struct TextTensors {
  int token = -1;   // index input, one number per step and row
  int target = -1;  // index target: the character after
  int logits = -1;  // output of one vector per step and row
};

// Names to choose by where a model has several; empty: the only one there is.
struct TextNames {
  std::string token, target, logits;
};

// What training on a text of `vocabulary` characters feeds: token and target. The model must have a loss and no other
// inputs, and index kinds must reach as far as the vocabulary.
Result<TextTensors> find_training_tensors(const rnnc_model& model, const TextNames& names, std::int64_t vocabulary);
// What sampling uses: token and logits. Inputs that only the loss reads do not matter.
Result<TextTensors> find_sampling_tensors(const rnnc_model& model, const TextNames& names, std::int64_t vocabulary);

}  // namespace rnnc::runtime
