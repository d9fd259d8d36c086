// Cells written by hand, f32, forward and backward: what compiled code is compared with. They speak runtime/abi.h.
//
// Each comes in two flavours of the same derivation: plain C++ loops that the compiler vectorises, and OpenBLAS for the
// products (input projection and weight gradients as one product over all T*B rows, elementwise work fused by hand).
// Parameters have the names, shapes and order of examples/cells/*.rnn. Row lengths and `parallel_for` are not
// supported: a call with lengths is RNNC_BAD_CALL. The returned models live until the program ends; null if `blas` is
// asked for and OpenBLAS was not there when this was built.
#pragma once

#include <string>

#include "runtime/abi.h"

namespace rnnc::bench {

const rnnc_model* handwritten_rnn(int I, int H, bool blas);
const rnnc_model* handwritten_lstm(int I, int H, bool blas);
const rnnc_model* handwritten_peephole(int I, int H, bool blas);
const rnnc_model* handwritten_gru(int I, int H, bool blas);         // reset after the product: GRU
const rnnc_model* handwritten_gru_before(int I, int H, bool blas);  // reset before: GRUBefore
const rnnc_model* handwritten_mgu(int I, int H, bool blas);
const rnnc_model* handwritten_min_gru(int I, int H, bool blas);
const rnnc_model* handwritten_sru(int I, int H, bool blas);  // null, too, when I is not H
const rnnc_model* handwritten_indrnn(int I, int H, bool blas);

// How many threads OpenBLAS uses from now on, in the whole program. Nothing without OpenBLAS.
void set_blas_threads(int count);
// The version of OpenBLAS and the processor whose routines it chose, or why there is nothing to tell.
std::string blas_description();

}  // namespace rnnc::bench
