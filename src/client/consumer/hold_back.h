#pragma once

#include <algorithm>
#include <chrono>

namespace rocketmq::client {

/// When a queue whose messages were postponed is handed out again. The pause doubles with each time in a row,
/// up to 60 times the first one. Pure.
class HoldBack {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  void postpone(TimePoint now, std::chrono::milliseconds first_pause) noexcept {
    factor_ = std::clamp(2 * factor_, 1, most);
    until_ = now + factor_ * first_pause;
  }
  /// Its messages were taken.
  void end() noexcept { factor_ = 0; }

  /// From the first time that messages are postponed until some are taken.
  [[nodiscard]] bool active() const noexcept { return factor_ > 0; }
  /// The end of the pause; meaningful while active.
  [[nodiscard]] TimePoint until() const noexcept { return until_; }

 private:
  static constexpr int most = 60;
  int factor_ = 0;
  TimePoint until_{};
};

}  // namespace rocketmq::client
