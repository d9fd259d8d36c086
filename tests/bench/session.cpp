#include "tests/bench/session.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>
#include <stdexcept>

namespace rnnc::bench {
namespace {

std::size_t elements(const rnnc_tensor& tensor) {
  std::size_t count = 1;
  for (int i = 0; i < tensor.rank; ++i) count *= static_cast<std::size_t>(tensor.extents[i]);
  return count;
}
std::size_t sequence_elements(const rnnc_tensor& tensor, const Row& row) {
  return elements(tensor) * static_cast<std::size_t>(tensor.axis >= 0 ? row.T : 1) *
         static_cast<std::size_t>(tensor.batched ? row.B : 1);
}
std::size_t state_elements(const rnnc_tensor& tensor, const Row& row) {
  return elements(tensor) * static_cast<std::size_t>(row.B) * static_cast<std::size_t>(tensor.history);
}

const Floats& find(const Tensors& tensors, const std::string& name, std::size_t count) {
  auto found = tensors.find(name);
  if (found == tensors.end()) throw std::runtime_error("no data for `" + name + "`");
  if (found->second.size() != count) throw std::runtime_error("`" + name + "` has another size");
  return found->second;
}

}  // namespace

Data random_data(const rnnc_model& model, const Row& row) {
  std::mt19937 random(20000 + static_cast<unsigned>(row.H));
  auto numbers = [&](std::size_t count, double size) {
    std::uniform_real_distribution<float> uniform(static_cast<float>(-size), static_cast<float>(size));
    Floats values(count);
    for (float& value : values) value = uniform(random);
    return values;
  };
  Data data;
  for (int i = 0; i < model.parameter_count; ++i) {
    const rnnc_tensor& p = model.parameters[i];
    const double columns = p.rank > 1 ? static_cast<double>(p.extents[p.rank - 1]) : 4;
    data.parameters[p.name] = numbers(elements(p), 1 / std::sqrt(columns));
  }
  for (int i = 0; i < model.input_count; ++i)
    data.inputs[model.inputs[i].name] = numbers(sequence_elements(model.inputs[i], row), 1);
  for (int i = 0; i < model.state_count; ++i) {
    data.states[model.states[i].name] = numbers(state_elements(model.states[i], row), 0.8);
    data.state_gradients[model.states[i].name] = numbers(state_elements(model.states[i], row), 1);
  }
  for (int i = 0; i < model.output_count; ++i)
    if (!std::strcmp(model.outputs[i].name, "h"))
      data.output_gradient = numbers(sequence_elements(model.outputs[i], row), 1);
  return data;
}

Session::Session(const rnnc_model& model, const Row& row, const Data& data, rnnc_parallel_for parallel_for, void* pool)
    : model_(model), row_(row) {
  if (model.dtype != RNNC_F32) throw std::runtime_error("not a model in f32");
  call_.struct_size = sizeof call_;
  for (std::int64_t& steps : call_.steps) steps = row.T;
  call_.rows = row.B;
  call_.parallel_for = parallel_for;
  call_.pool = pool;
  if (model.sizes(&model, &call_, &sizes_) != RNNC_OK) throw std::runtime_error("`sizes` failed");
  packed_ = runtime::AlignedBuffer::zeroed(static_cast<std::size_t>(sizes_.packed_bytes));
  parameters_.assign(static_cast<std::size_t>(model.parameter_elements), 0.0f);
  for (int i = 0; i < model.parameter_count; ++i) {
    const Floats& values = find(data.parameters, model.parameters[i].name, elements(model.parameters[i]));
    std::copy(values.begin(), values.end(), parameters_.begin() + model.parameters[i].offset);
  }
  call_.packed = packed_.data();
  if (pack() != RNNC_OK) throw std::runtime_error("`pack` failed");
  connect_forward(data);
  if (row.mode == Mode::train) connect_backward(data);
}

float* Session::writable(const std::string& name, std::size_t count) {
  Floats& values = written_[name];
  values.assign(count, NAN);
  return values.data();
}

void Session::connect_forward(const Data& data) {
  const bool train = row_.mode == Mode::train, step = row_.mode == Mode::step;
  std::int64_t workspace = train  ? sizes_.training_workspace_bytes
                           : step ? sizes_.step_workspace_bytes
                                  : sizes_.inference_workspace_bytes;
  workspace_ = runtime::AlignedBuffer(static_cast<std::size_t>(workspace));
  std::memset(workspace_.data(), 0xff, workspace_.size());
  for (int i = 0; i < model_.input_count; ++i)
    inputs_.push_back(find(data.inputs, model_.inputs[i].name, sequence_elements(model_.inputs[i], row_)).data());
  for (int i = 0; i < model_.output_count; ++i) {
    const std::string name = model_.outputs[i].name;
    outputs_.push_back(name == "h" ? writable("y h", sequence_elements(model_.outputs[i], row_)) : nullptr);
  }
  for (int i = 0; i < model_.state_count; ++i) {
    const std::string name = model_.states[i].name;
    const std::size_t count = state_elements(model_.states[i], row_);
    const Floats& first = find(data.states, name, count);
    Floats& stream = stream_[name] = step ? first : Floats();
    state_in_.push_back(step ? stream.data() : first.data());
    state_out_.push_back(step ? stream.data() : writable("last " + name, count));
  }
  call_.inputs = inputs_.data();
  call_.outputs = outputs_.data();
  call_.state_in = state_in_.data();
  call_.state_out = state_out_.data();
  call_.workspace = workspace_.data();
}

void Session::connect_backward(const Data& data) {
  tape_ = runtime::AlignedBuffer(static_cast<std::size_t>(sizes_.tape_bytes));
  std::memset(tape_.data(), 0xff, tape_.size());
  for (int i = 0; i < model_.output_count; ++i)
    output_gradients_.push_back(std::strcmp(model_.outputs[i].name, "h") ? nullptr : data.output_gradient.data());
  for (int i = 0; i < model_.input_count; ++i)
    input_gradients_.push_back(
        writable(std::string("gradient ") + model_.inputs[i].name, sequence_elements(model_.inputs[i], row_)));
  for (int i = 0; i < model_.state_count; ++i) {
    const std::string name = model_.states[i].name;
    const std::size_t count = state_elements(model_.states[i], row_);
    state_out_gradients_.push_back(find(data.state_gradients, name, count).data());
    state_in_gradients_.push_back(writable("gradient of first " + name, count));
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
  if (row_.mode == Mode::step)
    for (const auto& [name, values] : stream_) all["last " + name] = values;
  if (row_.mode == Mode::train)
    for (int i = 0; i < model_.parameter_count; ++i) {
      const auto begin = parameter_gradients_.begin() + model_.parameters[i].offset;
      all[std::string("gradient ") + model_.parameters[i].name] =
          Floats(begin, begin + static_cast<std::ptrdiff_t>(elements(model_.parameters[i])));
    }
  return all;
}

Disagreement compare(const Tensors& a, const Tensors& b) {
  if (a.size() != b.size()) return {HUGE_VAL, "the number of results"};
  Disagreement result;
  for (const auto& [name, expected] : b) {
    auto found = a.find(name);
    if (found == a.end() || found->second.size() != expected.size()) return {HUGE_VAL, name};
    double difference = 0, size = 0;
    for (std::size_t k = 0; k < expected.size(); ++k) {
      double d = std::fabs(static_cast<double>(found->second[k]) - static_cast<double>(expected[k]));
      if (std::isnan(d)) return {HUGE_VAL, name};
      difference = std::max(difference, d);
      size = std::max(size, std::fabs(static_cast<double>(expected[k])));
    }
    if (size == 0) return {HUGE_VAL, name};
    if (difference / size > result.worst) result = {difference / size, name};
  }
  return result;
}

}  // namespace rnnc::bench
