// What a cell or model declares: dimensions are bound by now, shapes are resolved here.
#include "compiler/sema/elaborator.h"

namespace rnnc::sema {
namespace {

using Kind = dsl::DiagnosticKind;
constexpr std::int64_t largest_array = std::int64_t{1} << 31;
constexpr std::int64_t longest_loop = 4096;
// What a source of a few lines may ask for.
constexpr int most_equations = 20'000, most_turns = 200'000;

std::string_view word(dsl::DeclarationKind kind) {
  switch (kind) {
    case dsl::DeclarationKind::input: return "input";
    case dsl::DeclarationKind::target: return "target";
    case dsl::DeclarationKind::state: return "state";
    case dsl::DeclarationKind::param: return "param";
  }
  return "declaration";
}

}  // namespace

Symbol* Elaborator::add_symbol(Scope& scope, SymbolKind kind, const std::string& name, dsl::Span span) {
  if (name.empty()) return nullptr;  // did not parse
  if (name == "t") {
    fail(Kind::reserved_name, "`t` always means the current step", {{span, "choose another name"}});
    return nullptr;
  }
  auto it = scope.names.find(name);
  if (it != scope.names.end()) {
    std::string shown = name;
    if (std::size_t dot = name.find('.'); dot != std::string::npos)  // a member of an array
      shown = name.substr(0, dot) + "[" + name.substr(dot + 1) + "]";
    fail(Kind::duplicate_name, "`" + shown + "` is defined twice in `" + scope.unit->name.text + "`",
         {{span, "again here"}, {it->second->span, "first here"}});
    return nullptr;
  }
  Symbol& symbol = symbols_.emplace_back();
  symbol.kind = kind;
  symbol.name = name;
  symbol.qualified = scope.prefix + name;
  symbol.span = span;
  symbol.scope = &scope;
  scope.names[name] = &symbol;
  scope.order.push_back(&symbol);
  return &symbol;
}

// The axis of a sequence in `scope` that names none.
ir::AxisId Elaborator::axis_of(Scope& scope, dsl::Span place) {
  if (single_axis_) {
    if (program.axes.empty()) program.axes.add({axis_name_});
    return ir::AxisId(std::size_t{0});
  }
  if (!scope.axis.valid()) {
    Texts names;
    for (const auto& [name, axis] : scope.axes) names.push_back(name);
    fail(Kind::sequence_axis_mismatch, "the model has several sequence axes: say which one this runs along",
         {{place, ""}}, names.empty() ? Texts{} : Texts{"write for example `over " + names.front() + "`"});
  }
  return scope.axis;
}

ir::AxisId Elaborator::named_axis(Scope& scope, const dsl::Identifier& name) {
  auto it = scope.axes.find(name.text);
  if (it != scope.axes.end()) return it->second;
  if (single_axis_) return axis_of(scope, name.span);
  if (scope.axis.valid()) return scope.axis;
  Texts names;
  for (const auto& [known, axis] : scope.axes) names.push_back(known);
  fail(Kind::unknown_name, "no sequence axis is called `" + name.text + "` here", {{name.span, ""}},
       suggest(name.text, names));
  return {};
}

void Elaborator::resolve_shape(Symbol& symbol) {
  const dsl::ShapeSpec& spec = *symbol.shape_spec;
  Env env = symbol.scope->env();
  if (spec.is_index) {
    if (spec.extents.empty() || !spec.extents[0]) return;
    std::optional<std::int64_t> count = extent(*spec.extents[0], env);
    symbol.index_extent = count.value_or(0);
    symbol.shape_known = count.has_value();
    return;
  }
  if (spec.extents.size() > 3) {
    fail(Kind::wrong_rank, "a shape has at most three extents",
         {{spec.span, std::to_string(spec.extents.size()) + " here"}});
    return;
  }
  std::vector<std::int64_t> extents;
  std::int64_t size = 1;
  for (const dsl::ExprPtr& expr : spec.extents) {
    std::optional<std::int64_t> value = expr ? extent(*expr, env) : std::nullopt;
    if (!value) continue;
    extents.push_back(*value);
    if (__builtin_mul_overflow(size, *value, &size)) size = INT64_MAX;
  }
  if (extents.size() != spec.extents.size()) return;
  symbol.shape = ir::Shape(std::span<const std::int64_t>(extents));
  if (size > largest_array) {
    Texts help;
    for (const dsl::ExprPtr& expr : spec.extents) explain_dimensions(help, *expr, env);
    fail(Kind::dimension_overflow, "`" + symbol.name + "` would have more than 2^31 entries",
         {{spec.span, symbol.shape.to_string()}}, help);
    return;
  }
  symbol.shape_known = true;
}

// What its kind of declaration does not take is reported here; false: the item is of no use.
bool Elaborator::check_declaration(Scope& scope, const dsl::Declaration& declaration,
                                   const dsl::Declaration::Item& item) {
  bool is_state = declaration.kind == dsl::DeclarationKind::state;
  bool is_param = declaration.kind == dsl::DeclarationKind::param;
  std::string what(word(declaration.kind));
  if (item.shape.is_index && (is_state || is_param)) {
    fail(Kind::bad_declaration, "a " + what + " cannot be an index",
         {{item.shape.span, "only inputs and targets can"}});
    return false;
  }
  if (item.initial && declaration.kind == dsl::DeclarationKind::target) {
    fail(Kind::bad_declaration, "a target has no value of its own", {{item.initial->span, "not possible here"}});
    return false;
  }
  if (item.initial && declaration.kind == dsl::DeclarationKind::input && declaration.per_row) {
    fail(Kind::bad_declaration, "a `per row` input is not fed step by step", {{item.initial->span, "not possible here"}});
    return false;
  }
  if ((declaration.per_row && (is_state || is_param)) || (declaration.axis && is_param)) {
    fail(Kind::bad_declaration,
         is_param ? "a param is the same for every row and step" : "a state always runs along time",
         {{declaration.span, declaration.per_row ? "`per row` is for inputs and targets" : "`over` is for sequences"}});
    return false;
  }
  if (declaration.per_row && declaration.axis) {
    fail(Kind::bad_declaration, "`per row` values have no sequence axis", {{declaration.axis->span, ""}});
    return false;
  }
  if (declaration.kind == dsl::DeclarationKind::target && scope.parent) {
    fail(Kind::loss_in_cell, "a target in a cell that another one calls", {{item.name.span, ""}},
         {"declare it as `input`, and the loss in the model"});
    return false;
  }
  return true;
}

void Elaborator::declare_input(Symbol& symbol) {
  const dsl::Declaration& declaration = *symbol.declaration;
  ir::Domain domain{true, {}};
  if (!declaration.per_row) {
    domain.axis = declaration.axis ? named_axis(*symbol.scope, *declaration.axis) : axis_of(*symbol.scope, symbol.span);
    if (!domain.axis.valid()) symbol.shape_known = false;
  }
  symbol.axis = domain.axis;
  if (!symbol.shape_known) return;
  ir::InputInfo info;
  info.name = symbol.qualified;
  info.shape = symbol.shape;
  info.domain = domain;
  info.index_extent = symbol.index_extent;
  info.target = declaration.kind == dsl::DeclarationKind::target;
  info.origin = origin(symbol.span);
  symbol.input = program.inputs.add(info);
}

void Elaborator::declare_state(Symbol& symbol, const dsl::Declaration::Item& item) {
  const dsl::Declaration& declaration = *symbol.declaration;
  Scope& scope = *symbol.scope;
  symbol.axis = declaration.axis ? named_axis(scope, *declaration.axis) : axis_of(scope, symbol.span);
  if (!symbol.initial) {
    symbol.initial = item.initial.get();
    symbol.initial_env = scope.env();
  }
  if (!symbol.axis.valid()) symbol.shape_known = false;
  if (!symbol.shape_known) return;
  auto known = known_.reversed_states.find(symbol.qualified);
  symbol.reversed_state = known == known_.reversed_states.end() ? scope.reversed : known->second;
  symbol.equation = program.declare(symbol.qualified, symbol.shape, {true, symbol.axis}, origin(symbol.span));
  ir::StateInfo info;
  info.name = symbol.qualified;
  info.equation = symbol.equation;
  info.shape = symbol.shape;
  info.axis = symbol.axis;
  info.reversed = symbol.reversed_state;
  info.origin = program.equations[symbol.equation].origin;
  symbol.state = program.states.add(info);
  program.equations[symbol.equation].state = symbol.state;
}

void Elaborator::declare_parameter(Symbol& symbol, const dsl::Declaration::Item& item) {
  if (!symbol.shape_known) return;
  ir::ParameterInfo info;
  info.name = symbol.qualified;
  info.shape = symbol.shape;
  info.origin = origin(symbol.span);
  if (symbol.shape.rank() < 2) info.initializer = ir::Initializer::constant;
  symbol.parameter = program.parameters.add(info);  // so that it is no constant in what it begins with
  if (!item.initial) return;
  initialiser(info, symbol, *item.initial, symbol.scope->env());
  program.parameters[symbol.parameter] = info;
}

void Elaborator::add_item(Scope& scope, const dsl::Declaration& declaration, const dsl::Declaration::Item& item) {
  if (!check_declaration(scope, declaration, item)) {
    // The name stays known, so that its uses are not reported as well.
    add_symbol(scope, SymbolKind::parameter, item.name.text, item.name.span);
    return;
  }
  bool is_input = declaration.kind == dsl::DeclarationKind::input || declaration.kind == dsl::DeclarationKind::target;
  Symbol* symbol = nullptr;
  if (is_input && scope.parent) {  // of an instance: an argument, added where it was bound
    auto it = scope.names.find(item.name.text);
    if (it == scope.names.end() || it->second->kind != SymbolKind::argument || it->second->declaration) {
      add_symbol(scope, SymbolKind::argument, item.name.text, item.name.span);
      return;
    }
    symbol = it->second;
    symbol->span = item.name.span;
  } else {
    if (is_input && item.initial && options_.feed != Feed::given) {
      add_fed_input(scope, declaration, item);
      return;
    }
    SymbolKind kind = is_input                                          ? SymbolKind::input
                      : declaration.kind == dsl::DeclarationKind::state ? SymbolKind::state
                                                                        : SymbolKind::parameter;
    auto it = scope.names.find(item.name.text);
    bool given = kind == SymbolKind::state && it != scope.names.end() && it->second->kind == SymbolKind::state &&
                 !it->second->declaration;  // an initial value was passed to the instance
    symbol = given ? it->second : add_symbol(scope, kind, item.name.text, item.name.span);
    if (!symbol) return;
    if (given) symbol->span = item.name.span;
  }
  symbol->declaration = &declaration;
  symbol->shape_spec = &item.shape;
  resolve_shape(*symbol);
  if (symbol->kind == SymbolKind::input) declare_input(*symbol);
  if (symbol->kind == SymbolKind::state) declare_state(*symbol, item);
  if (symbol->kind == SymbolKind::parameter) declare_parameter(*symbol, item);
}

void Elaborator::add_declaration(Scope& scope, const dsl::Declaration& declaration) {
  for (const dsl::Declaration::Item& item : declaration.items) add_item(scope, declaration, item);
}

void Elaborator::add_members(Scope& scope) {
  for (const dsl::Member& member : scope.unit->members)
    if (member.declaration) add_declaration(scope, *member.declaration);
  add_equations(scope, scope.unit->members, scope.env());
  for (std::size_t i = 0; i < scope.order.size(); ++i) {
    const Symbol& symbol = *scope.order[i];
    if (symbol.kind == SymbolKind::state && !symbol.expr)
      fail(Kind::missing_state_equation, "state `" + symbol.name + "` has no equation",
           {{symbol.span, "declared here"}}, {"write `" + symbol.name + " = ...`"});
  }
}

// False when there are more than `most` of something, at `place`.
bool Elaborator::within(std::int64_t count, std::int64_t most, const std::string& things, dsl::Span place, Texts help) {
  if (count <= most) return true;
  exhausted("the model has more than " + std::to_string(most) + " " + things, place, std::move(help));
  return false;
}

void Elaborator::add_equations(Scope& scope, const std::vector<dsl::Member>& members, const Env& env) {
  for (const dsl::Member& member : members) {
    if (member.declaration && env.bindings)
      fail(Kind::bad_declaration, "declarations cannot stand in a `for`", {{member.declaration->span, ""}},
           {"declare one array with an extent more, `[N, ...]`, and use its parts, or put the layer into a cell"});
    if (member.equation && member.equation->value)
      add_equation(scope, member.equation->name, member.equation->subscript.get(), *member.equation->value, env);
    if (member.output) add_outputs(scope, *member.output, env);
    if (member.loss && member.loss->value) {
      if (scope.parent)
        fail(Kind::loss_in_cell, "a loss in a cell that another one calls", {{member.loss->span, ""}},
             {"move the loss to the model"});
      else
        scope.losses.push_back({member.loss->value.get(), env});
    }
    if (member.loop) add_loop(scope, *member.loop, env);
  }
}

void Elaborator::add_outputs(Scope& scope, const dsl::OutputDecl& output, const Env& env) {
  for (const dsl::OutputDecl::Item& item : output.items) {
    if (item.name.text.empty()) continue;
    if (item.value) add_equation(scope, item.name, nullptr, *item.value, env);
    scope.outputs.push_back({item.name});
  }
}

void Elaborator::attach_equation(Symbol& symbol, const dsl::Identifier& name, const dsl::Expr& value, const Env& env) {
  if (symbol.kind == SymbolKind::state && !symbol.expr) {
    symbol.expr = &value;
    symbol.env = env;
    symbol.scope->definitions.push_back(&symbol);
    return;
  }
  if (symbol.kind == SymbolKind::dimension || symbol.kind == SymbolKind::input || symbol.kind == SymbolKind::argument ||
      symbol.kind == SymbolKind::parameter || symbol.given) {
    std::string what = symbol.declaration ? std::string(word(symbol.declaration->kind)) : "dimension";
    fail(Kind::equation_for_declared, "`" + symbol.name + "` is declared as " + what + ": it cannot have an equation",
         {{name.span, "defined here"}, {symbol.span, "declared here"}},
         what == "param" ? Texts{"declare it as `state` if it changes with time"} : Texts{});
    return;
  }
  Texts help;
  if (env.bindings)
    help = {"in a `for` every turn defines a member of an array: `" + name.text + "[" + env.bindings->name +
            "] = ...`"};
  else if (symbol.kind == SymbolKind::state)
    help = {"an equation holds at every step; give what comes before another name"};
  fail(Kind::duplicate_name, "`" + symbol.name + "` has two equations",
       {{name.span, "again here"}, {symbol.expr ? symbol.expr->span : symbol.span, "first here"}}, help);
}

void Elaborator::add_equation(Scope& scope, const dsl::Identifier& name, const dsl::Expr* subscript,
                              const dsl::Expr& value, const Env& env) {
  if (name.text.empty()) return;
  if (!within(++equations_, most_equations, "equations", name.span,
              {"those that a `for` repeats and those of every cell that is called count each time"}))
    return;
  std::string full = name.text;
  Symbol* family = nullptr;
  std::int64_t at = 0;
  if (subscript && mentions_time(*subscript, env)) {
    fail(Kind::bad_time_index, "an equation holds at every step: its name stands without one",
         {{subscript->span, ""}}, {"write `" + name.text + " = ...`"});
    subscript = nullptr;
  }
  if (subscript) {
    std::optional<std::int64_t> position = dimension(*subscript, env);
    auto it = scope.names.find(name.text);
    if (it != scope.names.end() && it->second->kind == SymbolKind::family) {
      family = it->second;
    } else if (it != scope.names.end()) {
      fail(Kind::duplicate_name, "`" + name.text + "` is not an array",
           {{name.span, "used as one"}, {it->second->span, "defined here"}});
      return;
    } else {
      family = add_symbol(scope, SymbolKind::family, name.text, name.span);
    }
    if (!family || !position) return;
    at = *position;
    full += "." + std::to_string(at);
    if (at < 0) {
      fail(Kind::bad_subscript, "a position in an array cannot be negative",
           {{subscript->span, "this is " + std::to_string(at)}});
      return;
    }
  } else if (auto it = scope.names.find(name.text); it != scope.names.end()) {
    attach_equation(*it->second, name, value, env);
    return;
  }
  Symbol* symbol = add_symbol(scope, SymbolKind::equation, full, name.span);
  if (!symbol) return;
  scope.definitions.push_back(symbol);
  if (family) family->members[at] = symbol;
  bool reversed = scope.reversed;
  if (const dsl::Expr* call = cell_call(value, env, reversed, symbol->cell)) {
    symbol->kind = SymbolKind::instance;
    symbol->reversed = reversed;
    symbol->expr = call;
  } else {
    symbol->expr = &value;
  }
  symbol->env = env;
}

// What a loop would have defined is not missed where it is used.
void Elaborator::lose(Scope& scope, const std::vector<dsl::Member>& members) {
  for (const dsl::Member& member : members) {
    if (member.equation) scope.lost.insert(member.equation->name.text);
    if (member.loop) lose(scope, member.loop->body);
  }
}

void Elaborator::add_loop(Scope& scope, const dsl::ForDecl& loop, const Env& env) {
  if (!loop.first || !loop.last) return;
  std::optional<std::int64_t> first = dimension(*loop.first, env), last = dimension(*loop.last, env);
  if (!first || !last) return lose(scope, loop.body);
  if (loop.variable.text == "t") {
    fail(Kind::reserved_name, "`t` always means the current step", {{loop.variable.span, "choose another name"}});
    return;
  }
  std::int64_t count = 0;
  if (__builtin_sub_overflow(*last, *first, &count) || count >= longest_loop) {
    Texts help;
    explain_dimensions(help, *loop.last, env);
    fail(Kind::bad_loop_bounds, "a `for` of more than " + std::to_string(longest_loop) + " turns",
         {{cover(loop.first->span, loop.last->span), std::to_string(*first) + " to " + std::to_string(*last)}}, help);
    lose(scope, loop.body);
    return;
  }
  Depth depth(*this, loop.span);
  if (depth.too_deep()) return;
  for (std::int64_t k = *first; k <= *last; ++k) {
    if (!within(++turns_, most_turns, "turns of `for`", loop.span)) return;
    Binding& binding = bindings_.emplace_back();
    binding.name = loop.variable.text;
    binding.number = k;
    binding.of_loop = true;
    binding.outer = env.bindings;
    Env inside = env;
    inside.bindings = &binding;
    add_equations(scope, loop.body, inside);
  }
}

// Defines everything in the order of the source, so that most references find their definition made.
void Elaborator::process(Scope& scope) {
  // What is guessed first is what others follow from: it must not hang on the order of the source.
  if (attempt_.guesses)
    std::stable_sort(scope.definitions.begin(), scope.definitions.end(), [](const Symbol* a, const Symbol* b) {
      return std::pair(a->qualified.size(), a->qualified) < std::pair(b->qualified.size(), b->qualified);
    });
  for (Symbol* symbol : scope.order)
    if (symbol->kind == SymbolKind::argument && symbol->expr) define(*symbol, symbol->span);
  for (std::size_t i = 0; i < scope.definitions.size(); ++i) {
    Symbol& symbol = *scope.definitions[i];
    if (symbol.kind != SymbolKind::instance) {
      define(symbol, symbol.span);
      continue;
    }
    try_again(symbol);
    if (Scope* instance = instantiate(symbol)) process(*instance);
  }
  process_pending();
}

void Elaborator::process_pending() {
  while (!pending_.empty()) {
    Symbol* symbol = pending_.back();
    pending_.pop_back();
    define(*symbol, symbol->span);
  }
}

}  // namespace rnnc::sema
