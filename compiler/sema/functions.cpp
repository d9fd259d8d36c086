// Calls: the user's functions (inlined), the elementwise table, and the functions with a meaning of their own.
#include <algorithm>
#include <map>
#include <set>

#include "compiler/sema/advice.h"
#include "compiler/sema/elaborator.h"

namespace rnnc::sema {
namespace {

using Kind = dsl::DiagnosticKind;

constexpr std::string_view builtins[] = {
#define X(name, section, forms, summary) #name,
#include "compiler/sema/builtins.def"
#undef X
};

}  // namespace

bool is_builtin(const std::string& name) {
  return std::find(std::begin(builtins), std::end(builtins), name) != std::end(builtins);
}

std::vector<std::string> builtin_names() { return {std::begin(builtins), std::end(builtins)}; }

bool Elaborator::check_arguments(const dsl::Expr& call, std::size_t least, std::size_t most) {
  std::size_t count = call.operands.size() - 1;
  std::string name = source(call.operands[0]->span);
  for (std::size_t i = 1; i < call.operands.size(); ++i) {
    if (call.operands[i]->kind == dsl::ExprKind::error) return false;
    if (call.operands[i]->kind != dsl::ExprKind::named) continue;
    fail(Kind::unknown_argument, "`" + name + "` takes no argument by the name `" + call.operands[i]->text + "`",
         {{call.operands[i]->span, ""}}, {"arguments of this function go by place, without names"});
    return false;
  }
  if (count >= least && count <= most) return true;
  std::string wanted = std::to_string(least);
  if (most != least) wanted += " to " + std::to_string(most);
  fail(Kind::argument_count,
       "`" + name + "` takes " + wanted + " argument" + (most == 1 ? "" : "s") + ", not " + std::to_string(count),
       {{call.span, std::to_string(count) + " given"}});
  return false;
}

std::vector<Operand> Elaborator::arguments(const dsl::Expr& call, const Env& env) {
  std::vector<Operand> operands;
  for (std::size_t i = 1; i < call.operands.size(); ++i)
    operands.push_back({evaluate(*call.operands[i], env), call.operands[i].get()});
  return operands;
}

Value Elaborator::evaluate_call(const dsl::Expr& expr, const Env& env) {
  const dsl::Expr& callee = *expr.operands[0];
  bool reversed = false;
  const FileEntry* cell = nullptr;
  if (cell_call(expr, env, reversed, cell)) {
    if (cell)
      return fail(Kind::not_a_value, "a cell call must be an equation of its own", {{expr.span, ""}},
                  {"write `name = " + source(expr.span) + "` and use `name` here"});
    const dsl::Expr& name = *callee.operands[0];
    Texts cells;
    for (const std::string& visible : env.file->visible_names())
      if (env.file->find(visible)->unit) cells.push_back(visible);
    return fail(Kind::unknown_cell, "there is no cell `" + name.text + "`", {{name.span, "not found"}},
                suggest(name.text, cells));
  }
  if (callee.kind == dsl::ExprKind::error) return Value::poison();
  if (callee.kind != dsl::ExprKind::name) return not_a_function(expr, env);
  const std::string& name = callee.text;
  const FileEntry* entry = env.file ? env.file->find(name) : nullptr;
  if (entry && ambiguous(name, *entry, callee, env)) return Value::poison();
  for (const Binding* binding = env.bindings; binding; binding = binding->outer)
    if (binding->name == name && !binding->of_loop) return not_a_function(expr, env);  // whatever it is given
  if (entry && entry->function) return call_function(*entry, expr, env);
  std::size_t count = expr.operands.size() - 1;
  bool reduces = (name == "max" || name == "min") &&
                 (count == 1 || (count == 2 && expr.operands[2]->kind == dsl::ExprKind::named));
  if (is_builtin(name) || reduces) return call_builtin(name, expr, env);
  if (std::optional<ir::ElementwiseId> id = ir::find_elementwise(name)) return call_elementwise(*id, expr, env);
  if (find(callee, env, false).kind != Found::Kind::poison) return not_a_function(expr, env);
  Texts names = builtin_names();
  for (const ir::Elementwise& row : ir::elementwise_table()) names.emplace_back(row.name);
  if (env.file)
    for (const std::string& visible : env.file->visible_names())
      if (!env.file->find(visible)->constant) names.push_back(visible);
  std::string advice = advice_on_function(name);
  fail(Kind::unknown_function, "there is no function `" + name + "`", {{callee.span, "not found"}},
       advice.empty() ? suggest(name, names) : Texts{advice});
  return look_for_mistakes(expr, env);
}

// The arguments of a call that is wrong already may be so, too.
Value Elaborator::look_for_mistakes(const dsl::Expr& call, const Env& env) {
  for (std::size_t i = 1; i < call.operands.size(); ++i) {
    const dsl::Expr& argument = *call.operands[i];
    const bool named = argument.kind == dsl::ExprKind::named;
    if (!named || argument.operands[0]) evaluate(named ? *argument.operands[0] : argument, env);
  }
  return Value::poison();
}

Value Elaborator::not_a_function(const dsl::Expr& call, const Env& env) {
  const dsl::Expr& callee = *call.operands[0];
  const std::string name = source(callee.span);
  const bool of_time = call.operands.size() == 2 && mentions_time(*call.operands[1], env);
  const bool known =
      callee.kind == dsl::ExprKind::member && (is_builtin(callee.text) || ir::find_elementwise(callee.text));
  const Found found = find(callee, env, false);
  Texts help;
  if (known)
    help = {"functions stand by themselves: `" + callee.text + "(...)`"};
  else if (callee.kind == dsl::ExprKind::name && (is_builtin(name) || ir::find_elementwise(name)))
    help = {"`" + name + "` is a parameter here, which hides the function: call it otherwise"};
  else if (of_time)
    help = {"another step is chosen with brackets: `" + name + "[" + source(call.operands[1]->span) + "]`"};
  else if (found.kind != Found::Kind::entry && found.kind != Found::Kind::poison)
    help = {"`*` multiplies: `" + name + " * (...)`"};
  fail(Kind::not_a_function, "`" + name + "` is not a function", {{callee.span, "called here"}}, help);
  return of_time ? Value::poison() : look_for_mistakes(call, env);
}

Value Elaborator::call_elementwise(ir::ElementwiseId id, const dsl::Expr& call, const Env& env) {
  auto arity = static_cast<std::size_t>(ir::elementwise(id).arity);
  if (!check_arguments(call, arity, arity)) return Value::poison();
  std::vector<Operand> operands = arguments(call, env);
  return elementwise("`" + call.operands[0]->text + "`", id, operands, call, env);
}

// `h`, `l.h`, and `l[0]` where `l` is an array.
bool Elaborator::is_plain_reference(const dsl::Expr& expr, const Env& env) {
  if (expr.kind == dsl::ExprKind::name || expr.kind == dsl::ExprKind::member) return true;
  return expr.kind == dsl::ExprKind::index && find(expr, env, false).kind == Found::Kind::symbol;
}

// The value of what is bound to a whole number, to a value, or (0, which has a sign) to both.
Value Elaborator::bound(std::optional<std::int64_t> number, Value value) {
  return number && !value.is_node() ? Value::of(program.constant(static_cast<double>(*number))) : value;
}

// A function's parameters bound to the arguments of a call. An argument that is a plain reference is handed over as that
// reference if it may, so that the body may read it at other steps; the others are elaborated once, before. Null after an
// error.
const Binding* Elaborator::bind_parameters(const dsl::FunctionDecl& function, const dsl::Expr& call, const Env& env) {
  const Binding* bindings = nullptr;
  for (std::size_t i = 0; i < function.parameters.size(); ++i) {
    const dsl::Expr& argument = *call.operands[i + 1];
    Binding& binding = bindings_.emplace_back();
    binding.name = function.parameters[i].text;
    if (!function.derivative && is_plain_reference(argument, env)) {
      binding.reference = &argument;
      binding.env = env;
      if (find(argument, env).kind == Found::Kind::poison) return nullptr;
    } else {
      binding.number = dimension(argument, env, false);
      if (!binding.number || *binding.number == 0) binding.value = evaluate(argument, env);  // 0 has a sign
    }
    binding.outer = bindings;
    bindings = &binding;
  }
  return bindings;
}

// The body takes the place of the call.
Value Elaborator::call_function(const FileEntry& entry, const dsl::Expr& call, const Env& env) {
  const dsl::FunctionDecl& function = *entry.function;
  for (const Expansion* outer = env.expansion; outer; outer = outer->outer)
    if (outer->declaration == &function)
      return fail(Kind::recursive_definition, "function `" + function.name.text + "` calls itself",
                  {{call.span, ""}, {function.name.span, "declared here"}});
  std::size_t count = function.parameters.size();
  if (!check_arguments(call, count, count) || !function.body) return Value::poison();
  const Binding* bindings = bind_parameters(function, call, env);
  if (!bindings && count > 0) return Value::poison();
  expansions_.push_back({&function, env.expansion});
  const Env inside{entry.file, nullptr, env.home, bindings, &expansions_.back()};
  return function.derivative ? call_with_derivative(function, call, inside) : evaluate(*function.body, inside);
}

// Whether the value is made of these arguments at the same step.
bool Elaborator::is_of_one_step(ir::NodeId value, const std::set<ir::NodeId>& arguments) const {
  std::map<ir::NodeId, bool> depends;  // on an argument; operands come before users
  std::vector<ir::NodeId> open{value};
  while (!open.empty()) {
    const ir::NodeId id = open.back();
    open.pop_back();
    if (!depends.emplace(id, arguments.contains(id)).second || arguments.contains(id)) continue;
    open.insert(open.end(), program[id].operands.begin(), program[id].operands.end());
  }
  for (auto& [id, does] : depends) {
    if (does) continue;
    const ir::Node& node = program[id];
    for (ir::NodeId operand : node.operands) does = does || depends.at(operand);
    if (does && node.kind == ir::NodeKind::sum_over) return false;
  }
  return true;
}

// The body's value, with the derivatives that the function gives: one expression, or a list of one for each parameter.
Value Elaborator::call_with_derivative(const dsl::FunctionDecl& function, const dsl::Expr& call, const Env& inside) {
  const dsl::Expr& given = *function.derivative;
  const bool list = given.kind == dsl::ExprKind::list;
  const std::string& name = function.name.text;
  const std::size_t count = function.parameters.size(), derivatives = list ? given.operands.size() : 1;
  if (count != derivatives)
    return fail(Kind::bad_derivative, "`" + name + "` has " + std::to_string(count) + (count == 1 ? " parameter and " : " parameters and ") +
                                          std::to_string(derivatives) + (derivatives == 1 ? " derivative" : " derivatives"),
                {{given.span, ""}, {call.span, "called here"}},
                {"one for each parameter, in their order: `derivative [..., ...]`; 0 lets no gradient pass"});
  const std::size_t equations = program.equations.size();
  Operand value{evaluate(*function.body, inside), function.body.get()};
  std::vector<Operand> operands{value}, parameters;
  for (std::size_t i = 0; i < count; ++i) {
    const dsl::Expr* expr = list ? given.operands[i].get() : &given;
    if (!expr) return Value::poison();
    operands.push_back({evaluate(*expr, inside), expr});
  }
  for (const Binding* binding = inside.bindings; binding; binding = binding->outer)
    parameters.insert(parameters.begin(),
                      {bound(binding->number, binding->value), call.operands[count - parameters.size()].get()});
  operands.insert(operands.end(), parameters.begin(), parameters.end());
  if (std::optional<Value> stop = blocked(operands, call)) return stop->is_poison() ? *stop : value.value;
  if (program.equations.size() != equations)
    return fail(Kind::bad_derivative, "`" + name + "` has a derivative of its own and reads other steps",
                {{call.span, "called here"}, {function.name.span, "declared here"}},
                {"hand the value of the other step over as an argument"});
  std::set<ir::NodeId> arguments;
  for (const Operand& parameter : parameters)
    if (program[parameter.value.node].kind != ir::NodeKind::constant) arguments.insert(parameter.value.node);
  if (!is_of_one_step(value.value.node, arguments))
    return fail(Kind::bad_derivative, "a function with a derivative of its own works at one step",
                {{function.body->span, "a sum over steps"}, {call.span, "called here"}});
  const ir::Shape shape = program[value.value.node].shape;
  std::vector<ir::Program::Derivative> pairs;
  bool varies = false;
  for (std::size_t i = 0; i < count; ++i) {
    const Operand& parameter = parameters[i];
    const Operand& derivative = operands[i + 1];
    for (const Operand* operand : {&parameter, &derivative}) {
      const ir::Shape& other = program[operand->value.node].shape;
      if (other == shape || other.rank() == 0) continue;
      return fail(Kind::bad_derivative,
                  operand == &parameter ? "a function with a derivative of its own works entry by entry"
                                        : "the derivative does not have the shape of the value",
                  {{operand->expr->span, other.to_string()}, {function.body->span, "has the value " + shape.to_string()}});
    }
    if (program[parameter.value.node].kind == ir::NodeKind::constant) continue;
    varies = true;
    const ir::Node& slope = program[derivative.value.node];
    if (slope.kind != ir::NodeKind::constant || slope.value != 0)
      pairs.push_back({parameter.value.node, derivative.value.node});
  }
  if (!varies) return value.value;
  if (pairs.empty()) return Value::of(program.stop_gradient(value.value.node));
  return Value::of(program.surrogate(value.value.node, pairs));
}

Value Elaborator::call_builtin(const std::string& name, const dsl::Expr& call, const Env& env) {
  if (name == "last" || name == "first") return last_or_first(call, env, name == "last");
  if (name == "mean_over_time" || name == "sum_over_time") return over_time(call, env, name == "mean_over_time");
  if (name == "sum" || name == "mean" || name == "max" || name == "min" || name == "norm")
    return reduction(name, call, env);
  if (name == "softmax" || name == "log_softmax" || name == "logsumexp") return softmax_like(name, call, env);
  if (name == "reshape") return reshaped(call, env);
  if (name == "ones") return ones(call, env);
  if (name == "argmax" || name == "sample") return choice(name, call, env);
  if (name == "dropout") return dropout(call, env);
  if (name == "zoneout") return zoneout(call, env);
  if (name == "one_hot") {
    if (!check_arguments(call, 1, 1)) return Value::poison();
    Operand operand{evaluate(*call.operands[1], env), call.operands[1].get()};
    if (!operand.value.is_node()) return operand.value;
    if (program[operand.value.node].index) {
      read_index(operand.value.node, operand.expr->span);
      return Value::of(program.one_hot(operand.value.node));
    }
    return fail(Kind::not_an_index, "`one_hot` takes an index", {{operand.expr->span, shape_text(operand.value.node)}},
                {"declare it as an index: `input " + source(operand.expr->span) + " : index(N)`"});
  }
  if (name == "cumsum" || name == "transpose" || name == "outer" || name == "dot" || name == "stop_gradient")
    return vector_function(name, call, env);
  return loss_function(name, call, env);
}

}  // namespace rnnc::sema
