// The two flavours' matrix products. All matrices are row-major; ld is the distance between rows.
#pragma once

#include <cstdint>

namespace rnnc::bench {

using Index = std::int64_t;

struct Matrix {
  const float* data;
  Index ld;
};

// C[m,n] = A B, or C += A B. `transposed`: A is stored as [k,m].
using Product = void (*)(Index m, Index n, Index k, Matrix a, bool transposed, Matrix b, float* c, Index ldc,
                         bool accumulate);

void plain_product(Index m, Index n, Index k, Matrix a, bool transposed, Matrix b, float* c, Index ldc,
                   bool accumulate);
// Null without OpenBLAS.
Product blas_product();

// sums[n] = the column sums of A[m,n].
void column_sums(Index m, Index n, Matrix a, float* sums);
// to[n,m] = from[m,n] transposed.
void transpose(Index m, Index n, const float* from, float* to);

}  // namespace rnnc::bench
