// dropout and zoneout: masks from the run's random numbers in training, nothing random elsewhere.
#include <cmath>

#include "compiler/ir/print_expression.h"
#include "compiler/sema/elaborator.h"

namespace rnnc::sema {
namespace {

using Kind = dsl::DiagnosticKind;

// A number u below which of the random numbers k / 2^24, k whole, the same ones lie in f32 and in f64: the rate itself
// unless rounding it to f32 would pass over one of them.
double threshold(double rate) {
  double first_above = std::ceil(rate * 0x1p24);
  return std::ceil(static_cast<double>(static_cast<float>(rate)) * 0x1p24) == first_above ? rate : first_above * 0x1p-24;
}

}  // namespace

// The arguments behind the values: a rate, and `mask = per_step` (the standard) or `mask = per_row`.
std::optional<Elaborator::Drop> Elaborator::drop_arguments(const dsl::Expr& call, std::size_t values, const Env& env) {
  const std::string& name = call.operands[0]->text;
  std::size_t count = call.operands.size() - 1;
  Drop drop;
  if (count > values + 1 && call.operands[count]->kind == dsl::ExprKind::named && call.operands[count]->text == "mask") {
    const dsl::Expr& mask = *call.operands[count]->operands[0];
    --count;
    drop.per_row = mask.kind == dsl::ExprKind::name && mask.text == "per_row";
    bool per_step = mask.kind == dsl::ExprKind::name && mask.text == "per_step";
    if (!drop.per_row && !per_step) {
      fail(Kind::bad_mask, "there is no such mask for `" + name + "`", {{mask.span, ""}},
           {"`mask = per_step` draws at every step, `mask = per_row` once for each sequence"});
      return std::nullopt;
    }
  }
  for (std::size_t i = 1; i <= count; ++i) {
    if (call.operands[i]->kind != dsl::ExprKind::named) continue;
    const std::string& argument = call.operands[i]->text;
    fail(Kind::unknown_argument,
         argument == "mask" ? "`mask` stands behind all other arguments of `" + name + "`"
                            : "`" + name + "` has no argument `" + argument + "`",
         {{call.operands[i]->span, ""}}, {"one mask for each sequence is asked for by `mask = per_row` at the end"});
    return std::nullopt;
  }
  if (count != values + 1) {
    fail(Kind::argument_count,
         "`" + name + "` takes " + std::to_string(values + 1) + " arguments and a mask, not " + std::to_string(count),
         {{call.span, std::to_string(count) + " given"}},
         {values == 1 ? "the share that is dropped comes second: `dropout(x, 0.1)`"
                      : "the share that keeps its old value comes third: `zoneout(new, old, 0.1)`"});
    return std::nullopt;
  }
  const dsl::Expr& rate = *call.operands[count];
  std::optional<double> value = constant(rate, env);
  if (!value) return std::nullopt;
  drop.rate = *value;
  if (drop.rate >= 0 && drop.rate < 1) return drop;
  fail(Kind::bad_rate, "the rate of `" + name + "` must be at least 0 and below 1", {{rate.span, "is " + ir::number_text(*value)}},
       *value > 1 && *value < 100 ? Texts{"it is a share: " + ir::number_text(*value / 100) + " for " + ir::number_text(*value) +
                                          " percent"}
                                  : Texts{});
  return std::nullopt;
}

// 1 where a random number falls below the rate, for a value of that shape and domain.
ir::NodeId Elaborator::drawn(const Drop& drop, const ir::Shape& shape, ir::Domain domain) {
  return program.map("less", {program.random(shape, mask_domain(drop, domain)), program.constant(threshold(drop.rate))});
}

// Where a mask for a value of that domain differs.
ir::Domain Elaborator::mask_domain(const Drop& drop, ir::Domain domain) {
  if (drop.per_row) return {true, {}};
  return {domain.batched || domain.axis.valid(), domain.axis};
}

// What a rate of 0 leaves of it: itself, which differs where what any other rate gives does.
Value Elaborator::undropped(const Drop& drop, ir::NodeId u, ir::Domain domain) {
  return Value::of(program.mul(program.mul(u, program.ones(domain)), program.ones(mask_domain(drop, domain))));
}

bool Elaborator::can_drop(std::span<const Operand> operands, const dsl::Expr& call) {
  for (const Operand& operand : operands)
    if (program[operand.value.node].kind != ir::NodeKind::constant) return true;
  fail(Kind::nothing_to_drop, "`" + call.operands[0]->text + "` of a constant",
       {{operands[0].expr->span, "is the same in every model and run"}});
  return false;
}

// In training x times a mask of zeros and 1 / (1 - p), so that its expectation stays x; else x.
Value Elaborator::dropout(const dsl::Expr& call, const Env& env) {
  std::optional<Drop> drop = drop_arguments(call, 1, env);
  if (!drop) return Value::poison();
  Operand operand{evaluate(*call.operands[1], env), call.operands[1].get()};
  if (std::optional<Value> stop = blocked({&operand, 1}, call)) return *stop;
  if (!can_drop({&operand, 1}, call)) return Value::poison();
  ir::NodeId x = operand.value.node;
  if (drop->rate == 0) return undropped(*drop, x, program[x].domain);
  const ir::Shape shape = program[x].shape;
  ir::NodeId dropped = drawn(*drop, shape, program[x].domain);
  ir::NodeId kept = program.map("where", {dropped, program.constant(0), program.constant(1 / (1 - drop->rate))});
  return Value::of(program.mul(x, program.map("where", {program.training(), kept, program.constant(1)})));
}

// Krueger et al., "Zoneout: Regularizing RNNs by Randomly Preserving Hidden Activations", ICLR 2017: in training each
// entry keeps its old value with probability p; else the expectation of that.
Value Elaborator::zoneout(const dsl::Expr& call, const Env& env) {
  std::optional<Drop> drop = drop_arguments(call, 2, env);
  if (!drop) return Value::poison();
  Operand operands[] = {{evaluate(*call.operands[1], env), call.operands[1].get()},
                        {evaluate(*call.operands[2], env), call.operands[2].get()}};
  if (std::optional<Value> stop = blocked(operands, call)) {
    if (stop->is_poison()) return *stop;
    return operands[0].value.is_node() ? operands[0].value : operands[1].value;
  }
  if (!can_drop(operands, call)) return Value::poison();
  // Says what is wrong with the operands; the sum has the shape and domain of the result.
  Value sum = elementwise("`zoneout`", ir::elementwise_id("add"), operands, call, env);
  if (!sum.is_node()) return sum;
  const ir::Shape shape = program[sum.node].shape;
  const ir::Domain domain = program[sum.node].domain;
  if (drop->rate == 0) return undropped(*drop, program.broadcast_scalar(operands[0].value.node, shape), domain);
  ir::NodeId drawn = this->drawn(*drop, shape, domain);
  ir::NodeId old_share = program.map("where", {program.training(), drawn, program.constant(drop->rate)});
  ir::NodeId new_share = program.sub(program.constant(1), old_share);
  return Value::of(
      program.add(program.mul(old_share, operands[1].value.node), program.mul(new_share, operands[0].value.node)));
}

}  // namespace rnnc::sema
