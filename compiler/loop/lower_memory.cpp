// Where values stand: the caller's arrays, the tape, the workspace.
#include <algorithm>

#include "compiler/base/bug.h"
#include "compiler/loop/function_lowering.h"

namespace rnnc::loop {

using ir::NodeId;
using ir::NodeKind;

BufferId ModuleLowering::caller_array(Space space, int slot, const std::string& name, Element element,
                                      const Index& size, bool may_be_absent, const std::string& meaning) {
  auto key = std::pair(space, slot);
  if (auto found = caller_arrays.find(key); found != caller_arrays.end()) return found->second;
  Buffer buffer;
  buffer.name = names.unique(name);
  buffer.space = space;
  buffer.slot = slot;
  buffer.element = element;
  buffer.size = size;
  buffer.may_be_absent = may_be_absent;
  buffer.meaning = meaning;
  return caller_arrays[key] = module.buffers.add(std::move(buffer));
}

namespace {

std::string extents_text(const ir::Program& program, ir::Domain domain, const ir::Shape& shape) {
  std::string text;
  if (domain.axis.valid()) {
    const std::string& axis = program.axes[domain.axis].name;
    text += axis.empty() ? "[T]" : "[T_" + axis + "]";
  }
  if (domain.batched) text += "[B]";
  for (std::int64_t extent : shape.extents()) text += "[" + std::to_string(extent) + "]";
  return text.empty() ? "[1]" : text;
}

}  // namespace

Index FunctionLowering::full_elements(ir::Domain domain, const Stored& stored, std::int64_t stride) const {
  Index count = stride;
  if (domain.batched) count = count * batch();
  if (domain.axis.valid()) {
    Index kept = stored.windowed ? window(domain.axis) : steps(domain.axis);
    count = count * (kept + Index(stored.before + stored.after));
  }
  return count;
}

Index FunctionLowering::most_rows(ir::Domain rows) const {
  Index count = rows.batched ? batch() : Index(1);
  return rows.axis.valid() ? count + Index(shared_.options.block_rows) : count;
}

BufferId FunctionLowering::workspace(const std::string& name, const Index& elements, const std::string& meaning) {
  Buffer buffer;
  buffer.name = shared_.names.unique(name);
  buffer.space = Space::workspace;
  buffer.element = module_.element;
  buffer.size = elements;
  buffer.meaning = meaning;
  BufferId id = module_.buffers.add(std::move(buffer));
  workspace_.emplace_back(elements, id);
  return id;
}

Location FunctionLowering::place(NodeId id, const Stored& stored, std::int64_t count) {
  const ir::Node& n = node(id);
  if (auto taped = shared_.tape.find(id); stored.tape && taped != shared_.tape.end()) return taped->second;
  Location location;
  if (!own_entry_ && can_borrow(id, stored)) {
    location = borrow(id);
    location.filled = schedule_.order.position[id];
    return location;
  }
  location.extent = stored.extent;
  location.filled = schedule_.order.position[id];
  location.batched = n.domain.batched;
  location.before = stored.before;
  location.windowed = stored.windowed;
  location.stride = padded(n.shape.size());
  location.padded = true;
  Index elements = location.stride, room = shared_.lanes;
  std::string name = name_of(shared_.program, id), meaning = name + " as ";
  switch (stored.extent) {
    case Extent::full:
      elements = full_elements(n.domain, stored, location.stride);
      meaning += std::string(stored.windowed ? "[window" : "[T") +
                 (stored.before + stored.after > 0 ? "+" + std::to_string(stored.before + stored.after) : "") + "]" +
                 (n.domain.batched ? "[B]" : "");
      break;
    case Extent::block:
      elements = most_rows(n.domain) * elements;
      meaning += "[block of steps][B]";
      break;
    case Extent::step:
    case Extent::row:
      if (n.domain.batched) elements = elements * batch();
      meaning += "[B]";
      break;
    case Extent::single:
      break;
  }
  meaning += "[" + std::to_string(location.stride) + "]";
  if (count > 1) {
    elements = elements * Index(count);
    meaning += ", " + std::to_string(count) + " of them";
  }
  if (stored.tape) {
    Buffer buffer;
    buffer.name = shared_.names.unique("tape_" + name);
    buffer.space = Space::tape;
    buffer.element = module_.element;
    buffer.size = elements + room;
    buffer.meaning = meaning;
    location.buffer = module_.buffers.add(std::move(buffer));
    shared_.tape_buffers.emplace_back(elements + room, location.buffer);
    shared_.tape[id] = location;
  } else {
    location.buffer = workspace(name, elements + room, meaning);
  }
  return location;
}

// The values of one kernel that are alike, behind one another in one array.
void FunctionLowering::place_together(const std::vector<NodeId>& ids) {
  const bool tape = schedule_.stored[ids.front()]->tape;
  const auto apart = [&](NodeId id) {
    const Stored& stored = *schedule_.stored[id];
    return stored.tape != tape || (tape && shared_.tape.contains(id)) || (!own_entry_ && can_borrow(id, stored));
  };
  if (std::any_of(ids.begin(), ids.end(), apart)) return;
  Location location = place(ids.front(), *schedule_.stored[ids.front()], static_cast<std::int64_t>(ids.size()));
  for (NodeId id : ids) {
    locations_[id] = location;
    if (tape) shared_.tape[id] = location;
    location.offset = location.offset + step_elements(location);
  }
}

// Whether forward_train keeps the same of this value in its workspace.
bool FunctionLowering::can_borrow(NodeId id, const Stored& stored) const {
  const std::optional<Stored>& trained = shared_.plans.forward_train.stored[id];
  return trained && shared_.train_places.contains(id) && !trained->tape && trained->extent == stored.extent &&
         trained->before == stored.before && trained->after == stored.after && trained->windowed == stored.windowed;
}
Location FunctionLowering::borrow(NodeId id) {
  const Location& location = shared_.train_places.at(id);
  const auto known = std::find_if(shared_.lent.begin(), shared_.lent.end(),
                                  [&](const auto& array) { return array.second == location.buffer; });
  if (known == shared_.lent.end()) shared_.lent.emplace_back(module_.buffers[location.buffer].size, location.buffer);
  return location;
}

// What is computed again is also delivered again, so that the kernels are those of forward_train; backward's entry keeps it
// from the caller.
std::vector<ir::ResultId> FunctionLowering::delivered_results() const {
  std::vector<ir::ResultId> results = schedule_.results;
  if (own_entry_) return results;
  for (ir::ResultId r : shared_.plans.forward_train.results) {
    const ir::Result& result = shared_.program.results[r];
    if (result.role == ir::ResultRole::output && schedule_.stored[result.node]) results.push_back(r);
  }
  return results;
}

// Sums that are parameter gradients accumulate in the caller's array; every other value has a place of its own beside the
// result's.
void FunctionLowering::place_values() {
  for (ir::ResultId r : delivered_results()) delivered_[shared_.program.results[r].node].push_back(r);
  std::set<NodeId> computed;
  for (const PlannedKernel& kernel : schedule_.kernels)
    if (kernel.kind != KernelKind::boundary)
      for (NodeId id : kernel.stores) computed.insert(id);
  for (const PlannedKernel& kernel : schedule_.kernels)
    if (kernel.kind == KernelKind::structure && kernel.stores.size() > 1) place_together(kernel.stores);
  for (NodeId id : computed) {
    auto delivered = delivered_.find(id);
    bool sum = node(id).kind == NodeKind::sum_over;
    if (sum && delivered != delivered_.end()) {
      const ir::Result& result = shared_.program.results[delivered->second.front()];
      if (result.role == ir::ResultRole::parameter_gradient) {
        locations_[id] = result_location(result);
        delivered->second.erase(delivered->second.begin());
        continue;
      }
    }
    if (!locations_.contains(id)) locations_[id] = place(id, *schedule_.stored[id]);
    if (role_ == EntryRole::forward_train && !schedule_.stored[id]->tape) shared_.train_places[id] = locations_[id];
  }
}

Location FunctionLowering::result_location(const ir::Result& result) {
  const ir::Program& program = shared_.program;
  const ir::Node& n = node(result.node);
  Location location;
  location.batched = n.domain.batched;
  location.stride = n.shape.size();
  location.extent = n.domain.axis.valid() ? Extent::full : n.domain.batched ? Extent::row : Extent::single;
  Index size = full_elements(n.domain, Stored{}, location.stride);
  std::string meaning = result.name + " " + extents_text(program, n.domain, n.shape);
  auto array = [&](Space space, int slot, const Index& elements) {
    return shared_.caller_array(space, slot, result.name, module_.element, elements, true, meaning);
  };
  switch (result.role) {
    case ir::ResultRole::output:
      location.buffer = array(Space::output, result.ref, size);
      break;
    case ir::ResultRole::loss:
      location.buffer = array(Space::loss, 0, 1);
      break;
    case ir::ResultRole::final_state:
    case ir::ResultRole::initial_gradient: {
      bool final = result.role == ir::ResultRole::final_state;
      int history = program.states[ir::StateId(static_cast<std::size_t>(result.ref))].history;
      location.buffer = array(final ? Space::state_out : Space::state_gradient, result.ref, size * Index(history));
      location.offset = size * Index(history - result.slot);
      break;
    }
    case ir::ResultRole::input_gradient:
      location.buffer = array(Space::input_gradient, result.ref, size);
      break;
    case ir::ResultRole::parameter_gradient: {
      const TensorInfo& last = module_.parameters.back();
      std::int64_t total = last.offset + program.parameters[ir::ParameterId(module_.parameters.size() - 1)].shape.size();
      location.buffer = shared_.caller_array(Space::parameter_gradients, 0, "parameter_gradients", module_.element, total,
                                             true, "gradients of all parameters, laid out like these");
      location.offset = module_.parameters[static_cast<std::size_t>(result.ref)].offset;
      break;
    }
  }
  return location;
}

std::vector<std::pair<ir::ResultId, Location>> FunctionLowering::results_of(NodeId id) {
  std::vector<std::pair<ir::ResultId, Location>> found;
  if (auto delivered = delivered_.find(id); delivered != delivered_.end())
    for (ir::ResultId r : delivered->second) found.emplace_back(r, result_location(shared_.program.results[r]));
  return found;
}

Location FunctionLowering::input_location(const ir::Node& n, NodeId) {
  const ir::Program& program = shared_.program;
  Location location;
  location.batched = n.domain.batched;
  location.stride = n.shape.size();
  location.extent = n.domain.axis.valid() ? Extent::full : n.domain.batched ? Extent::row : Extent::single;
  Index size = full_elements(n.domain, Stored{}, location.stride);
  std::string extents = extents_text(program, n.domain, n.shape);
  if (n.kind == NodeKind::input) {
    const ir::InputInfo& info = program.inputs[ir::InputId(static_cast<std::size_t>(n.ref))];
    Element element = info.index_extent > 0 ? Element::i32 : module_.element;
    location.buffer =
        shared_.caller_array(Space::input, n.ref, info.name, element, size, info.target, info.name + " " + extents);
    return location;
  }
  const ir::Result& result = program.results[ir::ResultId(static_cast<std::size_t>(n.ref))];
  bool state = result.role == ir::ResultRole::final_state;
  int history = state ? program.states[ir::StateId(static_cast<std::size_t>(result.ref))].history : 1;
  location.buffer = shared_.caller_array(state ? Space::upstream_state : Space::upstream, result.ref,
                                         "d_" + result.name, module_.element, size * Index(history), true,
                                         "gradient of " + result.name + " " + extents);
  if (state) location.offset = size * Index(history - result.slot);
  return location;
}

std::optional<Location> FunctionLowering::location_of(NodeId id) {
  if (auto found = locations_.find(id); found != locations_.end()) return found->second;
  // What is computed again is not read from the tape, which need not have this window of it.
  const bool computed_again = !own_entry_ && !schedule_.order.available[id];
  if (role_ == EntryRole::backward && !computed_again)
    if (auto found = shared_.tape.find(id); found != shared_.tape.end()) return found->second;
  return std::nullopt;
}

Index FunctionLowering::t_of(Row& row) {
  if (!row.t) {
    check(row.r.has_value(), "a kernel without time was asked for its step");
    row.t = b().quotient("t", *row.r, batch());
  }
  return *row.t;
}
Index FunctionLowering::b_of(Row& row) {
  if (!row.b) {
    check(row.r.has_value(), "a kernel without rows was asked for its row");
    row.b = *row.r - t_of(row) * batch();
  }
  return *row.b;
}
Index FunctionLowering::length_of(Row& row, ir::AxisId axis) {
  auto [found, made] = row.lengths.try_emplace(axis.value);
  if (made) found->second = b().row_length("length", axis.value, b_of(row));
  return found->second;
}

// The first element of the row at hand, `lag` steps earlier.
Index FunctionLowering::row_offset(const Location& location, Row& row, std::int64_t lag) {
  auto rows_to_elements = [&](const Index& r) { return location.offset + r * Index(location.stride); };
  switch (location.extent) {
    case Extent::full: {
      check(!location.windowed || in_windows_, "a sequence kept for one window is read outside its walk");
      Index first = Index(location.before - lag);  // where step 0 is, or would be
      if (location.windowed) first = first - frame_.window0;
      if (!location.batched) return rows_to_elements(t_of(row) + first);
      if (row.r && !row.t) return rows_to_elements(*row.r + batch() * first);
      return rows_to_elements((t_of(row) + first) * batch() + b_of(row));
    }
    case Extent::block:
      check(lag == 0, "a value kept for one block is read at another step");
      check(location.filled.phase == position_.phase, "a value kept for one block is read in another walk");
      if (!location.batched) return rows_to_elements(t_of(row) - frame_.t0);
      if (row.r && !row.t) return rows_to_elements(*row.r - frame_.t0 * batch());
      return rows_to_elements((t_of(row) - frame_.t0) * batch() + b_of(row));
    case Extent::step:
      check(lag == 0, "a value kept for one step is read at another");
      check(location.filled.phase == position_.phase && location.filled.stage == position_.stage &&
                location.filled.component == position_.component,
            "a value kept for one step is read outside its recurrence");
      [[fallthrough]];
    case Extent::row:
      return location.batched ? rows_to_elements(b_of(row)) : rows_to_elements(0);
    case Extent::single:
      return location.offset;
  }
  return 0;
}

// Lays arrays out one behind the other from `offset` on, those whose size is a multiple of 64 bytes first, so that these
// start aligned. Returns the end.
Index lay_out(Module& module, std::vector<std::pair<Index, BufferId>> arrays, Index offset, bool fallback) {
  // Indices take the room of numbers, so that what lies behind them begins at a multiple of a number's size.
  auto bytes = [&](const auto& array) {
    return array.first * Index(std::max(size_of(module.buffers[array.second].element), size_of(module.element)));
  };
  auto unaligned = [&](const auto& array) {
    const Index size = bytes(array);
    return std::any_of(size.terms().begin(), size.terms().end(), [](const Index::Term& term) {
      return !term.factors.empty() && term.coefficient % 64 != 0;
    });
  };
  std::stable_sort(arrays.begin(), arrays.end(),
                   [&](const auto& a, const auto& c) { return unaligned(a) < unaligned(c); });
  for (const auto& array : arrays) {
    Buffer& buffer = module.buffers[array.second];
    (fallback ? buffer.fallback_offset : buffer.offset) = offset;
    Index size = bytes(array);
    offset = offset + size + Index((64 - size.constant() % 64) % 64);
  }
  return offset;
}

}  // namespace rnnc::loop
