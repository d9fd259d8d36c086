// Models fed with what the caller gives, with their own output, or with a mixture of both.
#include <gtest/gtest.h>

#include "runtime/aligned.h"
#include "tests/differential/build.h"
#include "tests/differential/call.h"
#include "tests/differential/compare.h"

namespace rnnc {
namespace {

using driver::BackendKind;
using loop::Element;
using sema::Feed;
using testing::build;
using testing::Built;
using testing::Case;
using testing::CompareOptions;

constexpr const char* file = "tests/models/feeding.rnn";

class Feeding : public ::testing::TestWithParam<Case> {
 protected:
  void expect_agreement(BackendKind backend, Element element) {
    std::unique_ptr<Built> oracle = build(GetParam(), BackendKind::interp, element);
    std::unique_ptr<Built> actual = build(GetParam(), backend, element);
    ASSERT_TRUE(oracle && actual);
    std::vector<CompareOptions> runs{{.steps = 6, .rows = 3, .draws = 1, .rate = 0.5},
                                     {.steps = 5, .rows = 4, .lengths = {2, 5, 0, 3}, .draws = 2, .rate = 0.25},
                                     {.steps = 4, .rows = 2, .give_states = false, .draws = 3, .rate = 1},
                                     {.steps = 0, .rows = 2},
                                     {.steps = 3, .rows = 2, .draws = 4, .rate = 0}};
    for (const CompareOptions& run : runs) {
      testing::Comparison comparison = testing::compare(oracle->model(), actual->model(), run);
      EXPECT_LE(comparison.worst, element == Element::f64 ? 1e-9 : 1e-4) << comparison.lines;
    }
  }
};

TEST_P(Feeding, JitAgreesInDouble) { expect_agreement(BackendKind::jit, Element::f64); }
TEST_P(Feeding, JitAgreesInSingle) { expect_agreement(BackendKind::jit, Element::f32); }

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const char* model : {"Jordan", "Twice", "Babble", "Greedy"})
    for (Feed feed : {Feed::given, Feed::own, Feed::mixed})
      all.push_back({file, model, {}, feed});
  return all;
}

std::string name_of(const Case& c) {
  return c.entry + (c.feed == Feed::given ? "Given" : c.feed == Feed::own ? "Own" : "Mixed");
}

INSTANTIATE_TEST_SUITE_P(All, Feeding, ::testing::ValuesIn(cases()),
                         [](const auto& info) { return name_of(info.param); });

class EmittedFeeding : public Feeding {};
TEST_P(EmittedFeeding, Agrees) { expect_agreement(BackendKind::cpp, Element::f32); }
INSTANTIATE_TEST_SUITE_P(All, EmittedFeeding, ::testing::Values(Case{file, "Jordan", {}, Feed::mixed}),
                         [](const auto& info) { return name_of(info.param); });

class FedModels : public ::testing::TestWithParam<const char*> {
 protected:
  std::unique_ptr<Built> fed(Feed feed) const { return build({file, GetParam(), {}, feed}, BackendKind::jit, Element::f64); }
  static testing::Written run(const Built& built, double rate) {
    testing::RunShape shape;
    shape.steps.fill(7);
    shape.rows = 3;
    const testing::Given given = testing::random_given(built.model(), shape, 1, 0.5);
    return testing::run(built.model(), shape, given, {.seed = 5, .rate = rate});
  }
  // But for rounding: the programs add up in an order of their own.
  static void expect_equal(const Built& built, const testing::Written& a, const testing::Written& b) {
    ASSERT_EQ(a.code, RNNC_OK);
    ASSERT_EQ(b.code, RNNC_OK);
    for (const testing::Array& x : a.arrays)
      for (const testing::Array& y : b.arrays) {
        if (x.name != y.name || !x.name.starts_with("forward ")) continue;
        ASSERT_EQ(x.bytes.size(), y.bytes.size()) << x.name;
        for (std::int64_t i = 0; i < testing::count(built.model(), x.bytes); ++i)
          EXPECT_NEAR(testing::number(built.model(), x.bytes, i), testing::number(built.model(), y.bytes, i), 1e-12)
              << x.name << "[" << i << "]";
      }
  }
};

// A share of nothing is what the caller gives, a share of one the model's own.
TEST_P(FedModels, TheMixtureHasBothAtItsEnds) {
  auto given = fed(Feed::given), own = fed(Feed::own), mixed = fed(Feed::mixed);
  ASSERT_TRUE(given && own && mixed);
  if (given->model().state_count == mixed->model().state_count) expect_equal(*own, run(*given, 0), run(*mixed, 0));
  expect_equal(*own, run(*own, 0), run(*mixed, 1));
}

INSTANTIATE_TEST_SUITE_P(All, FedModels, ::testing::Values("Jordan", "Twice", "Greedy"),
                         [](const auto& info) { return std::string(info.param); });

// One call of the model that feeds itself is a loop of the host's that feeds the other one with what came out.
TEST(Feeding, OwnOutputIsWhatAHostWouldFeed) {
  constexpr int T = 6, B = 2, I = 3, O = 4;
  auto own = build({file, "Jordan", {}, Feed::own}, BackendKind::jit, Element::f64);
  auto given = build({file, "Jordan", {}}, BackendKind::jit, Element::f64);
  ASSERT_TRUE(own && given);
  testing::RunShape shape;
  shape.steps[0] = T;
  shape.rows = B;
  testing::Given numbers = testing::random_given(own->model(), shape, 3, 0.5);
  const testing::Written whole = testing::run(own->model(), shape, numbers, {.backward = false});
  ASSERT_EQ(whole.code, RNNC_OK);
  shape.steps[0] = 1;
  const testing::Bytes x = numbers.inputs[0];
  for (int t = 0; t < T; ++t) {
    numbers.inputs[0] = testing::Bytes(x.begin() + t * B * I * 8, x.begin() + (t + 1) * B * I * 8);
    numbers.inputs[1].assign(B * O * 8, 0);
    const testing::Written step = testing::run(given->model(), shape, numbers, {.loss = false, .backward = false});
    ASSERT_EQ(step.code, RNNC_OK);
    const testing::Bytes& out = step.arrays[0].bytes;
    for (int i = 0; i < B * O; ++i)
      EXPECT_NEAR(testing::number(own->model(), whole.arrays[0].bytes, t * B * O + i),
                  testing::number(own->model(), out, i), 1e-12)
          << "step " << t;
    numbers.states[0] = out;  // y_true.init: what stood there a step before
  }
}

}  // namespace
}  // namespace rnnc
