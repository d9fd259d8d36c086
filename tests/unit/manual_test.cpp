// The manual against the compiler: its lists are the compiler's lists, and every snippet of it compiles.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "compiler/driver/files.h"
#include "compiler/driver/pipeline.h"
#include "compiler/grad/gradcheck.h"
#include "compiler/sema/reference.h"
#include "dsl/format.h"

namespace rnnc {
namespace {

const std::string manual_path = RNNC_SOURCE_DIR "/dsl/LANGUAGE.md";

std::string manual() {
  std::ostringstream text;
  text << std::ifstream(manual_path, std::ios::binary).rdbuf();
  return text.str();
}

// With RNNC_REWRITE=1 in the environment the list is put in instead of compared.
TEST(Manual, ListsTheFunctionsOfTheTables) {
  const std::string begin = "<!-- rnnc --list-functions -->\n", end = "<!-- end -->\n";
  std::string text = manual();
  const std::size_t from = text.find(begin), to = text.find(end);
  ASSERT_TRUE(from != std::string::npos && to != std::string::npos);
  const std::size_t at = from + begin.size();
  const char* wish = std::getenv("RNNC_REWRITE");
  if (wish != nullptr && std::string(wish) == "1") {
    text.replace(at, to - at, sema::list_functions());
    std::ofstream(manual_path, std::ios::binary) << text;
  } else {
    EXPECT_EQ(text.substr(at, to - at), sema::list_functions()) << "RNNC_REWRITE=1 ctest -R Manual puts the list in";
  }
}

struct Snippet {
  int line = 0;  // of the manual
  std::string text;
};
void PrintTo(const Snippet& snippet, std::ostream* out) { *out << "LANGUAGE.md:" << snippet.line; }

std::vector<Snippet> snippets() {
  std::vector<Snippet> found;
  std::istringstream lines(manual());
  bool inside = false;
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line == "```rnn") {
      found.push_back({number, ""});
      inside = true;
    } else if (line == "```") {
      inside = false;
    } else if (inside) {
      found.back().text += line + "\n";
    }
  }
  return found;
}

class ManualSnippet : public ::testing::TestWithParam<Snippet> {
 protected:
  static driver::Compilation source() {
    driver::Compilation compilation;
    compilation.read_import = driver::file_imports();
    compilation.file = compilation.sources.add("LANGUAGE.md", GetParam().text);
    return compilation;
  }
};

TEST_P(ManualSnippet, HasNoMistakesAndIsCanonical) {
  driver::Compilation compilation = source();
  sema::check_file(compilation.sources, compilation.file, {}, compilation.read_import, compilation.diagnostics);
  EXPECT_EQ(dsl::render(compilation.diagnostics, compilation.sources), "");
  EXPECT_EQ(dsl::format(compilation.sources, compilation.file), GetParam().text);
}

TEST_P(ManualSnippet, CompilesAndItsGradientAgrees) {
  driver::Compilation compilation = source();
  ir::Program forward, differentiated;
  driver::RunOptions options;
  options.after = [&](const driver::Pass& pass, const driver::Compilation& at) {
    if (pass.name == "elaborate") forward = at.program;
    if (pass.name == "remove-dead") differentiated = at.program;
  };
  ASSERT_TRUE(driver::run(compilation, options)) << dsl::render(compilation.diagnostics, compilation.sources);
  const grad::GradcheckReport report = grad::gradcheck(forward, differentiated, {.lengths = true, .entries = 16});
  EXPECT_TRUE(report.agrees) << report.worst;
  EXPECT_TRUE(forward.parameters.empty() || !report.tensors.empty());
}

INSTANTIATE_TEST_SUITE_P(All, ManualSnippet, ::testing::ValuesIn(snippets()),
                         [](const auto& info) { return "Line" + std::to_string(info.param.line); });

}  // namespace
}  // namespace rnnc
