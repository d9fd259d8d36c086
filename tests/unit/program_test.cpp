// Constructors, the verifier's messages and the printed form of Programs.
#include "compiler/ir/program.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "compiler/base/bug.h"

namespace rnnc::ir {
namespace {

class ProgramTest : public ::testing::Test {
 protected:
  Program p;
  AxisId axis = p.axes.add({""});
  Domain sequence{true, axis}, per_row{true, {}};

  NodeId parameter(const std::string& name, Shape shape) {
    return p.parameter(p.parameters.add({.name = name, .shape = shape}));
  }
  NodeId input(const std::string& name, Shape shape, Domain domain, std::int64_t index_extent = 0) {
    return p.input(p.inputs.add({.name = name, .shape = shape, .domain = domain, .index_extent = index_extent}));
  }
  EquationId equation(const std::string& name, NodeId value) {
    EquationId id = p.declare(name, p[value].shape, p[value].domain);
    p.define(id, value);
    return id;
  }
  StateId state(EquationId equation, int history = 1) {
    const Equation& e = p.equations[equation];
    StateId id = p.states.add({e.name, equation, e.shape, e.domain.axis, history, false});
    p.equations[equation].state = id;
    return id;
  }
  // What building throws, "" when it does not.
  template <class F>
  std::string bug(F build) {
    try {
      build();
    } catch (const Bug& error) {
      return error.what();
    }
    return "";
  }

  NodeId W = parameter("W", {4, 3}), U = parameter("U", {4, 4}), b = parameter("b", {4}), k = parameter("k", {});
  NodeId x = input("x", {3}, sequence), label = input("label", {4}, per_row);
};

// -- constructors

TEST_F(ProgramTest, ShapesAndDomainsAreComputed) {
  NodeId product = p.matmul(W, x);
  EXPECT_EQ(p[product].shape, (Shape{4}));
  EXPECT_EQ(p[product].domain, sequence);
  EXPECT_EQ(p[p.add(product, b)].domain, sequence);
  EXPECT_EQ(p[p.add(label, b)].domain, per_row);
  EXPECT_EQ(p[p.mul(k, b)].shape, (Shape{4}));
  EXPECT_EQ(p[p.outer(label, x)].shape, (Shape{4, 3}));
  EXPECT_EQ(p[p.outer(label, x)].domain, sequence);
  EXPECT_EQ(p[p.transpose(W)].shape, (Shape{3, 4}));
  EXPECT_EQ(p[p.matmul(U, W)].shape, (Shape{4, 3}));
  EXPECT_EQ(p[p.reduce_sum(W, 0)].shape, (Shape{3}));
  EXPECT_EQ(p[p.reduce_max(W)].shape, Shape{});
  EXPECT_EQ(p[p.slice(W, 0, 1, 2)].shape, (Shape{2, 3}));
  EXPECT_EQ(p[p.pad(W, 1, 2, 8)].shape, (Shape{4, 8}));
  EXPECT_EQ(p[p.concat({W, U}, 1)].shape, (Shape{4, 7}));
  EXPECT_EQ(p[p.gather(W, input("token", {}, sequence, 4))].shape, (Shape{3}));
  EXPECT_EQ(p[p.one_hot(input("word", {}, per_row, 9))].shape, (Shape{9}));
  EXPECT_EQ(p[p.broadcast_dim(b, 1, 3)].shape, (Shape{4, 3}));
  EXPECT_EQ(p[p.reshape(W, {12})].shape, (Shape{12}));
  EXPECT_EQ(p[p.time(axis)].domain, (Domain{false, axis}));
  EXPECT_EQ(p[p.length(axis)].domain, per_row);
  EXPECT_EQ(verify(p), "");
}

TEST_F(ProgramTest, EqualNodesAreOne) {
  NodeId product = p.matmul(W, x);
  EXPECT_EQ(p.matmul(W, x), product);
  EXPECT_EQ(p.add(product, b), p.add(b, product));
  EXPECT_EQ(p.mul(k, product), p.mul(product, k));
  EXPECT_NE(p.sub(product, b), p.sub(b, product));
  EXPECT_NE(p.slice(W, 0, 1, 2), p.slice(W, 0, 2, 2));
  EXPECT_NE(p.constant(0.0), p.constant(-0.0));
  double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(p.constant(nan), p.constant(nan));
  EXPECT_NE(p.random({4}, sequence), p.random({4}, sequence));
}

TEST_F(ProgramTest, ConstantsFold) {
  EXPECT_EQ(p.add(p.constant(2), p.constant(3)), p.constant(5));
  EXPECT_EQ(p.map("tanh", {p.constant(0.5)}), p.constant(std::tanh(0.5)));
  NodeId twos = p.broadcast_scalar(p.constant(2), {4});
  EXPECT_EQ(p.mul(twos, p.constant(3)), p.broadcast_scalar(p.constant(6), {4}));
  EXPECT_EQ(p[p.mul(p.constant(0), b)].kind, NodeKind::map) << "x may be infinite";
}

TEST_F(ProgramTest, IdentitiesThatCostNothing) {
  NodeId zero = p.constant(0), one = p.constant(1), y = p.matmul(W, x);
  EXPECT_EQ(p.add(y, zero), y);
  EXPECT_EQ(p.add(zero, y), y);
  EXPECT_EQ(p.add(y, p.broadcast_scalar(zero, {4})), y);
  EXPECT_EQ(p.sub(y, zero), y);
  EXPECT_EQ(p.sub(zero, y), p.neg(y));
  EXPECT_EQ(p.mul(y, one), y);
  EXPECT_EQ(p.mul(p.constant(-1), y), p.neg(y));
  EXPECT_EQ(p.div(y, one), y);
  EXPECT_EQ(p.neg(p.neg(y)), y);
  EXPECT_EQ(p.mul(k, p.broadcast_scalar(one, {4})), p.broadcast_scalar(k, {4}));
  EXPECT_EQ(p.transpose(p.transpose(W)), W);
  EXPECT_EQ(p.reshape(W, {4, 3}), W);
  EXPECT_EQ(p.reshape(p.reshape(W, {12}), {4, 3}), W);
  EXPECT_EQ(p.slice(W, 1, 0, 3), W);
  EXPECT_EQ(p.slice(p.slice(b, 0, 1, 3), 0, 1, 2), p.slice(b, 0, 2, 2));
  EXPECT_EQ(p.pad(b, 0, 0, 4), b);
  EXPECT_EQ(p.concat({b}, 0), b);
  EXPECT_EQ(p.sum_over(y, false, false), y);
  EXPECT_EQ(p.sum_to(y, sequence), y);
  EXPECT_EQ(p.reduce_sum(k), k);
  EXPECT_EQ(p.mul(y, p.ones(sequence)), y);
  EXPECT_NE(p.mul(b, p.ones(sequence)), b) << "the repetition is the point";
}

TEST_F(ProgramTest, RepetitionMovesOutOfFunctions) {
  NodeId y = p.matmul(W, x), repeated = p.broadcast_scalar(k, {4});
  EXPECT_EQ(p.mul(repeated, y), p.mul(k, y));
  EXPECT_EQ(p.map("tanh", {repeated}), p.broadcast_scalar(p.map("tanh", {k}), {4}));
}

TEST_F(ProgramTest, DefinedFunctionsExpand) {
  for (const Elementwise& row : elementwise_table()) {
    if (!row.definition) continue;
    p.map(row.name, std::vector<NodeId>(static_cast<std::size_t>(row.arity), p.matmul(W, x)));
  }
  for (const Node& node : p.nodes) {
    if (node.kind != NodeKind::map) continue;
    EXPECT_EQ(elementwise(node.function).definition, nullptr);
  }
  EXPECT_EQ(verify(p), "");
}

TEST_F(ProgramTest, SumsMultiplyByWhatTheOperandLacks) {
  EXPECT_EQ(p.sum_to(k, per_row, {}), p.mul(k, p.rows()));
  EXPECT_EQ(p.sum_to(k, sequence, per_row), p.mul(k, p.length(axis)));
  EXPECT_EQ(p.sum_to(k, sequence, {}), p.sum_over(p.mul(k, p.length(axis)), true, false));
  NodeId total = p.sum_to(x, {});
  EXPECT_TRUE(p[total].flag);
  EXPECT_EQ(p[total].axis, axis);
  EXPECT_EQ(p[total].domain, Domain{});
  EXPECT_EQ(p[p.sum_to(x, {false, axis})].domain, (Domain{false, axis}));
}

TEST_F(ProgramTest, RebuildGivesTheSameNodeBack) {
  EquationId h = p.declare("h", {4}, sequence);
  StateId s = state(h);
  NodeId before = p.shift(h, 1, {p.initial(s, 1, k)});
  p.define(h, p.map("tanh", {p.add(p.matmul(U, before), p.matmul(W, x))}));
  NodeId token = input("token", {}, sequence, 4);
  p.results.add({ResultRole::output, "h", 0, 0, p.value(h)});
  p.sum_to(p.outer(p.upstream(ResultId(std::size_t{0})), x), {});
  p.impulse({label}, sequence, End::last, 1);
  p.at(h, End::last, 1, {b, label});
  p.reshape(p.concat({p.slice(b, 0, 1, 2), p.reduce_sum(W, 1), p.one_hot(token)}, 0), {5, 2});
  p.pad(p.broadcast_dim(p.cumulative_sum(b, true), 1, 2), 1, 3, 8);
  p.reduce_max(p.transpose(p.stop_gradient(U)), 1);
  p.mul(p.gather(b, token), p.add(p.time(axis), p.mul(p.length(axis), p.mul(p.rows(), p.training()))));
  p.mul(p.mul(p.given(s), p.random({}, per_row)), p.ones(sequence));
  std::size_t count = p.nodes.size();
  for (std::size_t i = 0; i < count; ++i) {
    Node node = p.nodes[NodeId(i)];
    EXPECT_EQ(p.rebuild(node, node.operands), NodeId(i)) << node_kind_name(node.kind);
  }
  EXPECT_EQ(p.nodes.size(), count);
  EXPECT_EQ(verify(p), "");
}

TEST_F(ProgramTest, RebuildKeepsASumWhoseOperandVariesLess) {
  NodeId sum = p.sum_to(x, {});
  NodeId again = p.rebuild(p.nodes[sum], {p.reshape(p.slice(b, 0, 0, 3), {3})});
  EXPECT_EQ(p[again].domain, Domain{});
  EXPECT_EQ(again, p.sum_to(p.slice(b, 0, 0, 3), sequence, {}));
  NodeId along = p.sum_to(x, per_row);
  again = p.rebuild(p.nodes[along], {p.slice(b, 0, 0, 3)});
  EXPECT_EQ(again, p.mul(p.slice(b, 0, 0, 3), p.length(axis))) << "each row to its own end";
}

TEST_F(ProgramTest, EquationsNameTheirNode) {
  NodeId y = p.matmul(W, x);
  EquationId first = equation("y", y);
  equation("z", y);
  EXPECT_EQ(p.value(first), y);
  EXPECT_EQ(p.equation_of(y), first);
  EXPECT_FALSE(p.equation_of(x).valid());
}

TEST_F(ProgramTest, OperandsThatDoNotFitAreBugs) {
  AxisId other = p.axes.add({"src"});
  EquationId h = p.declare("h", {4}, sequence);
  EXPECT_EQ(bug([&] { p.add(b, x); }), "`add` of shapes [4] and [3]");
  EXPECT_EQ(bug([&] { p.matmul(U, x); }), "matmul: of shapes [4, 4] and [3]");
  EXPECT_EQ(bug([&] { p.add(x, p.time(other)); }), "map: operands along two different axes");
  EXPECT_EQ(bug([&] { p.slice(b, 0, 2, 3); }), "slice: outside of [4]");
  EXPECT_EQ(bug([&] { p.one_hot(k); }), "one_hot: its operand is no index");
  EXPECT_EQ(bug([&] { p.shift(h, 0, {b}); }), "shift: a lag of zero steps");
  EXPECT_EQ(bug([&] { p.shift(h, 3, {b, label}); }), "shift: has 2 boundaries, needs 1 or 3");
  EXPECT_EQ(bug([&] { p.shift(h, 1, {p.matmul(W, x)}); }), "shift: a boundary of `h` varies along an axis");
  EXPECT_EQ(bug([&] { p.value(h); }), "equation `h` is read before it is defined");
  EXPECT_EQ(bug([&] { p.define(h, x); }), "equation `h` of shape [4] is defined with shape [3]");
  p.define(h, b);
  EXPECT_EQ(bug([&] { p.define(h, b); }), "equation `h` is defined twice");
}

// -- the verifier

TEST_F(ProgramTest, VerifyFindsWhatConstructorsCannot) {
  EquationId h = p.declare("h", {4}, sequence);
  EXPECT_EQ(verify(p), "equation `h` is not defined");
  NodeId y = p.matmul(W, x);
  p.define(h, y);
  EXPECT_EQ(verify(p), "");

  Program broken = p;
  broken.nodes[y].shape = Shape{3};
  EXPECT_EQ(verify(broken), "equation `h` is declared with shape [4], its value has [3]");
  broken.equations[h].shape = Shape{3};
  EXPECT_NE(verify(broken).find("(matmul): has shape [3], should have [4]"), std::string::npos);

  broken = p;
  broken.nodes[y].domain = per_row;
  EXPECT_NE(verify(broken).find("(matmul): varies over (b), should over (t, b)"), std::string::npos);

  broken = p;
  broken.equations[h].domain = per_row;
  EXPECT_EQ(verify(broken), "equation `h` is declared over (b), its value varies over (t, b)");

  broken = p;
  broken.nodes[y].operands[1] = NodeId(std::size_t{99});
  EXPECT_NE(verify(broken).find("an operand is no node"), std::string::npos);

  broken = p;
  NodeId late = broken.neg(x);
  broken.nodes[y].operands[1] = late;
  EXPECT_NE(verify(broken).find("comes after it"), std::string::npos);

  broken = p;
  broken.results.add({ResultRole::loss, "loss", 0, 0, y});
  EXPECT_EQ(verify(broken), "result `loss` is a loss, but not one number: it has shape [4] over (t, b)");

  broken = p;
  broken.states.add({"h", h, Shape{3}, axis, 1, false});
  EXPECT_EQ(verify(broken), "state `h` differs from its equation `h` in shape or axis");
}

TEST_F(ProgramTest, VerifyNamesACycleAtTheSameStep) {
  NodeId y = p.matmul(W, x), z = p.map("tanh", {y});
  equation("y", y);
  equation("z", z);
  p.nodes[y].operands[1] = z;
  EXPECT_EQ(verify(p), "a value depends on itself at the same step: z -> y");
}

TEST_F(ProgramTest, VerifyNamesARecurrenceOfPastAndFuture) {
  EquationId h = p.declare("h", {4}, sequence), c = p.declare("c", {4}, sequence);
  p.define(h, p.add(p.matmul(W, x), p.shift(c, 1, {b})));
  p.define(c, p.map("tanh", {p.shift(h, -2, {b})}));
  EXPECT_EQ(verify(p), "a recurrence mixes past and future: c -> h[t+2] -> c[t-1]");
}

TEST_F(ProgramTest, VerifyNamesACycleThroughTheWholeSequence) {
  EquationId h = p.declare("h", {4}, sequence), m = p.declare("m", {4}, per_row);
  p.define(h, p.add(p.matmul(W, x), p.shift(h, 1, {p.at(h, End::last, 0)})));
  EXPECT_EQ(verify(p), "equation `m` is not defined");
  p.define(m, p.sum_to(p.value(h), per_row));
  EXPECT_EQ(verify(p), "a value depends on the whole sequence it belongs to: h -> h[t-1] -> h[last]");
}

TEST_F(ProgramTest, PastAndFutureMayFollowEachOther) {
  EquationId f = p.declare("f", {4}, sequence), g = p.declare("g", {4}, sequence);
  p.define(f, p.map("tanh", {p.add(p.matmul(W, x), p.shift(f, 1, {b}))}));
  p.define(g, p.map("tanh", {p.add(p.value(f), p.shift(g, -1, {b}))}));
  EXPECT_EQ(verify(p), "");
}

// -- printing

TEST_F(ProgramTest, PrintsAnLstmAsOnAWhiteboard) {
  Program lstm;
  lstm.name = "LSTM";
  AxisId t = lstm.axes.add({""});
  Domain sequence{true, t};
  auto parameter = [&](const std::string& name, Shape shape) {
    return lstm.parameter(lstm.parameters.add({.name = name, .shape = shape}));
  };
  NodeId x = lstm.input(lstm.inputs.add({.name = "x", .shape = {3}, .domain = sequence}));
  EquationId h = lstm.declare("h", {4}, sequence), c = lstm.declare("c", {4}, sequence);
  NodeId c0 = parameter("c0", {4});
  StateId state_h = lstm.states.add({"h", h, Shape{4}, t, 1, false});
  StateId state_c = lstm.states.add({"c", c, Shape{4}, t, 1, false});
  lstm.equations[h].state = state_h;
  lstm.equations[c].state = state_c;
  NodeId h_start = lstm.initial(state_h, 1, lstm.constant(0)), c_start = lstm.initial(state_c, 1, c0);
  NodeId h_before = lstm.shift(h, 1, {h_start}), c_before = lstm.shift(c, 1, {c_start});
  std::vector<NodeId> gates;
  for (std::string name : {"i", "f", "o", "g"}) {
    NodeId W = parameter("W_" + name, {4, 3}), U = parameter("U_" + name, {4, 4}), b = parameter("b_" + name, {4});
    NodeId pre = lstm.add(lstm.add(lstm.matmul(W, x), lstm.matmul(U, h_before)), b);
    EquationId gate = lstm.declare(name, {4}, sequence);
    lstm.define(gate, lstm.map(name == "g" ? "tanh" : "sigmoid", {pre}));
    gates.push_back(lstm.value(gate));
  }
  lstm.define(c, lstm.add(lstm.mul(gates[1], c_before), lstm.mul(gates[0], gates[3])));
  lstm.define(h, lstm.mul(gates[2], lstm.map("tanh", {lstm.value(c)})));
  lstm.results.add({ResultRole::output, "h", 0, 0, lstm.value(h)});
  lstm.results.add({ResultRole::final_state, "h.final", 0, 1, lstm.at(h, End::last, 0, {h_start})});

  // A part of its gradient.
  EquationId d_h = lstm.declare("d.h", {4}, sequence), d_c = lstm.declare("d.c", {4}, sequence);
  NodeId tanh_c = lstm.map("tanh", {lstm.value(c)});
  lstm.define(d_h, lstm.upstream(ResultId(std::size_t{0})));
  NodeId slope = lstm.sub(lstm.constant(1), lstm.mul(tanh_c, tanh_c));
  NodeId zero = lstm.constant(0);
  lstm.define(d_c, lstm.add(lstm.mul(lstm.mul(lstm.value(d_h), gates[2]), slope),
                            lstm.mul(lstm.shift(lstm.equation_of(gates[1]), -1, {zero}), lstm.shift(d_c, -1, {zero}))));
  NodeId d_pre = lstm.mul(lstm.mul(lstm.value(d_c), gates[3]),
                          lstm.mul(gates[0], lstm.sub(lstm.constant(1), gates[0])));
  lstm.results.add({ResultRole::parameter_gradient, "grad.U_i", 2, 0, lstm.sum_to(lstm.outer(d_pre, h_before), {})});
  lstm.results.add({ResultRole::input_gradient, "grad.x", 0, 0,
                    lstm.matmul(lstm.transpose(lstm.parameter(ParameterId(std::size_t{1}))), d_pre)});
  ASSERT_EQ(verify(lstm), "");

  const std::string declarations = R"(model LSTM
  input x : [3] over t, b
  param c0 : [4]
  param W_i : [4, 3]
  param U_i : [4, 4]
  param b_i : [4]
  param W_f : [4, 3]
  param U_f : [4, 4]
  param b_f : [4]
  param W_o : [4, 3]
  param U_o : [4, 4]
  param b_o : [4]
  param W_g : [4, 3]
  param U_g : [4, 4]
  param b_g : [4]
states
  h[-1] = given or 0
  c[-1] = given or c0
equations
  i = sigmoid(W_i @ x + U_i @ h[t-1] + b_i)
  f = sigmoid(W_f @ x + U_f @ h[t-1] + b_f)
  o = sigmoid(W_o @ x + U_o @ h[t-1] + b_o)
  g = tanh(W_g @ x + U_g @ h[t-1] + b_g)
  c = f * c[t-1] + i * g
  h = o * tanh(c)
)";
  const std::string adjoint = R"(  d.h = upstream(h)
  d.c = d.h * o * (1 - tanh(c)^2) + f[t+1] * d.c[t+1]
  s1 = d.c * g * i * (1 - i)
)";
  const std::string gradients = R"(  gradient grad.U_i = sum(s1 @ h[t-1]' over t, b)
  gradient grad.x = W_i' @ s1
)";
  EXPECT_EQ(to_string(lstm), declarations + adjoint + "results\n  output h\n  final h.final = h[last]\n" + gradients);
  EXPECT_EQ(to_string(lstm, {.gradient_only = true}),
            "model LSTM\nequations\n" + adjoint + "results\n" + gradients);
}

TEST_F(ProgramTest, PrintsOperatorsWithTheFewestParentheses) {
  NodeId y = p.matmul(W, x);
  auto text = [&](NodeId node) {
    Program one = p;
    one.results.add({ResultRole::output, "r", 0, 0, node});
    std::string all = to_string(one);
    std::size_t begin = all.find("output r = ") + 11;
    return all.substr(begin, all.find('\n', begin) - begin);
  };
  NodeId two = p.constant(2), one = p.constant(1), c = p.stop_gradient(label), a = b;
  EXPECT_EQ(text(p.sub(a, p.sub(label, k))), "b - (label - k)");
  EXPECT_EQ(text(p.sub(p.sub(a, label), k)), "b - label - k");
  EXPECT_EQ(text(p.add(a, p.add(label, k))), "b + label + k");
  EXPECT_EQ(text(p.add(a, p.neg(label))), "b - label");
  EXPECT_EQ(text(p.sub(a, one)), "b - 1");
  EXPECT_EQ(text(p.add(p.constant(-1.5), a)), "b - 1.5");
  EXPECT_EQ(text(p.mul(p.add(a, label), two)), "2 * (b + label)");
  EXPECT_EQ(text(p.div(a, p.mul(label, k))), "b / (label * k)");
  EXPECT_EQ(text(p.mul(a, p.div(label, k))), "b * (label / k)");
  EXPECT_EQ(text(p.mul(a, y)), "b * (W @ x)");
  EXPECT_EQ(text(p.matmul(U, p.mul(a, label))), "U @ (b * label)");
  EXPECT_EQ(text(p.matmul(p.transpose(U), y)), "U' @ (W @ x)");
  EXPECT_EQ(text(p.neg(p.mul(a, label))), "-(b * label)");
  EXPECT_EQ(text(p.mul(p.add(a, k), p.add(a, k))), "(b + k)^2");
  EXPECT_EQ(text(p.map("less", {p.add(a, k), label})), "b + k < label");
  EXPECT_EQ(text(p.map("where", {p.map("less", {k, one}), a, label})), "where(k < 1, b, label)");
  EXPECT_EQ(text(p.slice(U, 0, 0, 2)), "U[0:2, :]");
  EXPECT_EQ(text(p.gather(U, input("token", {}, sequence, 4))), "U[token]");
  EXPECT_EQ(text(p.concat({a, x}, 0)), "[b, x]");
  EXPECT_EQ(text(p.sum_to(x, {})), "sum(x over t, b)");
  EXPECT_EQ(text(p.reduce_sum(W, 1)), "sum(W over 1)");
  EXPECT_EQ(text(p.reduce_max(c)), "max(stop_gradient(label))");
  EXPECT_EQ(text(p.impulse({label}, sequence, End::last, 2)), "impulse(label, last-2)");
  EXPECT_EQ(text(p.impulse({label, a}, sequence, End::last, 0)), "impulse(label, b, last … last-1)");
  EXPECT_EQ(text(p.impulse({label, a, label}, sequence, End::first, 1)), "impulse(label, …, label, first+1 … first+3)");
  EXPECT_EQ(text(p.by_length({label}, sequence.axis, 2)), "where(length(t) == 2, label, 0)");
  EXPECT_EQ(text(p.by_length({label, a}, sequence.axis, 0)), "by_length(label, b, length(t) = 0 … 1)");
}

TEST_F(ProgramTest, PrintsInitialValuesOnceAndDeviationsWhereTheyAre) {
  EquationId s = p.declare("s", {4}, sequence);
  StateId id = state(s, 3);
  std::vector<NodeId> start{p.initial(id, 1, b), p.initial(id, 2, b), p.initial(id, 3, k)};
  NodeId near = p.shift(s, 1, {start[0]}), far = p.shift(s, 3, start), other = p.shift(s, 2, {label});
  p.define(s, p.add(p.add(near, far), other));
  EquationId r = p.declare("r", {4}, sequence);
  p.define(r, p.add(p.value(s), p.shift(r, -2, {b})));
  p.results.add({ResultRole::final_state, "s.final", 0, 2, p.at(s, End::last, 1, {start[0], start[1]})});
  std::string text = to_string(p);
  EXPECT_NE(text.find("  s[-2..-1] = given or b\n  s[-3] = given or k\n  r[T..T+1] = b\n"), std::string::npos) << text;
  EXPECT_NE(text.find("  s = s[t-1] + s[t-3] + s[t-2; label]\n  r = s + r[t+2]\n"), std::string::npos) << text;
  EXPECT_NE(text.find("  final s.final 2 = s[last-1]\n"), std::string::npos) << text;
}

TEST_F(ProgramTest, LabelsAndSharedExpressionsGetALine) {
  NodeId y = p.matmul(W, x), pre = p.add(y, b);
  p.labels[pre] = "pre";
  NodeId shared = p.map("exp", {p.mul(pre, k)});
  equation("u", p.map("tanh", {shared}));
  equation("v", p.mul(pre, shared));
  std::string text = to_string(p);
  EXPECT_NE(text.find("  pre = W @ x + b\n  s1 = exp(pre * k)\n  u = tanh(s1)\n  v = pre * s1\n"), std::string::npos)
      << text;
}

TEST_F(ProgramTest, PrintsALongChainWithoutRecursion) {
  NodeId y = b;
  for (int i = 0; i < 30000; ++i) y = p.map("tanh", {p.reshape(p.reshape(p.add(y, label), {2, 2}), {4})});
  NodeId view = W;
  for (int i = 0; i < 10000; ++i) view = p.transpose(p.pad(view, 0, 0, p[view].shape[0] + 1));
  equation("y", y);
  equation("view", view);
  EXPECT_EQ(verify(p), "");
  EXPECT_GT(to_string(p).size(), 30000u);
}

}  // namespace
}  // namespace rnnc::ir
