#include "compiler/ir/evaluate.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "compiler/base/bug.h"

namespace rnnc::ir {
namespace {

// A shape seen from one dimension: [outer, extent, inner].
struct Split {
  std::int64_t outer = 1, extent = 1, inner = 1;
};
Split split(const Shape& shape, int dim) {
  Split parts;
  for (int d = 0; d < shape.rank(); ++d) (d < dim ? parts.outer : d == dim ? parts.extent : parts.inner) *= shape[d];
  return parts;
}
// All entries as one dimension when dim is -1.
Split split_reduced(const Shape& shape, int dim) { return dim == -1 ? Split{1, shape.size(), 1} : split(shape, dim); }

// max as the algebra has it: a NaN anywhere is the result.
double larger(double a, double b) { return a > b || a != a ? a : b; }

double dot(const double* a, const double* b, std::int64_t count) {
  std::array<double, 8> sums{};
  std::int64_t k = 0;
  for (; k + 8 <= count; k += 8)
    for (std::size_t j = 0; j < 8; ++j) sums[j] += a[k + static_cast<std::int64_t>(j)] * b[k + static_cast<std::int64_t>(j)];
  double sum = 0;
  for (; k < count; ++k) sum += a[k] * b[k];
  for (double part : sums) sum += part;
  return sum;
}

void map(const Program& program, const Node& node, std::span<const double* const> in, double* out) {
  const Elementwise& row = elementwise(node.function);
  std::array<double, 8> x{};
  check(in.size() <= x.size(), "interpreter: a function of too many operands");
  std::array<std::int64_t, 8> stride{};
  for (std::size_t i = 0; i < in.size(); ++i) stride[i] = program[node.operands[i]].shape.rank() > 0 ? 1 : 0;
  for (std::int64_t e = 0, size = node.shape.size(); e < size; ++e) {
    for (std::size_t i = 0; i < in.size(); ++i) x[i] = in[i][e * stride[i]];
    out[e] = row.reference(x.data());
  }
}

void reduce(const Node& node, const Shape& from, const double* in, double* out) {
  Split parts = split_reduced(from, node.dim);
  for (std::int64_t o = 0; o < parts.outer; ++o) {
    for (std::int64_t i = 0; i < parts.inner; ++i) {
      const double* entry = in + o * parts.extent * parts.inner + i;
      double result = entry[0];
      for (std::int64_t e = 1; e < parts.extent; ++e) {
        double next = entry[e * parts.inner];
        result = node.kind == NodeKind::reduce_sum ? result + next : larger(result, next);
      }
      out[o * parts.inner + i] = result;
    }
  }
}

void cumulative_sum(const Node& node, const double* in, double* out) {
  std::int64_t size = node.shape.size();
  double sum = 0;
  for (std::int64_t e = 0; e < size; ++e) {
    std::int64_t at = node.flag ? size - 1 - e : e;
    out[at] = sum += in[at];
  }
}

void broadcast(const Node& node, const double* in, double* out) {
  if (node.dim == -1) {
    std::fill(out, out + node.shape.size(), in[0]);
    return;
  }
  Split parts = split(node.shape, node.dim);
  for (std::int64_t o = 0; o < parts.outer; ++o)
    for (std::int64_t e = 0; e < parts.extent; ++e)
      std::copy_n(in + o * parts.inner, parts.inner, out + (o * parts.extent + e) * parts.inner);
}

void transpose(const Shape& from, const double* in, double* out) {
  for (std::int64_t i = 0; i < from[0]; ++i)
    for (std::int64_t j = 0; j < from[1]; ++j) out[j * from[0] + i] = in[i * from[1] + j];
}

// Copies `count` slabs of dimension dim, from slab `from_begin` of `from` to slab `to_begin` of `to`.
void copy_slabs(const Shape& from, const double* in, std::int64_t from_begin, const Shape& to, double* out,
                std::int64_t to_begin, int dim, std::int64_t count) {
  Split source = split(from, dim), target = split(to, dim);
  for (std::int64_t o = 0; o < source.outer; ++o)
    std::copy_n(in + (o * source.extent + from_begin) * source.inner, count * source.inner,
                out + (o * target.extent + to_begin) * target.inner);
}

void concat(const Program& program, const Node& node, std::span<const double* const> in, double* out) {
  std::int64_t begin = 0;
  for (std::size_t i = 0; i < in.size(); ++i) {
    const Shape& part = program[node.operands[i]].shape;
    copy_slabs(part, in[i], 0, node.shape, out, begin, node.dim, part[node.dim]);
    begin += part[node.dim];
  }
}

std::int64_t checked_index(double index, std::int64_t extent) {
  if (!(index >= 0 && index < static_cast<double>(extent)))
    throw std::out_of_range("index " + std::to_string(index) + " outside of [0, " + std::to_string(extent) + ")");
  return static_cast<std::int64_t>(index);
}

void outer(const Node& node, const double* a, const double* b, double* out) {
  for (std::int64_t i = 0; i < node.shape[0]; ++i)
    for (std::int64_t j = 0; j < node.shape[1]; ++j) out[i * node.shape[1] + j] = a[i] * b[j];
}

}  // namespace

void evaluate(const Program& program, const Node& node, std::span<const double* const> in, double* out) {
  std::int64_t size = node.shape.size();
  auto shape = [&](std::size_t i) -> const Shape& { return program[node.operands[i]].shape; };
  switch (node.kind) {
    case NodeKind::one_hot:
      std::fill(out, out + size, 0.0);
      if (!(in[0][0] < 0)) out[checked_index(in[0][0], size)] = 1;
      return;
    case NodeKind::chosen: {
      const double* hit = std::find_if(in[0], in[0] + shape(0)[0], [](double x) { return x != 0; });
      *out = hit == in[0] + shape(0)[0] ? 0 : static_cast<double>(hit - in[0]);
      return;
    }
    case NodeKind::map: return map(program, node, in, out);
    case NodeKind::outer: return outer(node, in[0], in[1], out);
    case NodeKind::reduce_sum:
    case NodeKind::reduce_max: return reduce(node, shape(0), in[0], out);
    case NodeKind::cumulative_sum: return cumulative_sum(node, in[0], out);
    case NodeKind::broadcast: return broadcast(node, in[0], out);
    case NodeKind::transpose: return transpose(shape(0), in[0], out);
    case NodeKind::slice: return copy_slabs(shape(0), in[0], node.offset, node.shape, out, 0, node.dim, node.extent);
    case NodeKind::pad:
      std::fill(out, out + size, 0.0);
      return copy_slabs(shape(0), in[0], 0, node.shape, out, node.offset, node.dim, shape(0)[node.dim]);
    case NodeKind::concat: return concat(program, node, in, out);
    case NodeKind::gather:
      std::copy_n(in[0] + checked_index(std::max(in[1][0], 0.0), shape(0)[0]) * size, size, out);
      return;
    case NodeKind::reshape:
    case NodeKind::stop_gradient:
    case NodeKind::surrogate: std::copy_n(in[0], size, out); return;
    case NodeKind::constant:
    case NodeKind::parameter:
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
    case NodeKind::shift:
    case NodeKind::at:
    case NodeKind::impulse:
    case NodeKind::by_length:
    case NodeKind::initial:
    case NodeKind::sum_over:
    case NodeKind::matmul: break;
  }
  throw Bug("interpreter: no value of `" + std::string(node_kind_name(node.kind)) + "` from operands alone");
}

void add_outer(const Shape& shape, std::span<const Product> rows) {
  for (std::int64_t i = 0; i < shape[0]; ++i) {
    for (const Product& row : rows) {
      double* out = row.out + i * shape[1];
      for (std::int64_t j = 0; j < shape[1]; ++j) out[j] += row.left[i] * row.right[j];
    }
  }
}

void multiply(const Shape& left, const Shape& right, std::span<const Product> rows) {
  std::int64_t m = left[0], k = left[1], n = right.rank() == 2 ? right[1] : 1;
  for (std::int64_t i = 0; i < m; ++i) {
    for (const Product& row : rows) {
      const double* a = row.left + i * k;
      if (right.rank() == 1) {
        row.out[i] = dot(a, row.right, k);
        continue;
      }
      double* out = row.out + i * n;
      std::fill(out, out + n, 0.0);
      for (std::int64_t p = 0; p < k; ++p)
        for (std::int64_t j = 0; j < n; ++j) out[j] += a[p] * row.right[p * n + j];
    }
  }
}

}  // namespace rnnc::ir
