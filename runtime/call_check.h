// Whether a call keeps the promises that runtime/abi.h asks for: compiled code itself checks next to nothing.
#pragma once

#include <cstdint>

#include "runtime/abi.h"
#include "runtime/result.h"
#include "runtime/tensor.h"

namespace rnnc::runtime {

enum class Entry { forward, forward_train, backward, step };

enum class TensorRole { parameter, input, output, state };

// The shape of the array behind a tensor: [T,] [B,] extents…; states [k, B, extents…], where k = 1 is left out, as in
// files. `step`: T is 1 on every axis.
Extents array_shape(const rnnc_tensor& tensor, TensorRole role, const rnnc_call& call, bool step = false);

// The bytes of that array: elements of the model's dtype, int32 for index inputs. Nothing when that overflows.
std::optional<std::size_t> array_bytes(const rnnc_model& model, const rnnc_tensor& tensor, TensorRole role,
                                       const rnnc_call& call, bool step = false);

// Everything that can be checked without knowing how large the caller's arrays are: sizes, lengths in [0, T], required
// arrays present, index inputs in range wherever they count (not past a row's length), buffers aligned, the memory
// budget kept. The error names the tensor.
Status check_call(const rnnc_model& model, const rnnc_call& call, Entry entry);

// Whether a workspace and a tape of these bytes, the smallest there are, fit a budget (0: no limit). The error says all three.
Status check_budget(std::int64_t workspace, std::int64_t tape, std::int64_t budget);

std::size_t element_bytes(const rnnc_model& model);
DType element_dtype(const rnnc_model& model);

// "bad call", … for a code that a model's function returned.
const char* status_text(int code);

}  // namespace rnnc::runtime
