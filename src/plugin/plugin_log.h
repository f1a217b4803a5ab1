#pragma once

#include <string>
#include <string_view>

#include "rocketmq/log.h"

namespace rocketmq::plugin {

/// What every line and every exception of this plugin starts with.
inline constexpr std::string_view message_prefix = "[PLUGIN::RocketMQ] ";

/// Writes a line to the server's log: `[PLUGIN::RocketMQ] SUBJECT: LINEDETAIL`. Debug lines are dropped.
/// Never throws, and takes its parts one by one: a caller that must not throw must not join them either.
void write_log(LogLevel level, std::string_view subject, std::string_view line,
               std::string_view detail = {}) noexcept;

/// A sink for a client whose lines name `subject`, e.g. "job 1f0c...".
[[nodiscard]] LogSink log_sink(std::string subject);

}  // namespace rocketmq::plugin
