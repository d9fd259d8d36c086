// The language by its definition: a second, naive reading of a source text. Every value is computed by itself, for one row
// and one step, by the manual's sentence about it, from the AST and none of the compiler's other structures. It knows
// no gradients and draws nothing; outputs, final values and the loss are what interpreter and machine code, which share all
// that gives a text its meaning, are compared with.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <tuple>

#include "runtime/abi.h"
#include "tests/definition/scope.h"
#include "tests/differential/call.h"

namespace rnnc::testing::definition {

// What a run is given: a model's tables for names, shapes and arrays, and the arrays. Initial values are those declared.
struct Run {
  const rnnc_model& model;
  const RunShape& shape;
  const Given& given;
  bool own_output = false;  // fed inputs take the model's own value
};

// A row and a step of it, which may lie outside of the sequence.
struct Moment {
  std::int64_t row = 0, step = 0;
};

class Definition {
 public:
  // The cell or model `entry` of the source with these dimensions; the others have their defaults.
  Definition(const Source& source, const std::string& entry, const std::map<std::string, std::int64_t>& dimensions,
             const Run& run);

  // The entries of an output at a row and a step that the row has, or of a per-row or constant one.
  Value output(const std::string& name, Moment at);
  // What `name`.final has for the row, oldest first; nothing for histories that have no name in the text.
  std::vector<Value> final_values(const rnnc_tensor& state, std::int64_t row);
  double loss();
  std::int64_t length(int axis, std::int64_t row) const;

 private:
  struct NotYet {};

  // names.cpp
  // Throws NotYet while it is being made, or cannot be as another one is.
  Scope& instance_of(Meaning& meaning);
  void make_instance(Meaning& meaning);
  void infer_dimensions(Scope& scope, const dsl::Expr& callee, const Frame& frame);
  void bind_inputs(Scope& scope, const dsl::Expr& call, const Frame& frame);
  Meaning* referred(const dsl::Expr& expr, const Frame& frame);
  Scope* referred_scope(const dsl::Expr& expr, const Frame& frame);
  Meaning& value_of(Meaning& meaning);
  Meaning* by_path(const std::string& path);
  int axis_number(const std::string& name) const;

  // evaluate.cpp
  Value evaluate(const dsl::Expr& expr, const Frame& frame, Moment at);
  Value evaluate_known(const dsl::Expr& expr, const Frame& frame, Moment at);
  Value evaluate(Closure closure, Moment at) { return evaluate(*closure.expr, *closure.frame, at); }
  Value name(const dsl::Expr& expr, const Frame& frame, Moment at);
  Value index(const dsl::Expr& expr, const Frame& frame, Moment at);
  Value call(const dsl::Expr& expr, const Frame& frame, Moment at);
  std::optional<Value> special(const std::string& function, const dsl::Expr& expr, const Frame& frame, Moment at);
  Value over_time(const std::string& function, Closure sequence, std::int64_t row);
  Selection selection(const dsl::Expr& subscript, const Frame& frame, Moment at, std::int64_t extent, Value& also);
  // What it is like: shape and way of varying; its entries mean nothing.
  Value like(Closure closure) { return evaluate(closure, {-1, 0}); }
  Value like(Meaning& meaning) { return read(meaning, {-1, 0}, false); }
  // At a step that may lie outside of the sequence.
  Value at_step(Closure closure, Moment at);
  // `as_given`: of an input what the caller passes, whatever it is fed with.
  Value read(Meaning& meaning, Moment at, bool as_given);
  Value compute(Meaning& meaning, Moment at);
  Value initial(Meaning& state, std::int64_t row);
  Value beyond_the_ends(Meaning& meaning, std::int64_t row);
  Value data(const Meaning& input, Moment at);
  Value parameter(const Meaning& parameter) const;
  Shape declared_shape(const Meaning& meaning) const;
  // The moment for another scope, whose steps may be numbered from the other end.
  Moment seen_from(const Scope& scope, const Scope& other, Moment at, int axis) const;
  bool is_fed(const Meaning& input) const;

  // losses.cpp
  double terms(Closure loss);
  double term(Closure value, bool mean, const Closure* weight);
  bool has_terms(const dsl::Expr& expr) const;
  bool reduces(const dsl::Expr& expr, const Frame& frame) const;
  // Whether something at this moment is not ignored; nothing: there is nothing that could be.
  std::optional<bool> counts(Closure value, Moment at);
  void for_each_part(Closure value, Moment at, bool other_steps, const std::function<bool(Closure, Moment)>& enter);
  bool recurs(Meaning& meaning);

  Run run_;
  Scope top_;
  std::map<std::string, int> axes_;  // of several: their numbers by name
  std::map<std::tuple<const Meaning*, std::int64_t, std::int64_t>, Value> known_;
  std::map<std::tuple<const dsl::Expr*, const Frame*, std::int64_t, std::int64_t>, Value> known_calls_;
  std::set<std::tuple<const Meaning*, std::int64_t, std::int64_t>> under_way_;
  int asked_ = 0;  // of what is under way: for what it is like
  int unknown_met_ = 0;
  int making_ = 0;  // instances inside of each other's arguments
};

// Gives the name and the text of what file `from` imports as `path`, or nothing.
using ImportReader =
    std::function<std::optional<std::pair<std::string, std::string>>(const std::string& from, const std::string& path)>;

// Reads a file of `sources` and, through `read_import`, what it imports. Throws Unsaid if that is not to be had.
std::unique_ptr<Source> read_source(dsl::SourceMap& sources, std::int32_t file, const ImportReader& read_import = {});

// What the interpreter wrote (in double precision, of inference, without initial values), with everything in its place that
// the definition says: outputs, final values and the loss. Throws Unlike where an array's shape, or how it varies, is another.
Written as_defined(Definition& definition, const Run& run, Written written);

}  // namespace rnnc::testing::definition
