// References to other steps: h[t-1], h[t+1], last(h), sums over time.
#include <algorithm>
#include <cmath>
#include <utility>

#include "compiler/sema/elaborator.h"

namespace rnnc::sema {
namespace {

using Kind = dsl::DiagnosticKind;
// Each of the steps before the first is a value of its own; compiling takes time with the square of their number.
constexpr std::int64_t longest_lag = 256;
constexpr std::int64_t most_remembered = 8192;  // every one of these values can be given, read and differentiated
constexpr int deepest_eager = 600;  // half of what ends in an error

// a * t + b
struct Linear {
  std::int64_t a = 0, b = 0;
};

}  // namespace

// Whether a subscript is about the step: the name `t` outside the subscripts of something else, and outside of what
// chooses an index.
bool Elaborator::mentions_time(const dsl::Expr& expr, const Env& env) {
  Depth depth(*this, expr.span);
  if (depth.too_deep()) return false;
  if (expr.kind == dsl::ExprKind::name) return expr.text == "t" && find(expr, env, false).kind == Found::Kind::time;
  if (expr.kind == dsl::ExprKind::index) return false;
  if (expr.kind == dsl::ExprKind::call && (expr.operands[0]->text == "argmax" || expr.operands[0]->text == "sample"))
    return false;
  for (const dsl::ExprPtr& operand : expr.operands)
    if (operand && mentions_time(*operand, env)) return true;
  return false;
}

// The lag k of a subscript t-k (negative: looks ahead), as it is written.
std::optional<std::int64_t> Elaborator::time_offset(const dsl::Expr& expr, const Env& env) {
  bool formed = true;
  auto linear = [&](auto& self, const dsl::Expr& part) -> std::optional<Linear> {
    Depth depth(*this, part.span);
    if (depth.too_deep()) return std::nullopt;
    if (part.kind == dsl::ExprKind::name && find(part, env, false).kind == Found::Kind::time) return Linear{1, 0};
    if (!mentions_time(part, env)) {
      if (part.kind == dsl::ExprKind::number && part.number != std::floor(part.number)) {
        fail(Kind::bad_time_index, "`" + source(expr.span) + "` is not a time index",
             {{part.span, "steps are counted in whole numbers"}});
        return std::nullopt;
      }
      std::optional<std::int64_t> value = dimension(part, env);
      if (!value) return std::nullopt;
      return Linear{0, *value};
    }
    if (part.kind != dsl::ExprKind::binary || (part.text != "+" && part.text != "-")) {
      formed = false;
      return std::nullopt;
    }
    std::optional<Linear> left = self(self, *part.operands[0]), right = self(self, *part.operands[1]);
    if (!left || !right) return std::nullopt;
    Linear sum;
    bool plus = part.text == "+";
    if ((plus ? __builtin_add_overflow(left->b, right->b, &sum.b) : __builtin_sub_overflow(left->b, right->b, &sum.b))) {
      fail(Kind::dimension_overflow, "`" + source(part.span) + "` is too large a number", {{part.span, ""}});
      return std::nullopt;
    }
    sum.a = plus ? left->a + right->a : left->a - right->a;
    return sum;
  };
  std::optional<Linear> value = linear(linear, expr);
  if ((value && value->a != 1) || !formed) {
    fail(Kind::bad_time_index, "`" + source(expr.span) + "` is not a time index",
         {{expr.span, "must be `t`, `t-k` or `t+k`"}});
    return std::nullopt;
  }
  if (!value) return std::nullopt;
  if (value->b > longest_lag || value->b < -longest_lag) {
    fail(Kind::lag_too_long, "a reference to a step more than " + std::to_string(longest_lag) + " steps away",
         {{expr.span, std::to_string(std::abs(value->b)) + " steps"}});
    return std::nullopt;
  }
  return -value->b;
}

// An equation for a sequence that has no name: named after the equation it stands in.
Symbol* Elaborator::anonymous(const dsl::Expr* expr, const Env& env, dsl::Span span) {
  std::string owner = current() ? current()->qualified : env.home->prefix + "loss";
  Symbol& symbol = symbols_.emplace_back();
  symbol.kind = SymbolKind::equation;
  symbol.name = symbol.qualified = owner + ".part" + std::to_string(++anonymous_count_[owner]);
  symbol.span = span;
  symbol.scope = env.home;
  symbol.expr = expr;
  symbol.env = env;
  symbol.in_loss = in_loss_;
  return &symbol;
}

// True, and an error in `instead`, for what was found to be the same at every step by its kind.
bool Elaborator::has_no_steps(const dsl::Expr& expr, const Found& found, Value& instead) {
  const dsl::Label label{expr.span, "has no steps to choose from"};
  if (found.kind == Found::Kind::time || found.kind == Found::Kind::number || found.kind == Found::Kind::entry) {
    instead = fail(Kind::not_over_time, "`" + source(expr.span) + "` is no sequence", {label});
    return true;
  }
  if (found.kind != Found::Kind::symbol) return false;
  const Symbol& symbol = *found.symbol;
  const bool per_row = symbol.kind == SymbolKind::input && symbol.input.valid() && !symbol.axis.valid();
  if (symbol.kind != SymbolKind::dimension && symbol.kind != SymbolKind::parameter && !per_row) return false;
  instead = Value::poison();  // what a parameter without a shape is, was told where it is declared
  if (symbol.kind != SymbolKind::parameter || symbol.shape_known)
    instead = fail(Kind::not_over_time, "`" + source(expr.span) + "` does not vary with time",
                   {label, {symbol.span, per_row ? "declared `per row`" : "declared here"}});
  return true;
}

Symbol* Elaborator::sequence(const dsl::Expr& expr, const Env& env, Value& instead) {
  Found found = find(expr, env);
  instead = Value::poison();
  switch (found.kind) {
    case Found::Kind::poison: return nullptr;
    case Found::Kind::unknown: instead = Value::unknown(); return nullptr;
    case Found::Kind::nothing: {
      Symbol* symbol = anonymous(&expr, env, expr.span);
      pending_.push_back(symbol);
      return symbol;
    }
    case Found::Kind::value: {
      if (!found.value.is_node()) {
        instead = found.value;
        return nullptr;
      }
      Symbol* symbol = anonymous(&expr, env, expr.span);
      symbol->value = found.value;
      symbol->progress = Progress::done;
      finish_equation(*symbol);
      return symbol;
    }
    case Found::Kind::time:
    case Found::Kind::number:
    case Found::Kind::entry: has_no_steps(expr, found, instead); return nullptr;
    case Found::Kind::symbol: break;
  }
  Symbol* symbol = found.symbol;
  for (int levels = 0; symbol && symbol->kind == SymbolKind::instance && levels < 1000; ++levels) {
    symbol->read = true;
    if (symbol->progress == Progress::running) {
      met_unknown_ = true;
      instead = Value::unknown();
      return nullptr;
    }
    if (!instantiate(*symbol)) {
      instead = without(*symbol);
      return nullptr;
    }
    symbol = default_member(*symbol, expr.span);
  }
  if (!symbol) return nullptr;
  symbol->read = true;
  if (symbol->kind == SymbolKind::family) {
    instead = value_of(*symbol, expr.span);
    return nullptr;
  }
  found.symbol = symbol;
  if (has_no_steps(expr, found, instead)) return nullptr;
  if ((symbol->kind == SymbolKind::input || symbol->given) && symbol->index_extent > 0) {
    instead = fail(Kind::index_in_arithmetic, "an index cannot be read at another step",
                   {{expr.span, declared_text(*symbol)}},
                   {"look it up first: `e = E[" + source(expr.span) + "]`, then `e[t-1]`"});
    return nullptr;
  }
  return symbol;
}

// Defines what is read at another step before what reads it, if nothing has begun to.
void Elaborator::define_eagerly(Symbol& symbol, dsl::Span use) {
  if (!symbol.expr || symbol.given || symbol.equation.valid()) return;
  if (symbol.progress != Progress::untouched || depth_ >= deepest_eager) return;
  wanted_.emplace(symbol.qualified, std::pair(&symbol, use));
  std::size_t base = std::exchange(chain_base_, chain_.size());  // a step earlier is no part of this definition
  define(symbol, use);
  chain_base_ = base;
}

bool Elaborator::declare_sequence(Symbol& symbol, dsl::Span use, Value& instead) {
  auto known = known_.sequences.find(symbol.qualified);
  if (known != known_.sequences.end()) wanted_.emplace(symbol.qualified, std::pair(&symbol, use));
  auto want = [&] {
    wanted_.emplace(symbol.qualified, std::pair(&symbol, use));
    met_unknown_ = true;
    instead = Value::unknown();
    return false;
  };
  instead = Value::poison();
  const bool missing = known == known_.sequences.end() || !known->second;
  if (missing && attempt_.eager) define_eagerly(symbol, use);
  if (symbol.kind == SymbolKind::input) {
    if (!symbol.input.valid()) return false;
    if (symbol.equation.valid()) return true;
    symbol.equation = program.declare(symbol.qualified, symbol.shape, {true, symbol.axis}, origin(symbol.span));
    program.define(symbol.equation, program.input(symbol.input));
    return true;
  }
  if (!symbol.equation.valid() && symbol.progress != Progress::done) {
    if (!symbol.expr) return false;
    if (symbol.given) {  // its shape is declared
      if (!symbol.shape_known || !symbol.axis.valid()) return false;
      symbol.equation = program.declare(symbol.qualified, symbol.shape, {true, symbol.axis}, origin(symbol.span));
      return true;
    }
    if (missing) return want();
    symbol.equation =
        program.declare(symbol.qualified, known->second->shape, known->second->domain, origin(symbol.span));
    return true;
  }
  if (symbol.progress == Progress::done && !symbol.value.is_node()) {
    instead = symbol.value;
    return false;
  }
  if (symbol.progress == Progress::done) {
    const ir::Node& node = program[symbol.value.node];
    if (node.index) {
      instead = fail(Kind::index_in_arithmetic, "an index cannot be read at another step",
                     {{use, shape_text(symbol.value.node)}}, {"look it up first, then read that at another step"});
      return false;
    }
    if (!symbol.equation.valid()) {
      symbol.equation = program.declare(symbol.qualified, node.shape, node.domain, origin(symbol.span));
      program.define(symbol.equation, symbol.value.node);
    }
  }
  const ir::Domain& domain = program.equations[symbol.equation].domain;
  if (!domain.axis.valid()) {
    instead = fail(Kind::not_over_time, "`" + symbol.name + "` does not vary with time",
                   {{use, "read at another step"}, {symbol.span, "the same at every step"}});
    return false;
  }
  if (!domain.batched) return want();  // each row has a first and a last step of its own
  return true;
}

// A sequence that is looked back on keeps what it needs across runs as a state does: as `NAME.init` and `NAME.final`.
void Elaborator::add_history(Symbol& symbol, ir::AxisId axis) {
  if (symbol.state.valid()) return;
  ir::StateInfo info;
  info.name = symbol.told() + (symbol.replaced ? ".given" : "");  // what stands in its place has the name
  info.equation = symbol.equation;
  info.shape = program.equations[symbol.equation].shape;
  info.axis = axis;
  info.origin = program.equations[symbol.equation].origin;
  symbol.state = program.states.add(info);
  program.equations[symbol.equation].state = symbol.state;
}

// The declared value of a state before its first step: zero if there is none.
Value Elaborator::initial_of(Symbol& symbol) {
  if (!symbol.initial) return Value::of(program.constant(0));
  if (symbol.initial_progress == Progress::done) return symbol.initial_value;
  const dsl::Expr& expr = *symbol.initial;
  if (symbol.initial_progress == Progress::running) {
    return symbol.initial_value =
               fail(Kind::bad_initial_value, "the initial value of `" + symbol.name + "` depends on the state itself",
                    {{expr.span, ""}, {symbol.span, "the state"}});
  }
  symbol.initial_progress = Progress::running;
  chain_.push_back({&symbol, expr.span, true, true});
  bool was_whole = std::exchange(whole_, true), was_in_loss = std::exchange(in_loss_, symbol.in_loss);
  Value value = evaluate(expr, symbol.initial_env);
  whole_ = was_whole;
  in_loss_ = was_in_loss;
  chain_.pop_back();
  symbol.initial_progress = Progress::done;
  if (value.is_node()) {
    const ir::Node& node = program[value.node];
    if (node.index) {
      value = fail(Kind::index_in_arithmetic, "a state cannot hold an index", {{expr.span, shape_text(value.node)}});
    } else if (node.domain.axis.valid()) {
      value = fail(Kind::bad_initial_value, "the initial value of `" + symbol.name + "` varies with time",
                   {{expr.span, "a different value at every step"}, {symbol.span, "the state"}},
                   {"take one step of it: `first(...)` or `last(...)`"});
    } else if (node.shape.rank() != 0 && node.shape != symbol.shape) {
      Texts help;
      explain(help, expr, symbol.initial_env);
      value = fail(
          Kind::shape_mismatch,
          "state `" + symbol.name + "` is " + declared_text(symbol) + ", its initial value " + shape_text(value.node),
          {{expr.span, shape_text(value.node)}, {symbol.span, declared_text(symbol)}}, help);
    }
  }
  return symbol.initial_value = value;
}

// The value of a sequence `lag` steps back (negative: ahead) in the program's direction of time.
Value Elaborator::lagged(Symbol& symbol, std::int64_t lag, dsl::Span use) {
  symbol.read = symbol.read_at_other = true;
  (lag > 0 ? symbol.read_back : symbol.read_ahead) = true;
  if (current()) edges_.push_back({current(), &symbol, lag, whole_, use});
  else lagged_in_losses_.emplace_back(&symbol, use);
  auto count = static_cast<int>(std::abs(lag));
  std::vector<ir::NodeId> boundary;
  auto read_initial = [&](ir::NodeId fallback) {
    ir::StateInfo& state = program.states[symbol.state];
    remembered_ += std::max(0, count - state.history);
    state.history = std::max(state.history, count);
    if (!within(remembered_, most_remembered, "values that are kept for later steps", use,
                {"a value that is read K steps back is kept K times"}))
      return false;
    for (int j = 1; j <= count; ++j) boundary.push_back(program.initial(symbol.state, j, fallback));
    return true;
  };
  if (symbol.kind == SymbolKind::state) {
    if (!symbol.shape_known) return Value::poison();
    Value initial = initial_of(symbol);
    if (!initial.is_node()) return initial;
    if ((lag > 0) == symbol.reversed_state) boundary.push_back(initial.node);
    else if (!read_initial(initial.node)) return Value::poison();
  } else {
    Value instead;
    if (!declare_sequence(symbol, use, instead)) return instead;
    if (lag > 0) {
      add_history(symbol, program.equations[symbol.equation].domain.axis);
      if (!read_initial(program.constant(0))) return Value::poison();
    } else {
      boundary.push_back(program.constant(0));
    }
  }
  return Value::of(program.shift(symbol.equation, lag, boundary));
}

Value Elaborator::at_step(const dsl::Expr& expr, std::int64_t lag, const Env& env, dsl::Span use) {
  Value instead;
  if (lag == 0) return has_no_steps(expr, find(expr, env, false), instead) ? instead : evaluate(expr, env);
  Symbol* symbol = sequence(expr, env, instead);
  if (!symbol) return instead;
  return lagged(*symbol, env.home->reversed ? -lag : lag, use);
}

Value Elaborator::last_or_first(const dsl::Expr& call, const Env& env, bool last) {
  if (!check_arguments(call, 1, 1)) return Value::poison();
  const dsl::Expr& expr = *call.operands[1];
  Value instead;
  Symbol* symbol = sequence(expr, env, instead);
  if (!symbol) return instead;
  if (env.home->reversed) last = !last;
  symbol->read = symbol->read_at_other = true;
  if (current()) edges_.push_back({current(), symbol, 0, true, call.span});
  ir::End end = last ? ir::End::last : ir::End::first;
  if (symbol->kind != SymbolKind::state) {
    if (symbol->progress != Progress::done && symbol->expr) define(*symbol, call.span, true);
    if (!declare_sequence(*symbol, expr.span, instead)) return instead;
    return Value::of(program.at(symbol->equation, end, 0));
  }
  if (!symbol->shape_known) return Value::poison();
  Value initial = initial_of(*symbol);
  if (!initial.is_node()) return initial;
  return Value::of(program.at(symbol->equation, end, 0, {program.initial(symbol->state, 1, initial.node)}));
}

// The sum or mean over a row's own steps. A row without steps sums to zero, and so does its mean.
Value Elaborator::over_time(const dsl::Expr& call, const Env& env, bool mean) {
  if (!check_arguments(call, 1, 1)) return Value::poison();
  const dsl::Expr& expr = *call.operands[1];
  bool was_whole = std::exchange(whole_, true);
  Operand operand{evaluate(expr, env), &expr};
  whole_ = was_whole;
  if (!operand.value.is_node()) return operand.value;
  if (!numeric(operand, "a sum over time")) return Value::poison();
  ir::AxisId axis = program[operand.value.node].domain.axis;
  if (!axis.valid())
    return fail(Kind::not_over_time, "`" + source(expr.span) + "` does not vary with time",
                {{expr.span, "the same at every step"}},
                {mean ? "`mean` is over entries, `mean_over_time` over steps"
                      : "`sum` is over entries, `sum_over_time` over steps"});
  ir::NodeId every = program.mul(operand.value.node, program.ones({true, axis}));
  ir::NodeId sum = program.sum_over(every, false, true);
  if (!mean) return Value::of(sum);
  return Value::of(program.div(sum, program.map("max", {program.length(axis), program.constant(1)})));
}

}  // namespace rnnc::sema
