// The hand-written cells: the two flavours agree, gradients are right by finite differences, steps are as sequences.
#include "tests/bench/handwritten.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <random>
#include <string>
#include <vector>

namespace rnnc::bench {
namespace {

using Floats = std::vector<float>;
using Make = const rnnc_model* (*)(int, int, bool);

// A model with the arrays of one call, all random.
class Host {
 public:
  Host(const rnnc_model* model, int T, int B, unsigned seed = 1) : model(model), T(T), B(B), random_(seed) {
    const int I = int(model->inputs[0].extents[0]);
    H = int(model->states[0].extents[0]);
    parameters = numbers(std::size_t(model->parameter_elements), 0.6f);
    dparameters = nans(parameters.size());
    x = numbers(std::size_t(T) * B * I, 1);
    dx = nans(x.size());
    for (int s = 0; s < model->state_count; ++s) {
      first.push_back(numbers(std::size_t(B) * H, 0.8f));
      last.push_back(nans(first[s].size()));
      dlast.push_back(numbers(first[s].size(), 1));
      dfirst.push_back(nans(first[s].size()));
      y.push_back(nans(std::size_t(T) * B * H));
      dy.push_back(numbers(y[s].size(), 1));
    }
    call.struct_size = sizeof(rnnc_call);
    call.steps[0] = T;
    call.rows = B;
    rnnc_sizes sizes;
    EXPECT_EQ(model->sizes(model, &call, &sizes), RNNC_OK);
    packed.resize(std::size_t(sizes.packed_bytes) / 64 + 1);
    tape.resize(std::size_t(sizes.tape_bytes) / 64 + 1);
    workspace.resize(std::size_t(sizes.training_workspace_bytes) / 64 + 1);
    connect();
    pack();
  }

  void pack() { EXPECT_EQ(model->pack(model, parameters.data(), packed.data()), RNNC_OK); }
  void forward() { EXPECT_EQ(model->forward(model, &call), RNNC_OK); }
  void train() {
    EXPECT_EQ(model->forward_train(model, &call), RNNC_OK);
    EXPECT_EQ(model->backward(model, &call), RNNC_OK);
  }
  // sum(dy * y) + sum(dlast * last), the objective whose gradients backward gives.
  double objective() {
    pack();
    forward();
    double sum = 0;
    for (int s = 0; s < model->state_count; ++s) {
      for (std::size_t k = 0; k < y[s].size(); ++k) sum += double(y[s][k]) * double(dy[s][k]);
      for (std::size_t k = 0; k < last[s].size(); ++k) sum += double(last[s][k]) * double(dlast[s][k]);
    }
    return sum;
  }
  // Every array a run writes.
  std::vector<Floats> results() const {
    std::vector<Floats> all = {dparameters, dx};
    for (const auto* group : {&y, &last, &dfirst}) all.insert(all.end(), group->begin(), group->end());
    return all;
  }

  const rnnc_model* model;
  int T, B, H;
  Floats parameters, dparameters, x, dx;
  std::vector<Floats> first, last, dlast, dfirst, y, dy;
  rnnc_call call = {};

 private:
  struct alignas(64) Line {
    float values[16];
  };

  Floats numbers(std::size_t count, float size) {
    std::uniform_real_distribution<float> uniform(-size, size);
    Floats values(count);
    for (float& value : values) value = uniform(random_);
    return values;
  }
  static Floats nans(std::size_t count) { return Floats(count, NAN); }

  void connect() {
    inputs_ = {x.data()};
    input_gradients_ = {dx.data()};
    for (int s = 0; s < model->state_count; ++s) {
      outputs_.push_back(y[s].data());
      state_in_.push_back(first[s].data());
      state_out_.push_back(last[s].data());
      dy_.push_back(dy[s].data());
      dlast_.push_back(dlast[s].data());
      dfirst_.push_back(dfirst[s].data());
    }
    call.packed = packed.data();
    call.inputs = inputs_.data();
    call.outputs = outputs_.data();
    call.state_in = state_in_.data();
    call.state_out = state_out_.data();
    call.workspace = workspace.data();
    call.tape = tape.data();
    call.output_gradients = dy_.data();
    call.state_out_gradients = dlast_.data();
    call.parameter_gradients = dparameters.data();
    call.input_gradients = input_gradients_.data();
    call.state_in_gradients = dfirst_.data();
  }

  std::mt19937 random_;
  std::vector<Line> packed, tape, workspace;
  std::vector<const void*> inputs_, state_in_, dy_, dlast_;
  std::vector<void*> outputs_, state_out_, input_gradients_, dfirst_;
};

double difference(const Floats& a, const Floats& b) {
  double worst = 0, size = 0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    if (std::isnan(a[k]) || std::isnan(b[k])) return HUGE_VAL;
    worst = std::fmax(worst, std::fabs(double(a[k]) - double(b[k])));
    size = std::fmax(size, std::fabs(double(b[k])));
  }
  return worst / size;
}

struct Case {
  const char* name;
  Make make;
  int I, H, T, B;
  bool kinked = false;  // relu: a difference across its kink says nothing
};

// Whether the slope jumps between five values at equal distances: then their second differences are not alike.
bool has_kink(const double (&values)[5], double allowed) {
  double bends[3];
  for (int k = 0; k < 3; ++k) bends[k] = values[k] - 2 * values[k + 1] + values[k + 2];
  const auto [least, most] = std::minmax_element(std::begin(bends), std::end(bends));
  return *most - *least > allowed;
}

class Handwritten : public ::testing::TestWithParam<Case> {
 protected:
  const Case& c = GetParam();
};

TEST_P(Handwritten, FlavoursAgree) {
  const rnnc_model* blas = c.make(c.I, c.H, true);
  if (!blas) GTEST_SKIP() << "built without OpenBLAS";
  Host a(c.make(c.I, c.H, false), c.T, c.B), b(blas, c.T, c.B);
  a.train();
  b.train();
  const auto left = a.results(), right = b.results();
  for (std::size_t k = 0; k < left.size(); ++k) EXPECT_LT(difference(left[k], right[k]), 1e-5) << "array " << k;
}

TEST_P(Handwritten, InferenceIsTraining) {
  for (bool blas : {false, true}) {
    const rnnc_model* model = c.make(c.I, c.H, blas);
    if (!model) continue;
    Host a(model, c.T, c.B), b(model, c.T, c.B);
    a.forward();
    b.train();
    for (int s = 0; s < model->state_count; ++s) {
      EXPECT_LT(difference(a.y[s], b.y[s]), 1e-6);
      EXPECT_LT(difference(a.last[s], b.last[s]), 1e-6);
    }
  }
}

TEST_P(Handwritten, StepsAreTheSequence) {
  for (bool blas : {false, true}) {
    const rnnc_model* model = c.make(c.I, c.H, blas);
    if (!model) continue;
    Host whole(model, c.T, c.B), steps(model, c.T, c.B);
    whole.forward();
    for (int t = 0; t < c.T; ++t) {
      const void* input = steps.x.data() + std::size_t(t) * c.B * c.I;
      std::vector<void*> outputs, states;
      for (int s = 0; s < model->state_count; ++s) {
        outputs.push_back(steps.y[s].data() + std::size_t(t) * c.B * c.H);
        states.push_back(steps.first[s].data());  // in place
      }
      rnnc_call call = steps.call;
      call.inputs = &input;
      call.outputs = outputs.data();
      call.state_out = states.data();
      EXPECT_EQ(model->step(model, &call), RNNC_OK);
    }
    for (int s = 0; s < model->state_count; ++s) {
      EXPECT_LT(difference(steps.y[s], whole.y[s]), 1e-5);
      EXPECT_LT(difference(steps.first[s], whole.last[s]), 1e-5);
    }
  }
}

TEST_P(Handwritten, GradientsAreTheLimitOfDifferences) {
  Host host(c.make(c.I, c.H, false), c.T, c.B);
  host.train();
  std::mt19937 random(5);
  auto check = [&](const char* what, Floats& values, const Floats& gradient, std::size_t begin, std::size_t end) {
    double largest = 0;
    int smooth = 0;  // samples with no kink between the points
    for (std::size_t k = begin; k < end; ++k) largest = std::fmax(largest, std::fabs(double(gradient[k])));
    for (int sample = 0; sample < 12; ++sample) {
      const std::size_t k = begin + random() % (end - begin);
      const float middle = values[k], h = 0.03f;
      auto at = [&](float shift) {
        values[k] = middle + shift;
        const double objective = host.objective();
        values[k] = middle;
        return objective;
      };
      // Fourth order: f32 leaves a difference about four digits.
      const double points[] = {at(-2 * h), at(-h), at(0), at(h), at(2 * h)};
      const double difference = (8 * (points[3] - points[1]) - (points[4] - points[0])) / (12 * double(h));
      const double allowed = 2e-3 * largest + 1e-4;
      if (c.kinked && has_kink(points, allowed * double(h))) continue;
      ++smooth;
      EXPECT_NEAR(double(gradient[k]), difference, allowed) << c.name << " " << what << " " << k - begin;
    }
    EXPECT_GE(smooth, 3) << what;
  };
  for (int p = 0; p < host.model->parameter_count; ++p) {
    const rnnc_tensor& tensor = host.model->parameters[p];
    const std::size_t begin = std::size_t(tensor.offset);
    const std::size_t size = std::size_t(tensor.extents[0] * (tensor.rank == 2 ? tensor.extents[1] : 1));
    check(tensor.name, host.parameters, host.dparameters, begin, begin + size);
  }
  check("x", host.x, host.dx, 0, host.x.size());
  for (int s = 0; s < host.model->state_count; ++s)
    check(host.model->states[s].name, host.first[s], host.dfirst[s], 0, host.first[s].size());
}

TEST_P(Handwritten, AbsentArraysAreZeros) {
  const rnnc_model* model = c.make(c.I, c.H, false);
  Host a(model, c.T, c.B), b(model, c.T, c.B);
  for (auto* group : {&a.first, &a.dlast, &a.dy}) {
    for (Floats& values : *group) values.assign(values.size(), 0);
  }
  a.dy[0] = b.dy[0];
  b.call.state_in = nullptr;
  b.call.state_out_gradients = nullptr;
  std::vector<const void*> dy = {b.dy[0].data(), nullptr};
  b.call.output_gradients = dy.data();
  a.train();
  b.train();
  const auto left = a.results(), right = b.results();
  for (std::size_t k = 0; k < left.size(); ++k) EXPECT_EQ(difference(left[k], right[k]), 0) << "array " << k;
}

TEST_P(Handwritten, RefusesLengths) {
  Host host(c.make(c.I, c.H, false), c.T, c.B);
  const std::vector<std::int32_t> lengths(std::size_t(c.B), 1);
  host.call.lengths[0] = lengths.data();
  EXPECT_EQ(host.model->forward(host.model, &host.call), RNNC_BAD_CALL);
}

std::vector<Case> cases() {
  std::vector<Case> all;
  const std::pair<const char*, Make> cells[] = {{"rnn", handwritten_rnn},
                                                {"lstm", handwritten_lstm},
                                                {"peephole", handwritten_peephole},
                                                {"gru", handwritten_gru},
                                                {"gru_before", handwritten_gru_before},
                                                {"mgu", handwritten_mgu},
                                                {"min_gru", handwritten_min_gru}};
  for (const auto& [name, make] : cells) {
    all.push_back({name, make, 5, 7, 4, 3});
    all.push_back({name, make, 3, 16, 5, 1});
    all.push_back({name, make, 8, 20, 3, 4});
  }
  all.push_back({"indrnn", handwritten_indrnn, 5, 7, 4, 3, true});
  all.push_back({"indrnn", handwritten_indrnn, 3, 16, 5, 1, true});
  all.push_back({"indrnn", handwritten_indrnn, 8, 20, 3, 4, true});
  all.push_back({"sru", handwritten_sru, 7, 7, 4, 3});
  all.push_back({"sru", handwritten_sru, 16, 16, 5, 1});
  all.push_back({"sru", handwritten_sru, 20, 20, 3, 4});
  return all;
}

INSTANTIATE_TEST_SUITE_P(Cells, Handwritten, ::testing::ValuesIn(cases()), [](const auto& info) {
  const Case& c = info.param;
  return std::string(c.name) + "_H" + std::to_string(c.H) + "_B" + std::to_string(c.B);
});

}  // namespace
}  // namespace rnnc::bench
