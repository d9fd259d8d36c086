// Random programs, each checked in every way; a failure is shrunk and written down.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "runtime/interrupt.h"
#include "tests/random/check.h"
#include "tests/random/shrink.h"

namespace rnnc::testing {
namespace {

constexpr const char* usage =
    "random_programs [--seed N] [--count N] [--seconds S] [--cpp-every N] [--failures FOLDER] [--only CHECK]\n"
    "                [--refused REASON] [--show SEED] [--file PROGRAM.rnn]\n";

struct Options {
  std::uint64_t seed = 1, count = ~std::uint64_t{0};
  double seconds = 1e300;
  std::uint64_t cpp_every = 0;  // 0: never
  std::string file;             // a case to check instead
  std::string only;             // the check to make; "" = all
  std::string refused;          // treat as a failure what is left out for this reason: to see a small example
  std::string failures = ".";   // the folder that gets shrunk failures
};

// The verdict, or that something wanted was left out.
Verdict judge(const Case& c, const CheckOptions& how, const Options& options) {
  Verdict verdict = check_case(c, how);
  if (options.refused.empty() || !verdict.failed.empty()) return verdict;
  for (const auto& [what, times] : verdict.left_out)
    if (what.find(options.refused) != std::string::npos) verdict.failed = what;
  return verdict;
}

// "error[E0201]" of the first.
std::string error_of(const std::string& details) {
  const std::size_t at = details.find("error[");
  return at == std::string::npos ? details.substr(0, 20) : details.substr(at, 12);
}

int report(const Case& c, const Verdict& verdict, const CheckOptions& options, const Options& all) {
  std::cout << "FAILED " << verdict.failed << ": " << verdict.details << "\nshrinking …" << std::endl;
  CheckOptions only = options;
  only.only = all.refused.empty() ? verdict.failed : "compiles";
  const Case small = shrink(c, [&](const Case& candidate) {
    const Verdict again = judge(candidate, only, all);
    // What no longer compiles fails in another way.
    return again.failed == verdict.failed &&
           (verdict.failed != "compiles" || error_of(again.details) == error_of(verdict.details));
  });
  const std::string path = all.failures + "/failed_" + std::to_string(c.seed) + ".rnn";
  const Verdict last = judge(small, only, all);
  std::ofstream(path) << case_text(small);
  std::cout << case_text(small) << last.failed << ": " << last.details << "\nwritten to " << path << std::endl;
  return 1;
}

int check_file(const Options& options) {
  std::ifstream file(options.file);
  std::stringstream text;
  text << file.rdbuf();
  const Verdict verdict = check_case(parse_case(text.str()), {.cpp = options.cpp_every > 0, .only = options.only});
  for (const auto& [what, times] : verdict.left_out) std::cout << times << " times " << what << "\n";
  std::cout << (verdict.failed.empty() ? "ok" : verdict.failed + ": " + verdict.details) << "\n";
  return verdict.failed.empty() ? 0 : 1;
}

int check_many(const Options& options) {
  const auto start = std::chrono::steady_clock::now();
  const auto seconds = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); };
  std::map<std::string, int> left_out;
  std::uint64_t done = 0;
  int failures = 0;
  const std::string last = options.failures + "/last_from_" + std::to_string(options.seed) + ".rnn";
  if (!std::filesystem::is_directory(options.failures)) return std::cerr << "no folder " << options.failures << "\n", 2;
  const runtime::InterruptGuard interrupt;
  for (; done < options.count && seconds() < options.seconds && !*interrupt.flag(); ++done) {
    const std::uint64_t seed = options.seed + done;
    const Case c = random_case(seed);
    std::ofstream(last) << case_text(c);  // left behind by a crash
    const CheckOptions how{.cpp = options.cpp_every > 0 && seed % options.cpp_every == 0,
                           .only = options.only};
    const Verdict verdict = judge(c, how, options);
    for (const auto& [what, times] : verdict.left_out) left_out[what] += times > 0;
    if (verdict.failed.empty()) continue;
    std::cout << "seed " << seed << ": ";
    failures += report(c, verdict, how, options);
  }
  std::remove(last.c_str());
  std::cout << done << " programs from seed " << options.seed << " in " << static_cast<int>(seconds()) << " s, " << failures
            << " failed\n";
  for (const auto& [what, times] : left_out) std::cout << "  of " << times << " left out: " << what << "\n";
  return failures == 0 ? 0 : 1;
}

}  // namespace
}  // namespace rnnc::testing

int main(int count, char** words) {
  rnnc::testing::Options options;
  if (count % 2 == 0) return std::cerr << rnnc::testing::usage, 2;
  for (int i = 1; i < count; i += 2) {
    const std::string word = words[i], value = words[i + 1];
    if (word == "--seed") options.seed = std::stoull(value);
    else if (word == "--count") options.count = std::stoull(value);
    else if (word == "--seconds") options.seconds = std::stod(value);
    else if (word == "--cpp-every") options.cpp_every = std::stoull(value);
    else if (word == "--failures") options.failures = value;
    else if (word == "--file") options.file = value;
    else if (word == "--only") options.only = value;
    else if (word == "--refused") options.refused = value;
    else if (word == "--show") return std::cout << case_text(rnnc::testing::random_case(std::stoull(value))), 0;
    else return std::cerr << rnnc::testing::usage, 2;
  }
  return options.file.empty() ? rnnc::testing::check_many(options) : rnnc::testing::check_file(options);
}
