// What the names of a source mean, by the manual's rules of declarations, cells, instances and functions. Nothing is
// computed here but whole numbers: dimensions, bounds of loops, positions, lags.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dsl/ast.h"
#include "tests/definition/value.h"

namespace rnnc::testing::definition {

// A file and what it sees of those that it imports: names to their declarations.
struct Source {
  dsl::File ast;
  std::map<std::string, std::pair<const dsl::Unit*, const Source*>> units;
  std::map<std::string, std::pair<const dsl::FunctionDecl*, const Source*>> functions;
  std::map<std::string, std::pair<const dsl::ConstantDecl*, const Source*>> constants;
  std::vector<std::unique_ptr<Source>> imports;
};

struct Frame;
struct Scope;

// An expression where it stands.
struct Closure {
  const dsl::Expr* expr = nullptr;
  const Frame* frame = nullptr;
};

// Where an expression stands: in a cell or model, in the turn of a loop, or in the body of a function.
struct Frame {
  Scope* scope = nullptr;
  const Source* source = nullptr;
  std::map<std::string, std::int64_t> turns;    // of the loops around it
  const dsl::FunctionDecl* function = nullptr;  // then names are its parameters' or the source's alone
  std::map<std::string, Closure> arguments;
  bool in_loss = false;
};

// A name of a cell or model: an input, parameter, state, equation, instance or output.
struct Meaning {
  Scope* scope = nullptr;
  std::string name;  // "h", "l.0"
  const dsl::Declaration* declaration = nullptr;
  const dsl::Declaration::Item* item = nullptr;  // or null, as the declaration
  Closure value;                                 // of an equation or instance; else no expression
  std::unique_ptr<Scope> instance;

  bool is(dsl::DeclarationKind kind) const { return declaration && declaration->kind == kind; }
  bool is_given() const { return is(dsl::DeclarationKind::input) || is(dsl::DeclarationKind::target); }
  bool is_state() const { return is(dsl::DeclarationKind::state); }
};

// A cell or model with its dimensions: what is compiled, or an instance.
struct Scope {
  const dsl::Unit* unit = nullptr;
  const Source* source = nullptr;
  Scope* outer = nullptr;
  bool made = false;     // its dimensions and members are known
  std::string path;      // "", "l1.", "l.0.inner."
  bool turned = false;   // its steps are numbered from the other end of the sequence
  int axis = -1;         // of its states and of `t`; -1: not known
  std::map<std::string, std::int64_t> dimensions;
  std::map<std::string, Meaning> meanings;
  std::map<std::string, Closure> arguments;  // of an instance: inputs, and states' initial values
  std::vector<std::string> outputs;          // in order
  std::vector<Closure> losses;
  std::vector<std::unique_ptr<Frame>> frames;
  std::map<std::pair<const dsl::Expr*, const Frame*>, std::unique_ptr<Frame>> calls;

  Frame* frame() { return frames.front().get(); }
  // The value that an instance stands for: its only output, else its first state.
  Meaning& value();
};

// Reads the members of a cell or model whose dimensions are known.
void read_members(Scope& scope);
// The number that an expression is without anything that is computed as the model runs; else nothing.
std::optional<double> constant(const dsl::Expr& expr, const Frame& frame);
std::optional<std::int64_t> whole(const dsl::Expr& expr, const Frame& frame);
// What a function's body means by a parameter: the expression that its caller handed over, if it is one.
Closure resolved(Closure closure);
// The frame of the body of the user's function that an expression calls; null: it calls none.
const Frame* frame_of_call(const dsl::Expr& expr, const Frame& frame);
// `t`, `t-k` or `t+k`: how far from the current step; else nothing.
std::optional<std::int64_t> offset(const dsl::Expr& subscript, const Frame& frame);
// The cell call (of a call) behind `reverse`, and whether time is turned; null: the expression makes no instance.
const dsl::Expr* cell_call(const dsl::Expr& expr, const Frame& frame, bool& reversed);
bool is_named(const dsl::ExprPtr& expr, std::string_view name);
// A call of one of the language's functions, which none of the user's hides.
bool calls(const dsl::Expr& expr, std::string_view name, const Frame& frame);

}  // namespace rnnc::testing::definition
