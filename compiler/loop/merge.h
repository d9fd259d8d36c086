// Kernels and helpers that do the same are one function.
#pragma once

#include "compiler/loop/loop_ir.h"

namespace rnnc::loop {

// Functions of a sound module that differ in nothing but their names and descriptions become the first of them.
void merge_alike(Module& module);

}  // namespace rnnc::loop
