#include "client/producer/send_queues.h"

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

std::vector<MessageQueue> SendQueues::choose(const std::vector<MessageQueue>& queues, std::size_t count,
                                             TimePoint now) {
  if (queues.empty() || count == 0) return {};
  Order order = interleaved(queues);
  auto& turn = turns_.try_emplace(queues.front().topic, first_turn_).first->second;
  std::rotate(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(turn % order.size()), order.end());
  count = std::min(count, order.size());
  // One step a call, also if several queues are taken: equal vectors then start at every queue in turn.
  ++turn;
  std::stable_partition(order.begin(), order.end(),
                        [&](const MessageQueue* queue) { return !is_busy(*queue); });
  std::stable_partition(order.begin(), order.end(),
                        [&](const MessageQueue* queue) { return !is_avoided(queue->broker_name, now); });
  return copied(order, count);
}

void SendQueues::acquire(const MessageQueue& queue, Granted granted) {
  const auto [entry, was_free] = queues_.try_emplace(queue);
  if (!was_free) {
    entry->second.push_back(std::move(granted));
    return;
  }
  Broker& broker = brokers_[queue.broker_name];
  if (broker.in_flight < broker.window) {
    ++broker.in_flight;
    granted();
  } else {
    broker.waiting.push_back(std::move(granted));
  }
}

std::vector<SendQueues::Granted> SendQueues::release(const MessageQueue& queue, Outcome outcome,
                                                     TimePoint now) {
  Broker& broker = brokers_[queue.broker_name];
  note_outcome(broker, outcome);
  if (outcome == Outcome::unanswered) {
    broker.avoided_until = now + avoid_time;
  } else if (outcome != Outcome::not_sent) {
    broker.avoided_until = TimePoint::min();
  }
  --broker.in_flight;
  if (const auto entry = queues_.find(queue); entry == queues_.end() || entry->second.empty()) {
    queues_.erase(queue);
  } else {
    broker.waiting.push_back(std::move(entry->second.front()));
    entry->second.pop_front();
  }
  std::vector<Granted> next;
  while (broker.in_flight < broker.window && !broker.waiting.empty()) {
    ++broker.in_flight;
    next.push_back(std::move(broker.waiting.front()));
    broker.waiting.pop_front();
  }
  return next;
}

void SendQueues::note_outcome(Broker& broker, Outcome outcome) {
  // What was sent together is refused together: it counts as one sign of load.
  const bool same_burst = broker.sent_before > 0;
  if (same_burst) --broker.sent_before;
  if (outcome == Outcome::busy && !same_burst) {
    broker.window = std::max<std::size_t>(1, std::min(broker.window, broker.in_flight) / 2);
    broker.sent_before = broker.in_flight - 1;
    broker.answered = 0;
  } else if (outcome == Outcome::answered && broker.window < max_window &&
             ++broker.answered >= broker.window) {
    ++broker.window;
    broker.answered = 0;
  }
}

bool SendQueues::is_avoided(const std::string& broker_name, TimePoint now) const {
  const auto found = brokers_.find(broker_name);
  return found != brokers_.end() && now < found->second.avoided_until;
}

std::size_t SendQueues::window(const std::string& broker_name) const {
  const auto found = brokers_.find(broker_name);
  return found == brokers_.end() ? max_window : found->second.window;
}

}  // namespace rocketmq::client
