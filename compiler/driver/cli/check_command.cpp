// rnnc check
#include "compiler/driver/cli/commands.h"
#include "compiler/driver/cli/session.h"

namespace rnnc::cli {

ExitCode run(const CheckArguments& a) {
  DiagnosticsReport report(a.format);
  for (const std::string& path : a.paths) {
    driver::Compilation compilation;
    compilation.options.sema.imports_anywhere = a.sema.imports_anywhere;
    for (dsl::DiagnosticKind warning : a.silenced) compilation.diagnostics.silence(warning);
    std::string error;
    if (!add_source(compilation, path, error)) {
      report.add_failure(path, "cannot be read: " + error);
      continue;
    }
    sema::check_file(compilation.sources, compilation.file, a.sema, compilation.read_import, compilation.diagnostics);
    report.add(compilation.diagnostics, compilation.sources);
  }
  print(report.text());
  return report.has_errors() ? ExitCode::input : ExitCode::success;
}

}  // namespace rnnc::cli
