#include "client/producer/send_permits.h"

#include <algorithm>

namespace rocketmq::client {

void SendPermits::acquire(const MessageQueue& queue, Granted granted) {
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

std::vector<SendPermits::Granted> SendPermits::release(const MessageQueue& queue, Outcome outcome) {
  Broker& broker = brokers_[queue.broker_name];
  note_outcome(broker, outcome);
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

void SendPermits::note_outcome(Broker& broker, Outcome outcome) {
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

std::size_t SendPermits::window(const std::string& broker_name) const {
  const auto found = brokers_.find(broker_name);
  return found == brokers_.end() ? max_window : found->second.window;
}

}  // namespace rocketmq::client
