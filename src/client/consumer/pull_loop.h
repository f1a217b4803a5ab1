#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "client/consumer/consumer_context.h"
#include "client/consumer/offset_committer.h"
#include "client/consumer/pull_ahead.h"
#include "client/consumer/pull_size.h"
#include "client/consumer/puller.h"
#include "client/consumer/queue_log.h"
#include "client/consumer/renewed_queue.h"
#include "client/core/strand_timer.h"
#include "client/core/topic_route.h"

namespace rocketmq::client {

struct PullVerdict;

/// Carries out what the Puller of one assigned queue decides: offset queries, pulls, pauses. All functions:
/// strand.
class PullLoop : public std::enable_shared_from_this<PullLoop> {
 public:
  static constexpr std::chrono::milliseconds suspend{15'000};       ///< How long a broker may hold a pull.
  static constexpr std::chrono::milliseconds pull_timeout{30'000};  ///< Until we give a held pull up.
  /// Until we give up a pull that is not held, because there are messages.
  static constexpr std::chrono::milliseconds prompt_timeout{5'000};
  static constexpr std::int32_t max_bytes = 1 << 20;
  /// A slave that could not answer is not asked again for so long, whatever its master suggests.
  static constexpr std::chrono::seconds slave_pause{10};

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

  /// What stores the queue's offset; it lives as long as anybody needs it.
  [[nodiscard]] OffsetCommitter& commits() const noexcept { return *commits_; }

  [[nodiscard]] const AssignedQueuePtr& queue() const noexcept { return queue_; }
  [[nodiscard]] const Puller& puller() const noexcept { return puller_; }
  [[nodiscard]] std::chrono::system_clock::time_point last_pull() const noexcept { return last_pull_; }

 private:
  void execute(const PullAction& action);
  void query_committed(std::uint64_t ticket);
  void query_start(std::uint64_t ticket);
  void query_start_by_pull(std::uint64_t ticket, const std::string& target);
  void take_start(std::uint64_t ticket, const Failure& failure, std::int64_t offset);
  void store_start(std::uint64_t ticket, std::int64_t offset);
  void pull(std::uint64_t ticket, std::int64_t offset);
  /// Sends a pull; a broker holds it until there is a message where `suspends`. `handler` is called with the
  /// answer unless this loop is gone by then. False where no address is known; then it is not called.
  [[nodiscard]] bool send_pull(std::int64_t offset, std::int64_t messages, bool suspends,
                               std::function<void(PullLoop&, PullAnswer&&)> handler);
  void ask_ahead(const PullAhead::Ask& ask);
  void on_answer(std::uint64_t ticket, std::int64_t offset, const PullAnswer& answer);
  [[nodiscard]] PullVerdict judge_failure(const PullAnswer& answer);
  [[nodiscard]] PullVerdict judge_too_large(std::int64_t offset, const PullAnswer& answer);
  /// The queue cannot be received from at present.
  void note_trouble(const std::string& cause, Troubles::Kind kind = Troubles::Kind::may_pass);
  void note_failure(const Failure& failure);
  void take_verdict(std::uint64_t ticket, std::int64_t offset, PullVerdict verdict);
  void apply_verdict(std::uint64_t ticket, std::int64_t offset, PullVerdict verdict);
  void find_out_whether_renewed(std::uint64_t ticket, std::int64_t offset, PullVerdict verdict);
  void take_first_time(std::uint64_t ticket, std::int64_t offset, PullVerdict verdict, const Failure& failure,
                       std::optional<std::int64_t> earliest);
  void forget_ahead();
  /// What is asked for ahead takes room, with what is known of its size.
  void expect_ahead();
  void forbid_ahead(const std::string& why);
  void move_offset(std::int64_t offset, PullVerdict& verdict);
  void enter_queue_if_started();
  void report_started();
  /// Where to pull: a broker's id and address; nothing where no address is known.
  [[nodiscard]] const BrokerAddresses::value_type* server() const;
  [[nodiscard]] bool is_behind_a_proxy() const;
  [[nodiscard]] bool room() const { return context_.ready->has_room(queue_); }

  ConsumerContext& context_;
  const AssignedQueuePtr queue_;
  Puller puller_;
  const std::shared_ptr<OffsetCommitter> commits_;
  StrandTimer timer_;
  std::function<void()> on_started_;
  QueueLog log_;
  PullAhead ahead_;
  PullSize size_;
  std::int64_t broker_id_ = 0;                          // Where to pull, by the broker's suggestion.
  std::chrono::steady_clock::time_point slave_from_{};  // Until then suggestions are not followed.
  std::optional<std::int64_t> unreadable_at_;
  RenewedQueue renewal_;
  std::chrono::system_clock::time_point last_pull_{};
};

}  // namespace rocketmq::client
