#include "client/core/topic_route.h"

#include <algorithm>

#include "base/text.h"
#include "wire/route.h"
#include "wire/sys_flag.h"

namespace rocketmq::client {
namespace {

using wire::TopicRouteData;

void append_queues(std::vector<MessageQueue>& queues, std::string_view topic, const std::string& broker_name,
                   std::int32_t count) {
  for (std::int32_t id = 0; id < std::min(count, max_queues_per_broker); ++id) {
    queues.push_back(MessageQueue{std::string(topic), broker_name, id});
  }
}

void sort_unique(std::vector<MessageQueue>& queues) {
  std::sort(queues.begin(), queues.end());
  queues.erase(std::unique(queues.begin(), queues.end()), queues.end());
}

TopicRoute route_with_brokers(std::string_view topic, const TopicRouteData& data) {
  TopicRoute route;
  route.topic = topic;
  for (const auto& broker : data.broker_datas) {
    if (!broker.broker_addrs.empty()) route.brokers[broker.broker_name] = broker.broker_addrs;
  }
  return route;
}

/// What a queue of a static topic has in place of its broker's name. Source: MixAll, TopicQueueMappingUtils.
std::string mock_broker_name(const std::string& scope) {
  return "__syslo__" + (scope == "__global__" ? "global__" : scope);
}

void find_holders(TopicRoute& route, const TopicRouteData& data) {
  std::map<MessageQueue, std::int64_t> epochs;
  for (const auto& [name, mapping] : data.topic_queue_mapping_by_broker) {
    const std::string mock_name = mock_broker_name(mapping.scope);
    for (const auto& [logical_id, physical_id] : mapping.current_ids) {
      if (logical_id < 0 || logical_id >= max_queues_per_broker) continue;
      const MessageQueue queue{route.topic, mock_name, logical_id};
      const auto [epoch, fresh] = epochs.try_emplace(queue, mapping.epoch);
      if (!fresh && epoch->second > mapping.epoch) continue;
      epoch->second = mapping.epoch;
      route.holders[queue] = mapping.broker_name;
    }
  }
}

/// Every member of a group must divide the same queues, so also those count for receiving that nobody has at
/// the moment.
void append_static_queues(TopicRoute& route, const TopicRouteData& data) {
  find_holders(route, data);
  for (const auto& [name, mapping] : data.topic_queue_mapping_by_broker)
    append_queues(route.subscribe_queues, route.topic, mock_broker_name(mapping.scope), mapping.total_queues);
  for (const auto& [queue, holder] : route.holders) {
    if (route.master_address(holder) != nullptr) route.publish_queues.push_back(queue);
  }
}

bool has_master(const TopicRoute& route, const std::string& broker_name) {
  return route.master_address(broker_name) != nullptr;
}

void append_ordered_queues(TopicRoute& route, std::string_view order_conf) {
  wire::read_order_conf(order_conf, [&](std::string_view broker, std::int32_t count) {
    const std::string broker_name(broker);
    if (has_master(route, broker_name)) append_queues(route.publish_queues, route.topic, broker_name, count);
  });
}

}  // namespace

const std::string* TopicRoute::address(std::string_view broker_name, std::int64_t broker_id) const {
  const auto broker = brokers.find(std::string(broker_name));
  if (broker == brokers.end()) return nullptr;
  const auto found = broker->second.find(broker_id);
  return found == broker->second.end() ? nullptr : &found->second;
}

std::string_view TopicRoute::holder(const MessageQueue& queue) const {
  const auto found = holders.find(queue);
  return found == holders.end() ? std::string_view(queue.broker_name) : std::string_view(found->second);
}

const BrokerAddresses::value_type* TopicRoute::readable(std::string_view broker_name,
                                                        std::int64_t wanted_id) const {
  const auto broker = brokers.find(std::string(broker_name));
  if (broker == brokers.end() || broker->second.empty()) return nullptr;
  auto found = broker->second.find(wanted_id);
  if (found == broker->second.end()) found = broker->second.find(master_id);
  if (found == broker->second.end()) found = broker->second.begin();
  return &*found;
}

TopicRoute make_topic_route(std::string_view topic, const TopicRouteData& data) {
  TopicRoute route = route_with_brokers(topic, data);
  if (!data.topic_queue_mapping_by_broker.empty()) {
    append_static_queues(route, data);
    sort_unique(route.publish_queues);
    sort_unique(route.subscribe_queues);
    return route;
  }
  const auto order_conf = trim(data.order_topic_conf);
  if (!order_conf.empty()) append_ordered_queues(route, order_conf);
  for (const auto& queues : data.queue_datas) {
    if (order_conf.empty() && (queues.perm & wire::permission::write) != 0 &&
        has_master(route, queues.broker_name)) {
      append_queues(route.publish_queues, topic, queues.broker_name, queues.write_queue_nums);
    }
    if (route.brokers.count(queues.broker_name) == 0) continue;
    if ((queues.perm & wire::permission::read) != 0) {
      append_queues(route.subscribe_queues, topic, queues.broker_name, queues.read_queue_nums);
      const bool is_written_to = (queues.perm & wire::permission::write) != 0;
      if (is_written_to && queues.read_queue_nums < queues.write_queue_nums)
        route.partly_readable_brokers.push_back(queues.broker_name);
    } else {
      route.unreadable_brokers.push_back(queues.broker_name);
    }
  }
  sort_unique(route.publish_queues);
  sort_unique(route.subscribe_queues);
  return route;
}

TopicRoute make_auto_created_route(std::string_view topic, const TopicRouteData& tbw102) {
  TopicRoute route = route_with_brokers(topic, tbw102);
  route.auto_created = true;
  for (const auto& queues : tbw102.queue_datas) {
    if ((queues.perm & wire::permission::write) == 0 || !has_master(route, queues.broker_name)) continue;
    append_queues(route.publish_queues, topic, queues.broker_name,
                  std::min(auto_created_queues, queues.read_queue_nums));
  }
  sort_unique(route.publish_queues);
  return route;
}

}  // namespace rocketmq::client
