#include "compiler/backend/interp/interpreter_model.h"

#include <exception>
#include <stdexcept>

#include "compiler/loop/descriptor.h"
#include "compiler/loop/lower.h"

namespace rnnc::backend {

using ir::Program;

struct InterpreterModel::Implementation {
  Implementation(Program p, const loop::Module& module, ir::Roundings r)
      : program(std::move(p)), element(module.element), roundings(r), tables(module) {}

  Program program;
  loop::Element element;
  ir::Roundings roundings;
  loop::ModelTables tables;
  rnnc_model model{};

  static const Implementation& of(const rnnc_model* model) { return *static_cast<const Implementation*>(model->self); }

  double load(const void* array, std::int64_t i) const {
    return element == loop::Element::f64 ? static_cast<const double*>(array)[i]
                                         : static_cast<double>(static_cast<const float*>(array)[i]);
  }
  void store(void* array, std::int64_t i, double v) const {
    if (element == loop::Element::f64) static_cast<double*>(array)[i] = v;
    else static_cast<float*>(array)[i] = static_cast<float>(v);
  }
  std::vector<double> read(const void* array, std::int64_t count, std::int64_t offset = 0) const {
    std::vector<double> values(static_cast<std::size_t>(count));
    for (std::int64_t i = 0; i < count; ++i) values[static_cast<std::size_t>(i)] = load(array, offset + i);
    return values;
  }
  std::int64_t rows_of(ir::Domain domain, const rnnc_call& call) const {
    return (domain.batched ? call.rows : 1) * (domain.axis.valid() ? call.steps[domain.axis.index()] : 1);
  }

  ir::InterpreterRun prepare(const rnnc_call& call) const;
  void read_upstream(const rnnc_call& call, ir::InterpreterRun& run) const;
  int refusal(const rnnc_call& call, loop::EntryRole role) const;
  int execute(const rnnc_call& call, loop::EntryRole role) const;
  template <loop::EntryRole role>
  static int entry(const rnnc_model* model, const rnnc_call* call);
  void write(const rnnc_call& call, const ir::Result& result, const std::vector<double>& values) const;
};

ir::InterpreterRun InterpreterModel::Implementation::prepare(const rnnc_call& call) const {
  ir::InterpreterRun run;
  run.rows = call.rows;
  run.first_step = call.first_step;
  run.seed = call.seed;
  run.training = call.training != 0;
  run.rate = call.rates ? call.rates[0] : 0;
  run.roundings = roundings;
  for (std::size_t a = 0; a < program.axes.size(); ++a) {
    run.steps.push_back(call.steps[a]);
    run.lengths.emplace_back();
    if (call.lengths[a]) run.lengths.back() = std::vector<std::int64_t>(call.lengths[a], call.lengths[a] + call.rows);
  }
  std::int64_t offset = 0;
  for (const ir::ParameterInfo& p : program.parameters) {
    run.parameters.push_back(read(call.packed, p.shape.size(), offset));
    offset += p.shape.size();
  }
  for (ir::InputId i : program.inputs.ids()) {
    const ir::InputInfo& info = program.inputs[i];
    run.inputs.emplace_back();
    const void* array = call.inputs ? call.inputs[i.index()] : nullptr;
    if (!array) continue;
    std::int64_t count = rows_of(info.domain, call) * info.shape.size();
    if (info.index_extent > 0) {
      const auto* indices = static_cast<const std::int32_t*>(array);
      run.inputs.back() = std::vector<double>(indices, indices + count);
    } else {
      run.inputs.back() = read(array, count);
    }
  }
  for (ir::StateId s : program.states.ids()) {
    run.state_in.emplace_back();
    const void* array = call.state_in ? call.state_in[s.index()] : nullptr;
    if (array) run.state_in.back() = read(array, program.states[s].history * call.rows * program.states[s].shape.size());
  }
  run.upstream.resize(program.results.size());
  return run;
}

void InterpreterModel::Implementation::read_upstream(const rnnc_call& call, ir::InterpreterRun& run) const {
  for (ir::ResultId r : program.results.ids()) {
    const ir::Result& result = program.results[r];
    auto ref = static_cast<std::size_t>(result.ref);
    if (result.role == ir::ResultRole::output && call.output_gradients && call.output_gradients[ref]) {
      const ir::Node& node = program[result.node];
      run.upstream[r.index()] = read(call.output_gradients[ref], rows_of(node.domain, call) * node.shape.size());
    }
    if (result.role == ir::ResultRole::final_state && call.state_out_gradients && call.state_out_gradients[ref]) {
      const ir::StateInfo& state = program.states[ir::StateId(ref)];
      std::int64_t count = call.rows * state.shape.size();
      run.upstream[r.index()] = read(call.state_out_gradients[ref], count, (state.history - result.slot) * count);
    }
  }
}

void InterpreterModel::Implementation::write(const rnnc_call& call, const ir::Result& result,
                                             const std::vector<double>& values) const {
  auto ref = static_cast<std::size_t>(result.ref);
  auto put = [&](void* array, std::int64_t offset, std::int64_t count) {
    // A value that does not vary where the caller's array does is repeated.
    std::int64_t have = static_cast<std::int64_t>(values.size());
    if (array)
      for (std::int64_t i = 0; i < count; ++i) store(array, offset + i, values[static_cast<std::size_t>(i % have)]);
  };
  switch (result.role) {
    case ir::ResultRole::output:
      return put(call.outputs ? call.outputs[ref] : nullptr, 0, static_cast<std::int64_t>(values.size()));
    case ir::ResultRole::loss:
      return put(call.loss, 0, 1);
    case ir::ResultRole::final_state:
    case ir::ResultRole::initial_gradient: {
      const ir::StateInfo& state = program.states[ir::StateId(ref)];
      void* const* arrays = result.role == ir::ResultRole::final_state ? call.state_out : call.state_in_gradients;
      std::int64_t count = call.rows * state.shape.size();
      return put(arrays ? arrays[ref] : nullptr, (state.history - result.slot) * count, count);
    }
    case ir::ResultRole::input_gradient: {
      const ir::InputInfo& info = program.inputs[ir::InputId(ref)];
      return put(call.input_gradients ? call.input_gradients[ref] : nullptr, 0,
                 rows_of(info.domain, call) * info.shape.size());
    }
    case ir::ResultRole::parameter_gradient:
      return put(call.parameter_gradients, tables.model().parameters[ref].offset,
                 program.parameters[ir::ParameterId(ref)].shape.size());
  }
}

// What is wrong with a call, as compiled code sees it: RNNC_OK if nothing is.
int InterpreterModel::Implementation::refusal(const rnnc_call& call, loop::EntryRole role) const {
  rnnc_sizes sizes{};
  if (tables.model().sizes(&tables.model(), &call, &sizes) != RNNC_OK) return RNNC_BAD_CALL;
  if (loop::is_training(role) && call.memory_budget > 0 && call.windows == 0) return RNNC_BAD_CALL;
  if (!call.packed && !program.parameters.empty()) return RNNC_BAD_CALL;
  for (std::size_t a = 0; a < program.axes.size(); ++a)
    for (std::int64_t b = 0; call.lengths[a] && b < call.rows; ++b)
      if (call.lengths[a][b] < 0 || call.lengths[a][b] > call.steps[a]) return RNNC_BAD_CALL;
  for (ir::InputId i : program.inputs.ids()) {
    const ir::InputInfo& info = program.inputs[i];
    const auto* array = static_cast<const std::int32_t*>(call.inputs ? call.inputs[i.index()] : nullptr);
    const bool axis = info.domain.axis.valid();
    const bool empty = axis && call.steps[info.domain.axis.index()] == 0;
    if (info.target && !array && !empty && (call.loss || loop::is_training(role))) return RNNC_BAD_CALL;
    if (info.index_extent == 0 || !array) continue;
    const std::int32_t* lengths = axis ? call.lengths[info.domain.axis.index()] : nullptr;
    for (std::int64_t t = 0; t < (axis ? call.steps[info.domain.axis.index()] : 1); ++t)
      for (std::int64_t b = 0; b < call.rows; ++b, ++array)
        if ((!lengths || t < lengths[b]) && (*array < info.lowest_index || *array >= info.index_extent)) return RNNC_BAD_INDEX;
  }
  return RNNC_OK;
}

int InterpreterModel::Implementation::execute(const rnnc_call& call, loop::EntryRole role) const {
  const bool backward = role == loop::EntryRole::backward;
  if (int code = refusal(call, role); code != RNNC_OK) return code;
  try {
    ir::InterpreterRun run = prepare(call);
    if (backward) read_upstream(call, run);
    std::vector<bool> wanted;
    bool any = false;
    for (const ir::Result& r : program.results) {
      wanted.push_back(loop::is_forward(r.role) != backward);
      // The loss asks for its targets only where a loss is asked for.
      if (r.role == ir::ResultRole::loss && !call.loss) wanted.back() = false;
      any = any || wanted.back();
    }
    if (backward && !any) return RNNC_NO_SUCH_ENTRY;
    std::vector<std::vector<double>> values = ir::interpret(program, run, wanted);
    for (ir::ResultId r : program.results.ids())
      if (wanted[r.index()]) write(call, program.results[r], values[r.index()]);
    return RNNC_OK;
  } catch (const std::invalid_argument&) {
    return RNNC_BAD_CALL;  // something needed is missing
  } catch (const std::exception&) {
    return RNNC_FAILED;
  }
}

template <loop::EntryRole role>
int InterpreterModel::Implementation::entry(const rnnc_model* model, const rnnc_call* call) {
  return call ? of(model).execute(*call, role) : static_cast<int>(RNNC_BAD_CALL);
}

InterpreterModel::InterpreterModel(ir::Program program, loop::Element element, ir::Roundings roundings) {
  loop::Module module;
  module.element = element;
  loop::describe(program, module);
  module.name = program.name;
  module.target.name = "interp";
  std::int64_t elements = 0;
  for (const ir::ParameterInfo& p : program.parameters) elements += p.shape.size();
  module.packed_bytes = elements * loop::size_of(element);
  implementation_ = std::make_unique<Implementation>(std::move(program), module, roundings);
  rnnc_model& model = implementation_->model;
  // `sizes` belongs to the tables and finds them in its own model.
  model = implementation_->tables.model();
  model.self = implementation_.get();
  model.sizes = [](const rnnc_model* m, const rnnc_call* call, rnnc_sizes* sizes) {
    const rnnc_model& tables = Implementation::of(m).tables.model();
    return tables.sizes(&tables, call, sizes);
  };
  model.pack = [](const rnnc_model* m, const void* parameters, void* packed) {
    const Implementation& self = Implementation::of(m);
    for (std::int64_t i = 0; i < m->parameter_elements; ++i) self.store(packed, i, self.load(parameters, i));
    return static_cast<int>(RNNC_OK);
  };
  model.forward = Implementation::entry<loop::EntryRole::forward>;
  model.forward_train = Implementation::entry<loop::EntryRole::forward_train>;
  model.backward = Implementation::entry<loop::EntryRole::backward>;
  model.step = [](const rnnc_model* m, const rnnc_call* call) {
    if (!call || call->struct_size < sizeof(rnnc_call)) return static_cast<int>(RNNC_BAD_CALL);
    rnnc_call one = *call;
    for (std::int64_t& steps : one.steps) steps = 1;
    return Implementation::of(m).execute(one, loop::EntryRole::step);
  };
}

InterpreterModel::~InterpreterModel() = default;

const rnnc_model* InterpreterModel::model() const { return &implementation_->model; }

}  // namespace rnnc::backend
