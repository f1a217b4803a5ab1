#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <thread>

namespace rocketmq::bench {

/// Fixed times for one thing after another. What takes longer than the interval delays the next one and is
/// not made up for.
class Pace {
 public:
  explicit Pace(std::size_t interval_us) : interval_(interval_us), due_(Clock::now()) {}

  /// Waits until the next one is due: the first is at once.
  void wait() {
    due_ = std::max(due_, Clock::now());
    std::this_thread::sleep_until(due_);
    due_ += interval_;
  }

 private:
  using Clock = std::chrono::steady_clock;
  std::chrono::microseconds interval_;
  Clock::time_point due_;
};

}  // namespace rocketmq::bench
