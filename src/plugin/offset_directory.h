#pragma once

#include <string>

#include "plugin/sdk.h"

namespace rocketmq::plugin {

/// Where a broadcasting job keeps its progress: `rocketmq_offsets` in the server's home directory, which the
/// built-in function getHomeDir knows, or in the current directory if there is no such function.
[[nodiscard]] std::string offset_directory(Heap* heap);

}  // namespace rocketmq::plugin
