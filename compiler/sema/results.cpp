// What the Program is asked for: outputs, final states and the loss. And what the next run may rely on.
#include <algorithm>

#include "compiler/sema/elaborator.h"

namespace rnnc::sema {
namespace {

using Kind = dsl::DiagnosticKind;
constexpr std::string_view watch_prefix = "@watch/";  // as in runtime/watch.h

}  // namespace

void Elaborator::add_output(const std::string& name, Symbol& symbol, dsl::Span span, std::set<std::string>& taken) {
  Value value = value_of(symbol, span);
  if (!value.is_node()) {
    lost_result_ = true;
    return;
  }
  if (!taken.insert(name).second) {
    fail(Kind::duplicate_name, "output `" + name + "` is listed twice", {{span, ""}});
    return;
  }
  if (program[value.node].index) {
    fail(Kind::bad_output, "an index cannot be an output", {{span, shape_text(value.node)}});
    return;
  }
  add_output(name, value.node);
}

void Elaborator::add_output(const std::string& name, ir::NodeId node) {
  ir::Result result;
  result.role = ir::ResultRole::output;
  result.name = name;
  result.ref = 0;
  for (const ir::Result& other : program.results) result.ref += other.role == ir::ResultRole::output;
  result.node = node;
  program.results.add(result);
}

// What the caller wants to look at while the model runs. No source can spell the outputs' names.
void Elaborator::add_watched() {
  for (const std::string& name : options_.watch) {
    auto found = std::find_if(symbols_.begin(), symbols_.end(), [&](const Symbol& symbol) {
      return symbol.told() == name && symbol.kind != SymbolKind::dimension;
    });
    if (found == symbols_.end()) {
      Texts names;
      for (const Symbol& symbol : symbols_)
        if (symbol.kind != SymbolKind::dimension && symbol.kind != SymbolKind::family) names.push_back(symbol.told());
      fail(Kind::cannot_watch, "--watch: the model has no value `" + name + "`", {{dsl::Span{}, ""}},
           suggest(name, names));
      continue;
    }
    const Value value = value_of(*found, found->span);
    if (!value.is_node()) continue;
    if (program[value.node].index) {
      fail(Kind::cannot_watch, "--watch: `" + name + "` is an index, which has no mean",
           {{found->span, shape_text(value.node)}});
      continue;
    }
    add_output(std::string(watch_prefix) + name, program.stop_gradient(value.node));
  }
}

// A model's outputs as declared. A lone cell's: its states, then what else it declares.
void Elaborator::add_outputs_of(Scope& entry) {
  std::set<std::string> taken;
  if (!entry.unit->is_model)
    for (Symbol* symbol : entry.order)
      if (symbol->kind == SymbolKind::state) add_output(symbol->name, *symbol, symbol->span, taken);
  for (const Output& output : entry.outputs) {
    auto it = entry.names.find(output.name.text);
    if (it == entry.names.end()) {
      Texts names;
      for (const auto& [name, symbol] : entry.names)
        if (symbol->kind != SymbolKind::dimension) names.push_back(name);
      if (entry.lost.contains(output.name.text)) continue;
      fail(Kind::unknown_name, "output `" + output.name.text + "` is not defined", {{output.name.span, "not found"}},
           suggest(output.name.text, names));
      continue;
    }
    Symbol& symbol = *it->second;
    if (symbol.kind == SymbolKind::dimension) {
      fail(Kind::bad_output, "`" + symbol.name + "` is a dimension, not a value", {{output.name.span, ""}});
      continue;
    }
    bool listed = !entry.unit->is_model && symbol.kind == SymbolKind::state;
    if (!listed) add_output(output.name.text, symbol, output.name.span, taken);
    symbol.read = true;
  }
}

// The last values of every state, newest first: the value `slot - 1` steps before the end of each row, or before that
// what the state began with.
void Elaborator::add_final_states() {
  std::map<std::int32_t, Value> initial;
  for (std::size_t i = 0; i < symbols_.size(); ++i) {  // evaluating adds symbols for parts without a name
    Symbol& symbol = symbols_[i];
    if (symbol.kind == SymbolKind::state && symbol.state.valid()) initial[symbol.state.value] = initial_of(symbol);
  }
  process_pending();
  for (ir::StateId id : program.states.ids()) {
    auto declared = initial.find(id.value);
    if (declared != initial.end() && !declared->second.is_node()) continue;
    ir::NodeId fallback = declared == initial.end() ? program.constant(0) : declared->second.node;
    const ir::StateInfo state = program.states[id];
    for (int slot = 1; slot <= state.history; ++slot) {
      std::vector<ir::NodeId> boundary;
      for (int j = 1; j <= slot; ++j) boundary.push_back(program.initial(id, j, fallback));
      ir::Result result;
      result.role = ir::ResultRole::final_state;
      result.name = state.name + ".final";
      result.ref = id.value;
      result.slot = slot;
      result.node = program.at(state.equation, state.reversed ? ir::End::first : ir::End::last, slot - 1, boundary);
      program.results.add(result);
    }
  }
}

void Elaborator::add_loss(Scope& entry) {
  Value total;
  bool complete = true;
  for (const LossTerm& term : entry.losses) {
    in_loss_ = true;
    Value value = loss(*term.expr, term.env);
    in_loss_ = false;
    complete = complete && value.is_node();
    if (!complete) continue;
    total = total.is_node() ? Value::of(program.add(total.node, value.node)) : value;
  }
  process_pending();
  lost_result_ = lost_result_ || !complete;
  if (!complete || !total.is_node()) return;
  ir::Result result;
  result.role = ir::ResultRole::loss;
  result.name = "loss";
  result.node = total.node;
  program.results.add(result);
}

// A target that no output or state needs may be absent when no loss is asked for.
void Elaborator::mark_optional_targets() {
  std::vector<bool> seen(program.nodes.size());
  std::vector<ir::NodeId> todo;
  for (const ir::Result& result : program.results)
    if (result.role != ir::ResultRole::loss) todo.push_back(result.node);
  while (!todo.empty()) {
    ir::NodeId id = todo.back();
    todo.pop_back();
    if (seen[id.index()]) continue;
    seen[id.index()] = true;
    const ir::Node& node = program[id];
    todo.insert(todo.end(), node.operands.begin(), node.operands.end());
    if (node.kind == ir::NodeKind::shift || node.kind == ir::NodeKind::at)
      todo.push_back(program.equations[ir::EquationId(static_cast<std::size_t>(node.ref))].value);
    if (node.kind == ir::NodeKind::input)
      program.inputs[ir::InputId(static_cast<std::size_t>(node.ref))].target = false;
  }
}

void Elaborator::report_nothing_computed(const Scope& entry) {
  Texts help;
  std::string last;
  for (const Symbol* symbol : entry.order) {
    if (symbol->kind != SymbolKind::equation) continue;
    last = symbol->name;
    if (symbol->read_at_other && !entry.unit->is_model)
      help.push_back("`" + symbol->name + "` is read at another step: is it meant as `state " + symbol->name +
                     " : [...]`?");
  }
  help.push_back("name what it computes: `output " + (last.empty() ? "y" : last) + "`");
  fail(Kind::missing_output, "`" + entry.unit->name.text + "` has neither an output nor a loss",
       {{entry.unit->name.span, ""}}, help);
}

void Elaborator::add_results(Scope& entry) {
  add_outputs_of(entry);
  add_loss(entry);
  add_final_states();
  add_watched();
  std::size_t outputs = entry.outputs.size() + entry.losses.size();
  bool has_state =
      std::any_of(entry.order.begin(), entry.order.end(), [](Symbol* s) { return s->kind == SymbolKind::state; });
  if (outputs == 0 && (entry.unit->is_model || !has_state)) report_nothing_computed(entry);
  for (const ir::Equation& equation : program.equations)
    if (!equation.value.valid()) return;  // an error, or another run, follows
  if (!met_unknown_ && !diagnostics_.has_errors()) mark_optional_targets();
}

void Elaborator::collect_facts() {
  for (const auto& [name, place] : wanted_) {
    const Value& value = place.first->value;
    std::optional<Signature>& fact = facts.sequences[name];
    fact.reset();
    if (!value.is_node() || program[value.node].index) continue;
    const ir::Node& node = program[value.node];
    ir::AxisId axis = node.domain.axis;
    if (!axis.valid() && (single_axis_ || place.first->scope->axis.valid()))
      axis = axis_of(*place.first->scope, place.second);
    if (axis.valid()) fact = Signature{node.shape, {true, axis}};
  }
  if (facts.instance_dimensions == known_.instance_dimensions) facts.instance_dimensions.merge(guessed_defaults_);
  for (const Scope& scope : scopes_) {
    bool complete = scope.parent != nullptr;
    const auto it = complete ? facts.instance_axes.find(scope.prefix.substr(0, scope.prefix.size() - 1)) : facts.instance_axes.end();
    if (it == facts.instance_axes.end()) continue;
    if (Axes axes = axes_of(scope, complete); complete) it->second = std::move(axes);
  }
  for (const Symbol& symbol : symbols_) {
    if (symbol.kind != SymbolKind::state || !symbol.scope) continue;
    bool usual = symbol.scope->reversed;
    bool reversed = symbol.read_ahead == symbol.read_back ? usual : symbol.read_ahead;
    if (reversed != usual) facts.reversed_states[symbol.qualified] = reversed;
  }
}

void Elaborator::report_unknown_shapes() {
  for (const auto& [name, fact] : facts.sequences) {
    auto it = wanted_.find(name);
    const auto before = known_.sequences.find(name);
    const bool settled = fact && before != known_.sequences.end() && before->second == fact;
    if (settled || it == wanted_.end()) continue;
    const Symbol& symbol = *it->second.first;
    fail(Kind::unknown_shape, "the shape of `" + symbol.name + "` depends on itself and cannot be found",
         {{it->second.second, "read here at another step"}, {symbol.span, "defined here"}},
         {"declare it: `state " + symbol.name + " : [...]`"});
  }
  if (!diagnostics_.has_errors())
    fail(Kind::unknown_shape, "a dimension that is left out depends on itself and cannot be found", {{dsl::Span{}, ""}},
         {"write the dimensions of cell calls out"});
}

}  // namespace rnnc::sema
