#include "dsl/parser.h"

#include <algorithm>
#include <charconv>
#include <mutex>

#include "antlr4-runtime.h"
#include "dsl/layout.h"
#include "dsl/syntax_help.h"
#include "dsl/syntax_reporter.h"
#include "dsl/unicode.h"
#include "generated/parser/RnncLexer.h"
#include "generated/parser/RnncParser.h"

namespace rnnc::dsl {
namespace {

using antlr4::Token;
using grammar::RnncLexer;
using grammar::RnncParser;
using antlr4::misc::IntervalSet;

constexpr std::size_t most_bytes = std::size_t{16} << 20;
constexpr std::size_t most_words = 500'000;

// ---------------------------------------------------------------------------------------------------------------------
// From bytes to words

// The file as ANTLR's lexer takes it: one code point for each byte, so that its positions are bytes. All characters
// beyond ASCII are alike to the grammar, which has them in comments and strings only: one code point stands for them.
class Bytes : public antlr4::ANTLRInputStream {
 public:
  explicit Bytes(std::string_view text) {
    constexpr char32_t beyond_ascii = 0x1A;
    _data.clear();
    _data.reserve(text.size());
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      _data.push_back(byte < 0x80 ? byte : beyond_ascii);
    }
    if (text.substr(0, 3) == "\xEF\xBB\xBF") std::fill_n(_data.begin(), 3, U' ');
    // A no-break space looks like a space.
    for (std::size_t at = text.find("\xC2\xA0"); at != std::string_view::npos; at = text.find("\xC2\xA0", at + 2)) {
      _data[at] = _data[at + 1] = U' ';
    }
  }
};

WordRole role_of(std::size_t type) {
  switch (type) {
    case RnncLexer::OPEN_PAREN: case RnncLexer::OPEN_BRACKET: case RnncLexer::OPEN_BRACE: return WordRole::open;
    case RnncLexer::CLOSE_PAREN: case RnncLexer::CLOSE_BRACKET: case RnncLexer::CLOSE_BRACE: return WordRole::close;
    case RnncLexer::NEWLINE: return WordRole::line_end;
    case RnncLexer::SEMICOLON: return WordRole::semicolon;
    case RnncLexer::PLUS: case RnncLexer::MINUS: case RnncLexer::STAR: case RnncLexer::SLASH: case RnncLexer::PERCENT:
    case RnncLexer::AT: case RnncLexer::POWER: case RnncLexer::LESS: case RnncLexer::LESS_EQUAL:
    case RnncLexer::GREATER: case RnncLexer::GREATER_EQUAL: case RnncLexer::EQUAL: case RnncLexer::NOT_EQUAL:
    case RnncLexer::AND: case RnncLexer::OR: case RnncLexer::DOT: return WordRole::infix;
    case RnncLexer::NOT: case RnncLexer::REVERSE: return WordRole::prefix;
    case RnncLexer::PRIME: return WordRole::postfix;
    case RnncLexer::COMMA: return WordRole::comma;
    case RnncLexer::ASSIGN: return WordRole::assign;
    case RnncLexer::COLON: case RnncLexer::DOTS: return WordRole::joint;
    case RnncLexer::INPUT: case RnncLexer::TARGET: case RnncLexer::STATE: case RnncLexer::PARAM:
    case RnncLexer::OUTPUT: case RnncLexer::LOSS: case RnncLexer::FOR: return WordRole::member;
    case RnncLexer::IMPORT: case RnncLexer::CONST: case RnncLexer::FN: return WordRole::item;
    case RnncLexer::CELL: case RnncLexer::MODEL: return WordRole::unit;
    case Token::EOF: return WordRole::file_end;
    default: return WordRole::operand;
  }
}

struct Lexed {
  std::vector<Word> words;
  std::vector<Comment> comments;
};

// The words of the file; what is no word is reported and left out, so that all types are the grammar's.
Lexed lex(std::string_view text, std::int32_t file, SyntaxReporter& reporter) {
  Lexed lexed;
  reporter.check_utf8(text);
  Bytes bytes(text);
  RnncLexer lexer(&bytes);
  lexer.removeErrorListeners();
  std::uint32_t stray_end = 0;
  for (;;) {
    const std::unique_ptr<Token> token = lexer.nextToken();
    const std::size_t type = token->getType();
    Word word;
    word.type = static_cast<int>(type);
    word.role = role_of(type);
    word.begin = static_cast<std::uint32_t>(std::min(token->getStartIndex(), text.size()));
    word.end = type == Token::EOF ? word.begin : static_cast<std::uint32_t>(token->getStopIndex() + 1);
    const std::string_view spelled = text.substr(word.begin, word.end - word.begin);
    Span span = reporter.span(word.begin, word.end);
    if (word.role == WordRole::open || word.role == WordRole::close) word.bracket = spelled[0];
    if (type == RnncLexer::COMMENT) {
      lexed.comments.push_back({std::string(spelled), {file, word.begin, word.end}});
      continue;
    }
    if (type == RnncLexer::STRAY) {
      // One report for a run of them; what is no character at all has been reported.
      const CodePoint point = decode(text, word.begin);
      span.end = span.begin + point.length;
      if (point.valid && (word.begin != stray_end || word.begin == 0)) reporter.report(stray_character(text, span));
      stray_end = word.end;
      continue;
    }
    if (type == RnncLexer::BAD_NUMBER) {
      reporter.report(bad_number(spelled, span));
      word.type = RnncLexer::NUMBER;
    }
    if (type == RnncLexer::OPEN_STRING) {
      reporter.report({DiagnosticKind::unterminated_string, "this text has no closing quote", {{span, ""}},
                       {"put a `\"` at its end, on the same line"}});
      word.type = RnncLexer::STRING;
    }
    if (lexed.words.size() == most_words && type != Token::EOF) {
      reporter.report({DiagnosticKind::source_too_large,
                       "the file has more than " + std::to_string(most_words) + " words",
                       {{span, "the rest is not read"}},
                       {}});
      word = {word.begin, word.begin, static_cast<int>(Token::EOF), WordRole::file_end, 0, true};
    }
    lexed.words.push_back(word);
    if (word.role == WordRole::file_end) return lexed;
  }
}

// The words as ANTLR's parser takes them. A token's index in the stream is its word's.
class WordSource : public antlr4::TokenSource {
 public:
  explicit WordSource(const std::vector<Word>& words) : words_(words) {}

  std::unique_ptr<Token> nextToken() override {
    const Word& word = words_[std::min(next_, words_.size() - 1)];
    ++next_;
    auto token = std::make_unique<antlr4::CommonToken>(static_cast<std::size_t>(word.type));
    token->setStartIndex(word.begin);
    token->setStopIndex(word.end);
    return token;
  }
  std::size_t getLine() const override { return 0; }
  std::size_t getCharPositionInLine() override { return 0; }
  antlr4::CharStream* getInputStream() override { return nullptr; }
  std::string getSourceName() override { return "words"; }
  antlr4::TokenFactory<antlr4::CommonToken>* getTokenFactory() override {
    return antlr4::CommonTokenFactory::DEFAULT.get();
  }

 private:
  const std::vector<Word>& words_;
  std::size_t next_ = 0;
};

// ---------------------------------------------------------------------------------------------------------------------
// What to say when the grammar expects something else

// A mistake ends its member or item: parsing goes on behind the end of its line. Nothing is ever made up.
class Teacher : public antlr4::DefaultErrorStrategy {
 public:
  Teacher(const std::vector<Word>& words, std::string_view text, SyntaxReporter& reporter)
      : words_(words), text_(text), reporter_(reporter) {}

  void reportError(antlr4::Parser* parser, const antlr4::RecognitionException& mistake) override {
    if (inErrorRecoveryMode(parser)) return;
    beginErrorCondition(parser);
    // After several words that fit together no longer, what would have fitted is not one list.
    const auto* stuck = dynamic_cast<const antlr4::NoViableAltException*>(&mistake);
    const bool at_first = stuck == nullptr || stuck->getStartToken() == mistake.getOffendingToken();
    const std::size_t at = index_of(mistake.getOffendingToken());
    ExpectedWords expected;
    if (at_first) {
      expected = expect(mistake.getExpectedTokens(), parser);
    } else if (at > 0) {
      expected.expression = !ends_value(words_[at - 1].role);
    }
    explain(at, expected);
  }

  void recover(antlr4::Parser* parser, std::exception_ptr) override { skip_line(parser); }

  Token* recoverInline(antlr4::Parser* parser) override { throw antlr4::InputMismatchException(parser); }

  // Between members: what cannot begin one, or follows one on its line, is skipped as a whole. No other rule recovers.
  void sync(antlr4::Parser* parser) override {
    const bool in_block = dynamic_cast<RnncParser::BlockContext*>(parser->getContext()) != nullptr;
    if (!in_block && dynamic_cast<RnncParser::FileContext*>(parser->getContext()) == nullptr) return;
    const std::size_t at = index_of(parser->getCurrentToken());
    if (separates(words_[at].role) || words_[at].role == WordRole::file_end || words_[at].bracket == '}') return;
    const auto precedes_member = [](const Word& word) {
      return separates(word.role) || word.bracket == '{' || word.bracket == '}';
    };
    const bool begins = at == 0 || precedes_member(words_[at - 1]);
    const IntervalSet next = parser->getATN().nextTokens(parser->getATN().states[parser->getState()]);
    if (begins && next.contains(static_cast<ssize_t>(words_[at].type))) return;
    if (!inErrorRecoveryMode(parser)) {
      beginErrorCondition(parser);
      ExpectedWords expected;
      (!begins ? expected.line_end : in_block ? expected.member : expected.unit) = true;
      explain(at, expected);
    }
    skip_line(parser);
  }

 private:
  std::size_t index_of(Token* token) const { return std::min(token->getTokenIndex(), words_.size() - 1); }

  // Up to the separator or brace that ends this member; a block that begins on the way is skipped as a whole.
  void skip_line(antlr4::Parser* parser) const {
    for (int braces = 0;; parser->consume()) {
      const Word& word = words_[index_of(parser->getCurrentToken())];
      if (word.role == WordRole::file_end || (braces == 0 && (separates(word.role) || word.bracket == '}'))) return;
      if (word.bracket == '{') ++braces;
      if (word.bracket == '}') --braces;
    }
  }

  void explain(std::size_t at, const ExpectedWords& expected) {
    const Word& found = words_[at];
    if (found.supplied || (at > 0 && words_[at - 1].supplied)) return;  // a bracket's mistake, already reported
    FoundWord seen;
    seen.span = reporter_.span(found.begin, found.end);
    seen.text = spelled(at);
    seen.role = found.role;
    if (at > 0) {
      const Word& before = words_[at - 1];
      seen.before = FoundWord::Before{reporter_.span(before.begin, before.end), spelled(at - 1), before.role};
    }
    seen.keyword = found.type >= RnncLexer::IMPORT && found.type <= RnncLexer::OVER;
    if (const Word* open = open_bracket(at)) seen.bracket = reporter_.span(open->begin, open->end);
    std::size_t first = at;
    while (first > 0 && !separates(words_[first - 1].role) && words_[first - 1].bracket != '{') --first;
    if (first < at) seen.first = spelled(first);
    if (at + 1 < words_.size()) seen.next = spelled(at + 1);
    reporter_.report(syntax_error(expected, seen));
  }

  static ExpectedWords expect(const IntervalSet& types, antlr4::Parser* parser) {
    ExpectedWords expected;
    for (const antlr4::misc::Interval& interval : types.getIntervals()) {
      for (ssize_t type = interval.a; type <= interval.b; ++type) {
        expect(static_cast<std::size_t>(type), parser, expected);
      }
    }
    return expected;
  }

  static void expect(std::size_t type, antlr4::Parser* parser, ExpectedWords& expected) {
    switch (type) {
      case RnncLexer::NUMBER: expected.expression = true; return;
      case RnncLexer::NAME: expected.name = true; return;
      case RnncLexer::STRING: expected.string = true; return;
      case RnncLexer::STAR: expected.operation = true; return;
      case RnncLexer::INPUT: expected.member = true; return;
      case RnncLexer::CELL: expected.unit = true; return;
      case RnncLexer::NEWLINE: expected.line_end = true; return;
      case Token::EOF: expected.file_end = true; return;
      case RnncLexer::ASSIGN: case RnncLexer::COLON: case RnncLexer::COMMA: case RnncLexer::DOTS:
      case RnncLexer::OPEN_PAREN: case RnncLexer::OPEN_BRACKET: case RnncLexer::OPEN_BRACE:
      case RnncLexer::CLOSE_PAREN: case RnncLexer::CLOSE_BRACKET: case RnncLexer::CLOSE_BRACE:
      case RnncLexer::IN: case RnncLexer::ROW: case RnncLexer::INDEX: {
        const std::string quoted = parser->getVocabulary().getLiteralName(type);
        expected.spelled.push_back(quoted.size() > 2 ? quoted.substr(1, quoted.size() - 2) : quoted);
        return;
      }
      default: return;  // goes without saying beside one of the above
    }
  }

  std::string spelled(std::size_t at) const {
    return std::string(text_.substr(words_[at].begin, words_[at].end - words_[at].begin));
  }
  // The innermost ( or [ around a word, or null.
  const Word* open_bracket(std::size_t at) const {
    int depth = 0;
    while (at-- > 0) {
      const Word& word = words_[at];
      if (word.role == WordRole::line_end || word.bracket == '{' || word.bracket == '}') break;
      if (word.role == WordRole::open && --depth < 0) return &word;
      if (word.role == WordRole::close) ++depth;
    }
    return nullptr;
  }

  const std::vector<Word>& words_;
  std::string_view text_;
  SyntaxReporter& reporter_;
};

// ---------------------------------------------------------------------------------------------------------------------
// From the parse tree to the AST

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
      const auto exponent = expr->text.find_first_of("eE");
      const bool small = exponent != std::string::npos && expr->text.substr(exponent + 1, 1) == "-";
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

std::vector<Word> laid_out(std::vector<Word> words, std::int32_t file, Diagnostics& diagnostics) {
  const SuppliedTypes supplied{RnncLexer::CLOSE_PAREN, RnncLexer::CLOSE_BRACKET, RnncLexer::CLOSE_BRACE};
  return lay_out(std::move(words), file, supplied, LayoutLimits{}, diagnostics);
}

File parse_unsorted(const SourceMap& sources, std::int32_t file, Diagnostics& diagnostics) {
  File ast;
  ast.source = file;
  const std::string_view text = sources.text(file);
  if (text.size() > most_bytes) {
    diagnostics.report({DiagnosticKind::source_too_large, "the file is larger than 16 MB", {{{file, 0, 0}, ""}}, {}});
    return ast;
  }
  SyntaxReporter reporter(sources, file, diagnostics);
  Lexed lexed = lex(text, file, reporter);
  ast.comments = std::move(lexed.comments);
  const std::size_t before = diagnostics.all().size();
  const std::vector<Word> words = laid_out(std::move(lexed.words), file, diagnostics);
  reporter.silence_lines_of({diagnostics.all().begin() + static_cast<std::ptrdiff_t>(before), diagnostics.all().end()});

  // ANTLR's runtime shares its prediction tables between parsers, and fills them without full locking.
  static std::mutex one_at_a_time;
  const std::lock_guard lock(one_at_a_time);
  WordSource source(words);
  antlr4::CommonTokenStream stream(&source);
  RnncParser parser(&stream);
  parser.removeErrorListeners();
  parser.setErrorHandler(std::make_shared<Teacher>(words, text, reporter));
  AstBuilder(words, text, file, reporter).build(parser.file(), ast);
  return ast;
}

}  // namespace

File parse(const SourceMap& sources, std::int32_t file, Diagnostics& diagnostics) {
  Diagnostics found;
  File ast = parse_unsorted(sources, file, found);
  std::vector<Diagnostic> sorted = found.all();
  std::stable_sort(sorted.begin(), sorted.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return a.labels.front().span.begin < b.labels.front().span.begin;
  });
  for (Diagnostic& diagnostic : sorted) diagnostics.report(std::move(diagnostic));
  return ast;
}

WrittenWords written_words(const SourceMap& sources, std::int32_t file) {
  Diagnostics none;
  SyntaxReporter reporter(sources, file, none);
  Lexed lexed = lex(sources.text(file), file, reporter);
  WrittenWords written{lexed.words, std::vector<bool>(lexed.words.size(), false), std::move(lexed.comments)};
  std::size_t at = 0;
  for (const Word& word : laid_out(std::move(lexed.words), file, none)) {
    while (written.words[at].begin != word.begin) ++at;
    written.ends[at++] = separates(word.role);
  }
  return written;
}

}  // namespace rnnc::dsl
