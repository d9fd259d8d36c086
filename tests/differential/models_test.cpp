// Every example and every published cell of tests/models: each backend against the interpreter, forward and gradient,
// with rows of one length and of different lengths.
#include <gtest/gtest.h>

#include "compiler/driver/backend.h"
#include "compiler/driver/files.h"
#include "compiler/driver/pipeline.h"
#include "tests/differential/compare.h"

namespace rnnc {
namespace {

struct Case {
  std::string file, entry;
  std::map<std::string, std::int64_t> dimensions;
  bool emitted = false;  // also as C++ through the compiler, which takes seconds
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.file << " " << c.entry; }

struct Built {
  driver::Compilation compilation;
  std::unique_ptr<driver::Executable> executable;
};

std::unique_ptr<Built> build(const Case& c, driver::BackendKind backend, loop::Element element) {
  auto built = std::make_unique<Built>();
  driver::Compilation& compilation = built->compilation;
  compilation.options.sema.dimensions = c.dimensions;
  compilation.options.sema.entry = c.entry;
  compilation.options.element = element;
  compilation.read_import = driver::file_imports();
  std::string path = std::string(RNNC_SOURCE_DIR) + "/" + c.file, error;
  std::optional<std::string> text = driver::read_text(path, error);
  EXPECT_TRUE(text.has_value()) << path << ": " << error;
  if (!text) return nullptr;
  compilation.file = compilation.sources.add(path, *text);
  driver::RunOptions options;
  options.verify = true;
  options.last = driver::last_pass(backend);
  EXPECT_TRUE(driver::run(compilation, options)) << dsl::render(compilation.diagnostics, compilation.sources);
  if (compilation.diagnostics.has_errors()) return nullptr;
  built->executable = driver::make_executable(compilation, backend);
  return built;
}

void expect_agreement(const Case& c, driver::BackendKind backend, loop::Element element) {
  std::unique_ptr<Built> oracle = build(c, driver::BackendKind::interp, element), actual = build(c, backend, element);
  if (!oracle || !actual) return;
  double tolerance = element == loop::Element::f64 ? 1e-9 : 1e-4;
  std::vector<testing::CompareOptions> runs{{.steps = 5, .rows = 3},
                                            {.steps = 7, .rows = 2, .give_states = false},
                                            {.steps = 5, .rows = 4, .lengths = {2, 5, 0, 3}},
                                            {.steps = 0, .rows = 2},
                                            {.steps = 3, .rows = 2, .lengths = {0, 0}}};
  for (const testing::CompareOptions& run : runs) {
    testing::Comparison comparison =
        testing::compare(*oracle->executable->model(), *actual->executable->model(), run);
    EXPECT_LE(comparison.worst, tolerance) << comparison.lines;
  }
}

class Models : public ::testing::TestWithParam<Case> {};

TEST_P(Models, JitAgreesInDouble) { expect_agreement(GetParam(), driver::BackendKind::jit, loop::Element::f64); }
TEST_P(Models, JitAgreesInSingle) { expect_agreement(GetParam(), driver::BackendKind::jit, loop::Element::f32); }

class EmittedModels : public ::testing::TestWithParam<Case> {};

TEST_P(EmittedModels, Agree) { expect_agreement(GetParam(), driver::BackendKind::cpp, loop::Element::f32); }

std::vector<Case> cases() {
  std::vector<Case> all{
      {"examples/rnn.rnn", "", {{"I", 3}, {"H", 9}}},
      {"examples/lstm.rnn", "", {{"I", 5}, {"H", 1}}},
      {"examples/gru.rnn", "GRU", {{"I", 4}, {"H", 10}}},
      {"examples/peephole.rnn", "", {{"I", 4}, {"H", 7}}, true},
      {"examples/jordan.rnn", "", {}},
      {"examples/stack.rnn", "", {}},
      {"examples/bilstm.rnn", "", {}},
      {"examples/classifier.rnn", "", {}},
      {"examples/charlm.rnn", "", {{"V", 11}, {"H", 6}}},
  };
  for (const char* cell : {"MGU", "CoupledLSTM", "LayerNormLSTM", "MultiplicativeLSTM", "Highway", "IndRNN", "MinGRU",
                           "QRNN", "SLSTM", "Antisymmetric", "CoRNN", "Rotations", "Attentive"})
    all.push_back({"tests/models/cells.rnn", cell, {{"I", 3}, {"H", 6}}});
  all.push_back({"tests/models/cells.rnn", "MGU", {{"I", 9}, {"H", 17}}, true});
  all.push_back({"tests/models/cells.rnn", "SRU", {{"H", 6}}});
  all.push_back({"tests/models/cells.rnn", "MLSTM", {{"I", 3}, {"D", 4}}, true});
  all.push_back({"tests/models/cells.rnn", "ProjectedLSTM", {{"I", 3}, {"H", 6}, {"P", 3}}});
  all.push_back({"tests/models/cells.rnn", "SCRN", {{"I", 3}, {"H", 6}, {"P", 2}}});
  return all;
}

std::vector<Case> emitted_cases() {
  std::vector<Case> all = cases();
  std::erase_if(all, [](const Case& c) { return !c.emitted; });
  return all;
}

std::string name_of_case(const ::testing::TestParamInfo<Case>& info) {
  std::string name = info.param.entry.empty() ? info.param.file : info.param.entry;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return std::to_string(info.index) + "_" + name;
}

INSTANTIATE_TEST_SUITE_P(All, Models, ::testing::ValuesIn(cases()), name_of_case);
INSTANTIATE_TEST_SUITE_P(All, EmittedModels, ::testing::ValuesIn(emitted_cases()), name_of_case);

}  // namespace
}  // namespace rnnc
