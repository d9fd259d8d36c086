// The one table of passes, and the one loop that runs, verifies, dumps and times them.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/ir/program.h"
#include "compiler/loop/loop_ir.h"
#include "compiler/loop/lower.h"
#include "compiler/sema/elaborate.h"
#include "dsl/ast.h"
#include "dsl/diagnostics.h"

namespace rnnc::driver {

struct Options {
  sema::Options sema;  // dimensions and entry
  loop::Element element = loop::Element::f32;
  std::optional<loop::Target> target = loop::Target{};  // nothing: what native_target chooses
  // What a launch must cost to be divided among threads, see loop::Launch. Tests make it small.
  std::int64_t parallel_threshold = loop::default_parallel_threshold;
  std::int64_t block_rows = loop::default_block_rows;  // see loop::LowerOptions; tests make it small as well
  std::string name;      // what emitted code calls the model; "": its own name
  bool gradient = true;  // derive the backward pass as well
  bool loss = true;      // false: declared losses are left out, and with them what only they read
};

// A compilation under way: every pass reads what earlier ones left and adds its own.
struct Compilation {
  Options options;
  sema::ImportReader read_import;  // empty: there is nothing to import
  dsl::SourceMap sources;
  std::int32_t file = -1;  // what is compiled
  dsl::Diagnostics diagnostics;

  dsl::File ast;
  ir::Program program;
  sema::Origins origins;
  loop::Plans plans;
  loop::Module module;

  struct Time {
    std::string_view pass;
    double milliseconds = 0;
  };
  std::vector<Time> times;  // of the passes that ran
};

// What a pass leaves, and with it how it is verified and dumped.
enum class Representation : std::uint8_t { ast, program, plans, module };

struct Pass {
  std::string_view name;
  std::string_view summary;  // one line for the manual
  Representation leaves;
  bool for_gradient = false;  // left out when no gradient is asked for
  void (*run)(Compilation&) = nullptr;
};
// In order: parse, elaborate, …, lower.
std::span<const Pass> passes();
// The pass of this name, or null.
const Pass* find_pass(std::string_view name);

struct RunOptions {
  std::string_view last = "lower";  // stop after this pass
  bool verify = false;  // each result, however much time that takes; what the backends get is always verified
  std::function<void(const Pass&, const Compilation&)> after;  // sees every pass's result: for dumps
};

// Runs the passes up to `last` (a Bug if there is no such pass). False: the user's mistakes are in `diagnostics`, and
// nothing after the pass that found them ran. Throws Unsupported, and Bug naming the pass.
bool run(Compilation& compilation, const RunOptions& options = {});

// What the pass left, as text.
std::string dump(const Pass& pass, const Compilation& compilation);

}  // namespace rnnc::driver
