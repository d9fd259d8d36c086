// PyTorch as a rival: a Python process that runs rivals_torch.py, is asked line by line, and takes the time itself.
#pragma once

#include <string>

#include "tests/bench/rows.h"
#include "tests/bench/session.h"

namespace rnnc::bench {

class Torch {
 public:
  // `python`: a program, found along PATH, that can import torch and safetensors. Throws std::runtime_error.
  Torch(const std::string& python, int threads);
  ~Torch();
  Torch(const Torch&) = delete;
  Torch& operator=(const Torch&) = delete;

  const std::string& version() const { return version_; }

  struct Prepared {
    double compile_milliseconds = 0;  // of the first run, beyond a later one
    Tensors results;
    std::string absent;  // PyTorch has no such layer, say; then there is nothing else
  };
  // Forgets the last row. The others throw std::runtime_error with what Python said.
  void begin(const Row& row, const Tensors& given);
  Prepared prepare(const std::string& rival);
  // The mean over runs that take so many seconds together, at least one.
  double seconds_per_run(const std::string& rival, double seconds);

 private:
  std::string ask(const std::string& question);  // both one line of JSON
  void stop();

  std::string directory_, version_;
  int socket_ = -1, process_ = -1;
};

}  // namespace rnnc::bench
