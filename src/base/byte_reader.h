#pragma once

#include <cstddef>
#include <cstdint>

#include "rocketmq/bytes.h"

namespace rocketmq {

/// Reads big-endian values one after another and never past the end. A read that does not fit returns
/// false and changes neither the position nor the output.
class ByteReader {
 public:
  explicit ByteReader(ByteView bytes) noexcept : bytes_(bytes) {}

  [[nodiscard]] std::size_t position() const noexcept { return position_; }
  [[nodiscard]] std::size_t remaining() const noexcept { return bytes_.size() - position_; }

  [[nodiscard]] bool read(std::uint8_t& value) noexcept { return read_unsigned(value); }
  [[nodiscard]] bool read(std::uint16_t& value) noexcept { return read_unsigned(value); }
  [[nodiscard]] bool read(std::uint32_t& value) noexcept { return read_unsigned(value); }
  [[nodiscard]] bool read(std::uint64_t& value) noexcept { return read_unsigned(value); }
  [[nodiscard]] bool read(std::int16_t& value) noexcept { return read_signed<std::uint16_t>(value); }
  [[nodiscard]] bool read(std::int32_t& value) noexcept { return read_signed<std::uint32_t>(value); }
  [[nodiscard]] bool read(std::int64_t& value) noexcept { return read_signed<std::uint64_t>(value); }

  /// The next `count` bytes, as a view into the input.
  [[nodiscard]] bool read_view(std::size_t count, ByteView& view) noexcept {
    if (count > remaining()) return false;
    view = bytes_.subspan(position_, count);
    position_ += count;
    return true;
  }

  [[nodiscard]] bool skip(std::size_t count) noexcept {
    if (count > remaining()) return false;
    position_ += count;
    return true;
  }

 private:
  template <class Unsigned>
  bool read_unsigned(Unsigned& value) noexcept {
    if (sizeof(Unsigned) > remaining()) return false;
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < sizeof(Unsigned); ++i)
      bits = (bits << 8) | bytes_[position_ + i];
    value = static_cast<Unsigned>(bits);
    position_ += sizeof(Unsigned);
    return true;
  }

  template <class Unsigned, class Signed>
  bool read_signed(Signed& value) noexcept {
    Unsigned bits = 0;
    if (!read_unsigned(bits)) return false;
    value = static_cast<Signed>(bits);
    return true;
  }

  ByteView bytes_;
  std::size_t position_ = 0;
};

}  // namespace rocketmq
