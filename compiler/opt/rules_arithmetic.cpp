// Sums, products and reductions: how a person would write them.
#include "compiler/opt/rules.h"

namespace rnnc::opt {
namespace {

using namespace ir;
using namespace match;

constexpr NodeKind map = NodeKind::map;

bool is(const Node& node, ElementwiseId function) { return node.function == function; }

// The factor that two unnamed products share and what is left of each; null factor if there is none.
struct Shared {
  NodeId factor, left, right;
};
Shared shared_factor(const Rewriter& r, NodeId a, NodeId b) {
  const Node *x = applied(r, a, functions().mul), *y = applied(r, b, functions().mul);
  if (!x || !y) return {};
  for (std::size_t i : {0, 1})
    for (std::size_t j : {0, 1})
      if (x->operands[i] == y->operands[j]) return {x->operands[i], x->operands[1 - i], y->operands[1 - j]};
  return {};
}

NodeId factor_out(Rewriter& r, const Node& n, ElementwiseId function) {
  if (!is(n, function) || n.operands[0] == n.operands[1]) return {};
  Shared shared = shared_factor(r, n.operands[0], n.operands[1]);
  if (!shared.factor.valid()) return {};
  Program& p = r.program();
  return p.mul(shared.factor, p.map(function, {shared.left, shared.right}));
}

// How many parts a pad's value is joined from.
std::size_t part_count(const Rewriter& r, const Node& pad) {
  const Node& value = r[pad.operands[0]];
  return value.kind == NodeKind::concat ? value.operands.size() : 1;
}

// Whether to copy the lists of two pads' parts into one. Where one is long and the other short, a long row of pads that
// join one by one would take the square of its length.
bool worth_joining(std::size_t a, std::size_t b) {
  constexpr std::size_t few = 64;
  return a + b <= few || (a <= 2 * b && b <= 2 * a);
}

// Two pads that stand next to each other, as one; invalid if they do not.
NodeId joined_pads(Rewriter& r, NodeId a, NodeId b) {
  const Node x = r[a], y = r[b];
  if (x.kind != NodeKind::pad || y.kind != NodeKind::pad || x.dim != y.dim || x.shape != y.shape) return {};
  if (!worth_joining(part_count(r, x), part_count(r, y))) return {};
  std::int64_t x_end = x.offset + r[x.operands[0]].shape[x.dim], y_end = y.offset + r[y.operands[0]].shape[y.dim];
  Program& p = r.program();
  if (x_end == y.offset)
    return p.pad(p.concat({x.operands[0], y.operands[0]}, x.dim), x.dim, x.offset, x.extent);
  if (y_end == x.offset)
    return p.pad(p.concat({y.operands[0], x.operands[0]}, x.dim), x.dim, y.offset, x.extent);
  return {};
}

NodeId join_pads(Rewriter& r, const Node& n) {
  if (!is(n, functions().add)) return {};
  NodeId a = n.operands[0], b = n.operands[1];
  if (NodeId both = joined_pads(r, a, b); both.valid()) return both;
  const Node* sum = applied(r, a, functions().add);
  if (!sum || r[b].kind != NodeKind::pad) return {};
  NodeId first = sum->operands[0], second = sum->operands[1];
  if (NodeId both = joined_pads(r, second, b); both.valid()) return r.program().add(first, both);
  if (NodeId both = joined_pads(r, first, b); both.valid()) return r.program().add(both, second);
  return {};
}

}  // namespace

std::vector<Rule> sum_rules() {
  return {
      {"add-negated", "a + -b -> a - b", map,
       [](Rewriter& r, const Node& n) {
         if (!is(n, functions().add)) return NodeId{};
         for (std::size_t i : {1, 0})
           if (NodeId b = negated(r, n.operands[i]); b.valid()) return r.program().sub(n.operands[1 - i], b);
         return NodeId{};
       },
       [](Program& p, Sampler& s) { return p.add(s.sequence({3}), p.neg(s.sequence({3}))); }},
      {"add-twice", "a + a -> 2 * a", map,
       [](Rewriter& r, const Node& n) {
         if (!is(n, functions().add) || n.operands[0] != n.operands[1]) return NodeId{};
         return r.program().mul(r.program().constant(2), n.operands[0]);
       },
       [](Program& p, Sampler& s) {
         NodeId a = s.sequence({3});
         return p.add(a, a);
       }},
      {"add-constants", "c + (d + a) -> (c + d) + a", map,
       [](Rewriter& r, const Node& n) {
         if (!is(n, functions().add) || !is_constant(r, n.operands[0])) return NodeId{};
         const Node* sum = applied(r, n.operands[1], functions().add);
         if (!sum || !is_constant(r, sum->operands[0])) return NodeId{};
         NodeId c = sum->operands[0], a = sum->operands[1];
         return r.program().add(r.program().add(n.operands[0], c), a);
       },
       [](Program& p, Sampler& s) { return p.add(p.constant(0.5), p.add(p.constant(2), s.sequence({3}))); }},
      {"factor-sum", "a * b + a * c -> a * (b + c)", map,
       [](Rewriter& r, const Node& n) { return factor_out(r, n, functions().add); },
       [](Program& p, Sampler& s) {
         NodeId a = s.sequence({3});
         return p.add(p.mul(a, s.sequence({3})), p.mul(s.fixed({3}), a));
       }},
      {"factor-difference", "a * b - a * c -> a * (b - c)", map,
       [](Rewriter& r, const Node& n) { return factor_out(r, n, functions().sub); },
       [](Program& p, Sampler& s) {
         NodeId a = s.sequence({3});
         return p.sub(p.mul(s.sequence({3}), a), p.mul(a, s.fixed({3})));
       }},
      {"join-pads", "pad(a) + pad(b) -> pad([a, b])", map, join_pads,
       [](Program& p, Sampler& s) {
         NodeId last = p.pad(s.sequence({2}), 0, 4, 6), middle = p.pad(s.sequence({3}), 0, 1, 6);
         return p.add(p.add(s.sequence({6}), last), middle);
       }},
      {"subtract-negated", "a - -b -> a + b", map,
       [](Rewriter& r, const Node& n) {
         if (!is(n, functions().sub)) return NodeId{};
         NodeId b = negated(r, n.operands[1]);
         return b.valid() ? r.program().add(n.operands[0], b) : b;
       },
       [](Program& p, Sampler& s) { return p.sub(s.sequence({3}), p.neg(s.sequence({3}))); }},
      {"negated-minus", "-a - b -> -(a + b)", map,
       [](Rewriter& r, const Node& n) {
         if (!is(n, functions().sub)) return NodeId{};
         NodeId a = negated(r, n.operands[0]);
         return a.valid() ? r.program().neg(r.program().add(a, n.operands[1])) : a;
       },
       [](Program& p, Sampler& s) { return p.sub(p.neg(s.sequence({3})), s.sequence({3})); }},
      {"negate-difference", "-(a - b) -> b - a", map,
       [](Rewriter& r, const Node& n) {
         if (!is(n, functions().neg)) return NodeId{};
         const Node* difference = applied(r, n.operands[0], functions().sub);
         if (!difference) return NodeId{};
         NodeId a = difference->operands[0], b = difference->operands[1];
         return r.program().sub(b, a);
       },
       [](Program& p, Sampler& s) { return p.neg(p.sub(s.sequence({3}), s.fixed({3}))); }},
      {"negate-scaled", "-(c * a) -> (-c) * a", map,
       [](Rewriter& r, const Node& n) {
         if (!is(n, functions().neg)) return NodeId{};
         const Node* product = scaled(r, n.operands[0]);
         if (!product) return NodeId{};
         NodeId c = product->operands[0], a = product->operands[1];
         return r.program().mul(r.program().neg(c), a);
       },
       [](Program& p, Sampler& s) { return p.neg(p.mul(p.constant(3), s.sequence({3}))); }},
  };
}

namespace {

// A sign in either operand of a product, quotient or matrix product goes in front of it.
NodeId sign_out(Rewriter& r, const Node& n) {
  for (std::size_t i : {0, 1}) {
    NodeId a = negated(r, n.operands[i]);
    if (!a.valid()) continue;
    std::vector<NodeId> operands = n.operands;
    operands[i] = a;
    return r.program().neg(r.program().rebuild(n, std::move(operands)));
  }
  return {};
}

// A constant factor of either operand goes in front of the product.
NodeId constant_out(Rewriter& r, const Node& n) {
  for (std::size_t i : {0, 1}) {
    const Node* product = scaled(r, n.operands[i]);
    if (!product) continue;
    NodeId c = product->operands[0];
    const Node* other = scaled(r, n.operands[1 - i]);
    if (other && !is_moderate(r[c].value * r[other->operands[0]].value)) return {};
    std::vector<NodeId> operands = n.operands;
    operands[i] = product->operands[1];
    return r.program().mul(c, r.program().rebuild(n, std::move(operands)));
  }
  return {};
}

// c * (d * a) -> (c d) * a, else the constant goes in front.
NodeId constants_first(Rewriter& r, const Node& n) {
  if (!is(n, functions().mul)) return {};
  if (!is_constant(r, n.operands[0])) return constant_out(r, n);
  const Node* product = scaled(r, n.operands[1]);
  if (!product) return {};
  NodeId c = product->operands[0], a = product->operands[1];
  const double outer = r[n.operands[0]].value;
  if (!is_moderate(outer) || !is_moderate(outer * r[c].value)) return {};
  return r.program().mul(r.program().mul(n.operands[0], c), a);
}

// W @ [a, b]: each part meets its own columns. W @ [A, B] side by side: each part is multiplied.
NodeId split_product(Rewriter& r, const Node& n) {
  const Node parts = r[n.operands[1]];
  if (parts.kind != NodeKind::concat) return {};
  Program& p = r.program();
  std::vector<NodeId> products;
  std::int64_t begin = 0;
  for (NodeId part : parts.operands) {
    std::int64_t extent = p[part].shape[parts.dim];
    NodeId a = parts.dim == 0 ? p.slice(n.operands[0], 1, begin, extent) : n.operands[0];
    products.push_back(p.matmul(a, part));
    begin += extent;
  }
  if (parts.dim == 1) return p.concat(std::move(products), 1);
  NodeId sum = products[0];
  for (std::size_t i = 1; i < products.size(); ++i) sum = p.add(sum, products[i]);
  return sum;
}

}  // namespace

std::vector<Rule> product_rules() {
  return {
      {"sign-of-product", "-a * b -> -(a * b), -a / b -> -(a / b)", map,
       [](Rewriter& r, const Node& n) {
         return is(n, functions().mul) || is(n, functions().div) ? sign_out(r, n) : NodeId{};
       },
       [](Program& p, Sampler& s) { return p.mul(s.sequence({3}), p.neg(s.sequence({3}))); }},
      {"sign-of-quotient", "a / -b -> -(a / b)", map,
       [](Rewriter& r, const Node& n) { return is(n, functions().div) ? sign_out(r, n) : NodeId{}; },
       [](Program& p, Sampler& s) { return p.div(s.sequence({3}), p.neg(s.sequence({3}))); }},
      {"constant-of-product", "a * (c * b) -> c * (a * b), c * (d * a) -> (c * d) * a", map, constants_first,
       [](Program& p, Sampler& s) { return p.mul(s.sequence({3}), p.mul(p.constant(3), s.sequence({3}))); }},
      {"times-reciprocal", "a * (1 / b) -> a / b", map,
       [](Rewriter& r, const Node& n) {
         if (!is(n, functions().mul)) return NodeId{};
         for (std::size_t i : {1, 0}) {
           const Node* quotient = applied(r, n.operands[i], functions().div);
           if (!quotient || !is_constant(r, quotient->operands[0]) || r[quotient->operands[0]].value != 1) continue;
           NodeId b = quotient->operands[1];
           return r.program().div(n.operands[1 - i], b);
         }
         return NodeId{};
       },
       [](Program& p, Sampler& s) { return p.mul(s.sequence({3}), p.div(p.constant(1), s.sequence({3}))); }},
      {"same-choice", "where(c, a, a) -> a", map,
       [](Rewriter& r, const Node& n) {
         if (!is(n, functions().where) || n.operands[1] != n.operands[2]) return NodeId{};
         return r.program().broadcast_scalar(n.operands[1], n.shape);
       },
       [](Program& p, Sampler& s) {
         NodeId a = s.sequence({});
         return p.map("where", {s.sequence({3}), a, a});
       }},
      {"sign-of-matmul", "A @ -b -> -(A @ b)", NodeKind::matmul, sign_out,
       [](Program& p, Sampler& s) { return p.matmul(s.fixed({2, 3}), p.neg(s.sequence({3}))); }},
      {"constant-of-matmul", "A @ (c * b) -> c * (A @ b)", NodeKind::matmul, constant_out,
       [](Program& p, Sampler& s) { return p.matmul(s.fixed({2, 3}), p.mul(p.constant(3), s.sequence({3}))); }},
      {"split-product", "W @ [a, b] -> W[:, :n] @ a + W[:, n:] @ b", NodeKind::matmul, split_product,
       [](Program& p, Sampler& s) {
         return p.matmul(s.fixed({2, 6}), p.concat({s.sequence({3}), s.sequence({1}), s.sequence({2})}, 0));
       }},
      {"split-columns", "W @ [A, B] -> [W @ A, W @ B] side by side", NodeKind::matmul, split_product,
       [](Program& p, Sampler& s) {
         return p.matmul(s.fixed({2, 3}), p.concat({s.sequence({3, 2}), s.sequence({3, 1})}, 1));
       }},
      {"pick-column", "W @ one_hot(i) -> row i of W'", NodeKind::matmul,
       [](Rewriter& r, const Node& n) {
         const Node& vector = r[n.operands[1]];
         if (vector.kind != NodeKind::one_hot) return NodeId{};
         NodeId index = vector.operands[0];
         return r.program().gather(r.program().transpose(n.operands[0]), index);
       },
       [](Program& p, Sampler& s) { return p.matmul(s.fixed({2, 5}), p.one_hot(s.index(5))); }},
      {"sign-of-outer", "-a x b -> -(a x b)", NodeKind::outer, sign_out,
       [](Program& p, Sampler& s) { return p.outer(p.neg(s.sequence({2})), s.sequence({3})); }},
      {"constant-of-outer", "(c * a) x b -> c * (a x b)", NodeKind::outer, constant_out,
       [](Program& p, Sampler& s) { return p.outer(s.sequence({2}), p.mul(p.constant(3), s.sequence({3}))); }},
  };
}

namespace {

NodeId sign_out_of_sum(Rewriter& r, const Node& n) {
  NodeId a = negated(r, n.operands[0]);
  return a.valid() ? r.program().neg(r.program().rebuild(n, {a})) : a;
}

NodeId constant_out_of_sum(Rewriter& r, const Node& n) {
  const Node* product = scaled(r, n.operands[0]);
  if (!product) return {};
  NodeId c = product->operands[0], a = product->operands[1];
  // A scalar under the sum would be counted once instead of once per entry.
  if (r[a].shape != product->shape) return {};
  return r.program().mul(c, r.program().rebuild(n, {a}));
}

}  // namespace

std::vector<Rule> reduction_rules() {
  return {
      {"sign-of-sum-over", "sum -a -> -sum a", NodeKind::sum_over, sign_out_of_sum,
       [](Program& p, Sampler& s) { return p.sum_over(p.neg(s.sequence({3})), true, true); }},
      {"constant-of-sum-over", "sum c * a -> c * sum a", NodeKind::sum_over, constant_out_of_sum,
       [](Program& p, Sampler& s) { return p.sum_over(p.mul(p.constant(3), s.sequence({3})), true, true); }},
      {"sum-of-sum-over", "sum over rows of sum over steps -> sum over both", NodeKind::sum_over,
       [](Rewriter& r, const Node& n) {
         const Node inner = r[n.operands[0]];
         if (inner.kind != NodeKind::sum_over || r.named(n.operands[0])) return NodeId{};
         return r.program().sum_over(inner.operands[0], true, n.axis.valid() ? n.axis : inner.axis);
       },
       [](Program& p, Sampler& s) { return p.sum_over(p.sum_over(s.sequence({3}), false, true), true, false); }},
      {"repeat-after-sum-over", "sum repeat(a) -> repeat(sum a)", NodeKind::sum_over,
       [](Rewriter& r, const Node& n) {
         const Node repeated = r[n.operands[0]];
         if (repeated.kind != NodeKind::broadcast || repeated.dim != -1) return NodeId{};
         NodeId sum = r.program().sum_over(repeated.operands[0], n.flag, n.axis);
         return r.program().broadcast_scalar(sum, n.shape);
       },
       [](Program& p, Sampler& s) { return p.sum_over(p.broadcast_scalar(s.sequence({}), {3}), true, true); }},
      {"sign-of-reduce-sum", "sum(-a) -> -sum(a)", NodeKind::reduce_sum, sign_out_of_sum,
       [](Program& p, Sampler& s) { return p.reduce_sum(p.neg(s.sequence({3}))); }},
      {"constant-of-reduce-sum", "sum(c * a) -> c * sum(a)", NodeKind::reduce_sum, constant_out_of_sum,
       [](Program& p, Sampler& s) { return p.reduce_sum(p.mul(p.constant(3), s.sequence({2, 3})), 1); }},
      {"sum-of-repeated", "sum(repeat(a, n)) -> n * a", NodeKind::reduce_sum,
       [](Rewriter& r, const Node& n) {
         const Node repeated = r[n.operands[0]];
         if (repeated.kind != NodeKind::broadcast) return NodeId{};
         bool along = repeated.dim == n.dim || repeated.dim == -1;
         if (!along) return NodeId{};
         std::int64_t count = n.dim == -1 ? repeated.shape.size() : repeated.shape[n.dim];
         Program& p = r.program();
         NodeId total = p.mul(p.constant(static_cast<double>(count)), repeated.operands[0]);
         return repeated.dim == -1 ? p.broadcast_scalar(total, n.shape) : total;
       },
       [](Program& p, Sampler& s) { return p.reduce_sum(p.broadcast_dim(s.sequence({3}), 0, 4), 0); }},
  };
}

}  // namespace rnnc::opt
