// What every part of the emitter knows about the module: names in C++ and who touches what.
#pragma once

#include <map>
#include <string>

#include "compiler/backend/cpp/text.h"
#include "compiler/backend/cpp/usage.h"
#include "compiler/loop/loop_ir.h"

namespace rnnc::cpp {

struct Context {
  const loop::Module& module;
  Names globals;                                     // everything at namespace scope
  std::string name;                                  // the module's, as an identifier
  IdVector<loop::FunctionId, std::string> functions;
  IdVector<loop::BufferId, std::string> buffers;     // of Run's members and of the local pointers copied from them
  std::map<loop::SymbolId, std::string> numbers;     // of Run's members: T, B, …
  std::vector<loop::SymbolId> number_order;          // steps, rows, the others
  std::string given_prefix = "given_";               // before a buffer's name: was it passed?
  IdVector<loop::FunctionId, Usage> own, total;
  Usage all;                                         // of the whole module
  std::set<loop::BufferId> written;                  // anywhere
  std::set<loop::FunctionId> reachable;              // from entries

  explicit Context(const loop::Module& module);
  bool avx512() const { return module.target.vector_bytes == 64; }
  bool sse2() const { return module.target.vector_bytes == 16; }
  bool is_mixed() const {  // fed inputs are drawn between the caller's values and the model's own
    for (const loop::Symbol& symbol : module.symbols)
      if (symbol.kind == loop::SymbolKind::rate) return true;
    return false;
  }
  int lanes() const { return module.target.lanes(module.element); }
};

// Statements of the C++ prelude: types, the operations that xsimd lacks, the run. Only what the module uses.
void emit_prelude(const Context& context, Lines& lines);
void emit_run(const Context& context, Lines& lines);
// A helper or a kernel; the body of an entry.
void emit_function(const Context& context, loop::FunctionId id, Lines& lines);
void emit_body(const Context& context, loop::FunctionId id, Lines& lines);
// The functions of the ABI and the tables that describe the model.
void emit_entries(const Context& context, Lines& lines);
void emit_tables(const Context& context, Lines& lines);
// The macro that a header defines as the checksum of the code it belongs to.
std::string checksum_macro(const Context& context);
std::string emit_header(const Context& context, std::uint32_t checksum);

// The text of runtime/abi.h, from the build.
extern const char* const abi_text;

}  // namespace rnnc::cpp
