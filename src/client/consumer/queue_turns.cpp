#include "client/consumer/queue_turns.h"

#include <algorithm>
#include <utility>

namespace rocketmq::client {

bool QueueTurns::may_deliver(const AssignedQueue& queue, const std::vector<DeliveryPart>& held) const {
  if (queue.process.cached_messages() == 0 || queue.held_back.active()) return false;
  if (!queue.process.is_delivered()) return true;
  return std::any_of(held.begin(), held.end(), [&](const DeliveryPart& part) {
    return part.queue.get() == &queue && part.generation == queue.process.generation();
  });
}

std::size_t QueueTurns::ready_messages(const std::vector<DeliveryPart>& held) const {
  std::size_t ready = 0;
  for (const auto& queue : queues_) {
    if (may_deliver(*queue, held)) ready += queue->process.cached_messages();
  }
  return ready;
}

AssignedQueuePtr QueueTurns::first_held_back() const {
  AssignedQueuePtr first;
  for (const auto& queue : queues_) {
    const ProcessQueue& process = queue->process;
    if (!queue->held_back.active() || process.is_delivered() || process.cached_messages() == 0) continue;
    if (first == nullptr || queue->held_back.until() < first->held_back.until()) first = queue;
  }
  return first;
}

std::optional<QueueTurns::TimePoint> QueueTurns::next_due() const {
  const AssignedQueuePtr first = first_held_back();
  if (first == nullptr) return std::nullopt;
  return first->held_back.until();
}

std::vector<DeliveryPart> QueueTurns::take(const Wanted& wanted, const std::vector<DeliveryPart>& held,
                                           std::size_t sharers, bool may_pick, TimePoint now) {
  const AssignedQueuePtr first = held.empty() ? first_held_back() : nullptr;
  const bool is_due = first != nullptr && first->held_back.until() <= now;
  std::vector<DeliveryPart> parts;
  if (may_pick && !(is_due && held_back_first_)) parts = pick(wanted, held, sharers);
  if (is_due && parts.empty()) {
    parts.reserve(1);
    parts.push_back(deliver(first, wanted.max_messages, wanted.max_bytes));
  }
  if (!parts.empty()) held_back_first_ = !parts.front().was_postponed;
  return parts;
}

std::vector<DeliveryPart> QueueTurns::pick(const Wanted& wanted, const std::vector<DeliveryPart>& held,
                                           std::size_t sharers) {
  const auto ready = static_cast<std::size_t>(std::count_if(
      queues_.begin(), queues_.end(), [&](const auto& queue) { return may_deliver(*queue, held); }));
  const std::size_t share = (ready + sharers - 1) / sharers;

  std::vector<DeliveryPart> parts;
  parts.reserve(share);  // Nothing may fail between the delivery of a queue and its hand-over.
  std::size_t messages = 0;
  std::size_t bytes = 0;
  const std::size_t count = queues_.size();
  const std::size_t first = count == 0 ? 0 : next_ % count;
  for (std::size_t i = 0; i < count && parts.size() < share; ++i) {
    if (messages >= wanted.max_messages || bytes >= wanted.max_bytes) break;
    const std::size_t index = (first + i) % count;
    const AssignedQueuePtr& queue = queues_[index];
    if (!may_deliver(*queue, held)) continue;
    parts.push_back(deliver(queue, wanted.max_messages - messages, wanted.max_bytes - bytes));
    for (const Segment& segment : parts.back().segments) {
      messages += segment.messages;
      bytes += segment.bytes();
    }
    next_ = index + 1;
  }
  return parts;
}

DeliveryPart QueueTurns::deliver(const AssignedQueuePtr& queue, std::size_t max_messages,
                                 std::size_t max_bytes) {
  DeliveryPart part;
  part.queue = queue;
  part.generation = queue->process.generation();
  part.skipped = queue->process.skipped();
  part.was_postponed = queue->held_back.active();
  part.segments = queue->process.delivery(max_messages, max_bytes);
  return part;
}

}  // namespace rocketmq::client
