#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "wire/message_queue.h"

namespace rocketmq::wire {
struct TopicRouteData;
}

namespace rocketmq::client {

using wire::MessageQueue;

/// The addresses of one broker name by broker id: 0 is the master, others are slaves.
using BrokerAddresses = std::map<std::int64_t, std::string>;

inline constexpr std::int64_t master_id = 0;

/// Where a topic's queues are. Immutable once it is shared, so every thread may read it.
struct TopicRoute {
  std::string topic;                               ///< As on the wire.
  std::vector<MessageQueue> publish_queues;        ///< Write permission and a master. Ordered.
  std::vector<MessageQueue> subscribe_queues;      ///< Read permission. Ordered.
  std::map<std::string, BrokerAddresses> brokers;  ///< By broker name.
  /// Of a static topic: which broker has a queue now. Its queues are logical, and their broker name is none
  /// of a broker; a queue that is missing here is nowhere at present.
  std::map<MessageQueue, std::string> holders;
  std::vector<std::string>
      unreadable_brokers;  ///< By name: those where the topic lacks the right to be read.
  std::vector<std::string>
      partly_readable_brokers;  ///< By name: those where it has fewer read queues than write queues.
  bool auto_created = false;    ///< Derived from TBW102: the topic comes into being with its first message.

  /// The address of a broker by id, or nullptr.
  [[nodiscard]] const std::string* address(std::string_view broker_name, std::int64_t broker_id) const;
  [[nodiscard]] const std::string* master_address(std::string_view broker_name) const {
    return address(broker_name, master_id);
  }
  [[nodiscard]] bool is_static() const noexcept { return !holders.empty(); }
  /// The name of the broker that has the queue.
  [[nodiscard]] std::string_view holder(const MessageQueue& queue) const;

  /// The server with the wanted id if there is one, else the master, else any: its id and address. nullptr
  /// if the broker name is unknown. For pulls, which follow the broker's suggestion.
  [[nodiscard]] const BrokerAddresses::value_type* readable(std::string_view broker_name,
                                                            std::int64_t wanted_id) const;

  friend bool operator==(const TopicRoute&, const TopicRoute&) = default;
};

/// Turns what a name server said into queues. Pure: no I/O, no clock.
///
/// If the name server has an order configuration (`broker:count;broker:count`), that one decides the
/// publish queues. Counts are bounded by max_queues_per_broker. A static topic has the logical queues of its
/// mapping instead: if brokers contradict each other, the mapping of the latest epoch counts.
/// Source: MQClientInstance#topicRouteData2TopicPublishInfo, #topicRouteData2TopicSubscribeInfo;
/// ClientMetadata#topicRouteData2EndpointsForStaticTopic.
[[nodiscard]] TopicRoute make_topic_route(std::string_view topic, const wire::TopicRouteData& data);

/// The route of a topic that does not exist yet, from the route of TBW102: at most `max_queues` queues a
/// broker, nothing to subscribe to.
[[nodiscard]] TopicRoute make_auto_created_route(std::string_view topic, const wire::TopicRouteData& tbw102);

inline constexpr std::int32_t max_queues_per_broker = 65'536;
/// What a broker gives a topic that it creates by itself, unless TBW102 has fewer.
inline constexpr std::int32_t auto_created_queues = 4;

}  // namespace rocketmq::client
