#include "compiler/opt/rewriter.h"

#include <algorithm>

#include "compiler/opt/transcribe.h"

namespace rnnc::opt {

using namespace ir;

Rewriter::Rewriter(const Program& program, Rewrite rewrite)
    : original_(program), program_(program), rewrite_(std::move(rewrite)), value_(program.nodes.size(), false) {
  for (const Equation& equation : program_.equations)
    if (equation.value.valid() && !equation.transient) value_[equation.value] = true;
  find_whole();
  find_slices();
}

void Rewriter::find_slices() {
  slices_.resize(program_.nodes.size(), Slices::none);
  std::map<NodeId, std::vector<const Node*>> slices;
  for (const Node& node : program_.nodes)
    if (node.kind == NodeKind::slice) slices[node.operands[0]].push_back(&node);
  for (auto& [whole, parts] : slices) {
    std::sort(parts.begin(), parts.end(), [](const Node* a, const Node* b) { return a->offset < b->offset; });
    constexpr std::size_t most = 16;  // gates, heads
    slices_[whole] = parts.size() == 1 ? Slices::one : parts.size() <= most ? Slices::few : Slices::many;
    for (std::size_t i = 1; i < parts.size(); ++i) {
      const bool apart = parts[i]->dim == parts[0]->dim && parts[i - 1]->offset + parts[i - 1]->extent <= parts[i]->offset;
      if (!apart) slices_[whole] = Slices::many;
    }
  }
}

// Users before operands; an equation is used whole where a read of it at another step is, which may stand anywhere.
void Rewriter::find_whole() {
  whole_.resize(program_.nodes.size(), false);
  for (const Result& result : program_.results) whole_[result.node] = true;
  for (const Equation& equation : program_.equations)
    if (equation.value.valid() && equation.transient) whole_[equation.value] = true;
  for (NodeId id : program_.nodes.ids()) {
    const Node& node = program_[id];
    bool other_step = node.kind == NodeKind::shift || node.kind == NodeKind::at;
    if (other_step) whole_[program_.equations[EquationId(static_cast<std::size_t>(node.ref))].value] = true;
  }
  for (std::size_t i = program_.nodes.size(); i-- > 0;) {
    NodeId id(i);
    const Node& node = program_[id];
    bool in_parts = node.kind == NodeKind::slice || (node.kind == NodeKind::map && !whole_[id]);
    if (in_parts) continue;
    for (NodeId operand : node.operands) whole_[operand] = true;
  }
}

// Opens a node; false if it is settled already. A node that is open already is one that its own replacement needs: the
// rewrite went round in a circle, and the node stays as it is.
bool Rewriter::push(NodeId id) {
  std::size_t size = program_.nodes.size();
  if (settled_.size() < size) {
    settled_.resize(size);
    open_.resize(size, false);
    named_.resize(size, false);
    whole_.resize(size, false);
    slices_.resize(size, Slices::none);
  }
  if (settled_[id].valid()) return false;
  if (open_[id]) {
    settled_[id] = id;
    return false;
  }
  open_[id] = true;
  stack_.push_back({id, {}});
  return true;
}

void Rewriter::close(NodeId id, NodeId settled) {
  settled_[id] = settled;
  open_[id] = false;
  if (id.index() < value_.size() && value_[id]) named_[settled] = true;
  if (named_[id]) named_[settled] = true;
  if (whole_[id]) whole_[settled] = true;
  slices_[settled] = std::max(slices_[settled], slices_[id]);
  stack_.pop_back();
}

void Rewriter::step() {
  NodeId id = stack_.back().id, instead = stack_.back().instead;
  if (settled_[id].valid()) return close(id, settled_[id]);
  if (!instead.valid()) {
    std::vector<NodeId> operands = program_[id].operands;
    // One at a time: what is open is then on the way from here to the root, and met again only in a circle.
    for (NodeId operand : operands)
      if (push(operand)) return;
    bool same = true;
    for (NodeId& operand : operands) {
      same &= settled_[operand] == operand;
      operand = settled_[operand];
    }
    if (same) {
      instead = rewrite_(*this, id);
    } else {
      const Node node = program_[id];
      instead = program_.rebuild(node, std::move(operands));
    }
    if (instead == id) return close(id, id);
    stack_.back().instead = instead;
  }
  if (push(instead)) return;
  close(id, settled_[instead]);
}

NodeId Rewriter::settle(NodeId id) {
  push(id);
  while (!stack_.empty()) step();
  changed_ |= settled_[id] != id;
  return settled_[id];
}

Program Rewriter::finish() {
  for (ResultId id : program_.results.ids()) settle(program_.results[id].node);
  // Rewrites may add equations while we settle the values of others.
  for (std::size_t i = 0; i < program_.equations.size(); ++i) {
    EquationId id(i);
    changed_ |= i >= original_.equations.size();
    settle(program_.value(id));
  }
  if (!changed_) return original_;

  IdVector<EquationId, char> keep(program_.equations.size(), true);
  for (EquationId id : program_.equations.ids()) {
    Equation& equation = program_.equations[id];
    equation.value = settled_[equation.value];
    keep[id] = !equation.transient;
  }
  for (Result& result : program_.results) result.node = settled_[result.node];
  std::map<NodeId, std::string> labels;
  for (const auto& [id, label] : program_.labels)
    if (id.index() < settled_.size() && settled_[id].valid()) labels.emplace(settled_[id], label);
  program_.labels = std::move(labels);
  return transcribe(program_, keep);
}

}  // namespace rnnc::opt
