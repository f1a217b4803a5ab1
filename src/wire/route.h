#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/errc.h"
#include "wire/command.h"

namespace rocketmq::wire {

/// The id of a master among the addresses of a broker; slaves have others.
inline constexpr std::int64_t master_broker_id = 0;

/// Asks a name server for the route of a topic (105). The reply's body is a TopicRouteData; 17
/// TOPIC_NOT_EXIST where there is none. Source: GetRouteInfoRequestHeader.
struct GetRouteInfoRequest {
  std::string topic;
  bool accept_standard_json_only = true;  ///< Newer name servers then write no numeric keys.

  [[nodiscard]] Command to_command() const;
  [[nodiscard]] static Errc decode(const Command& command, GetRouteInfoRequest& out);
  friend bool operator==(const GetRouteInfoRequest&, const GetRouteInfoRequest&) = default;
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
  friend bool operator==(const QueueData&, const QueueData&) = default;
};

/// The servers of one broker name. Source: BrokerData.
struct BrokerData {
  std::string cluster;
  std::string broker_name;
  std::map<std::int64_t, std::string> broker_addrs;  ///< By broker id; master_broker_id is the master.
  std::string zone_name;
  bool enable_acting_master = false;
  friend bool operator==(const BrokerData&, const BrokerData&) = default;
};

/// The logical queues of a static topic at one broker. Source: TopicQueueMappingInfo.
struct TopicQueueMapping {
  std::string topic;
  std::string scope;
  std::int32_t total_queues = 0;
  std::string broker_name;
  std::int64_t epoch = 0;
  std::map<std::int32_t, std::int32_t> current_ids;  ///< Logical queue id -> physical queue id.
  friend bool operator==(const TopicQueueMapping&, const TopicQueueMapping&) = default;
};

/// Where the queues of a topic are. Source: TopicRouteData.
struct TopicRouteData {
  std::string order_topic_conf;  ///< `broker:queues;broker:queues` for globally ordered topics, else empty.
  std::vector<QueueData> queue_datas;
  std::vector<BrokerData> broker_datas;
  std::map<std::string, TopicQueueMapping> topic_queue_mapping_by_broker;  ///< By (mock) broker name.

  [[nodiscard]] std::string encode_body() const;
  /// Reads the standard and fastjson's form. Errors: bad_json, too_large, missing_field, bad_field
  /// (a queue number outside 0 to 65535, an address map that is none). More than max_route_queues queues, by
  /// whichever of the lists, are too_large.
  [[nodiscard]] static Errc decode_body(ByteView body, TopicRouteData& out);
  friend bool operator==(const TopicRouteData&, const TopicRouteData&) = default;
};

}  // namespace rocketmq::wire
