#include "dsl/source.h"

#include <algorithm>

#include "dsl/unicode.h"

namespace rnnc::dsl {

Span cover(Span a, Span b) {
  if (!a.known()) return b;
  if (!b.known() || a.file != b.file) return a;
  return {a.file, std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

namespace {
constexpr std::uint32_t milestone = 100;  // code points
}

std::int32_t SourceMap::add(std::string name, std::string text) {
  File file{std::move(name), std::move(text), {0}, {}};
  // A line ends with \n, \r\n or a lone \r.
  for (std::size_t i = 0; i < file.text.size(); ++i) {
    const char c = file.text[i];
    if (c == '\n' || (c == '\r' && (i + 1 == file.text.size() || file.text[i + 1] != '\n'))) {
      file.line_starts.push_back(static_cast<std::uint32_t>(i + 1));
    }
  }
  std::uint32_t count = 0;
  for (std::uint32_t at = 0; at < file.text.size(); at += decode(file.text, at).length, ++count) {
    if (count % milestone == 0) file.milestones.push_back(at);
  }
  files_.push_back(std::move(file));
  return static_cast<std::int32_t>(files_.size() - 1);
}

std::string_view SourceMap::text(Span span) const {
  if (!span.known()) return {};
  const std::string_view all = text(span.file);
  const std::size_t begin = std::min<std::size_t>(span.begin, all.size());
  const std::size_t end = std::clamp<std::size_t>(span.end, begin, all.size());
  return all.substr(begin, end - begin);
}

Position SourceMap::position(std::int32_t file, std::uint32_t offset) const {
  const File& source = files_[static_cast<std::size_t>(file)];
  offset = std::min(offset, static_cast<std::uint32_t>(source.text.size()));
  const auto after = std::upper_bound(source.line_starts.begin(), source.line_starts.end(), offset);
  const std::uint32_t before = code_points_before(source, offset) - code_points_before(source, *(after - 1));
  return {static_cast<int>(after - source.line_starts.begin()), static_cast<int>(before) + 1};
}

// How many begin there.
std::uint32_t SourceMap::code_points_before(const File& file, std::uint32_t offset) {
  if (offset == 0) return 0;
  const auto after = std::upper_bound(file.milestones.begin(), file.milestones.end(), offset);
  auto count = static_cast<std::uint32_t>(after - file.milestones.begin() - 1) * milestone;
  for (std::uint32_t at = *(after - 1); at < offset; at += decode(file.text, at).length) ++count;
  return count;
}

std::string_view SourceMap::line(std::int32_t file, int line) const {
  const File& source = files_[static_cast<std::size_t>(file)];
  if (line < 1 || line > line_count(file)) return {};
  const std::size_t index = static_cast<std::size_t>(line - 1);
  const std::size_t begin = source.line_starts[index];
  std::size_t end = index + 1 < source.line_starts.size() ? source.line_starts[index + 1] : source.text.size();
  if (end > begin && source.text[end - 1] == '\n') --end;
  if (end > begin && source.text[end - 1] == '\r') --end;
  return std::string_view(source.text).substr(begin, end - begin);
}

int SourceMap::line_count(std::int32_t file) const {
  return static_cast<int>(files_[static_cast<std::size_t>(file)].line_starts.size());
}

}  // namespace rnnc::dsl
