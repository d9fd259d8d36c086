// The Program: a system of recurrence equations. It answers: what is the value of everything, for all t?
//
// A Program is an interned DAG of tensor nodes in one vector, operands before users, plus a list of named equations.
// Cycles run only through time: a `shift` or `at` node refers to an equation by id, never to a node at another step.
//
// The algebra
//  - A node has a Shape (constant extents; rank 0 to 3) and a Domain: does it vary per row of the batch, and along
//    which sequence axis. Parameters and constants have the empty domain. Elementwise functions, products and the rest
//    join their operands' domains (two different axes never join). Values are repeated implicitly along the domain
//    they lack; summing over a domain is explicit (`sum_over`).
//  - Row b of the batch has a length, len(b) <= T. The value of a sequence at t >= len(b) does not exist: sums skip it,
//    outputs and input gradients report zero there, and a look-ahead past it reads the boundary. A sequence that does
//    not vary per row has T steps; where its end must be the row's own, its equation is declared batched.
//  - shift(e, k; b_1 … b_m): the value of equation e at t-k. k > 0 looks back: where t-k = -j the value is b_j.
//    k < 0 looks ahead: where t-k = len(b)-1+j it is b_j. One boundary operand serves every j; otherwise there are |k|.
//  - at(e, end, j; b_1 … b_m): the value of equation e at its first step + j, or its last step - j; no axis any more.
//    Where the row has no such step (j >= len(b)) the value is b_(j-len(b)+1), one operand serving all, else there are
//    j+1; without operands it is zero.
//  - impulse(u_1 … u_m; domain, end, j): the adjoint of m reads with `at` of an equation of that domain: u_1 at that one
//    step, u_2 at the next one further from the end, and so on; zero at every other step. The domain is stated because the
//    last step is the row's own if the equation varies per row, even if u does not.
//  - by_length(u_1 … u_m; axis, n): the adjoint of what these reads find outside: u_1 where the row has n steps, u_2 where
//    it has n+1, and so on; zero for every other length.
//  - initial(s, j; d): what the caller passes in as value number j (1 = nearest to the first step) of state s, and d
//    where nothing is passed.
//  - random(site) along an axis is drawn at step t-`offset`, with `axis` but no axis in its domain at one step: the first
//    plus `offset`, or the row's last minus `offset` (the first if the row is shorter). Beyond the ends of the sequence
//    something is drawn as well.
//  - Arithmetic is over the reals as far as rewriting goes, except: x*0 is not folded to 0 and x-x is not folded unless
//    x is known finite by construction (adjoint seeds); sums may be reassociated; NaN and infinities propagate.
//    max and min split the derivative evenly at ties.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "compiler/base/bug.h"
#include "compiler/base/id.h"
#include "compiler/ir/elementwise.h"

namespace rnnc::ir {

using EquationId = Id<struct EquationTag>;
using ParameterId = Id<struct ParameterTag>;
using InputId = Id<struct InputTag>;
using StateId = Id<struct StateTag>;
using AxisId = Id<struct AxisTag>;
using ResultId = Id<struct ResultTag>;

// Constant extents, outermost first; rank 0 is a scalar.
class Shape {
 public:
  Shape() = default;
  Shape(std::initializer_list<std::int64_t> extents);
  explicit Shape(std::span<const std::int64_t> extents);
  int rank() const { return rank_; }
  std::int64_t operator[](int dim) const { return extents_[static_cast<std::size_t>(dim)]; }
  std::int64_t size() const;  // number of entries
  std::span<const std::int64_t> extents() const { return {extents_.data(), static_cast<std::size_t>(rank_)}; }
  bool operator==(const Shape&) const = default;
  std::string to_string() const;  // "[4, 3]", "[]"

 private:
  std::array<std::int64_t, 3> extents_{};
  int rank_ = 0;
};

struct Domain {
  bool batched = false;
  AxisId axis;  // invalid: no sequence axis
  bool operator==(const Domain&) const = default;
  bool empty() const { return !batched && !axis.valid(); }
};

// Every kind of node: name, and what it is. One list; switches over it have no default.
//   leaves
#define RNNC_NODE_KINDS(X)                                                                             \
  X(constant)      /* the number `value` */                                                            \
  X(parameter)     /* parameter `ref` */                                                               \
  X(input)         /* input `ref`, its value at t if it has an axis */                                 \
  X(upstream)      /* the caller's gradient of result `ref`; zero when not passed */                   \
  X(given)         /* 1 if the caller passes state `ref`'s initial value, else 0 */                    \
  X(time)          /* the absolute step number along `axis` (first step of the run + t) */             \
  X(length)        /* len(b) along `axis`, as a number: batched, no axis */                            \
  X(rows)          /* the number of rows B, as a number */                                             \
  X(training)      /* 1 in a training run (dropout and zoneout are on), else 0 */                      \
  X(rate)          /* the share of steps at which fed inputs take the model's own value: the call's, in 2^-24 */ \
  X(ones)          /* 1 at every position of a domain: repetition made explicit, so that it can be summed */ \
  X(random)        /* uniform in [0, 1), site `ref`, a fresh draw per entry, row and (with axis) step: see above */ \
  X(one_hot)       /* operand: an index; [extent] with a one at it (below 0: nowhere) */               \
  X(chosen)        /* operand: zeros with a one [extent]; the index where that is (0: nowhere) */      \
  /* another step, another axis */                                                                     \
  X(shift)         /* see above: equation `ref`, lag `offset`, operands: boundaries */                 \
  X(at)            /* see above: equation `ref`, `end`, `offset`, operands: boundaries */              \
  X(impulse)       /* see above: operands, `axis`, `end`, `offset` */                                  \
  X(by_length)     /* see above: operands, `axis`, length `offset` */                                  \
  X(initial)       /* see above: state `ref`, slot `offset`, operand: the default */                   \
  X(sum_over)      /* sum of the operand over the batch and/or its axis, valid positions only */       \
  /* arithmetic */                                                                                     \
  X(map)           /* elementwise function `function`; operands of equal shape, or scalars */          \
  X(matmul)        /* [m,k] @ [k] or [m,k] @ [k,n] */                                                  \
  X(outer)         /* [m] x [n] -> [m,n] */                                                            \
  X(reduce_sum)    /* over dimension `dim`, or over all entries (dim = -1, giving a scalar) */         \
  X(reduce_max)    /* likewise */                                                                      \
  X(cumulative_sum) /* of a vector; `reversed` runs from the end */                                    \
  /* structure */                                                                                      \
  X(broadcast)     /* repeat: a scalar to any shape (dim = -1), or inserting dimension `dim` of extent `extent` */ \
  X(transpose)     /* of a matrix */                                                                   \
  X(reshape)       /* same entries, row-major, another shape */                                        \
  X(slice)         /* entries [offset, offset+extent) of dimension `dim` */                            \
  X(pad)           /* the adjoint of slice: zeros around; dimension `dim` grows to `extent`, operand at `offset` */ \
  X(concat)        /* operands joined along dimension `dim` */                                         \
  X(gather)        /* row of a table [v, …] (or entry of a vector [v]) at an index (below 0: at 0) */  \
  X(stop_gradient) /* the operand; no derivative passes. One of another is a node of its own: loops keep copies so */ \
  X(surrogate)     /* operand 0; its derivative in operand 2i+1 is operand 2i+2, entry by entry, whatever it is */

enum class NodeKind : std::uint8_t {
#define X(name) name,
  RNNC_NODE_KINDS(X)
#undef X
};
std::string_view node_kind_name(NodeKind kind);

enum class End : std::uint8_t { first, last };

// One node. Only the fields that its kind mentions carry meaning; the others keep these defaults.
struct Node {
  NodeKind kind = NodeKind::constant;
  Shape shape;
  Domain domain;
  bool index = false;           // an index-valued input (or arithmetic-free use of one), with `extent` values
  std::vector<NodeId> operands;
  ElementwiseId function;       // map
  std::int32_t ref = -1;        // the id of a parameter, input, state, result, equation or random site
  AxisId axis;                  // time, length, impulse, by_length; random: of one step; sum_over: the axis summed (invalid: none)
  std::int64_t offset = 0;      // shift's and random's lag, at's and impulse's distance, slice's and pad's begin, initial's slot,
                                // by_length's length
  std::int64_t extent = 0;
  std::int32_t dim = -1;
  End end = End::first;
  bool flag = false;            // cumulative_sum: reversed; sum_over: over the batch
  double value = 0;             // constant
  bool operator==(const Node&) const = default;
};

// Where something was written: an opaque mark that the front end resolves (file and offsets); 0 is nowhere.
using Origin = std::uint32_t;

// A named sequence (or per-row, or parameter-only) value. `value` is set once by `define`.
struct Equation {
  std::string name;   // the user's name, qualified by instance: "l1.h"
  NodeId value;
  Shape shape;
  Domain domain;
  StateId state;      // the declared state it defines, if any
  Origin origin = 0;
  bool transient = false;  // exists only to be read at other steps; opt::distribute_reads inlines its reads
};

enum class Initializer : std::uint8_t { constant, uniform, glorot, orthogonal, identity };
struct ParameterInfo {
  std::string name;
  Shape shape;
  Initializer initializer = Initializer::glorot;
  double low = 0, high = 0;  // constant: low; uniform: the interval; orthogonal and identity: the gain in low
  Origin origin = 0;
};
struct InputInfo {
  std::string name;
  Shape shape;
  Domain domain;
  std::int64_t index_extent = 0;  // > 0: an index in [lowest_index, index_extent)
  std::int64_t lowest_index = 0;  // below 0: an index from there to -1 chooses nothing (an ignored target)
  bool target = false;            // only losses read it: may be absent when no loss is asked for
  Origin origin = 0;
};
struct StateInfo {
  std::string name;      // "l1.h"
  EquationId equation;
  Shape shape;
  AxisId axis;
  int history = 1;       // how many values before the first step are read (the largest lag)
  bool reversed = false; // read by look-ahead: `.init` stands after the last step, `.final` is the value at t = 0
  Origin origin = 0;
};
struct AxisInfo {
  std::string name;      // "" for the only, unnamed axis; else as declared ("src")
};

// What a Program is asked to compute.
enum class ResultRole : std::uint8_t {
  output,          // ref: index in output order; value per step, per row or neither
  final_state,     // ref: StateId, slot: 1 = the newest
  loss,            // a scalar with the empty domain
  input_gradient,  // ref: InputId
  parameter_gradient,      // ref: ParameterId
  initial_gradient,        // ref: StateId, slot
};
struct Result {
  ResultRole role = ResultRole::output;
  std::string name;   // as in result files: "y", "h.final", "loss", "grad.x", …
  std::int32_t ref = -1;
  std::int32_t slot = 0;
  NodeId node;
};

// A Program that grew beyond what can be compiled in sensible time.
struct TooLarge : Unsupported {
  using Unsupported::Unsupported;
};

// Builds and holds nodes. Constructors compute shapes and domains, fold what is constant and reuse equal nodes; calling
// one with operands that do not fit is a Bug (the front end checks first, with the functions it shares below). They throw
// TooLarge rather than hold more than a few million nodes and operands, also while a pass makes many that it drops again.
class Program {
 public:
  std::string name;  // the model's
  IdVector<NodeId, Node> nodes;
  IdVector<EquationId, Equation> equations;
  IdVector<ParameterId, ParameterInfo> parameters;
  IdVector<InputId, InputInfo> inputs;
  IdVector<StateId, StateInfo> states;
  IdVector<AxisId, AxisInfo> axes;
  IdVector<ResultId, Result> results;
  int random_sites = 0;
  // Names for nodes that are not an equation's value but that a reader would want named (kept by passes if possible).
  std::map<NodeId, std::string> labels;

  const Node& operator[](NodeId id) const { return nodes[id]; }

  // -- leaves
  NodeId constant(double value);
  NodeId parameter(ParameterId id);
  NodeId input(InputId id);
  NodeId upstream(ResultId id);        // shape and domain of that result
  NodeId given(StateId id);
  NodeId time(AxisId axis);
  NodeId length(AxisId axis);
  NodeId rows();
  NodeId training();
  NodeId rate();
  NodeId ones(Domain domain);                 // the constant 1 if the domain is empty
  NodeId random(Shape shape, Domain domain);  // a new site at each call
  // What `random`, which has an axis, is `lag` steps before; what it is so far from an end.
  NodeId random_before(NodeId random, std::int64_t lag);
  NodeId random_at(NodeId random, End end, std::int64_t distance);
  NodeId one_hot(NodeId index);
  NodeId chosen(NodeId one_hot);              // an index; only its uses are computed, as products with the ones

  // -- equations: declared first (a recurrence mentions itself), defined once
  EquationId declare(std::string name, Shape shape, Domain domain, Origin origin = 0);
  void define(EquationId id, NodeId value);
  // The value of the equation at the same step: its node (it must be defined).
  NodeId value(EquationId id) const;
  // The equation that names this node, or an invalid id (the first defined one).
  EquationId equation_of(NodeId id) const;

  // -- other steps
  NodeId shift(EquationId equation, std::int64_t lag, std::vector<NodeId> boundary);
  NodeId at(EquationId equation, End end, std::int64_t distance, std::vector<NodeId> boundary = {});
  NodeId impulse(std::vector<NodeId> u, Domain domain, End end, std::int64_t distance);
  NodeId by_length(std::vector<NodeId> u, AxisId axis, std::int64_t length);  // the result is batched
  // The default may be a scalar. The result is batched.
  NodeId initial(StateId state, std::int64_t slot, NodeId fallback);
  // Sum over the batch and/or an axis (invalid: none). What the operand lacks multiplies by the number of repetitions:
  // the constructor makes that a product with `rows`, `length` or `ones`, so a sum_over node's operand has what is summed.
  NodeId sum_over(NodeId u, bool batch, AxisId axis);
  NodeId sum_over(NodeId u, bool batch, bool own_axis);
  // A value of domain `from` summed down to domain `to`: the adjoint of implicit repetition. u may lack part of `from`
  // (it is then repeated); without `from` it is u's own domain.
  NodeId sum_to(NodeId u, Domain from, Domain to);
  NodeId sum_to(NodeId u, Domain to);

  // -- arithmetic
  NodeId map(ElementwiseId function, std::vector<NodeId> operands);
  NodeId map(std::string_view function, std::vector<NodeId> operands);
  NodeId add(NodeId a, NodeId b) { return map("add", {a, b}); }
  NodeId sub(NodeId a, NodeId b) { return map("sub", {a, b}); }
  NodeId mul(NodeId a, NodeId b) { return map("mul", {a, b}); }
  NodeId div(NodeId a, NodeId b) { return map("div", {a, b}); }
  NodeId neg(NodeId a) { return map("neg", {a}); }
  NodeId matmul(NodeId a, NodeId b);
  NodeId outer(NodeId a, NodeId b);
  NodeId reduce_sum(NodeId u, int dim = -1);
  NodeId reduce_max(NodeId u, int dim = -1);
  NodeId cumulative_sum(NodeId u, bool reversed = false);

  // -- structure
  NodeId broadcast_scalar(NodeId u, Shape shape);
  NodeId broadcast_dim(NodeId u, int dim, std::int64_t extent);
  NodeId transpose(NodeId u);
  NodeId reshape(NodeId u, Shape shape);
  NodeId slice(NodeId u, int dim, std::int64_t begin, std::int64_t extent);
  NodeId pad(NodeId u, int dim, std::int64_t begin, std::int64_t extent);
  NodeId concat(std::vector<NodeId> parts, int dim);
  NodeId gather(NodeId table, NodeId index);
  NodeId stop_gradient(NodeId u);
  // A value with derivatives in some of what it is made of, instead of its own: `in` has the value's shape or is a single
  // number, and so is `derivative`.
  struct Derivative {
    NodeId in, derivative;
  };
  NodeId surrogate(NodeId value, const std::vector<Derivative>& derivatives);

  // A node like `node` with other operands (same kind and attributes), through the constructors above.
  NodeId rebuild(const Node& node, std::vector<NodeId> operands);

 private:
  // Infers shape and domain, then finds the equal node or adds this one.
  NodeId intern(Node node);
  // An addition, subtraction, product, quotient or negation that costs nothing; invalid when there is no such identity.
  NodeId local_identity(ElementwiseId function, const std::vector<NodeId>& operands);
  std::unordered_multimap<std::size_t, NodeId> interned_;
  std::size_t size_ = 0;  // nodes and their operands
  std::unordered_map<NodeId, EquationId> named_;
};

// Join of two domains; nothing when their axes differ.
std::optional<Domain> join(Domain a, Domain b);
// Whether a value of domain `inner` may stand (repeated) where `outer` is declared.
bool covers(Domain outer, Domain inner);

// The shape rules, once: fills in shape, domain, index and (of index values) extent of a node from its kind, attributes
// and operands; broadcast and reshape bring their shape, random, ones and impulse their domain. Returns what does not
// fit, "" = nothing. The front end may ask before it builds.
std::string infer(const Program& program, Node& node);

// What is wrong with the Program ("" = nothing): operands before users, shapes, domains, every equation defined,
// no cycle at the same step, no recurrence that mixes past and future. Runs after every pass in tests and debug builds.
std::string verify(const Program& program);

// The equations as a person would write them, in a deterministic order; total (prints any Program).
//   d.c = d.h * o * (1 - tanh(c)^2) + f[t+1] * d.c[t+1]
struct PrintOptions {
  bool gradient_only = false;  // only the equations that results of gradient roles need and the forward ones do not
};
std::string to_string(const Program& program, PrintOptions options = {});

}  // namespace rnnc::ir
