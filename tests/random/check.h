// What must hold of any program and run, whatever it computes.
#pragma once

#include <map>
#include <string>

#include "tests/random/generate.h"

namespace rnnc::testing {

struct CheckOptions {
  bool cpp = false;       // emitted C++ as well, compiled by $CXX (else c++): seconds
  std::string only;        // the check to make (and what it needs): "" = all
};

// What one check said of a case: nothing, that it does not apply, or how it failed.
struct Verdict {
  std::string failed;   // the check's name; "" = every check holds
  std::string details;  // for people
  std::map<std::string, int> left_out;  // what could not be checked, and how often: "not finite", what is unsupported
};

// The checks, in this order; the first that fails is named:
//   compiles    no diagnostic, no Bug, every representation verifies
//   reprint     the printed source means the same equations
//   passes      every pass leaves the value of every result and gradient as it was (by the interpreter)
//   definition  outputs, final values and the loss are what the manual's definitions give, read from the source text alone
//   rows        a row alone gives what it gives in a batch (by the interpreter; of programs that draw nothing)
//   bystanders  what else reads a value at other steps changes nothing (by the interpreter)
//   order       so does the order of equations (by the interpreter; of programs that draw nothing)
//   gradients   derived gradients agree with finite differences
//   jit.f64, jit.f32   machine code (f64 for even seeds, f32 for odd ones) agrees with the interpreter, as far as the problem's own sensitivity to rounding goes
//   repeats     another run, with other garbage in its memory, gives the same bits
//   threads     so does a run on several threads
//   chunks      a run in two parts, and a run step by step, give what one run gives (of programs that only look back)
//   cpp         emitted C++ gives the bits of the JIT
Verdict check_case(const Case& c, const CheckOptions& options = {});

}  // namespace rnnc::testing
