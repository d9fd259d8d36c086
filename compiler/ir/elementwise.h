// The one table of elementwise functions.
//
// A row says everything the compiler knows about a function: its reference value, its derivatives, its expansion into
// vector arithmetic, and where tests sample it. The interpreter, differentiation, constant folding, both backends, the
// manual's function list and the tests iterate over this table; adding a function is adding one row.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "compiler/base/id.h"

namespace rnnc::ir {

class Program;
struct NodeTag;
using NodeId = Id<NodeTag>;
using ElementwiseId = Id<struct ElementwiseTag>;

// Vector arithmetic as an expansion sees it. The loop IR's builder implements it with one instruction per call; a test
// may implement it with plain numbers. All values have the run's element type (f32 or f64); comparisons give masks,
// which only `select` and the mask operations take. Bit operations act on the value's IEEE representation.
class Arithmetic {
 public:
  using Value = int;
  virtual ~Arithmetic() = default;
  virtual bool is_double() const = 0;  // f64 run: expansions choose their constants and degrees by it
  virtual bool fuses() const = 0;      // the target has fma
  virtual Value constant(double value) = 0;
  virtual Value bits(std::uint64_t pattern) = 0;  // a constant given by its representation (low 32 bits for f32)
  virtual Value add(Value a, Value b) = 0;
  virtual Value sub(Value a, Value b) = 0;
  virtual Value mul(Value a, Value b) = 0;
  virtual Value div(Value a, Value b) = 0;
  virtual Value fma(Value a, Value b, Value c) = 0;   // a * b + c, rounded once where the target has fma
  virtual Value fnma(Value a, Value b, Value c) = 0;  // c - a * b, likewise
  virtual Value min(Value a, Value b) = 0;            // a < b ? a : b   (b when either is NaN)
  virtual Value max(Value a, Value b) = 0;            // a > b ? a : b   (b when either is NaN)
  virtual Value neg(Value a) = 0;                     // flips the sign bit
  virtual Value abs(Value a) = 0;                     // clears the sign bit
  virtual Value sqrt(Value a) = 0;
  virtual Value round(Value a) = 0;  // to nearest integer, ties to even
  virtual Value floor(Value a) = 0;
  virtual Value less(Value a, Value b) = 0;        // mask; false when unordered
  virtual Value less_equal(Value a, Value b) = 0;  // mask; false when unordered
  virtual Value equal(Value a, Value b) = 0;       // mask; false when unordered
  virtual Value select(Value mask, Value if_true, Value if_false) = 0;
  virtual Value mask_and(Value a, Value b) = 0;
  virtual Value mask_or(Value a, Value b) = 0;
  virtual Value mask_not(Value a) = 0;
  virtual Value bit_and(Value a, Value b) = 0;
  virtual Value bit_or(Value a, Value b) = 0;
  virtual Value bit_xor(Value a, Value b) = 0;
  // The representation as an integer of the same width: wrapping add, and shifts by a constant.
  virtual Value int_add(Value a, Value b) = 0;
  virtual Value int_sub(Value a, Value b) = 0;
  virtual Value shift_left(Value a, int count) = 0;
  virtual Value shift_right(Value a, int count) = 0;  // logical
  // Another row of the table, as a call (the backends emit one function per row and element type).
  virtual Value call(std::string_view function, std::span<const Value> arguments) = 0;
};

// Truth values are numbers: 0 is false, anything else true; comparisons give 1 or 0.
struct Elementwise {
  std::string_view name;      // as the user calls it, or the operator's word ("add", "less")
  std::string_view spelling = {};  // operator for printing: infix ("+"), before its operand if there is one; or empty
  int arity = 1;
  std::string_view summary;   // one line for the manual, naming ties, domain and special values
  // Reference value in double. `x` has `arity` entries.
  double (*reference)(const double* x) = nullptr;
  // The partial derivative in operand `i`, built from the operands `x` and the result `y`; null: not differentiable
  // in any operand by nature (comparisons: the derivative is zero everywhere it exists) — see `zero_derivative`.
  NodeId (*derivative)(Program& program, std::span<const NodeId> x, NodeId y, int i) = nullptr;
  bool zero_derivative = false;
  // Primitive vector arithmetic; null when `definition` is given.
  Arithmetic::Value (*expansion)(Arithmetic& a, std::span<const Arithmetic::Value> x) = nullptr;
  double error_ulp_f32 = 0.5;  // stated bound of the expansion on normal results, fma targets
  double error_ulp_f64 = 0.5;
  // Only a definition in terms of other rows: applied when a node is made, so such a row never appears in a Program.
  NodeId (*definition)(Program& program, std::span<const NodeId> x) = nullptr;
  // Where tests sample each operand: [low, high]. A finite difference must keep each operand, and the difference of any
  // two, away from the kinks.
  double low = -3, high = 3;
  std::vector<double> kinks = {};
  // Relative cost of one evaluation in vector instructions: the scheduler's price of computing it again.
  int cost = 1;
};

std::span<const Elementwise> elementwise_table();
const Elementwise& elementwise(ElementwiseId id);
// The row of that name, or nothing.
std::optional<ElementwiseId> find_elementwise(std::string_view name);
// The row of that name, which must exist.
ElementwiseId elementwise_id(std::string_view name);

}  // namespace rnnc::ir
