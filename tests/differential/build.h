// Builds a model of a source file for one backend, as the driver does.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "compiler/driver/backend.h"
#include "compiler/driver/pipeline.h"
#include "tests/differential/cases.h"

namespace rnnc::testing {

// How emitted C++ goes through the compiler.
enum class Emitted : std::uint8_t {
  quickly,       // -O0, with xsimd compiled before: what the text says, in a fifth of the time
  as_documented  // -O3, as the driver has it and users are told
};

struct Built {
  driver::Compilation compilation;
  std::unique_ptr<driver::Executable> executable;
  const rnnc_model& model() const { return *executable->model(); }
};

using AfterPass = std::function<void(const driver::Pass&, const driver::Compilation&)>;

// Brings `c` to the pass `last`, verified after every pass. False, and a failure of the test, if it does not compile.
bool compile(const Case& c, std::string_view last, loop::Element element, driver::Compilation& compilation,
             const AfterPass& after = {});

// Null, and a failure of the test, if it does not compile.
std::unique_ptr<Built> build(const Case& c, driver::BackendKind backend, loop::Element element,
                             Emitted emitted = Emitted::quickly);

}  // namespace rnnc::testing
