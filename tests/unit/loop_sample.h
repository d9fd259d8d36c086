// A small module whose functions a test fills in, and calls of it with arrays of their own.
#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "compiler/loop/builder.h"
#include "runtime/abi.h"

namespace rnnc::loop {

inline Target target_named(const std::string& name) {
  if (name == "sse2") return {"sse2", 16, 16, false};
  if (name == "avx512") return {"avx512", 64, 32, true};
  return {};
}

// A module with symbols T and B, three inputs, an index input, lengths, two outputs and a third that may be absent.
struct Sample {
  Module module;
  SymbolId T, B;
  BufferId in[3], maybe, token, lengths, out[2], scratch;
  Index length = Index(0);  // of the inputs and outputs

  explicit Sample(const std::string& target = "avx2", Element element = Element::f32) {
    module.name = "sample";
    module.source_name = "sample.rnn";
    module.target = target_named(target);
    module.element = element;
    module.axes = {""};
    T = module.symbols.add({"T", SymbolKind::steps, 0});
    B = module.symbols.add({"B", SymbolKind::rows, 0});
    length = Index(T) * Index(B) * Index(16);
    module.inputs.resize(4);
    module.outputs.resize(3);
    for (int i = 0; i < 3; ++i) {
      module.inputs[static_cast<std::size_t>(i)] = {
          .name = "x" + std::to_string(i), .extents = {16}, .batched = true, .axis = 0};
      in[i] = buffer("x" + std::to_string(i), Space::input, i, element, length);
    }
    module.outputs[2] = {.name = "maybe", .extents = {16}, .batched = true, .axis = 0};
    module.inputs[3] = {.name = "token", .extents = {}, .batched = true, .axis = 0, .index_extent = 7};
    maybe = buffer("maybe", Space::output, 2, element, length);
    module.buffers[maybe].may_be_absent = true;
    token = buffer("token", Space::input, 3, Element::i32, Index(T) * Index(B));
    lengths = buffer("lengths", Space::lengths, 0, Element::i32, Index(B));
    for (int i = 0; i < 2; ++i) {
      module.outputs[static_cast<std::size_t>(i)] = {
          .name = "y" + std::to_string(i), .extents = {16}, .batched = true, .axis = 0};
      out[i] = buffer("y" + std::to_string(i), Space::output, i, element, length);
    }
    scratch = buffer("scratch", Space::workspace, 0, element, length);
    module.buffers[scratch].offset = length * Index(64);
    module.inference_workspace_bytes = length * Index(128);
  }

  BufferId buffer(std::string name, Space space, int slot, Element element, Index size) {
    Buffer b;
    b.name = std::move(name);
    b.space = space;
    b.slot = slot;
    b.element = element;
    b.size = std::move(size);
    return module.buffers.add(b);
  }
  Index lanes() const { return Index(module.target.lanes(module.element)); }

  void entry(EntryRole role, const std::function<void(FunctionBuilder&)>& fill) {
    FunctionBuilder f(module, "entry_" + std::to_string(module.entries.size()), FunctionKind::entry);
    f.function().role = role;
    fill(f);
    module.entries.push_back(f.finish());
  }
  // forward applies `body` to every vector of the inputs (as values) and stores what it gives in y0.
  void map(const std::function<ValueId(FunctionBuilder&, ValueId, ValueId, ValueId)>& body) {
    FunctionBuilder f(module, "apply", FunctionKind::kernel);
    Index begin(f.parameter("begin")), end(f.parameter("end"));
    f.loop("i", begin, end, 1, [&](Index i) {
      Index at = i * lanes();
      f.store(body(f, f.load({in[0], at}), f.load({in[1], at}), f.load({in[2], at})), {out[0], at});
    });
    FunctionId kernel = f.finish();
    entry(EntryRole::forward, [&](FunctionBuilder& e) {
      e.launch(kernel, {}, e.quotient("vectors", length, lanes()), length);
    });
  }
};

// A call of a Sample's module with arrays of its own: T steps of B rows of 16 numbers.
template <class Real>
struct Call {
  std::int64_t T, B;
  std::vector<Real> in[3], maybe, out[2];
  std::vector<std::int32_t> token, lengths;
  std::vector<char> workspace;
  const void* inputs[4];
  void* outputs[3];
  rnnc_call call{};

  Call(std::int64_t T, std::int64_t B) : T(T), B(B) {
    const auto size = static_cast<std::size_t>(T * B * 16);
    for (auto& array : in) array.resize(size);
    for (auto& array : out) array.assign(size, Real(-77));
    token.assign(static_cast<std::size_t>(T * B), 3);
    workspace.resize(size * 128 + 64, 1);
    for (int i = 0; i < 3; ++i) inputs[i] = in[i].data();
    inputs[3] = token.data();
    outputs[2] = nullptr;
    for (int i = 0; i < 2; ++i) outputs[i] = out[i].data();
    call.struct_size = sizeof call;
    call.steps[0] = T;
    call.rows = B;
    call.inputs = inputs;
    call.outputs = outputs;
    call.workspace = workspace.data();
  }
  void randomise(unsigned seed, double scale = 2) {
    std::mt19937 engine(seed);
    std::uniform_real_distribution<double> draw(-scale, scale);
    for (auto& array : in)
      for (Real& x : array) x = static_cast<Real>(draw(engine));
  }
  int forward(const rnnc_model* model) { return model->forward(model, &call); }
};

}  // namespace rnnc::loop
