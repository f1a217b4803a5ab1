#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace rocketmq {

/// A view of bytes; it does not own them.
using ByteView = std::span<const std::uint8_t>;

using Bytes = std::vector<std::uint8_t>;

/// A view together with the buffer that keeps it alive. Cheap to copy and to pass between threads.
/// For bodies that are decoded some time after they were received.
struct SharedBytes {
  std::shared_ptr<const void> storage;  ///< If null, the view is empty.
  ByteView view;
};

[[nodiscard]] inline ByteView as_bytes(std::string_view text) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

[[nodiscard]] inline std::string_view as_text(ByteView bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace rocketmq
