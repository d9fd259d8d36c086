// What the user did wrong, as values: never printed from inside a stage, several per run.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "dsl/source.h"

namespace rnnc::dsl {

enum class Severity : std::uint8_t { error, warning };

// The one list of kinds: diagnostic_kinds.def, rows of  X(identifier, "E0101", severity, "one line for the manual").
enum class DiagnosticKind : std::uint16_t {
#define X(identifier, code, severity, summary) identifier,
#include "dsl/diagnostic_kinds.def"
#undef X
};
std::string_view code(DiagnosticKind kind);
Severity severity(DiagnosticKind kind);
std::string_view summary(DiagnosticKind kind);
std::optional<DiagnosticKind> find_kind(std::string_view code);
std::vector<std::string> codes(Severity severity);

// Carets under a span, and what is to be said of it ("" = carets only).
struct Label {
  Span span;
  std::string text;
};

// Lower case, no full stop, names in backticks; the first label is the place.
struct Diagnostic {
  DiagnosticKind kind;
  std::string message;
  std::vector<Label> labels;
  std::vector<std::string> help;  // what would fix it, each a line of its own
};

// Where diagnostics go. Reporting the same kind at the same place twice keeps the first.
class Diagnostics {
 public:
  void report(Diagnostic diagnostic);
  // Warnings of this kind are dropped from now on. Errors cannot be silenced.
  void silence(DiagnosticKind warning) { silenced_.push_back(warning); }
  bool has_errors() const { return errors_ > 0; }
  int error_count() const { return errors_; }
  bool has(const Diagnostic& diagnostic) const { return known_.contains(identity(diagnostic)); }
  const std::vector<Diagnostic>& all() const { return all_; }

 private:
  std::vector<Diagnostic> all_;
  // Kind, file and place; the message where there is no place.
  using Identity = std::tuple<DiagnosticKind, std::int32_t, std::uint32_t, std::uint32_t, std::string>;
  static Identity identity(const Diagnostic& diagnostic);

  std::set<Identity> known_;
  std::vector<DiagnosticKind> silenced_;
  int errors_ = 0;
};

// As text, with source lines and carets:
//   model.rnn:7:9: error[E0204]: shapes `[4, 3]` and `[5]` do not agree in `@`
//      7 |     i = W @ x
//        |         ^   - [5]
//        |         [4, 3]
//      help: …
std::string render(const Diagnostic& diagnostic, const SourceMap& sources);
std::string render(const Diagnostics& diagnostics, const SourceMap& sources);

// The name among `candidates` nearest to `name` by edit distance, or "" when none is near.
std::string nearest(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace rnnc::dsl
