#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "client/core/topic_route.h"
#include "client/producer/batch_packing.h"
#include "rocketmq/producer.h"

namespace rocketmq::client {

/// Which queue each message of a send with order keys goes to, and the order in which the messages then lie
/// in the send: queue after queue, within a queue as they were given. Divided on the loop, read by the
/// sender's thread once the plan is there.
class KeyOrder {
 public:
  /// `keys` has one for all `messages`, or one each.
  KeyOrder(std::span<const OrderKey> keys, std::size_t messages);

  /// Divides the messages among all queues of the topic that may be written. Once.
  void divide(const std::vector<MessageQueue>& queues);

  /// The queues that get messages, and the places of each one's messages.
  [[nodiscard]] const std::vector<MessageQueue>& queues() const noexcept { return queues_; }
  [[nodiscard]] const std::vector<SliceRange>& slices() const noexcept { return slices_; }
  /// The message at each place.
  [[nodiscard]] std::span<const std::uint32_t> messages() const noexcept { return messages_; }

  /// A column of the messages by place; empty if it is.
  template <class T>
  [[nodiscard]] std::vector<T> arrange(std::span<const T> column) const {
    std::vector<T> arranged;
    if (column.empty()) return arranged;
    arranged.reserve(messages_.size());
    for (const std::uint32_t message : messages_)
      arranged.push_back(column[message]);
    return arranged;
  }
  /// Ranges of places as ranges of messages.
  [[nodiscard]] std::vector<SendRange> restore(const std::vector<SendRange>& ranges) const;

 private:
  std::vector<std::int32_t> hashes_;  // One, or one each.
  std::vector<std::uint32_t> messages_;
  std::vector<MessageQueue> queues_;
  std::vector<SliceRange> slices_;
};

}  // namespace rocketmq::client
