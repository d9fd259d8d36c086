// Runs one emitted model with arrays of exactly the sizes asked for and nothing written to them before, and looks at every
// number that comes out. ../emitted.sh puts the model's name in.
#include <cmath>
#include <cstdio>
#include <new>
#include <utility>
#include <vector>

#include "model.h"
#include "tests/differential/call.h"

namespace {

class ExactMemory : public rnnc::testing::Memory {
 public:
  ~ExactMemory() override {
    for (const auto& [array, alignment] : arrays_) ::operator delete(array, alignment);
  }
  char* get(std::size_t bytes, std::size_t alignment) override {
    arrays_.emplace_back(::operator new(bytes, std::align_val_t(alignment)), std::align_val_t(alignment));
    return static_cast<char*>(arrays_.back().first);
  }

 private:
  std::vector<std::pair<void*, std::align_val_t>> arrays_;
};

}  // namespace

int main() {
  using namespace rnnc::testing;
  const rnnc_model& model = *MODEL_SYMBOL();
  int odd = 0;
  for (const RunShape& shape : small_shapes())
    for (const std::int64_t windows : {0, 3, -1}) {
      const bool by_step = windows < 0;
      if (by_step && shape.steps[0] != 1) continue;
      ExactMemory memory;
      RunOptions options{.backward = !by_step, .training = shape.rows == 3, .seed = 5, .rate = 0.5, .by_step = by_step,
                         .garbage = -1, .memory = &memory};
      if (windows > 0) options.windows = windows;
      const Written written = run(model, shape, random_given(model, shape, 7, 0.5), options);
      if (written.code != RNNC_OK) return 1;
      for (const Array& array : written.arrays)
        for (std::int64_t i = 0; i < count(model, array.bytes); ++i)
          if (!std::isfinite(number(model, array.bytes, i))) ++odd;
    }
  std::printf("%d numbers are not finite\n", odd);
  return odd == 0 ? 0 : 1;
}
