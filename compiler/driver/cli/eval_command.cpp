// rnnc eval
#include "compiler/driver/cli/commands.h"
#include "compiler/driver/cli/session.h"
#include "compiler/driver/evaluate.h"
#include "runtime/watch.h"

namespace rnnc::cli {

ExitCode run(const EvalArguments& a) {
  check_output(a.out, {a.source.path, a.in});
  const runtime::TensorFile values = require(runtime::read_safetensors(a.in));
  driver::Compilation compilation = open_source(a.source, a.gradient);
  auto executable = build(compilation, a.backend);
  check_output(a.out, compilation.sources);
  if (a.gradient && executable->model()->has_loss != 0 && driver::lacks_targets(*executable->model(), values)) {
    // Without targets no loss is asked for: the objective is then what the upstream gradients say.
    driver::Compilation without_loss;
    without_loss.options = compilation.options;
    without_loss.options.loss = false;
    without_loss.read_import = compilation.read_import;
    without_loss.file = without_loss.sources.add(compilation.sources.name(compilation.file),
                                                 std::string(compilation.sources.text(compilation.file)));
    driver::run(without_loss, {.last = driver::last_pass(a.backend)});
    executable = driver::make_executable(without_loss, a.backend);
  }
  const auto pool = make_pool(a.threads);
  runtime::TensorFile result;
  std::vector<std::string> watched;
  {
    const Waiting waiting("running");
    const auto watch = [&](const runtime::Run& run) {
      watched = runtime::watch_lines(*executable->model(), run, a.watch_every);
    };
    const driver::EvaluateOptions options{a.gradient, a.training, a.seed, a.steps, a.rate, a.memory_budget, watch};
    result = require(driver::evaluate(*executable->model(), values, options, pool.get()));
  }
  require(runtime::write_safetensors(a.out, result));
  if (!watched.empty()) print(runtime::watch_heading(*executable->model(), "steps") + "\n");
  for (const std::string& line : watched) print(line + "\n");
  return ExitCode::success;
}

}  // namespace rnnc::cli
