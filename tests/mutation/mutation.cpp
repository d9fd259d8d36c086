// Makes mistakes on purpose and lists which check sees each. Exit code 1 if one that changes a result goes unseen.
#include <cmath>
#include <iostream>
#include <random>

#include "compiler/backend/llvm/jit.h"
#include "compiler/base/bug.h"
#include "compiler/driver/backend.h"
#include "compiler/driver/pipeline.h"
#include "compiler/grad/gradcheck.h"
#include "compiler/loop/loop_ir.h"
#include "tests/differential/call.h"
#include "tests/mutation/module_faults.h"
#include "tests/mutation/program_faults.h"

namespace rnnc::testing {
namespace {

struct Subject {
  const char* text;
  sema::Feed feed = sema::Feed::given;
};

// Between them they have every kind of node that a gradient is made of. All run in training, half of what is fed being the
// model's own.
constexpr Subject models[] = {
    {R"(model Recurrent {
  input x : [3]
  state h : [4] = 0.3
  state c : [4]
  param W : [4, 3]   U, V : [4, 4]   b : [4]
  c = 0.5 * c[t-2] + sigmoid(W @ x + b) * h[t-1]
  h = tanh(U @ h[t-1] + V @ c)
  output y = h - x[t-1] @ W' / (2 + b * b)
  loss 0.5 * mean(h * h)
})"},
    {R"(model Ahead {
  input x : [3]
  target y : index(4)
  state s : [4]
  param W : [4, 3]   U : [4, 4]   a : [8]
  s = sigmoid(W @ x + U @ s[t+1])
  q = [relu(s), s[t-1]] * a
  output v = cumsum(q)[1:5] + where(s > 0.5, s, 0.1 * max(s, q[0:4]))
  output w = last(s) + mean_over_time(exp(0.1 * s))
  loss cross_entropy(v, y)
})"},
    {R"(model Memory {
  input x, z : [3]
  state M : [3, 3]
  param P : [3, 3]   g : [3]
  M = 0.9 * M[t-1] + outer(tanh(P @ x), z * g)
  output r = softmax(M @ x)
  output n = max(M @ z) - sum(M, axis = 1) @ g
})"},
    {R"(model Fed {
  input x : [3]
  input y_true : [4] = y
  target known : [4]
  param W : [4, 3]   J : [4, 4]   b : [4]
  h = tanh(W @ dropout(x, 0.4) + J @ y_true[t-1] + b)
  y = zoneout(0.5 * h, y_true[t-2], 0.3, mask = per_row)
  output y
  loss mean(squared_error(y, y_true), weight = square(known))
})", sema::Feed::mixed},
    {R"(model Chosen {
  input token : index(5)
  target tag, other : index(4)
  state h : [6]
  param E : [5, 6]   U : [6, 6]   D : [4, 6]   a : [6]
  h = tanh(E[token] + dropout(U, 0.3) @ h[t-1])
  z = [h[3:6] * a[1:4], h[0:2]]
  output y = z[1:5] * 0.5 + (D[argmax(z[0:4])])[2:6]
  loss cross_entropy(z[0:4], tag, ignore = -1)
  loss 0.5 * cross_entropy(h[1:5], other, ignore = 2)
})"}};

// What moves no result further than this is another way to say the same: the largest entry, say, that keeps a softmax from
// overflowing may be any.
constexpr double rounding = 1e-12;

std::unique_ptr<driver::Compilation> compiled(const std::string& text, std::string_view last,
                                              sema::Feed feed = sema::Feed::given) {
  auto compilation = std::make_unique<driver::Compilation>();
  compilation->options.element = loop::Element::f64;
  compilation->options.sema.feed = feed;
  compilation->file = compilation->sources.add("mutation.rnn", text);
  check(driver::run(*compilation, {.last = last}), dsl::render(compilation->diagnostics, compilation->sources));
  return compilation;
}

std::vector<RunShape> shapes() {
  RunShape whole, ragged;
  whole.steps.fill(5);
  whole.rows = 3;
  ragged.steps.fill(4);
  ragged.rows = 4;
  for (auto& lengths : ragged.lengths) lengths = {4, 2, 0, 3};
  return {whole, ragged};
}

// The largest difference of all that two models write, relative to each array's largest number.
double difference(const rnnc_model& expected, const rnnc_model& actual) {
  double worst = 0;
  for (const RunShape& shape : shapes()) {
    const Given given = random_given(expected, shape, 3, 0.6);
    const RunOptions how{.training = true, .seed = 5, .rate = 0.5};
    const Written a = run(expected, shape, given, how), b = run(actual, shape, given, how);
    if (a.code != b.code) return INFINITY;
    for (std::size_t i = 0; i < a.arrays.size(); ++i) {
      double largest = 0, gap = 0;
      for (std::int64_t k = 0; k < count(expected, a.arrays[i].bytes); ++k) {
        const double x = number(expected, a.arrays[i].bytes, k), y = number(expected, b.arrays[i].bytes, k);
        largest = std::max(largest, std::fabs(x));
        gap = std::isnan(y) ? INFINITY : std::max(gap, std::fabs(x - y));
      }
      if (gap > 0) worst = std::max(worst, largest > 0 ? gap / largest : INFINITY);
    }
  }
  return worst;
}

class Tally {
 public:
  void add(const std::string& fault, const std::string& seen_by) {
    std::cout << (seen_by.empty() ? "NOT SEEN" : "seen by " + seen_by) << ": " << fault << "\n";
    ++(seen_by.empty() ? unseen_ : seen_);
  }
  void no_effect() { ++without_effect_; }
  int finish() const {
    std::cout << seen_ << " faults seen, " << unseen_ << " not; " << without_effect_
              << " more change results by rounding at most and are no faults\n";
    return unseen_ == 0 && seen_ >= 40 ? 0 : 1;
  }

 private:
  int seen_ = 0, unseen_ = 0, without_effect_ = 0;
};

std::string seen_by_gradcheck(const ir::Program& forward, const ir::Program& mutant) {
  if (std::string wrong = ir::verify(mutant); !wrong.empty()) return "verify";
  for (const bool lengths : {false, true}) {
    const grad::GradcheckOptions options{.steps = 4, .rows = 3, .lengths = lengths, .training = true, .rate = 0.5, .entries = 24};
    if (!grad::gradcheck(forward, mutant, options).agrees) return "gradcheck";
  }
  return "";
}

void broken_gradients(Tally& tally) {
  for (const auto& [text, feed] : models) {
    const auto forward = compiled(text, "elaborate", feed), whole = compiled(text, "remove-dead", feed);
    const auto sound = driver::make_executable(*whole, driver::BackendKind::interp);
    for (const ProgramFault& fault : program_faults())
      for (int site = 0; site < 3; ++site) {
        std::optional<ir::Program> mutant = with_fault(whole->program, fault, site);
        if (!mutant) break;
        driver::Compilation holder;
        holder.options.element = loop::Element::f64;
        holder.program = *mutant;
        std::string seen = ir::verify(*mutant).empty() ? "" : "verify";
        if (seen.empty()) {
          const auto broken = driver::make_executable(holder, driver::BackendKind::interp);
          if (difference(*sound->model(), *broken->model()) < rounding) {
            tally.no_effect();
            continue;
          }
          seen = seen_by_gradcheck(forward->program, *mutant);
        }
        tally.add(whole->program.name + ", gradient, " + fault.name + ", site " + std::to_string(site), seen);
      }
  }
}

// A thousandth off in the derivative of each function of the table.
void broken_derivatives(Tally& tally) {
  for (const ir::Elementwise& row : ir::elementwise_table()) {
    const std::string name(row.name);
    if (row.zero_derivative || name == "not" || name == "and" || name == "or") continue;
    std::string arguments = "0.7 + 0.3 * tanh(x)";
    for (int i = 1; i < row.arity; ++i) arguments += i == 1 ? ", 0.4 + 0.1 * x" : ", 1.5";
    const std::string text = "model F {\n  input x : [3]\n  output y = " + name + "(" + arguments + ")\n}";
    const auto forward = compiled(text, "elaborate"), whole = compiled(text, "remove-dead");
    if (!seen_by_gradcheck(forward->program, whole->program).empty()) {
      tally.add("none in the derivative of " + name + ", and yet gradcheck refuses it", "");
      continue;
    }
    const ir::Program mutant = with_inexact_gradient(whole->program);
    tally.add("derivative of " + name + ", a thousandth too large", seen_by_gradcheck(forward->program, mutant));
  }
}

void broken_loops(Tally& tally) {
  std::mt19937_64 random(11);
  for (const auto& [text, feed] : models) {
    const auto whole = compiled(text, "lower", feed), forward = compiled(text, "differentiate", feed);
    const auto oracle = driver::make_executable(*forward, driver::BackendKind::interp);
    const auto sound = driver::make_executable(*whole, driver::BackendKind::jit);
    const int sites = module_fault_sites(whole->module);
    for (int i = 0; i < 16; ++i) {
      loop::Module mutant = whole->module;
      const std::string name =
          make_module_fault(mutant, static_cast<int>(random() % static_cast<std::uint64_t>(sites)));
      std::string seen = loop::verify(mutant).empty() ? "" : "verify";
      if (seen.empty()) {
        auto made = backend::jit(mutant);
        const auto& broken = *std::get<0>(made)->model();
        if (difference(*sound->model(), broken) < rounding) {
          tally.no_effect();
          continue;
        }
        if (difference(*oracle->model(), broken) > 1e-9) seen = "the interpreter";
      }
      tally.add(whole->program.name + ", loops, " + name, seen);
    }
  }
}

}  // namespace
}  // namespace rnnc::testing

int main() {
  rnnc::testing::Tally tally;
  rnnc::testing::broken_gradients(tally);
  rnnc::testing::broken_derivatives(tally);
  rnnc::testing::broken_loops(tally);
  return tally.finish();
}
