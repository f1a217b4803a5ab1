#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace rocketmq::wire {

/// One queue of a topic at one broker. The order (topic, brokerName, queueId) is the one that all members of
/// a group must share when they divide the queues.
/// Source: org.apache.rocketmq.common.message.MessageQueue.
struct MessageQueue {
  std::string topic;
  std::string broker_name;
  std::int32_t queue_id = 0;

  static void visit_fields(auto& self, auto& fields) {
    fields.required("brokerName", self.broker_name)
        .required("queueId", self.queue_id)
        .required("topic", self.topic);
  }
  friend bool operator==(const MessageQueue&, const MessageQueue&) = default;
  friend auto operator<=>(const MessageQueue&, const MessageQueue&) = default;
};

/// `topic@brokerName:queueId`, for messages and logs.
[[nodiscard]] std::string to_string(const MessageQueue& queue);

}  // namespace rocketmq::wire

template <>
struct std::hash<rocketmq::wire::MessageQueue> {
  std::size_t operator()(const rocketmq::wire::MessageQueue& queue) const noexcept {
    std::size_t seed = std::hash<std::string>{}(queue.topic);
    seed = seed * 31 + std::hash<std::string>{}(queue.broker_name);
    return seed * 31 + static_cast<std::size_t>(static_cast<std::uint32_t>(queue.queue_id));
  }
};
