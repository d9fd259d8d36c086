#include "compiler/opt/rules.h"

#include <cmath>

namespace rnnc::opt {

using namespace ir;

namespace match {

const Functions& functions() {
  static const Functions ids;
  return ids;
}

const Node* applied(const Rewriter& r, NodeId id, ElementwiseId function) {
  const Node& node = r[id];
  return node.kind == NodeKind::map && node.function == function && !r.named(id) ? &node : nullptr;
}

NodeId negated(const Rewriter& r, NodeId id) {
  const Node* node = applied(r, id, functions().neg);
  return node ? node->operands[0] : NodeId{};
}

bool is_moderate(double factor) { return std::abs(factor) >= 0x1p-16 && std::abs(factor) <= 0x1p16; }

const Node* scaled(const Rewriter& r, NodeId id) {
  const Node* node = applied(r, id, functions().mul);
  if (!node || !is_constant(r, node->operands[0]) || !is_moderate(r[node->operands[0]].value)) return nullptr;
  const Node* further = applied(r, node->operands[1], functions().mul);
  return further && is_constant(r, further->operands[0]) ? nullptr : node;
}

bool is_constant(const Rewriter& r, NodeId id) { return r[id].kind == NodeKind::constant; }

bool is_zero(const Rewriter& r, NodeId id) {
  if (r[id].kind == NodeKind::broadcast) id = r[id].operands[0];
  return is_constant(r, id) && r[id].value == 0;
}

}  // namespace match

std::span<const Rule> rules() {
  static const std::vector<Rule> table = [] {
    std::vector<Rule> all;
    for (auto part : {sum_rules, product_rules, reduction_rules, structure_rules, zero_rules})
      for (const Rule& rule : part()) all.push_back(rule);
    return all;
  }();
  return table;
}

}  // namespace rnnc::opt
