// A Program as text: which nodes get a line, and in what order.
#include <algorithm>
#include <set>

#include "compiler/ir/dependence.h"
#include "compiler/ir/print_expression.h"

namespace rnnc::ir {
namespace {

// An expression of so many operations stays in its line even if others use it too.
constexpr int small_weight = 1;
// One of more than this gets a line of its own in any case.
constexpr int large_weight = 40;
// So does one that is nested deeper: an expression is written by recursion.
constexpr int large_depth = 100;

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

std::string_view role_name(ResultRole role) {
  switch (role) {
    case ResultRole::output: return "output";
    case ResultRole::final_state: return "final";
    case ResultRole::loss: return "loss";
    case ResultRole::input_gradient:
    case ResultRole::parameter_gradient:
    case ResultRole::initial_gradient: return "gradient";
  }
  return "result";
}

class Printer {
 public:
  Printer(const Program& program, PrintOptions options)
      : program_(program), options_(options), initial_values_(program), expressions_(program, initial_values_),
        equations_of_(program.nodes.size()), generated_(program.nodes.size(), false),
        shown_(program.nodes.size(), !options.gradient_only) {}

  std::string run();

 private:
  void choose_lines();
  IdVector<NodeId, int> count_users() const;
  void choose_gradient_lines();
  // Marks everything that the results with gradient roles (or those without) need.
  IdVector<NodeId, char> needed(bool gradients) const;
  void write_declarations();
  void write_states();
  void write_equations();
  void write_results();
  std::string shape_text(const Shape& shape, Domain domain) const;
  void line(const std::string& text) { out_ += "  " + text + "\n"; }

  const Program& program_;
  PrintOptions options_;
  InitialValues initial_values_;
  ExpressionPrinter expressions_;
  IdVector<NodeId, std::vector<EquationId>> equations_of_;
  IdVector<NodeId, char> generated_;  // has a line for its size or its users' sake
  IdVector<NodeId, char> shown_;      // its line, if it has one, is printed
  std::string out_;
};

// Atoms, references, and views of them weigh nothing.
int own_weight(const Node& node) {
  if (node.operands.empty()) return 0;
  switch (node.kind) {
    case NodeKind::shift:
    case NodeKind::at:
    case NodeKind::initial:
    case NodeKind::transpose:
    case NodeKind::slice:
    case NodeKind::gather:
    case NodeKind::broadcast: return 0;
    case NodeKind::matmul:
    case NodeKind::outer:
    case NodeKind::sum_over: return 2;
    default: return 1;
  }
}

// Leaves, and references to other steps.
bool speaks_for_itself(const Node& node) {
  if (node.kind == NodeKind::shift || node.kind == NodeKind::at) return true;
  return node.operands.empty() && node.kind != NodeKind::upstream && node.kind != NodeKind::random;
}

// How many nodes and results read each node, of those that an equation or result needs.
IdVector<NodeId, int> Printer::count_users() const {
  IdVector<NodeId, int> users(program_.nodes.size(), 0);
  for (const Result& result : program_.results) ++users[result.node];
  for (std::size_t i = program_.nodes.size(); i-- > 0;) {
    NodeId user(i);
    if (users[user] == 0 && equations_of_[user].empty()) continue;
    const Node& node = program_[user];
    std::set<NodeId> distinct(node.operands.begin(), node.operands.end());
    for (NodeId id : distinct) ++users[id];
  }
  return users;
}

void Printer::choose_lines() {
  for (EquationId id : program_.equations.ids()) {
    NodeId value = program_.equations[id].value;
    if (value.valid()) equations_of_[value].push_back(id);
  }
  IdVector<NodeId, int> users = count_users(), weight(program_.nodes.size(), 0), depth(program_.nodes.size(), 0);
  std::set<std::string> taken;
  for (const Equation& equation : program_.equations) taken.insert(equation.name);
  for (const ParameterInfo& parameter : program_.parameters) taken.insert(parameter.name);
  for (const InputInfo& input : program_.inputs) taken.insert(input.name);
  int generated = 0;
  for (NodeId id : program_.nodes.ids()) {
    const Node& node = program_[id];
    weight[id] = own_weight(node);
    for (NodeId operand : node.operands) depth[id] = std::max(depth[id], depth[operand] + 1);
    if (node.kind != NodeKind::shift && node.kind != NodeKind::at)
      for (NodeId operand : node.operands) weight[id] = std::min(weight[id] + weight[operand], 2 * large_weight);
    auto label = program_.labels.find(id);
    if (!equations_of_[id].empty()) {
      // A leaf is better called by its own name, and a reference says more than another name for it.
      if (!speaks_for_itself(node)) expressions_.name(id, program_.equations[equations_of_[id][0]].name);
    } else if (label != program_.labels.end() && !speaks_for_itself(node)) {
      expressions_.name(id, label->second);
    } else if ((users[id] > 1 && weight[id] > small_weight) || weight[id] > large_weight ||
               depth[id] > large_depth) {
      std::string name;
      do name = "s" + std::to_string(++generated);
      while (taken.count(name));
      expressions_.name(id, name);
      generated_[id] = true;
    }
    if (!expressions_.name_of(id).empty()) weight[id] = depth[id] = 0;
  }
}

IdVector<NodeId, char> Printer::needed(bool gradients) const {
  IdVector<NodeId, char> marked(program_.nodes.size(), false);
  std::vector<NodeId> open;
  auto mark = [&](NodeId id) {
    if (!marked[id]) open.push_back(id);
    marked[id] = true;
  };
  for (const Result& result : program_.results)
    if (is_gradient(result.role) == gradients) mark(result.node);
  while (!open.empty()) {
    NodeId id = open.back();
    open.pop_back();
    for_each_dependence(program_, program_[id], [&](NodeId on, Reach, std::int64_t) { mark(on); });
  }
  return marked;
}

// Lines that gradients need and forward results do not; and forward ones without a name of the user's, if mentioned.
void Printer::choose_gradient_lines() {
  IdVector<NodeId, char> forward = needed(false), gradient = needed(true), mentioned(program_.nodes.size(), false);
  for (NodeId id : program_.nodes.ids()) shown_[id] = gradient[id] && !forward[id];
  for (std::size_t i = program_.nodes.size(); i-- > 0;) {
    NodeId id(i);
    bool named = !expressions_.name_of(id).empty();
    if (mentioned[id] && named && generated_[id]) shown_[id] = true;
    bool passes = shown_[id] || (mentioned[id] && !named);
    bool elsewhere = program_[id].kind == NodeKind::shift || program_[id].kind == NodeKind::at;
    if (!passes || elsewhere) continue;
    for (NodeId operand : program_[id].operands) mentioned[operand] = true;
  }
}

std::string Printer::shape_text(const Shape& shape, Domain domain) const {
  std::string over = expressions_.domain_text(domain);
  return (shape.rank() > 0 ? " : " + shape.to_string() : "") + (over.empty() ? "" : " over " + over);
}

void Printer::write_declarations() {
  for (const InputInfo& input : program_.inputs) {
    std::string index = input.index_extent > 0 ? " : index(" + std::to_string(input.index_extent) + ")" : "";
    line((input.target ? "target " : "input ") + input.name + index + shape_text(input.shape, input.domain));
  }
  for (const ParameterInfo& parameter : program_.parameters)
    line("param " + parameter.name + shape_text(parameter.shape, {}));
}

// Zero goes without saying, except of states.
void Printer::write_states() {
  std::string lines;
  for (const auto& [key, slots] : initial_values_.all()) {
    auto [id, ahead] = key;
    const Equation& equation = program_.equations[id];
    auto slot_name = [&](std::int64_t slot) {
      if (!ahead) return "-" + std::to_string(slot);
      return slot == 1 ? std::string("T") : "T+" + std::to_string(slot - 1);
    };
    if (options_.gradient_only && !(equation.value.valid() && shown_[equation.value])) continue;
    for (auto it = slots.begin(); it != slots.end();) {
      auto last = it, next = std::next(it);
      std::string value = expressions_.initial_value(it->second, id, it->first);
      while (next != slots.end() && next->first == last->first + 1 &&
             expressions_.initial_value(next->second, id, next->first) == value)
        last = next++;
      std::string steps = slot_name(it->first);
      if (last != it) steps = ahead ? steps + ".." + slot_name(last->first) : slot_name(last->first) + ".." + steps;
      if (value != "0" || equation.state.valid()) lines += "  " + equation.name + "[" + steps + "] = " + value + "\n";
      it = next;
    }
  }
  if (!lines.empty()) out_ += "states\n" + lines;
}

void Printer::write_equations() {
  out_ += "equations\n";
  for (NodeId id : program_.nodes.ids()) {
    if (!shown_[id]) continue;
    const std::string& name = expressions_.name_of(id);
    if (!name.empty()) line(name + " = " + expressions_.definition(id));
    for (EquationId equation : equations_of_[id])
      if (program_.equations[equation].name != name)
        line(program_.equations[equation].name + " = " + expressions_.reference(id));
  }
  for (const Equation& equation : program_.equations)
    if (!equation.value.valid() && !options_.gradient_only) line(equation.name + " is not defined");
}

void Printer::write_results() {
  std::string lines;
  for (const Result& result : program_.results) {
    if (options_.gradient_only && !is_gradient(result.role)) continue;
    std::string value = expressions_.reference(result.node);
    std::string slot = result.role == ResultRole::final_state && result.slot > 1 ? " " + std::to_string(result.slot) : "";
    lines += "  " + std::string(role_name(result.role)) + " " + result.name + slot +
             (value == result.name ? "" : " = " + value) + "\n";
  }
  if (!lines.empty()) out_ += "results\n" + lines;
}

std::string Printer::run() {
  choose_lines();
  if (options_.gradient_only) choose_gradient_lines();
  out_ = program_.name.empty() ? "program\n" : "model " + program_.name + "\n";
  if (!options_.gradient_only) write_declarations();
  write_states();
  write_equations();
  write_results();
  return std::move(out_);
}

}  // namespace

std::string to_string(const Program& program, PrintOptions options) { return Printer(program, options).run(); }

}  // namespace rnnc::ir
