// Sums over rows: scattered rows of tables, sums of values. (Products over rows: lower_outer_sums.cpp.)
#include <algorithm>

#include "compiler/base/bug.h"
#include "compiler/loop/function_lowering.h"

namespace rnnc::loop {

using ir::NodeId;
using ir::NodeKind;

// Sums that several blocks of a segment add to start at zero before the first of them.
bool FunctionLowering::zeroed_with_phase(NodeId id) const {
  const Position& position = schedule_.order.position[id];
  Extent extent = locations_.at(id).extent;
  return position.phase % 2 == 1 && position.component == 0 && extent != Extent::block;
}

// What the kernels after this add to: of a sum at each step all steps, those of this block, or this one.
void FunctionLowering::zero_sum(NodeId id) {
  const Location& target = locations_.at(id);
  Index stride = target.stride, first = target.offset, count = stride;
  if (target.extent == Extent::single && !target.padded) count = node(id).shape.size();
  if (target.batched && target.extent != Extent::single) stride = count = batch() * stride;
  if (target.extent == Extent::block) count = (entry_t1_ - entry_t0_) * stride;
  if (target.extent == Extent::full) {
    first = first + Index(target.before) * stride;
    if (zeroed_with_phase(id)) count = steps(node(id).domain.axis) * stride;
    else first = first + entry_t_ * stride;
  }
  entry_.zero({target.buffer, first}, count);
}

void FunctionLowering::lower_accumulate(const PlannedKernel& kernel) {
  NodeId id = kernel.stores.front(), term = node(id).operands[0];
  Location target = locations_.at(id);
  if (!zeroed_with_phase(id)) zero_sum(id);
  // From the factors, and from the index of a one-hot one, wherever else these values may stand: the schedule keeps no more.
  bool is_product = sums_products(shared_.program, id) && !schedule_.order.available[term];
  auto is_one_hot = [&](std::size_t i) { return node(node(term).operands[i]).kind == NodeKind::one_hot; };
  if (!is_product) return lower_plain_sum(id, target);
  if (is_one_hot(0)) return lower_scatter(id, target, true);
  if (is_one_hot(1)) return lower_scatter(id, target, false);
  lower_outer_sum(id, target);
}

// The gradient of a table read at an index: each row's value is added to the one entry (left: row, else column) it came from.
void FunctionLowering::lower_scatter(NodeId id, const Location& target, bool left) {
  using F = FunctionBuilder;
  const ir::Node& product = node(node(id).operands[0]);
  NodeId hot = product.operands[left ? 0 : 1], other = product.operands[left ? 1 : 0];
  std::int64_t size = node(other).shape.size(), columns = product.shape[1];
  start_kernel(kernel_name({id}, ""), product.domain, {id});
  auto add = [&](Cursor& at, const Index& entry) {
    ValueId v = value(other, at);
    auto accumulate = [&](ValueId old, auto&& put) { put(F::id(b().add(F::plain(old), F::plain(v)))); };
    Address place{target.buffer, target.offset + entry * Index(left ? columns : 1) + at.block.j * Index(left ? 1 : columns)};
    if (size == 1 || !left) return accumulate(b().load_scalar(place), [&](ValueId s) { b().store_first(s, place, 1); });
    if (at.block.tail > 0)
      return accumulate(b().load_first(place, at.block.tail), [&](ValueId s) { b().store_first(s, place, at.block.tail); });
    accumulate(b().load(place), [&](ValueId s) { b().store(s, place); });
  };
  if (left) {
    for_blocks(size, true, [&](const Block& block) {
      for_rows(product.domain, false, [&](Row& row) {
        Cursor at{row, block, {}, {}};
        Index entry = index_value(node(hot).operands[0], at);
        add(at, entry);
      });
    });
    finish_kernel(block_count(size), row_count(product.domain) * Index(size));
    return;
  }
  b().loop("m", frame_.begin, frame_.end, 1, [&](const Index& m) {
    for_rows(product.domain, false, [&](Row& row) {
      Cursor at{row, Block{0, size, 0}, {}, {}};
      Index entry = index_value(node(hot).operands[0], at);
      RowAddress from = row_address(other, at);
      ValueId v = b().load_scalar({from.address.buffer, from.address.offset + m});
      Address place{target.buffer, target.offset + m * Index(columns) + entry};
      b().store_first(F::id(b().add(F::plain(b().load_scalar(place)), F::plain(v))), place, 1);
    });
  });
  finish_kernel(size, row_count(product.domain) * Index(size * 4));
}

// Adds to a block of a sum where it stands: one number, a whole vector, or the beginning of one.
void FunctionLowering::add_to(const Address& address, ValueId v, const Block& block, bool padded) {
  using F = FunctionBuilder;
  const bool whole = block.size > 1 && (block.tail == 0 || padded);
  const ValueId before = block.size == 1 ? b().load_scalar(address)
                         : whole         ? b().load(address)
                                         : b().load_first(address, block.tail);
  const ValueId sum = F::id(b().add(F::plain(before), F::plain(v)));
  if (whole) b().store(sum, address);
  else b().store_first(sum, address, block.size == 1 ? 1 : block.tail);
}

// The sum of a value over its rows, or over its steps for each row, or over its rows at each step.
void FunctionLowering::lower_plain_sum(NodeId id, const Location& target) {
  using F = FunctionBuilder;
  const ir::Node& n = node(id);
  NodeId term = n.operands[0];
  ir::Domain rows = node(term).domain;
  std::int64_t size = n.shape.size();
  start_kernel(kernel_name({id}, ""), rows, {id});
  bool guard = rows.batched && rows.axis.valid();
  auto place = [&](Row& row, const Block& block) {
    return Address{target.buffer, row_offset(target, row, 0) + (size == 1 ? Index(0) : block.j)};
  };
  auto sum_range = [&](const RowRange& range, Row target_row, const std::vector<Block>& blocks) {
    std::vector<Address> addresses;
    for (const Block& block : blocks) addresses.push_back(place(target_row, block));
    // This block of rows by itself, then on top of those before: the longer of the two sums bounds the error.
    std::vector<ValueId> sums(blocks.size(), b().number_constant(0));
    sums = b().loop_carrying(range.name, range.begin, range.end, 1, sums,
                             [&](const Index& i, std::vector<ValueId> inside) {
      Row row = range.row(i);
      for (std::size_t q = 0; q < blocks.size(); ++q) {
        Cursor at{row, blocks[q], {}, {}};
        ValueId v = value(term, at);
        if (guard) v = past_end_select(term, v, b().number_constant(0), at);
        inside[q] = F::id(b().add(F::plain(inside[q]), F::plain(v)));
        row = at.row;
      }
      return inside;
    });
    for (std::size_t q = 0; q < blocks.size(); ++q) add_to(addresses[q], sums[q], blocks[q], target.padded);
  };
  bool per_row = n.domain.batched, per_step = n.domain.axis.valid();
  // Several blocks at a time: none waits for another's additions, and rows are read by whole cache lines.
  UnitTiling tiling = tile_units(std::min<std::int64_t>(4, block_count(size)), size, true);
  for_unit_tiles(tiling, tiling.units, [&](const Index& first, std::int64_t count, bool last) {
    std::vector<Block> blocks;
    for (std::int64_t q = 0; q < count; ++q) {
      int tail = last && q == count - 1 ? static_cast<int>(size % shared_.lanes) : 0;
      blocks.push_back({(first + Index(q)) * Index(shared_.lanes), size, tail});
    }
    if (per_row && !frame_.step && rows.axis.valid()) {
      b().loop("b", 0, batch(), 1, [&](const Index& row) {
        sum_range({frame_.t0, frame_.t1, "t", [row](const Index& t) { return Row{t, row, {}, {}}; }},
                  Row{{}, row, {}, {}}, blocks);
      });
    } else if (per_step) {
      auto over_rows = [&](const Index& t) {
        Row to{t, {}, {}, {}};
        sum_range({0, batch(), "b", [t](const Index& row) { return Row{t, row, {}, {}}; }}, to, blocks);
      };
      if (frame_.step) over_rows(frame_.t);
      else b().loop("t", frame_.t0, frame_.t1, 1, over_rows);
    } else {
      sum_range(row_range(rows, false), Row{}, blocks);
    }
  });
  finish_kernel(tiling.whole + (tiling.rest > 0 ? 1 : 0), row_count(rows) * Index(size * 4));
}

}  // namespace rnnc::loop
