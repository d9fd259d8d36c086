#include "runtime/call_check.h"

#include <limits>
#include <string>

#include "runtime/safetensors.h"

namespace rnnc::runtime {
namespace {

std::string described(const char* role, const rnnc_tensor& tensor) {
  return std::string(role) + " " + backticked(tensor.name);
}

Status check_run(const rnnc_model& model, const rnnc_call& call, Entry entry) {
  if (call.rows < 1) return Error{"the number of rows is " + std::to_string(call.rows) + ", must be at least 1"};
  for (int axis = 0; axis < model.axis_count; ++axis) {
    const std::string name = backticked(model.axes[axis]);
    const std::int64_t steps = entry == Entry::step ? 1 : call.steps[axis];
    if (steps < 0) return Error{"axis " + name + " has " + std::to_string(steps) + " steps"};
    const std::int32_t* lengths = call.lengths[axis];
    for (std::int64_t row = 0; lengths != nullptr && row < call.rows; ++row) {
      if (lengths[row] < 0 || lengths[row] > steps) {
        return Error{"the length of row " + std::to_string(row) + " on axis " + name + " is " +
                     std::to_string(lengths[row]) + ", must be in [0, " + std::to_string(steps) + "]"};
      }
    }
  }
  return {};
}

// No array of the call may be larger than an address can say.
Status check_extents(const rnnc_model& model, const rnnc_call& call, Entry entry) {
  const auto check = [&](const rnnc_tensor* tensors, int count, TensorRole role, const char* name) -> Status {
    for (int i = 0; i < count; ++i) {
      if (!array_bytes(model, tensors[i], role, call, entry == Entry::step)) {
        return Error{described(name, tensors[i]) + ": its shape " +
                     shape_text(array_shape(tensors[i], role, call, entry == Entry::step)) + " overflows"};
      }
    }
    return {};
  };
  if (Status status = check(model.inputs, model.input_count, TensorRole::input, "input"); !status) return status;
  if (Status status = check(model.outputs, model.output_count, TensorRole::output, "output"); !status) return status;
  return check(model.states, model.state_count, TensorRole::state, "state");
}

Status check_indices(const rnnc_tensor& input, const rnnc_call& call, const std::int32_t* indices, bool step) {
  const bool has_axis = input.axis >= 0;
  const std::int64_t steps = has_axis && !step ? call.steps[input.axis] : 1;
  const std::int64_t rows = input.batched != 0 ? call.rows : 1;
  std::int64_t entries = 1;
  for (int i = 0; i < input.rank; ++i) entries *= input.extents[i];
  const std::int32_t* lengths = has_axis && input.batched != 0 ? call.lengths[input.axis] : nullptr;
  for (std::int64_t t = 0; t < steps; ++t) {
    for (std::int64_t row = 0; row < rows; ++row) {
      if (lengths != nullptr && t >= lengths[row]) continue;
      for (std::int64_t i = 0; i < entries; ++i) {
        const std::int32_t index = indices[(t * rows + row) * entries + i];
        if (index >= input.lowest_index && index < input.index_extent) continue;
        std::string place = has_axis ? "step " + std::to_string(t) : std::string();
        if (input.batched != 0) place += (place.empty() ? "row " : ", row ") + std::to_string(row);
        return Error{described("input", input) + ": the index " + std::to_string(index) +
                     (place.empty() ? "" : " at " + place) + " is outside [" + std::to_string(input.lowest_index) + ", " + std::to_string(input.index_extent) +
                     ")"};
      }
    }
  }
  return {};
}

Status check_inputs(const rnnc_model& model, const rnnc_call& call, Entry entry) {
  if (model.input_count > 0 && call.inputs == nullptr) return Error{"the array of inputs is missing"};
  for (int i = 0; i < model.input_count; ++i) {
    const rnnc_tensor& input = model.inputs[i];
    const void* array = call.inputs[i];
    if (array == nullptr) {
      const bool training = entry == Entry::forward_train || entry == Entry::backward;
      if (input.target != 0 && call.loss == nullptr && !training) continue;
      if (array_bytes(model, input, TensorRole::input, call, entry == Entry::step) == std::size_t(0)) continue;
      return Error{described("input", input) + " is missing" + (input.target != 0 ? ": the loss needs it" : "")};
    }
    if (input.index_extent <= 0) continue;
    const auto* indices = static_cast<const std::int32_t*>(array);
    if (Status status = check_indices(input, call, indices, entry == Entry::step); !status) return status;
  }
  return {};
}

Status check_buffer(const void* buffer, std::int64_t bytes, const char* name) {
  if (bytes == 0) return {};
  if (buffer == nullptr) return Error{"the " + std::string(name) + " is missing"};
  if (reinterpret_cast<std::uintptr_t>(buffer) % kAlignment != 0) {
    return Error{"the " + std::string(name) + " is not aligned to " + std::to_string(kAlignment) + " bytes"};
  }
  return {};
}

Status check_buffers(const rnnc_model& model, const rnnc_call& call, Entry entry) {
  rnnc_sizes sizes{};
  if (const int code = model.sizes(&model, &call, &sizes); code != RNNC_OK) {
    return Error{std::string("the sizes of the run: ") + status_text(code)};
  }
  const bool training = entry == Entry::forward_train || entry == Entry::backward;
  const std::int64_t workspace = training              ? sizes.training_workspace_bytes
                                 : entry == Entry::step ? sizes.step_workspace_bytes
                                                        : sizes.inference_workspace_bytes;
  if (Status status = check_budget(workspace, training ? sizes.tape_bytes : 0, call.memory_budget); !status) return status;
  if (Status status = check_buffer(call.packed, sizes.packed_bytes, "array of packed parameters"); !status) {
    return status;
  }
  if (Status status = check_buffer(call.workspace, workspace, "workspace"); !status) return status;
  return check_buffer(call.tape, training ? sizes.tape_bytes : 0, "tape");
}

}  // namespace

Extents array_shape(const rnnc_tensor& tensor, TensorRole role, const rnnc_call& call, bool step) {
  Extents shape;
  if (role == TensorRole::state) {
    if (tensor.history > 1) shape.push_back(tensor.history);
    shape.push_back(call.rows);
  } else if (role != TensorRole::parameter) {
    if (tensor.axis >= 0) shape.push_back(step ? 1 : call.steps[tensor.axis]);
    if (tensor.batched != 0) shape.push_back(call.rows);
  }
  shape.insert(shape.end(), tensor.extents, tensor.extents + tensor.rank);
  return shape;
}

std::optional<std::size_t> array_bytes(const rnnc_model& model, const rnnc_tensor& tensor, TensorRole role,
                                       const rnnc_call& call, bool step) {
  const bool index = role == TensorRole::input && tensor.index_extent > 0;
  const auto count = element_count(array_shape(tensor, role, call, step));
  const std::size_t size = index ? sizeof(std::int32_t) : element_bytes(model);
  if (!count || *count > std::numeric_limits<std::int64_t>::max() / static_cast<std::int64_t>(size)) {
    return std::nullopt;
  }
  return static_cast<std::size_t>(*count) * size;
}

Status check_budget(std::int64_t workspace, std::int64_t tape, std::int64_t budget) {
  if (budget <= 0 || (workspace <= budget && tape <= budget - workspace)) return {};
  return Error{"this run needs at least " + std::to_string(workspace) + " bytes of workspace" +
               (tape > 0 ? " and " + std::to_string(tape) + " bytes of tape, " + std::to_string(workspace + tape) + " together"
                         : "") +
               ", its memory budget is " + std::to_string(budget) + " bytes"};
}

Status check_call(const rnnc_model& model, const rnnc_call& call, Entry entry) {
  if (call.struct_size < sizeof(rnnc_call)) return Error{"the call's struct_size is too small"};
  if (Status status = check_run(model, call, entry); !status) return status;
  if (Status status = check_extents(model, call, entry); !status) return status;
  if (call.loss != nullptr && model.has_loss == 0) return Error{"the model has no loss"};
  if (Status status = check_inputs(model, call, entry); !status) return status;
  return check_buffers(model, call, entry);
}

std::size_t element_bytes(const rnnc_model& model) { return model.dtype == RNNC_F64 ? 8 : 4; }
DType element_dtype(const rnnc_model& model) { return model.dtype == RNNC_F64 ? DType::F64 : DType::F32; }

const char* status_text(int code) {
  switch (code) {
    case RNNC_OK: return "done";
    case RNNC_BAD_CALL: return "bad call";
    case RNNC_BAD_INDEX: return "an index is outside its extent";
    case RNNC_NO_SUCH_ENTRY: return "the model has no such function";
    case RNNC_FAILED: return "the run failed";
    case RNNC_BAD_TAPE: return "the tape is of another number of windows, or used up by another backward in windows";
    default: return "unknown status";
  }
}

}  // namespace rnnc::runtime
