// An AST as source text again: what a formatter would print, without comments.
#pragma once

#include <string>

#include "dsl/ast.h"

namespace rnnc::testing {

std::string source_text(const dsl::File& file);

}  // namespace rnnc::testing
