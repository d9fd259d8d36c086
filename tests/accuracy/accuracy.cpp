// Measures the worst error of the elementwise functions' expansions, in units in the last place. See README.md.
#include <mpfr.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tests/accuracy/trace.h"

namespace rnnc::accuracy {
namespace {

// -- references: double for f32, MPFR for f64; their own errors (a thousandth of an ULP of ours at most) do not show

double sigmoid(double x) {
  const double e = std::exp(-std::fabs(x));
  return x < 0 ? e / (1 + e) : 1 / (1 + e);
}
double softplus(double x) { return (x < 0 ? 0 : x) + std::log1p(std::exp(-std::fabs(x))); }

// A number of 128 bits, whose exponent has no end that matters here.
class Big {
 public:
  explicit Big(double x = 0) {
    mpfr_init2(value, 128);
    mpfr_set_d(value, x, MPFR_RNDN);
  }
  ~Big() { mpfr_clear(value); }
  Big(const Big&) = delete;
  Big& operator=(const Big&) = delete;

  mpfr_t value;
};

// e^-|x|
void exp_of_minus_size(mpfr_ptr y, mpfr_srcptr x) {
  mpfr_setsign(y, x, 1, MPFR_RNDN);
  mpfr_exp(y, y, MPFR_RNDN);
}
int big_sigmoid(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t round) {
  Big e, below;
  exp_of_minus_size(e.value, x);
  mpfr_add_ui(below.value, e.value, 1, round);
  if (mpfr_sgn(x) < 0) return mpfr_div(y, e.value, below.value, round);
  return mpfr_ui_div(y, 1, below.value, round);
}
int big_softplus(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t round) {
  Big e;
  exp_of_minus_size(e.value, x);
  mpfr_log1p(e.value, e.value, round);
  return mpfr_sgn(x) < 0 ? mpfr_set(y, e.value, round) : mpfr_add(y, e.value, x, round);
}
// So that the type is every function's.
int big_sqrt(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t round) { return mpfr_sqrt(y, x, round); }

// For runs over all 2^32 inputs: the library is asked only where the value is neither linear nor saturated.
constexpr double linear = 0x1p-30;
double fast_exp(double x) {
  if (std::fabs(x) < linear) return 1 + x;
  if (std::fabs(x) > 256) return x > 0 ? HUGE_VAL : 0;
  return std::exp(x);
}
double fast_sigmoid(double x) {
  if (std::fabs(x) < linear) return 0.5 + x / 4;
  if (std::fabs(x) > 256) return x > 0 ? 1 : 0;
  return sigmoid(x);
}
double fast_tanh(double x) {
  if (std::fabs(x) < linear) return x;
  if (std::fabs(x) > 256) return std::copysign(1.0, x);
  const double e = std::expm1(2 * x);
  return e / (e + 2);
}

struct Function {
  std::string_view name;
  double (*in_double)(double);
  int (*in_mpfr)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t);
  double f32_limit = HUGE_VAL;  // the stated bound holds for |x| up to here
  double f64_limit = HUGE_VAL;
};

#define RNNC_DOUBLE(f) [](double x) { return f(x); }
const Function functions[] = {
    {"exp", fast_exp, mpfr_exp},
    {"tanh", fast_tanh, mpfr_tanh},
    {"sigmoid", fast_sigmoid, big_sigmoid},
    {"expm1", RNNC_DOUBLE(std::expm1), mpfr_expm1},
    {"softplus", softplus, big_softplus},
    {"log", RNNC_DOUBLE(std::log), mpfr_log},
    {"log1p", RNNC_DOUBLE(std::log1p), mpfr_log1p},
    {"sin", RNNC_DOUBLE(std::sin), mpfr_sin, 1e5, 1e9},
    {"cos", RNNC_DOUBLE(std::cos), mpfr_cos, 1e5, 1e9},
    {"erf", RNNC_DOUBLE(std::erf), mpfr_erf},
    {"erfc", RNNC_DOUBLE(std::erfc), mpfr_erfc},
    {"sqrt", RNNC_DOUBLE(std::sqrt), big_sqrt},
};
#undef RNNC_DOUBLE

// -- comparison

template <class T>
struct Wide;
template <>
struct Wide<float> {
  using type = double;
};
template <>
struct Wide<double> {
  using type = long double;
};

template <class T>
struct Measurement {
  using R = typename Wide<T>::type;
  double worst = 0;            // in ULP, over normal results
  double worst_denormal = 0;   // in the smallest denormal, over results below the smallest normal number
  T at = 0, second = 0;        // the operands of the worst
  long wrong = 0;              // infinities, NaN and zeros that are not as they must be
  T wrong_at = 0, wrong_second = 0;

  void compare(T x, T got, R reference, T other = 0) {
    using Limits = std::numeric_limits<T>;
    if (std::isnan(reference) || std::isinf(reference) || reference == 0) {
      const T expected = T(reference);
      const bool same = std::isnan(expected) ? std::isnan(got)
                                             : got == expected && std::signbit(got) == std::signbit(expected);
      if (!same) count_wrong(x, other);
      return;
    }
    if (std::isnan(got)) return count_wrong(x, other);
    if (std::fabs(reference) < Limits::min()) {
      const double error = double(std::fabs(got - reference) / Limits::denorm_min());
      if (error > worst_denormal) worst_denormal = error;
      if (std::fabs(got) > 2 * Limits::min()) count_wrong(x, other);
      return;
    }
    // Infinity counts as the first power of two too large, and so does what rounds to it.
    const R end = std::ldexp(R(1), Limits::max_exponent);
    const R expected = std::clamp(reference, -end, end), value = std::clamp(R(got), -end, end);
    int exponent;
    std::frexp(expected, &exponent);
    exponent = std::min(exponent, Limits::max_exponent);
    const double error = double(std::ldexp(std::fabs(value - expected), Limits::digits - exponent));
    if (error > worst) worst = error, at = x, second = other;
  }

 private:
  void count_wrong(T x, T other) {
    if (wrong++ == 0) wrong_at = x, wrong_second = other;
  }
};

// Like compare for a whole block of f32, with the usual case in a loop that vectorises.
void compare_block(const float* x, const float* got, const double* reference, int count, Measurement<float>& m) {
  alignas(64) float errors[Trace<float>::block];
  constexpr std::uint64_t exponent_mask = 0x7ff0000000000000, scale = std::uint64_t(1023 + 23 + 1023) << 52;
  int usual = 0;
  float worst = 0;
  for (int i = 0; i < count; ++i) {
    const double size = std::fabs(reference[i]), difference = std::fabs(double(got[i]) - reference[i]);
    const std::uint64_t exponent = std::bit_cast<std::uint64_t>(size) & exponent_mask;
    const double inverse_ulp = std::bit_cast<double>(scale - exponent);
    const bool is_usual = (size >= 0x1p-126) & (size <= 0x1.fffff8p127) & (difference <= 0x1p127);
    errors[i] = is_usual ? float(difference * inverse_ulp) : -1.0f;
    usual += is_usual;
  }
  for (int i = 0; i < count; ++i) worst = std::fmax(worst, errors[i]);
  if (worst > m.worst) {
    for (int i = 0; i < count; ++i) {
      if (errors[i] > m.worst) m.worst = errors[i], m.at = x[i];
    }
  }
  if (usual == count) return;
  for (int i = 0; i < count; ++i) {
    if (errors[i] < 0) m.compare(x[i], got[i], reference[i]);
  }
}

void compare_block(const double* x, const double* got, const long double* reference, int count,
                   Measurement<double>& m) {
  for (int i = 0; i < count; ++i) m.compare(x[i], got[i], reference[i]);
}

// -- inputs

double reference_of(const Function& f, float x) { return f.in_double(double(x)); }
long double reference_of(const Function& f, double x) {
  const Big argument(x);
  Big result;
  f.in_mpfr(result.value, argument.value, MPFR_RNDN);
  return mpfr_get_ld(result.value, MPFR_RNDN);
}
double power(float x, float y) { return std::pow(double(x), double(y)); }
long double power(double x, double y) {
  const Big base(x), exponent(y);
  Big result;
  mpfr_pow(result.value, base.value, exponent.value, MPFR_RNDN);
  return mpfr_get_ld(result.value, MPFR_RNDN);
}

template <class T>
class Tester {
 public:
  Tester(const Function& function, const ir::Elementwise& row, double limit, bool fuses)
      : function_(function), trace_(row, fuses), limit_(limit) {}

  void add(T x) {
    if (std::isfinite(x) && std::fabs(x) > limit_) return;
    x_[count_] = x;
    reference_[count_++] = reference_of(function_, x);
    if (count_ == Trace<T>::block) flush();
  }
  void flush() {
    const T* operands[] = {x_};
    trace_.run(operands, got_, count_);
    compare_block(x_, got_, reference_, count_, measured_);
    count_ = 0;
  }
  const Measurement<T>& measured() const { return measured_; }
  int instructions() const { return trace_.instructions(); }

 private:
  const Function& function_;
  Trace<T> trace_;
  double limit_;
  int count_ = 0;
  alignas(64) T x_[Trace<T>::block], got_[Trace<T>::block];
  alignas(64) typename Wide<T>::type reference_[Trace<T>::block];
  Measurement<T> measured_;
};

struct Options {
  bool f64 = false;
  bool fuses = true;
  std::uint64_t stride = 1;
  long samples = 1000000;
  std::vector<std::string_view> names;
};

template <class T>
std::vector<T> special_values() {
  using Limits = std::numeric_limits<T>;
  std::vector<T> values = {0, 1, 2, 3, T(0.5), T(0.25), 10, 100, 1000, T(1e6), Limits::infinity(), Limits::quiet_NaN(),
                           Limits::min(), Limits::max(), Limits::denorm_min(), Limits::epsilon(),
                           std::nextafter(T(1), T(0)), std::nextafter(T(1), T(2)), T(Limits::min() * 3)};
  const std::size_t count = values.size();
  for (std::size_t i = 0; i < count; ++i) values.push_back(-values[i]);
  return values;
}

// Every pattern, or every stride-th.
void feed(Tester<float>& tester, const Options& options) {
  for (float x : special_values<float>()) tester.add(x);
  for (std::uint64_t p = 0; p < (std::uint64_t(1) << 32); p += options.stride)
    tester.add(std::bit_cast<float>(std::uint32_t(p)));
  tester.flush();
}

// Any pattern, moderate magnitudes of any size, and evenly around zero: a third each.
void feed(Tester<double>& tester, const Options& options) {
  for (double x : special_values<double>()) tester.add(x);
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> exponent(-40, 11), near(-30, 30);
  for (long i = 0; i < options.samples; i += 3) {
    tester.add(std::bit_cast<double>(random()));
    tester.add(std::exp2(exponent(random)) * (random() % 2 ? 1 : -1));
    tester.add(near(random));
  }
  tester.flush();
}

// -- pow has two operands: sampled

template <class T>
Measurement<T> measure_pow(Trace<T>& pow, long samples) {
  Measurement<T> measured;
  auto add = [&](T x, T y) {
    const T operands[] = {x, y};
    measured.compare(x, pow(operands), power(x, y), y);
  };
  const std::vector<T> specials = special_values<T>();
  for (T x : specials) {
    for (T y : specials) add(x, y);
  }
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> unit(0, 1);
  const double range = std::numeric_limits<T>::max_exponent;
  for (long i = 0; i < samples; i += 4) {
    const T wide = T(std::exp2((2 * unit(random) - 1) * range)), near = T(0.5 + 1.5 * unit(random));
    add(wide, T((2 * unit(random) - 1) * range / std::fabs(std::log2(double(wide)))));
    add(near, T((2 * unit(random) - 1) * range / std::fabs(std::log2(double(near)))));
    add(near, T(6 * unit(random) - 3));
    add(-wide, std::floor(T(10 * unit(random))) - 5);
  }
  return measured;
}

// -- the table

template <class T>
bool report(std::string_view name, int instructions, int cost, const Measurement<T>& m, double bound) {
  const bool good = m.worst <= bound && m.wrong == 0;
  std::printf("| %-8.*s | %12d | %4d | %10.3f | %5.1f | %-14.8g | %8.3g | ", int(name.size()), name.data(), instructions,
              cost, m.worst, bound, double(m.at), m.worst_denormal);
  if (m.wrong == 0) {
    std::printf("right    |%s\n", good ? "" : " above the bound");
  } else {
    std::printf("%ld wrong | first at %a, %a\n", m.wrong, double(m.wrong_at), double(m.wrong_second));
  }
  std::fflush(stdout);
  return good;
}

template <class T>
bool run(const Options& options) {
  std::printf("| function | instructions | cost | worst ULP | bound | at             | denormal | specials |\n"
              "|---|---|---|---|---|---|---|---|\n");
  auto wanted = [&](std::string_view name) {
    return options.names.empty() || std::count(options.names.begin(), options.names.end(), name) > 0;
  };
  auto bound = [&](const ir::Elementwise& row) {
    return (sizeof(T) == 8 ? row.error_ulp_f64 : row.error_ulp_f32) + (options.fuses ? 0 : 1);
  };
  bool good = true;
  for (const Function& function : functions) {
    if (!wanted(function.name)) continue;
    const ir::Elementwise& row = ir::elementwise(ir::elementwise_id(function.name));
    const auto tester =
        std::make_unique<Tester<T>>(function, row, sizeof(T) == 8 ? function.f64_limit : function.f32_limit, options.fuses);
    feed(*tester, options);
    good &= report(function.name, tester->instructions(), row.cost, tester->measured(), bound(row));
  }
  if (wanted("pow")) {
    const ir::Elementwise& row = ir::elementwise(ir::elementwise_id("pow"));
    Trace<T> pow(row, options.fuses);
    good &= report("pow", pow.instructions(), row.cost, measure_pow<T>(pow, options.samples), bound(row));
  }
  return good;
}

}  // namespace
}  // namespace rnnc::accuracy

int main(int argc, char** argv) {
  rnnc::accuracy::Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const bool has_value = i + 1 < argc;
    if (word == "--f64") {
      options.f64 = true;
    } else if (word == "--without-fma") {
      options.fuses = false;
    } else if (word == "--stride" && has_value) {
      options.stride = std::strtoull(argv[++i], nullptr, 10);
    } else if (word == "--samples" && has_value) {
      options.samples = std::strtol(argv[++i], nullptr, 10);
    } else if (word.starts_with("-")) {
      std::fprintf(stderr, "usage: rnnc_accuracy [--stride N] [--f64] [--samples N] [--without-fma] [FUNCTION...]\n");
      return 2;
    } else {
      options.names.push_back(word);
    }
  }
  if (options.stride == 0 || options.samples < 1) return 2;
  const bool good = options.f64 ? rnnc::accuracy::run<double>(options) : rnnc::accuracy::run<float>(options);
  return good ? 0 : 1;
}
