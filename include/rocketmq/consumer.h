#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rocketmq/bytes.h"
#include "rocketmq/client_config.h"
#include "rocketmq/consumer_status.h"
#include "rocketmq/error.h"

namespace rocketmq {

enum class MessageModel {
  clustering,    ///< The consumers of a group share the queues; progress is kept by the brokers.
  broadcasting,  ///< Every consumer gets everything; progress is kept in a local file.
};

enum class ConsumeFromWhere {
  last_offset,   ///< A group without progress starts strictly at the end of each queue.
  first_offset,  ///< A group without progress starts at the first stored message of each queue.
  /// A queue without progress starts at its first message that was stored at consume_timestamp_ms or later,
  /// by its broker's clock. A time in the future is the end of the queue.
  timestamp,
};

/// The word that RocketMQ has for it.
[[nodiscard]] constexpr const char* to_string(ConsumeFromWhere where) noexcept {
  switch (where) {
    case ConsumeFromWhere::last_offset:
      return "CONSUME_FROM_LAST_OFFSET";
    case ConsumeFromWhere::first_offset:
      return "CONSUME_FROM_FIRST_OFFSET";
    case ConsumeFromWhere::timestamp:
      break;
  }
  return "CONSUME_FROM_TIMESTAMP";
}

enum class ExpressionType {
  tag,    ///< `*`, a tag, or `a || b`.
  sql92,  ///< An SQL92 condition on properties; the broker must allow it.
};

/// Where a message is.
struct MessagePlace {
  std::string topic;  ///< Without namespace.
  std::string broker_name;
  std::int32_t queue_id = 0;
  std::int64_t queue_offset = 0;
};

/// An event that a consumer reports to its user. The log contains it, too.
struct ConsumerNotice {
  /// The number of messages that the consumer gives up, as far as it knows. They are acknowledged and not
  /// delivered (again). 0: mostly, something keeps it from receiving until somebody solves it.
  std::int64_t given_up = 0;
  std::string text;  ///< What happened, where, and what to do.
  /// The message that is given up, or the first one of several.
  std::optional<MessagePlace> place = std::nullopt;
  bool was_rejected = false;  ///< That message was delivered and rejected.
};

/// Where a queue is to start.
struct QueueStart {
  std::string topic;  ///< Without namespace.
  std::string broker_name;
  std::int32_t queue_id = 0;
  std::int64_t queue_offset = 0;  ///< Of the first message that is wanted.
};

/// Asks where queues that were assigned are to start. The answer is given once, on any thread, at once or
/// later, also if the consumer is gone by then. With a failure it is asked again after a pause.
using StartOffsetsAnswer = std::function<void(const Failure& failure, const std::vector<QueueStart>& starts)>;
using AskStartOffsets = std::function<void(StartOffsetsAnswer answer)>;

/// Where Consumer::seek moves queues.
struct SeekTarget {
  enum class Kind {
    first,    ///< The first stored message of each queue.
    last,     ///< The end of each queue.
    time,     ///< The first message that was stored at time_ms or later, as brokers search it.
    offsets,  ///< Only the queues of `offsets`. An offset that a queue does not have becomes the nearest.
  };
  Kind kind = Kind::first;
  std::int64_t time_ms = 0;  ///< Since the epoch; a time in the future is the end.
  std::vector<QueueStart> offsets{};
};

/// A queue that was moved.
struct SeekResult {
  std::string topic;  ///< Without namespace.
  std::string broker_name;
  std::int32_t queue_id = 0;
  std::optional<std::int64_t> old_offset;  ///< The group's progress before; empty if there was none.
  std::int64_t new_offset = 0;
};

/// A topic, and what is wanted of it.
struct Subscription {
  std::string topic;
  std::string sub_expression = "*";
};

struct ConsumerConfig {
  ClientConfig client;
  std::string group;
  /// One or more, each topic once. All members of a group must have the same ones.
  std::vector<Subscription> subscriptions;
  ExpressionType expression_type = ExpressionType::tag;
  MessageModel message_model = MessageModel::clustering;
  ConsumeFromWhere consume_from_where = ConsumeFromWhere::last_offset;
  std::int64_t consume_timestamp_ms = 0;  ///< ConsumeFromWhere::timestamp only: since the epoch.
  /// Asked each time that queues are assigned; they wait for the answer. A queue that it names starts at that
  /// offset, whatever the group's progress says; the others start as usual. An offset that its queue does not
  /// have is dealt with as stored progress is. Called on the client's own thread, so it must not block. One
  /// question at a time. Empty: all start as usual.
  AskStartOffsets ask_start_offsets;
  /// The number of times that a rejected message is sent back before it goes to the dead-letter queue; > 0,
  /// and not with broadcasting. Unset: a rejected message is acknowledged and not delivered again.
  std::optional<int> max_reconsume_times;
  /// Without it acknowledged messages count as done only with Consumer::commit, and Consumer::rewind makes
  /// those since then come again.
  bool auto_commit = true;
  std::string offset_directory;               ///< Broadcasting only: the directory of the progress file.
  std::size_t max_cached_messages = 100'000;  ///< Received but not yet acknowledged, over all queues.
  /// The same limit in bytes; one reply per queue is always accepted. A limit above the processor's cache
  /// only makes receiving and handling slower. The broker keeps the rest.
  std::size_t max_cached_bytes = 8U << 20;
  int poll_threads = 1;  ///< > 0; the number of threads that call poll(), only reported to operators.
  /// The name of this consumer in logs and errors, e.g. "job 5f3a". Empty: its clientId.
  std::string label;
  /// Called by any of the client's threads and inside poll(), possibly by several at the same time. Must not
  /// block and must not throw. Empty: notices are only logged.
  std::function<void(const ConsumerNotice& notice)> on_notice;
};

/// A received message. The views are valid as long as the delivery exists. message_fields.h reads more out of
/// it.
struct ReceivedMessage {
  std::string_view topic;  ///< Without namespace; of a retried message the original topic.
  std::string_view broker_name;
  std::int32_t queue_id = 0;
  std::int64_t queue_offset = 0;
  ByteView body;  ///< Decompressed.
  std::string_view tag;
  std::string_view message_id;       ///< UNIQ_KEY, or empty.
  std::string_view properties;       ///< As the broker stored them, still encoded.
  std::int64_t born_time_ms = 0;     ///< Since the epoch, by the sender's clock.
  std::int64_t store_time_ms = 0;    ///< Since the epoch, by the broker's clock.
  std::int32_t reconsume_times = 0;  ///< How often it was rejected before.
  ByteView stored;                   ///< The broker's record of it, or of the inner batch that it lies in.
};

/// Messages of one or more queues that are reserved for one caller. Within a queue they are ordered by
/// offset. Not thread-safe, but may be moved to another thread and finished there. May outlive its consumer.
class Delivery {
 public:
  class Impl;

  Delivery();
  ~Delivery();  ///< Messages that are neither acknowledged nor rejected are delivered again.
  Delivery(Delivery&&) noexcept;
  Delivery& operator=(Delivery&&) noexcept;

  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  [[nodiscard]] std::size_t bytes() const noexcept;  ///< Of the bodies.
  [[nodiscard]] const ReceivedMessage& operator[](std::size_t index) const noexcept;
  [[nodiscard]] std::span<const ReceivedMessage> messages() const noexcept;

  /// Marks messages as failed; call it before acknowledge(). Without max_reconsume_times they count as done.
  /// With it they are sent back to the broker, and their offset is committed only when the broker has
  /// acknowledged that. If brokers refuse a message for good, this consumer delivers it again itself. After
  /// max_reconsume_times failures it is given up; see ConsumerConfig::on_notice.
  void reject(std::span<const std::size_t> indexes);

  /// As reject(), for messages that would fail every time: with max_reconsume_times they are not delivered
  /// again, but go to the dead-letter queue.
  void reject_for_good(std::span<const std::size_t> indexes);

  /// The end of the messages that follow message `index` and come from the same queue. The messages of a
  /// queue may lie in several places of the delivery.
  [[nodiscard]] std::size_t queue_end(std::size_t index) const noexcept;

  /// Leaves the messages of one queue, from message `index` on, for later; call it before acknowledge(). They
  /// come again in a delivery of their own, not before `first_pause`, which doubles with each time in a row,
  /// up to 60 times itself. Until then nothing of their queue is delivered. Those that are rejected as well
  /// do not come again.
  void postpone(std::size_t index, std::chrono::milliseconds first_pause);
  [[nodiscard]] bool is_postponed(std::size_t index) const noexcept;

  /// Whether the messages were postponed before, or no broker takes them back. Such a delivery comes as soon
  /// as it is due, whatever PollLimits::min_rows says.
  [[nodiscard]] bool is_repeated() const noexcept;

  /// Marks all messages that were neither rejected nor postponed as done. The delivery becomes empty, and its
  /// queues are free for the next poll.
  void acknowledge();

  /// Acknowledges only the first `rows` messages, as acknowledge() does; all others are delivered again. The
  /// delivery becomes empty. A consumer that is about to close leaves its unhandled messages to its successor
  /// in this way.
  void acknowledge_first(std::size_t rows);

 private:
  friend class Consumer;
  friend class Reader;
  explicit Delivery(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

struct PollLimits {
  std::size_t min_rows = 1;       ///< Wait until this many messages are ready, at most until the deadline.
  std::size_t max_rows = 10'000;  ///< 0 counts as 1.
  std::size_t max_bytes = 64U << 20;  ///< Of bodies; at least one message is always returned.
  std::chrono::steady_clock::time_point deadline;
};

/// Consumes a topic as a member of a group. Thread-safe.
///
/// An exception inside the client, usually because memory ran out, breaks off some of its work. The next poll
/// then starts a new client with the same clientId. Messages that were not acknowledged come again.
class Consumer {
 public:
  /// Checks the configuration, connects to a name server within the connect time-out, and starts receiving. A
  /// topic that does not exist yet is not an error: it is looked up every second and received from its first
  /// message.
  /// Throws Error: invalid_argument, invalid_name, invalid_address, no_name_server, server_refused,
  /// client_failed (no thread, no file or no memory is left).
  /// invalid_argument is also thrown if a member of the group in this process has the same instance_name, or
  /// has another topic, expression or model. server_refused means that no broker of the topic lets this
  /// client consume it.
  [[nodiscard]] static std::unique_ptr<Consumer> start(ConsumerConfig config);

  ~Consumer();  ///< Closes with a deadline of 3 s.
  Consumer(const Consumer&) = delete;
  Consumer& operator=(const Consumer&) = delete;

  /// Waits for messages. A queue is with one caller at a time, so the order within a queue holds for any
  /// number of threads. The delivery is empty at the deadline, after interrupt() and after
  /// close(). A message that no broker takes back comes at once, in a separate delivery. If a new client is
  /// needed but cannot start, throws what start throws; the next call tries again.
  [[nodiscard]] Delivery poll(const PollLimits& limits);

  /// Ends running and later polls at once, with an empty delivery. For a clean stop: interrupt, finish and
  /// acknowledge the deliveries, close.
  void interrupt();

  /// Stops receiving, waits for open deliveries until the deadline, commits what is acknowledged and waits
  /// for the answers, unregisters, closes. May be called more than once and from any thread; never hangs.
  void close(std::chrono::milliseconds deadline);

  /// Moves the group's progress: back, so that messages come again, or forward, so that they are left out.
  /// With `clustering` other members follow, within 15 s; with `broadcasting` only this one moves. Open
  /// deliveries no longer count: what they hold comes again if it lies behind the new offset. Messages that
  /// were sent back before are not touched.
  /// Throws Error: invalid_argument for a queue that does not exist, or that only another member can move
  /// (then others may have been moved); server_refused, request_timeout and what keeps it from a broker.
  std::vector<SeekResult> seek(const SeekTarget& target, std::chrono::milliseconds deadline);

  /// What was acknowledged so far is done: stores that, and waits for the answers. Only without auto_commit.
  /// Messages of queues that another member has got meanwhile come again there. Throws Error:
  /// invalid_argument with auto_commit, request_timeout, and what keeps it from a broker. It is stored again
  /// every second then, so the next call may succeed.
  void commit(std::chrono::milliseconds deadline);

  /// What was acknowledged since the last commit, or since the start, comes again. Open deliveries no longer
  /// count. Only without auto_commit. Throws Error: invalid_argument with auto_commit, request_timeout,
  /// closed.
  void rewind(std::chrono::milliseconds deadline);

  /// Asks nobody and waits for nobody: what it had learnt a second ago, with the offsets of this moment.
  [[nodiscard]] ConsumerStatus status() const;

  [[nodiscard]] const std::string& client_id() const noexcept;

 private:
  class Impl;
  explicit Consumer(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace rocketmq
