#include "compiler/loop/schedule.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "compiler/base/bug.h"
#include "compiler/loop/descent.h"

namespace rnnc::loop {

using ir::NodeId;
using ir::NodeKind;

bool is_forward(ir::ResultRole role) {
  switch (role) {
    case ir::ResultRole::output:
    case ir::ResultRole::final_state:
    case ir::ResultRole::loss:
      return true;
    case ir::ResultRole::input_gradient:
    case ir::ResultRole::parameter_gradient:
    case ir::ResultRole::initial_gradient:
      return false;
  }
  return false;
}

bool sums_products(const ir::Program& program, NodeId id) {
  const ir::Node& node = program[id];
  return node.kind == NodeKind::sum_over && node.domain.empty() && program[node.operands[0]].kind == NodeKind::outer;
}

namespace {

// Elementwise work this cheap is done again rather than stored.
constexpr int cheap = 2;
// Nor is what is cheap step by step, but long, done again in every kernel that wants it: so many instructions, no more.
constexpr int most_repeated = 64;
// Kernels of one position run in this order: products split off for want of registers come before what uses them.
constexpr int whole_rank = 1 << 20;

struct Key {
  Position position;
  int rank = whole_rank;
  KernelKind kind = KernelKind::map;
  std::int64_t size = 1;
  bool batched = false;
  int axis = -1;
  NodeId alone;  // kernels of one node, or of what is computed like it
  auto operator<=>(const Key&) const = default;
};

class Scheduler {
 public:
  Scheduler(const ir::Program& program, const ScheduleRequest& request) : program_(program), request_(request) {}

  Schedule run() {
    std::size_t count = program_.nodes.size();
    stored_mask_ = IdVector<NodeId, bool>(count, false);
    for (NodeId id : program_.nodes.ids()) stored_mask_[id] = request_.available[id].has_value();
    collect_roots();
    find_order_with_copies();
    find_alike();
    find_sums();
    find_repeated_costs();
    for (bool again = true; again;) {
      demand_all();
      again = split_crowded_kernels();
    }
    decide_storage();
    make_kernels();
    schedule_.results = request_.results;
    return std::move(schedule_);
  }

 private:
  struct Reader {
    Position position;
    bool lagged = false, whole = false;
  };

  void collect_roots() {
    std::set<NodeId> roots;
    for (ir::ResultId r : request_.results) roots.insert(program_.results[r].node);
    roots.insert(request_.tape.begin(), request_.tape.end());
    for (NodeId id : program_.nodes.ids())
      if (request_.tape_margins[id])
        for (const auto* values : {&request_.tape_margins[id]->before_values, &request_.tape_margins[id]->after_values})
          roots.insert(values->begin(), values->end());
    for (ir::ResultId r : request_.results) asked_.insert(program_.results[r].node);
    asked_.insert(request_.tape.begin(), request_.tape.end());
    roots_.assign(roots.begin(), roots.end());
  }

  // Leaves that are read at other steps or asked for as results get a copy of their own; so do inputs that sums over rows
  // read, which may hold anything past a row's end.
  void find_order_with_copies() {
    IdVector<NodeId, bool> copied(program_.nodes.size(), false);
    Order first = find_order(program_, roots_, stored_mask_, copied);
    for (NodeId id : program_.nodes.ids()) {
      if (!first.needed[id]) continue;
      const ir::Node& node = program_[id];
      if (asked_.contains(id) && first.available[id]) copied[id] = true;
      if (first.available[id]) continue;
      if (node.kind == NodeKind::shift) {
        NodeId value = equation_value(node);
        if (is_leaf(program_[value].kind) || first.is_static[value]) copied[value] = true;
      }
      if (sums_products(program_, id))
        for (NodeId operand : program_[node.operands[0]].operands) {
          NodeId base = base_of(operand);
          if ((program_[base].kind == NodeKind::input || program_[base].kind == NodeKind::upstream) &&
              !program_[base].index && program_[base].domain.axis.valid())
            copied[base] = true;
        }
    }
    schedule_.order = find_order(program_, roots_, stored_mask_, copied);
    copied_ = std::move(copied);
  }

  NodeId equation_value(const ir::Node& node) const {
    return program_.equations[ir::EquationId(static_cast<std::size_t>(node.ref))].value;
  }
  NodeId base_of(NodeId id) const {
    while (auto view = view_of(program_, id)) id = view->base;
    return id;
  }
  const Order& order() const { return schedule_.order; }

  Key key_of(NodeId id) const {
    const ir::Node& node = program_[id];
    Key key;
    key.position = order().position[id];
    key.size = node.shape.size();
    key.batched = node.domain.batched;
    key.axis = node.domain.axis.value;
    if (copied_[id]) return key;
    switch (making_of(program_, order().is_static, id)) {
      case Making::in_place:
      case Making::tree:
        break;
      case Making::product:
        if (auto split = split_.find(id); split != split_.end()) key.rank = split->second;
        break;
      case Making::reduction:
        key.kind = KernelKind::reduce;
        key.size = program_[node.operands[0]].shape.size();
        break;
      case Making::accumulation:
        key.kind = KernelKind::accumulate;
        key.alone = id;
        break;
      case Making::structure:
        key.kind = KernelKind::structure;
        key.alone = alike_[id].valid() ? alike_[id] : id;
        break;
    }
    return key;
  }

  // The initial values of a state make one kernel, and so do the steps that are read of one end of a sequence, where what
  // they find outside of it agrees.
  void find_alike() {
    alike_ = IdVector<NodeId, NodeId>(program_.nodes.size());
    std::map<std::tuple<NodeKind, std::int32_t, ir::End>, std::vector<NodeId>> firsts;
    for (NodeId id : program_.nodes.ids()) {
      const ir::Node& node = program_[id];
      if (!order().needed[id] || order().available[id] || copied_[id]) continue;
      if (node.kind != NodeKind::at && node.kind != NodeKind::initial) continue;
      std::vector<NodeId>& known = firsts[{node.kind, node.ref, node.end}];
      const auto agrees = [&](NodeId first) {
        const std::vector<NodeId>&a = program_[first].operands, &b = node.operands;
        if (a.empty() != b.empty()) return false;
        return std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(std::min(a.size(), b.size())), b.begin());
      };
      const auto first = std::find_if(known.begin(), known.end(), agrees);
      if (first == known.end()) known.push_back(id);
      else alike_[id] = *first;
    }
  }

  // What computing elementwise values from what is stored in any case costs at most.
  void find_repeated_costs() {
    repeated_cost_ = IdVector<NodeId, int>(program_.nodes.size(), 0);
    for (NodeId id : program_.nodes.ids()) {
      const ir::Node& node = program_[id];
      if (!order().needed[id] || order().available[id] || making_of(program_, order().is_static, id) != Making::tree) continue;
      int cost = node.kind == NodeKind::map ? ir::elementwise(node.function).cost : 1;
      for (NodeId operand : node.operands) cost = std::min(cost + repeated_cost_[operand], 1 << 20);
      repeated_cost_[id] = cost;
    }
  }

  // Decides for every needed node, users first, whether it is computed where it is used or stored by a kernel of its own.
  void demand_all() {
    std::size_t count = program_.nodes.size();
    demands_ = IdVector<NodeId, std::set<Key>>(count);
    kept_ = IdVector<NodeId, bool>(count, false);
    readers_ = IdVector<NodeId, std::vector<Reader>>(count);
    draws_ = unreadable_ = Descent(count);
    products_.clear();
    for (NodeId id : asked_)
      if (order().needed[id]) keep(id);
    for (NodeId id : program_.nodes.ids())
      if (order().needed[id] && !order().available[id] && !copied_[id] &&
          (program_[id].kind == NodeKind::shift || program_[id].kind == NodeKind::at))
        keep(equation_value(program_[id]));
    for (NodeId id : request_.tape)
      if (request_.tape_margins[id])
        for (const auto* values : {&request_.tape_margins[id]->before_values, &request_.tape_margins[id]->after_values})
          for (NodeId boundary : *values) read_boundary(boundary, Key{});
    for (std::size_t i = count; i-- > 0;) {
      NodeId id(i);
      if (order().needed[id] && !order().available[id]) decide(id);
    }
  }

  void keep(NodeId id) {
    if (kept_[id] || order().available[id]) return;
    kept_[id] = true;
    draws_.forget_found();
    unreadable_.forget_found();
  }
  // Kernel `key` reads the stored value under `id` (through views).
  void keep_whole(NodeId id, const Key& key) {
    NodeId base = base_of(id);
    if (program_[base].kind == NodeKind::shift && !kept_[base]) {
      read(base, key);
    } else {
      keep(base);
      if (!order().available[base]) readers_[base].push_back({key.position, false, false});
    }
  }
  void read(NodeId id, const Key& key) { demands_[id].insert(key); }

  void decide(NodeId id) {
    const ir::Node& node = program_[id];
    Key own = key_of(id);
    if (copied_[id]) {
      keep(id);
      for (const Key& key : demands_[id])
        if (key != own) readers_[id].push_back({key.position, false, false});
      return;
    }
    Making making = making_of(program_, order().is_static, id);
    // What its users read through (the product under a sum over rows) is wanted by nobody itself.
    if (demands_[id].empty() && !kept_[id]) return;
    if (making == Making::reduction || making == Making::accumulation || making == Making::structure) keep(id);
    if (making == Making::product && (split_.contains(id) || demands_[id] != std::set<Key>{own})) keep(id);
    if (making == Making::tree && !kept_[id] && !worth_repeating(id, own)) keep(id);
    if (kept_[id]) {
      for (const Key& key : demands_[id])
        if (key != own || making != Making::tree) readers_[id].push_back({key.position, false, false});
      demands_[id] = {own};
    }
    for (const Key& key : demands_[id]) demand_operands(id, node, making, key);
  }

  // Whether an elementwise value that is not stored may be computed in each kernel that wants it.
  bool worth_repeating(NodeId id, const Key& own) {
    const std::set<Key>& wanted = demands_[id];
    if (wanted.empty()) return true;
    if (wanted.size() == 1 && *wanted.begin() == own) return true;
    // Random numbers are dear: drawn where they are wanted, but not more than once, nor for more rows than they vary over.
    bool one_place = wanted.size() == 1 && wanted.begin()->axis == own.axis && wanted.begin()->batched == own.batched;
    if (!one_place && draws(id)) return false;
    const ir::Node& node = program_[id];
    bool light = node.kind != NodeKind::map || ir::elementwise(node.function).cost <= cheap;
    if (wanted.size() > 1 && (!light || repeated_cost_[id] > most_repeated)) return false;
    return std::none_of(node.operands.begin(), node.operands.end(), [&](NodeId o) { return asks_for_more(o); });
  }
  // Whether computing the value where it is wanted draws random numbers there.
  bool draws(NodeId id) {
    return draws_(program_, id, [&](NodeId at) -> std::optional<bool> {
      if (kept_[at] || order().available[at]) return false;
      if (program_[at].kind == NodeKind::random) return true;
      if (making_of(program_, order().is_static, at) != Making::tree) return false;
      return std::nullopt;
    });
  }
  // Whether reading a value from anywhere later on takes storing more than is stored already.
  bool asks_for_more(NodeId id) {
    return unreadable_(program_, id, [&](NodeId at) -> std::optional<bool> {
      if (order().available[at] || kept_[at]) return false;
      const Making making = making_of(program_, order().is_static, at);
      if (making == Making::in_place) {
        const NodeId base = base_of(at);
        return base != at && !order().available[base] && !kept_[base] && program_[base].kind != NodeKind::shift;
      }
      if (making != Making::tree) return making != Making::reduction && making != Making::structure;
      const ir::Node& node = program_[at];
      if (node.kind == NodeKind::map && ir::elementwise(node.function).cost > cheap) return true;
      return std::nullopt;
    });
  }

  void demand_operands(NodeId id, const ir::Node& node, Making making, const Key& key) {
    switch (making) {
      case Making::in_place:
        demand_in_place(id, node, key);
        return;
      case Making::tree:
        for (NodeId operand : node.operands) read(operand, key);
        return;
      case Making::product:
        keep_whole(node.operands[1], key);
        products_[key].push_back(id);
        return;
      case Making::reduction:
        read(node.operands[0], key);
        return;
      case Making::accumulation:
        if (sums_products(program_, id) && !order().available[node.operands[0]]) {
          for (NodeId operand : program_[node.operands[0]].operands)
            if (program_[operand].kind != NodeKind::one_hot) keep_whole(operand, key);
        } else {
          read(node.operands[0], key);
        }
        return;
      case Making::structure:
        if (node.kind == NodeKind::at) {
          NodeId value = equation_value(node);
          if (!order().available[value]) readers_[value].push_back({key.position, false, true});
        }
        if (node.kind == NodeKind::at || node.kind == NodeKind::initial) {
          for (NodeId operand : node.operands) read(operand, key);
        } else {
          for (NodeId operand : node.operands) keep_whole(operand, key);
        }
        return;
    }
  }

  void demand_in_place(NodeId id, const ir::Node& node, const Key& key) {
    if (node.kind == NodeKind::shift) {
      NodeId value = equation_value(node);
      if (!order().available[value]) readers_[value].push_back({key.position, true, false});
      // Boundaries are stored around the sequence by a kernel just before its segment.
      Key fill;
      fill.position = Position{std::max(0, order().position[value].phase - 1), whole_rank, 0, 0};
      fill.kind = KernelKind::boundary;
      fill.alone = value;
      for (NodeId boundary : node.operands) read_boundary(boundary, fill);
      return;
    }
    const bool ends = node.kind == NodeKind::impulse || node.kind == NodeKind::by_length;
    if (!ends && !view_of(program_, id) && node.kind != NodeKind::gather) return;
    for (std::size_t i = 0; i < (ends ? node.operands.size() : 1); ++i) {
      NodeId base = node.operands[i];
      if (program_[base].kind == NodeKind::shift) read(base, key);
      else keep_whole(base, key);
    }
  }
  void read_boundary(NodeId boundary, const Key& fill) {
    // Boundaries may have larger ids than what reads them, so they are stored whenever they are not in place.
    if (order().available[boundary]) return;
    keep(boundary);
    readers_[boundary].push_back({fill.position, false, false});
  }

  // A kernel with more accumulators than registers hands some of its products to kernels of their own.
  bool split_crowded_kernels() {
    bool changed = false;
    for (const auto& [key, products] : products_) {
      int count = static_cast<int>(products.size());
      if (key.rank != whole_rank || accumulators(products) <= request_.max_accumulators) continue;
      int chunk = std::max(1, request_.max_accumulators / 2);
      for (int i = 0; i < count; ++i) split_[products[static_cast<std::size_t>(i)]] = i / chunk;
      changed = true;
    }
    return changed;
  }
  // Products that meet in one sum share an accumulator: counted as one per sum.
  int accumulators(const std::vector<NodeId>& products) const {
    std::set<NodeId> remaining(products.begin(), products.end()), open;
    for (NodeId id : products) open.insert(sums_of_[id].begin(), sums_of_[id].end());
    int merged = 0;
    while (!open.empty()) {
      const NodeId id = open.extract(open.begin()).value();
      const std::vector<NodeId>& terms = program_[id].operands;
      if (kept_[id] || !std::all_of(terms.begin(), terms.end(), [&](NodeId o) { return remaining.contains(o); })) continue;
      ++merged;
      remaining.insert(id);
      open.insert(sums_of_[id].begin(), sums_of_[id].end());
    }
    return static_cast<int>(products.size()) - merged;
  }
  void find_sums() {
    sums_of_ = IdVector<NodeId, std::vector<NodeId>>(program_.nodes.size());
    for (NodeId id : program_.nodes.ids()) {
      const ir::Node& node = program_[id];
      if (!order().needed[id] || node.kind != NodeKind::map || ir::elementwise(node.function).name != "add") continue;
      for (NodeId operand : node.operands) sums_of_[operand].push_back(id);
    }
  }

  void decide_storage() {
    schedule_.stored = IdVector<NodeId, std::optional<Stored>>(program_.nodes.size());
    const std::set<NodeId> tape(request_.tape.begin(), request_.tape.end());
    for (NodeId id : program_.nodes.ids())
      if (kept_[id]) schedule_.stored[id] = storage_for(id, tape.contains(id));
    for (NodeId id : program_.nodes.ids()) {
      if (!order().needed[id] || order().available[id] || copied_[id]) continue;
      const ir::Node& node = program_[id];
      if (node.kind == NodeKind::shift) add_margin(id, node);
      if (sums_products(program_, id))
        for (NodeId operand : program_[node.operands[0]].operands) clear_past_end(operand);
    }
    for (NodeId id : request_.tape)
      if (schedule_.stored[id] && request_.tape_margins[id]) merge_margins(id);
  }

  Stored storage_for(NodeId id, bool tape) const {
    Stored stored;
    const ir::Node& node = program_[id];
    stored.tape = tape;
    if (!node.domain.axis.valid()) {
      stored.extent = node.domain.batched ? Extent::row : Extent::single;
      return stored;
    }
    const Position& own = order().position[id];
    bool same_phase = true, same_stage = own.component > 0;
    for (const Reader& reader : readers_[id]) {
      if (reader.lagged || reader.whole || reader.position.phase != own.phase) same_phase = false;
      if (reader.position.stage != own.stage || reader.position.component != own.component) same_stage = false;
    }
    if (tape || !same_phase) stored.extent = Extent::full;
    else stored.extent = same_stage ? Extent::step : Extent::block;
    return stored;
  }

  void add_margin(NodeId id, const ir::Node& node) {
    NodeId value = equation_value(node);
    if (!schedule_.stored[value]) return;  // on the tape: its margins are the tape's
    Stored& stored = *schedule_.stored[value];
    int reach = static_cast<int>(std::abs(node.offset));
    merge_boundary(stored, node.offset > 0, reach, node.operands, id);
  }
  void merge_boundary(Stored& stored, bool before, int reach, const std::vector<NodeId>& values, NodeId id) {
    int& kept = before ? stored.before : stored.after;
    std::vector<NodeId>& known = before ? stored.before_values : stored.after_values;
    const auto at = [](const std::vector<NodeId>& list, int step) {
      return list[list.size() == 1 ? 0 : static_cast<std::size_t>(step)];
    };
    for (int step = 0; step < std::min(kept, reach); ++step)
      check(at(known, step) == at(values, step),
            "one sequence is read with two different values around it (node " + std::to_string(id.value) + ")");
    if (reach > kept && (known.size() < values.size() || known.empty())) known = values;
    kept = std::max(kept, reach);
  }
  void merge_margins(NodeId id) {
    Stored& stored = *schedule_.stored[id];
    const Stored& margins = *request_.tape_margins[id];
    if (margins.before > 0) merge_boundary(stored, true, margins.before, margins.before_values, id);
    if (margins.after > 0) merge_boundary(stored, false, margins.after, margins.after_values, id);
    stored.zero_past_end = stored.zero_past_end || margins.zero_past_end;
  }
  void clear_past_end(NodeId operand) {
    NodeId base = base_of(operand);
    if (program_[base].kind == NodeKind::shift) base = equation_value(program_[base]);
    if (schedule_.stored[base] && program_[base].domain.axis.valid()) schedule_.stored[base]->zero_past_end = true;
  }

  void make_kernels() {
    std::map<Key, PlannedKernel> kernels;
    for (NodeId id : program_.nodes.ids()) {
      if (!kept_[id]) continue;
      Key key = key_of(id);
      PlannedKernel& kernel = kernels[key];
      kernel.stores.push_back(id);
      const Stored& stored = *schedule_.stored[id];
      if (stored.before > 0 || stored.after > 0) {
        Key fill;
        fill.position = Position{std::max(0, key.position.phase - 1), whole_rank, 0, 0};
        fill.kind = KernelKind::boundary;
        fill.alone = id;
        fill.size = program_[id].shape.size();
        fill.batched = program_[id].domain.batched;
        kernels[fill].stores = {id};
      }
    }
    for (auto& [key, products] : products_) {
      std::sort(products.begin(), products.end());
      kernels[key].products = products;
    }
    for (auto& [key, kernel] : kernels) {
      kernel.kind = key.kind;
      kernel.position = key.position;
      kernel.size = key.size;
      kernel.rows = ir::Domain{key.batched, key.axis < 0 ? ir::AxisId() : ir::AxisId(static_cast<std::size_t>(key.axis))};
      schedule_.kernels.push_back(std::move(kernel));
    }
  }

  const ir::Program& program_;
  const ScheduleRequest& request_;
  Schedule schedule_;
  IdVector<NodeId, bool> stored_mask_, copied_, kept_;
  IdVector<NodeId, std::set<Key>> demands_;
  IdVector<NodeId, std::vector<Reader>> readers_;
  IdVector<NodeId, std::vector<NodeId>> sums_of_;  // that have the node as a term
  IdVector<NodeId, NodeId> alike_;  // the first of those that are computed together, for the others
  IdVector<NodeId, int> repeated_cost_;
  Descent draws_, unreadable_;
  std::map<Key, std::vector<NodeId>> products_;
  std::map<NodeId, int> split_;
  std::set<NodeId> asked_;
  std::vector<NodeId> roots_;
};

}  // namespace

Schedule make_schedule(const ir::Program& program, const ScheduleRequest& request) {
  return Scheduler(program, request).run();
}

}  // namespace rnnc::loop
