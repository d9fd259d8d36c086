// Every row of the table: its derivatives, its expansion in f32 and f64, its special values, its definition.
#include "compiler/ir/elementwise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "compiler/base/bug.h"
#include "compiler/ir/interpreter.h"
#include "compiler/ir/program.h"
#include "tests/accuracy/trace.h"

namespace rnnc::ir {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// A row applied to parameters that each hold `samples` numbers.
struct Applied {
  Program program;
  std::vector<NodeId> x;
  NodeId y;

  Applied(const Elementwise& row, std::size_t samples) {
    for (int i = 0; i < row.arity; ++i) {
      const Shape shape{std::int64_t(samples)};
      x.push_back(program.parameter(program.parameters.add({.name = "x" + std::to_string(i), .shape = shape})));
    }
    y = program.map(row.name, x);
  }

  // d node / d x[i] by the chain rule over elementwise nodes, which is all that definitions are made of.
  NodeId derivative(NodeId node, int i) {
    if (node == x[std::size_t(i)]) return program.constant(1);
    const Node n = program[node];
    if (n.kind == NodeKind::broadcast) return derivative(n.operands[0], i);
    if (n.kind != NodeKind::map) return program.constant(0);
    const Elementwise& row = elementwise(n.function);
    NodeId sum = program.constant(0);
    if (row.zero_derivative) return sum;
    for (int k = 0; k < row.arity; ++k) {
      const NodeId inner = derivative(n.operands[std::size_t(k)], i);
      if (program[inner].kind == NodeKind::constant && program[inner].value == 0) continue;
      sum = program.add(sum, program.mul(row.derivative(program, n.operands, node, k), inner));
    }
    return sum;
  }

  std::vector<double> evaluate(NodeId node, const std::vector<std::vector<double>>& operands) {
    Program copy = program;
    const std::int64_t samples = std::int64_t(operands[0].size());
    copy.results.add({ResultRole::output, "y", 0, 0, copy.broadcast_scalar(node, Shape{samples})});
    InterpreterRun run;
    run.parameters = operands;
    run.upstream.resize(1);
    return interpret(copy, run, {true})[0];
  }
};

std::vector<std::vector<double>> sample(const Elementwise& row, std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> uniform(row.low, row.high);
  std::vector<std::vector<double>> operands(std::size_t(row.arity), std::vector<double>(count));
  for (auto& column : operands) {
    for (double& value : column) value = uniform(random);
  }
  return operands;
}

std::vector<double> at(const std::vector<std::vector<double>>& operands, std::size_t k) {
  std::vector<double> x;
  for (const auto& column : operands) x.push_back(column[k]);
  return x;
}

// An operand, or the difference of two, is close to a kink.
bool near_kink(const Elementwise& row, const std::vector<double>& x) {
  for (double kink : row.kinks) {
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (std::fabs(x[i] - kink) < 0.01) return true;
      for (std::size_t k = 0; k < i; ++k) {
        if (std::fabs(x[i] - x[k] - kink) < 0.01) return true;
      }
    }
  }
  return false;
}

// All tuples of special values of the row's arity.
std::vector<std::vector<double>> special_operands(int arity) {
  const std::vector<double> specials = {0.0, -0.0, 1, -1, 0.5, -2, 3, infinity, -infinity, not_a_number};
  std::vector<std::vector<double>> tuples = {{}};
  for (int i = 0; i < arity; ++i) {
    std::vector<std::vector<double>> longer;
    for (const auto& tuple : tuples) {
      for (double value : specials) {
        longer.push_back(tuple);
        longer.back().push_back(value);
      }
    }
    tuples = std::move(longer);
  }
  return tuples;
}

std::string show(const std::vector<double>& x) {
  std::string text;
  for (double value : x) text += std::to_string(value) + " ";
  return text;
}

bool same_special(double got, double expected) {
  if (std::isnan(expected)) return std::isnan(got);
  if (std::isinf(expected)) return got == expected;
  return std::fabs(got - expected) <= 1e-6 * std::fabs(expected) + 1e-300 &&
         (expected != 0 || std::signbit(got) == std::signbit(expected));
}

class Rows : public ::testing::TestWithParam<std::size_t> {
 protected:
  const Elementwise& row = elementwise_table()[GetParam()];
};

TEST_P(Rows, IsComplete) {
  EXPECT_TRUE(row.reference);
  EXPECT_NE(row.expansion == nullptr, row.definition == nullptr) << "exactly one says how to compute it";
  if (!row.definition) {
    EXPECT_NE(row.derivative == nullptr, !row.zero_derivative);
  }
  EXPECT_FALSE(row.summary.empty());
  EXPECT_LT(row.low, row.high);
  EXPECT_EQ(find_elementwise(row.name), ElementwiseId(GetParam()));
}

TEST_P(Rows, ValueIsTheReference) {
  const std::size_t count = 200;
  const auto operands = sample(row, count, 1);
  Applied applied(row, count);
  const std::vector<double> y = applied.evaluate(applied.y, operands);
  for (std::size_t k = 0; k < count; ++k) {
    const double expected = row.reference(at(operands, k).data());
    EXPECT_NEAR(y[k], expected, 1e-14 * std::fmax(1, std::fabs(expected))) << show(at(operands, k));
  }
}

TEST_P(Rows, DerivativeIsTheLimitOfDifferences) {
  const std::size_t count = 300;
  const auto operands = sample(row, count, 2);
  Applied applied(row, count);
  for (int i = 0; i < row.arity; ++i) {
    const std::vector<double> derivative = applied.evaluate(applied.derivative(applied.y, i), operands);
    std::size_t checked = 0;
    for (std::size_t k = 0; k < count; ++k) {
      std::vector<double> x = at(operands, k);
      if (near_kink(row, x)) continue;
      const double middle = x[std::size_t(i)], h = 1e-4 * std::fmax(0.1, std::fabs(middle));
      auto value = [&](double shift) {
        x[std::size_t(i)] = middle + shift;
        return row.reference(x.data());
      };
      // Fourth order.
      const double difference = (8 * (value(h) - value(-h)) - (value(2 * h) - value(-2 * h))) / (12 * h);
      EXPECT_NEAR(derivative[k], difference, 1e-8 * std::fmax(1, std::fabs(difference)))
          << row.name << ", operand " << i << " of " << show(at(operands, k));
      ++checked;
    }
    EXPECT_GT(checked, count * 3 / 4);
  }
}

template <class T>
void check_expansion(const Elementwise& row, double bound) {
  accuracy::Trace<T> expansion(row);
  const std::size_t count = 2000;
  const auto operands = sample(row, count, 3);
  for (std::size_t k = 0; k < count; ++k) {
    std::vector<T> x;
    std::vector<double> rounded;
    for (double value : at(operands, k)) {
      x.push_back(T(value));
      rounded.push_back(double(x.back()));
    }
    const double expected = row.reference(rounded.data()), got = double(expansion(x));
    const double ulp = std::ldexp(1.0, std::ilogb(expected == 0 ? 1e-30 : expected) + 1 - std::numeric_limits<T>::digits);
    // The reference is rounded, too, which shows in f64.
    EXPECT_LE(std::fabs(got - expected) / ulp, bound + (sizeof(T) == 8 ? 1 : 0.01))
        << row.name << " of " << show(rounded) << "is " << got << ", should be " << expected;
  }
  for (const std::vector<double>& special : special_operands(row.arity)) {
    const std::vector<T> x(special.begin(), special.end());
    const double expected = row.reference(special.data()), got = double(expansion(x));
    EXPECT_TRUE(same_special(got, expected))
        << row.name << " of " << show(special) << "is " << got << ", should be " << expected;
  }
}

TEST_P(Rows, ExpansionKeepsItsBoundInF32) {
  if (row.expansion) check_expansion<float>(row, row.error_ulp_f32);
}

TEST_P(Rows, ExpansionKeepsItsBoundInF64) {
  if (row.expansion) check_expansion<double>(row, row.error_ulp_f64);
}

TEST_P(Rows, CostIsAboutTheInstructions) {
  if (!row.expansion) return;
  accuracy::Trace<float> expansion(row);
  EXPECT_GE(row.cost, expansion.instructions());
  EXPECT_LE(row.cost, expansion.instructions() + 6 * expansion.divisions() + 1);
}

TEST_P(Rows, DefinitionKeepsSpecialValues) {
  if (!row.definition) return;
  const auto tuples = special_operands(row.arity);
  std::vector<std::vector<double>> operands(std::size_t(row.arity));
  for (const auto& tuple : tuples) {
    for (std::size_t i = 0; i < tuple.size(); ++i) operands[i].push_back(tuple[i]);
  }
  Applied applied(row, tuples.size());
  const std::vector<double> y = applied.evaluate(applied.y, operands);
  for (std::size_t k = 0; k < tuples.size(); ++k) {
    const double expected = row.reference(tuples[k].data());
    const bool zeros = expected == 0 && y[k] == 0;  // of either sign
    EXPECT_TRUE(zeros || same_special(y[k], expected))
        << row.name << " of " << show(tuples[k]) << "is " << y[k] << ", should be " << expected;
  }
}

TEST_P(Rows, DefinitionLeavesNoNodeOfItsOwn) {
  if (!row.definition) return;
  Applied applied(row, 3);
  for (const Node& node : applied.program.nodes) {
    EXPECT_TRUE(node.kind != NodeKind::map || elementwise(node.function).name != row.name);
  }
}

INSTANTIATE_TEST_SUITE_P(Elementwise, Rows, ::testing::Range(std::size_t(0), elementwise_table().size()),
                         [](const auto& info) { return std::string(elementwise_table()[info.param].name); });

TEST(Table, NamesAndOperatorsAreUnique) {
  std::set<std::string_view> names;
  std::set<std::pair<std::string_view, bool>> spellings;
  for (const Elementwise& row : elementwise_table()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    if (row.spelling.empty()) continue;
    EXPECT_TRUE(spellings.insert({row.spelling, row.arity == 1}).second) << row.spelling;
  }
}

TEST(Table, UnknownNames) {
  EXPECT_FALSE(find_elementwise("no_such_function"));
  EXPECT_THROW(elementwise_id("no_such_function"), Bug);
}

// The derivative of `name` at `x` in operand `i`.
double derivative_at(std::string_view name, const std::vector<double>& x, int i) {
  const Elementwise& row = elementwise(elementwise_id(name));
  Applied applied(row, 1);
  std::vector<std::vector<double>> operands;
  for (double value : x) operands.push_back({value});
  return applied.evaluate(applied.derivative(applied.y, i), operands)[0];
}

TEST(Ties, AreAsTheContractSays) {
  EXPECT_EQ(derivative_at("relu", {0}, 0), 0);
  EXPECT_EQ(derivative_at("abs", {0}, 0), 0);
  for (int i : {0, 1}) {
    EXPECT_EQ(derivative_at("max", {2, 2}, i), 0.5);
    EXPECT_EQ(derivative_at("min", {2, 2}, i), 0.5);
  }
  EXPECT_EQ(derivative_at("elu", {0}, 0), 1);
}

TEST(FarOut, DerivativesStayFinite) {
  for (double x : {-1000.0, 1000.0}) {
    for (const char* name : {"elu", "selu", "softplus", "sigmoid", "tanh", "gelu", "gelu_tanh", "silu"}) {
      EXPECT_TRUE(std::isfinite(derivative_at(name, {x}, 0))) << name << " at " << x;
    }
  }
}

TEST(Remainder, HasTheDivisorsSign) {
  accuracy::Trace<float> mod(elementwise(elementwise_id("mod")));
  for (int t = -50; t < 50; ++t) {
    for (int n : {-7, -4, -1, 1, 3, 4, 10}) {
      const float x[] = {float(t), float(n)};
      const int expected = ((t % n) + n) % n;
      EXPECT_EQ(mod(x), float(expected)) << t << " % " << n;
    }
  }
}

TEST(Tanh, NeverExceedsOne) {
  accuracy::Trace<float> tanh(elementwise(elementwise_id("tanh")));
  for (float x = 4; x < 12; x += 1e-4f) {
    const float operand[] = {x};
    EXPECT_LE(tanh(operand), 1.0f) << x;
  }
}

}  // namespace
}  // namespace rnnc::ir
