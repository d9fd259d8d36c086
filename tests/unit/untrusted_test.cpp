// A model from a stranger: what its text and its file's name may do to what is emitted, which is nothing.
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "compiler/backend/cpp/compile.h"
#include "compiler/backend/cpp/emit.h"
#include "compiler/driver/backend.h"
#include "compiler/driver/pipeline.h"

namespace rnnc {
namespace {

// Words of C++, macros of the standard library and of compilers, names that emitted code has itself.
constexpr const char* hostile_names = R"(
cell class(int = 3, NULL = 4) {
  input std : [int]
  state INFINITY, __builtin_trap, unix, _mm256_add_ps : [NULL]
  param M_PI, NAN, M_El, M_PIf64x : [NULL, int]   main, vec, RNNC_INLINE : [NULL, NULL]   assert, INT64_MAX : [NULL]
  INFINITY = tanh(M_PI @ std + main @ INFINITY[t-1] + assert)
  __builtin_trap = INFINITY * unix[t-1] + vec @ __builtin_trap[t-1]
  unix = tanh(__builtin_trap) + RNNC_INLINE @ _mm256_add_ps[t-1]
  _mm256_add_ps = sigmoid(unix) * INT64_MAX + NAN @ std
  output run = unix + INFINITY, operator = where(unix > 0, 1, 0), forward = mean(unix), other = M_El @ std + M_PIf64x @ std, rnnc_model = main @ unix
  output input_table = unix, output_table = unix, step_table = unix, set_state = unix, call = unix, known_ = unix
}
)";

std::unique_ptr<driver::Compilation> lowered(const std::string& name, const std::string& text) {
  auto compilation = std::make_unique<driver::Compilation>();
  compilation->file = compilation->sources.add(name, text);
  EXPECT_TRUE(driver::run(*compilation, {.verify = true}))
      << dsl::render(compilation->diagnostics, compilation->sources);
  return compilation;
}

TEST(Untrusted, NamesCannotReachEmittedCode) {
  for (const char* text : {hostile_names, "model RNNC_OK { input RNNC_BAD_CALL; state h; h = h[t-1] + RNNC_BAD_CALL; output h }"}) {
    const auto compilation = lowered("class.rnn", text);
    for (const char* compiler : {"g++", "clang++-19"}) {
      backend::CompileOptions options{compiler, "-O0", {"-Wall", "-Wextra", "-Werror"}};
      const auto result = backend::compile_cpp(compilation->module, options);
      const auto* error = std::get_if<backend::CompileError>(&result);
      EXPECT_EQ(error, nullptr) << compiler << ": " << (error != nullptr ? error->message : "");
    }
    EXPECT_NE(driver::make_executable(*compilation, driver::BackendKind::jit), nullptr);
  }
}

// A file's name stands in comments: it must not end them, go on in the next line, or turn the reader's sight.
TEST(Untrusted, FileNamesCannotEndComments) {
  for (const char* name : {"x\n#error injected\n.rnn", "x\r#error injected\r.rnn", "x?" "?/\n#error injected.rnn", "x\\",
                           "*/ #error injected /*.rnn", "x\xe2\x80\xa8#error injected.rnn", "x\xe2\x80\xae.rnn",
                           "x\v\f#error injected.rnn", "x\xff\xfe.rnn", "\"; int injected; //.rnn"}) {
    const auto compilation = lowered(name, hostile_names);
    const backend::EmittedCpp emitted = backend::emit_cpp(compilation->module, "class.h");
    for (const std::string* text : {&emitted.source, &emitted.header}) {
      EXPECT_EQ(text->find("\n#error injected"), std::string::npos) << name;
      EXPECT_EQ(text->find("\\\n#error injected"), std::string::npos) << name;
      EXPECT_EQ(text->find("?" "?/"), std::string::npos) << name;
      for (const char* sign : {"\r", "\v", "\f", "\xe2\x80\xa8", "\xe2\x80\xae", "\xff"})
        EXPECT_EQ(text->find(sign), std::string::npos) << name;
    }
    EXPECT_EQ(emitted.source.find("\nint injected"), std::string::npos);
  }
}

// $CXX is words for execvp, never a line for a shell.
TEST(Untrusted, CompilerIsCalledWithoutShell) {
  const auto compilation = lowered("sum.rnn", "cell Sum { input x : [3]; state h : [3]; h = h[t-1] + x }");
  const std::string mark = std::filesystem::temp_directory_path() / ("rnnc_injected_" + std::to_string(::getpid()));
  for (const std::string& command : {"c++; touch " + mark, "$(touch " + mark + ")", "`touch " + mark + "`",
                                     "c++ | touch " + mark, "c++ && touch " + mark}) {
    const auto result = backend::compile_cpp(compilation->module, {command, "-O0", {}});
    EXPECT_TRUE(std::holds_alternative<backend::CompileError>(result)) << command;
    EXPECT_FALSE(std::filesystem::exists(mark)) << command;
  }
}

}  // namespace
}  // namespace rnnc
