#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/log_limiter.h"
#include "client/consumer/assigned_queues.h"
#include "client/consumer/offset_store.h"
#include "client/consumer/subscribed_topic.h"
#include "client/consumer/troubles.h"
#include "client/core/access_refusal.h"
#include "client/core/client_core.h"
#include "client/core/route_table.h"
#include "rocketmq/consumer.h"

namespace rocketmq::client {

class StartOffsets;

/// What the parts of one consumer share. Lives as long as its core.
struct ConsumerContext {
  std::shared_ptr<ClientCore> core;
  std::shared_ptr<AssignedQueues> queues;
  std::unique_ptr<OffsetStore> store;
  std::string group;  ///< On the wire.
  /// Brokers know its subscriptions by heartbeats; otherwise each pull carries its own.
  bool is_member = true;
  std::vector<SubscribedTopic> topics;    ///< In the user's order, the retry topic last.
  std::string retry_topic;                ///< On the wire; empty when broadcasting, which knows no retry.
  StartOffsets* start_offsets = nullptr;  ///< Null if the user does not say where queues start. Loop.
  std::int64_t start_time_ms = 0;         ///< Of queues that begin by StartFrom::time.
  std::function<void(const ConsumerNotice&)> on_notice;  ///< May be empty; see notify().

  Troubles troubles;    ///< What keeps it from receiving. Loop.
  LogLimiter failures;  ///< Of note_failure.
  /// By broker name: of what many queues meet at the same broker, such as that it is away. Loop.
  std::map<std::string, LogLimiter> broker_limiters;

  /// Null if it is not subscribed to.
  [[nodiscard]] const SubscribedTopic* find_topic(const std::string& name) const {
    const auto found = std::find_if(topics.begin(), topics.end(),
                                    [&name](const SubscribedTopic& topic) { return topic.name() == name; });
    return found == topics.end() ? nullptr : &*found;
  }
  /// The address of the master that has the queue; null if it is not known. Good until the route changes.
  /// Loop.
  [[nodiscard]] const std::string* master_of(const MessageQueue& queue) const {
    const RoutePtr route = core->routes().cached(queue.topic);
    return route == nullptr ? nullptr : route->master_address(route->holder(queue));
  }
  /// The topics without the retry topic.
  [[nodiscard]] std::span<const SubscribedTopic> user_topics() const {
    return std::span(topics).first(topics.size() - (retry_topic.empty() ? 0 : 1));
  }

  /// `subject` cannot be received from, because of `cause`. Whether that was told; see Troubles. Loop.
  [[nodiscard]] bool note_trouble(const std::string& subject, const std::string& cause, Troubles::Kind kind) {
    if (!troubles.add(subject, cause, kind, std::chrono::steady_clock::now())) return false;
    notify({0, subject + ": " + cause});
    return true;
  }

  /// The same for a failure; what is not told is logged, unless it repeats. Loop.
  void note_failure(const std::string& subject, const Failure& failure) {
    const auto kind = is_access_refusal(failure) ? Troubles::Kind::lasting : Troubles::Kind::may_pass;
    const std::string cause = to_string(failure);
    if (note_trouble(subject, cause, kind)) return;
    (void)core->log_limited(failures, LogLevel::warning,
                            "consumer of group '" + group + "': " + subject + ": " + cause);
  }

  /// A warning about one queue, unless `limiter` leaves it out. Loop.
  void warn(LogLimiter& limiter, const MessageQueue& queue, const std::string& what) const {
    (void)core->log_limited(limiter, LogLevel::warning,
                            "consumer of group '" + group + "', " + to_string(queue) + ": " + what);
  }

  /// Writes an ERROR line and tells the consumer's user the same. From any thread.
  void notify(const ConsumerNotice& notice) const {
    core->log(LogLevel::error, "consumer of group '" + group + "': " + notice.text);
    if (on_notice) on_notice(notice);
  }
};

}  // namespace rocketmq::client
