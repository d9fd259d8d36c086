// Inputs that say what they are fed with when the model runs on its own output:  input y_before : [O] = y[t-1].
// And the choice of one of several classes, which is what a model of classes is fed with.
#include "compiler/sema/elaborator.h"

namespace rnnc::sema {
namespace {

using Kind = dsl::DiagnosticKind;

}  // namespace

// The name stands for an equation; what the caller passes has a symbol of its own, which losses mean.
Symbol* Elaborator::add_fed_input(Scope& scope, const dsl::Declaration& declaration, const dsl::Declaration::Item& item) {
  Symbol* fed = add_symbol(scope, SymbolKind::equation, item.name.text, item.name.span);
  if (!fed) return nullptr;
  Symbol& given = symbols_.emplace_back();
  given = *fed;
  given.kind = SymbolKind::input;
  given.replaced = options_.feed != Feed::given;
  fed->given = &given;
  fed->qualified += ".fed";
  for (Symbol* symbol : {fed, &given}) {
    symbol->declaration = &declaration;
    symbol->shape_spec = &item.shape;
  }
  resolve_shape(given);
  declare_input(given);
  // Read by losses alone, it may be absent where no loss is asked for.
  if (given.input.valid()) program.inputs[given.input].target = options_.feed == Feed::own;
  fed->shape_known = given.shape_known;
  fed->shape = given.shape;
  fed->index_extent = given.index_extent;
  fed->axis = given.axis;
  fed->expr = item.initial.get();
  fed->env = scope.env();
  scope.definitions.push_back(fed);
  return fed;
}

// Checks the value that the input is fed with and, in mixed feeding, draws between it and the caller's: Bengio, Vinyals,
// Jaitly, Shazeer, "Scheduled Sampling for Sequence Prediction with Recurrent Neural Networks", NIPS 2015.
void Elaborator::finish_fed_input(Symbol& symbol) {
  const dsl::Expr& expr = *symbol.expr;
  if (!symbol.shape_known || !symbol.given->input.valid()) {
    symbol.value = Value::poison();
    return;
  }
  const ir::Node node = program[symbol.value.node];
  bool index = symbol.index_extent > 0;
  bool fits = index ? node.index && node.extent == symbol.index_extent
                    : !node.index && (node.shape == symbol.shape || node.shape.rank() == 0);
  if (!fits) {
    Texts help;
    if (index && !node.index) help = {"`argmax(...)` or `sample(...)` of logits is an index"};
    explain(help, expr, symbol.env);
    symbol.value = fail(index == node.index ? Kind::shape_mismatch : index ? Kind::not_an_index : Kind::index_in_arithmetic,
                        "input `" + symbol.name + "` is " + declared_text(symbol) + " and is fed with " +
                            shape_text(symbol.value.node),
                        {{expr.span, shape_text(symbol.value.node)}, {symbol.span, declared_text(symbol)}}, help);
    return;
  }
  const ir::Domain domain{true, symbol.axis};
  if (!ir::covers(domain, node.domain)) {
    symbol.value = fail(Kind::sequence_axis_mismatch, "input `" + symbol.name + "` is fed along another sequence axis",
                        {{expr.span, ""}, {symbol.span, "declared here"}});
    return;
  }
  ir::NodeId own = index ? program.one_hot(symbol.value.node) : program.broadcast_scalar(symbol.value.node, symbol.shape);
  if (options_.feed == Feed::mixed) {
    ir::NodeId given = program.input(symbol.given->input);
    if (index) read_index(given, symbol.span);
    ir::NodeId drawn = program.map("less", {program.random({}, domain), program.rate()});
    own = program.map("where", {drawn, own, index ? program.one_hot(given) : given});
  } else if (node.domain != domain) {
    own = program.mul(own, program.ones(domain));
  }
  symbol.value = Value::of(index ? program.chosen(own) : own);
}

// A one at the first of the largest entries, zeros elsewhere. It has no derivative.
ir::NodeId Elaborator::one_hot_of_largest(ir::NodeId u) {
  ir::NodeId largest = program.map("equal", {u, program.reduce_max(u)});
  if (program[u].shape[0] == 1) return largest;
  ir::NodeId first = program.map("equal", {program.cumulative_sum(largest), program.constant(1)});
  return program.mul(largest, first);
}

// argmax(v): the index of the largest entry. sample(v): an index drawn from softmax(v), as the largest entry of v plus
// Gumbel noise (Gumbel 1954; Maddison, Tarlow, Minka, "A* Sampling", NIPS 2014).
Value Elaborator::choice(const std::string& name, const dsl::Expr& call, const Env& env) {
  if (!check_arguments(call, 1, 1)) return Value::poison();
  Operand operand{evaluate(*call.operands[1], env), call.operands[1].get()};
  if (std::optional<Value> stop = blocked({&operand, 1}, call)) return *stop;
  // A shape that is still guessed is no mistake.
  if (met_unknown_ && program[operand.value.node].shape.rank() != 1) return Value::unknown();
  if (!is_vector(operand, name)) return Value::poison();
  ir::NodeId u = operand.value.node;
  if (name == "sample") {
    const ir::Node node = program[u];
    ir::NodeId random = program.random(node.shape, {true, node.domain.axis});
    ir::NodeId drawn = program.map("max", {random, program.constant(0x1p-25)});  // not 0, as it is not 1
    ir::NodeId exponential = program.neg(program.map("log", {drawn}));
    u = program.sub(u, program.map("log", {exponential}));
  }
  return Value::of(program.chosen(one_hot_of_largest(program.stop_gradient(u))));
}

}  // namespace rnnc::sema
