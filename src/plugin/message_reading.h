#pragma once

#include <functional>

#include "plugin/read_config.h"
#include "plugin/sdk.h"

namespace rocketmq::plugin {

/// What readMessages does. `is_cancelled` is asked several times a second. Throws ArgumentError if the range
/// is too large, and Error.
[[nodiscard]] TableSP read_messages(const ReadConfig& config, const std::function<bool()>& is_cancelled);

}  // namespace rocketmq::plugin
