// How errors name things: sources, shapes, and where dimensions come from.
#include <algorithm>

#include "compiler/sema/elaborator.h"

namespace rnnc::sema {
namespace {

constexpr int deepest = 1200;
constexpr std::int64_t most_work = 300'000;  // expressions looked at, with every repetition
constexpr std::size_t longest_source = 40;
constexpr int most_mistakes = 100;  // of one model

}  // namespace

Elaborator::Depth::Depth(Elaborator& elaborator, dsl::Span place) : elaborator_(elaborator) {
  bool deep = ++elaborator_.depth_ > deepest, much = ++elaborator_.work_ > most_work;
  too_deep_ = deep || much || elaborator_.exhausted_;
  if (deep)
    elaborator_.exhausted("expressions need each other too deeply here", place,
                          {"split the expression, or write equations after those they need"});
  else if (much)
    elaborator_.exhausted("the model is too large", place,
                          {"functions and cells that call each other several times multiply"});
}

// Reports that a limit of the compiler is reached, and silences what follows from giving up.
Value Elaborator::exhausted(std::string message, dsl::Span place, Texts help) {
  fail(dsl::DiagnosticKind::too_large_model, std::move(message), {{place, "the limit is reached here"}},
       std::move(help));
  exhausted_ = true;
  return Value::poison();
}

Value Elaborator::fail(dsl::DiagnosticKind kind, std::string message, Labels labels, Texts help) {
  if (exhausted_) return Value::poison();
  // The same fact about both operands is said once.
  Texts once;
  for (std::string& line : help)
    if (std::find(once.begin(), once.end(), line) == once.end()) once.push_back(std::move(line));
  dsl::Diagnostic diagnostic{kind, std::move(message), std::move(labels), std::move(once)};
  const bool is_error = dsl::severity(kind) == dsl::Severity::error;
  if (is_error && diagnostics_.error_count() + 1 >= most_mistakes && !diagnostics_.has(diagnostic)) {
    const dsl::Span place = diagnostic.labels.empty() ? dsl::Span{} : diagnostic.labels.front().span;
    diagnostic = {dsl::DiagnosticKind::too_many_errors, "there are more mistakes from here on than are listed", {{place, ""}}, {}};
    exhausted_ = true;
  }
  diagnostics_.report(std::move(diagnostic));
  return Value::poison();
}

std::string Elaborator::source(dsl::Span span) const {
  if (!span.known()) return "";
  std::string text(sources_.text(span));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  if (text.size() <= longest_source) return text;
  std::size_t end = longest_source - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "...";
}

std::string Elaborator::shape_text(ir::NodeId id) const {
  const ir::Node& node = program[id];
  if (node.index) return "index(" + std::to_string(node.extent) + ")";
  return node.shape.rank() == 0 ? "a single number" : node.shape.to_string();
}

std::string Elaborator::declared_text(const Symbol& symbol) const {
  if (symbol.index_extent > 0) return "index(" + std::to_string(symbol.index_extent) + ")";
  return symbol.shape.rank() == 0 ? "a single number" : symbol.shape.to_string();
}

void Elaborator::explain_dimensions(Texts& help, const dsl::Expr& expr, const Env& env) {
  if (expr.kind == dsl::ExprKind::name) {
    Found found = find(expr, env, false);
    if (found.kind == Found::Kind::number) {
      help.push_back(expr.text + " = " + std::to_string(found.number));
    } else if (found.kind == Found::Kind::symbol && found.symbol->kind == SymbolKind::dimension &&
               found.symbol->number_known) {
      help.push_back(expr.text + " = " + std::to_string(found.symbol->number) + " (" + found.symbol->number_from + ")");
    }
    return;
  }
  if (expr.kind != dsl::ExprKind::unary && expr.kind != dsl::ExprKind::binary) return;
  Depth depth(*this, expr.span);
  if (depth.too_deep()) return;
  for (const dsl::ExprPtr& operand : expr.operands)
    if (operand) explain_dimensions(help, *operand, env);
}

void Elaborator::explain(Texts& help, const dsl::Expr& expr, const Env& env) {
  if (expr.kind == dsl::ExprKind::list) {
    for (const dsl::ExprPtr& part : expr.operands)
      if (part && part->kind != dsl::ExprKind::list) explain(help, *part, env);
    return;
  }
  const dsl::Expr* inner = &expr;
  while (inner->kind == dsl::ExprKind::index || inner->kind == dsl::ExprKind::transpose) {
    if (inner->kind == dsl::ExprKind::index && find(*inner, env, false).kind == Found::Kind::symbol) break;
    inner = inner->operands[0].get();
  }
  Found found = find(*inner, env, false);
  if (found.kind != Found::Kind::symbol || !found.symbol->shape_spec || !found.symbol->shape_known) return;
  const Symbol& symbol = *found.symbol;
  Texts dimensions;
  for (const dsl::ExprPtr& extent : symbol.shape_spec->extents)
    if (extent) explain_dimensions(dimensions, *extent, symbol.scope->env());
  if (dimensions.empty()) return;
  std::string line = "`" + source(inner->span) + "` is declared `" + source(symbol.shape_spec->span) + "` with ";
  Texts named;
  for (const std::string& dimension : dimensions) {
    if (std::find(named.begin(), named.end(), dimension) != named.end()) continue;
    line += (named.empty() ? "" : ", ") + dimension;
    named.push_back(dimension);
  }
  help.push_back(line);
}

ir::Origin Elaborator::origin(dsl::Span span) {
  if (!span.known()) return 0;
  origins.spans.push_back(span);
  return static_cast<ir::Origin>(origins.spans.size() - 1);
}

}  // namespace rnnc::sema
