// What a parameter holds before training:  = 1, = uniform(-a, a), = glorot, = orthogonal, = identity.
#include "compiler/sema/advice.h"
#include "compiler/sema/elaborator.h"

namespace rnnc::sema {
namespace {

using Kind = dsl::DiagnosticKind;

struct Choice {
  std::string_view name;
  ir::Initializer kind;
  std::size_t most_arguments;
  double standard;  // for `low` when no argument is given
};
constexpr Choice choices[] = {
    {"constant", ir::Initializer::constant, 1, 0}, {"uniform", ir::Initializer::uniform, 2, 0},
    {"glorot", ir::Initializer::glorot, 0, 0},     {"orthogonal", ir::Initializer::orthogonal, 1, 1},
    {"identity", ir::Initializer::identity, 1, 1},
};

bool is_number(const Found& found) {
  return found.kind == Found::Kind::number ||
         (found.kind == Found::Kind::symbol && found.symbol->kind == SymbolKind::dimension) ||
         (found.kind == Found::Kind::entry && found.entry->constant);
}

}  // namespace

// The number an expression of constants and dimensions stands for.
std::optional<double> Elaborator::constant(const dsl::Expr& expr, const Env& env) {
  Value value = evaluate(expr, env);
  if (!value.is_node()) return std::nullopt;
  const ir::Node& node = program[value.node];
  if (node.kind == ir::NodeKind::constant) return node.value;
  fail(Kind::not_constant, "`" + source(expr.span) + "` is not a constant",
       {{expr.span, "must be known while compiling"}});
  return std::nullopt;
}

void Elaborator::initialiser(ir::ParameterInfo& info, const Symbol& symbol, const dsl::Expr& expr, const Env& env) {
  const dsl::Expr& head = expr.kind == dsl::ExprKind::call && expr.operands[0] ? *expr.operands[0] : expr;
  const Choice* choice = nullptr;
  // A number of one's own is meant by its name, a function of one's own by a call.
  const bool called = &head != &expr;
  const Found found = find(head, env, false);
  const FileEntry* entry = find_entry(head, env);
  const FileEntry* several = found.kind == Found::Kind::poison && env.file ? env.file->find(head.text) : nullptr;
  if (several && ambiguous(head.text, *several, head, env)) return;
  const bool own = called ? entry && entry->function : is_number(found);
  for (const Choice& known : choices)
    if (head.kind == dsl::ExprKind::name && head.text == known.name && !own) choice = &known;
  if (!choice) {
    bool call_of_unknown = called && head.kind == dsl::ExprKind::name && !is_builtin(head.text) &&
                           !ir::find_elementwise(head.text) && !entry;
    if (call_of_unknown || (!called && head.kind == dsl::ExprKind::name && found.kind == Found::Kind::poison)) {
      Texts names;
      for (const Choice& known : choices) names.emplace_back(known.name);
      std::string advice = advice_on_initialiser(head.text);
      Texts help = advice.empty() ? suggest(head.text, names) : Texts{advice};
      help.push_back("there are: a number, `uniform(low, high)`, `glorot`, `orthogonal`, `identity`");
      fail(Kind::bad_initializer, "there is no initialiser `" + head.text + "`", {{head.span, "not found"}}, help);
      return;
    }
    info.initializer = ir::Initializer::constant;
    info.low = constant(expr, env).value_or(0);
    return;
  }
  info.initializer = choice->kind;
  info.low = choice->standard;
  std::vector<double> numbers;
  if (called)
    for (std::size_t i = 1; i < expr.operands.size(); ++i) {
      if (!expr.operands[i]) return;
      std::optional<double> number = constant(*expr.operands[i], env);
      if (!number) return;
      numbers.push_back(*number);
    }
  bool is_uniform = choice->kind == ir::Initializer::uniform;
  if (numbers.size() > choice->most_arguments || (is_uniform && numbers.empty())) {
    fail(Kind::bad_initializer,
         "`" + std::string(choice->name) + "` takes " +
             (is_uniform ? "1 or 2" : "at most " + std::to_string(choice->most_arguments)) + " numbers",
         {{expr.span, std::to_string(numbers.size()) + " given"}});
    return;
  }
  if (!numbers.empty()) info.low = numbers[0];
  if (is_uniform) {
    info.high = numbers.back();
    if (numbers.size() == 1) info.low = -numbers[0];
    if (info.low > info.high)
      fail(Kind::bad_initializer, "`uniform` from a larger to a smaller number", {{expr.span, ""}},
           {"write `uniform(low, high)`, or `uniform(a)` for -a to a"});
  }
  bool needs_matrix = choice->kind == ir::Initializer::orthogonal || choice->kind == ir::Initializer::identity;
  if (needs_matrix && symbol.shape.rank() != 2)
    fail(Kind::bad_initializer, "`" + std::string(choice->name) + "` is for matrices",
         {{expr.span, ""}, {symbol.shape_spec->span, declared_text(symbol)}});
}

}  // namespace rnnc::sema
