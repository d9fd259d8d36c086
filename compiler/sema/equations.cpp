// Definitions: each equation is elaborated once, when it is first needed or when its turn comes.
#include <algorithm>
#include <utility>

#include "compiler/sema/elaborator.h"

namespace rnnc::sema {
namespace {

using Kind = dsl::DiagnosticKind;

}  // namespace

// The value of a named thing at the current step (or its value for all steps).
Value Elaborator::value_of(Symbol& symbol, dsl::Span use) {
  symbol.read = true;
  switch (symbol.kind) {
    case SymbolKind::dimension:
      return symbol.number_known ? Value::of(program.constant(static_cast<double>(symbol.number))) : Value::poison();
    case SymbolKind::input: return symbol.input.valid() ? Value::of(program.input(symbol.input)) : Value::poison();
    case SymbolKind::parameter:
      return symbol.parameter.valid() ? Value::of(program.parameter(symbol.parameter)) : Value::poison();
    case SymbolKind::instance: {
      if (symbol.progress == Progress::running) {
        met_unknown_ = true;
        return Value::unknown();
      }
      if (!instantiate(symbol)) return without(symbol);
      Symbol* member = default_member(symbol, use);
      return member ? value_of(*member, use) : Value::poison();
    }
    case SymbolKind::family:
      return fail(Kind::not_a_value, "`" + symbol.name + "` is an array", {{use, "say which member"}},
                  {"for example `" + symbol.name + "[" +
                   std::to_string(symbol.members.empty() ? 0 : symbol.members.begin()->first) + "]`"});
    case SymbolKind::state:
    case SymbolKind::equation:
    case SymbolKind::argument:
      if (!symbol.expr) return Value::poison();
      if (current()) edges_.push_back({current(), &symbol, 0, whole_, use});
      return define(symbol, use);
  }
  return Value::poison();
}

Value Elaborator::define(Symbol& symbol, dsl::Span use, bool whole) {
  if (symbol.progress == Progress::done) return symbol.value;
  if (symbol.progress == Progress::running) {
    for (std::size_t i = chain_base_; i < chain_.size(); ++i) {
      if (chain_[i].symbol != &symbol) continue;
      report_cycle(symbol, use, whole || whole_);
      return Value::poison();
    }
    met_unknown_ = true;  // needed for an instance's dimensions only
    return as_declared(symbol, Value::unknown());
  }
  symbol.progress = Progress::running;
  chain_.push_back({&symbol, use, whole || whole_});
  bool was_whole = std::exchange(whole_, false), was_in_loss = std::exchange(in_loss_, symbol.in_loss);
  symbol.value = evaluate(*symbol.expr, symbol.env);
  whole_ = was_whole;
  in_loss_ = was_in_loss;
  symbol.value = as_declared(symbol, symbol.value);
  finish(symbol);
  chain_.pop_back();
  symbol.progress = Progress::done;
  return symbol.value;
}

// What is not known is what it is declared as: what is fed, whatever it turns out to be, and a state or an instance's
// argument until they are known.
Value Elaborator::as_declared(const Symbol& symbol, Value value) {
  if (!value.is_unknown()) return value;
  if (symbol.given && symbol.given->input.valid()) return Value::of(program.input(symbol.given->input));
  if (symbol.kind != SymbolKind::argument && symbol.kind != SymbolKind::state) return value;
  if (!symbol.shape_known || symbol.index_extent > 0) return value;
  Scope& scope = *symbol.scope;
  if (!single_axis_ && !scope.axis.valid()) return value;
  const ir::Domain domain{true, symbol.declaration->per_row ? ir::AxisId{} : axis_of(scope, symbol.span)};
  return Value::of(program.broadcast_scalar(program.ones(domain), symbol.shape));
}

void Elaborator::finish(Symbol& symbol) {
  if (!symbol.value.is_node()) return;
  switch (symbol.kind) {
    case SymbolKind::state: finish_state(symbol); break;
    case SymbolKind::equation:
      if (symbol.given) finish_fed_input(symbol);
      if (symbol.value.is_node()) finish_equation(symbol);
      break;
    case SymbolKind::argument:
      check_argument(symbol);
      if (symbol.value.is_node() && symbol.shape_spec) finish_equation(symbol);
      break;
    case SymbolKind::dimension:
    case SymbolKind::input:
    case SymbolKind::parameter:
    case SymbolKind::instance:
    case SymbolKind::family: break;
  }
}

void Elaborator::finish_state(Symbol& symbol) {
  if (!symbol.shape_known || !symbol.equation.valid()) {
    symbol.value = Value::poison();
    return;
  }
  const ir::Node& node = program[symbol.value.node];
  const dsl::Expr& expr = *symbol.expr;
  if (node.index) {
    symbol.value = fail(Kind::index_in_arithmetic, "state `" + symbol.name + "` cannot hold an index",
                        {{expr.span, shape_text(symbol.value.node)}});
    return;
  }
  if (node.shape.rank() != 0 && node.shape != symbol.shape) {
    Texts help;
    for (const dsl::ExprPtr& extent : symbol.shape_spec->extents)
      if (extent) explain_dimensions(help, *extent, symbol.scope->env());
    symbol.value = fail(Kind::shape_mismatch,
                        "state `" + symbol.name + "` is " + declared_text(symbol) + ", its equation gives " +
                            shape_text(symbol.value.node),
                        {{expr.span, shape_text(symbol.value.node)}, {symbol.span, declared_text(symbol)}}, help);
    return;
  }
  ir::Domain declared = program.equations[symbol.equation].domain;
  if (!ir::covers(declared, node.domain)) {
    symbol.value = fail(Kind::sequence_axis_mismatch,
                        "state `" + symbol.name + "` runs over `" + program.axes[declared.axis].name +
                            "`, its equation over `" + program.axes[node.domain.axis].name + "`",
                        {{expr.span, ""}, {symbol.span, "declared here"}});
    return;
  }
  ir::NodeId value = program.broadcast_scalar(symbol.value.node, symbol.shape);
  // A state is a sequence, also where its equation says the same at every step or in every row.
  if (program[value].domain != declared) value = program.mul(value, program.ones(declared));
  program.define(symbol.equation, value);
  symbol.value = Value::of(value);
}

// An equation of the user's becomes one of the Program's. An index stays a plain alias, an argument too unless it is
// read at another step; a sequence that was read at another step before is declared already, or as known from the last
// run.
void Elaborator::finish_equation(Symbol& symbol) {
  const ir::Node& node = program[symbol.value.node];
  if (node.index) return;
  auto known = known_.sequences.find(symbol.qualified);
  bool early = known != known_.sequences.end() && known->second.has_value();
  if (!symbol.equation.valid() && symbol.kind == SymbolKind::argument && !early) return;
  if (!symbol.equation.valid()) {
    Signature signature = early ? *known->second : Signature{node.shape, node.domain};
    if (signature.shape != node.shape || !ir::covers(signature.domain, node.domain))
      return;  // the next run knows better
    symbol.equation = program.declare(symbol.qualified, signature.shape, signature.domain, origin(symbol.span));
  }
  const ir::Equation& equation = program.equations[symbol.equation];
  if (equation.shape == node.shape && ir::covers(equation.domain, node.domain))
    program.define(symbol.equation, symbol.value.node);
}

// The chain of definitions that led back to `symbol`, each step where it is written.
void Elaborator::report_cycle(Symbol& symbol, dsl::Span use, bool whole) {
  std::size_t first = chain_.size();
  while (first > 0 && chain_[first - 1].symbol != &symbol) --first;
  if (first == 0) return;
  --first;
  bool told = cyclic_.contains(&symbol);  // one circle after the other: mending this one changes the rest
  for (std::size_t i = first; i < chain_.size(); ++i) {
    told = told || cyclic_.contains(chain_[i].symbol);
    cyclic_.insert(chain_[i].symbol);
  }
  if (told) return;
  constexpr std::size_t most_shown = 8, most_told = 5;
  std::string path = "`" + symbol.told() + "` needs ";
  std::string shifted;  // the reference to read a step earlier: best one to a state
  Labels labels;
  const Symbol* initial = nullptr;
  for (std::size_t i = first; i < chain_.size(); ++i) {
    bool closes = i + 1 == chain_.size();
    const Symbol& from = *chain_[i].symbol;
    const Symbol& to = closes ? symbol : *chain_[i + 1].symbol;
    dsl::Span place = closes ? use : chain_[i + 1].use;
    if (chain_[i].initial) initial = &from;
    whole = whole || (i > first && chain_[i].whole);
    if (from.told() != to.told() || chain_.size() - first == 1) {
      if (labels.size() < most_shown || closes)
        labels.push_back({place, "`" + from.told() + "` needs `" + to.told() + "`"});
      path += "`" + to.told() + "`" + (closes ? "" : ", which needs ");
    }
    if (to.kind == SymbolKind::state || shifted.empty()) shifted = source(place);
  }
  if (labels.empty()) labels.push_back({use, ""});
  std::rotate(labels.begin(), labels.end() - 1, labels.end());
  if (initial) {
    fail(Kind::bad_initial_value, "the initial value of `" + initial->name + "` depends on the state itself", labels);
    return;
  }
  if (labels.size() == 1) labels[0].text = whole ? "needs all of it" : "its value at this step";
  if (labels.size() == 1 || chain_.size() - first > most_told) path = "`" + symbol.told() + "` needs itself";
  Texts help{whole ? "something in the circle has to be known before all steps of the others"
                   : "read the step before somewhere in the circle: `" + shifted + "` -> `" + shifted + "[t-1]`"};
  if (labels.size() == 1 && !whole) {
    help = {"its value one step before is `" + shifted + "[t-1]`"};
    const std::string_view behind = sources_.text(use.file).substr(use.end);
    if (behind.starts_with("[") && !behind.starts_with("[t")) help.push_back("`[...]` without `t` chooses an entry");
  }
  fail(Kind::same_step_cycle, path + (whole ? ", as a whole" : " at the same step"), labels, help);
}

}  // namespace rnnc::sema
