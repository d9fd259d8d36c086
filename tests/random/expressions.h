// Random expressions of a given shape over what is visible in a cell or model.
#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace rnnc::testing {

struct Extent {
  std::int64_t size = 1;
  std::string text;  // "A", "2*A", "3"
};
using Shape = std::vector<Extent>;
bool same(const Shape& a, const Shape& b);

enum class Varies : std::uint8_t { never, per_row, by_step };

// Something that an expression can mention.
struct Name {
  std::string text;
  Shape shape;
  Varies varies = Varies::never;
  int axis = 0;
  bool at_this_step = true;  // false: a state whose equation is still to come
  int direction = 0;         // of the recurrence under way that it belongs to: 1 reads back, -1 ahead; 0: none
  std::int64_t index_extent = 0;  // > 0: a whole number that chooses
};

// Where an expression stands.
struct Place {
  Varies most = Varies::by_step;  // how much it may vary
  int axis = 0;
  bool own_group = true;  // may it mention the recurrence under way?
};

struct Random {
  std::mt19937_64 engine;
  std::int64_t below(std::int64_t n) { return static_cast<std::int64_t>(engine() % static_cast<std::uint64_t>(n)); }
  std::int64_t between(std::int64_t low, std::int64_t high) { return low + below(high - low + 1); }
  bool chance(int percent) { return below(100) < percent; }
  template <class Items>
  auto& of(Items&& items) { return items[static_cast<std::size_t>(below(static_cast<std::int64_t>(items.size())))]; }
};

// A cell or model as it grows: what it has declared, and the expressions that it makes, declaring parameters as needed.
class Scope {
 public:
  Scope(Random& random, std::vector<Extent> extents) : random(random), extents(std::move(extents)) {}

  std::string expression(const Shape& shape, const Place& place, int depth);
  // One that stays within a small range whatever it is fed: for states. `before` is the state at another step, or "".
  std::string bounded(const Shape& shape, const Place& place, int depth, const std::string& before);
  std::string leaf(const Shape& shape, const Place& place);
  // What varies with the step, but not from row to row.
  std::string of_step(const Shape& shape);
  std::string parameter(const Shape& shape);
  std::string number();
  Shape any_shape(int most_rank);
  Extent any_extent();
  std::string shifted(const Name& name, const Place& place);
  std::string fresh(const std::string& stem) { return stem + std::to_string(names_made_++); }

  Random& random;
  std::vector<Extent> extents;
  std::vector<Name> names;
  std::vector<std::string> functions;     // of two arguments, entry by entry
  std::vector<std::string> readers;       // functions of one plain name, which they read at other steps
  std::vector<std::string> constants;
  std::vector<std::string> declarations;  // lines
  bool may_use_t = true;
  bool looks_back = false;                // and nowhere else: neither ahead nor at the whole sequence

 private:
  using Maker = std::function<std::string()>;
  struct Choice {
    int weight;
    Maker make;
  };
  std::string choose(const std::vector<Choice>& choices);
  void add_entrywise(std::vector<Choice>& choices, const Shape& shape, const Place& place, int depth);
  void add_shifts(std::vector<Choice>& choices, const Shape& shape, const Place& place, int depth);
  void add_scalars(std::vector<Choice>& choices, const Place& place, int depth);
  void add_vectors(std::vector<Choice>& choices, const Shape& shape, const Place& place, int depth);
  void add_matrices(std::vector<Choice>& choices, const Shape& shape, const Place& place, int depth);
  void add_blocks(std::vector<Choice>& choices, const Shape& shape, const Place& place, int depth);
  // A row (or entry) of that shape from a table, at an index that is visible or made here.
  std::string chosen(const Shape& shape, const Place& place, int depth);
  std::string one_of_largest(const Extent& count, const Place& place, int depth);
  std::string function_of_table(const Shape& shape, const Place& place, int depth);
  std::string condition(const Shape& shape, const Place& place, int depth);
  // An operand of that shape, or sometimes a single number.
  std::string operand(const Shape& shape, const Place& place, int depth);
  bool visible(const Name& name, const Place& place) const;
  std::vector<Name> indices(const Place& place) const;
  std::vector<Name> sequences(const Place& place) const;
  std::string delay_line(const Name& name);
  // Made of a sequence that is visible.
  std::string of_sequence(const Shape& shape, const Place& place);

  int names_made_ = 0;
};

}  // namespace rnnc::testing
