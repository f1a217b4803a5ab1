#pragma once

#include <string_view>
#include <vector>

#include "client/reader/questions.h"
#include "rocketmq/topic_view.h"

namespace rocketmq::client {

/// rocketmq::topic_queues() by a client that is there already.
[[nodiscard]] std::vector<TopicQueue> topic_queues(Questions& questions, std::string_view topic);

}  // namespace rocketmq::client
