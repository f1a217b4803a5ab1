#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

#include "client/consumer/process_queue.h"
#include "rocketmq/error.h"

namespace rocketmq::client {

/// Between the loop, which receives, and the thread that reads: the segments of each queue that wait to be
/// taken, in the order of their offsets. Queues are named by their index.
class ReadBuffer {
 public:
  /// A queue with so much waiting, or with that much under way besides, asks for no more.
  static constexpr std::size_t max_bytes_per_queue = 4U << 20;

  struct Range {
    std::int64_t begin = 0;
    std::int64_t end = 0;
  };
  /// To be called before anything else, but for fail().
  void set_ranges(const std::vector<Range>& ranges);

  // For the loop.

  /// The queue's offsets up to segment.next_begin are there.
  void add(std::size_t queue, Segment segment);
  /// `bytes` are under way.
  [[nodiscard]] bool has_room(std::size_t queue, std::size_t bytes) const;
  /// Something cannot be read. The first failure counts.
  void fail(Failure failure);

  // For the reader's thread.

  struct Taken {
    std::size_t queue = 0;
    std::vector<Segment> segments;
  };
  /// Waits for segments of any queue, or of the one that is furthest behind in time. Nothing at the deadline,
  /// and if everything was taken. Throws what failed.
  [[nodiscard]] std::optional<Taken> take(bool oldest_first, std::chrono::steady_clock::time_point deadline);
  /// Puts the rest of what was taken last back to the front.
  void give_back(std::size_t queue, std::vector<Segment> rest);
  /// The last message of the queue that was handed over was stored at this time.
  void read_up_to(std::size_t queue, std::int64_t store_time_ms);
  [[nodiscard]] bool finished() const;
  [[nodiscard]] bool failed() const;
  [[nodiscard]] std::optional<std::int64_t> oldest_to_come_ms() const;
  /// Of the ranges, after the first messages of each; nothing at the deadline. Throws what failed.
  [[nodiscard]] std::optional<std::size_t> estimated_bytes(std::chrono::steady_clock::time_point deadline);

 private:
  struct Queue {
    Range range;
    std::int64_t received = 0;        // Up to this offset.
    std::size_t received_bytes = 0;   // In all.
    std::deque<Segment> segments;     // That wait.
    std::size_t waiting_bytes = 0;    // Their bodies.
    std::int64_t store_time_ms = -1;  // Of the last message that was handed over.

    [[nodiscard]] bool complete() const noexcept { return received >= range.end; }
    [[nodiscard]] bool finished() const noexcept { return complete() && segments.empty(); }
  };
  [[nodiscard]] Queue* next(bool oldest_first);
  [[nodiscard]] const Queue* furthest_behind() const;

  /// Here the loop meets the thread that reads.
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Queue> queues_;
  Failure failure_;
};

}  // namespace rocketmq::client
