#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/errc.h"
#include "wire/command.h"
#include "wire/message_queue.h"
#include "wire/reset_offset.h"
#include "wire/subscription.h"

namespace rocketmq::wire {

/// A broker asks for the state of a consumer, for an operator (307).
/// Source: GetConsumerRunningInfoRequestHeader.
struct GetConsumerRunningInfoRequest {
  std::string consumer_group;
  std::string client_id;
  bool jstack_enable = false;

  [[nodiscard]] Command to_command() const;
  [[nodiscard]] static Errc decode(const Command& command, GetConsumerRunningInfoRequest& out);
  friend bool operator==(const GetConsumerRunningInfoRequest&,
                         const GetConsumerRunningInfoRequest&) = default;
};

/// The state of one queue in a consumer. Source: ProcessQueueInfo.
struct ProcessQueueInfo {
  MessageQueue queue;
  std::int64_t commit_offset = 0;
  std::int64_t cached_msg_min_offset = 0;
  std::int64_t cached_msg_max_offset = 0;
  std::int32_t cached_msg_count = 0;
  std::int32_t cached_msg_size_mib = 0;
  bool locked = false;
  bool dropped = false;
  std::int64_t last_lock_timestamp = 0;  ///< Milliseconds since the epoch, like the next two.
  std::int64_t last_pull_timestamp = 0;
  std::int64_t last_consume_timestamp = 0;
  friend bool operator==(const ProcessQueueInfo&, const ProcessQueueInfo&) = default;
};

/// What a consumer achieves in one topic; times in milliseconds, rates a second. Source: ConsumeStatus.
struct ConsumeStatus {
  std::string topic;
  double pull_rt = 0;
  double pull_tps = 0;
  double consume_rt = 0;
  double consume_ok_tps = 0;
  double consume_failed_tps = 0;
  std::int64_t consume_failed_msgs = 0;  ///< In the last hour.
  friend bool operator==(const ConsumeStatus&, const ConsumeStatus&) = default;
};

/// The body of the reply to 307. Source: ConsumerRunningInfo, whose PROP_ names the properties have.
struct ConsumerRunningInfo {
  std::vector<std::pair<std::string, std::string>> properties;
  std::vector<SubscriptionData> subscriptions;
  std::vector<ProcessQueueInfo> queues;
  std::vector<ConsumeStatus> statuses;
  std::string jstack;  ///< Only where it was asked for; left out where it is empty.

  [[nodiscard]] std::string encode_body() const;
  /// Reads only what the member wants. Empty where it does not say.
  [[nodiscard]] static Errc decode_subscriptions(ByteView body, std::vector<SubscriptionData>& out);
};

/// A broker asks how far each queue of a topic is (221). Source: GetConsumerStatusRequestHeader.
struct GetConsumerStatusRequest {
  std::string topic;
  std::string group;
  std::string client_address;  ///< May be empty.

  [[nodiscard]] Command to_command() const;
  [[nodiscard]] static Errc decode(const Command& command, GetConsumerStatusRequest& out);
  friend bool operator==(const GetConsumerStatusRequest&, const GetConsumerStatusRequest&) = default;
};

/// The body of the reply to 221. Source: GetConsumerStatusBody.
struct ConsumerStatusBody {
  std::vector<QueueOffset> offsets;

  [[nodiscard]] std::string encode_body() const;
  [[nodiscard]] static Errc decode_body(ByteView body, ConsumerStatusBody& out);
  friend bool operator==(const ConsumerStatusBody&, const ConsumerStatusBody&) = default;
};

}  // namespace rocketmq::wire
