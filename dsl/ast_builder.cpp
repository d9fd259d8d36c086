#include "dsl/ast_builder.h"

#include <algorithm>
#include <charconv>

namespace rnnc::dsl {
namespace {

using antlr4::Token;
using grammar::RnncParser;

class AstBuilder {
 public:
  AstBuilder(const std::vector<Word>& words, std::string_view text, std::int32_t file, SyntaxReporter& reporter)
      : words_(words), text_(text), file_(file), reporter_(reporter) {}

  void build(RnncParser::FileContext* tree, File& ast) const {
    bool stray_before = false;
    for (RnncParser::FileItemContext* item : tree->fileItem()) {
      if (auto* top = item->topLevel()) {
        if (top->unit() != nullptr) ast.units.push_back(unit(top->unit(), ast));
        add_definition(top, ast);
      } else if (item->plainMember() != nullptr && !stray_before && !reporter_.has_reports_before(span(item))) {
        // One report for a run of them, and none behind a heading that went wrong.
        reporter_.report({DiagnosticKind::misplaced,
                          "this stands outside of a cell or model", {{span(item), ""}},
                          {"declarations and equations stand inside `cell NAME(…) { … }` or "
                           "`model NAME(…) { … }`"}});
      }
      stray_before = item->plainMember() != nullptr;
    }
  }

 private:
  // Places -----------------------------------------------------------------------------------------------------------
  const Word& word(Token* token) const { return words_[std::min(token->getTokenIndex(), words_.size() - 1)]; }
  Span span(Token* token) const { return {file_, word(token).begin, word(token).end}; }
  Span span(antlr4::ParserRuleContext* tree) const {
    const Span first = span(tree->getStart());
    Token* last = tree->getStop();
    const bool empty = last == nullptr || last->getTokenIndex() < tree->getStart()->getTokenIndex();
    if (empty) return {file_, first.begin, first.begin};
    return {file_, first.begin, std::max(first.end, span(last).end)};
  }
  std::string spelled(Span span) const { return std::string(text_.substr(span.begin, span.end - span.begin)); }

  // Whether a mistake was reported in this very rule.
  static bool broken(antlr4::ParserRuleContext* tree) {
    if (tree->exception != nullptr) return true;
    return std::any_of(tree->children.begin(), tree->children.end(), [](antlr4::tree::ParseTree* child) {
      return dynamic_cast<antlr4::tree::ErrorNode*>(child) != nullptr;
    });
  }

  // Expressions ------------------------------------------------------------------------------------------------------
  static ExprPtr make(ExprKind kind, Span span) {
    auto expr = std::make_unique<Expr>();
    expr->kind = kind;
    expr->span = span;
    return expr;
  }

  Identifier identifier(RnncParser::IdentifierContext* tree) const {
    if (tree == nullptr || broken(tree)) return {};
    return {spelled(span(tree)), span(tree)};
  }

  // Never null: what is missing or broken is an `error`.
  ExprPtr expression(RnncParser::ExpressionContext* tree) const {
    if (tree == nullptr) return make(ExprKind::error, {});
    if (!broken(tree)) {
      if (auto* atom = dynamic_cast<RnncParser::AtomContext*>(tree)) return primary(atom->primary());
      if (auto* call = dynamic_cast<RnncParser::CallContext*>(tree)) return this->call(call);
      if (auto* index = dynamic_cast<RnncParser::IndexContext*>(tree)) return this->index(index);
      if (auto* member = dynamic_cast<RnncParser::MemberOfContext*>(tree)) {
        ExprPtr expr = make(ExprKind::member, span(tree));
        const Identifier name = identifier(member->identifier());
        if (name.text.empty()) return make(ExprKind::error, span(tree));
        expr->text = name.text;
        expr->operator_span = name.span;
        expr->operands.push_back(expression(member->expression()));
        return expr;
      }
      if (auto* transpose = dynamic_cast<RnncParser::TransposeContext*>(tree)) {
        ExprPtr expr = make(ExprKind::transpose, span(tree));
        expr->operands.push_back(expression(transpose->expression()));
        return expr;
      }
      if (auto* prefix = dynamic_cast<RnncParser::PrefixContext*>(tree)) return this->prefix(prefix);
      if (auto* binary = dynamic_cast<RnncParser::BinaryContext*>(tree)) return this->binary(binary);
    }
    return make(ExprKind::error, span(tree));
  }

  ExprPtr call(RnncParser::CallContext* tree) const {
    ExprPtr expr = make(ExprKind::call, span(tree));
    expr->operands.push_back(expression(tree->expression()));
    for (RnncParser::ArgumentContext* argument : tree->argument()) {
      ExprPtr value = broken(argument) ? make(ExprKind::error, span(argument)) : expression(argument->expression());
      if (argument->identifier() != nullptr && !broken(argument)) {
        ExprPtr named = make(ExprKind::named, span(argument));
        named->text = identifier(argument->identifier()).text;
        named->operator_span = span(argument->identifier());
        named->operands.push_back(std::move(value));
        value = std::move(named);
      }
      expr->operands.push_back(std::move(value));
    }
    return expr;
  }

  ExprPtr index(RnncParser::IndexContext* tree) const {
    ExprPtr expr = make(ExprKind::index, span(tree));
    expr->operands.push_back(expression(tree->expression()));
    for (RnncParser::SubscriptContext* subscript : tree->subscript()) {
      if (broken(subscript)) {
        expr->operands.push_back(make(ExprKind::error, span(subscript)));
        continue;
      }
      antlr4::tree::TerminalNode* colon = subscript->COLON();
      if (colon == nullptr) {
        expr->operands.push_back(expression(subscript->expression(0)));
        continue;
      }
      ExprPtr range = make(ExprKind::range, span(subscript));
      ExprPtr ends[2];
      for (RnncParser::ExpressionContext* end : subscript->expression()) {
        const bool after = end->getStart()->getTokenIndex() > colon->getSymbol()->getTokenIndex();
        ends[after ? 1 : 0] = expression(end);
      }
      range->operands.push_back(std::move(ends[0]));
      range->operands.push_back(std::move(ends[1]));
      expr->operands.push_back(std::move(range));
    }
    return expr;
  }

  ExprPtr prefix(RnncParser::PrefixContext* tree) const {
    const bool reverse = tree->sign->getType() == RnncParser::REVERSE;
    ExprPtr expr = make(reverse ? ExprKind::reverse : ExprKind::unary, span(tree));
    expr->operator_span = span(tree->sign);
    if (!reverse) expr->text = spelled(expr->operator_span);
    expr->operands.push_back(expression(tree->expression()));
    return expr;
  }

  static bool compares(Token* sign) {
    return sign != nullptr && sign->getType() >= RnncParser::LESS && sign->getType() <= RnncParser::NOT_EQUAL;
  }

  ExprPtr binary(RnncParser::BinaryContext* tree) const {
    ExprPtr expr = make(ExprKind::binary, span(tree));
    expr->operator_span = span(tree->sign);
    expr->text = spelled(expr->operator_span);
    for (RnncParser::ExpressionContext* operand : tree->expression()) {
      auto* inner = dynamic_cast<RnncParser::BinaryContext*>(operand);
      if (inner != nullptr && compares(inner->sign) && compares(tree->sign)) {
        reporter_.report({DiagnosticKind::chained_comparison, "comparisons do not chain",
                          {{expr->operator_span, "second comparison"}, {span(inner->sign), "first comparison"}},
                          {"write `a < b and b < c`"}});
        return make(ExprKind::error, expr->span);
      }
      auto* negated = dynamic_cast<RnncParser::PrefixContext*>(operand);
      const bool logical = tree->sign->getType() == RnncParser::AND || tree->sign->getType() == RnncParser::OR;
      if (negated != nullptr && negated->sign->getType() == RnncParser::NOT && !logical) {
        reporter_.report({DiagnosticKind::syntax_error,
                          "`not` cannot be an operand of `" + expr->text + "` as it stands",
                          {{span(negated->sign), ""}, {expr->operator_span, "operand of this"}},
                          {"put `(not …)` in parentheses"}});
        return make(ExprKind::error, expr->span);
      }
      expr->operands.push_back(expression(operand));
    }
    while (expr->operands.size() < 2) expr->operands.push_back(make(ExprKind::error, expr->span));
    return expr;
  }

  ExprPtr primary(RnncParser::PrimaryContext* tree) const {
    if (tree == nullptr) return make(ExprKind::error, {});
    if (broken(tree)) return make(ExprKind::error, span(tree));
    if (dynamic_cast<RnncParser::NumberContext*>(tree) != nullptr) return number(span(tree));
    if (auto* name = dynamic_cast<RnncParser::NameContext*>(tree)) {
      ExprPtr expr = make(ExprKind::name, span(tree));
      expr->text = identifier(name->identifier()).text;
      return expr;
    }
    if (auto* inner = dynamic_cast<RnncParser::ParenthesisedContext*>(tree)) {
      ExprPtr expr = expression(inner->expression());
      expr->span = span(tree);
      return expr;
    }
    if (auto* list = dynamic_cast<RnncParser::ListContext*>(tree)) {
      ExprPtr expr = make(ExprKind::list, span(tree));
      for (RnncParser::ExpressionContext* item : list->expression()) expr->operands.push_back(expression(item));
      return expr;
    }
    return make(ExprKind::error, span(tree));
  }

  ExprPtr number(Span where) const {
    ExprPtr expr = make(ExprKind::number, where);
    expr->text = spelled(where);
    const char* end = expr->text.data() + expr->text.size();
    const std::from_chars_result read = std::from_chars(expr->text.data(), end, expr->number);
    if (read.ec == std::errc::result_out_of_range) {
      // Too small is zero, as everywhere; too large is nothing.
      long double wider = 0;
      const bool read_wider = std::from_chars(expr->text.data(), end, wider).ec == std::errc();
      const auto exponent = expr->text.find_first_of("eE");
      const std::string whole = expr->text.substr(0, expr->text.find_first_of(".eE"));
      const bool falls = exponent == std::string::npos ? whole.find_first_not_of('0') == std::string::npos
                                                       : expr->text.substr(exponent + 1, 1) == "-";
      const bool small = read_wider ? wider < 1 : falls;
      expr->number = 0;
      if (!small) {
        expr->kind = ExprKind::error;
        reporter_.report({DiagnosticKind::bad_number, "this number is too large", {{where, ""}},
                          {"the largest number is about 1.8e308"}});
      }
    } else if (read.ec != std::errc() || read.ptr != end) {
      expr->kind = ExprKind::error;  // reported by the lexer
    }
    return expr;
  }

  // Members ----------------------------------------------------------------------------------------------------------
  ShapeSpec shape(RnncParser::ShapeContext* tree) const {
    ShapeSpec shape;
    if (tree == nullptr) return shape;
    shape.span = span(tree);
    shape.is_index = tree->INDEX() != nullptr;
    for (RnncParser::ExpressionContext* extent : tree->expression()) shape.extents.push_back(expression(extent));
    if (broken(tree) && shape.extents.empty()) shape.extents.push_back(make(ExprKind::error, shape.span));
    return shape;
  }

  // Of the items of a declaration, in order: whether a comma stands behind it.
  static std::vector<bool> commas(RnncParser::DeclarationContext* tree) {
    std::vector<bool> behind;
    for (antlr4::tree::ParseTree* child : tree->children) {
      if (dynamic_cast<RnncParser::DeclarationItemContext*>(child) != nullptr) behind.push_back(false);
      auto* node = dynamic_cast<antlr4::tree::TerminalNode*>(child);
      if (node != nullptr && node->getSymbol()->getType() == RnncParser::COMMA && !behind.empty()) behind.back() = true;
    }
    return behind;
  }

  std::unique_ptr<Declaration> declaration(RnncParser::DeclarationContext* tree) const {
    auto declaration = std::make_unique<Declaration>();
    declaration->span = span(tree);
    declaration->kind = tree->INPUT() != nullptr    ? DeclarationKind::input
                        : tree->TARGET() != nullptr ? DeclarationKind::target
                        : tree->STATE() != nullptr  ? DeclarationKind::state
                                                    : DeclarationKind::param;
    std::vector<RnncParser::DeclarationItemContext*> items = tree->declarationItem();
    constexpr std::size_t most_items = 1000;  // every item gets its own copy of what they share
    if (items.size() > most_items) {
      reporter_.report({DiagnosticKind::bad_declaration,
                        "more than " + std::to_string(most_items) + " names in one declaration",
                        {{span(items[most_items]->getStart()), ""}}, {"split it"}});
      items.resize(most_items);
    }
    const std::vector<bool> comma_behind = commas(tree);
    const bool whole = !broken(tree);
    // A run of bare names and commas shares what the item after it declares: leader[i] is that item.
    std::vector<std::size_t> leader(items.size());
    for (std::size_t i = items.size(); i-- > 0;) {
      const bool bare = items[i]->shape() == nullptr && items[i]->expression() == nullptr;
      const bool shares = bare && i + 1 < items.size() && comma_behind[i];
      if (bare && !shares && i + 1 < items.size() && whole && !broken(items[i])) {
        const Span next = span(items[i + 1]->getStart());
        reporter_.report({DiagnosticKind::syntax_error, "expected `,` or `:` after `" + spelled(span(items[i])) + "`",
                          {{next, "before this"}}, {}});
      }
      leader[i] = shares ? leader[i + 1] : i;
    }
    for (std::size_t i = 0; i < items.size(); ++i) {
      RnncParser::DeclarationItemContext* shared = items[leader[i]];
      Declaration::Item item{identifier(items[i]->identifier()), shape(shared->shape()), nullptr};
      if (item.name.text.empty()) continue;  // reported
      if (shared->expression() != nullptr) item.initial = expression(shared->expression());
      if (shared->shape() == nullptr && (broken(shared) || (!whole && i + 1 == items.size()))) {
        item.shape.span = span(shared);
        item.shape.extents.push_back(make(ExprKind::error, item.shape.span));
      }
      declaration->items.push_back(std::move(item));
    }
    const bool one_group =
        std::all_of(leader.begin(), leader.end(), [&](std::size_t at) { return at == leader.back(); });
    for (RnncParser::QualifierContext* qualifier : tree->qualifier()) qualify(qualifier, one_group, *declaration);
    return declaration;
  }

  void qualify(RnncParser::QualifierContext* tree, bool one_group, Declaration& declaration) const {
    if (broken(tree)) return;
    if (!one_group) {
      reporter_.report({DiagnosticKind::bad_declaration,
                        "it is not clear which of these `" + spelled(span(tree)) + "` belongs to", {{span(tree), ""}},
                        {"give them declarations of their own"}});
    }
    if (tree->PER() != nullptr ? declaration.per_row : declaration.axis.has_value()) {
      reporter_.report({DiagnosticKind::bad_declaration, "this is said twice", {{span(tree), ""}}, {}});
    }
    if (tree->PER() != nullptr) {
      declaration.per_row = true;
    } else {
      declaration.axis = identifier(tree->identifier());
    }
  }

  std::vector<Member> members(RnncParser::BlockContext* tree, File& ast) const {
    std::vector<Member> members;
    if (tree == nullptr) return members;
    for (RnncParser::MemberContext* place : tree->member()) {
      if (auto* misplaced = place->misplaced()) {
        reporter_.report({DiagnosticKind::misplaced,
                          "`" + spelled(span(misplaced->getStart())) + "` stands outside of cells and models",
                          {{span(misplaced->getStart()), ""}}, {"move this line before the cell or model"}});
        add_definition(misplaced, ast);
      }
      RnncParser::PlainMemberContext* item = place->plainMember();
      if (item == nullptr) continue;
      Member member;
      if (auto* declared = item->declaration()) {
        member.declaration = declaration(declared);
      } else if (auto* equation = item->equation()) {
        member.equation = this->equation(equation);
        if (member.equation->name.text.empty()) continue;
      } else if (auto* output = item->output()) {
        member.output = this->output(output);
      } else if (auto* loss = item->loss()) {
        member.loss = std::make_unique<LossDecl>();
        member.loss->value = expression(loss->expression());
        member.loss->span = span(loss);
      } else if (auto* loop = item->loop()) {
        member.loop = this->loop(loop, ast);
      } else {
        continue;
      }
      members.push_back(std::move(member));
    }
    return members;
  }

  std::unique_ptr<EquationDecl> equation(RnncParser::EquationContext* tree) const {
    auto equation = std::make_unique<EquationDecl>();
    equation->name = identifier(tree->identifier());
    equation->span = span(tree);
    Token* assign = tree->ASSIGN() == nullptr ? nullptr : tree->ASSIGN()->getSymbol();
    for (RnncParser::ExpressionContext* part : tree->expression()) {
      const bool value = assign != nullptr && part->getStart()->getTokenIndex() > assign->getTokenIndex();
      (value ? equation->value : equation->subscript) = expression(part);
    }
    if (equation->value == nullptr) equation->value = make(ExprKind::error, equation->span);
    return equation;
  }

  std::unique_ptr<OutputDecl> output(RnncParser::OutputContext* tree) const {
    auto output = std::make_unique<OutputDecl>();
    output->span = span(tree);
    for (RnncParser::OutputItemContext* item : tree->outputItem()) {
      OutputDecl::Item out{identifier(item->identifier()), nullptr};
      if (item->ASSIGN() != nullptr) out.value = expression(item->expression());
      if (!out.name.text.empty()) output->items.push_back(std::move(out));
    }
    return output;
  }

  std::unique_ptr<ForDecl> loop(RnncParser::LoopContext* tree, File& ast) const {
    auto loop = std::make_unique<ForDecl>();
    loop->span = span(tree);
    loop->variable = identifier(tree->identifier());
    loop->first = expression(tree->expression(0));
    loop->last = expression(tree->expression(1));
    loop->body = members(tree->block(), ast);
    return loop;
  }

  // Whole files ------------------------------------------------------------------------------------------------------
  // Of a TopLevelContext or a MisplacedContext: what both can be.
  template <class Tree>
  void add_definition(Tree* tree, File& ast) const {
    if (tree->importDeclaration() != nullptr) add_import(tree->importDeclaration(), ast);
    if (tree->function() != nullptr) {
      FunctionDecl declared = function(tree->function());
      if (!declared.name.text.empty()) ast.functions.push_back(std::move(declared));
    }
    if (RnncParser::ConstantContext* constant = tree->constant()) {
      Identifier name = identifier(constant->identifier());
      if (!name.text.empty()) {
        ast.constants.push_back({std::move(name), expression(constant->expression()), span(constant)});
      }
    }
  }

  void add_import(RnncParser::ImportDeclarationContext* tree, File& ast) const {
    if (broken(tree) || tree->STRING() == nullptr) return;
    std::string path = spelled(span(tree->STRING()->getSymbol()));
    if (path.size() < 2 || path.back() != '"') return;  // not closed: reported by the lexer
    ast.imports.push_back({path.substr(1, path.size() - 2), span(tree)});
  }

  Unit unit(RnncParser::UnitContext* tree, File& ast) const {
    Unit unit;
    unit.is_model = tree->MODEL() != nullptr;
    unit.name = identifier(tree->identifier());
    unit.span = span(tree);
    for (RnncParser::DimensionContext* item : tree->dimension()) {
      Dimension dimension{identifier(item->identifier()), nullptr};
      if (item->ASSIGN() != nullptr) dimension.fallback = expression(item->expression());
      if (!dimension.name.text.empty()) unit.dimensions.push_back(std::move(dimension));
    }
    unit.members = members(tree->block(), ast);
    return unit;
  }

  FunctionDecl function(RnncParser::FunctionContext* tree) const {
    FunctionDecl function;
    const std::vector<RnncParser::IdentifierContext*> names = tree->identifier();
    if (!names.empty()) function.name = identifier(names.front());
    for (std::size_t i = 1; i < names.size(); ++i) function.parameters.push_back(identifier(names[i]));
    function.body = expression(tree->expression(0));
    if (tree->DERIVATIVE() != nullptr) function.derivative = expression(tree->expression(1));
    function.span = span(tree);
    return function;
  }

  const std::vector<Word>& words_;
  std::string_view text_;
  std::int32_t file_;
  SyntaxReporter& reporter_;
};

}  // namespace

void build_ast(RnncParser::FileContext* tree, const std::vector<Word>& words, std::string_view text,
               SyntaxReporter& reporter, File& ast) {
  AstBuilder(words, text, ast.source, reporter).build(tree, ast);
}

}  // namespace rnnc::dsl
