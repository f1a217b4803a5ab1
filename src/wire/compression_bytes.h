#pragma once

#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

namespace rocketmq::wire {

inline std::uint8_t* bytes_of(std::string& text) {
  return reinterpret_cast<std::uint8_t*>(text.data());
}

/// zlib's counters have 32 bits.
inline bool fits_zlib(std::size_t size) {
  return size <= std::numeric_limits<uInt>::max();
}

}  // namespace rocketmq::wire
