// Loss functions, and how a loss is put together: every term becomes one number by a mean over the valid steps and rows
// and over the entries, unless it asks for `sum`.
#include "compiler/sema/elaborator.h"

namespace rnnc::sema {
namespace {

using Kind = dsl::DiagnosticKind;

bool is_call_of(const dsl::Expr& expr, std::string_view name) {
  return expr.kind == dsl::ExprKind::call && expr.operands.size() == 2 && expr.operands[0] &&
         expr.operands[0]->kind == dsl::ExprKind::name && expr.operands[0]->text == name && expr.operands[1];
}

}  // namespace

// -- the functions: elementwise, or one number per position

// -log softmax(logits)[target] as logsumexp(logits) - logits[target]; the target may also be a distribution.
Value Elaborator::cross_entropy(const dsl::Expr& call, const Operand& logits, const Operand& target, const Env& env) {
  if (!is_vector(logits, "cross_entropy")) return Value::poison();
  const ir::Shape shape = program[logits.value.node].shape;
  const ir::Node& wanted = program[target.value.node];
  const Operand both[] = {logits, target};
  if (!axes_join(both, call)) return Value::poison();
  if (wanted.index ? wanted.extent != shape[0] : wanted.shape != shape) {
    Texts help;
    explain(help, *logits.expr, env);
    explain(help, *target.expr, env);
    return fail(
        wanted.index ? Kind::index_size_mismatch : Kind::shape_mismatch,
        "`cross_entropy` needs one logit for every value of the target",
        {{target.expr->span, shape_text(target.value.node)}, {logits.expr->span, shape_text(logits.value.node)}}, help);
  }
  bool index = wanted.index;
  ir::NodeId total = log_sum_exp(logits.value.node, 0);
  if (index) return Value::of(program.sub(total, program.gather(logits.value.node, target.value.node)));
  return Value::of(program.reduce_sum(program.mul(target.value.node, program.sub(total, logits.value.node))));
}

Value Elaborator::loss_function(const std::string& name, const dsl::Expr& call, const Env& env) {
  if (call.operands.size() == 2)
    return fail(Kind::missing_loss_target, "`" + name + "` compares with a target, and none is given",
                {{call.span, ""}},
                {"write `" + name + "(" + source(call.operands[1]->span) + ", wanted)` with `target wanted : ...`"});
  if (!check_arguments(call, 2, 2)) return Value::poison();
  std::vector<Operand> operands = arguments(call, env);
  const Operand &a = operands[0], &b = operands[1];
  if (name == "cross_entropy" || name == "binary_cross_entropy") warn_probabilities(name, *a.expr, env);
  if (name == "cross_entropy") {
    if (a.value.is_poison() || b.value.is_poison()) return Value::poison();
    if (a.value.is_node() && program[a.value.node].index)
      return fail(Kind::index_in_arithmetic, "the logits of `cross_entropy` come first, the target second",
                  {{a.expr->span, shape_text(a.value.node)}},
                  {"write `cross_entropy(" + source(b.expr->span) + ", " + source(a.expr->span) + ")`"});
    if (a.value.is_unknown() || b.value.is_unknown()) return Value::of(program.constant(0));
    return cross_entropy(call, a, b, env);
  }
  for (const Operand& operand : operands)
    if (operand.value.is_node() && program[operand.value.node].index)
      return fail(Kind::index_in_arithmetic, "`" + name + "` compares numbers, not an index",
                  {{operand.expr->span, shape_text(operand.value.node)}},
                  {"`cross_entropy(logits, " + source(operand.expr->span) + ")` compares with an index; `one_hot(" +
                   source(operand.expr->span) + ")` is a vector"});
  Value difference = elementwise("`" + name + "`", ir::elementwise_id("sub"), operands, call, env);
  if (!difference.is_node() || a.value.is_unknown() || b.value.is_unknown()) return difference;
  if (name == "absolute_error") return Value::of(program.map("abs", {difference.node}));
  if (name != "binary_cross_entropy") return Value::of(program.mul(difference.node, difference.node));
  // On logits: softplus(z) - z * target, which is -target log s(z) - (1 - target) log(1 - s(z)) without the overflow.
  ir::NodeId positive = program.map("softplus", {a.value.node});
  return Value::of(program.sub(positive, program.mul(a.value.node, b.value.node)));
}

// -- the loss as one number

// Whether the expression asks for its own `sum(...)` or `mean(...)` over steps and rows.
bool Elaborator::contains_reduction(const dsl::Expr& expr) {
  Depth depth(*this, expr.span);
  if (depth.too_deep()) return false;
  if (is_call_of(expr, "sum") || is_call_of(expr, "mean")) return true;
  if (expr.kind != dsl::ExprKind::binary && expr.kind != dsl::ExprKind::unary) return false;
  const dsl::Expr* at = &expr;
  for (; at->kind == dsl::ExprKind::binary && at->operands[0] && at->operands[1]; at = at->operands[0].get()) {
    if (at->text != "+" && at->text != "-" && at->text != "*" && at->text != "/") return false;
    if (contains_reduction(*at->operands[1])) return true;
  }
  if (at->kind == dsl::ExprKind::unary) return at->operands[0] && contains_reduction(*at->operands[0]);
  return is_call_of(*at, "sum") || is_call_of(*at, "mean");
}

// A value per step and row as one number: over valid positions and over entries.
Value Elaborator::reduced(const dsl::Expr& expr, const Env& env, bool mean) {
  Operand operand{evaluate(expr, env), &expr};
  if (std::optional<Value> stop = blocked({&operand, 1}, expr)) return *stop;
  ir::NodeId u = operand.value.node;
  double entries = static_cast<double>(program[u].shape.size());
  ir::Domain domain = program[u].domain;
  u = program.reduce_sum(u);
  ir::NodeId positions = program.constant(1);
  if (domain.axis.valid()) {
    u = program.sum_over(program.mul(u, program.ones({true, domain.axis})), true, domain.axis);
    positions = program.map("max", {program.sum_over(program.length(domain.axis), true, false), program.constant(1)});
  } else if (domain.batched) {
    u = program.sum_over(u, true, false);
    positions = program.rows();
  }
  if (!mean) return Value::of(u);
  return Value::of(program.div(u, program.mul(positions, program.constant(entries))));
}

Value Elaborator::weight(const dsl::Expr& expr, const Env& env) {
  Value value = evaluate(expr, env);
  if (!value.is_node()) return value;
  const ir::Node& node = program[value.node];
  if (!node.index && node.shape.rank() == 0 && node.domain.empty()) return value;
  return fail(Kind::bad_loss, "the weight of a loss term must be a single number",
              {{expr.span, !node.domain.empty() ? "differs between rows or steps" : shape_text(value.node)}},
              {"weigh inside: `mean(w * ...)`"});
}

Value Elaborator::loss_product(const dsl::Expr& expr, const Env& env) {
  const dsl::Expr &left = *expr.operands[0], &right = *expr.operands[1];
  bool left_reduces = contains_reduction(left), right_reduces = contains_reduction(right);
  if (left_reduces && right_reduces)
    return fail(Kind::bad_loss, "loss terms can be added and weighted, not multiplied with each other",
                {{expr.operator_span, ""}, {left.span, "one term"}, {right.span, "another"}});
  if (!left_reduces && !right_reduces) return reduced(expr, env, true);
  if (right_reduces && expr.text == "/")
    return fail(Kind::bad_loss, "a loss term cannot stand below a fraction", {{right.span, ""}});
  Value a = left_reduces ? loss(left, env) : weight(left, env);
  Value b = right_reduces ? loss(right, env) : weight(right, env);
  if (!a.is_node()) return a;
  if (!b.is_node()) return b;
  return Value::of(expr.text == "*" ? program.mul(a.node, b.node) : program.div(a.node, b.node));
}

Value Elaborator::loss(const dsl::Expr& expr, const Env& env) {
  Depth depth(*this, expr.span);
  if (depth.too_deep()) return Value::poison();
  if (expr.kind == dsl::ExprKind::call && is_call_of(expr, "sum")) return reduced(*expr.operands[1], env, false);
  if (expr.kind == dsl::ExprKind::call && is_call_of(expr, "mean")) return reduced(*expr.operands[1], env, true);
  if (expr.kind == dsl::ExprKind::unary && expr.text == "-" && expr.operands[0]) {
    Value value = loss(*expr.operands[0], env);
    return value.is_node() ? Value::of(program.neg(value.node)) : value;
  }
  bool whole = expr.kind == dsl::ExprKind::binary && expr.operands[0] && expr.operands[1];
  if (whole && (expr.text == "*" || expr.text == "/")) return loss_product(expr, env);
  if (!whole || (expr.text != "+" && expr.text != "-")) return reduced(expr, env, true);
  // A sum of terms, from the left without recursion.
  std::vector<const dsl::Expr*> spine;
  const dsl::Expr* at = &expr;
  while (at->kind == dsl::ExprKind::binary && (at->text == "+" || at->text == "-") && at->operands[0] &&
         at->operands[1]) {
    spine.push_back(at);
    at = at->operands[0].get();
  }
  Value total = loss(*at, env);
  for (; !spine.empty(); spine.pop_back()) {
    Value term = loss(*spine.back()->operands[1], env);
    if (total.is_node() && term.is_node())
      total = Value::of(spine.back()->text == "+" ? program.add(total.node, term.node)
                                                  : program.sub(total.node, term.node));
    else if (!term.is_node())
      total = term;
  }
  return total;
}

}  // namespace rnnc::sema
