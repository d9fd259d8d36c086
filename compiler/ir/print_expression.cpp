#include "compiler/ir/print_expression.h"

#include <array>
#include <charconv>
#include <cmath>

#include "compiler/base/bug.h"

namespace rnnc::ir {
namespace {

// How tightly operators bind, as in the language.
constexpr int either = 1, both = 2, negation = 3, comparison = 4, sum = 5, product = 6, sign = 7, power = 8, atom = 9;

int strength_of(std::string_view spelling, int arity) {
  if (spelling == "or") return either;
  if (spelling == "and") return both;
  if (spelling == "not") return negation;
  if (arity == 1) return sign;
  if (spelling == "+" || spelling == "-") return sum;
  if (spelling == "*" || spelling == "/" || spelling == "%") return product;
  if (spelling == "^") return power;
  return comparison;
}

bool is_map(const Node& node, std::string_view function) {
  return node.kind == NodeKind::map && elementwise(node.function).name == function;
}

EquationId equation_ref(const Node& node) { return EquationId(static_cast<std::size_t>(node.ref)); }

// "+2", "-2", "".
std::string distance_text(std::int64_t distance) {
  if (distance == 0) return "";
  return (distance > 0 ? "+" : "-") + std::to_string(std::abs(distance));
}

bool is_zero(const Program& program, NodeId id) {
  const Node& node = program[id];
  if (node.kind == NodeKind::broadcast) return is_zero(program, node.operands[0]);
  return node.kind == NodeKind::constant && node.value == 0;
}

// The boundary at each slot that a shift or at may read.
InitialValues::Slots boundary_slots(const Node& node) {
  std::int64_t count = node.kind == NodeKind::shift ? std::abs(node.offset) : node.offset + 1;
  InitialValues::Slots slots;
  if (node.operands.empty()) return slots;
  for (std::int64_t slot = 1; slot <= count; ++slot)
    slots[slot] = node.operands[node.operands.size() == 1 ? 0 : static_cast<std::size_t>(slot - 1)];
  return slots;
}

InitialValues::Key key_of(const Node& node) {
  return {equation_ref(node), node.kind == NodeKind::shift ? node.offset < 0 : node.end == End::first};
}

}  // namespace

std::string number_text(double value) {
  if (std::isnan(value)) return "nan";
  std::array<char, 32> buffer;
  auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), end.ptr};
}

std::string clipped(const std::string& text, std::size_t longest) {
  if (text.size() <= longest) return text;
  while ((static_cast<unsigned char>(text[longest]) & 0xC0) == 0x80) --longest;  // a character is shown whole
  return text.substr(0, longest) + " …";
}

InitialValues::InitialValues(const Program& program) : program_(program) {
  for (const Node& node : program.nodes) {
    if (node.kind != NodeKind::shift) continue;
    for (auto [slot, value] : boundary_slots(node)) slots_[key_of(node)].emplace(slot, value);
  }
}

bool InitialValues::says(const Node& reference) const {
  auto found = slots_.find(key_of(reference));
  std::int64_t count = reference.kind == NodeKind::shift ? std::abs(reference.offset) : reference.offset + 1;
  Slots own = boundary_slots(reference);
  for (std::int64_t slot = 1; slot <= count; ++slot) {
    NodeId said, read;
    if (found != slots_.end() && found->second.count(slot)) said = found->second.at(slot);
    if (own.count(slot)) read = own[slot];
    bool zeros = (!said.valid() || is_zero(program_, said)) && (!read.valid() || is_zero(program_, read));
    if (said != read && !zeros) return false;
  }
  return true;
}

std::string ExpressionPrinter::axis_name(AxisId axis) const {
  const std::string& name = program_.axes[axis].name;
  return name.empty() ? "t" : name;
}

std::string ExpressionPrinter::domain_text(Domain domain) const {
  std::string text = domain.axis.valid() ? axis_name(domain.axis) : "";
  if (domain.batched) text += text.empty() ? "b" : ", b";
  return text;
}

std::string ExpressionPrinter::text(NodeId id, int least_strength) const {
  if (!names_[id].empty()) return names_[id];
  if (written_++ >= most_nodes_) return "…";
  Text written = write(id);
  return written.strength < least_strength ? "(" + written.text + ")" : written.text;
}

std::string ExpressionPrinter::definition(NodeId id) const {
  written_ = 0;
  return write(id).text;
}

std::string ExpressionPrinter::initial_value(NodeId id, EquationId equation, std::int64_t slot) const {
  const Node& node = program_[id];
  if (node.kind == NodeKind::broadcast && node.dim == -1) return initial_value(node.operands[0], equation, slot);
  bool own = node.kind == NodeKind::initial && names_[id].empty() && node.offset == slot &&
             program_.states[StateId(static_cast<std::size_t>(node.ref))].equation == equation;
  return own ? "given or " + initial_value(node.operands[0], equation, slot) : text(id, 0);
}

ExpressionPrinter::Text ExpressionPrinter::call(std::string_view function, const Node& node) const {
  std::string arguments;
  for (NodeId id : node.operands) arguments += (arguments.empty() ? "" : ", ") + text(id, 0);
  return {std::string(function) + "(" + arguments + ")", atom};
}

ExpressionPrinter::Text ExpressionPrinter::write_leaf(const Node& node) const {
  auto ref = static_cast<std::size_t>(node.ref);
  switch (node.kind) {
    case NodeKind::constant: return {number_text(node.value), std::signbit(node.value) ? sign : atom};
    case NodeKind::parameter: return {program_.parameters[ParameterId(ref)].name, atom};
    case NodeKind::input: return {program_.inputs[InputId(ref)].name, atom};
    case NodeKind::upstream: return {"upstream(" + program_.results[ResultId(ref)].name + ")", atom};
    case NodeKind::given: return {"given(" + program_.states[StateId(ref)].name + ")", atom};
    case NodeKind::time: return {axis_name(node.axis), atom};
    case NodeKind::length: return {"length(" + axis_name(node.axis) + ")", atom};
    case NodeKind::random: {
      std::string step;
      if (node.domain.axis.valid() && node.offset != 0)
        step = "[" + axis_name(node.domain.axis) + distance_text(-node.offset) + "]";
      if (node.axis.valid())
        step = node.end == End::first ? "[first" + distance_text(node.offset) + "]" : "[last" + distance_text(-node.offset) + "]";
      return {"random(" + std::to_string(node.ref) + ")" + step, atom};
    }
    case NodeKind::ones: return {"ones(" + domain_text(node.domain) + ")", atom};
    default: return {std::string(node_kind_name(node.kind)), atom};  // rows, training, rate
  }
}

ExpressionPrinter::Text ExpressionPrinter::write_reference(const Node& node) const {
  bool shift = node.kind == NodeKind::shift;
  std::string step = shift ? "t" + distance_text(-node.offset)
                     : node.end == End::first ? "first" + distance_text(node.offset)
                                              : "last" + distance_text(-node.offset);
  if (node.kind == NodeKind::impulse || node.kind == NodeKind::by_length) {
    // The operands are as many steps from each other as they stand behind one another: the outermost ones say which.
    const auto last = static_cast<std::int64_t>(node.operands.size()) - 1;
    std::string operands = text(node.operands[0], 0);
    if (last > 1) operands += ", …";
    if (last > 0) operands += ", " + text(node.operands.back(), 0);
    if (node.kind == NodeKind::impulse) {
      if (last > 0) step += node.end == End::first ? " … first" + distance_text(node.offset + last)
                                                   : " … last" + distance_text(-node.offset - last);
      return {"impulse(" + operands + ", " + step + ")", atom};
    }
    const std::string length = "length(" + axis_name(node.axis) + ")", least = std::to_string(node.offset);
    if (last == 0) return {"where(" + length + " == " + least + ", " + operands + ", 0)", atom};
    return {"by_length(" + operands + ", " + length + " = " + least + " … " + std::to_string(node.offset + last) + ")", atom};
  }
  std::string boundary;
  if (!initial_values_.says(node)) {
    for (NodeId id : node.operands) boundary += (boundary.empty() ? "; " : ", ") + text(id, 0);
    if (boundary.empty()) boundary = "; 0";
  }
  return {program_.equations[equation_ref(node)].name + "[" + step + boundary + "]", atom};
}

// a + b, a - b: a negative right operand is subtracted; the first operand is the constant, which reads better behind.
ExpressionPrinter::Text ExpressionPrinter::write_sum(const Node& node) const {
  NodeId a = node.operands[0], b = node.operands[1];
  const Node& first = program_[a];
  if (first.kind == NodeKind::constant && std::signbit(first.value))
    return {text(b, sum) + " - " + number_text(-first.value), sum};
  auto negated = [&](NodeId id) { return names_[id].empty() && is_map(program_[id], "neg"); };
  if (negated(a) && !negated(b)) std::swap(a, b);
  if (negated(b)) return {text(a, sum) + " - " + text(program_[b].operands[0], product), sum};
  return {text(a, sum) + " + " + text(b, sum), sum};
}

ExpressionPrinter::Text ExpressionPrinter::write_map(const Node& node) const {
  const Elementwise& row = elementwise(node.function);
  if (row.spelling.empty() || node.operands.size() > 2) return call(row.name, node);
  if (row.name == "add") return write_sum(node);
  int strength = strength_of(row.spelling, row.arity);
  std::string spelling(row.spelling);
  if (row.arity == 1)
    return {(strength == negation ? spelling + " " : spelling) + text(node.operands[0], strength), strength};
  NodeId a = node.operands[0], b = node.operands[1];
  if (row.name == "mul" && a == b) return {text(a, atom) + "^2", power};
  if (strength == power) return {text(a, atom) + spelling + text(b, atom), power};
  // Left-associative; a chain of products needs no parentheses on the right either. A matrix product beside an
  // elementwise one gets them, although both bind alike.
  auto is_matrix_product = [&](NodeId id) {
    return names_[id].empty() && (program_[id].kind == NodeKind::matmul || program_[id].kind == NodeKind::outer);
  };
  int left = strength == product && is_matrix_product(a) ? sign : strength == comparison ? sum : strength;
  int right = row.name == "mul" && !is_matrix_product(b) ? strength : strength + 1;
  if (row.name == "mul" && names_[b].empty() && (is_map(program_[b], "div") || is_map(program_[b], "mod")))
    right = strength + 1;
  if (row.name == "and" || row.name == "or") right = strength;
  return {text(a, left) + " " + spelling + " " + text(b, right), strength};
}

ExpressionPrinter::Text ExpressionPrinter::write_product(const Node& node) const {
  NodeId a = node.operands[0];
  bool chain = names_[a].empty() && program_[a].kind == NodeKind::matmul;
  std::string right = text(node.operands[1], sign);
  if (node.kind == NodeKind::outer) right = text(node.operands[1], atom) + "'";
  return {text(a, chain ? product : sign) + " @ " + right, product};
}

ExpressionPrinter::Text ExpressionPrinter::write_structure(const Node& node) const {
  NodeId u = node.operands[0];
  std::string dim = std::to_string(node.dim);
  switch (node.kind) {
    case NodeKind::broadcast:
      if (node.dim == -1) return {"repeat(" + text(u, 0) + ", " + node.shape.to_string() + ")", atom};
      return {"repeat(" + text(u, 0) + " over " + dim + ", " + std::to_string(node.extent) + ")", atom};
    case NodeKind::transpose: return {text(u, atom) + "'", atom};
    case NodeKind::reshape: return {"reshape(" + text(u, 0) + ", " + node.shape.to_string() + ")", atom};
    case NodeKind::slice: {
      std::string subscript;
      for (int d = 0; d < node.shape.rank(); ++d) {
        std::string range = std::to_string(node.offset) + ":" + std::to_string(node.offset + node.extent);
        subscript += (d ? ", " : "") + (d == node.dim ? range : std::string(":"));
      }
      return {text(u, atom) + "[" + subscript + "]", atom};
    }
    case NodeKind::pad:
      return {"pad(" + text(u, 0) + " over " + dim + ", " + std::to_string(node.offset) + ", " +
                  std::to_string(node.extent) + ")", atom};
    case NodeKind::concat: {
      std::string parts;
      for (NodeId id : node.operands) parts += (parts.empty() ? "" : ", ") + text(id, 0);
      return {node.dim == 0 ? "[" + parts + "]" : "concat(" + parts + " over " + dim + ")", atom};
    }
    case NodeKind::gather: return {text(u, atom) + "[" + text(node.operands[1], 0) + "]", atom};
    default: throw Bug("print: no structure");
  }
}

ExpressionPrinter::Text ExpressionPrinter::write(NodeId id) const {
  const Node& node = program_[id];
  switch (node.kind) {
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
    case NodeKind::random: return write_leaf(node);
    case NodeKind::shift:
    case NodeKind::at:
    case NodeKind::impulse:
    case NodeKind::by_length: return write_reference(node);
    case NodeKind::initial:
      return {"initial(" + program_.states[StateId(static_cast<std::size_t>(node.ref))].name + ", " +
                  std::to_string(node.offset) + ", " + text(node.operands[0], 0) + ")", atom};
    case NodeKind::sum_over: {
      Domain summed{node.flag, node.axis};
      return {"sum(" + text(node.operands[0], 0) + " over " + domain_text(summed) + ")", atom};
    }
    case NodeKind::map: return write_map(node);
    case NodeKind::matmul:
    case NodeKind::outer: return write_product(node);
    case NodeKind::reduce_sum:
    case NodeKind::reduce_max: {
      std::string name = node.kind == NodeKind::reduce_sum ? "sum" : "max";
      std::string over = node.dim == -1 ? "" : " over " + std::to_string(node.dim);
      return {name + "(" + text(node.operands[0], 0) + over + ")", atom};
    }
    case NodeKind::cumulative_sum: {
      std::string order = node.flag ? ", reversed" : "";
      return {"cumulative_sum(" + text(node.operands[0], 0) + order + ")", atom};
    }
    case NodeKind::one_hot:
    case NodeKind::chosen:
    case NodeKind::stop_gradient:
    case NodeKind::surrogate: return call(node_kind_name(node.kind), node);
    case NodeKind::broadcast:
    case NodeKind::transpose:
    case NodeKind::reshape:
    case NodeKind::slice:
    case NodeKind::pad:
    case NodeKind::concat:
    case NodeKind::gather: return write_structure(node);
  }
  throw Bug("print: a node of unknown kind");
}

}  // namespace rnnc::ir
