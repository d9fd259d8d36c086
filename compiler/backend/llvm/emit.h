// From loop IR to LLVM IR: one value per instruction, and the ABI's entries around them.
#pragma once

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Module.h>

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "compiler/backend/llvm/addressing.h"
#include "compiler/backend/llvm/jit.h"
#include "compiler/loop/loop_ir.h"
#include "runtime/abi.h"

namespace rnnc::backend {

// Adds these entries and kernels of a sound loop module to an empty LLVM module, each an external function: entries have the
// ABI's signature and their own names (entry_symbol). Kernels that are launched but not among them are declared only.
void emit(const loop::Module& module, const std::vector<loop::FunctionId>& functions, llvm::Module& into,
          const JitOptions& options);
std::string entry_symbol(loop::EntryRole role);

class BodyEmitter;

// What the functions of one module share.
//
// Kernels are rnnc_parallel_bodies, `void kernel(context*, begin, end)`; the context (kernel_context) holds the Run* and
// the kernel's other parameters. Epilogues are `void epilogue(Run*, parameters…, vectors…)`. The Run holds what an entry
// has worked out of its call: the numbers of the run, the arrays of lengths (which may be null) and one pointer per
// buffer.
class ModuleEmitter {
 public:
  ModuleEmitter(const loop::Module& module, llvm::Module& into, const JitOptions& options);
  void run(const std::vector<loop::FunctionId>& functions);

  const loop::Module& source() const { return module_; }
  llvm::LLVMContext& context() const { return context_; }
  bool observed() const { return observed_; }
  llvm::Module& target() { return target_; }
  int lanes() const { return lanes_; }
  llvm::Type* real() const { return real_; }
  llvm::Type* element(loop::Element e) const;
  llvm::Type* type_of(const loop::Value& value) const;
  llvm::FixedVectorType* vector() const { return llvm::FixedVectorType::get(real_, static_cast<unsigned>(lanes_)); }
  llvm::StructType* run_type() const { return run_type_; }

  llvm::Function* kernel(loop::FunctionId id);    // declared
  llvm::Function* epilogue(loop::FunctionId id);  // defined when first asked for
  llvm::StructType* kernel_context(loop::FunctionId id) const;
  // A private function with this module's attributes.
  llvm::Function* declare(const std::string& name, llvm::FunctionType* type, bool external = false);
  llvm::MDNode* scope(loop::BufferId buffer) const { return scopes_[buffer]; }
  llvm::Value* null_pointer_place();  // where a null pointer, or a zero, can be read
  // The buffers an entry needs: those its statements mention, and those of all the functions it calls or launches.
  std::vector<loop::BufferId> buffers_of(loop::FunctionId entry) const;

  // Fields of a Run.
  unsigned steps_field(int axis) const { return static_cast<unsigned>(axis); }
  unsigned rows_field() const { return RNNC_MAX_AXES; }
  unsigned first_step_field() const { return RNNC_MAX_AXES + 1; }
  unsigned training_field() const { return RNNC_MAX_AXES + 2; }
  unsigned seed_field() const { return RNNC_MAX_AXES + 3; }
  unsigned rate_field() const { return RNNC_MAX_AXES + 4; }
  unsigned windows_field() const { return RNNC_MAX_AXES + 5; }
  unsigned window_field(int axis) const { return RNNC_MAX_AXES + 6 + static_cast<unsigned>(axis); }
  unsigned lengths_field(int axis) const { return 2 * RNNC_MAX_AXES + 6 + static_cast<unsigned>(axis); }
  unsigned buffer_field(loop::BufferId id) const { return 3 * RNNC_MAX_AXES + 6 + static_cast<unsigned>(id.index()); }

 private:
  void make_scopes();
  void define_kernel(loop::FunctionId id);

  const loop::Module& module_;
  llvm::LLVMContext& context_;
  const bool observed_;
  llvm::Module& target_;  // the caller's: what LLVM leaves half made when it gives up must not be destroyed
  int lanes_ = 0;
  llvm::Type* real_ = nullptr;
  llvm::StructType* run_type_ = nullptr;
  IdVector<loop::FunctionId, llvm::Function*> functions_;  // kernels and epilogues
  IdVector<loop::BufferId, llvm::MDNode*> scopes_;
  llvm::GlobalVariable* nothing_ = nullptr;
};

// Emits the statements of one LLVM function; elementwise functions are written out where they are called.
class BodyEmitter {
 public:
  BodyEmitter(ModuleEmitter& module, llvm::Function* function);

  llvm::IRBuilder<>& builder() { return builder_; }
  Addressing& addressing() { return addressing_; }

  // Where the numbers of the run and the buffers come from: a Run …
  void use_run(llvm::Value* run) { run_ = run; }
  // … or values that an entry has made itself.
  void bind_number(unsigned run_field, llvm::Value* value);
  void bind_lengths(int axis, llvm::Value* array) { lengths_[axis] = array; }
  void bind_buffer(loop::BufferId id, llvm::Value* base) { bases_[id] = base; }
  // Entries: the pointers as the caller passed them (for IfGiven), and call->parallel_for and pool (or null).
  void bind_given(loop::BufferId id, llvm::Value* raw) { given_[id] = raw; }
  void bind_threads(llvm::Value* parallel_for, llvm::Value* pool);
  void bind(loop::SymbolId symbol, Polynomial value);

  // `vectors`: the values of the function's vector parameters.
  void emit(const loop::Function& function, const std::vector<llvm::Value*>& vectors = {});
  // Says of every access which buffer it touches and which it does not. Last.
  void mark_accesses();
  Polynomial polynomial(const loop::Index& index);
  llvm::Value* number(const loop::Index& index) { return addressing_.number(polynomial(index)); }

 private:
  // The names of one loop::Function while its body is written.
  struct Frame {
    const loop::Function* function = nullptr;
    IdVector<loop::ValueId, llvm::Value*> values;
    std::unordered_map<loop::SymbolId, Polynomial> symbols;
  };

  void body(const loop::Body& body);
  void statement(const loop::Instruction& instruction);
  void statement(const loop::Loop& loop);
  void statement(const loop::Let& let);
  void statement(const loop::Comment&) {}
  void statement(const loop::Launch& launch);
  void statement(const loop::Zero& zero);
  void statement(const loop::IfGiven& branch);
  void iterations(const loop::Loop& loop, const Polynomial& first);
  void iterate(const loop::Loop& loop, llvm::Value* begin, llvm::Value* end, bool runs);

  llvm::Value* compute(const loop::Instruction& instruction);
  llvm::Value* memory(const loop::Instruction& instruction);
  llvm::Value* integer(const loop::Instruction& instruction);
  llvm::Value* call(const loop::Instruction& instruction);
  llvm::Value* rounded(llvm::Value* value);
  llvm::Value* floored(llvm::Value* value);
  llvm::Value* fold_lanes(llvm::Value* value, bool maximum);
  llvm::Value* greater_of(llvm::Value* a, llvm::Value* b);
  llvm::Value* bits_of(llvm::Value* value);
  llvm::Value* splat(llvm::Value* scalar);
  llvm::Constant* splat(double number);
  llvm::Constant* first_lanes_mask(int count) const;
  void store_pieces(llvm::Value* value, llvm::Value* place, llvm::Align alignment,
                    const loop::Instruction& instruction);
  llvm::Value* address(const loop::Address& address);
  void note(llvm::Instruction* access, loop::BufferId buffer) { accesses_.push_back({access, buffer}); }
  llvm::Value* base(loop::BufferId id);
  llvm::Value* run_field(unsigned field, llvm::Type* type, const std::string& name);
  Polynomial run_number(unsigned field, const std::string& name);
  llvm::Value* row_length(const loop::Let& let);
  llvm::Value* operand(const loop::Instruction& instruction, std::size_t i) const;
  llvm::BasicBlock* block(const std::string& name);

  struct Access {
    llvm::Instruction* instruction;
    loop::BufferId buffer;  // invalid: the caller's lengths, which nothing writes
  };

  ModuleEmitter& module_;
  llvm::Function* function_;
  llvm::IRBuilder<> builder_;
  Addressing addressing_;
  llvm::Value* run_ = nullptr;
  std::unordered_map<llvm::StructType*, llvm::Value*> contexts_;  // of launches
  std::unordered_map<loop::BufferId, llvm::Value*> bases_, given_;
  std::vector<Access> accesses_;
  std::unordered_map<unsigned, Polynomial> run_numbers_;
  std::unordered_map<int, llvm::Value*> lengths_;
  llvm::Value *parallel_for_ = nullptr, *pool_ = nullptr;
  std::unordered_map<loop::SymbolId, Polynomial> parameters_;  // bound before the function has its frame
  Frame* frame_ = nullptr;
};

// Defines the function of one entry.
llvm::Function* emit_entry(ModuleEmitter& module, loop::FunctionId id);

}  // namespace rnnc::backend
