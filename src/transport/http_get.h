#pragma once

#include <asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

#include "rocketmq/error.h"

namespace rocketmq::transport {

/// Gets the raw reply of an HTTP server: sends `request` to `host`:`port` and reads until the server closes,
/// `wire::http_reply_complete` says so, or `max_bytes` have come. `handler` is called exactly once, on the
/// loop. Failures: resolve_failed, connect_failed, connect_timeout (no connection within `timeout`),
/// request_timeout, connection_closed, too_large, closed.
///
/// Returns a function that ends the exchange at once with `closed`, for a client that closes meanwhile; it
/// may be called on the loop, at any time, and dropped.
std::function<void()> http_get(asio::io_context& context, const std::string& host, const std::string& port,
                               std::string request, std::chrono::milliseconds timeout, std::size_t max_bytes,
                               std::function<void(const Failure& failure, std::string reply)> handler);

}  // namespace rocketmq::transport
