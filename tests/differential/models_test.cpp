// Every file of examples/ and examples/cells/, at two sizes each: the backends against the interpreter, forward and
// gradient, with rows of one length and of different lengths; and the gradient against differences.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "compiler/driver/files.h"
#include "compiler/grad/gradcheck.h"
#include "runtime/aligned.h"
#include "tests/differential/build.h"
#include "tests/differential/compare.h"

namespace rnnc {
namespace {

using testing::build;
using testing::Built;
using testing::Case;
using testing::compile;
using testing::odd_cases;
using testing::single_unit_cases;

void expect_agreement(const Case& c, driver::BackendKind backend, loop::Element element) {
  std::unique_ptr<Built> oracle = build(c, driver::BackendKind::interp, element), actual = build(c, backend, element);
  if (!oracle || !actual) return;
  double tolerance = element == loop::Element::f64 ? 1e-9 : 1e-4;
  std::vector<testing::CompareOptions> runs{{.steps = 5, .rows = 3},
                                            {.steps = 7, .rows = 2, .give_states = false},
                                            {.steps = 5, .rows = 4, .lengths = {2, 5, 0, 3}},
                                            {.steps = 0, .rows = 2},
                                            {.steps = 3, .rows = 2, .lengths = {0, 0}},
                                            {.steps = 7, .rows = 3, .windows = 3},
                                            {.steps = 6, .rows = 4, .lengths = {2, 6, 0, 5}, .give_states = false, .windows = 6},
                                            {.steps = 0, .rows = 2, .windows = 2}};
  for (const testing::CompareOptions& run : runs) {
    testing::Comparison comparison = testing::compare(oracle->model(), actual->model(), run);
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

// Lanes that hold no unit compute as well: what stands behind parameters must not be what memory happened to hold.
TEST(Packing, LeavesNothingToChance) {
  int arrays = 0;
  for (const Case& c : odd_cases()) {
    if (c.file != "examples/cells/lstm.rnn" && c.file != "examples/cells/layer_norm_lstm.rnn") continue;
    const auto built = testing::build(c, driver::BackendKind::jit, loop::Element::f32);
    ASSERT_NE(built, nullptr);
    const loop::Module& module = built->compilation.module;
    const std::vector<float> parameters(static_cast<std::size_t>(built->model().parameter_elements), 0.5f);
    runtime::AlignedBuffer packed(static_cast<std::size_t>(module.packed_bytes.constant()));
    std::memset(packed.data(), 0xff, packed.size());  // NaN
    ASSERT_EQ(built->model().pack(&built->model(), parameters.data(), packed.data()), RNNC_OK);
    for (const loop::Buffer& buffer : module.buffers) {
      if (buffer.space != loop::Space::packed) continue;
      ++arrays;
      const float* numbers = reinterpret_cast<const float*>(static_cast<const char*>(packed.data()) + buffer.offset.constant());
      for (std::int64_t i = 0; i < buffer.size.constant(); ++i)
        ASSERT_FALSE(std::isnan(numbers[i])) << c.file << ", " << buffer.name << ": number " << i;
    }
  }
  EXPECT_GT(arrays, 6);
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
