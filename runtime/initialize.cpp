#include "runtime/initialize.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <span>

#include "runtime/random.h"

namespace rnnc::runtime {
namespace {

struct Matrices {
  std::int64_t count = 1, rows = 1, columns = 1;
};

Matrices matrices_of(const rnnc_tensor& parameter) {
  Matrices m;
  if (parameter.rank >= 1) m.columns = parameter.extents[parameter.rank - 1];
  if (parameter.rank >= 2) m.rows = parameter.extents[parameter.rank - 2];
  if (parameter.rank >= 3) m.count = parameter.extents[0];
  return m;
}

// In several sums, so that one addition need not wait for the other.
double dot(std::span<const double> a, std::span<const double> b) {
  std::array<double, 8> sums{};
  std::size_t i = 0;
  for (; i + sums.size() <= a.size(); i += sums.size())
    for (std::size_t k = 0; k < sums.size(); ++k) sums[k] += a[i + k] * b[i + k];
  for (; i < a.size(); ++i) sums[0] += a[i] * b[i];
  return std::accumulate(sums.begin(), sums.end(), 0.0);
}

// Makes the `count` vectors of length `length` orthonormal; count <= length. Gram-Schmidt, each vector twice, which is
// enough for orthogonality to rounding (Giraud, Langou, Rozloznik 2005).
void orthonormalize(std::span<double> vectors, std::size_t count, std::size_t length) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto vector = vectors.subspan(i * length, length);
    for (int pass = 0; pass < 2; ++pass) {
      for (std::size_t j = 0; j < i; ++j) {
        const auto other = vectors.subspan(j * length, length);
        const double along = dot(vector, other);
        for (std::size_t k = 0; k < length; ++k) vector[k] -= along * other[k];
      }
    }
    const double norm = std::sqrt(dot(vector, vector));
    for (double& value : vector) value /= norm;
  }
}

void fill_orthogonal(std::span<double> matrix, const Matrices& m, double gain, const RandomStream& random,
                     std::uint64_t first) {
  const auto rows = static_cast<std::size_t>(m.rows), columns = static_cast<std::size_t>(m.columns);
  const bool wide = rows <= columns;
  const std::size_t count = wide ? rows : columns, length = wide ? columns : rows;
  std::vector<double> vectors(matrix.size());
  for (std::size_t i = 0; i < vectors.size(); ++i) vectors[i] = random.normal(first + i);
  orthonormalize(vectors, count, length);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t k = 0; k < length; ++k) {
      matrix[wide ? i * columns + k : k * columns + i] = gain * vectors[i * length + k];
    }
  }
}

void fill_uniform(std::span<double> values, double low, double high, const RandomStream& random, std::uint64_t first) {
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = low + (high - low) * random.uniform(first + i);
}

}  // namespace

std::vector<double> initial_values(const rnnc_tensor& parameter, std::uint64_t seed) {
  const Matrices m = matrices_of(parameter);
  const auto size = static_cast<std::size_t>(m.rows * m.columns);
  std::vector<double> values(size * static_cast<std::size_t>(m.count));
  const RandomStream random(seed, parameter.name);
  for (std::size_t first = 0; first < values.size(); first += size) {
    const std::span<double> matrix(values.data() + first, size);
    switch (parameter.initializer) {
      case RNNC_INIT_UNIFORM: fill_uniform(matrix, parameter.low, parameter.high, random, first); break;
      case RNNC_INIT_GLOROT: {
        const double bound = std::sqrt(6.0 / static_cast<double>(m.rows + m.columns));
        fill_uniform(matrix, -bound, bound, random, first);
        break;
      }
      case RNNC_INIT_ORTHOGONAL: fill_orthogonal(matrix, m, parameter.low, random, first); break;
      case RNNC_INIT_IDENTITY:
        for (std::int64_t i = 0; i < std::min(m.rows, m.columns); ++i) {
          matrix[static_cast<std::size_t>(i * m.columns + i)] = parameter.low;
        }
        break;
      default:
        for (double& value : matrix) value = parameter.low;
    }
  }
  return values;
}

}  // namespace rnnc::runtime
