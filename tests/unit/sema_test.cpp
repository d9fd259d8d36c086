// Elaboration: what Programs come out, and what each mistake says.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "compiler/ir/dependence.h"
#include "tests/unit/sema_case.h"

namespace rnnc::sema {
namespace {

const ir::StateInfo* state(const Outcome& outcome, const std::string& name) {
  for (const ir::StateInfo& info : outcome.program().states)
    if (info.name == name) return &info;
  return nullptr;
}

std::vector<std::string> result_names(const Outcome& outcome) {
  std::vector<std::string> names;
  for (const ir::Result& result : outcome.program().results)
    names.push_back(result.name + (result.slot > 1 ? " " + std::to_string(result.slot) : ""));
  return names;
}

std::vector<std::string> parameter_names(const Outcome& outcome) {
  std::vector<std::string> names;
  for (const ir::ParameterInfo& info : outcome.program().parameters)
    names.push_back(info.name + " " + info.shape.to_string());
  return names;
}

using Names = std::vector<std::string>;

const char* const lstm = R"(cell LSTM(I, H) {
  input x : [I]
  state h, c : [H]
  param W_i, W_f, W_o, W_g : [H, I]
  param U_i, U_f, U_o, U_g : [H, H]
  param b_i, b_o, b_g : [H]
  param b_f : [H] = 1
  i = sigmoid(W_i @ x + U_i @ h[t-1] + b_i)
  f = sigmoid(W_f @ x + U_f @ h[t-1] + b_f)
  o = sigmoid(W_o @ x + U_o @ h[t-1] + b_o)
  g = tanh(W_g @ x + U_g @ h[t-1] + b_g)
  c = f * c[t-1] + i * g
  h = o * tanh(c)
}
)";

const char* const simple = R"(cell RNN(I, H) {
  input x : [I]
  state h : [H]
  param W : [H, I]   U : [H, H]
  h = tanh(W @ x + U @ h[t-1])
}
)";

TEST(Sema, LoneCellHasItsInputsAndStates) {
  Outcome outcome = good(lstm, {{{"I", 3}, {"H", 5}}, ""});
  const ir::Program& program = outcome.program();
  EXPECT_EQ(program.name, "LSTM");
  ASSERT_EQ(program.inputs.size(), 1u);
  EXPECT_EQ((*program.inputs.begin()).shape, ir::Shape({3}));
  EXPECT_TRUE((*program.inputs.begin()).domain.batched);
  EXPECT_TRUE((*program.inputs.begin()).domain.axis.valid());
  EXPECT_EQ(result_names(outcome), (Names{"h", "c", "h.final", "c.final"}));
  EXPECT_EQ(outcome.equations(),
            "  i = sigmoid(W_i @ x + U_i @ h[t-1] + b_i)\n"
            "  f = sigmoid(W_f @ x + U_f @ h[t-1] + b_f)\n"
            "  o = sigmoid(W_o @ x + U_o @ h[t-1] + b_o)\n"
            "  g = tanh(W_g @ x + U_g @ h[t-1] + b_g)\n"
            "  c = f * c[t-1] + i * g\n"
            "  h = o * tanh(c)\n");
  for (const ir::ParameterInfo& info : program.parameters) {
    bool matrix = info.shape.rank() == 2;
    EXPECT_EQ(info.initializer, matrix ? ir::Initializer::glorot : ir::Initializer::constant) << info.name;
    EXPECT_EQ(info.low, info.name == "b_f" ? 1 : 0) << info.name;
  }
}

TEST(Sema, ModelInstantiatesImportedCells) {
  Outcome outcome = good(R"(import "lstm.rnn"
model CharLM(V = 65, H = 256) {
  input  token : index(V)
  target next  : index(V)
  param  E : [V, H]   R : [V, H]   b : [V]
  l1 = LSTM(H, H)(E[token])
  l2 = LSTM(H, H)(l1.h)
  y  = R @ l2.h + b
  output y
  loss   cross_entropy(y, next)
}
)",
                         {{{"H", 4}}, ""}, {{"lstm.rnn", lstm}});
  EXPECT_EQ(result_names(outcome), (Names{"y", "loss", "l1.h.final", "l1.c.final", "l2.h.final", "l2.c.final"}));
  EXPECT_EQ(outcome.program().parameters.size(), 3u + 2 * 12);
  EXPECT_EQ(parameter_names(outcome)[3], "l1.W_i [4, 4]");
  const ir::InputInfo& next = outcome.program().inputs[ir::InputId(std::size_t{1})];
  EXPECT_EQ(next.index_extent, 65);
  EXPECT_TRUE(next.target);
  ir::Origin origin = outcome.program().states[ir::StateId(std::size_t{2})].origin;
  EXPECT_EQ(outcome.sources.text(outcome.elaborated->origins.spans[origin]), "h");
}

TEST(Sema, RepeatedLayersHavePositionsInTheirNames) {
  Outcome outcome = good(std::string(simple) + R"(model Stack(H = 4, N = 3) {
  input x : [2]
  l[0] = RNN(2, H)(x)
  for k in 1..N-1 { l[k] = RNN(H, H)(l[k-1].h) }
  y = l[N-1]
  output y
}
)");
  EXPECT_EQ(parameter_names(outcome),
            (Names{"l.0.W [4, 2]", "l.0.U [4, 4]", "l.1.W [4, 4]", "l.1.U [4, 4]", "l.2.W [4, 4]", "l.2.U [4, 4]"}));
  EXPECT_NE(outcome.equations().find("l.2.h = tanh(l.2.W @ l.1.h + l.2.U @ l.2.h[t-1])"), std::string::npos);
}

TEST(Sema, ReverseNegatesEveryLag) {
  Outcome outcome = good(std::string(simple) + R"(model Bi(H = 3) {
  input x : [2]
  f = RNN(2, H)(x)
  b = reverse RNN(2, H)(x)
  y = [f.h, b.h]
  z = last(f) + first(b)
  output y, z
}
)");
  EXPECT_NE(outcome.equations().find("b.h = tanh(b.W @ x + b.U @ b.h[t+1])"), std::string::npos);
  EXPECT_FALSE(state(outcome, "f.h")->reversed);
  EXPECT_TRUE(state(outcome, "b.h")->reversed);
  for (const ir::Result& result : outcome.program().results) {
    if (result.role != ir::ResultRole::final_state) continue;
    EXPECT_EQ(outcome.program()[result.node].end, result.name == "b.h.final" ? ir::End::first : ir::End::last);
  }
}

TEST(Sema, ReverseTwiceIsForward) {
  Outcome outcome = good(std::string(simple) + R"(cell Turned(H) {
  input x : [H]
  r = reverse RNN(H, H)(x)
  y = r.h + x[t-1]
  output y
}
model M(H = 3) {
  input x : [H]
  a = reverse Turned(H)(x)
  output a
}
)");
  EXPECT_FALSE(state(outcome, "a.r.h")->reversed);
  EXPECT_NE(outcome.equations().find("a.r.U @ a.r.h[t-1]"), std::string::npos);
  EXPECT_NE(outcome.equations().find("a.x[t+1]"), std::string::npos);
}

TEST(Sema, LookAheadMakesAStateRightToLeft) {
  Outcome outcome = good(R"(cell Back(H = 3) {
  input x : [H]
  param h0 : [H]
  state h : [H] = h0
  h = 0.5 * h[t+1] + x
}
)");
  EXPECT_TRUE(state(outcome, "h")->reversed);
  bool learned = false;
  for (const ir::Node& node : outcome.program().nodes)
    learned = learned || (node.kind == ir::NodeKind::initial &&
                          outcome.program()[node.operands[0]].kind == ir::NodeKind::parameter);
  EXPECT_TRUE(learned);
}

TEST(Sema, HistoryIsTheLargestLag) {
  Outcome outcome = good(R"(cell Lags(H = 3) {
  input x : [H]
  state h : [H] = 0.5
  h = h[t-1] + 0.1 * h[t-3] + x[t-2]
}
)");
  EXPECT_EQ(state(outcome, "h")->history, 3);
  EXPECT_EQ(state(outcome, "x")->history, 2);  // an input that is looked back on keeps its history as a state does
  EXPECT_EQ(result_names(outcome), (Names{"h", "h.final", "h.final 2", "h.final 3", "x.final", "x.final 2"}));
}

// What a state begins with is looked at last, and each of these adds a sequence without a name of its own.
TEST(Sema, StatesThatNothingReadsBeginWithAStepOfASequence) {
  constexpr int count = 100;
  std::string text = "cell Many(H = 3) {\n  input x : [H]\n";
  for (int i = 0; i < count; ++i) {
    const std::string name = "s" + std::to_string(i);
    text += "  state " + name + " : [H] = first((x * " + std::to_string(i + 2) + ")[t+1] + x)\n  " + name + " = 2 * x\n";
  }
  Outcome outcome = compile(text + "}\n");
  ASSERT_TRUE(outcome.elaborated) << outcome.said.substr(0, 500);
  EXPECT_EQ(outcome.program().states.size(), static_cast<std::size_t>(count));
  for (const ir::Equation& equation : outcome.program().equations) EXPECT_TRUE(equation.value.valid()) << equation.name;
}

TEST(Sema, OutputFeedsBackWithoutAStateDeclaration) {
  Outcome outcome = good(std::string(simple) + R"(model Jordan(H = 5) {
  input x : [3]
  param R : [3, H]
  l = RNN(H = H)(x + y[t-1])
  y = R @ l.h
  output y
}
)");
  ASSERT_NE(state(outcome, "y"), nullptr);
  EXPECT_EQ(state(outcome, "y")->shape, ir::Shape({3}));
  EXPECT_EQ(parameter_names(outcome)[1], "l.W [5, 3]");
}

TEST(Sema, DimensionsAreInferredThroughArithmetic) {
  Outcome outcome = good(R"(cell Half(H, K = 2) {
  input x : [2*H + 1]
  y = x[1:H+1] * K
  output y
}
model M {
  input x : [9]
  a = Half()(x)
  output a
}
)");
  EXPECT_EQ(outcome.program()[(*outcome.program().results.begin()).node].shape, ir::Shape({4}));
}

TEST(Sema, FunctionsAreInlinedAndMayLookBack) {
  Outcome outcome = good(R"(const scale = 1/4
fn gate(W, U, b, x, h) = sigmoid(W @ x + U @ h[t-1] + b)
cell G(H = 3) {
  input x : [H]
  state h : [H]
  param W, U : [H, H]
  param b : [H]
  z = gate(W, U, b, scale * x, h)
  h = (1 - z) * h[t-1] + z
}
)");
  EXPECT_NE(outcome.equations().find("z = sigmoid(W @ (0.25 * x) + U @ h[t-1] + b)"), std::string::npos)
      << outcome.equations();
}

TEST(Sema, EveryFormOfTheMatrixProduct) {
  Outcome outcome = good(R"(model P {
  input x : [3]
  input y : [4]
  param A : [4, 3]   B : [3, 2]
  a = A @ x
  b = A @ B
  c = y @ A
  d = x @ x
  e = outer(y, x)
  f = A'
  output a, b, c, d, e, f
}
)");
  Names shapes;
  for (const ir::Result& result : outcome.program().results)
    if (result.role == ir::ResultRole::output) shapes.push_back(outcome.program()[result.node].shape.to_string());
  EXPECT_EQ(shapes, (Names{"[4]", "[4, 2]", "[3]", "[]", "[4, 3]", "[3, 4]"}));
}

TEST(Sema, SubscriptsListsAndReductions) {
  Outcome outcome = good(R"(model S(H = 4) {
  input x : [H]
  param W : [2, H, H]
  a = x[1]
  b = W[1][0:2, :]
  c = [a, x[2:H], 7]
  d = reshape(W[0], H*H)
  e = sum(W[0], axis = 1)
  f = softmax(x)
  g = max(x) + min(x) + mean(x) + norm(x) + logsumexp(x)
  h = where(t < 2, cumsum(x), max(x, 0))
  output a, b, c, d, e, f, g, h
}
)");
  Names shapes;
  for (const ir::Result& result : outcome.program().results)
    shapes.push_back(outcome.program()[result.node].shape.to_string());
  EXPECT_EQ(shapes, (Names{"[]", "[2, 4]", "[4]", "[16]", "[4]", "[4]", "[]", "[4]"}));
}

TEST(Sema, TargetThatAnOutputNeedsIsNotOptional) {
  Outcome outcome = good(R"(model M {
  input x : [2]
  target d, e : [2]
  y = x + d[t-1]
  output y
  loss mse(y, d) + mse(y, e)
}
)");
  EXPECT_FALSE(outcome.program().inputs[ir::InputId(std::size_t{1})].target);
  EXPECT_TRUE(outcome.program().inputs[ir::InputId(std::size_t{2})].target);
}

TEST(Sema, TwoAxesAndAStateThatBeginsWhereAnotherEnds) {
  Outcome outcome = good(std::string(simple) + R"(model EncDec(H = 3) {
  input a : [H] over src
  input b : [H] over tgt
  e = RNN(H, H)(a)
  d = RNN(H, H)(b, h = last(e.h))
  output d
}
)");
  ASSERT_EQ(outcome.program().axes.size(), 2u);
  EXPECT_NE(state(outcome, "e.h")->axis, state(outcome, "d.h")->axis);
}

TEST(Sema, InitialisersOfParameters) {
  Outcome outcome = good(R"(model M(H = 4) {
  input x : [H]
  param A : [H, H] = orthogonal(2)
  param B : [H, H] = identity
  param C : [H] = uniform(-1/sqrt(H), 0.5)
  param D : [H] = uniform(3)
  y = A @ B @ x + C + D
  output y
}
)");
  const auto& parameters = outcome.program().parameters;
  auto at = [&](std::size_t i) { return parameters[ir::ParameterId(i)]; };
  EXPECT_EQ(at(0).initializer, ir::Initializer::orthogonal);
  EXPECT_EQ(at(0).low, 2);
  EXPECT_EQ(at(1).initializer, ir::Initializer::identity);
  EXPECT_EQ(at(2).low, -0.5);
  EXPECT_EQ(at(2).high, 0.5);
  EXPECT_EQ(at(3).low, -3);
  EXPECT_EQ(at(3).high, 3);
}

TEST(Sema, ChoosesTheEntry) {
  std::string two =
      std::string(simple) + "cell Other(H = 2) {\n  input x : [H]\n  state h : [H]\n  h = h[t-1] + x\n}\n";
  EXPECT_EQ(good(two, {{}, "Other"}).program().name, "Other");
  EXPECT_EQ(good(two, {{{"I", 1}, {"H", 2}}, "RNN"}).program().name, "RNN");
  EXPECT_EQ(good("import \"r.rnn\"\n" + two.substr(std::string(simple).size()), {}, {{"r.rnn", simple}}).program().name,
            "Other");
}

TEST(Sema, WhatMultipliesIsStopped) {
  std::string text = "fn f0(x) = x + 1\n";
  for (int i = 1; i < 60; ++i) {
    std::string inner = "f" + std::to_string(i - 1);
    text += "fn f" + std::to_string(i) + "(x) = " + inner + "(" + inner + "(x))\n";
  }
  Outcome outcome = compile(text + "model M {\n  input x : [2]\n  y = f59(x)\n  output y\n}\n");
  EXPECT_NE(outcome.said.find("error[E0507]: the model is too large"), std::string::npos) << outcome.said;
  EXPECT_EQ(std::count(outcome.said.begin(), outcome.said.end(), '['), 1);  // nothing follows from it
}

TEST(Sema, LongChainsOfEquationsNeedNoRecursion) {
  std::string text = "model M {\n  input x : [2]\n  a0 = x\n";
  for (int i = 1; i < 5000; ++i) text += "  a" + std::to_string(i) + " = tanh(a" + std::to_string(i - 1) + ")\n";
  good(text + "  output a4999\n}\n");
}

// What a model with `u = EXPRESSION` of x, two numbers at each of T steps and B rows, all 1, gives.
std::vector<double> values_of(const std::string& expression, bool training, std::int64_t steps, std::int64_t rows) {
  Outcome outcome = good("model M { input x : [2]; output u = " + expression + " }");
  if (!outcome.elaborated) return {};
  ir::InterpreterRun run;
  run.steps = {steps};
  run.rows = rows;
  run.training = training;
  run.inputs = {std::vector<double>(static_cast<std::size_t>(2 * steps * rows), 1)};
  return ir::interpret(outcome.program(), run, {true})[0];
}

TEST(Sema, DropoutKeepsItsShareAndTheExpectation) {
  std::vector<double> u = values_of("dropout(x, 0.25)", true, 50, 100);
  std::int64_t dropped = std::count(u.begin(), u.end(), 0.0), kept = std::count(u.begin(), u.end(), 1 / 0.75);
  EXPECT_EQ(dropped + kept, 10000);
  EXPECT_NEAR(static_cast<double>(dropped), 2500, 150);
  for (double value : values_of("dropout(x, 0.25)", false, 5, 3)) EXPECT_EQ(value, 1);
  for (double value : values_of("dropout(x, 0)", true, 5, 3)) EXPECT_EQ(value, 1);
}

TEST(Sema, ZoneoutKeepsOldValuesAndTheirExpectation) {
  std::vector<double> u = values_of("zoneout(x, -x, 0.25)", true, 50, 100);
  std::int64_t old = std::count(u.begin(), u.end(), -1.0), fresh = std::count(u.begin(), u.end(), 1.0);
  EXPECT_EQ(old + fresh, 10000);
  EXPECT_NEAR(static_cast<double>(old), 2500, 150);
  for (double value : values_of("zoneout(x, -x, 0.25)", false, 5, 3)) EXPECT_EQ(value, 0.5);
}

TEST(Sema, MasksPerRowLastForTheSequence) {
  std::vector<double> u = values_of("dropout(x, 0.5, mask = per_row)", true, 6, 40);
  std::vector<double> first(u.begin(), u.begin() + 80);
  for (std::ptrdiff_t t = 1; t < 6; ++t) EXPECT_EQ(std::vector<double>(u.begin() + 80 * t, u.begin() + 80 * (t + 1)), first);
  EXPECT_EQ(std::set<double>(first.begin(), first.end()), (std::set<double>{0, 2}));
  std::vector<double> step = values_of("dropout(x, 0.5)", true, 2, 40);
  EXPECT_NE(std::vector<double>(step.begin(), step.begin() + 80), std::vector<double>(step.begin() + 80, step.end()));
}

TEST(Sema, TeacherForcingKeepsNoRecurrence) {
  const char* jordan = "model M { input y : [3] = z\n param R : [3, 3]\n z = tanh(R @ y[t-1])\n output z\n"
                       "loss mse(z, y) }";
  auto recurrences = [](const ir::Program& program) {
    ir::Components components = ir::components(program);
    return std::count(components.recurrent.begin(), components.recurrent.end(), true);
  };
  Options own, mixed;
  own.feed = Feed::own;
  mixed.feed = Feed::mixed;
  EXPECT_EQ(recurrences(good(jordan).program()), 0);
  EXPECT_EQ(recurrences(good(jordan, own).program()), 1);
  EXPECT_EQ(recurrences(good(jordan, mixed).program()), 1);
  EXPECT_TRUE(good(jordan, own).program().inputs[ir::InputId(0)].target);
  EXPECT_FALSE(good(jordan, mixed).program().inputs[ir::InputId(0)].target);
}

TEST(Sema, FindsShapesAlongChainsOfEarlierSteps) {
  for (const char* link : {"2 * e$[t-1]", "(2 * e$)[t-1]", "(2 * e$)[t-1] * mean(x)"}) {
    std::string chain;
    for (int k = 0; k < 1000; ++k) {
      std::string line = link;
      line.replace(line.find('$'), 1, std::to_string(k + 1));
      chain += "e" + std::to_string(k) + " = " + line + "\n";
    }
    const Outcome outcome = good("model M { input x : [3]\n" + chain + "e1000 = x * 2\n output e0 }");
    const ir::Program& program = outcome.program();
    EXPECT_EQ(program[program.results[ir::ResultId(0)].node].shape, ir::Shape({3})) << link;
  }
}

// A number times something unknown need not be a number; a circle of nothing but numbers is.
TEST(Sema, GuessesNumbersLast) {
  good("model M { input x : [3]\n input y : [6] = P @ e[t-1]\n param P : [6, 3]\n"
       "e = (mean(y) * x)[t-1] * mean(x)\n output e }");
  const Outcome outcome = good("model M { input x : [3]\n a = 0.5 * b[t-1] + 1\n b = 0.5 * a[t-2]\n output y = b * x }");
  EXPECT_EQ(outcome.program().states[ir::StateId(0)].shape.rank(), 0);
}

TEST(Sema, WhatLossesReadBackBeginsWithAStateOfItsOwn) {
  const char* source = "model M { input y : [3] = z\n param R : [3, 3]\n z = tanh(R @ y[t-1])\n output z\n"
                       "loss mse(z, y[t-1]) }";
  const auto states = [&](Feed feed) {
    Options options;
    options.feed = feed;
    const Outcome outcome = good(source, options);
    std::vector<std::string> names;
    for (const ir::StateInfo& state : outcome.program().states) names.push_back(state.name);
    return names;
  };
  using Names = std::vector<std::string>;
  EXPECT_EQ(states(Feed::given), Names({"y"}));
  EXPECT_EQ(states(Feed::own), Names({"y", "y.given"}));
  EXPECT_EQ(states(Feed::mixed), Names({"y", "y.given"}));
}

// A function reads other steps of a member of an array as of what has a name of its own.
TEST(Sema, FunctionsTakeMembersOfArraysByName) {
  const auto model = [](const std::string& reads) {
    return "fn lag(u) = u[t-1]\nfn of(l) = l.h[t-1]\nfn final(u) = last(u)\ncell C { input x; state h = 1; h = 0.5 * h[t-1] + x }\n"
           "model M { input x\n l[0] = C()(x)\n output o = " + reads + "\n output q = l[0].h[t-1]\n output z = last(l[0].h) }";
  };
  const InputValues inputs{{"x", {1, 2, 3}}};
  for (const char* reads : {"lag(l[0])", "lag(l[0].h)", "of(l[0])"}) {
    const Outcome outcome = good(model(reads));
    EXPECT_EQ(result_of(outcome, "o", 3, inputs), result_of(outcome, "q", 3, inputs)) << reads;
    EXPECT_EQ(result_of(outcome, "o", 3, inputs).at(0), 1) << reads;
  }
  EXPECT_EQ(result_of(good(model("final(l[0])")), "o", 0, inputs), result_of(good(model("final(l[0])")), "z", 0, inputs));
}

// What a few lines ask for is refused before it takes minutes.
TEST(Sema, LimitsAreTold) {
  const auto refused = [](const std::string& body, const std::string& said) {
    const Outcome outcome = compile("model M(N = 4) { input x : [N]\n a[0] = x\n " + body + " }");
    EXPECT_NE(outcome.said.find("error[E0507]: " + said), std::string::npos) << outcome.said;
  };
  refused("for i in 0..99 { for j in 1..201 { a[i*201+j] = a[i*201+j-1] + 1 } }\n output y = a[20100]", "the model has more than 20000 equations");
  refused("for i in 1..33 { a[i] = tanh(a[i-1][t-256]) }\n output y = a[33]", "the model has more than 8192 values that are kept");
  refused("for i in 1..4000 { for j in 1..4000 { for k in 1..4000 { } } }\n output y = x", "the model has more than 200000 turns of `for`");
}

// In a state's initial value, too, where a loss is the first to need it.
TEST(Sema, InitialValuesReadWhatIsFed) {
  Options own;
  own.feed = Feed::own;
  const std::string model = "model M { input x = y[t-1] + 3\n target q\n param w\n state h = 10 * first(x)\n h = 2 * x\n"
                            " y = w * x + 1\n output y\n loss squared_error(h[t-1], q)";
  const InputValues inputs{{"x", {100, 200}}, {"q", {0, 0}}};
  for (const char* more : {"", "\n output z = h[t-1]"})
    EXPECT_DOUBLE_EQ(result_of(good(model + more + " }", own), "loss", 2, inputs).at(0), (30 * 30 + 6 * 6) / 2.0) << more;
}

// What a call hands over by name does not change which state comes first.
TEST(Sema, AnInstanceMeansItsFirstDeclaredState) {
  const std::string cell = "cell C { input x\n state h, c\n h = x + h[t-1]\n c = 100 * x + c[t-1] }\n";
  const InputValues inputs{{"x", {1, 2}}};
  for (const char* call : {"C()(x)", "C()(x, c = 0)", "C()(x, c = 0, h = 0)", "C()(c = 0, x = x)"}) {
    const Outcome outcome = good(cell + "model M { input x\n l = " + call + "\n output y = l, z = l.c }");
    EXPECT_EQ(result_of(outcome, "y", 2, inputs), (std::vector<double>{1, 3})) << call;
    EXPECT_EQ(outcome.program().states[ir::StateId(std::size_t{0})].name, "l.h") << call;
  }
}

// Whatever keeps a value from being known is told.
TEST(Sema, NothingIsLostWithoutAWord) {
  const std::pair<const char*, const char*> mistakes[] = {
      {"const a = b\nconst b = a\nmodel M { input x : [a]\n output y = x }", "E0117"},
      {"const a = b\nconst b = a\nmodel M { input x\n output y = x[t-a] }", "E0117"},
      {"const a = b\nconst b = a\nmodel M { input x\n output y = x\n for k in 1..a { loss mean(x) } }", "E0117"},
      {"const a = a\nmodel M { input x : [3]\n output z = x\n loss mean(x)\n loss ones(a) @ ones(a) }", "E0117"},
      {"model M(H = H) { input x : [H]\n output y = x }", "E0404"},
      {"cell C(A = B, B = 2) { input x : [3]\n state h : [A]\n h = 0.5 * h[t-1] }\n"
       "model M { input x : [3]\n c = C()(x)\n output y = c\n output z = x }", "E0404"},
      {"const k = 4000000000 * 2000000000\nmodel M { input x\n output y = x[t - k - k] }", "E0403"},
      {"model M { input x\n for i in 1..4096 { for j in 1..60 { loss x } }\n output x }", "E0507"},
      {"model M { input x\n e = [x * e[t-1], 1]\n output e }", "E0311"},
      {"model M { input x\n e = [f[t-1] * x, x]\n f = [e[t-1] * 2, x]\n output e }", "E0311"},
      {"fn f(a, a) = a\nmodel M { input x\n output y = f(x, 2 * x) }", "E0102"},
      {"fn f(x) = sum_over_time(x) derivative 1\nmodel M { input x\n output y = f(x) }", "E0513"},
      {"fn f(x) = sum(x) derivative 1\nmodel M { input x : [3]\n output y = f(x) }", "E0513"}};
  for (const auto& [text, code] : mistakes) {
    const std::string said = compile(text).said;
    EXPECT_NE(said.find(code), std::string::npos) << text << "\n" << said;
  }
  good("fn f(x, n) = x * n + mean([3, 5]) derivative [n, 0]\nmodel M { input x : [2]\n output y = f(x, 3), z = f(x, 2) }");
  good("fn hard(v) = one_hot(argmax(v)) derivative 1\nmodel M { input x : [3]\n output y = hard(x) }");
}

// A mistake in a cell that is called twice is one.
TEST(Sema, MistakesAreToldUpToAHundred) {
  for (const int count : {99, 100, 200}) {
    std::string text = "cell C {\n input x\n state h\n h = h[t-1] + x\n";
    for (int i = 0; i < count; ++i) text += " y" + std::to_string(i) + " = x + q" + std::to_string(i) + "\n";
    const std::string said = compile(text + "}\nmodel M { input x\n a = C()(x)\n b = C()(x)\n output y = a + b }").said;
    const std::size_t end = std::string::npos;
    EXPECT_EQ(said.find("E0011") != end, count > 99) << said.substr(0, 300);
    EXPECT_NE(said.find("`q98` is not defined"), end);
    EXPECT_EQ(said.find("`q99` is not defined"), end);
  }
}

// Whether it stands above or below the line that says what it is called with.
TEST(Sema, DimensionsAreInferredWhereTheyHaveDefaults) {
  const std::string cell = "cell C(H = 2) { input x : [H]\n state h : [H]\n h = x + h[t-1] }\n";
  const Outcome above = good(cell + "model M { input x\n input v : [3]\n c = C()(e[t-1])\n e = v * x\n output c }");
  const Outcome below = good(cell + "model M { input x\n input v : [3]\n e = v * x\n c = C()(e[t-1])\n output c }");
  for (const Outcome* outcome : {&above, &below}) EXPECT_EQ(state(*outcome, "c.h")->shape, ir::Shape{3});
}

TEST(Sema, RemaindersOfDimensionsHaveTheDivisorsSign) {
  const Outcome outcome = good("const m = -7 % 3\nfn f(a) = a\n"
                               "model M { input x\n output y = x + f(-7 % 3), z = x + (-7 % 3), w = x + m, u = x[t-m], v = x[t-(1-3) % 5] }");
  const InputValues inputs{{"x", {1, 2, 3, 4, 5}}};
  for (const char* name : {"y", "z", "w"})
    EXPECT_EQ(result_of(outcome, name, 5, inputs), (std::vector<double>{3, 4, 5, 6, 7})) << name;
  EXPECT_EQ(result_of(outcome, "u", 5, inputs), (std::vector<double>{0, 0, 1, 2, 3}));
  EXPECT_EQ(result_of(outcome, "v", 5, inputs), (std::vector<double>{0, 0, 0, 1, 2}));
}

TEST(Sema, ChosenEntriesDoNotMeetTheOthers) {
  const Outcome outcome = good("model M { input p : [3]\n v = log(p)\n output y = v[argmax(v)] }");
  EXPECT_EQ(result_of(outcome, "y", 1, {{"p", {0.5, 0, 0.25}}}), std::vector<double>{std::log(0.5)});
}

TEST(Sema, ZoneoutHasTheShapeAndStepsOfBothAtAnyRate) {
  const Outcome outcome = good("model M { input p per row\n input x : [2]\n output y = zoneout(p, x, 0) }");
  EXPECT_EQ(result_of(outcome, "y", 2, {{"p", {7}}, {"x", {1, 2, 3, 4}}}), (std::vector<double>{7, 7, 7, 7}));
  for (const char* rate : {"0", "0.5"})
    for (const char* call : {"zoneout(w, w, ", "dropout(w, "}) {
      const Outcome drops = good("model M { param w : [2]\n output z = " + std::string(call) + rate + ", mask = per_row) }");
      EXPECT_TRUE(drops.program()[drops.program().results[ir::ResultId(0)].node].domain.batched) << call << rate;
    }
}

// Also where the compiler only tries whether an argument is a whole number, or a call one of a cell.
TEST(Sema, NamesOfTwoImportsCannotBeUsed) {
  const Imports imports{{"a.rnn", "const k = 1\ncell L { input x\n output y = x + 1 }"},
                        {"b.rnn", "const k = 5\ncell L { input x\n output y = x + 2 }"}};
  for (const char* use : {"output y = x + f(k)", "output y = x + f(k + 1)", "output y = x + k", "output y = x[t-k]",
                          "l = L()(x)\n output y = l.y", "l = L(x)\n output y = l.y"}) {
    const std::string said =
        compile("import \"a.rnn\"\nimport \"b.rnn\"\nfn f(a) = a\nmodel M { input x\n " + std::string(use) + " }", {}, imports).said;
    EXPECT_NE(said.find("` comes from two imported files"), std::string::npos) << use << "\n" << said;
  }
}

TEST(Sema, OwnNamesComeBeforeFunctionsAndInitialisers) {
  for (const char* text : {"fn f(sigmoid, x) = sigmoid(x)\nmodel M { input x\n output y = f(x, x) }",
                           "fn twice(x) = 2 * x\nfn thrice(x) = 3 * x\nfn apply(twice, x) = twice(x)\n"
                           "model M { input x\n output y = apply(thrice, x) }"}) {
    const std::string said = compile(text).said;
    EXPECT_NE(said.find("error[E0107]"), std::string::npos) << text << "\n" << said;
  }
  const Outcome both = good("model M { input x : [2]\n norm = norm(x)\n output y = norm }");
  EXPECT_EQ(result_of(both, "y", 1, {{"x", {3, 4}}}), std::vector<double>{5});
  const Outcome outcome = good("const glorot = 0.5\nfn uniform(a) = a * 2\nmodel M { param V : [2, 2] = glorot\n"
                               "param W : [2, 2] = uniform(4)\n input x : [2]\n output y = (V + W) @ x }");
  const auto& parameters = outcome.program().parameters;
  EXPECT_EQ(parameters[ir::ParameterId(0)].low, 0.5);
  EXPECT_EQ(parameters[ir::ParameterId(1)].low, 8);
  for (const ir::ParameterInfo& parameter : parameters) EXPECT_EQ(parameter.initializer, ir::Initializer::constant);
  const Outcome turns = good("model M { input x\n h[0] = x\n for max in 1..2 { h[max] = max(h[max-1], max) }\n"
                             "output y = h[2] }");
  EXPECT_EQ(result_of(turns, "y", 1, {{"x", {0.5}}}), std::vector<double>{2});
}

TEST(Sema, OnlyANumberOfThatNameHidesAnInitialiser) {
  const Outcome outcome = good("fn orthogonal(a) = a\nmodel M { param identity : [2, 2] = identity\n"
                               "param V : [2, 2] = identity\n param W : [2, 2] = orthogonal\n input x : [2]\n"
                               "output y = (identity + V + W) @ x }");
  const auto& parameters = outcome.program().parameters;
  EXPECT_EQ(parameters[ir::ParameterId(0)].initializer, ir::Initializer::identity);
  EXPECT_EQ(parameters[ir::ParameterId(1)].initializer, ir::Initializer::identity);
  EXPECT_EQ(parameters[ir::ParameterId(2)].initializer, ir::Initializer::orthogonal);
  for (const char* value : {"c", "c + 1"}) {
    const std::string said = compile("model M { input x\n param c = " + std::string(value) + "\n output y = c * x }").said;
    EXPECT_NE(said.find("error[E0211]"), std::string::npos) << said;
  }
}

// What an initialiser asks for can declare more parameters.
TEST(Sema, InitialisersTakeConstantsOfCellsThatStandBehind) {
  std::string many = "V0", sum = many;
  for (int i = 1; i < 40; ++i) {
    many += ", V" + std::to_string(i);
    sum += " + V" + std::to_string(i);
  }
  const Outcome outcome = good("cell A { input u\n param " + many + "\n k = 3\n output y = (" + sum + ") * u }\n"
                               "cell C { input x\n param W = x\n output y = W + x }\n"
                               "model M { input u\n c = C()(a.k)\n a = A()(u)\n output y = c + a.y }");
  for (const ir::ParameterInfo& parameter : outcome.program().parameters)
    EXPECT_EQ(parameter.low, parameter.name == "c.W" ? 3 : 0) << parameter.name;
}

TEST(Sema, ARecurrenceCanBeAllThatHasSteps) {
  const Outcome outcome = good("model M { s = 0.5 * s[t-1] + 1\n output o = s\n loss s[t-1] }");
  EXPECT_EQ(result_of(outcome, "o", 3, {}), (std::vector<double>{1, 1.5, 1.75}));
}

TEST(Sema, FunctionsTakeTheSignOfZero) {
  for (const auto& [zero, sign] : {std::pair("-0", -1), {"0 * -1", -1}, {"(1 - 1) / -3", -1}, {"z * 1", -1}, {"2 - 2", 1}}) {
    const Outcome outcome = good("const z = -0\nfn inverse(u) = 1 / u\nmodel M { input x\n output y = x + inverse(" +
                                 std::string(zero) + ") }");
    EXPECT_EQ(result_of(outcome, "y", 1, {{"x", {1}}})[0], sign * std::numeric_limits<double>::infinity()) << zero;
  }
}

TEST(Sema, FunctionsTakeZeroAsAPosition) {
  const Outcome outcome = good("fn at(v, k) = v[t+k]\nfn entry(v, k) = v[k]\nmodel M { input x : [2]\n"
                               "for k in 0..1 { e[k] = at(x, -k) + entry(x, 0 * -k) }\n output y = e[0] + e[1] }");
  EXPECT_EQ(result_of(outcome, "y", 2, {{"x", {1, 2, 4, 8}}}), (std::vector<double>{3, 4, 13, 18}));
}

TEST(Sema, DimensionsFollowFromInputsInAnyOrder) {
  const Outcome outcome = good("cell C(I, H) { input x : [I*H]\n input y : [H]\n output z = sum(x) + sum(y) + I }\n"
                               "model M { input a : [6]\n input b : [3]\n l = C()(a, b)\n output y = l.z }");
  EXPECT_EQ(result_of(outcome, "y", 1, {{"a", {1, 1, 1, 1, 1, 1}}, {"b", {1, 2, 3}}}), std::vector<double>{14});
}

TEST(Sema, DimensionsFollowFromInputsAndDefaults) {
  const Outcome outcome = good("cell C(I, H = 2) { input x : [I*H]\n output z = sum(x) + I + 10 * H }\n"
                               "model M { input a : [6]\n l = C()(a)\n output y = l.z }");
  EXPECT_EQ(result_of(outcome, "y", 1, {{"a", {1, 1, 1, 1, 1, 1}}}), std::vector<double>{29});
}

TEST(Sema, DimensionsOfCellsThatFeedEachOtherFollowInAnyOrder) {
  const std::string body = " { input x : [I]\n state h : [I]\n h = x + h[t-1] }\n", cell = "cell C(I)" + body;
  for (const char* order : {"a = C()(x + b.h[t-1])\n b = C()(a.h)", "b = C()(a.h)\n a = C()(x + b.h[t-1])"}) {
    good("cell C(I, K = 3) { input x : [I]\n state h : [I]\n h = x + K * h[t-1] }\n"
         "model M { input x : [2]\n " + std::string(order) + "\n output y = b + x }");
    good("cell C(I = 4)" + body + "model M { input x : [2]\n " + order + "\n output y = b + x }");
    good(cell + "model M { input x : [2] over words\n input z over pages\n " + order + "\n output y = b + x, w = z }");
  }
  for (const char* lines : {"u = x + b.h[t-1]\n b = C()(u)", "b = C()(u)\n u = x + b.h[t-1]",
                            "state u : [2]\n u = sum(b.h[t-1]) + 0.5 * u[t-1] + x\n b = C()(u)",
                            "l[0] = C()(x + l[1].h[t-1])\n for k in 1..29 { l[k] = C()(l[k-1] + l[k+1].h[t-1]) }\n"
                            "l[30] = C()(l[29])\n b = l[30].h"})
    good(cell + "model M { input x : [2]\n " + lines + "\n output y = b }");
  for (const char* lines : {"a = C()(x + b.h[t-1])\n b = C()(a.h)", "b = C()(a.h)\n a = C()(x + b.h[t-1])",
                            "b = C()(a)\n a = C()(b[t-1] + x)", "a = C()(x + c.h[t-1])\n c = C()(a.h[t-1])\n b = C()(a)"}) {
    const Outcome outcome = good(cell + "model M { input x : [2]\n " + lines + "\n output y = b }");
    EXPECT_EQ(outcome.program().states.size(), std::string_view(lines).find("c = ") == std::string_view::npos ? 2u : 3u) << lines;
  }
  const std::string said = compile(cell + "model M { input x : [2]\n a = C()(b.h[t-1])\n b = C()(a.h)\n output y = b + x }").said;
  EXPECT_NE(said.find("error[E0404]: dimension `I` of `C` is not given and follows from no input"), std::string::npos) << said;
}

// Each could follow from the other one's default.
TEST(Sema, DimensionsThatDefaultsSayDoNotHangOnTheOrder) {
  const std::string body = " { input x : [I]\n state h : [I]\n h = x + h[t-1] }\n";
  for (const char* order : {"a = A()(x + b.h[t-1])\n b = B()(a.h)", "b = B()(a.h)\n a = A()(x + b.h[t-1])"}) {
    const Outcome outcome = good("cell A(I = 4)" + body + "cell B(I = 6)" + body + "model M { input x\n " + order +
                                 "\n output y = b + x }");
    for (const ir::StateInfo& state : outcome.program().states) EXPECT_EQ(state.shape[0], 6) << order;
  }
  for (const char* order : {"a = A()(x + b.h[t-1][0:3])\n b = A()(a.h)", "b = A()(a.h)\n a = A()(x + b.h[t-1][0:3])"}) {
    const Outcome outcome = good("cell A(I = 4)" + body + "model M { input x\n " + order + "\n output y = a }");
    for (const ir::StateInfo& state : outcome.program().states) EXPECT_EQ(state.shape[0], 3) << order;
  }
}

// What `y` runs along is not known when `d` is first asked for.
TEST(Sema, AxesFollowFromArgumentsThatAreKnownLate) {
  const Outcome outcome = good("cell D { input x over s\n input y over r\n state h over s\n state g over r\n h = x + h[t-1]\n"
                               "g = last(y) + g[t-1] }\nmodel M { input x over p\n input z over q\n"
                               "u = z * [1, sum(last(d.h))][1]\n d = D()(x, u)\n output y = d.g }");
  const ir::Program& program = outcome.program();
  const auto g = std::find_if(program.states.begin(), program.states.end(), [](const auto& state) { return state.name == "d.g"; });
  ASSERT_NE(g, program.states.end());
  EXPECT_EQ(program.axes[g->axis].name, "q");
}

TEST(Sema, WhatNoInputSaysIsTold) {
  const std::string said = compile("cell C(I, K) { input x : [I]\n state h : [I]\n h = x + K * h[t-1] }\n"
                                   "model M { input x : [2]\n a = C()(x + b.h[t-1])\n b = C()(a.h)\n output y = b }").said;
  EXPECT_NE(said.find("dimension `K` of `C`"), std::string::npos) << said;
  EXPECT_EQ(said.find("dimension `I` of `C`"), std::string::npos) << said;
}

// The instance feeds the input that its dimension follows from.
TEST(Sema, DimensionsFollowFromInputsThatAreFed) {
  const Outcome outcome = good("cell C(I, H) { input x : [I]\n state h : [H]\n param W : [H, I]\n h = W @ x + h[t-1] }\n"
                               "model M { input x : [3] = tanh(sum(l.h[t-1]) * p)\n input i : index(4) = argmax(l.h[t-1])\n"
                               "param p : [3]\n param E : [4, 3]\n l = C(H = 4)(E[i] + x)\n output l }");
  EXPECT_EQ(outcome.program().parameters.size(), 3u);
}

TEST(Sema, NoParameterIsCalledAsTheStep) {
  const std::string said = compile("fn f(x, t) = x[t-1]\nmodel M { input x\n output y = f(x, 2) }").said;
  EXPECT_NE(said.find("error[E0108]: `t` always means the current step"), std::string::npos) << said;
}

TEST(Sema, SuggestsLoopVariablesWhereTheyStand) {
  const std::string said = compile("model M { input x : [3]\n for lay in 0..0 { for k in 0..0 { a[lay] = laya * x } }\n"
                                   " for oth in 0..0 { for k in 0..0 { b[oth] = otha * laya } }\n output x }").said;
  const std::size_t second = said.find("m.rnn:3:");
  ASSERT_NE(second, std::string::npos) << said;
  EXPECT_NE(said.find("did you mean `lay`?"), std::string::npos) << said;
  EXPECT_EQ(said.find("did you mean `lay`?", second), std::string::npos) << said;
}

TEST(Sema, FeedingNeedsAFedInput) {
  Options own;
  own.feed = Feed::own;
  EXPECT_EQ(compile("cell C { input x\n state h\n h = x + h[t-1] }", own).said,
            "m.rnn:1:6: error[E0514]: `C` has no input that says what it is fed with\n"
            "   1 | cell C { input x\n"
            "     |      ^\n"
            "  help: for example `input before : [O] = y[t-1]`\n");
}

TEST(Sema, EveryDropoutDrawsForItself) {
  std::vector<double> u = values_of("dropout(x, 0.5) - dropout(x, 0.5)", true, 5, 40);
  EXPECT_NE(std::count(u.begin(), u.end(), 0.0), 400);
  Outcome outcome = good("cell C(H = 2) { input x : [H]\n state h : [H]\n h = dropout(x, 0.5) + h[t-1] }\n"
                         "model M { input x : [2]\n a = C()(x)\n b = C()(x)\n output y = a.h - b.h }");
  EXPECT_EQ(outcome.program().random_sites, 2);
}

}  // namespace
}  // namespace rnnc::sema
