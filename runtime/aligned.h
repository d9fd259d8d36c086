// Memory that vector code may load from with aligned instructions.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

namespace rnnc::runtime {

inline constexpr std::size_t kAlignment = 64;  // a cache line, and the widest vector

// Owns `size` bytes that start on a 64-byte boundary. Contents are uninitialised: use zeroed() for zeros.
// Throws std::bad_alloc when there is no such memory.
class AlignedBuffer {
 public:
  AlignedBuffer() = default;
  explicit AlignedBuffer(std::size_t size) : size_(size) {
    if (size == 0) return;
    if (size > static_cast<std::size_t>(-1) / 2) throw std::bad_alloc();
    const std::size_t rounded = (size + kAlignment - 1) / kAlignment * kAlignment;
    data_ = std::aligned_alloc(kAlignment, rounded);
    if (data_ == nullptr) throw std::bad_alloc();
#ifndef NDEBUG
    std::memset(data_, 0xff, rounded);  // NaN: whoever reads before writing shows it
#endif
  }
  static AlignedBuffer zeroed(std::size_t size) {
    AlignedBuffer buffer(size);
    if (size > 0) std::memset(buffer.data_, 0, size);
    return buffer;
  }
  // Within a std::optional the analyser lets the destructor of its union, which destroys no member, destroy this again.
  // NOLINTNEXTLINE(clang-analyzer-unix.Malloc, clang-analyzer-cplusplus.NewDelete)
  ~AlignedBuffer() { std::free(data_); }

  AlignedBuffer(const AlignedBuffer& other) : AlignedBuffer(other.size_) {
    if (size_ > 0) std::memcpy(data_, other.data_, size_);
  }
  AlignedBuffer(AlignedBuffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  AlignedBuffer& operator=(AlignedBuffer other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }

  void* data() { return data_; }
  const void* data() const { return data_; }
  template <class T>
  T* as() { return static_cast<T*>(data_); }
  template <class T>
  const T* as() const { return static_cast<const T*>(data_); }
  std::size_t size() const { return size_; }  // bytes

 private:
  void* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace rnnc::runtime
