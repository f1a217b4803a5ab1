#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace rocketmq {

/// Keeps a failure that repeats many times a second from flooding the log: passes the first line, then one
/// every `interval`, which says how many were left out. Pure; not thread-safe.
class LogLimiter {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds interval{10};

  /// Whether to log now; then `left_out` is what to append to the line.
  [[nodiscard]] bool pass(TimePoint now, std::string& left_out) {
    if (logged_ && now - last_ < interval) {
      ++skipped_;
      return false;
    }
    left_out = skipped_ == 0 ? "" : " (" + std::to_string(skipped_) + " lines like this were left out)";
    skipped_ = 0;
    logged_ = true;
    last_ = now;
    return true;
  }

  /// After a success: the next failure is news again.
  void reset() noexcept { logged_ = false; }

 private:
  bool logged_ = false;
  std::size_t skipped_ = 0;
  TimePoint last_{};
};

}  // namespace rocketmq
