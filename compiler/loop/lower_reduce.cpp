// Sums and maxima over the entries of a value: a vector of partial results, then over the lanes.
#include <limits>

#include "compiler/base/bug.h"
#include "compiler/loop/function_lowering.h"

namespace rnnc::loop {

using ir::NodeId;
using ir::NodeKind;

void FunctionLowering::lower_reduce(const PlannedKernel& kernel) {
  using F = FunctionBuilder;
  start_kernel(kernel_name(kernel.stores, ""), kernel.rows, kernel.stores);
  bool split = !kernel.rows.empty();
  auto is_sum = [&](NodeId id) { return node(id).kind == NodeKind::reduce_sum; };
  auto identity = [&](NodeId id) {
    return b().number_constant(is_sum(id) ? 0.0 : -std::numeric_limits<double>::infinity());
  };
  auto combine = [&](NodeId id, ValueId total, ValueId v) {
    return F::id(is_sum(id) ? b().add(F::plain(total), F::plain(v)) : b().larger(F::plain(total), F::plain(v)));
  };
  std::int64_t lanes = shared_.lanes, full = kernel.size / lanes;
  int rest = static_cast<int>(kernel.size % lanes);
  for_rows(kernel.rows, split, [&](Row& row) {
    std::vector<ValueId> totals;
    for (NodeId id : kernel.stores) totals.push_back(identity(id));
    auto step = [&](const Block& block, std::vector<ValueId> sums) {
      Cursor at{row, block, {}, {kernel.stores.begin(), kernel.stores.end()}};
      for (std::size_t i = 0; i < kernel.stores.size(); ++i) {
        NodeId id = kernel.stores[i];
        ValueId v = value(node(id).operands[0], at);
        if (block.tail > 0) v = b().first_lanes(v, identity(id), block.tail);
        sums[i] = combine(id, sums[i], v);
      }
      return sums;
    };
    if (full > 0)
      totals = b().loop_carrying("j", 0, full, 1, totals, [&](const Index& j, std::vector<ValueId> sums) {
        return step(Block{j * Index(lanes), kernel.size, 0}, std::move(sums));
      });
    if (rest > 0) totals = step(Block{full * lanes, kernel.size, rest}, std::move(totals));
    Cursor at{row, Block{0, 1, 0}, {}, {}};
    for (std::size_t i = 0; i < kernel.stores.size(); ++i) {
      NodeId id = kernel.stores[i];
      store_value(id, is_sum(id) ? b().lane_sum(totals[i]) : b().lane_max(totals[i]), at);
    }
  });
  Index extent = split ? row_count(kernel.rows) : Index(1);
  finish_kernel(extent, row_count(kernel.rows) * Index(kernel.size * 4));
}

}  // namespace rnnc::loop
