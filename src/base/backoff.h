#pragma once

#include <algorithm>
#include <chrono>

namespace rocketmq {

/// Exponential back-off with a cap and jitter. It uses neither a clock nor a random source, so tests of its
/// users control both. Not thread-safe.
class Backoff {
 public:
  using Duration = std::chrono::milliseconds;

  struct Options {
    Duration first{100};      ///< The pause after the first failure; > 0.
    Duration cap{10'000};     ///< The longest pause; >= first.
    double multiplier = 2.0;  ///< Growth from one pause to the next; >= 1.
    double jitter = 0.2;      ///< Random share of a pause, 0 to 1, so that clients do not retry together.
  };

  Backoff() = default;
  explicit Backoff(const Options& options) noexcept : options_(options) {}

  /// The pause before the next try. The caller passes `random` in [0, 1). The result is in
  /// [pause * (1 - jitter), pause], so it never exceeds the cap.
  [[nodiscard]] Duration next(double random) noexcept {
    const auto cap = static_cast<double>(options_.cap.count());
    const double pause = attempts_ == 0 ? static_cast<double>(options_.first.count()) : pause_ms_;
    const double capped = std::min(pause, cap);
    pause_ms_ = std::min(capped * options_.multiplier, cap);
    ++attempts_;
    const double share = options_.jitter * std::clamp(random, 0.0, 1.0);
    return Duration(static_cast<Duration::rep>(capped * (1.0 - share)));
  }

  /// Call after a success: the next pause is the first one again.
  void reset() noexcept { attempts_ = 0; }

  /// The number of pauses since the last success.
  [[nodiscard]] unsigned attempts() const noexcept { return attempts_; }

 private:
  Options options_;
  double pause_ms_ = 0;
  unsigned attempts_ = 0;
};

}  // namespace rocketmq
