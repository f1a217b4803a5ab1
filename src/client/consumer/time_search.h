#pragma once

#include <cstdint>
#include <functional>

#include "client/consumer/consumer_context.h"
#include "client/core/topic_route.h"

namespace rocketmq::client {

/// Finds the first message of a queue that was stored at `time_ms` (since the epoch, by the broker's clock)
/// or later, or the end of the queue if there is none. It asks `server`, and looks at the messages around its
/// answer: brokers before 5.1 answer with the nearest message, which may be older. If the broker may not or
/// cannot search, the queue is searched by pulls alone. Loop; the handler is called there, once, never from
/// within the call, with a failure if the search is to be tried again.
void search_time(ConsumerContext& context, const AssignedQueuePtr& queue,
                 const BrokerAddresses::value_type& server, std::int64_t time_ms,
                 std::function<void(const Failure& failure, std::int64_t offset)> handler);

}  // namespace rocketmq::client
