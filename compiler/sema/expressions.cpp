// From an expression to a node: the walk over the AST. What operators and functions mean stands in files of their own.
#include <algorithm>

#include "compiler/sema/elaborator.h"

namespace rnnc::sema {
namespace {

using Kind = dsl::DiagnosticKind;

}  // namespace

Value Elaborator::evaluate(const dsl::Expr& expr, const Env& env) {
  Depth depth(*this, expr.span);
  if (depth.too_deep()) return Value::poison();
  for (const dsl::ExprPtr& operand : expr.operands)
    if (!operand && expr.kind != dsl::ExprKind::range) return Value::poison();
  switch (expr.kind) {
    case dsl::ExprKind::number: return Value::of(program.constant(expr.number));
    case dsl::ExprKind::name:
    case dsl::ExprKind::member: return evaluate_reference(expr, env);
    case dsl::ExprKind::index: return evaluate_index(expr, env);
    case dsl::ExprKind::call: return evaluate_call(expr, env);
    case dsl::ExprKind::binary: return evaluate_binary(expr, env);
    case dsl::ExprKind::list: return evaluate_list(expr, env);
    case dsl::ExprKind::unary: {
      Operand operand{evaluate(*expr.operands[0], env), expr.operands[0].get()};
      std::optional<ir::ElementwiseId> function = ir::find_elementwise(expr.text == "-" ? "neg" : expr.text);
      if (!function)
        return fail(Kind::unknown_function, "`" + expr.text + "` is no operator", {{expr.operator_span, ""}});
      return elementwise("`" + expr.text + "`", *function, {&operand, 1}, expr, env);
    }
    case dsl::ExprKind::transpose: {
      Operand operand{evaluate(*expr.operands[0], env), expr.operands[0].get()};
      return transposed(operand, expr, env);
    }
    case dsl::ExprKind::reverse: {
      bool reversed = false;
      const FileEntry* cell = nullptr;
      if (!cell_call(expr, env, reversed, cell))
        return fail(Kind::bad_reverse, "`reverse` turns the time of a cell call round", {{expr.span, "this is none"}},
                    {"write `name = reverse CELL(...)(...)`"});
      return fail(Kind::not_a_value, "a cell call must be an equation of its own", {{expr.span, ""}},
                  {"write `name = " + source(expr.span) + "` and use `name` here"});
    }
    case dsl::ExprKind::range:
      return fail(Kind::bad_subscript, "a range can only stand in a subscript", {{expr.span, ""}});
    case dsl::ExprKind::named:
      return fail(Kind::unknown_argument, "a named argument is not possible here", {{expr.span, ""}});
    case dsl::ExprKind::error: return Value::poison();
  }
  return Value::poison();
}

Value Elaborator::evaluate_reference(const dsl::Expr& expr, const Env& env) {
  return evaluate_found(find(expr, env), expr, env);
}

Value Elaborator::evaluate_found(const Found& found, const dsl::Expr& expr, const Env& env) {
  switch (found.kind) {
    case Found::Kind::nothing:
    case Found::Kind::poison: return Value::poison();
    case Found::Kind::unknown: return Value::unknown();
    case Found::Kind::number: return bound(found.number, found.value);
    case Found::Kind::value: return found.value;
    case Found::Kind::symbol: return value_of(*found.symbol, expr.span);
    case Found::Kind::time: {
      if (env.home->reversed)
        return fail(Kind::bad_time_index, "`t` has no value where time is reversed", {{expr.span, ""}},
                    {"pass it to the cell as an input"});
      if (!single_axis_ && !env.home->axis.valid())
        return fail(Kind::sequence_axis_mismatch, "the model has several sequence axes: `t` does not say along which",
                    {{expr.span, ""}}, {"inside a cell, `t` is the step of what the cell runs along"});
      return Value::of(program.time(axis_of(*env.home, expr.span)));
    }
    case Found::Kind::entry: break;
  }
  const FileEntry& entry = *found.entry;
  if (entry.constant) return evaluate_constant(entry, env, expr.span);
  const std::string& name = entry.name().text;
  if (entry.function)
    return fail(Kind::not_a_value, "`" + name + "` is a function",
                {{expr.span, "used as a value"}, {entry.name().span, "declared here"}},
                {"call it: `" + name + "(...)`"});
  return fail(Kind::not_a_value, "`" + name + "` is a " + (entry.unit->is_model ? "model" : "cell"),
              {{expr.span, "used as a value"}, {entry.name().span, "declared here"}});
}

Value Elaborator::defined_by_itself(const dsl::ConstantDecl& constant, dsl::Span use) {
  return fail(Kind::recursive_definition, "constant `" + constant.name.text + "` is defined by itself",
              {{constant.name.span, ""}, {use, "used here"}});
}

Value Elaborator::evaluate_constant(const FileEntry& entry, const Env& env, dsl::Span use) {
  for (const Expansion* outer = env.expansion; outer; outer = outer->outer)
    if (outer->declaration == entry.constant)
      return defined_by_itself(*entry.constant, use);
  if (!entry.constant->value) return Value::poison();
  if (auto it = constants_.find(entry.constant); it != constants_.end()) return it->second;
  expansions_.push_back({entry.constant, env.expansion});
  Env inside{entry.file, nullptr, env.home, nullptr, &expansions_.back()};
  Value value = evaluate(*entry.constant->value, inside);
  if (value.is_node() && !program[value.node].domain.empty())
    value = fail(Kind::not_constant, "constant `" + entry.constant->name.text + "` is not the same at every step",
                 {{entry.constant->value->span, ""}});
  return constants_[entry.constant] = value;
}

// Operators in a row lean left: the chain is walked down and folded up without recursion.
Value Elaborator::evaluate_binary(const dsl::Expr& expr, const Env& env) {
  std::vector<const dsl::Expr*> spine;
  const dsl::Expr* at = &expr;
  for (; at->kind == dsl::ExprKind::binary && at->operands[0] && at->operands[1]; at = at->operands[0].get())
    spine.push_back(at);
  Value value = evaluate(*at, env);
  for (; !spine.empty(); spine.pop_back()) {
    const dsl::Expr& step = *spine.back();
    Operand left{value, step.operands[0].get()};
    Operand right{evaluate(*step.operands[1], env), step.operands[1].get()};
    value = binary(step, left, right, env);
  }
  return value;
}

// [a, b]: numbers and vectors end to end, matrices of equal width below each other.
Value Elaborator::evaluate_list(const dsl::Expr& expr, const Env& env) {
  std::vector<Operand> operands;
  for (const dsl::ExprPtr& operand : expr.operands) operands.push_back({evaluate(*operand, env), operand.get()});
  if (operands.empty()) return Value::poison();
  if (std::optional<Value> stop = blocked(operands, expr)) return *stop;
  std::vector<ir::NodeId> parts;
  for (const Operand& operand : operands) {
    ir::NodeId node = operand.value.node;
    const ir::Shape shape = program[node].shape, first = program[operands[0].value.node].shape;
    if (shape.rank() > 2)
      return fail(Kind::wrong_rank, "`[...]` joins numbers, vectors and matrices",
                  {{operand.expr->span, shape_text(node)}});
    bool mixed = (shape.rank() == 2) != (first.rank() == 2);
    if (mixed || (shape.rank() == 2 && shape[1] != first[1])) {
      Texts help;
      explain(help, *operands[0].expr, env);
      explain(help, *operand.expr, env);
      return fail(
          Kind::shape_mismatch,
          mixed ? "`[...]` joins vectors, or matrices, not both" : "matrices below each other must be equally wide",
          {{operand.expr->span, shape_text(node)}, {operands[0].expr->span, shape_text(operands[0].value.node)}}, help);
    }
    parts.push_back(shape.rank() == 0 ? program.reshape(node, ir::Shape{1}) : node);
  }
  return Value::of(program.concat(parts, 0));
}

Value Elaborator::evaluate_index(const dsl::Expr& expr, const Env& env) {
  const dsl::Expr& base = *expr.operands[0];
  Found found = find_array_member(expr, env, true);
  if (found.kind != Found::Kind::nothing) return evaluate_found(found, expr, env);
  if (expr.operands.size() == 2 && mentions_time(*expr.operands[1], env)) {
    std::optional<std::int64_t> lag = time_offset(*expr.operands[1], env);
    if (!lag) return Value::poison();
    return at_step(base, *lag, env, expr.span);
  }
  Operand operand{evaluate(base, env), &base};
  return subscripts(expr, operand, env);
}

}  // namespace rnnc::sema
