// How a command ends without success.
#pragma once

#include <string>

namespace rnnc::cli {

enum class ExitCode : int {
  success = 0,
  input = 1,  // source, data, a file, or a comparison that failed
  usage = 2,
  bug = 3  // of rnnc
};

// Thrown by commands, caught in run_command_line: `message` goes to standard error as it is, "" = everything is said.
struct Failure {
  ExitCode code = ExitCode::input;
  std::string message;
};

// "rnnc: error: …\n", the form of messages that belong to no place in a source.
inline Failure failure(ExitCode code, const std::string& what) { return {code, "rnnc: error: " + what + "\n"}; }
inline Failure input_failure(const std::string& what) { return failure(ExitCode::input, what); }

}  // namespace rnnc::cli
