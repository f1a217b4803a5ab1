#include "integration/child_consumer.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "integration/consumer_fixture.h"

namespace rocketmq::test {

ChildConsumer::ChildConsumer(const std::map<std::string, std::string>& options, const std::string& program) {
  output_ = (std::filesystem::temp_directory_path() / "child-consumer-XXXXXX").string();
  const int file = ::mkstemp(output_.data());
  if (file < 0) throw std::runtime_error("no temporary file for a child's output");
  ::close(file);
  std::vector<std::string> words{program};
  for (const auto& [key, value] : options)
    words.push_back(key + '=' + value);
  std::vector<char*> arguments;
  for (std::string& word : words)
    arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions{};
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output_.c_str(), O_WRONLY | O_APPEND, 0);
  const int error = ::posix_spawn(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error(program + " cannot be started");
}

ChildConsumer::~ChildConsumer() {
  kill();
  std::error_code ignored;
  std::filesystem::remove(output_, ignored);
}

bool ChildConsumer::wait_started() const {
  return eventually([&] { return !lines("started").empty() || !lines("failed").empty(); }) &&
         lines("failed").empty();
}

void ChildConsumer::kill() {
  if (pid_ > 0) ::kill(pid_, SIGKILL);
  wait();
}

bool ChildConsumer::leave() {
  if (pid_ > 0) ::kill(pid_, SIGTERM);
  wait();
  return !lines("ended").empty();
}

bool ChildConsumer::wait_end() {
  return eventually([this] {
    if (pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = -1;
    return pid_ < 0;
  });
}

void ChildConsumer::wait() {
  if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

std::vector<std::string> ChildConsumer::lines(const std::string& kind) const {
  std::vector<std::string> found;
  std::ifstream file(output_);
  // The last line may not be complete yet.
  for (std::string line; std::getline(file, line) && !file.eof();) {
    if (line.starts_with(kind + '\t')) found.push_back(line.substr(kind.size() + 1));
  }
  return found;
}

}  // namespace rocketmq::test
