#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/log_limiter.h"
#include "client/core/client_core.h"
#include "client/core/route_table.h"
#include "client/producer/batch_packing.h"
#include "client/producer/key_order.h"
#include "client/producer/message_encoder.h"
#include "client/producer/send_lanes.h"
#include "client/producer/send_progress.h"
#include "client/producer/send_queues.h"
#include "client/producer/send_slice.h"
#include "client/producer/timer_support.h"

namespace rocketmq::client {

/// What all sends of a producer share. Loop.
struct SendShared {
  ClientCore& core;
  SendQueues queues;
  TimerSupport timers{core};
  LogLimiter limiter = {};                 ///< Of lines about single batches.
  std::atomic<std::uint64_t> retries = 0;  ///< Requests that were sent again. May be read by every thread.
};

struct SendOptions {
  std::string producer_group;  ///< On the wire.
  std::chrono::milliseconds timeout{3000};
  int max_attempts = 5;
};

/// One send: divides its messages among queues, gives the encoded batches to the slices that send them, and
/// reports what became of every message. To be used on the loop.
///
/// At most max_lanes queues are used. The first batch that fails for good ends the send: what is in flight is
/// awaited, the rest is not sent, since it would mostly fail the same way and take long for it.
class SendOperation : public std::enable_shared_from_this<SendOperation> {
 public:
  static constexpr std::size_t max_lanes = 64;

  /// `topic` is the one on the wire; `queues` is how many are to be used, if there are as many.
  SendOperation(SendShared& shared, const SendOptions& options, std::string topic, std::size_t messages,
                std::size_t queues, std::shared_ptr<SendProgress> progress);

  /// Before the start: the messages go where their keys say, and nowhere else.
  void follow(std::shared_ptr<KeyOrder> order) { order_ = std::move(order); }
  /// Before the start: all messages are delayed, so they have no order, and many are under way at once.
  void let_overtake() noexcept { may_overtake_ = true; }
  /// Before the start: brokers that have no timers get nothing.
  void need_timers() noexcept { needs_timers_ = true; }

  /// Looks up the route, then sends the only batch, or without one tells the progress which messages go to
  /// each queue. `ended` is called once, just before the progress gets the result and the senders go on.
  void start(std::optional<EncodedBatch> only, std::function<void()> ended);
  /// How many batches each slice of the plan makes; before the first of them is added.
  void set_batches(const std::vector<std::size_t>& counts);
  void add(std::size_t slice, EncodedBatch batch);
  void on_broker_back(const std::string& address);
  /// The caller does not want it any more: nothing more is sent. What is in flight is awaited until a call
  /// that comes `cancel_grace` later.
  void cancel();
  static constexpr std::chrono::milliseconds cancel_grace{300};
  /// Ends the send now, without waiting for what is in flight.
  void abort(const Failure& failure);

  /// From any thread.
  [[nodiscard]] const std::shared_ptr<SendProgress>& progress() const noexcept { return progress_; }

  // For its slices.

  [[nodiscard]] SendShared& shared() noexcept { return shared_; }
  [[nodiscard]] const SendOptions& options() const noexcept { return options_; }
  [[nodiscard]] const std::string& topic() const noexcept { return topic_; }
  [[nodiscard]] SendLanes& lanes() noexcept { return *lanes_; }
  /// What a slice needs a permit for to send to `queue`: requests that may overtake each other need not wait
  /// for the end of another one to the queue, but count among those of its broker.
  [[nodiscard]] MessageQueue permit_of(MessageQueue queue, std::size_t slice) const {
    if (may_overtake_) queue.queue_id = -1 - static_cast<std::int32_t>(slice);
    return queue;
  }
  /// Null if the messages may go to any queue.
  [[nodiscard]] const KeyOrder* order() const noexcept { return order_.get(); }
  [[nodiscard]] bool stopped() const noexcept { return cause_.failed(); }
  [[nodiscard]] bool ended() const noexcept { return ended_; }
  /// The address of the queue's broker, or null if it is in the route no more. The text lives as long as
  /// `route`.
  [[nodiscard]] const std::string* address_of(const MessageQueue& queue, RoutePtr& route) const;
  void tried(const MessageQueue& queue) { queues_tried_.insert(queue); }
  void record(const EncodedBatch& batch, SendOutcome outcome, const Failure& failure);
  /// A batch of the plan has been stored.
  void batch_ended(std::size_t slice) { progress_->batch_ended(slice); }
  /// A request has ended well: what is next?
  void go_on(std::size_t slice);
  /// Lets every slice send that may.
  void step_heads();
  /// A batch has failed for good.
  void fail(const Failure& cause);
  void log_limited(LogLevel level, const std::string& line) {
    (void)shared_.core.log_limited(shared_.limiter, level, line);
  }

 private:
  void on_route(const RoutePtr& route);
  void begin(const std::vector<MessageQueue>& queues, bool gate_last,
             const std::function<std::vector<SliceRange>()>& plan);
  void choose_queues(const TopicRoute& route);
  void stop(const Failure& cause);
  void end_if_idle();
  void end();

  SendShared& shared_;
  SendOptions options_;
  std::string topic_;
  std::size_t messages_;
  std::size_t queues_wanted_;
  const std::shared_ptr<SendProgress> progress_;
  std::shared_ptr<KeyOrder> order_;
  bool may_overtake_ = false;
  bool needs_timers_ = false;
  std::function<void()> ended_handler_;
  std::optional<SendLanes> lanes_;
  std::deque<SendSlice> slices_;
  std::optional<EncodedBatch> only_;  // Until the route is there.
  std::set<MessageQueue> queues_tried_;
  std::vector<SendRange> ranges_;
  Failure cause_;  // Why the send stops; failed() once it does.
  std::chrono::steady_clock::time_point cancelled_at_{};
  bool ended_ = false;
};

/// Why a send that was cancelled has not stored everything.
[[nodiscard]] Failure cancelled_failure();

}  // namespace rocketmq::client
