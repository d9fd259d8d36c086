// Counts what this program's code asks of the C library and of the system between two points, on this thread.
#pragma once

#include <cstdint>

namespace rnnc::testing {

struct CallCounts {
  std::int64_t allocations = 0;   // malloc, free and their kin, operator new and delete with them
  std::int64_t locks = 0;         // pthread_mutex_lock, pthread_rwlock_*lock, pthread_cond_*, pthread_once
  std::int64_t system_calls = 0;  // of any kind
};

// False where the kernel cannot divert system calls (before Linux 5.11): then they are not counted.
bool can_count_system_calls();

void start_counting();
CallCounts stop_counting();

}  // namespace rnnc::testing
