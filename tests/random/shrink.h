// Makes a failing case small.
#pragma once

#include <functional>

#include "tests/random/generate.h"

namespace rnnc::testing {

// Removes declarations and equations, puts parts of expressions or numbers in the place of the whole, lowers dimensions,
// steps and rows, for as long as `fails` says yes and at most `tries` questions. What does not compile must not "fail".
Case shrink(const Case& c, const std::function<bool(const Case&)>& fails, int tries = 3000);

}  // namespace rnnc::testing
