#include "compiler/backend/llvm/jit.h"

#include <llvm/ExecutionEngine/Orc/Core.h>
#include <llvm/ExecutionEngine/Orc/ExecutorProcessControl.h>
#include <llvm/ExecutionEngine/Orc/ObjectLinkingLayer.h>
#include <llvm/ExecutionEngine/Orc/TaskDispatch.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Support/SmallVectorMemoryBuffer.h>
#include <llvm/Support/raw_ostream.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <future>
#include <iterator>
#include <new>
#include <set>
#include <system_error>
#include <thread>

#include "compiler/backend/llvm/emit.h"
#include "compiler/backend/llvm/machine.h"
#include "compiler/base/bug.h"
#include "compiler/loop/descriptor.h"

namespace rnnc::backend {
namespace {

namespace orc = llvm::orc;

using Functions = std::vector<loop::FunctionId>;
using Object = llvm::SmallVector<char, 0>;

// One compilation: its context, module and machine. After a fatal error it is leaked.
struct Compilation {
  std::string diagnosed;  // before the context, which refers to it
  llvm::LLVMContext context;
  std::unique_ptr<llvm::TargetMachine> machine;
  std::unique_ptr<llvm::Module> module;
};

// What is wrong, or "" and then `compilation.module` is sound and ready for code generation.
std::string prepare(Compilation& compilation, const loop::Module& source, const Functions& functions,
                    const JitOptions& options) {
  prepare_context(compilation.context, compilation.diagnosed);
  compilation.machine = make_machine(source.target);
  compilation.module = std::make_unique<llvm::Module>(source.name, compilation.context);
  llvm::Module& module = *compilation.module;
  emit(source, functions, module, options);
  module.setDataLayout(compilation.machine->createDataLayout());
  module.setTargetTriple(compilation.machine->getTargetTriple().str());
  std::string complaint;
  llvm::raw_string_ostream stream(complaint);
  if (llvm::verifyModule(module, &stream)) return "the LLVM module is unsound: " + stream.str();
  if (options.optimise) optimise(module, *compilation.machine);
  return compilation.diagnosed;
}

// Runs `work`, which uses `objects`: "" or what LLVM declared fatal. Then, or where memory runs out, they are leaked.
template <class Objects, class Work>
std::string guarded_with(std::unique_ptr<Objects>& objects, Work&& work) {
  try {
    const std::string fatal = guarded(work);
    if (fatal.empty()) return "";
    static_cast<void>(objects.release());
    return "LLVM gave up: " + fatal;
  } catch (const std::bad_alloc&) {
    static_cast<void>(objects.release());
    throw;
  }
}

// Runs `work` on a Compilation of these functions: its error, LLVM's fatal one, or "".
template <class Work>
std::string compile(const loop::Module& source, const Functions& functions, const JitOptions& options, Work&& work) {
  auto compilation = std::make_unique<Compilation>();
  std::string error;
  const std::string fatal = guarded_with(compilation, [&] {
    error = prepare(*compilation, source, functions, options);
    if (error.empty()) error = work(*compilation);
    if (error.empty()) error = compilation->diagnosed;
  });
  return fatal.empty() ? error : fatal;
}

std::string compile_object(const loop::Module& source, const Functions& functions, const JitOptions& options,
                           Object& object) {
  return compile(source, functions, options, [&](Compilation& compilation) {
    std::string trouble;
    object = generate(*compilation.module, *compilation.machine, OutputKind::object, trouble);
    return trouble;
  });
}

// Entries and kernels: what is compiled for itself. Epilogues go with the kernels that call them.
Functions external_functions(const loop::Module& module) {
  Functions functions;
  for (std::size_t i = 0; i < module.functions.size(); ++i) {
    const loop::FunctionId id(i);
    if (module.functions[id].kind != loop::FunctionKind::helper) functions.push_back(id);
  }
  return functions;
}

// How long a function takes to compile, in instructions as far as the loop module tells.
class CompileCost {
 public:
  explicit CompileCost(const loop::Module& module) : module_(module) {}
  std::int64_t of(loop::FunctionId id) {
    called_.clear();
    return constant_part + body(module_.functions[id].body);
  }

 private:
  static constexpr std::int64_t constant_part = 50, launch_part = 20;
  std::int64_t body(const loop::Body& statements) {
    std::int64_t sum = 0;
    for (const loop::Statement& s : statements) sum += std::visit([&](const auto& node) { return cost(node); }, s.node);
    return sum;
  }
  // Elementwise functions are written out wherever they are called, epilogues once.
  std::int64_t cost(const loop::Instruction& i) {
    if (!i.function.valid()) return 1;
    const loop::Function& callee = module_.functions[i.function];
    return !callee.reads_run || called_.insert(i.function).second ? 1 + body(callee.body) : 1;
  }
  std::int64_t cost(const loop::Loop& loop) { return 5 + loop.unrolled * body(loop.body); }
  std::int64_t cost(const loop::Let&) { return 2; }
  std::int64_t cost(const loop::Comment&) { return 0; }
  std::int64_t cost(const loop::Launch&) { return launch_part; }
  std::int64_t cost(const loop::Zero&) { return 2; }
  std::int64_t cost(const loop::IfGiven& branch) { return 2 + body(branch.given) + body(branch.absent); }

  const loop::Module& module_;
  std::set<loop::FunctionId> called_;
};

// Shares of the functions that take about as long to compile, one for each processor but none that is hardly worth
// a thread. The largest come first, each to whoever has least.
std::vector<Functions> shares_of(const loop::Module& module) {
  constexpr std::int64_t least = 1000;
  CompileCost cost(module);
  std::vector<std::pair<std::int64_t, loop::FunctionId>> sorted;
  std::int64_t sum = 0;
  for (loop::FunctionId id : external_functions(module)) {
    sorted.emplace_back(cost.of(id), id);
    sum += sorted.back().first;
  }
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  const std::int64_t processors = std::max(1u, std::thread::hardware_concurrency());
  std::vector<Functions> shares(static_cast<std::size_t>(std::clamp<std::int64_t>(sum / least, 1, processors)));
  std::vector<std::int64_t> costs(shares.size());
  for (const auto& [own, id] : sorted) {
    const auto lightest = std::min_element(costs.begin(), costs.end());
    *lightest += own;
    shares[static_cast<std::size_t>(lightest - costs.begin())].push_back(id);
  }
  return shares;
}

// So that making their code takes less than a GiB: in parts, and all at once as texts are made.
constexpr std::size_t most_functions = 20'000, most_functions_of_text = 8'000;

void refuse_more(const loop::Module& module, std::size_t most, const char* what) {
  if (module.functions.size() <= most) return;
  throw Unsupported(std::string(what) + " is made of up to " + std::to_string(most) + " functions, and this model has " +
                    std::to_string(module.functions.size()) + ": take C++, which has no such limit");
}

// A share in the parts that are compiled one after the other, each of a cost of up to `most` if it is of several functions.
std::vector<Functions> parts_of(const loop::Module& source, const Functions& share, std::int64_t most) {
  CompileCost cost(source);
  std::vector<Functions> parts(1);
  std::int64_t sum = 0;
  for (loop::FunctionId id : share) {
    const std::int64_t own = cost.of(id);
    if (sum > 0 && sum + own > most) {
      parts.emplace_back();
      sum = 0;
    }
    parts.back().push_back(id);
    sum += own;
  }
  return parts;
}

std::string compile_share(const loop::Module& source, const Functions& share, std::int64_t most, const JitOptions& options,
                          std::vector<Object>& objects) {
  std::string error;
  for (const Functions& part : parts_of(source, share, most))
    if (error.empty()) error = compile_object(source, part, options, objects.emplace_back());
  return error;
}

// Each share is compiled in its own thread.
std::string compile_objects(const loop::Module& source, const JitOptions& options, std::vector<Object>& objects) {
  const std::vector<Functions> shares = shares_of(source);
  // The cost of what LLVM holds at any time, of all shares together, if no function alone has more than its share's part.
  constexpr std::int64_t held = 200000;
  const std::int64_t most = held / static_cast<std::int64_t>(shares.size());
  std::vector<std::vector<Object>> made(shares.size());
  std::vector<std::future<std::string>> others;
  std::size_t alone = 0;  // shares that this thread compiles: the first, and those that find no thread
  for (std::size_t i = shares.size() - 1; i > 0; --i) {
    try {
      others.push_back(std::async(std::launch::async, compile_share, std::cref(source), std::cref(shares[i]), most,
                                  std::cref(options), std::ref(made[i])));
    } catch (const std::system_error&) {
      alone = i;
      break;
    }
  }
  std::string error;
  for (std::size_t i = 0; i <= alone; ++i)
    if (error.empty()) error = compile_share(source, shares[i], most, options, made[i]);
  for (std::future<std::string>& other : others)
    if (std::string e = other.get(); error.empty()) error = std::move(e);
  for (std::vector<Object>& some : made) std::move(some.begin(), some.end(), std::back_inserter(objects));
  return error;
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
    std::string fatal = guarded_with(made, [&] {
      error = made->code.link(std::move(objects));
      if (error.empty()) error = find_entries(made->code, module, made->tables.model());
    });
    if (!fatal.empty()) return fatal;
    if (!error.empty()) return error;
    made->milliseconds = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    return std::unique_ptr<JitModule>(new JitModule(std::move(made)));
  }
};

std::variant<std::unique_ptr<JitModule>, std::string> jit(const loop::Module& module, JitOptions options) {
  refuse_more(module, most_functions, "machine code");
  try {
    return Jit::run(module, options);
  } catch (const std::bad_alloc&) {
    throw;
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
  refuse_more(module, most_functions_of_text, "LLVM's text");
  std::string text;
  std::string error = compile(module, external_functions(module), {}, [&](Compilation& compilation) {
    llvm::raw_string_ostream stream(text);
    compilation.module->print(stream, nullptr);
    return std::string();
  });
  check(error.empty(), error);
  return text;
}

std::string assembly_text(const loop::Module& module) {
  check(loop::verify(module).empty(), loop::verify(module));
  refuse_more(module, most_functions_of_text, "assembly");
  std::string text;
  std::string error = compile(module, external_functions(module), {}, [&](Compilation& compilation) {
    std::string trouble;
    Object bytes = generate(*compilation.module, *compilation.machine, OutputKind::assembly, trouble);
    text.assign(bytes.begin(), bytes.end());
    return trouble;
  });
  check(error.empty(), error);
  return text;
}

}  // namespace rnnc::backend
