// Checking a file without compiling it.
#include <algorithm>
#include <set>

#include "compiler/sema/elaborator.h"

namespace rnnc::sema {
namespace {

using Kind = dsl::DiagnosticKind;
using Names = std::set<std::string>;

// The names that are called anywhere inside.
void collect_called(const dsl::ExprPtr& expr, Names& called) {
  if (!expr) return;
  if (expr->kind == dsl::ExprKind::call && expr->operands[0] && expr->operands[0]->kind == dsl::ExprKind::name)
    called.insert(expr->operands[0]->text);
  for (const dsl::ExprPtr& operand : expr->operands) collect_called(operand, called);
}

void collect_called(const std::vector<dsl::Member>& members, Names& called) {
  for (const dsl::Member& member : members) {
    if (member.equation) collect_called(member.equation->value, called);
    if (member.output)
      for (const dsl::OutputDecl::Item& item : member.output->items) collect_called(item.value, called);
    if (member.loop) collect_called(member.loop->body, called);
  }
}

// Every model, and every cell that nothing else in the file calls.
std::vector<const FileEntry*> entries(const LoadedFile& file) {
  std::map<std::string, std::set<const dsl::Unit*>> callers;
  for (const dsl::Unit& unit : file.ast.units) {
    Names called;
    collect_called(unit.members, called);
    for (const std::string& name : called) callers[name].insert(&unit);
  }
  std::vector<const FileEntry*> found;
  for (const dsl::Unit& unit : file.ast.units) {
    auto it = file.own.find(unit.name.text);
    if (it == file.own.end() || it->second.unit != &unit) continue;
    const std::set<const dsl::Unit*>& by = callers[unit.name.text];
    const bool called_by_another = by.size() > by.count(&unit);
    if (unit.is_model || !called_by_another) found.push_back(&it->second);
  }
  return found;
}

bool has_dimension(const dsl::Unit& unit, const std::string& name) {
  return std::any_of(unit.dimensions.begin(), unit.dimensions.end(),
                     [&](const dsl::Dimension& dimension) { return dimension.name.text == name; });
}

void report_unused(const std::map<std::string, std::int64_t>& unused, dsl::Diagnostics& diagnostics) {
  for (const auto& [name, value] : unused) {
    const std::string option = "-D " + name + "=" + std::to_string(value);
    diagnostics.report(
        {Kind::unknown_dimension, "nothing in the file has a dimension `" + name + "` for " + option, {}, {}});
  }
}

}  // namespace

void check_file(dsl::SourceMap& sources, std::int32_t file, const Options& options, const ImportReader& read_import,
                dsl::Diagnostics& diagnostics) {
  Options chosen = options;
  chosen.stand_ins = true;
  if (!options.entry.empty()) {
    elaborate(sources, file, chosen, read_import, diagnostics);
    return;
  }
  Files files(sources, file, options, read_import, diagnostics);
  if (diagnostics.has_errors()) return;
  std::map<std::string, std::int64_t> unused = options.dimensions;
  for (const FileEntry* entry : entries(files.main())) {
    chosen.dimensions.clear();
    for (const auto& [name, value] : options.dimensions) {
      if (!has_dimension(*entry->unit, name)) continue;
      chosen.dimensions[name] = value;
      unused.erase(name);
    }
    elaborate(sources, *entry, chosen, diagnostics);
  }
  report_unused(unused, diagnostics);
}

}  // namespace rnnc::sema
