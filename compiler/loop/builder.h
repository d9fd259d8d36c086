// Makes functions of the loop IR: a cursor that appends statements, with structured control flow as C++ lambdas.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "compiler/ir/elementwise.h"
#include "compiler/loop/loop_ir.h"

namespace rnnc::loop {

// Builds one function of a module; `finish` adds it. Values made in a loop's body are not to be used after the loop
// (verify() checks). As an ir::Arithmetic it is where the table's expansions become instructions.
class FunctionBuilder final : public ir::Arithmetic {
 public:
  FunctionBuilder(Module& module, std::string name, FunctionKind kind);

  Module& module() { return module_; }
  Function& function() { return function_; }
  FunctionId finish();

  // -- parameters and symbols (names are made unique within the function)
  SymbolId parameter(const std::string& name);
  ValueId vector_parameter(const std::string& name);
  SymbolId local(const std::string& name);

  // -- whole numbers
  Index value(const std::string& name, const Index& a) { return let(name, LetKind::value, a, {}); }
  Index minimum(const std::string& name, const Index& a, const Index& b) { return let(name, LetKind::minimum, a, b); }
  Index maximum(const std::string& name, const Index& a, const Index& b) { return let(name, LetKind::maximum, a, b); }
  Index quotient(const std::string& name, const Index& a, const Index& b) { return let(name, LetKind::quotient, a, b); }
  Index remainder(const std::string& name, const Index& a, const Index& b) { return let(name, LetKind::remainder, a, b); }
  Index load_index(const std::string& name, const Address& address);
  Index row_length(const std::string& name, int axis, const Index& row);

  // -- memory
  ValueId load(const Address& address, const std::string& name = "");
  ValueId load_first(const Address& address, int count, const std::string& name = "");
  ValueId load_scalar(const Address& address, const std::string& name = "");
  void store(ValueId value, const Address& address);
  void store_first(ValueId value, const Address& address, int count);
  void prefetch(const Address& address);

  // -- vectors beyond ir::Arithmetic
  ValueId number(const Index& index);
  ValueId word(const Index& index, int from_bit);
  ValueId iota();
  ValueId index_less(const Index& a, const Index& b);
  ValueId first_lanes(ValueId value, ValueId rest, int count);
  ValueId lane_sum(ValueId value);
  ValueId lane_max(ValueId value);
  // A helper without result.
  void call_helper(FunctionId function, std::vector<Index> indices, std::vector<ValueId> vectors);
  // A helper with one that takes no whole numbers.
  ValueId call_helper(FunctionId function, std::vector<ValueId> vectors);
  // One elementwise function of the table: in place when it is a few instructions, else a call of its helper.
  ValueId elementwise(ir::ElementwiseId row, std::span<const ValueId> arguments, const std::string& name = "");
  void rename(ValueId value, const std::string& name);

  // -- control
  template <class F>
  void loop(const std::string& name, const Index& begin, const Index& end, std::int64_t step, F&& body,
            bool reversed = false) {
    SymbolId variable = local(name);
    open_loop(variable, begin, end, step, reversed);
    body(Index(variable));
    close_loop({}, {}, {});
  }
  // Carries `initial` through the iterations: body(variable, inside) gives the values for the next one. `unrolled` of
  // them are written out in the machine's code; it must divide their number, which then is known.
  template <class F>
  std::vector<ValueId> loop_carrying(const std::string& name, const Index& begin, const Index& end, std::int64_t step,
                                     const std::vector<ValueId>& initial, F&& body, int unrolled = 1) {
    SymbolId variable = local(name);
    std::vector<ValueId> inside = like(initial);
    open_loop(variable, begin, end, step, false, unrolled);
    std::vector<ValueId> next = body(Index(variable), inside);
    return close_loop(inside, initial, next);
  }
  void comment(const std::string& text);

  // -- entries
  void launch(FunctionId kernel, std::vector<Index> arguments, const Index& extent, const Index& cost);
  void zero(const Address& address, const Index& count);
  template <class F, class G>
  void if_given(BufferId buffer, F&& given, G&& absent) {
    open_block();
    given();
    Body first = close_block();
    open_block();
    absent();
    Body second = close_block();
    append(Statement{IfGiven{buffer, std::move(first), std::move(second)}});
  }

  // -- ir::Arithmetic
  bool is_double() const override;
  bool fuses() const override { return module_.target.fma; }
  Value constant(double value) override;
  Value bits(std::uint64_t pattern) override;
  Value add(Value a, Value b) override { return emit(Op::add, {a, b}); }
  Value sub(Value a, Value b) override { return emit(Op::sub, {a, b}); }
  Value mul(Value a, Value b) override { return emit(Op::mul, {a, b}); }
  Value div(Value a, Value b) override { return emit(Op::div, {a, b}); }
  Value fma(Value a, Value b, Value c) override { return emit(Op::fma, {a, b, c}); }
  Value fnma(Value a, Value b, Value c) override { return emit(Op::fnma, {a, b, c}); }
  Value min(Value a, Value b) override { return emit(Op::min, {a, b}); }
  Value max(Value a, Value b) override { return emit(Op::max, {a, b}); }
  Value neg(Value a) override { return emit(Op::neg, {a}); }
  Value abs(Value a) override { return emit(Op::abs, {a}); }
  Value sqrt(Value a) override { return emit(Op::sqrt, {a}); }
  Value round(Value a) override { return emit(Op::round, {a}); }
  Value floor(Value a) override { return emit(Op::floor, {a}); }
  Value less(Value a, Value b) override { return emit_mask(Op::less, {a, b}); }
  Value less_equal(Value a, Value b) override { return emit_mask(Op::less_equal, {a, b}); }
  Value equal(Value a, Value b) override { return emit_mask(Op::equal, {a, b}); }
  Value select(Value mask, Value a, Value b) override { return emit(Op::select, {mask, a, b}); }
  Value mask_and(Value a, Value b) override { return emit_mask(Op::mask_and, {a, b}); }
  Value mask_or(Value a, Value b) override { return emit_mask(Op::mask_or, {a, b}); }
  Value mask_not(Value a) override { return emit_mask(Op::mask_not, {a}); }
  Value bit_and(Value a, Value b) override { return emit(Op::bit_and, {a, b}); }
  Value bit_or(Value a, Value b) override { return emit(Op::bit_or, {a, b}); }
  Value bit_xor(Value a, Value b) override { return emit(Op::bit_xor, {a, b}); }
  Value int_add(Value a, Value b) override { return emit(Op::int_add, {a, b}); }
  Value int_sub(Value a, Value b) override { return emit(Op::int_sub, {a, b}); }
  Value shift_left(Value a, int count) override { return emit_shift(Op::shift_left, a, count); }
  Value shift_right(Value a, int count) override { return emit_shift(Op::shift_right, a, count); }
  Value call(std::string_view function, std::span<const Value> arguments) override;

  // The larger of a running maximum and a further value; NaN if either is.
  Value larger(Value total, Value value) { return select(equal(value, value), max(value, total), value); }

  static Value plain(ValueId id) { return id.value; }
  static ValueId id(Value value) { return ValueId(static_cast<std::size_t>(value)); }
  ValueId number_constant(double value) { return id(constant(value)); }

 private:
  void append(Statement statement) { blocks_.back().push_back(std::move(statement)); }
  ValueId add_value(bool mask, const std::string& name);
  ValueId emit_instruction(Instruction instruction, bool mask = false, const std::string& name = "");
  Value emit(Op op, std::initializer_list<Value> operands);
  Value emit_mask(Op op, std::initializer_list<Value> operands);
  Value emit_shift(Op op, Value a, int count);
  Index let(const std::string& name, LetKind kind, const Index& a, const Index& b);
  void open_block();
  Body close_block();
  void open_loop(SymbolId variable, const Index& begin, const Index& end, std::int64_t step, bool reversed,
                 int unrolled = 1);
  std::vector<ValueId> close_loop(const std::vector<ValueId>& inside, const std::vector<ValueId>& initial,
                                  const std::vector<ValueId>& next);
  std::vector<ValueId> like(const std::vector<ValueId>& values);

  Module& module_;
  Function function_;
  std::vector<Body> blocks_{1};
  std::vector<Loop> open_loops_;
  // Constants already made in each open block: one instruction serves the block and those inside it.
  std::vector<std::map<std::pair<bool, std::uint64_t>, ValueId>> constants_{1};
  std::map<std::string, int> names_;
};

// The helper function of a table row in this module, made (with those it calls) when first asked for.
FunctionId helper_of(Module& module, ir::ElementwiseId row);

}  // namespace rnnc::loop
