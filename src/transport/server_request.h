#pragma once

#include <functional>
#include <string>

#include "transport/request.h"
#include "wire/command.h"
#include "wire/frame.h"

namespace rocketmq::transport {

/// What we answer to a request that a server sent us.
struct Response {
  wire::Command header;  ///< code, remark and ext fields; opaque and flags are filled in by the transport.
  RequestBody body;
};

/// Sends the response to one request of a server; may be called later, on the loop, at most once.
using Responder = std::function<void(Response response)>;

/// Handles requests that servers send us. Called on the loop. `respond` is empty for one-way requests. If no
/// handler is set, REQUEST_CODE_NOT_SUPPORTED (3) is answered.
using RequestHandler =
    std::function<void(const std::string& address, wire::ReceivedCommand&& request, Responder respond)>;

}  // namespace rocketmq::transport
