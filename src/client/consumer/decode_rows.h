#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "client/consumer/delivery.h"
#include "rocketmq/consumer.h"

namespace rocketmq::client {

/// A body that decompresses to more is taken for unreadable.
inline constexpr std::size_t max_unpacked_bytes = 64U << 20;

/// At most this many offsets of one notice are named.
inline constexpr std::size_t max_named_offsets = 16;

struct DecodeOptions {
  std::size_t max_rows = 1;   ///< Of the delivery.
  std::size_t max_bytes = 1;  ///< Of the delivery's bodies; its first row passes whatever its size.
  /// A topic on the wire to the one that users know.
  std::function<std::string(std::string_view)> unwrap_topic;
  /// Told of the messages that are given up, once for each; may be empty.
  std::function<void(const ConsumerNotice&)> on_given_up;
};

/// Turns the stored messages of one part of a delivery into rows, on the poller's thread: checks CRCs,
/// decompresses, unpacks inner batches, checks tags again, restores the topic of retried messages. Keeps of
/// the part's segments what was used.
///
/// A message that cannot be read is pulled once more. If it cannot be read then either, it is given up and
/// that is told, because it would block its queue for ever.
[[nodiscard]] DecodedPart decode_rows(Delivery::Impl& delivery, std::size_t part,
                                      const DecodeOptions& options);

}  // namespace rocketmq::client
