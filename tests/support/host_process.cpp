#include "support/host_process.h"

#include <fcntl.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill is POSIX
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <vector>

#include "support/sanitizer_cost.h"

namespace rocketmq::test {
namespace {

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

HostProcess::HostProcess(const std::string& program, const std::string& name_servers,
                         const std::string& script, const std::vector<std::string>& arguments) {
  std::string path = (std::filesystem::temp_directory_path() / "host-process-XXXXXX").string();
  if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("no directory " + path);
  directory_ = path;
  const std::string script_path = directory_ + "/script.dos";
  const std::string output_path = directory_ + "/output";
  std::ofstream(script_path) << script;

  // What plugins keep in the home directory goes away with the test.
  std::vector<std::string> variables{"ROCKETMQ_NAMESRV=" + name_servers, "XDG_STATE_HOME=" + directory_};
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string text = *variable;
    if (!text.starts_with("ROCKETMQ_NAMESRV=") && !text.starts_with("XDG_STATE_HOME="))
      variables.push_back(text);
  }
  std::vector<char*> environment;
  for (std::string& variable : variables)
    environment.push_back(variable.data());
  environment.push_back(nullptr);
  std::vector<std::string> texts{program, script_path};
  texts.insert(texts.end(), arguments.begin(), arguments.end());
  std::vector<char*> words;
  for (std::string& text : texts)
    words.push_back(text.data());
  words.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output_path.c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0600);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  // Ctrl-C works, also if these tests run in the background, where a shell has it ignored.
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGINT);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  const int error = posix_spawn(&pid_, words[0], &actions, &attributes, words.data(), environment.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error == 0) return;
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
  throw std::runtime_error("cannot start " + program);
}

HostProcess::~HostProcess() {
  kill();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

std::string HostProcess::output() const {
  return text_of(directory_ + "/output");
}

bool HostProcess::says(const std::string& text, std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience * time_factor;
  while (output().find(text) == std::string::npos) {
    if (!running() || std::chrono::steady_clock::now() > deadline) {
      return output().find(text) != std::string::npos;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

bool HostProcess::running() {
  if (ended_) return false;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return true;
  ended_ = true;
  if (WIFEXITED(status)) exit_code_ = WEXITSTATUS(status);
  return false;
}

void HostProcess::interrupt() const {
  ::kill(pid_, SIGINT);
}

void HostProcess::kill() {
  if (!running()) return;
  ::kill(pid_, SIGKILL);
  int status = 0;
  waitpid(pid_, &status, 0);
  ended_ = true;
}

int HostProcess::wait(std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience * time_factor;
  while (running() && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  return exit_code_;
}

std::size_t HostProcess::threads(const std::string& name) const {
  std::size_t count = 0;
  std::error_code error;
  for (const auto& task :
       std::filesystem::directory_iterator("/proc/" + std::to_string(pid_) + "/task", error)) {
    std::string comm = text_of(task.path() / "comm");
    if (comm.ends_with('\n')) comm.pop_back();
    if (name.empty() || comm == name) ++count;
  }
  return count;
}

std::size_t HostProcess::resident_kib() const {
  return status_kib("VmRSS:");
}

std::size_t HostProcess::peak_resident_kib() const {
  return status_kib("VmHWM:");
}

std::size_t HostProcess::status_kib(const std::string& key) const {
  std::istringstream status(text_of("/proc/" + std::to_string(pid_) + "/status"));
  for (std::string word; status >> word;) {
    if (word != key) continue;
    std::size_t value = 0;
    status >> value;
    return value;
  }
  return 0;
}

}  // namespace rocketmq::test
