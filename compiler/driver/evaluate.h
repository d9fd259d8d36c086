// One run of a model from named tensors to named tensors: what `rnnc eval` does.
//
// Names in a case:     NAME (parameter, input, target), NAME.init (state), lengths or lengths.AXIS,
//                      grad.NAME (upstream of an output), grad.NAME.final (upstream of a final state)
// Names in the result: NAME (output), NAME.final (state), loss; with gradients grad.NAME (real input, parameter) and
//                      grad.NAME.init (state)
// Shapes are those of runtime/abi.h: [T,] [B,] extents…; a state that is read k > 1 steps back has [k, B, …], oldest
// first.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "runtime/abi.h"
#include "runtime/model.h"
#include "runtime/result.h"
#include "runtime/safetensors.h"
#include "runtime/thread_pool.h"

namespace rnnc::driver {

struct EvaluateOptions {
  bool gradient = false;
  bool training = false;  // dropout and zoneout on
  std::uint64_t seed = 0;
  std::map<std::string, std::int64_t> steps;  // T by axis name, "" = every axis; needed where no tensor tells it
  double rate = 0;  // of own values in mixed feeding
  std::int64_t memory_budget = 0;  // bytes of tape and workspace, 0: no limit (runtime::RunShape)
  std::function<void(const runtime::Run&)> watch;  // sees the run when it is done; may be empty
};

// Runs the model once. Every tensor that is not known, missing, or of a wrong shape or type is named in the error. The
// loss is computed where all targets are given; `pool` may be null. What is only watched (runtime/watch.h) is not in the
// result. Throws nothing but std::bad_alloc, and what `watch` does.
runtime::Result<runtime::TensorFile> evaluate(const rnnc_model& model, const runtime::TensorFile& values,
                                              const EvaluateOptions& options, runtime::ThreadPool* pool);

// Whether the model has targets and the case has none of them: then no loss is asked for.
bool lacks_targets(const rnnc_model& model, const runtime::TensorFile& values);

}  // namespace rnnc::driver
