// rnnc MODEL.rnn -o OUT.cpp, --emit, --dump-after, --time-passes
#include <cstdio>
#include <filesystem>
#include <iostream>

#include "compiler/backend/cpp/emit.h"
#include "compiler/base/bug.h"
#include "compiler/driver/cli/commands.h"
#include "compiler/driver/cli/session.h"
#include "compiler/driver/cli/stages.h"
#include "dsl/unicode.h"
#include "runtime/file.h"

namespace rnnc::cli {
namespace {

void write_text(const std::string& path, const std::string& text) {
  if (path.empty() || path == "-") return print(text);
  require(runtime::write_file(path, text));
}

// The header's name is not asked for: what stands there must be an older one.
void check_header(const std::string& header) {
  std::error_code ignored;
  if (!std::filesystem::exists(header, ignored)) return;
  const auto text = runtime::read_file(header);
  if (!text || !text->starts_with(backend::made_by))
    throw input_failure("`" + header + "` would be replaced, and was not made by rnnc");
}

// Both files or neither, as far as a write may end the process or fail.
void write_pair(const std::string& path, const backend::EmittedCpp& emitted, const std::string& header_name) {
  const std::string header = (std::filesystem::path(path).parent_path() / header_name).string();
  check_header(header);
  const runtime::TextFile pair[] = {{header, emitted.header}, {path, emitted.source}};
  require(runtime::write_files(pair));
}

void emit(const CompileArguments& a, const driver::Compilation& compilation) {
  const bool cpp = a.emit.empty() || a.emit == "cpp";
  // A stream has no place for a second file beside it.
  if (cpp && !a.output.empty() && a.output != "-" && !runtime::is_stream(a.output)) {
    const std::string header = header_name_for(a.output);
    if (dsl::printable(header) != header || header.find_first_of("\"\\") != std::string::npos)
      throw input_failure("cannot write `" + a.output + "`: no #include can name its header");
    return write_pair(a.output, backend::emit_cpp(compilation.module, header), header);
  }
  write_text(a.output, find_stage(a.emit.empty() ? "cpp" : a.emit)->text(compilation));
}

void print_times(const driver::Compilation& compilation) {
  double total = 0;
  char line[128];
  for (const auto& [pass, milliseconds] : compilation.times) {
    std::snprintf(line, sizeof line, "%9.2f ms  %.*s\n", milliseconds, static_cast<int>(pass.size()), pass.data());
    std::cerr << line;
    total += milliseconds;
  }
  std::snprintf(line, sizeof line, "%9.2f ms  in all\n", total);
  std::cerr << line << std::flush;
}

ExitCode compile(const CompileArguments& a, DiagnosticsReport& report) {
  if (!a.output.empty() && a.output != "-") check_output(a.output, {a.source.path});
  const bool makes_code = a.emit.empty() && !a.output.empty();
  const Stage* stage = makes_code ? find_stage("cpp") : a.emit.empty() ? nullptr : find_stage(a.emit);
  driver::Compilation compilation =
      open_source(a.source, a.gradient && (stage == nullptr || stage->gradient || !a.dump_after.empty()));
  compilation.options.name = a.name;
  driver::RunOptions options;
  if (stage != nullptr && a.dump_after.empty()) options.last = stage->last_pass;
  options.after = [&](const driver::Pass& pass, const driver::Compilation& c) {
    if (a.dump_after == "all" || a.dump_after == pass.name)
      print("# after " + std::string(pass.name) + "\n" + driver::dump(pass, c) + "\n");
  };
  {
    const Waiting waiting("compiling");
    const bool sound = driver::run(compilation, options);
    report.add(compilation.diagnostics, compilation.sources);
    if (!sound) return ExitCode::input;
  }
  if (!a.output.empty() && a.output != "-") check_output(a.output, compilation.sources);
  if (a.time_passes) print_times(compilation);
  if (stage != nullptr) emit(a, compilation);
  return ExitCode::success;
}

// A failure's message without what the text form puts around it.
std::string bare(std::string message) {
  const std::string prefix = "rnnc: error: ";
  if (message.starts_with(prefix)) message.erase(0, prefix.size());
  while (message.ends_with('\n')) message.pop_back();
  return message;
}

}  // namespace

ExitCode run(const CompileArguments& a) {
  DiagnosticsReport report(a.format);
  const auto show = [&] { std::cerr << report.text() << std::flush; };
  try {
    const ExitCode code = compile(a, report);
    show();
    return code;
  } catch (const Failure& failure) {
    if (a.format == DiagnosticsFormat::json) report.add_failure("", bare(failure.message));
    show();
    throw Failure{failure.code, a.format == DiagnosticsFormat::json ? "" : failure.message};
  } catch (const Unsupported& unsupported) {
    report.add_failure("", unsupported.what());
    show();
    return ExitCode::input;
  }
}

}  // namespace rnnc::cli
