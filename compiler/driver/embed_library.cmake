# Writes the files CELLS as string literals to OUTPUT: the table behind driver::standard_library().
set(rows "")
foreach(cell IN LISTS CELLS)
  file(READ ${cell} text)
  get_filename_component(name ${cell} NAME)
  string(APPEND rows "    {\"${name}\", R\"rnnc(${text})rnnc\"},\n")
endforeach()
file(WRITE ${OUTPUT} "// Made by embed_library.cmake.
#include \"compiler/driver/files.h\"

namespace rnnc::driver {
namespace {

constexpr LibraryFile files[] = {
${rows}};

}  // namespace

std::span<const LibraryFile> standard_library() { return files; }

}  // namespace rnnc::driver
")
