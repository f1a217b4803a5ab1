#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "rocketmq/bytes.h"
#include "rocketmq/errc.h"
#include "wire/field_list.h"
#include "wire/json_fields.h"
#include "wire/route.h"
#include "wire/subscription.h"

namespace rocketmq::wire {

/// Asks a name server for all brokers of all clusters (106), as `mqadmin clusterList` does.
struct GetBrokerClusterInfoRequest {
  static void visit_fields(auto& /*self*/, auto& /*fields*/) {}
  [[nodiscard]] Command to_command() const {
    return encode_request(RequestCode::get_broker_cluster_info, *this);
  }
};

/// The body of the reply to 106. Source: ClusterInfo.
struct ClusterInfo {
  std::map<std::string, BrokerData> brokers;                 ///< By broker name.
  std::map<std::string, std::vector<std::string>> clusters;  ///< The broker names of each cluster.

  static void visit_fields(auto& self, auto& fields) {
    fields.optional("brokerAddrTable", self.brokers).optional("clusterAddrTable", self.clusters);
  }
  [[nodiscard]] std::string encode_body() const { return encode_json(*this); }
  [[nodiscard]] static Errc decode_body(ByteView body, ClusterInfo& out) { return decode_json(body, out); }
  bool operator==(const ClusterInfo&) const = default;
};

/// Asks a name server for the names of all topics (206), as `mqadmin topicList` does.
struct GetAllTopicListRequest {
  static void visit_fields(auto& /*self*/, auto& /*fields*/) {}
  [[nodiscard]] Command to_command() const { return encode_request(RequestCode::get_all_topic_list, *this); }
};

/// The body of the reply to 206. Source: TopicList.
struct TopicList {
  std::vector<std::string> topics;

  static void visit_fields(auto& self, auto& fields) { fields.required("topicList", self.topics); }
  [[nodiscard]] std::string encode_body() const { return encode_json(*this); }
  [[nodiscard]] static Errc decode_body(ByteView body, TopicList& out) { return decode_json(body, out); }
  bool operator==(const TopicList&) const = default;
};

/// Asks a broker which groups consume a topic or have progress in it (300).
/// Source: QueryTopicConsumeByWhoRequestHeader.
struct QueryTopicConsumeByWhoRequest {
  std::string topic;

  static void visit_fields(auto& self, auto& fields) { fields.required("topic", self.topic); }
  [[nodiscard]] Command to_command() const {
    return encode_request(RequestCode::query_topic_consume_by_who, *this);
  }
  bool operator==(const QueryTopicConsumeByWhoRequest&) const = default;
};

/// The body of the reply to 300. Source: GroupList.
struct GroupList {
  std::vector<std::string> groups;

  static void visit_fields(auto& self, auto& fields) { fields.required("groupList", self.groups); }
  [[nodiscard]] std::string encode_body() const { return encode_json(*this); }
  [[nodiscard]] static Errc decode_body(ByteView body, GroupList& out) { return decode_json(body, out); }
  bool operator==(const GroupList&) const = default;
};

/// Asks a broker for the messages of a topic that have a key (12). Brokers find them by a hash, so other
/// messages may be among them. The reply's body has stored messages one after another; 22 QUERY_NOT_FOUND if
/// there is none. Source: QueryMessageRequestHeader, MixAll.UNIQUE_MSG_QUERY_FLAG.
struct QueryMessageRequest {
  std::string topic;
  std::string key;
  std::int32_t max_num = 0;          ///< Brokers give no more than their defaultQueryMaxNum, 32.
  std::int64_t begin_timestamp = 0;  ///< When the messages were stored: milliseconds since the epoch.
  std::int64_t end_timestamp = std::numeric_limits<std::int64_t>::max();
  bool by_unique_key = false;  ///< `key` is a client's message id.

  static void visit_fields(auto& self, auto& fields) {
    fields.required("topic", self.topic)
        .required("key", self.key)
        .required("maxNum", self.max_num)
        .required("beginTimestamp", self.begin_timestamp)
        .required("endTimestamp", self.end_timestamp)
        .optional("_UNIQUE_KEY_QUERY", self.by_unique_key);
  }
  [[nodiscard]] Command to_command() const { return encode_request(RequestCode::query_message, *this); }
  bool operator==(const QueryMessageRequest&) const = default;
};

/// Asks a broker for the message at a place of its commit log (33). The reply's body is a stored message; 1
/// SYSTEM_ERROR if there is none. Source: ViewMessageRequestHeader.
struct ViewMessageByIdRequest {
  std::string topic;  ///< For access control of 5.x; older brokers do not know it.
  std::int64_t offset = 0;

  static void visit_fields(auto& self, auto& fields) {
    fields.unless_empty("topic", self.topic).required("offset", self.offset);
  }
  [[nodiscard]] Command to_command() const { return encode_request(RequestCode::view_message_by_id, *this); }
  bool operator==(const ViewMessageByIdRequest&) const = default;
};

/// A member of a group, as a broker knows it. Source: Connection.
struct MemberConnection {
  std::string client_id;
  std::string client_address;  ///< `ip:port` of its end of the connection.
  std::string language;        ///< A name of LanguageCode.
  std::int32_t version = 0;    ///< An ordinal of MQVersion.

  static void visit_fields(auto& self, auto& fields) {
    fields.unless_empty("clientAddr", self.client_address)
        .required("clientId", self.client_id)
        .unless_empty("language", self.language)
        .optional("version", self.version);
  }
  bool operator==(const MemberConnection&) const = default;
};

/// All of the body of the reply to 203; see ConsumerConnection in group.h. Source: ConsumerConnection.
struct GroupConnections {
  std::vector<MemberConnection> members;
  std::string consume_from_where;
  std::string consume_type;
  std::string message_model;
  std::vector<SubscriptionData> subscriptions;

  static void visit_fields(auto& self, auto& fields) {
    fields.required("connectionSet", self.members)
        .unless_empty("consumeFromWhere", self.consume_from_where)
        .unless_empty("consumeType", self.consume_type)
        .unless_empty("messageModel", self.message_model)
        .table("subscriptionTable", self.subscriptions, &SubscriptionData::topic);
  }
  [[nodiscard]] std::string encode_body() const { return encode_json(*this); }
  [[nodiscard]] static Errc decode_body(ByteView body, GroupConnections& out) {
    return decode_json(body, out);
  }
  bool operator==(const GroupConnections&) const = default;
};

}  // namespace rocketmq::wire
