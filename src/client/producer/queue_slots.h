#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <utility>

#include "wire/message_queue.h"

namespace rocketmq::client {

using wire::MessageQueue;

/// One slot a queue: whoever sends to a queue holds its slot until the answer is there, so that the order of
/// storage is the order of sending, whatever thread sends. Waiters get it in the order in which they asked.
/// Not thread-safe; entries of idle queues cost nothing.
class QueueSlots {
 public:
  /// Called once when the slot is the caller's.
  using Granted = std::function<void()>;

  /// Takes the slot and calls `granted` at once where it is free; otherwise keeps `granted` for later.
  void acquire(const MessageQueue& queue, Granted granted) {
    const auto [slot, was_free] = waiting_.try_emplace(queue);
    if (was_free) {
      granted();
    } else {
      slot->second.push_back(std::move(granted));
    }
  }

  /// Gives the slot back. Where somebody waits, the slot is theirs and the result is to be called, but not
  /// from within a function that they could wait in: a long row of waiters would fill the stack.
  [[nodiscard]] Granted release(const MessageQueue& queue) {
    const auto slot = waiting_.find(queue);
    if (slot == waiting_.end()) return nullptr;
    if (slot->second.empty()) {
      waiting_.erase(slot);
      return nullptr;
    }
    Granted next = std::move(slot->second.front());
    slot->second.pop_front();
    return next;
  }

  [[nodiscard]] bool busy(const MessageQueue& queue) const { return waiting_.count(queue) != 0; }

 private:
  std::map<MessageQueue, std::deque<Granted>> waiting_;  // An entry exists while the slot is taken.
};

}  // namespace rocketmq::client
