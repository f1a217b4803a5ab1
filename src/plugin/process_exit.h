#pragma once

#include <chrono>

namespace rocketmq::plugin {

/// Closes every job, all at once, and then every producer, because handlers that still run may be sending.
/// Returns when they are closed or at the deadline; a handler that does not return keeps its job from
/// closing, and the producers have the last half a second.
void close_everything(std::chrono::milliseconds deadline);

/// Sees to it that close_everything runs, with 5 s, when the process exits: the server has no hook for
/// unloading a plugin. To be called once something has been started, because what is constructed before this
/// is destroyed after it, and closing still needs it.
void close_everything_at_exit();

}  // namespace rocketmq::plugin
