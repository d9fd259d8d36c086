// Training within a memory budget: a walk over an axis is divided into windows of steps, and what its tape keeps of every
// step is kept for one window at a time. At the start of each window the forward pass leaves a checkpoint, the values around
// the window that its recurrences go on from; the backward pass computes each window's tape again from there (Griewank and
// Walther, "Algorithm 799: revolve", 2000, describe checkpointing; here with one level of windows of equal length).
// A run of one window is the ordinary one: nothing is computed again.
#pragma once

#include "compiler/loop/lower.h"

namespace rnnc::loop {

// Marks the sequences of forward_train and backward that may be kept for one window at a time (Stored::windowed), those of
// their kernels that must run in each window (PlannedKernel::window_phase), and plans what each phase of backward computes
// again. Everything else stays as it is: sequences that another walk reads keep every step.
void plan_windows(Plans& plans);

}  // namespace rnnc::loop
