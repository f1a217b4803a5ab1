#pragma once

#include <vector>

#include "plugin/sdk.h"
#include "rocketmq/reader.h"

namespace rocketmq::plugin {

/// Reads readConfig's table `queues`: the columns brokerName and queueId, and if wanted begin and end, which
/// are offsets or times. Without such a column, or if it is NULL, the queue is read from `begin` or to `end`.
/// Throws ArgumentError.
[[nodiscard]] std::vector<QueueToRead> read_queues_table(const ConstantSP& value, const ReadPosition& begin,
                                                         const ReadPosition& end);

}  // namespace rocketmq::plugin
