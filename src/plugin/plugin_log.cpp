#include "plugin/plugin_log.h"

#include <utility>

#include "plugin/sdk.h"

namespace rocketmq::plugin {

void write_log(LogLevel level, std::string_view subject, std::string_view line,
               std::string_view detail) noexcept {
  if (level == LogLevel::debug) return;
  try {
    std::string text(message_prefix);
    text.append(subject).append(": ").append(line).append(detail);
    if (level == LogLevel::info) {
      LOG_INFO(text);
    } else if (level == LogLevel::warning) {
      LOG_WARN(text);
    } else {
      LOG_ERR(text);
    }
  } catch (...) {  // NOLINT(bugprone-empty-catch): if even a log line finds no memory, nothing can be said
  }
}

LogSink log_sink(std::string subject) {
  return [subject = std::move(subject)](LogLevel level, std::string_view line) {
    write_log(level, subject, line);
  };
}

}  // namespace rocketmq::plugin
