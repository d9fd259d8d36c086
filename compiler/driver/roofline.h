// Where a run's time goes, kernel by kernel, and how far each is from what the machine allows.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "compiler/driver/backend.h"
#include "runtime/abi.h"

namespace rnnc::driver {

// JIT code that hands every launch to the call's parallel_for. Throws as make_executable.
std::unique_ptr<Executable> make_observed(const Compilation& compilation);

struct KernelTime {
  std::string name;  // as --emit=loops has it
  std::int64_t launches = 0;
  double operations = 0, bytes = 0;  // of all launches of one run, as compiler/loop/work.h counts them
  double seconds = 0;                // median over runs
  double least_seconds = 0;          // at the machine's limits: the sum over launches of what is the longer,
  bool by_operations = false;        // operations at the peak (here: in most of that time), or bytes at the bandwidth
};

struct Roofline {
  std::vector<KernelTime> kernels;  // that take the most time first
  double seconds = 0;               // of a run, median; what is left over is between the kernels
  double peak = 0;                  // operations in a second on one core
  double bandwidth = 0;             // bytes in a second, of the largest array that a launch touches
};

// Does `run` again and again for so many seconds, three times at least. It calls the entries of an observed executable
// of this compilation, in this order, with `call`, whose parallel_for and pool are set here.
Roofline measure_roofline(const Compilation& compilation, std::span<const loop::EntryRole> entries, rnnc_call& call,
                          double seconds, const std::function<void()>& run);

}  // namespace rnnc::driver
