#pragma once

#include "plugin/sdk.h"

namespace rocketmq::plugin {

/// A copy of the session behind `heap`, for what goes on when that session has ended: it belongs to the same
/// user, and what is printed in it goes nowhere, because nobody is connected to it. One for each handler
/// thread. To be called from the script's own thread.
[[nodiscard]] SessionSP copy_session(Heap* heap);

}  // namespace rocketmq::plugin
