#pragma once

#include <functional>
#include <string_view>

namespace rocketmq {

enum class LogLevel {
  debug,    ///< For the developers of this library.
  info,     ///< A state changed as expected: connected, queues assigned.
  warning,  ///< Something failed and is retried.
  error,    ///< Something failed for good, or a message could not be handled.
};

/// Receives a client's log lines. Called by any of the client's threads, possibly by several at the same
/// time. Must not block for long and must not throw. An empty function drops the lines.
using LogSink = std::function<void(LogLevel, std::string_view line)>;

}  // namespace rocketmq
