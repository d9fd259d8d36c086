// Small models for tests, built by hand: what the front end would make of a few lines.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "compiler/ir/program.h"

namespace rnnc::testing {

struct ModelBuilder {
  ir::Program p;
  ir::AxisId t;

  ModelBuilder() { t = p.axes.add({""}); }
  ir::Domain steps() const { return {true, t}; }

  ir::NodeId parameter(const std::string& name, ir::Shape shape) {
    return p.parameter(p.parameters.add({fresh(p.parameters, name), shape, ir::Initializer::glorot, 0, 0, 0}));
  }
  ir::NodeId input(const std::string& name, ir::Shape shape) { return input(name, shape, steps()); }
  ir::NodeId input(const std::string& name, ir::Shape shape, ir::Domain domain, std::int64_t index_extent = 0) {
    return p.input(p.inputs.add({fresh(p.inputs, name), shape, domain, index_extent, false, 0}));
  }
  ir::EquationId declare(const std::string& name, ir::Shape shape) { return p.declare(name, shape, steps()); }
  ir::NodeId define(const std::string& name, ir::NodeId value) {
    p.define(p.declare(name, p[value].shape, p[value].domain), value);
    return value;
  }
  ir::EquationId state(const std::string& name, ir::Shape shape, int history = 1, bool reversed = false) {
    ir::EquationId equation = declare(name, shape);
    p.equations[equation].state = p.states.add({name, equation, shape, t, history, reversed, 0});
    return equation;
  }
  // The state's value `lag` steps back (ahead if negative), from `.init` (default `fallback`, else zero) outside.
  ir::NodeId read(ir::EquationId equation, std::int64_t lag, ir::NodeId fallback = {}) {
    std::vector<ir::NodeId> boundary;
    for (std::int64_t slot = 1; slot <= std::abs(lag); ++slot)
      boundary.push_back(p.initial(p.equations[equation].state, slot, fallback.valid() ? fallback : p.constant(0)));
    return p.shift(equation, lag, boundary);
  }
  // A plain sequence's value at another step, zero outside.
  ir::NodeId shifted(ir::EquationId equation, std::int64_t lag) { return p.shift(equation, lag, {p.constant(0)}); }

  void output(const std::string& name, ir::NodeId node) {
    p.results.add({ir::ResultRole::output, name, outputs_++, 0, node});
  }
  void loss(ir::NodeId node) { p.results.add({ir::ResultRole::loss, "loss", 0, 0, node}); }
  // The last values of a state, one result per slot.
  void finals(ir::EquationId equation, ir::NodeId fallback = {}) {
    ir::StateId state = p.equations[equation].state;
    const ir::StateInfo info = p.states[state];
    for (int slot = 1; slot <= info.history; ++slot) {
      std::vector<ir::NodeId> boundary;
      for (int j = 1; j <= slot; ++j)
        boundary.push_back(p.initial(state, j, fallback.valid() ? fallback : p.constant(0)));
      ir::NodeId value = p.at(equation, info.reversed ? ir::End::first : ir::End::last, slot - 1, boundary);
      p.results.add({ir::ResultRole::final_state, info.name + ".final", state.value, slot, value});
    }
  }

  // W @ x + U @ h + b, with parameters named after the gate.
  ir::NodeId affine(const std::string& gate, std::int64_t size, ir::NodeId x, ir::NodeId h) {
    ir::NodeId wx = p.matmul(parameter("W_" + gate, {size, p[x].shape[0]}), x);
    ir::NodeId uh = p.matmul(parameter("U_" + gate, {size, p[h].shape[0]}), h);
    return p.add(p.add(wx, uh), parameter("b_" + gate, {size}));
  }

 private:
  // The name, or with a number behind it where it is taken.
  template <class Table>
  static std::string fresh(const Table& table, const std::string& name) {
    std::string made = name;
    const auto taken = [&](const auto& entry) { return entry.name == made; };
    for (int number = 2; std::any_of(table.begin(), table.end(), taken); ++number) made = name + std::to_string(number);
    return made;
  }

  std::int32_t outputs_ = 0;
};

// The cell of Hochreiter and Schmidhuber with forget gates; its state is its output.
inline ModelBuilder lstm(std::int64_t inputs = 2, std::int64_t size = 3) {
  ModelBuilder m;
  ir::Program& p = m.p;
  ir::NodeId x = m.input("x", {inputs});
  ir::EquationId h = m.state("h", {size}), c = m.state("c", {size});
  ir::NodeId last = m.read(h, 1);
  auto gate = [&](const char* name, const char* function) {
    return m.define(name, p.map(function, {m.affine(name, size, x, last)}));
  };
  ir::NodeId i = gate("i", "sigmoid"), f = gate("f", "sigmoid"), o = gate("o", "sigmoid"), g = gate("g", "tanh");
  p.define(c, p.add(p.mul(f, m.read(c, 1)), p.mul(i, g)));
  p.define(h, p.mul(o, p.map("tanh", {p.value(c)})));
  m.output("h", p.value(h));
  m.finals(h);
  m.finals(c);
  return m;
}

}  // namespace rnnc::testing
