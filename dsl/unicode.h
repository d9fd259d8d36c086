// UTF-8, one code point at a time; any bytes are accepted.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rnnc::dsl {

struct CodePoint {
  char32_t value = 0xFFFD;  // U+FFFD for bytes that are not UTF-8
  std::uint32_t length = 1;  // in bytes, at least 1
  bool valid = false;
};

// The code point that begins at `offset` < text.size(). Overlong forms, surrogates and cut-off sequences are invalid,
// and then one byte long, so that decoding always moves on.
CodePoint decode(std::string_view text, std::size_t offset);

void append_utf8(std::string& out, char32_t value);

// Whether a terminal shows it as it stands: no control characters, no marks that change the direction of writing.
bool printable(char32_t value);
// The text, with U+FFFD for what is not.
std::string printable(std::string_view text);

}  // namespace rnnc::dsl
