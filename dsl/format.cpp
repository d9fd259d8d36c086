#include "dsl/format.h"

#include <algorithm>
#include <string_view>

#include "dsl/format_lines.h"
#include "dsl/parser.h"

namespace rnnc::dsl {
namespace {

constexpr int step = 2;            // of indentation
constexpr int between_groups = 3;  // of one declaration
constexpr int before_comment = 2;

class Formatter {
 public:
  Formatter(const SourceMap& sources, std::int32_t file)
      : sources_(sources), file_(file), text_(sources.text(file)), written_(written_words(sources, file)) {}

  std::vector<Line> run() {
    pair_brackets();
    auto comment = written_.comments.begin();
    for (at_ = 0; at_ < written_.words.size(); ++at_) {
      const Word& word = written_.words[at_];
      for (; comment != written_.comments.end() && comment->span.begin < word.begin; ++comment) put_comment(*comment);
      switch (word.role) {
        case WordRole::line_end: ++line_ends_; break;
        case WordRole::semicolon: put_semicolon(word); break;
        case WordRole::file_end: break;
        default: put_word(word);
      }
      if (written_.ends[at_]) end_member();
    }
    for (; comment != written_.comments.end(); ++comment) put_comment(*comment);
    return std::move(lines_);
  }

 private:
  struct Bracket {
    char open = 0;
    bool tight = false;       // operators stand without spaces
    bool many_lines = false;  // of { }
  };

  std::string_view spelled(const Word& word) const { return text_.substr(word.begin, word.end - word.begin); }
  bool is(const Word* word, std::string_view text) const { return word != nullptr && spelled(*word) == text; }
  // The next word, line ends included.
  const Word& next() const { return written_.words[std::min(at_ + 1, written_.words.size() - 1)]; }

  void pair_brackets() {
    partner_.assign(written_.words.size(), 0);
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < written_.words.size(); ++i) {
      if (written_.words[i].role == WordRole::open) open.push_back(i);
      if (written_.words[i].role != WordRole::close || open.empty()) continue;
      partner_[open.back()] = i;
      open.pop_back();
    }
  }

  bool has_line_end(std::size_t open) const {
    for (std::size_t i = open; i < partner_[open]; ++i)
      if (written_.words[i].role == WordRole::line_end) return true;
    return false;
  }

  // What the bracket that begins here is, from the word before it.
  Bracket bracket(const Word& word) const {
    Bracket made{word.bracket, false, false};
    const bool applied = before_ != nullptr && ends_value(before_->role) && !is_separate_word(*before_);
    const Word& behind = written_.words[std::min(partner_[at_] + 1, written_.words.size() - 1)];
    if (word.bracket == '{') {
      made.many_lines = has_line_end(at_);
    } else if (word.bracket == '[') {
      made.tight = applied || is(before_, ":");
    } else if (applied) {
      made.tight = behind.bracket == '(' || (first_ != nullptr && first_->role == WordRole::unit) || is_index_kind();
    } else {
      made.tight = tight();
    }
    return made;
  }

  // Whether `index(` is a shape: the word before `index` is a declaration's colon.
  bool is_index_kind() const {
    return is(before_, "index") && before_at_ > 0 && is(&written_.words[before_at_ - 1], ":");
  }

  bool tight() const {
    if (!brackets_.empty() && brackets_.back().open != '{') return brackets_.back().tight;
    return is(first_, "for");
  }
  int inside() const {  // ( and [ that are open
    int count = 0;
    for (auto it = brackets_.rbegin(); it != brackets_.rend() && it->open != '{'; ++it) ++count;
    return count;
  }
  int braces() const {
    return static_cast<int>(
        std::count_if(brackets_.begin(), brackets_.end(), [](const Bracket& bracket) { return bracket.open == '{'; }));
  }

  // Words of the grammar that are spelled like names and stand beside values.
  bool is_separate_word(const Word& word) const {
    const std::string_view text = spelled(word);
    if (text == "per" || text == "over") return true;
    if (text == "in") return is(first_, "for");
    return text == "derivative" && is(first_, "fn") && &word != first_ && braces() == 0 && inside() == 0;
  }

  // Spaces between the word before and this one, on one line.
  int gap(const Word& word) const {
    if (before_ == nullptr) return 0;
    const Word& before = *before_;
    const std::string_view text = spelled(word), text_before = spelled(before);
    const auto either = [&](std::string_view one) { return text == one || text_before == one; };
    if (word.role == WordRole::comma || word.role == WordRole::postfix) return 0;
    if (before.bracket == '{' && word.bracket == '}') return 0;
    if (word.bracket == '{' || word.bracket == '}' || before.bracket == '{') return 1;
    if (word.role == WordRole::close || before.role == WordRole::open) return 0;
    if (before.role == WordRole::comma) return 1;
    if (either(".") || either("..") || either("^")) return 0;
    if (sign_ || (either(":") && inside() > 0)) return 0;
    if (word.role == WordRole::open && ends_value(before.role) && !is_separate_word(before)) return 0;
    const auto arithmetic = [](std::string_view one) {
      return one.size() == 1 && std::string_view("+-*/%").find(one[0]) != std::string_view::npos;
    };
    if (tight() && (arithmetic(text) || arithmetic(text_before))) return 0;
    const bool new_group = word.role == WordRole::operand && ends_value(before.role) && first_ != nullptr &&
                           first_->role == WordRole::member && !is_separate_word(word) && !is_separate_word(before) &&
                           !is(first_, "for");
    return new_group ? (is_row(word) ? 1 : between_groups) : 1;
  }
  // The second word of `per row`.
  bool is_row(const Word& word) const { return spelled(word) == "row" && is(before_, "per"); }

  void put_word(const Word& word) {
    if (word.role == WordRole::comma && next().role == WordRole::close) return;
    const bool closes_block = word.bracket == '}' && !brackets_.empty();
    const bool block_lines = !brackets_.empty() && brackets_.back().open == '{' && brackets_.back().many_lines;
    bool breaks = lines_.empty() || line_ends_ > 0 || after_comment_;
    if (word.bracket == '{' && word.role == WordRole::open && !after_comment_ && !lines_.empty()) breaks = false;
    if (block_lines && (closes_block || before_block_begins())) breaks = true;
    if (closes_block && before_block_begins()) breaks = false;  // { }
    if (word.role == WordRole::close) brackets_.pop_back();
    if (first_ == nullptr && !closes_block) first_ = continues_function(word) ? last_first_ : &word;
    int space = gap(word);
    if (breaks) {
      begin_line(word);
      space = 0;
    } else if (pending_semicolon_) {
      space = 1;
    }
    pending_semicolon_ = false;
    Piece piece{std::string(spelled(word)), space, written_gap(word.begin), written_column(word.begin), stop(word)};
    lines_.back().pieces.push_back(std::move(piece));
    after(word);
  }

  bool before_block_begins() const { return before_ != nullptr && before_->bracket == '{'; }

  // What the word changes for those behind it.
  void after(const Word& word) {
    sign_ = spelled(word) == "-" && (before_ == nullptr || !ends_value(before_->role) || is_separate_word(*before_));
    if (word.role == WordRole::open) brackets_.push_back(bracket(word));
    before_ = &word;
    before_at_ = at_;
    end_ = word.end;
    line_ends_ = 0;
    after_comment_ = false;
    if (word.bracket == '{' || word.bracket == '}') end_member();
  }

  // A function's `derivative` on a line of its own.
  bool continues_function(const Word& word) const {
    return braces() == 0 && spelled(word) == "derivative" && is(last_first_, "fn");
  }

  void end_member() {
    if (first_ != nullptr) last_first_ = first_;
    first_ = nullptr;
    sign_ = false;
    seen_definition_ = false;
  }

  void put_semicolon(const Word& word) {
    const WordRole role = next().role;
    const bool needed = role != WordRole::line_end && role != WordRole::semicolon && role != WordRole::file_end &&
                        next().bracket != '}' && line_ends_ == 0 && !after_comment_ && !lines_.empty() &&
                        !before_block_begins() && !comment_follows(word);
    if (!needed || pending_semicolon_) return;
    lines_.back().pieces.push_back({";", 0, 0, 0, Stop::none});
    pending_semicolon_ = true;
    end_ = word.end;
  }
  bool comment_follows(const Word& word) const {
    return std::any_of(written_.comments.begin(), written_.comments.end(), [&](const Comment& comment) {
      return comment.span.begin >= word.end && comment.span.begin < next().begin;
    });
  }

  void put_comment(const Comment& comment) {
    std::string text = comment.text;
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.pop_back();
    Piece piece{std::move(text), before_comment, written_gap(comment.span.begin), written_column(comment.span.begin),
                Stop::comment};
    pending_semicolon_ = false;
    if (lines_.empty() || line_ends_ > 0 || after_comment_) {
      piece.gap = 0;
      const bool continues = !lines_.empty() && line_ends_ < 2 && !lines_.back().pieces.empty() &&
                             lines_.back().pieces.back().stop == Stop::comment &&
                             lines_.back().pieces.back().written_column == piece.written_column;
      if (continues) {
        lines_.push_back({lines_.back().indent, false, {}});
      } else {
        piece.stop = Stop::none;
        lines_.push_back({line_indent(inside()), blank_line(), {}});
      }
    }
    lines_.back().pieces.push_back(std::move(piece));
    line_ends_ = 0;
    after_comment_ = true;
    end_ = comment.span.end;
  }

  // Of a line that begins now, with so many ( and [ open behind the brackets that it closes first.
  int line_indent(int open) const {
    const int base = step * braces();
    if (first_ == nullptr) return base;
    return base + step * std::max(open, closes_first_ ? 0 : 1);
  }
  bool blank_line() const {
    return line_ends_ > 1 && !lines_.empty() && first_ == nullptr && !(before_block_begins() && !after_comment_);
  }

  void begin_line(const Word& word) {
    const bool starts_member = first_ == &word || word.bracket == '}';
    closes_first_ = word.role == WordRole::close;
    Line line;
    const Word* first = first_;
    if (starts_member) first_ = nullptr;
    line.indent = line_indent(inside());
    line.blank_before = word.bracket != '}' && blank_line();
    first_ = first;
    closes_first_ = false;
    line_first_ = &word;
    lines_.push_back(std::move(line));
  }

  Stop stop(const Word& word) {
    if (first_ == nullptr || lines_.back().pieces.empty() || inside() > 0 || word.role == WordRole::close) {
      return Stop::none;
    }
    if (line_first_ != first_) return Stop::none;
    if (before_ == first_ && first_->role == WordRole::member && !is(first_, "for")) return Stop::name;
    if (seen_definition_) return Stop::none;
    if (word.role == WordRole::assign && first_->role != WordRole::unit) {
      seen_definition_ = true;
      return Stop::definition;
    }
    if (spelled(word) != ":") return Stop::none;
    seen_definition_ = true;
    return Stop::colon;
  }

  int written_column(std::uint32_t at) const { return sources_.position(file_, at).column; }
  int written_gap(std::uint32_t at) const { return line_ends_ > 0 ? 0 : static_cast<int>(at - end_); }

  const SourceMap& sources_;
  std::int32_t file_;
  std::string_view text_;
  WrittenWords written_;
  std::vector<std::size_t> partner_;  // of an opening bracket
  std::vector<Line> lines_;
  std::size_t at_ = 0;              // the word that is being put
  const Word* before_ = nullptr;    // the last word that was put
  std::size_t before_at_ = 0;
  const Word* first_ = nullptr;     // of the current member; null: none has begun
  const Word* last_first_ = nullptr;  // of the member before
  const Word* line_first_ = nullptr;  // of the line
  std::vector<Bracket> brackets_;   // that are open
  std::uint32_t end_ = 0;           // of what was put last
  int line_ends_ = 0;               // since then
  bool sign_ = false;               // `before_` is a `-` with one operand
  bool after_comment_ = false;
  bool pending_semicolon_ = false;  // the last piece is one
  bool seen_definition_ = false;    // the member's first `:` or `=` was put
  bool closes_first_ = false;
};

}  // namespace

std::string format(const SourceMap& sources, std::int32_t file) {
  std::vector<Line> lines = Formatter(sources, file).run();
  line_up(lines);
  return to_string(lines);
}

}  // namespace rnnc::dsl
