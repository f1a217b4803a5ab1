#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace rocketmq::test {

/// The host as a process of its own that runs a script with the plugin: for what a process shows from
/// outside, its threads and its memory, and for ending it at once. One thread at a time.
class HostProcess {
 public:
  /// `program` is ddbhost, or takes a script as it does and after it `arguments`. The script finds the name
  /// servers in the environment, as ROCKETMQ_NAMESRV. Throws std::runtime_error where the process cannot be
  /// started.
  HostProcess(const std::string& program, const std::string& name_servers, const std::string& script,
              const std::vector<std::string>& arguments = {});
  ~HostProcess();  ///< Ends the process at once, if it still runs.
  HostProcess(const HostProcess&) = delete;
  HostProcess& operator=(const HostProcess&) = delete;

  /// Everything that it wrote to its standard output and error so far.
  [[nodiscard]] std::string output() const;
  /// Waits for a text in the output; false where it does not come, or the process ends before.
  [[nodiscard]] bool says(const std::string& text, std::chrono::milliseconds patience);

  void interrupt() const;  ///< SIGINT, as Ctrl-C sends it.
  void kill();             ///< SIGKILL; returns when it is gone.
  /// Its exit code; -1 where it did not end by itself in time.
  [[nodiscard]] int wait(std::chrono::milliseconds patience);

  /// How many threads it has; only those of this name, where one is given.
  [[nodiscard]] std::size_t threads(const std::string& name = "") const;
  [[nodiscard]] std::size_t resident_kib() const;
  [[nodiscard]] std::size_t peak_resident_kib() const;

 private:
  [[nodiscard]] bool running();
  [[nodiscard]] std::size_t status_kib(const std::string& key) const;

  std::string directory_;
  pid_t pid_ = -1;
  bool ended_ = false;
  int exit_code_ = -1;
};

}  // namespace rocketmq::test
