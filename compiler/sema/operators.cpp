// Infix operators: shapes are checked here, with both operands shown, before the Program's constructors see them.
#include "compiler/sema/elaborator.h"

namespace rnnc::sema {
namespace {

using Kind = dsl::DiagnosticKind;

std::optional<ir::ElementwiseId> infix(std::string_view spelling) {
  for (const ir::Elementwise& row : ir::elementwise_table())
    if (row.spelling == spelling && row.arity == 2) return ir::elementwise_id(row.name);
  return std::nullopt;
}

bool is_turned(const std::string& matrix) { return matrix.ends_with("'"); }
std::string turned(const std::string& matrix) {
  return is_turned(matrix) ? matrix.substr(0, matrix.size() - 1) : matrix + "'";
}
std::string transpose_fits(const std::string& matrix, const std::string& product) {
  return is_turned(matrix) ? "without the transpose it fits: `" + product + "`"
                           : "`" + turned(matrix) + "`, the transpose, fits: `" + product + "`";
}

}  // namespace

bool Elaborator::numeric(const Operand& operand, const std::string& what) {
  if (!operand.value.is_node() || !program[operand.value.node].index) return true;
  std::string name = source(operand.expr->span);
  fail(Kind::index_in_arithmetic, "an index is used as a number in " + what,
       {{operand.expr->span, shape_text(operand.value.node)}},
       {"look it up in a table: `E[" + name + "]`, or use `one_hot(" + name + ")`"});
  return false;
}

bool Elaborator::axes_join(std::span<const Operand> operands, const dsl::Expr& at) {
  const Operand* first = nullptr;
  for (const Operand& operand : operands) {
    ir::AxisId axis = program[operand.value.node].domain.axis;
    if (!axis.valid()) continue;
    if (!first) first = &operand;
    ir::AxisId other = program[first->value.node].domain.axis;
    if (axis == other) continue;
    Labels labels{{operand.expr->span, "over `" + program.axes[axis].name + "`"},
                  {first->expr->span, "over `" + program.axes[other].name + "`"}};
    if (operand.expr == &at) labels = {{at.span, ""}};
    fail(Kind::sequence_axis_mismatch, "two sequences of different length meet", labels,
         {"take one step or a mean of one of them: `last(" + source(first->expr->span) + ")`, `mean_over_time(" +
          source(first->expr->span) + ")`"});
    return false;
  }
  return true;
}

std::optional<Value> Elaborator::blocked(std::span<const Operand> operands, const dsl::Expr& at) {
  bool unknown = false, bad = false;
  for (const Operand& operand : operands) {
    if (operand.value.is_poison()) return Value::poison();
    unknown = unknown || operand.value.is_unknown();
  }
  for (const Operand& operand : operands) bad = !numeric(operand, "`" + source(at.span) + "`") || bad;
  if (bad) return Value::poison();
  if (unknown) return Value::unknown();
  if (!axes_join(operands, at)) return Value::poison();
  return std::nullopt;
}

// Operands of one shape, or single numbers. What an unknown operand would give is guessed from the others: the run is
// thrown away anyway.
Value Elaborator::elementwise(const std::string& what, ir::ElementwiseId function, std::span<const Operand> operands,
                              const dsl::Expr& at, const Env& env) {
  const Operand* shaped = nullptr;
  const Operand* known = nullptr;
  std::vector<ir::NodeId> nodes;
  std::optional<Value> stop = blocked(operands, at);
  if (stop && stop->is_poison()) return *stop;
  for (const Operand& operand : operands) {
    if (!operand.value.is_node()) continue;
    known = known ? known : &operand;
    nodes.push_back(operand.value.node);
    const ir::Shape& shape = program[operand.value.node].shape;
    if (shape.rank() == 0) continue;
    if (!shaped) shaped = &operand;
    const ir::Shape& other = program[shaped->value.node].shape;
    if (shape == other) continue;
    Texts help;
    if (shape.rank() == 2 && other.rank() == 2 && shape[0] == other[1] && shape[1] == other[0])
      help.push_back("`" + source(operand.expr->span) + "'`, the transpose, has that shape");
    if (shape.rank() != other.rank() && (shape.rank() == 2 || other.rank() == 2) && what == "`*`")
      help.push_back("`@` is the matrix product, `*` is elementwise");
    explain(help, *shaped->expr, env);
    explain(help, *operand.expr, env);
    return fail(Kind::shape_mismatch,
                "shapes `" + other.to_string() + "` and `" + shape.to_string() + "` do not agree in " + what,
                {{operand.expr->span, shape.to_string()}, {shaped->expr->span, other.to_string()}}, help);
  }
  if (stop) return shaped ? shaped->value : known && attempt_.guesses ? known->value : Value::unknown();
  return Value::of(program.map(function, std::move(nodes)));
}

Value Elaborator::binary(const dsl::Expr& expr, const Operand& a, const Operand& b, const Env& env) {
  if (expr.text == "@") return product(expr, a, b, env);
  std::optional<ir::ElementwiseId> function = infix(expr.text);
  if (!function) return fail(Kind::unknown_function, "`" + expr.text + "` is no operator", {{expr.operator_span, ""}});
  const Operand operands[] = {a, b};
  // A square costs one product, a general power a logarithm and an exponential.
  if (expr.text == "^" && a.value.is_node() && b.value.is_node()) {
    const ir::Node& exponent = program[b.value.node];
    if (exponent.kind == ir::NodeKind::constant && exponent.value == 2) {
      const Operand twice[] = {a, a};
      return elementwise("`^`", ir::elementwise_id("mul"), twice, expr, env);
    }
  }
  return elementwise("`" + expr.text + "`", *function, operands, expr, env);
}

// W @ x, A @ B, x @ W (a row times a matrix: transpose(W) @ x), x @ y (their dot product).
Value Elaborator::product(const dsl::Expr& expr, const Operand& a, const Operand& b, const Env& env) {
  const Operand operands[] = {a, b};
  if (std::optional<Value> stop = blocked(operands, expr)) {
    if (stop->is_poison()) return *stop;
    if (a.value.is_node() && program[a.value.node].shape.rank() == 2)
      return Value::of(program.reduce_sum(a.value.node, 1));
    if (b.value.is_node() && program[b.value.node].shape.rank() == 2)
      return Value::of(program.reduce_sum(b.value.node, 0));
    return *stop;
  }
  ir::NodeId x = a.value.node, y = b.value.node;
  const ir::Shape left = program[x].shape, right = program[y].shape;
  if (left.rank() < 1 || left.rank() > 2 || right.rank() < 1 || right.rank() > 2)
    return product_mismatch(expr, a, b, env);
  if (left[left.rank() - 1] != right[0]) return product_mismatch(expr, a, b, env);
  if (left.rank() == 2) return Value::of(program.matmul(x, y));
  if (right.rank() == 2) return Value::of(program.matmul(program.transpose(y), x));
  return Value::of(program.reduce_sum(program.mul(x, y)));
}

Value Elaborator::product_mismatch(const dsl::Expr& expr, const Operand& a, const Operand& b, const Env& env) {
  const ir::Shape left = program[a.value.node].shape, right = program[b.value.node].shape;
  std::string x = source(a.expr->span), y = source(b.expr->span);
  Texts help;
  if (left.rank() == 0 || right.rank() == 0) {
    help.push_back("`*` multiplies by a single number");
  } else if (left.rank() <= 2 && right.rank() <= 2) {
    std::int64_t inner = left[left.rank() - 1];
    if (left.rank() == 2 && left[0] == right[0]) help.push_back(transpose_fits(x, turned(x) + " @ " + y));
    if (right.rank() == 2 && inner == right[1] && (x != y || help.empty()))
      help.push_back(transpose_fits(y, x + " @ " + turned(y)));
    if (left.rank() == 2 && right.rank() == 2 && right[1] == left[0] && x != y)
      help.push_back("the other way round fits: `" + y + " @ " + x + "`");
    if (left == right) help.push_back("`*` is the elementwise product");
    if (left.rank() == 1 && right.rank() == 1 && left != right)
      help.push_back("`outer(" + x + ", " + y + ")` takes two vectors of any length");
  } else {
    help.push_back("`@` takes matrices and vectors");
  }
  explain(help, *a.expr, env);
  explain(help, *b.expr, env);
  bool number = left.rank() == 0 || right.rank() == 0;
  return fail(Kind::matrix_product_shapes,
              number ? "`@` takes matrices and vectors, not a single number"
                     : "shapes `" + left.to_string() + "` and `" + right.to_string() + "` do not agree in `@`",
              {{expr.operator_span.known() ? expr.operator_span : expr.span, ""},
               {a.expr->span, shape_text(a.value.node)},
               {b.expr->span, shape_text(b.value.node)}},
              help);
}

Value Elaborator::transposed(const Operand& operand, const dsl::Expr& at, const Env& env) {
  (void)env;
  if (std::optional<Value> stop = blocked({&operand, 1}, at)) return *stop;
  const ir::Shape& shape = program[operand.value.node].shape;
  if (shape.rank() == 2) return Value::of(program.transpose(operand.value.node));
  return fail(Kind::wrong_rank, "only a matrix can be transposed",
              {{operand.expr->span, shape_text(operand.value.node)}},
              shape.rank() == 1 ? Texts{"a vector left of `@` is a row already: `x @ W`"} : Texts{});
}

}  // namespace rnnc::sema
