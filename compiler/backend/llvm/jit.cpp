#include "compiler/backend/llvm/jit.h"

#include <llvm/ExecutionEngine/Orc/Core.h>
#include <llvm/ExecutionEngine/Orc/ExecutorProcessControl.h>
#include <llvm/ExecutionEngine/Orc/ObjectLinkingLayer.h>
#include <llvm/ExecutionEngine/Orc/TaskDispatch.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Support/SmallVectorMemoryBuffer.h>
#include <llvm/Support/raw_ostream.h>

#include <chrono>
#include <cstring>

#include "compiler/backend/llvm/emit.h"
#include "compiler/backend/llvm/machine.h"
#include "compiler/base/bug.h"
#include "compiler/loop/descriptor.h"

namespace rnnc::backend {
namespace {

namespace orc = llvm::orc;

// One compilation: its context, module and machine. After a fatal error it is leaked.
struct Compilation {
  std::string diagnosed;  // before the context, which refers to it
  llvm::LLVMContext context;
  std::unique_ptr<llvm::TargetMachine> machine;
  std::unique_ptr<llvm::Module> module;
};

// What is wrong, or "" and then `compilation.module` is sound and ready for code generation.
std::string prepare(Compilation& compilation, const loop::Module& source, bool with_passes) {
  prepare_context(compilation.context, compilation.diagnosed);
  compilation.machine = make_machine(source.target);
  compilation.module = emit(source, compilation.context);
  llvm::Module& module = *compilation.module;
  module.setDataLayout(compilation.machine->createDataLayout());
  module.setTargetTriple(compilation.machine->getTargetTriple().str());
  std::string complaint;
  llvm::raw_string_ostream stream(complaint);
  if (llvm::verifyModule(module, &stream)) return "the LLVM module is unsound: " + stream.str();
  if (with_passes) optimise(module, *compilation.machine);
  return compilation.diagnosed;
}

// Runs `work` on a Compilation of the module: its error, LLVM's fatal one, or "".
template <class Work>
std::string compile(const loop::Module& source, bool with_passes, Work&& work) {
  auto compilation = std::make_unique<Compilation>();
  std::string error;
  std::string fatal = guarded([&] {
    error = prepare(*compilation, source, with_passes);
    if (error.empty()) error = work(*compilation);
    if (error.empty()) error = compilation->diagnosed;
  });
  if (fatal.empty()) return error;
  static_cast<void>(compilation.release());
  return "LLVM gave up: " + fatal;
}

// Linked code of one module in memory of its own.
class Linked {
 public:
  Linked() = default;
  Linked(const Linked&) = delete;
  Linked& operator=(const Linked&) = delete;
  ~Linked() {
    if (!session_) return;
    layer_.reset();
    llvm::consumeError(session_->endSession());
  }

  std::string link(llvm::SmallVector<char, 0> object) {
    auto process = orc::SelfExecutorProcessControl::Create(std::make_shared<orc::SymbolStringPool>(),
                                                           std::make_unique<orc::InPlaceTaskDispatcher>());
    if (!process) return llvm::toString(process.takeError());
    session_ = std::make_unique<orc::ExecutionSession>(std::move(*process));
    session_->setErrorReporter([this](llvm::Error e) {
      std::string text = llvm::toString(std::move(e));
      if (error_.empty()) error_ = std::move(text);
    });
    layer_ = std::make_unique<orc::ObjectLinkingLayer>(*session_);
    library_ = &session_->createBareJITDylib("model");
    // All that code generation may call.
    orc::SymbolMap runtime;
    auto provide = [&](const char* name, auto* function) {
      runtime[session_->intern(name)] = {orc::ExecutorAddr::fromPtr(function), llvm::JITSymbolFlags::Exported};
    };
    provide("memset", &std::memset);
    provide("memcpy", static_cast<void* (*)(void*, const void*, std::size_t)>(&std::memcpy));
    if (llvm::Error e = library_->define(orc::absoluteSymbols(std::move(runtime)))) return llvm::toString(std::move(e));
    auto buffer = std::make_unique<llvm::SmallVectorMemoryBuffer>(std::move(object), "model", false);
    if (llvm::Error e = layer_->add(*library_, std::move(buffer))) return llvm::toString(std::move(e));
    return "";
  }

  template <class F>
  std::string find(const std::string& name, F*& function) {
    auto symbol = session_->lookup({library_}, name);
    if (!symbol) {
      std::string text = llvm::toString(symbol.takeError());
      return error_.empty() ? text : error_;
    }
    function = symbol->getAddress().toPtr<F*>();
    return "";
  }

 private:
  std::unique_ptr<orc::ExecutionSession> session_;
  std::unique_ptr<orc::ObjectLinkingLayer> layer_;
  orc::JITDylib* library_ = nullptr;
  std::string error_;
};

}  // namespace

struct JitModule::Implementation {
  explicit Implementation(const loop::Module& module) : tables(module) {}
  loop::ModelTables tables;
  Linked code;
  double milliseconds = 0;
};

JitModule::JitModule(std::unique_ptr<Implementation> implementation) : implementation_(std::move(implementation)) {}
JitModule::~JitModule() = default;
const rnnc_model* JitModule::model() const { return &implementation_->tables.model(); }
double JitModule::compile_milliseconds() const { return implementation_->milliseconds; }

namespace {

std::string find_entries(Linked& code, const loop::Module& module, rnnc_model& model) {
  for (loop::FunctionId id : module.entries) {
    const loop::EntryRole role = module.functions[id].role;
    const std::string name = entry_symbol(role);
    std::string error;
    switch (role) {
      case loop::EntryRole::pack: error = code.find(name, model.pack); break;
      case loop::EntryRole::forward: error = code.find(name, model.forward); break;
      case loop::EntryRole::forward_train: error = code.find(name, model.forward_train); break;
      case loop::EntryRole::backward: error = code.find(name, model.backward); break;
      case loop::EntryRole::step: error = code.find(name, model.step); break;
    }
    if (!error.empty()) return error;
  }
  return "";
}

}  // namespace

// Has access to JitModule's constructor.
struct Jit {
  static std::variant<std::unique_ptr<JitModule>, std::string> run(const loop::Module& module, JitOptions options) {
    const auto start = std::chrono::steady_clock::now();
    if (std::string unsound = loop::verify(module); !unsound.empty()) return "the loop module is unsound: " + unsound;
    if (std::string refusal = cannot_run(module.target); !refusal.empty()) return refusal;
    auto made = std::make_unique<JitModule::Implementation>(module);
    llvm::SmallVector<char, 0> object;
    std::string error = compile(module, options.optimise, [&](Compilation& compilation) {
      std::string trouble;
      object = generate(*compilation.module, *compilation.machine, OutputKind::object, trouble);
      return trouble;
    });
    if (!error.empty()) return error;
    std::string fatal = guarded([&] {
      error = made->code.link(std::move(object));
      if (error.empty()) error = find_entries(made->code, module, made->tables.model());
    });
    if (!fatal.empty()) {
      static_cast<void>(made.release());
      return "LLVM gave up: " + fatal;
    }
    if (!error.empty()) return error;
    made->milliseconds = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    return std::unique_ptr<JitModule>(new JitModule(std::move(made)));
  }
};

std::variant<std::unique_ptr<JitModule>, std::string> jit(const loop::Module& module, JitOptions options) {
  try {
    return Jit::run(module, options);
  } catch (const std::exception& e) {
    return std::string(e.what());
  }
}

std::string cannot_run(const loop::Target& target) {
  const std::string missing = missing_on_host(target);
  return missing.empty() ? "" : "this processor cannot run code for `" + target.name + "`: it lacks " + missing;
}

std::string llvm_text(const loop::Module& module) {
  check(loop::verify(module).empty(), loop::verify(module));
  std::string text;
  std::string error = compile(module, true, [&](Compilation& compilation) {
    llvm::raw_string_ostream stream(text);
    compilation.module->print(stream, nullptr);
    return std::string();
  });
  check(error.empty(), error);
  return text;
}

std::string assembly_text(const loop::Module& module) {
  check(loop::verify(module).empty(), loop::verify(module));
  std::string text;
  std::string error = compile(module, true, [&](Compilation& compilation) {
    std::string trouble;
    llvm::SmallVector<char, 0> bytes = generate(*compilation.module, *compilation.machine, OutputKind::assembly, trouble);
    text.assign(bytes.begin(), bytes.end());
    return trouble;
  });
  check(error.empty(), error);
  return text;
}

}  // namespace rnnc::backend
