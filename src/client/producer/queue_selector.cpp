#include "client/producer/queue_selector.h"

#include <algorithm>
#include <string_view>

namespace rocketmq::client {

namespace {

using Order = std::vector<const MessageQueue*>;

Order interleaved(const std::vector<MessageQueue>& queues) {
  std::map<std::string_view, Order> by_broker;
  std::size_t longest = 0;
  for (const auto& queue : queues) {
    auto& list = by_broker[queue.broker_name];
    list.push_back(&queue);
    longest = std::max(longest, list.size());
  }
  Order result;
  result.reserve(queues.size());
  for (std::size_t round = 0; round < longest; ++round) {
    for (const auto& [broker_name, list] : by_broker) {
      if (round < list.size()) result.push_back(list[round]);
    }
  }
  return result;
}

std::vector<MessageQueue> copied(const Order& order, std::size_t count) {
  std::vector<MessageQueue> result;
  result.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    result.push_back(*order[i]);
  return result;
}

}  // namespace

std::vector<MessageQueue> interleave_brokers(const std::vector<MessageQueue>& queues) {
  return copied(interleaved(queues), queues.size());
}

std::vector<MessageQueue> QueueSelector::choose(const std::vector<MessageQueue>& queues, std::size_t count,
                                                TimePoint now, const Busy& busy) {
  if (queues.empty() || count == 0) return {};
  Order order = interleaved(queues);
  auto& turn = turns_.try_emplace(queues.front().topic, first_turn_).first->second;
  std::rotate(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(turn % order.size()), order.end());
  count = std::min(count, order.size());
  // One step a call, also if several queues are taken: equal vectors then start at every queue in turn.
  ++turn;
  std::stable_partition(order.begin(), order.end(), [&](const MessageQueue* queue) { return !busy(*queue); });
  std::stable_partition(order.begin(), order.end(),
                        [&](const MessageQueue* queue) { return !is_avoided(queue->broker_name, now); });
  return copied(order, count);
}

void QueueSelector::avoid(const std::string& broker_name, TimePoint now) {
  avoided_[broker_name] = now + avoid_time;
}

bool QueueSelector::is_avoided(const std::string& broker_name, TimePoint now) const {
  const auto found = avoided_.find(broker_name);
  return found != avoided_.end() && now < found->second;
}

}  // namespace rocketmq::client
