#pragma once

#include <vector>

#include "plugin/sdk.h"
#include "rocketmq/topic_view.h"

namespace rocketmq::plugin {

/// The table that getTopicQueues returns: a row a queue.
[[nodiscard]] TableSP make_topic_table(const std::vector<TopicQueue>& queues);

/// The table that getGroupProgress returns: a row a queue.
[[nodiscard]] TableSP make_progress_table(const std::vector<GroupQueue>& queues);

}  // namespace rocketmq::plugin
