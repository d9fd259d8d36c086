#include "compiler/driver/backend.h"

#include <array>

#include "compiler/backend/cpp/compile.h"
#include "compiler/backend/interp/interpreter_model.h"
#include "compiler/backend/llvm/jit.h"
#include "compiler/base/bug.h"

namespace rnnc::driver {
namespace {

constexpr std::array<std::string_view, 3> names = {"interp", "cpp", "jit"};

// `Owner` is a pointer to something with a model().
template <class Owner>
class Holding : public Executable {
 public:
  explicit Holding(Owner owner) : owner_(std::move(owner)) {}
  const rnnc_model* model() const override { return owner_->model(); }

 private:
  Owner owner_;
};

template <class Owner>
std::unique_ptr<Executable> hold(Owner owner) {
  return std::make_unique<Holding<Owner>>(std::move(owner));
}

std::unique_ptr<Executable> make_jit(const loop::Module& module) {
  auto result = backend::jit(module);
  if (auto* message = std::get_if<std::string>(&result)) throw Bug("the JIT backend: " + *message);
  return hold(std::get<0>(std::move(result)));
}

std::unique_ptr<Executable> make_cpp(const loop::Module& module) {
  auto result = backend::compile_cpp(module);
  if (auto* error = std::get_if<backend::CompileError>(&result)) {
    if (error->environment) throw Unsupported(error->message);
    throw Bug("the C++ backend: " + error->message);
  }
  return hold(std::get<0>(std::move(result)));
}

}  // namespace

std::span<const std::string_view> backend_names() { return names; }
std::string_view name_of(BackendKind backend) { return names[static_cast<std::size_t>(backend)]; }

std::optional<BackendKind> find_backend(std::string_view name) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == name) return static_cast<BackendKind>(i);
  return std::nullopt;
}

std::string_view last_pass(BackendKind backend) { return backend == BackendKind::interp ? "differentiate" : "lower"; }

std::unique_ptr<Executable> make_executable(const Compilation& compilation, BackendKind backend) {
  if (backend == BackendKind::interp)
    return hold(std::make_unique<backend::InterpreterModel>(compilation.program, compilation.options.element));
  if (std::string refusal = backend::cannot_run(compilation.module.target); !refusal.empty())
    throw Unsupported(refusal);
  return backend == BackendKind::jit ? make_jit(compilation.module) : make_cpp(compilation.module);
}

}  // namespace rnnc::driver
