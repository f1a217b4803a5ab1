#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "transport/request.h"

namespace rocketmq::transport {

/// When a connection is given up: if a reply is due and no byte comes, or if nobody uses it. Bytes of an
/// incomplete frame are a sign of life, too. Pure: the time comes from the caller.
class Liveness {
 public:
  Liveness(std::chrono::milliseconds silence_limit, std::chrono::milliseconds idle_limit,
           Clock::time_point now)
      : silence_limit_(silence_limit), idle_limit_(idle_limit), last_used_(now) {}

  /// Something was submitted or written.
  void used(Clock::time_point now) { last_used_ = now; }
  /// A request that wants a reply is on its way.
  void reply_due(Clock::time_point now) {
    if (!silent_since_) silent_since_ = now;
  }
  /// Bytes came; `due`: further replies are still due.
  void heard(Clock::time_point now, bool due) {
    last_used_ = now;
    silent_since_ = due ? std::optional(now) : std::nullopt;
  }

  [[nodiscard]] bool is_silent(Clock::time_point now) const {
    return silent_since_ && now - *silent_since_ >= silence_limit_;
  }
  [[nodiscard]] bool is_unused(Clock::time_point now) const { return now - last_used_ >= idle_limit_; }
  /// When to ask again, at the latest.
  [[nodiscard]] Clock::time_point next_look() const {
    const auto unused = last_used_ + idle_limit_;
    return silent_since_ ? std::min(unused, *silent_since_ + silence_limit_) : unused;
  }

 private:
  std::chrono::milliseconds silence_limit_;
  std::chrono::milliseconds idle_limit_;
  Clock::time_point last_used_;
  std::optional<Clock::time_point> silent_since_;
};

}  // namespace rocketmq::transport
