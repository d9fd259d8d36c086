#include "dsl/parser.h"

#include <algorithm>
#include <mutex>

#include "antlr4-runtime.h"
#include "dsl/ast_builder.h"
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
  build_ast(parser.file(), words, text, reporter, ast);
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
