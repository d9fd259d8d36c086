// The implementation of compiler/rnnc.h: the pipeline and the JIT, with every way to fail turned into a value.
#include <chrono>
#include <new>

#include "compiler/backend/llvm/jit.h"
#include "compiler/base/bug.h"
#include "compiler/driver/files.h"
#include "compiler/driver/pipeline.h"
#include "compiler/driver/targets.h"
#include "compiler/rnnc.h"

namespace rnnc {

struct ModuleMaker {
  static Module make(std::unique_ptr<backend::JitModule> compiled, double milliseconds) {
    Module module;
    module.model_ = compiled->model();
    module.owner_ = std::shared_ptr<const backend::JitModule>(std::move(compiled));
    module.milliseconds_ = milliseconds;
    return module;
  }
};

namespace {

using driver::Compilation;

Error plain_error(ErrorKind kind, const std::string& file, const std::string& message) {
  Error error;
  error.kind = kind;
  error.file = file;
  error.message = message;
  error.rendered = (file.empty() ? "" : file + ": ") + "error: " + message + "\n";
  return error;
}

Error source_error(const dsl::Diagnostic& diagnostic, const dsl::SourceMap& sources) {
  Error error;
  error.message = diagnostic.message;
  error.code = dsl::code(diagnostic.kind);
  error.rendered = dsl::render(diagnostic, sources);
  if (diagnostic.labels.empty() || !diagnostic.labels[0].span.known()) return error;
  const dsl::Span span = diagnostic.labels[0].span;
  const dsl::Position position = sources.position(span.file, span.begin);
  error.file = sources.name(span.file);
  error.line = position.line;
  error.column = position.column;
  error.begin = span.begin;
  error.end = span.end;
  return error;
}

void report(const Compilation& compilation, Result& result) {
  for (const dsl::Diagnostic& diagnostic : compilation.diagnostics.all()) {
    const bool is_error = dsl::severity(diagnostic.kind) == dsl::Severity::error;
    (is_error ? result.errors : result.warnings).push_back(source_error(diagnostic, compilation.sources));
  }
}

sema::ImportReader imports(const CompileOptions& options) {
  if (!options.read_import) return driver::file_imports(options.imports_anywhere);
  return driver::with_standard_library([read = options.read_import](
                                           const std::string& from,
                                           const std::string& path) -> std::optional<sema::ImportedText> {
    std::optional<Import> file = read(from, path);
    if (!file) return std::nullopt;
    return sema::ImportedText{std::move(file->name), std::move(file->text)};
  });
}

void compile_into(Result& result, std::string source, const CompileOptions& options, const std::string& name) {
  const auto start = std::chrono::steady_clock::now();
  const std::optional<loop::Target> target = driver::find_target(options.target);
  if (!driver::is_target_name(options.target)) {
    std::string known;
    for (std::string_view each : driver::target_names())
      known += (known.empty() ? "`" : ", `") + std::string(each) + "`";
    result.errors.push_back(
        plain_error(ErrorKind::option, "", "no target is called `" + options.target + "`; there are " + known));
    return;
  }
  if (std::string refusal = target ? backend::cannot_run(*target) : ""; !refusal.empty()) {
    result.errors.push_back(plain_error(ErrorKind::unsupported, "", refusal));
    return;
  }
  Compilation compilation;
  compilation.options.sema = {options.dimensions, options.entry, options.imports_anywhere,
                              static_cast<sema::Feed>(options.feed)};
  compilation.options.element = options.dtype == Dtype::f64 ? loop::Element::f64 : loop::Element::f32;
  compilation.options.target = target;
  compilation.options.gradient = options.gradient;
  compilation.read_import = imports(options);
  compilation.file = compilation.sources.add(name, std::move(source));
  const bool sound = driver::run(compilation);
  report(compilation, result);
  if (!sound) return;
  auto compiled = backend::jit(compilation.module);
  if (auto* message = std::get_if<std::string>(&compiled)) {
    result.errors.push_back(plain_error(ErrorKind::bug, name, "rnnc bug: " + *message));
    return;
  }
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  result.module = ModuleMaker::make(std::get<0>(std::move(compiled)), took.count());
}

// Runs `work` on a result; what it throws becomes the result's error.
template <class Work>
Result at_the_edge(const std::string& name, Work&& work) {
  Result result;
  try {
    work(result);
  } catch (const Unsupported& unsupported) {
    result.errors.push_back(plain_error(ErrorKind::unsupported, name, unsupported.what()));
  } catch (const std::bad_alloc&) {
    result.errors.push_back(plain_error(ErrorKind::memory, name, "out of memory"));
  } catch (const std::exception& bug) {
    result.errors.push_back(plain_error(ErrorKind::bug, name, std::string("rnnc bug: ") + bug.what()));
  }
  return result;
}

}  // namespace

Result compile(std::string_view source, const CompileOptions& options, std::string_view name) {
  const std::string file(name);
  return at_the_edge(file, [&](Result& result) { compile_into(result, std::string(source), options, file); });
}

Result compile_file(const std::string& path, const CompileOptions& options) {
  return at_the_edge(path, [&](Result& result) {
    std::string error;
    std::optional<std::string> text = driver::read_text(path, error);
    if (text) return compile_into(result, std::move(*text), options, path);
    result.errors.push_back(plain_error(ErrorKind::file, path, error));
  });
}

int find(std::span<const rnnc_tensor> tensors, std::string_view name) {
  for (std::size_t i = 0; i < tensors.size(); ++i)
    if (tensors[i].name == name) return static_cast<int>(i);
  return -1;
}

std::int64_t size_of(const rnnc_tensor& tensor) {
  std::int64_t size = 1;
  for (std::int32_t i = 0; i < tensor.rank; ++i) size *= tensor.extents[i];
  return size;
}

}  // namespace rnnc
