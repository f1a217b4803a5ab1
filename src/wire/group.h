#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/errc.h"
#include "wire/command.h"
#include "wire/subscription.h"

namespace rocketmq::wire {

/// Sends a failed message back for a later delivery (36), to the broker that stores it.
/// Source: ConsumerSendMsgBackRequestHeader.
struct ConsumerSendMsgBackRequest {
  std::int64_t offset = 0;  ///< The commit-log offset: StoredMessageView::physical_offset.
  std::string group;
  std::int32_t delay_level = 0;  ///< 0: grows with each time; < 0: to the dead-letter queue at once.
  std::string origin_msg_id;
  std::string origin_topic;
  bool unit_mode = false;
  std::optional<std::int32_t> max_reconsume_times;
  std::string broker_name;

  [[nodiscard]] Command to_command() const;
  [[nodiscard]] static Errc decode(const Command& command, ConsumerSendMsgBackRequest& out);
  friend bool operator==(const ConsumerSendMsgBackRequest&, const ConsumerSendMsgBackRequest&) = default;
};

/// Asks for the members of a group (38). Source: GetConsumerListByGroupRequestHeader.
struct GetConsumerListByGroupRequest {
  std::string consumer_group;
  std::string broker_name;

  [[nodiscard]] Command to_command() const;
  [[nodiscard]] static Errc decode(const Command& command, GetConsumerListByGroupRequest& out);
  friend bool operator==(const GetConsumerListByGroupRequest&,
                         const GetConsumerListByGroupRequest&) = default;
};

/// The body of the reply to 38: the clientIds of the members. Source: GetConsumerListByGroupResponseBody.
struct ConsumerIdList {
  std::vector<std::string> consumer_ids;

  [[nodiscard]] std::string encode_body() const;
  [[nodiscard]] static Errc decode_body(ByteView body, ConsumerIdList& out);
  friend bool operator==(const ConsumerIdList&, const ConsumerIdList&) = default;
};

/// Asks what a broker knows of a group (203), as `mqadmin consumerConnection` does.
/// Source: GetConsumerConnectionListRequestHeader.
struct GetConsumerConnectionListRequest {
  std::string consumer_group;

  [[nodiscard]] Command to_command() const;
  [[nodiscard]] static Errc decode(const Command& command, GetConsumerConnectionListRequest& out);
  friend bool operator==(const GetConsumerConnectionListRequest&,
                         const GetConsumerConnectionListRequest&) = default;
};

/// The body of the reply to 203, of which the members, and the subscriptions and the model that the broker
/// goes by: it has one of each a group, from whichever member it heard last. Source: ConsumerConnection.
struct ConsumerConnection {
  std::vector<std::string> client_ids;
  std::vector<SubscriptionData> subscriptions;
  std::string message_model;  ///< "CLUSTERING" or "BROADCASTING"; may be empty.

  [[nodiscard]] std::string encode_body() const;
  [[nodiscard]] static Errc decode_body(ByteView body, ConsumerConnection& out);
  friend bool operator==(const ConsumerConnection&, const ConsumerConnection&) = default;
};

/// A broker says that the members of a group changed (40, one-way).
/// Source: NotifyConsumerIdsChangedRequestHeader.
struct NotifyConsumerIdsChangedRequest {
  std::string consumer_group;

  [[nodiscard]] Command to_command() const;
  [[nodiscard]] static Errc decode(const Command& command, NotifyConsumerIdsChangedRequest& out);
  friend bool operator==(const NotifyConsumerIdsChangedRequest&,
                         const NotifyConsumerIdsChangedRequest&) = default;
};

}  // namespace rocketmq::wire
