#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/log_limiter.h"
#include "client/consumer/consumer_context.h"
#include "client/consumer/group_members.h"
#include "transport/loop_timer.h"

namespace rocketmq::client {

/// Finds out, again and again, which queues are this consumer's share: every 20 s and whenever `trigger` is
/// called. What cannot be found out changes nothing: a round is skipped rather than a queue dropped. All
/// functions: loop.
class Rebalancer {
 public:
  static constexpr std::chrono::seconds interval{20};
  /// However often it is triggered: rounds do not follow each other faster.
  static constexpr std::chrono::milliseconds shortest_interval{200};
  static constexpr std::chrono::milliseconds retry_interval{1000};
  static constexpr std::chrono::milliseconds request_timeout{3000};

  struct Share {
    std::string topic;
    std::vector<MessageQueue> queues;
    bool alone = true;  ///< No other member of the group is known.
  };
  using Assign = std::function<void(const Share&)>;

  /// `share_all`: every queue is ours (broadcasting).
  Rebalancer(ConsumerContext& context, bool share_all, Assign assign);

  void add_topic(const std::string& topic);
  void start();
  void trigger();
  void stop();

  /// A broker accepted our first heartbeat on a new connection: it may not know the other members yet.
  void on_new_connection(const std::string& address);

 private:
  struct Round;
  using RoundPtr = std::shared_ptr<Round>;
  void run();
  void run_topic(const RoundPtr& round, const std::string& topic);
  /// `last`: why the broker before these could not say, if there was one.
  void ask(const RoundPtr& round, const std::string& topic, std::vector<std::string> addresses,
           const Failure& last);
  void allocate(const std::string& topic, const std::string& address, std::vector<std::string> client_ids,
                Round& round);
  void end_topic(const RoundPtr& round);
  [[nodiscard]] std::vector<std::string> brokers_of(const std::string& topic) const;
  [[nodiscard]] bool find_duplicate_client_id(const std::vector<std::string>& client_ids);
  void note_trouble(const std::string& topic, const std::string& cause, Troubles::Kind kind);
  void log(LogLevel level, const std::string& what);

  ConsumerContext& context_;
  const bool share_all_;
  Assign assign_;
  std::vector<std::string> topics_;
  transport::LoopTimer timer_;
  std::chrono::steady_clock::time_point last_run_{};
  GroupMembers members_;
  std::optional<std::chrono::steady_clock::time_point> duplicate_since_;  // Another member has our clientId.
  LogLimiter limiter_;
  bool running_ = false;
  bool again_ = false;
  bool stopped_ = true;
};

}  // namespace rocketmq::client
