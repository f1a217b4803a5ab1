#pragma once

#include <map>
#include <string>

#include "client/consumer/consumer_context.h"
#include "client/consumer/loop_status.h"
#include "client/consumer/pull_loop.h"
#include "client/consumer/rebalancer.h"

namespace rocketmq::client {

/// By topic.
using Shares = std::map<std::string, Rebalancer::Share>;

/// What a consumer's loop knows of its status at this moment. Loop.
[[nodiscard]] LoopStatus look_around(const ConsumerContext& context, const PullLoops& loops,
                                     const Shares& shares);

}  // namespace rocketmq::client
