#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/log_limiter.h"
#include "client/consumer/consumer_context.h"
#include "transport/loop_timer.h"

namespace rocketmq::client {

/// Finds out, again and again, which queues are this consumer's share: every 20 s and whenever `trigger` is
/// called. What cannot be found out changes nothing: a round is skipped rather than a queue dropped.
///
/// A broker that was restarted, or that lost its connections, hears of the members one after another: one
/// that belonged to the group before is counted for a while although the broker's list lacks it, so that
/// nobody takes queues which their owner still has. All functions: loop.
class Rebalancer {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds interval{20};
  /// However often it is triggered: rounds do not follow each other faster.
  static constexpr std::chrono::milliseconds shortest_interval{200};
  static constexpr std::chrono::milliseconds retry_interval{1000};
  static constexpr std::chrono::milliseconds request_timeout{3000};
  /// For a member that a list lacks: Java clients tell a broker of themselves every 30 s only, also after a
  /// reconnect.
  static constexpr std::chrono::seconds member_patience{35};
  /// A broker closes a connection that has been silent for 120 s.
  static constexpr std::chrono::seconds old_connection_patience{130};

  struct Share {
    std::string topic;
    std::vector<MessageQueue> queues;
    bool alone = true;              ///< No other member of the group is known.
    std::set<std::string> members;  ///< Of the group; empty when broadcasting.
  };
  using Assign = std::function<void(const Share&)>;

  /// `share_all`: every queue is ours (broadcasting).
  Rebalancer(ConsumerContext& context, bool share_all, Assign assign);

  void add_topic(const std::string& topic);
  void start();
  void trigger();
  void stop();

  /// A broker accepted our first heartbeat on a new connection: it may not know the other members yet.
  void on_new_connection(const std::string& address, TimePoint now = TimePoint::clock::now());

  /// The members to count with, given the list of the broker at `address`.
  [[nodiscard]] std::set<std::string> members_by(const std::string& address,
                                                 const std::vector<std::string>& list, TimePoint now);
  /// Whether members are counted that no list confirms.
  [[nodiscard]] bool expects_more() const noexcept { return !expected_.empty(); }

 private:
  struct Round;
  struct Expected {
    std::set<std::string> members;
    TimePoint until;
  };
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
  TimePoint last_run_{};
  std::set<std::string> members_;             // As of the last list.
  std::map<std::string, Expected> expected_;  // By the address of a broker that may not know all of them yet.
  std::optional<TimePoint> duplicate_since_;  // Another member has our clientId.
  std::optional<TimePoint> reconnected_at_;   // To some broker.
  LogLimiter limiter_;
  bool running_ = false;
  bool again_ = false;
  bool stopped_ = true;
};

}  // namespace rocketmq::client
