// What must hold of a Module before a backend prints or builds it. Backends are total on what passes here.
#include <algorithm>
#include <optional>
#include <set>
#include <string>

#include "compiler/base/bug.h"
#include "compiler/loop/loop_ir.h"

namespace rnnc::loop {
namespace {

bool is_identifier(const std::string& name) {
  auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return !name.empty() && letter(name[0]) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || digit(c); });
}

// What an operation takes: how many operands, which of them are masks, and whether its result is one.
struct Signature {
  int operands = 0;
  std::uint32_t masks = 0;  // bit i: operand i is a mask
  enum class Result { none, vector, mask } result = Result::vector;
};

std::optional<Signature> signature(Op op) {
  using Result = Signature::Result;
  switch (op) {
    case Op::constant:
    case Op::bits:
    case Op::number:
    case Op::word:
    case Op::iota:
    case Op::load:
    case Op::load_first:
    case Op::load_scalar: return Signature{0};
    case Op::store:
    case Op::store_first: return Signature{1, 0, Result::none};
    case Op::prefetch: return Signature{0, 0, Result::none};
    case Op::neg:
    case Op::abs:
    case Op::sqrt:
    case Op::round:
    case Op::floor:
    case Op::shift_left:
    case Op::shift_right:
    case Op::lane_sum:
    case Op::lane_max: return Signature{1};
    case Op::add:
    case Op::sub:
    case Op::mul:
    case Op::div:
    case Op::min:
    case Op::max:
    case Op::first_lanes:
    case Op::bit_and:
    case Op::bit_or:
    case Op::bit_xor:
    case Op::int_add:
    case Op::int_sub: return Signature{2};
    case Op::fma:
    case Op::fnma: return Signature{3};
    case Op::less:
    case Op::less_equal:
    case Op::equal: return Signature{2, 0, Result::mask};
    case Op::index_less: return Signature{0, 0, Result::mask};
    case Op::mask_and:
    case Op::mask_or: return Signature{2, 3, Result::mask};
    case Op::mask_not: return Signature{1, 1, Result::mask};
    case Op::select: return Signature{3, 1};
    case Op::call: return std::nullopt;  // says its function
  }
  throw Bug("an instruction of the loop IR has no such operation");
}

bool has_address(Op op) {
  return op == Op::load || op == Op::load_first || op == Op::load_scalar || op == Op::store ||
         op == Op::store_first || op == Op::prefetch;
}

bool is_write(Op op) { return op == Op::store || op == Op::store_first; }

// Arrays the caller lends for reading only. (The packed parameters are written by pack.)
bool is_read_only(Space space) {
  switch (space) {
    case Space::parameters:
    case Space::input:
    case Space::upstream:
    case Space::state_in:
    case Space::upstream_state:
    case Space::lengths: return true;
    case Space::packed:
    case Space::output:
    case Space::loss:
    case Space::state_out:
    case Space::parameter_gradients:
    case Space::input_gradient:
    case Space::state_gradient:
    case Space::workspace:
    case Space::tape: return false;
  }
  throw Bug("a buffer of the loop IR is in no such space");
}

// The first thing that is wrong, thrown out of the walk and caught by verify().
struct Unsound {
  std::string what;
};

class FunctionVerifier {
 public:
  FunctionVerifier(const Module& module, FunctionId id)
      : module_(module), id_(id), function_(module.functions[id]), defined_(function_.values.size(), false),
        visible_(function_.values.size(), false), bound_(module.symbols.size(), false) {}

  void verify() {
    signature_of_function();
    body(function_.body);
    if (function_.result.valid()) use(function_.result, "the function's result");
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Unsound{"function `" + function_.name + "`: " + what};
  }
  void require(bool holds, const std::string& what) const {
    if (!holds) fail(what);
  }

  std::string describe(ValueId id) const {
    if (!id.valid() || id.index() >= function_.values.size()) return "an invalid value";
    return "value `" + function_.values[id].name + "." + std::to_string(id.value) + "`";
  }

  void signature_of_function() {
    bool entry = function_.kind == FunctionKind::entry;
    bool helper = function_.kind == FunctionKind::helper;
    require(!entry || function_.parameters.empty(), "an entry has no parameters");
    require(helper || (function_.vectors.empty() && !function_.result.valid()),
            "only helpers have vector parameters or a result");
    require(function_.kind != FunctionKind::kernel || function_.parameters.size() >= 2,
            "a kernel's first two parameters are begin and end");
    require(!entry || function_.reads_run, "an entry reads the run");
    for (SymbolId symbol : function_.parameters) bind(symbol);
    for (ValueId value : function_.vectors) define(value);
  }

  // -- scopes
  void bind(SymbolId symbol) {
    require(symbol.valid() && symbol.index() < module_.symbols.size(), "an invalid symbol is bound");
    const Symbol& entry = module_.symbols[symbol];
    require(entry.kind == SymbolKind::local, "`" + entry.name + "` is a number of the run and cannot be bound");
    require(!bound_[symbol], "`" + entry.name + "` is bound twice");
    require(names_.insert(entry.name).second, "two symbols are called `" + entry.name + "`");
    bound_[symbol] = true;
    symbols_.push_back(symbol);
  }

  void define(ValueId value) {
    require(value.valid() && value.index() < function_.values.size(), "an invalid value is defined");
    require(!defined_[value], describe(value) + " is defined twice");
    defined_[value] = true;
    visible_[value] = true;
    values_.push_back(value);
  }

  template <class F>
  void scope(F&& inside) {
    std::size_t symbols = symbols_.size(), values = values_.size();
    inside();
    for (; symbols_.size() > symbols; symbols_.pop_back()) {
      bound_[symbols_.back()] = false;
      names_.erase(module_.symbols[symbols_.back()].name);
    }
    for (; values_.size() > values; values_.pop_back()) visible_[values_.back()] = false;
  }

  // -- uses
  void use(ValueId value, const std::string& where) const {
    require(value.valid() && value.index() < function_.values.size(), where + " is an invalid value");
    require(visible_[value], where + ", " + describe(value) + ", is not defined there");
  }

  void use_typed(ValueId value, bool mask, const std::string& where) const {
    use(value, where);
    require(function_.values[value].mask == mask, where + ", " + describe(value) + ", is " +
                                                      (mask ? "a vector where a mask belongs"
                                                            : "a mask where a vector belongs"));
  }

  void use(const Index& index, const std::string& where) const {
    for (const Index::Term& term : index.terms()) {
      for (SymbolId symbol : term.factors) {
        require(symbol.valid() && symbol.index() < module_.symbols.size(), where + " mentions an invalid symbol");
        const Symbol& entry = module_.symbols[symbol];
        bool in_scope = entry.kind == SymbolKind::local ? static_cast<bool>(bound_[symbol]) : function_.reads_run;
        require(in_scope, where + " mentions `" + entry.name + "`, which is not in scope");
      }
    }
  }

  const Buffer& buffer(BufferId id, const std::string& where) const {
    require(id.valid() && id.index() < module_.buffers.size(), where + " has an invalid buffer");
    require(function_.reads_run, where + " touches a buffer in a function that does not read the run");
    return module_.buffers[id];
  }

  void use(const Address& address, Element element, bool write, const std::string& where) const {
    const Buffer& memory = buffer(address.buffer, where);
    require(memory.element == element, where + ": buffer `" + memory.name + "` has another element type");
    require(!write || !is_read_only(memory.space), where + ": buffer `" + memory.name + "` is only read");
    use(address.offset, where + "'s address");
  }

  // -- statements
  void body(const Body& statements) {
    for (const Statement& statement : statements) std::visit([&](const auto& node) { visit(node); }, statement.node);
  }

  void visit(const Comment& comment) const {
    require(comment.text.find('\n') == std::string::npos, "a comment has more than one line");
  }

  void visit(const Instruction& instruction) {
    std::string name = "`" + std::string(op_name(instruction.op)) + "`";
    if (instruction.op == Op::call) {
      call(instruction);
      return;
    }
    Signature form = *signature(instruction.op);
    require(static_cast<int>(instruction.operands.size()) == form.operands,
            name + " takes " + std::to_string(form.operands) + " operands");
    for (int i = 0; i < form.operands; ++i)
      use_typed(instruction.operands[static_cast<std::size_t>(i)], (form.masks >> i & 1) != 0,
                "operand " + std::to_string(i) + " of " + name);
    if (has_address(instruction.op)) use(instruction.address, module_.element, is_write(instruction.op), name);
    counts(instruction, name);
    use(instruction.index, name);
    use(instruction.index2, name);
    result(instruction.result, form.result, name);
  }

  void counts(const Instruction& instruction, const std::string& name) const {
    int lanes = module_.target.lanes(module_.element);
    bool lane_count = instruction.op == Op::load_first || instruction.op == Op::store_first ||
                      instruction.op == Op::first_lanes;
    require(!lane_count || (instruction.count >= 0 && instruction.count <= lanes),
            name + ": its count must be between 0 and the number of lanes");
    require(instruction.op != Op::word || instruction.count == 0 || instruction.count == 32,
            name + ": its count must be 0 or 32");
    bool shift = instruction.op == Op::shift_left || instruction.op == Op::shift_right;
    require(!shift || (instruction.count >= 0 && instruction.count < 8 * size_of(module_.element)),
            name + ": its count must be below the element's width");
    require(instruction.op != Op::bits || module_.element == Element::f64 || instruction.pattern >> 32 == 0,
            name + ": the pattern is wider than the element");
  }

  void result(ValueId id, Signature::Result form, const std::string& name) {
    require(id.valid() == (form != Signature::Result::none),
            name + (id.valid() ? " has no result" : " must have a result"));
    if (!id.valid()) return;
    define(id);
    require(function_.values[id].mask == (form == Signature::Result::mask), name + "'s result has the wrong kind");
  }

  void call(const Instruction& instruction) {
    const Function& callee = callee_of(instruction.function, FunctionKind::helper, "`call`");
    std::string name = "the call of `" + callee.name + "`";
    require(instruction.operands.size() == callee.vectors.size(), name + " has the wrong number of vectors");
    require(instruction.indices.size() == callee.parameters.size(), name + " has the wrong number of whole numbers");
    require(function_.reads_run || !callee.reads_run, name + " reads the run, the caller does not");
    for (std::size_t i = 0; i < callee.vectors.size(); ++i)
      use_typed(instruction.operands[i], callee.values[callee.vectors[i]].mask,
                "operand " + std::to_string(i) + " of " + name);
    for (const Index& index : instruction.indices) use(index, name);
    auto form = Signature::Result::none;
    if (callee.result.valid())
      form = callee.values[callee.result].mask ? Signature::Result::mask : Signature::Result::vector;
    result(instruction.result, form, name);
  }

  const Function& callee_of(FunctionId callee, FunctionKind kind, const std::string& what) const {
    require(callee.valid() && callee.index() < module_.functions.size(), what + " of an invalid function");
    const Function& function = module_.functions[callee];
    require(function.kind == kind, what + " of `" + function.name + "`, which is of another kind");
    require(callee < id_, what + " of `" + function.name + "`, which does not come before");
    return function;
  }

  void visit(const Loop& loop) {
    std::string name = loop.variable.valid() && loop.variable.index() < module_.symbols.size()
                           ? "the loop over `" + module_.symbols[loop.variable].name + "`"
                           : "a loop";
    require(loop.step >= 1, name + " has a step below 1");
    require(!loop.reversed || loop.step == 1, name + " is reversed and has a step other than 1");
    if (loop.unrolled != 1) {
      std::int64_t count = loop.end.constant() - loop.begin.constant(), whole = loop.step * loop.unrolled;
      require(loop.unrolled > 1 && !loop.reversed && loop.begin.is_constant() && loop.end.is_constant() &&
                  whole > 0 && count % whole == 0,
              name + " cannot be unrolled so often");
    }
    use(loop.begin, name + "'s begin");
    use(loop.end, name + "'s end");
    for (const Loop::Carried& carried : loop.carried) use(carried.initial, name + "'s initial value");
    scope([&] {
      bind(loop.variable);
      for (const Loop::Carried& carried : loop.carried) define(carried.inside);
      body(loop.body);
      for (const Loop::Carried& carried : loop.carried) use(carried.next, name + "'s next value");
    });
    for (const Loop::Carried& carried : loop.carried) {
      define(carried.result);
      bool mask = function_.values[carried.inside].mask;
      for (ValueId other : {carried.initial, carried.next, carried.result})
        require(function_.values[other].mask == mask, name + " carries a vector as a mask or the reverse");
    }
  }

  void visit(const Let& let) {
    require(let.symbol.valid() && let.symbol.index() < module_.symbols.size(), "a let binds an invalid symbol");
    std::string name = "the let of `" + module_.symbols[let.symbol].name + "`";
    if (let.kind == LetKind::load) {
      use(let.address, Element::i32, false, name);
    } else {
      use(let.a, name);
      use(let.b, name);
    }
    if (let.kind == LetKind::row_length) {
      require(function_.reads_run, name + " asks for a length in a function that does not read the run");
      require(let.which >= 0 && static_cast<std::size_t>(let.which) < module_.axes.size(), name + " names no axis");
    }
    bool divides = let.kind == LetKind::quotient || let.kind == LetKind::remainder;
    require(!divides || !let.b.is_constant() || let.b.constant() > 0, name + " divides by a constant below 1");
    bind(let.symbol);
  }

  void only_in_entries(const std::string& what) const {
    require(function_.kind == FunctionKind::entry, what + " outside an entry");
  }

  void visit(const Launch& launch) const {
    only_in_entries("a launch");
    const Function& kernel = callee_of(launch.kernel, FunctionKind::kernel, "a launch");
    require(launch.arguments.size() + 2 == kernel.parameters.size(),
            "the launch of `" + kernel.name + "` must pass what follows begin and end");
    for (const Index& argument : launch.arguments) use(argument, "the launch of `" + kernel.name + "`");
    use(launch.extent, "the launch's extent");
    use(launch.cost, "the launch's cost");
  }

  void visit(const Zero& zero) const {
    only_in_entries("a zero fill");
    const Buffer& memory = buffer(zero.address.buffer, "a zero fill");
    // Where the caller passed nothing, what is only read is the function's own to clear.
    use(zero.address, memory.element, !memory.may_be_absent, "a zero fill");
    use(zero.count, "a zero fill's count");
  }

  void visit(const IfGiven& choice) {
    only_in_entries("a test for a caller's array");
    const Buffer& memory = buffer(choice.buffer, "a test for a caller's array");
    require(memory.may_be_absent, "buffer `" + memory.name + "` is tested for but may not be absent");
    scope([&] { body(choice.given); });
    scope([&] { body(choice.absent); });
  }

  const Module& module_;
  FunctionId id_;
  const Function& function_;
  IdVector<ValueId, char> defined_;   // ever
  IdVector<ValueId, char> visible_;   // here
  IdVector<SymbolId, char> bound_;
  std::set<std::string> names_;       // of the symbols bound here
  std::vector<SymbolId> symbols_;     // bound, in order
  std::vector<ValueId> values_;       // visible, in order
};

// A number the run alone determines.
void require_run_size(const Module& module, const Index& index, const std::string& what) {
  for (const Index::Term& term : index.terms())
    for (SymbolId symbol : term.factors)
      if (!symbol.valid() || symbol.index() >= module.symbols.size() ||
          (module.symbols[symbol].kind != SymbolKind::steps && module.symbols[symbol].kind != SymbolKind::rows &&
           module.symbols[symbol].kind != SymbolKind::windows && module.symbols[symbol].kind != SymbolKind::window))
        throw Unsound{what + " depends on more than the numbers of steps, rows and windows"};
}

bool has_one_base(Space space) {
  return space == Space::parameters || space == Space::packed || space == Space::parameter_gradients ||
         space == Space::workspace || space == Space::tape;
}

// How many slots the ABI has for a space: a slot beyond them would read past the caller's array of arrays.
std::size_t slots(const Module& module, Space space) {
  switch (space) {
    case Space::input:
    case Space::input_gradient: return module.inputs.size();
    case Space::upstream:
    case Space::output: return module.outputs.size();
    case Space::state_in:
    case Space::state_out:
    case Space::upstream_state:
    case Space::state_gradient: return module.states.size();
    case Space::lengths: return module.axes.size();
    case Space::parameters:
    case Space::packed:
    case Space::loss:
    case Space::parameter_gradients:
    case Space::workspace:
    case Space::tape: return 1;
  }
  throw Bug("a buffer of the loop IR is in no such space");
}

void verify_buffers(const Module& module) {
  std::set<std::string> names;
  for (const Buffer& buffer : module.buffers) {
    std::string name = "buffer `" + buffer.name + "`";
    if (!is_identifier(buffer.name)) throw Unsound{name + " is not called by an identifier"};
    if (!names.insert(buffer.name).second) throw Unsound{"two buffers are called `" + buffer.name + "`"};
    require_run_size(module, buffer.size, name + "'s size");
    require_run_size(module, buffer.offset, name + "'s offset");
    require_run_size(module, buffer.fallback_offset, name + "'s fallback offset");
    if (!has_one_base(buffer.space) && buffer.offset != Index())
      throw Unsound{name + " has an offset in a space without one base"};
    for (const Index* offset : {&buffer.offset, &buffer.fallback_offset})
      for (const Index::Term& term : offset->terms())
        if (term.coefficient % size_of(buffer.element) != 0)
          throw Unsound{name + " does not begin at a multiple of its elements' size"};
    if (buffer.may_be_absent && has_one_base(buffer.space) && buffer.space != Space::parameter_gradients)
      throw Unsound{name + " is no caller's array and cannot be absent"};
    if (buffer.slot < 0 || static_cast<std::size_t>(buffer.slot) >= slots(module, buffer.space))
      throw Unsound{name + " has a slot that the call does not"};
    if (buffer.space == Space::lengths && buffer.element != Element::i32)
      throw Unsound{name + " holds lengths and must be of whole numbers"};
  }
}

void verify_module(const Module& module) {
  if (module.name.empty()) throw Unsound{"the module has no name"};
  if (module.element == Element::i32) throw Unsound{"the module's element type must be a floating-point type"};
  std::set<std::string> run_names;
  bool locals = false;
  for (const Symbol& symbol : module.symbols) {
    const bool of_run = symbol.kind != SymbolKind::local;
    if (!is_identifier(symbol.name)) throw Unsound{"symbol `" + symbol.name + "` is not called by an identifier"};
    if (of_run && !run_names.insert(symbol.name).second)
      throw Unsound{"two numbers of the run are called `" + symbol.name + "`"};
    // FunctionBuilder keeps their names from locals.
    if (of_run && locals) throw Unsound{"number of the run `" + symbol.name + "` comes after a function's own"};
    locals = locals || !of_run;
    if (symbol.which < 0 || (symbol.which > 0 && static_cast<std::size_t>(symbol.which) >= module.axes.size()))
      throw Unsound{"symbol `" + symbol.name + "` belongs to no axis"};
  }
  verify_buffers(module);
  for (const Index* bytes : {&module.packed_bytes, &module.tape_bytes, &module.inference_workspace_bytes,
                             &module.training_workspace_bytes, &module.step_workspace_bytes})
    require_run_size(module, *bytes, "the module's number of bytes");
}

void verify_entries(const Module& module) {
  std::set<EntryRole> roles;
  for (FunctionId id : module.entries) {
    if (!id.valid() || id.index() >= module.functions.size()) throw Unsound{"an entry is an invalid function"};
    const Function& function = module.functions[id];
    if (function.kind != FunctionKind::entry) throw Unsound{"entry `" + function.name + "` is of another kind"};
    if (!roles.insert(function.role).second) throw Unsound{"entry `" + function.name + "` has another one's role"};
  }
}

}  // namespace

std::string verify(const Module& module) {
  try {
    verify_module(module);
    std::set<std::string> names;
    for (FunctionId id : module.functions.ids()) {
      const std::string& name = module.functions[id].name;
      if (!is_identifier(name)) throw Unsound{"function `" + name + "` is not called by an identifier"};
      if (!names.insert(name).second) throw Unsound{"two functions are called `" + name + "`"};
      FunctionVerifier(module, id).verify();
    }
    verify_entries(module);
    return "";
  } catch (const Unsound& unsound) {
    return unsound.what;
  }
}

}  // namespace rnnc::loop
