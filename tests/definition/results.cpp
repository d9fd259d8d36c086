// What a run writes, by the definition.
#include <cstring>

#include "dsl/parser.h"
#include "tests/definition/definition.h"

namespace rnnc::testing::definition {

namespace {

void put(Bytes& bytes, std::int64_t position, const Value& value) {
  std::memcpy(bytes.data() + position * static_cast<std::int64_t>(sizeof(double)), value.entries.data(),
              value.entries.size() * sizeof(double));
}

Bytes* find(Written& written, const std::string& name) {
  for (Array& array : written.arrays)
    if (array.name == "forward " + name) return &array.bytes;
  return nullptr;
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
  std::vector<Value> values;
  Meaning* m = by_path(state.name);
  if (!m || m->scope->path + m->name != state.name || (m->is_given() && (m->scope->outer || is_fed(*m)))) return values;
  const int axis = like(*m).axis;
  const std::int64_t steps = length(axis, row);
  for (std::int64_t k = 0; k < state.history; ++k) {
    const std::int64_t step = state.reversed ? state.history - 1 - k : steps - state.history + k;
    const bool outside = step < 0 || step >= steps;
    values.push_back(outside ? beyond_the_ends(*m, row) : read(*m, seen_from(top_, *m->scope, {row, step}, axis), true));
  }
  return values;
}

Written as_defined(Definition& definition, const Run& run, Written written) {
  const rnnc_model& model = run.model;
  const std::int64_t rows = run.shape.rows;
  for (int i = 0; i < model.output_count; ++i) {
    const rnnc_tensor& output = model.outputs[i];
    Bytes* bytes = find(written, output.name);
    if (!bytes) continue;
    const std::int64_t batch = output.batched ? rows : 1;
    for (std::int64_t row = 0; row < batch; ++row)
      for (std::int64_t step = 0; step < (output.axis < 0 ? 1 : definition.length(output.axis, row)); ++step) {
        const Value value = definition.output(output.name, {row, step});
        put(*bytes, (step * batch + row) * size_of(value.shape), value);
      }
  }
  for (int i = 0; i < model.state_count; ++i)
    for (std::int64_t row = 0; row < rows; ++row) {
      Bytes* bytes = find(written, std::string(model.states[i].name) + ".final");
      const std::vector<Value> values = definition.final_values(model.states[i], row);
      for (std::size_t k = 0; bytes && k < values.size(); ++k)
        put(*bytes, (static_cast<std::int64_t>(k) * rows + row) * size_of(values[k].shape), values[k]);
    }
  if (Bytes* loss = find(written, "loss")) put(*loss, 0, number(definition.loss()));
  return written;
}

}  // namespace rnnc::testing::definition
