// Source texts and places in them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rnnc::dsl {

// Half-open byte range [begin, end) in one file of a SourceMap. Default-made: nowhere (command line, built-in).
struct Span {
  std::int32_t file = -1;
  std::uint32_t begin = 0, end = 0;
  bool known() const { return file >= 0; }
  bool operator==(const Span&) const = default;
};
// The smallest span that covers both (of one file).
Span cover(Span a, Span b);

struct Position {
  int line = 1, column = 1;  // from 1; the column counts code points
};

// Owns the text of every file of a compilation.
class SourceMap {
 public:
  std::int32_t add(std::string name, std::string text);
  const std::string& name(std::int32_t file) const { return files_[static_cast<std::size_t>(file)].name; }
  std::string_view text(std::int32_t file) const { return files_[static_cast<std::size_t>(file)].text; }
  std::string_view text(Span span) const;
  Position position(std::int32_t file, std::uint32_t offset) const;
  std::string_view line(std::int32_t file, int line) const;  // without its end; line from 1
  int line_count(std::int32_t file) const;
  std::size_t size() const { return files_.size(); }

 private:
  struct File {
    std::string name, text;
    std::vector<std::uint32_t> line_starts;
    std::vector<std::uint32_t> milestones;  // where each hundredth code point begins, as lines can be long
  };
  static std::uint32_t code_points_before(const File& file, std::uint32_t offset);
  std::vector<File> files_;
};

}  // namespace rnnc::dsl
