// Made by rnnc from charlm.rnn: the model `CharLM` in float for AVX2 with FMA, 8 numbers a vector.
// Compile as C++17 with xsimd 8 and -mavx2 -mfma.
#include "charlm.h"
#if RNNC_CELL_CharLM != 1369528237
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
RNNC_INLINE vec iota() { return vec{0.0f, 1.0f, 2.0f, 3.0f, 4.0f, 5.0f, 6.0f, 7.0f}; }

// True in the lanes below `count`.
template <int count>
RNNC_INLINE mask first_mask() {
  return mask(_mm256_castsi256_ps(_mm256_setr_epi32(
      -(count > 0), -(count > 1), -(count > 2), -(count > 3),
      -(count > 4), -(count > 5), -(count > 6), -(count > 7))));
}

// The lanes below `count` from a, the others from b.
template <int count>
RNNC_INLINE vec first_lanes(vec a, vec b) {
  return xsimd::select(first_mask<count>(), a, b);
}

// The first `count` lanes from memory, zero in the others; nothing beyond them is read.
template <int count>
RNNC_INLINE vec load_first(const float* from) {
  return _mm256_maskload_ps(from, _mm256_castps_si256(first_mask<count>().data));
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

// The sum of all lanes, in every lane: halves first, then quarters, and so on.
RNNC_INLINE vec lane_sum(vec x) {
  __m128 y = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
  y = _mm_add_ps(y, _mm_movehl_ps(y, y));
  return vec(_mm_cvtss_f32(_mm_add_ss(y, _mm_shuffle_ps(y, y, 1))));
}

// The largest lane, in every lane; NaN if one is.
RNNC_INLINE vec lane_max(vec x) {
  if (!xsimd::all(x == x)) return vec(std::numeric_limits<float>::quiet_NaN());
  __m128 y = _mm_max_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
  y = _mm_max_ps(y, _mm_movehl_ps(y, y));
  return vec(_mm_cvtss_f32(_mm_max_ss(y, _mm_shuffle_ps(y, y, 1))));
}

// What one call works on: its numbers, and where its arrays are.
struct Run {
  int64_t T;  // the number of steps
  int64_t B;  // the number of rows
  int64_t first_step;  // the absolute number of step 0
  int64_t training;  // 1 in a training run, else 0
  int64_t windows;  // into how many windows of steps training is divided
  int64_t window;  // the steps of one of them
  float* gather;  // gather as [block of steps][B][256]
  float* l1_h_start;  // l1.h_start as [B][256]
  float* l1_i_input;  // l1.i_input as [block of steps][B][256]
  float* l1_f_input;  // l1.f_input as [block of steps][B][256]
  float* l1_o_input;  // l1.o_input as [block of steps][B][256]
  float* l1_g_input;  // l1.g_input as [block of steps][B][256]
  float* l1_c_start;  // l1.c_start as [B][256]
  float* l1_c;  // l1.c as [T+1][B][256]
  float* l1_h;  // l1.h as [T+1][B][256]
  float* l2_h_start;  // l2.h_start as [B][256]
  float* l2_i_input;  // l2.i_input as [block of steps][B][256]
  float* l2_f_input;  // l2.f_input as [block of steps][B][256]
  float* l2_o_input;  // l2.o_input as [block of steps][B][256]
  float* l2_g_input;  // l2.g_input as [block of steps][B][256]
  float* l2_c_start;  // l2.c_start as [B][256]
  float* l2_c;  // l2.c as [T+1][B][256]
  float* l2_h;  // l2.h as [T+1][B][256]
  float* y;  // y as [block of steps][B][72]
  float* reduce_max;  // reduce_max as [block of steps][B][1]
  float* reduce_sum;  // reduce_sum as [block of steps][B][1]
  float* sub;  // sub as [block of steps][B][1]
  float* sum_over;  // sum_over as [1]
  float* sum_over_2;  // sum_over as [1]
  float* max;  // max as [1]
  float* loss;  // loss as [1]
  float* l1_h_final;  // l1.h.final as [B][256]
  float* l1_c_final;  // l1.c.final as [B][256]
  float* l2_h_final;  // l2.h.final as [B][256]
  float* l2_c_final;  // l2.c.final as [B][256]
  float* loss_2;  // loss [1]
  int32_t* next;  // next [T][B]
  const float* l1_h_init;  // l1.h.init [1][B][256], oldest first
  const float* l1_c_init;  // l1.c.init [1][B][256], oldest first
  const float* l2_h_init;  // l2.h.init [1][B][256], oldest first
  const float* l2_c_init;  // l2.c.init [1][B][256], oldest first
  const int32_t* token;  // token [T][B]
  float* E;  // E [65, 256]
  const float* param_E;  // E [65, 256]
  float* panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g;  // l1.W_i, l1.W_f, l1.W_o, l1.W_g as [32][256][4][8]
  const float* param_l1_W_i;  // l1.W_i [256, 256]
  const float* param_l1_W_f;  // l1.W_f [256, 256]
  const float* param_l1_W_o;  // l1.W_o [256, 256]
  const float* param_l1_W_g;  // l1.W_g [256, 256]
  float* l1_b_i;  // l1.b_i [256]
  const float* param_l1_b_i;  // l1.b_i [256]
  float* l1_b_f;  // l1.b_f [256]
  const float* param_l1_b_f;  // l1.b_f [256]
  float* l1_b_o;  // l1.b_o [256]
  const float* param_l1_b_o;  // l1.b_o [256]
  float* l1_b_g;  // l1.b_g [256]
  const float* param_l1_b_g;  // l1.b_g [256]
  float* panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g;  // l1.U_i, l1.U_f, l1.U_o, l1.U_g as [32][256][4][8]
  const float* param_l1_U_i;  // l1.U_i [256, 256]
  const float* param_l1_U_f;  // l1.U_f [256, 256]
  const float* param_l1_U_o;  // l1.U_o [256, 256]
  const float* param_l1_U_g;  // l1.U_g [256, 256]
  float* panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g;  // l2.W_i, l2.W_f, l2.W_o, l2.W_g as [32][256][4][8]
  const float* param_l2_W_i;  // l2.W_i [256, 256]
  const float* param_l2_W_f;  // l2.W_f [256, 256]
  const float* param_l2_W_o;  // l2.W_o [256, 256]
  const float* param_l2_W_g;  // l2.W_g [256, 256]
  float* l2_b_i;  // l2.b_i [256]
  const float* param_l2_b_i;  // l2.b_i [256]
  float* l2_b_f;  // l2.b_f [256]
  const float* param_l2_b_f;  // l2.b_f [256]
  float* l2_b_o;  // l2.b_o [256]
  const float* param_l2_b_o;  // l2.b_o [256]
  float* l2_b_g;  // l2.b_g [256]
  const float* param_l2_b_g;  // l2.b_g [256]
  float* panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g;  // l2.U_i, l2.U_f, l2.U_o, l2.U_g as [32][256][4][8]
  const float* param_l2_U_i;  // l2.U_i [256, 256]
  const float* param_l2_U_f;  // l2.U_f [256, 256]
  const float* param_l2_U_o;  // l2.U_o [256, 256]
  const float* param_l2_U_g;  // l2.U_g [256, 256]
  float* panel_R;  // R as [3][256][4][1][8], the last one narrower
  const float* param_R;  // R [65, 256]
  float* b;  // b [65]
  const float* param_b;  // b [65]
  float* y_2;  // y [T][B][65]
  float* l1_h_final_2;  // l1.h.final [B][256]
  float* l1_c_final_2;  // l1.c.final [B][256]
  float* l2_h_final_2;  // l2.h.final [B][256]
  float* l2_c_final_2;  // l2.c.final [B][256]
  float* gather_2;  // gather as [block of steps][B][256]
  float* tape_l1_h_start;  // l1.h_start as [B][256]
  float* l1_i_input_2;  // l1.i_input as [block of steps][B][256]
  float* tape_l1_i;  // l1.i as [window][B][256]
  float* l1_f_input_2;  // l1.f_input as [block of steps][B][256]
  float* tape_l1_f;  // l1.f as [window+1][B][256]
  float* l1_o_input_2;  // l1.o_input as [block of steps][B][256]
  float* tape_l1_o;  // l1.o as [window][B][256]
  float* l1_g_input_2;  // l1.g_input as [block of steps][B][256]
  float* tape_l1_g;  // l1.g as [window][B][256]
  float* tape_l1_c_start;  // l1.c_start as [B][256]
  float* tape_l1_c;  // l1.c as [window+1][B][256]
  float* tape_tanh_l1_c;  // tanh_l1.c as [window][B][256]
  float* tape_l1_h;  // l1.h as [window+1][B][256]
  float* tape_l2_h_start;  // l2.h_start as [B][256]
  float* l2_i_input_2;  // l2.i_input as [block of steps][B][256]
  float* tape_l2_i;  // l2.i as [window][B][256]
  float* l2_f_input_2;  // l2.f_input as [block of steps][B][256]
  float* tape_l2_f;  // l2.f as [window+1][B][256]
  float* l2_o_input_2;  // l2.o_input as [block of steps][B][256]
  float* tape_l2_o;  // l2.o as [window][B][256]
  float* l2_g_input_2;  // l2.g_input as [block of steps][B][256]
  float* tape_l2_g;  // l2.g as [window][B][256]
  float* tape_l2_c_start;  // l2.c_start as [B][256]
  float* tape_l2_c;  // l2.c as [window+1][B][256]
  float* tape_tanh_l2_c;  // tanh_l2.c as [window][B][256]
  float* tape_l2_h;  // l2.h as [window+1][B][256]
  float* y_3;  // y as [block of steps][B][72]
  float* reduce_max_2;  // reduce_max as [block of steps][B][1]
  float* tape_exp_sub;  // exp_sub as [window][B][72]
  float* tape_reduce_sum;  // reduce_sum as [window][B][1]
  float* sub_2;  // sub as [block of steps][B][1]
  float* sum_over_3;  // sum_over as [1]
  float* sum_over_4;  // sum_over as [1]
  float* tape_max;  // max as [1]
  float* loss_3;  // loss as [1]
  float* l1_h_final_3;  // l1.h.final as [B][256]
  float* l1_c_final_3;  // l1.c.final as [B][256]
  float* l2_h_final_3;  // l2.h.final as [B][256]
  float* l2_c_final_3;  // l2.c.final as [B][256]
  float* checkpoints_l1_c;  // where each window of l1.c goes on from, as [windows][1][B][256]
  float* checkpoints_l1_h;  // where each window of l1.h goes on from, as [windows][1][B][256]
  float* checkpoints_l2_c;  // where each window of l2.c goes on from, as [windows][1][B][256]
  float* checkpoints_l2_h;  // where each window of l2.h goes on from, as [windows][1][B][256]
  float* gather_3;  // gather as [block of steps][B][256]
  float* first_d_l1_g_pre;  // first_d.l1.g.pre as [B][256]
  float* first_d_l1_o_pre;  // first_d.l1.o.pre as [B][256]
  float* first_d_l1_f_pre;  // first_d.l1.f.pre as [B][256]
  float* first_d_l1_i_pre;  // first_d.l1.i.pre as [B][256]
  float* grad_l1_h_init;  // grad.l1.h.init as [B][256]
  float* first_l1_f;  // first_l1.f as [B][256]
  float* first_d_l1_c;  // first_d.l1.c as [B][256]
  float* grad_l1_c_init;  // grad.l1.c.init as [B][256]
  float* first_d_l2_g_pre;  // first_d.l2.g.pre as [B][256]
  float* first_d_l2_o_pre;  // first_d.l2.o.pre as [B][256]
  float* first_d_l2_f_pre;  // first_d.l2.f.pre as [B][256]
  float* first_d_l2_i_pre;  // first_d.l2.i.pre as [B][256]
  float* grad_l2_h_init;  // grad.l2.h.init as [B][256]
  float* first_l2_f;  // first_l2.f as [B][256]
  float* first_d_l2_c;  // first_d.l2.c as [B][256]
  float* grad_l2_c_init;  // grad.l2.c.init as [B][256]
  float* div;  // div as [block of steps][B][1]
  float* d_y;  // d.y as [block of steps][B][72]
  float* d_l2_h_input;  // d.l2.h_input as [block of steps][B][256]
  float* d_l2_c;  // d.l2.c as [window+1][B][256]
  float* d_l2_i_pre;  // d.l2.i.pre as [window+1][B][256]
  float* d_l2_f_pre;  // d.l2.f.pre as [window+1][B][256]
  float* d_l2_o_pre;  // d.l2.o.pre as [window+1][B][256]
  float* d_l2_g_pre;  // d.l2.g.pre as [window+1][B][256]
  float* d_l1_h_input;  // d.l1.h_input as [block of steps][B][256]
  float* d_l1_c;  // d.l1.c as [window+1][B][256]
  float* d_l1_i_pre;  // d.l1.i.pre as [window+1][B][256]
  float* d_l1_f_pre;  // d.l1.f.pre as [window+1][B][256]
  float* d_l1_o_pre;  // d.l1.o.pre as [window+1][B][256]
  float* d_l1_g_pre;  // d.l1.g.pre as [window+1][B][256]
  float* add;  // add as [block of steps][B][256]
  float* parameter_gradients;  // gradients of all parameters, laid out like these
  float* d_y_2;  // gradient of y [T][B][65]
  float* d_l1_h_final;  // gradient of l1.h.final [B][256]
  float* d_l1_c_final;  // gradient of l1.c.final [B][256]
  float* d_l2_h_final;  // gradient of l2.h.final [B][256]
  float* d_l2_c_final;  // gradient of l2.c.final [B][256]
  float* panel_R_transposed;  // R_transposed as [8][65][4][1][8]
  float* panels;  // rows of one block of steps, in panels
  float* panel_l2_U_i_transposed;  // l2.U_i_transposed as [8][256][4][1][8]
  float* panel_l2_U_f_transposed;  // l2.U_f_transposed as [8][256][4][1][8]
  float* panel_l2_U_o_transposed;  // l2.U_o_transposed as [8][256][4][1][8]
  float* panel_l2_U_g_transposed;  // l2.U_g_transposed as [8][256][4][1][8]
  float* panel_l2_W_i_transposed;  // l2.W_i_transposed as [8][256][4][1][8]
  float* panel_l2_W_f_transposed;  // l2.W_f_transposed as [8][256][4][1][8]
  float* panel_l2_W_o_transposed;  // l2.W_o_transposed as [8][256][4][1][8]
  float* panel_l2_W_g_transposed;  // l2.W_g_transposed as [8][256][4][1][8]
  float* panel_l1_U_i_transposed;  // l1.U_i_transposed as [8][256][4][1][8]
  float* panel_l1_U_f_transposed;  // l1.U_f_transposed as [8][256][4][1][8]
  float* panel_l1_U_o_transposed;  // l1.U_o_transposed as [8][256][4][1][8]
  float* panel_l1_U_g_transposed;  // l1.U_g_transposed as [8][256][4][1][8]
  float* panel_l1_W_i_transposed;  // l1.W_i_transposed as [8][256][4][1][8]
  float* panel_l1_W_f_transposed;  // l1.W_f_transposed as [8][256][4][1][8]
  float* panel_l1_W_o_transposed;  // l1.W_o_transposed as [8][256][4][1][8]
  float* panel_l1_W_g_transposed;  // l1.W_g_transposed as [8][256][4][1][8]
  float* panel_l1_U_i_transposed_2;  // l1.U_i_transposed as [16][256][2][1][8]
  float* panel_l1_U_f_transposed_2;  // l1.U_f_transposed as [16][256][2][1][8]
  float* panel_l1_U_o_transposed_2;  // l1.U_o_transposed as [16][256][2][1][8]
  float* panel_l1_U_g_transposed_2;  // l1.U_g_transposed as [16][256][2][1][8]
  float* panel_l2_U_i_transposed_2;  // l2.U_i_transposed as [16][256][2][1][8]
  float* panel_l2_U_f_transposed_2;  // l2.U_f_transposed as [16][256][2][1][8]
  float* panel_l2_U_o_transposed_2;  // l2.U_o_transposed as [16][256][2][1][8]
  float* panel_l2_U_g_transposed_2;  // l2.U_g_transposed as [16][256][2][1][8]
  float* grad_l1_h_init_2;  // grad.l1.h.init [B][256]
  float* grad_l1_c_init_2;  // grad.l1.c.init [B][256]
  float* grad_l2_h_init_2;  // grad.l2.h.init [B][256]
  float* grad_l2_c_init_2;  // grad.l2.c.init [B][256]
  bool given_loss_2;
  bool given_next;
  bool given_l1_h_init;
  bool given_l1_c_init;
  bool given_l2_h_init;
  bool given_l2_c_init;
  bool given_d_y_2;
  bool given_d_l1_h_final;
  bool given_d_l1_c_final;
  bool given_d_l2_h_final;
  bool given_d_l2_c_final;
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

// sum_over = sum(length(t) over b)
void infer_sum_over(const Run& run, int64_t begin, int64_t end) {
  const int64_t B = run.B;
  float* __restrict sum_over_2 = run.sum_over_2;

  [[maybe_unused]] const int64_t full = std::min<int64_t>(end, 0);
  const int64_t rest = std::max<int64_t>(begin, 0);
  for (int64_t last = rest; last < end; ++last) {
    vec v1 = vec(0.0f);
    for (int64_t b = 0; b < B; ++b) {
      const int64_t length = run.length(0, b);
      const vec v2 = vec(static_cast<float>(length));
      v1 = v1 + v2;
    }
    const vec v2 = vec(sum_over_2[0]);
    const vec v3 = v2 + v1;
    store_first<1>(sum_over_2, v3);
  }
}

void infer_l1_h_start_given(const Run& run, int64_t begin, int64_t end) {
  float* __restrict l1_h_start_at = run.l1_h_start;
  const float* __restrict l1_h_init = run.l1_h_init;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 32; ++j) {
      const vec l1_h_start = vec::load_unaligned(l1_h_init + b * 256 + j * 8);
      l1_h_start.store_unaligned(l1_h_start_at + b * 256 + j * 8);
    }
  }
}

void infer_l1_h_start_default(const Run& run, int64_t begin, int64_t end) {
  float* __restrict l1_h_start = run.l1_h_start;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 32; ++j) {
      vec(0.0f).store_unaligned(l1_h_start + b * 256 + j * 8);
    }
  }
}

void infer_l1_c_start_given(const Run& run, int64_t begin, int64_t end) {
  float* __restrict l1_c_start_at = run.l1_c_start;
  const float* __restrict l1_c_init = run.l1_c_init;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 32; ++j) {
      const vec l1_c_start = vec::load_unaligned(l1_c_init + b * 256 + j * 8);
      l1_c_start.store_unaligned(l1_c_start_at + b * 256 + j * 8);
    }
  }
}

void infer_l1_c_start_default(const Run& run, int64_t begin, int64_t end) {
  float* __restrict l1_c_start = run.l1_c_start;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 32; ++j) {
      vec(0.0f).store_unaligned(l1_c_start + b * 256 + j * 8);
    }
  }
}

void infer_l2_h_start_given(const Run& run, int64_t begin, int64_t end) {
  float* __restrict l2_h_start_at = run.l2_h_start;
  const float* __restrict l2_h_init = run.l2_h_init;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 32; ++j) {
      const vec l2_h_start = vec::load_unaligned(l2_h_init + b * 256 + j * 8);
      l2_h_start.store_unaligned(l2_h_start_at + b * 256 + j * 8);
    }
  }
}

void infer_l2_h_start_default(const Run& run, int64_t begin, int64_t end) {
  float* __restrict l2_h_start = run.l2_h_start;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 32; ++j) {
      vec(0.0f).store_unaligned(l2_h_start + b * 256 + j * 8);
    }
  }
}

void infer_l2_c_start_given(const Run& run, int64_t begin, int64_t end) {
  float* __restrict l2_c_start_at = run.l2_c_start;
  const float* __restrict l2_c_init = run.l2_c_init;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 32; ++j) {
      const vec l2_c_start = vec::load_unaligned(l2_c_init + b * 256 + j * 8);
      l2_c_start.store_unaligned(l2_c_start_at + b * 256 + j * 8);
    }
  }
}

void infer_l2_c_start_default(const Run& run, int64_t begin, int64_t end) {
  float* __restrict l2_c_start = run.l2_c_start;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 32; ++j) {
      vec(0.0f).store_unaligned(l2_c_start + b * 256 + j * 8);
    }
  }
}

// max = max(sum(length(t) over b), 1)
void infer_max(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict sum_over_2 = run.sum_over_2;
  float* __restrict max = run.max;

  const int64_t rest = std::max<int64_t>(begin, 0);
  for (int64_t last = rest; last < end; ++last) {
    const vec sum_over = vec(sum_over_2[0]);
    const vec v1 = xsimd::max(sum_over, vec(1.0f));
    const mask m1 = sum_over == sum_over;
    const vec v2 = xsimd::select(m1, v1, sum_over);
    store_first<1>(max, v2);
  }
}

// the steps around l1.c
void infer_l1_c_boundary(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict l1_c_start_at = run.l1_c_start;
  float* __restrict l1_c = run.l1_c;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 32; ++j) {
      const vec l1_c_start = vec::load_unaligned(l1_c_start_at + b * 256 + j * 8);
      l1_c_start.store_unaligned(l1_c + b * 256 + j * 8);
    }
  }
}

// the steps around l1.h
void infer_l1_h_boundary(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict l1_h_start_at = run.l1_h_start;
  float* __restrict l1_h = run.l1_h;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 32; ++j) {
      const vec l1_h_start = vec::load_unaligned(l1_h_start_at + b * 256 + j * 8);
      l1_h_start.store_unaligned(l1_h + b * 256 + j * 8);
    }
  }
}

// the steps around l2.c
void infer_l2_c_boundary(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict l2_c_start_at = run.l2_c_start;
  float* __restrict l2_c = run.l2_c;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 32; ++j) {
      const vec l2_c_start = vec::load_unaligned(l2_c_start_at + b * 256 + j * 8);
      l2_c_start.store_unaligned(l2_c + b * 256 + j * 8);
    }
  }
}

// the steps around l2.h
void infer_l2_h_boundary(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict l2_h_start_at = run.l2_h_start;
  float* __restrict l2_h = run.l2_h;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 32; ++j) {
      const vec l2_h_start = vec::load_unaligned(l2_h_start_at + b * 256 + j * 8);
      l2_h_start.store_unaligned(l2_h + b * 256 + j * 8);
    }
  }
}

void pack_E(const Run& run, int64_t begin, int64_t end) {
  float* __restrict E = run.E;
  const float* __restrict param_E = run.param_E;

  for (int64_t i = begin; i < end; ++i) {
    for (int64_t j = 0; j < 256; ++j) {
      const vec v1 = vec(param_E[i * 256 + j]);
      store_first<1>(E + i * 256 + j, v1);
    }
  }
}

// gather = E[token]
void infer_gather(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t) {
  const int64_t B = run.B;
  float* __restrict gather = run.gather;
  const int32_t* __restrict token = run.token;
  const float* __restrict E = run.E;

  for (int64_t r = t0 * B + begin; r < t0 * B + end; ++r) {
    for (int64_t j = 0; j < 32; ++j) {
      const int64_t entry = token[r];
      const int64_t entry_2 = std::max<int64_t>(entry, 0);
      const int64_t entry_3 = std::min<int64_t>(entry_2, 64);
      const vec v1 = vec::load_unaligned(E + entry_3 * 256 + j * 8);
      v1.store_unaligned(gather + (r - t0 * B) * 256 + j * 8);
    }
  }
}

void pack_panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g(const Run& run, int64_t begin, int64_t end) {
  float* __restrict panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g = run.panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g;
  const float* __restrict param_l1_W_i = run.param_l1_W_i;
  const float* __restrict param_l1_W_f = run.param_l1_W_f;
  const float* __restrict param_l1_W_o = run.param_l1_W_o;
  const float* __restrict param_l1_W_g = run.param_l1_W_g;

  for (int64_t block = begin; block < end; ++block) {
    for (int64_t k = 0; k < 256; ++k) {
      for (int64_t lane = 0; lane < 8; ++lane) {
        const vec v1 = vec(param_l1_W_i[(block * 8 + lane) * 256 + k]);
        store_first<1>(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + (block * 256 + k) * 32 + lane, v1);
      }
      for (int64_t lane = 0; lane < 8; ++lane) {
        const vec v1 = vec(param_l1_W_f[(block * 8 + lane) * 256 + k]);
        store_first<1>(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + (block * 256 + k) * 32 + lane + 8, v1);
      }
      for (int64_t lane = 0; lane < 8; ++lane) {
        const vec v1 = vec(param_l1_W_o[(block * 8 + lane) * 256 + k]);
        store_first<1>(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + (block * 256 + k) * 32 + lane + 16, v1);
      }
      for (int64_t lane = 0; lane < 8; ++lane) {
        const vec v1 = vec(param_l1_W_g[(block * 8 + lane) * 256 + k]);
        store_first<1>(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + (block * 256 + k) * 32 + lane + 24, v1);
      }
    }
  }
}

void pack_l1_b_i(const Run& run, int64_t begin, int64_t end) {
  float* __restrict l1_b_i = run.l1_b_i;
  const float* __restrict param_l1_b_i = run.param_l1_b_i;

  for (int64_t i = begin; i < end; ++i) {
    const vec v1 = vec(param_l1_b_i[i]);
    store_first<1>(l1_b_i + i, v1);
  }
}

void pack_l1_b_f(const Run& run, int64_t begin, int64_t end) {
  float* __restrict l1_b_f = run.l1_b_f;
  const float* __restrict param_l1_b_f = run.param_l1_b_f;

  for (int64_t i = begin; i < end; ++i) {
    const vec v1 = vec(param_l1_b_f[i]);
    store_first<1>(l1_b_f + i, v1);
  }
}

void pack_l1_b_o(const Run& run, int64_t begin, int64_t end) {
  float* __restrict l1_b_o = run.l1_b_o;
  const float* __restrict param_l1_b_o = run.param_l1_b_o;

  for (int64_t i = begin; i < end; ++i) {
    const vec v1 = vec(param_l1_b_o[i]);
    store_first<1>(l1_b_o + i, v1);
  }
}

void pack_l1_b_g(const Run& run, int64_t begin, int64_t end) {
  float* __restrict l1_b_g = run.l1_b_g;
  const float* __restrict param_l1_b_g = run.param_l1_b_g;

  for (int64_t i = begin; i < end; ++i) {
    const vec v1 = vec(param_l1_b_g[i]);
    store_first<1>(l1_b_g + i, v1);
  }
}

// l1.i_input = l1.W_i @ E[token] + l1.b_i
// l1.f_input = l1.W_f @ E[token] + l1.b_f
// l1.o_input = l1.W_o @ E[token] + l1.b_o
// l1.g_input = l1.W_g @ E[token] + l1.b_g
void infer_l1_i_input_l1_f_input_l1_o_input_l1_g_input_epilogue(const Run& run, vec sum, vec sum_2, vec sum_3,
    vec sum_4, int64_t t0, int64_t, int64_t r, int64_t j) {
  const int64_t B = run.B;
  float* l1_i_input = run.l1_i_input;
  float* l1_f_input = run.l1_f_input;
  float* l1_o_input = run.l1_o_input;
  float* l1_g_input = run.l1_g_input;
  const float* l1_b_i_at = run.l1_b_i;
  const float* l1_b_f_at = run.l1_b_f;
  const float* l1_b_o_at = run.l1_b_o;
  const float* l1_b_g_at = run.l1_b_g;

  const vec l1_b_i = vec::load_unaligned(l1_b_i_at + j);
  const vec v1 = sum + l1_b_i;
  v1.store_unaligned(l1_i_input + (r - t0 * B) * 256 + j);
  const vec l1_b_f = vec::load_unaligned(l1_b_f_at + j);
  const vec v2 = sum_2 + l1_b_f;
  v2.store_unaligned(l1_f_input + (r - t0 * B) * 256 + j);
  const vec l1_b_o = vec::load_unaligned(l1_b_o_at + j);
  const vec v3 = sum_3 + l1_b_o;
  v3.store_unaligned(l1_o_input + (r - t0 * B) * 256 + j);
  const vec l1_b_g = vec::load_unaligned(l1_b_g_at + j);
  const vec v4 = sum_4 + l1_b_g;
  v4.store_unaligned(l1_g_input + (r - t0 * B) * 256 + j);
}

// l1.i_input = l1.W_i @ E[token] + l1.b_i
// l1.f_input = l1.W_f @ E[token] + l1.b_f
// l1.o_input = l1.W_o @ E[token] + l1.b_o
// l1.g_input = l1.W_g @ E[token] + l1.b_g
void infer_l1_i_input_l1_f_input_l1_o_input_l1_g_input(const Run& run, int64_t begin, int64_t end, int64_t t0,
    int64_t t1) {
  const int64_t B = run.B;
  const float* __restrict gather = run.gather;
  const float* __restrict panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g = run.panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g;

  const int64_t tiles = ((t1 - t0) * B) / 3;
  const int64_t odd = ((t1 - t0) * B - tiles * 3) % 2;
  const int64_t given_up = std::min<int64_t>(odd, tiles);
  const int64_t pairs = ((given_up - tiles) * 3 + (t1 - t0) * B) / 2;
  for (int64_t tile = begin; tile < end; ++tile) {
    for (int64_t r = t0 * B; r < (tiles - given_up) * 3 + t0 * B; r += 3) {
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
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(gather[(r - t0 * B) * 256 + k]);
        const vec x1 = vec(gather[(r - t0 * B + 1) * 256 + k]);
        const vec x2 = vec(gather[(r - t0 * B + 2) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        v9 = xsimd::fma(w0, x2, v9);
        vec w1 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        v10 = xsimd::fma(w1, x2, v10);
        vec w2 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        v11 = xsimd::fma(w2, x2, v11);
        vec w3 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
        v12 = xsimd::fma(w3, x2, v12);
      }
      infer_l1_i_input_l1_f_input_l1_o_input_l1_g_input_epilogue(run, v1, v2, v3, v4, t0, t1, r, tile * 8);
      infer_l1_i_input_l1_f_input_l1_o_input_l1_g_input_epilogue(run, v5, v6, v7, v8, t0, t1, r + 1, tile * 8);
      infer_l1_i_input_l1_f_input_l1_o_input_l1_g_input_epilogue(run, v9, v10, v11, v12, t0, t1, r + 2, tile * 8);
    }
    for (int64_t r = (tiles - given_up) * 3 + t0 * B; r < (tiles - given_up) * 3 + pairs * 2 + t0 * B; r += 2) {
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      vec v5 = vec(0.0f);
      vec v6 = vec(0.0f);
      vec v7 = vec(0.0f);
      vec v8 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(gather[(r - t0 * B) * 256 + k]);
        const vec x1 = vec(gather[(r - t0 * B + 1) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        vec w1 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        vec w2 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        vec w3 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
      }
      infer_l1_i_input_l1_f_input_l1_o_input_l1_g_input_epilogue(run, v1, v2, v3, v4, t0, t1, r, tile * 8);
      infer_l1_i_input_l1_f_input_l1_o_input_l1_g_input_epilogue(run, v5, v6, v7, v8, t0, t1, r + 1, tile * 8);
    }
  }
  const int64_t share = std::max<int64_t>(0, end - begin);
  const int64_t wide = share / 3;
  for (int64_t tile = 0; tile < wide; ++tile) {
    for (int64_t r = (tiles - given_up) * 3 + pairs * 2 + t0 * B; r < t1 * B; ++r) {
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
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(gather[(r - t0 * B) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + ((tile * 3 + begin) * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + ((tile * 3 + begin) * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + ((tile * 3 + begin) * 256 + k) * 32
            + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + ((tile * 3 + begin) * 256 + k) * 32
            + 24);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + ((tile * 3 + begin + 1) * 256 + k) * 32);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + ((tile * 3 + begin) * 256 + k) * 32
            + 8200);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + ((tile * 3 + begin) * 256 + k) * 32
            + 8208);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + ((tile * 3 + begin) * 256 + k) * 32
            + 8216);
        v8 = xsimd::fma(w7, x0, v8);
        const vec w8 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + ((tile * 3 + begin + 2) * 256 + k) * 32);
        v9 = xsimd::fma(w8, x0, v9);
        const vec w9 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + ((tile * 3 + begin) * 256 + k) * 32
            + 16392);
        v10 = xsimd::fma(w9, x0, v10);
        const vec w10 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + ((tile * 3 + begin) * 256 + k) * 32
            + 16400);
        v11 = xsimd::fma(w10, x0, v11);
        const vec w11 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + ((tile * 3 + begin) * 256 + k) * 32
            + 16408);
        v12 = xsimd::fma(w11, x0, v12);
      }
      infer_l1_i_input_l1_f_input_l1_o_input_l1_g_input_epilogue(run, v1, v2, v3, v4, t0, t1, r, tile * 24 + begin * 8);
      infer_l1_i_input_l1_f_input_l1_o_input_l1_g_input_epilogue(run, v5, v6, v7, v8, t0, t1, r,
          tile * 24 + (begin + 1) * 8);
      infer_l1_i_input_l1_f_input_l1_o_input_l1_g_input_epilogue(run, v9, v10, v11, v12, t0, t1, r,
          tile * 24 + (begin + 2) * 8);
    }
  }
  for (int64_t tile = wide * 3 + begin; tile < end; ++tile) {
    for (int64_t r = (tiles - given_up) * 3 + pairs * 2 + t0 * B; r < t1 * B; ++r) {
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(gather[(r - t0 * B) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + (tile * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + (tile * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + (tile * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + (tile * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
      }
      infer_l1_i_input_l1_f_input_l1_o_input_l1_g_input_epilogue(run, v1, v2, v3, v4, t0, t1, r, tile * 8);
    }
  }
}

void pack_panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g(const Run& run, int64_t begin, int64_t end) {
  float* __restrict panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g = run.panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g;
  const float* __restrict param_l1_U_i = run.param_l1_U_i;
  const float* __restrict param_l1_U_f = run.param_l1_U_f;
  const float* __restrict param_l1_U_o = run.param_l1_U_o;
  const float* __restrict param_l1_U_g = run.param_l1_U_g;

  for (int64_t block = begin; block < end; ++block) {
    for (int64_t k = 0; k < 256; ++k) {
      for (int64_t lane = 0; lane < 8; ++lane) {
        const vec v1 = vec(param_l1_U_i[(block * 8 + lane) * 256 + k]);
        store_first<1>(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + (block * 256 + k) * 32 + lane, v1);
      }
      for (int64_t lane = 0; lane < 8; ++lane) {
        const vec v1 = vec(param_l1_U_f[(block * 8 + lane) * 256 + k]);
        store_first<1>(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + (block * 256 + k) * 32 + lane + 8, v1);
      }
      for (int64_t lane = 0; lane < 8; ++lane) {
        const vec v1 = vec(param_l1_U_o[(block * 8 + lane) * 256 + k]);
        store_first<1>(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + (block * 256 + k) * 32 + lane + 16, v1);
      }
      for (int64_t lane = 0; lane < 8; ++lane) {
        const vec v1 = vec(param_l1_U_g[(block * 8 + lane) * 256 + k]);
        store_first<1>(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + (block * 256 + k) * 32 + lane + 24, v1);
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

// l1.c = l1.f * l1.c[t-1] + l1.i * l1.g    (lstm.rnn:8)
// l1.h = l1.o * tanh(l1.c)    (lstm.rnn:8)
void infer_l1_c_l1_h_epilogue(const Run& run, vec l1_i_sum, vec l1_f_sum, vec l1_o_sum, vec l1_g_sum, int64_t t0,
    int64_t t, int64_t b, int64_t j) {
  const int64_t B = run.B;
  const float* l1_i_input_at = run.l1_i_input;
  const float* l1_f_input_at = run.l1_f_input;
  const float* l1_o_input_at = run.l1_o_input;
  const float* l1_g_input_at = run.l1_g_input;
  float* l1_c_at = run.l1_c;
  float* l1_h_at = run.l1_h;

  const vec l1_f_input = vec::load_unaligned(l1_f_input_at + ((t - t0) * B + b) * 256 + j);
  const vec v1 = l1_f_input + l1_f_sum;
  const vec l1_f = rnnc_sigmoid(v1);
  const vec l1_c_before = vec::load_unaligned(l1_c_at + (t * B + b) * 256 + j);
  const vec v2 = l1_f * l1_c_before;
  const vec l1_i_input = vec::load_unaligned(l1_i_input_at + ((t - t0) * B + b) * 256 + j);
  const vec v3 = l1_i_input + l1_i_sum;
  const vec l1_i = rnnc_sigmoid(v3);
  const vec l1_g_input = vec::load_unaligned(l1_g_input_at + ((t - t0) * B + b) * 256 + j);
  const vec v4 = l1_g_input + l1_g_sum;
  const vec l1_g = rnnc_tanh(v4);
  const vec v5 = l1_i * l1_g;
  const vec l1_c = v2 + v5;
  l1_c.store_unaligned(l1_c_at + ((t + 1) * B + b) * 256 + j);
  const vec l1_o_input = vec::load_unaligned(l1_o_input_at + ((t - t0) * B + b) * 256 + j);
  const vec v6 = l1_o_input + l1_o_sum;
  const vec l1_o = rnnc_sigmoid(v6);
  const vec v7 = rnnc_tanh(l1_c);
  const vec l1_h = l1_o * v7;
  l1_h.store_unaligned(l1_h_at + ((t + 1) * B + b) * 256 + j);
}

void infer_l1_c_l1_h_prefetch(const Run& run, int64_t, int64_t t, int64_t b, int64_t j) {
  const int64_t B = run.B;
  const float* l1_c = run.l1_c;
  const float* l1_h = run.l1_h;

  RNNC_PREFETCH(l1_c + (t * B + b) * 256 + j);
  RNNC_PREFETCH(l1_c + ((t + 1) * B + b) * 256 + j);
  RNNC_PREFETCH(l1_h + ((t + 1) * B + b) * 256 + j);
}

// l1.c = l1.f * l1.c[t-1] + l1.i * l1.g    (lstm.rnn:8)
// l1.h = l1.o * tanh(l1.c)    (lstm.rnn:8)
void infer_l1_c_l1_h(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t) {
  const int64_t B = run.B;
  const float* l1_h = run.l1_h;
  const float* __restrict panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g = run.panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g;

  const int64_t tiles = B / 3;
  const int64_t odd = (B - tiles * 3) % 2;
  const int64_t given_up = std::min<int64_t>(odd, tiles);
  const int64_t pairs = ((given_up - tiles) * 3 + B) / 2;
  for (int64_t tile = begin; tile < end; ++tile) {
    for (int64_t b = 0; b < (tiles - given_up) * 3; b += 3) {
      infer_l1_c_l1_h_prefetch(run, t0, t, b, tile * 8);
      infer_l1_c_l1_h_prefetch(run, t0, t, b + 1, tile * 8);
      infer_l1_c_l1_h_prefetch(run, t0, t, b + 2, tile * 8);
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
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(l1_h[(t * B + b) * 256 + k]);
        const vec x1 = vec(l1_h[(t * B + b + 1) * 256 + k]);
        const vec x2 = vec(l1_h[(t * B + b + 2) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        v9 = xsimd::fma(w0, x2, v9);
        vec w1 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        v10 = xsimd::fma(w1, x2, v10);
        vec w2 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        v11 = xsimd::fma(w2, x2, v11);
        vec w3 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
        v12 = xsimd::fma(w3, x2, v12);
      }
      infer_l1_c_l1_h_epilogue(run, v1, v2, v3, v4, t0, t, b, tile * 8);
      infer_l1_c_l1_h_epilogue(run, v5, v6, v7, v8, t0, t, b + 1, tile * 8);
      infer_l1_c_l1_h_epilogue(run, v9, v10, v11, v12, t0, t, b + 2, tile * 8);
    }
    for (int64_t b = (tiles - given_up) * 3; b < (tiles - given_up) * 3 + pairs * 2; b += 2) {
      infer_l1_c_l1_h_prefetch(run, t0, t, b, tile * 8);
      infer_l1_c_l1_h_prefetch(run, t0, t, b + 1, tile * 8);
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      vec v5 = vec(0.0f);
      vec v6 = vec(0.0f);
      vec v7 = vec(0.0f);
      vec v8 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(l1_h[(t * B + b) * 256 + k]);
        const vec x1 = vec(l1_h[(t * B + b + 1) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        vec w1 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        vec w2 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        vec w3 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
      }
      infer_l1_c_l1_h_epilogue(run, v1, v2, v3, v4, t0, t, b, tile * 8);
      infer_l1_c_l1_h_epilogue(run, v5, v6, v7, v8, t0, t, b + 1, tile * 8);
    }
  }
  const int64_t share = std::max<int64_t>(0, end - begin);
  const int64_t wide = share / 3;
  for (int64_t tile = 0; tile < wide; ++tile) {
    for (int64_t b = (tiles - given_up) * 3 + pairs * 2; b < B; ++b) {
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
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(l1_h[(t * B + b) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + ((tile * 3 + begin) * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + ((tile * 3 + begin) * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + ((tile * 3 + begin) * 256 + k) * 32
            + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + ((tile * 3 + begin) * 256 + k) * 32
            + 24);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + ((tile * 3 + begin + 1) * 256 + k) * 32);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + ((tile * 3 + begin) * 256 + k) * 32
            + 8200);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + ((tile * 3 + begin) * 256 + k) * 32
            + 8208);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + ((tile * 3 + begin) * 256 + k) * 32
            + 8216);
        v8 = xsimd::fma(w7, x0, v8);
        const vec w8 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + ((tile * 3 + begin + 2) * 256 + k) * 32);
        v9 = xsimd::fma(w8, x0, v9);
        const vec w9 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + ((tile * 3 + begin) * 256 + k) * 32
            + 16392);
        v10 = xsimd::fma(w9, x0, v10);
        const vec w10 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + ((tile * 3 + begin) * 256 + k) * 32
            + 16400);
        v11 = xsimd::fma(w10, x0, v11);
        const vec w11 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + ((tile * 3 + begin) * 256 + k) * 32
            + 16408);
        v12 = xsimd::fma(w11, x0, v12);
      }
      infer_l1_c_l1_h_epilogue(run, v1, v2, v3, v4, t0, t, b, tile * 24 + begin * 8);
      infer_l1_c_l1_h_epilogue(run, v5, v6, v7, v8, t0, t, b, tile * 24 + (begin + 1) * 8);
      infer_l1_c_l1_h_epilogue(run, v9, v10, v11, v12, t0, t, b, tile * 24 + (begin + 2) * 8);
    }
  }
  for (int64_t tile = wide * 3 + begin; tile < end; ++tile) {
    for (int64_t b = (tiles - given_up) * 3 + pairs * 2; b < B; ++b) {
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(l1_h[(t * B + b) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + (tile * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + (tile * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + (tile * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + (tile * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
      }
      infer_l1_c_l1_h_epilogue(run, v1, v2, v3, v4, t0, t, b, tile * 8);
    }
  }
}

void pack_panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g(const Run& run, int64_t begin, int64_t end) {
  float* __restrict panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g = run.panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g;
  const float* __restrict param_l2_W_i = run.param_l2_W_i;
  const float* __restrict param_l2_W_f = run.param_l2_W_f;
  const float* __restrict param_l2_W_o = run.param_l2_W_o;
  const float* __restrict param_l2_W_g = run.param_l2_W_g;

  for (int64_t block = begin; block < end; ++block) {
    for (int64_t k = 0; k < 256; ++k) {
      for (int64_t lane = 0; lane < 8; ++lane) {
        const vec v1 = vec(param_l2_W_i[(block * 8 + lane) * 256 + k]);
        store_first<1>(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + (block * 256 + k) * 32 + lane, v1);
      }
      for (int64_t lane = 0; lane < 8; ++lane) {
        const vec v1 = vec(param_l2_W_f[(block * 8 + lane) * 256 + k]);
        store_first<1>(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + (block * 256 + k) * 32 + lane + 8, v1);
      }
      for (int64_t lane = 0; lane < 8; ++lane) {
        const vec v1 = vec(param_l2_W_o[(block * 8 + lane) * 256 + k]);
        store_first<1>(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + (block * 256 + k) * 32 + lane + 16, v1);
      }
      for (int64_t lane = 0; lane < 8; ++lane) {
        const vec v1 = vec(param_l2_W_g[(block * 8 + lane) * 256 + k]);
        store_first<1>(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + (block * 256 + k) * 32 + lane + 24, v1);
      }
    }
  }
}

void pack_l2_b_i(const Run& run, int64_t begin, int64_t end) {
  float* __restrict l2_b_i = run.l2_b_i;
  const float* __restrict param_l2_b_i = run.param_l2_b_i;

  for (int64_t i = begin; i < end; ++i) {
    const vec v1 = vec(param_l2_b_i[i]);
    store_first<1>(l2_b_i + i, v1);
  }
}

void pack_l2_b_f(const Run& run, int64_t begin, int64_t end) {
  float* __restrict l2_b_f = run.l2_b_f;
  const float* __restrict param_l2_b_f = run.param_l2_b_f;

  for (int64_t i = begin; i < end; ++i) {
    const vec v1 = vec(param_l2_b_f[i]);
    store_first<1>(l2_b_f + i, v1);
  }
}

void pack_l2_b_o(const Run& run, int64_t begin, int64_t end) {
  float* __restrict l2_b_o = run.l2_b_o;
  const float* __restrict param_l2_b_o = run.param_l2_b_o;

  for (int64_t i = begin; i < end; ++i) {
    const vec v1 = vec(param_l2_b_o[i]);
    store_first<1>(l2_b_o + i, v1);
  }
}

void pack_l2_b_g(const Run& run, int64_t begin, int64_t end) {
  float* __restrict l2_b_g = run.l2_b_g;
  const float* __restrict param_l2_b_g = run.param_l2_b_g;

  for (int64_t i = begin; i < end; ++i) {
    const vec v1 = vec(param_l2_b_g[i]);
    store_first<1>(l2_b_g + i, v1);
  }
}

// l2.i_input = l2.W_i @ l1.h + l2.b_i
// l2.f_input = l2.W_f @ l1.h + l2.b_f
// l2.o_input = l2.W_o @ l1.h + l2.b_o
// l2.g_input = l2.W_g @ l1.h + l2.b_g
void infer_l2_i_input_l2_f_input_l2_o_input_l2_g_input_epilogue(const Run& run, vec sum, vec sum_2, vec sum_3,
    vec sum_4, int64_t t0, int64_t, int64_t r, int64_t j) {
  const int64_t B = run.B;
  float* l2_i_input = run.l2_i_input;
  float* l2_f_input = run.l2_f_input;
  float* l2_o_input = run.l2_o_input;
  float* l2_g_input = run.l2_g_input;
  const float* l2_b_i_at = run.l2_b_i;
  const float* l2_b_f_at = run.l2_b_f;
  const float* l2_b_o_at = run.l2_b_o;
  const float* l2_b_g_at = run.l2_b_g;

  const vec l2_b_i = vec::load_unaligned(l2_b_i_at + j);
  const vec v1 = sum + l2_b_i;
  v1.store_unaligned(l2_i_input + (r - t0 * B) * 256 + j);
  const vec l2_b_f = vec::load_unaligned(l2_b_f_at + j);
  const vec v2 = sum_2 + l2_b_f;
  v2.store_unaligned(l2_f_input + (r - t0 * B) * 256 + j);
  const vec l2_b_o = vec::load_unaligned(l2_b_o_at + j);
  const vec v3 = sum_3 + l2_b_o;
  v3.store_unaligned(l2_o_input + (r - t0 * B) * 256 + j);
  const vec l2_b_g = vec::load_unaligned(l2_b_g_at + j);
  const vec v4 = sum_4 + l2_b_g;
  v4.store_unaligned(l2_g_input + (r - t0 * B) * 256 + j);
}

// l2.i_input = l2.W_i @ l1.h + l2.b_i
// l2.f_input = l2.W_f @ l1.h + l2.b_f
// l2.o_input = l2.W_o @ l1.h + l2.b_o
// l2.g_input = l2.W_g @ l1.h + l2.b_g
void infer_l2_i_input_l2_f_input_l2_o_input_l2_g_input(const Run& run, int64_t begin, int64_t end, int64_t t0,
    int64_t t1) {
  const int64_t B = run.B;
  const float* __restrict l1_h = run.l1_h;
  const float* __restrict panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g = run.panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g;

  const int64_t tiles = ((t1 - t0) * B) / 3;
  const int64_t odd = ((t1 - t0) * B - tiles * 3) % 2;
  const int64_t given_up = std::min<int64_t>(odd, tiles);
  const int64_t pairs = ((given_up - tiles) * 3 + (t1 - t0) * B) / 2;
  for (int64_t tile = begin; tile < end; ++tile) {
    for (int64_t r = t0 * B; r < (tiles - given_up) * 3 + t0 * B; r += 3) {
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
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(l1_h[(B + r) * 256 + k]);
        const vec x1 = vec(l1_h[(B + r + 1) * 256 + k]);
        const vec x2 = vec(l1_h[(B + r + 2) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        v9 = xsimd::fma(w0, x2, v9);
        vec w1 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        v10 = xsimd::fma(w1, x2, v10);
        vec w2 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        v11 = xsimd::fma(w2, x2, v11);
        vec w3 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
        v12 = xsimd::fma(w3, x2, v12);
      }
      infer_l2_i_input_l2_f_input_l2_o_input_l2_g_input_epilogue(run, v1, v2, v3, v4, t0, t1, r, tile * 8);
      infer_l2_i_input_l2_f_input_l2_o_input_l2_g_input_epilogue(run, v5, v6, v7, v8, t0, t1, r + 1, tile * 8);
      infer_l2_i_input_l2_f_input_l2_o_input_l2_g_input_epilogue(run, v9, v10, v11, v12, t0, t1, r + 2, tile * 8);
    }
    for (int64_t r = (tiles - given_up) * 3 + t0 * B; r < (tiles - given_up) * 3 + pairs * 2 + t0 * B; r += 2) {
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      vec v5 = vec(0.0f);
      vec v6 = vec(0.0f);
      vec v7 = vec(0.0f);
      vec v8 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(l1_h[(B + r) * 256 + k]);
        const vec x1 = vec(l1_h[(B + r + 1) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        vec w1 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        vec w2 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        vec w3 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
      }
      infer_l2_i_input_l2_f_input_l2_o_input_l2_g_input_epilogue(run, v1, v2, v3, v4, t0, t1, r, tile * 8);
      infer_l2_i_input_l2_f_input_l2_o_input_l2_g_input_epilogue(run, v5, v6, v7, v8, t0, t1, r + 1, tile * 8);
    }
  }
  const int64_t share = std::max<int64_t>(0, end - begin);
  const int64_t wide = share / 3;
  for (int64_t tile = 0; tile < wide; ++tile) {
    for (int64_t r = (tiles - given_up) * 3 + pairs * 2 + t0 * B; r < t1 * B; ++r) {
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
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(l1_h[(B + r) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + ((tile * 3 + begin) * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + ((tile * 3 + begin) * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + ((tile * 3 + begin) * 256 + k) * 32
            + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + ((tile * 3 + begin) * 256 + k) * 32
            + 24);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + ((tile * 3 + begin + 1) * 256 + k) * 32);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + ((tile * 3 + begin) * 256 + k) * 32
            + 8200);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + ((tile * 3 + begin) * 256 + k) * 32
            + 8208);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + ((tile * 3 + begin) * 256 + k) * 32
            + 8216);
        v8 = xsimd::fma(w7, x0, v8);
        const vec w8 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + ((tile * 3 + begin + 2) * 256 + k) * 32);
        v9 = xsimd::fma(w8, x0, v9);
        const vec w9 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + ((tile * 3 + begin) * 256 + k) * 32
            + 16392);
        v10 = xsimd::fma(w9, x0, v10);
        const vec w10 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + ((tile * 3 + begin) * 256 + k) * 32
            + 16400);
        v11 = xsimd::fma(w10, x0, v11);
        const vec w11 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + ((tile * 3 + begin) * 256 + k) * 32
            + 16408);
        v12 = xsimd::fma(w11, x0, v12);
      }
      infer_l2_i_input_l2_f_input_l2_o_input_l2_g_input_epilogue(run, v1, v2, v3, v4, t0, t1, r, tile * 24 + begin * 8);
      infer_l2_i_input_l2_f_input_l2_o_input_l2_g_input_epilogue(run, v5, v6, v7, v8, t0, t1, r,
          tile * 24 + (begin + 1) * 8);
      infer_l2_i_input_l2_f_input_l2_o_input_l2_g_input_epilogue(run, v9, v10, v11, v12, t0, t1, r,
          tile * 24 + (begin + 2) * 8);
    }
  }
  for (int64_t tile = wide * 3 + begin; tile < end; ++tile) {
    for (int64_t r = (tiles - given_up) * 3 + pairs * 2 + t0 * B; r < t1 * B; ++r) {
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(l1_h[(B + r) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + (tile * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + (tile * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + (tile * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + (tile * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
      }
      infer_l2_i_input_l2_f_input_l2_o_input_l2_g_input_epilogue(run, v1, v2, v3, v4, t0, t1, r, tile * 8);
    }
  }
}

void pack_panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g(const Run& run, int64_t begin, int64_t end) {
  float* __restrict panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g = run.panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g;
  const float* __restrict param_l2_U_i = run.param_l2_U_i;
  const float* __restrict param_l2_U_f = run.param_l2_U_f;
  const float* __restrict param_l2_U_o = run.param_l2_U_o;
  const float* __restrict param_l2_U_g = run.param_l2_U_g;

  for (int64_t block = begin; block < end; ++block) {
    for (int64_t k = 0; k < 256; ++k) {
      for (int64_t lane = 0; lane < 8; ++lane) {
        const vec v1 = vec(param_l2_U_i[(block * 8 + lane) * 256 + k]);
        store_first<1>(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + (block * 256 + k) * 32 + lane, v1);
      }
      for (int64_t lane = 0; lane < 8; ++lane) {
        const vec v1 = vec(param_l2_U_f[(block * 8 + lane) * 256 + k]);
        store_first<1>(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + (block * 256 + k) * 32 + lane + 8, v1);
      }
      for (int64_t lane = 0; lane < 8; ++lane) {
        const vec v1 = vec(param_l2_U_o[(block * 8 + lane) * 256 + k]);
        store_first<1>(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + (block * 256 + k) * 32 + lane + 16, v1);
      }
      for (int64_t lane = 0; lane < 8; ++lane) {
        const vec v1 = vec(param_l2_U_g[(block * 8 + lane) * 256 + k]);
        store_first<1>(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + (block * 256 + k) * 32 + lane + 24, v1);
      }
    }
  }
}

// l2.c = l2.f * l2.c[t-1] + l2.i * l2.g    (lstm.rnn:8)
// l2.h = l2.o * tanh(l2.c)    (lstm.rnn:8)
void infer_l2_c_l2_h_epilogue(const Run& run, vec l2_i_sum, vec l2_f_sum, vec l2_o_sum, vec l2_g_sum, int64_t t0,
    int64_t t, int64_t b, int64_t j) {
  const int64_t B = run.B;
  const float* l2_i_input_at = run.l2_i_input;
  const float* l2_f_input_at = run.l2_f_input;
  const float* l2_o_input_at = run.l2_o_input;
  const float* l2_g_input_at = run.l2_g_input;
  float* l2_c_at = run.l2_c;
  float* l2_h_at = run.l2_h;

  const vec l2_f_input = vec::load_unaligned(l2_f_input_at + ((t - t0) * B + b) * 256 + j);
  const vec v1 = l2_f_input + l2_f_sum;
  const vec l2_f = rnnc_sigmoid(v1);
  const vec l2_c_before = vec::load_unaligned(l2_c_at + (t * B + b) * 256 + j);
  const vec v2 = l2_f * l2_c_before;
  const vec l2_i_input = vec::load_unaligned(l2_i_input_at + ((t - t0) * B + b) * 256 + j);
  const vec v3 = l2_i_input + l2_i_sum;
  const vec l2_i = rnnc_sigmoid(v3);
  const vec l2_g_input = vec::load_unaligned(l2_g_input_at + ((t - t0) * B + b) * 256 + j);
  const vec v4 = l2_g_input + l2_g_sum;
  const vec l2_g = rnnc_tanh(v4);
  const vec v5 = l2_i * l2_g;
  const vec l2_c = v2 + v5;
  l2_c.store_unaligned(l2_c_at + ((t + 1) * B + b) * 256 + j);
  const vec l2_o_input = vec::load_unaligned(l2_o_input_at + ((t - t0) * B + b) * 256 + j);
  const vec v6 = l2_o_input + l2_o_sum;
  const vec l2_o = rnnc_sigmoid(v6);
  const vec v7 = rnnc_tanh(l2_c);
  const vec l2_h = l2_o * v7;
  l2_h.store_unaligned(l2_h_at + ((t + 1) * B + b) * 256 + j);
}

void infer_l2_c_l2_h_prefetch(const Run& run, int64_t, int64_t t, int64_t b, int64_t j) {
  const int64_t B = run.B;
  const float* l2_c = run.l2_c;
  const float* l2_h = run.l2_h;

  RNNC_PREFETCH(l2_c + (t * B + b) * 256 + j);
  RNNC_PREFETCH(l2_c + ((t + 1) * B + b) * 256 + j);
  RNNC_PREFETCH(l2_h + ((t + 1) * B + b) * 256 + j);
}

// l2.c = l2.f * l2.c[t-1] + l2.i * l2.g    (lstm.rnn:8)
// l2.h = l2.o * tanh(l2.c)    (lstm.rnn:8)
void infer_l2_c_l2_h(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t) {
  const int64_t B = run.B;
  const float* l2_h = run.l2_h;
  const float* __restrict panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g = run.panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g;

  const int64_t tiles = B / 3;
  const int64_t odd = (B - tiles * 3) % 2;
  const int64_t given_up = std::min<int64_t>(odd, tiles);
  const int64_t pairs = ((given_up - tiles) * 3 + B) / 2;
  for (int64_t tile = begin; tile < end; ++tile) {
    for (int64_t b = 0; b < (tiles - given_up) * 3; b += 3) {
      infer_l2_c_l2_h_prefetch(run, t0, t, b, tile * 8);
      infer_l2_c_l2_h_prefetch(run, t0, t, b + 1, tile * 8);
      infer_l2_c_l2_h_prefetch(run, t0, t, b + 2, tile * 8);
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
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(l2_h[(t * B + b) * 256 + k]);
        const vec x1 = vec(l2_h[(t * B + b + 1) * 256 + k]);
        const vec x2 = vec(l2_h[(t * B + b + 2) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        v9 = xsimd::fma(w0, x2, v9);
        vec w1 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        v10 = xsimd::fma(w1, x2, v10);
        vec w2 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        v11 = xsimd::fma(w2, x2, v11);
        vec w3 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
        v12 = xsimd::fma(w3, x2, v12);
      }
      infer_l2_c_l2_h_epilogue(run, v1, v2, v3, v4, t0, t, b, tile * 8);
      infer_l2_c_l2_h_epilogue(run, v5, v6, v7, v8, t0, t, b + 1, tile * 8);
      infer_l2_c_l2_h_epilogue(run, v9, v10, v11, v12, t0, t, b + 2, tile * 8);
    }
    for (int64_t b = (tiles - given_up) * 3; b < (tiles - given_up) * 3 + pairs * 2; b += 2) {
      infer_l2_c_l2_h_prefetch(run, t0, t, b, tile * 8);
      infer_l2_c_l2_h_prefetch(run, t0, t, b + 1, tile * 8);
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      vec v5 = vec(0.0f);
      vec v6 = vec(0.0f);
      vec v7 = vec(0.0f);
      vec v8 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(l2_h[(t * B + b) * 256 + k]);
        const vec x1 = vec(l2_h[(t * B + b + 1) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        vec w1 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        vec w2 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        vec w3 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
      }
      infer_l2_c_l2_h_epilogue(run, v1, v2, v3, v4, t0, t, b, tile * 8);
      infer_l2_c_l2_h_epilogue(run, v5, v6, v7, v8, t0, t, b + 1, tile * 8);
    }
  }
  const int64_t share = std::max<int64_t>(0, end - begin);
  const int64_t wide = share / 3;
  for (int64_t tile = 0; tile < wide; ++tile) {
    for (int64_t b = (tiles - given_up) * 3 + pairs * 2; b < B; ++b) {
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
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(l2_h[(t * B + b) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + ((tile * 3 + begin) * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + ((tile * 3 + begin) * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + ((tile * 3 + begin) * 256 + k) * 32
            + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + ((tile * 3 + begin) * 256 + k) * 32
            + 24);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + ((tile * 3 + begin + 1) * 256 + k) * 32);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + ((tile * 3 + begin) * 256 + k) * 32
            + 8200);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + ((tile * 3 + begin) * 256 + k) * 32
            + 8208);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + ((tile * 3 + begin) * 256 + k) * 32
            + 8216);
        v8 = xsimd::fma(w7, x0, v8);
        const vec w8 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + ((tile * 3 + begin + 2) * 256 + k) * 32);
        v9 = xsimd::fma(w8, x0, v9);
        const vec w9 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + ((tile * 3 + begin) * 256 + k) * 32
            + 16392);
        v10 = xsimd::fma(w9, x0, v10);
        const vec w10 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + ((tile * 3 + begin) * 256 + k) * 32
            + 16400);
        v11 = xsimd::fma(w10, x0, v11);
        const vec w11 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + ((tile * 3 + begin) * 256 + k) * 32
            + 16408);
        v12 = xsimd::fma(w11, x0, v12);
      }
      infer_l2_c_l2_h_epilogue(run, v1, v2, v3, v4, t0, t, b, tile * 24 + begin * 8);
      infer_l2_c_l2_h_epilogue(run, v5, v6, v7, v8, t0, t, b, tile * 24 + (begin + 1) * 8);
      infer_l2_c_l2_h_epilogue(run, v9, v10, v11, v12, t0, t, b, tile * 24 + (begin + 2) * 8);
    }
  }
  for (int64_t tile = wide * 3 + begin; tile < end; ++tile) {
    for (int64_t b = (tiles - given_up) * 3 + pairs * 2; b < B; ++b) {
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(l2_h[(t * B + b) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + (tile * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + (tile * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + (tile * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + (tile * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
      }
      infer_l2_c_l2_h_epilogue(run, v1, v2, v3, v4, t0, t, b, tile * 8);
    }
  }
}

void pack_panel_R(const Run& run, int64_t begin, int64_t end) {
  float* __restrict panel_R = run.panel_R;
  const float* __restrict param_R = run.param_R;

  const int64_t full = std::min<int64_t>(end, 8);
  for (int64_t block = begin; block < full; ++block) {
    const int64_t unit = block % 4;
    for (int64_t k = 0; k < 256; ++k) {
      for (int64_t lane = 0; lane < 8; ++lane) {
        const vec v1 = vec(param_R[(block * 8 + lane) * 256 + k]);
        store_first<1>(panel_R + (block * 64 + k) * 32 + lane - unit * 2040, v1);
      }
    }
  }
  const int64_t rest = std::max<int64_t>(begin, 8);
  for (int64_t block = rest; block < end; ++block) {
    for (int64_t k = 0; k < 256; ++k) {
      for (int64_t lane = 0; lane < 1; ++lane) {
        const vec v1 = vec(param_R[(block * 8 + lane) * 256 + k]);
        store_first<1>(panel_R + (block + k + 2040) * 8 + lane, v1);
      }
    }
  }
}

void pack_b(const Run& run, int64_t begin, int64_t end) {
  float* __restrict b = run.b;
  const float* __restrict param_b = run.param_b;

  for (int64_t i = begin; i < end; ++i) {
    const vec v1 = vec(param_b[i]);
    store_first<1>(b + i, v1);
  }
}

// y = y_sum + b    (charlm.rnn:11)
void infer_y_epilogue(const Run& run, vec y_sum, vec y_sum_2, vec y_sum_3, vec y_sum_4, int64_t t0, int64_t, int64_t r,
    int64_t j) {
  const int64_t B = run.B;
  float* y = run.y;
  const float* b = run.b;
  float* y_2 = run.y_2;

  const vec b0 = vec::load_unaligned(b + j);
  const vec y0 = y_sum + b0;
  y0.store_unaligned(y + (r - t0 * B) * 72 + j);
  const int64_t t = r / B;
  const int64_t length = run.length(0, r - t * B);
  const mask m1 = mask(t < length);
  const vec v1 = xsimd::select(m1, y0, vec(0.0f));
  v1.store_unaligned(y_2 + r * 65 + j);
  const vec b1 = vec::load_unaligned(b + j + 8);
  const vec y1 = y_sum_2 + b1;
  y1.store_unaligned(y + (r - t0 * B) * 72 + j + 8);
  const mask m2 = mask(t < length);
  const vec v2 = xsimd::select(m2, y1, vec(0.0f));
  v2.store_unaligned(y_2 + r * 65 + j + 8);
  const vec b2 = vec::load_unaligned(b + j + 16);
  const vec y2 = y_sum_3 + b2;
  y2.store_unaligned(y + (r - t0 * B) * 72 + j + 16);
  const mask m3 = mask(t < length);
  const vec v3 = xsimd::select(m3, y2, vec(0.0f));
  v3.store_unaligned(y_2 + r * 65 + j + 16);
  const vec b3 = vec::load_unaligned(b + j + 24);
  const vec y3 = y_sum_4 + b3;
  y3.store_unaligned(y + (r - t0 * B) * 72 + j + 24);
  const mask m4 = mask(t < length);
  const vec v4 = xsimd::select(m4, y3, vec(0.0f));
  v4.store_unaligned(y_2 + r * 65 + j + 24);
}

// y = y_sum + b    (charlm.rnn:11)
void infer_y_epilogue_tail(const Run& run, vec y_sum, int64_t t0, int64_t, int64_t r, int64_t j) {
  const int64_t B = run.B;
  float* y_at = run.y;
  const float* b_at = run.b;
  float* y_2 = run.y_2;

  const vec b = vec::load_unaligned(b_at + j);
  const vec y = y_sum + b;
  y.store_unaligned(y_at + (r - t0 * B) * 72 + j);
  const int64_t t = r / B;
  const int64_t length = run.length(0, r - t * B);
  const mask m1 = mask(t < length);
  const vec v1 = xsimd::select(m1, y, vec(0.0f));
  store_first<1>(y_2 + r * 65 + j, v1);
}

void infer_y_prefetch(const Run& run, int64_t, int64_t, int64_t r, int64_t j) {
  const float* y_2 = run.y_2;

  RNNC_PREFETCH(y_2 + r * 65 + j);
  RNNC_PREFETCH(y_2 + r * 65 + j + 16);
}

// y = y_sum + b    (charlm.rnn:11)
void infer_y(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1) {
  const int64_t B = run.B;
  const float* __restrict l2_h = run.l2_h;
  const float* __restrict panel_R = run.panel_R;

  const int64_t tiles = ((t1 - t0) * B) / 3;
  const int64_t odd = ((t1 - t0) * B - tiles * 3) % 2;
  const int64_t given_up = std::min<int64_t>(odd, tiles);
  const int64_t pairs = ((given_up - tiles) * 3 + (t1 - t0) * B) / 2;
  const int64_t full = std::min<int64_t>(end, 2);
  for (int64_t tile = begin; tile < full; ++tile) {
    for (int64_t r = t0 * B; r < (tiles - given_up) * 3 + t0 * B; r += 3) {
      infer_y_prefetch(run, t0, t1, r, tile * 32);
      infer_y_prefetch(run, t0, t1, r + 1, tile * 32);
      infer_y_prefetch(run, t0, t1, r + 2, tile * 32);
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
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(l2_h[(B + r) * 256 + k]);
        const vec x1 = vec(l2_h[(B + r + 1) * 256 + k]);
        const vec x2 = vec(l2_h[(B + r + 2) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_R + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        v9 = xsimd::fma(w0, x2, v9);
        vec w1 = vec::load_unaligned(panel_R + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        v10 = xsimd::fma(w1, x2, v10);
        vec w2 = vec::load_unaligned(panel_R + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        v11 = xsimd::fma(w2, x2, v11);
        vec w3 = vec::load_unaligned(panel_R + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
        v12 = xsimd::fma(w3, x2, v12);
      }
      infer_y_epilogue(run, v1, v2, v3, v4, t0, t1, r, tile * 32);
      infer_y_epilogue(run, v5, v6, v7, v8, t0, t1, r + 1, tile * 32);
      infer_y_epilogue(run, v9, v10, v11, v12, t0, t1, r + 2, tile * 32);
    }
    for (int64_t r = (tiles - given_up) * 3 + t0 * B; r < (tiles - given_up) * 3 + pairs * 2 + t0 * B; r += 2) {
      infer_y_prefetch(run, t0, t1, r, tile * 32);
      infer_y_prefetch(run, t0, t1, r + 1, tile * 32);
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      vec v5 = vec(0.0f);
      vec v6 = vec(0.0f);
      vec v7 = vec(0.0f);
      vec v8 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(l2_h[(B + r) * 256 + k]);
        const vec x1 = vec(l2_h[(B + r + 1) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_R + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        vec w1 = vec::load_unaligned(panel_R + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        vec w2 = vec::load_unaligned(panel_R + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        vec w3 = vec::load_unaligned(panel_R + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
      }
      infer_y_epilogue(run, v1, v2, v3, v4, t0, t1, r, tile * 32);
      infer_y_epilogue(run, v5, v6, v7, v8, t0, t1, r + 1, tile * 32);
    }
  }
  const int64_t rest = std::max<int64_t>(begin, 2);
  for (int64_t last = rest; last < end; ++last) {
    for (int64_t r = t0 * B; r < (tiles - given_up) * 3 + t0 * B; r += 3) {
      infer_y_prefetch(run, t0, t1, r, 64);
      infer_y_prefetch(run, t0, t1, r + 1, 64);
      infer_y_prefetch(run, t0, t1, r + 2, 64);
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      #pragma GCC unroll 4
      for (int64_t k = 0; k < 256; ++k) {
        vec w0 = vec::load_unaligned(panel_R + (k + 2048) * 8); RNNC_KEEP(w0);
        const vec x0 = vec(l2_h[(B + r) * 256 + k]);
        v1 = xsimd::fma(w0, x0, v1);
        const vec x1 = vec(l2_h[(B + r + 1) * 256 + k]);
        v2 = xsimd::fma(w0, x1, v2);
        const vec x2 = vec(l2_h[(B + r + 2) * 256 + k]);
        v3 = xsimd::fma(w0, x2, v3);
      }
      infer_y_epilogue_tail(run, v1, t0, t1, r, 64);
      infer_y_epilogue_tail(run, v2, t0, t1, r + 1, 64);
      infer_y_epilogue_tail(run, v3, t0, t1, r + 2, 64);
    }
    for (int64_t r = (tiles - given_up) * 3 + t0 * B; r < (tiles - given_up) * 3 + pairs * 2 + t0 * B; r += 2) {
      infer_y_prefetch(run, t0, t1, r, 64);
      infer_y_prefetch(run, t0, t1, r + 1, 64);
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        vec w0 = vec::load_unaligned(panel_R + (k + 2048) * 8); RNNC_KEEP(w0);
        const vec x0 = vec(l2_h[(B + r) * 256 + k]);
        v1 = xsimd::fma(w0, x0, v1);
        const vec x1 = vec(l2_h[(B + r + 1) * 256 + k]);
        v2 = xsimd::fma(w0, x1, v2);
      }
      infer_y_epilogue_tail(run, v1, t0, t1, r, 64);
      infer_y_epilogue_tail(run, v2, t0, t1, r + 1, 64);
    }
  }
  const int64_t full_2 = std::min<int64_t>(end, 2);
  const int64_t share = std::max<int64_t>(0, full_2 - begin);
  const int64_t wide = share / 2;
  for (int64_t tile = 0; tile < wide; ++tile) {
    for (int64_t r = (tiles - given_up) * 3 + pairs * 2 + t0 * B; r < t1 * B; ++r) {
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      vec v5 = vec(0.0f);
      vec v6 = vec(0.0f);
      vec v7 = vec(0.0f);
      vec v8 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(l2_h[(B + r) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_R + ((tile * 2 + begin) * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_R + ((tile * 2 + begin) * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_R + ((tile * 2 + begin) * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_R + ((tile * 2 + begin) * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_R + ((tile * 2 + begin + 1) * 256 + k) * 32);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_R + ((tile * 2 + begin) * 256 + k) * 32 + 8200);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_R + ((tile * 2 + begin) * 256 + k) * 32 + 8208);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_R + ((tile * 2 + begin) * 256 + k) * 32 + 8216);
        v8 = xsimd::fma(w7, x0, v8);
      }
      infer_y_epilogue(run, v1, v2, v3, v4, t0, t1, r, (tile * 2 + begin) * 32);
      infer_y_epilogue(run, v5, v6, v7, v8, t0, t1, r, (tile * 2 + begin + 1) * 32);
    }
  }
  for (int64_t tile = wide * 2 + begin; tile < full_2; ++tile) {
    for (int64_t r = (tiles - given_up) * 3 + pairs * 2 + t0 * B; r < t1 * B; ++r) {
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(l2_h[(B + r) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_R + (tile * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_R + (tile * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_R + (tile * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_R + (tile * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
      }
      infer_y_epilogue(run, v1, v2, v3, v4, t0, t1, r, tile * 32);
    }
  }
  const int64_t rest_2 = std::max<int64_t>(begin, 2);
  for (int64_t last = rest_2; last < end; ++last) {
    for (int64_t r = (tiles - given_up) * 3 + pairs * 2 + t0 * B; r < t1 * B; ++r) {
      vec v1 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(l2_h[(B + r) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_R + (k + 2048) * 8);
        v1 = xsimd::fma(w0, x0, v1);
      }
      infer_y_epilogue_tail(run, v1, t0, t1, r, 64);
    }
  }
}

// reduce_max = max(y)
void infer_reduce_max(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t) {
  const int64_t B = run.B;
  const float* __restrict y_at = run.y;
  float* __restrict reduce_max = run.reduce_max;

  for (int64_t r = t0 * B + begin; r < t0 * B + end; ++r) {
    vec v1 = vec(-std::numeric_limits<float>::infinity());
    for (int64_t j = 0; j < 8; ++j) {
      const vec y = vec::load_unaligned(y_at + (r - t0 * B) * 72 + j * 8);
      const vec v2 = xsimd::max(y, v1);
      const mask m1 = y == y;
      v1 = xsimd::select(m1, v2, y);
    }
    const vec y = vec::load_unaligned(y_at + (r - t0 * B) * 72 + 64);
    const vec v2 = first_lanes<1>(y, vec(-std::numeric_limits<float>::infinity()));
    const vec v3 = xsimd::max(v2, v1);
    const mask m1 = v2 == v2;
    const vec v4 = xsimd::select(m1, v3, v2);
    const vec v5 = lane_max(v4);
    store_first<1>(reduce_max + r - t0 * B, v5);
  }
}

// e to the power x
RNNC_INLINE vec rnnc_exp(vec x) {
  const vec v1 = xsimd::max(vec(-104.0f), x);
  const vec v2 = xsimd::min(vec(89.0f), v1);
  const vec v3 = xsimd::fma(v2, vec(1.442695f), vec(12583166.0f));
  const vec v4 = v3 - vec(12583166.0f);
  vec v5 = xsimd::fnma(v4, vec(0.6933594f), v2);
  v5 = xsimd::fnma(v4, vec(-0.00021219444f), v5);
  vec v6 = xsimd::fma(vec(0.00138146f), v5, vec(0.008368717f));
  v6 = xsimd::fma(v6, v5, vec(0.04166839f));
  v6 = xsimd::fma(v6, v5, vec(0.16666521f));
  v6 = xsimd::fma(v6, v5, vec(0.49999994f));
  v6 = xsimd::fma(v6, v5, vec(1.0f));
  v6 = xsimd::fma(v6, v5, vec(1.0f));
  const vec v7 = shift_right<1>(v3);
  const vec v8 = int_sub(v3, v7);
  const vec v9 = shift_left<23>(v8);
  const vec v10 = shift_left<23>(v7);
  const vec v11 = v6 * v10;
  const vec v12 = v11 * v9;
  return v12;
}

// reduce_sum = sum(exp(y - stop_gradient(max(y))))
void infer_reduce_sum(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t) {
  const int64_t B = run.B;
  const float* __restrict y_at = run.y;
  const float* __restrict reduce_max_at = run.reduce_max;
  float* __restrict reduce_sum = run.reduce_sum;

  for (int64_t r = t0 * B + begin; r < t0 * B + end; ++r) {
    vec v1 = vec(0.0f);
    for (int64_t j = 0; j < 8; ++j) {
      const vec y = vec::load_unaligned(y_at + (r - t0 * B) * 72 + j * 8);
      const vec reduce_max = vec(reduce_max_at[r - t0 * B]);
      const vec v2 = y - reduce_max;
      const vec v3 = rnnc_exp(v2);
      v1 = v1 + v3;
    }
    const vec y = vec::load_unaligned(y_at + (r - t0 * B) * 72 + 64);
    const vec reduce_max = vec(reduce_max_at[r - t0 * B]);
    const vec v2 = y - reduce_max;
    const vec v3 = rnnc_exp(v2);
    const vec v4 = first_lanes<1>(v3, vec(0.0f));
    const vec v5 = v1 + v4;
    const vec v6 = lane_sum(v5);
    store_first<1>(reduce_sum + r - t0 * B, v6);
  }
}

// natural logarithm; -inf at 0, NaN below
RNNC_INLINE vec rnnc_log(vec x) {
  const mask m1 = x < vec(1.1754944e-38f);
  const vec v1 = x * vec(8388608.0f);
  const vec v2 = xsimd::select(m1, v1, x);
  const vec v3 = int_add(v2, bits(0x004afb0du));
  const vec v4 = v3 & bits(0x007fffffu);
  const vec v5 = int_add(v4, bits(0x3f3504f3u));
  const vec v6 = shift_right<23>(v3);
  const vec v7 = xsimd::select(m1, vec(8388758.0f), vec(8388735.0f));
  const vec v8 = v6 | vec(8388608.0f);
  const vec v9 = v8 - v7;
  const vec v10 = v5 - vec(1.0f);
  const vec v11 = v10 * v10;
  vec v12 = xsimd::fma(vec(0.12761582f), v11, vec(0.14201757f));
  v12 = xsimd::fma(v12, v11, vec(0.20001227f));
  v12 = xsimd::fma(v12, v11, vec(0.3333333f));
  vec v13 = xsimd::fma(vec(-0.076345064f), v11, vec(-0.13160181f));
  v13 = xsimd::fma(v13, v11, vec(-0.16623357f));
  v13 = xsimd::fma(v13, v11, vec(-0.2500082f));
  v12 = xsimd::fma(v13, v10, v12);
  const vec v14 = v11 * v10;
  const vec v15 = v14 * v12;
  vec v16 = xsimd::fma(v9, vec(-0.00021219444f), v15);
  v16 = xsimd::fnma(vec(0.5f), v11, v16);
  const vec v17 = v10 + v16;
  const vec v18 = xsimd::fma(v9, vec(0.6933594f), v17);
  const mask m2 = x <= vec(3.4028235e+38f);
  const vec v19 = xsimd::select(m2, v18, x);
  const mask m3 = x == vec(0.0f);
  const vec v20 = xsimd::select(m3, vec(-std::numeric_limits<float>::infinity()),
      vec(std::numeric_limits<float>::quiet_NaN()));
  const mask m4 = vec(0.0f) < x;
  const vec v21 = xsimd::select(m4, v19, v20);
  return v21;
}

// sub = log(sum(exp(y - stop_gradient(max(y))))) + stop_gradient(max(y)) - y[next]
void infer_sub(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t) {
  const int64_t B = run.B;
  const float* __restrict y = run.y;
  const float* __restrict reduce_max_at = run.reduce_max;
  const float* __restrict reduce_sum_at = run.reduce_sum;
  float* __restrict sub = run.sub;
  const int32_t* __restrict next = run.next;

  for (int64_t r = t0 * B + begin; r < t0 * B + end; ++r) {
    const vec reduce_sum = vec(reduce_sum_at[r - t0 * B]);
    const vec v1 = rnnc_log(reduce_sum);
    const vec reduce_max = vec(reduce_max_at[r - t0 * B]);
    const vec v2 = v1 + reduce_max;
    const int64_t entry = next[r];
    const int64_t entry_2 = std::max<int64_t>(entry, 0);
    const int64_t entry_3 = std::min<int64_t>(entry_2, 64);
    const vec v3 = vec(y[(r - t0 * B) * 72 + entry_3]);
    const vec v4 = v2 - v3;
    store_first<1>(sub + r - t0 * B, v4);
  }
}

// sum_over = sum(log(sum(exp(y - stop_gradient(max(y))))) + stop_gradient(max(y)) - y[next] over t, b)
void infer_sum_over_2(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1) {
  const int64_t B = run.B;
  const float* __restrict sub_at = run.sub;
  float* __restrict sum_over = run.sum_over;

  [[maybe_unused]] const int64_t full = std::min<int64_t>(end, 0);
  const int64_t rest = std::max<int64_t>(begin, 0);
  for (int64_t last = rest; last < end; ++last) {
    vec v1 = vec(0.0f);
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec sub = vec(sub_at[r - t0 * B]);
      const int64_t t = r / B;
      const int64_t length = run.length(0, r - t * B);
      const mask m1 = mask(t < length);
      const vec v2 = xsimd::select(m1, sub, vec(0.0f));
      v1 = v1 + v2;
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

// loss = sum(log(sum(exp(y - stop_gradient(max(y))))) + stop_gradient(max(y)) - y[next] over t, b) / max(sum(length(t) over b), 1)
void infer_loss(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict sum_over_at = run.sum_over;
  const float* __restrict max_at = run.max;
  float* __restrict loss = run.loss;
  float* __restrict loss_2 = run.loss_2;

  const int64_t rest = std::max<int64_t>(begin, 0);
  for (int64_t last = rest; last < end; ++last) {
    const vec sum_over = vec(sum_over_at[0]);
    const vec max = vec(max_at[0]);
    const vec v1 = rnnc_div(sum_over, max);
    store_first<1>(loss, v1);
    store_first<1>(loss_2, v1);
  }
}

// l1.h.final = l1.h[last]
void infer_l1_h_final(const Run& run, int64_t begin, int64_t end) {
  const int64_t B = run.B;
  const float* __restrict l1_h_at = run.l1_h;
  float* __restrict l1_h_final = run.l1_h_final;
  float* __restrict l1_h_final_2 = run.l1_h_final_2;

  for (int64_t b = begin; b < end; ++b) {
    const int64_t length = run.length(0, b);
    for (int64_t j = 0; j < 32; ++j) {
      const vec l1_h = vec::load_unaligned(l1_h_at + (length * B + b) * 256 + j * 8);
      l1_h.store_unaligned(l1_h_final + b * 256 + j * 8);
      l1_h.store_unaligned(l1_h_final_2 + b * 256 + j * 8);
    }
  }
}

// l1.c.final = l1.c[last]
void infer_l1_c_final(const Run& run, int64_t begin, int64_t end) {
  const int64_t B = run.B;
  const float* __restrict l1_c_at = run.l1_c;
  float* __restrict l1_c_final = run.l1_c_final;
  float* __restrict l1_c_final_2 = run.l1_c_final_2;

  for (int64_t b = begin; b < end; ++b) {
    const int64_t length = run.length(0, b);
    for (int64_t j = 0; j < 32; ++j) {
      const vec l1_c = vec::load_unaligned(l1_c_at + (length * B + b) * 256 + j * 8);
      l1_c.store_unaligned(l1_c_final + b * 256 + j * 8);
      l1_c.store_unaligned(l1_c_final_2 + b * 256 + j * 8);
    }
  }
}

// l2.h.final = l2.h[last]
void infer_l2_h_final(const Run& run, int64_t begin, int64_t end) {
  const int64_t B = run.B;
  const float* __restrict l2_h_at = run.l2_h;
  float* __restrict l2_h_final = run.l2_h_final;
  float* __restrict l2_h_final_2 = run.l2_h_final_2;

  for (int64_t b = begin; b < end; ++b) {
    const int64_t length = run.length(0, b);
    for (int64_t j = 0; j < 32; ++j) {
      const vec l2_h = vec::load_unaligned(l2_h_at + (length * B + b) * 256 + j * 8);
      l2_h.store_unaligned(l2_h_final + b * 256 + j * 8);
      l2_h.store_unaligned(l2_h_final_2 + b * 256 + j * 8);
    }
  }
}

// l2.c.final = l2.c[last]
void infer_l2_c_final(const Run& run, int64_t begin, int64_t end) {
  const int64_t B = run.B;
  const float* __restrict l2_c_at = run.l2_c;
  float* __restrict l2_c_final = run.l2_c_final;
  float* __restrict l2_c_final_2 = run.l2_c_final_2;

  for (int64_t b = begin; b < end; ++b) {
    const int64_t length = run.length(0, b);
    for (int64_t j = 0; j < 32; ++j) {
      const vec l2_c = vec::load_unaligned(l2_c_at + (length * B + b) * 256 + j * 8);
      l2_c.store_unaligned(l2_c_final + b * 256 + j * 8);
      l2_c.store_unaligned(l2_c_final_2 + b * 256 + j * 8);
    }
  }
}

// sum_over = sum(length(t) over b)
void forward_sum_over(const Run& run, int64_t begin, int64_t end) {
  const int64_t B = run.B;
  float* __restrict sum_over_4 = run.sum_over_4;

  [[maybe_unused]] const int64_t full = std::min<int64_t>(end, 0);
  const int64_t rest = std::max<int64_t>(begin, 0);
  for (int64_t last = rest; last < end; ++last) {
    vec v1 = vec(0.0f);
    for (int64_t b = 0; b < B; ++b) {
      const int64_t length = run.length(0, b);
      const vec v2 = vec(static_cast<float>(length));
      v1 = v1 + v2;
    }
    const vec v2 = vec(sum_over_4[0]);
    const vec v3 = v2 + v1;
    store_first<1>(sum_over_4, v3);
  }
}

void forward_l1_h_start_given(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict l1_h_init = run.l1_h_init;
  float* __restrict tape_l1_h_start = run.tape_l1_h_start;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 32; ++j) {
      const vec l1_h_start = vec::load_unaligned(l1_h_init + b * 256 + j * 8);
      l1_h_start.store_unaligned(tape_l1_h_start + b * 256 + j * 8);
    }
  }
}

void forward_l1_h_start_default(const Run& run, int64_t begin, int64_t end) {
  float* __restrict tape_l1_h_start = run.tape_l1_h_start;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 32; ++j) {
      vec(0.0f).store_unaligned(tape_l1_h_start + b * 256 + j * 8);
    }
  }
}

void forward_l1_c_start_given(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict l1_c_init = run.l1_c_init;
  float* __restrict tape_l1_c_start = run.tape_l1_c_start;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 32; ++j) {
      const vec l1_c_start = vec::load_unaligned(l1_c_init + b * 256 + j * 8);
      l1_c_start.store_unaligned(tape_l1_c_start + b * 256 + j * 8);
    }
  }
}

void forward_l1_c_start_default(const Run& run, int64_t begin, int64_t end) {
  float* __restrict tape_l1_c_start = run.tape_l1_c_start;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 32; ++j) {
      vec(0.0f).store_unaligned(tape_l1_c_start + b * 256 + j * 8);
    }
  }
}

void forward_l2_h_start_given(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict l2_h_init = run.l2_h_init;
  float* __restrict tape_l2_h_start = run.tape_l2_h_start;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 32; ++j) {
      const vec l2_h_start = vec::load_unaligned(l2_h_init + b * 256 + j * 8);
      l2_h_start.store_unaligned(tape_l2_h_start + b * 256 + j * 8);
    }
  }
}

void forward_l2_h_start_default(const Run& run, int64_t begin, int64_t end) {
  float* __restrict tape_l2_h_start = run.tape_l2_h_start;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 32; ++j) {
      vec(0.0f).store_unaligned(tape_l2_h_start + b * 256 + j * 8);
    }
  }
}

void forward_l2_c_start_given(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict l2_c_init = run.l2_c_init;
  float* __restrict tape_l2_c_start = run.tape_l2_c_start;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 32; ++j) {
      const vec l2_c_start = vec::load_unaligned(l2_c_init + b * 256 + j * 8);
      l2_c_start.store_unaligned(tape_l2_c_start + b * 256 + j * 8);
    }
  }
}

void forward_l2_c_start_default(const Run& run, int64_t begin, int64_t end) {
  float* __restrict tape_l2_c_start = run.tape_l2_c_start;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 32; ++j) {
      vec(0.0f).store_unaligned(tape_l2_c_start + b * 256 + j * 8);
    }
  }
}

// max = max(sum(length(t) over b), 1)
void forward_max(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict sum_over_4 = run.sum_over_4;
  float* __restrict tape_max = run.tape_max;

  const int64_t rest = std::max<int64_t>(begin, 0);
  for (int64_t last = rest; last < end; ++last) {
    const vec sum_over = vec(sum_over_4[0]);
    const vec v1 = xsimd::max(sum_over, vec(1.0f));
    const mask m1 = sum_over == sum_over;
    const vec v2 = xsimd::select(m1, v1, sum_over);
    store_first<1>(tape_max, v2);
  }
}

// the steps around l1.c, l1.h, l2.c, l2.h
void forward_l1_c_l1_h_l2_c_l2_h_boundary(const Run& run, int64_t begin, int64_t end, int64_t, int64_t,
    int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict tape_l1_h_start = run.tape_l1_h_start;
  const float* __restrict tape_l1_c_start = run.tape_l1_c_start;
  float* __restrict tape_l1_c = run.tape_l1_c;
  float* __restrict tape_l1_h = run.tape_l1_h;
  const float* __restrict tape_l2_h_start = run.tape_l2_h_start;
  const float* __restrict tape_l2_c_start = run.tape_l2_c_start;
  float* __restrict tape_l2_c = run.tape_l2_c;
  float* __restrict tape_l2_h = run.tape_l2_h;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 32; ++j) {
      const vec l1_c_start = vec::load_unaligned(tape_l1_c_start + b * 256 + j * 8);
      l1_c_start.store_unaligned(tape_l1_c + (b - window0 * B) * 256 + j * 8);
    }
    for (int64_t j = 0; j < 32; ++j) {
      const vec l1_h_start = vec::load_unaligned(tape_l1_h_start + b * 256 + j * 8);
      l1_h_start.store_unaligned(tape_l1_h + (b - window0 * B) * 256 + j * 8);
    }
    for (int64_t j = 0; j < 32; ++j) {
      const vec l2_c_start = vec::load_unaligned(tape_l2_c_start + b * 256 + j * 8);
      l2_c_start.store_unaligned(tape_l2_c + (b - window0 * B) * 256 + j * 8);
    }
    for (int64_t j = 0; j < 32; ++j) {
      const vec l2_h_start = vec::load_unaligned(tape_l2_h_start + b * 256 + j * 8);
      l2_h_start.store_unaligned(tape_l2_h + (b - window0 * B) * 256 + j * 8);
    }
  }
}

// from one window to the steps around the next: l1.c, l1.h, l2.c, l2.h
void forward_handed_on(const Run& run, int64_t begin, int64_t end, int64_t, int64_t) {
  const int64_t B = run.B, window = run.window;
  float* __restrict tape_l1_c = run.tape_l1_c;
  float* __restrict tape_l1_h = run.tape_l1_h;
  float* __restrict tape_l2_c = run.tape_l2_c;
  float* __restrict tape_l2_h = run.tape_l2_h;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 32; ++j) {
      const vec v1 = vec::load_unaligned(tape_l1_c + (window * B + b) * 256 + j * 8);
      v1.store_unaligned(tape_l1_c + b * 256 + j * 8);
    }
    for (int64_t j = 0; j < 32; ++j) {
      const vec v1 = vec::load_unaligned(tape_l1_h + (window * B + b) * 256 + j * 8);
      v1.store_unaligned(tape_l1_h + b * 256 + j * 8);
    }
    for (int64_t j = 0; j < 32; ++j) {
      const vec v1 = vec::load_unaligned(tape_l2_c + (window * B + b) * 256 + j * 8);
      v1.store_unaligned(tape_l2_c + b * 256 + j * 8);
    }
    for (int64_t j = 0; j < 32; ++j) {
      const vec v1 = vec::load_unaligned(tape_l2_h + (window * B + b) * 256 + j * 8);
      v1.store_unaligned(tape_l2_h + b * 256 + j * 8);
    }
  }
}

// what a window goes on from, kept for backward: l1.c, l1.h, l2.c, l2.h
void forward_saved(const Run& run, int64_t begin, int64_t end, int64_t w, int64_t) {
  const int64_t B = run.B;
  const float* __restrict tape_l1_c = run.tape_l1_c;
  const float* __restrict tape_l1_h = run.tape_l1_h;
  const float* __restrict tape_l2_c = run.tape_l2_c;
  const float* __restrict tape_l2_h = run.tape_l2_h;
  float* __restrict checkpoints_l1_c = run.checkpoints_l1_c;
  float* __restrict checkpoints_l1_h = run.checkpoints_l1_h;
  float* __restrict checkpoints_l2_c = run.checkpoints_l2_c;
  float* __restrict checkpoints_l2_h = run.checkpoints_l2_h;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 32; ++j) {
      const vec v1 = vec::load_unaligned(tape_l1_c + b * 256 + j * 8);
      v1.store_unaligned(checkpoints_l1_c + (w * B + b) * 256 + j * 8);
    }
    for (int64_t j = 0; j < 32; ++j) {
      const vec v1 = vec::load_unaligned(tape_l1_h + b * 256 + j * 8);
      v1.store_unaligned(checkpoints_l1_h + (w * B + b) * 256 + j * 8);
    }
    for (int64_t j = 0; j < 32; ++j) {
      const vec v1 = vec::load_unaligned(tape_l2_c + b * 256 + j * 8);
      v1.store_unaligned(checkpoints_l2_c + (w * B + b) * 256 + j * 8);
    }
    for (int64_t j = 0; j < 32; ++j) {
      const vec v1 = vec::load_unaligned(tape_l2_h + b * 256 + j * 8);
      v1.store_unaligned(checkpoints_l2_h + (w * B + b) * 256 + j * 8);
    }
  }
}

// gather = E[token]
void forward_gather(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t, int64_t) {
  const int64_t B = run.B;
  const int32_t* __restrict token = run.token;
  const float* __restrict E = run.E;
  float* __restrict gather_2 = run.gather_2;

  for (int64_t r = t0 * B + begin; r < t0 * B + end; ++r) {
    for (int64_t j = 0; j < 32; ++j) {
      const int64_t entry = token[r];
      const int64_t entry_2 = std::max<int64_t>(entry, 0);
      const int64_t entry_3 = std::min<int64_t>(entry_2, 64);
      const vec v1 = vec::load_unaligned(E + entry_3 * 256 + j * 8);
      v1.store_unaligned(gather_2 + (r - t0 * B) * 256 + j * 8);
    }
  }
}

// l1.i_input = l1.W_i @ E[token] + l1.b_i
// l1.f_input = l1.W_f @ E[token] + l1.b_f
// l1.o_input = l1.W_o @ E[token] + l1.b_o
// l1.g_input = l1.W_g @ E[token] + l1.b_g
void forward_l1_i_input_l1_f_input_l1_o_input_l1_g_input_epilogue(const Run& run, vec sum, vec sum_2, vec sum_3,
    vec sum_4, int64_t t0, int64_t, int64_t, int64_t r, int64_t j) {
  const int64_t B = run.B;
  const float* l1_b_i_at = run.l1_b_i;
  const float* l1_b_f_at = run.l1_b_f;
  const float* l1_b_o_at = run.l1_b_o;
  const float* l1_b_g_at = run.l1_b_g;
  float* l1_i_input_2 = run.l1_i_input_2;
  float* l1_f_input_2 = run.l1_f_input_2;
  float* l1_o_input_2 = run.l1_o_input_2;
  float* l1_g_input_2 = run.l1_g_input_2;

  const vec l1_b_i = vec::load_unaligned(l1_b_i_at + j);
  const vec v1 = sum + l1_b_i;
  v1.store_unaligned(l1_i_input_2 + (r - t0 * B) * 256 + j);
  const vec l1_b_f = vec::load_unaligned(l1_b_f_at + j);
  const vec v2 = sum_2 + l1_b_f;
  v2.store_unaligned(l1_f_input_2 + (r - t0 * B) * 256 + j);
  const vec l1_b_o = vec::load_unaligned(l1_b_o_at + j);
  const vec v3 = sum_3 + l1_b_o;
  v3.store_unaligned(l1_o_input_2 + (r - t0 * B) * 256 + j);
  const vec l1_b_g = vec::load_unaligned(l1_b_g_at + j);
  const vec v4 = sum_4 + l1_b_g;
  v4.store_unaligned(l1_g_input_2 + (r - t0 * B) * 256 + j);
}

// l1.i_input = l1.W_i @ E[token] + l1.b_i
// l1.f_input = l1.W_f @ E[token] + l1.b_f
// l1.o_input = l1.W_o @ E[token] + l1.b_o
// l1.g_input = l1.W_g @ E[token] + l1.b_g
void forward_l1_i_input_l1_f_input_l1_o_input_l1_g_input(const Run& run, int64_t begin, int64_t end, int64_t t0,
    int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g = run.panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g;
  const float* __restrict gather_2 = run.gather_2;

  const int64_t tiles = ((t1 - t0) * B) / 3;
  const int64_t odd = ((t1 - t0) * B - tiles * 3) % 2;
  const int64_t given_up = std::min<int64_t>(odd, tiles);
  const int64_t pairs = ((given_up - tiles) * 3 + (t1 - t0) * B) / 2;
  for (int64_t tile = begin; tile < end; ++tile) {
    for (int64_t r = t0 * B; r < (tiles - given_up) * 3 + t0 * B; r += 3) {
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
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(gather_2[(r - t0 * B) * 256 + k]);
        const vec x1 = vec(gather_2[(r - t0 * B + 1) * 256 + k]);
        const vec x2 = vec(gather_2[(r - t0 * B + 2) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        v9 = xsimd::fma(w0, x2, v9);
        vec w1 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        v10 = xsimd::fma(w1, x2, v10);
        vec w2 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        v11 = xsimd::fma(w2, x2, v11);
        vec w3 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
        v12 = xsimd::fma(w3, x2, v12);
      }
      forward_l1_i_input_l1_f_input_l1_o_input_l1_g_input_epilogue(run, v1, v2, v3, v4, t0, t1, window0, r, tile * 8);
      forward_l1_i_input_l1_f_input_l1_o_input_l1_g_input_epilogue(run, v5, v6, v7, v8, t0, t1, window0, r + 1,
          tile * 8);
      forward_l1_i_input_l1_f_input_l1_o_input_l1_g_input_epilogue(run, v9, v10, v11, v12, t0, t1, window0, r + 2,
          tile * 8);
    }
    for (int64_t r = (tiles - given_up) * 3 + t0 * B; r < (tiles - given_up) * 3 + pairs * 2 + t0 * B; r += 2) {
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      vec v5 = vec(0.0f);
      vec v6 = vec(0.0f);
      vec v7 = vec(0.0f);
      vec v8 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(gather_2[(r - t0 * B) * 256 + k]);
        const vec x1 = vec(gather_2[(r - t0 * B + 1) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        vec w1 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        vec w2 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        vec w3 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
      }
      forward_l1_i_input_l1_f_input_l1_o_input_l1_g_input_epilogue(run, v1, v2, v3, v4, t0, t1, window0, r, tile * 8);
      forward_l1_i_input_l1_f_input_l1_o_input_l1_g_input_epilogue(run, v5, v6, v7, v8, t0, t1, window0, r + 1,
          tile * 8);
    }
  }
  const int64_t share = std::max<int64_t>(0, end - begin);
  const int64_t wide = share / 3;
  for (int64_t tile = 0; tile < wide; ++tile) {
    for (int64_t r = (tiles - given_up) * 3 + pairs * 2 + t0 * B; r < t1 * B; ++r) {
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
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(gather_2[(r - t0 * B) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + ((tile * 3 + begin) * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + ((tile * 3 + begin) * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + ((tile * 3 + begin) * 256 + k) * 32
            + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + ((tile * 3 + begin) * 256 + k) * 32
            + 24);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + ((tile * 3 + begin + 1) * 256 + k) * 32);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + ((tile * 3 + begin) * 256 + k) * 32
            + 8200);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + ((tile * 3 + begin) * 256 + k) * 32
            + 8208);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + ((tile * 3 + begin) * 256 + k) * 32
            + 8216);
        v8 = xsimd::fma(w7, x0, v8);
        const vec w8 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + ((tile * 3 + begin + 2) * 256 + k) * 32);
        v9 = xsimd::fma(w8, x0, v9);
        const vec w9 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + ((tile * 3 + begin) * 256 + k) * 32
            + 16392);
        v10 = xsimd::fma(w9, x0, v10);
        const vec w10 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + ((tile * 3 + begin) * 256 + k) * 32
            + 16400);
        v11 = xsimd::fma(w10, x0, v11);
        const vec w11 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + ((tile * 3 + begin) * 256 + k) * 32
            + 16408);
        v12 = xsimd::fma(w11, x0, v12);
      }
      forward_l1_i_input_l1_f_input_l1_o_input_l1_g_input_epilogue(run, v1, v2, v3, v4, t0, t1, window0, r,
          tile * 24 + begin * 8);
      forward_l1_i_input_l1_f_input_l1_o_input_l1_g_input_epilogue(run, v5, v6, v7, v8, t0, t1, window0, r,
          tile * 24 + (begin + 1) * 8);
      forward_l1_i_input_l1_f_input_l1_o_input_l1_g_input_epilogue(run, v9, v10, v11, v12, t0, t1, window0, r,
          tile * 24 + (begin + 2) * 8);
    }
  }
  for (int64_t tile = wide * 3 + begin; tile < end; ++tile) {
    for (int64_t r = (tiles - given_up) * 3 + pairs * 2 + t0 * B; r < t1 * B; ++r) {
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(gather_2[(r - t0 * B) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + (tile * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + (tile * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + (tile * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g + (tile * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
      }
      forward_l1_i_input_l1_f_input_l1_o_input_l1_g_input_epilogue(run, v1, v2, v3, v4, t0, t1, window0, r, tile * 8);
    }
  }
}

// l1.i = sigmoid(l1.i_input + l1.i_sum)    (lstm.rnn:14)
// l1.f = sigmoid(l1.f_input + l1.f_sum)    (lstm.rnn:15)
// l1.o = sigmoid(l1.o_input + l1.o_sum)    (lstm.rnn:16)
// l1.g = tanh(l1.g_input + l1.g_sum)    (lstm.rnn:17)
// l1.c = l1.f * l1.c[t-1] + l1.i * l1.g    (lstm.rnn:8)
// tanh_l1.c = tanh(l1.c)
// l1.h = l1.o * tanh(l1.c)    (lstm.rnn:8)
void forward_l1_i_l1_f_l1_o_l1_g_epilogue(const Run& run, vec l1_i_sum, vec l1_f_sum, vec l1_o_sum, vec l1_g_sum,
    int64_t t0, int64_t t, int64_t window0, int64_t b, int64_t j) {
  const int64_t B = run.B;
  const float* l1_i_input_2 = run.l1_i_input_2;
  float* tape_l1_i = run.tape_l1_i;
  const float* l1_f_input_2 = run.l1_f_input_2;
  float* tape_l1_f = run.tape_l1_f;
  const float* l1_o_input_2 = run.l1_o_input_2;
  float* tape_l1_o = run.tape_l1_o;
  const float* l1_g_input_2 = run.l1_g_input_2;
  float* tape_l1_g = run.tape_l1_g;
  float* tape_l1_c = run.tape_l1_c;
  float* tape_tanh_l1_c = run.tape_tanh_l1_c;
  float* tape_l1_h = run.tape_l1_h;

  const vec l1_i_input = vec::load_unaligned(l1_i_input_2 + ((t - t0) * B + b) * 256 + j);
  const vec v1 = l1_i_input + l1_i_sum;
  const vec l1_i = rnnc_sigmoid(v1);
  l1_i.store_unaligned(tape_l1_i + ((t - window0) * B + b) * 256 + j);
  const vec l1_f_input = vec::load_unaligned(l1_f_input_2 + ((t - t0) * B + b) * 256 + j);
  const vec v2 = l1_f_input + l1_f_sum;
  const vec l1_f = rnnc_sigmoid(v2);
  const int64_t length = run.length(0, b);
  const mask m1 = mask(t < length);
  const vec v3 = xsimd::select(m1, l1_f, vec(0.0f));
  v3.store_unaligned(tape_l1_f + ((t - window0) * B + b) * 256 + j);
  const vec l1_o_input = vec::load_unaligned(l1_o_input_2 + ((t - t0) * B + b) * 256 + j);
  const vec v4 = l1_o_input + l1_o_sum;
  const vec l1_o = rnnc_sigmoid(v4);
  l1_o.store_unaligned(tape_l1_o + ((t - window0) * B + b) * 256 + j);
  const vec l1_g_input = vec::load_unaligned(l1_g_input_2 + ((t - t0) * B + b) * 256 + j);
  const vec v5 = l1_g_input + l1_g_sum;
  const vec l1_g = rnnc_tanh(v5);
  l1_g.store_unaligned(tape_l1_g + ((t - window0) * B + b) * 256 + j);
  const vec l1_c_before = vec::load_unaligned(tape_l1_c + ((t - window0) * B + b) * 256 + j);
  const vec v6 = l1_f * l1_c_before;
  const vec v7 = l1_i * l1_g;
  const vec l1_c = v6 + v7;
  l1_c.store_unaligned(tape_l1_c + ((t - window0 + 1) * B + b) * 256 + j);
  const vec v8 = rnnc_tanh(l1_c);
  v8.store_unaligned(tape_tanh_l1_c + ((t - window0) * B + b) * 256 + j);
  const vec l1_h = l1_o * v8;
  const mask m2 = mask(t < length);
  const vec v9 = xsimd::select(m2, l1_h, vec(0.0f));
  v9.store_unaligned(tape_l1_h + ((t - window0 + 1) * B + b) * 256 + j);
}

void forward_l1_i_l1_f_l1_o_l1_g_prefetch(const Run& run, int64_t, int64_t t, int64_t window0, int64_t b, int64_t j) {
  const int64_t B = run.B;
  const float* tape_l1_i = run.tape_l1_i;
  const float* tape_l1_f = run.tape_l1_f;
  const float* tape_l1_o = run.tape_l1_o;
  const float* tape_l1_g = run.tape_l1_g;
  const float* tape_l1_c = run.tape_l1_c;
  const float* tape_tanh_l1_c = run.tape_tanh_l1_c;
  const float* tape_l1_h = run.tape_l1_h;

  RNNC_PREFETCH(tape_l1_i + ((t - window0) * B + b) * 256 + j);
  RNNC_PREFETCH(tape_l1_f + ((t - window0) * B + b) * 256 + j);
  RNNC_PREFETCH(tape_l1_o + ((t - window0) * B + b) * 256 + j);
  RNNC_PREFETCH(tape_l1_g + ((t - window0) * B + b) * 256 + j);
  RNNC_PREFETCH(tape_l1_c + ((t - window0) * B + b) * 256 + j);
  RNNC_PREFETCH(tape_l1_c + ((t - window0 + 1) * B + b) * 256 + j);
  RNNC_PREFETCH(tape_tanh_l1_c + ((t - window0) * B + b) * 256 + j);
  RNNC_PREFETCH(tape_l1_h + ((t - window0 + 1) * B + b) * 256 + j);
}

// l1.i = sigmoid(l1.i_input + l1.i_sum)    (lstm.rnn:14)
// l1.f = sigmoid(l1.f_input + l1.f_sum)    (lstm.rnn:15)
// l1.o = sigmoid(l1.o_input + l1.o_sum)    (lstm.rnn:16)
// l1.g = tanh(l1.g_input + l1.g_sum)    (lstm.rnn:17)
// l1.c = l1.f * l1.c[t-1] + l1.i * l1.g    (lstm.rnn:8)
// tanh_l1.c = tanh(l1.c)
// l1.h = l1.o * tanh(l1.c)    (lstm.rnn:8)
void forward_l1_i_l1_f_l1_o_l1_g(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g = run.panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g;
  const float* tape_l1_h = run.tape_l1_h;

  const int64_t tiles = B / 3;
  const int64_t odd = (B - tiles * 3) % 2;
  const int64_t given_up = std::min<int64_t>(odd, tiles);
  const int64_t pairs = ((given_up - tiles) * 3 + B) / 2;
  for (int64_t tile = begin; tile < end; ++tile) {
    for (int64_t b = 0; b < (tiles - given_up) * 3; b += 3) {
      forward_l1_i_l1_f_l1_o_l1_g_prefetch(run, t0, t, window0, b, tile * 8);
      forward_l1_i_l1_f_l1_o_l1_g_prefetch(run, t0, t, window0, b + 1, tile * 8);
      forward_l1_i_l1_f_l1_o_l1_g_prefetch(run, t0, t, window0, b + 2, tile * 8);
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
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(tape_l1_h[((t - window0) * B + b) * 256 + k]);
        const vec x1 = vec(tape_l1_h[((t - window0) * B + b + 1) * 256 + k]);
        const vec x2 = vec(tape_l1_h[((t - window0) * B + b + 2) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        v9 = xsimd::fma(w0, x2, v9);
        vec w1 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        v10 = xsimd::fma(w1, x2, v10);
        vec w2 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        v11 = xsimd::fma(w2, x2, v11);
        vec w3 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
        v12 = xsimd::fma(w3, x2, v12);
      }
      forward_l1_i_l1_f_l1_o_l1_g_epilogue(run, v1, v2, v3, v4, t0, t, window0, b, tile * 8);
      forward_l1_i_l1_f_l1_o_l1_g_epilogue(run, v5, v6, v7, v8, t0, t, window0, b + 1, tile * 8);
      forward_l1_i_l1_f_l1_o_l1_g_epilogue(run, v9, v10, v11, v12, t0, t, window0, b + 2, tile * 8);
    }
    for (int64_t b = (tiles - given_up) * 3; b < (tiles - given_up) * 3 + pairs * 2; b += 2) {
      forward_l1_i_l1_f_l1_o_l1_g_prefetch(run, t0, t, window0, b, tile * 8);
      forward_l1_i_l1_f_l1_o_l1_g_prefetch(run, t0, t, window0, b + 1, tile * 8);
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      vec v5 = vec(0.0f);
      vec v6 = vec(0.0f);
      vec v7 = vec(0.0f);
      vec v8 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(tape_l1_h[((t - window0) * B + b) * 256 + k]);
        const vec x1 = vec(tape_l1_h[((t - window0) * B + b + 1) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        vec w1 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        vec w2 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        vec w3 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
      }
      forward_l1_i_l1_f_l1_o_l1_g_epilogue(run, v1, v2, v3, v4, t0, t, window0, b, tile * 8);
      forward_l1_i_l1_f_l1_o_l1_g_epilogue(run, v5, v6, v7, v8, t0, t, window0, b + 1, tile * 8);
    }
  }
  const int64_t share = std::max<int64_t>(0, end - begin);
  const int64_t wide = share / 3;
  for (int64_t tile = 0; tile < wide; ++tile) {
    for (int64_t b = (tiles - given_up) * 3 + pairs * 2; b < B; ++b) {
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
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(tape_l1_h[((t - window0) * B + b) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + ((tile * 3 + begin) * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + ((tile * 3 + begin) * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + ((tile * 3 + begin) * 256 + k) * 32
            + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + ((tile * 3 + begin) * 256 + k) * 32
            + 24);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + ((tile * 3 + begin + 1) * 256 + k) * 32);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + ((tile * 3 + begin) * 256 + k) * 32
            + 8200);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + ((tile * 3 + begin) * 256 + k) * 32
            + 8208);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + ((tile * 3 + begin) * 256 + k) * 32
            + 8216);
        v8 = xsimd::fma(w7, x0, v8);
        const vec w8 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + ((tile * 3 + begin + 2) * 256 + k) * 32);
        v9 = xsimd::fma(w8, x0, v9);
        const vec w9 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + ((tile * 3 + begin) * 256 + k) * 32
            + 16392);
        v10 = xsimd::fma(w9, x0, v10);
        const vec w10 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + ((tile * 3 + begin) * 256 + k) * 32
            + 16400);
        v11 = xsimd::fma(w10, x0, v11);
        const vec w11 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + ((tile * 3 + begin) * 256 + k) * 32
            + 16408);
        v12 = xsimd::fma(w11, x0, v12);
      }
      forward_l1_i_l1_f_l1_o_l1_g_epilogue(run, v1, v2, v3, v4, t0, t, window0, b, tile * 24 + begin * 8);
      forward_l1_i_l1_f_l1_o_l1_g_epilogue(run, v5, v6, v7, v8, t0, t, window0, b, tile * 24 + (begin + 1) * 8);
      forward_l1_i_l1_f_l1_o_l1_g_epilogue(run, v9, v10, v11, v12, t0, t, window0, b, tile * 24 + (begin + 2) * 8);
    }
  }
  for (int64_t tile = wide * 3 + begin; tile < end; ++tile) {
    for (int64_t b = (tiles - given_up) * 3 + pairs * 2; b < B; ++b) {
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(tape_l1_h[((t - window0) * B + b) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + (tile * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + (tile * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + (tile * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g + (tile * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
      }
      forward_l1_i_l1_f_l1_o_l1_g_epilogue(run, v1, v2, v3, v4, t0, t, window0, b, tile * 8);
    }
  }
}

// l2.i_input = l2.W_i @ l1.h + l2.b_i
// l2.f_input = l2.W_f @ l1.h + l2.b_f
// l2.o_input = l2.W_o @ l1.h + l2.b_o
// l2.g_input = l2.W_g @ l1.h + l2.b_g
void forward_l2_i_input_l2_f_input_l2_o_input_l2_g_input_epilogue(const Run& run, vec sum, vec sum_2, vec sum_3,
    vec sum_4, int64_t t0, int64_t, int64_t, int64_t r, int64_t j) {
  const int64_t B = run.B;
  const float* l2_b_i_at = run.l2_b_i;
  const float* l2_b_f_at = run.l2_b_f;
  const float* l2_b_o_at = run.l2_b_o;
  const float* l2_b_g_at = run.l2_b_g;
  float* l2_i_input_2 = run.l2_i_input_2;
  float* l2_f_input_2 = run.l2_f_input_2;
  float* l2_o_input_2 = run.l2_o_input_2;
  float* l2_g_input_2 = run.l2_g_input_2;

  const vec l2_b_i = vec::load_unaligned(l2_b_i_at + j);
  const vec v1 = sum + l2_b_i;
  v1.store_unaligned(l2_i_input_2 + (r - t0 * B) * 256 + j);
  const vec l2_b_f = vec::load_unaligned(l2_b_f_at + j);
  const vec v2 = sum_2 + l2_b_f;
  v2.store_unaligned(l2_f_input_2 + (r - t0 * B) * 256 + j);
  const vec l2_b_o = vec::load_unaligned(l2_b_o_at + j);
  const vec v3 = sum_3 + l2_b_o;
  v3.store_unaligned(l2_o_input_2 + (r - t0 * B) * 256 + j);
  const vec l2_b_g = vec::load_unaligned(l2_b_g_at + j);
  const vec v4 = sum_4 + l2_b_g;
  v4.store_unaligned(l2_g_input_2 + (r - t0 * B) * 256 + j);
}

// l2.i_input = l2.W_i @ l1.h + l2.b_i
// l2.f_input = l2.W_f @ l1.h + l2.b_f
// l2.o_input = l2.W_o @ l1.h + l2.b_o
// l2.g_input = l2.W_g @ l1.h + l2.b_g
void forward_l2_i_input_l2_f_input_l2_o_input_l2_g_input(const Run& run, int64_t begin, int64_t end, int64_t t0,
    int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g = run.panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g;
  const float* __restrict tape_l1_h = run.tape_l1_h;

  const int64_t tiles = ((t1 - t0) * B) / 3;
  const int64_t odd = ((t1 - t0) * B - tiles * 3) % 2;
  const int64_t given_up = std::min<int64_t>(odd, tiles);
  const int64_t pairs = ((given_up - tiles) * 3 + (t1 - t0) * B) / 2;
  for (int64_t tile = begin; tile < end; ++tile) {
    for (int64_t r = t0 * B; r < (tiles - given_up) * 3 + t0 * B; r += 3) {
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
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(tape_l1_h[((-window0 + 1) * B + r) * 256 + k]);
        const vec x1 = vec(tape_l1_h[((-window0 + 1) * B + r + 1) * 256 + k]);
        const vec x2 = vec(tape_l1_h[((-window0 + 1) * B + r + 2) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        v9 = xsimd::fma(w0, x2, v9);
        vec w1 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        v10 = xsimd::fma(w1, x2, v10);
        vec w2 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        v11 = xsimd::fma(w2, x2, v11);
        vec w3 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
        v12 = xsimd::fma(w3, x2, v12);
      }
      forward_l2_i_input_l2_f_input_l2_o_input_l2_g_input_epilogue(run, v1, v2, v3, v4, t0, t1, window0, r, tile * 8);
      forward_l2_i_input_l2_f_input_l2_o_input_l2_g_input_epilogue(run, v5, v6, v7, v8, t0, t1, window0, r + 1,
          tile * 8);
      forward_l2_i_input_l2_f_input_l2_o_input_l2_g_input_epilogue(run, v9, v10, v11, v12, t0, t1, window0, r + 2,
          tile * 8);
    }
    for (int64_t r = (tiles - given_up) * 3 + t0 * B; r < (tiles - given_up) * 3 + pairs * 2 + t0 * B; r += 2) {
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      vec v5 = vec(0.0f);
      vec v6 = vec(0.0f);
      vec v7 = vec(0.0f);
      vec v8 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(tape_l1_h[((-window0 + 1) * B + r) * 256 + k]);
        const vec x1 = vec(tape_l1_h[((-window0 + 1) * B + r + 1) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        vec w1 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        vec w2 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        vec w3 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
      }
      forward_l2_i_input_l2_f_input_l2_o_input_l2_g_input_epilogue(run, v1, v2, v3, v4, t0, t1, window0, r, tile * 8);
      forward_l2_i_input_l2_f_input_l2_o_input_l2_g_input_epilogue(run, v5, v6, v7, v8, t0, t1, window0, r + 1,
          tile * 8);
    }
  }
  const int64_t share = std::max<int64_t>(0, end - begin);
  const int64_t wide = share / 3;
  for (int64_t tile = 0; tile < wide; ++tile) {
    for (int64_t r = (tiles - given_up) * 3 + pairs * 2 + t0 * B; r < t1 * B; ++r) {
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
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(tape_l1_h[((-window0 + 1) * B + r) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + ((tile * 3 + begin) * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + ((tile * 3 + begin) * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + ((tile * 3 + begin) * 256 + k) * 32
            + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + ((tile * 3 + begin) * 256 + k) * 32
            + 24);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + ((tile * 3 + begin + 1) * 256 + k) * 32);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + ((tile * 3 + begin) * 256 + k) * 32
            + 8200);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + ((tile * 3 + begin) * 256 + k) * 32
            + 8208);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + ((tile * 3 + begin) * 256 + k) * 32
            + 8216);
        v8 = xsimd::fma(w7, x0, v8);
        const vec w8 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + ((tile * 3 + begin + 2) * 256 + k) * 32);
        v9 = xsimd::fma(w8, x0, v9);
        const vec w9 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + ((tile * 3 + begin) * 256 + k) * 32
            + 16392);
        v10 = xsimd::fma(w9, x0, v10);
        const vec w10 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + ((tile * 3 + begin) * 256 + k) * 32
            + 16400);
        v11 = xsimd::fma(w10, x0, v11);
        const vec w11 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + ((tile * 3 + begin) * 256 + k) * 32
            + 16408);
        v12 = xsimd::fma(w11, x0, v12);
      }
      forward_l2_i_input_l2_f_input_l2_o_input_l2_g_input_epilogue(run, v1, v2, v3, v4, t0, t1, window0, r,
          tile * 24 + begin * 8);
      forward_l2_i_input_l2_f_input_l2_o_input_l2_g_input_epilogue(run, v5, v6, v7, v8, t0, t1, window0, r,
          tile * 24 + (begin + 1) * 8);
      forward_l2_i_input_l2_f_input_l2_o_input_l2_g_input_epilogue(run, v9, v10, v11, v12, t0, t1, window0, r,
          tile * 24 + (begin + 2) * 8);
    }
  }
  for (int64_t tile = wide * 3 + begin; tile < end; ++tile) {
    for (int64_t r = (tiles - given_up) * 3 + pairs * 2 + t0 * B; r < t1 * B; ++r) {
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(tape_l1_h[((-window0 + 1) * B + r) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + (tile * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + (tile * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + (tile * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g + (tile * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
      }
      forward_l2_i_input_l2_f_input_l2_o_input_l2_g_input_epilogue(run, v1, v2, v3, v4, t0, t1, window0, r, tile * 8);
    }
  }
}

// l2.i = sigmoid(l2.i_input + l2.i_sum)    (lstm.rnn:14)
// l2.f = sigmoid(l2.f_input + l2.f_sum)    (lstm.rnn:15)
// l2.o = sigmoid(l2.o_input + l2.o_sum)    (lstm.rnn:16)
// l2.g = tanh(l2.g_input + l2.g_sum)    (lstm.rnn:17)
// l2.c = l2.f * l2.c[t-1] + l2.i * l2.g    (lstm.rnn:8)
// tanh_l2.c = tanh(l2.c)
// l2.h = l2.o * tanh(l2.c)    (lstm.rnn:8)
void forward_l2_i_l2_f_l2_o_l2_g_epilogue(const Run& run, vec l2_i_sum, vec l2_f_sum, vec l2_o_sum, vec l2_g_sum,
    int64_t t0, int64_t t, int64_t window0, int64_t b, int64_t j) {
  const int64_t B = run.B;
  const float* l2_i_input_2 = run.l2_i_input_2;
  float* tape_l2_i = run.tape_l2_i;
  const float* l2_f_input_2 = run.l2_f_input_2;
  float* tape_l2_f = run.tape_l2_f;
  const float* l2_o_input_2 = run.l2_o_input_2;
  float* tape_l2_o = run.tape_l2_o;
  const float* l2_g_input_2 = run.l2_g_input_2;
  float* tape_l2_g = run.tape_l2_g;
  float* tape_l2_c = run.tape_l2_c;
  float* tape_tanh_l2_c = run.tape_tanh_l2_c;
  float* tape_l2_h = run.tape_l2_h;

  const vec l2_i_input = vec::load_unaligned(l2_i_input_2 + ((t - t0) * B + b) * 256 + j);
  const vec v1 = l2_i_input + l2_i_sum;
  const vec l2_i = rnnc_sigmoid(v1);
  l2_i.store_unaligned(tape_l2_i + ((t - window0) * B + b) * 256 + j);
  const vec l2_f_input = vec::load_unaligned(l2_f_input_2 + ((t - t0) * B + b) * 256 + j);
  const vec v2 = l2_f_input + l2_f_sum;
  const vec l2_f = rnnc_sigmoid(v2);
  const int64_t length = run.length(0, b);
  const mask m1 = mask(t < length);
  const vec v3 = xsimd::select(m1, l2_f, vec(0.0f));
  v3.store_unaligned(tape_l2_f + ((t - window0) * B + b) * 256 + j);
  const vec l2_o_input = vec::load_unaligned(l2_o_input_2 + ((t - t0) * B + b) * 256 + j);
  const vec v4 = l2_o_input + l2_o_sum;
  const vec l2_o = rnnc_sigmoid(v4);
  l2_o.store_unaligned(tape_l2_o + ((t - window0) * B + b) * 256 + j);
  const vec l2_g_input = vec::load_unaligned(l2_g_input_2 + ((t - t0) * B + b) * 256 + j);
  const vec v5 = l2_g_input + l2_g_sum;
  const vec l2_g = rnnc_tanh(v5);
  l2_g.store_unaligned(tape_l2_g + ((t - window0) * B + b) * 256 + j);
  const vec l2_c_before = vec::load_unaligned(tape_l2_c + ((t - window0) * B + b) * 256 + j);
  const vec v6 = l2_f * l2_c_before;
  const vec v7 = l2_i * l2_g;
  const vec l2_c = v6 + v7;
  l2_c.store_unaligned(tape_l2_c + ((t - window0 + 1) * B + b) * 256 + j);
  const vec v8 = rnnc_tanh(l2_c);
  v8.store_unaligned(tape_tanh_l2_c + ((t - window0) * B + b) * 256 + j);
  const vec l2_h = l2_o * v8;
  const mask m2 = mask(t < length);
  const vec v9 = xsimd::select(m2, l2_h, vec(0.0f));
  v9.store_unaligned(tape_l2_h + ((t - window0 + 1) * B + b) * 256 + j);
}

void forward_l2_i_l2_f_l2_o_l2_g_prefetch(const Run& run, int64_t, int64_t t, int64_t window0, int64_t b, int64_t j) {
  const int64_t B = run.B;
  const float* tape_l2_i = run.tape_l2_i;
  const float* tape_l2_f = run.tape_l2_f;
  const float* tape_l2_o = run.tape_l2_o;
  const float* tape_l2_g = run.tape_l2_g;
  const float* tape_l2_c = run.tape_l2_c;
  const float* tape_tanh_l2_c = run.tape_tanh_l2_c;
  const float* tape_l2_h = run.tape_l2_h;

  RNNC_PREFETCH(tape_l2_i + ((t - window0) * B + b) * 256 + j);
  RNNC_PREFETCH(tape_l2_f + ((t - window0) * B + b) * 256 + j);
  RNNC_PREFETCH(tape_l2_o + ((t - window0) * B + b) * 256 + j);
  RNNC_PREFETCH(tape_l2_g + ((t - window0) * B + b) * 256 + j);
  RNNC_PREFETCH(tape_l2_c + ((t - window0) * B + b) * 256 + j);
  RNNC_PREFETCH(tape_l2_c + ((t - window0 + 1) * B + b) * 256 + j);
  RNNC_PREFETCH(tape_tanh_l2_c + ((t - window0) * B + b) * 256 + j);
  RNNC_PREFETCH(tape_l2_h + ((t - window0 + 1) * B + b) * 256 + j);
}

// l2.i = sigmoid(l2.i_input + l2.i_sum)    (lstm.rnn:14)
// l2.f = sigmoid(l2.f_input + l2.f_sum)    (lstm.rnn:15)
// l2.o = sigmoid(l2.o_input + l2.o_sum)    (lstm.rnn:16)
// l2.g = tanh(l2.g_input + l2.g_sum)    (lstm.rnn:17)
// l2.c = l2.f * l2.c[t-1] + l2.i * l2.g    (lstm.rnn:8)
// tanh_l2.c = tanh(l2.c)
// l2.h = l2.o * tanh(l2.c)    (lstm.rnn:8)
void forward_l2_i_l2_f_l2_o_l2_g(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g = run.panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g;
  const float* tape_l2_h = run.tape_l2_h;

  const int64_t tiles = B / 3;
  const int64_t odd = (B - tiles * 3) % 2;
  const int64_t given_up = std::min<int64_t>(odd, tiles);
  const int64_t pairs = ((given_up - tiles) * 3 + B) / 2;
  for (int64_t tile = begin; tile < end; ++tile) {
    for (int64_t b = 0; b < (tiles - given_up) * 3; b += 3) {
      forward_l2_i_l2_f_l2_o_l2_g_prefetch(run, t0, t, window0, b, tile * 8);
      forward_l2_i_l2_f_l2_o_l2_g_prefetch(run, t0, t, window0, b + 1, tile * 8);
      forward_l2_i_l2_f_l2_o_l2_g_prefetch(run, t0, t, window0, b + 2, tile * 8);
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
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(tape_l2_h[((t - window0) * B + b) * 256 + k]);
        const vec x1 = vec(tape_l2_h[((t - window0) * B + b + 1) * 256 + k]);
        const vec x2 = vec(tape_l2_h[((t - window0) * B + b + 2) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        v9 = xsimd::fma(w0, x2, v9);
        vec w1 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        v10 = xsimd::fma(w1, x2, v10);
        vec w2 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        v11 = xsimd::fma(w2, x2, v11);
        vec w3 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
        v12 = xsimd::fma(w3, x2, v12);
      }
      forward_l2_i_l2_f_l2_o_l2_g_epilogue(run, v1, v2, v3, v4, t0, t, window0, b, tile * 8);
      forward_l2_i_l2_f_l2_o_l2_g_epilogue(run, v5, v6, v7, v8, t0, t, window0, b + 1, tile * 8);
      forward_l2_i_l2_f_l2_o_l2_g_epilogue(run, v9, v10, v11, v12, t0, t, window0, b + 2, tile * 8);
    }
    for (int64_t b = (tiles - given_up) * 3; b < (tiles - given_up) * 3 + pairs * 2; b += 2) {
      forward_l2_i_l2_f_l2_o_l2_g_prefetch(run, t0, t, window0, b, tile * 8);
      forward_l2_i_l2_f_l2_o_l2_g_prefetch(run, t0, t, window0, b + 1, tile * 8);
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      vec v5 = vec(0.0f);
      vec v6 = vec(0.0f);
      vec v7 = vec(0.0f);
      vec v8 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(tape_l2_h[((t - window0) * B + b) * 256 + k]);
        const vec x1 = vec(tape_l2_h[((t - window0) * B + b + 1) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        vec w1 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        vec w2 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        vec w3 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
      }
      forward_l2_i_l2_f_l2_o_l2_g_epilogue(run, v1, v2, v3, v4, t0, t, window0, b, tile * 8);
      forward_l2_i_l2_f_l2_o_l2_g_epilogue(run, v5, v6, v7, v8, t0, t, window0, b + 1, tile * 8);
    }
  }
  const int64_t share = std::max<int64_t>(0, end - begin);
  const int64_t wide = share / 3;
  for (int64_t tile = 0; tile < wide; ++tile) {
    for (int64_t b = (tiles - given_up) * 3 + pairs * 2; b < B; ++b) {
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
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(tape_l2_h[((t - window0) * B + b) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + ((tile * 3 + begin) * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + ((tile * 3 + begin) * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + ((tile * 3 + begin) * 256 + k) * 32
            + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + ((tile * 3 + begin) * 256 + k) * 32
            + 24);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + ((tile * 3 + begin + 1) * 256 + k) * 32);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + ((tile * 3 + begin) * 256 + k) * 32
            + 8200);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + ((tile * 3 + begin) * 256 + k) * 32
            + 8208);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + ((tile * 3 + begin) * 256 + k) * 32
            + 8216);
        v8 = xsimd::fma(w7, x0, v8);
        const vec w8 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + ((tile * 3 + begin + 2) * 256 + k) * 32);
        v9 = xsimd::fma(w8, x0, v9);
        const vec w9 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + ((tile * 3 + begin) * 256 + k) * 32
            + 16392);
        v10 = xsimd::fma(w9, x0, v10);
        const vec w10 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + ((tile * 3 + begin) * 256 + k) * 32
            + 16400);
        v11 = xsimd::fma(w10, x0, v11);
        const vec w11 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + ((tile * 3 + begin) * 256 + k) * 32
            + 16408);
        v12 = xsimd::fma(w11, x0, v12);
      }
      forward_l2_i_l2_f_l2_o_l2_g_epilogue(run, v1, v2, v3, v4, t0, t, window0, b, tile * 24 + begin * 8);
      forward_l2_i_l2_f_l2_o_l2_g_epilogue(run, v5, v6, v7, v8, t0, t, window0, b, tile * 24 + (begin + 1) * 8);
      forward_l2_i_l2_f_l2_o_l2_g_epilogue(run, v9, v10, v11, v12, t0, t, window0, b, tile * 24 + (begin + 2) * 8);
    }
  }
  for (int64_t tile = wide * 3 + begin; tile < end; ++tile) {
    for (int64_t b = (tiles - given_up) * 3 + pairs * 2; b < B; ++b) {
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(tape_l2_h[((t - window0) * B + b) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + (tile * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + (tile * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + (tile * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g + (tile * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
      }
      forward_l2_i_l2_f_l2_o_l2_g_epilogue(run, v1, v2, v3, v4, t0, t, window0, b, tile * 8);
    }
  }
}

// y = y_sum + b    (charlm.rnn:11)
void forward_y_epilogue(const Run& run, vec y_sum, vec y_sum_2, vec y_sum_3, vec y_sum_4, int64_t t0, int64_t, int64_t,
    int64_t r, int64_t j) {
  const int64_t B = run.B;
  const float* b = run.b;
  float* y_2 = run.y_2;
  float* y_3 = run.y_3;

  const vec b0 = vec::load_unaligned(b + j);
  const vec y0 = y_sum + b0;
  y0.store_unaligned(y_3 + (r - t0 * B) * 72 + j);
  const int64_t t = r / B;
  const int64_t length = run.length(0, r - t * B);
  const mask m1 = mask(t < length);
  const vec v1 = xsimd::select(m1, y0, vec(0.0f));
  v1.store_unaligned(y_2 + r * 65 + j);
  const vec b1 = vec::load_unaligned(b + j + 8);
  const vec y1 = y_sum_2 + b1;
  y1.store_unaligned(y_3 + (r - t0 * B) * 72 + j + 8);
  const mask m2 = mask(t < length);
  const vec v2 = xsimd::select(m2, y1, vec(0.0f));
  v2.store_unaligned(y_2 + r * 65 + j + 8);
  const vec b2 = vec::load_unaligned(b + j + 16);
  const vec y2 = y_sum_3 + b2;
  y2.store_unaligned(y_3 + (r - t0 * B) * 72 + j + 16);
  const mask m3 = mask(t < length);
  const vec v3 = xsimd::select(m3, y2, vec(0.0f));
  v3.store_unaligned(y_2 + r * 65 + j + 16);
  const vec b3 = vec::load_unaligned(b + j + 24);
  const vec y3 = y_sum_4 + b3;
  y3.store_unaligned(y_3 + (r - t0 * B) * 72 + j + 24);
  const mask m4 = mask(t < length);
  const vec v4 = xsimd::select(m4, y3, vec(0.0f));
  v4.store_unaligned(y_2 + r * 65 + j + 24);
}

// y = y_sum + b    (charlm.rnn:11)
void forward_y_epilogue_tail(const Run& run, vec y_sum, int64_t t0, int64_t, int64_t, int64_t r, int64_t j) {
  const int64_t B = run.B;
  const float* b_at = run.b;
  float* y_2 = run.y_2;
  float* y_3 = run.y_3;

  const vec b = vec::load_unaligned(b_at + j);
  const vec y = y_sum + b;
  y.store_unaligned(y_3 + (r - t0 * B) * 72 + j);
  const int64_t t = r / B;
  const int64_t length = run.length(0, r - t * B);
  const mask m1 = mask(t < length);
  const vec v1 = xsimd::select(m1, y, vec(0.0f));
  store_first<1>(y_2 + r * 65 + j, v1);
}

void forward_y_prefetch(const Run& run, int64_t, int64_t, int64_t, int64_t r, int64_t j) {
  const float* y_2 = run.y_2;

  RNNC_PREFETCH(y_2 + r * 65 + j);
  RNNC_PREFETCH(y_2 + r * 65 + j + 16);
}

// y = y_sum + b    (charlm.rnn:11)
void forward_y(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict panel_R = run.panel_R;
  const float* __restrict tape_l2_h = run.tape_l2_h;

  const int64_t tiles = ((t1 - t0) * B) / 3;
  const int64_t odd = ((t1 - t0) * B - tiles * 3) % 2;
  const int64_t given_up = std::min<int64_t>(odd, tiles);
  const int64_t pairs = ((given_up - tiles) * 3 + (t1 - t0) * B) / 2;
  const int64_t full = std::min<int64_t>(end, 2);
  for (int64_t tile = begin; tile < full; ++tile) {
    for (int64_t r = t0 * B; r < (tiles - given_up) * 3 + t0 * B; r += 3) {
      forward_y_prefetch(run, t0, t1, window0, r, tile * 32);
      forward_y_prefetch(run, t0, t1, window0, r + 1, tile * 32);
      forward_y_prefetch(run, t0, t1, window0, r + 2, tile * 32);
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
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(tape_l2_h[((-window0 + 1) * B + r) * 256 + k]);
        const vec x1 = vec(tape_l2_h[((-window0 + 1) * B + r + 1) * 256 + k]);
        const vec x2 = vec(tape_l2_h[((-window0 + 1) * B + r + 2) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_R + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        v9 = xsimd::fma(w0, x2, v9);
        vec w1 = vec::load_unaligned(panel_R + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        v10 = xsimd::fma(w1, x2, v10);
        vec w2 = vec::load_unaligned(panel_R + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        v11 = xsimd::fma(w2, x2, v11);
        vec w3 = vec::load_unaligned(panel_R + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
        v12 = xsimd::fma(w3, x2, v12);
      }
      forward_y_epilogue(run, v1, v2, v3, v4, t0, t1, window0, r, tile * 32);
      forward_y_epilogue(run, v5, v6, v7, v8, t0, t1, window0, r + 1, tile * 32);
      forward_y_epilogue(run, v9, v10, v11, v12, t0, t1, window0, r + 2, tile * 32);
    }
    for (int64_t r = (tiles - given_up) * 3 + t0 * B; r < (tiles - given_up) * 3 + pairs * 2 + t0 * B; r += 2) {
      forward_y_prefetch(run, t0, t1, window0, r, tile * 32);
      forward_y_prefetch(run, t0, t1, window0, r + 1, tile * 32);
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      vec v5 = vec(0.0f);
      vec v6 = vec(0.0f);
      vec v7 = vec(0.0f);
      vec v8 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(tape_l2_h[((-window0 + 1) * B + r) * 256 + k]);
        const vec x1 = vec(tape_l2_h[((-window0 + 1) * B + r + 1) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_R + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        vec w1 = vec::load_unaligned(panel_R + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        vec w2 = vec::load_unaligned(panel_R + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        vec w3 = vec::load_unaligned(panel_R + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
      }
      forward_y_epilogue(run, v1, v2, v3, v4, t0, t1, window0, r, tile * 32);
      forward_y_epilogue(run, v5, v6, v7, v8, t0, t1, window0, r + 1, tile * 32);
    }
  }
  const int64_t rest = std::max<int64_t>(begin, 2);
  for (int64_t last = rest; last < end; ++last) {
    for (int64_t r = t0 * B; r < (tiles - given_up) * 3 + t0 * B; r += 3) {
      forward_y_prefetch(run, t0, t1, window0, r, 64);
      forward_y_prefetch(run, t0, t1, window0, r + 1, 64);
      forward_y_prefetch(run, t0, t1, window0, r + 2, 64);
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      #pragma GCC unroll 4
      for (int64_t k = 0; k < 256; ++k) {
        vec w0 = vec::load_unaligned(panel_R + (k + 2048) * 8); RNNC_KEEP(w0);
        const vec x0 = vec(tape_l2_h[((-window0 + 1) * B + r) * 256 + k]);
        v1 = xsimd::fma(w0, x0, v1);
        const vec x1 = vec(tape_l2_h[((-window0 + 1) * B + r + 1) * 256 + k]);
        v2 = xsimd::fma(w0, x1, v2);
        const vec x2 = vec(tape_l2_h[((-window0 + 1) * B + r + 2) * 256 + k]);
        v3 = xsimd::fma(w0, x2, v3);
      }
      forward_y_epilogue_tail(run, v1, t0, t1, window0, r, 64);
      forward_y_epilogue_tail(run, v2, t0, t1, window0, r + 1, 64);
      forward_y_epilogue_tail(run, v3, t0, t1, window0, r + 2, 64);
    }
    for (int64_t r = (tiles - given_up) * 3 + t0 * B; r < (tiles - given_up) * 3 + pairs * 2 + t0 * B; r += 2) {
      forward_y_prefetch(run, t0, t1, window0, r, 64);
      forward_y_prefetch(run, t0, t1, window0, r + 1, 64);
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        vec w0 = vec::load_unaligned(panel_R + (k + 2048) * 8); RNNC_KEEP(w0);
        const vec x0 = vec(tape_l2_h[((-window0 + 1) * B + r) * 256 + k]);
        v1 = xsimd::fma(w0, x0, v1);
        const vec x1 = vec(tape_l2_h[((-window0 + 1) * B + r + 1) * 256 + k]);
        v2 = xsimd::fma(w0, x1, v2);
      }
      forward_y_epilogue_tail(run, v1, t0, t1, window0, r, 64);
      forward_y_epilogue_tail(run, v2, t0, t1, window0, r + 1, 64);
    }
  }
  const int64_t full_2 = std::min<int64_t>(end, 2);
  const int64_t share = std::max<int64_t>(0, full_2 - begin);
  const int64_t wide = share / 2;
  for (int64_t tile = 0; tile < wide; ++tile) {
    for (int64_t r = (tiles - given_up) * 3 + pairs * 2 + t0 * B; r < t1 * B; ++r) {
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      vec v5 = vec(0.0f);
      vec v6 = vec(0.0f);
      vec v7 = vec(0.0f);
      vec v8 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(tape_l2_h[((-window0 + 1) * B + r) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_R + ((tile * 2 + begin) * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_R + ((tile * 2 + begin) * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_R + ((tile * 2 + begin) * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_R + ((tile * 2 + begin) * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_R + ((tile * 2 + begin + 1) * 256 + k) * 32);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_R + ((tile * 2 + begin) * 256 + k) * 32 + 8200);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_R + ((tile * 2 + begin) * 256 + k) * 32 + 8208);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_R + ((tile * 2 + begin) * 256 + k) * 32 + 8216);
        v8 = xsimd::fma(w7, x0, v8);
      }
      forward_y_epilogue(run, v1, v2, v3, v4, t0, t1, window0, r, (tile * 2 + begin) * 32);
      forward_y_epilogue(run, v5, v6, v7, v8, t0, t1, window0, r, (tile * 2 + begin + 1) * 32);
    }
  }
  for (int64_t tile = wide * 2 + begin; tile < full_2; ++tile) {
    for (int64_t r = (tiles - given_up) * 3 + pairs * 2 + t0 * B; r < t1 * B; ++r) {
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(tape_l2_h[((-window0 + 1) * B + r) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_R + (tile * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_R + (tile * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_R + (tile * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_R + (tile * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
      }
      forward_y_epilogue(run, v1, v2, v3, v4, t0, t1, window0, r, tile * 32);
    }
  }
  const int64_t rest_2 = std::max<int64_t>(begin, 2);
  for (int64_t last = rest_2; last < end; ++last) {
    for (int64_t r = (tiles - given_up) * 3 + pairs * 2 + t0 * B; r < t1 * B; ++r) {
      vec v1 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(tape_l2_h[((-window0 + 1) * B + r) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_R + (k + 2048) * 8);
        v1 = xsimd::fma(w0, x0, v1);
      }
      forward_y_epilogue_tail(run, v1, t0, t1, window0, r, 64);
    }
  }
}

// reduce_max = max(y)
void forward_reduce_max(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t, int64_t) {
  const int64_t B = run.B;
  const float* __restrict y_3 = run.y_3;
  float* __restrict reduce_max_2 = run.reduce_max_2;

  for (int64_t r = t0 * B + begin; r < t0 * B + end; ++r) {
    vec v1 = vec(-std::numeric_limits<float>::infinity());
    for (int64_t j = 0; j < 8; ++j) {
      const vec y = vec::load_unaligned(y_3 + (r - t0 * B) * 72 + j * 8);
      const vec v2 = xsimd::max(y, v1);
      const mask m1 = y == y;
      v1 = xsimd::select(m1, v2, y);
    }
    const vec y = vec::load_unaligned(y_3 + (r - t0 * B) * 72 + 64);
    const vec v2 = first_lanes<1>(y, vec(-std::numeric_limits<float>::infinity()));
    const vec v3 = xsimd::max(v2, v1);
    const mask m1 = v2 == v2;
    const vec v4 = xsimd::select(m1, v3, v2);
    const vec v5 = lane_max(v4);
    store_first<1>(reduce_max_2 + r - t0 * B, v5);
  }
}

// exp_sub = exp(y - stop_gradient(max(y)))
void forward_exp_sub(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict y_3 = run.y_3;
  const float* __restrict reduce_max_2 = run.reduce_max_2;
  float* __restrict tape_exp_sub = run.tape_exp_sub;

  for (int64_t r = t0 * B + begin; r < t0 * B + end; ++r) {
    for (int64_t j = 0; j < 8; ++j) {
      const vec y = vec::load_unaligned(y_3 + (r - t0 * B) * 72 + j * 8);
      const vec reduce_max = vec(reduce_max_2[r - t0 * B]);
      const vec v1 = y - reduce_max;
      const vec v2 = rnnc_exp(v1);
      v2.store_unaligned(tape_exp_sub + (r - window0 * B) * 72 + j * 8);
    }
    const vec y = vec::load_unaligned(y_3 + (r - t0 * B) * 72 + 64);
    const vec reduce_max = vec(reduce_max_2[r - t0 * B]);
    const vec v1 = y - reduce_max;
    const vec v2 = rnnc_exp(v1);
    v2.store_unaligned(tape_exp_sub + (r - window0 * B) * 72 + 64);
  }
}

// reduce_sum = sum(exp(y - stop_gradient(max(y))))
void forward_reduce_sum(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict tape_exp_sub = run.tape_exp_sub;
  float* __restrict tape_reduce_sum = run.tape_reduce_sum;

  for (int64_t r = t0 * B + begin; r < t0 * B + end; ++r) {
    vec v1 = vec(0.0f);
    for (int64_t j = 0; j < 8; ++j) {
      const vec exp_sub = vec::load_unaligned(tape_exp_sub + (r - window0 * B) * 72 + j * 8);
      v1 = v1 + exp_sub;
    }
    const vec exp_sub = vec::load_unaligned(tape_exp_sub + (r - window0 * B) * 72 + 64);
    const vec v2 = first_lanes<1>(exp_sub, vec(0.0f));
    const vec v3 = v1 + v2;
    const vec v4 = lane_sum(v3);
    store_first<1>(tape_reduce_sum + r - window0 * B, v4);
  }
}

// sub = log(sum(exp(y - stop_gradient(max(y))))) + stop_gradient(max(y)) - y[next]
void forward_sub(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t, int64_t window0) {
  const int64_t B = run.B;
  const int32_t* __restrict next = run.next;
  const float* __restrict y_3 = run.y_3;
  const float* __restrict reduce_max_2 = run.reduce_max_2;
  const float* __restrict tape_reduce_sum = run.tape_reduce_sum;
  float* __restrict sub_2 = run.sub_2;

  for (int64_t r = t0 * B + begin; r < t0 * B + end; ++r) {
    const vec reduce_sum = vec(tape_reduce_sum[r - window0 * B]);
    const vec v1 = rnnc_log(reduce_sum);
    const vec reduce_max = vec(reduce_max_2[r - t0 * B]);
    const vec v2 = v1 + reduce_max;
    const int64_t entry = next[r];
    const int64_t entry_2 = std::max<int64_t>(entry, 0);
    const int64_t entry_3 = std::min<int64_t>(entry_2, 64);
    const vec v3 = vec(y_3[(r - t0 * B) * 72 + entry_3]);
    const vec v4 = v2 - v3;
    store_first<1>(sub_2 + r - t0 * B, v4);
  }
}

// sum_over = sum(log(sum(exp(y - stop_gradient(max(y))))) + stop_gradient(max(y)) - y[next] over t, b)
void forward_sum_over_2(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t) {
  const int64_t B = run.B;
  const float* __restrict sub_2 = run.sub_2;
  float* __restrict sum_over_3 = run.sum_over_3;

  [[maybe_unused]] const int64_t full = std::min<int64_t>(end, 0);
  const int64_t rest = std::max<int64_t>(begin, 0);
  for (int64_t last = rest; last < end; ++last) {
    vec v1 = vec(0.0f);
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec sub = vec(sub_2[r - t0 * B]);
      const int64_t t = r / B;
      const int64_t length = run.length(0, r - t * B);
      const mask m1 = mask(t < length);
      const vec v2 = xsimd::select(m1, sub, vec(0.0f));
      v1 = v1 + v2;
    }
    const vec v2 = vec(sum_over_3[0]);
    const vec v3 = v2 + v1;
    store_first<1>(sum_over_3, v3);
  }
}

// l1.h.final = l1.h[last]
void forward_l1_h_final(const Run& run, int64_t begin, int64_t end, int64_t, int64_t, int64_t window0) {
  const int64_t T = run.T, B = run.B, window = run.window;
  float* __restrict l1_h_final_2 = run.l1_h_final_2;
  const float* __restrict tape_l1_h = run.tape_l1_h;
  float* __restrict l1_h_final_3 = run.l1_h_final_3;

  for (int64_t b = begin; b < end; ++b) {
    const int64_t length = run.length(0, b);
    const int64_t there = std::min<int64_t>(length - 1, T - 1);
    const int64_t step_2 = std::max<int64_t>(there, 0);
    const int64_t to = std::min<int64_t>(step_2 + 1, window + window0);
    const int64_t from = std::max<int64_t>(step_2, window0);
    for (int64_t here = from; here < to; ++here) {
      for (int64_t j = 0; j < 32; ++j) {
        const vec l1_h = vec::load_unaligned(tape_l1_h + ((length - window0) * B + b) * 256 + j * 8);
        l1_h.store_unaligned(l1_h_final_3 + b * 256 + j * 8);
        l1_h.store_unaligned(l1_h_final_2 + b * 256 + j * 8);
      }
    }
  }
}

// l1.c.final = l1.c[last]
void forward_l1_c_final(const Run& run, int64_t begin, int64_t end, int64_t, int64_t, int64_t window0) {
  const int64_t T = run.T, B = run.B, window = run.window;
  float* __restrict l1_c_final_2 = run.l1_c_final_2;
  const float* __restrict tape_l1_c = run.tape_l1_c;
  float* __restrict l1_c_final_3 = run.l1_c_final_3;

  for (int64_t b = begin; b < end; ++b) {
    const int64_t length = run.length(0, b);
    const int64_t there = std::min<int64_t>(length - 1, T - 1);
    const int64_t step_2 = std::max<int64_t>(there, 0);
    const int64_t to = std::min<int64_t>(step_2 + 1, window + window0);
    const int64_t from = std::max<int64_t>(step_2, window0);
    for (int64_t here = from; here < to; ++here) {
      for (int64_t j = 0; j < 32; ++j) {
        const vec l1_c = vec::load_unaligned(tape_l1_c + ((length - window0) * B + b) * 256 + j * 8);
        l1_c.store_unaligned(l1_c_final_3 + b * 256 + j * 8);
        l1_c.store_unaligned(l1_c_final_2 + b * 256 + j * 8);
      }
    }
  }
}

// l2.h.final = l2.h[last]
void forward_l2_h_final(const Run& run, int64_t begin, int64_t end, int64_t, int64_t, int64_t window0) {
  const int64_t T = run.T, B = run.B, window = run.window;
  float* __restrict l2_h_final_2 = run.l2_h_final_2;
  const float* __restrict tape_l2_h = run.tape_l2_h;
  float* __restrict l2_h_final_3 = run.l2_h_final_3;

  for (int64_t b = begin; b < end; ++b) {
    const int64_t length = run.length(0, b);
    const int64_t there = std::min<int64_t>(length - 1, T - 1);
    const int64_t step_2 = std::max<int64_t>(there, 0);
    const int64_t to = std::min<int64_t>(step_2 + 1, window + window0);
    const int64_t from = std::max<int64_t>(step_2, window0);
    for (int64_t here = from; here < to; ++here) {
      for (int64_t j = 0; j < 32; ++j) {
        const vec l2_h = vec::load_unaligned(tape_l2_h + ((length - window0) * B + b) * 256 + j * 8);
        l2_h.store_unaligned(l2_h_final_3 + b * 256 + j * 8);
        l2_h.store_unaligned(l2_h_final_2 + b * 256 + j * 8);
      }
    }
  }
}

// l2.c.final = l2.c[last]
void forward_l2_c_final(const Run& run, int64_t begin, int64_t end, int64_t, int64_t, int64_t window0) {
  const int64_t T = run.T, B = run.B, window = run.window;
  float* __restrict l2_c_final_2 = run.l2_c_final_2;
  const float* __restrict tape_l2_c = run.tape_l2_c;
  float* __restrict l2_c_final_3 = run.l2_c_final_3;

  for (int64_t b = begin; b < end; ++b) {
    const int64_t length = run.length(0, b);
    const int64_t there = std::min<int64_t>(length - 1, T - 1);
    const int64_t step_2 = std::max<int64_t>(there, 0);
    const int64_t to = std::min<int64_t>(step_2 + 1, window + window0);
    const int64_t from = std::max<int64_t>(step_2, window0);
    for (int64_t here = from; here < to; ++here) {
      for (int64_t j = 0; j < 32; ++j) {
        const vec l2_c = vec::load_unaligned(tape_l2_c + ((length - window0) * B + b) * 256 + j * 8);
        l2_c.store_unaligned(l2_c_final_3 + b * 256 + j * 8);
        l2_c.store_unaligned(l2_c_final_2 + b * 256 + j * 8);
      }
    }
  }
}

// the steps around l1.f, l2.f
void forward_l1_f_l2_f_boundary(const Run& run, int64_t begin, int64_t end, int64_t, int64_t, int64_t window0) {
  const int64_t T = run.T, B = run.B;
  float* __restrict tape_l1_f = run.tape_l1_f;
  float* __restrict tape_l2_f = run.tape_l2_f;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 32; ++j) {
      vec(0.0f).store_unaligned(tape_l1_f + ((T - window0) * B + b) * 256 + j * 8);
    }
    for (int64_t j = 0; j < 32; ++j) {
      vec(0.0f).store_unaligned(tape_l2_f + ((T - window0) * B + b) * 256 + j * 8);
    }
  }
}

// loss = sum(log(sum(exp(y - stop_gradient(max(y))))) + stop_gradient(max(y)) - y[next] over t, b) / max(sum(length(t) over b), 1)
void forward_loss(const Run& run, int64_t begin, int64_t end) {
  float* __restrict loss_2 = run.loss_2;
  const float* __restrict sum_over_3 = run.sum_over_3;
  const float* __restrict tape_max = run.tape_max;
  float* __restrict loss_3 = run.loss_3;

  const int64_t rest = std::max<int64_t>(begin, 0);
  for (int64_t last = rest; last < end; ++last) {
    const vec sum_over = vec(sum_over_3[0]);
    const vec max = vec(tape_max[0]);
    const vec v1 = rnnc_div(sum_over, max);
    store_first<1>(loss_3, v1);
    store_first<1>(loss_2, v1);
  }
}

// the steps around d.l2.c, d.l2.i.pre, d.l2.f.pre, d.l2.o.pre, d.l2.g.pre, d.l1.c, d.l1.i.pre, d.l1.f.pre, d.l1.o.pre, d.l1.g.pre
void backward_d_l2_c_d_l2_i_pre_d_l2_f_pre_d_l2_o_pre_boundary(const Run& run, int64_t begin, int64_t end, int64_t,
    int64_t, int64_t window0) {
  const int64_t T = run.T, B = run.B;
  float* __restrict d_l2_c = run.d_l2_c;
  float* __restrict d_l2_i_pre = run.d_l2_i_pre;
  float* __restrict d_l2_f_pre = run.d_l2_f_pre;
  float* __restrict d_l2_o_pre = run.d_l2_o_pre;
  float* __restrict d_l2_g_pre = run.d_l2_g_pre;
  float* __restrict d_l1_c = run.d_l1_c;
  float* __restrict d_l1_i_pre = run.d_l1_i_pre;
  float* __restrict d_l1_f_pre = run.d_l1_f_pre;
  float* __restrict d_l1_o_pre = run.d_l1_o_pre;
  float* __restrict d_l1_g_pre = run.d_l1_g_pre;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 32; ++j) {
      vec(0.0f).store_unaligned(d_l2_c + ((T - window0) * B + b) * 256 + j * 8);
    }
    for (int64_t j = 0; j < 32; ++j) {
      vec(0.0f).store_unaligned(d_l2_i_pre + ((T - window0) * B + b) * 256 + j * 8);
    }
    for (int64_t j = 0; j < 32; ++j) {
      vec(0.0f).store_unaligned(d_l2_f_pre + ((T - window0) * B + b) * 256 + j * 8);
    }
    for (int64_t j = 0; j < 32; ++j) {
      vec(0.0f).store_unaligned(d_l2_o_pre + ((T - window0) * B + b) * 256 + j * 8);
    }
    for (int64_t j = 0; j < 32; ++j) {
      vec(0.0f).store_unaligned(d_l2_g_pre + ((T - window0) * B + b) * 256 + j * 8);
    }
    for (int64_t j = 0; j < 32; ++j) {
      vec(0.0f).store_unaligned(d_l1_c + ((T - window0) * B + b) * 256 + j * 8);
    }
    for (int64_t j = 0; j < 32; ++j) {
      vec(0.0f).store_unaligned(d_l1_i_pre + ((T - window0) * B + b) * 256 + j * 8);
    }
    for (int64_t j = 0; j < 32; ++j) {
      vec(0.0f).store_unaligned(d_l1_f_pre + ((T - window0) * B + b) * 256 + j * 8);
    }
    for (int64_t j = 0; j < 32; ++j) {
      vec(0.0f).store_unaligned(d_l1_o_pre + ((T - window0) * B + b) * 256 + j * 8);
    }
    for (int64_t j = 0; j < 32; ++j) {
      vec(0.0f).store_unaligned(d_l1_g_pre + ((T - window0) * B + b) * 256 + j * 8);
    }
  }
}

// from one window to the steps around the next: d.l2.c, d.l2.i.pre, d.l2.f.pre, d.l2.o.pre, d.l2.g.pre, d.l1.c, d.l1.i.pre, d.l1.f.pre, d.l1.o.pre, d.l1.g.pre
void backward_handed_on(const Run& run, int64_t begin, int64_t end, int64_t, int64_t) {
  const int64_t B = run.B, window = run.window;
  float* __restrict d_l2_c = run.d_l2_c;
  float* __restrict d_l2_i_pre = run.d_l2_i_pre;
  float* __restrict d_l2_f_pre = run.d_l2_f_pre;
  float* __restrict d_l2_o_pre = run.d_l2_o_pre;
  float* __restrict d_l2_g_pre = run.d_l2_g_pre;
  float* __restrict d_l1_c = run.d_l1_c;
  float* __restrict d_l1_i_pre = run.d_l1_i_pre;
  float* __restrict d_l1_f_pre = run.d_l1_f_pre;
  float* __restrict d_l1_o_pre = run.d_l1_o_pre;
  float* __restrict d_l1_g_pre = run.d_l1_g_pre;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 32; ++j) {
      const vec v1 = vec::load_unaligned(d_l2_c + b * 256 + j * 8);
      v1.store_unaligned(d_l2_c + (window * B + b) * 256 + j * 8);
    }
    for (int64_t j = 0; j < 32; ++j) {
      const vec v1 = vec::load_unaligned(d_l2_i_pre + b * 256 + j * 8);
      v1.store_unaligned(d_l2_i_pre + (window * B + b) * 256 + j * 8);
    }
    for (int64_t j = 0; j < 32; ++j) {
      const vec v1 = vec::load_unaligned(d_l2_f_pre + b * 256 + j * 8);
      v1.store_unaligned(d_l2_f_pre + (window * B + b) * 256 + j * 8);
    }
    for (int64_t j = 0; j < 32; ++j) {
      const vec v1 = vec::load_unaligned(d_l2_o_pre + b * 256 + j * 8);
      v1.store_unaligned(d_l2_o_pre + (window * B + b) * 256 + j * 8);
    }
    for (int64_t j = 0; j < 32; ++j) {
      const vec v1 = vec::load_unaligned(d_l2_g_pre + b * 256 + j * 8);
      v1.store_unaligned(d_l2_g_pre + (window * B + b) * 256 + j * 8);
    }
    for (int64_t j = 0; j < 32; ++j) {
      const vec v1 = vec::load_unaligned(d_l1_c + b * 256 + j * 8);
      v1.store_unaligned(d_l1_c + (window * B + b) * 256 + j * 8);
    }
    for (int64_t j = 0; j < 32; ++j) {
      const vec v1 = vec::load_unaligned(d_l1_i_pre + b * 256 + j * 8);
      v1.store_unaligned(d_l1_i_pre + (window * B + b) * 256 + j * 8);
    }
    for (int64_t j = 0; j < 32; ++j) {
      const vec v1 = vec::load_unaligned(d_l1_f_pre + b * 256 + j * 8);
      v1.store_unaligned(d_l1_f_pre + (window * B + b) * 256 + j * 8);
    }
    for (int64_t j = 0; j < 32; ++j) {
      const vec v1 = vec::load_unaligned(d_l1_o_pre + b * 256 + j * 8);
      v1.store_unaligned(d_l1_o_pre + (window * B + b) * 256 + j * 8);
    }
    for (int64_t j = 0; j < 32; ++j) {
      const vec v1 = vec::load_unaligned(d_l1_g_pre + b * 256 + j * 8);
      v1.store_unaligned(d_l1_g_pre + (window * B + b) * 256 + j * 8);
    }
  }
}

// from one window to the steps around the next: l1.f, l2.f
void again_handed_on(const Run& run, int64_t begin, int64_t end, int64_t, int64_t) {
  const int64_t B = run.B, window = run.window;
  float* __restrict tape_l1_f = run.tape_l1_f;
  float* __restrict tape_l2_f = run.tape_l2_f;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 32; ++j) {
      const vec v1 = vec::load_unaligned(tape_l1_f + b * 256 + j * 8);
      v1.store_unaligned(tape_l1_f + (window * B + b) * 256 + j * 8);
    }
    for (int64_t j = 0; j < 32; ++j) {
      const vec v1 = vec::load_unaligned(tape_l2_f + b * 256 + j * 8);
      v1.store_unaligned(tape_l2_f + (window * B + b) * 256 + j * 8);
    }
  }
}

// what a window goes on from, as it was kept: l1.c, l1.h, l2.c, l2.h
void again_restored(const Run& run, int64_t begin, int64_t end, int64_t w, int64_t) {
  const int64_t B = run.B;
  float* __restrict tape_l1_c = run.tape_l1_c;
  float* __restrict tape_l1_h = run.tape_l1_h;
  float* __restrict tape_l2_c = run.tape_l2_c;
  float* __restrict tape_l2_h = run.tape_l2_h;
  const float* __restrict checkpoints_l1_c = run.checkpoints_l1_c;
  const float* __restrict checkpoints_l1_h = run.checkpoints_l1_h;
  const float* __restrict checkpoints_l2_c = run.checkpoints_l2_c;
  const float* __restrict checkpoints_l2_h = run.checkpoints_l2_h;

  for (int64_t b = begin; b < end; ++b) {
    for (int64_t j = 0; j < 32; ++j) {
      const vec v1 = vec::load_unaligned(checkpoints_l1_c + (w * B + b) * 256 + j * 8);
      v1.store_unaligned(tape_l1_c + b * 256 + j * 8);
    }
    for (int64_t j = 0; j < 32; ++j) {
      const vec v1 = vec::load_unaligned(checkpoints_l1_h + (w * B + b) * 256 + j * 8);
      v1.store_unaligned(tape_l1_h + b * 256 + j * 8);
    }
    for (int64_t j = 0; j < 32; ++j) {
      const vec v1 = vec::load_unaligned(checkpoints_l2_c + (w * B + b) * 256 + j * 8);
      v1.store_unaligned(tape_l2_c + b * 256 + j * 8);
    }
    for (int64_t j = 0; j < 32; ++j) {
      const vec v1 = vec::load_unaligned(checkpoints_l2_h + (w * B + b) * 256 + j * 8);
      v1.store_unaligned(tape_l2_h + b * 256 + j * 8);
    }
  }
}

// div = 1 / max(sum(length(t) over b), 1) / sum(exp(y - stop_gradient(max(y))))
void backward_div(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict tape_reduce_sum = run.tape_reduce_sum;
  const float* __restrict tape_max = run.tape_max;
  float* __restrict div = run.div;

  for (int64_t r = t0 * B + begin; r < t0 * B + end; ++r) {
    const vec max = vec(tape_max[0]);
    const vec v1 = rnnc_div(vec(1.0f), max);
    const vec reduce_sum = vec(tape_reduce_sum[r - window0 * B]);
    const vec v2 = rnnc_div(v1, reduce_sum);
    store_first<1>(div + r - t0 * B, v2);
  }
}

// d.y = upstream(y) + 1 / max(sum(length(t) over b), 1) / sum(exp(y - stop_gradient(max(y)))) * exp(y - stop_gradient(max(y))) - one_hot(next) / max(sum(length(t) …    (charlm.rnn:11)
void backward_d_y(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t, int64_t window0) {
  const int64_t B = run.B;
  const int32_t* __restrict next = run.next;
  const float* __restrict tape_exp_sub = run.tape_exp_sub;
  const float* __restrict tape_max = run.tape_max;
  const float* __restrict div_at = run.div;
  float* __restrict d_y_at = run.d_y;
  const float* __restrict d_y_2 = run.d_y_2;

  for (int64_t r = t0 * B + begin; r < t0 * B + end; ++r) {
    const int64_t t = r / B;
    const int64_t length = run.length(0, r - t * B);
    for (int64_t j = 0; j < 8; ++j) {
      const vec upstream = vec::load_unaligned(d_y_2 + r * 65 + j * 8);
      const vec div = vec(div_at[r - t0 * B]);
      const vec exp_sub = vec::load_unaligned(tape_exp_sub + (r - window0 * B) * 72 + j * 8);
      const vec v1 = div * exp_sub;
      const vec v2 = upstream + v1;
      const int64_t entry = next[r];
      const vec v3 = iota();
      const vec v4 = vec(static_cast<float>(entry - j * 8));
      const mask m1 = v3 == v4;
      const vec v5 = xsimd::select(m1, vec(1.0f), vec(0.0f));
      const vec max = vec(tape_max[0]);
      const vec v6 = rnnc_div(v5, max);
      const vec d_y = v2 - v6;
      const mask m2 = mask(t < length);
      const vec v7 = xsimd::select(m2, d_y, vec(0.0f));
      v7.store_unaligned(d_y_at + (r - t0 * B) * 72 + j * 8);
    }
    const vec upstream = load_first<1>(d_y_2 + r * 65 + 64);
    const vec div = vec(div_at[r - t0 * B]);
    const vec exp_sub = vec::load_unaligned(tape_exp_sub + (r - window0 * B) * 72 + 64);
    const vec v1 = div * exp_sub;
    const vec v2 = upstream + v1;
    const int64_t entry = next[r];
    const vec v3 = iota();
    const vec v4 = vec(static_cast<float>(entry - 64));
    const mask m1 = v3 == v4;
    const vec v5 = xsimd::select(m1, vec(1.0f), vec(0.0f));
    const vec max = vec(tape_max[0]);
    const vec v6 = rnnc_div(v5, max);
    const vec d_y = v2 - v6;
    const mask m2 = mask(t < length);
    const vec v7 = xsimd::select(m2, d_y, vec(0.0f));
    v7.store_unaligned(d_y_at + (r - t0 * B) * 72 + 64);
  }
}

// gather = E[token]
void backward_gather(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t, int64_t) {
  const int64_t B = run.B;
  const int32_t* __restrict token = run.token;
  const float* __restrict E = run.E;
  float* __restrict gather_3 = run.gather_3;

  for (int64_t r = t0 * B + begin; r < t0 * B + end; ++r) {
    const int64_t t = r / B;
    const int64_t length = run.length(0, r - t * B);
    for (int64_t j = 0; j < 32; ++j) {
      const int64_t entry = token[r];
      const int64_t entry_2 = std::max<int64_t>(entry, 0);
      const int64_t entry_3 = std::min<int64_t>(entry_2, 64);
      const vec v1 = vec::load_unaligned(E + entry_3 * 256 + j * 8);
      const mask m1 = mask(t < length);
      const vec v2 = xsimd::select(m1, v1, vec(0.0f));
      v2.store_unaligned(gather_3 + (r - t0 * B) * 256 + j * 8);
    }
  }
}

void pack_panel_R_transposed(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict param_R = run.param_R;
  float* __restrict panel_R_transposed = run.panel_R_transposed;

  for (int64_t block = begin; block < end; ++block) {
    const int64_t unit = block % 4;
    for (int64_t k = 0; k < 65; ++k) {
      const vec v1 = vec::load_unaligned(param_R + k * 256 + block * 8);
      v1.store_unaligned(panel_R_transposed + block * 520 + (k - unit * 16) * 32);
    }
  }
}

// d.l2.h_input = R' @ d.y + impulse(upstream(l2.h.final), last)
void backward_d_l2_h_input_epilogue(const Run& run, vec sum, vec sum_2, vec sum_3, vec sum_4, int64_t t0, int64_t,
    int64_t, int64_t r, int64_t j) {
  const int64_t B = run.B;
  float* d_l2_h_input = run.d_l2_h_input;
  const float* d_l2_h_final = run.d_l2_h_final;

  const int64_t t = r / B;
  const int64_t length = run.length(0, r - t * B);
  const mask m1 = mask(t < length);
  const mask m2 = mask(t < length - 1);
  const mask m3 = ~m2;
  const mask m4 = m1 & m3;
  const vec upstream0 = vec::load_unaligned(d_l2_h_final + (r - t * B) * 256 + j);
  const vec v1 = xsimd::select(m4, upstream0, vec(0.0f));
  const vec v2 = sum + v1;
  v2.store_unaligned(d_l2_h_input + (r - t0 * B) * 256 + j);
  const mask m5 = mask(t < length);
  const mask m6 = mask(t < length - 1);
  const mask m7 = ~m6;
  const mask m8 = m5 & m7;
  const vec upstream1 = vec::load_unaligned(d_l2_h_final + (r - t * B) * 256 + j + 8);
  const vec v3 = xsimd::select(m8, upstream1, vec(0.0f));
  const vec v4 = sum_2 + v3;
  v4.store_unaligned(d_l2_h_input + (r - t0 * B) * 256 + j + 8);
  const mask m9 = mask(t < length);
  const mask m10 = mask(t < length - 1);
  const mask m11 = ~m10;
  const mask m12 = m9 & m11;
  const vec upstream2 = vec::load_unaligned(d_l2_h_final + (r - t * B) * 256 + j + 16);
  const vec v5 = xsimd::select(m12, upstream2, vec(0.0f));
  const vec v6 = sum_3 + v5;
  v6.store_unaligned(d_l2_h_input + (r - t0 * B) * 256 + j + 16);
  const mask m13 = mask(t < length);
  const mask m14 = mask(t < length - 1);
  const mask m15 = ~m14;
  const mask m16 = m13 & m15;
  const vec upstream3 = vec::load_unaligned(d_l2_h_final + (r - t * B) * 256 + j + 24);
  const vec v7 = xsimd::select(m16, upstream3, vec(0.0f));
  const vec v8 = sum_4 + v7;
  v8.store_unaligned(d_l2_h_input + (r - t0 * B) * 256 + j + 24);
}

// d.l2.h_input = R' @ d.y + impulse(upstream(l2.h.final), last)
void backward_d_l2_h_input(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict d_y = run.d_y;
  const float* __restrict panel_R_transposed = run.panel_R_transposed;

  const int64_t tiles = ((t1 - t0) * B) / 3;
  const int64_t odd = ((t1 - t0) * B - tiles * 3) % 2;
  const int64_t given_up = std::min<int64_t>(odd, tiles);
  const int64_t pairs = ((given_up - tiles) * 3 + (t1 - t0) * B) / 2;
  for (int64_t tile = begin; tile < end; ++tile) {
    for (int64_t r = t0 * B; r < (tiles - given_up) * 3 + t0 * B; r += 3) {
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
      #pragma GCC unroll 5
      for (int64_t k = 0; k < 65; ++k) {
        const vec x0 = vec(d_y[(r - t0 * B) * 72 + k]);
        const vec x1 = vec(d_y[(r - t0 * B + 1) * 72 + k]);
        const vec x2 = vec(d_y[(r - t0 * B + 2) * 72 + k]);
        vec w0 = vec::load_unaligned(panel_R_transposed + (tile * 65 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        v9 = xsimd::fma(w0, x2, v9);
        vec w1 = vec::load_unaligned(panel_R_transposed + (tile * 65 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        v10 = xsimd::fma(w1, x2, v10);
        vec w2 = vec::load_unaligned(panel_R_transposed + (tile * 65 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        v11 = xsimd::fma(w2, x2, v11);
        vec w3 = vec::load_unaligned(panel_R_transposed + (tile * 65 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
        v12 = xsimd::fma(w3, x2, v12);
      }
      backward_d_l2_h_input_epilogue(run, v1, v2, v3, v4, t0, t1, window0, r, tile * 32);
      backward_d_l2_h_input_epilogue(run, v5, v6, v7, v8, t0, t1, window0, r + 1, tile * 32);
      backward_d_l2_h_input_epilogue(run, v9, v10, v11, v12, t0, t1, window0, r + 2, tile * 32);
    }
    for (int64_t r = (tiles - given_up) * 3 + t0 * B; r < (tiles - given_up) * 3 + pairs * 2 + t0 * B; r += 2) {
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      vec v5 = vec(0.0f);
      vec v6 = vec(0.0f);
      vec v7 = vec(0.0f);
      vec v8 = vec(0.0f);
      for (int64_t k = 0; k < 65; ++k) {
        const vec x0 = vec(d_y[(r - t0 * B) * 72 + k]);
        const vec x1 = vec(d_y[(r - t0 * B + 1) * 72 + k]);
        vec w0 = vec::load_unaligned(panel_R_transposed + (tile * 65 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        vec w1 = vec::load_unaligned(panel_R_transposed + (tile * 65 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        vec w2 = vec::load_unaligned(panel_R_transposed + (tile * 65 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        vec w3 = vec::load_unaligned(panel_R_transposed + (tile * 65 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
      }
      backward_d_l2_h_input_epilogue(run, v1, v2, v3, v4, t0, t1, window0, r, tile * 32);
      backward_d_l2_h_input_epilogue(run, v5, v6, v7, v8, t0, t1, window0, r + 1, tile * 32);
    }
  }
  const int64_t share = std::max<int64_t>(0, end - begin);
  const int64_t wide = share / 3;
  for (int64_t tile = 0; tile < wide; ++tile) {
    for (int64_t r = (tiles - given_up) * 3 + pairs * 2 + t0 * B; r < t1 * B; ++r) {
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
      for (int64_t k = 0; k < 65; ++k) {
        const vec x0 = vec(d_y[(r - t0 * B) * 72 + k]);
        const vec w0 = vec::load_unaligned(panel_R_transposed + ((tile * 3 + begin) * 65 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_R_transposed + ((tile * 3 + begin) * 65 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_R_transposed + ((tile * 3 + begin) * 65 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_R_transposed + ((tile * 3 + begin) * 65 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_R_transposed + ((tile * 3 + begin + 1) * 65 + k) * 32);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_R_transposed + ((tile * 3 + begin) * 65 + k) * 32 + 2088);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_R_transposed + ((tile * 3 + begin) * 65 + k) * 32 + 2096);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_R_transposed + ((tile * 3 + begin) * 65 + k) * 32 + 2104);
        v8 = xsimd::fma(w7, x0, v8);
        const vec w8 = vec::load_unaligned(panel_R_transposed + ((tile * 3 + begin + 2) * 65 + k) * 32);
        v9 = xsimd::fma(w8, x0, v9);
        const vec w9 = vec::load_unaligned(panel_R_transposed + ((tile * 3 + begin) * 65 + k) * 32 + 4168);
        v10 = xsimd::fma(w9, x0, v10);
        const vec w10 = vec::load_unaligned(panel_R_transposed + ((tile * 3 + begin) * 65 + k) * 32 + 4176);
        v11 = xsimd::fma(w10, x0, v11);
        const vec w11 = vec::load_unaligned(panel_R_transposed + ((tile * 3 + begin) * 65 + k) * 32 + 4184);
        v12 = xsimd::fma(w11, x0, v12);
      }
      backward_d_l2_h_input_epilogue(run, v1, v2, v3, v4, t0, t1, window0, r, (tile * 3 + begin) * 32);
      backward_d_l2_h_input_epilogue(run, v5, v6, v7, v8, t0, t1, window0, r, (tile * 3 + begin + 1) * 32);
      backward_d_l2_h_input_epilogue(run, v9, v10, v11, v12, t0, t1, window0, r, (tile * 3 + begin + 2) * 32);
    }
  }
  for (int64_t tile = wide * 3 + begin; tile < end; ++tile) {
    for (int64_t r = (tiles - given_up) * 3 + pairs * 2 + t0 * B; r < t1 * B; ++r) {
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      for (int64_t k = 0; k < 65; ++k) {
        const vec x0 = vec(d_y[(r - t0 * B) * 72 + k]);
        const vec w0 = vec::load_unaligned(panel_R_transposed + (tile * 65 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_R_transposed + (tile * 65 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_R_transposed + (tile * 65 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_R_transposed + (tile * 65 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
      }
      backward_d_l2_h_input_epilogue(run, v1, v2, v3, v4, t0, t1, window0, r, tile * 32);
    }
  }
}

// grad.b = sum(d.y over t, b)
void backward_grad_b(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t) {
  const int64_t B = run.B;
  const float* __restrict d_y = run.d_y;
  float* __restrict parameter_gradients = run.parameter_gradients;

  const int64_t full = std::min<int64_t>(end, 2);
  for (int64_t tile = begin; tile < full; ++tile) {
    vec v1 = vec(0.0f);
    vec v2 = vec(0.0f);
    vec v3 = vec(0.0f);
    vec v4 = vec(0.0f);
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec d_y0 = vec::load_unaligned(d_y + (r - t0 * B) * 72 + tile * 32);
      const int64_t t = r / B;
      const int64_t length = run.length(0, r - t * B);
      const mask m1 = mask(t < length);
      const vec v5 = xsimd::select(m1, d_y0, vec(0.0f));
      v1 = v1 + v5;
      const vec d_y1 = vec::load_unaligned(d_y + (r - t0 * B) * 72 + tile * 32 + 8);
      const mask m2 = mask(t < length);
      const vec v6 = xsimd::select(m2, d_y1, vec(0.0f));
      v2 = v2 + v6;
      const vec d_y2 = vec::load_unaligned(d_y + (r - t0 * B) * 72 + tile * 32 + 16);
      const mask m3 = mask(t < length);
      const vec v7 = xsimd::select(m3, d_y2, vec(0.0f));
      v3 = v3 + v7;
      const vec d_y3 = vec::load_unaligned(d_y + (r - t0 * B) * 72 + tile * 32 + 24);
      const mask m4 = mask(t < length);
      const vec v8 = xsimd::select(m4, d_y3, vec(0.0f));
      v4 = v4 + v8;
    }
    const vec v5 = vec::load_unaligned(parameter_gradients + (tile + 1040) * 32);
    const vec v6 = v5 + v1;
    v6.store_unaligned(parameter_gradients + (tile + 1040) * 32);
    const vec v7 = vec::load_unaligned(parameter_gradients + tile * 32 + 33288);
    const vec v8 = v7 + v2;
    v8.store_unaligned(parameter_gradients + tile * 32 + 33288);
    const vec v9 = vec::load_unaligned(parameter_gradients + tile * 32 + 33296);
    const vec v10 = v9 + v3;
    v10.store_unaligned(parameter_gradients + tile * 32 + 33296);
    const vec v11 = vec::load_unaligned(parameter_gradients + tile * 32 + 33304);
    const vec v12 = v11 + v4;
    v12.store_unaligned(parameter_gradients + tile * 32 + 33304);
  }
  const int64_t rest = std::max<int64_t>(begin, 2);
  for (int64_t last = rest; last < end; ++last) {
    vec v1 = vec(0.0f);
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec d_y0 = vec::load_unaligned(d_y + (r - t0 * B) * 72 + 64);
      const int64_t t = r / B;
      const int64_t length = run.length(0, r - t * B);
      const mask m1 = mask(t < length);
      const vec v2 = xsimd::select(m1, d_y0, vec(0.0f));
      v1 = v1 + v2;
    }
    const vec v2 = load_first<1>(parameter_gradients + 33344);
    const vec v3 = v2 + v1;
    store_first<1>(parameter_gradients + 33344, v3);
  }
}

// d.y_panels as [9][block of steps][B][8]
void backward_d_y_panels(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t) {
  const int64_t B = run.B;
  const float* __restrict d_y = run.d_y;
  float* __restrict panels = run.panels;

  const int64_t full = std::min<int64_t>(end, 8);
  for (int64_t panel = begin; panel < full; ++panel) {
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec v1 = vec::load_unaligned(d_y + (r - t0 * B) * 72 + panel * 8);
      v1.store_unaligned(panels + (((t1 - t0) * panel - t0) * B + r) * 8);
    }
  }
  const int64_t rest = std::max<int64_t>(begin, 8);
  for (int64_t last = rest; last < end; ++last) {
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec v1 = vec::load_unaligned(d_y + (r - t0 * B) * 72 + 64);
      v1.store_unaligned(panels + (t1 * 64 - t0 * 72) * B + r * 8);
    }
  }
}

// l2.h_panels as [11][block of steps][B][24]
void backward_l2_h_panels(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict tape_l2_h = run.tape_l2_h;
  float* __restrict panels = run.panels;

  const int64_t full = std::min<int64_t>(end, 10);
  for (int64_t panel = begin; panel < full; ++panel) {
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec v1 = vec::load_unaligned(tape_l2_h + ((-window0 + 1) * B + r) * 256 + panel * 24);
      v1.store_unaligned(panels + (((t1 - t0) * panel - t0 + 3) * B + r) * 24 + 18440);
      const vec v2 = vec::load_unaligned(tape_l2_h + ((-window0 + 1) * B + r) * 256 + panel * 24 + 8);
      v2.store_unaligned(panels + (((t1 - t0) * panel - t0 + 3) * B + r) * 24 + 18448);
      const vec v3 = vec::load_unaligned(tape_l2_h + ((-window0 + 1) * B + r) * 256 + panel * 24 + 16);
      v3.store_unaligned(panels + (((t1 - t0) * panel - t0 + 3) * B + r + 769) * 24);
    }
  }
  const int64_t rest = std::max<int64_t>(begin, 10);
  for (int64_t last = rest; last < end; ++last) {
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec v1 = vec::load_unaligned(tape_l2_h + ((-window0 + 1) * B + r) * 256 + 240);
      v1.store_unaligned(panels + ((t1 * 10 - t0 * 11 + 3) * B + r) * 24 + 18440);
      const vec v2 = vec::load_unaligned(tape_l2_h + ((-window0 + 1) * B + r) * 256 + 248);
      v2.store_unaligned(panels + ((t1 * 10 - t0 * 11 + 3) * B + r) * 24 + 18448);
    }
  }
}

// grad.R = sum(d.y @ l2.h' over t, b)
void backward_grad_R(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t, int64_t left,
    int64_t right, int64_t gradient) {
  const int64_t B = run.B;
  float* __restrict parameter_gradients = run.parameter_gradients;
  const float* __restrict panels = run.panels;

  for (int64_t tile = 0; tile < 10; ++tile) {
    const int64_t full = std::min<int64_t>(end, 8);
    for (int64_t panel = begin; panel < full; ++panel) {
      for (int64_t m = 0; m < 8; m += 4) {
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient + 16);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m + 1) * 256 + tile * 24 + gradient);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient + 272);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m + 2) * 256 + tile * 24 + gradient);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 256 + (tile + 22) * 24 + gradient);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m + 3) * 256 + tile * 24 + gradient);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient + 784);
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
          vec v13 = vec::load_unaligned(panels + (((t1 - t0) * tile - t0) * B + r) * 24 + right); RNNC_KEEP(v13);
          vec v14 = vec::load_unaligned(panels + (((t1 - t0) * tile - t0) * B + r) * 24 + right + 8); RNNC_KEEP(v14);
          vec v15 = vec::load_unaligned(panels + (((t1 - t0) * tile - t0) * B + r) * 24 + right + 16); RNNC_KEEP(v15);
          const vec v16 = vec(panels[(((t1 - t0) * panel - t0) * B + r) * 8 + left + m]);
          v1 = xsimd::fma(v16, v13, v1);
          v2 = xsimd::fma(v16, v14, v2);
          v3 = xsimd::fma(v16, v15, v3);
          const vec v17 = vec(panels[(((t1 - t0) * panel - t0) * B + r) * 8 + left + m + 1]);
          v4 = xsimd::fma(v17, v13, v4);
          v5 = xsimd::fma(v17, v14, v5);
          v6 = xsimd::fma(v17, v15, v6);
          const vec v18 = vec(panels[(((t1 - t0) * panel - t0) * B + r) * 8 + left + m + 2]);
          v7 = xsimd::fma(v18, v13, v7);
          v8 = xsimd::fma(v18, v14, v8);
          v9 = xsimd::fma(v18, v15, v9);
          const vec v19 = vec(panels[(((t1 - t0) * panel - t0) * B + r) * 8 + left + m + 3]);
          v10 = xsimd::fma(v19, v13, v10);
          v11 = xsimd::fma(v19, v14, v11);
          v12 = xsimd::fma(v19, v15, v12);
        }
        const vec v13 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient);
        const vec v14 = v13 + v1;
        v14.store_unaligned(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient);
        const vec v15 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient + 8);
        const vec v16 = v15 + v2;
        v16.store_unaligned(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient + 8);
        const vec v17 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient + 16);
        const vec v18 = v17 + v3;
        v18.store_unaligned(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient + 16);
        const vec v19 = vec::load_unaligned(parameter_gradients + (panel * 8 + m + 1) * 256 + tile * 24 + gradient);
        const vec v20 = v19 + v4;
        v20.store_unaligned(parameter_gradients + (panel * 8 + m + 1) * 256 + tile * 24 + gradient);
        const vec v21 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 256 + (tile + 11) * 24 + gradient);
        const vec v22 = v21 + v5;
        v22.store_unaligned(parameter_gradients + (panel * 8 + m) * 256 + (tile + 11) * 24 + gradient);
        const vec v23 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient + 272);
        const vec v24 = v23 + v6;
        v24.store_unaligned(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient + 272);
        const vec v25 = vec::load_unaligned(parameter_gradients + (panel * 8 + m + 2) * 256 + tile * 24 + gradient);
        const vec v26 = v25 + v7;
        v26.store_unaligned(parameter_gradients + (panel * 8 + m + 2) * 256 + tile * 24 + gradient);
        const vec v27 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient + 520);
        const vec v28 = v27 + v8;
        v28.store_unaligned(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient + 520);
        const vec v29 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 256 + (tile + 22) * 24 + gradient);
        const vec v30 = v29 + v9;
        v30.store_unaligned(parameter_gradients + (panel * 8 + m) * 256 + (tile + 22) * 24 + gradient);
        const vec v31 = vec::load_unaligned(parameter_gradients + (panel * 8 + m + 3) * 256 + tile * 24 + gradient);
        const vec v32 = v31 + v10;
        v32.store_unaligned(parameter_gradients + (panel * 8 + m + 3) * 256 + tile * 24 + gradient);
        const vec v33 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient + 776);
        const vec v34 = v33 + v11;
        v34.store_unaligned(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient + 776);
        const vec v35 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient + 784);
        const vec v36 = v35 + v12;
        v36.store_unaligned(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient + 784);
      }
    }
    const int64_t rest = std::max<int64_t>(begin, 8);
    for (int64_t last = rest; last < end; ++last) {
      RNNC_PREFETCH(parameter_gradients + tile * 24 + gradient + 16384);
      RNNC_PREFETCH(parameter_gradients + tile * 24 + gradient + 16400);
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      for (int64_t r = t0 * B; r < t1 * B; ++r) {
        const vec v4 = vec::load_unaligned(panels + (((t1 - t0) * tile - t0) * B + r) * 24 + right);
        const vec v5 = vec::load_unaligned(panels + (((t1 - t0) * tile - t0) * B + r) * 24 + right + 8);
        const vec v6 = vec::load_unaligned(panels + (((t1 - t0) * tile - t0) * B + r) * 24 + right + 16);
        const vec v7 = vec(panels[(t1 * 64 - t0 * 72) * B + r * 8 + left]);
        v1 = xsimd::fma(v7, v4, v1);
        v2 = xsimd::fma(v7, v5, v2);
        v3 = xsimd::fma(v7, v6, v3);
      }
      const vec v4 = vec::load_unaligned(parameter_gradients + tile * 24 + gradient + 16384);
      const vec v5 = v4 + v1;
      v5.store_unaligned(parameter_gradients + tile * 24 + gradient + 16384);
      const vec v6 = vec::load_unaligned(parameter_gradients + (tile + 683) * 24 + gradient);
      const vec v7 = v6 + v2;
      v7.store_unaligned(parameter_gradients + (tile + 683) * 24 + gradient);
      const vec v8 = vec::load_unaligned(parameter_gradients + tile * 24 + gradient + 16400);
      const vec v9 = v8 + v3;
      v9.store_unaligned(parameter_gradients + tile * 24 + gradient + 16400);
    }
  }
  const int64_t full = std::min<int64_t>(end, 8);
  for (int64_t panel = begin; panel < full; ++panel) {
    for (int64_t m = 0; m < 8; m += 4) {
      RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 256 + gradient + 240);
      RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 256 + gradient + 496);
      RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 256 + gradient + 752);
      RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 256 + gradient + 1008);
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      vec v5 = vec(0.0f);
      vec v6 = vec(0.0f);
      vec v7 = vec(0.0f);
      vec v8 = vec(0.0f);
      for (int64_t r = t0 * B; r < t1 * B; ++r) {
        vec v9 = vec::load_unaligned(panels + ((t1 * 10 - t0 * 11) * B + r) * 24 + right); RNNC_KEEP(v9);
        vec v10 = vec::load_unaligned(panels + ((t1 * 10 - t0 * 11) * B + r) * 24 + right + 8); RNNC_KEEP(v10);
        const vec v11 = vec(panels[(((t1 - t0) * panel - t0) * B + r) * 8 + left + m]);
        v1 = xsimd::fma(v11, v9, v1);
        v2 = xsimd::fma(v11, v10, v2);
        const vec v12 = vec(panels[(((t1 - t0) * panel - t0) * B + r) * 8 + left + m + 1]);
        v3 = xsimd::fma(v12, v9, v3);
        v4 = xsimd::fma(v12, v10, v4);
        const vec v13 = vec(panels[(((t1 - t0) * panel - t0) * B + r) * 8 + left + m + 2]);
        v5 = xsimd::fma(v13, v9, v5);
        v6 = xsimd::fma(v13, v10, v6);
        const vec v14 = vec(panels[(((t1 - t0) * panel - t0) * B + r) * 8 + left + m + 3]);
        v7 = xsimd::fma(v14, v9, v7);
        v8 = xsimd::fma(v14, v10, v8);
      }
      const vec v9 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 256 + gradient + 240);
      const vec v10 = v9 + v1;
      v10.store_unaligned(parameter_gradients + (panel * 8 + m) * 256 + gradient + 240);
      const vec v11 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 256 + gradient + 248);
      const vec v12 = v11 + v2;
      v12.store_unaligned(parameter_gradients + (panel * 8 + m) * 256 + gradient + 248);
      const vec v13 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 256 + gradient + 496);
      const vec v14 = v13 + v3;
      v14.store_unaligned(parameter_gradients + (panel * 8 + m) * 256 + gradient + 496);
      const vec v15 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 256 + gradient + 504);
      const vec v16 = v15 + v4;
      v16.store_unaligned(parameter_gradients + (panel * 8 + m) * 256 + gradient + 504);
      const vec v17 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 256 + gradient + 752);
      const vec v18 = v17 + v5;
      v18.store_unaligned(parameter_gradients + (panel * 8 + m) * 256 + gradient + 752);
      const vec v19 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 256 + gradient + 760);
      const vec v20 = v19 + v6;
      v20.store_unaligned(parameter_gradients + (panel * 8 + m) * 256 + gradient + 760);
      const vec v21 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 256 + gradient + 1008);
      const vec v22 = v21 + v7;
      v22.store_unaligned(parameter_gradients + (panel * 8 + m) * 256 + gradient + 1008);
      const vec v23 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 256 + gradient + 1016);
      const vec v24 = v23 + v8;
      v24.store_unaligned(parameter_gradients + (panel * 8 + m) * 256 + gradient + 1016);
    }
  }
  const int64_t rest = std::max<int64_t>(begin, 8);
  for (int64_t last = rest; last < end; ++last) {
    RNNC_PREFETCH(parameter_gradients + gradient + 16624);
    vec v1 = vec(0.0f);
    vec v2 = vec(0.0f);
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec v3 = vec::load_unaligned(panels + ((t1 * 10 - t0 * 11) * B + r) * 24 + right);
      const vec v4 = vec::load_unaligned(panels + ((t1 * 10 - t0 * 11) * B + r) * 24 + right + 8);
      const vec v5 = vec(panels[(t1 * 64 - t0 * 72) * B + r * 8 + left]);
      v1 = xsimd::fma(v5, v3, v1);
      v2 = xsimd::fma(v5, v4, v2);
    }
    const vec v3 = vec::load_unaligned(parameter_gradients + gradient + 16624);
    const vec v4 = v3 + v1;
    v4.store_unaligned(parameter_gradients + gradient + 16624);
    const vec v5 = vec::load_unaligned(parameter_gradients + gradient + 16632);
    const vec v6 = v5 + v2;
    v6.store_unaligned(parameter_gradients + gradient + 16632);
  }
}

void pack_panel_l2_U_i_transposed(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict param_l2_U_i = run.param_l2_U_i;
  float* __restrict panel_l2_U_i_transposed = run.panel_l2_U_i_transposed;

  for (int64_t block = begin; block < end; ++block) {
    const int64_t unit = block % 4;
    for (int64_t k = 0; k < 256; ++k) {
      const vec v1 = vec::load_unaligned(param_l2_U_i + k * 256 + block * 8);
      v1.store_unaligned(panel_l2_U_i_transposed + (block * 64 + k) * 32 - unit * 2040);
    }
  }
}

void pack_panel_l2_U_f_transposed(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict param_l2_U_f = run.param_l2_U_f;
  float* __restrict panel_l2_U_f_transposed = run.panel_l2_U_f_transposed;

  for (int64_t block = begin; block < end; ++block) {
    const int64_t unit = block % 4;
    for (int64_t k = 0; k < 256; ++k) {
      const vec v1 = vec::load_unaligned(param_l2_U_f + k * 256 + block * 8);
      v1.store_unaligned(panel_l2_U_f_transposed + (block * 64 + k) * 32 - unit * 2040);
    }
  }
}

void pack_panel_l2_U_o_transposed(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict param_l2_U_o = run.param_l2_U_o;
  float* __restrict panel_l2_U_o_transposed = run.panel_l2_U_o_transposed;

  for (int64_t block = begin; block < end; ++block) {
    const int64_t unit = block % 4;
    for (int64_t k = 0; k < 256; ++k) {
      const vec v1 = vec::load_unaligned(param_l2_U_o + k * 256 + block * 8);
      v1.store_unaligned(panel_l2_U_o_transposed + (block * 64 + k) * 32 - unit * 2040);
    }
  }
}

void pack_panel_l2_U_g_transposed(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict param_l2_U_g = run.param_l2_U_g;
  float* __restrict panel_l2_U_g_transposed = run.panel_l2_U_g_transposed;

  for (int64_t block = begin; block < end; ++block) {
    const int64_t unit = block % 4;
    for (int64_t k = 0; k < 256; ++k) {
      const vec v1 = vec::load_unaligned(param_l2_U_g + k * 256 + block * 8);
      v1.store_unaligned(panel_l2_U_g_transposed + (block * 64 + k) * 32 - unit * 2040);
    }
  }
}

// d.l2.c = d.l2.h * l2.o * (1 - tanh(l2.c)^2) + d.l2.c[t+1] * l2.f[t+1] + impulse(upstream(l2.c.final), last)    (lstm.rnn:8)
// d.l2.i.pre = d.l2.i * l2.i * (1 - l2.i)    (lstm.rnn:14)
// d.l2.f.pre = d.l2.f * l2.f * (1 - l2.f)    (lstm.rnn:15)
// d.l2.o.pre = d.l2.o * l2.o * (1 - l2.o)    (lstm.rnn:16)
// d.l2.g.pre = d.l2.g * (1 - l2.g^2)    (lstm.rnn:17)
void backward_d_l2_c_d_l2_i_pre_d_l2_f_pre_d_l2_o_pre_epilogue(const Run& run, vec d_l2_h_sum, vec d_l2_h_sum_2,
    vec d_l2_h_sum_3, vec d_l2_h_sum_4, int64_t t0, int64_t t, int64_t window0, int64_t b, int64_t j) {
  const int64_t B = run.B;
  const float* tape_l2_i = run.tape_l2_i;
  const float* tape_l2_f = run.tape_l2_f;
  const float* tape_l2_o = run.tape_l2_o;
  const float* tape_l2_g = run.tape_l2_g;
  const float* tape_l2_c = run.tape_l2_c;
  const float* tape_tanh_l2_c = run.tape_tanh_l2_c;
  const float* d_l2_h_input = run.d_l2_h_input;
  float* d_l2_c = run.d_l2_c;
  float* d_l2_i_pre = run.d_l2_i_pre;
  float* d_l2_f_pre = run.d_l2_f_pre;
  float* d_l2_o_pre = run.d_l2_o_pre;
  float* d_l2_g_pre = run.d_l2_g_pre;
  const float* d_l2_c_final = run.d_l2_c_final;

  const vec d_l2_h_input0 = vec::load_unaligned(d_l2_h_input + ((t - t0) * B + b) * 256 + j);
  const vec d_l2_h0 = d_l2_h_input0 + d_l2_h_sum;
  const vec l2_o0 = vec::load_unaligned(tape_l2_o + ((t - window0) * B + b) * 256 + j);
  const vec v1 = d_l2_h0 * l2_o0;
  const vec tanh_l2_c0 = vec::load_unaligned(tape_tanh_l2_c + ((t - window0) * B + b) * 256 + j);
  const vec v2 = tanh_l2_c0 * tanh_l2_c0;
  const vec v3 = vec(1.0f) - v2;
  const vec v4 = v1 * v3;
  const vec d_l2_c_after0 = vec::load_unaligned(d_l2_c + ((t - window0 + 1) * B + b) * 256 + j);
  const vec l2_f_after0 = vec::load_unaligned(tape_l2_f + ((t - window0 + 1) * B + b) * 256 + j);
  const vec v5 = d_l2_c_after0 * l2_f_after0;
  const vec v6 = v4 + v5;
  const int64_t length = run.length(0, b);
  const mask m1 = mask(t < length);
  const mask m2 = mask(t < length - 1);
  const mask m3 = ~m2;
  const mask m4 = m1 & m3;
  const vec upstream0 = vec::load_unaligned(d_l2_c_final + b * 256 + j);
  const vec v7 = xsimd::select(m4, upstream0, vec(0.0f));
  const vec d_l2_c0 = v6 + v7;
  const mask m5 = mask(t < length);
  const vec v8 = xsimd::select(m5, d_l2_c0, vec(0.0f));
  v8.store_unaligned(d_l2_c + ((t - window0) * B + b) * 256 + j);
  const vec d_l2_h_input1 = vec::load_unaligned(d_l2_h_input + ((t - t0) * B + b) * 256 + j + 8);
  const vec d_l2_h1 = d_l2_h_input1 + d_l2_h_sum_2;
  const vec l2_o1 = vec::load_unaligned(tape_l2_o + ((t - window0) * B + b) * 256 + j + 8);
  const vec v9 = d_l2_h1 * l2_o1;
  const vec tanh_l2_c1 = vec::load_unaligned(tape_tanh_l2_c + ((t - window0) * B + b) * 256 + j + 8);
  const vec v10 = tanh_l2_c1 * tanh_l2_c1;
  const vec v11 = vec(1.0f) - v10;
  const vec v12 = v9 * v11;
  const vec d_l2_c_after1 = vec::load_unaligned(d_l2_c + ((t - window0 + 1) * B + b) * 256 + j + 8);
  const vec l2_f_after1 = vec::load_unaligned(tape_l2_f + ((t - window0 + 1) * B + b) * 256 + j + 8);
  const vec v13 = d_l2_c_after1 * l2_f_after1;
  const vec v14 = v12 + v13;
  const mask m6 = mask(t < length);
  const mask m7 = mask(t < length - 1);
  const mask m8 = ~m7;
  const mask m9 = m6 & m8;
  const vec upstream1 = vec::load_unaligned(d_l2_c_final + b * 256 + j + 8);
  const vec v15 = xsimd::select(m9, upstream1, vec(0.0f));
  const vec d_l2_c1 = v14 + v15;
  const mask m10 = mask(t < length);
  const vec v16 = xsimd::select(m10, d_l2_c1, vec(0.0f));
  v16.store_unaligned(d_l2_c + ((t - window0) * B + b) * 256 + j + 8);
  const vec d_l2_h_input2 = vec::load_unaligned(d_l2_h_input + ((t - t0) * B + b) * 256 + j + 16);
  const vec d_l2_h2 = d_l2_h_input2 + d_l2_h_sum_3;
  const vec l2_o2 = vec::load_unaligned(tape_l2_o + ((t - window0) * B + b) * 256 + j + 16);
  const vec v17 = d_l2_h2 * l2_o2;
  const vec tanh_l2_c2 = vec::load_unaligned(tape_tanh_l2_c + ((t - window0) * B + b) * 256 + j + 16);
  const vec v18 = tanh_l2_c2 * tanh_l2_c2;
  const vec v19 = vec(1.0f) - v18;
  const vec v20 = v17 * v19;
  const vec d_l2_c_after2 = vec::load_unaligned(d_l2_c + ((t - window0 + 1) * B + b) * 256 + j + 16);
  const vec l2_f_after2 = vec::load_unaligned(tape_l2_f + ((t - window0 + 1) * B + b) * 256 + j + 16);
  const vec v21 = d_l2_c_after2 * l2_f_after2;
  const vec v22 = v20 + v21;
  const mask m11 = mask(t < length);
  const mask m12 = mask(t < length - 1);
  const mask m13 = ~m12;
  const mask m14 = m11 & m13;
  const vec upstream2 = vec::load_unaligned(d_l2_c_final + b * 256 + j + 16);
  const vec v23 = xsimd::select(m14, upstream2, vec(0.0f));
  const vec d_l2_c2 = v22 + v23;
  const mask m15 = mask(t < length);
  const vec v24 = xsimd::select(m15, d_l2_c2, vec(0.0f));
  v24.store_unaligned(d_l2_c + ((t - window0) * B + b) * 256 + j + 16);
  const vec d_l2_h_input3 = vec::load_unaligned(d_l2_h_input + ((t - t0) * B + b) * 256 + j + 24);
  const vec d_l2_h3 = d_l2_h_input3 + d_l2_h_sum_4;
  const vec l2_o3 = vec::load_unaligned(tape_l2_o + ((t - window0) * B + b) * 256 + j + 24);
  const vec v25 = d_l2_h3 * l2_o3;
  const vec tanh_l2_c3 = vec::load_unaligned(tape_tanh_l2_c + ((t - window0) * B + b) * 256 + j + 24);
  const vec v26 = tanh_l2_c3 * tanh_l2_c3;
  const vec v27 = vec(1.0f) - v26;
  const vec v28 = v25 * v27;
  const vec d_l2_c_after3 = vec::load_unaligned(d_l2_c + ((t - window0 + 1) * B + b) * 256 + j + 24);
  const vec l2_f_after3 = vec::load_unaligned(tape_l2_f + ((t - window0 + 1) * B + b) * 256 + j + 24);
  const vec v29 = d_l2_c_after3 * l2_f_after3;
  const vec v30 = v28 + v29;
  const mask m16 = mask(t < length);
  const mask m17 = mask(t < length - 1);
  const mask m18 = ~m17;
  const mask m19 = m16 & m18;
  const vec upstream3 = vec::load_unaligned(d_l2_c_final + b * 256 + j + 24);
  const vec v31 = xsimd::select(m19, upstream3, vec(0.0f));
  const vec d_l2_c3 = v30 + v31;
  const mask m20 = mask(t < length);
  const vec v32 = xsimd::select(m20, d_l2_c3, vec(0.0f));
  v32.store_unaligned(d_l2_c + ((t - window0) * B + b) * 256 + j + 24);
  const vec l2_g0 = vec::load_unaligned(tape_l2_g + ((t - window0) * B + b) * 256 + j);
  const vec d_l2_i0 = d_l2_c0 * l2_g0;
  const vec l2_i0 = vec::load_unaligned(tape_l2_i + ((t - window0) * B + b) * 256 + j);
  const vec v33 = d_l2_i0 * l2_i0;
  const vec v34 = vec(1.0f) - l2_i0;
  const vec d_l2_i_pre0 = v33 * v34;
  const mask m21 = mask(t < length);
  const vec v35 = xsimd::select(m21, d_l2_i_pre0, vec(0.0f));
  v35.store_unaligned(d_l2_i_pre + ((t - window0) * B + b) * 256 + j);
  const vec l2_g1 = vec::load_unaligned(tape_l2_g + ((t - window0) * B + b) * 256 + j + 8);
  const vec d_l2_i1 = d_l2_c1 * l2_g1;
  const vec l2_i1 = vec::load_unaligned(tape_l2_i + ((t - window0) * B + b) * 256 + j + 8);
  const vec v36 = d_l2_i1 * l2_i1;
  const vec v37 = vec(1.0f) - l2_i1;
  const vec d_l2_i_pre1 = v36 * v37;
  const mask m22 = mask(t < length);
  const vec v38 = xsimd::select(m22, d_l2_i_pre1, vec(0.0f));
  v38.store_unaligned(d_l2_i_pre + ((t - window0) * B + b) * 256 + j + 8);
  const vec l2_g2 = vec::load_unaligned(tape_l2_g + ((t - window0) * B + b) * 256 + j + 16);
  const vec d_l2_i2 = d_l2_c2 * l2_g2;
  const vec l2_i2 = vec::load_unaligned(tape_l2_i + ((t - window0) * B + b) * 256 + j + 16);
  const vec v39 = d_l2_i2 * l2_i2;
  const vec v40 = vec(1.0f) - l2_i2;
  const vec d_l2_i_pre2 = v39 * v40;
  const mask m23 = mask(t < length);
  const vec v41 = xsimd::select(m23, d_l2_i_pre2, vec(0.0f));
  v41.store_unaligned(d_l2_i_pre + ((t - window0) * B + b) * 256 + j + 16);
  const vec l2_g3 = vec::load_unaligned(tape_l2_g + ((t - window0) * B + b) * 256 + j + 24);
  const vec d_l2_i3 = d_l2_c3 * l2_g3;
  const vec l2_i3 = vec::load_unaligned(tape_l2_i + ((t - window0) * B + b) * 256 + j + 24);
  const vec v42 = d_l2_i3 * l2_i3;
  const vec v43 = vec(1.0f) - l2_i3;
  const vec d_l2_i_pre3 = v42 * v43;
  const mask m24 = mask(t < length);
  const vec v44 = xsimd::select(m24, d_l2_i_pre3, vec(0.0f));
  v44.store_unaligned(d_l2_i_pre + ((t - window0) * B + b) * 256 + j + 24);
  const vec l2_c_before0 = vec::load_unaligned(tape_l2_c + ((t - window0) * B + b) * 256 + j);
  const vec d_l2_f0 = d_l2_c0 * l2_c_before0;
  const vec l2_f0 = vec::load_unaligned(tape_l2_f + ((t - window0) * B + b) * 256 + j);
  const vec v45 = d_l2_f0 * l2_f0;
  const vec v46 = vec(1.0f) - l2_f0;
  const vec d_l2_f_pre0 = v45 * v46;
  const mask m25 = mask(t < length);
  const vec v47 = xsimd::select(m25, d_l2_f_pre0, vec(0.0f));
  v47.store_unaligned(d_l2_f_pre + ((t - window0) * B + b) * 256 + j);
  const vec l2_c_before1 = vec::load_unaligned(tape_l2_c + ((t - window0) * B + b) * 256 + j + 8);
  const vec d_l2_f1 = d_l2_c1 * l2_c_before1;
  const vec l2_f1 = vec::load_unaligned(tape_l2_f + ((t - window0) * B + b) * 256 + j + 8);
  const vec v48 = d_l2_f1 * l2_f1;
  const vec v49 = vec(1.0f) - l2_f1;
  const vec d_l2_f_pre1 = v48 * v49;
  const mask m26 = mask(t < length);
  const vec v50 = xsimd::select(m26, d_l2_f_pre1, vec(0.0f));
  v50.store_unaligned(d_l2_f_pre + ((t - window0) * B + b) * 256 + j + 8);
  const vec l2_c_before2 = vec::load_unaligned(tape_l2_c + ((t - window0) * B + b) * 256 + j + 16);
  const vec d_l2_f2 = d_l2_c2 * l2_c_before2;
  const vec l2_f2 = vec::load_unaligned(tape_l2_f + ((t - window0) * B + b) * 256 + j + 16);
  const vec v51 = d_l2_f2 * l2_f2;
  const vec v52 = vec(1.0f) - l2_f2;
  const vec d_l2_f_pre2 = v51 * v52;
  const mask m27 = mask(t < length);
  const vec v53 = xsimd::select(m27, d_l2_f_pre2, vec(0.0f));
  v53.store_unaligned(d_l2_f_pre + ((t - window0) * B + b) * 256 + j + 16);
  const vec l2_c_before3 = vec::load_unaligned(tape_l2_c + ((t - window0) * B + b) * 256 + j + 24);
  const vec d_l2_f3 = d_l2_c3 * l2_c_before3;
  const vec l2_f3 = vec::load_unaligned(tape_l2_f + ((t - window0) * B + b) * 256 + j + 24);
  const vec v54 = d_l2_f3 * l2_f3;
  const vec v55 = vec(1.0f) - l2_f3;
  const vec d_l2_f_pre3 = v54 * v55;
  const mask m28 = mask(t < length);
  const vec v56 = xsimd::select(m28, d_l2_f_pre3, vec(0.0f));
  v56.store_unaligned(d_l2_f_pre + ((t - window0) * B + b) * 256 + j + 24);
  const vec d_l2_o0 = d_l2_h0 * tanh_l2_c0;
  const vec v57 = d_l2_o0 * l2_o0;
  const vec v58 = vec(1.0f) - l2_o0;
  const vec d_l2_o_pre0 = v57 * v58;
  const mask m29 = mask(t < length);
  const vec v59 = xsimd::select(m29, d_l2_o_pre0, vec(0.0f));
  v59.store_unaligned(d_l2_o_pre + ((t - window0) * B + b) * 256 + j);
  const vec d_l2_o1 = d_l2_h1 * tanh_l2_c1;
  const vec v60 = d_l2_o1 * l2_o1;
  const vec v61 = vec(1.0f) - l2_o1;
  const vec d_l2_o_pre1 = v60 * v61;
  const mask m30 = mask(t < length);
  const vec v62 = xsimd::select(m30, d_l2_o_pre1, vec(0.0f));
  v62.store_unaligned(d_l2_o_pre + ((t - window0) * B + b) * 256 + j + 8);
  const vec d_l2_o2 = d_l2_h2 * tanh_l2_c2;
  const vec v63 = d_l2_o2 * l2_o2;
  const vec v64 = vec(1.0f) - l2_o2;
  const vec d_l2_o_pre2 = v63 * v64;
  const mask m31 = mask(t < length);
  const vec v65 = xsimd::select(m31, d_l2_o_pre2, vec(0.0f));
  v65.store_unaligned(d_l2_o_pre + ((t - window0) * B + b) * 256 + j + 16);
  const vec d_l2_o3 = d_l2_h3 * tanh_l2_c3;
  const vec v66 = d_l2_o3 * l2_o3;
  const vec v67 = vec(1.0f) - l2_o3;
  const vec d_l2_o_pre3 = v66 * v67;
  const mask m32 = mask(t < length);
  const vec v68 = xsimd::select(m32, d_l2_o_pre3, vec(0.0f));
  v68.store_unaligned(d_l2_o_pre + ((t - window0) * B + b) * 256 + j + 24);
  const vec d_l2_g0 = d_l2_c0 * l2_i0;
  const vec v69 = l2_g0 * l2_g0;
  const vec v70 = vec(1.0f) - v69;
  const vec d_l2_g_pre0 = d_l2_g0 * v70;
  const mask m33 = mask(t < length);
  const vec v71 = xsimd::select(m33, d_l2_g_pre0, vec(0.0f));
  v71.store_unaligned(d_l2_g_pre + ((t - window0) * B + b) * 256 + j);
  const vec d_l2_g1 = d_l2_c1 * l2_i1;
  const vec v72 = l2_g1 * l2_g1;
  const vec v73 = vec(1.0f) - v72;
  const vec d_l2_g_pre1 = d_l2_g1 * v73;
  const mask m34 = mask(t < length);
  const vec v74 = xsimd::select(m34, d_l2_g_pre1, vec(0.0f));
  v74.store_unaligned(d_l2_g_pre + ((t - window0) * B + b) * 256 + j + 8);
  const vec d_l2_g2 = d_l2_c2 * l2_i2;
  const vec v75 = l2_g2 * l2_g2;
  const vec v76 = vec(1.0f) - v75;
  const vec d_l2_g_pre2 = d_l2_g2 * v76;
  const mask m35 = mask(t < length);
  const vec v77 = xsimd::select(m35, d_l2_g_pre2, vec(0.0f));
  v77.store_unaligned(d_l2_g_pre + ((t - window0) * B + b) * 256 + j + 16);
  const vec d_l2_g3 = d_l2_c3 * l2_i3;
  const vec v78 = l2_g3 * l2_g3;
  const vec v79 = vec(1.0f) - v78;
  const vec d_l2_g_pre3 = d_l2_g3 * v79;
  const mask m36 = mask(t < length);
  const vec v80 = xsimd::select(m36, d_l2_g_pre3, vec(0.0f));
  v80.store_unaligned(d_l2_g_pre + ((t - window0) * B + b) * 256 + j + 24);
}

void backward_d_l2_c_d_l2_i_pre_d_l2_f_pre_d_l2_o_pre_prefetch(const Run& run, int64_t, int64_t t, int64_t window0,
    int64_t b, int64_t j) {
  const int64_t B = run.B;
  const float* tape_l2_i = run.tape_l2_i;
  const float* tape_l2_f = run.tape_l2_f;
  const float* tape_l2_o = run.tape_l2_o;
  const float* tape_l2_g = run.tape_l2_g;
  const float* tape_l2_c = run.tape_l2_c;
  const float* tape_tanh_l2_c = run.tape_tanh_l2_c;
  const float* d_l2_c = run.d_l2_c;
  const float* d_l2_i_pre = run.d_l2_i_pre;
  const float* d_l2_f_pre = run.d_l2_f_pre;
  const float* d_l2_o_pre = run.d_l2_o_pre;
  const float* d_l2_g_pre = run.d_l2_g_pre;

  RNNC_PREFETCH(tape_l2_o + ((t - window0) * B + b) * 256 + j);
  RNNC_PREFETCH(tape_l2_o + ((t - window0) * B + b) * 256 + j + 16);
  RNNC_PREFETCH(tape_tanh_l2_c + ((t - window0) * B + b) * 256 + j);
  RNNC_PREFETCH(tape_tanh_l2_c + ((t - window0) * B + b) * 256 + j + 16);
  RNNC_PREFETCH(d_l2_c + ((t - window0 + 1) * B + b) * 256 + j);
  RNNC_PREFETCH(d_l2_c + ((t - window0 + 1) * B + b) * 256 + j + 16);
  RNNC_PREFETCH(tape_l2_f + ((t - window0 + 1) * B + b) * 256 + j);
  RNNC_PREFETCH(tape_l2_f + ((t - window0 + 1) * B + b) * 256 + j + 16);
  RNNC_PREFETCH(d_l2_c + ((t - window0) * B + b) * 256 + j);
  RNNC_PREFETCH(d_l2_c + ((t - window0) * B + b) * 256 + j + 16);
  RNNC_PREFETCH(tape_l2_g + ((t - window0) * B + b) * 256 + j);
  RNNC_PREFETCH(tape_l2_g + ((t - window0) * B + b) * 256 + j + 16);
  RNNC_PREFETCH(tape_l2_i + ((t - window0) * B + b) * 256 + j);
  RNNC_PREFETCH(tape_l2_i + ((t - window0) * B + b) * 256 + j + 16);
  RNNC_PREFETCH(d_l2_i_pre + ((t - window0) * B + b) * 256 + j);
  RNNC_PREFETCH(d_l2_i_pre + ((t - window0) * B + b) * 256 + j + 16);
  RNNC_PREFETCH(tape_l2_c + ((t - window0) * B + b) * 256 + j);
  RNNC_PREFETCH(tape_l2_c + ((t - window0) * B + b) * 256 + j + 16);
  RNNC_PREFETCH(tape_l2_f + ((t - window0) * B + b) * 256 + j);
  RNNC_PREFETCH(tape_l2_f + ((t - window0) * B + b) * 256 + j + 16);
  RNNC_PREFETCH(d_l2_f_pre + ((t - window0) * B + b) * 256 + j);
  RNNC_PREFETCH(d_l2_f_pre + ((t - window0) * B + b) * 256 + j + 16);
  RNNC_PREFETCH(d_l2_o_pre + ((t - window0) * B + b) * 256 + j);
  RNNC_PREFETCH(d_l2_o_pre + ((t - window0) * B + b) * 256 + j + 16);
  RNNC_PREFETCH(d_l2_g_pre + ((t - window0) * B + b) * 256 + j);
  RNNC_PREFETCH(d_l2_g_pre + ((t - window0) * B + b) * 256 + j + 16);
}

// d.l2.c = d.l2.h * l2.o * (1 - tanh(l2.c)^2) + d.l2.c[t+1] * l2.f[t+1] + impulse(upstream(l2.c.final), last)    (lstm.rnn:8)
// d.l2.i.pre = d.l2.i * l2.i * (1 - l2.i)    (lstm.rnn:14)
// d.l2.f.pre = d.l2.f * l2.f * (1 - l2.f)    (lstm.rnn:15)
// d.l2.o.pre = d.l2.o * l2.o * (1 - l2.o)    (lstm.rnn:16)
// d.l2.g.pre = d.l2.g * (1 - l2.g^2)    (lstm.rnn:17)
void backward_d_l2_c_d_l2_i_pre_d_l2_f_pre_d_l2_o_pre(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t,
    int64_t window0) {
  const int64_t B = run.B;
  const float* d_l2_i_pre = run.d_l2_i_pre;
  const float* d_l2_f_pre = run.d_l2_f_pre;
  const float* d_l2_o_pre = run.d_l2_o_pre;
  const float* d_l2_g_pre = run.d_l2_g_pre;
  const float* __restrict panel_l2_U_i_transposed = run.panel_l2_U_i_transposed;
  const float* __restrict panel_l2_U_f_transposed = run.panel_l2_U_f_transposed;
  const float* __restrict panel_l2_U_o_transposed = run.panel_l2_U_o_transposed;
  const float* __restrict panel_l2_U_g_transposed = run.panel_l2_U_g_transposed;

  const int64_t tiles = B / 3;
  const int64_t odd = (B - tiles * 3) % 2;
  const int64_t given_up = std::min<int64_t>(odd, tiles);
  const int64_t pairs = ((given_up - tiles) * 3 + B) / 2;
  for (int64_t tile = begin; tile < end; ++tile) {
    for (int64_t b = 0; b < (tiles - given_up) * 3; b += 3) {
      backward_d_l2_c_d_l2_i_pre_d_l2_f_pre_d_l2_o_pre_prefetch(run, t0, t, window0, b, tile * 32);
      backward_d_l2_c_d_l2_i_pre_d_l2_f_pre_d_l2_o_pre_prefetch(run, t0, t, window0, b + 1, tile * 32);
      backward_d_l2_c_d_l2_i_pre_d_l2_f_pre_d_l2_o_pre_prefetch(run, t0, t, window0, b + 2, tile * 32);
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
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l2_i_pre[((t - window0 + 1) * B + b) * 256 + k]);
        const vec x1 = vec(d_l2_i_pre[((t - window0 + 1) * B + b + 1) * 256 + k]);
        const vec x2 = vec(d_l2_i_pre[((t - window0 + 1) * B + b + 2) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l2_U_i_transposed + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        v9 = xsimd::fma(w0, x2, v9);
        vec w1 = vec::load_unaligned(panel_l2_U_i_transposed + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        v10 = xsimd::fma(w1, x2, v10);
        vec w2 = vec::load_unaligned(panel_l2_U_i_transposed + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        v11 = xsimd::fma(w2, x2, v11);
        vec w3 = vec::load_unaligned(panel_l2_U_i_transposed + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
        v12 = xsimd::fma(w3, x2, v12);
      }
      #pragma GCC unroll 4
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l2_f_pre[((t - window0 + 1) * B + b) * 256 + k]);
        const vec x1 = vec(d_l2_f_pre[((t - window0 + 1) * B + b + 1) * 256 + k]);
        const vec x2 = vec(d_l2_f_pre[((t - window0 + 1) * B + b + 2) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l2_U_f_transposed + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        v9 = xsimd::fma(w0, x2, v9);
        vec w1 = vec::load_unaligned(panel_l2_U_f_transposed + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        v10 = xsimd::fma(w1, x2, v10);
        vec w2 = vec::load_unaligned(panel_l2_U_f_transposed + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        v11 = xsimd::fma(w2, x2, v11);
        vec w3 = vec::load_unaligned(panel_l2_U_f_transposed + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
        v12 = xsimd::fma(w3, x2, v12);
      }
      #pragma GCC unroll 4
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l2_o_pre[((t - window0 + 1) * B + b) * 256 + k]);
        const vec x1 = vec(d_l2_o_pre[((t - window0 + 1) * B + b + 1) * 256 + k]);
        const vec x2 = vec(d_l2_o_pre[((t - window0 + 1) * B + b + 2) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l2_U_o_transposed + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        v9 = xsimd::fma(w0, x2, v9);
        vec w1 = vec::load_unaligned(panel_l2_U_o_transposed + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        v10 = xsimd::fma(w1, x2, v10);
        vec w2 = vec::load_unaligned(panel_l2_U_o_transposed + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        v11 = xsimd::fma(w2, x2, v11);
        vec w3 = vec::load_unaligned(panel_l2_U_o_transposed + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
        v12 = xsimd::fma(w3, x2, v12);
      }
      #pragma GCC unroll 4
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l2_g_pre[((t - window0 + 1) * B + b) * 256 + k]);
        const vec x1 = vec(d_l2_g_pre[((t - window0 + 1) * B + b + 1) * 256 + k]);
        const vec x2 = vec(d_l2_g_pre[((t - window0 + 1) * B + b + 2) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l2_U_g_transposed + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        v9 = xsimd::fma(w0, x2, v9);
        vec w1 = vec::load_unaligned(panel_l2_U_g_transposed + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        v10 = xsimd::fma(w1, x2, v10);
        vec w2 = vec::load_unaligned(panel_l2_U_g_transposed + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        v11 = xsimd::fma(w2, x2, v11);
        vec w3 = vec::load_unaligned(panel_l2_U_g_transposed + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
        v12 = xsimd::fma(w3, x2, v12);
      }
      backward_d_l2_c_d_l2_i_pre_d_l2_f_pre_d_l2_o_pre_epilogue(run, v1, v2, v3, v4, t0, t, window0, b, tile * 32);
      backward_d_l2_c_d_l2_i_pre_d_l2_f_pre_d_l2_o_pre_epilogue(run, v5, v6, v7, v8, t0, t, window0, b + 1, tile * 32);
      backward_d_l2_c_d_l2_i_pre_d_l2_f_pre_d_l2_o_pre_epilogue(run, v9, v10, v11, v12, t0, t, window0, b + 2,
          tile * 32);
    }
    for (int64_t b = (tiles - given_up) * 3; b < (tiles - given_up) * 3 + pairs * 2; b += 2) {
      backward_d_l2_c_d_l2_i_pre_d_l2_f_pre_d_l2_o_pre_prefetch(run, t0, t, window0, b, tile * 32);
      backward_d_l2_c_d_l2_i_pre_d_l2_f_pre_d_l2_o_pre_prefetch(run, t0, t, window0, b + 1, tile * 32);
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      vec v5 = vec(0.0f);
      vec v6 = vec(0.0f);
      vec v7 = vec(0.0f);
      vec v8 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l2_i_pre[((t - window0 + 1) * B + b) * 256 + k]);
        const vec x1 = vec(d_l2_i_pre[((t - window0 + 1) * B + b + 1) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l2_U_i_transposed + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        vec w1 = vec::load_unaligned(panel_l2_U_i_transposed + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        vec w2 = vec::load_unaligned(panel_l2_U_i_transposed + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        vec w3 = vec::load_unaligned(panel_l2_U_i_transposed + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l2_f_pre[((t - window0 + 1) * B + b) * 256 + k]);
        const vec x1 = vec(d_l2_f_pre[((t - window0 + 1) * B + b + 1) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l2_U_f_transposed + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        vec w1 = vec::load_unaligned(panel_l2_U_f_transposed + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        vec w2 = vec::load_unaligned(panel_l2_U_f_transposed + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        vec w3 = vec::load_unaligned(panel_l2_U_f_transposed + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l2_o_pre[((t - window0 + 1) * B + b) * 256 + k]);
        const vec x1 = vec(d_l2_o_pre[((t - window0 + 1) * B + b + 1) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l2_U_o_transposed + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        vec w1 = vec::load_unaligned(panel_l2_U_o_transposed + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        vec w2 = vec::load_unaligned(panel_l2_U_o_transposed + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        vec w3 = vec::load_unaligned(panel_l2_U_o_transposed + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l2_g_pre[((t - window0 + 1) * B + b) * 256 + k]);
        const vec x1 = vec(d_l2_g_pre[((t - window0 + 1) * B + b + 1) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l2_U_g_transposed + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        vec w1 = vec::load_unaligned(panel_l2_U_g_transposed + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        vec w2 = vec::load_unaligned(panel_l2_U_g_transposed + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        vec w3 = vec::load_unaligned(panel_l2_U_g_transposed + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
      }
      backward_d_l2_c_d_l2_i_pre_d_l2_f_pre_d_l2_o_pre_epilogue(run, v1, v2, v3, v4, t0, t, window0, b, tile * 32);
      backward_d_l2_c_d_l2_i_pre_d_l2_f_pre_d_l2_o_pre_epilogue(run, v5, v6, v7, v8, t0, t, window0, b + 1, tile * 32);
    }
  }
  const int64_t share = std::max<int64_t>(0, end - begin);
  const int64_t wide = share / 3;
  for (int64_t tile = 0; tile < wide; ++tile) {
    for (int64_t b = (tiles - given_up) * 3 + pairs * 2; b < B; ++b) {
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
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l2_i_pre[((t - window0 + 1) * B + b) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l2_U_i_transposed + ((tile * 3 + begin) * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l2_U_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l2_U_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l2_U_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_l2_U_i_transposed + ((tile * 3 + begin + 1) * 256 + k) * 32);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_l2_U_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8200);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_l2_U_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8208);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_l2_U_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8216);
        v8 = xsimd::fma(w7, x0, v8);
        const vec w8 = vec::load_unaligned(panel_l2_U_i_transposed + ((tile * 3 + begin + 2) * 256 + k) * 32);
        v9 = xsimd::fma(w8, x0, v9);
        const vec w9 = vec::load_unaligned(panel_l2_U_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16392);
        v10 = xsimd::fma(w9, x0, v10);
        const vec w10 = vec::load_unaligned(panel_l2_U_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16400);
        v11 = xsimd::fma(w10, x0, v11);
        const vec w11 = vec::load_unaligned(panel_l2_U_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16408);
        v12 = xsimd::fma(w11, x0, v12);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l2_f_pre[((t - window0 + 1) * B + b) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l2_U_f_transposed + ((tile * 3 + begin) * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l2_U_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l2_U_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l2_U_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_l2_U_f_transposed + ((tile * 3 + begin + 1) * 256 + k) * 32);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_l2_U_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8200);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_l2_U_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8208);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_l2_U_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8216);
        v8 = xsimd::fma(w7, x0, v8);
        const vec w8 = vec::load_unaligned(panel_l2_U_f_transposed + ((tile * 3 + begin + 2) * 256 + k) * 32);
        v9 = xsimd::fma(w8, x0, v9);
        const vec w9 = vec::load_unaligned(panel_l2_U_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16392);
        v10 = xsimd::fma(w9, x0, v10);
        const vec w10 = vec::load_unaligned(panel_l2_U_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16400);
        v11 = xsimd::fma(w10, x0, v11);
        const vec w11 = vec::load_unaligned(panel_l2_U_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16408);
        v12 = xsimd::fma(w11, x0, v12);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l2_o_pre[((t - window0 + 1) * B + b) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l2_U_o_transposed + ((tile * 3 + begin) * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l2_U_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l2_U_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l2_U_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_l2_U_o_transposed + ((tile * 3 + begin + 1) * 256 + k) * 32);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_l2_U_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8200);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_l2_U_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8208);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_l2_U_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8216);
        v8 = xsimd::fma(w7, x0, v8);
        const vec w8 = vec::load_unaligned(panel_l2_U_o_transposed + ((tile * 3 + begin + 2) * 256 + k) * 32);
        v9 = xsimd::fma(w8, x0, v9);
        const vec w9 = vec::load_unaligned(panel_l2_U_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16392);
        v10 = xsimd::fma(w9, x0, v10);
        const vec w10 = vec::load_unaligned(panel_l2_U_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16400);
        v11 = xsimd::fma(w10, x0, v11);
        const vec w11 = vec::load_unaligned(panel_l2_U_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16408);
        v12 = xsimd::fma(w11, x0, v12);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l2_g_pre[((t - window0 + 1) * B + b) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l2_U_g_transposed + ((tile * 3 + begin) * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l2_U_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l2_U_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l2_U_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_l2_U_g_transposed + ((tile * 3 + begin + 1) * 256 + k) * 32);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_l2_U_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8200);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_l2_U_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8208);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_l2_U_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8216);
        v8 = xsimd::fma(w7, x0, v8);
        const vec w8 = vec::load_unaligned(panel_l2_U_g_transposed + ((tile * 3 + begin + 2) * 256 + k) * 32);
        v9 = xsimd::fma(w8, x0, v9);
        const vec w9 = vec::load_unaligned(panel_l2_U_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16392);
        v10 = xsimd::fma(w9, x0, v10);
        const vec w10 = vec::load_unaligned(panel_l2_U_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16400);
        v11 = xsimd::fma(w10, x0, v11);
        const vec w11 = vec::load_unaligned(panel_l2_U_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16408);
        v12 = xsimd::fma(w11, x0, v12);
      }
      backward_d_l2_c_d_l2_i_pre_d_l2_f_pre_d_l2_o_pre_epilogue(run, v1, v2, v3, v4, t0, t, window0, b,
          (tile * 3 + begin) * 32);
      backward_d_l2_c_d_l2_i_pre_d_l2_f_pre_d_l2_o_pre_epilogue(run, v5, v6, v7, v8, t0, t, window0, b,
          (tile * 3 + begin + 1) * 32);
      backward_d_l2_c_d_l2_i_pre_d_l2_f_pre_d_l2_o_pre_epilogue(run, v9, v10, v11, v12, t0, t, window0, b,
          (tile * 3 + begin + 2) * 32);
    }
  }
  for (int64_t tile = wide * 3 + begin; tile < end; ++tile) {
    for (int64_t b = (tiles - given_up) * 3 + pairs * 2; b < B; ++b) {
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l2_i_pre[((t - window0 + 1) * B + b) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l2_U_i_transposed + (tile * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l2_U_i_transposed + (tile * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l2_U_i_transposed + (tile * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l2_U_i_transposed + (tile * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l2_f_pre[((t - window0 + 1) * B + b) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l2_U_f_transposed + (tile * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l2_U_f_transposed + (tile * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l2_U_f_transposed + (tile * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l2_U_f_transposed + (tile * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l2_o_pre[((t - window0 + 1) * B + b) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l2_U_o_transposed + (tile * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l2_U_o_transposed + (tile * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l2_U_o_transposed + (tile * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l2_U_o_transposed + (tile * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l2_g_pre[((t - window0 + 1) * B + b) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l2_U_g_transposed + (tile * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l2_U_g_transposed + (tile * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l2_U_g_transposed + (tile * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l2_U_g_transposed + (tile * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
      }
      backward_d_l2_c_d_l2_i_pre_d_l2_f_pre_d_l2_o_pre_epilogue(run, v1, v2, v3, v4, t0, t, window0, b, tile * 32);
    }
  }
}

void pack_panel_l2_W_i_transposed(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict param_l2_W_i = run.param_l2_W_i;
  float* __restrict panel_l2_W_i_transposed = run.panel_l2_W_i_transposed;

  for (int64_t block = begin; block < end; ++block) {
    const int64_t unit = block % 4;
    for (int64_t k = 0; k < 256; ++k) {
      const vec v1 = vec::load_unaligned(param_l2_W_i + k * 256 + block * 8);
      v1.store_unaligned(panel_l2_W_i_transposed + (block * 64 + k) * 32 - unit * 2040);
    }
  }
}

void pack_panel_l2_W_f_transposed(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict param_l2_W_f = run.param_l2_W_f;
  float* __restrict panel_l2_W_f_transposed = run.panel_l2_W_f_transposed;

  for (int64_t block = begin; block < end; ++block) {
    const int64_t unit = block % 4;
    for (int64_t k = 0; k < 256; ++k) {
      const vec v1 = vec::load_unaligned(param_l2_W_f + k * 256 + block * 8);
      v1.store_unaligned(panel_l2_W_f_transposed + (block * 64 + k) * 32 - unit * 2040);
    }
  }
}

void pack_panel_l2_W_o_transposed(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict param_l2_W_o = run.param_l2_W_o;
  float* __restrict panel_l2_W_o_transposed = run.panel_l2_W_o_transposed;

  for (int64_t block = begin; block < end; ++block) {
    const int64_t unit = block % 4;
    for (int64_t k = 0; k < 256; ++k) {
      const vec v1 = vec::load_unaligned(param_l2_W_o + k * 256 + block * 8);
      v1.store_unaligned(panel_l2_W_o_transposed + (block * 64 + k) * 32 - unit * 2040);
    }
  }
}

void pack_panel_l2_W_g_transposed(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict param_l2_W_g = run.param_l2_W_g;
  float* __restrict panel_l2_W_g_transposed = run.panel_l2_W_g_transposed;

  for (int64_t block = begin; block < end; ++block) {
    const int64_t unit = block % 4;
    for (int64_t k = 0; k < 256; ++k) {
      const vec v1 = vec::load_unaligned(param_l2_W_g + k * 256 + block * 8);
      v1.store_unaligned(panel_l2_W_g_transposed + (block * 64 + k) * 32 - unit * 2040);
    }
  }
}

// d.l1.h_input = l2.W_i' @ d.l2.i.pre + l2.W_f' @ d.l2.f.pre + l2.W_o' @ d.l2.o.pre + l2.W_g' @ d.l2.g.pre + impulse(upstream(l1.h.final), last)
void backward_d_l1_h_input_epilogue(const Run& run, vec sum, vec sum_2, vec sum_3, vec sum_4, int64_t t0, int64_t,
    int64_t, int64_t r, int64_t j) {
  const int64_t B = run.B;
  float* d_l1_h_input = run.d_l1_h_input;
  const float* d_l1_h_final = run.d_l1_h_final;

  const int64_t t = r / B;
  const int64_t length = run.length(0, r - t * B);
  const mask m1 = mask(t < length);
  const mask m2 = mask(t < length - 1);
  const mask m3 = ~m2;
  const mask m4 = m1 & m3;
  const vec upstream0 = vec::load_unaligned(d_l1_h_final + (r - t * B) * 256 + j);
  const vec v1 = xsimd::select(m4, upstream0, vec(0.0f));
  const vec v2 = sum + v1;
  v2.store_unaligned(d_l1_h_input + (r - t0 * B) * 256 + j);
  const mask m5 = mask(t < length);
  const mask m6 = mask(t < length - 1);
  const mask m7 = ~m6;
  const mask m8 = m5 & m7;
  const vec upstream1 = vec::load_unaligned(d_l1_h_final + (r - t * B) * 256 + j + 8);
  const vec v3 = xsimd::select(m8, upstream1, vec(0.0f));
  const vec v4 = sum_2 + v3;
  v4.store_unaligned(d_l1_h_input + (r - t0 * B) * 256 + j + 8);
  const mask m9 = mask(t < length);
  const mask m10 = mask(t < length - 1);
  const mask m11 = ~m10;
  const mask m12 = m9 & m11;
  const vec upstream2 = vec::load_unaligned(d_l1_h_final + (r - t * B) * 256 + j + 16);
  const vec v5 = xsimd::select(m12, upstream2, vec(0.0f));
  const vec v6 = sum_3 + v5;
  v6.store_unaligned(d_l1_h_input + (r - t0 * B) * 256 + j + 16);
  const mask m13 = mask(t < length);
  const mask m14 = mask(t < length - 1);
  const mask m15 = ~m14;
  const mask m16 = m13 & m15;
  const vec upstream3 = vec::load_unaligned(d_l1_h_final + (r - t * B) * 256 + j + 24);
  const vec v7 = xsimd::select(m16, upstream3, vec(0.0f));
  const vec v8 = sum_4 + v7;
  v8.store_unaligned(d_l1_h_input + (r - t0 * B) * 256 + j + 24);
}

// d.l1.h_input = l2.W_i' @ d.l2.i.pre + l2.W_f' @ d.l2.f.pre + l2.W_o' @ d.l2.o.pre + l2.W_g' @ d.l2.g.pre + impulse(upstream(l1.h.final), last)
void backward_d_l1_h_input(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict d_l2_i_pre = run.d_l2_i_pre;
  const float* __restrict d_l2_f_pre = run.d_l2_f_pre;
  const float* __restrict d_l2_o_pre = run.d_l2_o_pre;
  const float* __restrict d_l2_g_pre = run.d_l2_g_pre;
  const float* __restrict panel_l2_W_i_transposed = run.panel_l2_W_i_transposed;
  const float* __restrict panel_l2_W_f_transposed = run.panel_l2_W_f_transposed;
  const float* __restrict panel_l2_W_o_transposed = run.panel_l2_W_o_transposed;
  const float* __restrict panel_l2_W_g_transposed = run.panel_l2_W_g_transposed;

  const int64_t tiles = ((t1 - t0) * B) / 3;
  const int64_t odd = ((t1 - t0) * B - tiles * 3) % 2;
  const int64_t given_up = std::min<int64_t>(odd, tiles);
  const int64_t pairs = ((given_up - tiles) * 3 + (t1 - t0) * B) / 2;
  for (int64_t tile = begin; tile < end; ++tile) {
    for (int64_t r = t0 * B; r < (tiles - given_up) * 3 + t0 * B; r += 3) {
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
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l2_i_pre[(r - window0 * B) * 256 + k]);
        const vec x1 = vec(d_l2_i_pre[(r - window0 * B + 1) * 256 + k]);
        const vec x2 = vec(d_l2_i_pre[(r - window0 * B + 2) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l2_W_i_transposed + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        v9 = xsimd::fma(w0, x2, v9);
        vec w1 = vec::load_unaligned(panel_l2_W_i_transposed + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        v10 = xsimd::fma(w1, x2, v10);
        vec w2 = vec::load_unaligned(panel_l2_W_i_transposed + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        v11 = xsimd::fma(w2, x2, v11);
        vec w3 = vec::load_unaligned(panel_l2_W_i_transposed + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
        v12 = xsimd::fma(w3, x2, v12);
      }
      #pragma GCC unroll 4
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l2_f_pre[(r - window0 * B) * 256 + k]);
        const vec x1 = vec(d_l2_f_pre[(r - window0 * B + 1) * 256 + k]);
        const vec x2 = vec(d_l2_f_pre[(r - window0 * B + 2) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l2_W_f_transposed + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        v9 = xsimd::fma(w0, x2, v9);
        vec w1 = vec::load_unaligned(panel_l2_W_f_transposed + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        v10 = xsimd::fma(w1, x2, v10);
        vec w2 = vec::load_unaligned(panel_l2_W_f_transposed + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        v11 = xsimd::fma(w2, x2, v11);
        vec w3 = vec::load_unaligned(panel_l2_W_f_transposed + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
        v12 = xsimd::fma(w3, x2, v12);
      }
      #pragma GCC unroll 4
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l2_o_pre[(r - window0 * B) * 256 + k]);
        const vec x1 = vec(d_l2_o_pre[(r - window0 * B + 1) * 256 + k]);
        const vec x2 = vec(d_l2_o_pre[(r - window0 * B + 2) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l2_W_o_transposed + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        v9 = xsimd::fma(w0, x2, v9);
        vec w1 = vec::load_unaligned(panel_l2_W_o_transposed + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        v10 = xsimd::fma(w1, x2, v10);
        vec w2 = vec::load_unaligned(panel_l2_W_o_transposed + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        v11 = xsimd::fma(w2, x2, v11);
        vec w3 = vec::load_unaligned(panel_l2_W_o_transposed + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
        v12 = xsimd::fma(w3, x2, v12);
      }
      #pragma GCC unroll 4
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l2_g_pre[(r - window0 * B) * 256 + k]);
        const vec x1 = vec(d_l2_g_pre[(r - window0 * B + 1) * 256 + k]);
        const vec x2 = vec(d_l2_g_pre[(r - window0 * B + 2) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l2_W_g_transposed + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        v9 = xsimd::fma(w0, x2, v9);
        vec w1 = vec::load_unaligned(panel_l2_W_g_transposed + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        v10 = xsimd::fma(w1, x2, v10);
        vec w2 = vec::load_unaligned(panel_l2_W_g_transposed + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        v11 = xsimd::fma(w2, x2, v11);
        vec w3 = vec::load_unaligned(panel_l2_W_g_transposed + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
        v12 = xsimd::fma(w3, x2, v12);
      }
      backward_d_l1_h_input_epilogue(run, v1, v2, v3, v4, t0, t1, window0, r, tile * 32);
      backward_d_l1_h_input_epilogue(run, v5, v6, v7, v8, t0, t1, window0, r + 1, tile * 32);
      backward_d_l1_h_input_epilogue(run, v9, v10, v11, v12, t0, t1, window0, r + 2, tile * 32);
    }
    for (int64_t r = (tiles - given_up) * 3 + t0 * B; r < (tiles - given_up) * 3 + pairs * 2 + t0 * B; r += 2) {
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      vec v5 = vec(0.0f);
      vec v6 = vec(0.0f);
      vec v7 = vec(0.0f);
      vec v8 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l2_i_pre[(r - window0 * B) * 256 + k]);
        const vec x1 = vec(d_l2_i_pre[(r - window0 * B + 1) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l2_W_i_transposed + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        vec w1 = vec::load_unaligned(panel_l2_W_i_transposed + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        vec w2 = vec::load_unaligned(panel_l2_W_i_transposed + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        vec w3 = vec::load_unaligned(panel_l2_W_i_transposed + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l2_f_pre[(r - window0 * B) * 256 + k]);
        const vec x1 = vec(d_l2_f_pre[(r - window0 * B + 1) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l2_W_f_transposed + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        vec w1 = vec::load_unaligned(panel_l2_W_f_transposed + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        vec w2 = vec::load_unaligned(panel_l2_W_f_transposed + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        vec w3 = vec::load_unaligned(panel_l2_W_f_transposed + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l2_o_pre[(r - window0 * B) * 256 + k]);
        const vec x1 = vec(d_l2_o_pre[(r - window0 * B + 1) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l2_W_o_transposed + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        vec w1 = vec::load_unaligned(panel_l2_W_o_transposed + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        vec w2 = vec::load_unaligned(panel_l2_W_o_transposed + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        vec w3 = vec::load_unaligned(panel_l2_W_o_transposed + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l2_g_pre[(r - window0 * B) * 256 + k]);
        const vec x1 = vec(d_l2_g_pre[(r - window0 * B + 1) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l2_W_g_transposed + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        vec w1 = vec::load_unaligned(panel_l2_W_g_transposed + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        vec w2 = vec::load_unaligned(panel_l2_W_g_transposed + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        vec w3 = vec::load_unaligned(panel_l2_W_g_transposed + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
      }
      backward_d_l1_h_input_epilogue(run, v1, v2, v3, v4, t0, t1, window0, r, tile * 32);
      backward_d_l1_h_input_epilogue(run, v5, v6, v7, v8, t0, t1, window0, r + 1, tile * 32);
    }
  }
  const int64_t share = std::max<int64_t>(0, end - begin);
  const int64_t wide = share / 3;
  for (int64_t tile = 0; tile < wide; ++tile) {
    for (int64_t r = (tiles - given_up) * 3 + pairs * 2 + t0 * B; r < t1 * B; ++r) {
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
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l2_i_pre[(r - window0 * B) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l2_W_i_transposed + ((tile * 3 + begin) * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l2_W_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l2_W_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l2_W_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_l2_W_i_transposed + ((tile * 3 + begin + 1) * 256 + k) * 32);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_l2_W_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8200);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_l2_W_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8208);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_l2_W_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8216);
        v8 = xsimd::fma(w7, x0, v8);
        const vec w8 = vec::load_unaligned(panel_l2_W_i_transposed + ((tile * 3 + begin + 2) * 256 + k) * 32);
        v9 = xsimd::fma(w8, x0, v9);
        const vec w9 = vec::load_unaligned(panel_l2_W_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16392);
        v10 = xsimd::fma(w9, x0, v10);
        const vec w10 = vec::load_unaligned(panel_l2_W_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16400);
        v11 = xsimd::fma(w10, x0, v11);
        const vec w11 = vec::load_unaligned(panel_l2_W_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16408);
        v12 = xsimd::fma(w11, x0, v12);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l2_f_pre[(r - window0 * B) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l2_W_f_transposed + ((tile * 3 + begin) * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l2_W_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l2_W_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l2_W_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_l2_W_f_transposed + ((tile * 3 + begin + 1) * 256 + k) * 32);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_l2_W_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8200);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_l2_W_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8208);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_l2_W_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8216);
        v8 = xsimd::fma(w7, x0, v8);
        const vec w8 = vec::load_unaligned(panel_l2_W_f_transposed + ((tile * 3 + begin + 2) * 256 + k) * 32);
        v9 = xsimd::fma(w8, x0, v9);
        const vec w9 = vec::load_unaligned(panel_l2_W_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16392);
        v10 = xsimd::fma(w9, x0, v10);
        const vec w10 = vec::load_unaligned(panel_l2_W_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16400);
        v11 = xsimd::fma(w10, x0, v11);
        const vec w11 = vec::load_unaligned(panel_l2_W_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16408);
        v12 = xsimd::fma(w11, x0, v12);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l2_o_pre[(r - window0 * B) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l2_W_o_transposed + ((tile * 3 + begin) * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l2_W_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l2_W_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l2_W_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_l2_W_o_transposed + ((tile * 3 + begin + 1) * 256 + k) * 32);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_l2_W_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8200);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_l2_W_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8208);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_l2_W_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8216);
        v8 = xsimd::fma(w7, x0, v8);
        const vec w8 = vec::load_unaligned(panel_l2_W_o_transposed + ((tile * 3 + begin + 2) * 256 + k) * 32);
        v9 = xsimd::fma(w8, x0, v9);
        const vec w9 = vec::load_unaligned(panel_l2_W_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16392);
        v10 = xsimd::fma(w9, x0, v10);
        const vec w10 = vec::load_unaligned(panel_l2_W_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16400);
        v11 = xsimd::fma(w10, x0, v11);
        const vec w11 = vec::load_unaligned(panel_l2_W_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16408);
        v12 = xsimd::fma(w11, x0, v12);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l2_g_pre[(r - window0 * B) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l2_W_g_transposed + ((tile * 3 + begin) * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l2_W_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l2_W_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l2_W_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_l2_W_g_transposed + ((tile * 3 + begin + 1) * 256 + k) * 32);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_l2_W_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8200);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_l2_W_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8208);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_l2_W_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8216);
        v8 = xsimd::fma(w7, x0, v8);
        const vec w8 = vec::load_unaligned(panel_l2_W_g_transposed + ((tile * 3 + begin + 2) * 256 + k) * 32);
        v9 = xsimd::fma(w8, x0, v9);
        const vec w9 = vec::load_unaligned(panel_l2_W_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16392);
        v10 = xsimd::fma(w9, x0, v10);
        const vec w10 = vec::load_unaligned(panel_l2_W_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16400);
        v11 = xsimd::fma(w10, x0, v11);
        const vec w11 = vec::load_unaligned(panel_l2_W_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16408);
        v12 = xsimd::fma(w11, x0, v12);
      }
      backward_d_l1_h_input_epilogue(run, v1, v2, v3, v4, t0, t1, window0, r, (tile * 3 + begin) * 32);
      backward_d_l1_h_input_epilogue(run, v5, v6, v7, v8, t0, t1, window0, r, (tile * 3 + begin + 1) * 32);
      backward_d_l1_h_input_epilogue(run, v9, v10, v11, v12, t0, t1, window0, r, (tile * 3 + begin + 2) * 32);
    }
  }
  for (int64_t tile = wide * 3 + begin; tile < end; ++tile) {
    for (int64_t r = (tiles - given_up) * 3 + pairs * 2 + t0 * B; r < t1 * B; ++r) {
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l2_i_pre[(r - window0 * B) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l2_W_i_transposed + (tile * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l2_W_i_transposed + (tile * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l2_W_i_transposed + (tile * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l2_W_i_transposed + (tile * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l2_f_pre[(r - window0 * B) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l2_W_f_transposed + (tile * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l2_W_f_transposed + (tile * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l2_W_f_transposed + (tile * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l2_W_f_transposed + (tile * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l2_o_pre[(r - window0 * B) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l2_W_o_transposed + (tile * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l2_W_o_transposed + (tile * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l2_W_o_transposed + (tile * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l2_W_o_transposed + (tile * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l2_g_pre[(r - window0 * B) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l2_W_g_transposed + (tile * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l2_W_g_transposed + (tile * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l2_W_g_transposed + (tile * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l2_W_g_transposed + (tile * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
      }
      backward_d_l1_h_input_epilogue(run, v1, v2, v3, v4, t0, t1, window0, r, tile * 32);
    }
  }
}

// grad.l2.b_i = sum(d.l2.i.pre over t, b)
void backward_grad_l2_b_i(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict d_l2_i_pre = run.d_l2_i_pre;
  float* __restrict parameter_gradients = run.parameter_gradients;

  for (int64_t tile = begin; tile < end; ++tile) {
    vec v1 = vec(0.0f);
    vec v2 = vec(0.0f);
    vec v3 = vec(0.0f);
    vec v4 = vec(0.0f);
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec d_l2_i_pre0 = vec::load_unaligned(d_l2_i_pre + ((r - window0 * B) * 8 + tile) * 32);
      const int64_t t = r / B;
      const int64_t length = run.length(0, r - t * B);
      const mask m1 = mask(t < length);
      const vec v5 = xsimd::select(m1, d_l2_i_pre0, vec(0.0f));
      v1 = v1 + v5;
      const vec d_l2_i_pre1 = vec::load_unaligned(d_l2_i_pre + ((r - window0 * B) * 8 + tile) * 32 + 8);
      const mask m2 = mask(t < length);
      const vec v6 = xsimd::select(m2, d_l2_i_pre1, vec(0.0f));
      v2 = v2 + v6;
      const vec d_l2_i_pre2 = vec::load_unaligned(d_l2_i_pre + ((r - window0 * B) * 8 + tile) * 32 + 16);
      const mask m3 = mask(t < length);
      const vec v7 = xsimd::select(m3, d_l2_i_pre2, vec(0.0f));
      v3 = v3 + v7;
      const vec d_l2_i_pre3 = vec::load_unaligned(d_l2_i_pre + ((r - window0 * B) * 8 + tile) * 32 + 24);
      const mask m4 = mask(t < length);
      const vec v8 = xsimd::select(m4, d_l2_i_pre3, vec(0.0f));
      v4 = v4 + v8;
    }
    const vec v5 = vec::load_unaligned(parameter_gradients + tile * 32 + 1082945);
    const vec v6 = v5 + v1;
    v6.store_unaligned(parameter_gradients + tile * 32 + 1082945);
    const vec v7 = vec::load_unaligned(parameter_gradients + tile * 32 + 1082953);
    const vec v8 = v7 + v2;
    v8.store_unaligned(parameter_gradients + tile * 32 + 1082953);
    const vec v9 = vec::load_unaligned(parameter_gradients + tile * 32 + 1082961);
    const vec v10 = v9 + v3;
    v10.store_unaligned(parameter_gradients + tile * 32 + 1082961);
    const vec v11 = vec::load_unaligned(parameter_gradients + tile * 32 + 1082969);
    const vec v12 = v11 + v4;
    v12.store_unaligned(parameter_gradients + tile * 32 + 1082969);
  }
}

// grad.l2.b_o = sum(d.l2.o.pre over t, b)
void backward_grad_l2_b_o(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict d_l2_o_pre = run.d_l2_o_pre;
  float* __restrict parameter_gradients = run.parameter_gradients;

  for (int64_t tile = begin; tile < end; ++tile) {
    vec v1 = vec(0.0f);
    vec v2 = vec(0.0f);
    vec v3 = vec(0.0f);
    vec v4 = vec(0.0f);
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec d_l2_o_pre0 = vec::load_unaligned(d_l2_o_pre + ((r - window0 * B) * 8 + tile) * 32);
      const int64_t t = r / B;
      const int64_t length = run.length(0, r - t * B);
      const mask m1 = mask(t < length);
      const vec v5 = xsimd::select(m1, d_l2_o_pre0, vec(0.0f));
      v1 = v1 + v5;
      const vec d_l2_o_pre1 = vec::load_unaligned(d_l2_o_pre + ((r - window0 * B) * 8 + tile) * 32 + 8);
      const mask m2 = mask(t < length);
      const vec v6 = xsimd::select(m2, d_l2_o_pre1, vec(0.0f));
      v2 = v2 + v6;
      const vec d_l2_o_pre2 = vec::load_unaligned(d_l2_o_pre + ((r - window0 * B) * 8 + tile) * 32 + 16);
      const mask m3 = mask(t < length);
      const vec v7 = xsimd::select(m3, d_l2_o_pre2, vec(0.0f));
      v3 = v3 + v7;
      const vec d_l2_o_pre3 = vec::load_unaligned(d_l2_o_pre + ((r - window0 * B) * 8 + tile) * 32 + 24);
      const mask m4 = mask(t < length);
      const vec v8 = xsimd::select(m4, d_l2_o_pre3, vec(0.0f));
      v4 = v4 + v8;
    }
    const vec v5 = vec::load_unaligned(parameter_gradients + tile * 32 + 1083201);
    const vec v6 = v5 + v1;
    v6.store_unaligned(parameter_gradients + tile * 32 + 1083201);
    const vec v7 = vec::load_unaligned(parameter_gradients + tile * 32 + 1083209);
    const vec v8 = v7 + v2;
    v8.store_unaligned(parameter_gradients + tile * 32 + 1083209);
    const vec v9 = vec::load_unaligned(parameter_gradients + tile * 32 + 1083217);
    const vec v10 = v9 + v3;
    v10.store_unaligned(parameter_gradients + tile * 32 + 1083217);
    const vec v11 = vec::load_unaligned(parameter_gradients + tile * 32 + 1083225);
    const vec v12 = v11 + v4;
    v12.store_unaligned(parameter_gradients + tile * 32 + 1083225);
  }
}

// grad.l2.b_g = sum(d.l2.g.pre over t, b)
void backward_grad_l2_b_g(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict d_l2_g_pre = run.d_l2_g_pre;
  float* __restrict parameter_gradients = run.parameter_gradients;

  for (int64_t tile = begin; tile < end; ++tile) {
    vec v1 = vec(0.0f);
    vec v2 = vec(0.0f);
    vec v3 = vec(0.0f);
    vec v4 = vec(0.0f);
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec d_l2_g_pre0 = vec::load_unaligned(d_l2_g_pre + ((r - window0 * B) * 8 + tile) * 32);
      const int64_t t = r / B;
      const int64_t length = run.length(0, r - t * B);
      const mask m1 = mask(t < length);
      const vec v5 = xsimd::select(m1, d_l2_g_pre0, vec(0.0f));
      v1 = v1 + v5;
      const vec d_l2_g_pre1 = vec::load_unaligned(d_l2_g_pre + ((r - window0 * B) * 8 + tile) * 32 + 8);
      const mask m2 = mask(t < length);
      const vec v6 = xsimd::select(m2, d_l2_g_pre1, vec(0.0f));
      v2 = v2 + v6;
      const vec d_l2_g_pre2 = vec::load_unaligned(d_l2_g_pre + ((r - window0 * B) * 8 + tile) * 32 + 16);
      const mask m3 = mask(t < length);
      const vec v7 = xsimd::select(m3, d_l2_g_pre2, vec(0.0f));
      v3 = v3 + v7;
      const vec d_l2_g_pre3 = vec::load_unaligned(d_l2_g_pre + ((r - window0 * B) * 8 + tile) * 32 + 24);
      const mask m4 = mask(t < length);
      const vec v8 = xsimd::select(m4, d_l2_g_pre3, vec(0.0f));
      v4 = v4 + v8;
    }
    const vec v5 = vec::load_unaligned(parameter_gradients + tile * 32 + 1083457);
    const vec v6 = v5 + v1;
    v6.store_unaligned(parameter_gradients + tile * 32 + 1083457);
    const vec v7 = vec::load_unaligned(parameter_gradients + tile * 32 + 1083465);
    const vec v8 = v7 + v2;
    v8.store_unaligned(parameter_gradients + tile * 32 + 1083465);
    const vec v9 = vec::load_unaligned(parameter_gradients + tile * 32 + 1083473);
    const vec v10 = v9 + v3;
    v10.store_unaligned(parameter_gradients + tile * 32 + 1083473);
    const vec v11 = vec::load_unaligned(parameter_gradients + tile * 32 + 1083481);
    const vec v12 = v11 + v4;
    v12.store_unaligned(parameter_gradients + tile * 32 + 1083481);
  }
}

// grad.l2.b_f = sum(d.l2.f.pre over t, b)
void backward_grad_l2_b_f(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict d_l2_f_pre = run.d_l2_f_pre;
  float* __restrict parameter_gradients = run.parameter_gradients;

  for (int64_t tile = begin; tile < end; ++tile) {
    vec v1 = vec(0.0f);
    vec v2 = vec(0.0f);
    vec v3 = vec(0.0f);
    vec v4 = vec(0.0f);
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec d_l2_f_pre0 = vec::load_unaligned(d_l2_f_pre + ((r - window0 * B) * 8 + tile) * 32);
      const int64_t t = r / B;
      const int64_t length = run.length(0, r - t * B);
      const mask m1 = mask(t < length);
      const vec v5 = xsimd::select(m1, d_l2_f_pre0, vec(0.0f));
      v1 = v1 + v5;
      const vec d_l2_f_pre1 = vec::load_unaligned(d_l2_f_pre + ((r - window0 * B) * 8 + tile) * 32 + 8);
      const mask m2 = mask(t < length);
      const vec v6 = xsimd::select(m2, d_l2_f_pre1, vec(0.0f));
      v2 = v2 + v6;
      const vec d_l2_f_pre2 = vec::load_unaligned(d_l2_f_pre + ((r - window0 * B) * 8 + tile) * 32 + 16);
      const mask m3 = mask(t < length);
      const vec v7 = xsimd::select(m3, d_l2_f_pre2, vec(0.0f));
      v3 = v3 + v7;
      const vec d_l2_f_pre3 = vec::load_unaligned(d_l2_f_pre + ((r - window0 * B) * 8 + tile) * 32 + 24);
      const mask m4 = mask(t < length);
      const vec v8 = xsimd::select(m4, d_l2_f_pre3, vec(0.0f));
      v4 = v4 + v8;
    }
    const vec v5 = vec::load_unaligned(parameter_gradients + tile * 32 + 1083713);
    const vec v6 = v5 + v1;
    v6.store_unaligned(parameter_gradients + tile * 32 + 1083713);
    const vec v7 = vec::load_unaligned(parameter_gradients + tile * 32 + 1083721);
    const vec v8 = v7 + v2;
    v8.store_unaligned(parameter_gradients + tile * 32 + 1083721);
    const vec v9 = vec::load_unaligned(parameter_gradients + tile * 32 + 1083729);
    const vec v10 = v9 + v3;
    v10.store_unaligned(parameter_gradients + tile * 32 + 1083729);
    const vec v11 = vec::load_unaligned(parameter_gradients + tile * 32 + 1083737);
    const vec v12 = v11 + v4;
    v12.store_unaligned(parameter_gradients + tile * 32 + 1083737);
  }
}

// d.l2.i.pre_panels as [32][block of steps][B][8]
void backward_d_l2_i_pre_panels(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict d_l2_i_pre = run.d_l2_i_pre;
  float* __restrict panels = run.panels;

  for (int64_t panel = begin; panel < end; ++panel) {
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec v1 = vec::load_unaligned(d_l2_i_pre + (r - window0 * B) * 256 + panel * 8);
      v1.store_unaligned(panels + ((t1 - t0) * panel - t0 + 42) * 8 * B + (r + 10754) * 8);
    }
  }
}

// l1.h_panels as [11][block of steps][B][24]
void backward_l1_h_panels(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict tape_l1_h = run.tape_l1_h;
  float* __restrict panels = run.panels;

  const int64_t full = std::min<int64_t>(end, 10);
  for (int64_t panel = begin; panel < full; ++panel) {
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec v1 = vec::load_unaligned(tape_l1_h + ((-window0 + 1) * B + r) * 256 + panel * 24);
      v1.store_unaligned(panels + (((t1 - t0) * panel - t0) * 24 + 592) * B + r * 24 + 151576);
      const vec v2 = vec::load_unaligned(tape_l1_h + ((-window0 + 1) * B + r) * 256 + panel * 24 + 8);
      v2.store_unaligned(panels + (((t1 - t0) * panel - t0) * 24 + 592) * B + (r + 6316) * 24);
      const vec v3 = vec::load_unaligned(tape_l1_h + ((-window0 + 1) * B + r) * 256 + panel * 24 + 16);
      v3.store_unaligned(panels + (((t1 - t0) * panel - t0) * 24 + 592) * B + r * 24 + 151592);
    }
  }
  const int64_t rest = std::max<int64_t>(begin, 10);
  for (int64_t last = rest; last < end; ++last) {
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec v1 = vec::load_unaligned(tape_l1_h + ((-window0 + 1) * B + r) * 256 + 240);
      v1.store_unaligned(panels + (t1 * 240 - t0 * 264 + 592) * B + r * 24 + 151576);
      const vec v2 = vec::load_unaligned(tape_l1_h + ((-window0 + 1) * B + r) * 256 + 248);
      v2.store_unaligned(panels + (t1 * 240 - t0 * 264 + 592) * B + (r + 6316) * 24);
    }
  }
}

// grad.l2.W_i = sum(d.l2.i.pre @ l1.h' over t, b)
// grad.l2.W_f = sum(d.l2.f.pre @ l1.h' over t, b)
// grad.l2.W_o = sum(d.l2.o.pre @ l1.h' over t, b)
// grad.l2.W_g = sum(d.l2.g.pre @ l1.h' over t, b)
// grad.l2.U_i = sum(d.l2.i.pre @ l2.h[t-1]' over t, b)
// grad.l2.U_f = sum(d.l2.f.pre @ l2.h[t-1]' over t, b)
// grad.l2.U_o = sum(d.l2.o.pre @ l2.h[t-1]' over t, b)
// grad.l2.U_g = sum(d.l2.g.pre @ l2.h[t-1]' over t, b)
// grad.l1.W_i = sum(d.l1.i.pre @ E[token]' over t, b)
// grad.l1.W_f = sum(d.l1.f.pre @ E[token]' over t, b)
// grad.l1.W_o = sum(d.l1.o.pre @ E[token]' over t, b)
// grad.l1.W_g = sum(d.l1.g.pre @ E[token]' over t, b)
// grad.l1.U_i = sum(d.l1.i.pre @ l1.h[t-1]' over t, b)
// grad.l1.U_f = sum(d.l1.f.pre @ l1.h[t-1]' over t, b)
// grad.l1.U_o = sum(d.l1.o.pre @ l1.h[t-1]' over t, b)
// grad.l1.U_g = sum(d.l1.g.pre @ l1.h[t-1]' over t, b)
void backward_grad_l2_W_i(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t, int64_t left,
    int64_t right, int64_t gradient) {
  const int64_t B = run.B;
  float* __restrict parameter_gradients = run.parameter_gradients;
  const float* __restrict panels = run.panels;

  for (int64_t tile = 0; tile < 10; ++tile) {
    for (int64_t panel = begin; panel < end; ++panel) {
      for (int64_t m = 0; m < 8; m += 4) {
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient + 16);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m + 1) * 256 + tile * 24 + gradient);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient + 272);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m + 2) * 256 + tile * 24 + gradient);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 256 + (tile + 22) * 24 + gradient);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m + 3) * 256 + tile * 24 + gradient);
        RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient + 784);
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
          vec v13 = vec::load_unaligned(panels + (((t1 - t0) * tile - t0) * B + r) * 24 + right); RNNC_KEEP(v13);
          vec v14 = vec::load_unaligned(panels + (((t1 - t0) * tile - t0) * B + r) * 24 + right + 8); RNNC_KEEP(v14);
          vec v15 = vec::load_unaligned(panels + (((t1 - t0) * tile - t0) * B + r) * 24 + right + 16); RNNC_KEEP(v15);
          const vec v16 = vec(panels[(((t1 - t0) * panel - t0) * B + r) * 8 + left + m]);
          v1 = xsimd::fma(v16, v13, v1);
          v2 = xsimd::fma(v16, v14, v2);
          v3 = xsimd::fma(v16, v15, v3);
          const vec v17 = vec(panels[(((t1 - t0) * panel - t0) * B + r) * 8 + left + m + 1]);
          v4 = xsimd::fma(v17, v13, v4);
          v5 = xsimd::fma(v17, v14, v5);
          v6 = xsimd::fma(v17, v15, v6);
          const vec v18 = vec(panels[(((t1 - t0) * panel - t0) * B + r) * 8 + left + m + 2]);
          v7 = xsimd::fma(v18, v13, v7);
          v8 = xsimd::fma(v18, v14, v8);
          v9 = xsimd::fma(v18, v15, v9);
          const vec v19 = vec(panels[(((t1 - t0) * panel - t0) * B + r) * 8 + left + m + 3]);
          v10 = xsimd::fma(v19, v13, v10);
          v11 = xsimd::fma(v19, v14, v11);
          v12 = xsimd::fma(v19, v15, v12);
        }
        const vec v13 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient);
        const vec v14 = v13 + v1;
        v14.store_unaligned(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient);
        const vec v15 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient + 8);
        const vec v16 = v15 + v2;
        v16.store_unaligned(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient + 8);
        const vec v17 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient + 16);
        const vec v18 = v17 + v3;
        v18.store_unaligned(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient + 16);
        const vec v19 = vec::load_unaligned(parameter_gradients + (panel * 8 + m + 1) * 256 + tile * 24 + gradient);
        const vec v20 = v19 + v4;
        v20.store_unaligned(parameter_gradients + (panel * 8 + m + 1) * 256 + tile * 24 + gradient);
        const vec v21 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 256 + (tile + 11) * 24 + gradient);
        const vec v22 = v21 + v5;
        v22.store_unaligned(parameter_gradients + (panel * 8 + m) * 256 + (tile + 11) * 24 + gradient);
        const vec v23 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient + 272);
        const vec v24 = v23 + v6;
        v24.store_unaligned(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient + 272);
        const vec v25 = vec::load_unaligned(parameter_gradients + (panel * 8 + m + 2) * 256 + tile * 24 + gradient);
        const vec v26 = v25 + v7;
        v26.store_unaligned(parameter_gradients + (panel * 8 + m + 2) * 256 + tile * 24 + gradient);
        const vec v27 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient + 520);
        const vec v28 = v27 + v8;
        v28.store_unaligned(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient + 520);
        const vec v29 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 256 + (tile + 22) * 24 + gradient);
        const vec v30 = v29 + v9;
        v30.store_unaligned(parameter_gradients + (panel * 8 + m) * 256 + (tile + 22) * 24 + gradient);
        const vec v31 = vec::load_unaligned(parameter_gradients + (panel * 8 + m + 3) * 256 + tile * 24 + gradient);
        const vec v32 = v31 + v10;
        v32.store_unaligned(parameter_gradients + (panel * 8 + m + 3) * 256 + tile * 24 + gradient);
        const vec v33 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient + 776);
        const vec v34 = v33 + v11;
        v34.store_unaligned(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient + 776);
        const vec v35 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient + 784);
        const vec v36 = v35 + v12;
        v36.store_unaligned(parameter_gradients + (panel * 8 + m) * 256 + tile * 24 + gradient + 784);
      }
    }
  }
  for (int64_t panel = begin; panel < end; ++panel) {
    for (int64_t m = 0; m < 8; m += 4) {
      RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 256 + gradient + 240);
      RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 256 + gradient + 496);
      RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 256 + gradient + 752);
      RNNC_PREFETCH(parameter_gradients + (panel * 8 + m) * 256 + gradient + 1008);
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      vec v5 = vec(0.0f);
      vec v6 = vec(0.0f);
      vec v7 = vec(0.0f);
      vec v8 = vec(0.0f);
      for (int64_t r = t0 * B; r < t1 * B; ++r) {
        vec v9 = vec::load_unaligned(panels + ((t1 * 10 - t0 * 11) * B + r) * 24 + right); RNNC_KEEP(v9);
        vec v10 = vec::load_unaligned(panels + ((t1 * 10 - t0 * 11) * B + r) * 24 + right + 8); RNNC_KEEP(v10);
        const vec v11 = vec(panels[(((t1 - t0) * panel - t0) * B + r) * 8 + left + m]);
        v1 = xsimd::fma(v11, v9, v1);
        v2 = xsimd::fma(v11, v10, v2);
        const vec v12 = vec(panels[(((t1 - t0) * panel - t0) * B + r) * 8 + left + m + 1]);
        v3 = xsimd::fma(v12, v9, v3);
        v4 = xsimd::fma(v12, v10, v4);
        const vec v13 = vec(panels[(((t1 - t0) * panel - t0) * B + r) * 8 + left + m + 2]);
        v5 = xsimd::fma(v13, v9, v5);
        v6 = xsimd::fma(v13, v10, v6);
        const vec v14 = vec(panels[(((t1 - t0) * panel - t0) * B + r) * 8 + left + m + 3]);
        v7 = xsimd::fma(v14, v9, v7);
        v8 = xsimd::fma(v14, v10, v8);
      }
      const vec v9 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 256 + gradient + 240);
      const vec v10 = v9 + v1;
      v10.store_unaligned(parameter_gradients + (panel * 8 + m) * 256 + gradient + 240);
      const vec v11 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 256 + gradient + 248);
      const vec v12 = v11 + v2;
      v12.store_unaligned(parameter_gradients + (panel * 8 + m) * 256 + gradient + 248);
      const vec v13 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 256 + gradient + 496);
      const vec v14 = v13 + v3;
      v14.store_unaligned(parameter_gradients + (panel * 8 + m) * 256 + gradient + 496);
      const vec v15 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 256 + gradient + 504);
      const vec v16 = v15 + v4;
      v16.store_unaligned(parameter_gradients + (panel * 8 + m) * 256 + gradient + 504);
      const vec v17 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 256 + gradient + 752);
      const vec v18 = v17 + v5;
      v18.store_unaligned(parameter_gradients + (panel * 8 + m) * 256 + gradient + 752);
      const vec v19 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 256 + gradient + 760);
      const vec v20 = v19 + v6;
      v20.store_unaligned(parameter_gradients + (panel * 8 + m) * 256 + gradient + 760);
      const vec v21 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 256 + gradient + 1008);
      const vec v22 = v21 + v7;
      v22.store_unaligned(parameter_gradients + (panel * 8 + m) * 256 + gradient + 1008);
      const vec v23 = vec::load_unaligned(parameter_gradients + (panel * 8 + m) * 256 + gradient + 1016);
      const vec v24 = v23 + v8;
      v24.store_unaligned(parameter_gradients + (panel * 8 + m) * 256 + gradient + 1016);
    }
  }
}

// d.l2.f.pre_panels as [32][block of steps][B][8]
void backward_d_l2_f_pre_panels(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict d_l2_f_pre = run.d_l2_f_pre;
  float* __restrict panels = run.panels;

  for (int64_t panel = begin; panel < end; ++panel) {
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec v1 = vec::load_unaligned(d_l2_f_pre + (r - window0 * B) * 256 + panel * 8);
      v1.store_unaligned(panels + ((t1 - t0) * panel - t0 + 107) * 8 * B + (r + 27396) * 8);
    }
  }
}

// d.l2.o.pre_panels as [32][block of steps][B][8]
void backward_d_l2_o_pre_panels(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict d_l2_o_pre = run.d_l2_o_pre;
  float* __restrict panels = run.panels;

  for (int64_t panel = begin; panel < end; ++panel) {
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec v1 = vec::load_unaligned(d_l2_o_pre + (r - window0 * B) * 256 + panel * 8);
      v1.store_unaligned(panels + ((t1 - t0) * panel - t0 + 139) * 8 * B + (r + 35589) * 8);
    }
  }
}

// d.l2.g.pre_panels as [32][block of steps][B][8]
void backward_d_l2_g_pre_panels(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict d_l2_g_pre = run.d_l2_g_pre;
  float* __restrict panels = run.panels;

  for (int64_t panel = begin; panel < end; ++panel) {
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec v1 = vec::load_unaligned(d_l2_g_pre + (r - window0 * B) * 256 + panel * 8);
      v1.store_unaligned(panels + ((t1 - t0) * panel - t0 + 171) * 8 * B + (r + 43782) * 8);
    }
  }
}

// l2.h_before_panels as [11][block of steps][B][24]
void backward_l2_h_before_panels(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict tape_l2_h = run.tape_l2_h;
  float* __restrict panels = run.panels;

  const int64_t full = std::min<int64_t>(end, 10);
  for (int64_t panel = begin; panel < full; ++panel) {
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec v1 = vec::load_unaligned(tape_l2_h + (r - window0 * B) * 256 + panel * 24);
      v1.store_unaligned(panels + (((t1 - t0) * panel - t0) * 24 + 1624) * B + (r + 17325) * 24);
      const vec v2 = vec::load_unaligned(tape_l2_h + (r - window0 * B) * 256 + panel * 24 + 8);
      v2.store_unaligned(panels + (((t1 - t0) * panel - t0) * 24 + 1624) * B + r * 24 + 415808);
      const vec v3 = vec::load_unaligned(tape_l2_h + (r - window0 * B) * 256 + panel * 24 + 16);
      v3.store_unaligned(panels + (((t1 - t0) * panel - t0) * 24 + 1624) * B + r * 24 + 415816);
    }
  }
  const int64_t rest = std::max<int64_t>(begin, 10);
  for (int64_t last = rest; last < end; ++last) {
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec v1 = vec::load_unaligned(tape_l2_h + (r - window0 * B) * 256 + 240);
      v1.store_unaligned(panels + (t1 * 240 - t0 * 264 + 1624) * B + (r + 17325) * 24);
      const vec v2 = vec::load_unaligned(tape_l2_h + (r - window0 * B) * 256 + 248);
      v2.store_unaligned(panels + (t1 * 240 - t0 * 264 + 1624) * B + r * 24 + 415808);
    }
  }
}

void pack_panel_l1_U_i_transposed(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict param_l1_U_i = run.param_l1_U_i;
  float* __restrict panel_l1_U_i_transposed = run.panel_l1_U_i_transposed;

  for (int64_t block = begin; block < end; ++block) {
    const int64_t unit = block % 4;
    for (int64_t k = 0; k < 256; ++k) {
      const vec v1 = vec::load_unaligned(param_l1_U_i + k * 256 + block * 8);
      v1.store_unaligned(panel_l1_U_i_transposed + (block * 64 + k) * 32 - unit * 2040);
    }
  }
}

void pack_panel_l1_U_f_transposed(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict param_l1_U_f = run.param_l1_U_f;
  float* __restrict panel_l1_U_f_transposed = run.panel_l1_U_f_transposed;

  for (int64_t block = begin; block < end; ++block) {
    const int64_t unit = block % 4;
    for (int64_t k = 0; k < 256; ++k) {
      const vec v1 = vec::load_unaligned(param_l1_U_f + k * 256 + block * 8);
      v1.store_unaligned(panel_l1_U_f_transposed + (block * 64 + k) * 32 - unit * 2040);
    }
  }
}

void pack_panel_l1_U_o_transposed(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict param_l1_U_o = run.param_l1_U_o;
  float* __restrict panel_l1_U_o_transposed = run.panel_l1_U_o_transposed;

  for (int64_t block = begin; block < end; ++block) {
    const int64_t unit = block % 4;
    for (int64_t k = 0; k < 256; ++k) {
      const vec v1 = vec::load_unaligned(param_l1_U_o + k * 256 + block * 8);
      v1.store_unaligned(panel_l1_U_o_transposed + (block * 64 + k) * 32 - unit * 2040);
    }
  }
}

void pack_panel_l1_U_g_transposed(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict param_l1_U_g = run.param_l1_U_g;
  float* __restrict panel_l1_U_g_transposed = run.panel_l1_U_g_transposed;

  for (int64_t block = begin; block < end; ++block) {
    const int64_t unit = block % 4;
    for (int64_t k = 0; k < 256; ++k) {
      const vec v1 = vec::load_unaligned(param_l1_U_g + k * 256 + block * 8);
      v1.store_unaligned(panel_l1_U_g_transposed + (block * 64 + k) * 32 - unit * 2040);
    }
  }
}

// d.l1.c = d.l1.h * l1.o * (1 - tanh(l1.c)^2) + d.l1.c[t+1] * l1.f[t+1] + impulse(upstream(l1.c.final), last)    (lstm.rnn:8)
// d.l1.i.pre = d.l1.i * l1.i * (1 - l1.i)    (lstm.rnn:14)
// d.l1.f.pre = d.l1.f * l1.f * (1 - l1.f)    (lstm.rnn:15)
// d.l1.o.pre = d.l1.o * l1.o * (1 - l1.o)    (lstm.rnn:16)
// d.l1.g.pre = d.l1.g * (1 - l1.g^2)    (lstm.rnn:17)
void backward_d_l1_c_d_l1_i_pre_d_l1_f_pre_d_l1_o_pre_epilogue(const Run& run, vec d_l1_h_sum, vec d_l1_h_sum_2,
    vec d_l1_h_sum_3, vec d_l1_h_sum_4, int64_t t0, int64_t t, int64_t window0, int64_t b, int64_t j) {
  const int64_t B = run.B;
  const float* tape_l1_i = run.tape_l1_i;
  const float* tape_l1_f = run.tape_l1_f;
  const float* tape_l1_o = run.tape_l1_o;
  const float* tape_l1_g = run.tape_l1_g;
  const float* tape_l1_c = run.tape_l1_c;
  const float* tape_tanh_l1_c = run.tape_tanh_l1_c;
  const float* d_l1_h_input = run.d_l1_h_input;
  float* d_l1_c = run.d_l1_c;
  float* d_l1_i_pre = run.d_l1_i_pre;
  float* d_l1_f_pre = run.d_l1_f_pre;
  float* d_l1_o_pre = run.d_l1_o_pre;
  float* d_l1_g_pre = run.d_l1_g_pre;
  const float* d_l1_c_final = run.d_l1_c_final;

  const vec d_l1_h_input0 = vec::load_unaligned(d_l1_h_input + ((t - t0) * B + b) * 256 + j);
  const vec d_l1_h0 = d_l1_h_input0 + d_l1_h_sum;
  const vec l1_o0 = vec::load_unaligned(tape_l1_o + ((t - window0) * B + b) * 256 + j);
  const vec v1 = d_l1_h0 * l1_o0;
  const vec tanh_l1_c0 = vec::load_unaligned(tape_tanh_l1_c + ((t - window0) * B + b) * 256 + j);
  const vec v2 = tanh_l1_c0 * tanh_l1_c0;
  const vec v3 = vec(1.0f) - v2;
  const vec v4 = v1 * v3;
  const vec d_l1_c_after0 = vec::load_unaligned(d_l1_c + ((t - window0 + 1) * B + b) * 256 + j);
  const vec l1_f_after0 = vec::load_unaligned(tape_l1_f + ((t - window0 + 1) * B + b) * 256 + j);
  const vec v5 = d_l1_c_after0 * l1_f_after0;
  const vec v6 = v4 + v5;
  const int64_t length = run.length(0, b);
  const mask m1 = mask(t < length);
  const mask m2 = mask(t < length - 1);
  const mask m3 = ~m2;
  const mask m4 = m1 & m3;
  const vec upstream0 = vec::load_unaligned(d_l1_c_final + b * 256 + j);
  const vec v7 = xsimd::select(m4, upstream0, vec(0.0f));
  const vec d_l1_c0 = v6 + v7;
  const mask m5 = mask(t < length);
  const vec v8 = xsimd::select(m5, d_l1_c0, vec(0.0f));
  v8.store_unaligned(d_l1_c + ((t - window0) * B + b) * 256 + j);
  const vec d_l1_h_input1 = vec::load_unaligned(d_l1_h_input + ((t - t0) * B + b) * 256 + j + 8);
  const vec d_l1_h1 = d_l1_h_input1 + d_l1_h_sum_2;
  const vec l1_o1 = vec::load_unaligned(tape_l1_o + ((t - window0) * B + b) * 256 + j + 8);
  const vec v9 = d_l1_h1 * l1_o1;
  const vec tanh_l1_c1 = vec::load_unaligned(tape_tanh_l1_c + ((t - window0) * B + b) * 256 + j + 8);
  const vec v10 = tanh_l1_c1 * tanh_l1_c1;
  const vec v11 = vec(1.0f) - v10;
  const vec v12 = v9 * v11;
  const vec d_l1_c_after1 = vec::load_unaligned(d_l1_c + ((t - window0 + 1) * B + b) * 256 + j + 8);
  const vec l1_f_after1 = vec::load_unaligned(tape_l1_f + ((t - window0 + 1) * B + b) * 256 + j + 8);
  const vec v13 = d_l1_c_after1 * l1_f_after1;
  const vec v14 = v12 + v13;
  const mask m6 = mask(t < length);
  const mask m7 = mask(t < length - 1);
  const mask m8 = ~m7;
  const mask m9 = m6 & m8;
  const vec upstream1 = vec::load_unaligned(d_l1_c_final + b * 256 + j + 8);
  const vec v15 = xsimd::select(m9, upstream1, vec(0.0f));
  const vec d_l1_c1 = v14 + v15;
  const mask m10 = mask(t < length);
  const vec v16 = xsimd::select(m10, d_l1_c1, vec(0.0f));
  v16.store_unaligned(d_l1_c + ((t - window0) * B + b) * 256 + j + 8);
  const vec d_l1_h_input2 = vec::load_unaligned(d_l1_h_input + ((t - t0) * B + b) * 256 + j + 16);
  const vec d_l1_h2 = d_l1_h_input2 + d_l1_h_sum_3;
  const vec l1_o2 = vec::load_unaligned(tape_l1_o + ((t - window0) * B + b) * 256 + j + 16);
  const vec v17 = d_l1_h2 * l1_o2;
  const vec tanh_l1_c2 = vec::load_unaligned(tape_tanh_l1_c + ((t - window0) * B + b) * 256 + j + 16);
  const vec v18 = tanh_l1_c2 * tanh_l1_c2;
  const vec v19 = vec(1.0f) - v18;
  const vec v20 = v17 * v19;
  const vec d_l1_c_after2 = vec::load_unaligned(d_l1_c + ((t - window0 + 1) * B + b) * 256 + j + 16);
  const vec l1_f_after2 = vec::load_unaligned(tape_l1_f + ((t - window0 + 1) * B + b) * 256 + j + 16);
  const vec v21 = d_l1_c_after2 * l1_f_after2;
  const vec v22 = v20 + v21;
  const mask m11 = mask(t < length);
  const mask m12 = mask(t < length - 1);
  const mask m13 = ~m12;
  const mask m14 = m11 & m13;
  const vec upstream2 = vec::load_unaligned(d_l1_c_final + b * 256 + j + 16);
  const vec v23 = xsimd::select(m14, upstream2, vec(0.0f));
  const vec d_l1_c2 = v22 + v23;
  const mask m15 = mask(t < length);
  const vec v24 = xsimd::select(m15, d_l1_c2, vec(0.0f));
  v24.store_unaligned(d_l1_c + ((t - window0) * B + b) * 256 + j + 16);
  const vec d_l1_h_input3 = vec::load_unaligned(d_l1_h_input + ((t - t0) * B + b) * 256 + j + 24);
  const vec d_l1_h3 = d_l1_h_input3 + d_l1_h_sum_4;
  const vec l1_o3 = vec::load_unaligned(tape_l1_o + ((t - window0) * B + b) * 256 + j + 24);
  const vec v25 = d_l1_h3 * l1_o3;
  const vec tanh_l1_c3 = vec::load_unaligned(tape_tanh_l1_c + ((t - window0) * B + b) * 256 + j + 24);
  const vec v26 = tanh_l1_c3 * tanh_l1_c3;
  const vec v27 = vec(1.0f) - v26;
  const vec v28 = v25 * v27;
  const vec d_l1_c_after3 = vec::load_unaligned(d_l1_c + ((t - window0 + 1) * B + b) * 256 + j + 24);
  const vec l1_f_after3 = vec::load_unaligned(tape_l1_f + ((t - window0 + 1) * B + b) * 256 + j + 24);
  const vec v29 = d_l1_c_after3 * l1_f_after3;
  const vec v30 = v28 + v29;
  const mask m16 = mask(t < length);
  const mask m17 = mask(t < length - 1);
  const mask m18 = ~m17;
  const mask m19 = m16 & m18;
  const vec upstream3 = vec::load_unaligned(d_l1_c_final + b * 256 + j + 24);
  const vec v31 = xsimd::select(m19, upstream3, vec(0.0f));
  const vec d_l1_c3 = v30 + v31;
  const mask m20 = mask(t < length);
  const vec v32 = xsimd::select(m20, d_l1_c3, vec(0.0f));
  v32.store_unaligned(d_l1_c + ((t - window0) * B + b) * 256 + j + 24);
  const vec l1_g0 = vec::load_unaligned(tape_l1_g + ((t - window0) * B + b) * 256 + j);
  const vec d_l1_i0 = d_l1_c0 * l1_g0;
  const vec l1_i0 = vec::load_unaligned(tape_l1_i + ((t - window0) * B + b) * 256 + j);
  const vec v33 = d_l1_i0 * l1_i0;
  const vec v34 = vec(1.0f) - l1_i0;
  const vec d_l1_i_pre0 = v33 * v34;
  const mask m21 = mask(t < length);
  const vec v35 = xsimd::select(m21, d_l1_i_pre0, vec(0.0f));
  v35.store_unaligned(d_l1_i_pre + ((t - window0) * B + b) * 256 + j);
  const vec l1_g1 = vec::load_unaligned(tape_l1_g + ((t - window0) * B + b) * 256 + j + 8);
  const vec d_l1_i1 = d_l1_c1 * l1_g1;
  const vec l1_i1 = vec::load_unaligned(tape_l1_i + ((t - window0) * B + b) * 256 + j + 8);
  const vec v36 = d_l1_i1 * l1_i1;
  const vec v37 = vec(1.0f) - l1_i1;
  const vec d_l1_i_pre1 = v36 * v37;
  const mask m22 = mask(t < length);
  const vec v38 = xsimd::select(m22, d_l1_i_pre1, vec(0.0f));
  v38.store_unaligned(d_l1_i_pre + ((t - window0) * B + b) * 256 + j + 8);
  const vec l1_g2 = vec::load_unaligned(tape_l1_g + ((t - window0) * B + b) * 256 + j + 16);
  const vec d_l1_i2 = d_l1_c2 * l1_g2;
  const vec l1_i2 = vec::load_unaligned(tape_l1_i + ((t - window0) * B + b) * 256 + j + 16);
  const vec v39 = d_l1_i2 * l1_i2;
  const vec v40 = vec(1.0f) - l1_i2;
  const vec d_l1_i_pre2 = v39 * v40;
  const mask m23 = mask(t < length);
  const vec v41 = xsimd::select(m23, d_l1_i_pre2, vec(0.0f));
  v41.store_unaligned(d_l1_i_pre + ((t - window0) * B + b) * 256 + j + 16);
  const vec l1_g3 = vec::load_unaligned(tape_l1_g + ((t - window0) * B + b) * 256 + j + 24);
  const vec d_l1_i3 = d_l1_c3 * l1_g3;
  const vec l1_i3 = vec::load_unaligned(tape_l1_i + ((t - window0) * B + b) * 256 + j + 24);
  const vec v42 = d_l1_i3 * l1_i3;
  const vec v43 = vec(1.0f) - l1_i3;
  const vec d_l1_i_pre3 = v42 * v43;
  const mask m24 = mask(t < length);
  const vec v44 = xsimd::select(m24, d_l1_i_pre3, vec(0.0f));
  v44.store_unaligned(d_l1_i_pre + ((t - window0) * B + b) * 256 + j + 24);
  const vec l1_c_before0 = vec::load_unaligned(tape_l1_c + ((t - window0) * B + b) * 256 + j);
  const vec d_l1_f0 = d_l1_c0 * l1_c_before0;
  const vec l1_f0 = vec::load_unaligned(tape_l1_f + ((t - window0) * B + b) * 256 + j);
  const vec v45 = d_l1_f0 * l1_f0;
  const vec v46 = vec(1.0f) - l1_f0;
  const vec d_l1_f_pre0 = v45 * v46;
  const mask m25 = mask(t < length);
  const vec v47 = xsimd::select(m25, d_l1_f_pre0, vec(0.0f));
  v47.store_unaligned(d_l1_f_pre + ((t - window0) * B + b) * 256 + j);
  const vec l1_c_before1 = vec::load_unaligned(tape_l1_c + ((t - window0) * B + b) * 256 + j + 8);
  const vec d_l1_f1 = d_l1_c1 * l1_c_before1;
  const vec l1_f1 = vec::load_unaligned(tape_l1_f + ((t - window0) * B + b) * 256 + j + 8);
  const vec v48 = d_l1_f1 * l1_f1;
  const vec v49 = vec(1.0f) - l1_f1;
  const vec d_l1_f_pre1 = v48 * v49;
  const mask m26 = mask(t < length);
  const vec v50 = xsimd::select(m26, d_l1_f_pre1, vec(0.0f));
  v50.store_unaligned(d_l1_f_pre + ((t - window0) * B + b) * 256 + j + 8);
  const vec l1_c_before2 = vec::load_unaligned(tape_l1_c + ((t - window0) * B + b) * 256 + j + 16);
  const vec d_l1_f2 = d_l1_c2 * l1_c_before2;
  const vec l1_f2 = vec::load_unaligned(tape_l1_f + ((t - window0) * B + b) * 256 + j + 16);
  const vec v51 = d_l1_f2 * l1_f2;
  const vec v52 = vec(1.0f) - l1_f2;
  const vec d_l1_f_pre2 = v51 * v52;
  const mask m27 = mask(t < length);
  const vec v53 = xsimd::select(m27, d_l1_f_pre2, vec(0.0f));
  v53.store_unaligned(d_l1_f_pre + ((t - window0) * B + b) * 256 + j + 16);
  const vec l1_c_before3 = vec::load_unaligned(tape_l1_c + ((t - window0) * B + b) * 256 + j + 24);
  const vec d_l1_f3 = d_l1_c3 * l1_c_before3;
  const vec l1_f3 = vec::load_unaligned(tape_l1_f + ((t - window0) * B + b) * 256 + j + 24);
  const vec v54 = d_l1_f3 * l1_f3;
  const vec v55 = vec(1.0f) - l1_f3;
  const vec d_l1_f_pre3 = v54 * v55;
  const mask m28 = mask(t < length);
  const vec v56 = xsimd::select(m28, d_l1_f_pre3, vec(0.0f));
  v56.store_unaligned(d_l1_f_pre + ((t - window0) * B + b) * 256 + j + 24);
  const vec d_l1_o0 = d_l1_h0 * tanh_l1_c0;
  const vec v57 = d_l1_o0 * l1_o0;
  const vec v58 = vec(1.0f) - l1_o0;
  const vec d_l1_o_pre0 = v57 * v58;
  const mask m29 = mask(t < length);
  const vec v59 = xsimd::select(m29, d_l1_o_pre0, vec(0.0f));
  v59.store_unaligned(d_l1_o_pre + ((t - window0) * B + b) * 256 + j);
  const vec d_l1_o1 = d_l1_h1 * tanh_l1_c1;
  const vec v60 = d_l1_o1 * l1_o1;
  const vec v61 = vec(1.0f) - l1_o1;
  const vec d_l1_o_pre1 = v60 * v61;
  const mask m30 = mask(t < length);
  const vec v62 = xsimd::select(m30, d_l1_o_pre1, vec(0.0f));
  v62.store_unaligned(d_l1_o_pre + ((t - window0) * B + b) * 256 + j + 8);
  const vec d_l1_o2 = d_l1_h2 * tanh_l1_c2;
  const vec v63 = d_l1_o2 * l1_o2;
  const vec v64 = vec(1.0f) - l1_o2;
  const vec d_l1_o_pre2 = v63 * v64;
  const mask m31 = mask(t < length);
  const vec v65 = xsimd::select(m31, d_l1_o_pre2, vec(0.0f));
  v65.store_unaligned(d_l1_o_pre + ((t - window0) * B + b) * 256 + j + 16);
  const vec d_l1_o3 = d_l1_h3 * tanh_l1_c3;
  const vec v66 = d_l1_o3 * l1_o3;
  const vec v67 = vec(1.0f) - l1_o3;
  const vec d_l1_o_pre3 = v66 * v67;
  const mask m32 = mask(t < length);
  const vec v68 = xsimd::select(m32, d_l1_o_pre3, vec(0.0f));
  v68.store_unaligned(d_l1_o_pre + ((t - window0) * B + b) * 256 + j + 24);
  const vec d_l1_g0 = d_l1_c0 * l1_i0;
  const vec v69 = l1_g0 * l1_g0;
  const vec v70 = vec(1.0f) - v69;
  const vec d_l1_g_pre0 = d_l1_g0 * v70;
  const mask m33 = mask(t < length);
  const vec v71 = xsimd::select(m33, d_l1_g_pre0, vec(0.0f));
  v71.store_unaligned(d_l1_g_pre + ((t - window0) * B + b) * 256 + j);
  const vec d_l1_g1 = d_l1_c1 * l1_i1;
  const vec v72 = l1_g1 * l1_g1;
  const vec v73 = vec(1.0f) - v72;
  const vec d_l1_g_pre1 = d_l1_g1 * v73;
  const mask m34 = mask(t < length);
  const vec v74 = xsimd::select(m34, d_l1_g_pre1, vec(0.0f));
  v74.store_unaligned(d_l1_g_pre + ((t - window0) * B + b) * 256 + j + 8);
  const vec d_l1_g2 = d_l1_c2 * l1_i2;
  const vec v75 = l1_g2 * l1_g2;
  const vec v76 = vec(1.0f) - v75;
  const vec d_l1_g_pre2 = d_l1_g2 * v76;
  const mask m35 = mask(t < length);
  const vec v77 = xsimd::select(m35, d_l1_g_pre2, vec(0.0f));
  v77.store_unaligned(d_l1_g_pre + ((t - window0) * B + b) * 256 + j + 16);
  const vec d_l1_g3 = d_l1_c3 * l1_i3;
  const vec v78 = l1_g3 * l1_g3;
  const vec v79 = vec(1.0f) - v78;
  const vec d_l1_g_pre3 = d_l1_g3 * v79;
  const mask m36 = mask(t < length);
  const vec v80 = xsimd::select(m36, d_l1_g_pre3, vec(0.0f));
  v80.store_unaligned(d_l1_g_pre + ((t - window0) * B + b) * 256 + j + 24);
}

void backward_d_l1_c_d_l1_i_pre_d_l1_f_pre_d_l1_o_pre_prefetch(const Run& run, int64_t, int64_t t, int64_t window0,
    int64_t b, int64_t j) {
  const int64_t B = run.B;
  const float* tape_l1_i = run.tape_l1_i;
  const float* tape_l1_f = run.tape_l1_f;
  const float* tape_l1_o = run.tape_l1_o;
  const float* tape_l1_g = run.tape_l1_g;
  const float* tape_l1_c = run.tape_l1_c;
  const float* tape_tanh_l1_c = run.tape_tanh_l1_c;
  const float* d_l1_c = run.d_l1_c;
  const float* d_l1_i_pre = run.d_l1_i_pre;
  const float* d_l1_f_pre = run.d_l1_f_pre;
  const float* d_l1_o_pre = run.d_l1_o_pre;
  const float* d_l1_g_pre = run.d_l1_g_pre;

  RNNC_PREFETCH(tape_l1_o + ((t - window0) * B + b) * 256 + j);
  RNNC_PREFETCH(tape_l1_o + ((t - window0) * B + b) * 256 + j + 16);
  RNNC_PREFETCH(tape_tanh_l1_c + ((t - window0) * B + b) * 256 + j);
  RNNC_PREFETCH(tape_tanh_l1_c + ((t - window0) * B + b) * 256 + j + 16);
  RNNC_PREFETCH(d_l1_c + ((t - window0 + 1) * B + b) * 256 + j);
  RNNC_PREFETCH(d_l1_c + ((t - window0 + 1) * B + b) * 256 + j + 16);
  RNNC_PREFETCH(tape_l1_f + ((t - window0 + 1) * B + b) * 256 + j);
  RNNC_PREFETCH(tape_l1_f + ((t - window0 + 1) * B + b) * 256 + j + 16);
  RNNC_PREFETCH(d_l1_c + ((t - window0) * B + b) * 256 + j);
  RNNC_PREFETCH(d_l1_c + ((t - window0) * B + b) * 256 + j + 16);
  RNNC_PREFETCH(tape_l1_g + ((t - window0) * B + b) * 256 + j);
  RNNC_PREFETCH(tape_l1_g + ((t - window0) * B + b) * 256 + j + 16);
  RNNC_PREFETCH(tape_l1_i + ((t - window0) * B + b) * 256 + j);
  RNNC_PREFETCH(tape_l1_i + ((t - window0) * B + b) * 256 + j + 16);
  RNNC_PREFETCH(d_l1_i_pre + ((t - window0) * B + b) * 256 + j);
  RNNC_PREFETCH(d_l1_i_pre + ((t - window0) * B + b) * 256 + j + 16);
  RNNC_PREFETCH(tape_l1_c + ((t - window0) * B + b) * 256 + j);
  RNNC_PREFETCH(tape_l1_c + ((t - window0) * B + b) * 256 + j + 16);
  RNNC_PREFETCH(tape_l1_f + ((t - window0) * B + b) * 256 + j);
  RNNC_PREFETCH(tape_l1_f + ((t - window0) * B + b) * 256 + j + 16);
  RNNC_PREFETCH(d_l1_f_pre + ((t - window0) * B + b) * 256 + j);
  RNNC_PREFETCH(d_l1_f_pre + ((t - window0) * B + b) * 256 + j + 16);
  RNNC_PREFETCH(d_l1_o_pre + ((t - window0) * B + b) * 256 + j);
  RNNC_PREFETCH(d_l1_o_pre + ((t - window0) * B + b) * 256 + j + 16);
  RNNC_PREFETCH(d_l1_g_pre + ((t - window0) * B + b) * 256 + j);
  RNNC_PREFETCH(d_l1_g_pre + ((t - window0) * B + b) * 256 + j + 16);
}

// d.l1.c = d.l1.h * l1.o * (1 - tanh(l1.c)^2) + d.l1.c[t+1] * l1.f[t+1] + impulse(upstream(l1.c.final), last)    (lstm.rnn:8)
// d.l1.i.pre = d.l1.i * l1.i * (1 - l1.i)    (lstm.rnn:14)
// d.l1.f.pre = d.l1.f * l1.f * (1 - l1.f)    (lstm.rnn:15)
// d.l1.o.pre = d.l1.o * l1.o * (1 - l1.o)    (lstm.rnn:16)
// d.l1.g.pre = d.l1.g * (1 - l1.g^2)    (lstm.rnn:17)
void backward_d_l1_c_d_l1_i_pre_d_l1_f_pre_d_l1_o_pre(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t,
    int64_t window0) {
  const int64_t B = run.B;
  const float* d_l1_i_pre = run.d_l1_i_pre;
  const float* d_l1_f_pre = run.d_l1_f_pre;
  const float* d_l1_o_pre = run.d_l1_o_pre;
  const float* d_l1_g_pre = run.d_l1_g_pre;
  const float* __restrict panel_l1_U_i_transposed = run.panel_l1_U_i_transposed;
  const float* __restrict panel_l1_U_f_transposed = run.panel_l1_U_f_transposed;
  const float* __restrict panel_l1_U_o_transposed = run.panel_l1_U_o_transposed;
  const float* __restrict panel_l1_U_g_transposed = run.panel_l1_U_g_transposed;

  const int64_t tiles = B / 3;
  const int64_t odd = (B - tiles * 3) % 2;
  const int64_t given_up = std::min<int64_t>(odd, tiles);
  const int64_t pairs = ((given_up - tiles) * 3 + B) / 2;
  for (int64_t tile = begin; tile < end; ++tile) {
    for (int64_t b = 0; b < (tiles - given_up) * 3; b += 3) {
      backward_d_l1_c_d_l1_i_pre_d_l1_f_pre_d_l1_o_pre_prefetch(run, t0, t, window0, b, tile * 32);
      backward_d_l1_c_d_l1_i_pre_d_l1_f_pre_d_l1_o_pre_prefetch(run, t0, t, window0, b + 1, tile * 32);
      backward_d_l1_c_d_l1_i_pre_d_l1_f_pre_d_l1_o_pre_prefetch(run, t0, t, window0, b + 2, tile * 32);
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
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l1_i_pre[((t - window0 + 1) * B + b) * 256 + k]);
        const vec x1 = vec(d_l1_i_pre[((t - window0 + 1) * B + b + 1) * 256 + k]);
        const vec x2 = vec(d_l1_i_pre[((t - window0 + 1) * B + b + 2) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l1_U_i_transposed + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        v9 = xsimd::fma(w0, x2, v9);
        vec w1 = vec::load_unaligned(panel_l1_U_i_transposed + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        v10 = xsimd::fma(w1, x2, v10);
        vec w2 = vec::load_unaligned(panel_l1_U_i_transposed + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        v11 = xsimd::fma(w2, x2, v11);
        vec w3 = vec::load_unaligned(panel_l1_U_i_transposed + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
        v12 = xsimd::fma(w3, x2, v12);
      }
      #pragma GCC unroll 4
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l1_f_pre[((t - window0 + 1) * B + b) * 256 + k]);
        const vec x1 = vec(d_l1_f_pre[((t - window0 + 1) * B + b + 1) * 256 + k]);
        const vec x2 = vec(d_l1_f_pre[((t - window0 + 1) * B + b + 2) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l1_U_f_transposed + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        v9 = xsimd::fma(w0, x2, v9);
        vec w1 = vec::load_unaligned(panel_l1_U_f_transposed + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        v10 = xsimd::fma(w1, x2, v10);
        vec w2 = vec::load_unaligned(panel_l1_U_f_transposed + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        v11 = xsimd::fma(w2, x2, v11);
        vec w3 = vec::load_unaligned(panel_l1_U_f_transposed + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
        v12 = xsimd::fma(w3, x2, v12);
      }
      #pragma GCC unroll 4
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l1_o_pre[((t - window0 + 1) * B + b) * 256 + k]);
        const vec x1 = vec(d_l1_o_pre[((t - window0 + 1) * B + b + 1) * 256 + k]);
        const vec x2 = vec(d_l1_o_pre[((t - window0 + 1) * B + b + 2) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l1_U_o_transposed + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        v9 = xsimd::fma(w0, x2, v9);
        vec w1 = vec::load_unaligned(panel_l1_U_o_transposed + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        v10 = xsimd::fma(w1, x2, v10);
        vec w2 = vec::load_unaligned(panel_l1_U_o_transposed + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        v11 = xsimd::fma(w2, x2, v11);
        vec w3 = vec::load_unaligned(panel_l1_U_o_transposed + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
        v12 = xsimd::fma(w3, x2, v12);
      }
      #pragma GCC unroll 4
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l1_g_pre[((t - window0 + 1) * B + b) * 256 + k]);
        const vec x1 = vec(d_l1_g_pre[((t - window0 + 1) * B + b + 1) * 256 + k]);
        const vec x2 = vec(d_l1_g_pre[((t - window0 + 1) * B + b + 2) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l1_U_g_transposed + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        v9 = xsimd::fma(w0, x2, v9);
        vec w1 = vec::load_unaligned(panel_l1_U_g_transposed + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        v10 = xsimd::fma(w1, x2, v10);
        vec w2 = vec::load_unaligned(panel_l1_U_g_transposed + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        v11 = xsimd::fma(w2, x2, v11);
        vec w3 = vec::load_unaligned(panel_l1_U_g_transposed + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
        v12 = xsimd::fma(w3, x2, v12);
      }
      backward_d_l1_c_d_l1_i_pre_d_l1_f_pre_d_l1_o_pre_epilogue(run, v1, v2, v3, v4, t0, t, window0, b, tile * 32);
      backward_d_l1_c_d_l1_i_pre_d_l1_f_pre_d_l1_o_pre_epilogue(run, v5, v6, v7, v8, t0, t, window0, b + 1, tile * 32);
      backward_d_l1_c_d_l1_i_pre_d_l1_f_pre_d_l1_o_pre_epilogue(run, v9, v10, v11, v12, t0, t, window0, b + 2,
          tile * 32);
    }
    for (int64_t b = (tiles - given_up) * 3; b < (tiles - given_up) * 3 + pairs * 2; b += 2) {
      backward_d_l1_c_d_l1_i_pre_d_l1_f_pre_d_l1_o_pre_prefetch(run, t0, t, window0, b, tile * 32);
      backward_d_l1_c_d_l1_i_pre_d_l1_f_pre_d_l1_o_pre_prefetch(run, t0, t, window0, b + 1, tile * 32);
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      vec v5 = vec(0.0f);
      vec v6 = vec(0.0f);
      vec v7 = vec(0.0f);
      vec v8 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l1_i_pre[((t - window0 + 1) * B + b) * 256 + k]);
        const vec x1 = vec(d_l1_i_pre[((t - window0 + 1) * B + b + 1) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l1_U_i_transposed + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        vec w1 = vec::load_unaligned(panel_l1_U_i_transposed + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        vec w2 = vec::load_unaligned(panel_l1_U_i_transposed + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        vec w3 = vec::load_unaligned(panel_l1_U_i_transposed + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l1_f_pre[((t - window0 + 1) * B + b) * 256 + k]);
        const vec x1 = vec(d_l1_f_pre[((t - window0 + 1) * B + b + 1) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l1_U_f_transposed + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        vec w1 = vec::load_unaligned(panel_l1_U_f_transposed + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        vec w2 = vec::load_unaligned(panel_l1_U_f_transposed + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        vec w3 = vec::load_unaligned(panel_l1_U_f_transposed + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l1_o_pre[((t - window0 + 1) * B + b) * 256 + k]);
        const vec x1 = vec(d_l1_o_pre[((t - window0 + 1) * B + b + 1) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l1_U_o_transposed + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        vec w1 = vec::load_unaligned(panel_l1_U_o_transposed + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        vec w2 = vec::load_unaligned(panel_l1_U_o_transposed + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        vec w3 = vec::load_unaligned(panel_l1_U_o_transposed + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l1_g_pre[((t - window0 + 1) * B + b) * 256 + k]);
        const vec x1 = vec(d_l1_g_pre[((t - window0 + 1) * B + b + 1) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l1_U_g_transposed + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        vec w1 = vec::load_unaligned(panel_l1_U_g_transposed + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        vec w2 = vec::load_unaligned(panel_l1_U_g_transposed + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        vec w3 = vec::load_unaligned(panel_l1_U_g_transposed + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
      }
      backward_d_l1_c_d_l1_i_pre_d_l1_f_pre_d_l1_o_pre_epilogue(run, v1, v2, v3, v4, t0, t, window0, b, tile * 32);
      backward_d_l1_c_d_l1_i_pre_d_l1_f_pre_d_l1_o_pre_epilogue(run, v5, v6, v7, v8, t0, t, window0, b + 1, tile * 32);
    }
  }
  const int64_t share = std::max<int64_t>(0, end - begin);
  const int64_t wide = share / 3;
  for (int64_t tile = 0; tile < wide; ++tile) {
    for (int64_t b = (tiles - given_up) * 3 + pairs * 2; b < B; ++b) {
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
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l1_i_pre[((t - window0 + 1) * B + b) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l1_U_i_transposed + ((tile * 3 + begin) * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l1_U_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l1_U_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l1_U_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_l1_U_i_transposed + ((tile * 3 + begin + 1) * 256 + k) * 32);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_l1_U_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8200);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_l1_U_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8208);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_l1_U_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8216);
        v8 = xsimd::fma(w7, x0, v8);
        const vec w8 = vec::load_unaligned(panel_l1_U_i_transposed + ((tile * 3 + begin + 2) * 256 + k) * 32);
        v9 = xsimd::fma(w8, x0, v9);
        const vec w9 = vec::load_unaligned(panel_l1_U_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16392);
        v10 = xsimd::fma(w9, x0, v10);
        const vec w10 = vec::load_unaligned(panel_l1_U_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16400);
        v11 = xsimd::fma(w10, x0, v11);
        const vec w11 = vec::load_unaligned(panel_l1_U_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16408);
        v12 = xsimd::fma(w11, x0, v12);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l1_f_pre[((t - window0 + 1) * B + b) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l1_U_f_transposed + ((tile * 3 + begin) * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l1_U_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l1_U_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l1_U_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_l1_U_f_transposed + ((tile * 3 + begin + 1) * 256 + k) * 32);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_l1_U_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8200);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_l1_U_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8208);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_l1_U_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8216);
        v8 = xsimd::fma(w7, x0, v8);
        const vec w8 = vec::load_unaligned(panel_l1_U_f_transposed + ((tile * 3 + begin + 2) * 256 + k) * 32);
        v9 = xsimd::fma(w8, x0, v9);
        const vec w9 = vec::load_unaligned(panel_l1_U_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16392);
        v10 = xsimd::fma(w9, x0, v10);
        const vec w10 = vec::load_unaligned(panel_l1_U_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16400);
        v11 = xsimd::fma(w10, x0, v11);
        const vec w11 = vec::load_unaligned(panel_l1_U_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16408);
        v12 = xsimd::fma(w11, x0, v12);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l1_o_pre[((t - window0 + 1) * B + b) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l1_U_o_transposed + ((tile * 3 + begin) * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l1_U_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l1_U_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l1_U_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_l1_U_o_transposed + ((tile * 3 + begin + 1) * 256 + k) * 32);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_l1_U_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8200);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_l1_U_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8208);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_l1_U_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8216);
        v8 = xsimd::fma(w7, x0, v8);
        const vec w8 = vec::load_unaligned(panel_l1_U_o_transposed + ((tile * 3 + begin + 2) * 256 + k) * 32);
        v9 = xsimd::fma(w8, x0, v9);
        const vec w9 = vec::load_unaligned(panel_l1_U_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16392);
        v10 = xsimd::fma(w9, x0, v10);
        const vec w10 = vec::load_unaligned(panel_l1_U_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16400);
        v11 = xsimd::fma(w10, x0, v11);
        const vec w11 = vec::load_unaligned(panel_l1_U_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16408);
        v12 = xsimd::fma(w11, x0, v12);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l1_g_pre[((t - window0 + 1) * B + b) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l1_U_g_transposed + ((tile * 3 + begin) * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l1_U_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l1_U_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l1_U_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_l1_U_g_transposed + ((tile * 3 + begin + 1) * 256 + k) * 32);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_l1_U_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8200);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_l1_U_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8208);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_l1_U_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8216);
        v8 = xsimd::fma(w7, x0, v8);
        const vec w8 = vec::load_unaligned(panel_l1_U_g_transposed + ((tile * 3 + begin + 2) * 256 + k) * 32);
        v9 = xsimd::fma(w8, x0, v9);
        const vec w9 = vec::load_unaligned(panel_l1_U_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16392);
        v10 = xsimd::fma(w9, x0, v10);
        const vec w10 = vec::load_unaligned(panel_l1_U_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16400);
        v11 = xsimd::fma(w10, x0, v11);
        const vec w11 = vec::load_unaligned(panel_l1_U_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16408);
        v12 = xsimd::fma(w11, x0, v12);
      }
      backward_d_l1_c_d_l1_i_pre_d_l1_f_pre_d_l1_o_pre_epilogue(run, v1, v2, v3, v4, t0, t, window0, b,
          (tile * 3 + begin) * 32);
      backward_d_l1_c_d_l1_i_pre_d_l1_f_pre_d_l1_o_pre_epilogue(run, v5, v6, v7, v8, t0, t, window0, b,
          (tile * 3 + begin + 1) * 32);
      backward_d_l1_c_d_l1_i_pre_d_l1_f_pre_d_l1_o_pre_epilogue(run, v9, v10, v11, v12, t0, t, window0, b,
          (tile * 3 + begin + 2) * 32);
    }
  }
  for (int64_t tile = wide * 3 + begin; tile < end; ++tile) {
    for (int64_t b = (tiles - given_up) * 3 + pairs * 2; b < B; ++b) {
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l1_i_pre[((t - window0 + 1) * B + b) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l1_U_i_transposed + (tile * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l1_U_i_transposed + (tile * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l1_U_i_transposed + (tile * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l1_U_i_transposed + (tile * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l1_f_pre[((t - window0 + 1) * B + b) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l1_U_f_transposed + (tile * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l1_U_f_transposed + (tile * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l1_U_f_transposed + (tile * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l1_U_f_transposed + (tile * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l1_o_pre[((t - window0 + 1) * B + b) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l1_U_o_transposed + (tile * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l1_U_o_transposed + (tile * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l1_U_o_transposed + (tile * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l1_U_o_transposed + (tile * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l1_g_pre[((t - window0 + 1) * B + b) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l1_U_g_transposed + (tile * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l1_U_g_transposed + (tile * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l1_U_g_transposed + (tile * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l1_U_g_transposed + (tile * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
      }
      backward_d_l1_c_d_l1_i_pre_d_l1_f_pre_d_l1_o_pre_epilogue(run, v1, v2, v3, v4, t0, t, window0, b, tile * 32);
    }
  }
}

void pack_panel_l1_W_i_transposed(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict param_l1_W_i = run.param_l1_W_i;
  float* __restrict panel_l1_W_i_transposed = run.panel_l1_W_i_transposed;

  for (int64_t block = begin; block < end; ++block) {
    const int64_t unit = block % 4;
    for (int64_t k = 0; k < 256; ++k) {
      const vec v1 = vec::load_unaligned(param_l1_W_i + k * 256 + block * 8);
      v1.store_unaligned(panel_l1_W_i_transposed + (block * 64 + k) * 32 - unit * 2040);
    }
  }
}

void pack_panel_l1_W_f_transposed(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict param_l1_W_f = run.param_l1_W_f;
  float* __restrict panel_l1_W_f_transposed = run.panel_l1_W_f_transposed;

  for (int64_t block = begin; block < end; ++block) {
    const int64_t unit = block % 4;
    for (int64_t k = 0; k < 256; ++k) {
      const vec v1 = vec::load_unaligned(param_l1_W_f + k * 256 + block * 8);
      v1.store_unaligned(panel_l1_W_f_transposed + (block * 64 + k) * 32 - unit * 2040);
    }
  }
}

void pack_panel_l1_W_o_transposed(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict param_l1_W_o = run.param_l1_W_o;
  float* __restrict panel_l1_W_o_transposed = run.panel_l1_W_o_transposed;

  for (int64_t block = begin; block < end; ++block) {
    const int64_t unit = block % 4;
    for (int64_t k = 0; k < 256; ++k) {
      const vec v1 = vec::load_unaligned(param_l1_W_o + k * 256 + block * 8);
      v1.store_unaligned(panel_l1_W_o_transposed + (block * 64 + k) * 32 - unit * 2040);
    }
  }
}

void pack_panel_l1_W_g_transposed(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict param_l1_W_g = run.param_l1_W_g;
  float* __restrict panel_l1_W_g_transposed = run.panel_l1_W_g_transposed;

  for (int64_t block = begin; block < end; ++block) {
    const int64_t unit = block % 4;
    for (int64_t k = 0; k < 256; ++k) {
      const vec v1 = vec::load_unaligned(param_l1_W_g + k * 256 + block * 8);
      v1.store_unaligned(panel_l1_W_g_transposed + (block * 64 + k) * 32 - unit * 2040);
    }
  }
}

// add = l1.W_i' @ d.l1.i.pre + l1.W_f' @ d.l1.f.pre + l1.W_o' @ d.l1.o.pre + l1.W_g' @ d.l1.g.pre
void backward_add_epilogue(const Run& run, vec sum, vec sum_2, vec sum_3, vec sum_4, int64_t t0, int64_t, int64_t,
    int64_t r, int64_t j) {
  const int64_t B = run.B;
  float* add = run.add;

  const int64_t t = r / B;
  const int64_t length = run.length(0, r - t * B);
  const mask m1 = mask(t < length);
  const vec v1 = xsimd::select(m1, sum, vec(0.0f));
  v1.store_unaligned(add + (r - t0 * B) * 256 + j);
  const mask m2 = mask(t < length);
  const vec v2 = xsimd::select(m2, sum_2, vec(0.0f));
  v2.store_unaligned(add + (r - t0 * B) * 256 + j + 8);
  const mask m3 = mask(t < length);
  const vec v3 = xsimd::select(m3, sum_3, vec(0.0f));
  v3.store_unaligned(add + (r - t0 * B) * 256 + j + 16);
  const mask m4 = mask(t < length);
  const vec v4 = xsimd::select(m4, sum_4, vec(0.0f));
  v4.store_unaligned(add + (r - t0 * B) * 256 + j + 24);
}

// add = l1.W_i' @ d.l1.i.pre + l1.W_f' @ d.l1.f.pre + l1.W_o' @ d.l1.o.pre + l1.W_g' @ d.l1.g.pre
void backward_add(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict d_l1_i_pre = run.d_l1_i_pre;
  const float* __restrict d_l1_f_pre = run.d_l1_f_pre;
  const float* __restrict d_l1_o_pre = run.d_l1_o_pre;
  const float* __restrict d_l1_g_pre = run.d_l1_g_pre;
  const float* __restrict panel_l1_W_i_transposed = run.panel_l1_W_i_transposed;
  const float* __restrict panel_l1_W_f_transposed = run.panel_l1_W_f_transposed;
  const float* __restrict panel_l1_W_o_transposed = run.panel_l1_W_o_transposed;
  const float* __restrict panel_l1_W_g_transposed = run.panel_l1_W_g_transposed;

  const int64_t tiles = ((t1 - t0) * B) / 3;
  const int64_t odd = ((t1 - t0) * B - tiles * 3) % 2;
  const int64_t given_up = std::min<int64_t>(odd, tiles);
  const int64_t pairs = ((given_up - tiles) * 3 + (t1 - t0) * B) / 2;
  for (int64_t tile = begin; tile < end; ++tile) {
    for (int64_t r = t0 * B; r < (tiles - given_up) * 3 + t0 * B; r += 3) {
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
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l1_i_pre[(r - window0 * B) * 256 + k]);
        const vec x1 = vec(d_l1_i_pre[(r - window0 * B + 1) * 256 + k]);
        const vec x2 = vec(d_l1_i_pre[(r - window0 * B + 2) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l1_W_i_transposed + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        v9 = xsimd::fma(w0, x2, v9);
        vec w1 = vec::load_unaligned(panel_l1_W_i_transposed + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        v10 = xsimd::fma(w1, x2, v10);
        vec w2 = vec::load_unaligned(panel_l1_W_i_transposed + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        v11 = xsimd::fma(w2, x2, v11);
        vec w3 = vec::load_unaligned(panel_l1_W_i_transposed + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
        v12 = xsimd::fma(w3, x2, v12);
      }
      #pragma GCC unroll 4
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l1_f_pre[(r - window0 * B) * 256 + k]);
        const vec x1 = vec(d_l1_f_pre[(r - window0 * B + 1) * 256 + k]);
        const vec x2 = vec(d_l1_f_pre[(r - window0 * B + 2) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l1_W_f_transposed + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        v9 = xsimd::fma(w0, x2, v9);
        vec w1 = vec::load_unaligned(panel_l1_W_f_transposed + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        v10 = xsimd::fma(w1, x2, v10);
        vec w2 = vec::load_unaligned(panel_l1_W_f_transposed + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        v11 = xsimd::fma(w2, x2, v11);
        vec w3 = vec::load_unaligned(panel_l1_W_f_transposed + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
        v12 = xsimd::fma(w3, x2, v12);
      }
      #pragma GCC unroll 4
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l1_o_pre[(r - window0 * B) * 256 + k]);
        const vec x1 = vec(d_l1_o_pre[(r - window0 * B + 1) * 256 + k]);
        const vec x2 = vec(d_l1_o_pre[(r - window0 * B + 2) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l1_W_o_transposed + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        v9 = xsimd::fma(w0, x2, v9);
        vec w1 = vec::load_unaligned(panel_l1_W_o_transposed + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        v10 = xsimd::fma(w1, x2, v10);
        vec w2 = vec::load_unaligned(panel_l1_W_o_transposed + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        v11 = xsimd::fma(w2, x2, v11);
        vec w3 = vec::load_unaligned(panel_l1_W_o_transposed + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
        v12 = xsimd::fma(w3, x2, v12);
      }
      #pragma GCC unroll 4
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l1_g_pre[(r - window0 * B) * 256 + k]);
        const vec x1 = vec(d_l1_g_pre[(r - window0 * B + 1) * 256 + k]);
        const vec x2 = vec(d_l1_g_pre[(r - window0 * B + 2) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l1_W_g_transposed + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        v9 = xsimd::fma(w0, x2, v9);
        vec w1 = vec::load_unaligned(panel_l1_W_g_transposed + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        v10 = xsimd::fma(w1, x2, v10);
        vec w2 = vec::load_unaligned(panel_l1_W_g_transposed + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        v11 = xsimd::fma(w2, x2, v11);
        vec w3 = vec::load_unaligned(panel_l1_W_g_transposed + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
        v12 = xsimd::fma(w3, x2, v12);
      }
      backward_add_epilogue(run, v1, v2, v3, v4, t0, t1, window0, r, tile * 32);
      backward_add_epilogue(run, v5, v6, v7, v8, t0, t1, window0, r + 1, tile * 32);
      backward_add_epilogue(run, v9, v10, v11, v12, t0, t1, window0, r + 2, tile * 32);
    }
    for (int64_t r = (tiles - given_up) * 3 + t0 * B; r < (tiles - given_up) * 3 + pairs * 2 + t0 * B; r += 2) {
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      vec v5 = vec(0.0f);
      vec v6 = vec(0.0f);
      vec v7 = vec(0.0f);
      vec v8 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l1_i_pre[(r - window0 * B) * 256 + k]);
        const vec x1 = vec(d_l1_i_pre[(r - window0 * B + 1) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l1_W_i_transposed + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        vec w1 = vec::load_unaligned(panel_l1_W_i_transposed + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        vec w2 = vec::load_unaligned(panel_l1_W_i_transposed + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        vec w3 = vec::load_unaligned(panel_l1_W_i_transposed + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l1_f_pre[(r - window0 * B) * 256 + k]);
        const vec x1 = vec(d_l1_f_pre[(r - window0 * B + 1) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l1_W_f_transposed + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        vec w1 = vec::load_unaligned(panel_l1_W_f_transposed + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        vec w2 = vec::load_unaligned(panel_l1_W_f_transposed + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        vec w3 = vec::load_unaligned(panel_l1_W_f_transposed + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l1_o_pre[(r - window0 * B) * 256 + k]);
        const vec x1 = vec(d_l1_o_pre[(r - window0 * B + 1) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l1_W_o_transposed + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        vec w1 = vec::load_unaligned(panel_l1_W_o_transposed + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        vec w2 = vec::load_unaligned(panel_l1_W_o_transposed + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        vec w3 = vec::load_unaligned(panel_l1_W_o_transposed + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l1_g_pre[(r - window0 * B) * 256 + k]);
        const vec x1 = vec(d_l1_g_pre[(r - window0 * B + 1) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l1_W_g_transposed + (tile * 256 + k) * 32); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v5 = xsimd::fma(w0, x1, v5);
        vec w1 = vec::load_unaligned(panel_l1_W_g_transposed + (tile * 256 + k) * 32 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v6 = xsimd::fma(w1, x1, v6);
        vec w2 = vec::load_unaligned(panel_l1_W_g_transposed + (tile * 256 + k) * 32 + 16); RNNC_KEEP(w2);
        v3 = xsimd::fma(w2, x0, v3);
        v7 = xsimd::fma(w2, x1, v7);
        vec w3 = vec::load_unaligned(panel_l1_W_g_transposed + (tile * 256 + k) * 32 + 24); RNNC_KEEP(w3);
        v4 = xsimd::fma(w3, x0, v4);
        v8 = xsimd::fma(w3, x1, v8);
      }
      backward_add_epilogue(run, v1, v2, v3, v4, t0, t1, window0, r, tile * 32);
      backward_add_epilogue(run, v5, v6, v7, v8, t0, t1, window0, r + 1, tile * 32);
    }
  }
  const int64_t share = std::max<int64_t>(0, end - begin);
  const int64_t wide = share / 3;
  for (int64_t tile = 0; tile < wide; ++tile) {
    for (int64_t r = (tiles - given_up) * 3 + pairs * 2 + t0 * B; r < t1 * B; ++r) {
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
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l1_i_pre[(r - window0 * B) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l1_W_i_transposed + ((tile * 3 + begin) * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l1_W_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l1_W_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l1_W_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_l1_W_i_transposed + ((tile * 3 + begin + 1) * 256 + k) * 32);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_l1_W_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8200);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_l1_W_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8208);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_l1_W_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8216);
        v8 = xsimd::fma(w7, x0, v8);
        const vec w8 = vec::load_unaligned(panel_l1_W_i_transposed + ((tile * 3 + begin + 2) * 256 + k) * 32);
        v9 = xsimd::fma(w8, x0, v9);
        const vec w9 = vec::load_unaligned(panel_l1_W_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16392);
        v10 = xsimd::fma(w9, x0, v10);
        const vec w10 = vec::load_unaligned(panel_l1_W_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16400);
        v11 = xsimd::fma(w10, x0, v11);
        const vec w11 = vec::load_unaligned(panel_l1_W_i_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16408);
        v12 = xsimd::fma(w11, x0, v12);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l1_f_pre[(r - window0 * B) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l1_W_f_transposed + ((tile * 3 + begin) * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l1_W_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l1_W_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l1_W_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_l1_W_f_transposed + ((tile * 3 + begin + 1) * 256 + k) * 32);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_l1_W_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8200);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_l1_W_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8208);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_l1_W_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8216);
        v8 = xsimd::fma(w7, x0, v8);
        const vec w8 = vec::load_unaligned(panel_l1_W_f_transposed + ((tile * 3 + begin + 2) * 256 + k) * 32);
        v9 = xsimd::fma(w8, x0, v9);
        const vec w9 = vec::load_unaligned(panel_l1_W_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16392);
        v10 = xsimd::fma(w9, x0, v10);
        const vec w10 = vec::load_unaligned(panel_l1_W_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16400);
        v11 = xsimd::fma(w10, x0, v11);
        const vec w11 = vec::load_unaligned(panel_l1_W_f_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16408);
        v12 = xsimd::fma(w11, x0, v12);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l1_o_pre[(r - window0 * B) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l1_W_o_transposed + ((tile * 3 + begin) * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l1_W_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l1_W_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l1_W_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_l1_W_o_transposed + ((tile * 3 + begin + 1) * 256 + k) * 32);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_l1_W_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8200);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_l1_W_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8208);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_l1_W_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8216);
        v8 = xsimd::fma(w7, x0, v8);
        const vec w8 = vec::load_unaligned(panel_l1_W_o_transposed + ((tile * 3 + begin + 2) * 256 + k) * 32);
        v9 = xsimd::fma(w8, x0, v9);
        const vec w9 = vec::load_unaligned(panel_l1_W_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16392);
        v10 = xsimd::fma(w9, x0, v10);
        const vec w10 = vec::load_unaligned(panel_l1_W_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16400);
        v11 = xsimd::fma(w10, x0, v11);
        const vec w11 = vec::load_unaligned(panel_l1_W_o_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16408);
        v12 = xsimd::fma(w11, x0, v12);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l1_g_pre[(r - window0 * B) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l1_W_g_transposed + ((tile * 3 + begin) * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l1_W_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l1_W_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l1_W_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_l1_W_g_transposed + ((tile * 3 + begin + 1) * 256 + k) * 32);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_l1_W_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8200);
        v6 = xsimd::fma(w5, x0, v6);
        const vec w6 = vec::load_unaligned(panel_l1_W_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8208);
        v7 = xsimd::fma(w6, x0, v7);
        const vec w7 = vec::load_unaligned(panel_l1_W_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 8216);
        v8 = xsimd::fma(w7, x0, v8);
        const vec w8 = vec::load_unaligned(panel_l1_W_g_transposed + ((tile * 3 + begin + 2) * 256 + k) * 32);
        v9 = xsimd::fma(w8, x0, v9);
        const vec w9 = vec::load_unaligned(panel_l1_W_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16392);
        v10 = xsimd::fma(w9, x0, v10);
        const vec w10 = vec::load_unaligned(panel_l1_W_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16400);
        v11 = xsimd::fma(w10, x0, v11);
        const vec w11 = vec::load_unaligned(panel_l1_W_g_transposed + ((tile * 3 + begin) * 256 + k) * 32 + 16408);
        v12 = xsimd::fma(w11, x0, v12);
      }
      backward_add_epilogue(run, v1, v2, v3, v4, t0, t1, window0, r, (tile * 3 + begin) * 32);
      backward_add_epilogue(run, v5, v6, v7, v8, t0, t1, window0, r, (tile * 3 + begin + 1) * 32);
      backward_add_epilogue(run, v9, v10, v11, v12, t0, t1, window0, r, (tile * 3 + begin + 2) * 32);
    }
  }
  for (int64_t tile = wide * 3 + begin; tile < end; ++tile) {
    for (int64_t r = (tiles - given_up) * 3 + pairs * 2 + t0 * B; r < t1 * B; ++r) {
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l1_i_pre[(r - window0 * B) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l1_W_i_transposed + (tile * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l1_W_i_transposed + (tile * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l1_W_i_transposed + (tile * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l1_W_i_transposed + (tile * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l1_f_pre[(r - window0 * B) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l1_W_f_transposed + (tile * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l1_W_f_transposed + (tile * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l1_W_f_transposed + (tile * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l1_W_f_transposed + (tile * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l1_o_pre[(r - window0 * B) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l1_W_o_transposed + (tile * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l1_W_o_transposed + (tile * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l1_W_o_transposed + (tile * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l1_W_o_transposed + (tile * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(d_l1_g_pre[(r - window0 * B) * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l1_W_g_transposed + (tile * 256 + k) * 32);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l1_W_g_transposed + (tile * 256 + k) * 32 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l1_W_g_transposed + (tile * 256 + k) * 32 + 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l1_W_g_transposed + (tile * 256 + k) * 32 + 24);
        v4 = xsimd::fma(w3, x0, v4);
      }
      backward_add_epilogue(run, v1, v2, v3, v4, t0, t1, window0, r, tile * 32);
    }
  }
}

// grad.l1.b_i = sum(d.l1.i.pre over t, b)
void backward_grad_l1_b_i(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict d_l1_i_pre = run.d_l1_i_pre;
  float* __restrict parameter_gradients = run.parameter_gradients;

  for (int64_t tile = begin; tile < end; ++tile) {
    vec v1 = vec(0.0f);
    vec v2 = vec(0.0f);
    vec v3 = vec(0.0f);
    vec v4 = vec(0.0f);
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec d_l1_i_pre0 = vec::load_unaligned(d_l1_i_pre + ((r - window0 * B) * 8 + tile) * 32);
      const int64_t t = r / B;
      const int64_t length = run.length(0, r - t * B);
      const mask m1 = mask(t < length);
      const vec v5 = xsimd::select(m1, d_l1_i_pre0, vec(0.0f));
      v1 = v1 + v5;
      const vec d_l1_i_pre1 = vec::load_unaligned(d_l1_i_pre + ((r - window0 * B) * 8 + tile) * 32 + 8);
      const mask m2 = mask(t < length);
      const vec v6 = xsimd::select(m2, d_l1_i_pre1, vec(0.0f));
      v2 = v2 + v6;
      const vec d_l1_i_pre2 = vec::load_unaligned(d_l1_i_pre + ((r - window0 * B) * 8 + tile) * 32 + 16);
      const mask m3 = mask(t < length);
      const vec v7 = xsimd::select(m3, d_l1_i_pre2, vec(0.0f));
      v3 = v3 + v7;
      const vec d_l1_i_pre3 = vec::load_unaligned(d_l1_i_pre + ((r - window0 * B) * 8 + tile) * 32 + 24);
      const mask m4 = mask(t < length);
      const vec v8 = xsimd::select(m4, d_l1_i_pre3, vec(0.0f));
      v4 = v4 + v8;
    }
    const vec v5 = vec::load_unaligned(parameter_gradients + tile * 32 + 557633);
    const vec v6 = v5 + v1;
    v6.store_unaligned(parameter_gradients + tile * 32 + 557633);
    const vec v7 = vec::load_unaligned(parameter_gradients + tile * 32 + 557641);
    const vec v8 = v7 + v2;
    v8.store_unaligned(parameter_gradients + tile * 32 + 557641);
    const vec v9 = vec::load_unaligned(parameter_gradients + tile * 32 + 557649);
    const vec v10 = v9 + v3;
    v10.store_unaligned(parameter_gradients + tile * 32 + 557649);
    const vec v11 = vec::load_unaligned(parameter_gradients + tile * 32 + 557657);
    const vec v12 = v11 + v4;
    v12.store_unaligned(parameter_gradients + tile * 32 + 557657);
  }
}

// grad.l1.b_o = sum(d.l1.o.pre over t, b)
void backward_grad_l1_b_o(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict d_l1_o_pre = run.d_l1_o_pre;
  float* __restrict parameter_gradients = run.parameter_gradients;

  for (int64_t tile = begin; tile < end; ++tile) {
    vec v1 = vec(0.0f);
    vec v2 = vec(0.0f);
    vec v3 = vec(0.0f);
    vec v4 = vec(0.0f);
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec d_l1_o_pre0 = vec::load_unaligned(d_l1_o_pre + ((r - window0 * B) * 8 + tile) * 32);
      const int64_t t = r / B;
      const int64_t length = run.length(0, r - t * B);
      const mask m1 = mask(t < length);
      const vec v5 = xsimd::select(m1, d_l1_o_pre0, vec(0.0f));
      v1 = v1 + v5;
      const vec d_l1_o_pre1 = vec::load_unaligned(d_l1_o_pre + ((r - window0 * B) * 8 + tile) * 32 + 8);
      const mask m2 = mask(t < length);
      const vec v6 = xsimd::select(m2, d_l1_o_pre1, vec(0.0f));
      v2 = v2 + v6;
      const vec d_l1_o_pre2 = vec::load_unaligned(d_l1_o_pre + ((r - window0 * B) * 8 + tile) * 32 + 16);
      const mask m3 = mask(t < length);
      const vec v7 = xsimd::select(m3, d_l1_o_pre2, vec(0.0f));
      v3 = v3 + v7;
      const vec d_l1_o_pre3 = vec::load_unaligned(d_l1_o_pre + ((r - window0 * B) * 8 + tile) * 32 + 24);
      const mask m4 = mask(t < length);
      const vec v8 = xsimd::select(m4, d_l1_o_pre3, vec(0.0f));
      v4 = v4 + v8;
    }
    const vec v5 = vec::load_unaligned(parameter_gradients + tile * 32 + 557889);
    const vec v6 = v5 + v1;
    v6.store_unaligned(parameter_gradients + tile * 32 + 557889);
    const vec v7 = vec::load_unaligned(parameter_gradients + tile * 32 + 557897);
    const vec v8 = v7 + v2;
    v8.store_unaligned(parameter_gradients + tile * 32 + 557897);
    const vec v9 = vec::load_unaligned(parameter_gradients + tile * 32 + 557905);
    const vec v10 = v9 + v3;
    v10.store_unaligned(parameter_gradients + tile * 32 + 557905);
    const vec v11 = vec::load_unaligned(parameter_gradients + tile * 32 + 557913);
    const vec v12 = v11 + v4;
    v12.store_unaligned(parameter_gradients + tile * 32 + 557913);
  }
}

// grad.l1.b_g = sum(d.l1.g.pre over t, b)
void backward_grad_l1_b_g(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict d_l1_g_pre = run.d_l1_g_pre;
  float* __restrict parameter_gradients = run.parameter_gradients;

  for (int64_t tile = begin; tile < end; ++tile) {
    vec v1 = vec(0.0f);
    vec v2 = vec(0.0f);
    vec v3 = vec(0.0f);
    vec v4 = vec(0.0f);
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec d_l1_g_pre0 = vec::load_unaligned(d_l1_g_pre + ((r - window0 * B) * 8 + tile) * 32);
      const int64_t t = r / B;
      const int64_t length = run.length(0, r - t * B);
      const mask m1 = mask(t < length);
      const vec v5 = xsimd::select(m1, d_l1_g_pre0, vec(0.0f));
      v1 = v1 + v5;
      const vec d_l1_g_pre1 = vec::load_unaligned(d_l1_g_pre + ((r - window0 * B) * 8 + tile) * 32 + 8);
      const mask m2 = mask(t < length);
      const vec v6 = xsimd::select(m2, d_l1_g_pre1, vec(0.0f));
      v2 = v2 + v6;
      const vec d_l1_g_pre2 = vec::load_unaligned(d_l1_g_pre + ((r - window0 * B) * 8 + tile) * 32 + 16);
      const mask m3 = mask(t < length);
      const vec v7 = xsimd::select(m3, d_l1_g_pre2, vec(0.0f));
      v3 = v3 + v7;
      const vec d_l1_g_pre3 = vec::load_unaligned(d_l1_g_pre + ((r - window0 * B) * 8 + tile) * 32 + 24);
      const mask m4 = mask(t < length);
      const vec v8 = xsimd::select(m4, d_l1_g_pre3, vec(0.0f));
      v4 = v4 + v8;
    }
    const vec v5 = vec::load_unaligned(parameter_gradients + tile * 32 + 558145);
    const vec v6 = v5 + v1;
    v6.store_unaligned(parameter_gradients + tile * 32 + 558145);
    const vec v7 = vec::load_unaligned(parameter_gradients + tile * 32 + 558153);
    const vec v8 = v7 + v2;
    v8.store_unaligned(parameter_gradients + tile * 32 + 558153);
    const vec v9 = vec::load_unaligned(parameter_gradients + tile * 32 + 558161);
    const vec v10 = v9 + v3;
    v10.store_unaligned(parameter_gradients + tile * 32 + 558161);
    const vec v11 = vec::load_unaligned(parameter_gradients + tile * 32 + 558169);
    const vec v12 = v11 + v4;
    v12.store_unaligned(parameter_gradients + tile * 32 + 558169);
  }
}

// grad.l1.b_f = sum(d.l1.f.pre over t, b)
void backward_grad_l1_b_f(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict d_l1_f_pre = run.d_l1_f_pre;
  float* __restrict parameter_gradients = run.parameter_gradients;

  for (int64_t tile = begin; tile < end; ++tile) {
    vec v1 = vec(0.0f);
    vec v2 = vec(0.0f);
    vec v3 = vec(0.0f);
    vec v4 = vec(0.0f);
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec d_l1_f_pre0 = vec::load_unaligned(d_l1_f_pre + ((r - window0 * B) * 8 + tile) * 32);
      const int64_t t = r / B;
      const int64_t length = run.length(0, r - t * B);
      const mask m1 = mask(t < length);
      const vec v5 = xsimd::select(m1, d_l1_f_pre0, vec(0.0f));
      v1 = v1 + v5;
      const vec d_l1_f_pre1 = vec::load_unaligned(d_l1_f_pre + ((r - window0 * B) * 8 + tile) * 32 + 8);
      const mask m2 = mask(t < length);
      const vec v6 = xsimd::select(m2, d_l1_f_pre1, vec(0.0f));
      v2 = v2 + v6;
      const vec d_l1_f_pre2 = vec::load_unaligned(d_l1_f_pre + ((r - window0 * B) * 8 + tile) * 32 + 16);
      const mask m3 = mask(t < length);
      const vec v7 = xsimd::select(m3, d_l1_f_pre2, vec(0.0f));
      v3 = v3 + v7;
      const vec d_l1_f_pre3 = vec::load_unaligned(d_l1_f_pre + ((r - window0 * B) * 8 + tile) * 32 + 24);
      const mask m4 = mask(t < length);
      const vec v8 = xsimd::select(m4, d_l1_f_pre3, vec(0.0f));
      v4 = v4 + v8;
    }
    const vec v5 = vec::load_unaligned(parameter_gradients + tile * 32 + 558401);
    const vec v6 = v5 + v1;
    v6.store_unaligned(parameter_gradients + tile * 32 + 558401);
    const vec v7 = vec::load_unaligned(parameter_gradients + tile * 32 + 558409);
    const vec v8 = v7 + v2;
    v8.store_unaligned(parameter_gradients + tile * 32 + 558409);
    const vec v9 = vec::load_unaligned(parameter_gradients + tile * 32 + 558417);
    const vec v10 = v9 + v3;
    v10.store_unaligned(parameter_gradients + tile * 32 + 558417);
    const vec v11 = vec::load_unaligned(parameter_gradients + tile * 32 + 558425);
    const vec v12 = v11 + v4;
    v12.store_unaligned(parameter_gradients + tile * 32 + 558425);
  }
}

// d.l1.i.pre_panels as [32][block of steps][B][8]
void backward_d_l1_i_pre_panels(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict d_l1_i_pre = run.d_l1_i_pre;
  float* __restrict panels = run.panels;

  for (int64_t panel = begin; panel < end; ++panel) {
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec v1 = vec::load_unaligned(d_l1_i_pre + (r - window0 * B) * 256 + panel * 8);
      v1.store_unaligned(panels + ((t1 - t0) * panel - t0 + 236) * 8 * B + (r + 60424) * 8);
    }
  }
}

// gather_panels as [11][block of steps][B][24]
void backward_gather_panels(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t) {
  const int64_t B = run.B;
  const float* __restrict gather_3 = run.gather_3;
  float* __restrict panels = run.panels;

  const int64_t full = std::min<int64_t>(end, 10);
  for (int64_t panel = begin; panel < full; ++panel) {
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec v1 = vec::load_unaligned(gather_3 + (r - t0 * B) * 256 + panel * 24);
      v1.store_unaligned(panels + (((t1 - t0) * panel - t0) * 24 + 2144) * B + r * 24 + 548936);
      const vec v2 = vec::load_unaligned(gather_3 + (r - t0 * B) * 256 + panel * 24 + 8);
      v2.store_unaligned(panels + (((t1 - t0) * panel - t0) * 24 + 2144) * B + r * 24 + 548944);
      const vec v3 = vec::load_unaligned(gather_3 + (r - t0 * B) * 256 + panel * 24 + 16);
      v3.store_unaligned(panels + (((t1 - t0) * panel - t0) * 24 + 2144) * B + (r + 22873) * 24);
    }
  }
  const int64_t rest = std::max<int64_t>(begin, 10);
  for (int64_t last = rest; last < end; ++last) {
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec v1 = vec::load_unaligned(gather_3 + (r - t0 * B) * 256 + 240);
      v1.store_unaligned(panels + (t1 * 240 - t0 * 264 + 2144) * B + r * 24 + 548936);
      const vec v2 = vec::load_unaligned(gather_3 + (r - t0 * B) * 256 + 248);
      v2.store_unaligned(panels + (t1 * 240 - t0 * 264 + 2144) * B + r * 24 + 548944);
    }
  }
}

// d.l1.f.pre_panels as [32][block of steps][B][8]
void backward_d_l1_f_pre_panels(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict d_l1_f_pre = run.d_l1_f_pre;
  float* __restrict panels = run.panels;

  for (int64_t panel = begin; panel < end; ++panel) {
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec v1 = vec::load_unaligned(d_l1_f_pre + (r - window0 * B) * 256 + panel * 8);
      v1.store_unaligned(panels + ((t1 - t0) * panel - t0 + 301) * 8 * B + (r + 77066) * 8);
    }
  }
}

// d.l1.o.pre_panels as [32][block of steps][B][8]
void backward_d_l1_o_pre_panels(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict d_l1_o_pre = run.d_l1_o_pre;
  float* __restrict panels = run.panels;

  for (int64_t panel = begin; panel < end; ++panel) {
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec v1 = vec::load_unaligned(d_l1_o_pre + (r - window0 * B) * 256 + panel * 8);
      v1.store_unaligned(panels + ((t1 - t0) * panel - t0 + 333) * 8 * B + (r + 85259) * 8);
    }
  }
}

// d.l1.g.pre_panels as [32][block of steps][B][8]
void backward_d_l1_g_pre_panels(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict d_l1_g_pre = run.d_l1_g_pre;
  float* __restrict panels = run.panels;

  for (int64_t panel = begin; panel < end; ++panel) {
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec v1 = vec::load_unaligned(d_l1_g_pre + (r - window0 * B) * 256 + panel * 8);
      v1.store_unaligned(panels + ((t1 - t0) * panel - t0 + 365) * 8 * B + (r + 93452) * 8);
    }
  }
}

// l1.h_before_panels as [11][block of steps][B][24]
void backward_l1_h_before_panels(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t window0) {
  const int64_t B = run.B;
  const float* __restrict tape_l1_h = run.tape_l1_h;
  float* __restrict panels = run.panels;

  const int64_t full = std::min<int64_t>(end, 10);
  for (int64_t panel = begin; panel < full; ++panel) {
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec v1 = vec::load_unaligned(tape_l1_h + (r - window0 * B) * 256 + panel * 24);
      v1.store_unaligned(panels + (((t1 - t0) * panel - t0) * 24 + 3176) * B + r * 24 + 813160);
      const vec v2 = vec::load_unaligned(tape_l1_h + (r - window0 * B) * 256 + panel * 24 + 8);
      v2.store_unaligned(panels + (((t1 - t0) * panel - t0) * 24 + 3176) * B + (r + 33882) * 24);
      const vec v3 = vec::load_unaligned(tape_l1_h + (r - window0 * B) * 256 + panel * 24 + 16);
      v3.store_unaligned(panels + (((t1 - t0) * panel - t0) * 24 + 3176) * B + r * 24 + 813176);
    }
  }
  const int64_t rest = std::max<int64_t>(begin, 10);
  for (int64_t last = rest; last < end; ++last) {
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const vec v1 = vec::load_unaligned(tape_l1_h + (r - window0 * B) * 256 + 240);
      v1.store_unaligned(panels + (t1 * 240 - t0 * 264 + 3176) * B + r * 24 + 813160);
      const vec v2 = vec::load_unaligned(tape_l1_h + (r - window0 * B) * 256 + 248);
      v2.store_unaligned(panels + (t1 * 240 - t0 * 264 + 3176) * B + (r + 33882) * 24);
    }
  }
}

// grad.E = sum(one_hot(token) @ (l1.W_i' @ d.l1.i.pre + l1.W_f' @ d.l1.f.pre + l1.W_o' @ d.l1.o.pre + l1.W_g' @ d.l1.g.pre)' over t, b)
void backward_grad_E(const Run& run, int64_t begin, int64_t end, int64_t t0, int64_t t1, int64_t) {
  const int64_t B = run.B;
  const int32_t* __restrict token = run.token;
  const float* __restrict add_at = run.add;
  float* __restrict parameter_gradients = run.parameter_gradients;

  for (int64_t j = begin; j < end; ++j) {
    for (int64_t r = t0 * B; r < t1 * B; ++r) {
      const int64_t entry = token[r];
      const int64_t entry_2 = std::max<int64_t>(entry, 0);
      const int64_t entry_3 = std::min<int64_t>(entry_2, 64);
      const vec add = vec::load_unaligned(add_at + (r - t0 * B) * 256 + j * 8);
      const vec v1 = vec::load_unaligned(parameter_gradients + entry_3 * 256 + j * 8);
      const vec v2 = v1 + add;
      v2.store_unaligned(parameter_gradients + entry_3 * 256 + j * 8);
    }
  }
}

// first_l1.f = l1.f[first]
void backward_first_l1_f(const Run& run, int64_t begin, int64_t end, int64_t, int64_t, int64_t window0) {
  const int64_t T = run.T, B = run.B, window = run.window;
  const float* __restrict tape_l1_f = run.tape_l1_f;
  float* __restrict first_l1_f = run.first_l1_f;

  for (int64_t b = begin; b < end; ++b) {
    const int64_t length = run.length(0, b);
    const int64_t there = std::min<int64_t>(0, T - 1);
    const int64_t step_2 = std::max<int64_t>(there, 0);
    const int64_t to = std::min<int64_t>(step_2 + 1, window + window0);
    const int64_t from = std::max<int64_t>(step_2, window0);
    for (int64_t here = from; here < to; ++here) {
      const int64_t beyond = std::min<int64_t>(length, 1);
      const int64_t inside = std::max<int64_t>(beyond, 0);
      for (int64_t j = 0; j < 32; ++j) {
        vec l1_f = vec(0.0f);
        for (int64_t once = 0; once < inside; ++once) {
          l1_f = vec::load_unaligned(tape_l1_f + (b - window0 * B) * 256 + j * 8);
        }
        l1_f.store_unaligned(first_l1_f + b * 256 + j * 8);
      }
    }
  }
}

// first_l2.f = l2.f[first]
void backward_first_l2_f(const Run& run, int64_t begin, int64_t end, int64_t, int64_t, int64_t window0) {
  const int64_t T = run.T, B = run.B, window = run.window;
  const float* __restrict tape_l2_f = run.tape_l2_f;
  float* __restrict first_l2_f = run.first_l2_f;

  for (int64_t b = begin; b < end; ++b) {
    const int64_t length = run.length(0, b);
    const int64_t there = std::min<int64_t>(0, T - 1);
    const int64_t step_2 = std::max<int64_t>(there, 0);
    const int64_t to = std::min<int64_t>(step_2 + 1, window + window0);
    const int64_t from = std::max<int64_t>(step_2, window0);
    for (int64_t here = from; here < to; ++here) {
      const int64_t beyond = std::min<int64_t>(length, 1);
      const int64_t inside = std::max<int64_t>(beyond, 0);
      for (int64_t j = 0; j < 32; ++j) {
        vec l2_f = vec(0.0f);
        for (int64_t once = 0; once < inside; ++once) {
          l2_f = vec::load_unaligned(tape_l2_f + (b - window0 * B) * 256 + j * 8);
        }
        l2_f.store_unaligned(first_l2_f + b * 256 + j * 8);
      }
    }
  }
}

// first_d.l1.g.pre = d.l1.g.pre[first]
void backward_first_d_l1_g_pre(const Run& run, int64_t begin, int64_t end, int64_t, int64_t, int64_t window0) {
  const int64_t T = run.T, B = run.B, window = run.window;
  float* __restrict first_d_l1_g_pre = run.first_d_l1_g_pre;
  const float* __restrict d_l1_g_pre_at = run.d_l1_g_pre;

  for (int64_t b = begin; b < end; ++b) {
    const int64_t length = run.length(0, b);
    const int64_t there = std::min<int64_t>(0, T - 1);
    const int64_t step_2 = std::max<int64_t>(there, 0);
    const int64_t to = std::min<int64_t>(step_2 + 1, window + window0);
    const int64_t from = std::max<int64_t>(step_2, window0);
    for (int64_t here = from; here < to; ++here) {
      const int64_t beyond = std::min<int64_t>(length, 1);
      const int64_t inside = std::max<int64_t>(beyond, 0);
      for (int64_t j = 0; j < 32; ++j) {
        vec d_l1_g_pre = vec(0.0f);
        for (int64_t once = 0; once < inside; ++once) {
          d_l1_g_pre = vec::load_unaligned(d_l1_g_pre_at + (b - window0 * B) * 256 + j * 8);
        }
        d_l1_g_pre.store_unaligned(first_d_l1_g_pre + b * 256 + j * 8);
      }
    }
  }
}

// first_d.l1.o.pre = d.l1.o.pre[first]
void backward_first_d_l1_o_pre(const Run& run, int64_t begin, int64_t end, int64_t, int64_t, int64_t window0) {
  const int64_t T = run.T, B = run.B, window = run.window;
  float* __restrict first_d_l1_o_pre = run.first_d_l1_o_pre;
  const float* __restrict d_l1_o_pre_at = run.d_l1_o_pre;

  for (int64_t b = begin; b < end; ++b) {
    const int64_t length = run.length(0, b);
    const int64_t there = std::min<int64_t>(0, T - 1);
    const int64_t step_2 = std::max<int64_t>(there, 0);
    const int64_t to = std::min<int64_t>(step_2 + 1, window + window0);
    const int64_t from = std::max<int64_t>(step_2, window0);
    for (int64_t here = from; here < to; ++here) {
      const int64_t beyond = std::min<int64_t>(length, 1);
      const int64_t inside = std::max<int64_t>(beyond, 0);
      for (int64_t j = 0; j < 32; ++j) {
        vec d_l1_o_pre = vec(0.0f);
        for (int64_t once = 0; once < inside; ++once) {
          d_l1_o_pre = vec::load_unaligned(d_l1_o_pre_at + (b - window0 * B) * 256 + j * 8);
        }
        d_l1_o_pre.store_unaligned(first_d_l1_o_pre + b * 256 + j * 8);
      }
    }
  }
}

// first_d.l1.f.pre = d.l1.f.pre[first]
void backward_first_d_l1_f_pre(const Run& run, int64_t begin, int64_t end, int64_t, int64_t, int64_t window0) {
  const int64_t T = run.T, B = run.B, window = run.window;
  float* __restrict first_d_l1_f_pre = run.first_d_l1_f_pre;
  const float* __restrict d_l1_f_pre_at = run.d_l1_f_pre;

  for (int64_t b = begin; b < end; ++b) {
    const int64_t length = run.length(0, b);
    const int64_t there = std::min<int64_t>(0, T - 1);
    const int64_t step_2 = std::max<int64_t>(there, 0);
    const int64_t to = std::min<int64_t>(step_2 + 1, window + window0);
    const int64_t from = std::max<int64_t>(step_2, window0);
    for (int64_t here = from; here < to; ++here) {
      const int64_t beyond = std::min<int64_t>(length, 1);
      const int64_t inside = std::max<int64_t>(beyond, 0);
      for (int64_t j = 0; j < 32; ++j) {
        vec d_l1_f_pre = vec(0.0f);
        for (int64_t once = 0; once < inside; ++once) {
          d_l1_f_pre = vec::load_unaligned(d_l1_f_pre_at + (b - window0 * B) * 256 + j * 8);
        }
        d_l1_f_pre.store_unaligned(first_d_l1_f_pre + b * 256 + j * 8);
      }
    }
  }
}

// first_d.l1.i.pre = d.l1.i.pre[first]
void backward_first_d_l1_i_pre(const Run& run, int64_t begin, int64_t end, int64_t, int64_t, int64_t window0) {
  const int64_t T = run.T, B = run.B, window = run.window;
  float* __restrict first_d_l1_i_pre = run.first_d_l1_i_pre;
  const float* __restrict d_l1_i_pre_at = run.d_l1_i_pre;

  for (int64_t b = begin; b < end; ++b) {
    const int64_t length = run.length(0, b);
    const int64_t there = std::min<int64_t>(0, T - 1);
    const int64_t step_2 = std::max<int64_t>(there, 0);
    const int64_t to = std::min<int64_t>(step_2 + 1, window + window0);
    const int64_t from = std::max<int64_t>(step_2, window0);
    for (int64_t here = from; here < to; ++here) {
      const int64_t beyond = std::min<int64_t>(length, 1);
      const int64_t inside = std::max<int64_t>(beyond, 0);
      for (int64_t j = 0; j < 32; ++j) {
        vec d_l1_i_pre = vec(0.0f);
        for (int64_t once = 0; once < inside; ++once) {
          d_l1_i_pre = vec::load_unaligned(d_l1_i_pre_at + (b - window0 * B) * 256 + j * 8);
        }
        d_l1_i_pre.store_unaligned(first_d_l1_i_pre + b * 256 + j * 8);
      }
    }
  }
}

// first_d.l1.c = d.l1.c[first]
void backward_first_d_l1_c(const Run& run, int64_t begin, int64_t end, int64_t, int64_t, int64_t window0) {
  const int64_t T = run.T, B = run.B, window = run.window;
  float* __restrict first_d_l1_c = run.first_d_l1_c;
  const float* __restrict d_l1_c_at = run.d_l1_c;

  for (int64_t b = begin; b < end; ++b) {
    const int64_t length = run.length(0, b);
    const int64_t there = std::min<int64_t>(0, T - 1);
    const int64_t step_2 = std::max<int64_t>(there, 0);
    const int64_t to = std::min<int64_t>(step_2 + 1, window + window0);
    const int64_t from = std::max<int64_t>(step_2, window0);
    for (int64_t here = from; here < to; ++here) {
      const int64_t beyond = std::min<int64_t>(length, 1);
      const int64_t inside = std::max<int64_t>(beyond, 0);
      for (int64_t j = 0; j < 32; ++j) {
        vec d_l1_c = vec(0.0f);
        for (int64_t once = 0; once < inside; ++once) {
          d_l1_c = vec::load_unaligned(d_l1_c_at + (b - window0 * B) * 256 + j * 8);
        }
        d_l1_c.store_unaligned(first_d_l1_c + b * 256 + j * 8);
      }
    }
  }
}

// first_d.l2.g.pre = d.l2.g.pre[first]
void backward_first_d_l2_g_pre(const Run& run, int64_t begin, int64_t end, int64_t, int64_t, int64_t window0) {
  const int64_t T = run.T, B = run.B, window = run.window;
  float* __restrict first_d_l2_g_pre = run.first_d_l2_g_pre;
  const float* __restrict d_l2_g_pre_at = run.d_l2_g_pre;

  for (int64_t b = begin; b < end; ++b) {
    const int64_t length = run.length(0, b);
    const int64_t there = std::min<int64_t>(0, T - 1);
    const int64_t step_2 = std::max<int64_t>(there, 0);
    const int64_t to = std::min<int64_t>(step_2 + 1, window + window0);
    const int64_t from = std::max<int64_t>(step_2, window0);
    for (int64_t here = from; here < to; ++here) {
      const int64_t beyond = std::min<int64_t>(length, 1);
      const int64_t inside = std::max<int64_t>(beyond, 0);
      for (int64_t j = 0; j < 32; ++j) {
        vec d_l2_g_pre = vec(0.0f);
        for (int64_t once = 0; once < inside; ++once) {
          d_l2_g_pre = vec::load_unaligned(d_l2_g_pre_at + (b - window0 * B) * 256 + j * 8);
        }
        d_l2_g_pre.store_unaligned(first_d_l2_g_pre + b * 256 + j * 8);
      }
    }
  }
}

// first_d.l2.o.pre = d.l2.o.pre[first]
void backward_first_d_l2_o_pre(const Run& run, int64_t begin, int64_t end, int64_t, int64_t, int64_t window0) {
  const int64_t T = run.T, B = run.B, window = run.window;
  float* __restrict first_d_l2_o_pre = run.first_d_l2_o_pre;
  const float* __restrict d_l2_o_pre_at = run.d_l2_o_pre;

  for (int64_t b = begin; b < end; ++b) {
    const int64_t length = run.length(0, b);
    const int64_t there = std::min<int64_t>(0, T - 1);
    const int64_t step_2 = std::max<int64_t>(there, 0);
    const int64_t to = std::min<int64_t>(step_2 + 1, window + window0);
    const int64_t from = std::max<int64_t>(step_2, window0);
    for (int64_t here = from; here < to; ++here) {
      const int64_t beyond = std::min<int64_t>(length, 1);
      const int64_t inside = std::max<int64_t>(beyond, 0);
      for (int64_t j = 0; j < 32; ++j) {
        vec d_l2_o_pre = vec(0.0f);
        for (int64_t once = 0; once < inside; ++once) {
          d_l2_o_pre = vec::load_unaligned(d_l2_o_pre_at + (b - window0 * B) * 256 + j * 8);
        }
        d_l2_o_pre.store_unaligned(first_d_l2_o_pre + b * 256 + j * 8);
      }
    }
  }
}

// first_d.l2.f.pre = d.l2.f.pre[first]
void backward_first_d_l2_f_pre(const Run& run, int64_t begin, int64_t end, int64_t, int64_t, int64_t window0) {
  const int64_t T = run.T, B = run.B, window = run.window;
  float* __restrict first_d_l2_f_pre = run.first_d_l2_f_pre;
  const float* __restrict d_l2_f_pre_at = run.d_l2_f_pre;

  for (int64_t b = begin; b < end; ++b) {
    const int64_t length = run.length(0, b);
    const int64_t there = std::min<int64_t>(0, T - 1);
    const int64_t step_2 = std::max<int64_t>(there, 0);
    const int64_t to = std::min<int64_t>(step_2 + 1, window + window0);
    const int64_t from = std::max<int64_t>(step_2, window0);
    for (int64_t here = from; here < to; ++here) {
      const int64_t beyond = std::min<int64_t>(length, 1);
      const int64_t inside = std::max<int64_t>(beyond, 0);
      for (int64_t j = 0; j < 32; ++j) {
        vec d_l2_f_pre = vec(0.0f);
        for (int64_t once = 0; once < inside; ++once) {
          d_l2_f_pre = vec::load_unaligned(d_l2_f_pre_at + (b - window0 * B) * 256 + j * 8);
        }
        d_l2_f_pre.store_unaligned(first_d_l2_f_pre + b * 256 + j * 8);
      }
    }
  }
}

// first_d.l2.i.pre = d.l2.i.pre[first]
void backward_first_d_l2_i_pre(const Run& run, int64_t begin, int64_t end, int64_t, int64_t, int64_t window0) {
  const int64_t T = run.T, B = run.B, window = run.window;
  float* __restrict first_d_l2_i_pre = run.first_d_l2_i_pre;
  const float* __restrict d_l2_i_pre_at = run.d_l2_i_pre;

  for (int64_t b = begin; b < end; ++b) {
    const int64_t length = run.length(0, b);
    const int64_t there = std::min<int64_t>(0, T - 1);
    const int64_t step_2 = std::max<int64_t>(there, 0);
    const int64_t to = std::min<int64_t>(step_2 + 1, window + window0);
    const int64_t from = std::max<int64_t>(step_2, window0);
    for (int64_t here = from; here < to; ++here) {
      const int64_t beyond = std::min<int64_t>(length, 1);
      const int64_t inside = std::max<int64_t>(beyond, 0);
      for (int64_t j = 0; j < 32; ++j) {
        vec d_l2_i_pre = vec(0.0f);
        for (int64_t once = 0; once < inside; ++once) {
          d_l2_i_pre = vec::load_unaligned(d_l2_i_pre_at + (b - window0 * B) * 256 + j * 8);
        }
        d_l2_i_pre.store_unaligned(first_d_l2_i_pre + b * 256 + j * 8);
      }
    }
  }
}

// first_d.l2.c = d.l2.c[first]
void backward_first_d_l2_c(const Run& run, int64_t begin, int64_t end, int64_t, int64_t, int64_t window0) {
  const int64_t T = run.T, B = run.B, window = run.window;
  float* __restrict first_d_l2_c = run.first_d_l2_c;
  const float* __restrict d_l2_c_at = run.d_l2_c;

  for (int64_t b = begin; b < end; ++b) {
    const int64_t length = run.length(0, b);
    const int64_t there = std::min<int64_t>(0, T - 1);
    const int64_t step_2 = std::max<int64_t>(there, 0);
    const int64_t to = std::min<int64_t>(step_2 + 1, window + window0);
    const int64_t from = std::max<int64_t>(step_2, window0);
    for (int64_t here = from; here < to; ++here) {
      const int64_t beyond = std::min<int64_t>(length, 1);
      const int64_t inside = std::max<int64_t>(beyond, 0);
      for (int64_t j = 0; j < 32; ++j) {
        vec d_l2_c = vec(0.0f);
        for (int64_t once = 0; once < inside; ++once) {
          d_l2_c = vec::load_unaligned(d_l2_c_at + (b - window0 * B) * 256 + j * 8);
        }
        d_l2_c.store_unaligned(first_d_l2_c + b * 256 + j * 8);
      }
    }
  }
}

void pack_panel_l1_U_i_transposed_2(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict param_l1_U_i = run.param_l1_U_i;
  float* __restrict panel_l1_U_i_transposed_2 = run.panel_l1_U_i_transposed_2;

  for (int64_t block = begin; block < end; ++block) {
    const int64_t unit = block % 2;
    for (int64_t k = 0; k < 256; ++k) {
      const vec v1 = vec::load_unaligned(param_l1_U_i + k * 256 + block * 8);
      v1.store_unaligned(panel_l1_U_i_transposed_2 + (block * 128 + k) * 16 - unit * 2040);
    }
  }
}

void pack_panel_l1_U_f_transposed_2(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict param_l1_U_f = run.param_l1_U_f;
  float* __restrict panel_l1_U_f_transposed_2 = run.panel_l1_U_f_transposed_2;

  for (int64_t block = begin; block < end; ++block) {
    const int64_t unit = block % 2;
    for (int64_t k = 0; k < 256; ++k) {
      const vec v1 = vec::load_unaligned(param_l1_U_f + k * 256 + block * 8);
      v1.store_unaligned(panel_l1_U_f_transposed_2 + (block * 128 + k) * 16 - unit * 2040);
    }
  }
}

void pack_panel_l1_U_o_transposed_2(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict param_l1_U_o = run.param_l1_U_o;
  float* __restrict panel_l1_U_o_transposed_2 = run.panel_l1_U_o_transposed_2;

  for (int64_t block = begin; block < end; ++block) {
    const int64_t unit = block % 2;
    for (int64_t k = 0; k < 256; ++k) {
      const vec v1 = vec::load_unaligned(param_l1_U_o + k * 256 + block * 8);
      v1.store_unaligned(panel_l1_U_o_transposed_2 + (block * 128 + k) * 16 - unit * 2040);
    }
  }
}

void pack_panel_l1_U_g_transposed_2(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict param_l1_U_g = run.param_l1_U_g;
  float* __restrict panel_l1_U_g_transposed_2 = run.panel_l1_U_g_transposed_2;

  for (int64_t block = begin; block < end; ++block) {
    const int64_t unit = block % 2;
    for (int64_t k = 0; k < 256; ++k) {
      const vec v1 = vec::load_unaligned(param_l1_U_g + k * 256 + block * 8);
      v1.store_unaligned(panel_l1_U_g_transposed_2 + (block * 128 + k) * 16 - unit * 2040);
    }
  }
}

void pack_panel_l2_U_i_transposed_2(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict param_l2_U_i = run.param_l2_U_i;
  float* __restrict panel_l2_U_i_transposed_2 = run.panel_l2_U_i_transposed_2;

  for (int64_t block = begin; block < end; ++block) {
    const int64_t unit = block % 2;
    for (int64_t k = 0; k < 256; ++k) {
      const vec v1 = vec::load_unaligned(param_l2_U_i + k * 256 + block * 8);
      v1.store_unaligned(panel_l2_U_i_transposed_2 + (block * 128 + k) * 16 - unit * 2040);
    }
  }
}

void pack_panel_l2_U_f_transposed_2(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict param_l2_U_f = run.param_l2_U_f;
  float* __restrict panel_l2_U_f_transposed_2 = run.panel_l2_U_f_transposed_2;

  for (int64_t block = begin; block < end; ++block) {
    const int64_t unit = block % 2;
    for (int64_t k = 0; k < 256; ++k) {
      const vec v1 = vec::load_unaligned(param_l2_U_f + k * 256 + block * 8);
      v1.store_unaligned(panel_l2_U_f_transposed_2 + (block * 128 + k) * 16 - unit * 2040);
    }
  }
}

void pack_panel_l2_U_o_transposed_2(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict param_l2_U_o = run.param_l2_U_o;
  float* __restrict panel_l2_U_o_transposed_2 = run.panel_l2_U_o_transposed_2;

  for (int64_t block = begin; block < end; ++block) {
    const int64_t unit = block % 2;
    for (int64_t k = 0; k < 256; ++k) {
      const vec v1 = vec::load_unaligned(param_l2_U_o + k * 256 + block * 8);
      v1.store_unaligned(panel_l2_U_o_transposed_2 + (block * 128 + k) * 16 - unit * 2040);
    }
  }
}

void pack_panel_l2_U_g_transposed_2(const Run& run, int64_t begin, int64_t end) {
  const float* __restrict param_l2_U_g = run.param_l2_U_g;
  float* __restrict panel_l2_U_g_transposed_2 = run.panel_l2_U_g_transposed_2;

  for (int64_t block = begin; block < end; ++block) {
    const int64_t unit = block % 2;
    for (int64_t k = 0; k < 256; ++k) {
      const vec v1 = vec::load_unaligned(param_l2_U_g + k * 256 + block * 8);
      v1.store_unaligned(panel_l2_U_g_transposed_2 + (block * 128 + k) * 16 - unit * 2040);
    }
  }
}

// grad.l1.h.init = l1.U_i' @ d.l1.i.pre[first] + l1.U_f' @ d.l1.f.pre[first] + l1.U_o' @ d.l1.o.pre[first] + l1.U_g' @ d.l1.g.pre[first] + where(length(t) == 0, u …
// grad.l1.c.init = d.l1.c[first] * l1.f[first] + where(length(t) == 0, upstream(l1.c.final), 0)
// grad.l2.h.init = l2.U_i' @ d.l2.i.pre[first] + l2.U_f' @ d.l2.f.pre[first] + l2.U_o' @ d.l2.o.pre[first] + l2.U_g' @ d.l2.g.pre[first] + where(length(t) == 0, u …
// grad.l2.c.init = d.l2.c[first] * l2.f[first] + where(length(t) == 0, upstream(l2.c.final), 0)
void backward_grad_l1_h_init_grad_l1_c_init_grad_l2_h_init_grad_l2_c_init_epilogue(const Run& run, vec sum, vec sum_2,
    vec sum_3, vec sum_4, int64_t b, int64_t j) {
  float* grad_l1_h_init = run.grad_l1_h_init;
  const float* first_l1_f = run.first_l1_f;
  const float* first_d_l1_c = run.first_d_l1_c;
  float* grad_l1_c_init = run.grad_l1_c_init;
  float* grad_l2_h_init = run.grad_l2_h_init;
  const float* first_l2_f = run.first_l2_f;
  const float* first_d_l2_c = run.first_d_l2_c;
  float* grad_l2_c_init = run.grad_l2_c_init;
  const float* d_l1_h_final = run.d_l1_h_final;
  const float* d_l1_c_final = run.d_l1_c_final;
  const float* d_l2_h_final = run.d_l2_h_final;
  const float* d_l2_c_final = run.d_l2_c_final;
  float* grad_l1_h_init_2 = run.grad_l1_h_init_2;
  float* grad_l1_c_init_2 = run.grad_l1_c_init_2;
  float* grad_l2_h_init_2 = run.grad_l2_h_init_2;
  float* grad_l2_c_init_2 = run.grad_l2_c_init_2;

  const int64_t length = run.length(0, b);
  const mask m1 = mask(length < 1);
  const vec upstream0 = vec::load_unaligned(d_l1_h_final + b * 256 + j);
  const vec v1 = xsimd::select(m1, upstream0, vec(0.0f));
  const vec v2 = sum + v1;
  v2.store_unaligned(grad_l1_h_init + b * 256 + j);
  v2.store_unaligned(grad_l1_h_init_2 + b * 256 + j);
  const mask m2 = mask(length < 1);
  const vec upstream1 = vec::load_unaligned(d_l1_h_final + b * 256 + j + 8);
  const vec v3 = xsimd::select(m2, upstream1, vec(0.0f));
  const vec v4 = sum_3 + v3;
  v4.store_unaligned(grad_l1_h_init + b * 256 + j + 8);
  v4.store_unaligned(grad_l1_h_init_2 + b * 256 + j + 8);
  const vec first_d_l1_c0 = vec::load_unaligned(first_d_l1_c + b * 256 + j);
  const vec first_l1_f0 = vec::load_unaligned(first_l1_f + b * 256 + j);
  const vec v5 = first_d_l1_c0 * first_l1_f0;
  const mask m3 = mask(length < 1);
  const vec upstream2 = vec::load_unaligned(d_l1_c_final + b * 256 + j);
  const vec v6 = xsimd::select(m3, upstream2, vec(0.0f));
  const vec v7 = v5 + v6;
  v7.store_unaligned(grad_l1_c_init + b * 256 + j);
  v7.store_unaligned(grad_l1_c_init_2 + b * 256 + j);
  const vec first_d_l1_c1 = vec::load_unaligned(first_d_l1_c + b * 256 + j + 8);
  const vec first_l1_f1 = vec::load_unaligned(first_l1_f + b * 256 + j + 8);
  const vec v8 = first_d_l1_c1 * first_l1_f1;
  const mask m4 = mask(length < 1);
  const vec upstream3 = vec::load_unaligned(d_l1_c_final + b * 256 + j + 8);
  const vec v9 = xsimd::select(m4, upstream3, vec(0.0f));
  const vec v10 = v8 + v9;
  v10.store_unaligned(grad_l1_c_init + b * 256 + j + 8);
  v10.store_unaligned(grad_l1_c_init_2 + b * 256 + j + 8);
  const mask m5 = mask(length < 1);
  const vec upstream4 = vec::load_unaligned(d_l2_h_final + b * 256 + j);
  const vec v11 = xsimd::select(m5, upstream4, vec(0.0f));
  const vec v12 = sum_2 + v11;
  v12.store_unaligned(grad_l2_h_init + b * 256 + j);
  v12.store_unaligned(grad_l2_h_init_2 + b * 256 + j);
  const mask m6 = mask(length < 1);
  const vec upstream5 = vec::load_unaligned(d_l2_h_final + b * 256 + j + 8);
  const vec v13 = xsimd::select(m6, upstream5, vec(0.0f));
  const vec v14 = sum_4 + v13;
  v14.store_unaligned(grad_l2_h_init + b * 256 + j + 8);
  v14.store_unaligned(grad_l2_h_init_2 + b * 256 + j + 8);
  const vec first_d_l2_c0 = vec::load_unaligned(first_d_l2_c + b * 256 + j);
  const vec first_l2_f0 = vec::load_unaligned(first_l2_f + b * 256 + j);
  const vec v15 = first_d_l2_c0 * first_l2_f0;
  const mask m7 = mask(length < 1);
  const vec upstream6 = vec::load_unaligned(d_l2_c_final + b * 256 + j);
  const vec v16 = xsimd::select(m7, upstream6, vec(0.0f));
  const vec v17 = v15 + v16;
  v17.store_unaligned(grad_l2_c_init + b * 256 + j);
  v17.store_unaligned(grad_l2_c_init_2 + b * 256 + j);
  const vec first_d_l2_c1 = vec::load_unaligned(first_d_l2_c + b * 256 + j + 8);
  const vec first_l2_f1 = vec::load_unaligned(first_l2_f + b * 256 + j + 8);
  const vec v18 = first_d_l2_c1 * first_l2_f1;
  const mask m8 = mask(length < 1);
  const vec upstream7 = vec::load_unaligned(d_l2_c_final + b * 256 + j + 8);
  const vec v19 = xsimd::select(m8, upstream7, vec(0.0f));
  const vec v20 = v18 + v19;
  v20.store_unaligned(grad_l2_c_init + b * 256 + j + 8);
  v20.store_unaligned(grad_l2_c_init_2 + b * 256 + j + 8);
}

// grad.l1.h.init = l1.U_i' @ d.l1.i.pre[first] + l1.U_f' @ d.l1.f.pre[first] + l1.U_o' @ d.l1.o.pre[first] + l1.U_g' @ d.l1.g.pre[first] + where(length(t) == 0, u …
// grad.l1.c.init = d.l1.c[first] * l1.f[first] + where(length(t) == 0, upstream(l1.c.final), 0)
// grad.l2.h.init = l2.U_i' @ d.l2.i.pre[first] + l2.U_f' @ d.l2.f.pre[first] + l2.U_o' @ d.l2.o.pre[first] + l2.U_g' @ d.l2.g.pre[first] + where(length(t) == 0, u …
// grad.l2.c.init = d.l2.c[first] * l2.f[first] + where(length(t) == 0, upstream(l2.c.final), 0)
void backward_grad_l1_h_init_grad_l1_c_init_grad_l2_h_init_grad_l2_c_init(const Run& run, int64_t begin, int64_t end) {
  const int64_t B = run.B;
  const float* __restrict first_d_l1_g_pre = run.first_d_l1_g_pre;
  const float* __restrict first_d_l1_o_pre = run.first_d_l1_o_pre;
  const float* __restrict first_d_l1_f_pre = run.first_d_l1_f_pre;
  const float* __restrict first_d_l1_i_pre = run.first_d_l1_i_pre;
  const float* __restrict first_d_l2_g_pre = run.first_d_l2_g_pre;
  const float* __restrict first_d_l2_o_pre = run.first_d_l2_o_pre;
  const float* __restrict first_d_l2_f_pre = run.first_d_l2_f_pre;
  const float* __restrict first_d_l2_i_pre = run.first_d_l2_i_pre;
  const float* __restrict panel_l1_U_i_transposed_2 = run.panel_l1_U_i_transposed_2;
  const float* __restrict panel_l1_U_f_transposed_2 = run.panel_l1_U_f_transposed_2;
  const float* __restrict panel_l1_U_o_transposed_2 = run.panel_l1_U_o_transposed_2;
  const float* __restrict panel_l1_U_g_transposed_2 = run.panel_l1_U_g_transposed_2;
  const float* __restrict panel_l2_U_i_transposed_2 = run.panel_l2_U_i_transposed_2;
  const float* __restrict panel_l2_U_f_transposed_2 = run.panel_l2_U_f_transposed_2;
  const float* __restrict panel_l2_U_o_transposed_2 = run.panel_l2_U_o_transposed_2;
  const float* __restrict panel_l2_U_g_transposed_2 = run.panel_l2_U_g_transposed_2;

  const int64_t tiles = B / 3;
  const int64_t odd = (B - tiles * 3) % 2;
  const int64_t given_up = std::min<int64_t>(odd, tiles);
  const int64_t pairs = ((given_up - tiles) * 3 + B) / 2;
  for (int64_t tile = begin; tile < end; ++tile) {
    for (int64_t b = 0; b < (tiles - given_up) * 3; b += 3) {
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      vec v5 = vec(0.0f);
      vec v6 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        vec w0 = vec::load_unaligned(panel_l1_U_i_transposed_2 + (tile * 256 + k) * 16); RNNC_KEEP(w0);
        vec w1 = vec::load_unaligned(panel_l1_U_i_transposed_2 + (tile * 256 + k) * 16 + 8); RNNC_KEEP(w1);
        const vec x0 = vec(first_d_l1_i_pre[b * 256 + k]);
        v1 = xsimd::fma(w0, x0, v1);
        v2 = xsimd::fma(w1, x0, v2);
        const vec x1 = vec(first_d_l1_i_pre[(b + 1) * 256 + k]);
        v3 = xsimd::fma(w0, x1, v3);
        v4 = xsimd::fma(w1, x1, v4);
        const vec x2 = vec(first_d_l1_i_pre[(b + 2) * 256 + k]);
        v5 = xsimd::fma(w0, x2, v5);
        v6 = xsimd::fma(w1, x2, v6);
      }
      for (int64_t k = 0; k < 256; ++k) {
        vec w0 = vec::load_unaligned(panel_l1_U_f_transposed_2 + (tile * 256 + k) * 16); RNNC_KEEP(w0);
        vec w1 = vec::load_unaligned(panel_l1_U_f_transposed_2 + (tile * 256 + k) * 16 + 8); RNNC_KEEP(w1);
        const vec x0 = vec(first_d_l1_f_pre[b * 256 + k]);
        v1 = xsimd::fma(w0, x0, v1);
        v2 = xsimd::fma(w1, x0, v2);
        const vec x1 = vec(first_d_l1_f_pre[(b + 1) * 256 + k]);
        v3 = xsimd::fma(w0, x1, v3);
        v4 = xsimd::fma(w1, x1, v4);
        const vec x2 = vec(first_d_l1_f_pre[(b + 2) * 256 + k]);
        v5 = xsimd::fma(w0, x2, v5);
        v6 = xsimd::fma(w1, x2, v6);
      }
      for (int64_t k = 0; k < 256; ++k) {
        vec w0 = vec::load_unaligned(panel_l1_U_o_transposed_2 + (tile * 256 + k) * 16); RNNC_KEEP(w0);
        vec w1 = vec::load_unaligned(panel_l1_U_o_transposed_2 + (tile * 256 + k) * 16 + 8); RNNC_KEEP(w1);
        const vec x0 = vec(first_d_l1_o_pre[b * 256 + k]);
        v1 = xsimd::fma(w0, x0, v1);
        v2 = xsimd::fma(w1, x0, v2);
        const vec x1 = vec(first_d_l1_o_pre[(b + 1) * 256 + k]);
        v3 = xsimd::fma(w0, x1, v3);
        v4 = xsimd::fma(w1, x1, v4);
        const vec x2 = vec(first_d_l1_o_pre[(b + 2) * 256 + k]);
        v5 = xsimd::fma(w0, x2, v5);
        v6 = xsimd::fma(w1, x2, v6);
      }
      for (int64_t k = 0; k < 256; ++k) {
        vec w0 = vec::load_unaligned(panel_l1_U_g_transposed_2 + (tile * 256 + k) * 16); RNNC_KEEP(w0);
        vec w1 = vec::load_unaligned(panel_l1_U_g_transposed_2 + (tile * 256 + k) * 16 + 8); RNNC_KEEP(w1);
        const vec x0 = vec(first_d_l1_g_pre[b * 256 + k]);
        v1 = xsimd::fma(w0, x0, v1);
        v2 = xsimd::fma(w1, x0, v2);
        const vec x1 = vec(first_d_l1_g_pre[(b + 1) * 256 + k]);
        v3 = xsimd::fma(w0, x1, v3);
        v4 = xsimd::fma(w1, x1, v4);
        const vec x2 = vec(first_d_l1_g_pre[(b + 2) * 256 + k]);
        v5 = xsimd::fma(w0, x2, v5);
        v6 = xsimd::fma(w1, x2, v6);
      }
      vec v7 = vec(0.0f);
      vec v8 = vec(0.0f);
      vec v9 = vec(0.0f);
      vec v10 = vec(0.0f);
      vec v11 = vec(0.0f);
      vec v12 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        vec w0 = vec::load_unaligned(panel_l2_U_i_transposed_2 + (tile * 256 + k) * 16); RNNC_KEEP(w0);
        vec w1 = vec::load_unaligned(panel_l2_U_i_transposed_2 + (tile * 256 + k) * 16 + 8); RNNC_KEEP(w1);
        const vec x0 = vec(first_d_l2_i_pre[b * 256 + k]);
        v7 = xsimd::fma(w0, x0, v7);
        v8 = xsimd::fma(w1, x0, v8);
        const vec x1 = vec(first_d_l2_i_pre[(b + 1) * 256 + k]);
        v9 = xsimd::fma(w0, x1, v9);
        v10 = xsimd::fma(w1, x1, v10);
        const vec x2 = vec(first_d_l2_i_pre[(b + 2) * 256 + k]);
        v11 = xsimd::fma(w0, x2, v11);
        v12 = xsimd::fma(w1, x2, v12);
      }
      for (int64_t k = 0; k < 256; ++k) {
        vec w0 = vec::load_unaligned(panel_l2_U_f_transposed_2 + (tile * 256 + k) * 16); RNNC_KEEP(w0);
        vec w1 = vec::load_unaligned(panel_l2_U_f_transposed_2 + (tile * 256 + k) * 16 + 8); RNNC_KEEP(w1);
        const vec x0 = vec(first_d_l2_f_pre[b * 256 + k]);
        v7 = xsimd::fma(w0, x0, v7);
        v8 = xsimd::fma(w1, x0, v8);
        const vec x1 = vec(first_d_l2_f_pre[(b + 1) * 256 + k]);
        v9 = xsimd::fma(w0, x1, v9);
        v10 = xsimd::fma(w1, x1, v10);
        const vec x2 = vec(first_d_l2_f_pre[(b + 2) * 256 + k]);
        v11 = xsimd::fma(w0, x2, v11);
        v12 = xsimd::fma(w1, x2, v12);
      }
      for (int64_t k = 0; k < 256; ++k) {
        vec w0 = vec::load_unaligned(panel_l2_U_o_transposed_2 + (tile * 256 + k) * 16); RNNC_KEEP(w0);
        vec w1 = vec::load_unaligned(panel_l2_U_o_transposed_2 + (tile * 256 + k) * 16 + 8); RNNC_KEEP(w1);
        const vec x0 = vec(first_d_l2_o_pre[b * 256 + k]);
        v7 = xsimd::fma(w0, x0, v7);
        v8 = xsimd::fma(w1, x0, v8);
        const vec x1 = vec(first_d_l2_o_pre[(b + 1) * 256 + k]);
        v9 = xsimd::fma(w0, x1, v9);
        v10 = xsimd::fma(w1, x1, v10);
        const vec x2 = vec(first_d_l2_o_pre[(b + 2) * 256 + k]);
        v11 = xsimd::fma(w0, x2, v11);
        v12 = xsimd::fma(w1, x2, v12);
      }
      for (int64_t k = 0; k < 256; ++k) {
        vec w0 = vec::load_unaligned(panel_l2_U_g_transposed_2 + (tile * 256 + k) * 16); RNNC_KEEP(w0);
        vec w1 = vec::load_unaligned(panel_l2_U_g_transposed_2 + (tile * 256 + k) * 16 + 8); RNNC_KEEP(w1);
        const vec x0 = vec(first_d_l2_g_pre[b * 256 + k]);
        v7 = xsimd::fma(w0, x0, v7);
        v8 = xsimd::fma(w1, x0, v8);
        const vec x1 = vec(first_d_l2_g_pre[(b + 1) * 256 + k]);
        v9 = xsimd::fma(w0, x1, v9);
        v10 = xsimd::fma(w1, x1, v10);
        const vec x2 = vec(first_d_l2_g_pre[(b + 2) * 256 + k]);
        v11 = xsimd::fma(w0, x2, v11);
        v12 = xsimd::fma(w1, x2, v12);
      }
      backward_grad_l1_h_init_grad_l1_c_init_grad_l2_h_init_grad_l2_c_init_epilogue(run, v1, v7, v2, v8, b, tile * 16);
      backward_grad_l1_h_init_grad_l1_c_init_grad_l2_h_init_grad_l2_c_init_epilogue(run, v3, v9, v4, v10, b + 1,
          tile * 16);
      backward_grad_l1_h_init_grad_l1_c_init_grad_l2_h_init_grad_l2_c_init_epilogue(run, v5, v11, v6, v12, b + 2,
          tile * 16);
    }
    for (int64_t b = (tiles - given_up) * 3; b < (tiles - given_up) * 3 + pairs * 2; b += 2) {
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(first_d_l1_i_pre[b * 256 + k]);
        const vec x1 = vec(first_d_l1_i_pre[(b + 1) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l1_U_i_transposed_2 + (tile * 256 + k) * 16); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v3 = xsimd::fma(w0, x1, v3);
        vec w1 = vec::load_unaligned(panel_l1_U_i_transposed_2 + (tile * 256 + k) * 16 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v4 = xsimd::fma(w1, x1, v4);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(first_d_l1_f_pre[b * 256 + k]);
        const vec x1 = vec(first_d_l1_f_pre[(b + 1) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l1_U_f_transposed_2 + (tile * 256 + k) * 16); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v3 = xsimd::fma(w0, x1, v3);
        vec w1 = vec::load_unaligned(panel_l1_U_f_transposed_2 + (tile * 256 + k) * 16 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v4 = xsimd::fma(w1, x1, v4);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(first_d_l1_o_pre[b * 256 + k]);
        const vec x1 = vec(first_d_l1_o_pre[(b + 1) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l1_U_o_transposed_2 + (tile * 256 + k) * 16); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v3 = xsimd::fma(w0, x1, v3);
        vec w1 = vec::load_unaligned(panel_l1_U_o_transposed_2 + (tile * 256 + k) * 16 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v4 = xsimd::fma(w1, x1, v4);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(first_d_l1_g_pre[b * 256 + k]);
        const vec x1 = vec(first_d_l1_g_pre[(b + 1) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l1_U_g_transposed_2 + (tile * 256 + k) * 16); RNNC_KEEP(w0);
        v1 = xsimd::fma(w0, x0, v1);
        v3 = xsimd::fma(w0, x1, v3);
        vec w1 = vec::load_unaligned(panel_l1_U_g_transposed_2 + (tile * 256 + k) * 16 + 8); RNNC_KEEP(w1);
        v2 = xsimd::fma(w1, x0, v2);
        v4 = xsimd::fma(w1, x1, v4);
      }
      vec v5 = vec(0.0f);
      vec v6 = vec(0.0f);
      vec v7 = vec(0.0f);
      vec v8 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(first_d_l2_i_pre[b * 256 + k]);
        const vec x1 = vec(first_d_l2_i_pre[(b + 1) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l2_U_i_transposed_2 + (tile * 256 + k) * 16); RNNC_KEEP(w0);
        v5 = xsimd::fma(w0, x0, v5);
        v7 = xsimd::fma(w0, x1, v7);
        vec w1 = vec::load_unaligned(panel_l2_U_i_transposed_2 + (tile * 256 + k) * 16 + 8); RNNC_KEEP(w1);
        v6 = xsimd::fma(w1, x0, v6);
        v8 = xsimd::fma(w1, x1, v8);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(first_d_l2_f_pre[b * 256 + k]);
        const vec x1 = vec(first_d_l2_f_pre[(b + 1) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l2_U_f_transposed_2 + (tile * 256 + k) * 16); RNNC_KEEP(w0);
        v5 = xsimd::fma(w0, x0, v5);
        v7 = xsimd::fma(w0, x1, v7);
        vec w1 = vec::load_unaligned(panel_l2_U_f_transposed_2 + (tile * 256 + k) * 16 + 8); RNNC_KEEP(w1);
        v6 = xsimd::fma(w1, x0, v6);
        v8 = xsimd::fma(w1, x1, v8);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(first_d_l2_o_pre[b * 256 + k]);
        const vec x1 = vec(first_d_l2_o_pre[(b + 1) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l2_U_o_transposed_2 + (tile * 256 + k) * 16); RNNC_KEEP(w0);
        v5 = xsimd::fma(w0, x0, v5);
        v7 = xsimd::fma(w0, x1, v7);
        vec w1 = vec::load_unaligned(panel_l2_U_o_transposed_2 + (tile * 256 + k) * 16 + 8); RNNC_KEEP(w1);
        v6 = xsimd::fma(w1, x0, v6);
        v8 = xsimd::fma(w1, x1, v8);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(first_d_l2_g_pre[b * 256 + k]);
        const vec x1 = vec(first_d_l2_g_pre[(b + 1) * 256 + k]);
        vec w0 = vec::load_unaligned(panel_l2_U_g_transposed_2 + (tile * 256 + k) * 16); RNNC_KEEP(w0);
        v5 = xsimd::fma(w0, x0, v5);
        v7 = xsimd::fma(w0, x1, v7);
        vec w1 = vec::load_unaligned(panel_l2_U_g_transposed_2 + (tile * 256 + k) * 16 + 8); RNNC_KEEP(w1);
        v6 = xsimd::fma(w1, x0, v6);
        v8 = xsimd::fma(w1, x1, v8);
      }
      backward_grad_l1_h_init_grad_l1_c_init_grad_l2_h_init_grad_l2_c_init_epilogue(run, v1, v5, v2, v6, b, tile * 16);
      backward_grad_l1_h_init_grad_l1_c_init_grad_l2_h_init_grad_l2_c_init_epilogue(run, v3, v7, v4, v8, b + 1,
          tile * 16);
    }
  }
  const int64_t share = std::max<int64_t>(0, end - begin);
  const int64_t wide = share / 3;
  for (int64_t tile = 0; tile < wide; ++tile) {
    for (int64_t b = (tiles - given_up) * 3 + pairs * 2; b < B; ++b) {
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      vec v5 = vec(0.0f);
      vec v6 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(first_d_l1_i_pre[b * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l1_U_i_transposed_2 + ((tile * 3 + begin) * 256 + k) * 16);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l1_U_i_transposed_2 + ((tile * 3 + begin) * 256 + k) * 16 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l1_U_i_transposed_2 + ((tile * 3 + begin + 1) * 256 + k) * 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l1_U_i_transposed_2 + ((tile * 3 + begin) * 256 + k) * 16 + 4104);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_l1_U_i_transposed_2 + ((tile * 3 + begin + 2) * 256 + k) * 16);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_l1_U_i_transposed_2 + ((tile * 3 + begin) * 256 + k) * 16 + 8200);
        v6 = xsimd::fma(w5, x0, v6);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(first_d_l1_f_pre[b * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l1_U_f_transposed_2 + ((tile * 3 + begin) * 256 + k) * 16);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l1_U_f_transposed_2 + ((tile * 3 + begin) * 256 + k) * 16 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l1_U_f_transposed_2 + ((tile * 3 + begin + 1) * 256 + k) * 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l1_U_f_transposed_2 + ((tile * 3 + begin) * 256 + k) * 16 + 4104);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_l1_U_f_transposed_2 + ((tile * 3 + begin + 2) * 256 + k) * 16);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_l1_U_f_transposed_2 + ((tile * 3 + begin) * 256 + k) * 16 + 8200);
        v6 = xsimd::fma(w5, x0, v6);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(first_d_l1_o_pre[b * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l1_U_o_transposed_2 + ((tile * 3 + begin) * 256 + k) * 16);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l1_U_o_transposed_2 + ((tile * 3 + begin) * 256 + k) * 16 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l1_U_o_transposed_2 + ((tile * 3 + begin + 1) * 256 + k) * 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l1_U_o_transposed_2 + ((tile * 3 + begin) * 256 + k) * 16 + 4104);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_l1_U_o_transposed_2 + ((tile * 3 + begin + 2) * 256 + k) * 16);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_l1_U_o_transposed_2 + ((tile * 3 + begin) * 256 + k) * 16 + 8200);
        v6 = xsimd::fma(w5, x0, v6);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(first_d_l1_g_pre[b * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l1_U_g_transposed_2 + ((tile * 3 + begin) * 256 + k) * 16);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l1_U_g_transposed_2 + ((tile * 3 + begin) * 256 + k) * 16 + 8);
        v2 = xsimd::fma(w1, x0, v2);
        const vec w2 = vec::load_unaligned(panel_l1_U_g_transposed_2 + ((tile * 3 + begin + 1) * 256 + k) * 16);
        v3 = xsimd::fma(w2, x0, v3);
        const vec w3 = vec::load_unaligned(panel_l1_U_g_transposed_2 + ((tile * 3 + begin) * 256 + k) * 16 + 4104);
        v4 = xsimd::fma(w3, x0, v4);
        const vec w4 = vec::load_unaligned(panel_l1_U_g_transposed_2 + ((tile * 3 + begin + 2) * 256 + k) * 16);
        v5 = xsimd::fma(w4, x0, v5);
        const vec w5 = vec::load_unaligned(panel_l1_U_g_transposed_2 + ((tile * 3 + begin) * 256 + k) * 16 + 8200);
        v6 = xsimd::fma(w5, x0, v6);
      }
      vec v7 = vec(0.0f);
      vec v8 = vec(0.0f);
      vec v9 = vec(0.0f);
      vec v10 = vec(0.0f);
      vec v11 = vec(0.0f);
      vec v12 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(first_d_l2_i_pre[b * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l2_U_i_transposed_2 + ((tile * 3 + begin) * 256 + k) * 16);
        v7 = xsimd::fma(w0, x0, v7);
        const vec w1 = vec::load_unaligned(panel_l2_U_i_transposed_2 + ((tile * 3 + begin) * 256 + k) * 16 + 8);
        v8 = xsimd::fma(w1, x0, v8);
        const vec w2 = vec::load_unaligned(panel_l2_U_i_transposed_2 + ((tile * 3 + begin + 1) * 256 + k) * 16);
        v9 = xsimd::fma(w2, x0, v9);
        const vec w3 = vec::load_unaligned(panel_l2_U_i_transposed_2 + ((tile * 3 + begin) * 256 + k) * 16 + 4104);
        v10 = xsimd::fma(w3, x0, v10);
        const vec w4 = vec::load_unaligned(panel_l2_U_i_transposed_2 + ((tile * 3 + begin + 2) * 256 + k) * 16);
        v11 = xsimd::fma(w4, x0, v11);
        const vec w5 = vec::load_unaligned(panel_l2_U_i_transposed_2 + ((tile * 3 + begin) * 256 + k) * 16 + 8200);
        v12 = xsimd::fma(w5, x0, v12);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(first_d_l2_f_pre[b * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l2_U_f_transposed_2 + ((tile * 3 + begin) * 256 + k) * 16);
        v7 = xsimd::fma(w0, x0, v7);
        const vec w1 = vec::load_unaligned(panel_l2_U_f_transposed_2 + ((tile * 3 + begin) * 256 + k) * 16 + 8);
        v8 = xsimd::fma(w1, x0, v8);
        const vec w2 = vec::load_unaligned(panel_l2_U_f_transposed_2 + ((tile * 3 + begin + 1) * 256 + k) * 16);
        v9 = xsimd::fma(w2, x0, v9);
        const vec w3 = vec::load_unaligned(panel_l2_U_f_transposed_2 + ((tile * 3 + begin) * 256 + k) * 16 + 4104);
        v10 = xsimd::fma(w3, x0, v10);
        const vec w4 = vec::load_unaligned(panel_l2_U_f_transposed_2 + ((tile * 3 + begin + 2) * 256 + k) * 16);
        v11 = xsimd::fma(w4, x0, v11);
        const vec w5 = vec::load_unaligned(panel_l2_U_f_transposed_2 + ((tile * 3 + begin) * 256 + k) * 16 + 8200);
        v12 = xsimd::fma(w5, x0, v12);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(first_d_l2_o_pre[b * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l2_U_o_transposed_2 + ((tile * 3 + begin) * 256 + k) * 16);
        v7 = xsimd::fma(w0, x0, v7);
        const vec w1 = vec::load_unaligned(panel_l2_U_o_transposed_2 + ((tile * 3 + begin) * 256 + k) * 16 + 8);
        v8 = xsimd::fma(w1, x0, v8);
        const vec w2 = vec::load_unaligned(panel_l2_U_o_transposed_2 + ((tile * 3 + begin + 1) * 256 + k) * 16);
        v9 = xsimd::fma(w2, x0, v9);
        const vec w3 = vec::load_unaligned(panel_l2_U_o_transposed_2 + ((tile * 3 + begin) * 256 + k) * 16 + 4104);
        v10 = xsimd::fma(w3, x0, v10);
        const vec w4 = vec::load_unaligned(panel_l2_U_o_transposed_2 + ((tile * 3 + begin + 2) * 256 + k) * 16);
        v11 = xsimd::fma(w4, x0, v11);
        const vec w5 = vec::load_unaligned(panel_l2_U_o_transposed_2 + ((tile * 3 + begin) * 256 + k) * 16 + 8200);
        v12 = xsimd::fma(w5, x0, v12);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(first_d_l2_g_pre[b * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l2_U_g_transposed_2 + ((tile * 3 + begin) * 256 + k) * 16);
        v7 = xsimd::fma(w0, x0, v7);
        const vec w1 = vec::load_unaligned(panel_l2_U_g_transposed_2 + ((tile * 3 + begin) * 256 + k) * 16 + 8);
        v8 = xsimd::fma(w1, x0, v8);
        const vec w2 = vec::load_unaligned(panel_l2_U_g_transposed_2 + ((tile * 3 + begin + 1) * 256 + k) * 16);
        v9 = xsimd::fma(w2, x0, v9);
        const vec w3 = vec::load_unaligned(panel_l2_U_g_transposed_2 + ((tile * 3 + begin) * 256 + k) * 16 + 4104);
        v10 = xsimd::fma(w3, x0, v10);
        const vec w4 = vec::load_unaligned(panel_l2_U_g_transposed_2 + ((tile * 3 + begin + 2) * 256 + k) * 16);
        v11 = xsimd::fma(w4, x0, v11);
        const vec w5 = vec::load_unaligned(panel_l2_U_g_transposed_2 + ((tile * 3 + begin) * 256 + k) * 16 + 8200);
        v12 = xsimd::fma(w5, x0, v12);
      }
      backward_grad_l1_h_init_grad_l1_c_init_grad_l2_h_init_grad_l2_c_init_epilogue(run, v1, v7, v2, v8, b,
          (tile * 3 + begin) * 16);
      backward_grad_l1_h_init_grad_l1_c_init_grad_l2_h_init_grad_l2_c_init_epilogue(run, v3, v9, v4, v10, b,
          (tile * 3 + begin + 1) * 16);
      backward_grad_l1_h_init_grad_l1_c_init_grad_l2_h_init_grad_l2_c_init_epilogue(run, v5, v11, v6, v12, b,
          (tile * 3 + begin + 2) * 16);
    }
  }
  for (int64_t tile = wide * 3 + begin; tile < end; ++tile) {
    for (int64_t b = (tiles - given_up) * 3 + pairs * 2; b < B; ++b) {
      vec v1 = vec(0.0f);
      vec v2 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(first_d_l1_i_pre[b * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l1_U_i_transposed_2 + (tile * 256 + k) * 16);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l1_U_i_transposed_2 + (tile * 256 + k) * 16 + 8);
        v2 = xsimd::fma(w1, x0, v2);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(first_d_l1_f_pre[b * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l1_U_f_transposed_2 + (tile * 256 + k) * 16);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l1_U_f_transposed_2 + (tile * 256 + k) * 16 + 8);
        v2 = xsimd::fma(w1, x0, v2);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(first_d_l1_o_pre[b * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l1_U_o_transposed_2 + (tile * 256 + k) * 16);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l1_U_o_transposed_2 + (tile * 256 + k) * 16 + 8);
        v2 = xsimd::fma(w1, x0, v2);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(first_d_l1_g_pre[b * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l1_U_g_transposed_2 + (tile * 256 + k) * 16);
        v1 = xsimd::fma(w0, x0, v1);
        const vec w1 = vec::load_unaligned(panel_l1_U_g_transposed_2 + (tile * 256 + k) * 16 + 8);
        v2 = xsimd::fma(w1, x0, v2);
      }
      vec v3 = vec(0.0f);
      vec v4 = vec(0.0f);
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(first_d_l2_i_pre[b * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l2_U_i_transposed_2 + (tile * 256 + k) * 16);
        v3 = xsimd::fma(w0, x0, v3);
        const vec w1 = vec::load_unaligned(panel_l2_U_i_transposed_2 + (tile * 256 + k) * 16 + 8);
        v4 = xsimd::fma(w1, x0, v4);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(first_d_l2_f_pre[b * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l2_U_f_transposed_2 + (tile * 256 + k) * 16);
        v3 = xsimd::fma(w0, x0, v3);
        const vec w1 = vec::load_unaligned(panel_l2_U_f_transposed_2 + (tile * 256 + k) * 16 + 8);
        v4 = xsimd::fma(w1, x0, v4);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(first_d_l2_o_pre[b * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l2_U_o_transposed_2 + (tile * 256 + k) * 16);
        v3 = xsimd::fma(w0, x0, v3);
        const vec w1 = vec::load_unaligned(panel_l2_U_o_transposed_2 + (tile * 256 + k) * 16 + 8);
        v4 = xsimd::fma(w1, x0, v4);
      }
      for (int64_t k = 0; k < 256; ++k) {
        const vec x0 = vec(first_d_l2_g_pre[b * 256 + k]);
        const vec w0 = vec::load_unaligned(panel_l2_U_g_transposed_2 + (tile * 256 + k) * 16);
        v3 = xsimd::fma(w0, x0, v3);
        const vec w1 = vec::load_unaligned(panel_l2_U_g_transposed_2 + (tile * 256 + k) * 16 + 8);
        v4 = xsimd::fma(w1, x0, v4);
      }
      backward_grad_l1_h_init_grad_l1_c_init_grad_l2_h_init_grad_l2_c_init_epilogue(run, v1, v3, v2, v4, b, tile * 16);
    }
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
  constexpr int64_t most = 11993006229;
  if (!one_step && call->windows > longest) return false;
  if (std::max<int64_t>(longest, 1) > most / call->rows) return false;
  run.window = window_of(steps_0, run.windows);
  return lengths_hold(call->lengths[0], call->rows, steps_0);
}

// The bytes that a run needs.
rnnc_sizes bytes_of([[maybe_unused]] int64_t T, [[maybe_unused]] int64_t B, [[maybe_unused]] int64_t windows) {
  const int64_t window = window_of(T, windows);
  rnnc_sizes bytes{};
  bytes.packed_bytes = 10701696;
  bytes.tape_bytes = (window * 14628 + windows * 4096 + 10240) * B + 1664;
  bytes.inference_workspace_bytes = (T * 4360 + 29996) * B + 2438656;
  bytes.training_workspace_bytes = (window * 10240 + T * 524 + 70664) * B + 11420352;
  bytes.step_workspace_bytes = (T * 4360 + 29996) * B + 2438656;
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
  run.E = at<float>(packed, 0);
  run.param_E = at<float>(parameters, 0);
  run.panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g = at<float>(packed, 66624);
  run.param_l1_W_i = at<float>(parameters, 133380);
  run.param_l1_W_f = at<float>(parameters, 395524);
  run.param_l1_W_o = at<float>(parameters, 657668);
  run.param_l1_W_g = at<float>(parameters, 919812);
  run.l1_b_i = at<float>(packed, 1115200);
  run.param_l1_b_i = at<float>(parameters, 2230532);
  run.l1_b_f = at<float>(packed, 1116288);
  run.param_l1_b_f = at<float>(parameters, 2233604);
  run.l1_b_o = at<float>(packed, 1117376);
  run.param_l1_b_o = at<float>(parameters, 2231556);
  run.l1_b_g = at<float>(packed, 1118464);
  run.param_l1_b_g = at<float>(parameters, 2232580);
  run.panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g = at<float>(packed, 1119552);
  run.param_l1_U_i = at<float>(parameters, 1181956);
  run.param_l1_U_f = at<float>(parameters, 1444100);
  run.param_l1_U_o = at<float>(parameters, 1706244);
  run.param_l1_U_g = at<float>(parameters, 1968388);
  run.panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g = at<float>(packed, 2168128);
  run.param_l2_W_i = at<float>(parameters, 2234628);
  run.param_l2_W_f = at<float>(parameters, 2496772);
  run.param_l2_W_o = at<float>(parameters, 2758916);
  run.param_l2_W_g = at<float>(parameters, 3021060);
  run.l2_b_i = at<float>(packed, 3216704);
  run.param_l2_b_i = at<float>(parameters, 4331780);
  run.l2_b_f = at<float>(packed, 3217792);
  run.param_l2_b_f = at<float>(parameters, 4334852);
  run.l2_b_o = at<float>(packed, 3218880);
  run.param_l2_b_o = at<float>(parameters, 4332804);
  run.l2_b_g = at<float>(packed, 3219968);
  run.param_l2_b_g = at<float>(parameters, 4333828);
  run.panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g = at<float>(packed, 3221056);
  run.param_l2_U_i = at<float>(parameters, 3283204);
  run.param_l2_U_f = at<float>(parameters, 3545348);
  run.param_l2_U_o = at<float>(parameters, 3807492);
  run.param_l2_U_g = at<float>(parameters, 4069636);
  run.panel_R = at<float>(packed, 4269632);
  run.param_R = at<float>(parameters, 66560);
  run.b = at<float>(packed, 4343360);
  run.param_b = at<float>(parameters, 133120);
  run.panel_R_transposed = at<float>(packed, 4343680);
  run.panel_l2_U_i_transposed = at<float>(packed, 4410240);
  run.panel_l2_U_f_transposed = at<float>(packed, 4672384);
  run.panel_l2_U_o_transposed = at<float>(packed, 4934528);
  run.panel_l2_U_g_transposed = at<float>(packed, 5196672);
  run.panel_l2_W_i_transposed = at<float>(packed, 5458816);
  run.panel_l2_W_f_transposed = at<float>(packed, 5720960);
  run.panel_l2_W_o_transposed = at<float>(packed, 5983104);
  run.panel_l2_W_g_transposed = at<float>(packed, 6245248);
  run.panel_l1_U_i_transposed = at<float>(packed, 6507392);
  run.panel_l1_U_f_transposed = at<float>(packed, 6769536);
  run.panel_l1_U_o_transposed = at<float>(packed, 7031680);
  run.panel_l1_U_g_transposed = at<float>(packed, 7293824);
  run.panel_l1_W_i_transposed = at<float>(packed, 7555968);
  run.panel_l1_W_f_transposed = at<float>(packed, 7818112);
  run.panel_l1_W_o_transposed = at<float>(packed, 8080256);
  run.panel_l1_W_g_transposed = at<float>(packed, 8342400);
  run.panel_l1_U_i_transposed_2 = at<float>(packed, 8604544);
  run.panel_l1_U_f_transposed_2 = at<float>(packed, 8866688);
  run.panel_l1_U_o_transposed_2 = at<float>(packed, 9128832);
  run.panel_l1_U_g_transposed_2 = at<float>(packed, 9390976);
  run.panel_l2_U_i_transposed_2 = at<float>(packed, 9653120);
  run.panel_l2_U_f_transposed_2 = at<float>(packed, 9915264);
  run.panel_l2_U_o_transposed_2 = at<float>(packed, 10177408);
  run.panel_l2_U_g_transposed_2 = at<float>(packed, 10439552);

  float* panel_R = run.panel_R;
  float* b = run.b;

  launch(run, 65, 33280, [&](int64_t begin, int64_t end) { pack_E(run, begin, end); });
  launch(run, 32, 524288, [&](int64_t begin, int64_t end) { pack_panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g(run, begin, end); });
  launch(run, 256, 512, [&](int64_t begin, int64_t end) { pack_l1_b_i(run, begin, end); });
  launch(run, 256, 512, [&](int64_t begin, int64_t end) { pack_l1_b_f(run, begin, end); });
  launch(run, 256, 512, [&](int64_t begin, int64_t end) { pack_l1_b_o(run, begin, end); });
  launch(run, 256, 512, [&](int64_t begin, int64_t end) { pack_l1_b_g(run, begin, end); });
  launch(run, 32, 524288, [&](int64_t begin, int64_t end) { pack_panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g(run, begin, end); });
  launch(run, 32, 524288, [&](int64_t begin, int64_t end) { pack_panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g(run, begin, end); });
  launch(run, 256, 512, [&](int64_t begin, int64_t end) { pack_l2_b_i(run, begin, end); });
  launch(run, 256, 512, [&](int64_t begin, int64_t end) { pack_l2_b_f(run, begin, end); });
  launch(run, 256, 512, [&](int64_t begin, int64_t end) { pack_l2_b_o(run, begin, end); });
  launch(run, 256, 512, [&](int64_t begin, int64_t end) { pack_l2_b_g(run, begin, end); });
  launch(run, 32, 524288, [&](int64_t begin, int64_t end) { pack_panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g(run, begin, end); });
  std::fill_n(panel_R, 18432, 0.0f);
  launch(run, 9, 33280, [&](int64_t begin, int64_t end) { pack_panel_R(run, begin, end); });
  std::fill_n(b + 65, 8, 0.0f);
  launch(run, 65, 130, [&](int64_t begin, int64_t end) { pack_b(run, begin, end); });
  launch(run, 32, 33280, [&](int64_t begin, int64_t end) { pack_panel_R_transposed(run, begin, end); });
  launch(run, 32, 131072, [&](int64_t begin, int64_t end) { pack_panel_l2_U_i_transposed(run, begin, end); });
  launch(run, 32, 131072, [&](int64_t begin, int64_t end) { pack_panel_l2_U_f_transposed(run, begin, end); });
  launch(run, 32, 131072, [&](int64_t begin, int64_t end) { pack_panel_l2_U_o_transposed(run, begin, end); });
  launch(run, 32, 131072, [&](int64_t begin, int64_t end) { pack_panel_l2_U_g_transposed(run, begin, end); });
  launch(run, 32, 131072, [&](int64_t begin, int64_t end) { pack_panel_l2_W_i_transposed(run, begin, end); });
  launch(run, 32, 131072, [&](int64_t begin, int64_t end) { pack_panel_l2_W_f_transposed(run, begin, end); });
  launch(run, 32, 131072, [&](int64_t begin, int64_t end) { pack_panel_l2_W_o_transposed(run, begin, end); });
  launch(run, 32, 131072, [&](int64_t begin, int64_t end) { pack_panel_l2_W_g_transposed(run, begin, end); });
  launch(run, 32, 131072, [&](int64_t begin, int64_t end) { pack_panel_l1_U_i_transposed(run, begin, end); });
  launch(run, 32, 131072, [&](int64_t begin, int64_t end) { pack_panel_l1_U_f_transposed(run, begin, end); });
  launch(run, 32, 131072, [&](int64_t begin, int64_t end) { pack_panel_l1_U_o_transposed(run, begin, end); });
  launch(run, 32, 131072, [&](int64_t begin, int64_t end) { pack_panel_l1_U_g_transposed(run, begin, end); });
  launch(run, 32, 131072, [&](int64_t begin, int64_t end) { pack_panel_l1_W_i_transposed(run, begin, end); });
  launch(run, 32, 131072, [&](int64_t begin, int64_t end) { pack_panel_l1_W_f_transposed(run, begin, end); });
  launch(run, 32, 131072, [&](int64_t begin, int64_t end) { pack_panel_l1_W_o_transposed(run, begin, end); });
  launch(run, 32, 131072, [&](int64_t begin, int64_t end) { pack_panel_l1_W_g_transposed(run, begin, end); });
  launch(run, 32, 131072, [&](int64_t begin, int64_t end) { pack_panel_l1_U_i_transposed_2(run, begin, end); });
  launch(run, 32, 131072, [&](int64_t begin, int64_t end) { pack_panel_l1_U_f_transposed_2(run, begin, end); });
  launch(run, 32, 131072, [&](int64_t begin, int64_t end) { pack_panel_l1_U_o_transposed_2(run, begin, end); });
  launch(run, 32, 131072, [&](int64_t begin, int64_t end) { pack_panel_l1_U_g_transposed_2(run, begin, end); });
  launch(run, 32, 131072, [&](int64_t begin, int64_t end) { pack_panel_l2_U_i_transposed_2(run, begin, end); });
  launch(run, 32, 131072, [&](int64_t begin, int64_t end) { pack_panel_l2_U_f_transposed_2(run, begin, end); });
  launch(run, 32, 131072, [&](int64_t begin, int64_t end) { pack_panel_l2_U_o_transposed_2(run, begin, end); });
  launch(run, 32, 131072, [&](int64_t begin, int64_t end) { pack_panel_l2_U_g_transposed_2(run, begin, end); });
  return RNNC_OK;
}

int forward(const rnnc_model*, const rnnc_call* call) {
  Run run{};
  if (!start(call, false, run)) return RNNC_BAD_CALL;
  const void* packed = call->packed;
  if (packed == nullptr) return RNNC_BAD_CALL;
  void* workspace = call->workspace;
  if (workspace == nullptr && (run.T * 4360 + 29996) * run.B + 2438656 != 0) return RNNC_BAD_CALL;
  run.gather = at<float>(workspace, (run.T * 264 + 8192) * run.B + 704);
  run.l1_h_start = at<float>(workspace, (run.T * 264 + 9216) * run.B + 262912);
  run.l1_i_input = at<float>(workspace, (run.T * 264 + 10240) * run.B + 262976);
  run.l1_f_input = at<float>(workspace, (run.T * 264 + 11264) * run.B + 525184);
  run.l1_o_input = at<float>(workspace, (run.T * 264 + 12288) * run.B + 787392);
  run.l1_g_input = at<float>(workspace, (run.T * 264 + 13312) * run.B + 1049600);
  run.l1_c_start = at<float>(workspace, (run.T * 264 + 14336) * run.B + 1311808);
  run.l1_c = at<float>(workspace, (run.T * 264 + 15360) * run.B + 1311872);
  run.l1_h = at<float>(workspace, (run.T * 1288 + 16384) * run.B + 1311936);
  run.l2_h_start = at<float>(workspace, (run.T * 2312 + 17408) * run.B + 1312000);
  run.l2_i_input = at<float>(workspace, (run.T * 2312 + 18432) * run.B + 1312064);
  run.l2_f_input = at<float>(workspace, (run.T * 2312 + 19456) * run.B + 1574272);
  run.l2_o_input = at<float>(workspace, (run.T * 2312 + 20480) * run.B + 1836480);
  run.l2_g_input = at<float>(workspace, (run.T * 2312 + 21504) * run.B + 2098688);
  run.l2_c_start = at<float>(workspace, (run.T * 2312 + 22528) * run.B + 2360896);
  run.l2_c = at<float>(workspace, (run.T * 2312 + 23552) * run.B + 2360960);
  run.l2_h = at<float>(workspace, (run.T * 3336 + 24576) * run.B + 2361024);
  run.y = at<float>(workspace, (run.T * 4360 + 29696) * run.B + 2361600);
  run.reduce_max = at<float>(workspace, (run.T * 4360 + 29984) * run.B + 2435392);
  run.reduce_sum = at<float>(workspace, (run.T * 4360 + 29988) * run.B + 2436480);
  run.sub = at<float>(workspace, (run.T * 4360 + 29992) * run.B + 2437568);
  run.sum_over = at<float>(workspace, (run.T * 4360 + 25600) * run.B + 2361088);
  run.sum_over_2 = at<float>(workspace, (run.T * 4360 + 25600) * run.B + 2361152);
  run.max = at<float>(workspace, (run.T * 4360 + 25600) * run.B + 2361216);
  run.loss = at<float>(workspace, (run.T * 4360 + 25600) * run.B + 2361280);
  run.l1_h_final = at<float>(workspace, (run.T * 4360 + 25600) * run.B + 2361344);
  run.l1_c_final = at<float>(workspace, (run.T * 4360 + 26624) * run.B + 2361408);
  run.l2_h_final = at<float>(workspace, (run.T * 4360 + 27648) * run.B + 2361472);
  run.l2_c_final = at<float>(workspace, (run.T * 4360 + 28672) * run.B + 2361536);
  run.given_loss_2 = call->loss != nullptr;
  if (!take_or(run.loss_2, call->loss, 1, workspace, 0)) return RNNC_BAD_CALL;
  run.given_next = slot(call->inputs, 1) != nullptr;
  if (call->loss != nullptr && slot(call->inputs, 1) == nullptr && run.T * run.B != 0) return RNNC_BAD_CALL;
  if (!take_or(run.next, slot(call->inputs, 1), run.T * run.B, workspace, run.B * 8192 + 576)) return RNNC_BAD_CALL;
  run.given_l1_h_init = slot(call->state_in, 0) != nullptr;
  if (!take_or(run.l1_h_init, slot(call->state_in, 0), run.B * 256, workspace, 64)) return RNNC_BAD_CALL;
  run.given_l1_c_init = slot(call->state_in, 1) != nullptr;
  if (!take_or(run.l1_c_init, slot(call->state_in, 1), run.B * 256, workspace,
      run.B * 1024 + 128)) return RNNC_BAD_CALL;
  run.given_l2_h_init = slot(call->state_in, 2) != nullptr;
  if (!take_or(run.l2_h_init, slot(call->state_in, 2), run.B * 256, workspace,
      run.B * 2048 + 192)) return RNNC_BAD_CALL;
  run.given_l2_c_init = slot(call->state_in, 3) != nullptr;
  if (!take_or(run.l2_c_init, slot(call->state_in, 3), run.B * 256, workspace,
      run.B * 3072 + 256)) return RNNC_BAD_CALL;
  if (!take(run.token, slot(call->inputs, 0), run.T * run.B)) return RNNC_BAD_CALL;
  run.E = at<float>(packed, 0);
  run.panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g = at<float>(packed, 66624);
  run.l1_b_i = at<float>(packed, 1115200);
  run.l1_b_f = at<float>(packed, 1116288);
  run.l1_b_o = at<float>(packed, 1117376);
  run.l1_b_g = at<float>(packed, 1118464);
  run.panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g = at<float>(packed, 1119552);
  run.panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g = at<float>(packed, 2168128);
  run.l2_b_i = at<float>(packed, 3216704);
  run.l2_b_f = at<float>(packed, 3217792);
  run.l2_b_o = at<float>(packed, 3218880);
  run.l2_b_g = at<float>(packed, 3219968);
  run.panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g = at<float>(packed, 3221056);
  run.panel_R = at<float>(packed, 4269632);
  run.b = at<float>(packed, 4343360);
  if (!take_or(run.y_2, slot(call->outputs, 0), run.T * run.B * 65, workspace,
      (run.T + 2048) * 4 * run.B + 640)) return RNNC_BAD_CALL;
  if (!take_or(run.l1_h_final_2, slot(call->state_out, 0), run.B * 256, workspace,
      run.B * 4096 + 320)) return RNNC_BAD_CALL;
  if (!take_or(run.l1_c_final_2, slot(call->state_out, 1), run.B * 256, workspace,
      run.B * 5120 + 384)) return RNNC_BAD_CALL;
  if (!take_or(run.l2_h_final_2, slot(call->state_out, 2), run.B * 256, workspace,
      run.B * 6144 + 448)) return RNNC_BAD_CALL;
  if (!take_or(run.l2_c_final_2, slot(call->state_out, 3), run.B * 256, workspace,
      run.B * 7168 + 512)) return RNNC_BAD_CALL;
  if (!indices_hold(static_cast<const int32_t*>(slot(call->inputs, 1)), call->steps[0], call->rows, call->lengths[0], 0,
      65)) return RNNC_BAD_INDEX;
  if (!indices_hold(static_cast<const int32_t*>(slot(call->inputs, 0)), call->steps[0], call->rows, call->lengths[0], 0,
      65)) return RNNC_BAD_INDEX;

  const int64_t T = run.T, B = run.B;
  float* sum_over = run.sum_over;
  float* sum_over_2 = run.sum_over_2;
  int32_t* next = run.next;

  if (!run.given_next) {
    std::fill_n(next, T * B, 0);
  }
  if (run.given_loss_2) {
    std::fill_n(sum_over_2, 1, 0.0f);
    launch(run, 1, B * 4, [&](int64_t begin, int64_t end) { infer_sum_over(run, begin, end); });
  }
  if (run.given_l1_h_init) {
    launch(run, B, B * 512, [&](int64_t begin, int64_t end) { infer_l1_h_start_given(run, begin, end); });
  } else {
    launch(run, B, B * 512, [&](int64_t begin, int64_t end) { infer_l1_h_start_default(run, begin, end); });
  }
  if (run.given_l1_c_init) {
    launch(run, B, B * 512, [&](int64_t begin, int64_t end) { infer_l1_c_start_given(run, begin, end); });
  } else {
    launch(run, B, B * 512, [&](int64_t begin, int64_t end) { infer_l1_c_start_default(run, begin, end); });
  }
  if (run.given_l2_h_init) {
    launch(run, B, B * 512, [&](int64_t begin, int64_t end) { infer_l2_h_start_given(run, begin, end); });
  } else {
    launch(run, B, B * 512, [&](int64_t begin, int64_t end) { infer_l2_h_start_default(run, begin, end); });
  }
  if (run.given_l2_c_init) {
    launch(run, B, B * 512, [&](int64_t begin, int64_t end) { infer_l2_c_start_given(run, begin, end); });
  } else {
    launch(run, B, B * 512, [&](int64_t begin, int64_t end) { infer_l2_c_start_default(run, begin, end); });
  }
  if (run.given_loss_2) {
    launch(run, 1, 8, [&](int64_t begin, int64_t end) { infer_max(run, begin, end); });
  }
  launch(run, B, B * 512, [&](int64_t begin, int64_t end) { infer_l1_c_boundary(run, begin, end); });
  launch(run, B, B * 512, [&](int64_t begin, int64_t end) { infer_l1_h_boundary(run, begin, end); });
  launch(run, B, B * 512, [&](int64_t begin, int64_t end) { infer_l2_c_boundary(run, begin, end); });
  launch(run, B, B * 512, [&](int64_t begin, int64_t end) { infer_l2_h_boundary(run, begin, end); });
  std::fill_n(sum_over, 1, 0.0f);
  const int64_t block = (B + 255) / B;
  const int64_t blocks = (T + block - 1) / block;
  for (int64_t q = 0; q < blocks; ++q) {
    const int64_t t0 = block * q;
    const int64_t t1 = std::min<int64_t>(block + t0, T);
    launch(run, (t1 - t0) * B, (t1 - t0) * B * 2048,
        [&](int64_t begin, int64_t end) { infer_gather(run, begin, end, t0, t1); });
    launch(run, 32, (t1 - t0) * B * 253952,
        [&](int64_t begin, int64_t end) { infer_l1_i_input_l1_f_input_l1_o_input_l1_g_input(run, begin, end, t0,
        t1); });
    for (int64_t t = t0; t < t1; ++t) {
      launch(run, 32, B * 253952, [&](int64_t begin, int64_t end) { infer_l1_c_l1_h(run, begin, end, t0, t); });
    }
    launch(run, 32, (t1 - t0) * B * 253952,
        [&](int64_t begin, int64_t end) { infer_l2_i_input_l2_f_input_l2_o_input_l2_g_input(run, begin, end, t0,
        t1); });
    for (int64_t t = t0; t < t1; ++t) {
      launch(run, 32, B * 253952, [&](int64_t begin, int64_t end) { infer_l2_c_l2_h(run, begin, end, t0, t); });
    }
    launch(run, 3, (t1 - t0) * B * 8448, [&](int64_t begin, int64_t end) { infer_y(run, begin, end, t0, t1); });
    if (run.given_loss_2) {
      launch(run, (t1 - t0) * B, (t1 - t0) * B * 260,
          [&](int64_t begin, int64_t end) { infer_reduce_max(run, begin, end, t0, t1); });
    }
    if (run.given_loss_2) {
      launch(run, (t1 - t0) * B, (t1 - t0) * B * 260,
          [&](int64_t begin, int64_t end) { infer_reduce_sum(run, begin, end, t0, t1); });
    }
    if (run.given_loss_2) {
      launch(run, (t1 - t0) * B, (t1 - t0) * B * 8,
          [&](int64_t begin, int64_t end) { infer_sub(run, begin, end, t0, t1); });
    }
    if (run.given_loss_2) {
      launch(run, 1, (t1 - t0) * B * 4, [&](int64_t begin, int64_t end) { infer_sum_over_2(run, begin, end, t0, t1); });
    }
  }
  if (run.given_loss_2) {
    launch(run, 1, 8, [&](int64_t begin, int64_t end) { infer_loss(run, begin, end); });
  }
  launch(run, B, B * 512, [&](int64_t begin, int64_t end) { infer_l1_h_final(run, begin, end); });
  launch(run, B, B * 512, [&](int64_t begin, int64_t end) { infer_l1_c_final(run, begin, end); });
  launch(run, B, B * 512, [&](int64_t begin, int64_t end) { infer_l2_h_final(run, begin, end); });
  launch(run, B, B * 512, [&](int64_t begin, int64_t end) { infer_l2_c_final(run, begin, end); });
  return RNNC_OK;
}

int forward_train(const rnnc_model*, const rnnc_call* call) {
  Run run{};
  if (!start(call, false, run)) return RNNC_BAD_CALL;
  if (call->memory_budget > 0 && call->windows == 0) return RNNC_BAD_CALL;  // `sizes` says how many
  const void* packed = call->packed;
  if (packed == nullptr) return RNNC_BAD_CALL;
  void* workspace = call->workspace;
  if (workspace == nullptr && (run.window * 10240 + run.T * 524 + 70664) * run.B + 11420352 != 0) return RNNC_BAD_CALL;
  void* tape = call->tape;
  if (tape == nullptr && (run.window * 14628 + run.windows * 4096 + 10240) * run.B + 1664 != 0) return RNNC_BAD_CALL;
  run.given_loss_2 = call->loss != nullptr;
  if (!take_or(run.loss_2, call->loss, 1, workspace, 0)) return RNNC_BAD_CALL;
  run.given_next = slot(call->inputs, 1) != nullptr;
  if (!take(run.next, slot(call->inputs, 1), run.T * run.B)) return RNNC_BAD_CALL;
  run.given_l1_h_init = slot(call->state_in, 0) != nullptr;
  if (!take_or(run.l1_h_init, slot(call->state_in, 0), run.B * 256, workspace, 64)) return RNNC_BAD_CALL;
  run.given_l1_c_init = slot(call->state_in, 1) != nullptr;
  if (!take_or(run.l1_c_init, slot(call->state_in, 1), run.B * 256, workspace,
      run.B * 1024 + 128)) return RNNC_BAD_CALL;
  run.given_l2_h_init = slot(call->state_in, 2) != nullptr;
  if (!take_or(run.l2_h_init, slot(call->state_in, 2), run.B * 256, workspace,
      run.B * 2048 + 192)) return RNNC_BAD_CALL;
  run.given_l2_c_init = slot(call->state_in, 3) != nullptr;
  if (!take_or(run.l2_c_init, slot(call->state_in, 3), run.B * 256, workspace,
      run.B * 3072 + 256)) return RNNC_BAD_CALL;
  if (!take(run.token, slot(call->inputs, 0), run.T * run.B)) return RNNC_BAD_CALL;
  run.E = at<float>(packed, 0);
  run.panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g = at<float>(packed, 66624);
  run.l1_b_i = at<float>(packed, 1115200);
  run.l1_b_f = at<float>(packed, 1116288);
  run.l1_b_o = at<float>(packed, 1117376);
  run.l1_b_g = at<float>(packed, 1118464);
  run.panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g = at<float>(packed, 1119552);
  run.panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g = at<float>(packed, 2168128);
  run.l2_b_i = at<float>(packed, 3216704);
  run.l2_b_f = at<float>(packed, 3217792);
  run.l2_b_o = at<float>(packed, 3218880);
  run.l2_b_g = at<float>(packed, 3219968);
  run.panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g = at<float>(packed, 3221056);
  run.panel_R = at<float>(packed, 4269632);
  run.b = at<float>(packed, 4343360);
  if (!take_or(run.y_2, slot(call->outputs, 0), run.T * run.B * 65, workspace,
      (run.T + 2048) * 4 * run.B + 640)) return RNNC_BAD_CALL;
  if (!take_or(run.l1_h_final_2, slot(call->state_out, 0), run.B * 256, workspace,
      run.B * 4096 + 320)) return RNNC_BAD_CALL;
  if (!take_or(run.l1_c_final_2, slot(call->state_out, 1), run.B * 256, workspace,
      run.B * 5120 + 384)) return RNNC_BAD_CALL;
  if (!take_or(run.l2_h_final_2, slot(call->state_out, 2), run.B * 256, workspace,
      run.B * 6144 + 448)) return RNNC_BAD_CALL;
  if (!take_or(run.l2_c_final_2, slot(call->state_out, 3), run.B * 256, workspace,
      run.B * 7168 + 512)) return RNNC_BAD_CALL;
  run.gather_2 = at<float>(workspace, (run.T * 524 + 16384) * run.B + 4337216);
  run.tape_l1_h_start = at<float>(tape, 64);
  run.l1_i_input_2 = at<float>(workspace, (run.T * 524 + 17408) * run.B + 4599424);
  run.tape_l1_i = at<float>(tape, run.B * 1024 + 128);
  run.l1_f_input_2 = at<float>(workspace, (run.T * 524 + 18432) * run.B + 4861632);
  run.tape_l1_f = at<float>(tape, (run.window + 1) * run.B * 1024 + 192);
  run.l1_o_input_2 = at<float>(workspace, (run.T * 524 + 19456) * run.B + 5123840);
  run.tape_l1_o = at<float>(tape, (run.window + 1) * run.B * 2048 + 256);
  run.l1_g_input_2 = at<float>(workspace, (run.T * 524 + 20480) * run.B + 5386048);
  run.tape_l1_g = at<float>(tape, (run.window * 3072 + 2048) * run.B + 320);
  run.tape_l1_c_start = at<float>(tape, (run.window * 2 + 1) * run.B * 2048 + 384);
  run.tape_l1_c = at<float>(tape, (run.window * 4096 + 3072) * run.B + 448);
  run.tape_tanh_l1_c = at<float>(tape, (run.window * 5120 + 4096) * run.B + 512);
  run.tape_l1_h = at<float>(tape, (run.window * 6144 + 4096) * run.B + 576);
  run.tape_l2_h_start = at<float>(tape, (run.window * 7168 + 5120) * run.B + 640);
  run.l2_i_input_2 = at<float>(workspace, (run.T * 524 + 21504) * run.B + 5648256);
  run.tape_l2_i = at<float>(tape, (run.window * 7168 + 6144) * run.B + 704);
  run.l2_f_input_2 = at<float>(workspace, (run.T * 524 + 22528) * run.B + 5910464);
  run.tape_l2_f = at<float>(tape, (run.window * 8192 + 6144) * run.B + 768);
  run.l2_o_input_2 = at<float>(workspace, (run.T * 524 + 23552) * run.B + 6172672);
  run.tape_l2_o = at<float>(tape, (run.window * 9216 + 7168) * run.B + 832);
  run.l2_g_input_2 = at<float>(workspace, (run.T * 524 + 24576) * run.B + 6434880);
  run.tape_l2_g = at<float>(tape, (run.window * 10240 + 7168) * run.B + 896);
  run.tape_l2_c_start = at<float>(tape, (run.window * 11264 + 7168) * run.B + 960);
  run.tape_l2_c = at<float>(tape, (run.window * 11264 + 8192) * run.B + 1024);
  run.tape_tanh_l2_c = at<float>(tape, (run.window * 12288 + 9216) * run.B + 1088);
  run.tape_l2_h = at<float>(tape, (run.window * 13312 + 9216) * run.B + 1152);
  run.y_3 = at<float>(workspace, (run.T * 524 + 25600) * run.B + 6697088);
  run.reduce_max_2 = at<float>(workspace, (run.T * 524 + 25888) * run.B + 6770880);
  run.tape_exp_sub = at<float>(tape, (run.window * 14336 + run.windows * 4096 + 10240) * run.B + 1536);
  run.tape_reduce_sum = at<float>(tape, (run.window * 14624 + run.windows * 4096 + 10240) * run.B + 1600);
  run.sub_2 = at<float>(workspace, (run.T * 524 + 29988) * run.B + 6772416);
  run.sum_over_3 = at<float>(workspace, (run.T * 524 + 25892) * run.B + 6771968);
  run.sum_over_4 = at<float>(workspace, (run.T * 524 + 25892) * run.B + 6772032);
  run.tape_max = at<float>(tape, (run.window * 14336 + 10240) * run.B + 1216);
  run.loss_3 = at<float>(workspace, (run.T * 524 + 25892) * run.B + 6772096);
  run.l1_h_final_3 = at<float>(workspace, (run.T * 524 + 25892) * run.B + 6772160);
  run.l1_c_final_3 = at<float>(workspace, (run.T * 524 + 26916) * run.B + 6772224);
  run.l2_h_final_3 = at<float>(workspace, (run.T * 524 + 27940) * run.B + 6772288);
  run.l2_c_final_3 = at<float>(workspace, (run.T * 524 + 28964) * run.B + 6772352);
  run.checkpoints_l1_c = at<float>(tape, (run.window * 14336 + 10240) * run.B + 1280);
  run.checkpoints_l1_h = at<float>(tape, (run.window * 14 + run.windows + 10) * run.B * 1024 + 1344);
  run.checkpoints_l2_c = at<float>(tape, (run.window * 7 + run.windows + 5) * run.B * 2048 + 1408);
  run.checkpoints_l2_h = at<float>(tape, (run.window * 14336 + run.windows * 3072 + 10240) * run.B + 1472);
  if (!indices_hold(static_cast<const int32_t*>(slot(call->inputs, 1)), call->steps[0], call->rows, call->lengths[0], 0,
      65)) return RNNC_BAD_INDEX;
  if (!indices_hold(static_cast<const int32_t*>(slot(call->inputs, 0)), call->steps[0], call->rows, call->lengths[0], 0,
      65)) return RNNC_BAD_INDEX;
  *at<int64_t>(tape, 0) = run.windows;

  const int64_t T = run.T, B = run.B, window = run.window;
  int32_t* next = run.next;
  float* sum_over_3 = run.sum_over_3;
  float* sum_over_4 = run.sum_over_4;

  if (!run.given_next) {
    std::fill_n(next, T * B, 0);
  }
  std::fill_n(sum_over_4, 1, 0.0f);
  launch(run, 1, B * 4, [&](int64_t begin, int64_t end) { forward_sum_over(run, begin, end); });
  if (run.given_l1_h_init) {
    launch(run, B, B * 512, [&](int64_t begin, int64_t end) { forward_l1_h_start_given(run, begin, end); });
  } else {
    launch(run, B, B * 512, [&](int64_t begin, int64_t end) { forward_l1_h_start_default(run, begin, end); });
  }
  if (run.given_l1_c_init) {
    launch(run, B, B * 512, [&](int64_t begin, int64_t end) { forward_l1_c_start_given(run, begin, end); });
  } else {
    launch(run, B, B * 512, [&](int64_t begin, int64_t end) { forward_l1_c_start_default(run, begin, end); });
  }
  if (run.given_l2_h_init) {
    launch(run, B, B * 512, [&](int64_t begin, int64_t end) { forward_l2_h_start_given(run, begin, end); });
  } else {
    launch(run, B, B * 512, [&](int64_t begin, int64_t end) { forward_l2_h_start_default(run, begin, end); });
  }
  if (run.given_l2_c_init) {
    launch(run, B, B * 512, [&](int64_t begin, int64_t end) { forward_l2_c_start_given(run, begin, end); });
  } else {
    launch(run, B, B * 512, [&](int64_t begin, int64_t end) { forward_l2_c_start_default(run, begin, end); });
  }
  launch(run, 1, 8, [&](int64_t begin, int64_t end) { forward_max(run, begin, end); });
  std::fill_n(sum_over_3, 1, 0.0f);
  const int64_t filled_windows = (T + window - 1) / window;
  const int64_t window_count = std::max<int64_t>(filled_windows, 1);
  launch(run, B, B * 2048, [&](int64_t begin,
      int64_t end) { forward_l1_c_l1_h_l2_c_l2_h_boundary(run, begin, end, 0, 0, 0); });
  for (int64_t w = 0; w < window_count; ++w) {
    const int64_t window0 = w * window;
    const int64_t window1 = std::min<int64_t>(window + window0, T);
    const int64_t later = std::min<int64_t>(w, 1);
    launch(run, later * B, later * B * 1024,
        [&](int64_t begin, int64_t end) { forward_handed_on(run, begin, end, w, window1 - window0); });
    launch(run, B, B * 1024, [&](int64_t begin, int64_t end) { forward_saved(run, begin, end, w, window1 - window0); });
    const int64_t block = (B + 255) / B;
    const int64_t blocks = (window1 + block - window0 - 1) / block;
    for (int64_t q = 0; q < blocks; ++q) {
      const int64_t t0 = block * q + window0;
      const int64_t t1 = std::min<int64_t>(block + t0, window1);
      launch(run, (t1 - t0) * B, (t1 - t0) * B * 2048,
          [&](int64_t begin, int64_t end) { forward_gather(run, begin, end, t0, t1, window0); });
      launch(run, 32, (t1 - t0) * B * 253952,
          [&](int64_t begin, int64_t end) { forward_l1_i_input_l1_f_input_l1_o_input_l1_g_input(run, begin, end, t0, t1,
          window0); });
      for (int64_t t = t0; t < t1; ++t) {
        launch(run, 32, B * 253952, [&](int64_t begin,
            int64_t end) { forward_l1_i_l1_f_l1_o_l1_g(run, begin, end, t0, t, window0); });
      }
      launch(run, 32, (t1 - t0) * B * 253952,
          [&](int64_t begin, int64_t end) { forward_l2_i_input_l2_f_input_l2_o_input_l2_g_input(run, begin, end, t0, t1,
          window0); });
      for (int64_t t = t0; t < t1; ++t) {
        launch(run, 32, B * 253952, [&](int64_t begin,
            int64_t end) { forward_l2_i_l2_f_l2_o_l2_g(run, begin, end, t0, t, window0); });
      }
      launch(run, 3, (t1 - t0) * B * 8448, [&](int64_t begin,
          int64_t end) { forward_y(run, begin, end, t0, t1, window0); });
      launch(run, (t1 - t0) * B, (t1 - t0) * B * 260,
          [&](int64_t begin, int64_t end) { forward_reduce_max(run, begin, end, t0, t1, window0); });
      launch(run, (t1 - t0) * B, (t1 - t0) * B * 520,
          [&](int64_t begin, int64_t end) { forward_exp_sub(run, begin, end, t0, t1, window0); });
      launch(run, (t1 - t0) * B, (t1 - t0) * B * 260,
          [&](int64_t begin, int64_t end) { forward_reduce_sum(run, begin, end, t0, t1, window0); });
      if (run.given_loss_2) {
        launch(run, (t1 - t0) * B, (t1 - t0) * B * 8,
            [&](int64_t begin, int64_t end) { forward_sub(run, begin, end, t0, t1, window0); });
      }
      if (run.given_loss_2) {
        launch(run, 1, (t1 - t0) * B * 4, [&](int64_t begin,
            int64_t end) { forward_sum_over_2(run, begin, end, t0, t1, window0); });
      }
    }
    launch(run, B, B * 512, [&](int64_t begin,
        int64_t end) { forward_l1_h_final(run, begin, end, window0, window1, window0); });
    launch(run, B, B * 512, [&](int64_t begin,
        int64_t end) { forward_l1_c_final(run, begin, end, window0, window1, window0); });
    launch(run, B, B * 512, [&](int64_t begin,
        int64_t end) { forward_l2_h_final(run, begin, end, window0, window1, window0); });
    launch(run, B, B * 512, [&](int64_t begin,
        int64_t end) { forward_l2_c_final(run, begin, end, window0, window1, window0); });
  }
  launch(run, B, B * 1024, [&](int64_t begin,
      int64_t end) { forward_l1_f_l2_f_boundary(run, begin, end, (window_count - 1) * window,
      (window_count - 1) * window, (window_count - 1) * window); });
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
  if (workspace == nullptr && (run.window * 10240 + run.T * 524 + 70664) * run.B + 11420352 != 0) return RNNC_BAD_CALL;
  void* tape = call->tape;
  if (tape == nullptr && (run.window * 14628 + run.windows * 4096 + 10240) * run.B + 1664 != 0) return RNNC_BAD_CALL;
  void* gradients = call->parameter_gradients;
  run.given_next = slot(call->inputs, 1) != nullptr;
  if (!take(run.next, slot(call->inputs, 1), run.T * run.B)) return RNNC_BAD_CALL;
  if (!take(run.token, slot(call->inputs, 0), run.T * run.B)) return RNNC_BAD_CALL;
  run.E = at<float>(packed, 0);
  run.panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g = at<float>(packed, 66624);
  run.l1_b_i = at<float>(packed, 1115200);
  run.l1_b_f = at<float>(packed, 1116288);
  run.l1_b_o = at<float>(packed, 1117376);
  run.l1_b_g = at<float>(packed, 1118464);
  run.panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g = at<float>(packed, 1119552);
  run.panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g = at<float>(packed, 2168128);
  run.l2_b_i = at<float>(packed, 3216704);
  run.l2_b_f = at<float>(packed, 3217792);
  run.l2_b_o = at<float>(packed, 3218880);
  run.l2_b_g = at<float>(packed, 3219968);
  run.panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g = at<float>(packed, 3221056);
  run.panel_R = at<float>(packed, 4269632);
  run.b = at<float>(packed, 4343360);
  if (!take_or(run.y_2, nullptr, run.T * run.B * 65, workspace, (run.T + 2048) * 4 * run.B + 640)) return RNNC_BAD_CALL;
  run.gather_2 = at<float>(workspace, (run.T * 524 + 16384) * run.B + 4337216);
  run.l1_i_input_2 = at<float>(workspace, (run.T * 524 + 17408) * run.B + 4599424);
  run.tape_l1_i = at<float>(tape, run.B * 1024 + 128);
  run.l1_f_input_2 = at<float>(workspace, (run.T * 524 + 18432) * run.B + 4861632);
  run.tape_l1_f = at<float>(tape, (run.window + 1) * run.B * 1024 + 192);
  run.l1_o_input_2 = at<float>(workspace, (run.T * 524 + 19456) * run.B + 5123840);
  run.tape_l1_o = at<float>(tape, (run.window + 1) * run.B * 2048 + 256);
  run.l1_g_input_2 = at<float>(workspace, (run.T * 524 + 20480) * run.B + 5386048);
  run.tape_l1_g = at<float>(tape, (run.window * 3072 + 2048) * run.B + 320);
  run.tape_l1_c = at<float>(tape, (run.window * 4096 + 3072) * run.B + 448);
  run.tape_tanh_l1_c = at<float>(tape, (run.window * 5120 + 4096) * run.B + 512);
  run.tape_l1_h = at<float>(tape, (run.window * 6144 + 4096) * run.B + 576);
  run.l2_i_input_2 = at<float>(workspace, (run.T * 524 + 21504) * run.B + 5648256);
  run.tape_l2_i = at<float>(tape, (run.window * 7168 + 6144) * run.B + 704);
  run.l2_f_input_2 = at<float>(workspace, (run.T * 524 + 22528) * run.B + 5910464);
  run.tape_l2_f = at<float>(tape, (run.window * 8192 + 6144) * run.B + 768);
  run.l2_o_input_2 = at<float>(workspace, (run.T * 524 + 23552) * run.B + 6172672);
  run.tape_l2_o = at<float>(tape, (run.window * 9216 + 7168) * run.B + 832);
  run.l2_g_input_2 = at<float>(workspace, (run.T * 524 + 24576) * run.B + 6434880);
  run.tape_l2_g = at<float>(tape, (run.window * 10240 + 7168) * run.B + 896);
  run.tape_l2_c = at<float>(tape, (run.window * 11264 + 8192) * run.B + 1024);
  run.tape_tanh_l2_c = at<float>(tape, (run.window * 12288 + 9216) * run.B + 1088);
  run.tape_l2_h = at<float>(tape, (run.window * 13312 + 9216) * run.B + 1152);
  run.y_3 = at<float>(workspace, (run.T * 524 + 25600) * run.B + 6697088);
  run.reduce_max_2 = at<float>(workspace, (run.T * 524 + 25888) * run.B + 6770880);
  run.tape_exp_sub = at<float>(tape, (run.window * 14336 + run.windows * 4096 + 10240) * run.B + 1536);
  run.tape_reduce_sum = at<float>(tape, (run.window * 14624 + run.windows * 4096 + 10240) * run.B + 1600);
  run.tape_max = at<float>(tape, (run.window * 14336 + 10240) * run.B + 1216);
  run.checkpoints_l1_c = at<float>(tape, (run.window * 14336 + 10240) * run.B + 1280);
  run.checkpoints_l1_h = at<float>(tape, (run.window * 14 + run.windows + 10) * run.B * 1024 + 1344);
  run.checkpoints_l2_c = at<float>(tape, (run.window * 7 + run.windows + 5) * run.B * 2048 + 1408);
  run.checkpoints_l2_h = at<float>(tape, (run.window * 14336 + run.windows * 3072 + 10240) * run.B + 1472);
  run.gather_3 = at<float>(workspace, (run.T * 524 + 25892) * run.B + 6771968);
  run.first_d_l1_g_pre = at<float>(workspace, (run.T * 524 + 26916) * run.B + 7034176);
  run.first_d_l1_o_pre = at<float>(workspace, (run.T * 524 + 27940) * run.B + 7034240);
  run.first_d_l1_f_pre = at<float>(workspace, (run.T * 524 + 28964) * run.B + 7034304);
  run.first_d_l1_i_pre = at<float>(workspace, (run.T * 524 + 29988) * run.B + 7034368);
  run.grad_l1_h_init = at<float>(workspace, (run.T * 524 + 31012) * run.B + 7034432);
  run.first_l1_f = at<float>(workspace, (run.T * 524 + 32036) * run.B + 7034496);
  run.first_d_l1_c = at<float>(workspace, (run.T * 524 + 33060) * run.B + 7034560);
  run.grad_l1_c_init = at<float>(workspace, (run.T * 524 + 34084) * run.B + 7034624);
  run.first_d_l2_g_pre = at<float>(workspace, (run.T + 67) * run.B * 524 + 7034688);
  run.first_d_l2_o_pre = at<float>(workspace, (run.T * 524 + 36132) * run.B + 7034752);
  run.first_d_l2_f_pre = at<float>(workspace, (run.T * 524 + 37156) * run.B + 7034816);
  run.first_d_l2_i_pre = at<float>(workspace, (run.T * 524 + 38180) * run.B + 7034880);
  run.grad_l2_h_init = at<float>(workspace, (run.T * 524 + 39204) * run.B + 7034944);
  run.first_l2_f = at<float>(workspace, (run.T * 524 + 40228) * run.B + 7035008);
  run.first_d_l2_c = at<float>(workspace, (run.T * 524 + 41252) * run.B + 7035072);
  run.grad_l2_c_init = at<float>(workspace, (run.T * 524 + 42276) * run.B + 7035136);
  run.div = at<float>(workspace, (run.window * 10240 + run.T * 524 + 70372) * run.B + 11345472);
  run.d_y = at<float>(workspace, (run.window * 10240 + run.T * 524 + 70376) * run.B + 11346560);
  run.d_l2_h_input = at<float>(workspace, (run.T * 524 + 43300) * run.B + 7035200);
  run.d_l2_c = at<float>(workspace, (run.T * 524 + 44324) * run.B + 7297408);
  run.d_l2_i_pre = at<float>(workspace, (run.window * 1024 + run.T * 524 + 45348) * run.B + 7297472);
  run.d_l2_f_pre = at<float>(workspace, (run.window * 2048 + run.T * 524 + 46372) * run.B + 7297536);
  run.d_l2_o_pre = at<float>(workspace, (run.window * 3072 + run.T * 524 + 47396) * run.B + 7297600);
  run.d_l2_g_pre = at<float>(workspace, (run.window * 4096 + run.T * 524 + 48420) * run.B + 7297664);
  run.d_l1_h_input = at<float>(workspace, (run.window * 5120 + run.T * 524 + 49444) * run.B + 7297728);
  run.d_l1_c = at<float>(workspace, (run.window * 5120 + run.T * 524 + 50468) * run.B + 7559936);
  run.d_l1_i_pre = at<float>(workspace, (run.window * 6144 + run.T * 524 + 51492) * run.B + 7560000);
  run.d_l1_f_pre = at<float>(workspace, (run.window * 7168 + run.T * 524 + 52516) * run.B + 7560064);
  run.d_l1_o_pre = at<float>(workspace, (run.window * 8192 + run.T * 524 + 53540) * run.B + 7560128);
  run.d_l1_g_pre = at<float>(workspace, (run.window * 9216 + run.T * 524 + 54564) * run.B + 7560192);
  run.add = at<float>(workspace, (run.window * 10240 + run.T * 524 + 55588) * run.B + 7560256);
  if (!take_or(run.parameter_gradients, gradients, 1083969, workspace,
      (run.T * 264 + 12288) * run.B + 960)) return RNNC_BAD_CALL;
  run.given_d_y_2 = slot(call->output_gradients, 0) != nullptr;
  if (!take_or(run.d_y_2, slot(call->output_gradients, 0), run.T * run.B * 65, workspace,
      (run.T * 264 + 16384) * run.B + 4337152)) return RNNC_BAD_CALL;
  run.given_d_l1_h_final = slot(call->state_out_gradients, 0) != nullptr;
  if (!take_or(run.d_l1_h_final, slot(call->state_out_gradients, 0), run.B * 256, workspace,
      (run.T * 264 + 8192) * run.B + 704)) return RNNC_BAD_CALL;
  run.given_d_l1_c_final = slot(call->state_out_gradients, 1) != nullptr;
  if (!take_or(run.d_l1_c_final, slot(call->state_out_gradients, 1), run.B * 256, workspace,
      (run.T * 264 + 9216) * run.B + 768)) return RNNC_BAD_CALL;
  run.given_d_l2_h_final = slot(call->state_out_gradients, 2) != nullptr;
  if (!take_or(run.d_l2_h_final, slot(call->state_out_gradients, 2), run.B * 256, workspace,
      (run.T * 264 + 10240) * run.B + 832)) return RNNC_BAD_CALL;
  run.given_d_l2_c_final = slot(call->state_out_gradients, 3) != nullptr;
  if (!take_or(run.d_l2_c_final, slot(call->state_out_gradients, 3), run.B * 256, workspace,
      (run.T * 264 + 11264) * run.B + 896)) return RNNC_BAD_CALL;
  run.panel_R_transposed = at<float>(packed, 4343680);
  run.panels = at<float>(workspace, (run.window * 10240 + run.T * 524 + 56612) * run.B + 7822464);
  run.panel_l2_U_i_transposed = at<float>(packed, 4410240);
  run.panel_l2_U_f_transposed = at<float>(packed, 4672384);
  run.panel_l2_U_o_transposed = at<float>(packed, 4934528);
  run.panel_l2_U_g_transposed = at<float>(packed, 5196672);
  run.panel_l2_W_i_transposed = at<float>(packed, 5458816);
  run.panel_l2_W_f_transposed = at<float>(packed, 5720960);
  run.panel_l2_W_o_transposed = at<float>(packed, 5983104);
  run.panel_l2_W_g_transposed = at<float>(packed, 6245248);
  run.panel_l1_U_i_transposed = at<float>(packed, 6507392);
  run.panel_l1_U_f_transposed = at<float>(packed, 6769536);
  run.panel_l1_U_o_transposed = at<float>(packed, 7031680);
  run.panel_l1_U_g_transposed = at<float>(packed, 7293824);
  run.panel_l1_W_i_transposed = at<float>(packed, 7555968);
  run.panel_l1_W_f_transposed = at<float>(packed, 7818112);
  run.panel_l1_W_o_transposed = at<float>(packed, 8080256);
  run.panel_l1_W_g_transposed = at<float>(packed, 8342400);
  run.panel_l1_U_i_transposed_2 = at<float>(packed, 8604544);
  run.panel_l1_U_f_transposed_2 = at<float>(packed, 8866688);
  run.panel_l1_U_o_transposed_2 = at<float>(packed, 9128832);
  run.panel_l1_U_g_transposed_2 = at<float>(packed, 9390976);
  run.panel_l2_U_i_transposed_2 = at<float>(packed, 9653120);
  run.panel_l2_U_f_transposed_2 = at<float>(packed, 9915264);
  run.panel_l2_U_o_transposed_2 = at<float>(packed, 10177408);
  run.panel_l2_U_g_transposed_2 = at<float>(packed, 10439552);
  if (!take_or(run.grad_l1_h_init_2, slot(call->state_in_gradients, 0), run.B * 256, workspace,
      (run.T * 264 + 12288) * run.B + 4336896)) return RNNC_BAD_CALL;
  if (!take_or(run.grad_l1_c_init_2, slot(call->state_in_gradients, 1), run.B * 256, workspace,
      (run.T * 264 + 13312) * run.B + 4336960)) return RNNC_BAD_CALL;
  if (!take_or(run.grad_l2_h_init_2, slot(call->state_in_gradients, 2), run.B * 256, workspace,
      (run.T * 264 + 14336) * run.B + 4337024)) return RNNC_BAD_CALL;
  if (!take_or(run.grad_l2_c_init_2, slot(call->state_in_gradients, 3), run.B * 256, workspace,
      (run.T * 264 + 15360) * run.B + 4337088)) return RNNC_BAD_CALL;
  if (!indices_hold(static_cast<const int32_t*>(slot(call->inputs, 1)), call->steps[0], call->rows, call->lengths[0], 0,
      65)) return RNNC_BAD_INDEX;
  if (!indices_hold(static_cast<const int32_t*>(slot(call->inputs, 0)), call->steps[0], call->rows, call->lengths[0], 0,
      65)) return RNNC_BAD_INDEX;
  if (*at<int64_t>(tape, 0) != run.windows) return RNNC_BAD_TAPE;
  if (run.windows > 1) *at<int64_t>(tape, 0) = 0;  // which windows computed again are written over

  const int64_t T = run.T, B = run.B, window = run.window;
  int32_t* next = run.next;
  float* parameter_gradients = run.parameter_gradients;
  float* d_y_2 = run.d_y_2;
  float* d_l1_h_final = run.d_l1_h_final;
  float* d_l1_c_final = run.d_l1_c_final;
  float* d_l2_h_final = run.d_l2_h_final;
  float* d_l2_c_final = run.d_l2_c_final;

  if (!run.given_next) {
    std::fill_n(next, T * B, 0);
  }
  if (!run.given_d_y_2) {
    std::fill_n(d_y_2, T * B * 65, 0.0f);
  }
  if (!run.given_d_l1_h_final) {
    std::fill_n(d_l1_h_final, B * 256, 0.0f);
  }
  if (!run.given_d_l1_c_final) {
    std::fill_n(d_l1_c_final, B * 256, 0.0f);
  }
  if (!run.given_d_l2_h_final) {
    std::fill_n(d_l2_h_final, B * 256, 0.0f);
  }
  if (!run.given_d_l2_c_final) {
    std::fill_n(d_l2_c_final, B * 256, 0.0f);
  }
  std::fill_n(parameter_gradients + 33280, 65, 0.0f);
  std::fill_n(parameter_gradients + 16640, 16640, 0.0f);
  std::fill_n(parameter_gradients + 1082945, 256, 0.0f);
  std::fill_n(parameter_gradients + 1083201, 256, 0.0f);
  std::fill_n(parameter_gradients + 1083457, 256, 0.0f);
  std::fill_n(parameter_gradients + 1083713, 256, 0.0f);
  std::fill_n(parameter_gradients + 558657, 65536, 0.0f);
  std::fill_n(parameter_gradients + 624193, 65536, 0.0f);
  std::fill_n(parameter_gradients + 689729, 65536, 0.0f);
  std::fill_n(parameter_gradients + 755265, 65536, 0.0f);
  std::fill_n(parameter_gradients + 820801, 65536, 0.0f);
  std::fill_n(parameter_gradients + 886337, 65536, 0.0f);
  std::fill_n(parameter_gradients + 951873, 65536, 0.0f);
  std::fill_n(parameter_gradients + 1017409, 65536, 0.0f);
  std::fill_n(parameter_gradients + 557633, 256, 0.0f);
  std::fill_n(parameter_gradients + 557889, 256, 0.0f);
  std::fill_n(parameter_gradients + 558145, 256, 0.0f);
  std::fill_n(parameter_gradients + 558401, 256, 0.0f);
  std::fill_n(parameter_gradients + 33345, 65536, 0.0f);
  std::fill_n(parameter_gradients + 98881, 65536, 0.0f);
  std::fill_n(parameter_gradients + 164417, 65536, 0.0f);
  std::fill_n(parameter_gradients + 229953, 65536, 0.0f);
  std::fill_n(parameter_gradients + 295489, 65536, 0.0f);
  std::fill_n(parameter_gradients + 361025, 65536, 0.0f);
  std::fill_n(parameter_gradients + 426561, 65536, 0.0f);
  std::fill_n(parameter_gradients + 492097, 65536, 0.0f);
  std::fill_n(parameter_gradients, 16640, 0.0f);
  const int64_t filled_windows = (T + window - 1) / window;
  const int64_t window_count = std::max<int64_t>(filled_windows, 1);
  launch(run, B, B * 5120, [&](int64_t begin,
      int64_t end) { backward_d_l2_c_d_l2_i_pre_d_l2_f_pre_d_l2_o_pre_boundary(run, begin, end,
      (window_count - 1) * window, (window_count - 1) * window, (window_count - 1) * window); });
  for (int64_t w = window_count; w-- > 0;) {
    const int64_t window0 = w * window;
    const int64_t window1 = std::min<int64_t>(window + window0, T);
    const int64_t later = std::min<int64_t>(window_count - w - 1, 1);
    launch(run, later * B, later * B * 2560,
        [&](int64_t begin, int64_t end) { backward_handed_on(run, begin, end, w, window1 - window0); });
    [[maybe_unused]] const int64_t several = std::min<int64_t>(window_count - 1, 1);
    launch(run, later * B, later * B * 512,
        [&](int64_t begin, int64_t end) { again_handed_on(run, begin, end, w, window1 - window0); });
    launch(run, later * B, later * B * 1024,
        [&](int64_t begin, int64_t end) { again_restored(run, begin, end, w, window1 - window0); });
    const int64_t block = (B + 255) / B;
    const int64_t blocks = (window1 + block - window0 - 1) / block;
    for (int64_t q = 0; q < later * blocks; ++q) {
      const int64_t t0 = block * q + window0;
      const int64_t t1 = std::min<int64_t>(block + t0, window1);
      launch(run, (t1 - t0) * B, (t1 - t0) * B * 2048,
          [&](int64_t begin, int64_t end) { forward_gather(run, begin, end, t0, t1, window0); });
      launch(run, 32, (t1 - t0) * B * 253952,
          [&](int64_t begin, int64_t end) { forward_l1_i_input_l1_f_input_l1_o_input_l1_g_input(run, begin, end, t0, t1,
          window0); });
      for (int64_t t = t0; t < t1; ++t) {
        launch(run, 32, B * 253952, [&](int64_t begin,
            int64_t end) { forward_l1_i_l1_f_l1_o_l1_g(run, begin, end, t0, t, window0); });
      }
      launch(run, 32, (t1 - t0) * B * 253952,
          [&](int64_t begin, int64_t end) { forward_l2_i_input_l2_f_input_l2_o_input_l2_g_input(run, begin, end, t0, t1,
          window0); });
      for (int64_t t = t0; t < t1; ++t) {
        launch(run, 32, B * 253952, [&](int64_t begin,
            int64_t end) { forward_l2_i_l2_f_l2_o_l2_g(run, begin, end, t0, t, window0); });
      }
      launch(run, 3, (t1 - t0) * B * 8448, [&](int64_t begin,
          int64_t end) { forward_y(run, begin, end, t0, t1, window0); });
      launch(run, (t1 - t0) * B, (t1 - t0) * B * 260,
          [&](int64_t begin, int64_t end) { forward_reduce_max(run, begin, end, t0, t1, window0); });
      launch(run, (t1 - t0) * B, (t1 - t0) * B * 520,
          [&](int64_t begin, int64_t end) { forward_exp_sub(run, begin, end, t0, t1, window0); });
      launch(run, (t1 - t0) * B, (t1 - t0) * B * 260,
          [&](int64_t begin, int64_t end) { forward_reduce_sum(run, begin, end, t0, t1, window0); });
    }
    const int64_t block_2 = (B + 255) / B;
    const int64_t blocks_2 = (window1 + block_2 - window0 - 1) / block_2;
    for (int64_t q = blocks_2; q-- > 0;) {
      const int64_t t0 = block_2 * q + window0;
      const int64_t t1 = std::min<int64_t>(block_2 + t0, window1);
      launch(run, (t1 - t0) * B, (t1 - t0) * B * 8,
          [&](int64_t begin, int64_t end) { backward_div(run, begin, end, t0, t1, window0); });
      launch(run, (t1 - t0) * B, (t1 - t0) * B * 520,
          [&](int64_t begin, int64_t end) { backward_d_y(run, begin, end, t0, t1, window0); });
      launch(run, (t1 - t0) * B, (t1 - t0) * B * 2048,
          [&](int64_t begin, int64_t end) { backward_gather(run, begin, end, t0, t1, window0); });
      launch(run, 8, (t1 - t0) * B * 14560, [&](int64_t begin,
          int64_t end) { backward_d_l2_h_input(run, begin, end, t0, t1, window0); });
      launch(run, 3, (t1 - t0) * B * 260, [&](int64_t begin,
          int64_t end) { backward_grad_b(run, begin, end, t0, t1, window0); });
      launch(run, 9, (t1 - t0) * B * 65, [&](int64_t begin,
          int64_t end) { backward_d_y_panels(run, begin, end, t0, t1, window0); });
      launch(run, 11, (t1 - t0) * B * 256, [&](int64_t begin,
          int64_t end) { backward_l2_h_panels(run, begin, end, t0, t1, window0); });
      launch(run, 9, (t1 - t0) * B * 6368, [&](int64_t begin,
          int64_t end) { backward_grad_R(run, begin, end, t0, t1, window0, 0, B * 72 + 18440, 16640); });
      for (int64_t t = t1; t-- > t0;) {
        launch(run, 8, B * 229376, [&](int64_t begin,
            int64_t end) { backward_d_l2_c_d_l2_i_pre_d_l2_f_pre_d_l2_o_pre(run, begin, end, t0, t, window0); });
      }
      launch(run, 8, (t1 - t0) * B * 229376, [&](int64_t begin,
          int64_t end) { backward_d_l1_h_input(run, begin, end, t0, t1, window0); });
      launch(run, 8, (t1 - t0) * B * 1024, [&](int64_t begin,
          int64_t end) { backward_grad_l2_b_i(run, begin, end, t0, t1, window0); });
      launch(run, 8, (t1 - t0) * B * 1024, [&](int64_t begin,
          int64_t end) { backward_grad_l2_b_o(run, begin, end, t0, t1, window0); });
      launch(run, 8, (t1 - t0) * B * 1024, [&](int64_t begin,
          int64_t end) { backward_grad_l2_b_g(run, begin, end, t0, t1, window0); });
      launch(run, 8, (t1 - t0) * B * 1024, [&](int64_t begin,
          int64_t end) { backward_grad_l2_b_f(run, begin, end, t0, t1, window0); });
      launch(run, 32, (t1 - t0) * B * 256, [&](int64_t begin,
          int64_t end) { backward_d_l2_i_pre_panels(run, begin, end, t0, t1, window0); });
      launch(run, 11, (t1 - t0) * B * 256, [&](int64_t begin,
          int64_t end) { backward_l1_h_panels(run, begin, end, t0, t1, window0); });
      launch(run, 32, (t1 - t0) * B * 49152, [&](int64_t begin,
          int64_t end) { backward_grad_l2_W_i(run, begin, end, t0, t1, window0, B * 336 + 86032, B * 592 + 151576,
          558657); });
      launch(run, 32, (t1 - t0) * B * 256, [&](int64_t begin,
          int64_t end) { backward_d_l2_f_pre_panels(run, begin, end, t0, t1, window0); });
      launch(run, 32, (t1 - t0) * B * 49152, [&](int64_t begin,
          int64_t end) { backward_grad_l2_W_i(run, begin, end, t0, t1, window0, B * 856 + 219168, B * 592 + 151576,
          624193); });
      launch(run, 32, (t1 - t0) * B * 256, [&](int64_t begin,
          int64_t end) { backward_d_l2_o_pre_panels(run, begin, end, t0, t1, window0); });
      launch(run, 32, (t1 - t0) * B * 49152, [&](int64_t begin,
          int64_t end) { backward_grad_l2_W_i(run, begin, end, t0, t1, window0, B * 1112 + 284712, B * 592 + 151576,
          689729); });
      launch(run, 32, (t1 - t0) * B * 256, [&](int64_t begin,
          int64_t end) { backward_d_l2_g_pre_panels(run, begin, end, t0, t1, window0); });
      launch(run, 32, (t1 - t0) * B * 49152, [&](int64_t begin,
          int64_t end) { backward_grad_l2_W_i(run, begin, end, t0, t1, window0, B * 1368 + 350256, B * 592 + 151576,
          755265); });
      launch(run, 11, (t1 - t0) * B * 256, [&](int64_t begin,
          int64_t end) { backward_l2_h_before_panels(run, begin, end, t0, t1, window0); });
      launch(run, 32, (t1 - t0) * B * 49152, [&](int64_t begin,
          int64_t end) { backward_grad_l2_W_i(run, begin, end, t0, t1, window0, B * 336 + 86032, B * 1624 + 415800,
          820801); });
      launch(run, 32, (t1 - t0) * B * 49152, [&](int64_t begin,
          int64_t end) { backward_grad_l2_W_i(run, begin, end, t0, t1, window0, B * 856 + 219168, B * 1624 + 415800,
          886337); });
      launch(run, 32, (t1 - t0) * B * 49152, [&](int64_t begin,
          int64_t end) { backward_grad_l2_W_i(run, begin, end, t0, t1, window0, B * 1112 + 284712, B * 1624 + 415800,
          951873); });
      launch(run, 32, (t1 - t0) * B * 49152, [&](int64_t begin,
          int64_t end) { backward_grad_l2_W_i(run, begin, end, t0, t1, window0, B * 1368 + 350256, B * 1624 + 415800,
          1017409); });
      for (int64_t t = t1; t-- > t0;) {
        launch(run, 8, B * 229376, [&](int64_t begin,
            int64_t end) { backward_d_l1_c_d_l1_i_pre_d_l1_f_pre_d_l1_o_pre(run, begin, end, t0, t, window0); });
      }
      launch(run, 8, (t1 - t0) * B * 229376, [&](int64_t begin,
          int64_t end) { backward_add(run, begin, end, t0, t1, window0); });
      launch(run, 8, (t1 - t0) * B * 1024, [&](int64_t begin,
          int64_t end) { backward_grad_l1_b_i(run, begin, end, t0, t1, window0); });
      launch(run, 8, (t1 - t0) * B * 1024, [&](int64_t begin,
          int64_t end) { backward_grad_l1_b_o(run, begin, end, t0, t1, window0); });
      launch(run, 8, (t1 - t0) * B * 1024, [&](int64_t begin,
          int64_t end) { backward_grad_l1_b_g(run, begin, end, t0, t1, window0); });
      launch(run, 8, (t1 - t0) * B * 1024, [&](int64_t begin,
          int64_t end) { backward_grad_l1_b_f(run, begin, end, t0, t1, window0); });
      launch(run, 32, (t1 - t0) * B * 256, [&](int64_t begin,
          int64_t end) { backward_d_l1_i_pre_panels(run, begin, end, t0, t1, window0); });
      launch(run, 11, (t1 - t0) * B * 256, [&](int64_t begin,
          int64_t end) { backward_gather_panels(run, begin, end, t0, t1, window0); });
      launch(run, 32, (t1 - t0) * B * 49152, [&](int64_t begin,
          int64_t end) { backward_grad_l2_W_i(run, begin, end, t0, t1, window0, B * 1888 + 483392, B * 2144 + 548936,
          33345); });
      launch(run, 32, (t1 - t0) * B * 256, [&](int64_t begin,
          int64_t end) { backward_d_l1_f_pre_panels(run, begin, end, t0, t1, window0); });
      launch(run, 32, (t1 - t0) * B * 49152, [&](int64_t begin,
          int64_t end) { backward_grad_l2_W_i(run, begin, end, t0, t1, window0, B * 2408 + 616528, B * 2144 + 548936,
          98881); });
      launch(run, 32, (t1 - t0) * B * 256, [&](int64_t begin,
          int64_t end) { backward_d_l1_o_pre_panels(run, begin, end, t0, t1, window0); });
      launch(run, 32, (t1 - t0) * B * 49152, [&](int64_t begin,
          int64_t end) { backward_grad_l2_W_i(run, begin, end, t0, t1, window0, B * 2664 + 682072, B * 2144 + 548936,
          164417); });
      launch(run, 32, (t1 - t0) * B * 256, [&](int64_t begin,
          int64_t end) { backward_d_l1_g_pre_panels(run, begin, end, t0, t1, window0); });
      launch(run, 32, (t1 - t0) * B * 49152, [&](int64_t begin,
          int64_t end) { backward_grad_l2_W_i(run, begin, end, t0, t1, window0, B * 2920 + 747616, B * 2144 + 548936,
          229953); });
      launch(run, 11, (t1 - t0) * B * 256, [&](int64_t begin,
          int64_t end) { backward_l1_h_before_panels(run, begin, end, t0, t1, window0); });
      launch(run, 32, (t1 - t0) * B * 49152, [&](int64_t begin,
          int64_t end) { backward_grad_l2_W_i(run, begin, end, t0, t1, window0, B * 1888 + 483392, B * 3176 + 813160,
          295489); });
      launch(run, 32, (t1 - t0) * B * 49152, [&](int64_t begin,
          int64_t end) { backward_grad_l2_W_i(run, begin, end, t0, t1, window0, B * 2408 + 616528, B * 3176 + 813160,
          361025); });
      launch(run, 32, (t1 - t0) * B * 49152, [&](int64_t begin,
          int64_t end) { backward_grad_l2_W_i(run, begin, end, t0, t1, window0, B * 2664 + 682072, B * 3176 + 813160,
          426561); });
      launch(run, 32, (t1 - t0) * B * 49152, [&](int64_t begin,
          int64_t end) { backward_grad_l2_W_i(run, begin, end, t0, t1, window0, B * 2920 + 747616, B * 3176 + 813160,
          492097); });
      launch(run, 32, (t1 - t0) * B * 256, [&](int64_t begin,
          int64_t end) { backward_grad_E(run, begin, end, t0, t1, window0); });
    }
    launch(run, B, B * 512, [&](int64_t begin,
        int64_t end) { backward_first_l1_f(run, begin, end, window0, window1, window0); });
    launch(run, B, B * 512, [&](int64_t begin,
        int64_t end) { backward_first_l2_f(run, begin, end, window0, window1, window0); });
    launch(run, B, B * 512, [&](int64_t begin,
        int64_t end) { backward_first_d_l1_g_pre(run, begin, end, window0, window1, window0); });
    launch(run, B, B * 512, [&](int64_t begin,
        int64_t end) { backward_first_d_l1_o_pre(run, begin, end, window0, window1, window0); });
    launch(run, B, B * 512, [&](int64_t begin,
        int64_t end) { backward_first_d_l1_f_pre(run, begin, end, window0, window1, window0); });
    launch(run, B, B * 512, [&](int64_t begin,
        int64_t end) { backward_first_d_l1_i_pre(run, begin, end, window0, window1, window0); });
    launch(run, B, B * 512, [&](int64_t begin,
        int64_t end) { backward_first_d_l1_c(run, begin, end, window0, window1, window0); });
    launch(run, B, B * 512, [&](int64_t begin,
        int64_t end) { backward_first_d_l2_g_pre(run, begin, end, window0, window1, window0); });
    launch(run, B, B * 512, [&](int64_t begin,
        int64_t end) { backward_first_d_l2_o_pre(run, begin, end, window0, window1, window0); });
    launch(run, B, B * 512, [&](int64_t begin,
        int64_t end) { backward_first_d_l2_f_pre(run, begin, end, window0, window1, window0); });
    launch(run, B, B * 512, [&](int64_t begin,
        int64_t end) { backward_first_d_l2_i_pre(run, begin, end, window0, window1, window0); });
    launch(run, B, B * 512, [&](int64_t begin,
        int64_t end) { backward_first_d_l2_c(run, begin, end, window0, window1, window0); });
  }
  launch(run, 16, B * 458752, [&](int64_t begin,
      int64_t end) { backward_grad_l1_h_init_grad_l1_c_init_grad_l2_h_init_grad_l2_c_init(run, begin, end); });
  return RNNC_OK;
}

int step(const rnnc_model*, const rnnc_call* call) {
  Run run{};
  if (!start(call, true, run)) return RNNC_BAD_CALL;
  const void* packed = call->packed;
  if (packed == nullptr) return RNNC_BAD_CALL;
  void* workspace = call->workspace;
  if (workspace == nullptr && (run.T * 4360 + 29996) * run.B + 2438656 != 0) return RNNC_BAD_CALL;
  run.gather = at<float>(workspace, (run.T * 264 + 8192) * run.B + 704);
  run.l1_h_start = at<float>(workspace, (run.T * 264 + 9216) * run.B + 262912);
  run.l1_i_input = at<float>(workspace, (run.T * 264 + 10240) * run.B + 262976);
  run.l1_f_input = at<float>(workspace, (run.T * 264 + 11264) * run.B + 525184);
  run.l1_o_input = at<float>(workspace, (run.T * 264 + 12288) * run.B + 787392);
  run.l1_g_input = at<float>(workspace, (run.T * 264 + 13312) * run.B + 1049600);
  run.l1_c_start = at<float>(workspace, (run.T * 264 + 14336) * run.B + 1311808);
  run.l1_c = at<float>(workspace, (run.T * 264 + 15360) * run.B + 1311872);
  run.l1_h = at<float>(workspace, (run.T * 1288 + 16384) * run.B + 1311936);
  run.l2_h_start = at<float>(workspace, (run.T * 2312 + 17408) * run.B + 1312000);
  run.l2_i_input = at<float>(workspace, (run.T * 2312 + 18432) * run.B + 1312064);
  run.l2_f_input = at<float>(workspace, (run.T * 2312 + 19456) * run.B + 1574272);
  run.l2_o_input = at<float>(workspace, (run.T * 2312 + 20480) * run.B + 1836480);
  run.l2_g_input = at<float>(workspace, (run.T * 2312 + 21504) * run.B + 2098688);
  run.l2_c_start = at<float>(workspace, (run.T * 2312 + 22528) * run.B + 2360896);
  run.l2_c = at<float>(workspace, (run.T * 2312 + 23552) * run.B + 2360960);
  run.l2_h = at<float>(workspace, (run.T * 3336 + 24576) * run.B + 2361024);
  run.y = at<float>(workspace, (run.T * 4360 + 29696) * run.B + 2361600);
  run.reduce_max = at<float>(workspace, (run.T * 4360 + 29984) * run.B + 2435392);
  run.reduce_sum = at<float>(workspace, (run.T * 4360 + 29988) * run.B + 2436480);
  run.sub = at<float>(workspace, (run.T * 4360 + 29992) * run.B + 2437568);
  run.sum_over = at<float>(workspace, (run.T * 4360 + 25600) * run.B + 2361088);
  run.sum_over_2 = at<float>(workspace, (run.T * 4360 + 25600) * run.B + 2361152);
  run.max = at<float>(workspace, (run.T * 4360 + 25600) * run.B + 2361216);
  run.loss = at<float>(workspace, (run.T * 4360 + 25600) * run.B + 2361280);
  run.l1_h_final = at<float>(workspace, (run.T * 4360 + 25600) * run.B + 2361344);
  run.l1_c_final = at<float>(workspace, (run.T * 4360 + 26624) * run.B + 2361408);
  run.l2_h_final = at<float>(workspace, (run.T * 4360 + 27648) * run.B + 2361472);
  run.l2_c_final = at<float>(workspace, (run.T * 4360 + 28672) * run.B + 2361536);
  run.given_loss_2 = call->loss != nullptr;
  if (!take_or(run.loss_2, call->loss, 1, workspace, 0)) return RNNC_BAD_CALL;
  run.given_next = slot(call->inputs, 1) != nullptr;
  if (call->loss != nullptr && slot(call->inputs, 1) == nullptr && run.T * run.B != 0) return RNNC_BAD_CALL;
  if (!take_or(run.next, slot(call->inputs, 1), run.T * run.B, workspace, run.B * 8192 + 576)) return RNNC_BAD_CALL;
  run.given_l1_h_init = slot(call->state_in, 0) != nullptr;
  if (!take_or(run.l1_h_init, slot(call->state_in, 0), run.B * 256, workspace, 64)) return RNNC_BAD_CALL;
  run.given_l1_c_init = slot(call->state_in, 1) != nullptr;
  if (!take_or(run.l1_c_init, slot(call->state_in, 1), run.B * 256, workspace,
      run.B * 1024 + 128)) return RNNC_BAD_CALL;
  run.given_l2_h_init = slot(call->state_in, 2) != nullptr;
  if (!take_or(run.l2_h_init, slot(call->state_in, 2), run.B * 256, workspace,
      run.B * 2048 + 192)) return RNNC_BAD_CALL;
  run.given_l2_c_init = slot(call->state_in, 3) != nullptr;
  if (!take_or(run.l2_c_init, slot(call->state_in, 3), run.B * 256, workspace,
      run.B * 3072 + 256)) return RNNC_BAD_CALL;
  if (!take(run.token, slot(call->inputs, 0), run.T * run.B)) return RNNC_BAD_CALL;
  run.E = at<float>(packed, 0);
  run.panel_l1_W_i_l1_W_f_l1_W_o_l1_W_g = at<float>(packed, 66624);
  run.l1_b_i = at<float>(packed, 1115200);
  run.l1_b_f = at<float>(packed, 1116288);
  run.l1_b_o = at<float>(packed, 1117376);
  run.l1_b_g = at<float>(packed, 1118464);
  run.panel_l1_U_i_l1_U_f_l1_U_o_l1_U_g = at<float>(packed, 1119552);
  run.panel_l2_W_i_l2_W_f_l2_W_o_l2_W_g = at<float>(packed, 2168128);
  run.l2_b_i = at<float>(packed, 3216704);
  run.l2_b_f = at<float>(packed, 3217792);
  run.l2_b_o = at<float>(packed, 3218880);
  run.l2_b_g = at<float>(packed, 3219968);
  run.panel_l2_U_i_l2_U_f_l2_U_o_l2_U_g = at<float>(packed, 3221056);
  run.panel_R = at<float>(packed, 4269632);
  run.b = at<float>(packed, 4343360);
  if (!take_or(run.y_2, slot(call->outputs, 0), run.T * run.B * 65, workspace,
      (run.T + 2048) * 4 * run.B + 640)) return RNNC_BAD_CALL;
  if (!take_or(run.l1_h_final_2, slot(call->state_out, 0), run.B * 256, workspace,
      run.B * 4096 + 320)) return RNNC_BAD_CALL;
  if (!take_or(run.l1_c_final_2, slot(call->state_out, 1), run.B * 256, workspace,
      run.B * 5120 + 384)) return RNNC_BAD_CALL;
  if (!take_or(run.l2_h_final_2, slot(call->state_out, 2), run.B * 256, workspace,
      run.B * 6144 + 448)) return RNNC_BAD_CALL;
  if (!take_or(run.l2_c_final_2, slot(call->state_out, 3), run.B * 256, workspace,
      run.B * 7168 + 512)) return RNNC_BAD_CALL;
  if (!indices_hold(static_cast<const int32_t*>(slot(call->inputs, 1)), 1, call->rows, call->lengths[0], 0,
      65)) return RNNC_BAD_INDEX;
  if (!indices_hold(static_cast<const int32_t*>(slot(call->inputs, 0)), 1, call->rows, call->lengths[0], 0,
      65)) return RNNC_BAD_INDEX;

  const int64_t T = run.T, B = run.B;
  float* sum_over = run.sum_over;
  float* sum_over_2 = run.sum_over_2;
  int32_t* next = run.next;

  if (!run.given_next) {
    std::fill_n(next, T * B, 0);
  }
  if (run.given_loss_2) {
    std::fill_n(sum_over_2, 1, 0.0f);
    launch(run, 1, B * 4, [&](int64_t begin, int64_t end) { infer_sum_over(run, begin, end); });
  }
  if (run.given_l1_h_init) {
    launch(run, B, B * 512, [&](int64_t begin, int64_t end) { infer_l1_h_start_given(run, begin, end); });
  } else {
    launch(run, B, B * 512, [&](int64_t begin, int64_t end) { infer_l1_h_start_default(run, begin, end); });
  }
  if (run.given_l1_c_init) {
    launch(run, B, B * 512, [&](int64_t begin, int64_t end) { infer_l1_c_start_given(run, begin, end); });
  } else {
    launch(run, B, B * 512, [&](int64_t begin, int64_t end) { infer_l1_c_start_default(run, begin, end); });
  }
  if (run.given_l2_h_init) {
    launch(run, B, B * 512, [&](int64_t begin, int64_t end) { infer_l2_h_start_given(run, begin, end); });
  } else {
    launch(run, B, B * 512, [&](int64_t begin, int64_t end) { infer_l2_h_start_default(run, begin, end); });
  }
  if (run.given_l2_c_init) {
    launch(run, B, B * 512, [&](int64_t begin, int64_t end) { infer_l2_c_start_given(run, begin, end); });
  } else {
    launch(run, B, B * 512, [&](int64_t begin, int64_t end) { infer_l2_c_start_default(run, begin, end); });
  }
  if (run.given_loss_2) {
    launch(run, 1, 8, [&](int64_t begin, int64_t end) { infer_max(run, begin, end); });
  }
  launch(run, B, B * 512, [&](int64_t begin, int64_t end) { infer_l1_c_boundary(run, begin, end); });
  launch(run, B, B * 512, [&](int64_t begin, int64_t end) { infer_l1_h_boundary(run, begin, end); });
  launch(run, B, B * 512, [&](int64_t begin, int64_t end) { infer_l2_c_boundary(run, begin, end); });
  launch(run, B, B * 512, [&](int64_t begin, int64_t end) { infer_l2_h_boundary(run, begin, end); });
  std::fill_n(sum_over, 1, 0.0f);
  const int64_t block = (B + 255) / B;
  const int64_t blocks = (T + block - 1) / block;
  for (int64_t q = 0; q < blocks; ++q) {
    const int64_t t0 = block * q;
    const int64_t t1 = std::min<int64_t>(block + t0, T);
    launch(run, (t1 - t0) * B, (t1 - t0) * B * 2048,
        [&](int64_t begin, int64_t end) { infer_gather(run, begin, end, t0, t1); });
    launch(run, 32, (t1 - t0) * B * 253952,
        [&](int64_t begin, int64_t end) { infer_l1_i_input_l1_f_input_l1_o_input_l1_g_input(run, begin, end, t0,
        t1); });
    for (int64_t t = t0; t < t1; ++t) {
      launch(run, 32, B * 253952, [&](int64_t begin, int64_t end) { infer_l1_c_l1_h(run, begin, end, t0, t); });
    }
    launch(run, 32, (t1 - t0) * B * 253952,
        [&](int64_t begin, int64_t end) { infer_l2_i_input_l2_f_input_l2_o_input_l2_g_input(run, begin, end, t0,
        t1); });
    for (int64_t t = t0; t < t1; ++t) {
      launch(run, 32, B * 253952, [&](int64_t begin, int64_t end) { infer_l2_c_l2_h(run, begin, end, t0, t); });
    }
    launch(run, 3, (t1 - t0) * B * 8448, [&](int64_t begin, int64_t end) { infer_y(run, begin, end, t0, t1); });
    if (run.given_loss_2) {
      launch(run, (t1 - t0) * B, (t1 - t0) * B * 260,
          [&](int64_t begin, int64_t end) { infer_reduce_max(run, begin, end, t0, t1); });
    }
    if (run.given_loss_2) {
      launch(run, (t1 - t0) * B, (t1 - t0) * B * 260,
          [&](int64_t begin, int64_t end) { infer_reduce_sum(run, begin, end, t0, t1); });
    }
    if (run.given_loss_2) {
      launch(run, (t1 - t0) * B, (t1 - t0) * B * 8,
          [&](int64_t begin, int64_t end) { infer_sub(run, begin, end, t0, t1); });
    }
    if (run.given_loss_2) {
      launch(run, 1, (t1 - t0) * B * 4, [&](int64_t begin, int64_t end) { infer_sum_over_2(run, begin, end, t0, t1); });
    }
  }
  if (run.given_loss_2) {
    launch(run, 1, 8, [&](int64_t begin, int64_t end) { infer_loss(run, begin, end); });
  }
  launch(run, B, B * 512, [&](int64_t begin, int64_t end) { infer_l1_h_final(run, begin, end); });
  launch(run, B, B * 512, [&](int64_t begin, int64_t end) { infer_l1_c_final(run, begin, end); });
  launch(run, B, B * 512, [&](int64_t begin, int64_t end) { infer_l2_h_final(run, begin, end); });
  launch(run, B, B * 512, [&](int64_t begin, int64_t end) { infer_l2_c_final(run, begin, end); });
  return RNNC_OK;
}

// name, rank, extents, per row?, axis, index extent, target?, offset, history, reversed?, initializer and its numbers

const rnnc_tensor parameters[] = {
  {"E", 2, {65, 256, 0}, 0, -1, 0, 0, 0, 0, 0, 0, 2, 0.0, 0.0},
  {"R", 2, {65, 256, 0}, 0, -1, 0, 0, 0, 16640, 0, 0, 2, 0.0, 0.0},
  {"b", 1, {65, 0, 0}, 0, -1, 0, 0, 0, 33280, 0, 0, 0, 0.0, 0.0},
  {"l1.W_i", 2, {256, 256, 0}, 0, -1, 0, 0, 0, 33345, 0, 0, 2, 0.0, 0.0},
  {"l1.W_f", 2, {256, 256, 0}, 0, -1, 0, 0, 0, 98881, 0, 0, 2, 0.0, 0.0},
  {"l1.W_o", 2, {256, 256, 0}, 0, -1, 0, 0, 0, 164417, 0, 0, 2, 0.0, 0.0},
  {"l1.W_g", 2, {256, 256, 0}, 0, -1, 0, 0, 0, 229953, 0, 0, 2, 0.0, 0.0},
  {"l1.U_i", 2, {256, 256, 0}, 0, -1, 0, 0, 0, 295489, 0, 0, 2, 0.0, 0.0},
  {"l1.U_f", 2, {256, 256, 0}, 0, -1, 0, 0, 0, 361025, 0, 0, 2, 0.0, 0.0},
  {"l1.U_o", 2, {256, 256, 0}, 0, -1, 0, 0, 0, 426561, 0, 0, 2, 0.0, 0.0},
  {"l1.U_g", 2, {256, 256, 0}, 0, -1, 0, 0, 0, 492097, 0, 0, 2, 0.0, 0.0},
  {"l1.b_i", 1, {256, 0, 0}, 0, -1, 0, 0, 0, 557633, 0, 0, 0, 0.0, 0.0},
  {"l1.b_o", 1, {256, 0, 0}, 0, -1, 0, 0, 0, 557889, 0, 0, 0, 0.0, 0.0},
  {"l1.b_g", 1, {256, 0, 0}, 0, -1, 0, 0, 0, 558145, 0, 0, 0, 0.0, 0.0},
  {"l1.b_f", 1, {256, 0, 0}, 0, -1, 0, 0, 0, 558401, 0, 0, 0, 1.0, 0.0},
  {"l2.W_i", 2, {256, 256, 0}, 0, -1, 0, 0, 0, 558657, 0, 0, 2, 0.0, 0.0},
  {"l2.W_f", 2, {256, 256, 0}, 0, -1, 0, 0, 0, 624193, 0, 0, 2, 0.0, 0.0},
  {"l2.W_o", 2, {256, 256, 0}, 0, -1, 0, 0, 0, 689729, 0, 0, 2, 0.0, 0.0},
  {"l2.W_g", 2, {256, 256, 0}, 0, -1, 0, 0, 0, 755265, 0, 0, 2, 0.0, 0.0},
  {"l2.U_i", 2, {256, 256, 0}, 0, -1, 0, 0, 0, 820801, 0, 0, 2, 0.0, 0.0},
  {"l2.U_f", 2, {256, 256, 0}, 0, -1, 0, 0, 0, 886337, 0, 0, 2, 0.0, 0.0},
  {"l2.U_o", 2, {256, 256, 0}, 0, -1, 0, 0, 0, 951873, 0, 0, 2, 0.0, 0.0},
  {"l2.U_g", 2, {256, 256, 0}, 0, -1, 0, 0, 0, 1017409, 0, 0, 2, 0.0, 0.0},
  {"l2.b_i", 1, {256, 0, 0}, 0, -1, 0, 0, 0, 1082945, 0, 0, 0, 0.0, 0.0},
  {"l2.b_o", 1, {256, 0, 0}, 0, -1, 0, 0, 0, 1083201, 0, 0, 0, 0.0, 0.0},
  {"l2.b_g", 1, {256, 0, 0}, 0, -1, 0, 0, 0, 1083457, 0, 0, 0, 0.0, 0.0},
  {"l2.b_f", 1, {256, 0, 0}, 0, -1, 0, 0, 0, 1083713, 0, 0, 0, 1.0, 0.0},
};

const rnnc_tensor inputs[] = {
  {"token", 0, {0, 0, 0}, 1, 0, 65, 0, 0, 0, 0, 0, 0, 0.0, 0.0},
  {"next", 0, {0, 0, 0}, 1, 0, 65, 0, 1, 0, 0, 0, 0, 0.0, 0.0},
};

const rnnc_tensor outputs[] = {
  {"y", 1, {65, 0, 0}, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0.0, 0.0},
};

const rnnc_tensor states[] = {
  {"l1.h", 1, {256, 0, 0}, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0.0, 0.0},
  {"l1.c", 1, {256, 0, 0}, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0.0, 0.0},
  {"l2.h", 1, {256, 0, 0}, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0.0, 0.0},
  {"l2.c", 1, {256, 0, 0}, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0.0, 0.0},
};

const char* const axes[] = {""};

const rnnc_model descriptor = {
  RNNC_ABI_VERSION, sizeof(rnnc_model), "CharLM", "avx2", RNNC_F32,
  1, 1, 27, 2, 1, 4, 1083969,  // axes, loss?, parameters … states, numbers in the parameters
  parameters, inputs, outputs, states, axes, nullptr,
  sizes, pack, forward, forward_train, backward, step,
};

}  // namespace

extern "C" const rnnc_model* rnnc_model_CharLM(void) { return &descriptor; }

#if defined(__clang__) && defined(__k8__)
#pragma clang attribute pop
#endif
