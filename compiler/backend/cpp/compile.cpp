#include "compiler/backend/cpp/compile.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "compiler/backend/cpp/emit.h"

extern char** environ;

namespace rnnc::backend {

namespace {

namespace fs = std::filesystem;

std::string error_text(int number) { return std::strerror(number); }

// A new directory that only this user can enter; gone with this object.
class PrivateDirectory {
 public:
  PrivateDirectory() {
    std::error_code ignored;
    fs::path base = fs::temp_directory_path(ignored);
    std::string pattern = (base.empty() ? fs::path("/tmp") : base) / "rnnc-XXXXXX";
    if (::mkdtemp(pattern.data()) != nullptr) path_ = pattern;
    else error_ = "cannot make a directory like `" + pattern + "`: " + error_text(errno);
  }
  ~PrivateDirectory() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  PrivateDirectory(const PrivateDirectory&) = delete;
  PrivateDirectory& operator=(const PrivateDirectory&) = delete;

  const std::string& error() const { return error_; }
  std::string file(const char* name) const { return (path_ / name).string(); }

 private:
  fs::path path_;
  std::string error_;
};

bool write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  return !file.fail();
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

struct Finished {
  int spawn_error = 0;  // the program could not be started
  int status = 0;       // as of waitpid
};

// Runs a program found along PATH, without a shell: nothing to read, everything it says goes into `output`.
Finished run_program(const std::vector<std::string>& arguments, const std::string& output) {
  std::vector<char*> words;
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&files, 1, 2);
  Finished result;
  pid_t child = 0;
  result.spawn_error = ::posix_spawnp(&child, words[0], &files, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (result.spawn_error != 0) return result;
  while (::waitpid(child, &result.status, 0) < 0) {
    if (errno == EINTR) continue;
    result.spawn_error = errno;
    break;
  }
  return result;
}

// Cuts what a compiler said down to what a person would read.
std::string shortened(std::string text) {
  constexpr std::size_t most = 20000;
  if (text.size() > most) text = text.substr(0, most) + "\n…";
  return text;
}

constexpr const char* default_compiler = "c++";

std::vector<std::string> compiler_words(const CompileOptions& options) {
  std::string command = options.compiler;
  if (command.empty()) {
    const char* variable = std::getenv("CXX");
    command = variable != nullptr ? variable : "";
  }
  std::istringstream stream(command);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  if (words.empty()) words.push_back(default_compiler);
  return words;
}

bool machine_can_run(const loop::Target& target) {
  if (target.vector_bytes == 64)
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma");
  if (target.vector_bytes == 32) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  return __builtin_cpu_supports("sse2");
}

}  // namespace

std::vector<std::string> target_flags(const loop::Target& target) {
  if (target.vector_bytes == 64)
    return {"-mavx512f", "-mavx512dq", "-mavx512bw", "-mavx512vl", "-mfma"};
  if (target.vector_bytes == 32) return {"-mavx2", "-mfma"};
  return {"-msse2"};
}

struct CppCompiler {
  using Result = std::variant<std::unique_ptr<CompiledCpp>, CompileError>;

  const loop::Module& module;
  const CompileOptions& options;
  PrivateDirectory directory;

  static CompileError cannot(const std::string& why) { return {why, true}; }

  Result compile() {
    auto begin = std::chrono::steady_clock::now();
    if (!machine_can_run(module.target)) return cannot("this machine cannot run code for `" + module.target.name + "`");
    if (!directory.error().empty()) return cannot(directory.error());
    EmittedCpp emitted = emit_cpp(module, "cell.h");
    if (!write_file(directory.file("cell.cpp"), emitted.source) || !write_file(directory.file("cell.h"), emitted.header))
      return cannot("cannot write the emitted C++ to `" + directory.file("cell.cpp") + "`");
    if (std::optional<CompileError> error = call_compiler()) return *error;
    Result loaded = load(emitted.symbol);
    if (auto compiled = std::get_if<std::unique_ptr<CompiledCpp>>(&loaded))
      (*compiled)->milliseconds_ =
          std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
    return loaded;
  }

  std::optional<CompileError> call_compiler() {
    std::vector<std::string> words = compiler_words(options);
    const bool is_default = words == std::vector<std::string>{default_compiler};
    std::string compiler = words[0];
    for (const char* word : {"-std=c++17", "-shared", "-fPIC"}) words.push_back(word);
    words.push_back(options.optimisation);
    for (const std::string& flag : target_flags(module.target)) words.push_back(flag);
    words.insert(words.end(), options.more.begin(), options.more.end());
    for (const std::string& word : {std::string("-o"), directory.file("cell.so"), directory.file("cell.cpp")})
      words.push_back(word);
    Finished finished = run_program(words, directory.file("output"));
    if (finished.spawn_error != 0)
      return cannot("cannot start the C++ compiler `" + compiler + "`: " + error_text(finished.spawn_error) +
                    "; install one, or name it in the environment variable CXX");
    if (WIFEXITED(finished.status) && WEXITSTATUS(finished.status) == 0) return std::nullopt;
    std::string said = shortened(read_file(directory.file("output")));
    if (WIFEXITED(finished.status) && WEXITSTATUS(finished.status) == 127 && said.empty())
      return cannot("cannot start the C++ compiler `" + compiler + "`");
    if (said.find("xsimd/xsimd.hpp") != std::string::npos)
      return cannot("the C++ compiler `" + compiler + "` does not find xsimd (Debian: libxsimd-dev):\n" + said);
    if (WIFSIGNALED(finished.status))
      return cannot("the C++ compiler `" + compiler + "` was stopped by signal " +
                    std::to_string(WTERMSIG(finished.status)) + (said.empty() ? "" : ":\n" + said));
    // What a user's own words ask for may be what it refuses.
    return CompileError{"the C++ compiler `" + compiler + "` refused the emitted C++:\n" + said, !is_default};
  }

  Result load(const std::string& symbol) {
    std::unique_ptr<CompiledCpp> compiled(new CompiledCpp);
    compiled->library_ = ::dlopen(directory.file("cell.so").c_str(), RTLD_NOW | RTLD_LOCAL);
    if (compiled->library_ == nullptr) return cannot("cannot load the compiled C++: " + std::string(::dlerror()));
    using Get = const rnnc_model* (*)();
    Get get = reinterpret_cast<Get>(::dlsym(compiled->library_, symbol.c_str()));
    if (get == nullptr) return CompileError{"the compiled C++ has no `" + symbol + "`", false};
    compiled->model_ = get();
    return compiled;
  }
};

CompiledCpp::~CompiledCpp() {
  if (library_ != nullptr) ::dlclose(library_);
}

std::variant<std::unique_ptr<CompiledCpp>, CompileError> compile_cpp(const loop::Module& module,
                                                                     const CompileOptions& options) {
  CppCompiler compiler{module, options, {}};
  return compiler.compile();
}

}  // namespace rnnc::backend
