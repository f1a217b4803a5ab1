#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/consumer/assigned_queue.h"
#include "rocketmq/consumer_status.h"

namespace rocketmq::client {

class AssignedQueues;

/// What only a consumer's loop knows of its status. It is published again and again, so that a question need
/// not wait for the loop.
struct LoopStatus {
  struct Queue {
    AssignedQueuePtr queue;
    bool has_offset = false;                 ///< Whether it is known where the queue begins.
    std::optional<std::int64_t> committed;   ///< As far as we know.
    std::optional<std::int64_t> max_offset;  ///< At the broker, as of the last reply.
    std::int64_t last_reply_ms = 0;
    TroubleStatus trouble;
  };
  std::vector<Queue> queues;
  std::vector<TopicStatus> topics;
  std::vector<TroubleStatus> troubles;
};

/// What was published last, with the offsets of this moment. From any thread.
[[nodiscard]] ConsumerStatus status_of(const AssignedQueues& queues);

}  // namespace rocketmq::client
