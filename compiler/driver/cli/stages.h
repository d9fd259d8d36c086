// The stages of a compilation that `--emit` prints.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "compiler/driver/pipeline.h"

namespace rnnc::cli {

struct Stage {
  std::string_view name;
  std::string_view last_pass;  // what must have run
  bool gradient = false;       // whether the backward pass is part of it
  std::string (*text)(const driver::Compilation&) = nullptr;
};

std::span<const std::string_view> stage_names();
const Stage* find_stage(std::string_view name);  // null: there is none

// The name of the header that an emitted source file includes: "lstm.h" for "dir/lstm.cpp" or "dir/lstm.rnn".
std::string header_name_for(const std::string& path);

}  // namespace rnnc::cli
