// From Program to Kernel: every function of the ABI as loops over vector registers.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "compiler/ir/program.h"
#include "compiler/loop/loop_ir.h"
#include "compiler/loop/schedule.h"

namespace rnnc::loop {

// Rows (steps times batch) of one block of steps, about: what a block keeps of ordinary layers stays in the second-level
// cache, and weights and gradients, which large layers read from further away, are passed over seldom enough.
inline constexpr std::int64_t default_block_rows = 256;

struct LowerOptions {
  Element element = Element::f32;
  Target target;
  std::string source_name;  // for comments
  std::int64_t parallel_threshold = default_parallel_threshold;  // what a launch must cost to be divided among threads
  std::int64_t block_rows = default_block_rows;
  // The source line of an origin ("" = unknown), for the comments above an equation's block.
  std::vector<std::string> origin_lines;
};

// The plans behind a module, for `--emit=schedule`.
struct Plans {
  ir::Program program;  // as scheduled: sums regrouped so that what does not recur is added first
  Schedule forward, forward_train, backward;
  bool has_backward = false;
  // What a phase of `backward` computes again in each window of steps, by its number (windows.h).
  std::map<int, Schedule> recompute;
};

// Plans the functions of a verified Program (differentiated or not: without gradient results there is no backward).
// Throws Unsupported for what cannot be scheduled.
Plans plan(const ir::Program& program);

// What each function does in which order and what it stores where.
std::string to_string(const Plans& plans);

// Fills in what the module's descriptor tables say: parameters, inputs, outputs, states, axes.
void describe(const ir::Program& program, Module& module);

Module lower(const Plans& plans, const LowerOptions& options);
inline Module lower(const ir::Program& program, const LowerOptions& options) { return lower(plan(program), options); }

}  // namespace rnnc::loop
