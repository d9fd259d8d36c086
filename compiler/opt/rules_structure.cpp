// Slices, pads, concatenations and transposes: moved inwards until they meet a leaf, or each other.
#include <algorithm>

#include "compiler/opt/rules.h"

namespace rnnc::opt {
namespace {

using namespace ir;
using namespace match;

// The parts of a concatenation that a slice covers.
NodeId slice_of_concat(Rewriter& r, const Node& n) {
  const Node whole = r[n.operands[0]];
  if (whole.kind != NodeKind::concat) return {};
  Program& p = r.program();
  std::vector<NodeId> parts;
  std::int64_t begin = 0;  // of the part, in the whole
  for (NodeId part : whole.operands) {
    if (whole.dim != n.dim) {
      parts.push_back(p.slice(part, n.dim, n.offset, n.extent));
      continue;
    }
    std::int64_t extent = p[part].shape[n.dim];
    std::int64_t from = std::max(begin, n.offset), to = std::min(begin + extent, n.offset + n.extent);
    if (from < to) parts.push_back(p.slice(part, n.dim, from - begin, to - from));
    begin += extent;
  }
  return p.concat(std::move(parts), whole.dim);
}

NodeId slice_of_pad(Rewriter& r, const Node& n) {
  const Node padded = r[n.operands[0]];
  if (padded.kind != NodeKind::pad) return {};
  Program& p = r.program();
  NodeId inner = padded.operands[0];
  if (padded.dim != n.dim)
    return p.pad(p.slice(inner, n.dim, n.offset, n.extent), padded.dim, padded.offset, padded.extent);
  std::int64_t from = std::max(padded.offset, n.offset);
  std::int64_t to = std::min(padded.offset + p[inner].shape[n.dim], n.offset + n.extent);
  if (from >= to) return {};  // nothing but padding: see slice_of_padding
  return p.pad(p.slice(inner, n.dim, from - padded.offset, to - from), n.dim, from - n.offset, n.extent);
}

NodeId slice_of_broadcast(Rewriter& r, const Node& n) {
  const Node repeated = r[n.operands[0]];
  if (repeated.kind != NodeKind::broadcast) return {};
  Program& p = r.program();
  NodeId inner = repeated.operands[0];
  if (repeated.dim == -1) return p.broadcast_scalar(inner, n.shape);
  if (repeated.dim == n.dim) return p.broadcast_dim(inner, n.dim, n.extent);
  int dim = n.dim > repeated.dim ? n.dim - 1 : n.dim;
  return p.broadcast_dim(p.slice(inner, dim, n.offset, n.extent), repeated.dim, repeated.extent);
}

NodeId slice_of_map(Rewriter& r, const Node& n) {
  const Node mapped = r[n.operands[0]];
  if (mapped.kind != NodeKind::map || !r.takes_apart(n.operands[0])) return {};
  const Rewriter::Slices slices = r.slices(n.operands[0]);
  const bool most = 2 * n.extent > mapped.shape[n.dim];  // then little is saved, and chains of such slices grow with the square
  if (slices == Rewriter::Slices::many || (slices == Rewriter::Slices::one && most)) return {};
  std::vector<NodeId> operands = mapped.operands;
  for (NodeId& operand : operands)
    if (r[operand].shape.rank() > 0) operand = r.program().slice(operand, n.dim, n.offset, n.extent);
  return r.program().rebuild(mapped, std::move(operands));
}

NodeId slice_of_product(Rewriter& r, const Node& n) {
  const Node product = r[n.operands[0]];
  if (product.kind != NodeKind::matmul && product.kind != NodeKind::outer) return {};
  if (r.used_whole(n.operands[0])) return {};  // it is there anyway
  std::vector<NodeId> operands = product.operands;
  bool vector = product.kind == NodeKind::outer;
  NodeId& cut = operands[n.dim == 0 ? 0 : 1];
  cut = r.program().slice(cut, vector ? 0 : n.dim, n.offset, n.extent);
  return r.program().rebuild(product, std::move(operands));
}

NodeId slice_of_transpose(Rewriter& r, const Node& n) {
  const Node turned = r[n.operands[0]];
  if (turned.kind != NodeKind::transpose) return {};
  return r.program().transpose(r.program().slice(turned.operands[0], 1 - n.dim, n.offset, n.extent));
}

// Slices along two dimensions: the first dimension's stands inside, so that equal blocks are equal nodes.
NodeId order_slices(Rewriter& r, const Node& n) {
  const Node inner = r[n.operands[0]];
  if (inner.kind != NodeKind::slice || inner.dim <= n.dim) return {};
  Program& p = r.program();
  return p.slice(p.slice(inner.operands[0], n.dim, n.offset, n.extent), inner.dim, inner.offset, inner.extent);
}

NodeId pad_of_pad(Rewriter& r, const Node& n) {
  const Node inner = r[n.operands[0]];
  if (inner.kind != NodeKind::pad || inner.dim != n.dim) return {};
  return r.program().pad(inner.operands[0], n.dim, n.offset + inner.offset, n.extent);
}

NodeId flatten_concat(Rewriter& r, const Node& n) {
  std::vector<NodeId> parts;
  for (NodeId part : n.operands) {
    const Node& inner = r[part];
    bool nested = inner.kind == NodeKind::concat && inner.dim == n.dim && !r.named(part);
    if (nested) {
      parts.insert(parts.end(), inner.operands.begin(), inner.operands.end());
    } else {
      parts.push_back(part);
    }
  }
  return parts == n.operands ? NodeId{} : r.program().concat(std::move(parts), n.dim);
}

NodeId join_slices(Rewriter& r, const Node& n) {
  std::vector<NodeId> parts;
  for (NodeId part : n.operands) {
    if (!parts.empty()) {
      const Node a = r[parts.back()], b = r[part];
      bool adjacent = a.kind == NodeKind::slice && b.kind == NodeKind::slice && a.operands == b.operands &&
                      a.dim == n.dim && b.dim == n.dim && a.offset + a.extent == b.offset;
      if (adjacent) {
        parts.back() = r.program().slice(a.operands[0], n.dim, a.offset, a.extent + b.extent);
        continue;
      }
    }
    parts.push_back(part);
  }
  return parts == n.operands ? NodeId{} : r.program().concat(std::move(parts), n.dim);
}

NodeId transpose_of_outer(Rewriter& r, const Node& n) {
  const Node product = r[n.operands[0]];
  if (product.kind != NodeKind::outer) return {};
  return r.program().outer(product.operands[1], product.operands[0]);
}

NodeId transpose_of_sum(Rewriter& r, const Node& n) {
  const Node sum = r[n.operands[0]];
  if (sum.kind != NodeKind::sum_over || r[sum.operands[0]].kind != NodeKind::outer) return {};
  return r.program().sum_over(r.program().transpose(sum.operands[0]), sum.flag, sum.axis);
}

NodeId transpose_of_negated(Rewriter& r, const Node& n) {
  NodeId a = negated(r, n.operands[0]);
  return a.valid() ? r.program().neg(r.program().transpose(a)) : a;
}

}  // namespace

std::vector<Rule> structure_rules() {
  constexpr NodeKind slice = NodeKind::slice;
  return {
      {"slice-of-concat", "[a, b][i:j] -> the parts of a and b", slice, slice_of_concat,
       [](Program& p, Sampler& s) {
         return p.slice(p.concat({s.sequence({3}), s.sequence({1}), s.sequence({2})}, 0), 0, 2, 3);
       }},
      {"slice-of-pad", "pad(a)[i:j] -> pad(a[..])", slice, slice_of_pad,
       [](Program& p, Sampler& s) { return p.slice(p.pad(s.sequence({3}), 0, 2, 7), 0, 1, 3); }},
      {"slice-of-broadcast", "repeat(a)[i:j] -> repeat(a[i:j])", slice, slice_of_broadcast,
       [](Program& p, Sampler& s) { return p.slice(p.broadcast_dim(s.sequence({5}), 0, 4), 1, 1, 3); }},
      {"slice-of-map", "f(a, b)[i:j] -> f(a[i:j], b[i:j]), of a half or less, or where slices do not overlap", slice, slice_of_map,
       [](Program& p, Sampler& s) {
         return p.slice(p.map("where", {s.sequence({}), s.sequence({6}), s.fixed({6})}), 0, 1, 3);
       }},
      {"slice-of-product", "(A @ b)[i:j] -> A[i:j] @ b, (a x b)[i:j] -> a[i:j] x b, unless it is used whole, too", slice,
       slice_of_product,
       [](Program& p, Sampler& s) { return p.slice(p.matmul(s.fixed({5, 2}), s.sequence({2})), 0, 1, 3); }},
      {"slice-of-columns", "(A @ B)[:, i:j] -> A @ B[:, i:j]", slice, slice_of_product,
       [](Program& p, Sampler& s) { return p.slice(p.outer(s.sequence({3}), s.sequence({5})), 1, 1, 3); }},
      {"slice-of-transpose", "A'[i:j] -> A[:, i:j]'", slice, slice_of_transpose,
       [](Program& p, Sampler& s) { return p.slice(p.transpose(s.sequence({2, 5})), 0, 1, 3); }},
      {"order-slices", "A[:, k:l][i:j] -> A[i:j][:, k:l]", slice, order_slices,
       [](Program& p, Sampler& s) { return p.slice(p.slice(s.sequence({4, 5}), 1, 1, 3), 0, 2, 2); }},
      {"pad-of-pad", "pad(pad(a)) -> pad(a)", NodeKind::pad, pad_of_pad,
       [](Program& p, Sampler& s) { return p.pad(p.pad(s.sequence({3}), 0, 1, 5), 0, 2, 8); }},
      {"flatten-concat", "[[a, b], c] -> [a, b, c]", NodeKind::concat, flatten_concat,
       [](Program& p, Sampler& s) {
         return p.concat({p.concat({s.sequence({3}), s.sequence({1})}, 0), s.sequence({2})}, 0);
       }},
      {"join-slices", "[a[:i], a[i:j]] -> a[:j]", NodeKind::concat, join_slices,
       [](Program& p, Sampler& s) {
         NodeId a = s.sequence({6});
         return p.concat({p.slice(a, 0, 1, 2), p.slice(a, 0, 3, 3)}, 0);
       }},
      {"transpose-of-outer", "(a x b)' -> b x a", NodeKind::transpose, transpose_of_outer,
       [](Program& p, Sampler& s) { return p.transpose(p.outer(s.sequence({2}), s.sequence({3}))); }},
      {"transpose-of-sum", "(sum a x b)' -> sum b x a", NodeKind::transpose, transpose_of_sum,
       [](Program& p, Sampler& s) {
         return p.transpose(p.sum_over(p.outer(s.sequence({2}), s.sequence({3})), true, true));
       }},
      {"transpose-of-negated", "(-A)' -> -(A')", NodeKind::transpose, transpose_of_negated,
       [](Program& p, Sampler& s) { return p.transpose(p.neg(s.sequence({2, 3}))); }},
  };
}

namespace {

NodeId zero(Rewriter& r, const Node& n) { return r.program().broadcast_scalar(r.program().constant(0), n.shape); }
NodeId zero_if_first(Rewriter& r, const Node& n) { return is_zero(r, n.operands[0]) ? zero(r, n) : NodeId{}; }
NodeId zero_if_either(Rewriter& r, const Node& n) {
  return is_zero(r, n.operands[0]) || is_zero(r, n.operands[1]) ? zero(r, n) : NodeId{};
}
NodeId slice_of_padding(Rewriter& r, const Node& n) {
  const Node& padded = r[n.operands[0]];
  if (padded.kind != NodeKind::pad || padded.dim != n.dim) return {};
  std::int64_t end = padded.offset + r[padded.operands[0]].shape[n.dim];
  return n.offset >= end || n.offset + n.extent <= padded.offset ? zero(r, n) : NodeId{};
}
NodeId zeros(Program& p, Shape shape) { return p.broadcast_scalar(p.constant(0), shape); }

}  // namespace

std::vector<Rule> zero_rules() {
  constexpr bool adjoints_only = true;
  return {
      {"zero-times", "0 * a -> 0", NodeKind::map,
       [](Rewriter& r, const Node& n) { return n.function == functions().mul ? zero_if_either(r, n) : NodeId{}; },
       [](Program& p, Sampler& s) { return p.mul(p.constant(0), s.sequence({3})); }, adjoints_only},
      {"zero-over", "0 / a -> 0", NodeKind::map,
       [](Rewriter& r, const Node& n) { return n.function == functions().div ? zero_if_first(r, n) : NodeId{}; },
       [](Program& p, Sampler& s) { return p.div(p.constant(0), s.sequence({3})); }, adjoints_only},
      {"matmul-of-zero", "A @ 0 -> 0", NodeKind::matmul, zero_if_either,
       [](Program& p, Sampler& s) { return p.matmul(s.sequence({2, 3}), zeros(p, {3})); }, adjoints_only},
      {"outer-of-zero", "a x 0 -> 0", NodeKind::outer, zero_if_either,
       [](Program& p, Sampler& s) { return p.outer(s.sequence({2}), zeros(p, {3})); }, adjoints_only},
      {"transpose-of-zero", "0' -> 0", NodeKind::transpose, zero_if_first,
       [](Program& p, Sampler&) { return p.transpose(zeros(p, {2, 3})); }},
      {"slice-of-zero", "0[i:j] -> 0", NodeKind::slice, zero_if_first,
       [](Program& p, Sampler&) { return p.slice(zeros(p, {5}), 0, 1, 2); }},
      {"slice-of-padding", "pad(a)[i:j] -> 0 outside of a", NodeKind::slice, slice_of_padding,
       [](Program& p, Sampler& s) { return p.slice(p.pad(s.sequence({2}), 0, 2, 9), 0, 4, 3); }, adjoints_only},
      {"pad-of-zero", "pad(0) -> 0", NodeKind::pad, zero_if_first,
       [](Program& p, Sampler&) { return p.pad(zeros(p, {2}), 0, 1, 5); }},
      {"sum-of-zero", "sum(0) -> 0", NodeKind::reduce_sum, zero_if_first,
       [](Program& p, Sampler&) { return p.reduce_sum(zeros(p, {2, 3}), 1); }},
      {"running-sum-of-zero", "cumulative_sum(0) -> 0", NodeKind::cumulative_sum, zero_if_first,
       [](Program& p, Sampler&) { return p.cumulative_sum(zeros(p, {3})); }},
  };
}

}  // namespace rnnc::opt
