// The examples, the cells of the standard library and the models of other tests by the manual's definitions.
#include <gtest/gtest.h>

#include "compiler/driver/files.h"
#include "tests/definition/definition.h"
#include "tests/differential/build.h"
#include "tests/random/agreement.h"

namespace rnnc {
namespace {

using testing::Case;
using testing::Given;
using testing::RunShape;
namespace definition = testing::definition;

std::unique_ptr<definition::Source> read(const Case& c, dsl::SourceMap& sources) {
  std::string error;
  const std::string path = std::string(RNNC_SOURCE_DIR) + "/" + c.file;
  const std::optional<std::string> text = driver::read_text(path, error);
  const sema::ImportReader read = driver::with_standard_library(driver::file_imports());
  const auto read_import = [&](const std::string& from, const std::string& import) {
    const std::optional<sema::ImportedText> imported = read(from, import);
    return imported ? std::optional(std::pair(imported->name, imported->text)) : std::nullopt;
  };
  return definition::read_source(sources, sources.add(path, text.value_or("")), read_import);
}

bool can_feed_itself(const dsl::Unit& unit) {
  for (const dsl::Member& member : unit.members)
    if (member.declaration && member.declaration->kind == dsl::DeclarationKind::input)
      for (const auto& item : member.declaration->items)
        if (item.initial) return true;
  return false;
}

// Compares what the interpreter writes for every small shape. False: something that the definition does not say.
bool compare(const Case& c, const definition::Source& source) {
  const auto built = testing::build(c, driver::BackendKind::interp, loop::Element::f64);
  if (!built) return false;
  const rnnc_model& model = built->model();
  for (const RunShape& shape : testing::small_shapes()) {
    const Given given = testing::random_given(model, shape, 7, 0.7);
    const definition::Run run{model, shape, given, c.feed == sema::Feed::own};
    const testing::Agreement agreement(built->compilation.program, loop::Element::f64, shape, given,
                                       {.give_states = false, .backward = false});
    std::map<std::string, int> left_out;
    try {
      definition::Definition defined(source, c.entry, c.dimensions, run);
      EXPECT_EQ(agreement.difference(definition::as_defined(defined, run, agreement.base()), left_out, 0x1p-44), "");
    } catch (const definition::Unsaid& unsaid) {
      EXPECT_STREQ(unsaid.what(), "random draws");
      return false;
    }
    EXPECT_TRUE(left_out.empty()) << left_out.begin()->first;
  }
  return true;
}

class ByDefinition : public ::testing::TestWithParam<Case> {};

TEST_P(ByDefinition, ResultsAreTheSame) {
  dsl::SourceMap sources;
  Case c = GetParam();
  const auto source = read(c, sources);
  bool said = compare(c, *source);
  c.feed = sema::Feed::own;
  if (can_feed_itself(*source->units.at(c.entry).first)) said = compare(c, *source) || said;
  if (!said && !HasFailure()) GTEST_SKIP() << "it draws random numbers";
}

INSTANTIATE_TEST_SUITE_P(, ByDefinition,
                         ::testing::ValuesIn(testing::cases_of({"examples", "examples/cells", "tests/models"}, {3, 9, 5})),
                         testing::name_of_case);

}  // namespace
}  // namespace rnnc
