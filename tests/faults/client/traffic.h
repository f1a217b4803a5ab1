#pragma once

#include <chrono>
#include <map>
#include <string>

namespace rocketmq::faults {

/// The plugin's own, for producers and jobs.
inline constexpr std::chrono::seconds close_deadline{3};

/// The words `key=value` of a command line.
class Options {
 public:
  Options(int count, char** words);

  [[nodiscard]] std::string text(const std::string& key) const;  ///< Empty where it is not given.
  [[nodiscard]] int number(const std::string& key, int otherwise) const;

 private:
  std::map<std::string, std::string> values_;
};

/// Sends numbered messages until SIGTERM: threads that send one message at a time, and threads that send
/// vectors. An event `send BEGIN END THREAD FIRST COUNT OUTCOME TEXT` for every range of a send.
void send_traffic(const Options& options);

/// Receives as a member of a group until SIGTERM. An event `receive AT QUEUE OFFSET BODY RECONSUMED FAILED`
/// for every message, written before it is acknowledged.
void receive_traffic(const Options& options);

}  // namespace rocketmq::faults
