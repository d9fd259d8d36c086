#include "tests/differential/call.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <random>

#include "runtime/aligned.h"

namespace rnnc::testing {

namespace {

std::int64_t width(const rnnc_model& model) { return model.dtype == RNNC_F64 ? 8 : 4; }

void put(const rnnc_model& model, Bytes& bytes, std::int64_t i, double v) {
  const auto f = static_cast<float>(v);
  const void* from = model.dtype == RNNC_F64 ? static_cast<const void*>(&v) : &f;
  std::memcpy(bytes.data() + i * width(model), from, static_cast<std::size_t>(width(model)));
}

void put_index(Bytes& bytes, std::int64_t i, std::int32_t v) { std::memcpy(bytes.data() + i * 4, &v, 4); }

std::int64_t entries(const rnnc_tensor& tensor) {
  std::int64_t product = 1;
  for (int i = 0; i < tensor.rank; ++i) product *= tensor.extents[i];
  return product;
}

class Draw {
 public:
  Draw(const rnnc_model& model, std::uint64_t seed) : model_(model), random_(seed) {}

  Bytes numbers(std::int64_t count, double scale) {
    std::normal_distribution<double> normal(0, scale);
    Bytes bytes(static_cast<std::size_t>(count * width(model_)));
    for (std::int64_t i = 0; i < count; ++i) put(model_, bytes, i, normal(random_));
    return bytes;
  }
  // Some of a target that may be ignored are.
  Bytes indices(std::int64_t count, const rnnc_tensor& input) {
    Bytes bytes(static_cast<std::size_t>(count * 4));
    const auto below = [&](std::int64_t limit) {
      return static_cast<std::int32_t>(random_() % static_cast<std::uint64_t>(limit));
    };
    for (std::int64_t i = 0; i < count; ++i) put_index(bytes, i, below(input.index_extent));
    for (std::int64_t i = 0; input.lowest_index < 0 && i < count; i += 1 + below(4))
      put_index(bytes, i, -1 - below(-input.lowest_index));
    return bytes;
  }
  Bytes parameters(double scale) {
    Bytes bytes = numbers(model_.parameter_elements, scale);
    for (int p = 0; p < model_.parameter_count; ++p) {
      const rnnc_tensor& tensor = model_.parameters[p];
      if (tensor.rank < 2) continue;
      const double width = static_cast<double>(tensor.extents[tensor.rank - 1]);
      for (std::int64_t i = 0; i < entries(tensor); ++i)
        put(model_, bytes, tensor.offset + i, number(model_, bytes, tensor.offset + i) / std::sqrt(width));
    }
    return bytes;
  }

 private:
  const rnnc_model& model_;
  std::mt19937_64 random_;
};

void spoil_padding(const rnnc_model& model, const rnnc_tensor& input, const RunShape& shape, Bytes& array) {
  if (input.axis < 0 || !input.batched) return;
  const auto axis = static_cast<std::size_t>(input.axis);
  if (shape.lengths[axis].empty()) return;
  const std::int64_t size = entries(input);
  for (std::int64_t t = 0; t < shape.steps[axis]; ++t)
    for (std::int64_t b = 0; b < shape.rows; ++b) {
      if (t < shape.lengths[axis][static_cast<std::size_t>(b)]) continue;
      for (std::int64_t i = (t * shape.rows + b) * size, end = i + size; i < end; ++i)
        if (input.index_extent > 0) put_index(array, i, t % 2 == 0 ? INT32_MIN + 1 : INT32_MAX);
        else put(model, array, i, std::numeric_limits<double>::quiet_NaN());
    }
}

class HeapMemory : public Memory {
 public:
  char* get(std::size_t bytes, std::size_t) override {
    return buffers_.emplace_back(bytes + runtime::kAlignment).as<char>();
  }

 private:
  std::vector<runtime::AlignedBuffer> buffers_;
};

class Runner {
 public:
  Runner(const rnnc_model& model, const RunShape& shape, const Given& given, const RunOptions& options)
      : model_(model), shape_(shape), given_(given), options_(options),
        memory_(options.memory != nullptr ? *options.memory : heap_), leaving_(options.leave_out) {}

  Written run() {
    describe();
    rnnc_sizes sizes{};
    if (!note("sizes", model_.sizes(&model_, &call_, &sizes))) return written_;
    char* packed = room(sizes.packed_bytes, runtime::kAlignment);
    call_.packed = packed;
    if (!note("pack", model_.pack(&model_, copy(given_.parameters), packed))) return written_;
    inputs_ = copies(given_.inputs);
    states_ = copies(given_.states);
    if (options_.give_states) call_.state_in = states_.data();
    call_.workspace = room(options_.by_step ? sizes.step_workspace_bytes : sizes.inference_workspace_bytes,
                           runtime::kAlignment);
    if (options_.by_step) forward(Entry::step, "forward", model_.step);
    else forward(Entry::forward, "forward", model_.forward);
    if (written_.code == RNNC_OK && options_.backward) {
      call_.workspace = room(sizes.training_workspace_bytes, runtime::kAlignment);
      call_.tape = room(sizes.tape_bytes, runtime::kAlignment);
      forward(Entry::forward_train, "forward_train", model_.forward_train);
      fill(call_.workspace, static_cast<std::size_t>(sizes.training_workspace_bytes));
      if (written_.code == RNNC_OK) backward();
    }
    collect();
    return std::move(written_);
  }

 private:
  void describe() {
    call_.struct_size = sizeof call_;
    std::copy(shape_.steps.begin(), shape_.steps.end(), call_.steps);
    call_.rows = shape_.rows;
    call_.first_step = shape_.first_step;
    call_.training = options_.training;
    call_.seed = options_.seed;
    call_.rates = &options_.rate;
    std::int64_t longest = 1;
    for (int axis = 0; axis < model_.axis_count; ++axis)
      longest = std::max(longest, shape_.steps[static_cast<std::size_t>(axis)]);
    call_.windows = std::min(options_.windows, longest);
    for (std::size_t axis = 0; axis < shape_.lengths.size(); ++axis) {
      const std::vector<std::int32_t>& lengths = shape_.lengths[axis];
      if (lengths.empty()) continue;
      auto* array = reinterpret_cast<std::int32_t*>(memory_.get(lengths.size() * 4, 4));
      std::copy(lengths.begin(), lengths.end(), array);
      call_.lengths[axis] = array;
    }
    call_.parallel_for = options_.parallel_for;
    call_.pool = options_.pool;
  }
  bool note(const std::string& what, int code) {
    if (code != RNNC_OK && written_.code == RNNC_OK) {
      written_.code = code;
      written_.failed = what;
    }
    return code == RNNC_OK;
  }
  void fill(void* array, std::size_t bytes) const {
    if (options_.garbage >= 0) std::memset(array, options_.garbage, bytes);
  }
  char* room(std::int64_t bytes, std::size_t alignment) {
    const auto size = static_cast<std::size_t>(bytes);
    char* array = memory_.get(size, alignment);
    fill(array, size);
    return array;
  }
  const char* copy(const Bytes& bytes) {
    char* array = memory_.get(bytes.size(), static_cast<std::size_t>(width(model_)));
    std::copy(bytes.begin(), bytes.end(), array);
    lent_.push_back({array, &bytes});
    return array;
  }
  std::vector<const void*> copies(const std::vector<Bytes>& arrays) {
    std::vector<const void*> pointers;
    for (const Bytes& array : arrays) pointers.push_back(copy(array));
    return pointers;
  }
  bool left_out() { return options_.leave_out != 0 && leaving_() % 2 == 0; }
  // An array that is written, or null where it is left out.
  void* array(const std::string& name, std::int64_t count) {
    if (left_out()) return nullptr;
    char* place = room(count * width(model_), static_cast<std::size_t>(width(model_)));
    filled_.push_back({name, place, static_cast<std::size_t>(count * width(model_))});
    return place;
  }
  void call(Entry entry, const std::string& name, int (*function)(const rnnc_model*, const rnnc_call*)) {
    if (options_.around != nullptr) options_.around(entry, true);
    const int code = function(&model_, &call_);
    if (options_.around != nullptr) options_.around(entry, false);
    note(name, code);
  }

  void forward(Entry entry, const std::string& name, int (*function)(const rnnc_model*, const rnnc_call*)) {
    std::vector<void*> outputs, finals;
    for (int i = 0; i < model_.output_count; ++i)
      outputs.push_back(array(name + " " + model_.outputs[i].name, elements(model_.outputs[i], shape_)));
    for (int i = 0; i < model_.state_count; ++i)
      finals.push_back(array(name + " " + model_.states[i].name + ".final", state_elements(model_.states[i], shape_)));
    call_.outputs = outputs.data();
    call_.state_out = finals.data();
    if (model_.has_loss != 0 && options_.loss) call_.loss = array(name + " loss", 1);
    std::vector<const void*> inputs = inputs_;
    for (int i = 0; i < model_.input_count; ++i)
      if (model_.inputs[i].target != 0 && entry == Entry::forward && call_.loss == nullptr && left_out())
        inputs[static_cast<std::size_t>(i)] = nullptr;
    call_.inputs = inputs.data();
    call(entry, name, function);
    call_.inputs = inputs_.data();
    call_.outputs = nullptr;
    call_.state_out = nullptr;
    call_.loss = nullptr;
  }
  void backward() {
    std::vector<const void*> outputs = copies(given_.output_gradients), finals = copies(given_.state_gradients);
    if (options_.give_upstream) {
      call_.output_gradients = outputs.data();
      call_.state_out_gradients = finals.data();
      leave_out_zeros(given_.output_gradients, outputs);
      leave_out_zeros(given_.state_gradients, finals);
    }
    call_.parameter_gradients = array("grad parameters", model_.parameter_elements);
    std::vector<void*> inputs, states;
    for (int i = 0; i < model_.input_count; ++i)
      inputs.push_back(model_.inputs[i].index_extent > 0
                           ? nullptr
                           : array(std::string("grad ") + model_.inputs[i].name, elements(model_.inputs[i], shape_)));
    for (int i = 0; i < model_.state_count; ++i)
      states.push_back(
          array(std::string("grad ") + model_.states[i].name + ".init", state_elements(model_.states[i], shape_)));
    call_.input_gradients = inputs.data();
    call_.state_in_gradients = states.data();
    call(Entry::backward, "backward", model_.backward);
  }
  void leave_out_zeros(const std::vector<Bytes>& arrays, std::vector<const void*>& pointers) const {
    if (options_.leave_out == 0) return;
    for (std::size_t i = 0; i < arrays.size(); ++i)
      if (std::all_of(arrays[i].begin(), arrays[i].end(), [](char byte) { return byte == 0; })) pointers[i] = nullptr;
  }
  void collect() {
    for (const Filled& array : filled_) written_.arrays.push_back({array.name, Bytes(array.place, array.place + array.bytes)});
    for (const auto& [array, original] : lent_)
      if (!original->empty() && std::memcmp(array, original->data(), original->size()) != 0)
        written_.misbehaved = "an array that is only read was written to";
  }

  struct Filled {
    std::string name;
    const char* place;
    std::size_t bytes;
  };

  const rnnc_model& model_;
  const RunShape& shape_;
  const Given& given_;
  const RunOptions& options_;
  HeapMemory heap_;
  Memory& memory_;
  std::mt19937_64 leaving_;
  rnnc_call call_{};
  std::vector<const void*> inputs_, states_;
  std::vector<std::pair<const char*, const Bytes*>> lent_;
  std::vector<Filled> filled_;
  Written written_;
};

}  // namespace

std::int64_t elements(const rnnc_tensor& tensor, const RunShape& shape) {
  const std::int64_t steps = tensor.axis >= 0 ? shape.steps[static_cast<std::size_t>(tensor.axis)] : 1;
  return entries(tensor) * steps * (tensor.batched ? shape.rows : 1);
}

std::int64_t state_elements(const rnnc_tensor& tensor, const RunShape& shape) {
  return entries(tensor) * shape.rows * tensor.history;
}

double number(const rnnc_model& model, const Bytes& bytes, std::int64_t i) {
  float f = 0;
  double d = 0;
  void* to = model.dtype == RNNC_F64 ? static_cast<void*>(&d) : &f;
  std::memcpy(to, bytes.data() + i * width(model), static_cast<std::size_t>(width(model)));
  return model.dtype == RNNC_F64 ? d : static_cast<double>(f);
}

std::int64_t count(const rnnc_model& model, const Bytes& bytes) {
  return static_cast<std::int64_t>(bytes.size()) / width(model);
}

std::vector<RunShape> small_shapes() {
  RunShape whole, ragged, one;
  whole.steps.fill(3);
  whole.rows = 3;
  ragged.steps.fill(4);
  ragged.rows = 5;
  for (auto& lengths : ragged.lengths) lengths = {0, 4, 1, 3, 2};
  one.steps.fill(1);
  return {whole, ragged, one};
}

Given random_given(const rnnc_model& model, const RunShape& shape, std::uint64_t seed, double scale) {
  Draw draw(model, seed);
  Given given;
  given.parameters = draw.parameters(scale);
  for (int i = 0; i < model.input_count; ++i) {
    const rnnc_tensor& input = model.inputs[i];
    const std::int64_t size = elements(input, shape);
    given.inputs.push_back(input.index_extent > 0 ? draw.indices(size, input) : draw.numbers(size, scale));
    spoil_padding(model, input, shape, given.inputs.back());
  }
  for (int i = 0; i < model.state_count; ++i) {
    given.states.push_back(draw.numbers(state_elements(model.states[i], shape), scale));
    given.state_gradients.push_back(draw.numbers(state_elements(model.states[i], shape), scale));
  }
  for (int i = 0; i < model.output_count; ++i)
    given.output_gradients.push_back(draw.numbers(elements(model.outputs[i], shape), scale));
  return given;
}

Written run(const rnnc_model& model, const RunShape& shape, const Given& given, const RunOptions& options) {
  return Runner(model, shape, given, options).run();
}

}  // namespace rnnc::testing
