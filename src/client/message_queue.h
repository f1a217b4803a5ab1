#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace rocketmq::client {

/// One queue of a topic. Ordered by topic, broker name, queue id: the order in which every client of a
/// group must see the queues, or their allocations would not fit together.
/// Source: org.apache.rocketmq.common.message.MessageQueue#compareTo.
struct MessageQueue {
  std::string topic;  ///< As on the wire, with its namespace.
  std::string broker_name;
  std::int32_t queue_id = 0;

  friend bool operator==(const MessageQueue&, const MessageQueue&) = default;
  friend auto operator<=>(const MessageQueue&, const MessageQueue&) = default;
};

/// For messages to people: `topic@broker:queue_id`.
[[nodiscard]] inline std::string to_string(const MessageQueue& queue) {
  return queue.topic + '@' + queue.broker_name + ':' + std::to_string(queue.queue_id);
}

}  // namespace rocketmq::client
