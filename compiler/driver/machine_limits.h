// What one core can do at most, measured with JIT code of a target.
#pragma once

#include <map>
#include <memory>

#include "compiler/loop/loop_ir.h"

namespace rnnc::driver {

class MachineLimits {
 public:
  // Throws Unsupported when this machine cannot run the target's code.
  MachineLimits(const loop::Target& target, loop::Element element);
  ~MachineLimits();

  double peak() const { return peak_; }  // independent multiply-adds from registers, two operations each, in a second
  // Bytes in a second when an array of about this size (the next power of two from 8 KiB to 128 MiB) is read again and
  // again. Measured when first asked for.
  double bandwidth(double bytes);

 private:
  class Yardstick;
  std::unique_ptr<Yardstick> reading_;
  double peak_ = 0;
  std::map<int, double> bandwidths_;  // by the logarithm of the size
};

}  // namespace rnnc::driver
