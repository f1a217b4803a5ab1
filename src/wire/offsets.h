#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/errc.h"
#include "wire/command.h"

namespace rocketmq::wire {

/// Asks for a group's progress in a queue (14). Reply: OffsetReply. Only 22 QUERY_NOT_FOUND means that there
/// is none; every other failure must be retried, never be taken for "none".
/// Source: QueryConsumerOffsetRequestHeader.
struct QueryConsumerOffsetRequest {
  std::string consumer_group;
  std::string topic;
  std::int32_t queue_id = 0;
  /// false keeps the broker from answering 0 for a young queue where there is no progress.
  std::optional<bool> set_zero_if_not_found;
  std::string broker_name;

  [[nodiscard]] Command to_command() const;
  [[nodiscard]] static Errc decode(const Command& command, QueryConsumerOffsetRequest& out);
  friend bool operator==(const QueryConsumerOffsetRequest&, const QueryConsumerOffsetRequest&) = default;
};

/// Stores a group's progress in a queue (15). The broker accepts a smaller offset too, so updates of one
/// queue must not overtake each other. Source: UpdateConsumerOffsetRequestHeader.
struct UpdateConsumerOffsetRequest {
  std::string consumer_group;
  std::string topic;
  std::int32_t queue_id = 0;
  std::int64_t commit_offset = 0;  ///< The first offset that is not done.
  std::string broker_name;

  [[nodiscard]] Command to_command() const;
  [[nodiscard]] static Errc decode(const Command& command, UpdateConsumerOffsetRequest& out);
  friend bool operator==(const UpdateConsumerOffsetRequest&, const UpdateConsumerOffsetRequest&) = default;
};

/// Which end is meant where several messages have the wanted time. Source: BoundaryType.
enum class BoundaryType {
  lower,  ///< The first of them.
  upper,  ///< The last of them.
};

/// Asks for the offset at a time (29). Reply: OffsetReply. Source: SearchOffsetRequestHeader.
struct SearchOffsetRequest {
  std::string topic;
  std::int32_t queue_id = 0;
  std::int64_t timestamp = 0;  ///< Store time, milliseconds since the epoch.
  BoundaryType boundary_type = BoundaryType::lower;
  std::string broker_name;

  [[nodiscard]] Command to_command() const;
  [[nodiscard]] static Errc decode(const Command& command, SearchOffsetRequest& out);
  friend bool operator==(const SearchOffsetRequest&, const SearchOffsetRequest&) = default;
};

/// Asks for one past the last message of a queue (30). Reply: OffsetReply. Source: GetMaxOffsetRequestHeader.
struct GetMaxOffsetRequest {
  std::string topic;
  std::int32_t queue_id = 0;
  bool committed = true;
  std::string broker_name;

  [[nodiscard]] Command to_command() const;
  [[nodiscard]] static Errc decode(const Command& command, GetMaxOffsetRequest& out);
  friend bool operator==(const GetMaxOffsetRequest&, const GetMaxOffsetRequest&) = default;
};

/// Asks for the first stored message of a queue (31). Reply: OffsetReply. Source: GetMinOffsetRequestHeader.
struct GetMinOffsetRequest {
  std::string topic;
  std::int32_t queue_id = 0;
  std::string broker_name;

  [[nodiscard]] Command to_command() const;
  [[nodiscard]] static Errc decode(const Command& command, GetMinOffsetRequest& out);
  friend bool operator==(const GetMinOffsetRequest&, const GetMinOffsetRequest&) = default;
};

/// Asks when the first stored message of a queue was stored (32). Reply: TimestampReply.
/// Source: GetEarliestMsgStoretimeRequestHeader.
struct GetEarliestStoreTimeRequest {
  std::string topic;
  std::int32_t queue_id = 0;
  std::string broker_name;

  [[nodiscard]] Command to_command() const;
  [[nodiscard]] static Errc decode(const Command& command, GetEarliestStoreTimeRequest& out);
  friend bool operator==(const GetEarliestStoreTimeRequest&, const GetEarliestStoreTimeRequest&) = default;
};

/// The reply to 14, 29, 30 and 31.
struct OffsetReply {
  std::int64_t offset = 0;

  [[nodiscard]] Command to_command() const;
  [[nodiscard]] static Errc decode(const Command& command, OffsetReply& out);
  friend bool operator==(const OffsetReply&, const OffsetReply&) = default;
};

/// The reply to 32.
struct TimestampReply {
  std::int64_t timestamp = 0;  ///< Milliseconds since the epoch; < 0 where the queue is empty.

  [[nodiscard]] Command to_command() const;
  [[nodiscard]] static Errc decode(const Command& command, TimestampReply& out);
  friend bool operator==(const TimestampReply&, const TimestampReply&) = default;
};

}  // namespace rocketmq::wire
