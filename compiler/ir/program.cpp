// Interning, equations, leaves, and references to other steps.
#include "compiler/ir/program.h"

#include <algorithm>
#include <bit>

#include "compiler/base/bug.h"

namespace rnnc::ir {
namespace {

// Addition and product take their operands in either order; which one a node has is how it was first written.
bool commutative(const Node& node) {
  static const ElementwiseId add = elementwise_id("add"), mul = elementwise_id("mul");
  return node.kind == NodeKind::map && (node.function == add || node.function == mul);
}

std::size_t hash(const Node& node) {
  std::size_t seed = 0;
  auto mix = [&seed](auto value) {
    seed ^= std::hash<std::int64_t>()(static_cast<std::int64_t>(value)) + 0x9e3779b97f4a7c15u + (seed << 6) + (seed >> 2);
  };
  mix(node.kind);
  for (std::int64_t extent : node.shape.extents()) mix(extent);
  mix(node.domain.batched);
  mix(node.domain.axis.value);
  if (commutative(node)) {
    mix(std::min(node.operands[0], node.operands[1]).value);
    mix(std::max(node.operands[0], node.operands[1]).value);
  } else {
    for (NodeId id : node.operands) mix(id.value);
  }
  mix(node.function.value);
  mix(node.ref);
  mix(node.axis.value);
  mix(node.offset);
  mix(node.extent);
  mix(node.dim);
  mix(node.end);
  mix(node.flag);
  mix(std::bit_cast<std::int64_t>(node.value));
  return seed;
}

// Equal constants are those of equal bits: -0 and 0 stay apart, a NaN is found again.
bool same(Node a, Node b) {
  if (std::bit_cast<std::uint64_t>(a.value) != std::bit_cast<std::uint64_t>(b.value)) return false;
  a.value = b.value = 0;
  if (commutative(a) && commutative(b)) {
    std::sort(a.operands.begin(), a.operands.end());
    std::sort(b.operands.begin(), b.operands.end());
  }
  return a == b;
}

Node leaf(NodeKind kind, std::int32_t ref = -1, AxisId axis = {}) {
  Node node;
  node.kind = kind;
  node.ref = ref;
  node.axis = axis;
  return node;
}

// Boundaries that are all one value are one boundary.
void collapse(std::vector<NodeId>& boundary) {
  if (boundary.size() > 1 && std::all_of(boundary.begin(), boundary.end(), [&](NodeId id) { return id == boundary[0]; }))
    boundary.resize(1);
}

}  // namespace

NodeId Program::intern(Node node) {
  for (NodeId id : node.operands) check(id.valid() && id.index() < nodes.size(), "an operand is no node");
  std::string error = infer(*this, node);
  check(error.empty(), error);
  std::size_t key = hash(node);
  auto [begin, end] = interned_.equal_range(key);
  for (auto it = begin; it != end; ++it)
    if (same(nodes[it->second], node)) return it->second;
  constexpr std::size_t most = 4'000'000;
  size_ += 1 + node.operands.size();
  if (size_ > most) throw TooLarge("written out, it has more than " + std::to_string(most) + " values and reads of values");
  NodeId id = nodes.add(std::move(node));
  interned_.emplace(key, id);
  return id;
}

// -- leaves

NodeId Program::constant(double value) {
  Node node = leaf(NodeKind::constant);
  node.value = value;
  return intern(std::move(node));
}

NodeId Program::parameter(ParameterId id) { return intern(leaf(NodeKind::parameter, id.value)); }
NodeId Program::input(InputId id) { return intern(leaf(NodeKind::input, id.value)); }
NodeId Program::upstream(ResultId id) { return intern(leaf(NodeKind::upstream, id.value)); }
NodeId Program::given(StateId id) { return intern(leaf(NodeKind::given, id.value)); }
NodeId Program::time(AxisId axis) { return intern(leaf(NodeKind::time, -1, axis)); }
NodeId Program::length(AxisId axis) { return intern(leaf(NodeKind::length, -1, axis)); }
NodeId Program::rows() { return intern(leaf(NodeKind::rows)); }
NodeId Program::training() { return intern(leaf(NodeKind::training)); }
NodeId Program::rate() { return intern(leaf(NodeKind::rate)); }

NodeId Program::ones(Domain domain) {
  if (domain.empty()) return constant(1);
  Node node = leaf(NodeKind::ones);
  node.domain = domain;
  return intern(std::move(node));
}

NodeId Program::random(Shape shape, Domain domain) {
  Node node = leaf(NodeKind::random, random_sites++);
  node.shape = shape;
  node.domain = domain;
  return intern(std::move(node));
}

NodeId Program::random_before(NodeId random, std::int64_t lag) {
  Node node = nodes[random];
  check(node.kind == NodeKind::random && node.domain.axis.valid(), "another step of what is not random along an axis");
  node.offset += lag;
  return intern(std::move(node));
}

NodeId Program::random_at(NodeId random, End end, std::int64_t distance) {
  Node node = nodes[random];
  check(node.kind == NodeKind::random && node.domain.axis.valid(), "one step of what is not random along an axis");
  node.axis = node.domain.axis;
  node.domain.axis = {};
  node.end = end;
  node.offset = end == End::first ? distance - node.offset : distance + node.offset;
  return intern(std::move(node));
}

NodeId Program::one_hot(NodeId index) {
  if (nodes[index].kind == NodeKind::chosen) return nodes[index].operands[0];
  Node node = leaf(NodeKind::one_hot);
  node.operands = {index};
  return intern(std::move(node));
}

NodeId Program::chosen(NodeId one_hot) {
  if (nodes[one_hot].kind == NodeKind::one_hot) return nodes[one_hot].operands[0];
  Node node = leaf(NodeKind::chosen);
  node.operands = {one_hot};
  return intern(std::move(node));
}

// -- equations

EquationId Program::declare(std::string equation_name, Shape shape, Domain domain, Origin origin) {
  return equations.add({std::move(equation_name), {}, shape, domain, {}, origin});
}

void Program::define(EquationId id, NodeId value) {
  Equation& equation = equations[id];
  check(!equation.value.valid(), "equation `" + equation.name + "` is defined twice");
  check(value.valid() && value.index() < nodes.size(), "equation `" + equation.name + "` is defined by no node");
  const Node& node = nodes[value];
  check(node.shape == equation.shape, "equation `" + equation.name + "` of shape " + equation.shape.to_string() +
                                          " is defined with shape " + node.shape.to_string());
  check(covers(equation.domain, node.domain),
        "equation `" + equation.name + "` is defined with a value that varies where it is not declared to");
  equation.value = value;
  named_.emplace(value, id);
}

NodeId Program::value(EquationId id) const {
  check(equations[id].value.valid(), "equation `" + equations[id].name + "` is read before it is defined");
  return equations[id].value;
}

EquationId Program::equation_of(NodeId id) const {
  auto it = named_.find(id);
  return it == named_.end() ? EquationId{} : it->second;
}

// -- other steps

NodeId Program::shift(EquationId equation, std::int64_t lag, std::vector<NodeId> boundary) {
  for (NodeId& id : boundary) id = broadcast_scalar(id, equations[equation].shape);
  collapse(boundary);
  Node node = leaf(NodeKind::shift, equation.value);
  node.offset = lag;
  node.operands = std::move(boundary);
  return intern(std::move(node));
}

NodeId Program::at(EquationId equation, End end, std::int64_t distance, std::vector<NodeId> boundary) {
  for (NodeId& id : boundary) id = broadcast_scalar(id, equations[equation].shape);
  collapse(boundary);
  Node node = leaf(NodeKind::at, equation.value);
  node.end = end;
  node.offset = distance;
  node.operands = std::move(boundary);
  return intern(std::move(node));
}

NodeId Program::impulse(std::vector<NodeId> u, Domain domain, End end, std::int64_t distance) {
  if (u.size() == 1 && nodes[u[0]].kind == NodeKind::constant && nodes[u[0]].value == 0) return u[0];
  Node node = leaf(NodeKind::impulse, -1, domain.axis);
  node.domain = domain;
  node.end = end;
  node.offset = distance;
  node.operands = std::move(u);
  return intern(std::move(node));
}

NodeId Program::by_length(std::vector<NodeId> u, AxisId axis, std::int64_t length) {
  if (u.size() == 1 && nodes[u[0]].kind == NodeKind::constant && nodes[u[0]].value == 0) return u[0];
  Node node = leaf(NodeKind::by_length, -1, axis);
  node.offset = length;
  node.operands = std::move(u);
  return intern(std::move(node));
}

NodeId Program::initial(StateId state, std::int64_t slot, NodeId fallback) {
  Node node = leaf(NodeKind::initial, state.value);
  node.offset = slot;
  node.operands = {broadcast_scalar(fallback, states[state].shape)};
  return intern(std::move(node));
}

NodeId Program::sum_over(NodeId u, bool batch, AxisId axis) {
  if (nodes[u].kind == NodeKind::constant && nodes[u].value == 0) return u;
  Domain domain = nodes[u].domain;
  bool lacks_axis = axis.valid() && !domain.axis.valid();
  if (lacks_axis && (domain.batched || batch)) {  // every row repeats it length times
    u = mul(u, length(axis));
    axis = {};
  } else if (lacks_axis) {
    u = mul(u, ones({false, axis}));
  } else if (batch && !domain.batched && !domain.axis.valid()) {
    return mul(u, rows());
  } else if (batch && !domain.batched) {  // as many rows as reach the step
    u = mul(u, ones({true, domain.axis}));
  }
  if (!batch && !axis.valid()) return u;
  Node node = leaf(NodeKind::sum_over, -1, axis);
  node.flag = batch;
  node.operands = {u};
  return intern(std::move(node));
}

NodeId Program::sum_over(NodeId u, bool batch, bool own_axis) {
  return sum_over(u, batch, own_axis ? nodes[u].domain.axis : AxisId{});
}

NodeId Program::sum_to(NodeId u, Domain from, Domain to) {
  check(covers(from, nodes[u].domain), "sum_to: the value varies where its domain is said not to");
  AxisId axis = to.axis.valid() ? AxisId{} : from.axis;
  // Along the axis of a batched value, each row has steps of its own.
  if (axis.valid() && from.batched && !nodes[u].domain.axis.valid()) {
    u = mul(u, length(axis));
    axis = {};
  } else if (axis.valid() && from.batched) {
    u = mul(u, ones(from));
  } else if (from.batched && !to.batched && to.axis.valid()) {  // at each step, the rows that reach it
    u = mul(u, ones({false, to.axis}));
  }
  return sum_over(u, from.batched && !to.batched, axis);
}

NodeId Program::sum_to(NodeId u, Domain to) { return sum_to(u, nodes[u].domain, to); }

}  // namespace rnnc::ir
