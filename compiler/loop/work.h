// What a run does, launch by launch: operations and bytes, counted from the loop IR without running it.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "compiler/loop/loop_ir.h"

namespace rnnc::loop {

// The run's numbers. Every row has all its steps, and they are one window.
struct RunNumbers {
  std::vector<std::int64_t> steps;  // T by axis
  std::int64_t rows = 1;
  std::function<bool(const Buffer&)> given;  // whether the caller passes this array
};

struct LaunchWork {
  FunctionId kernel;
  // Floating-point operations as they are executed, padding included, two for a fused multiply-add.
  double operations = 0;
  // Of the ranges of arrays that are read and of those that are written, each once however often. Places that depend on
  // an index input count each time.
  double bytes = 0;
};

// The launches of the entry in the order in which they run, but those that have nothing to do. Empty: the module has no such entry.
std::vector<LaunchWork> work_of(const Module& module, EntryRole role, const RunNumbers& run);

}  // namespace rnnc::loop
