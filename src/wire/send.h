#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/errc.h"
#include "wire/command.h"

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
  std::string broker_name;  ///< Field n.

  [[nodiscard]] Command to_command() const;
  [[nodiscard]] static Errc decode(const Command& command, SendMessageRequest& out);
  friend bool operator==(const SendMessageRequest&, const SendMessageRequest&) = default;
};

/// The reply to a send that was stored: codes 0, 10, 11 and 12. Source: SendMessageResponseHeader.
struct SendMessageReply {
  std::string msg_id;  ///< offsetMsgId; of a batch one a message, separated by ','.
  std::int32_t queue_id = 0;
  std::int64_t queue_offset = 0;  ///< Of the first message.
  std::string transaction_id;
  std::string batch_uniq_id;
  std::string recall_handle;
  std::string region;    ///< MSG_REGION
  bool trace_on = true;  ///< TRACE_ON

  [[nodiscard]] Command to_command() const;
  [[nodiscard]] static Errc decode(const Command& command, SendMessageReply& out);
  friend bool operator==(const SendMessageReply&, const SendMessageReply&) = default;
};

}  // namespace rocketmq::wire
