#include "base/json_string.h"

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/utf8.h"

namespace rocketmq {

namespace {

constexpr std::size_t word_bytes = sizeof(std::uint64_t);
constexpr std::uint64_t high_bits = 0x8080808080808080U;

/// Every byte of a word.
constexpr std::uint64_t each(unsigned char byte) noexcept {
  return 0x0101010101010101U * byte;
}
/// A word that is not 0 if a byte of `word` is 0. See Hacker's Delight, "find first 0-byte".
constexpr std::uint64_t zero_bytes(std::uint64_t word) noexcept {
  return (word - each(1)) & ~word & high_bits;
}

constexpr bool is_escaped(unsigned char byte) noexcept {
  return byte < 0x20 || byte == '"' || byte == '\\';
}

/// How many bytes at the front are ASCII and stand for themselves; eight at a time are looked at.
std::size_t plain_bytes(std::string_view text) noexcept {
  std::size_t at = 0;
  for (; at + word_bytes <= text.size(); at += word_bytes) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, word_bytes);
    const std::uint64_t controls = (word - each(0x20)) & ~word;
    if (((word | controls | zero_bytes(word ^ each('"')) | zero_bytes(word ^ each('\\'))) & high_bits) != 0)
      break;
  }
  while (at < text.size()) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte >= 0x80 || is_escaped(byte)) break;
    ++at;
  }
  return at;
}

void append_escape(std::string& out, char c) {
  constexpr char digits[] = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  out += '\\';
  switch (c) {
    case '"':
    case '\\':
      out += c;
      break;
    case '\n':
      out += 'n';
      break;
    case '\t':
      out += 't';
      break;
    case '\r':
      out += 'r';
      break;
    default:
      out += "u00";
      out += digits[byte >> 4];
      out += digits[byte & 0xFU];
  }
}

}  // namespace

bool append_json_string(std::string& out, std::string_view text) {
  bool is_utf8 = true;
  out += '"';
  std::size_t begin = 0;  // Of what is to be appended as it is.
  for (std::size_t at = 0; (at += plain_bytes(text.substr(at))) < text.size();) {
    std::string_view rest = text.substr(at);
    const bool escaped = is_escaped(static_cast<unsigned char>(rest.front()));
    const char32_t character = take_utf8(rest);
    const std::size_t end = text.size() - rest.size();
    const bool is_bad = character == replacement_character && end - at == 1;
    if (escaped || is_bad) {
      out.append(text, begin, at - begin);
      escaped ? append_escape(out, text[at]) : append_utf8(out, replacement_character);
      begin = end;
    }
    is_utf8 = is_utf8 && !is_bad;
    at = end;
  }
  out.append(text, begin);
  out += '"';
  return is_utf8;
}

}  // namespace rocketmq
