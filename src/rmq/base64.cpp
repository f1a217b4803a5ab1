#include "rmq/base64.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace rocketmq::rmq {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

void append_base64(std::string& out, std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::string_view three = bytes.substr(i, 3);
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k)
      bits = bits << 8 | (k < three.size() ? static_cast<unsigned char>(three[k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      out += k <= three.size() ? alphabet[bits >> (18 - 6 * k) & 0x3FU] : '=';
  }
}

std::optional<std::string> read_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string out;
  out.reserve(text.size() / 4 * 3);
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const std::string_view four = text.substr(i, 4);
    const bool last = i + 4 == text.size();
    const std::size_t padding =
        last ? (four[3] == '=' ? 1U : 0U) + (four[3] == '=' && four[2] == '=' ? 1U : 0U) : 0U;
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const std::size_t digit = k < 4 - padding ? alphabet.find(four[k]) : 0;
      if (digit == std::string_view::npos) return std::nullopt;
      bits = bits << 6 | static_cast<std::uint32_t>(digit);
    }
    for (std::size_t k = 0; k < 3 - padding; ++k)
      out += static_cast<char>(static_cast<unsigned char>(bits >> (16 - 8 * k) & 0xFFU));
  }
  return out;
}

}  // namespace rocketmq::rmq
