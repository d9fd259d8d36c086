// Lines of formatted text before they are put together: what stands on them, how far apart, and what is lined up.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace rnnc::dsl {

// Where lining up with a neighbouring line makes sense.
enum class Stop : std::uint8_t {
  none,
  name,        // what follows the keyword of a declaration
  colon,       // the first `:` of a declaration
  definition,  // the first `=` of a definition
  comment,     // at the end of a line
};

struct Piece {  // a word or a comment
  std::string text;
  int gap = 0;             // spaces before it
  int written_gap = 0;     // in the source
  int written_column = 0;  // in the source; lines are comparable
  Stop stop = Stop::none;
};

struct Line {
  int indent = 0;
  bool blank_before = false;
  std::vector<Piece> pieces;
};

// Widens gaps so that neighbouring lines (no blank line between, equally indented) whose stops of one kind stand in one
// column in the source, and not by chance (somewhere with more than one space before it), keep it so.
void line_up(std::vector<Line>& lines);

std::string to_string(const std::vector<Line>& lines);

}  // namespace rnnc::dsl
