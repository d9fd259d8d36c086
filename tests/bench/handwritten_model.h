// What the hand-written cells share: the descriptor they show to hosts, and a call's arrays by name.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "runtime/abi.h"
#include "tests/bench/handwritten_products.h"

namespace rnnc::bench {

// Hands out 64-byte aligned pieces of a caller's buffer; without a buffer it only counts.
class Arena {
 public:
  explicit Arena(void* base = nullptr) : base_(static_cast<float*>(base)) {}
  float* take(Index count) {
    float* piece = base_ ? base_ + used_ : nullptr;
    used_ += (count + 15) / 16 * 16;
    return piece;
  }
  Index bytes() const { return used_ * Index(sizeof(float)); }

 private:
  float* base_;
  Index used_ = 0;
};

// A call's arrays, by the numbers of the cell's states and outputs. Null: not wanted or not passed, except where
// `zeros` stands in.
struct Run {
  Index T = 1, B = 1;
  const float* x = nullptr;
  const float* packed = nullptr;
  float* y[2] = {};                        // [T,B,H]
  const float* first[2] = {};              // [B,H], never null for the cell's states
  float* last[2] = {};                     // [B,H]
  void *workspace = nullptr, *tape = nullptr;
  const float* dy[2] = {};
  const float* dlast[2] = {};
  float *dparameters = nullptr, *dx = nullptr;
  float* dfirst[2] = {};
};

struct ParameterSpec {
  std::string name;
  Index rows, columns;  // columns 0: a vector
  float start = 0;      // vectors: their initial value; matrices start as glorot
};

// One hand-written cell. Runs are const: a cell keeps nothing between calls.
class Cell {
 public:
  Cell(std::string name, Index I, Index H, std::vector<const char*> states, Product product)
      : name(std::move(name)), I(I), H(H), states(std::move(states)), outputs(this->states), product(product) {}
  virtual ~Cell() = default;

  const std::string name;
  const Index I, H;
  const std::vector<const char*> states;  // their names, one or two
  std::vector<const char*> outputs;       // as many
  const Product product;
  std::vector<ParameterSpec> parameters;

  // Each takes what it needs from the arena in the same order, with or without a buffer.
  virtual void lay_out_packed(Arena& arena) const = 0;
  virtual void lay_out_tape(Arena& arena, Index T, Index B) const = 0;
  virtual void lay_out_forward(Arena& arena, Index T, Index B) const = 0;
  virtual void lay_out_backward(Arena& arena, Index T, Index B) const = 0;

  virtual void pack(const float* parameters, float* packed) const = 0;
  virtual void forward(const Run& run) const = 0;  // with a tape if run.tape is not null
  virtual void backward(const Run& run) const = 0;

  // First element of a parameter in the parameter array.
  Index offset(const std::string& parameter) const;
};

// Wraps the cell in a model that lives as long as the program. `target` says what it runs on.
const rnnc_model* publish(std::unique_ptr<Cell> cell, const char* target);

inline const char* target_of(bool blas) { return blas ? "hand-written, OpenBLAS" : "hand-written, plain C++"; }

// Plain loops, or OpenBLAS's products (null if there are none).
inline Product product_of(bool blas) { return blas ? blas_product() : plain_product; }

// Copies to `to` unless it is null.
void copy_if_wanted(const float* from, Index count, float* to);

}  // namespace rnnc::bench
