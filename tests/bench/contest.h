// A row made ready to be timed: every rival compiled, fed with the same data, and found to agree.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/bench/rivals.h"
#include "tests/bench/rows.h"
#include "tests/bench/session.h"
#include "tests/bench/torch.h"

namespace rnnc::bench {

struct ContestOptions {
  std::set<std::string> rivals;  // the names of those who take part
  CompileSettings compile;
  Torch* torch = nullptr;        // where it does; runs one contest at a time
  rnnc_parallel_for parallel_for = nullptr;
  void* pool = nullptr;
};

// How far results may be from the judge's, by `compare`.
inline constexpr double tolerance = 1e-4;

struct Entrant {
  Rival rival;
  std::unique_ptr<Session> session;  // null: not an rnnc_model, or refused
  std::string refusal;               // why it may not be timed; empty: it may
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
  void enter_torch(const Row& row, const ContestOptions& options);
  void judge(Entrant& entrant, const Tensors& results);

  std::string failure_;
  Tensors given_, expected_;  // the first is read by the sessions
  std::vector<Entrant> entrants_;
};

}  // namespace rnnc::bench
