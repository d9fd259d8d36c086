#include <array>
#include <optional>

#include "compiler/base/bug.h"
#include "compiler/opt/passes.h"
#include "compiler/opt/rules.h"
#include "compiler/opt/transcribe.h"

namespace rnnc::opt {

using namespace ir;

namespace {

bool is_gradient(ResultRole role) {
  switch (role) {
    case ResultRole::output:
    case ResultRole::final_state:
    case ResultRole::loss: return false;
    case ResultRole::input_gradient:
    case ResultRole::parameter_gradient:
    case ResultRole::initial_gradient: return true;
  }
  return false;
}

constexpr std::size_t kind_count = 0
#define X(name) +1
    RNNC_NODE_KINDS(X)
#undef X
    ;

const std::vector<const Rule*>& rules_for(NodeKind kind) {
  static const std::array<std::vector<const Rule*>, kind_count> by_kind = [] {
    std::array<std::vector<const Rule*>, kind_count> table;
    for (const Rule& rule : rules()) table[static_cast<std::size_t>(rule.kind)].push_back(&rule);
    return table;
  }();
  return by_kind[static_cast<std::size_t>(kind)];
}

NodeId apply_rules(Rewriter& r, NodeId id, bool adjoints) {
  const std::vector<const Rule*>& candidates = rules_for(r[id].kind);
  if (candidates.empty()) return id;
  const Node node = r[id];
  for (const Rule* rule : candidates) {
    if (rule->adjoints_only && !adjoints) continue;
    NodeId result = rule->rewrite(r, node);
    if (!result.valid() || result == id) continue;
    check(r[result].shape == node.shape, "the rule `" + std::string(rule->name) + "` changes a shape");
    // A forward value's domain is the layout of results: it stays.
    if (rule->adjoints_only || r[result].domain == node.domain) return result;
  }
  return id;
}

// One walk over the Program; nothing if no rule applied.
std::optional<Program> simplify_once(const Program& program) {
  bool adjoints = false;
  Rewriter rewriter(program, [&adjoints](Rewriter& r, NodeId id) { return apply_rules(r, id, adjoints); });
  std::vector<NodeId> forward;
  for (const Result& result : program.results)
    if (!is_gradient(result.role)) forward.push_back(result.node);
  bool has_gradient = forward.size() < program.results.size();
  IdVector<NodeId, char> needed_forward = needed(program, forward);
  for (NodeId id : program.nodes.ids())
    if (needed_forward[id]) rewriter.settle(id);
  adjoints = has_gradient;
  rewriter.takes_names_apart = !has_gradient;
  Program simple = rewriter.finish();
  return rewriter.changed() ? std::optional(std::move(simple)) : std::nullopt;
}

}  // namespace

// What a walk removes may have been the only one to use a value in one piece, so that another walk finds something to do.
Program simplify(const Program& program) {
  Program simple = program;
  while (std::optional<Program> next = simplify_once(simple)) simple = std::move(*next);
  return simple;
}

}  // namespace rnnc::opt
