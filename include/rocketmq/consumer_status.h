#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rocketmq {

/// Something that keeps a consumer from receiving at present.
struct TroubleStatus {
  std::string subject;        ///< A queue, a broker, a topic, in words.
  std::string cause;          ///< Empty if there is no trouble.
  bool lasting = false;       ///< It does not pass by itself: somebody has to do something, such as allow it.
  std::int64_t since_ms = 0;  ///< Since the epoch.
};

/// What a consumer knows of one of its queues. Offsets are those of the next message: everything before is
/// stored for the group, done, received, or at the broker.
struct QueueStatus {
  std::string topic;  ///< Without namespace; "%RETRY%group" has the messages that were sent back.
  std::string broker_name;
  std::int32_t queue_id = 0;
  bool is_retry = false;
  std::optional<std::int64_t> committed_offset;
  std::optional<std::int64_t> consumed_offset;
  std::optional<std::int64_t> received_offset;
  std::optional<std::int64_t> max_offset;  ///< As of the last reply.
  std::int64_t last_reply_ms = 0;          ///< When the broker answered last; 0 if it has not.
  std::int64_t last_store_ms = 0;  ///< When the message that was handled last was stored; 0 if there is none.
  std::int64_t last_handled_ms = 0;  ///< When it was handled.
  std::size_t cached_messages = 0;   ///< Received and not done.
  std::size_t cached_bytes = 0;
  bool held_back = false;  ///< Its messages were postponed, and it waits for their turn.
  TroubleStatus trouble;

  /// The messages that are at the broker and not done; empty if that is not known yet.
  [[nodiscard]] std::optional<std::int64_t> lag() const noexcept {
    if (!max_offset || !consumed_offset) return std::nullopt;
    return *max_offset > *consumed_offset ? *max_offset - *consumed_offset : 0;
  }
};

/// How a topic is divided among the members of the group.
struct TopicStatus {
  std::string topic;                ///< Without namespace.
  std::size_t queues = 0;           ///< That it has; 0 if it does not exist yet.
  std::size_t own_queues = 0;       ///< This consumer's.
  std::size_t members = 0;          ///< Of the group, as far as known. 0: not divided yet, or broadcasting.
  std::vector<std::string> owners;  ///< The clientIds of the members that have queues of it, if we have none.
};

struct ConsumerStatus {
  std::vector<QueueStatus> queues;
  std::vector<TopicStatus> topics;      ///< Without the retry topic.
  std::vector<TroubleStatus> troubles;  ///< Also those of the queues.
};

}  // namespace rocketmq
