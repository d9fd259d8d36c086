#include "compiler/backend/cpp/emit.h"

#include "compiler/backend/cpp/context.h"
#include "compiler/loop/descriptor.h"

namespace rnnc {
namespace cpp {

using namespace loop;

Context::Context(const Module& source)
    : module(source), name(qualified_identifier(source.name)), functions(source.functions.size()), buffers(source.buffers.size()),
      total(total_usage(source)) {
  for (const Function& function : module.functions) {
    own.add(usage_of(function));
    all.add(own[FunctionId(own.size() - 1)]);
  }
  written = all.written;
  for (FunctionId entry : module.entries) {
    reachable.insert(total[entry].called.begin(), total[entry].called.end());
    reachable.insert(total[entry].launched.begin(), total[entry].launched.end());
  }
  for (FunctionId id : module.functions.ids()) functions[id] = globals.add(module.functions[id].name);
  // Members of Run, and of every function that copies them: new beside all that stands at namespace scope.
  Names members(&globals);
  for (const char* own : {"length", "row_lengths", "row_steps", "parallel_for", "pool"}) members.take(own);
  for (SymbolKind kind : {SymbolKind::steps, SymbolKind::rows, SymbolKind::first_step, SymbolKind::training,
                          SymbolKind::seed, SymbolKind::rate, SymbolKind::windows, SymbolKind::window}) {
    const bool of_windows = kind == SymbolKind::windows || kind == SymbolKind::window;
    if (of_windows && !has_windows(module)) continue;
    for (SymbolId symbol : module.symbols.ids())
      if (module.symbols[symbol].kind == kind) {
        numbers[symbol] = members.add(module.symbols[symbol].name);
        number_order.push_back(symbol);
      }
  }
  for (BufferId buffer : module.buffers.ids()) buffers[buffer] = members.add(module.buffers[buffer].name);
  auto taken = [&] {
    for (const std::string& buffer : buffers)
      if (buffer.rfind(given_prefix, 0) == 0) return true;
    return false;
  };
  while (taken()) given_prefix += "_";
}

namespace {

struct TargetText {
  std::string description, condition, flags;
};

TargetText target_text(const Context& context) {
  if (context.avx512())
    return {"AVX-512 (F, DQ, BW, VL)",
            "defined(__AVX512F__) && defined(__AVX512DQ__) && defined(__AVX512BW__) && defined(__AVX512VL__)",
            "-mavx512f -mavx512dq -mavx512bw -mavx512vl -mfma"};
  if (context.sse2()) return {"SSE2", "defined(__SSE2__)", "-msse2"};
  return {"AVX2 with FMA", "defined(__AVX2__) && defined(__FMA__)", "-mavx2 -mfma"};
}

constexpr const char* begin_tuning =
    R"(// Clang 19 orders instructions for a processor without AVX2 unless the command line names one; the tiles of the products
// would lose their registers to that.
#if defined(__clang__) && defined(__k8__)
#pragma clang attribute push(__attribute__((target("tune=haswell"))), apply_to = function)
#endif

)";
constexpr const char* end_tuning = R"(
#if defined(__clang__) && defined(__k8__)
#pragma clang attribute pop
#endif
)";
bool is_tuned(const Context& context) { return !context.avx512() && !context.sse2(); }

// What follows the first lines, up to the code.
void emit_includes(const Context& context, Lines& out) {
  out.raw(R"(#if defined(__clang__)
#pragma clang fp contract(off)
#endif

#include <algorithm>
)");
  if (context.is_mixed()) out.line("#include <cmath>");
  out.raw(R"(#include <cstring>
#include <limits>
#include <xsimd/xsimd.hpp>

// A product followed by a sum stays two roundings; where one is meant, there is an fma. After the includes: GCC inlines
// plain functions into those under a pragma, but not the other way round.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("fp-contract=off")
#endif

)");
}

// The lines up to that of the header.
std::string opening_text(const Context& context, const std::string& header_name) {
  const Module& module = context.module;
  const TargetText target = target_text(context);
  Lines out;
  std::string from = module.source_name.empty() ? "" : " from " + module.source_name;
  out.line(backend::made_by + comment_text(from) + ": the model `" + comment_text(module.name) + "` in " +
           std::string(type_name(module.element)) + " for " + target.description + ", " +
           std::to_string(context.lanes()) + " numbers a vector.");
  out.line("// Compile as C++17 with xsimd 8 and " + target.flags + ".");
  out.line("#include \"" + string_literal(header_name) + "\"");
  return out.take();
}

std::string source_text(const Context& context) {
  const Module& module = context.module;
  const TargetText target = target_text(context);
  Lines out;
  out.line("#if !(" + target.condition + ")");
  out.line("#error \"this file is made for " + target.description + ": compile it with " + target.flags + "\"");
  out.line("#endif");
  out.raw(R"(#if defined(__FAST_MATH__)
#error "this file says exactly which operations are done: -ffast-math would change its results"
#elif defined(__ASSOCIATIVE_MATH__) || defined(__RECIPROCAL_MATH__) || defined(__NO_SIGNED_ZEROS__)
#error "this file says exactly which operations are done: -funsafe-math-optimizations would change its results"
#elif defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__ > 0
#error "this file computes with infinities and NaN: -ffinite-math-only would change its results"
#elif defined(__clang__)
#pragma float_control(precise, on)  // Clang says of no other such option that it is given; this lets it contract, see below
#endif
)");
  out.blank();
  emit_includes(context, out);
  const bool tuned = is_tuned(context);
  if (tuned) out.raw(begin_tuning);
  if (context.avx512())
    out.raw(R"(// GCC 12 takes its own headers' undefined vectors for a mistake.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

)");
  if (module.element == Element::f64) {
    out.line("// GCC says of no macro that it reads 0.1 as 0.1f.");
    out.line("static_assert(0.1 != static_cast<double>(0.1f), \"-fsingle-precision-constant would change its results\");");
    out.blank();
  }
  out.line("namespace {");
  out.blank();
  emit_prelude(context, out);
  emit_run(context, out);
  for (FunctionId id : module.functions.ids())
    if (module.functions[id].kind != FunctionKind::entry) emit_function(context, id, out);
  emit_entries(context, out);
  emit_tables(context, out);
  out.blank();
  out.line("}  // namespace");
  out.blank();
  out.line("extern \"C\" const rnnc_model* rnnc_model_" + context.name + "(void) { return &descriptor; }");
  if (tuned) out.raw(end_tuning);
  return out.take();
}

// FNV-1a. Tells the codes of two models of one name apart.
std::uint32_t checksum(const std::string& text) {
  std::uint32_t hash = 2166136261u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash;
}

// A header of another build would describe other arrays than the code has.
std::string checksum_test(const Context& context, std::uint32_t checksum) {
  Lines out;
  out.line("#if " + checksum_macro(context) + " != " + std::to_string(checksum));
  out.line("#error \"the header is of another build of the model: rnnc writes both files together\"");
  out.line("#endif");
  out.blank();
  return out.take();
}

}  // namespace
}  // namespace cpp

namespace backend {

EmittedCpp emit_cpp(const loop::Module& module, const std::string& header_name) {
  cpp::Context context(module);
  const std::string opening = cpp::opening_text(context, header_name), source = cpp::source_text(context);
  const std::uint32_t checksum = cpp::checksum(opening + source);
  return {opening + cpp::checksum_test(context, checksum) + source, cpp::emit_header(context, checksum),
          "rnnc_model_" + context.name};
}

}  // namespace backend
}  // namespace rnnc
