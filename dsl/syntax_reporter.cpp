#include "dsl/syntax_reporter.h"

#include <string>

#include "dsl/unicode.h"

namespace rnnc::dsl {

void SyntaxReporter::report(Diagnostic diagnostic) {
  constexpr std::size_t most = 100;
  const Span place = diagnostic.labels.front().span;
  if (!lines_.insert(sources_.position(file_, place.begin).line).second || reports_ >= most) return;
  ++reports_;
  if (reports_ == most) {
    diagnostic = {
        DiagnosticKind::too_many_errors, "there are more mistakes from here on than are listed", {{place, ""}}, {}};
  }
  diagnostics_.report(std::move(diagnostic));
}

void SyntaxReporter::silence_lines_of(const std::vector<Diagnostic>& diagnostics) {
  for (const Diagnostic& diagnostic : diagnostics) {
    for (const Label& label : diagnostic.labels) {
      if (label.span.file == file_) lines_.insert(sources_.position(file_, label.span.begin).line);
    }
  }
}

void SyntaxReporter::check_utf8(std::string_view text) {
  std::size_t invalid = 0, first_invalid = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode(text, at);
    if (!point.valid && invalid++ == 0) first_invalid = at;
    at += point.length;
  }
  if (invalid == 0) return;
  const auto at = static_cast<std::uint32_t>(first_invalid);
  report({DiagnosticKind::invalid_utf8,
          invalid == 1 ? "a byte here is not UTF-8 text"
                       : std::to_string(invalid) + " bytes, the first of them here, are not UTF-8 text",
          {{span(at, at + 1), ""}},
          {"save the file as UTF-8 text"}});
}

}  // namespace rnnc::dsl
