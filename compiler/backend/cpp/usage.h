// What a function touches: the arrays and numbers of the run that it needs, the functions it calls, the operations it
// uses. The emitter declares exactly that.
#pragma once

#include <set>

#include "compiler/loop/loop_ir.h"

namespace rnnc::cpp {

struct Usage {
  std::set<loop::BufferId> read, written;
  std::set<loop::BufferId> tested;       // by IfGiven
  std::set<loop::SymbolId> symbols;      // in any Index, parameters and local ones too
  std::set<loop::FunctionId> called, launched;
  std::set<loop::Op> operations;
  bool parallel = false;                 // has a launch
  std::set<int> row_lengths;             // axes whose rows' lengths are asked for
  bool has_minimum = false, fills = false;

  std::set<loop::BufferId> touched() const;
  void add(const Usage& other);
};

// Of the function itself.
Usage usage_of(const loop::Function& function);

// Of every function together with all that it calls and launches.
IdVector<loop::FunctionId, Usage> total_usage(const loop::Module& module);

}  // namespace rnnc::cpp
