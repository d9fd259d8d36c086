// Everybody who runs a row as an rnnc_model: compiled by rnnc in each way, and written by hand.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/loop/loop_ir.h"
#include "runtime/abi.h"
#include "tests/bench/rows.h"

namespace rnnc::bench {

struct Rival {
  std::string name;
  const rnnc_model* model = nullptr;
  std::shared_ptr<void> owner;      // of the model; null where it lives until the program ends
  double compile_milliseconds = 0;  // from source text to code that can be called; 0: written by hand
  int vector_bits = 0;              // of rnnc's targets; 0: not compiled by rnnc
  std::string absent;               // why there is no model: this machine or build lacks something
};

inline constexpr const char* generated = "generated";
inline constexpr const char* generated_clang = "clang";
inline constexpr const char* jit = "jit";
inline constexpr const char* plain = "plain";
inline constexpr const char* blas = "blas";
inline constexpr const char* onednn = "onednn";
// Who is timed, in the order of tables. Those named torch are run by torch.h.
inline constexpr const char* timed_rivals[] = {generated, generated_clang, jit,     plain,          blas,
                                               onednn,    "torch",         "torch-script", "torch-compile"};
inline bool is_torch(std::string_view rival) { return rival.starts_with("torch"); }
// Not timed: the interpreter, in double precision, which judges where nobody wrote the cell by hand.
inline constexpr const char* oracle = "oracle";

// Who judges the others' results on this row: the hand-written plain C++, else the oracle.
inline const char* judge_of(const Row& row) { return row.cell->handwritten ? plain : oracle; }

// How rnnc's own are made.
struct CompileSettings {
  std::optional<loop::Target> target;  // nothing: native
  std::string clang;                   // the command of a second C++ compiler for the emitted code
};

// Those of the wanted names that are models, and the judge, wanted or not. Throws std::runtime_error when the source does
// not compile, and Bug and Unsupported as the compiler does.
std::vector<Rival> make_rivals(const Row& row, const std::set<std::string>& wanted, const CompileSettings& settings);

}  // namespace rnnc::bench
