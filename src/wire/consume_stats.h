#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "wire/field_list.h"
#include "wire/json_fields.h"
#include "wire/message_queue.h"

namespace rocketmq::wire {

/// Asks for a group's progress in all queues of one broker (208). Without a topic the broker tells those
/// topics in which the group has stored progress. With one it tells that topic, and 0 for queues without
/// progress. Source: GetConsumeStatsRequestHeader, AdminBrokerProcessor#getConsumeStats.
struct GetConsumeStatsRequest {
  std::string consumer_group;
  std::string topic;

  static void visit_fields(auto& self, auto& fields) {
    fields.required("consumerGroup", self.consumer_group).unless_empty("topic", self.topic);
  }
  [[nodiscard]] Command to_command() const { return encode_request(RequestCode::get_consume_stats, *this); }
  bool operator==(const GetConsumeStatsRequest&) const = default;
};

/// A group's progress in a queue. Source: OffsetWrapper.
struct QueueProgress {
  MessageQueue queue;
  std::int64_t consumer_offset = 0;  ///< Of a static topic -1 if there is none.
  std::int64_t broker_offset = 0;    ///< One past the last message of the queue.
  std::int64_t last_timestamp = 0;   ///< When the last message before consumer_offset was stored; 0: unknown.

  static void visit_fields(auto& self, auto& fields) {
    fields.optional("brokerOffset", self.broker_offset)
        .required("consumerOffset", self.consumer_offset)
        .optional("lastTimestamp", self.last_timestamp);
  }
  bool operator==(const QueueProgress&) const = default;
};

/// The body of the reply to 208. Source: ConsumeStats.
struct ConsumeStats {
  std::vector<QueueProgress> consumer_offsets;

  static void visit_fields(auto& self, auto& fields) {
    fields.table("offsetTable", self.consumer_offsets, &QueueProgress::queue);
  }
  [[nodiscard]] std::string encode_body() const { return encode_json(*this); }
  [[nodiscard]] static Errc decode_body(ByteView body, ConsumeStats& out) { return decode_json(body, out); }
  bool operator==(const ConsumeStats&) const = default;
};

}  // namespace rocketmq::wire
