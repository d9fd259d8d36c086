// Files of models as test cases.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "compiler/sema/elaborate.h"

namespace rnnc::testing {

struct Case {
  std::string file, entry;  // below the project's folder; the entry may be empty
  std::map<std::string, std::int64_t> dimensions;
  sema::Feed feed = sema::Feed::given;
};
void PrintTo(const Case& c, std::ostream* out);

// Every model, or else cell, of the folders' files (below the project's), its widths in turn these.
std::vector<Case> cases_of(const std::vector<std::string>& folders, const std::vector<std::int64_t>& widths);

// Every file of examples/ and examples/cells/: with a vector and a part of one.
std::vector<Case> odd_cases();
// And with one hidden unit; but what is normalised over one unit is always 0.
std::vector<Case> single_unit_cases();

std::string name_of_case(const ::testing::TestParamInfo<Case>& info);

}  // namespace rnnc::testing
