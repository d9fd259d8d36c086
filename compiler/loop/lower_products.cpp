// Kernels with products: tiles of rows times blocks of units whose accumulators stay in registers while one walk over
// the operand feeds all of them, and elementwise work as the epilogue on these registers.
#include <algorithm>
#include <set>

#include "compiler/base/bug.h"
#include "compiler/loop/function_lowering.h"

namespace rnnc::loop {

using ir::NodeId;
using ir::NodeKind;

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

// Rows in tiles of `tile_rows`, what remains in tiles of two and one.
void FunctionLowering::for_row_tiles(ir::Domain rows, int tile_rows,
                                     const std::function<void(const std::vector<Index>&)>& body) {
  RowRange range = row_range(rows, false);
  if (range.name == "once") return body({Index(0)});
  Index begin = range.begin;
  std::vector<int> sizes{tile_rows};
  if (tile_rows > 2) sizes.push_back(2);
  if (tile_rows > 1) sizes.push_back(1);
  for (int size : sizes) {
    b().loop(range.name, begin, range.end - Index(size - 1), size, [&](const Index& first) {
      std::vector<Index> tile;
      for (int i = 0; i < size; ++i) tile.push_back(first + Index(i));
      body(tile);
    });
    if (size > 1) begin = begin + b().quotient("tiles", range.end - begin, size) * Index(size);
  }
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
  Tile tile = choose_tile(static_cast<int>(accumulators.size()), std::max<std::int64_t>(full_blocks, 1));
  for (const Walk& walk : walks) shared_.statics.panel(walk.matrices);
  Epilogue epilogue = make_epilogue(kernel, accumulators, tile.blocks);
  start_kernel(kernel_name(kernel.stores, ""), kernel.rows, kernel.stores);
  std::int64_t full_tiles = full_blocks / tile.blocks;
  std::int64_t left = full_blocks - full_tiles * tile.blocks + (rest > 0 ? 1 : 0);
  auto body = [&](const Index& first, std::int64_t count, bool last) {
    for_row_tiles(kernel.rows, tile.rows, [&](const std::vector<Index>& rows) {
      std::vector<Block> blocks;
      for (std::int64_t q = 0; q < count; ++q)
        blocks.push_back(Block{(first + Index(q)) * Index(lanes), kernel.size, last && q == count - 1 ? rest : 0});
      lower_tile(kernel, accumulators, walks, epilogue, rows, blocks);
    });
  };
  if (full_tiles > 0) {
    Index stop = left == 0 ? frame_.end : b().minimum("full", frame_.end, full_tiles);
    b().loop("tile", frame_.begin, stop, 1, [&](const Index& i) { body(i * Index(tile.blocks), tile.blocks, false); });
  }
  if (left > 0) {
    Index start = b().maximum("rest", frame_.begin, full_tiles);
    b().loop("last", start, frame_.end, 1, [&](const Index&) { body(full_tiles * tile.blocks, left, true); });
  }
  std::int64_t work = 0;
  for (const Walk& walk : walks)
    work += kernel.size * node(walk.operand).shape.size() * static_cast<std::int64_t>(walk.matrices.size());
  finish_kernel(full_tiles + (left > 0 ? 1 : 0), row_count(kernel.rows) * Index(work));
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
                                  const std::vector<Index>& row_values, const std::vector<Block>& blocks) {
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
  if (epilogue.prefetch.valid())
    for (std::size_t r = 0; r < rows.size(); ++r)
      b().call_helper(epilogue.prefetch, arguments_of(r, blocks.front()), {});
  for (const Walk& walk : walks) {
    std::vector<RowAddress> operands;
    for (Row& row : rows) {
      Cursor at{row, Block{0, node(walk.operand).shape.size(), 0}, {}, {kernel.stores.begin(), kernel.stores.end()}};
      operands.push_back(row_address(walk.operand, at));
      row = at.row;
    }
    lower_walk(walk, operands, blocks, sums);
  }
  for (std::size_t r = 0; r < rows.size(); ++r)
    for (std::size_t q = 0; q < blocks.size(); ++q) {
      FunctionId helper = blocks[q].tail > 0 ? epilogue.tail : epilogue.full;
      b().call_helper(helper, arguments_of(r, blocks[q]), sums[r][q]);
    }
}

}  // namespace rnnc::loop
