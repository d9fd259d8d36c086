// The ABI's functions: what an rnnc_call says becomes a Run, and what is wrong with it a return code.
#include <cstddef>

#include "compiler/backend/llvm/emit.h"
#include "compiler/base/bug.h"
#include "compiler/loop/descriptor.h"
#include "runtime/abi.h"

namespace rnnc::backend {
namespace {

using loop::Buffer;
using loop::BufferId;
using loop::Space;

// Is an int32 of ptr[0 … steps * rows) outside [least, limit), at a step that its row has? Lengths may be null: all
// steps.
// `i1 rnnc_outside(ptr, i64 steps, i64 rows, ptr lengths, i64 least, i64 limit)`
llvm::Function* range_check(ModuleEmitter& module) {
  if (llvm::Function* made = module.target().getFunction("rnnc_outside")) return made;
  llvm::LLVMContext& context = module.context();
  auto* whole = llvm::Type::getInt64Ty(context);
  auto* pointer = llvm::PointerType::getUnqual(context);
  auto* type = llvm::FunctionType::get(llvm::Type::getInt1Ty(context),
                                       {pointer, whole, whole, pointer, whole, whole}, false);
  llvm::Function* function = module.declare("rnnc_outside", type);
  llvm::Value *numbers = function->getArg(0), *steps = function->getArg(1), *rows = function->getArg(2),
              *lengths = function->getArg(3), *least = function->getArg(4), *limit = function->getArg(5);
  auto block = [&](const char* name) { return llvm::BasicBlock::Create(context, name, function); };
  llvm::BasicBlock *entry = block("entry"), *head = block("head"), *body = block("body"), *own = block("own"),
                   *look = block("look"), *next = block("next"), *inside = block("inside"), *outside = block("outside");
  llvm::IRBuilder<> builder(entry);
  auto load = [&](llvm::Value* array, llvm::Value* i) {
    llvm::Value* place = builder.CreateGEP(builder.getInt32Ty(), array, i);
    return builder.CreateSExt(builder.CreateAlignedLoad(builder.getInt32Ty(), place, llvm::Align(4)), whole);
  };
  llvm::Value* count = builder.CreateNSWMul(steps, rows);
  llvm::Value* all_steps = builder.CreateIsNull(lengths);
  builder.CreateBr(head);
  builder.SetInsertPoint(head);
  llvm::PHINode *i = builder.CreatePHI(whole, 2), *t = builder.CreatePHI(whole, 2), *row = builder.CreatePHI(whole, 2);
  builder.CreateCondBr(builder.CreateICmpSLT(i, count), body, inside);
  builder.SetInsertPoint(body);
  builder.CreateCondBr(all_steps, look, own);
  builder.SetInsertPoint(own);
  builder.CreateCondBr(builder.CreateICmpSLT(t, load(lengths, row)), look, next);
  builder.SetInsertPoint(look);
  llvm::Value* number = load(numbers, i);
  llvm::Value* holds = builder.CreateAnd(builder.CreateICmpSGE(number, least), builder.CreateICmpSLT(number, limit));
  builder.CreateCondBr(holds, next, outside);
  builder.SetInsertPoint(next);
  llvm::Value* one = builder.getInt64(1);
  llvm::Value* next_row = builder.CreateNSWAdd(row, one);
  llvm::Value* wraps = builder.CreateICmpEQ(next_row, rows);
  for (llvm::PHINode* counter : {i, t, row}) counter->addIncoming(builder.getInt64(0), entry);
  i->addIncoming(builder.CreateNSWAdd(i, one), next);
  t->addIncoming(builder.CreateSelect(wraps, builder.CreateNSWAdd(t, one), t), next);
  row->addIncoming(builder.CreateSelect(wraps, builder.getInt64(0), next_row), next);
  builder.CreateBr(head);
  builder.SetInsertPoint(inside);
  builder.CreateRet(builder.getFalse());
  builder.SetInsertPoint(outside);
  builder.CreateRet(builder.getTrue());
  return function;
}

// What finds places for very many arrays is one long block, which LLVM orders in quadratic time where it optimises; so it
// is not optimised, or cut in pieces.
constexpr std::size_t most_buffers_optimised = 256, most_buffers_uncut = 512, buffers_of_piece = 32;

class EntryEmitter {
 public:
  EntryEmitter(ModuleEmitter& module, loop::FunctionId id)
      : module_(module), source_(module.source().functions[id]), buffers_(module.buffers_of(id)),
        function_(module.declare(entry_symbol(source_.role), signature(), true)), body_(module, function_),
        builder_(body_.builder()) {}

  llvm::Function* run() {
    builder_.SetInsertPoint(&function_->getEntryBlock());
    refuse_ = builder_.getFalse();
    if (is_pack()) {
      bind_no_run();
    } else {
      check_struct_size();
      bind_numbers();
    }
    bind_buffers();
    if (!is_pack()) check_contents();
    if (module_.source().tape_is_marked) mark_tape();
    make_run();
    body_.emit(source_);
    body_.mark_accesses();
    builder_.CreateRet(builder_.getInt32(RNNC_OK));
    // The speed of what finds places for very many arrays matters in `step` only, which runs once for each step.
    if (buffers_.size() > most_buffers_optimised && source_.role != loop::EntryRole::step) {
      function_->addFnAttr(llvm::Attribute::OptimizeNone);
      function_->addFnAttr(llvm::Attribute::NoInline);
    }
    return function_;
  }

 private:
  bool is_pack() const { return source_.role == loop::EntryRole::pack; }
  llvm::FunctionType* signature() const {
    auto* pointer = llvm::PointerType::getUnqual(module_.context());
    std::vector<llvm::Type*> arguments(is_pack() ? 3 : 2, pointer);
    return llvm::FunctionType::get(llvm::Type::getInt32Ty(module_.context()), arguments, false);
  }

  void leave_if(llvm::Value* bad, int code) {
    if (auto* known = llvm::dyn_cast<llvm::ConstantInt>(bad); known && known->isZero()) return;
    auto* leave = llvm::BasicBlock::Create(module_.context(), "refuse", function_);
    auto* go_on = llvm::BasicBlock::Create(module_.context(), "accept", function_);
    builder_.CreateCondBr(bad, leave, go_on);
    builder_.SetInsertPoint(leave);
    builder_.CreateRet(builder_.getInt32(static_cast<std::uint32_t>(code)));
    builder_.SetInsertPoint(go_on);
  }
  void refuse(llvm::Value* bad) { refuse_ = builder_.CreateOr(refuse_, bad); }
  void refuse_now() {
    leave_if(refuse_, RNNC_BAD_CALL);
    refuse_ = builder_.getFalse();
  }

  llvm::Value* field(std::size_t offset, llvm::Type* type) {
    llvm::Value* place = builder_.CreateConstInBoundsGEP1_64(builder_.getInt8Ty(), function_->getArg(1), offset);
    return builder_.CreateLoad(type, place);
  }
  llvm::Value* pointer_field(std::size_t offset) { return field(offset, builder_.getPtrTy()); }

  void check_struct_size() {
    llvm::Value* no_call = builder_.CreateIsNull(function_->getArg(1));
    leave_if(no_call, RNNC_BAD_CALL);
    llvm::Value* size = field(offsetof(rnnc_call, struct_size), builder_.getInt64Ty());
    leave_if(builder_.CreateICmpULT(size, builder_.getInt64(sizeof(rnnc_call))), RNNC_BAD_CALL);
  }

  // pack knows no run: a model's parameters have neither steps nor rows.
  void bind_no_run() {
    auto* null = llvm::ConstantPointerNull::get(builder_.getPtrTy());
    for (std::size_t axis = 0; axis < module_.source().axes.size(); ++axis) {
      steps_.push_back(builder_.getInt64(0));
      window_.push_back(builder_.getInt64(0));
      lengths_.push_back(null);
    }
    rows_ = first_step_ = training_ = seed_ = rate_ = windows_ = builder_.getInt64(0);
    bind_run_numbers();
  }

  void bind_numbers() {
    auto* whole = builder_.getInt64Ty();
    llvm::Value* longest = builder_.getInt64(1);
    for (std::size_t axis = 0; axis < module_.source().axes.size(); ++axis) {
      const std::size_t offset = offsetof(rnnc_call, steps) + axis * sizeof(std::int64_t);
      steps_.push_back(source_.role == loop::EntryRole::step ? builder_.getInt64(1) : field(offset, whole));
      refuse(builder_.CreateICmpSLT(steps_.back(), builder_.getInt64(0)));
      longest = builder_.CreateBinaryIntrinsic(llvm::Intrinsic::smax, longest, steps_.back());
      lengths_.push_back(pointer_field(offsetof(rnnc_call, lengths) + axis * sizeof(void*)));
    }
    bind_windows(longest);
    longest = builder_.CreateBinaryIntrinsic(llvm::Intrinsic::smax, longest, builder_.getInt64(
        static_cast<std::uint64_t>(module_.source().least_window)));
    rows_ = field(offsetof(rnnc_call, rows), whole);
    refuse(builder_.CreateICmpSLT(rows_, builder_.getInt64(1)));
    llvm::Value* most = builder_.getInt64(static_cast<std::uint64_t>(loop::most_positions(module_.source())));
    llvm::Value* some_rows = builder_.CreateBinaryIntrinsic(llvm::Intrinsic::smax, rows_, builder_.getInt64(1));
    refuse(builder_.CreateICmpSGT(longest, builder_.CreateSDiv(most, some_rows)));
    first_step_ = field(offsetof(rnnc_call, first_step), whole);
    llvm::Value* training = field(offsetof(rnnc_call, training), builder_.getInt32Ty());
    training_ = builder_.CreateZExt(builder_.CreateICmpNE(training, builder_.getInt32(0)), whole);
    seed_ = field(offsetof(rnnc_call, seed), whole);
    bind_rate();
    bind_run_numbers();
  }

  // One window where the call has no number of them, which it must have if training has to keep a budget.
  void bind_windows(llvm::Value* longest) {
    llvm::Value* zero = builder_.getInt64(0);
    windows_ = builder_.getInt64(1);
    llvm::Value* asked = field(offsetof(rnnc_call, windows), builder_.getInt64Ty());
    refuse(builder_.CreateICmpSLT(asked, zero));
    if (source_.role != loop::EntryRole::step) refuse(builder_.CreateICmpSGT(asked, longest));
    if (is_training(source_.role)) {
      llvm::Value* budget = field(offsetof(rnnc_call, memory_budget), builder_.getInt64Ty());
      refuse(builder_.CreateAnd(builder_.CreateICmpSGT(budget, zero), builder_.CreateICmpEQ(asked, zero)));
      windows_ = builder_.CreateBinaryIntrinsic(llvm::Intrinsic::smax, asked, windows_);
    }
    for (llvm::Value* steps : steps_) {
      llvm::Value* rest = builder_.CreateICmpNE(builder_.CreateSRem(steps, windows_), zero);
      llvm::Value* window = builder_.CreateAdd(builder_.CreateSDiv(steps, windows_), builder_.CreateZExt(rest, steps->getType()));
      window_.push_back(builder_.CreateBinaryIntrinsic(
          llvm::Intrinsic::smax, window, builder_.getInt64(static_cast<std::uint64_t>(module_.source().least_window))));
    }
  }

  // The call's first rate in units of 2^-24, rounded up; no rate, one that is not positive or no number is none.
  void bind_rate() {
    const auto& symbols = module_.source().symbols;
    rate_ = builder_.getInt64(0);
    if (std::none_of(symbols.begin(), symbols.end(), [](const auto& s) { return s.kind == loop::SymbolKind::rate; })) return;
    auto* real = builder_.getDoubleTy();
    llvm::Value* rates = pointer_field(offsetof(rnnc_call, rates));
    llvm::Value* place = builder_.CreateSelect(builder_.CreateIsNull(rates), module_.null_pointer_place(), rates);
    llvm::Value* rate = builder_.CreateLoad(real, place);
    llvm::Value* one = llvm::ConstantFP::get(real, 1.0);
    llvm::Value* limited = builder_.CreateSelect(builder_.CreateFCmpOLT(rate, one), rate, one);
    llvm::Value* scaled = builder_.CreateFMul(limited, llvm::ConstantFP::get(real, 0x1p24));
    llvm::Value* positive = builder_.CreateFCmpOGT(rate, llvm::ConstantFP::get(real, 0.0));
    llvm::Value* safe = builder_.CreateSelect(positive, scaled, llvm::ConstantFP::get(real, 0.0));
    llvm::Value* below = builder_.CreateFPToSI(safe, builder_.getInt64Ty());
    llvm::Value* more = builder_.CreateFCmpOLT(builder_.CreateSIToFP(below, real), safe);
    rate_ = builder_.CreateAdd(below, builder_.CreateZExt(more, builder_.getInt64Ty()));
  }

  void bind_run_numbers() {
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      const int axis = static_cast<int>(i);
      body_.bind_number(module_.steps_field(axis), steps_[i]);
      body_.bind_number(module_.window_field(axis), window_[i]);
      body_.bind_lengths(axis, lengths_[i]);
    }
    body_.bind_number(module_.rows_field(), rows_);
    body_.bind_number(module_.first_step_field(), first_step_);
    body_.bind_number(module_.training_field(), training_);
    body_.bind_number(module_.seed_field(), seed_);
    body_.bind_number(module_.rate_field(), rate_);
    body_.bind_number(module_.windows_field(), windows_);
  }

  // Element `slot` of an array of pointers that may itself be null: then null as well.
  llvm::Value* element_of(std::size_t offset, int slot) {
    llvm::Value* array = pointer_field(offset);
    auto* pointer = builder_.getPtrTy();
    llvm::Value* place = builder_.CreateConstGEP1_64(pointer, array, static_cast<std::uint64_t>(slot));
    return builder_.CreateLoad(
        pointer, builder_.CreateSelect(builder_.CreateIsNull(array), module_.null_pointer_place(), place));
  }

  // What the caller passed for a buffer's space: the buffer itself, or the base that its offset counts from.
  llvm::Value* passed(const Buffer& buffer) {
    if (is_pack()) {
      if (buffer.space == Space::parameters) return function_->getArg(1);
      check(buffer.space == Space::packed, "pack touches `" + buffer.name + "`");
      return function_->getArg(2);
    }
    switch (buffer.space) {
      case Space::parameters: throw Bug("`" + buffer.name + "` is read where there are only packed parameters");
      case Space::packed: return pointer_field(offsetof(rnnc_call, packed));
      case Space::input: return element_of(offsetof(rnnc_call, inputs), buffer.slot);
      case Space::upstream: return element_of(offsetof(rnnc_call, output_gradients), buffer.slot);
      case Space::output:
        // What backward computes again is none of the caller's.
        if (source_.role == loop::EntryRole::backward) return llvm::ConstantPointerNull::get(builder_.getPtrTy());
        return element_of(offsetof(rnnc_call, outputs), buffer.slot);
      case Space::loss: return pointer_field(offsetof(rnnc_call, loss));
      case Space::state_in: return element_of(offsetof(rnnc_call, state_in), buffer.slot);
      case Space::state_out: return element_of(offsetof(rnnc_call, state_out), buffer.slot);
      case Space::upstream_state: return element_of(offsetof(rnnc_call, state_out_gradients), buffer.slot);
      case Space::parameter_gradients: return pointer_field(offsetof(rnnc_call, parameter_gradients));
      case Space::input_gradient: return element_of(offsetof(rnnc_call, input_gradients), buffer.slot);
      case Space::state_gradient: return element_of(offsetof(rnnc_call, state_in_gradients), buffer.slot);
      case Space::lengths:
        return pointer_field(offsetof(rnnc_call, lengths) + static_cast<std::size_t>(buffer.slot) * sizeof(void*));
      case Space::workspace: return pointer_field(offsetof(rnnc_call, workspace));
      case Space::tape: return pointer_field(offsetof(rnnc_call, tape));
    }
    throw Bug("no such space");
  }

  llvm::Value* at(llvm::Value* base, const loop::Index& bytes) {
    return body_.addressing().pointer(base, builder_.getInt8Ty(), body_.polynomial(bytes));
  }

  void bind_buffers() {
    const bool cut = source_.role == loop::EntryRole::step && buffers_.size() > most_buffers_uncut;
    for (std::size_t i = 0; i < buffers_.size(); ++i) {
      if (cut && i > 0 && i % buffers_of_piece == 0) {
        set_buffers();
        refuse_now();
      }
      bind_buffer(buffers_[i]);
    }
    refuse_now();
  }

  void bind_buffer(BufferId id) {
    const Buffer& buffer = module_.source().buffers[id];
    llvm::Value* raw = passed(buffer);
    llvm::Value* absent = builder_.CreateIsNull(raw);
    llvm::Value* needed = builder_.CreateICmpNE(body_.number(buffer.size), builder_.getInt64(0));
    llvm::Value* base = at(raw, buffer.offset);
    if (is_target(module_.source(), buffer)) {
      llvm::Value* loss = pointer_field(offsetof(rnnc_call, loss));
      llvm::Value* read = is_training(source_.role) ? builder_.getTrue() : builder_.CreateIsNotNull(loss);
      refuse(builder_.CreateAnd(builder_.CreateAnd(absent, needed), read));
    }
    if (buffer.may_be_absent) {
      llvm::Value* workspace = pointer_field(offsetof(rnnc_call, workspace));
      base = builder_.CreateSelect(absent, at(workspace, buffer.fallback_offset), base);
      absent = builder_.CreateAnd(absent, builder_.CreateIsNull(workspace));
    }
    refuse(builder_.CreateAnd(absent, needed));
    body_.bind_given(id, raw);
    body_.bind_buffer(id, base);
    bases_.push_back(base);
    raw_.push_back(raw);
  }

  // Lengths lie in [0, T] and index inputs in their extents; with them, no address leaves its buffer.
  void check_contents() {
    const loop::Module& source = module_.source();
    llvm::Function* outside = range_check(module_);
    auto* null = llvm::ConstantPointerNull::get(builder_.getPtrTy());
    auto one_if_given = [&](llvm::Value* array) {
      return builder_.CreateSelect(builder_.CreateIsNull(array), builder_.getInt64(0), builder_.getInt64(1));
    };
    for (std::size_t axis = 0; axis < steps_.size(); ++axis) {
      llvm::Value* lengths = lengths_[axis];
      llvm::Value* limit = builder_.CreateNSWAdd(steps_[axis], builder_.getInt64(1));
      llvm::Value* any = builder_.CreateCall(
          outside, {lengths, one_if_given(lengths), rows_, null, builder_.getInt64(0), limit});
      leave_if(any, RNNC_BAD_CALL);
    }
    for (std::size_t i = 0; i < buffers_.size(); ++i) {
      const Buffer& buffer = source.buffers[buffers_[i]];
      if (buffer.space != Space::input || buffer.element != loop::Element::i32) continue;
      const loop::TensorInfo& input = source.inputs.at(static_cast<std::size_t>(buffer.slot));
      check(input.batched && input.extents.empty(), "an index input is one number per row");
      llvm::Value *steps = one_if_given(raw_[i]), *lengths = null;
      if (input.axis >= 0) {
        steps = builder_.CreateNSWMul(steps, steps_[static_cast<std::size_t>(input.axis)]);
        lengths = lengths_[static_cast<std::size_t>(input.axis)];
      }
      llvm::Value* least = builder_.getInt64(static_cast<std::uint64_t>(input.lowest_index));
      llvm::Value* limit = builder_.getInt64(static_cast<std::uint64_t>(input.index_extent));
      leave_if(builder_.CreateCall(outside, {raw_[i], steps, rows_, lengths, least, limit}), RNNC_BAD_INDEX);
    }
  }

  // Whose the tape is (loop::Module::tape_is_marked).
  void mark_tape() {
    if (!is_training(source_.role)) return;
    const bool backward = source_.role == loop::EntryRole::backward;
    llvm::Value* mark = pointer_field(offsetof(rnnc_call, tape));
    leave_if(builder_.CreateIsNull(mark), RNNC_BAD_CALL);
    if (backward)
      leave_if(builder_.CreateICmpNE(builder_.CreateLoad(windows_->getType(), mark), windows_), RNNC_BAD_TAPE);
    auto* write = llvm::BasicBlock::Create(module_.context(), "mark", function_);
    auto* go_on = llvm::BasicBlock::Create(module_.context(), "marked", function_);
    llvm::Value* several = builder_.CreateICmpSGT(windows_, builder_.getInt64(1));
    builder_.CreateCondBr(backward ? several : builder_.getTrue(), write, go_on);
    builder_.SetInsertPoint(write);
    builder_.CreateStore(backward ? builder_.getInt64(0) : windows_, mark);
    builder_.CreateBr(go_on);
    builder_.SetInsertPoint(go_on);
  }

  void set(unsigned field, llvm::Value* value) {
    llvm::StructType* type = module_.run_type();
    if (!run_) {
      llvm::BasicBlock& top = function_->getEntryBlock();
      run_ = llvm::IRBuilder<>(&top, top.getFirstInsertionPt()).CreateAlloca(type, nullptr, "run");
    }
    builder_.CreateStore(value, builder_.CreateStructGEP(type, run_, field));
  }
  // The buffers bound since the last time.
  void set_buffers() {
    for (; set_buffers_ < bases_.size(); ++set_buffers_)
      set(module_.buffer_field(buffers_[set_buffers_]), bases_[set_buffers_]);
  }

  void make_run() {
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      set(module_.steps_field(static_cast<int>(i)), steps_[i]);
      set(module_.window_field(static_cast<int>(i)), window_[i]);
      set(module_.lengths_field(static_cast<int>(i)), lengths_[i]);
    }
    set(module_.rows_field(), rows_);
    set(module_.first_step_field(), first_step_);
    set(module_.training_field(), training_);
    set(module_.seed_field(), seed_);
    set(module_.rate_field(), rate_);
    set(module_.windows_field(), windows_);
    set_buffers();
    body_.use_run(run_);
    if (is_pack()) return;
    body_.bind_threads(pointer_field(offsetof(rnnc_call, parallel_for)), pointer_field(offsetof(rnnc_call, pool)));
  }

  ModuleEmitter& module_;
  const loop::Function& source_;
  std::vector<BufferId> buffers_;
  llvm::Function* function_;
  BodyEmitter body_;
  llvm::IRBuilder<>& builder_;
  std::vector<llvm::Value*> steps_, window_, lengths_, bases_, raw_;
  llvm::Value *rows_ = nullptr, *first_step_ = nullptr, *training_ = nullptr, *seed_ = nullptr, *rate_ = nullptr,
              *windows_ = nullptr, *refuse_ = nullptr, *run_ = nullptr;
  std::size_t set_buffers_ = 0;  // those of bases_ that the Run has
};

}  // namespace

llvm::Function* emit_entry(ModuleEmitter& module, loop::FunctionId id) { return EntryEmitter(module, id).run(); }

}  // namespace rnnc::backend
