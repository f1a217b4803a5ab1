#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/errc.h"
#include "wire/command.h"

namespace rocketmq::wire {

/// Pulls messages of a queue (11, or 361 with `lite`). Source: PullMessageRequestHeader.
struct PullMessageRequest {
  std::string consumer_group;
  std::string topic;
  std::int32_t queue_id = 0;
  std::int64_t queue_offset = 0;  ///< The first offset wanted.
  std::int32_t max_msg_nums = 32;
  std::int32_t sys_flag = 0;       ///< Bits of `pull_flag`.
  std::int64_t commit_offset = 0;  ///< Stored only with pull_flag::commit_offset.
  std::int64_t suspend_timeout_millis =
      0;                         ///< How long the broker may hold the request; with pull_flag::suspend.
  std::int64_t sub_version = 0;  ///< SubscriptionData's version.
  std::optional<std::string> subscription;  ///< With pull_flag::subscription.
  std::string expression_type = "TAG";      ///< "TAG" or "SQL92"; empty: not sent.
  std::optional<std::int32_t> max_msg_bytes;
  bool lite = false;
  std::string broker_name;

  [[nodiscard]] Command to_command() const;
  [[nodiscard]] static Errc decode(const Command& command, PullMessageRequest& out);
  friend bool operator==(const PullMessageRequest&, const PullMessageRequest&) = default;
};

/// Whether a pull was answered with PullMessageReply's fields: code 0, 19, 20 or 21.
[[nodiscard]] bool is_pull_result(std::int32_t code) noexcept;

/// The reply to a pull that is_pull_result; the body holds stored messages (stored_message.h).
/// Source: PullMessageResponseHeader.
struct PullMessageReply {
  std::int64_t suggest_which_broker_id = 0;  ///< Where to pull next: master_broker_id or a slave's id.
  std::int64_t next_begin_offset = 0;
  std::int64_t min_offset = 0;
  std::int64_t max_offset = 0;    ///< One past the last message of the queue.
  std::int64_t offset_delta = 0;  ///< Static topics: to be added to the messages' offsets.
  std::int32_t topic_sys_flag = 0;
  std::int32_t group_sys_flag = 0;
  std::int32_t forbidden_type = 0;

  [[nodiscard]] Command to_command() const;
  [[nodiscard]] static Errc decode(const Command& command, PullMessageReply& out);
  friend bool operator==(const PullMessageReply&, const PullMessageReply&) = default;
};

}  // namespace rocketmq::wire
