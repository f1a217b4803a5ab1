#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace rocketmq::client {

/// Messages in a batch, at most. It bounds the work that is repeated when a batch is sent again, and what a
/// batch of small messages grows to when it is stored: fixed fields and the topic are added to each, and a
/// broker takes 4 MiB by default (maxMessageSize).
inline constexpr std::size_t max_batch_messages = 8192;

/// Bytes of encoded messages that a batch request aims at, from 256 KiB to 1 MiB, of a send of `total_bytes`
/// in all by a producer that, as fast as its last large send went, sends `bytes_per_timeout` within the
/// time-out of a try; 0 where that is not known.
///
/// A round trip is paid for each request, and each costs the broker some work of its own. But a send that is
/// cut into few uses few queues; and since a batch of every queue is under way at once, those of 150 queues
/// must fit into one time-out. At 1 MiB the largest that may be stored, of bodies of 63 bytes with a topic of
/// 255, has 3.7 MiB.
[[nodiscard]] std::size_t batch_bytes_for(std::size_t total_bytes, std::size_t bytes_per_timeout) noexcept;

struct PackingOptions {
  std::size_t target_bytes = 0;  ///< See batch_bytes_for.
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
