// The rewrite rules as data. The simplifier applies them; a random tester instantiates each and compares values.
#pragma once

#include <span>
#include <string_view>

#include "compiler/opt/rewriter.h"

namespace rnnc::opt {

// Where a rule's example takes its operands from.
class Sampler {
 public:
  virtual ~Sampler() = default;
  virtual ir::NodeId sequence(ir::Shape shape) = 0;  // varies per row and step
  virtual ir::NodeId fixed(ir::Shape shape) = 0;     // varies along nothing
  virtual ir::NodeId index(std::int64_t extent) = 0;
};

struct Rule {
  std::string_view name;
  std::string_view effect;  // before -> after
  ir::NodeKind kind;        // of the node that it replaces
  // What takes the place of the node, of the same shape and domain; invalid where the rule does not apply.
  ir::NodeId (*rewrite)(Rewriter& r, const ir::Node& node);
  // A node to which the rule applies.
  ir::NodeId (*example)(ir::Program& p, Sampler& s);
  // Drops a product with zero, and with it the domain of what is multiplied: only among adjoints (see passes.h).
  bool adjoints_only = false;
};

std::span<const Rule> rules();

// The parts of the table.
std::vector<Rule> sum_rules();        // add, sub, neg
std::vector<Rule> product_rules();    // mul, div, where, matmul, outer
std::vector<Rule> reduction_rules();  // sum_over, reduce_sum
std::vector<Rule> structure_rules();  // slice, pad, concat, transpose
std::vector<Rule> zero_rules();

// What the rules' matchers share. Each looks at a settled node.
namespace match {

// The elementwise functions that rules know by name.
struct Functions {
  ir::ElementwiseId add = ir::elementwise_id("add"), sub = ir::elementwise_id("sub"), mul = ir::elementwise_id("mul"),
                    div = ir::elementwise_id("div"), neg = ir::elementwise_id("neg"),
                    where = ir::elementwise_id("where");
};
const Functions& functions();

// The node as an application of `function` that no reader sees by name; null otherwise.
const ir::Node* applied(const Rewriter& r, ir::NodeId id, ir::ElementwiseId function);
// a, where the node is an unnamed -a; else invalid.
ir::NodeId negated(const Rewriter& r, ir::NodeId id);
// Whether a factor may change its place. Far from 1 it stays where it was written, as what it is multiplied with instead
// could overflow or vanish on the way, in single precision above all.
bool is_moderate(double factor);
// The node as an unnamed c * a with a moderate constant c; null otherwise. The constant is the first operand. Of several
// that were not to be made one, none moves: together they are no moderate factor.
const ir::Node* scaled(const Rewriter& r, ir::NodeId id);
bool is_constant(const Rewriter& r, ir::NodeId id);
// The constant zero, or a repetition of it.
bool is_zero(const Rewriter& r, ir::NodeId id);

}  // namespace match

}  // namespace rnnc::opt
