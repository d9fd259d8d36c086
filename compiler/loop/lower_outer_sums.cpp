// Products over rows: target[m][n] += the sum over rows of left[m] * right[n]. Parameter gradients are made of these.
#include <numeric>

#include "compiler/base/bug.h"
#include "compiler/loop/function_lowering.h"

namespace rnnc::loop {

using ir::NodeId;

namespace {

// Rows longer than this many bytes are copied side by side first: read a few entries at a time, they would collide in
// the first-level cache.
constexpr std::int64_t longest_row = 128;

}  // namespace

// Where the entries of an operand are read, row after row: in place, or in panels of `width` entries, [ceil(n /
// width)][rows of the block][width], made by a kernel of their own and shared by all products of the stage.
FunctionLowering::RowPanels FunctionLowering::row_panels(NodeId operand, ir::Domain rows, std::int64_t width) {
  std::int64_t size = node(operand).shape.size();
  RowPanels panels{operand, width, BufferId(), Index()};
  if (size <= width || size * size_of(module_.element) <= longest_row) return panels;
  auto [known, is_new] = panels_.try_emplace({operand, width, rows.batched, rows.axis.value, position_.phase, position_.stage});
  if (!is_new) return known->second;
  std::int64_t lanes = shared_.lanes, count = (size + width - 1) / width;
  std::string name = name_of(shared_.program, operand) + "_panels";
  if (!panel_area_.valid()) panel_area_ = workspace("panels", Index(), "rows of one block of steps, in panels");
  panels.buffer = panel_area_;
  panels.offset = panel_area_size_;
  panel_area_size_ = panel_area_size_ + most_rows(rows) * Index(count * width) + Index(lanes);
  known->second = panels;
  start_kernel(shared_.names.unique(prefix_ + "_" + name), rows, {});
  b().function().description.push_back(name + " as [" + std::to_string(count) + "][block of steps][B][" +
                                       std::to_string(width) + "]");
  auto copy = [&](const Index& panel, std::int64_t entries) {
    for_each_row(rows, [&](const Index& r, Row& row) {
      Cursor at{row, Block{0, size, 0}, {}, {}};
      RowAddress from = row_address(operand, at);
      for (std::int64_t j = 0; j < entries; j += lanes) {
        Address source{from.address.buffer, from.address.offset + panel * Index(width) + Index(j)};
        bool partial = entries - j < lanes && !from.whole;
        ValueId v = partial ? b().load_first(source, static_cast<int>(entries - j)) : b().load(source);
        b().store(v, {panels.buffer, panel_offset(panels, rows, panel, r) + Index(j)});
      }
    });
  };
  for_whole_and_rest("panel", size, width, copy);
  finish_kernel(count, row_count(rows) * Index(size));
  return panels;
}

// body(panel, entries in it) for the kernel's share of the panels; the last one may have fewer than `width` entries.
void FunctionLowering::for_whole_and_rest(const std::string& name, std::int64_t size, std::int64_t width,
                                          const std::function<void(const Index&, std::int64_t)>& body) {
  std::int64_t whole = size / width, rest = size % width;
  if (whole > 0) {
    Index stop = rest == 0 ? frame_.end : b().minimum("full", frame_.end, whole);
    b().loop(name, frame_.begin, stop, 1, [&](const Index& panel) { body(panel, width); });
  }
  if (rest > 0)
    b().loop("last", b().maximum("rest", frame_.begin, whole), frame_.end, 1,
             [&](const Index&) { body(whole, rest); });
}

// body(number of the row within the block, the row)
void FunctionLowering::for_each_row(ir::Domain rows, const std::function<void(const Index&, Row&)>& body) {
  RowRange range = row_range(rows, false);
  b().loop(range.name, range.begin, range.end, 1, [&](const Index& i) {
    Row row = range.row(i);
    body(i - range.begin, row);
  });
}

Index FunctionLowering::panel_offset(const RowPanels& panels, ir::Domain rows, const Index& panel, const Index& row) {
  RowRange range = row_range(rows, false);
  return panels.offset + (panel * (range.end - range.begin) + row) * Index(panels.width);
}

// Entry `first` of panel `panel` of the row at hand.
FunctionLowering::RowAddress FunctionLowering::panel_address(const RowPanels& panels, ir::Domain rows,
                                                             const Index& panel, const Index& first, const Index& r,
                                                             Row& row) {
  if (panels.buffer.valid()) return {{panels.buffer, panel_offset(panels, rows, panel, r) + first}, true};
  Cursor at{row, Block{0, node(panels.operand).shape.size(), 0}, {}, {}};
  RowAddress place = row_address(panels.operand, at);
  place.address.offset = place.address.offset + panel * Index(panels.width) + first;
  return place;
}

// Entries [m, m + m_count) of the left operand times `blocks` vectors of the right one, over all rows, in registers.
void FunctionLowering::lower_outer_tile(const OuterSum& sum, const OuterTile& tile) {
  using F = FunctionBuilder;
  std::int64_t lanes = shared_.lanes, n_size = sum.columns;
  Index m = tile.left_panel * Index(sum.left.width) + tile.first;
  auto place = [&](std::int64_t i, std::int64_t q) {
    return Address{sum.target.buffer, sum.target.offset + (m + Index(i)) * Index(n_size) +
                                          tile.right_panel * Index(sum.right.width) + Index(q * lanes)};
  };
  auto is_tail = [&](std::int64_t q) { return tile.tail > 0 && q == tile.blocks - 1; };
  std::int64_t line = 64 / size_of(module_.element);
  for (std::int64_t i = 0; i < tile.m_count; ++i)
    for (std::int64_t q = 0; q < tile.blocks; q += std::max<std::int64_t>(1, line / lanes)) b().prefetch(place(i, q));
  std::vector<ValueId> sums(static_cast<std::size_t>(tile.m_count * tile.blocks), b().number_constant(0));
  RowRange range = row_range(sum.rows, false);
  sums = b().loop_carrying(range.name, range.begin, range.end, 1, sums, [&](const Index& i, std::vector<ValueId> inside) {
    Row row = range.row(i);
    Index r = i - range.begin;
    RowAddress a = panel_address(sum.left, sum.rows, tile.left_panel, tile.first, r, row);
    RowAddress c = panel_address(sum.right, sum.rows, tile.right_panel, 0, r, row);
    std::vector<ValueId> vectors;
    for (std::int64_t q = 0; q < tile.blocks; ++q) {
      Address from{c.address.buffer, c.address.offset + Index(q * lanes)};
      vectors.push_back(is_tail(q) && !c.whole ? b().load_first(from, tile.tail) : b().load(from));
    }
    for (std::int64_t k = 0; k < tile.m_count; ++k) {
      ValueId x = b().load_scalar({a.address.buffer, a.address.offset + Index(k)});
      for (std::int64_t q = 0; q < tile.blocks; ++q) {
        ValueId& value = inside[static_cast<std::size_t>(k * tile.blocks + q)];
        value = F::id(b().fma(F::plain(x), F::plain(vectors[static_cast<std::size_t>(q)]), F::plain(value)));
      }
    }
    return inside;
  });
  for (std::int64_t i = 0; i < tile.m_count; ++i)
    for (std::int64_t q = 0; q < tile.blocks; ++q) {
      ValueId value = sums[static_cast<std::size_t>(i * tile.blocks + q)];
      ValueId old = is_tail(q) ? b().load_first(place(i, q), tile.tail) : b().load(place(i, q));
      value = F::id(b().add(F::plain(old), F::plain(value)));
      if (is_tail(q)) b().store_first(value, place(i, q), tile.tail);
      else b().store(value, place(i, q));
    }
}

// Gradients of parameters of one shape, from panels, share one kernel: they differ in where they read and add.
void FunctionLowering::lower_outer_sum(NodeId id, const Location& target) {
  const ir::Node& product = node(node(id).operands[0]);
  std::int64_t m_size = product.shape[0], n_size = product.shape[1], lanes = shared_.lanes;
  Tile tile = choose_tile(1, std::max<std::int64_t>(n_size / lanes, 1));
  tile.rows = static_cast<int>(std::min<std::int64_t>(tile.rows, m_size));
  OuterSum sum{target, product.domain, m_size, n_size, {}, {}};
  sum.left = row_panels(product.operands[0], product.domain, std::lcm<std::int64_t>(tile.rows, lanes));
  sum.right = row_panels(product.operands[1], product.domain, tile.units * lanes);
  Index extent = (m_size + sum.left.width - 1) / sum.left.width;
  Index cost = row_count(product.domain) * Index(m_size * n_size - handing_over * (m_size + n_size));
  bool shared = sum.left.buffer.valid() && sum.right.buffer.valid() &&
                module_.buffers[target.buffer].space == Space::parameter_gradients;
  if (!shared) {
    start_kernel(kernel_name({id}, ""), product.domain, {id});
    lower_outer_tiles(sum, tile);
    finish_kernel(extent, cost);
    return;
  }
  std::vector<Index> places{sum.left.offset, sum.right.offset, target.offset};
  auto [known, is_new] = outer_kernels_.try_emplace(
      {m_size, n_size, product.domain.batched, product.domain.axis.value, position_.component > 0, in_windows_});
  if (!is_new) {
    module_.functions[known->second].description.push_back(definition_line(id));
    std::vector<Index> arguments = entry_time();
    arguments.insert(arguments.end(), places.begin(), places.end());
    return entry_.launch(known->second, std::move(arguments), extent, cost);
  }
  start_kernel(kernel_name({id}, ""), product.domain, {id});
  sum.left.offset = Index(b().parameter("left"));
  sum.right.offset = Index(b().parameter("right"));
  sum.target.offset = Index(b().parameter("gradient"));
  lower_outer_tiles(sum, tile);
  known->second = finish_kernel(extent, cost, places);
}

void FunctionLowering::lower_outer_tiles(const OuterSum& sum, const Tile& tile) {
  std::int64_t full_blocks = sum.columns / shared_.lanes;
  int rest = static_cast<int>(sum.columns % shared_.lanes);
  // A panel of the right operand stays in the first-level cache while all panels of the left one pass.
  auto strips = [&](const Index& right_panel, std::int64_t blocks, int tail) {
    for_whole_and_rest("panel", sum.lines, sum.left.width, [&](const Index& panel, std::int64_t entries) {
      std::int64_t whole = entries / tile.rows;
      auto body = [&](const Index& first, std::int64_t m_count) {
        lower_outer_tile(sum, {panel, first, m_count, right_panel, blocks, tail});
      };
      if (whole == 1) body(0, tile.rows);
      if (whole > 1)
        b().loop("m", 0, whole * tile.rows, tile.rows, [&](const Index& first) { body(first, tile.rows); });
      if (entries > whole * tile.rows) body(whole * tile.rows, entries - whole * tile.rows);
    });
  };
  std::int64_t tiles = full_blocks / tile.units;
  std::int64_t left_blocks = full_blocks - tiles * tile.units + (rest > 0 ? 1 : 0);
  if (tiles > 0) b().loop("tile", 0, tiles, 1, [&](const Index& i) { strips(i, tile.units, 0); });
  if (left_blocks > 0) strips(tiles, left_blocks, rest);
}

}  // namespace rnnc::loop
