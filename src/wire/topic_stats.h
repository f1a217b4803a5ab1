#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "wire/field_list.h"
#include "wire/json_fields.h"
#include "wire/message_queue.h"

namespace rocketmq::wire {

/// Asks for the offsets of all queues that one broker has of a topic (202), as `mqadmin topicStatus` does.
/// Source: GetTopicStatsInfoRequestHeader.
struct GetTopicStatsInfoRequest {
  std::string topic;

  static void visit_fields(auto& self, auto& fields) { fields.required("topic", self.topic); }
  [[nodiscard]] Command to_command() const {
    return encode_request(RequestCode::get_topic_stats_info, *this);
  }
  bool operator==(const GetTopicStatsInfoRequest&) const = default;
};

/// The offsets of a queue. Source: TopicOffset.
struct QueueStats {
  MessageQueue queue;
  std::int64_t min_offset = 0;
  std::int64_t max_offset = 0;             ///< One past the last message.
  std::int64_t last_update_timestamp = 0;  ///< When the last message was stored; <= 0 if there is none.

  static void visit_fields(auto& self, auto& fields) {
    fields.required("lastUpdateTimestamp", self.last_update_timestamp)
        .offset("maxOffset", self.max_offset)
        .offset("minOffset", self.min_offset);
  }
  bool operator==(const QueueStats&) const = default;
};

/// The body of the reply to 202. Source: TopicStatsTable.
struct TopicStats {
  std::vector<QueueStats> queues;

  static void visit_fields(auto& self, auto& fields) {
    fields.table("offsetTable", self.queues, &QueueStats::queue);
  }
  [[nodiscard]] std::string encode_body() const { return encode_json(*this); }
  [[nodiscard]] static Errc decode_body(ByteView body, TopicStats& out) { return decode_json(body, out); }
  bool operator==(const TopicStats&) const = default;
};

}  // namespace rocketmq::wire
