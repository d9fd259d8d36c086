#include "runtime/tensor.h"

#include <bit>
#include <cmath>
#include <limits>

namespace rnnc::runtime {
namespace {

struct DTypeRow {
  std::string_view name;
  std::size_t bytes;
};
constexpr DTypeRow kDTypes[] = {
#define X(name, bytes) {#name, bytes},
    RNNC_DTYPES(X)
#undef X
};

std::size_t storage_bytes(DType dtype, std::span<const std::int64_t> extents) {
  const auto count = element_count(extents);
  if (!count || static_cast<std::uint64_t>(*count) > std::numeric_limits<std::size_t>::max() / size_of(dtype)) {
    throw std::bad_alloc();
  }
  return static_cast<std::size_t>(*count) * size_of(dtype);
}

template <class T>
Tensor copied(DType dtype, Extents extents, std::span<const T> values) {
  Tensor tensor(dtype, std::move(extents));
  if (!values.empty()) std::memcpy(tensor.data(), values.data(), tensor.bytes());
  return tensor;
}

// Calls visit(T()) with the C++ type that `dtype` is stored as.
template <class Visit>
auto with_storage_type(DType dtype, Visit visit) {
  switch (dtype) {
    case DType::BOOL:
    case DType::U8: return visit(std::uint8_t());
    case DType::I8: return visit(std::int8_t());
    case DType::U16:
    case DType::F16:
    case DType::BF16: return visit(std::uint16_t());
    case DType::I16: return visit(std::int16_t());
    case DType::U32: return visit(std::uint32_t());
    case DType::I32: return visit(std::int32_t());
    case DType::F32: return visit(float());
    case DType::U64: return visit(std::uint64_t());
    case DType::I64: return visit(std::int64_t());
    case DType::F64: break;
  }
  return visit(double());
}

template <class Real>
std::vector<Real> to_reals(const Tensor& tensor) {
  std::vector<Real> values(static_cast<std::size_t>(tensor.size()));
  with_storage_type(tensor.dtype(), [&](auto zero) {
    const auto stored = tensor.view<decltype(zero)>();
    for (std::size_t i = 0; i < values.size(); ++i) {
      if constexpr (sizeof(zero) == 2) {
        values[i] = static_cast<Real>(tensor.number(static_cast<std::int64_t>(i)));
      } else {
        values[i] = static_cast<Real>(stored[i]);
      }
    }
  });
  return values;
}

}  // namespace

std::size_t size_of(DType dtype) { return kDTypes[static_cast<std::size_t>(dtype)].bytes; }
std::string_view name_of(DType dtype) { return kDTypes[static_cast<std::size_t>(dtype)].name; }

std::optional<DType> dtype_named(std::string_view name) {
  for (std::size_t i = 0; i < std::size(kDTypes); ++i) {
    if (kDTypes[i].name == name) return static_cast<DType>(i);
  }
  return std::nullopt;
}

bool is_integer(DType dtype) {
  return dtype != DType::F16 && dtype != DType::BF16 && dtype != DType::F32 && dtype != DType::F64;
}

std::optional<std::int64_t> element_count(std::span<const std::int64_t> extents) {
  std::int64_t count = 1;
  bool empty = false;
  for (const std::int64_t extent : extents) {
    if (extent < 0) return std::nullopt;
    if (extent == 0) {
      empty = true;
    } else if (__builtin_mul_overflow(count, extent, &count)) {
      return std::nullopt;
    }
  }
  return empty ? 0 : count;
}

std::string shape_text(std::span<const std::int64_t> extents) {
  std::string text = "[";
  for (std::size_t i = 0; i < extents.size(); ++i) text += (i > 0 ? ", " : "") + std::to_string(extents[i]);
  return text + "]";
}

Tensor::Tensor(DType dtype, Extents extents)
    : dtype_(dtype), extents_(std::move(extents)), size_(0), storage_(storage_bytes(dtype, extents_)) {
  size_ = static_cast<std::int64_t>(storage_.size() / size_of(dtype));
}

Tensor Tensor::zeros(DType dtype, Extents extents) {
  Tensor tensor(dtype, std::move(extents));
  if (tensor.bytes() > 0) std::memset(tensor.data(), 0, tensor.bytes());
  return tensor;
}

Tensor Tensor::of(Extents extents, std::span<const double> values) {
  return copied(DType::F64, std::move(extents), values);
}
Tensor Tensor::of(Extents extents, std::span<const float> values) {
  return copied(DType::F32, std::move(extents), values);
}
Tensor Tensor::of(Extents extents, std::span<const std::int32_t> values) {
  return copied(DType::I32, std::move(extents), values);
}
Tensor Tensor::of(Extents extents, std::span<const std::int64_t> values) {
  return copied(DType::I64, std::move(extents), values);
}

double Tensor::number(std::int64_t i) const {
  const auto index = static_cast<std::size_t>(i);
  if (dtype_ == DType::F16) return half_to_float(view<std::uint16_t>()[index]);
  if (dtype_ == DType::BF16) return bfloat16_to_float(view<std::uint16_t>()[index]);
  return with_storage_type(dtype_, [&](auto zero) { return static_cast<double>(view<decltype(zero)>()[index]); });
}

std::vector<double> Tensor::to_doubles() const { return to_reals<double>(*this); }
std::vector<float> Tensor::to_floats() const { return to_reals<float>(*this); }

Result<std::vector<std::int32_t>> Tensor::to_int32s() const {
  if (!is_integer(dtype_)) return Error{"is " + std::string(name_of(dtype_)) + ", must be an integer dtype"};
  std::vector<std::int32_t> values(static_cast<std::size_t>(size_));
  std::string outside;
  with_storage_type(dtype_, [&](auto zero) {
    using T = decltype(zero);
    if constexpr (std::is_integral_v<T>) {
      const auto stored = view<T>();
      for (std::size_t i = 0; i < values.size(); ++i) {
        if (!std::in_range<std::int32_t>(stored[i])) {
          outside = "entry " + std::to_string(i) + " is " + std::to_string(stored[i]) + ", outside 32 bits";
          return;
        }
        values[i] = static_cast<std::int32_t>(stored[i]);  // NOLINT(bugprone-signed-char-misuse): int8 is a number here
      }
    }
  });
  if (!outside.empty()) return Error{outside};
  return values;
}

Tensor Tensor::to_real(DType real) const {
  if (dtype_ == real) return *this;
  if (real == DType::F32) return of(extents_, std::span<const float>(to_floats()));
  return of(extents_, std::span<const double>(to_doubles()));
}

float half_to_float(std::uint16_t bits) {
  const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000u) << 16;
  const std::uint32_t exponent = (bits >> 10) & 0x1fu;
  const std::uint32_t fraction = bits & 0x3ffu;
  if (exponent == 0x1f) return std::bit_cast<float>(sign | 0x7f800000u | (fraction << 13));
  if (exponent == 0) {
    const float magnitude = std::ldexp(static_cast<float>(fraction), -24);  // zero or subnormal, exact in binary32
    return sign != 0 ? -magnitude : magnitude;
  }
  return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (fraction << 13));
}

float bfloat16_to_float(std::uint16_t bits) { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }

}  // namespace rnnc::runtime
