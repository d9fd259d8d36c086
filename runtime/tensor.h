// Dense host tensors: row-major, owned, 64-byte aligned.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/aligned.h"
#include "runtime/result.h"

namespace rnnc::runtime {

// Name as safetensors spells it, bytes per element.
#define RNNC_DTYPES(X) \
  X(BOOL, 1) X(U8, 1) X(I8, 1) X(U16, 2) X(I16, 2) X(F16, 2) X(BF16, 2) X(U32, 4) X(I32, 4) X(F32, 4) X(U64, 8) \
  X(I64, 8) X(F64, 8)

enum class DType : std::uint8_t {
#define X(name, bytes) name,
  RNNC_DTYPES(X)
#undef X
};

std::size_t size_of(DType dtype);
std::string_view name_of(DType dtype);
std::optional<DType> dtype_named(std::string_view name);
bool is_integer(DType dtype);  // every integer width and BOOL

using Extents = std::vector<std::int64_t>;

// The number of elements; nothing when an extent is negative or the number does not fit in int64. Zero extents give 0.
std::optional<std::int64_t> element_count(std::span<const std::int64_t> extents);
std::string shape_text(std::span<const std::int64_t> extents);  // "[4, 3]", "[]"

class Tensor {
 public:
  Tensor() : Tensor(DType::F32, {0}) {}
  // Uninitialised contents. The shape must be sound (element_count has a value); throws std::bad_alloc.
  Tensor(DType dtype, Extents extents);
  static Tensor zeros(DType dtype, Extents extents);
  // Copies `values`, whose number must be the shape's.
  static Tensor of(Extents extents, std::span<const double> values);
  static Tensor of(Extents extents, std::span<const float> values);
  static Tensor of(Extents extents, std::span<const std::int32_t> values);
  static Tensor of(Extents extents, std::span<const std::int64_t> values);

  DType dtype() const { return dtype_; }
  const Extents& extents() const { return extents_; }
  std::int64_t size() const { return size_; }  // elements
  std::size_t bytes() const { return storage_.size(); }
  void* data() { return storage_.data(); }
  const void* data() const { return storage_.data(); }
  // T must be the type that dtype() names (float for F32 and so on); not checked.
  template <class T>
  std::span<T> view() { return {storage_.as<T>(), static_cast<std::size_t>(size_)}; }
  template <class T>
  std::span<const T> view() const { return {storage_.as<T>(), static_cast<std::size_t>(size_)}; }

  // Element `i` as a double: exact for every dtype but 64-bit integers beyond 2^53, which are rounded.
  double number(std::int64_t i) const;

  // Real numbers, rounded to nearest, too large ones to infinity as IEEE 754 has it; integers and BOOL are taken too.
  std::vector<double> to_doubles() const;
  std::vector<float> to_floats() const;
  // Only from integers and BOOL: an error for real dtypes and for values outside int32, which it names.
  Result<std::vector<std::int32_t>> to_int32s() const;
  // As F32 or F64, like to_floats and to_doubles.
  Tensor to_real(DType real) const;

 private:
  DType dtype_;
  Extents extents_;
  std::int64_t size_;
  AlignedBuffer storage_;
};

float half_to_float(std::uint16_t bits);      // IEEE 754 binary16
float bfloat16_to_float(std::uint16_t bits);  // the upper half of a binary32

}  // namespace rnnc::runtime
