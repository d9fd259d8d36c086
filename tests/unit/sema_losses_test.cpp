// Elaboration of losses: which number comes out, and where it counts.
#include <cmath>

#include "tests/unit/sema_case.h"

namespace rnnc::sema {
namespace {

TEST(Sema, LossIsOneNumberFromWeightedTerms) {
  Outcome outcome = good(R"(model L(H = 4) {
  input x : [H]
  target d : [H]
  target label : index(H) per row
  param W : [H, H]
  y = W @ x
  output y
  loss mse(y, d) + 0.1 * sum(y * y) - mean(abs(W)) / 2
  loss cross_entropy(last(y), label)
}
)");
  const ir::Program& program = outcome.program();
  for (const ir::Result& result : program.results) {
    if (result.role != ir::ResultRole::loss) continue;
    EXPECT_EQ(program[result.node].shape, ir::Shape());
    EXPECT_TRUE(program[result.node].domain.empty());
    std::string text = ir::to_string(program);
    EXPECT_NE(text.find("sum(sum((y - d)^2) over t, b)"), std::string::npos) << text;
    EXPECT_NE(text.find("0.1 * sum(sum(y^2) over t, b)"), std::string::npos) << text;
    return;
  }
  FAIL() << "no loss";
}

// Also where it is part of an expression that is read at another step: x = 10, 20, 30, 40 as the caller passes it, 0.5 s[t-1]
// as it is fed.
TEST(Sema, LossesReadWhatTheCallerPasses) {
  Options own;
  own.feed = Feed::own;
  const std::pair<const char*, double> losses[] = {
      {"sum(x)", 100},          {"sum(x[t-1])", 60},       {"sum((2 * x)[t-1])", 120}, {"sum((x * x)[t+1])", 2900},
      {"sum((x + u)[t-1])", 63}, {"sum(last(2 * x))", 80}, {"sum(first(x * u))", 10},  {"sum(sum_over_time(x * u))", 100},
      {"sum((x + h)[t-1])", 60 + 1 + 1.5 + 1.75}};
  for (const auto& [loss, expected] : losses) {
    const Outcome outcome = good("model M { input u\n input x = 0.5 * h[t-1]\n state h\n h = x + u\n output h\n loss " +
                                     std::string(loss) + " }", own);
    const InputValues inputs{{"u", {1, 1, 1, 1}}, {"x", {10, 20, 30, 40}}, {"x.given", {10, 20, 30, 40}}};
    EXPECT_DOUBLE_EQ(result_of(outcome, "loss", 4, inputs).at(0), expected) << loss;
  }
}

// Logits are 0, so that the cross entropy is log 2 at the second step, and ignored at the first.
TEST(Sema, WhatStandsBesideAnIgnoredTargetIsLeftOut) {
  const double log2 = std::log(2.0);
  const std::pair<const char*, double> losses[] = {
      {"loss cross_entropy(y, tag, ignore = -1)", log2},
      {"loss mean(cross_entropy(y, tag, ignore = -1) + q)", log2 + 1},
      {"loss sum(cross_entropy(y, tag, ignore = -1) + q)", log2 + 1},
      {"loss mean(exp(cross_entropy(y, tag, ignore = -1)))", 2},
      {"loss mean(0.9 * cross_entropy(y, tag, ignore = -1) - 0.1 * mean(log_softmax(y)))", log2},
      {"loss mean(cross_entropy(y, tag, ignore = -1), weight = q)", log2},
      {"e = cross_entropy(y, tag, ignore = -1) + q\n loss e", log2 + 1},
      {"e = cross_entropy(y, tag, ignore = -1)\n loss [e, e]", log2},
      {"e = cross_entropy(y, tag, ignore = -1)\n loss reshape([e, 3 * e], 2, 1)", 2 * log2},
      {"e = cross_entropy(y, tag, ignore = -1)\n loss mean(sum_over_time(e))", log2},
      {"loss twice(cross_entropy(y, tag, ignore = -1))", log2 * log2}};
  for (const auto& [loss, expected] : losses) {
    const Outcome outcome = good("fn twice(u) = u * u derivative 2 * u\nmodel M { input x : [2]\n input q\n"
                                 " target tag : index(2)\n output y = 0 * x, z = q\n " + std::string(loss) + " }");
    const InputValues inputs{{"x", {1, 2, 3, 4}}, {"q", {10, 1}}, {"tag", {-1, 1}}};
    EXPECT_DOUBLE_EQ(result_of(outcome, "loss", 2, inputs).at(0), expected) << loss;
  }
}

// Of terms with means of their own: a is there at three steps, b once.
TEST(Sema, AWeightBeforeTermsWeightsEachOfThem) {
  const std::pair<const char*, double> losses[] = {{"a - b", -7}, {"0.5 * (a - b)", -3.5}, {"(a - b) * 0.5", -3.5}, {"(a - b) / 2", -3.5},
                                                   {"w * (0.5 * (a - b))", -3.5}, {"-(2 * (a + b)) / 4", -6.5}, {"0.5 * a - 0.5 * b", -3.5},
                                                   {"0.5 * (sum(a) - b)", -0.5}, {"q * (a - a)", 0}, {"(a + 1) * a", (2.0 + 12 + 30) / 3}};
  for (const auto& [loss, expected] : losses) {
    const Outcome outcome = good("model M { input a, q\n input b per row\n param w\n output y = w * q\n output z = a + b\n loss " +
                                 std::string(loss) + " }");
    const InputValues inputs{{"a", {1, 3, 5}}, {"q", {1, 2, 3}}, {"b", {10}}};
    EXPECT_DOUBLE_EQ(result_of(outcome, "loss", 3, inputs).at(0), expected) << loss;
  }
}

// A state is a sequence whatever its equation says.
TEST(Sema, AStateThatNothingChangesCountsAtEveryStep) {
  const InputValues inputs{{"x", {1, 2, 3}}, {"r", {0.5}}};
  for (const auto& [equation, expected] : {std::pair("0.5", 1.5), {"r", 1.5}, {"r * 0 + 2", 6.0}, {"t", 3.0}, {"x", 6.0}}) {
    const Outcome outcome = good("model M { input x\n input r per row\n state s = 0.25\n s = " + std::string(equation) +
                                 "\n output o = s[t-1] + x + r\n output q = s\n loss sum(s) }");
    EXPECT_DOUBLE_EQ(result_of(outcome, "loss", 3, inputs).at(0), expected) << equation;
    EXPECT_EQ(result_of(outcome, "q", 3, inputs).size(), 3u) << equation;
  }
}

// Reading a loss at another step, or giving its value a name, does not change where it counts.
TEST(Sema, WhatAnIgnoredTargetLeavesOutDependsOnTheTermAlone) {
  const InputValues inputs{{"y", {1, 0, 0, 2, 3, 1}}, {"tag", {1, 0, 1}}};
  const std::string head = "model M { input y : [2]\n target tag : index(2)\n output z = y\n";
  const double expected = result_of(good(head + " loss cross_entropy(y, tag, ignore = 0) }"), "loss", 3, inputs).at(0);
  for (const char* rest : {" ce = cross_entropy(y, tag, ignore = 0)\n output o = ce[t-1]\n loss ce }",
                           " ce = cross_entropy(y, tag, ignore = 0)\n output o = ce[t+1]\n loss ce }",
                           " ce = cross_entropy(y, tag, ignore = 0)\n output o = ce[t-1]\n loss cross_entropy(y, tag, ignore = 0) }",
                           " state s\n s = cross_entropy(y, tag, ignore = 0)\n output o = s[t-1]\n loss cross_entropy(y, tag, ignore = 0) }",
                           " ce = cross_entropy(y, tag, ignore = 0)\n a = ce * 2\n output o = a[t-1]\n loss 0.5 * a }",
                           " state h\n h = 0.5 * h[t-1] + ce[t-1]\n ce = cross_entropy(y + 0 * h, tag, ignore = 0)\n output h\n loss ce }",
                           " state h\n h = 0.5 * h[t-1] + c[t-1]\n c = 2 * cross_entropy(y + 0 * h, tag, ignore = 0)\n output h\n loss 0.5 * c }",
                           " state s\n s = 2 * cross_entropy(y, tag, ignore = 0)\n output o = s[t-1]\n loss 0.5 * s }"})
    EXPECT_DOUBLE_EQ(result_of(good(head + rest), "loss", 3, inputs).at(0), expected) << rest;
  // The running sum of the losses stands at every step, however it is written.
  const std::string sums = head + " ce = cross_entropy(y, tag, ignore = 0)\n";
  double mean = 0;
  for (double s : result_of(good(sums + " s = s[t-1] + ce\n output s\n loss s }"), "s", 3, inputs)) mean += s / 3;
  for (const char* rest : {" s = s[t-1] + ce", " state s\n s = s[t-1] + ce", " s = (s * 1)[t-1] + ce", " s = 0.5 * (2 * s)[t-1] + ce",
                           " e = 2 * s\n s = 0.5 * e[t-1] + ce", " state b\n b = 2 * s\n s = 0.5 * b[t-1] + ce"})
    EXPECT_DOUBLE_EQ(result_of(good(sums + rest + "\n loss s }"), "loss", 3, inputs).at(0), mean) << rest;
}

// What a loss looks up shares its nodes with what the model reads itself.
TEST(Sema, IgnoredTargetsAreReadNowhereElse) {
  Options mixed;
  mixed.feed = Feed::mixed;
  for (const char* text : {"loss sum(W @ one_hot(tag))", "loss sum(y[tag])", "loss sum(one_hot(tag))", "loss cross_entropy(y, tag)",
                           "output z = W @ one_hot(tag)", "loss cross_entropy(y, tag, ignore = 0)"}) {
    const std::string said = compile("model M { input x : [2]\n target tag : index(2)\n param W : [2, 2]\n output y = W @ x\n"
                                     " loss cross_entropy(y, tag, ignore = -1)\n " + std::string(text) + " }").said;
    EXPECT_NE(said.find("error[E0607]: `tag` may be below 0"), std::string::npos) << text << "\n" << said;
  }
  const std::string fed = "model M { input tag : index(2) = argmax(y[t-1])\n param W, E : [2, 2]\n output y = W @ E[tag]\n"
                          " loss cross_entropy(y, tag, ignore = -1) }";
  EXPECT_NE(compile(fed).said.find("E0607"), std::string::npos);
  EXPECT_NE(compile(fed, mixed).said.find("E0607"), std::string::npos);
}

TEST(Sema, OwnFunctionsComeBeforeReductions) {
  const InputValues inputs{{"x", {1, 2}}};
  for (const char* name : {"sum", "mean"}) {
    const std::string loss = std::string(name) + "(y)";
    const Outcome outcome = compile("fn " + std::string(name) + "(u) = 100 * u\nmodel M { input x\n output y = 2 * x\n loss " +
                                 loss + " - 0.5 * " + loss + " }");
    EXPECT_DOUBLE_EQ(result_of(outcome, "loss", 2, inputs).at(0), 150) << name;
    const Outcome constant = compile("const " + std::string(name) + " = 3\nmodel M { input x\n output y = 2 * x\n loss " + loss + " }");
    EXPECT_DOUBLE_EQ(result_of(constant, "loss", 2, inputs).at(0), name == std::string("sum") ? 6 : 3) << name;
  }
}

}  // namespace
}  // namespace rnnc::sema
