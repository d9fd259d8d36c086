#include "compiler/grad/gradcheck.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "compiler/base/bug.h"
#include "compiler/grad/flow.h"
#include "compiler/ir/interpreter.h"

namespace rnnc::grad {

using namespace ir;

namespace {

using Values = std::vector<std::vector<double>>;

constexpr double longest_step = 0x1p-12;  // of differences, relative to an entry above 1

// The larger; NaN stays.
double worse(double a, double b) { return std::isnan(a) || a >= b ? a : b; }

// Portable draws: the standard distributions differ between libraries.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  double uniform(double low, double high) {
    return low + (high - low) * (static_cast<double>(engine_() >> 11) * 0x1p-53);
  }
  std::int64_t below(std::int64_t count) {
    return static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(count));
  }

 private:
  std::mt19937_64 engine_;
};

// The forward Program in which every stop_gradient has become an input, so that a run can hold its value; and every value
// with derivatives of the user's what these derivatives mean: a held value, linear around it with held slopes.
struct Held {
  Program program;
  struct Site {
    NodeId node;             // of the forward Program: a stop_gradient or a surrogate
    std::size_t begin, end;  // its values among the held ones
  };
  std::vector<Site> sites;
  std::vector<ResultId> values;  // in `open`: the values to be held, in the order of the further inputs of `program`
  Program open;                  // the forward Program, with those values as further results
};

class Holder {
 public:
  explicit Holder(const Program& forward) : forward_(forward), image_(forward.nodes.size()) {}

  Held run() {
    held_.open = forward_;
    Program& to = held_.program;
    to.name = forward_.name;
    to.parameters = forward_.parameters;
    to.inputs = forward_.inputs;
    to.states = forward_.states;
    to.axes = forward_.axes;
    to.random_sites = forward_.random_sites;
    to.results = forward_.results;
    IdVector<NodeId, std::vector<EquationId>> defined(forward_.nodes.size());
    IdVector<NodeId, std::vector<ResultId>> wanted(forward_.nodes.size());
    for (ResultId id : forward_.results.ids()) {
      wanted[forward_.results[id].node].push_back(id);
      to.results[id].node = {};
    }
    for (EquationId id : forward_.equations.ids()) {
      Equation equation = forward_.equations[id];
      defined[equation.value].push_back(id);
      equation.value = {};
      to.equations.add(std::move(equation));
    }
    for (NodeId id : forward_.nodes.ids()) {
      image_[id] = copy(id);
      for (EquationId equation : defined[id]) to.define(equation, repeated(image_[id], forward_.equations[equation].domain));
      for (ResultId result : wanted[id]) to.results[result].node = repeated(image_[id], forward_[id].domain);
    }
    return std::move(held_);
  }

 private:
  NodeId copy(NodeId id) {
    const Node& node = forward_[id];
    std::size_t begin = held_.values.size();
    if (node.kind == NodeKind::stop_gradient && !node.index) {
      NodeId value = hold(node.operands[0]);
      held_.sites.push_back({id, begin, held_.values.size()});
      return value;
    }
    if (node.kind == NodeKind::surrogate) {
      Program& to = held_.program;
      NodeId value = hold(node.operands[0]);
      for (std::size_t i = 1; i < node.operands.size(); i += 2) {
        NodeId moved = to.sub(image_[node.operands[i]], hold(node.operands[i]));
        value = to.add(value, to.mul(hold(node.operands[i + 1]), moved));
      }
      held_.sites.push_back({id, begin, held_.values.size()});
      return value;
    }
    std::vector<NodeId> operands;
    for (NodeId operand : node.operands) operands.push_back(image_[operand]);
    return held_.program.rebuild(node, std::move(operands));
  }
  // An input with the value that the node has at the point.
  NodeId hold(NodeId id) {
    const Node& node = forward_[id];
    if (node.kind == NodeKind::constant) return image_[id];
    held_.values.push_back(held_.open.results.add({ResultRole::output, "held", -1, 0, id}));
    return held_.program.input(held_.program.inputs.add({"held", node.shape, node.domain, 0, false, 0}));
  }
  // What is held may vary along less than what is made of it did.
  NodeId repeated(NodeId id, Domain domain) {
    return held_.program[id].domain == domain ? id : held_.program.mul(id, held_.program.ones(domain));
  }

  const Program& forward_;
  IdVector<NodeId, NodeId> image_;
  Held held_;
};

// One entry that is varied: number `entry` of a table of the run.
struct Variable {
  enum Table { parameter, input, state } table;
  std::size_t index;
  std::size_t entry;
};

class Check {
 public:
  Check(const Program& forward, const Program& differentiated, const GradcheckOptions& options)
      : forward_(forward), differentiated_(differentiated), options_(options), held_(Holder(forward).run()),
        random_(options.seed) {
    for (const Result& result : forward.results) objective_.push_back(Flow::is_objective(result.role));
  }

  GradcheckReport run();

 private:
  // A gradient to be compared, with the initial states passed or left to their defaults.
  struct Job {
    ResultId gradient;
    bool states_passed;
    bool done;
    GradcheckTensor tensor;
  };
  std::vector<Job> jobs() const;
  bool evaluate_base();
  GradcheckReport summarize(const std::vector<Job>& jobs) const;

  void draw(int attempt);
  void draw_states(bool passed);
  void draw_lengths();
  void hold_values();
  std::vector<double> numbers(std::int64_t count, double low, double high);
  std::int64_t size(Shape shape, Domain domain) const;
  std::int64_t steps(AxisId axis) const { return run_.steps[axis.index()]; }

  double& slot(const Variable& variable);
  // The objective's terms: one for each entry of each result, weighted by its upstream gradient.
  Values terms(const Program& program) { return interpret(program, run_, objective_); }
  double difference(const Values& a, const Values& b) const;
  // Sets `estimate`; gives how far the objective is from smooth around the entry, as an error of a derivative.
  double derivative(const Variable& variable, double step, double& estimate);
  bool turns_within_steps(const Variable& variable, double derived, double allowed, double& estimate);
  bool check_tensor(ResultId gradient, bool last_try, GradcheckTensor& tensor);
  std::vector<double> derived(ResultId gradient) const;
  std::vector<std::size_t> choose_entries(std::size_t count);
  Variable variable(ResultId gradient, std::size_t entry) const;
  void list_unchecked(GradcheckReport& report);

  const Program& forward_;
  const Program& differentiated_;
  const GradcheckOptions& options_;
  Held held_;
  Random random_;
  std::vector<bool> objective_;
  InterpreterRun run_;
  Values base_;            // the terms at the point
  double magnitude_ = 0;   // of their sum
  double rounding_ = 0;    // of the last difference quotient
};

std::vector<double> Check::numbers(std::int64_t count, double low, double high) {
  std::vector<double> values(static_cast<std::size_t>(count));
  for (double& value : values) value = random_.uniform(low, high);
  return values;
}

std::int64_t Check::size(Shape shape, Domain domain) const {
  return shape.size() * (domain.batched ? options_.rows : 1) * (domain.axis.valid() ? steps(domain.axis) : 1);
}

void Check::draw_lengths() {
  run_.lengths.assign(forward_.axes.size(), std::nullopt);
  if (!options_.lengths) return;
  for (AxisId axis : forward_.axes.ids()) {
    std::vector<std::int64_t> lengths;
    for (std::int64_t row = 0; row < options_.rows; ++row)
      lengths.push_back(steps(axis) == 0 ? 0 : 1 + random_.below(steps(axis)));
    if (lengths.size() >= 3) lengths[0] = 0;
    if (lengths.size() >= 2) lengths.back() = steps(axis);  // what is only read far ahead or back is met by one row at least
    run_.lengths[axis.index()] = lengths;
  }
}

void Check::draw_states(bool passed) {
  run_.state_in.assign(forward_.states.size(), std::nullopt);
  if (!passed) return;
  for (StateId id : forward_.states.ids()) {
    const StateInfo& state = forward_.states[id];
    run_.state_in[id.index()] = numbers(size(state.shape, {true, {}}) * state.history, -1, 1);
  }
}

// Every second point is all positive, for functions that exist there only.
void Check::draw(int attempt) {
  bool positive = attempt % 2 == 1;
  run_ = {};
  for (AxisId axis : forward_.axes.ids()) {
    bool given = axis.index() < options_.axis_steps.size() && options_.axis_steps[axis.index()] > 0;
    run_.steps.push_back(given ? options_.axis_steps[axis.index()] : options_.steps);
  }
  run_.rows = options_.rows;
  run_.seed = options_.seed;
  run_.training = options_.training;
  run_.rate = options_.rate;
  draw_lengths();
  for (const ParameterInfo& info : forward_.parameters) {
    double center = info.initializer == Initializer::constant ? info.low : 0;
    run_.parameters.push_back(numbers(info.shape.size(), center + (positive ? 0.1 : -0.7), center + 0.7));
  }
  for (const InputInfo& info : forward_.inputs) {
    std::int64_t count = size(info.shape, info.domain);
    std::vector<double> values = numbers(count, positive ? 0.1 : -1, 1);
    if (info.index_extent > 0)
      for (double& value : values) {
        value = static_cast<double>(random_.below(info.index_extent));
        if (info.lowest_index < 0 && random_.below(4) == 0) value = static_cast<double>(info.lowest_index);
      }
    run_.inputs.push_back(std::move(values));
  }
  run_.upstream.assign(differentiated_.results.size(), std::nullopt);
  for (ResultId id : forward_.results.ids()) {
    const Result& result = forward_.results[id];
    if (result.role != ResultRole::output && result.role != ResultRole::final_state) continue;
    const Node& node = forward_[result.node];
    run_.upstream[id.index()] = numbers(size(node.shape, node.domain), -1, 1);
  }
}

// Takes the values to be held at this point as the further inputs of the held Program.
void Check::hold_values() {
  run_.inputs.resize(forward_.inputs.size());
  if (held_.sites.empty()) return;
  std::vector<bool> wanted(held_.open.results.size(), false);
  for (ResultId id : held_.values) wanted[id.index()] = true;
  Values values = interpret(held_.open, run_, wanted);
  for (ResultId id : held_.values) run_.inputs.push_back(values[id.index()]);
}

double& Check::slot(const Variable& variable) {
  switch (variable.table) {
    case Variable::parameter: return run_.parameters[variable.index][variable.entry];
    case Variable::input: return (*run_.inputs[variable.index])[variable.entry];
    case Variable::state: return (*run_.state_in[variable.index])[variable.entry];
  }
  throw Bug("a variable of unknown table");
}

// Term by term, so that what an entry does not touch cancels exactly.
double Check::difference(const Values& a, const Values& b) const {
  double sum = 0;
  for (ResultId id : forward_.results.ids()) {
    if (!objective_[id.index()]) continue;
    const auto& upstream = run_.upstream[id.index()];
    bool loss = forward_.results[id].role == ResultRole::loss;
    for (std::size_t i = 0; i < a[id.index()].size(); ++i)
      sum += (loss ? 1 : (*upstream)[i]) * (a[id.index()][i] - b[id.index()][i]);
  }
  return sum;
}

// Five points: the error is O(h^4), rounding about 1e-12 of the objective. Where the objective is smooth its third and
// fourth differences vanish against h; at a kink or a step within reach they are of the size of the derivative's error.
double Check::derivative(const Variable& variable, double step, double& estimate) {
  double& x = slot(variable);
  const double base = x, h = step * std::max(1.0, std::fabs(base));
  double d[5] = {};  // against the base
  for (int i : {0, 1, 3, 4}) {
    x = base + (i - 2) * h;
    d[i] = difference(terms(held_.program), base_);
  }
  x = base;
  estimate = (8 * (d[3] - d[1]) - (d[4] - d[0])) / (12 * h);
  rounding_ = std::numeric_limits<double>::epsilon() * std::max(1.0, magnitude_) / h;
  double third = d[4] - 2 * d[3] + 2 * d[1] - d[0], fourth = d[4] - 4 * d[3] - 4 * d[1] + d[0];
  return (std::fabs(third) + std::fabs(fourth)) / h;
}

// A steep objective may turn between two points: then a shorter step says something else. Shortens it until the estimate
// agrees with the derived gradient or with the one before; true if it never does.
bool Check::turns_within_steps(const Variable& variable, double derived, double allowed, double& estimate) {
  for (double step = longest_step / 16; step > 0x1p-33; step /= 16) {
    const double longer = estimate;
    derivative(variable, step, estimate);
    if (std::fabs(derived - estimate) <= allowed) return false;
    if (std::fabs(estimate - longer) <= std::max(std::fabs(estimate) / 16, 4 * rounding_)) return false;
  }
  return true;
}

Variable Check::variable(ResultId gradient, std::size_t entry) const {
  const Result& result = differentiated_.results[gradient];
  auto index = static_cast<std::size_t>(result.ref);
  if (result.role == ResultRole::parameter_gradient) return {Variable::parameter, index, entry};
  if (result.role == ResultRole::input_gradient) return {Variable::input, index, entry};
  // The caller passes history oldest first; slot 1 is the newest.
  const StateInfo& state = forward_.states[StateId(index)];
  auto per_slot = static_cast<std::size_t>(size(state.shape, {true, {}}));
  return {Variable::state, index, static_cast<std::size_t>(state.history - result.slot) * per_slot + entry};
}

// The derived gradient, an entry for every position.
std::vector<double> Check::derived(ResultId gradient) const {
  std::vector<bool> wanted(differentiated_.results.size(), false);
  wanted[gradient.index()] = true;
  InterpreterRun run = run_;
  run.inputs.resize(forward_.inputs.size());
  std::vector<double> values = interpret(differentiated_, run, wanted)[gradient.index()];
  const Result& result = differentiated_.results[gradient];
  const Node& node = differentiated_[result.node];
  Domain domain;
  if (result.role == ResultRole::initial_gradient) domain.batched = true;
  if (result.role == ResultRole::input_gradient)
    domain = forward_.inputs[InputId(static_cast<std::size_t>(result.ref))].domain;
  auto count = static_cast<std::size_t>(size(node.shape, domain));
  check(node.domain == domain || node.domain.empty(), "`" + result.name + "` varies along less than its value");
  // A gradient that never arrives is one zero for every position.
  auto once = static_cast<std::size_t>(node.shape.size());
  for (std::size_t i = values.size(); i < count; ++i) values.push_back(values[i - once]);
  return values;
}

std::vector<std::size_t> Check::choose_entries(std::size_t count) {
  std::vector<std::size_t> entries(std::min(count, static_cast<std::size_t>(options_.entries)));
  bool all = count == entries.size();
  for (std::size_t i = 0; i < entries.size(); ++i)
    entries[i] = all ? i : static_cast<std::size_t>(random_.below(static_cast<std::int64_t>(count)));
  return entries;
}

// False if an entry disagrees next to a kink and another point may do better.
bool Check::check_tensor(ResultId gradient, bool last_try, GradcheckTensor& tensor) {
  std::vector<double> derived = this->derived(gradient);
  std::vector<std::size_t> entries = choose_entries(derived.size());
  std::vector<double> estimates, roughness;
  double largest = 0;
  for (std::size_t entry : entries) {
    double estimate = 0;
    roughness.push_back(derivative(variable(gradient, entry), longest_step, estimate));
    estimates.push_back(estimate);
    largest = std::max({largest, std::fabs(estimate), std::fabs(derived[entry])});
  }
  GradcheckTensor seen{differentiated_.results[gradient].name, 0, 0, 0, largest};
  const double allowed = options_.tolerance * largest, rounding = rounding_;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    double gap = std::fabs(derived[entries[i]] - estimates[i]);
    bool rough = gap > allowed && gap <= 4 * roughness[i];
    if (gap > std::max(allowed, rounding) && !rough) {
      rough = turns_within_steps(variable(gradient, entries[i]), derived[entries[i]], allowed, estimates[i]);
      gap = std::fabs(derived[entries[i]] - estimates[i]);
    }
    if (rough && !last_try) return false;
    if (rough) {
      ++seen.skipped;
      continue;
    }
    ++seen.entries;
    double error = largest > 0 ? gap / largest : gap;
    // A gradient so small that differences cannot resolve it to the tolerance: they cannot contradict it either.
    if (error > options_.tolerance && gap <= rounding) error = options_.tolerance;
    seen.error = worse(seen.error, error);
  }
  tensor = seen;
  return true;
}

// Lets each stop_gradient pass in turn, and sees whether the objective notices along a random direction. A derivative of
// the user's is named whatever it does: it is there because differences do not see it.
void Check::list_unchecked(GradcheckReport& report) {
  if (held_.sites.empty()) return;
  draw(0);
  draw_states(false);
  hold_values();
  InterpreterRun base = run_;
  constexpr double h = 1e-4;
  for (auto& parameter : run_.parameters)
    for (double& value : parameter) value += random_.uniform(-h, h);
  for (InputId id : forward_.inputs.ids())
    if (forward_.inputs[id].index_extent == 0)
      for (double& value : *run_.inputs[id.index()]) value += random_.uniform(-h, h);
  Values held = terms(held_.program);
  double moved = std::fabs(difference(held, interpret(held_.program, base, objective_)));
  InterpreterRun displaced = run_;
  hold_values();
  std::vector<std::optional<std::vector<double>>> passing = run_.inputs;
  for (const Held::Site& site : held_.sites) {
    bool own = forward_[site.node].kind == NodeKind::surrogate;
    run_ = displaced;
    auto first = static_cast<std::ptrdiff_t>(forward_.inputs.size());
    std::copy(passing.begin() + first + static_cast<std::ptrdiff_t>(site.begin),
              passing.begin() + first + static_cast<std::ptrdiff_t>(site.end),
              run_.inputs.begin() + first + static_cast<std::ptrdiff_t>(site.begin));
    double gap = own ? 0 : std::fabs(difference(terms(held_.program), held));
    if (!own && gap <= 1e-9 * std::max(moved, h)) continue;
    EquationId equation;
    for (EquationId id : forward_.equations.ids())
      if (!equation.valid() && forward_.value(id) >= site.node) equation = id;
    std::string where = equation.valid() ? " in `" + forward_.equations[equation].name + "`" : "";
    report.unchecked.push_back(own ? "derivative" + where + ": the function's own, taken as it is given"
                                   : "stop_gradient" + where +
                                         ": its value is held, the derivative through it is zero by definition");
  }
}

// Initial values are varied where they are passed, everything else where they are not; and parameters in either case if
// a default that is passed over could depend on one.
std::vector<Check::Job> Check::jobs() const {
  bool learned = false;
  for (const Node& node : forward_.nodes) {
    if (node.kind != NodeKind::initial) continue;
    const Node& value = forward_[node.operands[0]];
    learned |= value.kind != NodeKind::constant && value.kind != NodeKind::broadcast;
  }
  std::vector<Job> jobs;
  for (ResultId id : differentiated_.results.ids()) {
    ResultRole role = differentiated_.results[id].role;
    if (Flow::is_objective(role)) continue;
    jobs.push_back({id, role == ResultRole::initial_gradient, false, {}});
    if (role == ResultRole::parameter_gradient && learned) jobs.push_back({id, true, false, {}});
  }
  return jobs;
}

// Takes the terms at the point; false if they are not finite.
bool Check::evaluate_base() {
  hold_values();
  base_ = terms(held_.program);
  magnitude_ = 0;
  for (const auto& result : base_)
    for (double value : result) magnitude_ += std::fabs(value);
  return std::isfinite(magnitude_);
}

GradcheckReport Check::run() {
  std::vector<Job> jobs = this->jobs();
  bool finite = false;
  auto all_done = [&] { return std::all_of(jobs.begin(), jobs.end(), [](const Job& job) { return job.done; }); };
  for (int attempt = 0; attempt < options_.points && !all_done(); ++attempt) {
    draw(attempt);
    for (bool states_passed : {false, true}) {
      draw_states(states_passed);
      if (!evaluate_base()) continue;
      finite = true;
      for (Job& job : jobs)
        if (!job.done && job.states_passed == states_passed)
          job.done = check_tensor(job.gradient, attempt + 1 == options_.points, job.tensor);
    }
  }
  if (!finite) throw Unsupported("gradcheck: the objective is not finite at any of the random points tried");
  GradcheckReport report = summarize(jobs);
  list_unchecked(report);
  return report;
}

GradcheckReport Check::summarize(const std::vector<Job>& jobs) const {
  GradcheckReport report;
  for (const Job& job : jobs) {
    const std::string& name = differentiated_.results[job.gradient].name;
    if (!job.done) {
      report.unchecked.push_back(name + ": the objective is not finite at the random points tried");
      continue;
    }
    const GradcheckTensor& tensor = job.tensor;
    if (tensor.skipped > 0)
      report.unchecked.push_back(name + ": " + std::to_string(tensor.skipped) + " entries next to a kink, or too steep for differences");
    report.worst = worse(report.worst, tensor.error);
    report.agrees &= tensor.error <= options_.tolerance;
    bool again = job.states_passed && differentiated_.results[job.gradient].role == ResultRole::parameter_gradient &&
                 !report.tensors.empty() && report.tensors.back().name == name;
    if (!again) {
      report.tensors.push_back(tensor);
      continue;
    }
    GradcheckTensor& merged = report.tensors.back();
    merged.entries += tensor.entries;
    merged.skipped += tensor.skipped;
    merged.error = worse(merged.error, tensor.error);
    merged.largest = std::max(merged.largest, tensor.largest);
  }
  return report;
}

}  // namespace

GradcheckReport gradcheck(const Program& forward, const Program& differentiated, const GradcheckOptions& options) {
  return Check(forward, differentiated, options).run();
}

}  // namespace rnnc::grad
