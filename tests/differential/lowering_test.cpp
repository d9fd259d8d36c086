// Hand-built models through schedule, loop IR and JIT against the interpreter.
#include <gtest/gtest.h>

#include "compiler/backend/interp/interpreter_model.h"
#include "compiler/backend/llvm/jit.h"
#include "compiler/grad/differentiate.h"
#include "compiler/loop/lower.h"
#include "compiler/opt/passes.h"
#include "runtime/aligned.h"
#include "runtime/thread_pool.h"
#include "tests/differential/compare.h"
#include "tests/unit/model_builder.h"

namespace rnnc {
namespace {

using ir::NodeId;
using testing::CompareOptions;
using testing::ModelBuilder;

ir::Program optimised(const ir::Program& forward) {
  ir::Program p = grad::differentiate(forward);
  return opt::remove_dead(opt::simplify(opt::distribute_reads(opt::simplify(p))));
}

// Compiles once for each type, and runs in every way.
void expect_agreement(ir::Program forward, const std::vector<CompareOptions>& runs) {
  ASSERT_EQ(ir::verify(forward), "");
  forward.name = "model";
  ir::Program differentiated = grad::differentiate(forward), program = optimised(forward);
  ASSERT_EQ(ir::verify(program), "") << ir::to_string(program);
  for (loop::Element element : {loop::Element::f64, loop::Element::f32}) {
    loop::LowerOptions lower_options;
    lower_options.element = element;
    loop::Module module = loop::lower(program, lower_options);
    ASSERT_EQ(loop::verify(module), "") << loop::to_string(module);
    auto compiled = backend::jit(module);
    ASSERT_TRUE(std::holds_alternative<std::unique_ptr<backend::JitModule>>(compiled)) << std::get<std::string>(compiled);
    backend::InterpreterModel oracle(differentiated, element);
    const rnnc_model& actual = *std::get<std::unique_ptr<backend::JitModule>>(compiled)->model();
    for (const CompareOptions& run : runs) {
      testing::Comparison comparison = testing::compare(*oracle.model(), actual, run);
      EXPECT_LE(comparison.worst, element == loop::Element::f64 ? 1e-11 : 2e-5)
          << comparison.lines << "\n" << ir::to_string(program);
    }
  }
}

ModelBuilder lstm(std::int64_t inputs, std::int64_t hidden) {
  ModelBuilder m;
  NodeId x = m.input("x", {inputs});
  ir::EquationId h = m.state("h", {hidden}), c = m.state("c", {hidden});
  NodeId before = m.read(h, 1);
  auto gate = [&](const std::string& name, const char* activation) {
    NodeId W = m.parameter("W_" + name, {hidden, inputs}), U = m.parameter("U_" + name, {hidden, hidden});
    NodeId bias = m.parameter("b_" + name, {hidden});
    NodeId sum = m.p.add(m.p.add(m.p.matmul(W, x), m.p.matmul(U, before)), bias);
    return m.define(name, m.p.map(activation, {sum}));
  };
  NodeId i = gate("i", "sigmoid"), f = gate("f", "sigmoid"), o = gate("o", "sigmoid"), g = gate("g", "tanh");
  m.p.define(c, m.p.add(m.p.mul(f, m.read(c, 1)), m.p.mul(i, g)));
  m.p.define(h, m.p.mul(o, m.p.map("tanh", {m.p.value(c)})));
  m.output("h", m.p.value(h));
  m.finals(h);
  m.finals(c);
  return m;
}

TEST(Lowering, Lstm) {
  for (auto [inputs, hidden, rows] : {std::array<std::int64_t, 3>{5, 11, 3}, {8, 16, 1}, {3, 1, 4}, {16, 40, 8}})
    expect_agreement(lstm(inputs, hidden).p, {{.steps = 6, .rows = rows}});
}

TEST(Lowering, LstmWithLengthsOrWithoutStatesAndUpstream) {
  expect_agreement(lstm(5, 11).p, {{.steps = 6, .rows = 4, .lengths = {4, 6, 0, 1}},
                                   {.steps = 7, .rows = 2, .give_states = false}});
}

TEST(Lowering, LongRunsInBlocks) { expect_agreement(lstm(6, 9).p, {{.steps = 150, .rows = 5}}); }

// Rows too long to be read in place: gradients of matrices read panels of them, with rests in both directions.
TEST(Lowering, LongRowsInPanels) {
  std::vector<std::int64_t> lengths(50, 6);
  lengths[3] = 0, lengths[7] = 1, lengths[49] = 4;
  expect_agreement(lstm(70, 133).p, {{.steps = 6, .rows = 50, .lengths = lengths}});
}

// Blocks of units that make whole tiles, upright or turned, or leave one, two, or part of one for a narrower tile.
TEST(Lowering, TilesOfUnitsAndANarrowerOne) {
  for (std::int64_t hidden : {50, 56, 61, 64}) {
    ModelBuilder m;
    NodeId x = m.input("x", {3});
    ir::EquationId h = m.state("h", {hidden});
    NodeId sum = m.p.add(m.p.matmul(m.parameter("W", {hidden, 3}), x),
                         m.p.matmul(m.parameter("U", {hidden, hidden}), m.read(h, 1)));
    m.p.define(h, m.p.map("tanh", {sum}));
    m.output("h", m.p.value(h));
    m.finals(h);
    expect_agreement(m.p, {{.steps = 4, .rows = 1}, {.steps = 3, .rows = 7}});
  }
}

TEST(Lowering, GruResetBefore) {
  ModelBuilder m;
  std::int64_t hidden = 10;
  NodeId x = m.input("x", {4});
  ir::EquationId h = m.state("h", {hidden});
  NodeId before = m.read(h, 1);
  auto sum = [&](const std::string& name, NodeId state) {
    return m.p.add(m.p.add(m.p.matmul(m.parameter("W_" + name, {hidden, 4}), x),
                           m.p.matmul(m.parameter("U_" + name, {hidden, hidden}), state)),
                   m.parameter("b_" + name, {hidden}));
  };
  NodeId r = m.define("r", m.p.map("sigmoid", {sum("r", before)}));
  NodeId z = m.define("z", m.p.map("sigmoid", {sum("z", before)}));
  NodeId n = m.define("n", m.p.map("tanh", {sum("n", m.p.mul(r, before))}));
  m.p.define(h, m.p.add(m.p.mul(m.p.sub(m.p.constant(1), z), n), m.p.mul(z, before)));
  m.output("h", m.p.value(h));
  m.finals(h);
  expect_agreement(m.p, {{.steps = 5, .rows = 3}, {.steps = 5, .rows = 3, .lengths = {2, 5, 3}}});
}

TEST(Lowering, RightToLeftAndLoss) {
  ModelBuilder m;
  std::int64_t hidden = 7, classes = 13;
  ir::Program& p = m.p;
  NodeId token = m.input("token", {}, m.steps(), classes), next = m.input("next", {}, m.steps(), classes);
  NodeId E = m.parameter("E", {classes, 6});
  NodeId x = m.define("x", p.gather(E, token));
  ir::EquationId h = m.state("h", {hidden}, 1, true);
  p.define(h, p.map("tanh", {p.add(p.matmul(m.parameter("W", {hidden, 6}), x),
                                   p.matmul(m.parameter("U", {hidden, hidden}), m.read(h, -1)))}));
  NodeId y = m.define("y", p.add(p.matmul(m.parameter("R", {classes, hidden}), p.value(h)), m.parameter("b", {classes})));
  NodeId largest = p.reduce_max(y);
  NodeId lse = p.add(largest, p.map("log", {p.reduce_sum(p.map("exp", {p.sub(y, p.stop_gradient(largest))}))}));
  NodeId position_loss = p.sub(lse, p.gather(y, next));
  NodeId total = p.sum_over(position_loss, true, m.t);
  m.loss(p.div(total, p.sum_over(p.length(m.t), true, ir::AxisId())));
  m.output("y", y);
  m.finals(h);
  expect_agreement(p, {{.steps = 6, .rows = 3},
                       {.steps = 6, .rows = 3, .lengths = {3, 6, 2}},
                       {.steps = 6, .rows = 3, .give_upstream = false}});
}

// Runs a model with rows of one length and of different lengths.
void expect_agreement_at_all_lengths(const ir::Program& p) {
  expect_agreement(p, {{.steps = 5, .rows = 3},
                       {.steps = 5, .rows = 3, .lengths = {5, 1, 3}},
                       {.steps = 5, .rows = 2, .lengths = {0, 4}, .give_states = false}});
}

TEST(Lowering, LagsOfTwoAndThree) {
  ModelBuilder m;
  NodeId x = m.input("x", {3});
  ir::EquationId h = m.state("h", {6}, 3);
  m.p.define(h, m.p.map("tanh", {m.p.add(m.p.add(m.p.matmul(m.parameter("W", {6, 3}), x),
                                                 m.p.matmul(m.parameter("U", {6, 6}), m.read(h, 1))),
                                         m.p.mul(m.parameter("a", {6}), m.read(h, 3)))}));
  m.output("h", m.p.value(h));
  m.finals(h);
  expect_agreement_at_all_lengths(m.p);
}

TEST(Lowering, BidirectionalStack) {
  ModelBuilder m;
  ir::Program& p = m.p;
  NodeId below = m.input("x", {4});
  for (int layer = 0; layer < 2; ++layer) {
    std::vector<NodeId> directions;
    for (bool reversed : {false, true}) {
      std::string name = std::to_string(layer) + (reversed ? "r" : "f");
      ir::EquationId h = m.state("h" + name, {5}, 1, reversed);
      std::int64_t width = p[below].shape[0];
      p.define(h, p.map("tanh", {p.add(p.matmul(m.parameter("W" + name, {5, width}), below),
                                       p.matmul(m.parameter("U" + name, {5, 5}), m.read(h, reversed ? -1 : 1)))}));
      m.finals(h);
      directions.push_back(p.value(h));
    }
    below = m.define("y" + std::to_string(layer), p.concat(directions, 0));
  }
  m.output("y", below);
  expect_agreement_at_all_lengths(p);
}

TEST(Lowering, ClassifierOfTheLastStep) {
  ModelBuilder m;
  ir::Program& p = m.p;
  NodeId x = m.input("x", {4}), label = m.input("label", {}, ir::Domain{true, ir::AxisId()}, 3);
  ir::EquationId h = m.state("h", {9});
  p.define(h, p.map("tanh", {p.add(p.matmul(m.parameter("W", {9, 4}), x), p.matmul(m.parameter("U", {9, 9}), m.read(h, 1)))}));
  NodeId last = p.at(h, ir::End::last, 0, {p.initial(p.equations[h].state, 1, p.constant(0))});
  NodeId y = m.define("y", p.add(p.matmul(m.parameter("R", {3, 9}), last), m.parameter("b", {3})));
  NodeId lse = p.map("log", {p.reduce_sum(p.map("exp", {y}))});
  m.loss(p.div(p.sum_over(p.sub(lse, p.gather(y, label)), true, ir::AxisId()), p.rows()));
  m.output("y", y);
  m.finals(h);
  expect_agreement_at_all_lengths(p);
}

TEST(Lowering, LayerNormalisationAndSlices) {
  ModelBuilder m;
  ir::Program& p = m.p;
  NodeId x = m.input("x", {4});
  ir::EquationId h = m.state("h", {6});
  NodeId a = m.define("a", p.add(p.matmul(m.parameter("W", {12, 4}), x), p.matmul(m.parameter("U", {12, 6}), m.read(h, 1))));
  NodeId mean = p.div(p.reduce_sum(a), p.constant(12));
  NodeId centred = p.sub(a, mean);
  NodeId variance = p.div(p.reduce_sum(p.mul(centred, centred)), p.constant(12));
  NodeId n = m.define("n", p.mul(m.parameter("g", {12}), p.mul(centred, p.map("rsqrt", {p.add(variance, p.constant(1e-3))}))));
  NodeId z = p.map("sigmoid", {p.slice(n, 0, 0, 6)}), c = p.map("tanh", {p.slice(n, 0, 6, 6)});
  p.define(h, p.add(p.mul(z, m.read(h, 1)), p.mul(p.sub(p.constant(1), z), c)));
  m.output("h", p.value(h));
  m.finals(h);
  expect_agreement_at_all_lengths(p);
}

TEST(Lowering, MatrixState) {
  ModelBuilder m;
  ir::Program& p = m.p;
  NodeId x = m.input("x", {5});
  ir::EquationId C = m.state("C", {4, 3});
  NodeId k = m.define("k", p.matmul(m.parameter("K", {3, 5}), x)), v = m.define("v", p.matmul(m.parameter("V", {4, 5}), x));
  NodeId q = m.define("q", p.matmul(m.parameter("Q", {3, 5}), x));
  NodeId f = m.define("f", p.map("sigmoid", {p.reduce_sum(p.mul(m.parameter("w", {5}), x))}));
  p.define(C, p.add(p.mul(f, m.read(C, 1)), p.outer(v, k)));
  m.output("h", m.define("h", p.matmul(p.value(C), q)));
  m.finals(C);
  expect_agreement_at_all_lengths(p);
}

TEST(Lowering, LearnedInitialValueAndStaticExpressions) {
  ModelBuilder m;
  ir::Program& p = m.p;
  NodeId x = m.input("x", {4}), context = m.input("context", {3}, ir::Domain{true, ir::AxisId()});
  ir::EquationId h = m.state("h", {7});
  NodeId U = m.parameter("U", {7, 7}), h0 = m.parameter("h0", {7});
  NodeId skew = p.sub(U, p.transpose(U));
  NodeId drive = p.add(p.matmul(m.parameter("W", {7, 4}), x), p.matmul(m.parameter("V", {7, 3}), context));
  p.define(h, p.map("tanh", {p.add(drive, p.matmul(skew, m.read(h, 1, h0)))}));
  m.output("h", p.value(h));
  m.finals(h, h0);
  expect_agreement_at_all_lengths(p);
}

TEST(Lowering, StepIndexAndScalars) {
  ModelBuilder m;
  ir::Program& p = m.p;
  NodeId x = m.input("x", {});
  ir::EquationId s = m.state("s", {});
  NodeId even = p.map("equal", {p.map("mod", {p.time(m.t), p.constant(2)}), p.constant(0)});
  NodeId w = m.parameter("w", {});
  p.define(s, p.map("where", {even, p.map("tanh", {p.add(p.mul(w, m.read(s, 1)), x)}), m.read(s, 1)}));
  m.output("s", p.value(s));
  m.output("mean", p.div(p.sum_over(p.value(s), false, m.t), p.length(m.t)));
  m.finals(s);
  expect_agreement(p, {{.steps = 5, .rows = 3}, {.steps = 5, .rows = 3, .lengths = {5, 1, 3}}});
}

std::unique_ptr<backend::JitModule> compiled(ir::Program forward, const loop::LowerOptions& options = {}) {
  forward.name = "model";
  auto result = backend::jit(loop::lower(optimised(forward), options));
  return std::move(std::get<std::unique_ptr<backend::JitModule>>(result));
}

TEST(Lowering, ThreadsDoNotChangeABit) {
  loop::LowerOptions always;
  always.parallel_threshold = -1'000'000'000'000;
  for (int hidden : {11, 70}) {  // so few units that threads share the rows, and more
    std::unique_ptr<backend::JitModule> module = compiled(lstm(33, hidden).p, always);
    for (int threads : {2, 3, 5}) {
      runtime::ThreadPool pool(threads);
      CompareOptions options{.steps = 9, .rows = 43};
      options.parallel_for = runtime::ThreadPool::parallel_for;
      options.pool = &pool;
      testing::Comparison comparison = testing::compare(*module->model(), *module->model(), options);
      EXPECT_EQ(comparison.worst, 0) << hidden << " units, " << threads << " threads\n" << comparison.lines;
    }
  }
}

// Runs a loop where it stands and counts it.
void count_loop(void* pool, std::int64_t extent, rnnc_parallel_body body, void* context) {
  ++*static_cast<int*>(pool);
  body(context, 0, extent);
}

TEST(Lowering, SmallWorkStaysOnOneThread) {
  auto loops = [](int hidden, std::int64_t rows) {
    std::unique_ptr<backend::JitModule> module = compiled(lstm(16, hidden).p);
    int count = 0;
    CompareOptions options{.steps = 9, .rows = rows};
    options.parallel_for = count_loop;
    options.pool = &count;
    testing::compare(*module->model(), *module->model(), options);
    return count;
  };
  EXPECT_EQ(loops(32, 1), 0);
  EXPECT_GE(loops(32, 128), 18) << "one for each step at least, both ways";
  EXPECT_GE(loops(128, 8), 18);
}

TEST(Lowering, StepsGiveWhatAWholeRunGives) {
  constexpr int T = 6, B = 3, I = 5, H = 11;
  std::unique_ptr<backend::JitModule> module = compiled(lstm(I, H).p);
  const rnnc_model& model = *module->model();
  auto random = [state = 1u](std::size_t count) mutable {
    std::vector<float> values(count);
    for (float& v : values) v = static_cast<float>((state = state * 1664525u + 1013904223u) >> 8) / (1u << 24) - 0.5f;
    return values;
  };
  std::vector<float> parameters = random(static_cast<std::size_t>(model.parameter_elements)), x = random(T * B * I);
  std::vector<float> whole(T * B * H), single(T * B * H), h = random(B * H), c = random(B * H);
  rnnc_call call{};
  call.struct_size = sizeof call;
  call.steps[0] = T;
  call.rows = B;
  rnnc_sizes sizes{};
  ASSERT_EQ(model.sizes(&model, &call, &sizes), RNNC_OK);
  runtime::AlignedBuffer packed(static_cast<std::size_t>(sizes.packed_bytes));
  runtime::AlignedBuffer workspace(static_cast<std::size_t>(std::max(sizes.inference_workspace_bytes, sizes.step_workspace_bytes)));
  ASSERT_EQ(model.pack(&model, parameters.data(), packed.data()), RNNC_OK);
  const void* inputs[] = {x.data()};
  const void* state_in[] = {h.data(), c.data()};
  void *outputs[] = {whole.data()}, *state_out[] = {h.data(), c.data()};
  call.packed = packed.data();
  call.workspace = workspace.data();
  call.inputs = inputs;
  call.outputs = outputs;
  call.state_in = state_in;
  ASSERT_EQ(model.forward(&model, &call), RNNC_OK);
  call.state_out = state_out;  // the stream's state is updated in place
  for (int t = 0; t < T; ++t) {
    inputs[0] = x.data() + t * B * I;
    outputs[0] = single.data() + t * B * H;
    ASSERT_EQ(model.step(&model, &call), RNNC_OK);
  }
  EXPECT_EQ(whole, single);
}

}  // namespace
}  // namespace rnnc
