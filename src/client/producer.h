#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
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
  std::string group;                ///< The producer group; RocketMQ's rules for group names apply.
  int send_timeout_ms = 3000;       ///< > 0; time limit of one try, from write to reply.
  int max_attempts = 5;             ///< > 0; the number of tries in all, the first one included.
  int compress_over_bytes = 4096;   ///< > 0; bodies longer than this are compressed (zlib).
  int compress_level = 4;           ///< 1 to 9.
  int max_message_bytes = 133'632;  ///< > 0; the longest body, before compression.
};

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
  /// Throws Error: invalid_argument, invalid_name, invalid_address, no_name_server.
  [[nodiscard]] static std::unique_ptr<Producer> start(ProducerConfig config);

  ~Producer();  ///< Closes with a deadline of 3 s.
  Producer(const Producer&) = delete;
  Producer& operator=(const Producer&) = delete;

  /// Sends `bodies` and returns when all of them are acknowledged. A vector is spread over the queues of the
  /// topic in contiguous batches. Within a queue, messages are stored in the order of `bodies`.
  /// An empty span does nothing. `tag` may be empty.
  /// Throws Error invalid_name, empty_message or message_too_large before anything is sent; the text names
  /// the index. Throws Error no_name_server if a new client was needed but could not start. Otherwise
  /// SendError.
  void send(std::string_view topic, std::string_view tag, std::span<const std::string_view> bodies);

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
