// The run, and the functions of the ABI that begin one: where everything is, whether the call makes sense.
#include <array>

#include "compiler/backend/cpp/context.h"
#include "compiler/base/bug.h"
#include "compiler/loop/descriptor.h"

namespace rnnc::cpp {

using namespace loop;

namespace {

std::string member_type(const Context& context, BufferId buffer) {
  std::string type = std::string(type_name(context.module.buffers[buffer].element)) + "*";
  return context.written.count(buffer) == 0 ? "const " + type : type;
}

std::string number_source(const Symbol& symbol) {
  switch (symbol.kind) {
    case SymbolKind::steps: return "one_step ? 1 : call->steps[" + std::to_string(symbol.which) + "]";
    case SymbolKind::rows: return "call->rows";
    case SymbolKind::first_step: return "call->first_step";
    case SymbolKind::training: return "call->training != 0";
    case SymbolKind::seed: return "static_cast<int64_t>(call->seed)";
    case SymbolKind::rate:
      return "call->rates != nullptr && call->rates[0] > 0"
             " ? static_cast<int64_t>(std::ceil(std::min(call->rates[0], 1.0) * 16777216)) : 0";
    case SymbolKind::windows: return "one_step ? 1 : std::max<int64_t>(call->windows, 1)";
    case SymbolKind::window: break;  // worked out of the steps
    case SymbolKind::local: break;
  }
  throw Bug("a local symbol is no number of the run");
}

const char* number_meaning(const Symbol& symbol) {
  switch (symbol.kind) {
    case SymbolKind::steps: return "the number of steps";
    case SymbolKind::rows: return "the number of rows";
    case SymbolKind::first_step: return "the absolute number of step 0";
    case SymbolKind::training: return "1 in a training run, else 0";
    case SymbolKind::seed: return "of random numbers";
    case SymbolKind::rate: return "how often fed inputs take the model's own value, of 2^24 times";
    case SymbolKind::windows: return "into how many windows of steps training is divided";
    case SymbolKind::window: return "the steps of one of them";
    case SymbolKind::local: break;
  }
  throw Bug("a local symbol is no number of the run");
}

SymbolId number_of(const Context& context, SymbolKind kind, int which) {
  for (SymbolId symbol : context.number_order) {
    const Symbol& number = context.module.symbols[symbol];
    if (number.kind == kind && number.which == which) return symbol;
  }
  throw Bug("the emitted run lacks a number");
}

class EntryEmitter {
 public:
  EntryEmitter(const Context& context, FunctionId id, Lines& out)
      : context_(context), module_(context.module), id_(id), function_(module_.functions[id]),
        usage_(context.total[id]), out_(out), index_(module_, symbols_) {
    for (const auto& [symbol, name] : context.numbers) symbols_[symbol] = "run." + name;
  }

  void emit() {
    out_.blank();
    for (const std::string& text : function_.description) out_.line("// " + comment_text(text));
    const std::string& name = context_.functions[id_];
    bool packing = function_.role == EntryRole::pack;
    if (packing && buffers().empty()) {
      out_.line("int " + name + "(const rnnc_model*, const void*, void*) { return RNNC_OK; }");
      return;
    }
    out_.open(packing ? "int " + name + "(const rnnc_model*, const void* parameters, void* packed) {"
                      : "int " + name + "(const rnnc_model*, const rnnc_call* call) {");
    out_.line("Run run{};");
    if (!packing) {
      bool one_step = function_.role == EntryRole::step;
      out_.line("if (!start(call, " + std::string(one_step ? "true" : "false") + ", run)) return RNNC_BAD_CALL;");
      if (is_training(function_.role))
        out_.line("if (call->memory_budget > 0 && call->windows == 0) return RNNC_BAD_CALL;  // `sizes` says how many");
    }
    bases();
    for (BufferId buffer : buffers()) place(buffer);
    for (BufferId buffer : buffers()) check_indices(buffer);
    if (marks_tape()) mark_tape();
    out_.blank();
    emit_body(context_, id_, out_);
    out_.line("return RNNC_OK;");
    out_.close();
  }

 private:
  std::set<BufferId> buffers() const {
    std::set<BufferId> all = usage_.touched();
    all.insert(usage_.tested.begin(), usage_.tested.end());
    return all;
  }

  bool uses_space(Space space) const {
    for (BufferId id : buffers())
      if (module_.buffers[id].space == space) return true;
    return false;
  }

  bool may_fall_back() const {
    for (BufferId id : buffers())
      if (module_.buffers[id].may_be_absent) return true;
    return false;
  }

  const Index& workspace_bytes() const {
    switch (function_.role) {
      case EntryRole::pack:
      case EntryRole::forward: return module_.inference_workspace_bytes;
      case EntryRole::forward_train:
      case EntryRole::backward: return module_.training_workspace_bytes;
      case EntryRole::step: return module_.step_workspace_bytes;
    }
    throw Bug("no such role of an entry");
  }

  // "p == nullptr && n != 0", the second half only if n can be zero.
  std::string missing(const std::string& pointer, const Index& count) const {
    if (count.is_constant() && count.constant() > 0) return pointer + " == nullptr";
    return pointer + " == nullptr && " + index_.sum(count) + " != 0";
  }

  void refuse_missing(const std::string& pointer, const Index& count) {
    if (count == Index()) return;
    out_.line("if (" + missing(pointer, count) + ") return RNNC_BAD_CALL;");
  }

  void bases() {
    if (function_.role == EntryRole::pack) {
      if (uses_space(Space::parameters)) out_.line("if (parameters == nullptr) return RNNC_BAD_CALL;");
      if (uses_space(Space::packed)) refuse_missing("packed", module_.packed_bytes);
      return;
    }
    if (uses_space(Space::packed)) {
      out_.line("const void* packed = call->packed;");
      refuse_missing("packed", module_.packed_bytes);
    }
    if (uses_space(Space::workspace) || may_fall_back()) out_.line("void* workspace = call->workspace;");
    if (uses_space(Space::workspace)) refuse_missing("workspace", workspace_bytes());
    if (uses_space(Space::tape) || marks_tape()) {
      out_.line("void* tape = call->tape;");
      refuse_missing("tape", module_.tape_bytes);
    }
    if (uses_space(Space::parameter_gradients)) out_.line("void* gradients = call->parameter_gradients;");
  }

  bool marks_tape() const {
    return module_.tape_is_marked && is_training(function_.role);
  }

  void mark_tape() {
    const std::string windows = "run." + context_.numbers.at(number_of(context_, SymbolKind::windows, 0));
    if (function_.role == EntryRole::forward_train) {
      out_.line("*at<int64_t>(tape, 0) = " + windows + ";");
    } else {
      out_.line("if (*at<int64_t>(tape, 0) != " + windows + ") return RNNC_BAD_TAPE;");
      out_.line("if (" + windows + " > 1) *at<int64_t>(tape, 0) = 0;  // which windows computed again are written over");
    }
  }

  // The caller's array, or the base that the buffer's offset counts from.
  std::string source(const Buffer& buffer) const {
    std::string slot = std::to_string(buffer.slot);
    auto entry = [&](const char* table) { return "slot(call->" + std::string(table) + ", " + slot + ")"; };
    switch (buffer.space) {
      case Space::parameters: return "parameters";
      case Space::packed: return "packed";
      case Space::workspace: return "workspace";
      case Space::tape: return "tape";
      case Space::parameter_gradients: return "gradients";
      case Space::input: return entry("inputs");
      case Space::upstream: return entry("output_gradients");
      case Space::output:
        // What backward computes again is none of the caller's.
        return function_.role == EntryRole::backward ? "nullptr" : entry("outputs");
      case Space::loss: return "call->loss";
      case Space::state_in: return entry("state_in");
      case Space::state_out: return entry("state_out");
      case Space::upstream_state: return entry("state_out_gradients");
      case Space::input_gradient: return entry("input_gradients");
      case Space::state_gradient: return entry("state_in_gradients");
      case Space::lengths: return "call->lengths[" + slot + "]";
    }
    throw Bug("a buffer is in no such space");
  }

  std::string at(const Buffer& buffer, const std::string& base, const Index& bytes) const {
    return "at<" + std::string(type_name(buffer.element)) + ">(" + base + ", " + index_.sum(bytes) + ")";
  }

  void place(BufferId id) {
    const Buffer& buffer = module_.buffers[id];
    std::string pointer = "run." + context_.buffers[id];
    std::string from = source(buffer);
    auto take = [&](const std::string& how) { out_.line("if (!" + how + ") return RNNC_BAD_CALL;"); };
    bool has_base = buffer.space == Space::parameters || buffer.space == Space::packed ||
                    buffer.space == Space::workspace || buffer.space == Space::tape;
    if (has_base) {
      out_.line(pointer + " = " + at(buffer, from, buffer.offset) + ";");
      return;
    }
    if (usage_.tested.count(id) != 0)
      out_.line("run." + context_.given_prefix + context_.buffers[id] + " = " + from + " != nullptr;");
    std::string offset = buffer.offset == Index() ? "" : ", " + index_.sum(buffer.offset);
    bool target = is_target(module_, buffer);
    if (target && !is_training(function_.role))
      out_.line("if (call->loss != nullptr && " + missing(from, buffer.size) + ") return RNNC_BAD_CALL;");
    if (buffer.may_be_absent && !(target && is_training(function_.role))) {
      take("take_or(" + pointer + ", " + from + ", " + index_.sum(buffer.size) + ", workspace, " +
           index_.sum(buffer.fallback_offset) + offset + ")");
    } else {
      take("take(" + pointer + ", " + from + ", " + index_.sum(buffer.size) + offset + ")");
    }
  }

  void check_indices(BufferId id) {
    const Buffer& buffer = module_.buffers[id];
    if (buffer.space != Space::input || buffer.element != Element::i32) return;
    const TensorInfo& input = module_.inputs[static_cast<std::size_t>(buffer.slot)];
    check(input.batched && input.extents.empty(), "an index input is one number per row");
    std::string array = "static_cast<const int32_t*>(" + source(buffer) + ")", steps = "1", lengths = "nullptr";
    if (input.axis >= 0) {
      std::string axis = "[" + std::to_string(input.axis) + "]";
      if (function_.role != EntryRole::step) steps = "call->steps" + axis;
      lengths = "call->lengths" + axis;
    }
    out_.line("if (!indices_hold(" + array + ", " + steps + ", call->rows, " + lengths + ", " +
              std::to_string(input.lowest_index) + ", " + std::to_string(input.index_extent) +
              ")) return RNNC_BAD_INDEX;");
  }

  const Context& context_;
  const Module& module_;
  FunctionId id_;
  const Function& function_;
  const Usage& usage_;
  Lines& out_;
  IndexText::SymbolNames symbols_;
  IndexText index_;
};

bool reads_index(const Context& context) {
  for (FunctionId entry : context.module.entries)
    for (BufferId id : context.total[entry].touched()) {
      const Buffer& buffer = context.module.buffers[id];
      if (buffer.space == Space::input && buffer.element == Element::i32) return true;
    }
  return false;
}

SymbolId windows_symbol(const Context& context) { return number_of(context, SymbolKind::windows, 0); }
SymbolId steps_symbol(const Context& context, int axis) { return number_of(context, SymbolKind::steps, axis); }

void emit_start(const Context& context, Lines& out) {
  const Module& module = context.module;
  out.raw(R"(
// The array `bytes` behind a base. Never const: pack writes what other runs only read.
template <class T>
T* at(const void* base, int64_t bytes) {
  return reinterpret_cast<T*>(const_cast<char*>(static_cast<const char*>(base)) + bytes);
}

// Array `i` of a table of arrays; both may be absent.
template <class T>
T* slot(T* const* table, int i) {
  return table == nullptr ? nullptr : table[i];
}

// The caller's array of `size` elements; false if there is none where one is needed.
template <class T>
bool take(T*& array, const void* given, int64_t size, int64_t offset = 0) {
  array = at<T>(given, offset);
  return given != nullptr || size == 0;
}

// The same for an array that may be absent: then it stands in the workspace.
template <class T>
bool take_or(T*& array, const void* given, int64_t size, const void* workspace, int64_t otherwise, int64_t offset = 0) {
  array = given != nullptr ? at<T>(given, offset) : at<T>(workspace, otherwise);
  return given != nullptr || workspace != nullptr || size == 0;
}
)");
  if (!module.axes.empty())
    out.raw(R"(
// Is every row's length one of 0 … steps?
bool lengths_hold(const int32_t* lengths, int64_t rows, int64_t steps) {
  return lengths == nullptr || std::all_of(lengths, lengths + rows, [&](int32_t n) { return n >= 0 && n <= steps; });
}
)");
  if (has_windows(module))
    out.raw(R"(
// The steps of one of so many windows of an axis.
int64_t window_of(int64_t steps, int64_t windows) {
  return std::max<int64_t>(steps / windows + (steps % windows != 0), )" + std::to_string(module.least_window) + R"();
}
)");
  if (reads_index(context))
    out.raw(R"(
// Is every index one of least … extent - 1? Not past the end of its row: there anything may stand.
bool indices_hold(const int32_t* index, int64_t steps, int64_t rows, const int32_t* lengths, int64_t least,
                  int64_t extent) {
  if (index == nullptr) return true;
  for (int64_t t = 0; t < steps; ++t)
    for (int64_t b = 0; b < rows; ++b, ++index)
      if ((lengths == nullptr || t < lengths[b]) && (*index < least || *index >= extent)) return false;
  return true;
}
)");
  out.blank();
  out.line("// Reads the numbers of a run; false if they make no sense.");
  out.open("bool start(const rnnc_call* call, " + std::string(module.axes.empty() ? "bool" : "bool one_step") +
           ", Run& run) {");
  out.line("if (call == nullptr || call->struct_size < sizeof(rnnc_call)) return false;");
  for (SymbolId symbol : context.number_order)
    if (module.symbols[symbol].kind != SymbolKind::window)
      out.line("run." + context.numbers.at(symbol) + " = " + number_source(module.symbols[symbol]) + ";");
  std::string sound = "call->rows < 1 || call->windows < 0", longest = "int64_t{1}";
  for (std::size_t axis = 0; axis < module.axes.size(); ++axis) {
    std::string number = std::to_string(axis);
    std::string steps = "steps_" + number;
    out.line("const int64_t " + steps + " = one_step ? 1 : call->steps[" + number + "];");
    sound += " || " + steps + " < 0";
    longest += ", " + steps;
    if (context.all.row_lengths.count(static_cast<int>(axis)) != 0) {
      out.line("run.row_steps[" + number + "] = " + steps + ";");
      out.line("run.row_lengths[" + number + "] = call->lengths[" + number + "];");
    }
  }
  if (context.all.parallel) {
    out.line("run.parallel_for = call->parallel_for;");
    out.line("run.pool = call->pool;");
  }
  out.line("if (" + sound + ") return false;");
  out.line("const int64_t longest = std::max({" + longest + "});");
  out.line("// The most rows times steps for which every size fits 64 bits.");
  out.line("constexpr int64_t most = " + std::to_string(most_positions(module)) + ";");
  out.line("if (" + std::string(module.axes.empty() ? "" : "!one_step && ") + "call->windows > longest) return false;");
  out.line("if (std::max<int64_t>(longest, " + std::to_string(module.least_window) +
           ") > most / call->rows) return false;");
  for (SymbolId symbol : context.number_order)
    if (module.symbols[symbol].kind == SymbolKind::window)
      out.line("run." + context.numbers.at(symbol) + " = window_of(steps_" + std::to_string(module.symbols[symbol].which) +
               ", run." + context.numbers.at(windows_symbol(context)) + ");");
  std::string lengths;
  for (std::size_t axis = 0; axis < module.axes.size(); ++axis) {
    std::string number = std::to_string(axis);
    lengths += (lengths.empty() ? "" : " && ") + ("lengths_hold(call->lengths[" + number + "], call->rows, steps_" + number + ")");
  }
  out.line("return " + (lengths.empty() ? "true" : lengths) + ";");
  out.close();
}

// In `sizes`: the number of windows that keeps a memory budget. `bytes` is the call of bytes_of for `windows` of them.
void emit_budget(const std::string& steps, const std::string& bytes, std::int64_t least_window, Lines& out) {
  out.line("auto bytes = [](const rnnc_sizes& s) { return s.tape_bytes + s.training_workspace_bytes; };");
  out.open("if (call->windows == 0 && call->memory_budget > 0) {");
  out.line("// From one window on, always the next number that makes the windows of some axis shorter.");
  out.line("int64_t windows = 1;");
  out.open("while (bytes(*sizes) > call->memory_budget) {");
  out.line("int64_t next = 0;");
  out.open("for (int64_t steps : {" + steps + "}) {");
  out.line("const int64_t window = window_of(steps, windows);");
  out.line("if (window <= " + std::to_string(least_window) + ") continue;");
  out.line("const int64_t shorter = steps / (window - 1) + (steps % (window - 1) != 0);");
  out.line("next = next == 0 ? shorter : std::min(next, shorter);");
  out.close();
  out.line("if (next == 0) break;");
  out.line("windows = next;");
  out.line("const rnnc_sizes of_these = " + bytes + ";");
  out.line("if (bytes(of_these) < bytes(*sizes)) *sizes = of_these;");
  out.close();
  out.close();
}

void emit_sizes(const Context& context, Lines& out) {
  const Module& module = context.module;
  const bool windows = has_windows(module);
  IndexText::SymbolNames symbols;
  std::string parameters, arguments, of_step, all_steps;
  std::vector<std::string> lengths;
  for (SymbolId symbol : context.number_order) {
    const Symbol& number = module.symbols[symbol];
    bool steps = number.kind == SymbolKind::steps;
    const std::string& name = context.numbers.at(symbol);
    if (number.kind == SymbolKind::window) {
      lengths.push_back("const int64_t " + name + " = window_of(" + symbols.at(steps_symbol(context, number.which)) + ", " +
                        symbols.at(windows_symbol(context)) + ");");
    } else if (!steps && number.kind != SymbolKind::rows && number.kind != SymbolKind::windows) {
      continue;
    }
    symbols[symbol] = name;
    if (number.kind == SymbolKind::window) continue;
    if (steps) all_steps += (all_steps.empty() ? "run." : ", run.") + name;
    std::string comma = parameters.empty() ? "" : ", ";
    parameters += comma + "[[maybe_unused]] int64_t " + name;
    if (number.kind != SymbolKind::windows) arguments += comma + "run." + name;
    of_step += comma + (steps || number.kind == SymbolKind::windows ? "1" : "run." + name);
  }
  auto call_with = [&](const std::string& number) { return "bytes_of(" + arguments + (windows ? ", " + number : "") + ")"; };
  IndexText index(module, symbols);
  out.raw(R"(
// The bytes that a run needs.
)");
  out.open("rnnc_sizes bytes_of(" + parameters + ") {");
  for (const std::string& line : lengths) out.line(line);
  out.line("rnnc_sizes bytes{};");
  out.line("bytes.packed_bytes = " + index.sum(module.packed_bytes) + ";");
  out.line("bytes.tape_bytes = " + index.sum(module.tape_bytes) + ";");
  out.line("bytes.inference_workspace_bytes = " + index.sum(module.inference_workspace_bytes) + ";");
  out.line("bytes.training_workspace_bytes = " + index.sum(module.training_workspace_bytes) + ";");
  out.line("bytes.step_workspace_bytes = " + index.sum(module.step_workspace_bytes) + ";");
  if (windows) out.line("bytes.windows = " + symbols.at(windows_symbol(context)) + ";");
  out.line("return bytes;");
  out.close();
  out.blank();
  out.open("int sizes(const rnnc_model*, const rnnc_call* call, rnnc_sizes* sizes) {");
  out.line("Run run{};");
  out.line("if (sizes == nullptr || !start(call, false, run)) return RNNC_BAD_CALL;");
  out.line("*sizes = " + call_with(windows ? "run." + context.numbers.at(windows_symbol(context)) : "") + ";");
  if (windows) {
    emit_budget(all_steps, call_with("windows"), module.least_window, out);
  } else {
    out.line("sizes->windows = std::max<int64_t>(call->windows, 1);");
  }
  out.line("sizes->step_workspace_bytes = bytes_of(" + of_step + ").step_workspace_bytes;");
  out.line("return RNNC_OK;");
  out.close();
}

}  // namespace

void emit_run(const Context& context, Lines& out) {
  const Module& module = context.module;
  out.blank();
  out.line("// What one call works on: its numbers, and where its arrays are.");
  out.open("struct Run {");
  for (SymbolId symbol : context.number_order)
    out.line("int64_t " + context.numbers.at(symbol) + ";  // " + number_meaning(module.symbols[symbol]));
  std::set<BufferId> touched = context.all.touched();
  touched.insert(context.all.tested.begin(), context.all.tested.end());
  for (BufferId id : touched) {
    const Buffer& buffer = module.buffers[id];
    std::string meaning = comment_text(buffer.meaning);
    out.line(member_type(context, id) + " " + context.buffers[id] + ";" + (meaning.empty() ? "" : "  // " + meaning));
  }
  for (BufferId id : context.all.tested) out.line("bool " + context.given_prefix + context.buffers[id] + ";");
  if (!context.all.row_lengths.empty()) {
    std::string axes = std::to_string(module.axes.size());
    out.line("const int32_t* row_lengths[" + axes + "];");
    out.line("int64_t row_steps[" + axes + "];");
    out.line("// The length of a row along an axis: all steps, where the caller gives no lengths.");
    out.open("int64_t length(int axis, int64_t row) const {");
    out.line("return row_lengths[axis] == nullptr ? row_steps[axis] : row_lengths[axis][row];");
    out.close();
  }
  if (context.all.parallel) {
    out.line("rnnc_parallel_for parallel_for;  // null: one thread");
    out.line("void* pool;");
  }
  out.close("};");
  if (!context.all.parallel) return;
  std::string threshold = std::to_string(module.parallel_threshold);
  out.raw(R"(
// body(begin, end) for all of [0, extent): in the caller's threads if it costs enough multiply-adds, else here at once.
template <class Body>
void launch(const Run& run, int64_t extent, int64_t cost, const Body& body) {
  if (extent <= 0) return;
  if (run.parallel_for == nullptr || extent == 1 || cost <= )" + threshold + R"() {
    body(0, extent);
    return;
  }
  auto share = [](void* context, int64_t begin, int64_t end) { (*static_cast<const Body*>(context))(begin, end); };
  run.parallel_for(run.pool, extent, share, const_cast<Body*>(&body));
}
)");
}

void emit_entries(const Context& context, Lines& out) {
  emit_start(context, out);
  emit_sizes(context, out);
  for (FunctionId id : context.module.entries) EntryEmitter(context, id, out).emit();
  // The other functions of the ABI exist too, and say that the model has no such thing.
  std::array<bool, 5> present{};
  for (FunctionId id : context.module.entries)
    present[static_cast<std::size_t>(context.module.functions[id].role)] = true;
  bool lacks_run = false;
  for (EntryRole role : {EntryRole::forward, EntryRole::forward_train, EntryRole::backward, EntryRole::step})
    lacks_run |= !present[static_cast<std::size_t>(role)];
  if (lacks_run) {
    out.blank();
    out.line("int absent_entry(const rnnc_model*, const rnnc_call*) { return RNNC_NO_SUCH_ENTRY; }");
  }
  if (!present[static_cast<std::size_t>(EntryRole::pack)]) {
    out.blank();
    out.line("int absent_pack(const rnnc_model*, const void*, void*) { return RNNC_NO_SUCH_ENTRY; }");
  }
}

}  // namespace rnnc::cpp
