#include "compiler/grad/flow.h"

#include <algorithm>

#include "compiler/base/bug.h"

namespace rnnc::grad {

using namespace ir;

namespace {

bool reads_equation(const Node& node) { return node.kind == NodeKind::shift || node.kind == NodeKind::at; }
NodeId value_read(const Program& program, const Node& node) {
  return program.value(EquationId(static_cast<std::size_t>(node.ref)));
}
bool is_source(const Node& node) {
  return node.kind == NodeKind::parameter || (node.kind == NodeKind::input && !node.index) ||
         node.kind == NodeKind::initial;
}

}  // namespace

bool Flow::is_objective(ResultRole role) {
  switch (role) {
    case ResultRole::output:
    case ResultRole::final_state:
    case ResultRole::loss: return true;
    case ResultRole::input_gradient:
    case ResultRole::parameter_gradient:
    case ResultRole::initial_gradient: return false;
  }
  return false;
}

bool Flow::lets_pass(const Node& node, std::size_t i) {
  switch (node.kind) {
    case NodeKind::one_hot:
    case NodeKind::chosen:
    case NodeKind::stop_gradient: return false;
    case NodeKind::gather: return i == 0;
    case NodeKind::surrogate: return i % 2 == 1;
    case NodeKind::map: return !elementwise(node.function).zero_derivative;
    default: return !node.index;
  }
}

bool Flow::carries(NodeId id, std::size_t i) const { return carries_[id][i]; }

void Flow::find_active(const Program& program) {
  active_.resize(program.nodes.size(), false);
  IdVector<NodeId, std::vector<NodeId>> users(program.nodes.size());
  std::vector<NodeId> open;
  for (NodeId id : program.nodes.ids()) {
    const Node& node = program[id];
    for (std::size_t i = 0; i < node.operands.size(); ++i)
      if (lets_pass(node, i)) users[node.operands[i]].push_back(id);
    if (reads_equation(node) && !node.index) users[value_read(program, node)].push_back(id);
    if (!is_source(node)) continue;
    active_[id] = true;
    open.push_back(id);
  }
  while (!open.empty()) {
    NodeId id = open.back();
    open.pop_back();
    for (NodeId user : users[id]) {
      if (active_[user]) continue;
      active_[user] = true;
      open.push_back(user);
    }
  }
}

void Flow::find_reached(const Program& program) {
  reached_.resize(program.nodes.size(), false);
  std::vector<NodeId> open;
  auto reach = [&](NodeId id) {
    if (!active_[id] || reached_[id]) return;
    reached_[id] = true;
    open.push_back(id);
  };
  for (const Result& result : program.results)
    if (is_objective(result.role)) reach(result.node);
  while (!open.empty()) {
    const Node& node = program[open.back()];
    NodeId id = open.back();
    open.pop_back();
    for (std::size_t i = 0; i < node.operands.size(); ++i)
      if (carries_[id][i]) reach(node.operands[i]);
    if (reads_equation(node)) reach(value_read(program, node));
  }
}

// Depth first, operands before users, then the other way round.
void Flow::find_order(const Program& program) {
  enum : char { unseen, open, done };
  IdVector<NodeId, char> mark(program.nodes.size(), unseen);
  struct Frame {
    NodeId id;
    std::vector<NodeId> needs;
    std::size_t next = 0;
  };
  std::vector<Frame> frames;
  auto enter = [&](NodeId id) {
    const Node& node = program[id];
    Frame frame{id, {}, 0};
    for (std::size_t i = 0; i < node.operands.size(); ++i)
      if (carries_[id][i]) frame.needs.push_back(node.operands[i]);
    if (node.kind == NodeKind::at && active_[value_read(program, node)])
      frame.needs.push_back(value_read(program, node));
    mark[id] = open;
    frames.push_back(std::move(frame));
  };
  for (NodeId root : program.nodes.ids()) {
    if (!reached_[root] || mark[root] != unseen) continue;
    enter(root);
    while (!frames.empty()) {
      Frame& frame = frames.back();
      if (frame.next == frame.needs.size()) {
        mark[frame.id] = done;
        backward_order_.push_back(frame.id);
        frames.pop_back();
        continue;
      }
      NodeId need = frame.needs[frame.next++];
      check(mark[need] != open, "differentiate: a value depends on the whole sequence it belongs to");
      if (mark[need] == unseen) enter(need);
    }
  }
  std::reverse(backward_order_.begin(), backward_order_.end());
}

Flow::Flow(const Program& program) {
  find_active(program);
  carries_.resize(program.nodes.size());
  equation_of_.resize(program.nodes.size());
  for (NodeId id : program.nodes.ids()) {
    const Node& node = program[id];
    equation_of_[id] = program.equation_of(id);
    for (std::size_t i = 0; i < node.operands.size(); ++i)
      carries_[id].push_back(active_[id] && active_[node.operands[i]] && lets_pass(node, i));
  }
  find_reached(program);
  find_order(program);
}

}  // namespace rnnc::grad
