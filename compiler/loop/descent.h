// Whether something is met on the way down from a value, through what is computed in place of it.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "compiler/ir/program.h"

namespace rnnc::loop {

// Remembers its answers, as a value can be read along many ways, and goes down chains of any length. What stops the way
// may only become more: then a "no" stays, and `forget_found` says that a "yes" may have become one.
class Descent {
 public:
  explicit Descent(std::size_t nodes = 0) : answers_(nodes, 0) {}
  void forget_found() { ++version_; }

  // `itself` says of a node whether it is what is looked for, or nothing if that is up to its operands.
  template <class Itself>
  bool operator()(const ir::Program& program, ir::NodeId id, Itself&& itself) {
    std::vector<ir::NodeId> open{id};
    while (!open.empty()) {
      const ir::NodeId at = open.back();
      if (!is_known(at)) {
        const std::optional<bool> answer = itself(at);
        const ir::NodeId next = answer ? ir::NodeId() : first_open(program[at].operands);
        if (next.valid()) {
          open.push_back(next);
          continue;
        }
        answers_[at] = answer.value_or(finds_in(program[at].operands)) ? version_ : never;
      }
      open.pop_back();
    }
    return answers_[id] != never;
  }

 private:
  static constexpr int never = -1;
  bool is_known(ir::NodeId id) const { return answers_[id] == never || answers_[id] == version_; }
  bool finds_in(const std::vector<ir::NodeId>& operands) const {
    for (ir::NodeId operand : operands)
      if (answers_[operand] == version_) return true;
    return false;
  }
  // The next operand to ask, unless one before it has been found to be a yes.
  ir::NodeId first_open(const std::vector<ir::NodeId>& operands) const {
    for (ir::NodeId operand : operands) {
      if (!is_known(operand)) return operand;
      if (answers_[operand] == version_) return {};
    }
    return {};
  }

  IdVector<ir::NodeId, int> answers_;  // never, or the version at which it was a yes
  int version_ = 1;
};

}  // namespace rnnc::loop
