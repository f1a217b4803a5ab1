#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include "client/consumer/consumer_context.h"
#include "client/consumer/pull_pipeline.h"
#include "client/consumer/pull_result.h"
#include "client/core/topic_route.h"
#include "client/reader/read_buffer.h"
#include "transport/loop_timer.h"

namespace rocketmq::client {

/// Pulls the offsets [begin, end) of one queue into the buffer, which is the pace. Offsets that the queue no
/// longer has are a failure, and so is a broker that has not answered for the time of `patience`. Without an
/// end it waits for new messages, and for a broker that is away. All functions: loop.
class QueueReader : public std::enable_shared_from_this<QueueReader> {
 public:
  /// How long what fails is tried again: a connection that broke, a broker that restarts or is busy.
  static constexpr std::chrono::seconds patience{10};
  /// As the end of a range.
  static constexpr std::int64_t no_end = std::numeric_limits<std::int64_t>::max();

  /// `index` is the queue's in the buffer. The context and the buffer must outlive it.
  QueueReader(ConsumerContext& context, AssignedQueuePtr queue, ReadBuffer& buffer, std::size_t index,
              ReadBuffer::Range range);

  void start();
  /// Some of what it has received was taken.
  void fill();
  [[nodiscard]] const AssignedQueuePtr& queue() const noexcept { return queue_; }

 private:
  void send(PullPipeline::Pull pull);
  void on_answer(std::uint64_t pull, PullAnswer&& answer);
  void handle_head();
  void apply(PullResult result);
  void received(PullResult& result);
  void go_on(const PullOutcome& outcome);
  /// Whether it is a queue of a static topic.
  [[nodiscard]] bool is_logical() const;
  /// Empty if nothing of the queue from offset_ on is missing at the broker.
  [[nodiscard]] std::string what_is_missing(const PullResult& result) const;
  void follow(const PullResult& result, const PullAnswer& answer);
  void try_again_or_fail(const PullResult& result, const PullAnswer& answer);
  void fail(Errc code, const std::string& cause);
  void wait(std::chrono::milliseconds delay);
  [[nodiscard]] bool follows() const noexcept { return end_ == no_end; }
  [[nodiscard]] bool reads_everything() const noexcept { return queue_->subscription->is_everything(); }
  [[nodiscard]] const BrokerAddresses::value_type* server() const;

  ConsumerContext& context_;
  const AssignedQueuePtr queue_;
  ReadBuffer& buffer_;
  const std::size_t index_;
  std::int64_t offset_;  // Up to here it was received.
  const std::int64_t end_;
  PullPipeline pipeline_;
  std::int64_t broker_id_ = master_id;  // Who is asked: the master, or a slave.
  bool master_silent_ = false;
  bool slave_failed_ = false;
  std::optional<std::chrono::steady_clock::time_point> failing_since_;
  transport::LoopTimer timer_;
};

}  // namespace rocketmq::client
