// Training a language model on a text by stateful truncated backpropagation through time.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/model.h"
#include "runtime/optimizer.h"
#include "runtime/result.h"
#include "runtime/text.h"
#include "runtime/text_model.h"

namespace rnnc::runtime {

enum class RateSchedule : std::uint8_t { constant, cosine };

struct TrainOptions {
  std::int64_t rows = 32;           // B: streams side by side
  std::int64_t chunk_steps = 100;   // T: steps that gradients flow through
  std::int64_t memory_budget = 0;   // bytes of tape and workspace of an update, 0: no limit (RunShape)
  std::int64_t steps = 0;           // > 0: stop when this many updates were made since the very beginning
  double seconds = 0;               // > 0: stop when this run has taken this long; whichever comes first
  std::uint64_t seed = 0;           // of dropout and other draws in the model (not of the starting parameters)
  double own_rate = 0;              // of mixed feeding: the share of own values, reached linearly over the training
  OptimizerOptions optimizer{.clip_norm = 1};
  double learning_rate = 2e-3;
  RateSchedule schedule = RateSchedule::cosine;
  std::int64_t warmup_steps = 0;    // the rate rises linearly over the first so many updates
  double final_rate = 0.1;          // cosine: the rate at the end, as a part of learning_rate
  double report_seconds = 0.5;      // a report when this long has passed since the last
  std::int64_t report_steps = 0;    // > 0: and every so many updates
  std::int64_t watch_steps = 0;     // > 0: and with what is watched every so many updates
  std::int64_t validate_steps = 0;  // > 0: loss on held-out text every so many updates, and at the end
  std::string checkpoint;           // not empty: written at the end, also when stopped
  double checkpoint_seconds = 60;   // and every so often in between; 0: only at the end
  std::map<std::string, std::string> metadata;  // more of it for checkpoints: what the caller wants to find there
  TextNames names;
  bool per_character = true;  // the loss is the mean over all characters of each one's cross entropy: reports have its unit
};

struct TrainReport {
  std::int64_t step = 0;   // updates since the very beginning
  std::int64_t epoch = 0;  // of the chunk that comes next
  double loss = 0;         // the model's, mean over the updates since the last report; NaN before any
  bool per_character = true;  // it is in nats per character
  double gradient_norm = 0;  // of the last update, before clipping
  double learning_rate = 0;
  double characters_per_second = 0;  // since the last report; with no update since then, of this run
  double seconds = 0;                // of this run
  double seconds_left = -1;          // -1: no end in sight
  std::optional<double> validation_loss;  // where this report comes with one
  std::vector<std::string> watched;       // lines of watch.h on the last update, where it comes with them
  bool last = false;
  std::string warning;  // "" = none

  double bits_per_character() const;
};

// "step 120   loss 1.912 nats   2.758 bits/char   35.1k chars/s   00:42 left"; without units where the loss is another.
std::string describe(const TrainReport& report);

struct TrainSummary {
  std::int64_t step = 0;
  double seconds = 0;
  double loss = std::numeric_limits<double>::quiet_NaN();  // of the last update, if any
  std::optional<double> validation_loss;
  bool stopped = false;  // by the stop flag
  bool saved = false;    // the checkpoint, at the end
};

// The learning rate of the update after `step` others. `progress`: how much of the whole training is done, 0 to 1.
double learning_rate_at(const TrainOptions& options, std::int64_t step, double progress);

// Owns the batches, the optimizer and the run; the model and the pool stay the caller's and must outlive it.
//
// With a limit of steps, or a constant rate, the same seed, parameters and text give the same bits again, also when
// training was saved, loaded and gone on with in between. With a limit of seconds alone a cosine schedule follows the
// clock.
class Trainer {
 public:
  // `training` and `validation` (may be empty) are numbers in `vocabulary`.
  static Result<std::unique_ptr<Trainer>> create(Model& model, const Vocabulary& vocabulary,
                                                 std::vector<std::int32_t> training,
                                                 std::vector<std::int32_t> validation, const TrainOptions& options,
                                                 ThreadPool* pool = nullptr);
  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;

  // Trains until a limit is reached or `*stop` (polled before every update; may be null) is true, then writes the
  // checkpoint, unless one is there already and nothing was trained. A loss or gradient that is not finite is an error; the
  // parameters are then those before that update, and the checkpoint is left as it was. One that cannot be written on the
  // way is a report's `warning`.
  using Callback = std::function<void(const TrainReport&)>;
  Result<TrainSummary> run(const Callback& report, const std::atomic<bool>* stop = nullptr);

  // One update; returns its loss. For hosts with a loop of their own. `own_share`, of models with mixed feeding: at how many
  // of the steps they are fed what is their own, 0 to 1. After an error the next update reads the same piece of text again.
  Result<double> update(double learning_rate, double own_share = 0);
  // Mean loss in nats per character of the held-out text, without dropout, or of nothing: NaN.
  Result<double> evaluate();

  // Parameters by name; "@optimizer…", "@state/NAME"; as metadata vocabulary, step, epoch, position. Loading goes on
  // from there; it wants a checkpoint with as many rows. After an error in loading, training must not go on. Parameters that
  // are not finite are not saved: an error, and the file stays.
  Status save(const std::string& path) const;
  Status load(const TensorFile& checkpoint);

  std::int64_t step() const { return step_; }
  double last_gradient_norm() const { return gradient_norm_; }

 private:
  Trainer(Model& model, const Vocabulary& vocabulary, const TrainOptions& options)
      : model_(model), vocabulary_(vocabulary), options_(options) {}
  // One call of run(): times in seconds of a steady clock; sums since the last report.
  struct Session {
    TrainSummary summary;
    double began = 0, reported = 0, saved = 0;
    std::int64_t first_step = 0;
    double learning_rate = 0;
    double loss_sum = 0;
    std::int64_t updates = 0;
    std::string warning;
  };
  Result<double> train_chunk(double learning_rate, double own_share);
  Status send(Session& session, const Callback& callback, bool last);
  Status report_and_save_when_due(Session& session, const Callback& callback);
  bool is_every(std::int64_t steps) const { return steps > 0 && step_ % steps == 0; }
  std::uint64_t update_seed() const;
  double progress(double seconds) const;
  double seconds_left(double seconds, std::int64_t steps_done) const;

  Model& model_;
  Vocabulary vocabulary_;
  TrainOptions options_;
  TextTensors tensors_;
  std::vector<std::int32_t> training_, validation_;
  ThreadPool* pool_ = nullptr;
  std::optional<StreamBatcher> batcher_;
  std::optional<Run> run_;
  std::optional<Optimizer> optimizer_;
  std::int64_t step_ = 0;
  double gradient_norm_ = 0;
  double own_share_ = 0;  // where calls look for it
};

}  // namespace rnnc::runtime
