// The front of the front end: places, diagnostics, grammar, recovery, hostile input.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <set>
#include <sstream>
#include <string>

#include "dsl/ast_printer.h"
#include "dsl/parser.h"

namespace rnnc::dsl {
namespace {

struct Parsed {
  SourceMap sources;
  Diagnostics diagnostics;
  File file;
  std::string errors() const { return render(diagnostics, sources); }
  std::string dump() const { return to_string(file, sources); }
  bool reports(DiagnosticKind kind) const {
    for (const Diagnostic& diagnostic : diagnostics.all()) {
      if (diagnostic.kind == kind) return true;
    }
    return false;
  }
};

Parsed parse_text(std::string text) {
  Parsed parsed;
  const std::int32_t id = parsed.sources.add("m.rnn", std::move(text));
  parsed.file = parse(parsed.sources, id, parsed.diagnostics);
  return parsed;
}

// The value of the equation `e = TEXT`, printed with all its groupings.
std::string grouped(const std::string& text) {
  const Parsed parsed = parse_text("cell A {\n e = " + text + "\n}\n");
  if (parsed.diagnostics.has_errors()) return parsed.errors();
  if (parsed.file.units.size() != 1 || parsed.file.units[0].members.size() != 1) return "not one member";
  return to_string(*parsed.file.units[0].members[0].equation->value);
}

const char* const lstm = R"(# one cell
cell LSTM(I, H) {
    input x : [I]
    state h, c : [H]
    param W_i, W_f : [H, I]   # gates
    param b_f : [H] = 1

    i = sigmoid(W_i @ x + W_f @ h[t-1])
    c = i * c[t-1]
    h = tanh(c)
}
)";

const char* const model = R"(import "lstm.rnn"
const eps = 1e-5
fn gate(W, U, b, x, h) = sigmoid(W @ x + U @ h + b)
fn spike(x) = where(x > 0, 1, 0)
    derivative 1 / (1 + abs(x))
model CharLM(V = 65, H = 256, L = 2) {
    input  token : index(V)
    target next  : index(V)
    input  ctx : [H] per row
    input  src : [2*H] over words
    param  E : [V, H] = orthogonal   R : [V, H]   b : [V] = uniform(-0.1, 0.1)
    param  scale, shift
    state  s : [H] = shift

    l[0] = LSTM(H, H)(E[token])
    for k in 1..L-1 {
        l[k] = reverse LSTM(H, H)(l[k-1].h)
    }
    s = s[t-1] * scale; y = R @ l[L-1].h + b
    output y, top = l[L-1].h[0:H, :, 1:]
    loss cross_entropy(y, next) + 0.1 * mean(s * s, axis = 0)
}
)";

TEST(Source, PositionsCountCodePointsAndEveryKindOfLineEnd) {
  SourceMap sources;
  const std::int32_t id = sources.add("x", "aé\r\nb\rc\n");
  EXPECT_EQ(sources.line_count(id), 4);
  EXPECT_EQ(sources.line(id, 1), "aé");
  EXPECT_EQ(sources.line(id, 2), "b");
  EXPECT_EQ(sources.line(id, 3), "c");
  EXPECT_EQ(sources.line(id, 4), "");
  EXPECT_EQ(sources.line(id, 5), "");
  EXPECT_EQ(sources.position(id, 3).column, 3);  // behind the two bytes of é
  EXPECT_EQ(sources.position(id, 5).line, 2);
  EXPECT_EQ(sources.position(id, 7).line, 3);
  EXPECT_EQ(sources.position(id, 1000).line, 4);
  EXPECT_EQ(sources.text(Span{id, 1, 3}), "é");
  EXPECT_EQ(sources.text(Span{}), "");
}

TEST(Source, PositionsInLongLines) {
  std::string text = "\xff a comment of its own line\n";
  std::vector<std::pair<std::uint32_t, int>> columns;
  for (int column = 1; column <= 1000; ++column) {
    columns.emplace_back(static_cast<std::uint32_t>(text.size()), column);
    text += column % 7 == 0 ? "€" : column % 3 == 0 ? "é" : "a";
  }
  SourceMap sources;
  const std::int32_t id = sources.add("x", text);
  for (const auto& [offset, column] : columns) {
    EXPECT_EQ(sources.position(id, offset).line, 2);
    EXPECT_EQ(sources.position(id, offset).column, column);
  }
}

TEST(Source, CoverJoinsSpans) {
  EXPECT_EQ(cover({0, 5, 7}, {0, 1, 6}), (Span{0, 1, 7}));
  EXPECT_EQ(cover({}, {0, 1, 6}), (Span{0, 1, 6}));
  EXPECT_EQ(cover({0, 1, 6}, {}), (Span{0, 1, 6}));
}

TEST(Nearest, FindsWhatWasMeant) {
  EXPECT_EQ(nearest("sigmod", {"tanh", "sigmoid", "sign"}), "sigmoid");
  EXPECT_EQ(nearest("tahn", {"tan", "tanh"}), "tanh");
  EXPECT_EQ(nearest("w_i", {"U_i", "W_i"}), "W_i");
  EXPECT_EQ(nearest("x", {"y", "X"}), "X");
  EXPECT_EQ(nearest("x", {"y", "z"}), "");
  EXPECT_EQ(nearest("hidden", {"output"}), "");
  EXPECT_EQ(nearest("", {"a"}), "");
}

TEST(Kinds, CodesAreDistinctAndSayTheirSeverity) {
  std::set<std::string_view> seen;
#define X(identifier, c, s, text)                                                                   \
  EXPECT_TRUE(seen.insert(code(DiagnosticKind::identifier)).second) << c;                           \
  EXPECT_EQ(code(DiagnosticKind::identifier)[0] == 'W', severity(DiagnosticKind::identifier) == Severity::warning) << c; \
  EXPECT_FALSE(summary(DiagnosticKind::identifier).empty());
#include "dsl/diagnostic_kinds.def"
#undef X
}

TEST(Grammar, Precedence) {
  const std::pair<const char*, const char*> cases[] = {
      {"a + b * c", "(a + (b * c))"},
      {"a * b @ c / d % e", "((((a * b) @ c) / d) % e)"},
      {"W @ x + U @ h[t-1] + b", "(((W @ x) + (U @ h[(t - 1)])) + b)"},
      {"a - b - c", "((a - b) - c)"},
      {"-a ^ b", "(-(a ^ b))"},
      {"a ^ b ^ c", "(a ^ (b ^ c))"},
      {"2 ^ -x", "(2 ^ (-x))"},
      {"-a * b", "((-a) * b)"},
      {"a * -b + c", "((a * (-b)) + c)"},
      {"W' @ x", "(W' @ x)"},
      {"W[0:H, :]' @ x", "(W[0:H, :]' @ x)"},
      {"a ^ b'", "(a ^ b')"},
      {"a.b[1](c)'.d", "a.b[1](c)'.d"},
      {"not a and b or not not c", "(((not a) and b) or (not (not c)))"},
      {"a or b and c", "(a or (b and c))"},
      {"not a < b", "(not (a < b))"},
      {"a + 1 < b * 2 and c == d", "(((a + 1) < (b * 2)) and (c == d))"},
      {"reverse LSTM(I, H)(x) + y", "((reverse LSTM(I, H)(x)) + y)"},
      {"reverse LSTM(I, H)(x) ^ 2", "((reverse LSTM(I, H)(x)) ^ 2)"},
      {"(a + b) * c", "((a + b) * c)"},
      {"[h[t-1], x]", "[h[(t - 1)], x]"},
      {"f(x, axis = 1, g())", "f(x, axis = 1, g())"},
      {"W[:, a:, :b, c:d, 3]", "W[:, a:, :b, c:d, 3]"},
      {".5 + 1e-3 + 2.5E+2", "((.5 + 1e-3) + 2.5E+2)"},
      {"index + in + row + derivative", "(((index + in) + row) + derivative)"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(grouped(text), expected) << text;
}

TEST(Grammar, LineEndsCountOnlyWhereSomethingCanEnd) {
  EXPECT_EQ(grouped("a +\n   b"), "(a + b)");
  EXPECT_EQ(grouped("a\n  + b\n\n  - c"), "((a + b) - c)");
  EXPECT_EQ(grouped("f(a,\n\n b\n )"), "f(a, b)");
  EXPECT_EQ(grouped("[a, # first\n b]"), "[a, b]");
  EXPECT_EQ(grouped("\n  a"), "a");
  EXPECT_EQ(grouped("f(x,\n axis = 1)"), "f(x, axis = 1)");
  const Parsed parsed = parse_text("cell A\n{ ; a = 1;\n; b = 2 }\r\ncell B { }");
  EXPECT_EQ(parsed.errors(), "");
  EXPECT_EQ(parsed.dump(), "1:1     cell A()\n2:5       a = 1\n3:3       b = 2\n4:1     cell B()\n");
}

TEST(Grammar, WholeModel) {
  const Parsed parsed = parse_text(model);
  EXPECT_EQ(parsed.errors(), "");
  EXPECT_EQ(parsed.dump(), R"(1:1     import "lstm.rnn"
2:1     const eps = 1e-5
3:1     fn gate(W, U, b, x, h) = sigmoid((((W @ x) + (U @ h)) + b))
4:1     fn spike(x) = where((x > 0), 1, 0) derivative (1 / (1 + abs(x)))
6:1     model CharLM(V = 65, H = 256, L = 2)
7:12      input token : index(V)
8:12      target next : index(V)
9:12      input ctx : [H] per row
10:12     input src : [(2 * H)] over words
11:12     param E : [V, H] = orthogonal
11:38     param R : [V, H]
11:51     param b : [V] = uniform((-0.1), 0.1)
12:12     param scale
12:19     param shift
13:12     state s : [H] = shift
15:5      l[0] = LSTM(H, H)(E[token])
16:5      for k in 1 .. (L - 1)
17:9        l[k] = (reverse LSTM(H, H)(l[(k - 1)].h))
19:5      s = (s[(t - 1)] * scale)
19:25     y = ((R @ l[(L - 1)].h) + b)
20:5      output y, top = l[(L - 1)].h[0:H, :, 1:]
21:5      loss (cross_entropy(y, next) + (0.1 * mean((s * s), axis = 0)))
)");
}

TEST(Grammar, NamesShareTheShapeAndInitialValueOfTheItemBehindThem) {
  const Parsed parsed = parse_text("cell A { param a = 2, b, c : [H] = 1   d : [], e }");
  EXPECT_EQ(parsed.errors(), "");
  EXPECT_EQ(parsed.dump(),
            "1:1     cell A()\n1:16      param a = 2\n1:23      param b : [H] = 1\n1:26      param c : [H] = 1\n"
            "1:40      param d : []\n1:48      param e\n");
}

TEST(Grammar, CommentsAreKept) {
  const Parsed parsed = parse_text(lstm);
  ASSERT_EQ(parsed.file.comments.size(), 2u);
  EXPECT_EQ(parsed.file.comments[1].text, "# gates");
  EXPECT_EQ(parsed.sources.text(parsed.file.comments[1].span), "# gates");
}

TEST(Spans, AreBytesAlsoBehindOtherAlphabets) {
  const Parsed parsed = parse_text("\xEF\xBB\xBF# größe σ 🙂\ncell A { # 中\n  e = (a +  b) @ l.h[t-1]\n}\n");
  EXPECT_EQ(parsed.errors(), "");
  const auto text = [&](const Span& span) { return std::string(parsed.sources.text(span)); };
  ASSERT_EQ(parsed.file.units.size(), 1u);
  const EquationDecl& equation = *parsed.file.units[0].members[0].equation;
  EXPECT_EQ(text(equation.span), "e = (a +  b) @ l.h[t-1]");
  EXPECT_EQ(text(equation.name.span), "e");
  const Expr& product = *equation.value;
  EXPECT_EQ(text(product.span), "(a +  b) @ l.h[t-1]");
  EXPECT_EQ(text(product.operator_span), "@");
  EXPECT_EQ(text(product.operands[0]->span), "(a +  b)");
  EXPECT_EQ(text(product.operands[0]->operator_span), "+");
  EXPECT_EQ(text(product.operands[1]->span), "l.h[t-1]");
  EXPECT_EQ(text(product.operands[1]->operands[0]->operator_span), "h");
  EXPECT_EQ(text(product.operands[1]->operands[1]->span), "t-1");
  EXPECT_EQ(parsed.sources.position(0, equation.span.begin).line, 3);
}

TEST(Render, TwoLabelsOnOneLine) {
  SourceMap sources;
  const std::int32_t id = sources.add("model.rnn", "cell A {\n\ti = W @ x\n}\n");
  const Diagnostic diagnostic{DiagnosticKind::matrix_product_shapes, "shapes `[4, 3]` and `[5]` do not agree in `@`",
                              {{{id, 14, 15}, "[4, 3]"}, {{id, 18, 19}, "[5]"}}, {"try `W'`", "or another `x`"}};
  EXPECT_EQ(render(diagnostic, sources), R"(model.rnn:2:6: error[E0202]: shapes `[4, 3]` and `[5]` do not agree in `@`
   2 |     i = W @ x
     |         ^   - [5]
     |         [4, 3]
  help: try `W'`
  help: or another `x`
)");
}

TEST(Render, ThreeLabelsLinesAndFiles) {
  SourceMap sources;
  const std::int32_t one = sources.add("a.rnn", "a = b + c\nx\ny\nd = e\n");
  const std::int32_t two = sources.add("b.rnn", "first\nsecond\n");
  const Diagnostic diagnostic{DiagnosticKind::same_step_cycle, "a circle",
                              {{{one, 17, 18}, "here"},
                               {{one, 4, 5}, "then b"},
                               {{one, 0, 1}, "from a"},
                               {{one, 8, 9}, "and c"},
                               {{two, 6, 12}, "over there"},
                               {{}, "and nowhere"}},
                              {}};
  EXPECT_EQ(render(diagnostic, sources), R"(a.rnn:4:4: error[E0301]: a circle
   1 | a = b + c
     | -   -   - and c
     | |   then b
     | from a
     …
   4 | d = e
     |    ^ here
     in b.rnn:
   2 | second
     | ------ over there
  and nowhere
)");
}

TEST(Render, WithoutPlaceAtTheEndAndAcrossLines) {
  SourceMap sources;
  const std::int32_t id = sources.add("a.rnn", "ab\ncd");
  EXPECT_EQ(render({DiagnosticKind::unknown_dimension, "no dimension `Q`", {}, {}}, sources),
            "error[E0401]: no dimension `Q`\n");
  EXPECT_EQ(render({DiagnosticKind::syntax_error, "m", {{{id, 5, 5}, ""}}, {}}, sources),
            "a.rnn:2:3: error[E0009]: m\n   2 | cd\n     |   ^\n");
  EXPECT_EQ(render({DiagnosticKind::syntax_error, "m", {{{id, 1, 4}, "all"}}, {}}, sources),
            "a.rnn:1:2: error[E0009]: m\n   1 | ab\n     |  ^ all\n");
}

TEST(Render, ClipsLongLinesAndDisarmsControlCharacters) {
  SourceMap sources;
  const std::string line = std::string(5000, 'a') + "BAD" + std::string(5000, 'z');
  const std::int32_t id = sources.add("a.rnn", line + "\n\x1b[31m\x7f");
  const std::string text =
      render({DiagnosticKind::syntax_error, "m", {{{id, 5000, 5003}, "x"}, {{id, 1, 2}, "y"}}, {}}, sources);
  EXPECT_LT(text.size(), 700u) << text;
  EXPECT_NE(text.find("…" + std::string(40, 'a') + "BAD"), std::string::npos) << text;
  EXPECT_NE(text.find(std::string(41, ' ') + "^^^ x\n"), std::string::npos) << text;
  EXPECT_NE(text.find(" - y\n"), std::string::npos) << text;
  const std::string escaped = render({DiagnosticKind::syntax_error, "m", {{{id, 10004, 10005}, ""}}, {}}, sources);
  EXPECT_EQ(escaped.find('\x1b'), std::string::npos);
}

TEST(Diagnostics, TheSameAtTheSamePlaceIsKeptOnce) {
  Diagnostics diagnostics;
  diagnostics.report({DiagnosticKind::unknown_name, "first", {{{0, 1, 2}, ""}}, {}});
  diagnostics.report({DiagnosticKind::unknown_name, "second", {{{0, 1, 2}, ""}}, {}});
  diagnostics.report({DiagnosticKind::unknown_name, "elsewhere", {{{0, 2, 3}, ""}}, {}});
  diagnostics.report({DiagnosticKind::unused_declaration, "a warning", {}, {}});
  ASSERT_EQ(diagnostics.all().size(), 3u);
  EXPECT_EQ(diagnostics.all()[0].message, "first");
  Diagnostics warned;
  warned.report({DiagnosticKind::unused_declaration, "a warning", {}, {}});
  EXPECT_FALSE(warned.has_errors());
}

TEST(Recovery, EveryLineGetsItsOwnReportAndTheRestIsUnderstood) {
  const Parsed parsed = parse_text(R"(cell A(I, H) {
    input x : [I
    h = tanh(W @ x + b
    c = h +
    d = a b
    e = a < b < c
    f = 2H * x
    g = σ(x)
    j = f(a,, b)
    input : [H]
    for k in 1 L { v = 1 }
    z = fine(x)
}
cell B { y = also.fine }
)");
  EXPECT_EQ(parsed.errors(), R"(m.rnn:2:15: error[E0008]: `[` is never closed
   2 |     input x : [I
     |               ^ this needs a `]`

m.rnn:3:13: error[E0008]: `(` is never closed
   3 |     h = tanh(W @ x + b
     |             ^ this needs a `)`

m.rnn:4:12: error[E0009]: expected a value, found the end of the line
   4 |     c = h +
     |           -^ expected a value
     |           after this `+`

m.rnn:5:11: error[E0009]: expected an operator or the end of the line, found `b`
   5 |     d = a b
     |           ^
  help: products are written `a * b` (each entry) or `A @ b` (matrix product)

m.rnn:6:15: error[E0010]: comparisons do not chain
   6 |     e = a < b < c
     |           -   ^ second comparison
     |           first comparison
  help: write `a < b and b < c`

m.rnn:7:9: error[E0005]: `2H` is neither a number nor a name
   7 |     f = 2H * x
     |         ^^
  help: a product is written `2 * H`; names begin with a letter

m.rnn:8:9: error[E0003]: `σ` means nothing here
   8 |     g = σ(x)
     |         ^
  help: the logistic function is `sigmoid`

m.rnn:9:13: error[E0009]: expected a value, found `,`
   9 |     j = f(a,, b)
     |          -  ^
     |          inside this

m.rnn:10:11: error[E0009]: expected a name, found `:`
  10 |     input : [H]
     |           ^

m.rnn:11:16: error[E0009]: expected `..`, found `L`
  11 |     for k in 1 L { v = 1 }
     |                ^
  help: a repetition is written `for k in 0..2 { … }`; both ends are included
)");
  const std::string dump = parsed.dump();
  EXPECT_NE(dump.find("h = tanh(((W @ x) + b))\n"), std::string::npos) << dump;
  EXPECT_NE(dump.find("z = fine(x)\n"), std::string::npos) << dump;
  EXPECT_NE(dump.find("y = also.fine\n"), std::string::npos) << dump;
}

TEST(Recovery, ThingsInTheWrongPlace) {
  const Parsed parsed = parse_text("h = 1\ninput x\nmodel M {\n fn f(x) = x\n import \"a\"\n y = f(1)\n\ncell B { }\n");
  EXPECT_EQ(parsed.errors(), R"(m.rnn:1:1: error[E0012]: this stands outside of a cell or model
   1 | h = 1
     | ^^^^^
  help: declarations and equations stand inside `cell NAME(…) { … }` or `model NAME(…) { … }`

m.rnn:3:9: error[E0008]: `{` is never closed
   3 | model M {
     |         ^ this needs a `}`

m.rnn:4:2: error[E0012]: `fn` stands outside of cells and models
   4 |  fn f(x) = x
     |  ^^
  help: move this line before the cell or model

m.rnn:5:2: error[E0012]: `import` stands outside of cells and models
   5 |  import "a"
     |  ^^^^^^
  help: move this line before the cell or model
)");
  EXPECT_EQ(parsed.file.functions.size(), 1u);
  EXPECT_EQ(parsed.file.units.size(), 2u);
}

// One failing example for each kind that this folder reports.
TEST(Kinds, EachLexicalAndSyntacticOneHasAnExample) {
  std::string many;
  for (int i = 0; i < 200; ++i) many += "?\n";
  std::string chain = "const a = 1";
  for (int i = 0; i < 2000; ++i) chain += " + 1";
  const std::pair<DiagnosticKind, std::string> examples[] = {
      {DiagnosticKind::source_too_large, std::string((16u << 20) + 1, ' ')},
      {DiagnosticKind::invalid_utf8, "# \xFF\n"},
      {DiagnosticKind::stray_character, "const a = 1 ? 2\n"},
      {DiagnosticKind::unterminated_string, "import \"abc\n"},
      {DiagnosticKind::bad_number, "const a = 1e999\n"},
      {DiagnosticKind::nesting_too_deep, "const a = " + std::string(300, '(') + "1" + std::string(300, ')')},
      {DiagnosticKind::expression_too_long, chain},
      {DiagnosticKind::unmatched_bracket, "const a = (1\n"},
      {DiagnosticKind::syntax_error, "const = 1\n"},
      {DiagnosticKind::chained_comparison, "const a = 1 < 2 < 3\n"},
      {DiagnosticKind::too_many_errors, many},
      {DiagnosticKind::misplaced, "a = 1\n"},
  };
  std::set<std::string_view> covered;
  for (const auto& [kind, text] : examples) {
    EXPECT_TRUE(parse_text(text).reports(kind)) << code(kind);
    covered.insert(code(kind));
  }
#define X(identifier, c, s, text) \
  EXPECT_EQ(covered.count(c) == 1, std::string_view(c).substr(0, 3) == "E00") << c << " has no failing example";
#include "dsl/diagnostic_kinds.def"
#undef X
}

std::string repeated(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

TEST(Hostile, InputsThatWouldRunOutOfStackMemoryOrTime) {
  const std::pair<const char*, std::string> inputs[] = {
      {"ten megabytes of (", std::string(10'000'000, '(')},
      {"closing only", std::string(1'000'000, ')')},
      {"mixed brackets", repeated("(]{", 100'000)},
      {"a long sum", "const a = " + repeated("a + ", 100'000) + "a"},
      {"a long sum over many lines", "const a = " + repeated("a +\n ", 100'000) + "a"},
      {"minus signs", "const a = " + std::string(100'000, '-') + "a"},
      {"not", "const a = " + repeated("not ", 100'000) + "a"},
      {"powers", "const a = " + repeated("a^", 100'000) + "a"},
      {"transposes", "const a = a" + std::string(100'000, '\'')},
      {"members", "const a = a" + repeated(".a", 100'000)},
      {"calls of calls", "const a = a" + repeated("(1)", 100'000)},
      {"loops in loops", "cell A {" + repeated("for k in 1..2 {\n", 100'000)},
      {"arguments", "const a = f(" + repeated("a, ", 100'000) + "a)"},
      {"names in one declaration", "cell A { param " + repeated("a, ", 50'000) + "a : [1 + 2 + 3 + 4] }"},
      {"zero bytes", std::string(1'000'000, '\0')},
      {"one long name", std::string(10'000'000, 'a')},
      {"line ends", std::string(5'000'000, '\n')},
      {"no end of quotes", std::string(5'000'000, '"')},
      {"not UTF-8", std::string(5'000'000, '\xC3')},
      {"other alphabets", repeated("é", 1'000'000)},
  };
  for (const auto& [what, text] : inputs) {
    const auto start = std::chrono::steady_clock::now();
    const Parsed parsed = parse_text(text);
    const std::string dump = parsed.dump() + parsed.errors();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const bool fine = std::string_view(what) == "arguments";
    EXPECT_EQ(parsed.diagnostics.has_errors(), !fine) << what;
    EXPECT_LT(seconds, 60) << what;  // each takes a second or two: only a quadratic one comes near
  }
}

TEST(Hostile, WhatIsWithinTheLimitsIsFine) {
  EXPECT_EQ(parse_text("const a = " + repeated("a + ", 900) + "a").errors(), "");
  EXPECT_EQ(parse_text("const a = " + std::string(190, '(') + "a" + std::string(190, ')')).errors(), "");
  // Limits cut off the rest, not what stands before.
  const Parsed parsed = parse_text("cell A {\n x = 1\n y = " + repeated("a + ", 2000) + "a\n}\n");
  EXPECT_EQ(parsed.diagnostics.all().size(), 1u) << parsed.errors();
  EXPECT_EQ(parsed.dump(), "1:1     cell A()\n2:2       x = 1\n");
}

// Every span lies within the file, and every hole was reported.
class Inspector {
 public:
  Inspector(const Parsed& parsed) : size_(parsed.sources.text(0).size()) {
    for (const Unit& unit : parsed.file.units) inspect(unit.span), inspect(unit.members);
    for (const FunctionDecl& function : parsed.file.functions) inspect(function.body), inspect(function.derivative);
    for (const ConstantDecl& constant : parsed.file.constants) inspect(constant.value);
  }
  bool sound = true;
  bool holes = false;

 private:
  void inspect(const Span& span) { sound = sound && (!span.known() || (span.begin <= span.end && span.end <= size_)); }
  void inspect(const ExprPtr& expr) {
    if (expr == nullptr) return;
    inspect(expr->span), inspect(expr->operator_span);
    holes = holes || expr->kind == ExprKind::error;
    const ExprKind kind = expr->kind;
    const bool has_text = kind == ExprKind::name || kind == ExprKind::member || kind == ExprKind::named;
    sound = sound && (!has_text || !expr->text.empty());
    sound = sound && (expr->kind != ExprKind::binary || expr->operands.size() == 2);
    sound = sound && (expr->kind != ExprKind::range || expr->operands.size() == 2);
    for (const ExprPtr& operand : expr->operands) inspect(operand);
  }
  void inspect(const std::vector<Member>& members) {
    for (const Member& member : members) {
      const int set = (member.declaration != nullptr) + (member.equation != nullptr) + (member.output != nullptr) +
                      (member.loss != nullptr) + (member.loop != nullptr);
      sound = sound && set == 1;
      if (member.equation) sound = sound && member.equation->value != nullptr, inspect(member.equation->value);
      if (member.equation) inspect(member.equation->subscript), inspect(member.equation->span);
      if (member.loss) sound = sound && member.loss->value != nullptr, inspect(member.loss->value);
      if (member.loop) inspect(member.loop->body), inspect(member.loop->first), inspect(member.loop->last);
      if (member.declaration) {
        for (const Declaration::Item& item : member.declaration->items) inspect(item.initial), inspect(item.name.span);
      }
    }
  }
  std::size_t size_;
};

std::uint64_t fuzz_seed() {
  const char* given = std::getenv("RNNC_FUZZ_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : 20240517;
}

// One to ten edits: bytes changed, pieces removed, repeated, moved, words of the language thrown in.
std::string mutated(std::string text, std::mt19937_64& random) {
  static const char* const words[] = {"(", ")", "[", "]", "{", "}", "\n", ";", ",", "=", ":", "..", ".", "'", "@", "-", "not ",
                                      "for ", "cell ", "input ", "per row", "reverse ", "derivative ", "t", "1e", "\"", "#",
                                      "\xC3", "é", "in ", "index(", "over "};
  const auto below = [&](std::size_t n) { return n == 0 ? 0 : static_cast<std::size_t>(random() % n); };
  for (std::size_t edits = 1 + below(10); edits > 0; --edits) {
    const std::size_t at = below(text.size() + 1), length = std::min(below(30), text.size() - at);
    switch (below(5)) {
      case 0: text.insert(at, words[below(std::size(words))]); break;
      case 1: text.erase(at, length); break;
      case 2: text.insert(below(text.size()), text.substr(at, length)); break;
      case 3: if (at < text.size()) text[at] = static_cast<char>(below(256)); break;
      default: text.replace(at, length, words[below(std::size(words))]); break;
    }
  }
  return text;
}

TEST(Fuzz, AnyBytesGiveAnAstOrAReport) {
  const std::uint64_t seed = fuzz_seed();
  std::cout << "RNNC_FUZZ_SEED=" << seed << "\n";
  std::mt19937_64 random(seed);
  for (int round = 0; round < 1500; ++round) {
    std::string text;
    if (round % 10 == 0) {
      text.resize(static_cast<std::size_t>(random() % 400));
      for (char& c : text) c = static_cast<char>(random());
    } else {
      text = mutated(round % 2 == 0 ? lstm : model, random);
    }
    const Parsed parsed = parse_text(text);
    const Inspector inspector(parsed);
    const std::string dump = parsed.dump();
    ASSERT_TRUE(inspector.sound) << "round " << round << " of seed " << seed << ":\n" << text;
    ASSERT_TRUE(!inspector.holes || parsed.diagnostics.has_errors()) << "round " << round << " of seed " << seed << ":\n" << text;
    ASSERT_EQ(parsed.errors().empty(), parsed.diagnostics.all().empty());
    ASSERT_EQ(parse_text(text).dump(), dump);
  }
}

}  // namespace
}  // namespace rnnc::dsl
