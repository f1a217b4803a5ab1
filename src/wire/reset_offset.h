#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/errc.h"
#include "wire/command.h"
#include "wire/message_queue.h"

namespace rocketmq::wire {

/// A broker tells a consumer to start again at other offsets (220, one-way). Source:
/// ResetOffsetRequestHeader.
struct ResetOffsetRequest {
  std::string topic;
  std::string group;
  std::int64_t timestamp = 0;  ///< Milliseconds since the epoch; what the operator asked for.
  bool is_force = false;

  [[nodiscard]] Command to_command() const;
  [[nodiscard]] static Errc decode(const Command& command, ResetOffsetRequest& out);
  friend bool operator==(const ResetOffsetRequest&, const ResetOffsetRequest&) = default;
};

struct QueueOffset {
  MessageQueue queue;
  std::int64_t offset = 0;
  friend bool operator==(const QueueOffset&, const QueueOffset&) = default;
};

/// The body of 220. Brokers write it in two forms, by the language of the client: a map whose keys are
/// objects, and a list. Source: ResetOffsetBody, ResetOffsetBodyForC.
struct ResetOffsetBody {
  std::vector<QueueOffset> offsets;

  [[nodiscard]] std::string encode_as_map() const;
  [[nodiscard]] std::string encode_as_list() const;
  /// Reads both forms.
  [[nodiscard]] static Errc decode_body(ByteView body, ResetOffsetBody& out);
  friend bool operator==(const ResetOffsetBody&, const ResetOffsetBody&) = default;
};

}  // namespace rocketmq::wire
