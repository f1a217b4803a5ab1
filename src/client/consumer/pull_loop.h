#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/backoff.h"
#include "client/consumer/consumer_context.h"
#include "client/consumer/first_offset.h"
#include "client/consumer/offset_committer.h"
#include "client/consumer/pull_pipeline.h"
#include "client/consumer/pull_request.h"
#include "client/consumer/pull_result.h"
#include "client/consumer/queue_end.h"
#include "client/core/topic_route.h"
#include "transport/loop_timer.h"

namespace rocketmq::client {

/// Receives one assigned queue: sends the pulls of its pipeline, reads their answers and hands on what they
/// bring. All functions: loop.
class PullLoop : public std::enable_shared_from_this<PullLoop> {
 public:
  /// A slave that could not answer is not asked again for this time, whatever its master suggests.
  static constexpr std::chrono::seconds slave_pause{10};
  /// If a broker refuses this often to say how old a queue is, it counts as one that cannot tell.
  static constexpr int most_refusals = 5;

  /// `on_started` is called once: when the queue's first offset is known, or could not be found at once.
  PullLoop(ConsumerContext& context, AssignedQueuePtr queue, StartFrom start_from,
           std::function<void()> on_started);
  /// Starts after `delay`.
  void start(std::chrono::milliseconds delay) { first_offset_->start(delay); }
  /// Pulls no more. What was received stays with the pollers.
  void stop();

  /// There may be room again.
  void on_room() { fill(); }
  /// A broker accepted our heartbeat, or a route changed: a pause may end.
  void retry_now();

  /// Throws away what was received and goes on at `offset`, as an operator wishes.
  void reset(std::int64_t offset);
  /// How often that happened, and where it went on the last time.
  struct Resets {
    std::size_t count = 0;
    std::int64_t offset = 0;
  };
  [[nodiscard]] const Resets& resets() const noexcept { return resets_; }
  /// Receives everything from `offset` on once more, because it could not be read.
  void rewind(std::int64_t offset);

  /// What stores the queue's offset; it lives as long as anybody needs it.
  [[nodiscard]] OffsetCommitter& commits() const noexcept { return *commits_; }

  [[nodiscard]] const AssignedQueuePtr& queue() const noexcept { return queue_; }
  /// Whether it is known where the queue begins.
  [[nodiscard]] bool has_offset() const noexcept { return commits_->begun(); }
  [[nodiscard]] std::chrono::system_clock::time_point last_pull() const noexcept { return last_pull_; }
  /// Without its trouble.
  [[nodiscard]] LoopStatus::Queue status() const {
    return {queue_, has_offset(), commits_->committed(), end_->offset(), end_->last_reply_ms(), {}};
  }
  /// Asks where the queue ends, if no reply tells that: the first pull is held while there is nothing new,
  /// and there is none while there is no room for more.
  void look_at_end() {
    if (pipeline_.is_waiting_for_room() || (has_offset() && !end_->offset())) end_->look();
  }

 private:
  /// A result that waits until it is known whether the queue was recreated.
  struct Suspect {
    std::uint64_t pull = 0;
    std::int64_t offset = 0;
    PullResult result;
    int refusals = 0;  // One after another.
    Backoff pauses{{std::chrono::milliseconds(50), std::chrono::milliseconds(1000)}};
  };

  void begin(std::int64_t offset);
  void go_on_at(std::int64_t offset);
  void fill();
  void send(const PullPipeline::Pull& pull);
  void wait(std::chrono::milliseconds delay);
  void on_answer(std::uint64_t pull, PullAnswer&& answer);
  void handle_head();
  void ask_for_less(std::int64_t offset, PullResult& result);
  void find_out_whether_recreated();
  void on_first_time(const Failure& failure, std::optional<std::int64_t> earliest);
  void apply_result(std::int64_t offset, PullResult result);
  void tell_problem(std::int64_t offset, const PullResult& result);
  void move_offset(std::int64_t offset, PullResult& result);
  /// The queue cannot be received from at present.
  void note_trouble(const std::string& cause, Troubles::Kind kind) {
    if (context_.note_trouble(to_string(queue_->queue), cause, kind)) return;
    const bool may_pass = kind == Troubles::Kind::may_pass;
    context_.warn(may_pass ? context_.broker_limiters[queue_->queue.broker_name] : limiter_, queue_->queue,
                  cause);
  }
  [[nodiscard]] MessagePlace place_of(std::int64_t offset) const {
    const wire::MessageQueue& queue = queue_->queue;
    return {context_.core->unwrap_name(queue.topic), queue.broker_name, queue.queue_id, offset};
  }
  void warn(const std::string& what) { context_.warn(limiter_, queue_->queue, what); }
  void report_started() {
    if (const auto report = std::exchange(on_started_, nullptr)) report();
  }
  [[nodiscard]] const BrokerAddresses::value_type* server() const {
    return pull_server(context_, queue_->queue, broker_id_);
  }

  ConsumerContext& context_;
  const AssignedQueuePtr queue_;
  const std::shared_ptr<FirstOffset> first_offset_;
  PullPipeline pipeline_;
  const std::shared_ptr<OffsetCommitter> commits_;
  const std::shared_ptr<QueueEnd> end_;
  transport::LoopTimer timer_;  // Of a pause, or of the question whether the queue was recreated.
  std::function<void()> on_started_;
  LogLimiter limiter_;
  std::int64_t broker_id_ = 0;                          // Where to pull, by the broker's suggestion.
  std::chrono::steady_clock::time_point slave_from_{};  // Until then suggestions are not followed.
  std::optional<std::int64_t> unreadable_at_;
  std::int64_t newest_received_ms_ = 0;  // When the newest message was stored that came; see is_recreated.
  bool topic_vanished_ = false;          // The broker said that there is no such topic.
  std::optional<Suspect> suspect_;
  Resets resets_;
  std::chrono::system_clock::time_point last_pull_{};
};

/// The loops of the queues that a consumer has at present.
using PullLoops = std::map<MessageQueue, std::shared_ptr<PullLoop>>;

}  // namespace rocketmq::client
