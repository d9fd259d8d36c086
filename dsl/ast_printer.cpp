#include "dsl/ast_printer.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "dsl/unicode.h"

namespace rnnc::dsl {
namespace {

std::string concat(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const std::string_view part : parts) out += part;
  return out;
}

template <class Items, class Print>
std::string joined(const Items& items, std::size_t first, Print print) {
  std::string out;
  for (std::size_t i = first; i < items.size(); ++i) out += (i > first ? ", " : "") + print(items[i]);
  return out;
}

std::string optional_text(const ExprPtr& expr) { return expr == nullptr ? "" : to_string(*expr); }
std::string expr_text(const ExprPtr& expr) { return expr == nullptr ? "<none>" : to_string(*expr); }

std::string initial_text(const ExprPtr& expr) { return expr == nullptr ? "" : " = " + to_string(*expr); }

std::string to_string(const ShapeSpec& shape) {
  if (shape.is_index) return concat({" : index(", joined(shape.extents, 0, expr_text), ")"});
  if (!shape.span.known()) return "";
  return concat({" : [", joined(shape.extents, 0, expr_text), "]"});
}

std::string_view to_string(DeclarationKind kind) {
  switch (kind) {
    case DeclarationKind::input: return "input";
    case DeclarationKind::target: return "target";
    case DeclarationKind::state: return "state";
    case DeclarationKind::param: return "param";
  }
  return "";
}

class Printer {
 public:
  explicit Printer(const SourceMap* sources) : sources_(sources) {}

  void print(const File& file) {
    for (const ImportDecl& import : file.imports) line(0, import.span, "import \"" + printable(import.path) + "\"");
    for (const ConstantDecl& constant : file.constants) {
      line(0, constant.span, "const " + constant.name.text + " = " + expr_text(constant.value));
    }
    for (const FunctionDecl& function : file.functions) {
      const auto name = [](const Identifier& parameter) { return parameter.text; };
      line(0, function.span,
           "fn " + function.name.text + "(" + joined(function.parameters, 0, name) + ") = " + expr_text(function.body) +
               (function.derivative == nullptr ? "" : " derivative " + to_string(*function.derivative)));
    }
    for (const Unit& unit : file.units) {
      const auto dimension = [](const Dimension& one) { return one.name.text + initial_text(one.fallback); };
      line(0, unit.span,
           (unit.is_model ? "model " : "cell ") + unit.name.text + "(" + joined(unit.dimensions, 0, dimension) + ")");
      print(unit.members, 1);
    }
  }

  std::string out;

 private:
  void line(int depth, Span span, const std::string& text) {
    std::string place = "-";
    if (sources_ != nullptr && span.known()) {
      const Position position = sources_->position(span.file, span.begin);
      place = std::to_string(position.line) + ":" + std::to_string(position.column);
    }
    constexpr std::size_t width = 8;
    place.resize(std::max(place.size() + 1, width), ' ');
    out += place + std::string(static_cast<std::size_t>(2 * depth), ' ') + text + "\n";
  }

  void print(const std::vector<Member>& members, int depth) {
    for (const Member& member : members) {
      if (member.declaration != nullptr) print(*member.declaration, depth);
      if (member.equation != nullptr) {
        const EquationDecl& equation = *member.equation;
        const std::string subscript =
            equation.subscript == nullptr ? "" : concat({"[", to_string(*equation.subscript), "]"});
        line(depth, equation.span, equation.name.text + subscript + " = " + expr_text(equation.value));
      }
      if (member.output != nullptr) {
        const auto item = [](const OutputDecl::Item& one) { return one.name.text + initial_text(one.value); };
        line(depth, member.output->span, "output " + joined(member.output->items, 0, item));
      }
      if (member.loss != nullptr) line(depth, member.loss->span, "loss " + expr_text(member.loss->value));
      if (member.loop != nullptr) {
        const ForDecl& loop = *member.loop;
        line(depth, loop.span,
             "for " + loop.variable.text + " in " + expr_text(loop.first) + " .. " + expr_text(loop.last));
        print(loop.body, depth + 1);
      }
    }
  }

  void print(const Declaration& declaration, int depth) {
    const std::string qualifiers =
        (declaration.per_row ? " per row" : "") + (declaration.axis ? " over " + declaration.axis->text : "");
    for (const Declaration::Item& item : declaration.items) {
      line(depth, item.name.span,
           std::string(to_string(declaration.kind)) + " " + item.name.text + to_string(item.shape) + qualifiers +
               initial_text(item.initial));
    }
  }

  const SourceMap* sources_;  // null: places are left out
};

}  // namespace

std::string to_string(const Expr& expr) {
  const auto operand = [&](std::size_t i) { return i < expr.operands.size() ? expr_text(expr.operands[i]) : "<none>"; };
  switch (expr.kind) {
    case ExprKind::number:
    case ExprKind::name: return expr.text;
    case ExprKind::member: return operand(0) + "." + expr.text;
    case ExprKind::index: return concat({operand(0), "[", joined(expr.operands, 1, expr_text), "]"});
    case ExprKind::range: return optional_text(expr.operands[0]) + ":" + optional_text(expr.operands[1]);
    case ExprKind::call: return concat({operand(0), "(", joined(expr.operands, 1, expr_text), ")"});
    case ExprKind::named: return expr.text + " = " + operand(0);
    case ExprKind::unary: return concat({"(", expr.text, expr.text == "not" ? " " : "", operand(0), ")"});
    case ExprKind::binary: return concat({"(", operand(0), " ", expr.text, " ", operand(1), ")"});
    case ExprKind::transpose: return operand(0) + "'";
    case ExprKind::list: return concat({"[", joined(expr.operands, 0, expr_text), "]"});
    case ExprKind::reverse: return concat({"(reverse ", operand(0), ")"});
    case ExprKind::error: return "<error>";
  }
  return "<error>";
}

std::string to_string(const File& file, const SourceMap& sources) {
  Printer printer(&sources);
  printer.print(file);
  return std::move(printer.out);
}

std::string to_string(const File& file) {
  Printer printer(nullptr);
  printer.print(file);
  return std::move(printer.out);
}

}  // namespace rnnc::dsl
