// What depends on what, through operands and through equations at other steps.
#pragma once

#include <functional>
#include <vector>

#include "compiler/ir/program.h"

namespace rnnc::ir {

enum class Reach : std::uint8_t {
  same_step,  // an operand: its value at the same step (or the one value it has)
  lagged,     // shift's equation: its value `lag` steps back (ahead if negative)
  whole,      // at's equation, the operand of a sum over an axis: it must be complete first
};

// Calls f(NodeId dependence, Reach, lag) for everything that `node` needs. Equations that are not defined are skipped.
template <class F>
void for_each_dependence(const Program& program, const Node& node, F f) {
  bool sums_axis = node.kind == NodeKind::sum_over && node.axis.valid();
  for (NodeId operand : node.operands) f(operand, sums_axis ? Reach::whole : Reach::same_step, std::int64_t{0});
  if (node.kind != NodeKind::shift && node.kind != NodeKind::at) return;
  NodeId value = program.equations[EquationId(static_cast<std::size_t>(node.ref))].value;
  if (!value.valid()) return;
  if (node.kind == NodeKind::shift) {
    f(value, Reach::lagged, node.offset);
  } else {
    f(value, Reach::whole, std::int64_t{0});
  }
}

// Strongly connected components of that graph. A component of several nodes, or of one that needs itself, is a
// recurrence; inside it the nodes of one step are in order of their ids.
struct Components {
  std::vector<std::vector<NodeId>> members;  // dependencies first; each ascending
  IdVector<NodeId, std::size_t> of;          // by node: index into members
  std::vector<bool> recurrent;               // by component
};
Components components(const Program& program);
// The components of the graph in which every node needs `needs(node)`, as far as it is reached from `roots`.
Components components(std::size_t nodes, const std::vector<NodeId>& roots,
                      const std::function<std::vector<NodeId>(NodeId)>& needs);

}  // namespace rnnc::ir
