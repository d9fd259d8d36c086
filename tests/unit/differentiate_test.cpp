#include "compiler/grad/differentiate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>

#include "compiler/base/bug.h"
#include "compiler/grad/flow.h"
#include "compiler/grad/gradcheck.h"
#include "compiler/ir/interpreter.h"
#include "compiler/opt/passes.h"
#include "tests/unit/model_builder.h"

namespace rnnc {
namespace {

using namespace ir;
using testing::ModelBuilder;

Program with_passes(const Program& forward) {
  Program program = grad::differentiate(opt::simplify(forward));
  EXPECT_EQ(verify(program), "");
  program = opt::distribute_reads(opt::simplify(program));
  EXPECT_EQ(verify(program), "");
  program = opt::remove_dead(opt::simplify(program));
  EXPECT_EQ(verify(program), "");
  return program;
}

void expect_agrees(const Program& forward, const Program& differentiated, const char* what) {
  for (bool lengths : {false, true}) {
    for (std::int64_t steps : {5, 3}) {
      grad::GradcheckOptions options;
      options.lengths = lengths;
      options.rows = lengths ? 4 : 2;
      options.steps = steps;
      options.entries = 10;
      options.tolerance = 1e-7;
      grad::GradcheckReport report = grad::gradcheck(forward, differentiated, options);
      EXPECT_FALSE(report.tensors.empty());
      for (const grad::GradcheckTensor& tensor : report.tensors) {
        EXPECT_GT(tensor.entries, 0);
        EXPECT_LE(tensor.error, options.tolerance) << what << ", " << tensor.name << ", T = " << steps
                                                   << (lengths ? " with lengths\n" : "\n") << to_string(differentiated);
      }
    }
  }
}

// The derived gradient is that of finite differences, as derived and after the passes.
void expect_gradient(const Program& forward) {
  ASSERT_EQ(verify(forward), "");
  Program raw = grad::differentiate(forward);
  ASSERT_EQ(verify(raw), "");
  expect_agrees(forward, raw, "as derived");
  expect_agrees(forward, with_passes(forward), "after the passes");
}

// ---- one rule per kind of node

// A vector [3] made from vectors x and h of [3], so that the kind stands inside of a recurrence and outside of it.
struct KindCase {
  const char* name;
  std::function<NodeId(ModelBuilder&, NodeId x, NodeId h)> value;
};

NodeId largest_twice(ModelBuilder& m, NodeId x, NodeId h) {
  // x stands twice, so the largest entries tie wherever they are x's.
  NodeId all = m.p.concat({x, h, x}, 0);
  return m.p.mul(m.p.reduce_max(all), m.p.add(h, x));
}

const std::vector<KindCase>& kind_cases() {
  static const std::vector<KindCase> cases = {
      {"matmul", [](ModelBuilder& m, NodeId x, NodeId h) { return m.affine("a", 3, x, h); }},
      {"matmul of matrices",
       [](ModelBuilder& m, NodeId x, NodeId h) {
         NodeId product = m.p.matmul(m.p.matmul(m.parameter("A", {3, 2}), m.parameter("B", {2, 3})), m.p.outer(x, h));
         return m.p.matmul(product, h);
       }},
      {"outer",
       [](ModelBuilder& m, NodeId x, NodeId h) {
         return m.p.matmul(m.p.outer(h, m.p.mul(x, m.parameter("s", {}))), m.parameter("v", {3}));
       }},
      {"reduce_sum",
       [](ModelBuilder& m, NodeId x, NodeId h) {
         return m.p.add(m.p.reduce_sum(m.p.outer(x, h), 1), m.p.mul(m.p.reduce_sum(m.p.mul(x, h)), h));
       }},
      {"reduce_max",
       [](ModelBuilder& m, NodeId x, NodeId h) {
         NodeId a = m.p.outer(x, m.p.add(h, m.parameter("b", {3})));
         return m.p.add(m.p.reduce_max(a, 0), m.p.mul(m.p.reduce_max(a), x));
       }},
      {"reduce_max with ties", largest_twice},
      {"cumulative_sum",
       [](ModelBuilder& m, NodeId x, NodeId h) {
         return m.p.mul(m.p.cumulative_sum(m.p.mul(x, m.parameter("w", {3}))), m.p.cumulative_sum(h, true));
       }},
      {"broadcast",
       [](ModelBuilder& m, NodeId x, NodeId h) {
         NodeId rows = m.p.broadcast_dim(h, 0, 3), columns = m.p.broadcast_dim(x, 1, 3);
         NodeId scalar = m.p.broadcast_scalar(m.p.reduce_sum(x), {3});
         return m.p.add(m.p.matmul(m.p.mul(rows, columns), m.parameter("v", {3})), m.p.mul(scalar, h));
       }},
      {"transpose",
       [](ModelBuilder& m, NodeId x, NodeId h) {
         return m.p.matmul(m.p.transpose(m.p.outer(x, h)), m.p.matmul(m.p.transpose(m.parameter("W", {3, 3})), x));
       }},
      {"reshape, slice, pad, concat",
       [](ModelBuilder& m, NodeId x, NodeId h) {
         NodeId both = m.p.concat({x, h}, 0);
         NodeId square = m.p.reshape(m.p.slice(m.p.mul(both, both), 0, 1, 4), {2, 2});
         NodeId column = m.p.slice(m.p.concat({square, m.p.transpose(square)}, 1), 1, 1, 2);
         return m.p.add(m.p.slice(m.p.reshape(column, {4}), 0, 1, 3), m.p.pad(m.p.slice(h, 0, 0, 2), 0, 1, 3));
       }},
      {"gather, one_hot",
       [](ModelBuilder& m, NodeId x, NodeId h) {
         NodeId token = m.input("token", {}, m.steps(), 4);
         NodeId row = m.p.gather(m.parameter("E", {4, 3}), token);
         NodeId column = m.p.matmul(m.parameter("V", {3, 4}), m.p.one_hot(token));
         NodeId entry = m.p.gather(m.parameter("e", {4}), token);
         NodeId block = m.p.gather(m.parameter("F", {4, 3, 2}), token);
         return m.p.add(m.p.mul(m.p.add(row, column), m.p.mul(entry, h)), m.p.mul(m.p.reduce_sum(block, 1), x));
       }},
      {"where, min, max, abs",
       [](ModelBuilder& m, NodeId x, NodeId h) {
         NodeId low = m.p.map("min", {x, h}), high = m.p.map("max", {x, m.p.neg(h)});
         return m.p.map("where", {m.p.map("less", {x, h}), m.p.mul(low, high), m.p.map("abs", {m.p.add(x, h)})});
       }},
      {"scalars and domains",
       [](ModelBuilder& m, NodeId x, NodeId h) {
         NodeId label = m.input("label", {}, {true, {}}), clock = m.input("clock", {3}, {false, m.t});
         NodeId time = m.p.mul(m.p.time(m.t), m.p.constant(0.1));
         NodeId rate = m.p.div(m.parameter("rate", {}), m.p.add(m.p.length(m.t), m.p.rows()));
         return m.p.add(m.p.mul(m.p.mul(label, rate), m.p.mul(clock, h)), m.p.mul(m.p.mul(time, clock), x));
       }},
      {"sum_over",
       [](ModelBuilder& m, NodeId x, NodeId h) {
         NodeId a = m.p.map("tanh", {m.p.mul(x, m.parameter("w", {3}))});
         NodeId per_row = m.p.sum_over(a, false, true), per_step = m.p.sum_over(a, true, false);
         return m.p.mul(m.p.add(per_row, m.p.sum_over(a, true, true)), m.p.add(h, per_step));
       }},
      {"stop_gradient",
       [](ModelBuilder& m, NodeId x, NodeId h) {
         return m.p.add(m.p.mul(h, m.p.stop_gradient(m.p.mul(h, x))), m.p.mul(x, m.p.stop_gradient(x)));
       }},
      {"surrogate",
       [](ModelBuilder& m, NodeId x, NodeId h) {
         NodeId w = m.parameter("w", {}), step = m.p.map("less", {m.p.constant(0), m.p.mul(h, w)});
         NodeId spike = m.p.surrogate(step, {{h, m.p.sub(m.p.constant(1), m.p.mul(h, x))}, {w, m.p.mul(x, w)}});
         return m.p.mul(m.p.add(spike, x), m.p.add(h, spike));
       }},
      {"random",
       [](ModelBuilder& m, NodeId x, NodeId h) {
         NodeId mask = m.p.map("less", {m.p.random({3}, m.steps()), m.p.constant(0.5)});
         return m.p.add(m.p.mul(mask, m.p.mul(h, x)), m.p.mul(m.p.training(), h));
       }},
  };
  return cases;
}

// s = tanh(value(x, s[t-1])), y = value(x, v) with a sequence v.
Program kind_program(const KindCase& test) {
  ModelBuilder m;
  NodeId x = m.input("x", {3}), v = m.input("v", {3});
  EquationId s = m.state("s", {3});
  m.p.define(s, m.p.map("tanh", {test.value(m, x, m.read(s, 1))}));
  m.output("s", m.p.value(s));
  m.finals(s);
  NodeId y = test.value(m, v, m.p.value(s));
  m.output("y", y);
  return m.p;
}

class Kinds : public ::testing::TestWithParam<std::size_t> {};

TEST_P(Kinds, AgreeWithDifferences) {
  const KindCase& test = kind_cases()[GetParam()];
  SCOPED_TRACE(test.name);
  expect_gradient(kind_program(test));
}

INSTANTIATE_TEST_SUITE_P(All, Kinds, ::testing::Range(std::size_t{0}, kind_cases().size()));

TEST(Differentiate, EveryElementwiseDerivative) {
  for (const Elementwise& row : elementwise_table()) {
    if (!row.derivative && !row.definition) continue;
    SCOPED_TRACE(std::string(row.name));
    ModelBuilder m;
    NodeId x = m.input("x", {3});
    std::vector<NodeId> operands;
    for (int i = 0; i < row.arity; ++i) {
      // Over the interval where the row is sampled, differently for each operand.
      NodeId w = m.parameter("w" + std::to_string(i), {3});
      NodeId unit = m.p.map("sigmoid", {m.p.mul(m.p.constant(4), m.p.add(m.p.mul(x, w), w))});
      operands.push_back(m.p.add(m.p.constant(row.low), m.p.mul(m.p.constant(row.high - row.low), unit)));
    }
    m.output("y", m.p.map(row.name, operands));
    expect_agrees(m.p, grad::differentiate(m.p), "as derived");
  }
}

// ---- recurrences

TEST(Differentiate, Lstm) { expect_gradient(testing::lstm().p); }

// Cho et al., 2014, the reset gate before or after the product.
ModelBuilder gru(bool reset_after) {
  ModelBuilder m;
  Program& p = m.p;
  NodeId x = m.input("x", {2});
  EquationId h = m.state("h", {3});
  NodeId last = m.read(h, 1);
  NodeId r = m.define("r", p.map("sigmoid", {m.affine("r", 3, x, last)}));
  NodeId z = m.define("z", p.map("sigmoid", {m.affine("z", 3, x, last)}));
  NodeId wx = p.matmul(m.parameter("W_n", {3, 2}), x), U = m.parameter("U_n", {3, 3}), b = m.parameter("b_n", {3});
  NodeId uh = reset_after ? p.mul(r, p.add(p.matmul(U, last), b)) : p.add(p.matmul(U, p.mul(r, last)), b);
  NodeId n = m.define("n", p.map("tanh", {p.add(wx, uh)}));
  p.define(h, p.add(p.mul(p.sub(p.constant(1), z), n), p.mul(z, last)));
  m.output("h", p.value(h));
  m.finals(h);
  return m;
}

TEST(Differentiate, GruResetBefore) { expect_gradient(gru(false).p); }
TEST(Differentiate, GruResetAfter) { expect_gradient(gru(true).p); }

TEST(Differentiate, BidirectionalWithLoss) {
  ModelBuilder m;
  Program& p = m.p;
  NodeId x = m.input("x", {2});
  NodeId next = m.input("next", {}, m.steps(), 4);
  EquationId f = m.state("f", {3}), b = m.state("b", {2}, 1, true);
  p.define(f, p.map("tanh", {m.affine("f", 3, x, m.read(f, 1))}));
  p.define(b, p.map("tanh", {m.affine("b", 2, x, m.read(b, -1))}));
  NodeId y = p.matmul(m.parameter("R", {4, 5}), p.concat({p.value(f), p.value(b)}, 0));
  m.output("y", y);
  m.finals(f);
  m.finals(b);
  // Cross-entropy, mean over valid steps.
  NodeId shifted = p.sub(y, p.reduce_max(y));
  NodeId log_sum = p.map("log", {p.reduce_sum(p.map("exp", {shifted}))});
  NodeId l = m.define("l", p.sub(log_sum, p.gather(shifted, next)));
  m.loss(p.div(p.sum_over(l, true, true), p.sum_over(p.ones(m.steps()), true, true)));
  expect_gradient(p);
}

TEST(Differentiate, HistoryAndLearnedInitialValues) {
  ModelBuilder m;
  Program& p = m.p;
  NodeId x = m.input("x", {3}), start = m.parameter("start", {3});
  EquationId h = m.state("h", {3}, 3);
  NodeId near = p.mul(m.parameter("a", {3}), m.read(h, 1, start));
  NodeId sum = p.add(near, p.mul(m.parameter("b", {3}), m.read(h, 3, start)));
  p.define(h, p.map("tanh", {p.add(x, sum)}));
  m.output("h", p.value(h));
  m.finals(h, start);
  expect_gradient(p);
}

TEST(Differentiate, LookAheadByTwo) {
  ModelBuilder m;
  Program& p = m.p;
  NodeId x = m.input("x", {3});
  EquationId h = m.state("h", {3}, 2, true);
  p.define(h, p.map("tanh", {p.add(x, p.mul(m.parameter("a", {3}), p.add(m.read(h, -2), m.read(h, -1))))}));
  m.output("h", p.value(h));
  m.finals(h);
  expect_gradient(p);
}

// Sequences that are no states: a window over the last inputs, reads of reads, and a factor that is itself a read.
TEST(Differentiate, WindowsAndReadsOfReads) {
  ModelBuilder m;
  Program& p = m.p;
  NodeId x = m.input("x", {3});
  EquationId e = m.declare("e", {3});
  p.define(e, p.map("tanh", {p.mul(x, m.parameter("w", {3}))}));
  EquationId late = m.declare("late", {3});
  p.define(late, m.shifted(e, 1));
  EquationId h = m.state("h", {3});
  NodeId factor = p.mul(m.shifted(e, 2), p.div(m.shifted(late, 1), p.add(p.constant(2), p.value(e))));
  p.define(h, p.add(p.mul(m.read(h, 1), factor), p.add(m.shifted(late, -1), p.mul(m.shifted(e, -2), m.shifted(e, 1)))));
  m.output("h", p.value(h));
  expect_gradient(p);
}

// Factors that can only be read elsewhere through an equation of their own.
TEST(Differentiate, UnnamedFactorsInTheRecurrence) {
  ModelBuilder m;
  Program& p = m.p;
  NodeId x = m.input("x", {3}), clock = m.input("clock", {3}, {false, m.t});
  EquationId h = m.state("h", {3});
  NodeId last = m.read(h, 1);
  NodeId rate = p.div(p.map("exp", {x}), p.add(p.constant(1), p.mul(clock, clock)));
  NodeId even = p.map("equal", {p.map("mod", {p.time(m.t), p.constant(2)}), p.constant(0)});
  NodeId step = p.map("where", {even, p.mul(last, rate), p.div(last, p.add(p.constant(3), p.map("cos", {x})))});
  p.define(h, p.add(step, p.mul(clock, x)));
  m.output("h", p.value(h));
  m.finals(h);
  expect_gradient(p);
}

TEST(Differentiate, ValuesAtTheEnds) {
  ModelBuilder m;
  Program& p = m.p;
  NodeId x = m.input("x", {3}), missing = m.parameter("missing", {3}), other = m.parameter("other", {3});
  EquationId e = m.declare("e", {3});
  p.define(e, p.map("tanh", {p.mul(x, m.parameter("w", {3}))}));
  EquationId clock = p.declare("clock", {3}, {false, m.t});
  p.define(clock, p.mul(m.input("k", {3}, {false, m.t}), missing));
  m.output("last", p.at(e, End::last, 0, {missing}));
  m.output("first", p.mul(p.at(e, End::first, 1), p.at(e, End::last, 2, {missing})));
  m.output("three", p.at(e, End::last, 2, {missing, other, p.mul(missing, other)}));
  m.output("clock", p.mul(p.at(clock, End::last, 1, {other}), p.at(clock, End::first, 7, {missing})));
  expect_gradient(p);
}

// The decoder starts from the encoder's last state: at and shift in one chain, over two axes.
TEST(Differentiate, EncoderAndDecoder) {
  ModelBuilder m;
  Program& p = m.p;
  AxisId s = p.axes.add({"target"});
  NodeId x = m.input("x", {2});
  NodeId y = m.input("y", {2}, {true, s});
  EquationId encoder = m.state("encoder", {3});
  p.define(encoder, p.map("tanh", {m.affine("e", 3, x, m.read(encoder, 1))}));
  EquationId decoder = p.declare("decoder", {3}, {true, s});
  NodeId start = p.at(encoder, End::last, 0);
  p.define(decoder, p.map("tanh", {m.affine("d", 3, y, p.shift(decoder, 1, {start}))}));
  m.output("decoder", p.value(decoder));
  expect_gradient(p);
}

// Adjoints that vary along less than the values they belong to: every repetition counts.
TEST(Differentiate, SumsAndMeansOfLinearFunctions) {
  using Reduce = std::function<void(ModelBuilder&, NodeId)>;
  const Reduce reductions[] = {
      [](ModelBuilder& m, NodeId y) { m.loss(m.p.reduce_sum(m.p.sum_over(y, true, true))); },
      [](ModelBuilder& m, NodeId y) { m.output("mean", m.p.div(m.p.sum_over(y, false, true), m.p.length(m.t))); },
      [](ModelBuilder& m, NodeId y) { m.output("step", m.p.sum_over(y, true, false)); },
      [](ModelBuilder& m, NodeId y) {
        EquationId e = m.declare("e", {3});
        m.p.define(e, y);
        m.loss(m.p.reduce_sum(m.p.sum_over(m.shifted(e, 1), true, true)));
      },
  };
  for (const Reduce& reduce : reductions) {
    SCOPED_TRACE(&reduce - reductions);
    ModelBuilder m;
    Program& p = m.p;
    NodeId x = m.input("x", {3}), k = m.input("k", {3}, {false, m.t}), r = m.input("r", {3}, {true, {}});
    reduce(m, p.add(p.add(x, m.parameter("b", {3})), p.add(k, r)));
    ASSERT_EQ(verify(p), "");
    for (const Program& differentiated : {grad::differentiate(p), with_passes(p)}) {
      grad::GradcheckOptions options;
      options.lengths = true;
      options.rows = 2;  // none of length zero, which has no mean
      grad::GradcheckReport report = grad::gradcheck(p, differentiated, options);
      EXPECT_TRUE(report.agrees) << report.worst << to_string(differentiated);
    }
  }
}

TEST(Differentiate, AMatrixAsState) {
  ModelBuilder m;
  Program& p = m.p;
  NodeId x = m.input("x", {3});
  EquationId C = m.state("C", {3, 3});
  NodeId k = m.define("k", p.matmul(m.parameter("K", {3, 3}), x));
  NodeId f = m.define("f", p.map("sigmoid", {p.reduce_sum(p.mul(x, m.parameter("w", {3})))}));
  p.define(C, p.add(p.mul(f, m.read(C, 1)), p.outer(k, x)));
  m.output("y", p.matmul(p.value(C), p.map("tanh", {x})));
  m.finals(C);
  expect_gradient(p);
}

// The gradient of a gradient: adjoints of reads of adjoints, of impulses and of sums over time.
TEST(Differentiate, Twice) {
  ModelBuilder m;
  Program& p = m.p;
  NodeId x = m.input("x", {2});
  EquationId h = m.state("h", {3});
  p.define(h, p.map("tanh", {m.affine("h", 3, x, m.read(h, 1))}));
  m.output("h", p.value(h));
  m.finals(h);
  Program first = with_passes(p);
  IdVector<ResultId, Result> outputs;
  for (Result result : first.results) {
    bool chosen = result.name == "grad.U_h" || result.name == "grad.h.init" || result.name == "grad.x";
    if (chosen) result.role = ResultRole::output;
    if (grad::Flow::is_objective(result.role)) outputs.add(result);
  }
  first.results = outputs;
  expect_gradient(first);
}

// What gradients are made of has gradients as well: adjoints of ends, of several steps and rows that are too short.
TEST(Differentiate, ImpulsesOfSeveralStepsAndChoicesByLength) {
  for (End end : {End::first, End::last}) {
    ModelBuilder m;
    Program& p = m.p;
    NodeId x = m.input("x", {3}), r = m.input("r", {3}, {true, {}}), s = m.input("s", {3}, {true, {}}), w = m.parameter("w", {3});
    NodeId steps = p.impulse({r, w, p.mul(r, s)}, m.steps(), end, 1);
    NodeId lengths = p.by_length({p.mul(r, w), s, w}, m.t, 3);
    m.output("y", p.mul(p.add(steps, x), p.add(lengths, x)));
    expect_gradient(p);
  }
}

// ---- reads of other steps

// Random transient equations, read everywhere: distribute_reads keeps every value, also of short and empty rows.
class RandomReads {
 public:
  explicit RandomReads(unsigned seed) : engine_(seed) {
    Program& p = m.p;
    run.steps = {4};
    run.rows = 5;
    run.lengths = {std::vector<std::int64_t>{4, 0, 1, 3, 2}};
    std::uniform_real_distribution<double> draw(-1, 1);
    auto numbers = [&](int count) {
      std::vector<double> values(static_cast<std::size_t>(count));
      for (double& value : values) value = draw(engine_);
      return values;
    };
    for (const char* name : {"a", "b", "u"}) {
      leaves_.push_back(m.input(name, {2}));
      run.inputs.push_back(numbers(40));
    }
    row_ = m.input("r", {2}, {true, {}});
    run.inputs.push_back(numbers(10));
    NodeId clock = m.input("k", {2}, {false, m.t});
    run.inputs.push_back(numbers(8));
    run.parameters = {numbers(4), numbers(2)};
    W_ = m.parameter("W", {2, 2});
    leaves_.push_back(m.parameter("w", {2}));
    leaves_.insert(leaves_.end(), {row_, clock, p.mul(p.time(m.t), m.p.constant(0.3))});
    std::vector<EquationId> named;
    for (std::size_t i : {0, 1}) {
      named.push_back(p.declare(i ? "eb" : "ea", {2}, m.steps(), 1));
      p.define(named.back(), leaves_[i]);
    }
    named.push_back(p.declare("ek", {2}, {false, m.t}, 1));
    p.define(named.back(), clock);
    for (EquationId equation : named) {
      for (std::int64_t lag : {-2, -1, 1, 2}) {
        bool zero = pick(2) || !p.equations[equation].domain.batched;
        leaves_.push_back(p.shift(equation, lag, {zero ? p.constant(0) : row_}));
      }
    }
    for (End end : {End::first, End::last})
      for (std::int64_t distance : {0, 1}) {
        leaves_.push_back(p.impulse({row_}, m.steps(), end, distance));
        leaves_.push_back(p.impulse({row_, leaves_[3], row_}, m.steps(), end, distance));
      }
    leaves_.push_back(p.by_length({row_, leaves_[3]}, m.t, 1));
    for (int i = 0; i < 3; ++i) add_transient(i);
  }
  ModelBuilder m;
  InterpreterRun run;

 private:
  int pick(int count) { return static_cast<int>(engine_() % static_cast<unsigned>(count)); }
  void add_transient(int i) {
    Program& p = m.p;
    NodeId value = p.broadcast_scalar(expression(3), {2});
    std::string name = "T" + std::to_string(i);
    EquationId equation = p.declare(name, {2}, m.steps());
    p.equations[equation].transient = true;
    p.define(equation, value);
    for (std::int64_t lag : {-2, -1, 1, 2}) {
      NodeId read = m.shifted(equation, lag);
      if (pick(2)) leaves_.push_back(read);
      m.output(name + "[" + std::to_string(lag) + "]", read);
    }
    for (End end : {End::first, End::last})
      for (std::int64_t distance : {0, 1, 3})
        m.output(name + (end == End::first ? ".first" : ".last") + std::to_string(distance),
                 p.at(equation, end, distance));
  }
  NodeId expression(int depth) {
    Program& p = m.p;
    auto next = [&] { return expression(depth - 1); };
    if (depth == 0) return leaves_[engine_() % leaves_.size()];
    switch (pick(9)) {
      case 0: return p.add(next(), next());
      case 1: return p.sub(next(), next());
      case 2: return p.neg(next());
      case 3:
      case 4: return p.mul(next(), next());
      case 5: return p.matmul(W_, p.broadcast_scalar(next(), {2}));
      case 6: return p.div(next(), p.add(p.constant(2), p.mul(next(), p.constant(0.1))));
      case 7: return p.map("where", {p.map("less", {next(), p.constant(0)}), next(), next()});
      default: return p.div(next(), leaves_[engine_() % 2]);
    }
  }

  std::mt19937 engine_;
  std::vector<NodeId> leaves_;
  NodeId W_, row_;
};

TEST(DistributeReads, KeepsRandomReads) {
  int gone = 0;
  for (unsigned seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomReads test(seed);
    const Program& before = test.m.p;
    ASSERT_EQ(verify(before), "");
    Program after = opt::distribute_reads(before);
    ASSERT_EQ(verify(after), "");
    for (const Equation& equation : after.equations) gone -= equation.transient;
    gone += 3;
    std::vector<bool> wanted(before.results.size(), true);
    auto expected = interpret(before, test.run, wanted), found = interpret(after, test.run, wanted);
    for (ResultId id : before.results.ids()) {
      // Only a zero may lose its domain: it is one number then.
      std::size_t count = found[id.index()].size();
      for (std::size_t i = 0; i < expected[id.index()].size(); ++i) {
        double value = expected[id.index()][i];
        if (count < expected[id.index()].size()) {
          ASSERT_EQ(value, 0);
        }
        ASSERT_NEAR(found[id.index()][i % count], value, 1e-9 * (1 + std::fabs(value)))
            << before.results[id].name << " entry " << i << "\n" << to_string(before) << to_string(after);
      }
    }
  }
  EXPECT_GT(gone, 300) << "of the transient equations";
}

// ---- random recurrences

class RandomRecurrence {
 public:
  explicit RandomRecurrence(unsigned seed) : engine_(seed) {
    Program& p = m.p;
    ahead_ = pick(2) == 1;
    vectors_ = {m.input("x", {3}), m.input("r", {3}, {true, {}}), m.input("k", {3}, {false, m.t}),
                m.parameter("w", {3})};
    scalars_ = {m.parameter("s", {}), m.input("a", {}), p.mul(p.constant(0.3), p.time(m.t))};
    std::vector<EquationId> states;
    for (const char* name : {"h", "c"}) states.push_back(m.state(name, {3}, 2, ahead_));
    for (EquationId state : states)
      for (int lag : {1, 2}) vectors_.push_back(m.read(state, ahead_ ? -lag : lag, pick(2) ? NodeId{} : vectors_[3]));
    EquationId sequence = m.declare("e", {3});
    p.define(sequence, p.map("tanh", {p.mul(vectors_[0], vectors_[3])}));
    for (int lag : {-2, -1, 1}) vectors_.push_back(p.shift(sequence, lag, {pick(2) ? p.constant(0) : vectors_[1]}));
    for (EquationId state : states) {
      NodeId part = expression(2);
      if (pick(2)) vectors_.push_back(m.define("part" + std::to_string(state.value), part));
      p.define(state, p.map("tanh", {p.add(part, expression(2))}));
      m.output(p.equations[state].name, p.value(state));
      m.finals(state);
    }
  }
  ModelBuilder m;

 private:
  int pick(int count) { return static_cast<int>(engine_() % static_cast<unsigned>(count)); }
  NodeId scalar() { return scalars_[static_cast<std::size_t>(pick(3))]; }
  NodeId matrix() { return m.parameter("W" + std::to_string(matrices_++), {3, 3}); }
  NodeId expression(int depth) {
    Program& p = m.p;
    auto next = [&] { return expression(depth - 1); };
    if (depth == 0) return vectors_[engine_() % vectors_.size()];
    switch (pick(13)) {
      case 0: return p.add(next(), next());
      case 1: return p.sub(next(), p.mul(scalar(), next()));
      case 2: return p.mul(next(), next());
      case 3: return p.mul(p.map("sigmoid", {next()}), next());
      case 4: return p.matmul(matrix(), next());
      case 5: return p.matmul(m.parameter("V" + std::to_string(matrices_++), {3, 6}), p.concat({next(), next()}, 0));
      case 6: return p.div(next(), p.add(p.constant(2), p.map("exp", {next()})));
      case 7: return p.map("where", {p.map("less", {scalar(), p.constant(0.4)}), next(), next()});
      case 8: return p.slice(p.concat({next(), next()}, 0), 0, 1 + pick(2), 3);
      case 9: return p.matmul(p.outer(next(), next()), next());
      case 10: return p.mul(p.reduce_sum(p.mul(next(), next())), next());
      case 11: return p.cumulative_sum(next(), pick(2) == 1);
      default: return p.pad(p.slice(next(), 0, pick(2), 2), 0, pick(2), 3);
    }
  }

  std::mt19937 engine_;
  bool ahead_;
  int matrices_ = 0;
  std::vector<NodeId> vectors_, scalars_;
};

TEST(Differentiate, RandomRecurrences) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Program forward = RandomRecurrence(seed).m.p;
    ASSERT_EQ(verify(forward), "");
    Program raw = grad::differentiate(forward), passed = with_passes(forward);
    for (const Program* differentiated : {&raw, &passed}) {
      grad::GradcheckOptions options;
      options.lengths = seed % 2 == 0;
      options.rows = 3;
      options.steps = 4;
      options.entries = 3;
      options.seed = seed;
      grad::GradcheckReport report = grad::gradcheck(forward, *differentiated, options);
      for (const grad::GradcheckTensor& tensor : report.tensors)
        EXPECT_LE(tensor.error, 1e-6) << tensor.name << ", " << tensor.largest
                                      << (differentiated == &raw ? " as derived" : " after the passes");
      if (HasFailure()) FAIL() << to_string(*differentiated);
    }
  }
}

// ---- results, refusals

TEST(Differentiate, AGradientThatNeverArrivesIsZero) {
  ModelBuilder m;
  NodeId x = m.input("x", {3});
  m.input("unused", {2});
  m.parameter("W", {2, 3});
  m.output("y", m.p.mul(x, x));
  m.output("stopped", m.p.stop_gradient(m.p.mul(x, m.parameter("s", {3}))));
  Program program = with_passes(m.p);
  int zeros = 0;
  for (const Result& result : program.results) {
    const Node& node = program[result.node];
    if (result.name == "grad.unused" || result.name == "grad.W" || result.name == "grad.s") {
      ++zeros;
      ASSERT_EQ(node.kind, NodeKind::broadcast);
      EXPECT_EQ(program[node.operands[0]].value, 0);
      EXPECT_EQ(program[node.operands[0]].kind, NodeKind::constant);
    }
    if (result.name == "grad.unused") {
      EXPECT_EQ(node.shape, (Shape{2}));
    }
  }
  EXPECT_EQ(zeros, 3);
}

TEST(Differentiate, ResultsAreNamedAndOrdered) {
  Program program = grad::differentiate(testing::lstm().p);
  std::vector<std::string> names;
  for (const Result& result : program.results) names.push_back(result.name);
  EXPECT_EQ(names, (std::vector<std::string>{"h", "h.final", "c.final", "grad.x", "grad.W_i", "grad.U_i", "grad.b_i",
                                             "grad.W_f", "grad.U_f", "grad.b_f", "grad.W_o", "grad.U_o", "grad.b_o",
                                             "grad.W_g", "grad.U_g", "grad.b_g", "grad.h.init", "grad.c.init"}));
}

TEST(Gradcheck, FindsAWrongGradient) {
  Program forward = testing::lstm().p;
  Program wrong = grad::differentiate(forward);
  for (Result& result : wrong.results)
    if (result.name == "grad.U_f") result.node = wrong.mul(wrong.constant(1 + 1e-5), result.node);
  grad::GradcheckReport report = grad::gradcheck(forward, wrong, {});
  EXPECT_FALSE(report.agrees);
  for (const grad::GradcheckTensor& tensor : report.tensors)
    EXPECT_EQ(tensor.error > 1e-6, tensor.name == "grad.U_f") << tensor.name << " " << tensor.error;
}

TEST(Gradcheck, ListsStoppedGradients) {
  ModelBuilder m;
  NodeId x = m.input("x", {3});
  m.define("y", m.p.mul(x, m.p.stop_gradient(m.p.mul(x, m.parameter("s", {3})))));
  m.output("y", m.p.value(EquationId(0)));
  grad::GradcheckReport report = grad::gradcheck(m.p, grad::differentiate(m.p), {});
  EXPECT_TRUE(report.agrees);
  ASSERT_EQ(report.unchecked.size(), 1u);
  EXPECT_NE(report.unchecked[0].find("stop_gradient in `y`"), std::string::npos) << report.unchecked[0];
}

TEST(Gradcheck, KeepsAwayFromKinks) {
  ModelBuilder m;
  NodeId x = m.input("x", {8});
  m.output("y", m.p.mul(m.p.map("floor", {m.p.mul(m.p.constant(50), x)}), m.p.map("relu", {x})));
  grad::GradcheckReport report = grad::gradcheck(m.p, grad::differentiate(m.p), {});
  EXPECT_TRUE(report.agrees) << report.worst;
}

// Of an objective that turns many times within the longest step, and of one that no step resolves.
TEST(Gradcheck, TakesShorterStepsWhereTheObjectiveIsSteep) {
  for (double steepness : {1e6, 1e12}) {
    ModelBuilder m;
    m.output("y", m.p.map("sin", {m.p.mul(m.p.constant(steepness), m.input("x", {8}))}));
    Program differentiated = grad::differentiate(m.p);
    EXPECT_TRUE(grad::gradcheck(m.p, differentiated, {}).agrees) << steepness;
    for (Result& result : differentiated.results)
      if (result.name == "grad.x") result.node = differentiated.mul(differentiated.constant(1.01), result.node);
    EXPECT_EQ(grad::gradcheck(m.p, differentiated, {}).agrees, steepness > 1e6);
  }
}

// ---- what a person would write on a whiteboard

TEST(Differentiate, PrintsTheLstm) {
  Program program = with_passes(testing::lstm().p);
  PrintOptions options;
  options.gradient_only = true;
  EXPECT_EQ(to_string(program, options), R"(program
equations
  d.h = upstream(h) + impulse(upstream(h.final), last) + U_i' @ d.i.pre[t+1] + U_f' @ d.f.pre[t+1] + U_o' @ d.o.pre[t+1] + U_g' @ d.g.pre[t+1]
  d.c = d.h * o * (1 - tanh(c)^2) + impulse(upstream(c.final), last) + d.c[t+1] * f[t+1]
  d.i = d.c * g
  d.i.pre = d.i * i * (1 - i)
  d.f = d.c * c[t-1]
  d.f.pre = d.f * f * (1 - f)
  d.o = d.h * tanh(c)
  d.o.pre = d.o * o * (1 - o)
  d.g = d.c * i
  d.g.pre = d.g * (1 - g^2)
results
  gradient grad.x = W_i' @ d.i.pre + W_f' @ d.f.pre + W_o' @ d.o.pre + W_g' @ d.g.pre
  gradient grad.W_i = sum(d.i.pre @ x' over t, b)
  gradient grad.U_i = sum(d.i.pre @ h[t-1]' over t, b)
  gradient grad.b_i = sum(d.i.pre over t, b)
  gradient grad.W_f = sum(d.f.pre @ x' over t, b)
  gradient grad.U_f = sum(d.f.pre @ h[t-1]' over t, b)
  gradient grad.b_f = sum(d.f.pre over t, b)
  gradient grad.W_o = sum(d.o.pre @ x' over t, b)
  gradient grad.U_o = sum(d.o.pre @ h[t-1]' over t, b)
  gradient grad.b_o = sum(d.o.pre over t, b)
  gradient grad.W_g = sum(d.g.pre @ x' over t, b)
  gradient grad.U_g = sum(d.g.pre @ h[t-1]' over t, b)
  gradient grad.b_g = sum(d.g.pre over t, b)
  gradient grad.h.init = U_i' @ d.i.pre[first] + U_f' @ d.f.pre[first] + U_o' @ d.o.pre[first] + U_g' @ d.g.pre[first] + where(length(t) == 0, upstream(h.final), 0)
  gradient grad.c.init = d.c[first] * f[first] + where(length(t) == 0, upstream(c.final), 0)
)");
}

// The product that both the reset gate and the state before it receive is computed once.
TEST(Differentiate, SharesTheProductInTheGru) {
  PrintOptions options;
  options.gradient_only = true;
  std::string text = to_string(with_passes(gru(false).p), options);
  std::size_t first = text.find("U_n' @");
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(text.find("U_n' @", first + 1), std::string::npos) << text;
  EXPECT_NE(text.find("d.z = d.h * (h[t-1] - n)"), std::string::npos) << text;
}

// What no rule can move through stays readable through an equation of its own, and nothing else is left behind.
TEST(DistributeReads, LeavesNoTransientEquationInALayer) {
  for (const Program& forward : {testing::lstm().p, gru(false).p, gru(true).p}) {
    Program program = with_passes(forward);
    for (const Equation& equation : program.equations) EXPECT_FALSE(equation.transient) << equation.name;
  }
}

}  // namespace
}  // namespace rnnc
