// Emitted C++, compiled and run, against plain scalar code bit for bit; and what its text must be like.
#include <gtest/gtest.h>

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "compiler/backend/cpp/compile.h"
#include "compiler/backend/cpp/emit.h"
#include "compiler/backend/cpp/text.h"
#include "tests/unit/loop_cases.h"
#include "tests/unit/loop_sample.h"

namespace rnnc {
namespace {

using namespace loop;
using backend::CompiledCpp;
using backend::compile_cpp;
using backend::CompileError;
using backend::CompileOptions;

// Every test compiles with all warnings as errors.
CompileOptions strict(const std::string& compiler = "") {
  CompileOptions options;
  options.compiler = compiler;
  options.optimisation = "-O2";
  options.more = {"-Wall", "-Wextra", "-Werror"};
  return options;
}

bool host_has(const std::string& target) {
  return target == "sse2" || (target == "avx2" && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) ||
         (target == "avx512" && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
          __builtin_cpu_supports("avx512dq"));
}

bool has_program(const std::string& name) {
  std::stringstream path(std::getenv("PATH") != nullptr ? std::getenv("PATH") : "");
  for (std::string folder; std::getline(path, folder, ':');)
    if (std::filesystem::exists(folder + "/" + name)) return true;
  return false;
}

std::unique_ptr<CompiledCpp> compiled(const Module& module, const CompileOptions& options = strict()) {
  EXPECT_EQ(verify(module), "");
  auto result = compile_cpp(module, options);
  if (auto* error = std::get_if<CompileError>(&result)) {
    ADD_FAILURE() << error->message << backend::emit_cpp(module, "cell.h").source;
    return nullptr;
  }
  return std::move(std::get<0>(result));
}

template <class Real>
constexpr Element element_of = sizeof(Real) == 8 ? Element::f64 : Element::f32;

// ---- instructions --------------------------------------------------------------------------------------------------

// All cases in one module: case c of the numbers 0 … count-1 stands at c * count of y0.
constexpr std::int64_t count = 448;

template <class Real>
void add_cases(Sample& sample, const std::vector<Case<Real>>& all) {
  FunctionBuilder f(sample.module, "cases_of_all", FunctionKind::kernel);
  Index begin(f.parameter("begin")), end(f.parameter("end"));
  f.loop("i", begin, end, 1, [&](Index i) {
    Index at = i * sample.lanes();
    V a = f.load({sample.in[0], at}, "a"), b = f.load({sample.in[1], at}, "b"), c = f.load({sample.in[2], at}, "c");
    for (std::size_t n = 0; n < all.size(); ++n) {
      f.comment(all[n].name);
      f.store(all[n].build(f, a, b, c), {sample.out[0], Index(static_cast<std::int64_t>(n) * count) + at});
    }
  });
  FunctionId kernel = f.finish();
  sample.entry(EntryRole::forward, [&](F& e) {
    e.launch(kernel, {}, Index(count / sample.module.target.lanes(sample.module.element)), Index(1));
  });
}

template <class Real>
void check_instructions(const std::string& target, const CompileOptions& options = strict()) {
  std::vector<Case<Real>> all = cases<Real>(target != "sse2");
  Sample sample(target, element_of<Real>);
  add_cases(sample, all);
  auto module = compiled(sample.module, options);
  ASSERT_TRUE(module);
  Call<Real> run(40, 20);
  ASSERT_LE(static_cast<std::size_t>(count) * all.size(), run.out[0].size());
  run.randomise(11, 100);
  const std::vector<Real> special = special_numbers<Real>();
  std::size_t filled = 0;
  for (Real a : special)
    for (Real b : special) {
      run.in[0][filled] = a;
      run.in[1][filled] = b;
      run.in[2][filled] = special[(filled * 7) % special.size()];
      ++filled;
    }
  ASSERT_LT(filled, static_cast<std::size_t>(count));
  ASSERT_EQ(run.forward(module->model()), RNNC_OK);
  for (std::size_t n = 0; n < all.size(); ++n) {
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
      const Real a = run.in[0][i], b = run.in[1][i], c = run.in[2][i];
      const Real got = run.out[0][n * static_cast<std::size_t>(count) + i], expected = all[n].expect(a, b, c);
      ASSERT_TRUE(same(got, expected)) << all[n].name << '(' << a << ", " << b << ", " << c << ") on " << target << ": "
                                       << got << " instead of " << expected;
    }
  }
}

struct CppOnTarget : testing::TestWithParam<const char*> {
  void SetUp() override {
    if (!host_has(GetParam())) GTEST_SKIP() << "this processor has no " << GetParam();
  }
};
INSTANTIATE_TEST_SUITE_P(Targets, CppOnTarget, testing::Values("sse2", "avx2", "avx512"),
                         [](const auto& info) { return std::string(info.param); });

TEST_P(CppOnTarget, ComputesInstructionsF32) { check_instructions<float>(GetParam()); }
TEST_P(CppOnTarget, ComputesInstructionsF64) { check_instructions<double>(GetParam()); }
TEST_P(CppOnTarget, ComputesInstructionsUnderClang) {
  if (!has_program("clang++-19")) GTEST_SKIP() << "no clang++-19";
  check_instructions<float>(GetParam(), strict("clang++-19"));
}

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
    for (int n = 0; n <= lanes; ++n) {
      put(f.first_lanes(x, f.iota(), n));
      // The last numbers of an array: nothing beyond them may be read.
      put(f.load_first({sample.in[1], sample.length - n}, n));
      f.store_first(x, {sample.out[0], at}, n);
      at = at + Index(lanes);
    }
  });
  auto module = compiled(sample.module);
  ASSERT_TRUE(module);
  Call<Real> run(10, 8);
  run.randomise(5);
  ASSERT_EQ(run.forward(module->model()), RNNC_OK);
  const Real* x = &run.in[0][2];
  const Real* tail = run.in[1].data() + run.in[1].size();
  std::vector<Real> sum(x, x + lanes), most(x, x + lanes);
  for (int half = lanes / 2; half > 0; half /= 2)
    for (int i = 0; i < half; ++i) {
      sum[static_cast<std::size_t>(i)] += sum[static_cast<std::size_t>(i + half)];
      most[static_cast<std::size_t>(i)] = std::max(most[static_cast<std::size_t>(i)], most[static_cast<std::size_t>(i + half)]);
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
  for (int n = 0; n <= lanes; ++n) {
    expect("first_lanes", [&](int i) { return i < n ? x[i] : Real(i); });
    expect("load_first", [&](int i) { return i < n ? tail[i - n] : Real(0); });
    expect("store_first", [&](int i) { return i < n ? x[i] : Real(-77); });
  }
}
TEST_P(CppOnTarget, MovesLanesF32) { check_lanes<float>(GetParam()); }
TEST_P(CppOnTarget, MovesLanesF64) { check_lanes<double>(GetParam()); }

// ---- loops ---------------------------------------------------------------------------------------------------------

// A swap of carried values, one that trails behind, one that never changes, and a carried mask.
TEST(CppBackend, CarriesValuesThroughLoops) {
  Sample sample;
  sample.entry(EntryRole::forward, [&](F& f) {
    auto store = [&](V v, int at) { f.store(v, {sample.out[0], Index(at * 8)}); };
    V one = f.number_constant(1), x = f.load({sample.in[0], Index(0)}, "x"), y = f.load({sample.in[1], Index(0)}, "y");
    auto swapped = f.loop_carrying("i", 0, Index(sample.T), 1, {x, y, one, x, one}, [&](Index i, std::vector<V> in) {
      V sum = F::id(f.add(p(in[2]), p(f.number(i))));
      return std::vector<V>{in[1], in[0], sum, in[3], in[2]};
    });
    for (int n = 0; n < 5; ++n) store(swapped[static_cast<std::size_t>(n)], n);
    auto rows = f.loop_carrying("b", 0, Index(sample.B), 2, {F::id(f.less(p(x), p(y))), one}, [&](Index b, std::vector<V> in) {
      auto inner = f.loop_carrying("j", b, Index(sample.B), 1, {in[1]}, [&](Index j, std::vector<V> deep) {
        return std::vector<V>{F::id(f.fma(p(deep[0]), f.constant(0.5), p(f.number(j))))};
      });
      return std::vector<V>{F::id(f.mask_not(p(in[0]))), inner[0]};
    });
    store(F::id(f.select(p(rows[0]), f.constant(3), f.constant(4))), 5);
    store(rows[1], 6);
    f.loop("k", 0, Index(4), 1, [&](Index k) { f.store(f.number(k), {sample.out[1], k * 8}); }, true);
    // Falling order is visible when one iteration reads what another wrote.
    f.loop("l", 1, Index(4), 1, [&](Index l) { f.store(f.load({sample.out[1], l * 8 - 8}), {sample.out[1], l * 8}); }, true);
  });
  auto module = compiled(sample.module);
  ASSERT_TRUE(module);
  for (std::int64_t T : {1, 2, 5}) {
    Call<float> run(T, 9);
    run.randomise(3);
    ASSERT_EQ(run.forward(module->model()), RNNC_OK);
    float a = run.in[0][0], b = run.in[1][0], sum = 1, behind = 1, inner = 1;
    bool truth = a < b;
    for (std::int64_t t = 0; t < T; ++t) {
      std::swap(a, b);
      behind = sum;
      sum += static_cast<float>(t);
    }
    for (int row = 0; row < 9; row += 2) {
      for (int j = row; j < 9; ++j) inner = std::fma(inner, 0.5f, static_cast<float>(j));
      truth = !truth;
    }
    const float expected[] = {a, b, sum, run.in[0][0], behind, truth ? 3.0f : 4.0f, inner};
    for (std::size_t i = 0; i < std::size(expected); ++i) EXPECT_EQ(run.out[0][i * 8], expected[i]) << i << " at T = " << T;
    for (int l = 1; l < 4; ++l) EXPECT_EQ(run.out[1][static_cast<std::size_t>(l * 8)], static_cast<float>(l - 1));
  }
}

TEST(CppBackend, UpdatesAccumulatorsInPlace) {
  Sample sample;
  FunctionBuilder f(sample.module, "product", FunctionKind::kernel);
  Index begin(f.parameter("begin")), end(f.parameter("end"));
  f.loop("j", begin, end, 1, [&](Index j) {
    V start = f.load({sample.in[2], j * 8}, "acc");
    auto sums = f.loop_carrying("k", 0, Index(sample.T), 1, {start, f.number_constant(0)}, [&](Index k, std::vector<V> in) {
      V w = f.load({sample.in[0], (j * Index(sample.T) + k) * 8}, "w");
      V x = f.load_scalar({sample.in[1], k}, "x");
      V once = F::id(f.fma(p(w), p(x), p(in[0])));
      f.rename(once, "acc");
      V twice = F::id(f.fma(p(w), p(w), p(once)));
      f.rename(twice, "acc");
      return std::vector<V>{twice, F::id(f.fma(p(w), p(x), p(in[1])))};
    });
    f.store(sums[0], {sample.out[0], j * 8});
    f.store(sums[1], {sample.out[1], j * 8});
  });
  FunctionId kernel = f.finish();
  sample.entry(EntryRole::forward, [&](F& e) { e.launch(kernel, {}, Index(sample.B), Index(1)); });
  const std::string text = backend::emit_cpp(sample.module, "cell.h").source;
  const char* expected = R"(  for (int64_t j = begin; j < end; ++j) {
    vec acc = vec::load_unaligned(x2 + j * 8);
    vec v1 = vec(0.0f);
    for (int64_t k = 0; k < T; ++k) {
      vec w = vec::load_unaligned(x0 + (j * T + k) * 8); RNNC_KEEP(w);
      const vec x = vec(x1[k]);
      acc = xsimd::fma(w, x, acc);
      acc = xsimd::fma(w, w, acc);
      v1 = xsimd::fma(w, x, v1);
    }
    acc.store_unaligned(y0 + j * 8);
    v1.store_unaligned(y1 + j * 8);
  }
)";
  EXPECT_NE(text.find(expected), std::string::npos) << text;
}

TEST(CppBackend, WholeNumbers) {
  Sample sample;
  const Index T(sample.T), B(sample.B), first(sample.module.symbols.add({"first_step", SymbolKind::first_step}));
  const Index training(sample.module.symbols.add({"training", SymbolKind::training}));
  sample.entry(EntryRole::forward, [&](F& f) {
    Index at;
    auto put = [&](Index value) {
      f.store(f.number(value), {sample.out[0], at});
      at = at + 8;
    };
    put(f.minimum("a", T, B));
    put(f.maximum("b", T * 2, B));
    put(f.quotient("c", T * 5 + 1, B - 1 + 1));
    put(f.remainder("d", T * 5 + 1, B * 2));
    put(f.load_index("e", {sample.token, T}));
    put(T * T * 3 - T * B * 2 + B - 9);
    put(f.row_length("n", 0, Index(2)));
    put(first * 2 + training);
  });
  auto module = compiled(sample.module);
  ASSERT_TRUE(module);
  Call<float> run(5, 7);
  for (std::size_t i = 0; i < run.token.size(); ++i) run.token[i] = static_cast<std::int32_t>(i % 7);
  run.call.first_step = 40;
  run.call.training = 8;
  for (int given : {0, 1}) {
    run.lengths = {0, 1, 2, 3, 4, 5, 0};
    if (given != 0) run.call.lengths[0] = run.lengths.data();
    ASSERT_EQ(run.forward(module->model()), RNNC_OK);
    const float expected[] = {5, 10, 3, 12, 5, 75 - 70 + 7 - 9, given != 0 ? 2.0f : 5.0f, 81};
    for (std::size_t i = 0; i < std::size(expected); ++i) EXPECT_EQ(run.out[0][i * 8 + 3], expected[i]) << i;
  }
}

TEST(CppBackend, IndicesReadLikeSubscripts) {
  Module module;
  SymbolId T = module.symbols.add({"T", SymbolKind::steps}), B = module.symbols.add({"B", SymbolKind::rows});
  SymbolId t = module.symbols.add({"t"}), b = module.symbols.add({"b"}), j = module.symbols.add({"j"});
  std::map<SymbolId, std::string> names = {{T, "T"}, {B, "B"}, {t, "t"}, {b, "b"}, {j, "j"}};
  cpp::IndexText text(module, names);
  Index wt(t), wb(b), wj(j), B_(B), T_(T);
  EXPECT_EQ(text.sum((wt * B_ + wb) * 256 + wj * 8), "(t * B + b) * 256 + j * 8");
  EXPECT_EQ(text.sum(((wt + 1) * B_ + wb) * 256 + wj), "((t + 1) * B + b) * 256 + j");
  EXPECT_EQ(text.sum(T_ - wt - 1), "T - t - 1");
  EXPECT_EQ(text.sum(wj * 8 + 8), "(j + 1) * 8");
  EXPECT_EQ(text.sum(Index()), "0");
  EXPECT_EQ(text.sum(Index(-8)), "-8");
  EXPECT_EQ(text.factor(T_ - 1), "(T - 1)");
  EXPECT_EQ(text.factor(T_), "T");
  EXPECT_EQ(text.factor(T_ * 2), "(T * 2)");
}

// ---- entries -------------------------------------------------------------------------------------------------------

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

TEST(CppBackend, LaunchesOnThreadsGiveTheSameBits) {
  Sample sample;
  FunctionBuilder f(sample.module, "products", FunctionKind::kernel);
  Index begin(f.parameter("begin")), end(f.parameter("end")), shift(f.parameter("shift")), T(sample.T), B(sample.B);
  f.loop("i", begin, end, 1, [&](Index i) {
    auto sum = f.loop_carrying("k", 0, T, 1, {f.number(i + shift)}, [&](Index k, std::vector<V> inside) {
      return std::vector<V>{F::id(f.fma(p(f.load({sample.in[0], i * 8})), p(f.load_scalar({sample.in[1], k * B * 16})), p(inside[0])))};
    });
    f.store(sum[0], {sample.out[0], i * 8});
  });
  FunctionId kernel = f.finish();
  // In the entry the names `begin` and `end` are taken, which the call of the kernel must not mix up.
  sample.entry(EntryRole::forward, [&](F& e) {
    Index first = e.minimum("begin", T * 3, T * 4), last = e.maximum("end", T * 3, T);
    e.launch(kernel, {first}, T * B * 2, T * T * B * 16);
    e.launch(kernel, {last}, T - 1, Index(100));
  });
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
    for (std::size_t i : {0u, 1u, 5u}) {
      float sum = static_cast<float>(static_cast<std::int64_t>(i) + 3 * T);
      for (std::int64_t k = 0; k < T; ++k) sum = std::fma(alone.in[0][i * 8], alone.in[1][static_cast<std::size_t>(k * 7 * 16)], sum);
      EXPECT_EQ(alone.out[0][i * 8], sum);
    }
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
  sample.entry(EntryRole::step, [&](F& e) {
    e.store(e.number(Index(sample.T)), {sample.out[0], Index(0)});
    e.store(e.load({sample.in[0], Index(0)}), {sample.out[0], Index(8)});
    e.store(e.number(e.load_index("token_0", {sample.token, Index(0)})), {sample.out[1], Index(0)});
  });
  return sample;
}

TEST(CppBackend, AbsentArraysStandInTheWorkspace) {
  Sample sample = with_optional_array();
  auto module = compiled(sample.module);
  ASSERT_TRUE(module);
  Call<float> run(2, 3);
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

TEST(CppBackend, RefusesBadCalls) {
  Sample sample = with_optional_array();
  auto module = compiled(sample.module);
  ASSERT_TRUE(module);
  const rnnc_model* model = module->model();
  auto expect = [&](int code, const char* what, const std::function<void(Call<float>&)>& spoil) {
    Call<float> run(4, 3);
    run.randomise(3);
    spoil(run);
    EXPECT_EQ(model->step(model, &run.call), code) << what;
    EXPECT_EQ(run.out[0][0], code == RNNC_OK ? 1 : -77) << what;
    if (code == RNNC_OK) {
      EXPECT_EQ(run.out[1][0], run.token[0]) << what;
    }
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
    expect(length == 0 || length == 1 ? RNNC_OK : RNNC_BAD_CALL, "lengths", [&](auto& run) { run.call.lengths[0] = lengths.data(); });
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
  rnnc_sizes sizes{};
  ASSERT_EQ(model->sizes(model, &run.call, &sizes), RNNC_OK);
  EXPECT_EQ(sizes.inference_workspace_bytes, 4 * 3 * 16 * 128);
  run.call.rows = std::int64_t{1} << 60;
  EXPECT_EQ(model->sizes(model, &run.call, &sizes), RNNC_BAD_CALL);
}

TEST(CppBackend, PacksAndDescribes) {
  Sample sample("sse2");
  sample.module.parameters = {{.name = "W", .extents = {2, 8}, .offset = 0, .initializer = RNNC_INIT_UNIFORM, .low = -0.25, .high = 0.5},
                              {.name = "l1.\"β\"\n", .extents = {8}, .offset = 16}};
  sample.module.states = {{.name = "l1.h", .extents = {4, 2}, .batched = true, .axis = 0, .history = 3, .reversed = true}};
  BufferId W = sample.buffer("W", Space::parameters, 0, Element::f32, Index(16));
  BufferId b = sample.buffer("b", Space::parameters, 0, Element::f32, Index(8));
  BufferId packed = sample.buffer("packed", Space::packed, 0, Element::f32, Index(24));
  sample.module.buffers[b].offset = Index(64);
  sample.module.packed_bytes = Index(96);
  FunctionBuilder f(sample.module, "copy", FunctionKind::kernel);
  Index begin(f.parameter("begin")), end(f.parameter("end"));
  f.loop("i", begin, end, 1, [&](Index i) {
    for (int half : {0, 4}) {
      V sum = F::id(f.add(p(f.load({W, i * 8 + half})), p(f.load({b, Index(half)}))));
      f.store(sum, {packed, i * 8 + half});
    }
  });
  FunctionId copy = f.finish();
  sample.entry(EntryRole::pack, [&](F& e) { e.launch(copy, {}, Index(2), Index(1000000)); });
  sample.entry(EntryRole::forward, [&](F& e) { e.store(e.load({packed, Index(4)}), {sample.out[0], Index(0)}); });
  auto module = compiled(sample.module);
  ASSERT_TRUE(module);
  const rnnc_model* model = module->model();
  EXPECT_EQ(model->parameter_elements, 24);
  std::vector<float> parameters(24), out(24, -1);
  for (std::size_t i = 0; i < 24; ++i) parameters[i] = static_cast<float>(i * i);
  ASSERT_EQ(model->pack(model, parameters.data(), out.data()), RNNC_OK);
  for (std::size_t i = 0; i < 24; ++i) EXPECT_EQ(out[i], i < 16 ? parameters[i] + parameters[16 + i % 8] : -1);
  EXPECT_EQ(model->pack(model, nullptr, out.data()), RNNC_BAD_CALL);
  Call<float> run(1, 1);
  EXPECT_EQ(run.forward(model), RNNC_BAD_CALL);
  run.call.packed = out.data();
  EXPECT_EQ(run.forward(model), RNNC_OK);
  EXPECT_EQ(run.out[0][1], out[5]);
  EXPECT_STREQ(model->name, "sample");
  EXPECT_STREQ(model->target, "sse2");
  EXPECT_EQ(model->dtype, RNNC_F32);
  EXPECT_EQ(model->abi_version, static_cast<unsigned>(RNNC_ABI_VERSION));
  ASSERT_EQ(model->parameter_count, 2);
  EXPECT_STREQ(model->parameters[1].name, "l1.\"β\"\n");
  EXPECT_EQ(model->parameters[1].offset, 16);
  EXPECT_EQ(model->parameters[0].low, -0.25);
  EXPECT_EQ(model->parameters[0].high, 0.5);
  ASSERT_EQ(model->input_count, 4);
  EXPECT_EQ(model->inputs[3].index_extent, 7);
  ASSERT_EQ(model->state_count, 1);
  EXPECT_EQ(model->states[0].rank, 2);
  EXPECT_EQ(model->states[0].extents[1], 2);
  EXPECT_EQ(model->states[0].history, 3);
  EXPECT_EQ(model->states[0].reversed, 1);
}

// ---- names ---------------------------------------------------------------------------------------------------------

// Names that mean something in C++ or in the emitted file, wherever a module has names.
TEST(CppBackend, HostileNamesCompile) {
  const std::vector<std::string> hostile = {"class", "int",  "run",    "std",  "vec",    "call",   "NAN",  "EOF",
                                            "linux", "main", "xsimd",  "mask", "launch", "sizes",  "step", "parameters",
                                            "pool",  "at",   "double", "exp",  "div",    "errno",  "time", "T"};
  Sample sample;
  for (const std::string& name : hostile) sample.module.buffers[sample.buffer(name + "", Space::workspace, 0, Element::f32, Index(64))].meaning = "/* \\";
  FunctionBuilder helper(sample.module, "exp_", FunctionKind::helper);
  V argument = helper.vector_parameter("return");
  helper.function().result = F::id(helper.mul(p(argument), p(argument)));
  helper.function().description = {"x\\", "*/ // ?\?/"};
  FunctionId square = helper.finish();
  FunctionBuilder f(sample.module, "forward", FunctionKind::kernel);
  Index begin(f.parameter("begin")), end(f.parameter("while"));
  for (BufferId buffer : sample.module.buffers.ids()) {
    if (sample.module.buffers[buffer].space != Space::workspace || buffer == sample.scratch) continue;
    const std::string name = sample.module.buffers[buffer].name;
    f.comment(name + "\\");
    f.loop(name, begin, end, 1, [&](Index i) {
      V loaded = f.load({buffer, i * 8}, name);
      auto sum = f.loop_carrying("for", 0, Index(sample.T), 1, {loaded}, [&](Index, std::vector<V> in) {
        return std::vector<V>{F::id(f.add(p(in[0]), f.constant(1)))};
      });
      Instruction instruction{Op::call, f.function().values.add({false, "новый"}), {sum[0]}};
      f.store(sum[0], {buffer, i * 8});
      (void)instruction;
    });
  }
  FunctionId kernel = f.finish();
  sample.entry(EntryRole::forward, [&](F& e) { e.launch(kernel, {}, Index(1), Index(1)); });
  (void)square;
  sample.module.name = "союз \"x\" */";
  sample.module.source_name = "a\nb.rnn\\";
  sample.module.inputs[0].name = "new";
  sample.module.inputs[1].name = "new";
  sample.module.inputs[2].name = "β.x";
  sample.module.axes[0] = "for";
  sample.module.states = {{.name = "step", .extents = {2}, .batched = true, .axis = 0, .history = 1}};
  EXPECT_TRUE(compiled(sample.module));
  if (has_program("clang++-19")) {
    EXPECT_TRUE(compiled(sample.module, strict("clang++-19")));
  }
}

// ---- the emitted files ---------------------------------------------------------------------------------------------

TEST(CppBackend, SameModuleSameBytes) {
  Sample sample = with_optional_array();
  auto first = backend::emit_cpp(sample.module, "cell.h"), second = backend::emit_cpp(with_optional_array().module, "cell.h");
  EXPECT_EQ(first.source, second.source);
  EXPECT_EQ(first.header, second.header);
  EXPECT_EQ(first.symbol, "rnnc_model_sample");
  EXPECT_EQ(first.header.find('\t'), std::string::npos);
}

// y = W * x + h, where h is the running sum of x, in a state.
Module accumulator() {
  Module module;
  module.name = "accumulator";
  module.axes = {""};
  SymbolId T = module.symbols.add({"T", SymbolKind::steps}), B = module.symbols.add({"B", SymbolKind::rows});
  module.parameters = {{.name = "W", .extents = {8}}};
  module.inputs = {{.name = "x", .extents = {8}, .batched = true, .axis = 0}};
  module.outputs = {{.name = "y", .extents = {8}, .batched = true, .axis = 0}};
  module.states = {{.name = "h", .extents = {8}, .batched = true, .axis = 0, .history = 1}};
  module.packed_bytes = Index(64);
  module.inference_workspace_bytes = module.step_workspace_bytes = (Index(T) * Index(B) * 8 + Index(B) * 8) * 64;
  auto buffer = [&](const char* name, Space space, Index size, bool optional = false) {
    Buffer b;
    b.name = name;
    b.space = space;
    b.size = size;
    b.may_be_absent = optional;
    return module.buffers.add(b);
  };
  Index sequence = Index(T) * Index(B) * 8;
  BufferId W = buffer("W", Space::parameters, 8), packed = buffer("packed_W", Space::packed, 8);
  BufferId x = buffer("x", Space::input, sequence), y = buffer("y", Space::output, sequence, true);
  BufferId before = buffer("h_init", Space::state_in, Index(B) * 8, true), after = buffer("h_final", Space::state_out, Index(B) * 8);
  module.buffers[before].fallback_offset = sequence * 64;
  {
    FunctionBuilder e(module, "pack", FunctionKind::entry);
    e.function().role = EntryRole::pack;
    e.store(e.load({W, Index(0)}), {packed, Index(0)});
    module.entries.push_back(e.finish());
  }
  FunctionBuilder f(module, "recur", FunctionKind::kernel);
  {
    Index begin(f.parameter("begin")), end(f.parameter("end"));
    f.loop("b", begin, end, 1, [&](Index b) {
      auto h = f.loop_carrying("t", 0, Index(T), 1, {f.load({before, b * 8}, "h")}, [&](Index t, std::vector<V> in) {
        V now = f.load({x, (t * Index(B) + b) * 8}, "x"), next = F::id(f.add(p(in[0]), p(now)));
        f.store(F::id(f.fma(p(f.load({packed, Index(0)})), p(now), p(next))), {y, (t * Index(B) + b) * 8});
        return std::vector<V>{next};
      });
      f.store(h[0], {after, b * 8});
    });
  }
  FunctionId recur = f.finish();
  for (EntryRole role : {EntryRole::forward, EntryRole::step}) {
    FunctionBuilder e(module, role == EntryRole::step ? "step" : "forward", FunctionKind::entry);
    e.function().role = role;
    e.if_given(before, [] {}, [&] { e.zero({before, Index(0)}, Index(B) * 8); });
    e.launch(recur, {}, Index(B), Index(1));
    module.entries.push_back(e.finish());
  }
  return module;
}

TEST(CppBackend, TheClassRunsAModel) {
  Module module = accumulator();
  ASSERT_EQ(verify(module), "");
  auto emitted = backend::emit_cpp(module, "cell.h");
  std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / ("rnnc_class_" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "cell.cpp") << emitted.source;
  std::ofstream(folder / "cell.h") << emitted.header;
  std::ofstream(folder / "main.cpp") << R"(
#include "cell.h"
#include <cstdio>
#include <type_traits>
using rnnc::accumulator::Model;
static_assert(std::is_nothrow_move_constructible_v<Model> && !std::is_copy_constructible_v<Model>);
static int expect(bool holds, const char* what) { if (!holds) std::puts(what); return holds ? 0 : 1; }
int main() {
  Model first(2);
  float x[3][2][8], y[3][2][8], w[8];
  for (int i = 0; i < 48; ++i) x[i / 16][i / 8 % 2][i % 8] = 0.25f * float(i % 11);
  for (int i = 0; i < 8; ++i) w[i] = float(i);
  int bad = expect(first.set("W", w, 8), "set") + expect(!first.set("W", w, 7), "set another size") + expect(!first.set("U", w, 8), "set another name");
  Model model = std::move(first);
  first.reset();
  bad += expect(first.step(x[0][0]) != RNNC_OK && !first.set("W", w, 8) && first.state("h").size == 0 && !first.set_state("h", w, 16), "moved from");
  bad += expect(model.forward(3, x[0][0], y[0][0]) == RNNC_OK, "forward");
  for (int b = 0; b < 2; ++b)
    for (int i = 0; i < 8; ++i) {
      float h = 0;
      for (int t = 0; t < 3; ++t) {
        h += x[t][b][i];
        bad += expect(y[t][b][i] == w[i] * x[t][b][i] + h, "y of forward");
      }
    }
  float kept[8];
  for (int i = 0; i < 8; ++i) kept[i] = model.state("h")[8 + i];
  bad += expect(model.step(x[0][0], y[0][0]) == RNNC_OK && model.step(x[1][0]) == RNNC_OK, "step");
  for (int i = 0; i < 8; ++i) bad += expect(model.state("h")[8 + i] == kept[i] + x[0][1][i] + x[1][1][i], "state of step");
  model.reset();
  model.parameter("W")[3] = 100;
  bad += expect(model.step(x[0][0], y[0][0]) == RNNC_OK && y[0][0][3] == 100 * x[0][0][3] + x[0][0][3], "after reset");
  model.reset();
  bad += expect(model.state("h").size == 0, "no state after reset");
  float start[2][8];
  for (int i = 0; i < 16; ++i) start[i / 8][i % 8] = 5;
  bad += expect(model.set_state("h", start[0], 16) && !model.set_state("h", start[0], 8) && !model.set_state("c", start[0], 16), "set_state");
  bad += expect(model.state("h").size == 16 && model.state("h")[3] == 5, "the state that was set");
  bad += expect(model.step(x[0][0], y[0][0]) == RNNC_OK && y[0][1][1] == x[0][1][1] + 5 + x[0][1][1], "from a state");
  bad += expect(model.parameter("V").data == nullptr && model.state("c").size == 0, "unknown names");
  return bad;
}
)";
  std::string command = "c++ -std=c++17 -O1 -mavx2 -mfma -Wall -Wextra -Werror -o '" + (folder / "main").string() + "' '" +
                        (folder / "main.cpp").string() + "' '" + (folder / "cell.cpp").string() + "'";
  EXPECT_EQ(std::system(command.c_str()), 0);
  if (host_has("avx2")) {
    EXPECT_EQ(std::system(("'" + (folder / "main").string() + "'").c_str()), 0) << emitted.header;
  }
  std::filesystem::remove_all(folder);
}

// ---- the compiler --------------------------------------------------------------------------------------------------

CompileError error_of(const Module& module, const CompileOptions& options) {
  auto result = compile_cpp(module, options);
  auto* error = std::get_if<CompileError>(&result);
  EXPECT_TRUE(error != nullptr);
  return error != nullptr ? *error : CompileError{};
}

std::size_t leftovers() {
  std::size_t number = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::temp_directory_path()))
    number += entry.path().filename().string().rfind("rnnc-", 0) == 0;
  return number;
}

TEST(CppCompiler, ErrorsAreValues) {
  Module module = with_optional_array().module;
  module.target = target_named("sse2");
  CompileOptions options;
  options.compiler = "no-such-compiler-anywhere -O0";
  CompileError missing = error_of(module, options);
  EXPECT_TRUE(missing.environment);
  EXPECT_NE(missing.message.find("`no-such-compiler-anywhere`"), std::string::npos) << missing.message;
  EXPECT_NE(missing.message.find("CXX"), std::string::npos) << missing.message;

  CompileOptions refusing;
  refusing.more = {"-Dreturn=retrun", "-Wfatal-errors"};  // the first of thousands
  CompileError refused = error_of(module, refusing);
  EXPECT_FALSE(refused.environment);
  EXPECT_NE(refused.message.find("retrun"), std::string::npos) << refused.message;

  CompileOptions fast;
  fast.more = {"-ffast-math"};
  EXPECT_NE(error_of(module, fast).message.find("-ffast-math would change its results"), std::string::npos);
  CompileOptions unsigned_zeros;
  unsigned_zeros.more = {"-fno-signed-zeros"};
  const char* named = std::getenv("CXX");
  const bool is_gcc = named == nullptr || std::string(named).find("clang") == std::string::npos;
  if (is_gcc) {
    EXPECT_NE(error_of(module, unsigned_zeros).message.find("would change its results"), std::string::npos);
  }
  CompileOptions finite;
  finite.more = {"-ffinite-math-only"};
  EXPECT_NE(error_of(module, finite).message.find("-ffinite-math-only would change its results"), std::string::npos);
  CompileOptions unsafe;  // of which Clang says nothing, so that the file takes it back
  unsafe.more = {"-funsafe-math-optimizations", "-fno-trapping-math"};
  if (is_gcc) {
    EXPECT_NE(error_of(module, unsafe).message.find("-funsafe-math-optimizations would"), std::string::npos);
  }

  module.target = target_named("avx2");
  CompileOptions narrow;
  narrow.more = {"-mno-avx2"};
  if (host_has("avx2")) {
    EXPECT_NE(error_of(module, narrow).message.find("-mavx2 -mfma"), std::string::npos);
  }
}

TEST(CppCompiler, TakesTheCompilerFromTheEnvironmentAndLeavesNothing) {
  const char* before = std::getenv("CXX");
  const std::string kept = before != nullptr ? before : "";
  std::size_t there = leftovers();
  Module module = with_optional_array().module;
  module.target = target_named("sse2");
  ::setenv("CXX", "no-such-compiler-either", 1);
  EXPECT_NE(error_of(module, {}).message.find("no-such-compiler-either"), std::string::npos);
  ::setenv("CXX", "c++ -O1", 1);
  EXPECT_TRUE(compiled(module));
  if (before != nullptr) ::setenv("CXX", kept.c_str(), 1);
  else ::unsetenv("CXX");
  EXPECT_LE(leftovers(), there);
}

TEST(CppCompiler, ModulesLiveSideBySide) {
  auto scaling = [](double factor) {
    Sample sample("sse2");
    sample.map([&](F& f, V a, V, V) { return F::id(f.mul(p(a), f.constant(factor))); });
    return compiled(sample.module);
  };
  auto two = scaling(2), three = scaling(3);
  ASSERT_TRUE(two && three);
  Call<float> run(2, 2);
  run.randomise(3);
  for (auto* module : {&two, &three, &two}) {
    ASSERT_EQ(run.forward((*module)->model()), RNNC_OK);
    EXPECT_EQ(run.out[0][5], run.in[0][5] * (module == &two ? 2 : 3));
  }
  two.reset();
  ASSERT_EQ(run.forward(three->model()), RNNC_OK);
  EXPECT_EQ(run.out[0][5], run.in[0][5] * 3);
}

}  // namespace
}  // namespace rnnc
