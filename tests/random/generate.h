// Random well-typed recurrence programs as source text.
#pragma once

#include <cstdint>
#include <string>

namespace rnnc::testing {

// A program and the run that it is checked with. The first line of `source` says the run, so that the text is all there
// is to keep: see parse_case.
struct Case {
  std::string source;
  std::int64_t steps = 5, other_steps = 3;  // of the first axis and of the second
  std::int64_t rows = 2;
  bool ragged = false;                      // rows of different lengths, drawn from `seed`
  std::string target = "avx2";              // sse2 | avx2 | avx512
  std::int64_t block = 256;                 // rows of a block of steps
  std::string feed = "given";               // given | own | mixed
  double rate = 0;                          // of own values among fed inputs
  std::uint64_t seed = 1;                   // of the numbers
};

// The same case for the same seed, whatever the machine.
Case random_case(std::uint64_t seed);

// "# run: steps=5 …" and the source; and back. A text without that line is run as `Case{}` says.
std::string case_text(const Case& c);
Case parse_case(const std::string& text);

}  // namespace rnnc::testing
