// libFuzzer: any lines as the words of a command line, and as what a checkpoint says its model was compiled with. They are
// understood, or refused with a message; so is what they ask of a model.
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include "compiler/driver/cli/arguments.h"
#include "compiler/driver/cli/failure.h"
#include "compiler/driver/cli/text_models.h"
#include "compiler/driver/pipeline.h"

namespace {

using namespace rnnc;

constexpr const char* model = R"(
cell Layer(I, H = 2*I) {
  input x : [I]
  state h : [H]
  param W : [H, I]   U : [H, H]
  h = tanh(W @ x + U @ h[t-1])
}
model Stack(V = 5, H = 8, N = 2) {
  input token : index(V) = argmax(y[t-1])
  target next : index(V)
  param E : [V, H]   R : [V, H]
  l[0] = Layer(H, H)(E[token])
  for k in 1..N-1 { l[k] = Layer(H, H)(l[k-1].h) }
  y = R @ l[N-1].h
  output y
  loss cross_entropy(y, next)
}
)";

void elaborate(const sema::Options& options, const std::string& text) {
  driver::Compilation compilation;
  compilation.options.sema = options;
  compilation.file = compilation.sources.add("fuzz.rnn", model);
  cli::apply_description({{"model.dimensions", text}, {"model.entry", text.substr(0, text.find('\n'))}}, compilation);
  // As many layers as somebody asks for are many instances, not a mistake.
  if (compilation.options.sema.dimensions["N"] > 64) return;
  const bool sound = driver::run(compilation, {.last = "elaborate", .verify = true});
  if (!sound && dsl::render(compilation.diagnostics, compilation.sources).empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::vector<std::string> words;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) words.push_back(line);
  sema::Options options;
  // What is wrong with the words, or with what they say of the model, is told.
  const auto told = [](const auto& work) {
    try {
      work();
    } catch (const cli::Failure& failure) {
      if (failure.message.empty()) std::abort();
    }
  };
  told([&] {
    const cli::Arguments arguments = cli::parse_arguments(words);
    if (const auto* compile = std::get_if<cli::CompileArguments>(&arguments)) {
      options.dimensions = compile->source.dimensions;
      options.entry = compile->source.entry;
      options.feed = compile->source.feed;
    }
  });
  told([&] { elaborate(options, text); });
  return 0;
}
