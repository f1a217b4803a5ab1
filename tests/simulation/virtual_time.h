#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

namespace rocketmq::simulation {

/// The time of a simulated world: it stands still while code runs, and jumps to the next event when all is
/// done. std::chrono::steady_clock::now() gives this time in the whole program, and std::random_device
/// numbers that follow from the seed, so that a run can be repeated exactly. One thread.
class VirtualTime {
 public:
  using Duration = std::chrono::nanoseconds;

  /// Forgets all events; time starts again.
  static void restart(std::uint64_t seed);

  [[nodiscard]] static Duration now() noexcept;
  [[nodiscard]] static std::chrono::milliseconds now_ms() noexcept;

  static void after(Duration delay, std::function<void()> event);

  /// Jumps to the next event and runs it; false where there is none before `limit`, which is then the time.
  static bool run_next(Duration limit);
};

}  // namespace rocketmq::simulation
