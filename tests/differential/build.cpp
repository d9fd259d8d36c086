#include "tests/differential/build.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <stdexcept>

#include "compiler/backend/cpp/compile.h"
#include "compiler/driver/files.h"
#include "compiler/driver/targets.h"

namespace rnnc::testing {

namespace {

class QuicklyCompiled : public driver::Executable {
 public:
  explicit QuicklyCompiled(const loop::Module& module) {
    auto result = backend::compile_cpp(module, {RNNC_CXX, "-O0", {"-include", RNNC_XSIMD}});
    if (auto* error = std::get_if<backend::CompileError>(&result)) throw std::runtime_error(error->message);
    compiled_ = std::get<0>(std::move(result));
  }
  const rnnc_model* model() const override { return compiled_->model(); }

 private:
  std::unique_ptr<backend::CompiledCpp> compiled_;
};

// What RNNC_TEST_TARGET names, else avx2.
loop::Target target_of_tests() {
  const char* name = std::getenv("RNNC_TEST_TARGET");
  if (name == nullptr) return {};
  const std::optional<loop::Target> target = driver::find_target(name);
  if (!target) throw std::runtime_error("RNNC_TEST_TARGET: no target is called `" + std::string(name) + "`");
  return *target;
}

}  // namespace

bool compile(const Case& c, std::string_view last, loop::Element element, driver::Compilation& compilation,
             const AfterPass& after) {
  compilation.options.sema.dimensions = c.dimensions;
  compilation.options.sema.entry = c.entry;
  compilation.options.sema.feed = c.feed;
  compilation.options.element = element;
  compilation.options.target = target_of_tests();
  compilation.read_import = driver::file_imports();
  const std::string path = std::string(RNNC_SOURCE_DIR) + "/" + c.file;
  std::string error;
  const std::optional<std::string> text = driver::read_text(path, error);
  EXPECT_TRUE(text.has_value()) << path << ": " << error;
  if (!text) return false;
  compilation.file = compilation.sources.add(path, *text);
  EXPECT_TRUE(driver::run(compilation, {.last = last, .verify = true, .after = after}))
      << dsl::render(compilation.diagnostics, compilation.sources);
  return !compilation.diagnostics.has_errors();
}

std::unique_ptr<Built> build(const Case& c, driver::BackendKind backend, loop::Element element, Emitted emitted) {
  auto built = std::make_unique<Built>();
  if (!compile(c, driver::last_pass(backend), element, built->compilation)) return nullptr;
  if (backend == driver::BackendKind::cpp && emitted == Emitted::quickly)
    built->executable = std::make_unique<QuicklyCompiled>(built->compilation.module);
  else
    built->executable = driver::make_executable(built->compilation, backend);
  return built;
}

}  // namespace rnnc::testing
