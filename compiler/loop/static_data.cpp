#include "compiler/loop/static_data.h"

#include <limits>

#include "compiler/base/bug.h"

namespace rnnc::loop {

using ir::NodeId;
using ir::NodeKind;

std::string Names::unique(const std::string& wanted) {
  std::string name;
  for (char c : wanted) {
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    name += plain ? c : '_';
  }
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) name = "v" + name;
  std::string result = name;
  int& number = next_.try_emplace(name, 2).first->second;
  for (; !used_.insert(result).second; ++number) result = name + "_" + std::to_string(number);
  return result;
}

std::string name_of(const ir::Program& program, NodeId id) {
  if (ir::EquationId e = program.equation_of(id); e.valid()) return program.equations[e].name;
  if (auto label = program.labels.find(id); label != program.labels.end()) return label->second;
  const ir::Node& node = program[id];
  auto ref = static_cast<std::size_t>(node.ref);
  switch (node.kind) {
    case NodeKind::parameter: return program.parameters[ir::ParameterId(ref)].name;
    case NodeKind::input: return program.inputs[ir::InputId(ref)].name;
    case NodeKind::initial: return program.states[ir::StateId(ref)].name + "_start";
    case NodeKind::given: return program.states[ir::StateId(ref)].name + "_given";
    case NodeKind::shift: return program.equations[ir::EquationId(ref)].name + (node.offset > 0 ? "_before" : "_after");
    case NodeKind::at:
      return std::string(node.end == ir::End::first ? "first_" : "last_") + program.equations[ir::EquationId(ref)].name;
    case NodeKind::transpose: return name_of(program, node.operands[0]) + "_transposed";
    case NodeKind::map:
      if (node.operands.size() > 1) return std::string(ir::elementwise(node.function).name);
      return std::string(ir::elementwise(node.function).name) + "_" + name_of(program, node.operands[0]);
    default: return std::string(ir::node_kind_name(node.kind));
  }
}

StaticData::StaticData(const ir::Program& program, Module& module, Names& names)
    : program_(program), module_(module), names_(names), entry_(module, "pack", FunctionKind::entry) {
  entry_.function().role = EntryRole::pack;
}

BufferId StaticData::packed_buffer(const std::string& name, std::int64_t elements, const std::string& meaning) {
  Buffer buffer;
  buffer.name = names_.unique(name);
  buffer.space = Space::packed;
  buffer.element = module_.element;
  buffer.size = elements;
  buffer.offset = packed_bytes_;
  buffer.meaning = meaning;
  packed_bytes_ += (elements * size_of(module_.element) + 63) / 64 * 64;
  return module_.buffers.add(std::move(buffer));
}

BufferId StaticData::parameter_buffer(ir::ParameterId id) {
  if (auto found = parameters_.find(id); found != parameters_.end()) return found->second;
  const TensorInfo& info = module_.parameters[id.index()];
  Buffer buffer;
  buffer.name = names_.unique("param_" + info.name);
  buffer.space = Space::parameters;
  buffer.element = module_.element;
  buffer.size = program_.parameters[id].shape.size();
  buffer.offset = info.offset * size_of(module_.element);
  buffer.meaning = info.name + " " + program_.parameters[id].shape.to_string();
  return parameters_[id] = module_.buffers.add(std::move(buffer));
}

StridedView StaticData::view(NodeId id) {
  const ir::Node& node = program_[id];
  StridedView result;
  std::int64_t stride = 1;
  for (int d = node.shape.rank() - 1; d >= 0; --d) {
    result.strides[static_cast<std::size_t>(d)] = stride;
    stride *= node.shape[d];
  }
  switch (node.kind) {
    case NodeKind::constant:
      result.is_constant = true;
      result.value = node.value;
      return result;
    case NodeKind::parameter:
      result.buffer = parameter_buffer(ir::ParameterId(static_cast<std::size_t>(node.ref)));
      return result;
    case NodeKind::transpose: {
      StridedView inner = view(node.operands[0]);
      std::swap(inner.strides[0], inner.strides[1]);
      return inner;
    }
    case NodeKind::slice: {
      StridedView inner = view(node.operands[0]);
      inner.offset += node.offset * inner.strides[static_cast<std::size_t>(node.dim)];
      return inner;
    }
    case NodeKind::stop_gradient:
    case NodeKind::surrogate:
      return view(node.operands[0]);
    case NodeKind::broadcast: {
      StridedView inner = view(node.operands[0]);
      if (node.dim < 0) {
        inner.strides = {0, 0, 0};
      } else {
        for (int d = 2; d > node.dim; --d)
          inner.strides[static_cast<std::size_t>(d)] = inner.strides[static_cast<std::size_t>(d - 1)];
        inner.strides[static_cast<std::size_t>(node.dim)] = 0;
      }
      return inner;
    }
    case NodeKind::map:
    case NodeKind::matmul:
    case NodeKind::outer:
    case NodeKind::reduce_sum:
    case NodeKind::reduce_max:
    case NodeKind::cumulative_sum:
    case NodeKind::reshape:
    case NodeKind::pad:
    case NodeKind::concat:
      result.buffer = evaluate(id);
      return result;
    case NodeKind::input:
    case NodeKind::upstream:
    case NodeKind::given:
    case NodeKind::time:
    case NodeKind::length:
    case NodeKind::rows:
    case NodeKind::training:
    case NodeKind::rate:
    case NodeKind::ones:
    case NodeKind::random:
    case NodeKind::one_hot:
    case NodeKind::chosen:
    case NodeKind::shift:
    case NodeKind::at:
    case NodeKind::impulse:
    case NodeKind::by_length:
    case NodeKind::initial:
    case NodeKind::sum_over:
    case NodeKind::gather:
      throw Bug("a value that varies during a run stands among the parameters' expressions");
  }
  throw Bug("unknown node kind");
}

void StaticData::launch(FunctionId kernel, std::int64_t extent, std::int64_t cost) {
  entry_.launch(kernel, {}, extent, cost);
}

// The entries of a node, and a vector's worth of room behind them. What stands there is computed with, if for nothing, in the
// lanes of a last vector: numbers that happen to be subnormal took half as long again, so it is zero.
BufferId StaticData::dense_buffer(NodeId id) {
  const std::int64_t size = program_[id].shape.size(), lanes = module_.target.lanes(module_.element);
  BufferId target = packed_buffer(name_of(program_, id), size + lanes,
                                  name_of(program_, id) + " " + program_[id].shape.to_string());
  if (size % lanes != 0) entry_.zero({target, size}, lanes);
  return target;
}

BufferId StaticData::array(NodeId id) {
  if (auto found = arrays_.find(id); found != arrays_.end()) return found->second;
  BufferId target = dense_buffer(id);
  copy(id, target);
  return arrays_[id] = target;
}

namespace {

// Nested loops over the entries of a shape; body(position).
void for_each_entry(FunctionBuilder& b, const ir::Shape& shape, std::vector<Index>& at, int dim, const Index& begin,
                    const Index& end, const std::function<void(const std::vector<Index>&)>& body) {
  if (dim == shape.rank()) {
    body(at);
    return;
  }
  static constexpr const char* names[] = {"i", "j", "k"};
  b.loop(names[dim], dim == 0 ? begin : Index(0), dim == 0 ? end : Index(shape[dim]), 1, [&](const Index& v) {
    at.push_back(v);
    for_each_entry(b, shape, at, dim + 1, begin, end, body);
    at.pop_back();
  });
}

Address address_of(const StridedView& view, const std::vector<Index>& at) {
  Index offset = view.offset;
  for (std::size_t d = 0; d < at.size(); ++d) offset = offset + at[d] * Index(view.strides[d]);
  return {view.buffer, offset};
}

Index dense_offset(const ir::Shape& shape, const std::vector<Index>& at) {
  Index offset = 0;
  for (int d = 0; d < shape.rank(); ++d) offset = offset * Index(shape[d]) + at[static_cast<std::size_t>(d)];
  return offset;
}

}  // namespace

void StaticData::copy(NodeId id, BufferId target) {
  StridedView from = view(id);
  const ir::Shape& shape = program_[id].shape;
  FunctionBuilder b(module_, names_.unique("pack_" + module_.buffers[target].name), FunctionKind::kernel);
  Index begin(b.parameter("begin")), end(b.parameter("end"));
  std::vector<Index> at;
  ir::Shape looped = shape.rank() == 0 ? ir::Shape{1} : shape;
  for_each_entry(b, looped, at, 0, begin, end, [&](const std::vector<Index>& where) {
    std::vector<Index> entry = shape.rank() == 0 ? std::vector<Index>{} : where;
    ValueId v = from.is_constant ? b.number_constant(from.value) : b.load_scalar(address_of(from, entry));
    b.store_first(v, {target, dense_offset(shape, entry)}, 1);
  });
  launch(b.finish(), looped[0], shape.size() * 2);
}

BufferId StaticData::evaluate(NodeId id) {
  if (auto found = evaluated_.find(id); found != evaluated_.end()) return found->second;
  for (NodeId operand : program_[id].operands) view(operand);  // evaluates what is computed first
  BufferId target = dense_buffer(id);
  evaluated_[id] = target;
  FunctionBuilder b(module_, names_.unique("compute_" + module_.buffers[target].name), FunctionKind::kernel);
  NodeKind kind = program_[id].kind;
  bool whole = kind == NodeKind::concat || kind == NodeKind::cumulative_sum;
  if (whole) evaluate_whole(b, id, target);
  else evaluate_entries(b, id, target);
  std::int64_t extent = whole || program_[id].shape.rank() == 0 ? 1 : program_[id].shape[0];
  launch(b.finish(), extent, program_[id].shape.size() * 8);
  return target;
}

void StaticData::evaluate_entries(FunctionBuilder& b, NodeId id, BufferId target) {
  const ir::Shape& shape = program_[id].shape;
  Index begin(b.parameter("begin")), end(b.parameter("end"));
  ir::Shape looped = shape.rank() == 0 ? ir::Shape{1} : shape;
  std::vector<Index> at;
  for_each_entry(b, looped, at, 0, begin, end, [&](const std::vector<Index>& where) {
    std::vector<Index> entry = shape.rank() == 0 ? std::vector<Index>{} : where;
    b.store_first(entry_value(b, id, entry), {target, dense_offset(shape, entry)}, 1);
  });
}

// What is not made entry by entry: the parts of a concatenation one after the other, and a running sum.
void StaticData::evaluate_whole(FunctionBuilder& b, NodeId id, BufferId target) {
  const ir::Node& node = program_[id];
  Index begin(b.parameter("begin")), end(b.parameter("end"));
  b.loop("once", begin, end, 1, [&](const Index&) {
    if (node.kind == NodeKind::cumulative_sum) {
      b.loop_carrying("n", 0, node.shape[0], 1, {b.number_constant(0)},
                      [&](const Index& n, const std::vector<ValueId>& total) {
                        Index entry = node.flag ? Index(node.shape[0] - 1) - n : n;
                        ValueId next = FunctionBuilder::id(
                            b.add(FunctionBuilder::plain(total[0]), FunctionBuilder::plain(read(b, node.operands[0], {entry}))));
                        b.store_first(next, {target, entry}, 1);
                        return std::vector<ValueId>{next};
                      });
      return;
    }
    std::int64_t start = 0;
    for (NodeId part : node.operands) {
      const ir::Shape& shape = program_[part].shape;
      std::vector<Index> at;
      for_each_entry(b, shape, at, 0, 0, shape[0], [&](const std::vector<Index>& where) {
        std::vector<Index> to = where;
        to[static_cast<std::size_t>(node.dim)] = to[static_cast<std::size_t>(node.dim)] + Index(start);
        b.store_first(read(b, part, where), {target, dense_offset(node.shape, to)}, 1);
      });
      start += shape[node.dim];
    }
  });
}

// Entry `at` of a static node that is stored, or a constant; a scalar stands for every entry.
ValueId StaticData::read(FunctionBuilder& b, NodeId id, const std::vector<Index>& at) {
  StridedView from = view(id);
  if (from.is_constant) return b.number_constant(from.value);
  return b.load_scalar(address_of(from, program_[id].shape.rank() == 0 ? std::vector<Index>{} : at));
}

// All entries of an operand, or those along dimension `dim`, folded into one value. Each row, and each part of a long one, is
// folded from `start` on by itself: that bounds the error of a sum.
ValueId StaticData::fold(FunctionBuilder& b, const ir::Node& node, const std::vector<Index>& at, ValueId start,
                         const std::function<ValueId(ValueId total, ValueId entry)>& combine) {
  constexpr std::int64_t part = 256;
  const ir::Shape& shape = program_[node.operands[0]].shape;
  auto nest = [&](auto&& self, const std::vector<Index>& where, int dim) -> ValueId {
    if (dim == shape.rank()) return read(b, node.operands[0], where);
    const auto of = [&](const Index& n) {
      std::vector<Index> inner = where;
      inner.push_back(n);
      return self(self, inner, dim + 1);
    };
    if (node.dim >= 0 && dim != node.dim) return of(at[static_cast<std::size_t>(dim < node.dim ? dim : dim - 1)]);
    static constexpr const char* names[] = {"n", "m", "l"};
    const auto over = [&](const Index& begin, const Index& end) {
      return b.loop_carrying(names[dim], begin, end, 1, {start}, [&](const Index& n, const std::vector<ValueId>& total) {
        return std::vector<ValueId>{combine(total[0], of(n))};
      })[0];
    };
    const std::int64_t extent = shape[dim];
    if (extent <= part) return over(0, extent);
    return b.loop_carrying("part", 0, extent, part, {start}, [&](const Index& from, const std::vector<ValueId>& total) {
      return std::vector<ValueId>{combine(total[0], over(from, b.minimum("to", from + Index(part), extent)))};
    })[0];
  };
  return nest(nest, {}, 0);
}

// The value of one entry of a computed static node, in all lanes.
ValueId StaticData::entry_value(FunctionBuilder& b, NodeId id, const std::vector<Index>& at) {
  const ir::Node& node = program_[id];
  using F = FunctionBuilder;
  auto operand = [&](std::size_t i, const std::vector<Index>& where) { return read(b, node.operands[i], where); };
  switch (node.kind) {
    case NodeKind::map: {
      std::vector<ValueId> operands;
      for (std::size_t i = 0; i < node.operands.size(); ++i) operands.push_back(operand(i, at));
      return b.elementwise(node.function, operands);
    }
    case NodeKind::outer:
      return F::id(b.mul(F::plain(operand(0, {at[0]})), F::plain(operand(1, {at[1]}))));
    case NodeKind::matmul:
      return b.loop_carrying("n", 0, program_[node.operands[0]].shape[1], 1, {b.number_constant(0)},
                             [&](const Index& n, const std::vector<ValueId>& total) {
                               std::vector<Index> right{n};
                               if (at.size() == 2) right.push_back(at[1]);
                               return std::vector<ValueId>{F::id(b.fma(F::plain(operand(0, {at[0], n})),
                                                                       F::plain(operand(1, right)), F::plain(total[0])))};
                             })[0];
    case NodeKind::reduce_sum:
      return fold(b, node, at, b.number_constant(0), [&](ValueId total, ValueId entry) {
        return F::id(b.add(F::plain(total), F::plain(entry)));
      });
    case NodeKind::reduce_max:
      return fold(b, node, at, b.number_constant(-std::numeric_limits<double>::infinity()),
                  [&](ValueId total, ValueId entry) { return F::id(b.larger(F::plain(total), F::plain(entry))); });
    case NodeKind::pad: {
      // Read inside, zero outside; the address stays inside in either case.
      std::size_t dim = static_cast<std::size_t>(node.dim);
      std::int64_t extent = program_[node.operands[0]].shape[node.dim];
      Index inner = at[dim] - Index(node.offset);
      std::vector<Index> where = at;
      where[dim] = b.minimum("inner", b.maximum("shifted", inner, 0), extent - 1);
      F::Value hit = b.mask_and(F::plain(b.index_less(inner, extent)), b.mask_not(F::plain(b.index_less(inner, 0))));
      return F::id(b.select(hit, F::plain(operand(0, where)), b.constant(0)));
    }
    case NodeKind::reshape: {
      StridedView from = view(node.operands[0]);
      const ir::Shape& inner = program_[node.operands[0]].shape;
      Index rest = dense_offset(node.shape, at);
      std::vector<Index> where(static_cast<std::size_t>(inner.rank()));
      for (int d = inner.rank() - 1; d >= 0; --d) {
        where[static_cast<std::size_t>(d)] = d == 0 ? rest : b.remainder("r", rest, inner[d]);
        if (d > 0) rest = b.quotient("q", rest, inner[d]);
      }
      return from.is_constant ? b.number_constant(from.value) : b.load_scalar(address_of(from, where));
    }
    default:
      break;
  }
  throw Unsupported("`" + std::string(ir::node_kind_name(node.kind)) +
                    "` in an expression of parameters alone is not compiled yet");
}

const Panel& StaticData::panel(const std::vector<NodeId>& matrices, std::int64_t units) {
  auto [known, is_new] = panels_.try_emplace({matrices, units});
  Panel& panel = known->second;
  if (!is_new) return panel;
  int lanes = module_.target.lanes(module_.element);
  const ir::Shape& shape = program_[matrices[0]].shape;
  panel.blocks = (shape[0] + lanes - 1) / lanes;
  panel.columns = shape[1];
  panel.units = units;
  panel.matrices = static_cast<int>(matrices.size());
  std::string name, meaning;
  for (NodeId id : matrices) {
    if (name.size() < 40) name += (name.empty() ? "" : "_") + name_of(program_, id);
    meaning += (meaning.empty() ? "" : ", ") + name_of(program_, id);
  }
  std::int64_t tiles = (panel.blocks + units - 1) / units;
  meaning += " as [" + std::to_string(tiles) + "][" + std::to_string(panel.columns) + "][";
  if (units > 1) meaning += std::to_string(units) + "][";
  meaning += std::to_string(panel.matrices) + "][" + std::to_string(lanes) + "]";
  if (panel.blocks % units != 0) meaning += ", the last one narrower";
  panel.buffer = packed_buffer("panel_" + name, panel.blocks * panel.block_stride(lanes), meaning);
  if (shape[0] % lanes != 0) entry_.zero({panel.buffer, 0}, panel.blocks * panel.block_stride(lanes));
  std::vector<StridedView> views;
  for (NodeId id : matrices) views.push_back(view(id));
  pack(panel, views, shape[0]);
  return panel;
}

// The kernel that fills a panel from its matrices of so many rows.
void StaticData::pack(const Panel& panel, const std::vector<StridedView>& views, std::int64_t rows) {
  int lanes = module_.target.lanes(module_.element);
  FunctionBuilder b(module_, names_.unique("pack_" + module_.buffers[panel.buffer].name), FunctionKind::kernel);
  Index begin(b.parameter("begin")), end(b.parameter("end"));
  // `count` rows of a block that stands `unit` blocks behind the first one of a tile of `width`.
  auto pack_block = [&](const Index& block, const Index& unit, std::int64_t width, std::int64_t count) {
    b.loop("k", 0, panel.columns, 1, [&](const Index& k) {
      for (std::size_t g = 0; g < views.size(); ++g) {
        Index to = (block - unit) * Index(panel.block_stride(lanes)) +
                   (k * Index(width) + unit) * Index(panel.matrices * lanes) + Index(static_cast<std::int64_t>(g) * lanes);
        if (views[g].is_constant) {
          b.store_first(b.number_constant(views[g].value), {panel.buffer, to}, static_cast<int>(count));
        } else if (views[g].strides[0] == 1) {
          Address from = address_of(views[g], {block * Index(lanes), k});
          if (count == lanes) b.store(b.load(from), {panel.buffer, to});
          else b.store_first(b.load_first(from, static_cast<int>(count)), {panel.buffer, to}, static_cast<int>(count));
        } else {
          b.loop("lane", 0, count, 1, [&](const Index& lane) {
            b.store_first(b.load_scalar(address_of(views[g], {block * Index(lanes) + lane, k})),
                          {panel.buffer, to + lane}, 1);
          });
        }
      }
    });
  };
  // Blocks [first, stop) of the kernel's share, which make tiles of `width` from `first` on.
  auto pack_blocks = [&](std::int64_t first, std::int64_t stop, std::int64_t width, std::int64_t count) {
    if (first == stop) return;
    Index from = first == 0 ? begin : b.maximum("rest", begin, first);
    Index to = stop == panel.blocks ? end : b.minimum("full", end, stop);
    b.loop("block", from, to, 1, [&](const Index& block) {
      pack_block(block, width == 1 ? Index(0) : b.remainder("unit", block - Index(first), width), width, count);
    });
  };
  std::int64_t full = rows / lanes, whole = full / panel.units * panel.units;
  std::int64_t narrow = panel.blocks - whole;
  pack_blocks(0, whole, panel.units, lanes);
  pack_blocks(whole, full, narrow, lanes);
  if (full < panel.blocks) {
    Index start = b.maximum("rest", begin, full);
    b.loop("block", start, end, 1, [&](const Index& block) {
      pack_block(block, block - Index(whole), narrow, rows % lanes);
    });
  }
  launch(b.finish(), panel.blocks, rows * panel.columns * panel.matrices * 2);
}

void StaticData::finish() {
  module_.packed_bytes = packed_bytes_;
  module_.entries.push_back(entry_.finish());
}

}  // namespace rnnc::loop
