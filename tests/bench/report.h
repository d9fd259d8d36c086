// Collects what Google Benchmark measured, by row, rival and round, and prints it as tables.
#pragma once

#include <benchmark/benchmark.h>

#include <map>
#include <string>
#include <vector>

namespace rnnc::bench {

// The name under which a measurement is registered, and back.
struct MeasurementName {
  std::string row, rival;
  int round = 0;
};
std::string text_of(const MeasurementName& name);  // "charlm_lstm/jit/2"
MeasurementName parse_measurement_name(const std::string& text);

inline constexpr const char* peak_name = "peak";  // the rival that only multiplies and adds

class Report : public benchmark::BenchmarkReporter {
 public:
  // threads > 1: wall-clock time counts and the peak is that many cores'. Else the processor time of the one thread:
  // what other programs take from it does not count.
  explicit Report(int threads) : threads_(threads) {}

  bool ReportContext(const Context& context) override;
  void ReportRuns(const std::vector<Run>& runs) override;
  void Finalize() override;

  // Somebody failed or disagreed and was not timed.
  bool failed() const { return failed_; }

 private:
  struct Result {
    std::map<int, double> seconds;           // of one run, by round
    std::map<std::string, double> counters;  // of the last round
    std::string refusal;
  };
  struct RowResult {
    std::string row;
    std::map<std::string, Result> rivals;
  };
  double peak(const RowResult& row) const;  // FLOP per second
  void print_details(const RowResult& row);
  void print_table();
  void print_line(const RowResult& row);

  int threads_;
  bool failed_ = false;
  std::vector<RowResult> rows_;
};

}  // namespace rnnc::bench
