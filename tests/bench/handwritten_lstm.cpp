// LSTM, with and without peepholes. Gates stand in the order i, f, o, g, as their weights do in the parameter array, so
// the four weights are one matrix [4H, …] as they are.
#include <algorithm>

#include "tests/bench/handwritten.h"
#include "tests/bench/handwritten_math.h"
#include "tests/bench/handwritten_model.h"

namespace rnnc::bench {
namespace {

template <bool peephole>
class Lstm final : public Cell {
 public:
  Lstm(Index I, Index H, Product product) : Cell(peephole ? "Peephole" : "LSTM", I, H, {"h", "c"}, product) {
    for (const char* gate : {"i", "f", "o", "g"}) parameters.push_back({std::string("W_") + gate, H, I});
    for (const char* gate : {"i", "f", "o", "g"}) parameters.push_back({std::string("U_") + gate, H, H});
    if (peephole) {
      for (const char* gate : {"i", "f", "o"}) parameters.push_back({std::string("p_") + gate, H, 0});
    }
    for (const char* gate : {"i", "o", "g"}) parameters.push_back({std::string("b_") + gate, H, 0});
    parameters.push_back({"b_f", H, 0, 1});
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
    float *w_t, *u_t;  // [I,4H], [H,4H]: forward
    float *w, *u;      // [4H,I], [4H,H]: backward
    float *bias, *p;   // [4H], [3H]
    Packed(Arena& arena, const Lstm& cell)
        : w_t(arena.take(4 * cell.H * cell.I)), u_t(arena.take(4 * cell.H * cell.H)),
          w(arena.take(4 * cell.H * cell.I)), u(arena.take(4 * cell.H * cell.H)), bias(arena.take(4 * cell.H)),
          p(arena.take(3 * cell.H)) {}
  };
  struct Tape {
    float *h, *c;   // [T+1,B,H], the initial state first
    float* tanh_c;  // [T,B,H]
    float* gates;   // [T,B,4H], after their activations
    Tape(Arena& arena, Index T, Index B, Index H)
        : h(arena.take((T + 1) * B * H)), c(arena.take((T + 1) * B * H)), tanh_c(arena.take(T * B * H)),
          gates(arena.take(T * B * 4 * H)) {}
  };
  struct ForwardSpace {
    float* z;            // [T,B,4H]
    float *h[2], *c[2];  // [B,H] each, in turn
    ForwardSpace(Arena& arena, Index T, Index B, Index H)
        : z(arena.take(T * B * 4 * H)), h{arena.take(B * H), arena.take(B * H)},
          c{arena.take(B * H), arena.take(B * H)} {}
  };
  struct BackwardSpace {
    float* dz;            // [T,B,4H]
    float *dh, *dc;       // [B,H]
    float *zeros, *sums;  // [H], [4H]
    BackwardSpace(Arena& arena, Index T, Index B, Index H)
        : dz(arena.take(T * B * 4 * H)), dh(arena.take(B * H)), dc(arena.take(B * H)), zeros(arena.take(H)),
          sums(arena.take(4 * H)) {}
  };

  Packed packed_of(const Run& run) const {
    Arena arena(const_cast<float*>(run.packed));
    return Packed(arena, *this);
  }

  template <bool train>
  static void gates_forward(Index H, float* z, const Packed& w, const float* c_old, float* c_new, float* h,
                            float* tanh_c);
  static void gates_backward(Index H, const float* gates, const Packed& w, const float* c_old, const float* tanh_c,
                             const float* dh, const float* dy_h, const float* dy_c, float* dc, float* dz);
  void parameter_gradients(const Run& run, const Tape& tape, const BackwardSpace& space) const;
};

template <bool peephole>
void Lstm<peephole>::pack(const float* parameters, float* buffer) const {
  Arena arena(buffer);
  const Packed packed(arena, *this);
  const float *w = parameters + offset("W_i"), *u = parameters + offset("U_i");
  std::copy_n(w, 4 * H * I, packed.w);
  std::copy_n(u, 4 * H * H, packed.u);
  transpose(4 * H, I, w, packed.w_t);
  transpose(4 * H, H, u, packed.u_t);
  Index gate = 0;
  for (const char* name : {"b_i", "b_f", "b_o", "b_g"})
    std::copy_n(parameters + offset(name), H, packed.bias + H * gate++);
  if (peephole) std::copy_n(parameters + offset("p_i"), 3 * H, packed.p);
}

// One row. `z` holds the pre-activations without bias; training leaves the gates there.
template <bool peephole>
template <bool train>
void Lstm<peephole>::gates_forward(Index H, float* z, const Packed& w, const float* c_old, float* __restrict__ c_new,
                                   float* __restrict__ h, float* __restrict__ tanh_c) {
  float *__restrict__ zi = z, *__restrict__ zf = z + H, *__restrict__ zo = z + 2 * H, *__restrict__ zg = z + 3 * H;
  const float *bi = w.bias, *bf = bi + H, *bo = bi + 2 * H, *bg = bi + 3 * H, *pi = w.p, *pf = pi + H, *po = pi + 2 * H;
  for (Index j = 0; j < H; ++j) {
    const float i = fast_sigmoid(zi[j] + bi[j] + (peephole ? pi[j] * c_old[j] : 0.0f));
    const float f = fast_sigmoid(zf[j] + bf[j] + (peephole ? pf[j] * c_old[j] : 0.0f));
    const float g = fast_tanh(zg[j] + bg[j]);
    const float c = f * c_old[j] + i * g;
    const float o = fast_sigmoid(zo[j] + bo[j] + (peephole ? po[j] * c : 0.0f));
    const float tc = fast_tanh(c);
    c_new[j] = c;
    h[j] = o * tc;
    if (train) zi[j] = i, zf[j] = f, zo[j] = o, zg[j] = g, tanh_c[j] = tc;
  }
}

template <bool peephole>
void Lstm<peephole>::forward(const Run& run) const {
  const Index T = run.T, B = run.B, N = B * H, G = 4 * H;
  const Packed w = packed_of(run);
  Arena space_arena(run.workspace), tape_arena(run.tape);
  const ForwardSpace space(space_arena, T, B, H);
  const Tape tape(tape_arena, T, B, H);
  const bool train = run.tape != nullptr;
  if (train) {
    std::copy_n(run.first[0], N, tape.h);
    std::copy_n(run.first[1], N, tape.c);
  }
  float* const z = train ? tape.gates : space.z;
  product(T * B, G, I, {run.x, I}, false, {w.w_t, G}, z, G, false);
  const float *h = run.first[0], *c = run.first[1];
  for (Index t = 0; t < T; ++t) {
    float* z_t = z + t * B * G;
    product(B, G, H, {h, H}, false, {w.u_t, G}, z_t, G, true);
    float* h_new = train ? tape.h + (t + 1) * N : run.y[0] ? run.y[0] + t * N : space.h[t % 2];
    float* c_new = train ? tape.c + (t + 1) * N : run.y[1] ? run.y[1] + t * N : space.c[t % 2];
    for (Index b = 0; b < B; ++b) {
      const Index r = b * H;
      if (train) {
        gates_forward<true>(H, z_t + b * G, w, c + r, c_new + r, h_new + r, tape.tanh_c + t * N + r);
      } else {
        gates_forward<false>(H, z_t + b * G, w, c + r, c_new + r, h_new + r, nullptr);
      }
    }
    h = h_new;
    c = c_new;
  }
  if (train) {
    copy_if_wanted(tape.h + N, T * N, run.y[0]);
    copy_if_wanted(tape.c + N, T * N, run.y[1]);
  }
  copy_if_wanted(h, N, run.last[0]);
  copy_if_wanted(c, N, run.last[1]);
}

// One row. dh and dy_h are the two parts of the gradient of h, dc (in: of the new c, from later; out: of the old c).
template <bool peephole>
void Lstm<peephole>::gates_backward(Index H, const float* gates, const Packed& w, const float* c_old,
                                    const float* tanh_c, const float* dh, const float* dy_h, const float* dy_c,
                                    float* __restrict__ dc, float* __restrict__ dz) {
  const float *is = gates, *fs = gates + H, *os = gates + 2 * H, *gs = gates + 3 * H;
  const float *pi = w.p, *pf = pi + H, *po = pi + 2 * H;
  float *__restrict__ di = dz, *__restrict__ df = dz + H, *__restrict__ d_o = dz + 2 * H, *__restrict__ dg = dz + 3 * H;
  for (Index j = 0; j < H; ++j) {
    const float i = is[j], f = fs[j], o = os[j], g = gs[j], tc = tanh_c[j], dhj = dh[j] + dy_h[j];
    const float ao = dhj * tc * o * (1 - o);
    const float dcj = dc[j] + dy_c[j] + dhj * o * (1 - tc * tc) + (peephole ? ao * po[j] : 0.0f);
    const float ai = dcj * g * i * (1 - i), af = dcj * c_old[j] * f * (1 - f);
    di[j] = ai;
    df[j] = af;
    d_o[j] = ao;
    dg[j] = dcj * i * (1 - g * g);
    dc[j] = dcj * f + (peephole ? ai * pi[j] + af * pf[j] : 0.0f);
  }
}

template <bool peephole>
void Lstm<peephole>::backward(const Run& run) const {
  const Index T = run.T, B = run.B, N = B * H, G = 4 * H;
  const Packed w = packed_of(run);
  Arena space_arena(run.workspace), tape_arena(run.tape);
  const BackwardSpace space(space_arena, T, B, H);
  const Tape tape(tape_arena, T, B, H);
  std::fill_n(space.zeros, H, 0.0f);
  std::fill_n(space.dh, N, 0.0f);
  std::fill_n(space.dc, N, 0.0f);
  if (run.dlast[0]) std::copy_n(run.dlast[0], N, space.dh);
  if (run.dlast[1]) std::copy_n(run.dlast[1], N, space.dc);
  for (Index t = T - 1; t >= 0; --t) {
    float* dz = space.dz + t * B * G;
    for (Index b = 0; b < B; ++b) {
      const Index r = b * H, row = t * N + r;
      gates_backward(H, tape.gates + (t * B + b) * G, w, tape.c + row, tape.tanh_c + row, space.dh + r,
                     run.dy[0] ? run.dy[0] + row : space.zeros, run.dy[1] ? run.dy[1] + row : space.zeros, space.dc + r,
                     dz + b * G);
    }
    if (t > 0 || run.dfirst[0]) product(B, H, G, {dz, G}, false, {w.u, H}, space.dh, H, false);
  }
  copy_if_wanted(space.dh, N, run.dfirst[0]);
  copy_if_wanted(space.dc, N, run.dfirst[1]);
  if (run.dx) product(T * B, I, G, {space.dz, G}, false, {w.w, I}, run.dx, I, false);
  if (run.dparameters) parameter_gradients(run, tape, space);
}

void add_products(Index n, const float* a, const float* b, float* __restrict__ sums) {
  for (Index j = 0; j < n; ++j) sums[j] += a[j] * b[j];
}

template <bool peephole>
void Lstm<peephole>::parameter_gradients(const Run& run, const Tape& tape, const BackwardSpace& space) const {
  const Index rows = run.T * run.B, N = run.B * H, G = 4 * H;
  float* const d = run.dparameters;
  product(G, I, rows, {space.dz, G}, true, {run.x, I}, d + offset("W_i"), I, false);
  product(G, H, rows, {space.dz, G}, true, {tape.h, H}, d + offset("U_i"), H, false);
  column_sums(rows, G, {space.dz, G}, space.sums);
  Index gate = 0;
  for (const char* name : {"b_i", "b_f", "b_o", "b_g"}) std::copy_n(space.sums + H * gate++, H, d + offset(name));
  if (!peephole) return;
  float* dp = d + offset("p_i");
  std::fill_n(dp, 3 * H, 0.0f);
  for (Index r = 0; r < rows; ++r) {
    const float *dz = space.dz + r * G, *c_old = tape.c + r * H;
    add_products(H, dz, c_old, dp);
    add_products(H, dz + H, c_old, dp + H);
    add_products(H, dz + 2 * H, c_old + N, dp + 2 * H);
  }
}

template <bool peephole>
const rnnc_model* make(int I, int H, bool blas) {
  const Product product = product_of(blas);
  return product ? publish(std::make_unique<Lstm<peephole>>(I, H, product), target_of(blas)) : nullptr;
}

}  // namespace

const rnnc_model* handwritten_lstm(int I, int H, bool blas) { return make<false>(I, H, blas); }
const rnnc_model* handwritten_peephole(int I, int H, bool blas) { return make<true>(I, H, blas); }

}  // namespace rnnc::bench
