// What names refer to, across instances.
#include <algorithm>

#include "tests/definition/definition.h"

namespace rnnc::testing::definition {

using dsl::Expr;
using dsl::ExprKind;

Definition::Definition(const Source& source, const std::string& entry,
                       const std::map<std::string, std::int64_t>& dimensions, const Run& run)
    : run_(run) {
  const auto unit = source.units.find(entry);
  if (unit == source.units.end()) throw Unsaid("no cell or model " + entry);
  top_.unit = unit->second.first;
  top_.source = unit->second.second;
  top_.dimensions = dimensions;
  Frame frame;
  frame.scope = &top_;
  frame.source = top_.source;
  for (const dsl::Dimension& dimension : top_.unit->dimensions)
    if (!top_.dimensions.contains(dimension.name.text))
      top_.dimensions[dimension.name.text] = whole(*dimension.fallback, frame).value();
  read_members(top_);
  const auto name_axes = [&](const rnnc_tensor* tensors, int count) {
    for (int i = 0; i < count; ++i) {
      const auto meaning = top_.meanings.find(tensors[i].name);
      if (meaning != top_.meanings.end() && meaning->second.declaration && meaning->second.declaration->axis)
        axes_[meaning->second.declaration->axis->text] = tensors[i].axis;
    }
  };
  name_axes(run_.model.inputs, run_.model.input_count);
  name_axes(run_.model.states, run_.model.state_count);
  top_.axis = run_.model.axis_count < 2 ? 0 : -1;
}

int Definition::axis_number(const std::string& name) const {
  const auto it = axes_.find(name);
  return it == axes_.end() ? top_.axis : it->second;
}

// The dimensions of an instance: those given, those that the shapes of its inputs determine, and their defaults.
void Definition::infer_dimensions(Scope& scope, const Expr& callee, const Frame& frame) {
  const std::vector<dsl::Dimension>& declared = scope.unit->dimensions;
  for (std::size_t i = 1; i < callee.operands.size(); ++i) {
    const Expr& given = *callee.operands[i];
    const bool by_name = given.kind == ExprKind::named;
    const std::optional<std::int64_t> number = whole(by_name ? *given.operands[0] : given, frame);
    if (!number) throw Unsaid("a dimension that is no whole number");
    scope.dimensions[by_name ? given.text : declared.at(i - 1).name.text] = *number;
  }
  if (scope.dimensions.size() == declared.size()) return;  // what inputs are like may hang on this instance
  const int met = unknown_met_;
  for (const dsl::Member& member : scope.unit->members)
    for (std::size_t i = 0; member.declaration && i < member.declaration->items.size(); ++i) {
      const auto& item = member.declaration->items[i];
      const auto argument = scope.arguments.find(item.name.text);
      if (member.declaration->kind != dsl::DeclarationKind::input || argument == scope.arguments.end()) continue;
      const Value given = like(argument->second);
      for (std::size_t k = 0; k < item.shape.extents.size(); ++k) {
        const Expr& extent = *item.shape.extents[k];
        const bool open = extent.kind == ExprKind::name && !scope.dimensions.contains(extent.text);
        const bool is_dimension = std::any_of(declared.begin(), declared.end(), [&](const dsl::Dimension& dimension) {
          return dimension.name.text == extent.text;
        });
        if (open && is_dimension && (item.shape.is_index || k < given.shape.size()))
          scope.dimensions[extent.text] = item.shape.is_index ? given.classes : given.shape[k];
      }
    }
  if (unknown_met_ != met && scope.dimensions.size() != declared.size() && making_ > 1) throw NotYet{};
  Frame inside;
  inside.scope = &scope;
  inside.source = scope.source;
  for (const dsl::Dimension& dimension : declared)
    if (!scope.dimensions.contains(dimension.name.text)) {
      if (!dimension.fallback) throw Unsaid("a dimension without a value");
      scope.dimensions[dimension.name.text] = whole(*dimension.fallback, inside).value();
    }
}

void Definition::bind_inputs(Scope& scope, const Expr& call, const Frame& frame) {
  std::vector<std::string> inputs;
  for (const dsl::Member& member : scope.unit->members)
    if (member.declaration && member.declaration->kind == dsl::DeclarationKind::input)
      for (const auto& item : member.declaration->items) inputs.push_back(item.name.text);
  for (std::size_t i = 1; i < call.operands.size(); ++i) {
    const Expr& given = *call.operands[i];
    const bool by_name = given.kind == ExprKind::named;
    scope.arguments[by_name ? given.text : inputs.at(i - 1)] = {by_name ? given.operands[0].get() : &given, &frame};
  }
}

Scope& Definition::instance_of(Meaning& meaning) {
  if (!meaning.instance) {
    ++making_;
    try {
      make_instance(meaning);
    } catch (NotYet) {
      meaning.instance.reset();
    }
    --making_;
  }
  if (!meaning.instance || !meaning.instance->made) throw NotYet{};
  return *meaning.instance;
}

void Definition::make_instance(Meaning& meaning) {
  bool reversed = false;
  const Frame& frame = *meaning.value.frame;
  const Expr& call = *cell_call(*meaning.value.expr, frame, reversed);
  meaning.instance = std::make_unique<Scope>();
  Scope& scope = *meaning.instance;
  std::tie(scope.unit, scope.source) = frame.source->units.at(call.operands[0]->operands[0]->text);
  scope.outer = meaning.scope;
  scope.path = meaning.scope->path + meaning.name + ".";
  scope.turned = meaning.scope->turned != reversed;
  bind_inputs(scope, call, frame);
  infer_dimensions(scope, *call.operands[0], frame);
  read_members(scope);
  scope.made = true;
  scope.axis = meaning.scope->axis;
  const int met = unknown_met_;
  for (const auto& [name, argument] : scope.arguments)
    if (scope.axis < 0) scope.axis = like(argument).axis;
  if (scope.axis < 0 && unknown_met_ != met && making_ > 1) throw NotYet{};
}

// The scope of the instance that an expression refers to, or null.
Scope* Definition::referred_scope(const Expr& expr, const Frame& frame) {
  Meaning* meaning = referred(expr, frame);
  bool reversed = false;
  if (!meaning || !meaning->value.expr || !cell_call(*meaning->value.expr, *meaning->value.frame, reversed)) return nullptr;
  return &instance_of(*meaning);
}

// What a name, member or array's entry refers to; null: nothing, or a value of its own.
Meaning* Definition::referred(const Expr& expr, const Frame& frame) {
  const Closure here = resolved({&expr, &frame});
  if (here.expr != &expr || here.frame != &frame) {
    if (frame.function->derivative) return nullptr;
    return referred(*here.expr, *here.frame);
  }
  const auto in = [](Scope* scope, const std::string& name) -> Meaning* {
    if (!scope) return nullptr;
    const auto it = scope->meanings.find(name);
    return it == scope->meanings.end() ? nullptr : &it->second;
  };
  if (expr.kind == ExprKind::name) {
    const bool hidden = frame.function || frame.turns.contains(expr.text);
    return hidden ? nullptr : in(frame.scope, expr.text);
  }
  if (expr.kind == ExprKind::member) return in(referred_scope(*expr.operands[0], frame), expr.text);
  if (expr.kind != ExprKind::index || expr.operands.size() != 2) return nullptr;
  const std::optional<std::int64_t> k = whole(*expr.operands[1], frame);
  if (!k) return nullptr;
  const Closure array = resolved({expr.operands[0].get(), &frame});
  const std::string entry = array.expr->text + "." + std::to_string(*k);
  if (array.expr->kind == ExprKind::name && !array.frame->function) return in(array.frame->scope, entry);
  if (array.expr->kind == ExprKind::member) return in(referred_scope(*array.expr->operands[0], *array.frame), entry);
  return nullptr;
}

// An instance, where a value stands, is its value.
Meaning& Definition::value_of(Meaning& meaning) {
  bool reversed = false;
  if (!meaning.value.expr || !cell_call(*meaning.value.expr, *meaning.value.frame, reversed)) return meaning;
  return value_of(instance_of(meaning).value());
}

// "l.0.inner.h": what it names, or null.
Meaning* Definition::by_path(const std::string& path) {
  Scope* scope = &top_;
  for (std::string rest = path;;) {
    // The longest name first: "l.0" is one.
    std::size_t end = rest.size();
    auto found = scope->meanings.find(rest);
    while (found == scope->meanings.end() && end != 0 && (end = rest.rfind('.', end - 1)) != std::string::npos)
      found = scope->meanings.find(rest.substr(0, end));
    if (found == scope->meanings.end()) return nullptr;
    if (end == rest.size()) return &value_of(found->second);
    bool reversed = false;
    const Closure value = found->second.value;
    if (!value.expr || !cell_call(*value.expr, *value.frame, reversed)) return nullptr;
    scope = &instance_of(found->second);
    rest = rest.substr(end + 1);
  }
}

}  // namespace rnnc::testing::definition
