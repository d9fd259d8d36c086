// Source files and what they import.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "compiler/sema/elaborate.h"

namespace rnnc::driver {

// The bytes of a file, or why they cannot be read (one line, without the file's name) in `error`. Files larger than
// 64 MB are refused: no source is.
std::optional<std::string> read_text(const std::string& path, std::string& error);
std::optional<std::string> read_text(int descriptor, std::string& error);  // of what is left of an open file

// Reads imports from files, relative to the file that imports them, and the standard library. Unless `anywhere`, a file
// that really lies outside of the importing one's folder, behind a link, is named but not read.
sema::ImportReader file_imports(bool anywhere = false);

// `import "std/NAME.rnn"` reads the file NAME.rnn of the standard library, whose name is then "<std>/NAME.rnn"; everything
// else is left to `others`. The library is a part of this program: there is nothing to find.
sema::ImportReader with_standard_library(sema::ImportReader others);

// The files of the standard library: name ("lstm.rnn") and text, in order of their names.
struct LibraryFile {
  std::string_view name, text;
};
std::span<const LibraryFile> standard_library();

}  // namespace rnnc::driver
