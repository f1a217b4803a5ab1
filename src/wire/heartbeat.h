#pragma once

#include <string>
#include <vector>

#include "wire/field_list.h"
#include "wire/json_fields.h"
#include "wire/subscription.h"

namespace rocketmq::wire {

/// One consumer group of a client. The texts are the names of Java's enums.
/// Source: org.apache.rocketmq.remoting.protocol.heartbeat.ConsumerData.
struct ConsumerData {
  std::string group_name;
  std::string consume_type = "CONSUME_PASSIVELY";  ///< or CONSUME_ACTIVELY
  std::string message_model = "CLUSTERING";        ///< or BROADCASTING
  std::string consume_from_where = "CONSUME_FROM_LAST_OFFSET";
  std::vector<SubscriptionData> subscription_data_set;
  bool unit_mode = false;

  static void visit_fields(auto& self, auto& fields) {
    fields.optional("consumeFromWhere", self.consume_from_where)
        .optional("consumeType", self.consume_type)
        .required("groupName", self.group_name)
        .optional("messageModel", self.message_model)
        .optional("subscriptionDataSet", self.subscription_data_set)
        .optional("unitMode", self.unit_mode);
  }
  bool operator==(const ConsumerData&) const = default;
};

/// The body of a heartbeat: everything that a client is a member of. Source: HeartbeatData.
struct HeartbeatData {
  std::string client_id;
  std::vector<std::string> producer_groups;
  std::vector<ConsumerData> consumer_data_set;

  static void visit_fields(auto& self, auto& fields) {
    fields.required("clientID", self.client_id)
        .required("consumerDataSet", self.consumer_data_set)
        .constant("heartbeatFingerprint", 0)
        .named_list("producerDataSet", "groupName", self.producer_groups)
        .constant("withoutSub", false);
  }
  [[nodiscard]] std::string encode_body() const { return encode_json(*this); }
  [[nodiscard]] static Errc decode_body(ByteView body, HeartbeatData& out) { return decode_json(body, out); }
  bool operator==(const HeartbeatData&) const = default;
};

/// Tells a broker about the client's groups (34); the body is a HeartbeatData.
struct HeartbeatRequest {
  std::string broker_name;

  static void visit_fields(auto& self, auto& fields) {
    fields.unless_empty(broker_name_field, self.broker_name);
  }
  [[nodiscard]] Command to_command() const { return encode_request(RequestCode::heart_beat, *this); }
  bool operator==(const HeartbeatRequest&) const = default;
};

/// Takes a client out of a group (35). Source: UnregisterClientRequestHeader.
struct UnregisterClientRequest {
  std::string client_id;
  std::string producer_group;  ///< Empty: not sent.
  std::string consumer_group;  ///< Empty: not sent.
  std::string broker_name;

  static void visit_fields(auto& self, auto& fields) {
    fields.required("clientID", self.client_id)
        .unless_empty("producerGroup", self.producer_group)
        .unless_empty("consumerGroup", self.consumer_group)
        .unless_empty(broker_name_field, self.broker_name);
  }
  [[nodiscard]] Command to_command() const { return encode_request(RequestCode::unregister_client, *this); }
  bool operator==(const UnregisterClientRequest&) const = default;
};

/// Asks a broker whether it accepts a subscription (46): 0, or 23 with the reason. The body carries
/// everything. Source: CheckClientRequestBody.
struct CheckClientConfigRequest {
  std::string client_id;
  std::string group;
  SubscriptionData subscription;
  std::string name_space;  ///< Empty: not sent.

  static void visit_fields(auto& self, auto& fields) {
    fields.required("clientId", self.client_id)
        .required("group", self.group)
        .unless_empty("namespace", self.name_space)
        .required("subscriptionData", self.subscription);
  }
  [[nodiscard]] static Command to_command() { return make_request(RequestCode::check_client_config); }
  [[nodiscard]] std::string encode_body() const { return encode_json(*this); }
  [[nodiscard]] static Errc decode_body(ByteView body, CheckClientConfigRequest& out) {
    return decode_json(body, out);
  }
  bool operator==(const CheckClientConfigRequest&) const = default;
};

}  // namespace rocketmq::wire
