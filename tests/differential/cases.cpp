#include "tests/differential/cases.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <stdexcept>

#include "compiler/driver/files.h"
#include "dsl/parser.h"

namespace rnnc::testing {

namespace {

// A file stands for its models, or for its cells if it has none. Dimensions that have no default, or one of eight and
// more, are widths: they get `widths` in turn; smaller defaults count layers, rounds and lags, and stay.
void add_cases(std::vector<Case>& cases, const std::string& file, const std::vector<std::int64_t>& widths) {
  std::string error;
  std::optional<std::string> text = driver::read_text(std::string(RNNC_SOURCE_DIR) + "/" + file, error);
  if (!text) throw std::runtime_error(file + ": " + error);
  dsl::SourceMap sources;
  dsl::Diagnostics diagnostics;
  dsl::File ast = dsl::parse(sources, sources.add(file, *text), diagnostics);
  bool has_model = std::any_of(ast.units.begin(), ast.units.end(), [](const dsl::Unit& unit) { return unit.is_model; });
  for (const dsl::Unit& unit : ast.units) {
    if (has_model && !unit.is_model) continue;
    Case c{file, unit.name.text, {}};
    std::size_t next = 0;
    for (const dsl::Dimension& dimension : unit.dimensions) {
      const dsl::Expr* value = dimension.fallback.get();
      if (value && value->kind == dsl::ExprKind::number && value->number < 8) continue;
      c.dimensions[dimension.name.text] = widths[next++ % widths.size()];
    }
    cases.push_back(std::move(c));
  }
}

const std::vector<std::string> examples{"examples", "examples/cells"};

std::vector<std::string> files_of(const std::vector<std::string>& folders) {
  std::vector<std::string> files;
  for (const std::string& folder : folders)
    for (const auto& entry : std::filesystem::directory_iterator(std::string(RNNC_SOURCE_DIR) + "/" + folder))
      if (entry.path().extension() == ".rnn") files.push_back(folder + "/" + entry.path().filename().string());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::vector<Case> cases_of(const std::vector<std::string>& folders, const std::vector<std::int64_t>& widths) {
  std::vector<Case> all;
  for (const std::string& file : files_of(folders)) add_cases(all, file, widths);
  return all;
}

std::vector<Case> odd_cases() { return cases_of(examples, {3, 9, 5}); }

std::vector<Case> single_unit_cases() {
  std::vector<Case> all;
  for (const std::string& file : files_of(examples)) {
    bool normalises = file == "examples/cells/layer_norm_lstm.rnn";
    add_cases(all, file, normalises ? std::vector<std::int64_t>{4, 2} : std::vector<std::int64_t>{4, 1, 2});
  }
  return all;
}

void PrintTo(const Case& c, std::ostream* out) {
  *out << c.file << " --entry " << c.entry;
  for (const auto& [name, value] : c.dimensions) *out << " -D " << name << "=" << value;
}

std::string name_of_case(const ::testing::TestParamInfo<Case>& info) {
  std::string name = info.param.entry;
  for (const auto& [dimension, value] : info.param.dimensions) name += "_" + dimension + std::to_string(value);
  return name;
}

}  // namespace rnnc::testing
