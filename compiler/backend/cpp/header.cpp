// The emitted header: the ABI's declarations, the one exported function, and a class that owns a model's memory.
#include <algorithm>

#include "compiler/backend/cpp/context.h"
#include "compiler/backend/cpp/emit.h"

namespace rnnc::cpp {

using namespace loop;

namespace {

// "[T][rows][256]", for a comment.
std::string shape(const TensorInfo& tensor, const std::vector<std::string>& steps, bool one_step) {
  std::string text;
  if (tensor.axis >= 0 && !one_step) text += "[" + steps[static_cast<std::size_t>(tensor.axis)] + "]";
  if (tensor.batched) text += "[rows]";
  for (std::int64_t extent : tensor.extents) text += "[" + std::to_string(extent) + "]";
  return text.empty() ? "one number" : text;
}

class HeaderEmitter {
 public:
  HeaderEmitter(const Context& context, std::uint32_t checksum)
      : context_(context), module_(context.module), checksum_(checksum) {
    for (const char* word : {"Model", "Array", "Values", "Memory", "number", "rows", "parameter", "set", "pack", "state",
                             "set_state", "reset", "step", "forward", "run", "seed", "use_threads", "model", "input_table",
                             "output_table", "step_table"})
      names_.take(word);
    if (context_.is_mixed()) names_.take("rate");
    for (std::size_t axis = 0; axis < module_.axes.size(); ++axis)
      steps_.push_back(names_.add(module_.axes[axis].empty() ? "T" : "T_" + module_.axes[axis]));
    // Targets only matter to a loss, which the class does not ask for.
    for (const TensorInfo& input : module_.inputs) inputs_.push_back(input.target ? "nullptr" : names_.add(input.name));
    for (const TensorInfo& output : module_.outputs) outputs_.push_back(names_.add(output.name));
  }

  std::string emit() {
    const std::string guard = checksum_macro(context_);
    out_.line(std::string(backend::made_by) + ": how to run the model `" + comment_text(module_.name) +
              "`. In C through the ABI below, in C++17 also with");
    out_.line("// the class rnnc::" + context_.name + "::Model at the end.");
    out_.line("#ifdef " + guard);
    out_.line("#if " + guard + " != " + std::to_string(checksum_));
    out_.line("#error \"another file has a model of this name: compile one of them with --name=ANOTHER\"");
    out_.line("#endif");
    out_.line("#else");
    out_.line("#define " + guard + " " + std::to_string(checksum_) + "  // a checksum of the code");
    out_.blank();
    out_.raw(abi_text);
    out_.blank();
    out_.line("#ifdef __cplusplus");
    out_.line("extern \"C\"");
    out_.line("#endif");
    out_.line("const rnnc_model* rnnc_model_" + context_.name + "(void);");
    out_.blank();
    out_.line("#if defined(__cplusplus) && __cplusplus >= 201703L");
    out_.line("#include <algorithm>");
    out_.line("#include <cstring>");
    out_.line("#include <memory>");
    out_.line("#include <new>");
    out_.line("#include <utility>");
    out_.blank();
    refuse_macros();
    out_.blank();
    out_.line("namespace rnnc::" + context_.name + " {");
    out_.blank();
    emit_class();
    out_.blank();
    out_.line("}  // namespace rnnc::" + context_.name);
    out_.line("#endif");
    out_.blank();
    out_.line("#endif");
    return out_.take();
  }

 private:
  bool has(EntryRole role) const {
    for (FunctionId id : module_.entries)
      if (module_.functions[id].role == role) return true;
    return false;
  }

  // complex.h defines I, say, which a neuron's current may be called.
  void refuse_macros() {
    std::vector<std::string> names{context_.name};
    for (const auto* own : {&steps_, &inputs_, &outputs_}) names.insert(names.end(), own->begin(), own->end());
    std::string line = "#if", joint = " ";
    for (const std::string& name : names) {
      if (name == "nullptr") continue;
      if (line.size() > 100) {
        out_.line(line + " || \\");
        line = "   ";
        joint = " ";
      }
      line += joint + "defined(" + name + ")";
      joint = " || ";
    }
    out_.line(line);
    out_.line("#error \"a macro has the name of the model or of an array: include this file before the one that defines it, "
              "or rename; --name renames the model\"");
    out_.line("#endif");
  }

  void emit_class() {
    for (const char* text :
         {"The model with its parameters and the states of a number of rows, in memory of its own. Each call carries the",
          "states on from where the last one left them. Functions return RNNC_OK or why nothing was done; they allocate only",
          "when they need more memory than any call before."})
      out_.line("// " + std::string(text));
    if (counts_several_axes()) {
      out_.line("// The model counts the steps of several sequences: after a run in which one had more than another, reset() before");
      out_.line("// the next, or it is refused.");
    }
    out_.line("class Model {");
    out_.line(" public:");
    out_.line("  using number = " + std::string(type_name(module_.element)) + ";");
    text(R"(
  // Numbers that belong to the model, row-major; empty for a name that it does not have.
  struct Array {
    number* data = nullptr;
    int64_t size = 0;
    number* begin() const { return data; }
    number* end() const { return data + size; }
    number& operator[](int64_t i) const { return data[i]; }
  };
  // The same, to read.
  struct Values {
    const number* data = nullptr;
    int64_t size = 0;
    const number* begin() const { return data; }
    const number* end() const { return data + size; }
    number operator[](int64_t i) const { return data[i]; }
  };

  // Parameters are zero at first: fill them by name.
  explicit Model(int64_t rows = 1) : rows_(rows) {
    parameters_.reserve(model().parameter_elements * static_cast<int64_t>(sizeof(number)));
)");
    if (!module_.states.empty())
      text(R"(    for (int32_t i = 0; i < state_count; ++i) {
      before_[i].reserve(state_size(i) * static_cast<int64_t>(sizeof(number)));
      after_[i].reserve(state_size(i) * static_cast<int64_t>(sizeof(number)));
    }
)");
    text(R"(  }
  // What was moved from can be assigned to, no more.
  Model(Model&&) = default;
  Model& operator=(Model&&) = default;

  static const rnnc_model& model() { return *rnnc_model_$name(); }
  int64_t rows() const { return rows_; }

  // A parameter to read or write. After writing through an array that was asked for before the last run, call pack().
  Array parameter(const char* name) {
    for (int32_t i = 0; i < model().parameter_count; ++i) {
      const rnnc_tensor& info = model().parameters[i];
      if (std::strcmp(info.name, name) != 0 || parameters_.data() == nullptr) continue;
      packed_is_current_ = false;
      return {parameters_.numbers() + info.offset, elements(info)};
    }
    return {};
  }
  // Copies `size` numbers into a parameter; false if it has another name or size.
  bool set(const char* name, const number* values, int64_t size) {
    Array array = parameter(name);
    if (array.data == nullptr || array.size != size) return false;
    std::copy_n(values, size, array.data);
    return true;
  }
  // Lays the parameters out for the code. Runs do so themselves after parameter() and set().
  int pack() {
    rnnc_sizes sizes{};
    rnnc_call call = new_call();
    int status = model().sizes(&model(), &call, &sizes);
    if (status != RNNC_OK) return status;
    packed_.reserve(sizes.packed_bytes);
    if (model().parameter_count != 0) status = model().pack(&model(), parameters_.data(), packed_.data());
    packed_is_current_ = status == RNNC_OK;
    return status;
  }
)");
    emit_states();
    text(R"(
  // Threads for the runs to come; null: one thread.
  void use_threads(rnnc_parallel_for parallel_for, void* pool) {
    parallel_for_ = parallel_for;
    pool_ = pool;
  }
  // Of sampling.
  uint64_t seed = 0;
)");
    if (context_.is_mixed())
      text(R"(  // How often fed inputs take the model's own value, 0 to 1.
  double rate = 0;
)");
    if (has(EntryRole::step)) emit_run_function(true);
    if (has(EntryRole::forward)) emit_run_function(false);
    emit_private();
    out_.line("};");
  }

  void emit_states() {
    if (module_.states.empty()) {
      text(R"(
  // Back to step 0.
  void reset() { first_step_ = 0; }
)");
      return;
    }
    text(R"(
  // What a state ended with, or was set to since: [rows][…], or as many steps of it as are read, oldest first. Empty before
  // that, and for a name that the model does not have. The next run goes on from it, unless the state runs backwards; then these
  // numbers are no longer there.
  Values state(const char* name) const {
    const int32_t i = state_number(name);
    return i < state_count && known_[i] && before_[i].data() != nullptr ? Values{before_[i].numbers(), state_size(i)} : Values{};
  }
  // Makes the next run start from these `size` numbers; false if the state has another name or size.
  bool set_state(const char* name, const number* values, int64_t size) {
    const int32_t i = state_number(name);
    if (i == state_count || size != state_size(i) || before_[i].data() == nullptr) return false;
    std::copy_n(values, size, before_[i].numbers());
    known_[i] = given_[i] = true;
    return true;
  }
  // Back to step 0 and the model's own initial values.
  void reset() {
    first_step_ = 0;
    std::fill_n(known_, state_count, false);
    std::fill_n(given_, state_count, false);
  }
)");
  }

  void emit_run_function(bool one_step) {
    std::string parameters, inputs, outputs, meaning;
    auto add = [&](const std::string& text) { parameters += (parameters.empty() ? "" : ", ") + text; };
    if (!one_step)
      for (const std::string& steps : steps_) add("int64_t " + steps);
    for (std::size_t i = 0; i < module_.inputs.size(); ++i) {
      const TensorInfo& input = module_.inputs[i];
      const std::string& name = inputs_[i];
      inputs += (inputs.empty() ? "" : ", ") + name;
      if (input.target) continue;
      add((input.index_extent > 0 ? "const int32_t* " : "const number* ") + name);
      meaning += (meaning.empty() ? "" : ", ") + name + ": " + shape(input, steps_, one_step);
      if (input.index_extent > 0) meaning += " below " + std::to_string(input.index_extent);
    }
    for (std::size_t i = 0; i < module_.outputs.size(); ++i) {
      const TensorInfo& output = module_.outputs[i];
      const std::string& name = outputs_[i];
      outputs += (outputs.empty() ? "" : ", ") + name;
      add("number* " + name + " = nullptr");
      meaning += (meaning.empty() ? "" : ", ") + name + ": " + shape(output, steps_, one_step) + " or null";
    }
    out_.raw("\n");
    out_.raw(std::string("  // ") + (one_step ? "One step of a running stream." : "A run of many steps at once.") +
             (meaning.empty() ? "" : " " + meaning) + "\n");
    out_.raw(std::string("  int ") + (one_step ? "step(" : "forward(") + parameters + ") {\n");
    if (!inputs.empty()) out_.raw("    const void* const input_table[] = {" + inputs + "};\n");
    if (!outputs.empty()) out_.raw("    void* const output_table[] = {" + outputs + "};\n");
    std::string numbers;
    for (const std::string& steps : steps_) numbers += (numbers.empty() ? "" : ", ") + (one_step ? "1" : steps);
    out_.raw("    const int64_t step_table[RNNC_MAX_AXES] = {" + (numbers.empty() ? "1" : numbers) + "};\n");
    out_.raw(std::string("    return run(") + (one_step ? "true" : "false") + ", step_table, " +
             (inputs.empty() ? "nullptr" : "input_table") + ", " + (outputs.empty() ? "nullptr" : "output_table") + ");\n");
    out_.raw("  }\n");
  }

  void emit_private() {
    text(R"(
 private:
  // Zeroed bytes at a multiple of 64, that only ever grow.
  class Memory {
   public:
    Memory() = default;
    Memory(Memory&& other) noexcept : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0)) {}
    Memory& operator=(Memory&& other) noexcept {
      bytes_ = std::move(other.bytes_);
      size_ = std::exchange(other.size_, 0);
      return *this;
    }
    void reserve(int64_t bytes) {
      if (bytes <= size_) return;
      bytes_.reset(static_cast<unsigned char*>(::operator new(static_cast<std::size_t>(bytes), alignment)));
      std::memset(bytes_.get(), 0, static_cast<std::size_t>(bytes));
      size_ = bytes;
    }
    void* data() const { return bytes_.get(); }
    number* numbers() const { return reinterpret_cast<number*>(bytes_.get()); }

   private:
    static constexpr std::align_val_t alignment{64};
    struct Free {
      void operator()(unsigned char* bytes) const { ::operator delete(bytes, alignment); }
    };
    std::unique_ptr<unsigned char, Free> bytes_;
    int64_t size_ = 0;
  };

  static int64_t elements(const rnnc_tensor& info) {
    int64_t product = 1;
    for (int32_t i = 0; i < info.rank; ++i) product *= info.extents[i];
    return product;
  }

  rnnc_call new_call() const {
    rnnc_call call{};
    call.struct_size = sizeof call;
    call.rows = rows_;
    call.first_step = first_step_;
    call.seed = seed;
$RATES    call.parallel_for = parallel_for_;
    call.pool = pool_;
    return call;
  }

  int run(bool one_step, const int64_t* steps, const void* const* inputs, void* const* outputs) {
    int status = packed_is_current_ ? static_cast<int>(RNNC_OK) : pack();
    if (status != RNNC_OK) return status;
    rnnc_call call = new_call();
    std::copy_n(steps, RNNC_MAX_AXES, call.steps);
    rnnc_sizes sizes{};
    status = model().sizes(&model(), &call, &sizes);
    if (status != RNNC_OK) return status;
    workspace_.reserve(one_step ? sizes.step_workspace_bytes : sizes.inference_workspace_bytes);
    call.packed = packed_.data();
    call.workspace = workspace_.data();
    call.inputs = inputs;
    call.outputs = outputs;
)");
    if (!module_.states.empty())
      text(R"(    const void* states_in[state_count];
    void* states_out[state_count];
    for (int32_t i = 0; i < state_count; ++i) {
      states_in[i] = given_[i] ? before_[i].data() : nullptr;
      states_out[i] = after_[i].data();
    }
    call.state_in = states_in;
    call.state_out = states_out;
)");
    if (counts_several_axes()) out_.raw("    if (first_step_ < 0) return RNNC_BAD_CALL;\n");
    text(R"(    status = one_step ? model().step(&model(), &call) : model().forward(&model(), &call);
    if (status != RNNC_OK) return status;
    first_step_ += steps[0];
)");
    if (counts_several_axes())
      out_.raw("    if (!std::equal(steps + 1, steps + " + std::to_string(steps_.size()) + ", steps)) first_step_ = -1;\n");
    if (!module_.states.empty())
      text(R"(    for (int32_t i = 0; i < state_count; ++i) {
      // A state that runs backwards ends where the sequence begins: it does not carry on.
      given_[i] = model().states[i].reversed == 0;
      known_[i] = true;
      std::swap(before_[i], after_[i]);
    }
)");
    text(R"(    return RNNC_OK;
  }
)");
    if (!module_.states.empty())
      text(R"(
  static int32_t state_number(const char* name) {
    int32_t i = 0;
    while (i < state_count && std::strcmp(model().states[i].name, name) != 0) ++i;
    return i;
  }
  int64_t state_size(int32_t i) const {
    const rnnc_tensor& info = model().states[i];
    return elements(info) * info.history * (info.batched != 0 ? rows_ : 1);
  }

  static constexpr int32_t state_count = $states;
  Memory before_[state_count], after_[state_count];
  bool known_[state_count] = {}, given_[state_count] = {};
)");
    text(R"(
  int64_t rows_;
  int64_t first_step_ = 0;
  bool packed_is_current_ = false;
  rnnc_parallel_for parallel_for_ = nullptr;
  void* pool_ = nullptr;
  Memory parameters_, packed_, workspace_;
)");
  }

  // Whether results depend on the absolute number of a step, which is one for all axes.
  bool counts_several_axes() const {
    return steps_.size() > 1 && std::any_of(context_.all.symbols.begin(), context_.all.symbols.end(), [&](SymbolId symbol) {
      return module_.symbols[symbol].kind == SymbolKind::first_step;
    });
  }

  void text(std::string text) {
    auto replace = [&](const std::string& name, const std::string& value) {
      for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size()))
        text.replace(at, name.size(), value);
    };
    replace("$name", context_.name);
    replace("$RATES", context_.is_mixed() ? "    call.rates = &rate;\n" : "");
    replace("$states", std::to_string(module_.states.size()));
    out_.raw(text);
  }

  const Context& context_;
  const Module& module_;
  Names names_;
  std::uint32_t checksum_;
  std::vector<std::string> steps_, inputs_, outputs_;  // of the class's functions
  Lines out_;
};

}  // namespace

std::string checksum_macro(const Context& context) { return "RNNC_CELL_" + context.name; }

std::string emit_header(const Context& context, std::uint32_t checksum) { return HeaderEmitter(context, checksum).emit(); }

}  // namespace rnnc::cpp
