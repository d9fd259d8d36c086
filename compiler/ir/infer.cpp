// The shape rules: one function per group of kinds, called by the constructors and by the verifier.
#include "compiler/ir/program.h"

namespace rnnc::ir {
namespace {

// The operands' shapes and joined domain, and what went wrong first.
class Inference {
 public:
  Inference(const Program& program, Node& node) : program_(program), node_(node) {}

  std::string run();

 private:
  const Node& operand(std::size_t i) const { return program_[node_.operands[i]]; }
  const Shape& shape(std::size_t i) const { return operand(i).shape; }
  void fail(const std::string& what) {
    if (error_.empty()) error_ = std::string(node_kind_name(node_.kind)) + ": " + what;
  }
  // Reports unless `holds`; gives `holds` back so that a rule can stop.
  bool need(bool holds, const std::string& what) {
    if (!holds) fail(what);
    return holds;
  }
  bool need_operands(std::size_t count) {
    return need(node_.operands.size() == count, "has " + std::to_string(node_.operands.size()) + " operands, needs " +
                                                    std::to_string(count));
  }
  bool need_ref(std::size_t table_size) {
    return need(node_.ref >= 0 && static_cast<std::size_t>(node_.ref) < table_size, "refers to nothing");
  }
  bool need_axis(AxisId axis) {
    return need(axis.valid() && axis.index() < program_.axes.size(), "has no such axis");
  }
  bool need_dim(int rank) { return need(node_.dim >= 0 && node_.dim < rank, "has no such dimension"); }
  // The operand's shape with dimension `dim` replaced by `extent`; extent 0 removes it.
  static Shape with_extent(const Shape& shape, int dim, std::int64_t extent);

  void join_operand_domains();
  void leaf();
  void other_step();
  void boundaries(const Equation& equation, std::size_t count_if_many, bool may_lack);
  void map();
  void product();
  void reduction();
  void structure();
  void indexing();

  const Program& program_;
  Node& node_;
  std::string error_;
};

Shape Inference::with_extent(const Shape& shape, int dim, std::int64_t extent) {
  std::vector<std::int64_t> extents(shape.extents().begin(), shape.extents().end());
  auto at = extents.begin() + dim;
  if (extent > 0) {
    *at = extent;
  } else {
    extents.erase(at);
  }
  return Shape(std::span<const std::int64_t>(extents));
}

void Inference::join_operand_domains() {
  Domain domain;
  for (NodeId id : node_.operands) {
    std::optional<Domain> both = join(domain, program_[id].domain);
    if (!need(both.has_value(), "operands along two different axes")) return;
    domain = *both;
  }
  node_.domain = domain;
}

void Inference::leaf() {
  if (!need_operands(0)) return;
  switch (node_.kind) {
    case NodeKind::parameter:
      if (!need_ref(program_.parameters.size())) return;
      node_.shape = program_.parameters[ParameterId(static_cast<std::size_t>(node_.ref))].shape;
      node_.domain = {};
      return;
    case NodeKind::input: {
      if (!need_ref(program_.inputs.size())) return;
      const InputInfo& input = program_.inputs[InputId(static_cast<std::size_t>(node_.ref))];
      node_.shape = input.shape;
      node_.domain = input.domain;
      node_.index = input.index_extent > 0;
      node_.extent = input.index_extent;
      return;
    }
    case NodeKind::upstream: {
      if (!need_ref(program_.results.size())) return;
      const Node& result = program_[program_.results[ResultId(static_cast<std::size_t>(node_.ref))].node];
      node_.shape = result.shape;
      node_.domain = result.domain;
      return;
    }
    case NodeKind::given:
      if (!need_ref(program_.states.size())) return;
      break;
    case NodeKind::time:
      if (!need_axis(node_.axis)) return;
      node_.shape = {};
      node_.domain = {false, node_.axis};
      return;
    case NodeKind::length:
      if (!need_axis(node_.axis)) return;
      node_.shape = {};
      node_.domain = {true, {}};
      return;
    case NodeKind::random:
      need(node_.ref >= 0 && node_.ref < program_.random_sites, "has no such site");
      need(node_.offset == 0 || node_.domain.axis.valid() || node_.axis.valid(), "is of another step and has no axis");
      need(!node_.axis.valid() || node_.axis.index() < program_.axes.size(), "is of a step of no axis");
      return;
    case NodeKind::ones:
      need(!node_.domain.empty(), "stands along nothing");
      node_.shape = {};
      return;
    default: break;
  }
  node_.shape = {};
  node_.domain = {};
}

void Inference::boundaries(const Equation& equation, std::size_t count_if_many, bool may_lack) {
  std::size_t count = node_.operands.size();
  need((count == 0 && may_lack) || count == 1 || count == count_if_many,
       "has " + std::to_string(count) + " boundaries, needs 1 or " + std::to_string(count_if_many));
  for (std::size_t i = 0; i < count; ++i) {
    need(shape(i) == equation.shape, "boundary has shape " + shape(i).to_string() + ", its equation `" + equation.name +
                                         "` has " + equation.shape.to_string());
    need(!operand(i).domain.axis.valid(), "a boundary of `" + equation.name + "` varies along an axis");
    need(equation.domain.batched || !operand(i).domain.batched,
         "a boundary of `" + equation.name + "` varies per row, the equation does not");
  }
}

void Inference::other_step() {
  switch (node_.kind) {
    case NodeKind::shift:
    case NodeKind::at: {
      if (!need_ref(program_.equations.size())) return;
      const Equation& equation = program_.equations[EquationId(static_cast<std::size_t>(node_.ref))];
      if (!need(equation.domain.axis.valid(), "equation `" + equation.name + "` has no axis")) return;
      bool shift = node_.kind == NodeKind::shift;
      std::int64_t offset = node_.offset;
      if (shift) {
        need(offset != 0, "a lag of zero steps");
        boundaries(equation, static_cast<std::size_t>(offset < 0 ? -offset : offset), false);
      } else {
        need(offset >= 0, "a negative distance");
        boundaries(equation, static_cast<std::size_t>(offset + 1), true);
      }
      node_.shape = equation.shape;
      node_.domain = {equation.domain.batched, shift ? equation.domain.axis : AxisId{}};
      if (equation.value.valid() && program_[equation.value].index) {
        node_.index = true;
        node_.extent = program_[equation.value].extent;
      }
      return;
    }
    case NodeKind::impulse:
    case NodeKind::by_length: {
      const bool impulse = node_.kind == NodeKind::impulse;
      if (!need(!node_.operands.empty(), "has no operand")) return;
      if (!need_axis(impulse ? node_.domain.axis : node_.axis)) return;
      if (!impulse) node_.domain = {true, {}};
      need(node_.offset >= 0, impulse ? "a negative distance" : "a negative length");
      for (std::size_t i = 0; i < node_.operands.size(); ++i) {
        need(!operand(i).domain.axis.valid(), "its operand varies along an axis");
        need(covers(node_.domain, operand(i).domain), "its operand varies per row, its domain does not");
        need(shape(i) == shape(0), "its operands have shapes " + shape(0).to_string() + " and " + shape(i).to_string());
      }
      node_.shape = shape(0);
      return;
    }
    case NodeKind::initial: {
      if (!need_operands(1) || !need_ref(program_.states.size())) return;
      const StateInfo& state = program_.states[StateId(static_cast<std::size_t>(node_.ref))];
      need(node_.offset >= 1 && node_.offset <= state.history, "state `" + state.name + "` has no such slot");
      need(shape(0) == state.shape, "the default has shape " + shape(0).to_string() + ", state `" + state.name +
                                        "` has " + state.shape.to_string());
      need(!operand(0).domain.axis.valid(), "the default varies along an axis");
      node_.shape = state.shape;
      node_.domain = {true, {}};
      return;
    }
    default: {  // sum_over
      if (!need_operands(1)) return;
      Domain domain = operand(0).domain;
      need(node_.flag || node_.axis.valid(), "sums over nothing");
      need(!node_.flag || domain.batched, "sums over the batch, which its operand lacks");
      need(!node_.axis.valid() || node_.axis == domain.axis, "sums over an axis that its operand lacks");
      node_.shape = shape(0);
      node_.domain = {domain.batched && !node_.flag, node_.axis.valid() ? AxisId{} : domain.axis};
      return;
    }
  }
}

void Inference::map() {
  if (!need(node_.function.valid(), "has no function")) return;
  const Elementwise& row = elementwise(node_.function);
  if (!need_operands(static_cast<std::size_t>(row.arity))) return;
  Shape result;
  for (std::size_t i = 0; i < node_.operands.size(); ++i) {
    if (shape(i).rank() == 0) continue;
    if (result.rank() == 0) result = shape(i);
    need(shape(i) == result,
         "`" + std::string(row.name) + "` of shapes " + result.to_string() + " and " + shape(i).to_string());
  }
  node_.shape = result;
  join_operand_domains();
}

void Inference::product() {
  if (!need_operands(2)) return;
  join_operand_domains();
  const Shape &a = shape(0), &b = shape(1);
  std::string both = a.to_string() + " and " + b.to_string();
  if (node_.kind == NodeKind::outer) {
    if (need(a.rank() == 1 && b.rank() == 1, "of shapes " + both)) node_.shape = Shape{a[0], b[0]};
    return;
  }
  if (!need(a.rank() == 2 && (b.rank() == 1 || b.rank() == 2) && a[1] == b[0], "of shapes " + both)) return;
  node_.shape = b.rank() == 1 ? Shape{a[0]} : Shape{a[0], b[1]};
}

void Inference::reduction() {
  if (!need_operands(1)) return;
  join_operand_domains();
  if (node_.kind == NodeKind::cumulative_sum) {
    need(shape(0).rank() == 1, "of shape " + shape(0).to_string());
    node_.shape = shape(0);
  } else if (node_.dim == -1) {
    node_.shape = {};
  } else if (need_dim(shape(0).rank())) {
    node_.shape = with_extent(shape(0), node_.dim, 0);
  }
}

void Inference::structure() {
  if (node_.kind != NodeKind::concat && !need_operands(1)) return;
  if (!need(!node_.operands.empty(), "of nothing")) return;
  join_operand_domains();
  const Shape& u = shape(0);
  switch (node_.kind) {
    case NodeKind::broadcast: {
      if (node_.dim == -1) {
        need(u.rank() == 0 && node_.shape.rank() > 0, "of shape " + u.to_string() + " to " + node_.shape.to_string());
        return;
      }
      if (!need(u.rank() < 3, "to more than three dimensions") || !need_dim(u.rank() + 1) ||
          !need(node_.extent > 0, "to no extent"))
        return;
      std::vector<std::int64_t> extents(u.extents().begin(), u.extents().end());
      extents.insert(extents.begin() + node_.dim, node_.extent);
      node_.shape = Shape(std::span<const std::int64_t>(extents));
      return;
    }
    case NodeKind::transpose:
      if (need(u.rank() == 2, "of shape " + u.to_string())) node_.shape = Shape{u[1], u[0]};
      return;
    case NodeKind::reshape:
      need(u.size() == node_.shape.size(), u.to_string() + " to " + node_.shape.to_string());
      return;
    case NodeKind::slice:
      if (!need_dim(u.rank())) return;
      if (need(node_.offset >= 0 && node_.extent > 0 && node_.offset + node_.extent <= u[node_.dim],
               "outside of " + u.to_string()))
        node_.shape = with_extent(u, node_.dim, node_.extent);
      return;
    case NodeKind::pad:
      if (!need_dim(u.rank())) return;
      if (need(node_.offset >= 0 && node_.offset + u[node_.dim] <= node_.extent, "too narrow for " + u.to_string()))
        node_.shape = with_extent(u, node_.dim, node_.extent);
      return;
    default: break;  // concat
  }
  if (!need_dim(u.rank())) return;
  std::int64_t extent = 0;
  for (std::size_t i = 0; i < node_.operands.size(); ++i) {
    const Shape& part = shape(i);
    bool fits = part.rank() == u.rank() && with_extent(part, node_.dim, 1) == with_extent(u, node_.dim, 1);
    if (!need(fits, "of shapes " + u.to_string() + " and " + part.to_string())) return;
    extent += part[node_.dim];
  }
  node_.shape = with_extent(u, node_.dim, extent);
}

void Inference::indexing() {
  bool gather = node_.kind == NodeKind::gather;
  if (!need_operands(gather ? 2 : 1)) return;
  join_operand_domains();
  const Node& index = operand(gather ? 1 : 0);
  need(index.shape.rank() == 0, "the index has shape " + index.shape.to_string());
  if (gather) {
    if (need(shape(0).rank() >= 1, "from a scalar")) node_.shape = with_extent(shape(0), 0, 0);
  } else if (need(index.index && index.extent > 0, "its operand is no index")) {
    node_.extent = index.extent;
    node_.shape = Shape{index.extent};
  }
}

std::string Inference::run() {
  switch (node_.kind) {
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
    case NodeKind::random: leaf(); break;
    case NodeKind::one_hot:
    case NodeKind::gather: indexing(); break;
    case NodeKind::shift:
    case NodeKind::at:
    case NodeKind::impulse:
    case NodeKind::by_length:
    case NodeKind::initial:
    case NodeKind::sum_over: other_step(); break;
    case NodeKind::map: map(); break;
    case NodeKind::matmul:
    case NodeKind::outer: product(); break;
    case NodeKind::reduce_sum:
    case NodeKind::reduce_max:
    case NodeKind::cumulative_sum: reduction(); break;
    case NodeKind::broadcast:
    case NodeKind::transpose:
    case NodeKind::reshape:
    case NodeKind::slice:
    case NodeKind::pad:
    case NodeKind::concat: structure(); break;
    case NodeKind::stop_gradient:
      if (!need_operands(1)) break;
      join_operand_domains();
      node_.shape = shape(0);
      node_.index = operand(0).index;
      node_.extent = operand(0).extent;
      break;
    case NodeKind::chosen:
      if (!need_operands(1) || !need(shape(0).rank() == 1, "is of no vector")) break;
      join_operand_domains();
      node_.shape = {};
      node_.index = true;
      node_.extent = shape(0)[0];
      break;
    case NodeKind::surrogate:
      if (!need(node_.operands.size() >= 3 && node_.operands.size() % 2 == 1, "has no pairs behind its value")) break;
      join_operand_domains();
      node_.shape = shape(0);
      for (std::size_t i = 1; i < node_.operands.size(); ++i)
        need(shape(i) == node_.shape || shape(i).rank() == 0, "does not fit its derivatives");
      break;
  }
  return error_;
}

}  // namespace

std::string infer(const Program& program, Node& node) { return Inference(program, node).run(); }

}  // namespace rnnc::ir
