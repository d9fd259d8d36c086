#include "tests/bench/session.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>
#include <stdexcept>

#include "runtime/call_check.h"

namespace rnnc::bench {
namespace {

using runtime::array_shape;
using runtime::DType;
using runtime::Tensor;
using runtime::TensorRole;

// The run's T and B, and nothing else.
rnnc_call shape_of(const Row& row) {
  rnnc_call call{};
  call.struct_size = sizeof call;
  for (std::int64_t& steps : call.steps) steps = row.T;
  call.rows = row.B;
  return call;
}

bool is_upstream(const rnnc_model& model, int output) {
  return !model.has_loss && !std::strcmp(model.outputs[output].name, "h");
}

const Tensor& find(const Tensors& tensors, const std::string& name, const runtime::Extents& extents) {
  auto found = tensors.find(name);
  if (found == tensors.end()) throw std::runtime_error("no data for `" + name + "`");
  if (found->second.extents() != extents) throw std::runtime_error("`" + name + "` has another size");
  return found->second;
}

}  // namespace

Tensors random_case(const rnnc_model& model, const Row& row) {
  std::mt19937 random(20000 + static_cast<unsigned>(row.H));
  const rnnc_call call = shape_of(row);
  Tensors given;
  auto add_between = [&](const std::string& name, const rnnc_tensor& tensor, TensorRole role, double low, double high) {
    std::uniform_real_distribution<float> uniform(static_cast<float>(low), static_cast<float>(high));
    Tensor values(DType::F32, array_shape(tensor, role, call));
    for (float& value : values.view<float>()) value = uniform(random);
    given.emplace(name, std::move(values));
  };
  auto add = [&](const std::string& name, const rnnc_tensor& tensor, TensorRole role, double size) {
    add_between(name, tensor, role, -size, size);
  };
  auto add_indices = [&](const rnnc_tensor& tensor) {
    Tensor values(DType::I32, array_shape(tensor, TensorRole::input, call));
    for (std::int32_t& value : values.view<std::int32_t>())
      value = static_cast<std::int32_t>(random() % static_cast<unsigned>(tensor.index_extent));
    given.emplace(tensor.name, std::move(values));
  };
  for (int i = 0; i < model.parameter_count; ++i) {
    const rnnc_tensor& p = model.parameters[i];
    const double columns = p.rank > 1 ? static_cast<double>(p.extents[p.rank - 1]) : 4;
    add(p.name, p, TensorRole::parameter, 1 / std::sqrt(columns));
  }
  for (int i = 0; i < model.input_count; ++i) {
    const rnnc_tensor& input = model.inputs[i];
    if (input.index_extent > 0) add_indices(input);
    else add(input.name, input, TensorRole::input, 1);
  }
  for (int i = 0; i < model.state_count; ++i) {
    const std::string name = model.states[i].name;
    add_between(name + ".init", model.states[i], TensorRole::state, 0.2, 0.8);
    // A loss is a mean: what comes from the last states should not drown what comes from it.
    add("grad." + name + ".final", model.states[i], TensorRole::state, model.has_loss ? 0.01 : 1);
  }
  for (int i = 0; i < model.output_count; ++i)
    if (is_upstream(model, i))
      add(std::string("grad.") + model.outputs[i].name, model.outputs[i], TensorRole::output, 1);
  return given;
}

Session::Session(const rnnc_model& model, const Row& row, const Tensors& given, rnnc_parallel_for parallel_for,
                 void* pool)
    : model_(model), row_(row), call_(shape_of(row)) {
  if (model.dtype != RNNC_F32) throw std::runtime_error("not a model in f32");
  call_.parallel_for = parallel_for;
  call_.pool = pool;
  if (model.sizes(&model, &call_, &sizes_) != RNNC_OK) throw std::runtime_error("`sizes` failed");
  packed_ = runtime::AlignedBuffer::zeroed(static_cast<std::size_t>(sizes_.packed_bytes));
  parameters_.assign(static_cast<std::size_t>(model.parameter_elements), 0.0f);
  for (int i = 0; i < model.parameter_count; ++i) {
    const rnnc_tensor& parameter = model.parameters[i];
    const auto values = find(given, parameter.name, array_shape(parameter, TensorRole::parameter, call_)).view<float>();
    std::copy(values.begin(), values.end(), parameters_.begin() + parameter.offset);
  }
  call_.packed = packed_.data();
  if (pack() != RNNC_OK) throw std::runtime_error("`pack` failed");
  connect_forward(given);
  if (row.mode == Mode::train) connect_backward(given);
}

float* Session::writable(const std::string& name, runtime::Extents extents) {
  Tensor& values = written_.insert_or_assign(name, Tensor(DType::F32, std::move(extents))).first->second;
  std::ranges::fill(values.view<float>(), NAN);
  return values.view<float>().data();
}

void Session::connect_forward(const Tensors& given) {
  const bool train = row_.mode == Mode::train, step = row_.mode == Mode::step;
  const std::int64_t workspace = train  ? sizes_.training_workspace_bytes
                                 : step ? sizes_.step_workspace_bytes
                                        : sizes_.inference_workspace_bytes;
  workspace_ = runtime::AlignedBuffer(static_cast<std::size_t>(workspace));
  std::memset(workspace_.data(), 0xff, workspace_.size());
  for (int i = 0; i < model_.input_count; ++i) {
    const rnnc_tensor& input = model_.inputs[i];
    inputs_.push_back(find(given, input.name, array_shape(input, TensorRole::input, call_)).data());
  }
  for (int i = 0; i < model_.output_count; ++i) {
    const rnnc_tensor& output = model_.outputs[i];
    outputs_.push_back(
        is_upstream(model_, i) ? writable(output.name, array_shape(output, TensorRole::output, call_)) : nullptr);
  }
  for (int i = 0; i < model_.state_count; ++i) {
    const std::string name = model_.states[i].name;
    const Tensor& first = find(given, name + ".init", array_shape(model_.states[i], TensorRole::state, call_));
    float* last = writable(name + ".final", first.extents());
    if (step) std::memcpy(last, first.data(), first.bytes());
    state_in_.push_back(step ? last : first.data());
    state_out_.push_back(last);
  }
  if (model_.has_loss) call_.loss = writable("loss", {});
  call_.inputs = inputs_.data();
  call_.outputs = outputs_.data();
  call_.state_in = state_in_.data();
  call_.state_out = state_out_.data();
  call_.workspace = workspace_.data();
}

void Session::connect_backward(const Tensors& given) {
  tape_ = runtime::AlignedBuffer(static_cast<std::size_t>(sizes_.tape_bytes));
  std::memset(tape_.data(), 0xff, tape_.size());
  for (int i = 0; i < model_.output_count; ++i) {
    const rnnc_tensor& output = model_.outputs[i];
    const std::string name = std::string("grad.") + output.name;
    output_gradients_.push_back(
        is_upstream(model_, i) ? find(given, name, array_shape(output, TensorRole::output, call_)).data() : nullptr);
  }
  for (int i = 0; i < model_.input_count; ++i) {
    const rnnc_tensor& input = model_.inputs[i];
    const bool real = input.index_extent == 0;
    const std::string name = std::string("grad.") + input.name;
    input_gradients_.push_back(real ? writable(name, array_shape(input, TensorRole::input, call_)) : nullptr);
  }
  for (int i = 0; i < model_.state_count; ++i) {
    const std::string name = std::string("grad.") + model_.states[i].name;
    const runtime::Extents extents = array_shape(model_.states[i], TensorRole::state, call_);
    state_out_gradients_.push_back(find(given, name + ".final", extents).data());
    state_in_gradients_.push_back(writable(name + ".init", extents));
  }
  parameter_gradients_.assign(parameters_.size(), NAN);
  call_.tape = tape_.data();
  call_.output_gradients = output_gradients_.data();
  call_.input_gradients = input_gradients_.data();
  call_.state_out_gradients = state_out_gradients_.data();
  call_.state_in_gradients = state_in_gradients_.data();
  call_.parameter_gradients = parameter_gradients_.data();
}

int Session::pack() { return model_.pack(&model_, parameters_.data(), packed_.data()); }

int Session::run() {
  switch (row_.mode) {
    case Mode::step: return model_.step(&model_, &call_);
    case Mode::forward: return model_.forward(&model_, &call_);
    case Mode::train: {
      int code = model_.forward_train(&model_, &call_);
      return code == RNNC_OK ? model_.backward(&model_, &call_) : code;
    }
  }
  return RNNC_FAILED;
}

Tensors Session::results() const {
  Tensors all = written_;
  if (row_.mode != Mode::train) return all;
  for (int i = 0; i < model_.parameter_count; ++i) {
    const rnnc_tensor& parameter = model_.parameters[i];
    Tensor gradient(DType::F32, array_shape(parameter, TensorRole::parameter, call_));
    std::copy_n(parameter_gradients_.begin() + parameter.offset, gradient.size(), gradient.view<float>().begin());
    all.insert_or_assign(std::string("grad.") + parameter.name, std::move(gradient));
  }
  return all;
}

Disagreement compare(const Tensors& a, const Tensors& b) {
  if (a.size() != b.size()) return {HUGE_VAL, "the number of results"};
  Disagreement result;
  for (const auto& [name, expected] : b) {
    auto found = a.find(name);
    if (found == a.end() || found->second.extents() != expected.extents()) return {HUGE_VAL, name};
    double difference = 0, size = 0;
    for (std::int64_t k = 0; k < expected.size(); ++k) {
      const double d = std::fabs(found->second.number(k) - expected.number(k));
      if (std::isnan(d)) return {HUGE_VAL, name};
      difference = std::max(difference, d);
      size = std::max(size, std::fabs(expected.number(k)));
    }
    if (size == 0) return {HUGE_VAL, name};
    if (difference / size > result.worst) result = {difference / size, name};
  }
  return result;
}

}  // namespace rnnc::bench
