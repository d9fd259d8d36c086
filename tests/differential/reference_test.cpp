// The recurrent layers of PyTorch (tests/data/reference) through every backend: outputs, final states, losses,
// gradients.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "compiler/driver/evaluate.h"
#include "runtime/safetensors.h"
#include "tests/differential/build.h"

namespace rnnc {
namespace {

using driver::BackendKind;
using loop::Element;
using runtime::Extents;
using runtime::Tensor;
using runtime::TensorFile;
using testing::Emitted;

const std::string root = RNNC_SOURCE_DIR;

// A model of tests/models, and the files of reference data that it is the model of: all of the same dimensions.
struct Subject {
  std::string source, entry;
  std::string gates;  // not empty: the model has one parameter per gate, and these are their letters in order
  std::vector<std::string> files;
  bool optimised = false;  // as C++ at -O3 as well, which takes many seconds: some of everything
};

void PrintTo(const Subject& subject, std::ostream* out) { *out << subject.entry << " as " << subject.files[0]; }

const std::vector<Subject> subjects{
    {"layers", "RnnTanh", "", {"rnn_tanh_1l", "rnncell_tanh"}},
    {"layers", "RnnTanh", "", {"rnn_tanh_h1"}},
    {"layers", "RnnRelu", "", {"rnn_relu_1l", "rnncell_relu"}},
    {"stacks", "RnnRelu2Both", "", {"rnn_relu_2l_bi"}, true},
    {"layers", "Lstm", "", {"lstm_1l", "varlen_lstm", "tbptt_lstm"}},
    {"layers", "LstmGates", "ifgo", {"lstm_1l", "lstmcell"}},
    {"layers", "LstmNoBias", "", {"lstm_1l_nobias"}},
    {"layers", "LstmGates", "ifgo", {"lstm_1l_big"}},
    {"layers", "Lstm", "", {"lstm_1l_h33"}},
    {"layers", "LstmGates", "ifgo", {"lstm_1l_h33"}, true},
    {"layers", "Lstm", "", {"lstm_1l_b1"}},
    {"layers", "LstmGates", "ifgo", {"lstm_1l_h1"}},
    {"layers", "Lstm", "", {"lstm_1l_t1"}},
    {"stacks", "Lstm2", "", {"lstm_2l"}},
    {"stacks", "LstmBoth", "", {"lstm_bi"}},
    {"stacks", "Lstm2Both", "", {"lstm_2l_bi"}},
    {"stacks", "Lstm2Both", "", {"varlen_lstm_2l_bi"}},
    {"layers", "LstmProjected", "", {"lstm_proj"}},
    {"stacks", "Lstm2BothProjected", "", {"lstm_2l_bi_proj"}},
    {"layers", "Gru", "", {"gru_1l", "grucell", "tbptt_gru"}, true},
    {"layers", "GruGates", "rzn", {"gru_1l", "varlen_gru"}},
    {"layers", "GruNoBias", "", {"gru_1l_nobias"}},
    {"layers", "Gru", "", {"gru_1l_big"}},
    {"layers", "GruGates", "rzn", {"gru_1l_h21"}},
    {"layers", "Gru", "", {"gru_1l_b1"}},
    {"layers", "Gru", "", {"gru_1l_h1"}},
    {"stacks", "Gru2Both", "", {"gru_2l_bi"}},
    {"stacks", "CharEmbedded", "", {"charlm_embed"}, true},
    {"stacks", "CharOneHot", "", {"charlm_onehot"}},
    {"stacks", "CharVectors", "", {"charlm_onehot"}},
    {"stacks", "Classifier", "", {"gru_classifier"}},
};

std::vector<Subject> optimised_subjects() {
  std::vector<Subject> some;
  std::copy_if(subjects.begin(), subjects.end(), std::back_inserter(some), [](const Subject& s) { return s.optimised; });
  return some;
}

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
  Translation(const Subject& subject, const TensorFile& reference)
      : subject_(subject), reference_(reference) {
    one_step_ = reference.find("h1") != nullptr;
    stacked_ = subject.source == "stacks";
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
    if (subject_.gates.empty()) return put(before + instance + rest, value, into);
    const std::int64_t units = value.extents()[0] / static_cast<std::int64_t>(subject_.gates.size());
    for (std::size_t gate = 0; gate < subject_.gates.size(); ++gate) {
      const std::string kind = rest.starts_with("weight") ? "W_" : "b_", side = rest.ends_with("_ih") ? "i" : "h";
      const auto at = static_cast<std::int64_t>(gate);
      put(before + kind + side + subject_.gates[gate], rows_of(value, at * units, (at + 1) * units), into);
    }
  }

  // Puts a tensor [D, B, …] of states `h` or `c` there, state by state.
  void put_state(const std::string& state, const Tensor& value, const std::string& before, const std::string& after,
                 TensorFile& into) const {
    if (one_step_) return put(before + state + after, value, into);
    const std::int64_t count = value.extents()[0];
    const std::int64_t directions = subject_.entry.find("Both") != std::string::npos ? 2 : 1;
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

  const Subject& subject_;
  const TensorFile& reference_;
  bool one_step_ = false, stacked_ = false;
};

struct Question {
  TensorFile given, expected;
};

// Everything but the gradients of parameters, for steps [begin, end) of the sequences.
Question sequences(const Subject& subject, const TensorFile& r, const Translation& names) {
  Question q;
  const auto each = [&](const std::string& name, const auto& work) {
    if (const Tensor* tensor = r.find(name)) work(*tensor);
  };
  const std::string last = names.one_step() ? "1" : "n";
  each("x", [&](const Tensor& x) {
    if (subject.entry != "CharOneHot") names.put_sequence("x", x, q.given);
  });
  for (const char* plain : {"ids", "targets", "labels", "lengths"}) {
    if (subject.entry == "CharVectors" && plain == std::string("ids")) continue;
    each(plain, [&](const Tensor& t) { q.given.tensors.emplace(plain, t); });
  }
  each("y", [&](const Tensor& y) { names.put_sequence(names.output(), y, q.expected); });
  each("dy", [&](const Tensor& dy) { names.put_sequence("grad." + names.output(), dy, q.given); });
  each("logits", [&](const Tensor& t) { q.expected.tensors.emplace("logits", t); });
  each("loss", [&](const Tensor& t) { q.expected.tensors.emplace("loss", with_shape(t, {})); });
  each("grad.x", [&](const Tensor& t) {
    if (subject.entry != "CharOneHot") names.put_sequence("grad.x", t, q.expected);
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

std::vector<Question> questions(const Subject& subject, const TensorFile& r) {
  const Translation names(subject, r);
  Question whole = sequences(subject, r, names);
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

struct Maker {
  BackendKind backend;
  Emitted emitted = Emitted::quickly;
};

class Reference : public ::testing::TestWithParam<std::tuple<Subject, Maker, Element>> {};

TEST_P(Reference, Agrees) {
  const auto& [subject, maker, element] = GetParam();
  std::unique_ptr<testing::Built> built;
  std::map<std::string, std::int64_t> dimensions;
  runtime::ThreadPool pool(2);
  for (const std::string& file : subject.files) {
    SCOPED_TRACE(file);
    const auto reference = runtime::read_safetensors(root + "/tests/data/reference/" + file + ".safetensors");
    ASSERT_TRUE(reference) << reference.message();
    if (!built) {
      dimensions = dimensions_of(*reference);
      built = testing::build({"tests/models/" + subject.source + ".rnn", subject.entry, dimensions}, maker.backend,
                             element, maker.emitted);
      ASSERT_TRUE(built);
    }
    ASSERT_EQ(dimensions_of(*reference), dimensions);
    for (const Question& question : questions(subject, *reference)) {
      for (runtime::ThreadPool* threads : {static_cast<runtime::ThreadPool*>(nullptr), &pool}) {
        const auto answer = driver::evaluate(built->model(), question.given, {.gradient = true}, threads);
        ASSERT_TRUE(answer) << answer.message();
        expect_agreement(question.expected, *answer, element == Element::f64 ? 1e-9 : 1e-4);
      }
    }
  }
}

std::string test_name(const ::testing::TestParamInfo<Reference::ParamType>& info) {
  const auto& [subject, maker, element] = info.param;
  return subject.files[0] + "_" + subject.entry + "_" + std::string(driver::name_of(maker.backend)) +
         (element == Element::f64 ? "_f64" : "_f32");
}

INSTANTIATE_TEST_SUITE_P(PyTorch, Reference,
                         ::testing::Combine(::testing::ValuesIn(subjects),
                                            ::testing::Values(Maker{BackendKind::interp}, Maker{BackendKind::jit}),
                                            ::testing::Values(Element::f64, Element::f32)),
                         test_name);
// In single precision emitted C++ takes seconds to say what machine code, of which it has the bits, has said: of some, below.
INSTANTIATE_TEST_SUITE_P(PyTorchEmitted, Reference,
                         ::testing::Combine(::testing::ValuesIn(subjects), ::testing::Values(Maker{BackendKind::cpp}),
                                            ::testing::Values(Element::f64)),
                         test_name);
INSTANTIATE_TEST_SUITE_P(PyTorchOptimised, Reference,
                         ::testing::Combine(::testing::ValuesIn(optimised_subjects()),
                                            ::testing::Values(Maker{BackendKind::cpp, Emitted::as_documented}),
                                            ::testing::Values(Element::f64, Element::f32)),
                         test_name);

}  // namespace
}  // namespace rnnc
