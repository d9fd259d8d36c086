// Kernels without products: elementwise trees, and the loops over rows and blocks that all kernels share.
#include <algorithm>

#include "compiler/base/bug.h"
#include "compiler/loop/function_lowering.h"

namespace rnnc::loop {

using ir::NodeId;

std::int64_t FunctionLowering::block_count(std::int64_t size) const {
  return (size + shared_.lanes - 1) / shared_.lanes;
}

std::string FunctionLowering::kernel_name(const std::vector<NodeId>& nodes, const std::string& suffix) const {
  std::string name = prefix_;
  int named = 0;
  for (NodeId id : nodes) {
    bool known = shared_.program.equation_of(id).valid() || shared_.program.labels.contains(id);
    if (named < 4 && (known || nodes.size() == 1)) {
      name += "_" + name_of(shared_.program, id);
      ++named;
    }
  }
  if (named == 0 && !nodes.empty()) name += "_" + name_of(shared_.program, nodes.front());
  return shared_.names.unique(name + suffix);
}

// The kernel's comment: the equations whose values it computes.
void FunctionLowering::describe(const std::vector<NodeId>& nodes) {
  for (NodeId id : nodes) b().function().description.push_back(definition_line(id));
}

std::string FunctionLowering::definition_line(NodeId id) const {
  std::string line = ir::clipped(name_of(shared_.program, id) + " = " + shared_.printer.definition(id), 160);
  if (ir::EquationId e = shared_.program.equation_of(id); e.valid()) {
    ir::Origin origin = shared_.program.equations[e].origin;
    if (origin < shared_.options.origin_lines.size() && !shared_.options.origin_lines[origin].empty())
      line += "    (" + shared_.options.origin_lines[origin] + ")";
  }
  return line;
}

void FunctionLowering::start_kernel(const std::string& name, ir::Domain rows, const std::vector<NodeId>& nodes) {
  kernel_.emplace(module_, name, FunctionKind::kernel);
  frame_ = KernelFrame{};
  frame_.rows = rows;
  frame_.axis = segment_axis_;
  frame_.begin = Index(b().parameter("begin"));
  frame_.end = Index(b().parameter("end"));
  time_parameters();
  describe(nodes);
}

// The block of steps, in a recurrence the step, and the start of the window.
void FunctionLowering::time_parameters() {
  frame_.step = position_.component > 0;
  if (!segment_axis_.valid()) return;
  frame_.t0 = Index(b().parameter("t0"));
  (frame_.step ? frame_.t : frame_.t1) = Index(b().parameter(frame_.step ? "t" : "t1"));
  if (in_windows_) frame_.window0 = Index(b().parameter("window0"));
}
std::vector<Index> FunctionLowering::time_arguments() const {
  if (!segment_axis_.valid()) return {};
  std::vector<Index> arguments{frame_.t0, frame_.step ? frame_.t : frame_.t1};
  if (in_windows_) arguments.push_back(frame_.window0);
  return arguments;
}

std::vector<Index> FunctionLowering::entry_time() const {
  if (!segment_axis_.valid()) return {};
  std::vector<Index> arguments{entry_t0_, position_.component > 0 ? entry_t_ : entry_t1_};
  if (in_windows_) arguments.push_back(entry_window0_);
  return arguments;
}

FunctionId FunctionLowering::finish_kernel(const Index& extent, const Index& cost,
                                           const std::vector<Index>& more_arguments) {
  FunctionId id = b().finish();
  std::vector<Index> arguments = entry_time();
  arguments.insert(arguments.end(), more_arguments.begin(), more_arguments.end());
  entry_.launch(id, std::move(arguments), extent, cost);
  kernel_.reset();
  return id;
}

Index FunctionLowering::row_count(ir::Domain rows) const {
  Index count = rows.batched ? batch() : Index(1);
  if (rows.axis.valid() && position_.component == 0) count = count * (entry_t1_ - entry_t0_);
  return count;
}

FunctionLowering::RowRange FunctionLowering::row_range(ir::Domain rows, bool split) {
  RowRange range;
  range.begin = split ? frame_.begin : Index(0);
  bool in_time = rows.axis.valid() && !frame_.step;
  std::optional<Index> step;
  if (rows.axis.valid() && frame_.step) step = frame_.t;
  if (in_time && rows.batched) {
    Index first = frame_.t0 * batch();
    range.name = "r";
    range.begin = first + range.begin;
    range.end = split ? first + frame_.end : frame_.t1 * batch();
    range.row = [](const Index& r) { return Row{{}, {}, r, {}}; };
  } else if (in_time) {
    range.name = "t";
    range.begin = frame_.t0 + range.begin;
    range.end = split ? frame_.t0 + frame_.end : frame_.t1;
    range.row = [](const Index& t) { return Row{t, {}, {}, {}}; };
  } else if (rows.batched) {
    range.name = "b";
    range.end = split ? frame_.end : batch();
    range.row = [step](const Index& row) { return Row{step, row, {}, {}}; };
  } else {
    range.name = "once";
    range.end = split ? frame_.end : Index(1);
    range.row = [step](const Index&) { return Row{step, {}, {}, {}}; };
  }
  return range;
}

void FunctionLowering::for_rows(ir::Domain rows, bool split, const std::function<void(Row&)>& body) {
  RowRange range = row_range(rows, split);
  if (range.name == "once" && !split) {
    Row row = range.row(0);
    body(row);
    return;
  }
  b().loop(range.name, range.begin, range.end, 1, [&](const Index& i) {
    Row row = range.row(i);
    body(row);
  });
}

void FunctionLowering::for_blocks(std::int64_t size, bool split, const std::function<void(const Block&)>& body) {
  std::int64_t lanes = shared_.lanes, full = size / lanes;
  int rest = static_cast<int>(size % lanes);
  if (!split && block_count(size) == 1) {
    body(Block{0, size, rest});
    return;
  }
  if (full > 0) {
    Index stop = !split ? Index(full) : rest == 0 ? frame_.end : b().minimum("full", frame_.end, full);
    b().loop("j", split ? frame_.begin : Index(0), stop, 1,
             [&](const Index& j) { body(Block{j * Index(lanes), size, 0}); });
  }
  if (rest == 0) return;
  if (!split) return body(Block{full * lanes, size, rest});
  b().loop("last", b().maximum("rest", frame_.begin, full), frame_.end, 1,
           [&](const Index& j) { body(Block{j * Index(lanes), size, rest}); });
}

// A loss that nobody asks for is not computed.
void FunctionLowering::lower_kernel(const PlannedKernel& kernel) {
  position_ = kernel.position;
  bool wanted = std::any_of(kernel.stores.begin(), kernel.stores.end(), [&](NodeId id) { return !only_for_loss_[id]; });
  if (wanted) return lower_any_kernel(kernel);
  entry_.if_given(loss_buffer_, [&] { lower_any_kernel(kernel); }, [] {});
}

void FunctionLowering::lower_any_kernel(const PlannedKernel& kernel) {
  switch (kernel.kind) {
    case KernelKind::map: return kernel.products.empty() ? lower_map(kernel) : lower_products(kernel);
    case KernelKind::reduce: return lower_reduce(kernel);
    case KernelKind::accumulate: return lower_accumulate(kernel);
    case KernelKind::boundary: return lower_boundary(kernel.stores.front());
    case KernelKind::structure: return lower_structure(kernel);
  }
}

// Kernels that treat steps past a row's end apart ask for its length once per row, not once per block.
void FunctionLowering::find_length(const PlannedKernel& kernel, Row& row) {
  if (!kernel.rows.batched || !kernel.rows.axis.valid() || kernel.size <= shared_.lanes) return;
  bool asks = std::any_of(kernel.stores.begin(), kernel.stores.end(), [&](NodeId id) {
    const std::optional<Stored>& stored = schedule_.stored[id];
    return delivered_.contains(id) || (stored && (stored->zero_past_end || stored->after > 0));
  });
  if (asks) length_of(row, kernel.rows.axis);
}

void FunctionLowering::lower_map(const PlannedKernel& kernel) {
  bool by_rows = !kernel.rows.empty();
  start_kernel(kernel_name(kernel.stores, ""), kernel.rows, kernel.stores);
  for_rows(kernel.rows, by_rows, [&](Row& row) {
    find_length(kernel, row);
    for_blocks(kernel.size, !by_rows, [&](const Block& block) {
      Cursor at{row, block, {}, {kernel.stores.begin(), kernel.stores.end()}};
      for (NodeId id : kernel.stores) store_value(id, value(id, at), at);
    });
  });
  Index extent = by_rows ? row_count(kernel.rows) : Index(block_count(kernel.size));
  finish_kernel(extent, row_count(kernel.rows) * Index(kernel.size * 8 * static_cast<std::int64_t>(kernel.stores.size())));
}

}  // namespace rnnc::loop
