#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace rocketmq::client {

/// What a consumer achieves in one topic, as operators ask for it (`mqadmin consumerStatus`): the averages of
/// the last minute, and the failures of the last hour, as RocketMQ's own clients tell them. Pure.
class ConsumeMeter {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  using Milliseconds = std::chrono::duration<double, std::milli>;

  explicit ConsumeMeter(TimePoint start) : start_(start) {}

  /// A pull brought messages; `took` is the time since it was asked for.
  void pulled(std::size_t messages, Milliseconds took, TimePoint now);

  /// What pollers had in some calls of their handlers.
  struct Handled {
    std::size_t calls = 0;
    std::size_t taken = 0;
    std::size_t failed = 0;
    Milliseconds took{0};  ///< All calls together.

    Handled& operator+=(const Handled& more) noexcept {
      calls += more.calls;
      taken += more.taken;
      failed += more.failed;
      took += more.took;
      return *this;
    }
  };
  void handled(const Handled& calls, TimePoint now);

  struct Rates {
    double pull_ms = 0;         ///< A pull.
    double pulled = 0;          ///< Messages a second.
    double handle_ms = 0;       ///< A call.
    double taken = 0;           ///< Messages a second.
    double failed = 0;          ///< Messages a second.
    std::int64_t failures = 0;  ///< Messages in the last hour.
  };
  [[nodiscard]] Rates rates(TimePoint now) const;

 private:
  struct Sums {
    std::int64_t period = -1;  // Which one it is since the start.
    std::size_t pulls = 0;
    std::size_t pulled = 0;
    Milliseconds pulling{0};
    Handled handled;
  };
  static constexpr std::chrono::seconds period{10};
  static constexpr std::size_t periods_a_minute = 6;
  static constexpr std::size_t periods_an_hour = 360;

  [[nodiscard]] std::int64_t period_of(TimePoint now) const;
  [[nodiscard]] Sums& at(TimePoint now);

  const TimePoint start_;
  std::array<Sums, periods_an_hour> ring_{};
};

}  // namespace rocketmq::client
