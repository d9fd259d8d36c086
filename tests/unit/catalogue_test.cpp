// That every kind of mistake has a failing program in the golden tests, and its line in the manual.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "dsl/diagnostics.h"

namespace rnnc::dsl {
namespace {

std::string read_all(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

struct Kind {
  std::string code, summary;
  Severity severity;
};
const Kind kinds[] = {
#define X(identifier, code, severity, summary) {code, summary, Severity::severity},
#include "dsl/diagnostic_kinds.def"
#undef X
};

TEST(Catalogue, EveryKindHasAFailingProgram) {
  std::string golden;
  int programs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(RNNC_SOURCE_DIR "/tests/golden/errors")) {
    std::istringstream lines(read_all(entry.path()));
    for (std::string line; std::getline(lines, line);) {
      golden += line + "\n";
      programs += line.starts_with("$ rnnc") ? 1 : 0;
    }
  }
  EXPECT_GT(programs, 200);
  // What needs bytes that are no text, or very much of it, is in dsl_test.cpp.
  const std::set<std::string> elsewhere = {"E0001", "E0002", "E0007", "E0011"};
  for (const Kind& kind : kinds) {
    if (elsewhere.contains(kind.code)) continue;
    const std::string shown = (kind.severity == Severity::error ? "error[" : "warning[") + kind.code + "]: ";
    EXPECT_NE(golden.find(shown), std::string::npos) << kind.code << " has no failing program in tests/golden/errors";
  }
}

TEST(Catalogue, TheManualListsTheKindsAndNoOthers) {
  const std::string manual = read_all(RNNC_SOURCE_DIR "/dsl/LANGUAGE.md");
  std::string listed;
  std::istringstream lines(manual);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("| E0") || line.starts_with("| W0")) listed += line + "\n";
  std::string wanted;
  for (const Kind& kind : kinds) wanted += "| " + kind.code + " | " + kind.summary + " |\n";
  EXPECT_EQ(listed, wanted) << "the table at the end of dsl/LANGUAGE.md";
}

}  // namespace
}  // namespace rnnc::dsl
