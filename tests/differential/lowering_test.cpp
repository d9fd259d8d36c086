// Hand-built models through schedule, loop IR and JIT against the interpreter.
#include <gtest/gtest.h>

#include "compiler/backend/interp/interpreter_model.h"
#include "compiler/backend/llvm/jit.h"
#include "compiler/grad/differentiate.h"
#include "compiler/loop/lower.h"
#include "compiler/opt/passes.h"
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

void expect_agreement(ir::Program forward, CompareOptions options, double tolerance_f32 = 2e-5) {
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
    testing::Comparison comparison = testing::compare(*oracle.model(), actual, options);
    double tolerance = element == loop::Element::f64 ? 1e-11 : tolerance_f32;
    EXPECT_LE(comparison.worst, tolerance) << comparison.lines << "\n" << ir::to_string(program);
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
    expect_agreement(lstm(inputs, hidden).p, {.steps = 6, .rows = rows});
}

TEST(Lowering, LstmWithLengths) {
  expect_agreement(lstm(5, 11).p, {.steps = 6, .rows = 4, .lengths = {4, 6, 0, 1}});
}

TEST(Lowering, LstmWithoutStatesOrUpstream) {
  expect_agreement(lstm(5, 11).p, {.steps = 7, .rows = 2, .give_states = false});
}

TEST(Lowering, LongRunsInBlocks) { expect_agreement(lstm(6, 9).p, {.steps = 150, .rows = 5}); }

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
  expect_agreement(m.p, {.steps = 5, .rows = 3});
  expect_agreement(m.p, {.steps = 5, .rows = 3, .lengths = {2, 5, 3}});
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
  expect_agreement(p, {.steps = 6, .rows = 3});
  expect_agreement(p, {.steps = 6, .rows = 3, .lengths = {3, 6, 2}});
  expect_agreement(p, {.steps = 6, .rows = 3, .give_upstream = false});
}

}  // namespace
}  // namespace rnnc
