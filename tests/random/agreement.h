// How far results may be apart that went through different roundings.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "compiler/backend/interp/interpreter_model.h"
#include "tests/differential/call.h"

namespace rnnc::testing {

// Agreement of numbers that went through different roundings. How much may they differ? As much as they move when the
// interpreter rounds everything that it reads and computes: where that is a lot, nothing can be asked; where large terms
// cancel, what remains of their roundings is among it.
class Agreement {
 public:
  Agreement(const ir::Program& program, loop::Element element, const RunShape& shape, const Given& given,
            const RunOptions& how);

  const Written& base() const { return base_; }
  const rnnc_model& model() const { return *oracle_.model(); }
  // "" or where they disagree. Arrays in which the oracle has numbers that are not finite are counted instead. `relative`:
  // how far apart numbers of an array may be besides, as a share of its largest: what is constant does not move.
  std::string difference(const Written& actual, std::map<std::string, int>& left_out, double relative = 0) const;

 private:
  void compare(std::size_t a, const Array& actual, double relative, std::ostream& text,
               std::map<std::string, int>& left_out) const;

  backend::InterpreterModel oracle_;
  Written base_;
  std::vector<Written> moved_;
};

}  // namespace rnnc::testing
