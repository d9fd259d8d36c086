#include "compiler/loop/order.h"

#include <algorithm>

#include "compiler/base/bug.h"
#include "compiler/ir/dependence.h"

namespace rnnc::loop {

using ir::NodeId;
using ir::NodeKind;

bool is_leaf(NodeKind kind) {
  switch (kind) {
    case NodeKind::constant:
    case NodeKind::parameter:
    case NodeKind::input:
    case NodeKind::upstream:
    case NodeKind::given:
    case NodeKind::time:
    case NodeKind::length:
    case NodeKind::rows:
    case NodeKind::training:
    case NodeKind::rate:
    case NodeKind::ones:
      return true;
    case NodeKind::random:
    case NodeKind::one_hot:
    case NodeKind::chosen:
    case NodeKind::shift:
    case NodeKind::at:
    case NodeKind::impulse:
    case NodeKind::by_length:
    case NodeKind::initial:
    case NodeKind::sum_over:
    case NodeKind::map:
    case NodeKind::matmul:
    case NodeKind::outer:
    case NodeKind::reduce_sum:
    case NodeKind::reduce_max:
    case NodeKind::cumulative_sum:
    case NodeKind::broadcast:
    case NodeKind::transpose:
    case NodeKind::reshape:
    case NodeKind::slice:
    case NodeKind::pad:
    case NodeKind::concat:
    case NodeKind::gather:
    case NodeKind::stop_gradient:
    case NodeKind::surrogate:
      return false;
  }
  return false;
}

std::optional<View> view_of(const ir::Program& program, NodeId id) {
  const ir::Node& node = program[id];
  if (node.kind == NodeKind::reshape) return View{node.operands[0], 0};
  if (node.kind == NodeKind::slice && node.dim == 0) {
    const ir::Node& base = program[node.operands[0]];
    return View{node.operands[0], node.offset * (base.shape.size() / base.shape[0])};
  }
  return std::nullopt;
}

Making making_of(const ir::Program& program, const IdVector<NodeId, bool>& is_static, NodeId id) {
  const ir::Node& node = program[id];
  switch (node.kind) {
    case NodeKind::constant:
    case NodeKind::parameter:
    case NodeKind::input:
    case NodeKind::upstream:
    case NodeKind::given:
    case NodeKind::time:
    case NodeKind::length:
    case NodeKind::rows:
    case NodeKind::training:
    case NodeKind::rate:
    case NodeKind::ones:
    case NodeKind::one_hot:
    case NodeKind::shift:
    case NodeKind::impulse:
    case NodeKind::by_length:
      return Making::in_place;
    case NodeKind::random:
    case NodeKind::map:
    case NodeKind::stop_gradient:
    case NodeKind::surrogate:
      return Making::tree;
    case NodeKind::broadcast:
      return node.dim < 0 ? Making::tree : Making::structure;
    case NodeKind::gather:
      return Making::in_place;
    case NodeKind::slice:
    case NodeKind::reshape:
      return view_of(program, id) ? Making::in_place : Making::structure;
    case NodeKind::matmul:
      return is_static[node.operands[0]] && program[node.operands[1]].shape.rank() == 1 ? Making::product
                                                                                            : Making::structure;
    case NodeKind::reduce_sum:
    case NodeKind::reduce_max:
      return node.dim < 0 || program[node.operands[0]].shape.rank() == 1 ? Making::reduction : Making::structure;
    case NodeKind::sum_over:
      return Making::accumulation;
    case NodeKind::chosen:
    case NodeKind::at:
    case NodeKind::initial:
    case NodeKind::outer:
    case NodeKind::cumulative_sum:
    case NodeKind::transpose:
    case NodeKind::pad:
    case NodeKind::concat:
      return Making::structure;
  }
  return Making::structure;
}

std::vector<Dependency> dependencies(const ir::Program& program, NodeId id) {
  const ir::Node& node = program[id];
  std::vector<Dependency> result;
  auto equation = [&] { return program.equations[ir::EquationId(static_cast<std::size_t>(node.ref))].value; };
  if (node.kind == NodeKind::shift || node.kind == NodeKind::at) {
    if (node.kind == NodeKind::shift) result.push_back({equation(), Need::lagged, node.offset});
    else result.push_back({equation(), Need::all_steps, 0});
    for (NodeId boundary : node.operands)
      result.push_back({boundary, node.kind == NodeKind::shift ? Need::boundary : Need::same_step, 0});
    return result;
  }
  bool whole = node.kind == NodeKind::sum_over && node.axis.valid();
  for (NodeId operand : node.operands) result.push_back({operand, whole ? Need::all_steps : Need::same_step, 0});
  return result;
}

namespace {

// Kinds that need whole operands.
bool consumes_whole(NodeKind kind) {
  return kind == NodeKind::matmul || kind == NodeKind::reduce_sum || kind == NodeKind::reduce_max ||
         kind == NodeKind::cumulative_sum || kind == NodeKind::transpose || kind == NodeKind::reshape ||
         kind == NodeKind::slice || kind == NodeKind::pad || kind == NodeKind::gather ||
         kind == NodeKind::sum_over || kind == NodeKind::outer || kind == NodeKind::impulse ||
         kind == NodeKind::by_length;
}
// Kinds that are read where their operand lies: once it is complete, so are they.
bool is_view(NodeKind kind) {
  return kind == NodeKind::shift || kind == NodeKind::slice || kind == NodeKind::reshape;
}
class Placer {
 public:
  Placer(const ir::Program& program, const IdVector<NodeId, bool>& stored, const IdVector<NodeId, bool>& copied,
         Order& order)
      : program_(program), stored_(stored), copied_(copied), order_(order), component_(program.nodes.size(), -1) {}

  void run(const std::vector<NodeId>& roots) {
    reach(roots);
    ir::Components components = ir::components(program_.nodes.size(), roots, [&](NodeId id) {
      std::vector<NodeId> nodes;
      if (order_.available[id]) return nodes;
      for (const Dependency& d : needs(id)) nodes.push_back(d.node);
      nodes.insert(nodes.end(), boundaries_[id].begin(), boundaries_[id].end());
      return nodes;
    });
    for (std::size_t c = 0; c < components.members.size(); ++c)
      for (NodeId node : components.members[c]) component_[node] = static_cast<int>(c);
    order_.recurrence_sizes.push_back(0);
    for (const auto& component : components.members) place(component);
    defer_products(roots);
  }

 private:
  // Marks what is needed, what is static, and which boundaries each sequence must have before it starts.
  void reach(const std::vector<NodeId>& roots) {
    std::size_t count = program_.nodes.size();
    order_.needed = IdVector<NodeId, bool>(count, false);
    order_.available = IdVector<NodeId, bool>(count, false);
    order_.is_static = IdVector<NodeId, bool>(count, false);
    order_.position = IdVector<NodeId, Position>(count);
    order_.ready_phase = IdVector<NodeId, int>(count, 0);
    boundaries_ = IdVector<NodeId, std::vector<NodeId>>(count);
    for (NodeId id : program_.nodes.ids()) {
      order_.is_static[id] = find_static(id);
      order_.available[id] =
          (stored_[id] || is_leaf(program_[id].kind) || order_.is_static[id]) && !copied_[id];
    }
    std::vector<NodeId> work = roots;
    while (!work.empty()) {
      NodeId id = work.back();
      work.pop_back();
      if (order_.needed[id]) continue;
      order_.needed[id] = true;
      if (order_.available[id]) continue;
      NodeId sequence;
      for (const Dependency& d : needs(id)) {
        work.push_back(d.node);
        if (d.need == Need::lagged) sequence = d.node;
        if (d.need == Need::boundary && !order_.available[sequence]) boundaries_[sequence].push_back(d.node);
      }
    }
  }

  bool find_static(NodeId id) const {
    const ir::Node& node = program_[id];
    switch (node.kind) {
      case NodeKind::constant:
      case NodeKind::parameter:
        return true;
      case NodeKind::map:
      case NodeKind::matmul:
      case NodeKind::outer:
      case NodeKind::reduce_sum:
      case NodeKind::reduce_max:
      case NodeKind::cumulative_sum:
      case NodeKind::broadcast:
      case NodeKind::transpose:
      case NodeKind::reshape:
      case NodeKind::slice:
      case NodeKind::pad:
      case NodeKind::concat:
      case NodeKind::stop_gradient:
      case NodeKind::surrogate:
        return std::all_of(node.operands.begin(), node.operands.end(), [&](NodeId o) { return order_.is_static[o]; });
      case NodeKind::input:
      case NodeKind::upstream:
      case NodeKind::given:
      case NodeKind::time:
      case NodeKind::length:
      case NodeKind::rows:
      case NodeKind::training:
      case NodeKind::rate:
      case NodeKind::ones:
      case NodeKind::random:
      case NodeKind::one_hot:
      case NodeKind::chosen:
      case NodeKind::shift:
      case NodeKind::at:
      case NodeKind::impulse:
      case NodeKind::by_length:
      case NodeKind::initial:
      case NodeKind::sum_over:
      case NodeKind::gather:
        return false;
    }
    return false;
  }

  void place(const std::vector<NodeId>& component) {
    if (component.size() == 1 && order_.available[component[0]]) {
      order_.position[component[0]] = Position{order_.is_static[component[0]] ? -1 : 0, 0, 0, 0};
      return;
    }
    bool recurrent = is_recurrent(component);
    if (!recurrent && !program_[component[0]].domain.axis.valid() && !sums_axis(component[0])) {
      place_without_axis(component[0]);
    } else {
      place_in_segment(component, recurrent);
    }
  }

  std::vector<Dependency> needs(NodeId id) const {
    return copied_[id] ? std::vector<Dependency>() : dependencies(program_, id);
  }
  bool is_recurrent(const std::vector<NodeId>& component) const {
    if (component.size() > 1) return true;
    for (const Dependency& d : needs(component[0]))
      if (d.node == component[0]) return true;
    return false;
  }
  bool sums_axis(NodeId id) const {
    return program_[id].kind == NodeKind::sum_over && program_[id].axis.valid();
  }
  bool inside(NodeId node, int component) const { return component_[node] == component; }

  void place_without_axis(NodeId id) {
    Position position;
    for (const Dependency& d : needs(id)) {
      if (order_.available[d.node]) continue;
      int ready = order_.ready_phase[d.node];
      int phase = ready % 2 == 0 ? ready : ready + 1;
      if (phase > position.phase) position = Position{phase, 0, 0, 0};
    }
    for (const Dependency& d : needs(id)) raise_depth(id, d, position);
    order_.position[id] = position;
    order_.ready_phase[id] = position.phase;
    order_.phases = std::max(order_.phases, position.phase + 1);
  }

  // The depth that dependency `d` asks of `id`, both at the same phase, stage and component.
  void raise_depth(NodeId id, const Dependency& d, Position& position) const {
    if (order_.available[d.node]) return;
    const Position& from = order_.position[d.node];
    if (from.phase != position.phase || from.stage != position.stage || from.component != position.component) return;
    if (order_.ready_phase[d.node] > position.phase) return;
    bool whole = (consumes_whole(program_[id].kind) && !is_view(program_[d.node].kind)) ||
                 delivers_whole(d.node) || d.need == Need::lagged;
    position.depth = std::max(position.depth, from.depth + (whole ? 1 : 0));
  }

  // The smallest odd phase in which everything outside the component that it needs stands ready.
  void place_in_segment(const std::vector<NodeId>& component, bool recurrent) {
    int number = component_[component[0]];
    ir::AxisId axis = program_[component[0]].domain.axis;
    if (sums_axis(component[0])) axis = program_[component[0]].axis;
    int direction = 0, phase = 1;
    for (NodeId id : component) {
      for (const Dependency& d : needs(id)) {
        if (d.need == Need::lagged && inside(d.node, number)) set_direction(direction, d.lag, id);
        if (inside(d.node, number)) {
          if (d.need == Need::all_steps)
            throw Unsupported("a recurrence that needs its own whole sequence (`" + name_of(id) + "`)");
          continue;
        }
        phase = std::max(phase, first_phase(d));
      }
      for (NodeId boundary : boundaries_[id])
        if (!inside(boundary, number)) phase = std::max(phase, first_phase({boundary, Need::boundary, 0}));
    }
    while (!fits(component, number, axis, direction, phase)) phase += 2;
    claim(phase, axis, direction);
    if (!recurrent) claim_lags(component[0], phase);
    int stage = find_stage(component, number, phase, recurrent);
    int recurrence = 0;
    if (recurrent) {
      recurrence = static_cast<int>(order_.recurrence_sizes.size());
      order_.recurrence_sizes.push_back(static_cast<int>(component.size()));
    }
    for (NodeId id : component) {
      Position position{phase, stage, recurrence, 0};
      for (const Dependency& d : needs(id))
        if (!(recurrent && d.need == Need::lagged && inside(d.node, number))) raise_depth(id, d, position);
      order_.position[id] = position;
      order_.ready_phase[id] = sums_axis(id) ? phase + 1 : phase;
    }
    order_.phases = std::max(order_.phases, phase + 2);
  }

  // A kernel of another kind than its readers' has it all done before these begin.
  bool delivers_whole(NodeId id) const {
    if (copied_[id]) return false;
    Making making = making_of(program_, order_.is_static, id);
    return making == Making::reduction || making == Making::accumulation || making == Making::structure;
  }

  // A product is placed as soon as its operand is there. Where only elementwise work of a later stage or depth reads it,
  // it waits for that: products that meet there share accumulators instead of passing sums through memory.
  void defer_products(const std::vector<NodeId>& roots) {
    IdVector<NodeId, std::optional<Position>> first_use(program_.nodes.size());
    IdVector<NodeId, bool> fixed(program_.nodes.size(), false);
    for (NodeId root : roots) fixed[root] = true;
    for (NodeId id : program_.nodes.ids()) {
      if (!order_.needed[id] || order_.available[id]) continue;
      bool elementwise = !copied_[id] && making_of(program_, order_.is_static, id) == Making::tree;
      for (const Dependency& d : needs(id)) {
        std::optional<Position>& first = first_use[d.node];
        if (!elementwise || d.need != Need::same_step) fixed[d.node] = true;
        else if (!first || order_.position[id] < *first) first = order_.position[id];
      }
      for (NodeId boundary : boundaries_[id]) fixed[boundary] = true;
    }
    for (NodeId id : program_.nodes.ids()) {
      if (!order_.needed[id] || order_.available[id] || copied_[id] || fixed[id] || !first_use[id]) continue;
      if (making_of(program_, order_.is_static, id) != Making::product) continue;
      Position& own = order_.position[id];
      const Position& first = *first_use[id];
      if (first.phase == own.phase && own.component == 0 && first.component == 0) own = first;
    }
  }

  void set_direction(int& direction, std::int64_t lag, NodeId id) const {
    int wanted = lag > 0 ? 1 : -1;
    if (direction != 0 && direction != wanted)
      throw Unsupported("a recurrence that mixes past and future (`" + name_of(id) + "`)");
    direction = wanted;
  }

  int first_phase(const Dependency& d) const {
    if (order_.available[d.node]) return 1;
    int ready = order_.ready_phase[d.node];
    if (ready % 2 == 0) return ready + 1;
    return ready;
  }

  bool fits(const std::vector<NodeId>& component, int number, ir::AxisId axis, int direction, int phase) const {
    std::size_t at = static_cast<std::size_t>(phase / 2);
    if (at >= order_.segments.size() || !order_.segments[at].axis.valid()) return true;
    const Segment& segment = order_.segments[at];
    if (segment.axis != axis) return false;
    if (direction != 0 && segment.direction != 0 && segment.direction != direction) return false;
    int known = direction != 0 ? direction : segment.direction;
    for (NodeId id : component)
      for (const Dependency& d : needs(id)) {
        if (d.need != Need::lagged || inside(d.node, number) || order_.available[d.node]) continue;
        if (order_.ready_phase[d.node] != phase) continue;
        int wanted = d.lag > 0 ? 1 : -1;
        if (known != 0 && known != wanted) return false;
        known = wanted;
      }
    return true;
  }

  void claim(int phase, ir::AxisId axis, int direction) {
    std::size_t at = static_cast<std::size_t>(phase / 2);
    if (order_.segments.size() <= at) order_.segments.resize(at + 1);
    order_.segments[at].axis = axis;
    if (direction != 0) order_.segments[at].direction = direction;
  }
  // A parallel node that reads another step of a sequence of the same segment fixes the segment's direction.
  void claim_lags(NodeId id, int phase) {
    for (const Dependency& d : needs(id))
      if (d.need == Need::lagged && !order_.available[d.node] && order_.ready_phase[d.node] == phase)
        order_.segments[static_cast<std::size_t>(phase / 2)].direction = d.lag > 0 ? 1 : -1;
  }

  int find_stage(const std::vector<NodeId>& component, int number, int phase, bool recurrent) const {
    int stage = recurrent ? 1 : 0;
    for (NodeId id : component)
      for (const Dependency& d : needs(id)) {
        if (inside(d.node, number) || order_.available[d.node] || order_.ready_phase[d.node] != phase) continue;
        const Position& from = order_.position[d.node];
        if (from.phase != phase) continue;
        bool from_recurrence = from.stage % 2 == 1;
        stage = std::max(stage, from.stage + (recurrent ? (from_recurrence ? 2 : 1) : (from_recurrence ? 1 : 0)));
      }
    return stage;
  }

  std::string name_of(NodeId id) const {
    for (const ir::Equation& e : program_.equations)
      if (e.value == id) return e.name;
    return std::string(ir::node_kind_name(program_[id].kind));
  }

  const ir::Program& program_;
  const IdVector<NodeId, bool>& stored_;
  const IdVector<NodeId, bool>& copied_;
  Order& order_;
  IdVector<NodeId, int> component_;
  IdVector<NodeId, std::vector<NodeId>> boundaries_;
};

}  // namespace

Order find_order(const ir::Program& program, const std::vector<NodeId>& roots,
                 const IdVector<NodeId, bool>& stored, const IdVector<NodeId, bool>& copied) {
  Order order;
  Placer(program, stored, copied, order).run(roots);
  return order;
}

}  // namespace rnnc::loop
