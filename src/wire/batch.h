#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "rocketmq/bytes.h"
#include "rocketmq/errc.h"

namespace rocketmq::wire {

/// One message within the body of a batch send (320) or of an inner batch. Layout, all big-endian:
/// total i32 | magic 0 | crc 0 | flag i32 | bodyLen i32 + body | propertiesLen i16 + properties.
/// Source: MessageDecoder.encodeMessage.
struct BatchItemView {
  std::int32_t flag = 0;
  ByteView body;
  std::string_view properties;
};

/// Bytes of an item besides its body and properties.
inline constexpr std::size_t batch_item_overhead = 22;

/// Exactly the bytes that append_batch_item appends, for packing batches up to a limit.
[[nodiscard]] constexpr std::size_t batch_item_size(std::size_t body_bytes,
                                                    std::size_t properties_bytes) noexcept {
  return batch_item_overhead + body_bytes + properties_bytes;
}

/// Appends one item. Errors: bad_properties (longer than 32767 bytes), message_too_large (the item does not
/// fit a 32-bit length); nothing is appended then.
[[nodiscard]] Errc append_batch_item(std::string& out, std::int32_t flag, ByteView body,
                                     std::string_view properties);

/// Reads items one after another. After an error the reader is at its end.
class BatchReader {
 public:
  explicit BatchReader(ByteView bytes) noexcept : bytes_(bytes) {}

  /// Takes the next item. Sets `found` and returns ok when there is one; ok without `found` at the end.
  /// Errors: truncated, bad_field (lengths that contradict each other).
  [[nodiscard]] Errc next(BatchItemView& out, bool& found) noexcept;

 private:
  ByteView bytes_;
  std::size_t position_ = 0;
};

}  // namespace rocketmq::wire
