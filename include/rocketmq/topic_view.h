#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rocketmq/client_config.h"
#include "rocketmq/error.h"

namespace rocketmq {

/// A queue of a topic, as its broker has it.
struct TopicQueue {
  std::string broker_name;
  std::int32_t queue_id = 0;
  std::int64_t min_offset = 0;
  std::int64_t max_offset = 0;                ///< One past the last message.
  std::optional<std::int64_t> last_store_ms;  ///< Since the epoch; empty if there is no message.
  bool readable = false;
  bool writable = false;
};

/// The queues of a topic, as `mqadmin topicStatus` shows them: by broker and queue. Starts a client, asks
/// each broker of the topic, and ends it.
/// Throws Error: invalid_argument, invalid_name, invalid_address, no_name_server, topic_not_found, and what
/// kept a broker from answering.
[[nodiscard]] std::vector<TopicQueue> topic_queues(const ClientConfig& client, std::string_view topic);

/// How far a group is in a queue.
struct GroupQueue {
  std::string broker_name;
  std::int32_t queue_id = 0;
  /// 0 if the group has no progress in it. Empty if members that run have broadcasting: each keeps its own.
  std::optional<std::int64_t> committed_offset;
  std::int64_t max_offset = 0;                   ///< One past the last message.
  std::optional<std::int64_t> last_consumed_ms;  ///< When the last message that is done was stored.
  /// The clientIds of the members that have the queue: one, or none. Several while queues change hands, and
  /// with broadcasting.
  std::vector<std::string> owners;

  /// Messages that are not done. 0 also if the topic ends before committed_offset, as after it was made
  /// again.
  [[nodiscard]] std::optional<std::int64_t> lag() const noexcept {
    if (!committed_offset) return std::nullopt;
    return std::max<std::int64_t>(max_offset - *committed_offset, 0);
  }
};

/// The progress of a group in a topic, as `mqadmin consumerProgress` shows it: by broker and queue. The
/// members are asked which queues they have; one that does not answer owns none here.
/// Throws Error as topic_queues(), and invalid_argument if no broker knows the group, or if its running
/// members do not subscribe to the topic: brokers tell nothing of it then.
[[nodiscard]] std::vector<GroupQueue> group_progress(const ClientConfig& client, std::string_view group,
                                                     std::string_view topic);

}  // namespace rocketmq
