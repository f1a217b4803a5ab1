#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "rocketmq/error.h"
#include "wire/command.h"
#include "wire/message_queue.h"

namespace rocketmq::client {

class ClientCore;

/// Sends one of the requests that are answered with an OffsetReply, and hands over either a failure or an
/// offset that is not negative. A caller to which a refusal is an answer (QUERY_NOT_FOUND) finds its code in
/// the failure. Loop; the handler is called there, exactly once, never from within the call.
void query_offset(ClientCore& core, const std::string& address, wire::Command request,
                  const std::string& what, std::function<void(const Failure&, std::int64_t offset)> handler);

/// The same for the offset of the queue that is nearest to `offset`.
void query_nearest_offset(ClientCore& core, const std::string& address, const wire::MessageQueue& queue,
                          std::int64_t offset,
                          std::function<void(const Failure&, std::int64_t offset)> handler);

/// What a failure about a queue's offsets says that it was about.
[[nodiscard]] std::string offsets_of(const wire::MessageQueue& queue);

/// The request for one past the last message of a queue.
[[nodiscard]] wire::Command end_request(const wire::MessageQueue& queue);
/// The request for the first stored message of a queue.
[[nodiscard]] wire::Command first_request(const wire::MessageQueue& queue);

}  // namespace rocketmq::client
