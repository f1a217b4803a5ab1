#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "wire/field_list.h"
#include "wire/json_fields.h"

namespace rocketmq::wire {

/// The id of a master among the addresses of a broker; slaves have others.
inline constexpr std::int64_t master_broker_id = 0;

/// Asks a name server for the route of a topic (105). The reply's body is a TopicRouteData; 17
/// TOPIC_NOT_EXIST if there is none. Source: GetRouteInfoRequestHeader.
struct GetRouteInfoRequest {
  std::string topic;
  bool accept_standard_json_only = false;  ///< Newer name servers then write no numeric keys.

  static void visit_fields(auto& self, auto& fields) {
    fields.required("topic", self.topic).optional("acceptStandardJsonOnly", self.accept_standard_json_only);
  }
  [[nodiscard]] Command to_command() const {
    return encode_request(RequestCode::get_route_info_by_topic, *this);
  }
  bool operator==(const GetRouteInfoRequest&) const = default;
};

/// More queues in one route than this are refused: no topic has them, and each costs memory.
inline constexpr std::int64_t max_route_queues = 131'072;

/// The queues of a topic at one broker. Source: QueueData.
struct QueueData {
  std::string broker_name;
  std::int32_t read_queue_nums = 0;
  std::int32_t write_queue_nums = 0;
  std::int32_t perm = 0;  ///< Bits of `permission` in sys_flag.h.
  std::int32_t topic_sys_flag = 0;

  static void visit_fields(auto& self, auto& fields) {
    fields.required("brokerName", self.broker_name)
        .required("perm", self.perm)
        .required("readQueueNums", self.read_queue_nums)
        .also_read("topicSynFlag", self.topic_sys_flag)
        .optional("topicSysFlag", self.topic_sys_flag)
        .required("writeQueueNums", self.write_queue_nums);
  }
  bool operator==(const QueueData&) const = default;
};

/// The servers of one broker name. Source: BrokerData.
struct BrokerData {
  std::string cluster;
  std::string broker_name;
  std::map<std::int64_t, std::string> broker_addrs;  ///< By broker id; master_broker_id is the master.
  std::string zone_name;
  bool enable_acting_master = false;

  static void visit_fields(auto& self, auto& fields) {
    fields.required("brokerAddrs", self.broker_addrs)
        .required("brokerName", self.broker_name)
        .optional("cluster", self.cluster)
        .optional("enableActingMaster", self.enable_acting_master)
        .unless_empty("zoneName", self.zone_name);
  }
  bool operator==(const BrokerData&) const = default;
};

/// The logical queues of a static topic at one broker. Source: TopicQueueMappingInfo.
struct TopicQueueMapping {
  std::string topic;
  std::string scope;
  std::int32_t total_queues = 0;
  std::string broker_name;
  std::int64_t epoch = 0;
  std::map<std::int32_t, std::int32_t> current_ids;  ///< Logical queue id -> physical queue id.

  static void visit_fields(auto& self, auto& fields) {
    fields.optional("bname", self.broker_name)
        .optional("currIdMap", self.current_ids)
        .optional("epoch", self.epoch)
        .optional("scope", self.scope)
        .optional("topic", self.topic)
        .required("totalQueues", self.total_queues);
  }
  bool operator==(const TopicQueueMapping&) const = default;
};

/// Where the queues of a topic are. Source: TopicRouteData.
struct TopicRouteData {
  std::string order_topic_conf;  ///< `broker:queues;broker:queues` for globally ordered topics, else empty.
  std::vector<QueueData> queue_datas;
  std::vector<BrokerData> broker_datas;
  std::map<std::string, TopicQueueMapping> topic_queue_mapping_by_broker;  ///< By (mock) broker name.

  static void visit_fields(auto& self, auto& fields) {
    fields.optional("brokerDatas", self.broker_datas)
        .unless_empty("orderTopicConf", self.order_topic_conf)
        .optional("queueDatas", self.queue_datas)
        .unless_empty("topicQueueMappingByBroker", self.topic_queue_mapping_by_broker);
  }
  [[nodiscard]] std::string encode_body() const { return encode_json(*this); }
  /// Reads the standard and fastjson's form. Errors: bad_json, missing_field, bad_field (a queue number
  /// outside 0 to 65535, an address map that is none), too_large (more than max_route_queues queues in all
  /// the lists).
  [[nodiscard]] static Errc decode_body(ByteView body, TopicRouteData& out);
  bool operator==(const TopicRouteData&) const = default;
};

/// Tells `each` what every part `broker:count` of an order configuration asks for. Parts that cannot be read,
/// or ask for nothing, are skipped: the rest is still right.
void read_order_conf(std::string_view order_conf,
                     const std::function<void(std::string_view broker_name, std::int32_t count)>& each);

}  // namespace rocketmq::wire
