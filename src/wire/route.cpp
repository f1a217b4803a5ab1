#include "wire/route.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/address.h"
#include "base/text.h"
#include "wire/read_number.h"

namespace rocketmq::wire {

namespace {

// A broker refuses topics of more queues; a route that claims more would have us allocate without bound.
constexpr std::int32_t max_queues = 65'535;

bool is_possible(std::int32_t count) {
  return count >= 0 && count <= max_queues;
}

bool is_possible(const QueueData& queues) {
  return is_possible(queues.read_queue_nums) && is_possible(queues.write_queue_nums);
}

bool is_possible(const std::pair<const std::string, TopicQueueMapping>& broker) {
  const TopicQueueMapping& mapping = broker.second;
  return is_possible(mapping.total_queues) &&
         std::all_of(mapping.current_ids.begin(), mapping.current_ids.end(),
                     [](const auto& id) { return is_possible(id.second); });
}

template <class List>
bool all_possible(const List& list) {
  return std::all_of(list.begin(), list.end(), [](const auto& entry) { return is_possible(entry); });
}

// An address in the form that parse_address reads. One that cannot be read stays as it is, for an error that
// quotes it.
std::string announced_address(const std::string& text) {
  Address address;
  return parse_announced_address(text, address).failed() ? text : to_string(address);
}

bool has_too_many_queues(const TopicRouteData& route) {
  std::int64_t readable = 0;
  std::int64_t writable = 0;
  read_order_conf(route.order_topic_conf, [&](std::string_view, std::int32_t count) { writable += count; });
  for (const QueueData& queues : route.queue_datas) {
    readable += queues.read_queue_nums;
    writable += queues.write_queue_nums;
  }
  for (const auto& [broker, mapping] : route.topic_queue_mapping_by_broker) {
    readable += mapping.total_queues;
    writable += static_cast<std::int64_t>(mapping.current_ids.size());
  }
  return readable > max_route_queues || writable > max_route_queues;
}

}  // namespace

void read_order_conf(std::string_view order_conf,
                     const std::function<void(std::string_view broker_name, std::int32_t count)>& each) {
  while (!order_conf.empty()) {
    const std::size_t end = std::min(order_conf.find(';'), order_conf.size());
    const std::string_view part = trim(order_conf.substr(0, end));
    order_conf.remove_prefix(std::min(end + 1, order_conf.size()));
    std::int32_t count = 0;
    const std::size_t colon = part.rfind(':');
    if (colon == std::string_view::npos) continue;
    if (read_number(part.substr(colon + 1), count) && count > 0) each(part.substr(0, colon), count);
  }
}

Errc TopicRouteData::decode_body(ByteView body, TopicRouteData& out) {
  if (const Errc error = decode_json(body, out); error != Errc::ok) return error;
  if (!all_possible(out.queue_datas) || !all_possible(out.topic_queue_mapping_by_broker)) {
    return Errc::bad_field;
  }
  for (BrokerData& broker : out.broker_datas) {
    for (auto& [id, address] : broker.broker_addrs)
      address = announced_address(address);
  }
  return has_too_many_queues(out) ? Errc::too_large : Errc::ok;
}

}  // namespace rocketmq::wire
