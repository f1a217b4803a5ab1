#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/errc.h"
#include "wire/json_value.h"
#include "wire/json_writer.h"

namespace rocketmq::wire {

/// One queue of a topic at one broker. The order (topic, brokerName, queueId) is the one that all members of
/// a group must share when they divide the queues.
/// Source: org.apache.rocketmq.common.message.MessageQueue.
struct MessageQueue {
  std::string topic;
  std::string broker_name;
  std::int32_t queue_id = 0;

  friend bool operator==(const MessageQueue&, const MessageQueue&) = default;
  friend auto operator<=>(const MessageQueue&, const MessageQueue&) = default;
};

/// `topic@brokerName:queueId`, for messages and logs.
[[nodiscard]] std::string to_string(const MessageQueue& queue);

/// Writes `{"brokerName":..,"queueId":..,"topic":..}`.
void write_json(JsonWriter& writer, const MessageQueue& queue);

/// Reads an object with those members. Errors: missing_field, bad_field.
[[nodiscard]] Errc read_message_queue(const JsonValue& value, MessageQueue& out);

/// Reads an array of them. null counts as empty.
[[nodiscard]] Errc read_message_queues(const JsonValue& value, std::vector<MessageQueue>& out);

}  // namespace rocketmq::wire

template <>
struct std::hash<rocketmq::wire::MessageQueue> {
  std::size_t operator()(const rocketmq::wire::MessageQueue& queue) const noexcept {
    std::size_t seed = std::hash<std::string>{}(queue.topic);
    seed = seed * 31 + std::hash<std::string>{}(queue.broker_name);
    return seed * 31 + static_cast<std::size_t>(static_cast<std::uint32_t>(queue.queue_id));
  }
};
