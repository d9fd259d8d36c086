// Whole numbers, the verifier and the printer of the loop IR.
#include <gtest/gtest.h>

#include <functional>

#include "compiler/base/bug.h"
#include "compiler/loop/builder.h"
#include "compiler/loop/descent.h"
#include "compiler/loop/merge.h"
#include "tests/unit/loop_sample.h"

namespace rnnc::loop {
namespace {

using F = FunctionBuilder;
using V = ValueId;
int p(V v) { return F::plain(v); }

// ---- whole numbers -------------------------------------------------------------------------------------------------

TEST(Index, EqualSumsAreEqual) {
  SymbolId a(std::size_t{0}), b(std::size_t{1});
  Index x(a), y(b);
  EXPECT_EQ((x + 2) * (y - 3), x * y - x * 3 + y * 2 - 6);
  EXPECT_EQ(x * y, y * x);
  EXPECT_EQ(x - x, Index());
  EXPECT_EQ(Index(0), Index());
  EXPECT_NE(x * x, x);
  EXPECT_EQ((x + y) * (x - y), x * x - y * y);
}

TEST(Index, SaysWhatItIs) {
  SymbolId a(std::size_t{0}), b(std::size_t{1});
  Index sum = Index(a) * 4 + 7;
  EXPECT_TRUE(sum.mentions(a));
  EXPECT_FALSE(sum.mentions(b));
  EXPECT_FALSE(sum.is_constant());
  EXPECT_EQ(sum.constant(), 7);
  EXPECT_TRUE(Index(-3).is_constant());
  EXPECT_EQ(Index(-3).constant(), -3);
  EXPECT_TRUE(Index().is_constant());
  EXPECT_EQ(Index(a).constant(), 0);
}

TEST(Index, RefusesWhatLeaves64Bits) {
  Index large(std::int64_t{1} << 40);
  EXPECT_THROW(large * large, Unsupported);
  EXPECT_THROW(Index(std::numeric_limits<std::int64_t>::max()) + 1, Unsupported);
}

// ---- the verifier --------------------------------------------------------------------------------------------------

// The statement at a path of positions inside loops.
Statement& at(Body& body, std::initializer_list<std::size_t> path) {
  Body* here = &body;
  Statement* found = nullptr;
  for (std::size_t position : path) {
    found = &here->at(position);
    if (auto loop = std::get_if<Loop>(&found->node)) here = &loop->body;
  }
  return *found;
}

// A helper, a kernel with a loop that carries a sum, and an entry that launches it.
struct SoundModule {
  Sample sample;
  Module& module = sample.module;
  FunctionId helper, kernel, entry;

  SoundModule() {
    FunctionBuilder twice(module, "twice", FunctionKind::helper);
    twice.function().reads_run = false;
    V x = twice.vector_parameter("x");
    twice.function().result = F::id(twice.add(p(x), p(x)));
    helper = twice.finish();

    Function f;
    f.name = "sums";
    SymbolId begin = module.symbols.add({"begin"}), end = module.symbols.add({"end"});
    SymbolId i = module.symbols.add({"i"}), k = module.symbols.add({"k"}), limit = module.symbols.add({"limit"});
    f.parameters = {begin, end};
    V zero = f.values.add({false, "zero"}), loaded = f.values.add({false, "x"}), inside = f.values.add({false, "sum"});
    V next = f.values.add({false, "sum"}), sum = f.values.add({false, "sum"}), doubled = f.values.add({});
    V below = f.values.add({true, ""}), chosen = f.values.add({});
    Instruction constant{Op::constant, zero, {}};
    Instruction load{Op::load, loaded, {}};
    load.address = {sample.in[0], Index(k) * 8};
    Instruction fma{Op::fma, next, {loaded, loaded, inside}};
    Instruction call{Op::call, doubled, {sum}};
    call.function = helper;
    Instruction less{Op::less, below, {sum, doubled}};
    Instruction select{Op::select, chosen, {below, sum, doubled}};
    Instruction store{Op::store, {}, {chosen}};
    store.address = {sample.out[0], Index(i) * 8};
    Loop inner, outer;
    inner.variable = k;
    inner.end = Index(limit);
    inner.carried = {{inside, zero, next, sum}};
    inner.body = {{load}, {fma}};
    outer.variable = i;
    outer.begin = Index(begin);
    outer.end = Index(end);
    outer.body = {{Let{limit, LetKind::minimum, Index(i), Index(sample.T), {}}}, {constant}, {inner}, {call}, {less}, {select}, {store}};
    f.body = {{Comment{"y0[i] = 2 * sum"}}, {outer}};
    kernel = module.functions.add(f);
    FunctionBuilder e(module, "forward", FunctionKind::entry);
    e.if_given(sample.maybe, [&] { e.comment("given"); }, [&] { e.zero({sample.maybe, Index(0)}, sample.length); });
    e.launch(kernel, {}, Index(sample.B), Index(sample.B) * 100);
    entry = e.finish();
    module.entries = {entry};
  }
  Function& f() { return module.functions[kernel]; }
  Body& body() { return f().body; }
  Instruction& instruction(std::initializer_list<std::size_t> path) { return std::get<Instruction>(at(body(), path).node); }
  Loop& loop(std::initializer_list<std::size_t> path) { return std::get<Loop>(at(body(), path).node); }
};

struct Mistake {
  const char* what;      // part of the complaint
  std::function<void(SoundModule&)> make;
};

const std::vector<Mistake> mistakes = {
    {"is not defined there", [](SoundModule& m) { std::swap(at(m.body(), {1, 3}), at(m.body(), {1, 4})); }},
    {"is not defined there", [](SoundModule& m) { m.instruction({1, 6}).operands[0] = m.loop({1, 2}).carried[0].inside; }},
    {"is defined twice", [](SoundModule& m) { m.instruction({1, 4}).result = m.instruction({1, 3}).result; }},
    {"is an invalid value", [](SoundModule& m) { m.instruction({1, 6}).operands[0] = V(std::size_t{99}); }},
    {"a mask where a vector belongs", [](SoundModule& m) { m.instruction({1, 6}).operands[0] = m.instruction({1, 4}).result; }},
    {"a vector where a mask belongs", [](SoundModule& m) { m.instruction({1, 5}).operands[0] = m.instruction({1, 3}).result; }},
    {"result has the wrong kind", [](SoundModule& m) { m.f().values[m.instruction({1, 4}).result].mask = false; }},
    {"takes 3 operands", [](SoundModule& m) { m.instruction({1, 5}).operands.pop_back(); }},
    {"must have a result", [](SoundModule& m) { m.instruction({1, 4}).result = {}; }},
    {"has no result", [](SoundModule& m) { m.instruction({1, 6}).result = m.f().values.add({}); }},
    {"which is not in scope", [](SoundModule& m) { m.instruction({1, 6}).address.offset = Index(m.loop({1, 2}).variable); }},
    {"`B` is a number of the run", [](SoundModule& m) { m.loop({1}).variable = m.sample.B; }},
    {"is bound twice", [](SoundModule& m) { m.loop({1, 2}).variable = m.loop({1}).variable; }},
    {"two symbols are called `i`", [](SoundModule& m) { m.module.symbols[m.loop({1, 2}).variable].name = "i"; }},
    {"has a step below 1", [](SoundModule& m) { m.loop({1}).step = 0; }},
    {"is reversed", [](SoundModule& m) { m.loop({1}).step = 2; m.loop({1}).reversed = true; }},
    {"cannot be unrolled so often", [](SoundModule& m) { m.loop({1, 2}).unrolled = 2; }},
    {"cannot be unrolled so often", [](SoundModule& m) { m.loop({1, 2}).end = 9; m.loop({1, 2}).unrolled = 2; }},
    {"cannot be unrolled so often", [](SoundModule& m) { m.loop({1, 2}).end = 8; m.loop({1, 2}).unrolled = 0; }},
    {"next value", [](SoundModule& m) { m.loop({1, 2}).carried[0].next = m.instruction({1, 3}).result; }},
    {"initial value", [](SoundModule& m) { m.loop({1, 2}).carried[0].initial = m.instruction({1, 2, 0}).result; }},
    {"carries a vector as a mask", [](SoundModule& m) { m.f().values[m.loop({1, 2}).carried[0].result].mask = true; }},
    {"is only read", [](SoundModule& m) { m.instruction({1, 6}).address.buffer = m.sample.in[0]; }},
    {"has another element type", [](SoundModule& m) { m.instruction({1, 2, 0}).address.buffer = m.sample.token; }},
    {"invalid buffer", [](SoundModule& m) { m.instruction({1, 2, 0}).address.buffer = BufferId(std::size_t{99}); }},
    {"of another kind", [](SoundModule& m) { m.instruction({1, 3}).function = m.kernel; }},
    {"does not come before", [](SoundModule& m) { std::swap(m.module.functions[FunctionId(std::size_t{0})], m.f()); std::swap(m.kernel, m.helper); std::get<Instruction>(at(m.f().body, {1, 3}).node).function = m.helper; }},
    {"wrong number of vectors", [](SoundModule& m) { m.instruction({1, 3}).operands.clear(); }},
    {"wrong number of whole numbers", [](SoundModule& m) { m.instruction({1, 3}).indices = {Index(1)}; }},
    {"a launch outside an entry", [](SoundModule& m) { m.body().push_back({Launch{m.kernel, {}, Index(1), Index(1)}}); }},
    {"a zero fill outside an entry", [](SoundModule& m) { m.body().push_back({Zero{{m.sample.out[0], {}}, Index(1)}}); }},
    {"begin and end", [](SoundModule& m) { m.f().parameters.pop_back(); }},
    {"what follows begin and end", [](SoundModule& m) { std::get<Launch>(m.module.functions[m.entry].body[1].node).arguments = {Index(1)}; }},
    {"may not be absent", [](SoundModule& m) { std::get<IfGiven>(m.module.functions[m.entry].body[0].node).buffer = m.sample.out[0]; }},
    {"only helpers have", [](SoundModule& m) { m.f().result = m.instruction({1, 1}).result; }},
    {"an entry has no parameters", [](SoundModule& m) { m.module.functions[m.entry].parameters = {m.f().parameters[0]}; }},
    {"two functions are called", [](SoundModule& m) { m.f().name = "twice"; }},
    {"is not called by an identifier", [](SoundModule& m) { m.f().name = "2sums"; }},
    {"is not called by an identifier", [](SoundModule& m) { m.module.buffers[m.sample.out[0]].name = "l1.h"; }},
    {"two buffers are called", [](SoundModule& m) { m.module.buffers[m.sample.out[0]].name = "x0"; }},
    {"depends on more than", [](SoundModule& m) { m.module.buffers[m.sample.out[0]].size = Index(m.f().parameters[0]); }},
    {"a multiple of its elements' size", [](SoundModule& m) { m.module.buffers[m.sample.scratch].offset = Index(m.sample.B) * 2; }},
    {"a slot that the call does not", [](SoundModule& m) { m.module.buffers[m.sample.out[0]].slot = 3; }},
    {"has another one's role", [](SoundModule& m) { m.module.functions.add(m.module.functions[m.entry]); FunctionId more(m.module.functions.size() - 1); m.module.functions[more].name = "more"; m.module.entries.push_back(more); }},
    {"is of another kind", [](SoundModule& m) { m.module.entries.push_back(m.kernel); }},
    {"divides by a constant", [](SoundModule& m) { Let& let = std::get<Let>(at(m.body(), {1, 0}).node); let.kind = LetKind::quotient; let.b = Index(0); }},
    {"names no axis", [](SoundModule& m) { Let& let = std::get<Let>(at(m.body(), {1, 0}).node); let.kind = LetKind::row_length; let.which = 1; }},
    {"between 0 and the number of lanes", [](SoundModule& m) { m.instruction({1, 2, 0}).op = Op::load_first; m.instruction({1, 2, 0}).count = 9; }},
    {"`T`, which is not in scope", [](SoundModule& m) { m.f().reads_run = false; }},
    {"does not read the run", [](SoundModule& m) { m.module.functions[m.helper].body.push_back({m.instruction({1, 2, 0})}); }},
    {"comes after a function's own", [](SoundModule& m) { m.module.symbols.add({"late", SymbolKind::steps}); }},
    {"more than one line", [](SoundModule& m) { std::get<Comment>(at(m.body(), {0}).node).text = "a\nb"; }},
};

TEST(LoopVerifier, AcceptsASoundModule) { EXPECT_EQ(verify(SoundModule().module), ""); }

TEST(LoopVerifier, FindsEveryMistake) {
  for (std::size_t i = 0; i < mistakes.size(); ++i) {
    SoundModule sound;
    mistakes[i].make(sound);
    std::string complaint = verify(sound.module);
    EXPECT_NE(complaint.find(mistakes[i].what), std::string::npos)
        << "mistake " << i << ": `" << complaint << "` instead of `" << mistakes[i].what << "`";
    EXPECT_FALSE(to_string(sound.module).empty());
  }
}

// ---- descents -------------------------------------------------------------------------------------------------------

TEST(Descent, KeepsANoAndAsksAgainForAYes) {
  ir::Program program;
  const ir::AxisId axis = program.axes.add({""});
  const ir::NodeId leaf = program.time(axis);
  ir::NodeId top = leaf;
  for (int i = 0; i < 100'000; ++i) top = program.map("exp", {top});
  const ir::NodeId other = program.map("tanh", {program.ones({true, axis})});
  int asked = 0;
  bool stops = false;
  const auto finds_leaf = [&](ir::NodeId id) -> std::optional<bool> {
    ++asked;
    if (stops && id == top) return false;
    if (id == leaf) return true;
    return std::nullopt;
  };
  Descent meets(program.nodes.size());
  EXPECT_TRUE(meets(program, top, finds_leaf));
  EXPECT_FALSE(meets(program, other, finds_leaf));
  const int first = asked;
  EXPECT_TRUE(meets(program, top, finds_leaf));
  EXPECT_EQ(asked, first);  // remembered
  stops = true;
  meets.forget_found();
  EXPECT_FALSE(meets(program, other, finds_leaf));
  EXPECT_EQ(asked, first);  // a no stays
  EXPECT_FALSE(meets(program, top, finds_leaf));
  EXPECT_EQ(asked, first + 1);
}

// ---- the printer ---------------------------------------------------------------------------------------------------

TEST(LoopPrinter, PrintsIndices) {
  Module module;
  SymbolId T = module.symbols.add({"T", SymbolKind::steps}), B = module.symbols.add({"B", SymbolKind::rows});
  SymbolId b = module.symbols.add({"b"});
  EXPECT_EQ(to_string(module, Index(T) * Index(B) * 256 + Index(b) * 256 + 8), "256*T*B + 256*b + 8");
  EXPECT_EQ(to_string(module, Index(T) - Index(b) - 1), "T - b - 1");
  EXPECT_EQ(to_string(module, Index()), "0");
  EXPECT_EQ(to_string(module, Index(-4)), "-4");
  EXPECT_EQ(to_string(module, Index(std::numeric_limits<std::int64_t>::min())), "-9223372036854775808");
}

// ---- functions that are alike ---------------------------------------------------------------------------------------

// y0[8*i + 8*shift] = number + x0[8*i], for the kernel's share.
FunctionId shifted(SoundModule& sound, const std::string& name, double number, std::int64_t shift) {
  F b(sound.module, name, FunctionKind::kernel);
  Index begin = b.parameter("begin"), end = b.parameter("end");
  b.function().description.push_back("about " + name);
  b.loop("i", begin, end, 1, [&](const Index& i) {
    V sum = F::id(b.add(p(b.number_constant(number)), p(b.load({sound.sample.in[0], i * Index(8)}))));
    b.store(sum, {sound.sample.out[0], (i + Index(shift)) * Index(8)});
  });
  return b.finish();
}

TEST(Merge, MakesOneOfFunctionsThatAreAlike) {
  SoundModule sound;
  shifted(sound, "first", 0.0, 1);
  FunctionId second = shifted(sound, "second", 0.0, 1), negative = shifted(sound, "negative", -0.0, 1);
  FunctionId further = shifted(sound, "further", 0.0, 2);
  F entry(sound.module, "step", FunctionKind::entry);
  entry.function().role = EntryRole::step;
  for (FunctionId kernel : {second, negative, further}) entry.launch(kernel, {}, 1, 1);
  sound.module.entries.push_back(entry.finish());
  const std::size_t before = sound.module.functions.size();
  merge_alike(sound.module);
  EXPECT_EQ(verify(sound.module), "");
  EXPECT_EQ(sound.module.functions.size(), before - 1);
  const std::string text = to_string(sound.module);
  EXPECT_NE(text.find("launch first on"), std::string::npos) << text;
  EXPECT_NE(text.find("launch negative on"), std::string::npos) << text;
  EXPECT_NE(text.find("launch further on"), std::string::npos) << text;
  EXPECT_EQ(text.find("second"), std::string::npos) << text;
}

TEST(LoopPrinter, PrintsFunctions) {
  SoundModule sound;
  std::string text = to_string(sound.module);
  const char* kernel = R"(
kernel sums(begin, end):
  # y0[i] = 2 * sum
  for i = begin .. end:
    let limit = min(i, T)
    zero.0 = constant 0
    sum.4 = for k = 0 .. limit carrying sum.2 = zero.0 then sum.3:
      x.1 = load x0[8*k]
      sum.3 = fma x.1, x.1, sum.2
    .5 = call twice(sum.4)
    .6 = less sum.4, .5
    .7 = select .6, sum.4, .5
    store y0[8*i], .7

entry forward as forward():
  if given maybe:
    # given
  else:
    zero maybe[0], 16*T*B elements
  launch sums on 0 .. B  # cost 100*B
)";
  EXPECT_NE(text.find(kernel), std::string::npos) << text;
  EXPECT_NE(text.find("buffer maybe: f32[16*T*B] in output 2, else in workspace at byte 0\n"), std::string::npos) << text;
  EXPECT_EQ(text, to_string(SoundModule().module));
}

}  // namespace
}  // namespace rnnc::loop
