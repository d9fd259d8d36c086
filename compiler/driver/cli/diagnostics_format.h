// Diagnostics as text for people or JSON for editors.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "dsl/diagnostics.h"

namespace rnnc::cli {

enum class DiagnosticsFormat : std::uint8_t { text, json };

// Collects what one command has to say about any number of sources, in order, each thing once: a mistake in an imported
// file is found from every file that imports it.
//
// As text: what dsl::render gives. As JSON, one object:
//   {"version": 1, "diagnostics": [
//     {"file": "m.rnn",                      or null: nowhere in particular
//      "range": {"start": {"line": 4, "column": 12, "offset": 61}, "end": {…}},     or null
//      "severity": "error",                  or "warning"
//      "code": "E0103",                      or null: a failure that is no mistake in a source
//      "message": "…",
//      "labels": [{"file": …, "range": …, "message": ""}, …],      the first is the place itself
//      "help": ["…", …]}, …]}
// Lines and columns count from 1, columns in characters (Unicode code points); offsets count bytes from 0. Ranges do not
// include their end.
class DiagnosticsReport {
 public:
  explicit DiagnosticsReport(DiagnosticsFormat format) : format_(format) {}
  void add(const dsl::Diagnostics& diagnostics, const dsl::SourceMap& sources);
  // What went wrong without a place in a source: one line, without a prefix. `file` may be "".
  void add_failure(const std::string& file, const std::string& message);
  bool has_errors() const { return has_errors_; }
  std::string text() const;

 private:
  void add(const std::string& entry);
  DiagnosticsFormat format_;
  bool has_errors_ = false;
  std::set<std::string> known_;
  std::string entries_;
};

}  // namespace rnnc::cli
