#include "support/real_broker.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "support/run_command.h"

namespace rocketmq::test {
namespace {

/// Runs the script and gives its standard output; its words for people go to ours. The script bounds its own
/// time.
std::string run(const std::vector<std::string>& arguments) {
  std::vector<std::string> words{"python3", ROCKETMQ_BROKER_SCRIPT};
  words.insert(words.end(), arguments.begin(), arguments.end());
  CommandResult result = run_command(std::move(words));
  if (result.exit_code != 0) {
    throw std::runtime_error("broker/rocketmq " + arguments.front() + " failed: " + result.output);
  }
  return std::move(result.output);
}

/// What follows `key` on its line; "" where it is not there.
std::string value_in(const std::string& output, const std::string& key) {
  const auto begin = output.find(key);
  if (begin == std::string::npos) return "";
  return output.substr(begin + key.size(), output.find('\n', begin) - begin - key.size());
}

}  // namespace

std::string RealBroker::version() {
  const char* chosen = std::getenv("ROCKETMQ_TEST_VERSION");
  return chosen == nullptr ? "" : chosen;
}

bool RealBroker::is_at_least(int major, int minor) {
  const std::string chosen = version();
  if (chosen.empty()) return true;
  int chosen_major = 0;
  int chosen_minor = 0;
  if (std::sscanf(chosen.c_str(), "%d.%d", &chosen_major, &chosen_minor) != 2) {
    throw std::runtime_error("ROCKETMQ_TEST_VERSION=" + chosen + " is no version such as 5.1.4");
  }
  return chosen_major > major || (chosen_major == major && chosen_minor >= minor);
}

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
  const bool has_version = std::find(arguments.begin(), arguments.end(), "--version") != arguments.end();
  if (!has_version && !version().empty()) {
    arguments.emplace_back("--version");
    arguments.push_back(version());
  }
  try {
    const std::string output = run(arguments);
    name_servers_ = value_in(output, "namesrv=");
    proxy_ = value_in(output, "proxy=");
    if (name_servers_.empty()) throw std::runtime_error("broker/rocketmq up printed no address: " + output);
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

void RealBroker::add(const std::string& member) {
  run({"add", "--dir", directory_, member});
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
  // The tool waits only 3 s for most answers, which a busy machine misses.
  constexpr int tries = 3;
  for (int left = tries - 1;; --left) {
    try {
      return run(all);
    } catch (const std::runtime_error&) {
      if (left == 0) throw;
    }
  }
}

std::string RealBroker::failing_admin(const std::vector<std::string>& arguments) {
  std::vector<std::string> words{
      "sh",    "-c",    "exec \"$@\" 2>&1", "sh", "python3", ROCKETMQ_BROKER_SCRIPT,
      "admin", "--dir", directory_,         "--"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  CommandResult result = run_command(std::move(words));
  if (result.exit_code == 0)
    throw std::runtime_error(arguments.front() + " has not failed: " + result.output);
  return std::move(result.output);
}

}  // namespace rocketmq::test
