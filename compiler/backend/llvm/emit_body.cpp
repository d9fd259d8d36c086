// Statements: control flow, whole numbers, memory that is not loaded into vectors.
#include <set>

#include "compiler/backend/llvm/emit.h"
#include "compiler/base/bug.h"

namespace rnnc::backend {

using loop::BufferId;

BodyEmitter::BodyEmitter(ModuleEmitter& module, llvm::Function* function)
    : module_(module), function_(function),
      builder_(llvm::BasicBlock::Create(module.context(), "entry", function)), addressing_(builder_) {}

void BodyEmitter::bind_number(unsigned run_field, llvm::Value* value) {
  run_numbers_[run_field] = addressing_.atom(value, true);
}
void BodyEmitter::bind_threads(llvm::Value* parallel_for, llvm::Value* pool) {
  parallel_for_ = parallel_for;
  pool_ = pool;
}

void BodyEmitter::bind(loop::SymbolId symbol, Polynomial value) {
  // Kernel parameters are bound before there is a frame; emit() takes them over.
  static_cast<void>(frame_ ? frame_->symbols.insert_or_assign(symbol, std::move(value))
                           : parameters_.insert_or_assign(symbol, std::move(value)));
}

void BodyEmitter::emit(const loop::Function& function, const std::vector<llvm::Value*>& vectors) {
  Frame frame;
  frame.function = &function;
  frame.values = IdVector<loop::ValueId, llvm::Value*>(function.values.size(), nullptr);
  for (std::size_t i = 0; i < vectors.size(); ++i) frame.values[function.vectors[i]] = vectors[i];
  frame.symbols = std::move(parameters_);
  frame_ = &frame;
  body(function.body);
  frame_ = nullptr;
}

void BodyEmitter::body(const loop::Body& body) {
  for (const loop::Statement& s : body) std::visit([&](const auto& node) { statement(node); }, s.node);
}

llvm::BasicBlock* BodyEmitter::block(const std::string& name) {
  return llvm::BasicBlock::Create(module_.context(), name, function_);
}

// Buffers do not overlap. Two accesses are told apart when one says that it is not in the scope of the other; as two
// reads never matter, a read need only exclude the buffers that this function writes. The one exception is the ABI's:
// in `step` a state's arrays may be the same before and after.
void BodyEmitter::mark_accesses() {
  std::set<BufferId> touched, written;
  for (const Access& access : accesses_) {
    if (access.buffer.valid()) touched.insert(access.buffer);
    if (access.buffer.valid() && access.instruction->mayWriteToMemory()) written.insert(access.buffer);
  }
  auto is_state = [&](BufferId id) {
    const loop::Space space = module_.source().buffers[id].space;
    return space == loop::Space::state_in || space == loop::Space::state_out;
  };
  auto scopes_without = [&](const std::set<BufferId>& buffers, BufferId own) {
    std::vector<llvm::Metadata*> scopes;
    for (BufferId id : buffers)
      if (id != own && !(own.valid() && is_state(own) && is_state(id))) scopes.push_back(module_.scope(id));
    return llvm::MDNode::get(module_.context(), scopes);
  };
  for (const Access& access : accesses_) {
    if (access.buffer.valid()) {
      auto* own = llvm::MDNode::get(module_.context(), {module_.scope(access.buffer)});
      access.instruction->setMetadata(llvm::LLVMContext::MD_alias_scope, own);
    }
    const auto& others = access.instruction->mayWriteToMemory() ? touched : written;
    access.instruction->setMetadata(llvm::LLVMContext::MD_noalias, scopes_without(others, access.buffer));
  }
}

// ---- whole numbers and places --------------------------------------------------------------------------------------

// A field of the Run, read once at the top of the function.
llvm::Value* BodyEmitter::run_field(unsigned field, llvm::Type* type, const std::string& name) {
  check(run_ != nullptr, "`" + name + "` is not known to an entry that needs it");
  llvm::BasicBlock& top = function_->getEntryBlock();
  auto* made = llvm::dyn_cast<llvm::Instruction>(run_);  // a kernel's, which it finds in its context
  llvm::IRBuilder<> builder(&top, made ? std::next(made->getIterator()) : top.getFirstInsertionPt());
  llvm::Value* place = builder.CreateStructGEP(module_.run_type(), run_, field);
  return builder.CreateLoad(type, place, name);
}

Polynomial BodyEmitter::run_number(unsigned field, const std::string& name) {
  auto found = run_numbers_.find(field);
  if (found != run_numbers_.end()) return found->second;
  return run_numbers_[field] = addressing_.atom(run_field(field, builder_.getInt64Ty(), name), true);
}

llvm::Value* BodyEmitter::base(BufferId id) {
  llvm::Value*& base = bases_[id];
  if (!base) base = run_field(module_.buffer_field(id), builder_.getPtrTy(), module_.source().buffers[id].name);
  return base;
}

Polynomial BodyEmitter::polynomial(const loop::Index& index) {
  auto value = [&](loop::SymbolId id) -> Polynomial {
    const loop::Symbol& symbol = module_.source().symbols[id];
    switch (symbol.kind) {
      case loop::SymbolKind::local: {
        auto found = frame_->symbols.find(id);
        check(found != frame_->symbols.end(), "symbol `" + symbol.name + "` is used before it has a value");
        return found->second;
      }
      case loop::SymbolKind::steps: return run_number(module_.steps_field(symbol.which), symbol.name);
      case loop::SymbolKind::rows: return run_number(module_.rows_field(), symbol.name);
      case loop::SymbolKind::first_step: return run_number(module_.first_step_field(), symbol.name);
      case loop::SymbolKind::training: return run_number(module_.training_field(), symbol.name);
      case loop::SymbolKind::seed: return run_number(module_.seed_field(), symbol.name);
      case loop::SymbolKind::rate: return run_number(module_.rate_field(), symbol.name);
      case loop::SymbolKind::windows: return run_number(module_.windows_field(), symbol.name);
      case loop::SymbolKind::window: return run_number(module_.window_field(symbol.which), symbol.name);
    }
    throw Bug("no such kind of symbol");
  };
  Polynomial sum;
  for (const loop::Index::Term& term : index.terms()) {
    Polynomial product = addressing_.constant(term.coefficient);
    for (loop::SymbolId factor : term.factors) product = product * value(factor);
    sum = sum + product;
  }
  return sum;
}

llvm::Value* BodyEmitter::address(const loop::Address& address) {
  llvm::Type* element = module_.element(module_.source().buffers[address.buffer].element);
  return addressing_.pointer(base(address.buffer), element, polynomial(address.offset));
}

// lengths[a], or T where the caller passed no lengths; without a branch, by reading from a place that is always there.
llvm::Value* BodyEmitter::row_length(const loop::Let& let) {
  llvm::Value*& lengths = lengths_[let.which];
  if (!lengths) lengths = run_field(module_.lengths_field(let.which), builder_.getPtrTy(), "lengths");
  llvm::Value* none = builder_.CreateIsNull(lengths);
  llvm::Value* place = addressing_.pointer(lengths, builder_.getInt32Ty(), polynomial(let.a));
  place = builder_.CreateSelect(none, module_.null_pointer_place(), place);
  auto* load = builder_.CreateAlignedLoad(builder_.getInt32Ty(), place, llvm::Align(4));
  note(load, BufferId());
  llvm::Value* steps = addressing_.number(run_number(module_.steps_field(let.which), "T"));
  return builder_.CreateSelect(none, steps, builder_.CreateSExt(load, builder_.getInt64Ty()));
}

void BodyEmitter::statement(const loop::Let& let) {
  if (let.kind == loop::LetKind::value) return bind(let.symbol, polynomial(let.a));
  llvm::Value* value = nullptr;
  if (let.kind == loop::LetKind::load) {
    auto* load = builder_.CreateAlignedLoad(builder_.getInt32Ty(), address(let.address), llvm::Align(4));
    note(load, let.address.buffer);
    value = builder_.CreateSExt(load, builder_.getInt64Ty());
  } else if (let.kind == loop::LetKind::row_length) {
    value = row_length(let);
  } else {
    llvm::Value* a = number(let.a);
    llvm::Value* b = number(let.b);
    switch (let.kind) {
      case loop::LetKind::minimum: value = builder_.CreateBinaryIntrinsic(llvm::Intrinsic::smin, a, b); break;
      case loop::LetKind::maximum: value = builder_.CreateBinaryIntrinsic(llvm::Intrinsic::smax, a, b); break;
      case loop::LetKind::quotient: value = builder_.CreateSDiv(a, b); break;
      case loop::LetKind::remainder: value = builder_.CreateSRem(a, b); break;
      case loop::LetKind::value:
      case loop::LetKind::load:
      case loop::LetKind::row_length: break;
    }
  }
  if (!llvm::isa<llvm::Constant>(value)) value->setName(module_.source().symbols[let.symbol].name);
  bind(let.symbol, addressing_.atom(value));
}

// ---- loops ---------------------------------------------------------------------------------------------------------

void BodyEmitter::statement(const loop::Loop& loop) {
  const Polynomial begin = polynomial(loop.begin), end = polynomial(loop.end);
  const bool known = begin.terms.empty() && end.terms.empty();
  auto& values = frame_->values;
  if (known && begin.constant >= end.constant) {
    for (const auto& carried : loop.carried) values[carried.result] = values[carried.initial];
    return;
  }
  if (known && begin.constant + loop.step * loop.unrolled >= end.constant) {  // one iteration needs no loop
    for (const auto& carried : loop.carried) values[carried.inside] = values[carried.initial];
    iterations(loop, begin);
    for (const auto& carried : loop.carried) values[carried.result] = values[carried.next];
    return;
  }
  iterate(loop, addressing_.number(begin), addressing_.number(end), known);
}

// The loop's body, as often as it is unrolled, from these values of the variable and of what is carried on.
void BodyEmitter::iterations(const loop::Loop& loop, const Polynomial& first) {
  auto& values = frame_->values;
  for (int i = 0; i < loop.unrolled; ++i) {
    if (i > 0) {
      std::vector<llvm::Value*> next;  // all at once: one may be another's present value
      for (const auto& carried : loop.carried) next.push_back(values[carried.next]);
      for (std::size_t c = 0; c < next.size(); ++c) values[loop.carried[c].inside] = next[c];
    }
    bind(loop.variable, first + addressing_.constant(loop.step * i));
    body(loop.body);
  }
}

// A guard, then a loop that tests at its end. `runs`: it is known to iterate, so there is no guard.
void BodyEmitter::iterate(const loop::Loop& loop, llvm::Value* begin, llvm::Value* end, bool runs) {
  auto& values = frame_->values;
  const std::string& name = module_.source().symbols[loop.variable].name;
  llvm::Value* first = loop.reversed ? builder_.CreateNSWSub(end, builder_.getInt64(1)) : begin;
  llvm::BasicBlock* before = builder_.GetInsertBlock();
  llvm::BasicBlock* head = block("for." + name);
  llvm::BasicBlock* after = block("after." + name);
  llvm::Instruction* entered =
      runs ? builder_.CreateBr(head) : builder_.CreateCondBr(builder_.CreateICmpSLT(begin, end), head, after);

  addressing_.open(entered);
  builder_.SetInsertPoint(head);
  llvm::PHINode* variable = builder_.CreatePHI(builder_.getInt64Ty(), 2, name);
  variable->addIncoming(first, before);
  std::vector<llvm::PHINode*> inside;
  for (const auto& carried : loop.carried) {
    llvm::PHINode* phi = builder_.CreatePHI(values[carried.initial]->getType(), 2);
    phi->addIncoming(values[carried.initial], before);
    values[carried.inside] = phi;
    inside.push_back(phi);
  }
  iterations(loop, addressing_.atom(variable));
  llvm::BasicBlock* last = builder_.GetInsertBlock();
  llvm::Value* next = loop.reversed ? builder_.CreateNSWSub(variable, builder_.getInt64(1))
                                    : builder_.CreateNSWAdd(variable, builder_.getInt64(static_cast<std::uint64_t>(
                                                                          loop.step * loop.unrolled)));
  llvm::Value* more = loop.reversed ? builder_.CreateICmpSGT(variable, begin) : builder_.CreateICmpSLT(next, end);
  builder_.CreateCondBr(more, head, after);
  addressing_.close();

  variable->addIncoming(next, last);
  builder_.SetInsertPoint(after);
  for (std::size_t i = 0; i < loop.carried.size(); ++i) {
    const auto& carried = loop.carried[i];
    inside[i]->addIncoming(values[carried.next], last);
    llvm::PHINode* result = builder_.CreatePHI(inside[i]->getType(), 2);
    if (!runs) result->addIncoming(values[carried.initial], before);
    result->addIncoming(values[carried.next], last);
    values[carried.result] = result;
  }
}

// ---- entries -------------------------------------------------------------------------------------------------------

void BodyEmitter::statement(const loop::IfGiven& branch) {
  auto found = given_.find(branch.buffer);
  check(found != given_.end(), "an array is asked for outside an entry");
  llvm::BasicBlock* given = block("given");
  llvm::BasicBlock* absent = block("absent");
  llvm::BasicBlock* after = block("after");
  llvm::Instruction* entered = builder_.CreateCondBr(builder_.CreateIsNotNull(found->second), given, absent);
  for (auto [start, statements] : {std::pair(given, &branch.given), std::pair(absent, &branch.absent)}) {
    addressing_.open(entered);
    builder_.SetInsertPoint(start);
    body(*statements);
    builder_.CreateBr(after);
    addressing_.close();
  }
  builder_.SetInsertPoint(after);
}

void BodyEmitter::statement(const loop::Zero& zero) {
  const loop::Element element = module_.source().buffers[zero.address.buffer].element;
  llvm::Value* bytes = number(zero.count * loop::Index(loop::size_of(element)));
  auto* set = builder_.CreateMemSet(address(zero.address), builder_.getInt8(0), bytes,
                                    llvm::Align(static_cast<std::uint64_t>(loop::size_of(element))));
  note(set, zero.address.buffer);
}

// The kernel runs here, or in the caller's threads if there are any and it costs enough; either way it finds its
// parameters in one context.
void BodyEmitter::statement(const loop::Launch& launch) {
  const loop::Function& source = module_.source().functions[launch.kernel];
  check(launch.arguments.size() + 2 == source.parameters.size(),
        "`" + source.name + "` is launched with a wrong number of arguments");
  check(run_ != nullptr, "a launch outside an entry");
  llvm::StructType* fields = module_.kernel_context(launch.kernel);
  llvm::Value*& context = contexts_[fields];
  if (!context) {
    llvm::BasicBlock& top = function_->getEntryBlock();
    context = llvm::IRBuilder<>(&top, top.getFirstInsertionPt()).CreateAlloca(fields);
  }
  auto set = [&](unsigned i, llvm::Value* value) {
    builder_.CreateStore(value, builder_.CreateStructGEP(fields, context, i));
  };
  set(0, run_);
  for (unsigned i = 0; i < launch.arguments.size(); ++i) set(i + 1, number(launch.arguments[i]));
  llvm::Function* kernel = module_.kernel(launch.kernel);
  llvm::Value* extent = number(launch.extent);
  llvm::Value* cost = number(launch.cost);
  llvm::Value* threshold = builder_.getInt64(static_cast<std::uint64_t>(module_.source().parallel_threshold));
  llvm::Value* enough = builder_.CreateICmpSGT(cost, threshold);
  const bool never = llvm::isa<llvm::ConstantInt>(enough) && llvm::cast<llvm::ConstantInt>(enough)->isZero();
  if (!parallel_for_ || (never && !module_.observed())) {
    builder_.CreateCall(kernel, {context, builder_.getInt64(0), extent});
    return;
  }

  llvm::BasicBlock* shared = block("shared");
  llvm::BasicBlock* alone = block("alone");
  llvm::BasicBlock* after = block("done");
  llvm::Value* divisible = builder_.CreateICmpSGT(extent, builder_.getInt64(1));
  llvm::Value* useful = builder_.CreateIsNotNull(parallel_for_);
  if (!module_.observed()) useful = builder_.CreateAnd(builder_.CreateAnd(enough, divisible), useful);
  builder_.CreateCondBr(useful, shared, alone);
  builder_.SetInsertPoint(alone);
  builder_.CreateCall(kernel, {context, builder_.getInt64(0), extent});
  builder_.CreateBr(after);

  builder_.SetInsertPoint(shared);
  auto* pointer = builder_.getPtrTy();
  auto* type = llvm::FunctionType::get(builder_.getVoidTy(), {pointer, builder_.getInt64Ty(), pointer, pointer}, false);
  builder_.CreateCall(type, parallel_for_, {pool_, extent, kernel, context});
  builder_.CreateBr(after);
  builder_.SetInsertPoint(after);
}

}  // namespace rnnc::backend
