#pragma once

#include <string>
#include <vector>

#include "plugin/sdk.h"
#include "rocketmq/consumer.h"

namespace rocketmq::plugin {

inline constexpr const char* start_offsets_name = "startOffsets";

/// Reads a table of places to start at, which messages call `name`: the columns brokerName, queueId and
/// queueOffset, and topic, which must be one of the job's `topics`. If the job has one topic only, the column
/// may be missing. There may be no row. Throws ArgumentError.
[[nodiscard]] std::vector<QueueStart> read_start_table(const std::string& name, const ConstantSP& value,
                                                       const std::vector<std::string>& topics);

}  // namespace rocketmq::plugin
