#include "tests/random/expressions.h"

#include <algorithm>
#include <array>
#include <utility>

#include "compiler/ir/elementwise.h"

namespace rnnc::testing {

bool same(const Shape& a, const Shape& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Extent& x, const Extent& y) { return x.size == y.size; });
}

namespace {

std::string shape_text(const Shape& shape) {
  if (shape.empty()) return "";
  std::string text = " : [";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i > 0 ? ", " : "") + shape[i].text;
  return text + "]";
}

// Of dropout and zoneout.
constexpr std::array rates = {"0.5", "0.2", "0.75", "0"};

std::string decimal(double value) {
  std::string text = std::to_string(value);
  text.erase(text.find_last_not_of('0') + 1);
  return text.back() == '.' ? text + "0" : text;
}

// Squeezes an operand into the range where the table's tests sample the function.
std::string within(const ir::Elementwise& row, const std::string& operand) {
  return "(" + decimal(row.low) + " + " + decimal(row.high - row.low) + " * sigmoid(" + operand + "))";
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::string Scope::number() {
  static constexpr std::array values = {"0.5", "-0.3", "1", "2", "0.1", "0", "-1", "0.75", "1.5", "1e-3", "3"};
  if (!constants.empty() && random.chance(15)) return random.of(constants);
  return random.of(values);
}

Extent Scope::any_extent() {
  if (random.chance(80)) return random.of(extents);
  const std::int64_t size = random.between(1, 9);
  return {size, std::to_string(size)};
}

Shape Scope::any_shape(int most_rank) {
  Shape shape;
  const std::int64_t draw = random.below(10);
  const int rank = std::min<int>(most_rank, draw < 2 ? 0 : draw < 8 ? 1 : draw < 9 || random.chance(70) ? 2 : 3);
  for (int i = 0; i < rank; ++i) shape.push_back(any_extent());
  return shape;
}

bool Scope::visible(const Name& name, const Place& place) const {
  if (name.varies == Varies::by_step && (place.most != Varies::by_step || name.axis != place.axis)) return false;
  if (name.varies == Varies::per_row && place.most == Varies::never) return false;
  return name.direction == 0 || place.own_group;
}

std::vector<Name> Scope::indices(const Place& place) const {
  std::vector<Name> found;
  for (const Name& name : names)
    if (name.index_extent > 0 && visible(name, place)) found.push_back(name);
  return found;
}

std::vector<Name> Scope::sequences(const Place& place) const {
  std::vector<Name> found;
  for (const Name& name : names)
    if (name.varies == Varies::by_step && name.index_extent == 0 && visible(name, place)) found.push_back(name);
  return found;
}

std::string Scope::parameter(const Shape& shape) {
  if (random.chance(35))
    for (const Name& name : names)
      if (name.varies == Varies::never && name.index_extent == 0 && same(name.shape, shape)) return name.text;
  static constexpr std::array starts = {"", "", "", " = 0.5", " = uniform(-0.5, 0.5)", " = constant(0.1)"};
  Name name{fresh("p"), shape};
  declarations.push_back("param " + name.text + shape_text(shape) + random.of(starts));
  names.push_back(name);
  return name.text;
}

std::string Scope::shifted(const Name& name, const Place& place) {
  if (name.varies != Varies::by_step || place.most != Varies::by_step) return name.text;
  const std::int64_t lag = random.chance(70) ? 1 : random.between(2, random.chance(90) ? 4 : 11);
  const bool move = !name.at_this_step || random.chance(20);
  if (!move) return name.text;
  const bool back = looks_back || (name.direction == 0 ? random.chance(65) : name.direction > 0);
  return name.text + (back ? "[t-" : "[t+") + std::to_string(lag) + "]";
}

std::string Scope::leaf(const Shape& shape, const Place& place) {
  std::vector<Name> fitting;
  for (const Name& name : names)
    if (name.index_extent == 0 && visible(name, place) && same(name.shape, shape) && name.varies != Varies::never)
      fitting.push_back(name);
  if (!fitting.empty() && random.chance(75)) return shifted(random.of(fitting), place);
  if (shape.empty() && random.chance(50)) return number();
  if (shape.empty() && place.most == Varies::by_step && may_use_t && random.chance(20)) return "(0.1 * t)";
  if (place.most == Varies::by_step && may_use_t && random.chance(15)) return of_step(shape);
  if (place.most == Varies::by_step && random.chance(60)) return of_sequence(shape, place);
  return parameter(shape);
}

// What is learned and varies with the step, but not from row to row.
std::string Scope::of_step(const Shape& shape) {
  const std::string wave = "sin(0.3 * t * " + parameter(shape) + ")";
  if (random.chance(60)) return wave;
  return "(" + wave + ")[t" + (looks_back || random.chance(50) ? "-" : "+") + std::to_string(random.between(1, 2)) + "]";
}

std::string Scope::of_sequence(const Shape& shape, const Place& place) {
  const std::vector<Name> all = sequences(place);
  if (all.empty()) return may_use_t ? parameter(shape) + " * (0.1 * t)" : parameter(shape);
  const Name chosen = random.of(all);
  const std::string read = shifted(chosen, place);
  if (shape.size() == 1 && chosen.shape.size() == 1 && random.chance(70))
    return "(" + parameter({shape[0], chosen.shape[0]}) + " @ " + read + ")";
  return "(" + (chosen.shape.empty() ? read : "mean(" + read + ")") + " * " + parameter(shape) + ")";
}

std::string Scope::choose(const std::vector<Choice>& choices) {
  int total = 0;
  for (const Choice& choice : choices) total += choice.weight;
  std::int64_t at = random.below(total);
  for (const Choice& choice : choices) {
    if (at < choice.weight) return choice.make();
    at -= choice.weight;
  }
  return choices.back().make();
}

std::string Scope::expression(const Shape& shape, const Place& place, int depth) {
  if (depth <= 0 || random.chance(10)) return leaf(shape, place);
  std::vector<Choice> choices;
  add_entrywise(choices, shape, place, depth - 1);
  add_shifts(choices, shape, place, depth - 1);
  if (shape.empty()) add_scalars(choices, place, depth - 1);
  if (shape.size() == 1) add_vectors(choices, shape, place, depth - 1);
  if (shape.size() == 2) add_matrices(choices, shape, place, depth - 1);
  if (shape.size() == 3) add_blocks(choices, shape, place, depth - 1);
  return choose(choices);
}

std::string Scope::operand(const Shape& shape, const Place& place, int depth) {
  return random.chance(15) ? expression({}, place, depth - 1) : expression(shape, place, depth);
}

std::string Scope::condition(const Shape& shape, const Place& place, int depth) {
  static constexpr std::array comparisons = {"<", "<=", ">", ">=", "==", "!="};
  if (place.most == Varies::by_step && may_use_t && random.chance(25))
    return "t % " + std::to_string(random.between(2, 4)) + " == " + std::to_string(random.below(2));
  std::string text = expression(shape, place, depth) + " " + random.of(comparisons) + " " + operand(shape, place, 0);
  if (random.chance(20)) return "not (" + text + ")";
  if (random.chance(20))
    return "(" + text + (random.chance(50) ? ") and (" : ") or (") + leaf(shape, place) + " > 0.1)";
  return text;
}

// Any row of the table, its operands kept where the function exists and does not explode.
std::string Scope::function_of_table(const Shape& shape, const Place& place, int depth) {
  const ir::Elementwise& row = random.of(ir::elementwise_table());
  const std::string name(row.name);
  if (row.name == "where")
    return "where(" + condition(random.chance(30) ? Shape{} : shape, place, depth - 1) + ", " +
           expression(shape, place, depth) + ", " + operand(shape, place, depth) + ")";
  std::string arguments, first, last;
  for (int i = 0; i < row.arity; ++i) {
    std::string x = i == 0 ? expression(shape, place, depth) : operand(shape, place, depth);
    const bool divides = is_one_of(name, {"div", "mod"}) && i == 1;
    const bool explodes = is_one_of(name, {"exp", "expm1", "square"}) && random.chance(80);
    if (divides || name == "reciprocal")
      x = "(0.6 + square(" + x + "))";
    else if (row.low != -3 || explodes)
      x = within(row, x);
    if (name == "clamp" && i > 0) x = i == 1 ? "-0.5" : "0.8";
    arguments += (i > 0 ? ", " : "") + x;
    if (i == 0) first = "(" + x + ")";
    last = "(" + x + ")";
  }
  // Some have no other name than their operator.
  const bool word = is_one_of(name, {"not", "and", "or"});
  if (!row.spelling.empty() && (word || random.chance(50)))
    return "(" + (row.arity > 1 ? first + " " : "") + std::string(row.spelling) + " " + last + ")";
  return name + "(" + arguments + ")";
}

void Scope::add_entrywise(std::vector<Choice>& choices, const Shape& shape, const Place& place, int depth) {
  const auto any = [=, this] { return expression(shape, place, depth); };
  choices.push_back({24, [=, this] {
                       static constexpr std::array operators = {" + ", " - ", " * "};
                       std::string a = any(), b = operand(shape, place, depth);
                       if (random.chance(30)) std::swap(a, b);
                       return "(" + a + random.of(operators) + b + ")";
                     }});
  choices.push_back({14, [=, this] { return function_of_table(shape, place, depth); }});
  choices.push_back({5, [=, this] {
                       static constexpr std::array gates = {"tanh", "sigmoid", "relu", "softsign", "-"};
                       return "(" + std::string(random.of(gates)) + "(" + any() + "))";
                     }});
  choices.push_back({1, [=, this] { return "stop_gradient(" + any() + ")"; }});
  if (place.most == Varies::by_step && may_use_t)
    choices.push_back({5, [=, this] { return "(" + of_step(shape) + " * " + operand(shape, place, depth) + ")"; }});
  // Times a parameter, as a constant has nothing to drop.
  choices.push_back({2, [=, this] {
                       const std::string dropped = "(" + any() + ") * " + parameter(shape);
                       const std::string rest = std::string(random.of(rates)) + (random.chance(30) ? ", mask = per_row)" : ")");
                       if (random.chance(50)) return "dropout(" + dropped + ", " + rest;
                       return "zoneout(" + any() + ", " + dropped + ", " + rest;
                     }});
  if (!functions.empty())
    choices.push_back({3, [=, this] { return random.of(functions) + "(" + any() + ", " + any() + ")"; }});
}

// What stands at another step, or is one of all steps.
void Scope::add_shifts(std::vector<Choice>& choices, const Shape& shape, const Place& place, int depth) {
  if (place.most == Varies::never || (looks_back && place.most == Varies::per_row)) return;
  const Place outside{Varies::by_step, place.axis, false};
  if (sequences(outside).empty()) return;
  // A sequence for certain, so that it has other steps.
  const auto sequence = [=, this]() -> std::string {
    if (may_use_t && random.chance(15)) return of_step(shape);
    const Name chosen = random.of(sequences(outside));
    if (same(chosen.shape, shape))
      return chosen.text + (random.chance(30) ? "" : " * " + operand(shape, outside, depth));
    const std::string one = chosen.shape.empty() ? chosen.text : "mean(" + chosen.text + ")";
    return one + " * " + expression(shape, outside, depth);
  };
  if (place.most == Varies::by_step)
    choices.push_back({3, [=, this] {
                         return "(" + sequence() + ")[t" + (looks_back || random.chance(60) ? "-" : "+") +
                                std::to_string(random.between(1, 3)) + "]";
                       }});
  if (place.most == Varies::by_step)
    choices.push_back({2, [=, this] {
                         const Name chosen = random.of(sequences(outside));
                         const std::string line = delay_line(chosen);
                         if (same(chosen.shape, shape)) return line;
                         const std::string one = chosen.shape.empty() ? line : "mean(" + line + ")";
                         return "(" + one + " * " + parameter(shape) + ")";
                       }});
  if (!looks_back)
    choices.push_back({place.most == Varies::per_row ? 12 : 2, [=, this] {
                       static constexpr std::array whole = {"last", "first", "mean_over_time", "sum_over_time"};
                       const std::string function = random.of(whole);
                       return (function == "sum_over_time" ? "(0.1 * " : "(") + function + "(" + sequence() + "))";
                     }});
}

// A weighted sum of what a sequence was and is, as a convolution over time has it; or a function that reads it so.
std::string Scope::delay_line(const Name& name) {
  if (!readers.empty() && random.chance(50))
    return random.of(readers) + "(" + name.text + ")";
  std::string line = "(" + name.text + " * " + number();
  const std::int64_t last = random.chance(80) ? random.between(1, 4) : random.between(5, 12);
  for (std::int64_t lag = 1; lag <= last; ++lag)
    line += " + " + name.text + "[t-" + std::to_string(lag) + "] * " + number();
  return line + ")";
}

void Scope::add_scalars(std::vector<Choice>& choices, const Place& place, int depth) {
  choices.push_back({8, [=, this] {
                       static constexpr std::array sums = {"sum", "mean", "max", "min", "mean", "norm"};
                       Shape inner = any_shape(3);
                       if (inner.empty()) inner.push_back(any_extent());
                       const std::string function = random.of(sums);
                       const std::string more = function == "norm" ? " + 2.5" : "";
                       return function + "(" + expression(inner, place, depth) + more + ")";
                     }});
  choices.push_back({5, [=, this] {
                       const Shape inner{any_extent()};
                       const std::string a = expression(inner, place, depth), b = expression(inner, place, depth);
                       return random.chance(50) ? "dot(" + a + ", " + b + ")" : "(" + a + " @ " + b + ")";
                     }});
  choices.push_back({3, [=, this] {
                       const Shape inner{any_extent()};
                       return "(" + expression(inner, place, depth) + ")[" + std::to_string(random.below(inner[0].size)) + "]";
                     }});
  choices.push_back({2, [=, this] {
                       const Shape inner{any_extent(), any_extent()};
                       return "(" + expression(inner, place, depth) + ")[" + std::to_string(random.below(inner[0].size)) +
                              ", " + std::to_string(random.below(inner[1].size)) + "]";
                     }});
  choices.push_back({2, [=, this] { return "logsumexp(" + expression({any_extent()}, place, depth) + ")"; }});
  choices.push_back({indices(place).empty() ? 1 : 3, [=, this] { return chosen({}, place, depth); }});
}

std::string Scope::one_of_largest(const Extent& count, const Place& place, int depth) {
  // What is drawn differs between rows.
  const bool draws = place.most != Varies::never && random.chance(40);
  const bool was = std::exchange(may_use_t, false);  // a subscript with a `t` is one of time
  const std::string scores = expression({count}, place, depth);
  may_use_t = was;
  return (draws ? "sample(" : "argmax(") + scores + ")";
}

std::string Scope::chosen(const Shape& shape, const Place& place, int depth) {
  const std::vector<Name> visible = indices(place);
  Extent count = any_extent();
  std::string index;
  if (!visible.empty() && random.chance(80)) {
    const Name name = random.of(visible);
    count = {name.index_extent, std::to_string(name.index_extent)};
    index = name.text;
  } else {
    index = one_of_largest(count, place, depth - 1);
  }
  Shape table{count};
  table.insert(table.end(), shape.begin(), shape.end());
  const bool varies = random.chance(20);
  return (varies ? "(" + expression(table, place, depth) + ")" : parameter(table)) + "[" + index + "]";
}

void Scope::add_vectors(std::vector<Choice>& choices, const Shape& shape, const Place& place, int depth) {
  const Extent extent = shape[0];
  choices.push_back({22, [=, this] {
                       const Extent inner = any_extent();
                       const std::int64_t kind = random.below(20);
                       const auto matrix = [&](const Shape& s) -> std::string {
                         if (kind < 4) return expression(s, place, depth - 1);
                         if (kind > 4) return parameter(s);
                         // Learned slowly, and from step to step.
                         return "(" + parameter(s) + " + 0.2 * outer(" + expression({s[0]}, place, 0) + ", " +
                                expression({s[1]}, place, 0) + "))";
                       };
                       const std::string vector = expression({inner}, place, depth);
                       switch (random.below(3)) {
                         case 0: return "(" + matrix({inner, extent}) + "' @ " + vector + ")";
                         case 1: return "(" + vector + " @ " + matrix({inner, extent}) + ")";
                         default: return "(" + matrix({extent, inner}) + " @ " + vector + ")";
                       }
                     }});
  choices.push_back({4, [=, this] {
                       static constexpr std::array all = {"softmax", "log_softmax", "cumsum"};
                       const std::string function = random.of(all);
                       return (function == "cumsum" ? "(0.2 * cumsum(" : "(" + function + "(") +
                              expression(shape, place, depth) + "))";
                     }});
  if (extent.size > 1)
    choices.push_back({4, [=, this] {
                         const std::int64_t first = random.between(1, extent.size - 1), rest = extent.size - first;
                         const auto part = [&](std::int64_t size) {
                           if (size == 1 && random.chance(50)) return expression({}, place, depth);
                           return expression({{size, std::to_string(size)}}, place, depth);
                         };
                         return "[" + part(first) + ", " + part(rest) + "]";
                       }});
  choices.push_back({3, [=, this] {
                       const std::int64_t before = random.below(3), after = random.below(3);
                       const std::int64_t size = extent.size + before + after;
                       return "(" + expression({{size, std::to_string(size)}}, place, depth) + ")[" +
                              (before == 0 && random.chance(50) ? "" : std::to_string(before)) + ":" +
                              (after == 0 && random.chance(50) ? "" : std::to_string(before + extent.size)) + "]";
                     }});
  choices.push_back({2, [=, this] {
                       const Shape inner{any_extent(), extent};
                       return "(" + expression(inner, place, depth) + ")[" + std::to_string(random.below(inner[0].size)) + "]";
                     }});
  choices.push_back({3, [=, this] {
                       static constexpr std::array sums = {"sum", "mean", "max", "min", "norm", "logsumexp"};
                       const int axis = static_cast<int>(random.below(2));
                       const Extent other = any_extent();
                       const Shape inner = axis == 0 ? Shape{other, extent} : Shape{extent, other};
                       const std::string function = random.of(sums);
                       return function + "(" + expression(inner, place, depth) + (function == "norm" ? " + 2.5" : "") +
                              ", axis = " + std::to_string(axis) + ")";
                     }});
  choices.push_back({1, [=] { return "ones(" + extent.text + ")"; }});
  choices.push_back({indices(place).empty() ? 1 : 5, [=, this] { return chosen(shape, place, depth); }});
  for (const Name& index : indices(place))
    if (index.index_extent == extent.size)
      choices.push_back({3, [=] { return "one_hot(" + index.text + ")"; }});
  choices.push_back({1, [=, this] { return "one_hot(" + one_of_largest(extent, place, depth) + ")"; }});
}

void Scope::add_matrices(std::vector<Choice>& choices, const Shape& shape, const Place& place, int depth) {
  choices.push_back({1, [=] { return "ones(" + shape[0].text + ", " + shape[1].text + ")"; }});
  choices.push_back({6, [=, this] {
                       return "outer(" + expression({shape[0]}, place, depth) + ", " + expression({shape[1]}, place, depth) + ")";
                     }});
  choices.push_back({5, [=, this] {
                       const Extent inner = any_extent();
                       return "(" + expression({shape[0], inner}, place, depth) + " @ " +
                              expression({inner, shape[1]}, place, depth) + ")";
                     }});
  choices.push_back({3, [=, this] {
                       const std::string inner = expression({shape[1], shape[0]}, place, depth);
                       return random.chance(50) ? "transpose(" + inner + ")" : "(" + inner + ")'";
                     }});
  choices.push_back({2, [=, this] {
                       const std::int64_t size = shape[0].size * shape[1].size;
                       return "reshape(" + expression({{size, std::to_string(size)}}, place, depth) + ", " +
                              shape[0].text + ", " + shape[1].text + ")";
                     }});
  choices.push_back({2, [=, this] {
                       const std::string function = random.chance(70) ? "softmax(" : "log_softmax(";
                       return function + expression(shape, place, depth) + ", axis = " + std::to_string(random.below(2)) + ")";
                     }});
  choices.push_back({2, [=, this] { return chosen(shape, place, depth); }});
  choices.push_back({1, [=, this] {
                       const Shape inner{any_extent(), shape[0], shape[1]};
                       const std::string at = std::to_string(random.below(inner[0].size));
                       return "(" + expression(inner, place, depth) + ")[" + at + "]";
                     }});
  choices.push_back({2, [=, this] {
                       const std::int64_t before = random.below(3), size = shape[0].size + before;
                       return "(" + expression({{size, std::to_string(size)}, shape[1]}, place, depth) + ")[" +
                              std::to_string(before) + ":" + std::to_string(size) + ", :]";
                     }});
  if (shape[0].size > 1)
    choices.push_back({2, [=, this] {
                         const std::int64_t first = random.between(1, shape[0].size - 1), rest = shape[0].size - first;
                         const auto part = [&](std::int64_t size) {
                           return expression({{size, std::to_string(size)}, shape[1]}, place, depth);
                         };
                         return "[" + part(first) + ", " + part(rest) + "]";
                       }});
}

// Three extents.
void Scope::add_blocks(std::vector<Choice>& choices, const Shape& shape, const Place& place, int depth) {
  choices.push_back({6, [=, this] {
                       const std::string product = "(" + shape[0].text + ")*(" + shape[1].text + ")";
                       const Extent rows{shape[0].size * shape[1].size, product};
                       return "reshape(" + expression({rows, shape[2]}, place, depth) + ", " + shape[0].text + ", " +
                              shape[1].text + ", " + shape[2].text + ")";
                     }});
  choices.push_back({2, [=, this] {
                       const std::int64_t before = random.below(3), size = shape[0].size + before;
                       const Shape inner{{size, std::to_string(size)}, shape[1], shape[2]};
                       return "(" + expression(inner, place, depth) + ")[" + std::to_string(before) + ":]";
                     }});
}

std::string Scope::bounded(const Shape& shape, const Place& place, int depth, const std::string& before) {
  const std::string inner = expression(shape, place, depth);
  const std::string gate = "sigmoid(" + expression(shape, place, depth - 1) + ")";
  if (before.empty()) return "tanh(" + inner + ")";
  switch (random.below(8)) {
    case 0: return "tanh(" + inner + " + " + before + ")";
    case 1: return "0.6 * " + before + " + 0.4 * tanh(" + inner + ")";
    case 2: return gate + " * " + before + " + (1 - " + gate + ") * softsign(" + inner + ")";
    case 3: return "hard_tanh(" + inner + " - 0.5 * " + before + ")";
    case 4: return "where(" + condition(shape, place, 1) + ", " + before + ", sin(" + inner + "))";
    case 5: return shape.size() == 1 ? "softmax(" + inner + " + " + before + ")" : "clamp(" + before + " + " + inner + ", -1, 1)";
    case 6: return "0.5 * max(" + before + ", tanh(" + inner + "))";
    default: return "sigmoid(" + inner + ") * " + before + " * 0.9 + 0.1 * tanh(" + inner + ")";
  }
}

}  // namespace rnnc::testing
