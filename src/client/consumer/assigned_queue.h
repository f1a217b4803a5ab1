#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "client/consumer/hold_back.h"
#include "client/consumer/process_queue.h"
#include "client/consumer/subscribed_topic.h"
#include "wire/message_queue.h"

namespace rocketmq::client {

using wire::MessageQueue;

/// What the messages of a queue, or of all, take of the cache.
struct CacheUse {
  std::size_t messages = 0;  ///< Received and not finished, or expected.
  std::size_t bytes = 0;
  std::size_t pending = 0;     ///< Rejected messages that are being sent back.
  std::size_t deliveries = 0;  ///< That are open.
  std::size_t held_back = 0;   ///< Queues whose messages were postponed.
};

/// A queue that this consumer was assigned. The constants may be read by every thread; the process queue is
/// guarded by the mutex of the AssignedQueues that made it.
struct AssignedQueue {
  AssignedQueue(MessageQueue queue_, std::string user_topic_, bool is_retry_, SubscribedTopic topic_)
      : queue(std::move(queue_)),
        user_topic(std::move(user_topic_)),
        is_retry(is_retry_),
        subscription(std::move(topic_.subscription)),
        counts(std::move(topic_.counts)) {}

  const MessageQueue queue;
  const std::string user_topic;  ///< Without namespace.
  const bool is_retry;           ///< A queue of %RETRY%group: its messages name their first topic.
  const std::shared_ptr<const wire::SubscriptionData> subscription;
  const std::shared_ptr<ConsumeCounts> counts;  ///< Of its topic; see SubscribedTopic.

 private:
  friend class AssignedQueues;
  friend class QueueTurns;
  ProcessQueue process{0};
  HoldBack held_back;
  CacheUse expected;  // What was asked for before its turn and is to come.
  CacheUse counted;   // Its part of what AssignedQueues counts.
  std::chrono::system_clock::time_point last_consumed = std::chrono::system_clock::now();
  std::int64_t last_store_ms = 0;    // When the message that was handled last was stored.
  std::int64_t last_handled_ms = 0;  // When it was handled.
};

using AssignedQueuePtr = std::shared_ptr<AssignedQueue>;

/// A prefix of one queue that is with a poller.
struct DeliveryPart {
  AssignedQueuePtr queue;
  std::uint64_t generation = 0;
  std::vector<Segment> segments;
  std::set<std::int64_t> skipped;  ///< Offsets that must not be delivered again.
  std::uint64_t returned = 0;      ///< The number of a ReturnedMessage; 0 for a prefix of the queue.
  bool was_postponed = false;      ///< Handed out before; the only part of its delivery.
  std::int64_t last_store_ms = 0;  ///< When the last message of it that was handled was stored; 0: none was.
  /// Its queue is to be held back with this first pause; see HoldBack.
  std::optional<std::chrono::milliseconds> postponed = std::nullopt;
};

}  // namespace rocketmq::client
