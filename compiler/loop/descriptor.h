// A module's descriptor tables, presented in the ABI's form to hosts of code that lives in this process.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compiler/loop/loop_ir.h"
#include "runtime/abi.h"

namespace rnnc::loop {

// The numbers of a run that sizes depend on.
struct RunSize {
  std::span<const std::int64_t> steps;  // T by axis
  std::int64_t rows = 1, windows = 1, least_window = 1;
  // Steps of one window of that axis.
  std::int64_t window(std::size_t axis) const;
};

// The value of a whole number that mentions the numbers of a run's size only. Nothing when it overflows 64 bits; a Bug when
// it mentions anything else.
std::optional<std::int64_t> evaluate(const IdVector<SymbolId, Symbol>& symbols, const Index& index, const RunSize& size);

// The most rows times steps (of the longest axis, at least one and at least the least window) for which the size of every
// array of a run, and every address in it, fits 64 bits.
std::int64_t most_positions(const Module& module);

// Whether a buffer is an input that only the loss reads.
bool is_target(const Module& module, const Buffer& buffer);

// Whether the size of a training run, or this one, depends on the run's number of windows.
bool has_windows(const Module& module);
bool depends_on_windows(const Module& module, const Index& bytes);

// Owns an rnnc_model and all that its tables point to; copies from the module what it needs. `sizes` works, `self` is
// this object, and every other function answers RNNC_NO_SUCH_ENTRY until the producer puts its own in its place.
class ModelTables {
 public:
  explicit ModelTables(const Module& module);
  ModelTables(const ModelTables&) = delete;
  ModelTables& operator=(const ModelTables&) = delete;

  rnnc_model& model() { return model_; }
  const rnnc_model& model() const { return model_; }

 private:
  const char* keep(const std::string& text);
  std::vector<rnnc_tensor> table(const std::vector<TensorInfo>& tensors);
  int sizes(const rnnc_call& call, rnnc_sizes& sizes) const;
  std::optional<rnnc_sizes> sizes_in(const rnnc_call& call, std::int64_t windows) const;

  std::deque<std::string> texts_;  // a deque: the tables point into it while it grows
  std::vector<rnnc_tensor> parameters_, inputs_, outputs_, states_;
  std::vector<const char*> axes_;
  IdVector<SymbolId, Symbol> symbols_;
  std::int64_t most_positions_, least_window_;
  bool has_windows_;
  Index packed_, tape_, inference_workspace_, training_workspace_, step_workspace_;
  rnnc_model model_{};
};

}  // namespace rnnc::loop
