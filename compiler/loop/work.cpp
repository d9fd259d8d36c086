#include "compiler/loop/work.h"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/base/bug.h"

namespace rnnc::loop {
namespace {

// All values that a whole number takes. One that is read from memory can be any: `known` is false.
struct Interval {
  std::int64_t low = 0, high = 0;
  bool known = true;
};

Interval operator+(const Interval& a, const Interval& b) {
  return {a.low + b.low, a.high + b.high, a.known && b.known};
}

Interval operator*(const Interval& a, const Interval& b) {
  const auto [low, high] = std::minmax({a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high});
  return {low, high, a.known && b.known};
}

// Disjoint ranges of one array's elements.
class Ranges {
 public:
  void add(std::int64_t begin, std::int64_t end) {
    auto at = ends_.upper_bound(begin);
    if (at != ends_.begin() && std::prev(at)->second >= begin) {
      --at;
      if (at->second >= end) return;
      begin = at->first;
    }
    while (at != ends_.end() && at->first <= end) {
      end = std::max(end, at->second);
      at = ends_.erase(at);
    }
    ends_.emplace(begin, end);
  }
  double elements() const {
    double sum = 0;
    for (const auto& [begin, end] : ends_) sum += static_cast<double>(end - begin);
    return sum;
  }

 private:
  std::map<std::int64_t, std::int64_t> ends_;  // by beginning
};

// Of one instruction and one lane.
int operations_of(Op op) {
  switch (op) {
    case Op::fma:
    case Op::fnma: return 2;
    case Op::add:
    case Op::sub:
    case Op::mul:
    case Op::div:
    case Op::min:
    case Op::max:
    case Op::sqrt:
    case Op::round:
    case Op::floor:
    case Op::lane_sum:
    case Op::lane_max: return 1;
    case Op::constant:
    case Op::bits:
    case Op::number:
    case Op::word:
    case Op::iota:
    case Op::load:
    case Op::load_first:
    case Op::load_scalar:
    case Op::store:
    case Op::store_first:
    case Op::prefetch:
    case Op::neg:
    case Op::abs:
    case Op::less:
    case Op::less_equal:
    case Op::equal:
    case Op::index_less:
    case Op::mask_and:
    case Op::mask_or:
    case Op::mask_not:
    case Op::select:
    case Op::first_lanes:
    case Op::bit_and:
    case Op::bit_or:
    case Op::bit_xor:
    case Op::int_add:
    case Op::int_sub:
    case Op::shift_left:
    case Op::shift_right:
    case Op::call: return 0;
  }
  throw Bug("no such operation");
}

bool mentions(const Index& index, const std::set<SymbolId>& symbols) {
  return std::ranges::any_of(symbols, [&](SymbolId symbol) { return index.mentions(symbol); });
}

// Loops whose variable decides no inner loop's number of iterations are counted once and multiplied; meanwhile their
// variable stands for all its values at once.
class Counter {
 public:
  Counter(const Module& module, const RunNumbers& run)
      : module_(module), run_(run), lanes_(module.target.lanes(module.element)), symbols_(module.symbols.size()) {
    for (SymbolId symbol : module.symbols.ids()) {
      const Symbol& s = module.symbols[symbol];
      if (s.kind == SymbolKind::rows) symbols_[symbol] = {run.rows, run.rows};
      if (s.kind == SymbolKind::windows) symbols_[symbol] = exactly(1);
      if (s.kind == SymbolKind::window)
        symbols_[symbol] = exactly(std::max(module.least_window, run.steps[static_cast<std::size_t>(s.which)]));
      if (s.kind == SymbolKind::steps) symbols_[symbol] = exactly(run.steps[static_cast<std::size_t>(s.which)]);
    }
  }

  std::vector<LaunchWork> run(const Function& entry) {
    launches(entry.body);
    return std::move(launches_);
  }

 private:
  static Interval exactly(std::int64_t value) { return {value, value}; }

  // Terms are added up as far as they are alike once what has one value has it: B*t1*r - B*t0*r is a multiple of r.
  Interval value(const Index& index) const {
    std::vector<std::pair<std::vector<SymbolId>, std::int64_t>> terms;  // factors of many values, coefficient
    for (const Index::Term& term : index.terms()) {
      std::int64_t coefficient = term.coefficient;
      std::vector<SymbolId> factors;
      for (SymbolId factor : term.factors) {
        const Interval& values = symbols_[factor];
        if (values.known && values.low == values.high) coefficient *= values.low;
        else factors.push_back(factor);
      }
      const auto alike = std::ranges::find(terms, factors, [](const auto& t) { return t.first; });
      if (alike != terms.end()) alike->second += coefficient;
      else terms.emplace_back(std::move(factors), coefficient);
    }
    Interval sum;
    for (const auto& [factors, coefficient] : terms) {
      Interval product = exactly(coefficient);
      for (SymbolId factor : factors) product = product * symbols_[factor];
      sum = sum + product;
    }
    return sum;
  }

  std::int64_t number(const Index& index) const {
    const Interval result = value(index);
    if (result.low != result.high) throw Bug("`" + to_string(module_, index) + "` has no one value");
    return result.low;
  }

  // ---- entries: every launch with its own numbers

  void launches(const Body& body) {
    for (const Statement& s : body) std::visit([&](const auto& node) { launches(node); }, s.node);
  }
  void launches(const Instruction&) {}
  void launches(const Comment&) {}
  void launches(const Zero&) {}
  void launches(const Let& let) { bind(let); }
  void launches(const IfGiven& branch) {
    launches(run_.given(module_.buffers[branch.buffer]) ? branch.given : branch.absent);
  }
  void launches(const Loop& loop) {
    each_value(loop, [&] { launches(loop.body); });
  }
  void launches(const Launch& launch) {
    if (number(launch.extent) <= 0) return;
    const Function& kernel = module_.functions[launch.kernel];
    symbols_[kernel.parameters[0]] = exactly(0);
    symbols_[kernel.parameters[1]] = exactly(number(launch.extent));
    for (std::size_t i = 0; i < launch.arguments.size(); ++i)
      symbols_[kernel.parameters[i + 2]] = value(launch.arguments[i]);
    read_.clear();
    written_.clear();
    scattered_ = 0;
    LaunchWork work{launch.kernel, operations(kernel.body), 0};
    work.bytes = scattered_;
    for (const auto* ranges : {&read_, &written_})
      for (const auto& [buffer, places] : *ranges)
        work.bytes += places.elements() * static_cast<double>(size_of(module_.buffers[buffer].element));
    launches_.push_back(work);
  }

  template <class Visit>
  void each_value(const Loop& loop, Visit&& visit) {
    const std::int64_t begin = number(loop.begin), end = number(loop.end);
    for (std::int64_t at = begin; at < end; at += loop.step) {
      symbols_[loop.variable] = exactly(loop.reversed ? end - 1 - (at - begin) : at);
      visit();
    }
  }

  // ---- kernels

  double operations(const Body& body) {
    double sum = 0;
    for (const Statement& s : body) sum += std::visit([&](const auto& node) { return operations(node); }, s.node);
    return sum;
  }
  double operations(const Comment&) { return 0; }
  double operations(const Launch&) { throw Bug("a launch in a kernel"); }
  double operations(const Zero&) { throw Bug("zeros in a kernel"); }
  double operations(const IfGiven&) { throw Bug("a choice of arrays in a kernel"); }
  double operations(const Let& let) {
    if (let.kind == LetKind::load) touch(read_, let.address, 1);
    bind(let);
    return 0;
  }

  double operations(const Loop& loop) {
    double sum = 0;
    if (steers(loop)) {
      each_value(loop, [&] { sum += operations(loop.body); });
      return sum;
    }
    const std::int64_t begin = number(loop.begin), end = number(loop.end);
    if (begin >= end) return 0;
    const std::int64_t times = (end - begin + loop.step - 1) / loop.step;
    symbols_[loop.variable] = {begin, begin + (times - 1) * loop.step};
    repeated_ *= static_cast<double>(times);
    sum = operations(loop.body);
    repeated_ /= static_cast<double>(times);
    return sum * static_cast<double>(times);
  }

  double operations(const Instruction& instruction) {
    switch (instruction.op) {
      case Op::load: touch(read_, instruction.address, lanes_); break;
      case Op::load_first: touch(read_, instruction.address, instruction.count); break;
      case Op::load_scalar: touch(read_, instruction.address, 1); break;
      case Op::store: touch(written_, instruction.address, lanes_); break;
      case Op::store_first: touch(written_, instruction.address, instruction.count); break;
      case Op::call: return operations_of_call(instruction);
      default: break;
    }
    return operations_of(instruction.op) * lanes_;
  }

  double operations_of_call(const Instruction& call) {
    const Function& callee = module_.functions[call.function];
    for (std::size_t i = 0; i < call.indices.size(); ++i) symbols_[callee.parameters[i]] = value(call.indices[i]);
    return operations(callee.body);
  }

  void touch(std::map<BufferId, Ranges>& ranges, const Address& address, std::int64_t elements) {
    const Interval at = value(address.offset);
    if (at.known) ranges[address.buffer].add(at.low, at.high + elements);
    else scattered_ += repeated_ * static_cast<double>(elements * size_of(module_.buffers[address.buffer].element));
  }

  void bind(const Let& let) { symbols_[let.symbol] = bound(let); }
  Interval bound(const Let& let) const {
    const Interval a = value(let.a), b = value(let.b);
    const bool known = a.known && b.known;
    switch (let.kind) {
      case LetKind::value: return a;
      case LetKind::minimum: return {std::min(a.low, b.low), std::min(a.high, b.high), known};
      case LetKind::maximum: return {std::max(a.low, b.low), std::max(a.high, b.high), known};
      case LetKind::quotient: return {a.low / b.high, a.high / b.low, known};
      case LetKind::remainder:
        if (a.low == a.high && b.low == b.high) return {a.low % b.low, a.low % b.low, known};
        return {0, b.high - 1, known};
      case LetKind::load: return {0, 0, false};
      case LetKind::row_length: return exactly(run_.steps[static_cast<std::size_t>(let.which)]);
    }
    throw Bug("no such let");
  }

  // Whether the number of iterations of a loop inside depends on this one's variable.
  bool steers(const Loop& loop) {
    auto [found, is_new] = steers_.try_emplace(&loop, false);
    if (is_new) found->second = steered(loop.body, {loop.variable});
    return found->second;
  }
  bool steered(const Body& body, std::set<SymbolId> by) const {
    for (const Statement& s : body) {
      const auto* instruction = std::get_if<Instruction>(&s.node);
      if (const auto* let = std::get_if<Let>(&s.node)) {
        if (let->kind != LetKind::row_length && (mentions(let->a, by) || mentions(let->b, by))) by.insert(let->symbol);
      } else if (const auto* loop = std::get_if<Loop>(&s.node)) {
        if (mentions(loop->begin, by) || mentions(loop->end, by) || steered(loop->body, by)) return true;
      } else if (instruction && instruction->op == Op::call) {
        const Function& callee = module_.functions[instruction->function];
        std::set<SymbolId> inside;
        for (std::size_t i = 0; i < instruction->indices.size(); ++i)
          if (mentions(instruction->indices[i], by)) inside.insert(callee.parameters[i]);
        if (steered(callee.body, std::move(inside))) return true;
      }
    }
    return false;
  }

  const Module& module_;
  const RunNumbers& run_;
  const int lanes_;
  IdVector<SymbolId, Interval> symbols_;
  std::map<const Loop*, bool> steers_;
  std::map<BufferId, Ranges> read_, written_;  // by the launch under way
  double scattered_ = 0;                       // bytes at places that are not known
  double repeated_ = 1;                        // how often the body under way runs
  std::vector<LaunchWork> launches_;
};

}  // namespace

std::vector<LaunchWork> work_of(const Module& module, EntryRole role, const RunNumbers& run) {
  for (FunctionId id : module.entries)
    if (module.functions[id].role == role) return Counter(module, run).run(module.functions[id]);
  return {};
}

}  // namespace rnnc::loop
