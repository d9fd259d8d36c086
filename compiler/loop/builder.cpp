#include "compiler/loop/builder.h"

#include <bit>

#include "compiler/base/bug.h"

namespace rnnc::loop {

namespace {

// Rows at most this costly are written out where they are used; a call would only hide them.
constexpr int inline_cost = 3;

std::vector<ValueId> ids(std::initializer_list<int> values) {
  std::vector<ValueId> result;
  for (int value : values) result.push_back(FunctionBuilder::id(value));
  return result;
}

}  // namespace

FunctionBuilder::FunctionBuilder(Module& module, std::string name, FunctionKind kind) : module_(module) {
  function_.name = std::move(name);
  function_.kind = kind;
  for (const Symbol& symbol : module_.symbols) {
    if (symbol.kind == SymbolKind::local) break;  // the run's come first
    names_[symbol.name] = 1;
  }
}

FunctionId FunctionBuilder::finish() {
  check(blocks_.size() == 1 && open_loops_.empty(), "function finished inside a loop");
  function_.body = std::move(blocks_.back());
  return module_.functions.add(std::move(function_));
}

SymbolId FunctionBuilder::local(const std::string& name) {
  int& uses = names_[name];
  std::string unique = uses == 0 ? name : name + "_" + std::to_string(uses + 1);
  ++uses;
  return module_.symbols.add(Symbol{unique, SymbolKind::local, 0});
}

SymbolId FunctionBuilder::parameter(const std::string& name) {
  SymbolId symbol = local(name);
  function_.parameters.push_back(symbol);
  return symbol;
}

ValueId FunctionBuilder::vector_parameter(const std::string& name) {
  ValueId value = add_value(false, name);
  function_.vectors.push_back(value);
  return value;
}

ValueId FunctionBuilder::add_value(bool mask, const std::string& name) {
  return function_.values.add(loop::Value{mask, name});
}

void FunctionBuilder::rename(ValueId value, const std::string& name) { function_.values[value].name = name; }

ValueId FunctionBuilder::emit_instruction(Instruction instruction, bool mask, const std::string& name) {
  instruction.result = add_value(mask, name);
  ValueId result = instruction.result;
  append(Statement{std::move(instruction)});
  return result;
}

FunctionBuilder::Value FunctionBuilder::emit(Op op, std::initializer_list<Value> operands) {
  Instruction instruction;
  instruction.op = op;
  instruction.operands = ids(operands);
  return plain(emit_instruction(std::move(instruction)));
}

FunctionBuilder::Value FunctionBuilder::emit_mask(Op op, std::initializer_list<Value> operands) {
  Instruction instruction;
  instruction.op = op;
  instruction.operands = ids(operands);
  return plain(emit_instruction(std::move(instruction), true));
}

FunctionBuilder::Value FunctionBuilder::emit_shift(Op op, Value a, int count) {
  Instruction instruction;
  instruction.op = op;
  instruction.operands = ids({a});
  instruction.count = count;
  return plain(emit_instruction(std::move(instruction)));
}

bool FunctionBuilder::is_double() const { return module_.element == Element::f64; }

FunctionBuilder::Value FunctionBuilder::constant(double value) {
  auto key = std::pair(true, std::bit_cast<std::uint64_t>(value));
  for (const auto& block : constants_)
    if (auto found = block.find(key); found != block.end()) return plain(found->second);
  Instruction instruction;
  instruction.op = Op::constant;
  instruction.number = value;
  ValueId result = emit_instruction(std::move(instruction));
  constants_.back()[key] = result;
  return plain(result);
}

FunctionBuilder::Value FunctionBuilder::bits(std::uint64_t pattern) {
  auto key = std::pair(false, pattern);
  for (const auto& block : constants_)
    if (auto found = block.find(key); found != block.end()) return plain(found->second);
  Instruction instruction;
  instruction.op = Op::bits;
  instruction.pattern = pattern;
  ValueId result = emit_instruction(std::move(instruction));
  constants_.back()[key] = result;
  return plain(result);
}

Index FunctionBuilder::let(const std::string& name, LetKind kind, const Index& a, const Index& b) {
  SymbolId symbol = local(name);
  append(Statement{Let{symbol, kind, a, b, {}, 0}});
  return Index(symbol);
}

Index FunctionBuilder::load_index(const std::string& name, const Address& address) {
  SymbolId symbol = local(name);
  append(Statement{Let{symbol, LetKind::load, {}, {}, address, 0}});
  return Index(symbol);
}

Index FunctionBuilder::row_length(const std::string& name, int axis, const Index& row) {
  SymbolId symbol = local(name);
  append(Statement{Let{symbol, LetKind::row_length, row, {}, {}, axis}});
  return Index(symbol);
}

ValueId FunctionBuilder::load(const Address& address, const std::string& name) {
  Instruction instruction;
  instruction.op = Op::load;
  instruction.address = address;
  return emit_instruction(std::move(instruction), false, name);
}

ValueId FunctionBuilder::load_first(const Address& address, int count, const std::string& name) {
  Instruction instruction;
  instruction.op = Op::load_first;
  instruction.address = address;
  instruction.count = count;
  return emit_instruction(std::move(instruction), false, name);
}

ValueId FunctionBuilder::load_scalar(const Address& address, const std::string& name) {
  Instruction instruction;
  instruction.op = Op::load_scalar;
  instruction.address = address;
  return emit_instruction(std::move(instruction), false, name);
}

void FunctionBuilder::store(ValueId value, const Address& address) {
  Instruction instruction;
  instruction.op = Op::store;
  instruction.operands = {value};
  instruction.address = address;
  append(Statement{std::move(instruction)});
}

void FunctionBuilder::store_first(ValueId value, const Address& address, int count) {
  Instruction instruction;
  instruction.op = Op::store_first;
  instruction.operands = {value};
  instruction.address = address;
  instruction.count = count;
  append(Statement{std::move(instruction)});
}

void FunctionBuilder::prefetch(const Address& address) {
  Instruction instruction;
  instruction.op = Op::prefetch;
  instruction.address = address;
  append(Statement{std::move(instruction)});
}

ValueId FunctionBuilder::number(const Index& index) {
  Instruction instruction;
  instruction.op = Op::number;
  instruction.index = index;
  return emit_instruction(std::move(instruction));
}

ValueId FunctionBuilder::word(const Index& index, int from_bit) {
  Instruction instruction;
  instruction.op = Op::word;
  instruction.index = index;
  instruction.count = from_bit;
  return emit_instruction(std::move(instruction));
}

ValueId FunctionBuilder::iota() {
  Instruction instruction;
  instruction.op = Op::iota;
  return emit_instruction(std::move(instruction));
}

ValueId FunctionBuilder::index_less(const Index& a, const Index& b) {
  Instruction instruction;
  instruction.op = Op::index_less;
  instruction.index = a;
  instruction.index2 = b;
  return emit_instruction(std::move(instruction), true);
}

ValueId FunctionBuilder::first_lanes(ValueId value, ValueId rest, int count) {
  Instruction instruction;
  instruction.op = Op::first_lanes;
  instruction.operands = {value, rest};
  instruction.count = count;
  return emit_instruction(std::move(instruction));
}

ValueId FunctionBuilder::lane_sum(ValueId value) { return id(emit(Op::lane_sum, {plain(value)})); }
ValueId FunctionBuilder::lane_max(ValueId value) { return id(emit(Op::lane_max, {plain(value)})); }

ValueId FunctionBuilder::elementwise(ir::ElementwiseId row_id, std::span<const ValueId> arguments,
                                     const std::string& name) {
  const ir::Elementwise& row = ir::elementwise(row_id);
  std::vector<Value> plain_arguments;
  for (ValueId argument : arguments) plain_arguments.push_back(plain(argument));
  if (!row.expansion) throw Unsupported("`" + std::string(row.name) + "` has no expansion into vector arithmetic");
  ValueId result = id(row.cost <= inline_cost ? row.expansion(*this, plain_arguments) : call(row.name, plain_arguments));
  if (!name.empty() && function_.values[result].name.empty()) rename(result, name);
  return result;
}

FunctionBuilder::Value FunctionBuilder::call(std::string_view name, std::span<const Value> arguments) {
  std::vector<ValueId> vectors;
  for (Value argument : arguments) vectors.push_back(id(argument));
  return plain(call_helper(helper_of(module_, ir::elementwise_id(name)), std::move(vectors)));
}

void FunctionBuilder::call_helper(FunctionId function, std::vector<Index> indices, std::vector<ValueId> vectors) {
  Instruction instruction;
  instruction.op = Op::call;
  instruction.function = function;
  instruction.indices = std::move(indices);
  instruction.operands = std::move(vectors);
  append(Statement{std::move(instruction)});
}

ValueId FunctionBuilder::call_helper(FunctionId function, std::vector<ValueId> vectors) {
  Instruction instruction;
  instruction.op = Op::call;
  instruction.function = function;
  instruction.operands = std::move(vectors);
  return emit_instruction(std::move(instruction));
}

void FunctionBuilder::comment(const std::string& text) { append(Statement{Comment{text}}); }

void FunctionBuilder::launch(FunctionId kernel, std::vector<Index> arguments, const Index& extent, const Index& cost) {
  append(Statement{Launch{kernel, std::move(arguments), extent, cost}});
}

void FunctionBuilder::zero(const Address& address, const Index& count) { append(Statement{Zero{address, count}}); }

void FunctionBuilder::open_block() {
  blocks_.emplace_back();
  constants_.emplace_back();
}

Body FunctionBuilder::close_block() {
  Body body = std::move(blocks_.back());
  blocks_.pop_back();
  constants_.pop_back();
  return body;
}

std::vector<ValueId> FunctionBuilder::like(const std::vector<ValueId>& values) {
  std::vector<ValueId> result;
  for (ValueId value : values) {
    // Copied first: adding a value may move the table.
    loop::Value made = function_.values[value];
    result.push_back(add_value(made.mask, made.name));
  }
  return result;
}

void FunctionBuilder::open_loop(SymbolId variable, const Index& begin, const Index& end, std::int64_t step,
                                bool reversed, int unrolled) {
  check(!reversed || step == 1, "a reversed loop has step 1");
  Loop loop;
  loop.variable = variable;
  loop.begin = begin;
  loop.end = end;
  loop.step = step;
  loop.reversed = reversed;
  loop.unrolled = unrolled;
  open_loops_.push_back(std::move(loop));
  open_block();
}

std::vector<ValueId> FunctionBuilder::close_loop(const std::vector<ValueId>& inside,
                                                 const std::vector<ValueId>& initial,
                                                 const std::vector<ValueId>& next) {
  check(inside.size() == initial.size() && next.size() == initial.size(), "a loop's carried values do not match");
  Loop loop = std::move(open_loops_.back());
  open_loops_.pop_back();
  loop.body = close_block();
  std::vector<ValueId> results = like(initial);
  for (std::size_t i = 0; i < initial.size(); ++i)
    loop.carried.push_back({inside[i], initial[i], next[i], results[i]});
  append(Statement{std::move(loop)});
  return results;
}

FunctionId helper_of(Module& module, ir::ElementwiseId row_id) {
  const ir::Elementwise& row = ir::elementwise(row_id);
  std::string name = "rnnc_" + std::string(row.name);
  for (FunctionId f : module.functions.ids())
    if (module.functions[f].kind == FunctionKind::helper && module.functions[f].name == name) return f;
  if (!row.expansion) throw Unsupported("`" + std::string(row.name) + "` has no expansion into vector arithmetic");
  FunctionBuilder builder(module, name, FunctionKind::helper);
  builder.function().reads_run = false;
  builder.function().description.push_back(std::string(row.summary));
  std::vector<ir::Arithmetic::Value> arguments;
  static constexpr const char* operand_names[] = {"x", "y", "z", "w"};
  for (int i = 0; i < row.arity; ++i)
    arguments.push_back(FunctionBuilder::plain(builder.vector_parameter(operand_names[i])));
  builder.function().result = FunctionBuilder::id(row.expansion(builder, arguments));
  return builder.finish();
}

}  // namespace rnnc::loop
