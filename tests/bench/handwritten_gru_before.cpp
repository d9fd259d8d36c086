// GRU whose reset gate acts on the state: n = tanh(W_n x + U_n (r h[t-1]) + b_n).
#include <algorithm>

#include "tests/bench/handwritten.h"
#include "tests/bench/handwritten_math.h"
#include "tests/bench/handwritten_model.h"

namespace rnnc::bench {
namespace {

class GruBefore final : public Cell {
 public:
  GruBefore(Index I, Index H, Product product) : Cell("GRUBefore", I, H, {"h"}, product) {
    for (const char* gate : {"r", "z", "n"}) parameters.push_back({std::string("W_") + gate, H, I});
    for (const char* gate : {"r", "z", "n"}) parameters.push_back({std::string("U_") + gate, H, H});
    for (const char* gate : {"r", "z", "n"}) parameters.push_back({std::string("b_") + gate, H, 0});
  }

  void lay_out_packed(Arena& arena) const override { Packed(arena, *this); }
  void lay_out_tape(Arena& arena, Index T, Index B) const override { Tape(arena, T, B, H); }
  void lay_out_forward(Arena& arena, Index T, Index B) const override { ForwardSpace(arena, T, B, H); }
  void lay_out_backward(Arena& arena, Index T, Index B) const override { BackwardSpace(arena, T, B, H); }

  void pack(const float* parameters, float* buffer) const override {
    Arena arena(buffer);
    const Packed packed(arena, *this);
    const float *w = parameters + offset("W_r"), *u = parameters + offset("U_r");
    transpose(3 * H, I, w, packed.w_t);
    transpose(2 * H, H, u, packed.u_rz_t);
    transpose(H, H, u + 2 * H * H, packed.u_n_t);
    std::copy_n(w, 3 * H * I, packed.w);
    std::copy_n(u, 3 * H * H, packed.u);
    std::copy_n(parameters + offset("b_r"), 3 * H, packed.bias);
  }
  void forward(const Run& run) const override;
  void backward(const Run& run) const override;

 private:
  struct Packed {
    float *w_t, *u_rz_t, *u_n_t;  // [I,3H], [H,2H], [H,H]
    float *w, *u, *bias;          // [3H,I], [3H,H], [3H], all in the order r, z, n
    Packed(Arena& arena, const GruBefore& cell)
        : w_t(arena.take(3 * cell.H * cell.I)), u_rz_t(arena.take(2 * cell.H * cell.H)),
          u_n_t(arena.take(cell.H * cell.H)), w(arena.take(3 * cell.H * cell.I)),
          u(arena.take(3 * cell.H * cell.H)), bias(arena.take(3 * cell.H)) {}
  };
  struct Tape {
    float* h;      // [T+1,B,H], the initial state first
    float* reset;  // [T,B,H]: r * h[t-1]
    float* gates;  // [T,B,3H]: r, z, n
    Tape(Arena& arena, Index T, Index B, Index H)
        : h(arena.take((T + 1) * B * H)), reset(arena.take(T * B * H)), gates(arena.take(T * B * 3 * H)) {}
  };
  struct ForwardSpace {
    float* z;      // [T,B,3H]
    float* reset;  // [B,H]
    float* h[2];   // [B,H], in turn
    ForwardSpace(Arena& arena, Index T, Index B, Index H)
        : z(arena.take(T * B * 3 * H)), reset(arena.take(B * H)), h{arena.take(B * H), arena.take(B * H)} {}
  };
  struct BackwardSpace {
    float* dz;          // [T,B,3H]: r, z, n
    float *dh, *ds;     // [B,H]: of h, of r * h[t-1]
    float* zeros;       // [H]
    BackwardSpace(Arena& arena, Index T, Index B, Index H)
        : dz(arena.take(T * B * 3 * H)), dh(arena.take(B * H)), ds(arena.take(B * H)), zeros(arena.take(H)) {}
  };
  Packed packed_of(const Run& run) const {
    Arena arena(const_cast<float*>(run.packed));
    return Packed(arena, *this);
  }
};

// One row, up to the reset state; z keeps r and z.
void reset_forward(Index H, float* z, const float* bias, const float* h_old, float* __restrict__ reset) {
  float *__restrict__ zr = z, *__restrict__ zz = z + H;
  for (Index j = 0; j < H; ++j) {
    const float r = fast_sigmoid(zr[j] + bias[j]);
    zr[j] = r;
    zz[j] = fast_sigmoid(zz[j] + bias[H + j]);
    reset[j] = r * h_old[j];
  }
}

// One row, the rest; z keeps n, too.
void state_forward(Index H, float* z, const float* bias, const float* h_old, float* __restrict__ h) {
  const float* zz = z + H;
  float* __restrict__ zn = z + 2 * H;
  for (Index j = 0; j < H; ++j) {
    const float n = fast_tanh(zn[j] + bias[2 * H + j]);
    zn[j] = n;
    h[j] = n + zz[j] * (h_old[j] - n);
  }
}

void GruBefore::forward(const Run& run) const {
  const Index T = run.T, B = run.B, N = B * H, G = 3 * H;
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
    float* reset = train ? tape.reset + t * N : space.reset;
    float* h_new = train ? tape.h + (t + 1) * N : run.y[0] ? run.y[0] + t * N : space.h[t % 2];
    product(B, 2 * H, H, {h, H}, false, {w.u_rz_t, 2 * H}, z_t, G, true);
    for (Index b = 0; b < B; ++b) reset_forward(H, z_t + b * G, w.bias, h + b * H, reset + b * H);
    product(B, H, H, {reset, H}, false, {w.u_n_t, H}, z_t + 2 * H, G, true);
    for (Index b = 0; b < B; ++b) state_forward(H, z_t + b * G, w.bias, h + b * H, h_new + b * H);
    h = h_new;
  }
  if (train) copy_if_wanted(tape.h + N, T * N, run.y[0]);
  copy_if_wanted(h, N, run.last[0]);
}

// One row: dz of z and n. dh (in: of the new h, from later; out: what goes straight to the old h).
void state_backward(Index H, const float* gates, const float* h_old, const float* dy, float* __restrict__ dh,
                    float* __restrict__ dz) {
  for (Index j = 0; j < H; ++j) {
    const float z = gates[H + j], n = gates[2 * H + j], d = dh[j] + dy[j];
    dz[H + j] = d * (h_old[j] - n) * z * (1 - z);
    dz[2 * H + j] = d * (1 - z) * (1 - n * n);
    dh[j] = d * z;
  }
}

// One row: dz of r, and the reset state's share of dh.
void reset_backward(Index H, const float* gates, const float* h_old, const float* ds, float* __restrict__ dh,
                    float* __restrict__ dz) {
  for (Index j = 0; j < H; ++j) {
    const float r = gates[j];
    dz[j] = ds[j] * h_old[j] * r * (1 - r);
    dh[j] += ds[j] * r;
  }
}

void GruBefore::backward(const Run& run) const {
  const Index T = run.T, B = run.B, N = B * H, G = 3 * H, rows = T * B;
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
      state_backward(H, gates + b * G, h_old + b * H, dy, space.dh + b * H, dz + b * G);
    }
    product(B, H, H, {dz + 2 * H, G}, false, {w.u + 2 * H * H, H}, space.ds, H, false);
    for (Index b = 0; b < B; ++b)
      reset_backward(H, gates + b * G, h_old + b * H, space.ds + b * H, space.dh + b * H, dz + b * G);
    if (t > 0 || run.dfirst[0]) product(B, H, 2 * H, {dz, G}, false, {w.u, H}, space.dh, H, true);
  }
  copy_if_wanted(space.dh, N, run.dfirst[0]);
  if (run.dx) product(rows, I, G, {space.dz, G}, false, {w.w, I}, run.dx, I, false);
  if (!run.dparameters) return;
  float* const d = run.dparameters;
  product(G, I, rows, {space.dz, G}, true, {run.x, I}, d + offset("W_r"), I, false);
  product(2 * H, H, rows, {space.dz, G}, true, {tape.h, H}, d + offset("U_r"), H, false);
  product(H, H, rows, {space.dz + 2 * H, G}, true, {tape.reset, H}, d + offset("U_n"), H, false);
  column_sums(rows, G, {space.dz, G}, d + offset("b_r"));
}

}  // namespace

const rnnc_model* handwritten_gru_before(int I, int H, bool blas) {
  const Product product = product_of(blas);
  return product ? publish(std::make_unique<GruBefore>(I, H, product), target_of(blas)) : nullptr;
}

}  // namespace rnnc::bench
