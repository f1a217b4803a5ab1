#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>

namespace rocketmq::plugin {

/// Sums over the last minute, second by second. `Sums` has `+=`. Pure; not thread-safe.
template <class Sums>
class LastMinute {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  explicit LastMinute(TimePoint start) : start_(start) {}

  void add(const Sums& more, TimePoint now) noexcept {
    const long long second = second_of(now);
    Slot& slot = slots_[static_cast<std::size_t>(second) % slots_.size()];
    if (slot.second != second) slot = {second, {}};
    slot.sums += more;
  }

  [[nodiscard]] Sums sums(TimePoint now) const noexcept {
    const long long second = second_of(now);
    Sums all;
    for (const Slot& slot : slots_) {
      if (slot.second > second - seconds && slot.second <= second) all += slot.sums;
    }
    return all;
  }

  /// Over how long sums(now) reach: less than a minute after the start, but never less than a second.
  [[nodiscard]] double span_s(TimePoint now) const noexcept {
    const double age = std::chrono::duration<double>(now - start_).count();
    return std::clamp(age, 1.0, static_cast<double>(seconds));
  }

 private:
  static constexpr long long seconds = 60;
  struct Slot {
    long long second = -1;
    Sums sums;
  };
  /// From 0 on.
  [[nodiscard]] long long second_of(TimePoint now) const noexcept {
    return std::max<long long>(std::chrono::duration_cast<std::chrono::seconds>(now - start_).count(), 0);
  }

  TimePoint start_;
  std::array<Slot, static_cast<std::size_t>(seconds)> slots_{};
};

}  // namespace rocketmq::plugin
