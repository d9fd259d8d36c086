#include "tests/differential/compare.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <sstream>

#include "runtime/aligned.h"

namespace rnnc::testing {

namespace {

using Bytes = runtime::AlignedBuffer;

std::int64_t elements(const rnnc_tensor& tensor, const CompareOptions& options) {
  std::int64_t count = 1;
  for (int i = 0; i < tensor.rank; ++i) count *= tensor.extents[i];
  return count * (tensor.axis >= 0 ? options.steps : 1) * (tensor.batched ? options.rows : 1);
}
std::int64_t state_elements(const rnnc_tensor& tensor, const CompareOptions& options) {
  std::int64_t count = 1;
  for (int i = 0; i < tensor.rank; ++i) count *= tensor.extents[i];
  return count * options.rows * tensor.history;
}

class Arrays {
 public:
  Arrays(const rnnc_model& model, const CompareOptions& options, std::mt19937_64& random)
      : model_(model), options_(options), random_(random) {}

  std::int64_t width() const { return model_.dtype == RNNC_F64 ? 8 : 4; }
  std::vector<char> numbers(std::int64_t count) {
    std::normal_distribution<double> normal(0, options_.scale);
    std::vector<char> bytes(static_cast<std::size_t>(count * width()));
    for (std::int64_t i = 0; i < count; ++i) put(bytes.data(), i, normal(random_));
    return bytes;
  }
  std::vector<char> indices(std::int64_t count, std::int64_t extent) {
    std::vector<char> bytes(static_cast<std::size_t>(count * 4));
    for (std::int64_t i = 0; i < count; ++i) {
      put_index(bytes.data(), i, static_cast<std::int32_t>(random_() % static_cast<std::uint64_t>(extent)));
    }
    return bytes;
  }
  void put(char* bytes, std::int64_t i, double v) const {
    float f = static_cast<float>(v);
    std::memcpy(bytes + i * width(), width() == 8 ? static_cast<void*>(&v) : static_cast<void*>(&f),
                static_cast<std::size_t>(width()));
  }
  static void put_index(char* bytes, std::int64_t i, std::int32_t v) { std::memcpy(bytes + i * 4, &v, 4); }
  double get(const void* bytes, std::int64_t i) const {
    return width() == 8 ? static_cast<const double*>(bytes)[i] : static_cast<double>(static_cast<const float*>(bytes)[i]);
  }

 private:
  const rnnc_model& model_;
  const CompareOptions& options_;
  std::mt19937_64& random_;
};

struct Given {
  std::vector<char> parameters;
  std::vector<std::vector<char>> inputs, states, output_gradients, state_gradients;
  std::vector<std::int32_t> lengths;
};

struct Written {
  std::vector<std::string> names;
  std::vector<std::vector<char>> arrays;
  std::vector<std::int64_t> counts;
  int code = RNNC_OK;
  std::string failed;
};

class Runner {
 public:
  Runner(const rnnc_model& model, const CompareOptions& options, const Given& given)
      : model_(model), options_(options), given_(given) {}

  Written run(bool threaded) {
    call_.struct_size = sizeof call_;
    for (std::int64_t& s : call_.steps) s = options_.steps;
    call_.rows = options_.rows;
    if (!given_.lengths.empty())
      for (auto& l : call_.lengths) l = given_.lengths.data();
    if (threaded) {
      call_.parallel_for = options_.parallel_for;
      call_.pool = options_.pool;
    }
    rnnc_sizes sizes{};
    if (!step("sizes", model_.sizes(&model_, &call_, &sizes))) return written_;
    Bytes packed(static_cast<std::size_t>(sizes.packed_bytes) + 64), tape(static_cast<std::size_t>(sizes.tape_bytes) + 64);
    std::int64_t most = std::max(sizes.inference_workspace_bytes, sizes.training_workspace_bytes);
    Bytes workspace(static_cast<std::size_t>(most) + 64);
    // Nothing may depend on what these held before.
    for (Bytes* b : {&packed, &tape, &workspace}) std::memset(b->data(), 0xff, b->size());
    if (!step("pack", model_.pack(&model_, given_.parameters.data(), packed.data()))) return written_;
    call_.packed = packed.data();
    call_.workspace = workspace.data();
    call_.tape = tape.data();
    std::vector<const void*> inputs = pointers(given_.inputs), states = pointers(given_.states);
    call_.inputs = inputs.data();
    if (options_.give_states) call_.state_in = states.data();
    forward("forward", model_.forward);
    if (written_.code != RNNC_OK || !options_.backward) return written_;
    forward("forward_train", model_.forward_train);
    if (written_.code == RNNC_OK) backward();
    return written_;
  }

 private:
  bool step(const std::string& what, int code) {
    if (code != RNNC_OK && written_.code == RNNC_OK) {
      written_.code = code;
      written_.failed = what;
    }
    return code == RNNC_OK;
  }
  std::int64_t width() const { return model_.dtype == RNNC_F64 ? 8 : 4; }
  static std::vector<const void*> pointers(const std::vector<std::vector<char>>& arrays) {
    std::vector<const void*> result;
    for (const auto& a : arrays) result.push_back(a.data());
    return result;
  }
  void* array(const std::string& name, std::int64_t count) {
    written_.names.push_back(name);
    written_.counts.push_back(count);
    written_.arrays.emplace_back(static_cast<std::size_t>(count * width()), static_cast<char>(0xff));
    return written_.arrays.back().data();
  }
  void forward(const std::string& prefix, int (*function)(const rnnc_model*, const rnnc_call*)) {
    std::vector<void*> outputs, finals;
    for (int i = 0; i < model_.output_count; ++i)
      outputs.push_back(array(prefix + " " + model_.outputs[i].name, elements(model_.outputs[i], options_)));
    for (int i = 0; i < model_.state_count; ++i)
      finals.push_back(array(prefix + " " + model_.states[i].name + ".final", state_elements(model_.states[i], options_)));
    call_.outputs = outputs.data();
    call_.state_out = finals.data();
    call_.loss = model_.has_loss ? array(prefix + " loss", 1) : nullptr;
    step(prefix, function(&model_, &call_));
    call_.outputs = nullptr;
    call_.state_out = nullptr;
    call_.loss = nullptr;
  }
  void backward() {
    std::vector<const void*> outputs = pointers(given_.output_gradients), finals = pointers(given_.state_gradients);
    if (options_.give_upstream) {
      call_.output_gradients = outputs.data();
      call_.state_out_gradients = finals.data();
    }
    call_.parameter_gradients = array("grad parameters", model_.parameter_elements);
    std::vector<void*> inputs, states;
    for (int i = 0; i < model_.input_count; ++i)
      inputs.push_back(model_.inputs[i].index_extent > 0
                           ? nullptr
                           : array(std::string("grad ") + model_.inputs[i].name, elements(model_.inputs[i], options_)));
    for (int i = 0; i < model_.state_count; ++i)
      states.push_back(array(std::string("grad ") + model_.states[i].name + ".init", state_elements(model_.states[i], options_)));
    call_.input_gradients = inputs.data();
    call_.state_in_gradients = states.data();
    step("backward", model_.backward(&model_, &call_));
  }

  const rnnc_model& model_;
  const CompareOptions& options_;
  const Given& given_;
  rnnc_call call_{};
  Written written_;
};

}  // namespace

Comparison compare(const rnnc_model& expected, const rnnc_model& actual, const CompareOptions& options) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  std::mt19937_64 random(options.seed);
  Arrays arrays(expected, options, random);
  Given given;
  given.parameters = arrays.numbers(expected.parameter_elements);
  for (int i = 0; i < expected.input_count; ++i) {
    const rnnc_tensor& t = expected.inputs[i];
    std::int64_t count = elements(t, options);
    given.inputs.push_back(t.index_extent > 0 ? arrays.indices(count, t.index_extent) : arrays.numbers(count));
    if (options.lengths.empty() || count == 0 || t.axis < 0 || !t.batched) continue;
    // Padding holds NaN, or numbers that are no indices: it must not leak.
    std::int64_t row = count / (options.steps * options.rows);
    for (std::int64_t s = 0; s < options.steps; ++s)
      for (std::int64_t r = 0; r < options.rows; ++r)
        if (s >= options.lengths[static_cast<std::size_t>(r)]) {
          for (std::int64_t j = (s * options.rows + r) * row, end = j + row; j < end; ++j)
            if (t.index_extent > 0)
              arrays.put_index(given.inputs.back().data(), j, s % 2 == 0 ? INT32_MIN + 1 : INT32_MAX);
            else
              arrays.put(given.inputs.back().data(), j, NAN);
        }
  }
  for (int i = 0; i < expected.state_count; ++i) {
    given.states.push_back(arrays.numbers(state_elements(expected.states[i], options)));
    given.state_gradients.push_back(arrays.numbers(state_elements(expected.states[i], options)));
  }
  for (int i = 0; i < expected.output_count; ++i)
    given.output_gradients.push_back(arrays.numbers(elements(expected.outputs[i], options)));
  given.lengths.assign(options.lengths.begin(), options.lengths.end());

  Written a = Runner(expected, options, given).run(false), b = Runner(actual, options, given).run(true);
  Comparison result;
  std::ostringstream lines;
  if (a.code != RNNC_OK || b.code != RNNC_OK) {
    lines << a.failed << " gave " << a.code << ", " << b.failed << " gave " << b.code << "\n";
    return {infinity, lines.str()};
  }
  for (std::size_t i = 0; i < a.names.size(); ++i) {
    double largest = 0, difference = 0;
    for (std::int64_t k = 0; k < a.counts[i]; ++k) {
      double x = arrays.get(a.arrays[i].data(), k), y = arrays.get(b.arrays[i].data(), k);
      largest = std::max(largest, std::abs(x));
      double d = std::abs(x - y);
      if (!(d <= difference)) difference = std::isnan(d) ? infinity : d;
    }
    double relative = difference == 0 ? 0 : difference / (largest > 0 ? largest : 1e-300);
    lines << a.names[i] << ": " << relative << " (largest " << largest << ")\n";
    result.worst = std::max(result.worst, relative);
  }
  result.lines = lines.str();
  return result;
}

}  // namespace rnnc::testing
