#include "tests/bench/handwritten_products.h"

#include <algorithm>

#include "tests/bench/handwritten.h"

#ifdef RNNC_HAS_OPENBLAS
#include <cblas.h>
#endif

namespace rnnc::bench {
namespace {

// c0 and c1 (two rows of C, or one and null) += `terms` terms of the sum: with several at a time, C is read and written
// so much less often.
template <int terms>
void add_terms(Index n, const float* a0, const float* a1, Matrix b, float* __restrict__ c0, float* __restrict__ c1) {
  if (!c1) {
    for (Index j = 0; j < n; ++j) {
      float sum = c0[j];
      for (int l = 0; l < terms; ++l) sum += a0[l] * b.data[l * b.ld + j];
      c0[j] = sum;
    }
    return;
  }
  for (Index j = 0; j < n; ++j) {
    float sum0 = c0[j], sum1 = c1[j];
    for (int l = 0; l < terms; ++l) {
      const float value = b.data[l * b.ld + j];
      sum0 += a0[l] * value;
      sum1 += a1[l] * value;
    }
    c0[j] = sum0;
    c1[j] = sum1;
  }
}

// One row: a vector times a matrix.
void row_product(Index n, Index k, const float* a, Matrix b, float* c) {
  Index l = 0;
  for (; l + 8 <= k; l += 8) add_terms<8>(n, a + l, nullptr, {b.data + l * b.ld, b.ld}, c, nullptr);
  for (; l + 4 <= k; l += 4) add_terms<4>(n, a + l, nullptr, {b.data + l * b.ld, b.ld}, c, nullptr);
  for (; l < k; ++l) add_terms<1>(n, a + l, nullptr, {b.data + l * b.ld, b.ld}, c, nullptr);
}

}  // namespace

void plain_product(Index m, Index n, Index k, Matrix a, bool transposed, Matrix b, float* c, Index ldc,
                   bool accumulate) {
  if (!accumulate) {
    for (Index i = 0; i < m; ++i) std::fill_n(c + i * ldc, n, 0.0f);
  }
  if (m == 1 && !transposed) return row_product(n, k, a.data, b, c);
  const Index row_step = transposed ? 1 : a.ld, term_step = transposed ? a.ld : 1;
  for (Index i = 0; i < m; i += 2) {
    const bool two = i + 1 < m;
    float *c0 = c + i * ldc, *c1 = two ? c0 + ldc : nullptr;
    for (Index l = 0; l < k; l += 4) {
      const float* first = a.data + i * row_step + l * term_step;
      float a0[4], a1[4];
      for (Index s = 0; s < 4 && l + s < k; ++s) {
        a0[s] = first[s * term_step];
        a1[s] = two ? first[s * term_step + row_step] : 0;
      }
      const Matrix rows{b.data + l * b.ld, b.ld};
      if (l + 4 <= k) {
        add_terms<4>(n, a0, a1, rows, c0, c1);
      } else {
        for (Index s = 0; l + s < k; ++s) add_terms<1>(n, a0 + s, a1 + s, {rows.data + s * b.ld, b.ld}, c0, c1);
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
std::string blas_description() {
  return std::string(openblas_get_config()) + ", routines for " + openblas_get_corename();
}

#else

Product blas_product() { return nullptr; }
void set_blas_threads(int) {}
std::string blas_description() { return "built without OpenBLAS"; }

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
