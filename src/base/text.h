#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rocketmq {

/// `text` without blanks (space, tab, CR, LF) at its ends.
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;

/// Compares ASCII letters without case and all other bytes exactly, in any locale.
[[nodiscard]] bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept;

/// At most `max_bytes` of `text`, without a part of a character of UTF-8 at the end.
[[nodiscard]] std::string_view first_bytes(std::string_view text, std::size_t max_bytes) noexcept;

/// A form of `text` that is safe in messages to people. Control characters become `\xNN`. After `max_bytes`
/// the text is cut with "...", so no input can flood a log. Bytes above 0x7F are kept, they may be UTF-8.
[[nodiscard]] std::string printable(std::string_view text, std::size_t max_bytes);

}  // namespace rocketmq
