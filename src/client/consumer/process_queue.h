#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <set>
#include <vector>

#include "rocketmq/bytes.h"

namespace rocketmq::client {

/// What one pull reply brought: the undecoded messages of the offsets [begin, next_begin). Only messages of
/// these offsets count; whatever else the body holds belongs to another segment.
struct Segment {
  std::int64_t begin = 0;
  std::int64_t next_begin = 0;    ///< Where the next pull goes on; > begin.
  SharedBytes body;               ///< Stored messages one after another; may be empty.
  std::size_t messages = 0;       ///< How many messages the body holds.
  bool pulled_again = false;      ///< The broker was asked twice for it, because it could not be read.
  std::int32_t failed_here = 0;   ///< How often it was rejected and handed out again by this consumer.
  std::int64_t offset_delta = 0;  ///< Static topics: to be added to the queue offsets in the body.
  /// Up to this offset the user was told which messages of it are given up, because they cannot be read.
  std::int64_t told_up_to = -1;

  [[nodiscard]] std::size_t bytes() const noexcept { return body.view.size(); }
};

/// The received messages of one queue, between the pull replies that come in and the offset that may be
/// committed. Its parts, in the order of their offsets:
///
///     [committed by us) [delivered: with a handler) [cached: received) | next_offset
///
/// and above all of them the rejected messages whose send-back is not finished yet, each of which holds the
/// commit offset at its own. Pure: no locks, no clocks; the owner serialises the calls.
class ProcessQueue {
 public:
  /// `next_offset` is where the first pull starts: what lies below counts as consumed.
  explicit ProcessQueue(std::int64_t next_offset) noexcept : next_offset_(next_offset) {}

  enum class AddResult {
    added,        ///< The segment is cached (or, without messages, its offsets count as done).
    out_of_line,  ///< It does not begin at next_offset: an overlap or a gap; nothing changed.
    no_progress,  ///< It ends where it begins, or before; nothing changed.
    dropped,      ///< The queue is no longer ours; nothing changed.
  };

  [[nodiscard]] AddResult add(Segment segment);

  /// Takes a prefix of the cached segments for one handler: whole segments until `max_messages` or
  /// `max_bytes` is reached, at least one. A delivery that is open already is extended, which its own holder
  /// only may ask for. Empty if nothing is cached.
  [[nodiscard]] std::vector<Segment> delivery(std::size_t max_messages, std::size_t max_bytes);

  /// Puts the segments that were delivered last back to the front.
  void give_back(std::vector<Segment> segments);

  /// Ends the delivery: its offsets are done, except those of `mark_pending`.
  void finish_delivery();

  /// A rejected message: it holds the commit offset until `pending_done`, and is not delivered again.
  void mark_pending(std::int64_t offset);
  void pending_done(std::int64_t offset);
  /// Nobody deals with it any more, of a dropped queue: its next owner begins there, at the latest.
  void pending_left(std::int64_t offset);

  /// A message that is finished although its delivery is given back: it is not delivered again.
  void mark_skipped(std::int64_t offset) { skipped_.insert(offset); }

  /// The messages that must not be delivered again, of those that are cached or delivered.
  [[nodiscard]] const std::set<std::int64_t>& skipped() const noexcept { return skipped_; }

  /// Forgets everything and goes on at `offset`. An open delivery stays open, so that its queue is not handed
  /// to somebody else meanwhile, but what becomes of it no longer moves the offset: see generation().
  void reset(std::int64_t offset);

  /// Forgets what is cached, so that everything from `offset` on is received once more, because it could not
  /// be read. What is delivered before `offset` stays as it is.
  void rewind(std::int64_t offset);

  /// Forgets what is cached: the queue is no longer ours. An open delivery may still finish.
  void drop();

  /// Where the group goes on after a restart: the first offset that is not done, or next_offset, or an
  /// earlier one that hold_commit() keeps.
  [[nodiscard]] std::int64_t commit_offset() const noexcept;

  /// commit_offset() becomes the first offset that is not done, and stays there until the next call.
  void hold_commit() noexcept { held_at_ = first_not_done(); }

  /// How many offsets are done and kept from being committed by hold_commit().
  [[nodiscard]] std::int64_t held_offsets() const noexcept {
    return held_at_ ? std::max<std::int64_t>(first_not_done() - *held_at_, 0) : 0;
  }

  [[nodiscard]] std::int64_t next_offset() const noexcept { return next_offset_; }
  [[nodiscard]] bool is_delivered() const noexcept { return delivered_; }
  [[nodiscard]] bool is_dropped() const noexcept { return dropped_; }
  [[nodiscard]] std::size_t pending_count() const noexcept { return pending_.size(); }

  /// Grows with each reset. A report on messages of an earlier generation must not touch the offsets.
  [[nodiscard]] std::uint64_t generation() const noexcept { return generation_; }

  [[nodiscard]] std::size_t cached_messages() const noexcept { return cached_messages_; }
  [[nodiscard]] std::size_t delivered_messages() const noexcept { return delivered_messages_; }
  /// Received and not acknowledged yet: cached and delivered.
  [[nodiscard]] std::size_t unfinished_messages() const noexcept {
    return cached_messages_ + delivered_messages_;
  }
  [[nodiscard]] std::size_t unfinished_bytes() const noexcept { return cached_bytes_ + delivered_bytes_; }

 private:
  [[nodiscard]] std::int64_t first_not_done() const noexcept;
  void clear_cache() noexcept;
  void finish_empty_front();

  std::deque<Segment> cached_;
  std::size_t cached_messages_ = 0;
  std::size_t cached_bytes_ = 0;

  bool delivered_ = false;
  std::uint64_t delivery_generation_ = 0;
  std::int64_t delivery_begin_ = 0;  // Meaningful while delivered_ and of this generation.
  std::size_t delivered_messages_ = 0;
  std::size_t delivered_bytes_ = 0;

  std::set<std::int64_t> pending_;
  std::set<std::int64_t> skipped_;
  std::int64_t next_offset_;
  std::optional<std::int64_t> held_at_;
  std::uint64_t generation_ = 0;
  bool dropped_ = false;
};

}  // namespace rocketmq::client
