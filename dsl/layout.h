// What has to be settled between lexer and grammar: which line ends end something, which brackets belong together, and
// that nothing is nested so deeply that a recursive reader of it could run out of stack.
#pragma once

#include <cstdint>
#include <vector>

#include "dsl/diagnostics.h"
#include "dsl/source.h"

namespace rnnc::dsl {

enum class WordRole : std::uint8_t {
  operand,    // names, numbers, strings
  open,       // ( [ {
  close,      // ) ] }
  line_end,
  semicolon,
  infix,      // between two values: + * @ < and or .   and -, which may also stand before one
  prefix,     // not, reverse
  postfix,    // '
  comma,
  assign,     // =
  joint,      // : ..   between two things that are not both values
  member,     // a word that can only begin a member: input, output, for …
  item,       // a word that can only begin something outside of cells and models: fn, const, import
  unit,       // cell, model
  file_end,
};

// Whether it stands between members.
bool separates(WordRole role);
// Whether a value can be complete after it.
bool ends_value(WordRole role);

struct Word {
  std::uint32_t begin = 0, end = 0;  // bytes of the file
  int type = 0;                      // the grammar's token type
  WordRole role = WordRole::operand;
  char bracket = 0;                  // of open and close: which
  bool supplied = false;             // not in the file: put in so that brackets balance
};

// The grammar's token types of what layout supplies.
struct SuppliedTypes {
  int close_paren = 0, close_bracket = 0, close_brace = 0;
};

// How much nesting is let through. The depth of an expression's tree is at most `operators` + `brackets`.
struct LayoutLimits {
  int brackets = 200;    // ( [ { inside each other
  int operators = 1000;  // on the way from an expression's root to a leaf, counted as if all nested
};

// Takes the words of one file, ending with file_end. Gives them with brackets balanced (wrong ones reported and
// dropped, missing ones supplied), with only those line ends that end a member, never two separators in a row, and
// within the limits (reported; the file is cut off before the member that exceeds them).
std::vector<Word> lay_out(std::vector<Word> words, std::int32_t file, const SuppliedTypes& types,
                          const LayoutLimits& limits, Diagnostics& diagnostics);

}  // namespace rnnc::dsl
