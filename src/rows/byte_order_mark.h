#pragma once

#include <cstddef>
#include <string_view>

namespace rocketmq::rows {

/// Where the text of a body begins: after a byte order mark, if there is one.
[[nodiscard]] constexpr std::size_t text_begin(std::string_view body) noexcept {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  return body.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
}

}  // namespace rocketmq::rows
