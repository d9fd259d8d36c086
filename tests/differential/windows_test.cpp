// Training in windows of steps: less memory as a budget asks for it, and the same gradients.
#include <gtest/gtest.h>

#include "runtime/model.h"
#include "runtime/thread_pool.h"
#include "tests/differential/build.h"
#include "tests/differential/call.h"

namespace rnnc {
namespace {

using driver::BackendKind;
using loop::Element;
using testing::build;
using testing::Built;
using testing::Case;
using testing::Given;
using testing::RunOptions;
using testing::RunShape;
using testing::Written;

const Case two_layers{"examples/charlm.rnn", "", {{"V", 11}, {"H", 9}}};
const Case both_ways{"examples/bilstm.rnn", "", {}};
const Case two_axes{"examples/encoder_decoder.rnn", "", {}};
const Case scan{"examples/cells/qrnn.rnn", "QRNN", {{"H", 9}, {"I", 3}}};

rnnc_call call_of(std::int64_t steps, std::int64_t rows) {
  rnnc_call call{};
  call.struct_size = sizeof call;
  for (std::int64_t& of_axis : call.steps) of_axis = steps;
  call.rows = rows;
  return call;
}

rnnc_sizes sizes_of(const rnnc_model& model, const rnnc_call& call) {
  rnnc_sizes sizes{};
  EXPECT_EQ(model.sizes(&model, &call, &sizes), RNNC_OK);
  return sizes;
}

std::int64_t bytes_of(const rnnc_sizes& sizes) { return sizes.tape_bytes + sizes.training_workspace_bytes; }

std::vector<std::int64_t> bytes_by_windows(const rnnc_model& model, std::int64_t steps, std::int64_t rows) {
  std::vector<std::int64_t> bytes{0};
  rnnc_call call = call_of(steps, rows);
  for (call.windows = 1; call.windows <= steps; ++call.windows) bytes.push_back(bytes_of(sizes_of(model, call)));
  return bytes;
}

class Windows : public ::testing::TestWithParam<Case> {};

TEST_P(Windows, ChangeNoGradient) {
  const auto built = build(GetParam(), BackendKind::jit, Element::f64);
  ASSERT_TRUE(built);
  const rnnc_model& model = built->model();
  RunShape shape;
  shape.steps.fill(23);
  shape.rows = 5;
  for (auto& lengths : shape.lengths) lengths = {23, 4, 0, 17, 22};
  const Given given = testing::random_given(model, shape, 3, 0.5);
  const Written whole = testing::run(model, shape, given);
  ASSERT_EQ(whole.code, RNNC_OK);
  for (const std::int64_t windows : {1, 2, 3, 5, 8, 22, 23}) {
    RunOptions options;
    options.windows = windows;
    const Written divided = testing::run(model, shape, given, options);
    ASSERT_EQ(divided.code, RNNC_OK) << divided.failed;
    ASSERT_EQ(divided.arrays.size(), whole.arrays.size());
    for (std::size_t i = 0; i < whole.arrays.size(); ++i) {
      const testing::Array &a = whole.arrays[i], &b = divided.arrays[i];
      if (windows == 1) {
        EXPECT_EQ(a.bytes, b.bytes) << a.name;
        continue;
      }
      double largest = 0, error = 0;
      for (std::int64_t j = 0; j < testing::count(model, a.bytes); ++j) {
        const double expected = testing::number(model, a.bytes, j), actual = testing::number(model, b.bytes, j);
        largest = std::max(largest, std::abs(expected));
        error = std::abs(expected - actual) > error || actual != actual ? std::abs(expected - actual) : error;
      }
      EXPECT_LE(error, 1e-13 * largest) << a.name << " in " << windows << " windows";
    }
  }
}

TEST_P(Windows, TakeLess) {
  const auto built = build(GetParam(), BackendKind::jit, Element::f32);
  ASSERT_TRUE(built);
  const rnnc_model& model = built->model();
  const auto tape = [&](std::int64_t windows) {
    rnnc_call call = call_of(10000, 8);
    call.windows = windows;
    return sizes_of(model, call).tape_bytes;
  };
  // All but a few checkpoints of the sequences that no other walk reads.
  EXPECT_LT(tape(10), tape(1) / 2);
  EXPECT_LT(tape(100), tape(10));
}

TEST_P(Windows, AnswerABudget) {
  const auto built = build(GetParam(), BackendKind::jit, Element::f32);
  ASSERT_TRUE(built);
  const rnnc_model& model = built->model();
  const std::int64_t steps = 60, rows = 32;
  const std::vector<std::int64_t> bytes = bytes_by_windows(model, steps, rows);
  const std::int64_t least = *std::min_element(bytes.begin() + 1, bytes.end());
  ASSERT_LT(least, bytes[1]);
  for (const std::int64_t budget : {bytes[1], bytes[1] - 1, (bytes[1] + least) / 2, least}) {
    rnnc_call call = call_of(steps, rows);
    call.memory_budget = budget;
    const rnnc_sizes sizes = sizes_of(model, call);
    ASSERT_GE(sizes.windows, 1);
    EXPECT_EQ(bytes_of(sizes), bytes[static_cast<std::size_t>(sizes.windows)]);
    EXPECT_LE(bytes_of(sizes), budget);
    for (std::int64_t fewer = 1; fewer < sizes.windows; ++fewer) EXPECT_GT(bytes[static_cast<std::size_t>(fewer)], budget);
  }
  rnnc_call call = call_of(steps, rows);
  call.memory_budget = 1;
  EXPECT_EQ(bytes_of(sizes_of(model, call)), least);
}

std::string kind_of_case(const ::testing::TestParamInfo<Case>& info) {
  return std::array{"TwoLayers", "BothWays", "TwoAxes", "Scan"}[info.index];
}
INSTANTIATE_TEST_SUITE_P(Of, Windows, ::testing::Values(two_layers, both_ways, two_axes, scan), kind_of_case);

// Where nothing of the recurrence is on the tape for every step, backward runs the forward pass's own kernels again; what is
// its own there moves steps from window to window.
TEST(WindowsOfKernels, AreComputedAgainByTheSame) {
  for (const Case& c : {two_layers, two_axes}) {
    driver::Compilation compilation;
    ASSERT_TRUE(testing::compile(c, "lower", Element::f32, compilation));
    int own = 0;
    for (const loop::Function& function : compilation.module.functions) {
      if (!function.name.starts_with("again_")) continue;
      ++own;
      EXPECT_TRUE(function.name.starts_with("again_handed_on") || function.name.starts_with("again_restored")) << function.name;
    }
    EXPECT_GT(own, 0);
  }
}

TEST(WindowsOfEmittedCode, AreThoseOfMachineCode) {
  const auto jit = build(two_axes, BackendKind::jit, Element::f32), cpp = build(two_axes, BackendKind::cpp, Element::f32);
  ASSERT_TRUE(jit && cpp);
  rnnc_call call = call_of(50, 16);
  call.steps[1] = 20;
  const std::int64_t whole = bytes_of(sizes_of(jit->model(), call));
  for (const std::int64_t budget : {std::int64_t{0}, std::int64_t{1}, whole * 2 / 3, whole * 3 / 4, whole - 1, whole}) {
    call.memory_budget = budget;
    const rnnc_sizes a = sizes_of(jit->model(), call), b = sizes_of(cpp->model(), call);
    EXPECT_EQ(a.windows, b.windows) << budget;
    EXPECT_EQ(bytes_of(a), bytes_of(b)) << budget;
    EXPECT_EQ(a.windows > 1, budget > 0 && budget < whole);
  }
}

// Every number of windows that shortens those of some axis is tried, not only those of the longest.
TEST(WindowsOfEmittedCode, AreTheFewestOfTwoAxes) {
  const auto jit = build(two_axes, BackendKind::jit, Element::f32), cpp = build(two_axes, BackendKind::cpp, Element::f32);
  ASSERT_TRUE(jit && cpp);
  for (const auto& [first, second] : {std::pair{15, 9}, std::pair{9, 40}}) {
    rnnc_call call = call_of(first, 39);
    call.steps[1] = second;
    std::vector<std::int64_t> bytes{0};
    for (call.windows = 1; call.windows <= std::max(first, second); ++call.windows)
      bytes.push_back(bytes_of(sizes_of(jit->model(), call)));
    call.windows = 0;
    for (const std::int64_t budget : bytes) {
      const auto fewest = std::find_if(bytes.begin() + 1, bytes.end(), [&](std::int64_t b) { return b <= budget; });
      call.memory_budget = budget;
      for (const auto* model : {&jit->model(), &cpp->model()}) {
        if (budget > 0) {
          EXPECT_EQ(sizes_of(*model, call).windows, fewest - bytes.begin()) << budget;
        }
      }
    }
    call.memory_budget = 1;
    for (const auto* model : {&jit->model(), &cpp->model()})
      EXPECT_EQ(bytes_of(sizes_of(*model, call)), *std::min_element(bytes.begin() + 1, bytes.end()));
  }
}

TEST(WindowsOfACall, AreRefusedIfThereAreNone) {
  for (const BackendKind backend : {BackendKind::jit, BackendKind::cpp}) {
    const auto built = build(scan, backend, Element::f32);
    ASSERT_TRUE(built);
    const rnnc_model& model = built->model();
    rnnc_call call = call_of(6, 2);
    rnnc_sizes sizes{};
    for (const std::int64_t windows : {-1, 7}) {
      call.windows = windows;
      EXPECT_EQ(model.sizes(&model, &call, &sizes), RNNC_BAD_CALL);
      EXPECT_EQ(model.forward_train(&model, &call), RNNC_BAD_CALL);
      EXPECT_EQ(model.backward(&model, &call), RNNC_BAD_CALL);
    }
  }
}

// A host that asks for a budget and forgets the number of windows would hand over too small a tape.
TEST(WindowsOfACall, MustBeToldWithABudget) {
  for (const BackendKind backend : {BackendKind::jit, BackendKind::cpp}) {
    const auto built = build(scan, backend, Element::f32);
    ASSERT_TRUE(built);
    const auto model = runtime::Model::create(built->model());
    ASSERT_TRUE(model.ok());
    ASSERT_TRUE((*model)->pack().ok());
    runtime::RunShape shape;
    shape.steps.fill(400);
    shape.rows = 8;
    shape.memory_budget = bytes_of(sizes_of(built->model(), call_of(400, 8))) - 1;
    auto run = runtime::Run::create(**model, shape, runtime::RunMode::training);
    ASSERT_TRUE(run.ok()) << run.message();
    EXPECT_GT(run->windows(), 1);
    EXPECT_TRUE(run->forward_train().ok());
    EXPECT_TRUE(run->backward().ok());
    rnnc_call call = run->call();
    call.windows = 0;
    EXPECT_EQ(built->model().forward_train(&built->model(), &call), RNNC_BAD_CALL);
    EXPECT_EQ(built->model().backward(&built->model(), &call), RNNC_BAD_CALL);
  }
}

// Backward in windows writes over what forward_train left of the last one.
TEST(WindowsOfACall, TakeATapeForOneBackward) {
  for (const BackendKind backend : {BackendKind::jit, BackendKind::cpp}) {
    const auto built = build(scan, backend, Element::f32);
    ASSERT_TRUE(built);
    const rnnc_model& abi = built->model();
    const auto model = runtime::Model::create(abi);
    ASSERT_TRUE(model.ok());
    ASSERT_TRUE((*model)->pack().ok());
    for (const std::int64_t windows : {1, 4}) {
      runtime::RunShape shape;
      shape.steps.fill(400);
      shape.rows = 8;
      if (windows > 1) shape.memory_budget = bytes_of(sizes_of(abi, call_of(400, 8))) * 2 / 3;
      auto run = runtime::Run::create(**model, shape, runtime::RunMode::training);
      ASSERT_TRUE(run.ok()) << run.message();
      EXPECT_EQ(run->windows() > 1, windows > 1);
      ASSERT_TRUE(run->forward_train().ok());
      rnnc_call other = run->call();
      other.memory_budget = 0;
      other.windows = run->windows() + 1;
      EXPECT_EQ(abi.backward(&abi, &other), RNNC_BAD_TAPE);
      EXPECT_TRUE(run->backward().ok());
      const runtime::Status again = run->backward();
      EXPECT_EQ(again.ok(), windows == 1);
      if (!again.ok()) {
        EXPECT_NE(again.message().find("used up"), std::string::npos) << again.message();
      }
      EXPECT_TRUE(run->forward_train().ok());
      EXPECT_TRUE(run->backward().ok());
    }
  }
}

TEST(WindowsOfARun, NameTheSmallestBudget) {
  const auto built = build(two_layers, BackendKind::jit, Element::f32);
  ASSERT_TRUE(built);
  const auto model = runtime::Model::create(built->model());
  ASSERT_TRUE(model.ok());
  runtime::RunShape shape;
  shape.steps.fill(200);
  shape.rows = 16;
  shape.memory_budget = 1000;
  const auto refused = runtime::Run::create(**model, shape, runtime::RunMode::training);
  ASSERT_FALSE(refused.ok());
  const std::vector<std::int64_t> bytes = bytes_by_windows(built->model(), 200, 16);
  shape.memory_budget = *std::min_element(bytes.begin() + 1, bytes.end());
  EXPECT_NE(refused.message().find(std::to_string(shape.memory_budget) + " together"), std::string::npos) << refused.message();
  EXPECT_TRUE(runtime::Run::create(**model, shape, runtime::RunMode::training).ok());
  --shape.memory_budget;
  EXPECT_FALSE(runtime::Run::create(**model, shape, runtime::RunMode::training).ok());
}

}  // namespace
}  // namespace rnnc
