#include "client/core/topic_route.h"

#include <algorithm>
#include <charconv>

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

bool has_master(const TopicRoute& route, const std::string& broker_name) {
  return route.master_address(broker_name) != nullptr;
}

/// Reads `broker:count;broker:count`. Parts that cannot be read are skipped: the rest is still right.
void append_ordered_queues(TopicRoute& route, std::string_view order_conf) {
  while (!order_conf.empty()) {
    const auto end = order_conf.find(';');
    const auto part = trim(order_conf.substr(0, end));
    order_conf = end == std::string_view::npos ? std::string_view{} : order_conf.substr(end + 1);
    const auto colon = part.rfind(':');
    if (colon == std::string_view::npos) continue;
    const std::string broker_name(part.substr(0, colon));
    std::int32_t count = 0;
    const auto* const last = part.data() + part.size();
    const auto [parsed, error] = std::from_chars(part.data() + colon + 1, last, count);
    if (error != std::errc{} || parsed != last || !has_master(route, broker_name)) continue;
    append_queues(route.publish_queues, route.topic, broker_name, count);
  }
}

}  // namespace

const std::string* TopicRoute::address(std::string_view broker_name, std::int64_t broker_id) const {
  const auto broker = brokers.find(std::string(broker_name));
  if (broker == brokers.end()) return nullptr;
  const auto found = broker->second.find(broker_id);
  return found == broker->second.end() ? nullptr : &found->second;
}

const std::string* TopicRoute::readable_address(std::string_view broker_name, std::int64_t wanted_id) const {
  if (const auto* const wanted = address(broker_name, wanted_id)) return wanted;
  if (const auto* const master = master_address(broker_name)) return master;
  const auto broker = brokers.find(std::string(broker_name));
  if (broker == brokers.end() || broker->second.empty()) return nullptr;
  return &broker->second.begin()->second;
}

TopicRoute make_topic_route(std::string_view topic, const TopicRouteData& data) {
  TopicRoute route = route_with_brokers(topic, data);
  const auto order_conf = trim(data.order_topic_conf);
  if (!order_conf.empty()) append_ordered_queues(route, order_conf);
  for (const auto& queues : data.queue_datas) {
    if (order_conf.empty() && (queues.perm & wire::permission::write) != 0 &&
        has_master(route, queues.broker_name)) {
      append_queues(route.publish_queues, topic, queues.broker_name, queues.write_queue_nums);
    }
    if ((queues.perm & wire::permission::read) != 0 && route.brokers.count(queues.broker_name) != 0) {
      append_queues(route.subscribe_queues, topic, queues.broker_name, queues.read_queue_nums);
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
