#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rocketmq {

/// Without blanks (space, tab, CR, LF) at both ends.
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;

/// Letters of ASCII alike in both cases; other bytes as they are, whatever the locale.
[[nodiscard]] bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept;

/// A form of `text` that is safe in a message to people: control characters as `\xNN`, and cut after
/// `max_bytes` with "..." so that no input can flood a log. Bytes above 0x7F pass, they may be UTF-8.
[[nodiscard]] std::string printable(std::string_view text, std::size_t max_bytes);

}  // namespace rocketmq
