#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

#include "base/backoff.h"

namespace rocketmq::client {

enum class PullState {
  idle,              ///< Made, not started.
  asking_committed,  ///< Asks how far the group has come.
  asking_start,      ///< The group has no offset in this queue: asks where the queue ends or begins.
  storing_start,     ///< Stores that first offset, so that a restart does not compute another one.
  pulling,           ///< One pull is under way.
  full,              ///< Too much is received and not consumed; waits for room.
  waiting,           ///< Pauses after a failure, or because the broker answered at once without progress.
  stopped,           ///< The queue is no longer ours.
};

/// Where a queue without a committed offset begins.
enum class StartFrom {
  end,    ///< Behind the last stored message.
  first,  ///< At the first stored message.
};

/// What the owner of a Puller is to do next. Exactly one report with the action's ticket is expected, except
/// for `none`.
struct PullAction {
  enum class Kind {
    none,             ///< Nothing; an event that is under way, or on_room, goes on.
    query_committed,  ///< Ask the offset store; report on_committed.
    query_start,      ///< Ask for the end or the beginning of the queue; report on_start.
    store_start,      ///< Store `offset`; report on_start_stored.
    pull,             ///< Pull from `offset` on; report on_pull.
    wait,             ///< Wait `delay`; report on_wait_over.
  };
  Kind kind = Kind::none;
  std::uint64_t ticket = 0;
  std::int64_t offset = 0;
  std::chrono::milliseconds delay{0};
  bool refresh_route = false;  ///< The queue may have moved.
  bool heartbeat = false;      ///< The broker does not know our subscription (any more).
};

/// What a pull came to.
struct PullOutcome {
  enum class Kind {
    received,        ///< FOUND, and everything up to next_begin was put into the process queue.
    unreadable,      ///< FOUND, but nothing of it could be read.
    nothing_new,     ///< PULL_NOT_FOUND: the queue has no message at this offset yet.
    nothing_passed,  ///< PULL_RETRY_IMMEDIATELY: everything up to next_begin was filtered out.
    offset_moved,    ///< PULL_OFFSET_MOVED: the queue has no such offset; next_begin is the broker's choice.
    not_subscribed,  ///< The broker does not know the group or has an older subscription.
    moved_away,      ///< The queue is not (any more) on this broker, or the broker could not be reached.
    too_large,       ///< A single message was asked for, and is larger than can be received.
    refused,         ///< Busy, flow control, or any other answer.
  };
  Kind kind = Kind::refused;
  std::int64_t next_begin = 0;
  std::chrono::milliseconds took{0};  ///< From request to reply.
};

/// Receives one queue: where it starts, when it pulls, when it pauses. Pure: outcomes in, actions out; the
/// owner has the sockets and the clock.
///
/// A report whose ticket is not that of the latest action comes too late (the queue was reset or stopped
/// meanwhile) and yields `none`. It never asks a broker again without a pause unless the last answer moved
/// the offset on or the broker held the request.
class Puller {
 public:
  static constexpr Backoff::Options pauses{std::chrono::milliseconds(50), std::chrono::milliseconds(1000)};
  /// After a message that is too large, since every try transfers it.
  static constexpr Backoff::Options large_pauses{std::chrono::milliseconds(1'000),
                                                 std::chrono::milliseconds(60'000)};
  /// An empty answer that took less was not held by the broker.
  static constexpr std::chrono::milliseconds held{500};

  /// `random` yields values in [0, 1) for the jitter of pauses.
  Puller(StartFrom start_from, std::function<double()> random)
      : start_from_(start_from), random_(std::move(random)), backoff_(pauses), large_backoff_(large_pauses) {}

  [[nodiscard]] PullAction start();

  struct Committed {
    bool known = false;                  ///< Whether the store answered at all.
    std::optional<std::int64_t> offset;  ///< Nothing only where the store said that there is none.
  };
  [[nodiscard]] PullAction on_committed(std::uint64_t ticket, const Committed& committed, bool room);
  /// Nothing for a failure.
  [[nodiscard]] PullAction on_start(std::uint64_t ticket, std::optional<std::int64_t> offset);
  [[nodiscard]] PullAction on_start_stored(std::uint64_t ticket, bool success, bool room);
  [[nodiscard]] PullAction on_pull(std::uint64_t ticket, const PullOutcome& outcome, bool room);
  [[nodiscard]] PullAction on_wait_over(std::uint64_t ticket, bool room);

  /// There is room again.
  [[nodiscard]] PullAction on_room();

  /// Ends the present pause, e.g. because the broker knows us now. Once until the queue gets on: what brings
  /// the call, such as a heartbeat that was accepted, may follow from what fails each time.
  [[nodiscard]] PullAction hurry(bool room);

  /// Goes on at `offset`, whatever is under way: an operator moved the group, or messages could not be read.
  [[nodiscard]] PullAction restart(std::int64_t offset, bool room);

  void stop() noexcept;

  /// Whether the report of the pull with this ticket is still wanted.
  [[nodiscard]] bool awaits(std::uint64_t ticket) const noexcept {
    return state_ == PullState::pulling && ticket == ticket_;
  }

  [[nodiscard]] PullState state() const noexcept { return state_; }
  [[nodiscard]] StartFrom start_from() const noexcept { return start_from_; }
  /// Whether the start of the queue is known; then offset() is where the next or present pull begins.
  [[nodiscard]] bool has_offset() const noexcept { return offset_.has_value(); }
  [[nodiscard]] std::int64_t offset() const noexcept { return offset_.value_or(0); }

 private:
  PullAction act(PullState state, PullAction::Kind kind);
  PullAction pull_or_rest(bool room);
  PullAction pause();
  void got_on() noexcept;
  PullAction resume(bool room);

  StartFrom start_from_;
  std::function<double()> random_;
  Backoff backoff_;
  Backoff large_backoff_;
  bool hurried_ = false;
  PullState state_ = PullState::idle;
  std::uint64_t ticket_ = 0;
  std::optional<std::int64_t> offset_;  // Set once the start is known.
  std::optional<std::int64_t> start_;   // Computed, to be stored.
  bool no_offset_ = false;              // The store said that the group has no offset here.
};

}  // namespace rocketmq::client
