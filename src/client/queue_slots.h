#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <map>

#include "client/message_queue.h"

namespace rocketmq::client {

/// One slot a queue: whoever sends to a queue holds its slot until the answer is there, so that the order of
/// storage is the order of sending, whatever thread sends. Waiters get it in the order in which they asked.
/// Not thread-safe; entries of idle queues cost nothing.
class QueueSlots {
 public:
  /// Called once when the slot is the caller's: from within acquire() where it is free, else from within
  /// another holder's release().
  using Granted = std::function<void()>;

  void acquire(const MessageQueue& queue, Granted granted) {
    const auto [slot, was_free] = waiting_.try_emplace(queue);
    if (was_free) {
      granted();
    } else {
      slot->second.push_back(std::move(granted));
    }
  }

  void release(const MessageQueue& queue) {
    const auto slot = waiting_.find(queue);
    if (slot == waiting_.end()) return;
    if (slot->second.empty()) {
      waiting_.erase(slot);
      return;
    }
    const Granted next = std::move(slot->second.front());
    slot->second.pop_front();
    next();
  }

  [[nodiscard]] bool busy(const MessageQueue& queue) const { return waiting_.count(queue) != 0; }

 private:
  std::map<MessageQueue, std::deque<Granted>> waiting_;  // An entry exists while the slot is taken.
};

}  // namespace rocketmq::client
