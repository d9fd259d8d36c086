// Sums regrouped before scheduling:  U @ h[t-1] + b + W @ x  ->  (W @ x + b) + U @ h[t-1],
// so that what does not recur becomes a value of its own, computed for all steps at once, and products that meet in a
// sum stand together and share an accumulator. Surrogates, whose derivatives are taken, become their values. Results get
// the domain that their caller's arrays have.
#include "compiler/loop/prepare.h"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/loop/schedule.h"

namespace rnnc::loop {

using ir::NodeId;
using ir::NodeKind;

namespace {

class Regrouper {
 public:
  explicit Regrouper(const ir::Program& from) : from_(from), image_(from.nodes.size()) {
    to_.name = from.name;
    to_.parameters = from.parameters;
    to_.inputs = from.inputs;
    to_.states = from.states;
    to_.axes = from.axes;
    to_.random_sites = from.random_sites;
    for (const ir::Equation& e : from.equations) {
      ir::EquationId id = to_.declare(e.name, e.shape, e.domain, e.origin);
      to_.equations[id] = e;
      to_.equations[id].value = NodeId();
    }
    to_.results = from.results;
    delivered_ = IdVector<NodeId, std::vector<ir::ResultId>>(from.nodes.size());
    for (ir::ResultId r : from.results.ids()) delivered_[from.results[r].node].push_back(r);
    std::vector<NodeId> roots, forward_roots;
    for (const ir::Result& r : from.results) {
      roots.push_back(r.node);
      if (is_forward(r.role)) forward_roots.push_back(r.node);
    }
    IdVector<NodeId, bool> none(from.nodes.size(), false);
    order_ = find_order(from, roots, none, none);
    forward_ = find_order(from, forward_roots, none, none).needed;
    count_uses();
    part_reads();
  }

  ir::Program run() {
    for (NodeId id : from_.nodes.ids()) {
      if (within_sum(id)) continue;
      image_[id] = apart(build(id), id);
      for (ir::EquationId e : defined_[id]) to_.define(e, widened(image_[id], from_.equations[e].domain));
      // Once gradients are taken, stop_gradient is a copy.
      for (NodeId copy = image_[id]; const ir::EquationId e : copies_[id]) {
        copy = to_.stop_gradient(copy);
        to_.define(e, widened(copy, to_.equations[e].domain));
      }
      // Upstream leaves, which come later, ask the forward results for their shape.
      for (ir::ResultId r : delivered_[id]) finish_result(to_.results[r], delivered(r, id));
    }
    for (const auto& [node, label] : from_.labels)
      if (image_[node].valid()) to_.labels[image_[node]] = label;
    return std::move(to_);
  }

 private:
  void count_uses() {
    uses_ = readers_ = IdVector<NodeId, int>(from_.nodes.size(), 0);
    only_user_ = IdVector<NodeId, NodeId>(from_.nodes.size());
    for (NodeId id : from_.nodes.ids())
      for (NodeId operand : from_[id].operands) ++readers_[operand];
    for (NodeId id : from_.nodes.ids())
      if (order_.needed[id])
        for (NodeId operand : from_[id].operands) {
          ++uses_[operand];
          only_user_[operand] = id;
          if (from_[id].kind == NodeKind::surrogate) break;
        }
    for (const ir::Result& r : from_.results) ++uses_[r.node];
    defined_ = IdVector<NodeId, std::vector<ir::EquationId>>(from_.nodes.size());
    for (ir::EquationId e : from_.equations.ids()) {
      NodeId value = from_.equations[e].value;
      if (value.valid()) defined_[value].push_back(e);
    }
    for (NodeId id : from_.nodes.ids())
      if (order_.needed[id] && (from_[id].kind == NodeKind::shift || from_[id].kind == NodeKind::at))
        ++uses_[from_.equations[ir::EquationId(static_cast<std::size_t>(from_[id].ref))].value];
  }
  // A stored sequence has one row of values before its first step and one after its last. Where equal nodes are read with
  // others there, each has a copy of its own.
  void part_reads() {
    struct Ends {
      std::vector<NodeId> before, after;
    };
    copies_ = IdVector<NodeId, std::vector<ir::EquationId>>(from_.nodes.size());
    filled_past_end_ = read_elsewhere_ = IdVector<NodeId, bool>(from_.nodes.size(), false);
    IdVector<NodeId, std::vector<Ends>> ends(from_.nodes.size());
    for (NodeId id : from_.nodes.ids()) {
      const ir::Node& node = from_[id];
      if (node.kind != NodeKind::shift || !order_.needed[id]) continue;
      const ir::Equation& equation = from_.equations[ir::EquationId(static_cast<std::size_t>(node.ref))];
      read_elsewhere_[equation.value] = true;
      std::vector<Ends>& known = ends[equation.value];
      const std::vector<NodeId> own = ends_of(node);
      std::size_t which = 0;
      while (which < known.size() && !agree(node.offset > 0 ? known[which].before : known[which].after, own)) ++which;
      if (which == known.size()) known.emplace_back();
      std::vector<NodeId>& values = node.offset > 0 ? known[which].before : known[which].after;
      if (own.size() > values.size()) values = own;
      if (node.offset < 0)
        for (NodeId end : node.operands)
          if (!is_zero(end)) filled_past_end_[equation.value] = true;
      if (which == 0) continue;
      std::vector<ir::EquationId>& copies = copies_[equation.value];
      if (which > copies.size())
        copies.push_back(to_.declare(equation.name, equation.shape, equation.domain, equation.origin));
      read_of_copy_[id] = copies[which - 1];
    }
  }
  bool is_zero(NodeId id) const {
    while (from_[id].kind == NodeKind::broadcast) id = from_[id].operands[0];
    return from_[id].kind == NodeKind::constant && from_[id].value == 0;
  }
  // What a read of another step finds outside of the sequence, from its end outwards: as many values as it is steps away.
  static std::vector<NodeId> ends_of(const ir::Node& shift) {
    std::vector<NodeId> values = shift.operands;
    values.resize(static_cast<std::size_t>(std::abs(shift.offset)), values.front());
    return values;
  }
  // One list begins with the other.
  static bool agree(const std::vector<NodeId>& a, const std::vector<NodeId>& b) {
    return std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(std::min(a.size(), b.size())), b.begin());
  }

  // Sums of the same terms in another order are one node from now on; a sequence that is read at other steps has a copy
  // then, as it has values of its own around it.
  NodeId apart(NodeId image, NodeId id) {
    if (defined_[id].empty() || !read_elsewhere_[id]) return image;
    while (!sequences_.insert(image).second) image = to_.stop_gradient(image);
    return image;
  }

  NodeId widened(NodeId node, ir::Domain domain) {
    return to_[node].domain == domain ? node : to_.mul(node, to_.ones(domain));
  }
  bool is_function(NodeId id, std::string_view name) const {
    return from_[id].kind == NodeKind::map && ir::elementwise(from_[id].function).name == name;
  }
  bool recurs(NodeId id) const {
    return order_.needed[id] && !order_.available[id] && order_.position[id].component > 0;
  }

  NodeId build(NodeId id) {
    const ir::Node& node = from_[id];
    if (node.kind == NodeKind::surrogate) return widened(image_[node.operands[0]], node.domain);
    if (is_function(id, "add") && order_.needed[id]) return build_sum(id);
    if (node.axis.valid() && sums_products(from_, id))
      return to_.rebuild(node, {build_summed(node.operands[0])});
    std::vector<NodeId> operands;
    for (NodeId operand : node.operands) operands.push_back(image_[operand]);
    if (const auto copy = read_of_copy_.find(id); copy != read_of_copy_.end()) {
      ir::Node moved = node;
      moved.ref = copy->second.value;
      return to_.rebuild(moved, std::move(operands));
    }
    return to_.rebuild(node, std::move(operands));
  }

  // An outer product that is summed over rows: the sum passes over the steps past a row's end as well, where one factor
  // must then be zero. If neither is by itself, one gets a copy, which the kernel that stores it makes so.
  NodeId build_summed(NodeId outer) {
    NodeId left = from_[outer].operands[0], right = from_[outer].operands[1];
    NodeId a = image_[left], b = image_[right];
    if (from_[outer].domain.batched && !zero_past_end(left) && !zero_past_end(right))
      a = to_[a].domain == from_[outer].domain ? to_.stop_gradient(a) : widened(a, from_[outer].domain);
    return to_.outer(a, b);
  }
  // Whether what stands in memory past a row's end, which is zero unless a look-ahead finds something else there, is what
  // this value is read from.
  bool zero_past_end(NodeId id) const {
    while (const auto view = view_of(from_, id)) id = view->base;
    const ir::Node& node = from_[id];
    if (!node.domain.batched || !node.domain.axis.valid() || node.kind == NodeKind::one_hot) return false;
    if (node.kind != NodeKind::shift) return !filled_past_end_[id];
    return node.offset < 0 &&
           !filled_past_end_[from_.equations[ir::EquationId(static_cast<std::size_t>(node.ref))].value];
  }

  // Whether the node is but a part of a longer sum: nothing wants it, and building it would cost as much as its terms.
  bool within_sum(NodeId id) const {
    const NodeId user = only_user_[id];
    return is_function(id, "add") && uses_[id] == 1 && readers_[id] == 1 && user.valid() && is_function(user, "add") &&
           from_[user].shape == from_[id].shape && defined_[id].empty();
  }

  // The terms of the sum that ends in `id`: through additions that nothing else uses.
  std::vector<NodeId> terms_of(NodeId id) const {
    std::vector<NodeId> terms, work{id};
    while (!work.empty()) {
      NodeId at = work.back();
      work.pop_back();
      bool inner = at == id || (is_function(at, "add") && uses_[at] == 1 && from_[at].shape == from_[id].shape);
      if (!inner) {
        terms.push_back(at);
        continue;
      }
      for (std::size_t i = from_[at].operands.size(); i-- > 0;) work.push_back(from_[at].operands[i]);
    }
    return terms;
  }

  NodeId build_sum(NodeId id) {
    std::vector<NodeId> outside, products, others;
    for (NodeId term : terms_of(id)) {
      bool product = from_[term].kind == NodeKind::matmul && uses_[term] == 1;
      if (recurs(id) && !recurs(term)) outside.push_back(term);
      else (product ? products : others).push_back(term);
    }
    // Terms without an axis do not make a value of their own: they are read in place.
    bool worth_own = std::any_of(outside.begin(), outside.end(), [&](NodeId o) {
      return !order_.available[o] && from_[o].kind == NodeKind::matmul;
    });
    if (!worth_own) others.insert(others.end(), outside.begin(), outside.end());
    NodeId sum = chain(products);
    if (sum.valid() && !name_of_sum(id).empty()) to_.labels.try_emplace(sum, name_of_sum(id) + "_sum");
    NodeId rest = worth_own ? chain(outside) : NodeId();
    if (rest.valid() && !name_of_sum(id).empty()) to_.labels.try_emplace(rest, name_of_sum(id) + "_input");
    if (rest.valid()) sum = sum.valid() ? to_.add(rest, sum) : rest;
    NodeId tail = chain(others);
    if (tail.valid()) sum = sum.valid() ? to_.add(sum, tail) : tail;
    return sum;
  }
  // The equation that the sum is the value of, or that applies a function to it.
  std::string name_of_sum(NodeId id) const {
    NodeId named = defined_[id].empty() ? only_user_[id] : id;
    return named.valid() && !defined_[named].empty() ? from_.equations[defined_[named].front()].name : "";
  }
  NodeId chain(const std::vector<NodeId>& terms) {
    NodeId sum;
    for (NodeId term : terms) sum = sum.valid() ? to_.add(sum, image_[term]) : image_[term];
    return sum;
  }

  // What a result is made of. A gradient that is a value of the forward pass is on the tape already: what the caller gets
  // is a copy.
  NodeId delivered(ir::ResultId result, NodeId id) {
    const bool of_forward = forward_[id] && !is_leaf(from_[id].kind) && !is_forward(from_.results[result].role);
    return of_forward ? to_.stop_gradient(image_[id]) : image_[id];
  }

  void finish_result(ir::Result& result, NodeId node) {
    ir::Domain wanted = to_[node].domain;
    ir::Shape shape = to_[node].shape;
    switch (result.role) {
      case ir::ResultRole::output:
        break;
      case ir::ResultRole::final_state:
      case ir::ResultRole::initial_gradient:
        wanted = ir::Domain{true, ir::AxisId()};
        shape = to_.states[ir::StateId(static_cast<std::size_t>(result.ref))].shape;
        break;
      case ir::ResultRole::loss:
      case ir::ResultRole::parameter_gradient:
        wanted = ir::Domain{};
        if (result.role == ir::ResultRole::parameter_gradient)
          shape = to_.parameters[ir::ParameterId(static_cast<std::size_t>(result.ref))].shape;
        break;
      case ir::ResultRole::input_gradient:
        wanted = to_.inputs[ir::InputId(static_cast<std::size_t>(result.ref))].domain;
        shape = to_.inputs[ir::InputId(static_cast<std::size_t>(result.ref))].shape;
        break;
    }
    if (to_[node].shape != shape) node = to_.broadcast_scalar(node, shape);
    result.node = widened(node, wanted);
    // A gradient is known by what it is the gradient of.
    if (!to_.equation_of(result.node).valid() && result.role != ir::ResultRole::output)
      to_.labels.try_emplace(result.node, result.name);
  }

  const ir::Program& from_;
  ir::Program to_;
  IdVector<NodeId, NodeId> image_;
  IdVector<NodeId, int> uses_, readers_;  // needed and read at other steps; reading it now
  IdVector<NodeId, NodeId> only_user_;  // the last one, where there are several
  IdVector<NodeId, std::vector<ir::EquationId>> defined_, copies_;  // copies: one after the other
  IdVector<NodeId, bool> filled_past_end_;                          // a look-ahead finds something else than zero
  IdVector<NodeId, bool> read_elsewhere_;                           // at other steps
  std::set<NodeId> sequences_;                                      // of to_, that are read so
  std::map<NodeId, ir::EquationId> read_of_copy_;                   // shifts that read one
  IdVector<NodeId, std::vector<ir::ResultId>> delivered_;
  IdVector<NodeId, bool> forward_;  // what results of the forward pass are made of
  Order order_;
};

}  // namespace

ir::Program regroup_sums(const ir::Program& program) { return Regrouper(program).run(); }

}  // namespace rnnc::loop
