// rnnc train and rnnc sample
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <numbers>

#include "compiler/driver/cli/commands.h"
#include "compiler/driver/cli/session.h"
#include "compiler/driver/cli/text_models.h"
#include "compiler/ir/dependence.h"
#include "runtime/file.h"
#include "runtime/interrupt.h"
#include "runtime/progress.h"
#include "runtime/sampler.h"
#include "runtime/trainer.h"
#include "runtime/watch.h"

namespace rnnc::cli {
namespace {

runtime::TrainOptions options_of(const TrainArguments& a) {
  runtime::TrainOptions options;
  options.rows = a.rows;
  options.chunk_steps = a.length;
  options.memory_budget = a.memory_budget;
  options.steps = a.steps;
  options.seconds = a.seconds > 0 || a.steps > 0 ? a.seconds : 60;
  options.seed = a.seed;
  options.optimizer.kind = a.sgd                ? runtime::OptimizerKind::sgd
                           : a.weight_decay > 0 ? runtime::OptimizerKind::adamw
                                                : runtime::OptimizerKind::adam;
  options.optimizer.clip_norm = a.clip;
  options.optimizer.weight_decay = a.weight_decay;
  options.learning_rate = a.learning_rate;
  options.own_rate = a.rate;
  options.watch_steps = a.source.watch.empty() ? 0 : a.watch_every;
  options.checkpoint = a.out;
  return options;
}

// Characters as they come; a terminal that went away ends the text, and print says so.
std::string print_sample(const runtime::Model& model, const runtime::Vocabulary& vocabulary,
                         const runtime::SampleOptions& options, const std::atomic<bool>* stop) {
  (void)require(vocabulary.encode(options.prime));
  print_text(options.prime);
  std::string text =
      require(runtime::sample(model, vocabulary, options, nullptr, [](std::string_view piece) { print_text(piece); }, stop));
  print("\n");
  return text;
}

void show_sample(const TrainArguments& a, const char* when, runtime::Model& model,
                 const runtime::Vocabulary& vocabulary, const std::atomic<bool>* stop) {
  if (a.sample == 0) return;
  if (!model.is_packed()) require(model.pack());
  print(std::string("---- sampled ") + when + " training ----\n");
  print_sample(model, vocabulary,
               {.prime = a.prime, .characters = a.sample, .temperature = a.temperature, .seed = a.seed}, stop);
  print("----\n");
}

std::string closing_line(const runtime::TrainSummary& summary, std::optional<double> held_out_loss, bool per_character,
                         const TrainArguments& a) {
  char text[256];
  std::snprintf(text, sizeof text, "%s after %lld updates in %s", summary.stopped ? "stopped" : "done",
                static_cast<long long>(summary.step), runtime::clock_text(summary.seconds).c_str());
  std::string line = text;
  if (held_out_loss) {
    std::snprintf(text, sizeof text,
                  per_character ? "; held-out text: %.3f nats, %.3f bits per character"
                                : "; held-out text: loss %.3f, the mean of its chunks'",
                  *held_out_loss, *held_out_loss / std::numbers::ln2);
    line += text;
  }
  if (summary.saved) line += "; wrote " + a.out;
  else if (!a.out.empty()) line += "; left " + a.out + " as it was";
  return line + "\n";
}

// Text is sampled step by step: what the logits need must not come later, or of the sequence as a whole.
void check_can_sample(const ir::Program& program, const rnnc_model& model, const runtime::Vocabulary& vocabulary) {
  const std::string logits = model.outputs[require(runtime::find_sampling_tensors(model, {}, vocabulary.size())).logits].name;
  struct Visit {
    ir::NodeId id;
    bool at_start;  // only for what a state begins with: the first step of all is at hand then
  };
  std::vector<Visit> todo;
  for (const ir::Result& result : program.results)
    if (result.role == ir::ResultRole::output && result.name == logits) todo.push_back({result.node, false});
  IdVector<ir::NodeId, bool> seen[2] = {IdVector<ir::NodeId, bool>(program.nodes.size(), false),
                                        IdVector<ir::NodeId, bool>(program.nodes.size(), false)};
  while (!todo.empty()) {
    const auto [id, at_start] = todo.back();
    todo.pop_back();
    if (seen[at_start][id]) continue;
    seen[at_start][id] = true;
    const ir::Node& node = program[id];
    const bool first = at_start && node.kind == ir::NodeKind::at && node.end == ir::End::first && node.offset == 0;
    bool whole = node.kind == ir::NodeKind::length;
    ir::for_each_dependence(program, node, [&](ir::NodeId needed, ir::Reach reach, std::int64_t lag) {
      whole = whole || (reach == ir::Reach::whole && !first) || (reach == ir::Reach::lagged && lag < 0);
      todo.push_back({needed, at_start || node.kind == ir::NodeKind::initial});
    });
    if (whole)
      throw input_failure("`" + program.name + "` reads steps to come, or the whole sequence: it cannot be sampled from step by step");
  }
}

}  // namespace

ExitCode run(const TrainArguments& a) {
  if (!a.out.empty()) check_output(a.out, {a.source.path, a.data});
  const std::string text = require(runtime::read_file(a.data));
  const runtime::Vocabulary vocabulary = require(runtime::Vocabulary::from_text(text));
  const std::vector<std::int32_t> numbers = require(vocabulary.encode(text));
  driver::Compilation compilation = open_source(a.source, true);
  std::optional<runtime::TensorFile> checkpoint;
  if (!a.from.empty()) {
    checkpoint = require(runtime::read_safetensors(a.from));
    apply_description(checkpoint->metadata, compilation);
  }
  bind_vocabulary(compilation, vocabulary);
  const auto executable = build(compilation, a.backend);
  if (a.sample > 0) check_can_sample(compilation.program, *executable->model(), vocabulary);
  if (!a.out.empty()) check_output(a.out, compilation.sources);
  // Before a model is made as large as the file says.
  if (checkpoint) require(runtime::check_parameters(*executable->model(), *checkpoint));
  const auto model = require(runtime::Model::create(*executable->model()));
  model->initialize(a.seed);

  const auto pool = make_pool(a.threads);
  // As much as is asked for, but no more than is read in a moment.
  const double most = 50000.0 / static_cast<double>(std::max<std::size_t>(numbers.size(), 1));
  const runtime::TextSplit split = runtime::split_text(numbers, std::min(a.held_out, most));
  runtime::TrainOptions options = options_of(a);
  options.metadata = describe_source(compilation);
  options.per_character = is_loss_per_character(compilation);
  const auto trainer =
      require(runtime::Trainer::create(*model, vocabulary, {split.training.begin(), split.training.end()},
                                       {split.validation.begin(), split.validation.end()}, options, pool.get()));
  if (checkpoint) require(trainer->load(*checkpoint));
  print("model " + std::string(executable->model()->name) + ": " + std::to_string(model->parameter_elements()) +
        " parameters; text: " + std::to_string(numbers.size()) + " characters, " + std::to_string(vocabulary.size()) +
        " different\n");
  if (a.steps > 0 && trainer->step() >= a.steps)
    print("nothing is trained: `" + a.from + "` has seen " + std::to_string(trainer->step()) + " of --steps " +
          std::to_string(a.steps) + " updates\n");

  const runtime::InterruptGuard interrupt;
  show_sample(a, "before", *model, vocabulary, interrupt.flag());
  runtime::TrainSummary summary;
  {
    runtime::ProgressLine progress(stderr);
    if (!a.source.watch.empty()) progress.show(runtime::watch_heading(*executable->model(), "update"), true);
    const auto show = [&](const runtime::TrainReport& report) {
      for (const std::string& line : report.watched) progress.show(line, true);
      if (!report.warning.empty()) progress.show("rnnc: warning: " + report.warning, true);
      progress.show(runtime::describe(report), report.last);
    };
    summary = require(trainer->run(show, interrupt.flag()));
  }
  std::optional<double> held_out_loss;
  if (!summary.stopped && split.validation.size() >= 2) held_out_loss = require(trainer->evaluate());
  print(closing_line(summary, held_out_loss, options.per_character, a));
  if (!summary.stopped) show_sample(a, "after", *model, vocabulary, interrupt.flag());
  return ExitCode::success;
}

ExitCode run(const SampleArguments& a) {
  const runtime::TensorFile checkpoint = require(runtime::read_safetensors(a.from));
  const auto vocabulary = runtime::Vocabulary::load(checkpoint.metadata);
  if (!vocabulary) throw input_failure("`" + a.from + "`: " + vocabulary.message());
  driver::Compilation compilation = open_source(a.source, false);
  apply_description(checkpoint.metadata, compilation);
  bind_vocabulary(compilation, *vocabulary);
  const auto executable = build(compilation, a.backend);
  check_can_sample(compilation.program, *executable->model(), *vocabulary);
  if (const runtime::Status status = runtime::check_parameters(*executable->model(), checkpoint); !status)
    throw input_failure("`" + a.from + "`: " + status.message());
  const auto model = require(runtime::Model::create(*executable->model()));
  require(model->load(checkpoint));
  require(model->pack());
  const runtime::InterruptGuard interrupt;
  print_sample(
      *model, *vocabulary,
      {.prime = a.prime, .characters = a.length, .temperature = a.temperature, .top_k = a.top_k, .seed = a.seed},
      interrupt.flag());
  return ExitCode::success;
}

}  // namespace rnnc::cli
