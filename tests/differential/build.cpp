#include "tests/differential/build.h"

#include <gtest/gtest.h>

#include "compiler/driver/files.h"

namespace rnnc::testing {

void PrintTo(const ModelCase& c, std::ostream* out) { *out << c.file << " " << c.entry; }

std::unique_ptr<Built> build(const ModelCase& c, driver::BackendKind backend, loop::Element element) {
  auto built = std::make_unique<Built>();
  driver::Compilation& compilation = built->compilation;
  compilation.options.sema.dimensions = c.dimensions;
  compilation.options.sema.entry = c.entry;
  compilation.options.sema.feed = c.feed;
  compilation.options.element = element;
  compilation.read_import = driver::file_imports();
  std::string path = std::string(RNNC_SOURCE_DIR) + "/" + c.file, error;
  std::optional<std::string> text = driver::read_text(path, error);
  EXPECT_TRUE(text.has_value()) << path << ": " << error;
  if (!text) return nullptr;
  compilation.file = compilation.sources.add(path, *text);
  driver::RunOptions options;
  options.verify = true;
  options.last = driver::last_pass(backend);
  EXPECT_TRUE(driver::run(compilation, options)) << dsl::render(compilation.diagnostics, compilation.sources);
  if (compilation.diagnostics.has_errors()) return nullptr;
  built->executable = driver::make_executable(compilation, backend);
  return built;
}

}  // namespace rnnc::testing
