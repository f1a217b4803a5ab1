#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/errc.h"
#include "wire/command.h"
#include "wire/message_queue.h"

namespace rocketmq::wire {

/// Locks queues for ordered consumption (41), or gives the locks back (42, may be one-way): both have the
/// same body. Source: LockBatchRequestBody, UnlockBatchRequestBody.
struct LockBatchRequest {
  std::string consumer_group;
  std::string client_id;
  bool only_this_broker = false;
  std::vector<MessageQueue> queues;
  std::string broker_name;  ///< In the header.

  [[nodiscard]] Command to_lock_command() const;
  [[nodiscard]] Command to_unlock_command() const;
  [[nodiscard]] std::string encode_body() const;
  /// Fills everything but `broker_name`.
  [[nodiscard]] static Errc decode_body(ByteView body, LockBatchRequest& out);
  friend bool operator==(const LockBatchRequest&, const LockBatchRequest&) = default;
};

/// The body of the reply to 41: the queues that were locked. Source: LockBatchResponseBody.
struct LockBatchReply {
  std::vector<MessageQueue> locked_queues;

  [[nodiscard]] std::string encode_body() const;
  [[nodiscard]] static Errc decode_body(ByteView body, LockBatchReply& out);
  friend bool operator==(const LockBatchReply&, const LockBatchReply&) = default;
};

}  // namespace rocketmq::wire
