// What compiles and is hardly meant: names that nothing reads, parameters that no gradient reaches, softmax twice.
#include <algorithm>

#include "compiler/sema/elaborator.h"

namespace rnnc::sema {
namespace {

using Kind = dsl::DiagnosticKind;

// A declaration of a cell counts as read if any instance reads it.
struct Uses {
  const Symbol* symbol = nullptr;
  bool read = false, other = false;
  bool reached = false, trained = false;  // of a parameter: by a result, by its gradient (or frozen on purpose)
};

std::string_view what(const Symbol& symbol) {
  switch (symbol.kind) {
    case SymbolKind::parameter: return "param";
    case SymbolKind::equation: return "equation";
    case SymbolKind::instance: return "instance";
    case SymbolKind::input:
    case SymbolKind::argument:
      return symbol.declaration->kind == dsl::DeclarationKind::target ? "target" : "input";
    case SymbolKind::dimension:
    case SymbolKind::state:
    case SymbolKind::family: break;
  }
  return "name";
}

// Which operands of an elementwise function have a derivative that is not zero everywhere.
class Slopes {
 public:
  explicit Slopes(const ir::Program& program) : scratch_(program) {}

  bool has(ir::NodeId id, std::size_t operand) {
    const ir::Node node = scratch_[id];
    const ir::Elementwise& row = ir::elementwise(node.function);
    if (row.zero_derivative || !row.derivative) return false;
    // Of constants the slope may be zero by chance: `0 * x`.
    const bool general = std::none_of(node.operands.begin(), node.operands.end(), [&](ir::NodeId one) {
      return scratch_[one].kind == ir::NodeKind::constant;
    });
    const auto key = std::pair(node.function.value, operand);
    if (auto it = known_.find(key); general && it != known_.end()) return it->second;
    const ir::NodeId slope = row.derivative(scratch_, node.operands, id, static_cast<int>(operand));
    const bool sloped = scratch_[slope].kind != ir::NodeKind::constant || scratch_[slope].value != 0;
    if (general) known_[key] = sloped;
    return sloped;
  }

 private:
  ir::Program scratch_;  // derivatives are built to be looked at
  std::map<std::pair<std::int32_t, std::size_t>, bool> known_;
};

// The parameters that the results depend on; `slopes` (may be null): only those that their gradients reach, and those that
// stand in a `stop_gradient` of their own, which says that they are not meant to be trained.
std::set<std::int32_t> parameters_behind(const ir::Program& program, Slopes* slopes) {
  std::set<std::int32_t> found;
  std::vector<bool> seen(program.nodes.size());
  std::vector<ir::NodeId> todo;
  for (const ir::Result& result : program.results) todo.push_back(result.node);
  while (!todo.empty()) {
    const ir::NodeId id = todo.back();
    todo.pop_back();
    if (!id.valid() || seen[id.index()]) continue;
    seen[id.index()] = true;
    const ir::Node& node = program[id];
    if (node.kind == ir::NodeKind::parameter) found.insert(node.ref);
    if (node.kind == ir::NodeKind::shift || node.kind == ir::NodeKind::at)
      todo.push_back(program.equations[ir::EquationId(static_cast<std::size_t>(node.ref))].value);
    if (slopes && node.kind == ir::NodeKind::stop_gradient && program[node.operands[0]].kind != ir::NodeKind::parameter)
      continue;
    for (std::size_t i = 0; i < node.operands.size(); ++i) {
      const bool flat = slopes && node.kind == ir::NodeKind::map && !slopes->has(id, i);
      if (!flat) todo.push_back(node.operands[i]);
    }
  }
  return found;
}

bool is_call_of(const dsl::Expr& expr, std::initializer_list<std::string_view> names) {
  return expr.kind == dsl::ExprKind::call && expr.operands[0] && expr.operands[0]->kind == dsl::ExprKind::name &&
         std::find(names.begin(), names.end(), expr.operands[0]->text) != names.end();
}

}  // namespace

// A user's function may take the name of a built-in one: legal, and worth a word.
void Elaborator::warn_shadowed(const LoadedFile& file) {
  for (const dsl::FunctionDecl& function : file.ast.functions)
    if (is_builtin(function.name.text) || ir::find_elementwise(function.name.text))
      fail(Kind::shadowed_name, "`" + function.name.text + "` hides the built-in function of that name",
           {{function.name.span, ""}});
}

// `cross_entropy` and `binary_cross_entropy` have the softmax and the sigmoid inside.
void Elaborator::warn_probabilities(const std::string& loss, const dsl::Expr& logits, const Env& env) {
  const dsl::Expr* made = &logits;
  const Found found = find(logits, env, false);
  if (found.kind == Found::Kind::symbol && found.symbol->kind == SymbolKind::equation && found.symbol->expr)
    made = found.symbol->expr;
  const bool binary = loss == "binary_cross_entropy";
  if (binary ? !is_call_of(*made, {"sigmoid"}) : !is_call_of(*made, {"softmax", "sigmoid"})) return;
  const std::string function = made->operands[0]->text;
  Labels labels{{logits.span, "these went through `" + function + "` already"}};
  if (made != &logits) labels.push_back({made->span, "here"});
  fail(Kind::probabilities_as_logits, "`" + loss + "` takes logits", labels,
       {"leave `" + function + "` out: the loss has its own " + (binary ? "sigmoid" : "softmax") + " inside"});
}

// Names of one declaration or equation, over all instances.
void Elaborator::warn_unused() {
  std::map<std::pair<std::int32_t, std::uint32_t>, Uses> uses;
  const std::set<std::int32_t> reached = parameters_behind(program, nullptr);
  std::optional<Slopes> slopes;
  std::set<std::int32_t> trained;
  if (!reached.empty()) trained = parameters_behind(program, &slopes.emplace(program));
  for (const Symbol& symbol : symbols_) {
    const bool defined = symbol.kind == SymbolKind::equation || symbol.kind == SymbolKind::instance;
    if (!symbol.scope || (defined ? !is_plain(symbol) : !symbol.declaration || !symbol.shape_known)) continue;
    Uses& use = uses[{symbol.span.file, symbol.span.begin}];
    use.symbol = &symbol;
    use.read = use.read || symbol.read;
    use.other = use.other || symbol.read_at_other;
    use.reached = use.reached || reached.contains(symbol.parameter.value);
    use.trained = use.trained || trained.contains(symbol.parameter.value);
  }
  for (const auto& [place, use] : uses) {
    const Symbol& symbol = *use.symbol;
    if (symbol.name.starts_with('_')) continue;  // so named because it is meant
    const std::string name = "`" + symbol.name + "`";
    const bool defined = symbol.kind == SymbolKind::equation || symbol.kind == SymbolKind::instance;
    if (symbol.kind == SymbolKind::state) {
      if (!use.other)
        fail(Kind::state_never_read, "state " + name + " is never read at another step", {{symbol.span, ""}},
             {"an equation without a `state` declaration is enough"});
    } else if (!use.read) {
      fail(defined ? Kind::unused_equation : Kind::unused_declaration,
           std::string(what(symbol)) + " " + name + " is never used", {{symbol.span, ""}});
    } else if (symbol.kind == SymbolKind::parameter && !use.trained) {
      fail(Kind::untrained_parameter, "no gradient reaches param " + name, {{symbol.span, ""}},
           {use.reached ? "it is read only where the slope is zero: in comparisons, `floor`, behind the `stop_gradient` of something else, …"
                        : "no output and no loss depends on it"});
    }
  }
}

// An equation with a name of its own that nobody outside may ask for: no output, no member of an array.
bool Elaborator::is_plain(const Symbol& symbol) const {
  const Scope& scope = *symbol.scope;
  const bool output = std::any_of(scope.outputs.begin(), scope.outputs.end(),
                                  [&](const Output& one) { return one.name.text == symbol.name; });
  auto it = scope.names.find(symbol.name);
  return !output && it != scope.names.end() && it->second == &symbol && symbol.name.find('.') == std::string::npos;
}

}  // namespace rnnc::sema
