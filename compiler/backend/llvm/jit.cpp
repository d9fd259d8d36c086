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
#include <future>
#include <system_error>

#include "compiler/backend/llvm/emit.h"
#include "compiler/backend/llvm/machine.h"
#include "compiler/base/bug.h"
#include "compiler/loop/descriptor.h"

namespace rnnc::backend {
namespace {

namespace orc = llvm::orc;

using Entries = std::vector<loop::FunctionId>;
using Object = llvm::SmallVector<char, 0>;

// One compilation: its context, module and machine. After a fatal error it is leaked.
struct Compilation {
  std::string diagnosed;  // before the context, which refers to it
  llvm::LLVMContext context;
  std::unique_ptr<llvm::TargetMachine> machine;
  std::unique_ptr<llvm::Module> module;
};

// What is wrong, or "" and then `compilation.module` is sound and ready for code generation.
std::string prepare(Compilation& compilation, const loop::Module& source, const Entries& entries,
                    const JitOptions& options) {
  prepare_context(compilation.context, compilation.diagnosed);
  compilation.machine = make_machine(source.target);
  compilation.module = emit(source, entries, compilation.context, options);
  llvm::Module& module = *compilation.module;
  module.setDataLayout(compilation.machine->createDataLayout());
  module.setTargetTriple(compilation.machine->getTargetTriple().str());
  std::string complaint;
  llvm::raw_string_ostream stream(complaint);
  if (llvm::verifyModule(module, &stream)) return "the LLVM module is unsound: " + stream.str();
  if (options.optimise) optimise(module, *compilation.machine);
  return compilation.diagnosed;
}

// Runs `work` on a Compilation of these entries: its error, LLVM's fatal one, or "".
template <class Work>
std::string compile(const loop::Module& source, const Entries& entries, const JitOptions& options, Work&& work) {
  auto compilation = std::make_unique<Compilation>();
  std::string error;
  std::string fatal = guarded([&] {
    error = prepare(*compilation, source, entries, options);
    if (error.empty()) error = work(*compilation);
    if (error.empty()) error = compilation->diagnosed;
  });
  if (fatal.empty()) return error;
  static_cast<void>(compilation.release());
  return "LLVM gave up: " + fatal;
}

std::string compile_object(const loop::Module& source, const Entries& entries, const JitOptions& options,
                           Object& object) {
  return compile(source, entries, options, [&](Compilation& compilation) {
    std::string trouble;
    object = generate(*compilation.module, *compilation.machine, OutputKind::object, trouble);
    return trouble;
  });
}

// Training and inference have few kernels in common, so that each becomes an object of its own, made in its own thread.
std::string compile_objects(const loop::Module& source, const JitOptions& options, std::vector<Object>& objects) {
  Entries training, inference;
  for (loop::FunctionId id : source.entries) {
    const loop::EntryRole role = source.functions[id].role;
    const bool trains = role == loop::EntryRole::forward_train || role == loop::EntryRole::backward;
    (trains ? training : inference).push_back(id);
  }
  objects.resize(2);
  std::future<std::string> other;
  std::string errors[2];
  if (!training.empty() && !inference.empty()) {
    try {
      other = std::async(std::launch::async, compile_object, std::cref(source), std::cref(training), std::cref(options),
                         std::ref(objects[1]));
    } catch (const std::system_error&) {  // no more threads: one after the other, below
    }
  }
  if (!inference.empty()) errors[0] = compile_object(source, inference, options, objects[0]);
  if (other.valid()) {
    errors[1] = other.get();
  } else if (!training.empty()) {
    errors[1] = compile_object(source, training, options, objects[1]);
  }
  std::erase_if(objects, [](const Object& object) { return object.empty(); });
  return errors[0].empty() ? errors[1] : errors[0];
}

// Linked code of one module in memory of its own.
class Linked {
 public:
  Linked() = default;
  Linked(const Linked&) = delete;
  Linked& operator=(const Linked&) = delete;
  ~Linked() {
    // Before the layer goes, which has the code's memory and only gives it back when the session ends.
    if (session_) llvm::consumeError(session_->endSession());
  }

  std::string link(std::vector<Object> objects) {
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
    int number = 0;
    for (Object& object : objects) {
      const std::string name = "model" + std::to_string(number++);
      auto buffer = std::make_unique<llvm::SmallVectorMemoryBuffer>(std::move(object), name, false);
      if (llvm::Error e = layer_->add(*library_, std::move(buffer))) return llvm::toString(std::move(e));
    }
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
    std::vector<Object> objects;
    std::string error = compile_objects(module, options, objects);
    if (!error.empty()) return error;
    std::string fatal = guarded([&] {
      error = made->code.link(std::move(objects));
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
  std::string error = compile(module, module.entries, {}, [&](Compilation& compilation) {
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
  std::string error = compile(module, module.entries, {}, [&](Compilation& compilation) {
    std::string trouble;
    Object bytes = generate(*compilation.module, *compilation.machine, OutputKind::assembly, trouble);
    text.assign(bytes.begin(), bytes.end());
    return trouble;
  });
  check(error.empty(), error);
  return text;
}

}  // namespace rnnc::backend
