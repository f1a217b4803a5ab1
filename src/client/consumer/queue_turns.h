#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include "client/consumer/assigned_queue.h"

namespace rocketmq::client {

/// The assigned queues, and which of them a poller gets next. Not thread-safe.
class QueueTurns {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  struct Wanted {
    std::size_t min_messages = 1;
    std::size_t max_messages = 1;
    std::size_t max_bytes = 1;
    TimePoint deadline;
  };

  void add(const AssignedQueuePtr& queue) { queues_.push_back(queue); }
  void erase(const AssignedQueuePtr& queue) { std::erase(queues_, queue); }
  [[nodiscard]] const std::vector<AssignedQueuePtr>& queues() const noexcept { return queues_; }

  /// The number of messages for a poller that holds these parts, without the queues that are held back.
  [[nodiscard]] std::size_t ready_messages(const std::vector<DeliveryPart>& held) const;
  /// The end of the first pause of a queue that is held back; empty if none has messages.
  [[nodiscard]] std::optional<TimePoint> next_due() const;

  /// Delivers either a queue that is held back and due, unless something is held, or, with `may_pick`, a fair
  /// share of the others: one part of `sharers`, rounded up. If there are always some of both, they take
  /// turns.
  [[nodiscard]] std::vector<DeliveryPart> take(const Wanted& wanted, const std::vector<DeliveryPart>& held,
                                               std::size_t sharers, bool may_pick, TimePoint now);

 private:
  [[nodiscard]] bool may_deliver(const AssignedQueue& queue, const std::vector<DeliveryPart>& held) const;
  [[nodiscard]] AssignedQueuePtr first_held_back() const;
  [[nodiscard]] DeliveryPart deliver(const AssignedQueuePtr& queue, std::size_t max_messages,
                                     std::size_t max_bytes);
  [[nodiscard]] std::vector<DeliveryPart> pick(const Wanted& wanted, const std::vector<DeliveryPart>& held,
                                               std::size_t sharers);

  std::vector<AssignedQueuePtr> queues_;
  std::size_t next_ = 0;         // Where the next pick looks first, so that no queue starves.
  bool held_back_first_ = true;  // Whose turn it is.
};

}  // namespace rocketmq::client
