#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

namespace rocketmq::test {

/// A consumer in a process of its own: consumer_process.cpp, or another program that is used in the same way.
/// Its output goes to a file, so that it never waits for us. The destructor kills it.
class ChildConsumer {
 public:
  /// Options: namesrv, group, topic, from (first, last), instance, offsets (a directory: broadcasting).
  /// Returns at once; see wait_started.
  explicit ChildConsumer(const std::map<std::string, std::string>& options,
                         const std::string& program = ROCKETMQ_CONSUMER_PROCESS);
  ~ChildConsumer();
  ChildConsumer(const ChildConsumer&) = delete;
  ChildConsumer& operator=(const ChildConsumer&) = delete;

  /// Until its consumer receives, or it has failed; false at the end of patience.
  [[nodiscard]] bool wait_started() const;
  void kill();                 ///< SIGKILL, and waits for its end.
  [[nodiscard]] bool leave();  ///< SIGTERM, and waits; whether it closed properly.
  /// Waits until it has ended or was killed by itself; false at the end of patience.
  [[nodiscard]] bool wait_end();

  /// What it wrote of a kind so far: "message", "log", "started", "failed", "ended".
  [[nodiscard]] std::vector<std::string> lines(const std::string& kind) const;
  [[nodiscard]] std::vector<std::string> messages() const { return lines("message"); }

 private:
  void wait();

  std::string output_;
  pid_t pid_ = -1;
};

}  // namespace rocketmq::test
