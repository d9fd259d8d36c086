#include "tests/bench/handwritten_model.h"

#include <algorithm>
#include <cstring>
#include <mutex>

#include "compiler/base/bug.h"

namespace rnnc::bench {
namespace {

// The cell with the tables its rnnc_model points to.
struct Published {
  std::unique_ptr<Cell> cell;
  std::vector<rnnc_tensor> parameters, inputs, outputs, states;
  std::vector<const char*> axes = {""};
  rnnc_model model = {};
};

const Cell& cell_of(const rnnc_model* model) { return *static_cast<Published*>(model->self)->cell; }

rnnc_tensor per_step(const char* name, Index extent) {
  rnnc_tensor tensor = {};
  tensor.name = name;
  tensor.rank = 1;
  tensor.extents[0] = extent;
  tensor.batched = 1;
  tensor.axis = 0;
  return tensor;
}

// Zeros for an initial state that is not passed are taken from the workspace, after everything else.
Index zeros_bytes(const Cell& cell, Index B) {
  Arena arena;
  arena.take(B * cell.H);
  return arena.bytes();
}

Index forward_bytes(const Cell& cell, Index T, Index B) {
  Arena arena;
  cell.lay_out_forward(arena, T, B);
  return arena.bytes();
}

Index backward_bytes(const Cell& cell, Index T, Index B) {
  Arena arena;
  cell.lay_out_backward(arena, T, B);
  return arena.bytes();
}

int sizes(const rnnc_model* model, const rnnc_call* call, rnnc_sizes* result) {
  const Cell& cell = cell_of(model);
  const Index T = call->steps[0], B = call->rows;
  Arena packed, tape;
  cell.lay_out_packed(packed);
  cell.lay_out_tape(tape, T, B);
  result->packed_bytes = packed.bytes();
  result->tape_bytes = tape.bytes();
  result->inference_workspace_bytes = forward_bytes(cell, T, B) + zeros_bytes(cell, B);
  result->training_workspace_bytes =
      std::max(forward_bytes(cell, T, B), backward_bytes(cell, T, B)) + zeros_bytes(cell, B);
  result->step_workspace_bytes = forward_bytes(cell, 1, B) + zeros_bytes(cell, B);
  return RNNC_OK;
}

int pack(const rnnc_model* model, const void* parameters, void* packed) {
  cell_of(model).pack(static_cast<const float*>(parameters), static_cast<float*>(packed));
  return RNNC_OK;
}

template <class T>
T* entry(T* const* array, int number) {
  return array ? array[number] : nullptr;
}

int make_run(const Cell& cell, const rnnc_call* call, Index T, Index workspace_used, Run& run) {
  if (call->struct_size < sizeof(rnnc_call) || !call->packed || !call->inputs || !call->inputs[0] || !call->workspace ||
      call->lengths[0])
    return RNNC_BAD_CALL;
  run.T = T;
  run.B = call->rows;
  run.x = static_cast<const float*>(call->inputs[0]);
  run.packed = static_cast<const float*>(call->packed);
  run.workspace = call->workspace;
  float* zeros = reinterpret_cast<float*>(static_cast<char*>(call->workspace) + workspace_used);
  bool zeros_needed = false;
  for (int s = 0; s < int(cell.states.size()); ++s) {
    run.y[s] = static_cast<float*>(entry(call->outputs, s));
    run.first[s] = static_cast<const float*>(entry(call->state_in, s));
    if (!run.first[s]) run.first[s] = zeros, zeros_needed = true;
    run.last[s] = static_cast<float*>(entry(call->state_out, s));
    run.dy[s] = static_cast<const float*>(entry(call->output_gradients, s));
    run.dlast[s] = static_cast<const float*>(entry(call->state_out_gradients, s));
    run.dfirst[s] = static_cast<float*>(entry(call->state_in_gradients, s));
  }
  run.dparameters = static_cast<float*>(call->parameter_gradients);
  run.dx = static_cast<float*>(entry(call->input_gradients, 0));
  if (zeros_needed) std::fill_n(zeros, run.B * cell.H, 0.0f);
  return RNNC_OK;
}

int forward_steps(const rnnc_model* model, const rnnc_call* call, Index T, bool train) {
  const Cell& cell = cell_of(model);
  Run run;
  if (int code = make_run(cell, call, T, forward_bytes(cell, T, call->rows), run)) return code;
  if (train) {
    if (!call->tape) return RNNC_BAD_CALL;
    run.tape = call->tape;
  }
  cell.forward(run);
  return RNNC_OK;
}

int forward(const rnnc_model* model, const rnnc_call* call) {
  return forward_steps(model, call, call->steps[0], false);
}
int forward_train(const rnnc_model* model, const rnnc_call* call) {
  return forward_steps(model, call, call->steps[0], true);
}
int step(const rnnc_model* model, const rnnc_call* call) { return forward_steps(model, call, 1, false); }

int backward(const rnnc_model* model, const rnnc_call* call) {
  const Cell& cell = cell_of(model);
  Run run;
  const Index T = call->steps[0];
  if (!call->tape) return RNNC_BAD_CALL;
  if (int code = make_run(cell, call, T, backward_bytes(cell, T, call->rows), run)) return code;
  run.tape = call->tape;
  cell.backward(run);
  return RNNC_OK;
}

void describe(Published& published) {
  const Cell& cell = *published.cell;
  Index offset = 0;
  for (const ParameterSpec& spec : cell.parameters) {
    rnnc_tensor tensor = {};
    tensor.name = spec.name.c_str();
    tensor.rank = spec.columns ? 2 : 1;
    tensor.extents[0] = spec.rows;
    tensor.extents[1] = spec.columns;
    tensor.axis = -1;
    tensor.offset = offset;
    tensor.initializer = spec.columns ? RNNC_INIT_GLOROT : RNNC_INIT_CONSTANT;
    tensor.low = double(spec.start);
    offset += spec.rows * std::max<Index>(spec.columns, 1);
    published.parameters.push_back(tensor);
  }
  published.inputs.push_back(per_step("x", cell.I));
  for (const char* output : cell.outputs) published.outputs.push_back(per_step(output, cell.H));
  for (const char* state : cell.states) {
    published.states.push_back(per_step(state, cell.H));
    published.states.back().history = 1;
  }
  rnnc_model& model = published.model;
  model.abi_version = RNNC_ABI_VERSION;
  model.struct_size = sizeof(rnnc_model);
  model.name = cell.name.c_str();
  model.dtype = RNNC_F32;
  model.axis_count = 1;
  model.parameter_count = int(published.parameters.size());
  model.input_count = 1;
  model.output_count = model.state_count = int(cell.states.size());
  model.parameter_elements = offset;
  model.parameters = published.parameters.data();
  model.inputs = published.inputs.data();
  model.outputs = published.outputs.data();
  model.states = published.states.data();
  model.axes = published.axes.data();
  model.self = &published;
  model.sizes = sizes;
  model.pack = pack;
  model.forward = forward;
  model.forward_train = forward_train;
  model.backward = backward;
  model.step = step;
}

}  // namespace

Index Cell::offset(const std::string& parameter) const {
  Index offset = 0;
  for (const ParameterSpec& spec : parameters) {
    if (spec.name == parameter) return offset;
    offset += spec.rows * std::max<Index>(spec.columns, 1);
  }
  throw Bug("hand-written cell has no parameter `" + parameter + "`");
}

const rnnc_model* publish(std::unique_ptr<Cell> cell, const char* target) {
  static std::mutex mutex;
  static std::vector<std::unique_ptr<Published>> all;
  auto published = std::make_unique<Published>();
  published->cell = std::move(cell);
  describe(*published);
  published->model.target = target;
  const std::lock_guard lock(mutex);
  all.push_back(std::move(published));
  return &all.back()->model;
}

void copy_if_wanted(const float* from, Index count, float* to) {
  if (to && to != from) std::memmove(to, from, std::size_t(count) * sizeof(float));
}

}  // namespace rnnc::bench
