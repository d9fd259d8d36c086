#include "tests/random/agreement.h"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <limits>
#include <sstream>

namespace rnnc::testing {

Agreement::Agreement(const ir::Program& program, loop::Element element, const RunShape& shape, const Given& given,
                     const RunOptions& how)
    : oracle_(program, element), base_(run(model(), shape, given, how)) {
  const bool f64 = element == loop::Element::f64;
  const double epsilon = f64 ? 0x1p-52 : 0x1p-23, least = f64 ? 0x1p-1074 : 0x1p-149;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const backend::InterpreterModel rounding(program, element, {8 * epsilon, seed, least});
    moved_.push_back(run(*rounding.model(), shape, given, how));
  }
}

std::string Agreement::difference(const Written& actual, std::map<std::string, int>& left_out, double relative) const {
  std::ostringstream text;
  if (actual.code != base_.code)
    text << actual.failed << " gave code " << actual.code << ", the interpreter " << base_.code;
  if (!actual.misbehaved.empty()) text << actual.misbehaved;
  if (!text.str().empty() || base_.code != RNNC_OK) return text.str();
  for (std::size_t a = 0; a < base_.arrays.size(); ++a) compare(a, actual.arrays[a], relative, text, left_out);
  return text.str();
}

void Agreement::compare(std::size_t a, const Array& actual, double relative, std::ostream& text,
                        std::map<std::string, int>& left_out) const {
  const Array& expected = base_.arrays[a];
  double largest = 0, sensitivity = 0, worst = 0;
  std::int64_t at = 0;
  for (std::int64_t i = 0; i < count(model(), expected.bytes); ++i) {
    const double x = number(model(), expected.bytes, i), y = number(model(), actual.bytes, i);
    largest = std::max(largest, std::fabs(x));
    for (const Written& moved : moved_)
      sensitivity = std::max(sensitivity, std::fabs(number(model(), moved.arrays[a].bytes, i) - x));
    if (!std::isfinite(x)) sensitivity = std::numeric_limits<double>::infinity();
    const double gap = std::isnan(y) ? std::numeric_limits<double>::infinity() : std::fabs(x - y);
    if (gap > worst) {
      worst = gap;
      at = i;
    }
  }
  if (!std::isfinite(sensitivity)) {
    ++left_out["arrays that are not finite"];
    return;
  }
  const double allowed = 8 * sensitivity + relative * largest + 4096 * std::numeric_limits<float>::min();
  if (worst <= allowed) return;
  text << std::setprecision(17) << expected.name << "[" << at << "]: " << number(model(), actual.bytes, at)
       << ", the interpreter " << number(model(), expected.bytes, at) << " (largest " << largest << ", sensitivity "
       << sensitivity << ")\n";
}

}  // namespace rnnc::testing
