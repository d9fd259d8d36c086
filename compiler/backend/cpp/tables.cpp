// The tables that describe the model to its host.
#include <charconv>

#include "compiler/backend/cpp/context.h"

namespace rnnc::cpp {

using namespace loop;

namespace {

std::string truth(bool value) { return value ? "1" : "0"; }

void emit_table(const char* name, const std::vector<TensorInfo>& tensors, Lines& out) {
  if (tensors.empty()) return;
  out.blank();
  out.open("const rnnc_tensor " + std::string(name) + "[] = {");
  for (const TensorInfo& tensor : tensors) {
    std::string extents;
    for (std::size_t i = 0; i < 3; ++i)
      extents += (i == 0 ? "" : ", ") + std::to_string(i < tensor.extents.size() ? tensor.extents[i] : 0);
    out.line("{\"" + string_literal(tensor.name) + "\", " + std::to_string(tensor.extents.size()) + ", {" + extents +
             "}, " + truth(tensor.batched) + ", " + std::to_string(tensor.axis) + ", " +
             std::to_string(tensor.index_extent) + ", " + std::to_string(tensor.lowest_index) + ", " + truth(tensor.target) + ", " + std::to_string(tensor.offset) +
             ", " + std::to_string(tensor.history) + ", " + truth(tensor.reversed) + ", " +
             std::to_string(tensor.initializer) + ", " + literal(tensor.low, Element::f64) + ", " +
             literal(tensor.high, Element::f64) + "},");
  }
  out.close("};");
}

std::string table_or_null(const char* name, const std::vector<TensorInfo>& tensors) {
  return tensors.empty() ? "nullptr" : name;
}

std::int64_t elements_of(const std::vector<TensorInfo>& parameters) {
  std::int64_t end = 0;
  for (const TensorInfo& parameter : parameters) {
    std::int64_t size = 1;
    for (std::int64_t extent : parameter.extents) size *= extent;
    end = std::max(end, parameter.offset + size);
  }
  return end;
}

std::string entry(const Context& context, EntryRole role) {
  for (FunctionId id : context.module.entries)
    if (context.module.functions[id].role == role) return context.functions[id];
  return role == EntryRole::pack ? "absent_pack" : "absent_entry";
}

}  // namespace

void emit_tables(const Context& context, Lines& out) {
  const Module& module = context.module;
  out.blank();
  out.line("// name, rank, extents, per row?, axis, index extent, target?, offset, history, reversed?, initializer and its numbers");
  emit_table("parameters", module.parameters, out);
  emit_table("inputs", module.inputs, out);
  emit_table("outputs", module.outputs, out);
  emit_table("states", module.states, out);
  if (!module.axes.empty()) {
    std::string names;
    for (const std::string& axis : module.axes) names += (names.empty() ? "\"" : ", \"") + string_literal(axis) + "\"";
    out.blank();
    out.line("const char* const axes[] = {" + names + "};");
  }
  auto count = [](const std::vector<TensorInfo>& tensors) { return std::to_string(tensors.size()); };
  out.blank();
  out.open("const rnnc_model descriptor = {");
  out.line("RNNC_ABI_VERSION, sizeof(rnnc_model), \"" + string_literal(module.name) + "\", \"" +
           string_literal(module.target.name) + "\", " + (module.element == Element::f64 ? "RNNC_F64" : "RNNC_F32") + ",");
  out.line(std::to_string(module.axes.size()) + ", " + truth(module.has_loss) + ", " + count(module.parameters) + ", " +
           count(module.inputs) + ", " + count(module.outputs) + ", " + count(module.states) + ", " +
           std::to_string(elements_of(module.parameters)) + ",  // axes, loss?, parameters … states, numbers in the parameters");
  out.line(table_or_null("parameters", module.parameters) + ", " + table_or_null("inputs", module.inputs) + ", " +
           table_or_null("outputs", module.outputs) + ", " + table_or_null("states", module.states) + ", " +
           (module.axes.empty() ? "nullptr" : "axes") + ", nullptr,");
  out.line("sizes, " + entry(context, EntryRole::pack) + ", " + entry(context, EntryRole::forward) + ", " +
           entry(context, EntryRole::forward_train) + ", " + entry(context, EntryRole::backward) + ", " +
           entry(context, EntryRole::step) + ",");
  out.close("};");
}

}  // namespace rnnc::cpp
