#include "compiler/ir/dependence.h"

#include <algorithm>

namespace rnnc::ir {
namespace {

// Tarjan's algorithm ("Depth-first search and linear graph algorithms", 1972) with a stack of its own: a Program may be
// a chain of a hundred thousand nodes.
class Search {
 public:
  Search(std::size_t nodes, const std::function<std::vector<NodeId>(NodeId)>& needs)
      : needs_(needs), order_(nodes, 0), low_(nodes, 0), on_stack_(nodes, false) {
    result_.of.resize(nodes);
  }

  Components run(const std::vector<NodeId>& roots) {
    for (NodeId id : roots)
      if (order_[id] == 0) visit(id);
    return std::move(result_);
  }

 private:
  struct Frame {
    NodeId node;
    std::vector<NodeId> needs;
    std::size_t next = 0;
  };

  void open(NodeId id) {
    order_[id] = low_[id] = ++count_;
    stack_.push_back(id);
    on_stack_[id] = true;
    frames_.push_back(Frame{id, needs_(id), 0});
  }

  void visit(NodeId root) {
    open(root);
    while (!frames_.empty()) {
      Frame& frame = frames_.back();
      NodeId id = frame.node;
      if (frame.next < frame.needs.size()) {
        NodeId on = frame.needs[frame.next++];
        if (order_[on] == 0) {
          open(on);
        } else if (on_stack_[on]) {
          low_[id] = std::min(low_[id], order_[on]);
        }
        continue;
      }
      bool needs_itself = std::find(frame.needs.begin(), frame.needs.end(), id) != frame.needs.end();
      if (low_[id] == order_[id]) close(id, needs_itself);
      frames_.pop_back();
      if (!frames_.empty()) low_[frames_.back().node] = std::min(low_[frames_.back().node], low_[id]);
    }
  }

  void close(NodeId root, bool needs_itself) {
    std::vector<NodeId> members;
    NodeId id;
    do {
      id = stack_.back();
      stack_.pop_back();
      on_stack_[id] = false;
      result_.of[id] = result_.members.size();
      members.push_back(id);
    } while (id != root);
    std::sort(members.begin(), members.end());
    result_.recurrent.push_back(members.size() > 1 || needs_itself);
    result_.members.push_back(std::move(members));
  }

  const std::function<std::vector<NodeId>(NodeId)>& needs_;
  IdVector<NodeId, int> order_, low_;  // 0: not seen yet
  IdVector<NodeId, char> on_stack_;
  std::vector<NodeId> stack_;
  std::vector<Frame> frames_;
  int count_ = 0;
  Components result_;
};

}  // namespace

Components components(const Program& program) {
  std::vector<NodeId> all;
  for (NodeId id : program.nodes.ids()) all.push_back(id);
  return components(program.nodes.size(), all, [&](NodeId id) {
    std::vector<NodeId> needs;
    for_each_dependence(program, program[id], [&](NodeId on, Reach, std::int64_t) { needs.push_back(on); });
    return needs;
  });
}

Components components(std::size_t nodes, const std::vector<NodeId>& roots,
                      const std::function<std::vector<NodeId>(NodeId)>& needs) {
  return Search(nodes, needs).run(roots);
}

}  // namespace rnnc::ir
