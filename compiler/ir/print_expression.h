// Expressions of a Program in infix notation. print.cpp decides what gets a line of its own; this writes one line.
#pragma once

#include <limits>
#include <map>
#include <string>
#include <utility>

#include "compiler/ir/program.h"

namespace rnnc::ir {

// What stands before the first or after the last step of an equation: said once, so that `h[t-1]` suffices elsewhere.
class InitialValues {
 public:
  explicit InitialValues(const Program& program);
  // The values of slots 1, 2, … of an equation looked back at (or ahead); no entry where nothing was found.
  using Slots = std::map<std::int64_t, NodeId>;
  using Key = std::pair<EquationId, bool>;  // the equation, and whether its sequence is continued ahead
  const std::map<Key, Slots>& all() const { return slots_; }
  // Whether the boundaries of this shift or at are those listed (what is not listed is zero).
  bool says(const Node& reference) const;

 private:
  const Program& program_;
  std::map<Key, Slots> slots_;
};

class ExpressionPrinter {
 public:
  // A node without a name is written out wherever it is read, and expressions can be as long as there are ways through
  // them: past `most_nodes` of them, "…" stands for what is left.
  ExpressionPrinter(const Program& program, const InitialValues& initial_values,
                    std::size_t most_nodes = std::numeric_limits<std::size_t>::max())
      : program_(program), initial_values_(initial_values), names_(program.nodes.size()), most_nodes_(most_nodes) {}

  void name(NodeId id, std::string name) { names_[id] = std::move(name); }
  const std::string& name_of(NodeId id) const { return names_[id]; }
  // The node by its name if it has one.
  std::string reference(NodeId id) const {
    written_ = 0;
    return text(id, 0);
  }
  // The node's own expression, whatever its name.
  std::string definition(NodeId id) const;
  // An initial value as the states section says it: "given or 0".
  std::string initial_value(NodeId id, EquationId equation, std::int64_t slot) const;
  std::string axis_name(AxisId axis) const;
  std::string domain_text(Domain domain) const;  // "t, b"

 private:
  // An expression and how tightly its outermost operator binds.
  struct Text {
    std::string text;
    int strength;
  };
  std::string text(NodeId id, int least_strength) const;
  Text write(NodeId id) const;
  Text write_leaf(const Node& node) const;
  Text write_reference(const Node& node) const;
  Text write_map(const Node& node) const;
  Text write_sum(const Node& node) const;
  Text write_product(const Node& node) const;
  Text write_structure(const Node& node) const;
  Text call(std::string_view function, const Node& node) const;

  const Program& program_;
  const InitialValues& initial_values_;
  IdVector<NodeId, std::string> names_;
  std::size_t most_nodes_;
  mutable std::size_t written_ = 0;  // of the expression at hand
};

// What a comment shows of an expression: the printer's `most_nodes`, and the text as far as it goes in `longest` bytes.
constexpr std::size_t most_nodes_of_a_comment = 256;
std::string clipped(const std::string& text, std::size_t longest);

// The shortest decimal that reads back as the same number.
std::string number_text(double value);

}  // namespace rnnc::ir
