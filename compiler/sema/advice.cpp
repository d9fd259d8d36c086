#include "compiler/sema/advice.h"

#include <string_view>

namespace rnnc::sema {
namespace {

struct Row {
  std::string_view name, help;
};

constexpr Row functions[] = {
    {"logistic", "the logistic function is `sigmoid`"},
    {"sigma", "the logistic function is `sigmoid`"},
    {"expit", "the logistic function is `sigmoid`"},
    {"swish", "x * sigmoid(x) is `silu`"},
    {"ln", "the natural logarithm is `log`"},
    {"arctan", "there is no inverse tangent; `softsign` and `tanh` have its form"},
    {"matmul", "the matrix product is `A @ b`"},
    {"mm", "the matrix product is `A @ b`"},
    {"bmm", "the matrix product is `A @ b`; the batch is not written"},
    {"einsum", "products are `A @ b`, `outer(a, b)`, `dot(a, b)` and `sum(a * b, axis = k)`"},
    {"linear", "a linear layer is `W @ x + b` with `param W : [H, I]` and `param b : [H]`"},
    {"concat", "`[a, b]` puts vectors end to end"},
    {"concatenate", "`[a, b]` puts vectors end to end"},
    {"cat", "`[a, b]` puts vectors end to end"},
    {"stack", "`[a, b]` puts vectors end to end; `reshape` makes a matrix of them"},
    {"chunk", "a part of a vector is `a[0:H]`, `a[H:2*H]`, …"},
    {"split", "a part of a vector is `a[0:H]`, `a[H:2*H]`, …"},
    {"zeros", "a number goes with every shape: write `0`"},
    {"zeros_like", "a number goes with every shape: write `0`"},
    {"ones", "a number goes with every shape: write `1`"},
    {"embedding", "a row of a table is `E[token]` with `input token : index(V)` and `param E : [V, H]`"},
    {"detach", "no gradient flows through `stop_gradient(u)`"},
    {"no_grad", "no gradient flows through `stop_gradient(u)`"},
    {"minimum", "the smaller of two is `min(a, b)`"},
    {"maximum", "the larger of two is `max(a, b)`"},
    {"clip", "`clamp(x, low, high)` keeps x within bounds"},
    {"average", "over entries: `mean`; over steps: `mean_over_time`"},
    {"nll_loss", "`cross_entropy(logits, target)` has the log softmax inside"},
    {"ce", "`cross_entropy(logits, target)`"},
    {"bce", "`binary_cross_entropy(logits, target)`"},
    {"mae", "`absolute_error(a, b)`"},
    {"l1_loss", "`absolute_error(a, b)`"},
    {"mse_loss", "`squared_error(a, b)`, or `mse(a, b)`"},
    {"len", "the number of steps has no name; `mean_over_time` divides by it"},
    {"layer_norm", "write it out: `(u - mean(u)) * rsqrt(mean(square(u - mean(u))) + 1e-5)`"},
    {"layernorm", "write it out: `(u - mean(u)) * rsqrt(mean(square(u - mean(u))) + 1e-5)`"},
};

constexpr Row initialisers[] = {
    {"xavier", "Xavier Glorot's initialisation is `glorot`"},
    {"xavier_uniform", "Xavier Glorot's initialisation is `glorot`"},
    {"zeros", "write the number: `= 0`"},
    {"ones", "write the number: `= 1`"},
    {"eye", "ones on the diagonal are `identity`"},
};

template <std::size_t count>
std::string look_up(const Row (&rows)[count], const std::string& name) {
  for (const Row& row : rows)
    if (row.name == name) return std::string(row.help);
  return "";
}

}  // namespace

std::string advice_on_function(const std::string& name) { return look_up(functions, name); }
std::string advice_on_initialiser(const std::string& name) { return look_up(initialisers, name); }

}  // namespace rnnc::sema
