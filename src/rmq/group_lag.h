#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "rocketmq/admin.h"

namespace rocketmq::rmq {

/// Of all topics. Nothing with broadcasting: brokers know of no progress then.
[[nodiscard]] inline std::optional<std::int64_t> lag_of(const GroupMembers& members,
                                                        const std::vector<GroupTopic>& topics) {
  if (members.message_model == "BROADCASTING") return std::nullopt;
  std::int64_t lag = 0;
  for (const GroupTopic& topic : topics) {
    for (const GroupQueue& queue : topic.queues)
      lag += queue.lag().value_or(0);
  }
  return lag;
}

}  // namespace rocketmq::rmq
