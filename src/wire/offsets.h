#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "wire/field_list.h"

namespace rocketmq::wire {

/// Asks for a group's progress in a queue (14). Reply: OffsetReply. Only 22 QUERY_NOT_FOUND means that there
/// is none. After every other failure the client must ask again.
/// Source: QueryConsumerOffsetRequestHeader.
struct QueryConsumerOffsetRequest {
  std::string consumer_group;
  std::string topic;
  std::int32_t queue_id = 0;
  /// false keeps the broker from answering 0 for a young queue without progress.
  std::optional<bool> set_zero_if_not_found;
  std::string broker_name;

  static void visit_fields(auto& self, auto& fields) {
    fields.required("topic", self.topic)
        .required("queueId", self.queue_id)
        .unless_empty(broker_name_field, self.broker_name)
        .required("consumerGroup", self.consumer_group)
        .optional("setZeroIfNotFound", self.set_zero_if_not_found);
  }
  [[nodiscard]] Command to_command() const {
    return encode_request(RequestCode::query_consumer_offset, *this);
  }
  bool operator==(const QueryConsumerOffsetRequest&) const = default;
};

/// Stores a group's progress in a queue (15). The broker accepts a smaller offset too, so updates of one
/// queue must not overtake each other. Source: UpdateConsumerOffsetRequestHeader.
struct UpdateConsumerOffsetRequest {
  std::string consumer_group;
  std::string topic;
  std::int32_t queue_id = 0;
  std::int64_t commit_offset = 0;  ///< The first offset that is not done.
  std::string broker_name;

  static void visit_fields(auto& self, auto& fields) {
    fields.required("topic", self.topic)
        .required("queueId", self.queue_id)
        .unless_empty(broker_name_field, self.broker_name)
        .required("consumerGroup", self.consumer_group)
        .required("commitOffset", self.commit_offset);
  }
  [[nodiscard]] Command to_command() const {
    return encode_request(RequestCode::update_consumer_offset, *this);
  }
  bool operator==(const UpdateConsumerOffsetRequest&) const = default;
};

/// Asks for the first message of a queue that was stored at a time or later (29). Reply: OffsetReply. Brokers
/// before 5.1 answer with the message that is nearest to the time. Source: SearchOffsetRequestHeader.
struct SearchOffsetRequest {
  std::string topic;
  std::int32_t queue_id = 0;
  std::int64_t timestamp = 0;  ///< Milliseconds since the epoch, by the broker's clock.
  std::string broker_name;

  static void visit_fields(auto& self, auto& fields) {
    fields.required("topic", self.topic)
        .required("queueId", self.queue_id)
        .unless_empty(broker_name_field, self.broker_name)
        .required("timestamp", self.timestamp);
  }
  [[nodiscard]] Command to_command() const {
    return encode_request(RequestCode::search_offset_by_timestamp, *this);
  }
  bool operator==(const SearchOffsetRequest&) const = default;
};

/// Asks for one past the last message of a queue (30). Reply: OffsetReply. Source: GetMaxOffsetRequestHeader.
struct GetMaxOffsetRequest {
  std::string topic;
  std::int32_t queue_id = 0;
  bool committed = true;
  std::string broker_name;

  static void visit_fields(auto& self, auto& fields) {
    fields.required("topic", self.topic)
        .required("queueId", self.queue_id)
        .unless_empty(broker_name_field, self.broker_name)
        .optional("committed", self.committed);
  }
  [[nodiscard]] Command to_command() const { return encode_request(RequestCode::get_max_offset, *this); }
  bool operator==(const GetMaxOffsetRequest&) const = default;
};

/// Asks for something of a queue that needs no more than its name.
template <RequestCode code>
struct QueueRequest {
  std::string topic;
  std::int32_t queue_id = 0;
  std::string broker_name;

  static void visit_fields(auto& self, auto& fields) {
    fields.required("topic", self.topic)
        .required("queueId", self.queue_id)
        .unless_empty(broker_name_field, self.broker_name);
  }
  [[nodiscard]] Command to_command() const { return encode_request(code, *this); }
  bool operator==(const QueueRequest&) const = default;
};

/// The first stored message of a queue (31). Reply: OffsetReply. Source: GetMinOffsetRequestHeader.
using GetMinOffsetRequest = QueueRequest<RequestCode::get_min_offset>;

/// When the first stored message of a queue was stored (32). Reply: TimestampReply.
/// Source: GetEarliestMsgStoretimeRequestHeader.
using GetEarliestStoreTimeRequest = QueueRequest<RequestCode::get_earliest_msg_store_time>;

/// The reply to 14, 29, 30 and 31.
struct OffsetReply {
  std::int64_t offset = 0;

  static void visit_fields(auto& self, auto& fields) { fields.offset("offset", self.offset); }
  [[nodiscard]] Command to_command() const { return encode_reply(*this); }
  [[nodiscard]] static Errc decode(const Command& from, OffsetReply& out) { return decode_fields(from, out); }
  bool operator==(const OffsetReply&) const = default;
};

/// The reply to 32.
struct TimestampReply {
  std::int64_t timestamp = 0;  ///< Milliseconds since the epoch; < 0 if the queue is empty.

  static void visit_fields(auto& self, auto& fields) { fields.required("timestamp", self.timestamp); }
  [[nodiscard]] Command to_command() const { return encode_reply(*this); }
  [[nodiscard]] static Errc decode(const Command& from, TimestampReply& out) {
    return decode_fields(from, out);
  }
  bool operator==(const TimestampReply&) const = default;
};

}  // namespace rocketmq::wire
