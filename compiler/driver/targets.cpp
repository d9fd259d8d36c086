#include "compiler/driver/targets.h"

#include <algorithm>
#include <array>

#include "compiler/backend/llvm/jit.h"

namespace rnnc::driver {
namespace {

constexpr std::array<std::string_view, 4> names = {"native", "sse2", "avx2", "avx512"};

// Narrower vectors are taken only for more than this share of the work: at the same waste wider ones are faster.
constexpr double worthwhile = 1.1;

// Entries that a value's rows cost: whole vectors, and where there are no masks one more vector for the pieces of the last.
std::int64_t filled(std::int64_t entries, std::int64_t lanes, bool masks) {
  const std::int64_t whole = entries / lanes * lanes;
  return entries == whole ? whole : whole + (masks ? lanes : 2 * lanes);
}

// Of the program's vectors, each as often as a row's computation passes over it.
double work(const ir::Program& program, const loop::Target& target, loop::Element element) {
  const std::int64_t lanes = target.lanes(element);
  double sum = 0;
  for (const ir::Node& node : program.nodes) {
    if (node.domain.empty() || node.shape.rank() == 0) continue;
    const bool product = node.kind == ir::NodeKind::matmul;
    const std::int64_t passes = product ? program.nodes[node.operands[1]].shape[0] : 1;
    const std::int64_t entries = node.shape[node.shape.rank() - 1];
    const std::int64_t rows = node.shape.size() / std::max<std::int64_t>(entries, 1);
    sum += static_cast<double>(passes) * static_cast<double>(rows) *
           static_cast<double>(filled(entries, lanes, target.vector_bytes == 64));
  }
  return sum;
}

}  // namespace

std::span<const std::string_view> target_names() { return names; }

bool is_target_name(std::string_view name) { return std::ranges::find(names, name) != names.end(); }

std::optional<loop::Target> find_target(std::string_view name) {
  if (name == "sse2") return loop::Target{"sse2", 16, 16, false};
  if (name == "avx2") return loop::Target{"avx2", 32, 16, true};
  if (name == "avx512") return loop::Target{"avx512", 64, 32, true};
  return std::nullopt;
}

loop::Target native_target(const ir::Program& program, loop::Element element) {
  loop::Target best = *find_target("sse2");
  for (const char* name : {"avx2", "avx512"}) {
    const loop::Target wider = *find_target(name);
    if (backend::cannot_run(wider).empty() &&
        (!best.fma || work(program, wider, element) <= worthwhile * work(program, best, element)))
      best = wider;
  }
  return best;
}

}  // namespace rnnc::driver
