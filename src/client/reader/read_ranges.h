#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "client/consumer/consumer_context.h"
#include "rocketmq/reader.h"

namespace rocketmq::client {

/// A queue that is to be read.
struct QueuePositions {
  AssignedQueuePtr queue;
  ReadPosition begin;
  ReadPosition end;
};

/// Finds out the offsets of each queue. Brokers are asked for both ends of a queue, so that an offset which
/// it does not have is found before anything is read; a time is searched. Loop; the handler is called there,
/// once, with a failure or with the ranges in the order of `queues`.
void find_ranges(ConsumerContext& context, const std::vector<QueuePositions>& queues,
                 const std::function<void(const Failure& failure, std::vector<QueueRange> ranges)>& handler);

}  // namespace rocketmq::client
