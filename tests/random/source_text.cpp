#include "tests/random/source_text.h"

#include "dsl/ast_printer.h"

namespace rnnc::testing {

namespace {

std::string after(const char* sign, const dsl::ExprPtr& expr) { return expr ? sign + dsl::to_string(*expr) : ""; }

std::string text(const dsl::ShapeSpec& shape) {
  if (!shape.is_index && shape.extents.empty()) return "";
  std::string inside;
  for (const dsl::ExprPtr& extent : shape.extents) inside += (inside.empty() ? "" : ", ") + dsl::to_string(*extent);
  return shape.is_index ? " : index(" + inside + ")" : " : [" + inside + "]";
}

void add(const dsl::Declaration& declaration, std::string& out) {
  static constexpr const char* kinds[] = {"input ", "target ", "state ", "param "};
  for (const auto& item : declaration.items) {
    out += "  " + std::string(kinds[static_cast<std::size_t>(declaration.kind)]) + item.name.text + text(item.shape) +
           after(" = ", item.initial);
    if (declaration.per_row) out += " per row";
    if (declaration.axis) out += " over " + declaration.axis->text;
    out += "\n";
  }
}

void add(const std::vector<dsl::Member>& members, std::string& out) {
  for (const dsl::Member& member : members) {
    if (member.declaration) add(*member.declaration, out);
    if (member.equation) {
      out += "  " + member.equation->name.text;
      if (member.equation->subscript) out += "[" + dsl::to_string(*member.equation->subscript) + "]";
      out += after(" = ", member.equation->value) + "\n";
    }
    if (member.output)
      for (const auto& item : member.output->items) out += "  output " + item.name.text + after(" = ", item.value) + "\n";
    if (member.loss) out += after("  loss ", member.loss->value) + "\n";
    if (member.loop) {
      out += "  for " + member.loop->variable.text + " in " + dsl::to_string(*member.loop->first) + after("..", member.loop->last) + " {\n";
      add(member.loop->body, out);
      out += "  }\n";
    }
  }
}

}  // namespace

std::string source_text(const dsl::File& file) {
  std::string out;
  for (const dsl::ImportDecl& import : file.imports) out += "import \"" + import.path + "\"\n";
  for (const dsl::ConstantDecl& constant : file.constants) out += "const " + constant.name.text + after(" = ", constant.value) + "\n";
  for (const dsl::FunctionDecl& function : file.functions) {
    std::string parameters;
    for (const dsl::Identifier& parameter : function.parameters) parameters += (parameters.empty() ? "" : ", ") + parameter.text;
    out += "fn " + function.name.text + "(" + parameters + ")" + after(" = ", function.body) +
           after(" derivative ", function.derivative) + "\n";
  }
  for (const dsl::Unit& unit : file.units) {
    out += (unit.is_model ? "model " : "cell ") + unit.name.text;
    std::string dimensions;
    for (const dsl::Dimension& dimension : unit.dimensions)
      dimensions += (dimensions.empty() ? "" : ", ") + dimension.name.text + after(" = ", dimension.fallback);
    if (!dimensions.empty()) out += "(" + dimensions + ")";
    out += " {\n";
    add(unit.members, out);
    out += "}\n";
  }
  return out;
}

}  // namespace rnnc::testing
