#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "rocketmq/bytes.h"

namespace rocketmq::wire {

/// Bytes from hexadecimal text with blanks, so that golden bytes can be laid out as the protocol lays them.
inline std::string from_hex(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const std::string_view part : parts) {
    std::string digits;
    for (const char c : part) {
      if (c != ' ') digits += c;
    }
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
      out += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
    }
  }
  return out;
}

/// The text's bytes in memory of exactly that size, so that a sanitizer sees any read past their end.
inline Bytes exact(std::string_view text) {
  return {text.begin(), text.end()};
}

}  // namespace rocketmq::wire
