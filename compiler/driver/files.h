// Source files and what they import.
#pragma once

#include <optional>
#include <string>

#include "compiler/sema/elaborate.h"

namespace rnnc::driver {

// The bytes of a file, or why they cannot be read (one line, without the file's name) in `error`. Files larger than
// 64 MB are refused: no source is.
std::optional<std::string> read_text(const std::string& path, std::string& error);

// Reads imports from files, relative to the file that imports them.
sema::ImportReader file_imports();

}  // namespace rnnc::driver
