// Cells on oneDNN's recurrent primitives: what a library's own layers do. They speak runtime/abi.h.
#pragma once

#include <string>

#include "runtime/abi.h"

namespace rnnc::bench {

// The cell of this name in examples/cells (RNN, LSTM, Peephole, GRU, GRUBefore), f32, forward and backward. Weights are
// kept in the format that the primitive prefers; like the primitive they are made in the first run of a size after
// `pack`. Row lengths and `parallel_for` are not supported. The model lives until the program ends; null where oneDNN
// has no such layer or was not there when this was built.
const rnnc_model* onednn_model(const std::string& cell, int I, int H);

// How many threads oneDNN uses from now on, in the whole program. Nothing without oneDNN.
void set_onednn_threads(int count);
// The version of oneDNN, or why there is nothing to tell.
std::string onednn_description();

}  // namespace rnnc::bench
