// What each mistake in the meaning of a source says, in full.
#include <gtest/gtest.h>

#include "compiler/sema/elaborate.h"

namespace rnnc::sema {
namespace {

struct Mistake {
  const char* name;
  const char* source;
  const char* said;
  Options options = {};
};

void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.name; }

class SemaMistake : public testing::TestWithParam<Mistake> {};

TEST_P(SemaMistake, SaysWhatIsWrong) {
  dsl::SourceMap sources;
  dsl::Diagnostics diagnostics;
  std::string_view source = GetParam().source;
  std::int32_t file = sources.add("m.rnn", std::string(source.substr(1)));
  std::optional<Elaborated> elaborated = elaborate(sources, file, GetParam().options, nullptr, diagnostics);
  EXPECT_EQ("\n" + dsl::render(diagnostics, sources), GetParam().said);
  EXPECT_EQ(elaborated.has_value(), !diagnostics.has_errors());
}

// Sources and texts begin on the line after their bracket.
const Mistake mistakes[] = {
    {"ProductShapes",
     R"~(
cell A(I = 3, H = 4) {
  input x : [I]
  state h : [H]
  param W : [H, I]
  h = W @ h[t-1] + W @ x
}
)~",
     R"~(
m.rnn:5:9: error[E0202]: shapes `[4, 3]` and `[4]` do not agree in `@`
   5 |   h = W @ h[t-1] + W @ x
     |       - ^ ------ [4]
     |       [4, 3]
  help: `W'`, the transpose, fits: `W' @ h[t-1]`
  help: `W` is declared `[H, I]` with H = 4 (default), I = 3 (default)
  help: `h` is declared `[H]` with H = 4 (default)
)~"},
    {"ElementwiseShapes",
     R"~(
model M(I = 3, H = 4) {
  input x : [I]
  param W : [H, I]
  y = W * x
  output y
}
)~",
     R"~(
m.rnn:4:11: error[E0201]: shapes `[4, 3]` and `[3]` do not agree in `*`
   4 |   y = W * x
     |       -   ^ [3]
     |       [4, 3]
  help: `@` is the matrix product, `*` is elementwise
  help: `W` is declared `[H, I]` with H = 4 (default), I = 3 (default)
  help: `x` is declared `[I]` with I = 3 (default)
)~"},
    {"SameStepCycle",
     R"~(
cell A(H = 4) {
  input x : [H]
  state h, c : [H]
  c = tanh(x) + h
  h = sigmoid(c)
}
)~",
     R"~(
m.rnn:5:15: error[E0301]: `c` needs `h`, which needs `c` at the same step
   4 |   c = tanh(x) + h
     |                 - `c` needs `h`
   5 |   h = sigmoid(c)
     |               ^ `h` needs `c`
  help: read the step before somewhere in the circle: `c` -> `c[t-1]`
)~"},
    {"WholeSequenceCycle",
     R"~(
model M(H = 4) {
  input x : [H]
  g = x + last(h)
  h = g + x
  output h
}
)~",
     R"~(
m.rnn:4:7: error[E0301]: `g` needs `h`, which needs `g`, as a whole
   3 |   g = x + last(h)
     |           ------- `g` needs `h`
   4 |   h = g + x
     |       ^ `h` needs `g`
  help: something in the circle has to be known before all steps of the others
)~"},
    {"PastAndFuture",
     R"~(
cell A(H = 4) {
  input x : [H]
  state h : [H]
  g = x + h[t+1]
  h = tanh(g + h[t-1])
}
)~",
     R"~(
m.rnn:5:16: error[E0302]: a recurrence looks both back and ahead
   4 |   g = x + h[t+1]
     |           ------ `g` needs `h[t+1]`
   5 |   h = tanh(g + h[t-1])
     |            -   ^^^^^^ `h` needs `h[t-1]`
     |            `h` needs `g`
  help: no order of steps computes it: let each direction have equations of its own
)~"},
    {"UnknownNames",
     R"~(
cell A(H = 4) {
  input x : [H]
  state hidden : [H]
  hidden = tanh(hiden[t-1] + x) + tahn(x)
}
)~",
     R"~(
m.rnn:4:17: error[E0101]: `hiden` is not defined here
   4 |   hidden = tanh(hiden[t-1] + x) + tahn(x)
     |                 ^^^^^ not found
  help: did you mean `hidden`?

m.rnn:4:35: error[E0103]: there is no function `tahn`
   4 |   hidden = tanh(hiden[t-1] + x) + tahn(x)
     |                                   ^^^^ not found
  help: did you mean `tanh`?
)~"},
    {"CellCalls",
     R"~(
cell L(I, H) {
  input x : [I]
  state h : [H]
  param W : [H, I]
  h = tanh(W @ x) + h[t-1]
}
model M(V = 10, H = 4) {
  input token : index(V)
  param E : [V, H]
  l = L(H+1, H)(E[token])
  m = L(H, H)(token)
  n = L(H, H)(E[token], 3)
  o = L(H, H)()
  p = LL(H, H)(E[token])
  q = L(H, H)(E[token])
  y = q.z + m.h + p.h + L(H, H)(E[token])
  output y
}
)~",
     R"~(
m.rnn:10:17: error[E0201]: input `x` of `L` is [5], not [4]
   2 |   input x : [I]
     |         - [5]
     …
  10 |   l = L(H+1, H)(E[token])
     |                 ^^^^^^^^ [4]
  help: `x : [I]` with I = 5 (from `L(H+1, H)`)
  help: `E` is declared `[V, H]` with V = 10 (default), H = 4 (default)

m.rnn:11:15: error[E0205]: input `x` of `L` is [4], not index(10)
   2 |   input x : [I]
     |         - [4]
     …
  11 |   m = L(H, H)(token)
     |               ^^^^^ index(10)
  help: `x : [I]` with I = 4 (from `L(H, H)`)
  help: `token` is declared `index(V)` with V = 10 (default)
  help: look it up in a table: `E[token]`

m.rnn:12:25: error[E0114]: `L` takes 1 input
   1 | cell L(I, H) {
     |      - the cell
     …
  12 |   n = L(H, H)(E[token], 3)
     |                         ^ one too many
  help: call it as `L(I, H)(x)`

m.rnn:13:7: error[E0114]: input `x` of `L` is not given
   2 |   input x : [I]
     |         - declared here
     …
  13 |   o = L(H, H)()
     |       ^^^^^^^^^
  help: call it as `L(I, H)(x)`

m.rnn:14:7: error[E0104]: there is no cell `LL`
  14 |   p = LL(H, H)(E[token])
     |       ^^ not found
  help: did you mean `L`?

m.rnn:16:7: error[E0105]: `L` has no member `z`
   1 | cell L(I, H) {
     |      - the cell
     …
  16 |   y = q.z + m.h + p.h + L(H, H)(E[token])
     |       ^^^

m.rnn:16:25: error[E0118]: a cell call must be an equation of its own
  16 |   y = q.z + m.h + p.h + L(H, H)(E[token])
     |                         ^^^^^^^^^^^^^^^^^
  help: write `name = L(H, H)(E[token])` and use `name` here
)~"},
    {"Indices",
     R"~(
model M(V = 10, H = 4, K = 5) {
  input token : index(V)
  input x : [H]
  param E : [K, H]
  a = E[token]
  b = token + 1
  c = E[x]
  d = x[4]
  output a, b, c, d
}
)~",
     R"~(
m.rnn:5:9: error[E0207]: an index of 10 values into a table of 5 rows
   5 |   a = E[token]
     |       - ^^^^^ index(10)
     |       [5, 4]
  help: `E` is declared `[K, H]` with K = 5 (default), H = 4 (default)
  help: `token` is declared `index(V)` with V = 10 (default)

m.rnn:6:7: error[E0205]: an index is used as a number in `token + 1`
   6 |   b = token + 1
     |       ^^^^^ index(10)
  help: look it up in a table: `E[token]`, or use `one_hot(token)`

m.rnn:7:9: error[E0204]: `x` is not an index
   7 |   c = E[x]
     |         ^ [4]
  help: a subscript is `t-k`, a whole number, a range `a:b`, or an input declared `index(N)`

m.rnn:8:9: error[E0206]: `4` lies outside: positions go from 0 to 3
   8 |   d = x[4]
     |         ^ of 4 positions
)~"},
    {"DefaultOfZero",
     R"~(
model M(H = 4, K = H - 4) {
  input x : [H]
  y = x
  output y
}
)~",
     R"~(
m.rnn:1:20: error[E0402]: dimension `K` is 0, it must be from 1 to 16777216
   1 | model M(H = 4, K = H - 4) {
     |                    ^^^^^ default
  help: H = 4 (default)
)~"},
    {"Extents",
     R"~(
model M(H = 4) {
  input x : [H]
  param W : [H - 4, H / 3, 1000000000000]
  param B : [16777216, 16777216]
  y = x + B + W
  output y
}
)~",
     R"~(
m.rnn:3:14: error[E0402]: an extent must be at least 1
   3 |   param W : [H - 4, H / 3, 1000000000000]
     |              ^^^^^ this is 0
  help: H = 4 (default)

m.rnn:3:21: error[E0402]: `H / 3` is not a whole number
   3 |   param W : [H - 4, H / 3, 1000000000000]
     |                     ^^^^^ 4 / 3

m.rnn:3:28: error[E0402]: an extent must be at most 16777216
   3 |   param W : [H - 4, H / 3, 1000000000000]
     |                            ^^^^^^^^^^^^^ this is 1000000000000

m.rnn:4:13: error[E0403]: `B` would have more than 2^31 entries
   4 |   param B : [16777216, 16777216]
     |             ^^^^^^^^^^^^^^^^^^^^ [16777216, 16777216]
)~"},
    {"UnboundDimension",
     R"~(
cell A(I) {
  input x : [I]
  state h : [I]
  h = h[t-1] + x
}
)~",
     R"~(
m.rnn:1:8: error[E0404]: dimension `I` of `A` has no value
   1 | cell A(I) {
     |        ^ no default here
  help: give it one with -D I=N, or a default: `I = 64`
)~"},
    {"UnknownOption",
     R"~(
model M(H = 4) {
  input x : [H]
  output x
}
)~",
     R"~(
m.rnn:1:7: error[E0401]: `M` has no dimension `Hidden` for -D Hidden=3
   1 | model M(H = 4) {
     |       ^
  help: its dimensions are `H`

m.rnn:1:9: error[E0402]: dimension `H` is 0, it must be from 1 to 16777216
   1 | model M(H = 4) {
     |         ^ -D H=0
)~",
     {{{"Hidden", 3}, {"H", 0}}, ""}},
    {"SeveralCells",
     R"~(
cell A(H = 3) {
  input x : [H]
  output x
}
cell B(H = 3) {
  input x : [H]
  output x
}
)~",
     R"~(
m.rnn:1:6: error[E0112]: the file has several cells and no model
   1 | cell A(H = 3) {
     |      ^
     …
   5 | cell B(H = 3) {
     |      -
  help: choose one with --entry: `A`, `B`
)~"},
    {"UnknownEntry",
     R"~(
model Model(H = 3) {
  input x : [H]
  output x
}
)~",
     R"~(
error[E0113]: the file has no model or cell `Modle`
  help: did you mean `Model`?
  help: the file declares `Model`
)~",
     {{}, "Modle"}},
    {"MissingAndSecondEquations",
     R"~(
model M(H = 4) {
  input x : [H]
  state h : [H]
  x = h
  y = h[t-1]
  y = x
  output y
}
)~",
     R"~(
m.rnn:4:3: error[E0504]: `x` is declared as input: it cannot have an equation
   2 |   input x : [H]
     |         - declared here
     …
   4 |   x = h
     |   ^ defined here

m.rnn:6:3: error[E0102]: `y` has two equations
   5 |   y = h[t-1]
     |       ------ first here
   6 |   y = x
     |   ^ again here

m.rnn:3:9: error[E0305]: state `h` has no equation
   3 |   state h : [H]
     |         ^ declared here
  help: write `h = ...`
)~"},
    {"TimeIndices",
     R"~(
model M(H = 4) {
  input x : [H]
  input c : [H] per row
  param p : [H]
  a = x[t*2]
  b = c[t-1]
  d = p[t-1]
  e = x[t-100000]
  output a, b, d, e
}
)~",
     R"~(
m.rnn:5:9: error[E0303]: `t*2` is not a time index
   5 |   a = x[t*2]
     |         ^^^ must be `t`, `t-k` or `t+k`

m.rnn:6:7: error[E0304]: `c` does not vary with time
   3 |   input c : [H] per row
     |         - declared `per row`
     …
   6 |   b = c[t-1]
     |       ^ has no steps to choose from

m.rnn:7:7: error[E0304]: `p` does not vary with time
   4 |   param p : [H]
     |         - declared here
     …
   7 |   d = p[t-1]
     |       ^ has no steps to choose from

m.rnn:8:9: error[E0309]: a reference to a step more than 4096 steps away
   8 |   e = x[t-100000]
     |         ^^^^^^^^ 100000 steps
)~"},
    {"InitialValues",
     R"~(
model M(H = 4) {
  input x : [H]
  state g : [H] = x
  state h : [H] = [1, 2]
  g = g[t-1] + x
  h = h[t-1] + x
  output g, h
}
)~",
     R"~(
m.rnn:3:19: error[E0307]: the initial value of `g` varies with time
   3 |   state g : [H] = x
     |         -         ^ a different value at every step
     |         the state
  help: take one step of it: `first(...)` or `last(...)`

m.rnn:4:19: error[E0201]: state `h` is [4], its initial value [2]
   4 |   state h : [H] = [1, 2]
     |         -         ^^^^^^ [2]
     |         [4]
)~"},
    {"StateShape",
     R"~(
cell A(H = 4) {
  input x : [H]
  state h : [H]
  h = [h[t-1], x]
}
)~",
     R"~(
m.rnn:4:7: error[E0201]: state `h` is [4], its equation gives [8]
   3 |   state h : [H]
     |         - [4]
   4 |   h = [h[t-1], x]
     |       ^^^^^^^^^^^ [8]
  help: H = 4 (default)
)~"},
    {"Recursion",
     R"~(
const c = c + 1
fn f(a) = f(a) + 1
cell A(H) {
  input x : [H]
  b = A(H)(x)
  output b
}
model M(H = 4) {
  input x : [H]
  a = A(H)(x)
  y = f(x) + c + a
  output y
}
)~",
     R"~(
m.rnn:5:7: error[E0117]: cell `A` contains itself
   5 |   b = A(H)(x)
     |       ^

m.rnn:2:11: error[E0117]: function `f` calls itself
   2 | fn f(a) = f(a) + 1
     |    -      ^^^^
     |    declared here

m.rnn:1:7: error[E0117]: constant `c` is defined by itself
   1 | const c = c + 1
     |       ^   - used here
)~"},
    {"Arguments",
     R"~(
fn g(a, b) = a + b
model M(H = 4) {
  input x : [H]
  y = g(x) + tanh(x, x) + x(3) + sin
  output y
}
)~",
     R"~(
m.rnn:4:7: error[E0114]: `g` takes 2 arguments, not 1
   4 |   y = g(x) + tanh(x, x) + x(3) + sin
     |       ^^^^ 1 given

m.rnn:4:14: error[E0114]: `tanh` takes 1 argument, not 2
   4 |   y = g(x) + tanh(x, x) + x(3) + sin
     |              ^^^^^^^^^^ 2 given

m.rnn:4:27: error[E0107]: `x` is not a function
   4 |   y = g(x) + tanh(x, x) + x(3) + sin
     |                           ^ called here
  help: `*` multiplies: `x * (...)`

m.rnn:4:34: error[E0118]: `sin` is a function
   4 |   y = g(x) + tanh(x, x) + x(3) + sin
     |                                  ^^^ used as a value
  help: call it: `sin(...)`
)~"},
    {"UnknownShape",
     R"~(
model M(H = 4) {
  y = y[t-1]
  output y
}
)~",
     R"~(
m.rnn:2:7: error[E0311]: the shape of `y` depends on itself and cannot be found
   2 |   y = y[t-1]
     |   -   ^^^^^^ read here at another step
     |   defined here
  help: declare it: `state y : [...]`
)~"},
    {"TwoAxes",
     R"~(
model M(S = 3) {
  input a : [S] over src
  input b : [S] over tgt
  y = a + b
  output y
}
)~",
     R"~(
m.rnn:4:11: error[E0308]: two sequences of different length meet
   4 |   y = a + b
     |       -   ^ over `tgt`
     |       over `src`
  help: take one step or a mean of one of them: `last(a)`, `mean_over_time(a)`
)~"},
    {"Losses",
     R"~(
model M(H = 4) {
  input x : [H]
  y = x
  output y
  loss cross_entropy(y) + mse(y, [x, x])
  loss sum(y) * mean(y)
  loss x * mean(y)
}
)~",
     R"~(
m.rnn:5:8: error[E0605]: `cross_entropy` compares with a target, and none is given
   5 |   loss cross_entropy(y) + mse(y, [x, x])
     |        ^^^^^^^^^^^^^^^^
  help: write `cross_entropy(y, wanted)` with `target wanted : ...`

m.rnn:5:34: error[E0201]: shapes `[4]` and `[8]` do not agree in `mse`
   5 |   loss cross_entropy(y) + mse(y, [x, x])
     |                               -  ^^^^^^ [8]
     |                               [4]

m.rnn:6:15: error[E0603]: loss terms can be added and weighted, not multiplied with each other
   6 |   loss sum(y) * mean(y)
     |        ------ ^ ------- another
     |        one term

m.rnn:7:8: error[E0603]: the weight of a loss term must be a single number
   7 |   loss x * mean(y)
     |        ^ differs between rows or steps
  help: weigh inside: `mean(w * ...)`
)~"},
    {"Arrays",
     R"~(
model M(H = 4) {
  input x : [H]
  w[0] = x
  for k in 1..9999 { w[k] = x }
  y = w[1] + w
  output y
}
)~",
     R"~(
m.rnn:4:12: error[E0505]: a `for` of more than 4096 turns
   4 |   for k in 1..9999 { w[k] = x }
     |            ^^^^^^^ 1 to 9999

m.rnn:5:9: error[E0506]: `w` has no member at 1
   5 |   y = w[1] + w
     |         ^ this is 1
  help: `w` is defined at 0

m.rnn:5:14: error[E0118]: `w` is an array
   5 |   y = w[1] + w
     |              ^ say which member
  help: for example `w[0]`
)~"},
    {"Initialisers",
     R"~(
model M(H = 4) {
  input x : [H]
  param A : [H] = glorut
  param B : [H] = orthogonal
  param C : [H] = uniform
  y = x + A + B + C
  output y
}
)~",
     R"~(
m.rnn:3:19: error[E0503]: there is no initialiser `glorut`
   3 |   param A : [H] = glorut
     |                   ^^^^^^ not found
  help: did you mean `glorot`?
  help: there are: a number, `uniform(low, high)`, `glorot`, `orthogonal`, `identity`

m.rnn:4:19: error[E0503]: `orthogonal` is for matrices
   4 |   param B : [H] = orthogonal
     |             ---   ^^^^^^^^^^
     |             [4]

m.rnn:5:19: error[E0503]: `uniform` takes 1 or 2 numbers
   5 |   param C : [H] = uniform
     |                   ^^^^^^^ 0 given
)~"},
    {"NoTimeAndNoIndex",
     R"~(
model M(H = 4) {
  input x : [H]
  a = one_hot(x)
  b = reverse x
  c = x.foo
  d = x'
  e = softmax(outer(x, x))
  output a, b, c, d, e
}
)~",
     R"~(
m.rnn:3:15: error[E0204]: `one_hot` takes an index
   3 |   a = one_hot(x)
     |               ^ [4]
  help: declare it as an index: `input x : index(N)`

m.rnn:4:7: error[E0310]: `reverse` turns the time of a cell call round
   4 |   b = reverse x
     |       ^^^^^^^^^ this is none
  help: write `name = reverse CELL(...)(...)`

m.rnn:5:7: error[E0119]: `x` is not an instance of a cell
   5 |   c = x.foo
     |       ^ has no members

m.rnn:6:7: error[E0203]: only a matrix can be transposed
   6 |   d = x'
     |       ^ [4]
  help: a vector left of `@` is a row already: `x @ W`

m.rnn:7:15: error[E0203]: `softmax` of a value that is no vector
   7 |   e = softmax(outer(x, x))
     |               ^^^^^^^^^^^ [4, 4]
  help: say along which axis: `softmax(outer(x, x), axis = 0)`
)~"},
    {"NothingComputed",
     R"~(
model M(H = 4) {
  input x : [H]
}
)~",
     R"~(
m.rnn:1:7: error[E0601]: `M` has neither an output nor a loss
   1 | model M(H = 4) {
     |       ^
  help: name what it computes: `output y`
)~"},
    {"Unused",
     R"~(
model M(H = 4) {
  input x, spare : [H]
  param P : [H]
  state h : [H]
  h = x
  output h
}
)~",
     R"~(
m.rnn:2:12: warning[W0901]: input `spare` is never used
   2 |   input x, spare : [H]
     |            ^^^^^

m.rnn:3:9: warning[W0901]: param `P` is never used
   3 |   param P : [H]
     |         ^

m.rnn:4:9: warning[W0903]: state `h` is never read at another step
   4 |   state h : [H]
     |         ^
  help: an equation without a `state` declaration is enough
)~"},
    {"OwnDerivative",
     R"~(
fn f(x) = sign(x) derivative 1
model M(H = 4) {
  input x : [H]
  y = f(x)
  output y
}
)~",
     R"~(
m.rnn:4:7: error[E0509]: a function with a derivative of its own cannot be called yet
   1 | fn f(x) = sign(x) derivative 1
     |                              - declared here
     …
   4 |   y = f(x)
     |       ^^^^
)~"},
    {"MissingImport",
     R"~(
import "nothing.rnn"
model M(H = 4) {
  input x : [H]
  output x
}
)~",
     R"~(
m.rnn:1:1: error[E0109]: the file `nothing.rnn` cannot be read
   1 | import "nothing.rnn"
     | ^^^^^^^^^^^^^^^^^^^^
  help: the path is looked up from the folder of the importing file
)~"},
    {"ImportFromOutside",
     R"~(
import "../secret.rnn"
model M(H = 4) {
  input x : [H]
  output x
}
)~",
     R"~(
m.rnn:1:1: error[E0120]: `../secret.rnn` leads out of this file's folder
   1 | import "../secret.rnn"
     | ^^^^^^^^^^^^^^^^^^^^^^
  help: a file imports from its own folder, folders within it, and the standard library: `import "std/lstm.rnn"`
  help: `--imports-anywhere` lifts this for models that you trust
)~"},
    {"Declarations",
     R"~(
cell A(H) {
  input x : [H]
  target d : [H]
  output x
  loss mse(x, d)
}
model M(H = 4) {
  input x : [H] = 0
  state s : index(H)
  param t : [H]
  param W : [H, H, H, H]
  a = A(H)(x)
  output a
}
)~",
     R"~(
m.rnn:8:19: error[E0501]: an input has no value of its own
   8 |   input x : [H] = 0
     |                   ^ not possible here

m.rnn:9:13: error[E0501]: a state cannot be an index
   9 |   state s : index(H)
     |             ^^^^^^^^ only inputs and targets can

m.rnn:10:9: error[E0108]: `t` always means the current step
  10 |   param t : [H]
     |         ^ choose another name

m.rnn:11:13: error[E0203]: a shape has at most three extents
  11 |   param W : [H, H, H, H]
     |             ^^^^^^^^^^^^ 4 here

m.rnn:3:10: error[E0604]: a target in a cell that another one calls
   3 |   target d : [H]
     |          ^
  help: declare it as `input`, and the loss in the model

m.rnn:5:3: error[E0604]: a loss in a cell that another one calls
   5 |   loss mse(x, d)
     |   ^^^^^^^^^^^^^^
  help: move the loss to the model
)~"},
};

INSTANTIATE_TEST_SUITE_P(All, SemaMistake, testing::ValuesIn(mistakes),
                         [](const testing::TestParamInfo<Mistake>& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace rnnc::sema
