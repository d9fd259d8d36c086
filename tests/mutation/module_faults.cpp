#include "tests/mutation/module_faults.h"

#include <functional>

namespace rnnc::testing {

using namespace loop;

namespace {

// What may be done to one instruction, or "" if nothing.
std::string spoil(Instruction& instruction) {
  const auto become = [&](Op op, const char* name) {
    instruction.op = op;
    return std::string(name);
  };
  const auto swap = [&](std::size_t a, std::size_t b, const char* name) {
    if (instruction.operands[a] == instruction.operands[b]) return std::string();
    std::swap(instruction.operands[a], instruction.operands[b]);
    return std::string(name);
  };
  switch (instruction.op) {
    case Op::add: return become(Op::sub, "add becomes sub");
    case Op::sub: return swap(0, 1, "operands of sub swapped");
    case Op::mul: return become(Op::add, "mul becomes add");
    case Op::div: return swap(0, 1, "operands of div swapped");
    case Op::fma: return become(Op::fnma, "fma becomes fnma");
    case Op::fnma: return become(Op::fma, "fnma becomes fma");
    case Op::max: return become(Op::min, "max becomes min");
    case Op::select: return swap(1, 2, "branches of select swapped");
    case Op::less: return swap(0, 1, "operands of less swapped");
    case Op::bit_xor: return become(Op::bit_or, "bit_xor becomes bit_or");
    case Op::int_add: return become(Op::int_sub, "int_add becomes int_sub");
    case Op::lane_sum: return become(Op::lane_max, "lane_sum becomes lane_max");
    case Op::load_scalar:
    case Op::load:
      instruction.address.offset = instruction.address.offset + Index(1);
      return "a load one element on";
    case Op::index_less:
      instruction.index = instruction.index + Index(1);
      return "a comparison of whole numbers off by one";
    default: return "";
  }
}

std::string spoil(Loop& loop) {
  loop.end = loop.end - Index(1);
  return "a loop one round short";
}

// Calls visit(instruction or loop) for every one of a body.
template <class Visit>
void walk(Body& body, Visit&& visit) {
  for (Statement& statement : body) {
    if (auto* instruction = std::get_if<Instruction>(&statement.node)) visit(*instruction);
    if (auto* loop = std::get_if<Loop>(&statement.node)) {
      visit(*loop);
      walk(loop->body, visit);
    }
    if (auto* given = std::get_if<IfGiven>(&statement.node)) {
      walk(given->given, visit);
      walk(given->absent, visit);
    }
  }
}

// Kernels only: helpers are the elementwise functions, which have tests of their own, and entries hold no numbers.
template <class Visit>
void walk(Module& module, Visit&& visit) {
  for (Function& function : module.functions)
    if (function.kind == FunctionKind::kernel) walk(function.body, [&](auto& part) { visit(function, part); });
}

}  // namespace

int module_fault_sites(const Module& module) {
  Module copy = module;
  int sites = 0;
  walk(copy, [&](Function&, auto& part) { sites += spoil(part).empty() ? 0 : 1; });
  return sites;
}

std::string make_module_fault(Module& module, int site) {
  std::string name;
  walk(module, [&](Function& function, auto& part) {
    if (!name.empty()) return;
    auto copy = part;
    if (spoil(copy).empty() || site-- > 0) return;
    name = spoil(part) + " in " + function.name;
  });
  return name;
}

}  // namespace rnnc::testing
