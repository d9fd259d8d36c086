#include "runtime/sampler.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "runtime/random.h"
#include "runtime/thread_pool.h"

namespace rnnc::runtime {
namespace {

std::vector<double> numbers_at(const Run& run, int output, DType dtype, std::int64_t count) {
  const auto size = static_cast<std::size_t>(count);
  if (dtype == DType::F64) {
    const auto* values = static_cast<const double*>(run.output(output));
    return {values, values + size};
  }
  const auto* values = static_cast<const float*>(run.output(output));
  return {values, values + size};
}

Result<std::vector<std::int32_t>> first_characters(const Vocabulary& vocabulary, const std::string& prime) {
  if (prime.empty()) return std::vector<std::int32_t>{std::max(0, vocabulary.find('\n'))};
  return vocabulary.encode(prime);
}

}  // namespace

int draw_class(std::span<const double> logits, double temperature, std::int64_t top_k, double uniform) {
  const auto finite = [](double x) { return std::isfinite(x); };
  if (logits.empty() || !std::all_of(logits.begin(), logits.end(), finite)) return -1;
  const auto likelier = [&](int a, int b) {
    const double x = logits[static_cast<std::size_t>(a)], y = logits[static_cast<std::size_t>(b)];
    return x != y ? x > y : a < b;
  };
  std::vector<int> classes(logits.size());
  std::iota(classes.begin(), classes.end(), 0);
  const int likeliest = *std::min_element(classes.begin(), classes.end(), likelier);
  if (temperature <= 0 || top_k == 1) return likeliest;
  if (top_k > 0 && static_cast<std::size_t>(top_k) < classes.size()) {
    std::nth_element(classes.begin(), classes.begin() + static_cast<std::ptrdiff_t>(top_k), classes.end(), likelier);
    classes.resize(static_cast<std::size_t>(top_k));
    std::sort(classes.begin(), classes.end());  // the order that nth_element leaves is the library's own
  }
  const double largest = logits[static_cast<std::size_t>(likeliest)];
  std::vector<double> weights;
  double sum = 0;
  for (const int i : classes) {
    weights.push_back(std::exp((logits[static_cast<std::size_t>(i)] - largest) / temperature));
    sum += weights.back();
  }
  double left = uniform * sum;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    left -= weights[i];
    if (left < 0) return classes[i];
  }
  return likeliest;  // rounding used up the sum
}

Result<std::string> sample(const Model& model, const Vocabulary& vocabulary, const SampleOptions& options,
                           ThreadPool* pool, const std::function<void(std::string_view)>& emit,
                           const std::atomic<bool>* stop) {
  if (!(options.temperature >= 0)) return Error{"the temperature must not be negative"};
  const auto tensors = find_sampling_tensors(model.abi(), options.names, vocabulary.size());
  if (!tensors) return tensors.error();
  const auto prime = first_characters(vocabulary, options.prime);
  if (!prime) return prime.error();
  auto run = Run::create(model, RunShape(), RunMode::step, pool);
  if (!run) return run.error();

  const auto feed = [&](std::int32_t character) -> Status {
    run->index_input(tensors->token)[0] = character;
    if (Status status = run->step(); !status) return status;
    run->advance();
    return {};
  };
  run->call().seed = options.seed;
  for (const std::int32_t character : *prime) {
    if (Status status = feed(character); !status) return status.error();
  }
  const RandomStream random(options.seed, "sample");
  std::string text;
  for (std::int64_t i = 0; i < options.characters; ++i) {
    if (stop != nullptr && stop->load(std::memory_order_relaxed)) break;
    // A model may know more characters than the text had; those have no spelling.
    const auto logits = numbers_at(*run, tensors->logits, model.dtype(), vocabulary.size());
    const double uniform = random.uniform(static_cast<std::uint64_t>(i));
    const int drawn = draw_class(logits, options.temperature, options.top_k, uniform);
    if (drawn < 0) return Error{"the model's logits are not finite"};
    const std::string character = vocabulary.decode(drawn);
    text += character;
    if (emit) emit(character);
    if (i + 1 == options.characters) break;
    if (Status status = feed(drawn); !status) return status.error();
  }
  return text;
}

}  // namespace rnnc::runtime
