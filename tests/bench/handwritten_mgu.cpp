// Minimal gated unit: f = sigmoid(W_f x + U_f h[t-1] + b_f), n = tanh(W_n x + U_n (f h[t-1]) + b_n),
// h = (1 - f) h[t-1] + f n. All stacked arrays are in the order f, n.
#include <algorithm>

#include "tests/bench/handwritten.h"
#include "tests/bench/handwritten_math.h"
#include "tests/bench/handwritten_model.h"

namespace rnnc::bench {
namespace {

class Mgu final : public Cell {
 public:
  Mgu(Index I, Index H, Product product) : Cell("MGU", I, H, {"h"}, product) {
    parameters = {{"W_f", H, I}, {"W_n", H, I}, {"U_f", H, H}, {"U_n", H, H}, {"b_f", H, 0}, {"b_n", H, 0}};
  }

  void lay_out_packed(Arena& arena) const override { Packed(arena, *this); }
  void lay_out_tape(Arena& arena, Index T, Index B) const override { Tape(arena, T, B, H); }
  void lay_out_forward(Arena& arena, Index T, Index B) const override { ForwardSpace(arena, T, B, H); }
  void lay_out_backward(Arena& arena, Index T, Index B) const override { BackwardSpace(arena, T, B, H); }

  void pack(const float* parameters, float* buffer) const override {
    Arena arena(buffer);
    const Packed packed(arena, *this);
    const float *w = parameters + offset("W_f"), *u = parameters + offset("U_f");
    transpose(2 * H, I, w, packed.w_t);
    transpose(H, H, u, packed.u_f_t);
    transpose(H, H, u + H * H, packed.u_n_t);
    std::copy_n(w, 2 * H * I, packed.w);
    std::copy_n(u, 2 * H * H, packed.u);
    std::copy_n(parameters + offset("b_f"), 2 * H, packed.bias);
  }
  void forward(const Run& run) const override;
  void backward(const Run& run) const override;

 private:
  struct Packed {
    float *w_t, *u_f_t, *u_n_t;  // [I,2H], [H,H], [H,H]
    float *w, *u, *bias;         // [2H,I], [2H,H], [2H]
    Packed(Arena& arena, const Mgu& cell)
        : w_t(arena.take(2 * cell.H * cell.I)), u_f_t(arena.take(cell.H * cell.H)),
          u_n_t(arena.take(cell.H * cell.H)), w(arena.take(2 * cell.H * cell.I)),
          u(arena.take(2 * cell.H * cell.H)), bias(arena.take(2 * cell.H)) {}
  };
  struct Tape {
    float* h;       // [T+1,B,H], the initial state first
    float* forgot;  // [T,B,H]: f * h[t-1]
    float* gates;   // [T,B,2H]
    Tape(Arena& arena, Index T, Index B, Index H)
        : h(arena.take((T + 1) * B * H)), forgot(arena.take(T * B * H)), gates(arena.take(T * B * 2 * H)) {}
  };
  struct ForwardSpace {
    float* z;       // [T,B,2H]
    float* forgot;  // [B,H]
    float* h[2];    // [B,H], in turn
    ForwardSpace(Arena& arena, Index T, Index B, Index H)
        : z(arena.take(T * B * 2 * H)), forgot(arena.take(B * H)), h{arena.take(B * H), arena.take(B * H)} {}
  };
  struct BackwardSpace {
    float* dz;       // [T,B,2H]
    float *dh, *ds;  // [B,H]: of h, of f * h[t-1]
    float* zeros;    // [H]
    BackwardSpace(Arena& arena, Index T, Index B, Index H)
        : dz(arena.take(T * B * 2 * H)), dh(arena.take(B * H)), ds(arena.take(B * H)), zeros(arena.take(H)) {}
  };
  Packed packed_of(const Run& run) const {
    Arena arena(const_cast<float*>(run.packed));
    return Packed(arena, *this);
  }
};

// One row, up to f * h[t-1]; z keeps f.
void forget_forward(Index H, float* __restrict__ z, const float* bias, const float* h_old, float* __restrict__ forgot) {
  for (Index j = 0; j < H; ++j) {
    const float f = fast_sigmoid(z[j] + bias[j]);
    z[j] = f;
    forgot[j] = f * h_old[j];
  }
}

// One row, the rest; z keeps n, too.
void state_forward(Index H, float* z, const float* bias, const float* h_old, float* __restrict__ h) {
  float* __restrict__ zn = z + H;
  for (Index j = 0; j < H; ++j) {
    const float n = fast_tanh(zn[j] + bias[H + j]);
    zn[j] = n;
    h[j] = h_old[j] + z[j] * (n - h_old[j]);
  }
}

void Mgu::forward(const Run& run) const {
  const Index T = run.T, B = run.B, N = B * H, G = 2 * H;
  const Packed w = packed_of(run);
  Arena space_arena(run.workspace), tape_arena(run.tape);
  const ForwardSpace space(space_arena, T, B, H);
  const Tape tape(tape_arena, T, B, H);
  const bool train = run.tape != nullptr;
  if (train) std::copy_n(run.first[0], N, tape.h);
  float* const z = train ? tape.gates : space.z;
  product(T * B, G, I, {run.x, I}, false, {w.w_t, G}, z, G, false);
  const float* h = run.first[0];
  for (Index t = 0; t < T; ++t) {
    float* z_t = z + t * B * G;
    float* forgot = train ? tape.forgot + t * N : space.forgot;
    float* h_new = train ? tape.h + (t + 1) * N : run.y[0] ? run.y[0] + t * N : space.h[t % 2];
    product(B, H, H, {h, H}, false, {w.u_f_t, H}, z_t, G, true);
    for (Index b = 0; b < B; ++b) forget_forward(H, z_t + b * G, w.bias, h + b * H, forgot + b * H);
    product(B, H, H, {forgot, H}, false, {w.u_n_t, H}, z_t + H, G, true);
    for (Index b = 0; b < B; ++b) state_forward(H, z_t + b * G, w.bias, h + b * H, h_new + b * H);
    h = h_new;
  }
  if (train) copy_if_wanted(tape.h + N, T * N, run.y[0]);
  copy_if_wanted(h, N, run.last[0]);
}

// One row: dz of n. dh gains what comes from outside.
void state_backward(Index H, const float* gates, const float* dy, float* __restrict__ dh, float* __restrict__ dz) {
  for (Index j = 0; j < H; ++j) {
    const float f = gates[j], n = gates[H + j], d = dh[j] + dy[j];
    dz[H + j] = d * f * (1 - n * n);
    dh[j] = d;
  }
}

// One row: dz of f. dh (in: of the new h; out: what goes straight to the old h).
void forget_backward(Index H, const float* gates, const float* h_old, const float* ds, float* __restrict__ dh,
                     float* __restrict__ dz) {
  for (Index j = 0; j < H; ++j) {
    const float f = gates[j], n = gates[H + j], d = dh[j];
    dz[j] = (d * (n - h_old[j]) + ds[j] * h_old[j]) * f * (1 - f);
    dh[j] = d * (1 - f) + ds[j] * f;
  }
}

void Mgu::backward(const Run& run) const {
  const Index T = run.T, B = run.B, N = B * H, G = 2 * H, rows = T * B;
  const Packed w = packed_of(run);
  Arena space_arena(run.workspace), tape_arena(run.tape);
  const BackwardSpace space(space_arena, T, B, H);
  const Tape tape(tape_arena, T, B, H);
  std::fill_n(space.zeros, H, 0.0f);
  std::fill_n(space.dh, N, 0.0f);
  if (run.dlast[0]) std::copy_n(run.dlast[0], N, space.dh);
  for (Index t = T - 1; t >= 0; --t) {
    float* dz = space.dz + t * B * G;
    const float *gates = tape.gates + t * B * G, *h_old = tape.h + t * N;
    for (Index b = 0; b < B; ++b) {
      const float* dy = run.dy[0] ? run.dy[0] + t * N + b * H : space.zeros;
      state_backward(H, gates + b * G, dy, space.dh + b * H, dz + b * G);
    }
    product(B, H, H, {dz + H, G}, false, {w.u + H * H, H}, space.ds, H, false);
    for (Index b = 0; b < B; ++b)
      forget_backward(H, gates + b * G, h_old + b * H, space.ds + b * H, space.dh + b * H, dz + b * G);
    if (t > 0 || run.dfirst[0]) product(B, H, H, {dz, G}, false, {w.u, H}, space.dh, H, true);
  }
  copy_if_wanted(space.dh, N, run.dfirst[0]);
  if (run.dx) product(rows, I, G, {space.dz, G}, false, {w.w, I}, run.dx, I, false);
  if (!run.dparameters) return;
  float* const d = run.dparameters;
  product(G, I, rows, {space.dz, G}, true, {run.x, I}, d + offset("W_f"), I, false);
  product(H, H, rows, {space.dz, G}, true, {tape.h, H}, d + offset("U_f"), H, false);
  product(H, H, rows, {space.dz + H, G}, true, {tape.forgot, H}, d + offset("U_n"), H, false);
  column_sums(rows, G, {space.dz, G}, d + offset("b_f"));
}

}  // namespace

const rnnc_model* handwritten_mgu(int I, int H, bool blas) {
  const Product product = product_of(blas);
  return product ? publish(std::make_unique<Mgu>(I, H, product), target_of(blas)) : nullptr;
}

}  // namespace rnnc::bench
