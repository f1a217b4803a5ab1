#pragma once

namespace rocketmq::rmq {

/// From now on Ctrl-C and SIGTERM are only noted, so that a command can end with whole lines; the second one
/// ends the process at once.
void catch_interrupts();

[[nodiscard]] bool interrupted() noexcept;

/// Ends the process by the signal that was noted, if there was one: a shell then knows why it ended.
void end_if_interrupted();

}  // namespace rocketmq::rmq
