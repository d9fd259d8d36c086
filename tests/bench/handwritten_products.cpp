#include "tests/bench/handwritten_products.h"

#include <algorithm>

#include "tests/bench/handwritten.h"

#ifdef RNNC_HAS_OPENBLAS
#include <cblas.h>
#endif

namespace rnnc::bench {
namespace {

// Four terms of the sum at a time, for one or two rows of C: C is read and written a quarter as often.
void add_four_terms(Index n, const float* a0, const float* a1, Matrix b, float* __restrict__ c0,
                    float* __restrict__ c1) {
  const float *b0 = b.data, *b1 = b0 + b.ld, *b2 = b1 + b.ld, *b3 = b2 + b.ld;
  if (!c1) {
    for (Index j = 0; j < n; ++j) c0[j] += a0[0] * b0[j] + a0[1] * b1[j] + a0[2] * b2[j] + a0[3] * b3[j];
    return;
  }
  for (Index j = 0; j < n; ++j) {
    c0[j] += a0[0] * b0[j] + a0[1] * b1[j] + a0[2] * b2[j] + a0[3] * b3[j];
    c1[j] += a1[0] * b0[j] + a1[1] * b1[j] + a1[2] * b2[j] + a1[3] * b3[j];
  }
}

}  // namespace

void plain_product(Index m, Index n, Index k, Matrix a, bool transposed, Matrix b, float* c, Index ldc,
                   bool accumulate) {
  const Index row_step = transposed ? 1 : a.ld, term_step = transposed ? a.ld : 1;
  for (Index i = 0; i < m; i += 2) {
    const bool two = i + 1 < m;
    float *c0 = c + i * ldc, *c1 = two ? c0 + ldc : nullptr;
    if (!accumulate) {
      std::fill_n(c0, n, 0.0f);
      if (two) std::fill_n(c1, n, 0.0f);
    }
    Index l = 0;
    for (; l + 4 <= k; l += 4) {
      float a0[4], a1[4] = {};
      for (Index s = 0; s < 4; ++s) {
        const float* term = a.data + i * row_step + (l + s) * term_step;
        a0[s] = term[0];
        if (two) a1[s] = term[row_step];
      }
      add_four_terms(n, a0, a1, {b.data + l * b.ld, b.ld}, c0, c1);
    }
    for (; l < k; ++l) {
      const float* term = a.data + i * row_step + l * term_step;
      const float* row = b.data + l * b.ld;
      for (Index j = 0; j < n; ++j) c0[j] += term[0] * row[j];
      if (two) {
        for (Index j = 0; j < n; ++j) c1[j] += term[row_step] * row[j];
      }
    }
  }
}

#ifdef RNNC_HAS_OPENBLAS

namespace {

void openblas_product(Index m, Index n, Index k, Matrix a, bool transposed, Matrix b, float* c, Index ldc,
                      bool accumulate) {
  const float beta = accumulate ? 1.0f : 0.0f;
  if (m == 1) {  // one row of the batch: the matrix-vector product is the faster routine
    const int step = transposed ? int(a.ld) : 1;
    cblas_sgemv(CblasRowMajor, CblasTrans, int(k), int(n), 1.0f, b.data, int(b.ld), a.data, step, beta, c, 1);
    return;
  }
  cblas_sgemm(CblasRowMajor, transposed ? CblasTrans : CblasNoTrans, CblasNoTrans, int(m), int(n), int(k), 1.0f, a.data,
              int(a.ld), b.data, int(b.ld), beta, c, int(ldc));
}

}  // namespace

Product blas_product() { return openblas_product; }
void set_blas_threads(int count) { openblas_set_num_threads(count); }

#else

Product blas_product() { return nullptr; }
void set_blas_threads(int) {}

#endif

void column_sums(Index m, Index n, Matrix a, float* sums) {
  std::fill_n(sums, n, 0.0f);
  for (Index i = 0; i < m; ++i) {
    const float* row = a.data + i * a.ld;
    for (Index j = 0; j < n; ++j) sums[j] += row[j];
  }
}

void transpose(Index m, Index n, const float* from, float* to) {
  for (Index i = 0; i < m; ++i) {
    for (Index j = 0; j < n; ++j) to[j * m + i] = from[i * n + j];
  }
}

}  // namespace rnnc::bench
