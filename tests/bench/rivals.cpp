#include "tests/bench/rivals.h"

#include <stdexcept>

#include "compiler/backend/cpp/compile.h"
#include "compiler/backend/llvm/jit.h"
#include "compiler/base/bug.h"
#include "compiler/driver/backend.h"
#include "compiler/driver/files.h"
#include "compiler/driver/pipeline.h"
#include "tests/bench/onednn.h"

namespace rnnc::bench {
namespace {

// The row's cell, up to the named pass. Forward rows carry no gradient, as a host that only infers would ask for.
std::unique_ptr<driver::Compilation> compile(const Row& row, std::string_view last_pass,
                                             const std::optional<loop::Target>& target = std::nullopt) {
  auto compilation = std::make_unique<driver::Compilation>();
  compilation->options.target = target;
  compilation->options.sema.dimensions = {{"H", row.H}};
  if (row.cell->has_input_size) compilation->options.sema.dimensions["I"] = row.I;
  compilation->options.sema.entry = row.cell->entry;
  compilation->options.gradient = row.mode == Mode::train;
  compilation->read_import = driver::file_imports();
  const std::string path = std::string(RNNC_SOURCE_DIR) + "/" + row.cell->file;
  std::string error;
  std::optional<std::string> text = driver::read_text(path, error);
  if (!text) throw std::runtime_error(path + ": " + error);
  compilation->file = compilation->sources.add(path, *text);
  if (!driver::run(*compilation, {.last = last_pass}))
    throw std::runtime_error(dsl::render(compilation->diagnostics, compilation->sources));
  return compilation;
}

double milliseconds(const driver::Compilation& compilation) {
  double sum = 0;
  for (const driver::Compilation::Time& time : compilation.times) sum += time.milliseconds;
  return sum;
}

Rival make_generated(const char* name, const driver::Compilation& compilation, const std::string& compiler) {
  Rival rival{.name = name, .vector_bits = 8 * compilation.module.target.vector_bytes};
  auto result = backend::compile_cpp(compilation.module, {.compiler = compiler});
  if (auto* error = std::get_if<backend::CompileError>(&result)) {
    if (!error->environment) throw Bug("the C++ backend: " + error->message);
    rival.absent = error->message;
    return rival;
  }
  std::shared_ptr<backend::CompiledCpp> code = std::move(std::get<0>(result));
  rival.model = code->model();
  rival.compile_milliseconds = milliseconds(compilation) + code->compile_milliseconds();
  rival.owner = std::move(code);
  return rival;
}

Rival make_jit(const driver::Compilation& compilation) {
  Rival rival{.name = jit, .vector_bits = 8 * compilation.module.target.vector_bytes};
  auto result = backend::jit(compilation.module);
  if (auto* message = std::get_if<std::string>(&result)) throw Bug("the JIT backend: " + *message);
  std::shared_ptr<backend::JitModule> code = std::move(std::get<0>(result));
  rival.model = code->model();
  rival.compile_milliseconds = milliseconds(compilation) + code->compile_milliseconds();
  rival.owner = std::move(code);
  return rival;
}

Rival make_oracle(const Row& row) {
  const auto compilation = compile(row, driver::last_pass(driver::BackendKind::interp));
  std::shared_ptr<driver::Executable> executable = make_executable(*compilation, driver::BackendKind::interp);
  Rival rival{.name = oracle};
  rival.model = executable->model();
  rival.owner = std::move(executable);
  return rival;
}

Rival make_handwritten(const char* name, const Row& row, bool on_blas) {
  Rival rival{.name = name};
  rival.model = row.cell->handwritten(row.I, row.H, on_blas);
  if (!rival.model) rival.absent = "built without OpenBLAS";
  return rival;
}

Rival make_onednn(const Row& row) {
  Rival rival{.name = onednn};
  rival.model = onednn_model(row.cell->entry, row.I, row.H);
  if (!rival.model) rival.absent = "oneDNN has no such layer, or was not there when this was built";
  return rival;
}

}  // namespace

std::vector<Rival> make_rivals(const Row& row, const std::set<std::string>& wanted, const CompileSettings& settings) {
  std::vector<Rival> rivals;
  if (wanted.contains(generated) || wanted.contains(generated_clang) || wanted.contains(jit)) {
    const auto compilation = compile(row, driver::RunOptions().last, settings.target);
    if (std::string refusal = backend::cannot_run(compilation->module.target); !refusal.empty())
      throw Unsupported(refusal);
    if (wanted.contains(generated)) rivals.push_back(make_generated(generated, *compilation, ""));
    if (wanted.contains(generated_clang)) rivals.push_back(make_generated(generated_clang, *compilation, settings.clang));
    if (wanted.contains(jit)) rivals.push_back(make_jit(*compilation));
  }
  if (wanted.contains(onednn)) rivals.push_back(make_onednn(row));
  if (!row.cell->handwritten) {
    rivals.push_back(make_oracle(row));
    return rivals;
  }
  rivals.push_back(make_handwritten(plain, row, false));
  if (wanted.contains(blas)) rivals.push_back(make_handwritten(blas, row, true));
  return rivals;
}

}  // namespace rnnc::bench
