#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "client/consumer/consume_counts.h"
#include "wire/subscription.h"

namespace rocketmq::client {

/// A topic that a consumer receives from: one that its user named, or its group's retry topic.
struct SubscribedTopic {
  std::shared_ptr<const wire::SubscriptionData> subscription;  ///< Its topic is the name on the wire.
  /// What was achieved in it since the start. Guarded by the mutex of the AssignedQueues.
  std::shared_ptr<ConsumeCounts> counts = std::make_shared<ConsumeCounts>();

  [[nodiscard]] const std::string& name() const noexcept { return subscription->topic; }
};

[[nodiscard]] inline SubscribedTopic subscribe(wire::SubscriptionData subscription) {
  return {std::make_shared<const wire::SubscriptionData>(std::move(subscription))};
}

/// Everything of the retry topic: what failed once was wanted already.
[[nodiscard]] inline SubscribedTopic subscribe_to_retries(const std::string& retry_topic,
                                                          std::int64_t version) {
  wire::SubscriptionData everything;
  everything.topic = retry_topic;
  everything.sub_version = version;
  return subscribe(std::move(everything));
}

/// "topic 'a'", or "topics 'a', 'b'".
[[nodiscard]] inline std::string names_of(std::span<const SubscribedTopic> topics) {
  std::string text;
  for (const SubscribedTopic& topic : topics)
    text += (text.empty() ? (topics.size() > 1 ? "topics '" : "topic '") : ", '") + topic.name() + "'";
  return text;
}

}  // namespace rocketmq::client
