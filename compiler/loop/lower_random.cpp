// Random numbers: Threefry-2x32 (compiler/ir/threefry.h fixes the bits) on vectors of whole numbers. The key of a site
// and step is the same for all rows and entries: a kernel at the beginning computes them all, a draw takes it from there.
#include <algorithm>
#include <array>

#include "compiler/base/bug.h"
#include "compiler/loop/function_lowering.h"

namespace rnnc::loop {

using ir::NodeId;
using ir::NodeKind;

namespace {

using F = FunctionBuilder;
using Words = std::array<F::Value, 2>;

constexpr std::uint64_t low_word = 0xffffffff;

// 32-bit words in lanes that may be wider: what stands above them in a lane is left alone where it does no harm, and
// cleared by `clean` where it would come down.
F::Value clean(F& b, F::Value word) { return b.is_double() ? b.bit_and(word, b.bits(low_word)) : word; }

F::Value rotated(F& b, F::Value word, int count) {
  F::Value whole = clean(b, word);
  return b.bit_or(b.shift_left(whole, count), b.shift_right(whole, 32 - count));
}

// As ir::threefry, line by line.
Words threefry(F& b, Words key, Words counter) {
  constexpr std::array<int, 8> rotations{13, 15, 26, 6, 17, 29, 16, 24};
  constexpr std::uint64_t parity = 0x1BD11BDA;
  const std::array<F::Value, 3> schedule{key[0], key[1], b.bit_xor(b.bits(parity), b.bit_xor(key[0], key[1]))};
  F::Value x = b.int_add(counter[0], schedule[0]), y = b.int_add(counter[1], schedule[1]);
  for (std::size_t round = 0; round < 20; ++round) {
    x = b.int_add(x, y);
    y = b.bit_xor(rotated(b, y, rotations[round % 8]), x);
    if (round % 4 != 3) continue;
    std::size_t injection = round / 4 + 1;
    x = b.int_add(x, schedule[injection % 3]);
    y = b.int_add(y, b.int_add(schedule[(injection + 1) % 3], b.bits(injection)));
  }
  return {clean(b, x), clean(b, y)};
}

// A whole number below 2^23 (f64: 2^52) as a number: with the exponent under which a fraction's last bit counts one.
F::Value as_number(F& b, F::Value whole) {
  F::Value exponent = b.is_double() ? b.constant(0x1p52) : b.constant(0x1p23);
  return b.sub(b.bit_or(whole, exponent), exponent);
}
F::Value as_whole(F& b, F::Value number) {
  F::Value exponent = b.is_double() ? b.constant(0x1p52) : b.constant(0x1p23);
  return b.bit_xor(b.add(number, exponent), exponent);
}

// The helper rnnc_uniform(key, key, row, entry): a number in [0, 1) with 24 bits.
FunctionId uniform_of(Module& module) {
  const std::string name = "rnnc_uniform";
  for (FunctionId f : module.functions.ids())
    if (module.functions[f].kind == FunctionKind::helper && module.functions[f].name == name) return f;
  F b(module, name, FunctionKind::helper);
  b.function().reads_run = false;
  b.function().description = {"a number in [0, 1) from a key and a counter (row, entry): Threefry-2x32 with 20 rounds,",
                              "Salmon, Moraes, Dror, Shaw: \"Parallel random numbers: as easy as 1, 2, 3\", SC 2011"};
  Words key{F::plain(b.vector_parameter("key")), F::plain(b.vector_parameter("key"))};
  F::Value row = F::plain(b.vector_parameter("row")), entry = F::plain(b.vector_parameter("entry"));
  F::Value drawn = b.shift_right(threefry(b, key, {entry, row})[0], 8);
  // In two halves, as 24 bits do not fit a fraction of 23; their sum is exact.
  F::Value high = as_number(b, b.shift_right(drawn, 12)), low = as_number(b, b.bit_and(drawn, b.bits(0xfff)));
  b.function().result = F::id(b.add(b.mul(high, b.constant(0x1p-12)), b.mul(low, b.constant(0x1p-24))));
  return b.finish();
}

ir::AxisId axis_of_draws(const ir::Node& random) { return random.axis.valid() ? random.axis : random.domain.axis; }

// Which nodes the results need in a run that is no training run: where(training, a, b) is then b.
IdVector<NodeId, bool> reached_outside_training(const ir::Program& program, const Schedule& schedule) {
  IdVector<NodeId, bool> reached(program.nodes.size(), false);
  std::vector<NodeId> work;
  for (NodeId id : program.nodes.ids())
    if (schedule.stored[id] && schedule.stored[id]->tape) work.push_back(id);
  for (ir::ResultId r : schedule.results) work.push_back(program.results[r].node);
  while (!work.empty()) {
    NodeId id = work.back();
    work.pop_back();
    if (reached[id]) continue;
    reached[id] = true;
    bool guarded = chosen_by_training(program, id);
    if (guarded) work.push_back(program[id].operands[2]);
    else
      for (const Dependency& d : dependencies(program, id)) work.push_back(d.node);
  }
  return reached;
}

}  // namespace

bool chosen_by_training(const ir::Program& program, NodeId id) {
  const ir::Node& n = program[id];
  return n.kind == NodeKind::map && ir::elementwise(n.function).name == "where" &&
         program[n.operands[0]].kind == NodeKind::training;
}

// The keys of all sites for every step that something is drawn for, one array for each axis and one for draws without.
void FunctionLowering::prepare_keys() {
  std::map<int, Keys> wanted;
  bool always = false;
  const IdVector<NodeId, bool> outside = reached_outside_training(shared_.program, schedule_);
  for (NodeId id : shared_.program.nodes.ids()) {
    const ir::Node& n = node(id);
    if (n.kind != NodeKind::random || !schedule_.order.needed[id]) continue;
    Keys& keys = wanted[axis_of_draws(n).value];
    std::int64_t ahead = n.axis.valid() && n.end == ir::End::first ? n.offset : -n.offset;
    keys.before = std::max(keys.before, -ahead);
    keys.after = std::max(keys.after, ahead);
    always = always || outside[id];
  }
  for (auto& [axis, keys] : wanted) {
    keys_[axis] = keys;
    lower_keys(axis, always);
  }
}

void FunctionLowering::lower_keys(int axis_number, bool always) {
  Keys& keys = keys_.at(axis_number);
  ir::AxisId axis;
  axis.value = axis_number;
  const std::int64_t sites = shared_.program.random_sites;
  keys.steps = axis.valid() ? steps(axis) + Index(keys.before + keys.after) : Index(1);
  keys.buffer = workspace(prefix_ + "_keys", keys.steps * Index(2 * sites) + Index(shared_.lanes),
                          "random keys as [site][step][2], representations of whole numbers");
  start_kernel(shared_.names.unique(prefix_ + "_random_keys"), ir::Domain{}, {});
  b().function().description.push_back("the keys of this run's random numbers, for each site and step");
  auto word = [&](const Index& index, int from_bit) { return F::plain(b().word(index, from_bit)); };
  b().loop("site", 0, sites, 1, [&](const Index& site) {
    Words of_site = threefry(b(), {word(shared_.seed, 0), word(shared_.seed, 32)}, {word(site, 0), word(0, 0)});
    b().loop("t", frame_.begin, frame_.end, 1, [&](const Index& t) {
      Index step = axis.valid() ? Index(shared_.first_step) + t - Index(keys.before) : Index(0);
      Words key = threefry(b(), of_site, {word(step, 0), word(step, 32)});
      Index place = (site * keys.steps + t) * Index(2);
      b().store_first(F::id(key[0]), {keys.buffer, place}, 1);
      b().store_first(F::id(key[1]), {keys.buffer, place + Index(1)}, 1);
    });
  });
  Index extent = always ? keys.steps : keys.steps * Index(shared_.training);
  finish_kernel(extent, extent * Index(100 * sites));
}

ValueId FunctionLowering::random(NodeId id, Cursor& at) {
  const ir::Node& n = node(id);
  const Keys& keys = keys_.at(axis_of_draws(n).value);
  Index step = 0;
  if (n.domain.axis.valid()) step = t_of(at.row) - Index(n.offset);
  if (n.axis.valid() && n.end == ir::End::first) step = n.offset;
  if (n.axis.valid() && n.end == ir::End::last) {
    Index length = n.domain.batched ? length_of(at.row, n.axis) : steps(n.axis);
    step = b().maximum("draw", length - Index(1 + n.offset), 0);
  }
  Address key{keys.buffer, (Index(n.ref) * keys.steps + step + Index(keys.before)) * Index(2)};
  ValueId first = b().load_scalar(key, "key");
  key.offset = key.offset + Index(1);
  ValueId second = b().load_scalar(key, "key");
  ValueId row = b().word(n.domain.batched ? b_of(at.row) : Index(0), 0);
  ValueId entry = b().word(n.shape.size() == 1 ? Index(0) : at.block.j, 0);
  if (n.shape.size() > 1) entry = F::id(b().int_add(F::plain(entry), as_whole(b(), F::plain(b().iota()))));
  return b().call_helper(uniform_of(module_), {first, second, row, entry});
}

// where(training, a, b) by a loop that runs once in a training run and not at all in others: what is drawn only for
// training costs nothing elsewhere.
ValueId FunctionLowering::in_training(NodeId id, Cursor& at) {
  const ir::Node& n = node(id);
  ValueId otherwise = value(n.operands[2], at);
  return b().loop_carrying("in_training", 0, Index(shared_.training), 1, {otherwise},
                           [&](const Index&, const std::vector<ValueId>&) {
                             return std::vector<ValueId>{in_body(at, [&] { return value(n.operands[1], at); })};
                           })[0];
}

}  // namespace rnnc::loop
