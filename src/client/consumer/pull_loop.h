#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/log_limiter.h"
#include "client/consumer/commit_tracker.h"
#include "client/consumer/consumer_context.h"
#include "client/consumer/puller.h"
#include "client/core/strand_timer.h"

namespace rocketmq::client {

struct PullVerdict;

/// Carries out what the Puller of one assigned queue decides: offset queries, pulls, pauses; and stores the
/// queue's offset. All functions: strand.
class PullLoop : public std::enable_shared_from_this<PullLoop> {
 public:
  static constexpr std::chrono::milliseconds suspend{15'000};       ///< How long a broker may hold a pull.
  static constexpr std::chrono::milliseconds pull_timeout{30'000};  ///< Until we give a held pull up.
  static constexpr std::chrono::milliseconds query_timeout{3000};
  /// More than a broker's default allows, because operators raise that limit.
  static constexpr std::int32_t max_messages = 1024;
  static constexpr std::int32_t max_bytes = 1 << 20;

  /// `on_started` is called once: when the queue's first offset is known, or could not be found at once.
  PullLoop(ConsumerContext& context, AssignedQueuePtr queue, StartFrom start_from,
           std::function<void()> on_started);

  /// Starts after `delay`.
  void start(std::chrono::milliseconds delay);
  /// Pulls no more. What was received stays with the takers.
  void stop();

  void on_room();
  /// A broker accepted our heartbeat, or a route changed: a pause may end.
  void hurry();

  /// Throws away what was received and goes on at `offset`, as an operator wishes.
  void reset(std::int64_t offset);
  /// Receives everything from `offset` on once more, because it could not be read.
  void rewind(std::int64_t offset);

  /// Stores what is done, unless it is stored already. `done` comes when no store is under way any more.
  void commit(std::function<void()> done);
  /// The same once the queue is no longer ours: only if nobody went further meanwhile.
  void commit_after_drop(std::function<void()> done);

  [[nodiscard]] const AssignedQueuePtr& queue() const noexcept { return queue_; }
  [[nodiscard]] const Puller& puller() const noexcept { return puller_; }
  [[nodiscard]] std::chrono::system_clock::time_point last_pull() const noexcept { return last_pull_; }

 private:
  void execute(const PullAction& action);
  void query_committed(std::uint64_t ticket);
  void query_start(std::uint64_t ticket);
  void store_start(std::uint64_t ticket, std::int64_t offset);
  void pull(std::uint64_t ticket, std::int64_t offset);
  void on_pull_reply(std::uint64_t ticket, std::int64_t offset, const std::string& address,
                     std::chrono::milliseconds took, const Failure& transport,
                     const wire::ReceivedCommand& reply);
  void take_verdict(std::uint64_t ticket, std::int64_t offset, PullVerdict verdict);
  void move_offset(std::int64_t offset, PullVerdict& verdict);
  void enter_queue_if_started();
  void report_started();
  void warn(const std::string& what);
  [[nodiscard]] std::optional<std::string> address() const;
  [[nodiscard]] bool room() const { return context_.ready->has_room(queue_); }

  ConsumerContext& context_;
  const AssignedQueuePtr queue_;
  Puller puller_;
  CommitTracker commits_;
  std::vector<std::function<void()>> waiting_commits_;
  StrandTimer timer_;
  std::function<void()> on_started_;
  LogLimiter limiter_;
  std::int64_t broker_id_ = 0;  // Where to pull, by the broker's suggestion.
  bool in_queue_ = false;       // Whether the process queue has its first offset.
  std::optional<std::int64_t> unreadable_at_;
  std::chrono::system_clock::time_point last_pull_{};
};

}  // namespace rocketmq::client
