// The loop IR as text, for people: --emit=loops, dumps between passes and golden tests. Total on any Module.
#include <algorithm>
#include <charconv>
#include <string>

#include "compiler/loop/descriptor.h"
#include "compiler/loop/loop_ir.h"

namespace rnnc::loop {
namespace {

std::string number_text(double value) {
  char text[32];
  auto end = std::to_chars(text, text + sizeof text, value).ptr;
  return std::string(text, end);
}

std::string hexadecimal(std::uint64_t value) {
  char text[20];
  auto end = std::to_chars(text, text + sizeof text, value, 16).ptr;
  return "0x" + std::string(text, end);
}

std::string_view element_name(Element element) {
  switch (element) {
    case Element::f32: return "f32";
    case Element::f64: return "f64";
    case Element::i32: return "i32";
  }
  return "?";
}

std::string_view space_name(Space space) {
  switch (space) {
    case Space::parameters: return "parameters";
    case Space::packed: return "packed";
    case Space::input: return "input";
    case Space::upstream: return "upstream";
    case Space::output: return "output";
    case Space::loss: return "loss";
    case Space::state_in: return "state_in";
    case Space::state_out: return "state_out";
    case Space::upstream_state: return "upstream_state";
    case Space::parameter_gradients: return "parameter_gradients";
    case Space::input_gradient: return "input_gradient";
    case Space::state_gradient: return "state_gradient";
    case Space::lengths: return "lengths";
    case Space::workspace: return "workspace";
    case Space::tape: return "tape";
  }
  return "?";
}

bool numbered(Space space) {
  switch (space) {
    case Space::input:
    case Space::upstream:
    case Space::output:
    case Space::state_in:
    case Space::state_out:
    case Space::upstream_state:
    case Space::input_gradient:
    case Space::state_gradient:
    case Space::lengths: return true;
    case Space::parameters:
    case Space::packed:
    case Space::loss:
    case Space::parameter_gradients:
    case Space::workspace:
    case Space::tape: return false;
  }
  return false;
}

std::string_view kind_name(FunctionKind kind) {
  switch (kind) {
    case FunctionKind::helper: return "helper";
    case FunctionKind::kernel: return "kernel";
    case FunctionKind::entry: return "entry";
  }
  return "?";
}

std::string_view role_name(EntryRole role) {
  switch (role) {
    case EntryRole::pack: return "pack";
    case EntryRole::forward: return "forward";
    case EntryRole::forward_train: return "forward_train";
    case EntryRole::backward: return "backward";
    case EntryRole::step: return "step";
  }
  return "?";
}

std::string symbol_name(const Module& module, SymbolId id) {
  if (!id.valid() || id.index() >= module.symbols.size()) return "?symbol" + std::to_string(id.value);
  return module.symbols[id].name;
}

// What a run needs memory for, and how many bytes; what takes none is left out.
std::vector<std::pair<std::string, Index>> sizes_of(const Module& module) {
  std::vector<std::pair<std::string, Index>> sizes{{"packed", module.packed_bytes},
                                                   {"tape", module.tape_bytes},
                                                   {"inference workspace", module.inference_workspace_bytes},
                                                   {"training workspace", module.training_workspace_bytes},
                                                   {"step workspace", module.step_workspace_bytes}};
  std::erase_if(sizes, [](const auto& size) { return size.second == Index(); });
  return sizes;
}

class Printer {
 public:
  explicit Printer(const Module& module) : module_(module) {}

  std::string print() {
    line("module " + module_.name + ", " + std::string(element_name(module_.element)) + ", " + module_.target.name +
         " (" + std::to_string(module_.target.lanes(module_.element)) + " lanes)" +
         (module_.source_name.empty() ? "" : ", from " + module_.source_name));
    sizes();
    tables();
    for (const Buffer& buffer : module_.buffers) print(buffer);
    for (const Function& function : module_.functions) {
      text_ += "\n";
      print(function);
    }
    return std::move(text_);
  }

 private:
  void line(const std::string& text) { text_ += std::string(2 * depth_, ' ') + text + "\n"; }

  std::string show(const Index& index) const { return to_string(module_, index); }

  void sizes() {
    for (const auto& [what, bytes] : sizes_of(module_)) line("bytes " + what + " = " + show(bytes));
  }

  void tables() {
    table("parameter", module_.parameters);
    table("input", module_.inputs);
    table("output", module_.outputs);
    table("state", module_.states);
  }

  void table(const char* what, const std::vector<TensorInfo>& tensors) {
    for (const TensorInfo& tensor : tensors) {
      std::string text = std::string(what) + " " + tensor.name + "[";
      for (std::size_t i = 0; i < tensor.extents.size(); ++i)
        text += (i == 0 ? "" : ", ") + std::to_string(tensor.extents[i]);
      text += "]";
      if (tensor.axis >= 0) text += " per step of axis " + std::to_string(tensor.axis);
      if (tensor.batched) text += " per row";
      if (tensor.index_extent > 0) text += ", an index below " + std::to_string(tensor.index_extent);
      if (tensor.history > 0) text += ", " + std::to_string(tensor.history) + " before the start";
      line(text + (tensor.reversed ? ", reversed" : "") + (tensor.target ? ", a target" : ""));
    }
  }

  void print(const Buffer& buffer) {
    std::string text = "buffer " + buffer.name + ": " + std::string(element_name(buffer.element)) + "[" +
                       show(buffer.size) + "] in " + std::string(space_name(buffer.space));
    if (numbered(buffer.space)) text += " " + std::to_string(buffer.slot);
    if (buffer.offset != Index()) text += " at byte " + show(buffer.offset);
    if (buffer.may_be_absent) text += ", else in workspace at byte " + show(buffer.fallback_offset);
    line(text + (buffer.meaning.empty() ? "" : "  # " + buffer.meaning));
  }

  void print(const Function& function) {
    function_ = &function;
    for (const std::string& text : function.description) line("# " + text);
    std::string head = std::string(kind_name(function.kind)) + " " + function.name;
    if (function.kind == FunctionKind::entry) head += " as " + std::string(role_name(function.role));
    std::string parameters;
    auto add = [&](const std::string& name) { parameters += (parameters.empty() ? "" : ", ") + name; };
    for (ValueId value : function.vectors) add(show(value));
    for (SymbolId symbol : function.parameters) add(symbol_name(module_, symbol));
    head += "(" + parameters + ")";
    if (function.result.valid()) head += " -> " + show(function.result);
    line(head + (function.reads_run ? "" : ", of its operands alone") + ":");
    print(function.body);
  }

  std::string show(ValueId id) const {
    if (!id.valid() || id.index() >= function_->values.size()) return "?value" + std::to_string(id.value);
    return function_->values[id].name + "." + std::to_string(id.value);
  }

  std::string show(const Address& address) const {
    return buffer_name(address.buffer) + "[" + show(address.offset) + "]";
  }

  std::string buffer_name(BufferId id) const {
    if (!id.valid() || id.index() >= module_.buffers.size()) return "?buffer" + std::to_string(id.value);
    return module_.buffers[id].name;
  }

  std::string function_name(FunctionId id) const {
    if (!id.valid() || id.index() >= module_.functions.size()) return "?function" + std::to_string(id.value);
    return module_.functions[id].name;
  }

  std::string arguments(const Instruction& instruction) const {
    std::string text;
    for (ValueId operand : instruction.operands) text += ", " + show(operand);
    for (const Index& index : instruction.indices) text += ", " + show(index);
    return text.empty() ? "" : text.substr(2);
  }

  std::string details(const Instruction& instruction) const {
    std::string count = std::to_string(instruction.count);
    switch (instruction.op) {
      case Op::constant: return " " + number_text(instruction.number);
      case Op::bits: return " " + hexadecimal(instruction.pattern);
      case Op::number: return " " + show(instruction.index);
      case Op::word: return " " + count + ", " + show(instruction.index);
      case Op::load:
      case Op::load_scalar:
      case Op::prefetch: return " " + show(instruction.address);
      case Op::load_first: return " " + count + " " + show(instruction.address);
      case Op::store: return " " + show(instruction.address) + ", " + arguments(instruction);
      case Op::store_first: return " " + count + " " + show(instruction.address) + ", " + arguments(instruction);
      case Op::index_less: return " " + show(instruction.index) + ", " + show(instruction.index2);
      case Op::first_lanes:
      case Op::shift_left:
      case Op::shift_right: return " " + count + ", " + arguments(instruction);
      case Op::call: return " " + function_name(instruction.function) + "(" + arguments(instruction) + ")";
      case Op::iota: return "";
      case Op::add:
      case Op::sub:
      case Op::mul:
      case Op::div:
      case Op::fma:
      case Op::fnma:
      case Op::min:
      case Op::max:
      case Op::neg:
      case Op::abs:
      case Op::sqrt:
      case Op::round:
      case Op::floor:
      case Op::less:
      case Op::less_equal:
      case Op::equal:
      case Op::mask_and:
      case Op::mask_or:
      case Op::mask_not:
      case Op::select:
      case Op::bit_and:
      case Op::bit_or:
      case Op::bit_xor:
      case Op::int_add:
      case Op::int_sub:
      case Op::lane_sum:
      case Op::lane_max: return " " + arguments(instruction);
    }
    return "";
  }

  void print(const Body& body) {
    ++depth_;
    for (const Statement& statement : body) std::visit([&](const auto& node) { print(node); }, statement.node);
    --depth_;
  }

  void print(const Instruction& instruction) {
    line((instruction.result.valid() ? show(instruction.result) + " = " : "") +
         std::string(op_name(instruction.op)) + details(instruction));
  }

  void print(const Comment& comment) { line("# " + comment.text); }

  void print(const Loop& loop) {
    std::string variable = symbol_name(module_, loop.variable);
    std::string head = "for " + variable + " = " + show(loop.begin) + " .. " + show(loop.end);
    if (loop.step != 1) head += " step " + std::to_string(loop.step);
    if (loop.reversed) head += " falling";
    if (loop.unrolled > 1) head += " unrolled " + std::to_string(loop.unrolled);
    std::string results;
    for (const Loop::Carried& carried : loop.carried) {
      head += (&carried == &loop.carried.front() ? " carrying " : ", ") + show(carried.inside) + " = " +
              show(carried.initial) + " then " + show(carried.next);
      results += (results.empty() ? "" : ", ") + show(carried.result);
    }
    line((results.empty() ? "" : results + " = ") + head + ":");
    print(loop.body);
  }

  void print(const Let& let) {
    std::string name = "let " + symbol_name(module_, let.symbol) + " = ";
    std::string both = show(let.a) + ", " + show(let.b);
    switch (let.kind) {
      case LetKind::value: line(name + show(let.a)); return;
      case LetKind::minimum: line(name + "min(" + both + ")"); return;
      case LetKind::maximum: line(name + "max(" + both + ")"); return;
      case LetKind::quotient: line(name + "quotient(" + both + ")"); return;
      case LetKind::remainder: line(name + "remainder(" + both + ")"); return;
      case LetKind::load: line(name + show(let.address)); return;
      case LetKind::row_length:
        line(name + "length of row " + show(let.a) + " along axis " + std::to_string(let.which));
        return;
    }
  }

  void print(const Launch& launch) {
    std::string text = "launch " + function_name(launch.kernel) + " on 0 .. " + show(launch.extent);
    for (std::size_t i = 0; i < launch.arguments.size(); ++i)
      text += (i == 0 ? " with " : ", ") + show(launch.arguments[i]);
    line(text + "  # cost " + show(launch.cost));
  }

  void print(const Zero& zero) { line("zero " + show(zero.address) + ", " + show(zero.count) + " elements"); }

  void print(const IfGiven& choice) {
    line("if given " + buffer_name(choice.buffer) + ":");
    print(choice.given);
    if (choice.absent.empty()) return;
    line("else:");
    print(choice.absent);
  }

  const Module& module_;
  const Function* function_ = nullptr;
  std::string text_;
  std::size_t depth_ = 0;
};

}  // namespace

std::string to_string(const Module& module) { return Printer(module).print(); }

std::string to_string(const Module& module, const Index& index) {
  // Products before their remainders: the term with the largest number of factors first, the constant last.
  std::vector<Index::Term> terms = index.terms();
  std::stable_sort(terms.begin(), terms.end(), [](const Index::Term& a, const Index::Term& b) {
    return a.factors.size() > b.factors.size();
  });
  std::string text;
  for (const Index::Term& term : terms) {
    bool negative = term.coefficient < 0;
    // Unsigned, so that the smallest number has a magnitude too.
    std::uint64_t magnitude = negative ? 0 - static_cast<std::uint64_t>(term.coefficient)
                                       : static_cast<std::uint64_t>(term.coefficient);
    text += text.empty() ? (negative ? "-" : "") : (negative ? " - " : " + ");
    if (magnitude != 1 || term.factors.empty()) text += std::to_string(magnitude) + (term.factors.empty() ? "" : "*");
    for (std::size_t i = 0; i < term.factors.size(); ++i)
      text += (i == 0 ? "" : "*") + symbol_name(module, term.factors[i]);
  }
  return text.empty() ? "0" : text;
}

std::string memory_text(const Module& module) {
  std::string text = "memory in bytes, for T steps of B rows in " + std::string(element_name(module.element)) + "\n";
  if (has_windows(module)) text += "  (without a memory budget windows = 1, window = T)\n";
  for (const auto& [what, bytes] : sizes_of(module)) text += "  " + what + " = " + to_string(module, bytes) + "\n";
  return text;
}

}  // namespace rnnc::loop
