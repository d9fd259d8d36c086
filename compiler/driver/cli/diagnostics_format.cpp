#include "compiler/driver/cli/diagnostics_format.h"

#include <nlohmann/json.hpp>

#include "dsl/unicode.h"

namespace rnnc::cli {
namespace {

using Json = nlohmann::ordered_json;

Json position_json(const dsl::SourceMap& sources, std::int32_t file, std::uint32_t offset) {
  const dsl::Position position = sources.position(file, offset);
  return {{"line", position.line}, {"column", position.column}, {"offset", offset}};
}

// The members "file" and "range" of a place.
Json place_json(const dsl::Span& span, const dsl::SourceMap& sources) {
  Json json;
  json["file"] = nullptr;
  json["range"] = nullptr;
  if (!span.known()) return json;
  json["file"] = sources.name(span.file);
  json["range"]["start"] = position_json(sources, span.file, span.begin);
  json["range"]["end"] = position_json(sources, span.file, span.end);
  return json;
}

std::string_view severity_name(dsl::Severity severity) {
  switch (severity) {
    case dsl::Severity::error: return "error";
    case dsl::Severity::warning: return "warning";
  }
  return "";
}

Json as_json(const dsl::Diagnostic& diagnostic, const dsl::SourceMap& sources) {
  Json json = place_json(diagnostic.labels.empty() ? dsl::Span{} : diagnostic.labels.front().span, sources);
  json["severity"] = severity_name(dsl::severity(diagnostic.kind));
  json["code"] = dsl::code(diagnostic.kind);
  json["message"] = diagnostic.message;
  json["labels"] = Json::array();
  for (const dsl::Label& label : diagnostic.labels) {
    Json place = place_json(label.span, sources);
    place["message"] = label.text;
    json["labels"].push_back(std::move(place));
  }
  json["help"] = diagnostic.help;
  return json;
}

std::string dumped(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

void DiagnosticsReport::add(const std::string& entry) {
  if (!known_.insert(entry).second) return;
  if (!entries_.empty()) entries_ += format_ == DiagnosticsFormat::json ? ",\n" : "\n";
  entries_ += entry;
}

void DiagnosticsReport::add(const dsl::Diagnostics& diagnostics, const dsl::SourceMap& sources) {
  has_errors_ = has_errors_ || diagnostics.has_errors();
  for (const dsl::Diagnostic& diagnostic : diagnostics.all())
    add(format_ == DiagnosticsFormat::json ? dumped(as_json(diagnostic, sources)) : dsl::render(diagnostic, sources));
}

void DiagnosticsReport::add_failure(const std::string& file, const std::string& message) {
  has_errors_ = true;
  if (format_ == DiagnosticsFormat::text)
    return add(dsl::printable((file.empty() ? "rnnc" : file) + ": error: " + message) + "\n");
  Json json;
  json["file"] = file.empty() ? Json(nullptr) : Json(file);
  json["range"] = nullptr;
  json["severity"] = severity_name(dsl::Severity::error);
  json["code"] = nullptr;
  json["message"] = message;
  json["labels"] = Json::array();
  json["help"] = Json::array();
  add(dumped(json));
}

std::string DiagnosticsReport::text() const {
  if (format_ == DiagnosticsFormat::text) return entries_;
  return "{\"version\": 1, \"diagnostics\": [" + (entries_.empty() ? "" : "\n" + entries_ + "\n") + "]}\n";
}

}  // namespace rnnc::cli
