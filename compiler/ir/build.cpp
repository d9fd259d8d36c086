// Constructors of arithmetic and structure: constant folding and the identities that cost nothing.
#include <algorithm>

#include "compiler/base/bug.h"
#include "compiler/ir/program.h"

namespace rnnc::ir {
namespace {

Node make(NodeKind kind, std::vector<NodeId> operands, std::int32_t dim = -1, std::int64_t offset = 0,
          std::int64_t extent = 0) {
  Node node;
  node.kind = kind;
  node.operands = std::move(operands);
  node.dim = dim;
  node.offset = offset;
  node.extent = extent;
  return node;
}

struct Arithmetics {
  ElementwiseId add = elementwise_id("add"), sub = elementwise_id("sub"), mul = elementwise_id("mul"),
                div = elementwise_id("div"), neg = elementwise_id("neg");
};
const Arithmetics& arithmetics() {
  static const Arithmetics ids;
  return ids;
}

bool is_constant(const Node& node, double value) { return node.kind == NodeKind::constant && node.value == value; }

bool repeats_scalar(const Node& node) { return node.kind == NodeKind::broadcast && node.dim == -1; }

}  // namespace

// -- arithmetic

NodeId Program::map(std::string_view function, std::vector<NodeId> operands) {
  return map(elementwise_id(function), std::move(operands));
}

NodeId Program::map(ElementwiseId function, std::vector<NodeId> operands) {
  const Elementwise& row = elementwise(function);
  check(operands.size() == static_cast<std::size_t>(row.arity),
        "`" + std::string(row.name) + "` is given " + std::to_string(operands.size()) + " operands");
  // Repetition moves outwards: past the function, or away altogether when another operand has the shape.
  Shape shape;
  std::vector<double> values;
  for (NodeId& id : operands) {
    if (nodes[id].shape.rank() > 0) {
      check(shape.rank() == 0 || shape == nodes[id].shape,
            "`" + std::string(row.name) + "` of shapes " + shape.to_string() + " and " + nodes[id].shape.to_string());
      shape = nodes[id].shape;
    }
    if (repeats_scalar(nodes[id])) id = nodes[id].operands[0];
    if (nodes[id].kind == NodeKind::constant) values.push_back(nodes[id].value);
  }
  NodeId result;
  if (values.size() == operands.size() && row.reference) {
    result = constant(row.reference(values.data()));
  } else if (row.definition) {
    result = row.definition(*this, operands);
  } else {
    result = local_identity(function, operands);
    if (!result.valid()) {
      bool swaps = function == arithmetics().add || function == arithmetics().mul;
      if (swaps && nodes[operands[1]].kind == NodeKind::constant) std::swap(operands[0], operands[1]);
      Node node = make(NodeKind::map, std::move(operands));
      node.function = function;
      result = intern(std::move(node));
    }
  }
  return broadcast_scalar(result, shape);
}

NodeId Program::local_identity(ElementwiseId function, const std::vector<NodeId>& operands) {
  const Arithmetics& is = arithmetics();
  NodeId a = operands[0], b = operands.size() > 1 ? operands[1] : NodeId{};
  auto equals = [&](NodeId id, double value) { return is_constant(nodes[id], value); };
  // x * ones is x where x already stands at every position of that domain.
  auto repeats = [&](NodeId ones, NodeId x) {
    return nodes[ones].kind == NodeKind::ones && covers(nodes[x].domain, nodes[ones].domain);
  };
  if (function == is.neg && nodes[a].kind == NodeKind::map && nodes[a].function == is.neg) return nodes[a].operands[0];
  if (function == is.add) {
    if (equals(a, 0)) return b;
    if (equals(b, 0)) return a;
  }
  if (function == is.sub) {
    if (equals(b, 0)) return a;
    if (equals(a, 0)) return neg(b);
  }
  if (function == is.mul) {
    if (equals(a, 1) || repeats(a, b)) return b;
    if (equals(b, 1) || repeats(b, a)) return a;
    if (equals(a, -1)) return neg(b);
    if (equals(b, -1)) return neg(a);
  }
  if (function == is.div && equals(b, 1)) return a;
  return {};
}

NodeId Program::matmul(NodeId a, NodeId b) { return intern(make(NodeKind::matmul, {a, b})); }

NodeId Program::outer(NodeId a, NodeId b) { return intern(make(NodeKind::outer, {a, b})); }

NodeId Program::reduce_sum(NodeId u, int dim) {
  if (dim == -1 && nodes[u].shape.rank() == 0) return u;
  if (nodes[u].shape.rank() == 1 && dim == 0) dim = -1;
  return intern(make(NodeKind::reduce_sum, {u}, dim));
}

NodeId Program::reduce_max(NodeId u, int dim) {
  if (dim == -1 && nodes[u].shape.rank() == 0) return u;
  if (repeats_scalar(nodes[u]) && (dim == -1 || nodes[u].shape.rank() == 1)) return nodes[u].operands[0];
  if (nodes[u].shape.rank() == 1 && dim == 0) dim = -1;
  return intern(make(NodeKind::reduce_max, {u}, dim));
}

NodeId Program::cumulative_sum(NodeId u, bool reversed) {
  Node node = make(NodeKind::cumulative_sum, {u});
  node.flag = reversed;
  return intern(std::move(node));
}

// -- structure

NodeId Program::broadcast_scalar(NodeId u, Shape shape) {
  if (nodes[u].shape == shape) return u;
  Node node = make(NodeKind::broadcast, {u});
  node.shape = shape;
  return intern(std::move(node));
}

NodeId Program::broadcast_dim(NodeId u, int dim, std::int64_t extent) {
  if (nodes[u].shape.rank() == 0) {
    check(dim == 0, "broadcast: has no such dimension");
    return broadcast_scalar(u, Shape{extent});
  }
  return intern(make(NodeKind::broadcast, {u}, dim, 0, extent));
}

NodeId Program::transpose(NodeId u) {
  if (nodes[u].kind == NodeKind::transpose) return nodes[u].operands[0];
  return intern(make(NodeKind::transpose, {u}));
}

NodeId Program::reshape(NodeId u, Shape shape) {
  if (nodes[u].kind == NodeKind::reshape) u = nodes[u].operands[0];
  if (nodes[u].shape == shape) return u;
  if (repeats_scalar(nodes[u]) && shape.size() == nodes[u].shape.size())
    return broadcast_scalar(nodes[u].operands[0], shape);
  Node node = make(NodeKind::reshape, {u});
  node.shape = shape;
  return intern(std::move(node));
}

NodeId Program::slice(NodeId u, int dim, std::int64_t begin, std::int64_t extent) {
  if (dim >= 0 && dim < nodes[u].shape.rank() && begin == 0 && extent == nodes[u].shape[dim]) return u;
  Node node = make(NodeKind::slice, {u}, dim, begin, extent);
  const Node& inner = nodes[u];
  bool nested = inner.kind == NodeKind::slice && inner.dim == dim && begin >= 0 && begin + extent <= inner.extent;
  if (nested) {
    node.offset += inner.offset;
    node.operands = inner.operands;
  }
  return intern(std::move(node));
}

NodeId Program::pad(NodeId u, int dim, std::int64_t begin, std::int64_t extent) {
  if (dim >= 0 && dim < nodes[u].shape.rank() && begin == 0 && extent == nodes[u].shape[dim]) return u;
  return intern(make(NodeKind::pad, {u}, dim, begin, extent));
}

NodeId Program::concat(std::vector<NodeId> parts, int dim) {
  if (parts.size() == 1) return parts[0];
  return intern(make(NodeKind::concat, std::move(parts), dim));
}

// Where the index is known by its one-hot vector, the row it chooses is a product with that.
NodeId Program::gather(NodeId table, NodeId index) {
  if (nodes[index].kind == NodeKind::chosen && nodes[table].shape[0] == nodes[index].extent) {
    NodeId ones = nodes[index].operands[0];
    const Shape shape = nodes[table].shape;
    // Chosen, not multiplied: what is infinite elsewhere is not met.
    if (shape.rank() == 1) return reduce_sum(map("where", {ones, table, constant(0)}));
    if (shape.rank() == 2) return matmul(transpose(table), ones);
    NodeId row = matmul(transpose(reshape(table, {shape[0], shape[1] * shape[2]})), ones);
    return reshape(row, {shape[1], shape[2]});
  }
  return intern(make(NodeKind::gather, {table, index}));
}

NodeId Program::stop_gradient(NodeId u) {
  if (nodes[u].kind == NodeKind::constant) return u;
  return intern(make(NodeKind::stop_gradient, {u}));
}

NodeId Program::surrogate(NodeId value, const std::vector<Derivative>& derivatives) {
  std::vector<NodeId> operands{value};
  for (const Derivative& each : derivatives) operands.insert(operands.end(), {each.in, each.derivative});
  return intern(make(NodeKind::surrogate, std::move(operands)));
}

// -- again

NodeId Program::rebuild(const Node& node, std::vector<NodeId> operands) {
  check(operands.size() == node.operands.size() || node.kind == NodeKind::shift || node.kind == NodeKind::at ||
            node.kind == NodeKind::concat,
        "a node is rebuilt with another number of operands");
  switch (node.kind) {
    case NodeKind::constant:
    case NodeKind::parameter:
    case NodeKind::input:
    case NodeKind::upstream:
    case NodeKind::given:
    case NodeKind::time:
    case NodeKind::length:
    case NodeKind::rows:
    case NodeKind::training:
    case NodeKind::rate:
    case NodeKind::ones:
    case NodeKind::random: return intern(node);
    case NodeKind::one_hot: return one_hot(operands[0]);
    case NodeKind::chosen: return chosen(operands[0]);
    case NodeKind::shift: return shift(EquationId(static_cast<std::size_t>(node.ref)), node.offset, std::move(operands));
    case NodeKind::at:
      return at(EquationId(static_cast<std::size_t>(node.ref)), node.end, node.offset, std::move(operands));
    case NodeKind::impulse: return impulse(std::move(operands), node.domain, node.end, node.offset);
    case NodeKind::by_length: return by_length(std::move(operands), node.axis, node.offset);
    case NodeKind::initial: return initial(StateId(static_cast<std::size_t>(node.ref)), node.offset, operands[0]);
    case NodeKind::sum_over: {
      Domain from{node.flag || node.domain.batched, node.axis.valid() ? node.axis : node.domain.axis};
      return sum_to(operands[0], from, node.domain);
    }
    case NodeKind::map: return map(node.function, std::move(operands));
    case NodeKind::matmul: return matmul(operands[0], operands[1]);
    case NodeKind::outer: return outer(operands[0], operands[1]);
    case NodeKind::reduce_sum: return reduce_sum(operands[0], node.dim);
    case NodeKind::reduce_max: return reduce_max(operands[0], node.dim);
    case NodeKind::cumulative_sum: return cumulative_sum(operands[0], node.flag);
    case NodeKind::broadcast:
      return node.dim == -1 ? broadcast_scalar(operands[0], node.shape)
                            : broadcast_dim(operands[0], node.dim, node.extent);
    case NodeKind::transpose: return transpose(operands[0]);
    case NodeKind::reshape: return reshape(operands[0], node.shape);
    case NodeKind::slice: return slice(operands[0], node.dim, node.offset, node.extent);
    case NodeKind::pad: return pad(operands[0], node.dim, node.offset, node.extent);
    case NodeKind::concat: return concat(std::move(operands), node.dim);
    case NodeKind::gather: return gather(operands[0], operands[1]);
    case NodeKind::stop_gradient: return stop_gradient(operands[0]);
    case NodeKind::surrogate: return intern(make(NodeKind::surrogate, std::move(operands)));
  }
  throw Bug("a node of unknown kind");
}

}  // namespace rnnc::ir
