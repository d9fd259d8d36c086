#include "tests/load/memory.h"

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace rnnc::testing {

std::optional<Holdings> holdings() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return std::nullopt;
#else
  ::malloc_trim(0);
  const auto heap = ::mallinfo2();
  Holdings now;
  now.heap_bytes = static_cast<std::int64_t>(heap.uordblks + heap.hblkhd);
  std::int64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages >> pages;
  now.resident_bytes = pages * ::sysconf(_SC_PAGESIZE);
  std::ifstream maps("/proc/self/maps");
  now.mappings = std::count(std::istreambuf_iterator<char>(maps), {}, '\n');
  return now;
#endif
}

std::string to_string(const Holdings& holdings) {
  const auto kib = [](std::int64_t bytes) { return std::to_string(bytes / 1024) + " KiB"; };
  return kib(holdings.heap_bytes) + " of heap, " + kib(holdings.resident_bytes) + " resident, " +
         std::to_string(holdings.mappings) + " mappings";
}

}  // namespace rnnc::testing
