#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "base/backoff.h"
#include "base/log_limiter.h"
#include "rocketmq/error.h"
#include "transport/connection.h"
#include "transport/remoting_options.h"
#include "transport/request.h"

namespace rocketmq::transport {

/// What is known of one address: its connection, and the pause after connections that failed. While a pause
/// lasts, requests fail with the last failure.
class Peer {
 public:
  /// A connection that has lasted this long was a good one. Nothing that succeeded on it meanwhile says so,
  /// because one kind of request may break it each time while others are answered.
  static constexpr std::chrono::seconds steady_after{10};
  /// As many connections may break sooner than that, one after another, until pauses begin.
  static constexpr int breaks_without_pause = 3;

  explicit Peer(const RemotingOptions& options)
      : backoff_({.first = options.reconnect_first, .cap = options.reconnect_cap}) {}

  [[nodiscard]] bool pausing(Clock::time_point now) const { return now < retry_at_; }
  [[nodiscard]] const Failure& last_failure() const noexcept { return last_failure_; }

  void connected(Clock::time_point now) {
    connected_at_ = now;
    // If connections break again and again, having made another one is not a success.
    if (broken_ <= breaks_without_pause) backoff_.reset();
  }

  /// The connection could not be made, or broke. `random` is in [0, 1).
  void failed(const Failure& failure, Clock::time_point now, double random) {
    const bool was_connected = connected_at_.has_value();
    const bool was_steady = was_connected && now - *connected_at_ >= steady_after;
    connected_at_.reset();
    connection.reset();
    if (was_steady) {
      broken_ = 0;
      backoff_.reset();
    } else if (!was_connected || ++broken_ > breaks_without_pause) {
      retry_at_ = now + backoff_.next(random);
      last_failure_ = failure;
      // Nothing of what is refused meanwhile reaches the server.
      if (was_connected) last_failure_.code = Errc::connect_failed;
    }
  }

  std::shared_ptr<Connection> connection;  ///< Null: none yet, or the last one is gone.
  LogLimiter limiter;                      ///< A server that is down is tried about twice per second.

 private:
  std::optional<Clock::time_point> connected_at_;  // Of the connection, until it failed.
  int broken_ = 0;                                 // Connections in a row that broke before they were steady.
  Backoff backoff_;
  Clock::time_point retry_at_;
  Failure last_failure_;
};

}  // namespace rocketmq::transport
