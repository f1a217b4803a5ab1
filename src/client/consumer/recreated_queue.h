#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/backoff.h"
#include "base/error.h"
#include "wire/message_queue.h"

namespace rocketmq::client {

class ClientCore;

/// Tells a queue that was deleted and recreated, whose offsets start again from 0 and of which nothing has
/// been read, from one that its broker has lost the newest messages of. Brokers answer both with the end of
/// the queue; in the first case everything before it would be lost.
struct RecreatedQueue {
  /// By its broker's clock, in milliseconds since the epoch: when the newest message was stored that we have
  /// received of it. 0 if there is none.
  std::int64_t newest_received_ms = 0;
  bool topic_vanished = false;  ///< The broker said meanwhile that there is no such topic.

  /// Whether an answer to a pull at `offset` may come from a queue that was recreated.
  [[nodiscard]] bool is_suspected(std::int64_t offset, std::int64_t min_offset,
                                  std::int64_t max_offset) const noexcept {
    return offset > min_offset && (topic_vanished || offset > max_offset);
  }

  /// Whether it was recreated: its first message is newer than all that we have received. If that cannot
  /// be told, messages are rather received twice than not at all.
  [[nodiscard]] bool is_recreated(std::optional<std::int64_t> earliest_stored_ms,
                                  std::int64_t min_offset) const noexcept {
    if (earliest_stored_ms && newest_received_ms > 0) return *earliest_stored_ms > newest_received_ms;
    return min_offset == 0;
  }

  /// A broker that refuses the question so often is taken for one that cannot tell.
  static constexpr int most_refusals = 5;

  /// Whether to ask once more, after `pause`, when the first message was stored: a broker that is not there
  /// is waited for, because a guess could repeat the whole queue. `random` is in [0, 1).
  [[nodiscard]] bool asks_again(const Failure& failure, double random,
                                std::chrono::milliseconds& pause) noexcept {
    if (failure.server && ++refusals >= most_refusals) return false;
    pause = pauses.next(random);
    return true;
  }

  /// The suspicion is over: it was found out.
  void end_suspicion() noexcept {
    topic_vanished = false;
    refusals = 0;
    pauses.reset();
  }

  int refusals = 0;  ///< Of the question, one after another.
  Backoff pauses{{std::chrono::milliseconds(50), std::chrono::milliseconds(1000)}};
};

/// Asks when the first message of a queue was stored. The handler gets a failure if that can be asked
/// again; nothing without a failure if it is not to be had (a Proxy does not tell, or a right is missing).
/// Loop; the handler is called there, later.
void query_earliest_store_time(
    ClientCore& core, const std::string& address, const wire::MessageQueue& queue,
    std::function<void(const Failure& failure, std::optional<std::int64_t> stored_ms)> handler);

}  // namespace rocketmq::client
