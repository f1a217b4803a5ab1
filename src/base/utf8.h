#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rocketmq {

inline constexpr char32_t replacement_character = 0xFFFD;

/// Takes one character from the front of `text`, which must not be empty. A byte that starts no valid UTF-8
/// sequence (overlong forms and surrogates are none) is taken alone and gives U+FFFD.
[[nodiscard]] inline char32_t take_utf8(std::string_view& text) noexcept {
  const auto byte = [&text](std::size_t index) -> std::uint32_t {
    return static_cast<unsigned char>(text[index]);
  };
  const std::uint32_t first = byte(0);
  std::size_t length = 0;
  std::uint32_t code = 0;
  std::uint32_t smallest = 0;
  if (first < 0x80) {
    text.remove_prefix(1);
    return first;
  }
  if ((first & 0xE0U) == 0xC0U) {
    length = 2;
    code = first & 0x1FU;
    smallest = 0x80;
  } else if ((first & 0xF0U) == 0xE0U) {
    length = 3;
    code = first & 0x0FU;
    smallest = 0x800;
  } else if ((first & 0xF8U) == 0xF0U) {
    length = 4;
    code = first & 0x07U;
    smallest = 0x1'0000;
  }
  bool valid = length != 0 && length <= text.size();
  for (std::size_t i = 1; valid && i < length; ++i) {
    valid = (byte(i) & 0xC0U) == 0x80U;
    code = (code << 6) | (byte(i) & 0x3FU);
  }
  if (!valid || code < smallest || code > 0x10'FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
    text.remove_prefix(1);
    return replacement_character;
  }
  text.remove_prefix(length);
  return code;
}

/// Appends a character; one that UTF-8 cannot express (a surrogate) becomes U+FFFD.
inline void append_utf8(std::string& out, char32_t code) {
  if (code > 0x10'FFFF || (code >= 0xD800 && code <= 0xDFFF)) code = replacement_character;
  const auto put = [&out](char32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0U | (code >> 6));
    put(0x80U | (code & 0x3FU));
  } else if (code < 0x1'0000) {
    put(0xE0U | (code >> 12));
    put(0x80U | ((code >> 6) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  } else {
    put(0xF0U | (code >> 18));
    put(0x80U | ((code >> 12) & 0x3FU));
    put(0x80U | ((code >> 6) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  }
}

}  // namespace rocketmq
