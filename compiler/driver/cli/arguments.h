// What the command line asks for. The only implementation file that includes CLI11.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "compiler/driver/backend.h"
#include "compiler/driver/cli/diagnostics_format.h"
#include "compiler/driver/pipeline.h"

namespace rnnc::cli {

// The model and how it is compiled; every command has these.
struct SourceArguments {
  std::string path;  // "-": standard input
  std::map<std::string, std::int64_t> dimensions;
  std::string entry;
  bool imports_anywhere = false;
  sema::Feed feed = sema::Feed::given;
  loop::Element element = loop::Element::f32;
  std::optional<loop::Target> target;  // nothing: native
  std::vector<std::string> watch;  // values by their full names
  std::vector<dsl::DiagnosticKind> silenced;  // warnings
};

struct CompileArguments {
  SourceArguments source;
  std::string output;      // "": none
  std::string name;        // of the model in emitted code, "": its own
  std::string emit;        // a stage, "": none
  std::string dump_after;  // a pass or "all", "": none
  DiagnosticsFormat format = DiagnosticsFormat::text;
  bool gradient = true;
  bool time_passes = false;
};

struct CheckArguments {
  std::vector<std::string> paths;  // "-": standard input
  sema::Options sema;
  DiagnosticsFormat format = DiagnosticsFormat::text;
  std::vector<dsl::DiagnosticKind> silenced;  // warnings
};

struct FormatArguments {
  std::vector<std::string> paths;  // "-": standard input to standard output
  bool check = false;              // change nothing, say which differ
};

struct EvalArguments {
  SourceArguments source;
  std::string in, out;
  driver::BackendKind backend = driver::BackendKind::jit;
  bool gradient = false, training = false;
  int threads = 1;
  std::uint64_t seed = 0;
  double rate = 0;  // of own values in mixed feeding
  std::map<std::string, std::int64_t> steps;  // by axis, "": every axis
  std::int64_t watch_every = 0;               // steps of a line; 0: all
  std::int64_t memory_budget = 0;             // bytes of tape and workspace; 0: no limit
};

struct GradcheckArguments {
  SourceArguments source;
  std::map<std::string, std::int64_t> steps;
  std::int64_t rows = 2, entries = 64;
  std::uint64_t seed = 1;
  double tolerance = 1e-6, rate = 0.5;
  bool lengths = false, training = false, json = false;
};

enum class BenchMode : std::uint8_t { step, infer, train };
struct BenchArguments {
  SourceArguments source;
  driver::BackendKind backend = driver::BackendKind::jit;
  BenchMode mode = BenchMode::infer;
  std::int64_t rows = 1, steps = 100;
  int threads = 1;
  std::uint64_t seed = 0;
  double seconds = 2;
  std::int64_t memory_budget = 0;  // bytes of tape and workspace; 0: no limit
  bool roofline = false;  // of JIT code on one thread
  bool json = false;
};

struct TrainArguments {
  SourceArguments source;
  driver::BackendKind backend = driver::BackendKind::jit;
  std::string data, out, from;
  double seconds = 0;
  std::int64_t steps = 0, rows = 32, length = 100;
  std::int64_t memory_budget = 0;  // bytes of tape and workspace; 0: no limit
  double learning_rate = 2e-3, clip = 1, weight_decay = 0, held_out = 0.05;
  double rate = 0;  // of own values in mixed feeding, at the end
  bool sgd = false;
  int threads = 0;  // 0: one per processor
  std::uint64_t seed = 0;
  std::int64_t watch_every = 100;  // updates between
  std::int64_t sample = 0;         // characters printed before and after
  std::string prime;
  double temperature = 0.8;
};

struct SampleArguments {
  SourceArguments source;
  driver::BackendKind backend = driver::BackendKind::jit;
  std::string from, prime;
  double temperature = 0.8;
  std::int64_t length = 500, top_k = 0;
  std::uint64_t seed = 0;
};

// --help and --version: printed, and nothing else is done.
struct TextArguments {
  std::string text;
};

using Arguments = std::variant<TextArguments, CompileArguments, CheckArguments, FormatArguments, EvalArguments,
                               GradcheckArguments, BenchArguments, TrainArguments, SampleArguments>;

// `words` without the program's name. Throws Failure (wrong usage) with what is wrong and where help is.
Arguments parse_arguments(std::vector<std::string> words);

}  // namespace rnnc::cli
