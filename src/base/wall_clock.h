#pragma once

#include <chrono>
#include <cstdint>

namespace rocketmq {

/// Milliseconds since the epoch, as messages carry them.
[[nodiscard]] inline std::int64_t to_ms(std::chrono::system_clock::time_point time) noexcept {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

[[nodiscard]] inline std::int64_t now_in_ms() noexcept {
  return to_ms(std::chrono::system_clock::now());
}

}  // namespace rocketmq
