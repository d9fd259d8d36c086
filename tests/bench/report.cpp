#include "tests/bench/report.h"

#include <algorithm>
#include <cstdio>
#include <iostream>

#include "tests/bench/rivals.h"
#include "tests/bench/rows.h"

namespace rnnc::bench {
namespace {

constexpr const char* rivals_in_order[] = {generated, generated_clang, jit, plain, blas};

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 ? values[half] : (values[half - 1] + values[half]) / 2;
}

std::vector<double> values_of(const std::map<int, double>& by_round) {
  std::vector<double> values;
  for (const auto& [round, value] : by_round) values.push_back(value);
  return values;
}

// The median over rounds of a's time in b's: neighbours in time saw the same machine.
double ratio(const std::map<int, double>& a, const std::map<int, double>& b) {
  std::vector<double> ratios;
  for (const auto& [round, seconds] : a)
    if (auto other = b.find(round); other != b.end()) ratios.push_back(seconds / other->second);
  return median(ratios);
}

// Four figures at most and a unit, in ten columns.
std::string time_text(double seconds) {
  char text[32];
  if (seconds <= 0) return "-";
  if (seconds < 1e-6) std::snprintf(text, sizeof text, "%.1f ns", seconds * 1e9);
  else if (seconds < 1e-3) std::snprintf(text, sizeof text, "%.2f us", seconds * 1e6);
  else std::snprintf(text, sizeof text, "%.2f ms", seconds * 1e3);
  return text;
}

std::string number_text(const char* format, double value) {
  if (value <= 0) return "-";
  char text[32];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

const Row* find_row(const std::string& name) {
  for (const Row& row : rows())
    if (name == row.name) return &row;
  return nullptr;
}

}  // namespace

std::string text_of(const MeasurementName& name) {
  return name.row + "/" + name.rival + "/" + std::to_string(name.round);
}

MeasurementName parse_measurement_name(const std::string& text) {
  const std::size_t first = text.find('/'), second = text.find('/', first + 1);
  return {text.substr(0, first), text.substr(first + 1, second - first - 1), std::stoi(text.substr(second + 1))};
}

bool Report::ReportContext(const Context& context) {
  PrintBasicContext(&GetErrorStream(), context);
  return true;
}

void Report::ReportRuns(const std::vector<Run>& runs) {
  for (const Run& run : runs) {
    if (run.run_type != Run::RT_Iteration) continue;
    const MeasurementName name = parse_measurement_name(run.run_name.function_name);
    if (rows_.empty() || rows_.back().row != name.row) {
      if (!rows_.empty()) print_details(rows_.back());
      rows_.push_back({name.row, {}});
    }
    Result& result = rows_.back().rivals[name.rival];
    if (run.error_occurred) {
      // What is merely not installed says so with this word.
      result.refusal = run.error_message;
      failed_ = failed_ || run.error_message.rfind("absent", 0) != 0;
      continue;
    }
    const double seconds = threads_ > 1 ? run.real_accumulated_time : run.cpu_accumulated_time;
    result.seconds[name.round] = seconds / static_cast<double>(run.iterations);
    for (const auto& [key, counter] : run.counters) result.counters[key] = counter.value;
  }
}

void Report::Finalize() {
  if (rows_.empty()) return;
  print_details(rows_.back());
  print_table();
}

double Report::peak(const RowResult& row) const {
  auto found = row.rivals.find(peak_name);
  if (found == row.rivals.end()) return 0;
  const double seconds = median(values_of(found->second.seconds));
  return seconds > 0 ? threads_ * found->second.counters.at("flops") / seconds : 0;
}

void Report::print_details(const RowResult& result) {
  const Row* row = find_row(result.row);
  if (!row) return;
  std::printf("%s  %s  %s  peak %s GFLOP/s\n", row->name, sizes_of(*row).c_str(), name_of(row->mode),
              number_text("%.1f", peak(result) * 1e-9).c_str());
  for (const char* name : rivals_in_order) {
    auto found = result.rivals.find(name);
    if (found == result.rivals.end()) continue;
    const Result& rival = found->second;
    if (!rival.refusal.empty()) {
      std::printf("  %-10s not timed: %s\n", name, rival.refusal.c_str());
      continue;
    }
    const std::vector<double> seconds = values_of(rival.seconds);
    const double flops = product_flops(*row) / median(seconds);
    auto counter = [&](const char* key) { return rival.counters.at(key); };
    std::printf("  %-10s %10s  (%s to %s)  %6.1f GFLOP/s %4s%%   compile %s ms, pack %.1f us; packed %.0f, tape %.0f, "
                "workspace %.0f bytes; disagrees %.1e\n",
                name, time_text(median(seconds)).c_str(),
                time_text(*std::min_element(seconds.begin(), seconds.end())).c_str(),
                time_text(*std::max_element(seconds.begin(), seconds.end())).c_str(), flops * 1e-9,
                number_text("%.0f", 100 * flops / std::max(peak(result), 1.0)).c_str(),
                number_text("%.0f", counter("compile_ms")).c_str(), counter("pack_us"), counter("packed_bytes"),
                counter("tape_bytes"), counter("workspace_bytes"), counter("disagreement"));
  }
  std::fflush(stdout);
}

void Report::print_table() {
  std::printf("\nMedian time of one run on %d thread%s (%s); in brackets percent of the peak measured beside it.\n",
              threads_, threads_ > 1 ? "s" : "", threads_ > 1 ? "wall clock" : "processor time");
  std::printf("| %-13s | %-15s | %-5s ", "row", "I/H/B/T", "mode");
  for (const char* name : rivals_in_order) std::printf("| %-17s ", name);
  std::printf("| generated / blas | jit / blas |\n|---|---|---");
  for (std::size_t i = 0; i < std::size(rivals_in_order); ++i) std::printf("|---");
  std::printf("|---|---|\n");
  for (const RowResult& row : rows_) print_line(row);
  std::fflush(stdout);
}

void Report::print_line(const RowResult& result) {
  const Row* row = find_row(result.row);
  if (!row) return;
  std::printf("| %-13s | %-15s | %-5s ", row->name, sizes_of(*row).c_str(), name_of(row->mode));
  auto seconds_of = [&](const char* name) {
    auto found = result.rivals.find(name);
    return found == result.rivals.end() ? std::map<int, double>() : found->second.seconds;
  };
  for (const char* name : rivals_in_order) {
    const double seconds = median(values_of(seconds_of(name)));
    std::string cell = time_text(seconds);
    if (seconds > 0 && peak(result) > 0)
      cell += number_text(" (%.0f%%)", 100 * product_flops(*row) / seconds / peak(result));
    std::printf("| %-17s ", cell.c_str());
  }
  std::printf("| %-16s | %-10s |\n", number_text("%.2f", ratio(seconds_of(generated), seconds_of(blas))).c_str(),
              number_text("%.2f", ratio(seconds_of(jit), seconds_of(blas))).c_str());
}

}  // namespace rnnc::bench
