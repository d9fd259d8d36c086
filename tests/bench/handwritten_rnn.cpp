// The simple recurrent network: h = tanh(W x + U h[t-1] + b).
#include <algorithm>

#include "tests/bench/handwritten.h"
#include "tests/bench/handwritten_math.h"
#include "tests/bench/handwritten_model.h"

namespace rnnc::bench {
namespace {

class Rnn final : public Cell {
 public:
  Rnn(Index I, Index H, Product product) : Cell("RNN", I, H, {"h"}, product) {
    parameters = {{"W", H, I}, {"U", H, H}, {"b", H, 0}};
  }

  void lay_out_packed(Arena& arena) const override { Packed(arena, *this); }
  void lay_out_tape(Arena& arena, Index T, Index B) const override { arena.take((T + 1) * B * H); }
  void lay_out_forward(Arena& arena, Index T, Index B) const override { ForwardSpace(arena, T, B, H); }
  void lay_out_backward(Arena& arena, Index T, Index B) const override { BackwardSpace(arena, T, B, H); }

  void pack(const float* parameters, float* buffer) const override {
    Arena arena(buffer);
    const Packed packed(arena, *this);
    const float *w = parameters + offset("W"), *u = parameters + offset("U");
    std::copy_n(w, H * I, packed.w);
    std::copy_n(u, H * H, packed.u);
    transpose(H, I, w, packed.w_t);
    transpose(H, H, u, packed.u_t);
    std::copy_n(parameters + offset("b"), H, packed.bias);
  }
  void forward(const Run& run) const override;
  void backward(const Run& run) const override;

 private:
  struct Packed {
    float *w_t, *u_t, *w, *u, *bias;
    Packed(Arena& arena, const Rnn& cell)
        : w_t(arena.take(cell.H * cell.I)), u_t(arena.take(cell.H * cell.H)), w(arena.take(cell.H * cell.I)),
          u(arena.take(cell.H * cell.H)), bias(arena.take(cell.H)) {}
  };
  struct ForwardSpace {
    float* z;  // [T,B,H]
    ForwardSpace(Arena& arena, Index T, Index B, Index H) : z(arena.take(T * B * H)) {}
  };
  struct BackwardSpace {
    float *dz, *dh;  // [T,B,H], [B,H]
    BackwardSpace(Arena& arena, Index T, Index B, Index H) : dz(arena.take(T * B * H)), dh(arena.take(B * H)) {}
  };
  Packed packed_of(const Run& run) const {
    Arena arena(const_cast<float*>(run.packed));
    return Packed(arena, *this);
  }
};

void Rnn::forward(const Run& run) const {
  const Index T = run.T, B = run.B, N = B * H;
  const Packed w = packed_of(run);
  Arena arena(run.workspace);
  const ForwardSpace space(arena, T, B, H);
  float* const tape = static_cast<float*>(run.tape);  // h [T+1,B,H], the initial one first
  if (tape) std::copy_n(run.first[0], N, tape);
  // Pre-activations become states in place.
  float* const z = tape ? tape + N : run.y[0] ? run.y[0] : space.z;
  product(T * B, H, I, {run.x, I}, false, {w.w_t, H}, z, H, false);
  const float* h = run.first[0];
  for (Index t = 0; t < T; ++t) {
    float* h_new = z + t * N;
    product(B, H, H, {h, H}, false, {w.u_t, H}, h_new, H, true);
    for (Index b = 0; b < B; ++b) {
      float* row = h_new + b * H;
      for (Index j = 0; j < H; ++j) row[j] = fast_tanh(row[j] + w.bias[j]);
    }
    h = h_new;
  }
  if (tape) copy_if_wanted(tape + N, T * N, run.y[0]);
  copy_if_wanted(h, N, run.last[0]);
}

void Rnn::backward(const Run& run) const {
  const Index T = run.T, B = run.B, N = B * H;
  const Packed w = packed_of(run);
  Arena arena(run.workspace);
  const BackwardSpace space(arena, T, B, H);
  const float* tape = static_cast<const float*>(run.tape);
  std::fill_n(space.dh, N, 0.0f);
  if (run.dlast[0]) std::copy_n(run.dlast[0], N, space.dh);
  for (Index t = T - 1; t >= 0; --t) {
    float* __restrict__ dz = space.dz + t * N;
    const float *h = tape + (t + 1) * N, *dh = space.dh, *dy = run.dy[0] + t * N;
    if (run.dy[0]) {
      for (Index j = 0; j < N; ++j) dz[j] = (dh[j] + dy[j]) * (1 - h[j] * h[j]);
    } else {
      for (Index j = 0; j < N; ++j) dz[j] = dh[j] * (1 - h[j] * h[j]);
    }
    if (t > 0 || run.dfirst[0]) product(B, H, H, {dz, H}, false, {w.u, H}, space.dh, H, false);
  }
  copy_if_wanted(space.dh, N, run.dfirst[0]);
  if (run.dx) product(T * B, I, H, {space.dz, H}, false, {w.w, I}, run.dx, I, false);
  if (!run.dparameters) return;
  product(H, I, T * B, {space.dz, H}, true, {run.x, I}, run.dparameters + offset("W"), I, false);
  product(H, H, T * B, {space.dz, H}, true, {tape, H}, run.dparameters + offset("U"), H, false);
  column_sums(T * B, H, {space.dz, H}, run.dparameters + offset("b"));
}

}  // namespace

const rnnc_model* handwritten_rnn(int I, int H, bool blas) {
  const Product product = product_of(blas);
  return product ? publish(std::make_unique<Rnn>(I, H, product), target_of(blas)) : nullptr;
}

}  // namespace rnnc::bench
