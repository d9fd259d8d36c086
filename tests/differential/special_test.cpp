// NaN and infinities: what one backend makes of them, all do. Long sums, and how far off they may be.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include "tests/differential/build.h"
#include "tests/differential/call.h"

namespace rnnc {
namespace {

using driver::BackendKind;
using loop::Element;
using testing::Built;
using testing::Bytes;
using testing::Case;
using testing::Given;
using testing::RunShape;
using testing::Written;

constexpr double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();

void put(const rnnc_model& model, Bytes& bytes, std::int64_t i, double value) {
  const auto single = static_cast<float>(value);
  if (model.dtype == RNNC_F64) std::memcpy(bytes.data() + i * 8, &value, 8);
  else std::memcpy(bytes.data() + i * 4, &single, 4);
}

// Every place of the first row is NaN in one step, in the second row infinite; then all of a row are.
void put_specials(const rnnc_model& model, const RunShape& shape, Bytes& bytes) {
  const std::int64_t entries = testing::count(model, bytes) / (shape.steps[0] * shape.rows);
  const std::array<double, 3> row{nan, infinity, -infinity};
  for (std::int64_t t = 0; t < shape.steps[0]; ++t)
    for (std::int64_t b = 0; b < shape.rows; ++b)
      for (std::int64_t e = 0; e < entries; ++e)
        if (e == t || t >= entries) put(model, bytes, (t * shape.rows + b) * entries + e, row[static_cast<std::size_t>(b)]);
}

class Largest : public ::testing::TestWithParam<std::int64_t> {
 protected:
  void expect_agreement(BackendKind backend, Element element) {
    const Case model{"tests/models/largest.rnn", "Largest", {{"N", GetParam()}}};
    std::unique_ptr<Built> oracle = testing::build(model, BackendKind::interp, element);
    std::unique_ptr<Built> actual = testing::build(model, backend, element);
    ASSERT_TRUE(oracle && actual);
    RunShape shape;
    shape.steps[0] = 2 * GetParam() + 1;
    shape.rows = 3;
    Given given = testing::random_given(oracle->model(), shape, 1, 0.7);
    for (Bytes& input : given.inputs) put_specials(oracle->model(), shape, input);
    for (const bool learned : {false, true}) {
      if (learned) put(oracle->model(), given.parameters, 2 * GetParam() - 1, nan);
      const testing::RunOptions how{.backward = false};
      const Written expected = testing::run(oracle->model(), shape, given, how);
      const Written found = testing::run(actual->model(), shape, given, how);
      ASSERT_EQ(found.arrays.size(), expected.arrays.size());
      bool met = false;
      for (std::size_t a = 0; a < found.arrays.size(); ++a)
        for (std::int64_t i = 0; i < testing::count(oracle->model(), expected.arrays[a].bytes); ++i) {
          const double x = testing::number(oracle->model(), expected.arrays[a].bytes, i);
          const double y = testing::number(actual->model(), found.arrays[a].bytes, i);
          met |= std::isnan(x);
          EXPECT_TRUE(x == y || (std::isnan(x) && std::isnan(y)))
              << expected.arrays[a].name << "[" << i << "]: " << y << ", the interpreter " << x;
        }
      EXPECT_TRUE(met);
    }
  }
};

TEST_P(Largest, OfJitInDouble) { expect_agreement(BackendKind::jit, Element::f64); }
TEST_P(Largest, OfJitInSingle) { expect_agreement(BackendKind::jit, Element::f32); }
TEST_P(Largest, OfEmittedCode) { expect_agreement(BackendKind::cpp, Element::f32); }
INSTANTIATE_TEST_SUITE_P(Sizes, Largest, ::testing::Values(1, 3, 8, 17));

// Blocks of 258 rows, or of 86 steps of one row, and then over these: as the manual bounds it. One sum of so many equal numbers
// would drift by some per cent.
TEST(LongSums, AreWithinTheirBound) {
  const Case model{"tests/models/sums.rnn", "", {}};
  const std::unique_ptr<Built> single = testing::build(model, BackendKind::jit, Element::f32);
  const std::unique_ptr<Built> exact = testing::build(model, BackendKind::jit, Element::f64);
  ASSERT_TRUE(single && exact);
  RunShape shape;
  shape.steps[0] = 100'000;
  shape.rows = 3;
  const auto run = [&](const Built& built) {
    Given given = testing::random_given(built.model(), shape, 1, 0.7);
    for (std::int64_t i = 0; i < shape.steps[0] * shape.rows; ++i) put(built.model(), given.inputs[0], i, 0.1f);
    for (std::int64_t i = 0; i < testing::count(built.model(), given.parameters); ++i) put(built.model(), given.parameters, i, 0.3f);
    return testing::run(built.model(), shape, given, {.give_upstream = false});
  };
  const Written expected = run(*exact), found = run(*single);
  ASSERT_EQ(found.arrays.size(), expected.arrays.size());
  const double blocks = 100'000.0 / 86, bound = (258 + blocks + 4) * 0x1p-24;
  int compared = 0;
  for (std::size_t a = 0; a < found.arrays.size(); ++a) {
    const std::string& name = expected.arrays[a].name;
    const bool is_sum = name.ends_with(" s") || name.ends_with(" p") || name.ends_with(" loss") || name == "grad parameters";
    if (!is_sum || name.starts_with("step")) continue;
    ++compared;
    const double x = testing::number(exact->model(), expected.arrays[a].bytes, 0);
    EXPECT_NEAR(testing::number(single->model(), found.arrays[a].bytes, 0), x, bound * x) << name;
  }
  EXPECT_EQ(compared, 7);  // forward, forward_train, the first gradient
}

}  // namespace
}  // namespace rnnc
