// Emitted C++ as code in this process: through the C++ compiler of the machine and the dynamic loader.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "compiler/loop/loop_ir.h"
#include "runtime/abi.h"

namespace rnnc::backend {

struct CompileOptions {
  std::string compiler;            // empty: $CXX, else c++. Words apart by spaces: a program and its first arguments
  std::string optimisation = "-O3";
  std::vector<std::string> more;   // further arguments, before the file's name
};

struct CompileError {
  std::string message;
  // True: this machine cannot do it (no compiler, no xsimd, another CPU, a full disk). False: the compiler refused what rnnc
  // emitted, which is a bug of rnnc, and `message` ends with what the compiler said.
  bool environment = false;
};

// A loaded shared library. It goes away with this object: whoever calls the model keeps it. Models are independent of
// each other and may be made and dropped in any order and from any thread.
class CompiledCpp {
 public:
  ~CompiledCpp();
  CompiledCpp(const CompiledCpp&) = delete;
  CompiledCpp& operator=(const CompiledCpp&) = delete;

  const rnnc_model* model() const { return model_; }
  double compile_milliseconds() const { return milliseconds_; }  // emission, the compiler, loading

 private:
  friend struct CppCompiler;
  CompiledCpp() = default;
  void* library_ = nullptr;
  const rnnc_model* model_ = nullptr;
  double milliseconds_ = 0;
};

// Emits, compiles without a shell in a private directory that is gone when this returns, and loads (RTLD_LOCAL).
// The module must be one that loop::verify accepts. Never prints, exits or aborts.
std::variant<std::unique_ptr<CompiledCpp>, CompileError> compile_cpp(const loop::Module& module,
                                                                     const CompileOptions& options = {});

// The compiler's arguments for a target: "-mavx2", "-mfma".
std::vector<std::string> target_flags(const loop::Target& target);

}  // namespace rnnc::backend
