// Made by rnnc: how to run the model `Classifier`. In C through the ABI below, in C++17 also with
// the class rnnc::Classifier::Model at the end.
#ifdef RNNC_CELL_Classifier
#if RNNC_CELL_Classifier != 3217974450
#error "another file has a model of this name: compile one of them with --name=ANOTHER"
#endif
#else
#define RNNC_CELL_Classifier 3217974450  // a checksum of the code

// The C ABI of a compiled model: spoken by emitted C++, by JIT code and by the interpreter alike.
//
// Arrays are row-major and belong to the caller. Real numbers have the model's element type; index inputs and lengths
// are int32_t. T >= 0 is the number of steps of an axis, B >= 1 the number of rows. Past a row's own end an input may hold
// anything, an index too. A NaN or infinity before that, also in the initial values of a row without steps, may reach the
// gradients of the parameters, whether a step reads it or not. Functions return RNNC_OK or the reason why nothing was done.
// They keep no globals, allocate nothing, and may run at the same time in any number of threads as long as their outputs,
// workspace and tape differ. They take the processor as it rounds to nearest, and treat denormal numbers as it does.
#ifndef RNNC_ABI_H
#define RNNC_ABI_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RNNC_ABI_VERSION 1

enum {
  RNNC_OK = 0,
  RNNC_BAD_CALL = 1,      /* struct_size too small, a needed array missing, a length out of [0, T], or no rows, a negative
                             number of steps, or so many that a size overflows 64 bits, more windows than steps, or
                             training with a budget and no number of windows */
  RNNC_BAD_INDEX = 2,     /* an index input outside its extent, at a step that its row has */
  RNNC_NO_SUCH_ENTRY = 3, /* the model has no such function (no gradient, say) */
  RNNC_FAILED = 4,        /* the interpreter ran out of memory */
  RNNC_BAD_TAPE = 5       /* backward in windows: forward_train left the tape for another number of them, or another
                             backward has used it up */
};

enum { RNNC_F32 = 0, RNNC_F64 = 1 };

enum { RNNC_MAX_AXES = 4 };

/* How a parameter starts. */
enum { RNNC_INIT_CONSTANT = 0, RNNC_INIT_UNIFORM = 1, RNNC_INIT_GLOROT = 2, RNNC_INIT_ORTHOGONAL = 3, RNNC_INIT_IDENTITY = 4 };

typedef struct rnnc_tensor {
  const char* name;        /* "l1.W_f" */
  int32_t rank;
  int64_t extents[3];      /* without time and batch */
  int32_t batched;         /* has a leading batch dimension */
  int32_t axis;            /* number of its sequence axis, -1: none; array shape [T,] [B,] extents... */
  int64_t index_extent;    /* inputs: > 0 for an int32 index in [lowest_index, index_extent) */
  int64_t lowest_index;    /* inputs: 0, or the least index of a target that may be ignored: those below 0 are */
  int32_t target;          /* inputs: only the loss reads it: forward and step need it where `loss` is asked for,
                              forward_train and backward always */
  int64_t offset;          /* parameters: first element in the parameter array */
  int32_t history;         /* states: k values before the first step, array shape [k, B, extents...] oldest first */
  int32_t reversed;        /* states: read by look-ahead; its initial value stands after the last step */
  int32_t initializer;     /* parameters: RNNC_INIT_..., with `low` (constant, gain) and `high` (uniform) */
  double low, high;
} rnnc_tensor;

/* Runs body(context, begin, end) so that [0, extent) is covered exactly once; returns when all of it is done. */
typedef void (*rnnc_parallel_body)(void* context, int64_t begin, int64_t end);
typedef void (*rnnc_parallel_for)(void* pool, int64_t extent, rnnc_parallel_body body, void* context);

typedef struct rnnc_call {
  uint64_t struct_size;              /* sizeof(rnnc_call) of the caller */
  int64_t steps[RNNC_MAX_AXES];      /* T of each axis, 0 or more */
  int64_t rows;                      /* B, 1 or more */
  int64_t first_step;                /* absolute number of step 0, of every axis: a run carried on from an earlier one, in
                                        which axes that `t` or random numbers depend on had as many steps as each other */
  uint64_t seed;                     /* of dropout, zoneout and sampling */
  int32_t training;                  /* nonzero: dropout and zoneout are on */
  const int32_t* lengths[RNNC_MAX_AXES]; /* [B] each, or null: every row has T steps */
  const double* rates;               /* models of mixed feeding: [0], the share of steps at which fed inputs take the
                                        model's own value, 0 to 1; null: 0 */
  int64_t memory_budget;             /* bytes that tape and training workspace may take together, 0: no limit. `sizes` then
                                        answers how many windows keep it; training wants that number in `windows` */
  int64_t windows;                   /* training: into how many windows of steps forward_train and backward divide the run,
                                        0 (one) up to the longest T. What the tape has of every step it then has for one
                                        window at a time, and backward computes the others again from a checkpoint at each
                                        window's start. The same number for sizes, forward_train and backward */
  const void* packed;                /* from pack */
  const void* const* inputs;         /* by input number */
  void* const* outputs;              /* by output number; an entry may be null: not wanted */
  void* loss;                        /* one number, or null: not wanted */
  const void* const* state_in;       /* by state number; entry or array null: the declared initial value */
  void* const* state_out;            /* entry or array null: not wanted. May equal state_in's arrays in `step` */
  void* workspace;                   /* 64-byte aligned, from sizes */
  void* tape;                        /* 64-byte aligned; written by forward_train, read by backward. In several windows
                                        backward writes to it as well: once for each forward_train */
  /* backward: upstream gradients (null: zero) and gradients (null: not wanted), all written, none accumulated */
  const void* const* output_gradients;
  const void* const* state_out_gradients;
  void* parameter_gradients;         /* laid out like the parameter array */
  void* const* input_gradients;
  void* const* state_in_gradients;
  /* the only way compiled code uses threads; null: one thread, and then no lock and no system call */
  rnnc_parallel_for parallel_for;
  void* pool;
} rnnc_call;

typedef struct rnnc_sizes {
  int64_t packed_bytes;
  int64_t tape_bytes;
  int64_t inference_workspace_bytes; /* for forward */
  int64_t training_workspace_bytes;  /* for forward_train and backward */
  int64_t step_workspace_bytes;      /* for step */
  int64_t windows;                   /* that these sizes are for: the call's own; where it has none, the fewest that keep its
                                        memory budget, or, if no number does, the one that takes the fewest bytes */
} rnnc_sizes;

typedef struct rnnc_model rnnc_model;
struct rnnc_model {
  uint32_t abi_version;
  uint32_t struct_size;
  const char* name;
  const char* target;        /* "avx2", "interp" */
  int32_t dtype;
  int32_t axis_count;
  int32_t has_loss;
  int32_t parameter_count, input_count, output_count, state_count;
  int64_t parameter_elements; /* length of the parameter array */
  const rnnc_tensor *parameters, *inputs, *outputs, *states;
  const char* const* axes;
  void* self;                /* the producer's own */
  /* Exact sizes for a run of this many steps and rows. */
  int (*sizes)(const rnnc_model* model, const rnnc_call* call, rnnc_sizes* sizes);
  /* Lays the parameters out as the code wants them; again after every change of a parameter. */
  int (*pack)(const rnnc_model* model, const void* parameters, void* packed);
  int (*forward)(const rnnc_model* model, const rnnc_call* call);
  int (*forward_train)(const rnnc_model* model, const rnnc_call* call);
  int (*backward)(const rnnc_model* model, const rnnc_call* call);
  /* forward for one step of a running stream: steps[] are taken as 1. */
  int (*step)(const rnnc_model* model, const rnnc_call* call);
};

#ifdef __cplusplus
}
#endif
#endif

#ifdef __cplusplus
extern "C"
#endif
const rnnc_model* rnnc_model_Classifier(void);

#if defined(__cplusplus) && __cplusplus >= 201703L
#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <utility>

#if defined(Classifier) || defined(T) || defined(x) || defined(y)
#error "a macro has the name of the model or of an array: include this file before the one that defines it, or rename; --name renames the model"
#endif

namespace rnnc::Classifier {

// The model with its parameters and the states of a number of rows, in memory of its own. Each call carries the
// states on from where the last one left them. Functions return RNNC_OK or why nothing was done; they allocate only
// when they need more memory than any call before.
class Model {
 public:
  using number = double;

  // Numbers that belong to the model, row-major; empty for a name that it does not have.
  struct Array {
    number* data = nullptr;
    int64_t size = 0;
    number* begin() const { return data; }
    number* end() const { return data + size; }
    number& operator[](int64_t i) const { return data[i]; }
  };
  // The same, to read.
  struct Values {
    const number* data = nullptr;
    int64_t size = 0;
    const number* begin() const { return data; }
    const number* end() const { return data + size; }
    number operator[](int64_t i) const { return data[i]; }
  };

  // Parameters are zero at first: fill them by name.
  explicit Model(int64_t rows = 1) : rows_(rows) {
    parameters_.reserve(model().parameter_elements * static_cast<int64_t>(sizeof(number)));
    for (int32_t i = 0; i < state_count; ++i) {
      before_[i].reserve(state_size(i) * static_cast<int64_t>(sizeof(number)));
      after_[i].reserve(state_size(i) * static_cast<int64_t>(sizeof(number)));
    }
  }
  // What was moved from can be assigned to, no more.
  Model(Model&&) = default;
  Model& operator=(Model&&) = default;

  static const rnnc_model& model() { return *rnnc_model_Classifier(); }
  int64_t rows() const { return rows_; }

  // A parameter to read or write. After writing through an array that was asked for before the last run, call pack().
  Array parameter(const char* name) {
    for (int32_t i = 0; i < model().parameter_count; ++i) {
      const rnnc_tensor& info = model().parameters[i];
      if (std::strcmp(info.name, name) != 0 || parameters_.data() == nullptr) continue;
      packed_is_current_ = false;
      return {parameters_.numbers() + info.offset, elements(info)};
    }
    return {};
  }
  // Copies `size` numbers into a parameter; false if it has another name or size.
  bool set(const char* name, const number* values, int64_t size) {
    Array array = parameter(name);
    if (array.data == nullptr || array.size != size) return false;
    std::copy_n(values, size, array.data);
    return true;
  }
  // Lays the parameters out for the code. Runs do so themselves after parameter() and set().
  int pack() {
    rnnc_sizes sizes{};
    rnnc_call call = new_call();
    int status = model().sizes(&model(), &call, &sizes);
    if (status != RNNC_OK) return status;
    packed_.reserve(sizes.packed_bytes);
    if (model().parameter_count != 0) status = model().pack(&model(), parameters_.data(), packed_.data());
    packed_is_current_ = status == RNNC_OK;
    return status;
  }

  // What a state ended with, or was set to since: [rows][…], or as many steps of it as are read, oldest first. Empty before
  // that, and for a name that the model does not have. The next run goes on from it, unless the state runs backwards; then these
  // numbers are no longer there.
  Values state(const char* name) const {
    const int32_t i = state_number(name);
    return i < state_count && known_[i] && before_[i].data() != nullptr ? Values{before_[i].numbers(), state_size(i)} : Values{};
  }
  // Makes the next run start from these `size` numbers; false if the state has another name or size.
  bool set_state(const char* name, const number* values, int64_t size) {
    const int32_t i = state_number(name);
    if (i == state_count || size != state_size(i) || before_[i].data() == nullptr) return false;
    std::copy_n(values, size, before_[i].numbers());
    known_[i] = given_[i] = true;
    return true;
  }
  // Back to step 0 and the model's own initial values.
  void reset() {
    first_step_ = 0;
    std::fill_n(known_, state_count, false);
    std::fill_n(given_, state_count, false);
  }

  // Threads for the runs to come; null: one thread.
  void use_threads(rnnc_parallel_for parallel_for, void* pool) {
    parallel_for_ = parallel_for;
    pool_ = pool;
  }
  // Of sampling.
  uint64_t seed = 0;

  // One step of a running stream. x: [rows][8], y: [rows][3] or null
  int step(const number* x, number* y = nullptr) {
    const void* const input_table[] = {x, nullptr};
    void* const output_table[] = {y};
    const int64_t step_table[RNNC_MAX_AXES] = {1};
    return run(true, step_table, input_table, output_table);
  }

  // A run of many steps at once. x: [T][rows][8], y: [rows][3] or null
  int forward(int64_t T, const number* x, number* y = nullptr) {
    const void* const input_table[] = {x, nullptr};
    void* const output_table[] = {y};
    const int64_t step_table[RNNC_MAX_AXES] = {T};
    return run(false, step_table, input_table, output_table);
  }

 private:
  // Zeroed bytes at a multiple of 64, that only ever grow.
  class Memory {
   public:
    Memory() = default;
    Memory(Memory&& other) noexcept : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0)) {}
    Memory& operator=(Memory&& other) noexcept {
      bytes_ = std::move(other.bytes_);
      size_ = std::exchange(other.size_, 0);
      return *this;
    }
    void reserve(int64_t bytes) {
      if (bytes <= size_) return;
      bytes_.reset(static_cast<unsigned char*>(::operator new(static_cast<std::size_t>(bytes), alignment)));
      std::memset(bytes_.get(), 0, static_cast<std::size_t>(bytes));
      size_ = bytes;
    }
    void* data() const { return bytes_.get(); }
    number* numbers() const { return reinterpret_cast<number*>(bytes_.get()); }

   private:
    static constexpr std::align_val_t alignment{64};
    struct Free {
      void operator()(unsigned char* bytes) const { ::operator delete(bytes, alignment); }
    };
    std::unique_ptr<unsigned char, Free> bytes_;
    int64_t size_ = 0;
  };

  static int64_t elements(const rnnc_tensor& info) {
    int64_t product = 1;
    for (int32_t i = 0; i < info.rank; ++i) product *= info.extents[i];
    return product;
  }

  rnnc_call new_call() const {
    rnnc_call call{};
    call.struct_size = sizeof call;
    call.rows = rows_;
    call.first_step = first_step_;
    call.seed = seed;
    call.parallel_for = parallel_for_;
    call.pool = pool_;
    return call;
  }

  int run(bool one_step, const int64_t* steps, const void* const* inputs, void* const* outputs) {
    int status = packed_is_current_ ? static_cast<int>(RNNC_OK) : pack();
    if (status != RNNC_OK) return status;
    rnnc_call call = new_call();
    std::copy_n(steps, RNNC_MAX_AXES, call.steps);
    rnnc_sizes sizes{};
    status = model().sizes(&model(), &call, &sizes);
    if (status != RNNC_OK) return status;
    workspace_.reserve(one_step ? sizes.step_workspace_bytes : sizes.inference_workspace_bytes);
    call.packed = packed_.data();
    call.workspace = workspace_.data();
    call.inputs = inputs;
    call.outputs = outputs;
    const void* states_in[state_count];
    void* states_out[state_count];
    for (int32_t i = 0; i < state_count; ++i) {
      states_in[i] = given_[i] ? before_[i].data() : nullptr;
      states_out[i] = after_[i].data();
    }
    call.state_in = states_in;
    call.state_out = states_out;
    status = one_step ? model().step(&model(), &call) : model().forward(&model(), &call);
    if (status != RNNC_OK) return status;
    first_step_ += steps[0];
    for (int32_t i = 0; i < state_count; ++i) {
      // A state that runs backwards ends where the sequence begins: it does not carry on.
      given_[i] = model().states[i].reversed == 0;
      known_[i] = true;
      std::swap(before_[i], after_[i]);
    }
    return RNNC_OK;
  }

  static int32_t state_number(const char* name) {
    int32_t i = 0;
    while (i < state_count && std::strcmp(model().states[i].name, name) != 0) ++i;
    return i;
  }
  int64_t state_size(int32_t i) const {
    const rnnc_tensor& info = model().states[i];
    return elements(info) * info.history * (info.batched != 0 ? rows_ : 1);
  }

  static constexpr int32_t state_count = 1;
  Memory before_[state_count], after_[state_count];
  bool known_[state_count] = {}, given_[state_count] = {};

  int64_t rows_;
  int64_t first_step_ = 0;
  bool packed_is_current_ = false;
  rnnc_parallel_for parallel_for_ = nullptr;
  void* pool_ = nullptr;
  Memory parameters_, packed_, workspace_;
};

}  // namespace rnnc::Classifier
#endif

#endif
