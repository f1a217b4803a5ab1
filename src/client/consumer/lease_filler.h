#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "client/consumer.h"
#include "client/consumer/lease_state.h"
#include "wire/compression.h"
#include "wire/stored_message.h"

namespace rocketmq::client {

/// Turns the stored messages of leased segments into a lease's rows, on the taker's thread: checks CRCs,
/// decompresses, unpacks inner batches, checks tags again, restores the topic of retried messages. Pure but
/// for what it tells.
///
/// A message that cannot be read is pulled once more; if it cannot be read then either, it is given up and
/// that is told, because it would block its queue for ever.
class LeaseFiller {
 public:
  /// A body that decompresses to more is taken for unreadable.
  static constexpr std::size_t max_body_bytes = 64U << 20;

  struct Options {
    std::size_t max_rows = 1;
    std::size_t max_bytes = 1;  ///< Of bodies; the first row passes whatever its size.
    /// A topic on the wire to the one that users know.
    std::function<std::string(std::string_view)> unwrap_topic;
    /// Told of the messages that are given up, once for each; empty: nobody is.
    std::function<void(const ConsumerNotice&)> on_given_up;
  };

  /// At most this many offsets of one notice are named.
  static constexpr std::size_t max_named = 16;

  LeaseFiller(LeaseState& lease, Options options) : lease_(lease), options_(std::move(options)) {}

  /// Decodes one part of the lease and keeps of its segments what was used.
  [[nodiscard]] DecodedPart fill(std::size_t part);

  /// No further row is allowed.
  [[nodiscard]] bool full() const noexcept {
    return lease_.rows().size() >= options_.max_rows || bytes_ >= options_.max_bytes;
  }

 private:
  enum class Step {
    done,        ///< The message is in the lease, or not wanted.
    limit,       ///< It does not fit any more.
    unreadable,  ///< See error_.
  };
  /// How far a segment was read.
  struct Progress {
    std::int64_t next = 0;     ///< The first offset that is not dealt with.
    std::size_t position = 0;  ///< Where its record starts in the body.
    std::size_t messages = 0;  ///< Dealt with.
    Step end = Step::done;     ///< Why it ended.
  };

  [[nodiscard]] Progress fill_segment(std::size_t part, std::size_t segment);
  [[nodiscard]] Step take(const wire::StoredMessageView& message, const LeaseState::Source& source,
                          Progress& progress);
  [[nodiscard]] Step take_batch(const wire::StoredMessageView& outer, ByteView body,
                                const LeaseState::Source& source, Progress& progress);
  [[nodiscard]] Step take_one(const wire::StoredMessageView& message, ByteView body,
                              const LeaseState::Source& source, Progress& progress);
  void give_up(const LeasedPart& part, Segment& segment, std::int64_t offset,
               const wire::StoredMessageView& message);
  void tell_given_up();

  LeaseState& lease_;
  Options options_;
  std::size_t bytes_ = 0;
  Errc error_ = Errc::ok;
  ConsumerNotice given_up_;  // Of the present part.
  std::optional<wire::Decompressor> decompressor_;
};

}  // namespace rocketmq::client
