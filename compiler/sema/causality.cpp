// No recurrence mixes past and future, nor needs a whole sequence of its own.
#include <algorithm>

#include "compiler/sema/elaborator.h"

namespace rnnc::sema {
namespace {

using Kind = dsl::DiagnosticKind;

// Strongly connected components (Tarjan), without recursion: component numbers by node.
std::vector<int> components(const std::vector<std::vector<int>>& next) {
  std::size_t count = next.size();
  std::vector<int> index(count, -1), low(count, 0), component(count, -1), stack;
  std::vector<std::pair<int, std::size_t>> work;
  int visited = 0, found = 0;
  for (std::size_t root = 0; root < count; ++root) {
    if (index[root] >= 0) continue;
    work.emplace_back(static_cast<int>(root), 0);
    while (!work.empty()) {
      auto [at, edge] = work.back();
      auto u = static_cast<std::size_t>(at);
      if (edge == 0) {
        index[u] = low[u] = visited++;
        stack.push_back(at);
      }
      if (edge < next[u].size()) {
        ++work.back().second;
        auto v = static_cast<std::size_t>(next[u][edge]);
        if (index[v] < 0) {
          work.emplace_back(static_cast<int>(v), 0);
        } else if (component[v] < 0) {
          low[u] = std::min(low[u], index[v]);
        }
        continue;
      }
      work.pop_back();
      if (!work.empty()) {
        auto parent = static_cast<std::size_t>(work.back().first);
        low[parent] = std::min(low[parent], low[u]);
      }
      if (low[u] != index[u]) continue;
      for (int member = -1; member != at;) {
        member = stack.back();
        stack.pop_back();
        component[static_cast<std::size_t>(member)] = found;
      }
      ++found;
    }
  }
  return component;
}

std::string reference(const std::string& name, std::int64_t lag) {
  if (lag == 0) return name;
  return name + "[t" + (lag > 0 ? "-" : "+") + std::to_string(std::abs(lag)) + "]";
}

}  // namespace

// A shortest chain of edges from -> … -> to among `edges`, breadth first; empty if from == to.
template <class Edge>
static std::vector<const Edge*> path(const std::vector<const Edge*>& edges, const Symbol* from, const Symbol* to) {
  std::map<const Symbol*, std::vector<const Edge*>> leaving;
  for (const Edge* edge : edges) leaving[edge->from].push_back(edge);
  std::map<const Symbol*, const Edge*> reached{{from, nullptr}};
  std::vector<const Symbol*> queue{from};
  for (std::size_t i = 0; i < queue.size() && !reached.contains(to); ++i)
    for (const Edge* edge : leaving[queue[i]])
      if (reached.emplace(edge->to, edge).second) queue.push_back(edge->to);
  std::vector<const Edge*> steps;
  for (const Edge* edge = reached.contains(to) ? reached[to] : nullptr; edge; edge = reached[edge->from])
    steps.push_back(edge);
  std::reverse(steps.begin(), steps.end());
  return steps;
}

void Elaborator::report_mixed(const std::vector<const Edge*>& edges, const Edge& back, const Edge& ahead) {
  std::vector<const Edge*> cycle{&back};
  for (const Edge* edge : path(edges, static_cast<const Symbol*>(back.to), static_cast<const Symbol*>(ahead.from)))
    cycle.push_back(edge);
  cycle.push_back(&ahead);
  for (const Edge* edge : path(edges, static_cast<const Symbol*>(ahead.to), static_cast<const Symbol*>(back.from)))
    cycle.push_back(edge);
  Labels labels;
  constexpr std::size_t most_shown = 8;
  for (const Edge* edge : cycle) {
    if (labels.size() == most_shown) break;
    std::string text = "`" + edge->from->told() + "` needs `" + reference(edge->to->told(), edge->lag) + "`";
    if (std::none_of(labels.begin(), labels.end(), [&](const dsl::Label& label) { return label.span == edge->span; }))
      labels.push_back({edge->span, text});
  }
  fail(Kind::mixed_past_and_future, "a recurrence looks both back and ahead", labels,
       {"no order of steps computes it: let each direction have equations of its own"});
}

void Elaborator::check_causality() {
  std::map<const Symbol*, int> number;
  for (const Edge& edge : edges_) {
    number.emplace(edge.from, static_cast<int>(number.size()));
    number.emplace(edge.to, static_cast<int>(number.size()));
  }
  std::vector<std::vector<int>> next(number.size());
  for (const Edge& edge : edges_) next[static_cast<std::size_t>(number[edge.from])].push_back(number[edge.to]);
  std::vector<int> component = components(next);
  auto component_of = [&](const Symbol* symbol) { return component[static_cast<std::size_t>(number[symbol])]; };
  std::map<int, std::vector<const Edge*>> inside;
  for (const Edge& edge : edges_)
    if (component_of(edge.from) == component_of(edge.to)) inside[component_of(edge.from)].push_back(&edge);
  for (const auto& [id, edges] : inside) {
    const Edge* back = nullptr;
    const Edge* ahead = nullptr;
    const Edge* whole = nullptr;
    for (const Edge* edge : edges) {
      if (edge->whole)
        whole = whole ? whole : edge;
      else if (edge->lag > 0)
        back = back ? back : edge;
      else if (edge->lag < 0)
        ahead = ahead ? ahead : edge;
    }
    const auto told = [&](const Edge* edge) { return cyclic_.contains(edge->from); };
    bool reported =
        (whole && whole->from->value.is_poison()) || std::any_of(edges.begin(), edges.end(), told);
    if (whole && !reported)
      fail(Kind::same_step_cycle,
           "`" + whole->from->told() + "` needs all of `" + whole->to->told() + "`, which needs `" +
               whole->from->told() + "`",
           {{whole->span, "needs every step, or the last"}, {whole->from->span, "defined here"}},
           {"one of the two has to be known before the other"});
    else if (!whole && !reported && back && ahead)
      report_mixed(edges, *back, *ahead);
  }
  std::map<const Symbol*, int> component_by_symbol;
  for (const auto& [symbol, index] : number) component_by_symbol[symbol] = component[static_cast<std::size_t>(index)];
  check_lagged_targets(component_by_symbol);
}

// Something read at another step before it was elaborated, and that turned out to be the same at every step.
void Elaborator::check_lagged_targets(const std::map<const Symbol*, int>& component) {
  for (const Edge& edge : edges_)
    if (edge.lag != 0 && component.at(edge.from) != component.at(edge.to)) check_lagged(*edge.to, edge.span);
  for (const auto& [symbol, use] : lagged_in_losses_) check_lagged(*symbol, use);
}

void Elaborator::check_lagged(const Symbol& symbol, dsl::Span use) {
  const bool defined = symbol.kind == SymbolKind::equation || symbol.kind == SymbolKind::argument;
  if (defined && symbol.value.is_node() && !program[symbol.value.node].domain.axis.valid())
    fail(Kind::not_over_time, "`" + symbol.name + "` does not vary with time",
         {{use, "read at another step"}, {symbol.span, "the same at every step"}});
}

}  // namespace rnnc::sema
