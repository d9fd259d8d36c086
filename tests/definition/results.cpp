// What a run writes, by the definition.
#include <cstring>

#include "dsl/parser.h"
#include "tests/definition/definition.h"

namespace rnnc::testing::definition {

namespace {

// At a place counted in values.
void put(Bytes& bytes, std::int64_t place, const rnnc_tensor& tensor, const Value& value) {
  const Shape extents(tensor.extents, tensor.extents + tensor.rank);
  if (value.shape != extents) throw Unlike(std::string(tensor.name) + " has another shape");
  const std::size_t size = value.entries.size() * sizeof(double);
  std::memcpy(bytes.data() + static_cast<std::size_t>(place) * size, value.entries.data(), size);
}

void check_varies(const rnnc_tensor& output, const Value& value) {
  const bool same = value.varies == Varies::by_step   ? output.axis >= 0
                    : value.varies == Varies::per_row ? output.axis < 0 && output.batched
                                                      : output.axis < 0 && !output.batched;
  if (!same) throw Unlike(std::string(output.name) + " varies otherwise");
}

Bytes& find(Written& written, const std::string& name) {
  for (Array& array : written.arrays)
    if (array.name == "forward " + name) return array.bytes;
  throw Unlike("nothing is written of " + name);
}

void declare(Source& source, const Source& from, bool only_missing) {
  const auto add = [&](auto& table, const auto& declarations) {
    for (const auto& declaration : declarations)
      if (!only_missing || !table.contains(declaration.name.text)) table[declaration.name.text] = {&declaration, &from};
  };
  add(source.units, from.ast.units);
  add(source.functions, from.ast.functions);
  add(source.constants, from.ast.constants);
}

}  // namespace

std::unique_ptr<Source> read_source(dsl::SourceMap& sources, std::int32_t file, const ImportReader& read_import) {
  auto source = std::make_unique<Source>();
  dsl::Diagnostics diagnostics;
  source->ast = dsl::parse(sources, file, diagnostics);
  declare(*source, *source, false);
  const std::string from(sources.name(file));
  for (const dsl::ImportDecl& import : source->ast.imports) {
    const auto text = read_import ? read_import(from, import.path) : std::nullopt;
    if (!text) throw Unsaid("an import");
    source->imports.push_back(read_source(sources, sources.add(text->first, text->second), read_import));
    declare(*source, *source->imports.back(), true);
  }
  return source;
}

Value Definition::output(const std::string& name, Moment at) {
  Meaning& meaning = top_.meanings.at(name);
  return expanded(read(meaning, at, false), like(meaning).shape);
}

std::vector<Value> Definition::final_values(const rnnc_tensor& state, std::int64_t row) {
  constexpr std::string_view mark = ".given";  // what the caller passes for a fed input
  std::string path = state.name;
  const bool as_given = path.ends_with(mark);
  if (as_given) path.resize(path.size() - mark.size());
  std::vector<Value> values;
  Meaning* m = by_path(path);
  if (!m || m->scope->path + m->name != path) return values;
  const int axis = like(*m).axis;
  const std::int64_t steps = length(axis, row);
  for (std::int64_t k = 0; k < state.history; ++k) {
    const std::int64_t step = state.reversed ? state.history - 1 - k : steps - state.history + k;
    const bool outside = step < 0 || step >= steps;
    values.push_back(outside ? beyond_the_ends(*m, row) : read(*m, seen_from(top_, *m->scope, {row, step}, axis), as_given));
  }
  return values;
}

Written as_defined(Definition& definition, const Run& run, Written written) {
  const rnnc_model& model = run.model;
  const std::int64_t rows = run.shape.rows;
  for (int i = 0; i < model.output_count; ++i) {
    const rnnc_tensor& output = model.outputs[i];
    Bytes& bytes = find(written, output.name);
    const std::int64_t batch = output.batched ? rows : 1;
    for (std::int64_t row = 0; row < batch; ++row)
      for (std::int64_t step = 0; step < (output.axis < 0 ? 1 : definition.length(output.axis, row)); ++step) {
        const Value value = definition.output(output.name, {row, step});
        check_varies(output, value);
        put(bytes, step * batch + row, output, value);
      }
  }
  for (int i = 0; i < model.state_count; ++i)
    for (std::int64_t row = 0; row < rows; ++row) {
      Bytes& bytes = find(written, std::string(model.states[i].name) + ".final");
      const std::vector<Value> values = definition.final_values(model.states[i], row);
      for (std::size_t k = 0; k < values.size(); ++k)
        put(bytes, static_cast<std::int64_t>(k) * rows + row, model.states[i], values[k]);
    }
  if (model.has_loss == 0) return written;
  const double loss = definition.loss();
  std::memcpy(find(written, "loss").data(), &loss, sizeof loss);
  return written;
}

}  // namespace rnnc::testing::definition
