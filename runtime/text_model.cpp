#include "runtime/text_model.h"

#include <span>

#include "runtime/safetensors.h"
#include "runtime/watch.h"

namespace rnnc::runtime {
namespace {

std::span<const rnnc_tensor> inputs_of(const rnnc_model& model) {
  return {model.inputs, static_cast<std::size_t>(model.input_count)};
}

// The number of the only tensor that `fits` (or of that one called `name`). `what` for the message.
template <class Fits>
Result<int> pick(std::span<const rnnc_tensor> tensors, const std::string& name, const std::string& what, Fits fits) {
  int found = -1;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    if (!name.empty() && name != tensors[i].name) continue;
    if (!fits(tensors[i])) {
      if (name.empty()) continue;
      return Error{backticked(name) + " is not " + what};
    }
    if (found >= 0) {
      return Error{"the model has more than one that could be " + what + ": " +
                   backticked(tensors[static_cast<std::size_t>(found)].name) + ", " + backticked(tensors[i].name)};
    }
    found = static_cast<int>(i);
  }
  if (found >= 0) return found;
  if (!name.empty()) return Error{"the model has no " + backticked(name)};
  return Error{"the model has nothing that is " + what};
}

Result<int> pick_index_input(const rnnc_model& model, const std::string& name, bool target, std::int64_t vocabulary) {
  const std::string what = target ? "an index target per step" : "an index input per step";
  auto found = pick(inputs_of(model), name, what, [&](const rnnc_tensor& input) {
    return input.index_extent > 0 && input.rank == 0 && input.axis >= 0 && input.batched != 0 &&
           (input.target != 0) == target;
  });
  if (!found) return found;
  const rnnc_tensor& input = model.inputs[*found];
  if (input.index_extent < vocabulary) {
    return Error{"input " + backticked(input.name) + " has " + std::to_string(input.index_extent) +
                 " values, the text has " + std::to_string(vocabulary) + " different characters"};
  }
  return found;
}

// A text is one sequence: how long another one is, nobody says.
Status check_axes(const rnnc_model& model) {
  if (model.axis_count <= 1) return {};
  return Error{"model " + backticked(model.name) + " runs along " + std::to_string(model.axis_count) +
               " sequence axes, a text has one"};
}

}  // namespace

Result<TextTensors> find_training_tensors(const rnnc_model& model, const TextNames& names, std::int64_t vocabulary) {
  if (Status status = check_axes(model); !status) return status.error();
  if (model.has_loss == 0) return Error{"model " + backticked(model.name) + " has no loss to train on"};
  TextTensors tensors;
  for (const bool target : {false, true}) {
    const auto found = pick_index_input(model, target ? names.target : names.token, target, vocabulary);
    if (!found) return found.error();
    (target ? tensors.target : tensors.token) = *found;
  }
  for (int i = 0; i < model.input_count; ++i) {
    if (i != tensors.token && i != tensors.target) {
      return Error{"input " + backticked(model.inputs[i].name) + " cannot be fed from a text"};
    }
  }
  return tensors;
}

Result<TextTensors> find_sampling_tensors(const rnnc_model& model, const TextNames& names, std::int64_t vocabulary) {
  if (Status status = check_axes(model); !status) return status.error();
  TextTensors tensors;
  const auto token = pick_index_input(model, names.token, false, vocabulary);
  if (!token) return token.error();
  tensors.token = *token;
  for (int i = 0; i < model.input_count; ++i) {
    if (i != tensors.token && model.inputs[i].target == 0) {
      return Error{"input " + backticked(model.inputs[i].name) + " cannot be fed from a text"};
    }
  }
  const std::int64_t classes = model.inputs[tensors.token].index_extent;
  const std::span<const rnnc_tensor> outputs(model.outputs, static_cast<std::size_t>(model.output_count));
  const auto logits = pick(outputs, names.logits, "an output of " + std::to_string(classes) + " logits per step",
                           [&](const rnnc_tensor& output) {
                             return output.rank == 1 && output.extents[0] == classes && output.axis >= 0 &&
                                    output.batched != 0 && !is_watched(output);
                           });
  if (!logits) return logits.error();
  tensors.logits = *logits;
  return tensors;
}

}  // namespace rnnc::runtime
