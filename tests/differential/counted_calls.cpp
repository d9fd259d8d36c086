// The functions below take the place of the C library's for the program and for all that it loads. System calls are
// diverted by the kernel itself (prctl PR_SET_SYSCALL_USER_DISPATCH): nothing gets past it.
#include "tests/differential/counted_calls.h"

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>

#include <cerrno>
#include <cstddef>

#ifndef PR_SET_SYSCALL_USER_DISPATCH
#define PR_SET_SYSCALL_USER_DISPATCH 59
#endif

namespace {

thread_local bool counting = false;
thread_local rnnc::testing::CallCounts counts;
volatile char divert = 0;  // 1: this thread's system calls raise SIGSYS

void on_system_call(int, siginfo_t*, void*) {
  divert = 0;  // or this handler's own return would be diverted
  ++counts.system_calls;
}

bool prepare() {
  struct sigaction action = {};
  action.sa_sigaction = on_system_call;
  action.sa_flags = SA_SIGINFO;
  return sigaction(SIGSYS, &action, nullptr) == 0 && prctl(PR_SET_SYSCALL_USER_DISPATCH, 1, 0, 0, &divert) == 0;
}

template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

namespace rnnc::testing {

bool can_count_system_calls() {
  static const bool can = prepare();
  return can;
}

void start_counting() {
  const bool system_calls = can_count_system_calls();
  counts = {};
  counting = true;
  divert = system_calls ? 1 : 0;
}

CallCounts stop_counting() {
  divert = 0;
  counting = false;
  return counts;
}

}  // namespace rnnc::testing

extern "C" {

void* __libc_malloc(std::size_t);
void __libc_free(void*);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);

void* malloc(std::size_t size) {
  counts.allocations += counting ? 1 : 0;
  return __libc_malloc(size);
}
void free(void* memory) {
  counts.allocations += counting ? 1 : 0;
  __libc_free(memory);
}
void* calloc(std::size_t count, std::size_t size) {
  counts.allocations += counting ? 1 : 0;
  return __libc_calloc(count, size);
}
void* realloc(void* memory, std::size_t size) {
  counts.allocations += counting ? 1 : 0;
  return __libc_realloc(memory, size);
}
void* memalign(std::size_t alignment, std::size_t size) {
  counts.allocations += counting ? 1 : 0;
  return __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) { return memalign(alignment, size); }
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
  *memory = memalign(alignment, size);
  return *memory == nullptr ? ENOMEM : 0;
}

int pthread_mutex_lock(pthread_mutex_t* mutex) {
  static auto* const next = real<int(pthread_mutex_t*)>("pthread_mutex_lock");
  counts.locks += counting ? 1 : 0;
  return next(mutex);
}
int pthread_rwlock_rdlock(pthread_rwlock_t* lock) {
  static auto* const next = real<int(pthread_rwlock_t*)>("pthread_rwlock_rdlock");
  counts.locks += counting ? 1 : 0;
  return next(lock);
}
int pthread_rwlock_wrlock(pthread_rwlock_t* lock) {
  static auto* const next = real<int(pthread_rwlock_t*)>("pthread_rwlock_wrlock");
  counts.locks += counting ? 1 : 0;
  return next(lock);
}
int pthread_once(pthread_once_t* once, void (*routine)()) {
  static auto* const next = real<int(pthread_once_t*, void (*)())>("pthread_once");
  counts.locks += counting ? 1 : 0;
  return next(once, routine);
}

}  // extern "C"
