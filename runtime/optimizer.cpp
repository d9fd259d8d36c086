#include "runtime/optimizer.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "runtime/model.h"
#include "runtime/numbers.h"

namespace rnnc::runtime {
namespace {

// Calls visit with the array as float* or double*.
template <class Visit>
auto with_reals(DType dtype, void* array, Visit visit) {
  return dtype == DType::F64 ? visit(static_cast<double*>(array)) : visit(static_cast<float*>(array));
}

template <class Real>
void scale(Real* values, std::int64_t n, double factor) {
  for (std::int64_t i = 0; i < n; ++i) values[i] = static_cast<Real>(values[i] * factor);
}

template <class Real>
void sgd_step(Real* p, const Real* g, Real* v, std::int64_t n, double rate, const OptimizerOptions& options) {
  const Real momentum = static_cast<Real>(options.momentum), decay = static_cast<Real>(options.weight_decay);
  const Real r = static_cast<Real>(rate);
  for (std::int64_t i = 0; i < n; ++i) {
    Real direction = g[i] + decay * p[i];
    if (v != nullptr) direction = v[i] = momentum * v[i] + direction;
    p[i] -= r * direction;
  }
}

template <class Real>
void adam_step(Real* p, const Real* g, Real* m, Real* v, std::int64_t n, double rate, std::int64_t step,
               const OptimizerOptions& options) {
  const double t = static_cast<double>(step);
  const Real b1 = static_cast<Real>(options.beta1), b2 = static_cast<Real>(options.beta2);
  const Real c1 = static_cast<Real>(1 - options.beta1), c2 = static_cast<Real>(1 - options.beta2);
  const Real first_rate = static_cast<Real>(rate / (1 - std::pow(options.beta1, t)));       // makes m the corrected m
  const Real second_scale = static_cast<Real>(1 / std::sqrt(1 - std::pow(options.beta2, t)));  // and sqrt(v) that of v
  const Real epsilon = static_cast<Real>(options.epsilon);
  const bool decoupled = options.kind == OptimizerKind::adamw;
  const Real shrink = static_cast<Real>(decoupled ? 1 - rate * options.weight_decay : 1);
  const Real decay = static_cast<Real>(decoupled ? 0 : options.weight_decay);
  for (std::int64_t i = 0; i < n; ++i) {
    const Real gradient = g[i] + decay * p[i];
    m[i] = b1 * m[i] + c1 * gradient;
    v[i] = b2 * v[i] + c2 * gradient * gradient;
    p[i] = shrink * p[i] - first_rate * m[i] / (std::sqrt(v[i]) * second_scale + epsilon);
  }
}

std::string slot_name(const char* slot, const rnnc_tensor& parameter) {
  return std::string("@optimizer.") + slot + "/" + parameter.name;
}

}  // namespace

Optimizer::Optimizer(const OptimizerOptions& options, DType dtype, std::int64_t elements)
    : options_(options), dtype_(dtype), elements_(elements) {
  const std::size_t bytes = static_cast<std::size_t>(elements) * size_of(dtype);
  const bool adam = options.kind != OptimizerKind::sgd;
  if (adam || options.momentum != 0) first_ = AlignedBuffer::zeroed(bytes);
  if (adam) second_ = AlignedBuffer::zeroed(bytes);
}

double Optimizer::step(void* parameters, void* gradients, double learning_rate) {
  const double norm = gradient_norm(gradients, dtype_, elements_);
  if (!std::isfinite(norm)) return norm;
  double clipped_norm = norm;
  if (options_.clip_value > 0) {
    clip_by_value(gradients, dtype_, elements_, options_.clip_value);
    clipped_norm = gradient_norm(gradients, dtype_, elements_);
  }
  // Adam's second moment, once infinite, would hold the parameter where it is for ever.
  const double longest = options_.clip_norm > 0 ? std::min(clipped_norm, options_.clip_norm) : clipped_norm;
  const double largest = dtype_ == DType::F64 ? std::numeric_limits<double>::max() : std::numeric_limits<float>::max();
  if (options_.kind != OptimizerKind::sgd && longest > std::sqrt(largest)) return std::numeric_limits<double>::infinity();
  ++steps_;
  with_reals(dtype_, gradients, [&](auto* g) {
    using Real = std::remove_pointer_t<decltype(g)>;
    if (options_.clip_norm > 0 && clipped_norm > options_.clip_norm) {
      scale(g, elements_, options_.clip_norm / clipped_norm);
    }
    auto* p = static_cast<Real*>(parameters);
    if (options_.kind == OptimizerKind::sgd) {
      sgd_step(p, g, first_.as<Real>(), elements_, learning_rate, options_);
    } else {
      adam_step(p, g, first_.as<Real>(), second_.as<Real>(), elements_, learning_rate, steps_, options_);
    }
  });
  return norm;
}

void Optimizer::save(const rnnc_model& model, TensorFile& file) const {
  file.metadata["optimizer.kind"] = name_of(options_.kind);
  file.metadata["optimizer.steps"] = std::to_string(steps_);
  for (int i = 0; i < model.parameter_count; ++i) {
    const rnnc_tensor& parameter = model.parameters[i];
    if (first_.size() > 0) file.tensors[slot_name("first", parameter)] = slice_of(model, parameter, first_.data());
    if (second_.size() > 0) file.tensors[slot_name("second", parameter)] = slice_of(model, parameter, second_.data());
  }
}

Status Optimizer::load(const rnnc_model& model, const TensorFile& file) {
  const auto kind = file.metadata.find("optimizer.kind");
  const auto steps = metadata_number(file, "optimizer.steps");
  if (kind == file.metadata.end() || !steps) return Error{"there is no optimizer state"};
  if (kind->second != name_of(options_.kind)) {
    return Error{"the optimizer state is of `" + kind->second + "`, not of `" + name_of(options_.kind) + "`"};
  }
  AlignedBuffer first = first_, second = second_;
  for (int i = 0; i < model.parameter_count; ++i) {
    const rnnc_tensor& parameter = model.parameters[i];
    for (auto& [slot, buffer] : {std::pair<const char*, AlignedBuffer*>{"first", &first}, {"second", &second}}) {
      if (buffer->size() == 0) continue;
      const std::string name = slot_name(slot, parameter);
      const Tensor* value = file.find(name);
      if (value == nullptr) return Error{backticked(name) + " is missing"};
      if (value->extents() != Extents(parameter.extents, parameter.extents + parameter.rank)) {
        return Error{backticked(name) + " has the wrong shape " + shape_text(value->extents())};
      }
      write_slice(model, parameter, *value, buffer->data());
    }
  }
  first_ = std::move(first);
  second_ = std::move(second);
  steps_ = *steps;
  return {};
}

double gradient_norm(const void* gradients, DType dtype, std::int64_t elements) {
  return with_reals(dtype, const_cast<void*>(gradients), [&](const auto* g) {
    const auto of_scaled = [&](double scale) {
      double lanes[4] = {};  // four chains of additions, so that they overlap
      for (std::int64_t i = 0; i < elements; ++i) {
        const double value = static_cast<double>(g[i]) * scale;
        lanes[i % 4] += value * value;
      }
      return std::sqrt((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) / scale;
    };
    const double norm = of_scaled(1);
    return std::isfinite(norm) ? norm : of_scaled(0x1p-600);  // squares of what is above 1e154 do not fit
  });
}

void clip_by_value(void* gradients, DType dtype, std::int64_t elements, double limit) {
  with_reals(dtype, gradients, [&](auto* g) {
    using Real = std::remove_pointer_t<decltype(g)>;
    const Real bound = static_cast<Real>(limit);
    for (std::int64_t i = 0; i < elements; ++i) g[i] = std::clamp(g[i], -bound, bound);
  });
}

const char* name_of(OptimizerKind kind) {
  switch (kind) {
    case OptimizerKind::sgd: return "sgd";
    case OptimizerKind::adam: return "adam";
    case OptimizerKind::adamw: return "adamw";
  }
  return "";
}

}  // namespace rnnc::runtime
