// Functions that are only written in terms of others: a call of one becomes its definition when the node is made.
#include <cmath>

#include "compiler/ir/elementwise_rows.h"
#include "compiler/ir/program.h"

namespace rnnc::ir {
namespace {

using Operands = std::span<const NodeId>;

constexpr double sqrt_half = 0.70710678118654752440;
constexpr double twice_sqrt_2_over_pi = 1.59576912160573071176;
constexpr double gelu_cubic = 0.044715;  // Hendrycks and Gimpel, Gaussian Error Linear Units, 2016
constexpr double selu_scale = 1.0507009873554804934;  // Klambauer et al., Self-Normalizing Neural Networks, 2017
constexpr double selu_alpha = 1.6732632423543772848;

double logistic(double x) { return 1 / (1 + std::exp(-x)); }
double limited(double x, double low, double high) {  // NaN in x passes; a NaN limit, too
  if (std::isnan(x)) return x;
  const double raised = x > low ? x : low;
  return raised < high || std::isnan(raised) ? raised : high;
}

NodeId clamp(Program& p, NodeId x, NodeId low, NodeId high) { return p.map("min", {p.map("max", {x, low}), high}); }

std::vector<Elementwise> algebraic_rows() {
  return {
      {.name = "square", .summary = "x * x",
       .reference = [](const double* x) { return x[0] * x[0]; },
       .definition = [](Program& p, Operands x) { return p.mul(x[0], x[0]); }},
      {.name = "reciprocal", .summary = "1 / x",
       .reference = [](const double* x) { return 1 / x[0]; },
       .definition = [](Program& p, Operands x) { return p.div(p.constant(1), x[0]); },
       .kinks = {0}, .cost = 5},
      {.name = "rsqrt", .summary = "1 / sqrt(x)",
       .reference = [](const double* x) { return 1 / std::sqrt(x[0]); },
       .definition = [](Program& p, Operands x) { return p.div(p.constant(1), p.map("sqrt", {x[0]})); },
       .low = 0.05, .high = 6, .cost = 11},
      {.name = "clamp", .arity = 3, .summary = "clamp(x, low, high) = min(max(x, low), high)",
       .reference = [](const double* x) { return limited(x[0], x[1], x[2]); },
       .definition = [](Program& p, Operands x) { return clamp(p, x[0], x[1], x[2]); },
       .kinks = {0}, .cost = 6},
      {.name = "hard_sigmoid", .summary = "clamp(x/6 + 1/2, 0, 1)",
       .reference = [](const double* x) { return limited(x[0] / 6 + 0.5, 0, 1); },
       .definition = [](Program& p, Operands x) {
         const NodeId line = p.add(p.mul(x[0], p.constant(1.0 / 6)), p.constant(0.5));
         return clamp(p, line, p.constant(0), p.constant(1));
       },
       .low = -4, .high = 4, .kinks = {-3, 3}, .cost = 8},
      {.name = "hard_tanh", .summary = "clamp(x, -1, 1)",
       .reference = [](const double* x) { return limited(x[0], -1, 1); },
       .definition = [](Program& p, Operands x) { return clamp(p, x[0], p.constant(-1), p.constant(1)); },
       .kinks = {-1, 1}, .cost = 6},
      {.name = "leaky_relu", .arity = 2, .summary = "leaky_relu(x, slope) = where(x > 0, x, slope * x)",
       .reference = [](const double* x) { return x[0] > 0 ? x[0] : x[1] * x[0]; },
       .definition = [](Program& p, Operands x) {
         return p.map("where", {p.map("greater", {x[0], p.constant(0)}), x[0], p.mul(x[1], x[0])});
       },
       .kinks = {0}, .cost = 4},
  };
}

std::vector<Elementwise> smooth_rows() {
  return {
      {.name = "silu", .summary = "x * sigmoid(x), also called swish",
       .reference = [](const double* x) { return x[0] * logistic(x[0]); },
       .definition = [](Program& p, Operands x) { return p.mul(x[0], p.map("sigmoid", {x[0]})); },
       .cost = 20},
      // With erfc instead of 1 + erf, so that nothing cancels in the left tail.
      {.name = "gelu", .summary = "x times the standard normal distribution function: x/2 * erfc(-x / sqrt(2))",
       .reference = [](const double* x) { return 0.5 * x[0] * std::erfc(-x[0] * sqrt_half); },
       .definition = [](Program& p, Operands x) {
         const NodeId tail = p.map("erfc", {p.mul(x[0], p.constant(-sqrt_half))});
         return p.mul(p.mul(p.constant(0.5), x[0]), tail);
       },
       .cost = 44},
      // (1 + tanh(u)) / 2 = sigmoid(2u), where again nothing cancels.
      {.name = "gelu_tanh",
       .summary = "x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 x^3))), computed as x * sigmoid(2 sqrt(2/pi) (…))",
       .reference = [](const double* x) {
         return x[0] * logistic(twice_sqrt_2_over_pi * (x[0] + gelu_cubic * x[0] * x[0] * x[0]));
       },
       .definition = [](Program& p, Operands x) {
         const NodeId factor = p.add(p.constant(1), p.mul(p.constant(gelu_cubic), p.mul(x[0], x[0])));
         const NodeId argument = p.mul(p.mul(p.constant(twice_sqrt_2_over_pi), x[0]), factor);
         return p.mul(x[0], p.map("sigmoid", {argument}));
       },
       .cost = 24},
      {.name = "selu", .summary = "1.0507009873554805 * where(x > 0, x, 1.6732632423543772 * (exp(x) - 1))",
       .reference = [](const double* x) {
         return selu_scale * (x[0] > 0 ? x[0] : selu_alpha * std::expm1(x[0]));
       },
       .definition = [](Program& p, Operands x) {
         const NodeId negative = p.mul(p.constant(selu_alpha), p.map("elu", {x[0]}));
         const NodeId positive = p.map("greater", {x[0], p.constant(0)});
         return p.mul(p.constant(selu_scale), p.map("where", {positive, x[0], negative}));
       },
       .kinks = {0}, .cost = 26},
  };
}

}  // namespace

std::vector<Elementwise> defined_rows() {
  std::vector<Elementwise> rows = algebraic_rows();
  for (Elementwise& row : smooth_rows()) rows.push_back(std::move(row));
  return rows;
}

}  // namespace rnnc::ir
