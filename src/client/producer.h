#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "client/client_config.h"

namespace rocketmq {

struct ProducerConfig {
  ClientConfig client;
  std::string group;                ///< The producer group; RocketMQ's rules for group names hold.
  int send_timeout_ms = 3000;       ///< > 0; bounds one try, from write to reply.
  int max_attempts = 5;             ///< > 0; the number of tries in all, the first one included.
  int compress_over_bytes = 4096;   ///< > 0; bodies longer than this are compressed (zlib).
  int compress_level = 4;           ///< 1 to 9.
  int max_message_bytes = 133'632;  ///< > 0; the longest body, before compression.
};

enum class SendOutcome {
  stored,           ///< A broker acknowledged the messages.
  not_stored,       ///< No broker has them: never sent, or refused.
  possibly_stored,  ///< Sent, but the answer did not come: the broker may have them.
};

/// What became of the messages [first, first + count) of a send.
struct SendRange {
  std::size_t first = 0;
  std::size_t count = 0;
  SendOutcome outcome = SendOutcome::not_stored;
  Failure failure;  ///< Why, for ranges that are not stored.
};

/// Thrown by Producer::send when not every message was acknowledged. The text says how many messages were
/// stored, which index failed first and why, and which ranges of the vector are possibly or not stored.
class SendError : public Error {
 public:
  SendError(Failure failure, std::vector<SendRange> ranges);

  /// Ordered by `first`, without gaps: together they cover the whole send.
  [[nodiscard]] const std::vector<SendRange>& ranges() const noexcept { return ranges_; }
  [[nodiscard]] std::size_t stored_count() const noexcept;

 private:
  std::vector<SendRange> ranges_;
};

/// Sends messages. Thread-safe; sends of several threads run side by side.
///
/// Where an exception inside, mostly for want of memory, has broken off some work of its client, running
/// sends fail as possibly stored, and the next one starts another client with the same clientId.
class Producer {
 public:
  /// Checks the configuration and reaches a name server within the connect time-out.
  /// Throws Error: invalid_argument, invalid_name, invalid_address, no_name_server.
  [[nodiscard]] static std::unique_ptr<Producer> start(ProducerConfig config);

  ~Producer();  ///< Closes with a deadline of 3 s.
  Producer(const Producer&) = delete;
  Producer& operator=(const Producer&) = delete;

  /// Sends `bodies` in order and returns when every one is acknowledged. Within a queue the order of
  /// storage is the order of `bodies`; a vector is spread over the queues of the topic in contiguous batches.
  /// An empty span does nothing. `tag` may be empty.
  /// Throws Error (invalid_name, empty_message, message_too_large: before anything is sent; the text names
  /// the index), Error no_name_server where another client had to be started and could not, or SendError.
  void send(std::string_view topic, std::string_view tag, std::span<const std::string_view> bodies);

  /// Fails running sends with `closed`, unregisters and releases everything. Idempotent, from any thread.
  void close(std::chrono::milliseconds deadline);

  [[nodiscard]] const std::string& client_id() const noexcept;

 private:
  class Impl;
  class Session;
  explicit Producer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace rocketmq
