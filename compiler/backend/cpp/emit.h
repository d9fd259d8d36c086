// The C++ backend: a verified Module as C++17 with xsimd 8. It prints and never chooses; one line per instruction.
#pragma once

#include <string>

#include "compiler/loop/loop_ir.h"

namespace rnnc::backend {

// How every emitted file begins.
inline constexpr const char* made_by = "// Made by rnnc";

struct EmittedCpp {
  std::string source;  // the .cpp: everything in an anonymous namespace but rnnc_model_NAME
  std::string header;  // the ABI's declarations, rnnc_model_NAME, and a class that owns a model's memory
  std::string symbol;  // the exported function's name
};

// `header_name` is what the source includes: the name of the file that `header` will be written to. Total on modules
// that loop::verify accepts; the same module gives the same bytes.
EmittedCpp emit_cpp(const loop::Module& module, const std::string& header_name);

}  // namespace rnnc::backend
