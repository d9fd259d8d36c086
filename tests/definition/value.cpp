#include "tests/definition/value.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <numeric>

namespace rnnc::testing::definition {

namespace {

// x[0], x[1], …: the arguments' entries at one place.
struct Entrywise {
  std::size_t arguments;
  double (*of)(const double* x);
};

double smaller(double a, double b) { return std::isnan(a) || std::isnan(b) ? std::nan("") : std::min(a, b); }
double larger(double a, double b) { return std::isnan(a) || std::isnan(b) ? std::nan("") : std::max(a, b); }
double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double softplus(double x) { return larger(x, 0) + std::log1p(std::exp(-std::fabs(x))); }

const std::map<std::string_view, Entrywise>& entrywise() {
  static const std::map<std::string_view, Entrywise> table{
      {"+", {2, [](const double* x) { return x[0] + x[1]; }}},
      {"-", {2, [](const double* x) { return x[0] - x[1]; }}},
      {"*", {2, [](const double* x) { return x[0] * x[1]; }}},
      {"/", {2, [](const double* x) { return x[0] / x[1]; }}},
      {"%", {2, [](const double* x) { return x[0] - x[1] * std::floor(x[0] / x[1]); }}},
      {"^", {2, [](const double* x) { return std::pow(x[0], x[1]); }}},
      {"<", {2, [](const double* x) { return x[0] < x[1] ? 1.0 : 0.0; }}},
      {"<=", {2, [](const double* x) { return x[0] <= x[1] ? 1.0 : 0.0; }}},
      {">", {2, [](const double* x) { return x[0] > x[1] ? 1.0 : 0.0; }}},
      {">=", {2, [](const double* x) { return x[0] >= x[1] ? 1.0 : 0.0; }}},
      {"==", {2, [](const double* x) { return x[0] == x[1] ? 1.0 : 0.0; }}},
      {"!=", {2, [](const double* x) { return x[0] != x[1] ? 1.0 : 0.0; }}},
      {"and", {2, [](const double* x) { return x[0] != 0 && x[1] != 0 ? 1.0 : 0.0; }}},
      {"or", {2, [](const double* x) { return x[0] != 0 || x[1] != 0 ? 1.0 : 0.0; }}},
      {"not", {1, [](const double* x) { return x[0] == 0 ? 1.0 : 0.0; }}},
      {"neg", {1, [](const double* x) { return -x[0]; }}},
      {"min", {2, [](const double* x) { return smaller(x[0], x[1]); }}},
      {"max", {2, [](const double* x) { return larger(x[0], x[1]); }}},
      {"abs", {1, [](const double* x) { return std::fabs(x[0]); }}},
      {"sign", {1, [](const double* x) { return x[0] > 0 ? 1.0 : x[0] < 0 ? -1.0 : x[0]; }}},
      {"floor", {1, [](const double* x) { return std::floor(x[0]); }}},
      {"sqrt", {1, [](const double* x) { return std::sqrt(x[0]); }}},
      {"relu", {1, [](const double* x) { return larger(x[0], 0); }}},
      {"softsign", {1, [](const double* x) { return x[0] / (1 + std::fabs(x[0])); }}},
      {"where", {3, [](const double* x) { return x[0] != 0 ? x[1] : x[2]; }}},
      {"exp", {1, [](const double* x) { return std::exp(x[0]); }}},
      {"expm1", {1, [](const double* x) { return std::expm1(x[0]); }}},
      {"sigmoid", {1, [](const double* x) { return sigmoid(x[0]); }}},
      {"tanh", {1, [](const double* x) { return std::tanh(x[0]); }}},
      {"softplus", {1, [](const double* x) { return softplus(x[0]); }}},
      {"elu", {1, [](const double* x) { return x[0] > 0 ? x[0] : std::expm1(x[0]); }}},
      {"log", {1, [](const double* x) { return std::log(x[0]); }}},
      {"log1p", {1, [](const double* x) { return std::log1p(x[0]); }}},
      {"sin", {1, [](const double* x) { return std::sin(x[0]); }}},
      {"cos", {1, [](const double* x) { return std::cos(x[0]); }}},
      {"erf", {1, [](const double* x) { return std::erf(x[0]); }}},
      {"erfc", {1, [](const double* x) { return std::erfc(x[0]); }}},
      {"square", {1, [](const double* x) { return x[0] * x[0]; }}},
      {"reciprocal", {1, [](const double* x) { return 1 / x[0]; }}},
      {"rsqrt", {1, [](const double* x) { return 1 / std::sqrt(x[0]); }}},
      {"clamp", {3, [](const double* x) { return smaller(larger(x[0], x[1]), x[2]); }}},
      {"hard_sigmoid", {1, [](const double* x) { return smaller(larger(x[0] / 6 + 0.5, 0), 1); }}},
      {"hard_tanh", {1, [](const double* x) { return smaller(larger(x[0], -1), 1); }}},
      {"leaky_relu", {2, [](const double* x) { return x[0] > 0 ? x[0] : x[1] * x[0]; }}},
      {"silu", {1, [](const double* x) { return x[0] * sigmoid(x[0]); }}},
      {"gelu", {1, [](const double* x) { return x[0] / 2 * std::erfc(-x[0] / std::sqrt(2.0)); }}},
      {"gelu_tanh", {1, [](const double* x) {
         return x[0] / 2 * (1 + std::tanh(std::sqrt(2 / M_PI) * (x[0] + 0.044715 * x[0] * x[0] * x[0])));
       }}},
      {"selu", {1, [](const double* x) {
         return 1.0507009873554805 * (x[0] > 0 ? x[0] : 1.6732632423543772 * std::expm1(x[0]));
       }}},
      {"squared_error", {2, [](const double* x) { return (x[0] - x[1]) * (x[0] - x[1]); }}},
      {"absolute_error", {2, [](const double* x) { return std::fabs(x[0] - x[1]); }}},
      {"binary_cross_entropy", {2, [](const double* x) { return x[1] * softplus(-x[0]) + (1 - x[1]) * softplus(x[0]); }}},
  };
  return table;
}

std::string_view without_alias(std::string_view name) {
  static const std::map<std::string_view, std::string_view> aliases{
      {"add", "+"}, {"sub", "-"}, {"mul", "*"}, {"div", "/"}, {"mod", "%"}, {"pow", "^"}, {"less", "<"},
      {"less_equal", "<="}, {"greater", ">"}, {"greater_equal", ">="}, {"equal", "=="}, {"not_equal", "!="},
      {"mse", "squared_error"}};
  const auto it = aliases.find(name);
  return it == aliases.end() ? name : it->second;
}

Value entry_by_entry(const Entrywise& function, const std::vector<Value>& arguments) {
  Shape shape;
  for (const Value& argument : arguments)
    if (!argument.shape.empty()) shape = argument.shape;
  std::vector<Value> all;
  for (const Value& argument : arguments) all.push_back(expanded(argument, shape));
  Value result = filled(shape, 0);
  for (std::size_t i = 0; i < result.entries.size(); ++i) {
    double x[3] = {};
    for (std::size_t a = 0; a < all.size(); ++a) x[a] = all[a].entries[i];
    result.entries[i] = function.of(x);
  }
  return result;
}

using Entries = std::vector<double>;

// Calls f(the entries along the axis) for every line of entries, and puts what it gives there instead: `extent` entries, or
// one and the axis is gone.
Value along(const Value& a, std::int64_t axis, std::optional<std::int64_t> extent,
            const std::function<Entries(const Entries&)>& f) {
  const auto at = static_cast<std::size_t>(axis);
  if (at >= a.shape.size()) throw Unsaid("no such axis");
  const std::int64_t length = a.shape[at], inner = size_of(Shape(a.shape.begin() + axis + 1, a.shape.end()));
  Shape shape = a.shape;
  if (extent) shape[at] = *extent;
  else shape.erase(shape.begin() + axis);
  Value result = filled(shape, 0);
  const std::int64_t made_length = extent.value_or(1);
  const auto place = [&](std::int64_t outer, std::int64_t of, std::int64_t k, std::int64_t i) {
    return static_cast<std::size_t>((outer * of + k) * inner + i);
  };
  for (std::int64_t outer = 0; outer < size_of(a.shape) / (length * inner); ++outer)
    for (std::int64_t i = 0; i < inner; ++i) {
      Entries line;
      for (std::int64_t k = 0; k < length; ++k) line.push_back(a.entries[place(outer, length, k, i)]);
      const Entries made = f(line);
      for (std::int64_t k = 0; k < made_length; ++k)
        result.entries[place(outer, made_length, k, i)] = made[static_cast<std::size_t>(k)];
    }
  return result;
}

double largest(const Entries& line) { return std::accumulate(line.begin(), line.end(), line[0], larger); }
double log_sum_exp(const Entries& line) {
  double total = 0;
  for (double x : line) total += std::exp(x - largest(line));
  return std::log(total) + largest(line);
}
Entries log_softmax(Entries line) {
  const double total = log_sum_exp(line);
  for (double& x : line) x -= total;
  return line;
}

struct Reduction {
  bool keeps;
  Entries (*of)(const Entries& line);
};

const std::map<std::string_view, Reduction>& reductions() {
  static const std::map<std::string_view, Reduction> table{
      {"sum", {false, [](const Entries& line) { return Entries{std::accumulate(line.begin(), line.end(), 0.0)}; }}},
      {"mean", {false, [](const Entries& line) {
         return Entries{std::accumulate(line.begin(), line.end(), 0.0) / static_cast<double>(line.size())};
       }}},
      {"norm", {false, [](const Entries& line) {
         return Entries{std::sqrt(std::inner_product(line.begin(), line.end(), line.begin(), 0.0))};
       }}},
      {"max", {false, [](const Entries& line) { return Entries{largest(line)}; }}},
      {"min", {false, [](const Entries& line) {
         return Entries{std::accumulate(line.begin(), line.end(), line[0], smaller)};
       }}},
      {"logsumexp", {false, [](const Entries& line) { return Entries{log_sum_exp(line)}; }}},
      {"log_softmax", {true, [](const Entries& line) { return log_softmax(line); }}},
      {"softmax", {true, [](const Entries& line) {
         Entries result = log_softmax(line);
         for (double& x : result) x = std::exp(x);
         return result;
       }}},
      {"cumsum", {true, [](const Entries& line) {
         Entries result = line;
         std::partial_sum(line.begin(), line.end(), result.begin());
         return result;
       }}},
  };
  return table;
}

Value reduced(const Reduction& reduction, Value a, std::optional<std::int64_t> axis) {
  if (!axis && !reduction.keeps) a.shape = {size_of(a.shape)};
  const std::int64_t at = axis.value_or(0);
  if (at < 0 || at >= static_cast<std::int64_t>(a.shape.size())) throw Unsaid("no such axis");
  return along(a, at, reduction.keeps ? std::optional(a.shape[static_cast<std::size_t>(at)]) : std::nullopt, reduction.of);
}

Value index_of_largest(const Value& v) {
  Value index = number(-1);
  index.classes = size_of(v.shape);
  if (std::none_of(v.entries.begin(), v.entries.end(), [](double x) { return std::isnan(x); }))
    index.entries[0] = static_cast<double>(std::max_element(v.entries.begin(), v.entries.end()) - v.entries.begin());
  return index;
}

Value one_hot(const Value& index) {
  Value hot = filled({index.classes}, 0);
  if (index.number() >= 0) hot.entries.at(static_cast<std::size_t>(index.number())) = 1;
  return hot;
}

Value cross_entropy(const Value& logits, const Value& target) {
  const Entries logs = log_softmax(logits.entries);
  const Entries wanted = target.classes > 0 ? one_hot(target).entries : target.entries;
  double total = 0;
  for (std::size_t i = 0; i < logs.size(); ++i)
    if (wanted.at(i) != 0) total -= wanted[i] * logs[i];
  return number(total);
}

std::optional<Value> of_shapes(std::string_view name, const std::vector<Value>& a) {
  if (name == "dot") return number(std::inner_product(a[0].entries.begin(), a[0].entries.end(), a[1].entries.begin(), 0.0));
  if (name == "outer") {
    Value result = filled({size_of(a[0].shape), size_of(a[1].shape)}, 0);
    for (std::size_t i = 0; i < result.entries.size(); ++i)
      result.entries[i] = a[0].entries[i / a[1].entries.size()] * a[1].entries[i % a[1].entries.size()];
    return result;
  }
  if (name == "transpose") return transposed(a[0]);
  if (name == "one_hot") return one_hot(a[0]);
  if (name == "stop_gradient") return a[0];
  if (name == "argmax") return index_of_largest(a[0]);
  if (name == "cross_entropy") return cross_entropy(a[0], a[1]);
  return std::nullopt;
}

}  // namespace

std::int64_t size_of(const Shape& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

Value number(double x) { return filled({}, x); }

Value filled(const Shape& shape, double x) {
  Value value;
  value.shape = shape;
  value.entries.assign(static_cast<std::size_t>(size_of(shape)), x);
  return value;
}

Value varying_as(Value value, const std::vector<Value>& all) {
  for (const Value& other : all) {
    value.varies = std::max(value.varies, other.varies);
    if (other.varies == Varies::by_step && other.axis >= 0) value.axis = other.axis;
    value.unknown = value.unknown || (other.unknown && value.shape.empty());
  }
  return value;
}

Value expanded(Value value, const Shape& shape) {
  if (value.shape == shape) return value;
  if (!value.shape.empty()) throw Unsaid("shapes that do not agree");
  value.shape = shape;
  value.entries.assign(static_cast<std::size_t>(size_of(shape)), value.entries[0]);
  return value;
}

Value product(const Value& a, const Value& b) {
  if (a.unknown || b.unknown) {
    const Value& known = a.unknown ? b : a;
    return known.shape.size() == 2 ? filled({known.shape[a.unknown ? 1 : 0]}, 0) : known;
  }
  const bool row = a.shape.size() == 1, column = b.shape.size() == 1;
  if (a.shape.empty() || b.shape.empty() || a.shape.size() > 2 || b.shape.size() > 2) throw Unsaid("no product of matrices");
  const std::int64_t m = row ? 1 : a.shape[0], k = a.shape.back(), n = column ? 1 : b.shape[1];
  if (b.shape[0] != k) throw Unsaid("no product of matrices");
  Shape shape;
  if (!row) shape.push_back(m);
  if (!column) shape.push_back(n);
  Value result = filled(shape, 0);
  for (std::int64_t i = 0; i < m; ++i)
    for (std::int64_t j = 0; j < n; ++j)
      for (std::int64_t l = 0; l < k; ++l)
        result.entries[static_cast<std::size_t>(i * n + j)] +=
            a.entries[static_cast<std::size_t>(i * k + l)] * b.entries[static_cast<std::size_t>(l * n + j)];
  return varying_as(result, {a, b});
}

Value concatenated(const std::vector<Value>& parts) {
  std::size_t rank = 1;
  for (const Value& part : parts) rank = std::max(rank, part.shape.size());
  Shape shape{0};
  Entries entries;
  for (const Value& part : parts) {
    const bool whole = part.shape.size() == rank;
    shape[0] += whole ? part.shape[0] : 1;
    const auto rest = part.shape.begin() + (whole ? 1 : 0);
    if (rank > 1) shape.assign(1, shape[0]), shape.insert(shape.end(), rest, part.shape.end());
    entries.insert(entries.end(), part.entries.begin(), part.entries.end());
  }
  Value result = filled(shape, 0);
  if (result.entries.size() != entries.size()) throw Unsaid("parts that do not fit together");
  result.entries = entries;
  return varying_as(result, parts);
}

Value transposed(const Value& a) {
  if (a.shape.size() != 2) throw Unsaid("no matrix to transpose");
  Value result = varying_as(filled({a.shape[1], a.shape[0]}, 0), {a});
  for (std::int64_t i = 0; i < a.shape[0]; ++i)
    for (std::int64_t j = 0; j < a.shape[1]; ++j)
      result.entries[static_cast<std::size_t>(j * a.shape[0] + i)] = a.entries[static_cast<std::size_t>(i * a.shape[1] + j)];
  return result;
}

Value selected(const Value& a, const std::vector<Selection>& by_axis) {
  Value result = a;
  for (std::size_t k = by_axis.size(); k-- > 0;) {  // from the last axis, so that earlier ones keep their numbers
    const Selection& s = by_axis[k];
    if (k >= result.shape.size() || s.begin >= result.shape[k] || s.end > result.shape[k]) throw Unsaid("nothing to select");
    const auto axis = static_cast<std::int64_t>(k);
    if (s.range)
      result = along(result, axis, s.end - s.begin, [&](const Entries& line) {
        return Entries(line.begin() + s.begin, line.begin() + s.end);
      });
    else
      result = along(result, axis, std::nullopt, [&](const Entries& line) {
        return Entries{s.begin < 0 ? 0.0 : line[static_cast<std::size_t>(s.begin)]};
      });
  }
  return varying_as(result, {a});
}

std::optional<Value> function_of(std::string_view name, const std::vector<Value>& arguments, std::optional<std::int64_t> axis) {
  name = without_alias(name);
  if (const auto it = entrywise().find(name); it != entrywise().end() && it->second.arguments == arguments.size())
    return varying_as(entry_by_entry(it->second, arguments), arguments);
  if (const auto it = reductions().find(name); it != reductions().end() && arguments.size() == 1)
    return varying_as(reduced(it->second, arguments[0], axis), arguments);
  std::optional<Value> result = of_shapes(name, arguments);
  if (result) result = varying_as(*result, arguments);
  return result;
}

}  // namespace rnnc::testing::definition
