// The entry, and the repetition of runs until what they find out about each other no longer changes.
#include "compiler/sema/elaborate.h"

#include <algorithm>

#include "compiler/base/bug.h"
#include "compiler/sema/elaborator.h"

namespace rnnc::sema {
namespace {

using Kind = dsl::DiagnosticKind;
constexpr int most_idle_runs = 12;

// The only model of the file; else the only cell declared in it; else the one named.
const FileEntry* choose_entry(const LoadedFile& file, const Options& options, dsl::Diagnostics& diagnostics) {
  std::vector<const FileEntry*> models, cells;
  for (const dsl::Unit& unit : file.ast.units) {
    auto it = file.own.find(unit.name.text);
    if (it == file.own.end() || it->second.unit != &unit) continue;
    (unit.is_model ? models : cells).push_back(&it->second);
  }
  std::vector<std::string> names;
  std::string all;
  for (const auto& list : {models, cells})
    for (const FileEntry* entry : list) {
      names.push_back(entry->unit->name.text);
      all += (all.empty() ? "`" : ", `") + names.back() + "`";
    }
  if (!options.entry.empty()) {
    for (const auto& list : {models, cells})
      for (const FileEntry* entry : list)
        if (entry->unit->name.text == options.entry) return entry;
    std::vector<std::string> help;
    if (std::string near = dsl::nearest(options.entry, names); !near.empty())
      help.push_back("did you mean `" + near + "`?");
    if (!all.empty()) help.push_back("the file declares " + all);
    diagnostics.report({Kind::unknown_entry, "the file has no model or cell `" + options.entry + "`", {}, help});
    return nullptr;
  }
  if (models.size() == 1) return models[0];
  if (models.empty() && cells.size() == 1) return cells[0];
  if (models.empty() && cells.empty()) {
    diagnostics.report({Kind::no_model, "there is nothing to compile: the file declares no model and no cell", {}, {}});
    return nullptr;
  }
  std::vector<dsl::Label> labels;
  for (const FileEntry* entry : models.empty() ? cells : models) labels.push_back({entry->unit->name.span, ""});
  diagnostics.report({Kind::several_models,
                      models.empty() ? "the file has several cells and no model" : "the file has several models",
                      labels,
                      {"choose one with --entry: " + all}});
  return nullptr;
}

bool is_unbound(const dsl::Diagnostic& diagnostic) { return diagnostic.kind == Kind::unbound_dimension; }

bool is_among(const dsl::Diagnostic& diagnostic, const dsl::Diagnostics& others) {
  return std::any_of(others.all().begin(), others.all().end(), [&](const dsl::Diagnostic& other) {
    return other.kind == diagnostic.kind && other.message == diagnostic.message;
  });
}

std::ptrdiff_t known_sequences(const Facts& facts) {
  return std::count_if(facts.sequences.begin(), facts.sequences.end(),
                       [](const auto& sequence) { return sequence.second.has_value(); });
}

}  // namespace

Elaborator::Elaborator(const dsl::SourceMap& sources, const Options& options, const Facts& facts, Attempt attempt,
                       dsl::Diagnostics& diagnostics)
    : sources_(sources), options_(options), known_(facts), attempt_(attempt), diagnostics_(diagnostics) {}

void Elaborator::run(const FileEntry& entry) {
  program.name = entry.unit->name.text;
  Scope& scope = scopes_.emplace_back();
  scope.unit = entry.unit;
  scope.file = entry.file;
  std::vector<std::string> axes;
  for (const dsl::Member& member : entry.unit->members)
    if (member.declaration && member.declaration->axis) {
      const std::string& name = member.declaration->axis->text;
      if (std::find(axes.begin(), axes.end(), name) == axes.end()) axes.push_back(name);
    }
  single_axis_ = axes.size() <= 1;
  if (axes.size() == 1) axis_name_ = axes[0];
  if (!single_axis_)
    for (const std::string& name : axes) scope.axes[name] = program.axes.add({name});
  // What is known to vary by step may be all that says there are steps.
  else if (known_sequences(known_) > 0)
    axis_of(scope, entry.unit->name.span);
  if (!bind_entry_dimensions(scope)) {
    lost_result_ = true;
    return;
  }
  add_members(scope);
  process(scope);
  add_results(scope);
  check_causality();
  collect_facts();
  if (diagnostics_.has_errors() || met_unknown_) return;
  check_ignored_targets();
  warn_unused();
  warn_shadowed(*entry.file);
}

namespace {

bool has_fed_input(const dsl::Unit& unit) {
  for (const dsl::Member& member : unit.members)
    if (member.declaration && member.declaration->kind == dsl::DeclarationKind::input)
      for (const dsl::Declaration::Item& item : member.declaration->items)
        if (item.initial) return true;
  return false;
}

// Runs until nothing new is found. Every second run in which shapes are missing is an eager one. A mistake that one run
// reports can keep a shape from the next: it is the mistake that is told then, not that a shape was not found. Where
// dimensions are missing, what a guess leads to is no mistake of the source.
std::optional<Elaborated> settle(const dsl::SourceMap& sources, const FileEntry& entry, const Options& options,
                                 dsl::Diagnostics& diagnostics) {
  Facts facts;
  Attempt attempt;
  std::ptrdiff_t most_known = 0;
  std::optional<dsl::Diagnostics> mistakes;
  bool guessed = false;
  for (int idle = 0;; ++idle) {
    dsl::Diagnostics found;
    Elaborator elaborator(sources, options, facts, attempt, found);
    elaborator.run(entry);
    guessed |= attempt.guesses;
    if (found.has_errors() && !guessed && (!mistakes || found.all().size() >= mistakes->all().size())) mistakes = found;
    if (elaborator.facts != facts && idle < most_idle_runs) {
      facts = std::move(elaborator.facts);
      const std::ptrdiff_t sequences = known_sequences(facts);
      const auto known = sequences + static_cast<std::ptrdiff_t>(facts.instance_dimensions.size() + facts.instance_axes.size());
      if (known > most_known) idle = 0;
      most_known = std::max(most_known, known);
      const bool missing = sequences < static_cast<std::ptrdiff_t>(facts.sequences.size());
      attempt = {.eager = missing && !attempt.eager};
      continue;
    }
    // What is handed on was found in the order of the source, and guesses come last.
    if (attempt.eager) {
      attempt = {};
      continue;
    }
    if (elaborator.met_unknown() && !attempt.guesses) {
      attempt = {.guesses = true};
      continue;
    }
    if (elaborator.met_unknown() && !found.has_errors() && mistakes) found = *mistakes;
    const bool unsettled = elaborator.met_unknown() || elaborator.facts != facts;
    if (unsettled && !found.has_errors()) elaborator.report_unknown_shapes();
    const bool unbound = attempt.guesses && std::any_of(found.all().begin(), found.all().end(), is_unbound);
    for (const dsl::Diagnostic& diagnostic : found.all())
      if (!unbound || is_unbound(diagnostic) || (mistakes && is_among(diagnostic, *mistakes))) diagnostics.report(diagnostic);
    if (found.has_errors()) return std::nullopt;
    check(!elaborator.lost_result(), "an output or a loss is lost, and no mistake was told");
    for (const ir::Equation& equation : elaborator.program.equations)
      check(equation.value.valid(), "equation `" + equation.name + "` was left undefined");
    return Elaborated{std::move(elaborator.program), std::move(elaborator.origins)};
  }
}

}  // namespace

// A model with fed inputs is elaborated in full first, so that mistakes and warnings do not depend on what it is fed with.
std::optional<Elaborated> elaborate(const dsl::SourceMap& sources, const FileEntry& entry, const Options& options,
                                    dsl::Diagnostics& diagnostics) {
  const bool fed = has_fed_input(*entry.unit);
  if (!fed && options.feed != Feed::given) {
    diagnostics.report({Kind::nothing_fed, "`" + entry.unit->name.text + "` has no input that says what it is fed with",
                        {{entry.unit->name.span, ""}},
                        {"for example `input before : [O] = y[t-1]`"}});
    return std::nullopt;
  }
  if (!fed) return settle(sources, entry, options, diagnostics);
  Options whole = options;
  whole.feed = Feed::mixed;
  std::optional<Elaborated> elaborated = settle(sources, entry, whole, diagnostics);
  if (!elaborated || options.feed == Feed::mixed) return elaborated;
  dsl::Diagnostics again;
  elaborated = settle(sources, entry, options, again);
  for (const dsl::Diagnostic& diagnostic : again.all())
    if (!elaborated) diagnostics.report(diagnostic);
  return elaborated;
}

std::optional<Elaborated> elaborate(dsl::SourceMap& sources, std::int32_t file, const Options& options,
                                    const ImportReader& read_import, dsl::Diagnostics& diagnostics) {
  Files files(sources, file, options, read_import, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  const FileEntry* entry = choose_entry(files.main(), options, diagnostics);
  if (!entry) return std::nullopt;
  return elaborate(sources, *entry, options, diagnostics);
}

}  // namespace rnnc::sema
