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
// So few blocks of units are not worth dividing among threads; they are covered by as few tiles as can be instead.
constexpr std::int64_t undivided_blocks = 6;

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
      if (walk == walks.end()) walk = walks.insert(walks.end(), Walk{operand, {}, {}});
      walk->matrices.push_back(matrix);
      walk->accumulators.push_back(a);
    }
  return walks;
}

// Rows and blocks of units per tile: as many fused multiply-adds per load as the registers allow. The tile needs its
// accumulators, the vectors of one side, and one more for the other side.
FunctionLowering::Tile FunctionLowering::choose_tile(int accumulators, std::int64_t blocks) const {
  Tile best;
  double best_ratio = 0;
  for (int units = 1; units <= std::min<std::int64_t>(blocks, 4); ++units)
    for (int rows = 1; rows <= 8; ++rows) {
      int vectors = accumulators * units;
      if (rows * vectors + std::min(rows, vectors) + 1 > module_.target.registers) continue;
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

// body(first block, number of blocks, do these end with the last block?) for the kernel's share of the units: tiles of
// `shape`, of which the launch counts those of `granule` blocks.
void FunctionLowering::for_unit_tiles(const Tile& shape, std::int64_t granule, std::int64_t size, bool split,
                                      const std::function<void(const Index&, std::int64_t, bool)>& body) {
  std::int64_t full = size / shared_.lanes, total = block_count(size);
  if (!split) {
    std::int64_t tiles = (total + shape.units - 1) / shape.units, units = (total + tiles - 1) / tiles;
    std::int64_t whole = full / units, rest = total - whole * units;
    if (whole == 1) body(0, units, rest == 0);
    if (whole > 1) b().loop("tile", 0, whole, 1, [&](const Index& i) { body(i * Index(units), units, false); });
    if (rest > 0) body(whole * units, rest, true);
    return;
  }
  std::int64_t granules = full / granule, wide = shape.units / granule, left = total - granules * granule;
  Index begin = frame_.begin, stop = left == 0 ? frame_.end : b().minimum("full", frame_.end, granules);
  if (wide > 1) {
    Index count = b().quotient("wide", b().maximum("share", 0, stop - begin), wide);
    b().loop("tile", 0, count, 1, [&](const Index& i) {
      body((begin + i * Index(wide)) * Index(granule), wide * granule, false);
    });
    begin = begin + count * Index(wide);
  }
  if (granules > 0) b().loop("tile", begin, stop, 1, [&](const Index& i) { body(i * Index(granule), granule, false); });
  if (left > 0)
    b().loop("last", b().maximum("rest", frame_.begin, granules), frame_.end, 1,
             [&](const Index&) { body(granules * granule, left, true); });
}

FunctionLowering::Epilogue FunctionLowering::make_epilogue(const PlannedKernel& kernel,
                                                           const std::vector<Accumulator>& accumulators,
                                                           std::int64_t tile_blocks) {
  Epilogue epilogue;
  touched_.clear();
  int rest = static_cast<int>(kernel.size % shared_.lanes);
  if (kernel.size >= shared_.lanes) epilogue.full = make_epilogue_for(kernel, accumulators, 0);
  if (rest > 0) epilogue.tail = make_epilogue_for(kernel, accumulators, rest);
  epilogue.prefetch = make_prefetch(kernel, tile_blocks);
  epilogue.prefetched_blocks = tile_blocks;
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
  if (touched_.empty()) return FunctionId();
  std::int64_t line = 64 / size_of(module_.element);
  RowHelper helper = start_row_helper(kernel, "_prefetch");
  for (const Touch& touch : touched_) {
    Index first = row_offset(touch.location, helper.row, touch.lag) + Index(touch.offset) + helper.j;
    for (std::int64_t j = 0; j < blocks * shared_.lanes; j += line) b().prefetch({touch.location.buffer, first + Index(j)});
  }
  FunctionId id = b().finish();
  kernel_.reset();
  return id;
}

FunctionId FunctionLowering::make_epilogue_for(const PlannedKernel& kernel, const std::vector<Accumulator>& accumulators,
                                               int tail) {
  RowHelper helper = start_row_helper(kernel, tail > 0 ? "_epilogue_tail" : "_epilogue");
  Cursor at{helper.row, Block{helper.j, kernel.size, tail}, {}, {kernel.stores.begin(), kernel.stores.end()}};
  for (const Accumulator& accumulator : accumulators)
    at.memo.values[accumulator.node] = b().vector_parameter(sum_name(accumulator));
  describe(kernel.stores);
  for (NodeId id : kernel.stores) store_value(id, value(id, at), at);
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
  int rest = static_cast<int>(kernel.size % lanes);
  Tile best = choose_tile(static_cast<int>(accumulators.size()), std::max<std::int64_t>(full_blocks, 1));
  bool split = block_count(kernel.size) > undivided_blocks;
  for (const Walk& walk : walks) shared_.statics.panel(walk.matrices);
  Epilogue epilogue = make_epilogue(kernel, accumulators, best.units);
  start_kernel(kernel_name(kernel.stores, ""), kernel.rows, kernel.stores);
  RowRange range = row_range(kernel.rows, false);
  auto tiles = [&](const Tile& shape, const Index& first, std::int64_t units, bool last, const Index& begin,
                   const Index& end) {
    std::vector<Block> blocks;
    for (std::int64_t q = 0; q < units; ++q)
      blocks.push_back(Block{(first + Index(q)) * Index(lanes), kernel.size, last && q == units - 1 ? rest : 0});
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
    for_unit_tiles(best, best.units, kernel.size, split, [&](const Index& first, std::int64_t units, bool last) {
      tiles(best, first, units, last, range.begin, paired);
      if (best.rows > 2) tiles(Tile{2, best.units}, first, units, last, paired, single);
    });
  }
  Tile alone = single_row_tile(static_cast<int>(accumulators.size()), block_count(kernel.size));
  for_unit_tiles(alone, best.units, kernel.size, split, [&](const Index& first, std::int64_t units, bool last) {
    tiles(alone, first, units, last, single, range.end);
  });
  std::int64_t work = 0;
  for (const Walk& walk : walks)
    work += kernel.size * node(walk.operand).shape.size() * static_cast<std::int64_t>(walk.matrices.size());
  std::int64_t granules = (block_count(kernel.size) + best.units - 1) / best.units;
  finish_kernel(split ? granules : 1, row_count(kernel.rows) * Index(work));
}

// One walk's multiply-adds for a tile: sums[row][block][accumulator] grow by weights times operand.
void FunctionLowering::lower_walk(const Walk& walk, const std::vector<RowAddress>& operands,
                                  const std::vector<Block>& blocks, TileSums& sums) {
  using F = FunctionBuilder;
  std::int64_t lanes = shared_.lanes;
  const Panel& panel = shared_.statics.panel(walk.matrices);
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
      Index weights = blocks[q].j * Index(panel.block_stride(1)) + k * Index(panel.matrices * lanes) +
                      Index(static_cast<std::int64_t>(g) * lanes);
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
  });
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
      for (std::size_t q = 0; q < blocks.size(); q += static_cast<std::size_t>(epilogue.prefetched_blocks))
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
  if (in_place) return finish_in_place(kernel, accumulators, rows.front(), blocks, sums.front());
  for (std::size_t r = 0; r < rows.size(); ++r)
    for (std::size_t q = 0; q < blocks.size(); ++q) {
      FunctionId helper = blocks[q].tail > 0 ? epilogue.tail : epilogue.full;
      b().call_helper(helper, arguments_of(r, blocks[q]), sums[r][q]);
    }
}

// The epilogue of a single row of a small kernel, written out: its blocks in turns, equation by equation, so that none
// waits for the long chains of another.
void FunctionLowering::finish_in_place(const PlannedKernel& kernel, const std::vector<Accumulator>& accumulators,
                                       const Row& row, const std::vector<Block>& blocks,
                                       const std::vector<std::vector<ValueId>>& sums) {
  std::vector<Cursor> cursors;
  for (std::size_t q = 0; q < blocks.size(); ++q) {
    cursors.push_back({row, blocks[q], {}, {kernel.stores.begin(), kernel.stores.end()}});
    for (std::size_t a = 0; a < accumulators.size(); ++a) cursors[q].memo.values[accumulators[a].node] = sums[q][a];
  }
  for (NodeId id : kernel.stores)
    for (Cursor& at : cursors) store_value(id, value(id, at), at);
}

}  // namespace rnnc::loop
