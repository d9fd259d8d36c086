// Loss functions, and how a loss is put together: every term becomes one number by a mean over the valid steps and rows
// and over the entries, unless it asks for `sum`.
#include <cmath>

#include "compiler/ir/dependence.h"
#include "compiler/sema/elaborator.h"

namespace rnnc::sema {
namespace {

using Kind = dsl::DiagnosticKind;

bool is_named(const dsl::ExprPtr& expr, std::string_view name) {
  return expr && expr->kind == dsl::ExprKind::named && expr->text == name && expr->operands[0];
}

// A call of the built-in function, not of one of the user's.
bool calls(const dsl::Expr& expr, std::string_view name, const Env& env) {
  const FileEntry* own = env.file ? env.file->find(std::string(name)) : nullptr;
  if (expr.kind != dsl::ExprKind::call || expr.operands.size() < 2) return false;
  if (!expr.operands[0] || !expr.operands[1]) return false;
  return expr.operands[0]->kind == dsl::ExprKind::name && expr.operands[0]->text == name && !(own && own->function);
}

// sum(e), mean(e) or mean(e, weight = w).
bool is_reduction(const dsl::Expr& expr, std::string_view name, const Env& env) {
  const bool weighted = expr.operands.size() == 3 && name == "mean" && is_named(expr.operands[2], "weight");
  return (expr.operands.size() == 2 || weighted) && calls(expr, name, env);
}

// Whether it adds or subtracts terms, whatever multiplies them.
bool has_terms(const dsl::Expr& expr) {
  const auto any = [&](auto&&... which) { return (... || (expr.operands[which] && has_terms(*expr.operands[which]))); };
  if (expr.kind == dsl::ExprKind::unary) return expr.text == "-" && any(0);
  if (expr.kind != dsl::ExprKind::binary) return false;
  if (expr.text == "+" || expr.text == "-") return true;
  return (expr.text == "*" || expr.text == "/") && any(0, 1);
}

bool is_reduction(const dsl::Expr& expr, const Env& env) {
  return is_reduction(expr, "sum", env) || is_reduction(expr, "mean", env);
}

}  // namespace

// -- the functions: elementwise, or one number per position

// -log softmax(logits)[target] as logsumexp(logits) - logits[target]; the target may also be a distribution.
Value Elaborator::cross_entropy(const dsl::Expr& call, const Operand& logits, const Operand& target, const Env& env) {
  std::optional<std::int64_t> ignored;
  if (call.operands.size() == 4) {
    ignored = ignored_class(*call.operands[3]->operands[0], target.value.node, env);
    if (!ignored) return Value::poison();
  }
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
  if (ignored && !index)
    return fail(Kind::bad_ignore, "a distribution has no class that could be ignored",
                {{target.expr->span, shape_text(target.value.node)}}, {"weigh instead: `mean(..., weight = w)`"});
  ir::NodeId total = log_sum_exp(logits.value.node, 0);
  if (index && (!ignored || *ignored >= 0)) read_index(target.value.node, target.expr->span);
  if (!index)
    return Value::of(program.reduce_sum(program.mul(target.value.node, program.sub(total, logits.value.node))));
  ir::NodeId chosen = program.gather(logits.value.node, target.value.node);
  ir::NodeId loss = program.sub(total, chosen);
  if (!ignored) return Value::of(loss);
  ir::NodeId counts = counted(target.value.node, *ignored);
  loss = program.map("where", {counts, loss, program.constant(0)});
  counts_of_[loss] = counts;
  return Value::of(loss);
}

// 1 where the index is not the class that is ignored, else 0. Below 0, it and all between it and 0 are.
ir::NodeId Elaborator::counted(ir::NodeId index, std::int64_t ignored) {
  ir::NodeId hot = program.one_hot(index);
  if (ignored >= 0) return program.sub(program.constant(1), program.reduce_sum(program.slice(hot, 0, ignored, 1)));
  if (program[index].kind == ir::NodeKind::input) {
    ir::InputInfo& info = program.inputs[ir::InputId(static_cast<std::size_t>(program[index].ref))];
    info.lowest_index = std::min(info.lowest_index, ignored);
  }
  return program.reduce_sum(hot);
}

// The whole number behind `ignore =`, which must be a class or lie below 0.
std::optional<std::int64_t> Elaborator::ignored_class(const dsl::Expr& expr, ir::NodeId target, const Env& env) {
  const std::optional<double> number = constant(expr, env);
  if (!number) return std::nullopt;
  const std::int64_t classes = program[target].extent;
  if (*number == std::floor(*number) && *number >= -2147483648.0 &&
      (*number < 0 || !program[target].index || *number < static_cast<double>(classes)))
    return static_cast<std::int64_t>(*number);
  fail(Kind::bad_ignore, "`ignore` is a class of the target, or a whole number below 0", {{expr.span, ""}},
       {program[target].index ? "classes go from 0 to " + std::to_string(classes - 1) : "for example `ignore = -1`"});
  return std::nullopt;
}

// Notes that the index is read by something that lets it choose: it must not be below 0.
void Elaborator::read_index(ir::NodeId index, dsl::Span place) { index_reads_.try_emplace(index, place); }

// An index below 0 chooses nothing: only losses that ignore it may read it.
void Elaborator::check_ignored_targets() {
  for (const auto& [index, place] : index_reads_) {
    if (program[index].kind != ir::NodeKind::input) continue;
    const ir::InputInfo& info = program.inputs[ir::InputId(static_cast<std::size_t>(program[index].ref))];
    if (info.lowest_index == 0) continue;
    const std::string ignore = "`ignore = " + std::to_string(info.lowest_index) + "`";
    fail(Kind::bad_ignore, "`" + info.name + "` may be below 0 and is read where nothing ignores that",
         {{place, "nothing ignores it here"}, {origins.spans[info.origin], "a loss has " + ignore}},
         {"write " + ignore + " in every `cross_entropy` of it, and read it nowhere else"});
  }
}

Value Elaborator::loss_function(const std::string& name, const dsl::Expr& call, const Env& env) {
  if (call.operands.size() == 2)
    return fail(Kind::missing_loss_target, "`" + name + "` compares with a target, and none is given",
                {{call.span, ""}},
                {"write `" + name + "(" + source(call.operands[1]->span) + ", wanted)` with `target wanted : ...`"});
  const bool ignores = name == "cross_entropy" && call.operands.size() == 4 && is_named(call.operands[3], "ignore");
  if (!ignores && !check_arguments(call, 2, 2)) return Value::poison();
  std::vector<Operand> operands;
  for (std::size_t i = 1; i <= 2; ++i) operands.push_back({evaluate(*call.operands[i], env), call.operands[i].get()});
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
bool Elaborator::contains_reduction(const dsl::Expr& expr, const Env& env) {
  Depth depth(*this, expr.span);
  if (depth.too_deep()) return false;
  if (is_reduction(expr, env)) return true;
  if (expr.kind != dsl::ExprKind::binary && expr.kind != dsl::ExprKind::unary) return false;
  const dsl::Expr* at = &expr;
  for (; at->kind == dsl::ExprKind::binary && at->operands[0] && at->operands[1]; at = at->operands[0].get()) {
    if (at->text != "+" && at->text != "-" && at->text != "*" && at->text != "/") return false;
    if (contains_reduction(*at->operands[1], env)) return true;
  }
  if (at->kind == dsl::ExprKind::unary) return at->operands[0] && contains_reduction(*at->operands[0], env);
  return is_reduction(*at, env);
}

// A value of `domain` (or of a part of it) summed over its entries, the steps that rows have, and the rows.
ir::NodeId Elaborator::summed(ir::NodeId u, ir::Domain domain) {
  u = program.reduce_sum(u);
  if (domain.axis.valid())
    return program.sum_over(program.mul(u, program.ones({true, domain.axis})), true, domain.axis);
  if (!domain.batched) return u;
  return program.sum_over(program[u].domain.batched ? u : program.mul(u, program.ones(domain)), true, false);
}

// Calls f(node) for what `u` is made of at the same step, itself first, and looks into it where f says so.
template <class F>
void Elaborator::for_each_part(ir::NodeId u, F f) const {
  std::set<ir::NodeId> seen;
  std::vector<ir::NodeId> todo{u};
  while (!todo.empty()) {
    const ir::NodeId id = todo.back();
    todo.pop_back();
    if (!seen.insert(id).second || !f(id)) continue;
    const ir::Node& node = program[id];
    if (node.kind != ir::NodeKind::shift && node.kind != ir::NodeKind::at && node.kind != ir::NodeKind::sum_over)
      todo.insert(todo.end(), node.operands.begin(), node.operands.end());
  }
}

// Where a value counts: where one of the losses with ignored targets does that it is made of at the same step, other than
// by a recurrence that takes the loss up and carries it on. Invalid: everywhere.
ir::NodeId Elaborator::counts_in(ir::NodeId u) {
  if (auto it = counts_of_.find(u); it != counts_of_.end()) return it->second;
  bool any = false;
  for_each_part(u, [&](ir::NodeId id) { return !(any = any || counts_of_.contains(id)); });
  if (!any) return {};
  // A circle that passes through the loss itself carries nothing on but what the loss makes of it.
  std::set<ir::NodeId> recurrent;
  const ir::Components circles = ir::components(program.nodes.size(), {u}, [&](ir::NodeId id) {
    std::vector<ir::NodeId> needs;
    if (!counts_of_.contains(id))
      ir::for_each_dependence(program, program[id],
                              [&](ir::NodeId needed, ir::Reach, std::int64_t) { needs.push_back(needed); });
    return needs;
  });
  for (const std::vector<ir::NodeId>& circle : circles.members)
    if (circle.size() > 1) recurrent.insert(circle.begin(), circle.end());
  std::vector<ir::NodeId> found;
  for_each_part(u, [&](ir::NodeId id) {
    const auto it = counts_of_.find(id);
    if (it != counts_of_.end()) found.push_back(it->second);
    return it == counts_of_.end() && !recurrent.contains(id);
  });
  ir::NodeId counts;
  for (ir::NodeId next : found) counts = counts.valid() ? program.map("max", {counts, next}) : next;
  return counts;
}

// A value per step and row as one number: over valid positions and over entries. `weight` may be null.
Value Elaborator::reduced(const dsl::Expr& expr, const Env& env, bool mean, const dsl::Expr* weight) {
  std::vector<Operand> operands{{evaluate(expr, env), &expr}};
  if (weight) operands.push_back({evaluate(*weight, env), weight});
  if (std::optional<Value> stop = blocked(operands, expr)) return *stop;
  ir::NodeId u = operands[0].value.node;
  ir::NodeId weights = counts_in(u);
  if (weights.valid() && !counts_of_.contains(u)) {  // with the loss goes what stands beside it
    u = program.map("where", {weights, u, program.constant(0)});
    operands[0].value = Value::of(u);
  }
  if (weight) {
    const Value product = elementwise("a weighted mean", ir::elementwise_id("mul"), operands, expr, env);
    if (!product.is_node()) return product;
    u = product.node;
    weights = weights.valid() ? program.mul(weights, operands[1].value.node) : operands[1].value.node;
  }
  const ir::Shape shape = program[u].shape;
  const ir::Domain domain = program[u].domain;
  const ir::NodeId sum = summed(u, domain);
  if (!mean) return Value::of(sum);
  if (weights.valid()) {
    const std::int64_t repeats = shape.size() / program[weights].shape.size();
    ir::NodeId total = program.mul(summed(weights, domain), program.constant(static_cast<double>(repeats)));
    ir::NodeId zero = program.constant(0), nothing = program.map("equal", {total, zero});
    ir::NodeId quotient = program.div(sum, program.map("where", {nothing, program.constant(1), total}));
    return Value::of(program.map("where", {nothing, zero, quotient}));
  }
  ir::NodeId positions = program.constant(1);
  if (domain.axis.valid())
    positions = program.map("max", {program.sum_over(program.length(domain.axis), true, false), program.constant(1)});
  else if (domain.batched)
    positions = program.rows();
  const auto entries = static_cast<double>(shape.size());
  return Value::of(program.div(sum, program.mul(positions, program.constant(entries))));
}

bool Elaborator::is_single_number(const Value& value) const {
  if (!value.is_node()) return false;
  const ir::Node& node = program[value.node];
  return !node.index && node.shape.rank() == 0 && node.domain.empty();
}

Value Elaborator::weight(const dsl::Expr& expr, const Env& env) {
  Value value = evaluate(expr, env);
  if (!value.is_node() || is_single_number(value)) return value;
  const ir::Node& node = program[value.node];
  return fail(Kind::bad_loss, "the weight of a loss term must be a single number",
              {{expr.span, !node.domain.empty() ? "differs between rows or steps" : shape_text(value.node)}},
              {"weigh inside: `mean(w * ...)`"});
}

// A term that does not say how it becomes one number: it is the mean. A `mean` inside of it is not what says so.
Value Elaborator::mean_term(const dsl::Expr& expr, const Env& env) {
  const bool sums_axis = calls(expr, "sum", env);
  if (const dsl::Expr* inner = sums_axis ? &expr : find_reduction(expr, env)) {
    const std::string name = inner->operands[0]->text;
    const Value of = evaluate(*inner->operands[1], env);
    if (of.is_node() && !program[of.node].domain.empty())
      fail(Kind::reduction_of_entries,
           "this `" + name +
               "` is of the entries of one step: it is the whole term's mean that is over the steps and rows",
           sums_axis ? Labels{{inner->span, ""}} : Labels{{inner->span, ""}, {expr.span, "the term"}},
           {"say so with `mean(" + source(expr.span) + ")`"});
  }
  return reduced(expr, env, true);
}

// A `sum(...)` or `mean(...)` in an expression that is none itself.
const dsl::Expr* Elaborator::find_reduction(const dsl::Expr& expr, const Env& env) {
  Depth depth(*this, expr.span);
  if (depth.too_deep()) return nullptr;
  for (const dsl::ExprPtr& operand : expr.operands) {
    if (!operand) continue;
    if (is_reduction(*operand, env)) return operand.get();
    if (const dsl::Expr* inner = find_reduction(*operand, env)) return inner;
  }
  return nullptr;
}

Value Elaborator::loss_product(const dsl::Expr& expr, const Env& env) {
  const dsl::Expr &left = *expr.operands[0], &right = *expr.operands[1];
  bool left_reduces = contains_reduction(left, env), right_reduces = contains_reduction(right, env);
  if (left_reduces && right_reduces)
    return fail(Kind::bad_loss, "loss terms can be added and weighted, not multiplied with each other",
                {{expr.operator_span, ""}, {left.span, "one term"}, {right.span, "another"}});
  if (!left_reduces && !right_reduces) {
    // A single number in front of several terms weights each of them.
    if (expr.text == "*" && has_terms(right) && is_single_number(evaluate(left, env))) right_reduces = true;
    else if (has_terms(left) && is_single_number(evaluate(right, env))) left_reduces = true;
    else return mean_term(expr, env);
  }
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
  if (is_reduction(expr, "sum", env)) return reduced(*expr.operands[1], env, false);
  if (is_reduction(expr, "mean", env)) {
    const bool weighted = expr.operands.size() == 3;
    return reduced(*expr.operands[1], env, true, weighted ? expr.operands[2]->operands[0].get() : nullptr);
  }
  if (expr.kind == dsl::ExprKind::unary && expr.text == "-" && expr.operands[0]) {
    Value value = loss(*expr.operands[0], env);
    return value.is_node() ? Value::of(program.neg(value.node)) : value;
  }
  bool whole = expr.kind == dsl::ExprKind::binary && expr.operands[0] && expr.operands[1];
  if (whole && (expr.text == "*" || expr.text == "/")) return loss_product(expr, env);
  if (!whole || (expr.text != "+" && expr.text != "-")) return mean_term(expr, env);
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
