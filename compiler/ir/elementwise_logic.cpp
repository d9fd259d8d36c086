// Comparisons, truth values and choice. A truth value is a number: 0 is false, anything else (NaN too) true.
#include "compiler/ir/elementwise_rows.h"
#include "compiler/ir/program.h"

namespace rnnc::ir {
namespace {

using Value = Arithmetic::Value;
using Operands = std::span<const NodeId>;
using Values = std::span<const Value>;

Value number(Arithmetic& a, Value mask) { return a.select(mask, a.constant(1), a.constant(0)); }
Value is_false(Arithmetic& a, Value x) { return a.equal(x, a.constant(0)); }

// Rows whose value is a truth value.
Elementwise truth(std::string_view name, int arity, std::string_view spelling, std::string_view summary,
                  double (*reference)(const double*), Value (*expansion)(Arithmetic&, Values), int cost) {
  return {.name = name, .spelling = spelling, .arity = arity, .summary = summary, .reference = reference,
          .zero_derivative = true, .expansion = expansion, .kinks = {0}, .cost = cost};
}

std::vector<Elementwise> comparison_rows() {
  return {
      truth("less", 2, "<", "1 where x < y, else 0", [](const double* x) { return x[0] < x[1] ? 1.0 : 0.0; },
            [](Arithmetic& a, Values x) { return number(a, a.less(x[0], x[1])); }, 2),
      truth("less_equal", 2, "<=", "1 where x <= y, else 0", [](const double* x) { return x[0] <= x[1] ? 1.0 : 0.0; },
            [](Arithmetic& a, Values x) { return number(a, a.less_equal(x[0], x[1])); }, 2),
      truth("greater", 2, ">", "1 where x > y, else 0", [](const double* x) { return x[0] > x[1] ? 1.0 : 0.0; },
            [](Arithmetic& a, Values x) { return number(a, a.less(x[1], x[0])); }, 2),
      truth("greater_equal", 2, ">=", "1 where x >= y, else 0",
            [](const double* x) { return x[0] >= x[1] ? 1.0 : 0.0; },
            [](Arithmetic& a, Values x) { return number(a, a.less_equal(x[1], x[0])); }, 2),
      truth("equal", 2, "==", "1 where x == y, else 0", [](const double* x) { return x[0] == x[1] ? 1.0 : 0.0; },
            [](Arithmetic& a, Values x) { return number(a, a.equal(x[0], x[1])); }, 2),
      truth("not_equal", 2, "!=", "1 where x != y, else 0", [](const double* x) { return x[0] != x[1] ? 1.0 : 0.0; },
            [](Arithmetic& a, Values x) { return a.select(a.equal(x[0], x[1]), a.constant(0), a.constant(1)); }, 2),
  };
}

std::vector<Elementwise> truth_rows() {
  return {
      truth("and", 2, "and", "1 where both are true, else 0",
            [](const double* x) { return x[0] != 0 && x[1] != 0 ? 1.0 : 0.0; },
            [](Arithmetic& a, Values x) {
              return a.select(a.mask_or(is_false(a, x[0]), is_false(a, x[1])), a.constant(0), a.constant(1));
            }, 4),
      truth("or", 2, "or", "1 where one is true, else 0",
            [](const double* x) { return x[0] != 0 || x[1] != 0 ? 1.0 : 0.0; },
            [](Arithmetic& a, Values x) {
              return a.select(a.mask_and(is_false(a, x[0]), is_false(a, x[1])), a.constant(0), a.constant(1));
            }, 4),
      truth("not", 1, "not", "1 where x is false, else 0", [](const double* x) { return x[0] == 0 ? 1.0 : 0.0; },
            [](Arithmetic& a, Values x) { return number(a, is_false(a, x[0])); }, 2),
      {.name = "where", .arity = 3,
       .summary = "where(c, a, b): a where c is true, else b; no derivative in c; that of the branch not taken is "
                  "multiplied by 0, so it must be finite",
       .reference = [](const double* x) { return x[0] != 0 ? x[1] : x[2]; },
       .derivative = [](Program& p, Operands x, NodeId, int i) {
         if (i == 0) return p.constant(0);
         return p.map("where", {x[0], p.constant(i == 1 ? 1 : 0), p.constant(i == 1 ? 0 : 1)});
       },
       .expansion = [](Arithmetic& a, Values x) { return a.select(is_false(a, x[0]), x[2], x[1]); },
       .kinks = {0}, .cost = 2},
  };
}

}  // namespace

std::vector<Elementwise> logic_rows() {
  std::vector<Elementwise> rows = comparison_rows();
  for (Elementwise& row : truth_rows()) rows.push_back(std::move(row));
  return rows;
}

}  // namespace rnnc::ir
