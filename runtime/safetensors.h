// The safetensors format: u64 little-endian N, N bytes of JSON, the raw little-endian data.
//   {"__metadata__": {"k": "v"}, "name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [begin, end]}, …}
// Offsets count from the end of the header; the tensors cover the data without gaps or overlaps.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "runtime/result.h"
#include "runtime/tensor.h"

namespace rnnc::runtime {

struct TensorFile {
  std::map<std::string, Tensor> tensors;
  std::map<std::string, std::string> metadata;

  const Tensor* find(const std::string& name) const {
    const auto found = tensors.find(name);
    return found == tensors.end() ? nullptr : &found->second;
  }
};

// Safe for any bytes: what does not follow the format is an error that names the file, the tensor and what is wrong.
// Memory used is bounded by the size of the file. Tensors may begin at any offset (others do not always align them).
Result<TensorFile> read_safetensors(const std::string& path);

// Replaces `path` atomically (see write_file). Same content, same bytes: tensors with wider elements come first, then
// by name, so that every one is aligned.
Status write_safetensors(const std::string& path, const TensorFile& file);

// `name` in backticks, fit for a message whatever it holds: control characters escaped, cut when very long.
std::string backticked(std::string_view name);

}  // namespace rnnc::runtime
