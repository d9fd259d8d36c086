#include "compiler/backend/cpp/usage.h"

namespace rnnc::cpp {

using namespace loop;

namespace {

struct Collector {
  Usage usage;

  void index(const Index& index) {
    for (const Index::Term& term : index.terms()) usage.symbols.insert(term.factors.begin(), term.factors.end());
  }

  void body(const Body& body) {
    for (const Statement& statement : body) std::visit([&](const auto& node) { visit(node); }, statement.node);
  }

  void visit(const Instruction& instruction) {
    usage.operations.insert(instruction.op);
    switch (instruction.op) {
      case Op::store:
      case Op::store_first: usage.written.insert(instruction.address.buffer); break;
      case Op::load:
      case Op::load_first:
      case Op::load_scalar:
      case Op::prefetch: usage.read.insert(instruction.address.buffer); break;
      case Op::call: usage.called.insert(instruction.function); break;
#define SILENT(name) case Op::name:
      SILENT(constant) SILENT(bits) SILENT(number) SILENT(word) SILENT(iota) SILENT(add) SILENT(sub) SILENT(mul) SILENT(div)
      SILENT(fma) SILENT(fnma) SILENT(min) SILENT(max) SILENT(neg) SILENT(abs) SILENT(sqrt) SILENT(round) SILENT(floor)
      SILENT(less) SILENT(less_equal) SILENT(equal) SILENT(index_less) SILENT(mask_and) SILENT(mask_or)
      SILENT(mask_not) SILENT(select) SILENT(first_lanes) SILENT(bit_and) SILENT(bit_or) SILENT(bit_xor)
      SILENT(int_add) SILENT(int_sub) SILENT(shift_left) SILENT(shift_right) SILENT(lane_sum) SILENT(lane_max)
#undef SILENT
      break;
    }
    index(instruction.address.offset);
    index(instruction.index);
    index(instruction.index2);
    for (const Index& argument : instruction.indices) index(argument);
  }

  void visit(const Loop& loop) {
    index(loop.begin);
    index(loop.end);
    body(loop.body);
  }

  void visit(const Let& let) {
    index(let.a);
    index(let.b);
    if (let.kind == LetKind::load) {
      index(let.address.offset);
      usage.read.insert(let.address.buffer);
    }
    if (let.kind == LetKind::row_length) usage.row_lengths.insert(let.which);
    usage.has_minimum |= let.kind == LetKind::minimum || let.kind == LetKind::maximum;
  }

  void visit(const Comment&) {}

  void visit(const Launch& launch) {
    usage.launched.insert(launch.kernel);
    usage.parallel = true;
    for (const Index& argument : launch.arguments) index(argument);
    index(launch.extent);
    index(launch.cost);
  }

  void visit(const Zero& zero) {
    usage.written.insert(zero.address.buffer);
    usage.fills = true;
    index(zero.address.offset);
    index(zero.count);
  }

  void visit(const IfGiven& choice) {
    usage.tested.insert(choice.buffer);
    body(choice.given);
    body(choice.absent);
  }
};

}  // namespace

std::set<BufferId> Usage::touched() const {
  std::set<BufferId> all = read;
  all.insert(written.begin(), written.end());
  return all;
}

void Usage::add(const Usage& other) {
  read.insert(other.read.begin(), other.read.end());
  written.insert(other.written.begin(), other.written.end());
  tested.insert(other.tested.begin(), other.tested.end());
  symbols.insert(other.symbols.begin(), other.symbols.end());
  called.insert(other.called.begin(), other.called.end());
  launched.insert(other.launched.begin(), other.launched.end());
  operations.insert(other.operations.begin(), other.operations.end());
  row_lengths.insert(other.row_lengths.begin(), other.row_lengths.end());
  parallel |= other.parallel;
  has_minimum |= other.has_minimum;
  fills |= other.fills;
}

Usage usage_of(const Function& function) {
  Collector collector;
  collector.body(function.body);
  return std::move(collector.usage);
}

IdVector<FunctionId, Usage> total_usage(const Module& module) {
  IdVector<FunctionId, Usage> usages;
  for (const Function& function : module.functions) {
    Usage usage = usage_of(function);
    // Callees come before callers, so theirs are complete.
    Usage total = usage;
    for (FunctionId callee : usage.called) total.add(usages[callee]);
    for (FunctionId kernel : usage.launched) total.add(usages[kernel]);
    usages.add(std::move(total));
  }
  return usages;
}

}  // namespace rnnc::cpp
