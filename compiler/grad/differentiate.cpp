// Reverse mode over the equations. Three parts: which nodes carry a gradient and in which order, the equations that let
// the adjoint run against time, and one rule per kind of node.
#include "compiler/grad/differentiate.h"

#include <algorithm>
#include <set>

#include "compiler/base/bug.h"
#include "compiler/grad/flow.h"

namespace rnnc::grad {
namespace {

using namespace ir;

class Differentiator {
 public:
  explicit Differentiator(const Program& forward)
      : p_(forward), flow_(p_), parts_of_(p_.nodes.size()), adjoint_(p_.nodes.size()), owner_(p_.nodes.size()) {}

  Program run();

 private:
  // -- the way through
  void declare_reads();
  void seed();
  void visit(NodeId id);
  void add_reads(NodeId id);
  void name(NodeId id);
  void add_results();

  // -- accumulating
  bool wants(NodeId id) const { return id.index() < adjoint_.size() && flow_.active(id); }
  // Adds `c`, an adjoint over domain `from` that `user` hands to `to`: sums it down to what `to` varies along.
  void contribute(NodeId user, NodeId to, NodeId c, Domain from);
  // The same for u at one step of a sequence, or in rows of one length: `place` steps from an end, or long.
  struct Ends {
    Domain domain;
    End end = End::first;
    AxisId axis;  // that the length is of, or invalid
    bool operator==(const Ends&) const = default;
  };
  void contribute_at_end(NodeId user, NodeId to, NodeId u, const Ends& ends, std::int64_t place);
  void join_ends(NodeId to);
  void meet(NodeId user, NodeId operand);
  void complete(NodeId id);
  NodeId times(NodeId u, NodeId derivative);
  bool is_zero(NodeId id) const { return p_[id].kind == NodeKind::constant && p_[id].value == 0; }
  NodeId operand(NodeId id, std::size_t i) const { return p_[id].operands[i]; }

  // -- the rules: u is the adjoint of node `id`
  void pull(NodeId id, NodeId u);
  void pull_shift(NodeId id);
  void pull_at(NodeId id, NodeId u);
  void pull_impulse(NodeId id, NodeId u);
  void pull_by_length(NodeId id, NodeId u);
  void pull_map(NodeId id, NodeId u);
  void pull_matmul(NodeId id, NodeId u);
  void pull_reduce_max(NodeId id, NodeId u);
  void pull_concat(NodeId id, NodeId u);
  void pull_gather(NodeId id, NodeId u);

  // -- names
  bool is_costly(NodeId id) const;
  std::string unique(const std::string& wish);
  EquationId add_equation(const std::string& name, const Node& like, Origin origin);

  Program p_;
  Flow flow_;
  // A part of an adjoint, from a user of the value; the caller's own comes from no node.
  struct Part {
    NodeId user, adjoint;
  };
  IdVector<NodeId, std::vector<Part>> parts_of_;  // by forward node
  struct EndPart {
    NodeId user, adjoint;
    Ends ends;
    std::int64_t place = 0;
  };
  std::map<NodeId, std::vector<EndPart>> ends_of_;  // by forward node, until it is complete
  IdVector<NodeId, NodeId> adjoint_;              // by forward node, once complete
  IdVector<NodeId, EquationId> owner_;     // by forward node: the equation in whose definition it was met first
  std::map<NodeId, EquationId> read_;      // by reached shift node: the equation of its adjoint
  std::map<NodeId, std::vector<NodeId>> reads_of_;  // by equation value: the reached shift nodes that read it
  std::map<NodeId, EquationId> inside_of_;          // a, where equation i is f(a): i
  std::map<EquationId, int> parts_;        // how many unnamed parts of an equation have named adjoints
  std::set<std::string> names_;
};

// -- names

std::string Differentiator::unique(const std::string& wish) {
  std::string name = wish;
  for (int i = 2; !names_.insert(name).second; ++i) name = wish + "." + std::to_string(i);
  return name;
}

EquationId Differentiator::add_equation(const std::string& wish, const Node& like, Origin origin) {
  Shape shape = like.shape;
  Domain domain = like.domain;
  return p_.declare(unique(wish), shape, domain, origin);
}

// The adjoint of every read of another step is declared before anything is known of it: that closes the recurrence.
void Differentiator::declare_reads() {
  for (const Equation& equation : p_.equations) names_.insert(equation.name);
  for (NodeId id : flow_.backward_order()) {
    const Node node = p_[id];
    if (node.kind == NodeKind::map && flow_.equation_of(id).valid()) {
      NodeId inside;
      int carrying = 0;
      for (std::size_t i = 0; i < node.operands.size(); ++i) {
        if (!flow_.carries(id, i)) continue;
        inside = node.operands[i];
        ++carrying;
      }
      if (carrying == 1) inside_of_.emplace(inside, flow_.equation_of(id));
    }
    if (node.kind != NodeKind::shift) continue;
    EquationId read(static_cast<std::size_t>(node.ref));
    reads_of_[p_.value(read)].push_back(id);
    EquationId own = flow_.equation_of(id);
    const Equation source = p_.equations[own.valid() ? own : read];
    std::string step = node.offset > 0 ? ".lag" : ".ahead";
    step += std::to_string(node.offset > 0 ? node.offset : -node.offset);
    read_[id] = add_equation("d." + source.name + (own.valid() ? "" : step), node, own.valid() ? source.origin : 0);
    p_.equations[read_[id]].transient = !own.valid();
  }
  for (auto& [value, reads] : reads_of_) std::sort(reads.begin(), reads.end());
}

// Whether the value is computed by a matrix product, down to named values.
bool Differentiator::is_costly(NodeId id) const {
  std::vector<NodeId> open{id};
  std::set<NodeId> seen{id};
  while (!open.empty()) {
    const Node& node = p_[open.back()];
    open.pop_back();
    if (node.kind == NodeKind::matmul) return true;
    if (node.kind != NodeKind::map && node.kind != NodeKind::slice) continue;
    for (NodeId operand : node.operands)
      if (!p_.equation_of(operand).valid() && seen.size() < 64 && seen.insert(operand).second) open.push_back(operand);
  }
  return false;
}

// Gives the adjoint of `id` a name where a reader would: the adjoint of equation i is d.i, that of a in i = sigmoid(a)
// is d.i.pre. Inside of an equation the adjoints of products are numbered, which both factors' gradients read, and
// those that are costly themselves and go to several operands.
void Differentiator::name(NodeId id) {
  const Node node = p_[id];
  NodeId u = adjoint_[id];
  EquationId own = flow_.equation_of(id);
  if (own.valid()) {
    const Equation equation = p_.equations[own];
    p_.define(add_equation("d." + equation.name, node, equation.origin), u);
    return;
  }
  const Node& adjoint = p_[u];
  bool plain = adjoint.operands.empty() || adjoint.kind == NodeKind::broadcast || adjoint.kind == NodeKind::shift ||
               adjoint.kind == NodeKind::at || p_.equation_of(u).valid();
  if (plain || !node.domain.axis.valid()) return;
  std::size_t ways = 0;
  for (std::size_t i = 0; i < node.operands.size(); ++i) ways += flow_.carries(id, i);
  auto inside = inside_of_.find(id);
  if (inside != inside_of_.end()) {
    const Equation equation = p_.equations[inside->second];
    p_.define(add_equation("d." + equation.name + ".pre", node, equation.origin), u);
  } else if (owner_[id].valid() && (node.kind == NodeKind::matmul || (ways > 1 && is_costly(u)))) {
    const Equation equation = p_.equations[owner_[id]];
    std::string number = std::to_string(++parts_[owner_[id]]);
    p_.define(add_equation("d." + equation.name + "." + number, node, equation.origin), u);
  }
}

// -- accumulating

// The first user of a value that the way back comes by says in whose definition it stands.
void Differentiator::meet(NodeId user, NodeId operand) {
  if (!owner_[operand].valid())
    owner_[operand] = flow_.equation_of(user).valid() ? flow_.equation_of(user) : owner_[user];
}

void Differentiator::contribute(NodeId user, NodeId to, NodeId c, Domain from) {
  if (!wants(to) || is_zero(c)) return;
  meet(user, to);
  if (p_[to].shape.rank() == 0) c = p_.reduce_sum(c);
  c = p_.broadcast_scalar(c, p_[to].shape);
  c = p_.sum_to(c, from, p_[to].domain);
  parts_of_[to].push_back({user, c});
}

void Differentiator::contribute_at_end(NodeId user, NodeId to, NodeId u, const Ends& ends, std::int64_t place) {
  if (!wants(to) || is_zero(u)) return;
  meet(user, to);
  ends_of_[to].push_back({user, p_.broadcast_scalar(u, p_[user].shape), ends, place});
}

// What stands at one place after the other becomes one node; what stands at the same place, several.
void Differentiator::join_ends(NodeId to) {
  auto found = ends_of_.find(to);
  if (found == ends_of_.end()) return;
  std::vector<EndPart> open = std::move(found->second);
  ends_of_.erase(found);
  std::stable_sort(open.begin(), open.end(), [](const EndPart& a, const EndPart& b) { return a.place < b.place; });
  while (!open.empty()) {
    const EndPart first = open.front();
    std::vector<NodeId> values;
    std::vector<EndPart> rest;
    NodeId user = first.user;
    for (const EndPart& part : open) {
      if (part.ends != first.ends || part.place != first.place + static_cast<std::int64_t>(values.size())) {
        rest.push_back(part);
        continue;
      }
      values.push_back(part.adjoint);
      user = std::min(user, part.user);
    }
    NodeId c = first.ends.axis.valid() ? p_.by_length(values, first.ends.axis, first.place)
                                       : p_.impulse(values, first.ends.domain, first.ends.end, first.place);
    contribute(user, to, c, first.ends.domain);
    open = std::move(rest);
  }
}

// The sum of what arrived, in the order in which the users of the value were written.
void Differentiator::complete(NodeId id) {
  join_ends(id);
  auto& parts = parts_of_[id];
  std::stable_sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) { return a.user < b.user; });
  add_reads(id);
  NodeId& sum = adjoint_[id];
  for (const Part& part : parts) sum = sum.valid() ? p_.add(sum, part.adjoint) : part.adjoint;
}

// u * derivative as a person writes it: factors from left to right, and a choice between 1 and 0 lets u pass or not.
NodeId Differentiator::times(NodeId u, NodeId derivative) {
  static const ElementwiseId mul = elementwise_id("mul"), where = elementwise_id("where");
  const Node node = p_[derivative];
  if (node.kind == NodeKind::map && node.function == mul && !p_.equation_of(derivative).valid())
    return p_.mul(p_.mul(u, node.operands[0]), node.operands[1]);
  if (node.kind == NodeKind::map && node.function == where) {
    auto is = [&](std::size_t i, double value) {
      return p_[node.operands[i]].kind == NodeKind::constant && p_[node.operands[i]].value == value;
    };
    if (is(1, 1) && is(2, 0)) return p_.map(where, {node.operands[0], u, node.operands[2]});
    if (is(1, 0) && is(2, 1)) return p_.map(where, {node.operands[0], node.operands[1], u});
  }
  return p_.mul(u, derivative);
}

// -- the rules

void Differentiator::pull(NodeId id, NodeId u) {
  const Node node = p_[id];
  auto give = [&](NodeId c) { contribute(id, node.operands[0], c, node.domain); };
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
    case NodeKind::random:
    case NodeKind::one_hot:
    case NodeKind::chosen:
    case NodeKind::stop_gradient: return;
    case NodeKind::shift: return pull_shift(id);
    case NodeKind::at: return pull_at(id, u);
    case NodeKind::impulse: return pull_impulse(id, u);
    case NodeKind::by_length: return pull_by_length(id, u);
    case NodeKind::initial:
      return give(p_.map("where", {p_.given(StateId(static_cast<std::size_t>(node.ref))), p_.constant(0), u}));
    case NodeKind::sum_over: return contribute(id, node.operands[0], u, p_[node.operands[0]].domain);
    case NodeKind::map: return pull_map(id, u);
    case NodeKind::matmul: return pull_matmul(id, u);
    case NodeKind::outer:
      if (flow_.carries(id, 0)) give(p_.matmul(u, node.operands[1]));
      if (flow_.carries(id, 1))
        contribute(id, node.operands[1], p_.matmul(p_.transpose(u), node.operands[0]), node.domain);
      return;
    case NodeKind::reduce_sum:
      return give(node.dim == -1 ? p_.broadcast_scalar(u, p_[node.operands[0]].shape)
                                 : p_.broadcast_dim(u, node.dim, p_[node.operands[0]].shape[node.dim]));
    case NodeKind::reduce_max: return pull_reduce_max(id, u);
    case NodeKind::cumulative_sum: return give(p_.cumulative_sum(u, !node.flag));
    case NodeKind::broadcast: return give(p_.reduce_sum(u, node.dim));
    case NodeKind::transpose: return give(p_.transpose(u));
    case NodeKind::reshape: return give(p_.reshape(u, p_[node.operands[0]].shape));
    case NodeKind::slice: return give(p_.pad(u, node.dim, node.offset, p_[node.operands[0]].shape[node.dim]));
    case NodeKind::pad: return give(p_.slice(u, node.dim, node.offset, p_[node.operands[0]].shape[node.dim]));
    case NodeKind::concat: return pull_concat(id, u);
    case NodeKind::gather: return pull_gather(id, u);
    case NodeKind::surrogate:
      for (std::size_t i = 1; i < node.operands.size(); i += 2)
        if (flow_.carries(id, i)) contribute(id, node.operands[i], times(u, node.operands[i + 1]), node.domain);
      return;
  }
  throw Bug("a node of unknown kind");
}

// s(t) = e(t-k) inside the sequence: what e(t) receives is d.s(t+k), which `add_reads` adds to e. The boundaries were
// read at the steps t with t-k = -j, or t-k = len-1+j for a look-ahead.
void Differentiator::pull_shift(NodeId id) {
  const Node node = p_[id];
  std::int64_t lag = node.offset, steps = lag > 0 ? lag : -lag;
  bool shared = node.operands.size() == 1;
  for (std::int64_t j = 1; j <= steps; ++j) {
    std::size_t i = shared ? 0 : static_cast<std::size_t>(j - 1);
    if (!flow_.carries(id, i)) continue;
    NodeId c = p_.at(read_.at(id), lag > 0 ? End::first : End::last, steps - j);
    contribute(id, node.operands[i], c, p_[c].domain);
  }
}

// What several reads of the ends of one sequence hand to a value is one impulse, and one choice by length: `complete`
// joins them.
void Differentiator::pull_at(NodeId id, NodeId u) {
  const Node node = p_[id];
  const Equation equation = p_.equations[EquationId(static_cast<std::size_t>(node.ref))];
  contribute_at_end(id, equation.value, u, {equation.domain, node.end}, node.offset);
  AxisId axis = equation.domain.axis;
  for (std::size_t i = 0; i < node.operands.size(); ++i) {
    if (!flow_.carries(id, i)) continue;
    // Operand i (from 0) stands for length j - i; a single operand for every length up to j.
    const bool every = node.operands.size() == 1 && node.offset > 0;
    if (equation.domain.batched && !every) {
      contribute_at_end(id, node.operands[i], u, {Domain{true, {}}, node.end, axis}, node.offset - static_cast<std::int64_t>(i));
      continue;
    }
    // Of a sequence that no row varies, the length is the number of all steps.
    NodeId length = equation.domain.batched ? p_.length(axis) : p_.sum_over(p_.ones({false, axis}), false, axis);
    double steps = static_cast<double>(node.offset) - static_cast<double>(i);
    NodeId used = p_.map(every ? "less_equal" : "equal", {length, p_.constant(steps)});
    contribute(id, node.operands[i], p_.map("where", {used, u, p_.constant(0)}), node.domain);
  }
}

void Differentiator::pull_impulse(NodeId id, NodeId u) {
  const Node node = p_[id];
  EquationId whole = add_equation("d.impulse", node, 0);
  p_.equations[whole].transient = true;
  p_.define(whole, u);
  for (std::size_t i = 0; i < node.operands.size(); ++i) {
    if (!flow_.carries(id, i)) continue;
    NodeId c = p_.at(whole, node.end, node.offset + static_cast<std::int64_t>(i));
    contribute(id, node.operands[i], c, p_[c].domain);
  }
}

void Differentiator::pull_by_length(NodeId id, NodeId u) {
  const Node node = p_[id];
  for (std::size_t i = 0; i < node.operands.size(); ++i) {
    if (!flow_.carries(id, i)) continue;
    NodeId c = p_.by_length({u}, node.axis, node.offset + static_cast<std::int64_t>(i));
    contribute(id, node.operands[i], c, p_[c].domain);
  }
}

void Differentiator::pull_map(NodeId id, NodeId u) {
  const Node node = p_[id];
  const Elementwise& row = elementwise(node.function);
  for (std::size_t i = 0; i < node.operands.size(); ++i) {
    if (!flow_.carries(id, i)) continue;
    if (!row.derivative) throw Unsupported("`" + std::string(row.name) + "` has no derivative");
    NodeId derivative = row.derivative(p_, node.operands, id, static_cast<int>(i));
    if (!is_zero(derivative)) contribute(id, node.operands[i], times(u, derivative), node.domain);
  }
}

void Differentiator::pull_matmul(NodeId id, NodeId u) {
  const Node node = p_[id];
  NodeId a = node.operands[0], b = node.operands[1];
  bool vector = p_[b].shape.rank() == 1;
  if (flow_.carries(id, 0))
    contribute(id, a, vector ? p_.outer(u, b) : p_.matmul(u, p_.transpose(b)), node.domain);
  if (flow_.carries(id, 1)) contribute(id, b, p_.matmul(p_.transpose(a), u), node.domain);
}

// Entries that tie for the largest share its adjoint evenly.
void Differentiator::pull_reduce_max(NodeId id, NodeId u) {
  const Node node = p_[id];
  NodeId x = node.operands[0];
  auto spread = [&](NodeId v) { return node.dim == -1 ? v : p_.broadcast_dim(v, node.dim, p_[x].shape[node.dim]); };
  NodeId largest = p_.map("equal", {x, spread(id)});
  NodeId share = p_.div(u, p_.reduce_sum(largest, node.dim));
  contribute(id, x, p_.map("where", {largest, spread(share), p_.constant(0)}), node.domain);
}

void Differentiator::pull_concat(NodeId id, NodeId u) {
  const Node node = p_[id];
  std::int64_t begin = 0;
  for (std::size_t i = 0; i < node.operands.size(); ++i) {
    std::int64_t extent = p_[node.operands[i]].shape[node.dim];
    if (flow_.carries(id, i)) contribute(id, node.operands[i], p_.slice(u, node.dim, begin, extent), node.domain);
    begin += extent;
  }
}

void Differentiator::pull_gather(NodeId id, NodeId u) {
  const Node node = p_[id];
  NodeId table = node.operands[0];
  Shape shape = p_[table].shape;
  NodeId index = node.operands[1];
  if (!p_[index].index || p_[index].extent > shape[0])
    throw Unsupported("gather: no gradient for a table of " + std::to_string(shape[0]) + " rows read at an index of " +
                      std::to_string(p_[index].extent) + " values");
  NodeId row = p_.pad(p_.one_hot(index), 0, 0, shape[0]);
  if (shape.rank() == 1) {
    contribute(id, table, p_.mul(u, row), node.domain);
  } else {
    NodeId flat = p_.reshape(u, Shape{p_[u].shape.size()});
    contribute(id, table, p_.reshape(p_.outer(row, flat), shape), node.domain);
  }
}

// -- the way through

void Differentiator::seed() {
  for (ResultId id : p_.results.ids()) {
    const Result result = p_.results[id];
    if (!Flow::is_objective(result.role) || !wants(result.node)) continue;
    NodeId one = result.role == ResultRole::loss ? p_.constant(1) : p_.upstream(id);
    parts_of_[result.node].push_back({NodeId{}, one});
  }
}

// What comes back through time: e(t) was read k steps later, so it receives the read's adjoint of t+k.
void Differentiator::add_reads(NodeId id) {
  auto reads = reads_of_.find(id);
  if (reads == reads_of_.end()) return;
  for (NodeId read : reads->second) {
    EquationId equation(static_cast<std::size_t>(p_[read].ref));
    NodeId c = p_.shift(read_.at(read), -p_[read].offset, {p_.constant(0)});
    contribute(read, id, c, p_.equations[equation].domain);
  }
}

void Differentiator::visit(NodeId id) {
  complete(id);
  bool reads = p_[id].kind == NodeKind::shift;
  if (!adjoint_[id].valid()) {
    if (reads) p_.define(read_.at(id), p_.broadcast_scalar(p_.constant(0), p_[id].shape));
    return;
  }
  if (reads) {
    p_.define(read_.at(id), adjoint_[id]);
  } else {
    name(id);
  }
  pull(id, adjoint_[id]);
}

void Differentiator::add_results() {
  auto add = [&](ResultRole role, const std::string& name, std::int32_t ref, std::int32_t slot, NodeId node,
                 Shape shape, Domain domain) {
    NodeId zero = p_.broadcast_scalar(p_.constant(0), shape);
    // An adjoint that does not vary along all of its value's domain is reported at every position of it all the same.
    p_.results.add({role, name, ref, slot, node.valid() ? p_.mul(node, p_.ones(domain)) : zero});
  };
  std::map<std::pair<std::int32_t, std::int64_t>, NodeId> initial;
  std::vector<NodeId> inputs(p_.inputs.size()), parameters(p_.parameters.size());
  for (NodeId id : flow_.backward_order()) {
    const Node node = p_[id];
    NodeId u = adjoint_[id];
    if (!u.valid()) continue;
    if (node.kind == NodeKind::input) inputs[static_cast<std::size_t>(node.ref)] = u;
    if (node.kind == NodeKind::parameter) parameters[static_cast<std::size_t>(node.ref)] = u;
    if (node.kind != NodeKind::initial) continue;
    NodeId& sum = initial[{node.ref, node.offset}];
    sum = sum.valid() ? p_.add(sum, u) : u;
  }
  for (InputId id : p_.inputs.ids()) {
    const InputInfo& info = p_.inputs[id];
    if (info.index_extent > 0) continue;
    add(ResultRole::input_gradient, "grad." + info.name, id.value, 0, inputs[id.index()], info.shape, info.domain);
  }
  for (ParameterId id : p_.parameters.ids()) {
    const ParameterInfo& info = p_.parameters[id];
    add(ResultRole::parameter_gradient, "grad." + info.name, id.value, 0, parameters[id.index()], info.shape, {});
  }
  for (StateId id : p_.states.ids()) {
    const StateInfo& info = p_.states[id];
    for (int slot = 1; slot <= info.history; ++slot)
      add(ResultRole::initial_gradient, "grad." + info.name + ".init", id.value, slot, initial[{id.value, slot}],
          info.shape, {true, {}});
  }
}

Program Differentiator::run() {
  declare_reads();
  seed();
  for (NodeId id : flow_.backward_order()) visit(id);
  for (const auto& [id, label] : std::map<NodeId, std::string>(p_.labels))
    if (id.index() < adjoint_.size() && adjoint_[id].valid() && !p_.equation_of(adjoint_[id]).valid())
      p_.labels.emplace(adjoint_[id], unique("d." + label));
  add_results();
  return std::move(p_);
}

}  // namespace

Program differentiate(const Program& forward) { return Differentiator(forward).run(); }

}  // namespace rnnc::grad
