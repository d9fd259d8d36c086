#include "runtime/model.h"

#include <algorithm>
#include <limits>
#include <new>

#include "runtime/initialize.h"
#include "runtime/thread_pool.h"

namespace rnnc::runtime {
namespace {

Extents declared_shape(const rnnc_tensor& tensor) { return {tensor.extents, tensor.extents + tensor.rank}; }

void store_numbers(const rnnc_model& model, std::span<const double> values, std::int64_t offset, void* flat) {
  if (model.dtype == RNNC_F64) {
    std::copy(values.begin(), values.end(), static_cast<double*>(flat) + offset);
  } else {
    float* target = static_cast<float*>(flat) + offset;
    for (std::size_t i = 0; i < values.size(); ++i) target[i] = static_cast<float>(values[i]);
  }
}

// What is wrong with one table of a descriptor, or "".
std::string table_fault(const rnnc_tensor* tensors, int count, const char* name) {
  if (count < 0 || (count > 0 && tensors == nullptr)) return std::string("its table of ") + name + " is broken";
  for (int i = 0; i < count; ++i) {
    const rnnc_tensor& tensor = tensors[i];
    if (tensor.name == nullptr || tensor.rank < 0 || tensor.rank > 3 || tensor.axis >= RNNC_MAX_AXES ||
        !element_count(declared_shape(tensor))) {
      return "entry " + std::to_string(i) + " of its table of " + name + " is broken";
    }
  }
  return "";
}

std::string descriptor_fault(const rnnc_model& abi) {
  if (abi.abi_version != RNNC_ABI_VERSION) {
    return "speaks version " + std::to_string(abi.abi_version) + " of the ABI, not " + std::to_string(RNNC_ABI_VERSION);
  }
  if (abi.struct_size < sizeof(rnnc_model)) return "its struct_size is too small";
  if (abi.dtype != RNNC_F32 && abi.dtype != RNNC_F64) return "has an unknown dtype";
  if (abi.axis_count < 0 || abi.axis_count > RNNC_MAX_AXES) return "has an impossible number of axes";
  if (abi.sizes == nullptr || abi.pack == nullptr) return "has no sizes or no pack";
  for (const std::string& fault : {table_fault(abi.parameters, abi.parameter_count, "parameters"),
                                   table_fault(abi.inputs, abi.input_count, "inputs"),
                                   table_fault(abi.outputs, abi.output_count, "outputs"),
                                   table_fault(abi.states, abi.state_count, "states")}) {
    if (!fault.empty()) return fault;
  }
  for (int i = 0; i < abi.parameter_count; ++i) {
    const rnnc_tensor& parameter = abi.parameters[i];
    const std::int64_t count = *element_count(declared_shape(parameter));
    if (parameter.offset < 0 || parameter.offset > abi.parameter_elements ||
        count > abi.parameter_elements - parameter.offset) {
      return "parameter " + backticked(parameter.name) + " lies outside the parameter array";
    }
  }
  return "";
}

rnnc_call empty_call(const RunShape& shape) {
  rnnc_call call{};
  call.struct_size = sizeof(rnnc_call);
  std::copy(shape.steps.begin(), shape.steps.end(), call.steps);
  call.rows = shape.rows;
  call.memory_budget = shape.memory_budget;
  return call;
}

Error memory_error(const rnnc_model& abi) {
  return Error{"model " + backticked(abi.name) + ": a run of this size does not fit in memory"};
}

}  // namespace

Tensor slice_of(const rnnc_model& model, const rnnc_tensor& parameter, const void* flat) {
  Tensor tensor(element_dtype(model), declared_shape(parameter));
  const auto* first =
      static_cast<const std::byte*>(flat) + static_cast<std::size_t>(parameter.offset) * element_bytes(model);
  if (tensor.bytes() > 0) std::memcpy(tensor.data(), first, tensor.bytes());
  return tensor;
}

void write_slice(const rnnc_model& model, const rnnc_tensor& parameter, const Tensor& value, void* flat) {
  const Tensor real = value.to_real(element_dtype(model));
  auto* first = static_cast<std::byte*>(flat) + static_cast<std::size_t>(parameter.offset) * element_bytes(model);
  if (real.bytes() > 0) std::memcpy(first, real.data(), real.bytes());
}

Result<std::unique_ptr<Model>> Model::create(const rnnc_model& abi) {
  const std::string fault = descriptor_fault(abi);
  if (!fault.empty()) return Error{"the model " + fault};
  std::unique_ptr<Model> model(new Model(abi));
  RunShape one;
  one.steps.fill(1);
  const rnnc_call call = empty_call(one);
  rnnc_sizes sizes{};
  if (const int code = abi.sizes(&abi, &call, &sizes); code != RNNC_OK) {
    return Error{"model " + backticked(abi.name) + ": sizes: " + status_text(code)};
  }
  try {
    const std::size_t bytes = static_cast<std::size_t>(abi.parameter_elements) * element_bytes(abi);
    model->parameters_ = AlignedBuffer::zeroed(bytes);
    model->packed_ = AlignedBuffer(static_cast<std::size_t>(sizes.packed_bytes));
  } catch (const std::bad_alloc&) {
    return Error{"model " + backticked(abi.name) + ": its parameters do not fit in memory"};
  }
  return model;
}

namespace {

int number_of_parameter(const rnnc_model& abi, const std::string& name) {
  for (int i = 0; i < abi.parameter_count; ++i) {
    if (name == abi.parameters[i].name) return i;
  }
  return -1;
}

}  // namespace

int Model::parameter_number(const std::string& name) const { return number_of_parameter(abi_, name); }

Result<Tensor> Model::parameter(const std::string& name) const {
  const int number = parameter_number(name);
  if (number < 0) return Error{"the model has no parameter " + backticked(name)};
  return slice_of(abi_, abi_.parameters[number], parameters());
}

Status Model::set_parameter(const std::string& name, const Tensor& value) {
  const int number = parameter_number(name);
  if (number < 0) return Error{"the model has no parameter " + backticked(name)};
  const Extents shape = declared_shape(abi_.parameters[number]);
  if (value.extents() != shape) {
    return Error{"parameter " + backticked(name) + " is " + shape_text(shape) + ", not " + shape_text(value.extents())};
  }
  if (is_integer(value.dtype())) {
    return Error{"parameter " + backticked(name) + " is " + std::string(name_of(value.dtype())) +
                 ", must be a real dtype"};
  }
  write_slice(abi_, abi_.parameters[number], value, mutable_parameters());
  return {};
}

void Model::initialize(std::uint64_t seed) {
  for (int i = 0; i < abi_.parameter_count; ++i) {
    const rnnc_tensor& parameter = abi_.parameters[i];
    store_numbers(abi_, initial_values(parameter, seed), parameter.offset, mutable_parameters());
  }
}

TensorFile Model::parameter_file() const {
  TensorFile file;
  for (int i = 0; i < abi_.parameter_count; ++i) {
    file.tensors.emplace(abi_.parameters[i].name, slice_of(abi_, abi_.parameters[i], parameters()));
  }
  return file;
}

Status check_parameters(const rnnc_model& abi, const TensorFile& file) {
  std::string faults;
  const auto add = [&faults](const std::string& fault) { faults += (faults.empty() ? "" : "; ") + fault; };
  for (int i = 0; i < abi.parameter_count; ++i) {
    const rnnc_tensor& parameter = abi.parameters[i];
    const Tensor* value = file.find(parameter.name);
    const Extents shape = declared_shape(parameter);
    if (value == nullptr) {
      add("parameter " + backticked(parameter.name) + " is missing");
    } else if (value->extents() != shape) {
      add("parameter " + backticked(parameter.name) + " must be " + shape_text(shape) + ", is " +
          shape_text(value->extents()));
    } else if (is_integer(value->dtype())) {
      add("parameter " + backticked(parameter.name) + " is " + std::string(name_of(value->dtype())) +
          ", must be a real dtype");
    }
  }
  for (const auto& [name, tensor] : file.tensors) {
    if (!name.starts_with('@') && number_of_parameter(abi, name) < 0) add("the model has no parameter " + backticked(name));
  }
  if (!faults.empty()) return Error{faults};
  return {};
}

Status Model::load(const TensorFile& file) {
  if (Status status = check_parameters(abi_, file); !status) return status;
  for (int i = 0; i < abi_.parameter_count; ++i) {
    write_slice(abi_, abi_.parameters[i], *file.find(abi_.parameters[i].name), mutable_parameters());
  }
  return {};
}

Status Model::pack() {
  if (const int code = abi_.pack(&abi_, parameters_.data(), packed_.data()); code != RNNC_OK) {
    return Error{"model " + backticked(abi_.name) + ": pack: " + status_text(code)};
  }
  packed_current_ = true;
  return {};
}

Run::Run(const Model& model, const RunShape& shape, RunMode mode)
    : model_(&model), shape_(shape), mode_(mode), call_(empty_call(shape)) {}

Result<Run> Run::create(const Model& model, const RunShape& shape, RunMode mode, ThreadPool* pool) {
  RunShape actual = shape;
  if (mode == RunMode::step) actual.steps.fill(1);
  Run run(model, actual, mode);
  try {
    if (Status status = run.allocate(pool); !status) return status.error();
  } catch (const std::bad_alloc&) {
    return memory_error(model.abi());
  }
  return run;
}

// Throws std::bad_alloc where a size overflows.
std::vector<std::size_t> Run::sizes_of(const rnnc_tensor* tensors, int count, TensorRole role) const {
  std::vector<std::size_t> sizes;
  for (int i = 0; i < count; ++i) {
    const auto bytes = array_bytes(model_->abi(), tensors[i], role, call_);
    if (!bytes) throw std::bad_alloc();
    sizes.push_back(*bytes);
  }
  return sizes;
}

void Run::allocate_arrays(const ArraySizes& sizes) {
  const auto allocate = [](const std::vector<std::size_t>& sizes, std::vector<AlignedBuffer>& into) {
    for (std::size_t bytes : sizes) into.push_back(AlignedBuffer::zeroed(bytes));
  };
  allocate(sizes.inputs, inputs_);
  allocate(sizes.outputs, outputs_);
  allocate(sizes.states, states_in_);
  allocate(sizes.states, states_out_);
  state_given_.assign(states_in_.size(), false);
  for (AlignedBuffer& buffer : inputs_) input_pointers_.push_back(buffer.data());
  for (AlignedBuffer& buffer : outputs_) output_pointers_.push_back(buffer.data());
  for (AlignedBuffer& buffer : states_out_) state_out_pointers_.push_back(buffer.data());
  state_in_pointers_.assign(states_in_.size(), nullptr);
}

Status Run::allocate(ThreadPool* pool) {
  const rnnc_model& abi = model_->abi();
  if (shape_.rows < 1) return Error{"a run needs at least one row"};
  for (int axis = 0; axis < abi.axis_count; ++axis) {
    if (shape_.steps[static_cast<std::size_t>(axis)] < 0) return Error{"the number of steps is negative"};
  }
  const ArraySizes arrays{sizes_of(abi.inputs, abi.input_count, TensorRole::input),
                          sizes_of(abi.outputs, abi.output_count, TensorRole::output),
                          sizes_of(abi.states, abi.state_count, TensorRole::state)};
  rnnc_sizes sizes{};
  // Rows and steps make sense, so that a size overflows.
  if (abi.sizes(&abi, &call_, &sizes) != RNNC_OK) return memory_error(abi);
  call_.windows = sizes.windows;
  std::int64_t workspace = mode_ == RunMode::step ? sizes.step_workspace_bytes : sizes.inference_workspace_bytes;
  const std::int64_t tape = mode_ == RunMode::training ? sizes.tape_bytes : 0;
  if (mode_ == RunMode::training) {
    const std::int64_t both = std::max(workspace, sizes.training_workspace_bytes);
    can_infer_ = check_budget(both, tape, shape_.memory_budget).ok();
    workspace = can_infer_ ? both : sizes.training_workspace_bytes;
  }
  if (Status status = check_budget(workspace, tape, shape_.memory_budget); !status) return status;
  // The largest first, which nothing is written to yet: what cannot be had is refused before memory is taken.
  tape_ = AlignedBuffer(static_cast<std::size_t>(tape));
  workspace_ = AlignedBuffer(static_cast<std::size_t>(workspace));
  allocate_arrays(arrays);
  if (mode_ == RunMode::training) {
    // Zeroed once: nobody writes what lies between parameters.
    gradients_ =
        AlignedBuffer::zeroed(static_cast<std::size_t>(model_->parameter_elements()) * element_bytes(abi));
  }
  loss_ = AlignedBuffer::zeroed(sizeof(double));

  call_.inputs = input_pointers_.data();
  call_.outputs = output_pointers_.data();
  call_.state_in = state_in_pointers_.data();
  call_.state_out = state_out_pointers_.data();
  call_.workspace = workspace_.data();
  call_.tape = tape_.data();
  call_.parameter_gradients = gradients_.data();
  want_loss(mode_ != RunMode::step);
  if (pool != nullptr && pool->threads() > 1) {
    call_.parallel_for = &ThreadPool::parallel_for;
    call_.pool = pool;
  }
  return {};
}

Tensor Run::output_tensor(int number) const {
  Tensor tensor(model_->dtype(), array_shape(model_->abi().outputs[number], TensorRole::output, call_));
  if (tensor.bytes() > 0) std::memcpy(tensor.data(), output(number), tensor.bytes());
  return tensor;
}

double Run::loss() const {
  if (call_.loss == nullptr) return std::numeric_limits<double>::quiet_NaN();
  return model_->abi().dtype == RNNC_F64 ? *loss_.as<double>() : static_cast<double>(*loss_.as<float>());
}

void Run::want_loss(bool wanted) {
  call_.loss = wanted && model_->abi().has_loss != 0 ? loss_.data() : nullptr;
}

Status Run::execute(Entry entry) {
  const rnnc_model& abi = model_->abi();
  if (!model_->is_packed()) return Error{"model " + backticked(abi.name) + ": its parameters changed: pack them first"};
  const bool training = entry == Entry::forward_train || entry == Entry::backward;
  if ((training && mode_ != RunMode::training) || ((entry == Entry::step) != (mode_ == RunMode::step))) {
    return Error{"the run was made for another mode"};
  }
  if (entry == Entry::forward && !can_infer_) return Error{"this training run's memory budget has no room for forward alone"};
  const auto function = entry == Entry::forward         ? abi.forward
                        : entry == Entry::forward_train ? abi.forward_train
                        : entry == Entry::backward      ? abi.backward
                                                        : abi.step;
  constexpr const char* names[] = {"forward", "forward_train", "backward", "step"};
  const std::string place = "model " + backticked(abi.name) + ": " + names[static_cast<int>(entry)] + ": ";
  call_.packed = model_->packed();
  if (Status status = check_call(abi, call_, entry); !status) return Error{place + status.message()};
  const int code = function == nullptr ? static_cast<int>(RNNC_NO_SUCH_ENTRY) : function(&abi, &call_);
  if (code != RNNC_OK) return Error{place + status_text(code)};
  return {};
}

Status Run::forward() { return execute(Entry::forward); }
Status Run::forward_train() { return execute(Entry::forward_train); }
Status Run::backward() { return execute(Entry::backward); }
Status Run::step() { return execute(Entry::step); }

void Run::advance() {
  for (std::size_t i = 0; i < states_in_.size(); ++i) {
    if (model_->abi().states[i].reversed != 0) continue;
    std::swap(states_in_[i], states_out_[i]);
    state_given_[i] = true;
    state_in_pointers_[i] = states_in_[i].data();
    state_out_pointers_[i] = states_out_[i].data();
  }
  call_.first_step += shape_.steps[0];
}

void Run::restart() {
  state_given_.assign(state_given_.size(), false);
  state_in_pointers_.assign(state_in_pointers_.size(), nullptr);
  call_.first_step = 0;
}

std::vector<std::pair<std::string, Tensor>> Run::states() const {
  std::vector<std::pair<std::string, Tensor>> values;
  for (std::size_t i = 0; i < states_in_.size(); ++i) {
    if (!state_given_[i]) continue;
    const rnnc_tensor& state = model_->abi().states[i];
    Tensor tensor(model_->dtype(), array_shape(state, TensorRole::state, call_));
    if (tensor.bytes() > 0) std::memcpy(tensor.data(), states_in_[i].data(), tensor.bytes());
    values.emplace_back(state.name, std::move(tensor));
  }
  return values;
}

Status Run::set_states(const std::vector<std::pair<std::string, Tensor>>& states, std::int64_t first_step) {
  const rnnc_model& abi = model_->abi();
  restart();
  call_.first_step = first_step;
  for (const auto& [name, value] : states) {
    std::size_t i = 0;
    while (i < states_in_.size() && name != abi.states[i].name) ++i;
    if (i == states_in_.size()) return Error{"the model has no state " + backticked(name)};
    if (abi.states[i].reversed != 0)
      return Error{"state " + backticked(name) + " runs from right to left: every run starts it from its declared value"};
    const Extents shape = array_shape(abi.states[i], TensorRole::state, call_);
    if (value.extents() != shape) {
      return Error{"state " + backticked(name) + " is " + shape_text(shape) + ", not " + shape_text(value.extents())};
    }
    const Tensor real = value.to_real(model_->dtype());
    if (real.bytes() > 0) std::memcpy(states_in_[i].data(), real.data(), real.bytes());
    state_given_[i] = true;
    state_in_pointers_[i] = states_in_[i].data();
  }
  return {};
}

}  // namespace rnnc::runtime
