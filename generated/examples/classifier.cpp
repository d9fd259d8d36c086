// Made by rnnc from classifier.rnn: the model `Classifier` in double for AVX2 with FMA, 4 numbers a vector.
// Compile as C++17 with xsimd 8 and -mavx2 -mfma.
#include "classifier.h"
#if RNNC_CELL_Classifier != 3217974450
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

// GCC says of no macro that it reads 0.1 as 0.1f.
static_assert(0.1 != static_cast<double>(0.1f), "-fsingle-precision-constant would change its results");

namespace {

using vec = xsimd::batch<double, xsimd::fma3<xsimd::avx2>>;
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
RNNC_INLINE vec bits(uint64_t pattern) {
  double number;
  std::memcpy(&number, &pattern, sizeof number);
  return vec(number);
}

// The lanes' representations as whole numbers.
using whole = xsimd::batch<uint64_t, vec::arch_type>;

RNNC_INLINE vec int_add(vec a, vec b) {
  return xsimd::bitwise_cast<vec>(xsimd::bitwise_cast<whole>(a) + xsimd::bitwise_cast<whole>(b));
}

RNNC_INLINE vec int_sub(vec a, vec b) {
  return xsimd::bitwise_cast<vec>(xsimd::bitwise_cast<whole>(a) - xsimd::bitwise_cast<whole>(b));
}

template <int count>
RNNC_INLINE vec shift_left(vec a) {
  return xsimd::bitwise_cast<vec>(xsimd::bitwise_cast<whole>(a) << count);
}

template <int count>
RNNC_INLINE vec shift_right(vec a) {
  return xsimd::bitwise_cast<vec>(xsimd::bitwise_cast<whole>(a) >> count);
}

// Lane i holds i.
RNNC_INLINE vec iota() { return vec{0.0, 1.0, 2.0, 3.0}; }

// True in the lanes below `count`.
template <int count>
RNNC_INLINE mask first_mask() {
  return mask(_mm256_castsi256_pd(_mm256_setr_epi64x(-(count > 0), -(count > 1), -(count > 2), -(count > 3))));
}

// The lanes below `count` from a, the others from b.
template <int count>
RNNC_INLINE vec first_lanes(vec a, vec b) {
  return xsimd::select(first_mask<count>(), a, b);
}

// The first `count` lanes from memory, zero in the others; nothing beyond them is read.
template <int count>
RNNC_INLINE vec load_first(const double* from) {
  return _mm256_maskload_pd(from, _mm256_castpd_si256(first_mask<count>().data));
}

// The first `count` lanes to memory; nothing beyond them is written.
template <int count>
RNNC_INLINE void store_first(double* to, vec x) {
  if (count == 4) return x.store_unaligned(to);
  __m128d part = _mm256_castpd256_pd128(x);
  if (count >= 2) {
    _mm_storeu_pd(to, part);
    part = _mm256_extractf128_pd(x, 1);
  }
  if (count % 2 == 1) _mm_store_sd(to + count - 1, part);
}

// The sum of all lanes, in every lane: halves first, then quarters, and so on.
RNNC_INLINE vec lane_sum(vec x) {
  __m128d y = _mm_add_pd(_mm256_castpd256_pd128(x), _mm256_extractf128_pd(x, 1));
  return vec(_mm_cvtsd_f64(_mm_add_sd(y, _mm_unpackhi_pd(y, y))));
}

// The largest lane, in every lane; NaN if one is.
RNNC_INLINE vec lane_max(vec x) {
  if (!xsimd::all(x == x)) return vec(std::numeric_limits<double>::quiet_NaN());
  __m128d y = _mm_max_pd(_mm256_castpd256_pd128(x), _mm256_extractf128_pd(x, 1));
  return vec(_mm_cvtsd_f64(_mm_max_sd(y, _mm_unpackhi_pd(y, y))));
}

// What one call works on: its numbers, and where its arrays are.
struct Run {
  int64_t T;  // the number of steps
  int64_t B;  // the number of rows
  int64_t first_step;  // the absolute number of step 0
  int64_t training;  // 1 in a training run, else 0
  int64_t windows;  // into how many windows of steps training is divided
  int64_t window;  // the steps of one of them
  double* g_h_start;  // g.h_start as [B][32]
  double* g_r_input;  // g.r_input as [block of steps][B][32]
  double* g_z_input;  // g.z_input as [block of steps][B][32]
  double* g_n_input;  // g.n_input as [block of steps][B][32]
  double* g_h;  // g.h as [T+1][B][32]
  double* g_h_final;  // g.h.final as [B][32]
  double* y;  // y as [B][4]
  double* reduce_max;  // reduce_max as [B][1]
  double* reduce_sum;  // reduce_sum as [B][1]
  double* sub;  // sub as [B][1]
  double* sum_over;  // sum_over as [1]
  double* loss;  // loss as [1]
  double* loss_2;  // loss [1]
  int32_t* label;  // label [B]
  const double* g_h_init;  // g.h.init [1][B][32], oldest first
  double* panel_g_W_r_g_W_z_g_W_n;  // g.W_r, g.W_z, g.W_n as [8][8][3][4]
  const double* param_g_W_r;  // g.W_r [32, 8]
  const double* param_g_W_z;  // g.W_z [32, 8]
  const double* param_g_W_n;  // g.W_n [32, 8]
  double* g_b_r;  // g.b_r [32]
  const double* param_g_b_r;  // g.b_r [32]
  double* g_d_r;  // g.d_r [32]
  const double* param_g_d_r;  // g.d_r [32]
  double* g_b_z;  // g.b_z [32]
  const double* param_g_b_z;  // g.b_z [32]
  double* g_d_z;  // g.d_z [32]
  const double* param_g_d_z;  // g.d_z [32]
  double* g_b_n;  // g.b_n [32]
  const double* param_g_b_n;  // g.b_n [32]
  const double* x;  // x [T][B][8]
  double* panel_g_U_r_g_U_z_g_U_n;  // g.U_r, g.U_z, g.U_n as [8][32][3][4]
  const double* param_g_U_r;  // g.U_r [32, 32]
  const double* param_g_U_z;  // g.U_z [32, 32]
  const double* param_g_U_n;  // g.U_n [32, 32]
  double* g_d_n;  // g.d_n [32]
  const double* param_g_d_n;  // g.d_n [32]
  double* g_h_final_2;  // g.h.final [B][32]
  double* panel_R;  // R as [1][32][1][4]
  const double* param_R;  // R [3, 32]
  double* b;  // b [3]
  const double* param_b;  // b [3]
  double* y_2;  // y [B][3]
  double* tape_g_h_start;  // g.h_start as [B][32]
  double* g_r_input_2;  // g.r_input as [block of steps][B][32]
  double* tape_g_r;  // g.r as [window][B][32]
  double* g_z_input_2;  // g.z_input as [block of steps][B][32]
  double* tape_g_z;  // g.z as [window+1][B][32]
  double* tape_add;  // add as [window][B][32]
  double* g_n_input_2;  // g.n_input as [block of steps][B][32]
  double* tape_g_n;  // g.n as [window][B][32]
  double* tape_g_h;  // g.h as [window+1][B][32]
  double* tape_g_h_final;  // g.h.final as [B][32]
  double* y_3;  // y as [B][4]
  double* reduce_max_2;  // reduce_max as [B][1]
  double* tape_exp_sub;  // exp_sub as [B][4]
  double* tape_reduce_sum;  // reduce_sum as [B][1]
  double* sub_2;  // sub as [B][1]
  double* sum_over_2;  // sum_over as [1]
  double* loss_3;  // loss as [1]
  double* checkpoints_g_h;  // where each window of g.h goes on from, as [windows][1][B][32]
  double* x_2;  // x as [block of steps][B][8]
  double* first_g_z;  // first_g.z as [B][32]
  double* first_d_g_h;  // first_d.g.h as [B][32]
  double* first_d_g_n_1;  // first_d.g.n.1 as [B][32]
  double* first_d_g_z_pre;  // first_d.g.z.pre as [B][32]
  double* first_d_g_r_pre;  // first_d.g.r.pre as [B][32]
  double* div;  // div as [B][1]
  double* d_y;  // d.y as [B][4]
  double* add;  // add as [B][32]
  double* d_g_h;  // d.g.h as [window+1][B][32]
  double* d_g_n_pre;  // d.g.n.pre as [block of steps][B][32]
  double* d_g_r_pre;  // d.g.r.pre as [window+1][B][32]
  double* d_g_z_pre;  // d.g.z.pre as [window+1][B][32]
  double* grad_x;  // grad.x as [block of steps][B][8]
  double* parameter_gradients;  // gradients of all parameters, laid out like these
  double* d_g_n_1;  // d.g.n.1 as [window+1][B][32]
  double* grad_g_h_init;  // grad.g.h.init as [B][32]
  double* d_y_2;  // gradient of y [B][3]
  double* d_g_h_final;  // gradient of g.h.final [B][32]
  double* panel_R_transposed;  // R_transposed as [2][3][4][1][4]
  double* panels;  // rows of one block of steps, in panels
  double* panel_g_U_r_transposed;  // g.U_r_transposed as [2][32][4][1][4]
  double* panel_g_U_z_transposed;  // g.U_z_transposed as [2][32][4][1][4]
  double* panel_g_U_n_transposed;  // g.U_n_transposed as [2][32][4][1][4]
  double* panel_g_W_r_transposed;  // g.W_r_transposed as [2][32][1][4]
  double* panel_g_W_z_transposed;  // g.W_z_transposed as [2][32][1][4]
  double* panel_g_W_n_transposed;  // g.W_n_transposed as [2][32][1][4]
  double* grad_x_2;  // grad.x [T][B][8]
  double* grad_g_h_init_2;  // grad.g.h.init [B][32]
  bool given_loss_2;
  bool given_label;
  bool given_g_h_init;
  bool given_d_y_2;
  bool given_d_g_h_final;
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

void infer_g_h_start_given(const Run& run, int64_t begin, int64_t end) {
  double* __restrict g_h_start_at = run.g_h_start;
  const double* __restrict g_h_init = run.g_h_init;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 8; ++j) {
      const vec g_h_start = vec::load_unaligned(g_h_init + b * 32 + j * 4);
      g_h_start.store_unaligned(g_h_start_at + b * 32 + j * 4);
    }
  }
}

void infer_g_h_start_default(const Run& run, int64_t begin, int64_t end) {
  double* __restrict g_h_start = run.g_h_start;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 8; ++j) {
      vec(0.0).store_unaligned(g_h_start + b * 32 + j * 4);
    }
  }
}

// the steps around g.h
void infer_g_h_boundary(const Run& run, int64_t begin, int64_t end) {
  const double* __restrict g_h_start_at = run.g_h_start;
  double* __restrict g_h = run.g_h;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 8; ++j) {
      const vec g_h_start = vec::load_unaligned(g_h_start_at + b * 32 + j * 4);
      g_h_start.store_unaligned(g_h + b * 32 + j * 4);
    }
  }
}

void pack_panel_g_W_r_g_W_z_g_W_n(const Run& run, int64_t begin, int64_t end) {
  double* __restrict panel_g_W_r_g_W_z_g_W_n = run.panel_g_W_r_g_W_z_g_W_n;
  const double* __restrict param_g_W_r = run.param_g_W_r;
  const double* __restrict param_g_W_z = run.param_g_W_z;
  const double* __restrict param_g_W_n = run.param_g_W_n;

  for (int64_t block = begin; block < end; ++block) {
    for (int64_t k = 0; k < 8; ++k) {
      for (int64_t lane = 0; lane < 4; ++lane) {
        const vec v1 = vec(param_g_W_r[(block * 4 + lane) * 8 + k]);
        store_first<1>(panel_g_W_r_g_W_z_g_W_n + (block * 8 + k) * 12 + lane, v1);
      }
      for (int64_t lane = 0; lane < 4; ++lane) {
        const vec v1 = vec(param_g_W_z[(block * 4 + lane) * 8 + k]);
        store_first<1>(panel_g_W_r_g_W_z_g_W_n + (block * 8 + k) * 12 + lane + 4, v1);
      }
      for (int64_t lane = 0; lane < 4; ++lane) {
        const vec v1 = vec(param_g_W_n[(block * 4 + lane) * 8 + k]);
        store_first<1>(panel_g_W_r_g_W_z_g_W_n + (block * 8 + k) * 12 + lane + 8, v1);
      }
    }
  }
}

void pack_g_b_r(const Run& run, int64_t begin, int64_t end) {
  double* __restrict g_b_r = run.g_b_r;
  const double* __restrict param_g_b_r = run.param_g_b_r;

  for (int64_t i = begin; i < end; ++i) {
    const vec v1 = vec(param_g_b_r[i]);
    store_first<1>(g_b_r + i, v1);
  }
}

void pack_g_d_r(const Run& run, int64_t begin, int64_t end) {
  double* __restrict g_d_r = run.g_d_r;
  const double* __restrict param_g_d_r = run.param_g_d_r;

  for (int64_t i = begin; i < end; ++i) {
    const vec v1 = vec(param_g_d_r[i]);
    store_first<1>(g_d_r + i, v1);
  }
}

void pack_g_b_z(const Run& run, int64_t begin, int64_t end) {
  double* __restrict g_b_z = run.g_b_z;
  const double* __restrict param_g_b_z = run.param_g_b_z;

  for (int64_t i = begin; i < end; ++i) {
    const vec v1 = vec(param_g_b_z[i]);
    store_first<1>(g_b_z + i, v1);
  }
}

void pack_g_d_z(const Run& run, int64_t begin, int64_t end) {
  double* __restrict g_d_z = run.g_d_z;
  const double* __restrict param_g_d_z = run.param_g_d_z;

  for (int64_t i = begin; i < end; ++i) {
    const vec v1 = vec(param_g_d_z[i]);
    store_first<1>(g_d_z + i, v1);
  }
}

void pack_g_b_n(const Run& run, int64_t begin, int64_t end) {
  double* __restrict g_b_n = run.g_b_n;
  const double* __restrict param_g_b_n = run.param_g_b_n;

  for (int64_t i = begin; i < end; ++i) {
    const vec v1 = vec(param_g_b_n[i]);
    store_first<1>(g_b_n + i, v1);
  }
}

// g.r_input = g.W_r @ x + g.b_r + g.d_r
// g.z_input = g.W_z @ x + g.b_z + g.d_z
// g.n_input = g.W_n @ x + g.b_n
void infer_g_r_input_g_z_input_g_n_input_epilogue(const Run& run, vec sum, vec sum_2, vec sum_3, int64_t t0, int64_t,
    int64_t r, int64_t j) {
  const int64_t B = run.B;
  double* g_r_input = run.g_r_input;
  double* g_z_input = run.g_z_input;
  double* g_n_input = run.g_n_input;
  const double* g_b_r_at = run.g_b_r;
  const double* g_d_r_at = run.g_d_r;
  const double* g_b_z_at = run.g_b_z;
  const double* g_d_z_at = run.g_d_z;
  const double* g_b_n_at = run.g_b_n;

  const vec g_b_r = vec::load_unaligned(g_b_r_at + j);
  const vec v1 = sum + g_b_r;
  const vec g_d_r = vec::load_unaligned(g_d_r_at + j);
  const vec v2 = v1 + g_d_r;
  v2.store_unaligned(g_r_input + (r - t0 * B) * 32 + j);
  const vec g_b_z = vec::load_unaligned(g_b_z_at + j);
  const vec v3 = sum_2 + g_b_z;
  const vec g_d_z = vec::load_unaligned(g_d_z_at + j);
  const vec v4 = v3 + g_d_z;
  v4.store_unaligned(g_z_input + (r - t0 * B) * 32 + j);
  const vec g_b_n = vec::load_unaligned(g_b_n_at + j);
  const vec v5 = sum_3 + g_b_n;
  v5.store_unaligned(g_n_input + (r - t0 * B) * 32 + j);
}

// g.r_input = g.W_r @ x + g.b_r + g.d_r
// g.z_input = g.W_z @ x + g.b_z + g.d_z
// g.n_input = g.W_n @ x + g.b_n
void infer_g_r_input_g_z_input_g_n_input(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1) {
  const int64_t B = run.B;
  const double* __restrict panel_g_W_r_g_W_z_g_W_n = run.panel_g_W_r_g_W_z_g_W_n;
  const double* __restrict x = run.x;

  const int64_t tiles = ((t1 - t0) * B) / 4;
  const int64_t pairs = ((t1 - t0) * B - tiles * 4) / 2;
  for (int64_t tile = begin; tile < end; ++tile) {
    for (int64_t r = t0 * B; r < tiles * 4 + t0 * B; r += 4) {
      vec v1 = vec(0.0);
      vec v2 = vec(0.0);
      vec v3 = vec(0.0);
      vec v4 = vec(0.0);
      vec v5 = vec(0.0);
      vec v6 = vec(0.0);
      vec v7 = vec(0.0);
      vec v8 = vec(0.0);
      vec v9 = vec(0.0);
      vec v10 = vec(0.0);
      vec v11 = vec(0.0);
      vec v12 = vec(0.0);
      #pragma GCC unroll 4
      for (int64_t k = 0; k < 8; ++k) {
        vec w0 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + (tile * 8 + k) * 12); RNNC_KEEP(w0);
        vec w1 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + (tile * 8 + k) * 12 + 4); RNNC_KEEP(w1);
        vec w2 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + (tile * 8 + k) * 12 + 8); RNNC_KEEP(w2);
        const vec x0 = vec(x[r * 8 + k]);
        v1 = xsimd::fma(w0, x0, v1);
        v2 = xsimd::fma(w1, x0, v2);
        v3 = xsimd::fma(w2, x0, v3);
        const vec x1 = vec(x[(r + 1) * 8 + k]);
        v4 = xsimd::fma(w0, x1, v4);
        v5 = xsimd::fma(w1, x1, v5);
        v6 = xsimd::fma(w2, x1, v6);
        const vec x2 = vec(x[(r + 2) * 8 + k]);
        v7 = xsimd::fma(w0, x2, v7);
        v8 = xsimd::fma(w1, x2, v8);
        v9 = xsimd::fma(w2, x2, v9);
        const vec x3 = vec(x[(r + 3) * 8 + k]);
        v10 = xsimd::fma(w0, x3, v10);
        v11 = xsimd::fma(w1, x3, v11);
        v12 = xsimd::fma(w2, x3, v12);
      }
      infer_g_r_input_g_z_input_g_n_input_epilogue(run, v1, v2, v3, t0, t1, r, tile * 4);
      infer_g_r_input_g_z_input_g_n_input_epilogue(run, v4, v5, v6, t0, t1, r + 1, tile * 4);
      infer_g_r_input_g_z_input_g_n_input_epilogue(run, v7, v8, v9, t0, t1, r + 2, tile * 4);
      infer_g_r_input_g_z_input_g_n_input_epilogue(run, v10, v11, v12, t0, t1, r + 3, tile * 4);
    }
    for (int64_t r = tiles * 4 + t0 * B; r < tiles * 4 + pairs * 2 + t0 * B; r += 2) {
      vec v1 = vec(0.0);
      vec v2 = vec(0.0);
      vec v3 = vec(0.0);
      vec v4 = vec(0.0);
      vec v5 = vec(0.0);
      vec v6 = vec(0.0);
      for (int64_t k = 0; k < 8; ++k) {
        const vec x0 = vec(x[r * 8 + k]);
        const vec x1 = vec(x[(r + 1) * 8 + k]);
        vec w0 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + (tile * 8 + k) * 12); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v4 = xsimd::fma(w0, x1, v4);
        vec w1 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + (tile * 8 + k) * 12 + 4); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v5 = xsimd::fma(w1, x1, v5);
        vec w2 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + (tile * 8 + k) * 12 + 8); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v6 = xsimd::fma(w2, x1, v6);
      }
      infer_g_r_input_g_z_input_g_n_input_epilogue(run, v1, v2, v3, t0, t1, r, tile * 4);
      infer_g_r_input_g_z_input_g_n_input_epilogue(run, v4, v5, v6, t0, t1, r + 1, tile * 4);
    }
  }
  const int64_t share = std::max<int64_t>(0, end - begin);
  const int64_t wide = share / 4;
  for (int64_t tile = 0; tile < wide; ++tile) {
    for (int64_t r = tiles * 4 + pairs * 2 + t0 * B; r < t1 * B; ++r) {
      vec v1 = vec(0.0);
      vec v2 = vec(0.0);
      vec v3 = vec(0.0);
      vec v4 = vec(0.0);
      vec v5 = vec(0.0);
      vec v6 = vec(0.0);
      vec v7 = vec(0.0);
      vec v8 = vec(0.0);
      vec v9 = vec(0.0);
      vec v10 = vec(0.0);
      vec v11 = vec(0.0);
      vec v12 = vec(0.0);
      for (int64_t k = 0; k < 8; ++k) {
        const vec x0 = vec(x[r * 8 + k]);
        const vec w0 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + ((tile * 4 + begin) * 8 + k) * 12);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + ((tile * 4 + begin) * 8 + k) * 12 + 4);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + ((tile * 4 + begin) * 8 + k) * 12 + 8);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + ((tile * 4 + begin + 1) * 8 + k) * 12);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + ((tile * 4 + begin) * 8 + k) * 12 + 100);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + ((tile * 4 + begin) * 8 + k) * 12 + 104);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + ((tile * 4 + begin + 2) * 8 + k) * 12);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + ((tile * 4 + begin) * 8 + k) * 12 + 196);
        v8 = xsimd::fma(w7, x0, v8);
        const vec w8 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + ((tile * 4 + begin) * 8 + k) * 12 + 200);
        v9 = xsimd::fma(w8, x0, v9);
        const vec w9 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + ((tile * 4 + begin + 3) * 8 + k) * 12);
        v10 = xsimd::fma(w9, x0, v10);
        const vec w10 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + ((tile * 4 + begin) * 8 + k) * 12 + 292);
        v11 = xsimd::fma(w10, x0, v11);
        const vec w11 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + ((tile * 4 + begin) * 8 + k) * 12 + 296);
        v12 = xsimd::fma(w11, x0, v12);
      }
      infer_g_r_input_g_z_input_g_n_input_epilogue(run, v1, v2, v3, t0, t1, r, tile * 16 + begin * 4);
      infer_g_r_input_g_z_input_g_n_input_epilogue(run, v4, v5, v6, t0, t1, r, tile * 16 + (begin + 1) * 4);
      infer_g_r_input_g_z_input_g_n_input_epilogue(run, v7, v8, v9, t0, t1, r, tile * 16 + (begin + 2) * 4);
      infer_g_r_input_g_z_input_g_n_input_epilogue(run, v10, v11, v12, t0, t1, r, tile * 16 + (begin + 3) * 4);
    }
  }
  for (int64_t tile = wide * 4 + begin; tile < end; ++tile) {
    for (int64_t r = tiles * 4 + pairs * 2 + t0 * B; r < t1 * B; ++r) {
      vec v1 = vec(0.0);
      vec v2 = vec(0.0);
      vec v3 = vec(0.0);
      for (int64_t k = 0; k < 8; ++k) {
        const vec x0 = vec(x[r * 8 + k]);
        const vec w0 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + (tile * 8 + k) * 12);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + (tile * 8 + k) * 12 + 4);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + (tile * 8 + k) * 12 + 8);
        v3 = xsimd::fma(w2, x0, v3);
      }
      infer_g_r_input_g_z_input_g_n_input_epilogue(run, v1, v2, v3, t0, t1, r, tile * 4);
    }
  }
}

void pack_panel_g_U_r_g_U_z_g_U_n(const Run& run, int64_t begin, int64_t end) {
  double* __restrict panel_g_U_r_g_U_z_g_U_n = run.panel_g_U_r_g_U_z_g_U_n;
  const double* __restrict param_g_U_r = run.param_g_U_r;
  const double* __restrict param_g_U_z = run.param_g_U_z;
  const double* __restrict param_g_U_n = run.param_g_U_n;

  for (int64_t block = begin; block < end; ++block) {
    for (int64_t k = 0; k < 32; ++k) {
      for (int64_t lane = 0; lane < 4; ++lane) {
        const vec v1 = vec(param_g_U_r[(block * 4 + lane) * 32 + k]);
        store_first<1>(panel_g_U_r_g_U_z_g_U_n + (block * 32 + k) * 12 + lane, v1);
      }
      for (int64_t lane = 0; lane < 4; ++lane) {
        const vec v1 = vec(param_g_U_z[(block * 4 + lane) * 32 + k]);
        store_first<1>(panel_g_U_r_g_U_z_g_U_n + (block * 32 + k) * 12 + lane + 4, v1);
      }
      for (int64_t lane = 0; lane < 4; ++lane) {
        const vec v1 = vec(param_g_U_n[(block * 4 + lane) * 32 + k]);
        store_first<1>(panel_g_U_r_g_U_z_g_U_n + (block * 32 + k) * 12 + lane + 8, v1);
      }
    }
  }
}

// 1 / (1 + exp(-x))
RNNC_INLINE vec rnnc_sigmoid(vec x) {
  const vec v1 = xsimd::min(vec(708.0), x);
  const vec v2 = xsimd::max(vec(-710.0), v1);
  const vec v3 = xsimd::fma(v2, vec(-1.4426950408889634), vec(6755399441056767.0));
  const vec v4 = v3 - vec(6755399441056767.0);
  vec v5 = xsimd::fnma(v4, vec(-0.6931471803691238), v2);
  v5 = xsimd::fnma(v4, vec(-1.9082149292705877e-10), v5);
  const vec v6 = shift_left<52>(v3);
  vec v7 = xsimd::fma(vec(-2.5000058855318826e-08), v5, vec(2.7630248481096747e-07));
  v7 = xsimd::fma(v7, v5, vec(-2.7557586382339298e-06));
  v7 = xsimd::fma(v7, v5, vec(2.48014930985778e-05));
  v7 = xsimd::fma(v7, v5, vec(-0.00019841269506569307));
  v7 = xsimd::fma(v7, v5, vec(0.0013888888943630487));
  v7 = xsimd::fma(v7, v5, vec(-0.008333333333494466));
  v7 = xsimd::fma(v7, v5, vec(0.041666666666530155));
  v7 = xsimd::fma(v7, v5, vec(-0.16666666666666413));
  v7 = xsimd::fma(v7, v5, vec(0.5000000000000011));
  v7 = xsimd::fma(v7, v5, vec(-1.0));
  v7 = xsimd::fma(v7, v5, vec(1.0));
  v7 = xsimd::fma(v7, v6, vec(1.0));
  const vec v8 = vec(1.0) / v7;
  return v8;
}

void pack_g_d_n(const Run& run, int64_t begin, int64_t end) {
  double* __restrict g_d_n = run.g_d_n;
  const double* __restrict param_g_d_n = run.param_g_d_n;

  for (int64_t i = begin; i < end; ++i) {
    const vec v1 = vec(param_g_d_n[i]);
    store_first<1>(g_d_n + i, v1);
  }
}

// hyperbolic tangent
RNNC_INLINE vec rnnc_tanh(vec x) {
  const vec v1 = xsimd::abs(x);
  const vec v2 = xsimd::min(vec(20.0), v1);
  const vec v3 = xsimd::fma(v2, vec(2.8853900817779268), vec(6755399441056767.0));
  const vec v4 = v3 - vec(6755399441056767.0);
  vec v5 = xsimd::fnma(v4, vec(0.3465735901845619), v2);
  v5 = xsimd::fnma(v4, vec(9.541074646352939e-11), v5);
  const vec v6 = shift_left<52>(v3);
  vec v7 = xsimd::fma(v6, vec(0.5), vec(-0.5));
  const vec v8 = v5 * v5;
  vec v9 = xsimd::fma(vec(0.00014144531382367337), v8, vec(0.003174592675056761));
  v9 = xsimd::fma(v9, v8, vec(0.04444444458100736));
  v9 = xsimd::fma(v9, v8, vec(0.33333333333261406));
  v9 = xsimd::fma(v9, v8, vec(1.000000000000001));
  vec v10 = xsimd::fma(vec(2.5655064035999133e-05), v8, vec(0.000705469633178671));
  v10 = xsimd::fma(v10, v8, vec(0.012698412620163116));
  v10 = xsimd::fma(v10, v8, vec(0.13333333333423283));
  v10 = xsimd::fma(v10, v8, vec(0.6666666666666635));
  v9 = xsimd::fma(v10, v5, v9);
  v5 = xsimd::fma(v8, v9, v5);
  v7 = xsimd::fma(v5, v6, v7);
  const vec v11 = v7 + vec(1.0);
  const vec v12 = v7 / v11;
  const vec v13 = x & bits(0x8000000000000000u);
  const vec v14 = v12 ^ v13;
  return v14;
}

// g.h = (1 - g.z) * g.n + g.z * g.h[t-1]    (gru.rnn:10)
void infer_g_h_epilogue(const Run& run, vec g_r_sum, vec g_z_sum, vec d_g_r_sum, int64_t t0, int64_t t, int64_t b,
    int64_t j) {
  const int64_t B = run.B;
  const double* g_r_input_at = run.g_r_input;
  const double* g_z_input_at = run.g_z_input;
  const double* g_n_input_at = run.g_n_input;
  double* g_h_at = run.g_h;
  const double* g_d_n_at = run.g_d_n;

  const vec g_z_input = vec::load_unaligned(g_z_input_at + ((t - t0) * B + b) * 32 + j);
  const vec v1 = g_z_input + g_z_sum;
  const vec g_z = rnnc_sigmoid(v1);
  const vec v2 = vec(1.0) - g_z;
  const vec g_n_input = vec::load_unaligned(g_n_input_at + ((t - t0) * B + b) * 32 + j);
  const vec g_r_input = vec::load_unaligned(g_r_input_at + ((t - t0) * B + b) * 32 + j);
  const vec v3 = g_r_input + g_r_sum;
  const vec g_r = rnnc_sigmoid(v3);
  const vec g_d_n = vec::load_unaligned(g_d_n_at + j);
  const vec v4 = d_g_r_sum + g_d_n;
  const vec v5 = g_r * v4;
  const vec v6 = g_n_input + v5;
  const vec g_n = rnnc_tanh(v6);
  const vec v7 = v2 * g_n;
  const vec g_h_before = vec::load_unaligned(g_h_at + (t * B + b) * 32 + j);
  const vec v8 = g_z * g_h_before;
  const vec g_h = v7 + v8;
  g_h.store_unaligned(g_h_at + ((t + 1) * B + b) * 32 + j);
}

void infer_g_h_prefetch(const Run& run, int64_t, int64_t t, int64_t b, int64_t j) {
  const int64_t B = run.B;
  const double* g_h = run.g_h;

  RNNC_PREFETCH(g_h + (t * B + b) * 32 + j);
  RNNC_PREFETCH(g_h + ((t + 1) * B + b) * 32 + j);
}

// g.h = (1 - g.z) * g.n + g.z * g.h[t-1]    (gru.rnn:10)
void infer_g_h(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t) {
  const int64_t B = run.B;
  const double* g_h = run.g_h;
  const double* __restrict panel_g_U_r_g_U_z_g_U_n = run.panel_g_U_r_g_U_z_g_U_n;

  const int64_t tiles = B / 4;
  const int64_t pairs = (B - tiles * 4) / 2;
  for (int64_t tile = begin; tile < end; ++tile) {
    for (int64_t b = 0; b < tiles * 4; b += 4) {
      infer_g_h_prefetch(run, t0, t, b, tile * 4);
      infer_g_h_prefetch(run, t0, t, b + 1, tile * 4);
      infer_g_h_prefetch(run, t0, t, b + 2, tile * 4);
      infer_g_h_prefetch(run, t0, t, b + 3, tile * 4);
      vec v1 = vec(0.0);
      vec v2 = vec(0.0);
      vec v3 = vec(0.0);
      vec v4 = vec(0.0);
      vec v5 = vec(0.0);
      vec v6 = vec(0.0);
      vec v7 = vec(0.0);
      vec v8 = vec(0.0);
      vec v9 = vec(0.0);
      vec v10 = vec(0.0);
      vec v11 = vec(0.0);
      vec v12 = vec(0.0);
      #pragma GCC unroll 4
      for (int64_t k = 0; k < 32; ++k) {
        vec w0 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + (tile * 32 + k) * 12); RNNC_KEEP(w0);
        vec w1 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + (tile * 32 + k) * 12 + 4); RNNC_KEEP(w1);
        vec w2 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + (tile * 32 + k) * 12 + 8); RNNC_KEEP(w2);
        const vec x0 = vec(g_h[(t * B + b) * 32 + k]);
        v1 = xsimd::fma(w0, x0, v1);
        v2 = xsimd::fma(w1, x0, v2);
        v3 = xsimd::fma(w2, x0, v3);
        const vec x1 = vec(g_h[(t * B + b + 1) * 32 + k]);
        v4 = xsimd::fma(w0, x1, v4);
        v5 = xsimd::fma(w1, x1, v5);
        v6 = xsimd::fma(w2, x1, v6);
        const vec x2 = vec(g_h[(t * B + b + 2) * 32 + k]);
        v7 = xsimd::fma(w0, x2, v7);
        v8 = xsimd::fma(w1, x2, v8);
        v9 = xsimd::fma(w2, x2, v9);
        const vec x3 = vec(g_h[(t * B + b + 3) * 32 + k]);
        v10 = xsimd::fma(w0, x3, v10);
        v11 = xsimd::fma(w1, x3, v11);
        v12 = xsimd::fma(w2, x3, v12);
      }
      infer_g_h_epilogue(run, v1, v2, v3, t0, t, b, tile * 4);
      infer_g_h_epilogue(run, v4, v5, v6, t0, t, b + 1, tile * 4);
      infer_g_h_epilogue(run, v7, v8, v9, t0, t, b + 2, tile * 4);
      infer_g_h_epilogue(run, v10, v11, v12, t0, t, b + 3, tile * 4);
    }
    for (int64_t b = tiles * 4; b < tiles * 4 + pairs * 2; b += 2) {
      infer_g_h_prefetch(run, t0, t, b, tile * 4);
      infer_g_h_prefetch(run, t0, t, b + 1, tile * 4);
      vec v1 = vec(0.0);
      vec v2 = vec(0.0);
      vec v3 = vec(0.0);
      vec v4 = vec(0.0);
      vec v5 = vec(0.0);
      vec v6 = vec(0.0);
      for (int64_t k = 0; k < 32; ++k) {
        const vec x0 = vec(g_h[(t * B + b) * 32 + k]);
        const vec x1 = vec(g_h[(t * B + b + 1) * 32 + k]);
        vec w0 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + (tile * 32 + k) * 12); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v4 = xsimd::fma(w0, x1, v4);
        vec w1 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + (tile * 32 + k) * 12 + 4); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v5 = xsimd::fma(w1, x1, v5);
        vec w2 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + (tile * 32 + k) * 12 + 8); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v6 = xsimd::fma(w2, x1, v6);
      }
      infer_g_h_epilogue(run, v1, v2, v3, t0, t, b, tile * 4);
      infer_g_h_epilogue(run, v4, v5, v6, t0, t, b + 1, tile * 4);
    }
  }
  const int64_t share = std::max<int64_t>(0, end - begin);
  const int64_t wide = share / 4;
  for (int64_t tile = 0; tile < wide; ++tile) {
    for (int64_t b = tiles * 4 + pairs * 2; b < B; ++b) {
      vec v1 = vec(0.0);
      vec v2 = vec(0.0);
      vec v3 = vec(0.0);
      vec v4 = vec(0.0);
      vec v5 = vec(0.0);
      vec v6 = vec(0.0);
      vec v7 = vec(0.0);
      vec v8 = vec(0.0);
      vec v9 = vec(0.0);
      vec v10 = vec(0.0);
      vec v11 = vec(0.0);
      vec v12 = vec(0.0);
      for (int64_t k = 0; k < 32; ++k) {
        const vec x0 = vec(g_h[(t * B + b) * 32 + k]);
        const vec w0 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + ((tile * 4 + begin) * 32 + k) * 12);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + ((tile * 4 + begin) * 32 + k) * 12 + 4);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + ((tile * 4 + begin) * 32 + k) * 12 + 8);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + ((tile * 4 + begin + 1) * 32 + k) * 12);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + ((tile * 4 + begin) * 32 + k) * 12 + 388);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + ((tile * 4 + begin) * 32 + k) * 12 + 392);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + ((tile * 4 + begin + 2) * 32 + k) * 12);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + ((tile * 4 + begin) * 32 + k) * 12 + 772);
        v8 = xsimd::fma(w7, x0, v8);
        const vec w8 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + ((tile * 4 + begin) * 32 + k) * 12 + 776);
        v9 = xsimd::fma(w8, x0, v9);
        const vec w9 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + ((tile * 4 + begin + 3) * 32 + k) * 12);
        v10 = xsimd::fma(w9, x0, v10);
        const vec w10 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + ((tile * 4 + begin) * 32 + k) * 12 + 1156);
        v11 = xsimd::fma(w10, x0, v11);
        const vec w11 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + ((tile * 4 + begin) * 32 + k) * 12 + 1160);
        v12 = xsimd::fma(w11, x0, v12);
      }
      infer_g_h_epilogue(run, v1, v2, v3, t0, t, b, tile * 16 + begin * 4);
      infer_g_h_epilogue(run, v4, v5, v6, t0, t, b, tile * 16 + (begin + 1) * 4);
      infer_g_h_epilogue(run, v7, v8, v9, t0, t, b, tile * 16 + (begin + 2) * 4);
      infer_g_h_epilogue(run, v10, v11, v12, t0, t, b, tile * 16 + (begin + 3) * 4);
    }
  }
  for (int64_t tile = wide * 4 + begin; tile < end; ++tile) {
    for (int64_t b = tiles * 4 + pairs * 2; b < B; ++b) {
      vec v1 = vec(0.0);
      vec v2 = vec(0.0);
      vec v3 = vec(0.0);
      for (int64_t k = 0; k < 32; ++k) {
        const vec x0 = vec(g_h[(t * B + b) * 32 + k]);
        const vec w0 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + (tile * 32 + k) * 12);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + (tile * 32 + k) * 12 + 4);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + (tile * 32 + k) * 12 + 8);
        v3 = xsimd::fma(w2, x0, v3);
      }
      infer_g_h_epilogue(run, v1, v2, v3, t0, t, b, tile * 4);
    }
  }
}

// g.h.final = g.h[last]
void infer_g_h_final(const Run& run, int64_t begin, int64_t end) {
  const int64_t B = run.B;
  const double* __restrict g_h_at = run.g_h;
  double* __restrict g_h_final = run.g_h_final;
  double* __restrict g_h_final_2 = run.g_h_final_2;

  for (int64_t b = begin; b < end; ++b) {
    const int64_t length = run.length(0, b);
    for (int64_t j = 0; j < 8; ++j) {
      const vec g_h = vec::load_unaligned(g_h_at + (length * B + b) * 32 + j * 4);
      g_h.store_unaligned(g_h_final + b * 32 + j * 4);
      g_h.store_unaligned(g_h_final_2 + b * 32 + j * 4);
    }
  }
}

void pack_panel_R(const Run& run, int64_t begin, int64_t end) {
  double* __restrict panel_R = run.panel_R;
  const double* __restrict param_R = run.param_R;

  const int64_t rest = std::max<int64_t>(begin, 0);
  for (int64_t block = rest; block < end; ++block) {
    for (int64_t k = 0; k < 32; ++k) {
      for (int64_t lane = 0; lane < 3; ++lane) {
        const vec v1 = vec(param_R[(block * 4 + lane) * 32 + k]);
        store_first<1>(panel_R + (block + k) * 4 + lane, v1);
      }
    }
  }
}

void pack_b(const Run& run, int64_t begin, int64_t end) {
  double* __restrict b = run.b;
  const double* __restrict param_b = run.param_b;

  for (int64_t i = begin; i < end; ++i) {
    const vec v1 = vec(param_b[i]);
    store_first<1>(b + i, v1);
  }
}

// y = y_sum + b    (classifier.rnn:10)
void infer_y_epilogue_tail(const Run& run, vec y_sum, int64_t b, int64_t j) {
  double* y_at = run.y;
  const double* b_at = run.b;
  double* y_2 = run.y_2;

  const vec b_2 = vec::load_unaligned(b_at + j);
  const vec y = y_sum + b_2;
  y.store_unaligned(y_at + b * 4 + j);
  store_first<3>(y_2 + b * 3 + j, y);
}

// y = y_sum + b    (classifier.rnn:10)
void infer_y(const Run& run, int64_t begin, int64_t end) {
  const int64_t B = run.B;
  const double* __restrict g_h_final = run.g_h_final;
  double* y_at = run.y;
  const double* __restrict panel_R = run.panel_R;
  const double* b_at = run.b;
  double* y_2 = run.y_2;

  const int64_t stop = std::min<int64_t>(end * 8, B);
  const int64_t tiles = (stop - begin * 8) / 8;
  const int64_t pairs = (stop - begin * 8 - tiles * 8) / 2;
  for (int64_t b = begin * 8; b < (begin + tiles) * 8; b += 8) {
    vec v1 = vec(0.0);
    vec v2 = vec(0.0);
    vec v3 = vec(0.0);
    vec v4 = vec(0.0);
    vec v5 = vec(0.0);
    vec v6 = vec(0.0);
    vec v7 = vec(0.0);
    vec v8 = vec(0.0);
    for (int64_t k = 0; k < 32; ++k) {
      vec w = vec::load_unaligned(panel_R + k * 4); RNNC_KEEP(w);
      const vec x0 = vec(g_h_final[b * 32 + k]);
      v1 = xsimd::fma(w, x0, v1);
      const vec x1 = vec(g_h_final[(b + 1) * 32 + k]);
      v2 = xsimd::fma(w, x1, v2);
      const vec x2 = vec(g_h_final[(b + 2) * 32 + k]);
      v3 = xsimd::fma(w, x2, v3);
      const vec x3 = vec(g_h_final[(b + 3) * 32 + k]);
      v4 = xsimd::fma(w, x3, v4);
      const vec x4 = vec(g_h_final[(b + 4) * 32 + k]);
      v5 = xsimd::fma(w, x4, v5);
      const vec x5 = vec(g_h_final[(b + 5) * 32 + k]);
      v6 = xsimd::fma(w, x5, v6);
      const vec x6 = vec(g_h_final[(b + 6) * 32 + k]);
      v7 = xsimd::fma(w, x6, v7);
      const vec x7 = vec(g_h_final[(b + 7) * 32 + k]);
      v8 = xsimd::fma(w, x7, v8);
    }
    infer_y_epilogue_tail(run, v1, b, 0);
    infer_y_epilogue_tail(run, v2, b + 1, 0);
    infer_y_epilogue_tail(run, v3, b + 2, 0);
    infer_y_epilogue_tail(run, v4, b + 3, 0);
    infer_y_epilogue_tail(run, v5, b + 4, 0);
    infer_y_epilogue_tail(run, v6, b + 5, 0);
    infer_y_epilogue_tail(run, v7, b + 6, 0);
    infer_y_epilogue_tail(run, v8, b + 7, 0);
  }
  for (int64_t b = (begin + tiles) * 8; b < (begin + tiles) * 8 + pairs * 2; b += 2) {
    vec v1 = vec(0.0);
    vec v2 = vec(0.0);
    for (int64_t k = 0; k < 32; ++k) {
      vec w = vec::load_unaligned(panel_R + k * 4); RNNC_KEEP(w);
      const vec x0 = vec(g_h_final[b * 32 + k]);
      v1 = xsimd::fma(w, x0, v1);
      const vec x1 = vec(g_h_final[(b + 1) * 32 + k]);
      v2 = xsimd::fma(w, x1, v2);
    }
    infer_y_epilogue_tail(run, v1, b, 0);
    infer_y_epilogue_tail(run, v2, b + 1, 0);
  }
  for (int64_t b = (begin + tiles) * 8 + pairs * 2; b < stop; ++b) {
    vec v1 = vec(0.0);
    for (int64_t k = 0; k < 32; ++k) {
      const vec x0 = vec(g_h_final[b * 32 + k]);
      const vec w = vec::load_unaligned(panel_R + k * 4);
      v1 = xsimd::fma(w, x0, v1);
    }
    const vec b_2 = vec::load_unaligned(b_at);
    const vec y = v1 + b_2;
    y.store_unaligned(y_at + b * 4);
    store_first<3>(y_2 + b * 3, y);
  }
}

// reduce_max = max(y)
void infer_reduce_max(const Run& run, int64_t begin, int64_t end) {
  const double* __restrict y_at = run.y;
  double* __restrict reduce_max = run.reduce_max;

  for (int64_t b = begin; b < end; ++b) {
    const vec y = vec::load_unaligned(y_at + b * 4);
    const vec v1 = first_lanes<3>(y, vec(-std::numeric_limits<double>::infinity()));
    const vec v2 = xsimd::max(v1, vec(-std::numeric_limits<double>::infinity()));
    const mask m1 = v1 == v1;
    const vec v3 = xsimd::select(m1, v2, v1);
    const vec v4 = lane_max(v3);
    store_first<1>(reduce_max + b, v4);
  }
}

// e to the power x
RNNC_INLINE vec rnnc_exp(vec x) {
  const vec v1 = xsimd::max(vec(-746.0), x);
  const vec v2 = xsimd::min(vec(710.0), v1);
  const vec v3 = xsimd::fma(v2, vec(1.4426950408889634), vec(6755399441057790.0));
  const vec v4 = v3 - vec(6755399441057790.0);
  vec v5 = xsimd::fnma(v4, vec(0.6931471803691238), v2);
  v5 = xsimd::fnma(v4, vec(1.9082149292705877e-10), v5);
  vec v6 = xsimd::fma(vec(2.5000058855318826e-08), v5, vec(2.7630248481096747e-07));
  v6 = xsimd::fma(v6, v5, vec(2.7557586382339298e-06));
  v6 = xsimd::fma(v6, v5, vec(2.48014930985778e-05));
  v6 = xsimd::fma(v6, v5, vec(0.00019841269506569307));
  v6 = xsimd::fma(v6, v5, vec(0.0013888888943630487));
  v6 = xsimd::fma(v6, v5, vec(0.008333333333494466));
  v6 = xsimd::fma(v6, v5, vec(0.041666666666530155));
  v6 = xsimd::fma(v6, v5, vec(0.16666666666666413));
  v6 = xsimd::fma(v6, v5, vec(0.5000000000000011));
  v6 = xsimd::fma(v6, v5, vec(1.0));
  v6 = xsimd::fma(v6, v5, vec(1.0));
  const vec v7 = shift_right<1>(v3);
  const vec v8 = int_sub(v3, v7);
  const vec v9 = shift_left<52>(v8);
  const vec v10 = shift_left<52>(v7);
  const vec v11 = v6 * v10;
  const vec v12 = v11 * v9;
  return v12;
}

// reduce_sum = sum(exp(y - stop_gradient(max(y))))
void infer_reduce_sum(const Run& run, int64_t begin, int64_t end) {
  const double* __restrict y_at = run.y;
  const double* __restrict reduce_max_at = run.reduce_max;
  double* __restrict reduce_sum = run.reduce_sum;

  for (int64_t b = begin; b < end; ++b) {
    const vec y = vec::load_unaligned(y_at + b * 4);
    const vec reduce_max = vec(reduce_max_at[b]);
    const vec v1 = y - reduce_max;
    const vec v2 = rnnc_exp(v1);
    const vec v3 = first_lanes<3>(v2, vec(0.0));
    const vec v4 = vec(0.0) + v3;
    const vec v5 = lane_sum(v4);
    store_first<1>(reduce_sum + b, v5);
  }
}

// natural logarithm; -inf at 0, NaN below
RNNC_INLINE vec rnnc_log(vec x) {
  const mask m1 = x < vec(2.2250738585072014e-308);
  const vec v1 = x * vec(4503599627370496.0);
  const vec v2 = xsimd::select(m1, v1, x);
  const vec v3 = int_add(v2, bits(0x00095f619980c433u));
  const vec v4 = v3 & bits(0x000fffffffffffffu);
  const vec v5 = int_add(v4, bits(0x3fe6a09e667f3bcdu));
  const vec v6 = shift_right<52>(v3);
  const vec v7 = xsimd::select(m1, vec(4503599627371571.0), vec(4503599627371519.0));
  const vec v8 = v6 | vec(4503599627370496.0);
  const vec v9 = v8 - v7;
  const vec v10 = v5 - vec(1.0);
  const vec v11 = vec(2.0) + v10;
  const vec v12 = v10 / v11;
  const vec v13 = v12 * v12;
  vec v14 = xsimd::fma(vec(0.07398130564374908), v13, vec(0.07657010567611963));
  v14 = xsimd::fma(v14, v13, vec(0.09091782703020229));
  v14 = xsimd::fma(v14, v13, vec(0.11111099276910165));
  v14 = xsimd::fma(v14, v13, vec(0.14285714371280853));
  v14 = xsimd::fma(v14, v13, vec(0.19999999999706983));
  v14 = xsimd::fma(v14, v13, vec(0.3333333333333367));
  const vec v15 = v13 + v13;
  const vec v16 = v15 * v14;
  const vec v17 = v16 - v10;
  const vec v18 = v12 * v17;
  const vec v19 = xsimd::fma(v9, vec(1.9082149292705877e-10), v18);
  const vec v20 = v10 + v19;
  const vec v21 = xsimd::fma(v9, vec(0.6931471803691238), v20);
  const mask m2 = x <= vec(1.7976931348623157e+308);
  const vec v22 = xsimd::select(m2, v21, x);
  const mask m3 = x == vec(0.0);
  const vec v23 = xsimd::select(m3, vec(-std::numeric_limits<double>::infinity()),
      vec(std::numeric_limits<double>::quiet_NaN()));
  const mask m4 = vec(0.0) < x;
  const vec v24 = xsimd::select(m4, v22, v23);
  return v24;
}

// sub = log(sum(exp(y - stop_gradient(max(y))))) + stop_gradient(max(y)) - y[label]
void infer_sub(const Run& run, int64_t begin, int64_t end) {
  const double* __restrict y = run.y;
  const double* __restrict reduce_max_at = run.reduce_max;
  const double* __restrict reduce_sum_at = run.reduce_sum;
  double* __restrict sub = run.sub;
  const int32_t* __restrict label = run.label;

  for (int64_t b = begin; b < end; ++b) {
    const vec reduce_sum = vec(reduce_sum_at[b]);
    const vec v1 = rnnc_log(reduce_sum);
    const vec reduce_max = vec(reduce_max_at[b]);
    const vec v2 = v1 + reduce_max;
    const int64_t entry = label[b];
    const vec v3 = vec(y[b * 4 + entry]);
    const vec v4 = v2 - v3;
    store_first<1>(sub + b, v4);
  }
}

// sum_over = sum(log(sum(exp(y - stop_gradient(max(y))))) + stop_gradient(max(y)) - y[label] over b)
void infer_sum_over(const Run& run, int64_t begin, int64_t end) {
  const int64_t B = run.B;
  const double* __restrict sub_at = run.sub;
  double* __restrict sum_over = run.sum_over;

  [[maybe_unused]] const int64_t full = std::min<int64_t>(end, 0);
  const int64_t rest = std::max<int64_t>(begin, 0);
  for (int64_t last = rest; last < end; ++last) {
    vec v1 = vec(0.0);
    for (int64_t b = 0; b < B; ++b) {
      const vec sub = vec(sub_at[b]);
      v1 = v1 + sub;
    }
    const vec v2 = vec(sum_over[0]);
    const vec v3 = v2 + v1;
    store_first<1>(sum_over, v3);
  }
}

// quotient; x/0 is infinite, 0/0 is NaN
RNNC_INLINE vec rnnc_div(vec x, vec y) {
  const vec v1 = x / y;
  return v1;
}

// loss = sum(log(sum(exp(y - stop_gradient(max(y))))) + stop_gradient(max(y)) - y[label] over b) / rows
void infer_loss(const Run& run, int64_t begin, int64_t end) {
  const int64_t B = run.B;
  const double* __restrict sum_over_at = run.sum_over;
  double* __restrict loss = run.loss;
  double* __restrict loss_2 = run.loss_2;

  const int64_t rest = std::max<int64_t>(begin, 0);
  for (int64_t last = rest; last < end; ++last) {
    const vec sum_over = vec(sum_over_at[0]);
    const vec v1 = vec(static_cast<double>(B));
    const vec v2 = rnnc_div(sum_over, v1);
    store_first<1>(loss, v2);
    store_first<1>(loss_2, v2);
  }
}

void forward_g_h_start_given(const Run& run, int64_t begin, int64_t end) {
  const double* __restrict g_h_init = run.g_h_init;
  double* __restrict tape_g_h_start = run.tape_g_h_start;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 8; ++j) {
      const vec g_h_start = vec::load_unaligned(g_h_init + b * 32 + j * 4);
      g_h_start.store_unaligned(tape_g_h_start + b * 32 + j * 4);
    }
  }
}

void forward_g_h_start_default(const Run& run, int64_t begin, int64_t end) {
  double* __restrict tape_g_h_start = run.tape_g_h_start;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 8; ++j) {
      vec(0.0).store_unaligned(tape_g_h_start + b * 32 + j * 4);
    }
  }
}

// the steps around g.h
void forward_g_h_boundary(const Run& run, int64_t begin, int64_t end, int64_t, int64_t, int64_t window0) {
  const int64_t B = run.B;
  const double* __restrict tape_g_h_start = run.tape_g_h_start;
  double* __restrict tape_g_h = run.tape_g_h;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 8; ++j) {
      const vec g_h_start = vec::load_unaligned(tape_g_h_start + b * 32 + j * 4);
      g_h_start.store_unaligned(tape_g_h + (b - window0 * B) * 32 + j * 4);
    }
  }
}

// from one window to the steps around the next: g.h
void forward_handed_on(const Run& run, int64_t begin, int64_t end, int64_t, int64_t) {
  const int64_t B = run.B, window = run.window;
  double* __restrict tape_g_h = run.tape_g_h;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 8; ++j) {
      const vec v1 = vec::load_unaligned(tape_g_h + (window * B + b) * 32 + j * 4);
      v1.store_unaligned(tape_g_h + b * 32 + j * 4);
    }
  }
}

// what a window goes on from, kept for backward: g.h
void forward_saved(const Run& run, int64_t begin, int64_t end, int64_t w, int64_t) {
  const int64_t B = run.B;
  const double* __restrict tape_g_h = run.tape_g_h;
  double* __restrict checkpoints_g_h = run.checkpoints_g_h;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 8; ++j) {
      const vec v1 = vec::load_unaligned(tape_g_h + b * 32 + j * 4);
      v1.store_unaligned(checkpoints_g_h + (w * B + b) * 32 + j * 4);
    }
  }
}

// g.r_input = g.W_r @ x + g.b_r + g.d_r
// g.z_input = g.W_z @ x + g.b_z + g.d_z
// g.n_input = g.W_n @ x + g.b_n
void forward_g_r_input_g_z_input_g_n_input_epilogue(const Run& run, vec sum, vec sum_2, vec sum_3, int64_t t0, int64_t,
    int64_t, int64_t r, int64_t j) {
  const int64_t B = run.B;
  const double* g_b_r_at = run.g_b_r;
  const double* g_d_r_at = run.g_d_r;
  const double* g_b_z_at = run.g_b_z;
  const double* g_d_z_at = run.g_d_z;
  const double* g_b_n_at = run.g_b_n;
  double* g_r_input_2 = run.g_r_input_2;
  double* g_z_input_2 = run.g_z_input_2;
  double* g_n_input_2 = run.g_n_input_2;

  const vec g_b_r = vec::load_unaligned(g_b_r_at + j);
  const vec v1 = sum + g_b_r;
  const vec g_d_r = vec::load_unaligned(g_d_r_at + j);
  const vec v2 = v1 + g_d_r;
  v2.store_unaligned(g_r_input_2 + (r - t0 * B) * 32 + j);
  const vec g_b_z = vec::load_unaligned(g_b_z_at + j);
  const vec v3 = sum_2 + g_b_z;
  const vec g_d_z = vec::load_unaligned(g_d_z_at + j);
  const vec v4 = v3 + g_d_z;
  v4.store_unaligned(g_z_input_2 + (r - t0 * B) * 32 + j);
  const vec g_b_n = vec::load_unaligned(g_b_n_at + j);
  const vec v5 = sum_3 + g_b_n;
  v5.store_unaligned(g_n_input_2 + (r - t0 * B) * 32 + j);
}

// g.r_input = g.W_r @ x + g.b_r + g.d_r
// g.z_input = g.W_z @ x + g.b_z + g.d_z
// g.n_input = g.W_n @ x + g.b_n
void forward_g_r_input_g_z_input_g_n_input(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1,
    int64_t window0) {
  const int64_t B = run.B;
  const double* __restrict panel_g_W_r_g_W_z_g_W_n = run.panel_g_W_r_g_W_z_g_W_n;
  const double* __restrict x = run.x;

  const int64_t tiles = ((t1 - t0) * B) / 4;
  const int64_t pairs = ((t1 - t0) * B - tiles * 4) / 2;
  for (int64_t tile = begin; tile < end; ++tile) {
    for (int64_t r = t0 * B; r < tiles * 4 + t0 * B; r += 4) {
      vec v1 = vec(0.0);
      vec v2 = vec(0.0);
      vec v3 = vec(0.0);
      vec v4 = vec(0.0);
      vec v5 = vec(0.0);
      vec v6 = vec(0.0);
      vec v7 = vec(0.0);
      vec v8 = vec(0.0);
      vec v9 = vec(0.0);
      vec v10 = vec(0.0);
      vec v11 = vec(0.0);
      vec v12 = vec(0.0);
      #pragma GCC unroll 4
      for (int64_t k = 0; k < 8; ++k) {
        vec w0 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + (tile * 8 + k) * 12); RNNC_KEEP(w0);
        vec w1 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + (tile * 8 + k) * 12 + 4); RNNC_KEEP(w1);
        vec w2 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + (tile * 8 + k) * 12 + 8); RNNC_KEEP(w2);
        const vec x0 = vec(x[r * 8 + k]);
        v1 = xsimd::fma(w0, x0, v1);
        v2 = xsimd::fma(w1, x0, v2);
        v3 = xsimd::fma(w2, x0, v3);
        const vec x1 = vec(x[(r + 1) * 8 + k]);
        v4 = xsimd::fma(w0, x1, v4);
        v5 = xsimd::fma(w1, x1, v5);
        v6 = xsimd::fma(w2, x1, v6);
        const vec x2 = vec(x[(r + 2) * 8 + k]);
        v7 = xsimd::fma(w0, x2, v7);
        v8 = xsimd::fma(w1, x2, v8);
        v9 = xsimd::fma(w2, x2, v9);
        const vec x3 = vec(x[(r + 3) * 8 + k]);
        v10 = xsimd::fma(w0, x3, v10);
        v11 = xsimd::fma(w1, x3, v11);
        v12 = xsimd::fma(w2, x3, v12);
      }
      forward_g_r_input_g_z_input_g_n_input_epilogue(run, v1, v2, v3, t0, t1, window0, r, tile * 4);
      forward_g_r_input_g_z_input_g_n_input_epilogue(run, v4, v5, v6, t0, t1, window0, r + 1, tile * 4);
      forward_g_r_input_g_z_input_g_n_input_epilogue(run, v7, v8, v9, t0, t1, window0, r + 2, tile * 4);
      forward_g_r_input_g_z_input_g_n_input_epilogue(run, v10, v11, v12, t0, t1, window0, r + 3, tile * 4);
    }
    for (int64_t r = tiles * 4 + t0 * B; r < tiles * 4 + pairs * 2 + t0 * B; r += 2) {
      vec v1 = vec(0.0);
      vec v2 = vec(0.0);
      vec v3 = vec(0.0);
      vec v4 = vec(0.0);
      vec v5 = vec(0.0);
      vec v6 = vec(0.0);
      for (int64_t k = 0; k < 8; ++k) {
        const vec x0 = vec(x[r * 8 + k]);
        const vec x1 = vec(x[(r + 1) * 8 + k]);
        vec w0 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + (tile * 8 + k) * 12); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v4 = xsimd::fma(w0, x1, v4);
        vec w1 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + (tile * 8 + k) * 12 + 4); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v5 = xsimd::fma(w1, x1, v5);
        vec w2 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + (tile * 8 + k) * 12 + 8); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v6 = xsimd::fma(w2, x1, v6);
      }
      forward_g_r_input_g_z_input_g_n_input_epilogue(run, v1, v2, v3, t0, t1, window0, r, tile * 4);
      forward_g_r_input_g_z_input_g_n_input_epilogue(run, v4, v5, v6, t0, t1, window0, r + 1, tile * 4);
    }
  }
  const int64_t share = std::max<int64_t>(0, end - begin);
  const int64_t wide = share / 4;
  for (int64_t tile = 0; tile < wide; ++tile) {
    for (int64_t r = tiles * 4 + pairs * 2 + t0 * B; r < t1 * B; ++r) {
      vec v1 = vec(0.0);
      vec v2 = vec(0.0);
      vec v3 = vec(0.0);
      vec v4 = vec(0.0);
      vec v5 = vec(0.0);
      vec v6 = vec(0.0);
      vec v7 = vec(0.0);
      vec v8 = vec(0.0);
      vec v9 = vec(0.0);
      vec v10 = vec(0.0);
      vec v11 = vec(0.0);
      vec v12 = vec(0.0);
      for (int64_t k = 0; k < 8; ++k) {
        const vec x0 = vec(x[r * 8 + k]);
        const vec w0 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + ((tile * 4 + begin) * 8 + k) * 12);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + ((tile * 4 + begin) * 8 + k) * 12 + 4);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + ((tile * 4 + begin) * 8 + k) * 12 + 8);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + ((tile * 4 + begin + 1) * 8 + k) * 12);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + ((tile * 4 + begin) * 8 + k) * 12 + 100);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + ((tile * 4 + begin) * 8 + k) * 12 + 104);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + ((tile * 4 + begin + 2) * 8 + k) * 12);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + ((tile * 4 + begin) * 8 + k) * 12 + 196);
        v8 = xsimd::fma(w7, x0, v8);
        const vec w8 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + ((tile * 4 + begin) * 8 + k) * 12 + 200);
        v9 = xsimd::fma(w8, x0, v9);
        const vec w9 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + ((tile * 4 + begin + 3) * 8 + k) * 12);
        v10 = xsimd::fma(w9, x0, v10);
        const vec w10 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + ((tile * 4 + begin) * 8 + k) * 12 + 292);
        v11 = xsimd::fma(w10, x0, v11);
        const vec w11 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + ((tile * 4 + begin) * 8 + k) * 12 + 296);
        v12 = xsimd::fma(w11, x0, v12);
      }
      forward_g_r_input_g_z_input_g_n_input_epilogue(run, v1, v2, v3, t0, t1, window0, r, tile * 16 + begin * 4);
      forward_g_r_input_g_z_input_g_n_input_epilogue(run, v4, v5, v6, t0, t1, window0, r, tile * 16 + (begin + 1) * 4);
      forward_g_r_input_g_z_input_g_n_input_epilogue(run, v7, v8, v9, t0, t1, window0, r, tile * 16 + (begin + 2) * 4);
      forward_g_r_input_g_z_input_g_n_input_epilogue(run, v10, v11, v12, t0, t1, window0, r,
          tile * 16 + (begin + 3) * 4);
    }
  }
  for (int64_t tile = wide * 4 + begin; tile < end; ++tile) {
    for (int64_t r = tiles * 4 + pairs * 2 + t0 * B; r < t1 * B; ++r) {
      vec v1 = vec(0.0);
      vec v2 = vec(0.0);
      vec v3 = vec(0.0);
      for (int64_t k = 0; k < 8; ++k) {
        const vec x0 = vec(x[r * 8 + k]);
        const vec w0 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + (tile * 8 + k) * 12);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + (tile * 8 + k) * 12 + 4);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_g_W_r_g_W_z_g_W_n + (tile * 8 + k) * 12 + 8);
        v3 = xsimd::fma(w2, x0, v3);
      }
      forward_g_r_input_g_z_input_g_n_input_epilogue(run, v1, v2, v3, t0, t1, window0, r, tile * 4);
    }
  }
}

// g.r = sigmoid(g.r_input + g.r_sum)    (gru.rnn:16)
// g.z = sigmoid(g.z_input + g.z_sum)    (gru.rnn:17)
// add = d.g.r_sum + g.d_n
// g.n = tanh(g.n_input + g.r * (d.g.r_sum + g.d_n))    (gru.rnn:18)
// g.h = (1 - g.z) * g.n + g.z * g.h[t-1]    (gru.rnn:10)
void forward_g_r_g_z_g_n_g_h_epilogue(const Run& run, vec g_r_sum, vec g_z_sum, vec d_g_r_sum, int64_t t0, int64_t t,
    int64_t window0, int64_t b, int64_t j) {
  const int64_t B = run.B;
  const double* g_d_n_at = run.g_d_n;
  const double* g_r_input_2 = run.g_r_input_2;
  double* tape_g_r = run.tape_g_r;
  const double* g_z_input_2 = run.g_z_input_2;
  double* tape_g_z = run.tape_g_z;
  double* tape_add = run.tape_add;
  const double* g_n_input_2 = run.g_n_input_2;
  double* tape_g_n = run.tape_g_n;
  double* tape_g_h = run.tape_g_h;

  const vec g_r_input = vec::load_unaligned(g_r_input_2 + ((t - t0) * B + b) * 32 + j);
  const vec v1 = g_r_input + g_r_sum;
  const vec g_r = rnnc_sigmoid(v1);
  g_r.store_unaligned(tape_g_r + ((t - window0) * B + b) * 32 + j);
  const vec g_z_input = vec::load_unaligned(g_z_input_2 + ((t - t0) * B + b) * 32 + j);
  const vec v2 = g_z_input + g_z_sum;
  const vec g_z = rnnc_sigmoid(v2);
  const int64_t length = run.length(0, b);
  const mask m1 = mask(t < length);
  const vec v3 = xsimd::select(m1, g_z, vec(0.0));
  v3.store_unaligned(tape_g_z + ((t - window0) * B + b) * 32 + j);
  const vec g_d_n = vec::load_unaligned(g_d_n_at + j);
  const vec v4 = d_g_r_sum + g_d_n;
  v4.store_unaligned(tape_add + ((t - window0) * B + b) * 32 + j);
  const vec g_n_input = vec::load_unaligned(g_n_input_2 + ((t - t0) * B + b) * 32 + j);
  const vec v5 = g_r * v4;
  const vec v6 = g_n_input + v5;
  const vec g_n = rnnc_tanh(v6);
  g_n.store_unaligned(tape_g_n + ((t - window0) * B + b) * 32 + j);
  const vec v7 = vec(1.0) - g_z;
  const vec v8 = v7 * g_n;
  const vec g_h_before = vec::load_unaligned(tape_g_h + ((t - window0) * B + b) * 32 + j);
  const vec v9 = g_z * g_h_before;
  const vec g_h = v8 + v9;
  const mask m2 = mask(t < length);
  const vec v10 = xsimd::select(m2, g_h, vec(0.0));
  v10.store_unaligned(tape_g_h + ((t - window0 + 1) * B + b) * 32 + j);
}

void forward_g_r_g_z_g_n_g_h_prefetch(const Run& run, int64_t, int64_t t, int64_t window0, int64_t b, int64_t j) {
  const int64_t B = run.B;
  const double* tape_g_r = run.tape_g_r;
  const double* tape_g_z = run.tape_g_z;
  const double* tape_add = run.tape_add;
  const double* tape_g_n = run.tape_g_n;
  const double* tape_g_h = run.tape_g_h;

  RNNC_PREFETCH(tape_g_r + ((t - window0) * B + b) * 32 + j);
  RNNC_PREFETCH(tape_g_z + ((t - window0) * B + b) * 32 + j);
  RNNC_PREFETCH(tape_add + ((t - window0) * B + b) * 32 + j);
  RNNC_PREFETCH(tape_g_n + ((t - window0) * B + b) * 32 + j);
  RNNC_PREFETCH(tape_g_h + ((t - window0) * B + b) * 32 + j);
  RNNC_PREFETCH(tape_g_h + ((t - window0 + 1) * B + b) * 32 + j);
}

// g.r = sigmoid(g.r_input + g.r_sum)    (gru.rnn:16)
// g.z = sigmoid(g.z_input + g.z_sum)    (gru.rnn:17)
// add = d.g.r_sum + g.d_n
// g.n = tanh(g.n_input + g.r * (d.g.r_sum + g.d_n))    (gru.rnn:18)
// g.h = (1 - g.z) * g.n + g.z * g.h[t-1]    (gru.rnn:10)
void forward_g_r_g_z_g_n_g_h(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t, int64_t window0) {
  const int64_t B = run.B;
  const double* __restrict panel_g_U_r_g_U_z_g_U_n = run.panel_g_U_r_g_U_z_g_U_n;
  const double* tape_g_h = run.tape_g_h;

  const int64_t tiles = B / 4;
  const int64_t pairs = (B - tiles * 4) / 2;
  for (int64_t tile = begin; tile < end; ++tile) {
    for (int64_t b = 0; b < tiles * 4; b += 4) {
      forward_g_r_g_z_g_n_g_h_prefetch(run, t0, t, window0, b, tile * 4);
      forward_g_r_g_z_g_n_g_h_prefetch(run, t0, t, window0, b + 1, tile * 4);
      forward_g_r_g_z_g_n_g_h_prefetch(run, t0, t, window0, b + 2, tile * 4);
      forward_g_r_g_z_g_n_g_h_prefetch(run, t0, t, window0, b + 3, tile * 4);
      vec v1 = vec(0.0);
      vec v2 = vec(0.0);
      vec v3 = vec(0.0);
      vec v4 = vec(0.0);
      vec v5 = vec(0.0);
      vec v6 = vec(0.0);
      vec v7 = vec(0.0);
      vec v8 = vec(0.0);
      vec v9 = vec(0.0);
      vec v10 = vec(0.0);
      vec v11 = vec(0.0);
      vec v12 = vec(0.0);
      #pragma GCC unroll 4
      for (int64_t k = 0; k < 32; ++k) {
        vec w0 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + (tile * 32 + k) * 12); RNNC_KEEP(w0);
        vec w1 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + (tile * 32 + k) * 12 + 4); RNNC_KEEP(w1);
        vec w2 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + (tile * 32 + k) * 12 + 8); RNNC_KEEP(w2);
        const vec x0 = vec(tape_g_h[((t - window0) * B + b) * 32 + k]);
        v1 = xsimd::fma(w0, x0, v1);
        v2 = xsimd::fma(w1, x0, v2);
        v3 = xsimd::fma(w2, x0, v3);
        const vec x1 = vec(tape_g_h[((t - window0) * B + b + 1) * 32 + k]);
        v4 = xsimd::fma(w0, x1, v4);
        v5 = xsimd::fma(w1, x1, v5);
        v6 = xsimd::fma(w2, x1, v6);
        const vec x2 = vec(tape_g_h[((t - window0) * B + b + 2) * 32 + k]);
        v7 = xsimd::fma(w0, x2, v7);
        v8 = xsimd::fma(w1, x2, v8);
        v9 = xsimd::fma(w2, x2, v9);
        const vec x3 = vec(tape_g_h[((t - window0) * B + b + 3) * 32 + k]);
        v10 = xsimd::fma(w0, x3, v10);
        v11 = xsimd::fma(w1, x3, v11);
        v12 = xsimd::fma(w2, x3, v12);
      }
      forward_g_r_g_z_g_n_g_h_epilogue(run, v1, v2, v3, t0, t, window0, b, tile * 4);
      forward_g_r_g_z_g_n_g_h_epilogue(run, v4, v5, v6, t0, t, window0, b + 1, tile * 4);
      forward_g_r_g_z_g_n_g_h_epilogue(run, v7, v8, v9, t0, t, window0, b + 2, tile * 4);
      forward_g_r_g_z_g_n_g_h_epilogue(run, v10, v11, v12, t0, t, window0, b + 3, tile * 4);
    }
    for (int64_t b = tiles * 4; b < tiles * 4 + pairs * 2; b += 2) {
      forward_g_r_g_z_g_n_g_h_prefetch(run, t0, t, window0, b, tile * 4);
      forward_g_r_g_z_g_n_g_h_prefetch(run, t0, t, window0, b + 1, tile * 4);
      vec v1 = vec(0.0);
      vec v2 = vec(0.0);
      vec v3 = vec(0.0);
      vec v4 = vec(0.0);
      vec v5 = vec(0.0);
      vec v6 = vec(0.0);
      for (int64_t k = 0; k < 32; ++k) {
        const vec x0 = vec(tape_g_h[((t - window0) * B + b) * 32 + k]);
        const vec x1 = vec(tape_g_h[((t - window0) * B + b + 1) * 32 + k]);
        vec w0 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + (tile * 32 + k) * 12); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v4 = xsimd::fma(w0, x1, v4);
        vec w1 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + (tile * 32 + k) * 12 + 4); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v5 = xsimd::fma(w1, x1, v5);
        vec w2 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + (tile * 32 + k) * 12 + 8); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v6 = xsimd::fma(w2, x1, v6);
      }
      forward_g_r_g_z_g_n_g_h_epilogue(run, v1, v2, v3, t0, t, window0, b, tile * 4);
      forward_g_r_g_z_g_n_g_h_epilogue(run, v4, v5, v6, t0, t, window0, b + 1, tile * 4);
    }
  }
  const int64_t share = std::max<int64_t>(0, end - begin);
  const int64_t wide = share / 4;
  for (int64_t tile = 0; tile < wide; ++tile) {
    for (int64_t b = tiles * 4 + pairs * 2; b < B; ++b) {
      vec v1 = vec(0.0);
      vec v2 = vec(0.0);
      vec v3 = vec(0.0);
      vec v4 = vec(0.0);
      vec v5 = vec(0.0);
      vec v6 = vec(0.0);
      vec v7 = vec(0.0);
      vec v8 = vec(0.0);
      vec v9 = vec(0.0);
      vec v10 = vec(0.0);
      vec v11 = vec(0.0);
      vec v12 = vec(0.0);
      for (int64_t k = 0; k < 32; ++k) {
        const vec x0 = vec(tape_g_h[((t - window0) * B + b) * 32 + k]);
        const vec w0 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + ((tile * 4 + begin) * 32 + k) * 12);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + ((tile * 4 + begin) * 32 + k) * 12 + 4);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + ((tile * 4 + begin) * 32 + k) * 12 + 8);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + ((tile * 4 + begin + 1) * 32 + k) * 12);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + ((tile * 4 + begin) * 32 + k) * 12 + 388);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + ((tile * 4 + begin) * 32 + k) * 12 + 392);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + ((tile * 4 + begin + 2) * 32 + k) * 12);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + ((tile * 4 + begin) * 32 + k) * 12 + 772);
        v8 = xsimd::fma(w7, x0, v8);
        const vec w8 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + ((tile * 4 + begin) * 32 + k) * 12 + 776);
        v9 = xsimd::fma(w8, x0, v9);
        const vec w9 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + ((tile * 4 + begin + 3) * 32 + k) * 12);
        v10 = xsimd::fma(w9, x0, v10);
        const vec w10 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + ((tile * 4 + begin) * 32 + k) * 12 + 1156);
        v11 = xsimd::fma(w10, x0, v11);
        const vec w11 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + ((tile * 4 + begin) * 32 + k) * 12 + 1160);
        v12 = xsimd::fma(w11, x0, v12);
      }
      forward_g_r_g_z_g_n_g_h_epilogue(run, v1, v2, v3, t0, t, window0, b, tile * 16 + begin * 4);
      forward_g_r_g_z_g_n_g_h_epilogue(run, v4, v5, v6, t0, t, window0, b, tile * 16 + (begin + 1) * 4);
      forward_g_r_g_z_g_n_g_h_epilogue(run, v7, v8, v9, t0, t, window0, b, tile * 16 + (begin + 2) * 4);
      forward_g_r_g_z_g_n_g_h_epilogue(run, v10, v11, v12, t0, t, window0, b, tile * 16 + (begin + 3) * 4);
    }
  }
  for (int64_t tile = wide * 4 + begin; tile < end; ++tile) {
    for (int64_t b = tiles * 4 + pairs * 2; b < B; ++b) {
      vec v1 = vec(0.0);
      vec v2 = vec(0.0);
      vec v3 = vec(0.0);
      for (int64_t k = 0; k < 32; ++k) {
        const vec x0 = vec(tape_g_h[((t - window0) * B + b) * 32 + k]);
        const vec w0 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + (tile * 32 + k) * 12);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + (tile * 32 + k) * 12 + 4);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_g_U_r_g_U_z_g_U_n + (tile * 32 + k) * 12 + 8);
        v3 = xsimd::fma(w2, x0, v3);
      }
      forward_g_r_g_z_g_n_g_h_epilogue(run, v1, v2, v3, t0, t, window0, b, tile * 4);
    }
  }
}

// g.h.final = g.h[last]
void forward_g_h_final(const Run& run, int64_t begin, int64_t end, int64_t, int64_t, int64_t window0) {
  const int64_t T = run.T, B = run.B, window = run.window;
  double* __restrict g_h_final_2 = run.g_h_final_2;
  const double* __restrict tape_g_h = run.tape_g_h;
  double* __restrict tape_g_h_final = run.tape_g_h_final;

  for (int64_t b = begin; b < end; ++b) {
    const int64_t length = run.length(0, b);
    const int64_t there = std::min<int64_t>(length - 1, T - 1);
    const int64_t step_2 = std::max<int64_t>(there, 0);
    const int64_t to = std::min<int64_t>(step_2 + 1, window + window0);
    const int64_t from = std::max<int64_t>(step_2, window0);
    for (int64_t here = from; here < to; ++here) {
      for (int64_t j = 0; j < 8; ++j) {
        const vec g_h = vec::load_unaligned(tape_g_h + ((length - window0) * B + b) * 32 + j * 4);
        g_h.store_unaligned(tape_g_h_final + b * 32 + j * 4);
        g_h.store_unaligned(g_h_final_2 + b * 32 + j * 4);
      }
    }
  }
}

// the steps around g.z
void forward_g_z_boundary(const Run& run, int64_t begin, int64_t end, int64_t, int64_t, int64_t window0) {
  const int64_t T = run.T, B = run.B;
  double* __restrict tape_g_z = run.tape_g_z;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 8; ++j) {
      vec(0.0).store_unaligned(tape_g_z + ((T - window0) * B + b) * 32 + j * 4);
    }
  }
}

// y = y_sum + b    (classifier.rnn:10)
void forward_y_epilogue_tail(const Run& run, vec y_sum, int64_t b, int64_t j) {
  const double* b_at = run.b;
  double* y_2 = run.y_2;
  double* y_3 = run.y_3;

  const vec b_2 = vec::load_unaligned(b_at + j);
  const vec y = y_sum + b_2;
  y.store_unaligned(y_3 + b * 4 + j);
  store_first<3>(y_2 + b * 3 + j, y);
}

// y = y_sum + b    (classifier.rnn:10)
void forward_y(const Run& run, int64_t begin, int64_t end) {
  const int64_t B = run.B;
  const double* __restrict panel_R = run.panel_R;
  const double* b_at = run.b;
  double* y_2 = run.y_2;
  const double* __restrict tape_g_h_final = run.tape_g_h_final;
  double* y_3 = run.y_3;

  const int64_t stop = std::min<int64_t>(end * 8, B);
  const int64_t tiles = (stop - begin * 8) / 8;
  const int64_t pairs = (stop - begin * 8 - tiles * 8) / 2;
  for (int64_t b = begin * 8; b < (begin + tiles) * 8; b += 8) {
    vec v1 = vec(0.0);
    vec v2 = vec(0.0);
    vec v3 = vec(0.0);
    vec v4 = vec(0.0);
    vec v5 = vec(0.0);
    vec v6 = vec(0.0);
    vec v7 = vec(0.0);
    vec v8 = vec(0.0);
    for (int64_t k = 0; k < 32; ++k) {
      vec w = vec::load_unaligned(panel_R + k * 4); RNNC_KEEP(w);
      const vec x0 = vec(tape_g_h_final[b * 32 + k]);
      v1 = xsimd::fma(w, x0, v1);
      const vec x1 = vec(tape_g_h_final[(b + 1) * 32 + k]);
      v2 = xsimd::fma(w, x1, v2);
      const vec x2 = vec(tape_g_h_final[(b + 2) * 32 + k]);
      v3 = xsimd::fma(w, x2, v3);
      const vec x3 = vec(tape_g_h_final[(b + 3) * 32 + k]);
      v4 = xsimd::fma(w, x3, v4);
      const vec x4 = vec(tape_g_h_final[(b + 4) * 32 + k]);
      v5 = xsimd::fma(w, x4, v5);
      const vec x5 = vec(tape_g_h_final[(b + 5) * 32 + k]);
      v6 = xsimd::fma(w, x5, v6);
      const vec x6 = vec(tape_g_h_final[(b + 6) * 32 + k]);
      v7 = xsimd::fma(w, x6, v7);
      const vec x7 = vec(tape_g_h_final[(b + 7) * 32 + k]);
      v8 = xsimd::fma(w, x7, v8);
    }
    forward_y_epilogue_tail(run, v1, b, 0);
    forward_y_epilogue_tail(run, v2, b + 1, 0);
    forward_y_epilogue_tail(run, v3, b + 2, 0);
    forward_y_epilogue_tail(run, v4, b + 3, 0);
    forward_y_epilogue_tail(run, v5, b + 4, 0);
    forward_y_epilogue_tail(run, v6, b + 5, 0);
    forward_y_epilogue_tail(run, v7, b + 6, 0);
    forward_y_epilogue_tail(run, v8, b + 7, 0);
  }
  for (int64_t b = (begin + tiles) * 8; b < (begin + tiles) * 8 + pairs * 2; b += 2) {
    vec v1 = vec(0.0);
    vec v2 = vec(0.0);
    for (int64_t k = 0; k < 32; ++k) {
      vec w = vec::load_unaligned(panel_R + k * 4); RNNC_KEEP(w);
      const vec x0 = vec(tape_g_h_final[b * 32 + k]);
      v1 = xsimd::fma(w, x0, v1);
      const vec x1 = vec(tape_g_h_final[(b + 1) * 32 + k]);
      v2 = xsimd::fma(w, x1, v2);
    }
    forward_y_epilogue_tail(run, v1, b, 0);
    forward_y_epilogue_tail(run, v2, b + 1, 0);
  }
  for (int64_t b = (begin + tiles) * 8 + pairs * 2; b < stop; ++b) {
    vec v1 = vec(0.0);
    for (int64_t k = 0; k < 32; ++k) {
      const vec x0 = vec(tape_g_h_final[b * 32 + k]);
      const vec w = vec::load_unaligned(panel_R + k * 4);
      v1 = xsimd::fma(w, x0, v1);
    }
    const vec b_2 = vec::load_unaligned(b_at);
    const vec y = v1 + b_2;
    y.store_unaligned(y_3 + b * 4);
    store_first<3>(y_2 + b * 3, y);
  }
}

// reduce_max = max(y)
void forward_reduce_max(const Run& run, int64_t begin, int64_t end) {
  const double* __restrict y_3 = run.y_3;
  double* __restrict reduce_max_2 = run.reduce_max_2;

  for (int64_t b = begin; b < end; ++b) {
    const vec y = vec::load_unaligned(y_3 + b * 4);
    const vec v1 = first_lanes<3>(y, vec(-std::numeric_limits<double>::infinity()));
    const vec v2 = xsimd::max(v1, vec(-std::numeric_limits<double>::infinity()));
    const mask m1 = v1 == v1;
    const vec v3 = xsimd::select(m1, v2, v1);
    const vec v4 = lane_max(v3);
    store_first<1>(reduce_max_2 + b, v4);
  }
}

// exp_sub = exp(y - stop_gradient(max(y)))
void forward_exp_sub(const Run& run, int64_t begin, int64_t end) {
  const double* __restrict y_3 = run.y_3;
  const double* __restrict reduce_max_2 = run.reduce_max_2;
  double* __restrict tape_exp_sub = run.tape_exp_sub;

  for (int64_t b = begin; b < end; ++b) {
    const vec y = vec::load_unaligned(y_3 + b * 4);
    const vec reduce_max = vec(reduce_max_2[b]);
    const vec v1 = y - reduce_max;
    const vec v2 = rnnc_exp(v1);
    v2.store_unaligned(tape_exp_sub + b * 4);
  }
}

// reduce_sum = sum(exp(y - stop_gradient(max(y))))
void forward_reduce_sum(const Run& run, int64_t begin, int64_t end) {
  const double* __restrict tape_exp_sub = run.tape_exp_sub;
  double* __restrict tape_reduce_sum = run.tape_reduce_sum;

  for (int64_t b = begin; b < end; ++b) {
    const vec exp_sub = vec::load_unaligned(tape_exp_sub + b * 4);
    const vec v1 = first_lanes<3>(exp_sub, vec(0.0));
    const vec v2 = vec(0.0) + v1;
    const vec v3 = lane_sum(v2);
    store_first<1>(tape_reduce_sum + b, v3);
  }
}

// sub = log(sum(exp(y - stop_gradient(max(y))))) + stop_gradient(max(y)) - y[label]
void forward_sub(const Run& run, int64_t begin, int64_t end) {
  const int32_t* __restrict label = run.label;
  const double* __restrict y_3 = run.y_3;
  const double* __restrict reduce_max_2 = run.reduce_max_2;
  const double* __restrict tape_reduce_sum = run.tape_reduce_sum;
  double* __restrict sub_2 = run.sub_2;

  for (int64_t b = begin; b < end; ++b) {
    const vec reduce_sum = vec(tape_reduce_sum[b]);
    const vec v1 = rnnc_log(reduce_sum);
    const vec reduce_max = vec(reduce_max_2[b]);
    const vec v2 = v1 + reduce_max;
    const int64_t entry = label[b];
    const vec v3 = vec(y_3[b * 4 + entry]);
    const vec v4 = v2 - v3;
    store_first<1>(sub_2 + b, v4);
  }
}

// sum_over = sum(log(sum(exp(y - stop_gradient(max(y))))) + stop_gradient(max(y)) - y[label] over b)
void forward_sum_over(const Run& run, int64_t begin, int64_t end) {
  const int64_t B = run.B;
  const double* __restrict sub_2 = run.sub_2;
  double* __restrict sum_over_2 = run.sum_over_2;

  [[maybe_unused]] const int64_t full = std::min<int64_t>(end, 0);
  const int64_t rest = std::max<int64_t>(begin, 0);
  for (int64_t last = rest; last < end; ++last) {
    vec v1 = vec(0.0);
    for (int64_t b = 0; b < B; ++b) {
      const vec sub = vec(sub_2[b]);
      v1 = v1 + sub;
    }
    const vec v2 = vec(sum_over_2[0]);
    const vec v3 = v2 + v1;
    store_first<1>(sum_over_2, v3);
  }
}

// loss = sum(log(sum(exp(y - stop_gradient(max(y))))) + stop_gradient(max(y)) - y[label] over b) / rows
void forward_loss(const Run& run, int64_t begin, int64_t end) {
  const int64_t B = run.B;
  double* __restrict loss_2 = run.loss_2;
  const double* __restrict sum_over_2 = run.sum_over_2;
  double* __restrict loss_3 = run.loss_3;

  const int64_t rest = std::max<int64_t>(begin, 0);
  for (int64_t last = rest; last < end; ++last) {
    const vec sum_over = vec(sum_over_2[0]);
    const vec v1 = vec(static_cast<double>(B));
    const vec v2 = rnnc_div(sum_over, v1);
    store_first<1>(loss_3, v2);
    store_first<1>(loss_2, v2);
  }
}

// div = 1 / rows / sum(exp(y - stop_gradient(max(y))))
void backward_div(const Run& run, int64_t begin, int64_t end) {
  const int64_t B = run.B;
  const double* __restrict tape_reduce_sum = run.tape_reduce_sum;
  double* __restrict div = run.div;

  for (int64_t b = begin; b < end; ++b) {
    const vec v1 = vec(static_cast<double>(B));
    const vec v2 = rnnc_div(vec(1.0), v1);
    const vec reduce_sum = vec(tape_reduce_sum[b]);
    const vec v3 = rnnc_div(v2, reduce_sum);
    store_first<1>(div + b, v3);
  }
}

// d.y = upstream(y) + 1 / rows / sum(exp(y - stop_gradient(max(y)))) * exp(y - stop_gradient(max(y))) - one_hot(label) / rows    (classifier.rnn:10)
void backward_d_y(const Run& run, int64_t begin, int64_t end) {
  const int64_t B = run.B;
  const int32_t* __restrict label = run.label;
  const double* __restrict tape_exp_sub = run.tape_exp_sub;
  const double* __restrict div_at = run.div;
  double* __restrict d_y_at = run.d_y;
  const double* __restrict d_y_2 = run.d_y_2;

  for (int64_t b = begin; b < end; ++b) {
    const vec upstream = load_first<3>(d_y_2 + b * 3);
    const vec div = vec(div_at[b]);
    const vec exp_sub = vec::load_unaligned(tape_exp_sub + b * 4);
    const vec v1 = div * exp_sub;
    const vec v2 = upstream + v1;
    const int64_t entry = label[b];
    const vec v3 = iota();
    const vec v4 = vec(static_cast<double>(entry));
    const mask m1 = v3 == v4;
    const vec v5 = xsimd::select(m1, vec(1.0), vec(0.0));
    const vec v6 = vec(static_cast<double>(B));
    const vec v7 = rnnc_div(v5, v6);
    const vec d_y = v2 - v7;
    d_y.store_unaligned(d_y_at + b * 4);
  }
}

void pack_panel_R_transposed(const Run& run, int64_t begin, int64_t end) {
  const double* __restrict param_R = run.param_R;
  double* __restrict panel_R_transposed = run.panel_R_transposed;

  for (int64_t block = begin; block < end; ++block) {
    const int64_t unit = block % 4;
    for (int64_t k = 0; k < 3; ++k) {
      const vec v1 = vec::load_unaligned(param_R + k * 32 + block * 4);
      v1.store_unaligned(panel_R_transposed + k * 16 + block * 12 - unit * 8);
    }
  }
}

// add = R' @ d.y + upstream(g.h.final)
void backward_add_epilogue(const Run& run, vec sum, vec sum_2, vec sum_3, vec sum_4, int64_t b, int64_t j) {
  double* add = run.add;
  const double* d_g_h_final = run.d_g_h_final;

  const vec upstream0 = vec::load_unaligned(d_g_h_final + b * 32 + j);
  const vec v1 = sum + upstream0;
  v1.store_unaligned(add + b * 32 + j);
  const vec upstream1 = vec::load_unaligned(d_g_h_final + b * 32 + j + 4);
  const vec v2 = sum_2 + upstream1;
  v2.store_unaligned(add + b * 32 + j + 4);
  const vec upstream2 = vec::load_unaligned(d_g_h_final + b * 32 + j + 8);
  const vec v3 = sum_3 + upstream2;
  v3.store_unaligned(add + b * 32 + j + 8);
  const vec upstream3 = vec::load_unaligned(d_g_h_final + b * 32 + j + 12);
  const vec v4 = sum_4 + upstream3;
  v4.store_unaligned(add + b * 32 + j + 12);
}

// add = R' @ d.y + upstream(g.h.final)
void backward_add(const Run& run, int64_t begin, int64_t end) {
  const int64_t B = run.B;
  const double* __restrict d_y = run.d_y;
  const double* __restrict panel_R_transposed = run.panel_R_transposed;

  const int64_t tiles = B / 3;
  const int64_t odd = (B - tiles * 3) % 2;
  const int64_t given_up = std::min<int64_t>(odd, tiles);
  const int64_t pairs = ((given_up - tiles) * 3 + B) / 2;
  for (int64_t tile = begin; tile < end; ++tile) {
    for (int64_t b = 0; b < (tiles - given_up) * 3; b += 3) {
      vec v1 = vec(0.0);
      vec v2 = vec(0.0);
      vec v3 = vec(0.0);
      vec v4 = vec(0.0);
      vec v5 = vec(0.0);
      vec v6 = vec(0.0);
      vec v7 = vec(0.0);
      vec v8 = vec(0.0);
      vec v9 = vec(0.0);
      vec v10 = vec(0.0);
      vec v11 = vec(0.0);
      vec v12 = vec(0.0);
      for (int64_t k = 0; k < 3; ++k) {
        const vec x0 = vec(d_y[b * 4 + k]);
        const vec x1 = vec(d_y[(b + 1) * 4 + k]);
        const vec x2 = vec(d_y[(b + 2) * 4 + k]);
        vec w0 = vec::load_unaligned(panel_R_transposed + (tile * 3 + k) * 16); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        v9 = xsimd::fma(w0, x2, v9);
        vec w1 = vec::load_unaligned(panel_R_transposed + (tile * 3 + k) * 16 + 4); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        v10 = xsimd::fma(w1, x2, v10);
        vec w2 = vec::load_unaligned(panel_R_transposed + (tile * 3 + k) * 16 + 8); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        v11 = xsimd::fma(w2, x2, v11);
        vec w3 = vec::load_unaligned(panel_R_transposed + (tile * 3 + k) * 16 + 12); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
        v12 = xsimd::fma(w3, x2, v12);
      }
      backward_add_epilogue(run, v1, v2, v3, v4, b, tile * 16);
      backward_add_epilogue(run, v5, v6, v7, v8, b + 1, tile * 16);
      backward_add_epilogue(run, v9, v10, v11, v12, b + 2, tile * 16);
    }
    for (int64_t b = (tiles - given_up) * 3; b < (tiles - given_up) * 3 + pairs * 2; b += 2) {
      vec v1 = vec(0.0);
      vec v2 = vec(0.0);
      vec v3 = vec(0.0);
      vec v4 = vec(0.0);
      vec v5 = vec(0.0);
      vec v6 = vec(0.0);
      vec v7 = vec(0.0);
      vec v8 = vec(0.0);
      for (int64_t k = 0; k < 3; ++k) {
        const vec x0 = vec(d_y[b * 4 + k]);
        const vec x1 = vec(d_y[(b + 1) * 4 + k]);
        vec w0 = vec::load_unaligned(panel_R_transposed + (tile * 3 + k) * 16); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        vec w1 = vec::load_unaligned(panel_R_transposed + (tile * 3 + k) * 16 + 4); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        vec w2 = vec::load_unaligned(panel_R_transposed + (tile * 3 + k) * 16 + 8); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        vec w3 = vec::load_unaligned(panel_R_transposed + (tile * 3 + k) * 16 + 12); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
      }
      backward_add_epilogue(run, v1, v2, v3, v4, b, tile * 16);
      backward_add_epilogue(run, v5, v6, v7, v8, b + 1, tile * 16);
    }
  }
  const int64_t share = std::max<int64_t>(0, end - begin);
  const int64_t wide = share / 2;
  for (int64_t tile = 0; tile < wide; ++tile) {
    for (int64_t b = (tiles - given_up) * 3 + pairs * 2; b < B; ++b) {
      vec v1 = vec(0.0);
      vec v2 = vec(0.0);
      vec v3 = vec(0.0);
      vec v4 = vec(0.0);
      vec v5 = vec(0.0);
      vec v6 = vec(0.0);
      vec v7 = vec(0.0);
      vec v8 = vec(0.0);
      for (int64_t k = 0; k < 3; ++k) {
        const vec x0 = vec(d_y[b * 4 + k]);
        const vec w0 = vec::load_unaligned(panel_R_transposed + (tile * 6 + begin * 3 + k) * 16);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_R_transposed + (tile * 6 + begin * 3 + k) * 16 + 4);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_R_transposed + (tile * 6 + begin * 3 + k) * 16 + 8);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_R_transposed + (tile * 6 + begin * 3 + k) * 16 + 12);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_R_transposed + (tile * 6 + (begin + 1) * 3 + k) * 16);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_R_transposed + (tile * 6 + begin * 3 + k) * 16 + 52);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_R_transposed + (tile * 6 + begin * 3 + k) * 16 + 56);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_R_transposed + (tile * 6 + begin * 3 + k) * 16 + 60);
        v8 = xsimd::fma(w7, x0, v8);
      }
      backward_add_epilogue(run, v1, v2, v3, v4, b, (tile * 2 + begin) * 16);
      backward_add_epilogue(run, v5, v6, v7, v8, b, (tile * 2 + begin + 1) * 16);
    }
  }
  for (int64_t tile = wide * 2 + begin; tile < end; ++tile) {
    for (int64_t b = (tiles - given_up) * 3 + pairs * 2; b < B; ++b) {
      vec v1 = vec(0.0);
      vec v2 = vec(0.0);
      vec v3 = vec(0.0);
      vec v4 = vec(0.0);
      for (int64_t k = 0; k < 3; ++k) {
        const vec x0 = vec(d_y[b * 4 + k]);
        const vec w0 = vec::load_unaligned(panel_R_transposed + (tile * 3 + k) * 16);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_R_transposed + (tile * 3 + k) * 16 + 4);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_R_transposed + (tile * 3 + k) * 16 + 8);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_R_transposed + (tile * 3 + k) * 16 + 12);
        v4 = xsimd::fma(w3, x0, v4);
      }
      backward_add_epilogue(run, v1, v2, v3, v4, b, tile * 16);
    }
  }
}

// grad.b = sum(d.y over b)
void backward_grad_b(const Run& run, int64_t begin, int64_t end) {
  const int64_t B = run.B;
  const double* __restrict d_y_at = run.d_y;
  double* __restrict parameter_gradients = run.parameter_gradients;

  [[maybe_unused]] const int64_t full = std::min<int64_t>(end, 0);
  const int64_t rest = std::max<int64_t>(begin, 0);
  for (int64_t last = rest; last < end; ++last) {
    vec v1 = vec(0.0);
    for (int64_t b = 0; b < B; ++b) {
      const vec d_y = vec::load_unaligned(d_y_at + b * 4);
      v1 = v1 + d_y;
    }
    const vec v2 = load_first<3>(parameter_gradients + 96);
    const vec v3 = v2 + v1;
    store_first<3>(parameter_gradients + 96, v3);
  }
}

// g.h.final_panels as [3][block of steps][B][12]
void backward_g_h_final_panels(const Run& run, int64_t begin, int64_t end) {
  const int64_t B = run.B;
  const double* __restrict tape_g_h_final = run.tape_g_h_final;
  double* __restrict panels = run.panels;

  const int64_t full = std::min<int64_t>(end, 2);
  for (int64_t panel = begin; panel < full; ++panel) {
    for (int64_t b = 0; b < B; ++b) {
      const vec v1 = vec::load_unaligned(tape_g_h_final + b * 32 + panel * 12);
      v1.store_unaligned(panels + (panel * B + b) * 12);
      const vec v2 = vec::load_unaligned(tape_g_h_final + b * 32 + panel * 12 + 4);
      v2.store_unaligned(panels + (panel * B + b) * 12 + 4);
      const vec v3 = vec::load_unaligned(tape_g_h_final + b * 32 + panel * 12 + 8);
      v3.store_unaligned(panels + (panel * B + b) * 12 + 8);
    }
  }
  const int64_t rest = std::max<int64_t>(begin, 2);
  for (int64_t last = rest; last < end; ++last) {
    for (int64_t b = 0; b < B; ++b) {
      const vec v1 = vec::load_unaligned(tape_g_h_final + b * 32 + 24);
      v1.store_unaligned(panels + (B * 2 + b) * 12);
      const vec v2 = vec::load_unaligned(tape_g_h_final + b * 32 + 28);
      v2.store_unaligned(panels + (B * 2 + b) * 12 + 4);
    }
  }
}

// grad.R = sum(d.y @ g.h.final' over b)
void backward_grad_R(const Run& run, int64_t begin, int64_t end) {
  const int64_t B = run.B;
  const double* __restrict d_y = run.d_y;
  double* __restrict parameter_gradients = run.parameter_gradients;
  const double* __restrict panels = run.panels;

  for (int64_t tile = 0; tile < 2; ++tile) {
    const int64_t rest = std::max<int64_t>(begin, 0);
    for (int64_t last = rest; last < end; ++last) {
      RNNC_PREFETCH(parameter_gradients + tile * 12);
      RNNC_PREFETCH(parameter_gradients + tile * 12 + 8);
      RNNC_PREFETCH(parameter_gradients + tile * 12 + 32);
      RNNC_PREFETCH(parameter_gradients + tile * 12 + 40);
      RNNC_PREFETCH(parameter_gradients + tile * 12 + 64);
      RNNC_PREFETCH(parameter_gradients + (tile + 6) * 12);
      vec v1 = vec(0.0);
      vec v2 = vec(0.0);
      vec v3 = vec(0.0);
      vec v4 = vec(0.0);
      vec v5 = vec(0.0);
      vec v6 = vec(0.0);
      vec v7 = vec(0.0);
      vec v8 = vec(0.0);
      vec v9 = vec(0.0);
      for (int64_t b = 0; b < B; ++b) {
        vec v10 = vec::load_unaligned(panels + (tile * B + b) * 12); RNNC_KEEP(v10);
        vec v11 = vec::load_unaligned(panels + (tile * B + b) * 12 + 4); RNNC_KEEP(v11);
        vec v12 = vec::load_unaligned(panels + (tile * B + b) * 12 + 8); RNNC_KEEP(v12);
        const vec v13 = vec(d_y[b * 4]);
        v1 = xsimd::fma(v13, v10, v1);
        v2 = xsimd::fma(v13, v11, v2);
        v3 = xsimd::fma(v13, v12, v3);
        const vec v14 = vec(d_y[b * 4 + 1]);
        v4 = xsimd::fma(v14, v10, v4);
        v5 = xsimd::fma(v14, v11, v5);
        v6 = xsimd::fma(v14, v12, v6);
        const vec v15 = vec(d_y[b * 4 + 2]);
        v7 = xsimd::fma(v15, v10, v7);
        v8 = xsimd::fma(v15, v11, v8);
        v9 = xsimd::fma(v15, v12, v9);
      }
      const vec v10 = vec::load_unaligned(parameter_gradients + tile * 12);
      const vec v11 = v10 + v1;
      v11.store_unaligned(parameter_gradients + tile * 12);
      const vec v12 = vec::load_unaligned(parameter_gradients + tile * 12 + 4);
      const vec v13 = v12 + v2;
      v13.store_unaligned(parameter_gradients + tile * 12 + 4);
      const vec v14 = vec::load_unaligned(parameter_gradients + tile * 12 + 8);
      const vec v15 = v14 + v3;
      v15.store_unaligned(parameter_gradients + tile * 12 + 8);
      const vec v16 = vec::load_unaligned(parameter_gradients + tile * 12 + 32);
      const vec v17 = v16 + v4;
      v17.store_unaligned(parameter_gradients + tile * 12 + 32);
      const vec v18 = vec::load_unaligned(parameter_gradients + (tile + 3) * 12);
      const vec v19 = v18 + v5;
      v19.store_unaligned(parameter_gradients + (tile + 3) * 12);
      const vec v20 = vec::load_unaligned(parameter_gradients + tile * 12 + 40);
      const vec v21 = v20 + v6;
      v21.store_unaligned(parameter_gradients + tile * 12 + 40);
      const vec v22 = vec::load_unaligned(parameter_gradients + tile * 12 + 64);
      const vec v23 = v22 + v7;
      v23.store_unaligned(parameter_gradients + tile * 12 + 64);
      const vec v24 = vec::load_unaligned(parameter_gradients + tile * 12 + 68);
      const vec v25 = v24 + v8;
      v25.store_unaligned(parameter_gradients + tile * 12 + 68);
      const vec v26 = vec::load_unaligned(parameter_gradients + (tile + 6) * 12);
      const vec v27 = v26 + v9;
      v27.store_unaligned(parameter_gradients + (tile + 6) * 12);
    }
  }
  const int64_t rest = std::max<int64_t>(begin, 0);
  for (int64_t last = rest; last < end; ++last) {
    RNNC_PREFETCH(parameter_gradients + 24);
    RNNC_PREFETCH(parameter_gradients + 56);
    RNNC_PREFETCH(parameter_gradients + 88);
    vec v1 = vec(0.0);
    vec v2 = vec(0.0);
    vec v3 = vec(0.0);
    vec v4 = vec(0.0);
    vec v5 = vec(0.0);
    vec v6 = vec(0.0);
    for (int64_t b = 0; b < B; ++b) {
      vec v7 = vec::load_unaligned(panels + (B * 2 + b) * 12); RNNC_KEEP(v7);
      vec v8 = vec::load_unaligned(panels + (B * 2 + b) * 12 + 4); RNNC_KEEP(v8);
      const vec v9 = vec(d_y[b * 4]);
      v1 = xsimd::fma(v9, v7, v1);
      v2 = xsimd::fma(v9, v8, v2);
      const vec v10 = vec(d_y[b * 4 + 1]);
      v3 = xsimd::fma(v10, v7, v3);
      v4 = xsimd::fma(v10, v8, v4);
      const vec v11 = vec(d_y[b * 4 + 2]);
      v5 = xsimd::fma(v11, v7, v5);
      v6 = xsimd::fma(v11, v8, v6);
    }
    const vec v7 = vec::load_unaligned(parameter_gradients + 24);
    const vec v8 = v7 + v1;
    v8.store_unaligned(parameter_gradients + 24);
    const vec v9 = vec::load_unaligned(parameter_gradients + 28);
    const vec v10 = v9 + v2;
    v10.store_unaligned(parameter_gradients + 28);
    const vec v11 = vec::load_unaligned(parameter_gradients + 56);
    const vec v12 = v11 + v3;
    v12.store_unaligned(parameter_gradients + 56);
    const vec v13 = vec::load_unaligned(parameter_gradients + 60);
    const vec v14 = v13 + v4;
    v14.store_unaligned(parameter_gradients + 60);
    const vec v15 = vec::load_unaligned(parameter_gradients + 88);
    const vec v16 = v15 + v5;
    v16.store_unaligned(parameter_gradients + 88);
    const vec v17 = vec::load_unaligned(parameter_gradients + 92);
    const vec v18 = v17 + v6;
    v18.store_unaligned(parameter_gradients + 92);
  }
}

// the steps around d.g.h, d.g.r.pre, d.g.z.pre, d.g.n.1
void backward_d_g_h_d_g_r_pre_d_g_z_pre_d_g_n_1_boundary(const Run& run, int64_t begin, int64_t end, int64_t, int64_t,
    int64_t window0) {
  const int64_t T = run.T, B = run.B;
  double* __restrict d_g_h = run.d_g_h;
  double* __restrict d_g_r_pre = run.d_g_r_pre;
  double* __restrict d_g_z_pre = run.d_g_z_pre;
  double* __restrict d_g_n_1 = run.d_g_n_1;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 8; ++j) {
      vec(0.0).store_unaligned(d_g_h + ((T - window0) * B + b) * 32 + j * 4);
    }
    for (int64_t j = 0; j < 8; ++j) {
      vec(0.0).store_unaligned(d_g_r_pre + ((T - window0) * B + b) * 32 + j * 4);
    }
    for (int64_t j = 0; j < 8; ++j) {
      vec(0.0).store_unaligned(d_g_z_pre + ((T - window0) * B + b) * 32 + j * 4);
    }
    for (int64_t j = 0; j < 8; ++j) {
      vec(0.0).store_unaligned(d_g_n_1 + ((T - window0) * B + b) * 32 + j * 4);
    }
  }
}

// from one window to the steps around the next: d.g.h, d.g.r.pre, d.g.z.pre, d.g.n.1
void backward_handed_on(const Run& run, int64_t begin, int64_t end, int64_t, int64_t) {
  const int64_t B = run.B, window = run.window;
  double* __restrict d_g_h = run.d_g_h;
  double* __restrict d_g_r_pre = run.d_g_r_pre;
  double* __restrict d_g_z_pre = run.d_g_z_pre;
  double* __restrict d_g_n_1 = run.d_g_n_1;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 8; ++j) {
      const vec v1 = vec::load_unaligned(d_g_h + b * 32 + j * 4);
      v1.store_unaligned(d_g_h + (window * B + b) * 32 + j * 4);
    }
    for (int64_t j = 0; j < 8; ++j) {
      const vec v1 = vec::load_unaligned(d_g_r_pre + b * 32 + j * 4);
      v1.store_unaligned(d_g_r_pre + (window * B + b) * 32 + j * 4);
    }
    for (int64_t j = 0; j < 8; ++j) {
      const vec v1 = vec::load_unaligned(d_g_z_pre + b * 32 + j * 4);
      v1.store_unaligned(d_g_z_pre + (window * B + b) * 32 + j * 4);
    }
    for (int64_t j = 0; j < 8; ++j) {
      const vec v1 = vec::load_unaligned(d_g_n_1 + b * 32 + j * 4);
      v1.store_unaligned(d_g_n_1 + (window * B + b) * 32 + j * 4);
    }
  }
}

// from one window to the steps around the next: g.z
void again_handed_on(const Run& run, int64_t begin, int64_t end, int64_t, int64_t) {
  const int64_t B = run.B, window = run.window;
  double* __restrict tape_g_z = run.tape_g_z;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 8; ++j) {
      const vec v1 = vec::load_unaligned(tape_g_z + b * 32 + j * 4);
      v1.store_unaligned(tape_g_z + (window * B + b) * 32 + j * 4);
    }
  }
}

// what a window goes on from, as it was kept: g.h
void again_restored(const Run& run, int64_t begin, int64_t end, int64_t w, int64_t) {
  const int64_t B = run.B;
  double* __restrict tape_g_h = run.tape_g_h;
  const double* __restrict checkpoints_g_h = run.checkpoints_g_h;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 8; ++j) {
      const vec v1 = vec::load_unaligned(checkpoints_g_h + (w * B + b) * 32 + j * 4);
      v1.store_unaligned(tape_g_h + b * 32 + j * 4);
    }
  }
}

// x = x
void backward_x(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t, int64_t) {
  const int64_t B = run.B;
  const double* __restrict x_at = run.x;
  double* __restrict x_2 = run.x_2;

  for (int64_t r = t0 * B + begin; r < t0 * B + end; ++r) {
    const int64_t t = r / B;
    const int64_t length = run.length(0, r - t * B);
    for (int64_t j = 0; j < 2; ++j) {
      const vec x = vec::load_unaligned(x_at + r * 8 + j * 4);
      const mask m1 = mask(t < length);
      const vec v1 = xsimd::select(m1, x, vec(0.0));
      v1.store_unaligned(x_2 + (r - t0 * B) * 8 + j * 4);
    }
  }
}

void pack_panel_g_U_r_transposed(const Run& run, int64_t begin, int64_t end) {
  const double* __restrict param_g_U_r = run.param_g_U_r;
  double* __restrict panel_g_U_r_transposed = run.panel_g_U_r_transposed;

  for (int64_t block = begin; block < end; ++block) {
    const int64_t unit = block % 4;
    for (int64_t k = 0; k < 32; ++k) {
      const vec v1 = vec::load_unaligned(param_g_U_r + k * 32 + block * 4);
      v1.store_unaligned(panel_g_U_r_transposed + (block * 8 + k) * 16 - unit * 124);
    }
  }
}

void pack_panel_g_U_z_transposed(const Run& run, int64_t begin, int64_t end) {
  const double* __restrict param_g_U_z = run.param_g_U_z;
  double* __restrict panel_g_U_z_transposed = run.panel_g_U_z_transposed;

  for (int64_t block = begin; block < end; ++block) {
    const int64_t unit = block % 4;
    for (int64_t k = 0; k < 32; ++k) {
      const vec v1 = vec::load_unaligned(param_g_U_z + k * 32 + block * 4);
      v1.store_unaligned(panel_g_U_z_transposed + (block * 8 + k) * 16 - unit * 124);
    }
  }
}

void pack_panel_g_U_n_transposed(const Run& run, int64_t begin, int64_t end) {
  const double* __restrict param_g_U_n = run.param_g_U_n;
  double* __restrict panel_g_U_n_transposed = run.panel_g_U_n_transposed;

  for (int64_t block = begin; block < end; ++block) {
    const int64_t unit = block % 4;
    for (int64_t k = 0; k < 32; ++k) {
      const vec v1 = vec::load_unaligned(param_g_U_n + k * 32 + block * 4);
      v1.store_unaligned(panel_g_U_n_transposed + (block * 8 + k) * 16 - unit * 124);
    }
  }
}

// d.g.h = d.g.h_sum + d.g.h[t+1] * g.z[t+1] + impulse(R' @ d.y + upstream(g.h.final), last)    (gru.rnn:10)
// d.g.n.pre = d.g.n * (1 - g.n^2)    (gru.rnn:18)
// d.g.r.pre = d.g.r * g.r * (1 - g.r)    (gru.rnn:16)
// d.g.z.pre = d.g.z * g.z * (1 - g.z)    (gru.rnn:17)
// d.g.n.1 = d.g.n.pre * g.r    (gru.rnn:18)
void backward_d_g_h_d_g_n_pre_d_g_r_pre_d_g_z_pre_epilogue(const Run& run, vec d_g_h_sum, vec d_g_h_sum_2,
    vec d_g_h_sum_3, vec d_g_h_sum_4, int64_t t0, int64_t t, int64_t window0, int64_t b, int64_t j) {
  const int64_t B = run.B;
  const double* tape_g_r = run.tape_g_r;
  const double* tape_g_z = run.tape_g_z;
  const double* tape_add = run.tape_add;
  const double* tape_g_n = run.tape_g_n;
  const double* tape_g_h = run.tape_g_h;
  const double* add = run.add;
  double* d_g_h = run.d_g_h;
  double* d_g_n_pre = run.d_g_n_pre;
  double* d_g_r_pre = run.d_g_r_pre;
  double* d_g_z_pre = run.d_g_z_pre;
  double* d_g_n_1 = run.d_g_n_1;

  const vec d_g_h_after0 = vec::load_unaligned(d_g_h + ((t - window0 + 1) * B + b) * 32 + j);
  const vec g_z_after0 = vec::load_unaligned(tape_g_z + ((t - window0 + 1) * B + b) * 32 + j);
  const vec v1 = d_g_h_after0 * g_z_after0;
  const int64_t length = run.length(0, b);
  const mask m1 = mask(t < length);
  const mask m2 = mask(t < length - 1);
  const mask m3 = ~m2;
  const mask m4 = m1 & m3;
  const vec add0 = vec::load_unaligned(add + b * 32 + j);
  const vec v2 = xsimd::select(m4, add0, vec(0.0));
  const vec v3 = v1 + v2;
  const vec d_g_h0 = d_g_h_sum + v3;
  const mask m5 = mask(t < length);
  const vec v4 = xsimd::select(m5, d_g_h0, vec(0.0));
  v4.store_unaligned(d_g_h + ((t - window0) * B + b) * 32 + j);
  const vec d_g_h_after1 = vec::load_unaligned(d_g_h + ((t - window0 + 1) * B + b) * 32 + j + 4);
  const vec g_z_after1 = vec::load_unaligned(tape_g_z + ((t - window0 + 1) * B + b) * 32 + j + 4);
  const vec v5 = d_g_h_after1 * g_z_after1;
  const mask m6 = mask(t < length);
  const mask m7 = mask(t < length - 1);
  const mask m8 = ~m7;
  const mask m9 = m6 & m8;
  const vec add1 = vec::load_unaligned(add + b * 32 + j + 4);
  const vec v6 = xsimd::select(m9, add1, vec(0.0));
  const vec v7 = v5 + v6;
  const vec d_g_h1 = d_g_h_sum_2 + v7;
  const mask m10 = mask(t < length);
  const vec v8 = xsimd::select(m10, d_g_h1, vec(0.0));
  v8.store_unaligned(d_g_h + ((t - window0) * B + b) * 32 + j + 4);
  const vec d_g_h_after2 = vec::load_unaligned(d_g_h + ((t - window0 + 1) * B + b) * 32 + j + 8);
  const vec g_z_after2 = vec::load_unaligned(tape_g_z + ((t - window0 + 1) * B + b) * 32 + j + 8);
  const vec v9 = d_g_h_after2 * g_z_after2;
  const mask m11 = mask(t < length);
  const mask m12 = mask(t < length - 1);
  const mask m13 = ~m12;
  const mask m14 = m11 & m13;
  const vec add2 = vec::load_unaligned(add + b * 32 + j + 8);
  const vec v10 = xsimd::select(m14, add2, vec(0.0));
  const vec v11 = v9 + v10;
  const vec d_g_h2 = d_g_h_sum_3 + v11;
  const mask m15 = mask(t < length);
  const vec v12 = xsimd::select(m15, d_g_h2, vec(0.0));
  v12.store_unaligned(d_g_h + ((t - window0) * B + b) * 32 + j + 8);
  const vec d_g_h_after3 = vec::load_unaligned(d_g_h + ((t - window0 + 1) * B + b) * 32 + j + 12);
  const vec g_z_after3 = vec::load_unaligned(tape_g_z + ((t - window0 + 1) * B + b) * 32 + j + 12);
  const vec v13 = d_g_h_after3 * g_z_after3;
  const mask m16 = mask(t < length);
  const mask m17 = mask(t < length - 1);
  const mask m18 = ~m17;
  const mask m19 = m16 & m18;
  const vec add3 = vec::load_unaligned(add + b * 32 + j + 12);
  const vec v14 = xsimd::select(m19, add3, vec(0.0));
  const vec v15 = v13 + v14;
  const vec d_g_h3 = d_g_h_sum_4 + v15;
  const mask m20 = mask(t < length);
  const vec v16 = xsimd::select(m20, d_g_h3, vec(0.0));
  v16.store_unaligned(d_g_h + ((t - window0) * B + b) * 32 + j + 12);
  const vec g_z0 = vec::load_unaligned(tape_g_z + ((t - window0) * B + b) * 32 + j);
  const vec v17 = vec(1.0) - g_z0;
  const vec d_g_n0 = d_g_h0 * v17;
  const vec g_n0 = vec::load_unaligned(tape_g_n + ((t - window0) * B + b) * 32 + j);
  const vec v18 = g_n0 * g_n0;
  const vec v19 = vec(1.0) - v18;
  const vec d_g_n_pre0 = d_g_n0 * v19;
  const mask m21 = mask(t < length);
  const vec v20 = xsimd::select(m21, d_g_n_pre0, vec(0.0));
  v20.store_unaligned(d_g_n_pre + ((t - t0) * B + b) * 32 + j);
  const vec g_z1 = vec::load_unaligned(tape_g_z + ((t - window0) * B + b) * 32 + j + 4);
  const vec v21 = vec(1.0) - g_z1;
  const vec d_g_n1 = d_g_h1 * v21;
  const vec g_n1 = vec::load_unaligned(tape_g_n + ((t - window0) * B + b) * 32 + j + 4);
  const vec v22 = g_n1 * g_n1;
  const vec v23 = vec(1.0) - v22;
  const vec d_g_n_pre1 = d_g_n1 * v23;
  const mask m22 = mask(t < length);
  const vec v24 = xsimd::select(m22, d_g_n_pre1, vec(0.0));
  v24.store_unaligned(d_g_n_pre + ((t - t0) * B + b) * 32 + j + 4);
  const vec g_z2 = vec::load_unaligned(tape_g_z + ((t - window0) * B + b) * 32 + j + 8);
  const vec v25 = vec(1.0) - g_z2;
  const vec d_g_n2 = d_g_h2 * v25;
  const vec g_n2 = vec::load_unaligned(tape_g_n + ((t - window0) * B + b) * 32 + j + 8);
  const vec v26 = g_n2 * g_n2;
  const vec v27 = vec(1.0) - v26;
  const vec d_g_n_pre2 = d_g_n2 * v27;
  const mask m23 = mask(t < length);
  const vec v28 = xsimd::select(m23, d_g_n_pre2, vec(0.0));
  v28.store_unaligned(d_g_n_pre + ((t - t0) * B + b) * 32 + j + 8);
  const vec g_z3 = vec::load_unaligned(tape_g_z + ((t - window0) * B + b) * 32 + j + 12);
  const vec v29 = vec(1.0) - g_z3;
  const vec d_g_n3 = d_g_h3 * v29;
  const vec g_n3 = vec::load_unaligned(tape_g_n + ((t - window0) * B + b) * 32 + j + 12);
  const vec v30 = g_n3 * g_n3;
  const vec v31 = vec(1.0) - v30;
  const vec d_g_n_pre3 = d_g_n3 * v31;
  const mask m24 = mask(t < length);
  const vec v32 = xsimd::select(m24, d_g_n_pre3, vec(0.0));
  v32.store_unaligned(d_g_n_pre + ((t - t0) * B + b) * 32 + j + 12);
  const vec add4 = vec::load_unaligned(tape_add + ((t - window0) * B + b) * 32 + j);
  const vec d_g_r0 = d_g_n_pre0 * add4;
  const vec g_r0 = vec::load_unaligned(tape_g_r + ((t - window0) * B + b) * 32 + j);
  const vec v33 = d_g_r0 * g_r0;
  const vec v34 = vec(1.0) - g_r0;
  const vec d_g_r_pre0 = v33 * v34;
  const mask m25 = mask(t < length);
  const vec v35 = xsimd::select(m25, d_g_r_pre0, vec(0.0));
  v35.store_unaligned(d_g_r_pre + ((t - window0) * B + b) * 32 + j);
  const vec add5 = vec::load_unaligned(tape_add + ((t - window0) * B + b) * 32 + j + 4);
  const vec d_g_r1 = d_g_n_pre1 * add5;
  const vec g_r1 = vec::load_unaligned(tape_g_r + ((t - window0) * B + b) * 32 + j + 4);
  const vec v36 = d_g_r1 * g_r1;
  const vec v37 = vec(1.0) - g_r1;
  const vec d_g_r_pre1 = v36 * v37;
  const mask m26 = mask(t < length);
  const vec v38 = xsimd::select(m26, d_g_r_pre1, vec(0.0));
  v38.store_unaligned(d_g_r_pre + ((t - window0) * B + b) * 32 + j + 4);
  const vec add6 = vec::load_unaligned(tape_add + ((t - window0) * B + b) * 32 + j + 8);
  const vec d_g_r2 = d_g_n_pre2 * add6;
  const vec g_r2 = vec::load_unaligned(tape_g_r + ((t - window0) * B + b) * 32 + j + 8);
  const vec v39 = d_g_r2 * g_r2;
  const vec v40 = vec(1.0) - g_r2;
  const vec d_g_r_pre2 = v39 * v40;
  const mask m27 = mask(t < length);
  const vec v41 = xsimd::select(m27, d_g_r_pre2, vec(0.0));
  v41.store_unaligned(d_g_r_pre + ((t - window0) * B + b) * 32 + j + 8);
  const vec add7 = vec::load_unaligned(tape_add + ((t - window0) * B + b) * 32 + j + 12);
  const vec d_g_r3 = d_g_n_pre3 * add7;
  const vec g_r3 = vec::load_unaligned(tape_g_r + ((t - window0) * B + b) * 32 + j + 12);
  const vec v42 = d_g_r3 * g_r3;
  const vec v43 = vec(1.0) - g_r3;
  const vec d_g_r_pre3 = v42 * v43;
  const mask m28 = mask(t < length);
  const vec v44 = xsimd::select(m28, d_g_r_pre3, vec(0.0));
  v44.store_unaligned(d_g_r_pre + ((t - window0) * B + b) * 32 + j + 12);
  const vec g_h_before0 = vec::load_unaligned(tape_g_h + ((t - window0) * B + b) * 32 + j);
  const vec v45 = g_h_before0 - g_n0;
  const vec d_g_z0 = d_g_h0 * v45;
  const vec v46 = d_g_z0 * g_z0;
  const vec d_g_z_pre0 = v46 * v17;
  const mask m29 = mask(t < length);
  const vec v47 = xsimd::select(m29, d_g_z_pre0, vec(0.0));
  v47.store_unaligned(d_g_z_pre + ((t - window0) * B + b) * 32 + j);
  const vec g_h_before1 = vec::load_unaligned(tape_g_h + ((t - window0) * B + b) * 32 + j + 4);
  const vec v48 = g_h_before1 - g_n1;
  const vec d_g_z1 = d_g_h1 * v48;
  const vec v49 = d_g_z1 * g_z1;
  const vec d_g_z_pre1 = v49 * v21;
  const mask m30 = mask(t < length);
  const vec v50 = xsimd::select(m30, d_g_z_pre1, vec(0.0));
  v50.store_unaligned(d_g_z_pre + ((t - window0) * B + b) * 32 + j + 4);
  const vec g_h_before2 = vec::load_unaligned(tape_g_h + ((t - window0) * B + b) * 32 + j + 8);
  const vec v51 = g_h_before2 - g_n2;
  const vec d_g_z2 = d_g_h2 * v51;
  const vec v52 = d_g_z2 * g_z2;
  const vec d_g_z_pre2 = v52 * v25;
  const mask m31 = mask(t < length);
  const vec v53 = xsimd::select(m31, d_g_z_pre2, vec(0.0));
  v53.store_unaligned(d_g_z_pre + ((t - window0) * B + b) * 32 + j + 8);
  const vec g_h_before3 = vec::load_unaligned(tape_g_h + ((t - window0) * B + b) * 32 + j + 12);
  const vec v54 = g_h_before3 - g_n3;
  const vec d_g_z3 = d_g_h3 * v54;
  const vec v55 = d_g_z3 * g_z3;
  const vec d_g_z_pre3 = v55 * v29;
  const mask m32 = mask(t < length);
  const vec v56 = xsimd::select(m32, d_g_z_pre3, vec(0.0));
  v56.store_unaligned(d_g_z_pre + ((t - window0) * B + b) * 32 + j + 12);
  const vec d_g_n_1_0 = d_g_n_pre0 * g_r0;
  const mask m33 = mask(t < length);
  const vec v57 = xsimd::select(m33, d_g_n_1_0, vec(0.0));
  v57.store_unaligned(d_g_n_1 + ((t - window0) * B + b) * 32 + j);
  const vec d_g_n_1_1 = d_g_n_pre1 * g_r1;
  const mask m34 = mask(t < length);
  const vec v58 = xsimd::select(m34, d_g_n_1_1, vec(0.0));
  v58.store_unaligned(d_g_n_1 + ((t - window0) * B + b) * 32 + j + 4);
  const vec d_g_n_1_2 = d_g_n_pre2 * g_r2;
  const mask m35 = mask(t < length);
  const vec v59 = xsimd::select(m35, d_g_n_1_2, vec(0.0));
  v59.store_unaligned(d_g_n_1 + ((t - window0) * B + b) * 32 + j + 8);
  const vec d_g_n_1_3 = d_g_n_pre3 * g_r3;
  const mask m36 = mask(t < length);
  const vec v60 = xsimd::select(m36, d_g_n_1_3, vec(0.0));
  v60.store_unaligned(d_g_n_1 + ((t - window0) * B + b) * 32 + j + 12);
}

void backward_d_g_h_d_g_n_pre_d_g_r_pre_d_g_z_pre_prefetch(const Run& run, int64_t, int64_t t, int64_t window0,
    int64_t b, int64_t j) {
  const int64_t B = run.B;
  const double* tape_g_r = run.tape_g_r;
  const double* tape_g_z = run.tape_g_z;
  const double* tape_add = run.tape_add;
  const double* tape_g_n = run.tape_g_n;
  const double* tape_g_h = run.tape_g_h;
  const double* d_g_h = run.d_g_h;
  const double* d_g_r_pre = run.d_g_r_pre;
  const double* d_g_z_pre = run.d_g_z_pre;
  const double* d_g_n_1 = run.d_g_n_1;

  RNNC_PREFETCH(d_g_h + ((t - window0 + 1) * B + b) * 32 + j);
  RNNC_PREFETCH(d_g_h + ((t - window0 + 1) * B + b) * 32 + j + 8);
  RNNC_PREFETCH(tape_g_z + ((t - window0 + 1) * B + b) * 32 + j);
  RNNC_PREFETCH(tape_g_z + ((t - window0 + 1) * B + b) * 32 + j + 8);
  RNNC_PREFETCH(d_g_h + ((t - window0) * B + b) * 32 + j);
  RNNC_PREFETCH(d_g_h + ((t - window0) * B + b) * 32 + j + 8);
  RNNC_PREFETCH(tape_g_z + ((t - window0) * B + b) * 32 + j);
  RNNC_PREFETCH(tape_g_z + ((t - window0) * B + b) * 32 + j + 8);
  RNNC_PREFETCH(tape_g_n + ((t - window0) * B + b) * 32 + j);
  RNNC_PREFETCH(tape_g_n + ((t - window0) * B + b) * 32 + j + 8);
  RNNC_PREFETCH(tape_add + ((t - window0) * B + b) * 32 + j);
  RNNC_PREFETCH(tape_add + ((t - window0) * B + b) * 32 + j + 8);
  RNNC_PREFETCH(tape_g_r + ((t - window0) * B + b) * 32 + j);
  RNNC_PREFETCH(tape_g_r + ((t - window0) * B + b) * 32 + j + 8);
  RNNC_PREFETCH(d_g_r_pre + ((t - window0) * B + b) * 32 + j);
  RNNC_PREFETCH(d_g_r_pre + ((t - window0) * B + b) * 32 + j + 8);
  RNNC_PREFETCH(tape_g_h + ((t - window0) * B + b) * 32 + j);
  RNNC_PREFETCH(tape_g_h + ((t - window0) * B + b) * 32 + j + 8);
  RNNC_PREFETCH(d_g_z_pre + ((t - window0) * B + b) * 32 + j);
  RNNC_PREFETCH(d_g_z_pre + ((t - window0) * B + b) * 32 + j + 8);
  RNNC_PREFETCH(d_g_n_1 + ((t - window0) * B + b) * 32 + j);
  RNNC_PREFETCH(d_g_n_1 + ((t - window0) * B + b) * 32 + j + 8);
}

// d.g.h = d.g.h_sum + d.g.h[t+1] * g.z[t+1] + impulse(R' @ d.y + upstream(g.h.final), last)    (gru.rnn:10)
// d.g.n.pre = d.g.n * (1 - g.n^2)    (gru.rnn:18)
// d.g.r.pre = d.g.r * g.r * (1 - g.r)    (gru.rnn:16)
// d.g.z.pre = d.g.z * g.z * (1 - g.z)    (gru.rnn:17)
// d.g.n.1 = d.g.n.pre * g.r    (gru.rnn:18)
void backward_d_g_h_d_g_n_pre_d_g_r_pre_d_g_z_pre(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t,
    int64_t window0) {
  const int64_t B = run.B;
  const double* d_g_r_pre = run.d_g_r_pre;
  const double* d_g_z_pre = run.d_g_z_pre;
  const double* d_g_n_1 = run.d_g_n_1;
  const double* __restrict panel_g_U_r_transposed = run.panel_g_U_r_transposed;
  const double* __restrict panel_g_U_z_transposed = run.panel_g_U_z_transposed;
  const double* __restrict panel_g_U_n_transposed = run.panel_g_U_n_transposed;

  const int64_t tiles = B / 3;
  const int64_t odd = (B - tiles * 3) % 2;
  const int64_t given_up = std::min<int64_t>(odd, tiles);
  const int64_t pairs = ((given_up - tiles) * 3 + B) / 2;
  for (int64_t tile = begin; tile < end; ++tile) {
    for (int64_t b = 0; b < (tiles - given_up) * 3; b += 3) {
      backward_d_g_h_d_g_n_pre_d_g_r_pre_d_g_z_pre_prefetch(run, t0, t, window0, b, tile * 16);
      backward_d_g_h_d_g_n_pre_d_g_r_pre_d_g_z_pre_prefetch(run, t0, t, window0, b + 1, tile * 16);
      backward_d_g_h_d_g_n_pre_d_g_r_pre_d_g_z_pre_prefetch(run, t0, t, window0, b + 2, tile * 16);
      vec v1 = vec(0.0);
      vec v2 = vec(0.0);
      vec v3 = vec(0.0);
      vec v4 = vec(0.0);
      vec v5 = vec(0.0);
      vec v6 = vec(0.0);
      vec v7 = vec(0.0);
      vec v8 = vec(0.0);
      vec v9 = vec(0.0);
      vec v10 = vec(0.0);
      vec v11 = vec(0.0);
      vec v12 = vec(0.0);
      #pragma GCC unroll 4
      for (int64_t k = 0; k < 32; ++k) {
        const vec x0 = vec(d_g_r_pre[((t - window0 + 1) * B + b) * 32 + k]);
        const vec x1 = vec(d_g_r_pre[((t - window0 + 1) * B + b + 1) * 32 + k]);
        const vec x2 = vec(d_g_r_pre[((t - window0 + 1) * B + b + 2) * 32 + k]);
        vec w0 = vec::load_unaligned(panel_g_U_r_transposed + (tile * 32 + k) * 16); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        v9 = xsimd::fma(w0, x2, v9);
        vec w1 = vec::load_unaligned(panel_g_U_r_transposed + (tile * 32 + k) * 16 + 4); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        v10 = xsimd::fma(w1, x2, v10);
        vec w2 = vec::load_unaligned(panel_g_U_r_transposed + (tile * 32 + k) * 16 + 8); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        v11 = xsimd::fma(w2, x2, v11);
        vec w3 = vec::load_unaligned(panel_g_U_r_transposed + (tile * 32 + k) * 16 + 12); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
        v12 = xsimd::fma(w3, x2, v12);
      }
      #pragma GCC unroll 4
      for (int64_t k = 0; k < 32; ++k) {
        const vec x0 = vec(d_g_z_pre[((t - window0 + 1) * B + b) * 32 + k]);
        const vec x1 = vec(d_g_z_pre[((t - window0 + 1) * B + b + 1) * 32 + k]);
        const vec x2 = vec(d_g_z_pre[((t - window0 + 1) * B + b + 2) * 32 + k]);
        vec w0 = vec::load_unaligned(panel_g_U_z_transposed + (tile * 32 + k) * 16); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        v9 = xsimd::fma(w0, x2, v9);
        vec w1 = vec::load_unaligned(panel_g_U_z_transposed + (tile * 32 + k) * 16 + 4); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        v10 = xsimd::fma(w1, x2, v10);
        vec w2 = vec::load_unaligned(panel_g_U_z_transposed + (tile * 32 + k) * 16 + 8); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        v11 = xsimd::fma(w2, x2, v11);
        vec w3 = vec::load_unaligned(panel_g_U_z_transposed + (tile * 32 + k) * 16 + 12); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
        v12 = xsimd::fma(w3, x2, v12);
      }
      #pragma GCC unroll 4
      for (int64_t k = 0; k < 32; ++k) {
        const vec x0 = vec(d_g_n_1[((t - window0 + 1) * B + b) * 32 + k]);
        const vec x1 = vec(d_g_n_1[((t - window0 + 1) * B + b + 1) * 32 + k]);
        const vec x2 = vec(d_g_n_1[((t - window0 + 1) * B + b + 2) * 32 + k]);
        vec w0 = vec::load_unaligned(panel_g_U_n_transposed + (tile * 32 + k) * 16); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        v9 = xsimd::fma(w0, x2, v9);
        vec w1 = vec::load_unaligned(panel_g_U_n_transposed + (tile * 32 + k) * 16 + 4); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        v10 = xsimd::fma(w1, x2, v10);
        vec w2 = vec::load_unaligned(panel_g_U_n_transposed + (tile * 32 + k) * 16 + 8); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        v11 = xsimd::fma(w2, x2, v11);
        vec w3 = vec::load_unaligned(panel_g_U_n_transposed + (tile * 32 + k) * 16 + 12); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
        v12 = xsimd::fma(w3, x2, v12);
      }
      backward_d_g_h_d_g_n_pre_d_g_r_pre_d_g_z_pre_epilogue(run, v1, v2, v3, v4, t0, t, window0, b, tile * 16);
      backward_d_g_h_d_g_n_pre_d_g_r_pre_d_g_z_pre_epilogue(run, v5, v6, v7, v8, t0, t, window0, b + 1, tile * 16);
      backward_d_g_h_d_g_n_pre_d_g_r_pre_d_g_z_pre_epilogue(run, v9, v10, v11, v12, t0, t, window0, b + 2, tile * 16);
    }
    for (int64_t b = (tiles - given_up) * 3; b < (tiles - given_up) * 3 + pairs * 2; b += 2) {
      backward_d_g_h_d_g_n_pre_d_g_r_pre_d_g_z_pre_prefetch(run, t0, t, window0, b, tile * 16);
      backward_d_g_h_d_g_n_pre_d_g_r_pre_d_g_z_pre_prefetch(run, t0, t, window0, b + 1, tile * 16);
      vec v1 = vec(0.0);
      vec v2 = vec(0.0);
      vec v3 = vec(0.0);
      vec v4 = vec(0.0);
      vec v5 = vec(0.0);
      vec v6 = vec(0.0);
      vec v7 = vec(0.0);
      vec v8 = vec(0.0);
      for (int64_t k = 0; k < 32; ++k) {
        const vec x0 = vec(d_g_r_pre[((t - window0 + 1) * B + b) * 32 + k]);
        const vec x1 = vec(d_g_r_pre[((t - window0 + 1) * B + b + 1) * 32 + k]);
        vec w0 = vec::load_unaligned(panel_g_U_r_transposed + (tile * 32 + k) * 16); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        vec w1 = vec::load_unaligned(panel_g_U_r_transposed + (tile * 32 + k) * 16 + 4); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        vec w2 = vec::load_unaligned(panel_g_U_r_transposed + (tile * 32 + k) * 16 + 8); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        vec w3 = vec::load_unaligned(panel_g_U_r_transposed + (tile * 32 + k) * 16 + 12); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
      }
      for (int64_t k = 0; k < 32; ++k) {
        const vec x0 = vec(d_g_z_pre[((t - window0 + 1) * B + b) * 32 + k]);
        const vec x1 = vec(d_g_z_pre[((t - window0 + 1) * B + b + 1) * 32 + k]);
        vec w0 = vec::load_unaligned(panel_g_U_z_transposed + (tile * 32 + k) * 16); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        vec w1 = vec::load_unaligned(panel_g_U_z_transposed + (tile * 32 + k) * 16 + 4); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        vec w2 = vec::load_unaligned(panel_g_U_z_transposed + (tile * 32 + k) * 16 + 8); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        vec w3 = vec::load_unaligned(panel_g_U_z_transposed + (tile * 32 + k) * 16 + 12); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
      }
      for (int64_t k = 0; k < 32; ++k) {
        const vec x0 = vec(d_g_n_1[((t - window0 + 1) * B + b) * 32 + k]);
        const vec x1 = vec(d_g_n_1[((t - window0 + 1) * B + b + 1) * 32 + k]);
        vec w0 = vec::load_unaligned(panel_g_U_n_transposed + (tile * 32 + k) * 16); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        vec w1 = vec::load_unaligned(panel_g_U_n_transposed + (tile * 32 + k) * 16 + 4); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        vec w2 = vec::load_unaligned(panel_g_U_n_transposed + (tile * 32 + k) * 16 + 8); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        vec w3 = vec::load_unaligned(panel_g_U_n_transposed + (tile * 32 + k) * 16 + 12); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
      }
      backward_d_g_h_d_g_n_pre_d_g_r_pre_d_g_z_pre_epilogue(run, v1, v2, v3, v4, t0, t, window0, b, tile * 16);
      backward_d_g_h_d_g_n_pre_d_g_r_pre_d_g_z_pre_epilogue(run, v5, v6, v7, v8, t0, t, window0, b + 1, tile * 16);
    }
  }
  const int64_t share = std::max<int64_t>(0, end - begin);
  const int64_t wide = share / 2;
  for (int64_t tile = 0; tile < wide; ++tile) {
    for (int64_t b = (tiles - given_up) * 3 + pairs * 2; b < B; ++b) {
      vec v1 = vec(0.0);
      vec v2 = vec(0.0);
      vec v3 = vec(0.0);
      vec v4 = vec(0.0);
      vec v5 = vec(0.0);
      vec v6 = vec(0.0);
      vec v7 = vec(0.0);
      vec v8 = vec(0.0);
      for (int64_t k = 0; k < 32; ++k) {
        const vec x0 = vec(d_g_r_pre[((t - window0 + 1) * B + b) * 32 + k]);
        const vec w0 = vec::load_unaligned(panel_g_U_r_transposed + ((tile * 2 + begin) * 32 + k) * 16);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_g_U_r_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 4);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_g_U_r_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 8);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_g_U_r_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 12);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_g_U_r_transposed + ((tile * 2 + begin + 1) * 32 + k) * 16);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_g_U_r_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 516);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_g_U_r_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 520);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_g_U_r_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 524);
        v8 = xsimd::fma(w7, x0, v8);
      }
      for (int64_t k = 0; k < 32; ++k) {
        const vec x0 = vec(d_g_z_pre[((t - window0 + 1) * B + b) * 32 + k]);
        const vec w0 = vec::load_unaligned(panel_g_U_z_transposed + ((tile * 2 + begin) * 32 + k) * 16);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_g_U_z_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 4);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_g_U_z_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 8);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_g_U_z_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 12);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_g_U_z_transposed + ((tile * 2 + begin + 1) * 32 + k) * 16);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_g_U_z_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 516);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_g_U_z_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 520);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_g_U_z_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 524);
        v8 = xsimd::fma(w7, x0, v8);
      }
      for (int64_t k = 0; k < 32; ++k) {
        const vec x0 = vec(d_g_n_1[((t - window0 + 1) * B + b) * 32 + k]);
        const vec w0 = vec::load_unaligned(panel_g_U_n_transposed + ((tile * 2 + begin) * 32 + k) * 16);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_g_U_n_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 4);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_g_U_n_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 8);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_g_U_n_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 12);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_g_U_n_transposed + ((tile * 2 + begin + 1) * 32 + k) * 16);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_g_U_n_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 516);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_g_U_n_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 520);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_g_U_n_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 524);
        v8 = xsimd::fma(w7, x0, v8);
      }
      backward_d_g_h_d_g_n_pre_d_g_r_pre_d_g_z_pre_epilogue(run, v1, v2, v3, v4, t0, t, window0, b,
          (tile * 2 + begin) * 16);
      backward_d_g_h_d_g_n_pre_d_g_r_pre_d_g_z_pre_epilogue(run, v5, v6, v7, v8, t0, t, window0, b,
          (tile * 2 + begin + 1) * 16);
    }
  }
  for (int64_t tile = wide * 2 + begin; tile < end; ++tile) {
    for (int64_t b = (tiles - given_up) * 3 + pairs * 2; b < B; ++b) {
      vec v1 = vec(0.0);
      vec v2 = vec(0.0);
      vec v3 = vec(0.0);
      vec v4 = vec(0.0);
      for (int64_t k = 0; k < 32; ++k) {
        const vec x0 = vec(d_g_r_pre[((t - window0 + 1) * B + b) * 32 + k]);
        const vec w0 = vec::load_unaligned(panel_g_U_r_transposed + (tile * 32 + k) * 16);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_g_U_r_transposed + (tile * 32 + k) * 16 + 4);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_g_U_r_transposed + (tile * 32 + k) * 16 + 8);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_g_U_r_transposed + (tile * 32 + k) * 16 + 12);
        v4 = xsimd::fma(w3, x0, v4);
      }
      for (int64_t k = 0; k < 32; ++k) {
        const vec x0 = vec(d_g_z_pre[((t - window0 + 1) * B + b) * 32 + k]);
        const vec w0 = vec::load_unaligned(panel_g_U_z_transposed + (tile * 32 + k) * 16);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_g_U_z_transposed + (tile * 32 + k) * 16 + 4);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_g_U_z_transposed + (tile * 32 + k) * 16 + 8);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_g_U_z_transposed + (tile * 32 + k) * 16 + 12);
        v4 = xsimd::fma(w3, x0, v4);
      }
      for (int64_t k = 0; k < 32; ++k) {
        const vec x0 = vec(d_g_n_1[((t - window0 + 1) * B + b) * 32 + k]);
        const vec w0 = vec::load_unaligned(panel_g_U_n_transposed + (tile * 32 + k) * 16);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_g_U_n_transposed + (tile * 32 + k) * 16 + 4);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_g_U_n_transposed + (tile * 32 + k) * 16 + 8);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_g_U_n_transposed + (tile * 32 + k) * 16 + 12);
        v4 = xsimd::fma(w3, x0, v4);
      }
      backward_d_g_h_d_g_n_pre_d_g_r_pre_d_g_z_pre_epilogue(run, v1, v2, v3, v4, t0, t, window0, b, tile * 16);
    }
  }
}

void pack_panel_g_W_r_transposed(const Run& run, int64_t begin, int64_t end) {
  const double* __restrict param_g_W_r = run.param_g_W_r;
  double* __restrict panel_g_W_r_transposed = run.panel_g_W_r_transposed;

  for (int64_t block = begin; block < end; ++block) {
    for (int64_t k = 0; k < 32; ++k) {
      const vec v1 = vec::load_unaligned(param_g_W_r + k * 8 + block * 4);
      v1.store_unaligned(panel_g_W_r_transposed + block * 128 + k * 4);
    }
  }
}

void pack_panel_g_W_z_transposed(const Run& run, int64_t begin, int64_t end) {
  const double* __restrict param_g_W_z = run.param_g_W_z;
  double* __restrict panel_g_W_z_transposed = run.panel_g_W_z_transposed;

  for (int64_t block = begin; block < end; ++block) {
    for (int64_t k = 0; k < 32; ++k) {
      const vec v1 = vec::load_unaligned(param_g_W_z + k * 8 + block * 4);
      v1.store_unaligned(panel_g_W_z_transposed + block * 128 + k * 4);
    }
  }
}

void pack_panel_g_W_n_transposed(const Run& run, int64_t begin, int64_t end) {
  const double* __restrict param_g_W_n = run.param_g_W_n;
  double* __restrict panel_g_W_n_transposed = run.panel_g_W_n_transposed;

  for (int64_t block = begin; block < end; ++block) {
    for (int64_t k = 0; k < 32; ++k) {
      const vec v1 = vec::load_unaligned(param_g_W_n + k * 8 + block * 4);
      v1.store_unaligned(panel_g_W_n_transposed + block * 128 + k * 4);
    }
  }
}

// grad.x = g.W_r' @ d.g.r.pre + g.W_z' @ d.g.z.pre + g.W_n' @ d.g.n.pre
void backward_grad_x_epilogue(const Run& run, vec grad_x_3, vec grad_x_4, int64_t t0, int64_t, int64_t, int64_t r,
    int64_t j) {
  const int64_t B = run.B;
  double* grad_x = run.grad_x;
  double* grad_x_2 = run.grad_x_2;

  grad_x_3.store_unaligned(grad_x + (r - t0 * B) * 8 + j);
  const int64_t t = r / B;
  const int64_t length = run.length(0, r - t * B);
  const mask m1 = mask(t < length);
  const vec v1 = xsimd::select(m1, grad_x_3, vec(0.0));
  v1.store_unaligned(grad_x_2 + r * 8 + j);
  grad_x_4.store_unaligned(grad_x + (r - t0 * B) * 8 + j + 4);
  const mask m2 = mask(t < length);
  const vec v2 = xsimd::select(m2, grad_x_4, vec(0.0));
  v2.store_unaligned(grad_x_2 + r * 8 + j + 4);
}

void backward_grad_x_prefetch(const Run& run, int64_t, int64_t, int64_t, int64_t r, int64_t j) {
  const double* grad_x_2 = run.grad_x_2;

  RNNC_PREFETCH(grad_x_2 + r * 8 + j);
}

// grad.x = g.W_r' @ d.g.r.pre + g.W_z' @ d.g.z.pre + g.W_n' @ d.g.n.pre
void backward_grad_x(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const double* __restrict d_g_n_pre = run.d_g_n_pre;
  const double* __restrict d_g_r_pre = run.d_g_r_pre;
  const double* __restrict d_g_z_pre = run.d_g_z_pre;
  double* grad_x = run.grad_x;
  const double* __restrict panel_g_W_r_transposed = run.panel_g_W_r_transposed;
  const double* __restrict panel_g_W_z_transposed = run.panel_g_W_z_transposed;
  const double* __restrict panel_g_W_n_transposed = run.panel_g_W_n_transposed;
  double* grad_x_2 = run.grad_x_2;

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
    vec v1 = vec(0.0);
    vec v2 = vec(0.0);
    vec v3 = vec(0.0);
    vec v4 = vec(0.0);
    vec v5 = vec(0.0);
    vec v6 = vec(0.0);
    vec v7 = vec(0.0);
    vec v8 = vec(0.0);
    vec v9 = vec(0.0);
    vec v10 = vec(0.0);
    vec v11 = vec(0.0);
    vec v12 = vec(0.0);
    #pragma GCC unroll 4
    for (int64_t k = 0; k < 32; ++k) {
      vec w0 = vec::load_unaligned(panel_g_W_r_transposed + k * 4); RNNC_KEEP(w0);
      vec w1 = vec::load_unaligned(panel_g_W_r_transposed + (k + 32) * 4); RNNC_KEEP(w1);
      const vec x0 = vec(d_g_r_pre[(r - window0 * B) * 32 + k]);
      v1 = xsimd::fma(w0, x0, v1);
      v2 = xsimd::fma(w1, x0, v2);
      const vec x1 = vec(d_g_r_pre[(r - window0 * B + 1) * 32 + k]);
      v3 = xsimd::fma(w0, x1, v3);
      v4 = xsimd::fma(w1, x1, v4);
      const vec x2 = vec(d_g_r_pre[(r - window0 * B + 2) * 32 + k]);
      v5 = xsimd::fma(w0, x2, v5);
      v6 = xsimd::fma(w1, x2, v6);
      const vec x3 = vec(d_g_r_pre[(r - window0 * B + 3) * 32 + k]);
      v7 = xsimd::fma(w0, x3, v7);
      v8 = xsimd::fma(w1, x3, v8);
      const vec x4 = vec(d_g_r_pre[(r - window0 * B + 4) * 32 + k]);
      v9 = xsimd::fma(w0, x4, v9);
      v10 = xsimd::fma(w1, x4, v10);
      const vec x5 = vec(d_g_r_pre[(r - window0 * B + 5) * 32 + k]);
      v11 = xsimd::fma(w0, x5, v11);
      v12 = xsimd::fma(w1, x5, v12);
    }
    #pragma GCC unroll 4
    for (int64_t k = 0; k < 32; ++k) {
      vec w0 = vec::load_unaligned(panel_g_W_z_transposed + k * 4); RNNC_KEEP(w0);
      vec w1 = vec::load_unaligned(panel_g_W_z_transposed + (k + 32) * 4); RNNC_KEEP(w1);
      const vec x0 = vec(d_g_z_pre[(r - window0 * B) * 32 + k]);
      v1 = xsimd::fma(w0, x0, v1);
      v2 = xsimd::fma(w1, x0, v2);
      const vec x1 = vec(d_g_z_pre[(r - window0 * B + 1) * 32 + k]);
      v3 = xsimd::fma(w0, x1, v3);
      v4 = xsimd::fma(w1, x1, v4);
      const vec x2 = vec(d_g_z_pre[(r - window0 * B + 2) * 32 + k]);
      v5 = xsimd::fma(w0, x2, v5);
      v6 = xsimd::fma(w1, x2, v6);
      const vec x3 = vec(d_g_z_pre[(r - window0 * B + 3) * 32 + k]);
      v7 = xsimd::fma(w0, x3, v7);
      v8 = xsimd::fma(w1, x3, v8);
      const vec x4 = vec(d_g_z_pre[(r - window0 * B + 4) * 32 + k]);
      v9 = xsimd::fma(w0, x4, v9);
      v10 = xsimd::fma(w1, x4, v10);
      const vec x5 = vec(d_g_z_pre[(r - window0 * B + 5) * 32 + k]);
      v11 = xsimd::fma(w0, x5, v11);
      v12 = xsimd::fma(w1, x5, v12);
    }
    #pragma GCC unroll 4
    for (int64_t k = 0; k < 32; ++k) {
      vec w0 = vec::load_unaligned(panel_g_W_n_transposed + k * 4); RNNC_KEEP(w0);
      vec w1 = vec::load_unaligned(panel_g_W_n_transposed + (k + 32) * 4); RNNC_KEEP(w1);
      const vec x0 = vec(d_g_n_pre[(r - t0 * B) * 32 + k]);
      v1 = xsimd::fma(w0, x0, v1);
      v2 = xsimd::fma(w1, x0, v2);
      const vec x1 = vec(d_g_n_pre[(r - t0 * B + 1) * 32 + k]);
      v3 = xsimd::fma(w0, x1, v3);
      v4 = xsimd::fma(w1, x1, v4);
      const vec x2 = vec(d_g_n_pre[(r - t0 * B + 2) * 32 + k]);
      v5 = xsimd::fma(w0, x2, v5);
      v6 = xsimd::fma(w1, x2, v6);
      const vec x3 = vec(d_g_n_pre[(r - t0 * B + 3) * 32 + k]);
      v7 = xsimd::fma(w0, x3, v7);
      v8 = xsimd::fma(w1, x3, v8);
      const vec x4 = vec(d_g_n_pre[(r - t0 * B + 4) * 32 + k]);
      v9 = xsimd::fma(w0, x4, v9);
      v10 = xsimd::fma(w1, x4, v10);
      const vec x5 = vec(d_g_n_pre[(r - t0 * B + 5) * 32 + k]);
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
    vec v1 = vec(0.0);
    vec v2 = vec(0.0);
    vec v3 = vec(0.0);
    vec v4 = vec(0.0);
    for (int64_t k = 0; k < 32; ++k) {
      const vec x0 = vec(d_g_r_pre[(r - window0 * B) * 32 + k]);
      const vec x1 = vec(d_g_r_pre[(r - window0 * B + 1) * 32 + k]);
      vec w0 = vec::load_unaligned(panel_g_W_r_transposed + k * 4); RNNC_KEEP(w0);
      v1 = xsimd::fma(w0, x0, v1);
      v3 = xsimd::fma(w0, x1, v3);
      vec w1 = vec::load_unaligned(panel_g_W_r_transposed + (k + 32) * 4); RNNC_KEEP(w1);
      v2 = xsimd::fma(w1, x0, v2);
      v4 = xsimd::fma(w1, x1, v4);
    }
    for (int64_t k = 0; k < 32; ++k) {
      const vec x0 = vec(d_g_z_pre[(r - window0 * B) * 32 + k]);
      const vec x1 = vec(d_g_z_pre[(r - window0 * B + 1) * 32 + k]);
      vec w0 = vec::load_unaligned(panel_g_W_z_transposed + k * 4); RNNC_KEEP(w0);
      v1 = xsimd::fma(w0, x0, v1);
      v3 = xsimd::fma(w0, x1, v3);
      vec w1 = vec::load_unaligned(panel_g_W_z_transposed + (k + 32) * 4); RNNC_KEEP(w1);
      v2 = xsimd::fma(w1, x0, v2);
      v4 = xsimd::fma(w1, x1, v4);
    }
    for (int64_t k = 0; k < 32; ++k) {
      const vec x0 = vec(d_g_n_pre[(r - t0 * B) * 32 + k]);
      const vec x1 = vec(d_g_n_pre[(r - t0 * B + 1) * 32 + k]);
      vec w0 = vec::load_unaligned(panel_g_W_n_transposed + k * 4); RNNC_KEEP(w0);
      v1 = xsimd::fma(w0, x0, v1);
      v3 = xsimd::fma(w0, x1, v3);
      vec w1 = vec::load_unaligned(panel_g_W_n_transposed + (k + 32) * 4); RNNC_KEEP(w1);
      v2 = xsimd::fma(w1, x0, v2);
      v4 = xsimd::fma(w1, x1, v4);
    }
    backward_grad_x_epilogue(run, v1, v2, t0, t1, window0, r, 0);
    backward_grad_x_epilogue(run, v3, v4, t0, t1, window0, r + 1, 0);
  }
  for (int64_t r = begin * 8 + tiles * 6 + pairs * 2 + t0 * B; r < t0 * B + stop; ++r) {
    vec v1 = vec(0.0);
    vec v2 = vec(0.0);
    for (int64_t k = 0; k < 32; ++k) {
      const vec x0 = vec(d_g_r_pre[(r - window0 * B) * 32 + k]);
      const vec w0 = vec::load_unaligned(panel_g_W_r_transposed + k * 4);
      v1 = xsimd::fma(w0, x0, v1);
      const vec w1 = vec::load_unaligned(panel_g_W_r_transposed + (k + 32) * 4);
      v2 = xsimd::fma(w1, x0, v2);
    }
    for (int64_t k = 0; k < 32; ++k) {
      const vec x0 = vec(d_g_z_pre[(r - window0 * B) * 32 + k]);
      const vec w0 = vec::load_unaligned(panel_g_W_z_transposed + k * 4);
      v1 = xsimd::fma(w0, x0, v1);
      const vec w1 = vec::load_unaligned(panel_g_W_z_transposed + (k + 32) * 4);
      v2 = xsimd::fma(w1, x0, v2);
    }
    for (int64_t k = 0; k < 32; ++k) {
      const vec x0 = vec(d_g_n_pre[(r - t0 * B) * 32 + k]);
      const vec w0 = vec::load_unaligned(panel_g_W_n_transposed + k * 4);
      v1 = xsimd::fma(w0, x0, v1);
      const vec w1 = vec::load_unaligned(panel_g_W_n_transposed + (k + 32) * 4);
      v2 = xsimd::fma(w1, x0, v2);
    }
    v1.store_unaligned(grad_x + (r - t0 * B) * 8);
    const int64_t t = r / B;
    const int64_t length = run.length(0, r - t * B);
    const mask m1 = mask(t < length);
    const vec v3 = xsimd::select(m1, v1, vec(0.0));
    v3.store_unaligned(grad_x_2 + r * 8);
    v2.store_unaligned(grad_x + (r - t0 * B) * 8 + 4);
    const mask m2 = mask(t < length);
    const vec v4 = xsimd::select(m2, v2, vec(0.0));
    v4.store_unaligned(grad_x_2 + r * 8 + 4);
  }
}

// grad.g.b_r = sum(d.g.r.pre over t, b)
void backward_grad_g_b_r(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const double* __restrict d_g_r_pre = run.d_g_r_pre;
  double* __restrict parameter_gradients = run.parameter_gradients;

  for (int64_t tile = begin; tile < end; ++tile) {
    vec v1 = vec(0.0);
    vec v2 = vec(0.0);
    vec v3 = vec(0.0);
    vec v4 = vec(0.0);
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec d_g_r_pre0 = vec::load_unaligned(d_g_r_pre + ((r - window0 * B) * 2 + tile) * 16);
      const int64_t t = r / B;
      const int64_t length = run.length(0, r - t * B);
      const mask m1 = mask(t < length);
      const vec v5 = xsimd::select(m1, d_g_r_pre0, vec(0.0));
      v1 = v1 + v5;
      const vec d_g_r_pre1 = vec::load_unaligned(d_g_r_pre + ((r - window0 * B) * 2 + tile) * 16 + 4);
      const mask m2 = mask(t < length);
      const vec v6 = xsimd::select(m2, d_g_r_pre1, vec(0.0));
      v2 = v2 + v6;
      const vec d_g_r_pre2 = vec::load_unaligned(d_g_r_pre + ((r - window0 * B) * 2 + tile) * 16 + 8);
      const mask m3 = mask(t < length);
      const vec v7 = xsimd::select(m3, d_g_r_pre2, vec(0.0));
      v3 = v3 + v7;
      const vec d_g_r_pre3 = vec::load_unaligned(d_g_r_pre + ((r - window0 * B) * 2 + tile) * 16 + 12);
      const mask m4 = mask(t < length);
      const vec v8 = xsimd::select(m4, d_g_r_pre3, vec(0.0));
      v4 = v4 + v8;
    }
    const vec v5 = vec::load_unaligned(parameter_gradients + tile * 16 + 3939);
    const vec v6 = v5 + v1;
    v6.store_unaligned(parameter_gradients + tile * 16 + 3939);
    const vec v7 = vec::load_unaligned(parameter_gradients + tile * 16 + 3943);
    const vec v8 = v7 + v2;
    v8.store_unaligned(parameter_gradients + tile * 16 + 3943);
    const vec v9 = vec::load_unaligned(parameter_gradients + tile * 16 + 3947);
    const vec v10 = v9 + v3;
    v10.store_unaligned(parameter_gradients + tile * 16 + 3947);
    const vec v11 = vec::load_unaligned(parameter_gradients + tile * 16 + 3951);
    const vec v12 = v11 + v4;
    v12.store_unaligned(parameter_gradients + tile * 16 + 3951);
  }
}

// grad.g.b_z = sum(d.g.z.pre over t, b)
void backward_grad_g_b_z(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const double* __restrict d_g_z_pre = run.d_g_z_pre;
  double* __restrict parameter_gradients = run.parameter_gradients;

  for (int64_t tile = begin; tile < end; ++tile) {
    vec v1 = vec(0.0);
    vec v2 = vec(0.0);
    vec v3 = vec(0.0);
    vec v4 = vec(0.0);
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec d_g_z_pre0 = vec::load_unaligned(d_g_z_pre + ((r - window0 * B) * 2 + tile) * 16);
      const int64_t t = r / B;
      const int64_t length = run.length(0, r - t * B);
      const mask m1 = mask(t < length);
      const vec v5 = xsimd::select(m1, d_g_z_pre0, vec(0.0));
      v1 = v1 + v5;
      const vec d_g_z_pre1 = vec::load_unaligned(d_g_z_pre + ((r - window0 * B) * 2 + tile) * 16 + 4);
      const mask m2 = mask(t < length);
      const vec v6 = xsimd::select(m2, d_g_z_pre1, vec(0.0));
      v2 = v2 + v6;
      const vec d_g_z_pre2 = vec::load_unaligned(d_g_z_pre + ((r - window0 * B) * 2 + tile) * 16 + 8);
      const mask m3 = mask(t < length);
      const vec v7 = xsimd::select(m3, d_g_z_pre2, vec(0.0));
      v3 = v3 + v7;
      const vec d_g_z_pre3 = vec::load_unaligned(d_g_z_pre + ((r - window0 * B) * 2 + tile) * 16 + 12);
      const mask m4 = mask(t < length);
      const vec v8 = xsimd::select(m4, d_g_z_pre3, vec(0.0));
      v4 = v4 + v8;
    }
    const vec v5 = vec::load_unaligned(parameter_gradients + tile * 16 + 3971);
    const vec v6 = v5 + v1;
    v6.store_unaligned(parameter_gradients + tile * 16 + 3971);
    const vec v7 = vec::load_unaligned(parameter_gradients + tile * 16 + 3975);
    const vec v8 = v7 + v2;
    v8.store_unaligned(parameter_gradients + tile * 16 + 3975);
    const vec v9 = vec::load_unaligned(parameter_gradients + tile * 16 + 3979);
    const vec v10 = v9 + v3;
    v10.store_unaligned(parameter_gradients + tile * 16 + 3979);
    const vec v11 = vec::load_unaligned(parameter_gradients + tile * 16 + 3983);
    const vec v12 = v11 + v4;
    v12.store_unaligned(parameter_gradients + tile * 16 + 3983);
  }
}

// grad.g.b_n = sum(d.g.n.pre over t, b)
void backward_grad_g_b_n(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t) {
  const int64_t B = run.B;
  const double* __restrict d_g_n_pre = run.d_g_n_pre;
  double* __restrict parameter_gradients = run.parameter_gradients;

  for (int64_t tile = begin; tile < end; ++tile) {
    vec v1 = vec(0.0);
    vec v2 = vec(0.0);
    vec v3 = vec(0.0);
    vec v4 = vec(0.0);
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec d_g_n_pre0 = vec::load_unaligned(d_g_n_pre + ((r - t0 * B) * 2 + tile) * 16);
      const int64_t t = r / B;
      const int64_t length = run.length(0, r - t * B);
      const mask m1 = mask(t < length);
      const vec v5 = xsimd::select(m1, d_g_n_pre0, vec(0.0));
      v1 = v1 + v5;
      const vec d_g_n_pre1 = vec::load_unaligned(d_g_n_pre + ((r - t0 * B) * 2 + tile) * 16 + 4);
      const mask m2 = mask(t < length);
      const vec v6 = xsimd::select(m2, d_g_n_pre1, vec(0.0));
      v2 = v2 + v6;
      const vec d_g_n_pre2 = vec::load_unaligned(d_g_n_pre + ((r - t0 * B) * 2 + tile) * 16 + 8);
      const mask m3 = mask(t < length);
      const vec v7 = xsimd::select(m3, d_g_n_pre2, vec(0.0));
      v3 = v3 + v7;
      const vec d_g_n_pre3 = vec::load_unaligned(d_g_n_pre + ((r - t0 * B) * 2 + tile) * 16 + 12);
      const mask m4 = mask(t < length);
      const vec v8 = xsimd::select(m4, d_g_n_pre3, vec(0.0));
      v4 = v4 + v8;
    }
    const vec v5 = vec::load_unaligned(parameter_gradients + tile * 16 + 4003);
    const vec v6 = v5 + v1;
    v6.store_unaligned(parameter_gradients + tile * 16 + 4003);
    const vec v7 = vec::load_unaligned(parameter_gradients + tile * 16 + 4007);
    const vec v8 = v7 + v2;
    v8.store_unaligned(parameter_gradients + tile * 16 + 4007);
    const vec v9 = vec::load_unaligned(parameter_gradients + tile * 16 + 4011);
    const vec v10 = v9 + v3;
    v10.store_unaligned(parameter_gradients + tile * 16 + 4011);
    const vec v11 = vec::load_unaligned(parameter_gradients + tile * 16 + 4015);
    const vec v12 = v11 + v4;
    v12.store_unaligned(parameter_gradients + tile * 16 + 4015);
  }
}

// grad.g.d_n = sum(d.g.n.1 over t, b)
void backward_grad_g_d_n(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  double* __restrict parameter_gradients = run.parameter_gradients;
  const double* __restrict d_g_n_1 = run.d_g_n_1;

  for (int64_t tile = begin; tile < end; ++tile) {
    vec v1 = vec(0.0);
    vec v2 = vec(0.0);
    vec v3 = vec(0.0);
    vec v4 = vec(0.0);
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec d_g_n_1_0 = vec::load_unaligned(d_g_n_1 + ((r - window0 * B) * 2 + tile) * 16);
      const int64_t t = r / B;
      const int64_t length = run.length(0, r - t * B);
      const mask m1 = mask(t < length);
      const vec v5 = xsimd::select(m1, d_g_n_1_0, vec(0.0));
      v1 = v1 + v5;
      const vec d_g_n_1_1 = vec::load_unaligned(d_g_n_1 + ((r - window0 * B) * 2 + tile) * 16 + 4);
      const mask m2 = mask(t < length);
      const vec v6 = xsimd::select(m2, d_g_n_1_1, vec(0.0));
      v2 = v2 + v6;
      const vec d_g_n_1_2 = vec::load_unaligned(d_g_n_1 + ((r - window0 * B) * 2 + tile) * 16 + 8);
      const mask m3 = mask(t < length);
      const vec v7 = xsimd::select(m3, d_g_n_1_2, vec(0.0));
      v3 = v3 + v7;
      const vec d_g_n_1_3 = vec::load_unaligned(d_g_n_1 + ((r - window0 * B) * 2 + tile) * 16 + 12);
      const mask m4 = mask(t < length);
      const vec v8 = xsimd::select(m4, d_g_n_1_3, vec(0.0));
      v4 = v4 + v8;
    }
    const vec v5 = vec::load_unaligned(parameter_gradients + tile * 16 + 4099);
    const vec v6 = v5 + v1;
    v6.store_unaligned(parameter_gradients + tile * 16 + 4099);
    const vec v7 = vec::load_unaligned(parameter_gradients + tile * 16 + 4103);
    const vec v8 = v7 + v2;
    v8.store_unaligned(parameter_gradients + tile * 16 + 4103);
    const vec v9 = vec::load_unaligned(parameter_gradients + tile * 16 + 4107);
    const vec v10 = v9 + v3;
    v10.store_unaligned(parameter_gradients + tile * 16 + 4107);
    const vec v11 = vec::load_unaligned(parameter_gradients + tile * 16 + 4111);
    const vec v12 = v11 + v4;
    v12.store_unaligned(parameter_gradients + tile * 16 + 4111);
  }
}

// d.g.r.pre_panels as [3][block of steps][B][12]
void backward_d_g_r_pre_panels(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const double* __restrict d_g_r_pre = run.d_g_r_pre;
  double* __restrict panels = run.panels;

  const int64_t full = std::min<int64_t>(end, 2);
  for (int64_t panel = begin; panel < full; ++panel) {
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec v1 = vec::load_unaligned(d_g_r_pre + (r - window0 * B) * 32 + panel * 12);
      v1.store_unaligned(panels + (((t1 - t0) * panel - t0 + 3) * B + r) * 12 + 4);
      const vec v2 = vec::load_unaligned(d_g_r_pre + (r - window0 * B) * 32 + panel * 12 + 4);
      v2.store_unaligned(panels + (((t1 - t0) * panel - t0 + 3) * B + r) * 12 + 8);
      const vec v3 = vec::load_unaligned(d_g_r_pre + (r - window0 * B) * 32 + panel * 12 + 8);
      v3.store_unaligned(panels + (((t1 - t0) * panel - t0 + 3) * B + r + 1) * 12);
    }
  }
  const int64_t rest = std::max<int64_t>(begin, 2);
  for (int64_t last = rest; last < end; ++last) {
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec v1 = vec::load_unaligned(d_g_r_pre + (r - window0 * B) * 32 + 24);
      v1.store_unaligned(panels + ((-t0 + 1) * B * 3 + t1 * B * 2 + r) * 12 + 4);
      const vec v2 = vec::load_unaligned(d_g_r_pre + (r - window0 * B) * 32 + 28);
      v2.store_unaligned(panels + ((-t0 + 1) * B * 3 + t1 * B * 2 + r) * 12 + 8);
    }
  }
}

// grad.g.W_r = sum(d.g.r.pre @ x' over t, b)
void backward_grad_g_W_r(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t) {
  const int64_t B = run.B;
  const double* __restrict x_2 = run.x_2;
  double* __restrict parameter_gradients = run.parameter_gradients;
  const double* __restrict panels = run.panels;

  for (int64_t tile = 0; tile < 1; ++tile) {
    const int64_t full = std::min<int64_t>(end, 2);
    for (int64_t panel = begin; panel < full; ++panel) {
      for (int64_t m = 0; m < 12; m += 6) {
        RNNC_PREFETCH(parameter_gradients + (panel * 12 + tile + m) * 8 + 99);
        RNNC_PREFETCH(parameter_gradients + (panel * 12 + tile + m) * 8 + 107);
        RNNC_PREFETCH(parameter_gradients + (panel * 12 + tile + m) * 8 + 115);
        RNNC_PREFETCH(parameter_gradients + (panel * 12 + tile + m) * 8 + 123);
        RNNC_PREFETCH(parameter_gradients + (panel * 12 + tile + m) * 8 + 131);
        RNNC_PREFETCH(parameter_gradients + (panel * 12 + tile + m) * 8 + 139);
        vec v1 = vec(0.0);
        vec v2 = vec(0.0);
        vec v3 = vec(0.0);
        vec v4 = vec(0.0);
        vec v5 = vec(0.0);
        vec v6 = vec(0.0);
        vec v7 = vec(0.0);
        vec v8 = vec(0.0);
        vec v9 = vec(0.0);
        vec v10 = vec(0.0);
        vec v11 = vec(0.0);
        vec v12 = vec(0.0);
        for (int64_t r = t0 * B; r < t1 * B; ++r) {
          vec v13 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 8); RNNC_KEEP(v13);
          vec v14 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 8 + 4); RNNC_KEEP(v14);
          const vec v15 = vec(panels[(((t1 - t0) * panel - t0 + 3) * B + r) * 12 + m + 4]);
          v1 = xsimd::fma(v15, v13, v1);
          v2 = xsimd::fma(v15, v14, v2);
          const vec v16 = vec(panels[(((t1 - t0) * panel - t0 + 3) * B + r) * 12 + m + 5]);
          v3 = xsimd::fma(v16, v13, v3);
          v4 = xsimd::fma(v16, v14, v4);
          const vec v17 = vec(panels[(((t1 - t0) * panel - t0 + 3) * B + r) * 12 + m + 6]);
          v5 = xsimd::fma(v17, v13, v5);
          v6 = xsimd::fma(v17, v14, v6);
          const vec v18 = vec(panels[(((t1 - t0) * panel - t0 + 3) * B + r) * 12 + m + 7]);
          v7 = xsimd::fma(v18, v13, v7);
          v8 = xsimd::fma(v18, v14, v8);
          const vec v19 = vec(panels[(((t1 - t0) * panel - t0 + 3) * B + r) * 12 + m + 8]);
          v9 = xsimd::fma(v19, v13, v9);
          v10 = xsimd::fma(v19, v14, v10);
          const vec v20 = vec(panels[(((t1 - t0) * panel - t0 + 3) * B + r) * 12 + m + 9]);
          v11 = xsimd::fma(v20, v13, v11);
          v12 = xsimd::fma(v20, v14, v12);
        }
        const vec v13 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 99);
        const vec v14 = v13 + v1;
        v14.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 99);
        const vec v15 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 103);
        const vec v16 = v15 + v2;
        v16.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 103);
        const vec v17 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 107);
        const vec v18 = v17 + v3;
        v18.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 107);
        const vec v19 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 111);
        const vec v20 = v19 + v4;
        v20.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 111);
        const vec v21 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 115);
        const vec v22 = v21 + v5;
        v22.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 115);
        const vec v23 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 119);
        const vec v24 = v23 + v6;
        v24.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 119);
        const vec v25 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 123);
        const vec v26 = v25 + v7;
        v26.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 123);
        const vec v27 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 127);
        const vec v28 = v27 + v8;
        v28.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 127);
        const vec v29 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 131);
        const vec v30 = v29 + v9;
        v30.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 131);
        const vec v31 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 135);
        const vec v32 = v31 + v10;
        v32.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 135);
        const vec v33 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 139);
        const vec v34 = v33 + v11;
        v34.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 139);
        const vec v35 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 143);
        const vec v36 = v35 + v12;
        v36.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 143);
      }
    }
    const int64_t rest = std::max<int64_t>(begin, 2);
    for (int64_t last = rest; last < end; ++last) {
      RNNC_PREFETCH(parameter_gradients + tile * 8 + 291);
      RNNC_PREFETCH(parameter_gradients + tile * 8 + 299);
      RNNC_PREFETCH(parameter_gradients + tile * 8 + 307);
      RNNC_PREFETCH(parameter_gradients + tile * 8 + 315);
      RNNC_PREFETCH(parameter_gradients + tile * 8 + 323);
      RNNC_PREFETCH(parameter_gradients + tile * 8 + 331);
      vec v1 = vec(0.0);
      vec v2 = vec(0.0);
      vec v3 = vec(0.0);
      vec v4 = vec(0.0);
      vec v5 = vec(0.0);
      vec v6 = vec(0.0);
      vec v7 = vec(0.0);
      vec v8 = vec(0.0);
      vec v9 = vec(0.0);
      vec v10 = vec(0.0);
      vec v11 = vec(0.0);
      vec v12 = vec(0.0);
      for (int64_t r = t0 * B; r < t1 * B; ++r) {
        vec v13 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 8); RNNC_KEEP(v13);
        vec v14 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 8 + 4); RNNC_KEEP(v14);
        const vec v15 = vec(panels[((-t0 + 1) * B * 3 + t1 * B * 2 + r) * 12 + 4]);
        v1 = xsimd::fma(v15, v13, v1);
        v2 = xsimd::fma(v15, v14, v2);
        const vec v16 = vec(panels[((-t0 + 1) * B * 3 + t1 * B * 2 + r) * 12 + 5]);
        v3 = xsimd::fma(v16, v13, v3);
        v4 = xsimd::fma(v16, v14, v4);
        const vec v17 = vec(panels[((-t0 + 1) * B * 3 + t1 * B * 2 + r) * 12 + 6]);
        v5 = xsimd::fma(v17, v13, v5);
        v6 = xsimd::fma(v17, v14, v6);
        const vec v18 = vec(panels[((-t0 + 1) * B * 3 + t1 * B * 2 + r) * 12 + 7]);
        v7 = xsimd::fma(v18, v13, v7);
        v8 = xsimd::fma(v18, v14, v8);
        const vec v19 = vec(panels[((-t0 + 1) * B * 3 + t1 * B * 2 + r) * 12 + 8]);
        v9 = xsimd::fma(v19, v13, v9);
        v10 = xsimd::fma(v19, v14, v10);
        const vec v20 = vec(panels[((-t0 + 1) * B * 3 + t1 * B * 2 + r) * 12 + 9]);
        v11 = xsimd::fma(v20, v13, v11);
        v12 = xsimd::fma(v20, v14, v12);
      }
      const vec v13 = vec::load_unaligned(parameter_gradients + tile * 8 + 291);
      const vec v14 = v13 + v1;
      v14.store_unaligned(parameter_gradients + tile * 8 + 291);
      const vec v15 = vec::load_unaligned(parameter_gradients + tile * 8 + 295);
      const vec v16 = v15 + v2;
      v16.store_unaligned(parameter_gradients + tile * 8 + 295);
      const vec v17 = vec::load_unaligned(parameter_gradients + tile * 8 + 299);
      const vec v18 = v17 + v3;
      v18.store_unaligned(parameter_gradients + tile * 8 + 299);
      const vec v19 = vec::load_unaligned(parameter_gradients + tile * 8 + 303);
      const vec v20 = v19 + v4;
      v20.store_unaligned(parameter_gradients + tile * 8 + 303);
      const vec v21 = vec::load_unaligned(parameter_gradients + tile * 8 + 307);
      const vec v22 = v21 + v5;
      v22.store_unaligned(parameter_gradients + tile * 8 + 307);
      const vec v23 = vec::load_unaligned(parameter_gradients + tile * 8 + 311);
      const vec v24 = v23 + v6;
      v24.store_unaligned(parameter_gradients + tile * 8 + 311);
      const vec v25 = vec::load_unaligned(parameter_gradients + tile * 8 + 315);
      const vec v26 = v25 + v7;
      v26.store_unaligned(parameter_gradients + tile * 8 + 315);
      const vec v27 = vec::load_unaligned(parameter_gradients + tile * 8 + 319);
      const vec v28 = v27 + v8;
      v28.store_unaligned(parameter_gradients + tile * 8 + 319);
      const vec v29 = vec::load_unaligned(parameter_gradients + tile * 8 + 323);
      const vec v30 = v29 + v9;
      v30.store_unaligned(parameter_gradients + tile * 8 + 323);
      const vec v31 = vec::load_unaligned(parameter_gradients + tile * 8 + 327);
      const vec v32 = v31 + v10;
      v32.store_unaligned(parameter_gradients + tile * 8 + 327);
      const vec v33 = vec::load_unaligned(parameter_gradients + tile * 8 + 331);
      const vec v34 = v33 + v11;
      v34.store_unaligned(parameter_gradients + tile * 8 + 331);
      const vec v35 = vec::load_unaligned(parameter_gradients + tile * 8 + 335);
      const vec v36 = v35 + v12;
      v36.store_unaligned(parameter_gradients + tile * 8 + 335);
      RNNC_PREFETCH(parameter_gradients + tile * 8 + 339);
      RNNC_PREFETCH(parameter_gradients + tile * 8 + 347);
      vec v37 = vec(0.0);
      vec v38 = vec(0.0);
      vec v39 = vec(0.0);
      vec v40 = vec(0.0);
      for (int64_t r = t0 * B; r < t1 * B; ++r) {
        vec v41 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 8); RNNC_KEEP(v41);
        vec v42 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 8 + 4); RNNC_KEEP(v42);
        const vec v43 = vec(panels[((-t0 + 1) * B * 3 + t1 * B * 2 + r) * 12 + 10]);
        v37 = xsimd::fma(v43, v41, v37);
        v38 = xsimd::fma(v43, v42, v38);
        const vec v44 = vec(panels[((-t0 + 1) * B * 3 + t1 * B * 2 + r) * 12 + 11]);
        v39 = xsimd::fma(v44, v41, v39);
        v40 = xsimd::fma(v44, v42, v40);
      }
      const vec v41 = vec::load_unaligned(parameter_gradients + tile * 8 + 339);
      const vec v42 = v41 + v37;
      v42.store_unaligned(parameter_gradients + tile * 8 + 339);
      const vec v43 = vec::load_unaligned(parameter_gradients + tile * 8 + 343);
      const vec v44 = v43 + v38;
      v44.store_unaligned(parameter_gradients + tile * 8 + 343);
      const vec v45 = vec::load_unaligned(parameter_gradients + tile * 8 + 347);
      const vec v46 = v45 + v39;
      v46.store_unaligned(parameter_gradients + tile * 8 + 347);
      const vec v47 = vec::load_unaligned(parameter_gradients + tile * 8 + 351);
      const vec v48 = v47 + v40;
      v48.store_unaligned(parameter_gradients + tile * 8 + 351);
    }
  }
}

// d.g.z.pre_panels as [3][block of steps][B][12]
void backward_d_g_z_pre_panels(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const double* __restrict d_g_z_pre = run.d_g_z_pre;
  double* __restrict panels = run.panels;

  const int64_t full = std::min<int64_t>(end, 2);
  for (int64_t panel = begin; panel < full; ++panel) {
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec v1 = vec::load_unaligned(d_g_z_pre + (r - window0 * B) * 32 + panel * 12);
      v1.store_unaligned(panels + (((t1 - t0) * panel - t0 + 6) * B + r) * 12 + 9224);
      const vec v2 = vec::load_unaligned(d_g_z_pre + (r - window0 * B) * 32 + panel * 12 + 4);
      v2.store_unaligned(panels + (((t1 - t0) * panel - t0 + 6) * B + r + 769) * 12);
      const vec v3 = vec::load_unaligned(d_g_z_pre + (r - window0 * B) * 32 + panel * 12 + 8);
      v3.store_unaligned(panels + (((t1 - t0) * panel - t0 + 6) * B + r) * 12 + 9232);
    }
  }
  const int64_t rest = std::max<int64_t>(begin, 2);
  for (int64_t last = rest; last < end; ++last) {
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec v1 = vec::load_unaligned(d_g_z_pre + (r - window0 * B) * 32 + 24);
      v1.store_unaligned(panels + (((t1 + 3) * 2 - t0 * 3) * B + r) * 12 + 9224);
      const vec v2 = vec::load_unaligned(d_g_z_pre + (r - window0 * B) * 32 + 28);
      v2.store_unaligned(panels + (((t1 + 3) * 2 - t0 * 3) * B + r + 769) * 12);
    }
  }
}

// grad.g.W_z = sum(d.g.z.pre @ x' over t, b)
void backward_grad_g_W_z(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t) {
  const int64_t B = run.B;
  const double* __restrict x_2 = run.x_2;
  double* __restrict parameter_gradients = run.parameter_gradients;
  const double* __restrict panels = run.panels;

  for (int64_t tile = 0; tile < 1; ++tile) {
    const int64_t full = std::min<int64_t>(end, 2);
    for (int64_t panel = begin; panel < full; ++panel) {
      for (int64_t m = 0; m < 12; m += 6) {
        RNNC_PREFETCH(parameter_gradients + (panel * 12 + tile + m) * 8 + 355);
        RNNC_PREFETCH(parameter_gradients + (panel * 12 + tile + m) * 8 + 363);
        RNNC_PREFETCH(parameter_gradients + (panel * 12 + tile + m) * 8 + 371);
        RNNC_PREFETCH(parameter_gradients + (panel * 12 + tile + m) * 8 + 379);
        RNNC_PREFETCH(parameter_gradients + (panel * 12 + tile + m) * 8 + 387);
        RNNC_PREFETCH(parameter_gradients + (panel * 12 + tile + m) * 8 + 395);
        vec v1 = vec(0.0);
        vec v2 = vec(0.0);
        vec v3 = vec(0.0);
        vec v4 = vec(0.0);
        vec v5 = vec(0.0);
        vec v6 = vec(0.0);
        vec v7 = vec(0.0);
        vec v8 = vec(0.0);
        vec v9 = vec(0.0);
        vec v10 = vec(0.0);
        vec v11 = vec(0.0);
        vec v12 = vec(0.0);
        for (int64_t r = t0 * B; r < t1 * B; ++r) {
          vec v13 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 8); RNNC_KEEP(v13);
          vec v14 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 8 + 4); RNNC_KEEP(v14);
          const vec v15 = vec(panels[(((t1 - t0) * panel - t0 + 6) * B + r) * 12 + m + 9224]);
          v1 = xsimd::fma(v15, v13, v1);
          v2 = xsimd::fma(v15, v14, v2);
          const vec v16 = vec(panels[(((t1 - t0) * panel - t0 + 6) * B + r) * 12 + m + 9225]);
          v3 = xsimd::fma(v16, v13, v3);
          v4 = xsimd::fma(v16, v14, v4);
          const vec v17 = vec(panels[(((t1 - t0) * panel - t0 + 6) * B + r) * 12 + m + 9226]);
          v5 = xsimd::fma(v17, v13, v5);
          v6 = xsimd::fma(v17, v14, v6);
          const vec v18 = vec(panels[(((t1 - t0) * panel - t0 + 6) * B + r) * 12 + m + 9227]);
          v7 = xsimd::fma(v18, v13, v7);
          v8 = xsimd::fma(v18, v14, v8);
          const vec v19 = vec(panels[(((t1 - t0) * panel - t0 + 6) * B + r + 769) * 12 + m]);
          v9 = xsimd::fma(v19, v13, v9);
          v10 = xsimd::fma(v19, v14, v10);
          const vec v20 = vec(panels[(((t1 - t0) * panel - t0 + 6) * B + r) * 12 + m + 9229]);
          v11 = xsimd::fma(v20, v13, v11);
          v12 = xsimd::fma(v20, v14, v12);
        }
        const vec v13 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 355);
        const vec v14 = v13 + v1;
        v14.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 355);
        const vec v15 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 359);
        const vec v16 = v15 + v2;
        v16.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 359);
        const vec v17 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 363);
        const vec v18 = v17 + v3;
        v18.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 363);
        const vec v19 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 367);
        const vec v20 = v19 + v4;
        v20.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 367);
        const vec v21 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 371);
        const vec v22 = v21 + v5;
        v22.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 371);
        const vec v23 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 375);
        const vec v24 = v23 + v6;
        v24.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 375);
        const vec v25 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 379);
        const vec v26 = v25 + v7;
        v26.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 379);
        const vec v27 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 383);
        const vec v28 = v27 + v8;
        v28.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 383);
        const vec v29 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 387);
        const vec v30 = v29 + v9;
        v30.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 387);
        const vec v31 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 391);
        const vec v32 = v31 + v10;
        v32.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 391);
        const vec v33 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 395);
        const vec v34 = v33 + v11;
        v34.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 395);
        const vec v35 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 399);
        const vec v36 = v35 + v12;
        v36.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 399);
      }
    }
    const int64_t rest = std::max<int64_t>(begin, 2);
    for (int64_t last = rest; last < end; ++last) {
      RNNC_PREFETCH(parameter_gradients + tile * 8 + 547);
      RNNC_PREFETCH(parameter_gradients + tile * 8 + 555);
      RNNC_PREFETCH(parameter_gradients + tile * 8 + 563);
      RNNC_PREFETCH(parameter_gradients + tile * 8 + 571);
      RNNC_PREFETCH(parameter_gradients + tile * 8 + 579);
      RNNC_PREFETCH(parameter_gradients + tile * 8 + 587);
      vec v1 = vec(0.0);
      vec v2 = vec(0.0);
      vec v3 = vec(0.0);
      vec v4 = vec(0.0);
      vec v5 = vec(0.0);
      vec v6 = vec(0.0);
      vec v7 = vec(0.0);
      vec v8 = vec(0.0);
      vec v9 = vec(0.0);
      vec v10 = vec(0.0);
      vec v11 = vec(0.0);
      vec v12 = vec(0.0);
      for (int64_t r = t0 * B; r < t1 * B; ++r) {
        vec v13 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 8); RNNC_KEEP(v13);
        vec v14 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 8 + 4); RNNC_KEEP(v14);
        const vec v15 = vec(panels[(((t1 + 3) * 2 - t0 * 3) * B + r) * 12 + 9224]);
        v1 = xsimd::fma(v15, v13, v1);
        v2 = xsimd::fma(v15, v14, v2);
        const vec v16 = vec(panels[(((t1 + 3) * 2 - t0 * 3) * B + r) * 12 + 9225]);
        v3 = xsimd::fma(v16, v13, v3);
        v4 = xsimd::fma(v16, v14, v4);
        const vec v17 = vec(panels[(((t1 + 3) * 2 - t0 * 3) * B + r) * 12 + 9226]);
        v5 = xsimd::fma(v17, v13, v5);
        v6 = xsimd::fma(v17, v14, v6);
        const vec v18 = vec(panels[(((t1 + 3) * 2 - t0 * 3) * B + r) * 12 + 9227]);
        v7 = xsimd::fma(v18, v13, v7);
        v8 = xsimd::fma(v18, v14, v8);
        const vec v19 = vec(panels[(((t1 + 3) * 2 - t0 * 3) * B + r + 769) * 12]);
        v9 = xsimd::fma(v19, v13, v9);
        v10 = xsimd::fma(v19, v14, v10);
        const vec v20 = vec(panels[(((t1 + 3) * 2 - t0 * 3) * B + r) * 12 + 9229]);
        v11 = xsimd::fma(v20, v13, v11);
        v12 = xsimd::fma(v20, v14, v12);
      }
      const vec v13 = vec::load_unaligned(parameter_gradients + tile * 8 + 547);
      const vec v14 = v13 + v1;
      v14.store_unaligned(parameter_gradients + tile * 8 + 547);
      const vec v15 = vec::load_unaligned(parameter_gradients + tile * 8 + 551);
      const vec v16 = v15 + v2;
      v16.store_unaligned(parameter_gradients + tile * 8 + 551);
      const vec v17 = vec::load_unaligned(parameter_gradients + tile * 8 + 555);
      const vec v18 = v17 + v3;
      v18.store_unaligned(parameter_gradients + tile * 8 + 555);
      const vec v19 = vec::load_unaligned(parameter_gradients + tile * 8 + 559);
      const vec v20 = v19 + v4;
      v20.store_unaligned(parameter_gradients + tile * 8 + 559);
      const vec v21 = vec::load_unaligned(parameter_gradients + tile * 8 + 563);
      const vec v22 = v21 + v5;
      v22.store_unaligned(parameter_gradients + tile * 8 + 563);
      const vec v23 = vec::load_unaligned(parameter_gradients + tile * 8 + 567);
      const vec v24 = v23 + v6;
      v24.store_unaligned(parameter_gradients + tile * 8 + 567);
      const vec v25 = vec::load_unaligned(parameter_gradients + tile * 8 + 571);
      const vec v26 = v25 + v7;
      v26.store_unaligned(parameter_gradients + tile * 8 + 571);
      const vec v27 = vec::load_unaligned(parameter_gradients + tile * 8 + 575);
      const vec v28 = v27 + v8;
      v28.store_unaligned(parameter_gradients + tile * 8 + 575);
      const vec v29 = vec::load_unaligned(parameter_gradients + tile * 8 + 579);
      const vec v30 = v29 + v9;
      v30.store_unaligned(parameter_gradients + tile * 8 + 579);
      const vec v31 = vec::load_unaligned(parameter_gradients + tile * 8 + 583);
      const vec v32 = v31 + v10;
      v32.store_unaligned(parameter_gradients + tile * 8 + 583);
      const vec v33 = vec::load_unaligned(parameter_gradients + tile * 8 + 587);
      const vec v34 = v33 + v11;
      v34.store_unaligned(parameter_gradients + tile * 8 + 587);
      const vec v35 = vec::load_unaligned(parameter_gradients + tile * 8 + 591);
      const vec v36 = v35 + v12;
      v36.store_unaligned(parameter_gradients + tile * 8 + 591);
      RNNC_PREFETCH(parameter_gradients + tile * 8 + 595);
      RNNC_PREFETCH(parameter_gradients + tile * 8 + 603);
      vec v37 = vec(0.0);
      vec v38 = vec(0.0);
      vec v39 = vec(0.0);
      vec v40 = vec(0.0);
      for (int64_t r = t0 * B; r < t1 * B; ++r) {
        vec v41 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 8); RNNC_KEEP(v41);
        vec v42 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 8 + 4); RNNC_KEEP(v42);
        const vec v43 = vec(panels[(((t1 + 3) * 2 - t0 * 3) * B + r) * 12 + 9230]);
        v37 = xsimd::fma(v43, v41, v37);
        v38 = xsimd::fma(v43, v42, v38);
        const vec v44 = vec(panels[(((t1 + 3) * 2 - t0 * 3) * B + r) * 12 + 9231]);
        v39 = xsimd::fma(v44, v41, v39);
        v40 = xsimd::fma(v44, v42, v40);
      }
      const vec v41 = vec::load_unaligned(parameter_gradients + tile * 8 + 595);
      const vec v42 = v41 + v37;
      v42.store_unaligned(parameter_gradients + tile * 8 + 595);
      const vec v43 = vec::load_unaligned(parameter_gradients + tile * 8 + 599);
      const vec v44 = v43 + v38;
      v44.store_unaligned(parameter_gradients + tile * 8 + 599);
      const vec v45 = vec::load_unaligned(parameter_gradients + tile * 8 + 603);
      const vec v46 = v45 + v39;
      v46.store_unaligned(parameter_gradients + tile * 8 + 603);
      const vec v47 = vec::load_unaligned(parameter_gradients + tile * 8 + 607);
      const vec v48 = v47 + v40;
      v48.store_unaligned(parameter_gradients + tile * 8 + 607);
    }
  }
}

// d.g.n.pre_panels as [3][block of steps][B][12]
void backward_d_g_n_pre_panels(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t) {
  const int64_t B = run.B;
  const double* __restrict d_g_n_pre = run.d_g_n_pre;
  double* __restrict panels = run.panels;

  const int64_t full = std::min<int64_t>(end, 2);
  for (int64_t panel = begin; panel < full; ++panel) {
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec v1 = vec::load_unaligned(d_g_n_pre + (r - t0 * B) * 32 + panel * 12);
      v1.store_unaligned(panels + (((t1 - t0) * panel - t0 + 9) * B + r + 1537) * 12);
      const vec v2 = vec::load_unaligned(d_g_n_pre + (r - t0 * B) * 32 + panel * 12 + 4);
      v2.store_unaligned(panels + (((t1 - t0) * panel - t0 + 9) * B + r) * 12 + 18448);
      const vec v3 = vec::load_unaligned(d_g_n_pre + (r - t0 * B) * 32 + panel * 12 + 8);
      v3.store_unaligned(panels + (((t1 - t0) * panel - t0 + 9) * B + r) * 12 + 18452);
    }
  }
  const int64_t rest = std::max<int64_t>(begin, 2);
  for (int64_t last = rest; last < end; ++last) {
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec v1 = vec::load_unaligned(d_g_n_pre + (r - t0 * B) * 32 + 24);
      v1.store_unaligned(panels + ((t1 * 2 - t0 * 3 + 9) * B + r + 1537) * 12);
      const vec v2 = vec::load_unaligned(d_g_n_pre + (r - t0 * B) * 32 + 28);
      v2.store_unaligned(panels + ((t1 * 2 - t0 * 3 + 9) * B + r) * 12 + 18448);
    }
  }
}

// grad.g.W_n = sum(d.g.n.pre @ x' over t, b)
void backward_grad_g_W_n(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t) {
  const int64_t B = run.B;
  const double* __restrict x_2 = run.x_2;
  double* __restrict parameter_gradients = run.parameter_gradients;
  const double* __restrict panels = run.panels;

  for (int64_t tile = 0; tile < 1; ++tile) {
    const int64_t full = std::min<int64_t>(end, 2);
    for (int64_t panel = begin; panel < full; ++panel) {
      for (int64_t m = 0; m < 12; m += 6) {
        RNNC_PREFETCH(parameter_gradients + (panel * 12 + tile + m) * 8 + 611);
        RNNC_PREFETCH(parameter_gradients + (panel * 12 + tile + m) * 8 + 619);
        RNNC_PREFETCH(parameter_gradients + (panel * 12 + tile + m) * 8 + 627);
        RNNC_PREFETCH(parameter_gradients + (panel * 12 + tile + m) * 8 + 635);
        RNNC_PREFETCH(parameter_gradients + (panel * 12 + tile + m) * 8 + 643);
        RNNC_PREFETCH(parameter_gradients + (panel * 12 + tile + m) * 8 + 651);
        vec v1 = vec(0.0);
        vec v2 = vec(0.0);
        vec v3 = vec(0.0);
        vec v4 = vec(0.0);
        vec v5 = vec(0.0);
        vec v6 = vec(0.0);
        vec v7 = vec(0.0);
        vec v8 = vec(0.0);
        vec v9 = vec(0.0);
        vec v10 = vec(0.0);
        vec v11 = vec(0.0);
        vec v12 = vec(0.0);
        for (int64_t r = t0 * B; r < t1 * B; ++r) {
          vec v13 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 8); RNNC_KEEP(v13);
          vec v14 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 8 + 4); RNNC_KEEP(v14);
          const vec v15 = vec(panels[(((t1 - t0) * panel - t0 + 9) * B + r + 1537) * 12 + m]);
          v1 = xsimd::fma(v15, v13, v1);
          v2 = xsimd::fma(v15, v14, v2);
          const vec v16 = vec(panels[(((t1 - t0) * panel - t0 + 9) * B + r) * 12 + m + 18445]);
          v3 = xsimd::fma(v16, v13, v3);
          v4 = xsimd::fma(v16, v14, v4);
          const vec v17 = vec(panels[(((t1 - t0) * panel - t0 + 9) * B + r) * 12 + m + 18446]);
          v5 = xsimd::fma(v17, v13, v5);
          v6 = xsimd::fma(v17, v14, v6);
          const vec v18 = vec(panels[(((t1 - t0) * panel - t0 + 9) * B + r) * 12 + m + 18447]);
          v7 = xsimd::fma(v18, v13, v7);
          v8 = xsimd::fma(v18, v14, v8);
          const vec v19 = vec(panels[(((t1 - t0) * panel - t0 + 9) * B + r) * 12 + m + 18448]);
          v9 = xsimd::fma(v19, v13, v9);
          v10 = xsimd::fma(v19, v14, v10);
          const vec v20 = vec(panels[(((t1 - t0) * panel - t0 + 9) * B + r) * 12 + m + 18449]);
          v11 = xsimd::fma(v20, v13, v11);
          v12 = xsimd::fma(v20, v14, v12);
        }
        const vec v13 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 611);
        const vec v14 = v13 + v1;
        v14.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 611);
        const vec v15 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 615);
        const vec v16 = v15 + v2;
        v16.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 615);
        const vec v17 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 619);
        const vec v18 = v17 + v3;
        v18.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 619);
        const vec v19 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 623);
        const vec v20 = v19 + v4;
        v20.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 623);
        const vec v21 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 627);
        const vec v22 = v21 + v5;
        v22.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 627);
        const vec v23 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 631);
        const vec v24 = v23 + v6;
        v24.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 631);
        const vec v25 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 635);
        const vec v26 = v25 + v7;
        v26.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 635);
        const vec v27 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 639);
        const vec v28 = v27 + v8;
        v28.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 639);
        const vec v29 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 643);
        const vec v30 = v29 + v9;
        v30.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 643);
        const vec v31 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 647);
        const vec v32 = v31 + v10;
        v32.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 647);
        const vec v33 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 651);
        const vec v34 = v33 + v11;
        v34.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 651);
        const vec v35 = vec::load_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 655);
        const vec v36 = v35 + v12;
        v36.store_unaligned(parameter_gradients + (panel * 12 + tile + m) * 8 + 655);
      }
    }
    const int64_t rest = std::max<int64_t>(begin, 2);
    for (int64_t last = rest; last < end; ++last) {
      RNNC_PREFETCH(parameter_gradients + tile * 8 + 803);
      RNNC_PREFETCH(parameter_gradients + tile * 8 + 811);
      RNNC_PREFETCH(parameter_gradients + tile * 8 + 819);
      RNNC_PREFETCH(parameter_gradients + tile * 8 + 827);
      RNNC_PREFETCH(parameter_gradients + tile * 8 + 835);
      RNNC_PREFETCH(parameter_gradients + tile * 8 + 843);
      vec v1 = vec(0.0);
      vec v2 = vec(0.0);
      vec v3 = vec(0.0);
      vec v4 = vec(0.0);
      vec v5 = vec(0.0);
      vec v6 = vec(0.0);
      vec v7 = vec(0.0);
      vec v8 = vec(0.0);
      vec v9 = vec(0.0);
      vec v10 = vec(0.0);
      vec v11 = vec(0.0);
      vec v12 = vec(0.0);
      for (int64_t r = t0 * B; r < t1 * B; ++r) {
        vec v13 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 8); RNNC_KEEP(v13);
        vec v14 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 8 + 4); RNNC_KEEP(v14);
        const vec v15 = vec(panels[((t1 * 2 - t0 * 3 + 9) * B + r + 1537) * 12]);
        v1 = xsimd::fma(v15, v13, v1);
        v2 = xsimd::fma(v15, v14, v2);
        const vec v16 = vec(panels[((t1 * 2 - t0 * 3 + 9) * B + r) * 12 + 18445]);
        v3 = xsimd::fma(v16, v13, v3);
        v4 = xsimd::fma(v16, v14, v4);
        const vec v17 = vec(panels[((t1 * 2 - t0 * 3 + 9) * B + r) * 12 + 18446]);
        v5 = xsimd::fma(v17, v13, v5);
        v6 = xsimd::fma(v17, v14, v6);
        const vec v18 = vec(panels[((t1 * 2 - t0 * 3 + 9) * B + r) * 12 + 18447]);
        v7 = xsimd::fma(v18, v13, v7);
        v8 = xsimd::fma(v18, v14, v8);
        const vec v19 = vec(panels[((t1 * 2 - t0 * 3 + 9) * B + r) * 12 + 18448]);
        v9 = xsimd::fma(v19, v13, v9);
        v10 = xsimd::fma(v19, v14, v10);
        const vec v20 = vec(panels[((t1 * 2 - t0 * 3 + 9) * B + r) * 12 + 18449]);
        v11 = xsimd::fma(v20, v13, v11);
        v12 = xsimd::fma(v20, v14, v12);
      }
      const vec v13 = vec::load_unaligned(parameter_gradients + tile * 8 + 803);
      const vec v14 = v13 + v1;
      v14.store_unaligned(parameter_gradients + tile * 8 + 803);
      const vec v15 = vec::load_unaligned(parameter_gradients + tile * 8 + 807);
      const vec v16 = v15 + v2;
      v16.store_unaligned(parameter_gradients + tile * 8 + 807);
      const vec v17 = vec::load_unaligned(parameter_gradients + tile * 8 + 811);
      const vec v18 = v17 + v3;
      v18.store_unaligned(parameter_gradients + tile * 8 + 811);
      const vec v19 = vec::load_unaligned(parameter_gradients + tile * 8 + 815);
      const vec v20 = v19 + v4;
      v20.store_unaligned(parameter_gradients + tile * 8 + 815);
      const vec v21 = vec::load_unaligned(parameter_gradients + tile * 8 + 819);
      const vec v22 = v21 + v5;
      v22.store_unaligned(parameter_gradients + tile * 8 + 819);
      const vec v23 = vec::load_unaligned(parameter_gradients + tile * 8 + 823);
      const vec v24 = v23 + v6;
      v24.store_unaligned(parameter_gradients + tile * 8 + 823);
      const vec v25 = vec::load_unaligned(parameter_gradients + tile * 8 + 827);
      const vec v26 = v25 + v7;
      v26.store_unaligned(parameter_gradients + tile * 8 + 827);
      const vec v27 = vec::load_unaligned(parameter_gradients + tile * 8 + 831);
      const vec v28 = v27 + v8;
      v28.store_unaligned(parameter_gradients + tile * 8 + 831);
      const vec v29 = vec::load_unaligned(parameter_gradients + tile * 8 + 835);
      const vec v30 = v29 + v9;
      v30.store_unaligned(parameter_gradients + tile * 8 + 835);
      const vec v31 = vec::load_unaligned(parameter_gradients + tile * 8 + 839);
      const vec v32 = v31 + v10;
      v32.store_unaligned(parameter_gradients + tile * 8 + 839);
      const vec v33 = vec::load_unaligned(parameter_gradients + tile * 8 + 843);
      const vec v34 = v33 + v11;
      v34.store_unaligned(parameter_gradients + tile * 8 + 843);
      const vec v35 = vec::load_unaligned(parameter_gradients + tile * 8 + 847);
      const vec v36 = v35 + v12;
      v36.store_unaligned(parameter_gradients + tile * 8 + 847);
      RNNC_PREFETCH(parameter_gradients + tile * 8 + 851);
      RNNC_PREFETCH(parameter_gradients + tile * 8 + 859);
      vec v37 = vec(0.0);
      vec v38 = vec(0.0);
      vec v39 = vec(0.0);
      vec v40 = vec(0.0);
      for (int64_t r = t0 * B; r < t1 * B; ++r) {
        vec v41 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 8); RNNC_KEEP(v41);
        vec v42 = vec::load_unaligned(x_2 + (tile + r - t0 * B) * 8 + 4); RNNC_KEEP(v42);
        const vec v43 = vec(panels[((t1 * 2 - t0 * 3 + 9) * B + r) * 12 + 18450]);
        v37 = xsimd::fma(v43, v41, v37);
        v38 = xsimd::fma(v43, v42, v38);
        const vec v44 = vec(panels[((t1 * 2 - t0 * 3 + 9) * B + r) * 12 + 18451]);
        v39 = xsimd::fma(v44, v41, v39);
        v40 = xsimd::fma(v44, v42, v40);
      }
      const vec v41 = vec::load_unaligned(parameter_gradients + tile * 8 + 851);
      const vec v42 = v41 + v37;
      v42.store_unaligned(parameter_gradients + tile * 8 + 851);
      const vec v43 = vec::load_unaligned(parameter_gradients + tile * 8 + 855);
      const vec v44 = v43 + v38;
      v44.store_unaligned(parameter_gradients + tile * 8 + 855);
      const vec v45 = vec::load_unaligned(parameter_gradients + tile * 8 + 859);
      const vec v46 = v45 + v39;
      v46.store_unaligned(parameter_gradients + tile * 8 + 859);
      const vec v47 = vec::load_unaligned(parameter_gradients + tile * 8 + 863);
      const vec v48 = v47 + v40;
      v48.store_unaligned(parameter_gradients + tile * 8 + 863);
    }
  }
}

// d.g.r.pre_panels as [8][block of steps][B][4]
void backward_d_g_r_pre_panels_2(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const double* __restrict d_g_r_pre = run.d_g_r_pre;
  double* __restrict panels = run.panels;

  for (int64_t panel = begin; panel < end; ++panel) {
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec v1 = vec::load_unaligned(d_g_r_pre + (r - window0 * B) * 32 + panel * 4);
      v1.store_unaligned(panels + ((t1 - t0) * panel - t0 + 36) * 4 * B + (r + 6916) * 4);
    }
  }
}

// g.h_before_panels as [3][block of steps][B][12]
void backward_g_h_before_panels(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const double* __restrict tape_g_h = run.tape_g_h;
  double* __restrict panels = run.panels;

  const int64_t full = std::min<int64_t>(end, 2);
  for (int64_t panel = begin; panel < full; ++panel) {
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec v1 = vec::load_unaligned(tape_g_h + (r - window0 * B) * 32 + panel * 12);
      v1.store_unaligned(panels + (((t1 - t0) * panel - t0) * 12 + 176) * B + r * 12 + 35860);
      const vec v2 = vec::load_unaligned(tape_g_h + (r - window0 * B) * 32 + panel * 12 + 4);
      v2.store_unaligned(panels + (((t1 - t0) * panel - t0) * 12 + 176) * B + r * 12 + 35864);
      const vec v3 = vec::load_unaligned(tape_g_h + (r - window0 * B) * 32 + panel * 12 + 8);
      v3.store_unaligned(panels + (((t1 - t0) * panel - t0) * 12 + 176) * B + (r + 2989) * 12);
    }
  }
  const int64_t rest = std::max<int64_t>(begin, 2);
  for (int64_t last = rest; last < end; ++last) {
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec v1 = vec::load_unaligned(tape_g_h + (r - window0 * B) * 32 + 24);
      v1.store_unaligned(panels + (t1 * 24 - t0 * 36 + 176) * B + r * 12 + 35860);
      const vec v2 = vec::load_unaligned(tape_g_h + (r - window0 * B) * 32 + 28);
      v2.store_unaligned(panels + (t1 * 24 - t0 * 36 + 176) * B + r * 12 + 35864);
    }
  }
}

// grad.g.U_r = sum(d.g.r.pre @ g.h[t-1]' over t, b)
// grad.g.U_z = sum(d.g.z.pre @ g.h[t-1]' over t, b)
// grad.g.U_n = sum(d.g.n.1 @ g.h[t-1]' over t, b)
void backward_grad_g_U_r(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t, int64_t left,
    int64_t right, int64_t gradient) {
  const int64_t B = run.B;
  double* __restrict parameter_gradients = run.parameter_gradients;
  const double* __restrict panels = run.panels;

  for (int64_t tile = 0; tile < 2; ++tile) {
    for (int64_t panel = begin; panel < end; ++panel) {
      RNNC_PREFETCH(parameter_gradients + panel * 128 + tile * 12 + gradient);
      RNNC_PREFETCH(parameter_gradients + panel * 128 + tile * 12 + gradient + 8);
      RNNC_PREFETCH(parameter_gradients + panel * 128 + tile * 12 + gradient + 32);
      RNNC_PREFETCH(parameter_gradients + panel * 128 + tile * 12 + gradient + 40);
      RNNC_PREFETCH(parameter_gradients + panel * 128 + tile * 12 + gradient + 64);
      RNNC_PREFETCH(parameter_gradients + panel * 128 + (tile + 6) * 12 + gradient);
      RNNC_PREFETCH(parameter_gradients + panel * 128 + (tile + 8) * 12 + gradient);
      RNNC_PREFETCH(parameter_gradients + panel * 128 + tile * 12 + gradient + 104);
      vec v1 = vec(0.0);
      vec v2 = vec(0.0);
      vec v3 = vec(0.0);
      vec v4 = vec(0.0);
      vec v5 = vec(0.0);
      vec v6 = vec(0.0);
      vec v7 = vec(0.0);
      vec v8 = vec(0.0);
      vec v9 = vec(0.0);
      vec v10 = vec(0.0);
      vec v11 = vec(0.0);
      vec v12 = vec(0.0);
      for (int64_t r = t0 * B; r < t1 * B; ++r) {
        vec v13 = vec::load_unaligned(panels + (((t1 - t0) * tile - t0) * B + r) * 12 + right); RNNC_KEEP(v13);
        vec v14 = vec::load_unaligned(panels + (((t1 - t0) * tile - t0) * B + r) * 12 + right + 4); RNNC_KEEP(v14);
        vec v15 = vec::load_unaligned(panels + (((t1 - t0) * tile - t0) * B + r) * 12 + right + 8); RNNC_KEEP(v15);
        const vec v16 = vec(panels[(((t1 - t0) * panel - t0) * B + r) * 4 + left]);
        v1 = xsimd::fma(v16, v13, v1);
        v2 = xsimd::fma(v16, v14, v2);
        v3 = xsimd::fma(v16, v15, v3);
        const vec v17 = vec(panels[(((t1 - t0) * panel - t0) * B + r) * 4 + left + 1]);
        v4 = xsimd::fma(v17, v13, v4);
        v5 = xsimd::fma(v17, v14, v5);
        v6 = xsimd::fma(v17, v15, v6);
        const vec v18 = vec(panels[(((t1 - t0) * panel - t0) * B + r) * 4 + left + 2]);
        v7 = xsimd::fma(v18, v13, v7);
        v8 = xsimd::fma(v18, v14, v8);
        v9 = xsimd::fma(v18, v15, v9);
        const vec v19 = vec(panels[(((t1 - t0) * panel - t0) * B + r) * 4 + left + 3]);
        v10 = xsimd::fma(v19, v13, v10);
        v11 = xsimd::fma(v19, v14, v11);
        v12 = xsimd::fma(v19, v15, v12);
      }
      const vec v13 = vec::load_unaligned(parameter_gradients + panel * 128 + tile * 12 + gradient);
      const vec v14 = v13 + v1;
      v14.store_unaligned(parameter_gradients + panel * 128 + tile * 12 + gradient);
      const vec v15 = vec::load_unaligned(parameter_gradients + panel * 128 + tile * 12 + gradient + 4);
      const vec v16 = v15 + v2;
      v16.store_unaligned(parameter_gradients + panel * 128 + tile * 12 + gradient + 4);
      const vec v17 = vec::load_unaligned(parameter_gradients + panel * 128 + tile * 12 + gradient + 8);
      const vec v18 = v17 + v3;
      v18.store_unaligned(parameter_gradients + panel * 128 + tile * 12 + gradient + 8);
      const vec v19 = vec::load_unaligned(parameter_gradients + panel * 128 + tile * 12 + gradient + 32);
      const vec v20 = v19 + v4;
      v20.store_unaligned(parameter_gradients + panel * 128 + tile * 12 + gradient + 32);
      const vec v21 = vec::load_unaligned(parameter_gradients + panel * 128 + (tile + 3) * 12 + gradient);
      const vec v22 = v21 + v5;
      v22.store_unaligned(parameter_gradients + panel * 128 + (tile + 3) * 12 + gradient);
      const vec v23 = vec::load_unaligned(parameter_gradients + panel * 128 + tile * 12 + gradient + 40);
      const vec v24 = v23 + v6;
      v24.store_unaligned(parameter_gradients + panel * 128 + tile * 12 + gradient + 40);
      const vec v25 = vec::load_unaligned(parameter_gradients + panel * 128 + tile * 12 + gradient + 64);
      const vec v26 = v25 + v7;
      v26.store_unaligned(parameter_gradients + panel * 128 + tile * 12 + gradient + 64);
      const vec v27 = vec::load_unaligned(parameter_gradients + panel * 128 + tile * 12 + gradient + 68);
      const vec v28 = v27 + v8;
      v28.store_unaligned(parameter_gradients + panel * 128 + tile * 12 + gradient + 68);
      const vec v29 = vec::load_unaligned(parameter_gradients + panel * 128 + (tile + 6) * 12 + gradient);
      const vec v30 = v29 + v9;
      v30.store_unaligned(parameter_gradients + panel * 128 + (tile + 6) * 12 + gradient);
      const vec v31 = vec::load_unaligned(parameter_gradients + panel * 128 + (tile + 8) * 12 + gradient);
      const vec v32 = v31 + v10;
      v32.store_unaligned(parameter_gradients + panel * 128 + (tile + 8) * 12 + gradient);
      const vec v33 = vec::load_unaligned(parameter_gradients + panel * 128 + tile * 12 + gradient + 100);
      const vec v34 = v33 + v11;
      v34.store_unaligned(parameter_gradients + panel * 128 + tile * 12 + gradient + 100);
      const vec v35 = vec::load_unaligned(parameter_gradients + panel * 128 + tile * 12 + gradient + 104);
      const vec v36 = v35 + v12;
      v36.store_unaligned(parameter_gradients + panel * 128 + tile * 12 + gradient + 104);
    }
  }
  for (int64_t panel = begin; panel < end; ++panel) {
    RNNC_PREFETCH(parameter_gradients + panel * 128 + gradient + 24);
    RNNC_PREFETCH(parameter_gradients + panel * 128 + gradient + 56);
    RNNC_PREFETCH(parameter_gradients + panel * 128 + gradient + 88);
    RNNC_PREFETCH(parameter_gradients + panel * 128 + gradient + 120);
    vec v1 = vec(0.0);
    vec v2 = vec(0.0);
    vec v3 = vec(0.0);
    vec v4 = vec(0.0);
    vec v5 = vec(0.0);
    vec v6 = vec(0.0);
    vec v7 = vec(0.0);
    vec v8 = vec(0.0);
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      vec v9 = vec::load_unaligned(panels + ((t1 * 2 - t0 * 3) * B + r) * 12 + right); RNNC_KEEP(v9);
      vec v10 = vec::load_unaligned(panels + ((t1 * 2 - t0 * 3) * B + r) * 12 + right + 4); RNNC_KEEP(v10);
      const vec v11 = vec(panels[(((t1 - t0) * panel - t0) * B + r) * 4 + left]);
      v1 = xsimd::fma(v11, v9, v1);
      v2 = xsimd::fma(v11, v10, v2);
      const vec v12 = vec(panels[(((t1 - t0) * panel - t0) * B + r) * 4 + left + 1]);
      v3 = xsimd::fma(v12, v9, v3);
      v4 = xsimd::fma(v12, v10, v4);
      const vec v13 = vec(panels[(((t1 - t0) * panel - t0) * B + r) * 4 + left + 2]);
      v5 = xsimd::fma(v13, v9, v5);
      v6 = xsimd::fma(v13, v10, v6);
      const vec v14 = vec(panels[(((t1 - t0) * panel - t0) * B + r) * 4 + left + 3]);
      v7 = xsimd::fma(v14, v9, v7);
      v8 = xsimd::fma(v14, v10, v8);
    }
    const vec v9 = vec::load_unaligned(parameter_gradients + panel * 128 + gradient + 24);
    const vec v10 = v9 + v1;
    v10.store_unaligned(parameter_gradients + panel * 128 + gradient + 24);
    const vec v11 = vec::load_unaligned(parameter_gradients + panel * 128 + gradient + 28);
    const vec v12 = v11 + v2;
    v12.store_unaligned(parameter_gradients + panel * 128 + gradient + 28);
    const vec v13 = vec::load_unaligned(parameter_gradients + panel * 128 + gradient + 56);
    const vec v14 = v13 + v3;
    v14.store_unaligned(parameter_gradients + panel * 128 + gradient + 56);
    const vec v15 = vec::load_unaligned(parameter_gradients + panel * 128 + gradient + 60);
    const vec v16 = v15 + v4;
    v16.store_unaligned(parameter_gradients + panel * 128 + gradient + 60);
    const vec v17 = vec::load_unaligned(parameter_gradients + panel * 128 + gradient + 88);
    const vec v18 = v17 + v5;
    v18.store_unaligned(parameter_gradients + panel * 128 + gradient + 88);
    const vec v19 = vec::load_unaligned(parameter_gradients + panel * 128 + gradient + 92);
    const vec v20 = v19 + v6;
    v20.store_unaligned(parameter_gradients + panel * 128 + gradient + 92);
    const vec v21 = vec::load_unaligned(parameter_gradients + panel * 128 + gradient + 120);
    const vec v22 = v21 + v7;
    v22.store_unaligned(parameter_gradients + panel * 128 + gradient + 120);
    const vec v23 = vec::load_unaligned(parameter_gradients + panel * 128 + gradient + 124);
    const vec v24 = v23 + v8;
    v24.store_unaligned(parameter_gradients + panel * 128 + gradient + 124);
  }
}

// d.g.z.pre_panels as [8][block of steps][B][4]
void backward_d_g_z_pre_panels_2(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const double* __restrict d_g_z_pre = run.d_g_z_pre;
  double* __restrict panels = run.panels;

  for (int64_t panel = begin; panel < end; ++panel) {
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec v1 = vec::load_unaligned(d_g_z_pre + (r - window0 * B) * 32 + panel * 4);
      v1.store_unaligned(panels + ((t1 - t0) * panel - t0 + 53) * 4 * B + (r + 11270) * 4);
    }
  }
}

// d.g.n.1_panels as [8][block of steps][B][4]
void backward_d_g_n_1_panels(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const double* __restrict d_g_n_1 = run.d_g_n_1;
  double* __restrict panels = run.panels;

  for (int64_t panel = begin; panel < end; ++panel) {
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec v1 = vec::load_unaligned(d_g_n_1 + (r - window0 * B) * 32 + panel * 4);
      v1.store_unaligned(panels + ((t1 - t0) * panel - t0 + 61) * 4 * B + (r + 13319) * 4);
    }
  }
}

// first_g.z = g.z[first]
void backward_first_g_z(const Run& run, int64_t begin, int64_t end, int64_t, int64_t, int64_t window0) {
  const int64_t T = run.T, B = run.B, window = run.window;
  const double* __restrict tape_g_z = run.tape_g_z;
  double* __restrict first_g_z = run.first_g_z;

  for (int64_t b = begin; b < end; ++b) {
    const int64_t length = run.length(0, b);
    const int64_t there = std::min<int64_t>(0, T - 1);
    const int64_t step_2 = std::max<int64_t>(there, 0);
    const int64_t to = std::min<int64_t>(step_2 + 1, window + window0);
    const int64_t from = std::max<int64_t>(step_2, window0);
    for (int64_t here = from; here < to; ++here) {
      const int64_t beyond = std::min<int64_t>(length, 1);
      const int64_t inside = std::max<int64_t>(beyond, 0);
      for (int64_t j = 0; j < 8; ++j) {
        vec g_z = vec(0.0);
        for (int64_t once = 0; once < inside; ++once) {
          g_z = vec::load_unaligned(tape_g_z + (b - window0 * B) * 32 + j * 4);
        }
        g_z.store_unaligned(first_g_z + b * 32 + j * 4);
      }
    }
  }
}

// first_d.g.h = d.g.h[first]
void backward_first_d_g_h(const Run& run, int64_t begin, int64_t end, int64_t, int64_t, int64_t window0) {
  const int64_t T = run.T, B = run.B, window = run.window;
  double* __restrict first_d_g_h = run.first_d_g_h;
  const double* __restrict d_g_h_at = run.d_g_h;

  for (int64_t b = begin; b < end; ++b) {
    const int64_t length = run.length(0, b);
    const int64_t there = std::min<int64_t>(0, T - 1);
    const int64_t step_2 = std::max<int64_t>(there, 0);
    const int64_t to = std::min<int64_t>(step_2 + 1, window + window0);
    const int64_t from = std::max<int64_t>(step_2, window0);
    for (int64_t here = from; here < to; ++here) {
      const int64_t beyond = std::min<int64_t>(length, 1);
      const int64_t inside = std::max<int64_t>(beyond, 0);
      for (int64_t j = 0; j < 8; ++j) {
        vec d_g_h = vec(0.0);
        for (int64_t once = 0; once < inside; ++once) {
          d_g_h = vec::load_unaligned(d_g_h_at + (b - window0 * B) * 32 + j * 4);
        }
        d_g_h.store_unaligned(first_d_g_h + b * 32 + j * 4);
      }
    }
  }
}

// first_d.g.n.1 = d.g.n.1[first]
void backward_first_d_g_n_1(const Run& run, int64_t begin, int64_t end, int64_t, int64_t, int64_t window0) {
  const int64_t T = run.T, B = run.B, window = run.window;
  double* __restrict first_d_g_n_1 = run.first_d_g_n_1;
  const double* __restrict d_g_n_1_at = run.d_g_n_1;

  for (int64_t b = begin; b < end; ++b) {
    const int64_t length = run.length(0, b);
    const int64_t there = std::min<int64_t>(0, T - 1);
    const int64_t step_2 = std::max<int64_t>(there, 0);
    const int64_t to = std::min<int64_t>(step_2 + 1, window + window0);
    const int64_t from = std::max<int64_t>(step_2, window0);
    for (int64_t here = from; here < to; ++here) {
      const int64_t beyond = std::min<int64_t>(length, 1);
      const int64_t inside = std::max<int64_t>(beyond, 0);
      for (int64_t j = 0; j < 8; ++j) {
        vec d_g_n_1 = vec(0.0);
        for (int64_t once = 0; once < inside; ++once) {
          d_g_n_1 = vec::load_unaligned(d_g_n_1_at + (b - window0 * B) * 32 + j * 4);
        }
        d_g_n_1.store_unaligned(first_d_g_n_1 + b * 32 + j * 4);
      }
    }
  }
}

// first_d.g.z.pre = d.g.z.pre[first]
void backward_first_d_g_z_pre(const Run& run, int64_t begin, int64_t end, int64_t, int64_t, int64_t window0) {
  const int64_t T = run.T, B = run.B, window = run.window;
  double* __restrict first_d_g_z_pre = run.first_d_g_z_pre;
  const double* __restrict d_g_z_pre_at = run.d_g_z_pre;

  for (int64_t b = begin; b < end; ++b) {
    const int64_t length = run.length(0, b);
    const int64_t there = std::min<int64_t>(0, T - 1);
    const int64_t step_2 = std::max<int64_t>(there, 0);
    const int64_t to = std::min<int64_t>(step_2 + 1, window + window0);
    const int64_t from = std::max<int64_t>(step_2, window0);
    for (int64_t here = from; here < to; ++here) {
      const int64_t beyond = std::min<int64_t>(length, 1);
      const int64_t inside = std::max<int64_t>(beyond, 0);
      for (int64_t j = 0; j < 8; ++j) {
        vec d_g_z_pre = vec(0.0);
        for (int64_t once = 0; once < inside; ++once) {
          d_g_z_pre = vec::load_unaligned(d_g_z_pre_at + (b - window0 * B) * 32 + j * 4);
        }
        d_g_z_pre.store_unaligned(first_d_g_z_pre + b * 32 + j * 4);
      }
    }
  }
}

// first_d.g.r.pre = d.g.r.pre[first]
void backward_first_d_g_r_pre(const Run& run, int64_t begin, int64_t end, int64_t, int64_t, int64_t window0) {
  const int64_t T = run.T, B = run.B, window = run.window;
  double* __restrict first_d_g_r_pre = run.first_d_g_r_pre;
  const double* __restrict d_g_r_pre_at = run.d_g_r_pre;

  for (int64_t b = begin; b < end; ++b) {
    const int64_t length = run.length(0, b);
    const int64_t there = std::min<int64_t>(0, T - 1);
    const int64_t step_2 = std::max<int64_t>(there, 0);
    const int64_t to = std::min<int64_t>(step_2 + 1, window + window0);
    const int64_t from = std::max<int64_t>(step_2, window0);
    for (int64_t here = from; here < to; ++here) {
      const int64_t beyond = std::min<int64_t>(length, 1);
      const int64_t inside = std::max<int64_t>(beyond, 0);
      for (int64_t j = 0; j < 8; ++j) {
        vec d_g_r_pre = vec(0.0);
        for (int64_t once = 0; once < inside; ++once) {
          d_g_r_pre = vec::load_unaligned(d_g_r_pre_at + (b - window0 * B) * 32 + j * 4);
        }
        d_g_r_pre.store_unaligned(first_d_g_r_pre + b * 32 + j * 4);
      }
    }
  }
}

// grad.g.h.init = g.U_r' @ d.g.r.pre[first] + g.U_z' @ d.g.z.pre[first] + g.U_n' @ d.g.n.1[first] + d.g.h[first] * g.z[first] + where(length(t) == 0, R' @ d.y + u …
void backward_grad_g_h_init_epilogue(const Run& run, vec sum, vec sum_2, vec sum_3, vec sum_4, int64_t b, int64_t j) {
  const double* first_g_z = run.first_g_z;
  const double* first_d_g_h = run.first_d_g_h;
  const double* add = run.add;
  double* grad_g_h_init = run.grad_g_h_init;
  double* grad_g_h_init_2 = run.grad_g_h_init_2;

  const vec first_d_g_h0 = vec::load_unaligned(first_d_g_h + b * 32 + j);
  const vec first_g_z0 = vec::load_unaligned(first_g_z + b * 32 + j);
  const vec v1 = first_d_g_h0 * first_g_z0;
  const int64_t length = run.length(0, b);
  const mask m1 = mask(length < 1);
  const vec add0 = vec::load_unaligned(add + b * 32 + j);
  const vec v2 = xsimd::select(m1, add0, vec(0.0));
  const vec v3 = v1 + v2;
  const vec v4 = sum + v3;
  v4.store_unaligned(grad_g_h_init + b * 32 + j);
  v4.store_unaligned(grad_g_h_init_2 + b * 32 + j);
  const vec first_d_g_h1 = vec::load_unaligned(first_d_g_h + b * 32 + j + 4);
  const vec first_g_z1 = vec::load_unaligned(first_g_z + b * 32 + j + 4);
  const vec v5 = first_d_g_h1 * first_g_z1;
  const mask m2 = mask(length < 1);
  const vec add1 = vec::load_unaligned(add + b * 32 + j + 4);
  const vec v6 = xsimd::select(m2, add1, vec(0.0));
  const vec v7 = v5 + v6;
  const vec v8 = sum_2 + v7;
  v8.store_unaligned(grad_g_h_init + b * 32 + j + 4);
  v8.store_unaligned(grad_g_h_init_2 + b * 32 + j + 4);
  const vec first_d_g_h2 = vec::load_unaligned(first_d_g_h + b * 32 + j + 8);
  const vec first_g_z2 = vec::load_unaligned(first_g_z + b * 32 + j + 8);
  const vec v9 = first_d_g_h2 * first_g_z2;
  const mask m3 = mask(length < 1);
  const vec add2 = vec::load_unaligned(add + b * 32 + j + 8);
  const vec v10 = xsimd::select(m3, add2, vec(0.0));
  const vec v11 = v9 + v10;
  const vec v12 = sum_3 + v11;
  v12.store_unaligned(grad_g_h_init + b * 32 + j + 8);
  v12.store_unaligned(grad_g_h_init_2 + b * 32 + j + 8);
  const vec first_d_g_h3 = vec::load_unaligned(first_d_g_h + b * 32 + j + 12);
  const vec first_g_z3 = vec::load_unaligned(first_g_z + b * 32 + j + 12);
  const vec v13 = first_d_g_h3 * first_g_z3;
  const mask m4 = mask(length < 1);
  const vec add3 = vec::load_unaligned(add + b * 32 + j + 12);
  const vec v14 = xsimd::select(m4, add3, vec(0.0));
  const vec v15 = v13 + v14;
  const vec v16 = sum_4 + v15;
  v16.store_unaligned(grad_g_h_init + b * 32 + j + 12);
  v16.store_unaligned(grad_g_h_init_2 + b * 32 + j + 12);
}

// grad.g.h.init = g.U_r' @ d.g.r.pre[first] + g.U_z' @ d.g.z.pre[first] + g.U_n' @ d.g.n.1[first] + d.g.h[first] * g.z[first] + where(length(t) == 0, R' @ d.y + u …
void backward_grad_g_h_init(const Run& run, int64_t begin, int64_t end) {
  const int64_t B = run.B;
  const double* __restrict first_d_g_n_1 = run.first_d_g_n_1;
  const double* __restrict first_d_g_z_pre = run.first_d_g_z_pre;
  const double* __restrict first_d_g_r_pre = run.first_d_g_r_pre;
  const double* __restrict panel_g_U_r_transposed = run.panel_g_U_r_transposed;
  const double* __restrict panel_g_U_z_transposed = run.panel_g_U_z_transposed;
  const double* __restrict panel_g_U_n_transposed = run.panel_g_U_n_transposed;

  const int64_t tiles = B / 3;
  const int64_t odd = (B - tiles * 3) % 2;
  const int64_t given_up = std::min<int64_t>(odd, tiles);
  const int64_t pairs = ((given_up - tiles) * 3 + B) / 2;
  for (int64_t tile = begin; tile < end; ++tile) {
    for (int64_t b = 0; b < (tiles - given_up) * 3; b += 3) {
      vec v1 = vec(0.0);
      vec v2 = vec(0.0);
      vec v3 = vec(0.0);
      vec v4 = vec(0.0);
      vec v5 = vec(0.0);
      vec v6 = vec(0.0);
      vec v7 = vec(0.0);
      vec v8 = vec(0.0);
      vec v9 = vec(0.0);
      vec v10 = vec(0.0);
      vec v11 = vec(0.0);
      vec v12 = vec(0.0);
      for (int64_t k = 0; k < 32; ++k) {
        const vec x0 = vec(first_d_g_r_pre[b * 32 + k]);
        const vec x1 = vec(first_d_g_r_pre[(b + 1) * 32 + k]);
        const vec x2 = vec(first_d_g_r_pre[(b + 2) * 32 + k]);
        vec w0 = vec::load_unaligned(panel_g_U_r_transposed + (tile * 32 + k) * 16); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        v9 = xsimd::fma(w0, x2, v9);
        vec w1 = vec::load_unaligned(panel_g_U_r_transposed + (tile * 32 + k) * 16 + 4); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        v10 = xsimd::fma(w1, x2, v10);
        vec w2 = vec::load_unaligned(panel_g_U_r_transposed + (tile * 32 + k) * 16 + 8); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        v11 = xsimd::fma(w2, x2, v11);
        vec w3 = vec::load_unaligned(panel_g_U_r_transposed + (tile * 32 + k) * 16 + 12); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
        v12 = xsimd::fma(w3, x2, v12);
      }
      for (int64_t k = 0; k < 32; ++k) {
        const vec x0 = vec(first_d_g_z_pre[b * 32 + k]);
        const vec x1 = vec(first_d_g_z_pre[(b + 1) * 32 + k]);
        const vec x2 = vec(first_d_g_z_pre[(b + 2) * 32 + k]);
        vec w0 = vec::load_unaligned(panel_g_U_z_transposed + (tile * 32 + k) * 16); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        v9 = xsimd::fma(w0, x2, v9);
        vec w1 = vec::load_unaligned(panel_g_U_z_transposed + (tile * 32 + k) * 16 + 4); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        v10 = xsimd::fma(w1, x2, v10);
        vec w2 = vec::load_unaligned(panel_g_U_z_transposed + (tile * 32 + k) * 16 + 8); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        v11 = xsimd::fma(w2, x2, v11);
        vec w3 = vec::load_unaligned(panel_g_U_z_transposed + (tile * 32 + k) * 16 + 12); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
        v12 = xsimd::fma(w3, x2, v12);
      }
      for (int64_t k = 0; k < 32; ++k) {
        const vec x0 = vec(first_d_g_n_1[b * 32 + k]);
        const vec x1 = vec(first_d_g_n_1[(b + 1) * 32 + k]);
        const vec x2 = vec(first_d_g_n_1[(b + 2) * 32 + k]);
        vec w0 = vec::load_unaligned(panel_g_U_n_transposed + (tile * 32 + k) * 16); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        v9 = xsimd::fma(w0, x2, v9);
        vec w1 = vec::load_unaligned(panel_g_U_n_transposed + (tile * 32 + k) * 16 + 4); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        v10 = xsimd::fma(w1, x2, v10);
        vec w2 = vec::load_unaligned(panel_g_U_n_transposed + (tile * 32 + k) * 16 + 8); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        v11 = xsimd::fma(w2, x2, v11);
        vec w3 = vec::load_unaligned(panel_g_U_n_transposed + (tile * 32 + k) * 16 + 12); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
        v12 = xsimd::fma(w3, x2, v12);
      }
      backward_grad_g_h_init_epilogue(run, v1, v2, v3, v4, b, tile * 16);
      backward_grad_g_h_init_epilogue(run, v5, v6, v7, v8, b + 1, tile * 16);
      backward_grad_g_h_init_epilogue(run, v9, v10, v11, v12, b + 2, tile * 16);
    }
    for (int64_t b = (tiles - given_up) * 3; b < (tiles - given_up) * 3 + pairs * 2; b += 2) {
      vec v1 = vec(0.0);
      vec v2 = vec(0.0);
      vec v3 = vec(0.0);
      vec v4 = vec(0.0);
      vec v5 = vec(0.0);
      vec v6 = vec(0.0);
      vec v7 = vec(0.0);
      vec v8 = vec(0.0);
      for (int64_t k = 0; k < 32; ++k) {
        const vec x0 = vec(first_d_g_r_pre[b * 32 + k]);
        const vec x1 = vec(first_d_g_r_pre[(b + 1) * 32 + k]);
        vec w0 = vec::load_unaligned(panel_g_U_r_transposed + (tile * 32 + k) * 16); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        vec w1 = vec::load_unaligned(panel_g_U_r_transposed + (tile * 32 + k) * 16 + 4); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        vec w2 = vec::load_unaligned(panel_g_U_r_transposed + (tile * 32 + k) * 16 + 8); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        vec w3 = vec::load_unaligned(panel_g_U_r_transposed + (tile * 32 + k) * 16 + 12); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
      }
      for (int64_t k = 0; k < 32; ++k) {
        const vec x0 = vec(first_d_g_z_pre[b * 32 + k]);
        const vec x1 = vec(first_d_g_z_pre[(b + 1) * 32 + k]);
        vec w0 = vec::load_unaligned(panel_g_U_z_transposed + (tile * 32 + k) * 16); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        vec w1 = vec::load_unaligned(panel_g_U_z_transposed + (tile * 32 + k) * 16 + 4); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        vec w2 = vec::load_unaligned(panel_g_U_z_transposed + (tile * 32 + k) * 16 + 8); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        vec w3 = vec::load_unaligned(panel_g_U_z_transposed + (tile * 32 + k) * 16 + 12); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
      }
      for (int64_t k = 0; k < 32; ++k) {
        const vec x0 = vec(first_d_g_n_1[b * 32 + k]);
        const vec x1 = vec(first_d_g_n_1[(b + 1) * 32 + k]);
        vec w0 = vec::load_unaligned(panel_g_U_n_transposed + (tile * 32 + k) * 16); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        vec w1 = vec::load_unaligned(panel_g_U_n_transposed + (tile * 32 + k) * 16 + 4); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        vec w2 = vec::load_unaligned(panel_g_U_n_transposed + (tile * 32 + k) * 16 + 8); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        vec w3 = vec::load_unaligned(panel_g_U_n_transposed + (tile * 32 + k) * 16 + 12); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
      }
      backward_grad_g_h_init_epilogue(run, v1, v2, v3, v4, b, tile * 16);
      backward_grad_g_h_init_epilogue(run, v5, v6, v7, v8, b + 1, tile * 16);
    }
  }
  const int64_t share = std::max<int64_t>(0, end - begin);
  const int64_t wide = share / 2;
  for (int64_t tile = 0; tile < wide; ++tile) {
    for (int64_t b = (tiles - given_up) * 3 + pairs * 2; b < B; ++b) {
      vec v1 = vec(0.0);
      vec v2 = vec(0.0);
      vec v3 = vec(0.0);
      vec v4 = vec(0.0);
      vec v5 = vec(0.0);
      vec v6 = vec(0.0);
      vec v7 = vec(0.0);
      vec v8 = vec(0.0);
      for (int64_t k = 0; k < 32; ++k) {
        const vec x0 = vec(first_d_g_r_pre[b * 32 + k]);
        const vec w0 = vec::load_unaligned(panel_g_U_r_transposed + ((tile * 2 + begin) * 32 + k) * 16);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_g_U_r_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 4);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_g_U_r_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 8);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_g_U_r_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 12);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_g_U_r_transposed + ((tile * 2 + begin + 1) * 32 + k) * 16);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_g_U_r_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 516);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_g_U_r_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 520);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_g_U_r_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 524);
        v8 = xsimd::fma(w7, x0, v8);
      }
      for (int64_t k = 0; k < 32; ++k) {
        const vec x0 = vec(first_d_g_z_pre[b * 32 + k]);
        const vec w0 = vec::load_unaligned(panel_g_U_z_transposed + ((tile * 2 + begin) * 32 + k) * 16);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_g_U_z_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 4);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_g_U_z_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 8);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_g_U_z_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 12);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_g_U_z_transposed + ((tile * 2 + begin + 1) * 32 + k) * 16);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_g_U_z_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 516);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_g_U_z_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 520);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_g_U_z_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 524);
        v8 = xsimd::fma(w7, x0, v8);
      }
      for (int64_t k = 0; k < 32; ++k) {
        const vec x0 = vec(first_d_g_n_1[b * 32 + k]);
        const vec w0 = vec::load_unaligned(panel_g_U_n_transposed + ((tile * 2 + begin) * 32 + k) * 16);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_g_U_n_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 4);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_g_U_n_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 8);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_g_U_n_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 12);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_g_U_n_transposed + ((tile * 2 + begin + 1) * 32 + k) * 16);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_g_U_n_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 516);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_g_U_n_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 520);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_g_U_n_transposed + ((tile * 2 + begin) * 32 + k) * 16 + 524);
        v8 = xsimd::fma(w7, x0, v8);
      }
      backward_grad_g_h_init_epilogue(run, v1, v2, v3, v4, b, (tile * 2 + begin) * 16);
      backward_grad_g_h_init_epilogue(run, v5, v6, v7, v8, b, (tile * 2 + begin + 1) * 16);
    }
  }
  for (int64_t tile = wide * 2 + begin; tile < end; ++tile) {
    for (int64_t b = (tiles - given_up) * 3 + pairs * 2; b < B; ++b) {
      vec v1 = vec(0.0);
      vec v2 = vec(0.0);
      vec v3 = vec(0.0);
      vec v4 = vec(0.0);
      for (int64_t k = 0; k < 32; ++k) {
        const vec x0 = vec(first_d_g_r_pre[b * 32 + k]);
        const vec w0 = vec::load_unaligned(panel_g_U_r_transposed + (tile * 32 + k) * 16);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_g_U_r_transposed + (tile * 32 + k) * 16 + 4);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_g_U_r_transposed + (tile * 32 + k) * 16 + 8);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_g_U_r_transposed + (tile * 32 + k) * 16 + 12);
        v4 = xsimd::fma(w3, x0, v4);
      }
      for (int64_t k = 0; k < 32; ++k) {
        const vec x0 = vec(first_d_g_z_pre[b * 32 + k]);
        const vec w0 = vec::load_unaligned(panel_g_U_z_transposed + (tile * 32 + k) * 16);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_g_U_z_transposed + (tile * 32 + k) * 16 + 4);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_g_U_z_transposed + (tile * 32 + k) * 16 + 8);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_g_U_z_transposed + (tile * 32 + k) * 16 + 12);
        v4 = xsimd::fma(w3, x0, v4);
      }
      for (int64_t k = 0; k < 32; ++k) {
        const vec x0 = vec(first_d_g_n_1[b * 32 + k]);
        const vec w0 = vec::load_unaligned(panel_g_U_n_transposed + (tile * 32 + k) * 16);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_g_U_n_transposed + (tile * 32 + k) * 16 + 4);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_g_U_n_transposed + (tile * 32 + k) * 16 + 8);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_g_U_n_transposed + (tile * 32 + k) * 16 + 12);
        v4 = xsimd::fma(w3, x0, v4);
      }
      backward_grad_g_h_init_epilogue(run, v1, v2, v3, v4, b, tile * 16);
    }
  }
}

void backward_grad_g_b_r_result(const Run& run, int64_t begin, int64_t end) {
  double* __restrict parameter_gradients = run.parameter_gradients;

  for (int64_t j = begin; j < end; ++j) {
    const vec grad_g_b_r = vec::load_unaligned(parameter_gradients + j * 4 + 3939);
    grad_g_b_r.store_unaligned(parameter_gradients + j * 4 + 4035);
  }
}

void backward_grad_g_b_z_result(const Run& run, int64_t begin, int64_t end) {
  double* __restrict parameter_gradients = run.parameter_gradients;

  for (int64_t j = begin; j < end; ++j) {
    const vec grad_g_b_z = vec::load_unaligned(parameter_gradients + j * 4 + 3971);
    grad_g_b_z.store_unaligned(parameter_gradients + j * 4 + 4067);
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

// Is every index one of least … extent - 1? Not past the end of its row: there anything may stand.
bool indices_hold(const int32_t* index, int64_t steps, int64_t rows, const int32_t* lengths, int64_t least,
                  int64_t extent) {
  if (index == nullptr) return true;
  for (int64_t t = 0; t < steps; ++t)
    for (int64_t b = 0; b < rows; ++b, ++index)
      if ((lengths == nullptr || t < lengths[b]) && (*index < least || *index >= extent)) return false;
  return true;
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
  constexpr int64_t most = 808123423222;
  if (!one_step && call->windows > longest) return false;
  if (std::max<int64_t>(longest, 1) > most / call->rows) return false;
  run.window = window_of(steps_0, run.windows);
  return lengths_hold(call->lengths[0], call->rows, steps_0);
}

// The bytes that a run needs.
rnnc_sizes bytes_of([[maybe_unused]] int64_t T, [[maybe_unused]] int64_t B, [[maybe_unused]] int64_t windows) {
  const int64_t window = window_of(T, windows);
  rnnc_sizes bytes{};
  bytes.packed_bytes = 65216;
  bytes.tape_bytes = ((window * 5 + windows) * 256 + 1064) * B + 704;
  bytes.inference_workspace_bytes = (T * 256 + 2136) * B + 197696;
  bytes.training_workspace_bytes = ((window * 16 + T + 114) * B + 12837) * 64;
  bytes.step_workspace_bytes = (T * 256 + 2136) * B + 197696;
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
  run.panel_g_W_r_g_W_z_g_W_n = at<double>(packed, 0);
  run.param_g_W_r = at<double>(parameters, 792);
  run.param_g_W_z = at<double>(parameters, 2840);
  run.param_g_W_n = at<double>(parameters, 4888);
  run.g_b_r = at<double>(packed, 6144);
  run.param_g_b_r = at<double>(parameters, 31512);
  run.g_d_r = at<double>(packed, 6464);
  run.param_g_d_r = at<double>(parameters, 32280);
  run.g_b_z = at<double>(packed, 6784);
  run.param_g_b_z = at<double>(parameters, 31768);
  run.g_d_z = at<double>(packed, 7104);
  run.param_g_d_z = at<double>(parameters, 32536);
  run.g_b_n = at<double>(packed, 7424);
  run.param_g_b_n = at<double>(parameters, 32024);
  run.panel_g_U_r_g_U_z_g_U_n = at<double>(packed, 7744);
  run.param_g_U_r = at<double>(parameters, 6936);
  run.param_g_U_z = at<double>(parameters, 15128);
  run.param_g_U_n = at<double>(parameters, 23320);
  run.g_d_n = at<double>(packed, 32320);
  run.param_g_d_n = at<double>(parameters, 32792);
  run.panel_R = at<double>(packed, 32640);
  run.param_R = at<double>(parameters, 0);
  run.b = at<double>(packed, 33664);
  run.param_b = at<double>(parameters, 768);
  run.panel_R_transposed = at<double>(packed, 33728);
  run.panel_g_U_r_transposed = at<double>(packed, 34496);
  run.panel_g_U_z_transposed = at<double>(packed, 42688);
  run.panel_g_U_n_transposed = at<double>(packed, 50880);
  run.panel_g_W_r_transposed = at<double>(packed, 59072);
  run.panel_g_W_z_transposed = at<double>(packed, 61120);
  run.panel_g_W_n_transposed = at<double>(packed, 63168);

  double* panel_R = run.panel_R;
  double* b = run.b;

  launch(run, 8, 1536, [&](int64_t begin, int64_t end) { pack_panel_g_W_r_g_W_z_g_W_n(run, begin, end); });
  launch(run, 32, 64, [&](int64_t begin, int64_t end) { pack_g_b_r(run, begin, end); });
  launch(run, 32, 64, [&](int64_t begin, int64_t end) { pack_g_d_r(run, begin, end); });
  launch(run, 32, 64, [&](int64_t begin, int64_t end) { pack_g_b_z(run, begin, end); });
  launch(run, 32, 64, [&](int64_t begin, int64_t end) { pack_g_d_z(run, begin, end); });
  launch(run, 32, 64, [&](int64_t begin, int64_t end) { pack_g_b_n(run, begin, end); });
  launch(run, 8, 6144, [&](int64_t begin, int64_t end) { pack_panel_g_U_r_g_U_z_g_U_n(run, begin, end); });
  launch(run, 32, 64, [&](int64_t begin, int64_t end) { pack_g_d_n(run, begin, end); });
  std::fill_n(panel_R, 128, 0.0);
  launch(run, 1, 192, [&](int64_t begin, int64_t end) { pack_panel_R(run, begin, end); });
  std::fill_n(b + 3, 4, 0.0);
  launch(run, 3, 6, [&](int64_t begin, int64_t end) { pack_b(run, begin, end); });
  launch(run, 8, 192, [&](int64_t begin, int64_t end) { pack_panel_R_transposed(run, begin, end); });
  launch(run, 8, 2048, [&](int64_t begin, int64_t end) { pack_panel_g_U_r_transposed(run, begin, end); });
  launch(run, 8, 2048, [&](int64_t begin, int64_t end) { pack_panel_g_U_z_transposed(run, begin, end); });
  launch(run, 8, 2048, [&](int64_t begin, int64_t end) { pack_panel_g_U_n_transposed(run, begin, end); });
  launch(run, 2, 512, [&](int64_t begin, int64_t end) { pack_panel_g_W_r_transposed(run, begin, end); });
  launch(run, 2, 512, [&](int64_t begin, int64_t end) { pack_panel_g_W_z_transposed(run, begin, end); });
  launch(run, 2, 512, [&](int64_t begin, int64_t end) { pack_panel_g_W_n_transposed(run, begin, end); });
  return RNNC_OK;
}

int forward(const rnnc_model*, const rnnc_call* call) {
  Run run{};
  if (!start(call, false, run)) return RNNC_BAD_CALL;
  const void* packed = call->packed;
  if (packed == nullptr) return RNNC_BAD_CALL;
  void* workspace = call->workspace;
  if (workspace == nullptr && (run.T * 256 + 2136) * run.B + 197696 != 0) return RNNC_BAD_CALL;
  run.g_h_start = at<double>(workspace, run.B * 544 + 320);
  run.g_r_input = at<double>(workspace, run.B * 800 + 384);
  run.g_z_input = at<double>(workspace, run.B * 1056 + 65984);
  run.g_n_input = at<double>(workspace, run.B * 1312 + 131584);
  run.g_h = at<double>(workspace, run.B * 1568 + 197184);
  run.g_h_final = at<double>(workspace, (run.T * 256 + 1824) * run.B + 197248);
  run.y = at<double>(workspace, (run.T * 256 + 2080) * run.B + 197440);
  run.reduce_max = at<double>(workspace, (run.T * 256 + 2112) * run.B + 197504);
  run.reduce_sum = at<double>(workspace, (run.T * 256 + 2120) * run.B + 197568);
  run.sub = at<double>(workspace, (run.T * 256 + 2128) * run.B + 197632);
  run.sum_over = at<double>(workspace, (run.T * 256 + 2080) * run.B + 197312);
  run.loss = at<double>(workspace, (run.T * 256 + 2080) * run.B + 197376);
  run.given_loss_2 = call->loss != nullptr;
  if (!take_or(run.loss_2, call->loss, 1, workspace, 0)) return RNNC_BAD_CALL;
  run.given_label = slot(call->inputs, 1) != nullptr;
  if (call->loss != nullptr && slot(call->inputs, 1) == nullptr && run.B != 0) return RNNC_BAD_CALL;
  if (!take_or(run.label, slot(call->inputs, 1), run.B, workspace, run.B * 512 + 192)) return RNNC_BAD_CALL;
  run.given_g_h_init = slot(call->state_in, 0) != nullptr;
  if (!take_or(run.g_h_init, slot(call->state_in, 0), run.B * 32, workspace, 64)) return RNNC_BAD_CALL;
  run.panel_g_W_r_g_W_z_g_W_n = at<double>(packed, 0);
  run.g_b_r = at<double>(packed, 6144);
  run.g_d_r = at<double>(packed, 6464);
  run.g_b_z = at<double>(packed, 6784);
  run.g_d_z = at<double>(packed, 7104);
  run.g_b_n = at<double>(packed, 7424);
  if (!take(run.x, slot(call->inputs, 0), run.T * run.B * 8)) return RNNC_BAD_CALL;
  run.panel_g_U_r_g_U_z_g_U_n = at<double>(packed, 7744);
  run.g_d_n = at<double>(packed, 32320);
  if (!take_or(run.g_h_final_2, slot(call->state_out, 0), run.B * 32, workspace,
      run.B * 256 + 128)) return RNNC_BAD_CALL;
  run.panel_R = at<double>(packed, 32640);
  run.b = at<double>(packed, 33664);
  if (!take_or(run.y_2, slot(call->outputs, 0), run.B * 3, workspace, run.B * 520 + 256)) return RNNC_BAD_CALL;
  if (!indices_hold(static_cast<const int32_t*>(slot(call->inputs, 1)), 1, call->rows, nullptr, 0,
      3)) return RNNC_BAD_INDEX;

  const int64_t T = run.T, B = run.B;
  double* sum_over = run.sum_over;
  int32_t* label = run.label;

  if (!run.given_label) {
    std::fill_n(label, B, 0);
  }
  if (run.given_g_h_init) {
    launch(run, B, B * 64, [&](int64_t begin, int64_t end) { infer_g_h_start_given(run, begin, end); });
  } else {
    launch(run, B, B * 64, [&](int64_t begin, int64_t end) { infer_g_h_start_default(run, begin, end); });
  }
  launch(run, B, B * 64, [&](int64_t begin, int64_t end) { infer_g_h_boundary(run, begin, end); });
  const int64_t block = (B + 255) / B;
  const int64_t blocks = (T + block - 1) / block;
  for (int64_t q = 0; q < blocks; ++q) {
    const int64_t t0 = block * q;
    const int64_t t1 = std::min<int64_t>(block + t0, T);
    launch(run, 8, (t1 - t0) * B * 512, [&](int64_t begin,
        int64_t end) { infer_g_r_input_g_z_input_g_n_input(run, begin, end, t0, t1); });
    for (int64_t t = t0; t < t1; ++t) {
      launch(run, 8, B * 2048, [&](int64_t begin, int64_t end) { infer_g_h(run, begin, end, t0, t); });
    }
  }
  launch(run, B, B * 64, [&](int64_t begin, int64_t end) { infer_g_h_final(run, begin, end); });
  const int64_t shares = (B + 7) / 8;
  launch(run, shares, B * 96, [&](int64_t begin, int64_t end) { infer_y(run, begin, end); });
  if (run.given_loss_2) {
    launch(run, B, B * 12, [&](int64_t begin, int64_t end) { infer_reduce_max(run, begin, end); });
  }
  if (run.given_loss_2) {
    launch(run, B, B * 12, [&](int64_t begin, int64_t end) { infer_reduce_sum(run, begin, end); });
  }
  if (run.given_loss_2) {
    launch(run, B, B * 8, [&](int64_t begin, int64_t end) { infer_sub(run, begin, end); });
  }
  if (run.given_loss_2) {
    std::fill_n(sum_over, 1, 0.0);
    launch(run, 1, B * 4, [&](int64_t begin, int64_t end) { infer_sum_over(run, begin, end); });
  }
  if (run.given_loss_2) {
    launch(run, 1, 8, [&](int64_t begin, int64_t end) { infer_loss(run, begin, end); });
  }
  return RNNC_OK;
}

int forward_train(const rnnc_model*, const rnnc_call* call) {
  Run run{};
  if (!start(call, false, run)) return RNNC_BAD_CALL;
  if (call->memory_budget > 0 && call->windows == 0) return RNNC_BAD_CALL;  // `sizes` says how many
  const void* packed = call->packed;
  if (packed == nullptr) return RNNC_BAD_CALL;
  void* workspace = call->workspace;
  if (workspace == nullptr && ((run.window * 16 + run.T + 114) * run.B + 12837) * 64 != 0) return RNNC_BAD_CALL;
  void* tape = call->tape;
  if (tape == nullptr && ((run.window * 5 + run.windows) * 256 + 1064) * run.B + 704 != 0) return RNNC_BAD_CALL;
  run.given_loss_2 = call->loss != nullptr;
  if (!take_or(run.loss_2, call->loss, 1, workspace, 0)) return RNNC_BAD_CALL;
  run.given_label = slot(call->inputs, 1) != nullptr;
  if (!take(run.label, slot(call->inputs, 1), run.B)) return RNNC_BAD_CALL;
  run.given_g_h_init = slot(call->state_in, 0) != nullptr;
  if (!take_or(run.g_h_init, slot(call->state_in, 0), run.B * 32, workspace, 64)) return RNNC_BAD_CALL;
  run.panel_g_W_r_g_W_z_g_W_n = at<double>(packed, 0);
  run.g_b_r = at<double>(packed, 6144);
  run.g_d_r = at<double>(packed, 6464);
  run.g_b_z = at<double>(packed, 6784);
  run.g_d_z = at<double>(packed, 7104);
  run.g_b_n = at<double>(packed, 7424);
  if (!take(run.x, slot(call->inputs, 0), run.T * run.B * 8)) return RNNC_BAD_CALL;
  run.panel_g_U_r_g_U_z_g_U_n = at<double>(packed, 7744);
  run.g_d_n = at<double>(packed, 32320);
  if (!take_or(run.g_h_final_2, slot(call->state_out, 0), run.B * 32, workspace,
      run.B * 256 + 128)) return RNNC_BAD_CALL;
  run.panel_R = at<double>(packed, 32640);
  run.b = at<double>(packed, 33664);
  if (!take_or(run.y_2, slot(call->outputs, 0), run.B * 3, workspace, run.B * 520 + 256)) return RNNC_BAD_CALL;
  run.tape_g_h_start = at<double>(tape, 64);
  run.g_r_input_2 = at<double>(workspace, (run.T * 64 + 1080) * run.B + 33664);
  run.tape_g_r = at<double>(tape, run.B * 256 + 128);
  run.g_z_input_2 = at<double>(workspace, (run.T * 64 + 1336) * run.B + 99264);
  run.tape_g_z = at<double>(tape, (run.window + 1) * run.B * 256 + 192);
  run.tape_add = at<double>(tape, (run.window + 1) * run.B * 512 + 256);
  run.g_n_input_2 = at<double>(workspace, (run.T * 64 + 1592) * run.B + 164864);
  run.tape_g_n = at<double>(tape, (run.window * 768 + 512) * run.B + 320);
  run.tape_g_h = at<double>(tape, (run.window * 2 + 1) * run.B * 512 + 384);
  run.tape_g_h_final = at<double>(tape, (run.window * 1280 + 768) * run.B + 448);
  run.y_3 = at<double>(workspace, (run.T * 64 + 1848) * run.B + 230592);
  run.reduce_max_2 = at<double>(workspace, (run.T * 64 + 1880) * run.B + 230656);
  run.tape_exp_sub = at<double>(tape, (run.window * 5 + run.windows + 4) * run.B * 256 + 576);
  run.tape_reduce_sum = at<double>(tape, ((run.window * 5 + run.windows) * 256 + 1056) * run.B + 640);
  run.sub_2 = at<double>(workspace, (run.T * 64 + 1888) * run.B + 230720);
  run.sum_over_2 = at<double>(workspace, (run.T * 64 + 1848) * run.B + 230464);
  run.loss_3 = at<double>(workspace, (run.T * 64 + 1848) * run.B + 230528);
  run.checkpoints_g_h = at<double>(tape, (run.window * 1280 + 1024) * run.B + 512);
  if (!indices_hold(static_cast<const int32_t*>(slot(call->inputs, 1)), 1, call->rows, nullptr, 0,
      3)) return RNNC_BAD_INDEX;
  *at<int64_t>(tape, 0) = run.windows;

  const int64_t T = run.T, B = run.B, window = run.window;
  int32_t* label = run.label;
  double* sum_over_2 = run.sum_over_2;

  if (!run.given_label) {
    std::fill_n(label, B, 0);
  }
  if (run.given_g_h_init) {
    launch(run, B, B * 64, [&](int64_t begin, int64_t end) { forward_g_h_start_given(run, begin, end); });
  } else {
    launch(run, B, B * 64, [&](int64_t begin, int64_t end) { forward_g_h_start_default(run, begin, end); });
  }
  const int64_t filled_windows = (T + window - 1) / window;
  const int64_t window_count = std::max<int64_t>(filled_windows, 1);
  launch(run, B, B * 64, [&](int64_t begin, int64_t end) { forward_g_h_boundary(run, begin, end, 0, 0, 0); });
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
      launch(run, 8, (t1 - t0) * B * 512, [&](int64_t begin,
          int64_t end) { forward_g_r_input_g_z_input_g_n_input(run, begin, end, t0, t1, window0); });
      for (int64_t t = t0; t < t1; ++t) {
        launch(run, 8, B * 2048, [&](int64_t begin,
            int64_t end) { forward_g_r_g_z_g_n_g_h(run, begin, end, t0, t, window0); });
      }
    }
    launch(run, B, B * 64, [&](int64_t begin,
        int64_t end) { forward_g_h_final(run, begin, end, window0, window1, window0); });
  }
  launch(run, B, B * 64, [&](int64_t begin,
      int64_t end) { forward_g_z_boundary(run, begin, end, (window_count - 1) * window, (window_count - 1) * window,
      (window_count - 1) * window); });
  const int64_t shares = (B + 7) / 8;
  launch(run, shares, B * 96, [&](int64_t begin, int64_t end) { forward_y(run, begin, end); });
  launch(run, B, B * 12, [&](int64_t begin, int64_t end) { forward_reduce_max(run, begin, end); });
  launch(run, B, B * 24, [&](int64_t begin, int64_t end) { forward_exp_sub(run, begin, end); });
  launch(run, B, B * 12, [&](int64_t begin, int64_t end) { forward_reduce_sum(run, begin, end); });
  if (run.given_loss_2) {
    launch(run, B, B * 8, [&](int64_t begin, int64_t end) { forward_sub(run, begin, end); });
  }
  if (run.given_loss_2) {
    std::fill_n(sum_over_2, 1, 0.0);
    launch(run, 1, B * 4, [&](int64_t begin, int64_t end) { forward_sum_over(run, begin, end); });
  }
  if (run.given_loss_2) {
    launch(run, 1, 8, [&](int64_t begin, int64_t end) { forward_loss(run, begin, end); });
  }
  return RNNC_OK;
}

int backward(const rnnc_model*, const rnnc_call* call) {
  Run run{};
  if (!start(call, false, run)) return RNNC_BAD_CALL;
  if (call->memory_budget > 0 && call->windows == 0) return RNNC_BAD_CALL;  // `sizes` says how many
  const void* packed = call->packed;
  if (packed == nullptr) return RNNC_BAD_CALL;
  void* workspace = call->workspace;
  if (workspace == nullptr && ((run.window * 16 + run.T + 114) * run.B + 12837) * 64 != 0) return RNNC_BAD_CALL;
  void* tape = call->tape;
  if (tape == nullptr && ((run.window * 5 + run.windows) * 256 + 1064) * run.B + 704 != 0) return RNNC_BAD_CALL;
  void* gradients = call->parameter_gradients;
  run.given_label = slot(call->inputs, 1) != nullptr;
  if (!take(run.label, slot(call->inputs, 1), run.B)) return RNNC_BAD_CALL;
  run.panel_g_W_r_g_W_z_g_W_n = at<double>(packed, 0);
  run.g_b_r = at<double>(packed, 6144);
  run.g_d_r = at<double>(packed, 6464);
  run.g_b_z = at<double>(packed, 6784);
  run.g_d_z = at<double>(packed, 7104);
  run.g_b_n = at<double>(packed, 7424);
  if (!take(run.x, slot(call->inputs, 0), run.T * run.B * 8)) return RNNC_BAD_CALL;
  run.panel_g_U_r_g_U_z_g_U_n = at<double>(packed, 7744);
  run.g_d_n = at<double>(packed, 32320);
  run.g_r_input_2 = at<double>(workspace, (run.T * 64 + 1080) * run.B + 33664);
  run.tape_g_r = at<double>(tape, run.B * 256 + 128);
  run.g_z_input_2 = at<double>(workspace, (run.T * 64 + 1336) * run.B + 99264);
  run.tape_g_z = at<double>(tape, (run.window + 1) * run.B * 256 + 192);
  run.tape_add = at<double>(tape, (run.window + 1) * run.B * 512 + 256);
  run.g_n_input_2 = at<double>(workspace, (run.T * 64 + 1592) * run.B + 164864);
  run.tape_g_n = at<double>(tape, (run.window * 768 + 512) * run.B + 320);
  run.tape_g_h = at<double>(tape, (run.window * 2 + 1) * run.B * 512 + 384);
  run.tape_g_h_final = at<double>(tape, (run.window * 1280 + 768) * run.B + 448);
  run.tape_exp_sub = at<double>(tape, (run.window * 5 + run.windows + 4) * run.B * 256 + 576);
  run.tape_reduce_sum = at<double>(tape, ((run.window * 5 + run.windows) * 256 + 1056) * run.B + 640);
  run.checkpoints_g_h = at<double>(tape, (run.window * 1280 + 1024) * run.B + 512);
  run.x_2 = at<double>(workspace, (run.T * 64 + 1848) * run.B + 230464);
  run.first_g_z = at<double>(workspace, (run.T * 64 + 1912) * run.B + 246912);
  run.first_d_g_h = at<double>(workspace, (run.T * 64 + 2168) * run.B + 246976);
  run.first_d_g_n_1 = at<double>(workspace, (run.T * 64 + 2424) * run.B + 247040);
  run.first_d_g_z_pre = at<double>(workspace, (run.T * 64 + 2680) * run.B + 247104);
  run.first_d_g_r_pre = at<double>(workspace, (run.T * 64 + 2936) * run.B + 247168);
  run.div = at<double>(workspace, ((run.window * 16 + run.T) * 64 + 5048) * run.B + 329664);
  run.d_y = at<double>(workspace, ((run.window * 16 + run.T + 79) * run.B + 5152) * 64);
  run.add = at<double>(workspace, (run.T * 64 + 3192) * run.B + 247232);
  run.d_g_h = at<double>(workspace, (run.T * 64 + 3448) * run.B + 247296);
  run.d_g_n_pre = at<double>(workspace, ((run.window * 4 + run.T) * 64 + 3704) * run.B + 247360);
  run.d_g_r_pre = at<double>(workspace, ((run.window * 4 + run.T) * 64 + 3960) * run.B + 312960);
  run.d_g_z_pre = at<double>(workspace, ((run.window * 8 + run.T) * 64 + 4216) * run.B + 313024);
  run.grad_x = at<double>(workspace, ((run.window * 12 + run.T) * 64 + 4472) * run.B + 313088);
  if (!take_or(run.parameter_gradients, gradients, 4131, workspace, run.B * 800 + 384)) return RNNC_BAD_CALL;
  run.d_g_n_1 = at<double>(workspace, ((run.window * 12 + run.T) * 64 + 4536) * run.B + 329536);
  run.grad_g_h_init = at<double>(workspace, ((run.window * 16 + run.T) * 64 + 4792) * run.B + 329600);
  run.given_d_y_2 = slot(call->output_gradients, 0) != nullptr;
  if (!take_or(run.d_y_2, slot(call->output_gradients, 0), run.B * 3, workspace,
      (run.T * 64 + 1056) * run.B + 33600)) return RNNC_BAD_CALL;
  run.given_d_g_h_final = slot(call->state_out_gradients, 0) != nullptr;
  if (!take_or(run.d_g_h_final, slot(call->state_out_gradients, 0), run.B * 32, workspace,
      run.B * 544 + 320)) return RNNC_BAD_CALL;
  run.panel_R_transposed = at<double>(packed, 33728);
  run.panels = at<double>(workspace, ((run.window * 16 + run.T) * 64 + 5088) * run.B + 329792);
  run.panel_g_U_r_transposed = at<double>(packed, 34496);
  run.panel_g_U_z_transposed = at<double>(packed, 42688);
  run.panel_g_U_n_transposed = at<double>(packed, 50880);
  run.panel_g_W_r_transposed = at<double>(packed, 59072);
  run.panel_g_W_z_transposed = at<double>(packed, 61120);
  run.panel_g_W_n_transposed = at<double>(packed, 63168);
  if (!take_or(run.grad_x_2, slot(call->input_gradients, 0), run.T * run.B * 8, workspace,
      run.B * 800 + 33472)) return RNNC_BAD_CALL;
  if (!take_or(run.grad_g_h_init_2, slot(call->state_in_gradients, 0), run.B * 32, workspace,
      (run.T * 64 + 800) * run.B + 33536)) return RNNC_BAD_CALL;
  if (!indices_hold(static_cast<const int32_t*>(slot(call->inputs, 1)), 1, call->rows, nullptr, 0,
      3)) return RNNC_BAD_INDEX;
  if (*at<int64_t>(tape, 0) != run.windows) return RNNC_BAD_TAPE;
  if (run.windows > 1) *at<int64_t>(tape, 0) = 0;  // which windows computed again are written over

  const int64_t T = run.T, B = run.B, window = run.window;
  int32_t* label = run.label;
  double* parameter_gradients = run.parameter_gradients;
  double* d_y_2 = run.d_y_2;
  double* d_g_h_final = run.d_g_h_final;

  if (!run.given_label) {
    std::fill_n(label, B, 0);
  }
  if (!run.given_d_y_2) {
    std::fill_n(d_y_2, B * 3, 0.0);
  }
  if (!run.given_d_g_h_final) {
    std::fill_n(d_g_h_final, B * 32, 0.0);
  }
  launch(run, B, B * 8, [&](int64_t begin, int64_t end) { backward_div(run, begin, end); });
  launch(run, B, B * 24, [&](int64_t begin, int64_t end) { backward_d_y(run, begin, end); });
  launch(run, 2, 0, [&](int64_t begin, int64_t end) { backward_add(run, begin, end); });
  std::fill_n(parameter_gradients + 96, 3, 0.0);
  launch(run, 1, B * 12, [&](int64_t begin, int64_t end) { backward_grad_b(run, begin, end); });
  std::fill_n(parameter_gradients, 96, 0.0);
  launch(run, 3, B * 32, [&](int64_t begin, int64_t end) { backward_g_h_final_panels(run, begin, end); });
  launch(run, 1, -B * 1024, [&](int64_t begin, int64_t end) { backward_grad_R(run, begin, end); });
  std::fill_n(parameter_gradients + 3939, 32, 0.0);
  std::fill_n(parameter_gradients + 3971, 32, 0.0);
  std::fill_n(parameter_gradients + 4003, 32, 0.0);
  std::fill_n(parameter_gradients + 4099, 32, 0.0);
  std::fill_n(parameter_gradients + 99, 256, 0.0);
  std::fill_n(parameter_gradients + 355, 256, 0.0);
  std::fill_n(parameter_gradients + 611, 256, 0.0);
  std::fill_n(parameter_gradients + 867, 1024, 0.0);
  std::fill_n(parameter_gradients + 1891, 1024, 0.0);
  std::fill_n(parameter_gradients + 2915, 1024, 0.0);
  const int64_t filled_windows = (T + window - 1) / window;
  const int64_t window_count = std::max<int64_t>(filled_windows, 1);
  launch(run, B, B * 256, [&](int64_t begin,
      int64_t end) { backward_d_g_h_d_g_r_pre_d_g_z_pre_d_g_n_1_boundary(run, begin, end, (window_count - 1) * window,
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
      launch(run, 8, (t1 - t0) * B * 512, [&](int64_t begin,
          int64_t end) { forward_g_r_input_g_z_input_g_n_input(run, begin, end, t0, t1, window0); });
      for (int64_t t = t0; t < t1; ++t) {
        launch(run, 8, B * 2048, [&](int64_t begin,
            int64_t end) { forward_g_r_g_z_g_n_g_h(run, begin, end, t0, t, window0); });
      }
    }
    const int64_t block_2 = (B + 255) / B;
    const int64_t blocks_2 = (window1 + block_2 - window0 - 1) / block_2;
    for (int64_t q = blocks_2; q-- > 0;) {
      const int64_t t0 = block_2 * q + window0;
      const int64_t t1 = std::min<int64_t>(block_2 + t0, window1);
      launch(run, (t1 - t0) * B, (t1 - t0) * B * 64,
          [&](int64_t begin, int64_t end) { backward_x(run, begin, end, t0, t1, window0); });
      for (int64_t t = t1; t-- > t0;) {
        launch(run, 2, 0, [&](int64_t begin, int64_t end) { backward_d_g_h_d_g_n_pre_d_g_r_pre_d_g_z_pre(run, begin,
            end, t0, t, window0); });
      }
      const int64_t shares = ((t1 - t0) * B + 7) / 8;
      launch(run, shares, (t1 - t0) * B * 768,
          [&](int64_t begin, int64_t end) { backward_grad_x(run, begin, end, t0, t1, window0); });
      launch(run, 2, (t1 - t0) * B * 128, [&](int64_t begin,
          int64_t end) { backward_grad_g_b_r(run, begin, end, t0, t1, window0); });
      launch(run, 2, (t1 - t0) * B * 128, [&](int64_t begin,
          int64_t end) { backward_grad_g_b_z(run, begin, end, t0, t1, window0); });
      launch(run, 2, (t1 - t0) * B * 128, [&](int64_t begin,
          int64_t end) { backward_grad_g_b_n(run, begin, end, t0, t1, window0); });
      launch(run, 2, (t1 - t0) * B * 128, [&](int64_t begin,
          int64_t end) { backward_grad_g_d_n(run, begin, end, t0, t1, window0); });
      launch(run, 3, (t1 - t0) * B * 32, [&](int64_t begin,
          int64_t end) { backward_d_g_r_pre_panels(run, begin, end, t0, t1, window0); });
      launch(run, 3, (t0 - t1) * B * 1024, [&](int64_t begin,
          int64_t end) { backward_grad_g_W_r(run, begin, end, t0, t1, window0); });
      launch(run, 3, (t1 - t0) * B * 32, [&](int64_t begin,
          int64_t end) { backward_d_g_z_pre_panels(run, begin, end, t0, t1, window0); });
      launch(run, 3, (t0 - t1) * B * 1024, [&](int64_t begin,
          int64_t end) { backward_grad_g_W_z(run, begin, end, t0, t1, window0); });
      launch(run, 3, (t1 - t0) * B * 32, [&](int64_t begin,
          int64_t end) { backward_d_g_n_pre_panels(run, begin, end, t0, t1, window0); });
      launch(run, 3, (t0 - t1) * B * 1024, [&](int64_t begin,
          int64_t end) { backward_grad_g_W_n(run, begin, end, t0, t1, window0); });
      launch(run, 8, (t1 - t0) * B * 32, [&](int64_t begin,
          int64_t end) { backward_d_g_r_pre_panels_2(run, begin, end, t0, t1, window0); });
      launch(run, 3, (t1 - t0) * B * 32, [&](int64_t begin,
          int64_t end) { backward_g_h_before_panels(run, begin, end, t0, t1, window0); });
      launch(run, 8, (t0 - t1) * B * 1024, [&](int64_t begin,
          int64_t end) { backward_grad_g_U_r(run, begin, end, t0, t1, window0, B * 144 + 27664, B * 176 + 35860,
          867); });
      launch(run, 8, (t1 - t0) * B * 32, [&](int64_t begin,
          int64_t end) { backward_d_g_z_pre_panels_2(run, begin, end, t0, t1, window0); });
      launch(run, 8, (t0 - t1) * B * 1024, [&](int64_t begin,
          int64_t end) { backward_grad_g_U_r(run, begin, end, t0, t1, window0, B * 212 + 45080, B * 176 + 35860,
          1891); });
      launch(run, 8, (t1 - t0) * B * 32, [&](int64_t begin,
          int64_t end) { backward_d_g_n_1_panels(run, begin, end, t0, t1, window0); });
      launch(run, 8, (t0 - t1) * B * 1024, [&](int64_t begin,
          int64_t end) { backward_grad_g_U_r(run, begin, end, t0, t1, window0, B * 244 + 53276, B * 176 + 35860,
          2915); });
    }
    launch(run, B, B * 64, [&](int64_t begin,
        int64_t end) { backward_first_g_z(run, begin, end, window0, window1, window0); });
    launch(run, B, B * 64, [&](int64_t begin,
        int64_t end) { backward_first_d_g_h(run, begin, end, window0, window1, window0); });
    launch(run, B, B * 64, [&](int64_t begin,
        int64_t end) { backward_first_d_g_n_1(run, begin, end, window0, window1, window0); });
    launch(run, B, B * 64, [&](int64_t begin,
        int64_t end) { backward_first_d_g_z_pre(run, begin, end, window0, window1, window0); });
    launch(run, B, B * 64, [&](int64_t begin,
        int64_t end) { backward_first_d_g_r_pre(run, begin, end, window0, window1, window0); });
  }
  launch(run, 2, 0, [&](int64_t begin, int64_t end) { backward_grad_g_h_init(run, begin, end); });
  launch(run, 8, 32, [&](int64_t begin, int64_t end) { backward_grad_g_b_r_result(run, begin, end); });
  launch(run, 8, 32, [&](int64_t begin, int64_t end) { backward_grad_g_b_z_result(run, begin, end); });
  return RNNC_OK;
}

int step(const rnnc_model*, const rnnc_call* call) {
  Run run{};
  if (!start(call, true, run)) return RNNC_BAD_CALL;
  const void* packed = call->packed;
  if (packed == nullptr) return RNNC_BAD_CALL;
  void* workspace = call->workspace;
  if (workspace == nullptr && (run.T * 256 + 2136) * run.B + 197696 != 0) return RNNC_BAD_CALL;
  run.g_h_start = at<double>(workspace, run.B * 544 + 320);
  run.g_r_input = at<double>(workspace, run.B * 800 + 384);
  run.g_z_input = at<double>(workspace, run.B * 1056 + 65984);
  run.g_n_input = at<double>(workspace, run.B * 1312 + 131584);
  run.g_h = at<double>(workspace, run.B * 1568 + 197184);
  run.g_h_final = at<double>(workspace, (run.T * 256 + 1824) * run.B + 197248);
  run.y = at<double>(workspace, (run.T * 256 + 2080) * run.B + 197440);
  run.reduce_max = at<double>(workspace, (run.T * 256 + 2112) * run.B + 197504);
  run.reduce_sum = at<double>(workspace, (run.T * 256 + 2120) * run.B + 197568);
  run.sub = at<double>(workspace, (run.T * 256 + 2128) * run.B + 197632);
  run.sum_over = at<double>(workspace, (run.T * 256 + 2080) * run.B + 197312);
  run.loss = at<double>(workspace, (run.T * 256 + 2080) * run.B + 197376);
  run.given_loss_2 = call->loss != nullptr;
  if (!take_or(run.loss_2, call->loss, 1, workspace, 0)) return RNNC_BAD_CALL;
  run.given_label = slot(call->inputs, 1) != nullptr;
  if (call->loss != nullptr && slot(call->inputs, 1) == nullptr && run.B != 0) return RNNC_BAD_CALL;
  if (!take_or(run.label, slot(call->inputs, 1), run.B, workspace, run.B * 512 + 192)) return RNNC_BAD_CALL;
  run.given_g_h_init = slot(call->state_in, 0) != nullptr;
  if (!take_or(run.g_h_init, slot(call->state_in, 0), run.B * 32, workspace, 64)) return RNNC_BAD_CALL;
  run.panel_g_W_r_g_W_z_g_W_n = at<double>(packed, 0);
  run.g_b_r = at<double>(packed, 6144);
  run.g_d_r = at<double>(packed, 6464);
  run.g_b_z = at<double>(packed, 6784);
  run.g_d_z = at<double>(packed, 7104);
  run.g_b_n = at<double>(packed, 7424);
  if (!take(run.x, slot(call->inputs, 0), run.T * run.B * 8)) return RNNC_BAD_CALL;
  run.panel_g_U_r_g_U_z_g_U_n = at<double>(packed, 7744);
  run.g_d_n = at<double>(packed, 32320);
  if (!take_or(run.g_h_final_2, slot(call->state_out, 0), run.B * 32, workspace,
      run.B * 256 + 128)) return RNNC_BAD_CALL;
  run.panel_R = at<double>(packed, 32640);
  run.b = at<double>(packed, 33664);
  if (!take_or(run.y_2, slot(call->outputs, 0), run.B * 3, workspace, run.B * 520 + 256)) return RNNC_BAD_CALL;
  if (!indices_hold(static_cast<const int32_t*>(slot(call->inputs, 1)), 1, call->rows, nullptr, 0,
      3)) return RNNC_BAD_INDEX;

  const int64_t T = run.T, B = run.B;
  double* sum_over = run.sum_over;
  int32_t* label = run.label;

  if (!run.given_label) {
    std::fill_n(label, B, 0);
  }
  if (run.given_g_h_init) {
    launch(run, B, B * 64, [&](int64_t begin, int64_t end) { infer_g_h_start_given(run, begin, end); });
  } else {
    launch(run, B, B * 64, [&](int64_t begin, int64_t end) { infer_g_h_start_default(run, begin, end); });
  }
  launch(run, B, B * 64, [&](int64_t begin, int64_t end) { infer_g_h_boundary(run, begin, end); });
  const int64_t block = (B + 255) / B;
  const int64_t blocks = (T + block - 1) / block;
  for (int64_t q = 0; q < blocks; ++q) {
    const int64_t t0 = block * q;
    const int64_t t1 = std::min<int64_t>(block + t0, T);
    launch(run, 8, (t1 - t0) * B * 512, [&](int64_t begin,
        int64_t end) { infer_g_r_input_g_z_input_g_n_input(run, begin, end, t0, t1); });
    for (int64_t t = t0; t < t1; ++t) {
      launch(run, 8, B * 2048, [&](int64_t begin, int64_t end) { infer_g_h(run, begin, end, t0, t); });
    }
  }
  launch(run, B, B * 64, [&](int64_t begin, int64_t end) { infer_g_h_final(run, begin, end); });
  const int64_t shares = (B + 7) / 8;
  launch(run, shares, B * 96, [&](int64_t begin, int64_t end) { infer_y(run, begin, end); });
  if (run.given_loss_2) {
    launch(run, B, B * 12, [&](int64_t begin, int64_t end) { infer_reduce_max(run, begin, end); });
  }
  if (run.given_loss_2) {
    launch(run, B, B * 12, [&](int64_t begin, int64_t end) { infer_reduce_sum(run, begin, end); });
  }
  if (run.given_loss_2) {
    launch(run, B, B * 8, [&](int64_t begin, int64_t end) { infer_sub(run, begin, end); });
  }
  if (run.given_loss_2) {
    std::fill_n(sum_over, 1, 0.0);
    launch(run, 1, B * 4, [&](int64_t begin, int64_t end) { infer_sum_over(run, begin, end); });
  }
  if (run.given_loss_2) {
    launch(run, 1, 8, [&](int64_t begin, int64_t end) { infer_loss(run, begin, end); });
  }
  return RNNC_OK;
}

// name, rank, extents, per row?, axis, index extent, target?, offset, history, reversed?, initializer and its numbers

const rnnc_tensor parameters[] = {
  {"R", 2, {3, 32, 0}, 0, -1, 0, 0, 0, 0, 0, 0, 2, 0.0, 0.0},
  {"b", 1, {3, 0, 0}, 0, -1, 0, 0, 0, 96, 0, 0, 0, 0.0, 0.0},
  {"g.W_r", 2, {32, 8, 0}, 0, -1, 0, 0, 0, 99, 0, 0, 2, 0.0, 0.0},
  {"g.W_z", 2, {32, 8, 0}, 0, -1, 0, 0, 0, 355, 0, 0, 2, 0.0, 0.0},
  {"g.W_n", 2, {32, 8, 0}, 0, -1, 0, 0, 0, 611, 0, 0, 2, 0.0, 0.0},
  {"g.U_r", 2, {32, 32, 0}, 0, -1, 0, 0, 0, 867, 0, 0, 2, 0.0, 0.0},
  {"g.U_z", 2, {32, 32, 0}, 0, -1, 0, 0, 0, 1891, 0, 0, 2, 0.0, 0.0},
  {"g.U_n", 2, {32, 32, 0}, 0, -1, 0, 0, 0, 2915, 0, 0, 2, 0.0, 0.0},
  {"g.b_r", 1, {32, 0, 0}, 0, -1, 0, 0, 0, 3939, 0, 0, 0, 0.0, 0.0},
  {"g.b_z", 1, {32, 0, 0}, 0, -1, 0, 0, 0, 3971, 0, 0, 0, 0.0, 0.0},
  {"g.b_n", 1, {32, 0, 0}, 0, -1, 0, 0, 0, 4003, 0, 0, 0, 0.0, 0.0},
  {"g.d_r", 1, {32, 0, 0}, 0, -1, 0, 0, 0, 4035, 0, 0, 0, 0.0, 0.0},
  {"g.d_z", 1, {32, 0, 0}, 0, -1, 0, 0, 0, 4067, 0, 0, 0, 0.0, 0.0},
  {"g.d_n", 1, {32, 0, 0}, 0, -1, 0, 0, 0, 4099, 0, 0, 0, 0.0, 0.0},
};

const rnnc_tensor inputs[] = {
  {"x", 1, {8, 0, 0}, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0.0, 0.0},
  {"label", 0, {0, 0, 0}, 1, -1, 3, 0, 1, 0, 0, 0, 0, 0.0, 0.0},
};

const rnnc_tensor outputs[] = {
  {"y", 1, {3, 0, 0}, 1, -1, 0, 0, 0, 0, 0, 0, 0, 0.0, 0.0},
};

const rnnc_tensor states[] = {
  {"g.h", 1, {32, 0, 0}, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0.0, 0.0},
};

const char* const axes[] = {""};

const rnnc_model descriptor = {
  RNNC_ABI_VERSION, sizeof(rnnc_model), "Classifier", "avx2", RNNC_F64,
  1, 1, 14, 2, 1, 1, 4131,  // axes, loss?, parameters … states, numbers in the parameters
  parameters, inputs, outputs, states, axes, nullptr,
  sizes, pack, forward, forward_train, backward, step,
};

}  // namespace

extern "C" const rnnc_model* rnnc_model_Classifier(void) { return &descriptor; }

#if defined(__clang__) && defined(__k8__)
#pragma clang attribute pop
#endif
