// Kernels with products: tiles of rows times blocks of units whose accumulators stay in registers while one walk over
// the operand feeds all of them, and elementwise work as the epilogue on these registers.
#include <algorithm>
#include <set>

#include "compiler/base/bug.h"
#include "compiler/loop/function_lowering.h"

namespace rnnc::loop {

using ir::NodeId;
using ir::NodeKind;

namespace {

// Two units times a latency of four to five cycles: more accumulators than these are none the faster.
constexpr int most_accumulators = 12;
// So few blocks of units are not divided among threads, which take rows instead; they are covered by as few tiles as can
// be.
constexpr std::int64_t undivided_blocks = 6;
// Rows that a launch counts as one: all tiles cover them without leaving a single one.
constexpr std::int64_t rows_of_share = 8;

// How often the walk over `columns` entries is written out in a kernel that runs again and again. What a loop does beside
// multiplying takes every fifth instruction slot, and a processor that shares them with another thread has none to spare.
int unrolled(std::int64_t columns, std::size_t rows) {
  if (rows < 3) return 1;
  for (int times : {4, 5, 3, 2})
    if (columns % times == 0) return times;
  return 1;
}

}  // namespace

// Products that meet in a sum which nothing else sees share an accumulator.
std::vector<FunctionLowering::Accumulator> FunctionLowering::accumulators_of(const PlannedKernel& kernel) const {
  std::map<NodeId, std::vector<NodeId>> sums;
  for (NodeId id : kernel.products) sums[id] = {id};
  const IdVector<NodeId, int>& uses = uses_;
  auto alone = [&](NodeId id) { return sums.contains(id) && uses[id] == 1 && !schedule_.stored[id]; };
  NodeId last = kernel.stores.back();
  for (std::size_t i = kernel.products.front().index(); i <= last.index(); ++i) {
    NodeId id(i);
    const ir::Node& n = node(id);
    // A Program may hold nodes that nothing needs any more.
    if (!schedule_.order.needed[id] || n.kind != NodeKind::map || ir::elementwise(n.function).name != "add") continue;
    if (!alone(n.operands[0]) || !alone(n.operands[1]) || n.operands[0] == n.operands[1]) continue;
    std::vector<NodeId> joined = sums[n.operands[0]];
    const std::vector<NodeId>& more = sums[n.operands[1]];
    joined.insert(joined.end(), more.begin(), more.end());
    sums.erase(n.operands[0]);
    sums.erase(n.operands[1]);
    sums[id] = std::move(joined);
  }
  std::vector<Accumulator> result;
  for (auto& [id, products] : sums) result.push_back({id, std::move(products)});
  return result;
}

std::vector<FunctionLowering::Walk> FunctionLowering::walks_of(const std::vector<Accumulator>& accumulators) const {
  std::vector<Walk> walks;
  for (std::size_t a = 0; a < accumulators.size(); ++a)
    for (NodeId product : accumulators[a].products) {
      NodeId matrix = node(product).operands[0], operand = node(product).operands[1];
      auto walk = std::find_if(walks.begin(), walks.end(), [&](const Walk& w) { return w.operand == operand; });
      if (walk == walks.end()) walk = walks.insert(walks.end(), Walk{operand, {}, {}, nullptr});
      walk->matrices.push_back(matrix);
      walk->accumulators.push_back(a);
    }
  return walks;
}

// Rows and blocks of units per tile: as many fused multiply-adds per load as the registers allow. The tile needs its
// accumulators, the vectors of one side, and one more for the other side; without fused multiply-adds one for a product.
FunctionLowering::Tile FunctionLowering::choose_tile(int accumulators, std::int64_t blocks) const {
  Tile best;
  double best_ratio = 0;
  int passing = module_.target.fma ? 1 : 2;
  for (int units = 1; units <= std::min<std::int64_t>(blocks, 4); ++units)
    for (int rows = 1; rows <= 8; ++rows) {
      int vectors = accumulators * units;
      if (rows * vectors + std::min(rows, vectors) + passing > module_.target.registers) continue;
      double ratio = static_cast<double>(rows * vectors) / (rows + vectors);
      if (ratio <= best_ratio) continue;
      best_ratio = ratio;
      best = Tile{rows, units};
    }
  return best;
}

// A row alone has registers for more units, and needs them: its additions wait for each other otherwise.
FunctionLowering::Tile FunctionLowering::single_row_tile(int accumulators, std::int64_t blocks) const {
  Tile tile;
  for (int units = 2; units <= blocks; ++units) {
    int vectors = accumulators * units;
    if (vectors <= most_accumulators && vectors + 2 <= module_.target.registers) tile.units = units;
  }
  return tile;
}

// Divides `count` rows into `rows` at a time, pairs, and at most one that is alone. A pair costs little more than its
// share of a full tile, a single row three times as much: rather than leave one, an odd tile gives its rows to pairs.
FunctionLowering::RowShares FunctionLowering::share_rows(const Index& count, int rows) {
  RowShares shares;
  if (rows > 1) shares.tiles = b().quotient("tiles", count, rows);
  if (rows > 2) {
    if (rows % 2 == 1) {
      Index odd = b().remainder("odd", count - shares.tiles * Index(rows), 2);
      shares.tiles = shares.tiles - b().minimum("given_up", odd, shares.tiles);
    }
    shares.pairs = b().quotient("pairs", count - shares.tiles * Index(rows), 2);
  }
  return shares;
}

// How `size` units become tiles of so many blocks: when split, what a launch counts; else as few tiles as can be.
FunctionLowering::UnitTiling FunctionLowering::tile_units(std::int64_t units, std::int64_t size, bool split) const {
  std::int64_t total = block_count(size);
  UnitTiling tiling;
  tiling.size = size;
  tiling.split = split;
  std::int64_t tiles = (total + units - 1) / units;
  tiling.units = split ? units : (total + tiles - 1) / tiles;
  tiling.whole = size / shared_.lanes / tiling.units;
  tiling.rest = total - tiling.whole * tiling.units;
  return tiling;
}

// body(first block, number of blocks, do these end with the last block?) for the kernel's share of the units; where the
// registers allow it, several tiles at once, as many as make `wide` blocks.
void FunctionLowering::for_unit_tiles(const UnitTiling& tiling, std::int64_t wide,
                                      const std::function<void(const Index&, std::int64_t, bool)>& body) {
  const auto& [size, units, whole, rest, split] = tiling;
  auto tile = [&, units = units](const Index& i) { body(i * Index(units), units, false); };
  if (!split) {
    if (whole == 1) body(0, units, rest == 0);
    if (whole > 1) b().loop("tile", 0, whole, 1, tile);
    if (rest > 0) body(whole * units, rest, true);
    return;
  }
  Index begin = frame_.begin, stop = rest == 0 ? frame_.end : b().minimum("full", frame_.end, whole);
  if (std::int64_t times = wide / units; times > 1) {
    Index count = b().quotient("wide", b().maximum("share", 0, stop - begin), times);
    b().loop("tile", 0, count, 1, [&, units = units](const Index& i) {
      body((begin + i * Index(times)) * Index(units), times * units, false);
    });
    begin = begin + count * Index(times);
  }
  if (whole > 0) b().loop("tile", begin, stop, 1, tile);
  if (rest > 0)
    b().loop("last", b().maximum("rest", frame_.begin, whole), frame_.end, 1,
             [&](const Index&) { body(tiling.whole * tiling.units, tiling.rest, true); });
}

FunctionLowering::Epilogue FunctionLowering::make_epilogue(const PlannedKernel& kernel,
                                                           const std::vector<Accumulator>& accumulators,
                                                           const UnitTiling& tiling) {
  Epilogue epilogue;
  touched_.emplace();
  epilogue.blocks = tiling.units;
  int tail = static_cast<int>(kernel.size % shared_.lanes);
  if (tiling.whole > 0) epilogue.full = make_epilogue_for(kernel, accumulators, tiling.units, 0);
  if (tiling.rest > 0) epilogue.last = make_epilogue_for(kernel, accumulators, tiling.rest, tail);
  epilogue.prefetch = make_prefetch(kernel, tiling.units);
  touched_.reset();
  return epilogue;
}

FunctionLowering::RowHelper FunctionLowering::start_row_helper(const PlannedKernel& kernel, const std::string& suffix) {
  kernel_.emplace(module_, kernel_name(kernel.stores, suffix), FunctionKind::helper);
  frame_ = KernelFrame{};
  frame_.rows = kernel.rows;
  frame_.axis = segment_axis_;
  time_parameters();
  RowRange range = row_range(kernel.rows, false);
  Index row_variable = range.name == "once" ? Index(0) : Index(b().parameter(range.name));
  return {range.row(row_variable), Index(b().parameter("j"))};
}

// What the epilogue touches is asked for before the products, which take longer than it takes to arrive.
FunctionId FunctionLowering::make_prefetch(const PlannedKernel& kernel, std::int64_t blocks) {
  if (touched_->empty()) return FunctionId();
  std::int64_t line = 64 / size_of(module_.element);
  RowHelper helper = start_row_helper(kernel, "_prefetch");
  for (const Touch& touch : *touched_) {
    Index first = row_offset(touch.location, helper.row, touch.lag) + Index(touch.offset) + helper.j;
    for (std::int64_t j = 0; j < blocks * shared_.lanes; j += line) b().prefetch({touch.location.buffer, first + Index(j)});
  }
  FunctionId id = b().finish();
  kernel_.reset();
  return id;
}

FunctionId FunctionLowering::make_epilogue_for(const PlannedKernel& kernel, const std::vector<Accumulator>& accumulators,
                                               std::int64_t count, int tail) {
  RowHelper helper = start_row_helper(kernel, tail > 0 ? "_epilogue_tail" : "_epilogue");
  std::vector<Block> blocks;
  std::vector<std::vector<ValueId>> sums;
  for (std::int64_t q = 0; q < count; ++q) {
    blocks.push_back({helper.j + Index(q * shared_.lanes), kernel.size, q == count - 1 ? tail : 0});
    sums.emplace_back();
    for (const Accumulator& accumulator : accumulators)
      sums.back().push_back(b().vector_parameter(sum_name(accumulator)));
  }
  describe(kernel.stores);
  finish_row(kernel, accumulators, helper.row, blocks, sums);
  FunctionId id = b().finish();
  kernel_.reset();
  return id;
}

std::string FunctionLowering::sum_name(const Accumulator& accumulator) const {
  bool named = shared_.program.equation_of(accumulator.node).valid() || shared_.program.labels.contains(accumulator.node);
  return named ? name_of(shared_.program, accumulator.node) : "sum";
}

void FunctionLowering::lower_products(const PlannedKernel& kernel) {
  std::vector<Accumulator> accumulators = accumulators_of(kernel);
  std::vector<Walk> walks = walks_of(accumulators);
  std::int64_t lanes = shared_.lanes, full_blocks = kernel.size / lanes;
  int tail = static_cast<int>(kernel.size % lanes);
  Tile best = choose_tile(static_cast<int>(accumulators.size()), std::max<std::int64_t>(full_blocks, 1));
  // One product's tile can be turned: better than to leave blocks for a narrower one.
  if (accumulators.size() == 1 && full_blocks % best.units != 0 && full_blocks % best.rows == 0)
    best = Tile{best.units, best.rows};
  bool split = block_count(kernel.size) > undivided_blocks;
  UnitTiling tiling = tile_units(best.units, kernel.size, split);
  // Few blocks are tiled in more than one way.
  for (Walk& walk : walks) walk.panel = &shared_.statics.panel(walk.matrices, split ? tiling.units : 1);
  Epilogue epilogue = make_epilogue(kernel, accumulators, tiling);
  start_kernel(kernel_name(kernel.stores, ""), kernel.rows, kernel.stores);
  RowRange range = split ? row_range(kernel.rows, false) : row_shares(kernel.rows);
  auto tiles = [&](const Tile& shape, const Index& first, std::int64_t units, bool last, const Index& begin,
                   const Index& end) {
    std::vector<Block> blocks;
    for (std::int64_t q = 0; q < units; ++q)
      blocks.push_back(Block{(first + Index(q)) * Index(lanes), kernel.size, last && q == units - 1 ? tail : 0});
    auto tile = [&](const Index& row) {
      std::vector<Index> rows;
      for (int i = 0; i < shape.rows; ++i) rows.push_back(row + Index(i));
      lower_tile(kernel, accumulators, walks, epilogue, rows, blocks, !split && shape.rows == 1);
    };
    if (range.name == "once") tile(0);
    else b().loop(range.name, begin, end, shape.rows, tile);
  };
  Index single = range.begin;
  if (range.name != "once" && best.rows > 1) {
    RowShares shares = share_rows(range.end - range.begin, best.rows);
    Index paired = range.begin + shares.tiles * Index(best.rows);
    single = paired + shares.pairs * Index(2);
    for_unit_tiles(tiling, tiling.units, [&](const Index& first, std::int64_t units, bool last) {
      tiles(best, first, units, last, range.begin, paired);
      if (best.rows > 2) tiles(Tile{2, best.units}, first, units, last, paired, single);
    });
  }
  Tile alone = single_row_tile(static_cast<int>(accumulators.size()), block_count(kernel.size));
  UnitTiling alone_tiling = split ? tiling : tile_units(alone.units, kernel.size, false);
  for_unit_tiles(alone_tiling, alone.units, [&](const Index& first, std::int64_t units, bool last) {
    tiles(alone, first, units, last, single, range.end);
  });
  std::int64_t work = 0, operands = 0;
  for (const Walk& walk : walks) {
    const std::int64_t columns = node(walk.operand).shape.size();
    work += kernel.size * columns * static_cast<std::int64_t>(walk.matrices.size());
    operands += columns;
  }
  Index rows = row_count(kernel.rows);
  if (split) {
    finish_kernel(tiling.whole + (tiling.rest > 0 ? 1 : 0), rows * Index(work - handing_over * operands));
    return;
  }
  Index shares = range.name == "once" ? 1 : entry_.quotient("shares", rows + Index(rows_of_share - 1), rows_of_share);
  finish_kernel(shares, rows * Index(work));
}

// The rows of a kernel that is split by rows, so many at a time.
FunctionLowering::RowRange FunctionLowering::row_shares(ir::Domain rows) {
  RowRange all = row_range(rows, false);
  if (all.name == "once") return all;
  frame_.begin = frame_.begin * Index(rows_of_share);
  frame_.end = b().minimum("stop", frame_.end * Index(rows_of_share), all.end - all.begin);
  return row_range(rows, true);
}

// One walk's multiply-adds for a tile: sums[row][block][accumulator] grow by weights times operand.
void FunctionLowering::lower_walk(const Walk& walk, const std::vector<RowAddress>& operands,
                                  const std::vector<Block>& blocks, TileSums& sums) {
  using F = FunctionBuilder;
  std::int64_t lanes = shared_.lanes;
  const Panel& panel = *walk.panel;
  // A walk over several tiles of the panel, or over one, which may be the narrower one at its end.
  std::int64_t width = std::min<std::int64_t>(panel.units, static_cast<std::int64_t>(blocks.size()));
  std::vector<std::size_t> fed = walk.accumulators;
  std::sort(fed.begin(), fed.end());
  fed.erase(std::unique(fed.begin(), fed.end()), fed.end());
  std::vector<ValueId> initial;
  for (auto& row : sums)
    for (auto& block : row)
      for (std::size_t a : fed) initial.push_back(block[a]);
  auto position = [&](std::size_t r, std::size_t q, std::size_t a) {
    std::size_t rank = static_cast<std::size_t>(std::find(fed.begin(), fed.end(), a) - fed.begin());
    return (r * blocks.size() + q) * fed.size() + rank;
  };
  auto result = b().loop_carrying("k", 0, panel.columns, 1, initial, [&](const Index& k, std::vector<ValueId> inside) {
    auto broadcast = [&](std::size_t r) {
      return b().load_scalar({operands[r].address.buffer, operands[r].address.offset + k}, "x");
    };
    auto weight = [&](std::size_t q, std::size_t g) {
      // Blocks of units are `lanes` apart in j and a block's panel apart in the weights.
      std::size_t unit = q % static_cast<std::size_t>(width);
      std::int64_t vector = static_cast<std::int64_t>(unit) * panel.matrices + static_cast<std::int64_t>(g);
      Index weights = blocks[q - unit].j * Index(panel.block_stride(1)) + k * Index(width * panel.matrices * lanes) +
                      Index(vector * lanes);
      return b().load({panel.buffer, weights}, "w");
    };
    auto multiply = [&](std::size_t r, ValueId x, std::size_t q, std::size_t g, ValueId w) {
      ValueId& sum = inside[position(r, q, walk.accumulators[g])];
      sum = F::id(b().fma(F::plain(w), F::plain(x), F::plain(sum)));
    };
    // The side with fewer vectors stays in registers, the other one passes through a single register (choose_tile).
    std::vector<ValueId> held;
    if (operands.size() <= blocks.size() * walk.matrices.size()) {
      for (std::size_t r = 0; r < operands.size(); ++r) held.push_back(broadcast(r));
      for (std::size_t q = 0; q < blocks.size(); ++q)
        for (std::size_t g = 0; g < walk.matrices.size(); ++g) {
          ValueId w = weight(q, g);
          for (std::size_t r = 0; r < operands.size(); ++r) multiply(r, held[r], q, g, w);
        }
    } else {
      for (std::size_t q = 0; q < blocks.size(); ++q)
        for (std::size_t g = 0; g < walk.matrices.size(); ++g) held.push_back(weight(q, g));
      for (std::size_t r = 0; r < operands.size(); ++r) {
        ValueId x = broadcast(r);
        for (std::size_t q = 0; q < blocks.size(); ++q)
          for (std::size_t g = 0; g < walk.matrices.size(); ++g)
            multiply(r, x, q, g, held[q * walk.matrices.size() + g]);
      }
    }
    return inside;
  }, segment_axis_.valid() ? unrolled(panel.columns, operands.size()) : 1);
  for (std::size_t r = 0; r < operands.size(); ++r)
    for (std::size_t q = 0; q < blocks.size(); ++q)
      for (std::size_t a : fed) sums[r][q][a] = result[position(r, q, a)];
}

void FunctionLowering::lower_tile(const PlannedKernel& kernel, const std::vector<Accumulator>& accumulators,
                                  const std::vector<Walk>& walks, const Epilogue& epilogue,
                                  const std::vector<Index>& row_values, const std::vector<Block>& blocks,
                                  bool in_place) {
  RowRange range = row_range(kernel.rows, false);
  std::vector<Row> rows;
  for (const Index& value : row_values) rows.push_back(range.row(value));
  TileSums sums(rows.size(), std::vector<std::vector<ValueId>>(
                                 blocks.size(), std::vector<ValueId>(accumulators.size(), b().number_constant(0))));
  auto arguments_of = [&](std::size_t r, const Block& block) {
    std::vector<Index> arguments = time_arguments();
    if (range.name != "once") arguments.push_back(row_values[r]);
    arguments.push_back(block.j);
    return arguments;
  };
  if (epilogue.prefetch.valid() && rows.size() > 1)
    for (std::size_t r = 0; r < rows.size(); ++r)
      for (std::size_t q = 0; q < blocks.size(); q += static_cast<std::size_t>(epilogue.blocks))
        b().call_helper(epilogue.prefetch, arguments_of(r, blocks[q]), {});
  for (const Walk& walk : walks) {
    std::vector<RowAddress> operands;
    for (Row& row : rows) {
      Cursor at{row, Block{0, node(walk.operand).shape.size(), 0}, {}, {kernel.stores.begin(), kernel.stores.end()}};
      operands.push_back(row_address(walk.operand, at));
      row = at.row;
    }
    lower_walk(walk, operands, blocks, sums);
  }
  if (in_place) return finish_row(kernel, accumulators, rows.front(), blocks, sums.front());
  for (std::size_t r = 0; r < rows.size(); ++r)
    for (std::size_t q = 0; q < blocks.size(); q += static_cast<std::size_t>(epilogue.blocks)) {
      std::vector<ValueId> all;
      std::size_t end = std::min(blocks.size(), q + static_cast<std::size_t>(epilogue.blocks));
      for (std::size_t i = q; i < end; ++i) all.insert(all.end(), sums[r][i].begin(), sums[r][i].end());
      bool is_last = blocks[end - 1].tail > 0 || end - q < static_cast<std::size_t>(epilogue.blocks);
      b().call_helper(is_last ? epilogue.last : epilogue.full, arguments_of(r, blocks[q]), all);
    }
}

// What follows the products of one row: its blocks in turns, equation by equation, so that none waits for the long
// chains of another.
void FunctionLowering::finish_row(const PlannedKernel& kernel, const std::vector<Accumulator>& accumulators, Row row,
                                  const std::vector<Block>& blocks, const std::vector<std::vector<ValueId>>& sums) {
  std::vector<Cursor> cursors;
  for (std::size_t q = 0; q < blocks.size(); ++q) {
    cursors.push_back({row, blocks[q], {}, {kernel.stores.begin(), kernel.stores.end()}});
    for (std::size_t a = 0; a < accumulators.size(); ++a) cursors[q].memo.learn(accumulators[a].node, sums[q][a]);
  }
  for (NodeId id : kernel.stores)
    for (Cursor& at : cursors) {
      at.row = row;
      store_value(id, value(id, at), at);
      row = at.row;
    }
}

}  // namespace rnnc::loop
