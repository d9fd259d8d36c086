// The AST as text.
#pragma once

#include <string>

#include "dsl/ast.h"

namespace rnnc::dsl {

// One line per declaration, each with the line and column where it was written; expressions with every grouping in
// parentheses, so that precedence can be read off. Deterministic; depends on nothing but the file.
std::string to_string(const File& file, const SourceMap& sources);

// `error` expressions print as `<error>`.
std::string to_string(const Expr& expr);

}  // namespace rnnc::dsl
