// rnnc fmt
#include <iostream>

#include "compiler/base/bug.h"
#include "compiler/driver/cli/commands.h"
#include "compiler/driver/cli/session.h"
#include "dsl/ast_printer.h"
#include "dsl/format.h"
#include "dsl/parser.h"
#include "runtime/file.h"

namespace rnnc::cli {
namespace {

// The canonical layout of what is compiled; nothing, and the errors in `report`, if it does not parse.
std::optional<std::string> formatted(driver::Compilation& compilation, DiagnosticsReport& report) {
  const dsl::File before = dsl::parse(compilation.sources, compilation.file, compilation.diagnostics);
  report.add(compilation.diagnostics, compilation.sources);
  if (compilation.diagnostics.has_errors()) return std::nullopt;
  std::string text = dsl::format(compilation.sources, compilation.file);
  const std::int32_t again = compilation.sources.add("formatted", text);
  const dsl::File after = dsl::parse(compilation.sources, again, compilation.diagnostics);
  check(dsl::to_string(before) == dsl::to_string(after) && before.comments.size() == after.comments.size(),
        "formatting would change what `" + compilation.sources.name(compilation.file) + "` says");
  return text;
}

}  // namespace

ExitCode run(const FormatArguments& a) {
  DiagnosticsReport report(DiagnosticsFormat::text);
  bool all_canonical = true;
  for (const std::string& path : a.paths) {
    driver::Compilation compilation;
    std::string error;
    if (!add_source(compilation, path, error)) {
      report.add_failure(path, "cannot be read: " + error);
      continue;
    }
    const std::optional<std::string> text = formatted(compilation, report);
    if (!text) continue;
    const bool canonical = *text == compilation.sources.text(compilation.file);
    if (a.check) {
      if (!canonical) print(compilation.sources.name(compilation.file) + "\n");
      all_canonical = all_canonical && canonical;
    } else if (path == "-") {
      print(*text);
    } else if (!canonical) {
      const runtime::Status status = runtime::write_file(path, *text);
      if (!status) report.add_failure(path, status.message());
    }
  }
  std::cerr << report.text() << std::flush;
  return report.has_errors() || !all_canonical ? ExitCode::input : ExitCode::success;
}

}  // namespace rnnc::cli
