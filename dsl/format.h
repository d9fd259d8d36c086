// The canonical layout of a source.
#pragma once

#include <string>

#include "dsl/source.h"

namespace rnnc::dsl {

// The text of a file that parses without errors, laid out canonically: indented by two spaces for every brace and every
// line that goes on, one space where words are apart, none inside of subscripts, shapes and dimensions, three between
// groups of one declaration. What a person grouped stays so: line breaks, one blank line where there were more, and what
// is lined up with the line above or below (the names behind keywords, the first `:` or `=`, comments at line ends).
// Every word and comment is kept, but for semicolons at line ends and commas before a bracket that closes. Formatting
// twice changes nothing more.
std::string format(const SourceMap& sources, std::int32_t file);

}  // namespace rnnc::dsl
