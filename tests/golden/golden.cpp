// Runs the commands of golden files and compares what they print. See README.md.
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::string_view prompt = "$ rnnc";
constexpr const char* input_mark = "| ";

std::string read_all(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

// A command, the lines given to it as standard input, and what it printed.
struct Step {
  std::string command, input, expected;
};

// What stands before the first command is a comment and kept.
std::string parse(const std::string& path, std::vector<Step>& steps) {
  std::ifstream stream(path);
  std::string head;
  for (std::string line; std::getline(stream, line);) {
    if (line == prompt || line.starts_with(std::string(prompt) + " ")) {
      steps.push_back({line.substr(prompt.size()), "", ""});
    } else if (steps.empty()) {
      head += line + "\n";
    } else if (steps.back().expected.empty() && (line.starts_with(input_mark) || line == "|")) {
      steps.back().input += (line == "|" ? "" : line.substr(2)) + "\n";
    } else {
      steps.back().expected += line + "\n";
    }
  }
  return head;
}

std::string run(const std::string& rnnc, const Step& step, const std::string& scratch) {
  std::ofstream(scratch + ".in", std::ios::binary) << step.input;
  const std::string command = "'" + rnnc + "'" + step.command + " < '" + scratch + ".in' > '" + scratch + ".out' 2>&1";
  const int status = std::system(command.c_str());
  std::string text = read_all(scratch + ".out");
  std::remove((scratch + ".in").c_str());
  std::remove((scratch + ".out").c_str());
  if (!text.empty() && text.back() != '\n') text += '\n';
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return code == 0 ? text : text + "exit code " + std::to_string(code) + "\n";
}

std::string with_marks(const std::string& input) {
  std::string text;
  std::istringstream lines(input);
  for (std::string line; std::getline(lines, line);) text += line.empty() ? "|\n" : input_mark + line + "\n";
  return text;
}

void show_difference(const std::string& expected, const std::string& actual) {
  std::istringstream a(expected), b(actual);
  std::string left, right;
  for (int line = 1;; ++line) {
    const bool has_left = static_cast<bool>(std::getline(a, left)),
               has_right = static_cast<bool>(std::getline(b, right));
    if (!has_left && !has_right) return;
    if (has_left && has_right && left == right) continue;
    std::cout << "  line " << line << "\n    expected: " << (has_left ? left : "(nothing)")
              << "\n    printed:  " << (has_right ? right : "(nothing)") << "\n";
    return;
  }
}

}  // namespace

// golden RNNC SCRATCH FILE…: from the project's folder. With RNNC_REWRITE=1 in the environment files are rewritten.
int main(int count, char** words) {
  if (count < 4) return 2;
  const std::string rnnc = words[1], scratch = words[2];
  const char* wish = std::getenv("RNNC_REWRITE");
  const bool rewrite = wish != nullptr && std::string(wish) == "1";
  int failed = 0;
  for (int i = 3; i < count; ++i) {
    std::vector<Step> steps;
    std::string text = parse(words[i], steps);
    if (steps.empty()) {
      std::cout << words[i] << ": no command in it\n";
      ++failed;
    }
    for (const Step& step : steps) {
      const std::string printed = run(rnnc, step, scratch);
      text += std::string(prompt) + step.command + "\n" + with_marks(step.input) + printed;
      if (rewrite || printed == step.expected) continue;
      ++failed;
      std::cout << words[i] << ": `rnnc" << step.command << "` prints something else\n";
      show_difference(step.expected, printed);
    }
    if (rewrite && text != read_all(words[i])) std::ofstream(words[i], std::ios::binary) << text;
  }
  if (failed > 0) std::cout << "If that is as it should be: RNNC_REWRITE=1 ctest -R golden\n";
  return failed == 0 ? 0 : 1;
}
