// Lowers one function of the ABI: a schedule becomes kernels and the entry that launches them. Internal to lower*.cpp.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "compiler/ir/print_expression.h"
#include "compiler/loop/lower.h"
#include "compiler/loop/static_data.h"

namespace rnnc::loop {

// Where a node's value stands in memory.
struct Location {
  BufferId buffer;
  Extent extent = Extent::full;
  Position filled;           // of block and step: when it holds what it is to hold
  bool batched = true;
  int before = 0;            // steps kept before the first
  bool windowed = false;     // of full: the steps of the current window only
  std::int64_t stride = 1;   // elements from row to row
  bool padded = false;       // rows are whole vectors: a load or store past the last entry stays inside the row
  Index offset;              // elements before the first row
};

// The position in time and batch of the row at hand. A kernel over all rows of a block knows `r` = t*B + b only and
// finds t and b when something asks for them.
struct Row {
  std::optional<Index> t, b, r;
  std::map<int, Index> lengths;  // by axis
};

// What the functions of one module share.
struct ModuleLowering {
  const Plans& plans;
  const ir::Program& program;
  const LowerOptions& options;
  Module& module;
  Names names;
  StaticData statics;
  SymbolId rows, first_step, training, seed, rate, windows;
  std::vector<SymbolId> steps, window;  // by axis
  std::map<ir::NodeId, Location> tape;
  // By windowed sequence: its entry margin at the start of each window, [windows][margin][B][stride] on the tape.
  std::map<ir::NodeId, Location> checkpoints;
  std::vector<std::pair<Index, BufferId>> tape_buffers;
  // Where forward_train keeps what is not on the tape, and which of it backward's recomputing uses as well, so that both run
  // the same kernels: [elements, buffer], at the same place of both workspaces.
  std::map<ir::NodeId, Location> train_places;
  std::vector<std::pair<Index, BufferId>> lent;
  std::map<std::pair<Space, int>, BufferId> caller_arrays;
  ir::InitialValues initial_values;
  ir::ExpressionPrinter printer;
  int lanes = 8;

  ModuleLowering(const Plans& plans, const LowerOptions& options, Module& module);
  void add_run_numbers();
  // The caller's array in that space and slot, made when first asked for.
  BufferId caller_array(Space space, int slot, const std::string& name, Element element, const Index& size,
                        bool may_be_absent, const std::string& meaning);
};

// Lays arrays (elements, buffer) out one behind the other from `offset` bytes on; returns the end.
Index lay_out(Module& module, std::vector<std::pair<Index, BufferId>> arrays, Index offset, bool fallback);

// Whether the node is where(training, a, b).
bool chosen_by_training(const ir::Program& program, ir::NodeId id);

class FunctionLowering {
 public:
  FunctionLowering(ModuleLowering& shared, const Schedule& schedule, EntryRole role);
  // What backward computes again in the windows of one of its phases: kernels that `entry` launches.
  FunctionLowering(ModuleLowering& shared, const Schedule& again, FunctionBuilder& entry);
  // Makes the kernels and the entry. `step` shares the kernels of `forward`.
  FunctionId run();
  const std::vector<std::pair<Index, BufferId>>& workspace_arrays() const { return workspace_; }

 private:
  // -- memory (lower_memory.cpp)
  void place_values();
  std::vector<ir::ResultId> delivered_results() const;
  Location place(ir::NodeId id, const Stored& stored, std::int64_t count = 1);
  void place_together(const std::vector<ir::NodeId>& ids);
  bool can_borrow(ir::NodeId id, const Stored& stored) const;
  Location borrow(ir::NodeId id);
  BufferId workspace(const std::string& name, const Index& elements, const std::string& meaning);
  Location input_location(const ir::Node& node, ir::NodeId id);
  std::optional<Location> location_of(ir::NodeId id);
  std::vector<std::pair<ir::ResultId, Location>> results_of(ir::NodeId id);
  Location result_location(const ir::Result& result);
  Index row_offset(const Location& location, Row& row, std::int64_t lag);
  Index full_elements(ir::Domain domain, const Stored& stored, std::int64_t stride) const;
  Index most_rows(ir::Domain rows) const;  // of one block of steps

  // -- rows
  Index t_of(Row& row);
  Index b_of(Row& row);
  Index length_of(Row& row, ir::AxisId axis);

  // -- values (lower_values.cpp): the value of a node at one row and one block of entries
  class Memo {
   public:
    bool knows(ir::NodeId id) const { return values_.contains(id); }
    ValueId operator[](ir::NodeId id) const { return values_.at(id); }
    void learn(ir::NodeId id, ValueId value) {
      if (values_.insert_or_assign(id, value).second) order_.push_back(id);
    }
    std::size_t size() const { return order_.size(); }
    // Forgets all but the first `count`.
    void forget_after(std::size_t count) {
      for (; order_.size() > count; order_.pop_back()) values_.erase(order_.back());
    }

   private:
    std::map<ir::NodeId, ValueId> values_;
    std::vector<ir::NodeId> order_;  // each once
  };
  // The block of entries at hand: entries [j, j + lanes) of `size`; the last, partial block has `tail` entries.
  struct Block {
    Index j;
    std::int64_t size = 1;
    int tail = 0;
    int count(int lanes) const { return tail > 0 ? tail : lanes; }
  };
  struct Cursor {
    Row row;
    Block block;
    Memo memo;
    std::set<ir::NodeId> computing;  // nodes this kernel computes rather than loads
  };
  // Calls f in the body of a loop: what is found out there is not in scope behind it, and forgotten.
  template <class F>
  static auto in_body(Cursor& at, F f) {
    const Row row = at.row;
    const std::size_t known = at.memo.size();
    auto result = f();
    at.memo.forget_after(known);
    at.row = row;
    return result;
  }
  ValueId value(ir::NodeId id, Cursor& at);
  ValueId compute(ir::NodeId id, Cursor& at);
  std::vector<ir::NodeId> computed_first(ir::NodeId id, const Cursor& at);
  bool stands_in_array(ir::NodeId id) const;
  ValueId read(const Location& location, ir::NodeId id, Cursor& at);
  ValueId read_static(ir::NodeId id, Cursor& at);
  ValueId read_in_place(ir::NodeId id, std::int64_t size, Cursor& at);
  struct RowAddress {
    Address address;
    bool whole = false;
  };
  RowAddress row_address(ir::NodeId id, Cursor& at);
  ValueId read_block(RowAddress row, std::int64_t size, Cursor& at, const std::string& name = "");
  Index given_index(ir::NodeId id, Cursor& at);
  Index index_value(ir::NodeId id, Cursor& at);
  ValueId number_of_run(ir::NodeId id, Cursor& at);
  ValueId one_hot(ir::NodeId id, Cursor& at);
  ValueId gather(ir::NodeId id, Cursor& at);
  ValueId at_its_end(ir::NodeId id, Cursor& at);
  ValueId choose(const std::vector<ir::NodeId>& operands, const Index& which, Cursor& at);
  std::optional<Index> step_between(const std::vector<ir::NodeId>& operands, Cursor& at);
  ValueId random(ir::NodeId id, Cursor& at);       // lower_random.cpp
  ValueId in_training(ir::NodeId id, Cursor& at);
  void store_value(ir::NodeId id, ValueId v, Cursor& at);
  ValueId value_past_end(ir::NodeId id, const Index& t, Cursor& at);
  ValueId fill_past_end(ir::NodeId id, ValueId v, Cursor& at);
  void store_at(const Location& location, ValueId v, Cursor& at, std::int64_t lag = 0);
  ValueId past_end_select(ir::NodeId id, ValueId inside, ValueId outside, Cursor& at);

  // -- kernels
  void lower_kernel(const PlannedKernel& kernel);
  void lower_any_kernel(const PlannedKernel& kernel);
  void lower_map(const PlannedKernel& kernel);          // lower_map.cpp
  void find_length(const PlannedKernel& kernel, Row& row);
  void lower_products(const PlannedKernel& kernel);     // lower_products.cpp
  struct Accumulator {
    ir::NodeId node;                    // the sum of
    std::vector<ir::NodeId> products;   // these
  };
  // One walk over an operand's entries: the weights that meet it and the accumulators they feed.
  struct Walk {
    ir::NodeId operand;
    std::vector<ir::NodeId> matrices;
    std::vector<std::size_t> accumulators;
    const Panel* panel = nullptr;
  };
  struct Tile {
    int rows = 1, units = 1;  // units: blocks of `lanes` of them
  };
  using TileSums = std::vector<std::vector<std::vector<ValueId>>>;  // [row][block][accumulator]
  void lower_walk(const Walk& walk, const std::vector<RowAddress>& operands,
                  const std::vector<Block>& blocks, TileSums& sums);
  std::string sum_name(const Accumulator& accumulator) const;
  std::vector<Accumulator> accumulators_of(const PlannedKernel& kernel) const;
  std::vector<Walk> walks_of(const std::vector<Accumulator>& accumulators) const;
  Tile choose_tile(int accumulators, std::int64_t blocks) const;
  Tile single_row_tile(int accumulators, std::int64_t blocks) const;
  // The rows as a range of one variable, and the row that stands for a value of it (if there is more than one).
  struct RowRange {
    Index begin, end;
    std::string name;
    std::function<Row(const Index&)> row;
  };
  struct RowShares {
    Index tiles, pairs;  // how many of each; what is left is a single row at most
  };
  RowShares share_rows(const Index& count, int rows);
  RowRange row_shares(ir::Domain rows);
  // `size` units as `whole` tiles of `units` blocks and one of the `rest`; a kernel that is split counts tiles.
  struct UnitTiling {
    std::int64_t size = 0, units = 1, whole = 0, rest = 0;
    bool split = false;
  };
  UnitTiling tile_units(std::int64_t units, std::int64_t size, bool split) const;
  void for_unit_tiles(const UnitTiling& tiling, std::int64_t wide,
                      const std::function<void(const Index&, std::int64_t, bool)>& body);
  // What follows the products: a function of one row and a tile's blocks of units that takes their sums in registers, so
  // that a tile's many copies of it are calls.
  struct Epilogue {
    std::int64_t blocks = 1;
    FunctionId full, last;  // of so many blocks; of the last tile, if that has fewer or a partial one
    FunctionId prefetch;    // of one row, what epilogues touch far from the processor; or invalid
  };
  Epilogue make_epilogue(const PlannedKernel& kernel, const std::vector<Accumulator>& accumulators,
                         const UnitTiling& tiling);
  FunctionId make_epilogue_for(const PlannedKernel& kernel, const std::vector<Accumulator>& accumulators,
                               std::int64_t count, int tail);
  FunctionId make_prefetch(const PlannedKernel& kernel, std::int64_t blocks);
  // Starts a helper that is called for one row and what begins at entry `j`, with the parameters these need.
  struct RowHelper {
    Row row;
    Index j;
  };
  RowHelper start_row_helper(const PlannedKernel& kernel, const std::string& suffix);
  std::vector<Index> time_arguments() const;  // of the kernel being made, for a function it calls
  void lower_tile(const PlannedKernel& kernel, const std::vector<Accumulator>& accumulators,
                  const std::vector<Walk>& walks, const Epilogue& epilogue,
                  const std::vector<Index>& first_rows, const std::vector<Block>& blocks, bool in_place);
  void finish_row(const PlannedKernel& kernel, const std::vector<Accumulator>& accumulators, Row row,
                  const std::vector<Block>& blocks, const std::vector<std::vector<ValueId>>& sums);
  void lower_reduce(const PlannedKernel& kernel);       // lower_reduce.cpp
  void lower_accumulate(const PlannedKernel& kernel);   // lower_accumulate.cpp
  void lower_scatter(ir::NodeId id, const Location& target, bool left);
  void lower_plain_sum(ir::NodeId id, const Location& target);
  void add_to(const Address& address, ValueId v, const Block& block, bool padded);
  // lower_outer_sums.cpp
  struct RowPanels {
    ir::NodeId operand;
    std::int64_t width = 0;
    BufferId buffer;  // invalid: the rows are read in place
    Index offset;     // of the first panel, in elements
  };
  struct OuterSum {
    Location target;
    ir::Domain rows;
    std::int64_t lines = 0, columns = 0;
    RowPanels left, right;
  };
  struct OuterTile {
    Index left_panel, first;  // the first entry of the left operand, within its panel
    std::int64_t m_count = 0;
    Index right_panel;
    std::int64_t blocks = 0;
    int tail = 0;  // entries of the last block, if it is partial
  };
  void lower_outer_sum(ir::NodeId id, const Location& target);
  void lower_outer_tiles(const OuterSum& sum, const Tile& tile);
  void lower_outer_tile(const OuterSum& sum, const OuterTile& tile);
  RowPanels row_panels(ir::NodeId operand, ir::Domain rows, std::int64_t width);
  Index panel_offset(const RowPanels& panels, ir::Domain rows, const Index& panel, const Index& row);
  RowAddress panel_address(const RowPanels& panels, ir::Domain rows, const Index& panel, const Index& first,
                           const Index& r, Row& row);
  void for_whole_and_rest(const std::string& name, std::int64_t size, std::int64_t width,
                          const std::function<void(const Index&, std::int64_t)>& body);
  void for_each_row(ir::Domain rows, const std::function<void(const Index&, Row&)>& body);
  void lower_boundary(ir::NodeId id);                   // lower_structure.cpp
  void fill_margins(const std::vector<ir::NodeId>& sequences, bool before, bool after);
  void fill_margin(ir::NodeId id, const Row& row, const Block& block, bool before, bool after);
  void lower_structure(const PlannedKernel& kernel);
  void lower_ends(const std::vector<ir::NodeId>& ends);
  // Alike values and the places they go to, each `step` away from that of the value before.
  struct Progression {
    struct Target {
      Location location;
      Index step;
    };
    std::vector<ir::NodeId> ids;
    std::int64_t direction = 1;  // of their offsets
    std::vector<Target> targets;
  };
  std::vector<Progression> progressions_of(const std::vector<ir::NodeId>& alike);
  bool goes_on(Progression& progression, ir::NodeId id, const std::vector<Location>& places) const;
  void store_in(const Progression& progression, const Index& number, ValueId v, Cursor& at);
  void for_each_of(std::int64_t count, const std::function<void(const Index&)>& body);
  void lower_ends_of(const Progression& progression, Row& row, bool split);
  bool stands_around(ir::NodeId id) const;
  void lower_initial(const std::vector<ir::NodeId>& values);
  void lower_entries(ir::NodeId id);                    // lower_entries.cpp
  void lower_row_entries(ir::NodeId id, Row& row);
  void lower_part(ir::NodeId id, ir::NodeId part, std::int64_t start, Row& row);
  void lower_running_sum(ir::NodeId id, Row& row);
  void for_positions(const ir::Shape& shape, int count, const std::function<void(std::vector<Index>&)>& body);
  bool combines_last_dimension(ir::NodeId id) const;
  ValueId block_of(ir::NodeId id, const std::vector<Index>& at, const Block& block, Cursor& cursor);
  ValueId stored_block(ir::NodeId id, const std::vector<Index>& at, const Block& block, Cursor& cursor);
  void store_block(ir::NodeId id, ValueId v, const Index& entry, const Block& block, Cursor& at);
  ValueId entry_of(ir::NodeId id, const std::vector<Index>& at, Cursor& cursor);
  ValueId stored_entry(ir::NodeId id, const std::vector<Index>& at, Cursor& cursor);
  void refill_past_end(ir::NodeId id, Row& row);
  void store_entry(ir::NodeId id, ValueId v, const Index& entry, Cursor& at);

  // -- windows of steps (lower_windows.cpp)
  void lower_before_windows();
  bool has_windows(int phase) const;
  std::vector<ir::NodeId> windowed_sequences(int phase) const;
  void lower_windows(int phase, const std::vector<const PlannedKernel*>& kernels);
  struct Window {
    Index number, count, begin, end;  // end: the step behind its last
    Index later;                      // 1, or 0 in the window that the walk comes to first
  };
  bool is_left_on_tape(ir::NodeId id, int phase, const Segment& walk) const;
  void recompute_window(int phase, const Segment& walk, const Window& window);
  // From the window that the walk was in before to the steps before this one, or after it; to and from the checkpoints.
  enum class Copy : std::uint8_t { to_before, to_after, save, restore };
  void copy_margins(Copy copy, const std::vector<ir::NodeId>& sequences, const Window& at, const Index& times);
  void copy_margins_of_rows(Copy copy, const std::vector<ir::NodeId>& sequences, const Window& at, const Index& times);
  void copy_row(const Address& from, const Address& to, std::int64_t stride);
  Location checkpoint_of(ir::NodeId id);
  Index step_elements(const Location& location) const;
  int direction_of(ir::NodeId id) const;

  // Starts kernel `b_` for these rows, with the parameters its time needs; finish_kernel launches it.
  void start_kernel(const std::string& name, ir::Domain rows, const std::vector<ir::NodeId>& nodes);
  void time_parameters();
  // What it takes to hand a thread one entry of an operand that others have made, in multiply-adds: a cache line is
  // fetched from another core's cache, and is fetched back when it is written again.
  static constexpr std::int64_t handing_over = 32;
  FunctionId finish_kernel(const Index& extent, const Index& cost, const std::vector<Index>& more_arguments = {});
  std::vector<Index> entry_time() const;  // the entry's block of steps, or step, as a kernel's arguments
  // Runs body(row) over all rows of the kernel, or over [begin, end) of them when the kernel is split by rows.
  void for_rows(ir::Domain rows, bool split, const std::function<void(Row&)>& body);
  RowRange row_range(ir::Domain rows, bool split);
  Index row_count(ir::Domain rows) const;  // in the entry's terms
  // Runs body(block) over the blocks of entries, the partial one apart; over [begin, end) of them when split.
  void for_blocks(std::int64_t size, bool split, const std::function<void(const Block&)>& body);
  std::int64_t block_count(std::int64_t size) const;
  std::string kernel_name(const std::vector<ir::NodeId>& nodes, const std::string& suffix) const;
  void describe(const std::vector<ir::NodeId>& nodes);
  std::string definition_line(ir::NodeId id) const;

  // -- the entry (lower.cpp)
  void lower_phases();
  void lower_blocks(int direction, const std::vector<const PlannedKernel*>& kernels, const Index& begin,
                    const Index& end_step, const Index& times);
  void lower_segment(int phase, const std::vector<const PlannedKernel*>& kernels);
  void prepare();
  void find_only_for_loss();
  void prepare_absent();
  void prepare_keys();                             // lower_random.cpp
  void lower_keys(int axis, bool always);
  void deliver_sums();
  void zero_sum(ir::NodeId id);
  bool zeroed_with_phase(ir::NodeId id) const;

  const ir::Node& node(ir::NodeId id) const { return shared_.program[id]; }
  ir::NodeId equation_value(const ir::Node& n) const {
    return shared_.program.equations[ir::EquationId(static_cast<std::size_t>(n.ref))].value;
  }
  std::int64_t padded(std::int64_t size) const {
    return size == 1 ? 1 : (size + shared_.lanes - 1) / shared_.lanes * shared_.lanes;
  }
  Index steps(ir::AxisId axis) const { return Index(shared_.steps[axis.index()]); }
  Index window(ir::AxisId axis) const { return Index(shared_.window[axis.index()]); }
  Index batch() const { return Index(shared_.rows); }

  ModuleLowering& shared_;
  Module& module_;
  const Schedule& schedule_;
  EntryRole role_;
  std::string prefix_;
  std::optional<FunctionBuilder> own_entry_;
  FunctionBuilder& entry_;
  std::optional<FunctionBuilder> kernel_;  // the kernel being made
  FunctionBuilder& b() { return *kernel_; }
  // Of the kernel being made: how its rows are told (block of steps, one step, or none), and its parameters.
  struct KernelFrame {
    ir::Domain rows;
    bool step = false;  // inside a recurrence: one step t
    Index begin, end, t0, t1, t;
    Index window0;  // the first step of the window, in segments that have windows
    ir::AxisId axis;
  } frame_;
  // Of the entry, while a segment is open.
  Index entry_t0_, entry_t1_, entry_t_, entry_window0_;
  bool in_windows_ = false;
  Position position_;
  ir::AxisId segment_axis_;

  // Sequences of which the epilogue being made, if any, reads or writes a row's block: what is to be prefetched before.
  struct Touch {
    Location location;
    std::int64_t lag = 0, offset = 0;
  };
  void touch(const Location& location, std::int64_t lag, std::int64_t offset);
  std::optional<std::vector<Touch>> touched_;

  IdVector<ir::NodeId, int> uses_;  // by how many nodes and results of this function
  std::map<ir::NodeId, Location> locations_;
  std::map<ir::NodeId, std::vector<ir::ResultId>> delivered_;
  std::vector<std::pair<Index, BufferId>> workspace_;  // elements, buffer
  // By operand, width, rows (batched, axis), phase and stage.
  std::map<std::tuple<ir::NodeId, std::int64_t, bool, int, int, int>, RowPanels> panels_;
  BufferId panel_area_;
  Index panel_area_size_;
  // By lines, columns, rows (batched, axis), whether they are one step's, and whether the segment has windows.
  std::map<std::tuple<std::int64_t, std::int64_t, bool, int, bool, bool>, FunctionId> outer_kernels_;
  std::map<int, std::unique_ptr<FunctionLowering>> recompute_;  // by phase
  IdVector<ir::NodeId, bool> only_for_loss_;
  BufferId loss_buffer_;  // of the caller, in functions that compute a loss
  std::map<ir::StateId, BufferId> given_;
  // Random keys along one axis (or none): for steps [-before, T + after).
  struct Keys {
    BufferId buffer;
    std::int64_t before = 0, after = 0;
    Index steps = 1;
  };
  std::map<int, Keys> keys_;                           // by axis, -1: none
  std::vector<BufferId> zeroed_;                       // absent arrays that the entry has cleared
};

}  // namespace rnnc::loop
