// What the language offers, from the lists that the compiler itself works with.
#pragma once

#include <string>
#include <string_view>

namespace rnnc::sema {

// The sections of the manual's list of functions.
enum class Section { elementwise, operators, entries, steps, losses };

// One section as the rows of a Markdown table: "| `relu(x)` | max(x, 0); derivative 0 at 0 |\n"…
std::string functions_table(Section section);

// All sections with their headings: what `rnnc --list-functions` prints.
std::string list_functions();

}  // namespace rnnc::sema
