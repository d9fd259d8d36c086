// A run in parts: of steps, each carrying on from the states of the part before, or of one row alone.
#pragma once

#include <span>

#include "compiler/ir/program.h"
#include "tests/differential/call.h"

namespace rnnc::testing {

// Does the program have one axis, and do its outputs look back only? Then a run may be cut into parts.
bool looks_back_only(const ir::Program& program);

enum class PartBy : std::uint8_t { forward, step };

// What one `forward` of `shape` would write, without the loss, by parts that end at `ends` (the last is all steps); by
// `step`, they have one step each.
Written run_in_parts(const rnnc_model& model, const RunShape& shape, const Given& given, RunOptions options,
                     std::span<const std::int64_t> ends, PartBy by);

// Does it draw no random numbers? They depend on a row's place in its batch.
bool draws_nothing(const ir::Program& program);

// What `forward` writes, without the loss, for one row alone, whose axes end where it does.
Written run_of_row(const rnnc_model& model, const RunShape& shape, const Given& given, RunOptions options, std::int64_t row);

// The same of what a run of all rows wrote.
Written row_of(const rnnc_model& model, const RunShape& shape, const Written& whole, std::int64_t row);

}  // namespace rnnc::testing
