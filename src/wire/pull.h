#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "wire/field_list.h"
#include "wire/response_code.h"

namespace rocketmq::wire {

/// Pulls messages of a queue (11). Source: PullMessageRequestHeader.
struct PullMessageRequest {
  std::string consumer_group;
  std::string topic;
  std::int32_t queue_id = 0;
  std::int64_t queue_offset = 0;  ///< The first offset wanted.
  std::int32_t max_msg_nums = 32;
  std::int32_t sys_flag = 0;       ///< Bits of `pull_flag`.
  std::int64_t commit_offset = 0;  ///< Stored only with pull_flag::commit_offset.
  /// How long the broker may hold the request; with pull_flag::suspend.
  std::int64_t suspend_timeout_millis = 0;
  std::int64_t sub_version = 0;             ///< SubscriptionData's version.
  std::optional<std::string> subscription;  ///< With pull_flag::subscription.
  std::string expression_type = "TAG";      ///< "TAG" or "SQL92"; empty: not sent.
  std::optional<std::int32_t> max_msg_bytes;
  std::string broker_name;

  static void visit_fields(auto& self, auto& fields) {
    fields.required("consumerGroup", self.consumer_group)
        .required("topic", self.topic)
        .required("queueId", self.queue_id)
        .required("queueOffset", self.queue_offset)
        .required("maxMsgNums", self.max_msg_nums)
        .required("sysFlag", self.sys_flag)
        .required("commitOffset", self.commit_offset)
        .required("suspendTimeoutMillis", self.suspend_timeout_millis)
        .optional("subscription", self.subscription)
        .required("subVersion", self.sub_version)
        .unless_empty("expressionType", self.expression_type)
        .optional("maxMsgBytes", self.max_msg_bytes)
        .unless_empty(broker_name_field, self.broker_name);
  }
  [[nodiscard]] Command to_command() const { return encode_request(RequestCode::pull_message, *this); }
  bool operator==(const PullMessageRequest&) const = default;
};

/// Whether a pull was answered with PullMessageReply's fields.
[[nodiscard]] constexpr bool is_pull_result(std::int32_t code) noexcept {
  return code == ResponseCode::success || code == ResponseCode::pull_not_found ||
         code == ResponseCode::pull_retry_immediately || code == ResponseCode::pull_offset_moved;
}

/// The reply to a pull that is_pull_result; the body holds stored messages (stored_message.h).
/// Source: PullMessageResponseHeader.
struct PullMessageReply {
  std::int64_t suggest_which_broker_id = 0;  ///< Where to pull next: master_broker_id or a slave's id.
  std::int64_t next_begin_offset = 0;
  std::int64_t min_offset = 0;
  std::int64_t max_offset = 0;    ///< One past the last message of the queue.
  std::int64_t offset_delta = 0;  ///< Static topics: to be added to the messages' offsets.

  // Brokers of older versions send the first four.
  static void visit_fields(auto& self, auto& fields) {
    fields.required("suggestWhichBrokerId", self.suggest_which_broker_id)
        .offset("nextBeginOffset", self.next_begin_offset)
        .offset("minOffset", self.min_offset)
        .offset("maxOffset", self.max_offset)
        .optional_offset("offsetDelta", self.offset_delta);
  }
  [[nodiscard]] Command to_command() const { return encode_reply(*this); }
  [[nodiscard]] static Errc decode(const Command& from, PullMessageReply& out) {
    return decode_fields(from, out);
  }
  bool operator==(const PullMessageReply&) const = default;
};

}  // namespace rocketmq::wire
