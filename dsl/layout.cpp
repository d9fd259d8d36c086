#include "dsl/layout.h"

#include <algorithm>
#include <string>

namespace rnnc::dsl {
namespace {

char partner(char open) { return open == '(' ? ')' : open == '[' ? ']' : '}'; }

class Balancer {
 public:
  Balancer(std::vector<Word>& words, std::int32_t file, const SuppliedTypes& types, const LayoutLimits& limits,
           Diagnostics& diagnostics)
      : words_(words), file_(file), types_(types), limits_(limits), diagnostics_(diagnostics) {}

  // The words with every bracket paired.
  std::vector<Word> balance() {
    closed_by_.assign(words_.size(), 0);
    dropped_.assign(words_.size(), false);
    for (at_ = 0; at_ < words_.size(); ++at_) {
      visit(words_[at_]);
      if (!within_limits()) {
        cut_off();
        break;
      }
    }
    return apply();
  }

 private:
  struct Open {
    std::size_t at = 0;  // which word
    char bracket = 0;
    bool told = false;   // a mistake at its end was reported
  };
  struct Supply {
    std::size_t before = 0;  // which word
    char bracket = 0;
  };

  void visit(const Word& word) {
    switch (word.role) {
      case WordRole::open:
        stack_.push_back({at_, word.bracket});
        if (word.bracket == '{') member_begins(at_ + 1);
        return;
      case WordRole::close:
        close(word);
        return;
      case WordRole::line_end:
      case WordRole::semicolon:
        if (stack_.empty() || stack_.back().bracket == '{') member_begins(at_ + 1);
        return;
      case WordRole::member:
      case WordRole::item:
        give_up_until('{');
        return;
      case WordRole::unit:
        if (at_ == 0 || words_[at_ - 1].role == WordRole::line_end) give_up_until(0);
        return;
      case WordRole::file_end:
        give_up_until(0);
        return;
      case WordRole::operand:
        if (begins_equation()) give_up_until('{');
        return;
      case WordRole::infix:
      case WordRole::prefix:
      case WordRole::postfix:
      case WordRole::comma:
      case WordRole::assign:
      case WordRole::joint:
        return;
    }
  }

  // `name =` on a new line, where it cannot be a named argument.
  bool begins_equation() const {
    if (at_ < 2 || words_[at_ - 1].role != WordRole::line_end || words_[at_ + 1].role != WordRole::assign) return false;
    const WordRole before = words_[at_ - 2].role;
    return before != WordRole::comma && before != WordRole::open && before != WordRole::line_end;
  }

  void close(const Word& word) {
    const auto opens_it = [&](const Open& open) { return partner(open.bracket) == word.bracket; };
    // A parenthesis never closes across a brace.
    auto candidate = stack_.rbegin();
    while (candidate != stack_.rend() && !opens_it(*candidate) && candidate->bracket != '{') ++candidate;
    if (candidate == stack_.rend() || !opens_it(*candidate)) {
      dropped_[at_] = true;
      report_stray(word);
      return;
    }
    const bool ends_members = word.bracket == '}';
    while (!opens_it(stack_.back())) give_up(ends_members ? end_of_line(stack_.back().at) : at_);
    closed_by_[stack_.back().at] = at_;
    stack_.pop_back();
    if (ends_members) member_begins(at_ + 1);
  }

  // Supplies what closes everything up to the innermost `bracket` (0: everything).
  void give_up_until(char bracket) {
    if (stack_.empty() || stack_.back().bracket == bracket) return;
    while (!stack_.empty() && stack_.back().bracket != bracket) {
      give_up(stack_.back().bracket == '{' ? at_ : end_of_line(stack_.back().at));
    }
    member_begins(at_);
  }

  void give_up(std::size_t before) {
    const Open open = stack_.back();
    stack_.pop_back();
    supplies_.push_back({before, partner(open.bracket)});
    if (open.told) return;
    const std::string spelled(1, open.bracket);
    Diagnostic diagnostic{DiagnosticKind::unmatched_bracket, "`" + spelled + "` is never closed",
                          {{span(words_[open.at]), std::string("this needs a `") + partner(open.bracket) + "`"}}, {}};
    const Word& here = words_[at_];
    if (here.role == WordRole::close) {
      diagnostic.labels.push_back({span(here), std::string("found `") + here.bracket + "` first"});
    }
    report(std::move(diagnostic));
  }

  // The line end that closes what was opened at `open`, jumping over pairs; at the latest, here.
  std::size_t end_of_line(std::size_t open) const {
    std::size_t at = open + 1;
    while (at < at_ && words_[at].role != WordRole::line_end) at = closed_by_[at] != 0 ? closed_by_[at] + 1 : at + 1;
    return std::min(at, at_);
  }

  void report_stray(const Word& word) {
    const std::string spelled(1, word.bracket);
    Diagnostic diagnostic{
        DiagnosticKind::unmatched_bracket, "`" + spelled + "` closes nothing", {{span(word), ""}}, {}};
    if (!stack_.empty() && stack_.back().bracket != '{') {
      diagnostic.labels.push_back({span(words_[stack_.back().at]),
                                   std::string("still open: `") + stack_.back().bracket + "`"});
      stack_.back().told = true;
    }
    report(std::move(diagnostic));
  }

  void member_begins(std::size_t at) {
    member_ = at;
    member_depth_ = stack_.size();
  }

  bool within_limits() {
    if (static_cast<int>(stack_.size()) <= limits_.brackets) return true;
    diagnostics_.report({DiagnosticKind::nesting_too_deep,
                         "brackets are nested more than " + std::to_string(limits_.brackets) + " deep",
                         {{span(words_[at_]), ""}},
                         {"give parts of the expression names of their own"}});
    return false;
  }

  // Ends the file before the current member.
  void cut_off() {
    supplies_.erase(std::remove_if(supplies_.begin(), supplies_.end(),
                                   [&](const Supply& supply) { return supply.before > member_; }),
                    supplies_.end());
    stack_.resize(std::min(stack_.size(), member_depth_));
    while (!stack_.empty()) {
      supplies_.push_back({member_, partner(stack_.back().bracket)});
      stack_.pop_back();
    }
    Word end = words_.back();
    end.supplied = true;
    words_.resize(member_);
    words_.push_back(end);
    dropped_.resize(words_.size());
    dropped_.back() = false;
  }

  std::vector<Word> apply() {
    // Of several supplied before one word, those given up first are the inner ones.
    std::stable_sort(supplies_.begin(), supplies_.end(),
                     [](const Supply& a, const Supply& b) { return a.before < b.before; });
    std::vector<Word> out;
    out.reserve(words_.size() + supplies_.size());
    auto supply = supplies_.begin();
    for (std::size_t i = 0; i < words_.size(); ++i) {
      for (; supply != supplies_.end() && supply->before == i; ++supply) {
        const std::uint32_t at = words_[i].begin;
        out.push_back({at, at, closing_type(supply->bracket), WordRole::close, supply->bracket, true});
      }
      if (!dropped_[i]) out.push_back(words_[i]);
    }
    return out;
  }

  int closing_type(char bracket) const {
    return bracket == ')' ? types_.close_paren : bracket == ']' ? types_.close_bracket : types_.close_brace;
  }
  Span span(const Word& word) const { return {file_, word.begin, word.end}; }

  void report(Diagnostic diagnostic) {
    constexpr int most = 20;
    if (++reported_ <= most) diagnostics_.report(std::move(diagnostic));
  }

  std::vector<Word>& words_;
  std::int32_t file_;
  const SuppliedTypes& types_;
  const LayoutLimits& limits_;
  Diagnostics& diagnostics_;
  std::size_t at_ = 0;
  std::vector<Open> stack_;
  std::size_t member_ = 0, member_depth_ = 0;  // where the current member began, and how many brackets were open there
  std::vector<std::size_t> closed_by_;  // of an opening bracket: its partner, 0 = none yet
  std::vector<bool> dropped_;
  std::vector<Supply> supplies_;
  int reported_ = 0;
};

// A value or a declaration goes on after such a word.
bool wants_more(WordRole role) {
  return role == WordRole::infix || role == WordRole::prefix || role == WordRole::comma || role == WordRole::assign ||
         role == WordRole::joint;
}

// The words with only those line ends that end something: one between two members, none elsewhere.
std::vector<Word> drop_line_ends(const std::vector<Word>& words) {
  std::vector<Word> out;
  out.reserve(words.size());
  int inside = 0;  // of ( and [
  for (std::size_t i = 0; i < words.size(); ++i) {
    const Word& word = words[i];
    if (word.role == WordRole::open && word.bracket != '{') ++inside;
    if (word.role == WordRole::close && word.bracket != '}') --inside;
    if (!separates(word.role)) {
      out.push_back(word);
      continue;
    }
    if (out.empty() || separates(out.back().role)) continue;
    if (word.role == WordRole::line_end) {
      if (inside > 0) continue;
      std::size_t next = i + 1;
      while (words[next].role == WordRole::line_end) ++next;
      const WordRole role = words[next].role;
      const bool goes_on = role == WordRole::infix || role == WordRole::comma || role == WordRole::assign ||
                           role == WordRole::joint || (role == WordRole::open && words[next].bracket == '{');
      // `a = b +` before a line `c = d` lacks its end: the next line is not swallowed.
      const bool begins = role == WordRole::member || role == WordRole::item || role == WordRole::unit ||
                          role == WordRole::close || role == WordRole::file_end ||
                          (role == WordRole::operand && words[next + 1].role == WordRole::assign);
      if (goes_on || (wants_more(out.back().role) && !begins)) continue;
      if (out.back().role == WordRole::open) continue;
    }
    out.push_back(word);
  }
  return out;
}

// The depth that the words' expressions can have as trees, counted as if every operator nested.
class DepthCounter {
 public:
  // Whether the depth stays within `most`.
  bool count(const Word& word, int most) {
    switch (word.role) {
      case WordRole::open:
        if (word.bracket != '{') add();
        levels_.push_back(0);
        if (word.bracket == '{') reset();
        break;
      case WordRole::close:
        reset();
        levels_.pop_back();
        if (word.bracket == '}') reset();
        break;
      case WordRole::comma:
      case WordRole::line_end:
      case WordRole::semicolon:
        reset();
        break;
      case WordRole::infix:
      case WordRole::prefix:
      case WordRole::postfix:
        add();
        break;
      case WordRole::operand:
      case WordRole::assign:
      case WordRole::joint:
      case WordRole::member:
      case WordRole::item:
      case WordRole::unit:
      case WordRole::file_end:
        break;
    }
    return total_ <= most;
  }

 private:
  void add() { ++levels_.back(), ++total_; }
  void reset() { total_ -= levels_.back(), levels_.back() = 0; }

  std::vector<int> levels_{0};  // operators of every open bracket, since its last comma or separator
  int total_ = 0;
};

// Cuts the file off before the first member whose expressions are too deep. Brackets are balanced.
void limit_operators(std::vector<Word>& words, std::int32_t file, const LayoutLimits& limits, Diagnostics& diagnostics,
                     int close_brace) {
  DepthCounter depth;
  std::size_t member = 0;
  int braces = 0, member_braces = 0, inside = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const Word& word = words[i];
    if (!depth.count(word, limits.operators)) {
      diagnostics.report({DiagnosticKind::expression_too_long,
                          "an expression has more than " + std::to_string(limits.operators) + " operators in a row",
                          {{{file, word.begin, word.end}, ""}},
                          {"give parts of the expression names of their own"}});
      const Word end = words.back();
      words.resize(member);
      words.insert(words.end(), static_cast<std::size_t>(member_braces),
                   {end.begin, end.begin, close_brace, WordRole::close, '}', true});
      words.push_back({end.begin, end.end, end.type, WordRole::file_end, 0, true});
      return;
    }
    const bool brace = word.bracket == '{' || word.bracket == '}';
    if (word.role == WordRole::open) ++(brace ? braces : inside);
    if (word.role == WordRole::close) --(brace ? braces : inside);
    if (inside == 0 && (brace || word.role == WordRole::line_end || word.role == WordRole::semicolon)) {
      member = i + 1;
      member_braces = braces;
    }
  }
}

}  // namespace

bool separates(WordRole role) { return role == WordRole::line_end || role == WordRole::semicolon; }

bool ends_value(WordRole role) {
  return role == WordRole::operand || role == WordRole::close || role == WordRole::postfix;
}

std::vector<Word> lay_out(std::vector<Word> words, std::int32_t file, const SuppliedTypes& types,
                          const LayoutLimits& limits, Diagnostics& diagnostics) {
  std::vector<Word> out = drop_line_ends(Balancer(words, file, types, limits, diagnostics).balance());
  limit_operators(out, file, limits, diagnostics, types.close_brace);
  return out;
}

}  // namespace rnnc::dsl
