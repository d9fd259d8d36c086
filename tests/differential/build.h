// Builds a model of a source file for one backend, as the driver does.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "compiler/driver/backend.h"
#include "compiler/driver/pipeline.h"

namespace rnnc::testing {

struct ModelCase {
  std::string file, entry;  // below the project's folder; the entry may be empty
  std::map<std::string, std::int64_t> dimensions;
  bool emitted = false;  // also as C++ through the compiler, which takes seconds
  sema::Feed feed = sema::Feed::given;
};
void PrintTo(const ModelCase& c, std::ostream* out);

struct Built {
  driver::Compilation compilation;
  std::unique_ptr<driver::Executable> executable;
  const rnnc_model& model() const { return *executable->model(); }
};

// Null, and a failure of the test, if it does not compile.
std::unique_ptr<Built> build(const ModelCase& c, driver::BackendKind backend, loop::Element element);

}  // namespace rnnc::testing
