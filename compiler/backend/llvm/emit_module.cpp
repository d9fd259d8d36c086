#include <llvm/IR/MDBuilder.h>

#include <set>

#include "compiler/backend/llvm/emit.h"
#include "compiler/backend/llvm/machine.h"
#include "compiler/base/bug.h"

namespace rnnc::backend {

using loop::BufferId;
using loop::FunctionId;

std::string entry_symbol(loop::EntryRole role) {
  switch (role) {
    case loop::EntryRole::pack: return "pack";
    case loop::EntryRole::forward: return "forward";
    case loop::EntryRole::forward_train: return "forward_train";
    case loop::EntryRole::backward: return "backward";
    case loop::EntryRole::step: return "step";
  }
  throw Bug("an entry has no such role");
}

ModuleEmitter::ModuleEmitter(const loop::Module& module, llvm::Module& into, const JitOptions& options)
    : module_(module), context_(into.getContext()), observed_(options.observed), target_(into),
      lanes_(module.target.lanes(module.element)), real_(element(module.element)),
      functions_(module.functions.size(), nullptr) {
  target_.setSourceFileName(module.source_name);
  std::vector<llvm::Type*> fields(lengths_field(0), llvm::Type::getInt64Ty(context_));
  fields.resize(buffer_field(BufferId(std::size_t{0})) + module.buffers.size(), llvm::PointerType::getUnqual(context_));
  run_type_ = llvm::StructType::create(context_, fields, "Run");
  make_scopes();
}

llvm::Type* ModuleEmitter::element(loop::Element e) const {
  switch (e) {
    case loop::Element::f32: return llvm::Type::getFloatTy(context_);
    case loop::Element::f64: return llvm::Type::getDoubleTy(context_);
    case loop::Element::i32: return llvm::Type::getInt32Ty(context_);
  }
  throw Bug("no such element type");
}

llvm::Type* ModuleEmitter::type_of(const loop::Value& value) const {
  if (!value.mask) return vector();
  return llvm::FixedVectorType::get(llvm::Type::getInt1Ty(context_), static_cast<unsigned>(lanes_));
}

void ModuleEmitter::make_scopes() {
  llvm::MDBuilder metadata(context_);
  llvm::MDNode* domain = metadata.createAnonymousAliasScopeDomain("buffers");
  for (const loop::Buffer& buffer : module_.buffers)
    scopes_.add(metadata.createAnonymousAliasScope(domain, buffer.name));
}

llvm::Value* ModuleEmitter::null_pointer_place() {
  auto* null = llvm::ConstantPointerNull::get(llvm::PointerType::getUnqual(context_));
  if (!nothing_)
    nothing_ =
        new llvm::GlobalVariable(target_, null->getType(), true, llvm::GlobalValue::PrivateLinkage, null, "nothing");
  return nothing_;
}

llvm::Function* ModuleEmitter::declare(const std::string& name, llvm::FunctionType* type, bool external) {
  auto linkage = external ? llvm::GlobalValue::ExternalLinkage : llvm::GlobalValue::InternalLinkage;
  llvm::Function* function = llvm::Function::Create(type, linkage, name, target_);
  const MachineDescription machine = describe(module_.target);
  function->addFnAttr("target-cpu", machine.cpu);
  function->addFnAttr("tune-cpu", machine.tuning);
  function->addFnAttr("target-features", machine.features);
  function->addFnAttr("prefer-vector-width", std::to_string(machine.preferred_vector_bits));
  function->addFnAttr("min-legal-vector-width", std::to_string(machine.preferred_vector_bits));
  // No exception passes through compiled code, so it needs no unwind tables and their registration.
  function->addFnAttr(llvm::Attribute::NoUnwind);
  return function;
}

llvm::StructType* ModuleEmitter::kernel_context(FunctionId id) const {
  std::vector<llvm::Type*> fields{llvm::PointerType::getUnqual(context_)};
  fields.resize(module_.functions[id].parameters.size() - 1, llvm::Type::getInt64Ty(context_));
  return llvm::StructType::get(context_, fields);
}

llvm::Function* ModuleEmitter::kernel(FunctionId id) {
  if (functions_[id]) return functions_[id];
  const loop::Function& source = module_.functions[id];
  check(source.kind == loop::FunctionKind::kernel, "`" + source.name + "` is launched but is no kernel");
  auto* pointer = llvm::PointerType::getUnqual(context_);
  auto* whole = llvm::Type::getInt64Ty(context_);
  auto* type = llvm::FunctionType::get(llvm::Type::getVoidTy(context_), {pointer, whole, whole}, false);
  return functions_[id] = declare("kernel_" + source.name, type, true);
}

void ModuleEmitter::define_kernel(FunctionId id) {
  const loop::Function& source = module_.functions[id];
  llvm::Function* function = kernel(id);
  BodyEmitter body(*this, function);
  llvm::IRBuilder<>& builder = body.builder();
  llvm::StructType* fields = kernel_context(id);
  auto field = [&](unsigned i, const std::string& name) -> llvm::Value* {
    llvm::Value* place = builder.CreateStructGEP(fields, function->getArg(0), i);
    return builder.CreateLoad(fields->getElementType(i), place, name);
  };
  body.use_run(field(0, "run"));
  for (unsigned i = 0; i < source.parameters.size(); ++i) {
    const std::string& name = module_.symbols[source.parameters[i]].name;
    llvm::Value* parameter = i < 2 ? static_cast<llvm::Value*>(function->getArg(i + 1)) : field(i - 1, name);
    parameter->setName(name);
    body.bind(source.parameters[i], body.addressing().atom(parameter, true));
  }
  body.emit(source);
  body.mark_accesses();
  builder.CreateRetVoid();
}

llvm::Function* ModuleEmitter::epilogue(FunctionId id) {
  if (functions_[id]) return functions_[id];
  const loop::Function& source = module_.functions[id];
  std::vector<llvm::Type*> types{llvm::PointerType::getUnqual(context_)};
  types.resize(1 + source.parameters.size(), llvm::Type::getInt64Ty(context_));
  for (loop::ValueId value : source.vectors) types.push_back(type_of(source.values[value]));
  auto* type = llvm::FunctionType::get(llvm::Type::getVoidTy(context_), types, false);
  llvm::Function* function = functions_[id] = declare(source.name, type);
  function->addFnAttr(llvm::Attribute::NoInline);
  llvm::Argument* run = function->getArg(0);
  run->setName("run");
  run->addAttr(llvm::Attribute::NoAlias);
  run->addAttr(llvm::Attribute::ReadOnly);
  BodyEmitter body(*this, function);
  body.use_run(run);
  for (std::size_t i = 0; i < source.parameters.size(); ++i) {
    llvm::Argument* argument = function->getArg(static_cast<unsigned>(i + 1));
    argument->setName(module_.symbols[source.parameters[i]].name);
    body.bind(source.parameters[i], body.addressing().atom(argument, true));
  }
  std::vector<llvm::Value*> vectors;
  for (std::size_t i = 0; i < source.vectors.size(); ++i)
    vectors.push_back(function->getArg(static_cast<unsigned>(1 + source.parameters.size() + i)));
  body.emit(source, vectors);
  body.mark_accesses();
  body.builder().CreateRetVoid();
  return function;
}

namespace {

// Every buffer and function that a body mentions.
struct Mentioned {
  std::set<BufferId> buffers;
  std::set<FunctionId> functions;

  void body(const loop::Body& statements) {
    for (const loop::Statement& s : statements) std::visit([&](const auto& node) { statement(node); }, s.node);
  }
  void address(const loop::Address& a) {
    if (a.buffer.valid()) buffers.insert(a.buffer);
  }
  void statement(const loop::Instruction& i) {
    address(i.address);
    if (i.function.valid()) functions.insert(i.function);
  }
  void statement(const loop::Loop& l) { body(l.body); }
  void statement(const loop::Let& l) { address(l.address); }
  void statement(const loop::Comment&) {}
  void statement(const loop::Launch& l) { functions.insert(l.kernel); }
  void statement(const loop::Zero& z) { address(z.address); }
  void statement(const loop::IfGiven& i) {
    buffers.insert(i.buffer);
    body(i.given);
    body(i.absent);
  }
};

}  // namespace

std::vector<BufferId> ModuleEmitter::buffers_of(FunctionId entry) const {
  Mentioned all;
  std::vector<FunctionId> pending{entry};
  std::set<FunctionId> seen{entry};
  while (!pending.empty()) {
    Mentioned here;
    here.body(module_.functions[pending.back()].body);
    pending.pop_back();
    all.buffers.merge(here.buffers);
    for (FunctionId f : here.functions)
      if (seen.insert(f).second) pending.push_back(f);
  }
  return {all.buffers.begin(), all.buffers.end()};
}

void ModuleEmitter::run(const std::vector<FunctionId>& functions) {
  for (FunctionId id : functions) {
    if (module_.functions[id].kind == loop::FunctionKind::entry) emit_entry(*this, id);
    else define_kernel(id);
  }
}

void emit(const loop::Module& module, const std::vector<FunctionId>& functions, llvm::Module& into,
          const JitOptions& options) {
  ModuleEmitter(module, into, options).run(functions);
}

}  // namespace rnnc::backend
