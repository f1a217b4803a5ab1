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

#include "base/bytes.h"
#include "base/error.h"
#include "client/client_config.h"

namespace rocketmq {

enum class MessageModel {
  clustering,    ///< The consumers of a group share the queues; progress is kept by the brokers.
  broadcasting,  ///< Every consumer gets everything; progress is kept in a local file.
};

enum class ConsumeFromWhere {
  last_offset,   ///< A group without progress starts strictly at the end of each queue.
  first_offset,  ///< A group without progress starts at the first stored message of each queue.
};

enum class ExpressionType {
  tag,    ///< `*`, a tag, or `a || b`.
  sql92,  ///< An SQL92 condition on properties; the broker must allow it.
};

/// What a consumer tells its user beside the messages. The log has it, too.
struct ConsumerNotice {
  /// Messages that the consumer gives up without handing them out (once more). They are acknowledged. 0: no
  /// message is concerned, but something keeps the consumer from receiving until somebody mends it.
  std::int64_t given_up = 0;
  std::string text;  ///< What happened, where, and what to do.
};

struct ConsumerConfig {
  ClientConfig client;
  std::string group;
  std::string topic;
  std::string sub_expression = "*";
  ExpressionType expression_type = ExpressionType::tag;
  MessageModel message_model = MessageModel::clustering;
  ConsumeFromWhere consume_from_where = ConsumeFromWhere::last_offset;
  /// How often a rejected message is sent back before it goes to the dead-letter queue; > 0.
  /// Unset: a rejected message is acknowledged and not delivered again.
  std::optional<int> max_reconsume_times;
  std::string offset_directory;               ///< Broadcasting only: where the progress file is kept.
  std::size_t max_cached_messages = 100'000;  ///< Received and not yet acknowledged, over all queues.
  /// The same in bytes; one reply a queue always passes. What does not fit into the processor's cache makes
  /// receiving and handling slower and brings nothing, since the broker keeps the rest.
  std::size_t max_cached_bytes = 8U << 20;
  int takers = 1;  ///< How many threads take from it; only operators are told of it.
  /// How messages about this consumer call it, e.g. "job 5f3a". Empty: by its clientId.
  std::string label;
  /// Called from any of the client's threads and inside take(), possibly at once from several; must not block
  /// and must not throw. Empty: nobody is told.
  std::function<void(const ConsumerNotice& notice)> on_notice;
};

/// A message as handed to its consumer. The views live as long as the lease.
struct ReceivedMessage {
  std::string_view
      topic;  ///< As users know it: without namespace, and the origin's topic for a retried message.
  std::string_view broker_name;
  std::int32_t queue_id = 0;
  std::int64_t queue_offset = 0;
  ByteView body;  ///< Decompressed.
  std::string_view tag;
  std::string_view keys;
  std::string_view message_id;       ///< UNIQ_KEY, or empty.
  std::int64_t born_time_ms = 0;     ///< Since the epoch, by the sender's clock.
  std::int64_t store_time_ms = 0;    ///< Since the epoch, by the broker's clock.
  std::int32_t reconsume_times = 0;  ///< How often it was sent back before.
};

/// Messages of one or more queues that nobody else gets meanwhile. Within a queue they are in order of
/// their offsets. Not thread-safe; may be moved to and finished on another thread. Safe to outlive its
/// consumer.
class Lease {
 public:
  Lease();
  ~Lease();  ///< What is neither acknowledged nor rejected is handed out again.
  Lease(Lease&&) noexcept;
  Lease& operator=(Lease&&) noexcept;

  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  [[nodiscard]] const ReceivedMessage& operator[](std::size_t index) const noexcept;

  /// Marks messages as failed; call it before acknowledge(). With max_reconsume_times they are sent back
  /// to the broker (and their offset is committed only once that is acknowledged); without, they count as
  /// done. One that brokers refuse for good comes again from here, and is given up when it has failed as
  /// often as max_reconsume_times allows; see ConsumerConfig::on_notice.
  void reject(std::span<const std::size_t> indexes);

  /// Everything that was not rejected is done; the lease becomes empty and its queues are free for the next
  /// take.
  void acknowledge();

  /// Ends the lease half-way: the first `rows` messages are done (as by acknowledge, so what of them was
  /// rejected counts as such), all others are handed out again. With it a consumer that is about to close
  /// leaves to its successor exactly what it did not get to. The lease becomes empty.
  void acknowledge_first(std::size_t rows);

 private:
  friend class Consumer;
  class Impl;
  explicit Lease(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

struct TakeLimits {
  std::size_t min_rows = 1;  ///< Wait for so many, unless the deadline comes first.
  std::size_t max_rows = 10'000;
  std::size_t max_bytes = 64U << 20;  ///< Of bodies; at least one message is always handed out.
  std::chrono::steady_clock::time_point deadline;
};

/// Consumes a topic as a member of a group. Thread-safe.
///
/// Where an exception inside, mostly for want of memory, has broken off some work of its client, the next
/// take starts another client with the same clientId; what was not acknowledged comes again.
class Consumer {
 public:
  /// Checks the configuration, reaches a name server within the connect time-out, and starts receiving. A
  /// topic that does not exist yet is no error: it is looked for every second and started at its first
  /// message. Throws Error: invalid_argument (also where the instance_name is a member of the group in this
  /// process already, or a member has another topic, expression or model), invalid_name, invalid_address,
  /// no_name_server;
  /// server_refused where no broker of the topic lets this client consume it.
  [[nodiscard]] static std::unique_ptr<Consumer> start(ConsumerConfig config);

  ~Consumer();  ///< Closes with a deadline of 3 s.
  Consumer(const Consumer&) = delete;
  Consumer& operator=(const Consumer&) = delete;

  /// Waits for messages and leases them. A queue is leased to one caller at a time, so the order within a
  /// queue holds however many threads take. Empty at the deadline, after interrupt() and after close().
  /// A message that no broker takes back comes in a lease of its own, at once.
  /// Throws what start throws where another client had to be started and could not; the next call tries
  /// again.
  [[nodiscard]] Lease take(const TakeLimits& limits);

  /// Ends every running take, and all later ones at once, with an empty lease. For a clean stop: interrupt,
  /// finish and acknowledge the leases, close.
  void interrupt();

  /// Stops receiving, waits for open leases until the deadline, commits what is acknowledged (two-way),
  /// unregisters, closes. Idempotent, from any thread, never hangs.
  void close(std::chrono::milliseconds deadline);

  [[nodiscard]] const std::string& client_id() const noexcept;

 private:
  class Impl;
  class Session;
  explicit Consumer(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace rocketmq
