// The arithmetic of the interpreter: one node's value at one position, from its operands' values there.
#pragma once

#include <span>

#include "compiler/ir/program.h"

namespace rnnc::ir {

// Computes an arithmetic or structure node (from map on in the list of kinds, and one_hot), except matmul. `in` points to
// the operands' entries, `out` to room for node.shape.size() doubles. Throws std::out_of_range for a bad index.
void evaluate(const Program& program, const Node& node, std::span<const double* const> in, double* out);

// One row of a batch through a product of two operands.
struct Product {
  const double* left;
  const double* right;
  double* out;
};
// out = left @ right for all rows at once, so that a left operand they share is read once.
void multiply(const Shape& left, const Shape& right, std::span<const Product> rows);
// out += left x right for all rows, of shape [m, n]; rows may have one `out` in common.
void add_outer(const Shape& shape, std::span<const Product> rows);

}  // namespace rnnc::ir
