// The interpreter against loops written by hand, on random weights and more than two steps.
#include "compiler/ir/interpreter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>

#include "compiler/ir/threefry.h"

namespace rnnc::ir {
namespace {

using Numbers = std::vector<double>;

Numbers random_numbers(std::int64_t count, unsigned seed) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<double> uniform(-1, 1);
  Numbers numbers(static_cast<std::size_t>(count));
  for (double& x : numbers) x = uniform(generator);
  return numbers;
}

void expect_near(const Numbers& actual, const Numbers& expected, double tolerance = 1e-12) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < actual.size(); ++i) EXPECT_NEAR(actual[i], expected[i], tolerance) << "at entry " << i;
}

// A Program with one axis "" and what most tests add to it.
struct Model {
  Program p;
  AxisId axis = p.axes.add({""});
  Domain sequence{true, axis};
  InterpreterRun run;

  NodeId parameter(const std::string& name, Shape shape, unsigned seed) {
    run.parameters.push_back(random_numbers(shape.size(), seed));
    return p.parameter(p.parameters.add({.name = name, .shape = shape}));
  }
  NodeId input(const std::string& name, Shape shape, Domain domain, Numbers values, std::int64_t index_extent = 0) {
    run.inputs.push_back(std::move(values));
    return p.input(p.inputs.add({.name = name, .shape = shape, .domain = domain, .index_extent = index_extent}));
  }
  StateId state(EquationId equation, int history = 1, bool reversed = false) {
    const Equation& e = p.equations[equation];
    StateId id = p.states.add({e.name, equation, e.shape, e.domain.axis, history, reversed});
    p.equations[equation].state = id;
    return id;
  }
  EquationId equation(const std::string& name, NodeId value) {
    EquationId id = p.declare(name, p[value].shape, p[value].domain);
    p.define(id, value);
    return id;
  }
  void result(const std::string& name, NodeId node, ResultRole role = ResultRole::output) {
    p.results.add({role, name, -1, 0, node});
  }
  std::vector<Numbers> results() {
    EXPECT_EQ(verify(p), "");
    return interpret(p, run, std::vector<bool>(p.results.size(), true));
  }
};

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

struct Sizes {
  std::int64_t steps, rows, inputs, hidden;
};

// One LSTM layer over `lengths`, gates in the order i, f, o, g.
struct Gates {
  Numbers W, U, b;
};
Numbers lstm_by_hand(const Sizes& s, const std::vector<Gates>& gates, const Numbers& x, const Numbers& h0,
                     const std::vector<std::int64_t>& lengths, Numbers& last_h) {
  Numbers h = h0, c(static_cast<std::size_t>(s.rows * s.hidden)), y(static_cast<std::size_t>(s.steps * s.rows * s.hidden));
  for (std::int64_t t = 0; t < s.steps; ++t) {
    for (std::int64_t row = 0; row < s.rows; ++row) {
      if (t >= lengths[static_cast<std::size_t>(row)]) continue;
      Numbers next_h, next_c;
      for (std::int64_t j = 0; j < s.hidden; ++j) {
        double pre[4];
        for (std::size_t g = 0; g < 4; ++g) {
          pre[g] = gates[g].b[j];
          for (std::int64_t k = 0; k < s.inputs; ++k)
            pre[g] += gates[g].W[j * s.inputs + k] * x[(t * s.rows + row) * s.inputs + k];
          for (std::int64_t k = 0; k < s.hidden; ++k) pre[g] += gates[g].U[j * s.hidden + k] * h[row * s.hidden + k];
        }
        double cell = sigmoid(pre[1]) * c[row * s.hidden + j] + sigmoid(pre[0]) * std::tanh(pre[3]);
        next_c.push_back(cell);
        next_h.push_back(sigmoid(pre[2]) * std::tanh(cell));
      }
      std::copy(next_h.begin(), next_h.end(), h.begin() + row * s.hidden);
      std::copy(next_c.begin(), next_c.end(), c.begin() + row * s.hidden);
      std::copy(next_h.begin(), next_h.end(), y.begin() + (t * s.rows + row) * s.hidden);
    }
  }
  last_h = h;
  return y;
}

void add_lstm(Model& m, const Sizes& s, std::vector<Gates>* by_hand) {
  Program& p = m.p;
  NodeId x = m.input("x", {s.inputs}, m.sequence, random_numbers(s.steps * s.rows * s.inputs, 1));
  EquationId h = p.declare("h", {s.hidden}, m.sequence), c = p.declare("c", {s.hidden}, m.sequence);
  StateId h_state = m.state(h);
  NodeId h_before = p.shift(h, 1, {p.initial(h_state, 1, p.constant(0))});
  NodeId c_before = p.shift(c, 1, {p.constant(0)});
  std::vector<NodeId> gates;
  for (unsigned g = 0; g < 4; ++g) {
    NodeId W = m.parameter("W" + std::to_string(g), {s.hidden, s.inputs}, 10 + g);
    NodeId U = m.parameter("U" + std::to_string(g), {s.hidden, s.hidden}, 20 + g);
    NodeId b = m.parameter("b" + std::to_string(g), {s.hidden}, 30 + g);
    NodeId pre = p.add(p.add(p.matmul(W, x), p.matmul(U, h_before)), b);
    gates.push_back(p.map(g == 3 ? "tanh" : "sigmoid", {pre}));
    if (by_hand) by_hand->push_back({m.run.parameters[3 * g], m.run.parameters[3 * g + 1], m.run.parameters[3 * g + 2]});
  }
  p.define(c, p.add(p.mul(gates[1], c_before), p.mul(gates[0], gates[3])));
  p.define(h, p.mul(gates[2], p.map("tanh", {p.value(c)})));
  m.result("h", p.value(h));
  m.result("h.final", p.at(h, End::last, 0, {p.initial(h_state, 1, p.constant(0))}), ResultRole::final_state);
  m.run.steps = {s.steps};
  m.run.rows = s.rows;
}

TEST(Interpreter, LstmWithLengthsAndNanInThePadding) {
  Sizes s{5, 4, 3, 6};
  Model m;
  std::vector<Gates> gates;
  add_lstm(m, s, &gates);
  std::vector<std::int64_t> lengths{5, 2, 0, 3};
  m.run.lengths = {lengths};
  Numbers h0 = random_numbers(s.rows * s.hidden, 3);
  m.run.state_in = {h0};
  Numbers x = *m.run.inputs[0];
  for (std::int64_t t = 0; t < s.steps; ++t)
    for (std::int64_t row = 0; row < s.rows; ++row)
      if (t >= lengths[row])
        for (std::int64_t k = 0; k < s.inputs; ++k) (*m.run.inputs[0])[(t * s.rows + row) * s.inputs + k] = nan;
  Numbers final;
  Numbers y = lstm_by_hand(s, gates, x, h0, lengths, final);
  auto results = m.results();
  expect_near(results[0], y);
  expect_near(results[1], final);
}

TEST(Interpreter, StatesDefaultWhenNothingIsPassed) {
  Sizes s{4, 2, 3, 5};
  Model m;
  std::vector<Gates> gates;
  add_lstm(m, s, &gates);
  Numbers final, zero(static_cast<std::size_t>(s.rows * s.hidden));
  Numbers y = lstm_by_hand(s, gates, *m.run.inputs[0], zero, {4, 4}, final);
  expect_near(m.results()[0], y);
}

TEST(Interpreter, HistoryReadsTheOldestFirst) {
  // s = 0.5 * s[t-1] + s[t-3] * x, with three values from before the first step.
  Model m;
  Program& p = m.p;
  std::int64_t T = 6, B = 2;
  Numbers x = random_numbers(T * B, 1), before = random_numbers(3 * B, 2);
  NodeId input = m.input("x", {}, m.sequence, x);
  EquationId s = p.declare("s", {}, m.sequence);
  StateId state = m.state(s, 3);
  std::vector<NodeId> boundary;
  for (int j = 1; j <= 3; ++j) boundary.push_back(p.initial(state, j, p.constant(j)));
  NodeId oldest = p.shift(s, 3, boundary), newest = p.shift(s, 1, {boundary[0]});
  p.define(s, p.add(p.mul(p.constant(0.5), newest), p.mul(oldest, input)));
  m.result("s", p.value(s));
  for (int slot = 1; slot <= 3; ++slot) {
    std::vector<NodeId> beyond(boundary.begin(), boundary.begin() + slot);
    m.result("s.final", p.at(s, End::last, slot - 1, beyond), ResultRole::final_state);
  }
  m.run.steps = {T};
  m.run.rows = B;
  m.run.lengths = {std::vector<std::int64_t>{6, 2}};

  auto check_against = [&](const Numbers& history) {
    Numbers expected(static_cast<std::size_t>(T * B)), slots(static_cast<std::size_t>(3 * B));
    for (std::int64_t row = 0; row < B; ++row) {
      Numbers all;  // oldest first, then the steps
      for (int j = 0; j < 3; ++j) all.push_back(history[j * B + row]);
      for (std::int64_t t = 0; t < (*m.run.lengths[0])[row]; ++t) {
        all.push_back(0.5 * all[all.size() - 1] + all[all.size() - 3] * x[t * B + row]);
        expected[t * B + row] = all.back();
      }
      for (int slot = 1; slot <= 3; ++slot) slots[(slot - 1) * B + row] = all[all.size() - slot];
    }
    auto results = m.results();
    expect_near(results[0], expected);
    for (int slot = 1; slot <= 3; ++slot)
      expect_near(results[slot], Numbers(slots.begin() + (slot - 1) * B, slots.begin() + slot * B));
  };
  check_against({3, 3, 2, 2, 1, 1});
  m.run.state_in = {before};
  check_against(before);
}

TEST(Interpreter, LookAheadStartsAtTheRowsOwnEnd) {
  // r = tanh(x + 0.7 * r[t+2]), initial values standing after the last step.
  Model m;
  Program& p = m.p;
  std::int64_t T = 5, B = 3;
  std::vector<std::int64_t> lengths{5, 3, 1};
  Numbers x = random_numbers(T * B, 1), after = random_numbers(2 * B, 2);
  NodeId input = m.input("x", {}, m.sequence, x);
  EquationId r = p.declare("r", {}, m.sequence);
  StateId state = m.state(r, 2, true);
  NodeId later = p.shift(r, -2, {p.initial(state, 1, p.constant(0)), p.initial(state, 2, p.constant(0))});
  p.define(r, p.map("tanh", {p.add(input, p.mul(p.constant(0.7), later))}));
  m.result("r", p.value(r));
  m.run.steps = {T};
  m.run.rows = B;
  m.run.lengths = {lengths};
  m.run.state_in = {after};
  Numbers expected(static_cast<std::size_t>(T * B));
  for (std::int64_t row = 0; row < B; ++row)
    for (std::int64_t t = lengths[row] - 1; t >= 0; --t) {
      std::int64_t beyond = t + 2 - lengths[row] + 1;  // slot j stands at entry k - j
      double next = beyond <= 0 ? expected[(t + 2) * B + row] : after[(2 - beyond) * B + row];
      expected[t * B + row] = std::tanh(x[t * B + row] + 0.7 * next);
    }
  expect_near(m.results()[0], expected);
}

TEST(Interpreter, AtAndImpulseAreEachOthersAdjoint) {
  std::int64_t T = 4, B = 3;
  std::vector<std::int64_t> lengths{4, 2, 1};
  Numbers x = random_numbers(T * B * 2, 1), u = random_numbers(B * 2, 2);
  for (End end : {End::first, End::last}) {
    for (std::int64_t distance : {0, 1, 2}) {
      Model m;
      Program& p = m.p;
      NodeId input = m.input("x", {2}, m.sequence, x), seed = m.input("u", {2}, {true, {}}, u);
      EquationId e = m.equation("e", p.mul(input, p.constant(3)));
      m.result("at", p.at(e, end, distance, {}));
      m.result("at_or", p.at(e, end, distance, {seed}));
      m.result("impulse", p.impulse({seed}, m.sequence, end, distance));
      m.run.steps = {T};
      m.run.rows = B;
      m.run.lengths = {lengths};
      Numbers at(static_cast<std::size_t>(B * 2)), at_or = u, impulse(static_cast<std::size_t>(T * B * 2));
      for (std::int64_t row = 0; row < B; ++row) {
        if (distance >= lengths[row]) continue;
        std::int64_t t = end == End::first ? distance : lengths[row] - 1 - distance;
        for (std::int64_t k = 0; k < 2; ++k) {
          at[row * 2 + k] = at_or[row * 2 + k] = 3 * x[(t * B + row) * 2 + k];
          impulse[(t * B + row) * 2 + k] = u[row * 2 + k];
        }
      }
      auto results = m.results();
      expect_near(results[0], at);
      expect_near(results[1], at_or);
      expect_near(results[2], impulse);
    }
  }
}

// What several steps before the end receive, and what rows too short for them hand to what stands before their first step.
TEST(Interpreter, ImpulsesOfSeveralStepsAndChoicesByLength) {
  const std::int64_t T = 4, B = 4;
  const std::vector<std::int64_t> lengths{4, 2, 1, 0};
  std::vector<Numbers> u;
  for (unsigned i = 0; i < 3; ++i) u.push_back(random_numbers(B * 2, i + 1));
  for (End end : {End::first, End::last}) {
    Model m;
    std::vector<NodeId> seeds;
    for (int i = 0; i < 3; ++i) seeds.push_back(m.input("u" + std::to_string(i), {2}, {true, {}}, u[static_cast<std::size_t>(i)]));
    m.result("impulse", m.p.impulse(seeds, m.sequence, end, 1));
    m.result("by_length", m.p.by_length(seeds, m.sequence.axis, 1));
    m.run.steps = {T};
    m.run.rows = B;
    m.run.lengths = {lengths};
    Numbers impulse(static_cast<std::size_t>(T * B * 2)), by_length(static_cast<std::size_t>(B * 2));
    for (std::int64_t row = 0; row < B; ++row)
      for (std::int64_t i = 0; i < 3; ++i)
        for (std::int64_t k = 0; k < 2; ++k) {
          const double value = u[static_cast<std::size_t>(i)][static_cast<std::size_t>(row * 2 + k)];
          const std::int64_t t = end == End::first ? 1 + i : lengths[static_cast<std::size_t>(row)] - 2 - i;
          if (t >= 0 && t < lengths[static_cast<std::size_t>(row)]) impulse[static_cast<std::size_t>((t * B + row) * 2 + k)] = value;
          if (lengths[static_cast<std::size_t>(row)] == 1 + i) by_length[static_cast<std::size_t>(row * 2 + k)] = value;
        }
    const auto results = m.results();
    expect_near(results[0], impulse);
    expect_near(results[1], by_length);
  }
}

TEST(Interpreter, TwoAxesWithLengthsOfTheirOwn) {
  // An encoder's last state starts the decoder: d = tanh(x * w + 0.5 * d[t-1]), d before the first step = last(e).
  Model m;
  Program& p = m.p;
  AxisId target = p.axes.add({"tgt"});
  std::int64_t S = 4, T = 3, B = 2;
  std::vector<std::vector<std::int64_t>> lengths{{2, 4}, {3, 1}};
  Numbers source = random_numbers(S * B, 1), x = random_numbers(T * B, 2);
  NodeId source_input = m.input("source", {}, m.sequence, source), input = m.input("x", {}, {true, target}, x);
  NodeId w = m.parameter("w", {}, 3);
  EquationId e = p.declare("e", {}, m.sequence), d = p.declare("d", {}, {true, target});
  p.define(e, p.add(p.mul(p.constant(0.9), p.shift(e, 1, {p.constant(0)})), source_input));
  NodeId start = p.at(e, End::last, 0, {p.constant(0)});
  p.define(d, p.map("tanh", {p.add(p.mul(input, w), p.mul(p.constant(0.5), p.shift(d, 1, {start})))}));
  m.result("d", p.value(d));
  m.result("total", p.sum_to(p.value(d), {}), ResultRole::loss);
  m.result("grown", p.sum_to(p.mul(p.value(e), p.length(target)), {true, {}}));
  m.run.steps = {S, T};
  m.run.rows = B;
  m.run.lengths = {lengths[0], lengths[1]};
  Numbers expected(static_cast<std::size_t>(T * B)), grown(static_cast<std::size_t>(B));
  double total = 0;
  for (std::int64_t row = 0; row < B; ++row) {
    double state = 0;
    for (std::int64_t t = 0; t < lengths[0][row]; ++t) {
      state = 0.9 * state + source[t * B + row];
      grown[row] += state * static_cast<double>(lengths[1][row]);
    }
    for (std::int64_t t = 0; t < lengths[1][row]; ++t) {
      state = std::tanh(x[t * B + row] * m.run.parameters[0][0] + 0.5 * state);
      expected[t * B + row] = state;
      total += state;
    }
  }
  auto results = m.results();
  expect_near(results[0], expected);
  expect_near(results[1], {total});
  expect_near(results[2], grown);
}

TEST(Interpreter, WhatASumLacksIsRepeated) {
  Model m;
  Program& p = m.p;
  std::int64_t T = 4, B = 3;
  std::vector<std::int64_t> lengths{4, 2, 1};
  double count = 7;
  Numbers per_row = random_numbers(B, 1), per_step = random_numbers(T, 2);
  NodeId w = m.parameter("w", {}, 3);
  NodeId row = m.input("r", {}, {true, {}}, per_row), step = m.input("s", {}, {false, m.axis}, per_step);
  m.result("parameter", p.sum_to(w, m.sequence, {}));
  m.result("parameter_rows", p.sum_to(w, {true, {}}, {}));
  m.result("parameter_steps", p.sum_to(w, {false, m.axis}, {}));
  m.result("row", p.sum_to(row, m.sequence, {}));
  m.result("step", p.sum_to(step, m.sequence, {}));
  m.result("step_rows", p.sum_to(step, m.sequence, {false, m.axis}));
  m.result("per_row", p.sum_to(step, m.sequence, {true, {}}));
  m.result("lengths", p.sum_to(p.constant(1), m.sequence, {true, {}}));
  m.run.steps = {T};
  m.run.rows = B;
  m.run.lengths = {lengths};
  double value = m.run.parameters[0][0], rows = 0, steps = 0;
  Numbers step_rows(static_cast<std::size_t>(T));
  for (std::int64_t b = 0; b < B; ++b) {
    rows += per_row[b] * static_cast<double>(lengths[b]);
    for (std::int64_t t = 0; t < lengths[b]; ++t) {
      steps += per_step[t];
      step_rows[t] += per_step[t];
    }
  }
  auto results = m.results();
  expect_near(results[0], {count * value});
  expect_near(results[1], {3 * value});
  expect_near(results[2], {4 * value});
  expect_near(results[3], {rows});
  expect_near(results[4], {steps});
  expect_near(results[5], step_rows);
  double first = per_step[0], second = first + per_step[1];
  expect_near(results[6], {second + per_step[2] + per_step[3], second, first});
  expect_near(results[7], {4, 2, 1});
}

TEST(Interpreter, WeightGradientsAreSumsOfOuterProducts) {
  Model m;
  Program& p = m.p;
  std::int64_t T = 3, B = 2;
  std::vector<std::int64_t> lengths{3, 2};
  Numbers x = random_numbers(T * B * 3, 1);
  NodeId input = m.input("x", {3}, m.sequence, x);
  p.results.add({ResultRole::output, "y", 0, 0, p.slice(input, 0, 1, 2)});
  NodeId upstream = p.upstream(ResultId(std::size_t{0}));
  m.result("grad.W", p.sum_to(p.outer(upstream, input), {}), ResultRole::parameter_gradient);
  m.run.steps = {T};
  m.run.rows = B;
  m.run.lengths = {lengths};
  expect_near(m.results()[1], Numbers(6, 0.0));  // an upstream that is not passed is zero
  Numbers d = random_numbers(T * B * 2, 2);
  m.run.upstream = {d};
  Numbers expected(6);
  for (std::int64_t row = 0; row < B; ++row)
    for (std::int64_t t = 0; t < lengths[row]; ++t)
      for (std::int64_t i = 0; i < 2; ++i)
        for (std::int64_t j = 0; j < 3; ++j)
          expected[i * 3 + j] += d[(t * B + row) * 2 + i] * x[(t * B + row) * 3 + j];
  expect_near(m.results()[1], expected);
}

TEST(Interpreter, MatricesAsValues) {
  Model m;
  Program& p = m.p;
  NodeId A = m.parameter("A", {2, 3}, 1), B = m.parameter("B", {3, 4}, 2);
  NodeId product = p.matmul(A, B);
  m.result("product", product);
  m.result("transpose", p.transpose(A));
  m.result("slice", p.slice(B, 1, 1, 2));
  m.result("pad", p.pad(A, 1, 1, 5));
  m.result("concat", p.concat({A, p.slice(B, 0, 0, 2)}, 1));
  m.result("columns", p.reduce_sum(B, 0));
  m.result("largest", p.reduce_max(B, 1));
  m.result("repeated", p.broadcast_dim(p.reshape(p.slice(A, 0, 0, 1), {3}), 1, 2));
  m.result("up_to", p.cumulative_sum(p.reduce_sum(A, 1)));
  m.result("from", p.cumulative_sum(p.reduce_sum(A, 1), true));
  const Numbers a = m.run.parameters[0], b = m.run.parameters[1];
  auto results = m.results();
  Numbers expected(8), columns(4), largest;
  for (int i = 0; i < 2; ++i)
    for (int k = 0; k < 3; ++k)
      for (int j = 0; j < 4; ++j) expected[i * 4 + j] += a[i * 3 + k] * b[k * 4 + j];
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 4; ++j) columns[j] += b[i * 4 + j];
    largest.push_back(*std::max_element(b.begin() + i * 4, b.begin() + i * 4 + 4));
  }
  expect_near(results[0], expected);
  expect_near(results[1], {a[0], a[3], a[1], a[4], a[2], a[5]});
  expect_near(results[2], {b[1], b[2], b[5], b[6], b[9], b[10]});
  expect_near(results[3], {0, a[0], a[1], a[2], 0, 0, a[3], a[4], a[5], 0});
  expect_near(results[4], {a[0], a[1], a[2], b[0], b[1], b[2], b[3], a[3], a[4], a[5], b[4], b[5], b[6], b[7]});
  expect_near(results[5], columns);
  expect_near(results[6], largest);
  expect_near(results[7], {a[0], a[0], a[1], a[1], a[2], a[2]});
  double first = a[0] + a[1] + a[2], second = a[3] + a[4] + a[5];
  expect_near(results[8], {first, first + second});
  expect_near(results[9], {first + second, second});
}

TEST(Interpreter, IndicesArePickedAndChecked) {
  Model m;
  Program& p = m.p;
  NodeId E = m.parameter("E", {4, 2}, 1);
  NodeId token = m.input("token", {}, m.sequence, {3, 99, 1, nan, 0, -5}, 4);
  m.result("row", p.gather(E, token));
  m.result("hot", p.one_hot(token));
  m.run.steps = {3};
  m.run.rows = 2;
  m.run.lengths = {std::vector<std::int64_t>{3, 0}};
  const Numbers e = m.run.parameters[0];
  auto results = m.results();
  expect_near(results[0], {e[6], e[7], 0, 0, e[2], e[3], 0, 0, e[0], e[1], 0, 0});
  expect_near(results[1], {0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0});
  m.run.lengths = {std::vector<std::int64_t>{3, 1}};
  EXPECT_THROW(m.results(), std::out_of_range);
}

TEST(Interpreter, RunsSayWhatTheyLack) {
  Sizes s{3, 2, 3, 4};
  Model m;
  add_lstm(m, s, nullptr);
  m.run.inputs[0].reset();
  EXPECT_THROW(m.results(), std::invalid_argument);
  m.run.inputs[0] = Numbers(5, 1.0);
  EXPECT_THROW(m.results(), std::invalid_argument);
  m.run.inputs[0] = random_numbers(3 * 2 * 3, 1);
  m.run.lengths = {std::vector<std::int64_t>{3, 4}};
  EXPECT_THROW(m.results(), std::invalid_argument);
}

TEST(Interpreter, OnlyWantedResultsAreComputed) {
  Model m;
  NodeId x = m.input("x", {}, m.sequence, {1, 2, 3}), target = m.input("target", {}, m.sequence, {});
  m.run.inputs[1].reset();
  m.result("y", m.p.mul(x, x));
  m.result("loss", m.p.sum_to(m.p.sub(x, target), {}), ResultRole::loss);
  m.run.steps = {3};
  auto results = interpret(m.p, m.run, {true, false});
  expect_near(results[0], {1, 4, 9});
  EXPECT_TRUE(results[1].empty());
  EXPECT_THROW(interpret(m.p, m.run, {true, true}), std::invalid_argument);
}

TEST(Interpreter, LeavesOfTheRun) {
  Model m;
  Program& p = m.p;
  EquationId e = p.declare("e", {}, m.sequence);
  StateId state = m.state(e);
  p.define(e, p.shift(e, 1, {p.initial(state, 1, p.constant(2))}));
  m.result("e", p.value(e));
  m.result("time", p.time(m.axis));
  m.result("length", p.length(m.axis));
  m.result("rows", p.rows());
  m.result("training", p.training());
  m.result("given", p.given(state));
  m.run.steps = {3};
  m.run.rows = 2;
  m.run.first_step = 40;
  m.run.training = true;
  m.run.lengths = {std::vector<std::int64_t>{1, 3}};
  auto results = m.results();
  expect_near(results[0], {2, 2, 0, 2, 0, 2});
  expect_near(results[1], {40, 41, 42});
  expect_near(results[2], {1, 3});
  expect_near(results[3], {2});
  expect_near(results[4], {1});
  expect_near(results[5], {0});
  m.run.state_in = {Numbers{5, 6}};
  m.run.training = false;
  results = m.results();
  expect_near(results[0], {5, 6, 0, 6, 0, 6});
  expect_near(results[4], {0});
  expect_near(results[5], {1});
}

TEST(Interpreter, ALongChainNeedsNoStack) {
  Model m;
  Program& p = m.p;
  NodeId x = m.input("x", {}, m.sequence, {1, 2, 3}), y = x;
  for (int i = 0; i < 100000; ++i) y = p.add(p.mul(y, p.constant(0.5)), x);
  m.result("y", y);
  m.run.steps = {3};
  expect_near(m.results()[0], {2, 4, 6});
}

TEST(Interpreter, RandomDrawsAreReproducibleAcrossChunks) {
  Model m;
  m.result("each", m.p.random({5}, m.sequence));
  m.result("fixed", m.p.random({5}, {true, {}}));
  m.run.steps = {6};
  m.run.rows = 2;
  m.run.seed = 0x1234567890abcdef;
  auto whole = m.results();
  m.run.steps = {4};
  m.run.first_step = 2;
  auto chunk = m.results();
  expect_near(chunk[0], Numbers(whole[0].begin() + 2 * 2 * 5, whole[0].end()), 0);
  expect_near(chunk[1], whole[1], 0);
  EXPECT_EQ(whole[0][7], threefry_uniform(threefry_step_key(m.run.seed, 0, 0), 1, 2));
  EXPECT_EQ(chunk[0][0], threefry_uniform(threefry_step_key(m.run.seed, 0, 2), 0, 0));
  m.run.seed = 1;
  EXPECT_NE(m.results()[0], chunk[0]);
}

TEST(Interpreter, RandomDrawsAreUniform) {
  Model m;
  m.result("u", m.p.random({1000}, m.sequence));
  m.run.steps = {20};
  m.run.rows = 2;
  double sum = 0, square = 0;
  Numbers draws = m.results()[0];
  for (double u : draws) {
    ASSERT_GE(u, 0);
    ASSERT_LT(u, 1);
    sum += u;
    square += u * u;
  }
  EXPECT_NEAR(sum / 40000, 0.5, 0.006);
  EXPECT_NEAR(square / 40000, 1.0 / 3, 0.006);
}

TEST(Interpreter, RandomDrawsOfOtherSteps) {
  Model m;
  NodeId each = m.p.random({3}, m.sequence);
  m.result("each", each);
  m.result("before", m.p.random_before(each, 2));
  m.result("first", m.p.random_at(m.p.random_before(each, -1), End::first, 1));
  m.result("last", m.p.random_at(each, End::last, 1));
  m.run.steps = {5};
  m.run.rows = 2;
  m.run.lengths = {std::vector<std::int64_t>{5, 1}};
  m.run.seed = 3;
  m.run.first_step = 10;
  auto draw = [&](std::int64_t step, std::uint32_t row, std::uint32_t entry) {
    return threefry_uniform(threefry_step_key(3, 0, step), row, entry);
  };
  auto results = m.results();
  EXPECT_EQ(results[1][0], draw(8, 0, 0));
  EXPECT_EQ(results[1][(2 * 2 + 0) * 3 + 1], draw(10, 0, 1));
  EXPECT_EQ(results[2][1 * 3 + 2], draw(12, 1, 2));
  EXPECT_EQ(results[3][0], draw(13, 0, 0));
  EXPECT_EQ(results[3][3], draw(10, 1, 0));  // a row of one step has none before its last
}

// The known answers that the authors of the generator publish (Random123, kat_vectors, threefry2x32 20).
TEST(Threefry, KnownAnswers) {
  EXPECT_EQ(threefry({0, 0}, {0, 0}), (ThreefryBlock{0x6b200159, 0x99ba4efe}));
  EXPECT_EQ(threefry({0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}), (ThreefryBlock{0x1cb996fc, 0xbb002be7}));
  EXPECT_EQ(threefry({0x13198a2e, 0x03707344}, {0x243f6a88, 0x85a308d3}), (ThreefryBlock{0xc4923a9c, 0x483df7a0}));
}

// Roundings show what cancels: big terms leave theirs behind. Whole numbers have none, and one seed gives the same ones
// again.
TEST(Interpreter, RoundsAsAsked) {
  Model m;
  NodeId w = m.parameter("w", {8}, 1), big = m.parameter("big", {8}, 2), whole = m.parameter("whole", {3}, 3);
  for (double& x : m.run.parameters[1]) x *= 1e6;
  m.run.parameters[2] = {3, -7, 0};
  m.result("cancelled", m.p.sub(m.p.add(w, big), big));
  m.result("w", w);
  m.result("whole", m.p.mul(whole, whole));
  m.result("folded", m.p.sub(m.p.reduce_sum(w), m.p.reduce_sum(m.p.reshape(w, {2, 4}))));
  const std::vector<Numbers> exact = m.results();
  m.run.roundings = {1e-9, 5};
  const std::vector<Numbers> rounded = m.results(), again = m.results();
  m.run.roundings.seed = 6;
  EXPECT_EQ(rounded, again);
  EXPECT_NE(rounded, m.results());
  double cancelled = 0, plain = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    cancelled = std::max(cancelled, std::fabs(rounded[0][i] - exact[0][i]));
    plain = std::max(plain, std::fabs(rounded[1][i] - exact[1][i]));
  }
  EXPECT_GT(cancelled, 1e-5);
  EXPECT_LT(cancelled, 1e-2);
  EXPECT_GT(plain, 1e-11);
  EXPECT_LE(plain, 1e-9);
  EXPECT_EQ(rounded[2], (Numbers{9, 49, 0}));
  EXPECT_NE(rounded[3], exact[3]);  // two sums of the same terms, each rounded for itself
  EXPECT_NEAR(rounded[3][0], 0, 1e-7);
}

}  // namespace
}  // namespace rnnc::ir
