// What each command does. They print to standard output, and throw Failure, Unsupported or Bug.
#pragma once

#include "compiler/driver/cli/arguments.h"
#include "compiler/driver/cli/failure.h"

namespace rnnc::cli {

ExitCode run(const TextArguments& arguments);
ExitCode run(const CompileArguments& arguments);
ExitCode run(const CheckArguments& arguments);
ExitCode run(const FormatArguments& arguments);
ExitCode run(const EvalArguments& arguments);
ExitCode run(const GradcheckArguments& arguments);
ExitCode run(const BenchArguments& arguments);
ExitCode run(const TrainArguments& arguments);
ExitCode run(const SampleArguments& arguments);

// The whole program: parses, runs, reports on standard error. `words` without the program's name. Never throws.
int run_command_line(const std::vector<std::string>& words);

}  // namespace rnnc::cli
