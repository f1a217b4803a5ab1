#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "rocketmq/bytes.h"

namespace rocketmq {

/// Writes an integer in its own width, big-endian.
template <class Integer>
void store_big_endian(char* target, std::type_identity_t<Integer> value) noexcept {
  auto bits = static_cast<std::uint64_t>(value);
  for (std::size_t i = sizeof(Integer); i > 0; --i) {
    target[i - 1] = static_cast<char>(static_cast<unsigned char>(bits & 0xFFU));
    bits >>= 8;
  }
}

/// Appends big-endian values to a buffer that the caller owns and may reuse. The buffer is a std::string,
/// because requests are sent from one.
class ByteWriter {
 public:
  explicit ByteWriter(std::string& out) noexcept : out_(out) {}

  /// Appends an integer in its own width. The caller names the type, so no implicit conversion can change the
  /// layout.
  template <class Integer>
  void put(std::type_identity_t<Integer> value) {
    char bytes[sizeof(Integer)];
    store_big_endian<Integer>(bytes, value);
    out_.append(bytes, sizeof(Integer));
  }

  void put_bytes(ByteView bytes) { out_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size()); }
  void put_text(std::string_view text) { out_.append(text); }

  /// Overwrites an integer that was put before. For lengths that are known only afterwards.
  template <class Integer>
  void patch(std::size_t position, std::type_identity_t<Integer> value) noexcept {
    store_big_endian<Integer>(out_.data() + position, value);
  }

  [[nodiscard]] std::size_t size() const noexcept { return out_.size(); }

 private:
  std::string& out_;
};

}  // namespace rocketmq
