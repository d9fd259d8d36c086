#include <algorithm>

#include "compiler/base/bug.h"
#include "compiler/ir/program.h"

namespace rnnc::ir {

Shape::Shape(std::initializer_list<std::int64_t> extents)
    : Shape(std::span<const std::int64_t>(extents.begin(), extents.size())) {}

Shape::Shape(std::span<const std::int64_t> extents) : rank_(static_cast<int>(extents.size())) {
  check(extents.size() <= extents_.size(), "a shape has at most three dimensions");
  for (std::int64_t extent : extents) check(extent > 0, "an extent of a shape is not positive");
  std::copy(extents.begin(), extents.end(), extents_.begin());
}

std::int64_t Shape::size() const {
  std::int64_t size = 1;
  for (std::int64_t extent : extents()) size *= extent;
  return size;
}

std::string Shape::to_string() const {
  std::string text = "[";
  for (int dim = 0; dim < rank_; ++dim) text += (dim ? ", " : "") + std::to_string((*this)[dim]);
  return text + "]";
}

std::string_view node_kind_name(NodeKind kind) {
  switch (kind) {
#define X(name) \
  case NodeKind::name: return #name;
    RNNC_NODE_KINDS(X)
#undef X
  }
  return "?";
}

std::optional<Domain> join(Domain a, Domain b) {
  if (a.axis.valid() && b.axis.valid() && a.axis != b.axis) return std::nullopt;
  return Domain{a.batched || b.batched, a.axis.valid() ? a.axis : b.axis};
}

bool covers(Domain outer, Domain inner) {
  return (outer.batched || !inner.batched) && (!inner.axis.valid() || inner.axis == outer.axis);
}

}  // namespace rnnc::ir
