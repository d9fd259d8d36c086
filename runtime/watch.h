// What the values of a model's watched equations (rnnc --watch NAME) were in a run.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/model.h"

namespace rnnc::runtime {

// The outputs that exist to be watched are called so, and then by the equation's full name.
inline constexpr std::string_view watch_prefix = "@watch/";
bool is_watched(const rnnc_tensor& output);

// Of numbers of which those that are not finite are only counted. NaN where there is nothing to tell of.
struct Statistics {
  std::int64_t finite = 0, not_finite = 0;
  double mean = 0, deviation = 0;  // root of the mean square distance from the mean
  double low = 0, high = 0;
};

// Of output number `output` of a run of `model`: what rows have at steps [begin, end), or without steps all of it.
Statistics statistics_of(const rnnc_model& model, const Run& run, int output, std::int64_t begin, std::int64_t end);

// The lines of a table, ASCII, without line feeds: its heading, and one for each watched equation of a run. `when` is
// what stands in the first column.
std::string watch_heading(const rnnc_model& model, const std::string& when);
std::vector<std::string> watch_lines(const rnnc_model& model, const Run& run, const std::string& when);
// One for every `every` steps of it (0: for all together), the first column saying for which.
std::vector<std::string> watch_lines(const rnnc_model& model, const Run& run, std::int64_t every);

}  // namespace rnnc::runtime
