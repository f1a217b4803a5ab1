#pragma once

#include <openssl/evp.h>

#include <array>
#include <string>
#include <string_view>

namespace rocketmq::test {

/// As the Java client of the tests names bodies. Needs OpenSSL::Crypto.
inline std::string sha256_hex(const std::string& text) {
  std::array<unsigned char, 32> digest{};
  unsigned int length = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr);
  std::string hex;
  for (const unsigned byte : digest) {
    constexpr std::string_view digits = "0123456789abcdef";
    hex += digits[byte >> 4U];
    hex += digits[byte & 15U];
  }
  return hex;
}

}  // namespace rocketmq::test
