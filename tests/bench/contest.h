// A row made ready to be timed: every rival compiled, fed with the same data, and found to agree.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/bench/rivals.h"
#include "tests/bench/rows.h"
#include "tests/bench/session.h"

namespace rnnc::bench {

struct ContestOptions {
  std::string clang;  // command of a second C++ compiler, or empty
  rnnc_parallel_for parallel_for = nullptr;
  void* pool = nullptr;
};

// How far results may be from those of the hand-written plain C++, by `compare`.
inline constexpr double tolerance = 1e-4;

struct Entrant {
  Rival rival;
  std::unique_ptr<Session> session;  // null: may not be timed
  std::string refusal;               // why
  bool at_fault = false;             // refused because it failed or disagrees, not because something is not installed
  Disagreement disagreement;
  double pack_microseconds = 0;  // median of five
};

class Contest {
 public:
  Contest(const Row& row, const ContestOptions& options);

  // Null: nobody of this name takes part.
  Entrant* find(const std::string& rival);
  // Why there is no contest at all (the source did not compile, say), or empty.
  const std::string& failure() const { return failure_; }

 private:
  void enter(Entrant& entrant, const Row& row, const ContestOptions& options);
  void judge();

  std::string failure_;
  Data data_;  // read by the sessions
  std::vector<Entrant> entrants_;
};

}  // namespace rnnc::bench
