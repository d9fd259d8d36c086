// Nodes that move or combine single entries: transposes, concatenations, batched matrices. One entry at a time.
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
  if (auto location = location_of(id)) {
    if (!schedule_.stored[id]->after_values.empty() && schedule_.order.available[schedule_.stored[id]->after_values[0]])
      put(*location, fill_past_end(id, v, at));
    else if (schedule_.stored[id]->after == 0)
      put(*location, fill_past_end(id, v, at));
    else
      throw Unsupported("a look-ahead past a row's end into `" + name_of(shared_.program, id) + "` is not compiled yet");
  }
  const ir::Node& n = node(id);
  bool sequence = n.domain.batched && n.domain.axis.valid();
  for (const auto& [result, location] : results_of(id))
    put(location, sequence ? past_end_select(id, v, b().number_constant(0), at) : v);
}

void FunctionLowering::lower_entries(NodeId id) {
  const ir::Node& n = node(id);
  bool split = !n.domain.empty();
  start_kernel(kernel_name({id}, ""), n.domain, {id});
  auto nest = [&](auto&& self, Cursor& at, std::vector<Index>& where, int dim) -> void {
    if (dim == n.shape.rank()) {
      Cursor inner{at.row, at.block, {}, {id}};
      store_entry(id, entry_of(id, where, inner), flat(n.shape, where), inner);
      return;
    }
    static constexpr const char* names[] = {"i", "j", "k"};
    b().loop(names[dim], 0, n.shape[dim], 1, [&](const Index& v) {
      where.push_back(v);
      self(self, at, where, dim + 1);
      where.pop_back();
    });
  };
  auto all = [&](Row& row) {
    std::vector<Index> where;
    Cursor at{row, Block{0, 1, 0}, {}, {id}};
    if (n.kind != NodeKind::concat && n.kind != NodeKind::cumulative_sum) return nest(nest, at, where, 0);
    if (n.kind == NodeKind::cumulative_sum) {
      ValueId total = b().number_constant(0);
      b().loop_carrying("i", 0, n.shape[0], 1, {total}, [&](const Index& i, const std::vector<ValueId>& sum) {
        using F = FunctionBuilder;
        Cursor inner{row, Block{0, 1, 0}, {}, {id}};
        Index entry = n.flag ? Index(n.shape[0] - 1) - i : i;
        ValueId next = F::id(b().add(F::plain(sum[0]), F::plain(stored_entry(n.operands[0], {entry}, inner))));
        store_entry(id, next, entry, inner);
        return std::vector<ValueId>{next};
      });
      return;
    }
    std::int64_t start = 0;
    for (NodeId part : n.operands) {
      const ir::Shape& shape = node(part).shape;
      auto copy = [&](auto&& self, std::vector<Index>& at_part, int dim) -> void {
        if (dim < shape.rank()) {
          static constexpr const char* names[] = {"i", "j", "k"};
          b().loop(names[dim], 0, shape[dim], 1, [&](const Index& v) {
            at_part.push_back(v);
            self(self, at_part, dim + 1);
            at_part.pop_back();
          });
          return;
        }
        Cursor inner{row, Block{0, 1, 0}, {}, {id}};
        std::vector<Index> to = at_part;
        to[static_cast<std::size_t>(n.dim)] = to[static_cast<std::size_t>(n.dim)] + Index(start);
        store_entry(id, stored_entry(part, at_part, inner), flat(n.shape, to), inner);
      };
      std::vector<Index> at_part;
      copy(copy, at_part, 0);
      start += shape[n.dim];
    }
  };
  if (split) {
    for_rows(n.domain, true, all);
  } else {
    b().loop("once", frame_.begin, frame_.end, 1, [&](const Index&) {
      Row row;
      all(row);
    });
  }
  finish_kernel(split ? row_count(n.domain) : Index(1), row_count(n.domain) * Index(n.shape.size() * 4));
}

ValueId FunctionLowering::entry_of(NodeId id, const std::vector<Index>& at, Cursor& cursor) {
  using F = FunctionBuilder;
  const ir::Node& n = node(id);
  auto operand = [&](std::size_t i, const std::vector<Index>& where) { return stored_entry(n.operands[i], where, cursor); };
  auto sum = [&](std::int64_t extent, bool maximum, auto&& term) {
    ValueId start = maximum ? term(Index(0)) : b().number_constant(0);
    return b().loop_carrying("n", maximum ? 1 : 0, extent, 1, {start},
                             [&](const Index& i, const std::vector<ValueId>& total) {
                               ValueId v = term(i);
                               return std::vector<ValueId>{F::id(maximum ? b().max(F::plain(v), F::plain(total[0]))
                                                                         : b().add(F::plain(v), F::plain(total[0])))};
                             })[0];
  };
  switch (n.kind) {
    case NodeKind::transpose:
      return operand(0, {at[1], at[0]});
    case NodeKind::outer:
      return F::id(b().mul(F::plain(operand(0, {at[0]})), F::plain(operand(1, {at[1]}))));
    case NodeKind::slice: {
      std::vector<Index> where = at;
      where[static_cast<std::size_t>(n.dim)] = where[static_cast<std::size_t>(n.dim)] + Index(n.offset);
      return operand(0, where);
    }
    case NodeKind::broadcast: {
      std::vector<Index> where = at;
      where.erase(where.begin() + n.dim);
      return operand(0, where);
    }
    case NodeKind::matmul:
      return sum(node(n.operands[0]).shape[1], false, [&](const Index& k) {
        std::vector<Index> right{k};
        if (at.size() == 2) right.push_back(at[1]);
        return F::id(b().mul(F::plain(operand(0, {at[0], k})), F::plain(operand(1, right))));
      });
    case NodeKind::reduce_sum:
    case NodeKind::reduce_max:
      return sum(node(n.operands[0]).shape[n.dim], n.kind == NodeKind::reduce_max, [&](const Index& i) {
        std::vector<Index> where = at;
        where.insert(where.begin() + n.dim, i);
        return operand(0, where);
      });
    case NodeKind::pad: {
      // Read inside, zero outside; the address stays inside in either case.
      std::size_t dim = static_cast<std::size_t>(n.dim);
      std::int64_t extent = node(n.operands[0]).shape[n.dim];
      std::vector<Index> where = at;
      Index inner = at[dim] - Index(n.offset);
      where[dim] = b().minimum("inner", b().maximum("shifted", inner, 0), extent - 1);
      F::Value hit = b().mask_and(F::plain(b().index_less(inner, extent)),
                                  b().mask_not(F::plain(b().index_less(inner, 0))));
      return F::id(b().select(hit, F::plain(operand(0, where)), b().constant(0)));
    }
    default:
      break;
  }
  throw Unsupported("`" + std::string(ir::node_kind_name(n.kind)) + "` of values that vary is not compiled yet");
}

}  // namespace rnnc::loop
