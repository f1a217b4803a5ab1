#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "wire/field_list.h"
#include "wire/json_fields.h"
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

  static void visit_fields(auto& self, auto& fields) {
    fields.required("offset", self.offset)
        .required("group", self.group)
        .required("delayLevel", self.delay_level)
        .unless_empty("originMsgId", self.origin_msg_id)
        .unless_empty("originTopic", self.origin_topic)
        .optional("unitMode", self.unit_mode)
        .optional("maxReconsumeTimes", self.max_reconsume_times)
        .unless_empty(broker_name_field, self.broker_name);
  }
  [[nodiscard]] Command to_command() const {
    return encode_request(RequestCode::consumer_send_msg_back, *this);
  }
  bool operator==(const ConsumerSendMsgBackRequest&) const = default;
};

/// Asks for the members of a group (38). Source: GetConsumerListByGroupRequestHeader.
struct GetConsumerListByGroupRequest {
  std::string consumer_group;
  std::string broker_name;

  static void visit_fields(auto& self, auto& fields) {
    fields.required("consumerGroup", self.consumer_group).unless_empty(broker_name_field, self.broker_name);
  }
  [[nodiscard]] Command to_command() const {
    return encode_request(RequestCode::get_consumer_list_by_group, *this);
  }
  bool operator==(const GetConsumerListByGroupRequest&) const = default;
};

/// The body of the reply to 38: the clientIds of the members. Source: GetConsumerListByGroupResponseBody.
struct ConsumerIdList {
  std::vector<std::string> consumer_ids;

  static void visit_fields(auto& self, auto& fields) { fields.required("consumerIdList", self.consumer_ids); }
  [[nodiscard]] std::string encode_body() const { return encode_json(*this); }
  [[nodiscard]] static Errc decode_body(ByteView body, ConsumerIdList& out) { return decode_json(body, out); }
  bool operator==(const ConsumerIdList&) const = default;
};

/// Asks what a broker knows of a group (203), as `mqadmin consumerConnection` does.
/// Source: GetConsumerConnectionListRequestHeader.
struct GetConsumerConnectionListRequest {
  std::string consumer_group;

  static void visit_fields(auto& self, auto& fields) {
    fields.required("consumerGroup", self.consumer_group);
  }
  [[nodiscard]] Command to_command() const {
    return encode_request(RequestCode::get_consumer_connection_list, *this);
  }
  bool operator==(const GetConsumerConnectionListRequest&) const = default;
};

/// The body of the reply to 203: the members, and the subscriptions and the model that the broker goes by. It
/// has one of each per group, from the member that it heard last. Source: ConsumerConnection.
struct ConsumerConnection {
  std::vector<std::string> client_ids;
  std::vector<SubscriptionData> subscriptions;
  std::string message_model;  ///< "CLUSTERING" or "BROADCASTING"; may be empty.

  static void visit_fields(auto& self, auto& fields) {
    fields.named_list("connectionSet", "clientId", self.client_ids)
        .optional("messageModel", self.message_model)
        .table("subscriptionTable", self.subscriptions, &SubscriptionData::topic);
  }
  [[nodiscard]] std::string encode_body() const { return encode_json(*this); }
  [[nodiscard]] static Errc decode_body(ByteView body, ConsumerConnection& out) {
    return decode_json(body, out);
  }
  bool operator==(const ConsumerConnection&) const = default;
};

/// A broker says that the members of a group changed (40, one-way).
/// Source: NotifyConsumerIdsChangedRequestHeader.
struct NotifyConsumerIdsChangedRequest {
  std::string consumer_group;

  static void visit_fields(auto& self, auto& fields) {
    fields.required("consumerGroup", self.consumer_group);
  }
  [[nodiscard]] Command to_command() const {
    return encode_one_way(RequestCode::notify_consumer_ids_changed, *this);
  }
  [[nodiscard]] static Errc decode(const Command& from, NotifyConsumerIdsChangedRequest& out) {
    return decode_fields(from, out);
  }
  bool operator==(const NotifyConsumerIdsChangedRequest&) const = default;
};

}  // namespace rocketmq::wire
