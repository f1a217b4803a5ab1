#pragma once

#include <algorithm>
#include <chrono>

namespace rocketmq {

/// The whole milliseconds that are left at `now` until `deadline`, at least 0.
[[nodiscard]] inline std::chrono::milliseconds time_left(
    std::chrono::steady_clock::time_point deadline,
    std::chrono::steady_clock::time_point now = std::chrono::steady_clock::now()) noexcept {
  using std::chrono::milliseconds;
  return std::max(std::chrono::duration_cast<milliseconds>(deadline - now), milliseconds(0));
}

}  // namespace rocketmq
