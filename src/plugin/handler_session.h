#pragma once

#include "plugin/sdk.h"

namespace rocketmq::plugin {

/// A copy of the session behind `heap`, for one handler thread: it belongs to the same user, and what the
/// handler prints goes nowhere, because nobody is connected to it. To be called from the script's own thread.
[[nodiscard]] SessionSP copy_session_for_handler(Heap* heap);

}  // namespace rocketmq::plugin
