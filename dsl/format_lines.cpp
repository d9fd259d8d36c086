#include "dsl/format_lines.h"

#include <algorithm>

namespace rnnc::dsl {
namespace {

int width(const std::string& text) {
  return static_cast<int>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

Piece* find_stop(Line& line, Stop stop) {
  const auto found = std::find_if(line.pieces.begin(), line.pieces.end(),
                                  [&](const Piece& piece) { return piece.stop == stop; });
  return found == line.pieces.end() ? nullptr : &*found;
}

// Where the piece begins, counted from the indentation.
int column(const Line& line, const Piece& wanted) {
  int at = 0;
  for (const Piece& piece : line.pieces) {
    at += piece.gap;
    if (&piece == &wanted) break;
    at += width(piece.text);
  }
  return at;
}

void line_up(std::vector<Line>& lines, Stop stop) {
  for (std::size_t first = 0; first < lines.size();) {
    std::vector<Piece*> group;
    std::size_t last = first;
    for (; last < lines.size(); ++last) {
      Piece* piece = find_stop(lines[last], stop);
      if (piece == nullptr) break;
      const bool goes_on = last == first || (!lines[last].blank_before && lines[last].indent == lines[first].indent &&
                                             piece->written_column == group.front()->written_column);
      if (!goes_on) break;
      group.push_back(piece);
    }
    const bool wide =
        std::any_of(group.begin(), group.end(), [](const Piece* piece) { return piece->written_gap > 1; });
    if (group.size() > 1 && wide) {
      int furthest = 0;
      for (std::size_t i = 0; i < group.size(); ++i) {
        furthest = std::max(furthest, column(lines[first + i], *group[i]));
      }
      for (std::size_t i = 0; i < group.size(); ++i) group[i]->gap += furthest - column(lines[first + i], *group[i]);
    }
    first = std::max(last, first + 1);
  }
}

}  // namespace

void line_up(std::vector<Line>& lines) {
  for (const Stop stop : {Stop::name, Stop::colon, Stop::definition, Stop::comment}) line_up(lines, stop);
}

std::string to_string(const std::vector<Line>& lines) {
  std::string out;
  for (const Line& line : lines) {
    if (line.blank_before) out += "\n";
    out.append(static_cast<std::size_t>(line.indent), ' ');
    for (const Piece& piece : line.pieces) out += std::string(static_cast<std::size_t>(piece.gap), ' ') + piece.text;
    out += "\n";
  }
  return out;
}

}  // namespace rnnc::dsl
