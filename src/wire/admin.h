#pragma once

#include <cstdint>
#include <string>

#include "base/errc.h"
#include "wire/command.h"
#include "wire/send.h"

namespace rocketmq::wire {

/// Creates or changes a topic at one broker (17). Source: CreateTopicRequestHeader.
struct UpdateAndCreateTopicRequest {
  std::string topic;
  std::string default_topic = auto_create_topic;
  std::int32_t read_queue_nums = 8;
  std::int32_t write_queue_nums = 8;
  std::int32_t perm = 6;                         ///< Bits of `permission` in sys_flag.h.
  std::string topic_filter_type = "SINGLE_TAG";  ///< or MULTI_TAG
  std::int32_t topic_sys_flag = 0;
  bool order = false;
  std::string attributes;  ///< e.g. "+message.type=NORMAL"; empty: not sent.

  [[nodiscard]] Command to_command() const;
  [[nodiscard]] static Errc decode(const Command& command, UpdateAndCreateTopicRequest& out);
  friend bool operator==(const UpdateAndCreateTopicRequest&, const UpdateAndCreateTopicRequest&) = default;
};

/// Asks for one message by its place in the commit log (33); the reply's body is a stored message.
/// Source: ViewMessageRequestHeader.
struct ViewMessageRequest {
  std::int64_t offset = 0;  ///< Commit-log offset, e.g. of an offsetMsgId.
  std::string topic;        ///< Empty: not sent.

  [[nodiscard]] Command to_command() const;
  [[nodiscard]] static Errc decode(const Command& command, ViewMessageRequest& out);
  friend bool operator==(const ViewMessageRequest&, const ViewMessageRequest&) = default;
};

}  // namespace rocketmq::wire
