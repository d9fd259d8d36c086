// One run of a model through the C ABI: its shape, random data for it, and everything that it writes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "runtime/abi.h"

namespace rnnc::testing {

struct RunShape {
  std::array<std::int64_t, RNNC_MAX_AXES> steps{};
  std::int64_t rows = 1, first_step = 0;
  std::array<std::vector<std::int32_t>, RNNC_MAX_AXES> lengths;  // of each row, by axis; empty: all steps
};

using Bytes = std::vector<char>;

// What a caller passes, by number of input, output and state. Numbers have the model's element type.
struct Given {
  Bytes parameters;
  std::vector<Bytes> inputs, states, output_gradients, state_gradients;
};

// What small models are run with: whole rows, rows of different lengths (one without steps), and a single step.
std::vector<RunShape> small_shapes();

// Normal numbers of standard deviation `scale`, matrices among the parameters divided by the root of their width. Past a
// row's end inputs hold NaN, or numbers that are no indices.
Given random_given(const rnnc_model& model, const RunShape& shape, std::uint64_t seed, double scale);

// Where a run's arrays come from. Contents need not be anything.
class Memory {
 public:
  virtual ~Memory() = default;
  virtual char* get(std::size_t bytes, std::size_t alignment) = 0;
};

enum class Entry : std::uint8_t { forward, forward_train, backward, step };

struct RunOptions {
  bool give_states = true;            // pass initial values
  bool give_upstream = true;          // pass upstream gradients of outputs and final states
  bool loss = true;                   // ask for the loss, if there is one
  std::uint64_t leave_out = 0;        // not 0: draws which arrays are null that may be, upstream gradients only if all zero
  bool backward = true;               // forward_train and backward after forward
  bool training = false;              // dropout and zoneout are on
  std::uint64_t seed = 0;             // of the run's own random numbers
  double rate = 0;                    // of own values among fed inputs
  std::int64_t windows = 0;           // of steps that training is divided into, if there are as many steps
  bool by_step = false;               // `step` in the place of forward: shape.steps are 1
  int garbage = 0xff;                 // each byte of packed, workspace, tape and written arrays before; -1: left as it is
  rnnc_parallel_for parallel_for = nullptr;
  void* pool = nullptr;
  Memory* memory = nullptr;           // null: the heap
  void (*around)(Entry, bool begin) = nullptr;  // called before and after each entry of the model
};

struct Array {
  std::string name;  // "forward y", "forward_train h.final", "grad W"
  Bytes bytes;
};

struct Written {
  int code = RNNC_OK;
  std::string failed;         // the entry that gave the code
  std::vector<Array> arrays;  // in an order that depends on the model's tables alone
  std::string misbehaved;     // "" or what a caller may not expect: an input written to
};

Written run(const rnnc_model& model, const RunShape& shape, const Given& given, const RunOptions& options = {});

// Elements of the arrays behind a tensor, and number i of an array of the model's element type.
std::int64_t elements(const rnnc_tensor& tensor, const RunShape& shape);
std::int64_t state_elements(const rnnc_tensor& tensor, const RunShape& shape);
double number(const rnnc_model& model, const Bytes& bytes, std::int64_t i);
std::int64_t count(const rnnc_model& model, const Bytes& bytes);

}  // namespace rnnc::testing
