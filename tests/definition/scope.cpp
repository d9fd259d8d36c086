#include "tests/definition/scope.h"

#include <cmath>

namespace rnnc::testing::definition {

namespace {

using dsl::Expr;
using dsl::ExprKind;

Frame& new_frame(Scope& scope, std::map<std::string, std::int64_t> turns) {
  auto frame = std::make_unique<Frame>();
  frame->scope = &scope;
  frame->source = scope.source;
  frame->turns = std::move(turns);
  scope.frames.push_back(std::move(frame));
  return *scope.frames.back();
}

Meaning& add(Scope& scope, const std::string& name) {
  Meaning& meaning = scope.meanings[name];
  meaning.scope = &scope;
  meaning.name = name;
  return meaning;
}

void read(Scope& scope, const std::vector<dsl::Member>& members, const Frame& frame);

void read(Scope& scope, const dsl::ForDecl& loop, const Frame& frame) {
  const auto first = whole(*loop.first, frame), last = whole(*loop.last, frame);
  if (!first || !last) throw Unsaid("bounds of a loop");
  for (std::int64_t k = *first; k <= *last; ++k) {
    auto turns = frame.turns;
    turns[loop.variable.text] = k;
    read(scope, loop.body, new_frame(scope, std::move(turns)));
  }
}

void read(Scope& scope, const std::vector<dsl::Member>& members, const Frame& frame) {
  for (const dsl::Member& member : members) {
    if (member.declaration)
      for (const auto& item : member.declaration->items) {
        Meaning& meaning = add(scope, item.name.text);
        meaning.declaration = member.declaration.get();
        meaning.item = &item;
      }
    if (member.equation) {
      std::string name = member.equation->name.text;
      if (member.equation->subscript) name += "." + std::to_string(whole(*member.equation->subscript, frame).value());
      add(scope, name).value = {member.equation->value.get(), &frame};
    }
    if (member.output)
      for (const auto& item : member.output->items) {
        if (item.value) add(scope, item.name.text).value = {item.value.get(), &frame};
        scope.outputs.push_back(item.name.text);
      }
    if (member.loss) {
      Frame& in_loss = new_frame(scope, frame.turns);
      in_loss.in_loss = true;
      scope.losses.push_back({member.loss->value.get(), &in_loss});
    }
    if (member.loop) read(scope, *member.loop, frame);
  }
}

template <class Table>
auto find(const Table& table, const std::string& name) {
  const auto it = table.find(name);
  return it == table.end() ? nullptr : &it->second;
}

std::optional<double> named_constant(const std::string& name, const Frame& frame) {
  if (frame.function) {
    if (const Closure* argument = find(frame.arguments, name)) return constant(*argument->expr, *argument->frame);
  } else {
    if (const std::int64_t* turn = find(frame.turns, name)) return static_cast<double>(*turn);
    if (find(frame.scope->meanings, name)) return std::nullopt;
    if (const std::int64_t* dimension = find(frame.scope->dimensions, name)) return static_cast<double>(*dimension);
  }
  const auto* declared = find(frame.source->constants, name);
  if (!declared) return std::nullopt;
  Frame alone;
  Scope nowhere;
  alone.scope = &nowhere;
  alone.source = declared->second;
  return constant(*declared->first->value, alone);
}

}  // namespace

Meaning& Scope::value() {
  if (meanings.empty()) throw Unsaid("an instance whose dimensions hang on itself");
  if (outputs.size() == 1) return meanings.at(outputs[0]);
  for (const dsl::Member& member : unit->members)
    if (member.declaration && member.declaration->kind == dsl::DeclarationKind::state)
      return meanings.at(member.declaration->items.front().name.text);
  throw Unsaid("an instance without a value");
}

void read_members(Scope& scope) { read(scope, scope.unit->members, new_frame(scope, {})); }

std::optional<double> constant(const Expr& expr, const Frame& frame) {
  if (expr.kind == ExprKind::number) return expr.number;
  if (expr.kind == ExprKind::name) return named_constant(expr.text, frame);
  if (expr.kind != ExprKind::unary && expr.kind != ExprKind::binary) return std::nullopt;
  std::vector<Value> operands;
  for (const dsl::ExprPtr& operand : expr.operands) {
    const std::optional<double> value = constant(*operand, frame);
    if (!value) return std::nullopt;
    operands.push_back(number(*value));
  }
  const std::optional<Value> value = function_of(operands.size() == 1 && expr.text == "-" ? "neg" : expr.text, operands);
  return value ? std::optional(value->number()) : std::nullopt;
}

std::optional<std::int64_t> whole(const Expr& expr, const Frame& frame) {
  const std::optional<double> value = constant(expr, frame);
  if (!value || *value != std::floor(*value)) return std::nullopt;
  return static_cast<std::int64_t>(*value);
}

Closure resolved(Closure closure) {
  while (closure.frame->function && closure.expr->kind == ExprKind::name) {
    const Closure* argument = find(closure.frame->arguments, closure.expr->text);
    if (!argument) break;
    closure = *argument;
  }
  return closure;
}

const Frame* frame_of_call(const Expr& expr, const Frame& frame) {
  if (expr.kind != ExprKind::call || expr.operands[0]->kind != ExprKind::name) return nullptr;
  const auto* declared = find(frame.source->functions, expr.operands[0]->text);
  if (!declared) return nullptr;
  std::unique_ptr<Frame>& made = frame.scope->calls[{&expr, &frame}];
  if (made) return made.get();
  made = std::make_unique<Frame>();
  made->scope = frame.scope;
  made->source = declared->second;
  made->function = declared->first;
  made->in_loss = frame.in_loss;
  for (std::size_t i = 0; i < declared->first->parameters.size(); ++i) {
    if (i + 1 >= expr.operands.size()) throw Unsaid("a call without an argument");
    made->arguments[declared->first->parameters[i].text] = {expr.operands[i + 1].get(), &frame};
  }
  return made.get();
}

std::optional<std::int64_t> offset(const Expr& subscript, const Frame& frame) {
  if (subscript.kind == ExprKind::name && subscript.text == "t") return 0;
  if (subscript.kind != ExprKind::binary || (subscript.text != "+" && subscript.text != "-")) return std::nullopt;
  const Expr &left = *subscript.operands[0], &right = *subscript.operands[1];
  if (const auto from = offset(left, frame)) {
    const auto steps = whole(right, frame);
    if (!steps) return std::nullopt;
    return subscript.text == "+" ? *from + *steps : *from - *steps;
  }
  const auto from = offset(right, frame), steps = whole(left, frame);
  return from && steps && subscript.text == "+" ? std::optional(*from + *steps) : std::nullopt;
}

const Expr* cell_call(const Expr& expr, const Frame& frame, bool& reversed) {
  const Expr* at = &expr;
  for (reversed = false; at->kind == ExprKind::reverse; at = at->operands[0].get()) reversed = !reversed;
  if (at->kind != ExprKind::call) return nullptr;
  const Expr& callee = *at->operands[0];
  const bool of_cell = callee.kind == ExprKind::call && callee.operands[0]->kind == ExprKind::name &&
                       find(frame.source->units, callee.operands[0]->text) != nullptr;
  return of_cell ? at : nullptr;
}

bool is_named(const dsl::ExprPtr& expr, std::string_view name) {
  return expr && expr->kind == ExprKind::named && expr->text == name;
}

bool calls(const Expr& expr, std::string_view name, const Frame& frame) {
  return expr.kind == ExprKind::call && expr.operands.size() > 1 && expr.operands[0]->kind == ExprKind::name &&
         expr.operands[0]->text == name && find(frame.source->functions, expr.operands[0]->text) == nullptr;
}

}  // namespace rnnc::testing::definition
