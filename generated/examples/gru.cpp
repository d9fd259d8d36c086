// Made by rnnc from gru.rnn: the model `GRU` in float for AVX2 with FMA, 8 numbers a vector.
// Compile as C++17 with xsimd 8 and -mavx2 -mfma.
#include "gru.h"
#if RNNC_CELL_GRU != 4179496883
#error "the header is of another build of the model: rnnc writes both files together"
#endif

#if !(defined(__AVX2__) && defined(__FMA__))
#error "this file is made for AVX2 with FMA: compile it with -mavx2 -mfma"
#endif
#if defined(__FAST_MATH__)
#error "this file says exactly which operations are done: -ffast-math would change its results"
#elif defined(__ASSOCIATIVE_MATH__) || defined(__RECIPROCAL_MATH__) || defined(__NO_SIGNED_ZEROS__)
#error "this file says exactly which operations are done: -funsafe-math-optimizations would change its results"
#elif defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__ > 0
#error "this file computes with infinities and NaN: -ffinite-math-only would change its results"
#elif defined(__clang__)
#pragma float_control(precise, on)  // Clang says of no other such option that it is given; this lets it contract, see below
#endif

#if defined(__clang__)
#pragma clang fp contract(off)
#endif

#include <algorithm>
#include <cstring>
#include <limits>
#include <xsimd/xsimd.hpp>

// A product followed by a sum stays two roundings; where one is meant, there is an fma. After the includes: GCC inlines
// plain functions into those under a pragma, but not the other way round.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("fp-contract=off")
#endif

// Clang 19 orders instructions for a processor without AVX2 unless the command line names one; the tiles of the products
// would lose their registers to that.
#if defined(__clang__) && defined(__k8__)
#pragma clang attribute push(__attribute__((target("tune=haswell"))), apply_to = function)
#endif

namespace {

using vec = xsimd::batch<float, xsimd::fma3<xsimd::avx2>>;
using mask = vec::batch_bool_type;

#define RNNC_INLINE inline __attribute__((always_inline))

// GCC would read a vector from memory again for every multiply-add that uses it; this keeps it in its register.
#if defined(__GNUC__) && !defined(__clang__)
#define RNNC_KEEP(vector) asm("" : "+x"((vector).data))
#else
#define RNNC_KEEP(vector)
#endif

// Asks for memory that is needed a while later, so that nobody waits for it then. (GCC drops calls of a function that
// does nothing but __builtin_prefetch.)
#define RNNC_PREFETCH(address) asm volatile("prefetcht0 %0" : : "m"(*(address)))

// The number with this representation, in every lane.
RNNC_INLINE vec bits(uint32_t pattern) {
  float number;
  std::memcpy(&number, &pattern, sizeof number);
  return vec(number);
}

// The lanes' representations as whole numbers.
using whole = xsimd::batch<uint32_t, vec::arch_type>;

template <int count>
RNNC_INLINE vec shift_left(vec a) {
  return xsimd::bitwise_cast<vec>(xsimd::bitwise_cast<whole>(a) << count);
}

// True in the lanes below `count`.
template <int count>
RNNC_INLINE mask first_mask() {
  return mask(_mm256_castsi256_ps(_mm256_setr_epi32(
      -(count > 0), -(count > 1), -(count > 2), -(count > 3),
      -(count > 4), -(count > 5), -(count > 6), -(count > 7))));
}

// The first `count` lanes to memory; nothing beyond them is written.
template <int count>
RNNC_INLINE void store_first(float* to, vec x) {
  if (count == 8) return x.store_unaligned(to);
  __m128 part = _mm256_castps256_ps128(x);
  if (count >= 4) {
    _mm_storeu_ps(to, part);
    part = _mm256_extractf128_ps(x, 1);
  }
  if (count % 4 >= 2) {
    _mm_storel_pi(reinterpret_cast<__m64*>(to + count / 4 * 4), part);
    part = _mm_movehl_ps(part, part);
  }
  if (count % 2 == 1) _mm_store_ss(to + count - 1, part);
}

// What one call works on: its numbers, and where its arrays are.
struct Run {
  int64_t T;  // the number of steps
  int64_t B;  // the number of rows
  int64_t first_step;  // the absolute number of step 0
  int64_t training;  // 1 in a training run, else 0
  int64_t windows;  // into how many windows of steps training is divided
  int64_t window;  // the steps of one of them
  float* h_start;  // h_start as [B][32]
  float* r_input;  // r_input as [block of steps][B][32]
  float* z_input;  // z_input as [block of steps][B][32]
  float* n_input;  // n_input as [block of steps][B][32]
  float* h;  // h as [T+1][B][32]
  float* h_final;  // h.final as [B][32]
  const float* h_init;  // h.init [1][B][32], oldest first
  float* panel_W_r_W_z_W_n;  // W_r, W_z, W_n as [4][16][3][8]
  const float* param_W_r;  // W_r [32, 16]
  const float* param_W_z;  // W_z [32, 16]
  const float* param_W_n;  // W_n [32, 16]
  float* b_r;  // b_r [32]
  const float* param_b_r;  // b_r [32]
  float* d_r;  // d_r [32]
  const float* param_d_r;  // d_r [32]
  float* b_z;  // b_z [32]
  const float* param_b_z;  // b_z [32]
  float* d_z;  // d_z [32]
  const float* param_d_z;  // d_z [32]
  float* b_n;  // b_n [32]
  const float* param_b_n;  // b_n [32]
  const float* x;  // x [T][B][16]
  float* panel_U_r_U_z_U_n;  // U_r, U_z, U_n as [4][32][3][8]
  const float* param_U_r;  // U_r [32, 32]
  const float* param_U_z;  // U_z [32, 32]
  const float* param_U_n;  // U_n [32, 32]
  float* d_n;  // d_n [32]
  const float* param_d_n;  // d_n [32]
  float* h_2;  // h [T][B][32]
  float* h_final_2;  // h.final [B][32]
  float* tape_h_start;  // h_start as [B][32]
  float* r_input_2;  // r_input as [block of steps][B][32]
  float* tape_r;  // r as [window][B][32]
  float* z_input_2;  // z_input as [block of steps][B][32]
  float* tape_z;  // z as [window+1][B][32]
  float* tape_add;  // add as [window][B][32]
  float* n_input_2;  // n_input as [block of steps][B][32]
  float* tape_n;  // n as [window][B][32]
  float* tape_h;  // h as [window+1][B][32]
  float* h_final_3;  // h.final as [B][32]
  float* checkpoints_h;  // where each window of h goes on from, as [windows][1][B][32]
  float* x_2;  // x as [block of steps][B][16]
  float* d_h;  // d.h as [window+1][B][32]
  float* d_n_pre;  // d.n.pre as [block of steps][B][32]
  float* d_r_pre;  // d.r.pre as [window+1][B][32]
  float* parameter_gradients;  // gradients of all parameters, laid out like these
  float* d_n_1;  // d.n.1 as [window+1][B][32]
  float* first_z;  // first_z as [B][32]
  float* first_d_h;  // first_d.h as [B][32]
  float* first_d_n_1;  // first_d.n.1 as [B][32]
  float* first_d_z_pre;  // first_d.z.pre as [B][32]
  float* first_d_r_pre;  // first_d.r.pre as [B][32]
  float* grad_h_init;  // grad.h.init as [B][32]
  float* d_z_pre;  // d.z.pre as [window+1][B][32]
  float* grad_x;  // grad.x as [block of steps][B][16]
  float* d_h_2;  // gradient of h [T][B][32]
  float* d_h_final;  // gradient of h.final [B][32]
  float* panel_U_r_transposed;  // U_r_transposed as [4][32][1][8]
  float* panel_U_z_transposed;  // U_z_transposed as [4][32][1][8]
  float* panel_U_n_transposed;  // U_n_transposed as [4][32][1][8]
  float* panel_W_r_transposed;  // W_r_transposed as [2][32][1][8]
  float* panel_W_z_transposed;  // W_z_transposed as [2][32][1][8]
  float* panel_W_n_transposed;  // W_n_transposed as [2][32][1][8]
  float* grad_x_2;  // grad.x [T][B][16]
  float* grad_h_init_2;  // grad.h.init [B][32]
  bool given_h_init;
  bool given_d_h_2;
  bool given_d_h_final;
  const int32_t* row_lengths[1];
  int64_t row_steps[1];
  // The length of a row along an axis: all steps, where the caller gives no lengths.
  int64_t length(int axis, int64_t row) const {
    return row_lengths[axis] == nullptr ? row_steps[axis] : row_lengths[axis][row];
  }
  rnnc_parallel_for parallel_for;  // null: one thread
  void* pool;
};

// body(begin, end) for all of [0, extent): in the caller's threads if it costs enough multiply-adds, else here at once.
template <class Body>
void launch(const Run& run, int64_t extent, int64_t cost, const Body& body) {
  if (extent <= 0) return;
  if (run.parallel_for == nullptr || extent == 1 || cost <= 40000) {
    body(0, extent);
    return;
  }
  auto share = [](void* context, int64_t begin, int64_t end) { (*static_cast<const Body*>(context))(begin, end); };
  run.parallel_for(run.pool, extent, share, const_cast<Body*>(&body));
}

void infer_h_start_given(const Run& run, int64_t begin, int64_t end) {
  float* __restrict h_start_at = run.h_start;
  const float* __restrict h_init = run.h_init;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 4; ++j) {
      const vec h_start = vec::load_unaligned(h_init + b * 32 + j * 8);
      h_start.store_unaligned(h_start_at + b * 32 + j * 8);
    }
  }
}

void infer_h_start_default(const Run& run, int64_t begin, int64_t end) {
  float* __restrict h_start = run.h_start;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 4; ++j) {
      vec(0.0f).store_unaligned(h_start + b * 32 + j * 8);
    }
  }
}

// the steps around h
void infer_h_boundary(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict h_start_at = run.h_start;
  float* __restrict h = run.h;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 4; ++j) {
      const vec h_start = vec::load_unaligned(h_start_at + b * 32 + j * 8);
      h_start.store_unaligned(h + b * 32 + j * 8);
    }
  }
}

void pack_panel_W_r_W_z_W_n(const Run& run, int64_t begin, int64_t end) {
  float* __restrict panel_W_r_W_z_W_n = run.panel_W_r_W_z_W_n;
  const float* __restrict param_W_r = run.param_W_r;
  const float* __restrict param_W_z = run.param_W_z;
  const float* __restrict param_W_n = run.param_W_n;

  for (int64_t block = begin; block < end; ++block) {
    for (int64_t k = 0; k < 16; ++k) {
      for (int64_t lane = 0; lane < 8; ++lane) {
        const vec v1 = vec(param_W_r[(block * 8 + lane) * 16 + k]);
        store_first<1>(panel_W_r_W_z_W_n + (block * 16 + k) * 24 + lane, v1);
      }
      for (int64_t lane = 0; lane < 8; ++lane) {
        const vec v1 = vec(param_W_z[(block * 8 + lane) * 16 + k]);
        store_first<1>(panel_W_r_W_z_W_n + (block * 16 + k) * 24 + lane + 8, v1);
      }
      for (int64_t lane = 0; lane < 8; ++lane) {
        const vec v1 = vec(param_W_n[(block * 8 + lane) * 16 + k]);
        store_first<1>(panel_W_r_W_z_W_n + (block * 16 + k) * 24 + lane + 16, v1);
      }
    }
  }
}

void pack_b_r(const Run& run, int64_t begin, int64_t end) {
  float* __restrict b_r = run.b_r;
  const float* __restrict param_b_r = run.param_b_r;

  for (int64_t i = begin; i < end; ++i) {
    const vec v1 = vec(param_b_r[i]);
    store_first<1>(b_r + i, v1);
  }
}

void pack_d_r(const Run& run, int64_t begin, int64_t end) {
  float* __restrict d_r = run.d_r;
  const float* __restrict param_d_r = run.param_d_r;

  for (int64_t i = begin; i < end; ++i) {
    const vec v1 = vec(param_d_r[i]);
    store_first<1>(d_r + i, v1);
  }
}

void pack_b_z(const Run& run, int64_t begin, int64_t end) {
  float* __restrict b_z = run.b_z;
  const float* __restrict param_b_z = run.param_b_z;

  for (int64_t i = begin; i < end; ++i) {
    const vec v1 = vec(param_b_z[i]);
    store_first<1>(b_z + i, v1);
  }
}

void pack_d_z(const Run& run, int64_t begin, int64_t end) {
  float* __restrict d_z = run.d_z;
  const float* __restrict param_d_z = run.param_d_z;

  for (int64_t i = begin; i < end; ++i) {
    const vec v1 = vec(param_d_z[i]);
    store_first<1>(d_z + i, v1);
  }
}

void pack_b_n(const Run& run, int64_t begin, int64_t end) {
  float* __restrict b_n = run.b_n;
  const float* __restrict param_b_n = run.param_b_n;

  for (int64_t i = begin; i < end; ++i) {
    const vec v1 = vec(param_b_n[i]);
    store_first<1>(b_n + i, v1);
  }
}

// r_input = W_r @ x + b_r + d_r
// z_input = W_z @ x + b_z + d_z
// n_input = W_n @ x + b_n
void infer_r_input_z_input_n_input_epilogue(const Run& run, vec sum, vec sum_2, vec sum_3, int64_t t0, int64_t,
    int64_t r, int64_t j) {
  const int64_t B = run.B;
  float* r_input = run.r_input;
  float* z_input = run.z_input;
  float* n_input = run.n_input;
  const float* b_r_at = run.b_r;
  const float* d_r_at = run.d_r;
  const float* b_z_at = run.b_z;
  const float* d_z_at = run.d_z;
  const float* b_n_at = run.b_n;

  const vec b_r = vec::load_unaligned(b_r_at + j);
  const vec v1 = sum + b_r;
  const vec d_r = vec::load_unaligned(d_r_at + j);
  const vec v2 = v1 + d_r;
  v2.store_unaligned(r_input + (r - t0 * B) * 32 + j);
  const vec b_z = vec::load_unaligned(b_z_at + j);
  const vec v3 = sum_2 + b_z;
  const vec d_z = vec::load_unaligned(d_z_at + j);
  const vec v4 = v3 + d_z;
  v4.store_unaligned(z_input + (r - t0 * B) * 32 + j);
  const vec b_n = vec::load_unaligned(b_n_at + j);
  const vec v5 = sum_3 + b_n;
  v5.store_unaligned(n_input + (r - t0 * B) * 32 + j);
}

// r_input = W_r @ x + b_r + d_r
// z_input = W_z @ x + b_z + d_z
// n_input = W_n @ x + b_n
void infer_r_input_z_input_n_input(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1) {
  const int64_t B = run.B;
  float* r_input = run.r_input;
  float* z_input = run.z_input;
  float* n_input = run.n_input;
  const float* __restrict panel_W_r_W_z_W_n = run.panel_W_r_W_z_W_n;
  const float* b_r = run.b_r;
  const float* d_r = run.d_r;
  const float* b_z = run.b_z;
  const float* d_z = run.d_z;
  const float* b_n = run.b_n;
  const float* __restrict x = run.x;

  const int64_t stop = std::min<int64_t>(end * 8, (t1 - t0) * B);
  const int64_t tiles = (stop - begin * 8) / 4;
  const int64_t pairs = (stop - begin * 8 - tiles * 4) / 2;
  for (int64_t tile = 0; tile < 4; ++tile) {
    for (int64_t r = begin * 8 + t0 * B; r < begin * 8 + tiles * 4 + t0 * B; r += 4) {
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      vec v5 = vec(0.0f);
      vec v6 = vec(0.0f);
      vec v7 = vec(0.0f);
      vec v8 = vec(0.0f);
      vec v9 = vec(0.0f);
      vec v10 = vec(0.0f);
      vec v11 = vec(0.0f);
      vec v12 = vec(0.0f);
      #pragma GCC unroll 4
      for (int64_t k = 0; k < 16; ++k) {
        vec w0 = vec::load_unaligned(panel_W_r_W_z_W_n + (tile * 16 + k) * 24); RNNC_KEEP(w0);
        vec w1 = vec::load_unaligned(panel_W_r_W_z_W_n + (tile * 16 + k) * 24 + 8); RNNC_KEEP(w1);
        vec w2 = vec::load_unaligned(panel_W_r_W_z_W_n + (tile * 16 + k) * 24 + 16); RNNC_KEEP(w2);
        const vec x0 = vec(x[r * 16 + k]);
        v1 = xsimd::fma(w0, x0, v1);
        v2 = xsimd::fma(w1, x0, v2);
        v3 = xsimd::fma(w2, x0, v3);
        const vec x1 = vec(x[(r + 1) * 16 + k]);
        v4 = xsimd::fma(w0, x1, v4);
        v5 = xsimd::fma(w1, x1, v5);
        v6 = xsimd::fma(w2, x1, v6);
        const vec x2 = vec(x[(r + 2) * 16 + k]);
        v7 = xsimd::fma(w0, x2, v7);
        v8 = xsimd::fma(w1, x2, v8);
        v9 = xsimd::fma(w2, x2, v9);
        const vec x3 = vec(x[(r + 3) * 16 + k]);
        v10 = xsimd::fma(w0, x3, v10);
        v11 = xsimd::fma(w1, x3, v11);
        v12 = xsimd::fma(w2, x3, v12);
      }
      infer_r_input_z_input_n_input_epilogue(run, v1, v2, v3, t0, t1, r, tile * 8);
      infer_r_input_z_input_n_input_epilogue(run, v4, v5, v6, t0, t1, r + 1, tile * 8);
      infer_r_input_z_input_n_input_epilogue(run, v7, v8, v9, t0, t1, r + 2, tile * 8);
      infer_r_input_z_input_n_input_epilogue(run, v10, v11, v12, t0, t1, r + 3, tile * 8);
    }
    for (int64_t r = begin * 8 + tiles * 4 + t0 * B; r < begin * 8 + tiles * 4 + pairs * 2 + t0 * B; r += 2) {
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      vec v5 = vec(0.0f);
      vec v6 = vec(0.0f);
      for (int64_t k = 0; k < 16; ++k) {
        const vec x0 = vec(x[r * 16 + k]);
        const vec x1 = vec(x[(r + 1) * 16 + k]);
        vec w0 = vec::load_unaligned(panel_W_r_W_z_W_n + (tile * 16 + k) * 24); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v4 = xsimd::fma(w0, x1, v4);
        vec w1 = vec::load_unaligned(panel_W_r_W_z_W_n + (tile * 16 + k) * 24 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v5 = xsimd::fma(w1, x1, v5);
        vec w2 = vec::load_unaligned(panel_W_r_W_z_W_n + (tile * 16 + k) * 24 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v6 = xsimd::fma(w2, x1, v6);
      }
      infer_r_input_z_input_n_input_epilogue(run, v1, v2, v3, t0, t1, r, tile * 8);
      infer_r_input_z_input_n_input_epilogue(run, v4, v5, v6, t0, t1, r + 1, tile * 8);
    }
  }
  for (int64_t r = begin * 8 + tiles * 4 + pairs * 2 + t0 * B; r < t0 * B + stop; ++r) {
    vec v1 = vec(0.0f);
    vec v2 = vec(0.0f);
    vec v3 = vec(0.0f);
    vec v4 = vec(0.0f);
    vec v5 = vec(0.0f);
    vec v6 = vec(0.0f);
    vec v7 = vec(0.0f);
    vec v8 = vec(0.0f);
    vec v9 = vec(0.0f);
    vec v10 = vec(0.0f);
    vec v11 = vec(0.0f);
    vec v12 = vec(0.0f);
    for (int64_t k = 0; k < 16; ++k) {
      const vec x0 = vec(x[r * 16 + k]);
      const vec w0 = vec::load_unaligned(panel_W_r_W_z_W_n + k * 24);
      v1 = xsimd::fma(w0, x0, v1);
      const vec w1 = vec::load_unaligned(panel_W_r_W_z_W_n + k * 24 + 8);
      v2 = xsimd::fma(w1, x0, v2);
      const vec w2 = vec::load_unaligned(panel_W_r_W_z_W_n + k * 24 + 16);
      v3 = xsimd::fma(w2, x0, v3);
      const vec w3 = vec::load_unaligned(panel_W_r_W_z_W_n + (k + 16) * 24);
      v4 = xsimd::fma(w3, x0, v4);
      const vec w4 = vec::load_unaligned(panel_W_r_W_z_W_n + k * 24 + 392);
      v5 = xsimd::fma(w4, x0, v5);
      const vec w5 = vec::load_unaligned(panel_W_r_W_z_W_n + k * 24 + 400);
      v6 = xsimd::fma(w5, x0, v6);
      const vec w6 = vec::load_unaligned(panel_W_r_W_z_W_n + (k + 32) * 24);
      v7 = xsimd::fma(w6, x0, v7);
      const vec w7 = vec::load_unaligned(panel_W_r_W_z_W_n + k * 24 + 776);
      v8 = xsimd::fma(w7, x0, v8);
      const vec w8 = vec::load_unaligned(panel_W_r_W_z_W_n + k * 24 + 784);
      v9 = xsimd::fma(w8, x0, v9);
      const vec w9 = vec::load_unaligned(panel_W_r_W_z_W_n + (k + 48) * 24);
      v10 = xsimd::fma(w9, x0, v10);
      const vec w10 = vec::load_unaligned(panel_W_r_W_z_W_n + k * 24 + 1160);
      v11 = xsimd::fma(w10, x0, v11);
      const vec w11 = vec::load_unaligned(panel_W_r_W_z_W_n + k * 24 + 1168);
      v12 = xsimd::fma(w11, x0, v12);
    }
    const vec b_r0 = vec::load_unaligned(b_r);
    const vec v13 = v1 + b_r0;
    const vec d_r0 = vec::load_unaligned(d_r);
    const vec v14 = v13 + d_r0;
    v14.store_unaligned(r_input + (r - t0 * B) * 32);
    const vec b_r1 = vec::load_unaligned(b_r + 8);
    const vec v15 = v4 + b_r1;
    const vec d_r1 = vec::load_unaligned(d_r + 8);
    const vec v16 = v15 + d_r1;
    v16.store_unaligned(r_input + (r - t0 * B) * 32 + 8);
    const vec b_r2 = vec::load_unaligned(b_r + 16);
    const vec v17 = v7 + b_r2;
    const vec d_r2 = vec::load_unaligned(d_r + 16);
    const vec v18 = v17 + d_r2;
    v18.store_unaligned(r_input + (r - t0 * B) * 32 + 16);
    const vec b_r3 = vec::load_unaligned(b_r + 24);
    const vec v19 = v10 + b_r3;
    const vec d_r3 = vec::load_unaligned(d_r + 24);
    const vec v20 = v19 + d_r3;
    v20.store_unaligned(r_input + (r - t0 * B) * 32 + 24);
    const vec b_z0 = vec::load_unaligned(b_z);
    const vec v21 = v2 + b_z0;
    const vec d_z0 = vec::load_unaligned(d_z);
    const vec v22 = v21 + d_z0;
    v22.store_unaligned(z_input + (r - t0 * B) * 32);
    const vec b_z1 = vec::load_unaligned(b_z + 8);
    const vec v23 = v5 + b_z1;
    const vec d_z1 = vec::load_unaligned(d_z + 8);
    const vec v24 = v23 + d_z1;
    v24.store_unaligned(z_input + (r - t0 * B) * 32 + 8);
    const vec b_z2 = vec::load_unaligned(b_z + 16);
    const vec v25 = v8 + b_z2;
    const vec d_z2 = vec::load_unaligned(d_z + 16);
    const vec v26 = v25 + d_z2;
    v26.store_unaligned(z_input + (r - t0 * B) * 32 + 16);
    const vec b_z3 = vec::load_unaligned(b_z + 24);
    const vec v27 = v11 + b_z3;
    const vec d_z3 = vec::load_unaligned(d_z + 24);
    const vec v28 = v27 + d_z3;
    v28.store_unaligned(z_input + (r - t0 * B) * 32 + 24);
    const vec b_n0 = vec::load_unaligned(b_n);
    const vec v29 = v3 + b_n0;
    v29.store_unaligned(n_input + (r - t0 * B) * 32);
    const vec b_n1 = vec::load_unaligned(b_n + 8);
    const vec v30 = v6 + b_n1;
    v30.store_unaligned(n_input + (r - t0 * B) * 32 + 8);
    const vec b_n2 = vec::load_unaligned(b_n + 16);
    const vec v31 = v9 + b_n2;
    v31.store_unaligned(n_input + (r - t0 * B) * 32 + 16);
    const vec b_n3 = vec::load_unaligned(b_n + 24);
    const vec v32 = v12 + b_n3;
    v32.store_unaligned(n_input + (r - t0 * B) * 32 + 24);
  }
}

void pack_panel_U_r_U_z_U_n(const Run& run, int64_t begin, int64_t end) {
  float* __restrict panel_U_r_U_z_U_n = run.panel_U_r_U_z_U_n;
  const float* __restrict param_U_r = run.param_U_r;
  const float* __restrict param_U_z = run.param_U_z;
  const float* __restrict param_U_n = run.param_U_n;

  for (int64_t block = begin; block < end; ++block) {
    for (int64_t k = 0; k < 32; ++k) {
      for (int64_t lane = 0; lane < 8; ++lane) {
        const vec v1 = vec(param_U_r[(block * 8 + lane) * 32 + k]);
        store_first<1>(panel_U_r_U_z_U_n + (block * 32 + k) * 24 + lane, v1);
      }
      for (int64_t lane = 0; lane < 8; ++lane) {
        const vec v1 = vec(param_U_z[(block * 8 + lane) * 32 + k]);
        store_first<1>(panel_U_r_U_z_U_n + (block * 32 + k) * 24 + lane + 8, v1);
      }
      for (int64_t lane = 0; lane < 8; ++lane) {
        const vec v1 = vec(param_U_n[(block * 8 + lane) * 32 + k]);
        store_first<1>(panel_U_r_U_z_U_n + (block * 32 + k) * 24 + lane + 16, v1);
      }
    }
  }
}

// 1 / (1 + exp(-x))
RNNC_INLINE vec rnnc_sigmoid(vec x) {
  const vec v1 = xsimd::min(vec(87.0f), x);
  const vec v2 = xsimd::max(vec(-89.0f), v1);
  const vec v3 = xsimd::fma(v2, vec(-1.442695f), vec(12583039.0f));
  const vec v4 = v3 - vec(12583039.0f);
  vec v5 = xsimd::fnma(v4, vec(-0.6933594f), v2);
  v5 = xsimd::fnma(v4, vec(0.00021219444f), v5);
  const vec v6 = shift_left<23>(v3);
  vec v7 = xsimd::fma(vec(0.00138146f), v5, vec(-0.008368717f));
  v7 = xsimd::fma(v7, v5, vec(0.04166839f));
  v7 = xsimd::fma(v7, v5, vec(-0.16666521f));
  v7 = xsimd::fma(v7, v5, vec(0.49999994f));
  v7 = xsimd::fma(v7, v5, vec(-1.0f));
  v7 = xsimd::fma(v7, v5, vec(1.0f));
  v7 = xsimd::fma(v7, v6, vec(1.0f));
  const vec v8 = vec(1.0f) / v7;
  return v8;
}

void pack_d_n(const Run& run, int64_t begin, int64_t end) {
  float* __restrict d_n = run.d_n;
  const float* __restrict param_d_n = run.param_d_n;

  for (int64_t i = begin; i < end; ++i) {
    const vec v1 = vec(param_d_n[i]);
    store_first<1>(d_n + i, v1);
  }
}

// hyperbolic tangent
RNNC_INLINE vec rnnc_tanh(vec x) {
  const vec v1 = xsimd::abs(x);
  const vec v2 = xsimd::min(vec(10.0f), v1);
  const vec v3 = xsimd::fma(v2, vec(2.88539f), vec(12583039.0f));
  const vec v4 = v3 - vec(12583039.0f);
  vec v5 = xsimd::fnma(v4, vec(0.3466797f), v2);
  v5 = xsimd::fnma(v4, vec(-0.00010609722f), v5);
  const vec v6 = shift_left<23>(v3);
  vec v7 = xsimd::fma(v6, vec(0.5f), vec(-0.5f));
  const vec v8 = v5 * v5;
  vec v9 = xsimd::fma(vec(0.044424076f), v8, vec(0.3333376f));
  v9 = xsimd::fma(v9, v8, vec(0.99999994f));
  const vec v10 = xsimd::fma(vec(0.13386433f), v8, vec(0.66666174f));
  v9 = xsimd::fma(v10, v5, v9);
  v5 = xsimd::fma(v8, v9, v5);
  v7 = xsimd::fma(v5, v6, v7);
  const vec v11 = v7 + vec(1.0f);
  const vec v12 = v7 / v11;
  const vec v13 = x & bits(0x80000000u);
  const vec v14 = v12 ^ v13;
  return v14;
}

// h = (1 - z) * n + z * h[t-1]    (gru.rnn:10)
void infer_h_epilogue(const Run& run, vec r_sum, vec z_sum, vec d_r_sum, int64_t t0, int64_t t, int64_t b, int64_t j) {
  const int64_t B = run.B;
  const float* r_input_at = run.r_input;
  const float* z_input_at = run.z_input;
  const float* n_input_at = run.n_input;
  float* h_at = run.h;
  const float* d_n_at = run.d_n;
  float* h_2 = run.h_2;

  const vec z_input = vec::load_unaligned(z_input_at + ((t - t0) * B + b) * 32 + j);
  const vec v1 = z_input + z_sum;
  const vec z = rnnc_sigmoid(v1);
  const vec v2 = vec(1.0f) - z;
  const vec n_input = vec::load_unaligned(n_input_at + ((t - t0) * B + b) * 32 + j);
  const vec r_input = vec::load_unaligned(r_input_at + ((t - t0) * B + b) * 32 + j);
  const vec v3 = r_input + r_sum;
  const vec r = rnnc_sigmoid(v3);
  const vec d_n = vec::load_unaligned(d_n_at + j);
  const vec v4 = d_r_sum + d_n;
  const vec v5 = r * v4;
  const vec v6 = n_input + v5;
  const vec n = rnnc_tanh(v6);
  const vec v7 = v2 * n;
  const vec h_before = vec::load_unaligned(h_at + (t * B + b) * 32 + j);
  const vec v8 = z * h_before;
  const vec h = v7 + v8;
  h.store_unaligned(h_at + ((t + 1) * B + b) * 32 + j);
  const int64_t length = run.length(0, b);
  const mask m1 = mask(t < length);
  const vec v9 = xsimd::select(m1, h, vec(0.0f));
  v9.store_unaligned(h_2 + (t * B + b) * 32 + j);
}

void infer_h_prefetch(const Run& run, int64_t, int64_t t, int64_t b, int64_t j) {
  const int64_t B = run.B;
  const float* h = run.h;
  const float* h_2 = run.h_2;

  RNNC_PREFETCH(h + (t * B + b) * 32 + j);
  RNNC_PREFETCH(h + ((t + 1) * B + b) * 32 + j);
  RNNC_PREFETCH(h_2 + (t * B + b) * 32 + j);
}

// h = (1 - z) * n + z * h[t-1]    (gru.rnn:10)
void infer_h(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t) {
  const int64_t B = run.B;
  const float* r_input = run.r_input;
  const float* z_input = run.z_input;
  const float* n_input = run.n_input;
  float* h = run.h;
  const float* __restrict panel_U_r_U_z_U_n = run.panel_U_r_U_z_U_n;
  const float* d_n = run.d_n;
  float* h_2 = run.h_2;

  const int64_t stop = std::min<int64_t>(end * 8, B);
  const int64_t tiles = (stop - begin * 8) / 4;
  const int64_t pairs = (stop - begin * 8 - tiles * 4) / 2;
  for (int64_t tile = 0; tile < 4; ++tile) {
    for (int64_t b = begin * 8; b < begin * 8 + tiles * 4; b += 4) {
      infer_h_prefetch(run, t0, t, b, tile * 8);
      infer_h_prefetch(run, t0, t, b + 1, tile * 8);
      infer_h_prefetch(run, t0, t, b + 2, tile * 8);
      infer_h_prefetch(run, t0, t, b + 3, tile * 8);
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      vec v5 = vec(0.0f);
      vec v6 = vec(0.0f);
      vec v7 = vec(0.0f);
      vec v8 = vec(0.0f);
      vec v9 = vec(0.0f);
      vec v10 = vec(0.0f);
      vec v11 = vec(0.0f);
      vec v12 = vec(0.0f);
      #pragma GCC unroll 4
      for (int64_t k = 0; k < 32; ++k) {
        vec w0 = vec::load_unaligned(panel_U_r_U_z_U_n + (tile * 32 + k) * 24); RNNC_KEEP(w0);
        vec w1 = vec::load_unaligned(panel_U_r_U_z_U_n + (tile * 32 + k) * 24 + 8); RNNC_KEEP(w1);
        vec w2 = vec::load_unaligned(panel_U_r_U_z_U_n + (tile * 32 + k) * 24 + 16); RNNC_KEEP(w2);
        const vec x0 = vec(h[(t * B + b) * 32 + k]);
        v1 = xsimd::fma(w0, x0, v1);
        v2 = xsimd::fma(w1, x0, v2);
        v3 = xsimd::fma(w2, x0, v3);
        const vec x1 = vec(h[(t * B + b + 1) * 32 + k]);
        v4 = xsimd::fma(w0, x1, v4);
        v5 = xsimd::fma(w1, x1, v5);
        v6 = xsimd::fma(w2, x1, v6);
        const vec x2 = vec(h[(t * B + b + 2) * 32 + k]);
        v7 = xsimd::fma(w0, x2, v7);
        v8 = xsimd::fma(w1, x2, v8);
        v9 = xsimd::fma(w2, x2, v9);
        const vec x3 = vec(h[(t * B + b + 3) * 32 + k]);
        v10 = xsimd::fma(w0, x3, v10);
        v11 = xsimd::fma(w1, x3, v11);
        v12 = xsimd::fma(w2, x3, v12);
      }
      infer_h_epilogue(run, v1, v2, v3, t0, t, b, tile * 8);
      infer_h_epilogue(run, v4, v5, v6, t0, t, b + 1, tile * 8);
      infer_h_epilogue(run, v7, v8, v9, t0, t, b + 2, tile * 8);
      infer_h_epilogue(run, v10, v11, v12, t0, t, b + 3, tile * 8);
    }
    for (int64_t b = begin * 8 + tiles * 4; b < begin * 8 + tiles * 4 + pairs * 2; b += 2) {
      infer_h_prefetch(run, t0, t, b, tile * 8);
      infer_h_prefetch(run, t0, t, b + 1, tile * 8);
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      vec v5 = vec(0.0f);
      vec v6 = vec(0.0f);
      for (int64_t k = 0; k < 32; ++k) {
        const vec x0 = vec(h[(t * B + b) * 32 + k]);
        const vec x1 = vec(h[(t * B + b + 1) * 32 + k]);
        vec w0 = vec::load_unaligned(panel_U_r_U_z_U_n + (tile * 32 + k) * 24); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v4 = xsimd::fma(w0, x1, v4);
        vec w1 = vec::load_unaligned(panel_U_r_U_z_U_n + (tile * 32 + k) * 24 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v5 = xsimd::fma(w1, x1, v5);
        vec w2 = vec::load_unaligned(panel_U_r_U_z_U_n + (tile * 32 + k) * 24 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v6 = xsimd::fma(w2, x1, v6);
      }
      infer_h_epilogue(run, v1, v2, v3, t0, t, b, tile * 8);
      infer_h_epilogue(run, v4, v5, v6, t0, t, b + 1, tile * 8);
    }
  }
  for (int64_t b = begin * 8 + tiles * 4 + pairs * 2; b < stop; ++b) {
    vec v1 = vec(0.0f);
    vec v2 = vec(0.0f);
    vec v3 = vec(0.0f);
    vec v4 = vec(0.0f);
    vec v5 = vec(0.0f);
    vec v6 = vec(0.0f);
    vec v7 = vec(0.0f);
    vec v8 = vec(0.0f);
    vec v9 = vec(0.0f);
    vec v10 = vec(0.0f);
    vec v11 = vec(0.0f);
    vec v12 = vec(0.0f);
    for (int64_t k = 0; k < 32; ++k) {
      const vec x0 = vec(h[(t * B + b) * 32 + k]);
      const vec w0 = vec::load_unaligned(panel_U_r_U_z_U_n + k * 24);
      v1 = xsimd::fma(w0, x0, v1);
      const vec w1 = vec::load_unaligned(panel_U_r_U_z_U_n + k * 24 + 8);
      v2 = xsimd::fma(w1, x0, v2);
      const vec w2 = vec::load_unaligned(panel_U_r_U_z_U_n + k * 24 + 16);
      v3 = xsimd::fma(w2, x0, v3);
      const vec w3 = vec::load_unaligned(panel_U_r_U_z_U_n + (k + 32) * 24);
      v4 = xsimd::fma(w3, x0, v4);
      const vec w4 = vec::load_unaligned(panel_U_r_U_z_U_n + k * 24 + 776);
      v5 = xsimd::fma(w4, x0, v5);
      const vec w5 = vec::load_unaligned(panel_U_r_U_z_U_n + k * 24 + 784);
      v6 = xsimd::fma(w5, x0, v6);
      const vec w6 = vec::load_unaligned(panel_U_r_U_z_U_n + (k + 64) * 24);
      v7 = xsimd::fma(w6, x0, v7);
      const vec w7 = vec::load_unaligned(panel_U_r_U_z_U_n + k * 24 + 1544);
      v8 = xsimd::fma(w7, x0, v8);
      const vec w8 = vec::load_unaligned(panel_U_r_U_z_U_n + k * 24 + 1552);
      v9 = xsimd::fma(w8, x0, v9);
      const vec w9 = vec::load_unaligned(panel_U_r_U_z_U_n + (k + 96) * 24);
      v10 = xsimd::fma(w9, x0, v10);
      const vec w10 = vec::load_unaligned(panel_U_r_U_z_U_n + k * 24 + 2312);
      v11 = xsimd::fma(w10, x0, v11);
      const vec w11 = vec::load_unaligned(panel_U_r_U_z_U_n + k * 24 + 2320);
      v12 = xsimd::fma(w11, x0, v12);
    }
    const vec z_input0 = vec::load_unaligned(z_input + ((t - t0) * B + b) * 32);
    const vec v13 = z_input0 + v2;
    const vec z0 = rnnc_sigmoid(v13);
    const vec v14 = vec(1.0f) - z0;
    const vec n_input0 = vec::load_unaligned(n_input + ((t - t0) * B + b) * 32);
    const vec r_input0 = vec::load_unaligned(r_input + ((t - t0) * B + b) * 32);
    const vec v15 = r_input0 + v1;
    const vec r0 = rnnc_sigmoid(v15);
    const vec d_n0 = vec::load_unaligned(d_n);
    const vec v16 = v3 + d_n0;
    const vec v17 = r0 * v16;
    const vec v18 = n_input0 + v17;
    const vec n0 = rnnc_tanh(v18);
    const vec v19 = v14 * n0;
    const vec h_before0 = vec::load_unaligned(h + (t * B + b) * 32);
    const vec v20 = z0 * h_before0;
    const vec h0 = v19 + v20;
    h0.store_unaligned(h + ((t + 1) * B + b) * 32);
    const int64_t length = run.length(0, b);
    const mask m1 = mask(t < length);
    const vec v21 = xsimd::select(m1, h0, vec(0.0f));
    v21.store_unaligned(h_2 + (t * B + b) * 32);
    const vec z_input1 = vec::load_unaligned(z_input + ((t - t0) * B + b) * 32 + 8);
    const vec v22 = z_input1 + v5;
    const vec z1 = rnnc_sigmoid(v22);
    const vec v23 = vec(1.0f) - z1;
    const vec n_input1 = vec::load_unaligned(n_input + ((t - t0) * B + b) * 32 + 8);
    const vec r_input1 = vec::load_unaligned(r_input + ((t - t0) * B + b) * 32 + 8);
    const vec v24 = r_input1 + v4;
    const vec r1 = rnnc_sigmoid(v24);
    const vec d_n1 = vec::load_unaligned(d_n + 8);
    const vec v25 = v6 + d_n1;
    const vec v26 = r1 * v25;
    const vec v27 = n_input1 + v26;
    const vec n1 = rnnc_tanh(v27);
    const vec v28 = v23 * n1;
    const vec h_before1 = vec::load_unaligned(h + (t * B + b) * 32 + 8);
    const vec v29 = z1 * h_before1;
    const vec h1 = v28 + v29;
    h1.store_unaligned(h + ((t + 1) * B + b) * 32 + 8);
    const mask m2 = mask(t < length);
    const vec v30 = xsimd::select(m2, h1, vec(0.0f));
    v30.store_unaligned(h_2 + (t * B + b) * 32 + 8);
    const vec z_input2 = vec::load_unaligned(z_input + ((t - t0) * B + b) * 32 + 16);
    const vec v31 = z_input2 + v8;
    const vec z2 = rnnc_sigmoid(v31);
    const vec v32 = vec(1.0f) - z2;
    const vec n_input2 = vec::load_unaligned(n_input + ((t - t0) * B + b) * 32 + 16);
    const vec r_input2 = vec::load_unaligned(r_input + ((t - t0) * B + b) * 32 + 16);
    const vec v33 = r_input2 + v7;
    const vec r2 = rnnc_sigmoid(v33);
    const vec d_n2 = vec::load_unaligned(d_n + 16);
    const vec v34 = v9 + d_n2;
    const vec v35 = r2 * v34;
    const vec v36 = n_input2 + v35;
    const vec n2 = rnnc_tanh(v36);
    const vec v37 = v32 * n2;
    const vec h_before2 = vec::load_unaligned(h + (t * B + b) * 32 + 16);
    const vec v38 = z2 * h_before2;
    const vec h2 = v37 + v38;
    h2.store_unaligned(h + ((t + 1) * B + b) * 32 + 16);
    const mask m3 = mask(t < length);
    const vec v39 = xsimd::select(m3, h2, vec(0.0f));
    v39.store_unaligned(h_2 + (t * B + b) * 32 + 16);
    const vec z_input3 = vec::load_unaligned(z_input + ((t - t0) * B + b) * 32 + 24);
    const vec v40 = z_input3 + v11;
    const vec z3 = rnnc_sigmoid(v40);
    const vec v41 = vec(1.0f) - z3;
    const vec n_input3 = vec::load_unaligned(n_input + ((t - t0) * B + b) * 32 + 24);
    const vec r_input3 = vec::load_unaligned(r_input + ((t - t0) * B + b) * 32 + 24);
    const vec v42 = r_input3 + v10;
    const vec r3 = rnnc_sigmoid(v42);
    const vec d_n3 = vec::load_unaligned(d_n + 24);
    const vec v43 = v12 + d_n3;
    const vec v44 = r3 * v43;
    const vec v45 = n_input3 + v44;
    const vec n3 = rnnc_tanh(v45);
    const vec v46 = v41 * n3;
    const vec h_before3 = vec::load_unaligned(h + (t * B + b) * 32 + 24);
    const vec v47 = z3 * h_before3;
    const vec h3 = v46 + v47;
    h3.store_unaligned(h + ((t + 1) * B + b) * 32 + 24);
    const mask m4 = mask(t < length);
    const vec v48 = xsimd::select(m4, h3, vec(0.0f));
    v48.store_unaligned(h_2 + (t * B + b) * 32 + 24);
  }
}

// h.final = h[last]
void infer_h_final(const Run& run, int64_t begin, int64_t end) {
  const int64_t B = run.B;
  const float* __restrict h_at = run.h;
  float* __restrict h_final = run.h_final;
  float* __restrict h_final_2 = run.h_final_2;

  for (int64_t b = begin; b < end; ++b) {
    const int64_t length = run.length(0, b);
    for (int64_t j = 0; j < 4; ++j) {
      const vec h = vec::load_unaligned(h_at + (length * B + b) * 32 + j * 8);
      h.store_unaligned(h_final + b * 32 + j * 8);
      h.store_unaligned(h_final_2 + b * 32 + j * 8);
    }
  }
}

void forward_h_start_given(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict h_init = run.h_init;
  float* __restrict tape_h_start = run.tape_h_start;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 4; ++j) {
      const vec h_start = vec::load_unaligned(h_init + b * 32 + j * 8);
      h_start.store_unaligned(tape_h_start + b * 32 + j * 8);
    }
  }
}

void forward_h_start_default(const Run& run, int64_t begin, int64_t end) {
  float* __restrict tape_h_start = run.tape_h_start;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 4; ++j) {
      vec(0.0f).store_unaligned(tape_h_start + b * 32 + j * 8);
    }
  }
}

// the steps around h
void forward_h_boundary(const Run& run, int64_t begin, int64_t end, int64_t, int64_t, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict tape_h_start = run.tape_h_start;
  float* __restrict tape_h = run.tape_h;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 4; ++j) {
      const vec h_start = vec::load_unaligned(tape_h_start + b * 32 + j * 8);
      h_start.store_unaligned(tape_h + (b - window0 * B) * 32 + j * 8);
    }
  }
}

// from one window to the steps around the next: h
void forward_handed_on(const Run& run, int64_t begin, int64_t end, int64_t, int64_t) {
  const int64_t B = run.B, window = run.window;
  float* __restrict tape_h = run.tape_h;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 4; ++j) {
      const vec v1 = vec::load_unaligned(tape_h + (window * B + b) * 32 + j * 8);
      v1.store_unaligned(tape_h + b * 32 + j * 8);
    }
  }
}

// what a window goes on from, kept for backward: h
void forward_saved(const Run& run, int64_t begin, int64_t end, int64_t w, int64_t) {
  const int64_t B = run.B;
  const float* __restrict tape_h = run.tape_h;
  float* __restrict checkpoints_h = run.checkpoints_h;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 4; ++j) {
      const vec v1 = vec::load_unaligned(tape_h + b * 32 + j * 8);
      v1.store_unaligned(checkpoints_h + (w * B + b) * 32 + j * 8);
    }
  }
}

// r_input = W_r @ x + b_r + d_r
// z_input = W_z @ x + b_z + d_z
// n_input = W_n @ x + b_n
void forward_r_input_z_input_n_input_epilogue(const Run& run, vec sum, vec sum_2, vec sum_3, int64_t t0, int64_t,
    int64_t, int64_t r, int64_t j) {
  const int64_t B = run.B;
  const float* b_r_at = run.b_r;
  const float* d_r_at = run.d_r;
  const float* b_z_at = run.b_z;
  const float* d_z_at = run.d_z;
  const float* b_n_at = run.b_n;
  float* r_input_2 = run.r_input_2;
  float* z_input_2 = run.z_input_2;
  float* n_input_2 = run.n_input_2;

  const vec b_r = vec::load_unaligned(b_r_at + j);
  const vec v1 = sum + b_r;
  const vec d_r = vec::load_unaligned(d_r_at + j);
  const vec v2 = v1 + d_r;
  v2.store_unaligned(r_input_2 + (r - t0 * B) * 32 + j);
  const vec b_z = vec::load_unaligned(b_z_at + j);
  const vec v3 = sum_2 + b_z;
  const vec d_z = vec::load_unaligned(d_z_at + j);
  const vec v4 = v3 + d_z;
  v4.store_unaligned(z_input_2 + (r - t0 * B) * 32 + j);
  const vec b_n = vec::load_unaligned(b_n_at + j);
  const vec v5 = sum_3 + b_n;
  v5.store_unaligned(n_input_2 + (r - t0 * B) * 32 + j);
}

// r_input = W_r @ x + b_r + d_r
// z_input = W_z @ x + b_z + d_z
// n_input = W_n @ x + b_n
void forward_r_input_z_input_n_input(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1,
    int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict panel_W_r_W_z_W_n = run.panel_W_r_W_z_W_n;
  const float* b_r = run.b_r;
  const float* d_r = run.d_r;
  const float* b_z = run.b_z;
  const float* d_z = run.d_z;
  const float* b_n = run.b_n;
  const float* __restrict x = run.x;
  float* r_input_2 = run.r_input_2;
  float* z_input_2 = run.z_input_2;
  float* n_input_2 = run.n_input_2;

  const int64_t stop = std::min<int64_t>(end * 8, (t1 - t0) * B);
  const int64_t tiles = (stop - begin * 8) / 4;
  const int64_t pairs = (stop - begin * 8 - tiles * 4) / 2;
  for (int64_t tile = 0; tile < 4; ++tile) {
    for (int64_t r = begin * 8 + t0 * B; r < begin * 8 + tiles * 4 + t0 * B; r += 4) {
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      vec v5 = vec(0.0f);
      vec v6 = vec(0.0f);
      vec v7 = vec(0.0f);
      vec v8 = vec(0.0f);
      vec v9 = vec(0.0f);
      vec v10 = vec(0.0f);
      vec v11 = vec(0.0f);
      vec v12 = vec(0.0f);
      #pragma GCC unroll 4
      for (int64_t k = 0; k < 16; ++k) {
        vec w0 = vec::load_unaligned(panel_W_r_W_z_W_n + (tile * 16 + k) * 24); RNNC_KEEP(w0);
        vec w1 = vec::load_unaligned(panel_W_r_W_z_W_n + (tile * 16 + k) * 24 + 8); RNNC_KEEP(w1);
        vec w2 = vec::load_unaligned(panel_W_r_W_z_W_n + (tile * 16 + k) * 24 + 16); RNNC_KEEP(w2);
        const vec x0 = vec(x[r * 16 + k]);
        v1 = xsimd::fma(w0, x0, v1);
        v2 = xsimd::fma(w1, x0, v2);
        v3 = xsimd::fma(w2, x0, v3);
        const vec x1 = vec(x[(r + 1) * 16 + k]);
        v4 = xsimd::fma(w0, x1, v4);
        v5 = xsimd::fma(w1, x1, v5);
        v6 = xsimd::fma(w2, x1, v6);
        const vec x2 = vec(x[(r + 2) * 16 + k]);
        v7 = xsimd::fma(w0, x2, v7);
        v8 = xsimd::fma(w1, x2, v8);
        v9 = xsimd::fma(w2, x2, v9);
        const vec x3 = vec(x[(r + 3) * 16 + k]);
        v10 = xsimd::fma(w0, x3, v10);
        v11 = xsimd::fma(w1, x3, v11);
        v12 = xsimd::fma(w2, x3, v12);
      }
      forward_r_input_z_input_n_input_epilogue(run, v1, v2, v3, t0, t1, window0, r, tile * 8);
      forward_r_input_z_input_n_input_epilogue(run, v4, v5, v6, t0, t1, window0, r + 1, tile * 8);
      forward_r_input_z_input_n_input_epilogue(run, v7, v8, v9, t0, t1, window0, r + 2, tile * 8);
      forward_r_input_z_input_n_input_epilogue(run, v10, v11, v12, t0, t1, window0, r + 3, tile * 8);
    }
    for (int64_t r = begin * 8 + tiles * 4 + t0 * B; r < begin * 8 + tiles * 4 + pairs * 2 + t0 * B; r += 2) {
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      vec v5 = vec(0.0f);
      vec v6 = vec(0.0f);
      for (int64_t k = 0; k < 16; ++k) {
        const vec x0 = vec(x[r * 16 + k]);
        const vec x1 = vec(x[(r + 1) * 16 + k]);
        vec w0 = vec::load_unaligned(panel_W_r_W_z_W_n + (tile * 16 + k) * 24); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v4 = xsimd::fma(w0, x1, v4);
        vec w1 = vec::load_unaligned(panel_W_r_W_z_W_n + (tile * 16 + k) * 24 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v5 = xsimd::fma(w1, x1, v5);
        vec w2 = vec::load_unaligned(panel_W_r_W_z_W_n + (tile * 16 + k) * 24 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v6 = xsimd::fma(w2, x1, v6);
      }
      forward_r_input_z_input_n_input_epilogue(run, v1, v2, v3, t0, t1, window0, r, tile * 8);
      forward_r_input_z_input_n_input_epilogue(run, v4, v5, v6, t0, t1, window0, r + 1, tile * 8);
    }
  }
  for (int64_t r = begin * 8 + tiles * 4 + pairs * 2 + t0 * B; r < t0 * B + stop; ++r) {
    vec v1 = vec(0.0f);
    vec v2 = vec(0.0f);
    vec v3 = vec(0.0f);
    vec v4 = vec(0.0f);
    vec v5 = vec(0.0f);
    vec v6 = vec(0.0f);
    vec v7 = vec(0.0f);
    vec v8 = vec(0.0f);
    vec v9 = vec(0.0f);
    vec v10 = vec(0.0f);
    vec v11 = vec(0.0f);
    vec v12 = vec(0.0f);
    for (int64_t k = 0; k < 16; ++k) {
      const vec x0 = vec(x[r * 16 + k]);
      const vec w0 = vec::load_unaligned(panel_W_r_W_z_W_n + k * 24);
      v1 = xsimd::fma(w0, x0, v1);
      const vec w1 = vec::load_unaligned(panel_W_r_W_z_W_n + k * 24 + 8);
      v2 = xsimd::fma(w1, x0, v2);
      const vec w2 = vec::load_unaligned(panel_W_r_W_z_W_n + k * 24 + 16);
      v3 = xsimd::fma(w2, x0, v3);
      const vec w3 = vec::load_unaligned(panel_W_r_W_z_W_n + (k + 16) * 24);
      v4 = xsimd::fma(w3, x0, v4);
      const vec w4 = vec::load_unaligned(panel_W_r_W_z_W_n + k * 24 + 392);
      v5 = xsimd::fma(w4, x0, v5);
      const vec w5 = vec::load_unaligned(panel_W_r_W_z_W_n + k * 24 + 400);
      v6 = xsimd::fma(w5, x0, v6);
      const vec w6 = vec::load_unaligned(panel_W_r_W_z_W_n + (k + 32) * 24);
      v7 = xsimd::fma(w6, x0, v7);
      const vec w7 = vec::load_unaligned(panel_W_r_W_z_W_n + k * 24 + 776);
      v8 = xsimd::fma(w7, x0, v8);
      const vec w8 = vec::load_unaligned(panel_W_r_W_z_W_n + k * 24 + 784);
      v9 = xsimd::fma(w8, x0, v9);
      const vec w9 = vec::load_unaligned(panel_W_r_W_z_W_n + (k + 48) * 24);
      v10 = xsimd::fma(w9, x0, v10);
      const vec w10 = vec::load_unaligned(panel_W_r_W_z_W_n + k * 24 + 1160);
      v11 = xsimd::fma(w10, x0, v11);
      const vec w11 = vec::load_unaligned(panel_W_r_W_z_W_n + k * 24 + 1168);
      v12 = xsimd::fma(w11, x0, v12);
    }
    const vec b_r0 = vec::load_unaligned(b_r);
    const vec v13 = v1 + b_r0;
    const vec d_r0 = vec::load_unaligned(d_r);
    const vec v14 = v13 + d_r0;
    v14.store_unaligned(r_input_2 + (r - t0 * B) * 32);
    const vec b_r1 = vec::load_unaligned(b_r + 8);
    const vec v15 = v4 + b_r1;
    const vec d_r1 = vec::load_unaligned(d_r + 8);
    const vec v16 = v15 + d_r1;
    v16.store_unaligned(r_input_2 + (r - t0 * B) * 32 + 8);
    const vec b_r2 = vec::load_unaligned(b_r + 16);
    const vec v17 = v7 + b_r2;
    const vec d_r2 = vec::load_unaligned(d_r + 16);
    const vec v18 = v17 + d_r2;
    v18.store_unaligned(r_input_2 + (r - t0 * B) * 32 + 16);
    const vec b_r3 = vec::load_unaligned(b_r + 24);
    const vec v19 = v10 + b_r3;
    const vec d_r3 = vec::load_unaligned(d_r + 24);
    const vec v20 = v19 + d_r3;
    v20.store_unaligned(r_input_2 + (r - t0 * B) * 32 + 24);
    const vec b_z0 = vec::load_unaligned(b_z);
    const vec v21 = v2 + b_z0;
    const vec d_z0 = vec::load_unaligned(d_z);
    const vec v22 = v21 + d_z0;
    v22.store_unaligned(z_input_2 + (r - t0 * B) * 32);
    const vec b_z1 = vec::load_unaligned(b_z + 8);
    const vec v23 = v5 + b_z1;
    const vec d_z1 = vec::load_unaligned(d_z + 8);
    const vec v24 = v23 + d_z1;
    v24.store_unaligned(z_input_2 + (r - t0 * B) * 32 + 8);
    const vec b_z2 = vec::load_unaligned(b_z + 16);
    const vec v25 = v8 + b_z2;
    const vec d_z2 = vec::load_unaligned(d_z + 16);
    const vec v26 = v25 + d_z2;
    v26.store_unaligned(z_input_2 + (r - t0 * B) * 32 + 16);
    const vec b_z3 = vec::load_unaligned(b_z + 24);
    const vec v27 = v11 + b_z3;
    const vec d_z3 = vec::load_unaligned(d_z + 24);
    const vec v28 = v27 + d_z3;
    v28.store_unaligned(z_input_2 + (r - t0 * B) * 32 + 24);
    const vec b_n0 = vec::load_unaligned(b_n);
    const vec v29 = v3 + b_n0;
    v29.store_unaligned(n_input_2 + (r - t0 * B) * 32);
    const vec b_n1 = vec::load_unaligned(b_n + 8);
    const vec v30 = v6 + b_n1;
    v30.store_unaligned(n_input_2 + (r - t0 * B) * 32 + 8);
    const vec b_n2 = vec::load_unaligned(b_n + 16);
    const vec v31 = v9 + b_n2;
    v31.store_unaligned(n_input_2 + (r - t0 * B) * 32 + 16);
    const vec b_n3 = vec::load_unaligned(b_n + 24);
    const vec v32 = v12 + b_n3;
    v32.store_unaligned(n_input_2 + (r - t0 * B) * 32 + 24);
  }
}

// r = sigmoid(r_input + r_sum)    (gru.rnn:16)
// z = sigmoid(z_input + z_sum)    (gru.rnn:17)
// add = d.r_sum + d_n
// n = tanh(n_input + r * (d.r_sum + d_n))    (gru.rnn:18)
// h = (1 - z) * n + z * h[t-1]    (gru.rnn:10)
void forward_r_z_n_h_epilogue(const Run& run, vec r_sum, vec z_sum, vec d_r_sum, int64_t t0, int64_t t, int64_t window0,
    int64_t b, int64_t j) {
  const int64_t B = run.B;
  const float* d_n_at = run.d_n;
  float* h_2 = run.h_2;
  const float* r_input_2 = run.r_input_2;
  float* tape_r = run.tape_r;
  const float* z_input_2 = run.z_input_2;
  float* tape_z = run.tape_z;
  float* tape_add = run.tape_add;
  const float* n_input_2 = run.n_input_2;
  float* tape_n = run.tape_n;
  float* tape_h = run.tape_h;

  const vec r_input = vec::load_unaligned(r_input_2 + ((t - t0) * B + b) * 32 + j);
  const vec v1 = r_input + r_sum;
  const vec r = rnnc_sigmoid(v1);
  r.store_unaligned(tape_r + ((t - window0) * B + b) * 32 + j);
  const vec z_input = vec::load_unaligned(z_input_2 + ((t - t0) * B + b) * 32 + j);
  const vec v2 = z_input + z_sum;
  const vec z = rnnc_sigmoid(v2);
  const int64_t length = run.length(0, b);
  const mask m1 = mask(t < length);
  const vec v3 = xsimd::select(m1, z, vec(0.0f));
  v3.store_unaligned(tape_z + ((t - window0) * B + b) * 32 + j);
  const vec d_n = vec::load_unaligned(d_n_at + j);
  const vec v4 = d_r_sum + d_n;
  v4.store_unaligned(tape_add + ((t - window0) * B + b) * 32 + j);
  const vec n_input = vec::load_unaligned(n_input_2 + ((t - t0) * B + b) * 32 + j);
  const vec v5 = r * v4;
  const vec v6 = n_input + v5;
  const vec n = rnnc_tanh(v6);
  n.store_unaligned(tape_n + ((t - window0) * B + b) * 32 + j);
  const vec v7 = vec(1.0f) - z;
  const vec v8 = v7 * n;
  const vec h_before = vec::load_unaligned(tape_h + ((t - window0) * B + b) * 32 + j);
  const vec v9 = z * h_before;
  const vec h = v8 + v9;
  const mask m2 = mask(t < length);
  const vec v10 = xsimd::select(m2, h, vec(0.0f));
  v10.store_unaligned(tape_h + ((t - window0 + 1) * B + b) * 32 + j);
  const mask m3 = mask(t < length);
  const vec v11 = xsimd::select(m3, h, vec(0.0f));
  v11.store_unaligned(h_2 + (t * B + b) * 32 + j);
}

void forward_r_z_n_h_prefetch(const Run& run, int64_t, int64_t t, int64_t window0, int64_t b, int64_t j) {
  const int64_t B = run.B;
  const float* h_2 = run.h_2;
  const float* tape_r = run.tape_r;
  const float* tape_z = run.tape_z;
  const float* tape_add = run.tape_add;
  const float* tape_n = run.tape_n;
  const float* tape_h = run.tape_h;

  RNNC_PREFETCH(tape_r + ((t - window0) * B + b) * 32 + j);
  RNNC_PREFETCH(tape_z + ((t - window0) * B + b) * 32 + j);
  RNNC_PREFETCH(tape_add + ((t - window0) * B + b) * 32 + j);
  RNNC_PREFETCH(tape_n + ((t - window0) * B + b) * 32 + j);
  RNNC_PREFETCH(tape_h + ((t - window0) * B + b) * 32 + j);
  RNNC_PREFETCH(tape_h + ((t - window0 + 1) * B + b) * 32 + j);
  RNNC_PREFETCH(h_2 + (t * B + b) * 32 + j);
}

// r = sigmoid(r_input + r_sum)    (gru.rnn:16)
// z = sigmoid(z_input + z_sum)    (gru.rnn:17)
// add = d.r_sum + d_n
// n = tanh(n_input + r * (d.r_sum + d_n))    (gru.rnn:18)
// h = (1 - z) * n + z * h[t-1]    (gru.rnn:10)
void forward_r_z_n_h(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict panel_U_r_U_z_U_n = run.panel_U_r_U_z_U_n;
  const float* d_n = run.d_n;
  float* h_2 = run.h_2;
  const float* r_input_2 = run.r_input_2;
  float* tape_r = run.tape_r;
  const float* z_input_2 = run.z_input_2;
  float* tape_z = run.tape_z;
  float* tape_add = run.tape_add;
  const float* n_input_2 = run.n_input_2;
  float* tape_n = run.tape_n;
  float* tape_h = run.tape_h;

  const int64_t stop = std::min<int64_t>(end * 8, B);
  const int64_t tiles = (stop - begin * 8) / 4;
  const int64_t pairs = (stop - begin * 8 - tiles * 4) / 2;
  for (int64_t tile = 0; tile < 4; ++tile) {
    for (int64_t b = begin * 8; b < begin * 8 + tiles * 4; b += 4) {
      forward_r_z_n_h_prefetch(run, t0, t, window0, b, tile * 8);
      forward_r_z_n_h_prefetch(run, t0, t, window0, b + 1, tile * 8);
      forward_r_z_n_h_prefetch(run, t0, t, window0, b + 2, tile * 8);
      forward_r_z_n_h_prefetch(run, t0, t, window0, b + 3, tile * 8);
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      vec v5 = vec(0.0f);
      vec v6 = vec(0.0f);
      vec v7 = vec(0.0f);
      vec v8 = vec(0.0f);
      vec v9 = vec(0.0f);
      vec v10 = vec(0.0f);
      vec v11 = vec(0.0f);
      vec v12 = vec(0.0f);
      #pragma GCC unroll 4
      for (int64_t k = 0; k < 32; ++k) {
        vec w0 = vec::load_unaligned(panel_U_r_U_z_U_n + (tile * 32 + k) * 24); RNNC_KEEP(w0);
        vec w1 = vec::load_unaligned(panel_U_r_U_z_U_n + (tile * 32 + k) * 24 + 8); RNNC_KEEP(w1);
        vec w2 = vec::load_unaligned(panel_U_r_U_z_U_n + (tile * 32 + k) * 24 + 16); RNNC_KEEP(w2);
        const vec x0 = vec(tape_h[((t - window0) * B + b) * 32 + k]);
        v1 = xsimd::fma(w0, x0, v1);
        v2 = xsimd::fma(w1, x0, v2);
        v3 = xsimd::fma(w2, x0, v3);
        const vec x1 = vec(tape_h[((t - window0) * B + b + 1) * 32 + k]);
        v4 = xsimd::fma(w0, x1, v4);
        v5 = xsimd::fma(w1, x1, v5);
        v6 = xsimd::fma(w2, x1, v6);
        const vec x2 = vec(tape_h[((t - window0) * B + b + 2) * 32 + k]);
        v7 = xsimd::fma(w0, x2, v7);
        v8 = xsimd::fma(w1, x2, v8);
        v9 = xsimd::fma(w2, x2, v9);
        const vec x3 = vec(tape_h[((t - window0) * B + b + 3) * 32 + k]);
        v10 = xsimd::fma(w0, x3, v10);
        v11 = xsimd::fma(w1, x3, v11);
        v12 = xsimd::fma(w2, x3, v12);
      }
      forward_r_z_n_h_epilogue(run, v1, v2, v3, t0, t, window0, b, tile * 8);
      forward_r_z_n_h_epilogue(run, v4, v5, v6, t0, t, window0, b + 1, tile * 8);
      forward_r_z_n_h_epilogue(run, v7, v8, v9, t0, t, window0, b + 2, tile * 8);
      forward_r_z_n_h_epilogue(run, v10, v11, v12, t0, t, window0, b + 3, tile * 8);
    }
    for (int64_t b = begin * 8 + tiles * 4; b < begin * 8 + tiles * 4 + pairs * 2; b += 2) {
      forward_r_z_n_h_prefetch(run, t0, t, window0, b, tile * 8);
      forward_r_z_n_h_prefetch(run, t0, t, window0, b + 1, tile * 8);
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      vec v5 = vec(0.0f);
      vec v6 = vec(0.0f);
      for (int64_t k = 0; k < 32; ++k) {
        const vec x0 = vec(tape_h[((t - window0) * B + b) * 32 + k]);
        const vec x1 = vec(tape_h[((t - window0) * B + b + 1) * 32 + k]);
        vec w0 = vec::load_unaligned(panel_U_r_U_z_U_n + (tile * 32 + k) * 24); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v4 = xsimd::fma(w0, x1, v4);
        vec w1 = vec::load_unaligned(panel_U_r_U_z_U_n + (tile * 32 + k) * 24 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v5 = xsimd::fma(w1, x1, v5);
        vec w2 = vec::load_unaligned(panel_U_r_U_z_U_n + (tile * 32 + k) * 24 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v6 = xsimd::fma(w2, x1, v6);
      }
      forward_r_z_n_h_epilogue(run, v1, v2, v3, t0, t, window0, b, tile * 8);
      forward_r_z_n_h_epilogue(run, v4, v5, v6, t0, t, window0, b + 1, tile * 8);
    }
  }
  for (int64_t b = begin * 8 + tiles * 4 + pairs * 2; b < stop; ++b) {
    vec v1 = vec(0.0f);
    vec v2 = vec(0.0f);
    vec v3 = vec(0.0f);
    vec v4 = vec(0.0f);
    vec v5 = vec(0.0f);
    vec v6 = vec(0.0f);
    vec v7 = vec(0.0f);
    vec v8 = vec(0.0f);
    vec v9 = vec(0.0f);
    vec v10 = vec(0.0f);
    vec v11 = vec(0.0f);
    vec v12 = vec(0.0f);
    for (int64_t k = 0; k < 32; ++k) {
      const vec x0 = vec(tape_h[((t - window0) * B + b) * 32 + k]);
      const vec w0 = vec::load_unaligned(panel_U_r_U_z_U_n + k * 24);
      v1 = xsimd::fma(w0, x0, v1);
      const vec w1 = vec::load_unaligned(panel_U_r_U_z_U_n + k * 24 + 8);
      v2 = xsimd::fma(w1, x0, v2);
      const vec w2 = vec::load_unaligned(panel_U_r_U_z_U_n + k * 24 + 16);
      v3 = xsimd::fma(w2, x0, v3);
      const vec w3 = vec::load_unaligned(panel_U_r_U_z_U_n + (k + 32) * 24);
      v4 = xsimd::fma(w3, x0, v4);
      const vec w4 = vec::load_unaligned(panel_U_r_U_z_U_n + k * 24 + 776);
      v5 = xsimd::fma(w4, x0, v5);
      const vec w5 = vec::load_unaligned(panel_U_r_U_z_U_n + k * 24 + 784);
      v6 = xsimd::fma(w5, x0, v6);
      const vec w6 = vec::load_unaligned(panel_U_r_U_z_U_n + (k + 64) * 24);
      v7 = xsimd::fma(w6, x0, v7);
      const vec w7 = vec::load_unaligned(panel_U_r_U_z_U_n + k * 24 + 1544);
      v8 = xsimd::fma(w7, x0, v8);
      const vec w8 = vec::load_unaligned(panel_U_r_U_z_U_n + k * 24 + 1552);
      v9 = xsimd::fma(w8, x0, v9);
      const vec w9 = vec::load_unaligned(panel_U_r_U_z_U_n + (k + 96) * 24);
      v10 = xsimd::fma(w9, x0, v10);
      const vec w10 = vec::load_unaligned(panel_U_r_U_z_U_n + k * 24 + 2312);
      v11 = xsimd::fma(w10, x0, v11);
      const vec w11 = vec::load_unaligned(panel_U_r_U_z_U_n + k * 24 + 2320);
      v12 = xsimd::fma(w11, x0, v12);
    }
    const vec r_input0 = vec::load_unaligned(r_input_2 + ((t - t0) * B + b) * 32);
    const vec v13 = r_input0 + v1;
    const vec r0 = rnnc_sigmoid(v13);
    r0.store_unaligned(tape_r + ((t - window0) * B + b) * 32);
    const vec r_input1 = vec::load_unaligned(r_input_2 + ((t - t0) * B + b) * 32 + 8);
    const vec v14 = r_input1 + v4;
    const vec r1 = rnnc_sigmoid(v14);
    r1.store_unaligned(tape_r + ((t - window0) * B + b) * 32 + 8);
    const vec r_input2 = vec::load_unaligned(r_input_2 + ((t - t0) * B + b) * 32 + 16);
    const vec v15 = r_input2 + v7;
    const vec r2 = rnnc_sigmoid(v15);
    r2.store_unaligned(tape_r + ((t - window0) * B + b) * 32 + 16);
    const vec r_input3 = vec::load_unaligned(r_input_2 + ((t - t0) * B + b) * 32 + 24);
    const vec v16 = r_input3 + v10;
    const vec r3 = rnnc_sigmoid(v16);
    r3.store_unaligned(tape_r + ((t - window0) * B + b) * 32 + 24);
    const vec z_input0 = vec::load_unaligned(z_input_2 + ((t - t0) * B + b) * 32);
    const vec v17 = z_input0 + v2;
    const vec z0 = rnnc_sigmoid(v17);
    const int64_t length = run.length(0, b);
    const mask m1 = mask(t < length);
    const vec v18 = xsimd::select(m1, z0, vec(0.0f));
    v18.store_unaligned(tape_z + ((t - window0) * B + b) * 32);
    const vec z_input1 = vec::load_unaligned(z_input_2 + ((t - t0) * B + b) * 32 + 8);
    const vec v19 = z_input1 + v5;
    const vec z1 = rnnc_sigmoid(v19);
    const mask m2 = mask(t < length);
    const vec v20 = xsimd::select(m2, z1, vec(0.0f));
    v20.store_unaligned(tape_z + ((t - window0) * B + b) * 32 + 8);
    const vec z_input2 = vec::load_unaligned(z_input_2 + ((t - t0) * B + b) * 32 + 16);
    const vec v21 = z_input2 + v8;
    const vec z2 = rnnc_sigmoid(v21);
    const mask m3 = mask(t < length);
    const vec v22 = xsimd::select(m3, z2, vec(0.0f));
    v22.store_unaligned(tape_z + ((t - window0) * B + b) * 32 + 16);
    const vec z_input3 = vec::load_unaligned(z_input_2 + ((t - t0) * B + b) * 32 + 24);
    const vec v23 = z_input3 + v11;
    const vec z3 = rnnc_sigmoid(v23);
    const mask m4 = mask(t < length);
    const vec v24 = xsimd::select(m4, z3, vec(0.0f));
    v24.store_unaligned(tape_z + ((t - window0) * B + b) * 32 + 24);
    const vec d_n0 = vec::load_unaligned(d_n);
    const vec v25 = v3 + d_n0;
    v25.store_unaligned(tape_add + ((t - window0) * B + b) * 32);
    const vec d_n1 = vec::load_unaligned(d_n + 8);
    const vec v26 = v6 + d_n1;
    v26.store_unaligned(tape_add + ((t - window0) * B + b) * 32 + 8);
    const vec d_n2 = vec::load_unaligned(d_n + 16);
    const vec v27 = v9 + d_n2;
    v27.store_unaligned(tape_add + ((t - window0) * B + b) * 32 + 16);
    const vec d_n3 = vec::load_unaligned(d_n + 24);
    const vec v28 = v12 + d_n3;
    v28.store_unaligned(tape_add + ((t - window0) * B + b) * 32 + 24);
    const vec n_input0 = vec::load_unaligned(n_input_2 + ((t - t0) * B + b) * 32);
    const vec v29 = r0 * v25;
    const vec v30 = n_input0 + v29;
    const vec n0 = rnnc_tanh(v30);
    n0.store_unaligned(tape_n + ((t - window0) * B + b) * 32);
    const vec n_input1 = vec::load_unaligned(n_input_2 + ((t - t0) * B + b) * 32 + 8);
    const vec v31 = r1 * v26;
    const vec v32 = n_input1 + v31;
    const vec n1 = rnnc_tanh(v32);
    n1.store_unaligned(tape_n + ((t - window0) * B + b) * 32 + 8);
    const vec n_input2 = vec::load_unaligned(n_input_2 + ((t - t0) * B + b) * 32 + 16);
    const vec v33 = r2 * v27;
    const vec v34 = n_input2 + v33;
    const vec n2 = rnnc_tanh(v34);
    n2.store_unaligned(tape_n + ((t - window0) * B + b) * 32 + 16);
    const vec n_input3 = vec::load_unaligned(n_input_2 + ((t - t0) * B + b) * 32 + 24);
    const vec v35 = r3 * v28;
    const vec v36 = n_input3 + v35;
    const vec n3 = rnnc_tanh(v36);
    n3.store_unaligned(tape_n + ((t - window0) * B + b) * 32 + 24);
    const vec v37 = vec(1.0f) - z0;
    const vec v38 = v37 * n0;
    const vec h_before0 = vec::load_unaligned(tape_h + ((t - window0) * B + b) * 32);
    const vec v39 = z0 * h_before0;
    const vec h0 = v38 + v39;
    const mask m5 = mask(t < length);
    const vec v40 = xsimd::select(m5, h0, vec(0.0f));
    v40.store_unaligned(tape_h + ((t - window0 + 1) * B + b) * 32);
    const mask m6 = mask(t < length);
    const vec v41 = xsimd::select(m6, h0, vec(0.0f));
    v41.store_unaligned(h_2 + (t * B + b) * 32);
    const vec v42 = vec(1.0f) - z1;
    const vec v43 = v42 * n1;
    const vec h_before1 = vec::load_unaligned(tape_h + ((t - window0) * B + b) * 32 + 8);
    const vec v44 = z1 * h_before1;
    const vec h1 = v43 + v44;
    const mask m7 = mask(t < length);
    const vec v45 = xsimd::select(m7, h1, vec(0.0f));
    v45.store_unaligned(tape_h + ((t - window0 + 1) * B + b) * 32 + 8);
    const mask m8 = mask(t < length);
    const vec v46 = xsimd::select(m8, h1, vec(0.0f));
    v46.store_unaligned(h_2 + (t * B + b) * 32 + 8);
    const vec v47 = vec(1.0f) - z2;
    const vec v48 = v47 * n2;
    const vec h_before2 = vec::load_unaligned(tape_h + ((t - window0) * B + b) * 32 + 16);
    const vec v49 = z2 * h_before2;
    const vec h2 = v48 + v49;
    const mask m9 = mask(t < length);
    const vec v50 = xsimd::select(m9, h2, vec(0.0f));
    v50.store_unaligned(tape_h + ((t - window0 + 1) * B + b) * 32 + 16);
    const mask m10 = mask(t < length);
    const vec v51 = xsimd::select(m10, h2, vec(0.0f));
    v51.store_unaligned(h_2 + (t * B + b) * 32 + 16);
    const vec v52 = vec(1.0f) - z3;
    const vec v53 = v52 * n3;
    const vec h_before3 = vec::load_unaligned(tape_h + ((t - window0) * B + b) * 32 + 24);
    const vec v54 = z3 * h_before3;
    const vec h3 = v53 + v54;
    const mask m11 = mask(t < length);
    const vec v55 = xsimd::select(m11, h3, vec(0.0f));
    v55.store_unaligned(tape_h + ((t - window0 + 1) * B + b) * 32 + 24);
    const mask m12 = mask(t < length);
    const vec v56 = xsimd::select(m12, h3, vec(0.0f));
    v56.store_unaligned(h_2 + (t * B + b) * 32 + 24);
  }
}

// h.final = h[last]
void forward_h_final(const Run& run, int64_t begin, int64_t end, int64_t, int64_t, int64_t window0) {
  const int64_t T = run.T, B = run.B, window = run.window;
  float* __restrict h_final_2 = run.h_final_2;
  const float* __restrict tape_h = run.tape_h;
  float* __restrict h_final_3 = run.h_final_3;

  for (int64_t b = begin; b < end; ++b) {
    const int64_t length = run.length(0, b);
    const int64_t there = std::min<int64_t>(length - 1, T - 1);
    const int64_t step_2 = std::max<int64_t>(there, 0);
    const int64_t to = std::min<int64_t>(step_2 + 1, window + window0);
    const int64_t from = std::max<int64_t>(step_2, window0);
    for (int64_t here = from; here < to; ++here) {
      for (int64_t j = 0; j < 4; ++j) {
        const vec h = vec::load_unaligned(tape_h + ((length - window0) * B + b) * 32 + j * 8);
        h.store_unaligned(h_final_3 + b * 32 + j * 8);
        h.store_unaligned(h_final_2 + b * 32 + j * 8);
      }
    }
  }
}

// the steps around z
void forward_z_boundary(const Run& run, int64_t begin, int64_t end, int64_t, int64_t, int64_t window0) {
  const int64_t T = run.T, B = run.B;
  float* __restrict tape_z = run.tape_z;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 4; ++j) {
      vec(0.0f).store_unaligned(tape_z + ((T - window0) * B + b) * 32 + j * 8);
    }
  }
}

// the steps around d.h, d.r.pre, d.n.1, d.z.pre
void backward_d_h_d_r_pre_d_n_1_d_z_pre_boundary(const Run& run, int64_t begin, int64_t end, int64_t, int64_t,
    int64_t window0) {
  const int64_t T = run.T, B = run.B;
  float* __restrict d_h = run.d_h;
  float* __restrict d_r_pre = run.d_r_pre;
  float* __restrict d_n_1 = run.d_n_1;
  float* __restrict d_z_pre = run.d_z_pre;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 4; ++j) {
      vec(0.0f).store_unaligned(d_h + ((T - window0) * B + b) * 32 + j * 8);
    }
    for (int64_t j = 0; j < 4; ++j) {
      vec(0.0f).store_unaligned(d_r_pre + ((T - window0) * B + b) * 32 + j * 8);
    }
    for (int64_t j = 0; j < 4; ++j) {
      vec(0.0f).store_unaligned(d_n_1 + ((T - window0) * B + b) * 32 + j * 8);
    }
    for (int64_t j = 0; j < 4; ++j) {
      vec(0.0f).store_unaligned(d_z_pre + ((T - window0) * B + b) * 32 + j * 8);
    }
  }
}

// from one window to the steps around the next: d.h, d.r.pre, d.n.1, d.z.pre
void backward_handed_on(const Run& run, int64_t begin, int64_t end, int64_t, int64_t) {
  const int64_t B = run.B, window = run.window;
  float* __restrict d_h = run.d_h;
  float* __restrict d_r_pre = run.d_r_pre;
  float* __restrict d_n_1 = run.d_n_1;
  float* __restrict d_z_pre = run.d_z_pre;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 4; ++j) {
      const vec v1 = vec::load_unaligned(d_h + b * 32 + j * 8);
      v1.store_unaligned(d_h + (window * B + b) * 32 + j * 8);
    }
    for (int64_t j = 0; j < 4; ++j) {
      const vec v1 = vec::load_unaligned(d_r_pre + b * 32 + j * 8);
      v1.store_unaligned(d_r_pre + (window * B + b) * 32 + j * 8);
    }
    for (int64_t j = 0; j < 4; ++j) {
      const vec v1 = vec::load_unaligned(d_n_1 + b * 32 + j * 8);
      v1.store_unaligned(d_n_1 + (window * B + b) * 32 + j * 8);
    }
    for (int64_t j = 0; j < 4; ++j) {
      const vec v1 = vec::load_unaligned(d_z_pre + b * 32 + j * 8);
      v1.store_unaligned(d_z_pre + (window * B + b) * 32 + j * 8);
    }
  }
}

// from one window to the steps around the next: z
void again_handed_on(const Run& run, int64_t begin, int64_t end, int64_t, int64_t) {
  const int64_t B = run.B, window = run.window;
  float* __restrict tape_z = run.tape_z;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 4; ++j) {
      const vec v1 = vec::load_unaligned(tape_z + b * 32 + j * 8);
      v1.store_unaligned(tape_z + (window * B + b) * 32 + j * 8);
    }
  }
}

// what a window goes on from, as it was kept: h
void again_restored(const Run& run, int64_t begin, int64_t end, int64_t w, int64_t) {
  const int64_t B = run.B;
  float* __restrict tape_h = run.tape_h;
  const float* __restrict checkpoints_h = run.checkpoints_h;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 4; ++j) {
      const vec v1 = vec::load_unaligned(checkpoints_h + (w * B + b) * 32 + j * 8);
      v1.store_unaligned(tape_h + b * 32 + j * 8);
    }
  }
}

// x = x
void backward_x(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t, int64_t) {
  const int64_t B = run.B;
  const float* __restrict x_at = run.x;
  float* __restrict x_2 = run.x_2;

  for (int64_t r = t0 * B + begin; r < t0 * B + end; ++r) {
    const int64_t t = r / B;
    const int64_t length = run.length(0, r - t * B);
    for (int64_t j = 0; j < 2; ++j) {
      const vec x = vec::load_unaligned(x_at + r * 16 + j * 8);
      const mask m1 = mask(t < length);
      const vec v1 = xsimd::select(m1, x, vec(0.0f));
      v1.store_unaligned(x_2 + (r - t0 * B) * 16 + j * 8);
    }
  }
}

void pack_panel_U_r_transposed(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict param_U_r = run.param_U_r;
  float* __restrict panel_U_r_transposed = run.panel_U_r_transposed;

  for (int64_t block = begin; block < end; ++block) {
    for (int64_t k = 0; k < 32; ++k) {
      const vec v1 = vec::load_unaligned(param_U_r + k * 32 + block * 8);
      v1.store_unaligned(panel_U_r_transposed + block * 256 + k * 8);
    }
  }
}

void pack_panel_U_z_transposed(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict param_U_z = run.param_U_z;
  float* __restrict panel_U_z_transposed = run.panel_U_z_transposed;

  for (int64_t block = begin; block < end; ++block) {
    for (int64_t k = 0; k < 32; ++k) {
      const vec v1 = vec::load_unaligned(param_U_z + k * 32 + block * 8);
      v1.store_unaligned(panel_U_z_transposed + block * 256 + k * 8);
    }
  }
}

void pack_panel_U_n_transposed(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict param_U_n = run.param_U_n;
  float* __restrict panel_U_n_transposed = run.panel_U_n_transposed;

  for (int64_t block = begin; block < end; ++block) {
    for (int64_t k = 0; k < 32; ++k) {
      const vec v1 = vec::load_unaligned(param_U_n + k * 32 + block * 8);
      v1.store_unaligned(panel_U_n_transposed + block * 256 + k * 8);
    }
  }
}

// d.h = d.h_sum + d.h[t+1] * z[t+1] + upstream(h) + impulse(upstream(h.final), last)    (gru.rnn:10)
// d.n.pre = d.n * (1 - n^2)    (gru.rnn:18)
// d.r.pre = d.r * r * (1 - r)    (gru.rnn:16)
// d.n.1 = d.n.pre * r    (gru.rnn:18)
// d.z.pre = d.z * z * (1 - z)    (gru.rnn:17)
void backward_d_h_d_n_pre_d_r_pre_d_n_1_epilogue(const Run& run, vec d_h_sum, vec d_h_sum_2, vec d_h_sum_3,
    vec d_h_sum_4, int64_t t0, int64_t t, int64_t window0, int64_t b, int64_t j) {
  const int64_t B = run.B;
  const float* tape_r = run.tape_r;
  const float* tape_z = run.tape_z;
  const float* tape_add = run.tape_add;
  const float* tape_n = run.tape_n;
  const float* tape_h = run.tape_h;
  float* d_h = run.d_h;
  float* d_n_pre = run.d_n_pre;
  float* d_r_pre = run.d_r_pre;
  float* d_n_1 = run.d_n_1;
  float* d_z_pre = run.d_z_pre;
  const float* d_h_2 = run.d_h_2;
  const float* d_h_final = run.d_h_final;

  const vec d_h_after0 = vec::load_unaligned(d_h + ((t - window0 + 1) * B + b) * 32 + j);
  const vec z_after0 = vec::load_unaligned(tape_z + ((t - window0 + 1) * B + b) * 32 + j);
  const vec v1 = d_h_after0 * z_after0;
  const vec upstream0 = vec::load_unaligned(d_h_2 + (t * B + b) * 32 + j);
  const vec v2 = v1 + upstream0;
  const int64_t length = run.length(0, b);
  const mask m1 = mask(t < length);
  const mask m2 = mask(t < length - 1);
  const mask m3 = ~m2;
  const mask m4 = m1 & m3;
  const vec upstream1 = vec::load_unaligned(d_h_final + b * 32 + j);
  const vec v3 = xsimd::select(m4, upstream1, vec(0.0f));
  const vec v4 = v2 + v3;
  const vec d_h0 = d_h_sum + v4;
  const mask m5 = mask(t < length);
  const vec v5 = xsimd::select(m5, d_h0, vec(0.0f));
  v5.store_unaligned(d_h + ((t - window0) * B + b) * 32 + j);
  const vec d_h_after1 = vec::load_unaligned(d_h + ((t - window0 + 1) * B + b) * 32 + j + 8);
  const vec z_after1 = vec::load_unaligned(tape_z + ((t - window0 + 1) * B + b) * 32 + j + 8);
  const vec v6 = d_h_after1 * z_after1;
  const vec upstream2 = vec::load_unaligned(d_h_2 + (t * B + b) * 32 + j + 8);
  const vec v7 = v6 + upstream2;
  const mask m6 = mask(t < length);
  const mask m7 = mask(t < length - 1);
  const mask m8 = ~m7;
  const mask m9 = m6 & m8;
  const vec upstream3 = vec::load_unaligned(d_h_final + b * 32 + j + 8);
  const vec v8 = xsimd::select(m9, upstream3, vec(0.0f));
  const vec v9 = v7 + v8;
  const vec d_h1 = d_h_sum_2 + v9;
  const mask m10 = mask(t < length);
  const vec v10 = xsimd::select(m10, d_h1, vec(0.0f));
  v10.store_unaligned(d_h + ((t - window0) * B + b) * 32 + j + 8);
  const vec d_h_after2 = vec::load_unaligned(d_h + ((t - window0 + 1) * B + b) * 32 + j + 16);
  const vec z_after2 = vec::load_unaligned(tape_z + ((t - window0 + 1) * B + b) * 32 + j + 16);
  const vec v11 = d_h_after2 * z_after2;
  const vec upstream4 = vec::load_unaligned(d_h_2 + (t * B + b) * 32 + j + 16);
  const vec v12 = v11 + upstream4;
  const mask m11 = mask(t < length);
  const mask m12 = mask(t < length - 1);
  const mask m13 = ~m12;
  const mask m14 = m11 & m13;
  const vec upstream5 = vec::load_unaligned(d_h_final + b * 32 + j + 16);
  const vec v13 = xsimd::select(m14, upstream5, vec(0.0f));
  const vec v14 = v12 + v13;
  const vec d_h2 = d_h_sum_3 + v14;
  const mask m15 = mask(t < length);
  const vec v15 = xsimd::select(m15, d_h2, vec(0.0f));
  v15.store_unaligned(d_h + ((t - window0) * B + b) * 32 + j + 16);
  const vec d_h_after3 = vec::load_unaligned(d_h + ((t - window0 + 1) * B + b) * 32 + j + 24);
  const vec z_after3 = vec::load_unaligned(tape_z + ((t - window0 + 1) * B + b) * 32 + j + 24);
  const vec v16 = d_h_after3 * z_after3;
  const vec upstream6 = vec::load_unaligned(d_h_2 + (t * B + b) * 32 + j + 24);
  const vec v17 = v16 + upstream6;
  const mask m16 = mask(t < length);
  const mask m17 = mask(t < length - 1);
  const mask m18 = ~m17;
  const mask m19 = m16 & m18;
  const vec upstream7 = vec::load_unaligned(d_h_final + b * 32 + j + 24);
  const vec v18 = xsimd::select(m19, upstream7, vec(0.0f));
  const vec v19 = v17 + v18;
  const vec d_h3 = d_h_sum_4 + v19;
  const mask m20 = mask(t < length);
  const vec v20 = xsimd::select(m20, d_h3, vec(0.0f));
  v20.store_unaligned(d_h + ((t - window0) * B + b) * 32 + j + 24);
  const vec z0 = vec::load_unaligned(tape_z + ((t - window0) * B + b) * 32 + j);
  const vec v21 = vec(1.0f) - z0;
  const vec d_n0 = d_h0 * v21;
  const vec n0 = vec::load_unaligned(tape_n + ((t - window0) * B + b) * 32 + j);
  const vec v22 = n0 * n0;
  const vec v23 = vec(1.0f) - v22;
  const vec d_n_pre0 = d_n0 * v23;
  const mask m21 = mask(t < length);
  const vec v24 = xsimd::select(m21, d_n_pre0, vec(0.0f));
  v24.store_unaligned(d_n_pre + ((t - t0) * B + b) * 32 + j);
  const vec z1 = vec::load_unaligned(tape_z + ((t - window0) * B + b) * 32 + j + 8);
  const vec v25 = vec(1.0f) - z1;
  const vec d_n1 = d_h1 * v25;
  const vec n1 = vec::load_unaligned(tape_n + ((t - window0) * B + b) * 32 + j + 8);
  const vec v26 = n1 * n1;
  const vec v27 = vec(1.0f) - v26;
  const vec d_n_pre1 = d_n1 * v27;
  const mask m22 = mask(t < length);
  const vec v28 = xsimd::select(m22, d_n_pre1, vec(0.0f));
  v28.store_unaligned(d_n_pre + ((t - t0) * B + b) * 32 + j + 8);
  const vec z2 = vec::load_unaligned(tape_z + ((t - window0) * B + b) * 32 + j + 16);
  const vec v29 = vec(1.0f) - z2;
  const vec d_n2 = d_h2 * v29;
  const vec n2 = vec::load_unaligned(tape_n + ((t - window0) * B + b) * 32 + j + 16);
  const vec v30 = n2 * n2;
  const vec v31 = vec(1.0f) - v30;
  const vec d_n_pre2 = d_n2 * v31;
  const mask m23 = mask(t < length);
  const vec v32 = xsimd::select(m23, d_n_pre2, vec(0.0f));
  v32.store_unaligned(d_n_pre + ((t - t0) * B + b) * 32 + j + 16);
  const vec z3 = vec::load_unaligned(tape_z + ((t - window0) * B + b) * 32 + j + 24);
  const vec v33 = vec(1.0f) - z3;
  const vec d_n3 = d_h3 * v33;
  const vec n3 = vec::load_unaligned(tape_n + ((t - window0) * B + b) * 32 + j + 24);
  const vec v34 = n3 * n3;
  const vec v35 = vec(1.0f) - v34;
  const vec d_n_pre3 = d_n3 * v35;
  const mask m24 = mask(t < length);
  const vec v36 = xsimd::select(m24, d_n_pre3, vec(0.0f));
  v36.store_unaligned(d_n_pre + ((t - t0) * B + b) * 32 + j + 24);
  const vec add0 = vec::load_unaligned(tape_add + ((t - window0) * B + b) * 32 + j);
  const vec d_r0 = d_n_pre0 * add0;
  const vec r0 = vec::load_unaligned(tape_r + ((t - window0) * B + b) * 32 + j);
  const vec v37 = d_r0 * r0;
  const vec v38 = vec(1.0f) - r0;
  const vec d_r_pre0 = v37 * v38;
  const mask m25 = mask(t < length);
  const vec v39 = xsimd::select(m25, d_r_pre0, vec(0.0f));
  v39.store_unaligned(d_r_pre + ((t - window0) * B + b) * 32 + j);
  const vec add1 = vec::load_unaligned(tape_add + ((t - window0) * B + b) * 32 + j + 8);
  const vec d_r1 = d_n_pre1 * add1;
  const vec r1 = vec::load_unaligned(tape_r + ((t - window0) * B + b) * 32 + j + 8);
  const vec v40 = d_r1 * r1;
  const vec v41 = vec(1.0f) - r1;
  const vec d_r_pre1 = v40 * v41;
  const mask m26 = mask(t < length);
  const vec v42 = xsimd::select(m26, d_r_pre1, vec(0.0f));
  v42.store_unaligned(d_r_pre + ((t - window0) * B + b) * 32 + j + 8);
  const vec add2 = vec::load_unaligned(tape_add + ((t - window0) * B + b) * 32 + j + 16);
  const vec d_r2 = d_n_pre2 * add2;
  const vec r2 = vec::load_unaligned(tape_r + ((t - window0) * B + b) * 32 + j + 16);
  const vec v43 = d_r2 * r2;
  const vec v44 = vec(1.0f) - r2;
  const vec d_r_pre2 = v43 * v44;
  const mask m27 = mask(t < length);
  const vec v45 = xsimd::select(m27, d_r_pre2, vec(0.0f));
  v45.store_unaligned(d_r_pre + ((t - window0) * B + b) * 32 + j + 16);
  const vec add3 = vec::load_unaligned(tape_add + ((t - window0) * B + b) * 32 + j + 24);
  const vec d_r3 = d_n_pre3 * add3;
  const vec r3 = vec::load_unaligned(tape_r + ((t - window0) * B + b) * 32 + j + 24);
  const vec v46 = d_r3 * r3;
  const vec v47 = vec(1.0f) - r3;
  const vec d_r_pre3 = v46 * v47;
  const mask m28 = mask(t < length);
  const vec v48 = xsimd::select(m28, d_r_pre3, vec(0.0f));
  v48.store_unaligned(d_r_pre + ((t - window0) * B + b) * 32 + j + 24);
  const vec d_n_1_0 = d_n_pre0 * r0;
  const mask m29 = mask(t < length);
  const vec v49 = xsimd::select(m29, d_n_1_0, vec(0.0f));
  v49.store_unaligned(d_n_1 + ((t - window0) * B + b) * 32 + j);
  const vec d_n_1_1 = d_n_pre1 * r1;
  const mask m30 = mask(t < length);
  const vec v50 = xsimd::select(m30, d_n_1_1, vec(0.0f));
  v50.store_unaligned(d_n_1 + ((t - window0) * B + b) * 32 + j + 8);
  const vec d_n_1_2 = d_n_pre2 * r2;
  const mask m31 = mask(t < length);
  const vec v51 = xsimd::select(m31, d_n_1_2, vec(0.0f));
  v51.store_unaligned(d_n_1 + ((t - window0) * B + b) * 32 + j + 16);
  const vec d_n_1_3 = d_n_pre3 * r3;
  const mask m32 = mask(t < length);
  const vec v52 = xsimd::select(m32, d_n_1_3, vec(0.0f));
  v52.store_unaligned(d_n_1 + ((t - window0) * B + b) * 32 + j + 24);
  const vec h_before0 = vec::load_unaligned(tape_h + ((t - window0) * B + b) * 32 + j);
  const vec v53 = h_before0 - n0;
  const vec d_z0 = d_h0 * v53;
  const vec v54 = d_z0 * z0;
  const vec d_z_pre0 = v54 * v21;
  const mask m33 = mask(t < length);
  const vec v55 = xsimd::select(m33, d_z_pre0, vec(0.0f));
  v55.store_unaligned(d_z_pre + ((t - window0) * B + b) * 32 + j);
  const vec h_before1 = vec::load_unaligned(tape_h + ((t - window0) * B + b) * 32 + j + 8);
  const vec v56 = h_before1 - n1;
  const vec d_z1 = d_h1 * v56;
  const vec v57 = d_z1 * z1;
  const vec d_z_pre1 = v57 * v25;
  const mask m34 = mask(t < length);
  const vec v58 = xsimd::select(m34, d_z_pre1, vec(0.0f));
  v58.store_unaligned(d_z_pre + ((t - window0) * B + b) * 32 + j + 8);
  const vec h_before2 = vec::load_unaligned(tape_h + ((t - window0) * B + b) * 32 + j + 16);
  const vec v59 = h_before2 - n2;
  const vec d_z2 = d_h2 * v59;
  const vec v60 = d_z2 * z2;
  const vec d_z_pre2 = v60 * v29;
  const mask m35 = mask(t < length);
  const vec v61 = xsimd::select(m35, d_z_pre2, vec(0.0f));
  v61.store_unaligned(d_z_pre + ((t - window0) * B + b) * 32 + j + 16);
  const vec h_before3 = vec::load_unaligned(tape_h + ((t - window0) * B + b) * 32 + j + 24);
  const vec v62 = h_before3 - n3;
  const vec d_z3 = d_h3 * v62;
  const vec v63 = d_z3 * z3;
  const vec d_z_pre3 = v63 * v33;
  const mask m36 = mask(t < length);
  const vec v64 = xsimd::select(m36, d_z_pre3, vec(0.0f));
  v64.store_unaligned(d_z_pre + ((t - window0) * B + b) * 32 + j + 24);
}

void backward_d_h_d_n_pre_d_r_pre_d_n_1_prefetch(const Run& run, int64_t, int64_t t, int64_t window0, int64_t b,
    int64_t j) {
  const int64_t B = run.B;
  const float* tape_r = run.tape_r;
  const float* tape_z = run.tape_z;
  const float* tape_add = run.tape_add;
  const float* tape_n = run.tape_n;
  const float* tape_h = run.tape_h;
  const float* d_h = run.d_h;
  const float* d_r_pre = run.d_r_pre;
  const float* d_n_1 = run.d_n_1;
  const float* d_z_pre = run.d_z_pre;
  const float* d_h_2 = run.d_h_2;

  RNNC_PREFETCH(d_h + ((t - window0 + 1) * B + b) * 32 + j);
  RNNC_PREFETCH(d_h + ((t - window0 + 1) * B + b) * 32 + j + 16);
  RNNC_PREFETCH(tape_z + ((t - window0 + 1) * B + b) * 32 + j);
  RNNC_PREFETCH(tape_z + ((t - window0 + 1) * B + b) * 32 + j + 16);
  RNNC_PREFETCH(d_h_2 + (t * B + b) * 32 + j);
  RNNC_PREFETCH(d_h_2 + (t * B + b) * 32 + j + 16);
  RNNC_PREFETCH(d_h + ((t - window0) * B + b) * 32 + j);
  RNNC_PREFETCH(d_h + ((t - window0) * B + b) * 32 + j + 16);
  RNNC_PREFETCH(tape_z + ((t - window0) * B + b) * 32 + j);
  RNNC_PREFETCH(tape_z + ((t - window0) * B + b) * 32 + j + 16);
  RNNC_PREFETCH(tape_n + ((t - window0) * B + b) * 32 + j);
  RNNC_PREFETCH(tape_n + ((t - window0) * B + b) * 32 + j + 16);
  RNNC_PREFETCH(tape_add + ((t - window0) * B + b) * 32 + j);
  RNNC_PREFETCH(tape_add + ((t - window0) * B + b) * 32 + j + 16);
  RNNC_PREFETCH(tape_r + ((t - window0) * B + b) * 32 + j);
  RNNC_PREFETCH(tape_r + ((t - window0) * B + b) * 32 + j + 16);
  RNNC_PREFETCH(d_r_pre + ((t - window0) * B + b) * 32 + j);
  RNNC_PREFETCH(d_r_pre + ((t - window0) * B + b) * 32 + j + 16);
  RNNC_PREFETCH(d_n_1 + ((t - window0) * B + b) * 32 + j);
  RNNC_PREFETCH(d_n_1 + ((t - window0) * B + b) * 32 + j + 16);
  RNNC_PREFETCH(tape_h + ((t - window0) * B + b) * 32 + j);
  RNNC_PREFETCH(tape_h + ((t - window0) * B + b) * 32 + j + 16);
  RNNC_PREFETCH(d_z_pre + ((t - window0) * B + b) * 32 + j);
  RNNC_PREFETCH(d_z_pre + ((t - window0) * B + b) * 32 + j + 16);
}

// d.h = d.h_sum + d.h[t+1] * z[t+1] + upstream(h) + impulse(upstream(h.final), last)    (gru.rnn:10)
// d.n.pre = d.n * (1 - n^2)    (gru.rnn:18)
// d.r.pre = d.r * r * (1 - r)    (gru.rnn:16)
// d.n.1 = d.n.pre * r    (gru.rnn:18)
// d.z.pre = d.z * z * (1 - z)    (gru.rnn:17)
void backward_d_h_d_n_pre_d_r_pre_d_n_1(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t,
    int64_t window0) {
  const int64_t B = run.B;
  const float* tape_r = run.tape_r;
  const float* tape_z = run.tape_z;
  const float* tape_add = run.tape_add;
  const float* tape_n = run.tape_n;
  const float* tape_h = run.tape_h;
  float* d_h = run.d_h;
  float* d_n_pre = run.d_n_pre;
  float* d_r_pre = run.d_r_pre;
  float* d_n_1 = run.d_n_1;
  float* d_z_pre = run.d_z_pre;
  const float* d_h_2 = run.d_h_2;
  const float* d_h_final = run.d_h_final;
  const float* __restrict panel_U_r_transposed = run.panel_U_r_transposed;
  const float* __restrict panel_U_z_transposed = run.panel_U_z_transposed;
  const float* __restrict panel_U_n_transposed = run.panel_U_n_transposed;

  const int64_t stop = std::min<int64_t>(end * 8, B);
  const int64_t tiles = (stop - begin * 8) / 3;
  const int64_t odd = (stop - begin * 8 - tiles * 3) % 2;
  const int64_t given_up = std::min<int64_t>(odd, tiles);
  const int64_t pairs = ((given_up - tiles) * 3 + stop - begin * 8) / 2;
  for (int64_t b = begin * 8; b < begin * 8 + (tiles - given_up) * 3; b += 3) {
    backward_d_h_d_n_pre_d_r_pre_d_n_1_prefetch(run, t0, t, window0, b, 0);
    backward_d_h_d_n_pre_d_r_pre_d_n_1_prefetch(run, t0, t, window0, b + 1, 0);
    backward_d_h_d_n_pre_d_r_pre_d_n_1_prefetch(run, t0, t, window0, b + 2, 0);
    vec v1 = vec(0.0f);
    vec v2 = vec(0.0f);
    vec v3 = vec(0.0f);
    vec v4 = vec(0.0f);
    vec v5 = vec(0.0f);
    vec v6 = vec(0.0f);
    vec v7 = vec(0.0f);
    vec v8 = vec(0.0f);
    vec v9 = vec(0.0f);
    vec v10 = vec(0.0f);
    vec v11 = vec(0.0f);
    vec v12 = vec(0.0f);
    #pragma GCC unroll 4
    for (int64_t k = 0; k < 32; ++k) {
      const vec x0 = vec(d_r_pre[((t - window0 + 1) * B + b) * 32 + k]);
      const vec x1 = vec(d_r_pre[((t - window0 + 1) * B + b + 1) * 32 + k]);
      const vec x2 = vec(d_r_pre[((t - window0 + 1) * B + b + 2) * 32 + k]);
      vec w0 = vec::load_unaligned(panel_U_r_transposed + k * 8); RNNC_KEEP(w0);
      v1 = xsimd::fma(w0, x0, v1);
      v5 = xsimd::fma(w0, x1, v5);
      v9 = xsimd::fma(w0, x2, v9);
      vec w1 = vec::load_unaligned(panel_U_r_transposed + (k + 32) * 8); RNNC_KEEP(w1);
      v2 = xsimd::fma(w1, x0, v2);
      v6 = xsimd::fma(w1, x1, v6);
      v10 = xsimd::fma(w1, x2, v10);
      vec w2 = vec::load_unaligned(panel_U_r_transposed + (k + 64) * 8); RNNC_KEEP(w2);
      v3 = xsimd::fma(w2, x0, v3);
      v7 = xsimd::fma(w2, x1, v7);
      v11 = xsimd::fma(w2, x2, v11);
      vec w3 = vec::load_unaligned(panel_U_r_transposed + (k + 96) * 8); RNNC_KEEP(w3);
      v4 = xsimd::fma(w3, x0, v4);
      v8 = xsimd::fma(w3, x1, v8);
      v12 = xsimd::fma(w3, x2, v12);
    }
    #pragma GCC unroll 4
    for (int64_t k = 0; k < 32; ++k) {
      const vec x0 = vec(d_z_pre[((t - window0 + 1) * B + b) * 32 + k]);
      const vec x1 = vec(d_z_pre[((t - window0 + 1) * B + b + 1) * 32 + k]);
      const vec x2 = vec(d_z_pre[((t - window0 + 1) * B + b + 2) * 32 + k]);
      vec w0 = vec::load_unaligned(panel_U_z_transposed + k * 8); RNNC_KEEP(w0);
      v1 = xsimd::fma(w0, x0, v1);
      v5 = xsimd::fma(w0, x1, v5);
      v9 = xsimd::fma(w0, x2, v9);
      vec w1 = vec::load_unaligned(panel_U_z_transposed + (k + 32) * 8); RNNC_KEEP(w1);
      v2 = xsimd::fma(w1, x0, v2);
      v6 = xsimd::fma(w1, x1, v6);
      v10 = xsimd::fma(w1, x2, v10);
      vec w2 = vec::load_unaligned(panel_U_z_transposed + (k + 64) * 8); RNNC_KEEP(w2);
      v3 = xsimd::fma(w2, x0, v3);
      v7 = xsimd::fma(w2, x1, v7);
      v11 = xsimd::fma(w2, x2, v11);
      vec w3 = vec::load_unaligned(panel_U_z_transposed + (k + 96) * 8); RNNC_KEEP(w3);
      v4 = xsimd::fma(w3, x0, v4);
      v8 = xsimd::fma(w3, x1, v8);
      v12 = xsimd::fma(w3, x2, v12);
    }
    #pragma GCC unroll 4
    for (int64_t k = 0; k < 32; ++k) {
      const vec x0 = vec(d_n_1[((t - window0 + 1) * B + b) * 32 + k]);
      const vec x1 = vec(d_n_1[((t - window0 + 1) * B + b + 1) * 32 + k]);
      const vec x2 = vec(d_n_1[((t - window0 + 1) * B + b + 2) * 32 + k]);
      vec w0 = vec::load_unaligned(panel_U_n_transposed + k * 8); RNNC_KEEP(w0);
      v1 = xsimd::fma(w0, x0, v1);
      v5 = xsimd::fma(w0, x1, v5);
      v9 = xsimd::fma(w0, x2, v9);
      vec w1 = vec::load_unaligned(panel_U_n_transposed + (k + 32) * 8); RNNC_KEEP(w1);
      v2 = xsimd::fma(w1, x0, v2);
      v6 = xsimd::fma(w1, x1, v6);
      v10 = xsimd::fma(w1, x2, v10);
      vec w2 = vec::load_unaligned(panel_U_n_transposed + (k + 64) * 8); RNNC_KEEP(w2);
      v3 = xsimd::fma(w2, x0, v3);
      v7 = xsimd::fma(w2, x1, v7);
      v11 = xsimd::fma(w2, x2, v11);
      vec w3 = vec::load_unaligned(panel_U_n_transposed + (k + 96) * 8); RNNC_KEEP(w3);
      v4 = xsimd::fma(w3, x0, v4);
      v8 = xsimd::fma(w3, x1, v8);
      v12 = xsimd::fma(w3, x2, v12);
    }
    backward_d_h_d_n_pre_d_r_pre_d_n_1_epilogue(run, v1, v2, v3, v4, t0, t, window0, b, 0);
    backward_d_h_d_n_pre_d_r_pre_d_n_1_epilogue(run, v5, v6, v7, v8, t0, t, window0, b + 1, 0);
    backward_d_h_d_n_pre_d_r_pre_d_n_1_epilogue(run, v9, v10, v11, v12, t0, t, window0, b + 2, 0);
  }
  for (int64_t b = begin * 8 + (tiles - given_up) * 3; b < begin * 8 + (tiles - given_up) * 3 + pairs * 2; b += 2) {
    backward_d_h_d_n_pre_d_r_pre_d_n_1_prefetch(run, t0, t, window0, b, 0);
    backward_d_h_d_n_pre_d_r_pre_d_n_1_prefetch(run, t0, t, window0, b + 1, 0);
    vec v1 = vec(0.0f);
    vec v2 = vec(0.0f);
    vec v3 = vec(0.0f);
    vec v4 = vec(0.0f);
    vec v5 = vec(0.0f);
    vec v6 = vec(0.0f);
    vec v7 = vec(0.0f);
    vec v8 = vec(0.0f);
    for (int64_t k = 0; k < 32; ++k) {
      const vec x0 = vec(d_r_pre[((t - window0 + 1) * B + b) * 32 + k]);
      const vec x1 = vec(d_r_pre[((t - window0 + 1) * B + b + 1) * 32 + k]);
      vec w0 = vec::load_unaligned(panel_U_r_transposed + k * 8); RNNC_KEEP(w0);
      v1 = xsimd::fma(w0, x0, v1);
      v5 = xsimd::fma(w0, x1, v5);
      vec w1 = vec::load_unaligned(panel_U_r_transposed + (k + 32) * 8); RNNC_KEEP(w1);
      v2 = xsimd::fma(w1, x0, v2);
      v6 = xsimd::fma(w1, x1, v6);
      vec w2 = vec::load_unaligned(panel_U_r_transposed + (k + 64) * 8); RNNC_KEEP(w2);
      v3 = xsimd::fma(w2, x0, v3);
      v7 = xsimd::fma(w2, x1, v7);
      vec w3 = vec::load_unaligned(panel_U_r_transposed + (k + 96) * 8); RNNC_KEEP(w3);
      v4 = xsimd::fma(w3, x0, v4);
      v8 = xsimd::fma(w3, x1, v8);
    }
    for (int64_t k = 0; k < 32; ++k) {
      const vec x0 = vec(d_z_pre[((t - window0 + 1) * B + b) * 32 + k]);
      const vec x1 = vec(d_z_pre[((t - window0 + 1) * B + b + 1) * 32 + k]);
      vec w0 = vec::load_unaligned(panel_U_z_transposed + k * 8); RNNC_KEEP(w0);
      v1 = xsimd::fma(w0, x0, v1);
      v5 = xsimd::fma(w0, x1, v5);
      vec w1 = vec::load_unaligned(panel_U_z_transposed + (k + 32) * 8); RNNC_KEEP(w1);
      v2 = xsimd::fma(w1, x0, v2);
      v6 = xsimd::fma(w1, x1, v6);
      vec w2 = vec::load_unaligned(panel_U_z_transposed + (k + 64) * 8); RNNC_KEEP(w2);
      v3 = xsimd::fma(w2, x0, v3);
      v7 = xsimd::fma(w2, x1, v7);
      vec w3 = vec::load_unaligned(panel_U_z_transposed + (k + 96) * 8); RNNC_KEEP(w3);
      v4 = xsimd::fma(w3, x0, v4);
      v8 = xsimd::fma(w3, x1, v8);
    }
    for (int64_t k = 0; k < 32; ++k) {
      const vec x0 = vec(d_n_1[((t - window0 + 1) * B + b) * 32 + k]);
      const vec x1 = vec(d_n_1[((t - window0 + 1) * B + b + 1) * 32 + k]);
      vec w0 = vec::load_unaligned(panel_U_n_transposed + k * 8); RNNC_KEEP(w0);
      v1 = xsimd::fma(w0, x0, v1);
      v5 = xsimd::fma(w0, x1, v5);
      vec w1 = vec::load_unaligned(panel_U_n_transposed + (k + 32) * 8); RNNC_KEEP(w1);
      v2 = xsimd::fma(w1, x0, v2);
      v6 = xsimd::fma(w1, x1, v6);
      vec w2 = vec::load_unaligned(panel_U_n_transposed + (k + 64) * 8); RNNC_KEEP(w2);
      v3 = xsimd::fma(w2, x0, v3);
      v7 = xsimd::fma(w2, x1, v7);
      vec w3 = vec::load_unaligned(panel_U_n_transposed + (k + 96) * 8); RNNC_KEEP(w3);
      v4 = xsimd::fma(w3, x0, v4);
      v8 = xsimd::fma(w3, x1, v8);
    }
    backward_d_h_d_n_pre_d_r_pre_d_n_1_epilogue(run, v1, v2, v3, v4, t0, t, window0, b, 0);
    backward_d_h_d_n_pre_d_r_pre_d_n_1_epilogue(run, v5, v6, v7, v8, t0, t, window0, b + 1, 0);
  }
  for (int64_t b = begin * 8 + (tiles - given_up) * 3 + pairs * 2; b < stop; ++b) {
    vec v1 = vec(0.0f);
    vec v2 = vec(0.0f);
    vec v3 = vec(0.0f);
    vec v4 = vec(0.0f);
    for (int64_t k = 0; k < 32; ++k) {
      const vec x0 = vec(d_r_pre[((t - window0 + 1) * B + b) * 32 + k]);
      const vec w0 = vec::load_unaligned(panel_U_r_transposed + k * 8);
      v1 = xsimd::fma(w0, x0, v1);
      const vec w1 = vec::load_unaligned(panel_U_r_transposed + (k + 32) * 8);
      v2 = xsimd::fma(w1, x0, v2);
      const vec w2 = vec::load_unaligned(panel_U_r_transposed + (k + 64) * 8);
      v3 = xsimd::fma(w2, x0, v3);
      const vec w3 = vec::load_unaligned(panel_U_r_transposed + (k + 96) * 8);
      v4 = xsimd::fma(w3, x0, v4);
    }
    for (int64_t k = 0; k < 32; ++k) {
      const vec x0 = vec(d_z_pre[((t - window0 + 1) * B + b) * 32 + k]);
      const vec w0 = vec::load_unaligned(panel_U_z_transposed + k * 8);
      v1 = xsimd::fma(w0, x0, v1);
      const vec w1 = vec::load_unaligned(panel_U_z_transposed + (k + 32) * 8);
      v2 = xsimd::fma(w1, x0, v2);
      const vec w2 = vec::load_unaligned(panel_U_z_transposed + (k + 64) * 8);
      v3 = xsimd::fma(w2, x0, v3);
      const vec w3 = vec::load_unaligned(panel_U_z_transposed + (k + 96) * 8);
      v4 = xsimd::fma(w3, x0, v4);
    }
    for (int64_t k = 0; k < 32; ++k) {
      const vec x0 = vec(d_n_1[((t - window0 + 1) * B + b) * 32 + k]);
      const vec w0 = vec::load_unaligned(panel_U_n_transposed + k * 8);
      v1 = xsimd::fma(w0, x0, v1);
      const vec w1 = vec::load_unaligned(panel_U_n_transposed + (k + 32) * 8);
      v2 = xsimd::fma(w1, x0, v2);
      const vec w2 = vec::load_unaligned(panel_U_n_transposed + (k + 64) * 8);
      v3 = xsimd::fma(w2, x0, v3);
      const vec w3 = vec::load_unaligned(panel_U_n_transposed + (k + 96) * 8);
      v4 = xsimd::fma(w3, x0, v4);
    }
    const vec d_h_after0 = vec::load_unaligned(d_h + ((t - window0 + 1) * B + b) * 32);
    const vec z_after0 = vec::load_unaligned(tape_z + ((t - window0 + 1) * B + b) * 32);
    const vec v5 = d_h_after0 * z_after0;
    const vec upstream0 = vec::load_unaligned(d_h_2 + (t * B + b) * 32);
    const vec v6 = v5 + upstream0;
    const int64_t length = run.length(0, b);
    const mask m1 = mask(t < length);
    const mask m2 = mask(t < length - 1);
    const mask m3 = ~m2;
    const mask m4 = m1 & m3;
    const vec upstream1 = vec::load_unaligned(d_h_final + b * 32);
    const vec v7 = xsimd::select(m4, upstream1, vec(0.0f));
    const vec v8 = v6 + v7;
    const vec d_h0 = v1 + v8;
    const mask m5 = mask(t < length);
    const vec v9 = xsimd::select(m5, d_h0, vec(0.0f));
    v9.store_unaligned(d_h + ((t - window0) * B + b) * 32);
    const vec d_h_after1 = vec::load_unaligned(d_h + ((t - window0 + 1) * B + b) * 32 + 8);
    const vec z_after1 = vec::load_unaligned(tape_z + ((t - window0 + 1) * B + b) * 32 + 8);
    const vec v10 = d_h_after1 * z_after1;
    const vec upstream2 = vec::load_unaligned(d_h_2 + (t * B + b) * 32 + 8);
    const vec v11 = v10 + upstream2;
    const mask m6 = mask(t < length);
    const mask m7 = mask(t < length - 1);
    const mask m8 = ~m7;
    const mask m9 = m6 & m8;
    const vec upstream3 = vec::load_unaligned(d_h_final + b * 32 + 8);
    const vec v12 = xsimd::select(m9, upstream3, vec(0.0f));
    const vec v13 = v11 + v12;
    const vec d_h1 = v2 + v13;
    const mask m10 = mask(t < length);
    const vec v14 = xsimd::select(m10, d_h1, vec(0.0f));
    v14.store_unaligned(d_h + ((t - window0) * B + b) * 32 + 8);
    const vec d_h_after2 = vec::load_unaligned(d_h + ((t - window0 + 1) * B + b) * 32 + 16);
    const vec z_after2 = vec::load_unaligned(tape_z + ((t - window0 + 1) * B + b) * 32 + 16);
    const vec v15 = d_h_after2 * z_after2;
    const vec upstream4 = vec::load_unaligned(d_h_2 + (t * B + b) * 32 + 16);
    const vec v16 = v15 + upstream4;
    const mask m11 = mask(t < length);
    const mask m12 = mask(t < length - 1);
    const mask m13 = ~m12;
    const mask m14 = m11 & m13;
    const vec upstream5 = vec::load_unaligned(d_h_final + b * 32 + 16);
    const vec v17 = xsimd::select(m14, upstream5, vec(0.0f));
    const vec v18 = v16 + v17;
    const vec d_h2 = v3 + v18;
    const mask m15 = mask(t < length);
    const vec v19 = xsimd::select(m15, d_h2, vec(0.0f));
    v19.store_unaligned(d_h + ((t - window0) * B + b) * 32 + 16);
    const vec d_h_after3 = vec::load_unaligned(d_h + ((t - window0 + 1) * B + b) * 32 + 24);
    const vec z_after3 = vec::load_unaligned(tape_z + ((t - window0 + 1) * B + b) * 32 + 24);
    const vec v20 = d_h_after3 * z_after3;
    const vec upstream6 = vec::load_unaligned(d_h_2 + (t * B + b) * 32 + 24);
    const vec v21 = v20 + upstream6;
    const mask m16 = mask(t < length);
    const mask m17 = mask(t < length - 1);
    const mask m18 = ~m17;
    const mask m19 = m16 & m18;
    const vec upstream7 = vec::load_unaligned(d_h_final + b * 32 + 24);
    const vec v22 = xsimd::select(m19, upstream7, vec(0.0f));
    const vec v23 = v21 + v22;
    const vec d_h3 = v4 + v23;
    const mask m20 = mask(t < length);
    const vec v24 = xsimd::select(m20, d_h3, vec(0.0f));
    v24.store_unaligned(d_h + ((t - window0) * B + b) * 32 + 24);
    const vec z0 = vec::load_unaligned(tape_z + ((t - window0) * B + b) * 32);
    const vec v25 = vec(1.0f) - z0;
    const vec d_n0 = d_h0 * v25;
    const vec n0 = vec::load_unaligned(tape_n + ((t - window0) * B + b) * 32);
    const vec v26 = n0 * n0;
    const vec v27 = vec(1.0f) - v26;
    const vec d_n_pre0 = d_n0 * v27;
    const mask m21 = mask(t < length);
    const vec v28 = xsimd::select(m21, d_n_pre0, vec(0.0f));
    v28.store_unaligned(d_n_pre + ((t - t0) * B + b) * 32);
    const vec z1 = vec::load_unaligned(tape_z + ((t - window0) * B + b) * 32 + 8);
    const vec v29 = vec(1.0f) - z1;
    const vec d_n1 = d_h1 * v29;
    const vec n1 = vec::load_unaligned(tape_n + ((t - window0) * B + b) * 32 + 8);
    const vec v30 = n1 * n1;
    const vec v31 = vec(1.0f) - v30;
    const vec d_n_pre1 = d_n1 * v31;
    const mask m22 = mask(t < length);
    const vec v32 = xsimd::select(m22, d_n_pre1, vec(0.0f));
    v32.store_unaligned(d_n_pre + ((t - t0) * B + b) * 32 + 8);
    const vec z2 = vec::load_unaligned(tape_z + ((t - window0) * B + b) * 32 + 16);
    const vec v33 = vec(1.0f) - z2;
    const vec d_n2 = d_h2 * v33;
    const vec n2 = vec::load_unaligned(tape_n + ((t - window0) * B + b) * 32 + 16);
    const vec v34 = n2 * n2;
    const vec v35 = vec(1.0f) - v34;
    const vec d_n_pre2 = d_n2 * v35;
    const mask m23 = mask(t < length);
    const vec v36 = xsimd::select(m23, d_n_pre2, vec(0.0f));
    v36.store_unaligned(d_n_pre + ((t - t0) * B + b) * 32 + 16);
    const vec z3 = vec::load_unaligned(tape_z + ((t - window0) * B + b) * 32 + 24);
    const vec v37 = vec(1.0f) - z3;
    const vec d_n3 = d_h3 * v37;
    const vec n3 = vec::load_unaligned(tape_n + ((t - window0) * B + b) * 32 + 24);
    const vec v38 = n3 * n3;
    const vec v39 = vec(1.0f) - v38;
    const vec d_n_pre3 = d_n3 * v39;
    const mask m24 = mask(t < length);
    const vec v40 = xsimd::select(m24, d_n_pre3, vec(0.0f));
    v40.store_unaligned(d_n_pre + ((t - t0) * B + b) * 32 + 24);
    const vec add0 = vec::load_unaligned(tape_add + ((t - window0) * B + b) * 32);
    const vec d_r0 = d_n_pre0 * add0;
    const vec r0 = vec::load_unaligned(tape_r + ((t - window0) * B + b) * 32);
    const vec v41 = d_r0 * r0;
    const vec v42 = vec(1.0f) - r0;
    const vec d_r_pre0 = v41 * v42;
    const mask m25 = mask(t < length);
    const vec v43 = xsimd::select(m25, d_r_pre0, vec(0.0f));
    v43.store_unaligned(d_r_pre + ((t - window0) * B + b) * 32);
    const vec add1 = vec::load_unaligned(tape_add + ((t - window0) * B + b) * 32 + 8);
    const vec d_r1 = d_n_pre1 * add1;
    const vec r1 = vec::load_unaligned(tape_r + ((t - window0) * B + b) * 32 + 8);
    const vec v44 = d_r1 * r1;
    const vec v45 = vec(1.0f) - r1;
    const vec d_r_pre1 = v44 * v45;
    const mask m26 = mask(t < length);
    const vec v46 = xsimd::select(m26, d_r_pre1, vec(0.0f));
    v46.store_unaligned(d_r_pre + ((t - window0) * B + b) * 32 + 8);
    const vec add2 = vec::load_unaligned(tape_add + ((t - window0) * B + b) * 32 + 16);
    const vec d_r2 = d_n_pre2 * add2;
    const vec r2 = vec::load_unaligned(tape_r + ((t - window0) * B + b) * 32 + 16);
    const vec v47 = d_r2 * r2;
    const vec v48 = vec(1.0f) - r2;
    const vec d_r_pre2 = v47 * v48;
    const mask m27 = mask(t < length);
    const vec v49 = xsimd::select(m27, d_r_pre2, vec(0.0f));
    v49.store_unaligned(d_r_pre + ((t - window0) * B + b) * 32 + 16);
    const vec add3 = vec::load_unaligned(tape_add + ((t - window0) * B + b) * 32 + 24);
    const vec d_r3 = d_n_pre3 * add3;
    const vec r3 = vec::load_unaligned(tape_r + ((t - window0) * B + b) * 32 + 24);
    const vec v50 = d_r3 * r3;
    const vec v51 = vec(1.0f) - r3;
    const vec d_r_pre3 = v50 * v51;
    const mask m28 = mask(t < length);
    const vec v52 = xsimd::select(m28, d_r_pre3, vec(0.0f));
    v52.store_unaligned(d_r_pre + ((t - window0) * B + b) * 32 + 24);
    const vec d_n_1_0 = d_n_pre0 * r0;
    const mask m29 = mask(t < length);
    const vec v53 = xsimd::select(m29, d_n_1_0, vec(0.0f));
    v53.store_unaligned(d_n_1 + ((t - window0) * B + b) * 32);
    const vec d_n_1_1 = d_n_pre1 * r1;
    const mask m30 = mask(t < length);
    const vec v54 = xsimd::select(m30, d_n_1_1, vec(0.0f));
    v54.store_unaligned(d_n_1 + ((t - window0) * B + b) * 32 + 8);
    const vec d_n_1_2 = d_n_pre2 * r2;
    const mask m31 = mask(t < length);
    const vec v55 = xsimd::select(m31, d_n_1_2, vec(0.0f));
    v55.store_unaligned(d_n_1 + ((t - window0) * B + b) * 32 + 16);
    const vec d_n_1_3 = d_n_pre3 * r3;
    const mask m32 = mask(t < length);
    const vec v56 = xsimd::select(m32, d_n_1_3, vec(0.0f));
    v56.store_unaligned(d_n_1 + ((t - window0) * B + b) * 32 + 24);
    const vec h_before0 = vec::load_unaligned(tape_h + ((t - window0) * B + b) * 32);
    const vec v57 = h_before0 - n0;
    const vec d_z0 = d_h0 * v57;
    const vec v58 = d_z0 * z0;
    const vec d_z_pre0 = v58 * v25;
    const mask m33 = mask(t < length);
    const vec v59 = xsimd::select(m33, d_z_pre0, vec(0.0f));
    v59.store_unaligned(d_z_pre + ((t - window0) * B + b) * 32);
    const vec h_before1 = vec::load_unaligned(tape_h + ((t - window0) * B + b) * 32 + 8);
    const vec v60 = h_before1 - n1;
    const vec d_z1 = d_h1 * v60;
    const vec v61 = d_z1 * z1;
    const vec d_z_pre1 = v61 * v29;
    const mask m34 = mask(t < length);
    const vec v62 = xsimd::select(m34, d_z_pre1, vec(0.0f));
    v62.store_unaligned(d_z_pre + ((t - window0) * B + b) * 32 + 8);
    const vec h_before2 = vec::load_unaligned(tape_h + ((t - window0) * B + b) * 32 + 16);
    const vec v63 = h_before2 - n2;
    const vec d_z2 = d_h2 * v63;
    const vec v64 = d_z2 * z2;
    const vec d_z_pre2 = v64 * v33;
    const mask m35 = mask(t < length);
    const vec v65 = xsimd::select(m35, d_z_pre2, vec(0.0f));
    v65.store_unaligned(d_z_pre + ((t - window0) * B + b) * 32 + 16);
    const vec h_before3 = vec::load_unaligned(tape_h + ((t - window0) * B + b) * 32 + 24);
    const vec v66 = h_before3 - n3;
    const vec d_z3 = d_h3 * v66;
    const vec v67 = d_z3 * z3;
    const vec d_z_pre3 = v67 * v37;
    const mask m36 = mask(t < length);
    const vec v68 = xsimd::select(m36, d_z_pre3, vec(0.0f));
    v68.store_unaligned(d_z_pre + ((t - window0) * B + b) * 32 + 24);
  }
}

void pack_panel_W_r_transposed(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict param_W_r = run.param_W_r;
  float* __restrict panel_W_r_transposed = run.panel_W_r_transposed;

  for (int64_t block = begin; block < end; ++block) {
    for (int64_t k = 0; k < 32; ++k) {
      const vec v1 = vec::load_unaligned(param_W_r + k * 16 + block * 8);
      v1.store_unaligned(panel_W_r_transposed + block * 256 + k * 8);
    }
  }
}

void pack_panel_W_z_transposed(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict param_W_z = run.param_W_z;
  float* __restrict panel_W_z_transposed = run.panel_W_z_transposed;

  for (int64_t block = begin; block < end; ++block) {
    for (int64_t k = 0; k < 32; ++k) {
      const vec v1 = vec::load_unaligned(param_W_z + k * 16 + block * 8);
      v1.store_unaligned(panel_W_z_transposed + block * 256 + k * 8);
    }
  }
}

void pack_panel_W_n_transposed(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict param_W_n = run.param_W_n;
  float* __restrict panel_W_n_transposed = run.panel_W_n_transposed;

  for (int64_t block = begin; block < end; ++block) {
    for (int64_t k = 0; k < 32; ++k) {
      const vec v1 = vec::load_unaligned(param_W_n + k * 16 + block * 8);
      v1.store_unaligned(panel_W_n_transposed + block * 256 + k * 8);
    }
  }
}

// grad.x = W_r' @ d.r.pre + W_z' @ d.z.pre + W_n' @ d.n.pre
void backward_grad_x_epilogue(const Run& run, vec grad_x_3, vec grad_x_4, int64_t t0, int64_t, int64_t, int64_t r,
    int64_t j) {
  const int64_t B = run.B;
  float* grad_x = run.grad_x;
  float* grad_x_2 = run.grad_x_2;

  grad_x_3.store_unaligned(grad_x + (r - t0 * B) * 16 + j);
  const int64_t t = r / B;
  const int64_t length = run.length(0, r - t * B);
  const mask m1 = mask(t < length);
  const vec v1 = xsimd::select(m1, grad_x_3, vec(0.0f));
  v1.store_unaligned(grad_x_2 + r * 16 + j);
  grad_x_4.store_unaligned(grad_x + (r - t0 * B) * 16 + j + 8);
  const mask m2 = mask(t < length);
  const vec v2 = xsimd::select(m2, grad_x_4, vec(0.0f));
  v2.store_unaligned(grad_x_2 + r * 16 + j + 8);
}

void backward_grad_x_prefetch(const Run& run, int64_t, int64_t, int64_t, int64_t r, int64_t j) {
  const float* grad_x_2 = run.grad_x_2;

  RNNC_PREFETCH(grad_x_2 + r * 16 + j);
}

// grad.x = W_r' @ d.r.pre + W_z' @ d.z.pre + W_n' @ d.n.pre
void backward_grad_x(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict d_n_pre = run.d_n_pre;
  const float* __restrict d_r_pre = run.d_r_pre;
  const float* __restrict d_z_pre = run.d_z_pre;
  float* grad_x = run.grad_x;
  const float* __restrict panel_W_r_transposed = run.panel_W_r_transposed;
  const float* __restrict panel_W_z_transposed = run.panel_W_z_transposed;
  const float* __restrict panel_W_n_transposed = run.panel_W_n_transposed;
  float* grad_x_2 = run.grad_x_2;

  const int64_t stop = std::min<int64_t>(end * 8, (t1 - t0) * B);
  const int64_t tiles = (stop - begin * 8) / 6;
  const int64_t pairs = (stop - begin * 8 - tiles * 6) / 2;
  for (int64_t r = begin * 8 + t0 * B; r < begin * 8 + tiles * 6 + t0 * B; r += 6) {
    backward_grad_x_prefetch(run, t0, t1, window0, r, 0);
    backward_grad_x_prefetch(run, t0, t1, window0, r + 1, 0);
    backward_grad_x_prefetch(run, t0, t1, window0, r + 2, 0);
    backward_grad_x_prefetch(run, t0, t1, window0, r + 3, 0);
    backward_grad_x_prefetch(run, t0, t1, window0, r + 4, 0);
    backward_grad_x_prefetch(run, t0, t1, window0, r + 5, 0);
    vec v1 = vec(0.0f);
    vec v2 = vec(0.0f);
    vec v3 = vec(0.0f);
    vec v4 = vec(0.0f);
    vec v5 = vec(0.0f);
    vec v6 = vec(0.0f);
    vec v7 = vec(0.0f);
    vec v8 = vec(0.0f);
    vec v9 = vec(0.0f);
    vec v10 = vec(0.0f);
    vec v11 = vec(0.0f);
    vec v12 = vec(0.0f);
    #pragma GCC unroll 4
    for (int64_t k = 0; k < 32; ++k) {
      vec w0 = vec::load_unaligned(panel_W_r_transposed + k * 8); RNNC_KEEP(w0);
      vec w1 = vec::load_unaligned(panel_W_r_transposed + (k + 32) * 8); RNNC_KEEP(w1);
      const vec x0 = vec(d_r_pre[(r - window0 * B) * 32 + k]);
      v1 = xsimd::fma(w0, x0, v1);
      v2 = xsimd::fma(w1, x0, v2);
      const vec x1 = vec(d_r_pre[(r - window0 * B + 1) * 32 + k]);
      v3 = xsimd::fma(w0, x1, v3);
      v4 = xsimd::fma(w1, x1, v4);
      const vec x2 = vec(d_r_pre[(r - window0 * B + 2) * 32 + k]);
      v5 = xsimd::fma(w0, x2, v5);
      v6 = xsimd::fma(w1, x2, v6);
      const vec x3 = vec(d_r_pre[(r - window0 * B + 3) * 32 + k]);
      v7 = xsimd::fma(w0, x3, v7);
      v8 = xsimd::fma(w1, x3, v8);
      const vec x4 = vec(d_r_pre[(r - window0 * B + 4) * 32 + k]);
      v9 = xsimd::fma(w0, x4, v9);
      v10 = xsimd::fma(w1, x4, v10);
      const vec x5 = vec(d_r_pre[(r - window0 * B + 5) * 32 + k]);
      v11 = xsimd::fma(w0, x5, v11);
      v12 = xsimd::fma(w1, x5, v12);
    }
    #pragma GCC unroll 4
    for (int64_t k = 0; k < 32; ++k) {
      vec w0 = vec::load_unaligned(panel_W_z_transposed + k * 8); RNNC_KEEP(w0);
      vec w1 = vec::load_unaligned(panel_W_z_transposed + (k + 32) * 8); RNNC_KEEP(w1);
      const vec x0 = vec(d_z_pre[(r - window0 * B) * 32 + k]);
      v1 = xsimd::fma(w0, x0, v1);
      v2 = xsimd::fma(w1, x0, v2);
      const vec x1 = vec(d_z_pre[(r - window0 * B + 1) * 32 + k]);
      v3 = xsimd::fma(w0, x1, v3);
      v4 = xsimd::fma(w1, x1, v4);
      const vec x2 = vec(d_z_pre[(r - window0 * B + 2) * 32 + k]);
      v5 = xsimd::fma(w0, x2, v5);
      v6 = xsimd::fma(w1, x2, v6);
      const vec x3 = vec(d_z_pre[(r - window0 * B + 3) * 32 + k]);
      v7 = xsimd::fma(w0, x3, v7);
      v8 = xsimd::fma(w1, x3, v8);
      const vec x4 = vec(d_z_pre[(r - window0 * B + 4) * 32 + k]);
      v9 = xsimd::fma(w0, x4, v9);
      v10 = xsimd::fma(w1, x4, v10);
      const vec x5 = vec(d_z_pre[(r - window0 * B + 5) * 32 + k]);
      v11 = xsimd::fma(w0, x5, v11);
      v12 = xsimd::fma(w1, x5, v12);
    }
    #pragma GCC unroll 4
    for (int64_t k = 0; k < 32; ++k) {
      vec w0 = vec::load_unaligned(panel_W_n_transposed + k * 8); RNNC_KEEP(w0);
      vec w1 = vec::load_unaligned(panel_W_n_transposed + (k + 32) * 8); RNNC_KEEP(w1);
      const vec x0 = vec(d_n_pre[(r - t0 * B) * 32 + k]);
      v1 = xsimd::fma(w0, x0, v1);
      v2 = xsimd::fma(w1, x0, v2);
      const vec x1 = vec(d_n_pre[(r - t0 * B + 1) * 32 + k]);
      v3 = xsimd::fma(w0, x1, v3);
      v4 = xsimd::fma(w1, x1, v4);
      const vec x2 = vec(d_n_pre[(r - t0 * B + 2) * 32 + k]);
      v5 = xsimd::fma(w0, x2, v5);
      v6 = xsimd::fma(w1, x2, v6);
      const vec x3 = vec(d_n_pre[(r - t0 * B + 3) * 32 + k]);
      v7 = xsimd::fma(w0, x3, v7);
      v8 = xsimd::fma(w1, x3, v8);
      const vec x4 = vec(d_n_pre[(r - t0 * B + 4) * 32 + k]);
      v9 = xsimd::fma(w0, x4, v9);
      v10 = xsimd::fma(w1, x4, v10);
      const vec x5 = vec(d_n_pre[(r - t0 * B + 5) * 32 + k]);
      v11 = xsimd::fma(w0, x5, v11);
      v12 = xsimd::fma(w1, x5, v12);
    }
    backward_grad_x_epilogue(run, v1, v2, t0, t1, window0, r, 0);
    backward_grad_x_epilogue(run, v3, v4, t0, t1, window0, r + 1, 0);
    backward_grad_x_epilogue(run, v5, v6, t0, t1, window0, r + 2, 0);
    backward_grad_x_epilogue(run, v7, v8, t0, t1, window0, r + 3, 0);
    backward_grad_x_epilogue(run, v9, v10, t0, t1, window0, r + 4, 0);
    backward_grad_x_epilogue(run, v11, v12, t0, t1, window0, r + 5, 0);
  }
  for (int64_t r = begin * 8 + tiles * 6 + t0 * B; r < begin * 8 + tiles * 6 + pairs * 2 + t0 * B; r += 2) {
    backward_grad_x_prefetch(run, t0, t1, window0, r, 0);
    backward_grad_x_prefetch(run, t0, t1, window0, r + 1, 0);
    vec v1 = vec(0.0f);
    vec v2 = vec(0.0f);
    vec v3 = vec(0.0f);
    vec v4 = vec(0.0f);
    for (int64_t k = 0; k < 32; ++k) {
      const vec x0 = vec(d_r_pre[(r - window0 * B) * 32 + k]);
      const vec x1 = vec(d_r_pre[(r - window0 * B + 1) * 32 + k]);
      vec w0 = vec::load_unaligned(panel_W_r_transposed + k * 8); RNNC_KEEP(w0);
      v1 = xsimd::fma(w0, x0, v1);
      v3 = xsimd::fma(w0, x1, v3);
      vec w1 = vec::load_unaligned(panel_W_r_transposed + (k + 32) * 8); RNNC_KEEP(w1);
      v2 = xsimd::fma(w1, x0, v2);
      v4 = xsimd::fma(w1, x1, v4);
    }
    for (int64_t k = 0; k < 32; ++k) {
      const vec x0 = vec(d_z_pre[(r - window0 * B) * 32 + k]);
      const vec x1 = vec(d_z_pre[(r - window0 * B + 1) * 32 + k]);
      vec w0 = vec::load_unaligned(panel_W_z_transposed + k * 8); RNNC_KEEP(w0);
      v1 = xsimd::fma(w0, x0, v1);
      v3 = xsimd::fma(w0, x1, v3);
      vec w1 = vec::load_unaligned(panel_W_z_transposed + (k + 32) * 8); RNNC_KEEP(w1);
      v2 = xsimd::fma(w1, x0, v2);
      v4 = xsimd::fma(w1, x1, v4);
    }
    for (int64_t k = 0; k < 32; ++k) {
      const vec x0 = vec(d_n_pre[(r - t0 * B) * 32 + k]);
      const vec x1 = vec(d_n_pre[(r - t0 * B + 1) * 32 + k]);
      vec w0 = vec::load_unaligned(panel_W_n_transposed + k * 8); RNNC_KEEP(w0);
      v1 = xsimd::fma(w0, x0, v1);
      v3 = xsimd::fma(w0, x1, v3);
      vec w1 = vec::load_unaligned(panel_W_n_transposed + (k + 32) * 8); RNNC_KEEP(w1);
      v2 = xsimd::fma(w1, x0, v2);
      v4 = xsimd::fma(w1, x1, v4);
    }
    backward_grad_x_epilogue(run, v1, v2, t0, t1, window0, r, 0);
    backward_grad_x_epilogue(run, v3, v4, t0, t1, window0, r + 1, 0);
  }
  for (int64_t r = begin * 8 + tiles * 6 + pairs * 2 + t0 * B; r < t0 * B + stop; ++r) {
    vec v1 = vec(0.0f);
    vec v2 = vec(0.0f);
    for (int64_t k = 0; k < 32; ++k) {
      const vec x0 = vec(d_r_pre[(r - window0 * B) * 32 + k]);
      const vec w0 = vec::load_unaligned(panel_W_r_transposed + k * 8);
      v1 = xsimd::fma(w0, x0, v1);
      const vec w1 = vec::load_unaligned(panel_W_r_transposed + (k + 32) * 8);
      v2 = xsimd::fma(w1, x0, v2);
    }
    for (int64_t k = 0; k < 32; ++k) {
      const vec x0 = vec(d_z_pre[(r - window0 * B) * 32 + k]);
      const vec w0 = vec::load_unaligned(panel_W_z_transposed + k * 8);
      v1 = xsimd::fma(w0, x0, v1);
      const vec w1 = vec::load_unaligned(panel_W_z_transposed + (k + 32) * 8);
      v2 = xsimd::fma(w1, x0, v2);
    }
    for (int64_t k = 0; k < 32; ++k) {
      const vec x0 = vec(d_n_pre[(r - t0 * B) * 32 + k]);
      const vec w0 = vec::load_unaligned(panel_W_n_transposed + k * 8);
      v1 = xsimd::fma(w0, x0, v1);
      const vec w1 = vec::load_unaligned(panel_W_n_transposed + (k + 32) * 8);
      v2 = xsimd::fma(w1, x0, v2);
    }
    v1.store_unaligned(grad_x + (r - t0 * B) * 16);
    const int64_t t = r / B;
    const int64_t length = run.length(0, r - t * B);
    const mask m1 = mask(t < length);
    const vec v3 = xsimd::select(m1, v1, vec(0.0f));
    v3.store_unaligned(grad_x_2 + r * 16);
    v2.store_unaligned(grad_x + (r - t0 * B) * 16 + 8);
    const mask m2 = mask(t < length);
    const vec v4 = xsimd::select(m2, v2, vec(0.0f));
    v4.store_unaligned(grad_x_2 + r * 16 + 8);
  }
}

// grad.b_r = sum(d.r.pre over t, b)
void backward_grad_b_r(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict d_r_pre = run.d_r_pre;
  float* __restrict parameter_gradients = run.parameter_gradients;

  for (int64_t tile = begin; tile < end; ++tile) {
    vec v1 = vec(0.0f);
    vec v2 = vec(0.0f);
    vec v3 = vec(0.0f);
    vec v4 = vec(0.0f);
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec d_r_pre0 = vec::load_unaligned(d_r_pre + (tile + r - window0 * B) * 32);
      const int64_t t = r / B;
      const int64_t length = run.length(0, r - t * B);
      const mask m1 = mask(t < length);
      const vec v5 = xsimd::select(m1, d_r_pre0, vec(0.0f));
      v1 = v1 + v5;
      const vec d_r_pre1 = vec::load_unaligned(d_r_pre + (tile + r - window0 * B) * 32 + 8);
      const mask m2 = mask(t < length);
      const vec v6 = xsimd::select(m2, d_r_pre1, vec(0.0f));
      v2 = v2 + v6;
      const vec d_r_pre2 = vec::load_unaligned(d_r_pre + (tile + r - window0 * B) * 32 + 16);
      const mask m3 = mask(t < length);
      const vec v7 = xsimd::select(m3, d_r_pre2, vec(0.0f));
      v3 = v3 + v7;
      const vec d_r_pre3 = vec::load_unaligned(d_r_pre + (tile + r - window0 * B) * 32 + 24);
      const mask m4 = mask(t < length);
      const vec v8 = xsimd::select(m4, d_r_pre3, vec(0.0f));
      v4 = v4 + v8;
    }
    const vec v5 = vec::load_unaligned(parameter_gradients + (tile + 144) * 32);
    const vec v6 = v5 + v1;
    v6.store_unaligned(parameter_gradients + (tile + 144) * 32);
    const vec v7 = vec::load_unaligned(parameter_gradients + tile * 32 + 4616);
    const vec v8 = v7 + v2;
    v8.store_unaligned(parameter_gradients + tile * 32 + 4616);
    const vec v9 = vec::load_unaligned(parameter_gradients + tile * 32 + 4624);
    const vec v10 = v9 + v3;
    v10.store_unaligned(parameter_gradients + tile * 32 + 4624);
    const vec v11 = vec::load_unaligned(parameter_gradients + tile * 32 + 4632);
    const vec v12 = v11 + v4;
    v12.store_unaligned(parameter_gradients + tile * 32 + 4632);
  }
}

// grad.b_n = sum(d.n.pre over t, b)
void backward_grad_b_n(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t) {
  const int64_t B = run.B;
  const float* __restrict d_n_pre = run.d_n_pre;
  float* __restrict parameter_gradients = run.parameter_gradients;

  for (int64_t tile = begin; tile < end; ++tile) {
    vec v1 = vec(0.0f);
    vec v2 = vec(0.0f);
    vec v3 = vec(0.0f);
    vec v4 = vec(0.0f);
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec d_n_pre0 = vec::load_unaligned(d_n_pre + (tile + r - t0 * B) * 32);
      const int64_t t = r / B;
      const int64_t length = run.length(0, r - t * B);
      const mask m1 = mask(t < length);
      const vec v5 = xsimd::select(m1, d_n_pre0, vec(0.0f));
      v1 = v1 + v5;
      const vec d_n_pre1 = vec::load_unaligned(d_n_pre + (tile + r - t0 * B) * 32 + 8);
      const mask m2 = mask(t < length);
      const vec v6 = xsimd::select(m2, d_n_pre1, vec(0.0f));
      v2 = v2 + v6;
      const vec d_n_pre2 = vec::load_unaligned(d_n_pre + (tile + r - t0 * B) * 32 + 16);
      const mask m3 = mask(t < length);
      const vec v7 = xsimd::select(m3, d_n_pre2, vec(0.0f));
      v3 = v3 + v7;
      const vec d_n_pre3 = vec::load_unaligned(d_n_pre + (tile + r - t0 * B) * 32 + 24);
      const mask m4 = mask(t < length);
      const vec v8 = xsimd::select(m4, d_n_pre3, vec(0.0f));
      v4 = v4 + v8;
    }
    const vec v5 = vec::load_unaligned(parameter_gradients + (tile + 146) * 32);
    const vec v6 = v5 + v1;
    v6.store_unaligned(parameter_gradients + (tile + 146) * 32);
    const vec v7 = vec::load_unaligned(parameter_gradients + tile * 32 + 4680);
    const vec v8 = v7 + v2;
    v8.store_unaligned(parameter_gradients + tile * 32 + 4680);
    const vec v9 = vec::load_unaligned(parameter_gradients + tile * 32 + 4688);
    const vec v10 = v9 + v3;
    v10.store_unaligned(parameter_gradients + tile * 32 + 4688);
    const vec v11 = vec::load_unaligned(parameter_gradients + tile * 32 + 4696);
    const vec v12 = v11 + v4;
    v12.store_unaligned(parameter_gradients + tile * 32 + 4696);
  }
}

// grad.d_n = sum(d.n.1 over t, b)
void backward_grad_d_n(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  float* __restrict parameter_gradients = run.parameter_gradients;
  const float* __restrict d_n_1 = run.d_n_1;

  for (int64_t tile = begin; tile < end; ++tile) {
    vec v1 = vec(0.0f);
    vec v2 = vec(0.0f);
    vec v3 = vec(0.0f);
    vec v4 = vec(0.0f);
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec d_n_1_0 = vec::load_unaligned(d_n_1 + (tile + r - window0 * B) * 32);
      const int64_t t = r / B;
      const int64_t length = run.length(0, r - t * B);
      const mask m1 = mask(t < length);
      const vec v5 = xsimd::select(m1, d_n_1_0, vec(0.0f));
      v1 = v1 + v5;
      const vec d_n_1_1 = vec::load_unaligned(d_n_1 + (tile + r - window0 * B) * 32 + 8);
      const mask m2 = mask(t < length);
      const vec v6 = xsimd::select(m2, d_n_1_1, vec(0.0f));
      v2 = v2 + v6;
      const vec d_n_1_2 = vec::load_unaligned(d_n_1 + (tile + r - window0 * B) * 32 + 16);
      const mask m3 = mask(t < length);
      const vec v7 = xsimd::select(m3, d_n_1_2, vec(0.0f));
      v3 = v3 + v7;
      const vec d_n_1_3 = vec::load_unaligned(d_n_1 + (tile + r - window0 * B) * 32 + 24);
      const mask m4 = mask(t < length);
      const vec v8 = xsimd::select(m4, d_n_1_3, vec(0.0f));
      v4 = v4 + v8;
    }
    const vec v5 = vec::load_unaligned(parameter_gradients + (tile + 149) * 32);
    const vec v6 = v5 + v1;
    v6.store_unaligned(parameter_gradients + (tile + 149) * 32);
    const vec v7 = vec::load_unaligned(parameter_gradients + tile * 32 + 4776);
    const vec v8 = v7 + v2;
    v8.store_unaligned(parameter_gradients + tile * 32 + 4776);
    const vec v9 = vec::load_unaligned(parameter_gradients + tile * 32 + 4784);
    const vec v10 = v9 + v3;
    v10.store_unaligned(parameter_gradients + tile * 32 + 4784);
    const vec v11 = vec::load_unaligned(parameter_gradients + tile * 32 + 4792);
    const vec v12 = v11 + v4;
    v12.store_unaligned(parameter_gradients + tile * 32 + 4792);
  }
}

// grad.b_z = sum(d.z.pre over t, b)
void backward_grad_b_z(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  float* __restrict parameter_gradients = run.parameter_gradients;
  const float* __restrict d_z_pre = run.d_z_pre;

  for (int64_t tile = begin; tile < end; ++tile) {
    vec v1 = vec(0.0f);
    vec v2 = vec(0.0f);
    vec v3 = vec(0.0f);
    vec v4 = vec(0.0f);
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec d_z_pre0 = vec::load_unaligned(d_z_pre + (tile + r - window0 * B) * 32);
      const int64_t t = r / B;
      const int64_t length = run.length(0, r - t * B);
      const mask m1 = mask(t < length);
      const vec v5 = xsimd::select(m1, d_z_pre0, vec(0.0f));
      v1 = v1 + v5;
      const vec d_z_pre1 = vec::load_unaligned(d_z_pre + (tile + r - window0 * B) * 32 + 8);
      const mask m2 = mask(t < length);
      const vec v6 = xsimd::select(m2, d_z_pre1, vec(0.0f));
      v2 = v2 + v6;
      const vec d_z_pre2 = vec::load_unaligned(d_z_pre + (tile + r - window0 * B) * 32 + 16);
      const mask m3 = mask(t < length);
      const vec v7 = xsimd::select(m3, d_z_pre2, vec(0.0f));
      v3 = v3 + v7;
      const vec d_z_pre3 = vec::load_unaligned(d_z_pre + (tile + r - window0 * B) * 32 + 24);
      const mask m4 = mask(t < length);
      const vec v8 = xsimd::select(m4, d_z_pre3, vec(0.0f));
      v4 = v4 + v8;
    }
    const vec v5 = vec::load_unaligned(parameter_gradients + (tile + 145) * 32);
    const vec v6 = v5 + v1;
    v6.store_unaligned(parameter_gradients + (tile + 145) * 32);
    const vec v7 = vec::load_unaligned(parameter_gradients + tile * 32 + 4648);
    const vec v8 = v7 + v2;
    v8.store_unaligned(parameter_gradients + tile * 32 + 4648);
    const vec v9 = vec::load_unaligned(parameter_gradients + tile * 32 + 4656);
    const vec v10 = v9 + v3;
    v10.store_unaligned(parameter_gradients + tile * 32 + 4656);
    const vec v11 = vec::load_unaligned(parameter_gradients + tile * 32 + 4664);
    const vec v12 = v11 + v4;
    v12.store_unaligned(parameter_gradients + tile * 32 + 4664);
  }
}

// grad.W_r = sum(d.r.pre @ x' over t, b)
void backward_grad_W_r(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict x_2 = run.x_2;
  const float* __restrict d_r_pre = run.d_r_pre;
  float* __restrict parameter_gradients = run.parameter_gradients;

  for (int64_t tile = 0; tile < 1; ++tile) {
    const int64_t full = std::min<int64_t>(end, 1);
    for (int64_t panel = begin; panel < full; ++panel) {
      for (int64_t m = 0; m < 24; m += 6) {
        RNNC_PREFETCH(parameter_gradients + (panel * 24 + tile + m) * 16);
        RNNC_PREFETCH(parameter_gradients + (panel * 24 + tile + m + 1) * 16);
        RNNC_PREFETCH(parameter_gradients + (panel * 24 + tile + m + 2) * 16);
        RNNC_PREFETCH(parameter_gradients + (panel * 24 + tile + m + 3) * 16);
        RNNC_PREFETCH(parameter_gradients + (panel * 24 + tile + m + 4) * 16);
        RNNC_PREFETCH(parameter_gradients + (panel * 24 + tile + m + 5) * 16);
        vec v1 = vec(0.0f);
        vec v2 = vec(0.0f);
        vec v3 = vec(0.0f);
        vec v4 = vec(0.0f);
        vec v5 = vec(0.0f);
        vec v6 = vec(0.0f);
        vec v7 = vec(0.0f);
        vec v8 = vec(0.0f);
        vec v9 = vec(0.0f);
        vec v10 = vec(0.0f);
        vec v11 = vec(0.0f);
        vec v12 = vec(0.0f);
        for (int64_t r = t0 * B; r < t1 * B; ++r) {
          vec v13 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 16); RNNC_KEEP(v13);
          vec v14 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 16 + 8); RNNC_KEEP(v14);
          const vec v15 = vec(d_r_pre[(r - window0 * B) * 32 + panel * 24 + m]);
          v1 = xsimd::fma(v15, v13, v1);
          v2 = xsimd::fma(v15, v14, v2);
          const vec v16 = vec(d_r_pre[(r - window0 * B) * 32 + panel * 24 + m + 1]);
          v3 = xsimd::fma(v16, v13, v3);
          v4 = xsimd::fma(v16, v14, v4);
          const vec v17 = vec(d_r_pre[(r - window0 * B) * 32 + panel * 24 + m + 2]);
          v5 = xsimd::fma(v17, v13, v5);
          v6 = xsimd::fma(v17, v14, v6);
          const vec v18 = vec(d_r_pre[(r - window0 * B) * 32 + panel * 24 + m + 3]);
          v7 = xsimd::fma(v18, v13, v7);
          v8 = xsimd::fma(v18, v14, v8);
          const vec v19 = vec(d_r_pre[(r - window0 * B) * 32 + panel * 24 + m + 4]);
          v9 = xsimd::fma(v19, v13, v9);
          v10 = xsimd::fma(v19, v14, v10);
          const vec v20 = vec(d_r_pre[(r - window0 * B) * 32 + panel * 24 + m + 5]);
          v11 = xsimd::fma(v20, v13, v11);
          v12 = xsimd::fma(v20, v14, v12);
        }
        const vec v13 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16);
        const vec v14 = v13 + v1;
        v14.store_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16);
        const vec v15 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 8);
        const vec v16 = v15 + v2;
        v16.store_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 8);
        const vec v17 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m + 1) * 16);
        const vec v18 = v17 + v3;
        v18.store_unaligned(parameter_gradients + (panel * 24 + tile + m + 1) * 16);
        const vec v19 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 24);
        const vec v20 = v19 + v4;
        v20.store_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 24);
        const vec v21 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m + 2) * 16);
        const vec v22 = v21 + v5;
        v22.store_unaligned(parameter_gradients + (panel * 24 + tile + m + 2) * 16);
        const vec v23 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 40);
        const vec v24 = v23 + v6;
        v24.store_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 40);
        const vec v25 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m + 3) * 16);
        const vec v26 = v25 + v7;
        v26.store_unaligned(parameter_gradients + (panel * 24 + tile + m + 3) * 16);
        const vec v27 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 56);
        const vec v28 = v27 + v8;
        v28.store_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 56);
        const vec v29 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m + 4) * 16);
        const vec v30 = v29 + v9;
        v30.store_unaligned(parameter_gradients + (panel * 24 + tile + m + 4) * 16);
        const vec v31 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 72);
        const vec v32 = v31 + v10;
        v32.store_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 72);
        const vec v33 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m + 5) * 16);
        const vec v34 = v33 + v11;
        v34.store_unaligned(parameter_gradients + (panel * 24 + tile + m + 5) * 16);
        const vec v35 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 88);
        const vec v36 = v35 + v12;
        v36.store_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 88);
      }
    }
    const int64_t rest = std::max<int64_t>(begin, 1);
    for (int64_t last = rest; last < end; ++last) {
      RNNC_PREFETCH(parameter_gradients + (tile + 24) * 16);
      RNNC_PREFETCH(parameter_gradients + (tile + 25) * 16);
      RNNC_PREFETCH(parameter_gradients + (tile + 26) * 16);
      RNNC_PREFETCH(parameter_gradients + (tile + 27) * 16);
      RNNC_PREFETCH(parameter_gradients + (tile + 28) * 16);
      RNNC_PREFETCH(parameter_gradients + (tile + 29) * 16);
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      vec v5 = vec(0.0f);
      vec v6 = vec(0.0f);
      vec v7 = vec(0.0f);
      vec v8 = vec(0.0f);
      vec v9 = vec(0.0f);
      vec v10 = vec(0.0f);
      vec v11 = vec(0.0f);
      vec v12 = vec(0.0f);
      for (int64_t r = t0 * B; r < t1 * B; ++r) {
        vec v13 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 16); RNNC_KEEP(v13);
        vec v14 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 16 + 8); RNNC_KEEP(v14);
        const vec v15 = vec(d_r_pre[(r - window0 * B) * 32 + 24]);
        v1 = xsimd::fma(v15, v13, v1);
        v2 = xsimd::fma(v15, v14, v2);
        const vec v16 = vec(d_r_pre[(r - window0 * B) * 32 + 25]);
        v3 = xsimd::fma(v16, v13, v3);
        v4 = xsimd::fma(v16, v14, v4);
        const vec v17 = vec(d_r_pre[(r - window0 * B) * 32 + 26]);
        v5 = xsimd::fma(v17, v13, v5);
        v6 = xsimd::fma(v17, v14, v6);
        const vec v18 = vec(d_r_pre[(r - window0 * B) * 32 + 27]);
        v7 = xsimd::fma(v18, v13, v7);
        v8 = xsimd::fma(v18, v14, v8);
        const vec v19 = vec(d_r_pre[(r - window0 * B) * 32 + 28]);
        v9 = xsimd::fma(v19, v13, v9);
        v10 = xsimd::fma(v19, v14, v10);
        const vec v20 = vec(d_r_pre[(r - window0 * B) * 32 + 29]);
        v11 = xsimd::fma(v20, v13, v11);
        v12 = xsimd::fma(v20, v14, v12);
      }
      const vec v13 = vec::load_unaligned(parameter_gradients + (tile + 24) * 16);
      const vec v14 = v13 + v1;
      v14.store_unaligned(parameter_gradients + (tile + 24) * 16);
      const vec v15 = vec::load_unaligned(parameter_gradients + tile * 16 + 392);
      const vec v16 = v15 + v2;
      v16.store_unaligned(parameter_gradients + tile * 16 + 392);
      const vec v17 = vec::load_unaligned(parameter_gradients + (tile + 25) * 16);
      const vec v18 = v17 + v3;
      v18.store_unaligned(parameter_gradients + (tile + 25) * 16);
      const vec v19 = vec::load_unaligned(parameter_gradients + tile * 16 + 408);
      const vec v20 = v19 + v4;
      v20.store_unaligned(parameter_gradients + tile * 16 + 408);
      const vec v21 = vec::load_unaligned(parameter_gradients + (tile + 26) * 16);
      const vec v22 = v21 + v5;
      v22.store_unaligned(parameter_gradients + (tile + 26) * 16);
      const vec v23 = vec::load_unaligned(parameter_gradients + tile * 16 + 424);
      const vec v24 = v23 + v6;
      v24.store_unaligned(parameter_gradients + tile * 16 + 424);
      const vec v25 = vec::load_unaligned(parameter_gradients + (tile + 27) * 16);
      const vec v26 = v25 + v7;
      v26.store_unaligned(parameter_gradients + (tile + 27) * 16);
      const vec v27 = vec::load_unaligned(parameter_gradients + tile * 16 + 440);
      const vec v28 = v27 + v8;
      v28.store_unaligned(parameter_gradients + tile * 16 + 440);
      const vec v29 = vec::load_unaligned(parameter_gradients + (tile + 28) * 16);
      const vec v30 = v29 + v9;
      v30.store_unaligned(parameter_gradients + (tile + 28) * 16);
      const vec v31 = vec::load_unaligned(parameter_gradients + tile * 16 + 456);
      const vec v32 = v31 + v10;
      v32.store_unaligned(parameter_gradients + tile * 16 + 456);
      const vec v33 = vec::load_unaligned(parameter_gradients + (tile + 29) * 16);
      const vec v34 = v33 + v11;
      v34.store_unaligned(parameter_gradients + (tile + 29) * 16);
      const vec v35 = vec::load_unaligned(parameter_gradients + tile * 16 + 472);
      const vec v36 = v35 + v12;
      v36.store_unaligned(parameter_gradients + tile * 16 + 472);
      RNNC_PREFETCH(parameter_gradients + (tile + 30) * 16);
      RNNC_PREFETCH(parameter_gradients + (tile + 31) * 16);
      vec v37 = vec(0.0f);
      vec v38 = vec(0.0f);
      vec v39 = vec(0.0f);
      vec v40 = vec(0.0f);
      for (int64_t r = t0 * B; r < t1 * B; ++r) {
        vec v41 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 16); RNNC_KEEP(v41);
        vec v42 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 16 + 8); RNNC_KEEP(v42);
        const vec v43 = vec(d_r_pre[(r - window0 * B) * 32 + 30]);
        v37 = xsimd::fma(v43, v41, v37);
        v38 = xsimd::fma(v43, v42, v38);
        const vec v44 = vec(d_r_pre[(r - window0 * B) * 32 + 31]);
        v39 = xsimd::fma(v44, v41, v39);
        v40 = xsimd::fma(v44, v42, v40);
      }
      const vec v41 = vec::load_unaligned(parameter_gradients + (tile + 30) * 16);
      const vec v42 = v41 + v37;
      v42.store_unaligned(parameter_gradients + (tile + 30) * 16);
      const vec v43 = vec::load_unaligned(parameter_gradients + tile * 16 + 488);
      const vec v44 = v43 + v38;
      v44.store_unaligned(parameter_gradients + tile * 16 + 488);
      const vec v45 = vec::load_unaligned(parameter_gradients + (tile + 31) * 16);
      const vec v46 = v45 + v39;
      v46.store_unaligned(parameter_gradients + (tile + 31) * 16);
      const vec v47 = vec::load_unaligned(parameter_gradients + tile * 16 + 504);
      const vec v48 = v47 + v40;
      v48.store_unaligned(parameter_gradients + tile * 16 + 504);
    }
  }
}

// grad.W_n = sum(d.n.pre @ x' over t, b)
void backward_grad_W_n(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t) {
  const int64_t B = run.B;
  const float* __restrict x_2 = run.x_2;
  const float* __restrict d_n_pre = run.d_n_pre;
  float* __restrict parameter_gradients = run.parameter_gradients;

  for (int64_t tile = 0; tile < 1; ++tile) {
    const int64_t full = std::min<int64_t>(end, 1);
    for (int64_t panel = begin; panel < full; ++panel) {
      for (int64_t m = 0; m < 24; m += 6) {
        RNNC_PREFETCH(parameter_gradients + (panel * 24 + tile + m + 64) * 16);
        RNNC_PREFETCH(parameter_gradients + (panel * 24 + tile + m + 65) * 16);
        RNNC_PREFETCH(parameter_gradients + (panel * 24 + tile + m + 66) * 16);
        RNNC_PREFETCH(parameter_gradients + (panel * 24 + tile + m + 67) * 16);
        RNNC_PREFETCH(parameter_gradients + (panel * 24 + tile + m + 68) * 16);
        RNNC_PREFETCH(parameter_gradients + (panel * 24 + tile + m + 69) * 16);
        vec v1 = vec(0.0f);
        vec v2 = vec(0.0f);
        vec v3 = vec(0.0f);
        vec v4 = vec(0.0f);
        vec v5 = vec(0.0f);
        vec v6 = vec(0.0f);
        vec v7 = vec(0.0f);
        vec v8 = vec(0.0f);
        vec v9 = vec(0.0f);
        vec v10 = vec(0.0f);
        vec v11 = vec(0.0f);
        vec v12 = vec(0.0f);
        for (int64_t r = t0 * B; r < t1 * B; ++r) {
          vec v13 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 16); RNNC_KEEP(v13);
          vec v14 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 16 + 8); RNNC_KEEP(v14);
          const vec v15 = vec(d_n_pre[(r - t0 * B) * 32 + panel * 24 + m]);
          v1 = xsimd::fma(v15, v13, v1);
          v2 = xsimd::fma(v15, v14, v2);
          const vec v16 = vec(d_n_pre[(r - t0 * B) * 32 + panel * 24 + m + 1]);
          v3 = xsimd::fma(v16, v13, v3);
          v4 = xsimd::fma(v16, v14, v4);
          const vec v17 = vec(d_n_pre[(r - t0 * B) * 32 + panel * 24 + m + 2]);
          v5 = xsimd::fma(v17, v13, v5);
          v6 = xsimd::fma(v17, v14, v6);
          const vec v18 = vec(d_n_pre[(r - t0 * B) * 32 + panel * 24 + m + 3]);
          v7 = xsimd::fma(v18, v13, v7);
          v8 = xsimd::fma(v18, v14, v8);
          const vec v19 = vec(d_n_pre[(r - t0 * B) * 32 + panel * 24 + m + 4]);
          v9 = xsimd::fma(v19, v13, v9);
          v10 = xsimd::fma(v19, v14, v10);
          const vec v20 = vec(d_n_pre[(r - t0 * B) * 32 + panel * 24 + m + 5]);
          v11 = xsimd::fma(v20, v13, v11);
          v12 = xsimd::fma(v20, v14, v12);
        }
        const vec v13 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m + 64) * 16);
        const vec v14 = v13 + v1;
        v14.store_unaligned(parameter_gradients + (panel * 24 + tile + m + 64) * 16);
        const vec v15 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 1032);
        const vec v16 = v15 + v2;
        v16.store_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 1032);
        const vec v17 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m + 65) * 16);
        const vec v18 = v17 + v3;
        v18.store_unaligned(parameter_gradients + (panel * 24 + tile + m + 65) * 16);
        const vec v19 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 1048);
        const vec v20 = v19 + v4;
        v20.store_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 1048);
        const vec v21 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m + 66) * 16);
        const vec v22 = v21 + v5;
        v22.store_unaligned(parameter_gradients + (panel * 24 + tile + m + 66) * 16);
        const vec v23 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 1064);
        const vec v24 = v23 + v6;
        v24.store_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 1064);
        const vec v25 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m + 67) * 16);
        const vec v26 = v25 + v7;
        v26.store_unaligned(parameter_gradients + (panel * 24 + tile + m + 67) * 16);
        const vec v27 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 1080);
        const vec v28 = v27 + v8;
        v28.store_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 1080);
        const vec v29 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m + 68) * 16);
        const vec v30 = v29 + v9;
        v30.store_unaligned(parameter_gradients + (panel * 24 + tile + m + 68) * 16);
        const vec v31 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 1096);
        const vec v32 = v31 + v10;
        v32.store_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 1096);
        const vec v33 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m + 69) * 16);
        const vec v34 = v33 + v11;
        v34.store_unaligned(parameter_gradients + (panel * 24 + tile + m + 69) * 16);
        const vec v35 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 1112);
        const vec v36 = v35 + v12;
        v36.store_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 1112);
      }
    }
    const int64_t rest = std::max<int64_t>(begin, 1);
    for (int64_t last = rest; last < end; ++last) {
      RNNC_PREFETCH(parameter_gradients + (tile + 88) * 16);
      RNNC_PREFETCH(parameter_gradients + (tile + 89) * 16);
      RNNC_PREFETCH(parameter_gradients + (tile + 90) * 16);
      RNNC_PREFETCH(parameter_gradients + (tile + 91) * 16);
      RNNC_PREFETCH(parameter_gradients + (tile + 92) * 16);
      RNNC_PREFETCH(parameter_gradients + (tile + 93) * 16);
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      vec v5 = vec(0.0f);
      vec v6 = vec(0.0f);
      vec v7 = vec(0.0f);
      vec v8 = vec(0.0f);
      vec v9 = vec(0.0f);
      vec v10 = vec(0.0f);
      vec v11 = vec(0.0f);
      vec v12 = vec(0.0f);
      for (int64_t r = t0 * B; r < t1 * B; ++r) {
        vec v13 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 16); RNNC_KEEP(v13);
        vec v14 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 16 + 8); RNNC_KEEP(v14);
        const vec v15 = vec(d_n_pre[(r - t0 * B) * 32 + 24]);
        v1 = xsimd::fma(v15, v13, v1);
        v2 = xsimd::fma(v15, v14, v2);
        const vec v16 = vec(d_n_pre[(r - t0 * B) * 32 + 25]);
        v3 = xsimd::fma(v16, v13, v3);
        v4 = xsimd::fma(v16, v14, v4);
        const vec v17 = vec(d_n_pre[(r - t0 * B) * 32 + 26]);
        v5 = xsimd::fma(v17, v13, v5);
        v6 = xsimd::fma(v17, v14, v6);
        const vec v18 = vec(d_n_pre[(r - t0 * B) * 32 + 27]);
        v7 = xsimd::fma(v18, v13, v7);
        v8 = xsimd::fma(v18, v14, v8);
        const vec v19 = vec(d_n_pre[(r - t0 * B) * 32 + 28]);
        v9 = xsimd::fma(v19, v13, v9);
        v10 = xsimd::fma(v19, v14, v10);
        const vec v20 = vec(d_n_pre[(r - t0 * B) * 32 + 29]);
        v11 = xsimd::fma(v20, v13, v11);
        v12 = xsimd::fma(v20, v14, v12);
      }
      const vec v13 = vec::load_unaligned(parameter_gradients + (tile + 88) * 16);
      const vec v14 = v13 + v1;
      v14.store_unaligned(parameter_gradients + (tile + 88) * 16);
      const vec v15 = vec::load_unaligned(parameter_gradients + tile * 16 + 1416);
      const vec v16 = v15 + v2;
      v16.store_unaligned(parameter_gradients + tile * 16 + 1416);
      const vec v17 = vec::load_unaligned(parameter_gradients + (tile + 89) * 16);
      const vec v18 = v17 + v3;
      v18.store_unaligned(parameter_gradients + (tile + 89) * 16);
      const vec v19 = vec::load_unaligned(parameter_gradients + tile * 16 + 1432);
      const vec v20 = v19 + v4;
      v20.store_unaligned(parameter_gradients + tile * 16 + 1432);
      const vec v21 = vec::load_unaligned(parameter_gradients + (tile + 90) * 16);
      const vec v22 = v21 + v5;
      v22.store_unaligned(parameter_gradients + (tile + 90) * 16);
      const vec v23 = vec::load_unaligned(parameter_gradients + tile * 16 + 1448);
      const vec v24 = v23 + v6;
      v24.store_unaligned(parameter_gradients + tile * 16 + 1448);
      const vec v25 = vec::load_unaligned(parameter_gradients + (tile + 91) * 16);
      const vec v26 = v25 + v7;
      v26.store_unaligned(parameter_gradients + (tile + 91) * 16);
      const vec v27 = vec::load_unaligned(parameter_gradients + tile * 16 + 1464);
      const vec v28 = v27 + v8;
      v28.store_unaligned(parameter_gradients + tile * 16 + 1464);
      const vec v29 = vec::load_unaligned(parameter_gradients + (tile + 92) * 16);
      const vec v30 = v29 + v9;
      v30.store_unaligned(parameter_gradients + (tile + 92) * 16);
      const vec v31 = vec::load_unaligned(parameter_gradients + tile * 16 + 1480);
      const vec v32 = v31 + v10;
      v32.store_unaligned(parameter_gradients + tile * 16 + 1480);
      const vec v33 = vec::load_unaligned(parameter_gradients + (tile + 93) * 16);
      const vec v34 = v33 + v11;
      v34.store_unaligned(parameter_gradients + (tile + 93) * 16);
      const vec v35 = vec::load_unaligned(parameter_gradients + tile * 16 + 1496);
      const vec v36 = v35 + v12;
      v36.store_unaligned(parameter_gradients + tile * 16 + 1496);
      RNNC_PREFETCH(parameter_gradients + (tile + 94) * 16);
      RNNC_PREFETCH(parameter_gradients + (tile + 95) * 16);
      vec v37 = vec(0.0f);
      vec v38 = vec(0.0f);
      vec v39 = vec(0.0f);
      vec v40 = vec(0.0f);
      for (int64_t r = t0 * B; r < t1 * B; ++r) {
        vec v41 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 16); RNNC_KEEP(v41);
        vec v42 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 16 + 8); RNNC_KEEP(v42);
        const vec v43 = vec(d_n_pre[(r - t0 * B) * 32 + 30]);
        v37 = xsimd::fma(v43, v41, v37);
        v38 = xsimd::fma(v43, v42, v38);
        const vec v44 = vec(d_n_pre[(r - t0 * B) * 32 + 31]);
        v39 = xsimd::fma(v44, v41, v39);
        v40 = xsimd::fma(v44, v42, v40);
      }
      const vec v41 = vec::load_unaligned(parameter_gradients + (tile + 94) * 16);
      const vec v42 = v41 + v37;
      v42.store_unaligned(parameter_gradients + (tile + 94) * 16);
      const vec v43 = vec::load_unaligned(parameter_gradients + tile * 16 + 1512);
      const vec v44 = v43 + v38;
      v44.store_unaligned(parameter_gradients + tile * 16 + 1512);
      const vec v45 = vec::load_unaligned(parameter_gradients + (tile + 95) * 16);
      const vec v46 = v45 + v39;
      v46.store_unaligned(parameter_gradients + (tile + 95) * 16);
      const vec v47 = vec::load_unaligned(parameter_gradients + tile * 16 + 1528);
      const vec v48 = v47 + v40;
      v48.store_unaligned(parameter_gradients + tile * 16 + 1528);
    }
  }
}

// grad.W_z = sum(d.z.pre @ x' over t, b)
void backward_grad_W_z(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict x_2 = run.x_2;
  float* __restrict parameter_gradients = run.parameter_gradients;
  const float* __restrict d_z_pre = run.d_z_pre;

  for (int64_t tile = 0; tile < 1; ++tile) {
    const int64_t full = std::min<int64_t>(end, 1);
    for (int64_t panel = begin; panel < full; ++panel) {
      for (int64_t m = 0; m < 24; m += 6) {
        RNNC_PREFETCH(parameter_gradients + (panel * 24 + tile + m + 32) * 16);
        RNNC_PREFETCH(parameter_gradients + (panel * 24 + tile + m + 33) * 16);
        RNNC_PREFETCH(parameter_gradients + (panel * 24 + tile + m + 34) * 16);
        RNNC_PREFETCH(parameter_gradients + (panel * 24 + tile + m + 35) * 16);
        RNNC_PREFETCH(parameter_gradients + (panel * 24 + tile + m + 36) * 16);
        RNNC_PREFETCH(parameter_gradients + (panel * 24 + tile + m + 37) * 16);
        vec v1 = vec(0.0f);
        vec v2 = vec(0.0f);
        vec v3 = vec(0.0f);
        vec v4 = vec(0.0f);
        vec v5 = vec(0.0f);
        vec v6 = vec(0.0f);
        vec v7 = vec(0.0f);
        vec v8 = vec(0.0f);
        vec v9 = vec(0.0f);
        vec v10 = vec(0.0f);
        vec v11 = vec(0.0f);
        vec v12 = vec(0.0f);
        for (int64_t r = t0 * B; r < t1 * B; ++r) {
          vec v13 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 16); RNNC_KEEP(v13);
          vec v14 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 16 + 8); RNNC_KEEP(v14);
          const vec v15 = vec(d_z_pre[(r - window0 * B) * 32 + panel * 24 + m]);
          v1 = xsimd::fma(v15, v13, v1);
          v2 = xsimd::fma(v15, v14, v2);
          const vec v16 = vec(d_z_pre[(r - window0 * B) * 32 + panel * 24 + m + 1]);
          v3 = xsimd::fma(v16, v13, v3);
          v4 = xsimd::fma(v16, v14, v4);
          const vec v17 = vec(d_z_pre[(r - window0 * B) * 32 + panel * 24 + m + 2]);
          v5 = xsimd::fma(v17, v13, v5);
          v6 = xsimd::fma(v17, v14, v6);
          const vec v18 = vec(d_z_pre[(r - window0 * B) * 32 + panel * 24 + m + 3]);
          v7 = xsimd::fma(v18, v13, v7);
          v8 = xsimd::fma(v18, v14, v8);
          const vec v19 = vec(d_z_pre[(r - window0 * B) * 32 + panel * 24 + m + 4]);
          v9 = xsimd::fma(v19, v13, v9);
          v10 = xsimd::fma(v19, v14, v10);
          const vec v20 = vec(d_z_pre[(r - window0 * B) * 32 + panel * 24 + m + 5]);
          v11 = xsimd::fma(v20, v13, v11);
          v12 = xsimd::fma(v20, v14, v12);
        }
        const vec v13 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m + 32) * 16);
        const vec v14 = v13 + v1;
        v14.store_unaligned(parameter_gradients + (panel * 24 + tile + m + 32) * 16);
        const vec v15 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 520);
        const vec v16 = v15 + v2;
        v16.store_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 520);
        const vec v17 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m + 33) * 16);
        const vec v18 = v17 + v3;
        v18.store_unaligned(parameter_gradients + (panel * 24 + tile + m + 33) * 16);
        const vec v19 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 536);
        const vec v20 = v19 + v4;
        v20.store_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 536);
        const vec v21 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m + 34) * 16);
        const vec v22 = v21 + v5;
        v22.store_unaligned(parameter_gradients + (panel * 24 + tile + m + 34) * 16);
        const vec v23 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 552);
        const vec v24 = v23 + v6;
        v24.store_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 552);
        const vec v25 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m + 35) * 16);
        const vec v26 = v25 + v7;
        v26.store_unaligned(parameter_gradients + (panel * 24 + tile + m + 35) * 16);
        const vec v27 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 568);
        const vec v28 = v27 + v8;
        v28.store_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 568);
        const vec v29 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m + 36) * 16);
        const vec v30 = v29 + v9;
        v30.store_unaligned(parameter_gradients + (panel * 24 + tile + m + 36) * 16);
        const vec v31 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 584);
        const vec v32 = v31 + v10;
        v32.store_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 584);
        const vec v33 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m + 37) * 16);
        const vec v34 = v33 + v11;
        v34.store_unaligned(parameter_gradients + (panel * 24 + tile + m + 37) * 16);
        const vec v35 = vec::load_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 600);
        const vec v36 = v35 + v12;
        v36.store_unaligned(parameter_gradients + (panel * 24 + tile + m) * 16 + 600);
      }
    }
    const int64_t rest = std::max<int64_t>(begin, 1);
    for (int64_t last = rest; last < end; ++last) {
      RNNC_PREFETCH(parameter_gradients + (tile + 56) * 16);
      RNNC_PREFETCH(parameter_gradients + (tile + 57) * 16);
      RNNC_PREFETCH(parameter_gradients + (tile + 58) * 16);
      RNNC_PREFETCH(parameter_gradients + (tile + 59) * 16);
      RNNC_PREFETCH(parameter_gradients + (tile + 60) * 16);
      RNNC_PREFETCH(parameter_gradients + (tile + 61) * 16);
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      vec v5 = vec(0.0f);
      vec v6 = vec(0.0f);
      vec v7 = vec(0.0f);
      vec v8 = vec(0.0f);
      vec v9 = vec(0.0f);
      vec v10 = vec(0.0f);
      vec v11 = vec(0.0f);
      vec v12 = vec(0.0f);
      for (int64_t r = t0 * B; r < t1 * B; ++r) {
        vec v13 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 16); RNNC_KEEP(v13);
        vec v14 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 16 + 8); RNNC_KEEP(v14);
        const vec v15 = vec(d_z_pre[(r - window0 * B) * 32 + 24]);
        v1 = xsimd::fma(v15, v13, v1);
        v2 = xsimd::fma(v15, v14, v2);
        const vec v16 = vec(d_z_pre[(r - window0 * B) * 32 + 25]);
        v3 = xsimd::fma(v16, v13, v3);
        v4 = xsimd::fma(v16, v14, v4);
        const vec v17 = vec(d_z_pre[(r - window0 * B) * 32 + 26]);
        v5 = xsimd::fma(v17, v13, v5);
        v6 = xsimd::fma(v17, v14, v6);
        const vec v18 = vec(d_z_pre[(r - window0 * B) * 32 + 27]);
        v7 = xsimd::fma(v18, v13, v7);
        v8 = xsimd::fma(v18, v14, v8);
        const vec v19 = vec(d_z_pre[(r - window0 * B) * 32 + 28]);
        v9 = xsimd::fma(v19, v13, v9);
        v10 = xsimd::fma(v19, v14, v10);
        const vec v20 = vec(d_z_pre[(r - window0 * B) * 32 + 29]);
        v11 = xsimd::fma(v20, v13, v11);
        v12 = xsimd::fma(v20, v14, v12);
      }
      const vec v13 = vec::load_unaligned(parameter_gradients + (tile + 56) * 16);
      const vec v14 = v13 + v1;
      v14.store_unaligned(parameter_gradients + (tile + 56) * 16);
      const vec v15 = vec::load_unaligned(parameter_gradients + tile * 16 + 904);
      const vec v16 = v15 + v2;
      v16.store_unaligned(parameter_gradients + tile * 16 + 904);
      const vec v17 = vec::load_unaligned(parameter_gradients + (tile + 57) * 16);
      const vec v18 = v17 + v3;
      v18.store_unaligned(parameter_gradients + (tile + 57) * 16);
      const vec v19 = vec::load_unaligned(parameter_gradients + tile * 16 + 920);
      const vec v20 = v19 + v4;
      v20.store_unaligned(parameter_gradients + tile * 16 + 920);
      const vec v21 = vec::load_unaligned(parameter_gradients + (tile + 58) * 16);
      const vec v22 = v21 + v5;
      v22.store_unaligned(parameter_gradients + (tile + 58) * 16);
      const vec v23 = vec::load_unaligned(parameter_gradients + tile * 16 + 936);
      const vec v24 = v23 + v6;
      v24.store_unaligned(parameter_gradients + tile * 16 + 936);
      const vec v25 = vec::load_unaligned(parameter_gradients + (tile + 59) * 16);
      const vec v26 = v25 + v7;
      v26.store_unaligned(parameter_gradients + (tile + 59) * 16);
      const vec v27 = vec::load_unaligned(parameter_gradients + tile * 16 + 952);
      const vec v28 = v27 + v8;
      v28.store_unaligned(parameter_gradients + tile * 16 + 952);
      const vec v29 = vec::load_unaligned(parameter_gradients + (tile + 60) * 16);
      const vec v30 = v29 + v9;
      v30.store_unaligned(parameter_gradients + (tile + 60) * 16);
      const vec v31 = vec::load_unaligned(parameter_gradients + tile * 16 + 968);
      const vec v32 = v31 + v10;
      v32.store_unaligned(parameter_gradients + tile * 16 + 968);
      const vec v33 = vec::load_unaligned(parameter_gradients + (tile + 61) * 16);
      const vec v34 = v33 + v11;
      v34.store_unaligned(parameter_gradients + (tile + 61) * 16);
      const vec v35 = vec::load_unaligned(parameter_gradients + tile * 16 + 984);
      const vec v36 = v35 + v12;
      v36.store_unaligned(parameter_gradients + tile * 16 + 984);
      RNNC_PREFETCH(parameter_gradients + (tile + 62) * 16);
      RNNC_PREFETCH(parameter_gradients + (tile + 63) * 16);
      vec v37 = vec(0.0f);
      vec v38 = vec(0.0f);
      vec v39 = vec(0.0f);
      vec v40 = vec(0.0f);
      for (int64_t r = t0 * B; r < t1 * B; ++r) {
        vec v41 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 16); RNNC_KEEP(v41);
        vec v42 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 16 + 8); RNNC_KEEP(v42);
        const vec v43 = vec(d_z_pre[(r - window0 * B) * 32 + 30]);
        v37 = xsimd::fma(v43, v41, v37);
        v38 = xsimd::fma(v43, v42, v38);
        const vec v44 = vec(d_z_pre[(r - window0 * B) * 32 + 31]);
        v39 = xsimd::fma(v44, v41, v39);
        v40 = xsimd::fma(v44, v42, v40);
      }
      const vec v41 = vec::load_unaligned(parameter_gradients + (tile + 62) * 16);
      const vec v42 = v41 + v37;
      v42.store_unaligned(parameter_gradients + (tile + 62) * 16);
      const vec v43 = vec::load_unaligned(parameter_gradients + tile * 16 + 1000);
      const vec v44 = v43 + v38;
      v44.store_unaligned(parameter_gradients + tile * 16 + 1000);
      const vec v45 = vec::load_unaligned(parameter_gradients + (tile + 63) * 16);
      const vec v46 = v45 + v39;
      v46.store_unaligned(parameter_gradients + (tile + 63) * 16);
      const vec v47 = vec::load_unaligned(parameter_gradients + tile * 16 + 1016);
      const vec v48 = v47 + v40;
      v48.store_unaligned(parameter_gradients + tile * 16 + 1016);
    }
  }
}

// grad.U_r = sum(d.r.pre @ h[t-1]' over t, b)
void backward_grad_U_r(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict tape_h = run.tape_h;
  const float* __restrict d_r_pre = run.d_r_pre;
  float* __restrict parameter_gradients = run.parameter_gradients;

  for (int64_t tile = 0; tile < 1; ++tile) {
    for (int64_t panel = begin; panel < end; ++panel) {
      for (int64_t m = 0; m < 8; m += 4) {
        RNNC_PREFETCH(parameter_gradients + ((panel + 6) * 8 + m) * 32 + tile * 24);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 1552);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m + 49) * 32 + tile * 24);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 32 + (tile + 66) * 24);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m + 50) * 32 + tile * 24);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 1616);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m + 51) * 32 + tile * 24);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 1648);
        vec v1 = vec(0.0f);
        vec v2 = vec(0.0f);
        vec v3 = vec(0.0f);
        vec v4 = vec(0.0f);
        vec v5 = vec(0.0f);
        vec v6 = vec(0.0f);
        vec v7 = vec(0.0f);
        vec v8 = vec(0.0f);
        vec v9 = vec(0.0f);
        vec v10 = vec(0.0f);
        vec v11 = vec(0.0f);
        vec v12 = vec(0.0f);
        for (int64_t r = t0 * B; r < t1 * B; ++r) {
          vec v13 = vec::load_unaligned(tape_h + (r - window0 * B) * 32 + tile * 24); RNNC_KEEP(v13);
          vec v14 = vec::load_unaligned(tape_h + (r - window0 * B) * 32 + tile * 24 + 8); RNNC_KEEP(v14);
          vec v15 = vec::load_unaligned(tape_h + (r - window0 * B) * 32 + tile * 24 + 16); RNNC_KEEP(v15);
          const vec v16 = vec(d_r_pre[(r - window0 * B) * 32 + panel * 8 + m]);
          v1 = xsimd::fma(v16, v13, v1);
          v2 = xsimd::fma(v16, v14, v2);
          v3 = xsimd::fma(v16, v15, v3);
          const vec v17 = vec(d_r_pre[(r - window0 * B) * 32 + panel * 8 + m + 1]);
          v4 = xsimd::fma(v17, v13, v4);
          v5 = xsimd::fma(v17, v14, v5);
          v6 = xsimd::fma(v17, v15, v6);
          const vec v18 = vec(d_r_pre[(r - window0 * B) * 32 + panel * 8 + m + 2]);
          v7 = xsimd::fma(v18, v13, v7);
          v8 = xsimd::fma(v18, v14, v8);
          v9 = xsimd::fma(v18, v15, v9);
          const vec v19 = vec(d_r_pre[(r - window0 * B) * 32 + panel * 8 + m + 3]);
          v10 = xsimd::fma(v19, v13, v10);
          v11 = xsimd::fma(v19, v14, v11);
          v12 = xsimd::fma(v19, v15, v12);
        }
        const vec v13 = vec::load_unaligned(parameter_gradients + ((panel + 6) * 8 + m) * 32 + tile * 24);
        const vec v14 = v13 + v1;
        v14.store_unaligned(parameter_gradients + ((panel + 6) * 8 + m) * 32 + tile * 24);
        const vec v15 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 1544);
        const vec v16 = v15 + v2;
        v16.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 1544);
        const vec v17 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 1552);
        const vec v18 = v17 + v3;
        v18.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 1552);
        const vec v19 = vec::load_unaligned(parameter_gradients + (panel * 8 + m + 49) * 32 + tile * 24);
        const vec v20 = v19 + v4;
        v20.store_unaligned(parameter_gradients + (panel * 8 + m + 49) * 32 + tile * 24);
        const vec v21 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 1576);
        const vec v22 = v21 + v5;
        v22.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 1576);
        const vec v23 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + (tile + 66) * 24);
        const vec v24 = v23 + v6;
        v24.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + (tile + 66) * 24);
        const vec v25 = vec::load_unaligned(parameter_gradients + (panel * 8 + m + 50) * 32 + tile * 24);
        const vec v26 = v25 + v7;
        v26.store_unaligned(parameter_gradients + (panel * 8 + m + 50) * 32 + tile * 24);
        const vec v27 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + (tile + 67) * 24);
        const vec v28 = v27 + v8;
        v28.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + (tile + 67) * 24);
        const vec v29 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 1616);
        const vec v30 = v29 + v9;
        v30.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 1616);
        const vec v31 = vec::load_unaligned(parameter_gradients + (panel * 8 + m + 51) * 32 + tile * 24);
        const vec v32 = v31 + v10;
        v32.store_unaligned(parameter_gradients + (panel * 8 + m + 51) * 32 + tile * 24);
        const vec v33 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 1640);
        const vec v34 = v33 + v11;
        v34.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 1640);
        const vec v35 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 1648);
        const vec v36 = v35 + v12;
        v36.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 1648);
      }
    }
  }
  for (int64_t panel = begin; panel < end; ++panel) {
    for (int64_t m = 0; m < 8; m += 4) {
      RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 32 + 1560);
      RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 32 + 1592);
      RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 32 + 1624);
      RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 32 + 1656);
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      for (int64_t r = t0 * B; r < t1 * B; ++r) {
        vec v5 = vec::load_unaligned(tape_h + (r - window0 * B) * 32 + 24); RNNC_KEEP(v5);
        const vec v6 = vec(d_r_pre[(r - window0 * B) * 32 + panel * 8 + m]);
        v1 = xsimd::fma(v6, v5, v1);
        const vec v7 = vec(d_r_pre[(r - window0 * B) * 32 + panel * 8 + m + 1]);
        v2 = xsimd::fma(v7, v5, v2);
        const vec v8 = vec(d_r_pre[(r - window0 * B) * 32 + panel * 8 + m + 2]);
        v3 = xsimd::fma(v8, v5, v3);
        const vec v9 = vec(d_r_pre[(r - window0 * B) * 32 + panel * 8 + m + 3]);
        v4 = xsimd::fma(v9, v5, v4);
      }
      const vec v5 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + 1560);
      const vec v6 = v5 + v1;
      v6.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + 1560);
      const vec v7 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + 1592);
      const vec v8 = v7 + v2;
      v8.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + 1592);
      const vec v9 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + 1624);
      const vec v10 = v9 + v3;
      v10.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + 1624);
      const vec v11 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + 1656);
      const vec v12 = v11 + v4;
      v12.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + 1656);
    }
  }
}

// grad.U_n = sum(d.n.1 @ h[t-1]' over t, b)
void backward_grad_U_n(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict tape_h = run.tape_h;
  float* __restrict parameter_gradients = run.parameter_gradients;
  const float* __restrict d_n_1 = run.d_n_1;

  for (int64_t tile = 0; tile < 1; ++tile) {
    for (int64_t panel = begin; panel < end; ++panel) {
      for (int64_t m = 0; m < 8; m += 4) {
        RNNC_PREFETCH(parameter_gradients + ((panel + 14) * 8 + m) * 32 + tile * 24);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 32 + (tile + 150) * 24);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m + 113) * 32 + tile * 24);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 3632);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m + 114) * 32 + tile * 24);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 3664);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m + 115) * 32 + tile * 24);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 32 + (tile + 154) * 24);
        vec v1 = vec(0.0f);
        vec v2 = vec(0.0f);
        vec v3 = vec(0.0f);
        vec v4 = vec(0.0f);
        vec v5 = vec(0.0f);
        vec v6 = vec(0.0f);
        vec v7 = vec(0.0f);
        vec v8 = vec(0.0f);
        vec v9 = vec(0.0f);
        vec v10 = vec(0.0f);
        vec v11 = vec(0.0f);
        vec v12 = vec(0.0f);
        for (int64_t r = t0 * B; r < t1 * B; ++r) {
          vec v13 = vec::load_unaligned(tape_h + (r - window0 * B) * 32 + tile * 24); RNNC_KEEP(v13);
          vec v14 = vec::load_unaligned(tape_h + (r - window0 * B) * 32 + tile * 24 + 8); RNNC_KEEP(v14);
          vec v15 = vec::load_unaligned(tape_h + (r - window0 * B) * 32 + tile * 24 + 16); RNNC_KEEP(v15);
          const vec v16 = vec(d_n_1[(r - window0 * B) * 32 + panel * 8 + m]);
          v1 = xsimd::fma(v16, v13, v1);
          v2 = xsimd::fma(v16, v14, v2);
          v3 = xsimd::fma(v16, v15, v3);
          const vec v17 = vec(d_n_1[(r - window0 * B) * 32 + panel * 8 + m + 1]);
          v4 = xsimd::fma(v17, v13, v4);
          v5 = xsimd::fma(v17, v14, v5);
          v6 = xsimd::fma(v17, v15, v6);
          const vec v18 = vec(d_n_1[(r - window0 * B) * 32 + panel * 8 + m + 2]);
          v7 = xsimd::fma(v18, v13, v7);
          v8 = xsimd::fma(v18, v14, v8);
          v9 = xsimd::fma(v18, v15, v9);
          const vec v19 = vec(d_n_1[(r - window0 * B) * 32 + panel * 8 + m + 3]);
          v10 = xsimd::fma(v19, v13, v10);
          v11 = xsimd::fma(v19, v14, v11);
          v12 = xsimd::fma(v19, v15, v12);
        }
        const vec v13 = vec::load_unaligned(parameter_gradients + ((panel + 14) * 8 + m) * 32 + tile * 24);
        const vec v14 = v13 + v1;
        v14.store_unaligned(parameter_gradients + ((panel + 14) * 8 + m) * 32 + tile * 24);
        const vec v15 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 3592);
        const vec v16 = v15 + v2;
        v16.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 3592);
        const vec v17 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + (tile + 150) * 24);
        const vec v18 = v17 + v3;
        v18.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + (tile + 150) * 24);
        const vec v19 = vec::load_unaligned(parameter_gradients + (panel * 8 + m + 113) * 32 + tile * 24);
        const vec v20 = v19 + v4;
        v20.store_unaligned(parameter_gradients + (panel * 8 + m + 113) * 32 + tile * 24);
        const vec v21 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + (tile + 151) * 24);
        const vec v22 = v21 + v5;
        v22.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + (tile + 151) * 24);
        const vec v23 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 3632);
        const vec v24 = v23 + v6;
        v24.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 3632);
        const vec v25 = vec::load_unaligned(parameter_gradients + (panel * 8 + m + 114) * 32 + tile * 24);
        const vec v26 = v25 + v7;
        v26.store_unaligned(parameter_gradients + (panel * 8 + m + 114) * 32 + tile * 24);
        const vec v27 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 3656);
        const vec v28 = v27 + v8;
        v28.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 3656);
        const vec v29 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 3664);
        const vec v30 = v29 + v9;
        v30.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 3664);
        const vec v31 = vec::load_unaligned(parameter_gradients + (panel * 8 + m + 115) * 32 + tile * 24);
        const vec v32 = v31 + v10;
        v32.store_unaligned(parameter_gradients + (panel * 8 + m + 115) * 32 + tile * 24);
        const vec v33 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 3688);
        const vec v34 = v33 + v11;
        v34.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 3688);
        const vec v35 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + (tile + 154) * 24);
        const vec v36 = v35 + v12;
        v36.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + (tile + 154) * 24);
      }
    }
  }
  for (int64_t panel = begin; panel < end; ++panel) {
    for (int64_t m = 0; m < 8; m += 4) {
      RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 32 + 3608);
      RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 32 + 3640);
      RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 32 + 3672);
      RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 32 + 3704);
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      for (int64_t r = t0 * B; r < t1 * B; ++r) {
        vec v5 = vec::load_unaligned(tape_h + (r - window0 * B) * 32 + 24); RNNC_KEEP(v5);
        const vec v6 = vec(d_n_1[(r - window0 * B) * 32 + panel * 8 + m]);
        v1 = xsimd::fma(v6, v5, v1);
        const vec v7 = vec(d_n_1[(r - window0 * B) * 32 + panel * 8 + m + 1]);
        v2 = xsimd::fma(v7, v5, v2);
        const vec v8 = vec(d_n_1[(r - window0 * B) * 32 + panel * 8 + m + 2]);
        v3 = xsimd::fma(v8, v5, v3);
        const vec v9 = vec(d_n_1[(r - window0 * B) * 32 + panel * 8 + m + 3]);
        v4 = xsimd::fma(v9, v5, v4);
      }
      const vec v5 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + 3608);
      const vec v6 = v5 + v1;
      v6.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + 3608);
      const vec v7 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + 3640);
      const vec v8 = v7 + v2;
      v8.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + 3640);
      const vec v9 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + 3672);
      const vec v10 = v9 + v3;
      v10.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + 3672);
      const vec v11 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + 3704);
      const vec v12 = v11 + v4;
      v12.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + 3704);
    }
  }
}

// grad.U_z = sum(d.z.pre @ h[t-1]' over t, b)
void backward_grad_U_z(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict tape_h = run.tape_h;
  float* __restrict parameter_gradients = run.parameter_gradients;
  const float* __restrict d_z_pre = run.d_z_pre;

  for (int64_t tile = 0; tile < 1; ++tile) {
    for (int64_t panel = begin; panel < end; ++panel) {
      for (int64_t m = 0; m < 8; m += 4) {
        RNNC_PREFETCH(parameter_gradients + ((panel + 10) * 8 + m) * 32 + tile * 24);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 2576);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m + 81) * 32 + tile * 24);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 2608);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m + 82) * 32 + tile * 24);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 32 + (tile + 110) * 24);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m + 83) * 32 + tile * 24);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 2672);
        vec v1 = vec(0.0f);
        vec v2 = vec(0.0f);
        vec v3 = vec(0.0f);
        vec v4 = vec(0.0f);
        vec v5 = vec(0.0f);
        vec v6 = vec(0.0f);
        vec v7 = vec(0.0f);
        vec v8 = vec(0.0f);
        vec v9 = vec(0.0f);
        vec v10 = vec(0.0f);
        vec v11 = vec(0.0f);
        vec v12 = vec(0.0f);
        for (int64_t r = t0 * B; r < t1 * B; ++r) {
          vec v13 = vec::load_unaligned(tape_h + (r - window0 * B) * 32 + tile * 24); RNNC_KEEP(v13);
          vec v14 = vec::load_unaligned(tape_h + (r - window0 * B) * 32 + tile * 24 + 8); RNNC_KEEP(v14);
          vec v15 = vec::load_unaligned(tape_h + (r - window0 * B) * 32 + tile * 24 + 16); RNNC_KEEP(v15);
          const vec v16 = vec(d_z_pre[(r - window0 * B) * 32 + panel * 8 + m]);
          v1 = xsimd::fma(v16, v13, v1);
          v2 = xsimd::fma(v16, v14, v2);
          v3 = xsimd::fma(v16, v15, v3);
          const vec v17 = vec(d_z_pre[(r - window0 * B) * 32 + panel * 8 + m + 1]);
          v4 = xsimd::fma(v17, v13, v4);
          v5 = xsimd::fma(v17, v14, v5);
          v6 = xsimd::fma(v17, v15, v6);
          const vec v18 = vec(d_z_pre[(r - window0 * B) * 32 + panel * 8 + m + 2]);
          v7 = xsimd::fma(v18, v13, v7);
          v8 = xsimd::fma(v18, v14, v8);
          v9 = xsimd::fma(v18, v15, v9);
          const vec v19 = vec(d_z_pre[(r - window0 * B) * 32 + panel * 8 + m + 3]);
          v10 = xsimd::fma(v19, v13, v10);
          v11 = xsimd::fma(v19, v14, v11);
          v12 = xsimd::fma(v19, v15, v12);
        }
        const vec v13 = vec::load_unaligned(parameter_gradients + ((panel + 10) * 8 + m) * 32 + tile * 24);
        const vec v14 = v13 + v1;
        v14.store_unaligned(parameter_gradients + ((panel + 10) * 8 + m) * 32 + tile * 24);
        const vec v15 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + (tile + 107) * 24);
        const vec v16 = v15 + v2;
        v16.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + (tile + 107) * 24);
        const vec v17 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 2576);
        const vec v18 = v17 + v3;
        v18.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 2576);
        const vec v19 = vec::load_unaligned(parameter_gradients + (panel * 8 + m + 81) * 32 + tile * 24);
        const vec v20 = v19 + v4;
        v20.store_unaligned(parameter_gradients + (panel * 8 + m + 81) * 32 + tile * 24);
        const vec v21 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 2600);
        const vec v22 = v21 + v5;
        v22.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 2600);
        const vec v23 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 2608);
        const vec v24 = v23 + v6;
        v24.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 2608);
        const vec v25 = vec::load_unaligned(parameter_gradients + (panel * 8 + m + 82) * 32 + tile * 24);
        const vec v26 = v25 + v7;
        v26.store_unaligned(parameter_gradients + (panel * 8 + m + 82) * 32 + tile * 24);
        const vec v27 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 2632);
        const vec v28 = v27 + v8;
        v28.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 2632);
        const vec v29 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + (tile + 110) * 24);
        const vec v30 = v29 + v9;
        v30.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + (tile + 110) * 24);
        const vec v31 = vec::load_unaligned(parameter_gradients + (panel * 8 + m + 83) * 32 + tile * 24);
        const vec v32 = v31 + v10;
        v32.store_unaligned(parameter_gradients + (panel * 8 + m + 83) * 32 + tile * 24);
        const vec v33 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + (tile + 111) * 24);
        const vec v34 = v33 + v11;
        v34.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + (tile + 111) * 24);
        const vec v35 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 2672);
        const vec v36 = v35 + v12;
        v36.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + tile * 24 + 2672);
      }
    }
  }
  for (int64_t panel = begin; panel < end; ++panel) {
    for (int64_t m = 0; m < 8; m += 4) {
      RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 32 + 2584);
      RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 32 + 2616);
      RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 32 + 2648);
      RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 32 + 2680);
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      for (int64_t r = t0 * B; r < t1 * B; ++r) {
        vec v5 = vec::load_unaligned(tape_h + (r - window0 * B) * 32 + 24); RNNC_KEEP(v5);
        const vec v6 = vec(d_z_pre[(r - window0 * B) * 32 + panel * 8 + m]);
        v1 = xsimd::fma(v6, v5, v1);
        const vec v7 = vec(d_z_pre[(r - window0 * B) * 32 + panel * 8 + m + 1]);
        v2 = xsimd::fma(v7, v5, v2);
        const vec v8 = vec(d_z_pre[(r - window0 * B) * 32 + panel * 8 + m + 2]);
        v3 = xsimd::fma(v8, v5, v3);
        const vec v9 = vec(d_z_pre[(r - window0 * B) * 32 + panel * 8 + m + 3]);
        v4 = xsimd::fma(v9, v5, v4);
      }
      const vec v5 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + 2584);
      const vec v6 = v5 + v1;
      v6.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + 2584);
      const vec v7 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + 2616);
      const vec v8 = v7 + v2;
      v8.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + 2616);
      const vec v9 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + 2648);
      const vec v10 = v9 + v3;
      v10.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + 2648);
      const vec v11 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 32 + 2680);
      const vec v12 = v11 + v4;
      v12.store_unaligned(parameter_gradients + (panel * 8 + m) * 32 + 2680);
    }
  }
}

// first_z = z[first]
void backward_first_z(const Run& run, int64_t begin, int64_t end, int64_t, int64_t, int64_t window0) {
  const int64_t T = run.T, B = run.B, window = run.window;
  const float* __restrict tape_z = run.tape_z;
  float* __restrict first_z = run.first_z;

  for (int64_t b = begin; b < end; ++b) {
    const int64_t length = run.length(0, b);
    const int64_t there = std::min<int64_t>(0, T - 1);
    const int64_t step_2 = std::max<int64_t>(there, 0);
    const int64_t to = std::min<int64_t>(step_2 + 1, window + window0);
    const int64_t from = std::max<int64_t>(step_2, window0);
    for (int64_t here = from; here < to; ++here) {
      const int64_t beyond = std::min<int64_t>(length, 1);
      const int64_t inside = std::max<int64_t>(beyond, 0);
      for (int64_t j = 0; j < 4; ++j) {
        vec z = vec(0.0f);
        for (int64_t once = 0; once < inside; ++once) {
          z = vec::load_unaligned(tape_z + (b - window0 * B) * 32 + j * 8);
        }
        z.store_unaligned(first_z + b * 32 + j * 8);
      }
    }
  }
}

// first_d.h = d.h[first]
void backward_first_d_h(const Run& run, int64_t begin, int64_t end, int64_t, int64_t, int64_t window0) {
  const int64_t T = run.T, B = run.B, window = run.window;
  const float* __restrict d_h_at = run.d_h;
  float* __restrict first_d_h = run.first_d_h;

  for (int64_t b = begin; b < end; ++b) {
    const int64_t length = run.length(0, b);
    const int64_t there = std::min<int64_t>(0, T - 1);
    const int64_t step_2 = std::max<int64_t>(there, 0);
    const int64_t to = std::min<int64_t>(step_2 + 1, window + window0);
    const int64_t from = std::max<int64_t>(step_2, window0);
    for (int64_t here = from; here < to; ++here) {
      const int64_t beyond = std::min<int64_t>(length, 1);
      const int64_t inside = std::max<int64_t>(beyond, 0);
      for (int64_t j = 0; j < 4; ++j) {
        vec d_h = vec(0.0f);
        for (int64_t once = 0; once < inside; ++once) {
          d_h = vec::load_unaligned(d_h_at + (b - window0 * B) * 32 + j * 8);
        }
        d_h.store_unaligned(first_d_h + b * 32 + j * 8);
      }
    }
  }
}

// first_d.n.1 = d.n.1[first]
void backward_first_d_n_1(const Run& run, int64_t begin, int64_t end, int64_t, int64_t, int64_t window0) {
  const int64_t T = run.T, B = run.B, window = run.window;
  const float* __restrict d_n_1_at = run.d_n_1;
  float* __restrict first_d_n_1 = run.first_d_n_1;

  for (int64_t b = begin; b < end; ++b) {
    const int64_t length = run.length(0, b);
    const int64_t there = std::min<int64_t>(0, T - 1);
    const int64_t step_2 = std::max<int64_t>(there, 0);
    const int64_t to = std::min<int64_t>(step_2 + 1, window + window0);
    const int64_t from = std::max<int64_t>(step_2, window0);
    for (int64_t here = from; here < to; ++here) {
      const int64_t beyond = std::min<int64_t>(length, 1);
      const int64_t inside = std::max<int64_t>(beyond, 0);
      for (int64_t j = 0; j < 4; ++j) {
        vec d_n_1 = vec(0.0f);
        for (int64_t once = 0; once < inside; ++once) {
          d_n_1 = vec::load_unaligned(d_n_1_at + (b - window0 * B) * 32 + j * 8);
        }
        d_n_1.store_unaligned(first_d_n_1 + b * 32 + j * 8);
      }
    }
  }
}

// first_d.z.pre = d.z.pre[first]
void backward_first_d_z_pre(const Run& run, int64_t begin, int64_t end, int64_t, int64_t, int64_t window0) {
  const int64_t T = run.T, B = run.B, window = run.window;
  float* __restrict first_d_z_pre = run.first_d_z_pre;
  const float* __restrict d_z_pre_at = run.d_z_pre;

  for (int64_t b = begin; b < end; ++b) {
    const int64_t length = run.length(0, b);
    const int64_t there = std::min<int64_t>(0, T - 1);
    const int64_t step_2 = std::max<int64_t>(there, 0);
    const int64_t to = std::min<int64_t>(step_2 + 1, window + window0);
    const int64_t from = std::max<int64_t>(step_2, window0);
    for (int64_t here = from; here < to; ++here) {
      const int64_t beyond = std::min<int64_t>(length, 1);
      const int64_t inside = std::max<int64_t>(beyond, 0);
      for (int64_t j = 0; j < 4; ++j) {
        vec d_z_pre = vec(0.0f);
        for (int64_t once = 0; once < inside; ++once) {
          d_z_pre = vec::load_unaligned(d_z_pre_at + (b - window0 * B) * 32 + j * 8);
        }
        d_z_pre.store_unaligned(first_d_z_pre + b * 32 + j * 8);
      }
    }
  }
}

// first_d.r.pre = d.r.pre[first]
void backward_first_d_r_pre(const Run& run, int64_t begin, int64_t end, int64_t, int64_t, int64_t window0) {
  const int64_t T = run.T, B = run.B, window = run.window;
  const float* __restrict d_r_pre_at = run.d_r_pre;
  float* __restrict first_d_r_pre = run.first_d_r_pre;

  for (int64_t b = begin; b < end; ++b) {
    const int64_t length = run.length(0, b);
    const int64_t there = std::min<int64_t>(0, T - 1);
    const int64_t step_2 = std::max<int64_t>(there, 0);
    const int64_t to = std::min<int64_t>(step_2 + 1, window + window0);
    const int64_t from = std::max<int64_t>(step_2, window0);
    for (int64_t here = from; here < to; ++here) {
      const int64_t beyond = std::min<int64_t>(length, 1);
      const int64_t inside = std::max<int64_t>(beyond, 0);
      for (int64_t j = 0; j < 4; ++j) {
        vec d_r_pre = vec(0.0f);
        for (int64_t once = 0; once < inside; ++once) {
          d_r_pre = vec::load_unaligned(d_r_pre_at + (b - window0 * B) * 32 + j * 8);
        }
        d_r_pre.store_unaligned(first_d_r_pre + b * 32 + j * 8);
      }
    }
  }
}

// grad.h.init = U_r' @ d.r.pre[first] + U_z' @ d.z.pre[first] + U_n' @ d.n.1[first] + d.h[first] * z[first] + where(length(t) == 0, upstream(h.final), 0)
void backward_grad_h_init_epilogue(const Run& run, vec sum, vec sum_2, vec sum_3, vec sum_4, int64_t b, int64_t j) {
  const float* first_z = run.first_z;
  const float* first_d_h = run.first_d_h;
  float* grad_h_init = run.grad_h_init;
  const float* d_h_final = run.d_h_final;
  float* grad_h_init_2 = run.grad_h_init_2;

  const vec first_d_h0 = vec::load_unaligned(first_d_h + b * 32 + j);
  const vec first_z0 = vec::load_unaligned(first_z + b * 32 + j);
  const vec v1 = first_d_h0 * first_z0;
  const int64_t length = run.length(0, b);
  const mask m1 = mask(length < 1);
  const vec upstream0 = vec::load_unaligned(d_h_final + b * 32 + j);
  const vec v2 = xsimd::select(m1, upstream0, vec(0.0f));
  const vec v3 = v1 + v2;
  const vec v4 = sum + v3;
  v4.store_unaligned(grad_h_init + b * 32 + j);
  v4.store_unaligned(grad_h_init_2 + b * 32 + j);
  const vec first_d_h1 = vec::load_unaligned(first_d_h + b * 32 + j + 8);
  const vec first_z1 = vec::load_unaligned(first_z + b * 32 + j + 8);
  const vec v5 = first_d_h1 * first_z1;
  const mask m2 = mask(length < 1);
  const vec upstream1 = vec::load_unaligned(d_h_final + b * 32 + j + 8);
  const vec v6 = xsimd::select(m2, upstream1, vec(0.0f));
  const vec v7 = v5 + v6;
  const vec v8 = sum_2 + v7;
  v8.store_unaligned(grad_h_init + b * 32 + j + 8);
  v8.store_unaligned(grad_h_init_2 + b * 32 + j + 8);
  const vec first_d_h2 = vec::load_unaligned(first_d_h + b * 32 + j + 16);
  const vec first_z2 = vec::load_unaligned(first_z + b * 32 + j + 16);
  const vec v9 = first_d_h2 * first_z2;
  const mask m3 = mask(length < 1);
  const vec upstream2 = vec::load_unaligned(d_h_final + b * 32 + j + 16);
  const vec v10 = xsimd::select(m3, upstream2, vec(0.0f));
  const vec v11 = v9 + v10;
  const vec v12 = sum_3 + v11;
  v12.store_unaligned(grad_h_init + b * 32 + j + 16);
  v12.store_unaligned(grad_h_init_2 + b * 32 + j + 16);
  const vec first_d_h3 = vec::load_unaligned(first_d_h + b * 32 + j + 24);
  const vec first_z3 = vec::load_unaligned(first_z + b * 32 + j + 24);
  const vec v13 = first_d_h3 * first_z3;
  const mask m4 = mask(length < 1);
  const vec upstream3 = vec::load_unaligned(d_h_final + b * 32 + j + 24);
  const vec v14 = xsimd::select(m4, upstream3, vec(0.0f));
  const vec v15 = v13 + v14;
  const vec v16 = sum_4 + v15;
  v16.store_unaligned(grad_h_init + b * 32 + j + 24);
  v16.store_unaligned(grad_h_init_2 + b * 32 + j + 24);
}

// grad.h.init = U_r' @ d.r.pre[first] + U_z' @ d.z.pre[first] + U_n' @ d.n.1[first] + d.h[first] * z[first] + where(length(t) == 0, upstream(h.final), 0)
void backward_grad_h_init(const Run& run, int64_t begin, int64_t end) {
  const int64_t B = run.B;
  const float* first_z = run.first_z;
  const float* first_d_h = run.first_d_h;
  const float* __restrict first_d_n_1 = run.first_d_n_1;
  const float* __restrict first_d_z_pre = run.first_d_z_pre;
  const float* __restrict first_d_r_pre = run.first_d_r_pre;
  float* grad_h_init = run.grad_h_init;
  const float* d_h_final = run.d_h_final;
  const float* __restrict panel_U_r_transposed = run.panel_U_r_transposed;
  const float* __restrict panel_U_z_transposed = run.panel_U_z_transposed;
  const float* __restrict panel_U_n_transposed = run.panel_U_n_transposed;
  float* grad_h_init_2 = run.grad_h_init_2;

  const int64_t stop = std::min<int64_t>(end * 8, B);
  const int64_t tiles = (stop - begin * 8) / 3;
  const int64_t odd = (stop - begin * 8 - tiles * 3) % 2;
  const int64_t given_up = std::min<int64_t>(odd, tiles);
  const int64_t pairs = ((given_up - tiles) * 3 + stop - begin * 8) / 2;
  for (int64_t b = begin * 8; b < begin * 8 + (tiles - given_up) * 3; b += 3) {
    vec v1 = vec(0.0f);
    vec v2 = vec(0.0f);
    vec v3 = vec(0.0f);
    vec v4 = vec(0.0f);
    vec v5 = vec(0.0f);
    vec v6 = vec(0.0f);
    vec v7 = vec(0.0f);
    vec v8 = vec(0.0f);
    vec v9 = vec(0.0f);
    vec v10 = vec(0.0f);
    vec v11 = vec(0.0f);
    vec v12 = vec(0.0f);
    for (int64_t k = 0; k < 32; ++k) {
      const vec x0 = vec(first_d_r_pre[b * 32 + k]);
      const vec x1 = vec(first_d_r_pre[(b + 1) * 32 + k]);
      const vec x2 = vec(first_d_r_pre[(b + 2) * 32 + k]);
      vec w0 = vec::load_unaligned(panel_U_r_transposed + k * 8); RNNC_KEEP(w0);
      v1 = xsimd::fma(w0, x0, v1);
      v5 = xsimd::fma(w0, x1, v5);
      v9 = xsimd::fma(w0, x2, v9);
      vec w1 = vec::load_unaligned(panel_U_r_transposed + (k + 32) * 8); RNNC_KEEP(w1);
      v2 = xsimd::fma(w1, x0, v2);
      v6 = xsimd::fma(w1, x1, v6);
      v10 = xsimd::fma(w1, x2, v10);
      vec w2 = vec::load_unaligned(panel_U_r_transposed + (k + 64) * 8); RNNC_KEEP(w2);
      v3 = xsimd::fma(w2, x0, v3);
      v7 = xsimd::fma(w2, x1, v7);
      v11 = xsimd::fma(w2, x2, v11);
      vec w3 = vec::load_unaligned(panel_U_r_transposed + (k + 96) * 8); RNNC_KEEP(w3);
      v4 = xsimd::fma(w3, x0, v4);
      v8 = xsimd::fma(w3, x1, v8);
      v12 = xsimd::fma(w3, x2, v12);
    }
    for (int64_t k = 0; k < 32; ++k) {
      const vec x0 = vec(first_d_z_pre[b * 32 + k]);
      const vec x1 = vec(first_d_z_pre[(b + 1) * 32 + k]);
      const vec x2 = vec(first_d_z_pre[(b + 2) * 32 + k]);
      vec w0 = vec::load_unaligned(panel_U_z_transposed + k * 8); RNNC_KEEP(w0);
      v1 = xsimd::fma(w0, x0, v1);
      v5 = xsimd::fma(w0, x1, v5);
      v9 = xsimd::fma(w0, x2, v9);
      vec w1 = vec::load_unaligned(panel_U_z_transposed + (k + 32) * 8); RNNC_KEEP(w1);
      v2 = xsimd::fma(w1, x0, v2);
      v6 = xsimd::fma(w1, x1, v6);
      v10 = xsimd::fma(w1, x2, v10);
      vec w2 = vec::load_unaligned(panel_U_z_transposed + (k + 64) * 8); RNNC_KEEP(w2);
      v3 = xsimd::fma(w2, x0, v3);
      v7 = xsimd::fma(w2, x1, v7);
      v11 = xsimd::fma(w2, x2, v11);
      vec w3 = vec::load_unaligned(panel_U_z_transposed + (k + 96) * 8); RNNC_KEEP(w3);
      v4 = xsimd::fma(w3, x0, v4);
      v8 = xsimd::fma(w3, x1, v8);
      v12 = xsimd::fma(w3, x2, v12);
    }
    for (int64_t k = 0; k < 32; ++k) {
      const vec x0 = vec(first_d_n_1[b * 32 + k]);
      const vec x1 = vec(first_d_n_1[(b + 1) * 32 + k]);
      const vec x2 = vec(first_d_n_1[(b + 2) * 32 + k]);
      vec w0 = vec::load_unaligned(panel_U_n_transposed + k * 8); RNNC_KEEP(w0);
      v1 = xsimd::fma(w0, x0, v1);
      v5 = xsimd::fma(w0, x1, v5);
      v9 = xsimd::fma(w0, x2, v9);
      vec w1 = vec::load_unaligned(panel_U_n_transposed + (k + 32) * 8); RNNC_KEEP(w1);
      v2 = xsimd::fma(w1, x0, v2);
      v6 = xsimd::fma(w1, x1, v6);
      v10 = xsimd::fma(w1, x2, v10);
      vec w2 = vec::load_unaligned(panel_U_n_transposed + (k + 64) * 8); RNNC_KEEP(w2);
      v3 = xsimd::fma(w2, x0, v3);
      v7 = xsimd::fma(w2, x1, v7);
      v11 = xsimd::fma(w2, x2, v11);
      vec w3 = vec::load_unaligned(panel_U_n_transposed + (k + 96) * 8); RNNC_KEEP(w3);
      v4 = xsimd::fma(w3, x0, v4);
      v8 = xsimd::fma(w3, x1, v8);
      v12 = xsimd::fma(w3, x2, v12);
    }
    backward_grad_h_init_epilogue(run, v1, v2, v3, v4, b, 0);
    backward_grad_h_init_epilogue(run, v5, v6, v7, v8, b + 1, 0);
    backward_grad_h_init_epilogue(run, v9, v10, v11, v12, b + 2, 0);
  }
  for (int64_t b = begin * 8 + (tiles - given_up) * 3; b < begin * 8 + (tiles - given_up) * 3 + pairs * 2; b += 2) {
    vec v1 = vec(0.0f);
    vec v2 = vec(0.0f);
    vec v3 = vec(0.0f);
    vec v4 = vec(0.0f);
    vec v5 = vec(0.0f);
    vec v6 = vec(0.0f);
    vec v7 = vec(0.0f);
    vec v8 = vec(0.0f);
    for (int64_t k = 0; k < 32; ++k) {
      const vec x0 = vec(first_d_r_pre[b * 32 + k]);
      const vec x1 = vec(first_d_r_pre[(b + 1) * 32 + k]);
      vec w0 = vec::load_unaligned(panel_U_r_transposed + k * 8); RNNC_KEEP(w0);
      v1 = xsimd::fma(w0, x0, v1);
      v5 = xsimd::fma(w0, x1, v5);
      vec w1 = vec::load_unaligned(panel_U_r_transposed + (k + 32) * 8); RNNC_KEEP(w1);
      v2 = xsimd::fma(w1, x0, v2);
      v6 = xsimd::fma(w1, x1, v6);
      vec w2 = vec::load_unaligned(panel_U_r_transposed + (k + 64) * 8); RNNC_KEEP(w2);
      v3 = xsimd::fma(w2, x0, v3);
      v7 = xsimd::fma(w2, x1, v7);
      vec w3 = vec::load_unaligned(panel_U_r_transposed + (k + 96) * 8); RNNC_KEEP(w3);
      v4 = xsimd::fma(w3, x0, v4);
      v8 = xsimd::fma(w3, x1, v8);
    }
    for (int64_t k = 0; k < 32; ++k) {
      const vec x0 = vec(first_d_z_pre[b * 32 + k]);
      const vec x1 = vec(first_d_z_pre[(b + 1) * 32 + k]);
      vec w0 = vec::load_unaligned(panel_U_z_transposed + k * 8); RNNC_KEEP(w0);
      v1 = xsimd::fma(w0, x0, v1);
      v5 = xsimd::fma(w0, x1, v5);
      vec w1 = vec::load_unaligned(panel_U_z_transposed + (k + 32) * 8); RNNC_KEEP(w1);
      v2 = xsimd::fma(w1, x0, v2);
      v6 = xsimd::fma(w1, x1, v6);
      vec w2 = vec::load_unaligned(panel_U_z_transposed + (k + 64) * 8); RNNC_KEEP(w2);
      v3 = xsimd::fma(w2, x0, v3);
      v7 = xsimd::fma(w2, x1, v7);
      vec w3 = vec::load_unaligned(panel_U_z_transposed + (k + 96) * 8); RNNC_KEEP(w3);
      v4 = xsimd::fma(w3, x0, v4);
      v8 = xsimd::fma(w3, x1, v8);
    }
    for (int64_t k = 0; k < 32; ++k) {
      const vec x0 = vec(first_d_n_1[b * 32 + k]);
      const vec x1 = vec(first_d_n_1[(b + 1) * 32 + k]);
      vec w0 = vec::load_unaligned(panel_U_n_transposed + k * 8); RNNC_KEEP(w0);
      v1 = xsimd::fma(w0, x0, v1);
      v5 = xsimd::fma(w0, x1, v5);
      vec w1 = vec::load_unaligned(panel_U_n_transposed + (k + 32) * 8); RNNC_KEEP(w1);
      v2 = xsimd::fma(w1, x0, v2);
      v6 = xsimd::fma(w1, x1, v6);
      vec w2 = vec::load_unaligned(panel_U_n_transposed + (k + 64) * 8); RNNC_KEEP(w2);
      v3 = xsimd::fma(w2, x0, v3);
      v7 = xsimd::fma(w2, x1, v7);
      vec w3 = vec::load_unaligned(panel_U_n_transposed + (k + 96) * 8); RNNC_KEEP(w3);
      v4 = xsimd::fma(w3, x0, v4);
      v8 = xsimd::fma(w3, x1, v8);
    }
    backward_grad_h_init_epilogue(run, v1, v2, v3, v4, b, 0);
    backward_grad_h_init_epilogue(run, v5, v6, v7, v8, b + 1, 0);
  }
  for (int64_t b = begin * 8 + (tiles - given_up) * 3 + pairs * 2; b < stop; ++b) {
    vec v1 = vec(0.0f);
    vec v2 = vec(0.0f);
    vec v3 = vec(0.0f);
    vec v4 = vec(0.0f);
    for (int64_t k = 0; k < 32; ++k) {
      const vec x0 = vec(first_d_r_pre[b * 32 + k]);
      const vec w0 = vec::load_unaligned(panel_U_r_transposed + k * 8);
      v1 = xsimd::fma(w0, x0, v1);
      const vec w1 = vec::load_unaligned(panel_U_r_transposed + (k + 32) * 8);
      v2 = xsimd::fma(w1, x0, v2);
      const vec w2 = vec::load_unaligned(panel_U_r_transposed + (k + 64) * 8);
      v3 = xsimd::fma(w2, x0, v3);
      const vec w3 = vec::load_unaligned(panel_U_r_transposed + (k + 96) * 8);
      v4 = xsimd::fma(w3, x0, v4);
    }
    for (int64_t k = 0; k < 32; ++k) {
      const vec x0 = vec(first_d_z_pre[b * 32 + k]);
      const vec w0 = vec::load_unaligned(panel_U_z_transposed + k * 8);
      v1 = xsimd::fma(w0, x0, v1);
      const vec w1 = vec::load_unaligned(panel_U_z_transposed + (k + 32) * 8);
      v2 = xsimd::fma(w1, x0, v2);
      const vec w2 = vec::load_unaligned(panel_U_z_transposed + (k + 64) * 8);
      v3 = xsimd::fma(w2, x0, v3);
      const vec w3 = vec::load_unaligned(panel_U_z_transposed + (k + 96) * 8);
      v4 = xsimd::fma(w3, x0, v4);
    }
    for (int64_t k = 0; k < 32; ++k) {
      const vec x0 = vec(first_d_n_1[b * 32 + k]);
      const vec w0 = vec::load_unaligned(panel_U_n_transposed + k * 8);
      v1 = xsimd::fma(w0, x0, v1);
      const vec w1 = vec::load_unaligned(panel_U_n_transposed + (k + 32) * 8);
      v2 = xsimd::fma(w1, x0, v2);
      const vec w2 = vec::load_unaligned(panel_U_n_transposed + (k + 64) * 8);
      v3 = xsimd::fma(w2, x0, v3);
      const vec w3 = vec::load_unaligned(panel_U_n_transposed + (k + 96) * 8);
      v4 = xsimd::fma(w3, x0, v4);
    }
    const vec first_d_h0 = vec::load_unaligned(first_d_h + b * 32);
    const vec first_z0 = vec::load_unaligned(first_z + b * 32);
    const vec v5 = first_d_h0 * first_z0;
    const int64_t length = run.length(0, b);
    const mask m1 = mask(length < 1);
    const vec upstream0 = vec::load_unaligned(d_h_final + b * 32);
    const vec v6 = xsimd::select(m1, upstream0, vec(0.0f));
    const vec v7 = v5 + v6;
    const vec v8 = v1 + v7;
    v8.store_unaligned(grad_h_init + b * 32);
    v8.store_unaligned(grad_h_init_2 + b * 32);
    const vec first_d_h1 = vec::load_unaligned(first_d_h + b * 32 + 8);
    const vec first_z1 = vec::load_unaligned(first_z + b * 32 + 8);
    const vec v9 = first_d_h1 * first_z1;
    const mask m2 = mask(length < 1);
    const vec upstream1 = vec::load_unaligned(d_h_final + b * 32 + 8);
    const vec v10 = xsimd::select(m2, upstream1, vec(0.0f));
    const vec v11 = v9 + v10;
    const vec v12 = v2 + v11;
    v12.store_unaligned(grad_h_init + b * 32 + 8);
    v12.store_unaligned(grad_h_init_2 + b * 32 + 8);
    const vec first_d_h2 = vec::load_unaligned(first_d_h + b * 32 + 16);
    const vec first_z2 = vec::load_unaligned(first_z + b * 32 + 16);
    const vec v13 = first_d_h2 * first_z2;
    const mask m3 = mask(length < 1);
    const vec upstream2 = vec::load_unaligned(d_h_final + b * 32 + 16);
    const vec v14 = xsimd::select(m3, upstream2, vec(0.0f));
    const vec v15 = v13 + v14;
    const vec v16 = v3 + v15;
    v16.store_unaligned(grad_h_init + b * 32 + 16);
    v16.store_unaligned(grad_h_init_2 + b * 32 + 16);
    const vec first_d_h3 = vec::load_unaligned(first_d_h + b * 32 + 24);
    const vec first_z3 = vec::load_unaligned(first_z + b * 32 + 24);
    const vec v17 = first_d_h3 * first_z3;
    const mask m4 = mask(length < 1);
    const vec upstream3 = vec::load_unaligned(d_h_final + b * 32 + 24);
    const vec v18 = xsimd::select(m4, upstream3, vec(0.0f));
    const vec v19 = v17 + v18;
    const vec v20 = v4 + v19;
    v20.store_unaligned(grad_h_init + b * 32 + 24);
    v20.store_unaligned(grad_h_init_2 + b * 32 + 24);
  }
}

void backward_grad_b_r_result(const Run& run, int64_t begin, int64_t end) {
  float* __restrict parameter_gradients = run.parameter_gradients;

  for (int64_t j = begin; j < end; ++j) {
    const vec grad_b_r = vec::load_unaligned(parameter_gradients + (j + 576) * 8);
    grad_b_r.store_unaligned(parameter_gradients + (j + 588) * 8);
  }
}

void backward_grad_b_z_result(const Run& run, int64_t begin, int64_t end) {
  float* __restrict parameter_gradients = run.parameter_gradients;

  for (int64_t j = begin; j < end; ++j) {
    const vec grad_b_z = vec::load_unaligned(parameter_gradients + (j + 580) * 8);
    grad_b_z.store_unaligned(parameter_gradients + (j + 592) * 8);
  }
}

// The array `bytes` behind a base. Never const: pack writes what other runs only read.
template <class T>
T* at(const void* base, int64_t bytes) {
  return reinterpret_cast<T*>(const_cast<char*>(static_cast<const char*>(base)) + bytes);
}

// Array `i` of a table of arrays; both may be absent.
template <class T>
T* slot(T* const* table, int i) {
  return table == nullptr ? nullptr : table[i];
}

// The caller's array of `size` elements; false if there is none where one is needed.
template <class T>
bool take(T*& array, const void* given, int64_t size, int64_t offset = 0) {
  array = at<T>(given, offset);
  return given != nullptr || size == 0;
}

// The same for an array that may be absent: then it stands in the workspace.
template <class T>
bool take_or(T*& array, const void* given, int64_t size, const void* workspace, int64_t otherwise, int64_t offset = 0) {
  array = given != nullptr ? at<T>(given, offset) : at<T>(workspace, otherwise);
  return given != nullptr || workspace != nullptr || size == 0;
}

// Is every row's length one of 0 … steps?
bool lengths_hold(const int32_t* lengths, int64_t rows, int64_t steps) {
  return lengths == nullptr || std::all_of(lengths, lengths + rows, [&](int32_t n) { return n >= 0 && n <= steps; });
}

// The steps of one of so many windows of an axis.
int64_t window_of(int64_t steps, int64_t windows) {
  return std::max<int64_t>(steps / windows + (steps % windows != 0), 1);
}

// Reads the numbers of a run; false if they make no sense.
bool start(const rnnc_call* call, bool one_step, Run& run) {
  if (call == nullptr || call->struct_size < sizeof(rnnc_call)) return false;
  run.T = one_step ? 1 : call->steps[0];
  run.B = call->rows;
  run.first_step = call->first_step;
  run.training = call->training != 0;
  run.windows = one_step ? 1 : std::max<int64_t>(call->windows, 1);
  const int64_t steps_0 = one_step ? 1 : call->steps[0];
  run.row_steps[0] = steps_0;
  run.row_lengths[0] = call->lengths[0];
  run.parallel_for = call->parallel_for;
  run.pool = call->pool;
  if (call->rows < 1 || call->windows < 0 || steps_0 < 0) return false;
  const int64_t longest = std::max({int64_t{1}, steps_0});
  // The most rows times steps for which every size fits 64 bits.
  constexpr int64_t most = 2378020080182;
  if (!one_step && call->windows > longest) return false;
  if (std::max<int64_t>(longest, 1) > most / call->rows) return false;
  run.window = window_of(steps_0, run.windows);
  return lengths_hold(call->lengths[0], call->rows, steps_0);
}

// The bytes that a run needs.
rnnc_sizes bytes_of([[maybe_unused]] int64_t T, [[maybe_unused]] int64_t B, [[maybe_unused]] int64_t windows) {
  const int64_t window = window_of(T, windows);
  rnnc_sizes bytes{};
  bytes.packed_bytes = 38016;
  bytes.tape_bytes = ((window * 5 + windows + 3) * B + 4) * 128;
  bytes.inference_workspace_bytes = (T + 4) * B * 256 + 98880;
  bytes.training_workspace_bytes = (window * 512 + T * 320 + 2432) * B + 184576;
  bytes.step_workspace_bytes = (T + 4) * B * 256 + 98880;
  bytes.windows = windows;
  return bytes;
}

int sizes(const rnnc_model*, const rnnc_call* call, rnnc_sizes* sizes) {
  Run run{};
  if (sizes == nullptr || !start(call, false, run)) return RNNC_BAD_CALL;
  *sizes = bytes_of(run.T, run.B, run.windows);
  auto bytes = [](const rnnc_sizes& s) { return s.tape_bytes + s.training_workspace_bytes; };
  if (call->windows == 0 && call->memory_budget > 0) {
    // From one window on, always the next number that makes the windows of some axis shorter.
    int64_t windows = 1;
    while (bytes(*sizes) > call->memory_budget) {
      int64_t next = 0;
      for (int64_t steps : {run.T}) {
        const int64_t window = window_of(steps, windows);
        if (window <= 1) continue;
        const int64_t shorter = steps / (window - 1) + (steps % (window - 1) != 0);
        next = next == 0 ? shorter : std::min(next, shorter);
      }
      if (next == 0) break;
      windows = next;
      const rnnc_sizes of_these = bytes_of(run.T, run.B, windows);
      if (bytes(of_these) < bytes(*sizes)) *sizes = of_these;
    }
  }
  sizes->step_workspace_bytes = bytes_of(1, run.B, 1).step_workspace_bytes;
  return RNNC_OK;
}

int pack(const rnnc_model*, const void* parameters, void* packed) {
  Run run{};
  if (parameters == nullptr) return RNNC_BAD_CALL;
  if (packed == nullptr) return RNNC_BAD_CALL;
  run.panel_W_r_W_z_W_n = at<float>(packed, 0);
  run.param_W_r = at<float>(parameters, 0);
  run.param_W_z = at<float>(parameters, 2048);
  run.param_W_n = at<float>(parameters, 4096);
  run.b_r = at<float>(packed, 6144);
  run.param_b_r = at<float>(parameters, 18432);
  run.d_r = at<float>(packed, 6336);
  run.param_d_r = at<float>(parameters, 18816);
  run.b_z = at<float>(packed, 6528);
  run.param_b_z = at<float>(parameters, 18560);
  run.d_z = at<float>(packed, 6720);
  run.param_d_z = at<float>(parameters, 18944);
  run.b_n = at<float>(packed, 6912);
  run.param_b_n = at<float>(parameters, 18688);
  run.panel_U_r_U_z_U_n = at<float>(packed, 7104);
  run.param_U_r = at<float>(parameters, 6144);
  run.param_U_z = at<float>(parameters, 10240);
  run.param_U_n = at<float>(parameters, 14336);
  run.d_n = at<float>(packed, 19392);
  run.param_d_n = at<float>(parameters, 19072);
  run.panel_U_r_transposed = at<float>(packed, 19584);
  run.panel_U_z_transposed = at<float>(packed, 23680);
  run.panel_U_n_transposed = at<float>(packed, 27776);
  run.panel_W_r_transposed = at<float>(packed, 31872);
  run.panel_W_z_transposed = at<float>(packed, 33920);
  run.panel_W_n_transposed = at<float>(packed, 35968);

  launch(run, 4, 3072, [&](int64_t begin, int64_t end) { pack_panel_W_r_W_z_W_n(run, begin, end); });
  launch(run, 32, 64, [&](int64_t begin, int64_t end) { pack_b_r(run, begin, end); });
  launch(run, 32, 64, [&](int64_t begin, int64_t end) { pack_d_r(run, begin, end); });
  launch(run, 32, 64, [&](int64_t begin, int64_t end) { pack_b_z(run, begin, end); });
  launch(run, 32, 64, [&](int64_t begin, int64_t end) { pack_d_z(run, begin, end); });
  launch(run, 32, 64, [&](int64_t begin, int64_t end) { pack_b_n(run, begin, end); });
  launch(run, 4, 6144, [&](int64_t begin, int64_t end) { pack_panel_U_r_U_z_U_n(run, begin, end); });
  launch(run, 32, 64, [&](int64_t begin, int64_t end) { pack_d_n(run, begin, end); });
  launch(run, 4, 2048, [&](int64_t begin, int64_t end) { pack_panel_U_r_transposed(run, begin, end); });
  launch(run, 4, 2048, [&](int64_t begin, int64_t end) { pack_panel_U_z_transposed(run, begin, end); });
  launch(run, 4, 2048, [&](int64_t begin, int64_t end) { pack_panel_U_n_transposed(run, begin, end); });
  launch(run, 2, 1024, [&](int64_t begin, int64_t end) { pack_panel_W_r_transposed(run, begin, end); });
  launch(run, 2, 1024, [&](int64_t begin, int64_t end) { pack_panel_W_z_transposed(run, begin, end); });
  launch(run, 2, 1024, [&](int64_t begin, int64_t end) { pack_panel_W_n_transposed(run, begin, end); });
  return RNNC_OK;
}

int forward(const rnnc_model*, const rnnc_call* call) {
  Run run{};
  if (!start(call, false, run)) return RNNC_BAD_CALL;
  const void* packed = call->packed;
  if (packed == nullptr) return RNNC_BAD_CALL;
  void* workspace = call->workspace;
  if (workspace == nullptr && (run.T + 4) * run.B * 256 + 98880 != 0) return RNNC_BAD_CALL;
  run.h_start = at<float>(workspace, (run.T + 2) * run.B * 128 + 192);
  run.r_input = at<float>(workspace, ((run.T + 3) * run.B + 2) * 128);
  run.z_input = at<float>(workspace, (run.T + 4) * run.B * 128 + 33088);
  run.n_input = at<float>(workspace, ((run.B + 103) * 5 + run.T * run.B) * 128);
  run.h = at<float>(workspace, (run.T + 6) * run.B * 128 + 98752);
  run.h_final = at<float>(workspace, (run.T * 256 + 896) * run.B + 98816);
  run.given_h_init = slot(call->state_in, 0) != nullptr;
  if (!take_or(run.h_init, slot(call->state_in, 0), run.B * 32, workspace,
      run.T * run.B * 128 + 64)) return RNNC_BAD_CALL;
  run.panel_W_r_W_z_W_n = at<float>(packed, 0);
  run.b_r = at<float>(packed, 6144);
  run.d_r = at<float>(packed, 6336);
  run.b_z = at<float>(packed, 6528);
  run.d_z = at<float>(packed, 6720);
  run.b_n = at<float>(packed, 6912);
  if (!take(run.x, slot(call->inputs, 0), run.T * run.B * 16)) return RNNC_BAD_CALL;
  run.panel_U_r_U_z_U_n = at<float>(packed, 7104);
  run.d_n = at<float>(packed, 19392);
  if (!take_or(run.h_2, slot(call->outputs, 0), run.T * run.B * 32, workspace, 0)) return RNNC_BAD_CALL;
  if (!take_or(run.h_final_2, slot(call->state_out, 0), run.B * 32, workspace,
      ((run.T + 1) * run.B + 1) * 128)) return RNNC_BAD_CALL;

  const int64_t T = run.T, B = run.B;

  if (run.given_h_init) {
    launch(run, B, B * 64, [&](int64_t begin, int64_t end) { infer_h_start_given(run, begin, end); });
  } else {
    launch(run, B, B * 64, [&](int64_t begin, int64_t end) { infer_h_start_default(run, begin, end); });
  }
  launch(run, B, B * 64, [&](int64_t begin, int64_t end) { infer_h_boundary(run, begin, end); });
  const int64_t block = (B + 255) / B;
  const int64_t blocks = (T + block - 1) / block;
  for (int64_t q = 0; q < blocks; ++q) {
    const int64_t t0 = block * q;
    const int64_t t1 = std::min<int64_t>(block + t0, T);
    const int64_t shares = ((t1 - t0) * B + 7) / 8;
    launch(run, shares, (t1 - t0) * B * 1536,
        [&](int64_t begin, int64_t end) { infer_r_input_z_input_n_input(run, begin, end, t0, t1); });
    for (int64_t t = t0; t < t1; ++t) {
      const int64_t shares_2 = (B + 7) / 8;
      launch(run, shares_2, B * 3072, [&](int64_t begin, int64_t end) { infer_h(run, begin, end, t0, t); });
    }
  }
  launch(run, B, B * 64, [&](int64_t begin, int64_t end) { infer_h_final(run, begin, end); });
  return RNNC_OK;
}

int forward_train(const rnnc_model*, const rnnc_call* call) {
  Run run{};
  if (!start(call, false, run)) return RNNC_BAD_CALL;
  if (call->memory_budget > 0 && call->windows == 0) return RNNC_BAD_CALL;  // `sizes` says how many
  const void* packed = call->packed;
  if (packed == nullptr) return RNNC_BAD_CALL;
  void* workspace = call->workspace;
  if (workspace == nullptr && (run.window * 512 + run.T * 320 + 2432) * run.B + 184576 != 0) return RNNC_BAD_CALL;
  void* tape = call->tape;
  if (tape == nullptr && ((run.window * 5 + run.windows + 3) * run.B + 4) * 128 != 0) return RNNC_BAD_CALL;
  run.given_h_init = slot(call->state_in, 0) != nullptr;
  if (!take_or(run.h_init, slot(call->state_in, 0), run.B * 32, workspace,
      run.T * run.B * 128 + 64)) return RNNC_BAD_CALL;
  run.panel_W_r_W_z_W_n = at<float>(packed, 0);
  run.b_r = at<float>(packed, 6144);
  run.d_r = at<float>(packed, 6336);
  run.b_z = at<float>(packed, 6528);
  run.d_z = at<float>(packed, 6720);
  run.b_n = at<float>(packed, 6912);
  if (!take(run.x, slot(call->inputs, 0), run.T * run.B * 16)) return RNNC_BAD_CALL;
  run.panel_U_r_U_z_U_n = at<float>(packed, 7104);
  run.d_n = at<float>(packed, 19392);
  if (!take_or(run.h_2, slot(call->outputs, 0), run.T * run.B * 32, workspace, 0)) return RNNC_BAD_CALL;
  if (!take_or(run.h_final_2, slot(call->state_out, 0), run.B * 32, workspace,
      ((run.T + 1) * run.B + 1) * 128)) return RNNC_BAD_CALL;
  run.tape_h_start = at<float>(tape, 64);
  run.r_input_2 = at<float>(workspace, (run.T * 320 + 512) * run.B + 19712);
  run.tape_r = at<float>(tape, (run.B + 1) * 128);
  run.z_input_2 = at<float>(workspace, (run.T + 2) * run.B * 320 + 52544);
  run.tape_z = at<float>(tape, (run.window + 1) * run.B * 128 + 192);
  run.tape_add = at<float>(tape, ((run.window + 1) * run.B + 1) * 256);
  run.n_input_2 = at<float>(workspace, (run.T * 320 + 768) * run.B + 85376);
  run.tape_n = at<float>(tape, (run.window * 384 + 256) * run.B + 320);
  run.tape_h = at<float>(tape, (run.window * 2 + 1) * run.B * 256 + 384);
  run.h_final_3 = at<float>(workspace, (run.T * 320 + 896) * run.B + 118208);
  run.checkpoints_h = at<float>(tape, (run.window * 640 + 384) * run.B + 448);
  *at<int64_t>(tape, 0) = run.windows;

  const int64_t T = run.T, B = run.B, window = run.window;

  if (run.given_h_init) {
    launch(run, B, B * 64, [&](int64_t begin, int64_t end) { forward_h_start_given(run, begin, end); });
  } else {
    launch(run, B, B * 64, [&](int64_t begin, int64_t end) { forward_h_start_default(run, begin, end); });
  }
  const int64_t filled_windows = (T + window - 1) / window;
  const int64_t window_count = std::max<int64_t>(filled_windows, 1);
  launch(run, B, B * 64, [&](int64_t begin, int64_t end) { forward_h_boundary(run, begin, end, 0, 0, 0); });
  for (int64_t w = 0; w < window_count; ++w) {
    const int64_t window0 = w * window;
    const int64_t window1 = std::min<int64_t>(window + window0, T);
    const int64_t later = std::min<int64_t>(w, 1);
    launch(run, later * B, later * B * 32, [&](int64_t begin,
        int64_t end) { forward_handed_on(run, begin, end, w, window1 - window0); });
    launch(run, B, B * 32, [&](int64_t begin, int64_t end) { forward_saved(run, begin, end, w, window1 - window0); });
    const int64_t block = (B + 255) / B;
    const int64_t blocks = (window1 + block - window0 - 1) / block;
    for (int64_t q = 0; q < blocks; ++q) {
      const int64_t t0 = block * q + window0;
      const int64_t t1 = std::min<int64_t>(block + t0, window1);
      const int64_t shares = ((t1 - t0) * B + 7) / 8;
      launch(run, shares, (t1 - t0) * B * 1536,
          [&](int64_t begin, int64_t end) { forward_r_input_z_input_n_input(run, begin, end, t0, t1, window0); });
      for (int64_t t = t0; t < t1; ++t) {
        const int64_t shares_2 = (B + 7) / 8;
        launch(run, shares_2, B * 3072, [&](int64_t begin,
            int64_t end) { forward_r_z_n_h(run, begin, end, t0, t, window0); });
      }
    }
    launch(run, B, B * 64, [&](int64_t begin,
        int64_t end) { forward_h_final(run, begin, end, window0, window1, window0); });
  }
  launch(run, B, B * 64, [&](int64_t begin,
      int64_t end) { forward_z_boundary(run, begin, end, (window_count - 1) * window, (window_count - 1) * window,
      (window_count - 1) * window); });
  return RNNC_OK;
}

int backward(const rnnc_model*, const rnnc_call* call) {
  Run run{};
  if (!start(call, false, run)) return RNNC_BAD_CALL;
  if (call->memory_budget > 0 && call->windows == 0) return RNNC_BAD_CALL;  // `sizes` says how many
  const void* packed = call->packed;
  if (packed == nullptr) return RNNC_BAD_CALL;
  void* workspace = call->workspace;
  if (workspace == nullptr && (run.window * 512 + run.T * 320 + 2432) * run.B + 184576 != 0) return RNNC_BAD_CALL;
  void* tape = call->tape;
  if (tape == nullptr && ((run.window * 5 + run.windows + 3) * run.B + 4) * 128 != 0) return RNNC_BAD_CALL;
  void* gradients = call->parameter_gradients;
  run.panel_W_r_W_z_W_n = at<float>(packed, 0);
  run.b_r = at<float>(packed, 6144);
  run.d_r = at<float>(packed, 6336);
  run.b_z = at<float>(packed, 6528);
  run.d_z = at<float>(packed, 6720);
  run.b_n = at<float>(packed, 6912);
  if (!take(run.x, slot(call->inputs, 0), run.T * run.B * 16)) return RNNC_BAD_CALL;
  run.panel_U_r_U_z_U_n = at<float>(packed, 7104);
  run.d_n = at<float>(packed, 19392);
  if (!take_or(run.h_2, nullptr, run.T * run.B * 32, workspace, 0)) return RNNC_BAD_CALL;
  run.r_input_2 = at<float>(workspace, (run.T * 320 + 512) * run.B + 19712);
  run.tape_r = at<float>(tape, (run.B + 1) * 128);
  run.z_input_2 = at<float>(workspace, (run.T + 2) * run.B * 320 + 52544);
  run.tape_z = at<float>(tape, (run.window + 1) * run.B * 128 + 192);
  run.tape_add = at<float>(tape, ((run.window + 1) * run.B + 1) * 256);
  run.n_input_2 = at<float>(workspace, (run.T * 320 + 768) * run.B + 85376);
  run.tape_n = at<float>(tape, (run.window * 384 + 256) * run.B + 320);
  run.tape_h = at<float>(tape, (run.window * 2 + 1) * run.B * 256 + 384);
  run.checkpoints_h = at<float>(tape, (run.window * 640 + 384) * run.B + 448);
  run.x_2 = at<float>(workspace, (run.T * 320 + 896) * run.B + 118208);
  run.d_h = at<float>(workspace, (run.T + 3) * run.B * 320 + 134656);
  run.d_n_pre = at<float>(workspace, (run.T * 320 + run.window * 128 + 1088) * run.B + 134720);
  run.d_r_pre = at<float>(workspace, (run.T * 320 + run.window * 128 + 1216) * run.B + 167552);
  if (!take_or(run.parameter_gradients, gradients, 4800, workspace,
      (run.T * 256 + 384) * run.B + 320)) return RNNC_BAD_CALL;
  run.d_n_1 = at<float>(workspace, (run.T * 320 + run.window * 256 + 1344) * run.B + 167616);
  run.first_z = at<float>(workspace, (run.window * 384 + run.T * 320 + 1472) * run.B + 167680);
  run.first_d_h = at<float>(workspace, (run.window * 384 + (run.T + 5) * 320) * run.B + 167744);
  run.first_d_n_1 = at<float>(workspace, (run.window * 384 + run.T * 320 + 1728) * run.B + 167808);
  run.first_d_z_pre = at<float>(workspace, (run.window * 384 + run.T * 320 + 1856) * run.B + 167872);
  run.first_d_r_pre = at<float>(workspace, (run.window * 384 + run.T * 320 + 1984) * run.B + 167936);
  run.grad_h_init = at<float>(workspace, (run.window * 384 + run.T * 320 + 2112) * run.B + 168000);
  run.d_z_pre = at<float>(workspace, (run.window * 384 + (run.T + 7) * 320) * run.B + 168064);
  run.grad_x = at<float>(workspace, (run.B + 71) * 2368 + (run.window * 512 + run.T * 320) * run.B);
  run.given_d_h_2 = slot(call->output_gradients, 0) != nullptr;
  if (!take_or(run.d_h_2, slot(call->output_gradients, 0), run.T * run.B * 32, workspace,
      (run.T + 2) * run.B * 128 + 192)) return RNNC_BAD_CALL;
  run.given_d_h_final = slot(call->state_out_gradients, 0) != nullptr;
  if (!take_or(run.d_h_final, slot(call->state_out_gradients, 0), run.B * 32, workspace,
      ((run.T + 1) * run.B + 1) * 256)) return RNNC_BAD_CALL;
  run.panel_U_r_transposed = at<float>(packed, 19584);
  run.panel_U_z_transposed = at<float>(packed, 23680);
  run.panel_U_n_transposed = at<float>(packed, 27776);
  run.panel_W_r_transposed = at<float>(packed, 31872);
  run.panel_W_z_transposed = at<float>(packed, 33920);
  run.panel_W_n_transposed = at<float>(packed, 35968);
  if (!take_or(run.grad_x_2, slot(call->input_gradients, 0), run.T * run.B * 16, workspace,
      (run.B + 51) * 384 + run.T * run.B * 256)) return RNNC_BAD_CALL;
  if (!take_or(run.grad_h_init_2, slot(call->state_in_gradients, 0), run.B * 32, workspace,
      (run.T * 320 + 384) * run.B + 19648)) return RNNC_BAD_CALL;
  if (*at<int64_t>(tape, 0) != run.windows) return RNNC_BAD_TAPE;
  if (run.windows > 1) *at<int64_t>(tape, 0) = 0;  // which windows computed again are written over

  const int64_t T = run.T, B = run.B, window = run.window;
  float* parameter_gradients = run.parameter_gradients;
  float* d_h_2 = run.d_h_2;
  float* d_h_final = run.d_h_final;

  if (!run.given_d_h_2) {
    std::fill_n(d_h_2, T * B * 32, 0.0f);
  }
  if (!run.given_d_h_final) {
    std::fill_n(d_h_final, B * 32, 0.0f);
  }
  std::fill_n(parameter_gradients + 4608, 32, 0.0f);
  std::fill_n(parameter_gradients + 4672, 32, 0.0f);
  std::fill_n(parameter_gradients + 4768, 32, 0.0f);
  std::fill_n(parameter_gradients + 4640, 32, 0.0f);
  std::fill_n(parameter_gradients, 512, 0.0f);
  std::fill_n(parameter_gradients + 1024, 512, 0.0f);
  std::fill_n(parameter_gradients + 512, 512, 0.0f);
  std::fill_n(parameter_gradients + 1536, 1024, 0.0f);
  std::fill_n(parameter_gradients + 3584, 1024, 0.0f);
  std::fill_n(parameter_gradients + 2560, 1024, 0.0f);
  const int64_t filled_windows = (T + window - 1) / window;
  const int64_t window_count = std::max<int64_t>(filled_windows, 1);
  launch(run, B, B * 256, [&](int64_t begin,
      int64_t end) { backward_d_h_d_r_pre_d_n_1_d_z_pre_boundary(run, begin, end, (window_count - 1) * window,
      (window_count - 1) * window, (window_count - 1) * window); });
  for (int64_t w = window_count; w-- > 0;) {
    const int64_t window0 = w * window;
    const int64_t window1 = std::min<int64_t>(window + window0, T);
    const int64_t later = std::min<int64_t>(window_count - w - 1, 1);
    launch(run, later * B, later * B * 128,
        [&](int64_t begin, int64_t end) { backward_handed_on(run, begin, end, w, window1 - window0); });
    [[maybe_unused]] const int64_t several = std::min<int64_t>(window_count - 1, 1);
    launch(run, later * B, later * B * 32, [&](int64_t begin,
        int64_t end) { again_handed_on(run, begin, end, w, window1 - window0); });
    launch(run, later * B, later * B * 32, [&](int64_t begin,
        int64_t end) { again_restored(run, begin, end, w, window1 - window0); });
    const int64_t block = (B + 255) / B;
    const int64_t blocks = (window1 + block - window0 - 1) / block;
    for (int64_t q = 0; q < later * blocks; ++q) {
      const int64_t t0 = block * q + window0;
      const int64_t t1 = std::min<int64_t>(block + t0, window1);
      const int64_t shares = ((t1 - t0) * B + 7) / 8;
      launch(run, shares, (t1 - t0) * B * 1536,
          [&](int64_t begin, int64_t end) { forward_r_input_z_input_n_input(run, begin, end, t0, t1, window0); });
      for (int64_t t = t0; t < t1; ++t) {
        const int64_t shares_2 = (B + 7) / 8;
        launch(run, shares_2, B * 3072, [&](int64_t begin,
            int64_t end) { forward_r_z_n_h(run, begin, end, t0, t, window0); });
      }
    }
    const int64_t block_2 = (B + 255) / B;
    const int64_t blocks_2 = (window1 + block_2 - window0 - 1) / block_2;
    for (int64_t q = blocks_2; q-- > 0;) {
      const int64_t t0 = block_2 * q + window0;
      const int64_t t1 = std::min<int64_t>(block_2 + t0, window1);
      launch(run, (t1 - t0) * B, (t1 - t0) * B * 128,
          [&](int64_t begin, int64_t end) { backward_x(run, begin, end, t0, t1, window0); });
      for (int64_t t = t1; t-- > t0;) {
        const int64_t shares = (B + 7) / 8;
        launch(run, shares, B * 3072, [&](int64_t begin,
            int64_t end) { backward_d_h_d_n_pre_d_r_pre_d_n_1(run, begin, end, t0, t, window0); });
      }
      const int64_t shares = ((t1 - t0) * B + 7) / 8;
      launch(run, shares, (t1 - t0) * B * 1536,
          [&](int64_t begin, int64_t end) { backward_grad_x(run, begin, end, t0, t1, window0); });
      launch(run, 1, (t1 - t0) * B * 128, [&](int64_t begin,
          int64_t end) { backward_grad_b_r(run, begin, end, t0, t1, window0); });
      launch(run, 1, (t1 - t0) * B * 128, [&](int64_t begin,
          int64_t end) { backward_grad_b_n(run, begin, end, t0, t1, window0); });
      launch(run, 1, (t1 - t0) * B * 128, [&](int64_t begin,
          int64_t end) { backward_grad_d_n(run, begin, end, t0, t1, window0); });
      launch(run, 1, (t1 - t0) * B * 128, [&](int64_t begin,
          int64_t end) { backward_grad_b_z(run, begin, end, t0, t1, window0); });
      launch(run, 2, (t0 - t1) * B * 1024, [&](int64_t begin,
          int64_t end) { backward_grad_W_r(run, begin, end, t0, t1, window0); });
      launch(run, 2, (t0 - t1) * B * 1024, [&](int64_t begin,
          int64_t end) { backward_grad_W_n(run, begin, end, t0, t1, window0); });
      launch(run, 2, (t0 - t1) * B * 1024, [&](int64_t begin,
          int64_t end) { backward_grad_W_z(run, begin, end, t0, t1, window0); });
      launch(run, 4, (t0 - t1) * B * 1024, [&](int64_t begin,
          int64_t end) { backward_grad_U_r(run, begin, end, t0, t1, window0); });
      launch(run, 4, (t0 - t1) * B * 1024, [&](int64_t begin,
          int64_t end) { backward_grad_U_n(run, begin, end, t0, t1, window0); });
      launch(run, 4, (t0 - t1) * B * 1024, [&](int64_t begin,
          int64_t end) { backward_grad_U_z(run, begin, end, t0, t1, window0); });
    }
    launch(run, B, B * 64, [&](int64_t begin,
        int64_t end) { backward_first_z(run, begin, end, window0, window1, window0); });
    launch(run, B, B * 64, [&](int64_t begin,
        int64_t end) { backward_first_d_h(run, begin, end, window0, window1, window0); });
    launch(run, B, B * 64, [&](int64_t begin,
        int64_t end) { backward_first_d_n_1(run, begin, end, window0, window1, window0); });
    launch(run, B, B * 64, [&](int64_t begin,
        int64_t end) { backward_first_d_z_pre(run, begin, end, window0, window1, window0); });
    launch(run, B, B * 64, [&](int64_t begin,
        int64_t end) { backward_first_d_r_pre(run, begin, end, window0, window1, window0); });
  }
  const int64_t shares = (B + 7) / 8;
  launch(run, shares, B * 3072, [&](int64_t begin, int64_t end) { backward_grad_h_init(run, begin, end); });
  launch(run, 4, 32, [&](int64_t begin, int64_t end) { backward_grad_b_r_result(run, begin, end); });
  launch(run, 4, 32, [&](int64_t begin, int64_t end) { backward_grad_b_z_result(run, begin, end); });
  return RNNC_OK;
}

int step(const rnnc_model*, const rnnc_call* call) {
  Run run{};
  if (!start(call, true, run)) return RNNC_BAD_CALL;
  const void* packed = call->packed;
  if (packed == nullptr) return RNNC_BAD_CALL;
  void* workspace = call->workspace;
  if (workspace == nullptr && (run.T + 4) * run.B * 256 + 98880 != 0) return RNNC_BAD_CALL;
  run.h_start = at<float>(workspace, (run.T + 2) * run.B * 128 + 192);
  run.r_input = at<float>(workspace, ((run.T + 3) * run.B + 2) * 128);
  run.z_input = at<float>(workspace, (run.T + 4) * run.B * 128 + 33088);
  run.n_input = at<float>(workspace, ((run.B + 103) * 5 + run.T * run.B) * 128);
  run.h = at<float>(workspace, (run.T + 6) * run.B * 128 + 98752);
  run.h_final = at<float>(workspace, (run.T * 256 + 896) * run.B + 98816);
  run.given_h_init = slot(call->state_in, 0) != nullptr;
  if (!take_or(run.h_init, slot(call->state_in, 0), run.B * 32, workspace,
      run.T * run.B * 128 + 64)) return RNNC_BAD_CALL;
  run.panel_W_r_W_z_W_n = at<float>(packed, 0);
  run.b_r = at<float>(packed, 6144);
  run.d_r = at<float>(packed, 6336);
  run.b_z = at<float>(packed, 6528);
  run.d_z = at<float>(packed, 6720);
  run.b_n = at<float>(packed, 6912);
  if (!take(run.x, slot(call->inputs, 0), run.T * run.B * 16)) return RNNC_BAD_CALL;
  run.panel_U_r_U_z_U_n = at<float>(packed, 7104);
  run.d_n = at<float>(packed, 19392);
  if (!take_or(run.h_2, slot(call->outputs, 0), run.T * run.B * 32, workspace, 0)) return RNNC_BAD_CALL;
  if (!take_or(run.h_final_2, slot(call->state_out, 0), run.B * 32, workspace,
      ((run.T + 1) * run.B + 1) * 128)) return RNNC_BAD_CALL;

  const int64_t T = run.T, B = run.B;

  if (run.given_h_init) {
    launch(run, B, B * 64, [&](int64_t begin, int64_t end) { infer_h_start_given(run, begin, end); });
  } else {
    launch(run, B, B * 64, [&](int64_t begin, int64_t end) { infer_h_start_default(run, begin, end); });
  }
  launch(run, B, B * 64, [&](int64_t begin, int64_t end) { infer_h_boundary(run, begin, end); });
  const int64_t block = (B + 255) / B;
  const int64_t blocks = (T + block - 1) / block;
  for (int64_t q = 0; q < blocks; ++q) {
    const int64_t t0 = block * q;
    const int64_t t1 = std::min<int64_t>(block + t0, T);
    const int64_t shares = ((t1 - t0) * B + 7) / 8;
    launch(run, shares, (t1 - t0) * B * 1536,
        [&](int64_t begin, int64_t end) { infer_r_input_z_input_n_input(run, begin, end, t0, t1); });
    for (int64_t t = t0; t < t1; ++t) {
      const int64_t shares_2 = (B + 7) / 8;
      launch(run, shares_2, B * 3072, [&](int64_t begin, int64_t end) { infer_h(run, begin, end, t0, t); });
    }
  }
  launch(run, B, B * 64, [&](int64_t begin, int64_t end) { infer_h_final(run, begin, end); });
  return RNNC_OK;
}

// name, rank, extents, per row?, axis, index extent, target?, offset, history, reversed?, initializer and its numbers

const rnnc_tensor parameters[] = {
  {"W_r", 2, {32, 16, 0}, 0, -1, 0, 0, 0, 0, 0, 0, 2, 0.0, 0.0},
  {"W_z", 2, {32, 16, 0}, 0, -1, 0, 0, 0, 512, 0, 0, 2, 0.0, 0.0},
  {"W_n", 2, {32, 16, 0}, 0, -1, 0, 0, 0, 1024, 0, 0, 2, 0.0, 0.0},
  {"U_r", 2, {32, 32, 0}, 0, -1, 0, 0, 0, 1536, 0, 0, 2, 0.0, 0.0},
  {"U_z", 2, {32, 32, 0}, 0, -1, 0, 0, 0, 2560, 0, 0, 2, 0.0, 0.0},
  {"U_n", 2, {32, 32, 0}, 0, -1, 0, 0, 0, 3584, 0, 0, 2, 0.0, 0.0},
  {"b_r", 1, {32, 0, 0}, 0, -1, 0, 0, 0, 4608, 0, 0, 0, 0.0, 0.0},
  {"b_z", 1, {32, 0, 0}, 0, -1, 0, 0, 0, 4640, 0, 0, 0, 0.0, 0.0},
  {"b_n", 1, {32, 0, 0}, 0, -1, 0, 0, 0, 4672, 0, 0, 0, 0.0, 0.0},
  {"d_r", 1, {32, 0, 0}, 0, -1, 0, 0, 0, 4704, 0, 0, 0, 0.0, 0.0},
  {"d_z", 1, {32, 0, 0}, 0, -1, 0, 0, 0, 4736, 0, 0, 0, 0.0, 0.0},
  {"d_n", 1, {32, 0, 0}, 0, -1, 0, 0, 0, 4768, 0, 0, 0, 0.0, 0.0},
};

const rnnc_tensor inputs[] = {
  {"x", 1, {16, 0, 0}, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0.0, 0.0},
};

const rnnc_tensor outputs[] = {
  {"h", 1, {32, 0, 0}, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0.0, 0.0},
};

const rnnc_tensor states[] = {
  {"h", 1, {32, 0, 0}, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0.0, 0.0},
};

const char* const axes[] = {""};

const rnnc_model descriptor = {
  RNNC_ABI_VERSION, sizeof(rnnc_model), "GRU", "avx2", RNNC_F32,
  1, 0, 12, 1, 1, 1, 4800,  // axes, loss?, parameters … states, numbers in the parameters
  parameters, inputs, outputs, states, axes, nullptr,
  sizes, pack, forward, forward_train, backward, step,
};

}  // namespace

extern "C" const rnnc_model* rnnc_model_GRU(void) { return &descriptor; }

#if defined(__clang__) && defined(__k8__)
#pragma clang attribute pop
#endif
