#pragma once

#include <algorithm>
#include <chrono>

namespace rocketmq {

/// Exponential back-off with a cap and jitter. A value: knows neither clock nor random source, so that its
/// users can be tested with both in their hands. Not thread-safe.
class Backoff {
 public:
  using Duration = std::chrono::milliseconds;

  struct Options {
    Duration first{100};      ///< The pause after the first failure; > 0.
    Duration cap{10'000};     ///< No pause is longer; >= first.
    double multiplier = 2.0;  ///< Growth from one pause to the next; >= 1.
    double jitter = 0.2;      ///< Share of a pause that is random, 0 to 1: it keeps clients apart.
  };

  Backoff() = default;
  explicit Backoff(const Options& options) noexcept : options_(options) {}

  /// The pause before the next try. `random` is in [0, 1) and comes from the caller. The result lies in
  /// [pause * (1 - jitter), pause], so that the cap holds whatever the jitter.
  [[nodiscard]] Duration next(double random) noexcept {
    const auto cap = static_cast<double>(options_.cap.count());
    const double pause = attempts_ == 0 ? static_cast<double>(options_.first.count()) : pause_ms_;
    const double capped = std::min(pause, cap);
    pause_ms_ = std::min(capped * options_.multiplier, cap);
    ++attempts_;
    const double share = options_.jitter * std::clamp(random, 0.0, 1.0);
    return Duration(static_cast<Duration::rep>(capped * (1.0 - share)));
  }

  /// To be called after a success: the next pause is the first one again.
  void reset() noexcept { attempts_ = 0; }

  /// How many pauses were taken since the last success.
  [[nodiscard]] unsigned attempts() const noexcept { return attempts_; }

 private:
  Options options_;
  double pause_ms_ = 0;
  unsigned attempts_ = 0;
};

}  // namespace rocketmq
