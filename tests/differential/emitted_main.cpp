// Runs one emitted model with arrays of exactly the sizes asked for and nothing written to them before, and looks at every
// number that comes out. valgrind.sh puts the model's names in.
#include <cmath>
#include <cstdio>
#include <memory>

#include "MODEL_HEADER"
#include "tests/differential/call.h"

namespace {

class ExactMemory : public rnnc::testing::Memory {
 public:
  char* get(std::size_t bytes, std::size_t) override {
    return arrays_.emplace_back(new char[bytes]).get();
  }

 private:
  std::vector<std::unique_ptr<char[]>> arrays_;
};

}  // namespace

int main() {
  using namespace rnnc::testing;
  const rnnc_model& model = *MODEL_SYMBOL();
  RunShape whole, ragged, one;
  whole.steps.fill(3);
  whole.rows = 3;
  ragged.steps.fill(4);
  ragged.rows = 5;
  for (auto& lengths : ragged.lengths) lengths = {0, 4, 1, 3, 2};
  one.steps.fill(1);
  int odd = 0;
  for (const RunShape& shape : {whole, ragged, one})
    for (const bool by_step : {false, true}) {
      if (by_step && shape.steps[0] != 1) continue;
      ExactMemory memory;
      const RunOptions options{.backward = !by_step, .by_step = by_step, .garbage = -1, .memory = &memory};
      const Written written = run(model, shape, random_given(model, shape, 7, 0.5), options);
      if (written.code != RNNC_OK) return 1;
      for (const Array& array : written.arrays)
        for (std::int64_t i = 0; i < count(model, array.bytes); ++i)
          if (!std::isfinite(number(model, array.bytes, i))) ++odd;
    }
  std::printf("%d numbers are not finite\n", odd);
  return odd == 0 ? 0 : 1;
}
