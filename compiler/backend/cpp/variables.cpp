#include "compiler/backend/cpp/variables.h"

#include <algorithm>

namespace rnnc::cpp {

using namespace loop;

Variables::Variables(const Function& function)
    : function_(function), places_(function.values.size()), constant_(function.values.size(), 0),
      variable_(function.values.size()), members_(function.values.size()), reassigned_(function.values.size(), 0) {
  for (ValueId value : function.values.ids()) {
    variable_[value] = value;
    members_[value] = {value};
  }
  blocks_.push_back({});
  inner_blocks_.emplace_back();
  for (ValueId value : function.vectors) make(value, 0, -1);
  scan(function.body, 0);
  if (function.result.valid()) use(function.result, 0, 2 * static_cast<int>(function.body.size()));
  merge_in(function.body, 0);
}

const std::string& Variables::name(ValueId value) const {
  ValueId named = variable_[value];
  for (ValueId member : members_[variable_[value]]) {
    bool better = function_.values[named].name.empty() || member < named;
    if (!function_.values[member].name.empty() && better) named = member;
  }
  return function_.values[named].name;
}

// ---- where everything is made and read -----------------------------------------------------------------------------

void Variables::make(ValueId value, int block, int time) {
  Place& place = places_[value];
  place.body = block;
  place.made = time;
  // Nothing else may take the variable at the very moment of the assignment, even if nobody reads it.
  place.last = time + 1;
}

void Variables::use(ValueId value, int block, int time) {
  Place& place = places_[value];
  ++place.uses;
  if (constant_[value]) return;
  // A use further inside is a use by the statement that contains it.
  while (block != place.body) {
    time = 2 * blocks_[static_cast<std::size_t>(block)].position;
    block = blocks_[static_cast<std::size_t>(block)].parent;
    // It may be anywhere in that statement, so the value is held to its end.
    if (block == place.body) ++time;
  }
  place.last = std::max(place.last, time);
}

void Variables::scan(const Body& body, int block) {
  for (std::size_t i = 0; i < body.size(); ++i) {
    int position = static_cast<int>(i);
    if (auto instruction = std::get_if<Instruction>(&body[i].node)) {
      bool fused = instruction->op == Op::fma || instruction->op == Op::fnma;
      for (ValueId operand : instruction->operands) {
        use(operand, block, 2 * position);
        if (fused) ++places_[operand].fma_uses;
      }
      if (instruction->result.valid()) {
        make(instruction->result, block, 2 * position + 1);
        places_[instruction->result].sum = fused;
        constant_[instruction->result] = instruction->op == Op::constant || instruction->op == Op::bits;
      }
    } else if (auto loop = std::get_if<Loop>(&body[i].node)) {
      scan_loop(*loop, block, position);
    } else if (auto choice = std::get_if<IfGiven>(&body[i].node)) {
      for (const Body* branch : {&choice->given, &choice->absent}) {
        int inner = static_cast<int>(blocks_.size());
        blocks_.push_back({block, position});
        inner_blocks_.emplace_back();
        inner_blocks_[static_cast<std::size_t>(block)].push_back(inner);
        scan(*branch, inner);
      }
    }
  }
}

void Variables::scan_loop(const Loop& loop, int block, int position) {
  int inner = static_cast<int>(blocks_.size());
  blocks_.push_back({block, position});
  inner_blocks_.emplace_back();
  inner_blocks_[static_cast<std::size_t>(block)].push_back(inner);
  for (const Loop::Carried& carried : loop.carried) {
    use(carried.initial, block, 2 * position);
    make(carried.inside, inner, -1);
    places_[carried.inside].sum = true;
  }
  scan(loop.body, inner);
  for (const Loop::Carried& carried : loop.carried) {
    use(carried.next, inner, 2 * static_cast<int>(loop.body.size()));
    make(carried.result, block, 2 * position + 1);
    places_[carried.result].sum = true;
  }
}

// ---- sharing -------------------------------------------------------------------------------------------------------

std::pair<int, int> Variables::span(ValueId value, int block) const {
  const Place& place = places_[value];
  if (place.body == block) return {place.made, place.last};
  for (int at = place.body; at >= 0; at = blocks_[static_cast<std::size_t>(at)].parent) {
    const Block& inner = blocks_[static_cast<std::size_t>(at)];
    if (inner.parent == block) return {2 * inner.position, 2 * inner.position + 1};
  }
  return {1, 0};
}

// Is the variable in use at some time between these two?
bool Variables::is_used(ValueId variable, int block, int first, int last) const {
  const auto times = times_.find({variable, block});
  if (times == times_.end()) return false;
  const auto after = times->second.lower_bound(last);
  return after != times->second.begin() && std::prev(after)->second > first;
}

// Notes when a value of the variable lives, as seen from every body around it: as spans that do not touch.
void Variables::note_times(ValueId variable, ValueId member) {
  for (int block = places_[member].body; block >= 0; block = blocks_[static_cast<std::size_t>(block)].parent) {
    auto [first, last] = span(member, block);
    std::map<int, int>& times = times_[{variable, block}];
    auto next = times.upper_bound(first);
    if (next != times.begin() && std::prev(next)->second >= first) --next;
    while (next != times.end() && next->first <= last) {
      first = std::min(first, next->first);
      last = std::max(last, next->second);
      next = times.erase(next);
    }
    times[first] = last;
  }
}

// Does no time of `a`'s variable fall into one of `b`'s, both as seen from `block`?
bool Variables::apart(ValueId a, ValueId b, int block) const {
  ValueId some = variable_[a], other = variable_[b];
  if (members_[some].size() < members_[other].size()) std::swap(some, other);
  return std::none_of(members_[other].begin(), members_[other].end(), [&](ValueId member) {
    const auto [first, last] = span(member, block);
    if (first > last) return false;
    if (members_[some].size() > 1) return is_used(some, block, first, last);
    const auto [own_first, own_last] = span(some, block);
    return own_first <= own_last && own_first < last && first < own_last;
  });
}

void Variables::merge(ValueId kept, ValueId other) {
  ValueId to = variable_[kept], from = variable_[other];
  if (to == from) return;
  if (members_[to].size() == 1) note_times(to, to);
  for (ValueId member : members_[from]) {
    variable_[member] = to;
    members_[to].push_back(member);
    note_times(to, member);
  }
  members_[from].clear();
  reassigned_[to] = 1;
}

void Variables::merge_in(const Body& body, int block) {
  std::size_t next_inner = 0;
  const std::vector<int> inner = inner_blocks_[static_cast<std::size_t>(block)];
  for (std::size_t i = 0; i < body.size(); ++i) {
    int position = static_cast<int>(i);
    if (auto instruction = std::get_if<Instruction>(&body[i].node)) {
      merge_update(*instruction, position);
    } else if (auto loop = std::get_if<Loop>(&body[i].node)) {
      int inside = inner[next_inner++];
      for (const Loop::Carried& carried : loop->carried) {
        merge(carried.inside, carried.result);
        reassigned_[variable_[carried.inside]] = 1;
      }
      merge_loop(*loop, block, position);
      for (const Loop::Carried& carried : loop->carried) {
        bool made_inside = places_[carried.next].body == inside && !constant_[carried.next];
        if (made_inside && apart(carried.inside, carried.next, inside)) merge(carried.inside, carried.next);
      }
      merge_in(loop->body, inside);
    } else if (auto choice = std::get_if<IfGiven>(&body[i].node)) {
      merge_in(choice->given, inner[next_inner++]);
      merge_in(choice->absent, inner[next_inner++]);
    }
  }
}

// The carried variable takes over its initial value's, if that dies here.
void Variables::merge_loop(const Loop& loop, int block, int position) {
  for (const Loop::Carried& carried : loop.carried) {
    const Place& initial = places_[carried.initial];
    if (constant_[carried.initial] || initial.body != block || initial.last != 2 * position) continue;
    auto same = [&](const Loop::Carried& other) { return other.initial == carried.initial; };
    if (std::count_if(loop.carried.begin(), loop.carried.end(), same) != 1) continue;
    bool parameter = std::find(function_.vectors.begin(), function_.vectors.end(), carried.initial) !=
                     function_.vectors.end();
    if (!parameter) merge(carried.initial, carried.inside);
  }
}

// x = fma(a, b, x) and x = fma(x, a, b): the sum takes over the variable of a sum that dies here, if both have the same
// name or none.
void Variables::merge_update(const Instruction& instruction, int position) {
  if (instruction.op != Op::fma && instruction.op != Op::fnma) return;
  const Place& result = places_[instruction.result];
  const std::string& name = function_.values[instruction.result].name;
  for (std::size_t i : {2, 0, 1}) {
    ValueId operand = instruction.operands[i];
    const Place& place = places_[operand];
    if (!place.sum || place.body != result.body || place.last != 2 * position) continue;
    if (name != function_.values[variable_[operand]].name) continue;
    if (!apart(operand, instruction.result, result.body)) continue;
    merge(operand, instruction.result);
    return;
  }
}

}  // namespace rnnc::cpp
