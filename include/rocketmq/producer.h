#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rocketmq/client_config.h"
#include "rocketmq/error.h"

namespace rocketmq {

struct ProducerConfig {
  ClientConfig client;
  std::string group;                ///< The producer group; RocketMQ's rules for group names apply.
  int send_timeout_ms = 3000;       ///< > 0; time limit of one try, from write to reply.
  int max_attempts = 5;             ///< > 0; the number of tries in all, the first one included.
  int compress_over_bytes = 4096;   ///< > 0; bodies longer than this are compressed (zlib).
  int compress_level = 4;           ///< 1 to 9.
  int max_message_bytes = 133'632;  ///< > 0; the longest body, before compression.
};

/// Messages with equal keys go to one queue, in their order. Which one, follows from the hash as in the Java
/// client's SelectMessageQueueByHash: the queue at place `|hash % queues|` of all that may be written, by
/// broker name and id.
struct OrderKey {
  std::string_view text;  ///< Becomes the property __SHARDINGKEY, unless it is empty.
  std::int32_t hash = 0;  ///< Java's hashCode of the key.
};
/// Of a text, whose hash is that of Java's String.
[[nodiscard]] OrderKey order_key(std::string_view text) noexcept;

/// The messages of a send, column by column. What the spans show must live until the send returns.
///
/// Each column besides `bodies` is empty if no message has it. One value counts for all messages; otherwise
/// there is one a message. An empty text, a level of 0 and a time of 0 mean that a message does not have it.
struct OutgoingMessages {
  std::span<const std::string_view> bodies;
  std::span<const std::string_view> tags{};
  std::span<const std::string_view>
      keys{};  ///< RocketMQ's keys; several of one message are parted by blanks.
  std::span<const OrderKey> order_keys{};
  std::span<const std::string_view> properties{};  ///< What append_user_property has written.
  std::span<const int> delay_levels{};             ///< 1 to 18. Delayed messages travel one by one.
  /// When consumers get the message: milliseconds since the epoch. Needs brokers of 5.0 or later, and not for
  /// a message that has a delay level.
  std::span<const std::int64_t> deliver_times_ms{};
};

/// Appends a property of the user's in RocketMQ's encoding.
/// Throws Error invalid_argument if the name is blank or one of RocketMQ's own, if the value is blank, if one
/// of them holds the bytes 1 or 2, or if `out` would exceed the 32,767 bytes that a message's properties may
/// have.
void append_user_property(std::string& out, std::string_view name, std::string_view value);

enum class SendOutcome {
  stored,           ///< A broker acknowledged the messages.
  not_stored,       ///< No broker has them: they were never sent, or were refused.
  possibly_stored,  ///< They were sent, but no answer came: the broker may have them.
};

/// The outcome of the messages [first, first + count) of a send.
struct SendRange {
  std::size_t first = 0;
  std::size_t count = 0;
  SendOutcome outcome = SendOutcome::not_stored;
  Failure failure;  ///< Why, for ranges that are not stored.
};

/// Thrown by Producer::send if a message was not acknowledged. The text says how many messages were stored,
/// which index failed first and why, and which ranges of the vector are possibly stored or not stored.
class SendError : public Error {
 public:
  SendError(Failure failure, std::vector<SendRange> ranges);

  /// Ordered by `first`, without gaps. Together the ranges cover the whole send.
  [[nodiscard]] const std::vector<SendRange>& ranges() const noexcept { return ranges_; }
  [[nodiscard]] std::size_t stored_count() const noexcept;

 private:
  std::vector<SendRange> ranges_;
};

/// Sends messages. Thread-safe; several threads can send at the same time.
///
/// An exception inside the client, usually because memory ran out, breaks off some of its work. Running sends
/// then fail as possibly stored. The next send starts a new client with the same clientId.
class Producer {
 public:
  /// Checks the configuration and connects to a name server within the connect time-out.
  /// Throws Error: invalid_argument, invalid_name, invalid_address, no_name_server, client_failed (no thread,
  /// no file or no memory is left).
  [[nodiscard]] static std::unique_ptr<Producer> start(ProducerConfig config);

  ~Producer();  ///< Closes with a deadline of 3 s.
  Producer(const Producer&) = delete;
  Producer& operator=(const Producer&) = delete;

  /// Sends `bodies` and returns when all of them are acknowledged. A vector is spread over the queues of the
  /// topic in contiguous batches. Within a queue, messages are stored in the order of `bodies`.
  /// An empty span does nothing. `tag` may be empty.
  /// Throws Error invalid_name, empty_message or message_too_large before anything is sent; the text names
  /// the index. Throws Error closed after close(), and no_name_server or client_failed if a new client was
  /// needed but could not start. Otherwise SendError, whose code() is send_failed: why, stands in its ranges.
  void send(std::string_view topic, std::string_view tag, std::span<const std::string_view> bodies);

  /// The same for messages with more than a tag. A message with an order key goes to no other queue than its
  /// key's, so while that one's broker is down, the send tries there again and fails in the end. A send
  /// either has an order key for each of its messages, or for none; an empty text is a key like any other.
  /// Throws also Error invalid_argument, before anything is sent: a column of another length, a value that
  /// cannot be a property, more properties than a message may have, and deliver_times_ms if a broker of the
  /// topic has no timers.
  ///
  /// Once `is_cancelled` says true, nothing more is sent, and within a second SendError says what is stored.
  void send(std::string_view topic, const OutgoingMessages& messages, const IsCancelled& is_cancelled = {});

  /// Fails running sends with `closed`, unregisters and releases everything. May be called more than once and
  /// from any thread.
  void close(std::chrono::milliseconds deadline);

  /// How many requests were sent again, since the present client was started.
  [[nodiscard]] std::uint64_t retries() const noexcept;

  [[nodiscard]] const std::string& client_id() const noexcept;

 private:
  class Impl;
  explicit Producer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace rocketmq
