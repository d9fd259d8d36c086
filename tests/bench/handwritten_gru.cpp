// GRU whose reset gate acts on the product: n = tanh(W_n x + b_n + r (U_n h[t-1] + d_n)).
//
// Gradients of the four pre-activations stand as [n, r, z, q], q = U_n h[t-1] + d_n: what goes to x is the first three,
// what goes to h[t-1] the last three, so neither needs a copy.
#include <algorithm>

#include "tests/bench/handwritten.h"
#include "tests/bench/handwritten_math.h"
#include "tests/bench/handwritten_model.h"

namespace rnnc::bench {
namespace {

class Gru final : public Cell {
 public:
  Gru(Index I, Index H, Product product) : Cell("GRU", I, H, {"h"}, product) {
    for (const char* gate : {"r", "z", "n"}) parameters.push_back({std::string("W_") + gate, H, I});
    for (const char* gate : {"r", "z", "n"}) parameters.push_back({std::string("U_") + gate, H, H});
    for (const char* gate : {"r", "z", "n"}) parameters.push_back({std::string("b_") + gate, H, 0});
    for (const char* gate : {"r", "z", "n"}) parameters.push_back({std::string("d_") + gate, H, 0});
  }

  void lay_out_packed(Arena& arena) const override { Packed(arena, *this); }
  void lay_out_tape(Arena& arena, Index T, Index B) const override { Tape(arena, T, B, H); }
  void lay_out_forward(Arena& arena, Index T, Index B) const override { ForwardSpace(arena, T, B, H); }
  void lay_out_backward(Arena& arena, Index T, Index B) const override { BackwardSpace(arena, T, B, H); }

  void pack(const float* parameters, float* buffer) const override;
  void forward(const Run& run) const override;
  void backward(const Run& run) const override;

 private:
  struct Packed {
    float *w_t, *u_t;  // [I,3H], [H,3H] in the order r, z, n
    float *w, *u;      // [3H,I] in the order n, r, z; [3H,H] in the order r, z, n
    float *b, *d;      // [3H]: b_r + d_r, b_z + d_z, b_n; and d_n in d [H]
    Packed(Arena& arena, const Gru& cell)
        : w_t(arena.take(3 * cell.H * cell.I)), u_t(arena.take(3 * cell.H * cell.H)),
          w(arena.take(3 * cell.H * cell.I)), u(arena.take(3 * cell.H * cell.H)), b(arena.take(3 * cell.H)),
          d(arena.take(cell.H)) {}
  };
  struct Tape {
    float* h;      // [T+1,B,H], the initial state first
    float* gates;  // [T,B,4H]: r, z, n, q
    Tape(Arena& arena, Index T, Index B, Index H)
        : h(arena.take((T + 1) * B * H)), gates(arena.take(T * B * 4 * H)) {}
  };
  struct ForwardSpace {
    float *zx, *zh;  // [T,B,3H], [B,3H]
    float* h[2];     // [B,H], in turn
    ForwardSpace(Arena& arena, Index T, Index B, Index H)
        : zx(arena.take(T * B * 3 * H)), zh(arena.take(B * 3 * H)), h{arena.take(B * H), arena.take(B * H)} {}
  };
  struct BackwardSpace {
    float* dz;            // [T,B,4H]: n, r, z, q
    float* dh;            // [B,H]
    float *zeros, *sums;  // [H], [4H]
    BackwardSpace(Arena& arena, Index T, Index B, Index H)
        : dz(arena.take(T * B * 4 * H)), dh(arena.take(B * H)), zeros(arena.take(H)), sums(arena.take(4 * H)) {}
  };
  Packed packed_of(const Run& run) const {
    Arena arena(const_cast<float*>(run.packed));
    return Packed(arena, *this);
  }
  void parameter_gradients(const Run& run, const Tape& tape, const BackwardSpace& space) const;
};

void Gru::pack(const float* parameters, float* buffer) const {
  Arena arena(buffer);
  const Packed packed(arena, *this);
  const float *w = parameters + offset("W_r"), *u = parameters + offset("U_r");
  transpose(3 * H, I, w, packed.w_t);
  transpose(3 * H, H, u, packed.u_t);
  std::copy_n(w + 2 * H * I, H * I, packed.w);
  std::copy_n(w, 2 * H * I, packed.w + H * I);
  std::copy_n(u, 3 * H * H, packed.u);
  const float *b = parameters + offset("b_r"), *d = parameters + offset("d_r");
  for (Index j = 0; j < 3 * H; ++j) packed.b[j] = j < 2 * H ? b[j] + d[j] : b[j];
  std::copy_n(d + 2 * H, H, packed.d);
}

// One row. With `gates` (training), r, z, n and q are left there.
void step_forward(Index H, const float* zx, const float* zh, const float* bias, const float* d, const float* h_old,
                  float* __restrict__ h, float* __restrict__ gates) {
  for (Index j = 0; j < H; ++j) {
    const float r = fast_sigmoid(zx[j] + zh[j] + bias[j]);
    const float z = fast_sigmoid(zx[H + j] + zh[H + j] + bias[H + j]);
    const float q = zh[2 * H + j] + d[j];
    const float n = fast_tanh(zx[2 * H + j] + bias[2 * H + j] + r * q);
    h[j] = n + z * (h_old[j] - n);
    if (gates) gates[j] = r, gates[H + j] = z, gates[2 * H + j] = n, gates[3 * H + j] = q;
  }
}

void Gru::forward(const Run& run) const {
  const Index T = run.T, B = run.B, N = B * H, G = 3 * H;
  const Packed w = packed_of(run);
  Arena space_arena(run.workspace), tape_arena(run.tape);
  const ForwardSpace space(space_arena, T, B, H);
  const Tape tape(tape_arena, T, B, H);
  const bool train = run.tape != nullptr;
  if (train) std::copy_n(run.first[0], N, tape.h);
  product(T * B, G, I, {run.x, I}, false, {w.w_t, G}, space.zx, G, false);
  const float* h = run.first[0];
  for (Index t = 0; t < T; ++t) {
    product(B, G, H, {h, H}, false, {w.u_t, G}, space.zh, G, false);
    float* h_new = train ? tape.h + (t + 1) * N : run.y[0] ? run.y[0] + t * N : space.h[t % 2];
    for (Index b = 0; b < B; ++b) {
      const Index row = t * B + b;
      const float *zx = space.zx + row * G, *zh = space.zh + b * G;
      if (train) {
        step_forward(H, zx, zh, w.b, w.d, h + b * H, h_new + b * H, tape.gates + row * 4 * H);
      } else {
        step_forward(H, zx, zh, w.b, w.d, h + b * H, h_new + b * H, nullptr);
      }
    }
    h = h_new;
  }
  if (train) copy_if_wanted(tape.h + N, T * N, run.y[0]);
  copy_if_wanted(h, N, run.last[0]);
}

// One row. dh (in: of the new h, from later; out: what goes straight to the old h).
void step_backward(Index H, const float* gates, const float* h_old, const float* dy, float* __restrict__ dh,
                   float* __restrict__ dz) {
  for (Index j = 0; j < H; ++j) {
    const float r = gates[j], z = gates[H + j], n = gates[2 * H + j], q = gates[3 * H + j], d = dh[j] + dy[j];
    const float dn = d * (1 - z) * (1 - n * n);
    dz[j] = dn;
    dz[H + j] = dn * q * r * (1 - r);
    dz[2 * H + j] = d * (h_old[j] - n) * z * (1 - z);
    dz[3 * H + j] = dn * r;
    dh[j] = d * z;
  }
}

void Gru::backward(const Run& run) const {
  const Index T = run.T, B = run.B, N = B * H, G = 4 * H;
  const Packed w = packed_of(run);
  Arena space_arena(run.workspace), tape_arena(run.tape);
  const BackwardSpace space(space_arena, T, B, H);
  const Tape tape(tape_arena, T, B, H);
  std::fill_n(space.zeros, H, 0.0f);
  std::fill_n(space.dh, N, 0.0f);
  if (run.dlast[0]) std::copy_n(run.dlast[0], N, space.dh);
  for (Index t = T - 1; t >= 0; --t) {
    float* dz = space.dz + t * B * G;
    for (Index b = 0; b < B; ++b) {
      const Index row = t * N + b * H;
      step_backward(H, tape.gates + (t * B + b) * G, tape.h + row, run.dy[0] ? run.dy[0] + row : space.zeros,
                    space.dh + b * H, dz + b * G);
    }
    if (t > 0 || run.dfirst[0]) product(B, H, 3 * H, {dz + H, G}, false, {w.u, H}, space.dh, H, true);
  }
  copy_if_wanted(space.dh, N, run.dfirst[0]);
  if (run.dx) product(T * B, I, 3 * H, {space.dz, G}, false, {w.w, I}, run.dx, I, false);
  if (run.dparameters) parameter_gradients(run, tape, space);
}

void Gru::parameter_gradients(const Run& run, const Tape& tape, const BackwardSpace& space) const {
  const Index rows = run.T * run.B, G = 4 * H;
  const float* dz = space.dz;
  float* const d = run.dparameters;
  product(2 * H, I, rows, {dz + H, G}, true, {run.x, I}, d + offset("W_r"), I, false);
  product(H, I, rows, {dz, G}, true, {run.x, I}, d + offset("W_n"), I, false);
  product(3 * H, H, rows, {dz + H, G}, true, {tape.h, H}, d + offset("U_r"), H, false);
  column_sums(rows, G, {dz, G}, space.sums);
  std::copy_n(space.sums + H, 2 * H, d + offset("b_r"));
  std::copy_n(space.sums, H, d + offset("b_n"));
  std::copy_n(space.sums + H, 3 * H, d + offset("d_r"));
}

}  // namespace

const rnnc_model* handwritten_gru(int I, int H, bool blas) {
  const Product product = product_of(blas);
  return product ? publish(std::make_unique<Gru>(I, H, product), target_of(blas)) : nullptr;
}

}  // namespace rnnc::bench
