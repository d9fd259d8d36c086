#include "tests/bench/torch.h"

#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "runtime/safetensors.h"

namespace rnnc::bench {
namespace {

using nlohmann::json;

// Starts `python rivals_torch.py threads` with the socket as its input and output. Throws std::runtime_error.
int start(const std::string& python, int threads, int socket) {
  std::string words[] = {python, std::string(RNNC_SOURCE_DIR) + "/tests/bench/rivals_torch.py",
                         std::to_string(threads)};
  char* arguments[] = {words[0].data(), words[1].data(), words[2].data(), nullptr};
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, socket, 0);
  posix_spawn_file_actions_adddup2(&files, socket, 1);
  pid_t process = -1;
  const int error = ::posix_spawnp(&process, arguments[0], &files, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&files);
  if (error != 0) throw std::runtime_error("cannot start `" + python + "`");
  return process;
}

}  // namespace

Torch::Torch(const std::string& python, int threads) {
  std::string pattern = (std::filesystem::temp_directory_path() / "rnnc_bench_XXXXXX").string();
  if (!::mkdtemp(pattern.data())) throw std::runtime_error("no directory for PyTorch's files");
  directory_ = pattern;
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) throw std::runtime_error("no socket");
  socket_ = ends[0];
  try {
    process_ = start(python, threads, ends[1]);
    ::close(ends[1]);
    version_ = json::parse(ask("{\"do\": \"version\"}")).at("version");
  } catch (const std::exception&) {
    stop();
    throw;
  }
}

Torch::~Torch() { stop(); }

void Torch::stop() {
  ::close(socket_);  // the script ends with its input
  if (process_ > 0) ::waitpid(process_, nullptr, 0);
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

std::string Torch::ask(const std::string& question) {
  const std::string line = question + "\n";
  for (std::size_t sent = 0; sent < line.size();) {
    const ssize_t count = ::send(socket_, line.data() + sent, line.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) throw std::runtime_error("rivals_torch.py has ended");
    sent += static_cast<std::size_t>(count);
  }
  std::string answer;
  for (char letter; ::recv(socket_, &letter, 1, 0) == 1;) {
    if (letter != '\n') {
      answer += letter;
      continue;
    }
    const json parsed = json::parse(answer);
    if (parsed.contains("error")) throw std::runtime_error("rivals_torch.py: " + parsed["error"].get<std::string>());
    return answer;
  }
  throw std::runtime_error("rivals_torch.py has ended");
}

void Torch::begin(const Row& row, const Tensors& given) {
  const std::string path = directory_ + "/case.safetensors";
  const runtime::Status written = runtime::write_safetensors(path, {given, {}});
  if (!written.ok()) throw std::runtime_error(written.message());
  ask(json{{"do", "begin"}, {"cell", row.cell->entry}, {"mode", name_of(row.mode)}, {"case", path}}.dump());
}

Torch::Prepared Torch::prepare(const std::string& rival) {
  const std::string path = directory_ + "/results.safetensors";
  const json answer = json::parse(ask(json{{"do", "prepare"}, {"rival", rival}, {"results", path}}.dump()));
  Prepared prepared;
  prepared.absent = answer.value("absent", "");
  if (!prepared.absent.empty()) return prepared;
  prepared.compile_milliseconds = answer.at("compile_ms");
  auto results = runtime::read_safetensors(path);
  if (!results.ok()) throw std::runtime_error(results.message());
  prepared.results = std::move(results->tensors);
  return prepared;
}

double Torch::seconds_per_run(const std::string& rival, double seconds) {
  return json::parse(ask(json{{"do", "measure"}, {"rival", rival}, {"seconds", seconds}}.dump())).at("seconds");
}

}  // namespace rnnc::bench
