#include "compiler/ir/plan.h"

#include <algorithm>

#include "compiler/base/bug.h"
#include "compiler/ir/dependence.h"

namespace rnnc::ir {
namespace {

class Planner {
 public:
  Planner(const Program& program, const std::vector<bool>& wanted)
      : program_(program), components_(components(program)), needed_(program.nodes.size(), false),
        loose_(program.nodes.size(), true), users_(program.nodes.size()), stage_of_(program.nodes.size(), -1) {
    mark_needed(wanted);
    plan_.kept = IdVector<NodeId, char>(program.nodes.size(), false);
  }

  Plan run() {
    // Users first, so that a value finds the stages of all that read it.
    for (std::size_t i = components_.members.size(); i-- > 0;)
      if (needed_[components_.members[i].front()]) place(i);
    finish();
    return std::move(plan_);
  }

 private:
  // Marks what results need, who reads it, and whether it is read other than at the same step.
  void mark_needed(const std::vector<bool>& wanted) {
    std::vector<NodeId> open;
    auto need = [&](NodeId id) {
      if (!needed_[id]) open.push_back(id);
      needed_[id] = true;
    };
    for (ResultId r : program_.results.ids()) {
      if (r.index() >= wanted.size() || !wanted[r.index()]) continue;
      need(program_.results[r].node);
      loose_[program_.results[r].node] = false;
    }
    while (!open.empty()) {
      NodeId id = open.back();
      open.pop_back();
      for_each_dependence(program_, program_[id], [&](NodeId on, Reach reach, std::int64_t) {
        users_[on].push_back(id);
        bool summed = reach == Reach::whole && program_[id].kind == NodeKind::sum_over;
        if (reach != Reach::same_step && !summed) loose_[on] = false;
        need(on);
      });
    }
  }

  AxisId stage_axis(NodeId id) const {
    const Node& node = program_[id];
    return node.kind == NodeKind::sum_over && node.axis.valid() ? node.axis : node.domain.axis;
  }

  void place(std::size_t component) {
    const std::vector<NodeId>& members = components_.members[component];
    NodeId first = members.front();
    if (!components_.recurrent[component] && loose_[first] && program_[first].domain.axis.valid()) {
      int stage = stage_of_[users_[first].front()];
      bool one_reader = std::all_of(users_[first].begin(), users_[first].end(),
                                    [&](NodeId user) { return stage_of_[user] == stage; });
      if (one_reader) return join_stage(first, stage);
    }
    Stage stage;
    stage.axis = stage_axis(first);
    for (NodeId id : members) {
      check(!components_.recurrent[component] || program_[id].domain.axis == stage.axis,
            "interpreter: a value depends on the whole sequence it belongs to");
      for_each_dependence(program_, program_[id], [&](NodeId on, Reach, std::int64_t lag) {
        if (components_.of[on] == component && lag < 0) stage.backward = true;
      });
    }
    plan_.stages.push_back(std::move(stage));
    for (NodeId id : members) join_stage(id, static_cast<int>(plan_.stages.size()) - 1);
  }

  void join_stage(NodeId id, int stage) {
    stage_of_[id] = stage;
    plan_.stages[static_cast<std::size_t>(stage)].members.push_back(id);
  }

  void finish() {
    std::reverse(plan_.stages.begin(), plan_.stages.end());
    int count = static_cast<int>(plan_.stages.size());
    for (NodeId id : program_.nodes.ids()) {
      if (!needed_[id]) continue;
      int stage = count - 1 - stage_of_[id], last = stage;
      for (NodeId user : users_[id]) last = std::max(last, count - 1 - stage_of_[user]);
      plan_.kept[id] = !loose_[id] || last != stage || !program_[id].domain.axis.valid();
      if (plan_.kept[id]) plan_.stages[static_cast<std::size_t>(last)].last_used_here.push_back(id);
    }
    for (Stage& stage : plan_.stages) std::sort(stage.members.begin(), stage.members.end());
  }

  const Program& program_;
  Components components_;
  IdVector<NodeId, char> needed_;
  IdVector<NodeId, char> loose_;  // read at the same step only
  IdVector<NodeId, std::vector<NodeId>> users_;
  IdVector<NodeId, int> stage_of_;  // counted from the end
  Plan plan_;
};

}  // namespace

Plan plan(const Program& program, const std::vector<bool>& wanted) { return Planner(program, wanted).run(); }

}  // namespace rnnc::ir
