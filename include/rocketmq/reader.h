#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rocketmq/client_config.h"
#include "rocketmq/consumer.h"

namespace rocketmq {

/// Where the part of a queue begins or ends that is read.
struct ReadPosition {
  enum class Kind {
    first,   ///< The first stored message.
    last,    ///< The end, at the moment when the reader starts.
    time,    ///< The first message that was stored at `value` or later: milliseconds since the epoch.
    offset,  ///< This very offset. It is an error if the queue does not reach to it.
  };
  Kind kind = Kind::first;
  std::int64_t value = 0;
};

/// A queue that is to be read, and from where to where: `end` is one past the last message.
struct QueueToRead {
  std::string broker_name;
  std::int32_t queue_id = 0;
  ReadPosition begin{ReadPosition::Kind::first, 0};
  ReadPosition end{ReadPosition::Kind::last, 0};
};

struct ReaderConfig {
  ClientConfig client;
  std::string topic;
  std::string sub_expression = "*";
  ExpressionType expression_type = ExpressionType::tag;
  ReadPosition begin{ReadPosition::Kind::first, 0};
  ReadPosition end{ReadPosition::Kind::last, 0};
  /// If not empty, only these are read, each once; `begin` and `end` do not count.
  std::vector<QueueToRead> queues;
  /// Without `queues`: leaves those out that the topic's settings let nobody read. Otherwise they are an
  /// error.
  bool only_readable = false;
  /// Once it says true, start() throws Error cancelled.
  IsCancelled is_cancelled;
  /// Does not end at the end of a queue, but waits there for new messages; `end` and the ends of `queues` do
  /// not count. A broker that is away is waited for, and that is logged. Queues that the topic gets later are
  /// not read, which is logged, too.
  bool follow = false;
  /// Each delivery comes from the queue that is furthest behind in time. Otherwise from any that has
  /// messages.
  bool oldest_first = false;
};

/// The offsets of a queue that a reader reads: [begin, end).
struct QueueRange {
  std::string broker_name;
  std::int32_t queue_id = 0;
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

/// Reads what a topic stores between two positions, all queues side by side. It is a member of no group:
/// brokers hear no heartbeat of it, no progress is stored, and no consumer is disturbed. Memory is bounded:
/// what was received and not taken is some MiB per queue. For one thread.
///
/// Nothing is left out silently. What cannot be read is an error that names the queue and its offsets.
class Reader {
 public:
  /// Connects, and finds out which offsets there are to be read; nothing is read before.
  /// Throws Error: invalid_argument, invalid_name, invalid_address, no_name_server, topic_not_found, no_queue
  /// and what kept a broker from answering.
  [[nodiscard]] static std::unique_ptr<Reader> start(ReaderConfig config);

  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  /// By broker and queue; also those of which nothing is to be read.
  [[nodiscard]] const std::vector<QueueRange>& ranges() const noexcept;
  /// How many messages there are in the ranges; a filter may leave some out. With `follow`, a range ends
  /// where its queue did at the start.
  [[nodiscard]] std::int64_t messages() const noexcept;

  /// What the ranges hold, in bytes as brokers store them: estimated from what was received so far. Waits for
  /// the first messages of each queue; empty if they have not come at the deadline. Throws Error as read().
  [[nodiscard]] std::optional<std::size_t> estimated_bytes(std::chrono::steady_clock::time_point deadline);

  /// Messages of one queue, in the order of their offsets, from where its last delivery ended: waits until
  /// there are some. Empty at `deadline`, and if everything was read. There is nothing to acknowledge or
  /// reject: those functions of the delivery do nothing. Throws Error if something cannot be read; then also
  /// later calls do.
  [[nodiscard]] Delivery read(std::chrono::steady_clock::time_point deadline);

  /// Whether everything was read. Never with `follow`.
  [[nodiscard]] bool finished() const;

  /// Every message that comes is stored at this time or later, by what was read so far; empty if nothing
  /// comes any more or nothing is known. With oldest_first only.
  [[nodiscard]] std::optional<std::int64_t> oldest_to_come_ms() const;

 private:
  friend class Admin;
  class Impl;
  explicit Reader(std::unique_ptr<Impl> impl);
  [[nodiscard]] static Delivery deliver(std::unique_ptr<Delivery::Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace rocketmq
