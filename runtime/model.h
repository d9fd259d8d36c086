// A convenient host for any rnnc_model: it owns what a call needs.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "runtime/abi.h"
#include "runtime/aligned.h"
#include "runtime/call_check.h"
#include "runtime/result.h"
#include "runtime/safetensors.h"
#include "runtime/tensor.h"

namespace rnnc::runtime {

class ThreadPool;

// Whether the file has every parameter of the model in its shape and a real dtype, and no tensor else, save names that begin
// with `@` (which no source can spell: optimizer and state in a checkpoint); the error lists all that is wrong.
Status check_parameters(const rnnc_model& abi, const TensorFile& file);

// A model with its parameters: values in the model's dtype, and the packed copy that compiled code reads. The
// rnnc_model itself stays the caller's and must outlive this.
class Model {
 public:
  // Checks the descriptor and allocates. Parameters are zero until they are set.
  static Result<std::unique_ptr<Model>> create(const rnnc_model& abi);
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  const rnnc_model& abi() const { return abi_; }
  DType dtype() const { return element_dtype(abi_); }
  std::int64_t parameter_elements() const { return abi_.parameter_elements; }

  // The flat parameter array. After writing to it, pack().
  void* mutable_parameters() {
    packed_current_ = false;
    return parameters_.data();
  }
  const void* parameters() const { return parameters_.data(); }

  int parameter_number(const std::string& name) const;  // -1: no such parameter
  Result<Tensor> parameter(const std::string& name) const;
  // Any real dtype, the declared shape.
  Status set_parameter(const std::string& name, const Tensor& value);
  // Every parameter anew from its declared initialiser; see initialize.h.
  void initialize(std::uint64_t seed);

  // All parameters by name, and back. Loading wants what check_parameters does; after an error nothing has changed.
  TensorFile parameter_file() const;
  Status load(const TensorFile& file);

  // Lays the parameters out for the code. A run refuses parameters that changed since.
  Status pack();
  const void* packed() const { return packed_.data(); }
  bool is_packed() const { return packed_current_; }

 private:
  explicit Model(const rnnc_model& abi) : abi_(abi) {}
  const rnnc_model& abi_;
  AlignedBuffer parameters_, packed_;
  bool packed_current_ = false;
};

// Copies elements between a flat array of the model's dtype and a tensor of the tensor's declared shape.
Tensor slice_of(const rnnc_model& model, const rnnc_tensor& parameter, const void* flat);
void write_slice(const rnnc_model& model, const rnnc_tensor& parameter, const Tensor& value, void* flat);

struct RunShape {
  std::array<std::int64_t, RNNC_MAX_AXES> steps{};  // T of each axis
  std::int64_t rows = 1;                            // B
  // Bytes that tape and workspace may take together, 0: no limit. Training is divided into as many windows of steps as that
  // needs (abi.h); a run that needs more however many there are is refused.
  std::int64_t memory_budget = 0;
};

// What a Run is for: `inference` forward, `training` forward_train and backward (and forward, if its workspace keeps the
// memory budget), `step` one step at a time (its arrays have T = 1).
enum class RunMode { inference, training, step };

// The arrays of runs of one shape. Input, output and state arrays are owned, row-major, named by number as in the
// descriptor, and stay where they are while the Run lives. Use from one thread at a time.
//
// State: the first run starts from the declared initial values; advance() makes the state that a run ended in the
// one that the next begins with. Right-to-left states always start from their declared value: what lies after a
// chunk is not known when it runs.
class Run {
 public:
  // `pool` may be null: one thread. The model and the pool must outlive the Run.
  static Result<Run> create(const Model& model, const RunShape& shape, RunMode mode, ThreadPool* pool = nullptr);
  // A copy would share the arrays that the call points to.
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  Run(Run&&) = default;
  Run& operator=(Run&&) = default;

  const RunShape& shape() const { return shape_; }
  void* input(int number) { return inputs_[static_cast<std::size_t>(number)].data(); }
  std::int32_t* index_input(int number) { return static_cast<std::int32_t*>(input(number)); }
  const void* output(int number) const { return outputs_[static_cast<std::size_t>(number)].data(); }
  Tensor output_tensor(int number) const;
  double loss() const;  // of the last forward or forward_train; NaN when the model has no loss
  void want_loss(bool wanted);
  const void* parameter_gradients() const { return gradients_.data(); }  // flat, training mode
  void* parameter_gradients() { return gradients_.data(); }

  Status forward();        // all outputs, the loss, the final states
  Status forward_train();  // and the tape
  Status backward();       // parameter gradients of the loss plus what the call's upstream gradients ask for; in several
                           // windows once for each forward_train
  Status step();

  // The next run starts where the last one ended, `first_step` moves on: by the steps of axis 0, for all axes (abi.h).
  void advance();
  // The next run starts from the declared initial values, at step 0.
  void restart();
  // What the next run starts from; nothing for a state that starts from its declared value.
  std::vector<std::pair<std::string, Tensor>> states() const;
  // Instead of what it would start from. An error for a state that runs from right to left, or of another shape.
  Status set_states(const std::vector<std::pair<std::string, Tensor>>& states, std::int64_t first_step);
  std::int64_t first_step() const { return call_.first_step; }
  // Into how many windows of steps training is divided; 1 without a memory budget.
  std::int64_t windows() const { return call_.windows; }

  // For what has no method here: seed, training, lengths, upstream gradients. Pointers put in must stay valid.
  rnnc_call& call() { return call_; }
  const rnnc_call& call() const { return call_; }

 private:
  Run(const Model& model, const RunShape& shape, RunMode mode);
  Status allocate(ThreadPool* pool);
  struct ArraySizes {  // bytes
    std::vector<std::size_t> inputs, outputs, states;
  };
  std::vector<std::size_t> sizes_of(const rnnc_tensor* tensors, int count, TensorRole role) const;
  void allocate_arrays(const ArraySizes& sizes);
  Status execute(Entry entry);

  const Model* model_;
  RunShape shape_;
  RunMode mode_;
  std::vector<AlignedBuffer> inputs_, outputs_, states_in_, states_out_;
  std::vector<bool> state_given_;  // states_in_ holds it; else the declared initial value
  std::vector<const void*> input_pointers_, state_in_pointers_;
  std::vector<void*> output_pointers_, state_out_pointers_;
  AlignedBuffer workspace_, tape_, gradients_, loss_;
  bool can_infer_ = true;  // the workspace is large enough for forward
  rnnc_call call_{};
};

}  // namespace rnnc::runtime
