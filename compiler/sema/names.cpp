// What a name, a member or an array position refers to.
#include "compiler/sema/elaborator.h"

namespace rnnc::sema {
namespace {

Found poison_found() {
  Found found;
  found.kind = Found::Kind::poison;
  return found;
}

Found unknown_found() {
  Found found;
  found.kind = Found::Kind::unknown;
  return found;
}

Found symbol_found(Symbol* symbol) {
  Found found;
  found.kind = Found::Kind::symbol;
  found.symbol = symbol;
  return found;
}

// "h" for "h_prev", as other languages call the value of the step before; "" for other names.
std::string name_one_step_later(const std::string& name) {
  for (const std::string_view mark : {"_prev", "_previous", "_old", "_last", "_tm1"})
    if (name.ends_with(mark)) return name.substr(0, name.size() - mark.size());
  for (const std::string_view mark : {"prev_", "previous_", "old_", "last_"})
    if (name.starts_with(mark)) return name.substr(mark.size());
  return "";
}

}  // namespace

Texts Elaborator::suggest(const std::string& name, const Texts& candidates) {
  std::string near = dsl::nearest(name, candidates);
  return near.empty() ? Texts{} : Texts{"did you mean `" + near + "`?"};
}

// Looked for once, as what stands in a loop may be wrong at each turn.
std::string Elaborator::suggestion(const std::string& name, const Env& env) {
  if (!env.names) return find_suggestion(name, env);
  std::string bound;
  for (const Binding* binding = env.bindings; binding; binding = binding->outer) bound += binding->name + " ";
  const auto [known, first] = suggested_.try_emplace({env.names, bound, name});
  if (first) known->second = find_suggestion(name, env);
  return known->second;
}

std::string Elaborator::find_suggestion(const std::string& name, const Env& env) {
  Texts candidates;
  for (const Binding* binding = env.bindings; binding; binding = binding->outer) candidates.push_back(binding->name);
  if (env.names)
    for (const auto& [known, symbol] : env.names->names) candidates.push_back(known);
  if (env.file)
    for (std::string& known : env.file->visible_names())
      if (env.file->find(known)->constant) candidates.push_back(std::move(known));
  return dsl::nearest(name, candidates);
}

bool Elaborator::ambiguous(const std::string& name, const FileEntry& entry, const dsl::Expr& at, const Env& env) {
  const FileEntry* other = env.file->find_other(name);
  if (!other) return false;
  fail(dsl::DiagnosticKind::duplicate_name, "`" + name + "` comes from two imported files",
       {{at.span, "used here"}, {entry.name().span, "one"}, {other->name().span, "the other"}},
       {"import one of them only, or rename one"});
  return true;
}

Found Elaborator::find_name(const dsl::Expr& expr, const Env& env, bool report) {
  const std::string& name = expr.text;
  for (const Binding* binding = env.bindings; binding; binding = binding->outer) {
    if (binding->name != name) continue;
    if (binding->reference) return find(*binding->reference, binding->env, report);
    Found found;
    found.kind = binding->number ? Found::Kind::number : Found::Kind::value;
    found.number = binding->number.value_or(0);
    found.value = binding->value;
    return found;
  }
  Found found;
  if (name == "t") {
    found.kind = Found::Kind::time;
    return found;
  }
  if (env.names)
    if (auto it = env.names->names.find(name); it != env.names->names.end())
      return symbol_found(in_loss_ && it->second->given ? it->second->given : it->second);
  if (env.file) {
    if (const FileEntry* entry = env.file->find(name)) {
      if (report ? ambiguous(name, *entry, expr, env) : env.file->find_other(name) != nullptr) return poison_found();
      found.kind = Found::Kind::entry;
      found.entry = entry;
      return found;
    }
  }
  if (report && (is_builtin(name) || ir::find_elementwise(name))) {
    fail(dsl::DiagnosticKind::not_a_value, "`" + name + "` is a function", {{expr.span, "used as a value"}},
         {"call it: `" + name + "(...)`"});
  } else if (report && !(env.names && env.names->lost.contains(name))) {
    fail(dsl::DiagnosticKind::unknown_name, "`" + name + "` is not defined here", {{expr.span, "not found"}},
         unknown_name_help(name, env));
  }
  return poison_found();
}

Texts Elaborator::unknown_name_help(const std::string& name, const Env& env) {
  if (!env.names && env.home && env.home->names.contains(name))
    return {"a function sees its arguments and what its file declares: make `" + name + "` an argument"};
  if (env.names)
    for (const dsl::Dimension& dimension : env.names->unit->dimensions)
      if (dimension.name.text == name) return {"a default may use the dimensions that stand before it"};
  if (name == "T") return {"the transpose of `W` is written `W'`"};
  if (const std::string sequence = name_one_step_later(name); env.names && env.names->names.contains(sequence))
    return {"the value of the step before is written `" + sequence + "[t-1]`"};
  std::string near = suggestion(name, env);
  return near.empty() ? Texts{} : Texts{"did you mean `" + near + "`?"};
}

namespace {

// "it has `h`, `c` and `W`", of what an instance offers: states, outputs and equations before parameters.
std::string members_text(const Scope& scope) {
  constexpr std::size_t most = 8;
  Texts names;
  for (const bool parameters : {false, true})
    for (const Symbol* symbol : scope.order) {
      const bool offered = symbol->kind == SymbolKind::state || symbol->kind == SymbolKind::equation ||
                           symbol->kind == SymbolKind::instance;
      if (parameters ? symbol->kind == SymbolKind::parameter : offered) names.push_back("`" + symbol->name + "`");
    }
  std::string text = "it has ";
  for (std::size_t i = 0; i < names.size() && i < most; ++i) text += (i == 0 ? "" : ", ") + names[i];
  return text + (names.size() > most ? ", …" : "");
}

}  // namespace

Found Elaborator::find_member(const dsl::Expr& expr, const Env& env, bool report) {
  const dsl::Expr& base = *expr.operands[0];
  Found owner = find(base, env, report);
  if (owner.kind == Found::Kind::poison || owner.kind == Found::Kind::unknown) return owner;
  if (owner.kind != Found::Kind::symbol || owner.symbol->kind != SymbolKind::instance) {
    bool reversed = false;
    const FileEntry* cell = nullptr;
    const bool told = owner.kind == Found::Kind::symbol && owner.symbol->expr &&
                      owner.symbol->expr->kind == dsl::ExprKind::reverse;
    if (report && cell_call(base, env, reversed, cell)) {
      fail(dsl::DiagnosticKind::not_a_value, "a cell call must be an equation of its own", {{base.span, ""}},
           {"write `name = " + source(base.span) + "` and use `name." + expr.text + "` here"});
    } else if (report && !told) {
      Texts help;
      if (expr.text == "T") help = {"the transpose is written `" + source(base.span) + "'`"};
      if (owner.kind == Found::Kind::symbol && owner.symbol->kind == SymbolKind::family)
        help = {"say which one: `" + source(base.span) + "[k]." + expr.text + "`"};
      fail(dsl::DiagnosticKind::not_an_instance, "`" + source(base.span) + "` is not an instance of a cell",
           {{base.span, "has no members"}}, help);
    }
    return poison_found();
  }
  Symbol& instance = *owner.symbol;
  instance.read = true;
  if (instance.progress == Progress::running && !instance.instance) {
    met_unknown_ = true;
    return unknown_found();
  }
  Scope* scope = instantiate(instance);
  if (!scope) return without(instance).is_unknown() ? unknown_found() : poison_found();
  auto it = scope->names.find(expr.text);
  if (it != scope->names.end()) return symbol_found(it->second);
  if (report) {
    Texts names;
    for (const auto& [name, symbol] : scope->names) names.push_back(name);
    fail(dsl::DiagnosticKind::unknown_member, "`" + scope->unit->name.text + "` has no member `" + expr.text + "`",
         {{expr.span, ""}, {scope->unit->name.span, "the cell"}},
         dsl::nearest(expr.text, names).empty() ? Texts{members_text(*scope)} : suggest(expr.text, names));
  }
  return poison_found();
}

Found Elaborator::find_array_member(const dsl::Expr& expr, const Env& env, bool report) {
  const dsl::Expr& base = *expr.operands[0];
  bool reference = base.kind == dsl::ExprKind::name || base.kind == dsl::ExprKind::member;
  if (!reference || expr.operands.size() != 2 || !expr.operands[1]) return {};
  Found family = find(base, env, report);
  if (family.kind == Found::Kind::unknown || family.kind == Found::Kind::poison) return family;
  if (family.kind != Found::Kind::symbol || family.symbol->kind != SymbolKind::family) return {};
  std::optional<std::int64_t> at = dimension(*expr.operands[1], env, report);
  if (!at) return poison_found();
  auto it = family.symbol->members.find(*at);
  if (it != family.symbol->members.end()) return symbol_found(it->second);
  if (report) {
    const auto& members = family.symbol->members;
    std::string known = std::to_string(members.begin()->first);
    if (members.size() > 1) known += " to " + std::to_string(members.rbegin()->first);
    Texts help{"`" + source(base.span) + "` is defined at " + known};
    explain_dimensions(help, *expr.operands[1], env);
    fail(dsl::DiagnosticKind::missing_instance, "`" + source(base.span) + "` has no member at " + std::to_string(*at),
         {{expr.operands[1]->span, "this is " + std::to_string(*at)}}, help);
  }
  return poison_found();
}

Found Elaborator::find(const dsl::Expr& expr, const Env& env, bool report) {
  Depth depth(*this, expr.span);
  if (depth.too_deep()) return poison_found();
  if (expr.kind == dsl::ExprKind::name) return find_name(expr, env, report);
  if (expr.kind == dsl::ExprKind::member && expr.operands[0]) return find_member(expr, env, report);
  if (expr.kind == dsl::ExprKind::index && !expr.operands.empty() && expr.operands[0])
    return find_array_member(expr, env, report);
  return {};
}

const FileEntry* Elaborator::find_entry(const dsl::Expr& expr, const Env& env) {
  if (expr.kind != dsl::ExprKind::name) return nullptr;
  Found found = find(expr, env, false);
  return found.kind == Found::Kind::entry ? found.entry : nullptr;
}

}  // namespace rnnc::sema
