#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "wire/message_queue.h"

namespace rocketmq::client {

class ClientCore;

/// Tells a queue that was deleted and made anew, whose offsets start again from 0 and of which nothing has
/// been read, from one that its broker has lost the newest messages of. Brokers answer both with the end of
/// the queue; in the first case everything before it would be lost.
struct RenewedQueue {
  /// By its broker's clock, in milliseconds since the epoch: when the newest message was stored that we have
  /// received of it. 0 where there is none.
  std::int64_t newest_received_ms = 0;
  bool topic_vanished = false;  ///< The broker said meanwhile that there is no such topic.

  /// Whether an answer to a pull at `offset` may come from a queue that was made anew.
  [[nodiscard]] bool is_suspected(std::int64_t offset, std::int64_t min_offset,
                                  std::int64_t max_offset) const noexcept {
    return offset > min_offset && (topic_vanished || offset > max_offset);
  }

  /// Whether it was made anew: its first message is newer than all that we have received. Where that cannot
  /// be told, messages are rather received twice than not at all.
  [[nodiscard]] bool is_renewed(std::optional<std::int64_t> earliest_stored_ms,
                                std::int64_t min_offset) const noexcept {
    if (earliest_stored_ms && newest_received_ms > 0) return *earliest_stored_ms > newest_received_ms;
    return min_offset == 0;
  }
};

/// Asks when the first message of a queue was stored; nothing where that is not to be had (a Proxy does not
/// tell). Strand; the handler is called there, later.
void query_earliest_store_time(ClientCore& core, const std::string& address, const wire::MessageQueue& queue,
                               std::function<void(std::optional<std::int64_t>)> handler);

}  // namespace rocketmq::client
