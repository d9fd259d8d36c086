// Runs an expansion of the elementwise table on arrays: its instructions are recorded once, then each is run over a
// whole block, in loops that vectorise. Rounds like a target with fma, or as one without if asked to.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "compiler/base/bug.h"
#include "compiler/ir/elementwise.h"

namespace rnnc::accuracy {

template <class T>
class Trace final : public ir::Arithmetic {
 public:
  using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  static constexpr int block = 1024;  // most elements of one `run`

  explicit Trace(const ir::Elementwise& row, bool fuses = true) : fuses_(fuses) {
    std::vector<Value> x;
    for (int i = 0; i < row.arity; ++i) x.push_back(record(Op::operand, i));
    finish(row.expansion(*this, x));
  }

  // result[i] = f(x[0][i], …) for i < count <= block.
  void run(const T* const* x, T* result, int count) {
    check(count <= block, "accuracy: too long a block");
    for (const Instruction& step : code_) execute(step, x, count);
    std::copy_n(slot(code_.back()), count, result);
  }

  T operator()(std::span<const T> x) {
    std::vector<const T*> columns;
    for (const T& value : x) columns.push_back(&value);
    T result;
    run(columns.data(), &result, 1);
    return result;
  }

  // Vector instructions of the expansion; constants are free.
  int instructions() const { return instructions_; }
  int divisions() const { return divisions_; }

  bool is_double() const override { return sizeof(T) == 8; }
  bool fuses() const override { return fuses_; }
  Value constant(double value) override { return record(Op::constant, 0, 0, 0, std::bit_cast<Bits>(T(value))); }
  Value bits(std::uint64_t pattern) override { return record(Op::constant, 0, 0, 0, Bits(pattern)); }
  Value add(Value a, Value b) override { return record(Op::add, a, b); }
  Value sub(Value a, Value b) override { return record(Op::sub, a, b); }
  Value mul(Value a, Value b) override { return record(Op::mul, a, b); }
  Value div(Value a, Value b) override { return record(Op::div, a, b); }
  Value fma(Value a, Value b, Value c) override { return record(Op::fma, a, b, c); }
  Value fnma(Value a, Value b, Value c) override { return record(Op::fnma, a, b, c); }
  Value min(Value a, Value b) override { return record(Op::min, a, b); }
  Value max(Value a, Value b) override { return record(Op::max, a, b); }
  Value neg(Value a) override { return record(Op::neg, a); }
  Value abs(Value a) override { return record(Op::abs, a); }
  Value sqrt(Value a) override { return record(Op::sqrt, a); }
  Value round(Value a) override { return record(Op::round, a); }
  Value floor(Value a) override { return record(Op::floor, a); }
  Value less(Value a, Value b) override { return record(Op::less, a, b); }
  Value less_equal(Value a, Value b) override { return record(Op::less_equal, a, b); }
  Value equal(Value a, Value b) override { return record(Op::equal, a, b); }
  Value select(Value mask, Value a, Value b) override { return record(Op::select, mask, a, b); }
  Value mask_and(Value a, Value b) override { return record(Op::bit_and, a, b); }
  Value mask_or(Value a, Value b) override { return record(Op::bit_or, a, b); }
  Value mask_not(Value a) override { return record(Op::bit_not, a); }
  Value bit_and(Value a, Value b) override { return record(Op::bit_and, a, b); }
  Value bit_or(Value a, Value b) override { return record(Op::bit_or, a, b); }
  Value bit_xor(Value a, Value b) override { return record(Op::bit_xor, a, b); }
  Value int_add(Value a, Value b) override { return record(Op::int_add, a, b); }
  Value int_sub(Value a, Value b) override { return record(Op::int_sub, a, b); }
  Value shift_left(Value a, int count) override { return record(Op::shift_left, a, 0, 0, Bits(count)); }
  Value shift_right(Value a, int count) override { return record(Op::shift_right, a, 0, 0, Bits(count)); }
  Value call(std::string_view function, std::span<const Value> arguments) override {
    return ir::elementwise(ir::elementwise_id(function)).expansion(*this, arguments);
  }

 private:
  enum class Op : std::uint8_t {
    operand, constant, add, sub, mul, div, fma, fnma, min, max, neg, abs, sqrt, round, floor, less, less_equal, equal,
    select, bit_and, bit_or, bit_xor, bit_not, int_add, int_sub, shift_left, shift_right
  };
  struct Instruction {
    Op op;
    int a, b, c;   // values, at first; places in `storage_` after `finish`
    Bits pattern;  // a constant, or a shift's count
    int result;
  };

  static constexpr int operand_count(Op op) {
    switch (op) {
      case Op::operand:
      case Op::constant: return 0;
      case Op::neg:
      case Op::abs:
      case Op::sqrt:
      case Op::round:
      case Op::floor:
      case Op::bit_not:
      case Op::shift_left:
      case Op::shift_right: return 1;
      case Op::fma:
      case Op::fnma:
      case Op::select: return 3;
      default: return 2;
    }
  }

  Value record(Op op, Value a = 0, Value b = 0, Value c = 0, Bits pattern = 0) {
    code_.push_back({op, a, b, c, pattern, Value(code_.size())});
    return code_.back().result;
  }

  // Drops what the result does not need and gives every value a place, reused after its last use.
  void finish(Value result) {
    std::vector<int> last_use(code_.size(), -1);
    last_use[std::size_t(result)] = int(code_.size());
    for (int at = int(code_.size()) - 1; at >= 0; --at) {
      const Instruction& step = code_[std::size_t(at)];
      if (last_use[std::size_t(at)] < 0) continue;
      const int uses[] = {step.a, step.b, step.c};
      for (int k = 0; k < operand_count(step.op); ++k) {
        int& last = last_use[std::size_t(uses[k])];
        last = std::max(last, at);
      }
    }
    std::vector<int> place(code_.size(), -1), free;
    std::vector<Instruction> kept;
    int places = 0;
    for (int at = 0; at <= result; ++at) {
      Instruction step = code_[std::size_t(at)];
      if (last_use[std::size_t(at)] < 0) continue;
      int* const uses[] = {&step.a, &step.b, &step.c};
      const int count = operand_count(step.op);
      if (free.empty()) free.push_back(places++);
      step.result = place[std::size_t(at)] = free.back();
      free.pop_back();
      for (int k = 0; k < count; ++k) {
        const std::size_t value = std::size_t(*uses[k]);
        *uses[k] = place[value];
        const bool again = std::any_of(uses, uses + k, [&](int* other) { return *other == place[value]; });
        if (last_use[value] == at && !again) free.push_back(place[value]);
      }
      kept.push_back(step);
      instructions_ += step.op != Op::operand && step.op != Op::constant;
      divisions_ += step.op == Op::div || step.op == Op::sqrt;
    }
    code_ = std::move(kept);
    storage_.assign(std::size_t(places) * block, T(0));
  }

  T* slot(const Instruction& step) { return at(step.result); }
  T* at(int place) { return storage_.data() + std::size_t(place) * block; }

  template <class F>
  void each(const Instruction& s, int count, F f) {
    const T *a = at(s.a), *b = at(s.b), *c = at(s.c);
    T* __restrict__ y = at(s.result);
    for (int i = 0; i < count; ++i) y[i] = f(a[i], b[i], c[i]);
  }
  template <class F>
  void each_bits(const Instruction& s, int count, F f) {
    each(s, count, [f](T a, T b, T) { return value(f(pattern(a), pattern(b))); });
  }
  static Bits pattern(T x) { return std::bit_cast<Bits>(x); }
  static T value(Bits x) { return std::bit_cast<T>(x); }
  static T mask(bool holds) { return value(holds ? ~Bits(0) : Bits(0)); }

  void execute(const Instruction& s, const T* const* x, int n) {
    constexpr Bits sign = Bits(1) << (8 * sizeof(T) - 1);
    const int shift = int(s.pattern);
    switch (s.op) {
      case Op::operand: std::copy_n(x[s.a], n, slot(s)); break;
      case Op::constant: std::fill_n(slot(s), n, value(s.pattern)); break;
      case Op::add: each(s, n, [](T a, T b, T) { return a + b; }); break;
      case Op::sub: each(s, n, [](T a, T b, T) { return a - b; }); break;
      case Op::mul: each(s, n, [](T a, T b, T) { return a * b; }); break;
      case Op::div: each(s, n, [](T a, T b, T) { return a / b; }); break;
      case Op::fma:
        if (fuses_) each(s, n, [](T a, T b, T c) { return std::fma(a, b, c); });
        else each(s, n, [](T a, T b, T c) { return a * b + c; });
        break;
      case Op::fnma:
        if (fuses_) each(s, n, [](T a, T b, T c) { return std::fma(-a, b, c); });
        else each(s, n, [](T a, T b, T c) { return c - a * b; });
        break;
      case Op::min: each(s, n, [](T a, T b, T) { return a < b ? a : b; }); break;
      case Op::max: each(s, n, [](T a, T b, T) { return a > b ? a : b; }); break;
      case Op::neg: each_bits(s, n, [](Bits a, Bits) { return a ^ sign; }); break;
      case Op::abs: each_bits(s, n, [](Bits a, Bits) { return a & ~sign; }); break;
      case Op::sqrt: each(s, n, [](T a, T, T) { return std::sqrt(a); }); break;
      case Op::round: each(s, n, [](T a, T, T) { return std::nearbyint(a); }); break;
      case Op::floor: each(s, n, [](T a, T, T) { return std::floor(a); }); break;
      case Op::less: each(s, n, [](T a, T b, T) { return mask(a < b); }); break;
      case Op::less_equal: each(s, n, [](T a, T b, T) { return mask(a <= b); }); break;
      case Op::equal: each(s, n, [](T a, T b, T) { return mask(a == b); }); break;
      case Op::select: each(s, n, [](T a, T b, T c) { return pattern(a) ? b : c; }); break;
      case Op::bit_and: each_bits(s, n, [](Bits a, Bits b) { return a & b; }); break;
      case Op::bit_or: each_bits(s, n, [](Bits a, Bits b) { return a | b; }); break;
      case Op::bit_xor: each_bits(s, n, [](Bits a, Bits b) { return a ^ b; }); break;
      case Op::bit_not: each_bits(s, n, [](Bits a, Bits) { return Bits(~a); }); break;
      case Op::int_add: each_bits(s, n, [](Bits a, Bits b) { return Bits(a + b); }); break;
      case Op::int_sub: each_bits(s, n, [](Bits a, Bits b) { return Bits(a - b); }); break;
      case Op::shift_left: each_bits(s, n, [shift](Bits a, Bits) { return Bits(a << shift); }); break;
      case Op::shift_right: each_bits(s, n, [shift](Bits a, Bits) { return Bits(a >> shift); }); break;
    }
  }

  bool fuses_;
  int instructions_ = 0, divisions_ = 0;
  std::vector<Instruction> code_;
  std::vector<T> storage_;
};

}  // namespace rnnc::accuracy
