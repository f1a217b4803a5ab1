#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "wire/frame.h"

namespace rocketmq::client {

/// An answer to a pull, with what is needed to judge it later.
struct PullAnswer {
  std::int64_t broker_id = 0;         ///< Who was asked.
  std::string address;                ///< Of that broker.
  std::chrono::milliseconds took{0};  ///< From request to reply.
  Failure transport;
  wire::ReceivedCommand reply;
};

/// Pulls of one queue that go out before those before them are answered. A broker gives few messages a pull,
/// so a backlog would otherwise cost a round trip for every 32 of them.
///
/// The pull that is due, the head, remains the Puller's. Behind it lie the pulls that were asked for ahead,
/// each where the one before it is expected to end: as many messages further as the last reply had. When the
/// head reaches such a pull, it takes that over; when the head ends elsewhere, the guess was wrong, all that
/// was asked for ahead is forgotten, and a pause follows that grows with every wrong guess. Only messages
/// that the broker is known to have are asked for ahead. Pure.
class PullAhead {
 public:
  static constexpr std::size_t max_pulls = 16;
  static constexpr std::size_t max_bytes = 4U << 20;  ///< Expected, of all pulls of a queue that are ahead.
  static constexpr std::int64_t max_span = 1 << 16;   ///< Of a reply that anything is guessed from.
  static constexpr int first_pause = 4;               ///< Replies after a wrong guess.
  static constexpr int longest_pause = 256;
  /// Replies after a pull that was not answered in time: a server that hung once is asked for several again
  /// soon, one that always loses answers hardly ever.
  static constexpr int first_ban = 1024;
  static constexpr int longest_ban = 1 << 20;
  static constexpr int ban_factor = 4;

  struct Ask {
    std::uint64_t id = 0;
    std::int64_t offset = 0;
    std::int32_t messages = 0;  ///< No more than these, because the next pull begins behind them.
  };

  /// A reply brought the messages [begin, next_begin) in `bytes` bytes; the queue reaches to `end`. With
  /// `room` it gives the pulls to ask for. To be called before the pull at `next_begin` is claimed.
  [[nodiscard]] std::vector<Ask> on_received(std::int64_t begin, std::int64_t next_begin, std::int64_t end,
                                             std::size_t bytes, bool room);

  enum class Claim {
    not_asked,  ///< The head has to ask itself.
    under_way,  ///< arrive() will give its answer.
    arrived,    ///< The answer was put into `answer`.
  };
  /// The head is at `offset` now and waits with `ticket`.
  [[nodiscard]] Claim claim(std::int64_t offset, std::uint64_t ticket, PullAnswer& answer);

  /// The answer to an ask. Gives the ticket and the offset of the head where it has waited for it; otherwise
  /// `answer` is kept until it is claimed, or was forgotten and is dropped.
  struct Head {
    std::uint64_t ticket = 0;
    std::int64_t offset = 0;
  };
  [[nodiscard]] std::optional<Head> arrive(std::uint64_t id, PullAnswer& answer);

  /// How many messages the head may ask for at `offset` without reaching into what was asked for ahead.
  [[nodiscard]] std::int64_t head_limit(std::int64_t offset, std::int64_t otherwise) const;

  /// This pull could not be asked for, nor those behind it. Those before it stay: the head may wait for one.
  void withdraw(std::uint64_t id);

  /// The queue goes on elsewhere, or the broker did not give messages. The head must not be waiting for any
  /// of them any more.
  void clear();

  /// Nothing is asked for ahead for many replies, the next time for more: the server did not answer all of
  /// several pulls.
  void forbid();
  [[nodiscard]] bool is_forbidden() const noexcept { return forbidden_; }

  /// What is expected, or has arrived and waits for its turn.
  [[nodiscard]] std::size_t expected_messages() const noexcept;
  [[nodiscard]] std::size_t expected_bytes() const noexcept;

 private:
  struct Pull {
    std::uint64_t id = 0;
    std::int64_t offset = 0;
    std::optional<std::uint64_t> ticket;  // Of the head that waits for it.
    std::optional<PullAnswer> answer;
  };

  void guess_was_wrong();

  std::deque<Pull> pulls_;  // In the order of their offsets, each `span_` behind the one before it.
  std::uint64_t last_id_ = 0;
  std::int64_t span_ = 0;
  std::size_t bytes_each_ = 0;  // The most that a reply had since there are guesses.
  std::size_t depth_ = 1;       // How many may be ahead: grows with every right guess.
  int pause_ = 0;               // Replies until the next guess.
  int next_pause_ = first_pause;
  int next_ban_ = first_ban;
  bool forbidden_ = false;  // Until the end of the pause.
};

}  // namespace rocketmq::client
