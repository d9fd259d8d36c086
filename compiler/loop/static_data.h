// What depends on parameters alone: evaluated and laid out once, when parameters are packed.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "compiler/ir/program.h"
#include "compiler/loop/builder.h"

namespace rnnc::loop {

// Names for buffers and kernels: valid C identifiers, each given out once.
class Names {
 public:
  std::string unique(const std::string& wanted);

 private:
  std::set<std::string> used_;
  std::map<std::string, int> next_;  // the number that the next one of this name has, if that is free
};
// The user's name of a node (its equation's, parameter's, …), or what kind of node it is.
std::string name_of(const ir::Program& program, ir::NodeId id);

// Up to three nested extents over one buffer: entry (i, j, k) stands at offset + i*strides[0] + j*strides[1] + …
struct StridedView {
  BufferId buffer;
  std::int64_t offset = 0;
  std::array<std::int64_t, 3> strides{};
  bool is_constant = false;  // no buffer: every entry is `value`
  double value = 0;
};

// Weights of products that share an operand, side by side in the order in which a tile of `units` blocks of rows reads
// them: [blocks / units][columns][units][matrices][lanes], and behind these the blocks that make no whole tile in a
// narrower one. Zeros below the last row.
struct Panel {
  BufferId buffer;
  std::int64_t blocks = 0, columns = 0, units = 1;
  int matrices = 0;
  std::int64_t block_stride(int lanes) const { return columns * matrices * lanes; }
};

class StaticData {
 public:
  StaticData(const ir::Program& program, Module& module, Names& names);

  // The entries of a static node, row-major and dense, with a vector's worth of room behind them.
  BufferId array(ir::NodeId id);
  // The panel for these static matrices [rows, columns] and tiles of `units` blocks of rows.
  const Panel& panel(const std::vector<ir::NodeId>& matrices, std::int64_t units);
  // Adds the module's pack function and sets its packed size. Nothing can be asked for afterwards.
  void finish();

 private:
  StridedView view(ir::NodeId id);
  BufferId dense_buffer(ir::NodeId id);
  BufferId packed_buffer(const std::string& name, std::int64_t elements, const std::string& meaning);
  BufferId parameter_buffer(ir::ParameterId id);
  BufferId evaluate(ir::NodeId id);
  void evaluate_entries(FunctionBuilder& builder, ir::NodeId id, BufferId target);
  void evaluate_whole(FunctionBuilder& builder, ir::NodeId id, BufferId target);
  ValueId read(FunctionBuilder& builder, ir::NodeId id, const std::vector<Index>& at);
  ValueId fold(FunctionBuilder& builder, const ir::Node& node, const std::vector<Index>& at, ValueId start,
               const std::function<ValueId(ValueId total, ValueId entry)>& combine);
  ValueId entry_value(FunctionBuilder& builder, ir::NodeId id, const std::vector<Index>& at);
  void copy(ir::NodeId id, BufferId target);
  void pack(const Panel& panel, const std::vector<StridedView>& views, std::int64_t rows);
  void launch(FunctionId kernel, std::int64_t extent, std::int64_t cost);

  const ir::Program& program_;
  Module& module_;
  Names& names_;
  FunctionBuilder entry_;
  std::map<ir::NodeId, BufferId> arrays_, evaluated_;
  std::map<ir::ParameterId, BufferId> parameters_;
  std::map<std::pair<std::vector<ir::NodeId>, std::int64_t>, Panel> panels_;  // by matrices and units
  std::int64_t packed_bytes_ = 0;
};

}  // namespace rnnc::loop
