// v[0], v[0:H], W[0:H, :], E[token].
#include "compiler/sema/elaborator.h"

namespace rnnc::sema {
namespace {

using Kind = dsl::DiagnosticKind;

}  // namespace

// One subscript of dimension `dim`; `removed` says that it chose one position, so that the dimension is gone.
Value Elaborator::select(ir::NodeId base, int dim, const dsl::Expr& subscript, const Env& env, bool& removed) {
  std::int64_t size = program[base].shape[dim];
  removed = subscript.kind != dsl::ExprKind::range;
  std::int64_t begin = 0, end = size;
  if (removed) {
    std::optional<std::int64_t> at = dimension(subscript, env);
    if (!at) return Value::poison();
    begin = *at;
    end = begin < INT64_MAX ? begin + 1 : begin;
  } else {
    for (std::size_t i = 0; i < subscript.operands.size() && i < 2; ++i) {
      if (!subscript.operands[i]) continue;
      std::optional<std::int64_t> bound = dimension(*subscript.operands[i], env);
      if (!bound) return Value::poison();
      (i == 0 ? begin : end) = *bound;
    }
  }
  if (begin >= 0 && end <= size && begin < end) return Value::of(program.slice(base, dim, begin, end - begin));
  Texts help;
  if (removed) {
    explain_dimensions(help, subscript, env);
  } else {
    for (const dsl::ExprPtr& bound : subscript.operands)
      if (bound) explain_dimensions(help, *bound, env);
  }
  if (begin < 0) help.push_back("positions count from the front: the last one is " + std::to_string(size - 1));
  if (!removed && begin >= 0 && begin < end)
    help.push_back("a range ends before its second number: `0:" + std::to_string(size) + "` is the whole");
  std::string chosen = removed ? std::to_string(begin) : std::to_string(begin) + ":" + std::to_string(end);
  std::string message = begin >= end && !removed
                            ? "the range `" + chosen + "` is empty"
                            : "`" + chosen + "` lies outside: positions go from 0 to " + std::to_string(size - 1);
  return fail(Kind::index_out_of_range, message, {{subscript.span, "of " + std::to_string(size) + " positions"}}, help);
}

// Of several subscripts all are positions or ranges.
bool Elaborator::can_stand_together(const dsl::Expr& expr, const Env& env) {
  for (std::size_t i = 1; i < expr.operands.size() && expr.operands.size() > 2; ++i) {
    const dsl::Expr& one = *expr.operands[i];
    const std::string base = source(expr.operands[0]->span), text = source(one.span);
    std::string others;
    for (std::size_t k = 1; k < expr.operands.size(); ++k)
      if (k != i) others += (others.empty() ? "" : ", ") + source(expr.operands[k]->span);
    const bool time = mentions_time(one, env);
    if (!time && (one.kind == dsl::ExprKind::range || dimension(one, env, false))) continue;
    if (!time && evaluate(one, env).is_poison()) return false;
    fail(Kind::bad_subscript,
         (time ? "a step" : "`" + text + "`") + std::string(" and positions are subscripts of their own"),
         {{one.span, ""}}, {"write `" + base + "[" + text + "][" + others + "]`"});
    return false;
  }
  return true;
}

Value Elaborator::subscripts(const dsl::Expr& expr, const Operand& base, const Env& env) {
  std::size_t count = expr.operands.size() - 1;
  const dsl::Expr& first = *expr.operands[1];
  if (count == 1 && first.kind != dsl::ExprKind::range && !dimension(first, env, false)) {
    Operand index{evaluate(first, env), &first};
    return lookup(expr, base, index, env);
  }
  if (!can_stand_together(expr, env)) return Value::poison();
  if (!base.value.is_node()) return base.value;
  if (!numeric(base, "a subscript")) return Value::poison();
  ir::NodeId node = base.value.node;
  if (static_cast<int>(count) > program[node].shape.rank()) {
    Texts help;
    explain(help, *base.expr, env);
    return fail(Kind::bad_subscript,
                program[node].shape.rank() == 0 ? "a single number has no positions"
                                                : "more subscripts than the value has axes",
                {{first.span, ""}, {base.expr->span, shape_text(node)}}, help);
  }
  std::vector<std::int64_t> kept;
  for (std::size_t i = 0; i < count; ++i) {
    bool removed = false;
    Value part = select(node, static_cast<int>(i), *expr.operands[i + 1], env, removed);
    if (!part.is_node()) return part;
    node = part.node;
    if (!removed) kept.push_back(program[node].shape[static_cast<int>(i)]);
  }
  for (int dim = static_cast<int>(count); dim < program[node].shape.rank(); ++dim)
    kept.push_back(program[node].shape[dim]);
  return Value::of(program.reshape(node, ir::Shape(std::span<const std::int64_t>(kept))));
}

// The row of a table, or the entry of a vector, that an index chooses.
Value Elaborator::lookup(const dsl::Expr& expr, const Operand& table, const Operand& index, const Env& env) {
  if (table.value.is_poison() || index.value.is_poison()) return Value::poison();
  if (index.value.is_node() && !program[index.value.node].index)
    return fail(Kind::not_an_index, "`" + source(index.expr->span) + "` is not an index",
                {{index.expr->span, shape_text(index.value.node)}},
                {"a subscript is `t-k`, a whole number, a range `a:b`, or an input declared `index(N)`"});
  if (table.value.is_unknown() || index.value.is_unknown()) return Value::unknown();
  if (!numeric(table, "a lookup")) return Value::poison();
  const Operand both[] = {table, index};
  if (!axes_join(both, expr)) return Value::poison();
  const ir::Shape& shape = program[table.value.node].shape;
  std::int64_t count = program[index.value.node].extent;
  if (shape.rank() == 0 || shape[0] != count) {
    Texts help;
    explain(help, *table.expr, env);
    explain(help, *index.expr, env);
    return fail(
        Kind::index_size_mismatch,
        shape.rank() == 0
            ? "a single number has no rows to look up"
            : "an index of " + std::to_string(count) + " values into a table of " + std::to_string(shape[0]) + " rows",
        {{index.expr->span, shape_text(index.value.node)}, {table.expr->span, shape_text(table.value.node)}}, help);
  }
  read_index(index.value.node, index.expr->span);
  return Value::of(program.gather(table.value.node, index.value.node));
}

}  // namespace rnnc::sema
