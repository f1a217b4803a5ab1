#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "wire/field_list.h"
#include "wire/json_fields.h"
#include "wire/message_queue.h"

namespace rocketmq::wire {

/// A broker tells a consumer to start again at other offsets (220, one-way), or a client asks a broker to
/// move a group (222). Brokers that have useServerSideResetOffset know `queue_id` and `offset`; without it
/// they ignore both and move all queues. Reply to 222: ResetOffsetBody.
/// Source: ResetOffsetRequestHeader, AdminBrokerProcessor#resetOffset.
struct ResetOffsetRequest {
  std::string topic;
  std::string group;
  std::int64_t timestamp = 0;  ///< Milliseconds since the epoch; what the operator asked for.
  bool is_force = false;       ///< Also forwards.
  std::optional<std::int32_t> queue_id = std::nullopt;
  std::optional<std::int64_t> offset = std::nullopt;

  /// Of one queue, for a broker that knows `queue_id` and `offset`. It ignores the time then.
  [[nodiscard]] static ResetOffsetRequest of_queue(std::string group, const MessageQueue& queue,
                                                   std::int64_t offset) {
    return {.topic = queue.topic,
            .group = std::move(group),
            .timestamp = -1,
            .queue_id = queue.queue_id,
            .offset = offset};
  }

  static void visit_fields(auto& self, auto& fields) {
    fields.required("topic", self.topic)
        .required("group", self.group)
        .required("timestamp", self.timestamp)
        .optional("isForce", self.is_force)
        .optional("queueId", self.queue_id)
        .optional("offset", self.offset);
  }
  [[nodiscard]] Command to_command() const {
    return encode_one_way(RequestCode::reset_consumer_client_offset, *this);
  }
  [[nodiscard]] Command to_broker_command() const {
    return encode_request(RequestCode::invoke_broker_to_reset_offset, *this);
  }
  [[nodiscard]] static Errc decode(const Command& from, ResetOffsetRequest& out) {
    return decode_fields(from, out);
  }
  bool operator==(const ResetOffsetRequest&) const = default;
};

struct QueueOffset {
  MessageQueue queue;
  std::int64_t offset = 0;

  static void visit_fields(auto& self, auto& fields) {
    fields.required("brokerName", self.queue.broker_name)
        .offset("offset", self.offset)
        .required("queueId", self.queue.queue_id)
        .required("topic", self.queue.topic);
  }
  bool operator==(const QueueOffset&) const = default;
};

/// The body of 220. Brokers write it in two forms, by the language of the client: a map whose keys are
/// objects, and a list. Both are read. Source: ResetOffsetBody, ResetOffsetBodyForC.
struct ResetOffsetBody {
  std::vector<QueueOffset> offsets;

  static void visit_fields(auto& self, auto& fields) { fields.offset_table("offsetTable", self.offsets); }
  [[nodiscard]] std::string encode_body() const { return encode_json(*this); }
  [[nodiscard]] static Errc decode_body(ByteView body, ResetOffsetBody& out) {
    return decode_json(body, out);
  }
  bool operator==(const ResetOffsetBody&) const = default;
};

}  // namespace rocketmq::wire
