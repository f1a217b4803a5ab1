#pragma once

#include <string>
#include <vector>

#include "client/consumer.h"
#include "plugin/sdk.h"

namespace rocketmq::plugin {

/// Reads a table of startOffsets: the columns brokerName, queueId and queueOffset, and maybe topic, which
/// must be the job's. It may have no row. Throws ArgumentError.
[[nodiscard]] std::vector<QueueStart> read_start_table(const ConstantSP& value, const std::string& topic);

}  // namespace rocketmq::plugin
