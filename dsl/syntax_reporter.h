// Where mistakes of the text and its grammar are reported.
#pragma once

#include <set>
#include <string_view>
#include <vector>

#include "dsl/diagnostics.h"

namespace rnnc::dsl {

// Lets through one report per line, since what follows on a line is mostly a consequence, and a hundred in all. Every
// diagnostic has a place in the file.
class SyntaxReporter {
 public:
  SyntaxReporter(const SourceMap& sources, std::int32_t file, Diagnostics& diagnostics)
      : sources_(sources), file_(file), diagnostics_(diagnostics) {}

  void report(Diagnostic diagnostic);
  // Nothing more is said of the lines of these diagnostics.
  void silence_lines_of(const std::vector<Diagnostic>& diagnostics);
  // Reports the bytes of the file's text that are not UTF-8, all in one.
  void check_utf8(std::string_view text);
  // Whether anything is known to be wrong on a line before this place.
  bool has_reports_before(const Span& place) const {
    return !lines_.empty() && *lines_.begin() < sources_.position(file_, place.begin).line;
  }
  Span span(std::uint32_t begin, std::uint32_t end) const { return {file_, begin, end}; }

 private:
  const SourceMap& sources_;
  std::int32_t file_;
  Diagnostics& diagnostics_;
  std::set<int> lines_;
  std::size_t reports_ = 0;
};

}  // namespace rnnc::dsl
