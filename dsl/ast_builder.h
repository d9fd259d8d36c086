// From ANTLR's parse tree to the AST. For parser.cpp alone: it brings ANTLR's types along.
#pragma once

#include <string_view>
#include <vector>

#include "antlr4-runtime.h"
#include "dsl/ast.h"
#include "dsl/layout.h"
#include "dsl/syntax_reporter.h"
#include "generated/parser/RnncParser.h"

namespace rnnc::dsl {

// Adds to `ast`, a file of `ast.source`, what the tree of these words of the text says. A token's index in the tree is its
// word's. What went wrong is left out, and its expressions are of kind `error`: the parser has reported it; what only the
// tree shows (a member outside of a cell) is reported here.
void build_ast(grammar::RnncParser::FileContext* tree, const std::vector<Word>& words, std::string_view text,
               SyntaxReporter& reporter, File& ast);

}  // namespace rnnc::dsl
