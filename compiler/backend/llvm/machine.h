// LLVM as a service: set up once, quiet, never fatal.
#pragma once

#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>
#include <llvm/Target/TargetMachine.h>

#include <functional>
#include <memory>
#include <string>

#include "compiler/loop/loop_ir.h"

namespace rnnc::backend {

// How LLVM is to be told of a target. It is fixed by the loop module alone, so that code and results are the same on
// every machine.
struct MachineDescription {
  std::string cpu, tuning, features;
  int preferred_vector_bits = 0;
};
MachineDescription describe(const loop::Target& target);

// "" when this processor has all that the target's code uses, else what it lacks.
std::string missing_on_host(const loop::Target& target);

std::unique_ptr<llvm::TargetMachine> make_machine(const loop::Target& target);

// Runs `work` and gives "" or what LLVM declared fatal meanwhile on this thread. After a fatal error LLVM's objects
// that were in use are in no known state: the caller leaks them, as it does after a std::bad_alloc that comes out of this.
std::string guarded(const std::function<void()>& work);

// Collects what LLVM would print about the modules of a context, and keeps passes out of code generation that cost much
// and bring nothing here. `first_error` outlives the context's use.
void prepare_context(llvm::LLVMContext& context, std::string& first_error);

// Runs the pass pipeline: what a hand-written vector loop profits from, nothing that unrolls or vectorises.
void optimise(llvm::Module& module, llvm::TargetMachine& machine);

enum class OutputKind { object, assembly };
// Machine code of the module as an ELF object or as text. "" in `error` when it went well.
llvm::SmallVector<char, 0> generate(llvm::Module& module, llvm::TargetMachine& machine, OutputKind kind,
                                    std::string& error);

}  // namespace rnnc::backend
