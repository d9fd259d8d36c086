// Random damage to sources and tensor files, through the library: nothing may crash, hang or be blamed on rnnc.
//   fuzz [--seconds S] [--rounds N] [--seed N]
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <regex>
#include <sstream>

#include "compiler/backend/cpp/emit.h"
#include "compiler/backend/interp/interpreter_model.h"
#include "compiler/base/bug.h"
#include "compiler/driver/evaluate.h"
#include "compiler/driver/pipeline.h"
#include "dsl/ast_printer.h"
#include "dsl/format.h"
#include "dsl/parser.h"
#include "runtime/safetensors.h"

namespace rnnc {
namespace {

namespace fs = std::filesystem;
using Random = std::mt19937_64;

std::size_t below(Random& random, std::size_t n) { return n == 0 ? 0 : static_cast<std::size_t>(random() % n); }

std::string read_all(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

// Dimensions without a default get one, so that most sources compile as they are.
std::string with_defaults(const std::string& text) {
  static const std::regex head(R"(((?:cell|model) \w+\()([^)]*)(\)))"), bare(R"((\w+)( *(?:,|$)))");
  std::string result, rest = text;
  for (std::smatch found; std::regex_search(rest, found, head); rest = found.suffix()) {
    result += found.prefix().str() + found[1].str();
    std::string dimensions = found[2];
    if (dimensions.find('=') == std::string::npos) dimensions = std::regex_replace(dimensions, bare, "$1 = 3$2");
    result += dimensions + ")";
  }
  return result + rest;
}

// One of the names that are declared, or none.
std::string some_entry(const std::string& text, Random& random) {
  static const std::regex head(R"((?:cell|model) (\w+))");
  std::vector<std::string> names{""};
  for (std::sregex_iterator it(text.begin(), text.end(), head), end; it != end; ++it) names.push_back((*it)[1]);
  return names[names.size() == 2 ? 0 : below(random, names.size())];
}

constexpr const char* folders[] = {"examples", "examples/cells", "tests/models"};

std::vector<std::string> sources() {
  std::vector<fs::path> paths;
  for (const char* folder : folders)
    for (const auto& entry : fs::directory_iterator(fs::path(RNNC_SOURCE_DIR) / folder))
      if (entry.path().extension() == ".rnn") paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> texts;
  for (const fs::path& path : paths) texts.push_back(with_defaults(read_all(path)));
  return texts;
}

// Words of the language, and numbers that break things.
const char* const pieces[] = {"cell ",
                              "model ",
                              "state ",
                              "param ",
                              "input ",
                              "target ",
                              "output ",
                              "loss ",
                              "for k in 0..3 {",
                              "}",
                              "{",
                              "(",
                              ")",
                              "[",
                              "]",
                              "[t-1]",
                              "[t+1]",
                              "[t]",
                              "@",
                              "*",
                              "+",
                              "-",
                              "/",
                              "=",
                              ":",
                              ",",
                              "..",
                              "\n",
                              "'",
                              "\"",
                              "index(",
                              " per row",
                              " over src",
                              "reverse ",
                              "import \"lstm.rnn\"\n",
                              "fn f(x) = ",
                              "const e = ",
                              "0",
                              "1",
                              "-1",
                              "1e308",
                              "1e-400",
                              "9223372036854775807",
                              "18446744073709551616",
                              "1099511627776",
                              "tanh(",
                              "sigmoid(",
                              "last(",
                              "softmax(",
                              "where(",
                              "t",
                              "h",
                              "x",
                              "H",
                              "I",
                              "\xff",
                              "\xe2\x88\x91",
                              "#",
                              ";",
                              "\t",
                              "cross_entropy(",
                              "h[t-1]",
                              "h[t-100000]",
                              "E[token]",
                              "[0:H]",
                              "[1:1]",
                              "stop_gradient(",
                              "dropout(",
                              " derivative ",
                              "argmax(",
                              "sample(",
                              " : index(V) = sample(y[t-1])",
                              "fn s(v) = sign(v) derivative [1 - v * v]\n",
                              "s(",
                              "zoneout(",
                              "zoneout(h, h[t-1], 0.5)",
                              "dropout(x, 0.5, mask = per_row)",
                              ", mask = per_row"};

// Names that emitted code cannot use as they stand.
const char* const names[] = {"AB", "GATE", "I", "int", "std", "M_El", "h0", "x_2", "rnnc_model", "T", "rows", "σ", "_a__b"};

// One word, wherever it stands, becomes another.
std::string rename(const std::string& text, std::size_t at, Random& random) {
  static const std::regex word(R"([A-Za-z_]\w*)");
  std::smatch found;
  if (!std::regex_search(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), found, word)) return text;
  return std::regex_replace(text, std::regex("\\b" + found.str() + "\\b"), names[below(random, std::size(names))]);
}

std::string mutate(std::string text, const std::vector<std::string>& all, Random& random) {
  const std::size_t changes = below(random, 2) == 0 ? 1 : 1 + below(random, 5);
  for (std::size_t i = 0; i < changes; ++i) {
    const std::size_t at = below(random, text.size() + 1), length = std::min(below(random, 24), text.size() - at);
    switch (below(random, 8)) {
      case 0: text.erase(at, length); break;
      case 1: text.insert(at, pieces[below(random, std::size(pieces))]); break;
      case 2: text.insert(at, text.substr(at, length)); break;
      case 3: text.replace(at, length, pieces[below(random, std::size(pieces))]); break;
      case 4: {
        const std::string& other = all[below(random, all.size())];
        text.insert(at, other.substr(below(random, other.size()), below(random, 80)));
        break;
      }
      case 5:
        if (at < text.size()) text[at] = static_cast<char>(random());
        break;
      case 6: {  // two lines change places
        const std::size_t a = text.find('\n', at), b = a == std::string::npos ? a : text.find('\n', a + 1);
        if (b != std::string::npos)
          text = text.substr(0, at) + text.substr(a + 1, b - a) + text.substr(at, a - at + 1) + text.substr(b + 1);
        break;
      }
      case 7: text = rename(text, at, random); break;
    }
  }
  return text;
}

// Entries of all values of the Program: what is too large to be worth scheduling here.
bool is_small(const ir::Program& program) {
  if (program.nodes.size() > 3000) return false;
  for (const ir::Node& node : program.nodes)
    if (node.shape.size() > 1 << 16) return false;
  return true;
}

struct Counts {
  std::int64_t accepted = 0, refused = 0, unsupported = 0;
};

// "" or what `rnnc fmt` would do wrong.
std::string try_format(dsl::SourceMap& sources, std::int32_t file) {
  dsl::Diagnostics mistakes;
  const dsl::File before = dsl::parse(sources, file, mistakes);
  if (mistakes.has_errors()) return "";
  const std::int32_t formatted = sources.add("formatted.rnn", dsl::format(sources, file));
  const dsl::File after = dsl::parse(sources, formatted, mistakes);
  if (dsl::to_string(before) != dsl::to_string(after)) return "formatting changes the meaning";
  if (before.comments.size() != after.comments.size()) return "formatting loses a comment";
  return dsl::format(sources, formatted) == sources.text(formatted) ? "" : "formatting twice changes more";
}

// "" or what rnnc did wrong.
std::string try_source(const std::string& text, const std::string& entry, Counts& counts) {
  driver::Compilation compilation;
  compilation.options.sema.entry = entry;
  compilation.read_import = [](const std::string&, const std::string& path) -> std::optional<sema::ImportedText> {
    for (const char* folder : folders) {
      const fs::path file = fs::path(RNNC_SOURCE_DIR) / folder / fs::path(path).filename();
      if (fs::is_regular_file(file)) return sema::ImportedText{path, read_all(file)};  // its dimensions: by the call
    }
    return std::nullopt;
  };
  compilation.file = compilation.sources.add("fuzz.rnn", text);
  try {
    if (std::string wrong = try_format(compilation.sources, compilation.file); !wrong.empty()) return wrong;
    dsl::Diagnostics checked;
    sema::check_file(compilation.sources, compilation.file, {}, compilation.read_import, checked);
    const driver::RunOptions front{.last = "elaborate", .verify = true};
    if (!driver::run(compilation, front)) {
      ++counts.refused;
      return dsl::render(compilation.diagnostics, compilation.sources).empty() ? "refused without a word" : "";
    }
    ++counts.accepted;
    if (!is_small(compilation.program)) return "";
    driver::Compilation whole;
    whole.options = compilation.options;
    whole.read_import = compilation.read_import;
    whole.file = whole.sources.add("fuzz.rnn", text);
    if (driver::run(whole, {.last = "lower", .verify = true})) backend::emit_cpp(whole.module, "fuzz.h");
  } catch (const Unsupported&) {
    ++counts.unsupported;
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

constexpr const char* small_model = R"(
model Small {
  input x : [3]
  input token : index(5)
  state h : [4]
  param W : [4, 3]  U : [4, 4]  E : [5, 4]
  h = tanh(W @ x + U @ h[t-1] + E[token])
  output y = sum(h)
})";

runtime::TensorFile small_case() {
  using runtime::Tensor;
  Random random(5);
  const auto real = [&](runtime::Extents extents) {
    Tensor tensor(runtime::DType::F64, extents);
    for (double& value : tensor.view<double>()) value = static_cast<double>(random() % 2001) / 1000 - 1;
    return tensor;
  };
  runtime::TensorFile file;
  file.tensors = {{"x", real({3, 2, 3})},        {"W", real({4, 3})},      {"U", real({4, 4})},
                  {"E", real({5, 4})},           {"h.init", real({2, 4})}, {"grad.y", real({3, 2})},
                  {"grad.h.final", real({2, 4})}};
  file.tensors.emplace("token", Tensor::of({3, 2}, std::vector<std::int64_t>{0, 4, 2, 2, 1, 3}));
  file.tensors.emplace("lengths", Tensor::of({2}, std::vector<std::int32_t>{3, 1}));
  file.metadata = {{"a", "b"}};
  return file;
}

class TensorFuzz {
 public:
  TensorFuzz() : path_(fs::temp_directory_path() / ("rnnc_fuzz_" + std::to_string(::getpid()) + ".safetensors")) {
    compilation_.file = compilation_.sources.add("small.rnn", small_model);
    check(driver::run(compilation_, {.last = "differentiate"}),
          dsl::render(compilation_.diagnostics, compilation_.sources));
    model_ = std::make_unique<backend::InterpreterModel>(compilation_.program, loop::Element::f64);
    check(runtime::write_safetensors(path_, small_case()).ok(), "cannot write the file to damage");
    good_ = read_all(path_);
  }
  ~TensorFuzz() { fs::remove(path_); }

  std::string attempt(Random& random, Counts& counts) {
    std::string bytes = good_;
    const std::size_t changes = below(random, 4);
    for (std::size_t i = 0; i < changes && !bytes.empty(); ++i) {
      const std::size_t at = below(random, random() % 2 == 0 ? bytes.size() : std::min<std::size_t>(bytes.size(), 600));
      switch (below(random, 4)) {
        case 0: bytes[at] = static_cast<char>(random()); break;
        case 1: bytes[at] = "0123456789[]{},:\""[below(random, 17)]; break;
        case 2: bytes.erase(at, below(random, 12)); break;
        case 3: bytes.resize(at); break;
      }
    }
    std::ofstream(path_, std::ios::binary) << bytes;
    const auto file = runtime::read_safetensors(path_);
    if (!file) {
      ++counts.refused;
      return file.message().empty() ? "refused without a word" : "";
    }
    const auto result = driver::evaluate(*model_->model(), *file, {.gradient = true}, nullptr);
    ++(result ? counts.accepted : counts.refused);
    return changes == 0 && !result ? "the undamaged file: " + result.message() : "";
  }
  std::string saved() const { return path_; }

 private:
  fs::path path_;
  std::string good_;
  driver::Compilation compilation_;
  std::unique_ptr<backend::InterpreterModel> model_;
};

struct Options {
  double seconds = 20;
  std::uint64_t seed = 1, rounds = ~std::uint64_t(0);
};

int fuzz(const Options& options) {
  const std::vector<std::string> all = sources();
  const auto start = std::chrono::steady_clock::now();
  TensorFuzz tensors;
  Counts source_counts, tensor_counts;
  std::uint64_t round = 0;
  for (; round < options.rounds; ++round) {
    if (std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() > options.seconds) break;
    Random random(options.seed * 1000003 + round);
    const std::string text = mutate(all[below(random, all.size())], all, random);
    std::ofstream("fuzz_last.rnn", std::ios::binary) << text;  // left behind by a crash
    std::string wrong = try_source(text, some_entry(text, random), source_counts);
    if (wrong.empty()) wrong = tensors.attempt(random, tensor_counts);
    if (wrong.empty()) continue;
    std::cout << "seed " << options.seed << ", round " << round << ": " << wrong << "\n---- source ----\n"
              << text << "\n";
    return 1;
  }
  fs::remove("fuzz_last.rnn");
  std::cout << round << " rounds from seed " << options.seed << "; sources: " << source_counts.accepted << " accepted, "
            << source_counts.refused << " refused, " << source_counts.unsupported
            << " unsupported; tensor files: " << tensor_counts.accepted << " accepted, " << tensor_counts.refused
            << " refused\n";
  const bool both = source_counts.accepted > 0 && source_counts.refused > 0 && tensor_counts.accepted > 0 &&
                    tensor_counts.refused > 0;
  return both || round < 200 ? 0 : 1;
}

}  // namespace
}  // namespace rnnc

int main(int count, char** words) {
  rnnc::Options options;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string word = words[i];
    if (word == "--seconds")
      options.seconds = std::stod(words[i + 1]);
    else if (word == "--seed")
      options.seed = std::stoull(words[i + 1]);
    else if (word == "--rounds")
      options.rounds = std::stoull(words[i + 1]);
    else
      return 2;
  }
#ifndef __SANITIZE_ADDRESS__
  const rlimit memory{rlim_t(2) << 30, rlim_t(2) << 30};  // what asks for more is told so, and must say so
  ::setrlimit(RLIMIT_DATA, &memory);
#endif
  return rnnc::fuzz(options);
}
