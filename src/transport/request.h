#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "rocketmq/bytes.h"
#include "rocketmq/error.h"
#include "rocketmq/log.h"
#include "wire/command.h"
#include "wire/frame.h"

namespace rocketmq::transport {

/// A request's body. Shared, because a retry sends the same bytes again. Null means no body.
using RequestBody = std::shared_ptr<const std::string>;

/// Gets the outcome of a request exactly once: a failure and nothing else, or a reply of any response
/// code. Of a reply that is larger than a frame may be (frame_too_large) it gets the header as well. Called
/// on the loop, never from within `request()`; must not block.
using ReplyHandler = std::function<void(const Failure& failure, wire::ReceivedCommand&& reply)>;

/// The clock of every deadline in this room.
using Clock = std::chrono::steady_clock;

/// A command on its way to a server: encoded once, by the thread that asked for it. Its last
/// holder frees its bytes, so that a frame being written outlives the time-out of its request.
struct Request {
  std::int32_t code = 0;              ///< For messages to people.
  std::int32_t opaque = 0;            ///< Unique within a directory, so that it may be sent again as it is.
  std::string head;                   ///< The frame up to its body.
  RequestBody body;                   ///< May be null.
  Clock::time_point deadline;         ///< Of the reply; unused without a handler.
  std::chrono::milliseconds timeout;  ///< What the deadline was made of; for messages to people.
  ReplyHandler handler;               ///< Empty for one-way requests and for answers.
  bool resent = false;                ///< Sent again after GO_AWAY; that happens once.
  bool finished = false;              ///< The handler was called: if not yet written, it need not be.

  [[nodiscard]] bool wants_reply() const noexcept { return handler != nullptr; }
  [[nodiscard]] std::size_t size() const noexcept { return head.size() + (body ? body->size() : 0); }
};

using RequestPtr = std::shared_ptr<Request>;

/// Encodes a command and its body's length; `command` carries its opaque and flag already.
[[nodiscard]] RequestPtr make_request(const wire::Command& command, RequestBody body,
                                      wire::SerializeType type);

/// Calls the request's handler unless that has happened, and lets go of it. Whatever a handler throws is
/// logged: a thread of the database must survive it.
void finish(Request& request, const Failure& failure, wire::ReceivedCommand&& reply, const LogSink& log);

}  // namespace rocketmq::transport
