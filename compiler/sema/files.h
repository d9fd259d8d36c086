// A source file with everything it imports, and the names a file can see.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "compiler/sema/elaborate.h"

namespace rnnc::sema {

struct LoadedFile;

// A file-level name: exactly one of the three is set.
struct FileEntry {
  const dsl::Unit* unit = nullptr;
  const dsl::FunctionDecl* function = nullptr;
  const dsl::ConstantDecl* constant = nullptr;
  const LoadedFile* file = nullptr;  // where it is declared: its body sees that file's names

  const dsl::Identifier& name() const { return constant ? constant->name : function ? function->name : unit->name; }
};

// A parsed file. It sees its own names, and those declared in the files it imports (not what these import in turn);
// its own name hides an imported one. A name that several of them declare may stand there, but not be used.
struct LoadedFile {
  dsl::File ast;
  std::map<std::string, FileEntry> own;
  std::vector<const LoadedFile*> imports;

  const FileEntry* find(const std::string& name) const;
  // What else the name could mean: its declaration in a second imported file, or null.
  const FileEntry* find_other(const std::string& name) const;
  std::vector<std::string> visible_names() const;
};

// Every file of one compilation, each parsed once.
class Files {
 public:
  // Parses `file` and, through `read_import`, what it imports. Mistakes go to `diagnostics`.
  Files(dsl::SourceMap& sources, std::int32_t file, const Options& options, const ImportReader& read_import,
        dsl::Diagnostics& diagnostics);
  const LoadedFile& main() const { return *main_; }

 private:
  LoadedFile* load(std::int32_t source, const std::string& identity, int depth);
  void import(LoadedFile& into, const dsl::ImportDecl& declaration, int depth);
  void collect_names(LoadedFile& file);
  void add_name(LoadedFile& file, FileEntry entry);
  bool refuse_time(const dsl::Identifier& name);  // whether it is `t`, which is reported

  dsl::SourceMap& sources_;
  const Options& options_;
  const ImportReader& read_import_;
  dsl::Diagnostics& diagnostics_;
  std::deque<LoadedFile> files_;
  std::map<std::string, LoadedFile*> known_;  // by resolved name, and by what it is called wherever links lead
  std::set<const LoadedFile*> loading_;       // whose imports are being read
  LoadedFile* main_ = nullptr;
};

}  // namespace rnnc::sema
