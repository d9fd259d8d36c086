#include "compiler/backend/llvm/machine.h"

#include <llvm/Analysis/AliasAnalysis.h>
#include <llvm/IR/DiagnosticHandler.h>
#include <llvm/IR/DiagnosticInfo.h>
#include <llvm/IR/DiagnosticPrinter.h>
#include <llvm/IR/LegacyPassManager.h>
#include <llvm/IR/OptBisect.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/ErrorHandling.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Transforms/InstCombine/InstCombine.h>
#include <llvm/Transforms/Scalar/ADCE.h>
#include <llvm/Transforms/Scalar/EarlyCSE.h>
#include <llvm/Transforms/Scalar/LICM.h>
#include <llvm/Transforms/Scalar/LoopPassManager.h>
#include <llvm/Transforms/Scalar/SimplifyCFG.h>

#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <new>

#include "compiler/base/bug.h"

namespace rnnc::backend {
namespace {

constexpr const char* triple = "x86_64-pc-linux-gnu";

struct FatalError {
  std::string reason;
};
// Set while this thread is inside `guarded`: only then is a fatal error ours to catch.
thread_local bool is_guarded = false;

// LLVM is compiled without exceptions but with unwind tables, so this passes through its frames without running their
// destructors; that is why the objects in use must be leaked.
void on_fatal_error(void*, const char* reason, bool) {
  if (is_guarded) throw FatalError{reason ? reason : "unknown"};
}

// Where memory runs out inside of LLVM. It must not return: outside of `guarded` the process ends, as it does without this.
void on_bad_alloc(void*, const char* reason, bool) {
  if (is_guarded) throw std::bad_alloc();
  std::fprintf(stderr, "LLVM: out of memory: %s\n", reason ? reason : "");
  std::abort();
}

void initialise_once() {
  static std::once_flag once;
  std::call_once(once, [] {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
    llvm::install_fatal_error_handler(on_fatal_error);
    llvm::install_bad_alloc_error_handler(on_bad_alloc);
  });
}

struct QuietHandler final : llvm::DiagnosticHandler {
  explicit QuietHandler(std::string& error) : first_error(error) {}
  bool handleDiagnostics(const llvm::DiagnosticInfo& info) override {
    if (info.getSeverity() == llvm::DS_Error && first_error.empty()) {
      llvm::raw_string_ostream stream(first_error);
      llvm::DiagnosticPrinterRawOStream printer(stream);
      info.print(printer);
    }
    return true;
  }
  std::string& first_error;
};

// Addresses are already sums of what loops leave alone and one scaled variable, which is an addressing mode of the
// machine: loop strength reduction takes a third of code generation to find nothing better.
struct WithoutLoopReduction final : llvm::OptPassGate {
  bool shouldRunPass(const llvm::StringRef pass, llvm::StringRef) override { return pass != "Loop Strength Reduction"; }
  bool isEnabled() const override { return true; }
};

}  // namespace

MachineDescription describe(const loop::Target& target) {
  if (target.name == "sse2") return {"x86-64", "generic", "+sse2", 128};
  if (target.name == "avx2") return {"x86-64", "haswell", "+avx,+avx2,+fma", 256};
  if (target.name == "avx512") {
    return {"x86-64", "skylake-avx512", "+avx,+avx2,+fma,+avx512f,+avx512cd,+avx512dq,+avx512bw,+avx512vl", 512};
  }
  throw Unsupported("the JIT does not know the target `" + target.name + "`");
}

std::string missing_on_host(const loop::Target& target) {
  std::string missing;
  auto need = [&](bool present, const char* name) {
    if (!present) missing += (missing.empty() ? "" : ", ") + std::string(name);
  };
  __builtin_cpu_init();
  if (target.name == "avx2" || target.name == "avx512") {
    need(__builtin_cpu_supports("avx"), "avx");
    need(__builtin_cpu_supports("avx2"), "avx2");
    need(__builtin_cpu_supports("fma"), "fma");
  }
  if (target.name == "avx512") {
    need(__builtin_cpu_supports("avx512f"), "avx512f");
    need(__builtin_cpu_supports("avx512cd"), "avx512cd");
    need(__builtin_cpu_supports("avx512dq"), "avx512dq");
    need(__builtin_cpu_supports("avx512bw"), "avx512bw");
    need(__builtin_cpu_supports("avx512vl"), "avx512vl");
  }
  return missing;
}

std::unique_ptr<llvm::TargetMachine> make_machine(const loop::Target& target) {
  initialise_once();
  const MachineDescription description = describe(target);
  std::string error;
  const llvm::Target* registered = llvm::TargetRegistry::lookupTarget(triple, error);
  check(registered != nullptr, "LLVM has no x86-64 target: " + error);
  llvm::TargetOptions options;
  options.AllowFPOpFusion = llvm::FPOpFusion::Strict;  // an fma is an instruction of the loop IR, never LLVM's idea
  std::unique_ptr<llvm::TargetMachine> machine(registered->createTargetMachine(
      triple, description.cpu, description.features, options, llvm::Reloc::PIC_, llvm::CodeModel::Small,
      llvm::CodeGenOptLevel::Default, true));
  check(machine != nullptr, "LLVM made no target machine");
  return machine;
}

std::string guarded(const std::function<void()>& work) {
  initialise_once();
  struct Mark {
    bool before = is_guarded;
    Mark() { is_guarded = true; }
    ~Mark() { is_guarded = before; }
  } mark;
  try {
    work();
  } catch (const FatalError& fatal) {
    return fatal.reason.empty() ? "LLVM gave up without a reason" : fatal.reason;
  }
  return "";
}

void prepare_context(llvm::LLVMContext& context, std::string& first_error) {
  static WithoutLoopReduction gate;  // has no state
  context.setOptPassGate(gate);
  context.setDiagnosticHandler(std::make_unique<QuietHandler>(first_error));
}

void optimise(llvm::Module& module, llvm::TargetMachine& machine) {
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  llvm::PassBuilder builder(&machine);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);

  llvm::FunctionPassManager passes;
  passes.addPass(llvm::EarlyCSEPass(true));
  passes.addPass(llvm::InstCombinePass());
  passes.addPass(llvm::SimplifyCFGPass());
  passes.addPass(llvm::createFunctionToLoopPassAdaptor(llvm::LICMPass(llvm::LICMOptions()), /*UseMemorySSA=*/true));
  passes.addPass(llvm::EarlyCSEPass(true));
  passes.addPass(llvm::ADCEPass());
  llvm::ModulePassManager all;
  all.addPass(llvm::createModuleToFunctionPassAdaptor(std::move(passes)));
  all.run(module, modules);
}

llvm::SmallVector<char, 0> generate(llvm::Module& module, llvm::TargetMachine& machine, OutputKind kind,
                                    std::string& error) {
  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream stream(bytes);
  llvm::legacy::PassManager passes;
  const auto file =
      kind == OutputKind::object ? llvm::CodeGenFileType::ObjectFile : llvm::CodeGenFileType::AssemblyFile;
  if (machine.addPassesToEmitFile(passes, stream, nullptr, file, /*DisableVerify=*/true)) {
    error = "LLVM cannot write this kind of file";
    return bytes;
  }
  passes.run(module);
  return bytes;
}

}  // namespace rnnc::backend
