#include "runtime/text.h"

#include <algorithm>
#include <cstdio>
#include <optional>

#include "runtime/numbers.h"

namespace rnnc::runtime {
namespace {

// The code point that `text` begins with, which is cut off; nothing when that is not valid UTF-8 (Unicode 15, table
// 3-7: no overlong forms, no surrogates, nothing above U+10FFFF).
std::optional<char32_t> take_code_point(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xc2 ? 0
                             : lead < 0xe0 ? 2
                             : lead < 0xf0 ? 3
                             : lead < 0xf5 ? 4
                                           : 0;
  if (length == 0 || text.size() < length) return std::nullopt;
  char32_t point = length == 1 ? lead : lead & (0x7fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return std::nullopt;
    point = (point << 6) | (byte(i) & 0x3fu);
  }
  constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (point < smallest[length] || point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return std::nullopt;
  text.remove_prefix(length);
  return point;
}

void append_utf8(std::string& text, char32_t point) {
  const auto add = [&text](char32_t byte) { text += static_cast<char>(byte); };
  if (point < 0x80) {
    add(point);
  } else if (point < 0x800) {
    add(0xc0 | (point >> 6));
    add(0x80 | (point & 0x3f));
  } else if (point < 0x10000) {
    add(0xe0 | (point >> 12));
    add(0x80 | ((point >> 6) & 0x3f));
    add(0x80 | (point & 0x3f));
  } else {
    add(0xf0 | (point >> 18));
    add(0x80 | ((point >> 12) & 0x3f));
    add(0x80 | ((point >> 6) & 0x3f));
    add(0x80 | (point & 0x3f));
  }
}

std::optional<std::vector<char32_t>> code_points(std::string_view text) {
  std::vector<char32_t> points;
  points.reserve(text.size());
  while (!text.empty()) {
    const auto point = take_code_point(text);
    if (!point) return std::nullopt;
    points.push_back(*point);
  }
  return points;
}

std::vector<char32_t> bytes_of(std::string_view text) {
  std::vector<char32_t> bytes;
  bytes.reserve(text.size());
  for (const char c : text) bytes.push_back(static_cast<unsigned char>(c));
  return bytes;
}

std::string shown(char32_t symbol, bool utf8) {
  char code[24];
  std::snprintf(code, sizeof code, utf8 ? "U+%04X" : "byte 0x%02X", static_cast<unsigned>(symbol));
  if (symbol < 0x20 || symbol == 0x7f || (!utf8 && symbol >= 0x80)) return code;
  std::string text = "`";
  append_utf8(text, symbol);
  return text + "` (" + code + ")";
}

}  // namespace

Result<Vocabulary> Vocabulary::from_text(std::string_view text) {
  if (text.empty()) return Error{"the text is empty"};
  Vocabulary vocabulary;
  const auto points = code_points(text);
  vocabulary.utf8_ = points.has_value();
  vocabulary.symbols_ = points ? *points : bytes_of(text);
  auto& symbols = vocabulary.symbols_;
  std::sort(symbols.begin(), symbols.end());
  symbols.erase(std::unique(symbols.begin(), symbols.end()), symbols.end());
  return vocabulary;
}

int Vocabulary::find(char32_t character) const {
  const auto found = std::lower_bound(symbols_.begin(), symbols_.end(), character);
  return found != symbols_.end() && *found == character ? static_cast<int>(found - symbols_.begin()) : -1;
}

Result<std::vector<std::int32_t>> Vocabulary::encode(std::string_view text) const {
  const auto points = utf8_ ? code_points(text) : bytes_of(text);
  if (!points) return Error{"the text is not valid UTF-8, but the vocabulary is of code points"};
  std::vector<std::int32_t> numbers;
  numbers.reserve(points->size());
  for (const char32_t point : *points) {
    const int number = find(point);
    if (number < 0) return Error{"the character " + shown(point, utf8_) + " is not in the vocabulary"};
    numbers.push_back(number);
  }
  return numbers;
}

std::string Vocabulary::decode(std::span<const std::int32_t> numbers) const {
  std::string text;
  for (const std::int32_t number : numbers) {
    const char32_t symbol = symbols_[static_cast<std::size_t>(number)];
    if (utf8_) {
      append_utf8(text, symbol);
    } else {
      text += static_cast<char>(symbol);
    }
  }
  return text;
}

void Vocabulary::save(std::map<std::string, std::string>& metadata) const {
  std::string symbols;
  for (const char32_t symbol : symbols_) {
    symbols += (symbols.empty() ? "" : " ") + std::to_string(static_cast<std::uint32_t>(symbol));
  }
  metadata["vocabulary.kind"] = utf8_ ? "utf8" : "bytes";
  metadata["vocabulary.symbols"] = symbols;
}

Result<Vocabulary> Vocabulary::load(const std::map<std::string, std::string>& metadata) {
  const auto kind = metadata.find("vocabulary.kind"), symbols = metadata.find("vocabulary.symbols");
  if (kind == metadata.end() || symbols == metadata.end()) return Error{"there is no vocabulary in the file"};
  if (kind->second != "utf8" && kind->second != "bytes") return Error{"the vocabulary is of an unknown kind"};
  Vocabulary vocabulary;
  vocabulary.utf8_ = kind->second == "utf8";
  const std::int64_t largest = vocabulary.utf8_ ? 0x10ffff : 0xff;
  for (std::string_view rest = symbols->second; !rest.empty();) {
    const std::string_view word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    const auto symbol = whole_number(word);
    const bool surrogate = symbol && vocabulary.utf8_ && *symbol >= 0xd800 && *symbol < 0xe000;
    if (!symbol || *symbol > largest || surrogate ||
        (!vocabulary.symbols_.empty() && static_cast<char32_t>(*symbol) <= vocabulary.symbols_.back())) {
      return Error{"the vocabulary in the file is broken"};
    }
    vocabulary.symbols_.push_back(static_cast<char32_t>(*symbol));
  }
  if (vocabulary.symbols_.empty()) return Error{"the vocabulary in the file is broken"};
  return vocabulary;
}

TextSplit split_text(std::span<const std::int32_t> text, double fraction) {
  const double wanted = std::clamp(fraction, 0.0, 1.0) * static_cast<double>(text.size());
  std::size_t held_out = std::min(text.size(), static_cast<std::size_t>(wanted));
  if (held_out < 2) held_out = 0;
  return {text.first(text.size() - held_out), text.last(held_out)};
}

Result<StreamBatcher> StreamBatcher::create(std::span<const std::int32_t> text, std::int64_t rows, std::int64_t steps) {
  if (rows < 1 || steps < 1) return Error{"a batch needs at least one row and one step"};
  const auto size = static_cast<std::int64_t>(text.size());
  if (size - 1 < rows) {
    return Error{"the text has " + std::to_string(size) + " characters, too few for " + std::to_string(rows) + " rows"};
  }
  StreamBatcher batcher;
  batcher.text_ = text;
  batcher.rows_ = rows;
  batcher.length_ = (size - 1) / rows;  // each character needs one that follows it
  batcher.steps_ = std::min(steps, batcher.length_);
  return batcher;
}

void StreamBatcher::next_chunk(std::int32_t* token, std::int32_t* next) {
  chunk_at(position_, steps_, token, next);
  position_ += steps_;
  if (position_ + steps_ > length_) {
    position_ = 0;
    ++epoch_;
  }
}

void StreamBatcher::chunk_at(std::int64_t position, std::int64_t steps, std::int32_t* token, std::int32_t* next) const {
  for (std::int64_t t = 0; t < steps; ++t) {
    for (std::int64_t row = 0; row < rows_; ++row) {
      const auto at = static_cast<std::size_t>(row * length_ + position + t);
      token[t * rows_ + row] = text_[at];
      next[t * rows_ + row] = text_[at + 1];
    }
  }
}

void StreamBatcher::seek(std::int64_t position, std::int64_t epoch) {
  position_ = position >= 0 && position <= length_ - steps_ ? position : 0;
  epoch_ = epoch;
}

}  // namespace rnnc::runtime
