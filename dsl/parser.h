// From text to AST. The only implementation file that includes ANTLR.
#pragma once

#include "dsl/ast.h"
#include "dsl/diagnostics.h"
#include "dsl/layout.h"

namespace rnnc::dsl {

// Parses one file of the map. Any bytes are accepted: what is wrong is reported, and what could be understood is
// returned, with `error` expressions in the holes.
File parse(const SourceMap& sources, std::int32_t file, Diagnostics& diagnostics);

// The words of a file as they stand, for what cares how a text looks.
struct WrittenWords {
  std::vector<Word> words;       // line ends among them, file_end last
  std::vector<bool> ends;        // of every word: whether it is a separator between members, and not only a line break
  std::vector<Comment> comments;  // in order
};
// Of a file that parses without errors.
WrittenWords written_words(const SourceMap& sources, std::int32_t file);

}  // namespace rnnc::dsl
