#pragma once

#include <cstdint>

namespace rocketmq::wire {

/// No queue will ever have this many messages. Decoders refuse offsets beyond it, so that sums of an offset,
/// a static topic's delta and a count never leave the range of 64 bits.
inline constexpr std::int64_t max_queue_offset = std::int64_t{1} << 60;

[[nodiscard]] constexpr bool is_queue_offset(std::int64_t value) noexcept {
  return value >= 0 && value <= max_queue_offset;
}

/// The same for differences of offsets, and for offsets that may be "none", which is negative.
[[nodiscard]] constexpr bool is_offset_distance(std::int64_t value) noexcept {
  return value >= -max_queue_offset && value <= max_queue_offset;
}

}  // namespace rocketmq::wire
