// The plan of one of the ABI's functions: which values are stored where, and which kernel computes which of them.
// It decides; lower.h turns it into loops. `--emit=schedule` prints it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/ir/program.h"
#include "compiler/loop/order.h"

namespace rnnc::loop {

// How much of a sequence a stored value keeps.
enum class Extent : std::uint8_t {
  full,   // every step: [before + T + after][B][n]
  block,  // the steps of the current block of its segment: [block][B][n]
  step,   // the current step of its recurrence: [B][n]
  row,    // no axis: [B][n]
  single  // neither axis nor batch: [n]
};

// Where the value of one node stands. Rows are padded to whole vectors, but for scalars.
struct Stored {
  Extent extent = Extent::full;
  bool tape = false;   // outlives the function: backward reads it
  int before = 0, after = 0;  // steps kept before the first and after the last (full)
  std::vector<ir::NodeId> before_values, after_values;  // what stands there: one for all, or one per step outwards
  bool zero_past_end = false;  // steps past a row's own end are stored as zero
  bool windowed = false;       // of full: not every step, only those of the current window [before + window + after]

  // The steps before the first step and after the last that stand ready when a walk in this direction starts.
  int entry_margin(int direction) const { return direction < 0 ? after : before; }
  int far_margin(int direction) const { return direction < 0 ? before : after; }
};

enum class KernelKind : std::uint8_t {
  map,         // elementwise trees, with products as accumulators in registers
  reduce,      // sums and maxima over a value's entries
  accumulate,  // sums over rows: parameter gradients, losses
  boundary,    // the steps before the first and after the last of one stored sequence
  structure    // one node that moves entries: concat, pad, transpose, at, initial, …
};

struct PlannedKernel {
  KernelKind kind = KernelKind::map;
  Position position;
  std::int64_t size = 1;   // entries of the values it computes (reduce: of those it reads)
  ir::Domain rows;         // what it runs over
  std::vector<ir::NodeId> stores;    // the nodes it computes and stores (boundary: the sequence)
  std::vector<ir::NodeId> products;  // the products it computes in registers
  // Reads a sequence kept for one window at its first or last step: done in each window of this phase, for the rows whose
  // step is there. -1: a kernel of its own position's phase.
  int window_phase = -1;
};

struct Schedule {
  Order order;
  IdVector<ir::NodeId, std::optional<Stored>> stored;  // by node: values this function computes and stores
  std::vector<PlannedKernel> kernels;                   // in order of execution within their position
  std::vector<ir::ResultId> results;                    // what this function delivers
};

// What the function must do.
struct ScheduleRequest {
  std::vector<ir::ResultId> results;
  IdVector<ir::NodeId, std::optional<Stored>> available;  // on the tape already (backward)
  std::vector<ir::NodeId> tape;                           // to be left on the tape (forward_train)
  // Steps that other functions read around the tape's sequences.
  IdVector<ir::NodeId, std::optional<Stored>> tape_margins;
  int max_accumulators = 12;                              // vector accumulators that fit a kernel's registers
};
Schedule make_schedule(const ir::Program& program, const ScheduleRequest& request);

// Forward nodes that the gradient reads and that are kept rather than computed again, and their margins.
struct TapePlan {
  std::vector<ir::NodeId> nodes;
  IdVector<ir::NodeId, std::optional<Stored>> margins;
};
TapePlan plan_tape(const ir::Program& program);

// Whether a result belongs to the forward functions.
bool is_forward(ir::ResultRole role);

// Whether the node is a sum of an outer product over every row there is (as gradients of matrices are): it is computed from
// the factors, in tiles, without the product of each row.
bool sums_products(const ir::Program& program, ir::NodeId id);

std::string to_string(const ir::Program& program, const Schedule& schedule, const std::string& title);

}  // namespace rnnc::loop
