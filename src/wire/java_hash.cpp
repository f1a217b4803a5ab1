#include "wire/java_hash.h"

#include "base/utf8.h"

namespace rocketmq::wire {

std::int32_t java_string_hash(std::string_view utf8) noexcept {
  std::uint32_t hash = 0;
  while (!utf8.empty()) {
    const auto code = static_cast<std::uint32_t>(take_utf8(utf8));
    if (code < 0x1'0000) {
      hash = hash * 31 + code;
    } else {
      hash = hash * 31 + (0xD800 + ((code - 0x1'0000) >> 10));
      hash = hash * 31 + (0xDC00 + ((code - 0x1'0000) & 0x3FFU));
    }
  }
  return static_cast<std::int32_t>(hash);
}

}  // namespace rocketmq::wire
