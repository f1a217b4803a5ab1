#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "rocketmq/error.h"
#include "wire/message_queue.h"

namespace rocketmq::client {

class ClientCore;

// A queue that was deleted and recreated has offsets that start again from 0, and nothing of it has been
// read. It is told here from one that its broker has lost the newest messages of: brokers answer both with
// the end of the queue, and in the first case everything before it would be lost.

/// Whether an answer to a pull at `offset` may come from a queue that was recreated. `topic_vanished`: the
/// broker said meanwhile that there is no such topic.
[[nodiscard]] constexpr bool may_be_recreated(std::int64_t offset, std::int64_t min_offset,
                                              std::int64_t max_offset, bool topic_vanished) noexcept {
  return offset > min_offset && (topic_vanished || offset > max_offset);
}

/// Whether it was recreated: its first message is newer than all that we have received, by its broker's clock
/// in milliseconds since the epoch. `newest_received_ms` is 0 if we have none. If it cannot be told, messages
/// are rather received twice than not at all.
[[nodiscard]] constexpr bool is_recreated(std::optional<std::int64_t> earliest_stored_ms,
                                          std::int64_t newest_received_ms, std::int64_t min_offset) noexcept {
  if (earliest_stored_ms && newest_received_ms > 0) return *earliest_stored_ms > newest_received_ms;
  return min_offset == 0;
}

/// Asks when the first message of a queue was stored. The handler gets a failure if that can be asked
/// again; nothing without a failure if it is not to be had (a Proxy does not tell, or a right is missing).
/// Loop; the handler is called there, later.
void query_earliest_store_time(
    ClientCore& core, const std::string& address, const wire::MessageQueue& queue,
    std::function<void(const Failure& failure, std::optional<std::int64_t> stored_ms)> handler);

}  // namespace rocketmq::client
