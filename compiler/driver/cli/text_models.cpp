#include "compiler/driver/cli/text_models.h"

#include <charconv>
#include <sstream>

#include "dsl/parser.h"

namespace rnnc::cli {
namespace {

constexpr const char* dimensions_key = "model.dimensions";
constexpr const char* entry_key = "model.entry";
constexpr const char* vocabulary_dimension = "V";

// The unit that will be compiled, as far as the source alone tells; null: elaboration will say what is wrong.
const dsl::Unit* entry_of(const dsl::File& file, const std::string& name) {
  const dsl::Unit *model = nullptr, *cell = nullptr;
  int models = 0, cells = 0;
  for (const dsl::Unit& unit : file.units) {
    if (!name.empty() && unit.name.text == name) return &unit;
    (unit.is_model ? model : cell) = &unit;
    ++(unit.is_model ? models : cells);
  }
  if (!name.empty()) return nullptr;
  return models == 1 ? model : models == 0 && cells == 1 ? cell : nullptr;
}

std::vector<const dsl::Expr*> losses_of(const std::vector<dsl::Member>& members) {
  std::vector<const dsl::Expr*> losses;
  for (const dsl::Member& member : members) {
    if (member.loss) losses.push_back(member.loss->value.get());
    if (!member.loop) continue;
    const std::vector<const dsl::Expr*> inside = losses_of(member.loop->body);
    losses.insert(losses.end(), inside.begin(), inside.end());
  }
  return losses;
}

}  // namespace

void bind_vocabulary(driver::Compilation& compilation, const runtime::Vocabulary& vocabulary) {
  auto& dimensions = compilation.options.sema.dimensions;
  if (dimensions.contains(vocabulary_dimension)) return;
  dsl::Diagnostics ignored;  // the passes find them again
  const dsl::File file = dsl::parse(compilation.sources, compilation.file, ignored);
  const dsl::Unit* unit = entry_of(file, compilation.options.sema.entry);
  if (unit == nullptr) return;
  for (const auto& dimension : unit->dimensions)
    if (dimension.name.text == vocabulary_dimension) dimensions[vocabulary_dimension] = vocabulary.size();
}

bool is_loss_per_character(const driver::Compilation& compilation) {
  dsl::Diagnostics ignored;  // the passes found them
  const dsl::File file = dsl::parse(compilation.sources, compilation.file, ignored);
  const dsl::Unit* unit = entry_of(file, compilation.options.sema.entry);
  if (unit == nullptr) return false;
  const auto is_call = [](const dsl::Expr& expr, const char* name, std::size_t arguments) {
    return expr.kind == dsl::ExprKind::call && expr.operands[0]->text == name && expr.operands.size() == arguments + 1;
  };
  const std::vector<const dsl::Expr*> losses = losses_of(unit->members);
  if (losses.size() != 1) return false;
  const dsl::Expr& value = is_call(*losses[0], "mean", 1) ? *losses[0]->operands[1] : *losses[0];
  return is_call(value, "cross_entropy", 2);
}

std::map<std::string, std::string> describe_source(const driver::Compilation& compilation) {
  std::string text;
  for (const auto& [name, value] : compilation.options.sema.dimensions)
    text += (text.empty() ? "" : " ") + name + "=" + std::to_string(value);
  return {{dimensions_key, text}, {entry_key, compilation.options.sema.entry}};
}

void apply_description(const std::map<std::string, std::string>& metadata, driver::Compilation& compilation) {
  sema::Options& options = compilation.options.sema;
  if (const auto entry = metadata.find(entry_key); entry != metadata.end() && options.entry.empty())
    options.entry = entry->second;
  const auto found = metadata.find(dimensions_key);
  if (found == metadata.end()) return;
  std::istringstream words(found->second);
  for (std::string word; words >> word;) {
    const std::size_t equals = word.find('=');
    std::int64_t value = 0;
    const char* const last = word.data() + word.size();
    const char* const digits = equals == std::string::npos ? last : word.data() + equals + 1;
    const auto [end, error] = std::from_chars(digits, last, value);
    if (error != std::errc() || end != last)
      throw input_failure("the checkpoint's `" + std::string(dimensions_key) + "` has `" + word + "`, not NAME=N");
    options.dimensions.emplace(word.substr(0, equals), value);
  }
}

}  // namespace rnnc::cli
