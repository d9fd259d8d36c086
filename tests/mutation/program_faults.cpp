#include "tests/mutation/program_faults.h"

#include <algorithm>

#include "compiler/base/bug.h"

namespace rnnc::testing {

using ir::Node;
using ir::NodeId;
using ir::NodeKind;
using ir::Program;

namespace {

using Operands = std::vector<NodeId>;

bool is_map(const Node& node, std::string_view name) {
  return node.kind == NodeKind::map && ir::elementwise(node.function).name == name;
}

// The same node with other attributes.
template <class Change>
NodeId changed(Program& to, const Node& node, const Operands& operands, Change&& change) {
  Node other = node;
  change(other);
  return to.rebuild(other, operands);
}

template <int first, int second>
NodeId swapped(Program& to, const Node& node, Operands operands) {
  std::swap(operands[first], operands[second]);
  return to.rebuild(node, operands);
}

// An operand alone, if it can stand for the whole.
NodeId alone(Program& to, const Node& node, NodeId operand) {
  if (to[operand].shape == node.shape && to[operand].domain == node.domain) return operand;
  return NodeId();
}

bool is_gradient(ir::ResultRole role) {
  return role == ir::ResultRole::input_gradient || role == ir::ResultRole::parameter_gradient ||
         role == ir::ResultRole::initial_gradient;
}

std::vector<bool> needed(const Program& program, bool by_gradient) {
  std::vector<bool> seen(program.nodes.size(), false);
  Operands open;
  for (const ir::Result& result : program.results)
    if (is_gradient(result.role) == by_gradient) open.push_back(result.node);
  while (!open.empty()) {
    const NodeId id = open.back();
    open.pop_back();
    if (!id.valid() || seen[id.index()]) continue;
    seen[id.index()] = true;
    const Node& node = program[id];
    open.insert(open.end(), node.operands.begin(), node.operands.end());
    if (node.kind == NodeKind::shift || node.kind == NodeKind::at)
      open.push_back(program.equations[ir::EquationId(static_cast<std::size_t>(node.ref))].value);
  }
  return seen;
}

// Copies a Program node by node; `change` may put another in the place of one.
template <class Change>
Program copied(const Program& from, Change&& change) {
  Program to;
  to.name = from.name;
  to.parameters = from.parameters;
  to.inputs = from.inputs;
  to.states = from.states;
  to.axes = from.axes;
  to.random_sites = from.random_sites;
  to.results = from.results;
  for (const ir::Equation& equation : from.equations) {
    const ir::EquationId id = to.declare(equation.name, equation.shape, equation.domain, equation.origin);
    to.equations[id].state = equation.state;
    to.equations[id].transient = equation.transient;
  }
  IdVector<NodeId, NodeId> image(from.nodes.size());
  for (const NodeId id : from.nodes.ids()) {
    Operands operands;
    for (NodeId operand : from[id].operands) operands.push_back(image[operand]);
    image[id] = change(to, id, operands);
    for (const ir::EquationId e : from.equations.ids())
      if (from.equations[e].value == id) to.define(e, image[id]);
    for (const ir::ResultId r : from.results.ids())
      if (from.results[r].node == id) to.results[r].node = image[id];
  }
  return to;
}

}  // namespace

const std::vector<ProgramFault>& program_faults() {
  using P = Program;
  using O = Operands;
  static const std::vector<ProgramFault> faults = {
      {"difference: operands swapped",
       [](P& to, const Node& n, const O& o) { return is_map(n, "sub") ? swapped<0, 1>(to, n, o) : NodeId(); }},
      {"quotient: operands swapped",
       [](P& to, const Node& n, const O& o) { return is_map(n, "div") ? swapped<0, 1>(to, n, o) : NodeId(); }},
      {"quotient: not divided",
       [](P& to, const Node& n, const O& o) { return is_map(n, "div") ? alone(to, n, o[0]) : NodeId(); }},
      {"difference: a sum instead",
       [](P& to, const Node& n, const O& o) { return is_map(n, "sub") ? to.add(o[0], o[1]) : NodeId(); }},
      {"sum: the second term dropped",
       [](P& to, const Node& n, const O& o) { return is_map(n, "add") ? alone(to, n, o[0]) : NodeId(); }},
      {"sum: the first term dropped",
       [](P& to, const Node& n, const O& o) { return is_map(n, "add") ? alone(to, n, o[1]) : NodeId(); }},
      {"product: the second factor dropped",
       [](P& to, const Node& n, const O& o) { return is_map(n, "mul") ? alone(to, n, o[0]) : NodeId(); }},
      {"product: the first factor dropped",
       [](P& to, const Node& n, const O& o) { return is_map(n, "mul") ? alone(to, n, o[1]) : NodeId(); }},
      {"negative: dropped",
       [](P& to, const Node& n, const O& o) { return is_map(n, "neg") ? alone(to, n, o[0]) : NodeId(); }},
      {"square: not squared",
       [](P& to, const Node& n, const O& o) { return is_map(n, "square") ? alone(to, n, o[0]) : NodeId(); }},
      {"where: branches swapped",
       [](P& to, const Node& n, const O& o) { return is_map(n, "where") ? swapped<1, 2>(to, n, o) : NodeId(); }},
      {"comparison: the other way round",
       [](P& to, const Node& n, const O& o) {
         return is_map(n, "less") || is_map(n, "less_equal") || is_map(n, "greater") ? swapped<0, 1>(to, n, o) : NodeId();
       }},
      {"equality: turned round",
       [](P& to, const Node& n, const O& o) {
         return is_map(n, "equal") ? to.map("not_equal", {o[0], o[1]}) : NodeId();
       }},
      {"one_hot: the one an entry beside",
       [](P& to, const Node& n, const O& o) {
         if (n.kind != NodeKind::one_hot || n.extent < 2) return NodeId();
         const NodeId hot = to.rebuild(n, o);
         return to.concat({to.slice(hot, 0, 1, n.extent - 1), to.slice(hot, 0, 0, 1)}, 0);
       }},
      {"shift: one step further",
       [](P& to, const Node& n, const O& o) {
         if (n.kind != NodeKind::shift || o.size() != 1) return NodeId();
         return changed(to, n, o, [](Node& m) { m.offset += m.offset > 0 ? 1 : -1; });
       }},
      {"shift: in the other direction",
       [](P& to, const Node& n, const O& o) {
         if (n.kind != NodeKind::shift || o.size() != 1) return NodeId();
         return changed(to, n, o, [](Node& m) { m.offset = -m.offset; });
       }},
      {"first and last step swapped",
       [](P& to, const Node& n, const O& o) {
         if (n.kind != NodeKind::at && n.kind != NodeKind::impulse) return NodeId();
         return changed(to, n, o, [](Node& m) { m.end = m.end == ir::End::first ? ir::End::last : ir::End::first; });
       }},
      {"one step beside the first or last",
       [](P& to, const Node& n, const O& o) {
         if (n.kind != NodeKind::at && n.kind != NodeKind::impulse) return NodeId();
         return changed(to, n, o, [](Node& m) { m.offset += 1; });
       }},
      {"adjoints of several last steps: two exchanged",
       [](P& to, const Node& n, const O& o) {
         return n.kind == NodeKind::impulse && o.size() > 1 ? swapped<0, 1>(to, n, o) : NodeId();
       }},
      {"adjoint of what stands before a short row: of one longer by a step",
       [](P& to, const Node& n, const O& o) {
         return n.kind == NodeKind::by_length ? changed(to, n, o, [](Node& m) { m.offset += 1; }) : NodeId();
       }},
      {"sum over steps: the last step only",
       [](P& to, const Node& n, const O& o) {
         if (n.kind != NodeKind::sum_over || !n.axis.valid()) return NodeId();
         const ir::Domain domain = to[o[0]].domain;
         return to.sum_over(to.mul(o[0], to.impulse({to.constant(1)}, domain, ir::End::last, 0)), n.flag, n.axis);
       }},
      {"sum over rows: divided by them",
       [](P& to, const Node& n, const O& o) {
         if (n.kind != NodeKind::sum_over || !n.flag) return NodeId();
         return to.div(to.rebuild(n, o), to.rows());
       }},
      {"sum over entries: the first one only",
       [](P& to, const Node& n, const O& o) {
         if (n.kind != NodeKind::reduce_sum || to[o[0]].shape.rank() != 1) return NodeId();
         return to.reshape(to.slice(o[0], 0, 0, 1), ir::Shape{});
       }},
      {"matrix product: not transposed",
       [](P& to, const Node& n, const O& o) {
         if (n.kind != NodeKind::matmul || to[o[0]].kind != NodeKind::transpose) return NodeId();
         const NodeId matrix = to[o[0]].operands[0];
         return to[matrix].shape == to[o[0]].shape ? to.matmul(matrix, o[1]) : NodeId();
       }},
      {"outer product: operands swapped",
       [](P& to, const Node& n, const O& o) {
         return n.kind == NodeKind::outer && n.shape[0] == n.shape[1] ? swapped<0, 1>(to, n, o) : NodeId();
       }},
      {"constant: one more",
       [](P& to, const Node& n, const O&) {
         return n.kind == NodeKind::constant && n.value != 0 ? to.constant(n.value + 1) : NodeId();
       }},
      {"length: all steps",
       [](P& to, const Node& n, const O&) { return n.kind == NodeKind::length ? to.mul(to.constant(4), to.ones(n.domain)) : NodeId(); }},
      {"slice: one entry beside",
       [](P& to, const Node& n, const O& o) {
         if (n.kind != NodeKind::slice) return NodeId();
         const std::int64_t begin = n.offset > 0 ? n.offset - 1 : n.offset + 1;
         if (begin + n.extent > to[o[0]].shape[n.dim]) return NodeId();
         return changed(to, n, o, [&](Node& m) { m.offset = begin; });
       }},
      {"pad: one entry beside",
       [](P& to, const Node& n, const O& o) {
         if (n.kind != NodeKind::pad) return NodeId();
         const std::int64_t begin = n.offset > 0 ? n.offset - 1 : n.offset + 1;
         if (begin + to[o[0]].shape[n.dim] > n.shape[n.dim]) return NodeId();
         return changed(to, n, o, [&](Node& m) { m.offset = begin; });
       }},
      {"running sum: from the other end",
       [](P& to, const Node& n, const O& o) {
         if (n.kind != NodeKind::cumulative_sum) return NodeId();
         return changed(to, n, o, [](Node& m) { m.flag = !m.flag; });
       }},
      {"exp: its derivative's square root",
       [](P& to, const Node& n, const O& o) { return is_map(n, "exp") ? to.map("exp", {to.mul(o[0], to.constant(0.5))}) : NodeId(); }},
  };
  return faults;
}

std::optional<Program> with_fault(const Program& program, const ProgramFault& fault, int site) {
  const std::vector<bool> gradient = needed(program, true), forward = needed(program, false);
  bool done = false;
  try {
    Program to = copied(program, [&](Program& made, NodeId id, const Operands& operands) {
      const Node& node = program[id];
      if (!done && gradient[id.index()] && !forward[id.index()]) {
        const NodeId wrong = fault.apply(made, node, operands);
        const bool fits = wrong.valid() && made[wrong].shape == node.shape && made[wrong].domain == node.domain;
        if (fits && site-- == 0) {
          done = true;
          return wrong;
        }
      }
      return made.rebuild(node, operands);
    });
    if (done) return to;
  } catch (const std::exception&) {
    // The constructors refuse it.
  }
  return std::nullopt;
}

Program with_inexact_gradient(const Program& program) {
  Program to = copied(program, [&](Program& made, NodeId id, const Operands& operands) {
    return made.rebuild(program[id], operands);
  });
  for (ir::Result& result : to.results)
    if (result.name == "grad.x") result.node = to.mul(result.node, to.constant(1.001));
  return to;
}

}  // namespace rnnc::testing
