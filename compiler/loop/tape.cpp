// What the gradient needs of the forward run: kept on the tape, or computed again.
#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "compiler/base/bug.h"
#include "compiler/loop/descent.h"
#include "compiler/loop/schedule.h"

namespace rnnc::loop {

using ir::NodeId;
using ir::NodeKind;

namespace {

// A forward value this cheap is computed again in the backward pass if its operands are there anyway.
constexpr int cheap = 2;

class TapePlanner {
 public:
  explicit TapePlanner(const ir::Program& program) : program_(program) {
    forward_ = reach(true, IdVector<NodeId, bool>(program.nodes.size(), false));
    backward_ = reach(false, forward_);
    plan_.margins = IdVector<NodeId, std::optional<Stored>>(program.nodes.size());
    lacking_ = Descent(program.nodes.size());
    find_static();
  }

  TapePlan run() {
    for (NodeId id : program_.nodes.ids())
      if (backward_[id] && !forward_[id]) visit(id);
    for (const ir::Result& result : program_.results)
      if (!is_forward(result.role) && forward_[result.node]) require(result.node);
    settle();
    for (NodeId id : program_.nodes.ids())
      if (backward_[id]) note_margins(id);
    plan_.nodes.assign(kept_.begin(), kept_.end());
    return std::move(plan_);
  }

 private:
  // The nodes reached from the results of one side; nodes in `stop` are reached but not passed.
  IdVector<NodeId, bool> reach(bool forward, const IdVector<NodeId, bool>& stop) const {
    IdVector<NodeId, bool> reached(program_.nodes.size(), false);
    std::vector<NodeId> work;
    for (const ir::Result& result : program_.results)
      if (is_forward(result.role) == forward) work.push_back(result.node);
    while (!work.empty()) {
      NodeId id = work.back();
      work.pop_back();
      if (reached[id]) continue;
      reached[id] = true;
      if (stop[id]) continue;
      for (const Dependency& d : dependencies(program_, id)) work.push_back(d.node);
    }
    return reached;
  }

  NodeId equation_value(const ir::Node& node) const {
    return program_.equations[ir::EquationId(static_cast<std::size_t>(node.ref))].value;
  }

  void visit(NodeId id) {
    for (const Dependency& d : dependencies(program_, id)) {
      if (!forward_[d.node]) continue;
      if (d.need == Need::lagged || program_[id].kind == NodeKind::at) keep(d.node);
      else require(d.node);
    }
  }

  void keep(NodeId id) {
    if (!is_leaf(program_[id].kind)) add(id);
  }
  void add(NodeId id) {
    if (kept_.insert(id).second) lacking_.forget_found();
  }

  // The backward pass reads forward node `id`. Nodes whose value lies in place are followed to what they read; cheap
  // elementwise ones wait until it is known what is kept.
  void require(NodeId id) {
    std::vector<NodeId> work{id};
    while (!work.empty()) {
      NodeId at = work.back();
      work.pop_back();
      backward_[at] = true;
      const ir::Node& node = program_[at];
      if (is_leaf(node.kind) || node.kind == NodeKind::random) continue;  // the counter draws the same again
      if (node.kind == NodeKind::shift) {
        keep(equation_value(node));
        for (NodeId boundary : node.operands) work.push_back(boundary);
      } else if (node.kind == NodeKind::one_hot || node.kind == NodeKind::stop_gradient || view_of(program_, at) ||
                 (node.kind == NodeKind::gather && is_leaf(program_[node.operands[0]].kind)) ||
                 (node.kind == NodeKind::broadcast && node.dim < 0)) {
        for (NodeId operand : node.operands) work.push_back(operand);
      } else if (node.kind == NodeKind::map && ir::elementwise(node.function).cost <= cheap) {
        waiting_.insert(at);
      } else if (!is_static(at)) {
        add(at);
      }
    }
  }

  // Cheap elementwise values, users first: computed again when that asks for nothing more of the tape.
  void settle() {
    while (!waiting_.empty()) {
      NodeId id = *waiting_.rbegin();
      waiting_.erase(id);
      if (kept_.contains(id) || is_static(id)) continue;
      const ir::Node& node = program_[id];
      const bool lacking = std::any_of(node.operands.begin(), node.operands.end(), [&](NodeId o) { return lacks(o); });
      if (lacking) add(id);
      else
        for (NodeId operand : node.operands) require(operand);
    }
  }
  // Whether computing the value in backward asks for something that is not kept.
  bool lacks(NodeId id) {
    return lacking_(program_, id, [&](NodeId at) { return lacks_itself(at); });
  }
  std::optional<bool> lacks_itself(NodeId id) const {
    const ir::Node& node = program_[id];
    if (kept_.contains(id) || is_leaf(node.kind) || node.kind == NodeKind::random || is_static(id)) return false;
    if (node.kind == NodeKind::shift) return !kept_.contains(equation_value(node));
    if (view_of(program_, id) || node.kind == NodeKind::stop_gradient) return std::nullopt;
    if (node.kind != NodeKind::map || ir::elementwise(node.function).cost > cheap) return true;
    return std::nullopt;
  }

  bool is_static(NodeId id) const { return static_[id]; }
  // Operands come before what reads them.
  void find_static() {
    static_ = IdVector<NodeId, bool>(program_.nodes.size(), false);
    for (NodeId id : program_.nodes.ids()) {
      const ir::Node& node = program_[id];
      const bool computed = !is_leaf(node.kind) && node.domain.empty() && node.kind != NodeKind::sum_over &&
                            node.kind != NodeKind::at;
      static_[id] = node.kind == NodeKind::constant || node.kind == NodeKind::parameter ||
                    (computed && std::all_of(node.operands.begin(), node.operands.end(),
                                             [&](NodeId operand) { return static_[operand]; }));
    }
  }

  // The backward pass reads kept sequences at other steps and sums over their rows.
  void note_margins(NodeId id) {
    const ir::Node& node = program_[id];
    if (node.kind == NodeKind::shift) {
      NodeId value = equation_value(node);
      if (!kept_.contains(value)) return;
      Stored& margins = margins_of(value);
      bool before = node.offset > 0;
      int reach = static_cast<int>(std::abs(node.offset));
      (before ? margins.before : margins.after) = std::max(before ? margins.before : margins.after, reach);
      auto& values = before ? margins.before_values : margins.after_values;
      if (values.size() < node.operands.size()) values = node.operands;
    }
    if (sums_products(program_, id))
      for (NodeId operand : program_[node.operands[0]].operands) {
        while (auto view = view_of(program_, operand)) operand = view->base;
        if (program_[operand].kind == NodeKind::shift) operand = equation_value(program_[operand]);
        if (kept_.contains(operand)) margins_of(operand).zero_past_end = true;
      }
  }
  Stored& margins_of(NodeId id) {
    if (!plan_.margins[id]) plan_.margins[id] = Stored{};
    return *plan_.margins[id];
  }

  const ir::Program& program_;
  IdVector<NodeId, bool> forward_, backward_, static_;
  Descent lacking_;
  std::set<NodeId> kept_, waiting_;
  TapePlan plan_;
};

}  // namespace

TapePlan plan_tape(const ir::Program& program) { return TapePlanner(program).run(); }

}  // namespace rnnc::loop
