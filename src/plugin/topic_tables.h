#pragma once

#include <vector>

#include "client/topic_view.h"
#include "plugin/sdk.h"

namespace rocketmq::plugin {

/// The table that getTopicQueues returns: a row a queue.
[[nodiscard]] TableSP make_topic_table(const std::vector<TopicQueue>& queues);

/// The table that getGroupProgress returns: a row a queue.
[[nodiscard]] TableSP make_progress_table(const std::vector<GroupQueue>& queues);

}  // namespace rocketmq::plugin
