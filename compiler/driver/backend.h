// The three producers of the C ABI behind one interface.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "compiler/driver/pipeline.h"
#include "runtime/abi.h"

namespace rnnc::driver {

enum class BackendKind : std::uint8_t {
  interp,  // the equations evaluated in double precision, rounded on writing
  cpp,     // emitted C++, compiled by $CXX (else c++) and loaded
  jit      // LLVM in this process
};
std::optional<BackendKind> find_backend(std::string_view name);
std::span<const std::string_view> backend_names();
std::string_view name_of(BackendKind backend);

// Owns the code and tables behind model().
class Executable {
 public:
  virtual ~Executable() = default;
  virtual const rnnc_model* model() const = 0;
};

// The last pass that this backend needs. The interpreter takes the equations before they are rewritten and scheduled:
// what it says does not depend on what it is there to check.
std::string_view last_pass(BackendKind backend);

// Makes the executable from a compilation that `run` has brought to last_pass(backend). Throws Unsupported when this
// machine cannot run or make the code, Bug when rnnc's output is at fault.
std::unique_ptr<Executable> make_executable(const Compilation& compilation, BackendKind backend);

}  // namespace rnnc::driver
