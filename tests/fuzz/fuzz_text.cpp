// libFuzzer: any bytes as the text of a training run, and as a vocabulary in a checkpoint's metadata.
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "runtime/text.h"

namespace {

using rnnc::runtime::StreamBatcher;
using rnnc::runtime::Vocabulary;

void require(bool holds) {
  if (!holds) std::abort();
}

// The text comes back from its numbers, the vocabulary from its metadata, and chunks stay within the text.
void read_as_text(const std::string& text) {
  const auto vocabulary = Vocabulary::from_text(text);
  if (!vocabulary) return require(!vocabulary.message().empty());
  const auto numbers = vocabulary->encode(text);
  require(bool(numbers) && vocabulary->decode(*numbers) == text);
  std::map<std::string, std::string> metadata;
  vocabulary->save(metadata);
  const auto again = Vocabulary::load(metadata);
  require(bool(again) && again->size() == vocabulary->size() && again->decode(*numbers) == text);
  auto batcher = StreamBatcher::create(*numbers, 2, 5);
  if (!batcher) return require(!batcher.message().empty());
  std::vector<std::int32_t> token(10), next(10);
  for (int i = 0; i < 3; ++i) batcher->next_chunk(token.data(), next.data());
}

void read_as_vocabulary(const std::string& kind, const std::string& symbols) {
  const auto vocabulary = Vocabulary::load({{"vocabulary.kind", kind}, {"vocabulary.symbols", symbols}});
  if (!vocabulary) return require(!vocabulary.message().empty());
  std::map<std::string, std::string> metadata;
  vocabulary->save(metadata);
  require(bool(Vocabulary::load(metadata)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  read_as_text(text);
  for (const char* kind : {"utf8", "bytes"}) read_as_vocabulary(kind, text);
  read_as_vocabulary(text, "1 2 3");
  return 0;
}
