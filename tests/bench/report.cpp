#include "tests/bench/report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "tests/bench/rivals.h"
#include "tests/bench/rows.h"

namespace rnnc::bench {
namespace {

using nlohmann::ordered_json;

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

// As many digits as a measurement has.
double rounded(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return std::stod(text);
}

std::vector<double> rounded(std::vector<double> values) {
  for (double& value : values) value = rounded(value);
  return values;
}

const Row* find_row(const std::string& name) {
  for (const Row& row : rows())
    if (name == row.name) return &row;
  return nullptr;
}

std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("model name")) return line.substr(std::min(line.find(':') + 2, line.size()));
  return "unknown";
}

std::string today() {
  const std::time_t now = std::time(nullptr);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", std::localtime(&now));
  return text;
}

ordered_json machine_of(const benchmark::BenchmarkReporter::Context& context) {
  ordered_json machine;
  machine["processor"] = processor_name();
  machine["cores"] = context.cpu_info.num_cpus;
  for (const auto& cache : context.cpu_info.caches)
    if (cache.type != "Instruction")
      machine["caches"].push_back("L" + std::to_string(cache.level) + " " + std::to_string(cache.size / 1024) + " KiB");
  machine["load"] = context.cpu_info.load_avg;
  machine["compiler"] = std::string("GCC-compatible ") + __VERSION__;
  return machine;
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
  machine_ = machine_of(context).dump();
  return true;
}

void Report::ReportRuns(const std::vector<Run>& runs) {
  for (const Run& run : runs) {
    if (run.run_type != Run::RT_Iteration) continue;
    const MeasurementName name = parse_measurement_name(run.run_name.function_name);
    if (rows_.empty() || rows_.back().row != name.row) {
      if (!rows_.empty()) print(rows_.back());
      rows_.push_back({name.row, {}});
    }
    Result& result = rows_.back().rivals[name.rival];
    if (run.error_occurred) {
      // What is merely not installed says so with this word.
      result.refusal = run.error_message;
      failed_ = failed_ || run.error_message.rfind("absent", 0) != 0;
      continue;
    }
    const bool wall_clock = options_.threads > 1 || is_torch(name.rival);  // there it is what the script measured
    const double seconds = wall_clock ? run.real_accumulated_time : run.cpu_accumulated_time;
    result.seconds[name.round] = seconds / static_cast<double>(run.iterations);
    for (const auto& [key, counter] : run.counters) result.counters[key] = counter.value;
  }
}

void Report::Finalize() {
  if (rows_.empty()) return;
  print(rows_.back());
  if (!options_.results.empty()) write_results();
}

std::vector<double> Report::limits(const RowResult& row, const char* rival, const char* counter) const {
  auto found = row.rivals.find(rival);
  if (found == row.rivals.end() || found->second.seconds.empty()) return {};
  std::vector<double> values = values_of(found->second.seconds);
  for (double& seconds : values) seconds = options_.threads * found->second.counters.at(counter) / seconds;
  return values;
}

void Report::print(const RowResult& result) const {
  const Row* row = find_row(result.row);
  if (!row) return;
  const double peak = median(limits(result, peak_name, "flops"));
  const double bandwidth = median(limits(result, bandwidth_name, "bytes"));
  std::printf("%s  %s  %s  peak %s GFLOP/s, bandwidth %s GB/s\n", row->name, sizes_of(*row).c_str(), name_of(row->mode),
              number_text("%.1f", peak * 1e-9).c_str(), number_text("%.1f", bandwidth * 1e-9).c_str());
  for (const char* name : timed_rivals) {
    auto found = result.rivals.find(name);
    if (found == result.rivals.end()) continue;
    const Result& rival = found->second;
    if (!rival.refusal.empty()) {
      std::printf("  %-13s not timed: %s\n", name, rival.refusal.c_str());
      continue;
    }
    const std::vector<double> seconds = values_of(rival.seconds);
    const double flops = product_flops(*row) / median(seconds);
    const double read = static_cast<double>(row->T) * static_cast<double>(recurrent_bytes(*row)) / median(seconds);
    std::printf("  %-13s %10s  (%s to %s)  %6.1f GFLOP/s %4s%% of peak, %3s%% of bandwidth; disagrees %.1e", name,
                time_text(median(seconds)).c_str(), time_text(*std::ranges::min_element(seconds)).c_str(),
                time_text(*std::ranges::max_element(seconds)).c_str(), flops * 1e-9,
                number_text("%.0f", 100 * flops / std::max(peak, 1.0)).c_str(),
                number_text("%.0f", bandwidth > 0 ? 100 * read / bandwidth : 0).c_str(),
                rival.counters.at("disagreement"));
    for (const auto& [key, value] : rival.counters)
      if (key != "disagreement") std::printf("; %s %.4g", key.c_str(), value);
    std::printf("\n");
  }
  std::fflush(stdout);
}

std::string Report::json_line(const RowResult& result) const {
  const Row* row = find_row(result.row);
  if (!row) return "{}";
  ordered_json line;
  line["row"] = row->name;
  line["cell"] = row->cell->entry;
  line["sizes"] = sizes_of(*row);
  line["mode"] = name_of(row->mode);
  line["product_flop"] = product_flops(*row);
  line["judge"] = judge_of(*row);
  line["peak_flop_per_second"] = rounded(limits(result, peak_name, "flops"));
  if (row->B == 1) {
    line["recurrent_bytes"] = static_cast<double>(row->T) * static_cast<double>(recurrent_bytes(*row));
    line["bandwidth_bytes_per_second"] = rounded(limits(result, bandwidth_name, "bytes"));
  }
  for (const char* name : timed_rivals) {
    auto found = result.rivals.find(name);
    if (found == result.rivals.end()) continue;
    ordered_json& rival = line["rivals"][name];
    if (!found->second.refusal.empty()) {
      rival["refusal"] = found->second.refusal;
      continue;
    }
    rival["seconds"] = rounded(values_of(found->second.seconds));
    for (const auto& [key, value] : found->second.counters) rival[key] = rounded(value);
  }
  return line.dump();
}

void Report::write_results() const {
  std::ofstream file(options_.results);
  file << "{\"date\": \"" << today() << "\",\n\"machine\": " << machine_
       << ",\n\"libraries\": " << ordered_json(options_.libraries).dump() << ",\n\"threads\": " << options_.threads
       << ",\n\"rows\": [";
  for (std::size_t i = 0; i < rows_.size(); ++i) file << (i ? ",\n" : "\n") << json_line(rows_[i]);
  file << "\n]}\n";
  if (!file.flush()) throw std::runtime_error("cannot write `" + options_.results + "`");
}

}  // namespace rnnc::bench
