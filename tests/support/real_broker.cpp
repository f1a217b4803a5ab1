#include "support/real_broker.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace rocketmq::test {
namespace {

/// Runs the script and gives its standard output; its words for people go to ours. The script bounds its own
/// time.
std::string run(const std::vector<std::string>& arguments) {
  std::vector<std::string> words{"python3", ROCKETMQ_BROKER_SCRIPT};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (auto& word : words)
    argv.push_back(word.data());
  argv.push_back(nullptr);

  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe for broker/rocketmq");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  pid_t pid = 0;
  const int problem = posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  std::string output;
  if (problem == 0) {
    std::array<char, 4096> buffer{};
    for (ssize_t got = 0; (got = read(ends[0], buffer.data(), buffer.size())) > 0;) {
      output.append(buffer.data(), static_cast<std::size_t>(got));
    }
  }
  close(ends[0]);
  int status = -1;
  if (problem == 0) waitpid(pid, &status, 0);
  if (problem != 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw std::runtime_error("broker/rocketmq " + arguments.front() + " failed: " + output);
  }
  return output;
}

}  // namespace

RealBroker::RealBroker(const Options& options) {
  std::string path = (std::filesystem::temp_directory_path() / "rocketmq-test-XXXXXX").string();
  if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("no directory " + path);
  directory_ = path;
  std::vector<std::string> arguments{"up",
                                     "--dir",
                                     directory_,
                                     "--brokers",
                                     std::to_string(options.brokers),
                                     "--namesrvs",
                                     std::to_string(options.name_servers)};
  arguments.insert(arguments.end(), options.extra.begin(), options.extra.end());
  try {
    const std::string output = run(arguments);
    const std::string key = "namesrv=";
    const auto begin = output.find(key);
    if (begin == std::string::npos)
      throw std::runtime_error("broker/rocketmq up printed no address: " + output);
    name_servers_ = output.substr(begin + key.size(), output.find('\n', begin) - begin - key.size());
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
    throw;
  }
}

RealBroker::~RealBroker() {
  try {
    run({"down", "--dir", directory_, "--purge"});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void RealBroker::create_topic(const std::string& topic, int queues) {
  run({"topic", "--dir", directory_, "--queues", std::to_string(queues), topic});
}

void RealBroker::kill(const std::string& member) {
  run({"kill", "--dir", directory_, member});
}

void RealBroker::restart(const std::string& member) {
  run({"restart", "--dir", directory_, member});
}

void RealBroker::pause(const std::string& member) {
  run({"pause", "--dir", directory_, member});
}

void RealBroker::resume(const std::string& member) {
  run({"resume", "--dir", directory_, member});
}

std::string RealBroker::admin(const std::vector<std::string>& arguments) {
  std::vector<std::string> all{"admin", "--dir", directory_, "--"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return run(all);
}

}  // namespace rocketmq::test
