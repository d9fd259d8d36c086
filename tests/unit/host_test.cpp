// The host API: text in, functions or errors out.
#include "compiler/rnnc.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <random>
#include <string>
#include <thread>

namespace rnnc {
namespace {

const char* const rnn = R"(cell RNN(I, H) {
  input x : [I]
  state h : [H]
  param W : [H, I]
  param U : [H, H]
  param b : [H]
  h = tanh(W @ x + U @ h[t-1] + b)
}
)";

struct Memory {
  explicit Memory(std::int64_t bytes) : bytes(std::aligned_alloc(64, static_cast<std::size_t>(bytes + 64) / 64 * 64)) {}
  ~Memory() { std::free(bytes); }
  Memory(const Memory&) = delete;
  void* bytes;
};

// Runs forward with random numbers and compares with the equation written out.
template <class Real>
void expect_rnn(const Module& module, std::int64_t I, std::int64_t H, std::int64_t T, std::int64_t B,
                double tolerance) {
  const rnnc_model* model = module.model();
  std::mt19937 engine(3);
  std::uniform_real_distribution<double> draw(-0.7, 0.7);
  auto random = [&](std::int64_t size) {
    std::vector<Real> numbers(static_cast<std::size_t>(size));
    for (Real& number : numbers) number = static_cast<Real>(draw(engine));
    return numbers;
  };
  std::vector<Real> parameters = random(model->parameter_elements), x = random(T * B * I);
  std::vector<Real> h(static_cast<std::size_t>(T * B * H));
  rnnc_call call{};
  call.struct_size = sizeof call;
  call.steps[0] = T;
  call.rows = B;
  rnnc_sizes sizes{};
  ASSERT_EQ(model->sizes(model, &call, &sizes), RNNC_OK);
  Memory packed(sizes.packed_bytes), workspace(sizes.inference_workspace_bytes);
  ASSERT_EQ(model->pack(model, parameters.data(), packed.bytes), RNNC_OK);
  const void* inputs[] = {x.data()};
  void* outputs[] = {h.data()};
  call.packed = packed.bytes;
  call.workspace = workspace.bytes;
  call.inputs = inputs;
  call.outputs = outputs;
  ASSERT_EQ(model->forward(model, &call), RNNC_OK);

  auto parameter = [&](const char* name) {
    return &parameters[static_cast<std::size_t>(
        module.parameters()[static_cast<std::size_t>(find(module.parameters(), name))].offset)];
  };
  const Real *W = parameter("W"), *U = parameter("U"), *b = parameter("b");
  std::vector<double> state(static_cast<std::size_t>(B * H), 0);
  for (std::int64_t t = 0; t < T; ++t) {
    const std::vector<double> before = state;
    for (std::int64_t row = 0; row < B; ++row)
      for (std::int64_t i = 0; i < H; ++i) {
        double sum = b[i];
        for (std::int64_t j = 0; j < I; ++j)
          sum += double(W[i * I + j]) * double(x[static_cast<std::size_t>((t * B + row) * I + j)]);
        for (std::int64_t j = 0; j < H; ++j)
          sum += double(U[i * H + j]) * before[static_cast<std::size_t>(row * H + j)];
        state[static_cast<std::size_t>(row * H + i)] = std::tanh(sum);
        ASSERT_NEAR(h[static_cast<std::size_t>((t * B + row) * H + i)], std::tanh(sum), tolerance) << "t = " << t;
      }
  }
}

TEST(Host, CompilesAndRuns) {
  Result result = compile(rnn, {.dimensions = {{"I", 3}, {"H", 5}}});
  ASSERT_TRUE(result) << (result.errors.empty() ? "" : result.errors[0].rendered);
  const Module module = *result.module;
  result.module.reset();  // a copy keeps the code
  EXPECT_EQ(module.name(), "RNN");
  EXPECT_EQ(module.dtype(), Dtype::f32);
  ASSERT_EQ(module.inputs().size(), 1u);
  EXPECT_STREQ(module.inputs()[0].name, "x");
  EXPECT_EQ(size_of(module.inputs()[0]), 3);
  EXPECT_EQ(find(module.parameters(), "U"), 1);
  EXPECT_EQ(find(module.parameters(), "V"), -1);
  EXPECT_EQ(size_of(module.parameters()[1]), 25);
  EXPECT_STREQ(module.states()[0].name, "h");
  expect_rnn<float>(module, 3, 5, 4, 2, 1e-5);
}

TEST(Host, ComputesInDouble) {
  Result result = compile(rnn, {.dimensions = {{"I", 2}, {"H", 9}}, .dtype = Dtype::f64, .target = "sse2"});
  ASSERT_TRUE(result);
  EXPECT_EQ(result.module->dtype(), Dtype::f64);
  expect_rnn<double>(*result.module, 2, 9, 5, 3, 1e-12);
}

TEST(Host, LeavesTheGradientOut) {
  Result result = compile(rnn, {.dimensions = {{"I", 2}, {"H", 3}}, .gradient = false});
  ASSERT_TRUE(result);
  rnnc_call call{};
  EXPECT_EQ(result.module->model()->backward(result.module->model(), &call), RNNC_NO_SUCH_ENTRY);
  expect_rnn<float>(*result.module, 2, 3, 4, 1, 1e-5);
}

TEST(Host, MistakesHaveAPlace) {
  std::string text = rnn;
  text.replace(text.find("U @ h"), 1, "Q");
  testing::internal::CaptureStderr();
  Result result = compile(text, {.dimensions = {{"I", 3}, {"H", 5}}}, "broken.rnn");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  ASSERT_FALSE(result);
  ASSERT_FALSE(result.errors.empty());
  const Error& error = result.errors[0];
  EXPECT_EQ(error.kind, ErrorKind::source);
  EXPECT_EQ(error.file, "broken.rnn");
  EXPECT_EQ(error.line, 7);
  EXPECT_EQ(error.column, 20);
  EXPECT_EQ(text.substr(error.begin, error.end - error.begin), "Q");
  EXPECT_EQ(error.code.substr(0, 1), "E");
  EXPECT_NE(error.message.find("`Q`"), std::string::npos) << error.message;
  EXPECT_NE(error.rendered.find("^"), std::string::npos) << error.rendered;
}

// Vectors as wide as the processor has, unless more than a tenth of the work would be on lanes that hold nothing.
TEST(Host, NativeVectorsAreFilled) {
  const auto target = [](std::int64_t I, std::int64_t H) {
    const Result result = compile(rnn, {.dimensions = {{"I", I}, {"H", H}}, .gradient = false});
    return std::string(result ? result.module->model()->target : "none");
  };
  const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const bool has_avx512 = has_avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") &&
                          __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
                          __builtin_cpu_supports("avx512vl");
  const std::string narrow = has_avx2 ? "avx2" : "sse2", wide = has_avx512 ? "avx512" : narrow;
  EXPECT_EQ(target(64, 256), wide);
  EXPECT_EQ(target(3, 200), wide);    // 208 lanes
  EXPECT_EQ(target(1, 20), wide);     // what is left of 8 lanes costs as much as half of 16
  EXPECT_EQ(target(3, 24), narrow);   // 24 of 32
  EXPECT_EQ(target(40, 40), narrow);  // 40 of 48
}

TEST(Host, EveryFailureIsAValue) {
  testing::internal::CaptureStderr();
  const Result no_target = compile(rnn, {.target = "z80"});
  const Result no_file = compile_file("no/such/file.rnn");
  const Result no_dimension = compile(rnn, {.dimensions = {{"I", 3}, {"H", 0}}});
  const Result enormous = compile(rnn, {.dimensions = {{"I", 3}, {"H", std::int64_t{1} << 40}}});
  const Result noise = compile("\xff\x00 cell {{{ ))) \"", {});
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  for (const Result* result : {&no_target, &no_file, &no_dimension, &enormous, &noise}) {
    EXPECT_FALSE(*result);
    ASSERT_FALSE(result->errors.empty());
    EXPECT_NE(result->errors[0].kind, ErrorKind::bug) << result->errors[0].message;
    EXPECT_NE(result->errors[0].message, "");
    EXPECT_NE(result->errors[0].rendered, "");
  }
  EXPECT_EQ(no_target.errors[0].kind, ErrorKind::option);
  EXPECT_EQ(no_file.errors[0].kind, ErrorKind::file);
  EXPECT_EQ(no_file.errors[0].file, "no/such/file.rnn");
}

TEST(Host, ImportsFromAnywhere) {
  CompileOptions options;
  options.read_import = [](const std::string& from, const std::string& path) -> std::optional<Import> {
    EXPECT_EQ(from, "main.rnn");
    if (path != "cells/rnn.rnn") return std::nullopt;
    return Import{"memory:rnn", rnn};
  };
  const char* text =
      "import \"cells/rnn.rnn\"\nmodel M(I = 3, H = 5) {\n  input x : [I]\n  l = RNN(I, H)(x)\n  output y = l.h\n}\n";
  Result result = compile(text, options, "main.rnn");
  ASSERT_TRUE(result) << result.errors[0].rendered;
  EXPECT_GE(find(result.module->parameters(), "l.U"), 0);
  options.read_import = [](const std::string&, const std::string&) { return std::nullopt; };
  EXPECT_FALSE(compile(text, options, "main.rnn"));
}

// Places in this process's memory that hold code.
int code_mappings() {
  std::ifstream maps("/proc/self/maps");
  int count = 0;
  for (std::string line; std::getline(maps, line);) count += line.find(" r-xp ") != std::string::npos;
  return count;
}

TEST(Host, DropsTheCodeWithTheLastCopy) {
  std::optional<Module> module = compile(rnn, {.dimensions = {{"I", 3}, {"H", 5}}}).module;
  ASSERT_TRUE(module);
  const int held = code_mappings();
  std::optional<Module> copy = module;
  module.reset();
  EXPECT_EQ(code_mappings(), held);
  copy.reset();
  EXPECT_LT(code_mappings(), held);
}

TEST(Host, CompilesInSeveralThreads) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([i] {
      Result result = compile(rnn, {.dimensions = {{"I", 1 + i}, {"H", 7 + i}}, .gradient = i % 2 == 0});
      ASSERT_TRUE(result);
      expect_rnn<float>(*result.module, 1 + i, 7 + i, 3, 2, 1e-5);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace rnnc
