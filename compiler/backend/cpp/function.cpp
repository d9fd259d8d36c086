// Helpers, kernels and the bodies of entries: one line of C++ per instruction.
#include <algorithm>
#include <optional>

#include "compiler/backend/cpp/context.h"
#include "compiler/backend/cpp/variables.h"
#include "compiler/base/bug.h"

namespace rnnc::cpp {

using namespace loop;

namespace {

class FunctionEmitter {
 public:
  FunctionEmitter(const Context& context, FunctionId id, Lines& out)
      : context_(context), module_(context.module), id_(id), function_(module_.functions[id]), own_(context.own[id]),
        variables_(function_), names_(&context.globals), out_(out), declared_(function_.values.size()),
        literals_(function_.values.size()), index_(module_, symbols_) {
    std::set<ValueId> seen;
    count_names(function_.body, seen);
    for (BufferId buffer : own_.touched()) {
      // Beside a value of the same name, the pointer says that it is one.
      const std::string& name = context.buffers[buffer];
      pointers_[buffer] = names_.add(single_.count(name) != 0 ? name + "_at" : name);
    }
    for (SymbolId symbol : own_.symbols)
      if (auto number = context.numbers.find(symbol); number != context.numbers.end()) {
        names_.take(number->second);
        symbols_[symbol] = number->second;
      }
  }

  void emit() {
    out_.blank();
    for (const std::string& text : function_.description) out_.line("// " + comment_text(text));
    out_.open(head() + " {");
    body();
    if (function_.result.valid()) out_.line("return " + operand(function_.result) + ";");
    out_.close();
  }

  void body() {
    run_locals();
    statements(function_.body);
  }

 private:
  // Which names several values of one block have: these are numbered, x0, x1, …; the others stand as they are.
  void count_names(const Body& body, std::set<ValueId>& seen) {
    std::map<std::string, int> here;
    auto count = [&](ValueId value) {
      const std::string& name = variables_.name(value);
      if (name.empty() || !seen.insert(variables_.of(value)).second) return;
      std::string spelled = identifier(name);
      (++here[spelled] > 1 ? several_ : single_).insert(spelled);
    };
    for (const Statement& statement : body) {
      if (auto instruction = std::get_if<Instruction>(&statement.node)) {
        if (instruction->result.valid()) count(instruction->result);
      } else if (auto loop = std::get_if<Loop>(&statement.node)) {
        for (const Loop::Carried& carried : loop->carried) count(carried.inside);
        count_names(loop->body, seen);
      } else if (auto choice = std::get_if<IfGiven>(&statement.node)) {
        count_names(choice->given, seen);
        count_names(choice->absent, seen);
      }
    }
    for (const std::string& name : several_) single_.erase(name);
  }

  bool helper() const { return function_.kind == FunctionKind::helper; }

  // -- the function's head
  std::string head() {
    std::vector<std::string> parameters;
    if (function_.reads_run) {
      bool used = !run_numbers().empty() || !own_.touched().empty() || !own_.row_lengths.empty() ||
                  std::any_of(own_.called.begin(), own_.called.end(),
                              [&](FunctionId callee) { return module_.functions[callee].reads_run; });
      parameters.push_back(used ? "const Run& run" : "const Run&");
    }
    for (ValueId value : function_.vectors) {
      std::string name = fresh(value);
      declared_[variables_.of(value)] = name;
      parameters.push_back(std::string(type_of(value)) + (variables_.uses(value) > 0 ? " " + name : ""));
    }
    for (SymbolId symbol : function_.parameters) {
      symbols_[symbol] = fresh(symbol);
      parameters.push_back("int64_t" + (own_.symbols.count(symbol) != 0 ? " " + symbols_[symbol] : ""));
    }
    std::string list;
    for (const std::string& parameter : parameters) list += (list.empty() ? "" : ", ") + parameter;
    std::string result = function_.result.valid() ? std::string(type_of(function_.result)) : "void";
    std::string unused = context_.reachable.count(id_) == 0 ? "[[maybe_unused]] " : "";
    return unused + (helper() && !function_.reads_run ? "RNNC_INLINE " : "") + result + " " + context_.functions[id_] + "(" + list + ")";
  }

  std::vector<SymbolId> run_numbers() const {
    std::vector<SymbolId> numbers;
    for (SymbolId symbol : context_.number_order)
      if (own_.symbols.count(symbol) != 0) numbers.push_back(symbol);
    return numbers;
  }

  // Local copies of the run's numbers and pointers: nothing that is stored can change them.
  void run_locals() {
    std::string numbers;
    for (SymbolId symbol : run_numbers()) {
      const std::string& name = context_.numbers.at(symbol);
      numbers += (numbers.empty() ? "const int64_t " : ", ") + name + " = run." + name;
    }
    if (!numbers.empty()) out_.line(numbers + ";");
    // A helper that is inlined here may touch the same array through a pointer of its own.
    std::set<BufferId> shared;
    for (FunctionId callee : own_.called) {
      std::set<BufferId> touched = context_.total[callee].touched();
      shared.insert(touched.begin(), touched.end());
    }
    for (BufferId buffer : own_.touched()) {
      std::string type = std::string(type_name(module_.buffers[buffer].element)) + "*";
      if (own_.written.count(buffer) == 0) type = "const " + type;
      bool alone = function_.kind == FunctionKind::kernel && shared.count(buffer) == 0;
      out_.line(type + (alone ? " __restrict " : " ") + pointers_[buffer] + " = run." + context_.buffers[buffer] + ";");
    }
    if (!numbers.empty() || !own_.touched().empty()) out_.blank();
  }

  // -- names and operands
  std::string_view type_of(ValueId value) const { return function_.values[value].mask ? "mask" : "vec"; }

  std::string fresh(ValueId value) {
    const std::string& name = variables_.name(value);
    if (name.empty()) return names_.add_numbered(function_.values[value].mask ? "m" : "v", 1);
    std::string spelled = identifier(name);
    return several_.count(spelled) != 0 ? names_.add_numbered(spelled, 0) : names_.add(name);
  }

  // The loop IR's symbols are unique in a function, so that the second loop over k is one over k_2; here they need not be.
  std::string fresh(SymbolId symbol) {
    const std::string& name = module_.symbols[symbol].name;
    std::size_t digits = name.find_last_not_of("0123456789");
    if (digits != std::string::npos && digits > 0 && digits + 1 < name.size() && name[digits] == '_') {
      std::string base = name.substr(0, digits);
      if (identifier(base) == base && names_.is_free(base)) return names_.add(base);
    }
    return names_.add(name);
  }

  std::string operand(ValueId value) const {
    if (literals_[value]) return *literals_[value];
    const std::optional<std::string>& name = declared_[variables_.of(value)];
    check(name.has_value(), "the C++ emitter met a value without a name");
    return *name;
  }

  std::string pointer(const Address& address) const {
    const std::string& name = pointers_.at(address.buffer);
    if (address.offset == Index()) return name;
    std::string offset = index_.sum(address.offset);
    return name + (offset[0] == '-' ? " - " + offset.substr(1) : " + " + offset);
  }

  std::string element(const Address& address) const {
    return pointers_.at(address.buffer) + "[" + index_.sum(address.offset) + "]";
  }

  // -- instructions
  std::string unary(const char* function, const Instruction& i) const {
    return std::string(function) + "(" + operand(i.operands[0]) + ")";
  }
  std::string binary(const char* function, const Instruction& i) const {
    return std::string(function) + "(" + operand(i.operands[0]) + ", " + operand(i.operands[1]) + ")";
  }
  std::string ternary(const char* function, const Instruction& i) const {
    return std::string(function) + "(" + operand(i.operands[0]) + ", " + operand(i.operands[1]) + ", " +
           operand(i.operands[2]) + ")";
  }
  std::string infix(const char* sign, const Instruction& i) const {
    return operand(i.operands[0]) + " " + sign + " " + operand(i.operands[1]);
  }
  std::string counted(const char* function, const Instruction& i, const std::string& argument) const {
    return std::string(function) + "<" + std::to_string(i.count) + ">(" + argument + ")";
  }

  std::string expression(const Instruction& i) const {
    switch (i.op) {
      case Op::constant: return "vec(" + literal(i.number, module_.element) + ")";
      case Op::bits: return "bits(" + pattern(i.pattern) + ")";
      case Op::number: return "vec(static_cast<" + std::string(type_name(module_.element)) + ">(" + index_.sum(i.index) + "))";
      case Op::word: return counted("word", i, index_.sum(i.index));
      case Op::iota: return "iota()";
      case Op::load: return "vec::load_unaligned(" + pointer(i.address) + ")";
      case Op::load_first: return counted("load_first", i, pointer(i.address));
      case Op::load_scalar: return "vec(" + element(i.address) + ")";
      case Op::store: return operand(i.operands[0]) + ".store_unaligned(" + pointer(i.address) + ")";
      case Op::store_first: return counted("store_first", i, pointer(i.address) + ", " + operand(i.operands[0]));
      case Op::prefetch: return "RNNC_PREFETCH(" + pointer(i.address) + ")";
      case Op::add: return infix("+", i);
      case Op::sub: return infix("-", i);
      case Op::mul: return infix("*", i);
      case Op::div: return infix("/", i);
      case Op::fma: return ternary(context_.avx512() ? "fma" : "xsimd::fma", i);
      case Op::fnma: return ternary(context_.avx512() ? "fnma" : "xsimd::fnma", i);
      case Op::min: return binary("xsimd::min", i);
      case Op::max: return binary("xsimd::max", i);
      case Op::neg: return context_.avx512() ? unary("negate", i) : "-" + operand(i.operands[0]);
      case Op::abs: return unary("xsimd::abs", i);
      case Op::sqrt: return unary("xsimd::sqrt", i);
      case Op::round: return unary("xsimd::nearbyint", i);
      case Op::floor: return unary(context_.sse2() ? "round_down" : "xsimd::floor", i);
      case Op::less: return infix("<", i);
      case Op::less_equal: return infix("<=", i);
      case Op::equal: return infix("==", i);
      case Op::index_less: return "mask(" + index_.sum(i.index) + " < " + index_.sum(i.index2) + ")";
      case Op::mask_and: return infix("&", i);
      case Op::mask_or: return infix("|", i);
      case Op::mask_not: return "~" + operand(i.operands[0]);
      case Op::select: return ternary("xsimd::select", i);
      case Op::first_lanes: return counted("first_lanes", i, operand(i.operands[0]) + ", " + operand(i.operands[1]));
      case Op::bit_and: return infix("&", i);
      case Op::bit_or: return infix("|", i);
      case Op::bit_xor: return infix("^", i);
      case Op::int_add: return binary("int_add", i);
      case Op::int_sub: return binary("int_sub", i);
      case Op::shift_left: return counted("shift_left", i, operand(i.operands[0]));
      case Op::shift_right: return counted("shift_right", i, operand(i.operands[0]));
      case Op::lane_sum: return unary("lane_sum", i);
      case Op::lane_max: return unary("lane_max", i);
      case Op::call: return call(i);
    }
    throw Bug("no such operation");
  }

  std::string pattern(std::uint64_t bits) const {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (int shift = module_.element == Element::f64 ? 60 : 28; shift >= 0; shift -= 4) text += digits[bits >> shift & 15];
    return "0x" + text + "u";
  }

  std::string call(const Instruction& i) const {
    const Function& callee = module_.functions[i.function];
    std::string arguments;
    auto add = [&](const std::string& text) { arguments += (arguments.empty() ? "" : ", ") + text; };
    if (callee.reads_run) add("run");
    for (ValueId value : i.operands) add(operand(value));
    for (const Index& index : i.indices) add(index_.sum(index));
    return context_.functions[i.function] + "(" + arguments + ")";
  }

  // -- statements
  void statements(const Body& body) {
    for (std::size_t i = 0; i < body.size(); ++i) {
      if (std::holds_alternative<Comment>(body[i].node) &&
          !(i > 0 && std::holds_alternative<Comment>(body[i - 1].node)))
        out_.blank();
      std::visit([&](const auto& node) { emit(node); }, body[i].node);
    }
  }

  void emit(const Comment& comment) { out_.line("// " + comment_text(comment.text)); }

  void emit(const Instruction& i) {
    std::string text = expression(i);
    if (!i.result.valid()) {
      out_.line(text + ";");
      return;
    }
    bool is_constant = i.op == Op::constant || i.op == Op::bits;
    if (is_constant && function_.values[i.result].name.empty()) {
      literals_[i.result] = text;
      return;
    }
    std::optional<std::string>& name = declared_[variables_.of(i.result)];
    // Under GCC a load that several multiply-adds use must stay in a register: see RNNC_KEEP.
    bool kept = (i.op == Op::load || (i.op == Op::load_scalar && context_.avx512())) && variables_.fma_uses(i.result) > 1;
    if (name) {
      text = *name + " = " + text + ";";
    } else {
      name = fresh(i.result);
      std::string type(type_of(i.result));
      if (!kept && !variables_.reassigned(i.result)) type = "const " + type;
      if (variables_.uses(i.result) == 0) type = "[[maybe_unused]] " + type;
      text = type + " " + *name + " = " + text + ";";
    }
    out_.line(text + (kept ? " RNNC_KEEP(" + *name + ");" : ""));
  }

  void emit(const Let& let) {
    std::string a = index_.sum(let.a), b = index_.sum(let.b);
    std::string value;
    switch (let.kind) {
      case LetKind::value: value = a; break;
      case LetKind::minimum: value = "std::min<int64_t>(" + a + ", " + b + ")"; break;
      case LetKind::maximum: value = "std::max<int64_t>(" + a + ", " + b + ")"; break;
      case LetKind::quotient: value = index_.factor(let.a) + " / " + index_.factor(let.b); break;
      case LetKind::remainder: value = index_.factor(let.a) + " % " + index_.factor(let.b); break;
      case LetKind::load: value = element(let.address); break;
      case LetKind::row_length: value = "run.length(" + std::to_string(let.which) + ", " + a + ")"; break;
    }
    std::string name = fresh(let.symbol);
    symbols_[let.symbol] = name;
    bool used = own_.symbols.count(let.symbol) != 0;
    out_.line((used ? "const int64_t " : "[[maybe_unused]] const int64_t ") + name + " = " + value + ";");
  }

  void emit(const Loop& loop) {
    for (const Loop::Carried& carried : loop.carried) declare(carried);
    std::string begin = index_.sum(loop.begin), end = index_.sum(loop.end);
    names_.open();
    std::string i = fresh(loop.variable);
    symbols_[loop.variable] = i;
    if (loop.unrolled > 1) out_.line("#pragma GCC unroll " + std::to_string(loop.unrolled));
    std::string step = loop.step == 1 ? "++" + i : i + " += " + std::to_string(loop.step);
    out_.open(loop.reversed ? "for (int64_t " + i + " = " + end + "; " + i + "-- > " + begin + ";) {"
                            : "for (int64_t " + i + " = " + begin + "; " + i + " < " + end + "; " + step + ") {");
    statements(loop.body);
    hand_over(loop);
    out_.close();
    names_.close();
  }

  // A carried variable stands before the loop, with its initial value unless it took over that one's variable.
  void declare(const Loop::Carried& carried) {
    std::optional<std::string>& name = declared_[variables_.of(carried.inside)];
    if (variables_.of(carried.initial) == variables_.of(carried.inside)) return;
    if (name) {
      out_.line(*name + " = " + operand(carried.initial) + ";");
      return;
    }
    name = fresh(carried.inside);
    bool used = variables_.uses(carried.inside) + variables_.uses(carried.result) > 0;
    out_.line((used ? "" : "[[maybe_unused]] ") + std::string(type_of(carried.inside)) + " " + *name + " = " +
              operand(carried.initial) + ";");
  }

  // The end of an iteration: carried variables that were not updated in place get their next values, all at once.
  void hand_over(const Loop& loop) {
    std::vector<std::pair<std::string, std::string>> copies;
    for (const Loop::Carried& carried : loop.carried)
      if (operand(carried.inside) != operand(carried.next))
        copies.emplace_back(operand(carried.inside), operand(carried.next));
    while (!copies.empty()) {
      auto free = std::find_if(copies.begin(), copies.end(), [&](const auto& copy) {
        return std::none_of(copies.begin(), copies.end(), [&](const auto& other) { return other.second == copy.first; });
      });
      if (free != copies.end()) {
        out_.line(free->first + " = " + free->second + ";");
        copies.erase(free);
        continue;
      }
      // Only circles are left: one old value is held aside.
      std::string held = names_.add("held_" + copies.front().first);
      out_.line("const auto " + held + " = " + copies.front().first + ";");
      for (auto& copy : copies)
        if (copy.second == copies.front().first) copy.second = held;
    }
  }

  void emit(const Launch& launch) {
    names_.open();
    std::string begin = names_.add("begin"), end = names_.add("end");
    names_.close();
    std::string arguments = (module_.functions[launch.kernel].reads_run ? "run, " : "") + begin + ", " + end;
    for (const Index& argument : launch.arguments) arguments += ", " + index_.sum(argument);
    out_.line("launch(run, " + index_.sum(launch.extent) + ", " + index_.sum(launch.cost) + ", [&](int64_t " + begin +
              ", int64_t " + end + ") { " + context_.functions[launch.kernel] + "(" + arguments + "); });");
  }

  void emit(const Zero& zero) {
    Element element = module_.buffers[zero.address.buffer].element;
    std::string nothing = element == Element::i32 ? "0" : literal(0, element);
    out_.line("std::fill_n(" + pointer(zero.address) + ", " + index_.sum(zero.count) + ", " + nothing + ");");
  }

  void emit(const IfGiven& choice) {
    std::string given = "run." + context_.given_prefix + context_.buffers[choice.buffer];
    if (choice.given.empty() && choice.absent.empty()) return;
    bool only_absent = choice.given.empty();
    out_.open("if (" + std::string(only_absent ? "!" : "") + given + ") {");
    block(only_absent ? choice.absent : choice.given);
    if (!only_absent && !choice.absent.empty()) {
      out_.turn("} else {");
      block(choice.absent);
    }
    out_.close();
  }

  void block(const Body& body) {
    names_.open();
    statements(body);
    names_.close();
  }

  const Context& context_;
  const Module& module_;
  FunctionId id_;
  const Function& function_;
  const Usage& own_;
  Variables variables_;
  Names names_;
  Lines& out_;
  IdVector<ValueId, std::optional<std::string>> declared_;  // the C++ variable, by the value that stands for it
  IdVector<ValueId, std::optional<std::string>> literals_;  // constants, written where they are used
  std::set<std::string> single_, several_;                   // values' names
  std::map<BufferId, std::string> pointers_;                 // local ones
  IndexText::SymbolNames symbols_;
  IndexText index_;
};

}  // namespace

void emit_function(const Context& context, FunctionId id, Lines& lines) { FunctionEmitter(context, id, lines).emit(); }

void emit_body(const Context& context, FunctionId id, Lines& lines) { FunctionEmitter(context, id, lines).body(); }

}  // namespace rnnc::cpp
