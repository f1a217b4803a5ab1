#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "wire/frame.h"

namespace rocketmq::client {

/// How many messages the pulls of one queue ask for. Brokers bound an answer by bytes, but their operators
/// may raise that above what a frame may have: then fewer messages are asked for, and more again while
/// answers are small. Pure.
class PullSize {
 public:
  /// More than a broker's default allows, because operators raise that limit.
  static constexpr std::int32_t most = 1024;

  [[nodiscard]] std::int32_t messages() const noexcept { return messages_; }

  /// An answer was larger than a frame may be; it reached over `span` offsets, or that is not known (0).
  /// False where no more than one message was asked for, so that it cannot be made smaller.
  [[nodiscard]] bool shrink(std::int64_t span) noexcept {
    if (messages_ == 1) return false;
    const std::int64_t held = span > 0 ? std::min<std::int64_t>(messages_, span) : messages_;
    messages_ = static_cast<std::int32_t>(std::max<std::int64_t>(held / 2, 1));
    return true;
  }

  /// An answer of so many messages, in `bytes` bytes, fitted. Where it was all that was asked for, and far
  /// from the limit, twice as much is asked for; the next messages may be larger, so half of the limit is not
  /// far.
  void fitted(std::size_t messages, std::size_t bytes) noexcept {
    if (messages >= static_cast<std::size_t>(messages_) && bytes <= wire::max_frame_bytes / 4)
      messages_ = std::min(messages_ * 2, most);
  }

 private:
  std::int32_t messages_ = most;
};

}  // namespace rocketmq::client
