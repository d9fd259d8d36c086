// Whole numbers in metadata.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/safetensors.h"

namespace rnnc::runtime {

// `text` as a decimal number from 0 to 2^63 - 1, all of it.
inline std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

inline std::optional<std::int64_t> metadata_number(const TensorFile& file, const std::string& key) {
  const auto found = file.metadata.find(key);
  return found == file.metadata.end() ? std::nullopt : whole_number(found->second);
}

}  // namespace rnnc::runtime
