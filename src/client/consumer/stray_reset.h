#pragma once

#include <cstdint>

#include "client/consumer/consumer_context.h"
#include "client/consumer/pull_pipeline.h"

namespace rocketmq::client {

/// The answer to a pull of a queue that is no longer ours. A broker with useServerSideResetOffset tells a
/// move of the group to the next pull that it answers, also to one that it held when we let the queue go. The
/// queue's owner would never hear of it; so the broker is asked to move the queue again. Loop.
/// `offset` is that of the pull. Source: PullMessageProcessor,
/// ConsumerOffsetManager#queryThenEraseResetOffset
void pass_on_reset(const ConsumerContext& context, const MessageQueue& queue, std::int64_t offset,
                   const PullAnswer& answer);

}  // namespace rocketmq::client
