// libFuzzer: any bytes as a safetensors file are tensors or an error value; what was read can be written and read again.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

#include "runtime/safetensors.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace rnnc;
  static const std::string path =
      std::filesystem::temp_directory_path() / ("rnnc_fuzz_" + std::to_string(::getpid()) + ".safetensors");
  std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  const auto file = runtime::read_safetensors(path);
  if (file) {
    if (!runtime::write_safetensors(path, *file).ok()) std::abort();
    const auto again = runtime::read_safetensors(path);
    if (!again || again->tensors.size() != file->tensors.size()) std::abort();
  } else if (file.message().empty()) {
    std::abort();
  }
  std::filesystem::remove(path);
  return 0;
}
