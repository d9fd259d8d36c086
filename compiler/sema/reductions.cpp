// Functions over the entries of a value: sums, softmax, dot products, other shapes.
#include "compiler/sema/elaborator.h"

namespace rnnc::sema {
namespace {

using Kind = dsl::DiagnosticKind;

}  // namespace

std::optional<int> Elaborator::axis_argument(const dsl::Expr& call, const Env& env, int rank) {
  if (call.operands.size() < 3) return -1;
  const dsl::Expr* argument = call.operands[2].get();
  if (argument->kind == dsl::ExprKind::named) {
    if (argument->text != "axis") {
      fail(Kind::unknown_argument, "`" + source(call.operands[0]->span) + "` has no argument `" + argument->text + "`",
           {{argument->span, ""}}, {"the dimension to work along is given as `axis = 0`, and in a loss the weights of a mean as `weight = w`"});
      return std::nullopt;
    }
    argument = argument->operands[0].get();
  }
  if (!argument) return std::nullopt;
  std::optional<std::int64_t> axis = dimension(*argument, env, false);
  if (!axis) {
    fail(Kind::bad_axis, "the second argument of `" + source(call.operands[0]->span) + "` is the axis to work along",
         {{argument->span, "no whole number"}}, {"for example `axis = 0`"});
    return std::nullopt;
  }
  if (*axis >= 0 && *axis < rank) return static_cast<int>(*axis);
  fail(Kind::bad_axis, "there is no axis " + std::to_string(*axis),
       {{argument->span, rank == 0 ? "a single number has no axes" : "axes go from 0 to " + std::to_string(rank - 1)}});
  return std::nullopt;
}

ir::NodeId Elaborator::repeated_along(ir::NodeId reduced, ir::NodeId like, int dim) {
  const ir::Shape shape = program[like].shape;
  if (program[reduced].shape.rank() == 0) return reduced;  // a single number repeats by itself
  return program.broadcast_dim(reduced, dim, shape[dim]);
}

namespace {

// The call has one value argument and at most an axis.
bool has_form(const dsl::Expr& call) {
  return call.operands.size() >= 2 && call.operands.size() <= 3 && call.operands[1]->kind != dsl::ExprKind::named;
}

}  // namespace

Value Elaborator::reduction(const std::string& name, const dsl::Expr& call, const Env& env) {
  if (!has_form(call) && !check_arguments(call, 1, 1)) return Value::poison();
  Operand operand{evaluate(*call.operands[1], env), call.operands[1].get()};
  if (std::optional<Value> stop = blocked({&operand, 1}, call))
    return stop->is_poison() ? *stop : Value::of(program.constant(0));
  ir::NodeId u = operand.value.node;
  const ir::Shape shape = program[u].shape;
  std::optional<int> dim = axis_argument(call, env, shape.rank());
  if (!dim) return Value::poison();
  if (name == "max") return Value::of(program.reduce_max(u, *dim));
  if (name == "min") return Value::of(program.neg(program.reduce_max(program.neg(u), *dim)));
  if (name == "norm") return Value::of(norm(u, *dim));
  ir::NodeId sum = program.reduce_sum(u, *dim);
  if (name == "sum") return Value::of(sum);
  std::int64_t count = *dim == -1 ? shape.size() : shape[*dim];
  return Value::of(program.div(sum, program.constant(static_cast<double>(count))));
}

// The root of the sum of squares. At 0, where it has a kink, its derivative is 0: the root's own would be infinite.
ir::NodeId Elaborator::norm(ir::NodeId u, int dim) {
  ir::NodeId sum = program.reduce_sum(program.mul(u, u), dim), zero = program.constant(0);
  ir::NodeId none = program.map("equal", {sum, zero});
  ir::NodeId root = program.map("sqrt", {program.map("where", {none, program.constant(1), sum})});
  return program.map("where", {none, zero, root});
}

// log(sum(exp(u))) along a dimension, with the maximum taken out. The maximum cancels in the derivative.
ir::NodeId Elaborator::log_sum_exp(ir::NodeId u, int dim) {
  ir::NodeId maximum = program.stop_gradient(program.reduce_max(u, dim));
  ir::NodeId shifted = program.sub(u, repeated_along(maximum, u, dim));
  ir::NodeId sum = program.reduce_sum(program.map("exp", {shifted}), dim);
  return program.add(program.map("log", {sum}), maximum);
}

Value Elaborator::softmax_like(const std::string& name, const dsl::Expr& call, const Env& env) {
  if (!has_form(call) && !check_arguments(call, 1, 1)) return Value::poison();
  Operand operand{evaluate(*call.operands[1], env), call.operands[1].get()};
  if (std::optional<Value> stop = blocked({&operand, 1}, call))
    return stop->is_poison() || name != "logsumexp" ? *stop : Value::of(program.constant(0));
  ir::NodeId u = operand.value.node;
  int rank = program[u].shape.rank();
  std::optional<int> dim = axis_argument(call, env, rank);
  if (!dim) return Value::poison();
  if (*dim == -1 && rank != 1)
    return fail(Kind::wrong_rank, "`" + name + "` of a value that is no vector", {{operand.expr->span, shape_text(u)}},
                rank > 1 ? Texts{"say along which axis: `" + name + "(" + source(operand.expr->span) + ", axis = 0)`"}
                         : Texts{});
  if (*dim == -1) dim = 0;
  if (name == "logsumexp") return Value::of(log_sum_exp(u, *dim));
  if (name == "log_softmax") return Value::of(program.sub(u, repeated_along(log_sum_exp(u, *dim), u, *dim)));
  ir::NodeId maximum = program.stop_gradient(program.reduce_max(u, *dim));
  ir::NodeId exponential = program.map("exp", {program.sub(u, repeated_along(maximum, u, *dim))});
  return Value::of(program.div(exponential, repeated_along(program.reduce_sum(exponential, *dim), u, *dim)));
}

bool Elaborator::is_vector(const Operand& operand, const std::string& what) {
  if (program[operand.value.node].shape.rank() == 1) return true;
  fail(Kind::wrong_rank, "`" + what + "` takes vectors", {{operand.expr->span, shape_text(operand.value.node)}});
  return false;
}

Value Elaborator::vector_function(const std::string& name, const dsl::Expr& call, const Env& env) {
  std::size_t count = name == "outer" || name == "dot" ? 2 : 1;
  if (!check_arguments(call, count, count)) return Value::poison();
  std::vector<Operand> operands = arguments(call, env);
  if (name == "transpose") return transposed(operands[0], call, env);
  if (std::optional<Value> stop = blocked(operands, call)) return *stop;
  ir::NodeId u = operands[0].value.node;
  if (name == "stop_gradient") return Value::of(program.stop_gradient(u));
  for (const Operand& operand : operands)
    if (!is_vector(operand, name)) return Value::poison();
  if (name == "cumsum") return Value::of(program.cumulative_sum(u));
  ir::NodeId v = operands[1].value.node;
  if (name == "outer") return Value::of(program.outer(u, v));
  if (program[u].shape != program[v].shape) {
    Texts help;
    explain(help, *operands[0].expr, env);
    explain(help, *operands[1].expr, env);
    return fail(Kind::shape_mismatch, "`dot` takes vectors of one length",
                {{operands[1].expr->span, shape_text(v)}, {operands[0].expr->span, shape_text(u)}}, help);
  }
  return Value::of(program.reduce_sum(program.mul(u, v)));
}

std::optional<ir::Shape> Elaborator::shape_arguments(const dsl::Expr& call, std::size_t first, const Env& env) {
  constexpr std::int64_t largest_array = std::int64_t{1} << 31;
  std::vector<std::int64_t> extents;
  std::int64_t size = 1;
  for (std::size_t i = first; i < call.operands.size(); ++i) {
    std::optional<std::int64_t> value = extent(*call.operands[i], env);
    if (!value) return std::nullopt;
    extents.push_back(*value);
    if (__builtin_mul_overflow(size, *value, &size) || size > largest_array) {
      fail(Kind::dimension_overflow, "`" + source(call.span) + "` would have more than 2^31 entries", {{call.span, ""}});
      return std::nullopt;
    }
  }
  return ir::Shape{std::span<const std::int64_t>(extents)};
}

// ones(n), ones(m, n), …
Value Elaborator::ones(const dsl::Expr& call, const Env& env) {
  if (!check_arguments(call, 1, 3)) return Value::poison();
  std::optional<ir::Shape> shape = shape_arguments(call, 1, env);
  return shape ? Value::of(program.broadcast_scalar(program.constant(1), *shape)) : Value::poison();
}

// reshape(u, m, n): the same entries, row by row.
Value Elaborator::reshaped(const dsl::Expr& call, const Env& env) {
  if (!check_arguments(call, 2, 4)) return Value::poison();
  Operand operand{evaluate(*call.operands[1], env), call.operands[1].get()};
  std::optional<ir::Shape> to = shape_arguments(call, 2, env);
  if (!to) return Value::poison();
  if (std::optional<Value> stop = blocked({&operand, 1}, call)) return *stop;
  const ir::Shape& from = program[operand.value.node].shape;
  if (from.size() == to->size()) return Value::of(program.reshape(operand.value.node, *to));
  Texts help;
  for (std::size_t i = 2; i < call.operands.size(); ++i) explain_dimensions(help, *call.operands[i], env);
  explain(help, *operand.expr, env);
  return fail(
      Kind::shape_mismatch,
      "`reshape` must keep the number of entries: " + std::to_string(from.size()) + " are not " + std::to_string(to->size()),
      {{operand.expr->span, shape_text(operand.value.node)},
       {dsl::cover(call.operands[2]->span, call.operands.back()->span), to->to_string()}},
      help);
}

}  // namespace rnnc::sema
