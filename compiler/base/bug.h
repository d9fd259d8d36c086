// How the compiler reports its own mistakes.
#pragma once

#include <stdexcept>
#include <string>

namespace rnnc {

// A broken invariant inside rnnc: never a user's mistake. It is caught once, at the driver's or the host API's
// outer edge, and becomes exit code 3 or an error value.
class Bug : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

inline void check(bool holds, const char* what) {
  if (!holds) throw Bug(what);
}
inline void check(bool holds, const std::string& what) {
  if (!holds) throw Bug(what);
}

// A construct that is valid but that this stage cannot carry out yet: reported to the user by name, never ignored.
class Unsupported : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace rnnc
