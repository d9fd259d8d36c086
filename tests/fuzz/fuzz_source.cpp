// libFuzzer: any bytes as a model's text end in diagnostics, or in a module that verifies and in its C++.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "compiler/backend/cpp/emit.h"
#include "compiler/base/bug.h"
#include "compiler/driver/pipeline.h"

namespace {

// What is too large to be worth scheduling here.
bool is_small(const rnnc::ir::Program& program) {
  if (program.nodes.size() > 1500) return false;
  for (const rnnc::ir::Node& node : program.nodes)
    if (node.shape.size() > 1 << 14) return false;
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace rnnc;
  const std::string text(reinterpret_cast<const char*>(data), size);
  try {
    for (const char* last : {"elaborate", "lower"}) {
      driver::Compilation compilation;
      compilation.file = compilation.sources.add("fuzz.rnn", text);
      if (!driver::run(compilation, {.last = last, .verify = true})) {
        if (dsl::render(compilation.diagnostics, compilation.sources).empty()) std::abort();
        return 0;
      }
      if (!is_small(compilation.program)) return 0;
      if (last == std::string_view("lower")) backend::emit_cpp(compilation.module, "fuzz.h");
    }
  } catch (const Unsupported&) {
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    std::abort();
  }
  return 0;
}
