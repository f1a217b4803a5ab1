#pragma once

#include <chrono>
#include <cstdint>

namespace rocketmq {

/// Milliseconds since the epoch, as messages carry them.
[[nodiscard]] inline std::int64_t now_in_ms() noexcept {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

}  // namespace rocketmq
