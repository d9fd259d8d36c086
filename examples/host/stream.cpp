// A host that compiles a cell at run time and streams a signal through it, one step at a time: no Python, no files.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <vector>

#include "compiler/rnnc.h"

static const char* source = R"(
# Minimal gated unit, with a readout.
cell MGU(H = 16) {
  input x
  state h : [H]
  param w, v, b, c : [H]
  param U, V : [H, H]
  param r : [H]

  f = sigmoid(w * x + U @ h[t-1] + b)
  h = (1 - f) * h[t-1] + f * tanh(v * x + V @ (f * h[t-1]) + c)
  output y = sum(r * h)
}
)";

int main() {
  rnnc::Result result = rnnc::compile(source, {.dimensions = {{"H", 20}}, .gradient = false}, "mgu.rnn");
  for (const rnnc::Error& error : result.errors) std::fputs(error.rendered.c_str(), stderr);
  if (!result) return 1;
  const rnnc::Module& module = *result.module;
  const rnnc_model* model = module.model();
  std::printf("%s for %s, compiled in %.0f ms\n", model->name, model->target, module.compile_milliseconds());

  // Parameters: here random numbers by name, in a real host from a file.
  std::vector<float> parameters(static_cast<std::size_t>(model->parameter_elements));
  std::mt19937 engine(1);
  for (const rnnc_tensor& parameter : module.parameters()) {
    const double width = std::sqrt(3.0 / static_cast<double>(parameter.extents[parameter.rank - 1]));
    std::uniform_real_distribution<float> draw(static_cast<float>(-width), static_cast<float>(width));
    for (std::int64_t i = 0; i < rnnc::size_of(parameter); ++i)
      parameters[static_cast<std::size_t>(parameter.offset + i)] = draw(engine);
    std::printf("  parameter %s: %lld numbers\n", parameter.name, static_cast<long long>(rnnc::size_of(parameter)));
  }

  // All memory is the host's: what the code needs for one row, and the state between steps.
  rnnc_call call{};
  call.struct_size = sizeof call;
  call.rows = 1;
  call.steps[0] = 1;
  rnnc_sizes sizes{};
  if (model->sizes(model, &call, &sizes) != RNNC_OK) return 1;
  auto memory = [](std::int64_t bytes) {
    return std::unique_ptr<void, decltype(&std::free)>(
        std::aligned_alloc(64, static_cast<std::size_t>(bytes + 64) / 64 * 64), std::free);
  };
  auto packed = memory(sizes.packed_bytes), workspace = memory(sizes.step_workspace_bytes);
  if (model->pack(model, parameters.data(), packed.get()) != RNNC_OK) return 1;
  std::vector<float> h(static_cast<std::size_t>(rnnc::size_of(module.states()[0])), 0.0f);
  float x = 0, y = 0;
  const void* inputs[] = {&x};
  std::vector<void*> outputs(module.outputs().size(), nullptr);  // null: not wanted, here the states
  outputs[static_cast<std::size_t>(rnnc::find(module.outputs(), "y"))] = &y;
  void* states[] = {h.data()};
  call.packed = packed.get();
  call.workspace = workspace.get();
  call.inputs = inputs;
  call.outputs = outputs.data();
  call.state_in = states;   // the same array in and out: the state moves on in place
  call.state_out = states;

  for (int t = 0; t < 40; ++t, ++call.first_step) {
    x = static_cast<float>(std::sin(0.3 * t));
    if (model->step(model, &call) != RNNC_OK) return 1;
    std::printf("t = %2d   x = %6.3f   y = %9.6f   |%*s\n", t, static_cast<double>(x), static_cast<double>(y),
                static_cast<int>(std::lround(30 + 20 * static_cast<double>(y))), "*");
  }
}
