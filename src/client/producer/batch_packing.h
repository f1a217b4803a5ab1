#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "wire/batch.h"

namespace rocketmq::client {

/// Messages in a batch, at most. It bounds the work that is repeated when a batch is sent again, and what a
/// batch of small messages grows to when it is stored: fixed fields and the topic are added to each, and a
/// broker takes 4 MiB by default (maxMessageSize).
inline constexpr std::size_t max_batch_messages = 8192;

/// Bytes of encoded messages that a batch request aims at, from 256 KiB to 1 MiB, of a send of `total_bytes`
/// in all by a producer that, as fast as its last large send went, sends `bytes_per_timeout` within the
/// time-out of a try; 0 if that is not known.
///
/// A round trip is paid for each request, and each costs the broker some work of its own. But if batches
/// are few, none is encoded while another is under way; and since a batch of every queue is under way at
/// once, those of 150 queues must fit into one time-out. At 1 MiB the largest that may be stored, of bodies
/// of 63 bytes with a topic of 255, has 3.7 MiB.
[[nodiscard]] std::size_t batch_bytes_for(std::size_t total_bytes, std::size_t bytes_per_timeout) noexcept;

struct PackingOptions {
  std::size_t target_bytes = std::size_t{256} * 1024;                  ///< At most, see batch_bytes_for.
  std::size_t enough_bytes = std::numeric_limits<std::size_t>::max();  ///< See even_batch_bytes.
  std::size_t max_messages = max_batch_messages;
  std::size_t properties_bytes = 0;                          ///< Of each message, encoded.
  std::span<const std::uint16_t> own_properties_bytes = {};  ///< On top of that, by message; may be empty.
  std::span<const std::uint8_t> alone = {};  ///< 1 for each message that is in no batch; may be empty.
  std::size_t compress_over_bytes = 0;       ///< Longer bodies are compressed.

  /// Of a message, as a batch item.
  [[nodiscard]] std::size_t item_bytes(std::string_view body, std::size_t message) const noexcept {
    const std::size_t own = own_properties_bytes.empty() ? 0 : own_properties_bytes[message];
    return wire::batch_item_size(body.size(), properties_bytes + own);
  }
  [[nodiscard]] bool is_alone(std::size_t message) const noexcept {
    return !alone.empty() && alone[message] != 0;
  }
};

/// The messages [first, first + count) of a send, which travel in one request.
struct BatchRange {
  std::size_t first = 0;
  std::size_t count = 0;
  bool compressed = false;  ///< All of its bodies are, or none is: a batch has one flag for them.

  friend bool operator==(const BatchRange&, const BatchRange&) = default;
};

/// Cuts the messages [first, first + count) of a send into batches, in order. A body above the target is a
/// batch of its own.
[[nodiscard]] std::vector<BatchRange> pack_batches(std::span<const std::string_view> bodies,
                                                   std::size_t first, std::size_t count,
                                                   const PackingOptions& options);

/// The bytes that make a batch of `count` messages with `bytes` in all, so that batches are nearly equal and
/// not larger than `target_bytes`: a small rest would cost one more request.
[[nodiscard]] std::size_t even_batch_bytes(std::size_t count, std::size_t bytes,
                                           std::size_t target_bytes) noexcept;

/// Over how many queues a send travels if its topic has as many: each gets enough to be worth a request.
[[nodiscard]] std::size_t queues_worth_using(std::size_t messages, std::size_t bytes) noexcept;

/// The messages [first, first + count) of a send, which go to one queue one after another.
struct SliceRange {
  std::size_t first = 0;
  std::size_t count = 0;

  friend bool operator==(const SliceRange&, const SliceRange&) = default;
};

/// Cuts `messages` into `slices` contiguous, nearly equal parts; there must be at least as many messages.
/// With `short_ends` the first and the last slice have half of what the others have, at the least: they are
/// sent one after the other, and so take no longer than the others; see SendLanes.
[[nodiscard]] std::vector<SliceRange> slice_messages(std::size_t messages, std::size_t slices,
                                                     bool short_ends);

}  // namespace rocketmq::client
