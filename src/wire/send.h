#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "wire/field_list.h"

namespace rocketmq::wire {

/// The topic whose route new topics are made after. Source: TopicValidator.AUTO_CREATE_TOPIC_KEY_TOPIC.
inline constexpr const char* auto_create_topic = "TBW102";

/// Sends one message (310), or with `batch` several as the items of batch.h (320). The body of the request is
/// the message's body. Source: SendMessageRequestHeaderV2, whose fields have one letter each.
struct SendMessageRequest {
  std::string producer_group;
  std::string topic;
  std::string default_topic = auto_create_topic;
  std::int32_t default_topic_queue_nums = 4;
  std::int32_t queue_id = 0;        ///< < 0 lets the broker choose.
  std::int32_t sys_flag = 0;        ///< Bits of `message_flag`; of a batch it holds for every message.
  std::int64_t born_timestamp = 0;  ///< Milliseconds since the epoch.
  std::int32_t flag = 0;            ///< The user's own flag.
  std::string properties;           ///< As properties.h writes them; empty for a batch.
  std::int32_t reconsume_times = 0;
  bool unit_mode = false;
  std::optional<std::int32_t> max_reconsume_times;
  bool batch = false;
  std::string broker_name;

  static void visit_fields(auto& self, auto& fields) {
    fields.required("a", self.producer_group)
        .required("b", self.topic)
        .required("c", self.default_topic)
        .required("d", self.default_topic_queue_nums)
        .required("e", self.queue_id)
        .required("f", self.sys_flag)
        .required("g", self.born_timestamp)
        .required("h", self.flag)
        .unless_empty("i", self.properties)
        .optional("j", self.reconsume_times)
        .optional("k", self.unit_mode)
        .optional("l", self.max_reconsume_times)
        .optional("m", self.batch)
        .unless_empty("n", self.broker_name);
  }
  [[nodiscard]] Command to_command() const {
    return encode_request(batch ? RequestCode::send_batch_message : RequestCode::send_message_v2, *this);
  }
  bool operator==(const SendMessageRequest&) const = default;
};

}  // namespace rocketmq::wire
