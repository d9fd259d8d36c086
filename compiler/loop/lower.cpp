// The entries: phases in order, segments as blocks of steps, recurrences as loops over them.
#include "compiler/loop/lower.h"

#include <algorithm>

#include "compiler/base/bug.h"
#include "compiler/loop/descriptor.h"
#include "compiler/loop/function_lowering.h"
#include "compiler/loop/merge.h"
#include "compiler/loop/prepare.h"
#include "compiler/loop/windows.h"

namespace rnnc::loop {

using ir::NodeId;
using ir::NodeKind;

Plans plan(const ir::Program& program) {
  Plans plans;
  plans.program = regroup_sums(program);
  const ir::Program& p = plans.program;
  IdVector<NodeId, std::optional<Stored>> nothing(p.nodes.size());
  ScheduleRequest forward{{}, nothing, {}, nothing, 12};
  ScheduleRequest backward = forward;
  for (ir::ResultId r : p.results.ids()) (is_forward(p.results[r].role) ? forward : backward).results.push_back(r);
  plans.forward = make_schedule(p, forward);
  plans.has_backward = !backward.results.empty();
  if (!plans.has_backward) return plans;
  TapePlan tape = plan_tape(p);
  forward.tape = tape.nodes;
  forward.tape_margins = tape.margins;
  plans.forward_train = make_schedule(p, forward);
  for (NodeId id : tape.nodes) backward.available[id] = plans.forward_train.stored[id];
  plans.backward = make_schedule(p, backward);
  plan_windows(plans);
  return plans;
}

ModuleLowering::ModuleLowering(const Plans& plans, const LowerOptions& options, Module& module)
    : plans(plans), program(plans.program), options(options), module(module), statics(program, module, names),
      initial_values(program), printer(program, initial_values, ir::most_nodes_of_a_comment) {
  lanes = module.target.lanes(module.element);
  for (ir::EquationId e : program.equations.ids())
    if (program.equations[e].value.valid() && program.equation_of(program.equations[e].value) == e)
      printer.name(program.equations[e].value, program.equations[e].name);
  for (const auto& [id, label] : program.labels)
    if (!program.equation_of(id).valid()) printer.name(id, label);
  add_run_numbers();
}

void ModuleLowering::add_run_numbers() {
  const auto add = [&](const std::string& name, SymbolKind kind, int which = 0) {
    return module.symbols.add(Symbol{name, kind, which});
  };
  rows = add("B", SymbolKind::rows);
  first_step = add("first_step", SymbolKind::first_step);
  training = add("training", SymbolKind::training);
  windows = add("windows", SymbolKind::windows);
  for (ir::AxisId axis : program.axes.ids()) {
    const std::string which =
        program.axes.size() == 1 ? "" : "_" + std::to_string(axis.value) + "_" + program.axes[axis].name;
    steps.push_back(add("T" + which, SymbolKind::steps, axis.value));
    window.push_back(add("window" + which, SymbolKind::window, axis.value));
  }
  const auto mentions = [&](ir::NodeKind kind) {
    return std::any_of(program.nodes.begin(), program.nodes.end(), [&](const ir::Node& n) { return n.kind == kind; });
  };
  if (mentions(NodeKind::random)) seed = add("seed", SymbolKind::seed);
  if (mentions(NodeKind::rate)) rate = add("rate", SymbolKind::rate);
}

FunctionLowering::FunctionLowering(ModuleLowering& shared, const Schedule& schedule, EntryRole role)
    : shared_(shared), module_(shared.module), schedule_(schedule), role_(role),
      prefix_(role == EntryRole::forward ? "infer" : role == EntryRole::forward_train ? "forward" : "backward"),
      own_entry_(std::in_place, shared.module,
                 role == EntryRole::forward ? "forward" : role == EntryRole::forward_train ? "forward_train" : "backward",
                 FunctionKind::entry),
      entry_(*own_entry_) {
  entry_.function().role = role;
  if (role != EntryRole::backward) return;
  for (const auto& [phase, again] : shared.plans.recompute)
    recompute_.emplace(phase, std::make_unique<FunctionLowering>(shared, again, entry_));
}

FunctionLowering::FunctionLowering(ModuleLowering& shared, const Schedule& again, FunctionBuilder& entry)
    : shared_(shared), module_(shared.module), schedule_(again), role_(EntryRole::backward), prefix_("again"), entry_(entry) {}

FunctionId FunctionLowering::run() {
  prepare();
  for (auto& [phase, again] : recompute_) {
    again->prepare();
    again->lower_before_windows();
  }
  lower_phases();
  deliver_sums();
  if (panel_area_.valid()) {
    module_.buffers[panel_area_].size = panel_area_size_;
    for (auto& [elements, buffer] : workspace_)
      if (buffer == panel_area_) elements = panel_area_size_;
  }
  for (const auto& [phase, again] : recompute_)
    workspace_.insert(workspace_.end(), again->workspace_.begin(), again->workspace_.end());
  return entry_.finish();
}

void FunctionLowering::prepare() {
  uses_ = IdVector<NodeId, int>(shared_.program.nodes.size(), 0);
  for (NodeId id : shared_.program.nodes.ids())
    if (schedule_.order.needed[id] && !schedule_.order.available[id])
      for (NodeId operand : node(id).operands) ++uses_[operand];
  for (ir::ResultId r : delivered_results()) ++uses_[shared_.program.results[r].node];
  place_values();
  find_only_for_loss();
  prepare_absent();
  prepare_keys();
}

// The nodes that no other result and no tape needs.
void FunctionLowering::find_only_for_loss() {
  only_for_loss_ = IdVector<NodeId, bool>(shared_.program.nodes.size(), false);
  std::vector<NodeId> work;
  for (ir::ResultId r : schedule_.results) {
    const ir::Result& result = shared_.program.results[r];
    if (result.role == ir::ResultRole::loss) loss_buffer_ = result_location(result).buffer;
    else work.push_back(result.node);
  }
  if (!loss_buffer_.valid()) return;
  for (NodeId id : shared_.program.nodes.ids()) {
    only_for_loss_[id] = schedule_.order.needed[id];
    if (schedule_.stored[id] && schedule_.stored[id]->tape) work.push_back(id);
  }
  while (!work.empty()) {
    NodeId id = work.back();
    work.pop_back();
    if (!only_for_loss_[id]) continue;
    only_for_loss_[id] = false;
    for (const Dependency& d : dependencies(shared_.program, id)) work.push_back(d.node);
    if (const std::optional<Stored>& stored = schedule_.stored[id])
      for (const auto* values : {&stored->before_values, &stored->after_values})
        work.insert(work.end(), values->begin(), values->end());
  }
}

// What a caller left out reads as zero; whether a state's initial value was passed becomes a number.
void FunctionLowering::prepare_absent() {
  position_ = Position{};
  segment_axis_ = ir::AxisId();
  for (NodeId id : shared_.program.nodes.ids()) {
    if (!schedule_.order.needed[id]) continue;
    const ir::Node& n = node(id);
    bool optional = n.kind == NodeKind::upstream ||
                    (n.kind == NodeKind::input &&
                     shared_.program.inputs[ir::InputId(static_cast<std::size_t>(n.ref))].target);
    if (optional) {
      BufferId buffer = input_location(n, id).buffer;
      if (std::find(zeroed_.begin(), zeroed_.end(), buffer) != zeroed_.end()) continue;
      zeroed_.push_back(buffer);
      entry_.if_given(buffer, [] {}, [&] { entry_.zero({buffer, 0}, module_.buffers[buffer].size); });
    }
    if (n.kind == NodeKind::given) {
      ir::StateId state(static_cast<std::size_t>(n.ref));
      const ir::StateInfo& info = shared_.program.states[state];
      BufferId flag = workspace("given_" + info.name, shared_.lanes, "1 if " + info.name + ".init was passed, else 0");
      given_[state] = flag;
      BufferId array = shared_.caller_array(Space::state_in, n.ref, info.name + ".init", module_.element,
                                            batch() * Index(info.shape.size() * info.history), true, info.name + ".init");
      start_kernel(kernel_name({id}, ""), ir::Domain{}, {});
      b().store_first(b().number_constant(1), {flag, 0}, 1);
      FunctionId kernel = b().finish();
      kernel_.reset();
      entry_.if_given(array, [&] { entry_.launch(kernel, {}, 1, 1); }, [&] { entry_.zero({flag, 0}, 1); });
    }
  }
}

// Sums accumulate in one array; other results that are the same sum are copied from there.
void FunctionLowering::deliver_sums() {
  position_ = Position{};
  segment_axis_ = ir::AxisId();
  for (const PlannedKernel& kernel : schedule_.kernels) {
    if (kernel.kind != KernelKind::accumulate) continue;
    NodeId id = kernel.stores.front();
    std::vector<std::pair<ir::ResultId, Location>> results = results_of(id);
    if (results.empty()) continue;
    const ir::Node& n = node(id);
    if (n.domain.axis.valid()) throw Unsupported("a sum over the batch as an output per step is not compiled yet");
    bool by_rows = n.domain.batched;
    start_kernel(kernel_name({id}, "_result"), n.domain, {});
    for_rows(n.domain, by_rows, [&](Row& row) {
      for_blocks(n.shape.size(), !by_rows, [&](const Block& block) {
        Cursor at{row, block, {}, {}};
        ValueId v = value(id, at);
        for (const auto& [result, location] : results) store_at(location, v, at);
      });
    });
    finish_kernel(by_rows ? batch() : Index(block_count(n.shape.size())), row_count(n.domain) * Index(n.shape.size()));
  }
}

void FunctionLowering::lower_phases() {
  std::map<int, std::vector<const PlannedKernel*>> phases;
  for (const PlannedKernel& kernel : schedule_.kernels)
    if (kernel.window_phase < 0) phases[kernel.position.phase].push_back(&kernel);
  for (const auto& [phase, kernels] : phases) {
    if (phase % 2 == 1) {
      lower_segment(phase, kernels);
      continue;
    }
    segment_axis_ = ir::AxisId();
    for (const PlannedKernel* kernel : kernels) lower_kernel(*kernel);
  }
}

// One walk over an axis.
void FunctionLowering::lower_segment(int phase, const std::vector<const PlannedKernel*>& kernels) {
  const Segment& segment = schedule_.order.segment(phase);
  segment_axis_ = segment.axis;
  for (const PlannedKernel* kernel : kernels)
    if (kernel->kind == KernelKind::accumulate && zeroed_with_phase(kernel->stores.front()))
      zero_sum(kernel->stores.front());
  if (has_windows(phase)) lower_windows(phase, kernels);
  else lower_blocks(segment.direction, kernels, 0, steps(segment.axis), 1);
  segment_axis_ = ir::AxisId();
}

// The steps [begin, end) of a walk, `times` times (0 or 1): in blocks, and in each block the stages in turn.
void FunctionLowering::lower_blocks(int direction, const std::vector<const PlannedKernel*>& kernels, const Index& begin,
                                    const Index& end_step, const Index& times) {
  Index block = entry_.quotient("block", batch() + Index(shared_.options.block_rows - 1), batch());
  Index blocks = entry_.quotient("blocks", end_step - begin + block - Index(1), block);
  bool falling = direction < 0;
  entry_.loop("q", 0, blocks * times, 1, [&](const Index& q) {
    entry_t0_ = entry_.value("t0", begin + q * block);
    entry_t1_ = entry_.minimum("t1", entry_t0_ + block, end_step);
    for (std::size_t i = 0; i < kernels.size();) {
      const Position& first = kernels[i]->position;
      std::size_t end = i;
      while (end < kernels.size() && kernels[end]->position.stage == first.stage &&
             kernels[end]->position.component == first.component)
        ++end;
      auto stage = [&] {
        for (std::size_t k = i; k < end; ++k) lower_kernel(*kernels[k]);
      };
      if (first.component == 0) {
        stage();
      } else {
        entry_.loop("t", entry_t0_, entry_t1_, 1, [&](const Index& t) {
          entry_t_ = t;
          stage();
        }, falling);
      }
      i = end;
    }
  }, falling);
}

namespace {

TensorInfo tensor_info(const std::string& name, const ir::Shape& shape, ir::Domain domain) {
  TensorInfo info;
  info.name = name;
  info.extents.assign(shape.extents().begin(), shape.extents().end());
  info.batched = domain.batched;
  info.axis = domain.axis.value;
  return info;
}

Index monomial(std::int64_t coefficient, const std::vector<SymbolId>& factors) {
  Index result = coefficient;
  for (SymbolId symbol : factors) result = result * Index(symbol);
  return result;
}

// The furthest step around a window that a sequence is read at.
std::int64_t least_window(const Plans& plans) {
  int least = 1;
  const auto widen = [&](const Schedule& schedule) {
    for (const std::optional<Stored>& stored : schedule.stored)
      if (stored && stored->windowed) least = std::max({least, stored->before, stored->after});
  };
  widen(plans.forward_train);
  widen(plans.backward);
  for (const auto& [phase, again] : plans.recompute) widen(again);
  return least;
}

// An upper bound of both: coefficient by coefficient, as all symbols are at least one.
Index larger(const Index& a, const Index& b) {
  Index result;
  for (const Index::Term& term : a.terms()) {
    std::int64_t other = 0;
    for (const Index::Term& t : b.terms())
      if (t.factors == term.factors) other = t.coefficient;
    result = result + monomial(std::max(term.coefficient, other), term.factors);
  }
  for (const Index::Term& term : b.terms()) {
    bool known = std::any_of(a.terms().begin(), a.terms().end(), [&](const auto& t) { return t.factors == term.factors; });
    if (!known) result = result + monomial(term.coefficient, term.factors);
  }
  return result;
}

// A caller's arrays that may be absent stand in the workspace before everything else: what forward functions write
// first, what only backward touches behind it.
void place_absent(ModuleLowering& shared, Index& forward_end, Index& backward_end) {
  std::vector<std::pair<Index, BufferId>> forward, backward;
  for (const auto& [key, id] : shared.caller_arrays) {
    const Buffer& buffer = shared.module.buffers[id];
    if (!buffer.may_be_absent) continue;
    bool early = buffer.space == Space::output || buffer.space == Space::loss || buffer.space == Space::state_out ||
                 buffer.space == Space::input || buffer.space == Space::state_in;
    (early ? forward : backward).emplace_back(buffer.size + Index(shared.lanes), id);
  }
  forward_end = lay_out(shared.module, forward, 0, true);
  backward_end = lay_out(shared.module, backward, forward_end, true);
}

// The workspace of forward_train and backward, which run in it one after the other. What backward borrows stands at one
// place for both.
Index lay_out_training(ModuleLowering& shared, std::vector<std::pair<Index, BufferId>> forward,
                       const std::vector<std::pair<Index, BufferId>>& backward, const Index& begin) {
  std::erase_if(forward, [&](const auto& array) {
    return std::any_of(shared.lent.begin(), shared.lent.end(), [&](const auto& lent) { return lent.second == array.second; });
  });
  Index lent_end = lay_out(shared.module, shared.lent, begin, false);
  Index forward_end = lay_out(shared.module, std::move(forward), lent_end, false);
  return larger(forward_end, lay_out(shared.module, backward, lent_end, false));
}

}  // namespace

void describe(const ir::Program& program, Module& module) {
  std::int64_t offset = 0;
  for (const ir::ParameterInfo& p : program.parameters) {
    TensorInfo info = tensor_info(p.name, p.shape, {});
    info.offset = offset;
    offset += p.shape.size();
    info.initializer = static_cast<int>(p.initializer);
    info.low = p.low;
    info.high = p.high;
    module.parameters.push_back(std::move(info));
  }
  for (const ir::InputInfo& i : program.inputs) {
    TensorInfo info = tensor_info(i.name, i.shape, i.domain);
    info.index_extent = i.index_extent;
    info.lowest_index = i.lowest_index;
    info.target = i.target;
    module.inputs.push_back(std::move(info));
  }
  for (const ir::StateInfo& s : program.states) {
    TensorInfo info = tensor_info(s.name, s.shape, ir::Domain{true, s.axis});
    info.history = s.history;
    info.reversed = s.reversed;
    module.states.push_back(std::move(info));
  }
  for (const ir::Result& r : program.results) {
    if (r.role == ir::ResultRole::loss) module.has_loss = true;
    if (r.role != ir::ResultRole::output) continue;
    const ir::Node& n = program[r.node];
    check(static_cast<std::size_t>(r.ref) == module.outputs.size(), "outputs out of order");
    module.outputs.push_back(tensor_info(r.name, n.shape, n.domain));
  }
  for (const ir::AxisInfo& axis : program.axes) module.axes.push_back(axis.name);
}

Module lower(const Plans& plans, const LowerOptions& options) {
  Module module;
  module.name = plans.program.name;
  module.target = options.target;
  module.element = options.element;
  module.source_name = options.source_name;
  module.parallel_threshold = options.parallel_threshold;
  module.least_window = least_window(plans);
  describe(plans.program, module);
  ModuleLowering shared(plans, options, module);

  FunctionLowering forward(shared, plans.forward, EntryRole::forward);
  FunctionId forward_id = forward.run();
  std::optional<FunctionLowering> train, backward;
  std::optional<FunctionId> train_id, backward_id;
  if (plans.has_backward) {
    train_id = train.emplace(shared, plans.forward_train, EntryRole::forward_train).run();
    backward_id = backward.emplace(shared, plans.backward, EntryRole::backward).run();
  }
  shared.statics.finish();
  Function step = module.functions[forward_id];
  step.name = "step";
  step.role = EntryRole::step;
  FunctionId step_id = module.functions.add(std::move(step));

  Index forward_end, backward_end;
  place_absent(shared, forward_end, backward_end);
  module.inference_workspace_bytes = lay_out(module, forward.workspace_arrays(), forward_end, false);
  module.step_workspace_bytes = module.inference_workspace_bytes;
  module.training_workspace_bytes = module.inference_workspace_bytes;
  module.entries.push_back(forward_id);
  if (plans.has_backward) {
    module.training_workspace_bytes =
        lay_out_training(shared, train->workspace_arrays(), backward->workspace_arrays(), backward_end);
    module.tape_bytes = lay_out(module, shared.tape_buffers, 0, false);
    module.tape_is_marked = depends_on_windows(module, module.tape_bytes);
    if (module.tape_is_marked) module.tape_bytes = lay_out(module, shared.tape_buffers, Module::tape_mark_bytes, false);
    module.entries.push_back(*train_id);
    module.entries.push_back(*backward_id);
  }
  module.entries.push_back(step_id);
  merge_alike(module);
  return module;
}

}  // namespace rnnc::loop
