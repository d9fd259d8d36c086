#include "tests/differential/compare.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

#include "tests/differential/call.h"

namespace rnnc::testing {

Comparison compare(const rnnc_model& expected, const rnnc_model& actual, const CompareOptions& options) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  RunShape shape;
  shape.steps.fill(options.steps);
  shape.rows = options.rows;
  shape.first_step = options.first_step;
  for (auto& lengths : shape.lengths) lengths.assign(options.lengths.begin(), options.lengths.end());
  const Given given = random_given(expected, shape, options.seed, options.scale);
  RunOptions how{.give_states = options.give_states,
                 .give_upstream = options.give_upstream,
                 .backward = options.backward,
                 .training = options.training,
                 .seed = options.draws,
                 .rate = options.rate,
                 .windows = options.windows};
  const Written a = run(expected, shape, given, how);
  how.parallel_for = options.parallel_for;
  how.pool = options.pool;
  const Written b = run(actual, shape, given, how);
  how.loss = false;
  const Written unasked = actual.has_loss != 0 ? run(actual, shape, given, how) : Written{};
  Comparison result;
  std::ostringstream lines;
  if (a.code != RNNC_OK || b.code != RNNC_OK) {
    lines << a.failed << " gave " << a.code << ", " << b.failed << " gave " << b.code << "\n";
    return {infinity, lines.str()};
  }
  if (!b.misbehaved.empty()) return {infinity, b.misbehaved + "\n"};
  // A loss that nobody asks for changes nothing else.
  for (const Array& array : unasked.arrays) {
    auto same = [&](const Array& other) { return other.name == array.name && other.bytes == array.bytes; };
    if (std::none_of(b.arrays.begin(), b.arrays.end(), same))
      return {infinity, array.name + " depends on whether the loss is asked for\n"};
  }
  for (std::size_t i = 0; i < a.arrays.size(); ++i) {
    double largest = 0, difference = 0;
    for (std::int64_t k = 0; k < count(expected, a.arrays[i].bytes); ++k) {
      const double x = number(expected, a.arrays[i].bytes, k), y = number(expected, b.arrays[i].bytes, k);
      largest = std::max(largest, std::abs(x));
      const double d = std::abs(x - y);
      if (!(d <= difference)) difference = std::isnan(d) ? infinity : d;
    }
    const double relative = difference == 0 ? 0 : difference / (largest > 0 ? largest : 1e-300);
    lines << a.arrays[i].name << ": " << relative << " (largest " << largest << ")\n";
    result.worst = std::max(result.worst, relative);
  }
  result.lines = lines.str();
  return result;
}

}  // namespace rnnc::testing
