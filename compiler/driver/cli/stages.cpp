#include "compiler/driver/cli/stages.h"

#include <array>
#include <filesystem>

#include "compiler/backend/cpp/emit.h"
#include "compiler/backend/llvm/jit.h"
#include "compiler/base/bug.h"
#include "dsl/ast_printer.h"

namespace rnnc::cli {
namespace {

using driver::Compilation;

std::string dump(const Compilation& c, std::string_view pass) { return driver::dump(*driver::find_pass(pass), c); }

constexpr std::array stages = {
    Stage{"ast", "parse", false, [](const Compilation& c) { return dsl::to_string(c.ast, c.sources); }},
    Stage{"equations", "simplify", false, [](const Compilation& c) { return ir::to_string(c.program); }},
    Stage{"gradient", "remove-dead", true,
          [](const Compilation& c) { return ir::to_string(c.program, {.gradient_only = true}); }},
    Stage{"schedule", "lower", true,
          [](const Compilation& c) { return dump(c, "schedule") + "\n" + loop::memory_text(c.module); }},
    Stage{"loops", "lower", true, [](const Compilation& c) { return dump(c, "lower"); }},
    Stage{"cpp", "lower", true,
          [](const Compilation& c) {
            return backend::emit_cpp(c.module, header_name_for(c.sources.name(c.file))).source;
          }},
    Stage{"llvm", "lower", true, [](const Compilation& c) { return backend::llvm_text(c.module); }},
    Stage{"asm", "lower", true, [](const Compilation& c) { return backend::assembly_text(c.module); }},
};

constexpr std::array names = [] {
  std::array<std::string_view, stages.size()> result;
  for (std::size_t i = 0; i < stages.size(); ++i) result[i] = stages[i].name;
  return result;
}();

}  // namespace

std::span<const std::string_view> stage_names() { return names; }

const Stage* find_stage(std::string_view name) {
  for (const Stage& stage : stages)
    if (stage.name == name) return &stage;
  return nullptr;
}

std::string header_name_for(const std::string& path) {
  const std::string stem = std::filesystem::path(path).stem().string();
  return (stem.empty() || stem.front() == '<' ? "model" : stem) + ".h";
}

}  // namespace rnnc::cli
