#include "runtime/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <numbers>
#include <utility>

#include "runtime/numbers.h"
#include "runtime/progress.h"
#include "runtime/random.h"
#include "runtime/thread_pool.h"
#include "runtime/watch.h"

namespace rnnc::runtime {
namespace {

constexpr const char* kStatePrefix = "@state/";
constexpr const char* kFormat = "rnnc checkpoint 1";

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

RunShape text_shape(const rnnc_model& model, int token, std::int64_t steps, std::int64_t rows) {
  RunShape shape;
  shape.steps[static_cast<std::size_t>(model.inputs[token].axis)] = steps;
  shape.rows = rows;
  return shape;
}

bool is_finite(const Tensor& tensor) {
  for (std::int64_t i = 0; i < tensor.size(); ++i)
    if (!std::isfinite(tensor.number(i))) return false;
  return true;
}

}  // namespace

double TrainReport::bits_per_character() const { return loss / std::numbers::ln2; }

std::string describe(const TrainReport& report) {
  char text[256];
  const double speed = report.characters_per_second;
  std::snprintf(text, sizeof text, "step %lld   loss %.3f", static_cast<long long>(report.step), report.loss);
  std::string line = text;
  if (report.per_character) {
    std::snprintf(text, sizeof text, " nats   %.3f bits/char", report.bits_per_character());
    line += text;
  }
  std::snprintf(text, sizeof text, "   %.*f%s chars/s", speed < 1e4 ? 0 : 1, speed < 1e4 ? speed : speed / 1e3,
                speed < 1e4 ? "" : "k");
  line += text;
  if (report.validation_loss) {
    const double loss = *report.validation_loss;
    std::snprintf(text, sizeof text, report.per_character ? "   held-out %.3f bits/char" : "   held-out loss %.3f",
                  report.per_character ? loss / std::numbers::ln2 : loss);
    line += text;
  }
  if (report.seconds_left >= 0 && !report.last) line += "   " + clock_text(report.seconds_left) + " left";
  return line;
}

double learning_rate_at(const TrainOptions& options, std::int64_t step, double progress) {
  double rate = options.learning_rate;
  if (options.schedule == RateSchedule::cosine) {
    // Loshchilov and Hutter, SGDR, ICLR 2017, equation 5, one cycle.
    const double cosine = 0.5 * (1 + std::cos(std::numbers::pi * std::clamp(progress, 0.0, 1.0)));
    rate *= options.final_rate + (1 - options.final_rate) * cosine;
  }
  if (step < options.warmup_steps) {
    rate *= static_cast<double>(step + 1) / static_cast<double>(options.warmup_steps);
  }
  return rate;
}

Result<std::unique_ptr<Trainer>> Trainer::create(Model& model, const Vocabulary& vocabulary,
                                                 std::vector<std::int32_t> training,
                                                 std::vector<std::int32_t> validation, const TrainOptions& options,
                                                 ThreadPool* pool) {
  const auto tensors = find_training_tensors(model.abi(), options.names, vocabulary.size());
  if (!tensors) return tensors.error();
  try {
    std::unique_ptr<Trainer> trainer(new Trainer(model, vocabulary, options));
    trainer->tensors_ = *tensors;
    trainer->training_ = std::move(training);
    trainer->validation_ = std::move(validation);
    trainer->pool_ = pool;
    const auto batcher = StreamBatcher::create(trainer->training_, options.rows, options.chunk_steps);
    if (!batcher) return batcher.error();
    trainer->batcher_ = *batcher;
    RunShape shape = text_shape(model.abi(), tensors->token, batcher->steps(), options.rows);
    shape.memory_budget = options.memory_budget;
    auto run = Run::create(model, shape, RunMode::training, pool);
    if (!run) return run.error();
    trainer->run_.emplace(std::move(run).value());
    trainer->run_->call().training = 1;
    trainer->run_->call().rates = &trainer->own_share_;
    trainer->optimizer_.emplace(options.optimizer, model.dtype(), model.parameter_elements());
    return trainer;
  } catch (const std::bad_alloc&) {
    return Error{"the optimizer's state does not fit in memory"};
  }
}

// Every update draws anew: a mask for a whole sequence is one for a chunk, and steps are counted from the start of the
// text in every epoch.
std::uint64_t Trainer::update_seed() const {
  return RandomStream(options_.seed, "update").bits(static_cast<std::uint64_t>(step_));
}

Result<double> Trainer::update(double learning_rate, double own_share) {
  const std::int64_t position = batcher_->position(), epoch = batcher_->epoch();
  Result<double> loss = train_chunk(learning_rate, own_share);
  if (!loss) batcher_->seek(position, epoch);
  return loss;
}

Result<double> Trainer::train_chunk(double learning_rate, double own_share) {
  Run& run = *run_;
  own_share_ = own_share;
  if (!model_.is_packed()) {
    if (Status status = model_.pack(); !status) return status.error();
  }
  if (batcher_->at_start()) run.restart();
  run.call().seed = update_seed();
  batcher_->next_chunk(run.index_input(tensors_.token), run.index_input(tensors_.target));
  if (Status status = run.forward_train(); !status) return status.error();
  const double loss = run.loss();
  const std::string place = " at update " + std::to_string(step_ + 1) + "; a lower learning rate or clipping may help";
  if (!std::isfinite(loss)) return Error{"the loss is not finite" + place};
  if (Status status = run.backward(); !status) return status.error();
  gradient_norm_ = optimizer_->step(model_.mutable_parameters(), run.parameter_gradients(), learning_rate);
  if (!std::isfinite(gradient_norm_)) return Error{"the gradient is not finite" + place};
  if (Status status = model_.pack(); !status) return status.error();
  run.advance();
  ++step_;
  return loss;
}

Result<double> Trainer::evaluate() {
  const auto size = static_cast<std::int64_t>(validation_.size());
  if (size < 2) return std::numeric_limits<double>::quiet_NaN();
  if (!model_.is_packed()) {
    if (Status status = model_.pack(); !status) return status.error();
  }
  // As few streams as give whole chunks: the beginning of each is predicted from nothing.
  const std::int64_t rows = std::clamp<std::int64_t>((size - 1) / options_.chunk_steps, 1, options_.rows);
  const auto batcher = StreamBatcher::create(validation_, rows, options_.chunk_steps);
  if (!batcher) return batcher.error();
  double sum = 0;
  std::optional<Run> run;
  for (std::int64_t position = 0; position < batcher->length();) {
    const std::int64_t steps = std::min(batcher->steps(), batcher->length() - position);
    if (!run || steps < batcher->steps()) {
      auto next = Run::create(model_, text_shape(model_.abi(), tensors_.token, steps, rows), RunMode::inference, pool_);
      if (!next) return next.error();
      if (run) {
        if (Status status = next->set_states(run->states(), run->first_step()); !status) return status.error();
      }
      run.emplace(std::move(next).value());
      run->call().seed = options_.seed;
    }
    batcher->chunk_at(position, steps, run->index_input(tensors_.token), run->index_input(tensors_.target));
    if (Status status = run->forward(); !status) return status.error();
    sum += run->loss() * static_cast<double>(steps);
    run->advance();
    position += steps;
  }
  return sum / static_cast<double>(batcher->length());
}

double Trainer::progress(double seconds) const {
  const double by_steps =
      options_.steps > 0 ? static_cast<double>(step_) / static_cast<double>(options_.steps) : 0.0;
  const double by_time = options_.seconds > 0 ? seconds / options_.seconds : 0.0;
  return options_.steps > 0 ? by_steps : by_time;
}

double Trainer::seconds_left(double seconds, std::int64_t steps_done) const {
  double left = -1;
  if (options_.seconds > 0) left = std::max(0.0, options_.seconds - seconds);
  if (options_.steps > 0 && steps_done > 0) {
    const double each = seconds / static_cast<double>(steps_done);
    const double by_steps = each * static_cast<double>(std::max<std::int64_t>(0, options_.steps - step_));
    left = left < 0 ? by_steps : std::min(left, by_steps);
  }
  return left;
}

Status Trainer::send(Session& session, const Callback& callback, bool last) {
  const double at = now();
  TrainReport report;
  report.step = step_;
  report.epoch = batcher_->epoch();
  report.loss = session.updates > 0 ? session.loss_sum / static_cast<double>(session.updates) : session.summary.loss;
  report.per_character = options_.per_character;
  report.gradient_norm = gradient_norm_;
  report.learning_rate = session.learning_rate;
  // Right after another report nothing is new: the speed is then that of the whole run.
  const std::int64_t updates = session.updates > 0 ? session.updates : step_ - session.first_step;
  const double since = session.updates > 0 ? session.reported : session.began;
  const double characters = static_cast<double>(updates * batcher_->rows() * batcher_->steps());
  report.characters_per_second = characters / std::max(1e-9, at - since);
  report.seconds = at - session.began;
  report.seconds_left = seconds_left(report.seconds, step_ - session.first_step);
  report.last = last;
  report.warning = std::exchange(session.warning, "");
  if (!last && is_every(options_.watch_steps))
    report.watched = watch_lines(model_.abi(), *run_, std::to_string(step_));
  if (options_.validate_steps > 0 && validation_.size() >= 2 && (last || is_every(options_.validate_steps))) {
    const auto loss = evaluate();
    if (!loss) return loss.error();
    report.validation_loss = session.summary.validation_loss = *loss;
  }
  if (callback) callback(report);
  session.reported = now();
  session.loss_sum = 0;
  session.updates = 0;
  return {};
}

Status Trainer::report_and_save_when_due(Session& session, const Callback& callback) {
  if (!options_.checkpoint.empty() && options_.checkpoint_seconds > 0 &&
      now() - session.saved >= options_.checkpoint_seconds) {
    // It may succeed the next time: what is trained so far is worth more than an end now.
    if (const Status status = save(options_.checkpoint); !status) session.warning = status.message();
    session.saved = now();
  }
  const bool due = is_every(options_.report_steps) || is_every(options_.watch_steps) || is_every(options_.validate_steps) ||
                   now() - session.reported >= options_.report_seconds || !session.warning.empty();
  return due ? send(session, callback, false) : Status{};
}

Result<TrainSummary> Trainer::run(const Callback& report, const std::atomic<bool>* stop) {
  Session session;
  session.began = session.reported = session.saved = now();
  session.first_step = step_;
  TrainSummary& summary = session.summary;
  for (;;) {
    const double seconds = now() - session.began;
    summary.stopped = stop != nullptr && stop->load(std::memory_order_relaxed);
    if (summary.stopped || (options_.steps > 0 && step_ >= options_.steps) ||
        (options_.seconds > 0 && seconds >= options_.seconds)) {
      break;
    }
    session.learning_rate = learning_rate_at(options_, step_, progress(seconds));
    const auto loss = update(session.learning_rate, options_.own_rate * std::clamp(progress(seconds), 0.0, 1.0));
    if (!loss) return loss.error();
    summary.loss = *loss;
    session.loss_sum += *loss;
    ++session.updates;
    if (Status status = report_and_save_when_due(session, report); !status) return status.error();
  }
  const bool is_trained = step_ > session.first_step;
  std::error_code unknown;
  Status saved;
  if (!options_.checkpoint.empty() && (is_trained || !std::filesystem::exists(options_.checkpoint, unknown))) {
    const double before = now();
    saved = save(options_.checkpoint);
    session.reported += now() - before;  // no part of the speed
    summary.saved = saved.ok();
  }
  if (is_trained) {
    if (Status status = send(session, report, true); !status && saved) return status.error();
  }
  if (!saved) return saved.error();
  summary.step = step_;
  summary.seconds = now() - session.began;
  return summary;
}

Status Trainer::save(const std::string& path) const {
  try {
    TensorFile file = model_.parameter_file();
    for (const auto& [name, value] : file.tensors) {
      if (!is_finite(value))
        return Error{"parameter " + backticked(name) + " is not finite after " + std::to_string(step_) +
                     " updates: `" + path + "` is left as it was; a lower learning rate or clipping may help"};
    }
    optimizer_->save(model_.abi(), file);
    for (auto& [name, value] : run_->states()) file.tensors.emplace(kStatePrefix + name, std::move(value));
    vocabulary_.save(file.metadata);
    file.metadata.insert(options_.metadata.begin(), options_.metadata.end());
    file.metadata["format"] = kFormat;
    file.metadata["train.step"] = std::to_string(step_);
    file.metadata["train.epoch"] = std::to_string(batcher_->epoch());
    file.metadata["train.position"] = std::to_string(batcher_->position());
    file.metadata["train.rows"] = std::to_string(batcher_->rows());
    return write_safetensors(path, file);
  } catch (const std::bad_alloc&) {
    return Error{"`" + path + "`: cannot write: not enough memory"};
  }
}

Status Trainer::load(const TensorFile& checkpoint) {
  const auto format = checkpoint.metadata.find("format");
  if (format == checkpoint.metadata.end()) return Error{"the file is not a training checkpoint"};
  if (format->second != kFormat) {
    return Error{"the file's format is " + backticked(format->second) + ", not " + backticked(kFormat)};
  }
  const auto step = metadata_number(checkpoint, "train.step"), epoch = metadata_number(checkpoint, "train.epoch");
  const auto position = metadata_number(checkpoint, "train.position"), rows = metadata_number(checkpoint, "train.rows");
  if (!step || !epoch || !position || !rows) return Error{"the file is not a training checkpoint"};
  if (*rows != batcher_->rows()) {
    return Error{"the checkpoint has " + std::to_string(*rows) + " rows, this training " +
                 std::to_string(batcher_->rows())};
  }
  std::map<std::string, std::string> mine;
  vocabulary_.save(mine);
  for (const auto& [key, value] : mine) {
    const auto found = checkpoint.metadata.find(key);
    if (found == checkpoint.metadata.end() || found->second != value) {
      return Error{"the checkpoint's vocabulary is not that of the text"};
    }
  }
  if (Status status = model_.load(checkpoint); !status) return status;
  if (Status status = optimizer_->load(model_.abi(), checkpoint); !status) return status;
  const std::string prefix = kStatePrefix;
  std::vector<std::pair<std::string, Tensor>> states;
  for (const auto& [name, value] : checkpoint.tensors) {
    if (name.starts_with(prefix)) states.emplace_back(name.substr(prefix.size()), value);
  }
  batcher_->seek(*position, *epoch);
  const auto is_kept = [&](const std::string& name) {
    return std::any_of(states.begin(), states.end(), [&](const auto& state) { return state.first == name; });
  };
  for (int i = 0; !batcher_->at_start() && i < model_.abi().state_count; ++i) {
    const rnnc_tensor& state = model_.abi().states[i];
    if (state.reversed == 0 && !is_kept(state.name)) return Error{"state " + backticked(state.name) + " is missing"};
  }
  if (Status status = run_->set_states(states, batcher_->position()); !status) return status;
  step_ = *step;
  return model_.pack();
}

}  // namespace rnnc::runtime
