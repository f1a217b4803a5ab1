#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace rocketmq::plugin {

/// Decides which handler failures are written to the server's log: at most one a second, so that a handler
/// that fails on everything does not fill the disk. The line says how many were left out.
class FailureLog {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// The line to write for this failure, or nothing.
  [[nodiscard]] std::optional<std::string> line(const std::string& failure, TimePoint now);

 private:
  TimePoint last_line_{};
  long long left_out_ = 0;
};

}  // namespace rocketmq::plugin
