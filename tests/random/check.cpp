#include "tests/random/check.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <numeric>
#include <random>
#include <sstream>

#include "compiler/backend/interp/interpreter_model.h"
#include "compiler/backend/llvm/jit.h"
#include "compiler/base/bug.h"
#include "compiler/driver/backend.h"
#include "compiler/driver/pipeline.h"
#include "compiler/driver/targets.h"
#include "compiler/grad/gradcheck.h"
#include "compiler/ir/interpreter.h"
#include "compiler/opt/passes.h"
#include "dsl/ast_printer.h"
#include "runtime/thread_pool.h"
#include "tests/definition/definition.h"
#include "tests/differential/call.h"
#include "tests/random/agreement.h"
#include "tests/random/chunks.h"
#include "tests/random/source_text.h"

namespace rnnc::testing {

namespace {

struct Failure {
  std::string check, details;
};

// All bits of what both wrote, but those of NaN; `b` may have left arrays out.
std::string bit_difference(const rnnc_model& model, const Written& a, const Written& b) {
  if (!b.misbehaved.empty()) return b.misbehaved;
  if (a.code != b.code) return "codes " + std::to_string(a.code) + " and " + std::to_string(b.code);
  for (const Array& ours : b.arrays) {
    const auto theirs =
        std::find_if(a.arrays.begin(), a.arrays.end(), [&](const Array& array) { return array.name == ours.name; });
    if (theirs == a.arrays.end() || theirs->bytes == ours.bytes) continue;
    for (std::int64_t k = 0; k < count(model, ours.bytes); ++k) {
      const double x = number(model, theirs->bytes, k), y = number(model, ours.bytes, k);
      if ((x == y && std::signbit(x) == std::signbit(y)) || (std::isnan(x) && std::isnan(y))) continue;
      std::ostringstream text;
      text << ours.name << "[" << k << "]: " << x << " and " << y;
      return text.str();
    }
  }
  return "";
}

// Cuts [0, extent) into uneven pieces and runs them last to first: an order that no pool would choose.
void scattered(void*, std::int64_t extent, rnnc_parallel_body body, void* context) {
  std::vector<std::int64_t> cuts{0};
  for (std::int64_t at = 0, piece = 1; at < extent; piece = piece % 5 + 1)
    cuts.push_back(at = std::min(extent, at + piece));
  for (std::size_t i = cuts.size() - 1; i > 0; --i) body(context, cuts[i - 1], cuts[i]);
}

class Checker {
 public:
  Checker(const Case& c, const CheckOptions& options) : case_(c), options_(options) {}

  Verdict run() {
    try {
      check_all();
    } catch (const Failure& failure) {
      verdict_.failed = failure.check;
      verdict_.details = failure.details;
    }
    return verdict_;
  }

 private:
  [[noreturn]] static void fail(const std::string& check, const std::string& details) { throw Failure{check, details}; }

  std::unique_ptr<driver::Compilation> compilation(const std::string& source, loop::Element element) const {
    auto made = std::make_unique<driver::Compilation>();
    made->options.element = element;
    // Small as the programs are, all they launch is divided, and walks have several blocks.
    made->options.parallel_threshold = -1'000'000'000'000;
    made->options.block_rows = case_.block;
    const loop::Target wanted = *driver::find_target(case_.target);
    made->options.target = backend::cannot_run(wanted).empty() ? wanted : loop::Target{};
    made->options.sema.feed = case_.feed == "own"     ? sema::Feed::own
                              : case_.feed == "mixed" ? sema::Feed::mixed
                                                      : sema::Feed::given;
    made->file = made->sources.add("random.rnn", source);
    return made;
  }

  bool training() const { return case_.seed % 2 == 0; }
  RunOptions how_to_run(bool gradient) const {
    return {.backward = gradient, .training = training(), .seed = case_.seed * 0x9e3779b97f4a7c15u,
            .rate = case_.rate};
  }

  RunShape shape(const rnnc_model& model) const {
    RunShape made;
    made.steps.fill(case_.other_steps);
    made.steps[0] = case_.steps;
    made.rows = case_.rows;
    std::mt19937_64 random(case_.seed);
    for (int axis = 0; case_.ragged && axis < model.axis_count; ++axis)
      for (std::int64_t row = 0; row < case_.rows; ++row)
        made.lengths[static_cast<std::size_t>(axis)].push_back(static_cast<std::int32_t>(
            random() % static_cast<std::uint64_t>(made.steps[static_cast<std::size_t>(axis)] + 1)));
    return made;
  }

  void check_all() {
    const auto asked = [&](std::initializer_list<std::string_view> names) {
      return options_.only.empty() || std::find(names.begin(), names.end(), options_.only) != names.end();
    };
    auto interp = elaborated();
    if (asked({"reprint"})) check_reprint(interp->program);
    if (asked({"passes", "compiles"})) check_passes();
    if (asked({"definition"})) check_definition(interp->program);
    if (asked({"rows"})) check_rows(interp->program);
    if (asked({"bystanders"})) check_bystanders(interp->program);
    if (asked({"order"})) check_order(interp->program);
    if (asked({"gradients"})) check_gradients();
    // Making machine code takes most of the time: one type for each seed.
    if (asked({"jit.f64", "jit.f32", "repeats", "threads", "left_out", "windows", "chunks", "cpp"})) {
      if (case_.seed % 2 == 0) check_machine_code(loop::Element::f64, "jit.f64");
      else check_machine_code(loop::Element::f32, "jit.f32");
    }
  }

  // The program as the interpreter takes it.
  std::unique_ptr<driver::Compilation> elaborated(loop::Element element = loop::Element::f64) const {
    auto c = compilation(case_.source, element);
    bool sound = false;
    try {
      sound = driver::run(*c, {.last = driver::last_pass(driver::BackendKind::interp), .verify = true});
    } catch (const std::exception& error) {
      fail("compiles", error.what());
    }
    if (!sound) fail("compiles", dsl::render(c->diagnostics, c->sources));
    return c;
  }

  void check_reprint(const ir::Program& original) const {
    auto c = compilation(case_.source, loop::Element::f64);
    driver::run(*c, {.last = "parse"});
    const std::string again = source_text(c->ast);
    auto reprinted = compilation(again, loop::Element::f64);
    if (!driver::run(*reprinted, {.last = driver::last_pass(driver::BackendKind::interp)}))
      fail("reprint", dsl::render(reprinted->diagnostics, reprinted->sources) + again);
    if (ir::to_string(reprinted->program) != ir::to_string(original)) fail("reprint", again);
  }

  // Every pass's Program on the same data, by the interpreter behind the C ABI.
  void check_passes() {
    auto c = compilation(case_.source, loop::Element::f64);
    std::vector<std::pair<std::string, ir::Program>> programs;
    driver::RunOptions how{.last = "schedule", .verify = true};
    how.after = [&](const driver::Pass& pass, const driver::Compilation& now) {
      if (pass.leaves == driver::Representation::program) programs.emplace_back(pass.name, now.program);
      if (pass.leaves == driver::Representation::plans) programs.emplace_back("schedule's regrouping", now.plans.program);
    };
    try {
      driver::run(*c, how);
    } catch (const Unsupported& error) {
      ++verdict_.left_out[unsupported(error)];
    } catch (const std::exception& error) {
      fail("compiles", error.what());
    }
    std::unique_ptr<Agreement> forward, both;
    for (const auto& [name, program] : programs) {
      const bool gradient = std::any_of(program.results.begin(), program.results.end(), [](const ir::Result& r) {
        return r.role == ir::ResultRole::parameter_gradient || r.role == ir::ResultRole::input_gradient ||
               r.role == ir::ResultRole::initial_gradient;
      });
      const backend::InterpreterModel holder(program, loop::Element::f64);
      const rnnc_model& model = *holder.model();
      auto& agreement = gradient ? both : forward;
      const RunShape shape = this->shape(model);
      const Given given = random_given(model, shape, case_.seed, 0.7);
      if (!agreement) {
        agreement = std::make_unique<Agreement>(program, loop::Element::f64, shape, given, how_to_run(gradient));
        if (agreement->base().code != RNNC_OK) fail("passes", name + ": the interpreter gave " + agreement->base().failed);
        continue;
      }
      const std::string difference =
          agreement->difference(testing::run(model, shape, given, how_to_run(gradient)), verdict_.left_out);
      if (!difference.empty()) fail("passes", "after " + name + ": " + difference);
    }
  }

  // What the manual's definitions give, without any of the structures that both backends start from.
  void check_definition(const ir::Program& program) {
    const backend::InterpreterModel holder(program, loop::Element::f64);
    const rnnc_model& model = *holder.model();
    const RunShape shape = this->shape(model);
    const Given given = random_given(model, shape, case_.seed, 0.7);
    RunOptions how = how_to_run(false);
    how.training = how.give_states = false;
    if (case_.feed == "mixed") {
      ++verdict_.left_out["what is drawn, by the definition"];
      return;
    }
    dsl::SourceMap sources;
    try {
      const auto source = definition::read_source(sources, sources.add("random.rnn", case_.source));
      const definition::Run run{model, shape, given, case_.feed == "own"};
      definition::Definition definition(*source, entry_of(source->ast).name.text, {}, run);
      const Agreement agreement(program, loop::Element::f64, shape, given, how);
      const std::string text =
          agreement.difference(definition::as_defined(definition, run, agreement.base()), verdict_.left_out, 0x1p-44);
      if (!text.empty()) fail("definition", "by the manual's definitions " + text);
    } catch (const definition::Unlike& unlike) {
      fail("definition", std::string("by the manual's definitions ") + unlike.what());
    } catch (const definition::Unsaid& unsaid) {
      if (unsaid.what() != std::string("random draws")) fail("definition", std::string("it says nothing of ") + unsaid.what());
      ++verdict_.left_out["random draws, by the definition"];
    }
  }

  // What a row gives depends neither on the other rows nor on how many steps they have. Both backends take that from the
  // Program, so that their agreement says nothing of it.
  void check_rows(const ir::Program& program) {
    if (!draws_nothing(program)) {
      ++verdict_.left_out["rows that draw random numbers"];
      return;
    }
    const backend::InterpreterModel holder(program, loop::Element::f64);
    const rnnc_model& model = *holder.model();
    const RunShape shape = this->shape(model);
    const Given given = random_given(model, shape, case_.seed, 0.7);
    RunOptions how = how_to_run(false);
    how.loss = false;
    const Written whole = testing::run(model, shape, given, how);
    for (std::int64_t row = 0; whole.code == RNNC_OK && row < shape.rows; ++row) {
      const std::string text =
          bit_difference(model, row_of(model, shape, whole, row), run_of_row(model, shape, given, how, row));
      if (!text.empty()) fail("rows", "row " + std::to_string(row) + " in the batch and alone: " + text);
    }
  }

  // Where a loss counts, what an instance gives, how long a row is: what one line decides of that must not hang on another
  // that merely reads. Both backends take it from the Program. Roundings may differ: a factor moves into what is not shared.
  void check_bystanders(const ir::Program& program) {
    const backend::InterpreterModel holder(program, loop::Element::f64);
    const rnnc_model& model = *holder.model();
    const RunShape shape = this->shape(model);
    const Given given = random_given(model, shape, case_.seed, 0.7);
    const Agreement alone(program, loop::Element::f64, shape, given, how_to_run(false));
    for (const char* reads : {"[t-1]", "[t+1]"}) {
      std::vector<std::string> lines;
      for (const std::string& value : values_to_read()) {
        const std::string line = "output zz" + std::to_string(lines.size()) + " = (" + value + ")" + reads;
        const auto one = with_lines({line});
        if (one && run_the_same_way(program, one->program)) lines.push_back(line);
      }
      const auto more = lines.empty() ? nullptr : with_lines(lines);
      if (!more) continue;
      const backend::InterpreterModel other(more->program, loop::Element::f64);
      const Written beside = testing::run(*other.model(), shape, given_by_name(model, given, *other.model(), shape), how_to_run(false));
      const std::string text = alone.difference(in_order_of(alone.base(), beside), verdict_.left_out, 0x1p-44);
      if (!text.empty()) fail("bystanders", text + "with and without " + joined(lines));
    }
  }

  // The order of equations says nothing: with those of every cell and model last to first, as far as roundings let see.
  void check_order(const ir::Program& program) {
    if (!draws_nothing(program)) {
      ++verdict_.left_out["order of what draws random numbers"];
      return;
    }
    auto c = compilation(case_.source, loop::Element::f64);
    driver::run(*c, {.last = "parse"});
    for (dsl::Unit& unit : c->ast.units)
      std::reverse(std::stable_partition(unit.members.begin(), unit.members.end(),
                                         [](const dsl::Member& member) { return member.declaration != nullptr; }),
                   unit.members.end());
    const std::string source = source_text(c->ast);
    auto turned = compilation(source, loop::Element::f64);
    if (!driver::run(*turned, {.last = driver::last_pass(driver::BackendKind::interp)}))
      fail("order", dsl::render(turned->diagnostics, turned->sources) + source);
    const backend::InterpreterModel holder(program, loop::Element::f64), other(turned->program, loop::Element::f64);
    const rnnc_model& model = *holder.model();
    const RunShape shape = this->shape(model);
    const Given given = random_given(model, shape, case_.seed, 0.7);
    RunOptions how = how_to_run(false);
    how.give_states = false;
    const Agreement agreement(program, loop::Element::f64, shape, given, how);
    const Written written = testing::run(*other.model(), shape, given_by_name(model, given, *other.model(), shape), how);
    const std::string text = agreement.difference(in_order_of(agreement.base(), written), verdict_.left_out, 0x1p-44);
    if (!text.empty()) fail("order", text + source);
  }
  // The arrays by their names, of longer histories the newer steps, other than those of histories without a name, which are
  // numbered in the order of the source.
  static Written in_order_of(const Written& base, Written written) {
    std::vector<Array> arrays = base.arrays;
    for (Array& array : arrays) {
      if (array.name.find(".part") != std::string::npos) continue;
      const auto same = std::find_if(written.arrays.begin(), written.arrays.end(),
                                     [&](const Array& other) { return other.name == array.name; });
      if (same == written.arrays.end() || same->bytes.size() < array.bytes.size())
        fail("order", "nothing is written of " + array.name);
      array.bytes.assign(same->bytes.end() - static_cast<std::ptrdiff_t>(array.bytes.size()), same->bytes.end());
    }
    written.arrays = std::move(arrays);
    return written;
  }

  // Who reads a state, also one of an instance, decides its direction, and with it what its first value is. And what draws
  // random numbers draws others where more is drawn.
  static bool run_the_same_way(const ir::Program& program, const ir::Program& more) {
    if (program.random_sites != more.random_sites) return false;
    for (const ir::StateInfo& a : program.states)
      for (const ir::StateInfo& b : more.states)
        if (a.name == b.name && a.reversed != b.reversed) return false;
    return true;
  }
  // The model's equations and inputs, and what its losses call.
  std::vector<std::string> values_to_read() const {
    auto c = compilation(case_.source, loop::Element::f64);
    driver::run(*c, {.last = "parse"});
    std::vector<std::string> names;
    const std::function<void(const dsl::Expr&)> add_calls = [&](const dsl::Expr& expr) {
      if (expr.kind == dsl::ExprKind::call) names.push_back(dsl::to_string(expr));
      for (const dsl::ExprPtr& operand : expr.operands)
        if (operand) add_calls(*operand);
    };
    for (const dsl::Member& member : entry_of(c->ast).members) {
      if (member.equation && !member.equation->subscript) names.push_back(member.equation->name.text);
      if (member.declaration && member.declaration->kind == dsl::DeclarationKind::input)
        for (const auto& item : member.declaration->items) names.push_back(item.name.text);
      if (member.loss) add_calls(*member.loss->value);
    }
    return names;
  }
  static dsl::Unit& entry_of(dsl::File& file) {
    const auto model = std::find_if(file.units.begin(), file.units.end(), [](const dsl::Unit& unit) { return unit.is_model; });
    return model != file.units.end() ? *model : file.units.back();
  }
  static std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "; ";
    return text;
  }
  // The program with more lines in its model, if they mean anything.
  std::unique_ptr<driver::Compilation> with_lines(const std::vector<std::string>& lines) const {
    auto c = compilation(case_.source, loop::Element::f64), added = compilation("model Z { " + joined(lines) + "}", loop::Element::f64);
    driver::run(*c, {.last = "parse"});
    driver::run(*added, {.last = "parse"});
    for (dsl::Member& member : added->ast.units.front().members) entry_of(c->ast).members.push_back(std::move(member));
    auto more = compilation(source_text(c->ast), loop::Element::f64);
    return driver::run(*more, {.last = driver::last_pass(driver::BackendKind::interp)}) ? std::move(more) : nullptr;
  }
  static std::int64_t entries(const rnnc_tensor& tensor) {
    return std::accumulate(tensor.extents, tensor.extents + tensor.rank, std::int64_t{1}, std::multiplies<>());
  }
  // What one model in double precision is given, for another with more states, longer histories, or another order.
  static Given given_by_name(const rnnc_model& model, const Given& given, const rnnc_model& other, const RunShape& shape) {
    Given made = random_given(other, shape, 1, 0.7);
    for (int i = 0; i < other.parameter_count; ++i)
      for (int j = 0; j < model.parameter_count; ++j)
        if (std::string_view(other.parameters[i].name) == model.parameters[j].name)
          std::memcpy(made.parameters.data() + 8 * other.parameters[i].offset,
                      given.parameters.data() + 8 * model.parameters[j].offset, static_cast<std::size_t>(8 * entries(model.parameters[j])));
    made.inputs = given.inputs;
    for (int i = 0; i < other.state_count; ++i)
      for (int j = 0; j < model.state_count; ++j)
        if (std::string_view(other.states[i].name) == model.states[j].name) {
          const Bytes& from = given.states[static_cast<std::size_t>(j)];
          Bytes& to = made.states[static_cast<std::size_t>(i)];
          const auto both = static_cast<std::ptrdiff_t>(std::min(from.size(), to.size()));
          std::copy(from.end() - both, from.end(), to.end() - both);
        }
    return made;
  }

  void check_gradients() {
    auto forward = compilation(case_.source, loop::Element::f64), whole = compilation(case_.source, loop::Element::f64);
    driver::run(*forward, {.last = "elaborate"});
    driver::run(*whole, {.last = "remove-dead"});
    grad::GradcheckOptions options;
    options.steps = std::clamp<std::int64_t>(case_.steps, 3, 6);
    options.rows = std::clamp<std::int64_t>(case_.rows, 1, 3);
    options.lengths = case_.ragged;
    options.entries = 5;
    options.seed = case_.seed;
    options.training = training();
    options.rate = case_.rate;
    try {
      const grad::GradcheckReport report = grad::gradcheck(forward->program, whole->program, options);
      if (!report.unchecked.empty()) ++verdict_.left_out["gradient entries next to a kink, or stopped"];
      if (report.agrees) return;
      std::ostringstream text;
      for (const grad::GradcheckTensor& tensor : report.tensors)
        if (!(tensor.error <= options.tolerance))
          text << tensor.name << ": " << tensor.error << " of " << tensor.largest << "\n";
      fail("gradients", text.str());
    } catch (const Unsupported& error) {
      ++verdict_.left_out["gradients that are not finite"];
    }
  }

  static std::string unsupported(const Unsupported& error) {
    std::string text = error.what();
    for (std::size_t from; (from = text.find('`')) != std::string::npos;) {
      const std::size_t to = text.find('`', from + 1);
      text.replace(from, to == std::string::npos ? to : to - from + 1, "…");
    }
    if (const std::size_t node = text.find(" (node"); node != std::string::npos) text.resize(node);
    return "unsupported: " + text;
  }

  void check_machine_code(loop::Element element, const std::string& check) {
    auto c = compilation(case_.source, element);
    std::unique_ptr<driver::Executable> jit;
    try {
      if (!driver::run(*c, {.verify = true})) return;
      jit = driver::make_executable(*c, driver::BackendKind::jit);
    } catch (const Unsupported& error) {
      ++verdict_.left_out[unsupported(error)];
      return;
    } catch (const std::exception& error) {
      fail(check, error.what());
    }
    auto interp = elaborated(element);
    const rnnc_model& model = *jit->model();
    const RunShape shape = this->shape(model);
    const Given given = random_given(model, shape, case_.seed, 0.7);
    RunOptions how = how_to_run(true);
    how.give_states = case_.seed % 3 != 0;
    const Agreement agreement(interp->program, element, shape, given, how);
    const Written written = testing::run(model, shape, given, how);
    if (const std::string text = agreement.difference(written, verdict_.left_out); !text.empty()) fail(check, text);
    check_bits(model, shape, given, how, written);
    check_left_out(model, shape, given, how);
    check_windows(model, shape, given, how, agreement);
    check_chunks(interp->program, model, shape, given, how);
    if (options_.cpp) check_cpp(*c, shape, given, how, written);
  }

  static void check_bits(const rnnc_model& model, const RunShape& shape, const Given& given, RunOptions how,
                         const Written& first) {
    how.garbage = 0x3f;
    if (std::string text = bit_difference(model, first, testing::run(model, shape, given, how)); !text.empty())
      fail("repeats", text);
    how.parallel_for = scattered;
    if (std::string text = bit_difference(model, first, testing::run(model, shape, given, how)); !text.empty())
      fail("threads", text);
    runtime::ThreadPool pool(2);
    how.parallel_for = runtime::ThreadPool::parallel_for;
    how.pool = &pool;
    if (std::string text = bit_difference(model, first, testing::run(model, shape, given, how)); !text.empty())
      fail("threads", text);
  }

  // Whatever a caller leaves out, the rest comes out the same.
  static void check_left_out(const rnnc_model& model, const RunShape& shape, Given given, RunOptions how) {
    std::mt19937_64 random(how.seed);
    for (auto* gradients : {&given.output_gradients, &given.state_gradients})
      for (Bytes& gradient : *gradients)
        if (random() % 2 == 0) std::fill(gradient.begin(), gradient.end(), '\0');
    for (std::int64_t windows : {0, 2}) {
      how.windows = windows;
      how.leave_out = 0;
      const Written whole = testing::run(model, shape, given, how);
      for (int choice = 0; choice < 2; ++choice) {
        how.leave_out = random();
        if (std::string text = bit_difference(model, whole, testing::run(model, shape, given, how)); !text.empty())
          fail("left_out", text);
      }
    }
  }

  // Training in windows of steps, which keeps less and computes it again: as near the oracle as in one piece, and the same
  // bits in any number of threads.
  void check_windows(const rnnc_model& model, const RunShape& shape, const Given& given, RunOptions how,
                     const Agreement& agreement) {
    for (std::int64_t windows : {std::int64_t{2}, std::int64_t{3}, std::max<std::int64_t>(case_.steps, 1)}) {
      how.windows = windows;
      const Written written = testing::run(model, shape, given, how);
      if (const std::string text = agreement.difference(written, verdict_.left_out); !text.empty())
        fail("windows", std::to_string(windows) + ": " + text);
      RunOptions threads = how;
      threads.parallel_for = scattered;
      if (std::string text = bit_difference(model, written, testing::run(model, shape, given, threads)); !text.empty())
        fail("windows", std::to_string(windows) + ", threads: " + text);
    }
  }

  static void check_cpp(const driver::Compilation& c, const RunShape& shape, const Given& given, const RunOptions& how,
                        const Written& jit) {
    std::unique_ptr<driver::Executable> cpp;
    try {
      cpp = driver::make_executable(c, driver::BackendKind::cpp);
    } catch (const std::exception& error) {
      fail("cpp", error.what());
    }
    if (std::string text = bit_difference(*cpp->model(), jit, testing::run(*cpp->model(), shape, given, how)); !text.empty())
      fail("cpp", text);
  }

  void check_chunks(const ir::Program& program, const rnnc_model& model, const RunShape& shape, const Given& given,
                    RunOptions how) {
    if (shape.steps[0] < 2 || !looks_back_only(program)) {
      ++verdict_.left_out["not to be cut into parts"];
      return;
    }
    how.backward = how.loss = false;
    const Agreement agreement(program, model.dtype == RNNC_F64 ? loop::Element::f64 : loop::Element::f32, shape, given, how);
    std::vector<std::int64_t> steps(static_cast<std::size_t>(shape.steps[0]));
    std::iota(steps.begin(), steps.end(), 1);
    const std::vector<std::int64_t> halves{std::max<std::int64_t>(1, shape.steps[0] / 3), shape.steps[0]};
    const auto check = [&](const char* what, const Written& written) {
      const std::string text = agreement.difference(written, verdict_.left_out);
      if (!text.empty()) fail("chunks", std::string(what) + ": " + text);
    };
    check("the interpreter in parts", run_in_parts(agreement.model(), shape, given, how, halves, PartBy::forward));
    check("in parts", run_in_parts(model, shape, given, how, halves, PartBy::forward));
    check("by step", run_in_parts(model, shape, given, how, steps, PartBy::step));
  }

  const Case& case_;
  const CheckOptions& options_;
  Verdict verdict_;
};

}  // namespace

Verdict check_case(const Case& c, const CheckOptions& options) { return Checker(c, options).run(); }

}  // namespace rnnc::testing
