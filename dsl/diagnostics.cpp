#include "dsl/diagnostics.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "dsl/unicode.h"

namespace rnnc::dsl {
namespace {

struct KindRow {
  std::string_view code;
  Severity severity;
  std::string_view summary;
};
constexpr KindRow kind_rows[] = {
#define X(identifier, code, severity, summary) {code, Severity::severity, summary},
#include "dsl/diagnostic_kinds.def"
#undef X
};

constexpr int longest_excerpt = 100;  // columns of a source line that are shown
constexpr int tab_width = 4;

int display_width(char32_t value) { return value == U'\t' ? tab_width : 1; }

// A piece of one source line, as shown, and the column of every byte in it.
struct Excerpt {
  std::string text;
  std::uint32_t begin = 0, end = 0;  // bytes of the file
  std::vector<int> columns;          // of byte begin + i, with one entry past the end
};

Excerpt excerpt_around(std::string_view text, std::uint32_t line_begin, std::uint32_t line_end, std::uint32_t focus) {
  Excerpt excerpt;
  excerpt.begin = line_begin, excerpt.end = line_end;
  bool clipped_left = false, clipped_right = false;
  if (line_end - line_begin > longest_excerpt) {
    constexpr std::uint32_t before = 40;
    if (focus > line_begin + before) {
      excerpt.begin = std::min(focus - before, line_end - longest_excerpt);
      clipped_left = true;
      // Never start inside a code point.
      while (excerpt.begin < focus && (static_cast<unsigned char>(text[excerpt.begin]) & 0xC0) == 0x80) ++excerpt.begin;
    }
    excerpt.end = std::min(line_end, excerpt.begin + longest_excerpt);
    clipped_right = excerpt.end < line_end;
  }
  if (clipped_left) excerpt.text = "…";
  int column = clipped_left ? 1 : 0;
  for (std::uint32_t at = excerpt.begin; at < excerpt.end;) {
    const CodePoint point = decode(text.substr(0, line_end), at);
    for (std::uint32_t i = 0; i < point.length; ++i) excerpt.columns.push_back(column);
    column += display_width(point.value);
    if (point.value == U'\t') {
      excerpt.text.append(tab_width, ' ');
    } else {
      append_utf8(excerpt.text, printable(point.value) ? point.value : U'\uFFFD');
    }
    at += point.length;
  }
  excerpt.end = excerpt.begin + static_cast<std::uint32_t>(excerpt.columns.size());
  excerpt.columns.push_back(column);
  if (clipped_right) excerpt.text += "…";
  return excerpt;
}

// A label as carets on one excerpt: columns [first, last).
struct Mark {
  int first = 0, last = 0;
  bool primary = false;
  std::string text;
};

struct MarkedLine {
  std::int32_t file = -1;
  int line = 0;
  Excerpt excerpt;
  std::vector<Mark> marks;
};

std::vector<MarkedLine> marked_lines(const Diagnostic& diagnostic, const SourceMap& sources) {
  std::vector<MarkedLine> lines;
  for (std::size_t i = 0; i < diagnostic.labels.size(); ++i) {
    const Label& label = diagnostic.labels[i];
    if (!label.span.known()) continue;
    const std::string_view text = sources.text(label.span.file);
    const std::uint32_t begin = std::min(label.span.begin, static_cast<std::uint32_t>(text.size()));
    const int number = sources.position(label.span.file, begin).line;
    const std::string_view line = sources.line(label.span.file, number);
    const auto line_begin = static_cast<std::uint32_t>(line.data() - text.data());
    const auto line_end = static_cast<std::uint32_t>(line_begin + line.size());
    const std::uint32_t from = std::min(begin, line_end);
    auto found = std::find_if(lines.begin(), lines.end(), [&](const MarkedLine& other) {
      return other.file == label.span.file && other.line == number && other.excerpt.begin <= from &&
             from <= other.excerpt.end;
    });
    if (found == lines.end()) {
      lines.push_back({label.span.file, number, excerpt_around(text, line_begin, line_end, from), {}});
      found = lines.end() - 1;
    }
    const Excerpt& excerpt = found->excerpt;
    // What goes on past this line, or past the excerpt, is marked up to there.
    const std::uint32_t to = std::clamp(label.span.end, from, excerpt.end);
    Mark mark{excerpt.columns[from - excerpt.begin], excerpt.columns[to - excerpt.begin], i == 0, label.text};
    mark.last = std::max(mark.last, mark.first + 1);
    found->marks.push_back(std::move(mark));
  }
  // The file of the first label first, then in the order of their first mention; lines in order.
  const std::int32_t main_file = lines.empty() ? -1 : lines.front().file;
  std::stable_sort(lines.begin(), lines.end(), [&](const MarkedLine& a, const MarkedLine& b) {
    const auto order = [&](const MarkedLine& at) { return std::tuple(at.file != main_file, at.file, at.line); };
    return order(a) < order(b);
  });
  return lines;
}

void put_at(std::string& row, int column, std::string_view text) {
  if (static_cast<int>(row.size()) < column) row.append(static_cast<std::size_t>(column) - row.size(), ' ');
  row.replace(static_cast<std::size_t>(column), text.size(), text);
}

// Rows under a source line: all carets, the text of the rightmost mark beside them, the other texts below, each under
// its own mark.
std::vector<std::string> rows_below(std::vector<Mark> marks) {
  std::stable_sort(marks.begin(), marks.end(), [](const Mark& a, const Mark& b) { return a.first < b.first; });
  std::string carets;
  for (const bool primary : {false, true}) {  // the place itself is drawn over everything else
    for (const Mark& mark : marks) {
      if (mark.primary != primary) continue;
      put_at(carets, mark.first, std::string(static_cast<std::size_t>(mark.last - mark.first), primary ? '^' : '-'));
    }
  }
  std::vector<std::string> rows;
  std::size_t left = marks.size();
  const bool beside = left > 0 && !marks.back().text.empty() && marks.back().last >= static_cast<int>(carets.size());
  if (beside) {
    carets += " " + marks.back().text;
    --left;
  }
  rows.push_back(std::move(carets));
  while (left > 0) {
    const Mark& mark = marks[--left];
    if (mark.text.empty()) continue;
    std::string row;
    for (std::size_t i = 0; i < left; ++i) {
      if (!marks[i].text.empty() && marks[i].first < mark.first) put_at(row, marks[i].first, "|");
    }
    put_at(row, mark.first, "");
    rows.push_back(row + mark.text);
  }
  return rows;
}

std::string place(const SourceMap& sources, const Span& span) {
  const Position position = sources.position(span.file, span.begin);
  return printable(sources.name(span.file)) + ":" + std::to_string(position.line) + ":" + std::to_string(position.column) + ": ";
}

}  // namespace

std::string_view code(DiagnosticKind kind) { return kind_rows[static_cast<std::size_t>(kind)].code; }
Severity severity(DiagnosticKind kind) { return kind_rows[static_cast<std::size_t>(kind)].severity; }
std::string_view summary(DiagnosticKind kind) { return kind_rows[static_cast<std::size_t>(kind)].summary; }

std::optional<DiagnosticKind> find_kind(std::string_view code) {
  const auto* row = std::find_if(std::begin(kind_rows), std::end(kind_rows),
                                 [&](const KindRow& one) { return one.code == code; });
  if (row == std::end(kind_rows)) return std::nullopt;
  return static_cast<DiagnosticKind>(row - std::begin(kind_rows));
}

std::vector<std::string> codes(Severity severity) {
  std::vector<std::string> found;
  for (const KindRow& row : kind_rows)
    if (row.severity == severity) found.emplace_back(row.code);
  return found;
}

Diagnostics::Identity Diagnostics::identity(const Diagnostic& diagnostic) {
  const Span place = diagnostic.labels.empty() ? Span{} : diagnostic.labels.front().span;
  return {diagnostic.kind, place.file, place.begin, place.end, place.known() ? "" : printable(diagnostic.message)};
}

void Diagnostics::report(Diagnostic diagnostic) {
  if (std::find(silenced_.begin(), silenced_.end(), diagnostic.kind) != silenced_.end()) return;
  // What a source says in them, as the path of an import, does nothing to a terminal.
  diagnostic.message = printable(diagnostic.message);
  for (Label& label : diagnostic.labels) label.text = printable(label.text);
  for (std::string& line : diagnostic.help) line = printable(line);
  if (!known_.insert(identity(diagnostic)).second) return;
  if (severity(diagnostic.kind) == Severity::error) ++errors_;
  all_.push_back(std::move(diagnostic));
}

std::string render(const Diagnostic& diagnostic, const SourceMap& sources) {
  std::string out;
  if (!diagnostic.labels.empty() && diagnostic.labels.front().span.known()) {
    out += place(sources, diagnostic.labels.front().span);
  }
  out += severity(diagnostic.kind) == Severity::error ? "error[" : "warning[";
  out += std::string(code(diagnostic.kind)) + "]: " + diagnostic.message + "\n";

  const std::vector<MarkedLine> lines = marked_lines(diagnostic, sources);
  int widest = 0;
  for (const MarkedLine& line : lines) widest = std::max(widest, line.line);
  const std::size_t width = std::max<std::size_t>(4, std::to_string(widest).size() + 1);
  const std::string gutter = std::string(width, ' ') + " | ";
  const MarkedLine* before = nullptr;
  for (const MarkedLine& line : lines) {
    if (before != nullptr && before->file != line.file) {
      out += std::string(width, ' ') + " in " + printable(sources.name(line.file)) + ":\n";
    } else if (before != nullptr && line.line > before->line + 1) {
      out += std::string(width, ' ') + " …\n";
    }
    before = &line;
    const std::string number = std::to_string(line.line);
    out += std::string(width - number.size(), ' ') + number + " | " + line.excerpt.text + "\n";
    for (const std::string& row : rows_below(line.marks)) out += gutter + row + "\n";
  }
  for (const Label& label : diagnostic.labels) {
    if (!label.span.known() && !label.text.empty()) out += "  " + label.text + "\n";
  }
  for (const std::string& help : diagnostic.help) out += "  help: " + help + "\n";
  return out;
}

std::string render(const Diagnostics& diagnostics, const SourceMap& sources) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    if (!out.empty()) out += "\n";
    out += render(diagnostic, sources);
  }
  return out;
}

std::string nearest(std::string_view name, const std::vector<std::string>& candidates) {
  constexpr std::size_t longest = 64;
  if (name.empty() || name.size() > longest) return "";
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  // In half edits: a letter in the wrong case costs one, an edit or a swap of neighbours two. Beyond `limit` any number.
  using Row = std::array<int, longest + 1>;
  Row two_back = {}, previous, current;
  const auto distance = [&](std::string_view other, int limit) {
    for (std::size_t j = 0; j <= other.size(); ++j) previous[j] = static_cast<int>(2 * j);
    for (std::size_t i = 1; i <= name.size(); ++i) {
      current[0] = static_cast<int>(2 * i);
      int least = previous[0];
      for (std::size_t j = 1; j <= other.size(); ++j) {
        const char a = name[i - 1], b = other[j - 1];
        const int change = a == b ? 0 : lower(a) == lower(b) ? 1 : 2;
        current[j] = std::min({previous[j] + 2, current[j - 1] + 2, previous[j - 1] + change});
        const bool swapped = i > 1 && j > 1 && a == other[j - 2] && name[i - 2] == b;
        if (swapped) current[j] = std::min(current[j], two_back[j - 2] + 2);
        least = std::min({least, current[j], previous[j]});
      }
      if (least > limit) return least;  // a row's numbers come from the two before it
      std::swap(two_back, previous);
      std::swap(previous, current);
    }
    return previous[other.size()];
  };
  // A third of the name may be wrong; of a one-letter name only its case.
  const int allowed = name.size() == 1 ? 1 : 2 * std::max<int>(1, static_cast<int>(name.size()) / 3);
  std::string best;
  int best_distance = allowed + 1;
  for (const std::string& candidate : candidates) {
    if (candidate.empty() || candidate.size() > longest || candidate == name) continue;
    const auto longer = std::max(candidate.size(), name.size()) - std::min(candidate.size(), name.size());
    if (2 * static_cast<int>(longer) > best_distance) continue;
    const int found = distance(candidate, best_distance);
    const bool likelier = found == best_distance && best.size() != name.size() && candidate.size() == name.size();
    if (found < best_distance || (likelier && !best.empty())) best = candidate, best_distance = found;
  }
  return best;
}

}  // namespace rnnc::dsl
