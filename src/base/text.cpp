#include "base/text.h"

#include <algorithm>

namespace rocketmq {

std::string_view trim(std::string_view text) noexcept {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && is_blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back()))
    text.remove_suffix(1);
  return text;
}

bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [lower](char a, char b) { return lower(a) == lower(b); });
}

std::string_view first_bytes(std::string_view text, std::size_t max_bytes) noexcept {
  if (text.size() <= max_bytes) return text;
  constexpr std::size_t most_that_follow = 3;  // The bytes of a character behind its first are 10xxxxxx.
  for (std::size_t length = max_bytes; length + most_that_follow >= max_bytes; --length) {
    if ((static_cast<unsigned char>(text[length]) & 0xC0U) != 0x80U) return text.substr(0, length);
    if (length == 0) break;
  }
  return text.substr(0, max_bytes);  // It is no UTF-8.
}

std::string printable(std::string_view text, std::size_t max_bytes) {
  constexpr char digits[] = "0123456789abcdef";
  const std::string_view shown = first_bytes(text, max_bytes);
  std::string out;
  out.reserve(shown.size());
  for (const char c : shown) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      out += "\\x";
      out += digits[byte >> 4];
      out += digits[byte & 0xFU];
    } else {
      out += c;
    }
  }
  if (shown.size() < text.size()) out += "...";
  return out;
}

}  // namespace rocketmq
