// Text, optimizers, the training loop, sampling and progress lines, on a model written by hand.
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <numeric>

#include "runtime/file.h"
#include "runtime/interrupt.h"
#include "runtime/optimizer.h"
#include "runtime/progress.h"
#include "runtime/random.h"
#include "runtime/sampler.h"
#include "runtime/text.h"
#include "runtime/trainer.h"
#include "tests/unit/tiny_rnn.h"

namespace rnnc::runtime {
namespace {

// Its Run's calls point to members.
static_assert(!std::is_copy_constructible_v<Trainer> && !std::is_copy_assignable_v<Trainer>);

class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "rnnc-test-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::vector<std::int32_t> numbers(std::int64_t count, std::int32_t classes) {
  const RandomStream random(1, "numbers");
  std::vector<std::int32_t> values;
  for (std::int64_t i = 0; i < count; ++i) {
    values.push_back(static_cast<std::int32_t>(random.uniform(static_cast<std::uint64_t>(i)) * classes));
  }
  return values;
}

TEST(Vocabulary, IsOfCodePointsWhenTheTextIsUtf8) {
  const std::string text = "zoë €𝄞a\n";
  const auto vocabulary = Vocabulary::from_text(text);
  ASSERT_TRUE(vocabulary.ok());
  EXPECT_TRUE(vocabulary->is_utf8());
  EXPECT_EQ(vocabulary->size(), 8);
  EXPECT_EQ(vocabulary->find('\n'), 0);
  EXPECT_EQ(vocabulary->find(U'ë'), 5);
  EXPECT_EQ(vocabulary->find('b'), -1);
  const auto encoded = vocabulary->encode(text);
  ASSERT_TRUE(encoded.ok());
  EXPECT_EQ(encoded->size(), 8u);
  EXPECT_EQ(vocabulary->decode(*encoded), text);
  EXPECT_TRUE(contains(vocabulary->encode("b").message(), "`b` (U+0062)"));
  EXPECT_TRUE(contains(vocabulary->encode("\x01").message(), "U+0001"));
  EXPECT_TRUE(contains(vocabulary->encode("\xff").message(), "not valid UTF-8"));
  EXPECT_FALSE(Vocabulary::from_text("").ok());
}

TEST(Vocabulary, IsOfBytesOtherwise) {
  for (const std::string text : {"a\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\xe0\x80\x80"}) {
    const auto vocabulary = Vocabulary::from_text(text);
    ASSERT_TRUE(vocabulary.ok());
    EXPECT_FALSE(vocabulary->is_utf8()) << text;
    EXPECT_EQ(vocabulary->decode(*vocabulary->encode(text)), text);
    EXPECT_TRUE(contains(vocabulary->encode("\xfe").message(), "byte 0xFE"));
  }
}

TEST(Vocabulary, LivesInMetadata) {
  for (const std::string text : {"zoë 𝄞", "\xff\x01z"}) {
    const auto vocabulary = Vocabulary::from_text(text);
    std::map<std::string, std::string> metadata;
    vocabulary->save(metadata);
    const auto loaded = Vocabulary::load(metadata);
    ASSERT_TRUE(loaded.ok()) << loaded.message();
    EXPECT_EQ(*loaded->encode(text), *vocabulary->encode(text));
    for (const char* broken : {"", "7 7", "9 8", "1 x", "1  2", "-1", "1114112", "99999999999999999999"}) {
      metadata["vocabulary.symbols"] = broken;
      EXPECT_FALSE(Vocabulary::load(metadata).ok()) << broken;
    }
  }
  EXPECT_FALSE(Vocabulary::load({}).ok());
}

TEST(Text, IsSplitAtTheEnd) {
  const auto text = numbers(100, 5);
  const TextSplit split = split_text(text, 0.1);
  EXPECT_EQ(split.training.size(), 90u);
  EXPECT_EQ(split.validation.data(), text.data() + 90);
  EXPECT_TRUE(split_text(text, 0.01).validation.empty());
  EXPECT_EQ(split_text(text, 0).training.size(), 100u);
}

TEST(StreamBatcher, ReadsEveryStreamInOrderEpochAfterEpoch) {
  std::vector<std::int32_t> text(26);
  std::iota(text.begin(), text.end(), 0);
  auto batcher = StreamBatcher::create(text, 3, 3);
  ASSERT_TRUE(batcher.ok());
  EXPECT_EQ(batcher->length(), 8);
  std::int32_t token[9], next[9];
  for (const int epoch : {0, 1}) {
    EXPECT_TRUE(batcher->at_start());
    for (int chunk = 0; chunk < 2; ++chunk) {  // the last two of eight steps fill no chunk
      EXPECT_EQ(batcher->epoch(), epoch);
      EXPECT_EQ(batcher->position(), 3 * chunk);
      batcher->next_chunk(token, next);
      for (int t = 0; t < 3; ++t) {
        for (int row = 0; row < 3; ++row) {
          EXPECT_EQ(token[t * 3 + row], row * 8 + chunk * 3 + t);
          EXPECT_EQ(next[t * 3 + row], row * 8 + chunk * 3 + t + 1);
        }
      }
    }
  }
  batcher->seek(3, 7);
  batcher->next_chunk(token, next);
  EXPECT_EQ(token[0], 3);
  EXPECT_EQ(batcher->epoch(), 8);
  batcher->seek(1000, 7);
  EXPECT_TRUE(batcher->at_start());
  EXPECT_EQ(StreamBatcher::create(text, 5, 100)->steps(), 5);
  EXPECT_EQ(StreamBatcher::create(text, 25, 100)->steps(), 1);
  EXPECT_FALSE(StreamBatcher::create(text, 26, 1).ok());
  EXPECT_FALSE(StreamBatcher::create(text, 0, 1).ok());
  EXPECT_FALSE(StreamBatcher::create({}, 1, 1).ok());
}

// The definitions, one number at a time, in long double.
struct ReferenceOptimizer {
  OptimizerOptions options;
  long double m = 0, v = 0;
  int t = 0;
  long double step(long double p, long double g, long double rate) {
    ++t;
    if (options.kind != OptimizerKind::adamw) g += options.weight_decay * p;
    if (options.kind == OptimizerKind::sgd) {
      m = options.momentum * m + g;
      return p - rate * m;
    }
    m = options.beta1 * m + (1 - static_cast<long double>(options.beta1)) * g;
    v = options.beta2 * v + (1 - static_cast<long double>(options.beta2)) * g * g;
    const long double mhat = m / (1 - powl(options.beta1, t)), vhat = v / (1 - powl(options.beta2, t));
    const long double decay = options.kind == OptimizerKind::adamw ? options.weight_decay * p : 0;
    return p - rate * (mhat / (sqrtl(vhat) + options.epsilon) + decay);
  }
};

template <class Real>
void expect_reference(const OptimizerOptions& options, double tolerance) {
  constexpr int n = 7;
  std::vector<ReferenceOptimizer> reference(n, ReferenceOptimizer{options});
  std::vector<Real> p, g(n);
  std::vector<long double> expected;
  for (int i = 0; i < n; ++i) p.push_back(static_cast<Real>(0.3 * i - 1)), expected.push_back(p.back());
  Optimizer optimizer(options, sizeof(Real) == 8 ? DType::F64 : DType::F32, n);
  for (int step = 0; step < 20; ++step) {
    for (int i = 0; i < n; ++i) {
      g[static_cast<std::size_t>(i)] = static_cast<Real>(std::sin(1.7 * i + 0.9 * step) * std::pow(10, i - 4));
    }
    const double rate = 0.01 * (1 + step % 3);
    for (std::size_t i = 0; i < n; ++i) expected[i] = reference[i].step(expected[i], g[i], rate);
    optimizer.step(p.data(), g.data(), rate);
  }
  for (std::size_t i = 0; i < n; ++i) EXPECT_NEAR(p[i], static_cast<double>(expected[i]), tolerance) << i;
}

TEST(Optimizer, FollowsTheDefinitions) {
  for (const auto kind : {OptimizerKind::sgd, OptimizerKind::adam, OptimizerKind::adamw}) {
    OptimizerOptions options{.kind = kind, .momentum = 0.8, .weight_decay = 0.1};
    expect_reference<double>(options, 1e-12);
    expect_reference<float>(options, 2e-5);
  }
  expect_reference<double>({.kind = OptimizerKind::sgd}, 1e-12);
}

TEST(Optimizer, ClipsByValueThenByNorm) {
  std::vector<double> p(3), g{3, -4, 12};
  OptimizerOptions options{.kind = OptimizerKind::sgd, .clip_norm = 6.5};
  EXPECT_DOUBLE_EQ(Optimizer(options, DType::F64, 3).step(p.data(), g.data(), 1), 13);
  EXPECT_EQ(p, (std::vector<double>{-1.5, 2, -6}));
  p = {0, 0, 0}, g = {3, -4, 12};
  options.clip_value = 4;
  options.clip_norm = 100;
  EXPECT_DOUBLE_EQ(Optimizer(options, DType::F64, 3).step(p.data(), g.data(), 1), 13);
  EXPECT_EQ(p, (std::vector<double>{-3, 4, -4}));
  g = {1, NAN, 0};
  Optimizer optimizer(options, DType::F64, 3);
  EXPECT_TRUE(std::isnan(optimizer.step(p.data(), g.data(), 1)));
  EXPECT_EQ(optimizer.steps(), 0);
  EXPECT_EQ(p, (std::vector<double>{-3, 4, -4}));
}

TEST(Trainer, FollowsTheSchedule) {
  TrainOptions options;
  options.learning_rate = 2;
  options.schedule = RateSchedule::constant;
  EXPECT_EQ(learning_rate_at(options, 5, 0.9), 2);
  options.warmup_steps = 4;
  EXPECT_EQ(learning_rate_at(options, 0, 0), 0.5);
  EXPECT_EQ(learning_rate_at(options, 3, 0), 2);
  options.schedule = RateSchedule::cosine;
  options.final_rate = 0.1;
  EXPECT_DOUBLE_EQ(learning_rate_at(options, 9, 0), 2);
  EXPECT_DOUBLE_EQ(learning_rate_at(options, 9, 0.5), 1.1);
  EXPECT_DOUBLE_EQ(learning_rate_at(options, 9, 1), 0.2);
  EXPECT_DOUBLE_EQ(learning_rate_at(options, 9, 7), 0.2);
}

constexpr std::int32_t kLetters = 6;

// A model of Real with its own training on `text`.
template <class Real>
struct Training {
  tiny::TinyRnn<Real> rnn{kLetters, 12};
  std::unique_ptr<Model> model;
  std::unique_ptr<Trainer> trainer;
  Vocabulary vocabulary = *Vocabulary::from_text("abcdef");

  Training(const std::vector<std::int32_t>& text, const TrainOptions& options,
           std::vector<std::int32_t> held_out = {}) {
    model = std::move(Model::create(rnn.model())).value();
    model->initialize(4);
    auto created = Trainer::create(*model, vocabulary, text, std::move(held_out), options);
    if (!created) throw std::runtime_error(created.message());
    trainer = std::move(created).value();
  }
  std::vector<double> parameters() const {
    std::vector<double> all;
    for (const auto& [name, tensor] : model->parameter_file().tensors) {
      for (const double value : tensor.to_doubles()) all.push_back(value);
    }
    return all;
  }
};

TrainOptions small_training(std::int64_t steps) {
  TrainOptions options;
  options.rows = 3;
  options.chunk_steps = 5;
  options.steps = steps;
  options.learning_rate = 0.02;
  return options;
}

// With a rate of zero the chunks of an epoch together have the loss of the whole streams run at once, since states are
// carried over; the next epoch starts anew.
TEST(Trainer, CarriesStatesFromChunkToChunk) {
  const auto text = numbers(61, kLetters);  // three streams of twenty steps
  TrainOptions options = small_training(0);
  options.optimizer.kind = OptimizerKind::sgd;
  Training<double> chunked(text, options);
  options.chunk_steps = 20;
  Training<double> whole(text, options);
  const double expected = *whole.trainer->update(0);
  for (int epoch = 0; epoch < 2; ++epoch) {
    double sum = 0;
    for (int chunk = 0; chunk < 4; ++chunk) sum += *chunked.trainer->update(0);
    EXPECT_NEAR(sum / 4, expected, 1e-14);
  }
}

// One chunk that covers everything is full backpropagation through time: its update moves the parameters along the
// numerically derived gradient of the whole text's loss.
TEST(Trainer, EqualsFullBackpropagationWhenTheChunkCoversAll) {
  const auto text = numbers(25, kLetters);
  TrainOptions options = small_training(0);
  options.chunk_steps = 8;
  options.optimizer = {.kind = OptimizerKind::sgd};
  Training<double> setup(text, options);
  const std::vector<double> before = setup.parameters();
  const Tensor recurrent = *setup.model->parameter("U");
  ASSERT_TRUE(setup.trainer->update(1).ok());
  const Tensor moved = *setup.model->parameter("U");
  double largest = 0;
  for (const std::int64_t i : {0, 17, 50, 143}) {
    double loss[2];
    for (const int side : {0, 1}) {
      Training<double> other(text, options);
      Tensor nudged = recurrent;
      nudged.view<double>()[static_cast<std::size_t>(i)] += side == 0 ? -1e-5 : 1e-5;
      ASSERT_TRUE(other.model->set_parameter("U", nudged).ok());
      loss[side] = *other.trainer->update(0);
    }
    const double gradient = (loss[1] - loss[0]) / 2e-5;
    EXPECT_NEAR(recurrent.number(i) - moved.number(i), gradient, 1e-9);
    largest = std::max(largest, std::abs(gradient));
  }
  EXPECT_GT(largest, 1e-4);
  options.chunk_steps = 4;  // and a shorter chunk is not
  Training<double> truncated(text, options);
  ASSERT_TRUE(truncated.trainer->update(0.5).ok());
  ASSERT_TRUE(truncated.trainer->update(0.5).ok());
  EXPECT_NE(truncated.parameters(), setup.parameters());
  EXPECT_NE(before, setup.parameters());
}

// A text whose next letter needs the letter before last: a, b or c say whether d is followed by e or f.
std::vector<std::int32_t> patterned(std::int64_t words) {
  const RandomStream random(3, "words");
  std::vector<std::int32_t> text;
  for (std::int64_t i = 0; i < words; ++i) {
    const bool first = random.uniform(static_cast<std::uint64_t>(i)) < 0.5;
    for (const int letter : {first ? 0 : 1, 3, first ? 4 : 5}) text.push_back(letter);
  }
  return text;
}

template <class Real>
void expect_learning() {
  TrainOptions options = small_training(400);
  options.rows = 8;
  options.chunk_steps = 12;
  options.report_steps = 10;
  options.validate_steps = 200;
  Training<Real> setup(patterned(600), options, patterned(50));
  std::vector<TrainReport> reports;
  const auto summary = setup.trainer->run([&](const TrainReport& report) { reports.push_back(report); });
  ASSERT_TRUE(summary.ok()) << summary.message();
  EXPECT_EQ(summary->step, 400);
  EXPECT_FALSE(summary->stopped);
  ASSERT_GE(reports.size(), 10u);
  EXPECT_GT(reports.front().loss, 0.8);
  const double floor = std::log(2) / 3;  // one letter in three is a toss
  EXPECT_LT(summary->loss, floor + 0.05);
  ASSERT_TRUE(summary->validation_loss.has_value());
  EXPECT_NEAR(*summary->validation_loss, floor, 0.05);
  EXPECT_TRUE(reports.back().last);
  EXPECT_NEAR(reports.back().bits_per_character(), reports.back().loss / std::log(2), 1e-12);
  EXPECT_GT(reports[1].characters_per_second, 0);
  EXPECT_GE(reports[1].seconds_left, 0);
  EXPECT_TRUE(contains(describe(reports[1]), "bits/char"));
  EXPECT_TRUE(contains(describe(reports[1]), " left"));
}

TEST(Trainer, Learns) {
  expect_learning<double>();
  expect_learning<float>();
}

template <class Real>
void expect_same_after_resuming(OptimizerKind kind) {
  const Folder folder;
  const auto text = numbers(100, kLetters);  // six chunks an epoch: 25 updates are more than four epochs
  TrainOptions options = small_training(25);
  options.optimizer = {.kind = kind, .momentum = 0.9, .weight_decay = 0.01, .clip_norm = 0.5};
  Training<Real> straight(text, options);
  ASSERT_TRUE(straight.trainer->run({}).ok());
  std::atomic<bool> stop{false};
  options.report_steps = 1;
  options.checkpoint = folder / "c.safetensors";
  Training<Real> interrupted(text, options);
  const auto summary = interrupted.trainer->run([&](const TrainReport& r) { stop = r.step == 13; }, &stop);
  ASSERT_TRUE(summary.ok()) << summary.message();
  EXPECT_TRUE(summary->stopped);
  EXPECT_EQ(summary->step, 13);
  Training<Real> resumed(text, options);
  resumed.model->initialize(99);
  const auto checkpoint = read_safetensors(options.checkpoint);
  ASSERT_TRUE(checkpoint.ok()) << checkpoint.message();
  ASSERT_TRUE(resumed.trainer->load(*checkpoint).ok());
  EXPECT_EQ(resumed.trainer->step(), 13);
  ASSERT_TRUE(resumed.trainer->run({}).ok());
  EXPECT_EQ(resumed.parameters(), straight.parameters());
  EXPECT_NE(interrupted.parameters(), straight.parameters());
  EXPECT_EQ(Vocabulary::load(checkpoint->metadata)->size(), kLetters);
}

TEST(Trainer, ResumesToTheSameBits) {
  expect_same_after_resuming<double>(OptimizerKind::adamw);
  expect_same_after_resuming<float>(OptimizerKind::adam);
  expect_same_after_resuming<float>(OptimizerKind::sgd);
}

TEST(Trainer, RefusesCheckpointsOfSomethingElse) {
  const Folder folder;
  const auto text = numbers(100, kLetters);
  Training<double> setup(text, small_training(3));
  ASSERT_TRUE(setup.trainer->run({}).ok());
  ASSERT_TRUE(setup.trainer->save(folder / "c").ok());
  const TensorFile good = *read_safetensors(folder / "c");
  const auto expect = [&](const TensorFile& file, const char* part) {
    const Status status = setup.trainer->load(file);
    EXPECT_FALSE(status.ok()) << part;
    EXPECT_TRUE(contains(status.message(), part)) << status.message();
  };
  expect({}, "not a training checkpoint");
  TensorFile file = good;
  file.metadata["format"] = "rnnc checkpoint 2";
  expect(file, "format is `rnnc checkpoint 2`");
  file = good;
  file.metadata["train.rows"] = "4";
  expect(file, "4 rows");
  file = good;
  file.metadata["train.step"] = "-4";
  expect(file, "not a training checkpoint");
  file = good;
  file.metadata["vocabulary.symbols"] = "1 2";
  expect(file, "vocabulary");
  file = good;
  file.tensors.erase("R");
  expect(file, "`R` is missing");
  file = good;
  file.tensors.erase("@optimizer.second/R");
  expect(file, "`@optimizer.second/R` is missing");
  file = good;
  file.metadata["optimizer.kind"] = "sgd";
  expect(file, "optimizer state is of `sgd`");
  file = good;
  file.tensors.erase("@state/h");
  expect(file, "state `h` is missing");
  file = good;
  file.tensors["@state/h"] = Tensor::zeros(DType::F64, {9, 9});
  expect(file, "state `h`");
  EXPECT_TRUE(setup.trainer->load(good).ok());
}

TEST(Trainer, StopsBeforeNumbersGoBad) {
  const Folder folder;
  TrainOptions options = small_training(200);
  options.checkpoint = folder / "c";
  options.optimizer = {.kind = OptimizerKind::sgd};
  options.learning_rate = 1e200;
  Training<float> setup(numbers(100, kLetters), options);
  const auto summary = setup.trainer->run({});
  ASSERT_FALSE(summary.ok());
  EXPECT_TRUE(contains(summary.message(), "is not finite at update")) << summary.message();
  EXPECT_FALSE(std::filesystem::exists(folder / "c"));
}

TEST(Trainer, KeepsToTheTimeLimit) {
  TrainOptions options = small_training(0);
  options.seconds = 0.3;
  options.report_seconds = 0.1;
  Training<float> setup(numbers(1000, kLetters), options);
  int reports = 0;
  const auto summary = setup.trainer->run([&](const TrainReport& report) {
    ++reports;
    EXPECT_LE(report.seconds_left, 0.3);
  });
  ASSERT_TRUE(summary.ok());
  EXPECT_GE(summary->seconds, 0.3);
  EXPECT_LT(summary->seconds, 3);
  EXPECT_GE(reports, 2);
}

TEST(Trainer, EvaluatesTheWholeHeldOutText) {
  const auto held_out = numbers(44, kLetters);
  TrainOptions options = small_training(0);
  options.rows = 2;
  options.chunk_steps = 20;  // two streams of 21 steps: a chunk of 20 and one of 1
  Training<double> setup(numbers(100, kLetters), options, held_out);
  const auto loss = setup.trainer->evaluate();
  ASSERT_TRUE(loss.ok());
  RunShape shape;
  shape.steps[0] = 21;
  shape.rows = 2;
  auto run = Run::create(*setup.model, shape, RunMode::inference);
  ASSERT_TRUE(run.ok());
  StreamBatcher::create(held_out, 2, 21)->chunk_at(0, 21, run->index_input(0), run->index_input(1));
  ASSERT_TRUE(run->forward().ok());
  EXPECT_NEAR(*loss, run->loss(), 1e-13);
}

TEST(Trainer, SaysWhatItCannotTrain) {
  const auto text = numbers(100, kLetters);
  const auto fails = [&](tiny::TinyRnn<double>& rnn, const Vocabulary& vocabulary, const char* part) {
    auto model = std::move(Model::create(rnn.model())).value();
    const auto trainer = Trainer::create(*model, vocabulary, text, {}, small_training(1));
    ASSERT_FALSE(trainer.ok()) << part;
    EXPECT_TRUE(contains(trainer.message(), part)) << trainer.message();
  };
  const Vocabulary letters = *Vocabulary::from_text("abcdef");
  tiny::TinyRnn<double> rnn(kLetters, 3);
  fails(rnn, *Vocabulary::from_text("abcdefg"), "`token` has 6 values, the text has 7");
  rnn.inputs()[1].target = 0;
  fails(rnn, letters, "more than one that could be an index input");
  rnn.inputs()[1].target = 1;
  rnn.inputs()[0].index_extent = 0;
  fails(rnn, letters, "nothing that is an index input");
  rnn.mutable_model().has_loss = 0;
  fails(rnn, letters, "no loss");
}

TEST(Sampler, DrawsFromTheSoftmax) {
  const std::vector<double> logits{1, 3, 2, 3, -1};
  EXPECT_EQ(draw_class(logits, 0, 0, 0.9), 1);
  EXPECT_EQ(draw_class(logits, 1, 1, 0.9), 1);
  for (const auto& [temperature, top_k] : {std::pair<double, int>{1, 0}, {0.5, 0}, {2, 3}, {1, 2}, {1, 9}}) {
    std::vector<double> expected;
    for (const double logit : logits) expected.push_back(std::exp(logit / temperature));
    if (top_k == 3) expected[0] = expected[4] = 0;
    if (top_k == 2) expected[0] = expected[2] = expected[4] = 0;
    const double sum = std::accumulate(expected.begin(), expected.end(), 0.0);
    std::vector<double> counts(5);
    constexpr int draws = 100000;
    for (int i = 0; i < draws; ++i) {
      const int drawn = draw_class(logits, temperature, top_k, (i + 0.5) / draws);
      counts[static_cast<std::size_t>(drawn)] += 1.0 / draws;
    }
    for (std::size_t i = 0; i < 5; ++i) EXPECT_NEAR(counts[i], expected[i] / sum, 3e-5) << temperature << " " << top_k;
  }
  EXPECT_EQ(draw_class(std::vector<double>{1, NAN}, 1, 0, 0.5), -1);
  EXPECT_EQ(draw_class(std::vector<double>{1, INFINITY}, 1, 0, 0.5), -1);
  EXPECT_EQ(draw_class(std::vector<double>{1000, 0}, 1e-300, 0, 0.999), 0);
}

TEST(Sampler, WritesWhatTheModelLearned) {
  TrainOptions options = small_training(400);
  options.rows = 8;
  options.chunk_steps = 12;
  Training<float> setup(patterned(600), options);
  ASSERT_TRUE(setup.trainer->run({}).ok());
  SampleOptions wanted;
  wanted.prime = "adebd";
  wanted.characters = 300;
  std::string emitted;
  const auto text =
      sample(*setup.model, setup.vocabulary, wanted, nullptr, [&](std::string_view s) { emitted += s; });
  ASSERT_TRUE(text.ok()) << text.message();
  EXPECT_EQ(text->size(), 300u);
  EXPECT_EQ(emitted, *text);
  int wrong = 0;
  for (std::size_t i = 1; i + 2 < text->size(); i += 3) {
    const std::string word = text->substr(i, 3);
    wrong += word != "ade" && word != "bdf" ? 1 : 0;
  }
  EXPECT_EQ((*text)[0], 'f');
  EXPECT_LE(wrong, 5) << *text;
  EXPECT_EQ(*sample(*setup.model, setup.vocabulary, wanted), *text);
  wanted.seed = 1;
  EXPECT_NE(*sample(*setup.model, setup.vocabulary, wanted), *text);
  wanted.temperature = 0;
  const std::string likeliest = *sample(*setup.model, setup.vocabulary, wanted);
  wanted.seed = 2;
  EXPECT_EQ(*sample(*setup.model, setup.vocabulary, wanted), likeliest);
  const std::atomic<bool> stop{true};
  EXPECT_EQ(*sample(*setup.model, setup.vocabulary, wanted, nullptr, {}, &stop), "");
  wanted.prime = "";
  EXPECT_TRUE(sample(*setup.model, setup.vocabulary, wanted).ok());
  wanted.prime = "x";
  EXPECT_TRUE(contains(sample(*setup.model, setup.vocabulary, wanted).message(), "`x`"));
  wanted.prime = "a";
  wanted.temperature = NAN;
  EXPECT_FALSE(sample(*setup.model, setup.vocabulary, wanted).ok());
  wanted.temperature = 1;
  wanted.names.logits = "z";
  EXPECT_TRUE(contains(sample(*setup.model, setup.vocabulary, wanted).message(), "no `z`"));
}

TEST(Progress, RewritesOnATerminalAndThinsOutElsewhere) {
  const auto shown = [](bool terminal, double every) {
    std::FILE* file = std::tmpfile();
    {
      ProgressLine line(file, terminal, every);
      line.show("one");
      line.show("two");
      line.show("end", true);
    }
    std::rewind(file);
    char text[100] = {};
    const std::size_t size = std::fread(text, 1, sizeof text - 1, file);
    std::fclose(file);
    return std::string(text, size);
  };
  EXPECT_EQ(shown(true, 0), "\rone\x1b[K\rtwo\x1b[K\rend\x1b[K\n");
  EXPECT_EQ(shown(false, 0), "one\ntwo\nend\n");
  EXPECT_EQ(shown(false, 1000), "one\nend\n");
  EXPECT_EQ(clock_text(41.7), "00:42");
  EXPECT_EQ(clock_text(725), "12:05");
  EXPECT_EQ(clock_text(3 * 3600 + 65), "3:01:05");
}

TEST(Interrupt, BecomesAFlag) {
  {
    const InterruptGuard guard;
    EXPECT_FALSE(*guard.flag());
    std::raise(SIGINT);
    EXPECT_TRUE(*guard.flag());
  }
  const InterruptGuard again;
  EXPECT_FALSE(*again.flag());
  EXPECT_EXIT(
      {
        std::raise(SIGTERM);
        std::raise(SIGTERM);
      },
      testing::KilledBySignal(SIGTERM), "");
}

}  // namespace
}  // namespace rnnc::runtime
