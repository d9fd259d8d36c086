// The AST as text.
#pragma once

#include <string>

#include "dsl/ast.h"

namespace rnnc::dsl {

// One line per declaration, each with the line and column where it was written; expressions with every grouping in
// parentheses, so that precedence can be read off. Deterministic; depends on nothing but the file.
std::string to_string(const File& file, const SourceMap& sources);

// The same without places: what two texts of equal meaning have in common.
std::string to_string(const File& file);

// `error` expressions print as `<error>`.
std::string to_string(const Expr& expr);

}  // namespace rnnc::dsl
