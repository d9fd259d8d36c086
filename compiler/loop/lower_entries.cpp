// Nodes that move or combine entries: concatenations, pads, outer products, products and sums of matrices that vary. The
// last dimension goes in whole vectors wherever it does so in the operands; transposes go entry by entry.
#include <algorithm>
#include <array>
#include <limits>

#include "compiler/base/bug.h"
#include "compiler/loop/function_lowering.h"

namespace rnnc::loop {

using ir::NodeId;
using ir::NodeKind;

namespace {

Index flat(const ir::Shape& shape, const std::vector<Index>& at) {
  Index offset = 0;
  for (int d = 0; d < shape.rank(); ++d) offset = offset * Index(shape[d]) + at[static_cast<std::size_t>(d)];
  return offset;
}

}  // namespace

// One entry of a stored (or static) operand, in all lanes.
ValueId FunctionLowering::stored_entry(NodeId id, const std::vector<Index>& at, Cursor& cursor) {
  const ir::Node& n = node(id);
  if (n.kind == NodeKind::constant) return b().number_constant(n.value);
  if (n.shape.rank() == 0 && !location_of(id)) return value(id, cursor);
  RowAddress row = row_address(id, cursor);
  return b().load_scalar({row.address.buffer, row.address.offset + flat(n.shape, at)});
}

void FunctionLowering::store_entry(NodeId id, ValueId v, const Index& entry, Cursor& at) {
  auto put = [&](const Location& location, ValueId what) {
    b().store_first(what, {location.buffer, row_offset(location, at.row, 0) + entry}, 1);
  };
  // What a look-ahead finds past the row's end is filled in once the row's entries are there.
  if (auto location = location_of(id)) put(*location, schedule_.stored[id]->after > 0 ? v : fill_past_end(id, v, at));
  const ir::Node& n = node(id);
  bool sequence = n.domain.batched && n.domain.axis.valid();
  for (const auto& [result, location] : results_of(id))
    put(location, sequence ? past_end_select(id, v, b().number_constant(0), at) : v);
}

// The row's entries stand: those past its end become what a look-ahead finds there.
void FunctionLowering::refill_past_end(NodeId id, Row& row) {
  auto location = location_of(id);
  if (!location || schedule_.stored[id]->after == 0) return;
  for_blocks(node(id).shape.size(), false, [&](const Block& block) {
    Cursor at{row, block, {}, {id}};
    store_at(*location, fill_past_end(id, read(*location, id, at), at), at);
  });
}

// A block of entries along the last dimension; `at` names the first of them.
ValueId FunctionLowering::stored_block(NodeId id, const std::vector<Index>& at, const Block& block, Cursor& cursor) {
  const ir::Node& n = node(id);
  if (n.kind == NodeKind::constant || (n.shape.rank() == 0)) return stored_entry(id, at, cursor);
  RowAddress row = row_address(id, cursor);
  Address from{row.address.buffer, row.address.offset + flat(n.shape, at)};
  return block.tail > 0 ? b().load_first(from, block.tail) : b().load(from);
}

void FunctionLowering::store_block(NodeId id, ValueId v, const Index& entry, const Block& block, Cursor& at) {
  auto put = [&](const Location& location, ValueId what) {
    Address to{location.buffer, row_offset(location, at.row, 0) + entry};
    if (block.tail > 0) b().store_first(what, to, block.tail);
    else b().store(what, to);
  };
  // What a look-ahead finds past the row's end is filled in once the row's entries are there.
  if (auto location = location_of(id)) put(*location, schedule_.stored[id]->after > 0 ? v : fill_past_end(id, v, at));
  const ir::Node& n = node(id);
  bool sequence = n.domain.batched && n.domain.axis.valid();
  for (const auto& [result, location] : results_of(id))
    put(location, sequence ? past_end_select(id, v, b().number_constant(0), at) : v);
}

// body(positions) for every combination of the first `count` dimensions.
void FunctionLowering::for_positions(const ir::Shape& shape, int count,
                                     const std::function<void(std::vector<Index>&)>& body) {
  constexpr std::array<const char*, 3> names{"i", "j", "k"};
  std::vector<Index> at;
  auto nest = [&](auto&& self, int dim) -> void {
    if (dim >= count) return body(at);
    b().loop(names[static_cast<std::size_t>(dim)], 0, shape[dim], 1, [&](const Index& v) {
      at.push_back(v);
      self(self, dim + 1);
      at.pop_back();
    });
  };
  nest(nest, 0);
}

// The entries of `part` to where they stand in the whole, `start` entries along `dim`.
void FunctionLowering::lower_part(NodeId id, NodeId part, std::int64_t start, Row& row) {
  const ir::Node& n = node(id);
  const ir::Shape& shape = node(part).shape;
  for_positions(shape, shape.rank() - 1, [&](std::vector<Index>& at) {
    for_blocks(shape[shape.rank() - 1], false, [&](const Block& block) {
      Cursor inner{row, Block{0, 1, 0}, {}, {id}};
      std::vector<Index> from = at, to;
      from.push_back(block.j);
      to = from;
      to[static_cast<std::size_t>(n.dim)] = to[static_cast<std::size_t>(n.dim)] + Index(start);
      store_block(id, stored_block(part, from, block, inner), flat(n.shape, to), block, inner);
    });
  });
}

void FunctionLowering::lower_running_sum(NodeId id, Row& row) {
  using F = FunctionBuilder;
  const ir::Node& n = node(id);
  b().loop_carrying("i", 0, n.shape[0], 1, {b().number_constant(0)}, [&](const Index& i, const std::vector<ValueId>& sum) {
    Cursor inner{row, Block{0, 1, 0}, {}, {id}};
    Index entry = n.flag ? Index(n.shape[0] - 1) - i : i;
    ValueId next = F::id(b().add(F::plain(sum[0]), F::plain(stored_entry(n.operands[0], {entry}, inner))));
    store_entry(id, next, entry, inner);
    return std::vector<ValueId>{next};
  });
}

// The entries of one row.
void FunctionLowering::lower_row_entries(NodeId id, Row& row) {
  const ir::Node& n = node(id);
  int last = n.shape.rank() - 1;
  if (n.kind == NodeKind::cumulative_sum) return lower_running_sum(id, row);
  if (n.kind == NodeKind::concat) {
    std::int64_t start = 0;
    for (NodeId part : n.operands) {
      lower_part(id, part, start, row);
      start += node(part).shape[n.dim];
    }
    return;
  }
  bool by_entry = n.kind == NodeKind::transpose || combines_last_dimension(id);
  for_positions(n.shape, by_entry ? last + 1 : last, [&](std::vector<Index>& at) {
    if (by_entry) {
      Cursor inner{row, Block{0, 1, 0}, {}, {id}};
      return store_entry(id, entry_of(id, at, inner), flat(n.shape, at), inner);
    }
    for_blocks(n.shape[last], false, [&](const Block& block) {
      Cursor inner{row, Block{0, 1, 0}, {}, {id}};
      std::vector<Index> first = at;
      first.push_back(block.j);
      ValueId v = n.kind == NodeKind::pad && n.dim == last ? b().number_constant(0) : block_of(id, first, block, inner);
      store_block(id, v, flat(n.shape, first), block, inner);
    });
  });
  if (n.kind == NodeKind::pad && n.dim == last) lower_part(id, n.operands[0], n.offset, row);
}

void FunctionLowering::lower_entries(NodeId id) {
  const ir::Node& n = node(id);
  bool split = !n.domain.empty();
  start_kernel(kernel_name({id}, ""), n.domain, {id});
  if (split) {
    for_rows(n.domain, true, [&](Row& row) {
      lower_row_entries(id, row);
      refill_past_end(id, row);
    });
  } else {
    b().loop("once", frame_.begin, frame_.end, 1, [&](const Index&) {
      Row row;
      lower_row_entries(id, row);
    });
  }
  finish_kernel(split ? row_count(n.domain) : Index(1), row_count(n.domain) * Index(n.shape.size() * 4));
}

// Does every entry take all of its operand's last dimension: a matrix times a vector, a sum along rows?
bool FunctionLowering::combines_last_dimension(NodeId id) const {
  const ir::Node& n = node(id);
  if (n.kind == NodeKind::matmul) return n.shape.rank() == 1;
  bool reduces = n.kind == NodeKind::reduce_sum || n.kind == NodeKind::reduce_max;
  return reduces && n.dim == node(n.operands[0]).shape.rank() - 1;
}

// A block of entries of which each operand has its own.
ValueId FunctionLowering::block_of(NodeId id, const std::vector<Index>& at, const Block& block, Cursor& cursor) {
  using F = FunctionBuilder;
  const ir::Node& n = node(id);
  auto splat = [&](std::size_t i, const std::vector<Index>& where) { return stored_entry(n.operands[i], where, cursor); };
  auto vector = [&](std::size_t i, const std::vector<Index>& where) {
    return stored_block(n.operands[i], where, block, cursor);
  };
  auto over = [&](std::int64_t extent, ValueId start, std::int64_t first, auto&& term) {
    return b().loop_carrying("n", first, extent, 1, {start}, [&](const Index& i, const std::vector<ValueId>& total) {
      return std::vector<ValueId>{in_body(cursor, [&] { return F::id(term(i, F::plain(total[0]))); })};
    })[0];
  };
  std::vector<Index> where = at;
  auto dim = static_cast<std::size_t>(std::max(n.dim, 0));
  switch (n.kind) {
    case NodeKind::outer:
      return F::id(b().mul(F::plain(splat(0, {at[0]})), F::plain(vector(1, {at[1]}))));
    case NodeKind::slice:
      where[dim] = where[dim] + Index(n.offset);
      return vector(0, where);
    case NodeKind::broadcast:
      where.erase(where.begin() + n.dim);
      return n.dim == n.shape.rank() - 1 ? splat(0, where) : vector(0, where);
    case NodeKind::matmul:
      return over(node(n.operands[0]).shape[1], b().number_constant(0), 0, [&](const Index& k, F::Value total) {
        return b().fma(F::plain(splat(0, {at[0], k})), F::plain(vector(1, {k, at[1]})), total);
      });
    case NodeKind::reduce_sum:
    case NodeKind::reduce_max: {
      bool maximum = n.kind == NodeKind::reduce_max;
      auto term = [&](const Index& i) {
        std::vector<Index> inner = at;
        inner.insert(inner.begin() + n.dim, i);
        return vector(0, inner);
      };
      ValueId start = maximum ? term(Index(0)) : b().number_constant(0);
      return over(node(n.operands[0]).shape[n.dim], start, maximum ? 1 : 0, [&](const Index& i, F::Value total) {
        return maximum ? b().larger(total, F::plain(term(i))) : b().add(F::plain(term(i)), total);
      });
    }
    case NodeKind::pad: {
      // Read inside, zero outside; the address stays inside in either case.
      Index inner = at[dim] - Index(n.offset);
      std::int64_t extent = node(n.operands[0]).shape[n.dim];
      where[dim] = b().minimum("inner", b().maximum("shifted", inner, 0), extent - 1);
      F::Value hit = b().mask_and(F::plain(b().index_less(inner, extent)),
                                  b().mask_not(F::plain(b().index_less(inner, 0))));
      return F::id(b().select(hit, F::plain(vector(0, where)), b().constant(0)));
    }
    default:
      break;
  }
  throw Unsupported("`" + std::string(ir::node_kind_name(n.kind)) + "` of values that vary is not compiled yet");
}

// One entry: of a transpose, or from all of its operand's last dimension, vector by vector and then across the lanes.
ValueId FunctionLowering::entry_of(NodeId id, const std::vector<Index>& at, Cursor& cursor) {
  using F = FunctionBuilder;
  const ir::Node& n = node(id);
  if (n.kind == NodeKind::transpose) return stored_entry(n.operands[0], {at[1], at[0]}, cursor);
  bool maximum = n.kind == NodeKind::reduce_max;
  const ir::Shape& shape = node(n.operands[0]).shape;
  std::int64_t extent = shape[shape.rank() - 1], lanes = shared_.lanes;
  auto add = [&](const Block& block, ValueId total) {
    std::vector<Index> where = at;
    where.push_back(block.j);
    F::Value v = F::plain(stored_block(n.operands[0], where, block, cursor));
    if (n.kind == NodeKind::matmul)
      return F::id(b().fma(v, F::plain(stored_block(n.operands[1], {block.j}, block, cursor)), F::plain(total)));
    if (!maximum) return F::id(b().add(v, F::plain(total)));
    // The lanes past the last entry hold zero, which is no entry.
    if (block.tail > 0) v = F::plain(b().first_lanes(F::id(v), total, block.tail));
    return F::id(b().larger(F::plain(total), v));
  };
  ValueId total = b().number_constant(maximum ? -std::numeric_limits<double>::infinity() : 0);
  std::int64_t full = extent / lanes;
  int rest = static_cast<int>(extent % lanes);
  if (full > 0)
    total = b().loop_carrying("n", 0, full, 1, {total}, [&](const Index& i, const std::vector<ValueId>& inside) {
      return std::vector<ValueId>{in_body(cursor, [&] { return add(Block{i * Index(lanes), extent, 0}, inside[0]); })};
    })[0];
  if (rest > 0) total = add(Block{full * lanes, extent, rest}, total);
  return maximum ? b().lane_max(total) : b().lane_sum(total);
}

}  // namespace rnnc::loop
