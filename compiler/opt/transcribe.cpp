#include "compiler/opt/transcribe.h"

#include "compiler/base/bug.h"

namespace rnnc::opt {

using namespace ir;

namespace {

bool reads_equation(const Node& node) { return node.kind == NodeKind::shift || node.kind == NodeKind::at; }
EquationId equation_read(const Node& node) { return EquationId(static_cast<std::size_t>(node.ref)); }

class Transcriber {
 public:
  Transcriber(const Program& from, const IdVector<EquationId, char>& keep) : from_(from), keep_(keep) {}

  Program run() {
    find_live();
    copy_tables();
    for (const Node& node : from_.nodes) limit_ += 1 + needs(node).size();
    for (NodeId id : from_.nodes.ids())
      if (live_[id]) copy(id);
    for (const auto& [id, label] : from_.labels)
      if (live_[id]) to_.labels.emplace(node_[id], label);
    return std::move(to_);
  }

 private:
  void find_live() {
    std::vector<NodeId> roots;
    for (const Result& result : from_.results) roots.push_back(result.node);
    for (EquationId id : from_.equations.ids())
      if (keep_[id]) roots.push_back(from_.value(id));
    live_ = needed(from_, roots);
    for (NodeId id : from_.nodes.ids())
      if (live_[id] && reads_equation(from_[id])) keep_[equation_read(from_[id])] = true;
  }

  void copy_tables() {
    to_.name = from_.name;
    to_.parameters = from_.parameters;
    to_.inputs = from_.inputs;
    to_.states = from_.states;
    to_.axes = from_.axes;
    to_.random_sites = from_.random_sites;
    to_.results = from_.results;
    results_.resize(from_.nodes.size());
    equations_.resize(from_.nodes.size());
    equation_.resize(from_.equations.size());
    node_.resize(from_.nodes.size());
    for (ResultId id : from_.results.ids()) {
      results_[from_.results[id].node].push_back(id);
      to_.results[id].node = {};
    }
    for (EquationId id : from_.equations.ids()) {
      if (!keep_[id]) continue;
      Equation equation = from_.equations[id];
      equations_[equation.value].push_back(id);
      equation.value = {};
      equation_[id] = to_.equations.add(std::move(equation));
    }
    for (StateInfo& state : to_.states)
      if (state.equation.valid()) state.equation = equation_[state.equation];
  }

  // What must be written before node `id`: its operands; the result whose shape an upstream gradient takes; the
  // value of a shifted index, which says how many values the index has.
  std::vector<NodeId> needs(const Node& node) const {
    std::vector<NodeId> nodes = node.operands;
    if (node.kind == NodeKind::upstream)
      nodes.push_back(from_.results[ResultId(static_cast<std::size_t>(node.ref))].node);
    if (reads_equation(node) && node.index) nodes.push_back(from_.value(equation_read(node)));
    return nodes;
  }

  void copy(NodeId root) {
    std::vector<NodeId> open{root};
    while (!open.empty()) {
      NodeId id = open.back();
      bool ready = true;
      if (!node_[id].valid()) {
        for (NodeId need : needs(from_[id])) {
          if (node_[need].valid()) continue;
          open.push_back(need);
          ready = false;
        }
        check(open.size() <= limit_, "a value depends on itself at the same step");
      }
      if (!ready) continue;
      open.pop_back();
      if (!node_[id].valid()) write(id);
    }
  }

  void write(NodeId id) {
    Node node = from_[id];
    std::vector<NodeId> operands;
    for (NodeId operand : node.operands) operands.push_back(node_[operand]);
    if (reads_equation(node)) node.ref = equation_[equation_read(node)].value;
    node_[id] = to_.rebuild(node, std::move(operands));
    for (EquationId equation : equations_[id]) to_.define(equation_[equation], node_[id]);
    for (ResultId result : results_[id]) to_.results[result].node = node_[id];
  }

  const Program& from_;
  IdVector<EquationId, char> keep_;
  Program to_;
  std::size_t limit_ = 0;  // more open nodes than operands there are: a circle
  IdVector<NodeId, char> live_;
  IdVector<NodeId, NodeId> node_;                        // by old id
  IdVector<EquationId, EquationId> equation_;            // by old id
  IdVector<NodeId, std::vector<EquationId>> equations_;  // by old value: kept equations
  IdVector<NodeId, std::vector<ResultId>> results_;      // by old node
};

}  // namespace

Program transcribe(const Program& program, const IdVector<EquationId, char>& keep) {
  return Transcriber(program, keep).run();
}

IdVector<NodeId, char> needed(const Program& program, const std::vector<NodeId>& roots) {
  IdVector<NodeId, char> live(program.nodes.size(), false);
  std::vector<NodeId> open;
  auto need = [&](NodeId id) {
    if (live[id]) return;
    live[id] = true;
    open.push_back(id);
  };
  for (NodeId id : roots) need(id);
  while (!open.empty()) {
    const Node& node = program[open.back()];
    open.pop_back();
    for (NodeId operand : node.operands) need(operand);
    if (reads_equation(node)) need(program.value(equation_read(node)));
    if (node.kind == NodeKind::upstream) need(program.results[ResultId(static_cast<std::size_t>(node.ref))].node);
  }
  return live;
}

}  // namespace rnnc::opt
