// The recurrent layers of PyTorch (tests/data/reference) through every backend: outputs, final states, losses,
// gradients.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "compiler/driver/backend.h"
#include "compiler/driver/evaluate.h"
#include "compiler/driver/files.h"
#include "runtime/safetensors.h"

namespace rnnc {
namespace {

using driver::BackendKind;
using runtime::Extents;
using runtime::Tensor;
using runtime::TensorFile;

const std::string root = RNNC_SOURCE_DIR;

// A file of the reference data and the .rnn that says the same.
struct Case {
  std::string file, source, entry;
  std::string gates;  // not empty: the model has one parameter per gate, and these are their letters in order
};

std::ostream& operator<<(std::ostream& stream, const Case& c) { return stream << c.file << " by " << c.entry; }

const Case cases[] = {
    {"rnn_tanh_1l", "layers", "RnnTanh", ""},
    {"rnn_relu_1l", "layers", "RnnRelu", ""},
    {"rnn_tanh_h1", "layers", "RnnTanh", ""},
    {"rnn_relu_2l_bi", "stacks", "RnnRelu2Both", ""},
    {"lstm_1l", "layers", "Lstm", ""},
    {"lstm_1l", "layers", "LstmGates", "ifgo"},
    {"lstm_1l_nobias", "layers", "LstmNoBias", ""},
    {"lstm_1l_big", "layers", "LstmGates", "ifgo"},
    {"lstm_1l_h33", "layers", "Lstm", ""},
    {"lstm_1l_h33", "layers", "LstmGates", "ifgo"},
    {"lstm_1l_b1", "layers", "Lstm", ""},
    {"lstm_1l_h1", "layers", "LstmGates", "ifgo"},
    {"lstm_1l_t1", "layers", "Lstm", ""},
    {"lstm_2l", "stacks", "Lstm2", ""},
    {"lstm_bi", "stacks", "LstmBoth", ""},
    {"lstm_2l_bi", "stacks", "Lstm2Both", ""},
    {"lstm_proj", "layers", "LstmProjected", ""},
    {"lstm_2l_bi_proj", "stacks", "Lstm2BothProjected", ""},
    {"gru_1l", "layers", "Gru", ""},
    {"gru_1l", "layers", "GruGates", "rzn"},
    {"gru_1l_nobias", "layers", "GruNoBias", ""},
    {"gru_1l_big", "layers", "Gru", ""},
    {"gru_1l_h21", "layers", "GruGates", "rzn"},
    {"gru_1l_b1", "layers", "Gru", ""},
    {"gru_1l_h1", "layers", "Gru", ""},
    {"gru_2l_bi", "stacks", "Gru2Both", ""},
    {"rnncell_tanh", "layers", "RnnTanh", ""},
    {"rnncell_relu", "layers", "RnnRelu", ""},
    {"lstmcell", "layers", "LstmGates", "ifgo"},
    {"grucell", "layers", "Gru", ""},
    {"charlm_embed", "stacks", "CharEmbedded", ""},
    {"charlm_onehot", "stacks", "CharOneHot", ""},
    {"charlm_onehot", "stacks", "CharVectors", ""},
    {"gru_classifier", "stacks", "Classifier", ""},
    {"varlen_lstm", "layers", "Lstm", ""},
    {"varlen_gru", "layers", "GruGates", "rzn"},
    {"varlen_lstm_2l_bi", "stacks", "Lstm2Both", ""},
    {"tbptt_lstm", "layers", "Lstm", ""},
    {"tbptt_gru", "layers", "Gru", ""},
};

Tensor with_shape(const Tensor& tensor, Extents extents) {
  Tensor result(tensor.dtype(), std::move(extents));
  EXPECT_EQ(result.bytes(), tensor.bytes());
  std::memcpy(result.data(), tensor.data(), tensor.bytes());
  return result;
}

// Entries [begin, end) of the first dimension.
Tensor rows_of(const Tensor& tensor, std::int64_t begin, std::int64_t end) {
  Extents extents = tensor.extents();
  const std::size_t row = tensor.bytes() / static_cast<std::size_t>(extents[0]);
  extents[0] = end - begin;
  Tensor result(tensor.dtype(), extents);
  std::memcpy(result.data(), static_cast<const char*>(tensor.data()) + static_cast<std::size_t>(begin) * row,
              result.bytes());
  return result;
}

// Names of the reference data in the words of our models.
class Translation {
 public:
  Translation(const Case& c, const TensorFile& reference) : case_(c), reference_(reference) {
    one_step_ = reference.find("h1") != nullptr;
    stacked_ = c.source == "stacks";
  }

  // Puts reference tensor `name`, a parameter, there: split by gates where the model has them apart.
  void put_parameter(const std::string& name, const Tensor& value, const std::string& before, TensorFile& into) const {
    if (name == "emb.weight") return put(before + "embedding", value, into);
    if (name == "linear.weight") return put(before + "linear_weight", value, into);
    if (name == "linear.bias") return put(before + "linear_bias", value, into);
    const std::size_t dot = name.find('.');
    std::string rest = dot == std::string::npos ? name : name.substr(dot + 1);  // weight_ih_l0_reverse
    std::string instance;
    if (const std::size_t layer = rest.find("_l"); layer != std::string::npos) {
      instance = "l" + rest.substr(layer + 2, 1) + (rest.ends_with("_reverse") ? "r" : "") + ".";
      rest = rest.substr(0, layer);
    }
    if (!stacked_) instance = "";
    if (case_.gates.empty()) return put(before + instance + rest, value, into);
    const std::int64_t units = value.extents()[0] / static_cast<std::int64_t>(case_.gates.size());
    for (std::size_t gate = 0; gate < case_.gates.size(); ++gate) {
      const std::string kind = rest.starts_with("weight") ? "W_" : "b_", side = rest.ends_with("_ih") ? "i" : "h";
      const auto at = static_cast<std::int64_t>(gate);
      put(before + kind + side + case_.gates[gate], rows_of(value, at * units, (at + 1) * units), into);
    }
  }

  // Puts a tensor [D, B, …] of states `h` or `c` there, state by state.
  void put_state(const std::string& state, const Tensor& value, const std::string& before, const std::string& after,
                 TensorFile& into) const {
    if (one_step_) return put(before + state + after, value, into);
    const std::int64_t count = value.extents()[0];
    const std::int64_t directions =
        std::filesystem::path(case_.entry).string().find("Both") != std::string::npos ? 2 : 1;
    for (std::int64_t d = 0; d < count; ++d) {
      const std::string instance =
          stacked_ ? "l" + std::to_string(d / directions) + (d % directions == 1 ? "r" : "") + "." : "";
      Tensor one = rows_of(value, d, d + 1);
      put(before + instance + state + after, with_shape(one, {value.extents().begin() + 1, value.extents().end()}),
          into);
    }
  }

  void put_sequence(const std::string& name, const Tensor& value, TensorFile& into) const {
    Extents extents = value.extents();
    if (one_step_) extents.insert(extents.begin(), 1);
    put(name, with_shape(value, extents), into);
  }

  std::string output() const { return stacked_ ? "y" : "h"; }
  bool one_step() const { return one_step_; }

  static bool is_parameter(const std::string& name) {
    return name.starts_with("weight_") || name.starts_with("bias_") || name.starts_with("lstm.") ||
           name.starts_with("gru.") || name.starts_with("linear.") || name.starts_with("emb.");
  }

 private:
  static void put(const std::string& name, const Tensor& value, TensorFile& into) {
    into.tensors.insert_or_assign(name, value);
  }

  const Case& case_;
  const TensorFile& reference_;
  bool one_step_ = false, stacked_ = false;
};

struct Question {
  TensorFile given, expected;
};

// Everything but the gradients of parameters, for steps [begin, end) of the sequences.
Question sequences(const Case& c, const TensorFile& r, const Translation& names) {
  Question q;
  const auto each = [&](const std::string& name, const auto& work) {
    if (const Tensor* tensor = r.find(name)) work(*tensor);
  };
  const std::string last = names.one_step() ? "1" : "n";
  each("x", [&](const Tensor& x) {
    if (c.entry != "CharOneHot") names.put_sequence("x", x, q.given);
  });
  for (const char* plain : {"ids", "targets", "labels", "lengths"}) {
    if (c.entry == "CharVectors" && plain == std::string("ids")) continue;
    each(plain, [&](const Tensor& t) { q.given.tensors.emplace(plain, t); });
  }
  each("y", [&](const Tensor& y) { names.put_sequence(names.output(), y, q.expected); });
  each("dy", [&](const Tensor& dy) { names.put_sequence("grad." + names.output(), dy, q.given); });
  each("logits", [&](const Tensor& t) { q.expected.tensors.emplace("logits", t); });
  each("loss", [&](const Tensor& t) { q.expected.tensors.emplace("loss", with_shape(t, {})); });
  each("grad.x", [&](const Tensor& t) {
    if (c.entry != "CharOneHot") names.put_sequence("grad.x", t, q.expected);
  });
  for (const std::string state : {"h", "c"}) {
    each(state + "0", [&](const Tensor& t) { names.put_state(state, t, "", ".init", q.given); });
    each(state + last, [&](const Tensor& t) { names.put_state(state, t, "", ".final", q.expected); });
    each("d" + state + last, [&](const Tensor& t) { names.put_state(state, t, "grad.", ".final", q.given); });
    each("grad." + state + "0", [&](const Tensor& t) { names.put_state(state, t, "grad.", ".init", q.expected); });
  }
  return q;
}

void add_parameters(const TensorFile& r, const Translation& names, const std::string& gradients, Question& q) {
  for (const auto& [name, tensor] : r.tensors) {
    if (!Translation::is_parameter(name)) continue;
    names.put_parameter(name, tensor, "", q.given);
    if (const Tensor* gradient = r.find(gradients + name)) names.put_parameter(name, *gradient, "grad.", q.expected);
  }
}

// Steps [begin, end) of what lies along the sequence.
void cut(TensorFile& file, const std::string& name, std::int64_t begin, std::int64_t end) {
  const auto found = file.tensors.find(name);
  if (found != file.tensors.end()) found->second = rows_of(found->second, begin, end);
}

std::vector<Question> questions(const Case& c, const TensorFile& r) {
  const Translation names(c, r);
  Question whole = sequences(c, r, names);
  const Tensor* chunks = r.find("chunks");
  if (chunks == nullptr) {
    add_parameters(r, names, "grad.", whole);
    return {whole};
  }
  const auto middle = static_cast<std::int64_t>(chunks->number(0)),
             end = middle + static_cast<std::int64_t>(chunks->number(1));
  Question first = whole, second = whole;
  add_parameters(r, names, "chunk1.grad.", first);
  add_parameters(r, names, "chunk2.grad.", second);
  for (const std::string sequence : {"x", "h", "grad.x", "grad.h"}) {
    for (TensorFile Question::* file : {&Question::given, &Question::expected}) {
      cut(first.*file, sequence, 0, middle);
      cut(second.*file, sequence, middle, end);
    }
  }
  add_parameters(r, names, "full.grad.", whole);
  names.put_sequence("grad.x", *r.find("full.grad.x"), whole.expected);
  for (const std::string state : {"h", "c"}) {
    if (r.find(state + "0") == nullptr) continue;
    names.put_state(state, *r.find("full.grad." + state + "0"), "grad.", ".init", whole.expected);
    first.given.tensors.erase("grad." + state + ".final");
    names.put_state(state, *r.find(state + "_mid"), "", ".final", first.expected);
    names.put_state(state, *r.find(state + "_mid"), "", ".init", second.given);
    names.put_state(state, *r.find("chunk2.grad." + state + "_mid"), "grad.", ".init", second.expected);
  }
  return {whole, first, second};
}

double disagreement(const Tensor& expected, const Tensor& actual) {
  const std::vector<double> a = actual.to_doubles(), b = expected.to_doubles();
  double largest = 0, difference = 0;
  for (std::size_t i = 0; i < b.size(); ++i) {
    largest = std::max(largest, std::abs(b[i]));
    if (!(std::abs(a[i] - b[i]) <= difference)) difference = std::isnan(a[i]) ? INFINITY : std::abs(a[i] - b[i]);
  }
  return difference == 0 ? 0 : difference / largest;
}

void expect_agreement(const TensorFile& expected, const TensorFile& actual, double tolerance) {
  for (const auto& [name, wanted] : expected.tensors) {
    const Tensor* got = actual.find(name);
    ASSERT_NE(got, nullptr) << name;
    ASSERT_EQ(got->extents(), wanted.extents()) << name;
    EXPECT_LE(disagreement(wanted, *got), tolerance) << name;
  }
}

std::map<std::string, std::int64_t> dimensions_of(const TensorFile& reference) {
  std::map<std::string, std::int64_t> dimensions;
  for (const auto& [key, name] : {std::pair{"I", "I"}, {"H", "H"}, {"V", "V"}, {"E", "E"}, {"K", "K"}, {"proj", "O"}}) {
    const auto found = reference.metadata.find(key);
    if (found != reference.metadata.end()) dimensions[name] = std::stoll(found->second);
  }
  return dimensions;
}

struct Built {
  driver::Compilation compilation;
  std::unique_ptr<driver::Executable> executable;
};

void build(const Case& c, const TensorFile& reference, BackendKind backend, loop::Element element, Built& built) {
  driver::Compilation& compilation = built.compilation;
  compilation.options.sema = {dimensions_of(reference), c.entry};
  compilation.options.element = element;
  compilation.read_import = driver::file_imports();
  const std::string path = root + "/tests/models/" + c.source + ".rnn";
  std::string error;
  const auto text = driver::read_text(path, error);
  ASSERT_TRUE(text) << error;
  compilation.file = compilation.sources.add(path, *text);
  ASSERT_TRUE(driver::run(compilation, {.last = driver::last_pass(backend), .verify = true}))
      << dsl::render(compilation.diagnostics, compilation.sources);
  built.executable = driver::make_executable(compilation, backend);
}

class Reference : public ::testing::TestWithParam<std::tuple<Case, BackendKind, loop::Element>> {};

TEST_P(Reference, Agrees) {
  const auto& [c, backend, element] = GetParam();
  const auto reference = runtime::read_safetensors(root + "/tests/data/reference/" + c.file + ".safetensors");
  ASSERT_TRUE(reference) << reference.message();
  Built built;
  build(c, *reference, backend, element, built);
  if (HasFatalFailure()) return;
  runtime::ThreadPool pool(2);
  for (const Question& question : questions(c, *reference)) {
    for (runtime::ThreadPool* threads : {static_cast<runtime::ThreadPool*>(nullptr), &pool}) {
      const auto answer = driver::evaluate(*built.executable->model(), question.given, {.gradient = true}, threads);
      ASSERT_TRUE(answer) << answer.message();
      expect_agreement(question.expected, *answer, element == loop::Element::f64 ? 1e-9 : 1e-4);
    }
  }
}

std::string test_name(const ::testing::TestParamInfo<Reference::ParamType>& info) {
  const auto& [c, backend, element] = info.param;
  return c.file + "_" + c.entry + "_" + std::string(driver::name_of(backend)) +
         (element == loop::Element::f64 ? "_f64" : "_f32");
}

INSTANTIATE_TEST_SUITE_P(PyTorch, Reference,
                         ::testing::Combine(::testing::ValuesIn(cases),
                                            ::testing::Values(BackendKind::interp, BackendKind::cpp, BackendKind::jit),
                                            ::testing::Values(loop::Element::f64, loop::Element::f32)),
                         test_name);

}  // namespace
}  // namespace rnnc
