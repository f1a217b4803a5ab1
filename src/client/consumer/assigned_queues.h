#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "client/consumer/assigned_queue.h"
#include "client/consumer/consume_counts.h"
#include "client/consumer/loop_status.h"
#include "client/consumer/queue_turns.h"
#include "client/consumer/returned_messages.h"
#include "rocketmq/bytes.h"

namespace rocketmq::client {

/// What became of a part once it was decoded.
struct DecodedPart {
  std::vector<Segment> rest;           ///< Beyond the poller's limits; handed out next.
  std::optional<std::int64_t> rewind;  ///< Could not be read from here on: to be pulled once more.
};

/// A message that is to be sent back to its broker.
struct RejectedMessage {
  AssignedQueuePtr queue;
  std::uint64_t generation = 0;
  std::int64_t queue_offset = 0;
  SharedBytes record;     ///< The stored message.
  bool for_good = false;  ///< It is not delivered again.
};

/// The hand-over between a client's loop, which receives, and the threads that poll for messages: the process
/// queues of all assigned queues, behind one mutex. It outlives its consumer as long as a delivery is open.
class AssignedQueues {
 public:
  struct Limits {
    std::size_t max_messages = 0;  ///< Received, or being sent back, and not finished; over all queues.
    std::size_t max_bytes = 0;
    bool auto_commit = true;  ///< See ConsumerConfig.
  };

  explicit AssignedQueues(Limits limits) : limits_(limits) {}

  // For the loop.

  /// Sets what is called, on any thread, when something of `collect` waits for the loop; it must only post.
  /// An empty function ends the calls: none is running any more when this returns.
  void set_wake(std::function<void()> wake);

  void assign(const AssignedQueuePtr& queue);
  [[nodiscard]] ProcessQueue::AddResult add(const AssignedQueuePtr& queue, Segment segment);
  /// See ProcessQueue::reset; also used for the first start.
  void reset(const AssignedQueuePtr& queue, std::int64_t offset);
  /// The queue is no longer ours; its open delivery may still finish. Gives how many offsets are done that
  /// were not allowed to be stored yet.
  std::int64_t drop(const AssignedQueuePtr& queue);

  /// Without auto_commit: what is done by now may be stored.
  void allow_commit();
  [[nodiscard]] std::int64_t commit_offset(const AssignedQueuePtr& queue) const {
    return counts(queue).commit_offset;
  }
  [[nodiscard]] std::int64_t next_offset(const AssignedQueuePtr& queue) const {
    return counts(queue).next_offset;
  }
  /// Whether an open delivery or a message being sent back can still move the commit offset.
  [[nodiscard]] bool is_busy(const AssignedQueuePtr& queue) const;
  /// Whether another reply of this queue may be received. A queue with nothing received always may. While
  /// queues are held back, these keep what they have, and each queue has at least its share of the cache: so
  /// they cannot starve the others, and all of them together hold twice the limits at most.
  [[nodiscard]] bool has_room(const AssignedQueuePtr& queue) const;
  /// What was asked for before its turn and is to come; it takes room as if it were here.
  void expect(const AssignedQueuePtr& queue, std::size_t messages, std::size_t bytes);
  void sent_back(const RejectedMessage& message);
  /// Gives a rejected message up if it is not ours any more, because its queue was dropped or has been
  /// reset: the next owner of the queue gets it by the committed offset. False if it still is ours.
  [[nodiscard]] bool leave_rejected(const RejectedMessage& message);

  struct QueueCounts {
    std::size_t messages = 0;
    std::size_t bytes = 0;
    std::int64_t commit_offset = 0;
    std::int64_t next_offset = 0;
    std::chrono::system_clock::time_point
        last_consumed;                 ///< When a delivery ended, or the queue was assigned.
    std::int64_t last_store_ms = 0;    ///< When the message that was handled last was stored.
    std::int64_t last_handled_ms = 0;  ///< When it was handled.
    bool held_back = false;
  };
  [[nodiscard]] QueueCounts counts(const AssignedQueuePtr& queue) const;

  /// Adds to what was achieved in the topic of `queue`. From any thread.
  void count(const AssignedQueue& queue, const ConsumeCounts& more);
  [[nodiscard]] ConsumeCounts counts(const SubscribedTopic& topic) const;

  /// Keeps what the loop knows for those that ask for the consumer's status.
  void publish(std::shared_ptr<const LoopStatus> status) {
    const std::lock_guard lock(mutex_);
    published_.swap(status);
  }
  /// What was published last; null if nothing was. From any thread.
  [[nodiscard]] std::shared_ptr<const LoopStatus> published() const {
    const std::lock_guard lock(mutex_);
    return published_;
  }

  struct Work {
    std::vector<RejectedMessage> rejected;
    std::vector<std::pair<AssignedQueuePtr, std::int64_t>> rewinds;
    std::list<ReturnedMessage> returned;  ///< Whose delivery has ended.
  };
  /// Takes what waits for the loop.
  [[nodiscard]] Work collect();

  /// Gives the next poller a rejected message once more. False if too many wait already. After
  /// interrupt() nothing comes of it.
  [[nodiscard]] bool hand_out_again(std::uint64_t number, const AssignedQueuePtr& queue, Segment segment);
  /// Takes that back. No effect if a poller has the message already.
  void withdraw(std::uint64_t number);

  // For pollers.

  using Wanted = QueueTurns::Wanted;
  /// Waits until `min_messages` are ready (or the cache is full, or the deadline has passed) and delivers a
  /// fair share of the ready queues: the k-th part, rounded up, with k pollers waiting. `held` are parts that
  /// the caller holds and may continue. Empty at the deadline, once interrupted, and in a full cache.
  ///
  /// Unless something is held, a returned message ends the wait at once, and so does a postponed queue that
  /// is due. Either then is the only part.
  [[nodiscard]] std::vector<DeliveryPart> poll(const Wanted& wanted, const std::vector<DeliveryPart>& held);

  /// How many pollers wait at this moment.
  [[nodiscard]] std::size_t waiting() const;
  /// How many queues and returned messages are with pollers at this moment.
  [[nodiscard]] std::size_t delivered() const;

  void decoded(const DeliveryPart& part, DecodedPart result);

  /// Ends the delivery of `parts`: done, except what is to be sent back.
  void finish(const std::vector<DeliveryPart>& parts, std::vector<RejectedMessage> rejected);

  /// Ends the delivery of `parts` and puts their segments back to the front, except what is rejected:
  /// `skipped` names (part, offset) of messages that count as done, `rejected` those that are to be sent
  /// back.
  void give_back(std::vector<DeliveryPart> parts, std::vector<RejectedMessage> rejected,
                 const std::vector<std::pair<std::size_t, std::int64_t>>& skipped);

  /// Ends the delivery of a returned message. Needs no memory.
  void finish_returned(std::uint64_t number, ReturnedMessage::End end) noexcept;

  /// Ends all waiting, now and later. Returned messages that wait for a poller are forgotten: the
  /// next owner of their queue gets them by the committed offset.
  void interrupt();
  [[nodiscard]] bool interrupted() const {
    const std::lock_guard lock(mutex_);
    return interrupted_;
  }

  /// Waits until no delivery is open and nothing is being sent back; false at the deadline.
  [[nodiscard]] bool wait_until_idle(std::chrono::steady_clock::time_point deadline);

 private:
  using Lock = std::unique_lock<std::mutex>;
  [[nodiscard]] bool enough(const Wanted& wanted, const std::vector<DeliveryPart>& held) const;
  void note_rejected(std::vector<RejectedMessage> rejected);
  void end_deliveries(const std::vector<DeliveryPart>& parts);
  void wake_loop();
  void recount(const AssignedQueuePtr& queue);
  [[nodiscard]] bool may_receive(const AssignedQueue& queue) const;
  [[nodiscard]] bool full() const noexcept {
    return use_.messages + use_.pending >= limits_.max_messages || use_.bytes >= limits_.max_bytes;
  }

  /// Here the loop, which receives, meets the pollers. Never held while something else is called.
  mutable std::mutex mutex_;
  std::condition_variable pollers_;  // Signalled when something may be ready.
  std::condition_variable idle_;     // Signalled when a delivery or a send-back ended.
  QueueTurns turns_;
  std::size_t waiting_ = 0;
  const Limits limits_;
  CacheUse use_;  // Of all queues.
  ReturnedMessages returned_;
  bool interrupted_ = false;
  Work work_;
  std::shared_ptr<const LoopStatus> published_;

  /// Here pollers, which wake the loop, meet the thread that closes the consumer and waits for the last of
  /// them. Apart from mutex_, because a wake that fails interrupts the pollers.
  std::mutex wake_mutex_;
  std::function<void()> wake_;
};

}  // namespace rocketmq::client
