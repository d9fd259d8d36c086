// The emitted file's own vocabulary: vectors, and the operations that xsimd 8.1 lacks or does otherwise.
#include <limits>
#include <map>
#include <string>

#include "compiler/backend/cpp/context.h"

namespace rnnc::cpp {

using namespace loop;

namespace {

// Replaces every `$NAME` of `text` by its value.
std::string fill(std::string text, const std::map<std::string, std::string>& values) {
  for (const auto& [name, value] : values)
    for (std::size_t at = text.find("$" + name); at != std::string::npos; at = text.find("$" + name, at + value.size()))
      text.replace(at, name.size() + 1, value);
  return text;
}

class Prelude {
 public:
  Prelude(const Context& context, Lines& out)
      : context_(context), out_(out), f64_(context.module.element == Element::f64) {
    values_ = {{"number", std::string(type_name(context.module.element))},
               {"word", f64_ ? "uint64_t" : "uint32_t"},
               {"zero", literal(-0.0, context.module.element)},
               {"nan", literal(std::numeric_limits<double>::quiet_NaN(), context.module.element)},
               {"p", f64_ ? "pd" : "ps"},
               {"scalar", f64_ ? "sd" : "ss"},
               {"register", context.avx512() ? "v" : "x"},
               {"lanes", std::to_string(context.lanes())}};
  }

  void emit() {
    types();
    arithmetic();
    whole_numbers();
    lanes();
    memory();
    across("lane_sum", "add", "The sum of all lanes, in every lane: halves first, then quarters, and so on", Op::lane_sum);
    across("lane_max", "max", "The largest lane, in every lane; NaN if one is", Op::lane_max);
  }

 private:
  bool needs(Op op) const { return context_.all.operations.count(op) != 0; }
  void text(const std::string& text) {
    out_.raw(fill(text, values_));
    out_.blank();
  }

  void types() {
    std::string arch = context_.avx512() ? "xsimd::avx512f" : context_.sse2() ? "xsimd::sse2" : "xsimd::fma3<xsimd::avx2>";
    out_.line("using vec = xsimd::batch<" + std::string(type_name(context_.module.element)) + ", " + arch + ">;");
    out_.line("using mask = vec::batch_bool_type;");
    out_.blank();
    text(R"(#define RNNC_INLINE inline __attribute__((always_inline))
)");
    text(R"(// GCC would read a vector from memory again for every multiply-add that uses it; this keeps it in its register.
#if defined(__GNUC__) && !defined(__clang__)
#define RNNC_KEEP(vector) asm("" : "+$register"((vector).data))
#else
#define RNNC_KEEP(vector)
#endif
)");
    if (needs(Op::prefetch))
      text(R"(// Asks for memory that is needed a while later, so that nobody waits for it then. (GCC drops calls of a function that
// does nothing but __builtin_prefetch.)
#define RNNC_PREFETCH(address) asm volatile("prefetcht0 %0" : : "m"(*(address)))
)");
  }

  void arithmetic() {
    if (context_.avx512() && needs(Op::fma))
      text(R"(// xsimd 8.1 would round twice here.
RNNC_INLINE vec fma(vec a, vec b, vec c) { return _mm512_fmadd_$p(a, b, c); }
)");
    if (context_.avx512() && needs(Op::fnma))
      text(R"(// c - a * b, rounded once.
RNNC_INLINE vec fnma(vec a, vec b, vec c) { return _mm512_fnmadd_$p(a, b, c); }
)");
    if (context_.avx512() && needs(Op::neg))
      text(R"(// xsimd 8.1 would make +0 of +0.
RNNC_INLINE vec negate(vec x) { return x ^ vec($zero); }
)");
    if (context_.sse2() && needs(Op::floor))
      text(R"(// xsimd 8.1 would make +0 of -0.
RNNC_INLINE vec round_down(vec x) { return xsimd::floor(x) | (x & vec($zero)); }
)");
  }

  void whole_numbers() {
    if (needs(Op::bits) || needs(Op::word))
      text(R"(// The number with this representation, in every lane.
RNNC_INLINE vec bits($word pattern) {
  $number number;
  std::memcpy(&number, &pattern, sizeof number);
  return vec(number);
}
)");
    if (needs(Op::word))
      text(R"(// 32 bits of a whole number as the representation of every lane.
template <int from_bit>
RNNC_INLINE vec word(int64_t number) {
  return bits(static_cast<uint32_t>(static_cast<uint64_t>(number) >> from_bit));
}
)");
    if (!needs(Op::int_add) && !needs(Op::int_sub) && !needs(Op::shift_left) && !needs(Op::shift_right)) return;
    text(R"(// The lanes' representations as whole numbers.
using whole = xsimd::batch<$word, vec::arch_type>;
)");
    auto two = [&](const char* name, const char* sign) {
      out_.line(std::string("RNNC_INLINE vec ") + name + "(vec a, vec b) {");
      out_.line(std::string("  return xsimd::bitwise_cast<vec>(xsimd::bitwise_cast<whole>(a) ") + sign +
                " xsimd::bitwise_cast<whole>(b));");
      out_.line("}");
      out_.blank();
    };
    auto shift = [&](const char* name, const char* sign) {
      out_.line("template <int count>");
      out_.line(std::string("RNNC_INLINE vec ") + name + "(vec a) {");
      out_.line(std::string("  return xsimd::bitwise_cast<vec>(xsimd::bitwise_cast<whole>(a) ") + sign + " count);");
      out_.line("}");
      out_.blank();
    };
    if (needs(Op::int_add)) two("int_add", "+");
    if (needs(Op::int_sub)) two("int_sub", "-");
    if (needs(Op::shift_left)) shift("shift_left", "<<");
    if (needs(Op::shift_right)) shift("shift_right", ">>");
  }

  // The first lanes of a vector, for widths that the vector's does not divide.
  void lanes() {
    if (needs(Op::iota)) {
      std::string numbers;
      for (int i = 0; i < context_.lanes(); ++i)
        numbers += (i == 0 ? "" : ", ") + literal(i, context_.module.element);
      text("// Lane i holds i.\nRNNC_INLINE vec iota() { return vec{" + numbers + "}; }\n");
    }
    if (!needs(Op::load_first) && !needs(Op::store_first) && !needs(Op::first_lanes)) return;
    std::string conditions;
    for (int i = 0; i < context_.lanes() && !context_.avx512(); ++i)
      conditions += (i == 0 ? "" : i == 4 ? ",\n      " : ", ") + ("-(count > " + std::to_string(i) + ")");
    values_["conditions"] = conditions;
    values_["set"] = context_.sse2() ? (f64_ ? "_mm_castsi128_pd(_mm_set_epi64x(-(count > 1), -(count > 0)))"
                                             : "_mm_castsi128_ps(_mm_setr_epi32($conditions))")
                                     : (f64_ ? "_mm256_castsi256_pd(_mm256_setr_epi64x($conditions))"
                                             : "_mm256_castsi256_ps(_mm256_setr_epi32(\n      $conditions))");
    values_["set"] = fill(values_["set"], values_);
    text(context_.avx512() ? R"(// True in the lanes below `count`.
template <int count>
RNNC_INLINE mask first_mask() {
  return mask(static_cast<mask::register_type>((1u << count) - 1));
}
)"
                           : R"(// True in the lanes below `count`.
template <int count>
RNNC_INLINE mask first_mask() {
  return mask($set);
}
)");
    if (needs(Op::first_lanes))
      text(R"(// The lanes below `count` from a, the others from b.
template <int count>
RNNC_INLINE vec first_lanes(vec a, vec b) {
  return xsimd::select(first_mask<count>(), a, b);
}
)");
  }

  void memory() {
    if (needs(Op::load_first))
      text(std::string(R"(// The first `count` lanes from memory, zero in the others; nothing beyond them is read.
template <int count>
RNNC_INLINE vec load_first(const $number* from) {
)") + (context_.avx512() ? R"(  return _mm512_maskz_loadu_$p(first_mask<count>().data, from);
}
)"
       : context_.sse2() ? R"(  alignas(16) $number lane[vec::size] = {};
  std::memcpy(lane, from, count * sizeof($number));
  return vec::load_aligned(lane);
}
)"
                         : R"(  return _mm256_maskload_$p(from, _mm256_cast$p_si256(first_mask<count>().data));
}
)"));
    if (needs(Op::store_first))
      text(std::string(R"(// The first `count` lanes to memory; nothing beyond them is written.
template <int count>
RNNC_INLINE void store_first($number* to, vec x) {
)") + (context_.avx512() ? R"(  _mm512_mask_storeu_$p(to, first_mask<count>().data, x);
}
)"
       : context_.sse2() ? R"(  alignas(16) $number lane[vec::size];
  x.store_aligned(lane);
  std::memcpy(to, lane, count * sizeof($number));
}
)"
       : f64_            ? R"(  if (count == 4) return x.store_unaligned(to);
  __m128d part = _mm256_castpd256_pd128(x);
  if (count >= 2) {
    _mm_storeu_pd(to, part);
    part = _mm256_extractf128_pd(x, 1);
  }
  if (count % 2 == 1) _mm_store_sd(to + count - 1, part);
}
)"
                         : R"(  if (count == 8) return x.store_unaligned(to);
  __m128 part = _mm256_castps256_ps128(x);
  if (count >= 4) {
    _mm_storeu_ps(to, part);
    part = _mm256_extractf128_ps(x, 1);
  }
  if (count % 4 >= 2) {
    _mm_storel_pi(reinterpret_cast<__m64*>(to + count / 4 * 4), part);
    part = _mm_movehl_ps(part, part);
  }
  if (count % 2 == 1) _mm_store_ss(to + count - 1, part);
}
)"));
  }

  // Lanes i and i + half the lanes, then i and i + a quarter, …
  void across(const std::string& name, const std::string& operation, const std::string& meaning, Op op) {
    if (!needs(op)) return;
    values_["operation"] = operation;
    std::string body;
    if (op == Op::lane_max) body += "  if (!xsimd::all(x == x)) return vec($nan);\n";
    if (context_.avx512())
      body += f64_ ? "  __m256d halves = _mm256_$operation_pd(_mm512_castpd512_pd256(x), _mm512_extractf64x4_pd(x, 1));\n"
                   : "  __m256 halves = _mm256_$operation_ps(_mm512_castps512_ps256(x), _mm512_extractf32x8_ps(x, 1));\n";
    std::string source = context_.avx512() ? "halves" : "x";
    if (context_.sse2()) {
      body += f64_ ? "  __m128d y = x;\n" : "  __m128 y = x;\n";
    } else {
      body += fill(f64_ ? "  __m128d y = _mm_$operation_pd(_mm256_castpd256_pd128($source), _mm256_extractf128_pd($source, 1));\n"
                        : "  __m128 y = _mm_$operation_ps(_mm256_castps256_ps128($source), _mm256_extractf128_ps($source, 1));\n",
                   {{"source", source}});
    }
    if (f64_) {
      body += "  return vec(_mm_cvtsd_f64(_mm_$operation_sd(y, _mm_unpackhi_pd(y, y))));\n";
    } else {
      body += "  y = _mm_$operation_ps(y, _mm_movehl_ps(y, y));\n";
      body += "  return vec(_mm_cvtss_f32(_mm_$operation_ss(y, _mm_shuffle_ps(y, y, 1))));\n";
    }
    text("// " + meaning + ".\nRNNC_INLINE vec " + name + "(vec x) {\n" + body + "}\n");
  }

  const Context& context_;
  Lines& out_;
  bool f64_;
  std::map<std::string, std::string> values_;
};

}  // namespace

void emit_prelude(const Context& context, Lines& lines) { Prelude(context, lines).emit(); }

}  // namespace rnnc::cpp
