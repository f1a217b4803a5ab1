#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace rocketmq::client {

/// Bytes of encoded messages that a batch request aims at.
///
/// Why 256 KiB: a round trip is paid every few thousand small messages, so more hardly gains anything, while
/// a batch that times out is sent again as a whole, and a broker is held by one batch for a few ms only.
/// Stored messages are up to 4 times as large as encoded ones (fixed fields, the topic), which still stays
/// below the broker's default maxMessageSize of 4 MiB.
inline constexpr std::size_t target_batch_bytes = std::size_t{256} * 1024;

/// Messages in a batch, at most: it bounds the work that is repeated when a batch is sent again.
inline constexpr std::size_t max_batch_messages = 8192;

struct PackingOptions {
  std::size_t target_bytes = target_batch_bytes;
  std::size_t max_messages = max_batch_messages;
  std::size_t properties_bytes = 0;     ///< Of each message, encoded.
  std::size_t compress_over_bytes = 0;  ///< Longer bodies are compressed.
};

/// The messages [first, first + count) of a send, which travel in one request.
struct BatchRange {
  std::size_t first = 0;
  std::size_t count = 0;
  bool compressed = false;  ///< All of its bodies are, or none is: a batch has one flag for them.

  friend bool operator==(const BatchRange&, const BatchRange&) = default;
};

/// Cuts a send into batches, in order. A body above the target is a batch of its own.
[[nodiscard]] std::vector<BatchRange> pack_batches(std::span<const std::string_view> bodies,
                                                   const PackingOptions& options);

/// The batches [first, first + count) of a send, which go to one queue one after another.
struct SliceRange {
  std::size_t first = 0;
  std::size_t count = 0;

  friend bool operator==(const SliceRange&, const SliceRange&) = default;
};

/// Cuts `batches` into `slices` contiguous, nearly equal parts, none of them empty; fewer where there are
/// fewer batches. With `short_last` the last one has a single batch.
[[nodiscard]] std::vector<SliceRange> slice_batches(std::size_t batches, std::size_t slices, bool short_last);

}  // namespace rocketmq::client
