// Values, each for one row and step, by the manual's sentence about it.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "tests/definition/definition.h"

namespace rnnc::testing::definition {

using dsl::Expr;
using dsl::ExprKind;

namespace {

Value of_steps(Value value, int axis) {
  value.varies = Varies::by_step;
  value.axis = axis;
  return value;
}

// The argument of that name, or null.
const Expr* named_argument(const Expr& call, std::string_view name) {
  for (const dsl::ExprPtr& operand : call.operands)
    if (is_named(operand, name)) return operand->operands[0].get();
  return nullptr;
}

// What the model's tables say of a name; null: it is not there, since nothing needs it.
const rnnc_tensor* find(const rnnc_tensor* tensors, int count, const std::string& name) {
  const auto* end = tensors + count;
  const auto* it = std::find_if(tensors, end, [&](const rnnc_tensor& tensor) { return tensor.name == name; });
  return it == end ? nullptr : it;
}

}  // namespace

std::int64_t Definition::length(int axis, std::int64_t row) const {
  if (row < 0) return 1;
  const auto at = static_cast<std::size_t>(std::max(axis, 0));
  const std::vector<std::int32_t>& lengths = run_.shape.lengths[at];
  return lengths.empty() ? run_.shape.steps[at] : lengths[static_cast<std::size_t>(row)];
}

Moment Definition::seen_from(const Scope& scope, const Scope& other, Moment at, int axis) const {
  return scope.turned == other.turned ? at : Moment{at.row, length(axis, at.row) - 1 - at.step};
}

// -- what is given

Shape Definition::declared_shape(const Meaning& meaning) const {
  Shape shape;
  if (meaning.item->shape.is_index) return shape;
  for (const dsl::ExprPtr& extent : meaning.item->shape.extents) {
    const std::optional<std::int64_t> size = whole(*extent, *meaning.scope->frame());
    if (!size) throw Unsaid("an extent that is no whole number");
    shape.push_back(*size);
  }
  return shape;
}

Value Definition::parameter(const Meaning& meaning) const {
  const std::string name = meaning.scope->path + meaning.name;
  Value value = filled(declared_shape(meaning), 0);
  const rnnc_tensor* tensor = find(run_.model.parameters, run_.model.parameter_count, name);
  for (std::size_t i = 0; tensor && i < value.entries.size(); ++i)
    value.entries[i] = testing::number(run_.model, run_.given.parameters, tensor->offset + static_cast<std::int64_t>(i));
  return value;
}

Value Definition::data(const Meaning& input, Moment at) {
  const rnnc_tensor* tensor = find(run_.model.inputs, run_.model.input_count, input.name);
  Value value = filled(declared_shape(input), 0);
  if (input.item->shape.is_index) value.classes = whole(*input.item->shape.extents[0], *input.scope->frame()).value();
  value.varies = input.declaration->per_row ? Varies::per_row : Varies::by_step;
  const std::optional<dsl::Identifier>& axis = input.declaration->axis;
  if (!input.declaration->per_row) value.axis = axis ? axis_number(axis->text) : 0;
  if (!tensor || at.row < 0) return value;
  const auto number_of = static_cast<std::size_t>(tensor - run_.model.inputs);
  const Bytes& bytes = run_.given.inputs[number_of];
  const std::int64_t size = size_of(value.shape);
  const std::int64_t position = ((tensor->axis >= 0 ? at.step * run_.shape.rows : 0) + at.row) * size;
  for (std::int64_t i = 0; i < size; ++i) {
    std::int32_t index = 0;
    if (value.classes > 0) std::memcpy(&index, bytes.data() + (position + i) * 4, 4);
    value.entries[static_cast<std::size_t>(i)] =
        value.classes > 0 ? index : testing::number(run_.model, bytes, position + i);
  }
  return value;
}

bool Definition::is_fed(const Meaning& input) const {
  return run_.own_output && input.is(dsl::DeclarationKind::input) && input.scope == &top_ && input.item->initial;
}

// -- what names mean

Value Definition::read(Meaning& meaning, Moment at, bool as_given) {
  Meaning& m = value_of(meaning);
  if (&m != &meaning && m.scope->turned != meaning.scope->turned) at = seen_from(*meaning.scope, *m.scope, at, like(m).axis);
  if (m.is(dsl::DeclarationKind::param)) return parameter(m);
  // What an input is like, its declaration says, whatever it is fed with.
  if (m.is_given() && !m.scope->outer && (as_given || !is_fed(m) || at.row < 0)) return data(m, at);
  const std::tuple<const Meaning*, std::int64_t, std::int64_t> key{&m, at.row, at.step};
  if (const auto it = known_.find(key); it != known_.end()) return it->second;
  if (!under_way_.insert(key).second) {
    if (at.row >= 0) throw Unsaid("a value that needs itself");
    ++unknown_met_;
    Value unknown = of_steps(number(0), -1);  // only sequences come back to themselves
    unknown.unknown = !m.is_state() && !m.is_given();
    return unknown.unknown ? unknown : expanded(unknown, declared_shape(m));
  }
  const int met = unknown_met_, asked = at.row < 0 ? 1 : 0;
  asked_ += asked;
  const Value value = compute(m, at);
  asked_ -= asked;
  under_way_.erase(key);
  // What was found with something still unknown holds for the one that was asked for alone.
  if (met == unknown_met_ || asked_ == 0) known_.emplace(key, value);
  return value;
}

Value Definition::compute(Meaning& m, Moment at) {
  if (m.is_given()) {
    const bool fed = !m.scope->outer;
    const Closure source = fed ? Closure{m.item->initial.get(), m.scope->frame()} : m.scope->arguments.at(m.name);
    const bool turns = !fed && m.scope->turned != source.frame->scope->turned;
    if (turns) at = seen_from(*m.scope, *source.frame->scope, at, like(source).axis);
    const Value value = evaluate(source, at);
    if (fed) return of_steps(expanded(value, declared_shape(m)), data(m, {-1, 0}).axis);
    return value.classes > 0 ? value : expanded(value, declared_shape(m));
  }
  if (!m.value.expr) throw Unsaid("`" + m.name + "` has no equation");
  if (!m.is_state()) return evaluate(m.value, at);
  const bool named = m.declaration->axis && !m.scope->outer;
  const int axis = named ? axis_number(m.declaration->axis->text) : m.scope->axis;
  if (at.row < 0 && axis >= 0) return of_steps(filled(declared_shape(m), 0), axis);
  const Value value = evaluate(m.value, at);
  return of_steps(expanded(value, declared_shape(m)), axis >= 0 ? axis : value.axis);
}

// What stands before a state's first step and behind its last.
Value Definition::initial(Meaning& state, std::int64_t row) {
  const auto given = state.scope->arguments.find(state.name);
  const Shape shape = declared_shape(state);
  if (given != state.scope->arguments.end()) return expanded(evaluate(given->second, {row, 0}), shape);
  if (!state.item->initial) return filled(shape, 0);
  return expanded(evaluate(*state.item->initial, *state.scope->frame(), {row, 0}), shape);
}

Value Definition::beyond_the_ends(Meaning& meaning, std::int64_t row) {
  const Value alike = like(meaning);
  return varying_as(meaning.is_state() ? initial(meaning, row) : filled(alike.shape, 0), {alike});
}

Value Definition::at_step(Closure closure, Moment at) {
  if (Meaning* reference = referred(*closure.expr, *closure.frame)) {
    Meaning& m = value_of(*reference);
    const Value alike = like(m);
    if (alike.varies != Varies::by_step) throw Unsaid("another step of what has none");
    if (at.step < 0 || at.step >= length(alike.axis, at.row)) return beyond_the_ends(m, at.row);
    return read(m, seen_from(*closure.frame->scope, *m.scope, at, alike.axis), closure.frame->in_loss);
  }
  const Value alike = like(closure);
  if (at.step >= 0 && at.step < length(alike.axis, at.row)) return evaluate(closure, at);
  return varying_as(filled(alike.shape, 0), {alike});
}

// -- expressions

// Unknown: what hangs on an instance that is being made.
Value Definition::evaluate(const Expr& expr, const Frame& frame, Moment at) {
  try {
    return evaluate_known(expr, frame, at);
  } catch (NotYet) {
    ++unknown_met_;
    Value value = of_steps(number(0), -1);
    value.unknown = true;
    return value;
  }
}

Value Definition::evaluate_known(const Expr& expr, const Frame& frame, Moment at) {
  const auto operand = [&](std::size_t i) { return evaluate(*expr.operands[i], frame, at); };
  switch (expr.kind) {
    case ExprKind::number: return number(expr.number);
    case ExprKind::name:
    case ExprKind::member: return name(expr, frame, at);
    case ExprKind::index: return index(expr, frame, at);
    case ExprKind::call: {
      const auto key = std::make_tuple(&expr, &frame, at.row, at.step);
      if (const auto it = known_calls_.find(key); it != known_calls_.end()) return it->second;
      const int met = unknown_met_;
      const Value value = call(expr, frame, at);
      if (met == unknown_met_) known_calls_.emplace(key, value);
      return value;
    }
    case ExprKind::unary: return function_of(expr.text == "-" ? "neg" : expr.text, {operand(0)}).value();
    case ExprKind::binary:
      if (expr.text == "@") return product(operand(0), operand(1));
      return function_of(expr.text, {operand(0), operand(1)}).value();
    case ExprKind::transpose: return transposed(operand(0));
    case ExprKind::list: {
      std::vector<Value> parts;
      for (std::size_t i = 0; i < expr.operands.size(); ++i) parts.push_back(operand(i));
      return concatenated(parts);
    }
    case ExprKind::range:
    case ExprKind::named:
    case ExprKind::reverse:
    case ExprKind::error: break;
  }
  throw Unsaid("an expression that has no value");
}

Value Definition::name(const Expr& expr, const Frame& frame, Moment at) {
  if (expr.kind == ExprKind::name && frame.function) {
    const auto argument = frame.arguments.find(expr.text);
    if (argument != frame.arguments.end()) return evaluate(argument->second, at);
  }
  if (Meaning* meaning = referred(expr, frame)) {
    // The axis matters, and is asked for, only where the steps are numbered differently.
    Meaning& m = value_of(*meaning);
    const int axis = m.scope->turned == frame.scope->turned ? 0 : like(m).axis;
    return read(m, seen_from(*frame.scope, *m.scope, at, axis), frame.in_loss);
  }
  if (const std::optional<double> value = constant(expr, frame)) return number(*value);
  if (expr.kind != ExprKind::name || expr.text != "t") throw Unsaid("`" + expr.text + "` means nothing");
  return of_steps(number(static_cast<double>(at.step + run_.shape.first_step)), frame.scope->axis);
}

Selection Definition::selection(const Expr& subscript, const Frame& frame, Moment at, std::int64_t extent, Value& also) {
  const auto bound = [&](const dsl::ExprPtr& expr, std::int64_t otherwise) {
    if (!expr) return otherwise;
    const std::optional<std::int64_t> value = whole(*expr, frame);
    if (!value) throw Unsaid("a bound that is no whole number");
    return *value;
  };
  if (subscript.kind == ExprKind::range)
    return {bound(subscript.operands[0], 0), bound(subscript.operands[1], extent), true};
  if (const std::optional<std::int64_t> k = whole(subscript, frame)) return {*k, *k + 1};
  const Value chosen = evaluate(subscript, frame, at);
  if (chosen.classes == 0) throw Unsaid("a subscript that is no index");
  also = varying_as(also, {chosen});
  const auto k = static_cast<std::int64_t>(chosen.number());
  return {k, k + 1};
}

Value Definition::index(const Expr& expr, const Frame& frame, Moment at) {
  if (referred(expr, frame)) return name(expr, frame, at);
  const Closure base = {expr.operands[0].get(), &frame};
  if (expr.operands.size() == 2)
    if (const std::optional<std::int64_t> steps = offset(*expr.operands[1], frame))
      return at_step(base, {at.row, at.step + *steps});
  Value from = evaluate(base, at);
  if (from.unknown) return from;
  std::vector<Selection> by_axis;
  Value also;
  for (std::size_t i = 1; i < expr.operands.size(); ++i) {
    if (i > from.shape.size()) throw Unsaid("too many subscripts");
    by_axis.push_back(selection(*expr.operands[i], frame, at, from.shape[i - 1], also));
  }
  return varying_as(selected(from, by_axis), {from, also});
}

// -- calls

Value Definition::call(const Expr& expr, const Frame& frame, Moment at) {
  if (expr.operands[0]->kind != ExprKind::name) throw Unsaid("a cell call within an expression");
  if (const Frame* body = frame_of_call(expr, frame)) return evaluate(*body->function->body, *body, at);
  const std::string& function = expr.operands[0]->text;
  if (std::optional<Value> value = special(function, expr, frame, at)) return *value;
  std::vector<Value> arguments;
  for (std::size_t i = 1; i < expr.operands.size(); ++i)
    if (expr.operands[i]->kind != ExprKind::named) arguments.push_back(evaluate(*expr.operands[i], frame, at));
  std::optional<std::int64_t> axis;
  if (const Expr* given = named_argument(expr, "axis")) axis = whole(*given, frame);
  std::optional<Value> value = function_of(function, arguments, axis);
  if (!value) throw Unsaid("the function " + function);
  if (const Expr* ignored = named_argument(expr, "ignore")) {
    const auto k = static_cast<double>(whole(*ignored, frame).value());
    const double target = arguments.at(1).number();
    if (k < 0 ? target < 0 : target == k) value->entries = {0.0};
  }
  return *value;
}

// Functions of more than values: of steps, of whole numbers, and what draws in training.
std::optional<Value> Definition::special(const std::string& function, const Expr& expr, const Frame& frame, Moment at) {
  if (function == "last" || function == "first" || function == "sum_over_time" || function == "mean_over_time")
    return over_time(function, {expr.operands.at(1).get(), &frame}, at.row);
  if (function == "sample") throw Unsaid("random draws");
  if (function == "dropout" || function == "zoneout") {
    Value value = evaluate(*expr.operands.at(1), frame, at), by_mask = number(0);
    if (function == "zoneout") {
      const Value old = evaluate(*expr.operands.at(2), frame, at), p = number(constant(*expr.operands.at(3), frame).value());
      value = *function_of("+", {*function_of("*", {p, old}), *function_of("*", {number(1 - p.number()), value})});
    }
    if (named_argument(expr, "mask")) by_mask.varies = Varies::per_row;
    return varying_as(value, {by_mask});
  }
  if (function != "ones" && function != "reshape") return std::nullopt;
  Shape shape;
  for (std::size_t i = function == "ones" ? 1 : 2; i < expr.operands.size(); ++i)
    shape.push_back(whole(*expr.operands[i], frame).value());
  if (function == "ones") return filled(shape, 1);
  Value value = evaluate(*expr.operands.at(1), frame, at);
  if (!value.unknown && size_of(shape) != size_of(value.shape)) throw Unsaid("another shape of another size");
  value.shape = shape;
  if (value.unknown) value = filled(shape, 0);
  return value;
}

Value Definition::over_time(const std::string& function, Closure sequence, std::int64_t row) {
  const Value alike = like(sequence);
  if (alike.varies != Varies::by_step) throw Unsaid("`" + function + "` of what has no steps");
  const std::int64_t steps = length(alike.axis, row);
  Value value = filled(alike.shape, 0);
  if (function == "last" || function == "first") {
    if (steps > 0) value = evaluate(sequence, {row, function == "last" ? steps - 1 : 0});
    else if (Meaning* m = referred(*sequence.expr, *sequence.frame)) value = beyond_the_ends(value_of(*m), row);
  } else {
    for (std::int64_t step = 0; step < steps; ++step) value = *function_of("+", {value, evaluate(sequence, {row, step})});
    if (function == "mean_over_time" && steps > 0) value = *function_of("/", {value, number(static_cast<double>(steps))});
  }
  value.varies = Varies::per_row;
  value.axis = -1;
  return value;
}

}  // namespace rnnc::testing::definition
