// What launches do is counted as if they ran.
#include "compiler/loop/work.h"

#include <gtest/gtest.h>

#include "tests/unit/loop_sample.h"

namespace rnnc::loop {
namespace {

using F = FunctionBuilder;
using V = ValueId;

RunNumbers numbers(std::int64_t T, std::int64_t B, bool given = true) {
  return {.steps = {T}, .rows = B, .given = [given](const Buffer&) { return given; }};
}

V multiply_add(F& f, V a, V b, V c) { return F::id(f.fma(F::plain(a), F::plain(b), F::plain(c))); }

// A kernel whose body is given the range of its split dimension.
template <class Fill>
FunctionId kernel(Sample& sample, const std::string& name, Fill&& fill) {
  F f(sample.module, name, FunctionKind::kernel);
  const Index begin(f.parameter("begin")), end(f.parameter("end"));
  fill(f, begin, end);
  return f.finish();
}

TEST(Work, EveryElementOnce) {
  Sample sample;
  sample.map([](F& f, V a, V b, V c) { return multiply_add(f, a, b, c); });
  const auto work = work_of(sample.module, EntryRole::forward, numbers(5, 3));
  ASSERT_EQ(work.size(), 1u);
  EXPECT_EQ(work[0].operations, 2 * 5 * 3 * 16);
  EXPECT_EQ(work[0].bytes, 4 * 5 * 3 * 16 * 4);  // three arrays read, one written
  EXPECT_TRUE(work_of(sample.module, EntryRole::backward, numbers(5, 3)).empty());
}

// for i < B: for k < i: sum += x[k] x[k]: what an inner loop does depends on the outer one's variable.
TEST(Work, LoopsOfUnequalLength) {
  Sample sample;
  const FunctionId triangle = kernel(sample, "triangle", [&](F& f, const Index& begin, const Index& end) {
    f.loop("i", begin, end, 1, [&](const Index& i) {
      const std::vector<V> zero = {f.number_constant(0)};
      const auto sum = f.loop_carrying("k", 0, i, 1, zero, [&](const Index& k, std::vector<V> inside) {
        const V x = f.load({sample.in[0], k * 8});
        return std::vector<V>{multiply_add(f, x, x, inside[0])};
      });
      f.store(sum[0], {sample.out[0], i * 8});
    });
  });
  sample.entry(EntryRole::forward, [&](F& e) { e.launch(triangle, {}, Index(sample.B), 1); });
  const auto work = work_of(sample.module, EntryRole::forward, numbers(1, 6));
  ASSERT_EQ(work.size(), 1u);
  EXPECT_EQ(work[0].operations, 2 * 8 * (1 + 2 + 3 + 4 + 5));
  EXPECT_EQ(work[0].bytes, (5 + 6) * 8 * 4);
}

// Rows of a panel whose place is a difference of products: the ranges are those of the panel, not of what the products
// could be apart from each other.
TEST(Work, PlacesThatAreDifferencesOfProducts) {
  Sample sample;
  F f(sample.module, "panel", FunctionKind::kernel);
  const Index begin(f.parameter("begin")), end(f.parameter("end"));
  const Index from(f.parameter("from")), to(f.parameter("to"));
  f.loop("panel", begin, end, 1, [&](const Index& panel) {
    f.loop("r", 0, to - from, 1, [&](const Index& r) {
      f.store(f.number_constant(1), {sample.out[0], (to * panel - from * panel + r) * 8});
    });
  });
  const FunctionId panel = f.finish();
  sample.entry(EntryRole::forward, [&](F& e) { e.launch(panel, {Index(100), Index(103)}, 4, 1); });
  const auto work = work_of(sample.module, EntryRole::forward, numbers(20, 20));
  ASSERT_EQ(work.size(), 1u);
  EXPECT_EQ(work[0].bytes, 4 * 3 * 8 * 4);
}

TEST(Work, LaunchesInTheOrderOfTheRun) {
  Sample sample;
  const FunctionId square = kernel(sample, "square", [&](F& f, const Index& begin, const Index& end) {
    f.loop("i", begin, end, 1, [&](const Index& i) {
      const V x = f.load({sample.in[0], i * 8});
      f.store(multiply_add(f, x, x, x), {sample.out[0], i * 8});
    });
  });
  sample.entry(EntryRole::forward, [&](F& e) {
    e.loop("t", 0, Index(sample.T), 1, [&](const Index& t) { e.launch(square, {}, t + 1, 1); }, true);
    e.if_given(sample.maybe, [&] { e.launch(square, {}, 9, 1); }, [] {});
  });
  std::vector<double> operations;
  for (const LaunchWork& work : work_of(sample.module, EntryRole::forward, numbers(3, 4)))
    operations.push_back(work.operations / 16);
  EXPECT_EQ(operations, (std::vector<double>{3, 2, 1, 9}));
  EXPECT_EQ(work_of(sample.module, EntryRole::forward, numbers(3, 4, false)).size(), 3u);
}

// Rows that an index input chooses count each time: nobody knows which they are.
TEST(Work, GatheredRows) {
  Sample sample;
  const FunctionId gather = kernel(sample, "gather", [&](F& f, const Index& begin, const Index& end) {
    f.loop("i", begin, end, 1, [&](const Index& i) {
      const Index row = f.load_index("row", {sample.token, i});
      f.loop("j", 0, 2, 1, [&](const Index& j) {
        f.store(f.load({sample.in[0], row * 16 + j * 8}), {sample.out[0], i * 16 + j * 8});
      });
    });
  });
  sample.entry(EntryRole::forward, [&](F& e) { e.launch(gather, {}, Index(sample.B), 1); });
  const auto work = work_of(sample.module, EntryRole::forward, numbers(4, 5));
  ASSERT_EQ(work.size(), 1u);
  EXPECT_EQ(work[0].bytes, 4 * (5 + 5 * 16 + 5 * 16));  // indices, rows read, rows written
}

// A helper's places depend on what it is called with.
TEST(Work, CalledHelpers) {
  Sample sample;
  F h(sample.module, "epilogue", FunctionKind::helper);
  const V sum = h.vector_parameter("sum");
  const Index at(h.parameter("at"));
  h.store(F::id(h.add(F::plain(sum), F::plain(h.load({sample.in[0], at * 8})))), {sample.out[0], at * 8});
  const FunctionId epilogue = h.finish();
  const FunctionId caller = kernel(sample, "caller", [&](F& f, const Index& begin, const Index& end) {
    f.loop("i", begin, end, 1, [&](const Index& i) { f.call_helper(epilogue, {i * 2}, {f.number_constant(1)}); });
  });
  sample.entry(EntryRole::forward, [&](F& e) { e.launch(caller, {}, 3, 1); });
  const auto work = work_of(sample.module, EntryRole::forward, numbers(4, 5));
  ASSERT_EQ(work.size(), 1u);
  EXPECT_EQ(work[0].operations, 3 * 8);
  // One after the other the calls touch places 0, 2 and 4; taken at once, all between the first and the last.
  EXPECT_EQ(work[0].bytes, 2 * 5 * 8 * 4);
}

}  // namespace
}  // namespace rnnc::loop
