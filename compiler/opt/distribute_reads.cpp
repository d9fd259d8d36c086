// Pushes reads of transient equations inwards. One such read is worked out in three sweeps over the equation's own
// nodes, so that no expression is too deep: what can be read zero outside of the sequence (upwards), what each node
// is read as (downwards from the value), and the reads themselves (upwards).
#include <algorithm>
#include <optional>
#include <unordered_set>

#include "compiler/base/bug.h"
#include "compiler/opt/passes.h"
#include "compiler/opt/rewriter.h"

namespace rnnc::opt {

using namespace ir;

namespace {

bool is_zero(const Program& p, NodeId id) {
  if (p[id].kind == NodeKind::broadcast) id = p[id].operands[0];
  return p[id].kind == NodeKind::constant && p[id].value == 0;
}

// Another place of a sequence: `shift` by a lag, or `at` a distance from an end.
struct Place {
  bool whole = false;  // at
  std::int64_t offset = 0;
  End end = End::first;
};

// How a node is to be read where the place lies outside of the sequence.
enum class Outside : std::uint8_t {
  zero,    // zero there
  finite,  // multiplied by zero: any finite number
  one,     // divided into zero: any finite number but zero
};

// The names that survive: for a node, the equation that a read of it may refer to.
class Names {
 public:
  explicit Names(const Program& p) {
    for (EquationId id : p.equations.ids()) add(p, id);
  }
  void add(const Program& p, EquationId id) {
    const Equation& equation = p.equations[id];
    taken_.insert(equation.name);
    bool readable = equation.value.valid() && equation.domain.axis.valid();
    if (readable && !equation.transient) named_[equation.value].push_back(id);
  }
  // STEM.1 or the next number that is free; STEM alone if that is free and `bare` says so.
  std::string free(const std::string& stem, bool bare) {
    int& number = next_.try_emplace(stem, bare ? 0 : 1).first->second;
    const auto name = [&] { return number == 0 ? stem : stem + "." + std::to_string(number); };
    while (taken_.contains(name())) number += number == 0 ? 2 : 1;
    return name();
  }
  // The equation of this node over this domain, or an invalid id.
  EquationId find(const Program& p, NodeId node, Domain domain) const {
    auto found = named_.find(node);
    if (found == named_.end()) return {};
    for (EquationId id : found->second)
      if (p.equations[id].domain == domain) return id;
    return {};
  }

 private:
  std::unordered_map<NodeId, std::vector<EquationId>> named_;
  std::unordered_set<std::string> taken_;
  std::unordered_map<std::string, int> next_;  // by stem: no number before this one is free
};

// How many nodes, equations and results use each node of a Program.
IdVector<NodeId, int> count_users(const Program& p) {
  IdVector<NodeId, int> users(p.nodes.size(), 0);
  for (const Node& node : p.nodes)
    for (NodeId operand : node.operands) ++users[operand];
  for (const Result& result : p.results) ++users[result.node];
  return users;
}

// One read of one transient equation.
class Distribution {
 public:
  Distribution(Program& p, Names& names, const IdVector<NodeId, int>& users, EquationId equation, Place place)
      : p_(p), names_(names), users_(users), name_(p.equations[equation].name), domain_(p.equations[equation].domain),
        root_(p.value(equation)), place_(place) {}

  // The read as an expression over reads of other equations; nothing if the value itself stands in the way.
  std::optional<NodeId> run() {
    collect();
    for (NodeId id : nodes_) linear_[id] = is_linear(id);
    if (!linear_[root_]) return std::nullopt;
    demand(root_, Outside::zero);
    for (auto it = nodes_.rbegin(); it != nodes_.rend(); ++it)
      for (Outside outside : {Outside::zero, Outside::finite, Outside::one})
        if (demands_.count({*it, outside})) ask_operands(*it, outside);
    for (NodeId id : nodes_)
      for (Outside outside : {Outside::zero, Outside::finite, Outside::one})
        if (auto it = demands_.find({id, outside}); it != demands_.end()) it->second = build(id, outside);
    return demands_.at({root_, Outside::zero});
  }

 private:
  // What a read of the node is made of.
  enum class Way : std::uint8_t {
    itself,    // the same at every step, or zero
    equation,  // a read of the equation that it is the value of, or of one made for it
    other,     // a read of another step, moved on
    operands,  // the same operation on reads of its operands
  };

  // A matrix product that something else needs as well: moved, it would be computed twice.
  bool shared_product(NodeId id) const {
    return p_[id].kind == NodeKind::matmul && id.index() < users_.size() && users_[id] > 1;
  }
  bool varies(NodeId id) const { return p_[id].domain.axis.valid(); }
  EquationId equation(NodeId id) const { return names_.find(p_, id, domain_); }
  bool is(NodeId id, const char* function) const {
    return p_[id].kind == NodeKind::map && p_[id].function == elementwise_id(function);
  }

  void collect();
  bool is_linear(NodeId id) const;
  bool is_sum(NodeId id) const { return is(id, "add") || is(id, "sub") || is(id, "neg"); }
  bool keeps_zero(NodeKind kind) const;
  // The operand of a product that is read zero outside, so that the other may be anything there.
  std::size_t zero_operand(NodeId id) const;
  Way way(NodeId id, Outside outside) const;
  Outside operand_outside(NodeId id, std::size_t i, Outside outside) const;
  void demand(NodeId id, Outside outside) { demands_.emplace(std::pair{id, outside}, NodeId{}); }
  void ask_operands(NodeId id, Outside outside);
  NodeId build(NodeId id, Outside outside);
  EquationId name_part(NodeId id);
  std::optional<NodeId> moved(NodeId id, Outside outside) const;
  std::optional<NodeId> moved_shift(const Node& node, Outside outside) const;
  std::optional<NodeId> moved_impulse(const Node& node) const;
  NodeId inside_only(NodeId value) const;
  NodeId read(EquationId equation, Outside outside, Shape shape) const;
  NodeId zero(Shape shape) const { return p_.broadcast_scalar(p_.constant(0), shape); }

  Program& p_;
  Names& names_;
  const IdVector<NodeId, int>& users_;
  std::string name_;
  Domain domain_;
  NodeId root_;
  Place place_;
  std::vector<NodeId> nodes_;  // of the equation, ascending: down to the values of other equations
  std::unordered_map<NodeId, bool> linear_;
  std::map<std::pair<NodeId, Outside>, NodeId> demands_;
};

void Distribution::collect() {
  std::vector<NodeId> open{root_};
  linear_[root_] = false;
  while (!open.empty()) {
    NodeId id = open.back();
    open.pop_back();
    nodes_.push_back(id);
    bool leaf = equation(id).valid() || !varies(id) || p_[id].kind == NodeKind::shift || p_[id].kind == NodeKind::at;
    if (leaf) continue;
    for (NodeId operand : p_[id].operands)
      if (linear_.emplace(operand, false).second) open.push_back(operand);
  }
  std::sort(nodes_.begin(), nodes_.end());
}

// Kinds that give zero for operands of zero, entry by entry of time.
bool Distribution::keeps_zero(NodeKind kind) const {
  switch (kind) {
    case NodeKind::reduce_sum:
    case NodeKind::cumulative_sum:
    case NodeKind::broadcast:
    case NodeKind::transpose:
    case NodeKind::reshape:
    case NodeKind::slice:
    case NodeKind::pad:
    case NodeKind::concat: return true;
    default: return false;
  }
}

// Whether reading the node zero outside can be moved to its operands, some of which may become equations of their own.
bool Distribution::is_linear(NodeId id) const {
  if (is_zero(p_, id)) return true;
  if (!varies(id)) return false;
  if (equation(id).valid()) return true;
  if (moved(id, Outside::zero)) return true;
  const Node& node = p_[id];
  auto linear = [&](std::size_t i) { return linear_.at(node.operands[i]); };
  if (is(id, "div")) return linear(0);
  if (is(id, "where")) return linear(1) || linear(2);
  bool product = is(id, "mul") || node.kind == NodeKind::matmul || node.kind == NodeKind::outer;
  if (!product && !is_sum(id) && !keeps_zero(node.kind)) return false;
  for (std::size_t i = 0; i < node.operands.size(); ++i)
    if (linear(i)) return true;
  return false;
}

// Of two that can, the one whose read is an equation's or a sum of them stays exact; the choice changes no value.
std::size_t Distribution::zero_operand(NodeId id) const { return linear_.at(p_[id].operands[0]) ? 0 : 1; }

Distribution::Way Distribution::way(NodeId id, Outside outside) const {
  if (is_zero(p_, id)) return Way::itself;
  if (!varies(id)) return outside == Outside::zero ? Way::equation : Way::itself;
  if (equation(id).valid()) return Way::equation;
  if (moved(id, outside)) return Way::other;
  if (outside == Outside::zero) return linear_.at(id) && !shared_product(id) ? Way::operands : Way::equation;
  if (outside == Outside::one) return Way::equation;
  bool is_step = p_[id].kind == NodeKind::map && elementwise(p_[id].function).zero_derivative;  // a comparison, floor
  bool stays_finite = is_step || is_sum(id) || is(id, "mul") || is(id, "where") || keeps_zero(p_[id].kind);
  return stays_finite ? Way::operands : Way::equation;
}

Outside Distribution::operand_outside(NodeId id, std::size_t i, Outside outside) const {
  if (outside != Outside::zero) return outside;
  if (is(id, "div")) return i == 0 ? Outside::zero : Outside::one;
  if (is(id, "where")) return i == 0 ? Outside::finite : Outside::zero;
  bool product = is(id, "mul") || p_[id].kind == NodeKind::matmul || p_[id].kind == NodeKind::outer;
  return product && i != zero_operand(id) ? Outside::finite : Outside::zero;
}

void Distribution::ask_operands(NodeId id, Outside outside) {
  if (way(id, outside) != Way::operands) return;
  for (std::size_t i = 0; i < p_[id].operands.size(); ++i)
    demand(p_[id].operands[i], operand_outside(id, i, outside));
}

NodeId Distribution::read(EquationId equation, Outside outside, Shape shape) const {
  NodeId fill = p_.broadcast_scalar(p_.constant(outside == Outside::one ? 1 : 0), shape);
  if (!place_.whole) return p_.shift(equation, place_.offset, {fill});
  return outside == Outside::one ? p_.at(equation, place_.end, place_.offset, {fill})
                                 : p_.at(equation, place_.end, place_.offset);
}

// An equation for a part that has none: an input's by its own name, another by the name of the whole and a number.
EquationId Distribution::name_part(NodeId id) {
  const Node node = p_[id];
  bool input = node.kind == NodeKind::input;
  const std::string stem = input ? p_.inputs[InputId(static_cast<std::size_t>(node.ref))].name : name_;
  EquationId equation = p_.declare(names_.free(stem, input), node.shape, domain_);
  p_.define(equation, id);
  names_.add(p_, equation);
  return equation;
}

NodeId Distribution::build(NodeId id, Outside outside) {
  switch (way(id, outside)) {
    case Way::itself: return is_zero(p_, id) ? zero(p_[id].shape) : id;
    case Way::other: return *moved(id, outside);
    case Way::equation: {
      EquationId read_of = equation(id);
      if (!read_of.valid()) read_of = name_part(id);
      return read(read_of, outside, p_[id].shape);
    }
    case Way::operands: break;
  }
  const Node node = p_[id];
  std::vector<NodeId> operands;
  for (std::size_t i = 0; i < node.operands.size(); ++i)
    operands.push_back(demands_.at({node.operands[i], operand_outside(id, i, outside)}));
  return p_.rebuild(node, std::move(operands));
}

// A read of another step, read at the place; nothing if that is no such read.
std::optional<NodeId> Distribution::moved(NodeId id, Outside outside) const {
  const Node& node = p_[id];
  if (outside == Outside::one || node.domain != domain_) return std::nullopt;
  if (node.kind == NodeKind::shift) return moved_shift(node, outside);
  if (node.kind == NodeKind::random && outside == Outside::finite)
    return place_.whole ? p_.random_at(id, place_.end, place_.offset) : p_.random_before(id, place_.offset);
  if (node.kind == NodeKind::impulse && !place_.whole) return moved_impulse(node);
  return std::nullopt;
}

// The value where the place lies within the sequence, else zero: there it is of a step that nothing asked for, and may be
// infinite.
NodeId Distribution::inside_only(NodeId value) const {
  const std::vector<NodeId> ones(static_cast<std::size_t>(std::abs(place_.offset)), p_.constant(1));
  const NodeId outside = p_.impulse(ones, domain_, place_.offset > 0 ? End::first : End::last, 0);
  return p_.map("where", {outside, zero({}), value});
}

// s = shift(e, k; b). With `finite`, what is read outside of s may be anything: only its values inside matter.
std::optional<NodeId> Distribution::moved_shift(const Node& node, Outside outside) const {
  EquationId e(static_cast<std::size_t>(node.ref));
  std::int64_t k = node.offset;
  std::vector<NodeId> bounds = node.operands;
  auto bound = [&](std::int64_t j) { return bounds[bounds.size() == 1 ? 0 : static_cast<std::size_t>(j - 1)]; };
  bool zeros = std::all_of(bounds.begin(), bounds.end(), [&](NodeId b) { return is_zero(p_, b); });
  NodeId nothing = zero(node.shape);
  std::vector<NodeId> boundary;
  if (!place_.whole) {
    std::int64_t total = k + place_.offset;
    bool same_way = (k > 0) == (place_.offset > 0);
    if (outside == Outside::zero && !(zeros && same_way)) return std::nullopt;
    if (total == 0) return inside_only(p_.value(e));
    // Inside of s only its own boundaries are met, and none when the place lies further the other way.
    bool turned = (k > 0) != (total > 0);
    for (std::int64_t j = 1; j <= std::abs(total); ++j)
      boundary.push_back(turned || j > std::abs(k) ? nothing : bound(j));
    const NodeId there = p_.shift(e, total, boundary);
    return same_way ? there : inside_only(there);
  }
  // s at a step: that step of e, nearer to the end it is counted from or further away.
  bool outwards = (place_.end == End::first) == (k > 0);
  std::int64_t steps = std::abs(k), distance = outwards ? place_.offset - steps : place_.offset + steps;
  if (outside == Outside::zero && (!zeros || (outwards && distance >= 0))) return std::nullopt;
  if (distance < 0) return bound(-distance);
  if (!outwards && !zeros)
    for (std::int64_t j = 1; j <= distance + 1; ++j) boundary.push_back(j > steps ? nothing : bound(j));
  return p_.at(e, place_.end, distance, boundary);
}

// An impulse moves with the place while the row is certain to have had it, and away over the end it is counted from.
std::optional<NodeId> Distribution::moved_impulse(const Node& node) const {
  bool outwards = (node.end == End::first) == (place_.offset < 0);
  std::int64_t steps = std::abs(place_.offset);
  const std::int64_t last = node.offset + static_cast<std::int64_t>(node.operands.size()) - 1;
  if (outwards && last >= steps) return std::nullopt;
  if (outwards) return zero(node.shape);
  return p_.impulse(node.operands, node.domain, node.end, node.offset + steps);
}

// Transient equations that need themselves at another step with no named equation in between. Their reads would be
// moved for ever; they are recurrences of their own, and stay. `program` is searched without depth: what an equation
// reads directly, then the circles among these reads.
class Circles {
 public:
  Circles(const Program& p, const Names& names) : reads_(p.equations.size()), circular_(p.equations.size(), false) {
    for (EquationId id : p.equations.ids())
      if (p.equations[id].transient) find_reads(p, names, id);
    // Removing what reads nothing transient (any more) leaves the circles and what leads to them.
    std::vector<EquationId> open;
    IdVector<EquationId, std::size_t> waits(p.equations.size(), 0);
    IdVector<EquationId, std::vector<EquationId>> readers(p.equations.size());
    for (EquationId id : p.equations.ids()) {
      waits[id] = reads_[id].size();
      circular_[id] = waits[id] > 0;
      for (EquationId read : reads_[id]) readers[read].push_back(id);
      if (waits[id] == 0) open.push_back(id);
    }
    while (!open.empty()) {
      EquationId id = open.back();
      open.pop_back();
      for (EquationId reader : readers[id]) {
        if (--waits[reader] > 0) continue;
        circular_[reader] = false;
        open.push_back(reader);
      }
    }
  }
  bool contains(EquationId id) const { return id.index() < circular_.size() && circular_[id]; }

 private:
  void find_reads(const Program& p, const Names& names, EquationId id) {
    std::vector<NodeId> open{p.value(id)};
    std::unordered_map<NodeId, bool> seen{{p.value(id), true}};
    while (!open.empty()) {
      NodeId at = open.back();
      open.pop_back();
      const Node& node = p[at];
      if (names.find(p, at, p.equations[id].domain).valid()) continue;
      if (node.kind == NodeKind::shift || node.kind == NodeKind::at) {
        EquationId read(static_cast<std::size_t>(node.ref));
        if (p.equations[read].transient) reads_[id].push_back(read);
      }
      for (NodeId operand : node.operands)
        if (seen.emplace(operand, true).second) open.push_back(operand);
    }
  }

  IdVector<EquationId, std::vector<EquationId>> reads_;
  IdVector<EquationId, char> circular_;
};

class Distributor {
 public:
  explicit Distributor(const Program& program)
      : rewriter_(program, [this](Rewriter&, NodeId id) { return rewrite(id); }), names_(program),
        circles_(program, names_), users_(count_users(program)) {}
  Program run() { return rewriter_.finish(); }

 private:
  NodeId rewrite(NodeId id) {
    Program& p = rewriter_.program();
    const Node node = p[id];
    if (node.kind != NodeKind::shift && node.kind != NodeKind::at) return id;
    EquationId equation(static_cast<std::size_t>(node.ref));
    auto zero = [&](NodeId boundary) { return is_zero(p, boundary); };
    bool zero_outside = std::all_of(node.operands.begin(), node.operands.end(), zero);
    if (!p.equations[equation].transient || !zero_outside || circles_.contains(equation)) return id;
    Place place{node.kind == NodeKind::at, node.offset, node.end};
    return Distribution(p, names_, users_, equation, place).run().value_or(id);
  }

  Rewriter rewriter_;
  Names names_;
  Circles circles_;
  IdVector<NodeId, int> users_;
};

}  // namespace

Program distribute_reads(const Program& program) { return Distributor(program).run(); }

}  // namespace rnnc::opt
