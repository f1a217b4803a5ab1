#pragma once

#include "plugin/read_config.h"
#include "plugin/sdk.h"

namespace rocketmq::plugin {

/// What readMessages does. `is_cancelled` is asked several times a second. Throws ArgumentError if the range
/// is too large, and Error.
[[nodiscard]] TableSP read_messages(const ReadConfig& config, const IsCancelled& is_cancelled);

}  // namespace rocketmq::plugin
