// What a name from a paper or another library is called here.
#pragma once

#include <string>

namespace rnnc::sema {

// One line of help for a function, initialiser or member that is unknown by this name, or "".
std::string advice_on_function(const std::string& name);
std::string advice_on_initialiser(const std::string& name);

}  // namespace rnnc::sema
