// Every file of examples/ and examples/cells/, at two sizes each: the backends against the interpreter, forward and
// gradient, with rows of one length and of different lengths; and the gradient against differences.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "compiler/backend/cpp/compile.h"
#include "compiler/driver/backend.h"
#include "compiler/driver/files.h"
#include "compiler/driver/pipeline.h"
#include "compiler/grad/gradcheck.h"
#include "tests/differential/cases.h"
#include "tests/differential/compare.h"

namespace rnnc {
namespace {

using testing::Case;
using testing::odd_cases;
using testing::single_unit_cases;

// Brings `c` to the pass `last`; false after a failure.
bool compile(const Case& c, std::string_view last, loop::Element element, driver::Compilation& compilation,
             const std::function<void(const driver::Pass&, const driver::Compilation&)>& after = {}) {
  compilation.options.sema.dimensions = c.dimensions;
  compilation.options.sema.entry = c.entry;
  compilation.options.element = element;
  compilation.read_import = driver::file_imports();
  std::string path = std::string(RNNC_SOURCE_DIR) + "/" + c.file, error;
  std::optional<std::string> text = driver::read_text(path, error);
  EXPECT_TRUE(text.has_value()) << path << ": " << error;
  if (!text) return false;
  compilation.file = compilation.sources.add(path, *text);
  driver::RunOptions options;
  options.verify = true;
  options.last = last;
  options.after = after;
  EXPECT_TRUE(driver::run(compilation, options)) << dsl::render(compilation.diagnostics, compilation.sources);
  return !compilation.diagnostics.has_errors();
}

struct Built {
  driver::Compilation compilation;
  std::unique_ptr<driver::Executable> executable;
  std::unique_ptr<backend::CompiledCpp> compiled;  // in place of `executable`
  const rnnc_model* model() const { return compiled ? compiled->model() : executable->model(); }
};

// Through the C++ compiler as quickly as may be: without optimisation, and with xsimd compiled before.
std::unique_ptr<backend::CompiledCpp> compile_emitted(const loop::Module& module) {
  auto result = backend::compile_cpp(module, {RNNC_CXX, "-O0", {"-include", RNNC_XSIMD}});
  if (auto* error = std::get_if<backend::CompileError>(&result)) throw std::runtime_error(error->message);
  return std::get<0>(std::move(result));
}

std::unique_ptr<Built> build(const Case& c, driver::BackendKind backend, loop::Element element) {
  auto built = std::make_unique<Built>();
  if (!compile(c, driver::last_pass(backend), element, built->compilation)) return nullptr;
  if (backend == driver::BackendKind::cpp) built->compiled = compile_emitted(built->compilation.module);
  else built->executable = driver::make_executable(built->compilation, backend);
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
    testing::Comparison comparison = testing::compare(*oracle->model(), *actual->model(), run);
    EXPECT_LE(comparison.worst, tolerance) << comparison.lines;
  }
}

class Models : public ::testing::TestWithParam<Case> {};
class OddModels : public Models {};

TEST_P(Models, JitAgreesInDouble) { expect_agreement(GetParam(), driver::BackendKind::jit, loop::Element::f64); }
TEST_P(OddModels, JitAgreesInSingle) { expect_agreement(GetParam(), driver::BackendKind::jit, loop::Element::f32); }
TEST_P(OddModels, EmittedAgreesInSingle) { expect_agreement(GetParam(), driver::BackendKind::cpp, loop::Element::f32); }

TEST_P(Models, GradientAgreesWithDifferences) {
  driver::Compilation compilation;
  ir::Program forward;
  bool compiled = compile(GetParam(), "remove-dead", loop::Element::f64, compilation,
                          [&](const driver::Pass& pass, const driver::Compilation& at) {
                            if (pass.name == "elaborate") forward = at.program;
                          });
  if (!compiled) return;
  grad::GradcheckReport report = grad::gradcheck(forward, compilation.program, {.rows = 3, .lengths = true, .entries = 16});
  EXPECT_FALSE(report.tensors.empty());
  EXPECT_TRUE(report.agrees) << report.worst;
  for (const grad::GradcheckTensor& tensor : report.tensors)
    EXPECT_LE(tensor.error, 1e-6) << tensor.name << ", largest " << tensor.largest;
}

TEST(StandardLibrary, IsInTheManual) {
  std::string error;
  std::optional<std::string> manual = driver::read_text(std::string(RNNC_SOURCE_DIR) + "/dsl/LANGUAGE.md", error);
  ASSERT_TRUE(manual) << error;
  EXPECT_GE(driver::standard_library().size(), 40u);
  for (const driver::LibraryFile& file : driver::standard_library()) {
    std::string name(file.name.substr(0, file.name.rfind('.')));
    EXPECT_NE(manual->find("`" + name + "`: `"), std::string::npos) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Odd, Models, ::testing::ValuesIn(odd_cases()), testing::name_of_case);
INSTANTIATE_TEST_SUITE_P(SingleUnit, Models, ::testing::ValuesIn(single_unit_cases()), testing::name_of_case);
INSTANTIATE_TEST_SUITE_P(Odd, OddModels, ::testing::ValuesIn(odd_cases()), testing::name_of_case);

}  // namespace
}  // namespace rnnc
