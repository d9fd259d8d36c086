// The JIT against plain scalar code, bit for bit.
#include "compiler/backend/llvm/jit.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <thread>

#include "compiler/base/bug.h"
#include "compiler/loop/builder.h"
#include "tests/unit/loop_sample.h"

// Declared here because only the backend sees LLVM's headers.
namespace llvm {
[[noreturn]] void report_fatal_error(const char* reason, bool gen_crash_diag);
}
namespace rnnc::backend {
std::string guarded(const std::function<void()>& work);
}

namespace rnnc {
namespace {

using namespace loop;
using backend::jit;
using backend::JitModule;

bool host_has(const std::string& target) {
  return target == "sse2" || (target == "avx2" && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) ||
         (target == "avx512" && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
          __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512cd"));
}

std::unique_ptr<JitModule> compiled(const Module& module, backend::JitOptions options = {}) {
  EXPECT_EQ(verify(module), "");
  auto result = jit(module, options);
  if (auto* error = std::get_if<std::string>(&result)) {
    ADD_FAILURE() << *error;
    return nullptr;
  }
  return std::move(std::get<0>(result));
}

template <class Real>
using Bits = std::conditional_t<sizeof(Real) == 8, std::uint64_t, std::uint32_t>;

template <class Real>
bool same(Real a, Real b) {
  return (std::isnan(a) && std::isnan(b)) || std::bit_cast<Bits<Real>>(a) == std::bit_cast<Bits<Real>>(b);
}

template <class Real>
constexpr Element element_of = sizeof(Real) == 8 ? Element::f64 : Element::f32;

// ---- instructions --------------------------------------------------------------------------------------------------

using V = ValueId;
using F = FunctionBuilder;
int p(V v) { return F::plain(v); }

template <class Real>
struct Case {
  const char* name;
  std::function<V(F&, V, V, V)> build;
  std::function<Real(Real, Real, Real)> expect;
};

template <class Real>
Real as_real(Bits<Real> bits) { return std::bit_cast<Real>(bits); }
template <class Real>
Bits<Real> as_bits(Real x) { return std::bit_cast<Bits<Real>>(x); }

template <class Real>
std::vector<Case<Real>> cases(bool fused) {
  auto id = [](int v) { return F::id(v); };
  auto truth = [id](F& f, int mask) { return id(f.select(mask, f.constant(1), f.constant(0))); };
  return {
      {"constant", [=](F& f, V, V, V) { return id(f.constant(0.1)); }, [](Real, Real, Real) { return Real(0.1); }},
      {"bits", [=](F& f, V, V, V) { return id(f.bits(0x80000001)); },
       [](Real, Real, Real) { return as_real<Real>(0x80000001); }},
      {"add", [=](F& f, V a, V b, V) { return id(f.add(p(a), p(b))); }, [](Real a, Real b, Real) { return a + b; }},
      {"sub", [=](F& f, V a, V b, V) { return id(f.sub(p(a), p(b))); }, [](Real a, Real b, Real) { return a - b; }},
      {"mul", [=](F& f, V a, V b, V) { return id(f.mul(p(a), p(b))); }, [](Real a, Real b, Real) { return a * b; }},
      {"div", [=](F& f, V a, V b, V) { return id(f.div(p(a), p(b))); }, [](Real a, Real b, Real) { return a / b; }},
      {"separate", [=](F& f, V a, V b, V c) { return id(f.add(f.mul(p(a), p(b)), p(c))); },
       [](Real a, Real b, Real c) {
         volatile Real ab = a * b;
         return static_cast<Real>(ab + c);
       }},
      {"fma", [=](F& f, V a, V b, V c) { return id(f.fma(p(a), p(b), p(c))); },
       [=](Real a, Real b, Real c) {
         volatile Real ab = a * b;
         return fused ? std::fma(a, b, c) : static_cast<Real>(ab + c);
       }},
      {"fnma", [=](F& f, V a, V b, V c) { return id(f.fnma(p(a), p(b), p(c))); },
       [=](Real a, Real b, Real c) {
         volatile Real ab = a * b;
         return fused ? std::fma(-a, b, c) : static_cast<Real>(c - ab);
       }},
      {"min", [=](F& f, V a, V b, V) { return id(f.min(p(a), p(b))); },
       [](Real a, Real b, Real) { return a < b ? a : b; }},
      {"max", [=](F& f, V a, V b, V) { return id(f.max(p(a), p(b))); },
       [](Real a, Real b, Real) { return a > b ? a : b; }},
      {"neg", [=](F& f, V a, V, V) { return id(f.neg(p(a))); }, [](Real a, Real, Real) { return -a; }},
      {"abs", [=](F& f, V a, V, V) { return id(f.abs(p(a))); }, [](Real a, Real, Real) { return std::fabs(a); }},
      {"sqrt", [=](F& f, V a, V, V) { return id(f.sqrt(p(a))); }, [](Real a, Real, Real) { return std::sqrt(a); }},
      {"round", [=](F& f, V a, V, V) { return id(f.round(p(a))); },
       [](Real a, Real, Real) { return std::nearbyint(a); }},
      {"floor", [=](F& f, V a, V, V) { return id(f.floor(p(a))); }, [](Real a, Real, Real) { return std::floor(a); }},
      {"less", [=](F& f, V a, V b, V) { return truth(f, f.less(p(a), p(b))); },
       [](Real a, Real b, Real) { return Real(a < b); }},
      {"less_equal", [=](F& f, V a, V b, V) { return truth(f, f.less_equal(p(a), p(b))); },
       [](Real a, Real b, Real) { return Real(a <= b); }},
      {"equal", [=](F& f, V a, V b, V) { return truth(f, f.equal(p(a), p(b))); },
       [](Real a, Real b, Real) { return Real(a == b); }},
      {"masks",
       [=](F& f, V a, V b, V c) {
         return truth(f,
                      f.mask_or(f.mask_and(f.less(p(a), p(b)), f.mask_not(f.equal(p(b), p(c)))), f.less(p(c), p(a))));
       },
       [](Real a, Real b, Real c) { return Real((a < b && !(b == c)) || c < a); }},
      {"select", [=](F& f, V a, V b, V c) { return id(f.select(f.less(p(a), p(b)), p(b), p(c))); },
       [](Real a, Real b, Real c) { return a < b ? b : c; }},
      {"bit_and", [=](F& f, V a, V b, V) { return id(f.bit_and(p(a), p(b))); },
       [](Real a, Real b, Real) { return as_real<Real>(as_bits(a) & as_bits(b)); }},
      {"bit_or", [=](F& f, V a, V b, V) { return id(f.bit_or(p(a), p(b))); },
       [](Real a, Real b, Real) { return as_real<Real>(as_bits(a) | as_bits(b)); }},
      {"bit_xor", [=](F& f, V a, V b, V) { return id(f.bit_xor(p(a), p(b))); },
       [](Real a, Real b, Real) { return as_real<Real>(as_bits(a) ^ as_bits(b)); }},
      {"int_add", [=](F& f, V a, V b, V) { return id(f.int_add(p(a), p(b))); },
       [](Real a, Real b, Real) { return as_real<Real>(as_bits(a) + as_bits(b)); }},
      {"int_sub", [=](F& f, V a, V b, V) { return id(f.int_sub(p(a), p(b))); },
       [](Real a, Real b, Real) { return as_real<Real>(as_bits(a) - as_bits(b)); }},
      {"shift_left", [=](F& f, V a, V, V) { return id(f.shift_left(p(a), 5)); },
       [](Real a, Real, Real) { return as_real<Real>(as_bits(a) << 5); }},
      {"shift_right", [=](F& f, V a, V, V) { return id(f.shift_right(p(a), 9)); },
       [](Real a, Real, Real) { return as_real<Real>(as_bits(a) >> 9); }},
  };
}

// Every pair of special numbers, then random ones; the third operand walks through the specials at another pace.
template <class Real>
void fill(Call<Real>& run) {
  using L = std::numeric_limits<Real>;
  const std::vector<Real> special = {Real(0),         -Real(0),         Real(1),         Real(-1),
                                     Real(0.5),       Real(-0.5),       Real(1.5),       Real(2.5),
                                     Real(-2.5),      Real(0.1),        L::infinity(),   -L::infinity(),
                                     L::quiet_NaN(),  L::max(),         -L::max(),       L::min(),
                                     L::denorm_min(), -L::denorm_min(), Real(8388607.5), Real(4503599627370495.5),
                                     Real(-3.7)};
  run.randomise(11, 100);
  std::size_t i = 0;
  for (Real a : special)
    for (Real b : special) {
      run.in[0][i] = a;
      run.in[1][i] = b;
      run.in[2][i] = special[(i * 7) % special.size()];
      ++i;
    }
  ASSERT_LT(i, run.in[0].size());
}

template <class Real>
void check_instructions(const std::string& target, bool optimise) {
  for (const auto& [name, build, expect] : cases<Real>(target != "sse2")) {
    Sample sample(target, element_of<Real>);
    sample.map(build);
    auto module = compiled(sample.module, {optimise});
    ASSERT_TRUE(module) << name;
    Call<Real> run(10, 8);
    fill(run);
    ASSERT_EQ(run.forward(module->model()), RNNC_OK) << name;
    for (std::size_t i = 0; i < run.out[0].size(); ++i) {
      const Real a = run.in[0][i], b = run.in[1][i], c = run.in[2][i];
      ASSERT_TRUE(same(run.out[0][i], expect(a, b, c)))
          << name << '(' << a << ", " << b << ", " << c << ") on " << target << ": " << run.out[0][i] << " instead of "
          << expect(a, b, c);
    }
  }
}

struct OnTarget : testing::TestWithParam<const char*> {
  void SetUp() override {
    if (!host_has(GetParam())) GTEST_SKIP() << "this processor has no " << GetParam();
  }
};
INSTANTIATE_TEST_SUITE_P(Targets, OnTarget, testing::Values("sse2", "avx2", "avx512"),
                         [](const auto& info) { return std::string(info.param); });

TEST_P(OnTarget, ComputesInstructionsF32) { check_instructions<float>(GetParam(), true); }
TEST_P(OnTarget, ComputesInstructionsF64) { check_instructions<double>(GetParam(), true); }
TEST_P(OnTarget, ComputesInstructionsUnoptimised) { check_instructions<float>(GetParam(), false); }

// Whole numbers as vectors, lanes among themselves, tails: one kernel over all of them.
template <class Real>
void check_lanes(const std::string& target) {
  Sample sample(target, element_of<Real>);
  const int lanes = sample.module.target.lanes(sample.module.element);
  const Index row = Index(sample.T) * 3 + 1;
  sample.entry(EntryRole::forward, [&](F& f) {
    V x = f.load({sample.in[0], Index(2)});
    Index at;
    auto put = [&](V v) {
      f.store(v, {sample.out[0], at});
      at = at + Index(lanes);
    };
    put(f.lane_sum(x));
    put(f.lane_max(x));
    put(f.iota());
    put(f.number(row * row));
    put(F::id(f.select(p(f.index_less(row, Index(sample.B) * 100)), p(x), p(f.iota()))));
    put(F::id(f.select(p(f.index_less(row * 100, Index(sample.B))), p(x), p(f.iota()))));
    put(f.load_scalar({sample.in[0], Index(5)}));
    for (int count = 0; count <= lanes; ++count) {
      put(f.first_lanes(x, f.iota(), count));
      put(f.load_first({sample.in[0], Index(3)}, count));
      f.store_first(x, {sample.out[0], at}, count);
      at = at + Index(lanes);
    }
  });
  auto module = compiled(sample.module);
  ASSERT_TRUE(module);
  Call<Real> run(10, 8);
  run.randomise(5);
  ASSERT_EQ(run.forward(module->model()), RNNC_OK);
  const Real* x = &run.in[0][2];
  std::vector<Real> sum(x, x + lanes), most(x, x + lanes);
  for (int half = lanes / 2; half > 0; half /= 2)
    for (int i = 0; i < half; ++i) {
      sum[static_cast<std::size_t>(i)] += sum[static_cast<std::size_t>(i + half)];
      most[static_cast<std::size_t>(i)] =
          std::max(most[static_cast<std::size_t>(i)], most[static_cast<std::size_t>(i + half)]);
    }
  const Real* got = run.out[0].data();
  auto expect = [&](const char* what, auto&& value) {
    for (int i = 0; i < lanes; ++i) EXPECT_TRUE(same(got[i], static_cast<Real>(value(i)))) << what << ", lane " << i;
    got += lanes;
  };
  expect("lane_sum", [&](int) { return sum[0]; });
  expect("lane_max", [&](int) { return most[0]; });
  expect("iota", [&](int i) { return i; });
  expect("number", [&](int) { return 31 * 31; });
  expect("index_less", [&](int i) { return x[i]; });
  expect("index_less, false", [&](int i) { return i; });
  expect("load_scalar", [&](int) { return run.in[0][5]; });
  for (int count = 0; count <= lanes; ++count) {
    expect("first_lanes", [&](int i) { return i < count ? x[i] : Real(i); });
    expect("load_first", [&](int i) { return i < count ? x[i + 1] : Real(0); });
    expect("store_first", [&](int i) { return i < count ? x[i] : Real(-77); });
  }
}
TEST_P(OnTarget, MovesLanesF32) { check_lanes<float>(GetParam()); }
TEST_P(OnTarget, MovesLanesF64) { check_lanes<double>(GetParam()); }

// The arrays end where readable memory ends.
TEST(LlvmBackend, FirstLanesNeverTouchTheOthers) {
  Sample sample;
  sample.entry(EntryRole::forward, [&](F& f) {
    V x = f.load_first({sample.in[0], sample.length - 3}, 3);
    f.store_first(x, {sample.out[0], sample.length - 3}, 3);
  });
  auto module = compiled(sample.module);
  ASSERT_TRUE(module);
  const std::size_t page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE)), used = 3 * 2 * 16 * sizeof(float);
  std::vector<char*> pages;
  for (int i = 0; i < 2; ++i) {
    void* two = mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(two, MAP_FAILED);
    pages.push_back(static_cast<char*>(two));
    ASSERT_EQ(mprotect(pages.back() + page, page, PROT_NONE), 0);
  }
  Call<float> run(3, 2);
  run.randomise(2);
  run.inputs[0] = std::memcpy(pages[0] + page - used, run.in[0].data(), used);
  run.outputs[0] = pages[1] + page - used;
  ASSERT_EQ(run.forward(module->model()), RNNC_OK);
  const float* got = reinterpret_cast<const float*>(pages[1] + page - used);
  for (std::size_t i = 0; i < run.in[0].size(); ++i) EXPECT_EQ(got[i], i + 3 < run.in[0].size() ? 0 : run.in[0][i]);
  for (char* two : pages) munmap(two, 2 * page);
}

// ---- loops and whole numbers ---------------------------------------------------------------------------------------

// y0[t] = sum over k <= t of x0[k] * x1[k], and running backwards y1[t] = x2[t] - 0.5 * y1[t+1].
TEST(LlvmBackend, CarriesValuesThroughLoops) {
  Sample sample;
  const Index width(16), B(sample.B);
  FunctionBuilder f(sample.module, "rows", FunctionKind::kernel);
  Index begin(f.parameter("begin")), end(f.parameter("end")), block(f.parameter("block"));
  f.loop("b", begin, end, 1, [&](Index b) {
    f.loop("t", 0, Index(sample.T), 1, [&](Index t) {
      auto sums = f.loop_carrying("k", 0, t + 1, 1, {f.number_constant(0)}, [&](Index k, std::vector<V> inside) {
        Index at = (k * B + b) * width + block;
        return std::vector<V>{F::id(f.fma(p(f.load({sample.in[0], at})), p(f.load({sample.in[1], at})), p(inside[0])))};
      });
      f.store(sums[0], {sample.out[0], (t * B + b) * width + block});
    });
    f.loop("s", 0, Index(sample.T), 1, [&](Index t) {
      Index at = (t * B + b) * width + block;
      Index later = f.minimum("later", t + 1, Index(sample.T) - 1);
      V next = f.load({sample.out[1], (later * B + b) * width + block});
      V known = F::id(f.select(p(f.index_less(t + 1, Index(sample.T))), p(next), f.constant(0)));
      f.store(F::id(f.fnma(f.constant(0.5), p(known), p(f.load({sample.in[2], at})))), {sample.out[1], at});
    }, true);
  });
  FunctionId kernel = f.finish();
  sample.entry(EntryRole::forward, [&](F& e) {
    e.launch(kernel, {Index(0)}, B, Index(0));
    e.launch(kernel, {Index(8)}, B, Index(0));
  });
  auto module = compiled(sample.module);
  ASSERT_TRUE(module);
  for (std::int64_t T : {0, 1, 2, 7}) {
    Call<float> run(T, 3);
    run.randomise(static_cast<unsigned>(T));
    ASSERT_EQ(run.forward(module->model()), RNNC_OK);
    for (std::size_t lane = 0; lane < 48; ++lane) {
      float sum = 0, next = 0;
      for (std::int64_t t = 0; t < T; ++t) {
        const std::size_t at = static_cast<std::size_t>(t) * 48 + lane;
        sum = std::fma(run.in[0][at], run.in[1][at], sum);
        EXPECT_EQ(run.out[0][at], sum) << "t = " << t;
      }
      for (std::int64_t t = T - 1; t >= 0; --t) {
        const std::size_t at = static_cast<std::size_t>(t) * 48 + lane;
        next = std::fma(-0.5f, next, run.in[2][at]);
        EXPECT_EQ(run.out[1][at], next) << "t = " << t;
      }
    }
  }
}

TEST(LlvmBackend, LoopsOfKnownLengthAndStep) {
  Sample sample;
  sample.entry(EntryRole::forward, [&](F& f) {
    V one = f.number_constant(1);
    auto count = [&](Index begin, Index end, std::int64_t step, std::int64_t at, int unrolled = 1) {
      auto result =
          f.loop_carrying("i", begin, end, step, {f.number_constant(0), one, one}, [&](Index i, std::vector<V> inside) {
            return std::vector<V>{F::id(f.add(p(inside[0]), p(f.number(i + 1)))), inside[0], inside[1]};
          }, unrolled);
      f.store(result[0], {sample.out[0], Index(at * 8)});
      f.store(result[1], {sample.out[1], Index(at * 8)});
      f.store(result[2], {sample.out[1], Index(at * 8 + 128)});
    };
    count(0, 0, 1, 0);                  // never
    count(3, 4, 1, 1);                  // once
    count(0, 10, 4, 2);                 // 0, 4, 8
    count(0, Index(sample.T), 4, 3);    // the same
    count(5, Index(sample.T) - 6, 1, 4);  // never
    count(0, 12, 1, 5, 3);
    count(0, 12, 1, 6, 4);
    count(0, 4, 1, 7, 4);  // written out whole
    count(0, 12, 2, 8, 2);
  });
  auto module = compiled(sample.module);
  ASSERT_TRUE(module);
  Call<float> run(10, 4);
  ASSERT_EQ(run.forward(module->model()), RNNC_OK);
  const float total[] = {0, 4, 15, 15, 0, 78, 78, 10, 36}, previous[] = {1, 0, 6, 6, 1, 66, 66, 6, 25};
  const float before[] = {1, 1, 1, 1, 1, 55, 55, 3, 16};
  for (std::size_t i = 0; i < std::size(total); ++i) {
    EXPECT_EQ(run.out[0][i * 8], total[i]) << i;
    EXPECT_EQ(run.out[1][i * 8 + 7], previous[i]) << i;
    EXPECT_EQ(run.out[1][i * 8 + 128], before[i]) << i;
  }
}

TEST(LlvmBackend, WholeNumbers) {
  Sample sample;
  const Index T(sample.T), B(sample.B);
  sample.entry(EntryRole::forward, [&](F& f) {
    Index at;
    auto put = [&](Index value) {
      f.store(f.number(value), {sample.out[0], at});
      at = at + 8;
    };
    put(f.minimum("a", T, B));
    put(f.maximum("b", T * 2, B));
    put(f.quotient("c", T * 5 + 1, B));
    put(f.remainder("d", T * 5 + 1, B));
    put(f.load_index("e", {sample.token, T}));
    put(T * T * 3 - T * B * 2 + B - 9);
  });
  auto module = compiled(sample.module);
  ASSERT_TRUE(module);
  Call<float> run(5, 7);
  for (std::size_t i = 0; i < run.token.size(); ++i) run.token[i] = static_cast<std::int32_t>(i % 7);
  ASSERT_EQ(run.forward(module->model()), RNNC_OK);
  const float expected[] = {5, 10, 3, 5, 5, 75 - 70 + 7 - 9};
  for (std::size_t i = 0; i < std::size(expected); ++i) EXPECT_EQ(run.out[0][i * 8 + 3], expected[i]) << i;
}

// for i in [1, T) for j in [i, T): y0[(i*T + j) * 8] = square(i*T + j, j), with a helper that reads the run.
TEST(LlvmBackend, HelpersTakeWholeNumbers) {
  Sample sample;
  const Index T(sample.T);
  FunctionBuilder helper(sample.module, "square", FunctionKind::helper);
  Index n(helper.parameter("n"));
  V offset = helper.vector_parameter("offset");
  V whole = helper.number(n * n + T);
  helper.function().result = F::id(helper.add(p(whole), p(offset)));
  FunctionId square = helper.finish();

  Function entry;
  entry.name = "forward";
  entry.kind = FunctionKind::entry;
  SymbolId i = sample.module.symbols.add({"i"}), j = sample.module.symbols.add({"j"});
  V number = entry.values.add({}), result = entry.values.add({});
  Index cell = Index(i) * T + Index(j);
  Instruction make, call, store;
  make.op = Op::number;
  make.result = number;
  make.index = Index(j);
  call.op = Op::call;
  call.result = result;
  call.function = square;
  call.operands = {number};
  call.indices = {cell};
  store.op = Op::store;
  store.operands = {result};
  store.address = {sample.out[0], cell * 8};
  Loop inner, outer;
  inner.variable = j;
  inner.begin = Index(i);
  inner.end = T;
  inner.body = {{make}, {call}, {store}};
  outer.variable = i;
  outer.begin = Index(1);
  outer.end = T;
  outer.body = {{inner}};
  entry.body = {{outer}};
  sample.module.entries.push_back(sample.module.functions.add(entry));

  auto module = compiled(sample.module);
  ASSERT_TRUE(module);
  Call<float> run(5, 7);
  ASSERT_EQ(run.forward(module->model()), RNNC_OK);
  for (int a = 1; a < 5; ++a)
    for (int b = a; b < 5; ++b)
      EXPECT_EQ(run.out[0][static_cast<std::size_t>((a * 5 + b) * 8)],
                static_cast<float>((a * 5 + b) * (a * 5 + b) + 5 + b));
}

// ---- entries -------------------------------------------------------------------------------------------------------

// Splits a range in as many shares as it says, each on a thread of its own.
struct Threads {
  int shares = 4;
  std::atomic<int> uses = 0;
  static void parallel_for(void* pool, std::int64_t extent, rnnc_parallel_body body, void* context) {
    auto* self = static_cast<Threads*>(pool);
    ++self->uses;
    std::vector<std::thread> threads;
    for (int i = 0; i < self->shares; ++i)
      threads.emplace_back(body, context, extent * i / self->shares, extent * (i + 1) / self->shares);
    for (std::thread& t : threads) t.join();
  }
};

// Too little work for a second thread, and nothing to divide: only observed code shows such launches.
TEST(LlvmBackend, ObservedCodeShowsEveryLaunch) {
  Sample sample;
  FunctionBuilder f(sample.module, "copy", FunctionKind::kernel);
  const Index begin(f.parameter("begin")), end(f.parameter("end"));
  f.loop("i", begin, end, 1, [&](Index i) { f.store(f.load({sample.in[0], i * 8}), {sample.out[0], i * 8}); });
  const FunctionId kernel = f.finish();
  sample.entry(EntryRole::forward, [&](F& e) {
    e.launch(kernel, {}, 1, 1);
    e.launch(kernel, {}, Index(sample.T) * 2, Index(sample.T));
  });
  for (bool observed : {false, true}) {
    auto module = compiled(sample.module, {.observed = observed});
    ASSERT_TRUE(module);
    Call<float> call(3, 1);
    for (std::size_t i = 0; i < call.in[0].size(); ++i) call.in[0][i] = float(i);
    Threads threads;
    call.call.parallel_for = Threads::parallel_for;
    call.call.pool = &threads;
    ASSERT_EQ(module->model()->forward(module->model(), &call.call), RNNC_OK);
    EXPECT_EQ(call.out[0], call.in[0]);
    EXPECT_EQ(threads.uses, observed ? 2 : 0);
  }
}

TEST(LlvmBackend, LaunchesOnThreadsGiveTheSameBits) {
  Sample sample;
  FunctionBuilder f(sample.module, "products", FunctionKind::kernel);
  Index begin(f.parameter("begin")), end(f.parameter("end")), shift(f.parameter("shift")), T(sample.T), B(sample.B);
  f.loop("i", begin, end, 1, [&](Index i) {
    auto sum = f.loop_carrying("k", 0, T, 1, {f.number(i + shift)}, [&](Index k, std::vector<V> inside) {
      return std::vector<V>{
          F::id(f.fma(p(f.load({sample.in[0], i * 8})), p(f.load_scalar({sample.in[1], k * B * 16})), p(inside[0])))};
    });
    f.store(sum[0], {sample.out[0], i * 8});
  });
  FunctionId kernel = f.finish();
  sample.entry(EntryRole::forward, [&](F& e) { e.launch(kernel, {T * 3}, T * B * 2, T * T * B * 16); });
  auto module = compiled(sample.module);
  ASSERT_TRUE(module);
  for (std::int64_t T : {3, 60}) {
    Call<float> alone(T, 7), shared(T, 7);
    alone.randomise(4);
    shared.randomise(4);
    Threads threads;
    shared.call.parallel_for = Threads::parallel_for;
    shared.call.pool = &threads;
    ASSERT_EQ(alone.forward(module->model()), RNNC_OK);
    ASSERT_EQ(shared.forward(module->model()), RNNC_OK);
    EXPECT_EQ(alone.out[0], shared.out[0]);
    EXPECT_NE(alone.out[0][5], -77);
    EXPECT_EQ(threads.uses, T * T * 7 * 16 > sample.module.parallel_threshold ? 1 : 0);
  }
}

Sample with_optional_array() {
  Sample sample;
  sample.entry(EntryRole::forward, [&](F& e) {
    e.if_given(sample.maybe, [&] { e.store(e.load({sample.maybe, Index(8)}), {sample.out[0], Index(0)}); },
               [&] {
                 e.zero({sample.maybe, Index(0)}, sample.length);
                 e.store(e.number_constant(5), {sample.maybe, Index(0)});
               });
    e.store(e.load({sample.maybe, sample.length - 8}), {sample.out[1], Index(8)});
    e.store(e.load({sample.maybe, Index(0)}), {sample.out[1], Index(0)});
  });
  return sample;
}

TEST(LlvmBackend, AbsentArraysStandInTheWorkspace) {
  Sample sample = with_optional_array();
  auto module = compiled(sample.module);
  ASSERT_TRUE(module);
  Call<float> run(2, 3);
  run.workspace.assign(run.workspace.size(), 1);
  ASSERT_EQ(run.forward(module->model()), RNNC_OK);
  EXPECT_EQ(run.out[0][0], -77);
  EXPECT_EQ(run.out[1][0], 5);
  EXPECT_EQ(run.out[1][8], 0);
  run.randomise(3);
  run.outputs[2] = run.in[2].data();
  std::vector<float> before = run.in[2];
  ASSERT_EQ(run.forward(module->model()), RNNC_OK);
  EXPECT_EQ(run.out[0][0], before[8]);
  EXPECT_EQ(run.out[1][3], before[3]);
  EXPECT_EQ(run.out[1][15], before.back());
  EXPECT_EQ(run.in[2], before);
}

TEST(LlvmBackend, RefusesBadCalls) {
  Sample sample = with_optional_array();
  Module& module = sample.module;
  sample.entry(EntryRole::step, [&](F& e) {
    V steps = e.number(Index(sample.T));
    e.store(steps, {sample.out[0], Index(0)});
    e.store(e.load({sample.in[0], Index(0)}), {sample.out[0], Index(8)});
    Index token = e.load_index("token_0", {sample.token, Index(0)});
    e.store(e.number(token), {sample.out[1], Index(0)});
  });
  auto compiled_module = compiled(module);
  ASSERT_TRUE(compiled_module);
  const rnnc_model* model = compiled_module->model();
  auto expect = [&](int code, const char* what, const std::function<void(Call<float>&)>& spoil) {
    Call<float> run(4, 3);
    run.randomise(3);
    spoil(run);
    EXPECT_EQ(model->step(model, &run.call), code) << what;
    if (code != RNNC_OK) {
      EXPECT_EQ(run.out[0][0], -77) << what;
      return;
    }
    EXPECT_EQ(run.out[0][0], 1) << what;
    EXPECT_EQ(run.out[1][0], run.token[0]) << what;
  };
  expect(RNNC_OK, "nothing", [](auto&) {});
  expect(RNNC_BAD_CALL, "size", [](auto& run) { run.call.struct_size = 8; });
  for (std::int64_t rows : {std::int64_t{-1}, std::int64_t{0}, std::int64_t{1} << 52, std::int64_t{1} << 62})
    expect(RNNC_BAD_CALL, "rows", [&](auto& run) { run.call.rows = rows; });
  expect(RNNC_OK, "steps are taken as 1", [](auto& run) { run.call.steps[0] = -1; });
  expect(RNNC_BAD_CALL, "no input", [](auto& run) { run.inputs[0] = nullptr; });
  expect(RNNC_OK, "an input not needed", [](auto& run) { run.inputs[1] = nullptr; });
  expect(RNNC_BAD_CALL, "no inputs", [](auto& run) { run.call.inputs = nullptr; });
  expect(RNNC_BAD_CALL, "no output", [](auto& run) { run.outputs[1] = nullptr; });
  expect(RNNC_BAD_INDEX, "negative index", [](auto& run) { run.token[1] = -1; });
  expect(RNNC_BAD_INDEX, "large index", [](auto& run) { run.token[2] = 7; });
  expect(RNNC_OK, "largest index", [](auto& run) { run.token[0] = 6; });
  for (int length : {-1, 0, 1, 2}) {
    std::vector<std::int32_t> lengths = {1, length, 1};
    expect(length == 0 || length == 1 ? RNNC_OK : RNNC_BAD_CALL, "lengths",
           [&](auto& run) { run.call.lengths[0] = lengths.data(); });
  }
  std::vector<std::int32_t> no_steps = {1, 0, 0};
  expect(RNNC_OK, "indices past their rows' ends", [&](auto& run) {
    run.call.lengths[0] = no_steps.data();
    run.token[1] = -1;
    run.token[2] = 1 << 30;
  });
  no_steps = {1, 0, 1};
  expect(RNNC_BAD_INDEX, "an index within its row", [&](auto& run) {
    run.call.lengths[0] = no_steps.data();
    run.token[2] = 7;
  });
  Call<float> run(4, 3);
  run.call.workspace = nullptr;
  EXPECT_EQ(run.forward(model), RNNC_BAD_CALL) << "an absent array and no workspace";
  run.outputs[2] = run.in[0].data();
  EXPECT_EQ(run.forward(model), RNNC_OK);
  EXPECT_EQ(model->forward(model, nullptr), RNNC_BAD_CALL);
  EXPECT_EQ(model->backward(model, &run.call), RNNC_NO_SUCH_ENTRY);
  EXPECT_EQ(model->pack(model, run.in[0].data(), run.in[1].data()), RNNC_NO_SUCH_ENTRY);
}

TEST(LlvmBackend, ReadsLengthsAndMode) {
  Sample sample;
  const Index T(sample.T), B(sample.B), first(sample.module.symbols.add({"first_step", SymbolKind::first_step}));
  const Index training(sample.module.symbols.add({"training", SymbolKind::training}));
  FunctionBuilder f(sample.module, "rows", FunctionKind::kernel);
  Index begin(f.parameter("begin")), end(f.parameter("end"));
  f.loop("b", begin, end, 1, [&](Index b) {
    Index length = f.row_length("length", 0, b);
    f.store(f.number(length * 100 + first * 10 + training), {sample.out[0], b * 16});
  });
  FunctionId rows = f.finish();
  sample.entry(EntryRole::forward, [&](F& e) { e.launch(rows, {}, B, Index(1)); });
  auto module = compiled(sample.module);
  ASSERT_TRUE(module);
  Call<float> run(4, 3);
  run.call.first_step = 7;
  ASSERT_EQ(run.forward(module->model()), RNNC_OK);
  for (std::size_t b = 0; b < 3; ++b) EXPECT_EQ(run.out[0][b * 16], 470);
  run.lengths = {2, 0, 4};
  run.call.lengths[0] = run.lengths.data();
  run.call.training = -5;
  ASSERT_EQ(run.forward(module->model()), RNNC_OK);
  for (std::size_t b = 0; b < 3; ++b) EXPECT_EQ(run.out[0][b * 16], static_cast<float>(run.lengths[b] * 100 + 71));
}

TEST(LlvmBackend, PacksParameters) {
  Sample sample;
  sample.module.parameters = {{.name = "W", .extents = {2, 8}, .offset = 0},
                              {.name = "b", .extents = {8}, .offset = 16}};
  BufferId W = sample.buffer("W", Space::parameters, 0, Element::f32, Index(16));
  BufferId b = sample.buffer("b", Space::parameters, 0, Element::f32, Index(8));
  BufferId packed = sample.buffer("packed", Space::packed, 0, Element::f32, Index(24));
  sample.module.buffers[b].offset = Index(64);
  sample.module.packed_bytes = Index(96);
  FunctionBuilder f(sample.module, "copy", FunctionKind::kernel);
  Index begin(f.parameter("begin")), end(f.parameter("end"));
  f.loop("i", begin, end, 1, [&](Index i) {
    V sum = F::id(f.add(p(f.load({W, i * 8})), p(f.load({b, Index(0)}))));
    f.store(sum, {packed, i * 8});
  });
  FunctionId copy = f.finish();
  sample.entry(EntryRole::pack, [&](F& e) { e.launch(copy, {}, Index(2), Index(1000000)); });
  auto module = compiled(sample.module);
  ASSERT_TRUE(module);
  const rnnc_model* model = module->model();
  EXPECT_EQ(model->parameter_elements, 24);
  std::vector<float> parameters(24), out(24, -1);
  for (std::size_t i = 0; i < 24; ++i) parameters[i] = static_cast<float>(i * i);
  ASSERT_EQ(model->pack(model, parameters.data(), out.data()), RNNC_OK);
  for (std::size_t i = 0; i < 24; ++i) EXPECT_EQ(out[i], i < 16 ? parameters[i] + parameters[16 + i % 8] : -1);
  EXPECT_EQ(model->pack(model, nullptr, out.data()), RNNC_BAD_CALL);
}

TEST(LlvmBackend, DescribesTheModel) {
  Sample sample("sse2", Element::f64);
  sample.map([](F&, V a, V, V) { return a; });
  sample.module.states = {
      {.name = "l1.h", .extents = {4, 2}, .batched = true, .axis = 0, .history = 3, .reversed = true}};
  auto module = compiled(sample.module);
  sample.module.inputs[3].name = "changed";
  const rnnc_model& model = *module->model();
  EXPECT_STREQ(model.name, "sample");
  EXPECT_STREQ(model.target, "sse2");
  EXPECT_EQ(model.dtype, RNNC_F64);
  ASSERT_EQ(model.input_count, 4);
  EXPECT_STREQ(model.inputs[3].name, "token");
  EXPECT_EQ(model.inputs[3].index_extent, 7);
  ASSERT_EQ(model.state_count, 1);
  EXPECT_STREQ(model.states[0].name, "l1.h");
  EXPECT_EQ(model.states[0].rank, 2);
  EXPECT_EQ(model.states[0].extents[1], 2);
  EXPECT_EQ(model.states[0].history, 3);
  EXPECT_EQ(model.states[0].reversed, 1);
  Call<double> run(3, 5);
  rnnc_sizes sizes{};
  ASSERT_EQ(model.sizes(&model, &run.call, &sizes), RNNC_OK);
  EXPECT_EQ(sizes.inference_workspace_bytes, 3 * 5 * 16 * 128);
  EXPECT_EQ(sizes.tape_bytes, 0);
  run.call.rows = std::int64_t{1} << 60;
  EXPECT_EQ(model.sizes(&model, &run.call, &sizes), RNNC_BAD_CALL);
}

// ---- modules side by side, errors, text ----------------------------------------------------------------------------

Module scaling_module(double factor) {
  Sample sample;
  sample.map([&](F& f, V a, V, V) { return F::id(f.mul(p(a), f.constant(factor))); });
  return sample.module;
}

void expect_scaling(const JitModule& module, float factor) {
  Call<float> run(2, 2);
  run.randomise(static_cast<unsigned>(factor));
  ASSERT_EQ(run.forward(module.model()), RNNC_OK);
  for (std::size_t i = 0; i < run.in[0].size(); ++i) ASSERT_EQ(run.out[0][i], run.in[0][i] * factor);
}

TEST(LlvmBackend, ManyModulesDroppedInAnyOrder) {
  std::vector<std::unique_ptr<JitModule>> modules;
  for (int i = 0; i < 100; ++i) modules.push_back(compiled(scaling_module(i)));
  std::vector<int> order(100);
  for (int i = 0; i < 100; ++i) order[static_cast<std::size_t>(i)] = i;
  std::shuffle(order.begin(), order.end(), std::mt19937(6));
  for (int dropped : order) {
    expect_scaling(*modules[static_cast<std::size_t>(dropped)], static_cast<float>(dropped));
    modules[static_cast<std::size_t>(dropped)].reset();
    for (std::size_t other = 0; other < modules.size(); other += 17)
      if (modules[other]) expect_scaling(*modules[other], static_cast<float>(other));
  }
}

TEST(LlvmBackend, CompilesInSeveralThreads) {
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([thread] {
      for (int i = 0; i < 10; ++i) {
        auto module = compiled(scaling_module(thread * 100 + i));
        ASSERT_TRUE(module);
        expect_scaling(*module, static_cast<float>(thread * 100 + i));
      }
    });
  }
  for (std::thread& t : threads) t.join();
}

std::string error_of(const Module& module) {
  auto result = jit(module);
  auto* error = std::get_if<std::string>(&result);
  return error ? *error : "";
}

TEST(LlvmBackend, ErrorsAreValues) {
  testing::internal::CaptureStderr();
  Module unsound = scaling_module(2);
  unsound.buffers[BufferId(std::size_t{0})].name = "not an identifier";
  EXPECT_NE(error_of(unsound).find("unsound"), std::string::npos);
  Module unknown = scaling_module(2);
  unknown.target.name = "z80";
  EXPECT_NE(error_of(unknown).find("z80"), std::string::npos);
  EXPECT_THROW(backend::llvm_text(unsound), Bug);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(LlvmBackend, FatalErrorsAreValues) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(backend::guarded([] { llvm::report_fatal_error("out of registers", true); }), "out of registers");
  EXPECT_EQ(backend::guarded([] {}), "");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  expect_scaling(*compiled(scaling_module(3)), 3);
}

// LLVM 19 could not select code for this (llvm-project issue 117684): a guarded root, of which one number is stored.
TEST_P(OnTarget, StoresOneNumberOfASelection) {
  Sample sample(GetParam());
  FunctionBuilder f(sample.module, "roots", FunctionKind::kernel);
  Index begin(f.parameter("begin")), end(f.parameter("end"));
  f.loop("r", begin, end, 1, [&](Index r) {
    const auto x = p(f.load_scalar({sample.in[0], r})), zero = f.constant(0), apart = f.mask_not(f.equal(x, zero));
    const auto root = f.select(apart, f.sqrt(f.select(apart, x, f.constant(1))), zero);
    f.store_first(F::id(root), {sample.out[0], r}, 1);
  });
  const FunctionId kernel = f.finish();
  sample.entry(EntryRole::forward, [&](F& e) { e.launch(kernel, {}, sample.length, sample.length); });
  EXPECT_NE(backend::assembly_text(sample.module).find("sqrt"), std::string::npos);
}

TEST(LlvmBackend, WritesText) {
  Sample sample;
  sample.map([](F& f, V a, V b, V c) { return F::id(f.fma(p(a), p(b), p(c))); });
  const std::string ir = backend::llvm_text(sample.module), assembly = backend::assembly_text(sample.module);
  EXPECT_NE(ir.find("define void @kernel_apply"), std::string::npos) << ir;
  EXPECT_NE(ir.find("@llvm.fma.v8f32"), std::string::npos);
  EXPECT_NE(assembly.find("vfmadd"), std::string::npos);
  EXPECT_EQ(assembly.find("eh_frame"), std::string::npos);
  EXPECT_EQ(ir, backend::llvm_text(sample.module));
  sample.module.target = target_named("avx512");
  EXPECT_NE(backend::assembly_text(sample.module).find("zmm"), std::string::npos);
}

}  // namespace
}  // namespace rnnc
