// Whole numbers known while compiling: dimensions, extents, loop bounds, lags.
#include <algorithm>
#include <cmath>

#include "compiler/sema/elaborator.h"

namespace rnnc::sema {
namespace {

constexpr std::int64_t largest_extent = std::int64_t{1} << 24;
using Kind = dsl::DiagnosticKind;

bool is_known(const Found& found) {
  return found.kind == Found::Kind::symbol && found.symbol->kind == SymbolKind::dimension && found.symbol->number_known;
}

// Different for every dimension of a unit, and with many divisors, so that what should differ differs and `H / 4` is
// whole.
std::int64_t stand_in(const Texts& names, const std::string& name) {
  const auto place = std::find(names.begin(), names.end(), name) - names.begin();
  return std::int64_t{24} * (2 * static_cast<std::int64_t>(place) + 3);
}

}  // namespace

std::optional<std::int64_t> Elaborator::dimension_of_name(const dsl::Expr& expr, const Env& env, bool report) {
  Found found = find(expr, env, report);
  if (found.kind == Found::Kind::number) return found.number;
  if (is_known(found)) {
    found.symbol->read = true;
    return found.symbol->number;
  }
  if (found.kind == Found::Kind::entry && found.entry->constant) {
    for (const Expansion* outer = env.expansion; outer; outer = outer->outer)
      if (outer->declaration == found.entry->constant) {
        if (report) defined_by_itself(*found.entry->constant, expr.span);
        return std::nullopt;
      }
    Expansion expansion{found.entry->constant, env.expansion};
    Env inside{found.entry->file, nullptr, env.home, nullptr, &expansion};
    if (!found.entry->constant->value) return std::nullopt;
    if (auto it = constant_dimensions_.find(found.entry->constant); it != constant_dimensions_.end()) return it->second;
    std::optional<std::int64_t> value = dimension(*found.entry->constant->value, inside, report);
    if (value) constant_dimensions_[found.entry->constant] = *value;
    return value;
  }
  if (found.kind == Found::Kind::symbol && found.symbol->kind == SymbolKind::dimension) {
    if (report && !diagnostics_.has_errors())  // else it has no value because of one
      fail(Kind::unbound_dimension, "dimension `" + found.symbol->name + "` has no value here", {{expr.span, ""}},
           {"a default may use the dimensions that stand before it"});
    return std::nullopt;
  }
  if (report && found.kind != Found::Kind::poison && found.kind != Found::Kind::unknown)
    fail(Kind::not_a_dimension, "`" + source(expr.span) + "` is not a dimension",
         {{expr.span, "not a whole number known while compiling"}});
  return std::nullopt;
}

std::optional<std::int64_t> Elaborator::dimension_operation(const dsl::Expr& expr, std::int64_t a, std::int64_t b,
                                                            bool report) {
  std::int64_t result = 0;
  const std::string& op = expr.text;
  bool overflow = false;
  if (op == "+") {
    overflow = __builtin_add_overflow(a, b, &result);
  } else if (op == "-") {
    overflow = __builtin_sub_overflow(a, b, &result);
  } else if (op == "*") {
    overflow = __builtin_mul_overflow(a, b, &result);
  } else if (op == "/" || op == "%") {
    bool whole = b != 0 && (b != -1 || a != INT64_MIN) && (op == "%" || a % b == 0);
    if (whole && op == "/") return a / b;
    if (whole) {  // as of values: with the divisor's sign
      const std::int64_t rest = a % b;
      return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
    }
    if (report)
      fail(Kind::bad_dimension_value, "`" + source(expr.span) + "` is not a whole number",
           {{expr.span, std::to_string(a) + " " + op + " " + std::to_string(b)}});
    return std::nullopt;
  } else {
    if (report)
      fail(Kind::not_a_dimension, "`" + op + "` cannot be used in a dimension",
           {{expr.operator_span, "dimensions take + - * / %"}});
    return std::nullopt;
  }
  if (!overflow) return result;
  if (report)
    fail(Kind::dimension_overflow, "`" + source(expr.span) + "` is too large a number",
         {{expr.span, std::to_string(a) + " " + op + " " + std::to_string(b)}});
  return std::nullopt;
}

std::optional<std::int64_t> Elaborator::dimension(const dsl::Expr& expr, const Env& env, bool report) {
  Depth depth(*this, expr.span);
  if (depth.too_deep()) return std::nullopt;
  switch (expr.kind) {
    case dsl::ExprKind::number:
      if (expr.number == std::floor(expr.number) && std::abs(expr.number) < 9e15)
        return static_cast<std::int64_t>(expr.number);
      if (report && expr.number == std::floor(expr.number))
        fail(Kind::dimension_overflow, "`" + expr.text + "` is too large a number", {{expr.span, ""}});
      else if (report)
        fail(Kind::bad_dimension_value, "`" + expr.text + "` is not a whole number", {{expr.span, ""}},
             {"dimensions, positions and lags are whole; other settings are a `const` outside of the cell, or a `param`"});
      return std::nullopt;
    case dsl::ExprKind::name: return dimension_of_name(expr, env, report);
    case dsl::ExprKind::unary: {
      if (expr.text != "-" || !expr.operands[0]) break;
      std::optional<std::int64_t> value = dimension(*expr.operands[0], env, report);
      if (!value || *value == INT64_MIN) return std::nullopt;
      return -*value;
    }
    case dsl::ExprKind::binary: {
      std::vector<const dsl::Expr*> spine;
      const dsl::Expr* at = &expr;
      for (; at->kind == dsl::ExprKind::binary; at = at->operands[0].get()) spine.push_back(at);
      std::optional<std::int64_t> value = dimension(*at, env, report);
      for (; value && !spine.empty(); spine.pop_back()) {
        std::optional<std::int64_t> right = dimension(*spine.back()->operands[1], env, report);
        if (!right) return std::nullopt;
        value = dimension_operation(*spine.back(), *value, *right, report);
      }
      return value;
    }
    case dsl::ExprKind::error: return std::nullopt;
    case dsl::ExprKind::member:
    case dsl::ExprKind::index:
    case dsl::ExprKind::range:
    case dsl::ExprKind::call:
    case dsl::ExprKind::named:
    case dsl::ExprKind::transpose:
    case dsl::ExprKind::list:
    case dsl::ExprKind::reverse: break;
  }
  if (report)
    fail(Kind::not_a_dimension, "`" + source(expr.span) + "` is not a dimension",
         {{expr.span, "not a whole number known while compiling"}});
  return std::nullopt;
}

std::optional<std::int64_t> Elaborator::extent(const dsl::Expr& expr, const Env& env) {
  std::optional<std::int64_t> value = dimension(expr, env);
  if (!value) return std::nullopt;
  if (*value >= 1 && *value <= largest_extent) return value;
  Texts help;
  explain_dimensions(help, expr, env);
  fail(Kind::bad_dimension_value,
       *value < 1 ? "an extent must be at least 1" : "an extent must be at most " + std::to_string(largest_extent),
       {{expr.span, "this is " + std::to_string(*value)}}, help);
  return std::nullopt;
}

// Finds the unbound dimensions of `scope` in `expr` so that it has the value.
void Elaborator::solve(const dsl::Expr& expr, Scope& scope, std::int64_t value, const std::string& from) {
  Depth depth(*this, expr.span);
  if (depth.too_deep() || value < 1 || value > largest_extent) return;
  if (dimension(expr, scope.env(), false)) return;
  if (expr.kind == dsl::ExprKind::name) {
    Found found = find(expr, scope.env(), false);
    if (found.kind != Found::Kind::symbol || found.symbol->kind != SymbolKind::dimension) return;
    found.symbol->number = value;
    found.symbol->number_known = true;
    found.symbol->number_from = from;
    return;
  }
  if (expr.kind != dsl::ExprKind::binary) return;
  const dsl::Expr &left = *expr.operands[0], &right = *expr.operands[1];
  std::optional<std::int64_t> a = dimension(left, scope.env(), false), b = dimension(right, scope.env(), false);
  if (!a && b) {
    if (expr.text == "+") solve(left, scope, value - *b, from);
    if (expr.text == "-") solve(left, scope, value + *b, from);
    if (expr.text == "*" && *b > 0 && value % *b == 0) solve(left, scope, value / *b, from);
    if (expr.text == "/" && *b > 0 && *b <= largest_extent) solve(left, scope, value * *b, from);
  } else if (a && !b) {
    if (expr.text == "+") solve(right, scope, value - *a, from);
    if (expr.text == "-") solve(right, scope, *a - value, from);
    if (expr.text == "*" && *a > 0 && value % *a == 0) solve(right, scope, value / *a, from);
  }
}

bool Elaborator::good_dimension(const Symbol& symbol, dsl::Span place, const dsl::Expr* expr, const Env& env) {
  if (symbol.number >= 1 && symbol.number <= largest_extent) return true;
  Texts help;
  if (expr) explain_dimensions(help, *expr, env);
  fail(Kind::bad_dimension_value,
       "dimension `" + symbol.name + "` is " + std::to_string(symbol.number) + ", it must be from 1 to " +
           std::to_string(largest_extent),
       {{place, symbol.number_from}}, help);
  return false;
}

Symbol& Elaborator::add_dimension(Scope& scope, const dsl::Dimension& dimension) {
  Symbol* symbol = add_symbol(scope, SymbolKind::dimension, dimension.name.text, dimension.name.span);
  if (symbol) return *symbol;
  return symbols_.emplace_back();  // reported; what it is bound to is not looked at
}

bool Elaborator::bind_default(Scope& scope, const dsl::Dimension& dimension) {
  Symbol& symbol = *scope.names[dimension.name.text];
  std::optional<std::int64_t> value = this->dimension(*dimension.fallback, scope.env());
  if (!value) return false;
  symbol.number = *value;
  symbol.number_from = "default";
  symbol.number_known = good_dimension(symbol, dimension.fallback->span, dimension.fallback.get(), scope.env());
  return symbol.number_known;
}

bool Elaborator::bind_entry_dimensions(Scope& scope) {
  const dsl::Unit& unit = *scope.unit;
  Texts names;
  bool good = true;
  for (const dsl::Dimension& dimension : unit.dimensions) names.push_back(dimension.name.text);
  for (const auto& [name, value] : options_.dimensions) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    std::string all;
    for (const std::string& known : names) all += (all.empty() ? "`" : ", `") + known + "`";
    Texts help = suggest(name, names);
    help.push_back(all.empty() ? "it has no dimensions" : "its dimensions are " + all);
    fail(Kind::unknown_dimension,
         "`" + unit.name.text + "` has no dimension `" + name + "` for -D " + name + "=" + std::to_string(value),
         {{unit.name.span, ""}}, help);
    good = false;
  }
  for (const dsl::Dimension& dimension : unit.dimensions) {
    Symbol& symbol = add_dimension(scope, dimension);
    if (auto it = options_.dimensions.find(dimension.name.text); it != options_.dimensions.end()) {
      symbol.number = it->second;
      symbol.number_from = "-D " + it->first + "=" + std::to_string(it->second);
      symbol.number_known = good_dimension(symbol, dimension.name.span, nullptr, scope.env());
      good = good && symbol.number_known;
    } else if (dimension.fallback) {
      if (scope.names.contains(dimension.name.text)) good = bind_default(scope, dimension) && good;
    } else if (options_.stand_ins) {
      symbol.number = stand_in(names, dimension.name.text);
      symbol.number_from = "it has no default: a stand-in";
      symbol.number_known = true;
    } else {
      fail(Kind::unbound_dimension, "dimension `" + dimension.name.text + "` of `" + unit.name.text + "` has no value",
           {{dimension.name.span, "no default here"}},
           {"give it one with -D " + dimension.name.text + "=N, or a default: `" + dimension.name.text + " = 64`"});
      good = false;
    }
  }
  return good;
}

}  // namespace rnnc::sema
