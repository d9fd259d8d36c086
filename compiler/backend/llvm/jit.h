// Machine code for a loop::Module inside this process.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "compiler/loop/loop_ir.h"
#include "runtime/abi.h"

namespace rnnc::backend {

struct JitOptions {
  bool optimise = true;  // false: only what code generation does by itself; for tests
  // Every launch goes through the call's parallel_for, if there is one, whatever its extent and cost: for a host that
  // takes the time of each.
  bool observed = false;
};

// Compiled code and the tables that describe it. Code, tables and model go away with it: whoever calls the model keeps
// the JitModule. Modules are independent of each other, may be made and dropped in any order and from any thread, and
// their functions may run in any number of threads at once.
class JitModule {
 public:
  ~JitModule();
  JitModule(const JitModule&) = delete;
  JitModule& operator=(const JitModule&) = delete;

  const rnnc_model* model() const;
  double compile_milliseconds() const;  // verification, optimisation, code generation, linking

 private:
  struct Implementation;
  friend struct Jit;
  explicit JitModule(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

// The compiled module, or why there is none: an unsound module, a target this machine cannot run, or LLVM's own
// complaint. Never prints, exits or aborts; throws std::bad_alloc, and Unsupported for a module of so many functions that
// making their code would take more than a GiB.
std::variant<std::unique_ptr<JitModule>, std::string> jit(const loop::Module& module, JitOptions options = {});

// "" when this processor can run the target's code, else a sentence that says what it lacks.
std::string cannot_run(const loop::Target& target);

// What the code generator makes of the module, after optimisation: as LLVM IR, and as assembly. For any target, whether
// this machine can run it or not. Throw Bug when the module is unsound, Unsupported when it is too large for this.
std::string llvm_text(const loop::Module& module);
std::string assembly_text(const loop::Module& module);

}  // namespace rnnc::backend
