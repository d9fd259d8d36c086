#include "compiler/driver/evaluate.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <vector>

#include "compiler/ir/print_expression.h"
#include "dsl/diagnostics.h"
#include "runtime/call_check.h"
#include "runtime/model.h"
#include "runtime/watch.h"

namespace rnnc::driver {
namespace {

using runtime::backticked;
using runtime::Error;
using runtime::Extents;
using runtime::Result;
using runtime::Status;
using runtime::Tensor;
using runtime::TensorFile;
using runtime::TensorRole;

// The numbers of a run that shapes in the case decide, each with the name of what decided it.
struct Size {
  std::int64_t value = -1;
  std::string from;
};

// A tensor that the case may hold.
struct Place {
  std::string name;
  const rnnc_tensor* tensor = nullptr;
  TensorRole role = TensorRole::input;
  const Tensor* value = nullptr;  // null: absent
};

class Evaluation {
 public:
  Evaluation(const rnnc_model& model, const TensorFile& values, const EvaluateOptions& options,
             runtime::ThreadPool* pool)
      : model_(model), values_(values), options_(options), pool_(pool) {}

  Result<TensorFile> run();

 private:
  // A dimension of a tensor's array: a constant, or a number of the run.
  struct Dimension {
    Size* size = nullptr;
    std::int64_t constant = 0;
    std::string text;
  };

  void find_places();
  std::vector<Place> places(const rnnc_tensor* tensors, int count, TensorRole role, const std::string& before,
                            const std::string& after);
  void find_lengths();
  void decide_loss();
  void decide_steps();
  void check_names();
  std::vector<std::string> length_names(int axis) const;
  void check_places(const std::vector<Place>& places, bool required);
  void check_shape(const Place& place);
  void unify(const Place& place, const Dimension& dimension, std::int64_t extent);
  std::vector<Dimension> pattern(const rnnc_tensor& tensor, TensorRole role);
  std::string axis_text(int axis) const;

  void read_lengths();
  void read_index(const Place& place, std::int32_t* into, const rnnc_call& call);
  Status fill(runtime::Model& model, runtime::Run& run);
  void read_real(const std::vector<Place>& places, std::vector<Tensor>& tensors, std::vector<const void*>& pointers);
  void allocate(const rnnc_tensor* tensors, int count, TensorRole role, const rnnc_call& call,
                std::vector<Tensor>& into, std::vector<void*>& pointers, bool index_too);
  using Put = std::function<void(const std::string& name, Tensor tensor)>;
  Result<TensorFile> collect(const runtime::Run& run);
  void put_gradients(const runtime::Run& run, const Put& put);

  void fault(std::string text) { faults_.push_back(std::move(text)); }
  Error all_faults() const;

  const rnnc_model& model_;
  const TensorFile& values_;
  const EvaluateOptions& options_;
  runtime::ThreadPool* pool_;

  std::vector<Place> parameters_, inputs_, initial_, upstream_, upstream_final_;
  const Tensor* lengths_[RNNC_MAX_AXES] = {};
  std::string length_names_[RNNC_MAX_AXES];
  Size steps_[RNNC_MAX_AXES], rows_;
  bool loss_ = false;
  std::vector<std::string> faults_;

  std::vector<std::int32_t> row_lengths_[RNNC_MAX_AXES];
  std::vector<Tensor> states_in_, states_out_, output_gradients_, final_gradients_, input_gradients_, state_gradients_;
  std::vector<const void*> states_in_pointers_, output_gradient_pointers_, final_gradient_pointers_;
  std::vector<void*> states_out_pointers_, input_gradient_pointers_, state_gradient_pointers_;
};

Error Evaluation::all_faults() const {
  std::string text;
  for (const std::string& each : faults_) text += (text.empty() ? "" : "\n") + each;
  return Error{text};
}

// "T" where there is one axis, else "T_src".
std::string Evaluation::axis_text(int axis) const {
  return model_.axis_count <= 1 ? "T" : "T_" + std::string(model_.axes[axis]);
}

std::vector<Place> Evaluation::places(const rnnc_tensor* tensors, int count, TensorRole role, const std::string& before,
                                      const std::string& after) {
  std::vector<Place> found;
  for (int i = 0; i < count; ++i) {
    const std::string name = before + tensors[i].name + after;
    found.push_back({name, &tensors[i], role, values_.find(name)});
  }
  return found;
}

void Evaluation::find_places() {
  parameters_ = places(model_.parameters, model_.parameter_count, TensorRole::parameter, "", "");
  inputs_ = places(model_.inputs, model_.input_count, TensorRole::input, "", "");
  initial_ = places(model_.states, model_.state_count, TensorRole::state, "", ".init");
  upstream_ = places(model_.outputs, model_.output_count, TensorRole::output, "grad.", "");
  upstream_final_ = places(model_.states, model_.state_count, TensorRole::state, "grad.", ".final");
}

std::vector<std::string> Evaluation::length_names(int axis) const {
  std::vector<std::string> names;
  if (model_.axis_count == 1) names.push_back("lengths");
  if (model_.axes[axis][0] != '\0') names.push_back("lengths." + std::string(model_.axes[axis]));
  return names;
}

void Evaluation::find_lengths() {
  for (int axis = 0; axis < model_.axis_count; ++axis) {
    for (const std::string& name : length_names(axis)) {
      const Tensor* value = values_.find(name);
      if (value == nullptr) continue;
      if (lengths_[axis] != nullptr)
        fault("lengths are given twice: " + backticked(length_names_[axis]) + ", " + backticked(name));
      lengths_[axis] = value;
      length_names_[axis] = name;
    }
  }
}

// The loss is asked for by giving targets: all of them or none. A model whose loss has no targets always reports it.
void Evaluation::decide_loss() {
  if (model_.has_loss == 0) return;
  const bool none = lacks_targets(model_, values_);
  loss_ = !none || options_.gradient;
  if (!loss_) return;
  for (const Place& input : inputs_)
    if (input.tensor->target != 0 && input.value == nullptr)
      fault("target " + backticked(input.name) + " is missing: the loss needs it");
}

void Evaluation::check_names() {
  std::vector<std::string> known;
  for (const auto* list : {&parameters_, &inputs_, &initial_, &upstream_, &upstream_final_})
    for (const Place& place : *list)
      if (place.role != TensorRole::output || !runtime::is_watched(*place.tensor)) known.push_back(place.name);
  for (int axis = 0; axis < model_.axis_count; ++axis)
    for (std::string& name : length_names(axis)) known.push_back(std::move(name));
  for (const auto& [name, tensor] : values_.tensors) {
    const auto meanings = std::count(known.begin(), known.end(), name);
    if (meanings > 1) fault("tensor " + backticked(name) + " means two things to this model: one of them needs another name");
    if (meanings > 0) continue;
    const std::string near = dsl::nearest(name, known);
    fault("tensor " + backticked(name) + " " + runtime::shape_text(tensor.extents()) + " is not recognised" +
          (near.empty() ? "" : "; did you mean " + backticked(near) + "?"));
  }
}

std::vector<Evaluation::Dimension> Evaluation::pattern(const rnnc_tensor& tensor, TensorRole role) {
  std::vector<Dimension> dimensions;
  const auto constant = [&](std::int64_t extent) { dimensions.push_back({nullptr, extent, std::to_string(extent)}); };
  if (role == TensorRole::state) {
    if (tensor.history > 1) constant(tensor.history);
    dimensions.push_back({&rows_, 0, "B"});
  } else if (role != TensorRole::parameter) {
    if (tensor.axis >= 0) dimensions.push_back({&steps_[tensor.axis], 0, axis_text(tensor.axis)});
    if (tensor.batched != 0) dimensions.push_back({&rows_, 0, "B"});
  }
  for (int i = 0; i < tensor.rank; ++i) constant(tensor.extents[i]);
  return dimensions;
}

void Evaluation::unify(const Place& place, const Dimension& dimension, std::int64_t extent) {
  Size& size = *dimension.size;
  if (size.value < 0) {
    size = {extent, place.name};
    return;
  }
  if (size.value == extent) return;
  const char* unit = dimension.size == &rows_ ? " rows" : " steps";
  fault(backticked(place.name) + " has " + std::to_string(extent) + unit + ", but " +
        (size.from.starts_with("--") ? size.from : backticked(size.from)) + " has " + std::to_string(size.value));
}

void Evaluation::check_shape(const Place& place) {
  const std::vector<Dimension> wanted = pattern(*place.tensor, place.role);
  const Extents& extents = place.value->extents();
  bool fits = wanted.size() == extents.size();
  std::string text;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    text += (i > 0 ? ", " : "") + wanted[i].text;
    fits = fits && (wanted[i].size != nullptr || wanted[i].constant == extents[i]);
  }
  if (!fits) {
    fault(backticked(place.name) + " must be [" + text + "], is " + runtime::shape_text(extents));
    return;
  }
  for (std::size_t i = 0; i < wanted.size(); ++i)
    if (wanted[i].size != nullptr) unify(place, wanted[i], extents[i]);
}

void Evaluation::check_places(const std::vector<Place>& places, bool required) {
  for (const Place& place : places) {
    if (place.value == nullptr) {
      if (required && place.tensor->target == 0) {
        fault((place.role == TensorRole::parameter ? "parameter " : "input ") + backticked(place.name) + " is missing");
      }
      continue;
    }
    const bool index = place.role == TensorRole::input && place.tensor->index_extent > 0;
    if (index != runtime::is_integer(place.value->dtype())) {
      fault(backticked(place.name) + " is " + std::string(runtime::name_of(place.value->dtype())) + ", must be " +
            (index ? "of an integer dtype: it is an index" : "of a real dtype"));
    }
    check_shape(place);
  }
}

void Evaluation::decide_steps() {
  for (const auto& [name, count] : options_.steps) {
    bool known = name.empty();
    for (int axis = 0; axis < model_.axis_count; ++axis) {
      if (!name.empty() && name != model_.axes[axis]) continue;
      known = true;
      // A number for every axis gives way to one for this axis.
      if (name.empty() && options_.steps.contains(model_.axes[axis]) && model_.axes[axis][0] != '\0') continue;
      steps_[axis] = {count, "--steps"};
    }
    if (!known) fault("--steps: the model has no axis " + backticked(name));
  }
}

void Evaluation::read_lengths() {
  for (int axis = 0; axis < model_.axis_count; ++axis) {
    if (lengths_[axis] == nullptr) continue;
    const Tensor& value = *lengths_[axis];
    const std::string name = backticked(length_names_[axis]);
    if (!runtime::is_integer(value.dtype())) {
      fault(name + " is " + std::string(runtime::name_of(value.dtype())) + ", must be of an integer dtype");
    }
    if (value.extents().size() != 1) {
      fault(name + " must be [B], is " + runtime::shape_text(value.extents()));
      continue;
    }
    if (rows_.value < 0) rows_ = {value.size(), length_names_[axis]};
    if (value.size() != rows_.value) {
      fault(name + " has " + std::to_string(value.size()) + " rows, but " + backticked(rows_.from) + " has " +
            std::to_string(rows_.value));
      continue;
    }
    for (std::int64_t row = 0; row < value.size(); ++row) {
      const double length = value.number(row);
      if (!(length >= 0) || (steps_[axis].value >= 0 && length > static_cast<double>(steps_[axis].value)) ||
          length > 2147483647.0) {
        fault(name + ": the length of row " + std::to_string(row) + " is not in [0, " + axis_text(axis) +
              (steps_[axis].value >= 0 ? " = " + std::to_string(steps_[axis].value) : "") + "]");
        break;
      }
      row_lengths_[axis].push_back(static_cast<std::int32_t>(length));
    }
  }
}

// Past a row's end an index may be any number: it is not looked at, and 0 takes its place.
void Evaluation::read_index(const Place& place, std::int32_t* into, const rnnc_call& call) {
  const rnnc_tensor& tensor = *place.tensor;
  const std::int64_t steps = tensor.axis >= 0 ? call.steps[tensor.axis] : 1, rows = tensor.batched != 0 ? call.rows : 1;
  const std::int64_t entries = steps * rows > 0 ? place.value->size() / (steps * rows) : 0;
  const std::int32_t* lengths = tensor.axis >= 0 && tensor.batched != 0 ? call.lengths[tensor.axis] : nullptr;
  for (std::int64_t t = 0; t < steps; ++t) {
    for (std::int64_t row = 0; row < rows; ++row) {
      for (std::int64_t i = 0; i < entries; ++i) {
        const std::int64_t at = (t * rows + row) * entries + i;
        into[at] = 0;
        if (lengths != nullptr && t >= lengths[row]) continue;
        const double number = place.value->number(at);
        if (!(number >= static_cast<double>(tensor.lowest_index)) ||
            number >= static_cast<double>(tensor.index_extent) || number > 2147483647.0) {
          fault(backticked(place.name) + ": the index " + ir::number_text(number) + " at" +
                (tensor.axis >= 0 ? " step " + std::to_string(t) + "," : "") + " row " + std::to_string(row) +
                " is outside [" + std::to_string(tensor.lowest_index) + ", " + std::to_string(tensor.index_extent) +
                ")");
          return;
        }
        into[at] = static_cast<std::int32_t>(number);
      }
    }
  }
}

void Evaluation::read_real(const std::vector<Place>& places, std::vector<Tensor>& tensors,
                           std::vector<const void*>& pointers) {
  for (const Place& place : places) {
    tensors.push_back(place.value == nullptr ? Tensor() : place.value->to_real(runtime::element_dtype(model_)));
    pointers.push_back(place.value == nullptr ? nullptr : tensors.back().data());
  }
}

void Evaluation::allocate(const rnnc_tensor* tensors, int count, TensorRole role, const rnnc_call& call,
                          std::vector<Tensor>& into, std::vector<void*>& pointers, bool index_too) {
  for (int i = 0; i < count; ++i) {
    const bool wanted = index_too || tensors[i].index_extent == 0;
    into.push_back(!wanted
                       ? Tensor()
                       : Tensor::zeros(runtime::element_dtype(model_), runtime::array_shape(tensors[i], role, call)));
    pointers.push_back(wanted ? into.back().data() : nullptr);
  }
}

Status Evaluation::fill(runtime::Model& model, runtime::Run& run) {
  rnnc_call& call = run.call();
  for (const Place& place : parameters_)
    runtime::write_slice(model_, *place.tensor, *place.value, model.mutable_parameters());
  if (Status status = model.pack(); !status) return status;
  for (int axis = 0; axis < model_.axis_count; ++axis)
    if (lengths_[axis] != nullptr) call.lengths[axis] = row_lengths_[axis].data();
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    const Place& place = inputs_[i];
    if (place.value == nullptr) continue;
    if (place.tensor->index_extent > 0) {
      read_index(place, run.index_input(static_cast<int>(i)), call);
      continue;
    }
    const Tensor real = place.value->to_real(runtime::element_dtype(model_));
    if (real.bytes() > 0) std::memcpy(run.input(static_cast<int>(i)), real.data(), real.bytes());
  }
  if (!faults_.empty()) return all_faults();
  call.seed = options_.seed;
  call.rates = &options_.rate;
  call.training = options_.training ? 1 : 0;
  run.want_loss(loss_);
  read_real(initial_, states_in_, states_in_pointers_);
  call.state_in = states_in_pointers_.data();
  allocate(model_.states, model_.state_count, TensorRole::state, call, states_out_, states_out_pointers_, true);
  call.state_out = states_out_pointers_.data();
  if (!options_.gradient) return {};
  read_real(upstream_, output_gradients_, output_gradient_pointers_);
  read_real(upstream_final_, final_gradients_, final_gradient_pointers_);
  allocate(model_.inputs, model_.input_count, TensorRole::input, call, input_gradients_, input_gradient_pointers_,
           false);
  allocate(model_.states, model_.state_count, TensorRole::state, call, state_gradients_, state_gradient_pointers_,
           true);
  call.output_gradients = output_gradient_pointers_.data();
  call.state_out_gradients = final_gradient_pointers_.data();
  call.input_gradients = input_gradient_pointers_.data();
  call.state_in_gradients = state_gradient_pointers_.data();
  return {};
}

Result<TensorFile> Evaluation::collect(const runtime::Run& run) {
  TensorFile result;
  const Put put = [&](const std::string& name, Tensor tensor) {
    if (!result.tensors.emplace(name, std::move(tensor)).second)
      fault("two results of this model are called " + backticked(name) + ": one of them needs another name");
  };
  for (int i = 0; i < model_.output_count; ++i)
    if (!runtime::is_watched(model_.outputs[i])) put(model_.outputs[i].name, run.output_tensor(i));
  for (int i = 0; i < model_.state_count; ++i)
    put(model_.states[i].name + std::string(".final"), std::move(states_out_[static_cast<std::size_t>(i)]));
  if (loss_) put("loss", Tensor::of({}, std::vector{run.loss()}).to_real(runtime::element_dtype(model_)));
  if (options_.gradient) put_gradients(run, put);
  if (!faults_.empty()) return all_faults();
  return result;
}

void Evaluation::put_gradients(const runtime::Run& run, const Put& put) {
  for (int i = 0; i < model_.input_count; ++i)
    if (model_.inputs[i].index_extent == 0)
      put(std::string("grad.") + model_.inputs[i].name, std::move(input_gradients_[static_cast<std::size_t>(i)]));
  for (int i = 0; i < model_.parameter_count; ++i)
    put(std::string("grad.") + model_.parameters[i].name,
        runtime::slice_of(model_, model_.parameters[i], run.parameter_gradients()));
  for (int i = 0; i < model_.state_count; ++i)
    put("grad." + std::string(model_.states[i].name) + ".init",
        std::move(state_gradients_[static_cast<std::size_t>(i)]));
}

Result<TensorFile> Evaluation::run() {
  find_places();
  find_lengths();
  decide_loss();
  decide_steps();
  check_places(inputs_, true);
  check_places(parameters_, true);
  check_places(initial_, false);
  check_places(upstream_, false);
  check_places(upstream_final_, false);
  read_lengths();
  check_names();
  runtime::RunShape shape;
  shape.rows = rows_.value < 0 ? 1 : rows_.value;
  shape.memory_budget = options_.memory_budget;
  for (int axis = 0; axis < model_.axis_count; ++axis) {
    if (steps_[axis].value < 0) {
      fault("nothing tells the number of steps" +
            (model_.axis_count > 1 ? " of axis " + backticked(model_.axes[axis]) : std::string()) +
            ": give it with --steps " + (model_.axis_count > 1 ? std::string(model_.axes[axis]) + "=" : std::string()) +
            "N");
    }
    shape.steps[static_cast<std::size_t>(axis)] = steps_[axis].value;
  }
  if (!faults_.empty()) return all_faults();

  auto model = runtime::Model::create(model_);
  if (!model) return model.error();
  auto run = runtime::Run::create(**model, shape,
                                  options_.gradient ? runtime::RunMode::training : runtime::RunMode::inference, pool_);
  if (!run) return run.error();
  if (Status status = fill(**model, *run); !status) return status.error();
  if (Status status = options_.gradient ? run->forward_train() : run->forward(); !status) return status.error();
  if (options_.gradient) {
    if (Status status = run->backward(); !status) return status.error();
  }
  if (options_.watch) options_.watch(*run);
  return collect(*run);
}

}  // namespace

bool lacks_targets(const rnnc_model& model, const TensorFile& values) {
  bool has_targets = false;
  for (int i = 0; i < model.input_count; ++i) {
    if (model.inputs[i].target == 0) continue;
    has_targets = true;
    if (values.find(model.inputs[i].name) != nullptr) return false;
  }
  return has_targets;
}

Result<TensorFile> evaluate(const rnnc_model& model, const TensorFile& values, const EvaluateOptions& options,
                            runtime::ThreadPool* pool) {
  return Evaluation(model, values, options, pool).run();
}

}  // namespace rnnc::driver
