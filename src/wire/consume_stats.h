#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/errc.h"
#include "wire/command.h"
#include "wire/reset_offset.h"

namespace rocketmq::wire {

/// Asks for a group's progress in all queues of one broker (208). Without a topic the broker tells those
/// topics in which the group has stored progress; with one it tells that topic, and 0 for queues without
/// progress. Source: GetConsumeStatsRequestHeader, AdminBrokerProcessor#getConsumeStats.
struct GetConsumeStatsRequest {
  std::string consumer_group;
  std::string topic;

  [[nodiscard]] Command to_command() const;
  [[nodiscard]] static Errc decode(const Command& command, GetConsumeStatsRequest& out);
  friend bool operator==(const GetConsumeStatsRequest&, const GetConsumeStatsRequest&) = default;
};

/// The body of the reply to 208, of which only the progress is read. Source: ConsumeStats.
struct ConsumeStats {
  std::vector<QueueOffset> consumer_offsets;

  [[nodiscard]] std::string encode_body() const;
  [[nodiscard]] static Errc decode_body(ByteView body, ConsumeStats& out);
  friend bool operator==(const ConsumeStats&, const ConsumeStats&) = default;
};

}  // namespace rocketmq::wire
