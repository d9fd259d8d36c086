// What this process holds of the system's memory.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace rnnc::testing {

struct Holdings {
  std::int64_t heap_bytes = 0;      // asked for and not given back
  std::int64_t resident_bytes = 0;  // pages of any kind
  std::int64_t mappings = 0;        // lines of /proc/self/maps: code and data that was mapped
};

// After the allocator has given back what it can. Nothing where a sanitizer keeps what is freed.
std::optional<Holdings> holdings();
std::string to_string(const Holdings& holdings);

}  // namespace rnnc::testing
