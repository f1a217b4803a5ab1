#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "wire/field_list.h"
#include "wire/json_fields.h"
#include "wire/message_queue.h"
#include "wire/reset_offset.h"
#include "wire/subscription.h"

namespace rocketmq::wire {

/// Asks for the state of a consumer, for an operator (307). A broker passes it on to the consumer.
/// Source: GetConsumerRunningInfoRequestHeader.
struct GetConsumerRunningInfoRequest {
  std::string consumer_group;
  std::string client_id;
  bool jstack_enable = false;

  static void visit_fields(auto& self, auto& fields) {
    fields.required("consumerGroup", self.consumer_group)
        .required("clientId", self.client_id)
        .optional("jstackEnable", self.jstack_enable);
  }
  [[nodiscard]] Command to_command() const {
    return encode_request(RequestCode::get_consumer_running_info, *this);
  }
  [[nodiscard]] static Errc decode(const Command& from, GetConsumerRunningInfoRequest& out) {
    return decode_fields(from, out);
  }
  bool operator==(const GetConsumerRunningInfoRequest&) const = default;
};

/// The state of one queue in a consumer. Source: ProcessQueueInfo.
struct ProcessQueueInfo {
  MessageQueue queue;
  std::int64_t commit_offset = 0;
  std::int64_t cached_msg_min_offset = 0;
  std::int64_t cached_msg_max_offset = 0;
  std::int32_t cached_msg_count = 0;
  std::int32_t cached_msg_size_mib = 0;
  std::int64_t last_pull_timestamp = 0;  ///< Milliseconds since the epoch, like the next one.
  std::int64_t last_consume_timestamp = 0;

  // What Java's class has and this client has no use for is written as an idle consumer would.
  static void visit_fields(auto& self, auto& fields) {
    fields.required("cachedMsgCount", self.cached_msg_count)
        .required("cachedMsgMaxOffset", self.cached_msg_max_offset)
        .required("cachedMsgMinOffset", self.cached_msg_min_offset)
        .required("cachedMsgSizeInMiB", self.cached_msg_size_mib)
        .required("commitOffset", self.commit_offset)
        .constant("droped", false)
        .required("lastConsumeTimestamp", self.last_consume_timestamp)
        .constant("lastLockTimestamp", 0)
        .required("lastPullTimestamp", self.last_pull_timestamp)
        .constant("locked", false)
        .constant("transactionMsgCount", 0)
        .constant("transactionMsgMaxOffset", 0)
        .constant("transactionMsgMinOffset", 0)
        .constant("tryUnlockTimes", 0);
  }
};

/// What a consumer achieves in one topic; times in milliseconds, rates per second. Source: ConsumeStatus.
struct ConsumeStatus {
  std::string topic;
  double pull_rt = 0;
  double pull_tps = 0;
  double consume_rt = 0;
  double consume_ok_tps = 0;
  double consume_failed_tps = 0;
  std::int64_t consume_failed_msgs = 0;  ///< In the last hour.

  static void visit_fields(auto& self, auto& fields) {
    fields.required("consumeFailedMsgs", self.consume_failed_msgs)
        .required("consumeFailedTPS", self.consume_failed_tps)
        .required("consumeOKTPS", self.consume_ok_tps)
        .required("consumeRT", self.consume_rt)
        .required("pullRT", self.pull_rt)
        .required("pullTPS", self.pull_tps);
  }
};

/// The body of the reply to 307. Source: ConsumerRunningInfo, whose PROP_ names the properties have.
struct ConsumerRunningInfo {
  std::map<std::string, std::string> properties;
  std::vector<SubscriptionData> subscriptions;
  std::vector<ProcessQueueInfo> queues;
  std::vector<ConsumeStatus> statuses;
  std::string jstack;  ///< Only if it was asked for.

  static void visit_fields(auto& self, auto& fields) {
    fields.unless_empty("jstack", self.jstack)
        .table("mqTable", self.queues, &ProcessQueueInfo::queue)
        .required("properties", self.properties)
        .table("statusTable", self.statuses, &ConsumeStatus::topic)
        .required("subscriptionSet", self.subscriptions);
  }
  [[nodiscard]] std::string encode_body() const { return encode_json(*this); }
  /// Reads only which queues the member has.
  [[nodiscard]] static Errc decode_queues(ByteView body, std::vector<MessageQueue>& out) {
    OnlyQueues read;
    const Errc error = decode_json(body, read);
    for (OwnedQueue& owned : read.queues)
      out.push_back(std::move(owned.queue));
    return error;
  }
  /// Reads only what the member wants. Empty if the body does not say.
  [[nodiscard]] static Errc decode_subscriptions(ByteView body, std::vector<SubscriptionData>& out) {
    OnlySubscriptions read;
    const Errc error = decode_json(body, read);
    out = std::move(read.subscriptions);
    return error;
  }

 private:
  struct OwnedQueue {
    MessageQueue queue;
    static void visit_fields(auto& /*self*/, auto& /*fields*/) {}
  };
  struct OnlyQueues {
    std::vector<OwnedQueue> queues;
    static void visit_fields(auto& self, auto& fields) {
      fields.table("mqTable", self.queues, &OwnedQueue::queue);
    }
  };
  struct OnlySubscriptions {
    std::vector<SubscriptionData> subscriptions;
    static void visit_fields(auto& self, auto& fields) {
      fields.optional("subscriptionSet", self.subscriptions);
    }
  };
};

/// A broker asks how far each queue of a topic is (221). Source: GetConsumerStatusRequestHeader.
struct GetConsumerStatusRequest {
  std::string topic;
  std::string group;
  std::string client_address;  ///< May be empty.

  static void visit_fields(auto& self, auto& fields) {
    fields.required("topic", self.topic)
        .required("group", self.group)
        .unless_empty("clientAddr", self.client_address);
  }
  [[nodiscard]] Command to_command() const {
    return encode_request(RequestCode::get_consumer_status_from_client, *this);
  }
  [[nodiscard]] static Errc decode(const Command& from, GetConsumerStatusRequest& out) {
    return decode_fields(from, out);
  }
  bool operator==(const GetConsumerStatusRequest&) const = default;
};

/// The body of the reply to 221. Source: GetConsumerStatusBody.
struct ConsumerStatusBody {
  std::vector<QueueOffset> offsets;

  static void visit_fields(auto& self, auto& fields) {
    fields.offset_table("messageQueueTable", self.offsets);
  }
  [[nodiscard]] std::string encode_body() const { return encode_json(*this); }
  [[nodiscard]] static Errc decode_body(ByteView body, ConsumerStatusBody& out) {
    return decode_json(body, out);
  }
  bool operator==(const ConsumerStatusBody&) const = default;
};

}  // namespace rocketmq::wire
