#pragma once

#include <cstdint>

#include "rocketmq/bytes.h"

namespace rocketmq::wire {

/// The bits of a CRC-32 that a stored message carries: Java keeps it in an int that must not be negative.
inline constexpr std::uint32_t body_crc_mask = 0x7FFF'FFFF;

/// The CRC-32 of a body (ISO 3309, as Java's java.util.zip.CRC32), with the sign bit cleared as brokers store
/// it. Source: UtilAll.crc32.
[[nodiscard]] std::uint32_t body_crc32(ByteView body) noexcept;

}  // namespace rocketmq::wire
