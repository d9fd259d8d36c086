// From text to AST. The only implementation file that includes ANTLR.
#pragma once

#include "dsl/ast.h"
#include "dsl/diagnostics.h"

namespace rnnc::dsl {

// Parses one file of the map. Any bytes are accepted: what is wrong is reported, and what could be understood is
// returned, with `error` expressions in the holes.
File parse(const SourceMap& sources, std::int32_t file, Diagnostics& diagnostics);

}  // namespace rnnc::dsl
