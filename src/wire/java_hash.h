#pragma once

#include <cstdint>
#include <string_view>

namespace rocketmq::wire {

/// Java's String.hashCode: over the UTF-16 units of the text, in wrapping 32-bit arithmetic. Brokers filter
/// tags by it. Bytes that are not UTF-8 count as U+FFFD, as Java decodes them.
[[nodiscard]] std::int32_t java_string_hash(std::string_view utf8) noexcept;

}  // namespace rocketmq::wire
