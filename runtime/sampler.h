// Text from a model, one character at a time.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "runtime/model.h"
#include "runtime/result.h"
#include "runtime/text.h"
#include "runtime/text_model.h"

namespace rnnc::runtime {

struct SampleOptions {
  std::string prime;               // read first; empty: a line feed, or else the first character of the vocabulary
  std::int64_t characters = 500;
  double temperature = 1;          // logits are divided by it; 0: always the likeliest character
  std::int64_t top_k = 0;          // > 0: only the k likeliest characters
  std::uint64_t seed = 0;
  TextNames names;
};

// The text that follows `options.prime`, without it; the same for the same seed. `emit` (may be empty) gets every
// character as it comes; `stop` (may be null) ends the text early. The model's parameters must be packed.
Result<std::string> sample(const Model& model, const Vocabulary& vocabulary, const SampleOptions& options,
                           ThreadPool* pool = nullptr, const std::function<void(std::string_view)>& emit = {},
                           const std::atomic<bool>* stop = nullptr);

// The class drawn by `uniform` in [0, 1) from softmax(logits / temperature) over the `top_k` largest (0: all). Among
// equal logits the lower number counts as larger. -1 when a logit is NaN or infinite.
int draw_class(std::span<const double> logits, double temperature, std::int64_t top_k, double uniform);

}  // namespace rnnc::runtime
