// Typed integer ids and the dense vectors they index.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace rnnc {

// An index into one kind of table. Ids of different tables do not mix; a default-made id is invalid.
template <class Tag>
struct Id {
  std::int32_t value = -1;

  constexpr Id() = default;
  constexpr explicit Id(std::size_t index) : value(static_cast<std::int32_t>(index)) {}
  constexpr bool valid() const { return value >= 0; }
  constexpr std::size_t index() const { return static_cast<std::size_t>(value); }
  constexpr auto operator<=>(const Id&) const = default;
};

// A vector indexed by its own id type.
template <class IdType, class T>
class IdVector {
 public:
  IdVector() = default;
  explicit IdVector(std::size_t size, const T& value = T()) : items_(size, value) {}

  IdType add(T item) {
    items_.push_back(std::move(item));
    return IdType(items_.size() - 1);
  }
  typename std::vector<T>::reference operator[](IdType id) { return items_[id.index()]; }
  typename std::vector<T>::const_reference operator[](IdType id) const { return items_[id.index()]; }
  std::size_t size() const { return items_.size(); }
  bool empty() const { return items_.empty(); }
  void resize(std::size_t size, const T& value = T()) { items_.resize(size, value); }
  auto begin() { return items_.begin(); }
  auto end() { return items_.end(); }
  auto begin() const { return items_.begin(); }
  auto end() const { return items_.end(); }
  // Every id in order: for (auto id : v.ids()) …
  auto ids() const {
    struct Iterator {
      std::size_t at;
      IdType operator*() const { return IdType(at); }
      Iterator& operator++() { ++at; return *this; }
      bool operator!=(const Iterator& other) const { return at != other.at; }
    };
    struct Range {
      std::size_t count;
      Iterator begin() const { return {0}; }
      Iterator end() const { return {count}; }
    };
    return Range{items_.size()};
  }

 private:
  std::vector<T> items_;
};

}  // namespace rnnc

template <class Tag>
struct std::hash<rnnc::Id<Tag>> {
  std::size_t operator()(rnnc::Id<Tag> id) const noexcept { return std::hash<std::int32_t>()(id.value); }
};
