// Collects what Google Benchmark measured, by row, rival and round; prints it, and writes it to a file.
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

inline constexpr const char* peak_name = "peak";            // the rival that only multiplies and adds
inline constexpr const char* bandwidth_name = "bandwidth";  // the one that only reads

struct ReportOptions {
  // More than 1: wall-clock time counts and limits are that many cores'. Else the processor time of the one thread:
  // what other programs take from it does not count.
  int threads = 1;
  std::string results;  // path of a JSON file to write, with a line per row; empty: none
  std::map<std::string, std::string> libraries;  // by name, what they say about themselves
};

class Report : public benchmark::BenchmarkReporter {
 public:
  explicit Report(ReportOptions options) : options_(std::move(options)) {}

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
  // What the machine does of the named counter in a second, by round: "flops" of peak, "bytes" of bandwidth.
  std::vector<double> limits(const RowResult& row, const char* rival, const char* counter) const;
  void print(const RowResult& row) const;
  std::string json_line(const RowResult& row) const;
  void write_results() const;

  ReportOptions options_;
  bool failed_ = false;
  std::vector<RowResult> rows_;
  std::string machine_;  // JSON
};

}  // namespace rnnc::bench
