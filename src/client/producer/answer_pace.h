#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>

namespace rocketmq::client {

/// How soon answers have come lately, and so how long it pays to ask for the next one without sleeping: where
/// the broker is far or the machine is busy, an answer comes too late for that, and the time would be wasted.
/// Thread-safe. Knows no clock.
class AnswerPace {
 public:
  /// `longest`: so long may be asked at all.
  explicit AnswerPace(std::chrono::microseconds longest) : longest_(longest) {}

  /// How long to ask for the next answer: the longest time, or not at all.
  [[nodiscard]] std::chrono::microseconds spin() const noexcept {
    const bool soon = usual_ns_.load(std::memory_order_relaxed) <= std::chrono::nanoseconds(longest_).count();
    return soon ? longest_ : std::chrono::microseconds(0);
  }

  /// An answer has come. Of two threads that say so at once one may be lost, which does no harm.
  void answered(std::chrono::nanoseconds after) noexcept {
    // One that took very long, since it also made the connection, is soon forgotten.
    const std::int64_t latest = std::min(after, std::chrono::nanoseconds(2 * longest_)).count();
    const std::int64_t usual = usual_ns_.load(std::memory_order_relaxed);
    usual_ns_.store(usual + (latest - usual) / weight, std::memory_order_relaxed);
  }

 private:
  static constexpr std::int64_t weight = 8;

  std::chrono::microseconds longest_;
  std::atomic<std::int64_t> usual_ns_{0};
};

}  // namespace rocketmq::client
