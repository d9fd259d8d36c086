// The loss as one number: terms, their means and weights, and what does not count.
#include <algorithm>

#include "tests/definition/definition.h"

namespace rnnc::testing::definition {

using dsl::Expr;
using dsl::ExprKind;

namespace {

bool is_reduction(const Expr& expr, std::string_view name, const Frame& frame) {
  if (!calls(expr, name, frame)) return false;
  return expr.operands.size() == 2 || (name == "mean" && expr.operands.size() == 3 && is_named(expr.operands[2], "weight"));
}
bool is_sign(const Expr& expr, std::string_view signs) {
  return expr.kind == ExprKind::binary && expr.text.size() == 1 && signs.find(expr.text) != std::string_view::npos;
}
bool is_minus(const Expr& expr) { return expr.kind == ExprKind::unary && expr.text == "-"; }

bool ignores(const Expr& expr, const Frame& frame) {
  return calls(expr, "cross_entropy", frame) && expr.operands.size() == 4 && is_named(expr.operands[3], "ignore");
}

}  // namespace

double Definition::loss() {
  double total = 0;
  for (const Closure& loss : top_.losses) total += terms(loss);
  return total;
}

// Whether it asks for its own sum or mean.
bool Definition::reduces(const Expr& expr, const Frame& frame) const {
  if (is_reduction(expr, "sum", frame) || is_reduction(expr, "mean", frame)) return true;
  if (!is_minus(expr) && !is_sign(expr, "+-*/")) return false;
  return std::any_of(expr.operands.begin(), expr.operands.end(),
                     [&](const dsl::ExprPtr& operand) { return reduces(*operand, frame); });
}

// Whether it adds or subtracts terms.
bool Definition::has_terms(const Expr& expr) const {
  if (is_sign(expr, "+-")) return true;
  if (!is_minus(expr) && !is_sign(expr, "*/")) return false;
  return std::any_of(expr.operands.begin(), expr.operands.end(),
                     [&](const dsl::ExprPtr& operand) { return has_terms(*operand); });
}

double Definition::terms(Closure loss) {
  const Expr& expr = *loss.expr;
  const Frame& frame = *loss.frame;
  const auto operand = [&](std::size_t i) { return Closure{expr.operands[i].get(), &frame}; };
  if (is_reduction(expr, "sum", frame)) return term(operand(1), false, nullptr);
  if (is_reduction(expr, "mean", frame)) {
    if (expr.operands.size() == 2) return term(operand(1), true, nullptr);
    const Closure weight{expr.operands[2]->operands[0].get(), &frame};
    return term(operand(1), true, &weight);
  }
  if (is_minus(expr)) return -terms(operand(0));
  if (is_sign(expr, "+")) return terms(operand(0)) + terms(operand(1));
  if (is_sign(expr, "-")) return terms(operand(0)) - terms(operand(1));
  if (!is_sign(expr, "*/")) return term(loss, true, nullptr);
  const auto weighs = [&](std::size_t i) {
    const Value value = like(operand(i));
    return value.shape.empty() && value.varies == Varies::never;
  };
  const bool divides = expr.text == "/";
  const bool left_reduces = reduces(*operand(0).expr, frame), right_reduces = reduces(*operand(1).expr, frame);
  if (left_reduces || (has_terms(*operand(0).expr) && !right_reduces && weighs(1))) {
    const double weight = evaluate(operand(1), {0, 0}).number(), of = terms(operand(0));
    return divides ? of / weight : of * weight;
  }
  if (!divides && (right_reduces || (has_terms(*operand(1).expr) && weighs(0))))
    return evaluate(operand(0), {0, 0}).number() * terms(operand(1));
  return term(loss, true, nullptr);
}

// Over the entries, and over the rows and steps that exist as far as the value has some.
double Definition::term(Closure value, bool mean, const Closure* weight) {
  Value alike = like(value);
  if (weight) alike = *function_of("*", {alike, like(*weight)});
  long double total = 0, positions = 0;  // so that thousands of numbers add up as the compiler's sums of sums do
  bool all_count = weight == nullptr;
  const std::int64_t rows = alike.varies == Varies::never ? 1 : run_.shape.rows;
  for (std::int64_t row = 0; row < rows; ++row) {
    const std::int64_t steps = alike.varies == Varies::by_step ? length(alike.axis, row) : 1;
    for (std::int64_t step = 0; step < steps; ++step) {
      const Moment at{row, step};
      const std::optional<bool> count = counts(value, at);
      all_count = all_count && !count;
      if (count && !*count) continue;
      Value e = evaluate(value, at), w = number(1);
      if (weight) w = evaluate(*weight, at);
      e = expanded(*function_of("*", {e, w}), alike.shape);
      w = expanded(w, alike.shape);
      for (std::size_t i = 0; i < e.entries.size(); ++i) {
        total += e.entries[i];
        positions += w.entries[i];
      }
    }
  }
  if (all_count) positions = std::max(positions, 1.0L);
  if (!mean) positions = 1;
  return positions == 0 ? 0 : static_cast<double>(total / positions);
}

// Calls `enter` for what a value is made of at the same step, and on request at others, itself first; looks into what it
// says.
void Definition::for_each_part(Closure value, Moment at, bool other_steps, const std::function<bool(Closure, Moment)>& enter) {
  if (!enter(value, at)) return;
  const Expr& expr = *value.expr;
  const Frame& frame = *value.frame;
  const Closure parameter = resolved(value);
  if (parameter.expr != value.expr || parameter.frame != value.frame)
    return for_each_part(parameter, at, other_steps, enter);
  if (Meaning* reference = referred(expr, frame)) {
    Meaning& m = value_of(*reference);
    const bool turns = m.scope->turned != frame.scope->turned;
    if (turns) at = seen_from(*frame.scope, *m.scope, at, like(m).axis);
    if (m.value.expr) return for_each_part(m.value, at, other_steps, enter);
    if (!m.is_given() || (!m.scope->outer && (frame.in_loss || !is_fed(m)))) return;
    if (!m.scope->outer) return for_each_part({m.item->initial.get(), m.scope->frame()}, at, other_steps, enter);
    const Closure argument = m.scope->arguments.at(m.name);
    const bool turns_back = m.scope->turned != argument.frame->scope->turned;
    if (turns_back) at = seen_from(*m.scope, *argument.frame->scope, at, like(argument).axis);
    return for_each_part(argument, at, other_steps, enter);
  }
  if (const Frame* body = frame_of_call(expr, frame))
    return for_each_part({body->function->body.get(), body}, at, other_steps, enter);
  bool elsewhere = expr.kind == ExprKind::index && expr.operands.size() == 2 && offset(*expr.operands[1], frame);
  for (const char* over_time : {"last", "first", "sum_over_time", "mean_over_time"})
    elsewhere = elsewhere || calls(expr, over_time, frame);
  if (elsewhere && !other_steps) return;
  for (const dsl::ExprPtr& operand : expr.operands)
    if (operand) for_each_part({operand.get(), &frame}, at, other_steps, enter);
}

// Whether it comes back to itself, at whatever step, other than through a loss that ignores.
bool Definition::recurs(Meaning& meaning) {
  bool found = false;
  std::set<const Meaning*> seen;
  for_each_part(meaning.value, {-1, 0}, true, [&](Closure part, Moment) {
    if (found || ignores(*part.expr, *part.frame)) return false;
    Meaning* m = referred(*part.expr, *part.frame);
    if (!m) return true;
    m = &value_of(*m);
    found = found || m == &meaning;
    return seen.insert(m).second;
  });
  return found;
}

std::optional<bool> Definition::counts(Closure value, Moment at) {
  std::optional<bool> count;
  for_each_part(value, at, false, [&](Closure part, Moment here) {
    if (ignores(*part.expr, *part.frame)) {
      const auto k = static_cast<double>(whole(*part.expr->operands[3]->operands[0], *part.frame).value());
      const double target = evaluate(*part.expr->operands[2], *part.frame, here).number();
      count = count.value_or(false) || (k < 0 ? target >= 0 : target != k);
      return false;
    }
    Meaning* m = referred(*part.expr, *part.frame);
    return !m || !value_of(*m).value.expr || !recurs(value_of(*m));
  });
  return count;
}

}  // namespace rnnc::testing::definition
