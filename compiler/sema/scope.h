// What names mean while one compilation is elaborated: symbols, the scopes that hold them, and environments.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "compiler/ir/program.h"
#include "compiler/sema/files.h"
#include "dsl/ast.h"

namespace rnnc::sema {

struct Scope;
struct Symbol;
struct Binding;

// The result of an expression.
//  poison:  an error was reported; silences whatever follows from it.
//  unknown: something this run cannot know yet (the shape of a sequence read before it was elaborated). The run is
//           thrown away and repeated with what it found out.
struct Value {
  enum class Kind : std::uint8_t { poison, unknown, node };
  Kind kind = Kind::poison;
  ir::NodeId node;

  static Value poison() { return {}; }
  static Value unknown() { return {Kind::unknown, {}}; }
  static Value of(ir::NodeId node) { return {Kind::node, node}; }
  bool is_poison() const { return kind == Kind::poison; }
  bool is_unknown() const { return kind == Kind::unknown; }
  bool is_node() const { return kind == Kind::node; }
};

// The functions and constants being expanded, innermost first: how recursion is noticed.
struct Expansion {
  const void* declaration = nullptr;
  const Expansion* outer = nullptr;
};

// Where an expression's names are looked up.
struct Env {
  const LoadedFile* file = nullptr;
  Scope* names = nullptr;  // whose members are visible; null in the body of a function
  Scope* home = nullptr;   // the unit the expression works for: its direction of time, its axis
  const Binding* bindings = nullptr;
  const Expansion* expansion = nullptr;
};

// A name bound for one expression: a loop variable, or a function's parameter. A parameter whose argument is a plain
// reference stands for that reference (so that `x[t-1]` works in the function); any other argument is a value.
struct Binding {
  std::string name;
  std::optional<std::int64_t> number;
  const dsl::Expr* reference = nullptr;
  Env env;  // of `reference`
  Value value;
  const Binding* outer = nullptr;
  bool of_loop = false;
};

enum class SymbolKind : std::uint8_t { dimension, input, parameter, state, equation, argument, instance, family };
enum class Progress : std::uint8_t { untouched, running, done };

// A named thing of a cell or model. Which fields carry meaning follows from the kind.
struct Symbol {
  SymbolKind kind = SymbolKind::equation;
  std::string name;       // as written: "h", "l.0" for a member of an array
  std::string qualified;  // "l1.h"
  dsl::Span span;         // of the name where it is declared
  Scope* scope = nullptr;

  // dimension
  std::int64_t number = 0;
  std::string number_from;  // "default", "-D H=4", …; for errors
  bool number_known = false;

  // input, parameter, state, argument: as declared
  const dsl::Declaration* declaration = nullptr;
  const dsl::ShapeSpec* shape_spec = nullptr;
  bool shape_known = false;
  ir::Shape shape;
  std::int64_t index_extent = 0;  // > 0: an index kind
  ir::AxisId axis;                // of an input or state along time

  // state, equation, argument: what defines it; instance: the call
  const dsl::Expr* expr = nullptr;
  Env env;
  Progress progress = Progress::untouched;
  Value value;  // of an instance that could not be made: unknown, if another run may
  ir::EquationId equation;
  ir::StateId state;  // of a declared state; of any other sequence that is looked back on

  // state
  const dsl::Expr* initial = nullptr;
  Env initial_env;
  Progress initial_progress = Progress::untouched;
  Value initial_value;
  bool reversed_state = false;
  bool read_back = false, read_ahead = false;

  // an equation for an input in the place of what the caller passes: that
  Symbol* given = nullptr;
  bool replaced = false;  // an input with such an equation: only losses mean it
  bool in_loss = false;   // an equation for a part of a loss: an input means what the caller passes there
  // The name that the user knows.
  const std::string& told() const { return given ? given->qualified : qualified; }

  ir::ParameterId parameter;
  ir::InputId input;

  // instance
  const FileEntry* cell = nullptr;
  bool reversed = false;
  Scope* instance = nullptr;

  // family
  std::map<std::int64_t, Symbol*> members;

  bool read = false;           // by anything
  bool read_at_other = false;  // at another step
};

struct Output {
  dsl::Identifier name;
};

struct LossTerm {
  const dsl::Expr* expr = nullptr;
  Env env;
};

// One cell or model with its dimensions bound: the entry, or an instance.
struct Scope {
  const dsl::Unit* unit = nullptr;
  const LoadedFile* file = nullptr;
  Scope* parent = nullptr;  // whose equation makes this instance
  std::string prefix;       // "l1."
  int depth = 0;
  bool reversed = false;  // time runs backwards: every lag changes sign
  ir::AxisId axis;        // what an unnamed sequence axis means here, if several axes exist
  std::map<std::string, ir::AxisId> axes;
  std::map<std::string, Symbol*> names;
  std::set<std::string> lost;        // names whose definition went wrong: what refers to them is not reported
  std::vector<Symbol*> order;        // as declared
  std::vector<Symbol*> definitions;  // states, equations and instances, as their equations stand in the source
  std::vector<Output> outputs;
  std::vector<LossTerm> losses;

  Env env() { return {file, this, this, nullptr, nullptr}; }
};

// Shape and domain of a sequence.
struct Signature {
  ir::Shape shape;
  ir::Domain domain;
  bool operator==(const Signature&) const = default;
};

// The sequence axes that an instance has names for, and the one it runs along.
struct Axes {
  std::map<std::string, ir::AxisId> by_name;
  ir::AxisId own;
  bool operator==(const Axes&) const = default;
};

// What one run of the elaboration found out and the next may rely on, by qualified name.
struct Facts {
  std::map<std::string, std::optional<Signature>> sequences;  // read at another step before they were elaborated
  std::map<std::string, std::vector<std::int64_t>> instance_dimensions;  // inferred
  std::map<std::string, Axes> instance_axes;                             // of several
  std::map<std::string, bool> reversed_states;
  bool operator==(const Facts&) const = default;
};

}  // namespace rnnc::sema
