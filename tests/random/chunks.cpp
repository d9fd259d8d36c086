#include "tests/random/chunks.h"

#include <algorithm>

namespace rnnc::testing {

namespace {

using ir::NodeId;
using ir::NodeKind;

bool node_looks_back(const ir::Node& node) {
  if (node.kind == NodeKind::shift) return node.offset > 0;
  if (node.kind == NodeKind::sum_over) return !node.axis.valid();
  return node.kind != NodeKind::at && node.kind != NodeKind::impulse && node.kind != NodeKind::by_length &&
         node.kind != NodeKind::length;
}

// Steps [begin, end) of what has an axis.
Given part_of(const rnnc_model& model, const RunShape& shape, const Given& given, std::int64_t begin, std::int64_t end) {
  Given part = given;
  for (int i = 0; i < model.input_count; ++i) {
    if (model.inputs[i].axis < 0) continue;
    const Bytes& whole = given.inputs[static_cast<std::size_t>(i)];
    const auto step = static_cast<std::ptrdiff_t>(whole.size()) / shape.steps[0];
    part.inputs[static_cast<std::size_t>(i)] = Bytes(whole.begin() + begin * step, whole.begin() + end * step);
  }
  return part;
}

RunShape part_of(const RunShape& shape, std::int64_t begin, std::int64_t end) {
  RunShape part = shape;
  part.steps.fill(end - begin);
  part.first_step = shape.first_step + begin;
  for (std::int32_t& length : part.lengths[0])
    length = static_cast<std::int32_t>(std::clamp<std::int64_t>(length - begin, 0, end - begin));
  return part;
}

RunShape row_of(const RunShape& shape, std::int64_t row) {
  RunShape alone = shape;
  alone.rows = 1;
  for (std::size_t axis = 0; axis < alone.lengths.size(); ++axis) {
    if (alone.lengths[axis].empty()) continue;
    alone.steps[axis] = alone.lengths[axis][static_cast<std::size_t>(row)];
    alone.lengths[axis].clear();
  }
  return alone;
}

// Of an array [outer, of which `kept` stay][rows][…]: one row.
Bytes row_of(const Bytes& whole, std::int64_t outer, std::int64_t kept, std::int64_t rows, std::int64_t row) {
  Bytes alone;
  if (outer == 0) return alone;
  const auto size = static_cast<std::ptrdiff_t>(whole.size()) / (outer * rows);
  for (std::int64_t i = 0; i < kept; ++i)
    alone.insert(alone.end(), whole.begin() + (i * rows + row) * size, whole.begin() + (i * rows + row + 1) * size);
  return alone;
}

Bytes row_of(const rnnc_tensor& tensor, const Bytes& whole, const RunShape& shape, std::int64_t row) {
  const auto axis = static_cast<std::size_t>(std::max(tensor.axis, 0));
  const std::int64_t outer = tensor.axis < 0 ? 1 : shape.steps[axis];
  const std::int64_t kept = tensor.axis < 0 ? 1 : row_of(shape, row).steps[axis];
  return tensor.batched != 0 ? row_of(whole, outer, kept, shape.rows, row) : row_of(whole, outer, kept, 1, 0);
}

}  // namespace

bool draws_nothing(const ir::Program& program) {
  return std::none_of(program.nodes.begin(), program.nodes.end(), [](const ir::Node& node) {
    return node.kind == NodeKind::random || node.kind == NodeKind::rate;
  });
}

Written run_of_row(const rnnc_model& model, const RunShape& shape, const Given& given, RunOptions options, std::int64_t row) {
  options.backward = options.loss = false;
  Given alone = given;
  for (std::size_t i = 0; i < given.inputs.size(); ++i)
    alone.inputs[i] = row_of(model.inputs[i], given.inputs[i], shape, row);
  for (std::size_t i = 0; i < given.states.size(); ++i)
    alone.states[i] = row_of(given.states[i], model.states[i].history, model.states[i].history, shape.rows, row);
  return run(model, row_of(shape, row), alone, options);
}

Written row_of(const rnnc_model& model, const RunShape& shape, const Written& whole, std::int64_t row) {
  Written alone = whole;
  const auto outputs = static_cast<std::size_t>(model.output_count);
  for (std::size_t i = 0; i < whole.arrays.size(); ++i) {
    const Bytes& bytes = whole.arrays[i].bytes;
    const std::int64_t history = i < outputs ? 0 : model.states[i - outputs].history;
    alone.arrays[i].bytes = i < outputs ? row_of(model.outputs[i], bytes, shape, row)
                                        : row_of(bytes, history, history, shape.rows, row);
  }
  return alone;
}

bool looks_back_only(const ir::Program& program) {
  if (program.axes.size() != 1) return false;
  std::vector<bool> seen(program.nodes.size(), false);
  std::vector<NodeId> open;
  for (const ir::Result& result : program.results) {
    if (result.role == ir::ResultRole::output) open.push_back(result.node);
    if (result.role != ir::ResultRole::final_state) continue;
    const ir::StateInfo& state = program.states[ir::StateId(static_cast<std::size_t>(result.ref))];
    if (state.reversed) return false;
    // Where the carried value is read, it is the equation's; the read at its end is what carries it.
    open.push_back(program.value(state.equation));
  }
  while (!open.empty()) {
    const NodeId id = open.back();
    open.pop_back();
    if (seen[id.index()]) continue;
    seen[id.index()] = true;
    const ir::Node& node = program[id];
    if (!node_looks_back(node)) return false;
    if (node.kind == NodeKind::shift)
      open.push_back(program.value(ir::EquationId(static_cast<std::size_t>(node.ref))));
    open.insert(open.end(), node.operands.begin(), node.operands.end());
  }
  return true;
}

Written run_in_parts(const rnnc_model& model, const RunShape& shape, const Given& given, RunOptions options,
                     std::span<const std::int64_t> ends, PartBy by) {
  options.backward = options.loss = false;
  options.by_step = by == PartBy::step;
  Written whole;
  std::vector<Bytes> states = given.states;
  std::int64_t begin = 0;
  for (std::int64_t end : ends) {
    Given part = part_of(model, shape, given, begin, end);
    part.states = states;
    Written written = run(model, part_of(shape, begin, end), part, options);
    if (written.code != RNNC_OK) return written;
    for (std::size_t i = 0; i < written.arrays.size(); ++i) {
      const bool output = i < static_cast<std::size_t>(model.output_count);
      if (begin == 0) whole.arrays.push_back(written.arrays[i]);
      else if (output && model.outputs[i].axis >= 0)
        whole.arrays[i].bytes.insert(whole.arrays[i].bytes.end(), written.arrays[i].bytes.begin(), written.arrays[i].bytes.end());
      else
        whole.arrays[i] = written.arrays[i];
      if (!output) states[i - static_cast<std::size_t>(model.output_count)] = written.arrays[i].bytes;
    }
    options.give_states = true;
    begin = end;
  }
  return whole;
}

}  // namespace rnnc::testing
