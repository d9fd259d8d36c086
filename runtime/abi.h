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
