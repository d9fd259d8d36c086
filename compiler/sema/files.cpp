#include "compiler/sema/files.h"

#include <algorithm>
#include <filesystem>

#include "dsl/parser.h"

namespace rnnc::sema {
namespace {

constexpr int deepest_import = 100;

// Whether a path as written may lead out of the folder of the file that it stands in.
bool leaves_folder(const std::string& path) {
  const std::filesystem::path written(path);
  return written.is_absolute() || std::find(written.begin(), written.end(), "..") != written.end();
}

}  // namespace

const FileEntry* LoadedFile::find(const std::string& name) const {
  if (auto it = own.find(name); it != own.end()) return &it->second;
  for (const LoadedFile* file : imports)
    if (auto it = file->own.find(name); it != file->own.end()) return &it->second;
  return nullptr;
}

const FileEntry* LoadedFile::find_other(const std::string& name) const {
  const FileEntry* first = find(name);
  if (!first || first->file == this) return nullptr;
  for (const LoadedFile* file : imports)
    if (auto it = file->own.find(name); it != file->own.end() && &it->second != first) return &it->second;
  return nullptr;
}

std::vector<std::string> LoadedFile::visible_names() const {
  std::vector<std::string> names;
  for (const auto& [name, entry] : own) names.push_back(name);
  for (const LoadedFile* file : imports)
    for (const auto& [name, entry] : file->own) names.push_back(name);
  return names;
}

Files::Files(dsl::SourceMap& sources, std::int32_t file, const Options& options, const ImportReader& read_import,
             dsl::Diagnostics& diagnostics)
    : sources_(sources), options_(options), read_import_(read_import), diagnostics_(diagnostics) {
  main_ = load(file, "", 0);
}

LoadedFile* Files::load(std::int32_t source, const std::string& identity, int depth) {
  LoadedFile& file = files_.emplace_back();
  known_[sources_.name(source)] = &file;
  if (!identity.empty()) known_[identity] = &file;
  loading_.insert(&file);
  file.ast = dsl::parse(sources_, source, diagnostics_);
  collect_names(file);
  for (const dsl::ImportDecl& declaration : file.ast.imports) import(file, declaration, depth);
  loading_.erase(&file);
  return &file;
}

void Files::import(LoadedFile& into, const dsl::ImportDecl& declaration, int depth) {
  auto fail = [&](dsl::DiagnosticKind kind, std::string message, std::vector<std::string> help = {}) {
    diagnostics_.report({kind, std::move(message), {{declaration.span, ""}}, std::move(help)});
  };
  auto refuse = [&] {
    fail(dsl::DiagnosticKind::import_outside, "`" + declaration.path + "` leads out of this file's folder",
         {"a file imports from its own folder, folders within it, and the standard library: `import \"std/lstm.rnn\"`",
          "`--imports-anywhere` lifts this for models that you trust"});
  };
  if (!options_.imports_anywhere && leaves_folder(declaration.path)) return refuse();
  std::string from = sources_.name(into.ast.source);
  std::optional<ImportedText> text;
  if (read_import_) text = read_import_(from, declaration.path);
  if (text && text->outside) return refuse();
  if (!text) {
    bool library = declaration.path.starts_with("std/");
    fail(dsl::DiagnosticKind::import_not_found, "the file `" + declaration.path + "` cannot be read",
         {library ? "`std/` is the standard library; the manual lists its files"
                  : "the path is looked up from the folder of the importing file"});
    return;
  }
  auto it = known_.find(text->name);
  if (it == known_.end() && !text->identity.empty()) it = known_.find(text->identity);
  if (it == known_.end()) {
    if (depth >= deepest_import) {
      fail(dsl::DiagnosticKind::import_not_found, "imports are nested more than 100 files deep");
      return;
    }
    std::int32_t source = sources_.add(text->name, std::move(text->text));
    into.imports.push_back(load(source, text->identity, depth + 1));
    return;
  }
  if (loading_.contains(it->second)) {
    fail(dsl::DiagnosticKind::import_cycle,
         "`" + declaration.path + "` is already being imported: the files import each other in a circle",
         {"move what both need to a third file"});
    return;
  }
  for (const LoadedFile* already : into.imports)
    if (already == it->second) return;
  into.imports.push_back(it->second);
}

void Files::collect_names(LoadedFile& file) {
  for (const dsl::Unit& unit : file.ast.units) add_name(file, {&unit, nullptr, nullptr, &file});
  for (const dsl::FunctionDecl& function : file.ast.functions) {
    add_name(file, {nullptr, &function, nullptr, &file});
    std::map<std::string, dsl::Span> parameters;
    for (const dsl::Identifier& parameter : function.parameters) {
      if (refuse_time(parameter) || parameter.text.empty()) continue;
      const auto [it, added] = parameters.emplace(parameter.text, parameter.span);
      if (!added)
        diagnostics_.report({dsl::DiagnosticKind::duplicate_name, "`" + parameter.text + "` is a parameter twice",
                             {{parameter.span, ""}, {it->second, "first here"}}, {}});
    }
  }
  for (const dsl::ConstantDecl& constant : file.ast.constants) add_name(file, {nullptr, nullptr, &constant, &file});
}

bool Files::refuse_time(const dsl::Identifier& name) {
  if (name.text != "t") return false;
  diagnostics_.report({dsl::DiagnosticKind::reserved_name, "`t` always means the current step", {{name.span, ""}}, {}});
  return true;
}

void Files::add_name(LoadedFile& file, FileEntry entry) {
  const dsl::Identifier& name = entry.name();
  if (name.text.empty()) return;  // did not parse; already reported
  if (refuse_time(name)) return;
  auto [it, added] = file.own.emplace(name.text, entry);
  if (!added)
    diagnostics_.report({dsl::DiagnosticKind::duplicate_name,
                         "`" + name.text + "` is defined twice in this file",
                         {{name.span, "again here"}, {it->second.name().span, "first here"}},
                         {}});
}

}  // namespace rnnc::sema
