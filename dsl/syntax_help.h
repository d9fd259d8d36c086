// The wording of mistakes in spelling and grammar, in plain words and with what would mend them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/diagnostics.h"
#include "dsl/layout.h"

namespace rnnc::dsl {

// What the grammar would take at a place.
struct ExpectedWords {
  bool expression = false, name = false, string = false, operation = false;
  bool member = false, unit = false;  // the beginning of one
  bool line_end = false, file_end = false;
  std::vector<std::string> spelled;  // punctuation and words, as written
};

// What stands there.
struct FoundWord {
  Span span;
  std::string text;
  WordRole role = WordRole::operand;
  bool keyword = false;
  std::optional<Span> bracket;  // the innermost ( or [ around it
  struct Before {
    Span span;
    std::string text;
    WordRole role = WordRole::operand;
  };
  std::optional<Before> before;
  std::string first, next;  // the first word of the line or member, the word behind this one; "" if that is this one
};

Diagnostic syntax_error(const ExpectedWords& expected, const FoundWord& found);

// `span` is the first of a run of characters that are no words.
Diagnostic stray_character(std::string_view text, Span span);

// Digits that run into letters: `2H`, `0x10`.
Diagnostic bad_number(std::string_view spelled, Span span);

}  // namespace rnnc::dsl
