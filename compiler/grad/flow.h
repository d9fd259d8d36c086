// Where a gradient flows: which nodes depend on something differentiable, which of them the objective reads, and in
// which order adjoints are complete.
#pragma once

#include <vector>

#include "compiler/ir/program.h"

namespace rnnc::grad {

class Flow {
 public:
  // Looks at the nodes that `program` has now. Nodes added later carry nothing.
  explicit Flow(const ir::Program& program);

  // Whether results of this role are part of the objective.
  static bool is_objective(ir::ResultRole role);

  // Whether the node depends on a parameter, a real-valued input or an initial value, other than through an index, a
  // function without derivative by nature, or stop_gradient.
  bool active(ir::NodeId id) const { return active_[id]; }
  // Whether the adjoint of node `id` passes to its operand number i.
  bool carries(ir::NodeId id, std::size_t i) const;
  // The equation with this value, as `Program::equation_of`, of the nodes the program had.
  ir::EquationId equation_of(ir::NodeId id) const { return equation_of_[id]; }
  // The active nodes that the objective reads, every node before its operands, and before the values it reads with
  // `at`. Values read with `shift` stand in no particular order: that dependence runs through time.
  const std::vector<ir::NodeId>& backward_order() const { return backward_order_; }

 private:
  static bool lets_pass(const ir::Node& node, std::size_t i);
  void find_active(const ir::Program& program);
  void find_reached(const ir::Program& program);
  void find_order(const ir::Program& program);

  rnnc::IdVector<ir::NodeId, char> active_, reached_;
  rnnc::IdVector<ir::NodeId, std::vector<char>> carries_;
  rnnc::IdVector<ir::NodeId, ir::EquationId> equation_of_;
  std::vector<ir::NodeId> backward_order_;
};

}  // namespace rnnc::grad
