#include "compiler/driver/pipeline.h"

#include <array>
#include <chrono>

#include "compiler/base/bug.h"
#include "compiler/driver/targets.h"
#include "compiler/grad/differentiate.h"
#include "compiler/opt/passes.h"
#include "dsl/ast_printer.h"
#include "dsl/parser.h"
#include "dsl/unicode.h"

namespace rnnc::driver {
namespace {

void parse(Compilation& c) { c.ast = dsl::parse(c.sources, c.file, c.diagnostics); }

void drop_loss(ir::Program& program) {
  IdVector<ir::ResultId, ir::Result> kept;
  for (const ir::Result& result : program.results)
    if (result.role != ir::ResultRole::loss) kept.add(result);
  program.results = std::move(kept);
}

void elaborate(Compilation& c) {
  const sema::ImportReader none = [](const std::string&, const std::string&) { return std::nullopt; };
  auto elaborated =
      sema::elaborate(c.sources, c.file, c.options.sema, c.read_import ? c.read_import : none, c.diagnostics);
  check(elaborated || c.diagnostics.has_errors(), "no Program and no error either");
  if (!elaborated) return;
  c.program = std::move(elaborated->program);
  if (!c.options.loss) drop_loss(c.program);
  c.origins = std::move(elaborated->origins);
}

void simplify(Compilation& c) { c.program = opt::simplify(c.program); }
void differentiate(Compilation& c) { c.program = grad::differentiate(c.program); }
void distribute_reads(Compilation& c) { c.program = opt::distribute_reads(c.program); }
void remove_dead(Compilation& c) { c.program = opt::remove_dead(c.program); }
void schedule(Compilation& c) { c.plans = loop::plan(c.program); }

// For comments and terminals, whatever the file is called.
std::string base_name(const std::string& path) { return dsl::printable(path.substr(path.find_last_of('/') + 1)); }

// Where every origin was written: "lstm.rnn:12". Without folders: what is emitted does not depend on where it is made.
std::vector<std::string> origin_lines(const Compilation& c) {
  std::vector<std::string> lines;
  for (const dsl::Span& span : c.origins.spans) {
    if (!span.known()) {
      lines.emplace_back();
      continue;
    }
    const int number = c.sources.position(span.file, span.begin).line;
    lines.push_back(base_name(c.sources.name(span.file)) + ":" + std::to_string(number));
  }
  return lines;
}

void lower(Compilation& c) {
  loop::LowerOptions options;
  options.element = c.options.element;
  options.target = c.options.target ? *c.options.target : native_target(c.program, c.options.element);
  options.parallel_threshold = c.options.parallel_threshold;
  options.block_rows = c.options.block_rows;
  options.source_name = base_name(c.sources.name(c.file));
  options.origin_lines = origin_lines(c);
  c.module = loop::lower(c.plans, options);
  if (!c.options.name.empty()) c.module.name = c.options.name;
}

constexpr std::array table = {
    Pass{"parse", "text to AST", Representation::ast, false, parse},
    Pass{"elaborate", "AST to equations: dimensions bound, cells and functions written out", Representation::program,
         false, elaborate},
    Pass{"simplify", "rewrite rules, to a fixed point", Representation::program, false, simplify},
    Pass{"differentiate", "the backward pass as more equations", Representation::program, true, differentiate},
    Pass{"distribute-reads", "adjoints written like forward recurrences", Representation::program, true,
         distribute_reads},
    Pass{"simplify-gradient", "the rewrite rules again", Representation::program, true, simplify},
    Pass{"remove-dead", "keep what results need", Representation::program, false, remove_dead},
    Pass{"schedule", "what is computed where, stored, or computed again", Representation::plans, false, schedule},
    Pass{"lower", "schedule to loops over vector registers", Representation::module, false, lower},
};

void refuse(Compilation& c, const std::string& what, const std::string& help) {
  c.diagnostics.report(
      {dsl::DiagnosticKind::too_large_model, "the model is too large: " + what, {{dsl::Span{}, ""}}, {help}});
}
constexpr const char* many_reads =
    "reading many steps back from many places multiplies: several values as one vector count once";

// A few lines may mean a gradient that grows with the square of what they count, or faster, and a `for` many layers. Below
// these limits a model is C++ within seconds, and a GiB.
void check_size(Compilation& c) {
  constexpr std::size_t most_values = 1'000'000, most_kernels = 25'000;
  std::size_t values = c.program.nodes.size();
  for (const ir::Node& node : c.program.nodes) values += node.operands.size();
  if (values > most_values)
    refuse(c, "written out, it has more than " + std::to_string(most_values) + " values and reads of values", many_reads);
  const std::size_t kernels =
      c.plans.forward.kernels.size() + c.plans.forward_train.kernels.size() + c.plans.backward.kernels.size();
  if (kernels > most_kernels)
    refuse(c, "it takes more than " + std::to_string(most_kernels) + " loops, forward and backward",
           "every layer has loops of its own: several that do not need each other as one of a larger vector share theirs");
}

// What is wrong with what the pass left, or "".
std::string verify(const Pass& pass, const Compilation& c) {
  switch (pass.leaves) {
    case Representation::ast: return "";
    case Representation::program: return ir::verify(c.program);
    case Representation::plans: return ir::verify(c.plans.program);
    case Representation::module: return loop::verify(c.module);
  }
  throw Bug("no such representation");
}

bool verified(const Pass& pass, const RunOptions& options) {
#ifndef NDEBUG
  return true;
#else
  return options.verify || pass.leaves == Representation::module;
#endif
}

}  // namespace

std::span<const Pass> passes() { return table; }

const Pass* find_pass(std::string_view name) {
  for (const Pass& pass : table)
    if (pass.name == name) return &pass;
  return nullptr;
}

bool run(Compilation& compilation, const RunOptions& options) {
  using Clock = std::chrono::steady_clock;
  check(find_pass(options.last) != nullptr, "no pass is called `" + std::string(options.last) + "`");
  for (const Pass& pass : table) {
    if (!pass.for_gradient || compilation.options.gradient) {
      const auto start = Clock::now();
      try {
        pass.run(compilation);
      } catch (const ir::TooLarge& large) {
        refuse(compilation, large.what(), many_reads);
        return false;
      } catch (const Bug& bug) {
        throw Bug("in pass `" + std::string(pass.name) + "`: " + bug.what());
      }
      const std::chrono::duration<double, std::milli> took = Clock::now() - start;
      compilation.times.push_back({pass.name, took.count()});
      check_size(compilation);
      if (compilation.diagnostics.has_errors()) return false;
      if (verified(pass, options)) {
        const std::string unsound = verify(pass, compilation);
        check(unsound.empty(), "after pass `" + std::string(pass.name) + "`: " + unsound);
      }
      if (options.after) options.after(pass, compilation);
    }
    if (pass.name == options.last) break;
  }
  return true;
}

std::string dump(const Pass& pass, const Compilation& compilation) {
  switch (pass.leaves) {
    case Representation::ast: return dsl::to_string(compilation.ast, compilation.sources);
    case Representation::program: return ir::to_string(compilation.program);
    case Representation::plans: return loop::to_string(compilation.plans);
    case Representation::module: return loop::to_string(compilation.module);
  }
  throw Bug("no such representation");
}

}  // namespace rnnc::driver
