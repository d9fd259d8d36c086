#include <iostream>
#include <new>
#include <sstream>

#include "compiler/base/bug.h"
#include "compiler/driver/cli/commands.h"
#include "compiler/driver/cli/session.h"
#include "dsl/unicode.h"

namespace rnnc::cli {
namespace {

// What words and names of files say does nothing to a terminal.
ExitCode report(ExitCode code, const std::string& message) {
  std::istringstream lines(message);
  for (std::string line; std::getline(lines, line);) std::cerr << dsl::printable(line) << "\n";
  std::cerr << std::flush;
  return code;
}

}  // namespace

ExitCode run(const TextArguments& arguments) {
  print(arguments.text);
  return ExitCode::success;
}

int run_command_line(const std::vector<std::string>& words) {
  const auto attempt = [&] {
    try {
      return std::visit([](const auto& arguments) { return run(arguments); }, parse_arguments(words));
    } catch (const Failure& failure) {
      return report(failure.code, failure.message);
    } catch (const Unsupported& unsupported) {
      return report(ExitCode::input, std::string("rnnc: error: ") + unsupported.what() + "\n");
    } catch (const std::bad_alloc&) {
      return report(ExitCode::input, "rnnc: error: out of memory\n");
    } catch (const std::exception& bug) {
      return report(ExitCode::bug,
                    std::string("rnnc bug: ") + bug.what() +
                        "\nThis is a mistake in rnnc. Please send the command and its input files to the project.\n");
    }
  };
  return static_cast<int>(attempt());
}

}  // namespace rnnc::cli
