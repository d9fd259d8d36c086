// The interpreter behind the C ABI.
#pragma once

#include <memory>

#include "compiler/ir/interpreter.h"
#include "compiler/loop/loop_ir.h"
#include "runtime/abi.h"

namespace rnnc::backend {

// Presents a verified Program as an rnnc_model. Packing copies the parameters; forward_train leaves nothing on the tape,
// backward computes everything again. Arrays have the element type given, arithmetic is in double and rounds as asked.
class InterpreterModel {
 public:
  InterpreterModel(ir::Program program, loop::Element element, ir::Roundings roundings = {});
  ~InterpreterModel();
  InterpreterModel(const InterpreterModel&) = delete;
  InterpreterModel& operator=(const InterpreterModel&) = delete;

  const rnnc_model* model() const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace rnnc::backend
