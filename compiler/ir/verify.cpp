// The verifier: every invariant that a pass could break, and causality.
#include <deque>
#include <map>
#include <set>
#include <string>

#include "compiler/ir/dependence.h"
#include "compiler/ir/program.h"

namespace rnnc::ir {
namespace {

class Verifier {
 public:
  explicit Verifier(const Program& program) : program_(program) {}

  std::string run();

 private:
  std::string node_name(NodeId id) const {
    return "node " + std::to_string(id.value) + " (" + std::string(node_kind_name(program_[id].kind)) + ")";
  }
  bool exists(NodeId id) const { return id.valid() && id.index() < program_.nodes.size(); }
  bool exists(EquationId id) const { return id.valid() && id.index() < program_.equations.size(); }
  std::string domain_name(Domain domain) const;
  void fail(const std::string& what) {
    if (error_.empty()) error_ = what;
  }

  void operands();
  // A caller finds what is in a table by its name.
  template <class Table>
  void names_differ(const Table& table, const std::string& what) {
    std::set<std::string> names;
    for (const auto& entry : table)
      if (!names.insert(entry.name).second) fail("two " + what + " have the name `" + entry.name + "`");
  }
  void node(NodeId id);
  void equation(EquationId id);
  void state(StateId id);
  void result(ResultId id);
  void causality();
  void recurrence(const std::vector<NodeId>& members, std::size_t component);
  // The nodes from `from` to `to`, both included, each needing the next, inside one component (or anywhere if -1).
  std::vector<NodeId> path(NodeId from, NodeId to, std::ptrdiff_t component) const;
  // A cycle in the words of the user: equations by name, references to other steps as written.
  std::string cycle_text(const std::vector<NodeId>& cycle) const;

  const Program& program_;
  Components components_;
  std::map<NodeId, EquationId> named_;
  std::string error_;
};

std::string Verifier::domain_name(Domain domain) const {
  std::string text = domain.axis.valid() ? "t" : "";
  if (domain.axis.valid() && domain.axis.index() < program_.axes.size() && !program_.axes[domain.axis].name.empty())
    text = program_.axes[domain.axis].name;
  if (domain.batched) text += text.empty() ? "b" : ", b";
  return "(" + text + ")";
}

std::vector<NodeId> Verifier::path(NodeId from, NodeId to, std::ptrdiff_t component) const {
  std::map<NodeId, NodeId> reached_from{{from, NodeId{}}};
  std::deque<NodeId> queue{from};
  while (!queue.empty() && !reached_from.count(to)) {
    NodeId id = queue.front();
    queue.pop_front();
    for_each_dependence(program_, program_[id], [&](NodeId on, Reach, std::int64_t) {
      if (component >= 0 && components_.of[on] != static_cast<std::size_t>(component)) return;
      if (reached_from.emplace(on, id).second) queue.push_back(on);
    });
  }
  std::vector<NodeId> nodes;
  if (!reached_from.count(to)) return nodes;
  for (NodeId id = to; id.valid(); id = reached_from[id]) nodes.insert(nodes.begin(), id);
  return nodes;
}

std::string Verifier::cycle_text(const std::vector<NodeId>& cycle) const {
  std::string text;
  auto append = [&](const std::string& item) { text += (text.empty() ? "" : " -> ") + item; };
  bool entered = false;  // the reference just printed names this equation already
  for (NodeId id : cycle) {
    const Node& node = program_[id];
    auto named = named_.find(id);
    if (named != named_.end() && !entered) append(program_.equations[named->second].name);
    entered = node.kind == NodeKind::shift || node.kind == NodeKind::at;
    if (entered) {
      std::string lag = node.offset > 0 ? "-" + std::to_string(node.offset) : "+" + std::to_string(-node.offset);
      std::string step = node.kind == NodeKind::shift ? "t" + lag : node.end == End::first ? "first" : "last";
      append(program_.equations[EquationId(static_cast<std::size_t>(node.ref))].name + "[" + step + "]");
    } else if (node.kind == NodeKind::sum_over && node.axis.valid()) {
      append("sum over time");
    }
  }
  return text.empty() ? node_name(cycle.front()) : text;
}

void Verifier::operands() {
  for (NodeId id : program_.nodes.ids()) {
    for (NodeId operand : program_[id].operands)
      if (!exists(operand)) return fail(node_name(id) + ": an operand is no node");
  }
  for (NodeId id : program_.nodes.ids()) {
    for (NodeId operand : program_[id].operands) {
      if (operand < id) continue;
      std::vector<NodeId> back = path(operand, id, -1);
      if (back.empty()) return fail(node_name(id) + ": its operand " + node_name(operand) + " comes after it");
      return fail("a value depends on itself at the same step: " + cycle_text(back));
    }
  }
}

void Verifier::node(NodeId id) {
  Node again = program_[id];
  Shape shape = again.shape;
  Domain domain = again.domain;
  if (domain.axis.valid() && domain.axis.index() >= program_.axes.size())
    return fail(node_name(id) + ": varies along no declared axis");
  std::string error = infer(program_, again);
  if (!error.empty()) return fail("node " + std::to_string(id.value) + ": " + error);
  if (again.shape != shape)
    return fail(node_name(id) + ": has shape " + shape.to_string() + ", should have " + again.shape.to_string());
  if (again.domain != domain)
    return fail(node_name(id) + ": varies over " + domain_name(domain) + ", should over " + domain_name(again.domain));
}

void Verifier::equation(EquationId id) {
  const Equation& equation = program_.equations[id];
  std::string name = "equation `" + equation.name + "` ";
  if (!equation.value.valid()) return fail(name + "is not defined");
  if (!exists(equation.value)) return fail(name + "is defined by no node");
  const Node& node = program_[equation.value];
  if (node.shape != equation.shape)
    return fail(name + "is declared with shape " + equation.shape.to_string() + ", its value has " +
                node.shape.to_string());
  if (!covers(equation.domain, node.domain))
    return fail(name + "is declared over " + domain_name(equation.domain) + ", its value varies over " +
                domain_name(node.domain));
}

void Verifier::state(StateId id) {
  const StateInfo& state = program_.states[id];
  if (!exists(state.equation)) return fail("state `" + state.name + "` has no equation");
  const Equation& equation = program_.equations[state.equation];
  if (equation.shape != state.shape || equation.domain.axis != state.axis)
    fail("state `" + state.name + "` differs from its equation `" + equation.name + "` in shape or axis");
}

void Verifier::result(ResultId id) {
  const Result& result = program_.results[id];
  if (!exists(result.node)) return fail("result `" + result.name + "` has no node");
  const Node& node = program_[result.node];
  if (result.role == ResultRole::loss && (node.shape.rank() > 0 || !node.domain.empty()))
    fail("result `" + result.name + "` is a loss, but not one number: it has shape " + node.shape.to_string() + " over " +
         domain_name(node.domain));
}

void Verifier::recurrence(const std::vector<NodeId>& members, std::size_t component) {
  auto inside = static_cast<std::ptrdiff_t>(component);
  // A reference, and the value that it refers to.
  std::pair<NodeId, NodeId> back, ahead, whole;
  for (NodeId id : members) {
    for_each_dependence(program_, program_[id], [&](NodeId on, Reach reach, std::int64_t lag) {
      if (components_.of[on] != component) return;
      auto& found = reach == Reach::whole ? whole : lag > 0 ? back : ahead;
      if (reach != Reach::same_step && !found.first.valid()) found = {id, on};
    });
  }
  if (whole.first.valid())
    return fail("a value depends on the whole sequence it belongs to: " +
                cycle_text(path(whole.second, whole.first, inside)));
  if (back.first.valid() && ahead.first.valid()) {
    std::vector<NodeId> cycle = path(back.second, ahead.first, inside);
    std::vector<NodeId> rest = path(ahead.second, back.first, inside);
    cycle.insert(cycle.end(), rest.begin(), rest.end());
    fail("a recurrence mixes past and future: " + cycle_text(cycle));
  }
}

void Verifier::causality() {
  components_ = components(program_);
  for (std::size_t i = 0; i < components_.members.size(); ++i)
    if (components_.recurrent[i]) recurrence(components_.members[i], i);
}

std::string Verifier::run() {
  for (EquationId id : program_.equations.ids()) {
    NodeId value = program_.equations[id].value;
    if (value.valid()) named_.emplace(value, id);
  }
  operands();
  auto all = [this](const auto& table, auto check) {
    for (auto id : table.ids())
      if (error_.empty()) (this->*check)(id);
  };
  names_differ(program_.parameters, "parameters");
  names_differ(program_.inputs, "inputs");
  names_differ(program_.states, "states");
  all(program_.equations, &Verifier::equation);
  all(program_.states, &Verifier::state);
  all(program_.results, &Verifier::result);
  all(program_.nodes, &Verifier::node);
  if (error_.empty()) causality();
  return error_;
}

}  // namespace

std::string verify(const Program& program) { return Verifier(program).run(); }

}  // namespace rnnc::ir
