#include "runtime/watch.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

namespace rnnc::runtime {
namespace {

constexpr int when_width = 12;

std::string_view name_of(const rnnc_tensor& output) { return std::string_view(output.name).substr(watch_prefix.size()); }

// The mean and the squares as they come: Welford, "Note on a Method for Calculating Corrected Sums of Squares and
// Products", Technometrics 1962.
class Gathering {
 public:
  Gathering() {
    statistics_.low = std::numeric_limits<double>::infinity();
    statistics_.high = -statistics_.low;
  }
  void add(double value) {
    if (!std::isfinite(value)) {
      ++statistics_.not_finite;
      return;
    }
    ++statistics_.finite;
    const double distance = value - statistics_.mean;
    statistics_.mean += distance / static_cast<double>(statistics_.finite);
    squares_ += distance * (value - statistics_.mean);
    statistics_.low = std::min(statistics_.low, value);
    statistics_.high = std::max(statistics_.high, value);
  }
  Statistics result() const {
    Statistics all = statistics_;
    if (all.finite == 0) all.mean = all.low = all.high = std::numeric_limits<double>::quiet_NaN();
    all.deviation = std::sqrt(squares_ / static_cast<double>(all.finite));  // of nothing: NaN
    return all;
  }

 private:
  Statistics statistics_;
  double squares_ = 0;
};

std::size_t name_width(const rnnc_model& model) {
  std::size_t width = 7;
  for (int i = 0; i < model.output_count; ++i)
    if (is_watched(model.outputs[i])) width = std::max(width, name_of(model.outputs[i]).size());
  return width;
}

std::string line_of(const rnnc_model& model, int output, const std::string& when, const Statistics& all) {
  std::string name(name_of(model.outputs[output]));
  name.resize(name_width(model), ' ');
  char numbers[160];
  std::snprintf(numbers, sizeof numbers, "%12.5g%12.5g%12.5g%12.5g", all.mean, all.deviation, all.low, all.high);
  std::string first = when;
  first.resize(std::max<std::size_t>(when_width, when.size()), ' ');
  std::string line = first + "  " + name + numbers;
  if (all.not_finite > 0) line += "  and " + std::to_string(all.not_finite) + " not finite";
  return line;
}

std::int64_t steps_of(const rnnc_tensor& output, const Run& run) {
  return output.axis >= 0 ? run.shape().steps[static_cast<std::size_t>(output.axis)] : 1;
}

std::string steps_text(const rnnc_model& model, const rnnc_tensor& output, std::int64_t begin, std::int64_t end) {
  const std::string axis = model.axis_count > 1 ? model.axes[output.axis] + std::string(" ") : "";
  return axis + std::to_string(begin) + (end > begin + 1 ? ".." + std::to_string(end - 1) : "");
}

}  // namespace

bool is_watched(const rnnc_tensor& output) { return std::string_view(output.name).starts_with(watch_prefix); }

Statistics statistics_of(const rnnc_model& model, const Run& run, int output, std::int64_t begin, std::int64_t end) {
  const rnnc_tensor& tensor = model.outputs[output];
  const Tensor values = run.output_tensor(output);
  const std::int64_t steps = steps_of(tensor, run), rows = tensor.batched != 0 ? run.shape().rows : 1;
  const std::int64_t entries = steps * rows > 0 ? values.size() / (steps * rows) : 0;
  const bool has_steps = tensor.axis >= 0;
  const std::int32_t* lengths = has_steps && tensor.batched != 0 ? run.call().lengths[tensor.axis] : nullptr;
  Gathering gathering;
  for (std::int64_t t = has_steps ? begin : 0; t < (has_steps ? std::min(end, steps) : 1); ++t) {
    for (std::int64_t row = 0; row < rows; ++row) {
      if (lengths != nullptr && t >= lengths[row]) continue;
      for (std::int64_t i = 0; i < entries; ++i) gathering.add(values.number((t * rows + row) * entries + i));
    }
  }
  return gathering.result();
}

std::string watch_heading(const rnnc_model& model, const std::string& when) {
  std::string first = when, name = "watched";
  first.resize(when_width, ' ');
  name.resize(name_width(model), ' ');
  char numbers[80];
  std::snprintf(numbers, sizeof numbers, "%12s%12s%12s%12s", "mean", "deviation", "lowest", "highest");
  return first + "  " + name + numbers;
}

std::vector<std::string> watch_lines(const rnnc_model& model, const Run& run, const std::string& when) {
  std::vector<std::string> lines;
  for (int i = 0; i < model.output_count; ++i)
    if (is_watched(model.outputs[i]))
      lines.push_back(line_of(model, i, when, statistics_of(model, run, i, 0, steps_of(model.outputs[i], run))));
  return lines;
}

std::vector<std::string> watch_lines(const rnnc_model& model, const Run& run, std::int64_t every) {
  std::int64_t longest = 1;
  for (int i = 0; i < model.output_count; ++i)
    if (is_watched(model.outputs[i])) longest = std::max(longest, steps_of(model.outputs[i], run));
  std::vector<std::string> lines;
  const std::int64_t stride = every > 0 ? every : longest;
  for (std::int64_t begin = 0; begin < longest; begin += stride) {
    for (int i = 0; i < model.output_count; ++i) {
      const rnnc_tensor& output = model.outputs[i];
      const std::int64_t end = std::min(begin + stride, steps_of(output, run));
      if (!is_watched(output) || begin >= end) continue;
      const std::string when = output.axis >= 0 ? steps_text(model, output, begin, end) : "all";
      lines.push_back(line_of(model, i, when, statistics_of(model, run, i, begin, end)));
    }
  }
  return lines;
}

}  // namespace rnnc::runtime
