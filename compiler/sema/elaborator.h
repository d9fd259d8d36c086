// One run of the elaboration. Its parts, by file: scopes.cpp (what a cell or model declares), instances.cpp (cell
// calls), names.cpp (what a name refers to), dimensions.cpp, equations.cpp (definitions), time.cpp (other steps),
// expressions.cpp, operators.cpp, subscripts.cpp, functions.cpp, dropout.cpp, feeding.cpp, losses.cpp, results.cpp, causality.cpp,
// warnings.cpp.
#pragma once

#include <deque>
#include <functional>
#include <set>
#include <span>
#include <tuple>

#include "compiler/sema/scope.h"

namespace rnnc::sema {

// An operand with what the user wrote for it, so that an error can point at it.
struct Operand {
  Value value;
  const dsl::Expr* expr = nullptr;
};

// What a name, or a chain of members and array positions, refers to.
struct Found {
  enum class Kind : std::uint8_t {
    nothing,  // not a reference at all
    poison,   // an error was reported
    unknown,  // of an instance whose dimensions are being inferred
    time,     // t
    number,   // a loop variable or dimension argument
    value,    // a function's parameter
    symbol,
    entry,  // a cell, function or constant of a file
  };
  Kind kind = Kind::nothing;
  std::int64_t number = 0;
  Symbol* symbol = nullptr;
  Value value;
  const FileEntry* entry = nullptr;
};

using Labels = std::vector<dsl::Label>;
using Texts = std::vector<std::string>;

// How a run of the elaboration goes about shapes that it does not know yet.
struct Attempt {
  // What is read at another step is defined first, unless it needs what reads it: of any chain of such definitions one run
  // knows all. What is left in the order of the source needs a run for each.
  bool eager = false;
  // What is multiplied by single numbers alone, say, is one itself: for when nothing else is left.
  bool guesses = false;
};

class Elaborator {
 public:
  Elaborator(const dsl::SourceMap& sources, const Options& options, const Facts& facts, Attempt attempt,
             dsl::Diagnostics& diagnostics);

  // Elaborates `entry` and everything it needs into `program`.
  void run(const FileEntry& entry);

  ir::Program program;
  Origins origins;
  // What the next run may rely on; equal to what this one was given when nothing new was found.
  Facts facts;
  // Reports the sequences whose shape could not be found: for when another run would find nothing more.
  void report_unknown_shapes();
  bool met_unknown() const { return met_unknown_; }
  bool lost_result() const { return lost_result_; }  // has no value for an output or a loss: a mistake is to be told

 private:
  struct Step {  // of the chain of definitions that is being worked on
    Symbol* symbol;
    dsl::Span use;         // where the one before refers to it
    bool whole = false;    // the one before needs it at every step, or its last
    bool initial = false;  // it is the symbol's initial value that is being worked on
  };
  struct Edge {  // a reference from one definition to another, in the program's direction of time
    Symbol* from;
    Symbol* to;
    std::int64_t lag;  // > 0: looks back
    bool whole;        // needs the whole sequence: last, first, sums over time
    dsl::Span span;
  };
  // Keeps recursion bounded whatever the source is.
  class Depth {
   public:
    Depth(Elaborator& elaborator, dsl::Span place);
    ~Depth() { --elaborator_.depth_; }
    bool too_deep() const { return too_deep_; }

   private:
    Elaborator& elaborator_;
    bool too_deep_;
  };

  // -- messages
  Value exhausted(std::string message, dsl::Span place, Texts help = {});
  Value fail(dsl::DiagnosticKind kind, std::string message, Labels labels, Texts help = {});
  std::string source(dsl::Span span) const;  // the text, shortened, on one line
  std::string shape_text(ir::NodeId node) const;
  std::string declared_text(const Symbol& symbol) const;
  // "`W` is declared `[H, I]` with H = 4 (default), I = 3 (-D I=3)", if the expression is a reference to a declaration.
  void explain(Texts& help, const dsl::Expr& expr, const Env& env);
  void explain_dimensions(Texts& help, const dsl::Expr& expr, const Env& env);
  ir::Origin origin(dsl::Span span);

  // -- names
  Found find(const dsl::Expr& expr, const Env& env, bool report = true);
  Found find_name(const dsl::Expr& expr, const Env& env, bool report);
  Found find_member(const dsl::Expr& expr, const Env& env, bool report);
  Found find_array_member(const dsl::Expr& expr, const Env& env, bool report);
  const FileEntry* find_entry(const dsl::Expr& expr, const Env& env);
  // Whether a second imported file declares the name as well: then it is reported.
  bool ambiguous(const std::string& name, const FileEntry& entry, const dsl::Expr& at, const Env& env);
  std::string suggestion(const std::string& name, const Env& env);
  std::string find_suggestion(const std::string& name, const Env& env);
  Texts unknown_name_help(const std::string& name, const Env& env);
  Texts suggest(const std::string& name, const Texts& candidates);

  // -- dimensions
  std::optional<std::int64_t> dimension(const dsl::Expr& expr, const Env& env, bool report = true);
  std::optional<std::int64_t> dimension_of_name(const dsl::Expr& expr, const Env& env, bool report);
  std::optional<std::int64_t> dimension_operation(const dsl::Expr& expr, std::int64_t a, std::int64_t b, bool report);
  std::optional<std::int64_t> extent(const dsl::Expr& expr, const Env& env);
  void solve(const dsl::Expr& expr, Scope& scope, std::int64_t value, const std::string& from);
  bool good_dimension(const Symbol& symbol, dsl::Span place, const dsl::Expr* expr, const Env& env);
  bool bind_entry_dimensions(Scope& scope);
  bool bind_default(Scope& scope, const dsl::Dimension& dimension);
  Symbol& add_dimension(Scope& scope, const dsl::Dimension& dimension);

  // -- scopes
  Symbol* add_symbol(Scope& scope, SymbolKind kind, const std::string& name, dsl::Span span);
  void add_members(Scope& scope);
  void add_declaration(Scope& scope, const dsl::Declaration& declaration);
  void add_item(Scope& scope, const dsl::Declaration& declaration, const dsl::Declaration::Item& item);
  bool check_declaration(Scope& scope, const dsl::Declaration& declaration, const dsl::Declaration::Item& item);
  void declare_input(Symbol& symbol);
  Symbol* add_fed_input(Scope& scope, const dsl::Declaration& declaration, const dsl::Declaration::Item& item);
  void finish_fed_input(Symbol& symbol);
  ir::NodeId one_hot_of_largest(ir::NodeId u);
  Value choice(const std::string& name, const dsl::Expr& call, const Env& env);
  void declare_state(Symbol& symbol, const dsl::Declaration::Item& item);
  void declare_parameter(Symbol& symbol, const dsl::Declaration::Item& item);
  bool within(std::int64_t count, std::int64_t most, const std::string& things, dsl::Span place, Texts help = {});
  void add_equations(Scope& scope, const std::vector<dsl::Member>& members, const Env& env);
  void add_equation(Scope& scope, const dsl::Identifier& name, const dsl::Expr* subscript, const dsl::Expr& value,
                    const Env& env);
  void attach_equation(Symbol& symbol, const dsl::Identifier& name, const dsl::Expr& value, const Env& env);
  void add_outputs(Scope& scope, const dsl::OutputDecl& output, const Env& env);
  void add_loop(Scope& scope, const dsl::ForDecl& loop, const Env& env);
  void lose(Scope& scope, const std::vector<dsl::Member>& members);
  void resolve_shape(Symbol& symbol);
  ir::AxisId axis_of(Scope& scope, dsl::Span place);
  ir::AxisId named_axis(Scope& scope, const dsl::Identifier& name);
  void process(Scope& scope);
  void process_pending();

  // -- parameters' initialisers
  void initialiser(ir::ParameterInfo& info, const Symbol& symbol, const dsl::Expr& expr, const Env& env);
  std::optional<double> constant(const dsl::Expr& expr, const Env& env);

  // -- instances
  const dsl::Expr* cell_call(const dsl::Expr& expr, const Env& env, bool& reversed, const FileEntry*& cell);
  Scope* instantiate(Symbol& symbol);
  Scope* make_instance(Symbol& symbol);
  bool bind_arguments(Symbol& instance, Scope& scope);
  void bind_argument(Symbol& instance, Scope& scope, const dsl::Declaration::Item& item, const dsl::Expr& value);
  void try_again(Symbol& instance);
  Value without(const Symbol& instance);
  void report_unbound(const Symbol& instance, const Scope& scope, bool of_inputs);
  bool bind_dimensions(Symbol& instance, Scope& scope);
  bool bind_explicit_dimensions(Symbol& instance, Scope& scope);
  void infer_dimensions(Symbol& instance, Scope& scope);
  void infer_dimensions_once(Symbol& instance, Scope& scope);
  bool bind_defaults(Symbol& instance, Scope& scope);
  Axes axes_of(const Scope& scope, bool& complete) const;
  bool infer_axis(Symbol& instance, Scope& scope);
  void check_argument(Symbol& argument);
  Symbol* default_member(Symbol& instance, dsl::Span use);

  // -- equations
  Value value_of(Symbol& symbol, dsl::Span use);
  Value define(Symbol& symbol, dsl::Span use, bool whole = false);
  Value as_declared(const Symbol& symbol, Value value);
  void finish(Symbol& symbol);
  void finish_state(Symbol& symbol);
  void finish_equation(Symbol& symbol);
  void report_cycle(Symbol& symbol, dsl::Span use, bool whole);
  Symbol* current() const { return chain_.size() > chain_base_ ? chain_.back().symbol : nullptr; }

  // -- other steps
  std::optional<std::int64_t> time_offset(const dsl::Expr& expr, const Env& env);
  bool mentions_time(const dsl::Expr& expr, const Env& env);
  Value at_step(const dsl::Expr& sequence, std::int64_t lag, const Env& env, dsl::Span use);
  Value lagged(Symbol& symbol, std::int64_t lag, dsl::Span use);
  Value initial_of(Symbol& symbol);
  bool has_no_steps(const dsl::Expr& expr, const Found& found, Value& instead);
  // The symbol that stands for the sequence `expr`: what it refers to, else a new equation for it; null: not one.
  Symbol* sequence(const dsl::Expr& expr, const Env& env, Value& instead);
  Symbol* anonymous(const dsl::Expr* expr, const Env& env, dsl::Span span);
  // Makes sure that the Program has an equation for the symbol; false: its shape is not known yet, or it has none.
  void define_eagerly(Symbol& symbol, dsl::Span use);
  bool declare_sequence(Symbol& symbol, dsl::Span use, Value& instead);
  void add_history(Symbol& symbol, ir::AxisId axis);
  Value last_or_first(const dsl::Expr& call, const Env& env, bool last);
  Value over_time(const dsl::Expr& call, const Env& env, bool mean);

  // -- expressions
  Value evaluate(const dsl::Expr& expr, const Env& env);
  Value evaluate_reference(const dsl::Expr& expr, const Env& env);
  Value evaluate_found(const Found& found, const dsl::Expr& expr, const Env& env);
  Value defined_by_itself(const dsl::ConstantDecl& constant, dsl::Span use);
  Value evaluate_constant(const FileEntry& entry, const Env& env, dsl::Span use);
  Value evaluate_binary(const dsl::Expr& expr, const Env& env);
  Value evaluate_list(const dsl::Expr& expr, const Env& env);
  Value evaluate_index(const dsl::Expr& expr, const Env& env);

  // -- operators
  Value elementwise(const std::string& what, ir::ElementwiseId function, std::span<const Operand> operands,
                    const dsl::Expr& at, const Env& env);
  Value binary(const dsl::Expr& expr, const Operand& a, const Operand& b, const Env& env);
  Value product(const dsl::Expr& expr, const Operand& a, const Operand& b, const Env& env);
  Value product_mismatch(const dsl::Expr& expr, const Operand& a, const Operand& b, const Env& env);
  Value transposed(const Operand& operand, const dsl::Expr& at, const Env& env);
  // Poison or unknown if an operand is; reports index kinds used as numbers and axes that do not join.
  std::optional<Value> blocked(std::span<const Operand> operands, const dsl::Expr& at);
  bool numeric(const Operand& operand, const std::string& what);
  bool axes_join(std::span<const Operand> operands, const dsl::Expr& at);

  // -- subscripts
  Value subscripts(const dsl::Expr& expr, const Operand& base, const Env& env);
  Value select(ir::NodeId base, int dim, const dsl::Expr& subscript, const Env& env, bool& removed);
  bool can_stand_together(const dsl::Expr& expr, const Env& env);
  Value lookup(const dsl::Expr& expr, const Operand& table, const Operand& index, const Env& env);

  // -- functions
  Value evaluate_call(const dsl::Expr& expr, const Env& env);
  Value bound(std::optional<std::int64_t> number, Value value);
  bool is_plain_reference(const dsl::Expr& expr, const Env& env);
  const Binding* bind_parameters(const dsl::FunctionDecl& function, const dsl::Expr& call, const Env& env);
  bool is_of_one_step(ir::NodeId value, const std::set<ir::NodeId>& arguments) const;
  Value call_with_derivative(const dsl::FunctionDecl& function, const dsl::Expr& call, const Env& inside);
  Value call_function(const FileEntry& entry, const dsl::Expr& call, const Env& env);
  Value call_elementwise(ir::ElementwiseId id, const dsl::Expr& call, const Env& env);
  Value call_builtin(const std::string& name, const dsl::Expr& call, const Env& env);
  Value not_a_function(const dsl::Expr& call, const Env& env);
  Value look_for_mistakes(const dsl::Expr& call, const Env& env);
  bool check_arguments(const dsl::Expr& call, std::size_t least, std::size_t most);
  std::vector<Operand> arguments(const dsl::Expr& call, const Env& env);
  Value reduction(const std::string& name, const dsl::Expr& call, const Env& env);
  Value softmax_like(const std::string& name, const dsl::Expr& call, const Env& env);
  Value vector_function(const std::string& name, const dsl::Expr& call, const Env& env);
  // The extents that a call's arguments from number `first` on are; nothing after an error.
  std::optional<ir::Shape> shape_arguments(const dsl::Expr& call, std::size_t first, const Env& env);
  Value ones(const dsl::Expr& call, const Env& env);
  Value reshaped(const dsl::Expr& call, const Env& env);
  bool is_vector(const Operand& operand, const std::string& what);
  // The dimension that `axis = k` (or a second argument) chooses: -1 for all; nothing after an error.
  std::optional<int> axis_argument(const dsl::Expr& call, const Env& env, int rank);
  struct Drop {
    double rate = 0;
    bool per_row = false;  // one mask for each sequence
  };
  std::optional<Drop> drop_arguments(const dsl::Expr& call, std::size_t values, const Env& env);
  ir::NodeId drawn(const Drop& drop, const ir::Shape& shape, ir::Domain domain);
  static ir::Domain mask_domain(const Drop& drop, ir::Domain domain);
  Value undropped(const Drop& drop, ir::NodeId u, ir::Domain domain);
  bool can_drop(std::span<const Operand> operands, const dsl::Expr& call);
  Value dropout(const dsl::Expr& call, const Env& env);
  Value zoneout(const dsl::Expr& call, const Env& env);
  Value loss_function(const std::string& name, const dsl::Expr& call, const Env& env);
  Value cross_entropy(const dsl::Expr& call, const Operand& logits, const Operand& target, const Env& env);
  ir::NodeId norm(ir::NodeId u, int dim);
  ir::NodeId log_sum_exp(ir::NodeId u, int dim);
  // `reduced` (the operand without dimension `dim`, or a scalar) repeated along it again.
  ir::NodeId repeated_along(ir::NodeId reduced, ir::NodeId like, int dim);

  // -- losses
  Value loss(const dsl::Expr& expr, const Env& env);
  Value loss_product(const dsl::Expr& expr, const Env& env);
  Value mean_term(const dsl::Expr& expr, const Env& env);
  const dsl::Expr* find_reduction(const dsl::Expr& expr, const Env& env);
  Value reduced(const dsl::Expr& expr, const Env& env, bool mean, const dsl::Expr* weight = nullptr);
  ir::NodeId summed(ir::NodeId u, ir::Domain domain);
  template <class F>
  void for_each_part(ir::NodeId u, F f) const;
  ir::NodeId counts_in(ir::NodeId u);
  ir::NodeId counted(ir::NodeId index, std::int64_t ignored);
  std::optional<std::int64_t> ignored_class(const dsl::Expr& expr, ir::NodeId target, const Env& env);
  void read_index(ir::NodeId index, dsl::Span place);
  void check_ignored_targets();
  bool is_single_number(const Value& value) const;
  Value weight(const dsl::Expr& expr, const Env& env);
  bool contains_reduction(const dsl::Expr& expr, const Env& env);

  // -- results
  void add_results(Scope& entry);
  void add_outputs_of(Scope& entry);
  void report_nothing_computed(const Scope& entry);
  void add_output(const std::string& name, Symbol& symbol, dsl::Span span, std::set<std::string>& taken);
  void add_output(const std::string& name, ir::NodeId node);
  void add_final_states();
  void add_watched();
  void add_loss(Scope& entry);
  void mark_optional_targets();

  // -- causality: no value needs itself at the same step, no recurrence mixes past and future
  void check_causality();
  void report_mixed(const std::vector<const Edge*>& edges, const Edge& back, const Edge& ahead);
  void check_lagged_targets(const std::map<const Symbol*, int>& component);
  void check_lagged(const Symbol& symbol, dsl::Span use);

  void collect_facts();
  // -- warnings
  void warn_unused();
  bool is_plain(const Symbol& symbol) const;
  void warn_probabilities(const std::string& loss, const dsl::Expr& logits, const Env& env);
  void warn_shadowed(const LoadedFile& file);

  const dsl::SourceMap& sources_;
  const Options& options_;
  const Facts& known_;
  const Attempt attempt_;
  dsl::Diagnostics& diagnostics_;
  std::deque<Symbol> symbols_;
  // Dimensions that defaults stood in for, as nothing was known: facts if the run found out nothing better.
  std::map<std::string, std::vector<std::int64_t>> guessed_defaults_;
  std::deque<Scope> scopes_;
  std::deque<Binding> bindings_;
  std::deque<Expansion> expansions_;
  std::vector<Step> chain_;
  std::set<const Symbol*> cyclic_;  // whose cycle was reported
  std::size_t chain_base_ = 0;  // where the work on the current instance's dimensions began
  bool in_loss_ = false;        // where a fed input means what the caller passes
  std::map<ir::NodeId, ir::NodeId> counts_of_;  // losses with ignored targets: where they count
  std::map<ir::NodeId, dsl::Span> index_reads_; // indices that something looks up, and where one does first
  bool lost_result_ = false;
  bool whole_ = false;          // inside something that needs its operand at every step
  std::vector<Edge> edges_;
  std::vector<std::pair<const Symbol*, dsl::Span>> lagged_in_losses_;  // losses are no definitions: no edges
  std::vector<Symbol*> pending_;                // sequences without a name of their own, still to be defined
  std::map<std::string, int> anonymous_count_;  // by the name of the equation they stand in
  std::map<std::tuple<const Scope*, std::string, std::string>, std::string> suggested_;  // by unit, loop variables and name
  std::map<std::string, std::pair<Symbol*, dsl::Span>> wanted_;  // read at another step before their shape was known
  bool single_axis_ = true;
  std::string axis_name_;
  bool met_unknown_ = false;
  std::map<const dsl::ConstantDecl*, Value> constants_;
  std::map<const dsl::ConstantDecl*, std::int64_t> constant_dimensions_;
  int depth_ = 0;
  std::int64_t work_ = 0;
  bool exhausted_ = false;  // a limit was reached: what follows is not worth reporting
  // How much of what is limited the model has.
  std::int64_t equations_ = 0, turns_ = 0, remembered_ = 0;
};

// Elaborates one unit of a loaded file.
std::optional<Elaborated> elaborate(const dsl::SourceMap& sources, const FileEntry& entry, const Options& options,
                                    dsl::Diagnostics& diagnostics);

// The names that functions.cpp and losses.cpp give a meaning beside the elementwise table.
bool is_builtin(const std::string& name);
std::vector<std::string> builtin_names();

}  // namespace rnnc::sema
