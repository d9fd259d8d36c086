// libFuzzer: any bytes as a checkpoint. Training goes on from it, or an error value says why not.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "runtime/trainer.h"
#include "tests/unit/tiny_rnn.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace rnnc::runtime;
  static const std::string path =
      std::filesystem::temp_directory_path() / ("rnnc_fuzz_" + std::to_string(::getpid()) + ".checkpoint");
  std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  const auto file = read_safetensors(path);
  std::filesystem::remove(path);
  if (!file) return 0;

  const auto vocabulary = Vocabulary::from_text("abc");
  tiny::TinyRnn<float> rnn(3, 2);
  auto model = Model::create(rnn.model());
  if (!vocabulary || !model) std::abort();
  (*model)->initialize(1);
  const TrainOptions options{.rows = 2, .chunk_steps = 3};
  auto trainer = Trainer::create(**model, *vocabulary, {0, 1, 2, 1, 0, 2, 2, 1, 0, 1, 2, 0, 1, 2, 0, 1}, {}, options);
  if (!trainer) std::abort();
  if (const Status loaded = (*trainer)->load(*file); !loaded.ok()) {
    if (loaded.message().empty()) std::abort();
    return 0;
  }
  for (int i = 0; i < 2; ++i)
    if (const auto loss = (*trainer)->update(1e-3); !loss && loss.message().empty()) std::abort();
  return 0;
}
