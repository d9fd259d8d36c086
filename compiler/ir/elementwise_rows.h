// The parts the table of elementwise functions is put together from. Only the elementwise_*.cpp files include this.
#pragma once

#include <vector>

#include "compiler/ir/elementwise.h"

namespace rnnc::ir {

std::vector<Elementwise> arithmetic_rows();   // add … floor: one or two vector instructions each
std::vector<Elementwise> logic_rows();        // comparisons, and, or, not, where
std::vector<Elementwise> exponential_rows();  // exp, expm1, sigmoid, tanh, softplus, elu
std::vector<Elementwise> logarithm_rows();    // log, log1p, pow
std::vector<Elementwise> trigonometry_rows(); // sin, cos
std::vector<Elementwise> error_function_rows();  // erf, erfc
std::vector<Elementwise> defined_rows();      // what is written in terms of the others

}  // namespace rnnc::ir
