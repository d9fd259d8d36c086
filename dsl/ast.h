// The AST: what the user wrote, and where. No types, no resolved names, nothing computed.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dsl/source.h"

namespace rnnc::dsl {

struct Identifier {
  std::string text;
  Span span;
};

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

#define RNNC_EXPR_KINDS(X)                                                                    \
  X(number)    /* `number`; `text` is its spelling */                                         \
  X(name)      /* `text` */                                                                   \
  X(member)    /* operands[0] . text            l1.h                                       */ \
  X(index)     /* operands[0] [ operands[1…] ]  h[t-1], E[token], W[0:H, :], l[k-1]        */ \
  X(range)     /* operands[0] : operands[1] inside an index; either may be null             */ \
  X(call)      /* operands[0] ( operands[1…] )  tanh(x), LSTM(H, H)(x): a call of a call    */ \
  X(named)     /* text = operands[0], an argument by name */                                  \
  X(unary)     /* text operands[0]              - not                                      */ \
  X(binary)    /* operands[0] text operands[1]  + - * / % @ ^ < <= > >= == != and or       */ \
  X(transpose) /* operands[0]'                                                             */ \
  X(list)      /* [ operands… ]: concatenation */                                             \
  X(reverse)   /* reverse operands[0]: the cell call with its time turned round */            \
  X(error)     /* something that did not parse; already reported */

enum class ExprKind : std::uint8_t {
#define X(name) name,
  RNNC_EXPR_KINDS(X)
#undef X
};

// Trees from the parser are at most about a thousand deep, so that readers may recurse.
struct Expr {
  ExprKind kind = ExprKind::error;
  Span span;           // with the parentheses around it
  Span operator_span;  // unary, binary, reverse: the operator; member, named: the name; else nowhere
  std::string text;
  double number = 0;
  std::vector<ExprPtr> operands;
};

struct Dimension {  // a parameter of a cell or model: H, or H = 256
  Identifier name;
  ExprPtr fallback;  // or null
};

// A declared shape: [H, I], index(V), or nothing at all (a scalar).
struct ShapeSpec {
  Span span;
  bool is_index = false;
  std::vector<ExprPtr> extents;  // of index(V): V alone
};

enum class DeclarationKind : std::uint8_t { input, target, state, param };
struct Declaration {
  struct Item {
    Identifier name;
    ShapeSpec shape;   // names before one `:` share its shape: each item has its copy
    ExprPtr initial;   // after `=`: an initialiser or initial value, or null
  };
  DeclarationKind kind = DeclarationKind::input;
  Span span;
  std::vector<Item> items;
  bool per_row = false;             // `per row`: no time axis
  std::optional<Identifier> axis;   // `over src`
};

struct EquationDecl {  // h = o * tanh(c);  l[k] = LSTM(H, H)(l[k-1].h)
  Identifier name;
  ExprPtr subscript;  // of an instance in a `for`, or null
  ExprPtr value;
  Span span;
};
struct OutputDecl {  // output y, z    output y = R @ h
  struct Item {
    Identifier name;
    ExprPtr value;  // or null: an equation or state of that name
  };
  std::vector<Item> items;
  Span span;
};
struct LossDecl {  // loss cross_entropy(y, next) + 0.1 * mean(h * h)
  ExprPtr value;
  Span span;
};

struct Member;
struct ForDecl {  // for k in 1..L-1 { … }: both ends included
  Identifier variable;
  ExprPtr first, last;
  std::vector<Member> body;
  Span span;
};

// A member of a cell or model: exactly one is set.
struct Member {
  std::unique_ptr<Declaration> declaration;
  std::unique_ptr<EquationDecl> equation;
  std::unique_ptr<OutputDecl> output;
  std::unique_ptr<LossDecl> loss;
  std::unique_ptr<ForDecl> loop;
};

struct Unit {  // cell or model
  bool is_model = false;
  Identifier name;
  std::vector<Dimension> dimensions;
  std::vector<Member> members;
  Span span;
};

struct FunctionDecl {  // fn gate(W, U, b, x, h) = sigmoid(W @ x + U @ h + b)
  Identifier name;
  std::vector<Identifier> parameters;
  ExprPtr body;
  ExprPtr derivative;  // `derivative EXPR`, or null
  Span span;
};
struct ConstantDecl {  // const eps = 1e-5
  Identifier name;
  ExprPtr value;
  Span span;
};
struct ImportDecl {  // import "lstm.rnn"
  std::string path;
  Span span;
};

struct Comment {
  std::string text;  // with its #
  Span span;
};

struct File {
  std::int32_t source = -1;
  std::vector<ImportDecl> imports;
  std::vector<Unit> units;
  std::vector<FunctionDecl> functions;
  std::vector<ConstantDecl> constants;
  std::vector<Comment> comments;  // in order, for the formatter
};

}  // namespace rnnc::dsl
