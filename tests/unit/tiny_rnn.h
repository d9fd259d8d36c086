// A small language model written by hand behind the C ABI, to test hosts without a compiler:
//   h[t] = tanh(E[token[t]] + U h[t-1] + b),  y[t] = R h[t] + c,  loss = mean of -log softmax(y[t])[next[t]]
// with its whole backward pass. No row lengths, no threads.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

#include "runtime/abi.h"

namespace tiny {

template <class Real>
class TinyRnn {
 public:
  TinyRnn(std::int64_t vocabulary, std::int64_t hidden) : v_(vocabulary), h_(hidden) {
    std::int64_t offset = 0;
    const auto parameter = [&](const char* name, std::vector<std::int64_t> extents, int initializer) {
      rnnc_tensor tensor = blank(name, extents);
      tensor.offset = offset;
      tensor.initializer = initializer;
      tensor.low = initializer == RNNC_INIT_ORTHOGONAL ? 1 : 0;
      std::int64_t size = 1;
      for (const std::int64_t extent : extents) size *= extent;
      offset += (size + 7) / 8 * 8;  // leaves gaps, as a producer may
      parameters_.push_back(tensor);
    };
    parameter("E", {v_, h_}, RNNC_INIT_GLOROT);
    parameter("U", {h_, h_}, RNNC_INIT_ORTHOGONAL);
    parameter("b", {h_}, RNNC_INIT_CONSTANT);
    parameter("R", {v_, h_}, RNNC_INIT_GLOROT);
    parameter("c", {v_}, RNNC_INIT_CONSTANT);
    for (const char* name : {"token", "next"}) {
      rnnc_tensor input = blank(name, {});
      input.batched = 1;
      input.axis = 0;
      input.index_extent = v_;
      input.target = inputs_.empty() ? 0 : 1;
      inputs_.push_back(input);
    }
    outputs_.push_back(blank("y", {v_}));
    outputs_[0].batched = 1;
    outputs_[0].axis = 0;
    states_.push_back(blank("h", {h_}));
    states_[0].batched = 1;
    states_[0].history = 1;

    model_.abi_version = RNNC_ABI_VERSION;
    model_.struct_size = sizeof(rnnc_model);
    model_.name = "tiny";
    model_.target = "test";
    model_.dtype = sizeof(Real) == 8 ? RNNC_F64 : RNNC_F32;
    model_.axis_count = 1;
    model_.has_loss = 1;
    model_.parameter_count = static_cast<std::int32_t>(parameters_.size());
    model_.input_count = 2;
    model_.output_count = 1;
    model_.state_count = 1;
    model_.parameter_elements = offset;
    model_.parameters = parameters_.data();
    model_.inputs = inputs_.data();
    model_.outputs = outputs_.data();
    model_.states = states_.data();
    model_.axes = axes_;
    model_.self = this;
    model_.sizes = &sizes;
    model_.pack = &pack;
    model_.forward = [](const rnnc_model* m, const rnnc_call* c) { return self(m).forward(*c, c->steps[0], false); };
    model_.forward_train = [](const rnnc_model* m, const rnnc_call* c) {
      return self(m).forward(*c, c->steps[0], true);
    };
    model_.step = [](const rnnc_model* m, const rnnc_call* c) { return self(m).forward(*c, 1, false); };
    model_.backward = [](const rnnc_model* m, const rnnc_call* c) { return self(m).backward(*c); };
  }
  TinyRnn(const TinyRnn&) = delete;

  const rnnc_model& model() const { return model_; }
  rnnc_model& mutable_model() { return model_; }
  std::vector<rnnc_tensor>& inputs() { return inputs_; }

 private:
  static rnnc_tensor blank(const char* name, const std::vector<std::int64_t>& extents) {
    rnnc_tensor tensor{};
    tensor.name = name;
    tensor.rank = static_cast<std::int32_t>(extents.size());
    std::copy(extents.begin(), extents.end(), tensor.extents);
    tensor.axis = -1;
    return tensor;
  }
  static const TinyRnn& self(const rnnc_model* model) { return *static_cast<const TinyRnn*>(model->self); }

  static int sizes(const rnnc_model* model, const rnnc_call* call, rnnc_sizes* sizes) {
    const TinyRnn& me = self(model);
    const std::int64_t real = sizeof(Real), T = call->steps[0], B = call->rows;
    sizes->packed_bytes = model->parameter_elements * real;
    sizes->tape_bytes = ((T + 1) * B * me.h_ + T * B * me.v_) * real;  // h[-1..T-1], softmax
    sizes->inference_workspace_bytes = (2 * me.h_ + me.v_) * B * real;
    sizes->training_workspace_bytes = sizes->inference_workspace_bytes;
    sizes->step_workspace_bytes = sizes->inference_workspace_bytes;
    return RNNC_OK;
  }
  static int pack(const rnnc_model* model, const void* parameters, void* packed) {
    std::memcpy(packed, parameters, static_cast<std::size_t>(model->parameter_elements) * sizeof(Real));
    return RNNC_OK;
  }

  const Real* parameter(const void* flat, int i) const {
    return static_cast<const Real*>(flat) + parameters_[static_cast<std::size_t>(i)].offset;
  }

  int forward(const rnnc_call& call, std::int64_t T, bool training) const {
    const std::int64_t B = call.rows;
    const Real *E = parameter(call.packed, 0), *U = parameter(call.packed, 1), *b = parameter(call.packed, 2);
    const Real *R = parameter(call.packed, 3), *c = parameter(call.packed, 4);
    const auto* tokens = static_cast<const std::int32_t*>(call.inputs[0]);
    const auto* next = static_cast<const std::int32_t*>(call.inputs[1]);
    Real* work = static_cast<Real*>(call.workspace);
    Real* tape = static_cast<Real*>(call.tape);
    Real* before = training ? tape : work;
    const void* initial = call.state_in != nullptr ? call.state_in[0] : nullptr;
    for (std::int64_t i = 0; i < B * h_; ++i) before[i] = initial != nullptr ? static_cast<const Real*>(initial)[i] : 0;
    double loss = 0;
    for (std::int64_t t = 0; t < T; ++t) {
      Real* now = training ? before + B * h_ : work + ((t + 1) % 2) * B * h_;
      for (std::int64_t row = 0; row < B; ++row) {
        const std::int64_t token = tokens[t * B + row];
        for (std::int64_t i = 0; i < h_; ++i) {
          Real sum = E[token * h_ + i] + b[i];
          for (std::int64_t j = 0; j < h_; ++j) sum += U[i * h_ + j] * before[row * h_ + j];
          now[row * h_ + i] = std::tanh(sum);
        }
        Real* y = training ? tape + (T + 1) * B * h_ + (t * B + row) * v_ : work + 2 * B * h_ + row * v_;
        for (std::int64_t k = 0; k < v_; ++k) {
          y[k] = c[k];
          for (std::int64_t j = 0; j < h_; ++j) y[k] += R[k * h_ + j] * now[row * h_ + j];
        }
        if (call.outputs != nullptr && call.outputs[0] != nullptr) {
          std::copy(y, y + v_, static_cast<Real*>(call.outputs[0]) + (t * B + row) * v_);
        }
        const Real logit = call.loss != nullptr ? y[next[t * B + row]] : 0;
        const Real largest = *std::max_element(y, y + v_);
        Real sum = 0;
        for (std::int64_t k = 0; k < v_; ++k) sum += y[k] = std::exp(y[k] - largest);
        for (std::int64_t k = 0; k < v_; ++k) y[k] /= sum;
        loss -= static_cast<double>(logit - largest - std::log(sum));
      }
      before = now;
    }
    if (call.state_out != nullptr && call.state_out[0] != nullptr) {
      std::copy(before, before + B * h_, static_cast<Real*>(call.state_out[0]));
    }
    if (call.loss != nullptr) *static_cast<Real*>(call.loss) = static_cast<Real>(loss / static_cast<double>(T * B));
    return RNNC_OK;
  }

  int backward(const rnnc_call& call) const {
    const std::int64_t B = call.rows, T = call.steps[0];
    const Real *U = parameter(call.packed, 1), *R = parameter(call.packed, 3);
    const auto* tokens = static_cast<const std::int32_t*>(call.inputs[0]);
    const auto* next = static_cast<const std::int32_t*>(call.inputs[1]);
    const Real* tape = static_cast<const Real*>(call.tape);
    Real* flat = static_cast<Real*>(call.parameter_gradients);
    const auto gradient = [&](int i) { return const_cast<Real*>(parameter(flat, i)); };
    for (const rnnc_tensor& p : parameters_) {
      const std::int64_t size = p.extents[0] * (p.rank > 1 ? p.extents[1] : 1);
      std::fill_n(flat + p.offset, size, Real(0));
    }
    Real* carried = static_cast<Real*>(call.workspace);  // adjoint of h[t] from step t + 1
    Real* pre = carried + B * h_;                        // adjoint of the argument of tanh
    Real* dy = pre + B * h_;
    std::fill_n(carried, B * h_, Real(0));
    for (std::int64_t t = T - 1; t >= 0; --t) {
      const Real *before = tape + t * B * h_, *now = before + B * h_;
      for (std::int64_t row = 0; row < B; ++row) {
        const Real* softmax = tape + (T + 1) * B * h_ + (t * B + row) * v_;
        for (std::int64_t k = 0; k < v_; ++k) {
          dy[k] = (softmax[k] - (k == next[t * B + row] ? 1 : 0)) / static_cast<Real>(T * B);
          gradient(4)[k] += dy[k];
          for (std::int64_t j = 0; j < h_; ++j) gradient(3)[k * h_ + j] += dy[k] * now[row * h_ + j];
        }
        for (std::int64_t i = 0; i < h_; ++i) {
          Real sum = carried[row * h_ + i];
          for (std::int64_t k = 0; k < v_; ++k) sum += R[k * h_ + i] * dy[k];
          const Real h = now[row * h_ + i];
          pre[row * h_ + i] = sum * (1 - h * h);
          gradient(0)[tokens[t * B + row] * h_ + i] += pre[row * h_ + i];
          gradient(2)[i] += pre[row * h_ + i];
          for (std::int64_t j = 0; j < h_; ++j) gradient(1)[i * h_ + j] += pre[row * h_ + i] * before[row * h_ + j];
        }
        for (std::int64_t j = 0; j < h_; ++j) {
          Real sum = 0;
          for (std::int64_t i = 0; i < h_; ++i) sum += U[i * h_ + j] * pre[row * h_ + i];
          carried[row * h_ + j] = sum;
        }
      }
    }
    return RNNC_OK;
  }

  std::int64_t v_, h_;
  std::vector<rnnc_tensor> parameters_, inputs_, outputs_, states_;
  const char* axes_[1] = {"t"};
  rnnc_model model_{};
};

}  // namespace tiny
