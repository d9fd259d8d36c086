// Which SSA values of a function may live in one C++ variable, so that `acc = fma(w, x, acc)` can be written.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "compiler/loop/loop_ir.h"

namespace rnnc::cpp {

class Variables {
 public:
  explicit Variables(const loop::Function& function);

  // The value that stands for the variable that holds `value`: equal for values of one variable.
  loop::ValueId of(loop::ValueId value) const { return variable_[value]; }
  // Is the variable of `value` assigned to after its declaration?
  bool reassigned(loop::ValueId value) const { return reassigned_[variable_[value]] != 0; }
  // The first name among the variable's values, in the order of their ids; empty if none has one.
  const std::string& name(loop::ValueId value) const;
  int uses(loop::ValueId value) const { return places_[value].uses; }
  // How many fused multiply-adds read the value.
  int fma_uses(loop::ValueId value) const { return places_[value].fma_uses; }

 private:
  // Where a value is made and last read, in the body that makes it. Statement i of a body spans the times 2i to 2i+1:
  // operands are read at 2i, and what is made at 2i+1 lives from then on.
  struct Place {
    int body = -1;
    int made = 0;
    int last = 0;
    int uses = 0;
    int fma_uses = 0;
    bool sum = false;  // made by a fused multiply-add, or carried through a loop
  };
  // A body and the place of the statement that contains it.
  struct Block {
    int parent = -1;
    int position = 0;
  };

  void scan(const loop::Body& body, int block);
  void scan_loop(const loop::Loop& loop, int block, int position);
  void make(loop::ValueId value, int block, int time);
  void use(loop::ValueId value, int block, int time);
  void merge_in(const loop::Body& body, int block);
  void merge_loop(const loop::Loop& loop, int block, int position);
  void merge_update(const loop::Instruction& instruction, int position);
  bool apart(loop::ValueId a, loop::ValueId b, int block) const;
  bool is_used(loop::ValueId variable, int block, int first, int last) const;
  void note_times(loop::ValueId variable, loop::ValueId member);
  void merge(loop::ValueId kept, loop::ValueId other);
  // `value`'s lifetime as seen from `block`: empty (first > last) when it does not live there.
  std::pair<int, int> span(loop::ValueId value, int block) const;

  const loop::Function& function_;
  std::vector<Block> blocks_;
  IdVector<loop::ValueId, Place> places_;
  IdVector<loop::ValueId, char> constant_;
  IdVector<loop::ValueId, loop::ValueId> variable_;
  IdVector<loop::ValueId, std::vector<loop::ValueId>> members_;
  IdVector<loop::ValueId, char> reassigned_;
  // By variable of several values and body: from when to when one of them lives, as seen from there.
  std::map<std::pair<loop::ValueId, int>, std::map<int, int>> times_;
  std::vector<std::vector<int>> inner_blocks_;  // per block: the blocks inside it, in order
};

}  // namespace rnnc::cpp
