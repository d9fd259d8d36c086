// Cell calls: l1 = LSTM(H, H)(E[token]) makes a scope of its own, with the inputs as equations of the caller's terms.
#include <algorithm>
#include <utility>

#include "compiler/sema/elaborator.h"

namespace rnnc::sema {
namespace {

using Kind = dsl::DiagnosticKind;
using Item = dsl::Declaration::Item;
constexpr int deepest_instance = 64;

std::vector<const Item*> items_of(const dsl::Unit& unit, dsl::DeclarationKind kind) {
  std::vector<const Item*> items;
  for (const dsl::Member& member : unit.members)
    if (member.declaration && member.declaration->kind == kind)
      for (const Item& item : member.declaration->items) items.push_back(&item);
  return items;
}

const Item* item_named(const std::vector<const Item*>& items, const std::string& name) {
  for (const Item* item : items)
    if (item->name.text == name) return item;
  return nullptr;
}

bool mentions(const dsl::Expr& expr, const std::string& name) {
  return (expr.kind == dsl::ExprKind::name && expr.text == name) ||
         std::any_of(expr.operands.begin(), expr.operands.end(),
                     [&](const dsl::ExprPtr& operand) { return operand && mentions(*operand, name); });
}

// Whether the shape of an input can say what the dimension is.
bool is_of_inputs(const dsl::Dimension& dimension, const dsl::Unit& unit) {
  for (const Item* input : items_of(unit, dsl::DeclarationKind::input))
    for (const dsl::ExprPtr& extent : input->shape.extents)
      if (extent && mentions(*extent, dimension.name.text)) return true;
  return false;
}

std::string form(const dsl::Unit& cell) {
  std::string text = cell.name.text + "(";
  for (std::size_t i = 0; i < cell.dimensions.size(); ++i) text += (i ? ", " : "") + cell.dimensions[i].name.text;
  text += ")(";
  std::vector<const Item*> inputs = items_of(cell, dsl::DeclarationKind::input);
  for (std::size_t i = 0; i < inputs.size(); ++i) text += (i ? ", " : "") + inputs[i]->name.text;
  return text + ")";
}

}  // namespace

// The call inside `expr` if it has the form of a cell call, with `reversed` flipped for every `reverse` before it.
// `cell` stays null when no such cell exists: reported when the instance is made.
const dsl::Expr* Elaborator::cell_call(const dsl::Expr& expr, const Env& env, bool& reversed, const FileEntry*& cell) {
  const dsl::Expr* call = &expr;
  bool turned = reversed;
  while (call->kind == dsl::ExprKind::reverse && !call->operands.empty() && call->operands[0]) {
    turned = !turned;
    call = call->operands[0].get();
  }
  if (call->kind != dsl::ExprKind::call || !call->operands[0]) return nullptr;
  const dsl::Expr& callee = *call->operands[0];
  bool double_call = callee.kind == dsl::ExprKind::call && callee.operands[0];
  const dsl::Expr& name = double_call ? *callee.operands[0] : callee;
  if (name.kind != dsl::ExprKind::name) return nullptr;
  Found found = find(name, env, false);
  bool is_unit = found.kind == Found::Kind::entry && found.entry->unit;
  bool unknown_cell = double_call && found.kind == Found::Kind::poison;
  if (!is_unit && !unknown_cell) return nullptr;
  cell = is_unit ? found.entry : nullptr;
  reversed = turned;
  return call;
}

// The scope of an instance, made at the first use; null after an error.
Scope* Elaborator::instantiate(Symbol& symbol) {
  if (symbol.progress != Progress::untouched) return symbol.instance;
  symbol.progress = Progress::running;
  // What the arguments' shapes need is no part of the definition that happens to ask first.
  std::size_t base = std::exchange(chain_base_, chain_.size());
  symbol.instance = make_instance(symbol);
  chain_base_ = base;
  symbol.progress = Progress::done;
  return symbol.instance;
}

// Once more, if what asked for it first was what it needs.
void Elaborator::try_again(Symbol& instance) {
  if (instance.instance || !instance.value.is_unknown()) return;
  instance.progress = Progress::untouched;
  instance.value = Value::poison();
}

// What stands for a value of an instance that could not be made.
Value Elaborator::without(const Symbol& instance) {
  met_unknown_ = met_unknown_ || instance.value.is_unknown();
  return instance.value;
}

Scope* Elaborator::make_instance(Symbol& symbol) {
  const dsl::Expr& call = *symbol.expr;
  const dsl::Expr& callee = *call.operands[0];
  const dsl::Expr& name = callee.kind == dsl::ExprKind::call ? *callee.operands[0] : callee;
  if (!symbol.cell) {
    const FileEntry* entry = symbol.env.file->find(name.text);
    if (entry && ambiguous(name.text, *entry, name, symbol.env)) return nullptr;
    Texts cells;
    for (const std::string& visible : symbol.env.file->visible_names())
      if (symbol.env.file->find(visible)->unit) cells.push_back(visible);
    Texts help = suggest(name.text, cells);
    if (help.empty())
      help = {"`import` makes cells of other files known, those of the library too: `import \"std/lstm.rnn\"`"};
    fail(Kind::unknown_cell, "there is no cell `" + name.text + "`", {{name.span, "not found"}}, help);
    return nullptr;
  }
  const dsl::Unit& unit = *symbol.cell->unit;
  if (unit.is_model) {
    fail(Kind::not_a_cell, "`" + unit.name.text + "` is a model: only cells can be called",
         {{name.span, ""}, {unit.name.span, "declared here"}});
    return nullptr;
  }
  if (&callee == &name) {
    fail(Kind::argument_count, "`" + unit.name.text + "` is called without its inputs", {{call.span, ""}},
         {"a cell takes its dimensions, then its inputs: `" + form(unit) + "`"});
    return nullptr;
  }
  const Scope& maker = *symbol.scope;
  if (maker.depth >= deepest_instance) {
    fail(Kind::too_large_model, "cells are nested more than " + std::to_string(deepest_instance) + " deep",
         {{name.span, ""}});
    return nullptr;
  }
  for (const Scope* outer = &maker; outer; outer = outer->parent) {
    if (outer->unit != &unit) continue;
    fail(Kind::recursive_definition, "cell `" + unit.name.text + "` contains itself", {{name.span, ""}});
    return nullptr;
  }
  Scope& scope = scopes_.emplace_back();
  scope.unit = &unit;
  scope.file = symbol.cell->file;
  scope.parent = symbol.scope;
  scope.prefix = symbol.qualified + ".";
  scope.depth = symbol.scope->depth + 1;
  scope.reversed = symbol.reversed;
  if (!bind_arguments(symbol, scope) || !bind_dimensions(symbol, scope)) return nullptr;
  if (!single_axis_ && !infer_axis(symbol, scope)) return nullptr;
  add_members(scope);
  // As declared, however the call orders what it gives.
  std::stable_sort(scope.order.begin(), scope.order.end(),
                   [](const Symbol* a, const Symbol* b) { return a->span.begin < b->span.begin; });
  for (Symbol* member : scope.order)
    if (member->kind == SymbolKind::argument && member->progress == Progress::done) check_argument(*member);
  return &scope;
}

void Elaborator::bind_argument(Symbol& instance, Scope& scope, const Item& item, const dsl::Expr& value) {
  bool is_state = item_named(items_of(*scope.unit, dsl::DeclarationKind::state), item.name.text) == &item;
  auto it = scope.names.find(item.name.text);
  if (it != scope.names.end()) {
    if (it->second->span == item.name.span)
      fail(Kind::duplicate_argument, "`" + item.name.text + "` is given twice", {{value.span, ""}});
    return;
  }
  Symbol* symbol =
      add_symbol(scope, is_state ? SymbolKind::state : SymbolKind::argument, item.name.text, item.name.span);
  if (!symbol) return;
  if (is_state) {
    symbol->initial = &value;
    symbol->initial_env = instance.env;
  } else {
    symbol->expr = &value;
    symbol->env = instance.env;
  }
}

bool Elaborator::bind_arguments(Symbol& instance, Scope& scope) {
  const dsl::Expr& call = *instance.expr;
  const dsl::Unit& unit = *scope.unit;
  std::vector<const Item*> inputs = items_of(unit, dsl::DeclarationKind::input);
  std::vector<const Item*> states = items_of(unit, dsl::DeclarationKind::state);
  bool good = true;
  std::size_t position = 0;
  for (std::size_t i = 1; i < call.operands.size(); ++i) {
    if (!call.operands[i]) continue;
    const dsl::Expr& argument = *call.operands[i];
    if (argument.kind == dsl::ExprKind::named) {
      const Item* item = item_named(inputs, argument.text);
      if (!item) item = item_named(states, argument.text);
      if (item && argument.operands[0]) {
        bind_argument(instance, scope, *item, *argument.operands[0]);
        continue;
      }
      Texts names;
      for (const Item* input : inputs) names.push_back(input->name.text);
      for (const Item* state : states) names.push_back(state->name.text);
      Texts help = suggest(argument.text, names);
      if (help.empty())
        help = {"call it as `" + form(unit) + "`" +
                (states.empty() ? "" : ", with initial values of states by name")};
      fail(Kind::unknown_argument, "`" + unit.name.text + "` has no input or state `" + argument.text + "`",
           {{argument.span, ""}, {unit.name.span, "the cell"}}, help);
      good = false;
    } else if (position < inputs.size()) {
      bind_argument(instance, scope, *inputs[position++], argument);
    } else {
      fail(Kind::argument_count,
           "`" + unit.name.text + "` takes " + std::to_string(inputs.size()) + " input" +
               (inputs.size() == 1 ? "" : "s"),
           {{argument.span, "one too many"}, {unit.name.span, "the cell"}}, {"call it as `" + form(unit) + "`"});
      good = false;
    }
  }
  for (const Item* input : inputs) {
    if (!good || scope.names.contains(input->name.text) || input->name.text.empty()) continue;
    fail(Kind::argument_count, "input `" + input->name.text + "` of `" + unit.name.text + "` is not given",
         {{call.span, ""}, {input->name.span, "declared here"}}, {"call it as `" + form(unit) + "`"});
    good = false;
  }
  return good;
}

bool Elaborator::bind_explicit_dimensions(Symbol& instance, Scope& scope) {
  const dsl::Unit& unit = *scope.unit;
  const dsl::Expr& callee = *instance.expr->operands[0];
  bool good = true;
  std::size_t position = 0;
  for (const dsl::Dimension& dimension : unit.dimensions) add_dimension(scope, dimension);
  for (std::size_t i = 1; i < callee.operands.size(); ++i) {
    if (!callee.operands[i]) continue;
    const dsl::Expr* argument = callee.operands[i].get();
    std::string name;
    if (argument->kind == dsl::ExprKind::named) {
      name = argument->text;
      argument = argument->operands[0].get();
    } else if (position < unit.dimensions.size()) {
      name = unit.dimensions[position++].name.text;
    } else {
      fail(Kind::argument_count,
           "`" + unit.name.text + "` has " + std::to_string(unit.dimensions.size()) + " dimension" +
               (unit.dimensions.size() == 1 ? "" : "s"),
           {{argument->span, "one too many"}, {unit.name.span, "the cell"}}, {"call it as `" + form(unit) + "`"});
      return false;
    }
    auto it = scope.names.find(name);
    if (it == scope.names.end() || it->second->kind != SymbolKind::dimension) {
      Texts names;
      for (const dsl::Dimension& dimension : unit.dimensions) names.push_back(dimension.name.text);
      Texts help = suggest(name, names);
      if (help.empty()) help = {"call it as `" + form(unit) + "`"};
      fail(Kind::unknown_dimension, "`" + unit.name.text + "` has no dimension `" + name + "`",
           {{callee.operands[i]->span, ""}, {unit.name.span, "the cell"}}, help);
      good = false;
      continue;
    }
    Symbol& symbol = *it->second;
    std::optional<std::int64_t> value = argument ? dimension(*argument, instance.env) : std::nullopt;
    if (symbol.number_known)
      fail(Kind::duplicate_argument, "dimension `" + name + "` is given twice", {{callee.operands[i]->span, ""}});
    if (!value || symbol.number_known) {
      good = false;
      continue;
    }
    symbol.number = *value;
    symbol.number_from = "from `" + source(callee.span) + "`";
    symbol.number_known = good_dimension(symbol, argument->span, argument, instance.env);
    good = good && symbol.number_known;
  }
  return good;
}

// Dimensions that the call leaves out, from the shapes of the arguments. What one input says may be what another one's needs.
void Elaborator::infer_dimensions(Symbol& instance, Scope& scope) {
  const auto known = [&] {
    return std::count_if(scope.order.begin(), scope.order.end(), [](const Symbol* symbol) {
      return symbol->kind == SymbolKind::dimension && symbol->number_known;
    });
  };
  for (auto before = known() - 1; before != known();) {
    before = known();
    infer_dimensions_once(instance, scope);
  }
}

void Elaborator::infer_dimensions_once(Symbol& instance, Scope& scope) {
  for (const Item* input : items_of(*scope.unit, dsl::DeclarationKind::input)) {
    bool open = false;
    for (const dsl::ExprPtr& extent : input->shape.extents)
      open = open || (extent && !dimension(*extent, scope.env(), false));
    auto it = scope.names.find(input->name.text);
    if (!open || it == scope.names.end() || it->second->kind != SymbolKind::argument) continue;
    Value value = define(*it->second, instance.span);
    met_unknown_ = met_unknown_ || value.is_unknown();
    if (!value.is_node()) continue;
    const ir::Node& node = program[value.node];
    std::string from = "inferred from input `" + input->name.text + "`";
    if (input->shape.is_index && node.index && input->shape.extents.size() == 1) {
      solve(*input->shape.extents[0], scope, node.extent, from);
    } else if (!input->shape.is_index && static_cast<int>(input->shape.extents.size()) == node.shape.rank()) {
      for (int dim = 0; dim < node.shape.rank(); ++dim)
        if (input->shape.extents[static_cast<std::size_t>(dim)])
          solve(*input->shape.extents[static_cast<std::size_t>(dim)], scope, node.shape[dim], from);
    }
  }
}

// Dimensions that are not known; `of_inputs`: also those that an input's shape can say, if no argument is a mistake.
void Elaborator::report_unbound(const Symbol& instance, const Scope& scope, bool of_inputs) {
  const dsl::Unit& unit = *scope.unit;
  of_inputs = of_inputs && std::none_of(scope.order.begin(), scope.order.end(), [](const Symbol* symbol) {
    return symbol->kind == SymbolKind::argument && symbol->progress == Progress::done && symbol->value.is_poison();
  });
  for (const dsl::Dimension& dimension : unit.dimensions) {
    auto it = scope.names.find(dimension.name.text);
    if (it == scope.names.end() || it->second->number_known || (!of_inputs && is_of_inputs(dimension, unit))) continue;
    fail(Kind::unbound_dimension,
         "dimension `" + dimension.name.text + "` of `" + unit.name.text + "` is not given and follows from no input",
         {{instance.expr->span, ""}, {dimension.name.span, "declared here"}}, {"call it as `" + form(unit) + "`"});
  }
}

// Those that have one, in their order: what others are may follow from it.
bool Elaborator::bind_defaults(Symbol& instance, Scope& scope) {
  for (const dsl::Dimension& dimension : scope.unit->dimensions) {
    auto it = scope.names.find(dimension.name.text);
    if (it == scope.names.end() || it->second->number_known || !dimension.fallback) continue;
    if (!bind_default(scope, dimension)) return false;
    infer_dimensions(instance, scope);
  }
  return true;
}

bool Elaborator::bind_dimensions(Symbol& instance, Scope& scope) {
  if (!bind_explicit_dimensions(instance, scope)) return false;
  const dsl::Unit& unit = *scope.unit;
  auto all_known = [&] {
    for (const dsl::Dimension& dimension : unit.dimensions)
      if (auto it = scope.names.find(dimension.name.text); it != scope.names.end() && !it->second->number_known)
        return false;
    return true;
  };
  if (all_known()) return true;
  if (auto it = known_.instance_dimensions.find(instance.qualified); it != known_.instance_dimensions.end()) {
    for (std::size_t i = 0; i < unit.dimensions.size() && i < it->second.size(); ++i) {
      Symbol& symbol = *scope.names[unit.dimensions[i].name.text];
      if (symbol.number_known) continue;
      symbol.number = it->second[i];
      symbol.number_known = true;
      symbol.number_from = "inferred";
    }
    facts.instance_dimensions.insert(*it);
    return true;
  }
  const bool had_unknown = std::exchange(met_unknown_, false);
  infer_dimensions(instance, scope);
  const bool guessed = met_unknown_;
  met_unknown_ = had_unknown || guessed;
  // What the inputs say may follow from what another run finds out; what nothing says is a mistake.
  bool open = false, hopeless = false;
  for (const dsl::Dimension& dimension : unit.dimensions) {
    auto it = scope.names.find(dimension.name.text);
    if (it == scope.names.end() || it->second->number_known) continue;
    const bool of_inputs = is_of_inputs(dimension, unit);
    open = open || of_inputs;
    hopeless = hopeless || (!of_inputs && !dimension.fallback);
  }
  if (open && !hopeless && guessed && !attempt_.guesses) {
    instance.value = Value::unknown();
    return false;
  }
  if (!bind_defaults(instance, scope)) return false;
  if (!all_known()) {
    report_unbound(instance, scope, !(guessed && hopeless));
    return false;
  }
  // Whatever came of a guess is known better by another run, other than what hangs on it alone.
  if (attempt_.guesses ? guessed : met_unknown_) {
    std::vector<std::int64_t> values;
    for (const dsl::Dimension& dimension : unit.dimensions) values.push_back(scope.names[dimension.name.text]->number);
    (open && guessed ? guessed_defaults_ : facts.instance_dimensions)[instance.qualified] = values;
  }
  return true;
}

// With several sequence axes: an instance runs along the one axis of its arguments; names given by `over` in the cell
// stand for the axes of the inputs they are declared with. Of arguments that are not known nothing is said, and `complete`
// is false.
Axes Elaborator::axes_of(const Scope& scope, bool& complete) const {
  Axes axes;
  bool several = false;
  complete = true;
  for (const dsl::Member& member : scope.unit->members) {
    if (!member.declaration || member.declaration->kind != dsl::DeclarationKind::input) continue;
    for (const Item& item : member.declaration->items) {
      const auto it = scope.names.find(item.name.text);
      if (it == scope.names.end() || it->second->kind != SymbolKind::argument) continue;
      const Symbol& argument = *it->second;
      complete = complete && argument.progress == Progress::done && !argument.value.is_unknown();
      if (!argument.value.is_node() || member.declaration->per_row) continue;
      const ir::AxisId axis = program[argument.value.node].domain.axis;
      if (!axis.valid()) continue;
      if (member.declaration->axis) axes.by_name.emplace(member.declaration->axis->text, axis);
      several = several || (axes.own.valid() && axes.own != axis);
      axes.own = axis;
    }
  }
  if (several) axes.own = {};
  else if (!axes.own.valid()) axes.own = scope.parent->axis;
  return axes;
}

// False if that must wait for what another run finds out. What arguments under way say is corrected by collect_facts.
bool Elaborator::infer_axis(Symbol& instance, Scope& scope) {
  Axes axes;
  bool complete = true;
  if (auto it = known_.instance_axes.find(instance.qualified); it != known_.instance_axes.end()) {
    axes = it->second;
    facts.instance_axes.insert(*it);
  } else {
    for (Symbol* symbol : scope.order)
      if (symbol->kind == SymbolKind::argument && symbol->expr) define(*symbol, symbol->span);
    axes = axes_of(scope, complete);
    if (met_unknown_ && axes.own.valid()) facts.instance_axes[instance.qualified] = axes;
  }
  scope.axes = std::move(axes.by_name);
  scope.axis = axes.own;
  if (complete || scope.axis.valid() || attempt_.guesses) return true;
  met_unknown_ = true;
  instance.value = Value::unknown();
  return false;
}

// An argument's value against the input it is bound to.
void Elaborator::check_argument(Symbol& argument) {
  if (!argument.value.is_node() || !argument.shape_spec) return;
  if (!argument.shape_known) {
    argument.value = Value::poison();
    return;
  }
  const ir::Node& node = program[argument.value.node];
  std::string cell = argument.scope->unit->name.text;
  bool fits = argument.index_extent > 0 ? node.index && node.extent == argument.index_extent
                                        : !node.index && node.shape == argument.shape;
  if (!fits) {
    Kind kind = node.index != (argument.index_extent > 0)
                    ? (node.index ? Kind::index_in_arithmetic : Kind::not_an_index)
                : node.index ? Kind::index_size_mismatch
                             : Kind::shape_mismatch;
    Texts help, dimensions;
    for (const dsl::ExprPtr& extent : argument.shape_spec->extents)
      if (extent) explain_dimensions(dimensions, *extent, argument.scope->env());
    std::string line;
    for (const std::string& text : dimensions) line += (line.empty() ? "with " : ", ") + text;
    if (!line.empty()) help.push_back("`" + argument.name + " : " + source(argument.shape_spec->span) + "` " + line);
    explain(help, *argument.expr, argument.env);
    if (node.index && argument.index_extent == 0)
      help.push_back("look it up in a table: `E[" + source(argument.expr->span) + "]`");
    fail(kind,
         "input `" + argument.name + "` of `" + cell + "` is " + declared_text(argument) + ", not " +
             shape_text(argument.value.node),
         {{argument.expr->span, shape_text(argument.value.node)}, {argument.span, declared_text(argument)}}, help);
    argument.value = Value::poison();
  } else if (argument.declaration && argument.declaration->per_row && node.domain.axis.valid()) {
    fail(Kind::bad_declaration, "input `" + argument.name + "` of `" + cell + "` is per row: it takes no sequence",
         {{argument.expr->span, "varies with time"}, {argument.span, "declared `per row`"}},
         {"take one step of it: `last(" + source(argument.expr->span) + ")`"});
    argument.value = Value::poison();
  }
}

// What an instance means as a value: its only declared output, else its first state.
Symbol* Elaborator::default_member(Symbol& instance, dsl::Span use) {
  Scope* scope = instance.instance;
  if (scope->outputs.size() > 1) {
    std::string names;
    for (const Output& output : scope->outputs)
      names += (names.empty() ? "`" : ", `") + instance.name + "." + output.name.text + "`";
    fail(Kind::not_a_value, "`" + scope->unit->name.text + "` has several outputs", {{use, "say which one"}},
         {"they are " + names});
    return nullptr;
  }
  if (scope->outputs.size() == 1) {
    auto it = scope->names.find(scope->outputs[0].name.text);
    if (it != scope->names.end()) return it->second;
    fail(Kind::unknown_name, "output `" + scope->outputs[0].name.text + "` is not defined",
         {{scope->outputs[0].name.span, "not found"}});
    return nullptr;
  }
  for (Symbol* symbol : scope->order)
    if (symbol->kind == SymbolKind::state) return symbol;
  fail(Kind::not_a_value, "`" + scope->unit->name.text + "` has neither an output nor a state",
       {{use, "used as a value"}, {scope->unit->name.span, "the cell"}}, {"declare one in the cell: `output y`"});
  return nullptr;
}

}  // namespace rnnc::sema
