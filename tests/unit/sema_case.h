// What the tests of elaboration share: a source, what is made of it, and what is said.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compiler/ir/interpreter.h"
#include "compiler/sema/elaborate.h"

namespace rnnc::sema {

using Imports = std::map<std::string, std::string>;

struct Outcome {
  std::optional<Elaborated> elaborated;
  std::string said;  // every diagnostic, rendered
  dsl::SourceMap sources;

  const ir::Program& program() const { return elaborated->program; }
  std::string equations() const {
    std::string text = ir::to_string(program());
    std::size_t begin = text.find("equations\n"), end = text.find("results\n");
    return begin == text.npos ? "" : text.substr(begin + 10, end - begin - 10);
  }
};

inline Outcome compile(const std::string& text, const Options& options = {}, const Imports& imports = {}) {
  Outcome outcome;
  dsl::Diagnostics diagnostics;
  std::int32_t file = outcome.sources.add("m.rnn", text);
  auto read = [&](const std::string&, const std::string& path) -> std::optional<ImportedText> {
    auto it = imports.find(path);
    if (it == imports.end()) return std::nullopt;
    return ImportedText{it->first, it->second};
  };
  outcome.elaborated = elaborate(outcome.sources, file, options, read, diagnostics);
  outcome.said = dsl::render(diagnostics, outcome.sources);
  EXPECT_EQ(outcome.elaborated.has_value(), !diagnostics.has_errors()) << outcome.said;
  if (outcome.elaborated) {
    EXPECT_EQ(ir::verify(outcome.program()), "") << ir::to_string(outcome.program());
  }
  return outcome;
}

// Compiles what must be free of errors and warnings.
inline Outcome good(const std::string& text, const Options& options = {}, const Imports& imports = {}) {
  Outcome outcome = compile(text, options, imports);
  EXPECT_EQ(outcome.said, "");
  return outcome;
}

using InputValues = std::map<std::string, std::vector<double>>;

// The values of a result in a run of one row; its name, "loss" for the loss. Parameters are 1.
inline std::vector<double> result_of(const Outcome& outcome, const std::string& name, std::int64_t steps, const InputValues& inputs) {
  const ir::Program& program = outcome.program();
  ir::InterpreterRun run;
  run.steps = {steps};
  run.rows = 1;
  for (const ir::ParameterInfo& info : program.parameters)
    run.parameters.emplace_back(static_cast<std::size_t>(info.shape.size()), 1.0);
  for (const ir::InputInfo& info : program.inputs) run.inputs.push_back(inputs.at(info.name));
  std::vector<bool> wanted(program.results.size());
  std::size_t number = wanted.size();
  for (ir::ResultId r : program.results.ids())
    if (program.results[r].name == name) wanted[number = r.index()] = true;
  return ir::interpret(program, run, wanted).at(number);
}

}  // namespace rnnc::sema
