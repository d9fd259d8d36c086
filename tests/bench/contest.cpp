#include "tests/bench/contest.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <exception>
#include <sstream>
#include <stdexcept>

namespace rnnc::bench {
namespace {

double median_pack_microseconds(Session& session) {
  std::array<double, 5> times;
  for (double& time : times) {
    const auto begin = std::chrono::steady_clock::now();
    session.pack();
    time = std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count();
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

void refuse(Entrant& entrant, std::string why) {
  entrant.session.reset();
  entrant.refusal = std::move(why);
  entrant.at_fault = true;
}

}  // namespace

Contest::Contest(const Row& row, const ContestOptions& options) {
  try {
    for (Rival& rival : make_rivals(row, options.rivals, options.compile))
      entrants_.push_back({.rival = std::move(rival)});
    Entrant* reference = find(judge_of(row));
    given_ = random_case(*reference->rival.model, row);
    for (Entrant& entrant : entrants_) enter(entrant, row, options);
    if (!reference->session) throw std::runtime_error(reference->rival.name + " " + reference->refusal);
    expected_ = reference->session->results();
    for (Entrant& entrant : entrants_)
      if (entrant.session) judge(entrant, entrant.session->results());
    if (options.torch) enter_torch(row, options);
  } catch (const std::exception& error) {
    failure_ = error.what();
  }
}

Entrant* Contest::find(const std::string& rival) {
  for (Entrant& entrant : entrants_)
    if (entrant.rival.name == rival) return &entrant;
  return nullptr;
}

void Contest::enter(Entrant& entrant, const Row& row, const ContestOptions& options) {
  if (!entrant.rival.model) {
    entrant.refusal = entrant.rival.absent;
    return;
  }
  try {
    entrant.session = std::make_unique<Session>(*entrant.rival.model, row, given_, options.parallel_for, options.pool);
    entrant.pack_microseconds = median_pack_microseconds(*entrant.session);
    if (int code = entrant.session->run(); code != RNNC_OK) refuse(entrant, "returned " + std::to_string(code));
  } catch (const std::exception& error) {
    refuse(entrant, error.what());
  }
}

void Contest::enter_torch(const Row& row, const ContestOptions& options) {
  Torch& torch = *options.torch;
  torch.begin(row, given_);
  for (const char* name : timed_rivals) {
    if (!is_torch(name) || !options.rivals.contains(name)) continue;
    Entrant entrant{.rival = {.name = name}};
    const Torch::Prepared prepared = torch.prepare(name);
    entrant.refusal = prepared.absent;
    entrant.rival.compile_milliseconds = prepared.compile_milliseconds;
    if (entrant.refusal.empty()) judge(entrant, prepared.results);
    entrants_.push_back(std::move(entrant));
  }
}

void Contest::judge(Entrant& entrant, const Tensors& results) {
  entrant.disagreement = compare(results, expected_);
  if (entrant.disagreement.worst <= tolerance) return;
  std::ostringstream why;
  why << "disagrees by " << entrant.disagreement.worst << " in `" << entrant.disagreement.where << "`";
  refuse(entrant, why.str());
}

}  // namespace rnnc::bench
