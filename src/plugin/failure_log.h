#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "rocketmq/consumer.h"

namespace rocketmq::plugin {

/// Of the body of a message that nobody has taken, in a line.
inline constexpr std::size_t max_logged_body_bytes = 1024;

/// Where a message lies, as lines of failures name it.
[[nodiscard]] std::string place_of(const ReceivedMessage& message);

/// Decides which failures are written to the server's log: at most one per second, so that a handler that
/// fails on everything does not fill the disk. The line says how many were left out.
class FailureLog {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// The line to write for this failure, or nothing. `what` is its kind.
  [[nodiscard]] std::optional<std::string> line(std::string_view what, const std::string& failure,
                                                TimePoint now);
  /// What is to be said of failures that were left out since the last line; nothing if there are none, or if
  /// that line is younger than a second at `now`.
  [[nodiscard]] std::optional<std::string> rest(std::string_view what, TimePoint now = TimePoint::max());

 private:
  TimePoint last_line_{};
  long long left_out_ = 0;
};

}  // namespace rocketmq::plugin
