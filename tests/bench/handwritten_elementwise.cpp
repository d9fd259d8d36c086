// Cells whose states see themselves entry by entry: minGRU, SRU and IndRNN. The products with x are one over all T*B
// rows, before and after a loop over time that has none. The compiler cannot see that arrays are apart: ivdep says it.
#include <algorithm>

#include "tests/bench/handwritten.h"
#include "tests/bench/handwritten_math.h"
#include "tests/bench/handwritten_model.h"

namespace rnnc::bench {
namespace {

// One row of one step, forward. Arrays are apart from each other.
struct ForwardRow {
  float* a;  // [gates H]: in: the products with x; out: what the backward pass wants to see
  const float *x, *s_old;
  float* s;  // the new state
  float* y;  // the output, where it is not the state; null: not wanted
};
// The same, backward.
struct BackwardRow {
  const float *a, *x, *s_old, *s, *dy;
  float* ds;  // in: of the new state, from later; out: of the old state
  float* da;  // of the products with x
  float* dv;  // of the vectors: added to
  float* dx;  // what reaches x past the products, where something does; null: not wanted
};

// Parameters: `gates` matrices [H, I], then `vectors` vectors.
class Elementwise : public Cell {
 public:
  void lay_out_packed(Arena& arena) const override { Packed(arena, *this); }
  void lay_out_tape(Arena& arena, Index T, Index B) const override { Tape(arena, *this, T, B); }
  void lay_out_forward(Arena& arena, Index T, Index B) const override { ForwardSpace(arena, *this, T, B); }
  void lay_out_backward(Arena& arena, Index T, Index B) const override { BackwardSpace(arena, *this, T, B); }

  void pack(const float* parameters, float* buffer) const override {
    Arena arena(buffer);
    const Packed packed(arena, *this);
    transpose(width(), I, parameters, packed.w_t);
    std::copy_n(parameters, width() * I, packed.w);
    std::copy_n(parameters + width() * I, vectors_ * H, packed.v);
  }
  void forward(const Run& run) const override;
  void backward(const Run& run) const override;

 protected:
  struct Wiring {
    bool output_is_state;
    bool x_is_seen;  // by more than the products
  };
  Elementwise(std::string name, Index I, Index H, const char* state, std::vector<std::string> gates,
              std::vector<std::string> vectors, Wiring wiring, Product product)
      : Cell(std::move(name), I, H, {state}, product), gates_(Index(gates.size())), vectors_(Index(vectors.size())),
        wiring_(wiring) {
    for (std::string& gate : gates) parameters.push_back({std::move(gate), H, I});
    for (std::string& vector : vectors) parameters.push_back({std::move(vector), H, 0});
    if (!wiring.output_is_state) outputs = {"h"};
  }
  virtual void row_forward(const float* v, const ForwardRow& row) const = 0;
  virtual void row_backward(const float* v, const BackwardRow& row) const = 0;

 private:
  Index width() const { return gates_ * H; }

  struct Packed {
    float *w_t, *w, *v;  // [I, gates H], [gates H, I], [vectors H]
    Packed(Arena& arena, const Elementwise& cell)
        : w_t(arena.take(cell.width() * cell.I)), w(arena.take(cell.width() * cell.I)),
          v(arena.take(cell.vectors_ * cell.H)) {}
  };
  struct Tape {
    float *s, *a;  // [T+1,B,H], the initial state first; [T,B,gates H]
    Tape(Arena& arena, const Elementwise& cell, Index T, Index B)
        : s(arena.take((T + 1) * B * cell.H)), a(arena.take(T * B * cell.width())) {}
  };
  struct ForwardSpace {
    float* a;     // [T,B,gates H]
    float* s[2];  // [B,H], in turn
    ForwardSpace(Arena& arena, const Elementwise& cell, Index T, Index B)
        : a(arena.take(T * B * cell.width())), s{arena.take(B * cell.H), arena.take(B * cell.H)} {}
  };
  struct BackwardSpace {
    float *da, *ds, *dv, *zeros;  // [T,B,gates H], [B,H], [vectors H], [H]
    BackwardSpace(Arena& arena, const Elementwise& cell, Index T, Index B)
        : da(arena.take(T * B * cell.width())), ds(arena.take(B * cell.H)), dv(arena.take(cell.vectors_ * cell.H)),
          zeros(arena.take(cell.H)) {}
  };
  Packed packed_of(const Run& run) const {
    Arena arena(const_cast<float*>(run.packed));
    return Packed(arena, *this);
  }

  const Index gates_, vectors_;
  const Wiring wiring_;
};

void Elementwise::forward(const Run& run) const {
  const Index T = run.T, B = run.B, N = B * H, G = width();
  const Packed w = packed_of(run);
  Arena space_arena(run.workspace), tape_arena(run.tape);
  const ForwardSpace space(space_arena, *this, T, B);
  const Tape tape(tape_arena, *this, T, B);
  const bool train = run.tape != nullptr;
  if (train) std::copy_n(run.first[0], N, tape.s);
  float* const a = train ? tape.a : space.a;
  float* const states = train ? tape.s + N : wiring_.output_is_state ? run.y[0] : nullptr;
  float* const y = wiring_.output_is_state ? nullptr : run.y[0];
  product(T * B, G, I, {run.x, I}, false, {w.w_t, G}, a, G, false);
  const float* s = run.first[0];
  for (Index t = 0; t < T; ++t) {
    float* s_new = states ? states + t * N : space.s[t % 2];
    for (Index b = 0; b < B; ++b) {
      const Index row = t * B + b;
      row_forward(w.v, {a + row * G, run.x + row * I, s + b * H, s_new + b * H, y ? y + row * H : nullptr});
    }
    s = s_new;
  }
  if (train && wiring_.output_is_state) copy_if_wanted(tape.s + N, T * N, run.y[0]);
  copy_if_wanted(s, N, run.last[0]);
}

void Elementwise::backward(const Run& run) const {
  const Index T = run.T, B = run.B, N = B * H, G = width(), rows = T * B;
  const Packed w = packed_of(run);
  Arena space_arena(run.workspace), tape_arena(run.tape);
  const BackwardSpace space(space_arena, *this, T, B);
  const Tape tape(tape_arena, *this, T, B);
  std::fill_n(space.zeros, H, 0.0f);
  std::fill_n(space.dv, vectors_ * H, 0.0f);
  std::fill_n(space.ds, N, 0.0f);
  if (run.dlast[0]) std::copy_n(run.dlast[0], N, space.ds);
  float* const dx = wiring_.x_is_seen ? run.dx : nullptr;
  for (Index t = T - 1; t >= 0; --t) {
    for (Index b = 0; b < B; ++b) {
      const Index row = t * B + b;
      row_backward(w.v, {tape.a + row * G, run.x + row * I, tape.s + row * H, tape.s + N + row * H,
                         run.dy[0] ? run.dy[0] + row * H : space.zeros, space.ds + b * H, space.da + row * G, space.dv,
                         dx ? dx + row * I : nullptr});
    }
  }
  copy_if_wanted(space.ds, N, run.dfirst[0]);
  if (run.dx) product(rows, I, G, {space.da, G}, false, {w.w, I}, run.dx, I, wiring_.x_is_seen);
  if (!run.dparameters) return;
  product(G, I, rows, {space.da, G}, true, {run.x, I}, run.dparameters, I, false);
  std::copy_n(space.dv, vectors_ * H, run.dparameters + G * I);
}

// z = sigmoid(W_z x + b_z), h = (1 - z) h[t-1] + z (W_n x + b_n).
class MinGru final : public Elementwise {
 public:
  MinGru(Index I, Index H, Product product)
      : Elementwise("MinGRU", I, H, "h", {"W_z", "W_n"}, {"b_z", "b_n"}, {true, false}, product) {}

 private:
  void row_forward(const float* v, const ForwardRow& row) const override {
    float *z = row.a, *n = row.a + H, *h = row.s;
    const float *h_old = row.s_old, *b_z = v, *b_n = v + H;
#pragma GCC ivdep
    for (Index j = 0; j < H; ++j) {
      z[j] = fast_sigmoid(z[j] + b_z[j]);
      n[j] += b_n[j];
      h[j] = h_old[j] + z[j] * (n[j] - h_old[j]);
    }
  }
  void row_backward(const float*, const BackwardRow& row) const override {
    const float *z = row.a, *n = row.a + H, *h_old = row.s_old, *dy = row.dy;
    float *dh = row.ds, *dz = row.da, *dn = row.da + H;
    float *db_z = row.dv, *db_n = row.dv + H;
#pragma GCC ivdep
    for (Index j = 0; j < H; ++j) {
      const float d = dh[j] + dy[j];
      dz[j] = d * (n[j] - h_old[j]) * z[j] * (1 - z[j]);
      dn[j] = d * z[j];
      db_z[j] += dz[j];
      db_n[j] += dn[j];
      dh[j] = d * (1 - z[j]);
    }
  }
};

// f = sigmoid(W_f x + v_f c[t-1] + b_f), c = f c[t-1] + (1 - f) W x, r = sigmoid(W_r x + v_r c[t-1] + b_r),
// h = r c + (1 - r) x; the products stand as [W x, f, r], the vectors as [v_f, v_r, b_f, b_r].
class Sru final : public Elementwise {
 public:
  Sru(Index H, Product product)
      : Elementwise("SRU", H, H, "c", {"W", "W_f", "W_r"}, {"v_f", "v_r", "b_f", "b_r"}, {false, true}, product) {}

 private:
  void row_forward(const float* v, const ForwardRow& row) const override {
    const float *w = row.a, *c_old = row.s_old, *x = row.x, *v_f = v, *v_r = v + H, *b_f = v + 2 * H, *b_r = v + 3 * H;
    float *f = row.a + H, *r = row.a + 2 * H, *c = row.s;
    float* y = row.y;
#pragma GCC ivdep
    for (Index j = 0; j < H; ++j) {
      f[j] = fast_sigmoid(f[j] + v_f[j] * c_old[j] + b_f[j]);
      r[j] = fast_sigmoid(r[j] + v_r[j] * c_old[j] + b_r[j]);
      c[j] = w[j] + f[j] * (c_old[j] - w[j]);
    }
    if (!y) return;
#pragma GCC ivdep
    for (Index j = 0; j < H; ++j) y[j] = x[j] + r[j] * (c[j] - x[j]);
  }
  void row_backward(const float* v, const BackwardRow& row) const override {
    const float *w = row.a, *f = row.a + H, *r = row.a + 2 * H, *c_old = row.s_old, *c = row.s, *x = row.x;
    const float *dh = row.dy, *v_f = v, *v_r = v + H;
    float *dc = row.ds, *dw = row.da, *df = row.da + H;
    float *dr = row.da + 2 * H, *dv_f = row.dv, *dv_r = row.dv + H;
    float *db_f = row.dv + 2 * H, *db_r = row.dv + 3 * H, *dx = row.dx;
#pragma GCC ivdep
    for (Index j = 0; j < H; ++j) {
      const float d = dc[j] + dh[j] * r[j];
      dw[j] = d * (1 - f[j]);
      df[j] = d * (c_old[j] - w[j]) * f[j] * (1 - f[j]);
      dr[j] = dh[j] * (c[j] - x[j]) * r[j] * (1 - r[j]);
      dc[j] = d * f[j] + df[j] * v_f[j] + dr[j] * v_r[j];
    }
#pragma GCC ivdep
    for (Index j = 0; j < H; ++j) {
      dv_f[j] += df[j] * c_old[j];
      dv_r[j] += dr[j] * c_old[j];
      db_f[j] += df[j];
      db_r[j] += dr[j];
    }
    if (!dx) return;
#pragma GCC ivdep
    for (Index j = 0; j < H; ++j) dx[j] = dh[j] * (1 - r[j]);
  }
};

// h = relu(W x + u h[t-1] + b).
class IndRnn final : public Elementwise {
 public:
  IndRnn(Index I, Index H, Product product)
      : Elementwise("IndRNN", I, H, "h", {"W"}, {"u", "b"}, {true, false}, product) {}

 private:
  void row_forward(const float* v, const ForwardRow& row) const override {
    const float *a = row.a, *h_old = row.s_old, *u = v, *b = v + H;
    float* h = row.s;
#pragma GCC ivdep
    for (Index j = 0; j < H; ++j) {
      const float sum = a[j] + u[j] * h_old[j] + b[j];
      h[j] = sum > 0 ? sum : 0;
    }
  }
  void row_backward(const float* v, const BackwardRow& row) const override {
    const float *h = row.s, *h_old = row.s_old, *dy = row.dy, *u = v;
    float *dh = row.ds, *da = row.da, *du = row.dv, *db = row.dv + H;
#pragma GCC ivdep
    for (Index j = 0; j < H; ++j) {
      const float d = h[j] > 0 ? dh[j] + dy[j] : 0;
      da[j] = d;
      du[j] += d * h_old[j];
      db[j] += d;
      dh[j] = d * u[j];
    }
  }
};

}  // namespace

const rnnc_model* handwritten_min_gru(int I, int H, bool blas) {
  const Product product = product_of(blas);
  return product ? publish(std::make_unique<MinGru>(I, H, product), target_of(blas)) : nullptr;
}

const rnnc_model* handwritten_sru(int I, int H, bool blas) {
  const Product product = product_of(blas);
  return product && I == H ? publish(std::make_unique<Sru>(H, product), target_of(blas)) : nullptr;
}

const rnnc_model* handwritten_indrnn(int I, int H, bool blas) {
  const Product product = product_of(blas);
  return product ? publish(std::make_unique<IndRnn>(I, H, product), target_of(blas)) : nullptr;
}

}  // namespace rnnc::bench
