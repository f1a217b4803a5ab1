#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "base/backoff.h"
#include "rocketmq/error.h"
#include "wire/frame.h"

namespace rocketmq::client {

/// An answer to a pull, with what is needed to read it.
struct PullAnswer {
  std::int64_t broker_id = 0;         ///< That was asked.
  std::string address;                ///< Of that broker.
  std::chrono::milliseconds took{0};  ///< From request to reply.
  Failure transport;
  wire::ReceivedCommand reply;
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
  // Of what was received:
  std::size_t messages = 0;
  std::size_t bytes = 0;
  /// Up to here the broker has messages that may be asked for ahead; 0 if nothing may be.
  std::int64_t known_end = 0;

  [[nodiscard]] bool is_refusal() const noexcept {
    return kind == Kind::refused || kind == Kind::moved_away || kind == Kind::not_subscribed;
  }
};

/// The pulls of one queue: which to ask for, how many at once, and when to pause. Pure: outcomes in, pulls
/// out; the owner has the sockets and the clock.
///
/// A broker gives few messages per pull, so with one pull at a time a backlog would cost a round trip for
/// every 32 of them. Therefore several are under way: the front one, the head, is at the queue's offset, and
/// each other one begins where the one before it is expected to end, as many messages further as the last
/// reply had. A head that ends where the next pull begins was guessed right, and the depth grows by one. If
/// it ends elsewhere, or its answer does not come in time, the depth falls to one.
///
/// It never asks a broker again without a pause unless the last answer moved the offset on or the broker held
/// the request.
class PullPipeline {
 public:
  static constexpr std::size_t max_depth = 17;
  static constexpr std::size_t max_bytes = 4U << 20;  ///< Expected of all pulls behind the head.
  static constexpr std::int64_t max_span = 1 << 16;   ///< Of a reply that anything is guessed from.
  /// How many messages a pull asks for at most: more than a broker's default allows, because operators raise
  /// that limit.
  static constexpr std::int32_t max_messages = 1024;
  /// How many right guesses it takes to get back to several pulls after an answer did not come in time while
  /// several were under way: a server that hung once is trusted again soon, one that always loses answers
  /// hardly ever.
  static constexpr std::int64_t first_penalty = 1024;
  static constexpr std::int64_t longest_penalty = 1 << 20;
  static constexpr std::int64_t penalty_factor = 4;
  static constexpr Backoff::Options pauses{std::chrono::milliseconds(50), std::chrono::milliseconds(1000)};
  /// After a message that is too large, since every try transfers it.
  static constexpr Backoff::Options large_pauses{std::chrono::milliseconds(1'000),
                                                 std::chrono::milliseconds(60'000)};
  /// An empty answer that took less was not held by the broker.
  static constexpr std::chrono::milliseconds held{500};

  struct Pull {
    std::uint64_t id = 0;
    std::int64_t offset = 0;
    std::int32_t messages = 0;
    bool suspends = false;    ///< The broker may hold it until there is a message.
    bool unfiltered = false;  ///< Also messages that the subscription leaves out.
    std::optional<PullAnswer> answer;
  };

  /// `random` yields values in [0, 1) for the jitter of pauses.
  explicit PullPipeline(std::function<double()> random) : random_(std::move(random)) {}

  /// Goes on at `offset`, whatever is under way: the queue begins, an operator moved the group, or messages
  /// could not be read.
  void restart(std::int64_t offset);
  void stop() noexcept;
  [[nodiscard]] bool stopped() const noexcept { return state_ == State::stopped; }

  /// Whether another pull is to be asked for as soon as there is room.
  [[nodiscard]] bool wants_pull() const noexcept;
  /// That pull; only if it is wanted.
  [[nodiscard]] const Pull& next_pull();
  /// Whether nothing is under way, although nothing keeps us from asking.
  [[nodiscard]] bool is_waiting_for_room() const noexcept {
    return state_ == State::running && pulls_.empty();
  }

  /// The answer to a pull. True if it is the head's, which is to be handled now; another one is kept until it
  /// is the head, or dropped if nobody waits for it any more.
  [[nodiscard]] bool arrive(std::uint64_t id, PullAnswer&& answer);
  /// The pull whose answer is due, if it has come.
  [[nodiscard]] const Pull* arrived_head() const noexcept;
  /// Whether the outcome of this pull is still wanted.
  [[nodiscard]] bool is_head(std::uint64_t id) const noexcept {
    return !pulls_.empty() && pulls_.front().id == id;
  }

  /// What the head came to. Gives the pause that has to follow, if any.
  [[nodiscard]] std::optional<std::chrono::milliseconds> on_outcome(const PullOutcome& outcome);
  /// The head's answer did not come in time. Whether several pulls were under way.
  [[nodiscard]] bool on_late() noexcept;
  /// The head's answer was larger than a frame may be, or than the line can bear; it reached over `span`
  /// offsets, or that is not known (0). False if it asked for one message only, so that it cannot be made
  /// smaller.
  [[nodiscard]] bool shrink(std::int64_t span) noexcept;
  [[nodiscard]] std::int32_t messages() const noexcept { return messages_; }

  /// Nothing is asked for until the pause that this gives is over.
  [[nodiscard]] std::chrono::milliseconds pause();
  void end_pause() noexcept;
  /// Ends the present pause, e.g. because the broker knows us now; false if there is none. Once until the
  /// queue gets on: what brings the call, such as a heartbeat that was accepted, may follow from what fails
  /// each time.
  [[nodiscard]] bool retry_now() noexcept;

  /// The pulls behind the head are asked for again, at another broker say.
  void forget_ahead() noexcept;
  /// What the pulls behind the head will bring, or have brought.
  [[nodiscard]] std::size_t expected_messages() const noexcept;
  [[nodiscard]] std::size_t expected_bytes() const noexcept;

 private:
  enum class State {
    idle,     ///< Where the queue begins is not known yet.
    running,  ///< Pulls are under way, or there is no room.
    paused,
    stopped,  ///< The queue is no longer ours.
  };
  void learn(std::int64_t begin, const PullOutcome& outcome) noexcept;
  void ask_for_head_alone() noexcept;
  void got_on() noexcept;
  [[nodiscard]] std::int32_t step() const noexcept;
  [[nodiscard]] std::size_t depth() const noexcept;
  [[nodiscard]] bool head_is_missing() const noexcept {
    return pulls_.empty() || pulls_.front().offset != offset_;
  }

  std::function<double()> random_;
  Backoff backoff_{pauses};
  Backoff large_backoff_{large_pauses};
  bool retried_now_ = false;
  State state_ = State::idle;
  std::int64_t offset_ = 0;  // Where the head is.
  std::deque<Pull> pulls_;   // In the order of their offsets.
  std::uint64_t last_id_ = 0;
  std::int32_t messages_ = max_messages;
  std::int64_t known_end_ = 0;
  std::int64_t span_ = 0;       // Of the last reply; 0 if nothing can be guessed.
  std::size_t bytes_each_ = 1;  // The most that a reply had since there are guesses.
  std::int64_t depth_ = 1;      // Below one after an answer that was late; that counts as one.
  std::int64_t penalty_ = first_penalty;
};

}  // namespace rocketmq::client
