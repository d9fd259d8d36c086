// rnnc gradcheck
#include "compiler/grad/gradcheck.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "compiler/driver/cli/commands.h"
#include "compiler/driver/cli/session.h"

namespace rnnc::cli {
namespace {

grad::GradcheckOptions options_of(const GradcheckArguments& a, const ir::Program& program) {
  grad::GradcheckOptions options;
  options.rows = a.rows;
  options.entries = a.entries;
  options.seed = a.seed;
  options.tolerance = a.tolerance;
  options.lengths = a.lengths;
  options.training = a.training;
  options.rate = a.rate;
  options.axis_steps.assign(program.axes.size(), 0);
  for (const auto& [name, count] : a.steps) {
    bool known = name.empty();
    if (name.empty()) options.steps = count;
    for (ir::AxisId axis : program.axes.ids()) {
      if (name.empty() || program.axes[axis].name != name) continue;
      options.axis_steps[axis.index()] = count;
      known = true;
    }
    if (!known) throw input_failure("--steps: the model has no axis `" + name + "`");
  }
  // The interpreter keeps every value, in double precision.
  constexpr std::int64_t most = std::int64_t(1) << 22;
  std::int64_t longest = options.steps;
  for (const std::int64_t steps : options.axis_steps) longest = std::max(longest, steps);
  if (std::max<std::int64_t>(longest, 1) > most / options.rows)
    throw input_failure("gradcheck: --steps times --batch may be " + std::to_string(most) + " at most");
  return options;
}

// Infinities and NaN have no number in JSON.
nlohmann::ordered_json number(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json(nullptr);
}

std::string as_json(const std::string& model, const grad::GradcheckReport& report) {
  nlohmann::ordered_json json;
  json["model"] = model;
  json["agrees"] = report.agrees;
  json["worst"] = number(report.worst);
  json["tensors"] = nlohmann::ordered_json::array();
  for (const grad::GradcheckTensor& tensor : report.tensors) {
    json["tensors"].push_back({{"name", tensor.name},
                               {"entries", tensor.entries},
                               {"skipped", tensor.skipped},
                               {"error", number(tensor.error)},
                               {"largest", number(tensor.largest)}});
  }
  json["unchecked"] = report.unchecked;
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string as_text(const std::string& model, const grad::GradcheckReport& report, double tolerance) {
  std::size_t width = 6;
  for (const grad::GradcheckTensor& tensor : report.tensors) width = std::max(width, tensor.name.size());
  char line[512];
  std::string text;
  const auto put = [&](const auto*... parts) { (text.append(parts), ...); };
  std::snprintf(line, sizeof line, "%-*s  %8s  %12s  %12s\n", static_cast<int>(width), "tensor", "entries", "largest",
                "error");
  put(line);
  for (const grad::GradcheckTensor& tensor : report.tensors) {
    std::snprintf(line, sizeof line, "%-*.*s  %8lld  %12.4g  %12.2e%s\n", static_cast<int>(width), 400,
                  tensor.name.c_str(), static_cast<long long>(tensor.entries), tensor.largest, tensor.error,
                  tensor.error <= tolerance ? "" : "  DISAGREES");
    put(line);
  }
  for (const std::string& each : report.unchecked) put("unchecked: ", each.c_str(), "\n");
  std::snprintf(line, sizeof line, "worst error %.2e, allowed %.0e: ", report.worst, tolerance);
  put(model.c_str(), ": ", line, report.agrees ? "the gradient agrees" : "the gradient does NOT agree", "\n");
  return text;
}

}  // namespace

ExitCode run(const GradcheckArguments& a) {
  driver::Compilation compilation = open_source(a.source, true);
  ir::Program forward;
  driver::RunOptions options{.last = "remove-dead"};
  options.after = [&](const driver::Pass& pass, const driver::Compilation& c) {
    if (pass.name == "elaborate") forward = c.program;
  };
  run_passes(compilation, options);
  grad::GradcheckReport report;
  {
    const Waiting waiting("checking");
    report = grad::gradcheck(forward, compilation.program, options_of(a, forward));
  }
  if (report.tensors.empty() && report.unchecked.empty()) throw input_failure("the model has nothing to differentiate");
  print(a.json ? as_json(forward.name, report) : as_text(forward.name, report, a.tolerance));
  return report.agrees ? ExitCode::success : ExitCode::input;
}

}  // namespace rnnc::cli
