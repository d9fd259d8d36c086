// Values as the language's manual has them, and its functions of values, each written down as the manual says it.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace rnnc::testing::definition {

// What this evaluator does not say: random draws, and programs that are none.
struct Unsaid : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// A run's arrays are not what the definition says they are.
struct Unlike : std::runtime_error {
  using std::runtime_error::runtime_error;
};

enum class Varies : std::uint8_t { never, per_row, by_step };

using Shape = std::vector<std::int64_t>;
std::int64_t size_of(const Shape& shape);

// At one row and step.
struct Value {
  Shape shape;
  std::vector<double> entries{0.0};  // row by row
  std::int64_t classes = 0;          // > 0: a whole number below that, or -1: none
  Varies varies = Varies::never;
  int axis = -1;                     // by_step: of which sequences; -1: of any
  bool unknown = false;              // shape and entries are not known: what is asked for while it is being found

  double number() const { return entries.at(0); }
};

Value number(double x);
Value filled(const Shape& shape, double x);
// The same entries, varying as all of these do together.
Value varying_as(Value value, const std::vector<Value>& all);
// A single number repeated, if the shape is another.
Value expanded(Value value, const Shape& shape);

Value product(const Value& a, const Value& b);       // a @ b
Value concatenated(const std::vector<Value>& parts);  // [a, b, …]
Value transposed(const Value& a);

// Of one axis: entries from `begin` to `end`, or the one at `begin` without that axis (-1: zeros).
struct Selection {
  std::int64_t begin = 0, end = 0;
  bool range = false;
};
Value selected(const Value& a, const std::vector<Selection>& by_axis);

// A function of values by its name, an operator by its sign. Nothing: there is none of that name.
std::optional<Value> function_of(std::string_view name, const std::vector<Value>& arguments,
                                 std::optional<std::int64_t> axis = std::nullopt);

}  // namespace rnnc::testing::definition
