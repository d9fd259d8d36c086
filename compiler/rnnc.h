// rnnc for hosts: from the text of a model to functions that run it, inside this process.
//
//   rnnc::Result result = rnnc::compile_file("lstm.rnn", {.dimensions = {{"I", 8}, {"H", 32}}});
//   if (!result) { show(result.errors[0].rendered); return; }
//   const rnnc_model* model = result.module->model();        // the C ABI of runtime/abi.h
//
// Everything here may be used from any number of threads at once. Nothing prints, exits, aborts or throws.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/abi.h"

namespace rnnc {

enum class ErrorKind : std::uint8_t {
  source,       // the model's text is wrong: the place is known
  option,       // an option is: an unknown target, say
  file,         // a file cannot be read
  unsupported,  // valid, but beyond this version, or beyond this machine
  memory,       // out of memory
  bug           // a mistake of rnnc; `message` is worth sending in, with the source
};

struct Error {
  ErrorKind kind = ErrorKind::source;
  std::string file;          // "" = nowhere in particular
  int line = 0, column = 0;  // from 1, the column in code points; 0 = nowhere in particular
  std::uint32_t begin = 0, end = 0;  // bytes [begin, end) of the file
  std::string code;      // "E0204", of errors in the source
  std::string message;   // one line
  std::string rendered;  // for people: with the source line, carets and what would help
};

enum class Dtype : std::uint8_t { f32, f64 };

// An imported file: its name for messages (and for what it imports itself), and its text.
struct Import {
  std::string name, text;
};

// What inputs that say what they are fed with (`input before : [O] = y[t-1]`) are in the compiled model.
enum class Feed : std::uint8_t {
  given,  // what the caller passes
  own,    // the model's own values
  mixed   // at a share call.rates[0] of the steps its own, drawn at random
};

struct CompileOptions {
  std::map<std::string, std::int64_t> dimensions;  // values for the model's dimensions, like -D H=256
  std::string entry;             // which model or cell; "" = the only model, else the only cell
  Dtype dtype = Dtype::f32;
  // native | sse2 | avx2 | avx512. Native: the widest vectors that this processor has and the model's sizes fill. Another
  // one must be part of what the processor has; results then are the same, to the bit, on all machines that have it.
  std::string target = "native";
  Feed feed = Feed::given;
  bool gradient = true;          // derive the backward pass too; without it compiling takes half as long
  bool imports_anywhere = false;  // an import may be absolute, contain `..` or lead out by a link
  // Gives the file that `from` imports as `path`, or nothing. Not set: files, relative to the importing file. It is
  // called from the thread that compiles and must not throw. The standard library, `std/…`, is always there.
  std::function<std::optional<Import>(const std::string& from, const std::string& path)> read_import;
};

// A compiled model. Copies share it; code and tables live as long as any copy.
class Module {
 public:
  const rnnc_model* model() const { return model_; }
  std::string_view name() const { return model_->name; }
  Dtype dtype() const { return model_->dtype == RNNC_F64 ? Dtype::f64 : Dtype::f32; }

  std::span<const rnnc_tensor> parameters() const { return table(model_->parameters, model_->parameter_count); }
  std::span<const rnnc_tensor> inputs() const { return table(model_->inputs, model_->input_count); }
  std::span<const rnnc_tensor> outputs() const { return table(model_->outputs, model_->output_count); }
  std::span<const rnnc_tensor> states() const { return table(model_->states, model_->state_count); }

  double compile_milliseconds() const { return milliseconds_; }  // from text to code

 private:
  friend struct ModuleMaker;
  Module() = default;
  static std::span<const rnnc_tensor> table(const rnnc_tensor* first, std::int32_t count) {
    return {first, static_cast<std::size_t>(count)};
  }
  std::shared_ptr<const void> owner_;
  const rnnc_model* model_ = nullptr;
  double milliseconds_ = 0;
};

// Number of the tensor of this name in one of the tables above, -1 if there is none.
int find(std::span<const rnnc_tensor> tensors, std::string_view name);
// Numbers in one entry of it, without time and batch.
std::int64_t size_of(const rnnc_tensor& tensor);

struct Result {
  std::optional<Module> module;  // set exactly when there are no errors
  std::vector<Error> errors;
  std::vector<Error> warnings;
  explicit operator bool() const { return module.has_value(); }
};

// `name` stands for the file in messages, and imports are relative to it.
Result compile(std::string_view source, const CompileOptions& options = {}, std::string_view name = "model.rnn");
Result compile_file(const std::string& path, const CompileOptions& options = {});

}  // namespace rnnc
