// The Kernel, rnnc's loop IR. It answers: in which order, where in memory, how wide?
//
// Structured loops around straight-line SSA on vector registers. Every decision is taken: order, layout, width, tails,
// storage, threads. Backends print it (C++: one xsimd line per instruction) or build it (LLVM: one value per
// instruction) and decide nothing; with contraction off both give the same bits on one target.
//
// The algebra
//  - A vector value has `lanes` numbers of the module's element type; a mask has as many truth values. Both exist only
//    inside the function that makes them. There are no scalar numbers: a scalar in memory is loaded into all lanes.
//  - Whole numbers (addresses, trip counts, step numbers) are Index polynomials over symbols, 64 bits, and never mix
//    with vectors except through `number`, `word`, `index_less` and address operands.
//  - min(a, b) is a < b ? a : b and max(a, b) is a > b ? a : b, so the second operand wins for NaN and for equal zeros.
//  - fma is fused where the target has fma and a product followed by a sum where it does not.
//  - lane_sum adds lanes i and i + lanes/2, then i and i + lanes/4, … : that order, in both backends.
//  - Comparisons are ordered: false when an operand is NaN.
//  - Memory is typed arrays (buffers) that do not overlap. An address is a buffer and an element offset; nothing needs
//    alignment beyond the element's.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "compiler/base/id.h"

namespace rnnc::loop {

using SymbolId = Id<struct SymbolTag>;
using BufferId = Id<struct BufferTag>;
using FunctionId = Id<struct FunctionTag>;
using ValueId = Id<struct ValueTag>;

enum class Element : std::uint8_t { f32, f64, i32 };
inline std::int64_t size_of(Element e) { return e == Element::f64 ? 8 : 4; }

// What the code is made for. Fixed when a Module is made.
struct Target {
  std::string name = "avx2";  // sse2 | avx2 | avx512
  int vector_bytes = 32;
  int registers = 16;
  bool fma = true;
  int lanes(Element e) const { return vector_bytes / static_cast<int>(size_of(e)); }
};

// ---- whole numbers -------------------------------------------------------------------------------------------------

enum class SymbolKind : std::uint8_t {
  steps,       // T of axis `which`, a number of the run
  rows,        // B, a number of the run
  first_step,  // absolute number of the run's first step
  training,    // 1 in a training run, else 0
  seed,        // of random numbers, its 64 bits as a whole number
  rate,        // of own values among fed inputs, in units of 2^-24, rounded up: 0 … 2^24
  windows,     // into how many windows of steps a training run is divided, 1 … the longest axis' T (and at least 1)
  window,      // steps of one of them along axis `which`: T / windows, rounded up, and at least Module::least_window
  local        // a loop variable, a kernel's parameter, or a Let
};
struct Symbol {
  std::string name;  // unique within a function together with the run's; a valid C identifier
  SymbolKind kind = SymbolKind::local;
  int which = 0;
};

// A sum of integer coefficients times products of symbols, e.g. 256*t*B + 256*b + 8. Kept sorted: equal means equal.
class Index {
 public:
  struct Term {
    std::int64_t coefficient = 0;
    std::vector<SymbolId> factors;  // sorted; empty: the constant term
    bool operator==(const Term&) const = default;
  };
  Index() = default;
  Index(std::int64_t constant);
  Index(SymbolId symbol);
  const std::vector<Term>& terms() const { return terms_; }
  bool is_constant() const;
  std::int64_t constant() const;  // the constant term
  bool mentions(SymbolId symbol) const;
  bool operator==(const Index&) const = default;
  friend Index operator+(const Index& a, const Index& b);
  friend Index operator-(const Index& a, const Index& b);
  friend Index operator*(const Index& a, const Index& b);

 private:
  std::vector<Term> terms_;  // sorted by factors, no zero coefficients
};

// ---- memory --------------------------------------------------------------------------------------------------------

// Who owns a buffer and where its pointer comes from (runtime/abi.h names the fields).
enum class Space : std::uint8_t {
  parameters,           // call.parameters + offset (pack only)
  packed,               // call.packed + offset
  input,                // call.inputs[slot]
  upstream,             // call.output_gradients[slot]
  output,               // call.outputs[slot]; in backward, which computes some of them again: never the caller's
  loss,                 // call.loss
  state_in,             // call.state_in[slot]
  state_out,            // call.state_out[slot]
  upstream_state,       // call.state_out_gradients[slot]
  parameter_gradients,  // call.parameter_gradients + offset
  input_gradient,       // call.input_gradients[slot]
  state_gradient,       // call.state_in_gradients[slot]
  lengths,              // call.lengths[slot] (slot: the axis)
  workspace,            // call.workspace + offset
  tape                  // call.tape + offset
};

struct Buffer {
  std::string name;  // a valid C identifier, unique in the module: the user's name where there is one
  Space space = Space::workspace;
  int slot = 0;
  Element element = Element::f32;
  Index size;    // in elements
  Index offset;  // in bytes from the space's base, for spaces with one base; a multiple of the element's size
  // A caller's array that may be absent: it then stands in the workspace at `fallback_offset` (bytes).
  bool may_be_absent = false;
  Index fallback_offset;
  std::string meaning;  // shape and contents, for a comment: "h, one slot per step and one before: [T+1][B][256]"
};

struct Address {
  BufferId buffer;
  Index offset;  // in elements
};

// ---- instructions --------------------------------------------------------------------------------------------------

#define RNNC_OPS(X)                                                                                \
  X(constant)      /* `number` in every lane */                                                    \
  X(bits)          /* the number with this representation (`pattern`) in every lane */             \
  X(number)        /* the whole number `index` in every lane */                                    \
  X(word)          /* bits [count, count + 32) of `index`: the representation of every lane */      \
  X(iota)          /* lane i holds i */                                                            \
  X(load)          /* `lanes` elements from `address` */                                           \
  X(load_first)    /* the first `count` lanes from `address`, zero in the others */                \
  X(load_scalar)   /* one element, in every lane */                                                \
  X(store)         /* operand 0 to `address` */                                                    \
  X(store_first)   /* the first `count` lanes of operand 0 */                                      \
  X(prefetch)      /* a hint: what stands at `address` is wanted soon */                          \
  X(add) X(sub) X(mul) X(div) X(fma) X(fnma) X(min) X(max) X(neg) X(abs) X(sqrt) X(round) X(floor) \
  X(less) X(less_equal) X(equal) /* -> mask */                                                     \
  X(index_less)    /* -> mask, all lanes alike: `index` < `index2` */                              \
  X(mask_and) X(mask_or) X(mask_not)                                                               \
  X(select)        /* operand 0 (mask) ? operand 1 : operand 2 */                                  \
  X(first_lanes)   /* lanes below `count` from operand 0, the others from operand 1 */             \
  X(bit_and) X(bit_or) X(bit_xor) X(int_add) X(int_sub)                                            \
  X(shift_left) X(shift_right) /* by `count` bits, logical */                                      \
  X(lane_sum) X(lane_max) /* over the lanes, result in every lane; max: NaN if one is */           \
  X(call)          /* `function`, vectors in operands, whole numbers in `indices` */

enum class Op : std::uint8_t {
#define X(name) name,
  RNNC_OPS(X)
#undef X
};
std::string_view op_name(Op op);

struct Statement;
using Body = std::vector<Statement>;

struct Instruction {
  Op op = Op::constant;
  ValueId result;  // invalid: none (stores, calls of functions without result)
  std::vector<ValueId> operands;
  Address address;
  int count = 0;
  double number = 0;
  std::uint64_t pattern = 0;
  Index index, index2;
  FunctionId function;
  std::vector<Index> indices;
};

// for (variable = begin; variable < end; variable += step), or the same values in falling order when `reversed`
// (step 1 only). `carried` values live across iterations: SSA in the manner of structured loop arguments.
struct Loop {
  struct Carried {
    ValueId inside;   // its value at the start of an iteration
    ValueId initial;  // defined before the loop
    ValueId next;     // defined in the body: its value for the next iteration
    ValueId result;   // its value after the loop (`initial` when there was no iteration)
  };
  SymbolId variable;
  Index begin, end;
  std::int64_t step = 1;
  bool reversed = false;
  int unrolled = 1;  // iterations written out one behind the other; if above 1, bounds are known and this divides them
  std::vector<Carried> carried;
  Body body;
};

// symbol := a (op) b, for what polynomials cannot say; `load` reads an i32 from `address`.
//   value: a alone    quotient, remainder: a >= 0, b > 0
//   row_length: the length of row a along axis `which`: call.lengths[which][a], or that axis' T where none were passed
enum class LetKind : std::uint8_t { value, minimum, maximum, quotient, remainder, load, row_length };
struct Let {
  SymbolId symbol;
  LetKind kind = LetKind::minimum;
  Index a, b;
  Address address;
  int which = 0;
};

struct Comment {
  std::string text;  // one line, without markers: an equation and its source line
};

// What a launch must cost to be divided among the caller's threads. Beginning a loop on two of them and waiting for both
// takes a third of a microsecond where they share a cache, two thirds where they do not: what one thread does in about a
// microsecond is not slower on two.
inline constexpr std::int64_t default_parallel_threshold = 40000;

// Only in entries: run `kernel` on the range [0, extent) of its split dimension, with `arguments` for its parameters.
// The range may be divided among threads at any point, in any order; all of it is done before the next statement.
struct Launch {
  FunctionId kernel;
  std::vector<Index> arguments;
  Index extent;
  Index cost;  // multiply-adds, or as much time, that threads save each other: too little is not worth a second one
};

// Only in entries: `count` elements from `address` become zero.
struct Zero {
  Address address;
  Index count;
};

// Only in entries: was a caller's array passed?
struct IfGiven {
  BufferId buffer;
  Body given, absent;
};

struct Statement {
  std::variant<Instruction, Loop, Let, Comment, Launch, Zero, IfGiven> node;
};

// ---- functions -----------------------------------------------------------------------------------------------------

struct Value {
  bool mask = false;
  std::string name;  // a hint: the user's name if there is one
};

enum class FunctionKind : std::uint8_t {
  helper,    // vectors and whole numbers in. An elementwise function: one vector out, inlined. An epilogue (reads_run, no
             // result): what follows the products of one row and one block of units, called by a tile for each of them
  kernel,    // parameters[0], parameters[1]: begin and end of its share of the split dimension; no result
  entry      // one of the ABI's functions: no parameters
};
enum class EntryRole : std::uint8_t { pack, forward, forward_train, backward, step };
constexpr bool is_training(EntryRole role) { return role == EntryRole::forward_train || role == EntryRole::backward; }

struct Function {
  std::string name;
  FunctionKind kind = FunctionKind::kernel;
  EntryRole role = EntryRole::forward;     // entries
  std::vector<std::string> description;    // lines above the function: equations, tile, layout
  std::vector<SymbolId> parameters;        // whole numbers
  std::vector<ValueId> vectors;            // helpers: vector parameters
  ValueId result;                          // helpers: or invalid
  bool reads_run = true;                   // false: touches no buffer and no number of the run (elementwise functions)
  IdVector<ValueId, Value> values;
  Body body;
};

// ---- the module ----------------------------------------------------------------------------------------------------

// What the ABI's descriptor tables say.
struct TensorInfo {
  std::string name;
  std::vector<std::int64_t> extents;
  bool batched = false;
  int axis = -1;
  std::int64_t index_extent = 0;  // inputs: > 0 for an index
  std::int64_t lowest_index = 0;  // inputs: the least index that is let in, 0 or below
  bool target = false;            // inputs: only the loss reads it
  std::int64_t offset = 0;        // parameters: first element in the parameter array
  int history = 0;                // states: values before the first step
  bool reversed = false;          // states
  int initializer = 0;            // parameters: ir::Initializer, and its numbers
  double low = 0, high = 0;
};

struct Module {
  std::string name;
  Target target;
  Element element = Element::f32;
  std::string source_name;  // the .rnn file, for comments
  // A launch is divided among the caller's threads, if there are any, when it costs more than this. Results do not
  // depend on it.
  std::int64_t parallel_threshold = default_parallel_threshold;
  IdVector<SymbolId, Symbol> symbols;        // the run's before those that functions bind
  IdVector<BufferId, Buffer> buffers;
  IdVector<FunctionId, Function> functions;  // callees before callers
  std::vector<FunctionId> entries;           // at most one per role; a model may lack backward (nothing to differentiate)
  Index packed_bytes, tape_bytes;
  // Whether the tape, where something is kept of one window of steps only, begins with the number of windows that it was
  // written for, an int64: backward asks for it, and leaves 0 where it has written over what forward_train kept.
  bool tape_is_marked = false;
  static constexpr std::int64_t tape_mark_bytes = 64;  // with what keeps arrays aligned
  Index inference_workspace_bytes, training_workspace_bytes, step_workspace_bytes;
  std::vector<std::string> axes;
  std::vector<TensorInfo> parameters, inputs, outputs, states;
  bool has_loss = false;
  std::int64_t least_window = 1;  // steps: no sequence is read further away than that, so that one window hands on to the next
};

std::string verify(const Module& module);  // "" = sound: SSA dominance, types, symbols in scope, kinds in their places
std::string to_string(const Module& module);
// How many bytes each array that a run's caller allocates takes, as formulas in T and B.
std::string memory_text(const Module& module);
std::string to_string(const Module& module, const Index& index);  // "256*t*B + 8", by symbols' names

}  // namespace rnnc::loop
