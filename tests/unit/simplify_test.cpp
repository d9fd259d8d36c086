#include <gtest/gtest.h>

#include <cmath>
#include <ctime>
#include <random>
#include <set>

#include "compiler/ir/interpreter.h"
#include "compiler/opt/passes.h"
#include "compiler/opt/rules.h"
#include "tests/unit/model_builder.h"

namespace rnnc {
namespace {

using namespace ir;
using testing::ModelBuilder;

// Fresh inputs and parameters with random data.
class RandomSampler : public opt::Sampler {
 public:
  RandomSampler(ModelBuilder& m, unsigned seed) : m_(m), engine_(seed) {
    run_.steps = {3};
    run_.rows = 3;
    run_.lengths = {std::vector<std::int64_t>{3, 0, 2}};
  }
  NodeId sequence(Shape shape) override {
    run_.inputs.push_back(numbers(shape.size() * 9));
    return m_.input("x" + std::to_string(run_.inputs.size()), shape);
  }
  NodeId fixed(Shape shape) override {
    run_.parameters.push_back(numbers(shape.size()));
    return m_.parameter("p" + std::to_string(run_.parameters.size()), shape);
  }
  NodeId index(std::int64_t extent) override {
    std::vector<double> indices;
    for (int i = 0; i < 9; ++i)
      indices.push_back(static_cast<double>(static_cast<std::int64_t>(engine_() % 1000) % extent));
    run_.inputs.push_back(indices);
    return m_.input("i" + std::to_string(run_.inputs.size()), {}, m_.steps(), extent);
  }
  const InterpreterRun& run() const { return run_; }

 private:
  std::vector<double> numbers(std::int64_t count) {
    std::vector<double> values;
    std::uniform_real_distribution<double> draw(0.2, 1.5);
    for (std::int64_t i = 0; i < count; ++i) values.push_back(engine_() % 2 ? draw(engine_) : -draw(engine_));
    return values;
  }
  ModelBuilder& m_;
  std::mt19937 engine_;
  InterpreterRun run_;
};

std::vector<std::vector<double>> values(const Program& program, const InterpreterRun& run) {
  return interpret(program, run, std::vector<bool>(program.results.size(), true));
}

void expect_close(const std::vector<double>& a, const std::vector<double>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 1e-12 * (1 + std::fabs(b[i]))) << "entry " << i;
}

TEST(Rules, EachKeepsTheValueOfItsExample) {
  for (const opt::Rule& rule : opt::rules()) {
    for (unsigned seed = 1; seed <= 5; ++seed) {
      SCOPED_TRACE(std::string(rule.name) + ", seed " + std::to_string(seed));
      ModelBuilder m;
      RandomSampler sampler(m, seed);
      NodeId before = rule.example(m.p, sampler);
      ASSERT_EQ(m.p[before].kind, rule.kind);
      bool applied = false;
      opt::Rewriter rewriter(m.p, [&](opt::Rewriter& r, NodeId id) {
        if (id != before) return id;
        const Node node = r[id];
        NodeId after = rule.rewrite(r, node);
        applied = after.valid() && after != id;
        return applied ? after : id;
      });
      NodeId after = rewriter.settle(before);
      ASSERT_TRUE(applied);
      Program& p = rewriter.program();
      EXPECT_EQ(p[after].shape, p[before].shape);
      // Where the rewrite varies along less, its value is the same at every position.
      NodeId everywhere = p.mul(after, p.ones(p[before].domain));
      p.results.add({ResultRole::output, "before", 0, 0, before});
      p.results.add({ResultRole::output, "after", 1, 0, p[before].domain.empty() ? after : everywhere});
      ASSERT_EQ(verify(p), "");
      auto results = values(p, sampler.run());
      expect_close(results[1], results[0]);
    }
  }
}

// The first operand of the sum waits while the second one, which needs it too, is settled: that is no circle.
TEST(Rewriter, SettlesWhatTwoOperandsShare) {
  ModelBuilder m;
  NodeId x = m.parameter("x", {3}), y = m.parameter("y", {3}), old = m.p.map("exp", {x});
  NodeId sum = m.p.add(old, m.p.mul(old, y));
  opt::Rewriter rewriter(m.p, [&](opt::Rewriter& r, NodeId id) { return id == old ? r.program().map("tanh", {x}) : id; });
  const NodeId settled = rewriter.settle(sum);
  const Program& q = rewriter.program();
  EXPECT_EQ(q[settled].operands[0], rewriter.settle(old));
  EXPECT_NE(q[settled].operands[0], old);
  EXPECT_EQ(q[q[settled].operands[1]].operands[0], q[settled].operands[0]);
}

TEST(Rules, AreNamedOnceAndStateTheirEffect) {
  std::set<std::string_view> names;
  for (const opt::Rule& rule : opt::rules()) {
    EXPECT_TRUE(names.insert(rule.name).second) << rule.name;
    EXPECT_NE(rule.effect.find("->"), std::string_view::npos) << rule.name;
  }
}

// Random expressions over every rule's neighbourhood: what the rules do to each other's results.
NodeId random_expression(ModelBuilder& m, RandomSampler& sampler, std::mt19937& engine, int depth) {
  Program& p = m.p;
  auto pick = [&](int count) { return static_cast<int>(engine() % static_cast<unsigned>(count)); };
  auto next = [&] { return random_expression(m, sampler, engine, depth - 1); };
  if (depth == 0) return pick(2) ? sampler.sequence({4}) : sampler.fixed({4});
  switch (pick(12)) {
    case 0: return p.add(next(), next());
    case 1: return p.sub(next(), next());
    case 2: return p.neg(next());
    case 3: return p.mul(next(), next());
    case 4: return p.mul(p.constant(pick(3) - 1.5), next());
    case 5: {
      NodeId a = next();
      return p.add(p.mul(a, next()), p.mul(next(), a));
    }
    case 6: return p.slice(p.concat({next(), next()}, 0), 0, 1 + pick(3), 4);
    case 7: return p.matmul(sampler.fixed({4, 8}), p.concat({next(), next()}, 0));
    case 8: return p.pad(p.slice(next(), 0, pick(2), 2), 0, pick(3), 4);
    case 9: return p.concat({p.slice(next(), 0, 0, 1), p.slice(p.matmul(sampler.fixed({4, 4}), next()), 0, 1, 3)}, 0);
    case 10: return p.reduce_sum(p.outer(next(), p.neg(next())), pick(2));
    default: return p.map("tanh", {p.div(p.neg(next()), p.add(p.constant(3), p.map("exp", {next()})))});
  }
}

TEST(Simplify, KeepsRandomExpressions) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    ModelBuilder m;
    RandomSampler sampler(m, seed);
    std::mt19937 engine(seed);
    m.output("y", m.define("y", random_expression(m, sampler, engine, 5)));
    Program simple = opt::simplify(m.p);
    ASSERT_EQ(verify(simple), "");
    expect_close(values(simple, sampler.run())[0], values(m.p, sampler.run())[0]);
    // A fixed point: nothing is left to do.
    Program again = opt::simplify(simple);
    EXPECT_EQ(again.nodes.size(), simple.nodes.size());
    EXPECT_EQ(to_string(again), to_string(simple));
  }
}

TEST(Simplify, ChangesNoIdWhenNoRuleApplies) {
  Program lstm = testing::lstm().p;
  Program simple = opt::simplify(lstm);
  ASSERT_EQ(simple.nodes.size(), lstm.nodes.size());
  for (NodeId id : lstm.nodes.ids()) EXPECT_EQ(simple[id], lstm[id]);
  for (EquationId id : lstm.equations.ids()) EXPECT_EQ(simple.value(id), lstm.value(id));
}

TEST(Simplify, StackedAndSeparateGatesAreOneProgram) {
  ModelBuilder m;
  Program& p = m.p;
  NodeId x = m.input("x", {2});
  EquationId h = m.state("h", {3});
  NodeId product = p.matmul(m.parameter("W", {6, 5}), p.concat({m.read(h, 1), x}, 0));
  NodeId z = m.define("z", p.add(product, m.parameter("b", {6})));
  NodeId gate = m.define("i", p.map("sigmoid", {p.slice(z, 0, 0, 3)}));
  p.define(h, p.mul(gate, p.map("tanh", {p.slice(z, 0, 3, 3)})));
  m.output("h", p.value(h));
  Program simple = opt::remove_dead(opt::simplify(p));
  std::string gates = "i = sigmoid(W[0:3, :][:, 0:3] @ h[t-1] + W[0:3, :][:, 3:5] @ x + b[0:3])";
  EXPECT_NE(to_string(simple).find(gates), std::string::npos)
      << to_string(simple);
}

// A product whose entries are summed is needed in one piece: its slices are read there, not computed again.
TEST(Simplify, SlicesOfAProductUsedWholeAreReadThere) {
  for (bool whole : {false, true}) {
    ModelBuilder m;
    NodeId product = m.p.matmul(m.parameter("W", {6, 2}), m.input("x", {2}));
    NodeId mean = whole ? m.p.reduce_sum(product) : m.p.constant(2);
    m.output("y", m.define("y", m.p.mul(m.p.slice(m.p.sub(product, mean), 0, 0, 3), m.p.slice(product, 0, 3, 3))));
    std::string text = to_string(opt::remove_dead(opt::simplify(m.p)));
    EXPECT_EQ(text.find("W[") == std::string::npos, whole) << text;
  }
}

// 0 * x stays in forward values, where x may be infinite.
TEST(Simplify, ForwardProductsWithZeroStay) {
  ModelBuilder m;
  NodeId x = m.input("x", {3});
  m.output("y", m.p.mul(m.p.constant(0), x));
  m.p.results.add({ResultRole::input_gradient, "grad.x", 0, 0, m.p.mul(m.p.constant(0), m.p.map("exp", {x}))});
  Program simple = opt::simplify(m.p);
  EXPECT_EQ(simple[simple.results[ResultId(0)].node].kind, NodeKind::map);
  EXPECT_EQ(simple[simple.results[ResultId(1)].node].kind, NodeKind::broadcast);
}

// In single precision the product of these constants, or of the others, would be infinite or nothing.
TEST(Simplify, ConstantsFarFromOneStayInPlace) {
  ModelBuilder m;
  Program& p = m.p;
  NodeId x = m.input("x", {3}), y = m.input("y", {3});
  m.output("large", p.mul(p.constant(1e30), p.mul(p.constant(1e30), x)));
  m.output("small", p.mul(p.constant(1e-30), p.mul(p.constant(1e-30), x)));
  m.output("product", p.mul(p.mul(p.constant(1e20), x), y));
  m.output("moderate", p.mul(p.mul(p.constant(4), x), p.mul(p.constant(0.5), y)));
  const Program simple = opt::simplify(p);
  const std::string text = to_string(simple);
  for (const char* kept : {"1e+30 * 1e+30 * x", "1e-30 * 1e-30 * x", "2 * x * y"})
    EXPECT_NE(text.find(kept), std::string::npos) << kept << "\n" << text;
  const Node& product = simple[simple.results[ResultId(2)].node];
  EXPECT_TRUE(std::any_of(product.operands.begin(), product.operands.end(), [&](NodeId id) { return simple[id].kind == NodeKind::input; }));
}

// Constants that cannot be made one would pile up in front of ever longer products.
TEST(Simplify, AtMostOneConstantMovesInFront) {
  ModelBuilder m;
  Program& p = m.p;
  NodeId x = m.input("x", {3}), y = x;
  for (int i = 0; i < 200; ++i) {
    const NodeId scaled = p.mul(p.constant(0x1p-10), y);
    y = p.mul(p.map("tanh", {scaled}), scaled);
  }
  m.output("y", y);
  const Program simple = opt::simplify(p);
  EXPECT_LT(simple.nodes.size(), 1000u);
  const auto constants_before = [&](NodeId id) {
    int count = 0;
    for (; simple[id].kind == NodeKind::map && simple[id].operands.size() == 2 && simple[simple[id].operands[0]].kind == NodeKind::constant; ++count)
      id = simple[id].operands[1];
    return count;
  };
  for (NodeId id : simple.nodes.ids()) EXPECT_LE(constants_before(id), 2);
}

TEST(Simplify, NamedValuesStayInOnePiece) {
  ModelBuilder m;
  Program& p = m.p;
  NodeId x = m.input("x", {3});
  NodeId q = m.define("q", p.neg(p.mul(x, x)));
  m.output("y", p.mul(q, p.map("tanh", {x})));
  EXPECT_NE(to_string(opt::simplify(p)).find("q * tanh(x)"), std::string::npos) << to_string(opt::simplify(p));
}

TEST(Simplify, TakesLinearTimeAndNoStack) {
  ModelBuilder m;
  Program& p = m.p;
  NodeId x = m.input("x", {3}), sum = x;
  for (int i = 0; i < 25000; ++i) sum = p.add(p.map("tanh", {sum}), p.neg(m.p.mul(p.constant(i), x)));
  m.output("y", sum);
  std::clock_t start = std::clock();  // processor time: the machine may be busy
  Program simple = opt::simplify(p);
  EXPECT_LT(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC, 3);
  EXPECT_GT(p.nodes.size(), 100000u);
  EXPECT_EQ(opt::remove_dead(simple).nodes.size(), simple.nodes.size());
}

// Each level is read twice: cut apart, the lowest would be computed once for each way to it.
TEST(Simplify, LeavesOverlappingSlicesInPlace) {
  ModelBuilder m;
  Program& p = m.p;
  const std::int64_t levels = 100;
  NodeId pyramid = m.input("x", {levels + 1}), chain = m.input("y", {levels + 1});
  for (std::int64_t size = levels; size > 0; --size) {
    pyramid = p.map("tanh", {p.add(p.slice(pyramid, 0, 0, size), p.slice(pyramid, 0, 1, size))});
    chain = p.map("sin", {p.slice(chain, 0, 1, size)});
  }
  m.output("pyramid", pyramid);
  m.output("chain", chain);
  EXPECT_LT(opt::simplify(p).nodes.size(), 2 * p.nodes.size());
}

TEST(Simplify, JoinsRowsOfPadsInTime) {
  ModelBuilder m;
  Program& p = m.p;
  const std::int64_t count = 8192;
  NodeId x = m.input("x", {1}), sum;
  for (std::int64_t i = 0; i < count; ++i) {
    const NodeId pad = p.pad(p.mul(p.constant(static_cast<double>(i + 2)), x), 0, i, count);
    sum = sum.valid() ? p.add(sum, pad) : pad;
  }
  m.output("y", sum);
  std::clock_t start = std::clock();
  const Program simple = opt::simplify(p);
  EXPECT_LT(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC, 3);
  EXPECT_LT(std::count_if(simple.nodes.begin(), simple.nodes.end(), [](const Node& n) { return n.kind == NodeKind::pad; }), 16);
  InterpreterRun run;
  run.steps = {1};
  run.rows = 1;
  run.inputs.push_back(std::vector<double>{0.5});
  const auto values = interpret(simple, run, {true})[0];
  for (std::int64_t i = 0; i < count; ++i) ASSERT_EQ(values[static_cast<std::size_t>(i)], 0.5 * static_cast<double>(i + 2));
}

TEST(RemoveDead, KeepsWhatResultsNeedAndTheInterface) {
  ModelBuilder m = testing::lstm();
  Program& p = m.p;
  NodeId unused = m.parameter("unused", {3});
  m.define("nobody", p.mul(unused, p.value(EquationId(0))));
  NodeId first = p.random({3}, m.steps());
  NodeId second = p.random({3}, m.steps());
  (void)first;
  m.output("noise", second);
  std::size_t nodes = p.nodes.size();
  Program live = opt::remove_dead(p);
  ASSERT_EQ(verify(live), "");
  EXPECT_EQ(live.nodes.size(), nodes - 3);
  EXPECT_EQ(live.parameters.size(), p.parameters.size());
  EXPECT_EQ(live.states.size(), p.states.size());
  EXPECT_EQ(live.equations.size(), p.equations.size() - 1);
  // A random site keeps its number: it keys the draws.
  for (const Node& node : live.nodes) {
    if (node.kind == NodeKind::random) {
      EXPECT_EQ(node.ref, 1);
    }
  }
}

}  // namespace
}  // namespace rnnc
