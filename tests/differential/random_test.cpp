// Dropout and zoneout: the same draws on every backend and element type, for any number of threads and any chunks.
#include <gtest/gtest.h>

#include <cstring>

#include "runtime/aligned.h"
#include "runtime/thread_pool.h"
#include "tests/differential/build.h"
#include "tests/differential/compare.h"

namespace rnnc {
namespace {

using driver::BackendKind;
using loop::Element;
using testing::build;
using testing::Built;
using testing::Case;
using testing::CompareOptions;

constexpr const char* file = "tests/models/dropout.rnn";

class Random : public ::testing::TestWithParam<Case> {
 protected:
  // Against the interpreter. A mask that differs in one entry differs by far more than rounding.
  void expect_agreement(BackendKind backend, Element element) {
    std::unique_ptr<Built> oracle = build(GetParam(), BackendKind::interp, element);
    std::unique_ptr<Built> actual = build(GetParam(), backend, element);
    if (!oracle || !actual) return;
    std::vector<CompareOptions> runs{
        {.steps = 6, .rows = 3, .training = true},
        {.steps = 5, .rows = 4, .lengths = {2, 5, 0, 3}, .training = true, .draws = 0xfedcba9876543210u},
        {.steps = 3, .rows = 2, .give_states = false, .training = true, .draws = 7, .first_step = (1ll << 40) + 5},
        {.steps = 1, .rows = 1, .training = true, .draws = 1u << 31},
        {.steps = 0, .rows = 2, .training = true},
        {.steps = 4, .rows = 2, .draws = 9},
    };
    for (const CompareOptions& run : runs) {
      testing::Comparison comparison = testing::compare(oracle->model(), actual->model(), run);
      EXPECT_LE(comparison.worst, element == Element::f64 ? 1e-9 : 1e-4) << comparison.lines;
    }
  }
};

TEST_P(Random, JitAgreesInDouble) { expect_agreement(BackendKind::jit, Element::f64); }
TEST_P(Random, JitAgreesInSingle) { expect_agreement(BackendKind::jit, Element::f32); }
TEST_P(Random, ThreadsDoNotChangeABit) {
  std::unique_ptr<Built> built = build(GetParam(), BackendKind::jit, Element::f32);
  ASSERT_TRUE(built);
  runtime::ThreadPool pool(2);
  CompareOptions options{.steps = 40, .rows = 17, .training = true};
  options.parallel_for = runtime::ThreadPool::parallel_for;
  options.pool = &pool;
  testing::Comparison comparison = testing::compare(built->model(), built->model(), options);
  EXPECT_EQ(comparison.worst, 0) << comparison.lines;
}

std::string name_of(const ::testing::TestParamInfo<Case>& info) {
  return std::to_string(info.index) + "_" + info.param.entry;
}

INSTANTIATE_TEST_SUITE_P(All, Random,
                         ::testing::Values(Case{file, "DropoutLSTM", {}},
                                           Case{file, "DropoutLSTM", {{"I", 8}, {"H", 32}}},
                                           Case{file, "DropoutLSTM", {{"I", 1}, {"H", 1}}},
                                           Case{file, "ZoneoutLSTM", {}}, Case{file, "ZoneoutLSTM", {{"H", 1}}},
                                           Case{file, "DropoutLags", {}}, Case{file, "DropoutLags", {{"H", 40}}},
                                           Case{file, "DropoutTagger", {}}, Case{file, "DropConnect", {}}),
                         name_of);

// Through the C++ compiler, which takes seconds for each.
class EmittedRandom : public Random {};

TEST_P(EmittedRandom, AgreesInSingle) { expect_agreement(BackendKind::cpp, Element::f32); }
TEST_P(EmittedRandom, AgreesInDouble) { expect_agreement(BackendKind::cpp, Element::f64); }

INSTANTIATE_TEST_SUITE_P(All, EmittedRandom,
                         ::testing::Values(Case{file, "DropoutLSTM", {}}, Case{file, "ZoneoutLSTM", {}},
                                           Case{file, "DropoutLags", {}}, Case{file, "DropoutTagger", {}}),
                         name_of);

// One model run from step 0 on, by calls of so many steps each.
class Stream {
 public:
  Stream(const rnnc_model& model, std::int64_t rows) : model_(model), rows_(rows) {
    auto number = [state = 1u]() mutable {
      return static_cast<double>((state = state * 1664525u + 1013904223u) >> 8) / (1u << 24) - 0.5f;
    };
    parameters_.resize(static_cast<std::size_t>(model.parameter_elements));
    for (double& v : parameters_) v = number();
    x_.resize(static_cast<std::size_t>(steps * rows_ * width(model.inputs[0])));
    for (double& v : x_) v = number();
  }

  static constexpr std::int64_t steps = 12;

  // The first output at all steps.
  std::vector<double> run(std::int64_t chunk, int (*function)(const rnnc_model*, const rnnc_call*)) {
    rnnc_call call{};
    call.struct_size = sizeof call;
    call.rows = rows_;
    call.steps[0] = chunk;
    call.training = 1;
    call.seed = 5;
    rnnc_sizes sizes{};
    EXPECT_EQ(model_.sizes(&model_, &call, &sizes), RNNC_OK);
    runtime::AlignedBuffer packed(static_cast<std::size_t>(sizes.packed_bytes) + 64);
    runtime::AlignedBuffer tape(static_cast<std::size_t>(sizes.tape_bytes) + 64);
    runtime::AlignedBuffer workspace(
        static_cast<std::size_t>(std::max(sizes.inference_workspace_bytes, sizes.training_workspace_bytes)) + 64);
    EXPECT_EQ(model_.pack(&model_, parameters_.data(), packed.data()), RNNC_OK);
    std::vector<std::vector<double>> states;
    std::vector<void*> state_out;
    for (int i = 0; i < model_.state_count; ++i)
      states.emplace_back(static_cast<std::size_t>(model_.states[i].history * rows_ * width(model_.states[i])));
    for (auto& state : states) state_out.push_back(state.data());
    std::vector<const void*> state_in(state_out.begin(), state_out.end());
    std::vector<double> y(static_cast<std::size_t>(steps * rows_ * width(model_.outputs[0])));
    std::vector<void*> outputs(static_cast<std::size_t>(model_.output_count));
    call.packed = packed.data();
    call.workspace = workspace.data();
    call.tape = tape.data();
    call.state_in = state_in.data();
    call.state_out = state_out.data();
    call.outputs = outputs.data();
    for (call.first_step = 0; call.first_step < steps; call.first_step += chunk) {
      const void* input = x_.data() + call.first_step * rows_ * width(model_.inputs[0]);
      call.inputs = &input;
      outputs[0] = y.data() + call.first_step * rows_ * width(model_.outputs[0]);
      EXPECT_EQ(function(&model_, &call), RNNC_OK);
    }
    return y;
  }

 private:
  static std::int64_t width(const rnnc_tensor& tensor) {
    std::int64_t size = 1;
    for (int d = 0; d < tensor.rank; ++d) size *= tensor.extents[d];
    return size;
  }
  const rnnc_model& model_;
  std::int64_t rows_;
  std::vector<double> parameters_, x_;
};

class Chunks : public ::testing::TestWithParam<Case> {};

TEST_P(Chunks, DrawWhatAWholeRunDraws) {
  for (BackendKind backend : {BackendKind::interp, BackendKind::jit}) {
    std::unique_ptr<Built> built = build(GetParam(), backend, Element::f64);
    ASSERT_TRUE(built);
    const rnnc_model& model = built->model();
    Stream stream(model, 3);
    const std::vector<double> whole = stream.run(Stream::steps, model.forward);
    for (std::int64_t chunk : {1, 4}) EXPECT_EQ(stream.run(chunk, model.forward), whole) << "chunks of " << chunk;
    EXPECT_EQ(stream.run(1, model.step), whole);
    EXPECT_EQ(stream.run(6, model.forward_train), whole);
  }
}

INSTANTIATE_TEST_SUITE_P(All, Chunks,
                         ::testing::Values(Case{file, "DropoutLSTM", {}}, Case{file, "ZoneoutLSTM", {}},
                                           Case{file, "DropoutLags", {}}),
                         [](const auto& info) { return info.param.entry; });

}  // namespace
}  // namespace rnnc
